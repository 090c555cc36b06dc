#include "fields.h"

#include <string.h>

struct node *
ops_member(struct node *of, const char *name)
{
	struct node *m = of == NULL ? NULL : of->first;

	while (m != NULL && (m->name == NULL || strcmp(m->name, name) != 0))
		m = m->next;
	return m;
}

struct node *
ops_field(struct op *op, const char *input)
{
	struct node *list = ops_member(op->answer, "fields");
	struct node *f = list == NULL ? NULL : list->first;

	while (f != NULL) {
		const struct node *name = node_find(f, "name");

		if (name != NULL && text_same(name->text, text_of(input)))
			return f;
		f = f->next;
	}
	return NULL;
}

void
ops_propose(struct op *op, const char *input, text value)
{
	struct node *field = ops_field(op, input);
	struct node *v = ops_member(field, "value");
	struct node *options = ops_member(field, "options");

	if (v == NULL || op_given(op, input))
		return;
	v->text = arena_text(op->arena, value);
	for (struct node *o = options == NULL ? NULL : options->first;
	    o != NULL; o = o->next) {
		struct node *selected = ops_member(o, "selected");

		if (selected != NULL)
			selected->number = text_same(value,
			    node_find(o, "value")->text);
	}
}

struct node *
ops_choice(struct op *op, const char *input, bool many)
{
	struct node *field = ops_field(op, input);
	struct node *kind = ops_member(field, "kind");

	if (kind == NULL)
		return NULL;
	kind->text = many ? T("codes") : T("code");
	return node_add_list(field, "options");
}

/* Was it typed, or else does the field have it as its value? */
static bool
chosen(struct op *op, const char *input, text value)
{
	const struct input *in = op_inputs(op, input);
	const struct node *now;

	for (size_t i = 0; in != NULL && i < in->n; i++) {
		if (text_same(in->values[i], value))
			return true;
	}
	now = node_find(ops_field(op, input), "value");
	return in == NULL && now != NULL && text_same(now->text, value);
}

void
ops_option(struct op *op, struct node *options, const char *input,
    text value, text label)
{
	struct node *o = node_add_object(options, NULL);

	node_add_text(o, "value", value);
	node_add_text(o, "label", label);
	node_add_bool(o, "selected", chosen(op, input, value));
}

/* ---- languages of pages ----------------------------------------------- */

static bool
page_language(text code)
{
	for (int l = 0; l < LANGS; l++) {
		if (text_same(words_lang_code((enum lang)l), code))
			return true;
	}
	return false;
}

void
ops_only_page_languages(struct op *op)
{
	struct node *options = ops_member(ops_field(op, "language"),
	    "options");
	struct node *rest = node_object(op->arena);
	struct node *o = options == NULL ? NULL : options->first;

	while (o != NULL) {
		struct node *next = o->next;

		if (!page_language(node_find(o, "value")->text))
			node_move(rest, "other", o);
		o = next;
	}
}

void
ops_check_page_language(struct op *op, text language)
{
	if (language.n > 0 && !page_language(language) &&
	    !problem_has(&op->problems, T("language")))
		op_problem(op, "language", "problem.page_language");
}

/* ---- another form ----------------------------------------------------- */

result
ops_form_inside(struct op *op, const char *name, const char *operation,
    const struct filled *from, size_t n)
{
	const struct op_row *running = op->row;
	struct node *inside = node_add_object(op->answer, name);
	result got;

	op->row = ops_named(text_of(operation));
	if (op->row == NULL) {
		op->row = running;
		return fault(BUG);
	}
	got = ops_form(op, from, n);
	op->row = running;
	TRY(got);
	node_move(inside, "fields", op->answer->last);
	return OK;
}

/* ---- refusals in words ------------------------------------------------ */

result
ops_say(struct op *op, result got, enum error_code code, const char *input,
    const char *key)
{
	if (got.code != code)
		return got;
	if (op->problems.n == 0)
		op_problem(op, input, key);
	return refuse(INVALID);
}

result
ops_said(struct op *op, result got, enum error_code code)
{
	return got.code == code && op->problems.n > 0 ? refuse(INVALID) :
	    got;
}

void
ops_forgive(struct op *op, const char *input)
{
	struct problems *p = &op->problems;
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (!text_same(p->at[i].field, text_of(input)))
			p->at[kept++] = p->at[i];
	}
	p->n = kept;
}

bool
ops_ticked(struct op *op, const char *input)
{
	text typed = op_input(op, input);

	return text_same(typed, T("1")) || text_same(typed, T("true")) ||
	    text_same(typed, T("on"));
}
