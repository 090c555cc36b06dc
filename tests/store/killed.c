/*
 * The server is killed and comes back (fault 20, P11).  Needs a server of
 * its own: killed.test starts one and tells how to kill and start it.
 */
#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void told(const char *variable)
{
	const char *command = getenv(variable);

	assert_non_null(command);
	assert_int_equal(system(command), 0);
}

/* Away: refused within 3 s.  Back: healed within 10 s. */
static void away_and_back(struct ground *g)
{
	struct tx *tx = NULL;
	int64_t began = now_ms();

	assert_result(tx_begin(g->store, TX_READ, &tx), UNAVAILABLE);
	assert_true(now_ms() - began < 3000);
	told("ALAS_TEST_PG_START");
	began = now_ms();
	for (;;) {
		result r = tx_begin(g->store, TX_READ, &tx);

		if (is_ok(r))
			break;
		assert_int_equal(r.code, E_UNAVAILABLE);
		assert_true(now_ms() - began < 10000);
		(void)nanosleep(&(struct timespec){ .tv_nsec = 50000000 },
		    NULL);
	}
	tx_abort(&tx);
	/* The other connection of the ground died too. */
	PQreset(g->other);
}

static void killed_in_a_transaction(void **state)
{
	/* Without this an operation could be half written, or the office
	 * would need a restart after its server's. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;

	thing_put(tx, 1);
	told("ALAS_TEST_PG_KILL");
	assert_result(store_query(tx, &sql_thing_all, NULL, 0, &rows),
	    UNAVAILABLE);
	assert_result(tx_commit(&tx), UNAVAILABLE);
	away_and_back(g);
	tx = ground_begin(g, TX_WRITE);
	assert_false(thing_there(tx, 1));
	thing_put(tx, 1);
	assert_good(tx_commit(&tx));
}

static void killed_before_commit(void **state)
{
	/* Without this a commit nobody heard could be told as done. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, 1);
	told("ALAS_TEST_PG_KILL");
	assert_result(tx_commit(&tx), UNAVAILABLE);
	away_and_back(g);
	tx = ground_begin(g, TX_READ);
	assert_false(thing_there(tx, 1));
	tx_abort(&tx);
}

static void killed_after_commit(void **state)
{
	/* Without this an acknowledged write could be lost (P1). */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, 1);
	assert_good(tx_commit(&tx));
	told("ALAS_TEST_PG_KILL");
	away_and_back(g);
	tx = ground_begin(g, TX_READ);
	assert_true(thing_there(tx, 1));
	tx_abort(&tx);
}

static void killed_between_rows(void **state)
{
	/* Without this a list could end early and look whole. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;
	bool there = true;
	result r = OK;

	assert_good(store_run(tx, &sql_row_fill, (struct arg[]){
	    arg_number("n", 1000), arg_null("record") }, 2, NULL));
	assert_good(tx_commit(&tx));
	tx = ground_begin(g, TX_READ);
	assert_good(store_query(tx, &sql_row_all, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	told("ALAS_TEST_PG_KILL");
	while (is_ok(r) && there)
		r = row_next(rows, &there);
	assert_int_equal(r.code, E_UNAVAILABLE);
	row_end(&rows);
	tx_abort(&tx);
	away_and_back(g);
}

#define ON(f) cmocka_unit_test_prestate_setup_teardown(f, ground_make,       \
    ground_free, &on_postgres)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON(killed_in_a_transaction),
		ON(killed_before_commit),
		ON(killed_after_commit),
		ON(killed_between_rows),
	};

	return cmocka_run_group_tests_name("killed", tests, NULL, NULL);
}
