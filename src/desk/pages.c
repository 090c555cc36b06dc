/*
 * One page of a list.  A cursor is the id of the row at the edge and a
 * direction, in the letters of codes: never the key by which the list is
 * sorted, for that may be a name, and addresses reach histories.  The place
 * of the row is looked up when the page is asked for.
 */
#include "desk_inside.h"

#include <string.h>

enum { CURSOR_LETTERS = 26, ID_BITS = 128 };	/* 26 · 5 ≥ 128 */

struct cursor { bool there, back; id row; };

static text cursor_write(struct arena *a, bool back, id row)
{
	char letters[CURSOR_LETTERS];
	uint32_t bits = 0;
	int have = 0;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(row.b); i++) {
		bits = bits << 8 | row.b[i];
		have += 8;
		while (have >= 5) {
			have -= 5;
			letters[n++] = code_char(bits >> have & 31);
		}
	}
	letters[n++] = code_char(bits << (5 - have) & 31);
	return arena_format(a, "%c%.*s", back ? 'P' : 'N', (int)n, letters);
}

static bool cursor_read(text t, struct cursor *ret)
{
	struct cursor c = { .there = true };
	uint32_t bits = 0;
	int have = 0;
	size_t n = 0;

	if (t.n != CURSOR_LETTERS + 1 || (t.p[0] != 'P' && t.p[0] != 'N'))
		return false;
	c.back = t.p[0] == 'P';
	for (size_t i = 1; i < t.n; i++) {
		int value = code_value(t.p[i]);

		if (value < 0)
			return false;
		bits = bits << 5 | (uint32_t)value;
		have += 5;
		if (have >= 8 && n < sizeof(c.row.b)) {
			have -= 8;
			c.row.b[n++] = (uint8_t)(bits >> have);
		}
	}
	*ret = c;
	return true;
}

/* ---- what is asked ---------------------------------------------------- */

static result order_read(const struct list_kind *l, text sort,
    struct list_order *ret)
{
	struct list_order o = { .name = sort };

	if (sort.n == 0)
		o.name = text_of(l->sorts[0]);
	if (text_starts(o.name, T("-"))) {
		o.down = true;
		o.name = (text){ o.name.p + 1, o.name.n - 1 };
	}
	for (size_t i = 0; l->sorts[i] != NULL; i++) {
		text known = text_of(l->sorts[i]);

		if (text_starts(known, T("-")))
			known = (text){ known.p + 1, known.n - 1 };
		if (text_same(known, o.name)) {
			*ret = o;
			return OK;
		}
	}
	return refuse(BAD_REQUEST);
}

static struct arg text_or_null(const char *name, text t)
{
	return t.n == 0 ? arg_null(name) : arg_text(name, t);
}

static struct arg day_or_null(const char *name, day d)
{
	return d.known ? arg_number(name, d.n) : arg_null(name);
}

result list_ask_put(struct view *v, const struct list_order *o,
    const struct list_ask *ask)
{
	const struct arg args[] = {
		arg_text("sort", o->name),
		arg_number("down", o->down),
		text_or_null("state", ask->state),
		text_or_null("language", ask->language),
		text_or_null("department", ask->department),
		text_or_null("programme", ask->programme),
		arg_id_or_null("responsible", &ask->responsible.raw),
		text_or_null("type", ask->type),
		text_or_null("forum", ask->forum),
		text_or_null("which", ask->which),
		day_or_null("from_on", ask->from),
		day_or_null("to_on", ask->to),
	};

	return store_run(v->tx, &sql_asked_put, args, LENGTH(args), NULL);
}

/* ---- the page --------------------------------------------------------- */

struct page { const struct roll *roll; size_t from, n; bool before, after; };

/* A row that hides cannot be a place to go on from: its neighbours would
 * tell where it stands. */
static result cursor_place(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct cursor *c,
    const struct roll *roll, size_t *ret_at, bool *ret_there)
{
	bool shown;

	TRY(roll_find(v, l, o, roll, c->row, ret_at, ret_there));
	if (*ret_there)
		return OK;
	TRY(roll_may(v, l, c->row, &shown));
	return shown ? OK : refuse(BAD_REQUEST);
}

static result page_read(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct cursor *c, size_t limit,
    struct page *ret)
{
	struct page p = *ret;
	size_t all = roll_length(p.roll);
	size_t end = all;
	bool there = false;

	if (c->there) {
		TRY(cursor_place(v, l, o, c, p.roll, &p.from, &there));
		end = p.from;
		p.from += there ? 1 : 0;
	}
	if (c->back) {
		p.n = end < limit ? end : limit;
		p.from = end - p.n;
		p.before = p.from > 0;
		p.after = true;
	} else {
		p.n = all - p.from < limit ? all - p.from : limit;
		p.before = c->there;
		p.after = p.from + p.n < all;
	}
	*ret = p;
	return OK;
}

static void add_cursor(struct node *to, const char *name, bool there,
    bool back, id row)
{
	if (!there) {
		node_add_null(to, name);
		return;
	}
	node_add_text(to, name, cursor_write(to->arena, back, row));
}

static result page_show(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct page *p)
{
	struct node *to = v->op->answer;
	struct node *list = node_add_list(to, "rows");
	int64_t count = (int64_t)roll_length(p->roll);

	for (size_t i = 0; i < p->n; i++)
		TRY(l->show(v, roll_at(p->roll, p->from + i), list));
	node_add_number(to, "count", count);
	node_add_text(to, "sort", arena_format(v->op->arena, "%s%.*s",
	    o->down ? "-" : "", (int)o->name.n, o->name.p));
	add_cursor(to, "next", p->n > 0 && p->after, false,
	    p->n > 0 ? roll_at(p->roll, p->from + p->n - 1) : (id){ 0 });
	add_cursor(to, "previous", p->n > 0 && p->before, true,
	    p->n > 0 ? roll_at(p->roll, p->from) : (id){ 0 });
	audit_listed(v->op, l->kind, count);
	return node_whole(to);
}

result list_page(struct op *op, const struct list_kind *l,
    const struct list_ask *ask)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct cursor cursor = { 0 };
	size_t limit = PAGE_ROWS;
	struct list_order order;
	struct page page = { 0 };

	if (ask->cursor.n > 0 && !cursor_read(ask->cursor, &cursor))
		return refuse(BAD_REQUEST);
	if (ask->limit < 0 || ask->limit > PAGE_ROWS_API_MAX)
		return refuse(BAD_REQUEST);
	if (ask->limit > 0)
		limit = (size_t)ask->limit;
	TRY(order_read(l, ask->sort, &order));
	TRY(view_begin(op, &v));
	TRY(list_ask_put(&v, &order, ask));
	TRY(roll_get(&v, l, &order, ask, &page.roll));
	TRY(page_read(&v, l, &order, &cursor, limit, &page));
	return page_show(&v, l, &order, &page);
}
