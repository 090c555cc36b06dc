/*
 * Rolls: the ids of a list in its order, as one asker sees them with one
 * set of filters.  Read whole from a view when the list is first asked for,
 * then brought up row by row as rows change: each row that changed is taken
 * out, asked for by the same view, and put where it stands now.  So a page
 * is a slice and the count is a length, and both are what the view says.
 *
 * A roll ends when what it was read under does: another asker, other levels
 * or another day make another roll; a grant that begins or ends by itself
 * ends it at that moment; whatever may move more than one object (a wall, a
 * user) ends all of them.  Nothing of a row but its id is kept.
 */
#include "desk_inside.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROLLS_MAX = 64,
	ROLLS_IDS_MAX = 4 << 20,	/* ids of all rolls: 64 MiB */
	LOG_MAX = 256,			/* changes remembered */
	TURNS_MAX = 256,		/* rows put in place one by one */
};

struct roll {
	char *name;			/* the list, its order and filters */
	size_t name_n;
	struct asker asker;
	bool walled;
	instant from, until;		/* unknown `until`: no end */
	id *rows;
	size_t n, room;
	uint64_t taken;			/* changes taken up */
	uint64_t used;			/* when, counted in uses */
};

struct rolls {
	struct roll list[ROLLS_MAX];
	id log[LOG_MAX];		/* what changed, in a ring */
	uint64_t changes;
	uint64_t uses;
};

/* ---- life ------------------------------------------------------------- */

static void end_roll(struct roll *r)
{
	free(r->name);
	free(r->rows);
	*r = (struct roll){ 0 };
}

void rolls_end(struct rolls *r)
{
	for (size_t i = 0; r != NULL && i < ROLLS_MAX; i++)
		end_roll(&r->list[i]);
}

void rolls_end_walled(struct rolls *r)
{
	for (size_t i = 0; r != NULL && i < ROLLS_MAX; i++) {
		if (r->list[i].walled)
			end_roll(&r->list[i]);
	}
}

void rolls_free(struct rolls **r)
{
	rolls_end(*r);
	free(*r);
	*r = NULL;
}

void rolls_note(struct rolls *r, id changed)
{
	if (r != NULL && !id_none(changed))
		r->log[r->changes++ % LOG_MAX] = changed;
}

/* ---- which ------------------------------------------------------------ */

static text roll_name(struct arena *a, const struct list_kind *l,
    const struct list_order *o, const struct list_ask *ask)
{
	const text parts[] = { o->name, ask->state, ask->language,
		ask->department, ask->programme, ask->type, ask->forum,
		ask->which, { (const char *)ask->responsible.raw.b,
		sizeof(id) } };
	CLEANUP(buf_free) struct buf b = buf_new(64 * KIB);

	buf_text(&b, arena_format(a, "%s %d %d.%d %d.%d", l->name, o->down,
	    ask->from.known, ask->from.n, ask->to.known, ask->to.n));
	for (size_t i = 0; i < LENGTH(parts); i++) {
		buf_text(&b, arena_format(a, " %zu:", parts[i].n));
		buf_text(&b, parts[i]);
	}
	return b.failed ? (text){ 0 } : arena_text(a, buf_view(&b));
}

static bool is_roll(const struct roll *r, const struct view *v, text name)
{
	return text_same((text){ r->name, r->name_n }, name) &&
	    memcmp(&r->asker, &v->asker, sizeof(v->asker)) == 0;
}

/* An empty one: the one used longest ago must make room, and more of them
 * while all together hold too much. */
static struct roll *make_room(struct rolls *all)
{
	for (;;) {
		struct roll *oldest = NULL;
		struct roll *empty = NULL;
		size_t ids = 0;

		for (size_t i = 0; i < ROLLS_MAX; i++) {
			struct roll *r = &all->list[i];

			ids += r->room;
			if (r->name == NULL)
				empty = r;
			else if (oldest == NULL || r->used < oldest->used)
				oldest = r;
		}
		if (empty != NULL && (ids < ROLLS_IDS_MAX || oldest == NULL))
			return empty;
		end_roll(oldest);
	}
}

