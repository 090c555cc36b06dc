#include "audit_inside.h"

#include "audit_sql.h"

#include <string.h>

id
audit_row_id(uint64_t seq)
{
	return id_of_number(seq);
}

result
audit_owner(struct op *op, struct owner *ret)
{
	return keyring_owner(op->office->keyring, PURPOSE_AUDIT,
	    purpose_id(PURPOSE_AUDIT), ret);
}

static result
pack_touched(const struct leaf_who *who, struct buf *out)
{
	for (size_t i = 0; i < who->touched_n; i++) {
		const struct touched *t = &who->touched[i];

		buf_u16(out, t->table);
		buf_add(out, t->row.b, sizeof(t->row.b));
		buf_u64(out, t->v);
		buf_add(out, t->digest, sizeof(t->digest));
	}
	return buf_end(out);
}

static result
pseudonym(struct op *op, const char *kind, id i, uint8_t ret[16])
{
	if (id_none(i))
		return OK;		/* zeros: nobody, nothing */
	return audit_pseudonym(op->office->keyring, kind, i, ret);
}

/* The 128 bytes, as docs/reference/formats.md lays them out. */
static result
fill_leaf(struct op *op, const struct leaf_who *who,
    const struct leaf_facts *f, uint64_t seq, text touched,
    const uint8_t salt[32], uint8_t leaf[LEAF_BYTES])
{
	uint8_t name[16] = { 0 };

	memset(leaf, 0, LEAF_BYTES);
	leaf[0] = 1;
	leaf[1] = f->outcome;
	put_u16(leaf + 2, (uint16_t)f->event);
	put_u64(leaf + 8, seq);
	put_u64(leaf + 16, (uint64_t)who->at.ms);
	TRY(pseudonym(op, "user", who->user, leaf + 24));
	TRY(pseudonym(op, "session", who->session, name));
	memcpy(leaf + 40, name, 8);
	if (f->object_kind != NULL)
		TRY(pseudonym(op, f->object_kind, f->object, leaf + 48));
	blake2b(leaf + 64, 32, NULL, 0, touched, T(""));
	/* Keyed, so that who holds the leaf cannot try out details. */
	blake2b(leaf + 96, 32, salt, 32, f->detail, T(""));
	return OK;
}

static result
seal_leaf(struct op *op, uint64_t seq, const uint8_t leaf[LEAF_BYTES],
    text touched, const uint8_t salt[32], struct buf *out)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);
	struct packer p = pack_begin(&plain);
	struct record_place place = { .class = CLASS_AUDIT, .table = "audit",
		.row = audit_row_id(seq), .version = 0 };
	struct owner owner;
	const struct derived *derived;

	pack_add(&p, TAG_LEAF, leaf, LEAF_BYTES);
	pack_add(&p, TAG_TOUCHED, touched.p, touched.n);
	pack_add(&p, TAG_SALT, salt, 32);
	TRY(pack_end(&p));
	TRY(audit_owner(op, &owner));
	TRY(keyring_derived(op->office->keyring, &owner, CLASS_AUDIT,
	    &derived));
	return seal_derived(op->office->chance, &owner, derived, &place,
	    buf_view(&plain), out);
}

static result
seal_detail(struct op *op, const struct leaf_facts *f, uint64_t seq,
    struct buf *out)
{
	struct record_place place = { .class = f->detail_class,
		.table = "audit", .row = audit_row_id(seq), .version = 0 };
	const struct derived *derived;

	if (f->detail.n == 0)
		return OK;
	TRY(keyring_derived(op->office->keyring, f->detail_owner,
	    f->detail_class, &derived));
	return seal_derived(op->office->chance, f->detail_owner, derived,
	    &place, f->detail, out);
}

/* Last of all: what comes after is only the commit. */
static result
next_seq(struct op *op, uint64_t *ret)
{
	const struct arg id1 = arg_number("id", AUDIT_HEAD_ROW);
	struct row_set *rows = NULL;
	bool there = false;
	uint64_t seq = 0;

	TRY(store_query(op->tx, &sql_audit_head_next, &id1, 1, &rows));
	result got = row_next(rows, &there);
	if (is_ok(got) && !there)
		got = fault(CORRUPT);
	if (is_ok(got))
		seq = (uint64_t)column_number(rows, "n") - 1;
	row_end(&rows);
	/* Fewer than we hold: nothing is written under a number that was
	 * given away. */
	if (is_ok(got) && seq < op->office->audit->tree.n)
		got = fault(CORRUPT);
	if (is_ok(got))
		*ret = seq;
	return got;
}

static result
set_seq(struct op *op, const struct leaf_who *who, uint64_t seq)
{
	for (size_t i = 0; i < who->touched_n; i++) {
		const struct touched *t = &who->touched[i];
		const struct arg args[] = {
			arg_number("seq", (int64_t)seq),
			arg_id("id", t->row),
		};

		if (t->seq != NULL)
			TRY(store_run(op->tx, t->seq, args, LENGTH(args),
			    NULL));
	}
	return OK;
}

