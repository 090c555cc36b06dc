/* Without this dates and amounts could be read wrongly by people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "words.h"

static const char *dir;
static struct words *w;
static struct arena *a;

#define SAYS(got, expected) do {                                             \
	text got_ = (got);                                                   \
	assert_int_equal(got_.n, sizeof(expected) - 1);                      \
	assert_memory_equal(got_.p, expected, sizeof(expected) - 1);         \
} while (0)

static int start(void **state)
{
	(void)state;
	a = arena_new(MIB);
	return a != NULL && is_ok(words_open(dir, &w)) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	words_close(&w);
	arena_free(a);
	return 0;
}

static day with(day d, enum precision p)
{
	d.precision = (uint8_t)p;
	return d;
}

/* If this vanished, a vague date could be shown as an exact one. */
static void days_keep_their_precision(void **state)
{
	day d = day_of(2027, 3, 12);

	(void)state;
	SAYS(words_day(w, LANG_ES, a, d), "12 de marzo de 2027");
	SAYS(words_day(w, LANG_EN, a, d), "12 March 2027");
	SAYS(words_day(w, LANG_ES, a, with(d, MONTH)), "marzo de 2027");
	SAYS(words_day(w, LANG_EN, a, with(d, MONTH)), "March 2027");
	SAYS(words_day(w, LANG_ES, a, with(d, YEAR)), "2027");
	SAYS(words_day(w, LANG_ES, a, with(d, ESTIMATED)), "aprox. 2027");
	SAYS(words_day(w, LANG_ES, a, (day){ 0 }), "");
	SAYS(words_day_short(w, LANG_ES, a, d), "12/03/2027");
	SAYS(words_day_short(w, LANG_ES, a, with(d, MONTH)), "03/2027");
	SAYS(words_day_short(w, LANG_EN, a, with(d, ESTIMATED)),
	    "about 2027");
	SAYS(words_day_short(w, LANG_EN, a, (day){ 0 }), "");
	SAYS(words_weekday(w, LANG_ES, day_of(2026, 11, 24)), "martes");
	SAYS(words_weekday(w, LANG_EN, day_of(2026, 11, 29)), "Sunday");
	SAYS(words_weekday(w, LANG_EN, (day){ 0 }), "");
}

/* If this vanished, a sign could be lost or the smallest number overflow. */
static void numbers_and_money(void **state)
{
	(void)state;
	SAYS(words_number(LANG_ES, a, 0), "0");
	SAYS(words_number(LANG_ES, a, 1714), "1,714");
	SAYS(words_number(LANG_ES, a, -1234567), "−1,234,567");
	SAYS(words_number(LANG_ES, a, INT64_MIN),
	    "−9,223,372,036,854,775,808");
	SAYS(words_money(w, LANG_ES, a, (money){ 120000, "PEN" }),
	    "S/ 1,200.00");
	SAYS(words_money(w, LANG_ES, a, (money){ -102840, "PEN" }),
	    "S/ −1,028.40");
	SAYS(words_money(w, LANG_EN, a, (money){ 5, "USD" }), "US$ 0.05");
	SAYS(words_money(w, LANG_EN, a, (money){ 100, "CHF" }), "CHF 1.00");
}

/* If this vanished, hours would be those of the server, not of Lima. */
static void instants_are_in_lima(void **state)
{
	(void)state;
	SAYS(words_instant(w, LANG_ES, a,
	    instant_of(day_of(2026, 11, 24), 9, 0)), "24/11/2026 09:00");
	SAYS(words_instant(w, LANG_ES, a,
	    (instant){ .ms = 1795482000000, .known = true }),
	    "23/11/2026 20:00");
	SAYS(words_instant(w, LANG_ES, a, (instant){ 0 }), "");
}

/* If this vanished, "1 calls" could be said. */
static void counting_has_two_forms(void **state)
{
	text args[] = { T("5"), T("{2}"), T("2026") };

	(void)state;
	SAYS(words_count(w, LANG_ES, a, "count.calls.n", 1), "1 llamada");
	SAYS(words_count(w, LANG_EN, a, "count.calls.n", 0), "0 calls");
	SAYS(words_count(w, LANG_EN, a, "count.calls.n", 1714),
	    "1,714 calls");
	SAYS(words_count(w, LANG_EN, a, "no.such.n", 2), "no.such.n");
	/* What a person typed is never taken for a placeholder. */
	SAYS(words_format(w, LANG_ES, a, "date.day", args, 3),
	    "5 de {2} de 2026");
	SAYS(words_format(w, LANG_ES, a, "date.day", args, 1), "5 de  de ");
}

/* If this vanished, a browser's wish could choose a language wrongly. */
static void language_of_the_browser(void **state)
{
	(void)state;
	assert_int_equal(words_lang(T("")), LANG_ES);
	assert_int_equal(words_lang(T("en")), LANG_EN);
	assert_int_equal(words_lang(T("en-GB,en;q=0.9,es;q=0.8")), LANG_EN);
	assert_int_equal(words_lang(T("de, en;q=0.5, es-PE;q=0.7")), LANG_ES);
	assert_int_equal(words_lang(T("es;q=0, EN;q=0.001")), LANG_EN);
	assert_int_equal(words_lang(T("est,enm")), LANG_ES);
	assert_int_equal(words_lang(T("en;q=0")), LANG_ES);
	assert_int_equal(words_lang(T(",;;,q=")), LANG_ES);
	assert_true(text_same(words_lang_code(LANG_EN), T("en")));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_keep_their_precision),
		cmocka_unit_test(numbers_and_money),
		cmocka_unit_test(instants_are_in_lima),
		cmocka_unit_test(counting_has_two_forms),
		cmocka_unit_test(language_of_the_browser),
	};

	if (argc < 2)
		return 2;
	dir = argv[1];
	return cmocka_run_group_tests(tests, start, stop);
}
