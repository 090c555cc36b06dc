#include "check.h"

#include <string.h>

#include "asking.h"

enum { ARENA = 1 * MIB };

struct desk { struct arena *arena; struct refusal no; struct asker k; };

static int open_desk(void **state)
{
	static struct desk d;

	d = (struct desk){ .arena = arena_new(ARENA) };
	assert_non_null(d.arena);
	d.k = (struct asker){ .arena = d.arena, .no = &d.no };
	*state = &d;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *d = *state;

	arena_free(d->arena);
	return 0;
}

static void refused(struct desk *d, result r, enum refusal_code code,
    const char *pointer)
{
	assert_int_equal(r.code, E_INVALID);
	assert_int_equal(d->no.code, code);
	assert_int_equal(d->no.pointer.n, strlen(pointer));
	assert_memory_equal(d->no.pointer.p, pointer, strlen(pointer));
	assert_true(d->no.detail.n > 0);
}

/* A member that was misspelt would be answered as if it were not there. */
static void unknown_members(void **state)
{
	struct desk *d = *state;
	static const char *const names[] = { "from", "to", NULL };
	struct node *root = node_object(d->arena);
	struct node *list = node_add_list(root, "custody");
	struct node *first, *second;

	node_add_object(list, NULL);
	first = node_add_object(list, NULL);
	node_add_text(first, "from", T("2026-11-24"));
	assert_true(is_ok(asking_only(&d->k, first, names)));
	node_add_text(first, "a/b~c", T(""));
	refused(d, asking_only(&d->k, first, names), REFUSED_UNKNOWN_MEMBER,
	    "/custody/1/a~1b~0c");
	second = node_add_text(list, NULL, T("x"));
	refused(d, asking_only(&d->k, second, names), REFUSED_WRONG_TYPE,
	    "/custody/2");
}

/* A missing member could not be found by who has to add it. */
static void missing_and_wrong(void **state)
{
	struct desk *d = *state;
	static const char *const words[] = { "a", "b", NULL };
	struct node *o = node_object(d->arena);
	const struct node *list = NULL;
	size_t at = 1;
	text t = T("kept");
	bool flag = true;
	whole n = { 7, true };

	refused(d, asking_text(&d->k, o, "rule", ASKING_MUST, &t),
	    REFUSED_MISSING, "/rule");
	assert_true(is_ok(asking_text(&d->k, o, "rule", ASKING_MAY, &t)));
	assert_true(text_same(t, T("kept")));
	node_add_null(o, "rule");
	refused(d, asking_text(&d->k, o, "rule", ASKING_MAY, &t),
	    REFUSED_WRONG_TYPE, "/rule");
	node_add_text(o, "word", T("c"));
	refused(d, asking_word(&d->k, o, "word", ASKING_MUST, words, &at),
	    REFUSED_UNKNOWN_VALUE, "/word");
	assert_int_equal(at, 1);
	refused(d, asking_flag(&d->k, o, "word", &flag), REFUSED_WRONG_TYPE,
	    "/word");
	node_add_number(o, "years", -1);
	refused(d, asking_number(&d->k, o, "years", ASKING_MUST,
	    (struct asking_range){ 0, 100 }, &n), REFUSED_OUT_OF_RANGE,
	    "/years");
	assert_int_equal(n.value, 7);
	node_add_null(node_add_list(o, "list"), NULL);
	refused(d, asking_list(&d->k, o, "list", ASKING_MUST, 0, &list),
	    REFUSED_TOO_LARGE, "/list");
	refused(d, asking_object(&d->k, o, "list", ASKING_MUST, &list),
	    REFUSED_WRONG_TYPE, "/list");
}

/* A list of numbers could not be read, or a wrong one not be named. */
static void elements(void **state)
{
	struct desk *d = *state;
	struct node *list = node_add_list(node_object(d->arena), "units");
	struct node *good = node_add_number(list, NULL, 300);
	struct node *bad = node_add_text(list, NULL, T("420"));
	struct asking_range range = { 0, 1000 };
	whole v = { 0 };

	assert_true(is_ok(asking_number(&d->k, good, "", ASKING_MUST, range,
	    &v)));
	assert_int_equal(v.value, 300);
	refused(d, asking_number(&d->k, bad, "", ASKING_MUST, range, &v),
	    REFUSED_WRONG_TYPE, "/units/1");
}

/* 31 February, a month for a day, an hour that no clock shows. */
static void days_and_hours(void **state)
{
	struct desk *d = *state;
	static const char *const bad[] = { "2026-02-31", "2026-11", "1899-12-31",
		"2201-01-01", "~2026", "24/11/2026", "2026-11-24T09:00", "" };
	static const char *const bad_hours[] = { "2026-11-24",
		"2026-11-24T24:00", "2026-11-24T09:60", "2026-11-24 09:00",
		"2026-11-24T09:00Z", "2026-02-30T09:00" };
	day v = { 0 };
	instant at = { 0 };

	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct node *o = node_object(d->arena);

		node_add_text(o, "on", text_of(bad[i]));
		refused(d, asking_day(&d->k, o, "on", ASKING_MUST, &v),
		    REFUSED_NOT_A_DATE, "/on");
	}
	for (size_t i = 0; i < LENGTH(bad_hours); i++) {
		struct node *o = node_object(d->arena);

		node_add_text(o, "at", text_of(bad_hours[i]));
		refused(d, asking_instant(&d->k, o, "at", ASKING_MUST, &at),
		    REFUSED_NOT_A_DATE, "/at");
	}
	struct node *o = node_object(d->arena);
	node_add_text(o, "on", T("1993-05"));
	node_add_text(o, "at", T("2026-11-24T23:59"));
	assert_true(is_ok(asking_day_vague(&d->k, o, "on", ASKING_MUST, &v)));
	assert_int_equal(v.precision, MONTH);
	assert_true(is_ok(asking_instant(&d->k, o, "at", ASKING_MUST, &at)));
	assert_int_equal(at.ms, instant_of(day_of(2026, 11, 24), 23, 59).ms);
}

