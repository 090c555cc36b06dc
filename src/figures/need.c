/* What help will cost, by exact convolution: formulas.md. */
#include <assert.h>
#include <stdlib.h>

#include "inside.h"

/* Whole soles up to 10^15 minor units. */
#define COST_MAX (AMOUNT_MAX / 100)

enum { UNIT_DECIMALS = 15, WEIGHT_DECIMALS = 12 };

/* What one person may cost, and how likely in 10^-12; costs differ. */
struct outcome { int64_t cost, weight; };
struct person { struct outcome at[NEED_COSTS_MAX + 1]; size_t n; };

/* The sums that can be and how likely in 10^-30, in rising order. */
struct sums { int64_t *sum; uint128 *chance; size_t n, cap; };

struct needs {
	struct person *person;
	size_t n;
	int64_t step;			/* all costs are multiples of it */
	int128 mean;			/* 10^-12 soles */
	struct wide variance;		/* 10^-24 soles² */
};

static uint128 certain(void)
{
	return (uint128)power_of_ten(UNIT_DECIMALS) *
	    (uint128)power_of_ten(UNIT_DECIMALS);
}

/* chance × weight / 10^12, halves up, without leaving 128 bits. */
static uint128 times_weight(uint128 chance, int64_t weight)
{
	uint128 one = (uint128)power_of_ten(WEIGHT_DECIMALS);
	uint128 w = (uint128)weight;

	return chance / one * w + (chance % one * w + one / 2) / one;
}

/* ---- sums -------------------------------------------------------------- */

static void sums_free(struct sums *s)
{
	free(s->sum);
	free(s->chance);
	*s = (struct sums){ 0 };
}

static result sums_make(struct sums *s, size_t cap)
{
	s->sum = calloc(cap, sizeof(*s->sum));
	s->chance = calloc(cap, sizeof(*s->chance));
	s->cap = cap;
	NEED(s->sum);
	NEED(s->chance);
	return OK;
}

/* One more person: each old sum with each cost, merged in rising order.
 * False when there are more than `to` holds. */
static bool add_person(const struct sums *from, const struct person *p,
    struct sums *to)
{
	size_t at[NEED_COSTS_MAX + 1] = { 0 };

	for (to->n = 0;;) {
		bool any = false;
		int64_t least = 0;

		for (size_t i = 0; i < p->n; i++) {
			int64_t sum;

			if (at[i] == from->n)
				continue;
			sum = from->sum[at[i]] + p->at[i].cost;
			if (!any || sum < least)
				least = sum;
			any = true;
		}
		if (!any)
			return true;
		if (to->n == to->cap)
			return false;
		to->sum[to->n] = least;
		to->chance[to->n] = 0;
		for (size_t i = 0; i < p->n; i++) {
			if (at[i] == from->n ||
			    from->sum[at[i]] + p->at[i].cost != least)
				continue;
			to->chance[to->n] += times_weight(from->chance[at[i]],
			    p->at[i].weight);
			at[i]++;
		}
		to->n++;
	}
}

/* How many sums there can be at most. */
static size_t most_sums(const struct needs *needs, int64_t steps)
{
	size_t most = 1;

	for (size_t i = 0; i < needs->n && most <= NEED_SUMS_MAX; i++)
		most *= needs->person[i].n;
	if ((int64_t)most > steps + 1)
		most = (size_t)steps + 1;
	return most > NEED_SUMS_MAX ? NEED_SUMS_MAX : most;
}

static int64_t greatest(const struct person *p)
{
	int64_t cost = 0;

	for (size_t i = 0; i < p->n; i++)
		cost = p->at[i].cost > cost ? p->at[i].cost : cost;
	return cost;
}

