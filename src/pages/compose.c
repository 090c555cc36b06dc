#include "compose.h"

#include "said.h"

#include <string.h>

text
say(const struct composing *c, const char *key)
{
	return words_get(c->op->office->words, c->lang, key);
}

text
say_with(const struct composing *c, const char *key, const text *args,
    size_t n)
{
	return words_format(c->op->office->words, c->lang, c->arena, key,
	    args, n);
}

const struct node *
of(const struct composing *c, const char *path)
{
	return node_find(c->answer, path);
}

void
errors(struct composing *c)
{
	struct node *list = node_add_list(c->page, "errors");

	for (size_t i = 0; i < c->op->problems.n; i++) {
		const struct problem *p = &c->op->problems.at[i];
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "name", p->field);
		node_add_text(one, "message", problem_text(
		    c->op->office->words, c->lang, c->arena, p));
	}
}

text
joined(const struct composing *c, const struct node *list)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * KIB);

	for (const struct node *n = list == NULL ? NULL : list->first;
	    n != NULL; n = n->next) {
		if (b.n > 0)
			buf_text(&b, T(", "));
		buf_text(&b, shown(c, n));
	}
	return arena_text(c->arena, buf_view(&b));
}

text
days_left(const struct composing *c, day due)
{
	int32_t days = due.n - c->op->today.n;

	if (days == 0)
		return say(c, "left.today");
	if (days == 1)
		return say(c, "left.tomorrow");
	return words_count(c->op->office->words, c->lang, c->arena,
	    days > 0 ? "left.in.n" : "left.ago.n", days > 0 ? days : -days);
}

text
href(const struct composing *c, const char *pattern, const text *codes,
    size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(PATH_MAX_BYTES);
	size_t used = 0;

	for (const char *p = pattern; *p != '\0'; p++) {
		if (p[0] == '{' && p[1] == '}' && used < n) {
			buf_text(&b, codes[used++]);
			p++;
			continue;
		}
		buf_char(&b, *p);
	}
	return arena_text(c->arena, buf_view(&b));
}

/* ---- values ----------------------------------------------------------- */

text
shown(const struct composing *c, const struct node *v)
{
	return said(c->op, v);
}

void
put(struct node *to, const char *name, const struct node *v)
{
	if (v == NULL)
		return;
	switch (v->kind) {
	case NODE_TEXT:
	case NODE_SHORT:
		node_add_text(to, name, v->text);
		return;
	case NODE_WORD:
		node_add_word(to, name, arena_text(to->arena, v->text).p);
		return;
	case NODE_CODE:
		node_add_code(to, name, v->list, v->text);
		return;
	case NODE_NUMBER:
		node_add_number(to, name, v->number);
		return;
	case NODE_BOOL:
		node_add_bool(to, name, v->number != 0);
		return;
	case NODE_DAY:
		node_add_day(to, name, v->day);
		return;
	case NODE_INSTANT:
		node_add_instant(to, name, v->instant);
		return;
	case NODE_MONEY:
		node_add_money(to, name, v->money);
		return;
	case NODE_OBJECT:
	case NODE_LIST:
	case NODE_NULL:
		return;		/* trees are not copied: compose them */
	}
}

/* ---- blocks ----------------------------------------------------------- */

struct node *
block(struct node *list, const struct composing *c, const char *anchor,
    const char *title_key)
{
	struct node *b = node_add_object(list, NULL);

	(void)c;
	node_add_text(b, "id", text_of(anchor));
	node_add_word(b, "title", title_key);
	return b;
}

void
block_change(struct node *b, const struct composing *c, text address,
    const char *key)
{
	(void)c;
	node_add_text(b, "change", address);
	node_add_word(b, "change_label", key);
}

void
block_add(struct node *b, const struct composing *c, text address,
    const char *key)
{
	(void)c;
	node_add_text(b, "add", address);
	node_add_word(b, "add_label", key);
}

void
block_empty(struct node *b, const struct composing *c, const char *key)
{
	(void)c;
	if (node_find(b, "pairs") == NULL && node_find(b, "items") == NULL)
		node_add_word(b, "empty", key);
}

/* The list of that name, made at its first use. */
static struct node *
list_of(struct node *b, const char *name)
{
	for (struct node *n = b == NULL ? NULL : b->first; n != NULL;
	    n = n->next) {
		if (n->name != NULL && strcmp(n->name, name) == 0)
			return n;
	}
	return node_add_list(b, name);
}

