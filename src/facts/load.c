#include "facts_inside.h"

#include "facts_sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One step up: the clear parent that leads to a matter, else to a person. */
static const struct field *
parent_towards_home(const struct entity *e, const void *row)
{
	const struct field *person = NULL;

	for (size_t i = 0; i < e->parents_n; i++) {
		const struct field *f = &e->fields[e->parents[i]];

		if (field_empty(f, row))
			continue;
		if (f->of == &entity_person)
			person = person == NULL ? f : person;
		else
			return f;
	}
	return person;
}

result
facts_home(struct op *op, const struct entity *e, const void *row,
    enum object_kind *ret_kind, id *ret_object)
{
	enum { STEPS_MAX = 4 };
	id at = ((const struct row *)row)->id;

	for (int step = 0; step < STEPS_MAX; step++) {
		const struct field *up;
		struct raw raw;
		void *above;

		if (e == &entity_person || e == &entity_matter) {
			*ret_kind = e == &entity_person ? OBJECT_PERSON :
			    OBJECT_MATTER;
			*ret_object = at;
			return OK;
		}
		up = parent_towards_home(e, row);
		if (up == NULL) {
			*ret_kind = OBJECT_NONE;
			*ret_object = (id){ 0 };
			return OK;
		}
		at = field_id(up, row);
		e = up->of;
		if (e == &entity_person || e == &entity_matter)
			continue;
		TRY(raw_get(op, e, at, &raw));
		above = entity_new(op->arena, e);
		NEED(above);
		TRY(raw_open(op, e, &raw, 0, above));
		row = above;
	}
	return fault(BUG);
}

result
facts_home_of(struct op *op, const struct entity *e, id row,
    enum object_kind *ret_kind, id *ret_object)
{
	void *clear = entity_new(op->arena, e);
	struct raw raw;

	NEED(clear);
	TRY(raw_get(op, e, row, &raw));
	TRY(raw_open(op, e, &raw, 0, clear));
	return facts_home(op, e, clear, ret_kind, ret_object);
}

/* Does anything this row names hide from the asker? */
static bool
names_hidden(struct op *op, const struct reach *reach,
    const struct entity *e, const void *row)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];
		enum object_kind kind = OBJECT_NONE;
		id object;

		if (f->kind != KIND_ID || field_empty(f, row) ||
		    f->of == &entity_user || f->of == &entity_document)
			continue;
		object = field_id(f, row);
		if (f->of == &entity_person)
			kind = OBJECT_PERSON;
		else if (f->of == &entity_matter)
			kind = OBJECT_MATTER;
		else if (facts_table(f->of) != NULL) {
			/* What cannot be followed is not shown. */
			if (!is_ok(facts_home_of(op, f->of, object, &kind,
			    &object)))
				return true;
		}
		if (kind != OBJECT_NONE && reach->hides(reach->guard,
		    reach->user, kind, object))
			return true;
	}
	return false;
}

const struct entity *
facts_numbered(uint16_t number)
{
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		if (live_entities[i].entity->number == number)
			return live_entities[i].entity;
	}
	return NULL;
}

/* A row that is gone hides nothing any more. */
static bool
row_hidden(struct op *op, const struct reach *reach, const struct entity *e,
    id row)
{
	void *seen = entity_new(op->arena, e);
	struct raw raw;

	if (seen == NULL)
		return true;
	if ((e == &entity_person && reach->hides(reach->guard, reach->user,
	    OBJECT_PERSON, row)) || (e == &entity_matter &&
	    reach->hides(reach->guard, reach->user, OBJECT_MATTER, row)))
		return true;
	return is_ok(raw_get(op, e, row, &raw)) &&
	    is_ok(raw_open(op, e, &raw, e->classes, seen)) &&
	    names_hidden(op, reach, e, seen);
}

bool
facts_leaf_hidden(struct op *op, const struct reach *reach,
    const struct leaf *leaf)
{
	enum { ROW = 2 + 16 + 8 + 32 };

	if (reach->hides == NULL)
		return false;
	for (size_t at = 0; at + ROW <= leaf->touched.n; at += ROW) {
		const char *p = leaf->touched.p + at;
		const struct entity *e = facts_numbered(get_u16(p));
		id row;

		memcpy(row.b, p + 2, sizeof(row.b));
		if (e != NULL && row_hidden(op, reach, e, row))
			return true;
	}
	return false;
}

