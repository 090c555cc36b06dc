/*
 * Shredding: rows of persons and matters lose their records, their keys go,
 * a tombstone stays.  What other rows say about them is left to people.
 */
#include "facts_inside.h"

#include "facts_sql.h"

#include <string.h>

enum { TABLE_TOMBSTONE = 210, SLOTS = 4 * SHRED_ROWS_MAX };
_Static_assert((SLOTS & (SLOTS - 1)) == 0, "slots are taken by a mask");

/* ---- what goes, and what only points there ----------------------------- */

struct walk {
	struct op *op;
	const struct shred *what;
	struct shred_row *list;
	size_t n;
	uint32_t *slot;			/* position + 1 in the list */
};

static bool
goes(const struct shred *what, enum object_kind kind, id object)
{
	const id *ids = kind == OBJECT_PERSON ? what->persons :
	    what->matters;
	size_t n = kind == OBJECT_PERSON ? what->persons_n :
	    what->matters_n;

	for (size_t i = 0; kind != OBJECT_NONE && i < n; i++) {
		if (id_same(ids[i], object))
			return true;
	}
	return false;
}

/* A row may hang on two: it is met twice and taken once. */
static bool
met(struct walk *w, const struct entity *e, id row)
{
	uint32_t at = (get_u32(row.b) ^ e->number) & (SLOTS - 1);

	for (; w->slot[at] != 0; at = (at + 1) & (SLOTS - 1)) {
		const struct shred_row *one = &w->list[w->slot[at] - 1];

		if (one->entity == e && id_same(one->id, row))
			return true;
	}
	w->slot[at] = (uint32_t)w->n + 1;
	return false;
}

static result
add(struct walk *w, const struct entity *e, id row)
{
	struct shred_row *one;

	if (w->n == SHRED_ROWS_MAX)
		return refuse(TOO_LARGE);
	if (met(w, e, row))
		return OK;
	one = &w->list[w->n++];
	*one = (struct shred_row){ .entity = e, .id = row };
	TRY(facts_home_of(w->op, e, row, &one->kind, &one->home));
	one->goes = goes(w->what, one->kind, one->home);
	return OK;
}

static result
add_children(struct walk *w, const struct entity *above, id parent)
{
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		const struct entity_statements *st = &live_entities[i];
		const struct entity *e = st->entity;

		for (size_t p = 0; p < e->parents_n; p++) {
			struct raw *raw = NULL;
			size_t n = 0;

			if (e->fields[e->parents[p]].of != above)
				continue;
			TRY(raw_children(w->op, e, st->children[p], parent,
			    &raw, &n));
			for (size_t r = 0; r < n; r++) {
				if (!raw[r].emptied)
					TRY(add(w, e, raw[r].id));
			}
		}
	}
	return OK;
}

result
facts_shred_rows(struct op *op, const struct shred *what,
    struct shred_row **ret, size_t *ret_n)
{
	struct walk w = { .op = op, .what = what };

	w.list = arena_array(op->arena, SHRED_ROWS_MAX, sizeof(*w.list));
	w.slot = arena_array(op->arena, SLOTS, sizeof(*w.slot));
	NEED(w.list);
	NEED(w.slot);
	memset(w.slot, 0, SLOTS * sizeof(*w.slot));
	TRY(op_begin(op, TX_READ));
	for (size_t i = 0; i < what->persons_n; i++)
		TRY(add(&w, &entity_person, what->persons[i]));
	for (size_t i = 0; i < what->matters_n; i++)
		TRY(add(&w, &entity_matter, what->matters[i]));
	for (size_t i = 0; i < w.n; i++)
		TRY(add_children(&w, w.list[i].entity, w.list[i].id));
	*ret = w.list;
	*ret_n = w.n;
	return OK;
}

/* ---- emptying ---------------------------------------------------------- */

static result
drop_history(struct op *op, const struct entity *e, id row)
{
	const struct arg args[] = { arg_number("table_no", e->number),
		arg_id("id", row) };

	return store_run(op->tx, &sql_history_drop, args, LENGTH(args), NULL);
}

