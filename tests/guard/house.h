/*
 * house: an office for tests of guard, with a clock that stands still, with
 * chance that repeats itself, on SQLite in a folder of its own or on
 * PostgreSQL in a schema of its own.  The runner is played by the house.
 */
#ifndef ALAS_TEST_GUARD_HOUSE_H
#define ALAS_TEST_GUARD_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "guard_inside.h"

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
/* A verb that may wait on errands: the house runs them, then it again. */
#define done_by_house(h, call)                                               \
	__extension__ ({                                                     \
		result done_;                                                \
		while ((done_ = (call)).code == E_WAIT)                      \
			house_errand(h);                                     \
		done_;                                                       \
	})

struct house {
	enum store_engine engine;
	char folder[256], where[1024];
	PGconn *other;
	struct office office;
	struct arena *arena;
	struct chance chance;
	uint64_t seed;
	key32 root;
	struct codes *codes;
	struct op op;
	instant now;
	int errands[4];			/* how many of each kind were run */
	struct slot_kdf kdf;		/* of the last Argon2 errand */
	bool runner_busy;
};

extern enum store_engine on_sqlite, on_postgres;
extern const char *house_data;		/* folder of codes.csv */
int house_make(void **state);
int house_free(void **state);
/* Run a group on SQLite, and on PostgreSQL where there is one. */
int house_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n);

/* A fresh operation: nobody's, or a user's who stepped up just now. */
struct op *house_op(struct house *h);
struct op *house_as(struct house *h, user_id user);
void house_errand(struct house *h);
/* Commit with a leaf, as a handler does, and tell guard. */
void house_commit(struct house *h);
void house_wait(struct house *h, int64_t ms);
/* The process ends and begins: what was only in memory is gone. */
void house_restart(struct house *h);
void house_seal(struct house *h);

/* Active users, persons and matters that another leads. */
user_id house_user(struct house *h, const char *name, const char *roles);
void house_change_user(struct house *h, user_id user, const char *state,
    day ends_on);
id house_person(struct house *h, user_id leader);
id house_matter(struct house *h, user_id leader);
id house_party(struct house *h, id matter, id person, bool represented);
id house_grant(struct house *h, user_id to, enum object_kind kind, id object,
    const char *compartments, const char *level);
id house_wall(struct house *h, user_id whom, enum object_kind kind,
    id object);
/* Words with spaces between them, in memory that lasts the test. */
texts house_texts(struct house *h, const char *words);

/* Somebody with passphrase and factor, signed in nowhere. */
struct person_at_door {
	user_id user;
	const char *name;
	char passphrase[64], secret[64], device[64], cookie[64];
	char recovery[RECOVERY_CODES][24];
};
void house_enrol(struct house *h, const char *name, const char *roles,
    struct person_at_door *ret);
text house_code(struct house *h, const struct person_at_door *p);
result house_sign_in(struct house *h, struct person_at_door *p);
/* Number of leaves of an event, from the audit itself. */
int house_leaves(struct house *h, enum event event);

#endif
