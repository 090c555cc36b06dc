#include "law_fixture.h"

#include <string.h>

/* A line as the tests write it: key, then what it carries. */
static void write_line(struct arena *a, struct buf *b,
    const struct sheet_line *l)
{
	int hour, minute;

	buf_format(b, "%s", sheet_line_key(l->kind) +
	    strlen("law.sheet."));
	if (l->code.n > 0)
		buf_format(b, " %.*s", (int)l->code.n, l->code.p);
	if (l->number != 0)
		buf_format(b, " #%d", (int)l->number);
	if (l->day.known)
		buf_format(b, " %s", day_iso(a, l->day).p);
	if (l->at.known) {
		instant_clock(l->at, &hour, &minute);
		buf_format(b, " %02d:%02d", hour, minute);
	}
	if (l->es.n > 0)
		buf_format(b, " [%.*s]", (int)l->es.n, l->es.p);
	if (l->en.n > 0)
		buf_format(b, " (%.*s)", (int)l->en.n, l->en.p);
	buf_char(b, '\n');
}

static text sheet_of(struct fixture *f, const struct law *law,
    const struct deadline_question *q)
{
	struct buf b = buf_new(64 * KIB);
	struct deadline_answer d;
	struct refusal no;
	struct sheet s;
	text t;

	assert_true(is_ok(law_deadline(law, f->arena, q, &d, &no)));
	assert_true(is_ok(law_deadline_sheet(law, f->arena, q, &d, &s)));
	/* The last line names the files; the tests look at the rest. */
	assert_int_equal(s.p[s.n - 1].kind, SHEET_DATA);
	assert_int_equal(s.p[s.n - 1].code.n, 12);
	for (size_t i = 0; i + 1 < s.n; i++)
		write_line(f->arena, &b, &s.p[i]);
	t = arena_text(f->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

/* A judge could not follow the ten days with a pencil. */
static void ten_days(void **state)
{
	struct fixture *f = *state;
	struct deadline_question q = { .rule = T("C06"),
		.trigger = on("2026-11-24") };

	assert_text(sheet_of(f, f->law, &q),
	    "rule C06 [Recurso de agravio constitucional] "
	    "(Constitutional grievance appeal)\n"
	    "basis [NCPConst 24; CPConst 18]\n"
	    "confidence C\n"
	    "trigger 2026-11-24 "
	    "[notificación de la denegatoria de segunda instancia]\n"
	    "method bd #10\n"
	    "calendar courts\n"
	    "counted #1 2026-11-25\n"
	    "counted #2 2026-11-26\n"
	    "counted #3 2026-11-27\n"
	    "skipped saturday 2026-11-28 [sábado] (Saturday)\n"
	    "skipped sunday 2026-11-29 [domingo] (Sunday)\n"
	    "counted #4 2026-11-30\n"
	    "counted #5 2026-12-01\n"
	    "counted #6 2026-12-02\n"
	    "counted #7 2026-12-03\n"
	    "counted #8 2026-12-04\n"
	    "skipped saturday 2026-12-05 [sábado] (Saturday)\n"
	    "skipped sunday 2026-12-06 [domingo] (Sunday)\n"
	    "counted #9 2026-12-07\n"
	    "skipped holiday 2026-12-08 [Inmaculada Concepción] "
	    "(Immaculate Conception)\n"
	    "skipped holiday 2026-12-09 [Batalla de Ayacucho] "
	    "(Battle of Ayacucho)\n"
	    "counted #10 2026-12-10\n"
	    "due party 2026-12-10\n"
	    "alarm 2026-12-10\n"
	    "note (unit is [W])\n");
}

/* Box, distance and the stricter reading would be missing on paper. */
static void box_and_distance(void **state)
{
	struct fixture *f = *state;
	struct deadline_question q = { .rule = T("C07"),
		.trigger = on("2026-11-27"), .served_by = LAW_ELECTRONIC,
		.distance_days = { 1, true } };

	assert_text(sheet_of(f, f->law, &q),
	    "rule C07 [Queja al Tribunal Constitucional] "
	    "(Complaint to the Constitutional Tribunal)\n"
	    "basis [NCPConst 25]\n"
	    "confidence C\n"
	    "trigger 2026-11-27 [notificación de la denegatoria del RAC]\n"
	    "served electronic\n"
	    "box_skipped saturday 2026-11-28 [sábado] (Saturday)\n"
	    "box_skipped sunday 2026-11-29 [domingo] (Sunday)\n"
	    "box_counted #1 2026-11-30\n"
	    "box_counted #2 2026-12-01\n"
	    "effective 2026-12-01\n"
	    "method bd #3\n"
	    "calendar courts\n"
	    "distance #1\n"
	    "counted #1 2026-12-02\n"
	    "counted #2 2026-12-03\n"
	    "counted #3 2026-12-04\n"
	    "skipped saturday 2026-12-05 [sábado] (Saturday)\n"
	    "skipped sunday 2026-12-06 [domingo] (Sunday)\n"
	    "counted #4 2026-12-07\n"
	    "due party 2026-12-07\n"
	    "reading electronic_strict 2026-12-03 [NCPConst 25]\n"
	    "alarm 2026-12-03\n");
}

/* A chain, a day that moved and a doubt would not be told. */
static void chain_and_roll(void **state)
{
	struct fixture *f = *state;
	struct law_happened h = { T("answer"), on("2026-11-27") };
	struct deadline_question q = { .rule = T("A04"), .step = T("appeal"),
		.trigger = on("2026-11-24"), .happened = &h,
		.happened_n = 1 };

	assert_text(sheet_of(f, f->law, &q),
	    "rule A04 [Acceso a la información: apelar] "
	    "(Access to information: appeal)\n"
	    "basis [TUO Ley 27806]\n"
	    "confidence C\n"
	    "trigger 2026-11-24 [solicitud]\n"
	    "happened answer 2026-11-27 "
	    "[Acceso a la información: respuesta] "
	    "(Access to information: answer)\n"
	    "method cal #15\n"
	    "calendar administration\n"
	    "skipped saturday 2026-12-12 [sábado] (Saturday)\n"
	    "skipped sunday 2026-12-13 [domingo] (Sunday)\n"
	    "rolled 2026-12-12\n"
	    "due party 2026-12-14\n"
	    "alarm 2026-12-14\n"
	    "note (counted from refusal or silence; 15 calendar days)\n");

	q = (struct deadline_question){ .rule = T("R07"),
		.trigger = on("2026-08-10") };
	assert_non_null(strstr(sheet_of(f, f->law, &q).p,
	    "method bd #3\nback\ncalendar courts\n"
	    "skipped sunday 2026-08-09 [domingo] (Sunday)\n"));
	q = (struct deadline_question){ .rule = T("A04"),
		.trigger = on("2026-11-24") };
	assert_non_null(strstr(sheet_of(f, f->law, &q).p,
	    "alarm 2026-12-10\nthen appeal 2026-12-28 "));
	q = (struct deadline_question){ .rule = T("C08"), .step = T("sue"),
		.trigger = on("2026-08-24") };
	assert_non_null(strstr(sheet_of(f, f->law, &q).p,
	    "\nstep answer 2026-09-07 "));
}

/* Hours and "no term" have sheets of their own. */
static void hours_and_never(void **state)
{
	struct fixture *f = *state;
	struct deadline_question q = { .rule = T("R04"),
		.trigger_at = at("2026-11-24T10:00") };

	assert_non_null(strstr(sheet_of(f, f->law, &q).p,
	    "method hrs #24\ndue party 2026-11-25 10:00\n"
	    "alarm 2026-11-25 10:00\n"));
	q = (struct deadline_question){ .rule = T("C01"),
		.trigger = on("2026-11-24") };
	assert_non_null(strstr(sheet_of(f, f->law, &q).p,
	    "method none\nno_term\nnote"));
	q = (struct deadline_question){ .rule = T("R12"),
		.trigger = on("2020-03-13") };
	assert_non_null(strstr(sheet_of(f, f->law, &q).p,
	    "\nwarning unconfirmed_rule\nwarning ends_in_suspension\n"));
}

/* A cut list would hide that it was cut. */
static void omitted(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct deadline_question q = { .rule = T("T1200"),
		.trigger = on("2026-11-24") };
	struct law *law;
	text t;

	folder_append(&dir, "rules.csv", "T1200,T1200,,,,party,bd,1200,,"
	    "courts,none,trigger,no,no,no,,,0,a,a,a,a,C,\n");
	law = folder_law(&dir, f->arena);
	t = sheet_of(f, law, &q);
	assert_non_null(strstr(t.p, "\ncounted_omitted #1180\n"));
	assert_non_null(strstr(t.p, "\nskipped_omitted #"));
	assert_non_null(strstr(t.p, "\ncounted #10 "));
	assert_null(strstr(t.p, "\ncounted #11 "));
	assert_non_null(strstr(t.p, "\ncounted #1191 "));
	law_close(law);
	folder_remove(&dir);
}

/* Two prints of one computation would differ. */
static void same_twice(void **state)
{
	struct fixture *f = *state;
	struct deadline_question q = { .rule = T("R12"),
		.trigger = on("2026-12-03"), .served_by = LAW_ELECTRONIC };
	text once = sheet_of(f, f->law, &q);

	assert_true(text_same(once, sheet_of(f, f->law, &q)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_days),
		cmocka_unit_test(box_and_distance),
		cmocka_unit_test(chain_and_roll),
		cmocka_unit_test(hours_and_never),
		cmocka_unit_test(omitted),
		cmocka_unit_test(same_twice),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
