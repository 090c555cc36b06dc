/* What store.h promises, once on SQLite and once on PostgreSQL. */
#include "ground.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- migrations ------------------------------------------------------- */

static void migrates_once(void **state)
{
	/* Without this a program could work on tables it does not know. */
	struct ground *g = *state;
	int at = -1, head = -1;
	struct tx *tx;

	assert_good(store_migration(g->store, &at, &head));
	assert_int_equal(at, 9000);
	assert_int_equal(head, 9000);
	assert_good(store_migrate(g->store));
	tx = ground_begin(g, TX_WRITE);
	thing_put(tx, 1);
	assert_good(tx_commit(&tx));
	/* At the head already: ready without store_migrate. */
	ground_close(g);
	assert_good(ground_try(g, test_statements, false, &g->store));
	tx = ground_begin(g, TX_READ);
	assert_true(thing_there(tx, 1));
	tx_abort(&tx);
}

static void nothing_begins_before_the_head(void **state)
{
	/* Without this an unmigrated database would fail row by row. */
	struct ground *g = *state;
	struct tx *tx = NULL;

	ground_close(g);
	for (size_t n = 0; ; n++) {
		if (g->migrations[n].number == 0) {
			g->migrations[n] = (struct migration){ 9001, "9001-b",
			    "CREATE TABLE later (id BIGINT);" };
			break;
		}
	}
	assert_good(ground_try(g, test_statements, false, &g->store));
	assert_result(tx_begin(g->store, TX_READ, &tx), UNAVAILABLE);
	assert_null(tx);
	assert_non_null(strstr(store_message(g->store), "9001"));
	assert_good(store_migrate(g->store));
	tx = ground_begin(g, TX_READ);
	tx_abort(&tx);
}

static void newer_than_the_program(void **state)
{
	/* Without this an old program would write into a newer database. */
	struct ground *g = *state;
	struct tx *tx = NULL;
	int at, head;

	ground_script(g,
	    "INSERT INTO migration (number, name) VALUES (9999, 'newer')");
	ground_close(g);
	assert_good(ground_try(g, test_statements, false, &g->store));
	assert_result(store_migrate(g->store), CONFLICT);
	assert_non_null(strstr(store_message(g->store), "9999"));
	assert_result(tx_begin(g->store, TX_READ, &tx), UNAVAILABLE);
	assert_good(store_migration(g->store, &at, &head));
	assert_int_equal(at, 9999);
	assert_int_equal(head, 9000);
}

static void failed_migration_leaves_the_one_before(void **state)
{
	/* Without this half a migration would stay (P13). */
	struct ground *g = *state;
	size_t n = 0;
	int at, head;

	ground_close(g);
	while (g->migrations[n].number != 0)
		n++;
	g->migrations[n] = (struct migration){ 9001, "9001-half",
	    "CREATE TABLE half (id BIGINT);\nINSERT INTO nowhere VALUES (1);" };
	assert_good(ground_try(g, test_statements, false, &g->store));
	assert_result(store_migrate(g->store), STORE);
	assert_non_null(strstr(store_message(g->store), "9001-half"));
	assert_good(store_migration(g->store, &at, &head));
	assert_int_equal(at, 9000);
	/* The table is not there, so it can be made. */
	g->migrations[n].sql = "CREATE TABLE half (id BIGINT);";
	assert_good(store_migrate(g->store));
}

static void a_migration_may_be_opened_for_reading_only(void **state)
{
	/* Without this a tool that only looks could change the schema. */
	struct ground *g = *state;
	size_t n = 0;

	ground_close(g);
	while (g->migrations[n].number != 0)
		n++;
	g->migrations[n] = (struct migration){ 9001, "9001-b",
	    "CREATE TABLE later (id BIGINT);" };
	assert_good(ground_try(g, test_statements, true, &g->store));
	assert_result(store_migrate(g->store), BUG);
}

