/* The sheet is what a judge holds: without these it could lose a day, show
 * a key instead of a word, or differ from one run to the next. */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper.h"

enum { OUT_MAX = 1 * MIB };

static struct words *words;

static text sheet_of(struct desk *d, const char *kind, const char *json,
    enum lang lang)
{
	const struct calc_sheet how = { calc_kind_named(text_of(kind)),
		d->law, words, lang, d->arena };
	struct buf paper = buf_new(PAPER_BYTES_MAX), plain = buf_new(OUT_MAX);
	struct calc_answered got;
	text t;

	assert_true(is_ok(calc_ask(how.kind, &d->asker, text_of(json),
	    &got)));
	assert_true(is_ok(calc_words(got.answer, words, lang)));
	assert_true(is_ok(calc_paper(&how, &got, &paper)));
	assert_true(is_ok(calc_plain(buf_view(&paper), &plain)));
	t = arena_text(d->arena, buf_view(&plain));
	buf_free(&paper);
	buf_free(&plain);
	return t;
}

/* The line in which it stands: a sheet is too long for cmocka's message. */
static void lacks(text sheet, const char *what)
{
	const char *at = strstr(sheet.p, what);

	if (at != NULL)
		fail_msg("\"%s\" in: %.*s", what, (int)strcspn(at, "\n") + 40,
		    at - (at - sheet.p < 40 ? at - sheet.p : 40));
}

static void says(text sheet, const char *what)
{
	assert_non_null(sheet.p);
	if (strstr(sheet.p, what) == NULL)
		fail_msg("no \"%s\" in:\n%s", what, sheet.p);
}

static const struct { const char *kind, *json; } asked[] = {
	{ "deadline", "{\"rule\":\"C06\",\"trigger\":\"2026-11-24\"}" },
	{ "deadline", "{\"rule\":\"C07\",\"trigger\":\"2026-11-24\","
		"\"served_by\":\"electronic\",\"suspensions\":[{\"from\":"
		"\"2026-11-27\",\"to\":\"2026-11-30\",\"why\":\"huelga\"}]}" },
	{ "calendar", "{\"calendar\":\"courts\",\"from\":\"2026-12-01\","
		"\"to\":\"2026-12-31\"}" },
	{ "detention-limit", "{\"regime\":\"cpp91-137\",\"class\":"
		"\"terrorism\",\"from\":\"2003-04-27\",\"half_of_sentence\":"
		"{\"years\":15},\"as_of\":\"2006-03-15\"}" },
	{ "detention-limit", "{\"regime\":\"cpp91-137\",\"class\":"
		"\"special\",\"from\":\"1991-05-01\",\"as_of\":"
		"\"2006-03-15\"}" },
	{ "detention-limit", "{\"regime\":\"ncpp-272\",\"class\":"
		"\"organised\",\"from\":\"2020-05-01\",\"extended\":true}" },
	{ "sentence", "{\"term\":{\"years\":17},\"custody\":[{\"from\":"
		"\"1993-08-02\",\"to\":\"2001-04-30\",\"kind\":\"house\"},"
		"{\"from\":\"2000-02-29\",\"kind\":\"police\"}],"
		"\"redemption\":[{\"work\":\"a\",\"work_days\":380,"
		"\"ratio\":1},{\"work\":\"a\",\"work_days\":420,\"ratio\":1,"
		"\"state\":\"claimed\"}],\"as_of\":\"2026-11-24\","
		"\"stated_end\":\"2018-01-01\",\"rehabilitation\":true,"
		"\"payment\":\"2019-01-01\",\"disqualification\":{\"years\":"
		"3},\"other_holds\":[{\"why\":\"otro mandato\"}]}" },
	{ "sentence", "{\"term\":{\"years\":10,\"months\":3},\"custody\":"
		"[{\"from\":\"2000-01-31\"}],\"fraction\":\"3/4\"}" },
	{ "sentence", "{\"term\":\"life\",\"custody\":[{\"from\":"
		"\"1992-09-15\"}],\"as_of\":\"2026-11-24\"}" },
	{ "sentence", "{\"term\":{\"years\":20},\"custody\":[{\"from\":"
		"\"1993\"}],\"as_of\":\"2026-11-24\"}" },
	{ "sentence", "{\"term\":{\"years\":20},\"custody\":[{\"from\":"
		"\"1993\",\"to\":\"1996\"},{\"from\":\"1999\"}]}" },
	{ "sentence", "{\"term\":{\"years\":20}}" },
	{ "sentence", "{\"term\":{\"years\":20},\"custody\":[{}]}" },
	{ "sentence", "{\"custody\":[{\"from\":\"1993-01-01\"}]}" },
	{ "releases", "{\"from\":\"2027-01-01\",\"to\":\"2028-12-31\","
		"\"weights\":{\"adverse\":\"0.2\",\"normal\":\"0.5\","
		"\"favourable\":\"0.3\"},\"kit\":\"1500.00\",\"persons\":"
		"[{\"id\":\"K7F3-9QQ\",\"adverse\":\"2028-05-13\"},{\"id\":"
		"\"AFTC-Z4W\"}]}" },
};

