/* If this vanished, a day behind bars could count twice, a second source be
 * lost, or a month pass for a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "custody.h"

static struct arena *arena;
static struct problems no;

static int
open_arena(void **state)
{
	(void)state;
	arena = arena_new(16 * MIB);
	return arena == NULL;
}

static int
close_arena(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int
clean(void **state)
{
	(void)state;
	memset(&no, 0, sizeof(no));
	return 0;
}

static day
on(const char *iso)
{
	day d = { 0 };

	if (iso != NULL)
		assert_true(day_read(text_of(iso), &d));
	return d;
}

static struct detention
stay(uint64_t n, const char *from, const char *to)
{
	struct detention d = { .kind = T("preventive"), .from_on = on(from),
		.to_on = on(to) };

	d.row.id = id_of_number(n);
	return d;
}

static void
assert_text(text t, const char *wanted)
{
	if (!text_same(t, text_of(wanted)))
		fail_msg("\"%.*s\", not \"%s\"", (int)t.n, t.p, wanted);
}

static void
assert_only(const char *field, const char *key)
{
	if (no.n != 1)
		fail_msg("%zu problems, wanted only %s at %s", no.n, key,
		    field);
	assert_text(no.at[0].field, field);
	assert_string_equal(no.at[0].key, key);
}

static struct custody_sheet
sheet_of(void *const *rows, size_t n, const char *today)
{
	struct custody_sheet s;
	struct refusal refusal;

	assert_true(is_ok(custody_sheet_make(arena, rows, n, on(today), &s,
	    &refusal)));
	return s;
}

/* Public chronology LT: police, then prison; two sources for the end. */
static void
lt_1714(void **state)
{
	struct detention police = stay(1, "1993-02-06", "1993-03-03");
	struct detention prison = stay(2, "1993-03-03", "1997-10-16");
	void *rows[] = { &prison, &police };
	struct custody_sheet s;

	(void)state;
	prison.source = T("Serie C 33");
	prison.other_to_on = on("1997-10-17");
	prison.other_source = T("prensa del 17 de octubre de 1997");
	s = sheet_of(rows, 2, "2026-11-24");
	assert_int_equal(s.n, 2);
	assert_ptr_equal(s.period[0], &police);
	assert_ptr_equal(s.period[1], &prison);
	assert_int_equal(s.sum.runs_n, 1);
	assert_true(day_same(s.sum.run[0].from, on("1993-02-06")));
	assert_true(day_same(s.sum.run[0].to, on("1997-10-16")));
	assert_true(s.sum.served.known);
	assert_int_equal(s.sum.served.earliest, 1714);
	assert_int_equal(s.sum.served.latest, 1714);
	/* The other source gives a day more, beside and never instead. */
	assert_true(s.other && s.other_counts);
	assert_int_equal(s.other_sum.served.latest, 1715);
	assert_int_equal(s.length[1].latest + 1, s.other_length[1].latest);
	assert_false(s.other_length[0].known);
	/* The day of the transfer stands in both and counts once. */
	assert_int_equal(s.sum.overlaps_n, 1);
	assert_true(custody_is_transfer(&s, &s.sum.overlap[0]));
}

static void
j_432(void **state)
{
	struct detention d = stay(1, "1992-04-13", "1993-06-18");
	void *rows[] = { &d };
	struct custody_sheet s = sheet_of(rows, 1, "2026-11-24");

	(void)state;
	assert_int_equal(s.sum.served.earliest, 432);
	assert_int_equal(s.sum.served.latest, 432);
	assert_int_equal(s.length[0].latest, 432);
	assert_false(s.other);
	assert_int_equal(s.sum.overlaps_n, 0);
	assert_false(s.sum.open);
}

/* W00 step 6: 1996-10-22 to 2026-10-23, in three places. */
static void
w00_10959(void **state)
{
	struct detention police = stay(1, "1996-10-22", "1996-11-06");
	struct detention yanamayo = stay(2, "1996-11-06", "2012-12-31");
	struct detention ancon = stay(3, "2013-01-01", "2026-10-23");
	void *rows[] = { &ancon, &police, &yanamayo };
	struct custody_sheet s = sheet_of(rows, 3, "2026-11-24");

	(void)state;
	assert_int_equal(s.sum.served.latest, 10959);
	assert_int_equal(s.sum.runs_n, 1);
}

