#include "check.h"

#include <string.h>

static struct problems checked(const struct entity *e, const void *row,
    class_mask mask)
{
	static struct problems p;

	p.n = 0;
	entity_check(arena, e, row, mask, "", codes, &p);
	return p;
}

static const struct problem *about(const struct problems *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++) {
		if (text_same(p->at[i].field, text_of(name)))
			return &p->at[i];
	}
	return NULL;
}

#define assert_key(p, name, key_wanted)                                      \
	do {                                                                 \
		const struct problem *one_ = about(p, name);                 \
		assert_non_null(one_);                                       \
		assert_string_equal(one_->key, key_wanted);                  \
	} while (0)

static text long_text(size_t characters)
{
	char *p = arena_take(arena, 2 * characters);

	assert_non_null(p);
	for (size_t i = 0; i < characters; i++)
		memcpy(p + 2 * i, "ñ", 2);
	return (text){ p, 2 * characters };
}

static void filled_rows(void **state)
{
	/* Dies when a row of good values is refused, or entities.csv names a
	 * pattern that the program does not have. */
	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		void *row = entity_new(arena, entity_all[i]);
		struct problems p;

		fill_row(arena, codes, &seed, entity_all[i],
		    (1u << IN_CLASSES) - 1, 0, row);
		p = checked(entity_all[i], row, (1u << IN_CLASSES) - 1);
		for (size_t k = 0; k < p.n; k++)
			fail_msg("%s.%.*s: %s", entity_all[i]->name,
			    (int)p.at[k].field.n, p.at[k].field.p,
			    p.at[k].key);
	}
}

static void required(void **state)
{
	/* Dies when a row is saved without what must be there, or a class
	 * that the form did not show is asked for. */
	struct note n = { .text_ = T("") };
	struct problems p = checked(&entity_note, &n, 1u << IN_CASE);

	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		const struct entity *e = entity_all[i];
		const void *row = entity_new(arena, e);

		for (int c = IN_CLEAR; c < IN_CLASSES; c++) {
			size_t want = 0;

			for (size_t k = 0; k < e->n; k++)
				want += e->fields[k].required &&
				    (int)e->fields[k].class == c ? 1 : 0;
			assert_int_equal(checked(e, row, 1u << c).n, want);
		}
	}
	assert_key(&p, "at", "problem.required");
	assert_key(&p, "author", "problem.required");
	assert_null(about(&p, "text"));
	assert_int_equal(checked(&entity_note, &n, 1u << IN_SENSITIVE).n, 0);
	assert_int_equal(checked(&entity_note, &n, 0).n, 0);
}

static void bounds(void **state)
{
	/* Dies when a text or a number grows past its bound, or characters
	 * are counted as bytes. */
	struct person p = { .known_as = long_text(60),
		.intake_on = day_of(2026, 1, 1), .dependants = { 30, true } };
	class_mask mask = 1u << IN_IDENTITY | 1u << IN_SENSITIVE;
	struct problems got = checked(&entity_person, &p, mask);
	const struct problem *one;

	(void)state;
	assert_int_equal(got.n, 0);
	p.known_as = long_text(61);
	p.dependants.value = 31;
	got = checked(&entity_person, &p, mask);
	assert_int_equal(got.n, 2);
	assert_key(&got, "known_as", "problem.too_long");
	one = about(&got, "known_as");
	assert_true(one->bounded);
	assert_int_equal(one->most, 60);
	assert_key(&got, "dependants", "problem.out_of_range");
	one = about(&got, "dependants");
	assert_int_equal(one->least, 0);
	assert_int_equal(one->most, 30);
	p.dependants.value = -1;
	got = checked(&entity_person, &p, mask);
	assert_key(&got, "dependants", "problem.out_of_range");
	p.health = long_text(4001);
	got = checked(&entity_person, &p, mask);
	assert_key(&got, "health", "problem.too_long");
}

