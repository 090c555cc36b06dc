/* If this vanished, the term of a refusal could be a day off, have one
 * person for two, or be stored without how it was counted. */
#include "check.h"

static struct act
refusal(void)
{
	return (struct act){ .kind = T("constitutional_decision"),
		.result = T("denied"), .served_by = T("cedula"),
		.deemed_served_on = on("2026-11-24") };
}

static struct proceeding
constitutional(void)
{
	return (struct proceeding){ .forum = T("constitutional"),
		.regime = T("constitutional"), .district = T("lima") };
}

static struct deadline_ask
ask(const char *rule, const struct act *a)
{
	return (struct deadline_ask){ .rule = text_of(rule),
		.start = deadline_start_of(a), .district = T("lima") };
}

static result
count(struct bench *b, const struct deadline_ask *q, struct deadline *d)
{
	return deadline_count(b->law, b->arena, q, d, NULL, &b->no);
}

/* W00 step 7: the refusal of a habeas corpus, served by paper notice. */
static void
c06_of_w00(void **state)
{
	static const char *const counted[] = { "2026-11-25", "2026-11-26",
		"2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02",
		"2026-12-03", "2026-12-04", "2026-12-07", "2026-12-10" };
	static const struct { const char *day, *why; } skipped[] = {
		{ "2026-11-28", "saturday" }, { "2026-11-29", "sunday" },
		{ "2026-12-05", "saturday" }, { "2026-12-06", "sunday" },
		{ "2026-12-08", "holiday" }, { "2026-12-09", "holiday" },
	};
	struct bench *b = *state;
	struct act a = refusal();
	struct deadline_ask q = ask("C06", &a);
	struct deadline d = { 0 };
	struct sheet sheet = { 0 };
	size_t c = 0, s = 0;

	assert_true(is_ok(count(b, &q, &d)));
	assert_none(b);
	assert_true(day_same(d.due_on, on("2026-12-10")));
	assert_true(day_same(d.original_due_on, d.due_on));
	assert_true(day_same(d.trigger_on, on("2026-11-24")));
	assert_false(d.due_at.known);
	assert_text(d.rule, "C06");
	assert_text(d.nature, "party");
	assert_text(d.state, "running");
	assert_text(d.served_by, "cedula");
	assert_text(d.title, "Recurso de agravio constitucional");
	assert_int_equal(d.data_digest.n, 64);
	assert_true(text_same(d.data_digest, law_digest(b->law)));
	assert_true(d.alarm_on.known && d.alarm_on.n <= d.due_on.n);

	/* Every day, counted or skipped and why, from what is stored. */
	assert_true(is_ok(deadline_sheet_read(b->arena, d.sheet, &sheet)));
	for (size_t i = 0; i < sheet.n; i++) {
		const struct sheet_line *l = &sheet.p[i];

		if (l->kind == SHEET_COUNTED) {
			assert_true(c < LENGTH(counted));
			assert_true(day_same(l->day, on(counted[c])));
			assert_int_equal(l->number, ++c);
		}
		if (l->kind == SHEET_SKIPPED) {
			assert_true(s < LENGTH(skipped));
			assert_true(day_same(l->day, on(skipped[s].day)));
			assert_text(l->code, skipped[s++].why);
		}
	}
	assert_int_equal(c, LENGTH(counted));
	assert_int_equal(s, LENGTH(skipped));
}

static void
refused(struct bench *b, const struct deadline_ask *q, const char *field,
    const char *key)
{
	struct deadline d = { .title = T("as it was") };

	bench_clean((void **)&b);
	assert_int_equal(count(b, q, &d).code, E_INVALID);
	assert_only(b, field, key);
	assert_text(d.title, "as it was");
	assert_false(d.due_on.known);
}

