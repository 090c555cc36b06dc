#include "law_fixture.h"

#include <string.h>

/* Easter moves two feasts a year; a wrong one moves every term in April. */
static void easter(void **state)
{
	static const char *const sundays[] = { "1943-04-25", "1961-04-02",
		"2000-04-23", "2003-04-20", "2008-03-23", "2009-04-12",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28",
		"2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28" };

	(void)state;
	for (size_t i = 0; i < LENGTH(sundays); i++)
		assert_day(law_easter(day_ymd(on(sundays[i])).year),
		    sundays[i]);
	for (int year = 1900; year <= 2200; year++)
		assert_int_equal(day_weekday(law_easter(year)), 6);
}

struct closing {
	const char *on;
	enum law_calendar calendar;
	enum law_why why;
	const char *name;
};

/* A day would be closed for the wrong calendar, year or reason. */
static void reasons(void **state)
{
	struct fixture *f = *state;
	static const struct closing cases[] = {
		{ "2026-11-28", LAW_COURTS, LAW_SATURDAY, "sábado" },
		{ "2026-11-29", LAW_COURTS, LAW_SUNDAY, "domingo" },
		{ "2026-11-28", LAW_NO_CALENDAR, LAW_IS_OPEN, "" },
		{ "2026-12-08", LAW_COURTS, LAW_HOLIDAY,
			"Inmaculada Concepción" },
		{ "2026-12-08", LAW_ADMINISTRATION, LAW_HOLIDAY,
			"Inmaculada Concepción" },
		{ "2026-08-04", LAW_COURTS, LAW_COURT_DAY, "Día del Juez" },
		{ "2026-08-04", LAW_ADMINISTRATION, LAW_IS_OPEN, "" },
		{ "2027-01-04", LAW_COURTS, LAW_COURT_DAY,
			"Apertura del año judicial" },
		{ "2027-01-04", LAW_ADMINISTRATION, LAW_IS_OPEN, "" },
		{ "2027-01-05", LAW_COURTS, LAW_IS_OPEN, "" },
		{ "2026-01-02", LAW_COURTS, LAW_COURT_DAY,
			"Apertura del año judicial" },
		{ "2026-04-02", LAW_COURTS, LAW_HOLIDAY, "Jueves Santo" },
		{ "2026-04-03", LAW_COURTS, LAW_HOLIDAY, "Viernes Santo" },
		{ "2023-06-07", LAW_COURTS, LAW_IS_OPEN, "" },
		{ "2024-06-07", LAW_COURTS, LAW_HOLIDAY,
			"Batalla de Arica y Día de la Bandera" },
		{ "2021-08-06", LAW_COURTS, LAW_IS_OPEN, "" },
		{ "2024-08-06", LAW_COURTS, LAW_HOLIDAY,
			"Batalla de Junín" },
		{ "2020-03-16", LAW_COURTS, LAW_SUSPENSION,
			"Emergencia sanitaria COVID-19" },
		{ "2020-03-16", LAW_ADMINISTRATION, LAW_IS_OPEN, "" },
		{ "2020-03-21", LAW_COURTS, LAW_SATURDAY, "sábado" },
		{ "2020-07-17", LAW_COURTS, LAW_IS_OPEN, "" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct law_closure c = law_closed(f->law, cases[i].calendar,
		    NULL, on(cases[i].on));

		if (c.why != cases[i].why)
			print_error("%s: %s\n", cases[i].on,
			    law_why_name(c.why));
		assert_int_equal(c.why, cases[i].why);
		assert_text(c.name_es, cases[i].name);
	}
}

/* What an office adds would close nothing, or hide the law's own reason. */
static void brought_along(void **state)
{
	struct fixture *f = *state;
	struct law_closed_day mourning[] = {
		{ on("2026-11-25"), T("duelo") },
		{ on("2026-12-08"), T("duelo") } };
	struct law_span strike = { on("2026-11-25"), on("2026-11-26"),
		T("huelga") };
	struct law_extra extra = { .closed_days = mourning,
		.closed_days_n = 2, .suspensions = &strike,
		.suspensions_n = 1 };
	day first = on("2026-11-25");

	assert_int_equal(law_closed(f->law, LAW_COURTS, &extra, first).why,
	    LAW_SUSPENSION);
	assert_int_equal(law_closed_always(f->law, LAW_COURTS, &extra,
	    first).why, LAW_CLOSED_DAY);
	assert_int_equal(law_closed(f->law, LAW_ADMINISTRATION, &extra,
	    on("2026-11-26")).why, LAW_SUSPENSION);
	assert_int_equal(law_closed(f->law, LAW_COURTS, &extra,
	    on("2026-11-27")).why, LAW_IS_OPEN);
	assert_int_equal(law_closed(f->law, LAW_COURTS, &extra,
	    on("2026-12-08")).why, LAW_HOLIDAY);
	assert_int_equal(law_suspended(f->law, LAW_NO_CALENDAR, &extra,
	    first).why, LAW_SUSPENSION);
	assert_int_equal(law_closed(f->law, LAW_NO_CALENDAR, &extra,
	    first).why, LAW_IS_OPEN);
}

/* A district's own suspension would stop the whole country, or nobody. */
static void districts(void **state)
{
	struct fixture *f = *state;
	struct law_extra ica = { .district = T("ica") };
	struct law_extra lima = { .district = T("lima") };
	day d = on("2020-07-20");

	assert_int_equal(law_closed(f->law, LAW_COURTS, &ica, d).why,
	    LAW_SUSPENSION);
	assert_int_equal(law_closed(f->law, LAW_COURTS, &lima, d).why,
	    LAW_IS_OPEN);
	assert_true(law_area_known(f->law, T("san_martin")));
	assert_false(law_area_known(f->law, T("lima")));
	assert_false(law_area_known(f->law, T("*")));
}

/* A month would end in a day that does not exist. */
static void months(void **state)
{
	(void)state;
	assert_day(law_months_on(on("2026-11-30"), 3), "2027-02-28");
	assert_day(law_months_on(on("1996-02-29"), 12), "1997-02-28");
	assert_day(law_months_on(on("1996-02-29"), 48), "2000-02-29");
	assert_day(law_months_on(on("2026-12-31"), 1), "2027-01-31");
	assert_day(law_months_on(on("2026-08-31"), 6), "2027-02-28");
	assert_day(law_months_on(on("2026-11-24"), 0), "2026-11-24");
	assert_false(law_months_on(on("2200-12-01"), 1).known);
}

/* The rows that pages list would end too late or too early. */
static void rules_are_listed(void **state)
{
	struct fixture *f = *state;
	size_t n = 0;

	while (law_rule_at(f->law, n) != NULL)
		n++;
	assert_int_equal(n, 152);
	assert_text(law_rule_at(f->law, 0)->rule, "R01");
	assert_null(law_rule_at(f->law, SIZE_MAX));
}

/* A name of the machine would be read as another, or not at all. */
static void machine_names(void **state)
{
	enum law_served_by s = LAW_CEDULA;

	(void)state;
	for (enum law_served_by i = LAW_CEDULA; i <= LAW_BY_ADMINISTRATION;
	    i++) {
		assert_true(law_served_by_read(text_of(law_served_by_name(i)),
		    &s));
		assert_int_equal(s, i);
	}
	assert_false(law_served_by_read(T("Electronic"), &s));
	assert_int_equal(s, LAW_BY_ADMINISTRATION);
	assert_string_equal(law_why_name(LAW_CLOSED_DAY), "closed_day");
	assert_string_equal(law_count_name(LAW_NEVER), "none");
	assert_string_equal(law_nature_name(LAW_EARLIEST), "earliest");
	assert_string_equal(refusal_name(REFUSED_TOO_LARGE), "too_large");
	assert_string_equal(law_confidence_name(LAW_UNSURE), "U");
	assert_string_equal(law_calendar_name(LAW_ADMINISTRATION),
	    "administration");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(easter),
		cmocka_unit_test(reasons),
		cmocka_unit_test(brought_along),
		cmocka_unit_test(districts),
		cmocka_unit_test(months),
		cmocka_unit_test(rules_are_listed),
		cmocka_unit_test(machine_names),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
