/* If this vanished, a kept sheet could come back with other days than were
 * counted, or a spoilt one pass for whole. */
#include "check.h"

static void
every_rule_comes_back(void **state)
{
	struct bench *b = *state;
	const struct law_rule *r;
	size_t seen = 0;

	for (size_t i = 0; (r = law_rule_at(b->law, i)) != NULL; i++) {
		day from = r->in_force_from.known &&
		    r->in_force_from.n > on("2021-08-02").n ?
		    r->in_force_from : r->in_force_to.known &&
		    r->in_force_to.n < on("2021-08-02").n ?
		    r->in_force_to : on("2021-08-02");
		struct deadline_question q = { .rule = r->rule,
			.variant = r->variant, .step = r->step,
			.trigger = from, .trigger_at = instant_of(from, 9,
			0) };
		struct deadline_answer answer = { 0 };
		struct refusal no = { 0 };
		struct sheet in = { 0 }, out = { 0 };
		text written;

		if (!is_ok(law_deadline(b->law, b->arena, &q, &answer, &no)))
			continue;
		seen++;
		assert_true(is_ok(law_deadline_sheet(b->law, b->arena, &q,
		    &answer, &in)));
		assert_true(is_ok(deadline_sheet_write(b->arena, &in,
		    &written)));
		assert_true(is_ok(deadline_sheet_read(b->arena, written,
		    &out)));
		assert_int_equal(in.n, out.n);
		for (size_t k = 0; k < in.n; k++) {
			assert_int_equal(in.p[k].kind, out.p[k].kind);
			assert_true(day_same(in.p[k].day, out.p[k].day));
			assert_int_equal(in.p[k].at.ms, out.p[k].at.ms);
			assert_int_equal(in.p[k].number, out.p[k].number);
			assert_true(text_same(in.p[k].code, out.p[k].code));
			assert_true(text_same(in.p[k].es, out.p[k].es));
			assert_true(text_same(in.p[k].en, out.p[k].en));
		}
	}
	assert_true(seen > 100);
}

static void
spoilt_sheets_are_refused(void **state)
{
	static const char *const spoilt[] = { "counted\t2026-11-25\n",
		"guessed\t2026-11-25\t\t1\t\t\t\n",
		"counted\t25.11.2026\t\t1\t\t\t\n",
		"counted\t2026-11-25\tnoon\t1\t\t\t\n",
		"counted\t2026-11-25\t\tone\t\t\t\n",
		"counted\t2026-11-25\t\t1\t\t\t",
		"counted\t2026-11-25\t\t1\t\t\t\tmore\n", "\n" };
	struct bench *b = *state;
	struct sheet out = { NULL, 77 };

	for (size_t i = 0; i < LENGTH(spoilt); i++) {
		assert_int_equal(deadline_sheet_read(b->arena,
		    text_of(spoilt[i]), &out).code, E_CORRUPT);
		assert_int_equal(out.n, 77);
	}
	assert_true(is_ok(deadline_sheet_read(b->arena, T(""), &out)));
	assert_int_equal(out.n, 0);
}

static void
no_cell_breaks_its_line(void **state)
{
	struct bench *b = *state;
	struct sheet_line line = { .kind = SHEET_SKIPPED,
		.day = on("2026-12-07"), .code = T("closed_day"),
		.es = T("Huelga\tde\nhoy") };
	struct sheet in = { &line, 1 }, out = { 0 };
	text written;

	assert_true(is_ok(deadline_sheet_write(b->arena, &in, &written)));
	assert_true(is_ok(deadline_sheet_read(b->arena, written, &out)));
	assert_int_equal(out.n, 1);
	assert_text(out.p[0].es, "Huelga de hoy");
}

static void
too_long_is_refused(void **state)
{
	struct bench *b = *state;
	struct sheet_line *lines = arena_array(b->arena, 1000,
	    sizeof(*lines));
	struct sheet in = { lines, 1000 };
	text written = T("before");

	for (size_t i = 0; i < in.n; i++)
		lines[i] = (struct sheet_line){ .kind = SHEET_COUNTED,
			.day = day_plus(on("2026-11-25"), (int32_t)i),
			.number = (int64_t)i + 1 };
	assert_int_equal(deadline_sheet_write(b->arena, &in, &written).code,
	    E_TOO_LARGE);
	assert_text(written, "before");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_rule_comes_back), TEST(spoilt_sheets_are_refused),
		TEST(no_cell_breaks_its_line), TEST(too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, bench_open, bench_close);
}
