/*
 * Rows of the system tables: a sealed record by id.  Those that say who may
 * come in (credential, invitation) are part of the leaves; sessions, tokens
 * with their last use, drafts and kept answers change without.
 */
#include "guard_inside.h"

#include "guard_sql.h"

#include <stdio.h>
#include <string.h>

const struct system_table table_credential = {
	.name = "credential", .number = TABLE_CREDENTIAL,
	.purpose = PURPOSE_OFFICE, .class = CLASS_OFFICE,
	.get = &sql_credential_get, .insert = &sql_credential_insert,
	.update = &sql_credential_update, .seq = &sql_credential_seq,
};
const struct system_table table_invitation = {
	.name = "invitation", .number = TABLE_INVITATION,
	.purpose = PURPOSE_OFFICE, .class = CLASS_OFFICE,
	.get = &sql_invitation_get, .insert = &sql_invitation_insert,
	.update = &sql_invitation_update, .seq = &sql_invitation_seq,
};
const struct system_table table_session = {
	.name = "session", .number = TABLE_SESSION,
	.purpose = PURPOSE_SESSION, .class = CLASS_SESSION,
	.get = &sql_session_get, .all = &sql_session_all,
	.insert = &sql_session_insert, .update = &sql_session_update,
	.remove = &sql_session_remove,
};
const struct system_table table_token = {
	.name = "token", .number = TABLE_TOKEN,
	.purpose = PURPOSE_SESSION, .class = CLASS_SESSION,
	.get = &sql_token_get, .all = &sql_token_all,
	.insert = &sql_token_insert, .update = &sql_token_update,
	.remove = &sql_token_remove,
};
const struct system_table table_draft = {
	.name = "draft", .number = TABLE_DRAFT,
	.purpose = PURPOSE_DRAFT, .class = CLASS_DRAFT,
	.get = &sql_draft_get, .insert = &sql_draft_insert,
	.update = &sql_draft_update, .remove = &sql_draft_remove,
};
const struct system_table table_once = {
	.name = "once", .number = TABLE_ONCE,
	.purpose = PURPOSE_SESSION, .class = CLASS_SESSION,
	.get = &sql_once_get, .all = &sql_once_all,
	.insert = &sql_once_insert, .remove = &sql_once_remove,
};

/* ---- transactions ----------------------------------------------------- */

result reading_begin(struct op *op, struct reading *ret)
{
	if (op->tx != NULL)
		return OK;
	TRY(op_begin(op, TX_READ));
	ret->op = op;
	return OK;
}

void reading_end(struct reading *r)
{
	/* Not op_abort: after a commit the effects are still being told. */
	if (r->op != NULL)
		tx_abort(&r->op->tx);
	r->op = NULL;
}

result writing_begin(struct op *op, struct writing *ret)
{
	bool own = op->tx == NULL || op->touched_n == 0;

	TRY(op_begin(op, TX_WRITE));
	*ret = (struct writing){ op, own };
	return OK;
}

result writing_commit(struct writing *w)
{
	struct op *op = w->op;

	w->op = NULL;
	return w->own ? tx_commit(&op->tx) : OK;
}

void writing_end(struct writing *w)
{
	if (w->op != NULL && w->own)
		tx_abort(&w->op->tx);
	w->op = NULL;
}

result act_commit(struct op *op, enum event event, int outcome, user_id user)
{
	const struct leaf_facts leaf = {
		.event = event, .outcome = (uint8_t)outcome,
		.object_kind = id_none(user.raw) ? NULL : "user",
		.object = user.raw,
	};
	result (*hook)(struct op *op) = op->before_commit;
	result got;

	/* The dispatcher's hook keeps the answer of an effect; a failed try
	 * has none to keep. */
	if (outcome != OUTCOME_DONE)
		op->before_commit = NULL;
	got = facts_commit(op, &leaf);
	op->before_commit = hook;
	if (is_ok(got)) {
		guard_committed(op);
		return OK;
	}
	/* What is not written must not be handed out. */
	op->set_session = T("");
	op->set_device = T("");
	return got;
}

/* ---- rows ------------------------------------------------------------- */

static result open_row(struct op *op, const struct system_table *t,
    struct row_set *rows, struct system_row *ret)
{
	struct system_row row = {
		.id = column_id(rows, "id"),
		.v = (uint64_t)column_number(rows, "v"),
	};

	TRY(facts_open_office(op, t->purpose, t->class, t->name, row.id,
	    row.v, column_blob(rows, "record"), &row.plain));
	*ret = row;
	return OK;
}

result system_get(struct op *op, const struct system_table *t, id row,
    struct system_row *ret)
{
	const struct arg arg = arg_id("id", row);
	struct system_row found = { .id = row };
	CLEANUP(reading_end) struct reading reading = { 0 };
	CLEANUP(row_end) struct row_set *rows = NULL;
	bool there = false;

