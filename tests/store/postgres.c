/* What only the PostgreSQL driver promises: where it connects, how long it
 * waits, what a commit is worth, and how it heals (faults
 * 20, 21, 23b, 24). */
#include "ground.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- where it connects ------------------------------------------------ */

static void refuse_where(const char *where, enum error_code code)
{
	struct store *s = NULL;
	result r = store_open(&(struct store_options){ .where = where }, &s);

	if (r.code != code)
		fail_msg("%s gave %s: %s", where, error_name(r),
		    store_message(NULL));
	assert_null(s);
	assert_true(strlen(store_message(NULL)) > 0);
	assert_null(strstr(store_message(NULL), "s3cret"));
}

static void only_protected_ways(void **state)
{
	/* Without this rows and passwords could cross a network in clear. */
	(void)state;
	refuse_where("host=db.example dbname=alas", E_STORE);
	refuse_where("postgresql://u:s3cret@db.example/alas", E_STORE);
	refuse_where("postgresql://u@h/alas?sslmode=require", E_STORE);
	refuse_where("postgres://u@h/alas?sslmode=verify-ca", E_STORE);
	/* An address wins over the socket's folder. */
	refuse_where("host=/run hostaddr=192.0.2.1 dbname=alas", E_STORE);
	/* One bad host of several is enough. */
	refuse_where("host=/run,db.example dbname=alas", E_STORE);
	/* No host: the environment would choose. */
	refuse_where("dbname=alas user=u", E_STORE);
	refuse_where("host=/run service=s dbname=alas", E_STORE);
	refuse_where("host=/a,/b,/c,/d,/e dbname=alas", E_STORE);
	refuse_where("host=/run password='s3cret", E_STORE);
	assert_int_equal(setenv("PGHOSTADDR", "192.0.2.1", 1), 0);
	refuse_where("host=/run dbname=alas", E_STORE);
	assert_int_equal(unsetenv("PGHOSTADDR"), 0);
}

static void no_server(void **state)
{
	/* Without this a server that is away would look like our fault. */
	int64_t began = now_ms();

	(void)state;
	refuse_where("host=/nowhere dbname=alas", E_UNAVAILABLE);
	refuse_where("host=/nowhere,/neither port=1,2 dbname=alas",
	    E_UNAVAILABLE);
	refuse_where("host=127.0.0.1 port=1 sslmode=verify-full dbname=alas",
	    E_UNAVAILABLE);
	/* Documentation's network: nobody answers (P11: within 3 s). */
	refuse_where("host=h hostaddr=192.0.2.1 sslmode=verify-full "
	    "dbname=alas", E_UNAVAILABLE);
	assert_true(now_ms() - began < 4000);
}

static void the_second_host_serves(void **state)
{
	/* Without this a dead first node would stop the office. */
	struct ground *g = *state;
	char where[1100];
	struct store *s = NULL;

	snprintf(where, sizeof(where), "%s host=/nowhere,%s", g->where,
	    PQhost(g->other));
	assert_good(store_open(&(struct store_options){ .where = where },
	    &s));
	store_close(&s);
}

static void only_utf8(void **state)
{
	/* Without this letters would be lost or refused row by row. */
	struct ground *g = *state;
	char where[1100], sql[200];

	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS ascii_%ld",
	    (long)getpid());
	ground_other(g, sql);
	snprintf(sql, sizeof(sql), "CREATE DATABASE ascii_%ld ENCODING "
	    "'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
	    (long)getpid());
	ground_other(g, sql);
	snprintf(where, sizeof(where), "%s dbname=ascii_%ld", g->where,
	    (long)getpid());
	refuse_where(where, E_STORE);
	assert_non_null(strstr(store_message(NULL), "UTF8"));
	snprintf(sql, sizeof(sql), "DROP DATABASE ascii_%ld",
	    (long)getpid());
	ground_other(g, sql);
}

/* ---- the session ------------------------------------------------------ */

static const char *const setting_args[] = { "name" };
static const struct statement setting = { .name = "setting",
	.sql = "SELECT current_setting(:name) AS value",
	.sql_postgres = "SELECT current_setting($1) AS value",
	.args = setting_args, .args_n = 1, .file = "test" };
static const struct statement *const setting_list[] = { &setting, NULL };

