#include "law_fixture.h"

#include <string.h>

static struct deadline_answer ask(const struct law *law, struct arena *a,
    struct deadline_question q)
{
	struct deadline_answer d;
	struct refusal no;
	result r = law_deadline(law, a, &q, &d, &no);

	if (!is_ok(r))
		print_error("%.*s: %.*s\n", (int)no.pointer.n, no.pointer.p,
		    (int)no.detail.n, no.detail.p);
	assert_true(is_ok(r));
	return d;
}

static void assert_days(struct law_days days, const char *const *iso,
    size_t n)
{
	assert_int_equal(days.n, n);
	assert_int_equal(days.omitted, 0);
	for (size_t i = 0; i < n; i++)
		assert_day(days.p[i].day, iso[i]);
}

/* A judge could not follow the ten days of the first life any more. */
static void ten_days_over_two_feasts(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("C06"),
	    .trigger = on("2026-11-24") });
	static const char *const counted[] = { "2026-11-25", "2026-11-26",
		"2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02",
		"2026-12-03", "2026-12-04", "2026-12-07", "2026-12-10" };
	static const char *const skipped[] = { "2026-11-28", "2026-11-29",
		"2026-12-05", "2026-12-06", "2026-12-08", "2026-12-09" };
	static const enum law_why why[] = { LAW_SATURDAY, LAW_SUNDAY,
		LAW_SATURDAY, LAW_SUNDAY, LAW_HOLIDAY, LAW_HOLIDAY };

	assert_day(d.due.day, "2026-12-10");
	assert_false(d.due.at.known);
	assert_day(d.alarm.day, "2026-12-10");
	assert_days(d.counted, counted, LENGTH(counted));
	assert_days(d.skipped, skipped, LENGTH(skipped));
	for (size_t i = 0; i < LENGTH(why); i++)
		assert_int_equal(d.skipped.p[i].closure.why, why[i]);
	assert_text(d.skipped.p[4].closure.name_es, "Inmaculada Concepción");
	assert_text(d.skipped.p[5].closure.name_es, "Batalla de Ayacucho");
	assert_int_equal(d.counted.p[9].ordinal, 10);
	assert_text(d.row->basis, "NCPConst 24; CPConst 18");
	assert_int_equal(d.row->confidence, LAW_READ);
	for (size_t i = 0; i < LAW_WARNINGS; i++)
		assert_false(d.warning[i]);
}

/* The example that the specification prints, box and strict reading. */
static void electronic_box(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("C07"),
	    .trigger = on("2026-11-24"), .served_by = LAW_ELECTRONIC });
	static const char *const counted[] = { "2026-11-27", "2026-11-30",
		"2026-12-01" };
	static const char *const skipped[] = { "2026-11-28", "2026-11-29" };
	static const char *const box[] = { "2026-11-25", "2026-11-26" };

	assert_day(d.effective, "2026-11-26");
	assert_day(d.due.day, "2026-12-01");
	assert_day(d.alarm.day, "2026-11-30");
	assert_int_equal(d.readings_n, 1);
	assert_text(d.reading[0].name, "electronic_strict");
	assert_day(d.reading[0].due.day, "2026-11-30");
	assert_days(d.counted, counted, LENGTH(counted));
	assert_days(d.skipped, skipped, LENGTH(skipped));
	assert_days(d.box_counted, box, LENGTH(box));
	assert_int_equal(d.box_skipped.n, 0);
}

/* A suspension would no longer stop the box itself. */
static void suspension_stops_the_box(void **state)
{
	struct fixture *f = *state;
	struct law_span strike = { on("2026-11-25"), on("2026-11-27"),
		T("huelga judicial") };
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("C07"),
	    .trigger = on("2026-11-24"), .served_by = LAW_ELECTRONIC,
	    .extra = { .suspensions = &strike, .suspensions_n = 1 } });

	assert_day(d.effective, "2026-12-01");
	assert_day(d.due.day, "2026-12-04");
	assert_true(d.warning[LAW_WARN_SUSPENSION_APPLIED]);
	assert_int_equal(d.box_skipped.n, 5);
	assert_text(d.box_skipped.p[0].closure.name_es, "huelga judicial");
	/* The stricter reading looks at the calendar alone. */
	assert_day(d.reading[0].due.day, "2026-12-02");
}

