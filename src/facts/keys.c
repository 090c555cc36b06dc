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

result
facts_load_keys(struct op *op, const key32 *root)
{
	struct office *o = op->office;
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(keyring_root(o->keyring, root, o->vault_id,
	    o->vault_facts.epoch));
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
	if (!is_ok(got))
		keyring_forget(o->keyring);
	return got;
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
		TRY(op_key_made(op, (enum purpose)p, key));

		const struct arg args[] = {
			arg_id("id", key),
			arg_number("kind", 1),
			arg_number("epoch", 1),
			arg_blob("record", buf_view(&wrapped)),
		};
		TRY(store_run(op->tx, &sql_key_insert, args, LENGTH(args),
		    NULL));
	}
	return OK;
}

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
