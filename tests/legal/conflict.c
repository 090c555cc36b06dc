/* If this vanished, a case could be taken against a client of our own
 * without anybody having decided so, or a decision be taken back unseen. */
#include "check.h"

static const char hits[] = "AFTC-Z4W\twitness\t2003-05-20\t\n";

static struct party
party(void)
{
	return (struct party){ .name = T("Ana Flores"), .role = T("witness"),
		.side = T("neutral"), .conflict_verdict = T("pending") };
}

static struct conflict_decision
decision(const char *verdict, const char *reason)
{
	return (struct conflict_decision){ .verdict = text_of(verdict),
		.reason = text_of(reason), .by.raw = number(7),
		.at = at("2026-11-24T14:00:00Z") };
}

static void
check(struct bench *b, struct party *p, const char *verdict,
    const char *reason)
{
	struct conflict_decision d = decision(verdict, reason);

	conflict_check(b->arena, p, &d, &b->no);
}

static void
decide(struct bench *b, struct party *p, const char *verdict,
    const char *reason)
{
	struct conflict_decision d = decision(verdict, reason);

	conflict_decide(b->arena, p, &d, &b->no);
}

static void
no_hits_is_clear(void **state)
{
	struct bench *b = *state;
	struct party p = party();

	check(b, &p, "", "");
	assert_none(b);
	assert_text(p.conflict_verdict, "clear");
	assert_true(p.conflict_checked_at.known);
	/* Nobody decided: nothing was there to decide upon. */
	assert_true(id_none(p.decided_by.raw));
	assert_false(p.decided_at.known);
}

static void
hits_ask_for_a_decision(void **state)
{
	struct bench *b = *state;
	struct party p = party();

	p.conflict_hits = text_of(hits);
	check(b, &p, "", "");
	assert_only(b, "verdict", "problem.conflict_hits");
	assert_false(p.conflict_checked_at.known);
	bench_clean(state);
	check(b, &p, "perhaps", "porque sí");
	assert_only(b, "verdict", "problem.code");
	assert_text(p.conflict_verdict, "pending");
}

static void
clear_and_decline_need_a_reason(void **state)
{
	static const char *const verdicts[] = { "clear", "decline" };
	struct bench *b = *state;
	char long_one[1002] = { 0 };

	for (size_t i = 0; i < LENGTH(verdicts); i++) {
		struct party p = party();

		bench_clean(state);
		p.conflict_hits = text_of(hits);
		check(b, &p, verdicts[i], "");
		assert_only(b, "reason", "problem.conflict_reason");
		assert_text(p.conflict_verdict, "pending");
		bench_clean(state);
		memset(long_one, 'x', sizeof(long_one) - 1);
		check(b, &p, verdicts[i], long_one);
		assert_only(b, "reason", "problem.too_long");
		assert_text(p.conflict_verdict, "pending");
		bench_clean(state);
		check(b, &p, verdicts[i], "Otra persona del mismo nombre");
		assert_none(b);
		assert_text(p.conflict_verdict, verdicts[i]);
		assert_text(p.conflict_reason,
		    "Otra persona del mismo nombre");
		assert_true(id_same(p.decided_by.raw, number(7)));
		assert_true(p.decided_at.known);
	}
}

static void
a_waiver_needs_its_document(void **state)
{
	struct bench *b = *state;
	struct party p = party();

	p.conflict_hits = text_of(hits);
	check(b, &p, "waiver", "Firmó la renuncia");
	assert_only(b, "verdict", "problem.waiver_document");
	assert_text(p.conflict_verdict, "pending");
	bench_clean(state);
	p.waiver_document_id.raw = number(9);
	check(b, &p, "waiver", "Firmó la renuncia");
	assert_none(b);
	assert_text(p.conflict_verdict, "waiver");
}

static void
pending_is_checked_but_not_decided(void **state)
{
	struct bench *b = *state;
	struct party p = party();

	p.conflict_hits = text_of(hits);
	check(b, &p, "pending", "");
	assert_none(b);
	assert_text(p.conflict_verdict, "pending");
	assert_true(p.conflict_checked_at.known);
	assert_false(p.decided_at.known);
}

static void
decided_later(void **state)
{
	struct bench *b = *state;
	struct party p = party();

	decide(b, &p, "", "");
	assert_only(b, "verdict", "problem.required");
	bench_clean(state);
	decide(b, &p, "maybe", "x");
	assert_only(b, "verdict", "problem.code");
	bench_clean(state);
	decide(b, &p, "clear", "");
	assert_only(b, "reason", "problem.conflict_reason");
	bench_clean(state);
	decide(b, &p, "clear", "No es la misma persona");
	assert_none(b);
	assert_text(p.conflict_verdict, "clear");
	/* A second time the same is no decision. */
	decide(b, &p, "clear", "otra vez");
	assert_only(b, "verdict", "problem.conflict_same");
	bench_clean(state);
	decide(b, &p, "decline", "Sí es la misma");
	assert_none(b);
	assert_text(p.conflict_verdict, "decline");
	decide(b, &p, "pending", "mejor no");
	assert_only(b, "verdict", "problem.conflict_undecide");
	assert_text(p.conflict_verdict, "decline");
}