result
audit_leaf(struct op *op, const struct leaf_who *who,
    const struct leaf_facts *f, uint64_t *ret_seq)
{
	CLEANUP(buf_free) struct buf touched = buf_new(RECORD_PLAIN_MAX);
	CLEANUP(buf_free) struct buf record = buf_new(2 * RECORD_PLAIN_MAX);
	CLEANUP(buf_free) struct buf detail = buf_new(2 * RECORD_PLAIN_MAX);
	uint8_t leaf[LEAF_BYTES];
	uint8_t salt[32];
	uint64_t seq;

	TRY(pack_touched(who, &touched));
	op->office->chance->fill(op->office->chance->self, salt, 32);
	TRY(next_seq(op, &seq));
	TRY(fill_leaf(op, who, f, seq, buf_view(&touched), salt, leaf));
	tree_leaf(leaf, LEAF_BYTES, op->leaf.hash);
	TRY(seal_leaf(op, seq, leaf, buf_view(&touched), salt, &record));
	TRY(seal_detail(op, f, seq, &detail));

	const struct arg args[] = {
		arg_number("seq", (int64_t)seq),
		arg_blob("leaf", ((text){ (char *)op->leaf.hash, 32 })),
		arg_blob("record", buf_view(&record)),
		detail.n > 0 ? arg_blob("detail", buf_view(&detail)) :
		    arg_null("detail"),
	};
	TRY(store_run(op->tx, &sql_audit_insert, args, LENGTH(args), NULL));
	TRY(set_seq(op, who, seq));
	op->leaf.there = true;
	op->leaf.seq = seq;
	*ret_seq = seq;
	return OK;
}

/* More rows than one leaf names become several: only the first tells the
 * details. */
result
audit_append(struct op *op, const struct leaf_facts *f, uint64_t *ret_seq)
{
	size_t leaves = op->touched_n == 0 ? 1 :
	    (op->touched_n + TOUCHED_MAX - 1) / TOUCHED_MAX;
	uint8_t (*all)[32] = arena_array(op->arena, leaves, 32);
	struct leaf_facts one = *f;

	NEED(all);
	if (op->unnoted)
		return refuse(BUSY);
	for (size_t i = 0; i < leaves; i++) {
		size_t from = i * TOUCHED_MAX;
		size_t left = op->touched_n - from;
		const struct leaf_who who = { op->user.raw, op->session,
			op->now, op->touched_n == 0 ? NULL :
			op->touched + from,
			left < TOUCHED_MAX ? left : TOUCHED_MAX };

		TRY(audit_leaf(op, &who, &one, ret_seq));
		memcpy(all[i], op->leaf.hash, 32);
		one.detail = T("");
	}
	op->leaf.all = all;
	op->leaf.n = leaves;
	return OK;
}

void
audit_committed(struct op *op)
{
	struct audit *a = op->office->audit;

	/* Another node's leaves may stand between: the next audit_follow
	 * takes them, and ours with them. */
	if (op->leaf.there && op->leaf.seq - op->leaf.n + 1 == a->tree.n) {
		for (size_t i = 0; i < op->leaf.n; i++)
			audit_grow(a, op->leaf.all[i]);
	}
	op->leaf.there = false;
}

void
audit_aborted(struct op *op)
{
	op->leaf.there = false;
}

result
audit_open_record(struct op *op, uint64_t seq, text record, text *ret_leaf,
    text *ret_touched, text *ret_salt)
{
	struct record_place place = { .class = CLASS_AUDIT, .table = "audit",
		.row = audit_row_id(seq), .version = 0 };
	struct owner owner;
	const struct derived *derived;
	struct unpacker u;
	struct packed one;
	uint32_t epoch;
	text plain;
	text part[4] = { 0 };
	id key;

	TRY(record_owner(record, &key, &epoch));
	TRY(keyring_owner_at(op->office->keyring, PURPOSE_AUDIT, key, epoch,
	    &owner));
	TRY(keyring_derived(op->office->keyring, &owner, CLASS_AUDIT,
	    &derived));
	TRY(open_derived(op->arena, &owner, derived, &place, record, &plain));
	u = unpack_begin(plain.p, plain.n);
	while (unpack_next(&u, &one)) {
		if (one.tag <= TAG_SALT)
			part[one.tag] = one.value;
	}
	TRY(unpack_end(&u));
	if (part[TAG_LEAF].n != LEAF_BYTES ||
	    part[TAG_TOUCHED].n % TOUCHED_BYTES != 0 ||
	    part[TAG_SALT].n != 32)
		return fault(SEALED_RECORD);
	*ret_leaf = part[TAG_LEAF];
	*ret_touched = part[TAG_TOUCHED];
	*ret_salt = part[TAG_SALT];
	return OK;
}