/* ---- reading whole ---------------------------------------------------- */

static result grow(struct roll *r)
{
	size_t room = r->room < 64 ? 64 : r->room + r->room / 2;
	id *more = realloc(r->rows, room * sizeof(*more));

	NEED(more);
	r->rows = more;
	r->room = room;
	return OK;
}

static result read_rows(struct view *v, const struct list_kind *l,
    const struct list_order *o, struct roll *r)
{
	struct row_set *rows = NULL;
	bool there = false;
	int at;
	result got;

	r->n = 0;
	TRY(store_query(v->tx, o->down ? l->down : l->up, NULL, 0, &rows));
	at = column_at(rows, "id");
	while (is_ok(got = row_next(rows, &there)) && there) {
		text t = at_bytes(rows, at);

		if (r->n == r->room)
			got = grow(r);
		if (!is_ok(got))
			break;
		if (t.n == sizeof(id))
			memcpy(r->rows[r->n++].b, t.p, sizeof(id));
	}
	row_end(&rows);
	return got;
}

static result read_bounds(struct view *v, struct roll *r)
{
	int64_t until = 0;

	TRY(view_number(v, &sql_roll_bounds, NULL, 0, "until", &until));
	r->from = v->op->now;
	r->until = (instant){ until, until != 0 };
	r->walled = v->walled;
	return OK;
}

/* ---- bringing up ------------------------------------------------------ */

struct turns { id list[TURNS_MAX]; size_t n; bool full; };

static void turn_add(struct turns *t, id row)
{
	for (size_t i = 0; i < t->n; i++) {
		if (id_same(t->list[i], row))
			return;
	}
	if (t->n == TURNS_MAX)
		t->full = true;
	else
		t->list[t->n++] = row;
}

static result turns_of(struct view *v, const struct list_kind *l,
    id changed, struct turns *t)
{
	const struct arg arg = arg_id("id", changed);
	id *rows;
	size_t n;

	TRY(view_ids(v, l->touched, &arg, 1, "id", TURNS_MAX, &rows, &n));
	t->full = t->full || n == TURNS_MAX;
	turn_add(t, changed);
	for (size_t i = 0; i < n; i++)
		turn_add(t, rows[i]);
	return OK;
}

static void take_out(struct roll *r, const struct turns *t)
{
	uint64_t first[4] = { 0 };	/* first bytes that one of them has */
	size_t kept = 0;

	for (size_t i = 0; i < t->n; i++)
		first[t->list[i].b[0] >> 6] |= 1ull << (t->list[i].b[0] & 63);
	for (size_t i = 0; i < r->n; i++) {
		uint8_t b = r->rows[i].b[0];
		bool gone = false;

		for (size_t k = 0; (first[b >> 6] >> (b & 63) & 1) != 0 &&
		    !gone && k < t->n; k++)
			gone = id_same(r->rows[i], t->list[k]);
		if (gone)
			continue;
		if (kept != i)
			r->rows[kept] = r->rows[i];
		kept++;
	}
	r->n = kept;
}

static result before(struct view *v, const struct list_kind *l,
    const struct list_order *o, id one, id other, bool *ret)
{
	const struct arg args[] = {
		arg_id("one", o->down ? other : one),
		arg_id("other", o->down ? one : other),
	};
	int64_t is = 0;

	TRY(view_number(v, l->before, args, LENGTH(args), "before", &is));
	*ret = is != 0;
	return OK;
}

/* Where a row that is not among them would stand. */
static result place_of(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct roll *r, id row, size_t *ret)
{
	size_t low = 0;
	size_t high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		bool is;

		TRY(before(v, l, o, r->rows[middle], row, &is));
		if (is)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return OK;
}

