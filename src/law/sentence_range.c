/* Every combination of days that imprecise ones may stand for. */
#include "sentence.h"

#include <assert.h>

enum { COMBINATIONS_MAX = 200000 };

/* A stay that may lie in several ways. */
struct choice { struct stretch *p; size_t n, at; };

struct choices {
	struct asker *k;
	const struct sentence *s;
	struct choice choice[CUSTODY_PERIODS_MAX];
	size_t n;
};

static int32_t lower(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* The days at which a stay may begin, or end. */
static struct stretch days_of(const struct sentence *s, day d, int32_t open)
{
	struct stretch r = { open, open };

	if (d.known)
		r = (struct stretch){ custody_day_earliest(d).n,
			custody_day_latest(d).n };
	if (s->as_of.known)
		r.to = lower(r.to, s->as_of.n);
	return r;
}

struct ways { struct stretch first, last; };

static struct ways ways_of(const struct sentence *s, size_t i)
{
	int32_t open = stay_end(s, (day){ 0 });

	return (struct ways){ days_of(s, s->stay[i].from, open),
		days_of(s, s->stay[i].to, open) };
}

/* How many pairs of days have the first not after the last. */
static int64_t pairs_of(struct ways w)
{
	int64_t n = 0;

	for (int32_t from = w.first.from; from <= w.first.to; from++) {
		int32_t to = from > w.last.from ? from : w.last.from;

		if (to <= w.last.to)
			n += w.last.to - to + 1;
	}
	return n;
}

/* All of them, or only those of first and last days. */
static result choice_fill(struct asker *k, struct ways w, bool all,
    int64_t most, struct choice *ret)
{
	int32_t step_first = all ? 1 : w.first.to - w.first.from;
	int32_t step_last = all ? 1 : w.last.to - w.last.from;

	NEED(ret->p = arena_array(k->arena, (size_t)most,
	    sizeof(*ret->p)));
	for (int32_t from = w.first.from; from <= w.first.to;
	    from += step_first > 0 ? step_first : 1)
		for (int32_t to = w.last.from; to <= w.last.to;
		    to += step_last > 0 ? step_last : 1)
			if (from <= to) {
				assert((int64_t)ret->n < most);
				ret->p[ret->n++] = (struct stretch){ from,
					to };
			}
	return OK;
}

/* Whoever asks may set a lower bound; each stay of each try costs. */
static int64_t tries_of(const struct asker *k, const struct sentence *s)
{
	int64_t own = k->tries / (int64_t)s->stays_n;

	return k->tries > 0 && own < COMBINATIONS_MAX ? own :
	    COMBINATIONS_MAX;
}

/* 0: more than may be tried. */
static int64_t combinations(const struct sentence *s, int64_t most)
{
	int64_t all = 1;

	for (size_t i = 0; i < s->stays_n; i++) {
		if (!stay_counts(s, i, s->house_counts))
			continue;
		all *= pairs_of(ways_of(s, i));
		if (all > most)
			return 0;
	}
	return all;
}

static result choices_fill(struct choices *c, const struct node *in,
    bool all)
{
	const struct node *list = node_find(in, "custody");
	const struct node *o = list->first;
	int64_t tried = 1;

	for (size_t i = 0; i < c->s->stays_n; i++, o = o->next) {
		struct ways w = ways_of(c->s, i);
		struct choice *one = &c->choice[c->n];

		if (!stay_counts(c->s, i, c->s->house_counts))
			continue;
		TRY(choice_fill(c->k, w, all, all ? pairs_of(w) : 4, one));
		if (one->n == 0)
			return asking_refuse(c->k, REFUSED_CONFLICT, o, "to",
			    "no day of it is a release after its arrest");
		tried *= (int64_t)one->n;
		if (tried > tries_of(c->k, c->s))
			return asking_refuse(c->k, REFUSED_TOO_LARGE, in,
			    "custody", "too many imprecise days");
		c->n++;
	}
	return OK;
}

/* The next combination, as an odometer turns; false after the last. */
static bool choices_next(struct choices *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (++c->choice[i].at < c->choice[i].n)
			return true;
		c->choice[i].at = 0;
	}
	return false;
}

static void widen(struct reckoned_range *range, const struct reckoned *r)
{
	bool first = !range->earliest.known;

	if (first || r->end_a.n < range->earliest.n)
		range->earliest = r->end_a;
	if (first || r->end_a.n > range->latest.n)
		range->latest = r->end_a;
	if (first || r->credited < range->credited.least)
		range->credited.least = r->credited;
	if (first || r->credited > range->credited.most)
		range->credited.most = r->credited;
	if (first || r->served < range->served.least)
		range->served.least = r->served;
	if (first || r->served > range->served.most)
		range->served.most = r->served;
}

result sentence_range(struct asker *k, const struct node *in,
    const struct sentence *s, struct reckoned_range *ret)
{
	struct reckoned_range range = { .exact =
		combinations(s, tries_of(k, s)) > 0 };
	struct choices c = { .k = k, .s = s };
	int32_t redeemed = redeemed_days(s, REDEEMED_RECOGNISED);
	struct reckoned r;

	TRY(choices_fill(&c, in, range.exact));
	do {
		struct stretch one[STRETCHES_MAX];

		for (size_t i = 0; i < c.n; i++)
			one[i] = c.choice[i].p[c.choice[i].at];
		if (!sentence_reckon(s, one, c.n, redeemed, &r))
			return asking_refuse(k, REFUSED_OUT_OF_RANGE, in,
			    "term", "the end leaves the years 1900 to 2200");
		widen(&range, &r);
	} while (choices_next(&c));
	*ret = range;
	return OK;
}