/* The row stays where others hang on it and the leaves name it: at a new
 * version, every class with that version and without a record. */
static result
empty(struct op *op, const struct entity *e, id row)
{
	struct raw raw;
	uint64_t v;

	TRY(raw_get(op, e, row, &raw));
	if (raw.emptied)
		return OK;
	v = raw.v++;
	raw.emptied = true;
	raw.bix_there = false;
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		raw.record[c] = (text){ NULL, 0 };
		raw.class_v[c] = (e->classes & 1u << c) != 0 ? raw.v : 0;
	}
	TRY(raw_write(op, e, &raw, v));
	TRY(drop_history(op, e, row));
	return raw_touch(op, e, &raw);
}

/* ---- grants and walls --------------------------------------------------- */

/* They are the office's own rows, and what they do must go on: a wall on a
 * person hides the matters of others too.  Their words go. */
struct naming {
	const struct shred *what;
	const struct entity *e;
	struct arena *arena;
	struct naming_row { id id; struct naming_row *next; } *first;
};

static bool
names_one(const struct naming *n, const void *row)
{
	for (size_t i = 0; i < n->e->n; i++) {
		const struct field *f = &n->e->fields[i];

		if (f->kind == KIND_ID && !field_empty(f, row) &&
		    goes(n->what, f->of == &entity_person ? OBJECT_PERSON :
		    f->of == &entity_matter ? OBJECT_MATTER : OBJECT_NONE,
		    field_id(f, row)))
			return true;
	}
	return false;
}

static bool
is_words(const struct field *f)
{
	return f->kind == KIND_TEXT || f->kind == KIND_MULTILINE;
}

static bool
has_words(const struct entity *e, const void *row)
{
	for (size_t i = 0; i < e->n; i++) {
		if (is_words(&e->fields[i]) &&
		    !field_empty(&e->fields[i], row))
			return true;
	}
	return false;
}

static result
note_naming(void *self, const void *row)
{
	struct naming *n = self;
	struct naming_row *one;

	if (!names_one(n, row) || !has_words(n->e, row))
		return OK;
	one = arena_take(n->arena, sizeof(*one));
	NEED(one);
	*one = (struct naming_row){ ((const struct row *)row)->id,
		n->first };
	n->first = one;
	return OK;
}

static result
take_words(struct op *op, const struct entity *e, id at)
{
	void *row = entity_new(op->arena, e);
	struct owner owner;
	struct raw raw;
	uint64_t v;

	NEED(row);
	TRY(raw_get(op, e, at, &raw));
	TRY(raw_open(op, e, &raw, e->classes, row));
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];

		if (is_words(f))
			memset((char *)row + f->at, 0, sizeof(text));
	}
	v = raw.v++;
	TRY(owner_of(op, e, row, &owner));
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if (raw.record[c].n == 0)
			continue;
		raw.class_v[c] = raw.v;
		TRY(seal_class(op, e, (enum in_class)c, &owner, row, raw.v,
		    &raw.record[c]));
	}
	TRY(raw_write(op, e, &raw, v));
	TRY(drop_history(op, e, at));
	return raw_touch(op, e, &raw);
}

/* The ids first, in memory of their own: facts_each rewinds op's. */
static result
quiet_naming(struct op *op, const struct shred *what, const struct entity *e)
{
	static const struct reach all = { .office_wide = true,
		.mask = 1u << IN_OFFICE };
	struct naming n = { .what = what, .e = e,
		.arena = arena_new(8 * MIB) };
	result got;

	NEED(n.arena);
	got = facts_each(op, &all, e, note_naming, &n);
	for (const struct naming_row *r = n.first; is_ok(got) && r != NULL;
	    r = r->next)
		got = take_words(op, e, r->id);
	arena_free(n.arena);
	return got;
}

/* ---- keys and tombstones ------------------------------------------------ */

