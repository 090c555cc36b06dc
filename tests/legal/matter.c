/* If this vanished, a case could be closed over a running term, led by one
 * person twice, or carry its client's surname in every list. */
#include "check.h"

static struct matter
opened(void)
{
	return (struct matter){ .type = T("retrial"),
		.title = T("Juicio de 1996"), .opened_on = on("2026-11-24"),
		.responsible.raw = number(1), .deputy.raw = number(2) };
}

static void
decide(struct bench *b, const struct matter *m, size_t terms)
{
	matter_decide(b->arena, m, on("2026-11-24"), terms, &b->no);
}

static void
in_order_is_fine(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	decide(b, &m, 3);
	assert_none(b);
	m.closed_on = on("2026-11-24");
	m.outcome = T("granted");
	decide(b, &m, 0);
	assert_none(b);
}

static void
not_opened_tomorrow(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	m.opened_on = on("2026-11-25");
	decide(b, &m, 0);
	assert_only(b, "opened_on", "problem.day_ahead");
}

static void
not_closed_tomorrow(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	m.closed_on = on("2026-11-25");
	m.outcome = T("granted");
	decide(b, &m, 0);
	assert_only(b, "closed_on", "problem.day_ahead");
}

static void
not_closed_before_opened(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	m.closed_on = on("2026-11-23");
	m.outcome = T("granted");
	decide(b, &m, 0);
	assert_only(b, "closed_on", "problem.closed_before_opened");
	assert_text(b->no.at[0].args[0], "23/11/2026");
	assert_text(b->no.at[0].args[1], "24/11/2026");
}

static void
closed_needs_outcome_and_back(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	m.closed_on = on("2026-11-24");
	decide(b, &m, 0);
	assert_only(b, "outcome", "problem.closed_outcome");
	bench_clean(state);
	m = opened();
	m.outcome = T("granted");
	decide(b, &m, 0);
	assert_only(b, "closed_on", "problem.outcome_closed");
}

static void
not_closed_over_a_term(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	m.closed_on = on("2026-11-24");
	m.outcome = T("granted");
	decide(b, &m, 1);
	assert_only(b, "closed_on", "problem.closed_terms");
}

static void
two_persons(void **state)
{
	struct bench *b = *state;
	struct matter m = opened();

	m.deputy = m.responsible;
	decide(b, &m, 0);
	assert_only(b, "deputy", "problem.deputy_same");
	bench_clean(state);
	m.deputy = (user_id){ { { 0 } } };
	decide(b, &m, 0);
	assert_none(b);
}

static bool
names(struct bench *b, const char *title, const char *name)
{
	text who = text_of(name);
	bool found = false;

	assert_true(is_ok(matter_title_names(b->arena, text_of(title), &who,
	    1, &found)));
	return found;
}

static void
titles_without_names(void **state)
{
	struct bench *b = *state;
	const char *who = "Eusebio Ccahuana Ticlla";

	assert_true(names(b, "Nuevo juicio de Ccahuana", who));
	assert_true(names(b, "caso TICLLA", who));
	assert_true(names(b, "Pérez: revisión", "Ana Perez"));
	assert_true(names(b, "Muñoz, apelación", "Muñoz"));
	assert_false(names(b, "Juicio de 1996 y nuevos juicios", who));
	/* Particles and single letters name nobody. */
	assert_false(names(b, "Juicio de la Sala", "Rosa de la Cruz"));
	assert_false(names(b, "Expediente E. 33", "E. Quispe"));
	assert_false(names(b, "Hábeas corpus", ""));
}

static void
usual_places(void **state)
{
	(void)state;
	assert_text(matter_usual_role(T("retrial")), "accused");
	assert_text(matter_usual_role(T("habeas_corpus")), "beneficiary");
	assert_text(matter_usual_role(T("execution")), "convicted");
	assert_text(matter_usual_role(T("administrative")), "applicant");
	assert_text(party_usual_side(T("witness")), "neutral");
	assert_text(party_usual_side(T("prosecutor")), "prosecution");
	assert_text(party_usual_side(T("co_accused")), "other_defence");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_order_is_fine), TEST(not_opened_tomorrow),
		TEST(not_closed_tomorrow), TEST(not_closed_before_opened),
		TEST(closed_needs_outcome_and_back),
		TEST(not_closed_over_a_term), TEST(two_persons),
		TEST(titles_without_names), TEST(usual_places),
	};

	return cmocka_run_group_tests(tests, bench_open, bench_close);
}
