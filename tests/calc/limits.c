/* Two roads to one date: the rules R13, R14 and N07 and the kind
 * detention-limit.  Without this they could part unseen. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

enum { CASES = 2000, TEXT = 512, YEAR_DAYS = 366 };

struct same { const char *rule, *variant, *regime, *class_name, *extended;
	const char *from, *to; };

static const struct same pairs[] = {
	{ "R13", "", "cpp91-137", "ordinary", "false", "1991-04-28",
		"2060-01-01" },
	{ "R14", "base", "cpp91-137", "terrorism", "false", "2001-11-14",
		"2060-01-01" },
	{ "R14", "extended", "cpp91-137", "terrorism", "true", "2001-11-14",
		"2060-01-01" },
	{ "N07", "ordinary", "ncpp-272", "ordinary", "false", "2016-12-31",
		"2060-01-01" },
	{ "N07", "complex", "ncpp-272", "complex", "false", "2016-12-31",
		"2060-01-01" },
	{ "N07", "organised", "ncpp-272", "organised", "false",
		"2016-12-31", "2060-01-01" },
};

static const char *member(const json_t *of, const char *name)
{
	const char *t = json_string_value(json_object_get(of, name));

	assert_non_null(t);
	return t;
}

/* The step of N07 that bears the name of its class. */
static json_t *by_rule(struct desk *d, const struct same *p, const char *on)
{
	static const char *const names[] = { "variant", "step" };
	char json[TEXT];

	for (size_t i = 0; i < LENGTH(names); i++) {
		json_t *got;

		if (p->variant[0] == '\0')
			snprintf(json, sizeof(json), "{\"rule\":\"%s\","
			    "\"trigger\":\"%s\"}", p->rule, on);
		else
			snprintf(json, sizeof(json), "{\"rule\":\"%s\","
			    "\"trigger\":\"%s\",\"%s\":\"%s\"}", p->rule, on,
			    names[i], p->variant);
		got = desk_ask(d, "deadline", json);
		if (got != NULL)
			return got;
	}
	fail_msg("%s %s is refused on %s", p->rule, p->variant, on);
	return NULL;
}

static void one_pair(struct desk *d, const struct same *p, const char *on)
{
	char json[TEXT];
	json_t *rule = by_rule(d, p, on), *limit, *b;

	snprintf(json, sizeof(json), "{\"regime\":\"%s\",\"class\":\"%s\","
	    "\"from\":\"%s\",\"extended\":%s}", p->regime, p->class_name, on,
	    p->extended);
	limit = desk_ask(d, "detention-limit", json);
	assert_non_null(limit);
	b = json_array_get(json_object_get(rule, "readings"), 0);
	assert_string_equal(member(b, "name"), "b");
	if (strcmp(member(rule, "due"), member(limit, "last_day_a")) != 0 ||
	    strcmp(member(b, "due"), member(limit, "last_day_b")) != 0 ||
	    strcmp(member(rule, "alarm"), member(limit, "alarm")) != 0)
		fail_msg("%s and %s part on %s", p->rule, p->class_name, on);
	json_decref(rule);
	json_decref(limit);
}

static void rules_and_limits(void **state)
{
	struct desk *d = *state;
	struct chance c = chance_begin();

	for (size_t i = 0; i < LENGTH(pairs); i++) {
		day from, to;

		assert_true(day_read(text_of(pairs[i].from), &from));
		assert_true(day_read(text_of(pairs[i].to), &to));
		for (int n = 0; n < CASES / (int)LENGTH(pairs); n++) {
			struct arena_mark mark = arena_mark(d->arena);
			int32_t days = (int32_t)chance_below(&c,
			    (uint32_t)(to.n - from.n));

			/* The first year holds every month end and leap. */
			one_pair(d, &pairs[i], day_iso(d->arena,
			    day_plus(from, n < YEAR_DAYS ? n : days)).p);
			arena_rewind(d->arena, mark);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_and_limits),
	};

	return cmocka_run_group_tests(tests, desk_open, desk_close);
}