/* In both languages, no key of the catalogue and no English in Spanish. */
static void all_in_words(void **state)
{
	static const char *const marks[] = { "law.", "calc.", "{0}", "{1}",
		"(null)", "_" };
	static const char *const english[] = { " days", "Custody", "Result\n",
		"Facts" };

	for (size_t i = 0; i < LENGTH(asked); i++)
		for (enum lang l = 0; l < LANGS; l++) {
			text t = sheet_of(*state, asked[i].kind,
			    asked[i].json, l);

			for (size_t m = 0; m < LENGTH(marks); m++)
				lacks(t, marks[m]);
			for (size_t m = 0; m < LENGTH(english) &&
			    l == LANG_ES; m++)
				lacks(t, english[m]);
		}
}

static void ten_days(void **state)
{
	text t = sheet_of(*state, asked[0].kind, asked[0].json, LANG_ES);

	says(t, "C06 · Recurso de agravio constitucional");
	says(t, "NCPConst 24; CPConst 18");
	says(t, "10 días hábiles");
	says(t, "Inmaculada Concepción");
	says(t, "Batalla de Ayacucho");
	says(t, "  10  10 de diciembre de 2026");
	says(t, "vence:                      10 de diciembre de 2026");
	says(t, "Calculado; confirmar con abogado.");
}

/* What is hidden is called so, and no lawyer is asked about it. */
static void hidden_cells(void **state)
{
	text t = sheet_of(*state, "suppress", "{\"k\":5,\"rows\":[\"Lima\","
	    "\"Puno\"],\"columns\":[\"A\",\"B\",\"C\"],\"counts\":"
	    "[[23,11,3],[7,12,10]]}", LANG_ES);

	says(t, "oculto");
	says(t, "celdas ocultas:");
	lacks(t, "abogado");
	lacks(t, "reglas");
}

/* Who is held too long, by whom else, and from when the rights are back. */
static void held_too_long(void **state)
{
	text t = sheet_of(*state, asked[6].kind, asked[6].json, LANG_ES);

	says(t, "otro mandato");
	says(t, "días en exceso:");
	says(t, "rehabilitación provisional: 2 de enero de 2019");
	says(t, "rehabilitación definitiva:  2 de enero de 2024");
	says(t, "inhabilitación desde:       2 de enero de 2018");
	says(t, "con el arresto domiciliario abonado");
	says(t, "Trabajo todavía no reconocido: 420 días");
}

static void unsure_is_said(void **state)
{
	text t = sheet_of(*state, asked[4].kind, asked[4].json, LANG_ES);

	says(t, "Por confirmar: D.Leg. 638 art. 137.");
}

static void equal_bytes(void **state)
{
	for (size_t i = 0; i < LENGTH(asked); i++) {
		text a = sheet_of(*state, asked[i].kind, asked[i].json,
		    LANG_ES);
		text b = sheet_of(*state, asked[i].kind, asked[i].json,
		    LANG_ES);

		assert_true(text_same(a, b));
	}
}

/* A reason as long as a line would break the sheet. */
static void long_words(void **state)
{
	struct desk *d = *state;
	struct buf json = buf_new(CALC_LINE_MAX);
	text t;

	buf_text(&json, T("{\"term\":{\"years\":20},\"custody\":[{\"from\":"
	    "\"1993-01-01\"}],\"other_holds\":[{\"why\":\""));
	for (int i = 0; i < 30000; i++)
		buf_text(&json, T("ñ"));
	buf_text(&json, T("\\n\"}]}"));
	t = sheet_of(d, "sentence", arena_text(d->arena,
	    buf_view(&json)).p, LANG_ES);
	says(t, "ñ…");
	assert_true(t.n < 10000);
	buf_free(&json);
}

static int open_all(void **state)
{
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/share/words", getenv("ALAS_BUILD"));
	assert_true(is_ok(words_open(dir, &words)));
	return desk_open(state);
}

static int close_all(void **state)
{
	words_close(&words);
	return desk_close(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_in_words), cmocka_unit_test(ten_days),
		cmocka_unit_test(held_too_long),
		cmocka_unit_test(hidden_cells),
		cmocka_unit_test(unsure_is_said),
		cmocka_unit_test(equal_bytes), cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
