#include "check.h"

#include <stdio.h>
#include <string.h>

/* One value typed for a field of a fresh row. */
struct reading {
	void *row;
	struct problems problems;
	result got;
};

static struct reading reads_many(enum typed_by by, const char *entity,
    const char *name, const text *values, size_t n)
{
	const struct entity *e = entity_named(text_of(entity));
	struct reading r = { .row = entity_new(arena, e) };
	struct typed t = { .by = by, .today = day_of(2026, 11, 24),
		.name = T("typed"), .values = values, .n = n };

	r.got = field_read(arena, codes, field_of(e, name), &t, r.row,
	    &r.problems);
	return r;
}

static struct reading reads(enum typed_by by, const char *entity,
    const char *name, text value)
{
	return reads_many(by, entity, name, &value, 1);
}

#define form(entity, name, value)                                            \
	reads(TYPED_IN_FORM, entity, name, text_of(value))
#define json(entity, name, value)                                            \
	reads(TYPED_IN_JSON, entity, name, text_of(value))

static void assert_refused(struct reading r, const char *key)
{
	assert_int_equal(r.got.code, E_INVALID);
	assert_int_equal(r.problems.n, 1);
	assert_string_equal(r.problems.at[0].key, key);
	assert_text(r.problems.at[0].field, "typed");
}

static void both_refused(const char *entity, const char *name,
    const char *value, const char *key)
{
	const struct entity *e = entity_named(text_of(entity));
	struct reading r = form(entity, name, value);

	assert_refused(r, key);
	assert_true(field_empty(field_of(e, name), r.row));
	assert_refused(json(entity, name, value), key);
}

static void texts_typed(void **state)
{
	/* Dies when control characters or broken UTF-8 reach a record, or
	 * lines a field of one line. */
	struct reading r = form("person", "known_as", "  Flor  de\xc3\xb1 ");

	(void)state;
	assert_good(r.got);
	assert_text(((struct person *)r.row)->known_as, "Flor  deñ");
	r = json("person", "health", "uno\n\tdos");
	assert_good(r.got);
	assert_text(((struct person *)r.row)->health, "uno\n\tdos");
	both_refused("person", "known_as", "uno\ndos", "problem.control");
	both_refused("person", "known_as", "a\x07", "problem.control");
	both_refused("person", "known_as", "\xf1", "problem.control");
	both_refused("person", "health", "a\rb", "problem.control");
	both_refused("person", "sex", "f\x01", "problem.control");
	both_refused("account", "cci", "1\x01", "problem.control");
}

static void emptied(void **state)
{
	/* Dies when what was cleared in a form stays in the record. */
	const struct field *f;

	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		const struct entity *e = entity_all[i];
		void *row = entity_new(arena, e);
		struct problems problems = { .n = 0 };
		const text nothing = T("  ");

		fill_row(arena, codes, &seed, e, (1u << IN_CLASSES) - 1, 0,
		    row);
		for (size_t k = 0; k < e->n; k++) {
			f = &e->fields[k];
			struct typed t = { .by = TYPED_IN_FORM,
				.name = T("typed"), .values = &nothing,
				.n = f->kind == KIND_CODES ? 0 : k % 2 };

			assert_good(field_read(arena, codes, f, &t, row,
			    &problems));
			assert_true(field_empty(f, row));
		}
	}
}

static void once(void **state)
{
	/* Dies when the second of two values under one name is dropped. */
	const text two[] = { T("uno"), T("dos") };

	(void)state;
	assert_refused(reads_many(TYPED_IN_FORM, "person", "known_as", two,
	    2), "problem.once");
	assert_refused(reads_many(TYPED_IN_JSON, "person", "birth_date", two,
	    2), "problem.once");
}