static void
what_the_law_refuses(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();
	struct deadline_ask q = ask("", &a);

	refused(b, &q, "rule", "problem.law.missing");
	q = ask("C99", &a);
	refused(b, &q, "rule", "problem.law.unknown_value");
	q = ask("C10", &a);
	refused(b, &q, "variant", "problem.law.missing");
	assert_text(b->no.at[0].args[0], "clarification, reposition");
	q.variant = T("other");
	refused(b, &q, "variant", "problem.law.unknown_value");
	q = ask("C06", &a);
	q.step = T("third");
	refused(b, &q, "step", "problem.law.unknown_value");
	q = ask("C06", &a);
	q.start.on = (day){ 0 };
	refused(b, &q, "trigger_on", "problem.law.missing");
	q.start.on = on("2026-11");
	refused(b, &q, "trigger_on", "problem.law.not_a_date");
	q.start.on = on("1999-01-04");
	refused(b, &q, "trigger_on", "problem.law.not_in_force");
	q = ask("C04", &a);
	q.start.on = on("2021-08-02");
	refused(b, &q, "trigger_on", "problem.law.not_in_force");
	assert_text(b->no.at[0].args[0], "C04u");
	q = ask("R04", &a);
	refused(b, &q, "trigger_on", "problem.law.wrong_type");
	q = ask("I01", &a);
	q.distance_days = (whole){ 3, true };
	refused(b, &q, "distance_days", "problem.law.not_allowed");
	q = ask("I01", &a);
	q.start.served_by = T("electronic");
	refused(b, &q, "served_by", "problem.law.not_allowed");
	q = ask("C06", &a);
	q.start.served_by = T("pigeon");
	refused(b, &q, "served_by", "problem.code");
	q = ask("C06", &a);
	q.start.at = at("2026-11-25T15:00:00Z");
	refused(b, &q, "trigger_at", "problem.trigger_two_days");
	assert_text(b->no.at[0].args[0], "25/11/2026");
}

static void
other_terms(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();
	struct deadline_ask q = ask("I01", &a);
	struct deadline d = { 0 };

	assert_true(is_ok(count(b, &q, &d)));
	assert_true(day_same(d.due_on, on("2027-05-24")));
	/* A term in hours ends at an hour. */
	q = ask("R04", &a);
	q.start.at = at("2026-11-24T15:00:00Z");
	memset(&d, 0, sizeof(d));
	assert_true(is_ok(count(b, &q, &d)));
	assert_true(d.due_at.known);
	assert_int_equal(d.due_at.ms, at("2026-11-25T15:00:00Z").ms);
	assert_true(day_same(d.due_on, on("2026-11-25")));
	/* What may be done at any time has no day and no alarm. */
	q = ask("C01", &a);
	memset(&d, 0, sizeof(d));
	assert_true(is_ok(count(b, &q, &d)));
	assert_false(d.due_on.known);
	assert_false(d.alarm_on.known);
	/* Other ways to read the law are kept, and the alarm heeds them. */
	q = ask("N09", &a);
	memset(&d, 0, sizeof(d));
	assert_true(is_ok(count(b, &q, &d)));
	assert_text(d.readings, "business 2026-11-27");
	assert_true(d.alarm_on.n <= d.due_on.n);
	/* Days for the distance. */
	q = ask("C06", &a);
	q.distance_days = (whole){ 2, true };
	memset(&d, 0, sizeof(d));
	assert_true(is_ok(count(b, &q, &d)));
	assert_true(d.due_on.n > on("2026-12-10").n);
	assert_true(d.distance_days.known);
}

static void
two_persons_and_once(void **state)
{
	struct bench *b = *state;
	struct deadline d = { .rule = T("C06"), .act_id.raw = number(4),
		.responsible.raw = number(1), .deputy.raw = number(2) };
	struct deadline other = d;
	void *others[] = { &other };

	d.row.id = number(10);
	other.row.id = number(11);
	deadline_decide(b->arena, &d, NULL, 0, &b->no);
	assert_none(b);
	deadline_decide(b->arena, &d, others, 1, &b->no);
	assert_only(b, "rule", "problem.term_twice");
	bench_clean(state);
	other.state = T("dropped");
	deadline_decide(b->arena, &d, others, 1, &b->no);
	assert_none(b);
	other.state = T("running");
	other.variant = T("else");
	deadline_decide(b->arena, &d, others, 1, &b->no);
	assert_none(b);
	other = d;		/* itself is no second time */
	deadline_decide(b->arena, &d, others, 1, &b->no);
	assert_none(b);
	d.deputy = d.responsible;
	deadline_decide(b->arena, &d, NULL, 0, &b->no);
	assert_only(b, "deputy", "problem.deputy_same");
	bench_clean(state);
	d.deputy.raw = d.responsible.raw = (id){ { 0 } };
	deadline_decide(b->arena, &d, NULL, 0, &b->no);
	assert_int_equal(b->no.n, 2);
	assert_string_equal(b->no.at[0].key, "problem.required");
	assert_string_equal(b->no.at[1].key, "problem.required");
}

