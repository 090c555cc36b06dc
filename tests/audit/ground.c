#include "ground.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit_sql.h"

static enum store_engine on_sqlite = ENGINE_SQLITE,
    on_postgres = ENGINE_POSTGRES;
const char *ground_data;

static const struct statement *statements[1000];

/* Chance that repeats itself, but never says the same twice. */
static void repeat(void *self, void *p, size_t n)
{
	uint64_t *seed = self;
	uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		*seed ^= *seed << 13;
		*seed ^= *seed >> 7;
		*seed ^= *seed << 17;
		b[i] = (uint8_t)(*seed >> 24);
	}
}

/* ---- database --------------------------------------------------------- */

static void add(const struct statement *const *list)
{
	size_t n = 0;

	while (statements[n] != NULL)
		n++;
	while (*list != NULL) {
		assert_true(n + 1 < LENGTH(statements));
		statements[n++] = *list++;
	}
}

static void quiet(void *self, const PGresult *what)
{
	(void)self;
	(void)what;
}

static void other(struct ground *g, const char *sql)
{
	PGresult *got = PQexec(g->other, sql);

	if (PQresultStatus(got) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQresultErrorMessage(got));
	PQclear(got);
}

static void schema_make(struct ground *g)
{
	const char *where = getenv("ALAS_TEST_PG");
	long me = (long)getpid();
	char sql[256];

	g->other = PQconnectdb(where);
	if (PQstatus(g->other) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(g->other));
	PQsetNoticeReceiver(g->other, quiet, NULL);
	snprintf(sql, sizeof(sql), "DROP SCHEMA IF EXISTS ground_%ld CASCADE",
	    me);
	other(g, sql);
	snprintf(sql, sizeof(sql), "CREATE SCHEMA ground_%ld", me);
	other(g, sql);
	snprintf(g->where, sizeof(g->where),
	    "%s options='-c search_path=ground_%ld'", where, me);
}

static void schema_free(struct ground *g)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "DROP SCHEMA ground_%ld CASCADE",
	    (long)getpid());
	other(g, sql);
	PQfinish(g->other);
}

/* A data folder: db/head is there on both engines. */
static void folder_make(struct ground *g)
{
	const char *under = getenv("TMPDIR");
	char db[300];

	snprintf(g->folder, sizeof(g->folder), "%s/ground-XXXXXX",
	    under == NULL ? "/tmp" : under);
	assert_non_null(mkdtemp(g->folder));
	snprintf(db, sizeof(db), "%s/db", g->folder);
	assert_int_equal(mkdir(db, 0700), 0);
	g->office.folder = text_of(g->folder);
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
		if (e->d_name[0] == '.')
			continue;
		if (strcmp(e->d_name, "db") == 0)
			folder_free(path);
		else
			assert_int_equal(unlink(path), 0);
	}
	closedir(d);
	assert_int_equal(rmdir(folder), 0);
}

/* ---- office ----------------------------------------------------------- */

static void open_office(struct ground *g)
{
	const struct store_options options = { .where = g->where,
		.statements = statements };
	result got = store_open(&options, &g->office.store);

	if (!is_ok(got))
		fail_msg("%s", store_message(NULL));
	got = store_migrate(g->office.store);
	if (!is_ok(got))
		fail_msg("%s", store_message(g->office.store));
	assert_good(keyring_new(&g->office.keyring));
	assert_good(audit_open(&g->office, &g->office.audit));
}

static void close_office(struct ground *g)
{
	op_abort(&g->op);
	audit_close(&g->office.audit);
	keyring_free(&g->office.keyring);
	store_close(&g->office.store);
}

struct op *ground_op(struct ground *g)
{
	op_abort(&g->op);
	arena_reset(g->arena);
	g->op = (struct op){ .office = &g->office, .arena = g->arena,
		.now = g->now, .today = instant_day(g->now),
		.user = { id_of_number(1) }, .session = id_of_number(4711) };
	return &g->op;
}

result ground_restart(struct ground *g, text *ret_said)
{
	result got;

	close_office(g);
	open_office(g);
	assert_good(facts_load_keys(ground_op(g), &g->root));
	got = audit_load(ground_op(g), ret_said);
	tx_abort(&g->op.tx);
	return got;
}

void ground_commit(struct ground *g)
{
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE };

	assert_good(facts_commit(&g->op, &leaf));
	op_forget_effects(&g->op);
}

