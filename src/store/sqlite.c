#include "store_inside.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

/*
 * One connection in one process: Debian's 3.40.1 can lose
 * commits when two connections write and checkpoint at once, so there is no
 * second.  The exclusive lock is taken before the first WAL access, which
 * keeps the WAL's index in our memory (no -shm file) and refuses others.
 */
struct sqlite {
	sqlite3 *db;
	sqlite3_stmt **prepared;	/* one per statement of the store */
	int (*bind_at)[SQL_ARGS_MAX];	/* ours to SQLite's numbers */
	char ***columns;		/* their names, NULL-ended */
	sqlite3_stmt *begin_read, *begin_write, *commit, *rollback;
	bool in_memory;
};

static bool no_room(int system)
{
	return system == ENOSPC || system == EDQUOT || system == EROFS;
}

/*
 * What the system said when a write failed.  SQLite asks errno for it only
 * after rolling back, which may have changed it: the file still knows.
 */
static bool write_found_no_room(sqlite3 *db)
{
	sqlite3_file *log = NULL;
	int of_log = 0, of_file = 0;

	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO,
	    &of_file);
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER,
	    &log);
	if (log != NULL && log->pMethods != NULL)
		(void)log->pMethods->xFileControl(log,
		    SQLITE_FCNTL_LAST_ERRNO, &of_log);
	return no_room(of_log) || no_room(of_file);
}

static result class_of(sqlite3 *db, int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return refuse(BUSY);
	case SQLITE_CANTOPEN:
		return refuse(UNAVAILABLE);
	case SQLITE_FULL:
	case SQLITE_READONLY:
		return refuse(FULL);
	case SQLITE_CONSTRAINT:
		return refuse(CONFLICT);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fault(CORRUPT);
	case SQLITE_NOMEM:
		return fault(NO_MEMORY);
	case SQLITE_IOERR:
		if (code == SQLITE_IOERR_NOMEM)
			return fault(NO_MEMORY);
		if (code == SQLITE_IOERR_CORRUPTFS)
			return fault(CORRUPT);
		if (db != NULL && (no_room(sqlite3_system_errno(db)) ||
		    (code != SQLITE_IOERR_READ && write_found_no_room(db))))
			return refuse(FULL);
		return fault(IO);
	}
	return fault(STORE);
}

void *sqlite_connection(struct store *s)
{
	return s->sqlite->db;
}

result sqlite_class(void *connection, int code)
{
	return class_of(connection, code);
}

static result failed(struct store *s, int code, const char *doing)
{
	struct sqlite *q = s->sqlite;

	store_say(s, "%s: %s (SQLite %d)", doing,
	    q->db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(q->db),
	    code);
	if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
		s->wounded = true;
	return class_of(q->db, code);
}