static void the_session_is_as_said(void **state)
{
	/* Without this a wait without end, or a commit that is not on disk,
	 * would depend on the server's configuration. */
	static const char *const wanted[][2] = {
		{ "statement_timeout", "5s" }, { "lock_timeout", "2s" },
		{ "idle_in_transaction_session_timeout", "30s" },
		{ "synchronous_commit", "on" },
		{ "default_transaction_isolation", "read committed" },
		{ "transaction_isolation", "repeatable read" },
		{ "transaction_read_only", "on" },
		{ "client_encoding", "UTF8" },
	};
	struct ground *g = *state;
	struct row_set *rows = NULL;
	struct tx *tx;
	bool there = false;

	ground_close(g);
	assert_good(ground_try(g, setting_list, false, &g->store));
	tx = ground_begin(g, TX_READ);
	for (size_t i = 0; i < LENGTH(wanted); i++) {
		assert_good(store_query(tx, &setting, (struct arg[]){
		    arg_text("name", text_of(wanted[i][0])) }, 1, &rows));
		assert_good(row_next(rows, &there));
		assert_true(text_same(column_text(rows, "value"),
		    text_of(wanted[i][1])));
		row_end(&rows);
	}
	tx_abort(&tx);
}

/* ---- types ------------------------------------------------------------ */

static void refuse_statement(struct ground *g, const char *sql,
    const char *const *args, size_t args_n, const char *says)
{
	const struct statement bad = { .name = "bad", .sql = sql,
		.sql_postgres = sql, .args = args, .args_n = args_n,
		.file = "bad.sql" };
	const struct statement *const list[] = { &bad, NULL };
	struct store *s = NULL;

	assert_result(ground_try(g, list, false, &s), STORE);
	assert_non_null(strstr(store_message(NULL), "bad.sql: bad: "));
	if (strstr(store_message(NULL), says) == NULL)
		fail_msg("said: %s", store_message(NULL));
}

static void types_that_we_do_not_read(void **state)
{
	/* Without this a sum would come back as bytes of a decimal. */
	static const char *const limit[] = { "limit" };
	struct ground *g = *state;

	refuse_statement(g, "SELECT sum(v) AS total FROM thing", NULL, 0,
	    "total is neither");
	refuse_statement(g, "SELECT v FROM thing WHERE v < $1 * 1.5", limit,
	    1, "limit is neither");
	refuse_statement(g, "SELECT 1.5 AS half", NULL, 0, "half is neither");
	refuse_statement(g, "SELECT v FROM thing; SELECT 1", NULL, 0, "");
	refuse_statement(g, "SELECT v FROM thing", limit, 1, "arguments");
}

static void arguments_of_another_type(void **state)
{
	/* Without this a number would be cut, and a text kept as bytes. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	assert_result(store_run(tx, &sql_row_fill, (struct arg[]){
	    arg_number("n", INT64_C(1) << 40), arg_null("record") }, 2,
	    NULL), BUG);
	tx_abort(&tx);
	tx = ground_begin(g, TX_WRITE);
	assert_result(store_run(tx, &sql_row_fill, (struct arg[]){
	    arg_number("n", 1), arg_text("record", T("x")) }, 2, NULL), BUG);
	assert_non_null(strstr(store_message(g->store), ":record"));
	tx_abort(&tx);
	tx = ground_begin(g, TX_READ);
	struct row_set *rows = NULL;
	assert_result(store_query(tx, &sql_row_low, (struct arg[]){
	    arg_text("n", T("1")) }, 1, &rows), BUG);
	assert_null(rows);
	tx_abort(&tx);
	tx = ground_begin(g, TX_READ);
	tx_abort(&tx);
}

/* ---- waiting ---------------------------------------------------------- */

static result bump(struct tx *tx, uint64_t n)
{
	id i = id_of(n);

	return store_run(tx, &sql_thing_bump, (struct arg[]){
	    arg_id("id", i), arg_number("v", 1), arg_text("name", T("x")) },
	    3, NULL);
}

static void put_one(struct ground *g, uint64_t n)
{
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, n);
	assert_good(tx_commit(&tx));
}

