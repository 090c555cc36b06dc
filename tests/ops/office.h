/*
 * office: a whole office for tests of operations, in a folder of its own,
 * with a clock that stands still and chance that repeats itself.  Everything
 * is asked as the doors ask it: by address, through the dispatcher.
 */
#ifndef ALAS_TEST_OPS_OFFICE_H
#define ALAS_TEST_OPS_OFFICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"
#include "ops.h"

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
#define assert_text(got, want)                                               \
	do {                                                                 \
		text got_ = (got), want_ = text_of(want);                    \
		assert_int_equal(got_.n, want_.n);                           \
		assert_memory_equal(got_.p, want_.p, want_.n);               \
	} while (0)

struct house {
	char folder[256];
	struct office office;
	struct arena *arena, *lasting;
	size_t arena_max;		/* of the next operations */
	struct chance chance;
	uint64_t seed;
	struct words *words;
	struct codes *codes;
	struct law *law;
	instant now;
	struct op op;			/* the last one, as it ended */
	struct route route;
	bool weak;			/* so the runner says of passphrases */
	/* dora and daniel direct, lucia is a lawyer, sara a social worker,
	 * rita reception, tito a technician, vera a guest. */
	user_id dora, daniel, lucia, benito, sara, rita, tito, vera;
};

int house_make(void **state);
int house_free(void **state);
int house_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n);

/*
 * Ask as somebody who stepped up just now; `inputs` are name, value, name,
 * value…, NULL.  The answer is in h->op until the next question.
 */
result house_get(struct house *h, user_id who, const char *path,
    const char *const *inputs);
result house_post(struct house *h, user_id who, const char *path,
    const char *const *inputs);
/* The same with a version, a step-up long ago, a key, another door. */
struct asking {
	user_id who;
	const char *method, *path;
	const char *const *inputs;
	uint64_t version;
	const char *key;		/* once */
	enum door door;
	bool old_step_up;
	const char *cookie;		/* instead of `who` */
};
result house_ask(struct house *h, const struct asking *a);

/* "/people/AFTC-Z4W/access", in memory that lasts the test. */
const char *house_path(struct house *h, const char *pattern, id a, id b);
const char *house_code(struct house *h, id i);
/* A member of the last answer, as text; fails when it is not there. */
text house_said(struct house *h, const char *path);
bool house_has(struct house *h, const char *path);
const struct node *house_node(struct house *h, const char *path);
/* Did the last refusal say this of that input? */
bool house_problem(struct house *h, const char *input, const char *key);
void house_wait(struct house *h, int64_t ms);

/* Facts without their operations: what the test is not about. */
user_id house_user(struct house *h, const char *name, const char *roles,
    bool guardian);
id house_person(struct house *h, user_id leader, const char *name);
id house_matter(struct house *h, user_id leader, id person);
/* A matter whose short code is that of another row. */
id house_matter_of(struct house *h, user_id leader, id person, id like);
/* The first was found to be the second. */
void house_unite(struct house *h, id from, id into);
id house_relation(struct house *h, id person, const char *mandate,
    const char *topics, day until);
id house_grant(struct house *h, user_id to, enum object_kind kind, id object,
    const char *compartments, const char *level);
id house_wall(struct house *h, user_id whom, enum object_kind kind,
    id object);
texts house_texts(struct house *h, const char *words);
/* Number of leaves of an event, and of rows of an entity. */
int house_leaves(struct house *h, enum event event);
int house_rows(struct house *h, const struct entity *e);
/* Somebody who came in by an invitation: a cookie that lasts the test. */
struct came_in { user_id user; char cookie[64], secret[64], phrase[64]; };
void house_come_in(struct house *h, const char *name, const char *roles,
    struct came_in *ret);
/* The six figures of now. */
const char *house_totp(struct house *h, const char *base32);

#endif