/* The last day would not move, or a month would list what it rolled over. */
static void last_day_rolls(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("A03"),
	    .trigger = on("2026-11-30") });
	static const char *const over[] = { "2027-02-28" };

	assert_day(d.due.day, "2027-03-01");
	assert_day(d.unrolled, "2027-02-28");
	assert_int_equal(d.counted.n, 0);
	assert_days(d.skipped, over, 1);
	assert_int_equal(d.skipped.p[0].closure.why, LAW_SUNDAY);

	/* Calendar days list nothing unless something moved them. */
	d = ask(f->law, f->arena, (struct deadline_question){
	    .rule = T("C11"), .variant = T("ruling"),
	    .trigger = on("2026-11-25") });
	assert_int_equal(d.counted.n + d.skipped.n, 0);
	assert_false(d.unrolled.known);
}

/* Days counted back from a hearing would be listed forwards. */
static void back_from_a_hearing(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("R07"),
	    .trigger = on("2026-12-14") });
	static const char *const counted[] = { "2026-12-11", "2026-12-10",
		"2026-12-07" };
	static const char *const skipped[] = { "2026-12-13", "2026-12-12",
		"2026-12-09", "2026-12-08" };

	assert_days(d.counted, counted, LENGTH(counted));
	assert_days(d.skipped, skipped, LENGTH(skipped));
}

/* Whoever asks for a rule of several steps would see only the first. */
static void steps_that_follow(void **state)
{
	struct fixture *f = *state;
	struct law_happened h = { T("answer"), on("2026-11-27") };
	struct deadline_question q = { .rule = T("A04"),
		.trigger = on("2026-11-24") };
	struct deadline_answer d = ask(f->law, f->arena, q);

	assert_day(d.due.day, "2026-12-10");
	assert_false(d.step_given);
	assert_int_equal(d.then_n, 2);
	assert_text(d.then[0].row->step, "appeal");
	assert_day(d.then[0].due.day, "2026-12-28");
	assert_day(d.then[0].alarm.day, "2026-12-28");
	assert_text(d.then[1].row->step, "tribunal");
	assert_day(d.then[1].due.day, "2027-01-12");

	q.happened = &h;
	q.happened_n = 1;
	d = ask(f->law, f->arena, q);
	assert_day(d.due.day, "2026-12-10");
	assert_day(d.then[0].due.day, "2026-12-14");

	q.step = T("tribunal");
	d = ask(f->law, f->arena, q);
	assert_true(d.step_given);
	assert_int_equal(d.then_n, 0);
	assert_int_equal(d.before_n, 2);
	assert_true(d.before[0].happened);
	assert_text(d.before[0].row->step, "answer");
	assert_false(d.before[1].happened);
	assert_text(d.before[1].row->step, "appeal");
	assert_day(d.before[1].due.day, "2026-12-14");
	assert_day(d.from.day, "2026-12-14");
}

/* The two readings of detention would lose their steps by variant. */
static void steps_of_a_variant(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("N11"),
	    .variant = T("complex"), .trigger = on("2026-06-01") });

	assert_int_equal(d.then_n, 1);
	assert_day(d.then[0].due.day, "2027-10-01");
	d = ask(f->law, f->arena, (struct deadline_question){
	    .rule = T("N11"), .variant = T("organised"),
	    .trigger = on("2026-06-01") });
	assert_int_equal(d.then_n, 0);
	d = ask(f->law, f->arena, (struct deadline_question){
	    .rule = T("R14"), .trigger = on("2003-04-15") });
	assert_int_equal(d.then_n, 1);
	assert_day(d.then[0].due.day, "2009-04-14");
}

/* Hours would follow the office's opening times or a zone file. */
static void hours_run_through(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("R20"),
	    .trigger_at = at("2026-12-31T23:30") });
	int hour, minute;

	instant_clock(d.due.at, &hour, &minute);
	assert_day(d.due.day, "2027-01-03");
	assert_int_equal(hour * 60 + minute, 23 * 60 + 30);
	assert_int_equal(d.alarm.at.ms, d.due.at.ms);
	assert_int_equal(d.counted.n + d.skipped.n, 0);

	/* An instant is taken for its day where a day is enough. */
	d = ask(f->law, f->arena, (struct deadline_question){
	    .rule = T("C06"), .trigger_at = at("2026-11-24T23:59") });
	assert_day(d.due.day, "2026-12-10");
	assert_false(d.due.at.known);
}

