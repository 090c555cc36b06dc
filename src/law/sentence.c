/* When a sentence ends, by each of the three conventions. */
#include "sentence.h"

#include <assert.h>
#include <stdlib.h>

static int by_start(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

size_t stretches_merge(struct stretch *p, size_t n)
{
	size_t done = 0;

	qsort(p, n, sizeof(*p), by_start);
	for (size_t i = 0; i < n; i++) {
		if (done == 0 || p[i].from > p[done - 1].to + 1)
			p[done++] = p[i];
		else if (p[i].to > p[done - 1].to)
			p[done - 1].to = p[i].to;
	}
	return done;
}

bool stay_counts(const struct sentence *s, size_t i, bool house_counts)
{
	return s->asked[i].credited && s->stay[i].from.known &&
	    (house_counts || s->asked[i].kind != CUSTODY_HOUSE);
}

int32_t stay_end(const struct sentence *s, day to)
{
	if (to.known)
		return to.n;
	return s->as_of.known ? s->as_of.n : law_day_last().n;
}

size_t sentence_stretches(const struct sentence *s, bool house_counts,
    struct stretch ret[STRETCHES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s->stays_n; i++)
		if (stay_counts(s, i, house_counts))
			ret[n++] = (struct stretch){ s->stay[i].from.n,
				stay_end(s, s->stay[i].to) };
	return n;
}

/* The broken month in thirtieths, it and the days rounded up. */
static struct law_term part_of(const struct sentence *s)
{
	int32_t n = s->numerator, d = s->denominator;
	struct law_term t = s->term;

	if (d == 0)
		return t;
	return (struct law_term){ t.months * n / d,
		(t.months * n % d * 30 + d - 1) / d +
		(t.days * n + d - 1) / d };
}

static int longest_first(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;
	int32_t nx = x->to - x->from, ny = y->to - y->from;

	if (nx != ny)
		return nx > ny ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* The most whole months from the first day that do not pass the last. */
static int32_t whole_months(day from, day to)
{
	ymd a = day_ymd(from), b = day_ymd(to);
	int32_t months = (b.year - a.year) * 12 + b.month - a.month;

	while (months > 0 && months_shift(from, months, NULL).n > to.n)
		months--;
	return months;
}

static bool end_by_months(const struct reckoned *r, int32_t redeemed,
    day *ret)
{
	struct stretch earlier[STRETCHES_MAX];
	size_t n = r->runs_n - 1;
	day end = r->full;

	for (size_t i = 0; i < n; i++)
		earlier[i] = r->run[i];
	qsort(earlier, n, sizeof(earlier[0]), longest_first);
	for (size_t i = 0; i < n; i++) {
		day from = day_number(earlier[i].from);
		day to = day_number(earlier[i].to);
		int32_t months = whole_months(from, to);

		end = months_shift(end, -months, NULL);
		if (!end.known)
			return false;
		end.n -= to.n - months_shift(from, months, NULL).n;
		if (!day_in_range(end))
			return false;
	}
	*ret = day_plus(end, -redeemed);
	return day_in_range(*ret);
}

/* The time outside until the order counts when only rules were broken. */
static size_t add_breach(const struct sentence *s, struct stretch *in,
    size_t n)
{
	int32_t released = s->revocation.released.n;

	if (s->revocation.breach && s->revocation.revoked.n > released)
		in[n++] = (struct stretch){ released + 1,
			s->revocation.revoked.n };
	return n;
}

bool sentence_reckon(const struct sentence *s, struct stretch *in, size_t n,
    int32_t redeemed, struct reckoned *ret)
{
	struct reckoned *r = ret;
	int32_t exclusive = 0;

	assert(n > 0 && n < STRETCHES_MAX);
	n = add_breach(s, in, n);
	r->runs_n = stretches_merge(in, n);
	r->credited = 0;
	for (size_t i = 0; i < r->runs_n; i++) {
		r->run[i] = in[i];
		r->credited += in[i].to - in[i].from + 1;
	}
	r->served = r->credited;
	r->credited -= in[r->runs_n - 1].to - in[r->runs_n - 1].from + 1;
	exclusive = r->credited - (int32_t)(r->runs_n - 1);
	r->term = part_of(s);
	r->full = term_after(day_number(in[r->runs_n - 1].from), r->term,
	    &r->clamped);
	if (!r->full.known)
		return false;
	r->end_a = day_plus(r->full, -1 - r->credited - redeemed);
	r->end_b = day_plus(r->full, -exclusive - redeemed);
	return day_in_range(r->end_a) && day_in_range(r->end_b) &&
	    end_by_months(r, redeemed, &r->end_ymd);
}
