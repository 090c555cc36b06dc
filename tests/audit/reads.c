#include "ground.h"

#include <string.h>

#include "audit_inside.h"

struct seen_leaves { struct leaf at[40]; size_t n; };

static result keep(void *self, const struct leaf *leaf, text touched)
{
	struct seen_leaves *s = self;

	assert_int_equal(touched.n, 0);
	assert_true(s->n < LENGTH(s->at));
	s->at[s->n++] = *leaf;
	return OK;
}

static int by_event(struct ground *g, enum event event)
{
	struct seen_leaves s = { .n = 0 };
	int n = 0;

	assert_good(audit_each(ground_op(g), 1, keep, &s));
	op_abort(&g->op);
	for (size_t i = 0; i < s.n; i++)
		n += s.at[i].event == event ? 1 : 0;
	return n;
}

static void flush(struct ground *g)
{
	assert_good(audit_flush(ground_op(g)));
	op_abort(&g->op);
}

static void reads_as(struct ground *g, uint64_t user, uint64_t object)
{
	struct op *op = ground_op(g);

	op->user.raw = id_of_number(user);
	audit_read(op, "person", id_of_number(object));
}

static void grouped(void **state)
{
	/* Dies when each glance at a file makes a leaf, or a read by
	 * another, of another file, or after ten minutes makes none. */
	struct ground *g = *state;

	reads_as(g, 1, 7);
	reads_as(g, 1, 7);
	assert_true(audit_waiting(g->office.audit));
	flush(g);
	assert_int_equal(by_event(g, EVENT_READ), 1);
	reads_as(g, 1, 7);
	g->now.ms += READ_AGAIN_MS - 1;
	reads_as(g, 1, 7);
	flush(g);
	assert_int_equal(by_event(g, EVENT_READ), 1);
	reads_as(g, 2, 7);
	reads_as(g, 1, 8);
	flush(g);
	assert_int_equal(by_event(g, EVENT_READ), 3);
	g->now.ms += 1;
	reads_as(g, 1, 7);
	flush(g);
	assert_int_equal(by_event(g, EVENT_READ), 4);
	/* A clock that went back is no reason to be silent. */
	g->now.ms -= 60 * 60 * 1000;
	reads_as(g, 1, 7);
	flush(g);
	assert_int_equal(by_event(g, EVENT_READ), 5);
}

static void told_as_it_was(void **state)
{
	/* Dies when a read leaf has the time, person or session of the
	 * flush instead of those of the read. */
	struct ground *g = *state;
	struct seen_leaves s = { .n = 0 };
	struct op *op = ground_op(g);
	instant then = g->now;
	uint8_t who[16];
	uint8_t what[16];

	op->user.raw = id_of_number(5);
	audit_read(op, "matter", id_of_number(9));
	g->now.ms += 900;
	flush(g);
	assert_good(audit_each(ground_op(g), 1, keep, &s));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.at[0].seq, 1);
	assert_int_equal(s.at[0].at.ms, then.ms);
	assert_int_equal(s.at[0].outcome, OUTCOME_DONE);
	assert_good(audit_pseudonym(g->office.keyring, "user",
	    id_of_number(5), who));
	assert_good(audit_pseudonym(g->office.keyring, "matter",
	    id_of_number(9), what));
	assert_memory_equal(s.at[0].actor, who, 16);
	assert_memory_equal(s.at[0].object, what, 16);
}

static void refused(void **state)
{
	/* Dies when an attempt leaves no trace, or one that looks done. */
	struct ground *g = *state;
	struct seen_leaves s = { .n = 0 };
	const uint8_t nothing[16] = { 0 };

	audit_refused(ground_op(g), EVENT_REFUSED, "person",
	    id_of_number(3));
	audit_refused(ground_op(g), EVENT_REFUSED, NULL, (id){ 0 });
	flush(g);
	assert_good(audit_each(ground_op(g), 1, keep, &s));
	assert_int_equal(s.n, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(s.at[i].event, EVENT_REFUSED);
		assert_int_equal(s.at[i].outcome, OUTCOME_REFUSED);
	}
	assert_memory_not_equal(s.at[0].object, nothing, 16);
	assert_memory_equal(s.at[1].object, nothing, 16);
}