	TRY(reading_begin(op, &reading));
	TRY(store_query(op->tx, t->get, &arg, 1, &rows));
	TRY(row_next(rows, &there));
	if (there)
		TRY(open_row(op, t, rows, &found));
	*ret = found;
	return OK;
}

result system_each(struct op *op, const struct system_table *t,
    result (*each)(void *self, const struct system_row *row), void *self)
{
	CLEANUP(reading_end) struct reading reading = { 0 };
	CLEANUP(row_end) struct row_set *rows = NULL;
	bool there = false;

	TRY(reading_begin(op, &reading));
	TRY(store_query(op->tx, t->all, NULL, 0, &rows));
	for (;;) {
		struct system_row row;

		TRY(row_next(rows, &there));
		if (!there)
			return OK;
		TRY(open_row(op, t, rows, &row));
		TRY(each(self, &row));
	}
}

/* The digest that leaves hold, as facts makes it of its own rows. */
static result digest(id row, uint64_t v, text record, uint8_t ret[32])
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * RECORD_PLAIN_MAX);
	char number[32];
	int n = snprintf(number, sizeof(number), "%llu",
	    (unsigned long long)v);

	buf_u32(&b, sizeof(row.b));
	buf_add(&b, row.b, sizeof(row.b));
	buf_u32(&b, (uint32_t)n);
	buf_add(&b, number, (size_t)n);
	buf_u32(&b, (uint32_t)record.n);
	buf_text(&b, record);
	TRY(buf_end(&b));
	blake2b(ret, 32, NULL, 0, buf_view(&b), T(""));
	return OK;
}

result system_touch(struct op *op, const struct system_table *t, id row,
    uint64_t v, text record)
{
	struct touched touched = { .table = t->number, .row = row, .v = v,
		.seq = t->seq };

	if (t->seq == NULL)
		return OK;
	TRY(digest(row, v, record, touched.digest));
	return op_touch(op, &touched);
}

result system_put(struct op *op, const struct system_table *t, id row,
    uint64_t *v, const struct buf *plain)
{
	uint64_t next = *v + 1;
	int64_t changed = 0;
	text record;

	TRY(buf_end(plain));
	TRY(op_begin(op, TX_WRITE));
	TRY(facts_seal_office(op, t->purpose, t->class, t->name, row, next,
	    buf_view(plain), &record));

	const struct arg args[] = {
		arg_id("id", row),
		arg_blob("record", record),
		arg_number("v", (int64_t)*v),
	};
	if (*v == 0)
		TRY(store_run(op->tx, t->insert, args, 2, &changed));
	else
		TRY(store_run(op->tx, t->update, args, 3, &changed));
	if (changed != 1)
		return refuse(CONFLICT);
	TRY(system_touch(op, t, row, next, record));
	*v = next;
	return OK;
}

result system_remove(struct op *op, const struct system_table *t, id row)
{
	const struct arg arg = arg_id("id", row);

	TRY(op_begin(op, TX_WRITE));
	return store_run(op->tx, t->remove, &arg, 1, NULL);
}

/* ---- fields ----------------------------------------------------------- */

result fields_read(text plain, struct fields *ret)
{
	struct unpacker u = unpack_begin(plain.p, plain.n);
	struct fields f = { 0 };
	struct packed one;

	while (unpack_next(&u, &one)) {
		if (one.tag < TAGS)
			f.at[one.tag] = one.value;
	}
	TRY(unpack_end(&u));
	*ret = f;
	return OK;
}

void field_bytes(const struct fields *f, int tag, void *out, size_t n)
{
	if (f->at[tag].n == n)
		memcpy(out, f->at[tag].p, n);
	else
		memset(out, 0, n);
}

uint64_t field_u64(const struct fields *f, int tag)
{
	return f->at[tag].n == 8 ? get_u64(f->at[tag].p) : 0;
}

uint32_t field_u32(const struct fields *f, int tag)
{
	return f->at[tag].n == 4 ? get_u32(f->at[tag].p) : 0;
}

id field_row_id(const struct fields *f, int tag)
{
	id i;

	field_bytes(f, tag, i.b, sizeof(i.b));
	return i;
}

void pack_u64(struct packer *p, int tag, uint64_t v)
{
	uint8_t b[8];

	put_u64(b, v);
	if (v != 0)
		pack_add(p, (uint16_t)tag, b, sizeof(b));
}

void pack_u32(struct packer *p, int tag, uint32_t v)
{
	uint8_t b[4];

	put_u32(b, v);
	if (v != 0)
		pack_add(p, (uint16_t)tag, b, sizeof(b));
}

void pack_text(struct packer *p, int tag, text t)
{
	if (t.n > 0)
		pack_add(p, (uint16_t)tag, t.p, t.n);
}