static void
overlaps_are_named(void **state)
{
	struct detention one = stay(1, "2001-01-01", "2001-03-31");
	struct detention other = stay(2, "2001-03-01", "2001-04-30");
	struct detention inside = stay(3, "2001-02-10", "2001-02-10");
	void *rows[] = { &one, &other };
	void *within[] = { &one, &inside };
	struct custody_sheet s = sheet_of(rows, 2, "2026-11-24");

	(void)state;
	assert_int_equal(s.sum.served.latest, 120);
	assert_int_equal(s.sum.overlaps_n, 1);
	assert_true(day_same(s.sum.overlap[0].from, on("2001-03-01")));
	assert_true(day_same(s.sum.overlap[0].to, on("2001-03-31")));
	assert_false(custody_is_transfer(&s, &s.sum.overlap[0]));
	/* A single day inside a stay is no transfer. */
	s = sheet_of(within, 2, "2026-11-24");
	assert_int_equal(s.sum.overlaps_n, 1);
	assert_false(custody_is_transfer(&s, &s.sum.overlap[0]));
	assert_int_equal(s.sum.served.latest, 90);
}

static void
imprecise_is_a_range(void **state)
{
	struct detention d = stay(1, "1992-04", "1993-06-18");
	void *rows[] = { &d };
	struct custody_sheet s = sheet_of(rows, 1, "2026-11-24");

	(void)state;
	assert_int_equal(s.sum.served.latest, 444);
	assert_int_equal(s.sum.served.earliest, 415);
	assert_int_equal(s.length[0].earliest, 415);
}

static void
still_held_counts_to_today(void **state)
{
	struct detention d = stay(1, "2026-11-20", NULL);
	void *rows[] = { &d };
	struct custody_sheet s = sheet_of(rows, 1, "2026-11-24");

	(void)state;
	assert_true(s.sum.open);
	assert_int_equal(s.sum.served.latest, 5);
	assert_false(s.sum.run[0].to.known);
}

static void
nothing_is_nothing(void **state)
{
	struct custody_sheet s = sheet_of(NULL, 0, "2026-11-24");

	(void)state;
	assert_int_equal(s.n, 0);
	assert_int_equal(s.sum.runs_n, 0);
	assert_int_equal(s.sum.served.latest, 0);
}

/* Rows that an older program or another node let in. */
static void
what_cannot_be_summed_is_said(void **state)
{
	struct detention one = stay(1, "2001-01-01", NULL);
	struct detention other = stay(2, "2002-01-01", NULL);
	void *rows[] = { &one, &other };
	void *many[CUSTODY_PERIODS_MAX + 1];
	struct custody_sheet s;
	struct refusal refusal;

	(void)state;
	assert_int_equal(custody_sheet_make(arena, rows, 2,
	    on("2026-11-24"), &s, &refusal).code, E_INVALID);
	assert_int_equal(refusal.code, REFUSED_CONFLICT);
	assert_int_equal(s.n, 2);	/* still shown, one by one */
	for (size_t i = 0; i < LENGTH(many); i++)
		many[i] = &one;
	assert_int_equal(custody_sheet_make(arena, many, LENGTH(many),
	    on("2026-11-24"), &s, &refusal).code, E_INVALID);
	assert_int_equal(refusal.code, REFUSED_TOO_LARGE);
}

static void
decide(const struct detention *d)
{
	clean(NULL);
	detention_decide(arena, d, on("2026-11-24"), &no);
}