static result convolve(struct asker *k, const struct node *in,
    const struct needs *needs, struct sums *ret)
{
	CLEANUP(sums_free) struct sums other = { 0 };
	int64_t steps = 0;
	size_t most;

	for (size_t i = 0; i < needs->n; i++)
		steps += greatest(&needs->person[i]) / needs->step;
	if ((int128)steps * (int64_t)needs->n > (k->tries > 0 ?
	    FIGURES_OFFICE_WORK : NEED_WORK_MAX))
		return asking_refuse(k, REFUSED_TOO_LARGE, in, "persons",
		    "%zu persons with %lld steps of %lld: round the costs",
		    needs->n, (long long)steps, (long long)needs->step);
	most = most_sums(needs, steps);
	TRY(sums_make(ret, most));
	TRY(sums_make(&other, most));
	ret->sum[0] = 0;
	ret->chance[0] = certain();
	ret->n = 1;
	for (size_t i = 0; i < needs->n; i++) {
		struct sums old = *ret;

		if (!add_person(&old, &needs->person[i], &other))
			return asking_refuse(k, REFUSED_TOO_LARGE, in,
			    "persons", "more than %d different sums: round "
			    "the costs", NEED_SUMS_MAX);
		*ret = other;
		other = old;
	}
	return OK;
}

/* A sum within 10^-20 of q has reached it. */
static int64_t quantile(const struct sums *s, int64_t q)
{
	uint128 millionths = (uint128)q;
	uint128 million = (uint128)power_of_ten(CHANCE_DECIMALS);
	uint128 wanted = certain() / million * millionths;
	uint128 near = (uint128)power_of_ten(10);
	uint128 so_far = 0;

	for (size_t i = 0; i < s->n; i++) {
		so_far += s->chance[i];
		if (so_far + near >= wanted)
			return s->sum[i];
	}
	return s->sum[s->n - 1];
}

/* ---- mean and deviation ------------------------------------------------- */

/* Persons are independent, so means and variances add up, exactly. */
static void add_moments(struct needs *needs, const struct person *p)
{
	uint128 mean = 0, square = 0;
	struct wide variance;

	for (size_t i = 0; i < p->n; i++) {
		uint128 cost = (uint128)p->at[i].cost;
		uint128 part = (uint128)p->at[i].weight * cost;

		mean += part;
		square += part * cost;
	}
	variance = wide_sub(wide_scale(wide_of(square),
	    (uint64_t)power_of_ten(WEIGHT_DECIMALS)), wide_times(mean, mean));
	needs->mean += (int128)mean;
	needs->variance = wide_add(needs->variance, variance);
}

/*
 * √variance to `decimals`, halves up: the largest x with
 * (2x − 1)² · 10^24 ≤ 4 · variance · 10^2·decimals.
 */
static int64_t deviation(struct wide variance, int decimals)
{
	uint64_t finer = (uint64_t)power_of_ten(2 * decimals);
	uint64_t coarse = (uint64_t)power_of_ten(WEIGHT_DECIMALS);
	struct wide right = wide_scale(wide_scale(variance, 4), finer);
	uint64_t low = 0, high = UINT64_C(1) << 62;

	while (high - low > 1) {
		uint64_t x = low + (high - low) / 2;
		uint128 odd = (uint128)(2 * x - 1) * coarse;
		struct wide left = wide_times(odd, odd);

		if (wide_order(left, right) <= 0)
			low = x;
		else
			high = x;
	}
	return (int64_t)low;
}

/* ---- question ---------------------------------------------------------- */