struct node *
pair_value(struct node *b, text label, const struct node *value)
{
	struct node *pair = node_add_object(list_of(b, "pairs"), NULL);

	node_add_text(pair, "label", label);
	put(pair, "value", value);
	if (value != NULL && value->kind == NODE_LIST) {
		struct node *values = node_add_list(pair, "values");

		for (const struct node *v = value->first; v != NULL;
		    v = v->next)
			put(values, NULL, v);
	}
	return pair;
}

struct node *
pair_text(struct node *b, const struct composing *c, const char *label_key,
    text value)
{
	struct node *pair = node_add_object(list_of(b, "pairs"), NULL);

	node_add_text(pair, "label", say(c, label_key));
	node_add_text(pair, "value", value);
	return pair;
}

struct node *
pair_field(struct node *b, const struct composing *c, const struct entity *e,
    int field, const struct node *from)
{
	const struct field *f = &e->fields[field];
	const struct node *value = node_find(from, f->name);
	struct node *pair;

	if (value == NULL || value->kind == NODE_NULL ||
	    (value->kind == NODE_LIST && value->n == 0))
		return NULL;
	pair = pair_value(b, text_of(f->label[c->lang]), value);
	if (f->kind == KIND_MULTILINE)
		node_add_bool(pair, "lines", true);
	return pair;
}

struct node *
take(struct composing *c, const char *name)
{
	struct node *n = c->answer->first;

	while (n != NULL && (n->name == NULL || strcmp(n->name, name) != 0))
		n = n->next;
	return n;
}

void action(struct node *list, text address, const char *key)
{
	struct node *one = node_add_object(list, NULL);

	node_add_text(one, "href", address);
	node_add_word(one, "label", key);
}

struct node *
item(struct node *b)
{
	return node_add_object(list_of(b, "items"), NULL);
}

/* ---- tables ----------------------------------------------------------- */

static void
table_heads(struct node *to, const struct composing *c,
    const struct column *columns, const char *path)
{
	struct node *heads = node_add_list(to, "columns");
	const struct node *sort = node_find(c->answer, "sort");
	text now = sort == NULL ? T("") : sort->text;
	bool down = text_starts(now, T("-"));

	if (down)
		now = (text){ now.p + 1, now.n - 1 };
	for (; columns->member != NULL; columns++) {
		struct node *one = node_add_object(heads, NULL);
		bool current = text_same(now, text_of(columns->member));

		node_add_word(one, "label", columns->label);
		node_add_bool(one, "number", columns->number);
		if (!columns->sorts)
			continue;
		node_add_text(one, "href", arena_format(c->arena,
		    "%s?sort=%s%s", path, current && !down ? "-" : "",
		    columns->member));
		if (current)
			node_add_text(one, "sort", down ? T("descending") :
			    T("ascending"));
	}
}

static void
table_row(struct node *list, const struct composing *c,
    const struct column *columns, const struct node *row,
    const char *pattern)
{
	struct node *one = node_add_object(list, NULL);
	const struct node *code = node_find(row, "code");
	const struct node *why = node_find(row, "why");
	const struct node *within = node_find(row, "within");
	const struct node *first = node_find(row, columns->member);
	struct node *cells;

	/* What is out of reach is called by its code and leads nowhere. */
	put(one, "first", node_true(first) ? first : code);
	if (code != NULL && (within == NULL || node_true(within)))
		node_add_text(one, "href", href(c, pattern, &code->text, 1));
	put(one, "note", why);
	put(one, "kind", node_find(row, "kind"));
	cells = node_add_list(one, "cells");
	for (columns++; columns->member != NULL; columns++) {
		struct node *cell = node_add_object(cells, NULL);
		const struct node *v = node_find(row, columns->member);

		node_add_word(cell, "label", columns->label);
		node_add_bool(cell, "number", columns->number);
		if (!columns->number && v != NULL && v->kind == NODE_NUMBER)
			node_add_text(cell, "value", arena_format(c->arena,
			    "%lld", (long long)v->number));
		else
			put(cell, "value", v);
	}
}

/* Sort and filters go along to the next page; all are codes. */
static text
same_list(const struct composing *c)
{
	CLEANUP(buf_free) struct buf b = buf_new(PATH_MAX_BYTES);

	for (size_t i = 0; i < c->op->inputs_n; i++) {
		const struct input *in = &c->op->inputs[i];

		if (in->n == 0 || in->values[0].n == 0 ||
		    text_same(in->name, T("cursor")) ||
		    text_same(in->name, T("saved")))
			continue;
		buf_char(&b, '&');
		buf_text(&b, in->name);
		buf_char(&b, '=');
		buf_text(&b, in->values[0]);
	}
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] <= ' ' || b.p[i] == '"' || b.p[i] == '<' ||
		    (unsigned char)b.p[i] > '~')
			return T("");
	}
	return arena_text(c->arena, buf_view(&b));
}

