/*
 * An answer's tree for people at a terminal: labels, words and days in
 * their language, lists as tables where they fit and as blocks where not.
 */
#include "api_inside.h"

#include <string.h>

enum { DEPTH_MAX = 8, COLUMNS_MAX = 9, TABLE_WIDTH = 160, INDENT = 2 };

struct printing {
	struct turn *turn;
	struct arena *arena;
	struct buf *out;
};

/* ---- values ----------------------------------------------------------- */

static bool
leaf(const struct node *n)
{
	return n->kind != NODE_OBJECT && n->kind != NODE_LIST;
}

/* A person or matter as it is called: a code, and a name at most. */
static bool
called(const struct node *n)
{
	static const char *const names[] = { "code", "name", "initials",
		"title", "within", "href" };
	size_t known = 0;

	for (const struct node *m = n->first; m != NULL; m = m->next) {
		for (size_t i = 0; i < LENGTH(names); i++)
			known += strcmp(m->name, names[i]) == 0;
	}
	return n->kind == NODE_OBJECT && n->n > 0 && known == n->n;
}

/* A list of plain values stands on one line. */
static bool
line_of_its_own(const struct node *n)
{
	if (n->kind == NODE_OBJECT)
		return called(n);
	if (n->kind != NODE_LIST)
		return leaf(n);
	for (const struct node *v = n->first; v != NULL; v = v->next) {
		if (!leaf(v))
			return false;
	}
	return true;
}

static text
leaf_text(const struct printing *p, const struct node *n, bool narrow)
{
	const struct office *o = p->turn->office;
	enum lang l = p->turn->op.lang;

	switch (n->kind) {
	case NODE_TEXT:
	case NODE_SHORT:
		return n->text;
	case NODE_WORD:
		return words_get_text(o->words, l, n->text);
	case NODE_CODE:
		return codes_label(o->codes, n->list, n->text, l);
	case NODE_NUMBER:
		return arena_format(p->arena, "%lld", (long long)n->number);
	case NODE_BOOL:
		return words_get(o->words, l, n->number != 0 ? "value.yes" :
		    "value.no");
	case NODE_DAY:
		if (!n->day.known)
			return T("");
		return narrow && n->day.precision == EXACT ?
		    words_day_short(o->words, l, p->arena, n->day) :
		    words_day(o->words, l, p->arena, n->day);
	case NODE_INSTANT:
		return n->instant.known ? words_instant(o->words, l,
		    p->arena, n->instant) : T("");
	case NODE_MONEY:
		return words_money(o->words, l, p->arena, n->money);
	case NODE_OBJECT:
	case NODE_LIST:
	case NODE_NULL:
		return T("");
	}
	return T("");
}

static text
called_text(const struct printing *p, const struct node *n)
{
	const struct node *code = node_find(n, "code");
	const struct node *name = node_find(n, "name");
	text a = code == NULL ? T("") : leaf_text(p, code, true);
	text b = name == NULL ? T("") : leaf_text(p, name, true);

	return arena_format(p->arena, "%.*s%s%.*s", (int)a.n, a.p,
	    a.n > 0 && b.n > 0 ? " " : "", (int)b.n, b.p);
}

static text
value_text(const struct printing *p, const struct node *n, bool narrow)
{
	CLEANUP(buf_free) struct buf b = buf_new(FIELD_VALUE_MAX);

	if (n->kind == NODE_OBJECT)
		return called_text(p, n);
	if (n->kind != NODE_LIST)
		return leaf_text(p, n, narrow);
	for (const struct node *v = n->first; v != NULL; v = v->next) {
		if (b.n > 0)
			buf_text(&b, T(", "));
		buf_text(&b, leaf_text(p, v, narrow));
	}
	return arena_text(p->arena, buf_view(&b));
}

/* ---- labels ----------------------------------------------------------- */

/* The rows that stand under a member's name: "names" are of "name". */
static const struct entity *
entity_of_member(const struct printing *p, const char *name)
{
	size_t n = strlen(name);
	const char *ending = n > 3 && strcmp(name + n - 3, "ies") == 0 ?
	    "y" : "";
	text one = { name, n };

	if (strcmp(name, "people") == 0)
		name = "person";
	if (ops_param_entity(name) != NULL)
		return ops_param_entity(name);
	if (n < 2 || name[n - 1] != 's')
		return NULL;
	one.n -= ending[0] == 'y' ? 3 : 1;
	one = arena_format(p->arena, "%.*s%s", (int)one.n, one.p, ending);
	return one.p == NULL ? NULL : ops_param_entity(one.p);
}

