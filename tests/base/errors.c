#include "check.h"

#include <string.h>

static result fails(void)
{
	return fault(IO);
}

static result passes_on(int *steps)
{
	++*steps;
	TRY(fails());
	++*steps;
	return OK;
}

static void table_is_whole(void **state)
{
	/* Without it an error would show no words, or the wrong status. */
	(void)state;
	for (uint8_t code = 0; code < ERROR_CODES; code++) {
		result r = { code };

		assert_int_equal(strncmp(error_key(r), "error.", 6), 0);
		assert_string_equal(error_name(r), error_key(r) + 6);
		assert_in_range(error_status(r), 200, 503);
		assert_int_equal(error_family(r) == FAMILY_FINE, code == 0);
		if (error_family(r) == FAMILY_FAULT)
			assert_in_range(error_status(r), 500, 503);
	}
	assert_int_equal(error_status(refuse(NOT_FOUND)), 404);
	assert_string_equal(error_name(refuse(NOT_FOUND)), "not_found");
	assert_int_equal(error_family(refuse(WAIT)), FAMILY_REFUSAL);
}

static void fault_leaves_its_trace_once(void **state)
{
	/* Without it the door cannot say where we went wrong. */
	int steps = 0;

	(void)state;
	result r = passes_on(&steps);
	assert_int_equal(steps, 1);
	assert_int_equal(r.code, E_IO);
	struct fault_trace t = base_fault_last();
	assert_int_equal(t.code, E_IO);
	assert_non_null(strstr(t.file, "errors.c"));
	assert_in_range(t.line, 5, 15);
	t = base_fault_last();
	assert_int_equal(t.code, E_OK);
	assert_null(t.file);
}

static void refusal_leaves_no_trace(void **state)
{
	/* Without it every mistyped form would look like our fault. */
	(void)state;
	result r = refuse(INVALID);
	assert_false(is_ok(r));
	assert_int_equal(base_fault_last().code, E_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(fault_leaves_its_trace_once),
		cmocka_unit_test(refusal_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
