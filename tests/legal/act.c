/* If this vanished, a notice could be older than what it notifies, and a
 * second source silently replace the first. */
#include "check.h"

static struct act
refusal(void)
{
	return (struct act){ .kind = T("constitutional_decision"),
		.result = T("denied"), .issued_on = on("2026-11-20"),
		.served_by = T("cedula"),
		.deemed_served_on = on("2026-11-24") };
}

static void
decide(struct bench *b, const struct act *a)
{
	act_decide(b->arena, a, on("2026-11-24"), &b->no);
}

static void
in_order_is_fine(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();

	decide(b, &a);
	assert_none(b);
	/* A month may hold the very day of the judgment. */
	a.issued_on = on("2026-11");
	a.copy_received_on = on("2026-11-01");
	decide(b, &a);
	assert_none(b);
}

static void
not_tomorrow(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();

	a.copy_received_on = on("2026-11-25");
	decide(b, &a);
	assert_only(b, "copy_received_on", "problem.day_ahead");
	bench_clean(state);
	a = refusal();
	a.deemed_served_on = (day){ 0 };
	a.served_at = at("2026-11-25T15:00:00Z");
	decide(b, &a);
	assert_only(b, "served_at", "problem.day_ahead");
	bench_clean(state);
	a = (struct act){ .issued_on = on("2027") };
	decide(b, &a);
	assert_only(b, "issued_on", "problem.day_ahead");
	bench_clean(state);
	/* The box is deemed read two open days after the deposit. */
	a = refusal();
	a.served_by = T("electronic");
	a.deposited_at = at("2026-11-24T13:00:00Z");
	a.deemed_served_on = on("2026-11-26");
	decide(b, &a);
	assert_none(b);
}

static void
nothing_before_it_was_made(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();

	a.deemed_served_on = on("2026-11-19");
	decide(b, &a);
	assert_only(b, "deemed_served_on", "problem.before_issued");
	assert_text(b->no.at[0].args[0], "19/11/2026");
	assert_text(b->no.at[0].args[1], "20/11/2026");
	bench_clean(state);
	a = refusal();
	a.read_on = on("2025");
	decide(b, &a);
	assert_only(b, "read_on", "problem.before_issued");
	bench_clean(state);
	a = refusal();
	a.copy_received_on = on("2026-11-19");
	decide(b, &a);
	assert_only(b, "copy_received_on", "problem.before_issued");
}

static void
service_says_how_and_when(void **state)
{
	struct bench *b = *state;
	struct act a = refusal();

	a.served_by = T("");
	decide(b, &a);
	assert_only(b, "served_by", "problem.served_how");
	bench_clean(state);
	a = refusal();
	a.deemed_served_on = (day){ 0 };
	decide(b, &a);
	assert_only(b, "deemed_served_on", "problem.served_when");
	bench_clean(state);
	a = refusal();
	a.deposited_at = at("2026-11-23T13:00:00Z");
	decide(b, &a);
	assert_only(b, "served_by", "problem.deposit_electronic");
	bench_clean(state);
	a = refusal();
	a.served_at = at("2026-11-24T13:00:00Z");
	a.deemed_served_on = on("2026-11-23");
	decide(b, &a);
	assert_only(b, "deemed_served_on", "problem.deemed_before");
	bench_clean(state);
	/* Late in the evening of the 23rd in Lima: the 24th in UTC. */
	a.served_at = at("2026-11-24T03:00:00Z");
	decide(b, &a);
	assert_none(b);
}

static void
two_sources_are_both_kept(void **state)
{
	struct bench *b = *state;
	struct act release = { .kind = T("release_order"),
		.issued_on = on("1997-10-16"), .source = T("Serie C 33"),
		.other_date = on("1997-10-17"), .other_date_of = T("issued"),
		.other_source = T("prensa, 1997-10-17") };
	struct act a = release;

	decide(b, &a);
	assert_none(b);
	a.other_source = T("");
	decide(b, &a);
	assert_only(b, "other_source", "problem.other_source");
	bench_clean(state);
	a = release;
	a.source = T("");
	decide(b, &a);
	assert_only(b, "source", "problem.own_source");
	bench_clean(state);
	a = release;
	a.other_date_of = T("");
	decide(b, &a);
	assert_only(b, "other_date_of", "problem.other_date_of");
	bench_clean(state);
	a = release;
	a.other_date = on("1997-10-16");
	decide(b, &a);
	assert_only(b, "other_date", "problem.other_date_same");
	bench_clean(state);
	a = release;
	a.other_date = (day){ 0 };
	decide(b, &a);
	assert_only(b, "other_date", "problem.other_date");
}