void ground_sql(struct ground *g, const struct statement *st,
    const struct arg *args, size_t n)
{
	int64_t changed = 0;
	struct tx *tx;

	op_abort(&g->op);
	assert_good(tx_begin(g->office.store, TX_WRITE, &tx));
	assert_good(store_run(tx, st, args, n, &changed));
	assert_int_equal(changed, 1);
	assert_good(tx_commit(&tx));
}

int ground_make(void **state)
{
	struct ground *g = calloc(1, sizeof(*g));
	char path[1024];
	text said;

	assert_non_null(g);
	g->engine = *(const enum store_engine *)*state;
	if (statements[0] == NULL) {
		assert_good(seal_start());
		add(audit_statements);
		add(facts_statements);
		add(entity_statements_all);
		add(audit_test_statements);
	}
	g->lasting = arena_new(64 * MIB);
	g->arena = arena_new(OP_ARENA_MAX);
	g->seed = 88172645463325252ull;
	g->chance = (struct chance){ repeat, &g->seed };
	g->now = instant_of(day_of(2026, 11, 24), 9, 0);
	folder_make(g);
	if (g->engine == ENGINE_POSTGRES)
		schema_make(g);
	snprintf(path, sizeof(path), "%s/codes.csv", ground_data);
	assert_good(codes_open(path, g->lasting, &g->codes, &said));
	g->office.codes = g->codes;
	g->office.chance = &g->chance;
	g->office.flags = VAULT_TEST;
	g->office.vault_id = id_of_number(77);
	g->office.vault_facts.epoch = 1;
	repeat(&g->seed, g->root.b, sizeof(g->root.b));
	open_office(g);
	assert_good(facts_make_keys(ground_op(g), &g->root));
	ground_commit(g);
	assert_good(audit_load(ground_op(g), &said));
	op_abort(&g->op);
	*state = g;
	return 0;
}

int ground_free(void **state)
{
	struct ground *g = *state;

	close_office(g);
	codes_close(&g->codes);
	folder_free(g->folder);
	if (g->engine == ENGINE_POSTGRES)
		schema_free(g);
	arena_free(g->arena);
	arena_free(g->lasting);
	*state = g->engine == ENGINE_SQLITE ? &on_sqlite : &on_postgres;
	free(g);
	return 0;
}

static int run_on(enum store_engine *engine, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest *list = calloc(n, sizeof(*list));
	int failed;

	assert_non_null(list);
	for (size_t i = 0; i < n; i++) {
		list[i] = tests[i];
		list[i].setup_func = ground_make;
		list[i].teardown_func = ground_free;
		list[i].initial_state = engine;
	}
	failed = _cmocka_run_group_tests(name, list, n, NULL, NULL);
	free(list);
	return failed;
}

int ground_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	const char *where = getenv("ALAS_TEST_PG");
	int failed;

	ground_data = argc > 1 ? argv[1] : "data";
	failed = run_on(&on_sqlite, name, tests, n);
	if (where != NULL && where[0] != '\0')
		failed += run_on(&on_postgres, name, tests, n);
	return failed;
}

/* ---- reach ------------------------------------------------------------ */

struct reach whole_office(void)
{
	return (struct reach){ .office_wide = true,
		.levels = LEVEL_READ | LEVEL_WRITE,
		.mask = (1u << IN_CLASSES) - 1 };
}

struct reach reach_of(enum object_kind kind, id object, class_mask mask)
{
	return (struct reach){ .user = { id_of_number(1) }, .kind = kind,
		.object = object, .levels = LEVEL_READ | LEVEL_WRITE,
		.mask = mask };
}

/* ---- known answers ---------------------------------------------------- */

json_t *vector_file(const char *name)
{
	json_error_t why;
	char path[1024];
	json_t *got;

	snprintf(path, sizeof(path), "%s/vectors/%s", ground_data, name);
	got = json_load_file(path, 0, &why);
	if (got == NULL)
		fail_msg("%s: line %d: %s", path, why.line, why.text);
	return got;
}

size_t hex_in(const json_t *row, const char *name, uint8_t *out, size_t max)
{
	const json_t *member = name == NULL ? row :
	    json_object_get(row, name);
	const char *hex = json_string_value(member);
	size_t n;

	assert_non_null(hex);
	n = strlen(hex) / 2;
	assert_true(n <= max);
	assert_true(hex_read(text_of(hex), out, n));
	return n;
}