/* A field's own label, or the catalogue's, which is short and stands over
 * columns; a name will do where there is neither. */
static text
label(const struct printing *p, const char *name, const struct entity *e,
    bool narrow)
{
	enum lang l = p->turn->op.lang;
	const struct field *f = e == NULL ? NULL :
	    entity_field(e, text_of(name));
	text said = api_word(p->turn->office->words, l, p->arena, "member",
	    name);

	if (f != NULL && (!narrow || said.n == 0))
		return text_of(f->label[l]);
	return said.n > 0 ? said : text_of(name);
}

/* The code of somebody whose name stands beside it. */
static bool
named_beside(const struct node *n)
{
	size_t length = strlen(n->name);

	for (const struct node *o = n->up->first; o != NULL; o = o->next) {
		if (o->kind == NODE_TEXT && o->text.n > 0 &&
		    strncmp(o->name, n->name, length) == 0 &&
		    strcmp(o->name + length, "_name") == 0)
			return true;
	}
	return false;
}

/* What only a program or a page needs. */
static bool
furniture(const struct node *n)
{
	static const char *const names[] = { "v", "fields", "may", "sort",
		"href", "within", "initials" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcmp(n->name, names[i]) == 0)
			return true;
	}
	return n->kind == NODE_SHORT && named_beside(n);
}

/* ---- lines ------------------------------------------------------------ */

static void
spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_char(out, ' ');
}

/* Columns of a terminal: characters, not bytes. */
static size_t
width(text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.p[i] & 0xC0) != 0x80;
	return n;
}

/* Further lines of a value stand under its first. */
static void
put_lines(const struct printing *p, text value, size_t indent)
{
	do {
		buf_text(p->out, text_cut(&value, '\n'));
		buf_char(p->out, '\n');
		if (value.n > 0)
			spaces(p->out, indent);
	} while (value.n > 0);
}

static bool
has_line(const struct printing *p, const struct node *n)
{
	return line_of_its_own(n) && !furniture(n) &&
	    value_text(p, n, false).n > 0;
}

static void
put_pairs(const struct printing *p, const struct node *of,
    const struct entity *e, size_t indent)
{
	size_t widest = 0;

	for (const struct node *n = of->first; n != NULL; n = n->next) {
		size_t w = has_line(p, n) ? width(label(p, n->name, e,
		    false)) : 0;

		widest = w > widest ? w : widest;
	}
	for (const struct node *n = of->first; n != NULL; n = n->next) {
		text said;

		if (!has_line(p, n))
			continue;
		said = label(p, n->name, e, false);
		spaces(p->out, indent);
		buf_text(p->out, said);
		spaces(p->out, widest - width(said) + INDENT);
		put_lines(p, value_text(p, n, false), indent + widest +
		    INDENT);
	}
}

/* ---- tables ----------------------------------------------------------- */

struct column { const char *name; text label; size_t wide; };
struct grid { struct column at[COLUMNS_MAX]; size_t n; bool fits; };

static struct column *
column_of(struct grid *g, const char *name)
{
	for (size_t i = 0; i < g->n; i++) {
		if (strcmp(g->at[i].name, name) == 0)
			return &g->at[i];
	}
	return NULL;
}

/* A value that needs lines, or a list under it, makes the list blocks. */
static void
measure(const struct printing *p, const struct node *row,
    const struct entity *e, struct grid *g)
{
	for (const struct node *n = row->first; n != NULL && g->fits;
	    n = n->next) {
		struct column *c = column_of(g, n->name);
		text value;

		if (furniture(n))
			continue;
		value = value_text(p, n, true);
		if (!line_of_its_own(n) || text_has(value, '\n')) {
			g->fits = n->n == 0 && value.n == 0;
			continue;
		}
		if (value.n == 0)
			continue;
		if (c == NULL && g->n == COLUMNS_MAX) {
			g->fits = false;
			return;
		}
		if (c == NULL) {
			c = &g->at[g->n++];
			*c = (struct column){ n->name,
			    label(p, n->name, e, true), 0 };
			c->wide = width(c->label);
		}
		if (width(value) > c->wide)
			c->wide = width(value);
	}
}

