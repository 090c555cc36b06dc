/* Without this a date that a person typed could become another date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "words.h"

struct sample { const char *typed; int y, m, d; enum precision precision; };

static const struct sample good[] = {
	{ "24/11/2026", 2026, 11, 24, EXACT },
	{ "3/12/26", 2026, 12, 3, EXACT },
	{ " 03-12-2026 ", 2026, 12, 3, EXACT },
	{ "3.12.2026", 2026, 12, 3, EXACT },
	{ "3/12/46", 2046, 12, 3, EXACT },
	{ "3/12/47", 1947, 12, 3, EXACT },
	{ "2026-11-24", 2026, 11, 24, EXACT },
	{ "12 de marzo de 2027", 2027, 3, 12, EXACT },
	{ "12 MAR 2027", 2027, 3, 12, EXACT },
	{ "5 setiembre 1992", 1992, 9, 5, EXACT },
	{ "1 January 1990", 1990, 1, 1, EXACT },
	{ "29/2/2024", 2024, 2, 29, EXACT },
	{ "11/2026", 2026, 11, 1, MONTH },
	{ "2026-11", 2026, 11, 1, MONTH },
	{ "nov 2026", 2026, 11, 1, MONTH },
	{ "noviembre de 2026", 2026, 11, 1, MONTH },
	{ "2019", 2019, 1, 1, YEAR },
	{ "aprox. 2019", 2019, 1, 1, ESTIMATED },
	{ "Aprox 2019", 2019, 1, 1, ESTIMATED },
	{ "~2019", 2019, 1, 1, ESTIMATED },
	{ "hacia 1970", 1970, 1, 1, ESTIMATED },
	{ "about 1970", 1970, 1, 1, ESTIMATED },
	{ "hoy", 2026, 11, 24, EXACT },
	{ "Ayer", 2026, 11, 23, EXACT },
	{ "mañana", 2026, 11, 25, EXACT },
	{ "today", 2026, 11, 24, EXACT },
	{ "+10", 2026, 12, 4, EXACT },
	{ "-3", 2026, 11, 21, EXACT },
};

static const char *const bad[] = {
	"", "  ", "30/2/2026", "29/2/2023", "32/1/2026", "0/1/2026",
	"1/13/2026", "2026-13", "13/2026", "0/2026", "20266", "12", "3/12",
	"3/12/126", "1/2/3/2026", "aprox.", "aprox. 19", "aprox. 3/2019",
	"~", "+", "-", "+x", "+99999", "foo 2026", "12 de", "de", "nov",
	"1899", "2201", "24/11/2026 09:00", "24,11,2026", "2026/2026",
	"11/11/2026 y algo mucho mas largo que cualquier fecha escrita",
	"nov nov 2026", "2026-11-2026", "\xff", "--3", "+-3",
};

/* If this vanished, one of the accepted ways to write could be lost. */
static void reads_what_people_type(void **state)
{
	day today = day_of(2026, 11, 24);

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		day d = { 0 };
		if (!words_day_read(text_of(good[i].typed), today, &d))
			fail_msg("not read: %s", good[i].typed);
		ymd is = day_ymd(d);
		if (is.year != good[i].y || is.month != good[i].m ||
		    is.day != good[i].d || !d.known ||
		    d.precision != good[i].precision)
			fail_msg("%s: %d-%d-%d", good[i].typed, is.year,
			    is.month, is.day);
	}
}

/* If this vanished, nonsense could be stored as a date. */
static void refuses_what_is_no_day(void **state)
{
	day today = day_of(2026, 11, 24);

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		day d = { .n = 7 };
		if (words_day_read(text_of(bad[i]), today, &d))
			fail_msg("read: %s", bad[i]);
		assert_int_equal(d.n, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_people_type),
		cmocka_unit_test(refuses_what_is_no_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
