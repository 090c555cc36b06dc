#include "ground.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit_inside.h"

enum { LEAVES = 7 };

static void grow(struct ground *g, uint64_t n)
{
	while (audit_head(g->office.audit).n < n) {
		ground_op(g);
		ground_commit(g);
	}
}

static int64_t first_bad(struct ground *g)
{
	int64_t bad = -2;

	assert_good(audit_verify(ground_op(g), &bad));
	op_abort(&g->op);
	return bad;
}

/* The bytes of a leaf, copied into memory of the test. */
struct lying { text leaf, record; };

static struct lying leaf_of(struct ground *g, int64_t seq)
{
	const struct arg arg = arg_number("seq", seq);
	struct op *op = ground_op(g);
	struct row_set *rows = NULL;
	struct lying l;
	bool there;

	assert_good(op_begin(op, TX_READ));
	assert_good(store_query(op->tx, &sql_leaf_get, &arg, 1, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	l.leaf = arena_text(g->lasting, column_blob(rows, "leaf"));
	l.record = arena_text(g->lasting, column_blob(rows, "record"));
	row_end(&rows);
	op_abort(op);
	return l;
}

static void put(struct ground *g, const struct statement *st,
    const char *name, int64_t seq, text bytes)
{
	const struct arg args[] = { arg_number("seq", seq),
		arg_blob(name, bytes) };

	ground_sql(g, st, args, LENGTH(args));
}

static void put_hash(struct ground *g, int64_t seq, text hash)
{
	put(g, &sql_leaf_hash_put, "leaf", seq, hash);
}

static void put_record(struct ground *g, int64_t seq, text record)
{
	put(g, &sql_leaf_record_put, "record", seq, record);
}

static void move(struct ground *g, int64_t from, int64_t to)
{
	const struct arg args[] = { arg_number("seq", from),
		arg_number("to", to) };

	ground_sql(g, &sql_leaf_move, args, LENGTH(args));
}

static void drop(struct ground *g, int64_t seq)
{
	const struct arg arg = arg_number("seq", seq);

	ground_sql(g, &sql_leaf_remove, &arg, 1);
}

/* The same bytes with one bit turned. */
static text turned(struct ground *g, text t, size_t at)
{
	char *copy = arena_take(g->lasting, t.n);

	assert_non_null(copy);
	memcpy(copy, t.p, t.n);
	copy[at] ^= 1;
	return (text){ copy, t.n };
}

/* ---- verify ----------------------------------------------------------- */

static void untouched(void **state)
{
	/* Dies when an untouched tree is called bad, before or after a
	 * restart. */
	struct ground *g = *state;
	text said;

	assert_int_equal(first_bad(g), -1);
	grow(g, LEAVES);
	assert_int_equal(first_bad(g), -1);
	assert_good(ground_restart(g, &said));
	assert_int_equal(audit_head(g->office.audit).n, LEAVES);
	assert_int_equal(first_bad(g), -1);
}

static void altered_hash(void **state)
{
	/* Dies when a hash that was changed on disk is not found, or the
	 * wrong leaf is named. */
	struct ground *g = *state;
	struct lying l;

	grow(g, LEAVES);
	for (int64_t seq = LEAVES - 1; seq >= 0; seq--) {
		l = leaf_of(g, seq);
		put_hash(g, seq, turned(g, l.leaf, (size_t)seq * 4));
		assert_int_equal(first_bad(g), seq);
	}
}

static void altered_record(void **state)
{
	/* Dies when a changed byte of a sealed leaf, wherever it is, is not
	 * found. */
	struct ground *g = *state;
	struct lying l;

	grow(g, LEAVES);
	l = leaf_of(g, 3);
	for (size_t at = 0; at < l.record.n; at += 13) {
		put_record(g, 3, turned(g, l.record, at));
		assert_int_equal(first_bad(g), 3);
	}
	put_record(g, 3, T(""));
	assert_int_equal(first_bad(g), 3);
	put_record(g, 3, leaf_of(g, 2).record);
	assert_int_equal(first_bad(g), 3);
	put_record(g, 3, l.record);
	assert_int_equal(first_bad(g), -1);
}

static void removed(void **state)
{
	/* Dies when a leaf can vanish: in the middle, at the end, or the
	 * first. */
	struct ground *g = *state;

	grow(g, LEAVES);
	drop(g, LEAVES - 1);
	assert_int_equal(first_bad(g), LEAVES - 1);
	drop(g, 2);
	assert_int_equal(first_bad(g), 2);
	drop(g, 0);
	assert_int_equal(first_bad(g), 0);
}

static void exchanged(void **state)
{
	/* Dies when two leaves can change places, or one be copied over
	 * another with its hash. */
	struct ground *g = *state;
	struct lying l;

	grow(g, LEAVES);
	move(g, 1, 100);
	move(g, 4, 1);
	move(g, 100, 4);
	assert_int_equal(first_bad(g), 1);
	move(g, 1, 100);
	move(g, 4, 1);
	move(g, 100, 4);
	assert_int_equal(first_bad(g), -1);
	l = leaf_of(g, 5);
	put_hash(g, 6, l.leaf);
	put_record(g, 6, l.record);
	assert_int_equal(first_bad(g), 6);
}

static void another_history(void **state)
{
	/* Dies when leaves that are whole in themselves, but not those that
	 * this process wrote, are believed. */
	struct ground *g = *state;

	grow(g, LEAVES);
	g->office.audit->tree.edge[1][0] ^= 1;
	assert_true(first_bad(g) >= 0);
	/* More leaves of another node do not hide it. */
	g->office.audit->tree.n -= 2;
	assert_true(first_bad(g) >= 0);
}

/* ---- load ------------------------------------------------------------- */

static void head_file(struct ground *g, char path[300])
{
	snprintf(path, 300, "%s/db/head", g->folder);
}

static void head_of(struct ground *g, uint8_t ret[HEAD_FILE_BYTES])
{
	char path[300];
	int fd;

	head_file(g, path);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, ret, HEAD_FILE_BYTES), HEAD_FILE_BYTES);
	close(fd);
}

