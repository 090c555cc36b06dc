/* What the tests of entity share: codes of the folder given, an arena. */
#ifndef ALAS_TEST_ENTITY_CHECK_H
#define ALAS_TEST_ENTITY_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fill.h"

#define assert_result(call, name)                                            \
	do {                                                                 \
		result got_ = (call);                                        \
		if (got_.code != E_##name)                                   \
			fail_msg("%s gave %s, not %s", #call,                \
			    error_name(got_), #name);                        \
	} while (0)
#define assert_good(call) assert_result(call, OK)
#define assert_text(t, literal)                                              \
	do {                                                                 \
		text text_ = (t);                                            \
		if (!text_same(text_, text_of(literal)))                     \
			fail_msg("%s is \"%.*s\", not \"%s\"", #t,           \
			    (int)text_.n, text_.p, (const char *)(literal));   \
	} while (0)

extern const char *check_data;
extern struct arena *arena;		/* fresh for each test */
extern struct codes *codes;
extern uint64_t seed;			/* printed */
/* Fields by name; a wrong one fails the test. */
const struct field *field_of(const struct entity *e, const char *name);
int check_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n);

#endif
