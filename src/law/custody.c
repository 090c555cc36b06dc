/* One ledger of days behind bars, no day twice. */
#include "question.h"

#include <assert.h>
#include <stdlib.h>

/*
 * A stay as far as the facts fix it.  `wide` holds every day that may be
 * part of it, `sure` those that must be; where even the shortest stay may
 * lie anywhere, sure is empty and `floating` is where its one day lies.
 */
struct stretch { int32_t from, to; };
struct stay {
	size_t place;
	struct stretch wide, sure, floating;
	bool is_sure, open, exact;
};

struct ledger {
	struct stay stay[CUSTODY_PERIODS_MAX];
	size_t n;
};

day custody_day_earliest(day d)
{
	ymd c = day_ymd(d);

	switch ((enum precision)d.precision) {
	case EXACT:
		return d;
	case MONTH:
		return day_of(c.year, c.month, 1);
	case YEAR:
	case ESTIMATED:
		return day_of(c.year, 1, 1);
	}
	assert(false && "a precision is one of four");
	return d;
}

day custody_day_latest(day d)
{
	ymd c = day_ymd(d);

	switch ((enum precision)d.precision) {
	case EXACT:
		return d;
	case MONTH:
		return day_of(c.year, c.month, days_in_month(c.year,
		    c.month));
	case YEAR:
	case ESTIMATED:
		return day_of(c.year, 12, 31);
	}
	assert(false && "a precision is one of four");
	return d;
}

int32_t custody_days(day from, day to)
{
	assert(from.n <= to.n);
	return to.n - from.n + 1;
}

