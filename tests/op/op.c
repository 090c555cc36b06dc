#include "check.h"

#include <string.h>

#include "op.h"

static struct office office;

static void count_up(void *self, void *p, size_t n)
{
	memset(p, ++*(uint8_t *)self, n);
}

static struct op op_with(struct input *inputs, size_t n, enum door door)
{
	office.codes = codes;
	return (struct op){ .office = &office, .arena = arena,
		.today = day_of(2026, 11, 24), .door = door,
		.inputs = inputs, .inputs_n = n };
}

static void inputs(void **state)
{
	/* Dies when an input is read under another name, or one that nobody
	 * read is not known as such. */
	const text values[] = { T("  uno "), T("dos") };
	struct input list[] = { { T("a"), values, 2, false },
		{ T("b"), NULL, 0, false }, { T("c"), values, 1, false } };
	struct op op = op_with(list, LENGTH(list), DOOR_PAGES);

	(void)state;
	assert_text(op_input(&op, "a"), "uno");
	assert_text(op_input(&op, "b"), "");
	assert_text(op_input(&op, "d"), "");
	assert_true(op_given(&op, "c"));
	assert_false(op_given(&op, "d"));
	assert_true(list[0].used);
	assert_true(list[1].used);
	assert_false(list[2].used);
	assert_int_equal(op_inputs(&op, "c")->n, 1);
	assert_true(list[2].used);
	assert_null(op_inputs(&op, "d"));
}

static void fields(void **state)
{
	/* Dies when a field that was not shown is emptied, an id is set by
	 * typing it, or only the first wrong field is named. */
	const text known_as = T(" Flor ");
	const text born = T("3/12/1980");
	const text nothing = T("");
	const text who = T("AFTC-Z4W");
	const text dependants = T("tres");
	struct input list[] = { { T("p_known_as"), &known_as, 1, false },
		{ T("p_birth_date"), &born, 1, false },
		{ T("p_household_code"), &nothing, 1, false },
		{ T("p_responsible"), &who, 1, false },
		{ T("p_dependants"), &dependants, 1, false },
		{ T("p_legal_hold"), &dependants, 1, false } };
	const int asked[] = { PERSON_KNOWN_AS, PERSON_BIRTH_DATE,
		PERSON_HOUSEHOLD_CODE, PERSON_RESPONSIBLE, PERSON_SEX,
		PERSON_DEPENDANTS, PERSON_LEGAL_HOLD };
	struct person p = { .sex = T("f"), .household_code = T("x"),
		.responsible = { id_of_number(4) },
		.dependants = { 2, true } };
	struct op op = op_with(list, LENGTH(list), DOOR_PAGES);

	(void)state;
	assert_good(op_read_fields(&op, &entity_person, "p_", asked,
	    LENGTH(asked), &p));
	assert_text(p.known_as, "Flor");
	assert_true(day_same(p.birth_date, day_of(1980, 12, 3)));
	assert_int_equal(p.household_code.n, 0);
	assert_text(p.sex, "f");
	assert_true(id_same(p.responsible.raw, id_of_number(4)));
	assert_int_equal(p.dependants.value, 2);
	assert_int_equal(op.problems.n, 2);
	assert_true(problem_has(&op.problems, T("p_dependants")));
	assert_true(problem_has(&op.problems, T("p_legal_hold")));
	assert_result(op_problems(&op), INVALID);
	for (size_t i = 0; i < LENGTH(list); i++)
		assert_true(list[i].used);
	/* The API's days are those of JSON. */
	op = op_with(list, LENGTH(list), DOOR_API);
	assert_good(op_problems(&op));
	assert_good(op_read_fields(&op, &entity_person, "p_", asked + 1, 1,
	    &p));
	assert_true(problem_has(&op.problems, T("p_birth_date")));
	op_problem(&op, "p_x", "problem.required");
	assert_int_equal(op.problems.n, 2);
}

static void ids(void **state)
{
	/* Dies when an id comes from elsewhere than the office's chance. */
	uint8_t drawn = 0;
	const struct chance chance = { count_up, &drawn };
	struct op op = op_with(NULL, 0, DOOR_PAGES);
	id first;

	(void)state;
	office.chance = &chance;
	first = op_new_id(&op);
	assert_int_equal(first.b[0], 1);
	assert_int_equal(first.b[15], 1);
	assert_false(id_same(first, op_new_id(&op)));
	assert_int_equal(drawn, 2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inputs),
		cmocka_unit_test(fields),
		cmocka_unit_test(ids),
	};

	return check_run(argc, argv, "op", tests, LENGTH(tests));
}
