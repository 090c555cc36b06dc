/*
 * store: transactions and statements on SQLite and PostgreSQL, from one
 * text.  Knows no entity, no key, no permission.
 *
 * Statements live in <room>.sql files, one statement and one contract line
 * each; the build compiles them to `const struct statement sql_<name>` in
 * <room>_sql.h.  Arguments and columns go by name.  All statements of a
 * program are prepared and checked at open.
 *
 * Types: id and blobs are BLOB (a domain over bytea on PostgreSQL), numbers
 * BIGINT, texts TEXT in UTF-8.  A day or instant is a number here.
 *
 * Lifetimes: columns are valid until the next step or the statement's end;
 * copy what must stay.  One transaction at a time per store.  Statements may
 * nest (up to ROW_SETS_MAX row sets, not the same statement twice), but do
 * not change a table that is being stepped: copy the ids first.
 *
 * Failures are the same on both engines: BUSY (a lock, a deadlock, a
 * statement that took too long: try again), UNAVAILABLE (no connection),
 * FULL (no room, or a disk that became read-only), CONFLICT (a constraint),
 * CORRUPT, IO, NO_MEMORY, BUG (called wrongly), and STORE for the rest.
 * After any failure the transaction is lost: its later verbs fail alike and
 * tx_commit rolls back.
 */
#ifndef ALAS_STORE_H
#define ALAS_STORE_H

#include "base.h"

struct store;
struct tx;

enum {
	STORE_VALUE_MAX = 16 * MIB,	/* bytes of one argument */
	ROW_SETS_MAX = 8,		/* statements stepped at once */
};

struct statement {
	const char *name;
	const char *sql;		/* with :names, for SQLite */
	const char *sql_postgres;	/* with $n, from the same text */
	const char *const *args;	/* names in order of $n */
	size_t args_n;
	const char *file;		/* "people.sql" */
};

struct arg {
	const char *name;
	enum { ARG_NULL, ARG_NUMBER, ARG_TEXT, ARG_BLOB } kind;
	int64_t number;
	text bytes;
};
#define arg_null(n) ((struct arg){ .name = (n), .kind = ARG_NULL })
#define arg_number(n, v)                                                     \
	((struct arg){ .name = (n), .kind = ARG_NUMBER, .number = (v) })
#define arg_text(n, v)                                                       \
	((struct arg){ .name = (n), .kind = ARG_TEXT, .bytes = (v) })
#define arg_blob(n, v)                                                       \
	((struct arg){ .name = (n), .kind = ARG_BLOB, .bytes = (v) })
#define arg_id(n, v)                                                         \
	((struct arg){ .name = (n), .kind = ARG_BLOB,                        \
	    .bytes = { (const char *)(v).b, 16 } })

struct row_set;			/* a statement being stepped */

enum store_engine { ENGINE_SQLITE, ENGINE_POSTGRES };

struct store_options {
	const char *where;	/* path of the file, ":memory:", or a
				   postgresql:// or "host=…" string */
	const struct statement *const *statements;	/* NULL-ended */
	/* CREATE texts, NULL-ended: a new database is made of them at once
	 * and knows no migrations.  For ":memory:". */
	const char *const *tables;
	bool read_only;
};

/*
 * Every statement is prepared and checked here if the database is at the
 * head, else at the end of store_migrate; before that nothing begins.
 * UNAVAILABLE: locked by another office, no such folder, no server.
 * STORE: a statement does not prepare (the message names file, statement),
 * PostgreSQL is older than 15, or would be reached neither by a UNIX socket
 * nor with sslmode=verify-full.  CORRUPT: the file is not a database.
 */
MUST_USE result store_open(const struct store_options *o,
    struct store **ret);
void store_close(struct store **s);		/* accepts NULL */
enum store_engine store_engine(const struct store *s);
/* "SQLite 3.40.1", "PostgreSQL 15.20"; memory of the store. */
const char *store_version(const struct store *s);
/* What the engine said last, without values: for logs and doctor, never for
 * a page.  NULL asks for what the last failed store_open said. */
const char *store_message(const struct store *s);
/* The disk failed to keep what was written: it is read, and written no more
 * until the process starts anew. */
bool store_wounded(const struct store *s);
/* How often a lost connection was made anew: at another number it may be
 * another database that answers. */
unsigned store_reconnected(const struct store *s);
/* Idle work, outside a transaction: SQLite checkpoints (TRUNCATE). */
MUST_USE result store_rest(struct store *s);
/* More CREATE texts for a database made of `tables`, inside a transaction
 * or not: indexes, once the tables are full. */
MUST_USE result store_add(struct store *s, const char *const *tables);
/* Everything written anew, so that nothing of what was deleted stays in the
 * files: VACUUM and a checkpoint, or VACUUM FULL.  Nobody else is served
 * meanwhile.  Outside a transaction; FULL needs the room once more.  STORE:
 * the role is neither the owner of the tables nor its member. */
