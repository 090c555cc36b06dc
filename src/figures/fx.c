/* Spending told to a donor in the donor's currency: formulas.md. */
#include <assert.h>
#include <stdlib.h>

#include "inside.h"

enum method { OFFICIAL_RATE, WEIGHTED_AVERAGE, MOVING_AVERAGE, FIFO,
	MONTHLY_TABLE, MEAN_OF_MONTHS };

enum { LOOK_BACK_DAYS = 7 };

/* What was sold of the report's currency, and what it brought. */
struct purchase { day date; int64_t sold, bought; };
struct spent { day date; int64_t amount, line; const struct node *from; };
struct rate_of { day date; int64_t mantissa; };

struct books {
	size_t method;
	struct asking_currency report, local;
	struct purchase *purchase;
	size_t purchases_n;
	struct spent *spent;
	size_t spent_n;
	struct rate_of *rate;
	size_t rates_n;
	/* What is left: one pool, or one layer for each purchase. */
	struct purchase *left;
	size_t left_n;
};

/* ---- in the order of days ----------------------------------------------- */

static int purchase_order(const void *a, const void *b)
{
	const struct purchase *one = a, *two = b;

	return one->date.n < two->date.n ? -1 : one->date.n > two->date.n;
}

static int spent_order(const void *a, const void *b)
{
	const struct spent *const *one = a, *const *two = b;

	if ((*one)->date.n != (*two)->date.n)
		return (*one)->date.n < (*two)->date.n ? -1 : 1;
	return *one < *two ? -1 : *one > *two;
}

/* Those of one day keep the order in which they were given. */
static struct spent **by_day(struct arena *a, const struct books *b)
{
	struct spent **sorted = arena_array(a, b->spent_n,
	    sizeof(struct spent *));

	if (sorted == NULL)
		return NULL;
	for (size_t i = 0; i < b->spent_n; i++)
		sorted[i] = &b->spent[i];
	qsort(sorted, b->spent_n, sizeof(struct spent *), spent_order);
	return sorted;
}

/* ---- rates -------------------------------------------------------------- */

static bool same_month(day a, day b)
{
	ymd one = day_ymd(a), two = day_ymd(b);

	return one.year == two.year && one.month == two.month;
}

/* The rate of the day, else the nearest before it, never a later one. */
static const struct rate_of *rate_of_day(const struct books *b, day d)
{
	const struct rate_of *best = NULL;

	for (size_t i = 0; i < b->rates_n; i++) {
		const struct rate_of *r = &b->rate[i];

		if (r->date.n > d.n || r->date.n < d.n - LOOK_BACK_DAYS)
			continue;
		if (best == NULL || r->date.n > best->date.n)
			best = r;
	}
	return best;
}

static const struct rate_of *rate_of_month(const struct books *b, day d)
{
	for (size_t i = 0; i < b->rates_n; i++) {
		if (same_month(b->rate[i].date, d))
			return &b->rate[i];
	}
	return NULL;
}

static result keep_line(struct asker *k, struct spent *s, int128 line)
{
	if (line > AMOUNT_MAX)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, s->from,
		    "amount", "in the report's currency above any amount");
	s->line = (int64_t)line;
	return OK;
}

/* amount / (mantissa / 10^scale / count), with the decimals of the report. */
static int128 converted(const struct books *b, int64_t amount,
    int128 mantissa, int64_t count)
{
	int128 up = (int128)power_of_ten(RATE_DECIMALS) * count;
	int128 down = mantissa;

	if (b->report.decimals > b->local.decimals)
		up *= power_of_ten(b->report.decimals - b->local.decimals);
	else
		down *= power_of_ten(b->local.decimals - b->report.decimals);
	return round_div(amount * up, down);
}

