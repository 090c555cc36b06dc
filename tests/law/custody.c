#include "law_fixture.h"

#include <stdlib.h>
#include <string.h>

static struct custody_sum merge(struct arena *a,
    const struct custody_period *in, size_t n, day as_of)
{
	struct custody_sum sum;
	struct refusal no;
	result r = custody_merge(a, in, n, as_of, &sum, &no);

	if (!is_ok(r))
		print_error("%.*s: %.*s\n", (int)no.pointer.n, no.pointer.p,
		    (int)no.detail.n, no.detail.p);
	assert_true(is_ok(r));
	return sum;
}

static struct custody_period stay(const char *from, const char *to)
{
	return (struct custody_period){ on(from),
		to == NULL ? (day){ 0 } : on(to) };
}

/* The figures that the life of Eusebio and W08 print would be off by one. */
static void known_sums(void **state)
{
	struct fixture *f = *state;
	struct custody_period w08[] = { stay("1993-08-02", "2001-04-30"),
		stay("2019-02-11", NULL) };
	struct custody_sum sum;

	assert_int_equal(custody_days(on("1993-02-06"), on("1997-10-16")),
	    1714);
	assert_int_equal(custody_days(on("1992-04-13"), on("1993-06-18")),
	    432);
	assert_int_equal(custody_days(on("1993-08-02"), on("1993-08-02")),
	    1);
	sum = merge(f->arena, w08, 2, on("2026-11-24"));
	assert_int_equal(sum.runs_n, 2);
	assert_int_equal(custody_days(sum.run[0].from, sum.run[0].to), 2829);
	assert_false(sum.run[1].to.known);
	assert_true(sum.open);
	assert_true(sum.served.known);
	assert_int_equal(sum.served.earliest, 5673);
	assert_int_equal(sum.served.latest, 5673);
	assert_int_equal(sum.overlaps_n, 0);
}

/* Days of two files would be served twice. */
static void no_day_twice(void **state)
{
	struct fixture *f = *state;
	/* S06: the plain sum of the first two, 2,353, is wrong. */
	struct custody_period in[] = { stay("1994-01-01", "1997-06-11"),
		stay("1992-06-12", "1995-06-11"),
		stay("2001-01-10", "2001-01-10") };
	struct custody_sum sum = merge(f->arena, in, 3, (day){ 0 });

	assert_int_equal(sum.runs_n, 2);
	assert_day(sum.run[0].from, "1992-06-12");
	assert_day(sum.run[0].to, "1997-06-11");
	assert_int_equal(sum.served.latest, 1826 + 1);
	assert_int_equal(sum.served.earliest, 1826 + 1);
	assert_int_equal(sum.overlaps_n, 1);
	assert_day(sum.overlap[0].from, "1994-01-01");
	assert_day(sum.overlap[0].to, "1995-06-11");
	assert_int_equal(sum.overlap[0].one, 1);
	assert_int_equal(sum.overlap[0].other, 0);
	assert_true(sum.overlap[0].certain);
	assert_false(sum.estimated);
}

/* A transfer on the next day would part one custody into two. */
static void touching_is_one(void **state)
{
	struct fixture *f = *state;
	struct custody_period in[] = { stay("2001-01-01", "2001-01-31"),
		stay("2001-02-01", "2001-02-10"),
		stay("2001-02-12", "2001-02-20") };
	struct custody_sum sum = merge(f->arena, in, 3, (day){ 0 });

	assert_int_equal(sum.runs_n, 2);
	assert_day(sum.run[0].to, "2001-02-10");
	assert_int_equal(sum.overlaps_n, 0);
	assert_int_equal(sum.served.latest, 31 + 10 + 9);
}

/* Somebody still held would have no days, or days beyond today. */
static void still_held(void **state)
{
	struct fixture *f = *state;
	struct custody_period in[] = { stay("2026-11-01", NULL),
		stay("2026-10-20", "2026-11-05") };
	struct custody_sum sum = merge(f->arena, in, 2, on("2026-11-24"));

	assert_int_equal(sum.runs_n, 1);
	assert_false(sum.run[0].to.known);
	assert_int_equal(sum.served.latest, 36);
	assert_int_equal(sum.overlaps_n, 1);
	assert_day(sum.overlap[0].to, "2026-11-05");

	sum = merge(f->arena, in, 2, (day){ 0 });
	assert_true(sum.open);
	assert_false(sum.served.known);
	assert_false(sum.run[0].to.known);

	sum = merge(f->arena, NULL, 0, on("2026-11-24"));
	assert_int_equal(sum.runs_n, 0);
	assert_true(sum.served.known);
	assert_int_equal(sum.served.latest, 0);
}

struct vague { const char *from, *to; int32_t earliest, latest; };