static void
the_next_one(void **state)
{
	struct deadline late = { .state = T("running"),
		.due_on = on("2027-05-24") };
	struct deadline soon = { .state = T("changed"),
		.due_on = on("2026-12-10") };
	struct deadline done = { .state = T("closed"),
		.due_on = on("2026-11-25") };
	struct deadline never = { .state = T("running") };
	struct deadline hour = { .state = T("running"),
		.due_on = on("2026-12-10"),
		.due_at = at("2026-12-10T15:00:00Z") };
	void *all[] = { &never, &late, &done, &soon, &hour };

	(void)state;
	assert_ptr_equal(deadline_next(all, 5), &hour);
	assert_ptr_equal(deadline_next(all, 4), &soon);
	assert_ptr_equal(deadline_next(all, 2), &late);
	assert_ptr_equal(deadline_next(all, 1), &never);
	assert_null(deadline_next((void *[]){ &done }, 1));
	assert_null(deadline_next(NULL, 0));
}

static const struct deadline_proposal *
proposed(const struct deadline_proposal *p, size_t n, const char *rule)
{
	for (size_t i = 0; i < n; i++) {
		if (text_same(p[i].rule->rule, text_of(rule)))
			return &p[i];
	}
	return NULL;
}

static void
what_an_act_may_start(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();
	struct proceeding at_court = constitutional();
	struct deadline_proposal *p = NULL;
	size_t n = 0;

	assert_true(is_ok(deadline_proposals(b->law, b->arena, &a,
	    &at_court, &p, &n)));
	assert_true(n > 1);
	assert_text(p[0].rule->rule, "C06");
	assert_true(p[0].usual);
	assert_true(day_same(p[0].answer.due.day, on("2026-12-10")));
	assert_non_null(proposed(p, n, "I01"));
	assert_false(proposed(p, n, "I01")->usual);
	assert_true(day_same(proposed(p, n, "I01")->answer.due.day,
	    on("2027-05-24")));
	/* Of another law, without an end, or no longer in force. */
	assert_null(proposed(p, n, "N01"));
	assert_null(proposed(p, n, "C01"));
	assert_null(proposed(p, n, "C04b"));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(p[i].rule->nature, LAW_PARTY);
		assert_int_equal(p[i].rule->reading.n, 0);
		for (size_t k = 0; k < i; k++)
			assert_false(text_same(p[i].rule->rule,
			    p[k].rule->rule) && text_same(
			    p[i].rule->variant, p[k].rule->variant));
	}
	/* A granted one usually starts nothing of ours. */
	a.result = T("granted");
	assert_true(is_ok(deadline_proposals(b->law, b->arena, &a,
	    &at_court, &p, &n)));
	for (size_t i = 0; i < n; i++)
		assert_false(p[i].usual);
}

static void
an_act_without_a_day_starts_nothing(void **state)
{
	struct bench *b = *state;
	struct act a = { .kind = T("constitutional_decision"),
		.result = T("denied") };
	struct proceeding at_court = constitutional();
	struct deadline_proposal *p = NULL;
	size_t n = 99;

	assert_true(is_ok(deadline_proposals(b->law, b->arena, &a,
	    &at_court, &p, &n)));
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(c06_of_w00), TEST(what_the_law_refuses),
		TEST(other_terms), TEST(two_persons_and_once),
		TEST(the_next_one), TEST(what_an_act_may_start),
		TEST(an_act_without_a_day_starts_nothing),
	};

	return cmocka_run_group_tests(tests, bench_open, bench_close);
}