static result by_rates(struct asker *k, struct books *b)
{
	bool daily = b->method == OFFICIAL_RATE;

	for (size_t i = 0; i < b->spent_n; i++) {
		struct spent *s = &b->spent[i];
		const struct rate_of *r = daily ? rate_of_day(b, s->date) :
		    rate_of_month(b, s->date);

		if (r == NULL)
			return asking_refuse(k, REFUSED_OUT_OF_RANGE, s->from,
			    "date", daily ? "no rate of this day or of the "
			    "7 before it" : "no rate of this month");
		TRY(keep_line(k, s, converted(b, s->amount, r->mantissa, 1)));
	}
	return OK;
}

static result by_mean(struct asker *k, const struct node *in,
    struct books *b)
{
	int128 sum = 0;

	if (b->rates_n == 0)
		return asking_refuse(k, node_find(in, "rates") == NULL ?
		    REFUSED_MISSING : REFUSED_OUT_OF_RANGE, in, "rates",
		    "a rate of each month is needed");
	for (size_t i = 0; i < b->rates_n; i++)
		sum += b->rate[i].mantissa;
	for (size_t i = 0; i < b->spent_n; i++)
		TRY(keep_line(k, &b->spent[i], converted(b,
		    b->spent[i].amount, sum, (int64_t)b->rates_n)));
	return OK;
}

/* ---- purchases ----------------------------------------------------------- */

static result need_purchases(struct asker *k, const struct node *in,
    const struct books *b)
{
	if (b->purchases_n > 0)
		return OK;
	return asking_refuse(k, node_find(in, "purchases") == NULL ?
	    REFUSED_MISSING : REFUSED_OUT_OF_RANGE, in, "purchases",
	    "this method needs what was exchanged");
}

static result by_weight(struct asker *k, struct books *b)
{
	struct purchase all = { 0 };

	for (size_t i = 0; i < b->purchases_n; i++) {
		all.sold += b->purchase[i].sold;
		all.bought += b->purchase[i].bought;
	}
	b->left[0] = all;
	b->left_n = 1;
	for (size_t i = 0; i < b->spent_n; i++) {
		struct spent *s = &b->spent[i];

		TRY(keep_line(k, s, round_div((int128)s->amount * all.sold,
		    all.bought)));
		b->left[0].sold -= s->line;
		b->left[0].bought -= s->amount;
	}
	return OK;
}

static result beyond_pool(struct asker *k, const struct books *b,
    const struct spent *s, int64_t there)
{
	return asking_refuse(k, REFUSED_OUT_OF_RANGE, s->from, "amount",
	    "more than is left of what was exchanged by that day, %s",
	    decimal_text(k->arena, there, b->local.decimals).p);
}

/* The pool falls by the rounded line and by what was spent. */
static result by_moving(struct asker *k, struct books *b)
{
	struct spent **sorted = by_day(k->arena, b);
	struct purchase *pool = &b->left[0];
	size_t next = 0;

	NEED(sorted);
	b->left_n = 1;
	for (size_t i = 0; i < b->spent_n; i++) {
		struct spent *s = sorted[i];

		for (; next < b->purchases_n &&
		    b->purchase[next].date.n <= s->date.n; next++) {
			pool->sold += b->purchase[next].sold;
			pool->bought += b->purchase[next].bought;
		}
		if (s->amount > pool->bought)
			return beyond_pool(k, b, s, pool->bought);
		TRY(keep_line(k, s, round_div((int128)s->amount * pool->sold,
		    pool->bought)));
		pool->sold -= s->line;
		pool->bought -= s->amount;
	}
	for (; next < b->purchases_n; next++) {
		pool->sold += b->purchase[next].sold;
		pool->bought += b->purchase[next].bought;
	}
	return OK;
}

/* A slice of a layer; the one that empties it takes what is left of it. */
static int64_t take_slice(const struct purchase *layer,
    struct purchase *left, int64_t amount)
{
	int64_t part = (int64_t)round_div((int128)amount * layer->sold,
	    layer->bought);

	if (amount == left->bought || part > left->sold)
		part = left->sold;
	left->sold -= part;
	left->bought -= amount;
	return part;
}

