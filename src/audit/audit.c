#include "audit_inside.h"

#include "audit_sql.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

result
audit_open(struct office *office, struct audit **ret)
{
	struct audit *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return fault(NO_MEMORY);
	a->office = office;
	*ret = a;
	return OK;
}

void
audit_close(struct audit **a)
{
	free(*a);
	*a = NULL;
}

struct audit_head
audit_head(const struct audit *a)
{
	struct audit_head h = { .n = a->tree.n };

	tree_root(&a->tree, h.root);
	return h;
}

void
audit_grow(struct audit *a, const uint8_t hash[32])
{
	tree_append(&a->tree, hash);
	memcpy(a->last, hash, 32);
}

/* What was acknowledged, on disk or by this process before it sealed. */
static result
acknowledged(const struct audit *a, bool *ret_there, struct audit_head *ret)
{
	bool there;

	TRY(head_read(a->office, &there, ret));
	if (a->foreign.there && (!there || a->foreign.ours.n > ret->n)) {
		*ret = a->foreign.ours;
		there = true;
	}
	*ret_there = there;
	return OK;
}

static result
refused(struct op *op, text *ret_said)
{
	const struct audit_foreign *f = &op->office->audit->foreign;

	if (f->there)
		*ret_said = arena_format(op->arena,
		    "the database has %llu leaves%s; this folder "
		    "acknowledged %llu", (unsigned long long)f->theirs.n,
		    f->other ? " of another history" : "",
		    (unsigned long long)f->ours.n);
	else
		*ret_said = T("a leaf is missing from the database, or is "
		    "none; restore a backup beside this folder and compare");
	return fault(CORRUPT);
}

/* What cannot be read here is refused when the next one is to be signed. */
static uint64_t
signed_before(struct op *op, uint64_t n)
{
	struct audit_head last;
	bool there = false;

	if (!is_ok(audit_checkpoint_last(op, &there, &last)) || !there ||
	    last.n > n)
		return 0;
	return last.n;
}

result
audit_load(struct op *op, text *ret_said)
{
	struct audit *a = op->office->audit;
	struct audit_head last = { 0 };
	struct tree_now now;
	bool there;
	bool accept = a->accept;
	result got;

	a->accept = false;
	TRY(acknowledged(a, &there, &last));
	got = audit_compare(op, &last, NULL, &now);
	if (got.code == E_CORRUPT && !(accept && a->foreign.there &&
	    now.tree.n == a->accept_n))
		return refused(op, ret_said);
	if (got.code != E_CORRUPT)
		TRY(got);
	a->tree = now.tree;
	memcpy(a->last, now.last, 32);
	a->given_up = a->foreign;
	a->foreign = (struct audit_foreign){ 0 };
	a->signed_n = signed_before(op, a->tree.n);
	a->signed_ms = op->now.ms;
	a->head_written = there && is_ok(got) ? last.n : UINT64_MAX;
	a->waiting_n = 0;
	op->office->looked_at = store_reconnected(op->office->store);
	return OK;
}

static void
leaf_read(text bytes, struct leaf *ret)
{
	const uint8_t *b = (const uint8_t *)bytes.p;

	ret->outcome = b[1];
	ret->event = get_u16(b + 2);
	ret->seq = get_u64(b + 8);
	ret->at = (instant){ (int64_t)get_u64(b + 16), true };
	memcpy(ret->actor, b + 24, 16);
	memcpy(ret->session, b + 40, 8);
	memcpy(ret->object, b + 48, 16);
}

result
audit_each(struct op *op, uint64_t from, audit_visit *each, void *self)
{
	const struct arg first = arg_number("from", (int64_t)from);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_audit_from, &first, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct arena_mark mark = arena_mark(op->arena);
		uint64_t seq = (uint64_t)column_number(rows, "seq");
		struct leaf leaf = { 0 };
		text bytes;
		text touched;
		text salt;

		got = audit_open_record(op, seq, column_blob(rows, "record"),
		    &bytes, &touched, &salt);
		if (got.code == E_SEALED_RECORD) {
			arena_rewind(op->arena, mark);
			continue;
		}
		if (!is_ok(got))
			break;
		leaf_read(bytes, &leaf);
		leaf.detail = column_blob(rows, "detail");
		got = each(self, &leaf, touched);
		if (!is_ok(got))
			break;
		arena_rewind(op->arena, mark);
	}
	row_end(&rows);
	return got;
}

result
audit_get(struct op *op, uint64_t seq, struct leaf *ret)
{
	const struct arg arg = arg_number("seq", (int64_t)seq);
	struct row_set *rows = NULL;
	struct leaf leaf = { .seq = seq };
	bool there = false;
	text bytes;
	text touched;
	text salt;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_audit_one, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && !there)
		got = refuse(NOT_FOUND);
	if (is_ok(got))
		got = audit_open_record(op, seq, column_blob(rows, "record"),
		    &bytes, &touched, &salt);
	if (is_ok(got)) {
		leaf_read(bytes, &leaf);
		leaf.touched = touched;
		leaf.detail = arena_text(op->arena,
		    column_blob(rows, "detail"));
		if (leaf.detail.p == NULL)
			got = fault(NO_MEMORY);
	}
	row_end(&rows);
	if (is_ok(got))
		*ret = leaf;
	return got;
}

