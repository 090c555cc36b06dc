/*
 * ground: an office without people, for tests of audit, facts, people and
 * op: keys, a clock that stands still, chance that repeats itself, on
 * SQLite in a folder of its own or on PostgreSQL in a schema of its own.
 */
#ifndef ALAS_TEST_AUDIT_GROUND_H
#define ALAS_TEST_AUDIT_GROUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <libpq-fe.h>

#include "facts.h"
#include "facts_sql.h"

#include "audit_test_sql.h"

#define assert_result(call, name)                                            \
	do {                                                                 \
		result got_ = (call);                                        \
		if (got_.code != E_##name) {                                 \
			struct fault_trace trace_ = base_fault_last();       \
			fail_msg("%s gave %s, not %s (%s:%d)", #call,        \
			    error_name(got_), #name, trace_.file == NULL ?   \
			    "-" : trace_.file, trace_.line);                 \
		}                                                            \
	} while (0)
#define assert_good(call) assert_result(call, OK)
#define assert_text(t, literal)                                              \
	do {                                                                 \
		text text_ = (t);                                            \
		if (!text_same(text_, text_of(literal)))                     \
			fail_msg("%s is \"%.*s\", not \"%s\"", #t,           \
			    (int)text_.n, text_.p, (const char *)(literal));   \
	} while (0)

struct ground {
	enum store_engine engine;
	char folder[256], where[1024];
	PGconn *other;
	struct office office;
	struct arena *arena, *lasting;
	struct chance chance;
	uint64_t seed;
	key32 root;
	struct codes *codes;
	struct op op;
	instant now;
};

extern const char *ground_data;		/* folder of codes.csv, vectors */
int ground_make(void **state);
int ground_free(void **state);
/* Run a group on SQLite, and on PostgreSQL where there is one. */
int ground_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n);

/* A fresh operation of user 1; what was open is aborted. */
struct op *ground_op(struct ground *g);
/* Commit with a leaf about nothing. */
void ground_commit(struct ground *g);
/* The process ends and begins; the answer of audit_load. */
result ground_restart(struct ground *g, text *ret_said);
/* One statement of the test in a transaction of its own. */
void ground_sql(struct ground *g, const struct statement *st,
    const struct arg *args, size_t n);

/* Reaches as guard would make them; `hides` may be NULL. */
struct reach whole_office(void);
struct reach reach_of(enum object_kind kind, id object, class_mask mask);

/* A file of data/vectors, and bytes in it. */
json_t *vector_file(const char *name);
size_t hex_in(const json_t *row, const char *name, uint8_t *out, size_t max);

#endif
