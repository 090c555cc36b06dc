/* What the tests of this room share: days, rows, named problems. */
#ifndef ALAS_LEGAL_CHECK_H
#define ALAS_LEGAL_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "legal.h"

struct bench { struct arena *arena; struct law *law; struct problems no; };

static inline int
bench_open(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->arena = arena_new(64 * MIB);
	assert_non_null(b->arena);
	assert_true(is_ok(law_open("data", b->arena, &b->law, NULL)));
	*state = b;
	return 0;
}

static inline int
bench_close(void **state)
{
	struct bench *b = *state;

	law_close(b->law);
	arena_free(b->arena);
	free(b);
	return 0;
}

/* Each test begins without problems. */
static inline int
bench_clean(void **state)
{
	struct bench *b = *state;

	memset(&b->no, 0, sizeof(b->no));
	return 0;
}

static inline day
on(const char *iso)
{
	day d = { 0 };

	assert_true(day_read(text_of(iso), &d));
	return d;
}

static inline instant
at(const char *typed)
{
	instant t = { 0 };

	assert_true(instant_read(text_of(typed), &t));
	return t;
}

static inline id
number(uint64_t n)
{
	return id_of_number(n);
}

static inline void
assert_text(text t, const char *wanted)
{
	if (!text_same(t, text_of(wanted)))
		fail_msg("\"%.*s\", not \"%s\"", (int)t.n, t.p, wanted);
}

/* Exactly this problem, at this input, and no other. */
static inline void
assert_only(const struct bench *b, const char *field, const char *key)
{
	if (b->no.n != 1)
		fail_msg("%zu problems, wanted only %s at %s", b->no.n, key,
		    field);
	assert_text(b->no.at[0].field, field);
	assert_string_equal(b->no.at[0].key, key);
}

static inline void
assert_none(const struct bench *b)
{
	if (b->no.n != 0)
		fail_msg("%s at %.*s", b->no.at[0].key,
		    (int)b->no.at[0].field.n, b->no.at[0].field.p);
}

#define TEST(f) cmocka_unit_test_setup(f, bench_clean)

#endif