static void code_lists(void **state)
{
	/* Dies when a code that no list has is saved. */
	const text some[] = { T("es"), T("zz") };
	struct person p = { .intake_on = day_of(2026, 1, 1),
		.sex = T("zz"), .other_languages = { some, 2 } };
	struct problems got = checked(&entity_person, &p, 1u << IN_IDENTITY);

	(void)state;
	assert_int_equal(got.n, 2);
	assert_key(&got, "sex", "problem.code");
	assert_key(&got, "other_languages", "problem.code");
	assert_text(about(&got, "other_languages")->args[0], "zz");
}

static void exact_days(void **state)
{
	/* Dies when a day that must be exact is saved as a month, or one
	 * that may be imprecise is refused. */
	struct person p = { .intake_on = day_of(2026, 1, 1),
		.birth_date = day_of(1980, 1, 1) };
	struct problems got;

	(void)state;
	p.birth_date.precision = ESTIMATED;
	p.intake_on.precision = MONTH;
	got = checked(&entity_person, &p, 1u << IN_IDENTITY);
	assert_int_equal(got.n, 1);
	assert_key(&got, "intake_on", "problem.day_exact");
}

static void fits(const struct entity *e, const char *name, const char *value,
    bool good)
{
	static const char key[] = "problem.pattern.";
	void *row = entity_new(arena, e);
	const struct field *f = field_of(e, name);
	text t = text_of(value);
	struct problems got;

	memcpy((char *)row + f->at, &t, sizeof(t));
	got = checked(e, row, (1u << IN_CLASSES) - 1);
	if ((about(&got, name) == NULL) != good)
		fail_msg("%s.%s = %s", e->name, name, value);
	if (!good)
		assert_memory_equal(about(&got, name)->key, key,
		    sizeof(key) - 1);
}

static void patterns(void **state)
{
	/* Dies when a household code with a wrong check, a hash with a
	 * letter too many, or an account number of 19 digits is saved. */
	const char *hash = "0123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef";

	(void)state;
	fits(&entity_person, "household_code", code_of(id_of_number(9)).s,
	    true);
	fits(&entity_person, "household_code", "AFTC-Z4X", false);
	fits(&entity_deadline, "data_digest", hash, true);
	fits(&entity_deadline, "data_digest", hash + 1, false);
	fits(&entity_deadline, "data_digest", "0123456789ABCDEF0123456789"
	    "abcdef0123456789abcdef0123456789abcdef", false);
	fits(&entity_account, "cci", "00212345678901234567", true);
	fits(&entity_account, "cci", "0021234567890123456", false);
	fits(&entity_fund, "code", "FONDO-1", true);
	fits(&entity_fund, "code", "F", false);
	fits(&entity_fund, "code", "fondo-1", false);
	fits(&entity_fund, "code", "FONDO-12345678901", false);
}

static void all_fit(const struct entity *e, const char *name,
    const char *const *values, bool good)
{
	for (; *values != NULL; values++)
		fits(e, name, *values, good);
}

