/*
 * store, inside: what the two drivers and the verbs above them share.  Not
 * for other rooms.
 *
 * The verbs of store.h check everything that does not depend on the engine
 * (arguments, kinds, nesting, a lost transaction), so that both engines
 * refuse alike; a driver only speaks to its engine and names the failure.
 */
#ifndef ALAS_STORE_INSIDE_H
#define ALAS_STORE_INSIDE_H

#include "store.h"

enum {
	STATEMENTS_MAX = 4096,
	STORE_MESSAGE_MAX = 512,
	STORE_VERSION_MAX = 64,
	MIGRATIONS_MAX = 9999,
};

/* What a driver holds of its connection. */
struct sqlite;
struct postgres;

struct row_set {
	struct store *store;		/* NULL once its transaction ended */
	size_t statement;
	int slot;			/* 0 … ROW_SETS_MAX - 1 */
	int columns_n;
	int column;			/* likely to be read next */
	bool on_row, done;
	/* Of the driver: */
	void *handle;			/* sqlite3_stmt, PGresult */
	int row, rows_n;		/* of the PGresult */
	bool more;			/* the cursor may have further rows */
};

struct tx {
	struct store *store;
	enum tx_kind kind;
	result lost;			/* OK, or what ended it */
	struct row_set *sets[ROW_SETS_MAX];
};

struct store {
	const struct driver *driver;
	union { struct sqlite *sqlite; struct postgres *postgres; };
	/* The program's and our own, by address. */
	const struct statement **statements;
	size_t statements_n;
	const struct migration *migrations;
	int head;			/* number of the last migration */
	bool read_only;
	bool ready;			/* at the head, statements checked */
	bool in_tx;
	/* An fsync failed: what it should have written may be lost without
	 * another word, so nothing is written until the process starts anew. */
	bool wounded;
	struct tx tx;
	char message[STORE_MESSAGE_MAX];
	char version[STORE_VERSION_MAX];
};

enum cell_kind { CELL_NULL, CELL_NUMBER, CELL_BYTES, CELL_OTHER };
struct cell { enum cell_kind kind; int64_t number; text bytes; };

/*
 * One engine.  `args` come complete and in the statement's order.  After a
 * failure inside a transaction the caller comes back with `abort` only.
 */
struct driver {
	enum store_engine engine;
	result (*open)(struct store *s, const char *where);
	void (*close)(struct store *s);		/* accepts half-built */
	/* Idempotent; STORE names file and statement in the message. */
	result (*prepare)(struct store *s, size_t statement);
	result (*begin)(struct store *s, enum tx_kind kind);
	/* Long statements are allowed and nobody else migrates meanwhile. */
	result (*begin_migration)(struct store *s);
	result (*commit)(struct store *s);	/* the transaction is over */
	void (*abort)(struct store *s);
	/* The highest number in table `migration`; 0 without the table. */
	result (*migration_at)(struct store *s, int *ret_at);
	/* Several statements without arguments; the name is for messages. */
	result (*script)(struct store *s, const char *name, const char *sql);
	result (*run)(struct store *s, size_t statement,
	    const struct arg *args, int64_t *ret_changed);
	result (*query)(struct row_set *r, const struct arg *args);
	result (*next)(struct row_set *r, bool *ret_there);
	void (*end)(struct row_set *r);
	const char *(*column_name)(struct row_set *r, int at);
	struct cell (*cell)(struct row_set *r, int at);
	result (*rest)(struct store *s);
	result (*compact)(struct store *s);
	result (*check)(struct store *s);
	unsigned (*reconnected)(const struct store *s);
	const char *before_migrations;	/* run once, in a new database */
};

extern const struct driver driver_sqlite, driver_postgres;

/* For copy.c: the connection (a sqlite3 *), and what its failures are. */
void *sqlite_connection(struct store *s);
result sqlite_class(void *connection, int code);

/* store_open with another list of migrations: for tests. */
MUST_USE result store_open_with(const struct store_options *o,
    const struct migration *migrations, struct store **ret);
/* Where a statement stands in `statements`, or statements_n. */
size_t store_statement_at(const struct store *s, const struct statement *st);
/* Does it only read?  Told by its first word; drivers check that it is so. */
bool statement_reads(const struct statement *st);
/* Prepare and check all. */
MUST_USE result store_prepare_all(struct store *s);
void store_say(struct store *s, const char *format, ...) PRINTF_LIKE(2, 3);
/* End the row sets that are open, so that the engine may end the rest. */
void tx_end_sets(struct tx *tx);

#endif