static void lists(void **state)
{
	/* Dies when a list takes what its code list does not have, keeps a
	 * code twice, or grows past its maximum. */
	text many[LIST_VALUES_MAX + 1];
	const text good[] = { T("es"), T(""), T("qu"), T("es") };
	const text bad[] = { T("es"), T("xx") };
	struct reading r = reads_many(TYPED_IN_FORM, "person",
	    "other_languages", good, LENGTH(good));
	const texts *got = &((struct person *)r.row)->other_languages;

	(void)state;
	if (codes_find(codes, "language", T("qu")) == NULL)
		skip();
	assert_good(r.got);
	assert_int_equal(got->n, 2);
	assert_text(got->p[0], "es");
	assert_text(got->p[1], "qu");
	r = reads_many(TYPED_IN_JSON, "person", "other_languages", bad, 2);
	assert_refused(r, "problem.code");
	assert_text(r.problems.at[0].args[0], "xx");
	for (size_t i = 0; i < LENGTH(many); i++)
		many[i] = T("es");
	assert_refused(reads_many(TYPED_IN_FORM, "person", "other_languages",
	    many, LENGTH(many)), "problem.too_many");
	assert_good(reads_many(TYPED_IN_FORM, "person", "other_languages",
	    many, LENGTH(many) - 1).got);
}

static void integers(void **state)
{
	/* Dies when a number is read by halves. */
	struct reading r = form("person", "dependants", " 12 ");

	(void)state;
	assert_good(r.got);
	assert_int_equal(((struct person *)r.row)->dependants.value, 12);
	r = json("person", "dependants", "-3");
	assert_good(r.got);
	assert_int_equal(((struct person *)r.row)->dependants.value, -3);
	both_refused("person", "dependants", "12x", "problem.integer");
	both_refused("person", "dependants", "1.5", "problem.integer");
	both_refused("person", "dependants", "99999999999999999999",
	    "problem.integer");
}

static int64_t minutes_of(const char *value)
{
	const struct field *f = field_of(&entity_time_entry, "spent");
	struct reading r = form("time_entry", "spent", value);

	assert_good(r.got);
	assert_int_equal(f->kind, KIND_MINUTES);
	return ((const struct time_entry *)r.row)->spent.value;
}

static void minutes(void **state)
{
	/* Dies when hours and minutes are mixed up. */
	(void)state;
	assert_int_equal(minutes_of("90"), 90);
	assert_int_equal(minutes_of("1:30"), 90);
	assert_int_equal(minutes_of("0:00"), 0);
	assert_int_equal(minutes_of("1000:59"), 60059);
	both_refused("time_entry", "spent", "1:60", "problem.minutes");
	both_refused("time_entry", "spent", "1001:00", "problem.minutes");
	both_refused("time_entry", "spent", "-5", "problem.minutes");
	both_refused("time_entry", "spent", "1:", "problem.minutes");
	both_refused("time_entry", "spent", ":30", "problem.minutes");
	both_refused("time_entry", "spent", "1:2:3", "problem.minutes");
	both_refused("time_entry", "spent", "una", "problem.minutes");
}

static void booleans(void **state)
{
	/* Dies when a box that was ticked reads as one that was not. */
	static const char *const yes[] = { "1", "true", "yes", "on", "sí" };
	static const char *const no[] = { "0", "false", "no", "off" };

	(void)state;
	for (size_t i = 0; i < LENGTH(yes); i++) {
		struct reading r = form("person", "legal_hold", yes[i]);

		assert_good(r.got);
		assert_true(((struct person *)r.row)->legal_hold.value);
	}
	for (size_t i = 0; i < LENGTH(no); i++) {
		struct reading r = form("person", "legal_hold", no[i]);

		assert_good(r.got);
		assert_true(((struct person *)r.row)->legal_hold.known);
		assert_false(((struct person *)r.row)->legal_hold.value);
	}
	both_refused("person", "legal_hold", "2", "problem.boolean");
	both_refused("person", "legal_hold", "TRUE", "problem.boolean");
}

