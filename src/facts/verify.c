/* `alas audit verify --deep`: an old row put back is noticed. */
#include "facts_inside.h"

#include <stdlib.h>
#include <string.h>

/* Newest (version, digest) of each row that a leaf names. */
struct known { uint16_t table; id row; uint64_t v; uint8_t digest[32];
	bool taken, met; };

struct ledger { struct known *slot; size_t room, n; struct op *op;
	const struct entity *entity; text said; };

static struct known *
slot_of(struct ledger *l, uint16_t table, id row)
{
	size_t at = (get_u32(row.b) ^ table) & (l->room - 1);

	while (l->slot[at].taken && (l->slot[at].table != table ||
	    !id_same(l->slot[at].row, row)))
		at = (at + 1) & (l->room - 1);
	return &l->slot[at];
}

static result
grow(struct ledger *l)
{
	struct ledger wider = *l;

	wider.room = l->room == 0 ? 1024 : 2 * l->room;
	wider.slot = calloc(wider.room, sizeof(*wider.slot));
	if (wider.slot == NULL)
		return fault(NO_MEMORY);
	for (size_t i = 0; i < l->room; i++) {
		if (l->slot[i].taken)
			*slot_of(&wider, l->slot[i].table, l->slot[i].row) =
			    l->slot[i];
	}
	free(l->slot);
	*l = wider;
	return OK;
}

static result
note_leaf(void *self, const struct leaf *leaf, text touched)
{
	enum { ROW = 2 + 16 + 8 + 32 };
	struct ledger *l = self;

	(void)leaf;
	for (size_t at = 0; at + ROW <= touched.n; at += ROW) {
		const char *p = touched.p + at;
		struct known *k;
		id row;

		if (2 * (l->n + 1) > l->room)
			TRY(grow(l));
		memcpy(row.b, p + 2, sizeof(row.b));
		k = slot_of(l, get_u16(p), row);
		if (!k->taken)
			l->n++;
		k->taken = true;
		k->table = get_u16(p);
		k->row = row;
		k->v = get_u64(p + 18);
		memcpy(k->digest, p + 26, 32);
	}
	return OK;
}

static void
say(struct ledger *l, id row, const char *what)
{
	if (l->said.n == 0)
		l->said = arena_format(l->op->arena, "%s %s: %s",
		    l->entity->name, code_of(row).s, what);
}

static result
check_rows(struct ledger *l)
{
	const struct entity_statements *st = facts_table(l->entity);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(l->op->tx, st->all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct raw raw;
		struct known *k;
		uint8_t digest[32];

		raw_read(rows, l->entity, &raw);
		if (l->room == 0) {
			say(l, raw.id, "no leaf names this row");
			continue;
		}
		k = slot_of(l, l->entity->number, raw.id);
		got = raw_digest(l->entity, &raw, digest);
		if (!is_ok(got))
			break;
		if (!k->taken)
			say(l, raw.id, "no leaf names this row");
		else if (k->v != raw.v)
			say(l, raw.id, "an older or newer row than its leaf");
		else if (!same_secret(k->digest, digest, 32))
			say(l, raw.id, "not the bytes that its leaf names");
		k->met = true;
	}
	row_end(&rows);
	return got;
}

static result
check_all(struct ledger *l)
{
	TRY(audit_each(l->op, 0, note_leaf, l));
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		l->entity = live_entities[i].entity;
		TRY(check_rows(l));
		for (size_t k = 0; k < l->room; k++) {
			if (l->slot[k].taken && !l->slot[k].met &&
			    l->slot[k].table == l->entity->number)
				say(l, l->slot[k].row, "the row is gone");
		}
	}
	return OK;
}

result
facts_verify(struct op *op, text *ret_said)
{
	struct ledger l = { .op = op, .said = T("") };
	result got = check_all(&l);

	free(l.slot);
	if (is_ok(got))
		*ret_said = l.said;
	return got;
}

/* A record whose key is missing is a record that does not open. */
static result
count_row(void *self, const void *row)
{
	int64_t *n = self;

	if (((const struct row *)row)->damaged != 0)
		return fault(SEALED_RECORD);
	++*n;
	return OK;
}

result
facts_open_all(struct op *op, const struct reach *reach, int64_t *ret_rows)
{
	int64_t n = 0;

	for (size_t i = 0; i < LIVE_ENTITIES; i++)
		TRY(facts_each(op, reach, live_entities[i].entity, count_row,
		    &n));
	*ret_rows = n;
	return OK;
}