static void a_lock_is_busy(void **state)
{
	/* Without this one stuck transaction would hold the whole office. */
	struct ground *g = *state;
	struct tx *tx;
	int64_t began;

	put_one(g, 1);
	ground_other(g, "BEGIN; UPDATE thing SET v = v");
	tx = ground_begin(g, TX_WRITE);
	began = now_ms();
	assert_result(bump(tx, 1), BUSY);
	assert_in_range(now_ms() - began, 1500, 3500);
	assert_result(tx_commit(&tx), BUSY);
	ground_other(g, "ROLLBACK");
	tx = ground_begin(g, TX_WRITE);
	assert_good(bump(tx, 1));
	assert_good(tx_commit(&tx));
}

static int64_t version_of(struct tx *tx, uint64_t n)
{
	struct row_set *rows = NULL;
	bool there = false;
	id i = id_of(n);
	int64_t v;

	assert_good(store_query(tx, &sql_thing_get, (struct arg[]){
	    arg_id("id", i) }, 1, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	v = column_number(rows, "v");
	row_end(&rows);
	return v;
}

static void one_writes_at_a_time(void **state)
{
	/* Without this a second office could commit what it sealed by a key
	 * that the first one deletes meanwhile. */
	struct ground *g = *state;
	struct store *second = NULL;
	struct tx *first, *tx = NULL;
	int64_t began;

	put_one(g, 1);
	assert_good(ground_try(g, test_statements, false, &second));
	first = ground_begin(g, TX_WRITE);
	began = now_ms();
	assert_result(tx_begin(second, TX_WRITE, &tx), BUSY);
	assert_null(tx);
	assert_in_range(now_ms() - began, 1500, 3500);
	/* Who reads waits for nobody, and sees one moment. */
	assert_good(tx_begin(second, TX_READ, &tx));
	assert_int_equal(version_of(tx, 1), 1);
	assert_good(bump(first, 1));
	assert_good(tx_commit(&first));
	assert_int_equal(version_of(tx, 1), 1);
	tx_abort(&tx);
	/* Who writes sees what was committed before. */
	assert_good(tx_begin(second, TX_WRITE, &tx));
	assert_int_equal(version_of(tx, 1), 2);
	tx_abort(&tx);
	store_close(&second);
}

static void a_deadlock_is_busy(void **state)
{
	/* Without this the loser of a deadlock would look like our fault. */
	struct ground *g = *state;
	struct tx *tx;
	result r;

	put_one(g, 1);
	put_one(g, 2);
	ground_other(g, "BEGIN; UPDATE thing SET v = v WHERE id = "
	    "decode('00000000000000000000000000000001', 'hex')");
	tx = ground_begin(g, TX_WRITE);
	assert_good(bump(tx, 2));
	/* Who waits first finds the deadlock, after deadlock_timeout: us. */
	assert_int_equal(PQsendQuery(g->other, "SELECT pg_sleep(0.5); "
	    "UPDATE thing SET v = v WHERE id = "
	    "decode('00000000000000000000000000000002', 'hex')"), 1);
	r = bump(tx, 1);
	assert_int_equal(r.code, E_BUSY);
	assert_non_null(strstr(store_message(g->store), "deadlock"));
	tx_abort(&tx);
	for (PGresult *got; (got = PQgetResult(g->other)) != NULL; )
		PQclear(got);
	ground_other(g, "ROLLBACK");
}

static void too_long_is_busy(void **state)
{
	/* Without this a statement could run for ever. */
	static const struct statement slow = { .name = "slow",
		.sql = "SELECT v FROM slow", .sql_postgres =
		"SELECT v FROM slow", .file = "test" };
	static const struct statement *const list[] = { &slow, NULL };
	struct ground *g = *state;
	struct row_set *rows = NULL;
	struct tx *tx;
	int64_t began = now_ms();

	ground_other(g, "CREATE VIEW slow AS "
	    "SELECT 1 AS v FROM (SELECT pg_sleep(20)) AS s");
	ground_close(g);
	assert_good(ground_try(g, list, false, &g->store));
	tx = ground_begin(g, TX_READ);
	assert_result(store_query(tx, &slow, NULL, 0, &rows), BUSY);
	assert_in_range(now_ms() - began, 4500, 6500);
	tx_abort(&tx);
}

static void a_slow_reader_is_not_cut(void **state)
{
	/* Without this a rebuild that opens records for longer than the
	 * server's statement timeout would never end. */
	struct ground *g = *state;
	struct row_set *rows = NULL;
	char *record = calloc(1, 20000);
	struct tx *tx = ground_begin(g, TX_WRITE);
	bool there = false;
	int64_t n = 0;

	assert_non_null(record);
	assert_good(store_run(tx, &sql_row_fill, (struct arg[]){
	    arg_number("n", 1000),
	    arg_blob("record", ((text){ record, 20000 })) }, 2, NULL));
	free(record);
	assert_good(tx_commit(&tx));
	tx = ground_begin(g, TX_READ);
	assert_good(store_query(tx, &sql_row_all, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	sleep(6);
	for (; there; n++)
		assert_good(row_next(rows, &there));
	assert_int_equal(n, 1000);
	row_end(&rows);
	assert_good(tx_commit(&tx));
}

/* ---- what a commit is worth ------------------------------------------- */

static void a_warning_is_not_a_commit(void **state)
{
	/* Without this a commit that gave up waiting for its standby would
	 * be told as "Guardado", and lost at the switchover. */
	struct ground *g = *state;
	struct tx *tx;

	ground_other(g,
	    "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS "
	    "$$ BEGIN RAISE WARNING 'canceling wait'; RETURN NULL; END $$;"
	    "CREATE CONSTRAINT TRIGGER w AFTER INSERT ON thing DEFERRABLE "
	    "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()");
	tx = ground_begin(g, TX_WRITE);
	thing_put(tx, 1);
	assert_result(tx_commit(&tx), UNAVAILABLE);
	assert_null(tx);
	assert_non_null(strstr(store_message(g->store), "canceling wait"));
	/* A warning of an earlier statement says nothing of the commit. */
	ground_other(g, "DROP TRIGGER w ON thing; CREATE TRIGGER w AFTER "
	    "INSERT ON thing FOR EACH ROW EXECUTE FUNCTION warn()");
	tx = ground_begin(g, TX_WRITE);
	thing_put(tx, 2);
	assert_good(tx_commit(&tx));
}

static void refused_at_commit(void **state)
{
	/* Without this a constraint that speaks at commit would be lost. */
	struct ground *g = *state;
	struct tx *tx;

	ground_other(g, "ALTER TABLE thing ADD CONSTRAINT one_name "
	    "UNIQUE (name) DEFERRABLE INITIALLY DEFERRED");
	tx = ground_begin(g, TX_WRITE);
	thing_put(tx, 1);
	thing_put(tx, 2);
	assert_result(tx_commit(&tx), CONFLICT);
	assert_non_null(strstr(store_message(g->store), "one_name"));
	tx = ground_begin(g, TX_READ);
	assert_false(thing_there(tx, 1));
	tx_abort(&tx);
}

/* ---- healing ---------------------------------------------------------- */

static const char *backend(struct ground *g)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT pid FROM pg_stat_activity WHERE "
	    "application_name = 'store_%ld' "
	    "ORDER BY backend_start DESC LIMIT 1", (long)getpid());
	return ground_other(g, sql);
}

static void cut(struct ground *g)
{
	char sql[100];

	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%s, 5000)",
	    backend(g));
	assert_string_equal(ground_other(g, sql), "t");
}