static bool
fits_as_table(const struct printing *p, const struct node *list,
    const struct entity *e, struct grid *g)
{
	size_t all = 0;

	*g = (struct grid){ .fits = true };
	for (const struct node *row = list->first; row != NULL && g->fits;
	    row = row->next) {
		if (row->kind != NODE_OBJECT)
			return false;
		measure(p, row, e, g);
	}
	for (size_t i = 0; i < g->n; i++)
		all += g->at[i].wide + INDENT;
	return g->fits && g->n > 0 && all <= TABLE_WIDTH;
}

static void
put_cell(const struct printing *p, text value, const struct grid *g,
    size_t i)
{
	buf_text(p->out, value);
	if (i + 1 == g->n) {
		buf_char(p->out, '\n');
		return;
	}
	spaces(p->out, g->at[i].wide - width(value) + INDENT);
}

static void
put_table(const struct printing *p, const struct node *list,
    const struct grid *g, size_t indent)
{
	spaces(p->out, indent);
	for (size_t i = 0; i < g->n; i++)
		put_cell(p, g->at[i].label, g, i);
	for (const struct node *row = list->first; row != NULL;
	    row = row->next) {
		spaces(p->out, indent);
		for (size_t i = 0; i < g->n; i++) {
			const struct node *n = node_find(row, g->at[i].name);

			put_cell(p, n == NULL ? T("") : value_text(p, n,
			    true), g, i);
		}
	}
}

/* ---- the tree --------------------------------------------------------- */

static void put_object(const struct printing *p, const struct node *of,
    const struct entity *e, size_t depth);

static void
put_list(const struct printing *p, const struct node *list,
    const struct entity *e, size_t depth)
{
	struct grid grid;

	if (fits_as_table(p, list, e, &grid)) {
		put_table(p, list, &grid, depth * INDENT);
		return;
	}
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		if (n != list->first)
			buf_char(p->out, '\n');
		if (n->kind == NODE_OBJECT)
			put_object(p, n, e, depth);
	}
}

/*
 * Lines first, then what has lines of its own.  The tree is the handlers'
 * and a few levels deep; what lies deeper than DEPTH_MAX is left to --json.
 */
static void
put_object(const struct printing *p, const struct node *of,
    const struct entity *e, size_t depth)
{
	put_pairs(p, of, e, depth * INDENT);
	for (const struct node *n = of->first; n != NULL && depth < DEPTH_MAX;
	    n = n->next) {
		const struct entity *own;

		if (line_of_its_own(n) || furniture(n) || n->n == 0)
			continue;
		if (p->out->n > 0)
			buf_char(p->out, '\n');
		own = entity_of_member(p, n->name);
		spaces(p->out, depth * INDENT);
		buf_text(p->out, label(p, n->name, NULL, true));
		buf_char(p->out, '\n');
		if (n->kind == NODE_LIST)
			put_list(p, n, own, depth + 1);
		else
			put_object(p, n, own, depth + 1);
	}
}

/* What an operation is about: by its name, else by its first input. */
static const struct entity *
entity_of_row(const struct printing *p, const struct op_row *row)
{
	text noun = api_noun(p->arena, row->name);
	const struct entity *e = noun.p == NULL ? NULL :
	    ops_param_entity(noun.p);
	const struct in *in = row->inputs;

	for (; e == NULL && in != NULL && in->name != NULL; in++)
		e = in->entity;
	return e;
}

void
api_print(struct turn *t, struct buf *out)
{
	struct printing p = { .turn = t, .arena = t->arena, .out = out };
	const struct entity *e = entity_of_row(&p, t->route.row);
	const struct node *answer = t->op.answer;
	struct grid grid;
	const struct node *rows = node_find(answer, "rows");

	/* A list needs no heading: it is what was asked for. */
	if (rows != NULL && rows->kind == NODE_LIST && rows->n > 0 &&
	    fits_as_table(&p, rows, e, &grid)) {
		put_table(&p, rows, &grid, 0);
		buf_char(out, '\n');
		put_pairs(&p, answer, e, 0);
		return;
	}
	put_object(&p, answer, e, 0);
	if (out->n == 0) {
		buf_text(out, words_get(t->office->words, t->op.lang,
		    "shell.done"));
		buf_char(out, '\n');
	}
}
