/*
 * Every row of sentences_examples.jsonl, every member of every answer.
 * Without it a changed convention would pass unseen, and with it the day on
 * which somebody must be free.
 */
#include "desk.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_HERE = 4096, EXAMPLES = 40 };

static void drop_unlisted(json_t *answer)
{
	static const char *const unlisted[] = { "steps", "basis", "data" };

	for (size_t i = 0; i < LENGTH(unlisted); i++)
		json_object_del(answer, unlisted[i]);
}

static void one_example(struct desk *d, json_t *row)
{
	char *in = json_dumps(json_object_get(row, "in"), JSON_COMPACT);
	const char *name = json_string_value(json_object_get(row, "name"));
	json_t *want = json_object_get(row, "out");
	json_t *got = desk_ask(d, json_string_value(json_object_get(row,
	    "kind")), in);

	if (json_is_true(json_object_get(row, "error"))) {
		if (got != NULL)
			fail_msg("%s is answered", name);
		free(in);
		return;
	}
	assert_non_null(got);
	assert_true(json_array_size(json_object_get(got, "steps")) > 0);
	drop_unlisted(got);
	if (!json_equal(got, want))
		fail_msg("%s: got %s, not %s", name, json_dumps(got, 0),
		    json_dumps(want, 0));
	json_decref(got);
	free(in);
}

static void examples(void **state)
{
	struct desk *d = *state;
	char line[LINE_MAX_HERE];
	json_error_t error;
	size_t n = 0;
	FILE *f = fopen("data/sentences_examples.jsonl", "r");

	assert_non_null(f);
	for (; fgets(line, sizeof(line), f) != NULL; n++) {
		json_t *row = json_loads(line, 0, &error);

		assert_non_null(row);
		one_example(d, row);
		json_decref(row);
	}
	fclose(f);
	assert_int_equal(n, EXAMPLES);
}

/* What the specification prints for a deadline, member by member. */
static void deadline_as_printed(void **state)
{
	struct desk *d = *state;
	json_t *got = desk_ask(d, "deadline", "{\"rule\":\"C07\","
	    "\"trigger\":\"2026-11-24\",\"served_by\":\"electronic\"}");
	json_t *want = json_loads("{\"rule\":\"C07\",\"nature\":\"party\","
	    "\"effective\":\"2026-11-26\",\"due\":\"2026-12-01\","
	    "\"alarm\":\"2026-11-30\",\"readings\":[{\"name\":"
	    "\"electronic_strict\",\"due\":\"2026-11-30\"}],\"counted\":"
	    "[\"2026-11-27\",\"2026-11-30\",\"2026-12-01\"],\"skipped\":"
	    "[{\"date\":\"2026-11-28\",\"why\":\"saturday\"},{\"date\":"
	    "\"2026-11-29\",\"why\":\"sunday\"}],\"length\":3,\"count\":"
	    "\"bd\",\"calendar\":\"courts\",\"basis\":\"NCPConst 25\","
	    "\"confidence\":\"C\",\"warnings\":[]}", 0, NULL);

	assert_non_null(got);
	assert_int_equal(strlen(json_string_value(json_object_get(got,
	    "data"))), 64);
	json_object_del(got, "data");
	assert_true(json_equal(got, want));
	json_decref(got);
	json_decref(want);
}

/* Eight quarters, exact sums, and who has no date apart. */
static void releases_as_printed(void **state)
{
	struct desk *d = *state;
	json_t *got = desk_ask(d, "releases", "{\"from\":\"2027-01-01\","
	    "\"to\":\"2028-12-31\",\"weights\":{\"adverse\":\"0.2\","
	    "\"normal\":\"0.5\",\"favourable\":\"0.3\"},\"kit\":"
	    "\"1500.00\",\"persons\":[{\"id\":\"K7F3-9QQ\",\"adverse\":"
	    "\"2028-05-13\",\"normal\":\"2027-11-02\",\"favourable\":"
	    "\"2027-03-20\"},{\"id\":\"AFTC-Z4W\"}]}");
	json_t *quarters = json_object_get(got, "quarters");
	json_t *want = json_loads("{\"before\":\"0.000000\",\"after\":"
	    "\"0.000000\",\"without_date\":[\"AFTC-Z4W\"],\"persons\":2,"
	    "\"total\":\"1.000000\",\"cost\":\"1500.00\"}", 0, NULL);
	json_t *first = json_loads("{\"quarter\":\"2027-Q1\",\"expected\":"
	    "\"0.300000\",\"cost\":\"450.00\"}", 0, NULL);

	assert_int_equal(json_array_size(quarters), 8);
	assert_true(json_equal(json_array_get(quarters, 0), first));
	json_object_del(got, "quarters");
	assert_true(json_equal(got, want));
	json_decref(got);
	json_decref(want);
	json_decref(first);
}

/* A closed day would be told without its reason or name. */
static void december(void **state)
{
	struct desk *d = *state;
	json_t *got = desk_ask(d, "calendar", "{\"calendar\":\"courts\","
	    "\"from\":\"2026-12-05\",\"to\":\"2026-12-09\"}");
	json_t *want = json_loads("{\"closed\":[{\"date\":\"2026-12-05\","
	    "\"why\":\"saturday\"},{\"date\":\"2026-12-06\",\"why\":"
	    "\"sunday\"},{\"date\":\"2026-12-08\",\"why\":\"holiday\","
	    "\"name\":\"Inmaculada Concepción\"},{\"date\":\"2026-12-09\","
	    "\"why\":\"holiday\",\"name\":\"Batalla de Ayacucho\"}]}", 0,
	    NULL);

	assert_true(json_equal(got, want));
	json_decref(got);
	json_decref(want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(deadline_as_printed),
		cmocka_unit_test(releases_as_printed),
		cmocka_unit_test(december),
	};

	return cmocka_run_group_tests(tests, desk_open, desk_close);
}