static void a_connection_cut_while_idle(void **state)
{
	/* Without this the first request after a restart would fail. */
	struct ground *g = *state;
	struct tx *tx;

	put_one(g, 1);
	cut(g);
	tx = ground_begin(g, TX_READ);
	assert_true(thing_there(tx, 1));
	tx_abort(&tx);
	cut(g);
	assert_result(store_check(g->store), UNAVAILABLE);
	assert_good(store_check(g->store));
}

static void a_connection_cut_in_a_transaction(void **state)
{
	/* Without this half an operation would go on in a new connection. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, 1);
	cut(g);
	assert_result(bump(tx, 1), UNAVAILABLE);
	assert_result(bump(tx, 1), UNAVAILABLE);
	assert_result(tx_commit(&tx), UNAVAILABLE);
	tx = ground_begin(g, TX_WRITE);
	assert_false(thing_there(tx, 1));
	thing_put(tx, 1);
	cut(g);
	assert_result(tx_commit(&tx), UNAVAILABLE);
	put_one(g, 1);
}

static void a_connection_cut_between_rows(void **state)
{
	/* Without this a list could end early and look whole. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;
	bool there = true;
	result r = OK;
	int n = 0;

	assert_good(store_run(tx, &sql_row_fill, (struct arg[]){
	    arg_number("n", 1000), arg_null("record") }, 2, NULL));
	assert_good(tx_commit(&tx));
	tx = ground_begin(g, TX_READ);
	assert_good(store_query(tx, &sql_row_all, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	cut(g);
	for (; is_ok(r) && there; n++)
		r = row_next(rows, &there);
	assert_int_equal(r.code, E_UNAVAILABLE);
	assert_true(n < 1000);
	row_end(&rows);
	tx_abort(&tx);
}

static void migrated_by_another_node(void **state)
{
	/* Without this an old program would write into a newer database
	 * after it lost its connection. */
	struct ground *g = *state;
	struct tx *tx = NULL;

	ground_other(g,
	    "INSERT INTO migration (number, name) VALUES (9999, 'newer')");
	cut(g);
	assert_result(tx_begin(g->store, TX_READ, &tx), UNAVAILABLE);
	assert_non_null(strstr(store_message(g->store), "9999"));
}