/* Is this row what its hash and its own contents say? */
static bool
row_good(struct op *op, struct row_set *rows, uint64_t expected)
{
	uint64_t seq = (uint64_t)column_number(rows, "seq");
	text hash = column_blob(rows, "leaf");
	uint8_t again[32];
	uint8_t inner[32];
	text leaf;
	text touched;
	text salt;

	if (seq != expected || hash.n != 32)
		return false;
	if (!is_ok(audit_open_record(op, seq, column_blob(rows, "record"),
	    &leaf, &touched, &salt)))
		return false;
	tree_leaf(leaf.p, LEAF_BYTES, again);
	if (sodium_memcmp(again, hash.p, 32) != 0 ||
	    get_u64(leaf.p + 8) != seq)
		return false;
	blake2b(inner, 32, NULL, 0, touched, T(""));
	return sodium_memcmp(inner, leaf.p + 64, 32) == 0;
}

result
audit_verify(struct op *op, int64_t *ret_first_bad)
{
	const struct audit *a = op->office->audit;
	const struct arg from = arg_number("from", 0);
	struct tree tree = { 0 };
	struct row_set *rows = NULL;
	int64_t bad = -1;
	bool there = false;
	uint8_t ours[32];
	uint8_t theirs[32];
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_audit_from, &from, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct arena_mark mark = arena_mark(op->arena);

		if (!row_good(op, rows, tree.n)) {
			bad = (int64_t)tree.n;
			break;
		}
		tree_append(&tree,
		    (const uint8_t *)column_blob(rows, "leaf").p);
		if (tree.n == a->tree.n) {
			tree_root(&tree, theirs);
			tree_root(&a->tree, ours);
			if (sodium_memcmp(ours, theirs, 32) != 0) {
				bad = (int64_t)tree.n - 1;
				break;
			}
		}
		arena_rewind(op->arena, mark);
	}
	row_end(&rows);
	TRY(got);
	if (bad < 0 && tree.n < a->tree.n)
		bad = (int64_t)tree.n;
	*ret_first_bad = bad;
	return OK;
}

/*
 * Give the first `n` hashes to a proof, and take the roots of two sizes on
 * the way.  `ret_there` is how many stood there in order.
 */
static result
prove(struct op *op, uint64_t n, struct proof *p, struct audit_head *from,
    struct audit_head *to, uint64_t *ret_there)
{
	const struct arg first = arg_number("from", 0);
	struct row_set *rows = NULL;
	struct tree tree = { 0 };
	bool there = false;
	result got = OK;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_audit_hashes, &first, 1, &rows));
	while (tree.n < n && is_ok(got = row_next(rows, &there)) && there) {
		text hash = column_blob(rows, "leaf");

		if (hash.n != 32 ||
		    (uint64_t)column_number(rows, "seq") != tree.n)
			break;
		proof_take(p, tree.n, (const uint8_t *)hash.p);
		tree_append(&tree, (const uint8_t *)hash.p);
		if (tree.n == from->n)
			tree_root(&tree, from->root);
		if (tree.n == to->n)
			tree_root(&tree, to->root);
	}
	row_end(&rows);
	*ret_there = tree.n;
	return got;
}

result
audit_prove(struct op *op, uint64_t seq, uint8_t (*ret_path)[32],
    size_t *ret_n)
{
	struct audit_head all = { .n = op->office->audit->tree.n };
	struct proof p;
	uint64_t there;

	if (seq >= all.n)
		return refuse(NOT_FOUND);
	proof_inclusion(&p, seq, all.n);
	TRY(prove(op, all.n, &p, &all, &all, &there));
	if (there != all.n)
		return fault(CORRUPT);
	memcpy(ret_path, p.path, p.n * 32);
	*ret_n = p.n;
	return OK;
}

result
audit_grown(struct op *op, uint64_t from, uint64_t to, struct growth *ret)
{
	struct growth g = { .from = { .n = from }, .to = { .n = to } };
	struct proof p;
	uint64_t there;

	if (from == 0 || from > to || to > op->office->audit->tree.n)
		return refuse(NOT_FOUND);
	proof_consistency(&p, from, to);
	TRY(prove(op, to, &p, &g.from, &g.to, &there));
	if (there != to)
		return fault(CORRUPT);
	memcpy(g.path, p.path, p.n * 32);
	g.n = p.n;
	*ret = g;
	return OK;
}

result
audit_continues(struct op *op, const struct audit_head *from,
    const struct audit_head *to, bool *ret, uint64_t *ret_there)
{
	struct audit_head ours[2] = { { .n = from->n }, { .n = to->n } };
	struct proof p = { .n = 0 };
	uint64_t there;

	if (from->n > 0 && from->n <= to->n)
		proof_consistency(&p, from->n, to->n);
	TRY(prove(op, from->n > to->n ? from->n : to->n, &p, &ours[0],
	    &ours[1], &there));
	*ret_there = there;
	/* Nothing is where every tree begins. */
	*ret = there >= to->n && (from->n == 0 ||
	    tree_consistency(from->n, to->n, (const uint8_t (*)[32])p.path,
	    p.n, from->root, to->root));
	return OK;
}
