/*
 * office: an office for tests of desk, in memory, with a clock that stands
 * still and chance that repeats itself.
 */
#ifndef ALAS_TEST_DESK_OFFICE_H
#define ALAS_TEST_DESK_OFFICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk_inside.h"

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
			    (int)text_.n, text_.p, literal);                 \
	} while (0)

struct place {
	struct office office;
	struct arena *arena, *lasting;
	struct chance chance;
	uint64_t seed;
	key32 root;
	struct codes *codes;
	struct op op;
	instant now;
};

extern const char *place_data;		/* folder of codes.csv */
int place_make(void **state);
int place_free(void **state);
int place_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n);

/* A fresh operation: nobody's, or a user's. */
struct op *place_op(struct place *h);
struct op *place_as(struct place *h, user_id user);
/* Commit with a leaf, as a handler does; guard and desk are told. */
void place_commit(struct place *h, const char *kind, id object);
/* Insert one row and commit. */
id place_insert(struct place *h, const struct entity *e, void *row);
void place_update(struct place *h, const struct entity *e, void *row);
void place_get(struct place *h, const struct entity *e, id row, void *ret);
/* Words with spaces between them, in memory that lasts the test. */
texts place_texts(struct place *h, const char *words);
uint32_t place_chance(struct place *h, uint32_t below);

user_id place_user(struct place *h, const char *name, const char *roles);
id place_person(struct place *h, const char *given, const char *first,
    const char *second, day born);
id place_matter(struct place *h, const char *title, user_id responsible);
id place_party(struct place *h, id matter, id person, const char *name,
    const char *role, bool represented);
id place_grant(struct place *h, user_id to, enum object_kind kind, id object,
    const char *compartments, const char *level, const char *grant_kind);
id place_wall(struct place *h, user_id whom, enum object_kind kind,
    id object);
id place_call(struct place *h, id person, id matter, instant at);

/* The row of a list that has this code; NULL. */
const struct node *row_of(const struct node *list, id object);
text text_at(const struct node *from, const char *path);
size_t rows_in(const struct node *list);

#endif