static int32_t lower(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t higher(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

struct reading_in {
	struct arena *arena;
	struct refusal *refusal;
	const struct custody_period *in;
	day as_of;
};

static text member(const struct reading_in *r, size_t i, const char *name)
{
	return arena_format(r->arena, "/custody/%zu/%s", i, name);
}

static bool in_years(day d)
{
	return d.n >= law_day_first().n && d.n <= law_day_last().n;
}

/* What no later day could mend. */
static result check_stay(const struct reading_in *r, size_t i)
{
	day from = r->in[i].from, to = r->in[i].to;

	if (!from.known)
		return refusal_say(r->arena, r->refusal, REFUSED_MISSING,
		    member(r, i, "from"), "a stay needs its first day");
	if (!in_years(from))
		return refusal_say(r->arena, r->refusal, REFUSED_OUT_OF_RANGE,
		    member(r, i, "from"), "days are those of 1900 to 2200");
	if (r->as_of.known && custody_day_earliest(from).n > r->as_of.n)
		return refusal_say(r->arena, r->refusal, REFUSED_CONFLICT,
		    member(r, i, "from"),
		    "the stay begins after the day of the sum");
	if (!to.known)
		return OK;
	if (!in_years(to))
		return refusal_say(r->arena, r->refusal, REFUSED_OUT_OF_RANGE,
		    member(r, i, "to"), "days are those of 1900 to 2200");
	if (custody_day_latest(to).n < custody_day_earliest(from).n)
		return refusal_say(r->arena, r->refusal, REFUSED_CONFLICT,
		    member(r, i, "to"), "a release before its arrest: "
		    "correct one of the two");
	if (r->as_of.known && custody_day_earliest(to).n > r->as_of.n)
		return refusal_say(r->arena, r->refusal, REFUSED_CONFLICT,
		    member(r, i, "to"),
		    "the stay ends after the day of the sum");
	return OK;
}

/*
 * The first and the last day each lie in a range, and the first is not
 * after the last.  Where the ranges do not cross, the days between them are
 * sure.  Where they do, the stay may be as short as one day of both ranges.
 */
static struct stay stay_of(const struct reading_in *r, size_t i)
{
	day from = r->in[i].from, to = r->in[i].to;
	struct stay s = { .place = i, .open = !to.known };
	int32_t end = r->as_of.known ? r->as_of.n : law_day_last().n;

	if (s.open)
		to = r->as_of.known ? r->as_of : law_day_last();
	s.exact = from.precision == EXACT && to.precision == EXACT;

	struct stretch first = { custody_day_earliest(from).n,
		lower(custody_day_latest(from).n, end) };
	struct stretch last = { custody_day_earliest(to).n,
		lower(custody_day_latest(to).n, end) };

	s.wide = (struct stretch){ first.from, last.to };
	s.is_sure = first.to <= last.from;
	s.sure = (struct stretch){ first.to, last.from };
	s.floating = (struct stretch){ higher(first.from, last.from),
		lower(first.to, last.to) };
	return s;
}

static result ledger_read(const struct reading_in *r, size_t n,
    struct ledger *ret)
{
	size_t open = 0;

	if (n > CUSTODY_PERIODS_MAX)
		return refusal_say(r->arena, r->refusal, REFUSED_TOO_LARGE,
		    T("/custody"), "at most %d stays",
		    (int)CUSTODY_PERIODS_MAX);
	for (size_t i = 0; i < n; i++) {
		TRY(check_stay(r, i));
		if (!r->in[i].to.known && open++ > 0)
			return refusal_say(r->arena, r->refusal, REFUSED_CONFLICT,
			    member(r, i, "to"),
			    "two stays cannot both be open: "
			    "give one its `to`");
		ret->stay[ret->n++] = stay_of(r, i);
	}
	return OK;
}

static int by_days(const void *a, const void *b)
{
	const struct stay *x = a, *y = b;

	if (x->wide.from != y->wide.from)
		return x->wide.from < y->wide.from ? -1 : 1;
	if (x->wide.to != y->wide.to)
		return x->wide.to < y->wide.to ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int by_end(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

static int by_start(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static day on(int32_t n)
{
	return (day){ .n = n, .known = true };
}

static void note_overlap(struct custody_sum *sum, const struct stay *s,
    const struct stay *holder)
{
	if (s->wide.from > holder->wide.to)
		return;
	sum->overlap[sum->overlaps_n++] = (struct custody_overlap){
		.from = on(s->wide.from),
		.to = on(lower(s->wide.to, holder->wide.to)),
		.one = holder->place,
		.other = s->place,
		.certain = s->exact && holder->exact,
	};
}

/* The widest reading: runs, and what two stays share. */
static void merge_wide(struct ledger *l, struct custody_sum *sum)
{
	const struct stay *holder = NULL;	/* reaches furthest so far */

	qsort(l->stay, l->n, sizeof(l->stay[0]), by_days);
	for (size_t i = 0; i < l->n; i++) {
		const struct stay *s = &l->stay[i];
		struct custody_run *run = &sum->run[sum->runs_n];

		if (holder != NULL)
			note_overlap(sum, s, holder);
		if (holder != NULL && s->wide.from <= holder->wide.to + 1) {
			run[-1].to.n = higher(run[-1].to.n, s->wide.to);
		} else {
			*run = (struct custody_run){ on(s->wide.from),
				on(s->wide.to) };
			sum->runs_n++;
		}
		if (holder == NULL || s->wide.to > holder->wide.to)
			holder = s;
		sum->open = sum->open || s->open;
	}
}

static int32_t length_of(const struct stretch *p, size_t n)
{
	int32_t days = 0;

	for (size_t i = 0; i < n; i++)
		days += p[i].to - p[i].from + 1;
	return days;
}

/* Sorted by start, into disjoint stretches; the new number of them. */
static size_t merge_stretches(struct stretch *p, size_t n)
{
	size_t done = 0;

	qsort(p, n, sizeof(*p), by_start);
	for (size_t i = 0; i < n; i++) {
		if (done > 0 && p[i].from <= p[done - 1].to)
			p[done - 1].to = higher(p[done - 1].to, p[i].to);
		else
			p[done++] = p[i];
	}
	return done;
}

static bool touches(const struct stretch *p, size_t n, struct stretch s)
{
	for (size_t i = 0; i < n; i++)
		if (s.from <= p[i].to && s.to >= p[i].from)
			return true;
	return false;
}

/*
 * The fewest days: the sure ones, and for the stays that may be a single
 * day as few days as hit each of them.  Taking always the last day of the
 * stretch that ends first is the fewest that can do.
 */
static int32_t fewest_days(const struct ledger *l)
{
	struct stretch sure[CUSTODY_PERIODS_MAX] = { 0 };
	struct stretch loose[CUSTODY_PERIODS_MAX] = { 0 };
	size_t sure_n = 0, loose_n = 0;
	int32_t days, last = INT32_MIN;

	for (size_t i = 0; i < l->n; i++)
		if (l->stay[i].is_sure)
			sure[sure_n++] = l->stay[i].sure;
	sure_n = merge_stretches(sure, sure_n);
	for (size_t i = 0; i < l->n; i++)
		if (!l->stay[i].is_sure &&
		    !touches(sure, sure_n, l->stay[i].floating))
			loose[loose_n++] = l->stay[i].floating;
	qsort(loose, loose_n, sizeof(loose[0]), by_end);
	days = length_of(sure, sure_n);
	for (size_t i = 0; i < loose_n; i++)
		if (loose[i].from > last) {
			last = loose[i].to;
			days++;
		}
	return days;
}

static int32_t most_days(const struct custody_sum *sum)
{
	int32_t days = 0;

	for (size_t i = 0; i < sum->runs_n; i++)
		days += custody_days(sum->run[i].from, sum->run[i].to);
	return days;
}

result custody_merge(struct arena *a, const struct custody_period *in,
    size_t n, day as_of, struct custody_sum *ret,
    struct refusal *refusal)
{
	struct reading_in r = { .arena = a, .refusal = refusal, .in = in,
		.as_of = as_of };
	struct custody_sum sum = { 0 };
	struct ledger l = { 0 };

	*refusal = (struct refusal){ 0 };
	if (as_of.known && (as_of.precision != EXACT || !in_years(as_of)))
		return refusal_say(a, refusal, as_of.precision != EXACT ?
		    REFUSED_NOT_A_DATE : REFUSED_OUT_OF_RANGE, T("/as_of"),
		    "the day of the sum is a whole day of 1900 to 2200");
	TRY(ledger_read(&r, n, &l));
	for (size_t i = 0; i < n; i++)
		sum.estimated = sum.estimated ||
		    in[i].from.precision == ESTIMATED ||
		    (in[i].to.known && in[i].to.precision == ESTIMATED);
	merge_wide(&l, &sum);
	sum.served.known = as_of.known || !sum.open;
	if (sum.served.known) {
		sum.served.earliest = fewest_days(&l);
		sum.served.latest = most_days(&sum);
	}
	/* Still held: the run has no end of its own. */
	if (sum.open)
		sum.run[sum.runs_n - 1].to = (day){ 0 };
	*ret = sum;
	return OK;
}