static void acknowledge(struct ground *g)
{
	assert_good(audit_flush(ground_op(g)));
	op_abort(&g->op);
	assert_false(audit_waiting(g->office.audit));
}

static void head_written(void **state)
{
	/* Dies when what this folder acknowledged is not on disk. */
	struct ground *g = *state;
	uint8_t b[HEAD_FILE_BYTES];
	struct audit_head head;
	text said;

	grow(g, LEAVES);
	assert_true(audit_waiting(g->office.audit));
	acknowledge(g);
	head_of(g, b);
	head = audit_head(g->office.audit);
	assert_int_equal(get_u64(b), LEAVES);
	assert_memory_equal(b + 8, head.root, 32);
	/* The database may be ahead of the folder, never behind. */
	grow(g, LEAVES + 2);
	assert_good(ground_restart(g, &said));
	assert_int_equal(audit_head(g->office.audit).n, LEAVES + 2);
}

static void fewer_than_acknowledged(void **state)
{
	/* Dies when an older copy of the database, put in place, opens; the
	 * people at the door must read both sizes. */
	struct ground *g = *state;
	text said = T("");

	grow(g, LEAVES);
	acknowledge(g);
	drop(g, LEAVES - 1);
	drop(g, LEAVES - 2);
	assert_result(ground_restart(g, &said), CORRUPT);
	assert_text(said, "the database has 5 leaves; this folder "
	    "acknowledged 7");
}

static void other_than_acknowledged(void **state)
{
	/* Dies when a database of as many or more leaves, but others, is
	 * taken for ours. */
	struct ground *g = *state;
	text said = T("");
	struct lying l;

	grow(g, LEAVES);
	acknowledge(g);
	grow(g, LEAVES + 1);
	l = leaf_of(g, 2);
	put_hash(g, 2, turned(g, l.leaf, 31));
	assert_result(ground_restart(g, &said), CORRUPT);
	assert_text(said, "the database has 8 leaves of another history; "
	    "this folder acknowledged 7");
	put_hash(g, 2, l.leaf);
	assert_good(ground_restart(g, &said));
}

