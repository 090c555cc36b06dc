#include "ground.h"
#include "tree.h"

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

static void assert_foreign(struct ground *g, uint64_t theirs, bool other,
    uint64_t from, uint64_t to)
{
	const struct audit_foreign *f = audit_foreign(g->office.audit);
	struct followed got;

	assert_result(audit_follow(ground_op(g), &got), CORRUPT);
	op_abort(&g->op);
	assert_true(f->there);
	assert_int_equal(f->theirs.n, theirs);
	assert_int_equal(f->ours.n, audit_head(g->office.audit).n);
	assert_int_equal(f->other, other);
	assert_int_equal(f->from, from);
	assert_int_equal(f->to, to);
}

static void foreign_while_open(void **state)
{
	/* Dies when an older copy or another history, put in place while the
	 * office works, is followed; or is not told apart for people. */
	struct ground *g = *state;
	struct followed f;
	struct lying l;

	grow(g, LEAVES);
	/* 7 = 4 + 2 + 1: the second subtree holds leaf 5. */
	l = leaf_of(g, 5);
	put_hash(g, 5, turned(g, l.leaf, 3));
	assert_result(audit_look(ground_op(g)), CORRUPT);
	op_abort(&g->op);
	assert_int_equal(audit_foreign(g->office.audit)->from, 4);
	assert_int_equal(audit_foreign(g->office.audit)->to, 6);
	put_hash(g, 5, l.leaf);
	assert_good(audit_look(ground_op(g)));
	l = leaf_of(g, LEAVES - 1);
	put_hash(g, LEAVES - 1, turned(g, l.leaf, 31));
	assert_foreign(g, LEAVES, true, LEAVES - 1, LEAVES);
	put_hash(g, LEAVES - 1, l.leaf);
	assert_good(audit_follow(ground_op(g), &f));
	assert_int_equal(f.leaves, 0);
	assert_false(audit_foreign(g->office.audit)->there);
	drop(g, LEAVES - 1);
	assert_foreign(g, LEAVES - 1, false, LEAVES - 1, LEAVES);
}