static void lists(void **state)
{
	/* Dies when a list is not told, or its kind and count cannot be
	 * read again from its sealed detail. */
	struct ground *g = *state;
	struct record_place place = { .class = CLASS_AUDIT,
		.table = "audit", .row = id_of_number(1) };
	struct owner owner;
	struct unpacker u;
	struct packed one;
	struct leaf leaf;
	text plain;

	audit_listed(ground_op(g), "people", 50);
	audit_listed(ground_op(g), "people", 50);	/* each page of it */
	flush(g);
	assert_int_equal(by_event(g, EVENT_LISTED), 2);
	assert_good(audit_get(ground_op(g), 1, &leaf));
	assert_good(audit_owner(&g->op, &owner));
	assert_good(open_record(g->arena, &owner, &place, leaf.detail,
	    &plain));
	u = unpack_begin(plain.p, plain.n);
	assert_true(unpack_next(&u, &one));
	assert_int_equal(get_u64(one.value.p), 50);
	assert_true(unpack_next(&u, &one));
	assert_text(one.value, "people");
	assert_false(unpack_next(&u, &one));
	assert_good(unpack_end(&u));
}

static void one_transaction(void **state)
{
	/* Dies when a flush that fails in the middle loses reads, or leaves
	 * some of them told twice. */
	struct ground *g = *state;
	struct audit *a = g->office.audit;
	struct audit_head before = audit_head(a);
	char *long_name = arena_take(g->lasting, 2000);
	struct row_set *rows = NULL;
	struct op *op;
	bool there;

	reads_as(g, 1, 7);
	reads_as(g, 1, 8);
	memset(long_name, 'x', 1999);
	audit_listed(ground_op(g), long_name, 1);
	assert_result(audit_flush(ground_op(g)), TOO_LARGE);
	assert_null(g->op.tx);
	assert_int_equal(a->waiting_n, 3);
	assert_int_equal(audit_head(a).n, before.n);
	op = ground_op(g);
	assert_good(op_begin(op, TX_READ));
	assert_good(store_query(op->tx, &sql_leaf_count, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_int_equal(column_number(rows, "lying"), before.n);
	assert_int_equal(column_number(rows, "counted"), before.n);
	row_end(&rows);
	long_name[6] = '\0';
	flush(g);
	assert_int_equal(a->waiting_n, 0);
	assert_int_equal(audit_head(a).n, before.n + 3);
	assert_int_equal(by_event(g, EVENT_READ), 2);
	assert_int_equal(by_event(g, EVENT_LISTED), 1);
}

static void sealed(void **state)
{
	/* Dies when reads that wait while the office is sealed are lost. */
	struct ground *g = *state;
	struct audit *a = g->office.audit;

	reads_as(g, 1, 7);
	keyring_forget(g->office.keyring);
	flush(g);
	assert_int_equal(a->waiting_n, 1);
	assert_good(facts_load_keys(ground_op(g), &g->root));
	op_abort(&g->op);
	flush(g);
	assert_int_equal(by_event(g, EVENT_READ), 1);
}

static void pressed(void **state)
{
	/* Dies when the dispatcher is not told to write the queue out while
	 * half of it is still free. */
	struct ground *g = *state;
	const struct audit *a = g->office.audit;

	for (uint64_t i = 0; i < READS_MAX / 2; i++) {
		reads_as(g, 1, i + 1);
		assert_false(audit_pressed(a));
	}
	reads_as(g, 1, READS_MAX);
	assert_true(audit_pressed(a));
	flush(g);
	assert_false(audit_pressed(a));
	assert_false(audit_waiting(a));
	assert_int_equal(audit_head(a).n, 1 + READS_MAX / 2 + 1);
}

static void full(void **state)
{
	/* Without this one that looks at a thousand files at once stops the
	 * office for everybody, or looks at the last ones unseen. */
	struct ground *g = *state;
	struct audit *a = g->office.audit;
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE };
	struct op *op;
	uint64_t seq;

	for (uint64_t i = 0; i < READS_MAX; i++) {
		reads_as(g, 1, i + 1);
		assert_false(g->op.unnoted);
	}
	reads_as(g, 1, READS_MAX + 1);
	assert_int_equal(a->waiting_n, READS_MAX);
	op = &g->op;
	assert_true(op->unnoted);
	assert_good(op_begin(op, TX_WRITE));
	assert_result(audit_append(op, &leaf, &seq), BUSY);
	flush(g);
	assert_int_equal(audit_head(a).n, 1 + READS_MAX);
	/* What found no room was not taken for told. */
	reads_as(g, 1, READS_MAX + 1);
	assert_false(g->op.unnoted);
	assert_int_equal(a->waiting_n, 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grouped),
		cmocka_unit_test(told_as_it_was),
		cmocka_unit_test(refused),
		cmocka_unit_test(lists),
		cmocka_unit_test(one_transaction),
		cmocka_unit_test(sealed),
		cmocka_unit_test(pressed),
		cmocka_unit_test(full),
	};

	return ground_run(argc, argv, "audit reads", tests, LENGTH(tests));
}
