/* Kaplan and Meier's table with Greenwood's variance: formulas.md. */
#include "inside.h"

enum { DECIMALS = 6, FEWEST = 10, FAR = 40 };
static const uint64_t millionth = 1000000;

/* The 97.5th percentile of the normal distribution, in 10^-15. */
static const uint64_t z_mantissa = UINT64_C(1959963984540054);
static const uint64_t z_one = UINT64_C(1000000000000000);

enum bands { PLAIN, LOG_LOG };

struct months {
	int64_t events[SURVIVAL_MONTHS_MAX + 1];
	int64_t censored[SURVIVAL_MONTHS_MAX + 1];
	int64_t n, events_n;
};

/* S, the part that goes on, and Σ d / (n(n − d)). */
struct estimate { struct span s, greenwood; bool over; };
struct band { uint64_t low, high; };

static void add_millionths(struct node *to, const char *name, uint64_t v)
{
	if (to != NULL)
		node_add_text(to, name, decimal_text(to->arena, (int64_t)v,
		    DECIMALS));
}

static struct span z_times(struct span a)
{
	return span_mul(span_ratio(z_mantissa, z_one), a);
}

static struct band plain_band(const struct estimate *e, struct span se)
{
	struct span reach = z_times(se);
	struct band b = { span_round(span_sub(e->s, reach), millionth),
		span_round(span_add(e->s, reach), millionth) };

	if (b.high > millionth)
		b.high = millionth;
	return b;
}

/* S^x with S = exp(−l); what is below exp(−40) is zero to any decimal. */
static uint64_t to_the_power(struct span l, struct span x)
{
	struct span both = span_mul(l, x);
	struct span one = span_whole(1);

	if (span_order(both, span_whole(FAR - 1)) >= 0)
		return 0;
	return span_round(span_div(one, span_exp(both)), millionth);
}

/* S^exp(±z·√G / ln S): the larger exponent gives the lower end. */
static struct band log_log_band(const struct estimate *e)
{
	struct span one = span_whole(1);
	struct span l = span_ln(span_div(one, e->s));
	struct span wide = span_exp(z_times(span_div(span_sqrt(e->greenwood),
	    l)));

	return (struct band){ to_the_power(l, wide),
		to_the_power(l, span_div(one, wide)) };
}

static void take_events(struct estimate *e, int64_t n, int64_t d)
{
	e->s = span_mul(e->s, span_ratio((uint128)(n - d), (uint128)n));
	e->over = n == d;
	if (!e->over)
		e->greenwood = span_add(e->greenwood, span_ratio((uint128)d,
		    (uint128)n * (uint128)(n - d)));
}

static void write_row(const struct estimate *e, enum bands bands,
    struct node *row)
{
	struct span se;
	struct band b;

	add_millionths(row, "s", span_round(e->s, millionth));
	if (e->over)
		return;
	se = span_mul(e->s, span_sqrt(e->greenwood));
	b = bands == PLAIN ? plain_band(e, se) : log_log_band(e);
	add_millionths(row, "se", span_round(se, millionth));
	add_millionths(row, "low", b.low);
	add_millionths(row, "high", b.high);
}

static void write_table(const struct months *m, enum bands bands,
    struct node *out)
{
	struct estimate e = { span_whole(1), span_whole(0), false };
	struct span half = span_ratio(1, 2);
	struct node *table = node_add_list(out, "table");
	int64_t at_risk = m->n, median = -1;

	for (int64_t t = 0; t <= SURVIVAL_MONTHS_MAX; t++) {
		if (m->events[t] > 0) {
			struct node *row = node_add_object(table, NULL);

			take_events(&e, at_risk, m->events[t]);
			node_add_number(row, "t", t);
			node_add_number(row, "at_risk", at_risk);
			node_add_number(row, "events", m->events[t]);
			write_row(&e, bands, row);
			if (median < 0 && span_order(e.s, half) <= 0)
				median = t;
		}
		at_risk -= m->events[t] + m->censored[t];
	}
	if (median >= 0)
		node_add_number(out, "median", median);
}

/*
 * The actuaries' table: who left unobserved in an interval was there for half
 * of it, so d of n − c/2 stopped.  Month 0 lies in the first.
 */
static void write_life_table(const struct months *m, int64_t width,
    struct node *out)
{
	struct node *table = node_add_list(out, "life_table");
	struct span s = span_whole(1);
	int64_t at_risk = m->n, t = 0;

	for (int64_t to = width; at_risk > 0; to += width) {
		struct node *row = node_add_object(table, NULL);
		int64_t d = 0, c = 0, halves;

		for (; t <= to && t <= SURVIVAL_MONTHS_MAX; t++) {
			d += m->events[t];
			c += m->censored[t];
		}
		halves = 2 * at_risk - c;
		s = span_mul(s, span_ratio((uint128)(halves - 2 * d),
		    (uint128)halves));
		node_add_number(row, "from", to - width);
		node_add_number(row, "to", to);
		node_add_number(row, "at_risk", at_risk);
		node_add_number(row, "events", d);
		node_add_number(row, "censored", c);
		add_millionths(row, "s", span_round(s, millionth));
		at_risk -= d + c;
	}
}

static result read_observations(struct asker *k, const struct node *in,
    struct months *m)
{
	static const char *const members[] = { "months", "event", NULL };
	const struct node *list = NULL;

	TRY(asking_list(k, in, "observations", ASKING_MUST,
	    FIGURES_ITEMS_MAX, &list));
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		whole t = { 0 };
		bool event = false;

		TRY(asking_only(k, n, members));
		TRY(asking_number(k, n, "months", ASKING_MUST,
		    (struct asking_range){ 0, SURVIVAL_MONTHS_MAX }, &t));
		TRY(flag_read(k, n, "event", &event));
		m->n++;
		m->events_n += event;
		m->events[t.value] += event;
		m->censored[t.value] += !event;
	}
	return OK;
}

result answer_survival(struct asker *k, const struct node *in,
    struct node *out)
{
	static const char *const members[] = { "observations", "interval",
		"interval_months", NULL };
	static const char *const intervals[] = { "plain", "log-log", NULL };
	struct months *m = arena_take(k->arena, sizeof(*m));
	size_t bands = LOG_LOG;
	whole width = { 0 };

	NEED(m);
	TRY(asking_only(k, in, members));
	TRY(read_observations(k, in, m));
	TRY(asking_word(k, in, "interval", ASKING_MAY, intervals, &bands));
	TRY(asking_number(k, in, "interval_months", ASKING_MAY,
	    (struct asking_range){ 1, SURVIVAL_MONTHS_MAX }, &width));
	node_add_number(out, "n", m->n);
	node_add_number(out, "events", m->events_n);
	node_add_number(out, "censored", m->n - m->events_n);
	if (m->n < FEWEST)
		node_add_bool(out, "too_few", true);
	else
		write_table(m, (enum bands)bands, out);
	if (m->n >= FEWEST && width.known)
		write_life_table(m, width.value, out);
	return OK;
}
