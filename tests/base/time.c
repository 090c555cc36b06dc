#include "check.h"

#include <time.h>

static struct arena *a;

static void days_agree_with_the_c_library(void **state)
{
	/* Without it a deadline falls on another day. */
	time_t first = (time_t)day_of(1900, 1, 1).n * 86400;

	(void)state;
	assert_int_equal(day_of(1970, 1, 1).n, 0);
	for (time_t t = first;; t += 86400) {
		struct tm tm;

		assert_non_null(gmtime_r(&t, &tm));
		if (tm.tm_year + 1900 > 2200)
			break;
		day d = day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		assert_int_equal(d.n, t / 86400);
		assert_int_equal(day_weekday(d), (tm.tm_wday + 6) % 7);
		ymd c = day_ymd(d);
		assert_int_equal(c.year, tm.tm_year + 1900);
		assert_int_equal(c.month, tm.tm_mon + 1);
		assert_int_equal(c.day, tm.tm_mday);
	}
}

static void calendar_knows_its_edges(void **state)
{
	/* Without it 30 February reaches the law. */
	(void)state;
	assert_true(ymd_valid(1900, 1, 1));
	assert_true(ymd_valid(2200, 12, 31));
	assert_false(ymd_valid(1899, 12, 31));
	assert_false(ymd_valid(2201, 1, 1));
	assert_false(ymd_valid(2023, 2, 29));
	assert_true(ymd_valid(2024, 2, 29));
	assert_false(ymd_valid(1900, 2, 29));
	assert_true(ymd_valid(2000, 2, 29));
	assert_false(ymd_valid(2024, 13, 1));
	assert_false(ymd_valid(2024, 0, 1));
	assert_false(ymd_valid(2024, 4, 31));
	assert_false(ymd_valid(2024, 4, 0));
	assert_int_equal(days_in_month(2100, 2), 28);
	assert_int_equal(days_in_month(2024, 2), 29);
}

static void days_read_and_print_with_their_precision(void **state)
{
	/* Without it "about 1962" becomes a birthday in the file. */
	static const struct { const char *iso; const char *first;
	    enum precision precision; } good[] = {
		{ "2026-11-24", "2026-11-24", EXACT },
		{ "2019-05", "2019-05-01", MONTH },
		{ "2019", "2019-01-01", YEAR },
		{ "~2019", "2019-01-01", ESTIMATED },
		{ "1900-01-01", "1900-01-01", EXACT },
		{ "2200", "2200-01-01", YEAR },
	};
	static const char *const bad[] = { "", "~", "201", "20190", "2019-",
		"2019-5", "2019-00", "2019-13", "2019-05-", "2019-05-1",
		"2019-02-29", "2019-05-011", "~2019-05", "~~2019", "-019",
		"1899", "2201-01-01", " 2019", "2019 ", "2019/05/01",
		"2019-0a", "05-01-2019" };
	day d = { .n = 7 };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		day first;

		assert_true(day_read(text_of(good[i].iso), &d));
		assert_true(day_read(text_of(good[i].first), &first));
		assert_int_equal(d.n, first.n);
		assert_int_equal(d.precision, good[i].precision);
		assert_true(d.known);
		assert_text(day_iso(a, d), good[i].iso);
	}
	d = (day){ .n = 7 };
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(day_read(text_of(bad[i]), &d));
	assert_true(d.n == 7 && !d.known);
	assert_text(day_iso(a, (day){ 0 }), "");
}

static void days_add_and_compare(void **state)
{
	/* Without it a year of birth and a birthday are one. */
	day d = day_of(2024, 2, 28), month;

	(void)state;
	assert_true(day_same(day_plus(d, 2), day_of(2024, 3, 1)));
	assert_true(day_same(day_plus(d, -59), day_of(2023, 12, 31)));
	assert_true(day_read(T("2024-02"), &month));
	assert_int_equal(day_plus(month, 3).precision, MONTH);
	assert_false(day_same(month, day_of(2024, 2, 1)));
	assert_true(day_same((day){ .n = 1 }, (day){ .n = 2 }));
	assert_false(day_same((day){ 0 }, day_of(1970, 1, 1)));
	assert_int_equal(day_weekday((day){ .n = INT32_MAX }), 4);
	assert_int_equal(day_weekday((day){ .n = -4 }), 6);
}