static result by_layers(struct asker *k, struct books *b)
{
	struct spent **sorted = by_day(k->arena, b);
	size_t at = 0;

	NEED(sorted);
	b->left_n = b->purchases_n;
	for (size_t i = 0; i < b->purchases_n; i++)
		b->left[i] = b->purchase[i];
	for (size_t i = 0; i < b->spent_n; i++) {
		struct spent *s = sorted[i];
		int64_t rest = s->amount;

		while (rest > 0) {
			struct purchase *left = &b->left[at];
			int64_t slice;

			if (at == b->left_n || left->date.n > s->date.n)
				return beyond_pool(k, b, s,
				    s->amount - rest);
			slice = rest < left->bought ? rest : left->bought;
			s->line += take_slice(&b->purchase[at], left, slice);
			rest -= slice;
			if (left->bought == 0)
				at++;
		}
	}
	return OK;
}

/* ---- question ------------------------------------------------------------ */

/* The currency of one side: the same in every purchase. */
static result read_side(struct asker *k, const struct node *n,
    const char *name, bool first, struct asking_currency *ret)
{
	struct asking_currency c = { 0 };

	TRY(asking_currency_of(k, n, name, ASKING_MUST, &c));
	if (!first && !text_same(text_of(c.code), text_of(ret->code)))
		return asking_refuse(k, REFUSED_CONFLICT, n, name,
		    "%s elsewhere: one pair of currencies at a time",
		    ret->code);
	*ret = c;
	return OK;
}

static result read_purchases(struct asker *k, const struct node *in,
    struct books *b)
{
	static const char *const members[] = { "date", "from", "sold", "to",
		"bought", NULL };
	bool told = node_find(in, "currency") != NULL;
	const struct node *list = NULL;

	TRY(asking_list(k, in, "purchases", ASKING_MAY, FX_LINES_MAX, &list));
	b->purchase = arena_array(k->arena, list == NULL ? 0 : list->n,
	    sizeof(*b->purchase));
	b->left = arena_array(k->arena, list == NULL ? 1 : list->n + 1,
	    sizeof(*b->left));
	NEED(b->purchase);
	NEED(b->left);
	for (const struct node *n = list == NULL ? NULL : list->first;
	    n != NULL; n = n->next) {
		struct purchase *p = &b->purchase[b->purchases_n];
		bool first = b->purchases_n++ == 0;

		TRY(asking_only(k, n, members));
		TRY(asking_day(k, n, "date", ASKING_MUST, &p->date));
		TRY(read_side(k, n, "from", first, &b->report));
		TRY(amount_read(k, n, "sold", &b->report, 1, &p->sold));
		TRY(read_side(k, n, "to", first && !told, &b->local));
		TRY(amount_read(k, n, "bought", &b->local, 1, &p->bought));
	}
	/* Stable: a day has the order in which its purchases were given. */
	for (size_t i = 1; i < b->purchases_n; i++) {
		struct purchase p = b->purchase[i];
		size_t to = i;

		for (; to > 0 && purchase_order(&p, &b->purchase[to - 1]) < 0;
		    to--)
			b->purchase[to] = b->purchase[to - 1];
		b->purchase[to] = p;
	}
	return OK;
}

static result read_spending(struct asker *k, const struct node *in,
    struct books *b)
{
	static const char *const members[] = { "date", "amount", NULL };
	const struct node *list = NULL;

	TRY(asking_list(k, in, "spending", ASKING_MUST, FX_LINES_MAX, &list));
	b->spent = arena_array(k->arena, list->n, sizeof(*b->spent));
	NEED(b->spent);
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		struct spent *s = &b->spent[b->spent_n++];

		s->from = n;
		TRY(asking_only(k, n, members));
		TRY(asking_day(k, n, "date", ASKING_MUST, &s->date));
		TRY(amount_read(k, n, "amount", &b->local, 1, &s->amount));
	}
	return OK;
}