MUST_USE result store_compact(struct store *s);
/* integrity_check and foreign_key_check, or a ping.  CORRUPT. */
MUST_USE result store_check(struct store *s);

/* ---- a copy while others write ---------------------------------------- */

/*
 * For backups: all that the database holds at one moment, without stopping
 * whoever writes.  SQLite: into the new file `to`, some pages at a step;
 * what is written between two steps goes into both.  PostgreSQL: nothing is
 * copied; from store_copy_end to store_copy_free a second connection holds
 * the snapshot, which pg_dump takes by its name.
 *
 * Each verb is called outside a transaction.  The file is not flushed: it
 * is for whoever reads it now, and worth nothing after a power cut.
 */
struct store_copy;
MUST_USE result store_copy_new(struct store *s, const char *to,
    struct store_copy **ret);
/* `ret_near`: what is left is short, so it may end. */
MUST_USE result store_copy_step(struct store_copy *c, bool *ret_near);
/*
 * The copy is the database as it stands now.  `emptied` (NULL-ended) run on
 * the file: DELETE without WHERE, whose pages secure_delete overwrites, so
 * that no VACUUM has to hold everybody up.  FULL.
 */
MUST_USE result store_copy_end(struct store_copy *c,
    const struct statement *const *emptied);
/* A transaction that reads what the copy holds, whoever wrote since; until
 * store_copy_free. */
MUST_USE result store_copy_begin(struct store_copy *c, struct tx **ret);
const char *store_copy_snapshot(const struct store_copy *c);	/* or "" */
void store_copy_free(struct store_copy **c);	/* accepts NULL */

/* ---- migrations ------------------------------------------------------- */

struct migration { int number; const char *name; const char *sql; };
extern const struct migration store_migrations[];	/* 0-ended */
/*
 * Bring the database to the head, one transaction each, forward only; then
 * prepare and check every statement.  A migration that fails leaves the one
 * before.  Needs the right to make tables only when something is to be done;
 * PostgreSQL: of the tables' owner, whose member the role may be instead.
 * CONFLICT: the database is newer than this program.
 */
MUST_USE result store_migrate(struct store *s);
MUST_USE result store_migration(struct store *s, int *ret_at, int *ret_head);

/* ---- transactions ----------------------------------------------------- */

enum tx_kind { TX_READ, TX_WRITE };
/*
 * TX_READ allows only statements that begin with SELECT, WITH or VALUES.
 * It sees one moment.  TX_WRITE waits until nobody else writes, in this
 * office or another: SQLite's own lock on the file, on PostgreSQL one of the
 * schema, from begin to end; it sees what was committed before it.  A lost
 * connection is made anew here and nowhere else.  BUSY: another has written
 * for two seconds.  UNAVAILABLE: it cannot be, or the database is not at
 * this program's migration.
 */
MUST_USE result tx_begin(struct store *s, enum tx_kind kind, struct tx **ret);
/*
 * OK means on disk.  UNAVAILABLE and IO mean not known: the answer to COMMIT
 * did not come, or came with a warning, or the disk did not confirm; ask the
 * idempotency key.  Anything else means nothing was written.  Ends row sets
 * that are still open.
 */
MUST_USE result tx_commit(struct tx **tx);	/* NULLs it, also on failure */
void tx_abort(struct tx **tx);			/* accepts NULL */
struct store *tx_store(struct tx *tx);

/*
 * Each argument of the statement is given once, by name, in any order; a
 * text or blob {NULL, 0} is empty, not NULL.  TOO_LARGE: a value above
 * STORE_VALUE_MAX.
 *
 * Runs to the end; `ret_changed` (or NULL) is the number of rows changed.
 */
MUST_USE result store_run(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, int64_t *ret_changed);
/* Steps.  Rows come in the statement's order. */
MUST_USE result store_query(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, struct row_set **ret);
MUST_USE result row_next(struct row_set *r, bool *ret_there);
void row_end(struct row_set **r);		/* accepts NULL */

/* A column that the statement does not have is our mistake and asserts; one
 * that holds another type than asked reads as empty and loses the
 * transaction with CORRUPT.  NULL reads as 0, empty, none. */
bool column_null(struct row_set *r, const char *name);
int64_t column_number(struct row_set *r, const char *name);
text column_text(struct row_set *r, const char *name);
text column_blob(struct row_set *r, const char *name);
id column_id(struct row_set *r, const char *name);	/* none when NULL */
/* By position, for loops over many rows; position from the name once. */
int column_at(struct row_set *r, const char *name);
bool at_null(struct row_set *r, int at);
int64_t at_number(struct row_set *r, int at);
text at_bytes(struct row_set *r, int at);

#endif