/* No term would be taken for a term that has passed. */
static void never(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    (struct deadline_question){ .rule = T("C01"),
	    .trigger = on("1993-11-24") });

	assert_true(d.due.never);
	assert_true(d.alarm.never);
	assert_false(d.due.day.known);
	assert_false(d.warning[LAW_WARN_CALENDAR_UNVERIFIED]);
}

struct warned { const char *rule, *variant, *trigger; enum law_warning w; };

/* A doubtful date would come without its doubt. */
static void warnings(void **state)
{
	struct fixture *f = *state;
	static const struct warned yes[] = {
		{ "R13", "", "1993-08-19", LAW_WARN_CALENDAR_UNVERIFIED },
		{ "A09", "", "2026-06-15", LAW_WARN_UNCONFIRMED_RULE },
		{ "R02", "", "2026-07-24", LAW_WARN_UNCONFIRMED_RULE },
		{ "C06", "", "2020-03-10", LAW_WARN_SUSPENSION_APPLIED },
		{ "A02", "", "2020-03-10", LAW_WARN_SUSPENSION_UNVERIFIED },
		{ "A02", "", "2020-06-10", LAW_WARN_SUSPENSION_UNVERIFIED },
		{ "R12", "", "2020-03-13", LAW_WARN_ENDS_IN_SUSPENSION },
		{ "R13", "", "2019-09-15", LAW_WARN_ENDS_IN_SUSPENSION },
	};
	static const struct warned no[] = {
		{ "R13", "", "1995-01-01", LAW_WARN_CALENDAR_UNVERIFIED },
		{ "C06", "", "2026-11-24", LAW_WARN_UNCONFIRMED_RULE },
		{ "C06", "", "2019-03-10", LAW_WARN_SUSPENSION_APPLIED },
		{ "R12", "", "2020-03-13", LAW_WARN_SUSPENSION_APPLIED },
		{ "A02", "", "2020-06-11", LAW_WARN_SUSPENSION_UNVERIFIED },
		{ "C03", "", "2020-06-10", LAW_WARN_SUSPENSION_UNVERIFIED },
		{ "C06", "", "2020-03-10", LAW_WARN_ENDS_IN_SUSPENSION },
	};

	for (size_t i = 0; i < LENGTH(yes) + LENGTH(no); i++) {
		bool wanted = i < LENGTH(yes);
		const struct warned *w = wanted ? &yes[i] :
		    &no[i - LENGTH(yes)];
		struct deadline_answer d = ask(f->law, f->arena,
		    (struct deadline_question){ .rule = text_of(w->rule),
		    .variant = text_of(w->variant),
		    .trigger = on(w->trigger) });

		if (d.warning[w->w] != wanted)
			print_error("%s %s: %s\n", w->rule, w->trigger,
			    law_warning_name(w->w));
		assert_true(d.warning[w->w] == wanted);
	}
}

struct refused {
	struct deadline_question q;
	enum refusal_code code;
	const char *pointer, *about;
};

static void assert_refused(struct fixture *f, const struct refused *c)
{
	struct deadline_answer d, was;
	struct refusal no;
	result r;

	memset(&was, 0x5a, sizeof(was));
	d = was;
	r = law_deadline(f->law, f->arena, &c->q, &d, &no);
	assert_int_equal(r.code, E_INVALID);
	assert_text(no.pointer, c->pointer);
	assert_int_equal(no.code, c->code);
	assert_true(no.detail.n > 0);
	if (c->about[0] == '\0') {
		assert_int_equal(no.about.n, 0);
	} else {
		assert_true(no.about.n > 0);
		assert_text(no.about.p[0], c->about);
	}
	assert_memory_equal(&d, &was, sizeof(d));
}

#define Q(...) (struct deadline_question){ __VA_ARGS__ }
/* The day of the scenarios. */
#define TODAY .trigger = on("2026-11-24")
#define C06 .rule = T("C06")