/* One rate a day; where rates are of months, one a month. */
static result refuse_second(struct asker *k, const struct node *n,
    const struct books *b, day date)
{
	bool monthly = b->method == MONTHLY_TABLE ||
	    b->method == MEAN_OF_MONTHS;

	for (size_t i = 0; i < b->rates_n; i++) {
		if (monthly ? same_month(b->rate[i].date, date) :
		    day_same(b->rate[i].date, date))
			return asking_refuse(k, REFUSED_CONFLICT, n, "date",
			    monthly ? "a second rate of this month" :
			    "a second rate of this day");
	}
	return OK;
}

static result read_rates(struct asker *k, const struct node *in,
    struct books *b)
{
	static const char *const members[] = { "date", "rate", NULL };
	const struct asking_decimal form = { .decimals = RATE_DECIMALS,
		.min = 1, .max = FX_RATE_MAX * power_of_ten(RATE_DECIMALS) };
	const struct node *list = NULL;

	TRY(asking_list(k, in, "rates", ASKING_MAY, FX_LINES_MAX, &list));
	b->rate = arena_array(k->arena, list == NULL ? 0 : list->n,
	    sizeof(*b->rate));
	NEED(b->rate);
	for (const struct node *n = list == NULL ? NULL : list->first;
	    n != NULL; n = n->next) {
		struct rate_of *r = &b->rate[b->rates_n];
		whole v = { 0 };

		TRY(asking_only(k, n, members));
		TRY(asking_day(k, n, "date", ASKING_MUST, &r->date));
		TRY(refuse_second(k, n, b, r->date));
		TRY(asking_decimal(k, n, "rate", ASKING_MUST, &form, &v));
		r->mantissa = v.value;
		b->rates_n++;
	}
	return OK;
}

static result read_books(struct asker *k, const struct node *in,
    struct books *b)
{
	static const char *const members[] = { "currency", "method",
		"purchases", "spending", "rates", NULL };
	static const char *const methods[] = { "official_rate",
		"weighted_average", "moving_average", "fifo",
		"monthly_table", "mean_of_months", NULL };

	TRY(asking_only(k, in, members));
	TRY(asking_currency(k, in, &b->local));
	/* Where nothing was exchanged nobody says: two decimals. */
	b->report.decimals = 2;
	TRY(asking_word(k, in, "method", ASKING_MUST, methods, &b->method));
	TRY(read_purchases(k, in, b));
	TRY(read_spending(k, in, b));
	return read_rates(k, in, b);
}

static result convert(struct asker *k, const struct node *in,
    struct books *b)
{
	assert(b->method <= MEAN_OF_MONTHS);
	switch ((enum method)b->method) {
	case OFFICIAL_RATE:
	case MONTHLY_TABLE:
		return by_rates(k, b);
	case MEAN_OF_MONTHS:
		return by_mean(k, in, b);
	case WEIGHTED_AVERAGE:
		TRY(need_purchases(k, in, b));
		return by_weight(k, b);
	case MOVING_AVERAGE:
		TRY(need_purchases(k, in, b));
		return by_moving(k, b);
	case FIFO:
		TRY(need_purchases(k, in, b));
		return by_layers(k, b);
	}
	return fault(BUG);
}

/* ---- answer --------------------------------------------------------------- */

result answer_fx(struct asker *k, const struct node *in, struct node *out)
{
	struct books b = { 0 };
	struct node *lines, *remaining;
	int64_t total = 0;

	TRY(read_books(k, in, &b));
	TRY(convert(k, in, &b));
	lines = node_add_list(out, "lines");
	for (size_t i = 0; i < b.spent_n; i++) {
		amount_add(lines, NULL, b.spent[i].line, b.report.decimals);
		total += b.spent[i].line;
	}
	amount_add(out, "total", total, b.report.decimals);
	if (b.left_n == 0)
		return OK;
	remaining = node_add_list(out, "remaining");
	for (size_t i = 0; i < b.left_n; i++) {
		struct node *o;

		if (b.left[i].sold == 0 && b.left[i].bought == 0)
			continue;
		o = node_add_object(remaining, NULL);
		amount_add(o, "amount", b.left[i].sold, b.report.decimals);
		amount_add(o, "cost", b.left[i].bought, b.local.decimals);
	}
	return OK;
}