static result ask_place(struct view *v, const struct list_kind *l, id row,
    bool *ret_there, bool *ret_wanted)
{
	const struct arg arg = arg_id("id", row);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret_wanted = false;
	TRY(store_query(v->tx, l->place, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there)
		*ret_wanted = column_number(rows, "wanted") != 0;
	row_end(&rows);
	*ret_there = there;
	return got;
}

static result put_in(struct view *v, const struct list_kind *l,
    const struct list_order *o, struct roll *r, id row)
{
	bool there;
	bool wanted;
	size_t at;

	TRY(ask_place(v, l, row, &there, &wanted));
	if (!wanted)
		return OK;
	TRY(place_of(v, l, o, r, row, &at));
	if (r->n == r->room)
		TRY(grow(r));
	memmove(r->rows + at + 1, r->rows + at,
	    (r->n - at) * sizeof(r->rows[0]));
	r->rows[at] = row;
	r->n++;
	return OK;
}

/* `ret_done` is false when too much has changed to go row by row. */
static result bring_up(struct view *v, const struct list_kind *l,
    const struct list_order *o, struct roll *r, bool *ret_done)
{
	const struct rolls *all = v->op->office->desk->rolls;
	struct turns t = { .n = 0 };

	*ret_done = all->changes - r->taken <= LOG_MAX;
	for (uint64_t i = r->taken; *ret_done && i < all->changes; i++) {
		TRY(turns_of(v, l, all->log[i % LOG_MAX], &t));
		*ret_done = !t.full;
	}
	if (!*ret_done)
		return OK;
	if (t.n > 0)
		take_out(r, &t);
	for (size_t i = 0; i < t.n; i++)
		TRY(put_in(v, l, o, r, t.list[i]));
	return OK;
}

/* ---- asking ----------------------------------------------------------- */

static bool in_time(const struct roll *r, instant now)
{
	return r->from.ms <= now.ms &&
	    (!r->until.known || now.ms < r->until.ms);
}

static result make_true(struct view *v, const struct list_kind *l,
    const struct list_order *o, struct roll *r)
{
	bool done = false;

	if (r->from.known && in_time(r, v->op->now))
		TRY(bring_up(v, l, o, r, &done));
	if (!done) {
		TRY(read_bounds(v, r));
		TRY(read_rows(v, l, o, r));
	}
	r->taken = v->op->office->desk->rolls->changes;
	return OK;
}

static result open_roll(struct view *v, struct rolls *all, text name,
    struct roll **ret)
{
	struct roll *r;

	for (size_t i = 0; i < ROLLS_MAX; i++) {
		if (is_roll(&all->list[i], v, name)) {
			*ret = &all->list[i];
			return OK;
		}
	}
	r = make_room(all);
	r->name = malloc(name.n);
	NEED(r->name);
	memcpy(r->name, name.p, name.n);
	r->name_n = name.n;
	r->asker = v->asker;
	*ret = r;
	return OK;
}

result roll_get(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct list_ask *ask,
    const struct roll **ret)
{
	struct desk *d = v->op->office->desk;
	text name = roll_name(v->op->arena, l, o, ask);
	struct roll *r;
	result got;

	NEED(name.p);
	if (d->rolls == NULL)
		d->rolls = calloc(1, sizeof(*d->rolls));
	NEED(d->rolls);
	TRY(open_roll(v, d->rolls, name, &r));
	got = make_true(v, l, o, r);
	if (!is_ok(got)) {
		end_roll(r);
		return got;
	}
	r->used = ++d->rolls->uses;
	*ret = r;
	return OK;
}

size_t roll_length(const struct roll *r)
{
	return r->n;
}

id roll_at(const struct roll *r, size_t at)
{
	return r->rows[at];
}

/* The row of a cursor may have left the list since, for it was changed:
 * then it is where it would stand. */
result roll_find(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct roll *r, id row, size_t *ret_at,
    bool *ret_there)
{
	for (size_t i = 0; i < r->n; i++) {
		if (id_same(r->rows[i], row)) {
			*ret_at = i;
			*ret_there = true;
			return OK;
		}
	}
	*ret_there = false;
	return place_of(v, l, o, r, row, ret_at);
}

result roll_may(struct view *v, const struct list_kind *l, id row,
    bool *ret_there)
{
	bool wanted;

	return ask_place(v, l, row, ret_there, &wanted);
}