/* An amount would be read as a hundred times itself, or past its bounds. */
static void decimals(void **state)
{
	struct desk *d = *state;
	const struct asking_decimal amount = { 2, true, -100000, 100000 };
	const struct asking_decimal part = { 6, false, 0, 1000000 };
	static const char *const bad[] = { "1", "1.0", "1.000", "01.00", ".50",
		"1.", "-", "", "1,00", "+1.00", "-0.00", "1.-1", "1e3" };
	static const char *const beyond[] = { "1000.01", "-1000.01",
		"1000000000000000000.00", "99999999999999999999999.00" };
	static const struct { const char *t; int64_t units; } good[] = {
		{ "0.25", 250000 }, { "1", 1000000 }, { "0.000001", 1 },
		{ "0", 0 } };
	whole v = { 0 };

	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct node *o = node_object(d->arena);

		node_add_text(o, "kit", text_of(bad[i]));
		refused(d, asking_decimal(&d->k, o, "kit", ASKING_MUST,
		    &amount, &v), REFUSED_WRONG_TYPE, "/kit");
	}
	for (size_t i = 0; i < LENGTH(beyond); i++) {
		struct node *o = node_object(d->arena);

		node_add_text(o, "kit", text_of(beyond[i]));
		refused(d, asking_decimal(&d->k, o, "kit", ASKING_MUST,
		    &amount, &v), REFUSED_OUT_OF_RANGE, "/kit");
	}
	for (size_t i = 0; i < LENGTH(good); i++) {
		struct node *o = node_object(d->arena);

		node_add_text(o, "p", text_of(good[i].t));
		assert_true(is_ok(asking_decimal(&d->k, o, "p", ASKING_MUST,
		    &part, &v)));
		assert_int_equal(v.value, good[i].units);
	}
	assert_string_equal(decimal_text(d->arena, -5, 2).p, "-0.05");
	assert_string_equal(decimal_text(d->arena, 200000, 6).p, "0.200000");
	assert_string_equal(decimal_text(d->arena, INT64_MIN, 0).p,
	    "-9223372036854775808");
}

/* An amount in pesos has no cents; an unknown currency is not guessed. */
static void currencies(void **state)
{
	struct desk *d = *state;
	struct node *o = node_object(d->arena);
	struct asking_currency c;

	assert_true(is_ok(asking_currency(&d->k, o, &c)));
	assert_string_equal(c.code, "PEN");
	assert_int_equal(c.decimals, 2);
	node_add_text(o, "currency", T("CLP"));
	assert_true(is_ok(asking_currency(&d->k, o, &c)));
	assert_int_equal(c.decimals, 0);
	o = node_object(d->arena);
	node_add_text(o, "currency", T("XXX"));
	refused(d, asking_currency(&d->k, o, &c), REFUSED_UNKNOWN_VALUE,
	    "/currency");
}

/* A line as long as the limit would be sent back whole, or cut in a letter. */
static void long_names(void **state)
{
	struct desk *d = *state;
	static const char *const none[] = { NULL };
	struct node *o = node_object(d->arena);
	char name[1000] = "x";

	for (size_t i = 1; i + 2 < sizeof(name); i += 2)
		memcpy(name + i, "ñ", 2);
	node_add_null(o, name);
	assert_int_equal(asking_only(&d->k, o, none).code, E_INVALID);
	assert_true(d->no.pointer.n <= 65);
	assert_true(text_is_utf8(d->no.pointer));
}

/* A step would lose a value on its way to the words. */
static void steps(void **state)
{
	struct desk *d = *state;
	struct node *o = node_object(d->arena);
	struct node *list = node_add_list(o, "steps");
	const text values[] = { T("2026-11-24"), T("7") };
	struct buf b = buf_new(KIB);

	step_add(list, "law.step.anchor", values, 2);
	node_json(o, &b);
	buf_char(&b, '\0');
	assert_string_equal(b.p, "{\"steps\":[{\"line\":\"law.step.anchor\","
	    "\"values\":[\"2026-11-24\",\"7\"]}]}");
	buf_free(&b);
}

int main(void)
{
#define ONE(t) cmocka_unit_test_setup_teardown(t, open_desk, close_desk)
	const struct CMUnitTest tests[] = {
		ONE(unknown_members), ONE(missing_and_wrong), ONE(elements),
		ONE(days_and_hours), ONE(decimals), ONE(currencies),
		ONE(long_names), ONE(steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