static void head_file_broken(void **state)
{
	/* Dies when a cut head file is read as an early tree. */
	struct ground *g = *state;
	char path[300];
	text said = T("");

	grow(g, 3);
	acknowledge(g);
	head_file(g, path);
	assert_int_equal(truncate(path, HEAD_FILE_BYTES - 1), 0);
	assert_result(ground_restart(g, &said), CORRUPT);
	assert_int_equal(unlink(path), 0);
	assert_good(ground_restart(g, &said));
}

static void gaps(void **state)
{
	/* Dies when a tree is built over a missing leaf. */
	struct ground *g = *state;
	text said = T("");

	grow(g, LEAVES);
	drop(g, 3);
	assert_result(ground_restart(g, &said), CORRUPT);
}

/* ---- growing ---------------------------------------------------------- */

static void not_committed(void **state)
{
	/* Dies when a leaf that was rolled back stays in the tree, or its
	 * number is used up. */
	struct ground *g = *state;
	const struct leaf_facts f = { .event = EVENT_OFFICE_MADE };
	struct audit_head before = audit_head(g->office.audit);
	struct audit_head after;
	struct op *op = ground_op(g);
	uint64_t seq;

	assert_good(op_begin(op, TX_WRITE));
	assert_good(audit_append(op, &f, &seq));
	assert_int_equal(seq, before.n);
	op_abort(op);
	audit_aborted(op);
	audit_committed(op);		/* of nothing: adds nothing */
	after = audit_head(g->office.audit);
	assert_int_equal(after.n, before.n);
	assert_memory_equal(after.root, before.root, 32);
	grow(g, before.n + 1);
	assert_int_equal(first_bad(g), -1);
}

static void another_node(void **state)
{
	/* Dies when a leaf of another node between two of ours spoils the
	 * tree instead of being caught up with. */
	struct ground *g = *state;
	struct tree before = g->office.audit->tree;
	struct op *op;

	grow(g, 2);		/* by another node, as far as we know */
	g->office.audit->tree = before;
	ground_op(g);
	ground_commit(g);
	assert_int_equal(audit_head(g->office.audit).n, 1);
	op = ground_op(g);
	assert_good(op_begin(op, TX_READ));
	assert_good(audit_catch_up(op));
	op_abort(op);
	assert_int_equal(audit_head(g->office.audit).n, 3);
	assert_int_equal(first_bad(g), -1);
}

static void proofs(void **state)
{
	/* Dies when the office cannot prove one of its own leaves. */
	struct ground *g = *state;
	uint8_t path[64][32];
	struct audit_head head;
	size_t n;

	grow(g, 13);
	head = audit_head(g->office.audit);
	for (uint64_t seq = 0; seq < head.n; seq++) {
		struct lying l = leaf_of(g, (int64_t)seq);

		assert_good(audit_prove(ground_op(g), seq, path, &n));
		assert_true(tree_inclusion((const uint8_t *)l.leaf.p, seq,
		    head.n, (const uint8_t (*)[32])path, n, head.root));
	}
	assert_result(audit_prove(ground_op(g), head.n, path, &n),
	    NOT_FOUND);
	drop(g, 12);
	assert_result(audit_prove(ground_op(g), 0, path, &n), CORRUPT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untouched),
		cmocka_unit_test(altered_hash),
		cmocka_unit_test(altered_record),
		cmocka_unit_test(removed),
		cmocka_unit_test(exchanged),
		cmocka_unit_test(another_history),
		cmocka_unit_test(head_written),
		cmocka_unit_test(fewer_than_acknowledged),
		cmocka_unit_test(other_than_acknowledged),
		cmocka_unit_test(head_file_broken),
		cmocka_unit_test(gaps),
		cmocka_unit_test(not_committed),
		cmocka_unit_test(another_node),
		cmocka_unit_test(proofs),
	};

	return ground_run(argc, argv, "audit verify", tests, LENGTH(tests));
}
