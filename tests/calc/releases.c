/* A forecast that loses part of a person would leave somebody without a kit. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

enum { CASES = 2000, PERSONS = 12, TEXT = 4096 };

/* "0.300000" as millionths. */
static long long part(const json_t *of, const char *name)
{
	long long whole_part = 0, below = 0;

	assert_int_equal(sscanf(json_string_value(json_object_get(of, name)),
	    "%lld.%6lld", &whole_part, &below), 2);
	return whole_part * 1000000 + below;
}

static int put_day(struct chance *c, char *to, const char *name)
{
	return sprintf(to, ",\"%s\":\"%u-%02u-%02u\"", name,
	    2024 + chance_below(c, 8), 1 + chance_below(c, 12),
	    1 + chance_below(c, 28));
}

static size_t question(struct chance *c, char *json, size_t *ret_without)
{
	static const char *const names[] = { "adverse", "normal",
		"favourable" };
	unsigned adverse = chance_below(c, 1000001);
	unsigned normal = chance_below(c, 1000001 - adverse);
	size_t persons = chance_below(c, PERSONS + 1);
	char *at = json;

	*ret_without = 0;
	at += sprintf(at, "{\"from\":\"2026-02-10\",\"to\":\"2028-11-20\","
	    "\"weights\":{\"adverse\":\"%u.%06u\",\"normal\":\"%u.%06u\","
	    "\"favourable\":\"%u.%06u\"},\"kit\":\"%u.%02u\",\"persons\":[",
	    adverse / 1000000, adverse % 1000000, normal / 1000000,
	    normal % 1000000, (1000000 - adverse - normal) / 1000000,
	    (1000000 - adverse - normal) % 1000000, chance_below(c, 9000),
	    chance_below(c, 100));
	for (size_t i = 0; i < persons; i++) {
		unsigned given = chance_below(c, 8);

		*ret_without += given == 0;
		at += sprintf(at, "%s{\"id\":\"P%zu\"", i > 0 ? "," : "", i);
		for (unsigned n = 0; n < 3; n++)
			if (given >> n & 1)
				at += put_day(c, at, names[n]);
		at += sprintf(at, "}");
	}
	sprintf(at, "]}");
	return persons;
}

static void sums_are_exact(void **state)
{
	struct chance c = chance_begin();
	char json[TEXT];

	for (int i = 0; i < CASES; i++) {
		size_t without;
		size_t persons = question(&c, json, &without);
		json_t *got = desk_ask(*state, "releases", json);
		json_t *quarters = json_object_get(got, "quarters");
		long long sum = part(got, "before") + part(got, "after");

		assert_non_null(got);
		assert_int_equal(json_array_size(quarters), 12);
		for (size_t q = 0; q < 12; q++)
			sum += part(json_array_get(quarters, q), "expected");
		assert_int_equal(sum, part(got, "total"));
		assert_int_equal(sum, (long long)(persons - without) *
		    1000000);
		assert_int_equal(json_array_size(json_object_get(got,
		    "without_date")), without);
		json_decref(got);
	}
}

static long long of_quarter(struct desk *d, const char *person,
    const char *name)
{
	char json[TEXT];
	json_t *got, *q;
	long long found = -1;
	size_t i;

	sprintf(json, "{\"from\":\"2027-01-01\",\"to\":\"2027-12-31\","
	    "\"weights\":{\"adverse\":\"0.2\",\"normal\":\"0.5\","
	    "\"favourable\":\"0.3\"},\"kit\":\"1.00\",\"persons\":[{\"id\":"
	    "\"a\",%s}]}", person);
	got = desk_ask(d, "releases", json);
	assert_non_null(got);
	json_array_foreach(json_object_get(got, "quarters"), i, q)
		if (strcmp(json_string_value(json_object_get(q, "quarter")),
		    name) == 0)
			found = part(q, "expected");
	json_decref(got);
	return found;
}

#define Q1 "\"2027-03-31\""
#define Q2 "\"2027-04-01\""
#define Q4 "\"2027-12-31\""

/* The weight of a missing day would go to the wrong neighbour. */
static void missing_days(void **state)
{
	struct desk *d = *state;

	assert_int_equal(of_quarter(d, "\"normal\":" Q2, "2027-Q2"),
	    1000000);
	/* Between both, normal goes with the later in the order. */
	assert_int_equal(of_quarter(d, "\"favourable\":" Q1 ",\"adverse\":"
	    Q4, "2027-Q4"), 700000);
	assert_int_equal(of_quarter(d, "\"favourable\":" Q1 ",\"normal\":"
	    Q2, "2027-Q2"), 700000);
	assert_int_equal(of_quarter(d, "\"normal\":" Q2 ",\"adverse\":" Q4,
	    "2027-Q2"), 800000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_exact),
		cmocka_unit_test(missing_days),
	};

	return cmocka_run_group_tests(tests, desk_open, desk_close);
}