static void a_changed_table_heals(void **state)
{
	/* Without this a column's new type would fail until a restart. */
	struct ground *g = *state;
	struct tx *tx;
	struct row_set *rows = NULL;
	bool there;

	tx = ground_begin(g, TX_WRITE);
	assert_good(store_query(tx, &sql_counter_next, NULL, 0, &rows));
	row_end(&rows);
	assert_good(tx_commit(&tx));
	ground_other(g, "ALTER TABLE counter ALTER n TYPE integer");
	tx = ground_begin(g, TX_WRITE);
	assert_result(store_query(tx, &sql_counter_next, NULL, 0, &rows),
	    UNAVAILABLE);
	tx_abort(&tx);
	tx = ground_begin(g, TX_WRITE);
	assert_good(store_query(tx, &sql_counter_next, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_int_equal(column_number(rows, "n"), 2);
	row_end(&rows);
	tx_abort(&tx);
}

static void one_migrates_at_a_time(void **state)
{
	/* Without this two nodes that start together would both migrate. */
	struct ground *g = *state;
	size_t n = 0;

	ground_close(g);
	while (g->migrations[n].number != 0)
		n++;
	g->migrations[n] = (struct migration){ 9001, "9001-b",
	    "CREATE TABLE later (id BIGINT);" };
	assert_good(ground_try(g, test_statements, false, &g->store));
	ground_other(g, "SELECT pg_advisory_lock(1634492787, "
	    "current_schema()::regnamespace::oid::integer)");
	assert_result(store_migrate(g->store), BUSY);
	ground_other(g, "SELECT pg_advisory_unlock(1634492787, "
	    "current_schema()::regnamespace::oid::integer)");
	assert_good(store_migrate(g->store));
}

static void a_role_without_ddl(void **state)
{
	/* Without this the office would need the right to change its own
	 * schema. */
	struct ground *g = *state;
	char sql[400], where[1100];
	static const char *const beyond[][2] = {
		{ "CREATE TABLE beyond (id bigint)", NULL },
		{ "ALTER TABLE thing ADD beyond bigint", NULL },
		{ "DROP TABLE thing", NULL },
		{ "TRUNCATE thing", NULL },
		{ "CREATE ROLE beyond", NULL },
	};
	struct migration more[32] = { { 0 } };
	struct store *s = NULL;
	struct tx *tx = NULL;
	long me = (long)getpid();
	size_t n = 0;

	snprintf(sql, sizeof(sql), "CREATE ROLE plain_%ld LOGIN;"
	    "GRANT USAGE ON SCHEMA store_%ld TO plain_%ld;"
	    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
	    "store_%ld TO plain_%ld", me, me, me, me, me);
	ground_other(g, sql);
	snprintf(where, sizeof(where), "%s user=plain_%ld", g->where, me);
	assert_good(store_open_with(&(struct store_options){
	    .where = where, .statements = test_statements }, g->migrations,
	    &s));
	assert_good(store_migrate(s));
	assert_good(tx_begin(s, TX_WRITE, &tx));
	thing_put(tx, 1);
	assert_good(tx_commit(&tx));
	/* It serves, and that is all it can. */
	for (size_t i = 0; i < LENGTH(beyond); i++) {
		assert_result(store_add(s, beyond[i]), STORE);
		assert_non_null(strstr(store_message(s), "42501"));
	}
	assert_result(store_compact(s), STORE);
	assert_non_null(strstr(store_message(s), "another owner"));
	snprintf(sql, sizeof(sql), "DO $$ BEGIN EXECUTE format('GRANT %%I TO "
	    "plain_%ld', current_user); END $$; ALTER ROLE plain_%ld "
	    "NOINHERIT", me, me);
	ground_other(g, sql);
	assert_good(store_compact(s));
	assert_result(store_add(s, beyond[0]), STORE);
	store_close(&s);
	while (g->migrations[n].number != 0)
		n++;
	memcpy(more, g->migrations, n * sizeof(more[0]));
	more[n] = (struct migration){ g->migrations[n - 1].number + 1,
		"by the owner", "CREATE TABLE later (id bigint PRIMARY KEY)" };
	assert_good(store_open_with(&(struct store_options){
	    .where = where, .statements = test_statements }, more, &s));
	assert_good(store_migrate(s));
	assert_result(store_add(s, beyond[0]), STORE);
	store_close(&s);
	ground_other(g, "DROP TABLE later");
	snprintf(sql, sizeof(sql), "REVOKE ALL ON ALL TABLES IN SCHEMA "
	    "store_%ld FROM plain_%ld; REVOKE ALL ON SCHEMA store_%ld FROM "
	    "plain_%ld; DROP ROLE plain_%ld", me, me, me, me, me);
	ground_other(g, sql);
}

static void a_frozen_server(void **state)
{
	/* Without this a server that acknowledges and never answers would
	 * stop the office for ever. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	pid_t pid = (pid_t)atol(backend(g));
	int64_t began;

	thing_put(tx, 1);
	if (kill(pid, SIGSTOP) != 0) {
		tx_abort(&tx);
		skip();		/* somebody else's server */
	}
	began = now_ms();
	assert_result(bump(tx, 1), UNAVAILABLE);
	assert_in_range(now_ms() - began, 5500, 7500);
	tx_abort(&tx);
	assert_int_equal(kill(pid, SIGCONT), 0);
	tx = ground_begin(g, TX_WRITE);
	assert_false(thing_there(tx, 1));
	tx_abort(&tx);
	/* Frozen while idle: told soon, and not asked twice. */
	pid = (pid_t)atol(backend(g));
	assert_int_equal(kill(pid, SIGSTOP), 0);
	began = now_ms();
	assert_result(tx_begin(g->store, TX_READ, &tx), UNAVAILABLE);
	assert_in_range(now_ms() - began, 1500, 3000);
	assert_int_equal(kill(pid, SIGCONT), 0);
	put_one(g, 1);
}

#define ON(f) cmocka_unit_test_prestate_setup_teardown(f, ground_make,       \
    ground_free, &on_postgres)