static void
days_of_a_period(void **state)
{
	struct detention d = stay(1, "2001-02-11", "2001-02-03");

	(void)state;
	decide(&d);
	assert_only("to_on", "problem.release_before_arrest");
	assert_text(no.at[0].args[0], "03/02/2001");
	assert_text(no.at[0].args[1], "11/02/2001");
	/* A month that holds the arrest may hold the release. */
	d.to_on = on("2001-02");
	decide(&d);
	assert_int_equal(no.n, 0);
	d = stay(1, "2026-11-25", NULL);
	decide(&d);
	assert_only("from_on", "problem.day_ahead");
	d = stay(1, "2026-11-20", "2026-11-25");
	decide(&d);
	assert_only("to_on", "problem.day_ahead");
	d = stay(1, "2026-11-20", NULL);
	d.release_type = T("acquittal");
	decide(&d);
	assert_only("to_on", "problem.release_day");
	d = stay(1, "2001-01-01", "2001-02-01");
	d.transfer_reason = T("Clausura del penal");
	decide(&d);
	assert_only("transfer_reason", "problem.transfer_only");
	d.release_type = T("transfer");
	decide(&d);
	assert_int_equal(no.n, 0);
}

static void
the_other_end_has_its_source(void **state)
{
	struct detention release = stay(1, "1993-02-06", "1997-10-16");
	struct detention d;

	(void)state;
	release.source = T("Serie C 33");
	release.other_to_on = on("1997-10-17");
	release.other_source = T("prensa");
	decide(&release);
	assert_int_equal(no.n, 0);
	d = release;
	d.other_source = T("");
	decide(&d);
	assert_only("other_source", "problem.other_source");
	d = release;
	d.source = T("");
	decide(&d);
	assert_only("source", "problem.own_source");
	d = release;
	d.other_to_on = (day){ 0 };
	decide(&d);
	assert_only("other_to_on", "problem.other_date");
	d = release;
	d.other_to_on = release.to_on;
	decide(&d);
	assert_only("other_to_on", "problem.other_date_same");
	d = release;
	d.other_to_on = on("1993-02-05");
	decide(&d);
	assert_only("other_to_on", "problem.release_before_arrest");
	d = release;
	d.to_on = (day){ 0 };
	decide(&d);
	assert_only("to_on", "problem.other_first");
	d = release;
	d.other_to_on = on("2026-12");
	decide(&d);
	assert_only("other_to_on", "problem.day_ahead");
}

static void
one_open_period(void **state)
{
	struct detention held = stay(1, "2019-02-11", NULL);
	struct detention d = stay(2, "2020-01-01", NULL);
	struct detention past = stay(3, "2001-01-01", "2001-02-01");
	void *others[] = { &past, &held };
	void *own[] = { &held };
	void *many[CUSTODY_PERIODS_MAX];

	(void)state;
	detention_fits(arena, &d, others, 2, &no);
	assert_only("to_on", "problem.custody_open");
	assert_text(no.at[0].args[0], "11/02/2019");
	clean(NULL);
	d.to_on = on("2020-02-01");
	detention_fits(arena, &d, others, 2, &no);
	assert_int_equal(no.n, 0);
	/* Itself is not another one. */
	detention_fits(arena, &held, own, 1, &no);
	assert_int_equal(no.n, 0);
	for (size_t i = 0; i < LENGTH(many); i++)
		many[i] = &past;
	detention_fits(arena, &d, many, LENGTH(many), &no);
	assert_only("from_on", "problem.too_many");
	clean(NULL);
	detention_fits(arena, &d, many, LENGTH(many) - 1, &no);
	assert_int_equal(no.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lt_1714, clean),
		cmocka_unit_test_setup(j_432, clean),
		cmocka_unit_test_setup(w00_10959, clean),
		cmocka_unit_test_setup(overlaps_are_named, clean),
		cmocka_unit_test_setup(imprecise_is_a_range, clean),
		cmocka_unit_test_setup(still_held_counts_to_today, clean),
		cmocka_unit_test_setup(nothing_is_nothing, clean),
		cmocka_unit_test_setup(what_cannot_be_summed_is_said, clean),
		cmocka_unit_test_setup(days_of_a_period, clean),
		cmocka_unit_test_setup(the_other_end_has_its_source, clean),
		cmocka_unit_test_setup(one_open_period, clean),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