static void
table_pages(struct node *to, const struct composing *c, const char *path,
    size_t rows)
{
	const struct node *count = node_find(c->answer, "count");
	const struct node *next = node_find(c->answer, "next");
	const struct node *before = node_find(c->answer, "previous");
	text args[2];

	if (count == NULL)
		return;
	if (before != NULL && before->kind == NODE_TEXT)
		node_add_text(to, "previous", arena_format(c->arena,
		    "%s?cursor=%.*s%s", path, (int)before->text.n,
		    before->text.p, same_list(c).p));
	if (next != NULL && next->kind == NODE_TEXT)
		node_add_text(to, "following", arena_format(c->arena,
		    "%s?cursor=%.*s%s", path, (int)next->text.n,
		    next->text.p, same_list(c).p));
	args[0] = words_number(c->lang, c->arena, (int64_t)rows);
	args[1] = words_number(c->lang, c->arena, count->number);
	if ((size_t)count->number > rows)
		node_add_text(to, "shown", say_with(c, "table.shown", args,
		    2));
}

void
table(struct node *to, const struct composing *c, const char *caption,
    const struct column *columns, const struct node *rows,
    const char *pattern, const char *path)
{
	const struct node *count = node_find(c->answer, "count");
	struct node *list;

	node_add_word(to, "caption", caption);
	if (count != NULL)
		node_add_text(to, "count_text", words_number(c->lang,
		    c->arena, count->number));
	table_heads(to, c, columns, path);
	list = node_add_list(to, "rows");
	for (const struct node *r = rows == NULL ? NULL : rows->first;
	    r != NULL; r = r->next)
		table_row(list, c, columns, r, pattern);
	table_pages(to, c, path, list == NULL ? 0 : list->n);
}

/* ---- forms ------------------------------------------------------------ */

/* The generic page of a form, and what frames it. */
void
compose_form(struct composing *c)
{
	const char *op = c->op->row->name;
	struct node *form;
	struct node *section;

	node_add_word(c->page, "title", arena_format(c->arena, "%s.title",
	    op).p);
	form = node_add_object(c->page, "form");
	node_add_text(form, "action", c->turn->request.path);
	put(form, "v", node_find(c->answer, "v"));
	node_add_bool(form, "multipart",
	    (c->op->row->flags & OP_UPLOAD) != 0);
	if ((c->op->row->flags & (OP_PUBLIC | OP_SLOW)) == 0)
		node_add_text(form, "draft", text_of(op));
	section = node_add_object(node_add_list(form, "sections"), NULL);
	node_move(section, "fields", take(c, "fields"));
	/* Whom it is about, and what will happen, said before it does. */
	put(c->page, "intro", node_find(c->answer, "about"));
	node_move(form, "consequences", take(c, "consequences"));
	errors(c);
	node_add_word(form, "submit", arena_format(c->arena, "%s.submit",
	    op).p);
	node_add_bool(form, "submit_danger",
	    (c->op->row->flags & OP_DANGER) != 0);
	if (c->op->location.n > 0)
		node_add_text(form, "cancel", c->op->location);
}

/* ---- pages with several templates ------------------------------------- */

bool on_page(const struct composing *c, const char *name)
{
	const char *page = c->op->page != NULL ? c->op->page :
	    c->op->row->template;

	return page != NULL && strcmp(page, name) == 0;
}

text under(const struct composing *c, const char *pattern,
    const struct node *code)
{
	return code == NULL ? T("") : href(c, pattern, &code->text, 1);
}

/* ---- tables of our own ------------------------------------------------ */

static void column_head(struct node *columns, const char *key)
{
	node_add_word(node_add_object(columns, NULL), "label", key);
}

struct node *table_cell(struct node *row, const char *key, const struct node *value)
{
	struct node *one = node_add_object(row, NULL);

	node_add_word(one, "label", key);
	put(one, "value", value);
	return one;
}

struct node *begin_table(struct composing *c, const char *name, const char *caption,
    const char *const *heads, const char *empty)
{
	struct node *t = node_add_object(c->page, name);
	struct node *columns;

	node_add_word(t, "caption", caption);
	node_add_word(t, "empty", empty);
	columns = node_add_list(t, "columns");
	for (; *heads != NULL; heads++)
		column_head(columns, *heads);
	return node_add_list(t, "rows");
}