int main(void)
{
	const struct CMUnitTest nowhere[] = {
		cmocka_unit_test(only_protected_ways),
		cmocka_unit_test(no_server),
	};
	const struct CMUnitTest server[] = {
		ON(the_second_host_serves),
		ON(only_utf8),
		ON(the_session_is_as_said),
		ON(types_that_we_do_not_read),
		ON(arguments_of_another_type),
		ON(a_lock_is_busy),
		ON(one_writes_at_a_time),
		ON(a_deadlock_is_busy),
		ON(too_long_is_busy),
		ON(a_slow_reader_is_not_cut),
		ON(a_warning_is_not_a_commit),
		ON(refused_at_commit),
		ON(a_connection_cut_while_idle),
		ON(a_connection_cut_in_a_transaction),
		ON(a_connection_cut_between_rows),
		ON(migrated_by_another_node),
		ON(a_changed_table_heals),
		ON(one_migrates_at_a_time),
		ON(a_role_without_ddl),
		ON(a_frozen_server),
	};
	int failed = cmocka_run_group_tests_name("no server", nowhere, NULL,
	    NULL);

	if (postgres_address() == NULL) {
		printf("# PostgreSQL is skipped: ALAS_TEST_PG is not set\n");
		return failed;
	}
	return failed + cmocka_run_group_tests_name("a server", server, NULL,
	    NULL);
}