/* "Some time in 1993" would be taken for the first of January. */
static void imprecise(void **state)
{
	struct fixture *f = *state;
	static const struct vague cases[] = {
		{ "1993-05", "1993-07", 32, 92 },
		{ "1993-05-10", "1993-05", 1, 22 },
		{ "1993", "1993", 1, 365 },
		{ "1993", "1995-01-01", 367, 731 },
		{ "1993-12-31", "1994", 2, 366 },
		{ "1993-06-15", "1993", 1, 200 },
		{ "~1993", "1994-01-01", 2, 366 },
		{ "2026-11", NULL, 1, 24 },
		{ "2026-11-20", "2026", 1, 5 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct custody_period one = stay(cases[i].from, cases[i].to);
		struct custody_sum sum = merge(f->arena, &one, 1,
		    on("2026-11-24"));

		assert_int_equal(sum.served.earliest, cases[i].earliest);
		assert_int_equal(sum.served.latest, cases[i].latest);
		assert_true(sum.estimated == (cases[i].from[0] == '~'));
	}
}

/* A doubtful overlap would be called a certain one. */
static void doubtful_overlap(void **state)
{
	struct fixture *f = *state;
	struct custody_period in[] = { stay("1993-01-01", "1993-05-31"),
		stay("1993-05", "1993-12-31") };
	struct custody_sum sum = merge(f->arena, in, 2, (day){ 0 });

	assert_int_equal(sum.overlaps_n, 1);
	assert_false(sum.overlap[0].certain);
	assert_int_equal(sum.served.earliest, 365);
	assert_int_equal(sum.served.latest, 365);
}

/* ---- against a count of every combination ----------------------------- */

enum { SPAN = 100, TRIES = 300, STAYS = 3 };

static uint32_t next_random(uint32_t *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 16;
}

/* January to March 1993 in days and months, so that ranges cross. */
static day random_day(uint32_t *s)
{
	day d = day_plus(on("1993-01-01"), (int32_t)(next_random(s) % 20) +
	    (int32_t)(next_random(s) % 3) * 25);

	if (next_random(s) % 3 == 0)
		d.precision = MONTH;
	return d;
}

static int32_t covered(const int32_t from[], const int32_t to[], size_t n)
{
	bool day_of_span[SPAN] = { false };
	int32_t days = 0;

	for (size_t i = 0; i < n; i++)
		for (int32_t d = from[i]; d <= to[i]; d++) {
			days += !day_of_span[d];
			day_of_span[d] = true;
		}
	return days;
}

struct brute { int32_t base, least, most; };

static void try_all(const struct custody_period *in, size_t n,
    struct brute *b)
{
	int32_t at[2 * STAYS], low[2 * STAYS], high[2 * STAYS];
	int32_t from[STAYS], to[STAYS];

	for (size_t i = 0; i < 2 * n; i++) {
		day d = i % 2 == 0 ? in[i / 2].from : in[i / 2].to;

		low[i] = custody_day_earliest(d).n - b->base;
		high[i] = custody_day_latest(d).n - b->base;
		at[i] = low[i];
	}
	for (;;) {
		bool good = true;
		size_t i = 0;

		for (size_t j = 0; j < n; j++) {
			from[j] = at[2 * j];
			to[j] = at[2 * j + 1];
			good = good && from[j] <= to[j];
		}
		if (good) {
			int32_t days = covered(from, to, n);

			b->least = days < b->least ? days : b->least;
			b->most = days > b->most ? days : b->most;
		}
		while (i < 2 * n && at[i] == high[i]) {
			at[i] = low[i];
			i++;
		}
		if (i == 2 * n)
			return;
		at[i]++;
	}
}

/* The range of served days would leave out a combination of facts. */
static void range_is_exact(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 7;

	for (int i = 0; i < TRIES; i++) {
		struct custody_period in[STAYS];
		size_t vague = 0, n = 0;

		while (n < STAYS) {
			struct custody_period p = { random_day(&seed),
				random_day(&seed) };
			size_t adds = (size_t)(p.from.precision == MONTH) +
			    (p.to.precision == MONTH);

			if (custody_day_latest(p.to).n <
			    custody_day_earliest(p.from).n ||
			    vague + adds > 3)
				continue;
			vague += adds;
			in[n++] = p;
		}

		struct brute b = { on("1993-01-01").n, INT32_MAX, 0 };
		struct custody_sum sum = merge(f->arena, in, STAYS,
		    (day){ 0 });

		try_all(in, STAYS, &b);
		assert_int_equal(sum.served.earliest, b.least);
		assert_int_equal(sum.served.latest, b.most);
		arena_reset(f->arena);
	}
}

static void assert_same_runs(const struct custody_sum *a,
    const struct custody_sum *b)
{
	assert_int_equal(a->runs_n, b->runs_n);
	for (size_t i = 0; i < a->runs_n; i++) {
		assert_int_equal(a->run[i].from.n, b->run[i].from.n);
		assert_int_equal(a->run[i].to.n, b->run[i].to.n);
	}
	assert_int_equal(a->served.earliest, b->served.earliest);
	assert_int_equal(a->served.latest, b->served.latest);
}

/* Merging twice would not be merging once, or the order would matter. */
static void order_and_repetition(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 11;

	for (int i = 0; i < TRIES; i++) {
		struct custody_period in[8], runs[8];
		struct custody_sum once, again;
		size_t n = 1 + next_random(&seed) % 8;

		for (size_t j = 0; j < n; j++) {
			in[j].from = day_plus(on("1993-01-01"),
			    (int32_t)(next_random(&seed) % 200));
			in[j].to = day_plus(in[j].from,
			    (int32_t)(next_random(&seed) % 40));
		}
		once = merge(f->arena, in, n, (day){ 0 });
		for (size_t j = 0; j < once.runs_n; j++)
			runs[j] = (struct custody_period){ once.run[j].from,
				once.run[j].to };
		again = merge(f->arena, runs, once.runs_n, (day){ 0 });
		assert_same_runs(&once, &again);
		assert_int_equal(again.overlaps_n, 0);

		for (size_t j = n; j > 1; j--) {
			size_t k = next_random(&seed) % j;
			struct custody_period other = in[k];

			in[k] = in[j - 1];
			in[j - 1] = other;
		}
		again = merge(f->arena, in, n, (day){ 0 });
		assert_same_runs(&once, &again);
		assert_int_equal(again.overlaps_n, once.overlaps_n);
		arena_reset(f->arena);
	}
}

struct refused {
	struct custody_period in[2];
	size_t n;
	day as_of;
	enum refusal_code code;
	const char *pointer;
};

/* An impossible ledger would be summed. */
static void refusals(void **state)
{
	struct fixture *f = *state;
	static const struct custody_period many[CUSTODY_PERIODS_MAX + 1];
	day today = on("2026-11-24");
	const struct refused cases[] = {
		{ { { .to = on("1993-01-01") } }, 1, { 0 }, REFUSED_MISSING,
			"/custody/0/from" },
		{ { stay("1993-02-01", "1993-01-31") }, 1, { 0 },
			REFUSED_CONFLICT, "/custody/0/to" },
		{ { stay("1993-02", "1993-01") }, 1, { 0 }, REFUSED_CONFLICT,
			"/custody/0/to" },
		{ { stay("1993-02-01", NULL), stay("1995-02-01", NULL) }, 2,
			today, REFUSED_CONFLICT, "/custody/1/to" },
		{ { stay("2026-11-25", NULL) }, 1, today, REFUSED_CONFLICT,
			"/custody/0/from" },
		{ { stay("2026-12", NULL) }, 1, today, REFUSED_CONFLICT,
			"/custody/0/from" },
		{ { stay("2026-11-01", "2026-11-25") }, 1, today,
			REFUSED_CONFLICT, "/custody/0/to" },
		{ { stay("2026-11-01", NULL) }, 1, on("2026"),
			REFUSED_NOT_A_DATE, "/as_of" },
		{ { { { .n = 1 << 29, .known = true }, { 0 } } }, 1, { 0 },
			REFUSED_OUT_OF_RANGE, "/custody/0/from" },
	};
	struct custody_sum sum, was;
	struct refusal no;

	memset(&was, 0x5a, sizeof(was));
	for (size_t i = 0; i < LENGTH(cases); i++) {
		sum = was;
		assert_int_equal(custody_merge(f->arena, cases[i].in,
		    cases[i].n, cases[i].as_of, &sum, &no).code, E_INVALID);
		assert_text(no.pointer, cases[i].pointer);
		assert_int_equal(no.code, cases[i].code);
		assert_memory_equal(&sum, &was, sizeof(sum));
	}
	assert_int_equal(custody_merge(f->arena, many, LENGTH(many), today,
	    &sum, &no).code, E_INVALID);
	assert_int_equal(no.code, REFUSED_TOO_LARGE);
	assert_text(no.pointer, "/custody");
}

/* The most stays that one ledger takes would be one too many. */
static void as_many_as_there_may_be(void **state)
{
	struct fixture *f = *state;
	struct custody_period in[CUSTODY_PERIODS_MAX];
	struct custody_sum sum;

	for (size_t i = 0; i < LENGTH(in); i++) {
		in[i].from = day_plus(on("1990-01-01"), (int32_t)i * 10);
		in[i].to = day_plus(in[i].from, 4);
	}
	sum = merge(f->arena, in, LENGTH(in), (day){ 0 });
	assert_int_equal(sum.runs_n, LENGTH(in));
	assert_int_equal(sum.served.latest, 5 * LENGTH(in));
	for (size_t i = 0; i < LENGTH(in); i++)
		in[i].to = day_plus(in[i].from, 14);
	sum = merge(f->arena, in, LENGTH(in), (day){ 0 });
	assert_int_equal(sum.runs_n, 1);
	assert_int_equal(sum.overlaps_n, LENGTH(in) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_sums),
		cmocka_unit_test(no_day_twice),
		cmocka_unit_test(touching_is_one),
		cmocka_unit_test(still_held),
		cmocka_unit_test(imprecise),
		cmocka_unit_test(doubtful_overlap),
		cmocka_unit_test(range_is_exact),
		cmocka_unit_test(order_and_repetition),
		cmocka_unit_test(refusals),
		cmocka_unit_test(as_many_as_there_may_be),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