static void add_outcome(struct person *p, int64_t cost, int64_t weight)
{
	if (weight == 0)
		return;
	for (size_t i = 0; i < p->n; i++) {
		if (p->at[i].cost == cost) {
			p->at[i].weight += weight;
			return;
		}
	}
	p->at[p->n++] = (struct outcome){ cost, weight };
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static result read_person(struct asker *k, const struct node *n,
    struct needs *needs, struct person *p)
{
	static const char *const members[] = { "p", "costs", NULL };
	static const char *const cost_members[] = { "cost", "p", NULL };
	int64_t one = power_of_ten(CHANCE_DECIMALS);
	const struct node *list = NULL;
	int64_t chance = 0, all = 0;

	TRY(asking_only(k, n, members));
	TRY(chance_read(k, n, "p", &chance));
	TRY(asking_list(k, n, "costs", ASKING_MUST, NEED_COSTS_MAX, &list));
	add_outcome(p, 0, (one - chance) * one);
	for (const struct node *c = list->first; c != NULL; c = c->next) {
		whole cost = { 0 };
		int64_t part = 0;

		TRY(asking_only(k, c, cost_members));
		TRY(asking_number(k, c, "cost", ASKING_MUST,
		    (struct asking_range){ 0, COST_MAX }, &cost));
		TRY(chance_read(k, c, "p", &part));
		add_outcome(p, cost.value, chance * part);
		needs->step = common_divisor(needs->step, cost.value);
		all += part;
	}
	if (all != one)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, n, "costs",
		    "the probabilities of a person's costs must add up to 1");
	return OK;
}

static result read_needs(struct asker *k, const struct node *in,
    struct needs *needs)
{
	const struct node *list = NULL;

	TRY(asking_list(k, in, "persons", ASKING_MUST, NEED_PERSONS_MAX,
	    &list));
	needs->person = arena_array(k->arena, list->n,
	    sizeof(*needs->person));
	NEED(needs->person);
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		struct person *p = &needs->person[needs->n++];

		TRY(read_person(k, n, needs, p));
		add_moments(needs, p);
	}
	if (needs->step == 0)
		needs->step = 1;
	return OK;
}

static result read_quantiles(struct asker *k, const struct node *in,
    const struct node **ret)
{
	TRY(asking_list(k, in, "quantiles", ASKING_MUST, NEED_QUANTILES_MAX,
	    ret));
	for (const struct node *q = (*ret)->first; q != NULL; q = q->next) {
		int64_t unused;

		TRY(chance_read(k, q, "", &unused));
	}
	return OK;
}

/* ---- answer ------------------------------------------------------------ */

/* `less` is what is there already; nobody needs less than nothing. */
static result write_quantiles(struct asker *k, const struct node *quantiles,
    const struct sums *s, const char *name, int64_t less, struct node *list)
{
	for (const struct node *q = quantiles->first; q != NULL;
	    q = q->next) {
		struct node *o = node_add_object(list, NULL);
		int64_t at = 0, cost;

		TRY(chance_read(k, q, "", &at));
		cost = quantile(s, at);
		node_add_text(o, "q", q->text);
		node_add_number(o, name, cost > less ? cost - less : 0);
	}
	return OK;
}

result answer_need(struct asker *k, const struct node *in, struct node *out)
{
	static const char *const members[] = { "currency", "persons",
		"quantiles", "available", NULL };
	CLEANUP(sums_free) struct sums sums = { 0 };
	struct needs needs = { 0 };
	struct asking_currency ccy;
	const struct node *quantiles = NULL;
	whole available = { 0 };

	TRY(asking_only(k, in, members));
	TRY(asking_currency(k, in, &ccy));
	TRY(read_needs(k, in, &needs));
	TRY(read_quantiles(k, in, &quantiles));
	TRY(asking_number(k, in, "available", ASKING_MAY,
	    (struct asking_range){ 0, COST_MAX }, &available));
	TRY(convolve(k, in, &needs, &sums));
	amount_add(out, "mean", (int64_t)round_div(needs.mean,
	    power_of_ten(WEIGHT_DECIMALS - ccy.decimals)), ccy.decimals);
	amount_add(out, "sd", deviation(needs.variance, ccy.decimals),
	    ccy.decimals);
	TRY(write_quantiles(k, quantiles, &sums, "cost", 0,
	    node_add_list(out, "quantiles")));
	if (!available.known)
		return OK;
	return write_quantiles(k, quantiles, &sums, "gap", available.value,
	    node_add_list(out, "gap"));
}