bool
reach_covers(struct op *op, const struct reach *reach,
    const struct entity *e, const void *row)
{
	enum object_kind kind;
	id object;

	if (!reach->office_wide) {
		if (!is_ok(facts_home(op, e, row, &kind, &object)) ||
		    kind != reach->kind || !id_same(object, reach->object))
			return false;
	}
	return reach->hides == NULL || !names_hidden(op, reach, e, row);
}

/* What decides whether a row hides may lie in a class that the mask does
 * not open: look with open eyes, show with closed ones. */
static result
open_for(struct op *op, const struct reach *reach, const struct entity *e,
    const struct raw *raw, void *ret, bool *ret_covered)
{
	void *seen = ret;

	if (reach->hides != NULL && (e->classes & ~reach->mask) != 0) {
		seen = entity_new(op->arena, e);
		NEED(seen);
		TRY(raw_open(op, e, raw, e->classes, seen));
	}
	TRY(raw_open(op, e, raw, reach->mask, ret));
	*ret_covered = reach_covers(op, reach, e, seen);
	return OK;
}

result
facts_get(struct op *op, const struct reach *reach, const struct entity *e,
    id row, void *ret)
{
	void *opened = entity_new(op->arena, e);
	bool covered;
	struct raw raw;

	NEED(opened);
	TRY(raw_get(op, e, row, &raw));
	if (raw.emptied)
		return refuse(NOT_FOUND);
	TRY(open_for(op, reach, e, &raw, opened, &covered));
	if (!covered)
		return refuse(NOT_FOUND);
	memcpy(ret, opened, e->size);
	return OK;
}

static const struct statement *
children_statement(const struct entity *e, int parent_field)
{
	const struct entity_statements *st = facts_table(e);

	for (size_t i = 0; st != NULL && i < e->parents_n; i++) {
		if (e->parents[i] == parent_field)
			return st->children[i];
	}
	return NULL;
}

/* Few rows at a time: cheaper here than a sorter of each statement. */
static int
raw_order(const void *a, const void *b)
{
	const struct raw *x = a;
	const struct raw *y = b;

	return id_order(x->id, y->id);
}

result
raw_children(struct op *op, const struct entity *e,
    const struct statement *st, id parent, struct raw **ret, size_t *ret_n)
{
	const struct arg arg = arg_id("parent", parent);
	struct row_set *rows = NULL;
	struct raw *list = NULL;
	size_t n = 0;
	size_t room = 0;
	bool there = false;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, st, &arg, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct raw *more;

		if (n == CHILDREN_MAX) {
			got = refuse(TOO_LARGE);
			break;
		}
		if (n == room) {
			room = room == 0 ? 16 : 2 * room;
			more = arena_array(op->arena, room, sizeof(*more));
			if (more == NULL) {
				got = fault(NO_MEMORY);
				break;
			}
			if (n > 0)
				memcpy(more, list, n * sizeof(*more));
			list = more;
		}
		raw_read(rows, e, &list[n]);
		if (!raw_copy(op->arena, &list[n])) {
			got = fault(NO_MEMORY);
			break;
		}
		n++;
	}
	row_end(&rows);
	TRY(got);
	if (n > 1)
		qsort(list, n, sizeof(*list), raw_order);
	*ret = list;
	*ret_n = n;
	return OK;
}

result
facts_children(struct op *op, const struct reach *reach,
    const struct entity *e, int parent_field, id parent, void ***ret,
    size_t *ret_n)
{
	const struct statement *st = children_statement(e, parent_field);
	struct raw *raw = NULL;
	size_t n;
	size_t kept = 0;
	void **list;

	if (st == NULL)
		return fault(BUG);
	TRY(raw_children(op, e, st, parent, &raw, &n));
	list = arena_array(op->arena, n + 1, sizeof(*list));
	NEED(list);
	for (size_t i = 0; i < n; i++) {
		void *row = entity_new(op->arena, e);
		bool covered;

		NEED(row);
		if (raw[i].emptied)
			continue;
		TRY(open_for(op, reach, e, &raw[i], row, &covered));
		if (covered)
			list[kept++] = row;
	}
	*ret = list;
	*ret_n = kept;
	return OK;
}

