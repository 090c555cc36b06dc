#include "entity.h"

#include <string.h>

static const char *const kind_names[] = {
	[KIND_TEXT] = "text", [KIND_MULTILINE] = "multiline",
	[KIND_CODE] = "code", [KIND_CODES] = "codes",
	[KIND_INTEGER] = "integer", [KIND_BOOLEAN] = "boolean",
	[KIND_DAY] = "day", [KIND_INSTANT] = "instant",
	[KIND_MINUTES] = "minutes", [KIND_MONEY] = "money",
	[KIND_RATE] = "rate", [KIND_ID] = "text", [KIND_DIGITS] = "digits",
	[KIND_FILE] = "file",
};

static bool
chosen(const struct field *f, const void *row, const struct typed *typed,
    text code)
{
	const void *p;

	if (typed != NULL) {
		for (size_t i = 0; i < typed->n; i++) {
			if (text_same(typed->values[i], code))
				return true;
		}
		return false;
	}
	if (row == NULL || field_empty(f, row))
		return false;
	p = (const char *)row + f->at;
	if (f->kind == KIND_CODE)
		return text_same(*(const text *)p, code);
	for (size_t i = 0; i < ((const texts *)p)->n; i++) {
		if (text_same(((const texts *)p)->p[i], code))
			return true;
	}
	return false;
}

/* A retired code is offered only where the row already has it. */
static void
options(struct node *one, const struct form_context *c,
    const struct field *f, const void *row, const struct typed *typed)
{
	struct node *list = node_add_list(one, "options");
	size_t n;
	const struct code *code = codes_list(c->codes, f->codes, &n);

	for (size_t i = 0; i < n; i++) {
		bool selected = chosen(f, row, typed, code[i].code);
		struct node *o;

		if (code[i].retired && !selected)
			continue;
		o = node_add_object(list, NULL);
		node_add_text(o, "value", code[i].code);
		node_add_text(o, "label", code[i].label[c->lang]);
		node_add_bool(o, "selected", selected);
	}
}

text
problem_text(const struct words *w, enum lang l, struct arena *a,
    const struct problem *p)
{
	const text bounds[] = { words_number(l, a, p->least),
		words_number(l, a, p->most) };

	if (p->bounded)
		return words_format(w, l, a, p->key, bounds, 2);
	return words_format(w, l, a, p->key, p->args, p->args_n);
}

static void
error_of(struct node *one, const struct form_context *c, text name)
{
	for (size_t i = 0; c->problems != NULL && i < c->problems->n; i++) {
		const struct problem *p = &c->problems->at[i];

		if (!text_same(p->field, name))
			continue;
		node_add_text(one, "error", problem_text(c->words, c->lang,
		    one->arena, p));
		return;
	}
}

struct node *
form_field(struct node *list, const struct form_context *c,
    const struct field *f, text name, const void *row,
    const struct typed *typed)
{
	struct node *one = node_add_object(list, NULL);
	struct arena *a = list == NULL ? NULL : list->arena;
	text value = T("");

	if (one == NULL)
		return NULL;
	node_add_text(one, "name", name);
	node_add_text(one, "kind", text_of(kind_names[f->kind]));
	node_add_text(one, "label", text_of(f->label[c->lang]));
	node_add_bool(one, "optional", !f->required);
	if (typed != NULL)
		value = typed->n > 0 ? typed->values[0] : T("");
	else if (row != NULL)
		value = field_typed(a, c->words, c->lang, f, row);
	if (f->kind == KIND_BOOLEAN)
		node_add_bool(one, "value", text_same(value, T("1")) ||
		    text_same(value, T("on")));
	else
		node_add_text(one, "value", value);
	if ((f->kind == KIND_TEXT || f->kind == KIND_MULTILINE) &&
	    f->most > 0)
		node_add_number(one, "most", f->most);
	if ((f->kind == KIND_CODE || f->kind == KIND_CODES) &&
	    f->codes != NULL)
		options(one, c, f, row, typed);
	error_of(one, c, name);
	return one;
}