static void
blocks(void **state)
{
	struct party clear = party(), pending = party(), decline = party();
	void *one[] = { &clear, &pending };
	void *two[] = { &decline, &clear };
	void *three[] = { &decline, &pending };

	(void)state;
	clear.conflict_verdict = T("clear");
	decline.conflict_verdict = T("decline");
	assert_null(conflict_block(one, 1));
	assert_null(conflict_block(NULL, 0));
	assert_string_equal(conflict_block(one, 2),
	    "problem.conflict_pending");
	assert_string_equal(conflict_block(two, 2),
	    "problem.conflict_declined");
	assert_string_equal(conflict_block(three, 2),
	    "problem.conflict_pending");
}

static void
hits_come_back(void **state)
{
	struct bench *b = *state;
	struct conflict_hit in[] = {
		{ .code = T("AFTC-Z4W"), .role = T("witness"),
		  .date = on("2003-05") },
		{ .ask = T("Lucía\tMedina\n") },
	};
	struct conflict_hit *out = NULL;
	text written;
	size_t n = 0;

	assert_true(is_ok(conflict_hits_write(b->arena, in, 2, &written)));
	assert_true(is_ok(conflict_hits_read(b->arena, written, &out, &n)));
	assert_int_equal(n, 2);
	assert_text(out[0].code, "AFTC-Z4W");
	assert_text(out[0].role, "witness");
	assert_true(day_same(out[0].date, on("2003-05")));
	assert_text(out[0].ask, "");
	/* A name cannot break the line that it stands in. */
	assert_text(out[1].ask, "Lucía Medina ");
	assert_false(out[1].date.known);
	assert_true(is_ok(conflict_hits_read(b->arena, T(""), &out, &n)));
	assert_int_equal(n, 0);
}

static void
spoilt_hits_are_refused(void **state)
{
	static const char *const spoilt[] = { "AFTC-Z4W\twitness\n",
		"A\tb\tyesterday\t\n", "A\tb\t\t", "\n", "A\tb\t\tc\td\n" };
	struct bench *b = *state;
	struct conflict_hit *out = NULL;
	size_t n = 77;

	for (size_t i = 0; i < LENGTH(spoilt); i++) {
		result got = conflict_hits_read(b->arena, text_of(spoilt[i]),
		    &out, &n);

		assert_int_equal(got.code, E_CORRUPT);
		assert_int_equal(n, 77);
		assert_null(out);
	}
}

/* Of a very common name the first are kept and the rest are counted. */
static void
many_hits_are_counted(void **state)
{
	struct bench *b = *state;
	struct conflict_hit in[500];
	struct conflict_hit *out = NULL;
	text written;
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(in); i++)
		in[i] = (struct conflict_hit){ .code = T("AFTC-Z4W") };
	assert_true(is_ok(conflict_hits_write(b->arena, in, LENGTH(in),
	    &written)));
	assert_true(written.n <= 4000);
	assert_true(is_ok(conflict_hits_read(b->arena, written, &out, &n)));
	assert_int_equal(n, 333);
	assert_text(out[331].code, "AFTC-Z4W");
	assert_text(out[332].code, "+168");
}

static void
who_a_party_is(void **state)
{
	struct bench *b = *state;
	struct party p = party();

	party_decide(b->arena, &p, "", &b->no);
	assert_none(b);
	p.person_id.raw = number(3);
	party_decide(b->arena, &p, "", &b->no);
	assert_only(b, "name", "problem.party_twice");
	bench_clean(state);
	p.name = T("");
	p.represented = (yesno){ true, true };
	party_decide(b->arena, &p, "", &b->no);
	assert_none(b);
	p.person_id.raw = (id){ { 0 } };
	party_decide(b->arena, &p, "party_", &b->no);
	assert_int_equal(b->no.n, 2);
	assert_text(b->no.at[0].field, "party_name");
	assert_string_equal(b->no.at[0].key, "problem.party_nobody");
	assert_string_equal(b->no.at[1].key,
	    "problem.represented_registered");
	bench_clean(state);
	p = party();
	p.from_on = on("2003-06");
	p.to_on = on("2003-05");
	party_decide(b->arena, &p, "", &b->no);
	assert_only(b, "to_on", "problem.to_before_from");
	assert_text(b->no.at[0].args[0], "05/2003");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_hits_is_clear), TEST(hits_ask_for_a_decision),
		TEST(clear_and_decline_need_a_reason),
		TEST(a_waiver_needs_its_document),
		TEST(pending_is_checked_but_not_decided),
		TEST(decided_later), TEST(blocks), TEST(hits_come_back),
		TEST(spoilt_hits_are_refused),
		TEST(many_hits_are_counted), TEST(who_a_party_is),
	};

	return cmocka_run_group_tests(tests, bench_open, bench_close);
}