static result script(struct store *s, const char *name, const char *sql)
{
	int code = sqlite3_exec(s->sqlite->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? OK : failed(s, code, name);
}

/* The first column of the first row as text; "" when there is none. */
static result ask(struct store *s, const char *sql, char *ret, size_t n)
{
	sqlite3_stmt *st = NULL;
	const char *value = "";
	int code;

	code = sqlite3_prepare_v2(s->sqlite->db, sql, -1, &st, NULL);
	if (code != SQLITE_OK)
		return failed(s, code, sql);
	code = sqlite3_step(st);
	if (code == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
		value = (const char *)sqlite3_column_text(st, 0);
	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		snprintf(ret, n, "%s", value);
		code = sqlite3_finalize(st);
		return code == SQLITE_OK ? OK : failed(s, code, sql);
	}
	sqlite3_finalize(st);
	return failed(s, code, sql);
}

/* ---- open, close ------------------------------------------------------ */

/* Set in this order; each must read back as said.  `file`: of no meaning,
 * or another one, in memory. */
static const struct {
	const char *set, *get, *reads;
	bool file;
} pragmas[] = {
#define PRAGMA(name, value, reads, file)                                     \
	{ "PRAGMA " name " = " value, "PRAGMA " name, reads, file }
	PRAGMA("locking_mode", "EXCLUSIVE", "exclusive", true),
	PRAGMA("trusted_schema", "OFF", "0", false),
	PRAGMA("cell_size_check", "ON", "1", false),
	PRAGMA("temp_store", "MEMORY", "2", false),
	PRAGMA("mmap_size", "0", "0", true),
	/* KiB of it, counted downwards: the rows of some hundred persons. */
	PRAGMA("cache_size", "-8192", "-8192", true),
	PRAGMA("journal_mode", "WAL", "wal", true),
	PRAGMA("synchronous", "FULL", "2", true),
	PRAGMA("foreign_keys", "ON", "1", false),
	PRAGMA("secure_delete", "ON", "1", false),
	PRAGMA("wal_autocheckpoint", "1000", "1000", true),
#undef PRAGMA
};

static result settings(struct store *s)
{
	char now[32];

	for (size_t i = 0; i < LENGTH(pragmas); i++) {
		if (pragmas[i].file && s->sqlite->in_memory)
			continue;
		TRY(script(s, pragmas[i].set, pragmas[i].set));
		TRY(ask(s, pragmas[i].get, now, sizeof(now)));
		if (strcmp(now, pragmas[i].reads) != 0) {
			store_say(s, "%s: is %s", pragmas[i].set, now);
			return fault(STORE);
		}
	}
	return s->read_only ? script(s, "query_only",
	    "PRAGMA query_only = ON") : OK;
}

static result guards(struct store *s)
{
	static const struct { int what, value; } options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};
	sqlite3 *db = s->sqlite->db;

	for (size_t i = 0; i < LENGTH(options); i++) {
		int code = sqlite3_db_config(db, options[i].what,
		    options[i].value, (int *)NULL);

		if (code != SQLITE_OK)
			return failed(s, code, "db_config");
	}
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 2 * STORE_VALUE_MAX);
	/* VACUUM attaches one. */
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1);
	/* Whoever holds the lock is another office and will not let go. */
	sqlite3_busy_timeout(db, 0);
	return OK;
}

/* The lock is taken with the first read, kept until close, and must be
 * there before anybody relies on being alone. */
static result take(struct store *s)
{
	char rows[32];
	result r = settings(s);

	if (is_ok(r))
		r = ask(s, "SELECT count(*) FROM sqlite_schema", rows,
		    sizeof(rows));
	if (r.code == E_BUSY) {
		store_say(s, "another program has the database open; "
		    "only one may");
		return refuse(UNAVAILABLE);
	}
	return r;
}

/*
 * No program of ours has threads, and none asks how much memory SQLite
 * holds: without locks and that count each allocation is cheaper.  SQLite
 * takes it before its first use only; later it says no and all is as it was.
 */