static void accepted(void **state)
{
	/* Dies when going on after a restore takes any database, or any
	 * second time; or when what was given up is not known. */
	struct ground *g = *state;
	text said = T("");

	grow(g, LEAVES);
	acknowledge(g);
	drop(g, LEAVES - 1);
	assert_result(ground_restart(g, &said), CORRUPT);
	audit_accept(g->office.audit, LEAVES - 2);
	assert_good(facts_load_keys(ground_op(g), &g->root));
	assert_result(audit_load(ground_op(g), &said), CORRUPT);
	assert_result(audit_load(ground_op(g), &said), CORRUPT);
	audit_accept(g->office.audit, LEAVES - 1);
	assert_good(audit_load(ground_op(g), &said));
	op_abort(&g->op);
	assert_int_equal(audit_given_up(g->office.audit)->ours.n, LEAVES);
	acknowledge(g);
	assert_good(ground_restart(g, &said));
	assert_false(audit_given_up(g->office.audit)->there);
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
	struct audit before = *g->office.audit;
	struct followed f;
	struct op *op;

	grow(g, 2);		/* by another node, as far as we know */
	g->office.audit->tree = before.tree;
	memcpy(g->office.audit->last, before.last, 32);
	ground_op(g);
	ground_commit(g);
	assert_int_equal(audit_head(g->office.audit).n, 1);
	op = ground_op(g);
	assert_good(audit_follow(op, &f));
	assert_int_equal(f.leaves, 2);
	assert_int_equal(audit_head(g->office.audit).n, 1);
	audit_followed(op, &f);
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

/* ---- checkpoints ------------------------------------------------------ */

static result sign(struct ground *g, text *ret_note, struct audit_fork *fork)
{
	struct op *op = ground_op(g);
	text note = T("");
	result got = audit_checkpoint(op, &note, fork);

	if (is_ok(got)) {
		*ret_note = arena_text(g->lasting, note);
		ground_commit(g);
	}
	op_abort(op);
	return got;
}

static void assert_refused(struct ground *g, uint64_t signed_n,
    uint64_t there_n)
{
	struct audit_fork fork = { 0 };
	text note = T("");

	assert_result(sign(g, &note, &fork), CORRUPT);
	assert_int_equal(fork.signed_n, signed_n);
	assert_int_equal(fork.there_n, there_n);
}

static void another_tree_is_not_signed(void **state)
{
	/* Without this an older copy of the database, or a forked one, gets
	 * a signature that says it is the one on the last paper. */
	struct ground *g = *state;
	struct audit_fork fork;
	struct lying l;
	text note;

	grow(g, LEAVES);
	assert_good(sign(g, &note, &fork));	/* and its own leaf after it */
	grow(g, 2 * LEAVES);
	assert_good(sign(g, &note, &fork));
	grow(g, 3 * LEAVES);

	/* A leaf changed below what was signed, then one above it. */
	l = leaf_of(g, 2);
	put_hash(g, 2, turned(g, l.leaf, 0));
	assert_refused(g, 2 * LEAVES, 3 * LEAVES);
	put_hash(g, 2, l.leaf);
	l = leaf_of(g, 3 * LEAVES - 1);
	put_hash(g, 3 * LEAVES - 1, turned(g, l.leaf, 0));
	assert_refused(g, 2 * LEAVES, 3 * LEAVES);
	put_hash(g, 3 * LEAVES - 1, l.leaf);

	/* Fewer leaves than were signed; fewer than this process knows. */
	move(g, LEAVES, 1000);
	assert_refused(g, 2 * LEAVES, LEAVES);
	move(g, 1000, LEAVES);
	move(g, 2 * LEAVES + 1, 1000);
	assert_refused(g, 2 * LEAVES, 2 * LEAVES + 1);
	move(g, 1000, 2 * LEAVES + 1);

	/* Refused, nothing was kept; and mended, it goes on. */
	assert_good(sign(g, &note, &fork));
	assert_int_equal(first_bad(g), -1);
}

static void a_changed_note_is_not_believed(void **state)
{
	/* Without this who can write the database makes the last checkpoint
	 * fit the tree that he put in place. */
	struct ground *g = *state;
	struct audit_fork fork;
	struct audit_head back;
	struct op *op;
	char *bytes;
	text note;

	grow(g, LEAVES);
	assert_good(sign(g, &note, &fork));
	op = ground_op(g);
	bytes = arena_take(g->lasting, note.n);
	assert_non_null(bytes);
	memcpy(bytes, note.p, note.n);
	for (size_t i = 0; i < note.n; i++) {
		bytes[i] ^= 1;
		assert_result(audit_checkpoint_read(op,
		    (text){ bytes, note.n }, &back), INVALID);
		bytes[i] ^= 1;
	}
	assert_good(audit_checkpoint_read(op, (text){ bytes, note.n - 1 },
	    &back));
	assert_int_equal(back.n, LEAVES);
	assert_result(audit_checkpoint_read(op, T(""), &back), INVALID);

	const struct arg bad[] = { arg_text("note", T("not ours\n")) };
	ground_sql(g, &sql_checkpoint_put, bad, 1);
	assert_refused(g, 0, audit_head(g->office.audit).n);
	const struct arg good[] = { arg_text("note", note) };
	ground_sql(g, &sql_checkpoint_put, good, 1);
	assert_good(sign(g, &note, &fork));
}

static int64_t bad_note(struct ground *g)
{
	int64_t bad = -2;

	assert_good(audit_verify_notes(ground_op(g), &bad));
	op_abort(&g->op);
	return bad;
}

static text note_of(struct ground *g, int64_t size)
{
	const struct arg seq = arg_number("seq", size);
	struct op *op = ground_op(g);
	struct row_set *rows = NULL;
	bool there;
	text note;

	assert_good(op_begin(op, TX_READ));
	assert_good(store_query(op->tx, &sql_checkpoint_of, &seq, 1, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	note = arena_text(g->lasting, column_text(rows, "note"));
	row_end(&rows);
	op_abort(op);
	return note;
}

static void note_put(struct ground *g, int64_t size, text note)
{
	const struct arg args[] = { arg_number("seq", size),
		arg_text("note", note) };

	ground_sql(g, &sql_checkpoint_put_at, args, LENGTH(args));
}

static void each_note_that_was_kept_is_read(void **state)
{
	/* Without this who can write the database changes the witness of last
	 * month, and only the last one would ever be missed. */
	CLEANUP(buf_free) struct buf wrapped = buf_new(KIB);
	struct ground *g = *state;
	const int64_t second = 2 * LEAVES;
	struct audit_fork fork;
	text first_note, note;
	struct lying l;
	struct op *op;

	assert_int_equal(bad_note(g), -1);
	for (int i = 1; i <= 3; i++) {
		grow(g, (uint64_t)i * LEAVES);
		assert_good(sign(g, &note, &fork));
	}
	assert_int_equal(bad_note(g), -1);
	first_note = note_of(g, LEAVES);
	note = note_of(g, second);
	for (size_t i = 0; i < note.n; i++) {
		text other = turned(g, note, i);

		/* What makes no text the database does not take. */
		if (!text_is_utf8(other))
			continue;
		note_put(g, second, other);
		if (i + 1 < note.n)	/* its last line feed is none of it */
			assert_int_equal(bad_note(g), second);
	}
	/* A good one, but of another size. */
	note_put(g, second, first_note);
	assert_int_equal(bad_note(g), second);
	note_put(g, second, note);
	assert_int_equal(bad_note(g), -1);
	/* Good ones, but of other leaves. */
	l = leaf_of(g, LEAVES + 1);
	put_hash(g, LEAVES + 1, turned(g, l.leaf, 0));
	assert_int_equal(bad_note(g), second);
	put_hash(g, LEAVES + 1, l.leaf);
	assert_int_equal(bad_note(g), -1);

	/* A new key; what the old one signed is led to by one note alone. */
	grow(g, 4 * LEAVES);
	op = ground_op(g);
	assert_good(keyring_make(g->office.keyring, &g->chance, PURPOSE_SIGN,
	    purpose_id(PURPOSE_SIGN), 2, 1, &wrapped));
	assert_good(audit_hand_over(op, 1));
	ground_commit(g);
	keyring_drop_one(g->office.keyring, PURPOSE_SIGN,
	    purpose_id(PURPOSE_SIGN), 1);
	assert_int_equal(bad_note(g), -1);
	note = note_of(g, 4 * LEAVES);
	note_put(g, 4 * LEAVES, turned(g, note, note.n / 2));
	assert_int_equal(bad_note(g), 4 * LEAVES);
	note_put(g, 4 * LEAVES, note);
	assert_int_equal(bad_note(g), -1);
}

static void growth(void **state)
{
	/* Without this the office cannot prove to a holder of two papers
	 * that the later tree begins with the earlier one. */
	struct ground *g = *state;
	struct audit_head other;
	struct growth w;
	uint64_t there;
	bool good;

	grow(g, 13);
	for (uint64_t to = 1; to <= 13; to++) {
		for (uint64_t from = 1; from <= to; from++) {
			assert_good(audit_grown(ground_op(g), from, to, &w));
			assert_true(tree_consistency(from, to,
			    (const uint8_t (*)[32])w.path, w.n, w.from.root,
			    w.to.root));
			assert_good(audit_continues(ground_op(g), &w.from,
			    &w.to, &good, &there));
			assert_true(good);
			assert_int_equal(there, to);
		}
	}
	assert_result(audit_grown(ground_op(g), 0, 13, &w), NOT_FOUND);
	assert_result(audit_grown(ground_op(g), 6, 5, &w), NOT_FOUND);
	assert_result(audit_grown(ground_op(g), 5, 14, &w), NOT_FOUND);

	assert_good(audit_grown(ground_op(g), 5, 13, &w));
	other = w.from;
	other.root[0] ^= 1;
	assert_good(audit_continues(ground_op(g), &other, &w.to, &good,
	    &there));
	assert_false(good);
	other = w.to;
	other.root[31] ^= 1;
	assert_good(audit_continues(ground_op(g), &w.from, &other, &good,
	    &there));
	assert_false(good);
	assert_good(audit_continues(ground_op(g), &w.to, &w.from, &good,
	    &there));
	assert_false(good);
	drop(g, 6);
	assert_good(audit_continues(ground_op(g), &w.from, &w.to, &good,
	    &there));
	assert_false(good);
	assert_int_equal(there, 6);
	assert_result(audit_grown(ground_op(g), 5, 13, &w), CORRUPT);
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
		cmocka_unit_test(foreign_while_open),
		cmocka_unit_test(accepted),
		cmocka_unit_test(head_file_broken),
		cmocka_unit_test(gaps),
		cmocka_unit_test(not_committed),
		cmocka_unit_test(another_node),
		cmocka_unit_test(proofs),
		cmocka_unit_test(another_tree_is_not_signed),
		cmocka_unit_test(a_changed_note_is_not_believed),
		cmocka_unit_test(each_note_that_was_kept_is_read),
		cmocka_unit_test(growth),
	};

	return ground_run(argc, argv, "audit verify", tests, LENGTH(tests));
}
