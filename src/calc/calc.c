#include "calc.h"

#include <string.h>

/* ---- kinds ------------------------------------------------------------ */

static const struct asking_kind *const tables[] = { law_kinds, figures_kinds };

const struct asking_kind *
calc_kind_at(size_t i)
{
	for (size_t t = 0; t < LENGTH(tables); t++) {
		for (const struct asking_kind *k = tables[t]; k->name != NULL;
		    k++) {
			if (i-- == 0)
				return k;
		}
	}
	return NULL;
}

const struct asking_kind *
calc_kind_named(text name)
{
	const struct asking_kind *k;

	for (size_t i = 0; (k = calc_kind_at(i)) != NULL; i++) {
		if (text_same(name, text_of(k->name)))
			return k;
	}
	return NULL;
}

bool
calc_is_law(const struct asking_kind *kind)
{
	const struct asking_kind *k = law_kinds;

	while (k->name != NULL && k != kind)
		k++;
	return k->name != NULL;
}

struct node *
calc_refused(struct arena *a, const struct refusal *no)
{
	struct node *root = node_object(a);
	struct node *error = node_add_object(root, "error");

	node_add_text(error, "pointer", no->pointer);
	node_add_text(error, "code", text_of(refusal_name(no->code)));
	node_add_text(error, "detail", no->detail);
	return root;
}

/* ---- words ------------------------------------------------------------ */

/* {"line": key, "values": […]} as one text. */
static text
step_text(const struct node *step, const struct words *w, enum lang l)
{
	const struct node *values = node_find(step, "values");
	text args[STEP_VALUES_MAX];
	size_t n = 0;

	for (const struct node *v = values->first; v != NULL; v = v->next)
		args[n++] = v->text;
	return words_format(w, l, step->arena,
	    node_find(step, "line")->text.p, args, n);
}

static result
to_text(struct node *n, text t)
{
	NEED(t.p);
	n->kind = NODE_TEXT;
	n->text = t;
	n->first = n->last = NULL;
	n->n = 0;
	return OK;
}

/* Words stand at the top of an answer, and steps in the list of that name. */
result
calc_words(struct node *answer, const struct words *w, enum lang l)
{
	for (struct node *n = answer->first; n != NULL; n = n->next) {
		if (n->kind == NODE_WORD)
			TRY(to_text(n, words_get(w, l, n->text.p)));
		if (n->kind != NODE_LIST || strcmp(n->name, "steps") != 0)
			continue;
		for (struct node *s = n->first; s != NULL; s = s->next)
			TRY(to_text(s, step_text(s, w, l)));
	}
	return OK;
}
