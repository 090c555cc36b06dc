/*
 * ground: a fresh database for every test, on the engine that the group was
 * started for.  SQLite: a file in a folder of its own.  PostgreSQL: a schema
 * of its own in the database that ALAS_TEST_PG names.
 */
#ifndef ALAS_TEST_STORE_GROUND_H
#define ALAS_TEST_STORE_GROUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "store_inside.h"
#include "test_sql.h"

struct ground {
	enum store_engine engine;
	char folder[512];		/* SQLite */
	char where[1024];
	struct migration migrations[8];	/* the floor and ours */
	struct store *store;		/* opened and migrated */
	PGconn *other;			/* PostgreSQL: somebody else */
};

extern enum store_engine on_sqlite, on_postgres;

/* cmocka's setup and teardown; *state comes as the engine. */
int ground_make(void **state);
int ground_free(void **state);

const char *postgres_address(void);	/* NULL: not to be tested */

#define assert_result(call, name)                                            \
	do {                                                                 \
		result got_ = (call);                                        \
		if (got_.code != E_##name)                                   \
			fail_msg("%s gave %s, not %s", #call,                \
			    error_name(got_), #name);                        \
	} while (0)
#define assert_good(call) assert_result(call, OK)

/* Open again, with other options or statements. */
struct store *ground_open(struct ground *g);
result ground_try(struct ground *g, const struct statement *const *list,
    bool read_only, struct store **ret);
void ground_close(struct ground *g);
/* Close, and forget everything that was in the database. */
void ground_empty(struct ground *g);
/* SQL that must work, in a transaction of the store. */
void ground_script(struct ground *g, const char *sql);
/* SQL of somebody else on PostgreSQL; the first value of its answer. */
const char *ground_other(struct ground *g, const char *sql);

struct tx *ground_begin(struct ground *g, enum tx_kind kind);
id id_of(uint64_t n);
void thing_put(struct tx *tx, uint64_t n);
bool thing_there(struct tx *tx, uint64_t n);
int64_t now_ms(void);

#endif
