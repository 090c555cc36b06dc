#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const char *check_data;
struct arena *arena;
struct codes *codes;
uint64_t seed;

static int start(void **state)
{
	(void)state;
	arena = arena_new(16 * MIB);
	return arena == NULL ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

const struct field *field_of(const struct entity *e, const char *name)
{
	const struct field *f = entity_field(e, text_of(name));

	assert_non_null(f);
	return f;
}

/* ALAS_TEST_SEED repeats a run. */
static void draw_seed(void)
{
	const char *given = getenv("ALAS_TEST_SEED");

	seed = given != NULL ? strtoull(given, NULL, 10) :
	    (uint64_t)time(NULL);
	seed = seed == 0 ? 1 : seed;
	printf("# seed %llu\n", (unsigned long long)seed);
}

int check_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest *list = calloc(n, sizeof(*list));
	struct arena *a = arena_new(MIB);
	char path[1024];
	text said;
	int failed;

	check_data = argc > 1 ? argv[1] : "data";
	draw_seed();
	snprintf(path, sizeof(path), "%s/codes.csv", check_data);
	if (list == NULL || a == NULL ||
	    !is_ok(codes_open(path, a, &codes, &said)))
		return 1;
	for (size_t i = 0; i < n; i++) {
		list[i] = tests[i];
		list[i].setup_func = start;
		list[i].teardown_func = stop;
	}
	failed = _cmocka_run_group_tests(name, list, n, NULL, NULL);
	codes_close(&codes);
	arena_free(a);
	free(list);
	return failed;
}