static void alone_in_the_process(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static result open_file(struct store *s, const char *where)
{
	struct sqlite *q;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
	int code;

	q = s->sqlite = calloc(1, sizeof(*q));
	NEED(q);
	q->in_memory = strcmp(where, ":memory:") == 0;
	q->prepared = calloc(s->statements_n + 1, sizeof(sqlite3_stmt *));
	NEED(q->prepared);
	q->bind_at = calloc(s->statements_n + 1, sizeof(*q->bind_at));
	NEED(q->bind_at);
	q->columns = calloc(s->statements_n + 1, sizeof(*q->columns));
	NEED(q->columns);
	snprintf(s->version, sizeof(s->version), "SQLite %s",
	    sqlite3_libversion());
	if (!s->read_only)
		flags |= SQLITE_OPEN_CREATE;
	alone_in_the_process();
	code = sqlite3_open_v2(where, &q->db, flags, NULL);
	if (code != SQLITE_OK)
		return failed(s, code, "open");
	TRY(guards(s));
	return take(s);
}

static void close_file(struct store *s)
{
	struct sqlite *q = s->sqlite;

	if (q == NULL)
		return;
	for (size_t i = 0; q->prepared != NULL && i < s->statements_n; i++)
		sqlite3_finalize(q->prepared[i]);
	for (size_t i = 0; q->columns != NULL && i < s->statements_n; i++)
		free(q->columns[i]);
	sqlite3_finalize(q->begin_read);
	sqlite3_finalize(q->begin_write);
	sqlite3_finalize(q->commit);
	sqlite3_finalize(q->rollback);
	sqlite3_close(q->db);
	free(q->columns);
	free(q->bind_at);
	free(q->prepared);
	free(q);
	s->sqlite = NULL;
}

/* ---- statements ------------------------------------------------------- */

static result not_prepared(struct store *s, const struct statement *st,
    const char *because)
{
	store_say(s, "%s: %s: %s", st->file, st->name, because);
	return fault(STORE);
}

static result compile(struct store *s, size_t at, sqlite3_stmt **ret)
{
	const struct statement *st = s->statements[at];
	const char *rest;
	int code;

	code = sqlite3_prepare_v3(s->sqlite->db, st->sql, -1,
	    SQLITE_PREPARE_PERSISTENT, ret, &rest);
	if (code == SQLITE_NOMEM || code == SQLITE_CORRUPT)
		return failed(s, code, st->name);
	if (code != SQLITE_OK)
		return not_prepared(s, st, sqlite3_errmsg(s->sqlite->db));
	if (*ret == NULL)
		return not_prepared(s, st, "is empty");
	if (text_trim(text_of(rest)).n != 0)
		return not_prepared(s, st, "is more than one statement");
	return OK;
}

static result check(struct store *s, size_t at, sqlite3_stmt *made)
{
	const struct statement *st = s->statements[at];

	if ((sqlite3_stmt_readonly(made) != 0) != statement_reads(st))
		return not_prepared(s, st, "reads or writes against its word");
	if (sqlite3_column_count(made) > SQL_COLUMNS_MAX)
		return not_prepared(s, st, "has too many columns");
	if ((size_t)sqlite3_bind_parameter_count(made) != st->args_n)
		return not_prepared(s, st, "has other arguments than listed");
	for (size_t i = 0; i < st->args_n; i++) {
		char name[64];

		snprintf(name, sizeof(name), ":%s", st->args[i]);
		s->sqlite->bind_at[at][i] =
		    sqlite3_bind_parameter_index(made, name);
		if (s->sqlite->bind_at[at][i] == 0)
			return not_prepared(s, st,
			    "has other arguments than listed");
	}
	return OK;
}

/* The names of a statement's columns in one block: they are asked for with
 * every value. */
static result name_columns(sqlite3_stmt *made, char ***ret)
{
	int n = sqlite3_column_count(made);
	size_t size = ((size_t)n + 1) * sizeof(char *);
	char **names;
	char *to;

	for (int i = 0; i < n; i++)
		size += strlen(sqlite3_column_name(made, i)) + 1;
	names = malloc(size);
	NEED(names);
	to = (char *)(names + n + 1);
	for (int i = 0; i < n; i++) {
		names[i] = to;
		to = stpcpy(to, sqlite3_column_name(made, i)) + 1;
	}
	names[n] = NULL;
	*ret = names;
	return OK;
}

static result prepare(struct store *s, size_t at)
{
	sqlite3_stmt *made = NULL;
	result r;

	if (s->sqlite->prepared[at] != NULL)
		return OK;
	r = compile(s, at, &made);
	if (is_ok(r))
		r = check(s, at, made);
	if (is_ok(r))
		r = name_columns(made, &s->sqlite->columns[at]);
	if (!is_ok(r)) {
		sqlite3_finalize(made);
		return r;
	}
	s->sqlite->prepared[at] = made;
	return OK;
}

/* The bytes live until the statement ends only where `keep` is false. */
static int bind(sqlite3_stmt *st, int at, const struct arg *a, bool keep)
{
	sqlite3_destructor_type owner = keep ? SQLITE_TRANSIENT
	    : SQLITE_STATIC;

	switch (a->kind) {
	case ARG_NULL:
		return sqlite3_bind_null(st, at);
	case ARG_NUMBER:
		return sqlite3_bind_int64(st, at, a->number);
	case ARG_TEXT:
		return sqlite3_bind_text64(st, at, a->bytes.p, a->bytes.n,
		    owner, SQLITE_UTF8);
	case ARG_BLOB:
		return sqlite3_bind_blob64(st, at, a->bytes.p, a->bytes.n,
		    owner);
	}
	assert(false);
	return SQLITE_MISUSE;
}

static void reset(sqlite3_stmt *st)
{
	sqlite3_reset(st);
	/* Arguments are personal: they do not wait for the next use. */
	sqlite3_clear_bindings(st);
}

static result start(struct store *s, size_t at, const struct arg *args,
    bool keep, sqlite3_stmt **ret)
{
	const struct statement *st = s->statements[at];
	sqlite3_stmt *made;

	TRY(prepare(s, at));
	made = s->sqlite->prepared[at];
	for (size_t i = 0; i < st->args_n; i++) {
		int code = bind(made, s->sqlite->bind_at[at][i], &args[i],
		    keep);

		if (code != SQLITE_OK) {
			reset(made);
			return failed(s, code, st->name);
		}
	}
	*ret = made;
	return OK;
}

static result run(struct store *s, size_t at, const struct arg *args,
    int64_t *ret_changed)
{
	const struct statement *st = s->statements[at];
	sqlite3_stmt *made;
	int code;

	TRY(start(s, at, args, false, &made));
	do
		code = sqlite3_step(made);
	while (code == SQLITE_ROW);
	if (code != SQLITE_DONE) {
		result r = failed(s, code, st->name);

		reset(made);
		return r;
	}
	/* Before the reset, and only if it is this statement's number. */
	*ret_changed = sqlite3_stmt_readonly(made) ? 0
	    : sqlite3_changes64(s->sqlite->db);
	reset(made);
	return OK;
}

static result query(struct row_set *r, const struct arg *args)
{
	sqlite3_stmt *made;

	TRY(start(r->store, r->statement, args, true, &made));
	r->columns_n = sqlite3_column_count(made);
	r->handle = made;
	return OK;
}

static result next(struct row_set *r, bool *ret_there)
{
	int code = sqlite3_step(r->handle);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return failed(r->store, code,
		    r->store->statements[r->statement]->name);
	*ret_there = code == SQLITE_ROW;
	return OK;
}

static void end(struct row_set *r)
{
	reset(r->handle);
}

static const char *column_name(struct row_set *r, int at)
{
	return r->store->sqlite->columns[r->statement][at];
}

static struct cell cell(struct row_set *r, int at)
{
	struct cell c = { .kind = CELL_NULL };
	const void *p;

	switch (sqlite3_column_type(r->handle, at)) {
	case SQLITE_NULL:
		return c;
	case SQLITE_INTEGER:
		c.kind = CELL_NUMBER;
		c.number = sqlite3_column_int64(r->handle, at);
		return c;
	case SQLITE_TEXT:
		p = sqlite3_column_text(r->handle, at);
		break;
	case SQLITE_BLOB:
		p = sqlite3_column_blob(r->handle, at);
		break;
	default:
		/* No statement makes a floating number: not ours. */
		c.kind = CELL_OTHER;
		return c;
	}
	c.kind = CELL_BYTES;
	c.bytes.p = p == NULL ? "" : p;
	c.bytes.n = (size_t)sqlite3_column_bytes(r->handle, at);
	return c;
}

/* ---- transactions ----------------------------------------------------- */

/* A statement about transactions, prepared when it is first needed. */
static result step(struct store *s, sqlite3_stmt **st, const char *sql)
{
	int code = SQLITE_OK;
	result r = OK;

	if (*st == NULL)
		code = sqlite3_prepare_v3(s->sqlite->db, sql, -1,
		    SQLITE_PREPARE_PERSISTENT, st, NULL);
	if (code != SQLITE_OK)
		return failed(s, code, sql);
	code = sqlite3_step(*st);
	if (code != SQLITE_DONE)
		r = failed(s, code, sql);
	sqlite3_reset(*st);
	return r;
}

static void abort_tx(struct store *s)
{
	/* SQLite itself rolls back when the disk is full or memory ends. */
	if (!sqlite3_get_autocommit(s->sqlite->db))
		ignore(step(s, &s->sqlite->rollback, "ROLLBACK"),
		    "the next BEGIN does it first");
}

/* Memory may end in the BEGIN when it is already done, or in the ROLLBACK
 * before: neither may be in the way of all that come later. */
static result begin(struct store *s, enum tx_kind kind)
{
	struct sqlite *q = s->sqlite;
	result r;

	if (kind == TX_WRITE && s->wounded) {
		store_say(s, "the disk failed to keep what was written; "
		    "start the office anew");
		return fault(IO);
	}
	abort_tx(s);
	r = kind == TX_WRITE ?
	    step(s, &q->begin_write, "BEGIN IMMEDIATE") :
	    step(s, &q->begin_read, "BEGIN");
	if (!is_ok(r))
		abort_tx(s);
	return r;
}

static result begin_migration(struct store *s)
{
	return begin(s, TX_WRITE);
}

static result commit(struct store *s)
{
	result r = step(s, &s->sqlite->commit, "COMMIT");

	if (!is_ok(r))
		abort_tx(s);
	return r;
}

static result migration_at(struct store *s, int *ret_at)
{
	char found[32];
	int64_t at = 0;

	TRY(ask(s, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
	    "AND name = 'migration'", found, sizeof(found)));
	if (strcmp(found, "1") == 0)
		TRY(ask(s, "SELECT max(number) FROM migration", found,
		    sizeof(found)));
	if (found[0] != '\0' &&
	    (!text_integer(text_of(found), &at) || at < 0 ||
	    at > INT32_MAX)) {
		store_say(s, "table migration: number %s", found);
		return fault(CORRUPT);
	}
	*ret_at = (int)at;
	return OK;
}

/* ---- rest and check --------------------------------------------------- */

static result rest(struct store *s)
{
	int code;

	if (s->sqlite->in_memory || s->read_only || s->wounded)
		return OK;
	code = sqlite3_wal_checkpoint_v2(s->sqlite->db, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return code == SQLITE_OK ? OK : failed(s, code, "checkpoint");
}

static result compact(struct store *s)
{
	TRY(script(s, "compact", "VACUUM"));
	return rest(s);
}

static result check_all(struct store *s)
{
	char said[128];

	TRY(ask(s, "PRAGMA integrity_check(1)", said, sizeof(said)));
	if (strcmp(said, "ok") != 0) {
		store_say(s, "integrity_check: %s", said);
		return fault(CORRUPT);
	}
	TRY(ask(s, "PRAGMA foreign_key_check", said, sizeof(said)));
	if (said[0] != '\0') {
		store_say(s, "foreign_key_check: table %s", said);
		return fault(CORRUPT);
	}
	return OK;
}

/* A file that is held open is the same one until it is closed. */
static unsigned reconnected(const struct store *s)
{
	(void)s;
	return 0;
}

const struct driver driver_sqlite = {
	.engine = ENGINE_SQLITE,
	.open = open_file,
	.close = close_file,
	.prepare = prepare,
	.begin = begin,
	.begin_migration = begin_migration,
	.commit = commit,
	.abort = abort_tx,
	.migration_at = migration_at,
	.script = script,
	.run = run,
	.query = query,
	.next = next,
	.end = end,
	.column_name = column_name,
	.cell = cell,
	.rest = rest,
	.compact = compact,
	.check = check_all,
	.reconnected = reconnected,
};
