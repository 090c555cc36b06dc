#include "check.h"

#include <string.h>

static void takes_are_zeroed_and_aligned(void **state)
{
	/* Without it an operation could read what the last one left. */
	struct arena *a = arena_new(MIB);

	(void)state;
	for (size_t n = 0; n < 300; n++) {
		uint8_t *p = arena_take(a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, n);
	}
	assert_ptr_not_equal(arena_take(a, 0), arena_take(a, 0));
	arena_free(a);
}

static void reset_clears_what_was_used(void **state)
{
	/* Without it a name stays in memory after its request. */
	struct arena *a = arena_new(MIB);
	char *p = arena_take(a, 5000);

	(void)state;
	memset(p, 'x', 5000);
	arena_reset(a);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(p[i], 0);
	assert_ptr_equal(arena_take(a, 5000), p);
	arena_free(a);
}

static void maximum_is_exact(void **state)
{
	/* Without it one request takes the memory of the whole office. */
	struct arena *a = arena_new(1000);

	(void)state;
	assert_null(arena_take(a, 1001));
	assert_null(arena_take(a, SIZE_MAX));
	assert_non_null(arena_take(a, 1000));
	assert_null(arena_take(a, 1));
	assert_null(arena_text(a, T("x")).p);
	assert_null(arena_format(a, "%d", 1).p);
	arena_reset(a);
	assert_non_null(arena_take(a, 1000));
	arena_free(a);

	a = arena_new(200 * KIB);
	assert_non_null(arena_take(a, 10));
	assert_non_null(arena_take(a, 130 * KIB));
	assert_null(arena_take(a, 64 * KIB));
	arena_free(a);
}

static void array_refuses_overflow(void **state)
{
	/* Without it a count that wraps gives too short an array. */
	struct arena *a = arena_new(MIB);

	(void)state;
	assert_null(arena_array(a, SIZE_MAX / 2, 3));
	assert_null(arena_array(a, (size_t)1 << 33, (size_t)1 << 31));
	assert_non_null(arena_array(a, 10, 24));
	assert_non_null(arena_array(a, 0, 24));
	arena_free(a);
}

static void text_and_format_end_in_nul(void **state)
{
	/* Without it a system call reads past a text. */
	struct arena *a = arena_new(MIB);
	text t = arena_text(a, (text){ "abcdef", 3 });

	(void)state;
	assert_int_equal(strlen(t.p), 3);
	assert_text(t, "abc");
	t = arena_text(a, (text){ 0 });
	assert_non_null(t.p);
	assert_text(t, "");
	t = arena_format(a, "%s-%03d", "x", 7);
	assert_text(t, "x-007");
	assert_int_equal(t.p[t.n], 0);
	arena_free(a);
}

static void rewind_gives_back_across_blocks(void **state)
{
	/* Without it a loop with a scratch mark grows until it is refused. */
	struct arena *a = arena_new(300 * KIB);
	struct arena_mark none = arena_mark(a);
	char *kept = arena_take(a, 100);

	(void)state;
	memset(kept, 'k', 100);
	struct arena_mark m = arena_mark(a);
	char *first = arena_take(a, 100);
	memset(first, 'f', 100);
	arena_rewind(a, m);
	assert_int_equal(first[0], 0);
	for (int i = 0; i < 1000; i++) {
		assert_non_null(arena_take(a, 40 * KIB));
		assert_non_null(arena_take(a, 150 * KIB));
		arena_rewind(a, m);
	}
	assert_int_equal(kept[99], 'k');
	assert_ptr_equal(arena_take(a, 100), first);
	arena_rewind(a, none);
	assert_non_null(arena_take(a, 300 * KIB));
	arena_free(a);
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_are_zeroed_and_aligned),
		cmocka_unit_test(reset_clears_what_was_used),
		cmocka_unit_test(maximum_is_exact),
		cmocka_unit_test(array_refuses_overflow),
		cmocka_unit_test(text_and_format_end_in_nul),
		cmocka_unit_test(rewind_gives_back_across_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