static void days(void **state)
{
	/* Dies when a form does not take a day as people write it, or JSON
	 * takes anything but a day of ISO 8601. */
	struct reading r = form("person", "birth_date", "3/12/1980");
	day d = ((struct person *)r.row)->birth_date;

	(void)state;
	assert_good(r.got);
	assert_true(day_same(d, day_of(1980, 12, 3)));
	assert_good(form("person", "intake_on", "hoy").got);
	r = json("person", "birth_date", "~1980");
	assert_good(r.got);
	assert_int_equal(((struct person *)r.row)->birth_date.precision,
	    ESTIMATED);
	assert_refused(json("person", "intake_on", "hoy"), "problem.day");
	assert_refused(json("person", "intake_on", "3/12/1980"),
	    "problem.day");
	both_refused("person", "birth_date", "31/02/1980", "problem.day");
	both_refused("person", "birth_date", "1980-02-31", "problem.day");
	both_refused("person", "birth_date", "ayer por la tarde",
	    "problem.day");
}

static void instants(void **state)
{
	/* Dies when a call is noted at another hour than Lima's, or at half
	 * a time. */
	instant want = instant_of(day_of(2026, 11, 24), 9, 5);
	struct reading r = form("contact_log", "at", "24/11/2026 09:05");

	(void)state;
	assert_good(r.got);
	assert_int_equal(((struct contact_log *)r.row)->at.ms, want.ms);
	r = form("contact_log", "at", "hoy 9:05");
	assert_good(r.got);
	assert_int_equal(((struct contact_log *)r.row)->at.ms, want.ms);
	r = json("contact_log", "at", "2026-11-24T14:05:00Z");
	assert_good(r.got);
	assert_int_equal(((struct contact_log *)r.row)->at.ms, want.ms);
	assert_refused(json("contact_log", "at", "24/11/2026 09:05"),
	    "problem.instant");
	both_refused("contact_log", "at", "24/11/2026", "problem.instant");
	both_refused("contact_log", "at", "24/11/2026 24:00",
	    "problem.instant");
	both_refused("contact_log", "at", "24/11/2026 9:60",
	    "problem.instant");
	both_refused("contact_log", "at", "24/11/2026 09:00:00",
	    "problem.instant");
	both_refused("contact_log", "at", "11/2026 09:00",
	    "problem.instant");
	both_refused("contact_log", "at", "24/11/2026 ", "problem.instant");
}

static void paid(const char *typed, int64_t minor)
{
	struct reading r = form("sentence", "reparation", typed);
	const money *m = &((const struct sentence *)r.row)->reparation;

	if (!is_ok(r.got))
		fail_msg("\"%s\" is refused", typed);
	if (m->minor != minor)
		fail_msg("\"%s\" is %lld", typed, (long long)m->minor);
	assert_string_equal(m->currency, "PEN");
}

static void amounts(void **state)
{
	/* Dies when an amount is ten or a hundred times what was typed. */
	(void)state;
	paid("1200", 120000);
	paid("0", 0);
	paid("1200.50", 120050);
	paid("1200,50", 120050);
	paid("1,200", 120000);
	paid("1.200", 120000);
	paid("1 200", 120000);
	paid("1,200.50", 120050);
	paid("1.200,50", 120050);
	paid("1 200,50", 120050);
	paid("12,345,678.90", 1234567890);
	paid("0.05", 5);
	paid("5.00", 500);
	both_refused("sentence", "reparation", "1.5", "problem.money");
	both_refused("sentence", "reparation", "1,2345", "problem.money");
	both_refused("sentence", "reparation", "1200.5", "problem.money");
	both_refused("sentence", "reparation", "1,20,000", "problem.money");
	both_refused("sentence", "reparation", "1,200.500", "problem.money");
	both_refused("sentence", "reparation", "1,200,50", "problem.money");
	both_refused("sentence", "reparation", "1234,567", "problem.money");
	both_refused("sentence", "reparation", "1  200", "problem.money");
	both_refused("sentence", "reparation", ".50", "problem.money");
	both_refused("sentence", "reparation", "5.", "problem.money");
	both_refused("sentence", "reparation", ",", "problem.money");
	both_refused("sentence", "reparation", "-5", "problem.money");
	both_refused("sentence", "reparation", "S/ 5", "problem.money");
	both_refused("sentence", "reparation", "99999999999999999999",
	    "problem.money");
	both_refused("sentence", "reparation", "99999999999999999",
	    "problem.money");
}

