/* A consistent copy for backups; see store.h. */
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "link.h"

enum { STEP_PAGES = 256, SNAPSHOT_MAX = 64 };

struct store_copy {
	struct store *store;
	sqlite3 *to;
	sqlite3_backup *backup;
	bool whole;
	struct link link;		/* its options are the store's */
	char snapshot[SNAPSHOT_MAX];
};

static result wrong(struct store_copy *c, int code, const char *doing)
{
	store_say(c->store, "copy: %s: %s", doing, sqlite3_errstr(code));
	return sqlite_class(c->to, code);
}

static result script(struct store_copy *c, const char *sql)
{
	int code = sqlite3_exec(c->to, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? OK : wrong(c, code, sql);
}

static result open_copy(struct store_copy *c, const char *to)
{
	int code = sqlite3_open_v2(to, &c->to, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
	    SQLITE_OPEN_EXRESCODE, NULL);

	if (code != SQLITE_OK)
		return wrong(c, code, "open");
	TRY(script(c, "PRAGMA locking_mode = EXCLUSIVE;"
	    "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
	    "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF"));
	c->backup = sqlite3_backup_init(c->to, "main",
	    sqlite_connection(c->store), "main");
	return c->backup != NULL ? OK :
	    wrong(c, sqlite3_extended_errcode(c->to), "begin");
}

result store_copy_new(struct store *s, const char *to, struct store_copy **ret)
{
	struct store_copy *c = calloc(1, sizeof(*c));
	result r = OK;

	NEED(c);
	c->store = s;
	if (store_engine(s) == ENGINE_SQLITE)
		r = open_copy(c, to);
	if (!is_ok(r)) {
		store_copy_free(&c);
		return r;
	}
	*ret = c;
	return OK;
}

static result step(struct store_copy *c, int pages)
{
	int code = sqlite3_backup_step(c->backup, pages);

	if (code != SQLITE_OK && code != SQLITE_DONE)
		return wrong(c, code, "step");
	c->whole = code == SQLITE_DONE;
	return OK;
}

result store_copy_step(struct store_copy *c, bool *ret_near)
{
	if (c->backup == NULL) {
		*ret_near = true;
		return OK;
	}
	TRY(step(c, STEP_PAGES));
	*ret_near = c->whole ||
	    sqlite3_backup_remaining(c->backup) <= STEP_PAGES;
	return OK;
}

static result end_file(struct store_copy *c,
    const struct statement *const *emptied)
{
	int code;

	if (!c->whole)
		TRY(step(c, -1));
	code = sqlite3_backup_finish(c->backup);
	c->backup = NULL;
	if (code != SQLITE_OK || !c->whole)
		return wrong(c, code, "finish");
	/* The pages say WAL, as in the original: one file is to be left. */
	TRY(script(c, "PRAGMA journal_mode = DELETE;"
	    "PRAGMA journal_mode = OFF; BEGIN"));
	for (; *emptied != NULL; emptied++)
		TRY(script(c, (*emptied)->sql));
	TRY(script(c, "COMMIT"));
	code = sqlite3_close(c->to);
	if (code != SQLITE_OK)
		return wrong(c, code, "close");
	c->to = NULL;
	return OK;
}

/*
 * The server itself ends a snapshot that nobody came back for.
 */
static result end_snapshot(struct store_copy *c)
{
	const struct link *own = postgres_link(c->store);
	PGresult *got = NULL;

	c->link = (struct link){ .store = c->store, .options = own->options,
		.hosts_n = own->hosts_n, .host_last = own->host_last };
	TRY(link_open(&c->link));
	TRY(link_command(&c->link, LINK_BEGIN_MS, "snapshot",
	    "SET idle_in_transaction_session_timeout = '2h';"
	    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL));
	TRY(link_command(&c->link, LINK_BEGIN_MS, "snapshot",
	    "SELECT pg_export_snapshot()", &got));
	snprintf(c->snapshot, sizeof(c->snapshot), "%s",
	    PQntuples(got) == 1 ? PQgetvalue(got, 0, 0) : "");
	PQclear(got);
	return c->snapshot[0] != '\0' ? OK : fault(STORE);
}

result store_copy_end(struct store_copy *c,
    const struct statement *const *emptied)
{
	return store_engine(c->store) == ENGINE_SQLITE ?
	    end_file(c, emptied) : end_snapshot(c);
}

result store_copy_begin(struct store_copy *c, struct tx **ret)
{
	struct tx *tx;
	result got;

	TRY(tx_begin(c->store, TX_READ, &tx));
	got = store_engine(c->store) == ENGINE_SQLITE ? OK :
	    postgres_see(c->store, c->snapshot);
	if (!is_ok(got)) {
		tx_abort(&tx);
		return got;
	}
	*ret = tx;
	return OK;
}

const char *store_copy_snapshot(const struct store_copy *c)
{
	return c->snapshot;
}

void store_copy_free(struct store_copy **copy)
{
	struct store_copy *c = *copy;

	if (c == NULL)
		return;
	if (c->backup != NULL)
		(void)sqlite3_backup_finish(c->backup);
	sqlite3_close(c->to);
	link_drop(&c->link);
	free(c);
	*copy = NULL;
}