static result
bury(struct op *op, int kind, id object)
{
	const struct arg args[] = { arg_number("kind", kind),
		arg_id("id", object) };
	struct touched t = { .table = TABLE_TOMBSTONE, .row = object,
		.v = 1 };
	text today = arena_format(op->arena, "%d", op->today.n);

	NEED(today.p);
	TRY(store_run(op->tx, &sql_key_drop, args, LENGTH(args), NULL));
	TRY(facts_put_tombstone(op, &(struct tombstone){ object,
	    op->today.n }));
	blake2b(t.digest, sizeof(t.digest), NULL, 0,
	    (text){ (const char *)object.b, sizeof(object.b) }, today);
	return op_touch(op, &t);
}

result
facts_shred(struct op *op, const struct shred *what,
    const struct shred_row *rows, size_t n)
{
	TRY(op_begin(op, TX_WRITE));
	TRY(op_touch_room(op, n + 2 * TOUCHED_MAX));
	TRY(quiet_naming(op, what, &entity_grant));
	TRY(quiet_naming(op, what, &entity_wall));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].goes)
			TRY(empty(op, rows[i].entity, rows[i].id));
	}
	for (size_t i = 0; i < what->persons_n; i++)
		TRY(bury(op, 2, what->persons[i]));
	for (size_t i = 0; i < what->matters_n; i++)
		TRY(bury(op, 3, what->matters[i]));
	return OK;
}

void
facts_shredded(struct op *op, const struct shred *what)
{
	struct keyring *k = op->office->keyring;

	for (size_t i = 0; i < what->persons_n; i++)
		keyring_drop(k, PURPOSE_PERSON, what->persons[i],
		    UINT32_MAX);
	for (size_t i = 0; i < what->matters_n; i++)
		keyring_drop(k, PURPOSE_CASE, what->matters[i], UINT32_MAX);
}

result
facts_buried(struct op *op, id object, bool *ret)
{
	const struct arg arg = arg_id("id", object);
	struct row_set *rows = NULL;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_tombstone_one, &arg, 1, &rows));
	got = row_next(rows, ret);
	row_end(&rows);
	return got;
}

/* ---- after a restore ---------------------------------------------------- */

struct unburied { struct op *op; struct shred *what; size_t room; };

/* A tombstone whose row still has records: yesterday's. */
static result
note_unburied(struct unburied *u, const struct tombstone *t)
{
	struct raw raw;
	result got = raw_get(u->op, &entity_person, t->object, &raw);

	if (is_ok(got) && !raw.emptied)
		u->what->persons[u->what->persons_n++] = t->object;
	if (is_ok(got) || got.code != E_NOT_FOUND)
		return got;
	got = raw_get(u->op, &entity_matter, t->object, &raw);
	if (is_ok(got) && !raw.emptied)
		u->what->matters[u->what->matters_n++] = t->object;
	/* Neither: registered after that data part was made. */
	return got.code == E_NOT_FOUND ? OK : got;
}

struct stones { struct arena *arena; struct tombstone *list; size_t n, room; };

static result
note_stone(void *self, const struct tombstone *t)
{
	struct stones *s = self;

	if (s->n == s->room) {
		size_t room = s->room == 0 ? 64 : 2 * s->room;
		struct tombstone *more = arena_array(s->arena, room,
		    sizeof(*more));

		NEED(more);
		if (s->n > 0)
			memcpy(more, s->list, s->n * sizeof(*more));
		s->list = more;
		s->room = room;
	}
	s->list[s->n++] = *t;
	return OK;
}

result
facts_unburied(struct op *op, struct shred *ret)
{
	struct stones s = { .arena = op->arena };
	struct shred what = { 0 };
	struct unburied u = { .op = op, .what = &what };

	TRY(facts_each_tombstone(op, &s, note_stone));
	what.persons = arena_array(op->arena, s.n + 1, sizeof(id));
	what.matters = arena_array(op->arena, s.n + 1, sizeof(id));
	NEED(what.persons);
	NEED(what.matters);
	for (size_t i = 0; i < s.n; i++)
		TRY(note_unburied(&u, &s.list[i]));
	*ret = what;
	return OK;
}
