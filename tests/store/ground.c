#include "ground.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum store_engine on_sqlite = ENGINE_SQLITE, on_postgres = ENGINE_POSTGRES;

static const char tables[] =
    "CREATE TABLE thing (\n"
    "	id BLOB NOT NULL PRIMARY KEY,\n"
    "	v BIGINT NOT NULL CHECK (v <> 13),\n"
    "	name TEXT,\n"
    "	record BLOB\n"
    ");\n"
    "CREATE TABLE part (\n"
    "	thing_id BLOB NOT NULL REFERENCES thing (id),\n"
    "	n BIGINT NOT NULL\n"
    ");\n"
    "CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, n BIGINT);\n"
    "CREATE TABLE many (n BIGINT NOT NULL PRIMARY KEY, record BLOB);\n"
    "INSERT INTO counter (id, n) VALUES (1, 0);\n";

const char *postgres_address(void)
{
	const char *where = getenv("ALAS_TEST_PG");

	return where == NULL || where[0] == '\0' ? NULL : where;
}

/* The floor and our own: making every table of the program for every test
 * would take its time on PostgreSQL. */
static void migrations_fill(struct ground *g)
{
	g->migrations[0] = store_migrations[0];
	g->migrations[1] = (struct migration){ 9000, "9000-test", tables };
}

static void folder_make(struct ground *g)
{
	const char *under = getenv("TMPDIR");

	snprintf(g->folder, sizeof(g->folder), "%s/store-XXXXXX",
	    under == NULL ? "/tmp" : under);
	assert_non_null(mkdtemp(g->folder));
	snprintf(g->where, sizeof(g->where), "%s/facts", g->folder);
}

static void folder_free(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[1024];

		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(d);
	assert_int_equal(rmdir(folder), 0);
}

const char *ground_other(struct ground *g, const char *sql)
{
	static char value[256];
	PGresult *got = PQexec(g->other, sql);
	ExecStatusType how = PQresultStatus(got);

	if (how != PGRES_TUPLES_OK && how != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQresultErrorMessage(got));
	value[0] = '\0';
	if (PQntuples(got) > 0)
		snprintf(value, sizeof(value), "%s", PQgetvalue(got, 0, 0));
	PQclear(got);
	return value;
}

static void quiet(void *self, const PGresult *what)
{
	(void)self;
	(void)what;
}

void ground_empty(struct ground *g)
{
	char sql[256];
	long me = (long)getpid();

	store_close(&g->store);
	if (g->engine == ENGINE_SQLITE) {
		assert_int_equal(unlink(g->where), 0);
		return;
	}
	snprintf(sql, sizeof(sql), "DROP SCHEMA IF EXISTS store_%ld CASCADE; "
	    "CREATE SCHEMA store_%ld; SET search_path = store_%ld", me, me,
	    me);
	ground_other(g, sql);
}

static void schema_make(struct ground *g)
{
	long me = (long)getpid();

	g->other = PQconnectdb(postgres_address());
	if (PQstatus(g->other) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(g->other));
	PQsetNoticeReceiver(g->other, quiet, NULL);
	ground_empty(g);
	snprintf(g->where, sizeof(g->where),
	    "%s application_name=store_%ld options='-c search_path=store_%ld'",
	    postgres_address(), me, me);
}

int ground_make(void **state)
{
	struct ground *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	g->engine = *(const enum store_engine *)*state;
	migrations_fill(g);
	if (g->engine == ENGINE_SQLITE)
		folder_make(g);
	else
		schema_make(g);
	ground_open(g);
	*state = g;
	return 0;
}

int ground_free(void **state)
{
	struct ground *g = *state;
	char sql[64];

	store_close(&g->store);
	if (g->engine == ENGINE_SQLITE) {
		folder_free(g->folder);
	} else {
		snprintf(sql, sizeof(sql), "DROP SCHEMA store_%ld CASCADE",
		    (long)getpid());
		ground_other(g, sql);
		PQfinish(g->other);
	}
	free(g);
	return 0;
}

result ground_try(struct ground *g, const struct statement *const *list,
    bool read_only, struct store **ret)
{
	return store_open_with(&(struct store_options){
	    .where = g->where, .statements = list, .read_only = read_only },
	    g->migrations, ret);
}

struct store *ground_open(struct ground *g)
{
	result r;

	store_close(&g->store);
	r = ground_try(g, test_statements, false, &g->store);
	if (!is_ok(r))
		fail_msg("open: %s: %s", error_name(r), store_message(NULL));
	r = store_migrate(g->store);
	if (!is_ok(r))
		fail_msg("migrate: %s: %s", error_name(r),
		    store_message(g->store));
	return g->store;
}

void ground_close(struct ground *g)
{
	store_close(&g->store);
}

void ground_script(struct ground *g, const char *sql)
{
	struct tx *tx = ground_begin(g, TX_WRITE);
	result r = g->store->driver->script(g->store, "test", sql);

	if (!is_ok(r))
		fail_msg("%s: %s", sql, store_message(g->store));
	assert_good(tx_commit(&tx));
}

struct tx *ground_begin(struct ground *g, enum tx_kind kind)
{
	struct tx *tx = NULL;
	result r = tx_begin(g->store, kind, &tx);

	if (!is_ok(r))
		fail_msg("begin: %s: %s", error_name(r),
		    store_message(g->store));
	return tx;
}

id id_of(uint64_t n)
{
	return id_of_number(n);
}

void thing_put(struct tx *tx, uint64_t n)
{
	int64_t changed = -1;
	id i = id_of(n);
	result r = store_run(tx, &sql_thing_add, (struct arg[]){
	    arg_id("id", i), arg_number("v", 1), arg_text("name", T("thing")),
	    arg_blob("record", T("\0\1\2")) }, 4, &changed);

	if (!is_ok(r))
		fail_msg("put: %s: %s", error_name(r),
		    store_message(tx_store(tx)));
	assert_int_equal(changed, 1);
}

bool thing_there(struct tx *tx, uint64_t n)
{
	struct row_set *rows = NULL;
	bool there = false;
	id i = id_of(n);

	assert_good(store_query(tx, &sql_thing_get, (struct arg[]){
	    arg_id("id", i) }, 1, &rows));
	assert_good(row_next(rows, &there));
	if (there)
		assert_true(id_same(column_id(rows, "id"), i));
	row_end(&rows);
	return there;
}

int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
