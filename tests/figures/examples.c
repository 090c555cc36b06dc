/*
 * Every worked number of the specification, and every refusal: the rows of
 * examples.jsonl.  Without it a change of a formula would pass unseen.
 */
#include "figures_fixture.h"

#include <stdio.h>
#include <string.h>

enum { EXAMPLES_MIN = 100 };

static bool refused_as(const json_t *error, const struct told *t)
{
	const char *pointer, *code, *detail = "";

	if (json_unpack((json_t *)(uintptr_t)error, "{s:s, s:s, s?:s}",
	    "pointer", &pointer, "code", &code, "detail", &detail) != 0)
		fail_msg("an error has pointer and code");
	return !is_ok(t->result) &&
	    text_same(t->no.pointer, text_of(pointer)) &&
	    strcmp(refusal_name(t->no.code), code) == 0 &&
	    t->no.detail.n > 0 &&
	    (detail[0] == '\0' || text_same(t->no.detail, text_of(detail)));
}

static char *line_of(const json_t *v)
{
	return json_dumps(v, JSON_COMPACT);
}

/* Byte by byte: the order of members is part of the contract. */
static bool answered_as(const json_t *answer, const struct told *t)
{
	json_t *found = answer_json(t);
	char *one = line_of(found), *two = line_of(answer);
	bool same = strcmp(one, two) == 0;

	if (!same)
		print_error("%s\nnot\n%s\n", one, two);
	free(one);
	free(two);
	json_decref(found);
	return same;
}

static bool row_holds(const json_t *row, size_t line)
{
	const json_t *answer = json_object_get(row, "answer");
	const json_t *error = json_object_get(row, "error");
	struct told t = ask_tree(json_string_value(json_object_get(row,
	    "kind")), json_object_get(row, "question"));
	bool holds = answer == NULL ? refused_as(error, &t) :
	    is_ok(t.result) && answered_as(answer, &t);

	if (!holds)
		print_error("examples.jsonl:%zu: %s: %s %.*s %.*s\n", line,
		    json_string_value(json_object_get(row, "why")),
		    is_ok(t.result) ? "answered" : refusal_name(t.no.code),
		    (int)t.no.pointer.n, t.no.pointer.p, (int)t.no.detail.n,
		    t.no.detail.p);
	told_free(&t);
	return holds;
}

static void every_example(void **unused)
{
	FILE *f = fopen("tests/figures/examples.jsonl", "r");
	char *line = NULL;
	size_t size = 0, n = 0, wrong = 0;

	(void)unused;
	assert_non_null(f);
	while (getline(&line, &size, f) > 0) {
		json_error_t error;
		json_t *row = json_loads(line, JSON_REJECT_DUPLICATES,
		    &error);

		if (row == NULL)
			fail_msg("line %zu: %s", n + 1, error.text);
		wrong += !row_holds(row, ++n);
		json_decref(row);
	}
	free(line);
	fclose(f);
	assert_int_equal(wrong, 0);
	assert_true(n >= EXAMPLES_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