static void the_floor_is_there(void **state)
{
	/* Without this a room would find its system table missing or with
	 * other columns. */
	static const char *const rows[] = { "session", "token", "invitation",
		"draft", "setting", "saved_view", "credential", "once",
		"import" };
	struct ground *g = *state;
	char sql[256];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		snprintf(sql, sizeof(sql),
		    "SELECT id, v, seq, record FROM %s", rows[i]);
		ground_script(g, sql);
	}
	ground_script(g, "SELECT id, header FROM vault");
	ground_script(g, "SELECT id, kind, epoch, record FROM key");
	ground_script(g, "SELECT seq, leaf, record, detail FROM audit");
	ground_script(g, "SELECT n FROM audit_head WHERE id = 1");
	ground_script(g, "SELECT table_no, id, class, v, record FROM history");
	ground_script(g, "SELECT id, v, seq, note FROM checkpoint");
	ground_script(g, "SELECT id, day FROM tombstone");
}

static void all_migrations_reach_the_head(void **state)
{
	/* Without this a migration could speak one engine's dialect. */
	struct ground *g = *state;
	struct store *s = NULL;
	int at = -1, head = -1, last = 0;
	result r;

	ground_empty(g);
	assert_good(store_open(&(struct store_options){ .where = g->where },
	    &s));
	assert_good(store_migration(s, &at, &head));
	assert_int_equal(at, 0);
	r = store_migrate(s);
	if (!is_ok(r))
		fail_msg("%s: %s", error_name(r), store_message(s));
	assert_good(store_migration(s, &at, &head));
	for (size_t i = 0; store_migrations[i].number != 0; i++) {
		assert_true(store_migrations[i].number > last);
		last = store_migrations[i].number;
	}
	assert_int_equal(at, last);
	assert_int_equal(head, last);
	store_close(&s);
}

static void a_statement_that_does_not_prepare(void **state)
{
	/* Without this a misspelt column would wait for its first user. */
	static const struct statement bad = { .name = "bad_one",
		.sql = "SELECT nothing FROM thing",
		.sql_postgres = "SELECT nothing FROM thing",
		.file = "bad.sql" };
	static const struct statement *const list[] = { &bad, NULL };
	struct ground *g = *state;
	struct store *s = NULL;

	ground_close(g);
	assert_result(ground_try(g, list, false, &s), STORE);
	assert_null(s);
	assert_non_null(strstr(store_message(NULL), "bad.sql: bad_one: "));
	assert_non_null(strstr(store_message(NULL), "nothing"));
}

static void arguments_must_be_as_listed(void **state)
{
	/* Without this a hand-made statement could bind the wrong value. */
	static const char *const args[] = { "other" };
	static const struct statement bad = { .name = "bad_args",
		.sql = "SELECT v FROM thing WHERE id = :id AND v = :v",
		.sql_postgres = "SELECT v FROM thing WHERE id = $1 AND v = $2",
		.args = args, .args_n = 1, .file = "bad.sql" };
	static const struct statement *const list[] = { &bad, NULL };
	static const struct statement *const twice[] = { &sql_thing_all,
		&sql_thing_all, NULL };
	struct ground *g = *state;
	struct store *s = NULL;

	ground_close(g);
	assert_result(ground_try(g, list, false, &s), STORE);
	assert_non_null(strstr(store_message(NULL), "arguments"));
	assert_result(ground_try(g, twice, false, &s), BUG);
	assert_non_null(strstr(store_message(NULL), "thing_all"));
}

/* ---- values ----------------------------------------------------------- */