static void
months_only_where_it_extends(void **state)
{
	struct bench *b = *state;
	struct act a = { .kind = T("detention_extension"),
		.issued_on = on("2005-01-02") };

	decide(b, &a);
	assert_only(b, "extends_months", "problem.extends_missing");
	bench_clean(state);
	a.extends_months = (whole){ 18, true };
	decide(b, &a);
	assert_none(b);
	a.kind = T("judgment");
	decide(b, &a);
	assert_only(b, "extends_months", "problem.extends_only");
}

static void
where_it_stands_in_time(void **state)
{
	struct act a = { .copy_received_on = on("2026-11-24") };

	(void)state;
	assert_true(day_same(act_day(&a), on("2026-11-24")));
	a.issued_on = on("1994-02");
	assert_true(day_same(act_day(&a), on("1994-02")));
	assert_false(act_day(&(struct act){ .kind = T("other") }).known);
}

static void
what_a_term_runs_from(void **state)
{
	struct act a = refusal();
	struct deadline_start s = deadline_start_of(&a);

	(void)state;
	assert_true(day_same(s.on, on("2026-11-24")));
	assert_false(s.at.known);
	assert_text(s.served_by, "cedula");
	/* The hour only where it is an hour of that very day. */
	a.served_at = at("2026-11-24T15:30:00Z");
	assert_true(deadline_start_of(&a).at.known);
	a.deemed_served_on = on("2026-11-25");
	assert_false(deadline_start_of(&a).at.known);
	/* The box counts from the deposit … */
	a = (struct act){ .served_by = T("electronic"),
		.deposited_at = at("2026-11-20T15:30:00Z"),
		.deemed_served_on = on("2026-11-24") };
	s = deadline_start_of(&a);
	assert_true(day_same(s.on, on("2026-11-20")));
	assert_text(s.served_by, "electronic");
	/* … and where only its end is known, it is not counted twice. */
	a.deposited_at = (instant){ 0 };
	s = deadline_start_of(&a);
	assert_true(day_same(s.on, on("2026-11-24")));
	assert_text(s.served_by, "cedula");
	a = (struct act){ .read_on = on("2026-11-02"),
		.issued_on = on("2026-11-01") };
	assert_true(day_same(deadline_start_of(&a).on, on("2026-11-02")));
	a.read_on = (day){ 0 };
	assert_true(day_same(deadline_start_of(&a).on, on("2026-11-01")));
}

static void
proceedings(void **state)
{
	struct bench *b = *state;
	struct proceeding p = { .forum = T("constitutional"),
		.regime = T("constitutional"), .started_on = on("2026-11-02"),
		.ended_on = on("2026-11") };

	p.row.id = number(5);
	proceeding_decide(b->arena, &p, "", on("2026-11-24"), &b->no);
	assert_none(b);
	p.ended_on = on("2026-10");
	p.origin_id.raw = number(5);
	proceeding_decide(b->arena, &p, "proceeding_", on("2026-11-24"),
	    &b->no);
	assert_int_equal(b->no.n, 2);
	assert_text(b->no.at[0].field, "proceeding_ended_on");
	assert_string_equal(b->no.at[0].key, "problem.to_before_from");
	assert_string_equal(b->no.at[1].key, "problem.origin_itself");
	bench_clean(state);
	p = (struct proceeding){ .started_on = on("2026-12") };
	proceeding_decide(b->arena, &p, "", on("2026-11-24"), &b->no);
	assert_only(b, "started_on", "problem.day_ahead");
	bench_clean(state);
	p = (struct proceeding){ .ended_on = on("2027") };
	proceeding_decide(b->arena, &p, "", on("2026-11-24"), &b->no);
	assert_only(b, "ended_on", "problem.day_ahead");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_order_is_fine), TEST(not_tomorrow),
		TEST(nothing_before_it_was_made),
		TEST(service_says_how_and_when),
		TEST(two_sources_are_both_kept),
		TEST(months_only_where_it_extends),
		TEST(where_it_stands_in_time), TEST(what_a_term_runs_from),
		TEST(proceedings),
	};

	return cmocka_run_group_tests(tests, bench_open, bench_close);
}