/* A wrong question would be answered, or refused without saying where. */
static void refusals(void **state)
{
	struct fixture *f = *state;
	static const struct law_span none[LAW_EXTRA_MAX + 1];
	static const struct law_closed_day days[LAW_CLOSED_MAX + 1];
	struct law_span turned = { on("2026-12-02"), on("2026-12-01"),
		T("") };
	struct law_span vague = { on("2026-12"), on("2026-12-31"), T("") };
	struct law_closed_day undated = { .why = T("duelo") };
	struct law_happened early = { T("answer"), on("2026-11-23") };
	struct law_happened last = { T("tribunal"), on("2026-12-23") };
	struct law_happened odd = { T("a/b~c"), on("2026-12-23") };
	struct law_happened twice[] = { { T("answer"), on("2026-11-27") },
		{ T("answer"), on("2026-11-28") } };
	const struct refused cases[] = {
		{ Q(TODAY, .rule = T("")), REFUSED_MISSING, "/rule", "" },
		{ Q(TODAY, .rule = T("XX9")), REFUSED_UNKNOWN_VALUE, "/rule", "" },
		{ Q(TODAY, .rule = T("R05")), REFUSED_MISSING, "/variant",
			"jailed" },
		{ Q(TODAY, .rule = T("R05"), .variant = T("gone")),
			REFUSED_UNKNOWN_VALUE, "/variant", "jailed" },
		{ Q(C06, TODAY, .step = T("sue")), REFUSED_UNKNOWN_VALUE, "/step",
			"" },
		{ Q(TODAY, .rule = T("C08"), .step = T("wait")),
			REFUSED_UNKNOWN_VALUE,
			"/step", "answer" },
		{ Q(C06, .trigger = { 0 }), REFUSED_MISSING, "/trigger", "" },
		{ Q(C06, .trigger = on("2026-11")), REFUSED_NOT_A_DATE, "/trigger",
			"" },
		{ Q(C06, .trigger = { .n = 1 << 30, .known = true }),
			REFUSED_OUT_OF_RANGE, "/trigger", "" },
		{ Q(C06, .trigger_at = { INT64_MAX, true }), REFUSED_OUT_OF_RANGE,
			"/trigger", "" },
		{ Q(C06, .trigger = on("1999-05-03")), REFUSED_NOT_IN_FORCE,
			"/trigger", "" },
		{ Q(.rule = T("C07"), .trigger = on("2021-07-23")),
			REFUSED_NOT_IN_FORCE, "/trigger", "C07b" },
		{ Q(TODAY, .rule = T("R04")), REFUSED_WRONG_TYPE, "/trigger", "" },
		{ Q(TODAY, .rule = T("R13"), .served_by = LAW_ELECTRONIC),
			REFUSED_NOT_ALLOWED, "/served_by", "" },
		{ Q(C06, .trigger = on("2014-07-11"),
			.served_by = LAW_ELECTRONIC), REFUSED_NOT_ALLOWED,
			"/served_by", "" },
		{ Q(TODAY, .rule = T("R13"), .distance_days = { 0, true }),
			REFUSED_NOT_ALLOWED, "/distance_days", "" },
		{ Q(C06, TODAY, .distance_days = { -1, true }),
			REFUSED_OUT_OF_RANGE,
			"/distance_days", "" },
		{ Q(C06, TODAY, .distance_days = { LAW_DISTANCE_MAX + 1,
			true }),
			REFUSED_OUT_OF_RANGE, "/distance_days", "" },
		{ Q(C06, TODAY, .extra = { .district = T("atlantis") }),
			REFUSED_UNKNOWN_VALUE, "/district", "" },
		{ Q(C06, TODAY, .extra = { .suspensions = none,
			.suspensions_n = LENGTH(none) }), REFUSED_TOO_LARGE,
			"/suspensions", "" },
		{ Q(C06, TODAY, .extra = { .suspensions = none,
			.suspensions_n = 1 }),
			REFUSED_MISSING, "/suspensions/0/from", "" },
		{ Q(C06, TODAY, .extra = { .suspensions = &vague,
			.suspensions_n = 1 }),
			REFUSED_NOT_A_DATE, "/suspensions/0/from", "" },
		{ Q(C06, TODAY, .extra = { .suspensions = &turned,
			.suspensions_n = 1 }),
			REFUSED_CONFLICT, "/suspensions/0/to", "" },
		{ Q(C06, TODAY, .extra = { .closed_days = days,
			.closed_days_n = LENGTH(days) }), REFUSED_TOO_LARGE,
			"/closed_days", "" },
		{ Q(C06, TODAY, .extra = { .closed_days = &undated,
			.closed_days_n = 1 }), REFUSED_MISSING,
			"/closed_days/0/date", "" },
		{ Q(TODAY, .rule = T("A04"), .happened = &early,
			.happened_n = 1),
			REFUSED_CONFLICT, "/happened/answer", "" },
		{ Q(TODAY, .rule = T("A04"), .happened = &last,
			.happened_n = 1),
			REFUSED_NOT_ALLOWED, "/happened/tribunal", "" },
		{ Q(TODAY, .rule = T("A04"), .happened = &odd, .happened_n = 1),
			REFUSED_UNKNOWN_VALUE, "/happened/a~1b~0c", "answer" },
		{ Q(TODAY, .rule = T("A04"), .happened = twice,
			.happened_n = 2),
			REFUSED_CONFLICT, "/happened/answer", "" },
		{ Q(TODAY, .rule = T("A04"), .happened = twice,
			.happened_n = LAW_STEPS_MAX + 1), REFUSED_TOO_LARGE,
			"/happened", "" },
		{ Q(C06, .trigger = on("2200-12-24")), REFUSED_OUT_OF_RANGE,
			"/trigger", "" },
		{ Q(.rule = T("P01"), .trigger = on("2190-01-01")),
			REFUSED_OUT_OF_RANGE, "/trigger", "" },
		{ Q(.rule = T("R20"),
			.trigger_at = at("2200-12-30T10:00")),
			REFUSED_OUT_OF_RANGE, "/trigger", "" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_refused(f, &cases[i]);
}

/* A term that a suspension never lets end would run past all years. */
static void suspension_without_end(void **state)
{
	struct fixture *f = *state;
	struct law_span all = { on("1900-01-01"), on("2200-12-31"), T("") };
	struct refused c = { Q(C06, TODAY, .extra = { .suspensions = &all,
		.suspensions_n = 1 }), REFUSED_OUT_OF_RANGE, "/trigger", "" };

	assert_refused(f, &c);
}

/* A long list would fill the page, or lose its count when cut. */
static void long_lists_are_cut(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct deadline_answer d;
	struct law *law;

	folder_append(&dir, "rules.csv",
	    "T400,T400,,,,party,bd,400,,courts,none,trigger,no,no,no,,,0,"
	    "a,a,a,a,C,\nT401,T401,,,,party,bd,401,,courts,none,trigger,no,"
	    "no,no,,,0,a,a,a,a,C,\nT1200,T1200,,,,party,bd,1200,,courts,"
	    "none,trigger,no,no,no,,,0,a,a,a,a,C,\n");
	law = folder_law(&dir, f->arena);
	d = ask(law, f->arena, Q(TODAY, .rule = T("T400")));
	assert_int_equal(d.counted.n, 400);
	assert_int_equal(d.counted.omitted, 0);
	assert_int_equal(d.counted.p[399].ordinal, 400);
	d = ask(law, f->arena, Q(TODAY, .rule = T("T401")));
	assert_int_equal(d.counted.n, 20);
	assert_int_equal(d.counted.omitted, 381);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(d.counted.p[i].ordinal, i + 1);
		assert_int_equal(d.counted.p[10 + i].ordinal, 392 + i);
	}
	assert_int_equal(d.counted.p[19].day.n, d.due.day.n);
	assert_int_equal(d.skipped.omitted, 0);
	d = ask(law, f->arena, Q(TODAY, .rule = T("T1200")));
	assert_int_equal(d.skipped.n, 20);
	assert_true(d.skipped.omitted > 0);
	law_close(law);
	folder_remove(&dir);
}

/* The scenarios of casework on the invented calendar would drift. */
static void scenarios(void **state)
{
	struct fixture *f = *state;
	struct law *law = pe_test_law(f->arena);
	struct law_span strike = { on("2026-12-29"), on("2026-12-31"),
		T("huelga") };
	static const char *const w09[] = { "2026-12-04", "2026-12-07",
		"2026-12-10", "2026-12-11", "2026-12-14" };
	struct deadline_answer d = ask(law, f->arena,
	    Q(.rule = T("R-APEL"), .trigger = on("2026-12-03")));

	assert_days(d.counted, w09, LENGTH(w09));
	assert_day(d.alarm.day, "2026-12-10");
	d = ask(law, f->arena, Q(.rule = T("R-CAS"),
	    .trigger = on("2026-12-21")));
	assert_day(d.due.day, "2027-01-06");
	d = ask(law, f->arena, Q(.rule = T("R-CAS"),
	    .trigger = on("2026-12-21"), .extra = { .suspensions = &strike,
	    .suspensions_n = 1 }));
	assert_day(d.due.day, "2027-01-11");
	d = ask(law, f->arena, Q(.rule = T("R-LIM36"),
	    .trigger = on("2003-02-20")));
	assert_day(d.due.day, "2006-02-19");
	law_close(law);

	d = ask(f->law, f->arena, Q(C06, .trigger = on("2026-12-21")));
	assert_day(d.due.day, "2027-01-07");
}

/* Only the strike of the own district would no longer be told apart. */
static void district(void **state)
{
	struct fixture *f = *state;
	struct deadline_answer d = ask(f->law, f->arena,
	    Q(C06, .trigger = on("2020-07-10"), .extra = {
	    .district = T("none") }));

	assert_day(d.due.day, "2020-08-03");
	d = ask(f->law, f->arena, Q(C06, .trigger = on("2020-07-10"),
	    .extra = { .district = T("madre_de_dios") }));
	assert_day(d.due.day, "2020-08-17");
}

/*
 * A day closed outside of a term would move it, or one inside would not:
 * then "old → new" lists the wrong deadlines.
 */
static void closed_day_moves_only_its_window(void **state)
{
	struct fixture *f = *state;
	static const char *const rules[] = { "C06", "R02", "R07", "A02",
		"A03", "R13", "R12", "C11" };
	static const char *const variants[] = { "", "", "", "", "", "", "",
		"ruling" };
	day trigger = on("2026-11-24");

	for (size_t i = 0; i < LENGTH(rules); i++) {
		struct deadline_question q = {
			.rule = text_of(rules[i]),
			.variant = text_of(variants[i]),
			.trigger = trigger };
		struct deadline_answer was = ask(f->law, f->arena, q);
		int32_t low = trigger.n < was.due.day.n ? trigger.n :
		    was.due.day.n;
		int32_t high = trigger.n < was.due.day.n ? was.due.day.n :
		    trigger.n;

		for (int32_t n = low - 20; n <= high + 20; n++) {
			struct law_closed_day c = { { .n = n,
				.known = true }, T("duelo") };
			struct deadline_answer now;

			q.extra.closed_days = &c;
			q.extra.closed_days_n = 1;
			now = ask(f->law, f->arena, q);

			bool moved = now.due.day.n != was.due.day.n;
			bool open = law_closed(f->law, was.row->calendar,
			    NULL, c.date).why == LAW_IS_OPEN;
			bool counts = was.row->count == LAW_BD &&
			    n != trigger.n && n >= low && n <= high;
			bool last = was.row->roll && n == was.due.day.n;

			assert_true(moved == (open && (counts || last)));
		}
		arena_reset(f->arena);
	}
}

/* A failed allocation would crash, or leave half an answer. */
static void memory_runs_out(void **state)
{
	struct fixture *f = *state;
	struct deadline_question q = { .rule = T("R12"),
		.trigger = on("2026-12-03"), .served_by = LAW_ELECTRONIC };
	struct deadline_answer d = { 0 };
	struct refusal no;
	size_t refused = 0;

	for (size_t max = 0; d.row == NULL; max += 256) {
		struct arena *a = arena_new(max);
		result r;

		assert_non_null(a);
		r = law_deadline(f->law, a, &q, &d, &no);
		assert_true(is_ok(r) || r.code == E_NO_MEMORY);
		assert_true(is_ok(r) == (d.row != NULL));
		refused += !is_ok(r);
		arena_free(a);
		assert_true(max < 4 * MIB);
	}
	assert_true(refused > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_days_over_two_feasts),
		cmocka_unit_test(electronic_box),
		cmocka_unit_test(suspension_stops_the_box),
		cmocka_unit_test(last_day_rolls),
		cmocka_unit_test(back_from_a_hearing),
		cmocka_unit_test(steps_that_follow),
		cmocka_unit_test(steps_of_a_variant),
		cmocka_unit_test(hours_run_through),
		cmocka_unit_test(never),
		cmocka_unit_test(warnings),
		cmocka_unit_test(refusals),
		cmocka_unit_test(suspension_without_end),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(scenarios),
		cmocka_unit_test(district),
		cmocka_unit_test(closed_day_moves_only_its_window),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