static void put_and_get(struct ground *g, const struct arg args[4])
{
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;
	bool there = false;

	assert_good(store_run(tx, &sql_thing_add, args, 4, NULL));
	assert_good(tx_commit(&tx));
	assert_null(tx);
	tx = ground_begin(g, TX_READ);
	assert_good(store_query(tx, &sql_thing_get, args, 1, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	assert_true(text_same(column_blob(rows, "id"), args[0].bytes));
	assert_int_equal(column_number(rows, "v"), args[1].number);
	assert_int_equal(column_null(rows, "name"), args[2].kind == ARG_NULL);
	assert_true(text_same(column_text(rows, "name"), args[2].bytes));
	assert_int_equal(column_null(rows, "record"),
	    args[3].kind == ARG_NULL);
	assert_true(text_same(column_blob(rows, "record"), args[3].bytes));
	assert_int_equal(at_number(rows, column_at(rows, "v")),
	    args[1].number);
	assert_true(text_same(at_bytes(rows, column_at(rows, "record")),
	    args[3].bytes));
	assert_int_equal(at_null(rows, column_at(rows, "name")),
	    args[2].kind == ARG_NULL);
	assert_good(row_next(rows, &there));
	assert_false(there);
	assert_good(row_next(rows, &there));
	assert_false(there);
	row_end(&rows);
	assert_null(rows);
	tx_abort(&tx);
}

static void values_come_back(void **state)
{
	/* Without this a value could change on its way to disk and back:
	 * NULL, empty, all bytes, both ends of the numbers, letters. */
	struct ground *g = *state;
	char all[256];
	id i;

	for (int n = 0; n < 256; n++)
		all[n] = (char)n;
	i = id_of(1);
	put_and_get(g, (struct arg[]){ arg_id("id", i), arg_number("v", 0),
	    arg_null("name"), arg_null("record") });
	i = id_of(2);
	put_and_get(g, (struct arg[]){ arg_id("id", i),
	    arg_number("v", INT64_MIN), arg_text("name", text_of(NULL)),
	    arg_blob("record", text_of(NULL)) });
	i = id_of(3);
	put_and_get(g, (struct arg[]){ arg_id("id", i),
	    arg_number("v", INT64_MAX),
	    arg_text("name", T("Ñahui Huamán \\x41 'a' $1 :v \"b\"")),
	    arg_blob("record", ((text){ all, sizeof(all) })) });
	i = id_of(4);
	put_and_get(g, (struct arg[]){ arg_id("id", i), arg_number("v", -1),
	    arg_text("name", T("\xf0\x9f\xa6\x99")),
	    arg_blob("record", T("\\x00")) });
}

static void the_largest_value(void **state)
{
	/* Without this the limit would be a wish. */
	struct ground *g = *state;
	char *p = malloc((size_t)STORE_VALUE_MAX + 1);
	struct tx *tx;
	id i = id_of(1);

	assert_non_null(p);
	for (size_t n = 0; n < (size_t)STORE_VALUE_MAX + 1; n++)
		p[n] = (char)(n * 7 + n / 251);
	put_and_get(g, (struct arg[]){ arg_id("id", i), arg_number("v", 1),
	    arg_null("name"), arg_blob("record",
	    ((text){ p, STORE_VALUE_MAX })) });
	tx = ground_begin(g, TX_WRITE);
	i = id_of(2);
	assert_result(store_run(tx, &sql_thing_add, (struct arg[]){
	    arg_id("id", i), arg_number("v", 1), arg_null("name"),
	    arg_blob("record", ((text){ p, (size_t)STORE_VALUE_MAX + 1 })) },
	    4, NULL), TOO_LARGE);
	assert_result(tx_commit(&tx), TOO_LARGE);
	free(p);
}

static void small_numbers(void **state)
{
	/* Without this a CASE or a comparison would read as nonsense on the
	 * engine that gives it fewer bytes. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;
	bool there = false;
	id i = id_of(1);

	thing_put(tx, 1);
	assert_good(store_query(tx, &sql_thing_judged, (struct arg[]){
	    arg_number("v", 1), arg_id("id", i) }, 2, &rows));
	assert_good(row_next(rows, &there));
	assert_int_equal(column_number(rows, "same"), 1);
	assert_int_equal(column_number(rows, "more"), 0);
	assert_int_equal(column_number(rows, "things"), 1);
	row_end(&rows);
	tx_abort(&tx);
}

static void another_type_loses_the_transaction(void **state)
{
	/* Without this a damaged row would be taken for a value. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;
	bool there = false;

	thing_put(tx, 1);
	assert_good(store_query(tx, &sql_thing_all, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_int_equal(column_number(rows, "name"), 0);
	assert_non_null(strstr(store_message(g->store), "name"));
	assert_result(row_next(rows, &there), CORRUPT);
	row_end(&rows);
	assert_result(tx_commit(&tx), CORRUPT);
	tx = ground_begin(g, TX_WRITE);
	assert_good(store_run(tx, &sql_thing_add, (struct arg[]){
	    arg_blob("id", T("short")), arg_number("v", 1), arg_null("name"),
	    arg_null("record") }, 4, NULL));
	assert_good(store_query(tx, &sql_thing_all, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_true(id_none(column_id(rows, "record")));
	assert_true(is_ok(tx->lost));
	assert_true(id_none(column_id(rows, "id")));
	row_end(&rows);
	assert_result(tx_commit(&tx), CORRUPT);
}

static void a_column_that_is_not_there(void **state)
{
	/* Without this a misspelt column would read as empty for ever. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_READ);
	struct row_set *rows = NULL;
	int status = 0;
	pid_t child;

	assert_good(store_query(tx, &sql_thing_all, NULL, 0, &rows));
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		assert_non_null(freopen("/dev/null", "w", stderr));
		signal(SIGABRT, SIG_DFL);
		column_at(rows, "nmae");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	row_end(&rows);
	tx_abort(&tx);
}

/* ---- calling wrongly -------------------------------------------------- */

static void refuse_args(struct ground *g, const struct arg *args, size_t n,
    const char *says)
{
	struct tx *tx = ground_begin(g, TX_WRITE);

	assert_result(store_run(tx, &sql_thing_bump, args, n, NULL), BUG);
	if (strstr(store_message(g->store), says) == NULL)
		fail_msg("said: %s", store_message(g->store));
	assert_result(tx_commit(&tx), BUG);
}

static void wrong_arguments(void **state)
{
	/* Without this a forgotten argument would be written as NULL, and
	 * the engines would differ about text that is none. */
	struct ground *g = *state;
	id i = id_of(1);

	refuse_args(g, (struct arg[]){ arg_id("id", i), arg_number("v", 1) },
	    2, ":name is missing");
	refuse_args(g, (struct arg[]){ arg_id("id", i), arg_number("v", 1),
	    arg_null("name"), arg_null("extra") }, 4, ":extra is not one");
	refuse_args(g, (struct arg[]){ arg_id("id", i), arg_number("v", 1),
	    arg_number("v", 1) }, 3, ":v is given twice");
	refuse_args(g, (struct arg[]){ arg_id("id", i), arg_number("v", 1),
	    arg_text("name", T("\xff")) }, 3, ":name is not UTF-8");
	refuse_args(g, (struct arg[]){ arg_id("id", i), arg_number("v", 1),
	    arg_text("name", T("a\0b")) }, 3, ":name is not UTF-8");
}

static void any_order_of_arguments(void **state)
{
	/* Without this arguments would go by place, not by name. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	int64_t changed = -1;
	id i = id_of(1);

	thing_put(tx, 1);
	assert_good(store_run(tx, &sql_thing_bump, (struct arg[]){
	    arg_number("v", 1), arg_text("name", T("x")), arg_id("id", i) },
	    3, &changed));
	assert_int_equal(changed, 1);
	/* The version is another now: nothing changes. */
	assert_good(store_run(tx, &sql_thing_bump, (struct arg[]){
	    arg_id("id", i), arg_number("v", 1), arg_text("name", T("y")) },
	    3, &changed));
	assert_int_equal(changed, 0);
	assert_good(tx_commit(&tx));
}

static void wrong_calls(void **state)
{
	/* Without this the engines would differ where we are at fault. */
	static const struct statement stranger = { .name = "stranger",
		.sql = "SELECT 1", .sql_postgres = "SELECT 1",
		.file = "other.sql" };
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_READ), *second = NULL;
	struct row_set *rows = NULL;

	assert_result(tx_begin(g->store, TX_READ, &second), BUG);
	assert_null(second);
	assert_result(store_rest(g->store), BUG);
	assert_result(store_check(g->store), BUG);
	assert_result(store_migrate(g->store), BUG);
	assert_ptr_equal(tx_store(tx), g->store);
	assert_result(store_query(tx, &stranger, NULL, 0, &rows), BUG);
	assert_null(rows);
	tx_abort(&tx);
	tx = ground_begin(g, TX_READ);
	assert_result(store_run(tx, &sql_counter_next, NULL, 0, NULL), BUG);
	tx_abort(&tx);
	tx = ground_begin(g, TX_READ);
	assert_result(store_query(tx, &sql_counter_next, NULL, 0, &rows),
	    BUG);
	tx_abort(&tx);
	tx = ground_begin(g, TX_WRITE);
	assert_result(store_run(tx, &sql_counter_get, NULL, 0, NULL), BUG);
	tx_abort(&tx);
	tx_abort(&tx);
	row_end(&rows);
}

/* ---- transactions ----------------------------------------------------- */

static void abort_takes_all_back(void **state)
{
	/* Without this a refused operation would leave its first half. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, 1);
	assert_true(thing_there(tx, 1));
	tx_abort(&tx);
	assert_null(tx);
	tx = ground_begin(g, TX_WRITE);
	assert_false(thing_there(tx, 1));
	thing_put(tx, 2);
	/* So does closing. */
	ground_open(g);
	tx = ground_begin(g, TX_READ);
	assert_false(thing_there(tx, 2));
	tx_abort(&tx);
}

static void commit_stays(void **state)
{
	/* Without this "Guardado" would be a hope (P1). */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, 1);
	assert_good(tx_commit(&tx));
	ground_open(g);
	tx = ground_begin(g, TX_READ);
	assert_true(thing_there(tx, 1));
	assert_good(tx_commit(&tx));
}

static void conflict(struct ground *g, const struct statement *st,
    const struct arg *args, size_t n)
{
	struct tx *tx = ground_begin(g, TX_WRITE);
	struct row_set *rows = NULL;

	thing_put(tx, 7);
	assert_result(store_run(tx, st, args, n, NULL), CONFLICT);
	/* Lost alike on both engines, whatever is tried. */
	assert_result(store_run(tx, &sql_counter_next, NULL, 0, NULL),
	    CONFLICT);
	assert_result(store_query(tx, &sql_thing_all, NULL, 0, &rows),
	    CONFLICT);
	assert_result(tx_commit(&tx), CONFLICT);
	assert_null(tx);
	tx = ground_begin(g, TX_READ);
	assert_false(thing_there(tx, 7));
	tx_abort(&tx);
}

static void constraints_are_conflicts(void **state)
{
	/* Without this a broken rule of the schema would look like a fault,
	 * or half of the operation would stay. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);
	id one = id_of(1), nine = id_of(9), two = id_of(2);

	thing_put(tx, 1);
	assert_good(store_run(tx, &sql_part_add, (struct arg[]){
	    arg_id("thing_id", one), arg_number("n", 1) }, 2, NULL));
	assert_good(tx_commit(&tx));
	conflict(g, &sql_thing_add, (struct arg[]){ arg_id("id", one),
	    arg_number("v", 1), arg_null("name"), arg_null("record") }, 4);
	conflict(g, &sql_part_add, (struct arg[]){ arg_id("thing_id", nine),
	    arg_number("n", 1) }, 2);
	conflict(g, &sql_part_add, (struct arg[]){ arg_id("thing_id", one),
	    arg_null("n") }, 2);
	conflict(g, &sql_thing_remove, (struct arg[]){ arg_id("id", one) },
	    1);
	conflict(g, &sql_thing_add, (struct arg[]){ arg_id("id", two),
	    arg_number("v", 13), arg_text("name", T("Quispe")),
	    arg_null("record") }, 4);
	assert_null(strstr(store_message(g->store), "Quispe"));
}

static void read_only_reads(void **state)
{
	/* Without this a tool that only looks could write. */
	struct ground *g = *state;
	struct tx *tx = ground_begin(g, TX_WRITE);

	thing_put(tx, 1);
	assert_good(tx_commit(&tx));
	ground_close(g);
	assert_good(ground_try(g, test_statements, true, &g->store));
	assert_result(tx_begin(g->store, TX_WRITE, &tx), BUG);
	tx = ground_begin(g, TX_READ);
	assert_true(thing_there(tx, 1));
	tx_abort(&tx);
}

/* ---- rows ------------------------------------------------------------- */

static void returning_tells(void **state)
{
	/* Without this the audit's number could be told and not counted:
	 * one row is read, and the statement ended before its end. */
	struct ground *g = *state;
	struct tx *tx;
	struct row_set *rows = NULL;
	bool there = false;

	for (int n = 1; n <= 3; n++) {
		tx = ground_begin(g, TX_WRITE);
		assert_good(store_query(tx, &sql_counter_next, NULL, 0,
		    &rows));
		assert_good(row_next(rows, &there));
		assert_true(there);
		assert_int_equal(column_number(rows, "n"), n);
		row_end(&rows);
		assert_good(tx_commit(&tx));
	}
	tx = ground_begin(g, TX_READ);
	assert_good(store_query(tx, &sql_counter_get, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_int_equal(column_number(rows, "n"), 3);
	row_end(&rows);
	tx_abort(&tx);
}

static void fill(struct ground *g, int64_t n, text record)
{
	struct tx *tx = ground_begin(g, TX_WRITE);
	int64_t changed = 0;

	assert_good(store_run(tx, &sql_row_fill, (struct arg[]){
	    arg_number("n", n), arg_blob("record", record) }, 2, &changed));
	assert_int_equal(changed, n);
	assert_good(tx_commit(&tx));
}

#if defined(__SANITIZE_ADDRESS__)
enum { GROWTH_KIB_MAX = 1 << 30 };	/* what is freed stays for a while */
#else
enum { GROWTH_KIB_MAX = 16 * 1024 };
#endif

static long resident_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size, resident;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%ld %ld", &size, &resident), 2);
	fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void many_rows_do_not_pile_up(void **state)
{
	/* Without this a rebuild of 22,000 persons would take their memory
	 * twice; 100,000 rows here are 40 MB. */
	struct ground *g = *state;
	char record[400];
	long before, after = 0;
	struct row_set *rows = NULL;
	struct tx *tx;
	bool there = false;
	int64_t n = 0;
	int at_n, at_record;

	memset(record, 'x', sizeof(record));
	fill(g, 100000, (text){ record, sizeof(record) });
	before = resident_kib();
	tx = ground_begin(g, TX_READ);
	assert_good(store_query(tx, &sql_row_all, NULL, 0, &rows));
	at_n = column_at(rows, "n");
	at_record = column_at(rows, "record");
	for (;;) {
		assert_good(row_next(rows, &there));
		if (!there)
			break;
		n++;
		assert_int_equal(at_number(rows, at_n), n);
		assert_int_equal(at_bytes(rows, at_record).n, sizeof(record));
		if (n == 99999)
			after = resident_kib();
	}
	assert_int_equal(n, 100000);
	row_end(&rows);
	tx_abort(&tx);
	assert_true(after - before < GROWTH_KIB_MAX);
}

static void the_edges_of_a_chunk(void **state)
{
	/* Without this the last row of a full chunk could be lost. */
	static const int64_t sizes[] = { 0, 1, 255, 256, 257, 512, 513 };
	struct ground *g = *state;
	struct row_set *rows = NULL;
	struct tx *tx;

	fill(g, 513, T("r"));
	tx = ground_begin(g, TX_READ);
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		bool there = true;
		int64_t n = -1;

		assert_good(store_query(tx, &sql_row_low, (struct arg[]){
		    arg_number("n", sizes[i] + 1) }, 1, &rows));
		for (; there; n++)
			assert_good(row_next(rows, &there));
		assert_int_equal(n, sizes[i]);
		row_end(&rows);
	}
	tx_abort(&tx);
}

static void statements_nest(void **state)
{
	/* Without this a loop over rows could not look at their children on
	 * one of the engines. */
	struct ground *g = *state;
	struct row_set *outer = NULL, *inner = NULL;
	struct tx *tx;
	bool there = false;
	int64_t n = 0;

	fill(g, 600, T("r"));
	tx = ground_begin(g, TX_WRITE);
	thing_put(tx, 1);
	assert_good(store_query(tx, &sql_row_all, NULL, 0, &outer));
	for (;;) {
		assert_good(row_next(outer, &there));
		if (!there)
			break;
		n++;
		assert_good(store_query(tx, &sql_row_high, (struct arg[]){
		    arg_number("n", column_number(outer, "n")) }, 1, &inner));
		assert_good(row_next(inner, &there));
		assert_int_equal(there, n < 600);
		if (there)
			assert_int_equal(column_number(inner, "n"), n + 1);
		row_end(&inner);
		if (n == 300)
			thing_put(tx, 2);
	}
	assert_int_equal(n, 600);
	row_end(&outer);
	assert_good(tx_commit(&tx));
}

static void nesting_has_limits(void **state)
{
	/* Without this the engines would differ at a statement started
	 * twice, and nothing would bound what is open. */
	static const struct statement *const nine[] = { &sql_thing_all,
		&sql_counter_get, &sql_row_all, &sql_row_count,
		&sql_row_values, &sql_row_low, &sql_row_high, &sql_part_of,
		&sql_thing_get };
	struct ground *g = *state;
	struct row_set *open[LENGTH(nine)] = { NULL };
	id one = id_of(1);
	const struct arg args[] = { arg_number("n", 1),
		arg_id("thing_id", one), arg_id("id", one) };
	struct tx *tx = ground_begin(g, TX_READ);
	struct row_set *again = NULL;
	bool there;

	assert_good(store_query(tx, &sql_thing_all, NULL, 0, &open[0]));
	assert_result(store_query(tx, &sql_thing_all, NULL, 0, &again), BUG);
	row_end(&open[0]);
	tx_abort(&tx);
	tx = ground_begin(g, TX_READ);
	for (size_t i = 0; i < LENGTH(nine); i++) {
		const struct arg *a = i < 7 ? &args[0] : &args[i - 6];
		result r = store_query(tx, nine[i], a, nine[i]->args_n,
		    &open[i]);

		if (i < ROW_SETS_MAX)
			assert_good(r);
		else
			assert_result(r, BUG);
	}
	/* The transaction ends its sets; ending them again is harmless. */
	tx_abort(&tx);
	assert_result(row_next(open[0], &there), BUG);
	for (size_t i = 0; i < LENGTH(nine); i++)
		row_end(&open[i]);
	tx = ground_begin(g, TX_WRITE);
	assert_good(store_query(tx, &sql_row_values, NULL, 0, &again));
	assert_good(tx_commit(&tx));
	row_end(&again);
}

/* ---- the rest --------------------------------------------------------- */

static void it_tells_what_it_is(void **state)
{
	/* Without this doctor could not name the engine. */
	struct ground *g = *state;

	assert_int_equal(store_engine(g->store), g->engine);
	assert_true(text_starts(text_of(store_version(g->store)),
	    g->engine == ENGINE_SQLITE ? T("SQLite 3.") : T("PostgreSQL 1")));
	assert_good(store_check(g->store));
	assert_good(store_rest(g->store));
}

#define BOTH(f, engine) cmocka_unit_test_prestate_setup_teardown(f,          \
    ground_make, ground_free, &(engine))
#define ALL(engine) {                                                        \
	BOTH(migrates_once, engine),                                         \
	BOTH(nothing_begins_before_the_head, engine),                        \
	BOTH(newer_than_the_program, engine),                                \
	BOTH(failed_migration_leaves_the_one_before, engine),                \
	BOTH(a_migration_may_be_opened_for_reading_only, engine),            \
	BOTH(the_floor_is_there, engine),                                    \
	BOTH(all_migrations_reach_the_head, engine),                         \
	BOTH(a_statement_that_does_not_prepare, engine),                     \
	BOTH(arguments_must_be_as_listed, engine),                           \
	BOTH(values_come_back, engine),                                      \
	BOTH(the_largest_value, engine),                                     \
	BOTH(small_numbers, engine),                                         \
	BOTH(another_type_loses_the_transaction, engine),                    \
	BOTH(a_column_that_is_not_there, engine),                            \
	BOTH(wrong_arguments, engine),                                       \
	BOTH(any_order_of_arguments, engine),                                \
	BOTH(wrong_calls, engine),                                           \
	BOTH(abort_takes_all_back, engine),                                  \
	BOTH(commit_stays, engine),                                          \
	BOTH(constraints_are_conflicts, engine),                             \
	BOTH(read_only_reads, engine),                                       \
	BOTH(returning_tells, engine),                                       \
	BOTH(many_rows_do_not_pile_up, engine),                              \
	BOTH(the_edges_of_a_chunk, engine),                                  \
	BOTH(statements_nest, engine),                                       \
	BOTH(nesting_has_limits, engine),                                    \
	BOTH(it_tells_what_it_is, engine),                                   \
}

int main(void)
{
	const struct CMUnitTest sqlite[] = ALL(on_sqlite);
	const struct CMUnitTest postgres[] = ALL(on_postgres);
	int failed = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);

	if (postgres_address() == NULL) {
		printf("# PostgreSQL is skipped: ALAS_TEST_PG is not set\n");
		return failed;
	}
	return failed + cmocka_run_group_tests_name("PostgreSQL", postgres,
	    NULL, NULL);
}