static void patterns_of_the_books(void **state)
{
	/* Without this a receipt is booked under a supplier that does not
	 * exist, or in a month that no closing ever finds. */
	static const char *const ruc[] = { "20123456786", "20112233441",
		"20512333797", "20480977239", "20503644968", "20515397290",
		"10441348521", "20100070970", NULL };
	static const char *const no_ruc[] = { "20112233440", "20512333798",
		"2012345678", "201234567866", "21123456786", "00000000000",
		"2012345678X", "20-12345678", "20213456786", NULL };
	static const char *const months[] = { "2026-01", "2026-12", "1995-10",
		NULL };
	static const char *const no_months[] = { "2026-00", "2026-13",
		"2026-1", "202-011", "2026/11", "26-11", "0000-11",
		"2026-011", "noviembre", NULL };
	static const char *const rounds[] = { "2026-Q1", "2026-Q4", NULL };
	static const char *const no_rounds[] = { "2026-Q0", "2026-Q5",
		"2026-q1", "2026Q1", "2026-Q", "2026-Q11", "0000-Q1", NULL };
	static const char *const numbers[] = { "2026-000001", "2026-999999",
		NULL };
	static const char *const no_numbers[] = { "2026-000000", "2026-1",
		"2026-0000001", "2026000001", "0000-000001", "2026-00000a",
		NULL };
	static const char *const vouchers[] = { "F001", "E001", "0001", "B",
		NULL };
	static const char *const no_vouchers[] = { "F0001", "f001", "F-1",
		"F 1", NULL };

	(void)state;
	all_fit(&entity_enterprise, "ruc", ruc, true);
	all_fit(&entity_enterprise, "ruc", no_ruc, false);
	fits(&entity_voucher, "supplier_ruc", "20112233441", true);
	fits(&entity_voucher, "supplier_ruc", "20112233440", false);
	all_fit(&entity_approval, "month", months, true);
	all_fit(&entity_approval, "month", no_months, false);
	fits(&entity_cash_sheet, "month", "2026-11", true);
	all_fit(&entity_request, "queue_round", rounds, true);
	all_fit(&entity_request, "queue_round", no_rounds, false);
	all_fit(&entity_receipt, "number", numbers, true);
	all_fit(&entity_receipt, "number", no_numbers, false);
	all_fit(&entity_voucher, "number", numbers, true);
	all_fit(&entity_voucher, "number", no_numbers, false);
	all_fit(&entity_voucher, "series", vouchers, true);
	all_fit(&entity_voucher, "series", no_vouchers, false);
}

static void ruc_digits(void **state)
{
	/* Without this a digit that was typed wrong makes another supplier. */
	char number[] = "20123456786";

	(void)state;
	for (size_t i = 0; i < 11; i++) {
		char right = number[i];

		for (char d = '0'; d <= '9'; d++) {
			number[i] = d;
			fits(&entity_enterprise, "ruc",
			    arena_format(arena, "%s", number).p, d == right);
		}
		number[i] = right;
	}
}

static void named_once(void **state)
{
	/* Dies when an input gets two complaints, or the prefix of a second
	 * form on a page is forgotten. */
	struct problems p = { .n = 0 };
	struct person_name n = { .given = long_text(81) };

	(void)state;
	problem_add(&p, T("name_kind"), "problem.control", NULL, 0);
	entity_check(arena, &entity_person_name, &n, 1u << IN_IDENTITY,
	    "name_", codes, &p);
	assert_int_equal(p.n, 2);
	assert_key(&p, "name_kind", "problem.control");
	assert_key(&p, "name_given", "problem.too_long");
}

static void problems_end(void **state)
{
	/* Dies when the hundred-and-first problem writes past the list. */
	struct problems p = { .n = 0 };
	const text args[] = { T("a"), T("b"), T("c"), T("d") };

	(void)state;
	for (int i = 0; i < ERRORS_MAX + 5; i++) {
		problem_add(&p, T("x"), "problem.code", args, 4);
		problem_add_bounds(&p, T("y"), "problem.too_long", 0, 1);
	}
	assert_int_equal(p.n, ERRORS_MAX);
	assert_int_equal(p.at[0].args_n, 3);
	assert_true(problem_has(&p, T("x")));
	assert_false(problem_has(&p, T("z")));
}

/* ---- show ------------------------------------------------------------- */

static void shown_with(const struct entity *e, const void *row,
    class_mask mask)
{
	struct node *root = node_object(arena);
	size_t want = 2;

	entity_show(root, e, row, mask);
	assert_good(node_whole(root));
	assert_non_null(node_find(root, "id"));
	assert_non_null(node_find(root, "v"));
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];
		bool open = f->class == IN_CLEAR ||
		    (mask & 1u << f->class) != 0;

		want += open ? 1 : 0;
		if ((node_find(root, f->name) != NULL) != open)
			fail_msg("%s.%s with mask %x", e->name, f->name,
			    mask);
	}
	assert_int_equal(root->n, want);
}

static void shown(void **state)
{
	/* Dies when a class is shown to whom the mask does not name it, or
	 * withheld where it does. */
	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		const struct entity *e = entity_all[i];
		void *row = entity_new(arena, e);

		fill_row(arena, codes, &seed, e, (1u << IN_CLASSES) - 1, 3,
		    row);
		shown_with(e, row, 0);
		for (int c = IN_IDENTITY; c < IN_CLASSES; c++)
			shown_with(e, row, 1u << c);
		shown_with(e, row, (1u << IN_CLASSES) - 1);
	}
}

