#include "facts_inside.h"

#include <stdio.h>
#include <string.h>

const struct entity_statements *
facts_table(const struct entity *e)
{
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		if (live_entities[i].entity == e)
			return &live_entities[i];
	}
	return NULL;
}

bool
facts_has_bix(const struct entity *e)
{
	return e == &entity_person_identifier;
}

static id
id_at(struct row_set *rows, int at)
{
	id i = { 0 };
	text t = at_bytes(rows, at);

	if (t.n == sizeof(i))
		memcpy(i.b, t.p, sizeof(i));
	return i;
}

/* The order is that of `columns` in tools/entities.py; what is NULL reads as
 * 0 or as nothing. */
void
raw_read(struct row_set *rows, const struct entity *e, struct raw *ret)
{
	int at = 0;

	memset(ret, 0, sizeof(*ret));
	ret->id = id_at(rows, at++);
	ret->v = (uint64_t)at_number(rows, at++);
	for (size_t i = 0; i < e->parents_n; i++)
		ret->parents[i] = id_at(rows, at++);
	if (facts_has_bix(e)) {
		ret->bix_there = !at_null(rows, at);
		ret->bix = at_bytes(rows, at++);
	}
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if ((e->classes & 1u << c) == 0)
			continue;
		ret->class_v[c] = (uint64_t)at_number(rows, at++);
		ret->record[c] = at_bytes(rows, at++);
		ret->emptied |= ret->class_v[c] > 0 && ret->record[c].n == 0;
	}
	ret->seq = at_number(rows, at);
}

bool
raw_copy(struct arena *a, struct raw *r)
{
	bool copied = true;

	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if (r->record[c].n == 0)
			continue;
		r->record[c] = arena_text(a, r->record[c]);
		copied = copied && r->record[c].p != NULL;
	}
	if (r->bix_there) {
		r->bix = arena_text(a, r->bix);
		copied = copied && r->bix.p != NULL;
	}
	return copied;
}

result
raw_get(struct op *op, const struct entity *e, id row, struct raw *ret)
{
	const struct entity_statements *st = facts_table(e);
	const struct arg arg = arg_id("id", row);
	struct row_set *rows = NULL;
	bool there = false;
	struct raw r;
	result got;

	if (st == NULL)
		return fault(BUG);
	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, st->get, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && !there)
		got = refuse(NOT_FOUND);
	if (is_ok(got)) {
		raw_read(rows, e, &r);
		if (!raw_copy(op->arena, &r))
			got = fault(NO_MEMORY);
	}
	row_end(&rows);
	if (is_ok(got))
		*ret = r;
	return got;
}

static void
digest_bytes(struct buf *b, const void *p, size_t n)
{
	buf_u32(b, (uint32_t)n);
	buf_add(b, p, n);
}

static void
digest_number(struct buf *b, uint64_t v)
{
	char digits[32];
	int n = snprintf(digits, sizeof(digits), "%llu",
	    (unsigned long long)v);

	digest_bytes(b, digits, (size_t)n);
}

static void
digest_id(struct buf *b, id i)
{
	if (id_none(i))
		buf_u32(b, UINT32_MAX);
	else
		digest_bytes(b, i.b, sizeof(i.b));
}

/* formats.md, Audit: the columns except `seq`, NULL as FFFFFFFF.  A digest
 * of what memory had room for would accuse a row that is as it was written. */
result
raw_digest(const struct entity *e, const struct raw *r, uint8_t ret[32])
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * RECORD_PLAIN_MAX);

	digest_id(&b, r->id);
	digest_number(&b, r->v);
	for (size_t i = 0; i < e->parents_n; i++)
		digest_id(&b, r->parents[i]);
	if (facts_has_bix(e)) {
		if (r->bix_there)
			digest_bytes(&b, r->bix.p, r->bix.n);
		else
			buf_u32(&b, UINT32_MAX);
	}
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if ((e->classes & 1u << c) == 0)
			continue;
		if (r->class_v[c] == 0)
			buf_u32(&b, UINT32_MAX);
		else
			digest_number(&b, r->class_v[c]);
		if (r->record[c].n == 0)
			buf_u32(&b, UINT32_MAX);
		else
			digest_bytes(&b, r->record[c].p, r->record[c].n);
	}
	TRY(buf_end(&b));
	blake2b(ret, 32, NULL, 0, buf_view(&b), T(""));
	return OK;
}

result
record_open(struct op *op, const struct entity *e, enum in_class class,
    id row, uint64_t v, text record, void *ret_row)
{
	struct record_place place = { .class = (enum record_class)class,
		.table = e->name, .row = row, .version = v };
	struct owner owner;
	const struct derived *derived;
	id key;
	uint32_t epoch;
	text plain;

	TRY(record_owner(record, &key, &epoch));
	if (!is_ok(keyring_owner_of(op->office->keyring, key, epoch, &owner)))
		return fault(SEALED_RECORD);
	TRY(keyring_derived(op->office->keyring, &owner, place.class,
	    &derived));
	TRY(open_derived(op->arena, &owner, derived, &place, record, &plain));
	return entity_unpack(op->arena, e, class, plain, ret_row);
}

result
raw_open(struct op *op, const struct entity *e, const struct raw *r,
    class_mask mask, void *ret_row)
{
	struct row *head = entity_row(ret_row);

	head->id = r->id;
	head->v = r->v;
	head->seq = r->seq;
	memcpy(head->class_v, r->class_v, sizeof(head->class_v));
	for (size_t i = 0; i < e->parents_n; i++)
		field_set_id(&e->fields[e->parents[i]], ret_row,
		    r->parents[i]);
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		result got;

		if ((e->classes & mask & 1u << c) == 0)
			continue;
		head->open |= 1u << c;
		if (r->record[c].n == 0)
			continue;
		got = record_open(op, e, (enum in_class)c, r->id,
		    r->class_v[c], r->record[c], ret_row);
		if (got.code == E_NO_MEMORY)
			return got;
		/* The page shows the rest of the row. */
		if (!is_ok(got)) {
			head->open &= ~(1u << c);
			head->damaged |= 1u << c;
		}
	}
	return OK;
}
