#include "facts_inside.h"

#include "facts_sql.h"

#include <string.h>

/* The kinds of the `key` table are not those of the keyring. */
static enum purpose
purpose_of_row(int64_t kind, id key)
{
	if (kind == 1)
		return (enum purpose)key.b[15];
	return kind == 2 ? PURPOSE_PERSON : PURPOSE_CASE;
}

static result
take_all(struct op *op)
{
	struct office *o = op->office;
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_key_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		id key = column_id(rows, "id");

		got = keyring_take(o->keyring,
		    purpose_of_row(column_number(rows, "kind"), key), key,
		    (uint32_t)column_number(rows, "epoch"),
		    column_blob(rows, "record"));
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	return got;
}

result
facts_load_keys(struct op *op, const key32 *root)
{
	struct office *o = op->office;
	result got;

	TRY(keyring_root(o->keyring, root, o->vault_id,
	    o->vault_facts.epoch));
	got = take_all(op);
	if (!is_ok(got))
		keyring_forget(o->keyring);
	return got;
}

/* ---- what another office made, or shredded ---------------------------- */

static result
drop_shredded(void *self, const struct tombstone *t)
{
	struct op *op = self;

	/* A person's or a matter's; the other kind has no such key. */
	keyring_drop(op->office->keyring, PURPOSE_PERSON, t->object,
	    UINT32_MAX);
	keyring_drop(op->office->keyring, PURPOSE_CASE, t->object,
	    UINT32_MAX);
	return OK;
}

result
facts_load_keys_again(struct op *op)
{
	TRY(take_all(op));
	TRY(facts_look_at_epochs(op));
	return facts_each_tombstone(op, op, drop_shredded);
}

static result
take_keys_of(struct op *op, enum purpose kind, id object)
{
	struct keyring *k = op->office->keyring;
	const struct arg args[] = {
		arg_id("id", object),
		arg_number("kind", kind == PURPOSE_PERSON ? 2 : 3),
	};
	struct row_set *rows = NULL;
	bool there = false;
	bool any = false;
	result got;

	TRY(store_query(op->tx, &sql_key_of, args, LENGTH(args), &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		any = true;
		got = keyring_take(k, kind, object,
		    (uint32_t)column_number(rows, "epoch"),
		    column_blob(rows, "record"));
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	if (is_ok(got) && !any)
		keyring_drop(k, kind, object, UINT32_MAX);
	return got;
}

result
facts_followed(struct op *op, const struct followed *f)
{
	TRY(op_begin(op, TX_READ));
	for (size_t i = 0; i < f->n; i++) {
		const struct entity *e = facts_numbered(f->row[i].table);
		const struct touched t = { .entity = e,
			.table = f->row[i].table, .row = f->row[i].row };

		if (e == &entity_person)
			TRY(take_keys_of(op, PURPOSE_PERSON, t.row));
		if (e == &entity_matter)
			TRY(take_keys_of(op, PURPOSE_CASE, t.row));
		TRY(op_touch(op, &t));
	}
	return OK;
}

result
facts_make_keys(struct op *op, const key32 *root)
{
	struct office *o = op->office;

	TRY(keyring_root(o->keyring, root, o->vault_id,
	    o->vault_facts.epoch));
	TRY(op_begin(op, TX_WRITE));
	for (int p = PURPOSE_PERSON; p < PURPOSES; p++) {
		CLEANUP(buf_free) struct buf wrapped = buf_new(KIB);
		id key = purpose_id((enum purpose)p);

		TRY(keyring_make(o->keyring, o->chance, (enum purpose)p, key,
		    1, (uint64_t)(op->now.ms / 1000), &wrapped));
		TRY(op_key_made(op, (enum purpose)p, key, 1));

		TRY(facts_put_key(op, &(struct key_row){ .kind = 1,
		    .id = key, .epoch = 1, .record = buf_view(&wrapped) }));
	}
	return OK;
}

/* ---- for backups ------------------------------------------------------ */

result
facts_each_key(struct op *op, void *self,
    result (*each)(void *self, const struct key_row *k))
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_key_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		const struct key_row k = {
			.kind = (int)column_number(rows, "kind"),
			.id = column_id(rows, "id"),
			.epoch = (uint32_t)column_number(rows, "epoch"),
			.record = column_blob(rows, "record"),
		};

		got = each(self, &k);
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	return got;
}

result
facts_each_tombstone(struct op *op, void *self,
    result (*each)(void *self, const struct tombstone *t))
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_tombstone_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		const struct tombstone t = { column_id(rows, "id"),
			column_number(rows, "day") };

		got = each(self, &t);
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	return got;
}

result
facts_put_key(struct op *op, const struct key_row *k)
{
	const struct arg args[] = {
		arg_id("id", k->id),
		arg_number("kind", k->kind),
		arg_number("epoch", k->epoch),
		arg_blob("record", k->record),
	};

	TRY(op_begin(op, TX_WRITE));
	return store_run(op->tx, &sql_key_insert, args, LENGTH(args), NULL);
}

result
facts_put_tombstone(struct op *op, const struct tombstone *t)
{
	const struct arg args[] = {
		arg_id("id", t->object),
		arg_number("day", t->day),
	};

	TRY(op_begin(op, TX_WRITE));
	return store_run(op->tx, &sql_tombstone_put, args, LENGTH(args),
	    NULL);
}

/* ---- records of the office's own -------------------------------------- */

static result
office_owner(struct op *op, enum purpose purpose, struct owner *ret)
{
	return keyring_owner(op->office->keyring, purpose,
	    purpose_id(purpose), ret);
}

result
facts_seal_office(struct op *op, enum purpose purpose,
    enum record_class class, const char *table, id row, uint64_t v,
    text plain, text *ret_record)
{
	CLEANUP(buf_free) struct buf out = buf_new(2 * RECORD_PLAIN_MAX);
	struct record_place place = { .class = class, .table = table,
		.row = row, .version = v };
	const struct derived *derived;
	struct owner owner;
	text record;

	TRY(office_owner(op, purpose, &owner));
	TRY(keyring_derived(op->office->keyring, &owner, class, &derived));
	TRY(seal_derived(op->office->chance, &owner, derived, &place, plain,
	    &out));
	record = arena_text(op->arena, buf_view(&out));
	NEED(record.p);
	*ret_record = record;
	return OK;
}

result
facts_open_office(struct op *op, enum purpose purpose,
    enum record_class class, const char *table, id row, uint64_t v,
    text record, text *ret_plain)
{
	struct record_place place = { .class = class, .table = table,
		.row = row, .version = v };
	const struct derived *derived;
	struct owner owner;
	uint32_t epoch;
	id key;

	TRY(record_owner(record, &key, &epoch));
	if (!id_same(key, purpose_id(purpose)))
		return fault(SEALED_RECORD);
	TRY(keyring_owner_at(op->office->keyring, purpose, key, epoch,
	    &owner));
	TRY(keyring_derived(op->office->keyring, &owner, class, &derived));
	return open_derived(op->arena, &owner, derived, &place, record,
	    ret_plain);
}