static void rates(void **state)
{
	/* Dies when a rate loses its point or a digit. */
	struct reading r = form("loan", "rate", "3.755");
	const rate *got = &((const struct loan *)r.row)->rate_;

	(void)state;
	assert_good(r.got);
	assert_int_equal(got->mantissa, 3755);
	assert_int_equal(got->scale, 3);
	assert_good(json("loan", "rate", "12").got);
	assert_good(json("loan", "rate", "0.1234567890").got);
	both_refused("loan", "rate", "0.12345678901", "problem.rate");
	both_refused("loan", "rate", "1.2.3", "problem.rate");
	both_refused("loan", "rate", ".", "problem.rate");
	both_refused("loan", "rate", "-1", "problem.rate");
	both_refused("loan", "rate", "9999999999999999999999",
	    "problem.rate");
}

static void not_typed(void **state)
{
	/* Dies when an id or a file can be set by typing it, unseen by who
	 * decides whether it may be named. */
	(void)state;
	assert_result(form("person", "responsible", "AFTC-Z4W").got, BUG);
	assert_result(json("document", "file", "x").got, BUG);
}

/* Kinds that JSON writes and reads as one value. */
static bool one_value(const struct field *f)
{
	return f->kind != KIND_ID && f->kind != KIND_FILE &&
	    f->kind != KIND_CODES;
}

static void written_and_read(void **state)
{
	/* Dies when what JSON, a history or a form shows is not read back as
	 * the same value. */
	struct problems problems = { .n = 0 };

	(void)state;
	for (size_t i = 0; i < 20 * ENTITIES; i++) {
		const struct entity *e = entity_all[i % ENTITIES];
		struct arena_mark mark = arena_mark(arena);
		void *row = entity_new(arena, e);
		void *back = entity_new(arena, e);

		fill_row(arena, codes, &seed, e, (1u << IN_CLASSES) - 1, 2,
		    row);
		for (size_t k = 0; k < e->n; k++) {
			const struct field *f = &e->fields[k];
			text value = field_write(arena, f, row);
			struct typed t = { .by = TYPED_IN_JSON,
				.name = T("typed"), .values = &value,
				.n = 1 };
			day d;

			if (!one_value(f))
				continue;
			assert_good(field_read(arena, codes, f, &t, back,
			    &problems));
			if (!field_same(f, row, back))
				fail_msg("%s.%s: %.*s", e->name, f->name,
				    (int)value.n, value.p);
			if (f->kind == KIND_DAY && !field_empty(f, row)) {
				memcpy(&d, (char *)row + f->at, sizeof(d));
				if (d.precision != EXACT)
					continue;	/* needs words */
			}
			value = field_typed(arena, NULL, LANG_ES, f, row);
			t.by = TYPED_IN_FORM;
			t.today = day_of(2026, 11, 24);
			field_clear(f, back);
			if (f->kind == KIND_INSTANT)
				continue;		/* minutes only */
			assert_good(field_read(arena, codes, f, &t, back,
			    &problems));
			if (!field_same(f, row, back))
				fail_msg("%s.%s in a form: %.*s", e->name,
				    f->name, (int)value.n, value.p);
		}
		arena_rewind(arena, mark);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_typed),
		cmocka_unit_test(emptied),
		cmocka_unit_test(once),
		cmocka_unit_test(lists),
		cmocka_unit_test(integers),
		cmocka_unit_test(minutes),
		cmocka_unit_test(booleans),
		cmocka_unit_test(days),
		cmocka_unit_test(instants),
		cmocka_unit_test(amounts),
		cmocka_unit_test(rates),
		cmocka_unit_test(not_typed),
		cmocka_unit_test(written_and_read),
	};

	return check_run(argc, argv, "entity read", tests, LENGTH(tests));
}
