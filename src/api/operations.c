/*
 * The table of operations as JSON: what the shell takes its verbs, its
 * options, its help and its completion from.
 */
#include "api_inside.h"

#include <string.h>

enum { TABLE_ARENA_MAX = 16 * MIB };

struct table {
	const struct codes *codes;
	const struct words *words;
	struct arena *arena;
};

static const struct { enum lang lang; const char *name; } langs[] = {
	{ LANG_ES, "es" }, { LANG_EN, "en" },
};
_Static_assert(LENGTH(langs) == LANGS, "every language is told");

static const char *
kind_name(enum field_kind kind)
{
	switch (kind) {
	case KIND_TEXT:
		return "text";
	case KIND_MULTILINE:
		return "multiline";
	case KIND_CODE:
		return "code";
	case KIND_CODES:
		return "codes";
	case KIND_INTEGER:
		return "integer";
	case KIND_BOOLEAN:
		return "boolean";
	case KIND_DAY:
		return "day";
	case KIND_INSTANT:
		return "instant";
	case KIND_MINUTES:
		return "minutes";
	case KIND_MONEY:
		return "money";
	case KIND_RATE:
		return "rate";
	case KIND_ID:
		return "id";
	case KIND_DIGITS:
		return "digits";
	case KIND_FILE:
		return "file";
	}
	return "text";
}

static void
add_choices(const struct table *t, struct node *one, const char *list)
{
	struct node *choices;
	size_t n = 0;
	const struct code *c = list == NULL ? NULL : codes_list(t->codes,
	    list, &n);

	if (n == 0)
		return;
	choices = node_add_list(one, "choices");
	for (size_t i = 0; i < n; i++) {
		struct node *o;

		if (c[i].retired)
			continue;
		o = node_add_object(choices, NULL);
		node_add_text(o, "code", c[i].code);
		for (size_t k = 0; k < LENGTH(langs); k++)
			node_add_text(o, langs[k].name,
			    c[i].label[langs[k].lang]);
	}
}

/* A day's list says how exact days are, which is not chosen. */
static const char *
choices_of(const struct in *in)
{
	const struct field *f = in->entity == NULL ? NULL :
	    &in->entity->fields[in->field];

	if (f == NULL)
		return in->codes;
	return f->kind == KIND_CODE || f->kind == KIND_CODES ? f->codes :
	    NULL;
}

static void
add_said(const struct table *t, struct node *to, const char *name,
    const char *key)
{
	struct node *one = node_add_object(to, name);

	for (size_t k = 0; k < LENGTH(langs); k++)
		node_add_text(one, langs[k].name, words_get(t->words,
		    langs[k].lang, key));
}

static void
add_input(const struct table *t, struct node *list, const struct in *in)
{
	const struct field *f = in->entity == NULL ? NULL :
	    &in->entity->fields[in->field];
	struct node *one = node_add_object(list, NULL);
	struct node *label;

	node_add_text(one, "name", text_of(in->name));
	node_add_text(one, "kind", text_of(kind_name(f == NULL ? in->kind :
	    f->kind)));
	if (f == NULL) {
		add_said(t, one, "label", in->label);
	} else {
		label = node_add_object(one, "label");
		for (size_t k = 0; k < LENGTH(langs); k++)
			node_add_text(label, langs[k].name,
			    text_of(f->label[langs[k].lang]));
	}
	if (in->hint != NULL)
		add_said(t, one, "hint", in->hint);
	if (f != NULL && f->of != NULL)
		node_add_text(one, "of", text_of(f->of->name));
	node_add_bool(one, "required", (in->flags & IN_REQUIRED) != 0);
	node_add_bool(one, "secret", (in->flags & IN_SECRET) != 0);
	node_add_bool(one, "hidden", (in->flags & IN_HIDDEN) != 0);
	node_add_bool(one, "many", (in->flags & IN_MANY) != 0 ||
	    (f != NULL && f->kind == KIND_CODES));
	add_choices(t, one, choices_of(in));
}

