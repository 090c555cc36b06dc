/*
 * Rotation of what guard keeps (ADR 15): its tables slice by slice, drafts
 * at once, for their names are hashes under the key, and verifiers, which
 * only their owner can renew.
 */
#include "guard_inside.h"

#include "guard_sql.h"

#include <string.h>

enum { SLICE_ROWS = 250 };

static const struct sealed_table {
	const struct system_table *table;
	const struct statement *after, *reseal;
} sealed[] = {
	{ &table_credential, &sql_credential_after, &sql_credential_reseal },
	{ &table_invitation, &sql_invitation_after, &sql_invitation_reseal },
	{ &table_session, &sql_session_after, &sql_session_reseal },
	{ &table_token, &sql_token_after, &sql_token_reseal },
	{ &table_once, &sql_once_after, &sql_once_reseal },
};
enum { STEP_END = LENGTH(sealed) };

size_t guard_reseal_steps(void)
{
	return STEP_END;
}

/* ---- tables ----------------------------------------------------------- */

struct lying { id id; uint64_t v; text record; };

static result read_slice(struct op *op, const struct sealed_table *t,
    id after, struct lying *list, size_t *ret_n, bool *ret_last)
{
	const struct arg args[] = {
		arg_id("id", after), arg_number("most", SLICE_ROWS),
	};
	CLEANUP(row_end) struct row_set *rows = NULL;
	bool there = true;
	size_t bytes = 0;
	size_t n = 0;

	TRY(store_query(op->tx, t->after, args, LENGTH(args), &rows));
	while (n < SLICE_ROWS && bytes < RESEAL_BYTES) {
		TRY(row_next(rows, &there));
		if (!there)
			break;
		list[n] = (struct lying){ column_id(rows, "id"),
			(uint64_t)column_number(rows, "v"),
			arena_text(op->arena, column_blob(rows, "record")) };
		NEED(list[n].record.p);
		bytes += list[n++].record.n;
	}
	*ret_n = n;
	*ret_last = n < SLICE_ROWS && bytes < RESEAL_BYTES;
	return OK;
}

static result reseal_row(struct op *op, struct reseal *at,
    const struct sealed_table *t, const struct lying *row)
{
	const struct record_place place = { .class = t->table->class,
		.table = t->table->name, .row = row->id, .version = row->v };
	int64_t changed = 0;
	text fresh;

	TRY(facts_reseal_record(op, at, &place, row->record, &fresh));
	if (fresh.n == 0)
		return OK;

	const struct arg args[] = {
		arg_id("id", row->id), arg_blob("record", fresh),
		arg_number("v", (int64_t)row->v),
	};
	TRY(store_run(op->tx, t->reseal, args, LENGTH(args), &changed));
	if (changed != 1)
		return refuse(CONFLICT);
	return system_touch(op, t->table, row->id, row->v, fresh);
}

static result reseal_table(struct op *op, struct reseal *at,
    const struct sealed_table *t, bool *ret_last)
{
	struct lying *list = arena_array(op->arena, SLICE_ROWS,
	    sizeof(*list));
	bool last = true;
	size_t n = 0;

	NEED(list);
	TRY(read_slice(op, t, at->id, list, &n, &last));
	for (size_t i = 0; i < n; i++) {
		TRY(reseal_row(op, at, t, &list[i]));
		at->id = list[i].id;
	}
	at->looked += (int64_t)n;
	*ret_last = last;
	return OK;
}

result guard_reseal(struct op *op, struct reseal *at, bool *ret_end)
{
	struct reseal next = *at;
	bool last = false;

	if (next.step < STEP_END) {
		TRY(directory_ready(op));
		TRY(op_begin(op, TX_WRITE));
		next.changed = false;
		TRY(reseal_table(op, &next, &sealed[next.step], &last));
	}
	if (last) {
		next.step++;
		next.id = (id){ 0 };
		next.v = 0;
	}
	*at = next;
	*ret_end = next.step >= STEP_END;
	return OK;
}

/* ---- drafts and sessions: at once, with the new epoch ----------------- */

result guard_move_drafts(struct op *op)
{
	const struct user_facts *const *users;
	size_t n;

	TRY(directory_ready(op));
	n = guard_users(op->office->guard, &users);
	for (size_t i = 0; i < n; i++)
		TRY(drafts_move(op, users[i]->id));
	return OK;
}

result guard_end_everything(struct op *op)
{
	TRY(guard_end_everyone(op));
	return tokens_end_everyone(op);
}

/* ---- pepper ----------------------------------------------------------- */

static bool names_older(const struct credential *c, uint32_t newest)
{
	return (c->has_verifier && c->pepper != newest) ||
	    (c->recovery_left != 0 && c->recovery_pepper != newest);
}

result guard_older_peppers(struct op *op, size_t *ret_n)
{
	uint32_t newest = keyring_epoch(op->office->keyring, PURPOSE_PEPPER);
	const struct user_facts *const *users;
	size_t n;
	size_t left = 0;

	TRY(directory_ready(op));
	n = guard_users(op->office->guard, &users);
	for (size_t i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark(op->arena);
		struct credential c;
		result got;

		got = credential_get(op, users[i]->id, &c);
		if (got.code != E_SEALED_RECORD)
			TRY(got);
		left += !is_ok(got) || names_older(&c, newest);
		arena_rewind(op->arena, mark);
	}
	*ret_n = left;
	return OK;
}

result guard_drop_older_peppers(struct op *op, bool *ret_more)
{
	uint32_t newest = keyring_epoch(op->office->keyring, PURPOSE_PEPPER);
	const struct user_facts *const *users;
	size_t dropped = 0;
	size_t n;

	TRY(directory_ready(op));
	n = guard_users(op->office->guard, &users);
	for (size_t i = 0; i < n && dropped < SLICE_ROWS; i++) {
		struct credential c;
		result got;

		got = credential_get(op, users[i]->id, &c);
		if (got.code == E_SEALED_RECORD)
			continue;
		TRY(got);
		if (!names_older(&c, newest))
			continue;
		if (c.pepper != newest)
			c.has_verifier = false;
		if (c.recovery_pepper != newest)
			c.recovery_left = 0;
		TRY(credential_put(op, &c));
		dropped++;
	}
	*ret_more = dropped == SLICE_ROWS;
	return OK;
}
