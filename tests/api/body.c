/* Without this a program's body could mean other inputs than it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api_inside.h"

static struct arena *arena;

static int
begin(void **state)
{
	(void)state;
	arena = arena_new(16 * MIB);
	return arena == NULL ? -1 : 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

struct read { result got; struct problems problems; struct pair *p;
	size_t n; };

static struct read
read_body(const char *json)
{
	struct read r = { .n = 99 };

	r.got = json_pairs(text_of(json), arena, &r.problems, &r.p, &r.n);
	return r;
}

static void
assert_pair(const struct pair *p, const char *name, const char *value)
{
	assert_true(text_same(p->name, text_of(name)));
	assert_true(text_same(p->value, text_of(value)));
}

/* Refused, outputs untouched, the first problem as told. */
static void
assert_refused(const char *json, const char *pointer, const char *key)
{
	struct read r = read_body(json);

	assert_int_equal(r.got.code, E_BAD_REQUEST);
	assert_null(r.p);
	assert_int_equal(r.n, 99);
	assert_int_equal(r.problems.n, 1);
	assert_string_equal(r.problems.at[0].key, key);
	assert_true(text_same(json_pointer(arena, r.problems.at[0].field),
	    text_of(pointer)));
}

/* Without this a kind of value would reach the operation as another. */
static void
each_kind_becomes_its_input(void **state)
{
	struct read r = read_body("{\"a\": \"uno\\r\\ndos\", \"b\": -12,"
	    " \"c\": true, \"d\": false, \"e\": null,"
	    " \"f\": [\"x\", \"y\"], \"g\": [], \"\xC3\xB1\": \"\\u00e1\"}");

	(void)state;
	assert_true(is_ok(r.got));
	assert_int_equal(r.n, 9);
	assert_pair(&r.p[0], "a", "uno\ndos");
	assert_pair(&r.p[1], "b", "-12");
	assert_pair(&r.p[2], "c", "1");
	assert_pair(&r.p[3], "d", "0");
	assert_pair(&r.p[4], "e", "");
	assert_pair(&r.p[5], "f", "x");
	assert_pair(&r.p[6], "f", "y");
	assert_pair(&r.p[7], "g", "");
	assert_pair(&r.p[8], "\xC3\xB1", "\xC3\xA1");
}

static void
an_empty_object_has_no_inputs(void **state)
{
	struct read r = read_body("{}");

	(void)state;
	assert_true(is_ok(r.got));
	assert_int_equal(r.n, 0);
}

/* Without this a member given twice would count by the parser's taste. */
static void
a_member_twice_is_pointed_at(void **state)
{
	(void)state;
	assert_refused("{\"a\": 1, \"b\": 2, \"a\": 3}", "/a",
	    "problem.duplicate");
	assert_refused("{\"a\\\"b\": 1, \"a\\u0022b\": 3}", "/a\"b",
	    "problem.duplicate");
	assert_refused("{\"a\": {\"x\": 1, \"x\": 2}}", "",
	    "problem.duplicate");
}

static void
what_is_no_json_is_refused(void **state)
{
	(void)state;
	assert_refused("{\"a\": 1", "", "problem.json");
	assert_refused("{\"a\": 1} x", "", "problem.json");
	assert_refused("{'a': 1}", "", "problem.json");
	assert_refused("{\"a\": \"\\u0000\"}", "", "problem.json");
	assert_refused("{\"a\": \"\xC0\xAF\"}", "", "problem.json");
	assert_refused("{\"a\": 99999999999999999999}", "", "problem.json");
	assert_refused("[\"a\"]", "", "problem.json_object");
}

static void
values_of_no_kind_are_pointed_at(void **state)
{
	(void)state;
	assert_refused("{\"a\": {\"b\": 1}}", "/a", "problem.json_object");
	assert_refused("{\"a\": [1]}", "/a", "problem.json_list");
	assert_refused("{\"a\": [[\"x\"]]}", "/a", "problem.json_list");
	assert_refused("{\"a\": 1.5}", "/a", "problem.json_number");
	assert_refused("{\"a\": \"\\u0007\"}", "/a", "problem.control");
	assert_refused("{\"~/\": 1.5}", "/~0~1", "problem.json_number");
}