/* What every list and history takes beside its own inputs. */
static void
add_paging(const struct table *t, struct node *one, const struct op_row *row)
{
	struct node *list = node_add_list(one, "paging");

	for (size_t i = 0; i < LENGTH(api_paging); i++) {
		struct node *in;

		if (!api_pages(row, &api_paging[i]))
			continue;
		in = node_add_object(list, NULL);
		node_add_text(in, "name", text_of(api_paging[i].name));
		node_add_text(in, "kind", T("text"));
		add_said(t, in, "label", api_paging[i].label);
	}
}

/* The {…} of the path, in order. */
static void
add_parameters(struct node *one, text path)
{
	struct node *list = node_add_list(one, "parameters");

	while (path.n > 0) {
		text part = text_cut(&path, '/');

		if (part.n > 2 && part.p[0] == '{')
			node_add_text(list, NULL,
			    (text){ part.p + 1, part.n - 2 });
	}
}

static void
add_row(const struct table *t, struct node *list, const struct op_row *row)
{
	struct node *one = node_add_object(list, NULL);
	text path = text_of(row->api);
	text method = text_cut(&path, ' ');
	struct node *inputs;
	struct node *title;

	node_add_text(one, "name", text_of(row->name));
	if (row->page != NULL)
		node_add_text(one, "page", text_of(row->page));
	if (row->api != NULL) {
		node_add_text(one, "method", method);
		node_add_text(one, "path", path);
	}
	if (row->shell != NULL)
		node_add_text(one, "shell", text_of(row->shell));
	add_parameters(one, row->api != NULL ? path : text_of(row->page));
	title = node_add_object(one, "title");
	for (size_t k = 0; k < LENGTH(langs); k++)
		node_add_text(title, langs[k].name, api_word(t->words,
		    langs[k].lang, t->arena, row->name, "title"));
	node_add_text(one, "area", row->area == AREA_NONE ? T("") :
	    text_of(area_facts(row->area)->name));
	node_add_bool(one, "changes", (row->flags & OP_CHANGES) != 0);
	node_add_bool(one, "creates", (row->flags & OP_CREATES) != 0);
	node_add_bool(one, "paper", (row->flags & OP_PAPER) != 0);
	node_add_bool(one, "upload", (row->flags & OP_UPLOAD) != 0);
	node_add_bool(one, "bytes", (row->flags & (OP_PAPER | OP_FILE |
	    OP_PICTURE)) != 0);
	node_add_bool(one, "version", (row->flags & OP_NEEDS_VERSION) != 0);
	node_add_bool(one, "public", (row->flags & OP_PUBLIC) != 0);
	node_add_bool(one, "sealed", (row->flags & OP_SEALED) != 0);
	node_add_bool(one, "demonstration", (row->flags & OP_DEMO) != 0);
	inputs = node_add_list(one, "inputs");
	for (const struct in *in = row->inputs; in != NULL &&
	    in->name != NULL; in++)
		add_input(t, inputs, in);
	add_paging(t, one, row);
}

result
api_operations(const struct codes *codes, const struct words *words,
    struct buf *out)
{
	struct table t = { .codes = codes, .words = words,
		.arena = arena_new(TABLE_ARENA_MAX) };
	struct node *root = t.arena == NULL ? NULL : node_object(t.arena);
	const struct op_row *row = NULL;
	struct node *list;
	result got = fault(NO_MEMORY);

	if (root != NULL) {
		node_add_text(root, "version", T(ALAS_VERSION));
		node_add_text(root, "base", T(API_BASE));
		list = node_add_list(root, "operations");
		while ((row = ops_next(row)) != NULL)
			add_row(&t, list, row);
		got = node_whole(root);
	}
	if (is_ok(got)) {
		node_json(root, out);
		buf_char(out, '\n');
		got = buf_end(out);
	}
	arena_free(t.arena);
	return got;
}