static void instants_read_and_print(void **state)
{
	/* Without it the API's instants shift by hours. */
	static const struct { const char *typed; const char *utc; } good[] = {
		{ "2026-11-24T13:30:00Z", "2026-11-24T13:30:00Z" },
		{ "2026-11-24t13:30:00z", "2026-11-24T13:30:00Z" },
		{ "2026-11-24 08:30", "2026-11-24T13:30:00Z" },
		{ "2026-11-24T08:30:09", "2026-11-24T13:30:09Z" },
		{ "2026-11-24T08:30:09-05:00", "2026-11-24T13:30:09Z" },
		{ "2026-11-24T23:30-05:00", "2026-11-25T04:30:00Z" },
		{ "2026-11-24T00:15:00+05:45", "2026-11-23T18:30:00Z" },
		{ "2026-11-24T13:30:00.5Z", "2026-11-24T13:30:00.500Z" },
		{ "2026-11-24T13:30:00.0079Z", "2026-11-24T13:30:00.007Z" },
		{ "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
		{ "1900-01-01T00:00Z", "1900-01-01T00:00:00Z" },
	};
	static const char *const bad[] = { "", "2026-11-24", "2026-11-24T",
		"2026-11-24T13", "2026-11-24T13:3", "2026-11-24T24:00",
		"2026-11-24T13:60", "2026-11-24T13:30:60Z",
		"2026-11-24T13:30:Z", "2026-11-24T13:30:00.Z",
		"2026-02-30T13:30Z", "2026-11-24T13:30:00ZZ",
		"2026-11-24T13:30:00+24:00", "2026-11-24T13:30:00+05:60",
		"2026-11-24T13:30:00+0500", "2026-11-24X13:30",
		"1899-11-24T13:30Z",
		/* Written in UTC they would not be read again. */
		"1900-01-01T00:00+23:59", "2200-12-31T19:00" };
	instant t;

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		assert_true(instant_read(text_of(good[i].typed), &t));
		assert_text(instant_rfc3339(a, t), good[i].utc);
	}
	t = (instant){ .ms = 7 };
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(instant_read(text_of(bad[i]), &t));
	assert_true(t.ms == 7 && !t.known);
	assert_text(instant_rfc3339(a, (instant){ 0 }), "");
}

static void lima_is_five_hours_behind(void **state)
{
	/* Without it an act of the evening is counted from the next day. */
	instant t;
	int hour, minute;

	(void)state;
	assert_true(instant_read(T("2026-11-25T04:59:59Z"), &t));
	assert_true(day_same(instant_day(t), day_of(2026, 11, 24)));
	instant_clock(t, &hour, &minute);
	assert_int_equal(hour, 23);
	assert_int_equal(minute, 59);
	t.ms += 1000;
	assert_true(day_same(instant_day(t), day_of(2026, 11, 25)));
	t = instant_of(day_of(1965, 3, 2), 17, 45);
	assert_text(instant_rfc3339(a, t), "1965-03-02T22:45:00Z");
	assert_true(day_same(instant_day(t), day_of(1965, 3, 2)));
	instant_clock(t, &hour, &minute);
	assert_true(hour == 17 && minute == 45);
}

static void unknown_stays_unknown(void **state)
{
	/* Without it a missing instant shows as 1970. */
	static const int64_t edges[] = { INT64_MIN, INT64_MAX };

	(void)state;
	assert_false(instant_day((instant){ 0 }).known);
	assert_false(instant_of((day){ 0 }, 1, 1).known);
	for (size_t i = 0; i < LENGTH(edges); i++)
		assert_false(instant_day((instant){ edges[i], true }).known);
}

static int start(void **state)
{
	(void)state;
	a = arena_new(MIB);
	return a == NULL ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_agree_with_the_c_library),
		cmocka_unit_test(calendar_knows_its_edges),
		cmocka_unit_test(days_read_and_print_with_their_precision),
		cmocka_unit_test(days_add_and_compare),
		cmocka_unit_test(instants_read_and_print),
		cmocka_unit_test(lima_is_five_hours_behind),
		cmocka_unit_test(unknown_stays_unknown),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