/* Without this a program could pass what only a form's door may say. */
static void
the_doors_own_names_are_unknown(void **state)
{
	(void)state;
	assert_refused("{\"_csrf\": \"x\"}", "/_csrf", "problem.unknown");
	assert_refused("{\"\": \"x\"}", "", "problem.unknown");
}

static void
all_that_is_wrong_is_told(void **state)
{
	struct read r = read_body("{\"a\": 1.5, \"b\": {}, \"c\": \"x\"}");

	(void)state;
	assert_int_equal(r.got.code, E_BAD_REQUEST);
	assert_int_equal(r.problems.n, 2);
}

static void
nested(char *to, size_t depth)
{
	memcpy(to, "{\"a\":", 5);
	memset(to + 5, '[', depth - 1);
	memset(to + 4 + depth, ']', depth - 1);
	memcpy(to + 3 + 2 * depth, "}", 2);
}

/* Without this a body of brackets would cost the parser's stack. */
static void
depth_ends_at_its_maximum(void **state)
{
	char json[2 * 3000 + 16];

	(void)state;
	nested(json, JSON_DEPTH_MAX);
	assert_refused(json, "/a", "problem.json_list");
	nested(json, JSON_DEPTH_MAX + 1);
	assert_refused(json, "", "problem.json_depth");
	nested(json, 3000);
	assert_refused(json, "", "problem.json_depth");
	/* Brackets in a text are text. */
	assert_true(is_ok(read_body("{\"a\": \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}").got));
}

static void
values_end_at_their_maximum(void **state)
{
	CLEANUP(buf_free) struct buf b = buf_new(MIB);
	struct problems problems = { .n = 0 };
	struct pair *p = NULL;
	size_t n = 0;

	(void)state;
	buf_text(&b, T("{\"a\":["));
	for (int i = 0; i < FORM_NAMES_MAX; i++)
		buf_text(&b, i == 0 ? T("\"x\"") : T(",\"x\""));
	buf_text(&b, T("]"));
	buf_char(&b, '}');
	assert_true(is_ok(json_pairs(buf_view(&b), arena, &problems, &p,
	    &n)));
	assert_int_equal(n, FORM_NAMES_MAX);
	b.n--;
	buf_text(&b, T(",\"b\":1}"));
	assert_int_equal(json_pairs(buf_view(&b), arena, &problems, &p,
	    &n).code, E_TOO_LARGE);
}

/* Without this a change could be let through against another version. */
static void
only_strong_tags_of_one_version_count(void **state)
{
	static const char *const bad[] = { "5", "\"\"", "\"0\"", "\"-1\"",
		"W/\"5\"", "*", "\"5\", \"6\"", "\"x\"", "\"5x\"", "" };
	uint64_t v = 7;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(etag_version(text_of(bad[i]), &v));
	assert_int_equal(v, 7);
	assert_true(etag_version(T("\"5\""), &v));
	assert_int_equal(v, 5);
	assert_true(etag_version(T(" \"12.0a1b\" "), &v));
	assert_int_equal(v, 12);
}

static void
a_tag_is_found_in_a_list(void **state)
{
	(void)state;
	assert_true(etag_listed(T("\"5\""), T("\"5\"")));
	assert_true(etag_listed(T("\"4\", W/\"5\""), T("\"5\"")));
	assert_true(etag_listed(T("*"), T("\"5\"")));
	assert_false(etag_listed(T("\"55\""), T("\"5\"")));
	assert_false(etag_listed(T(""), T("\"5\"")));
	assert_false(etag_listed(T("*"), T("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_becomes_its_input),
		cmocka_unit_test(an_empty_object_has_no_inputs),
		cmocka_unit_test(a_member_twice_is_pointed_at),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(values_of_no_kind_are_pointed_at),
		cmocka_unit_test(the_doors_own_names_are_unknown),
		cmocka_unit_test(all_that_is_wrong_is_told),
		cmocka_unit_test(depth_ends_at_its_maximum),
		cmocka_unit_test(values_end_at_their_maximum),
		cmocka_unit_test(only_strong_tags_of_one_version_count),
		cmocka_unit_test(a_tag_is_found_in_a_list),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