static void shown_values(void **state)
{
	/* Dies when a value is shown as another kind of thing, an empty one
	 * is left out, or a rate loses a zero. */
	struct loan l = { .rate_ = { 105, 2, true } };
	struct person p = { .known_as = T("Flor"),
		.dependants = { 0, true }, .sex = T("f") };
	struct node *root = node_object(arena);

	(void)state;
	entity_show(root, &entity_person, &p, (1u << IN_CLASSES) - 1);
	assert_int_equal(node_find(root, "known_as")->kind, NODE_TEXT);
	assert_text(node_find(root, "known_as")->text, "Flor");
	assert_int_equal(node_find(root, "dependants")->kind, NODE_NUMBER);
	assert_int_equal(node_find(root, "sex")->kind, NODE_CODE);
	assert_string_equal(node_find(root, "sex")->list, "sex");
	assert_int_equal(node_find(root, "birth_date")->kind, NODE_NULL);
	assert_int_equal(node_find(root, "programmes")->kind, NODE_LIST);
	root = node_object(arena);
	entity_show(root, &entity_loan, &l, (1u << IN_CLASSES) - 1);
	assert_text(node_find(root, "rate")->text, "1.05");
}

/* ---- forms ------------------------------------------------------------ */

static const struct node *option(const struct node *field, const char *code)
{
	const struct node *list = node_find(field, "options");

	assert_non_null(list);
	for (const struct node *o = list->first; o != NULL; o = o->next) {
		if (text_same(node_find(o, "value")->text, text_of(code)))
			return o;
	}
	return NULL;
}

static void forms(void **state)
{
	/* Dies when what was typed is thrown away for what the row has, or
	 * the chosen option is not the one selected. */
	struct form_context c = { .codes = codes, .lang = LANG_ES };
	struct person p = { .known_as = T("Flor"), .sex = T("f"),
		.legal_hold = { true, true } };
	const text typed = T("Rosa <b>");
	struct typed t = { .name = T("known_as"), .values = &typed, .n = 1 };
	struct node *list = node_add_list(node_object(arena), "fields");
	struct node *one;

	(void)state;
	one = form_field(list, &c, field_of(&entity_person, "known_as"),
	    T("known_as"), &p, NULL);
	assert_text(node_find(one, "value")->text, "Flor");
	assert_text(node_find(one, "kind")->text, "text");
	assert_true(node_true(node_find(one, "optional")));
	one = form_field(list, &c, field_of(&entity_person, "known_as"),
	    T("known_as"), &p, &t);
	assert_text(node_find(one, "value")->text, "Rosa <b>");
	one = form_field(list, &c, field_of(&entity_person, "legal_hold"),
	    T("legal_hold"), &p, NULL);
	assert_true(node_true(node_find(one, "value")));
	one = form_field(list, &c, field_of(&entity_person, "sex"), T("sex"),
	    &p, NULL);
	assert_true(node_true(node_find(option(one, "f"), "selected")));
	assert_false(node_true(node_find(option(one, "m"), "selected")));
	assert_good(node_whole(list));
	assert_null(form_field(NULL, &c, field_of(&entity_person, "sex"),
	    T("sex"), &p, NULL));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filled_rows),
		cmocka_unit_test(required),
		cmocka_unit_test(bounds),
		cmocka_unit_test(code_lists),
		cmocka_unit_test(exact_days),
		cmocka_unit_test(patterns),
		cmocka_unit_test(patterns_of_the_books),
		cmocka_unit_test(ruc_digits),
		cmocka_unit_test(named_once),
		cmocka_unit_test(problems_end),
		cmocka_unit_test(shown),
		cmocka_unit_test(shown_values),
		cmocka_unit_test(forms),
	};

	return check_run(argc, argv, "entity checks", tests, LENGTH(tests));
}