/* The record of a class when the row's version was `v`. */
static result
class_at(struct op *op, const struct entity *e, const struct raw *now,
    enum in_class c, uint64_t v, void *row)
{
	const struct arg args[] = {
		arg_number("table_no", e->number),
		arg_id("id", now->id),
		arg_number("class", c),
		arg_number("v", (int64_t)v),
	};
	struct row_set *rows = NULL;
	bool there = false;
	text record = T("");
	uint64_t record_v = 0;
	result got;

	entity_row(row)->open |= 1u << c;
	if (now->class_v[c] <= v)
		return now->record[c].n == 0 ? OK : record_open(op, e, c,
		    now->id, now->class_v[c], now->record[c], row);
	TRY(store_query(op->tx, &sql_history_at, args, LENGTH(args), &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		record = arena_text(op->arena, column_blob(rows, "record"));
		record_v = (uint64_t)column_number(rows, "v");
	}
	row_end(&rows);
	TRY(got);
	return there ? record_open(op, e, c, now->id, record_v, record, row) :
	    OK;
}

result
facts_get_at(struct op *op, const struct reach *reach,
    const struct entity *e, id row, uint64_t v, void *ret)
{
	void *then = entity_new(op->arena, e);
	void *now = entity_new(op->arena, e);
	bool covered;
	struct raw raw;

	NEED(then);
	NEED(now);
	TRY(raw_get(op, e, row, &raw));
	if (raw.emptied)
		return refuse(NOT_FOUND);
	TRY(open_for(op, reach, e, &raw, now, &covered));
	if (!covered || v > raw.v || v == 0)
		return refuse(NOT_FOUND);
	TRY(raw_open(op, e, &raw, 0, then));
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if ((e->classes & reach->mask & 1u << c) != 0)
			TRY(class_at(op, e, &raw, (enum in_class)c, v, then));
	}
	entity_row(then)->v = v;
	memcpy(ret, then, e->size);
	return OK;
}

result
find_row(struct op *op, const struct entity *e, text code, id *ret)
{
	const struct entity_statements *st = facts_table(e);
	struct row_set *rows = NULL;
	bool there = false;
	id low = { 0 };
	id high;
	uint32_t bits;
	id found;
	result got;

	if (st == NULL)
		return fault(BUG);
	if (!code_read(code, &bits))
		return refuse(NOT_FOUND);
	memset(high.b, 0xff, sizeof(high.b));
	put_u32(low.b, bits << 2);
	put_u32(high.b, bits << 2 | 3);

	const struct arg args[] = { arg_id("low", low), arg_id("high", high) };
	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, st->find, args, LENGTH(args), &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && !there)
		got = refuse(NOT_FOUND);
	if (is_ok(got)) {
		found = column_id(rows, "id");
		got = row_next(rows, &there);
		/* Two rows with one code were never written by us. */
		if (is_ok(got) && there)
			got = fault(CORRUPT);
	}
	row_end(&rows);
	if (is_ok(got))
		*ret = found;
	return got;
}

/* A row that was emptied is one that is not there. */
result
facts_find(struct op *op, const struct entity *e, text code, id *ret)
{
	struct raw raw;
	id found;

	TRY(find_row(op, e, code, &found));
	TRY(raw_get(op, e, found, &raw));
	if (raw.emptied)
		return refuse(NOT_FOUND);
	*ret = found;
	return OK;
}

result
facts_each(struct op *op, const struct reach *reach, const struct entity *e,
    result (*each)(void *self, const void *row), void *self)
{
	const struct entity_statements *st = facts_table(e);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	assert(reach->office_wide);
	if (st == NULL)
		return fault(BUG);
	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, st->all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct arena_mark mark = arena_mark(op->arena);
		void *row = entity_new(op->arena, e);
		struct raw raw;

		if (row == NULL) {
			got = fault(NO_MEMORY);
			break;
		}
		raw_read(rows, e, &raw);
		if (!raw.emptied)
			got = raw_open(op, e, &raw, reach->mask, row);
		if (is_ok(got) && !raw.emptied)
			got = each(self, row);
		if (!is_ok(got))
			break;
		arena_rewind(op->arena, mark);
	}
	row_end(&rows);
	return got;
}
