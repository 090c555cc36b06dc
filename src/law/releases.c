/* releases: who is expected to be free in which quarter, and what it costs. */
#include "answers.h"

enum {
	PERSONS_MAX = 5000,
	WEIGHT_DECIMALS = 6,
	WHOLE = 1000000,		/* one person, in units of a weight */
	SCENARIOS = 3,
	QUARTERS_MAX = 301 * 4
};
#define AMOUNT_MAX INT64_C(1000000000000000)

__extension__ typedef __int128 wide;

/* A missing day takes its weight to the nearest given one in this order. */
static const char *const scenarios[SCENARIOS] = { "favourable", "normal",
	"adverse" };

struct forecast {
	day from, to;
	int64_t weight[SCENARIOS];
	int64_t kit;
	int decimals;
	int32_t first_quarter, quarters;
	int64_t before, after;
	int64_t quarter[QUARTERS_MAX];
};

static int32_t quarter_of(day d)
{
	ymd c = day_ymd(d);

	return c.year * 4 + (c.month - 1) / 3;
}

static result read_weights(struct asker *k, const struct node *in,
    struct forecast *f)
{
	static const char *const members[] = { "adverse", "normal",
		"favourable", NULL };
	const struct asking_decimal form = { WEIGHT_DECIMALS, false, 0,
		WHOLE };
	const struct node *o = NULL;
	int64_t sum = 0;

	TRY(asking_object(k, in, "weights", ASKING_MUST, &o));
	TRY(asking_only(k, o, members));
	for (size_t i = 0; i < SCENARIOS; i++) {
		whole w = { 0 };

		TRY(asking_decimal(k, o, scenarios[i], ASKING_MUST, &form,
		    &w));
		f->weight[i] = w.value;
		sum += w.value;
	}
	if (sum != WHOLE)
		return asking_refuse(k, REFUSED_CONFLICT, in, "weights",
		    "the three weights add up to 1");
	return OK;
}

static result read_frame(struct asker *k, const struct node *in,
    struct forecast *f)
{
	static const char *const members[] = { "from", "to", "weights",
		"kit", "persons", "currency", NULL };
	struct asking_currency currency;
	struct asking_decimal amount = { .exactly = true,
		.max = AMOUNT_MAX };
	whole kit = { 0 };

	TRY(asking_only(k, in, members));
	TRY(asking_day(k, in, "from", ASKING_MUST, &f->from));
	TRY(asking_day(k, in, "to", ASKING_MUST, &f->to));
	if (f->to.n < f->from.n)
		return asking_refuse(k, REFUSED_CONFLICT, in, "to",
		    "it ends before it begins");
	TRY(read_weights(k, in, f));
	TRY(asking_currency(k, in, &currency));
	amount.decimals = f->decimals = currency.decimals;
	TRY(asking_decimal(k, in, "kit", ASKING_MUST, &amount, &kit));
	f->kit = kit.value;
	f->first_quarter = quarter_of(f->from);
	f->quarters = quarter_of(f->to) - f->first_quarter + 1;
	return OK;
}

static void expect(struct forecast *f, day d, int64_t weight)
{
	if (d.n < f->from.n)
		f->before += weight;
	else if (d.n > f->to.n)
		f->after += weight;
	else
		f->quarter[quarter_of(d) - f->first_quarter] += weight;
}

/* The day of a scenario, or of the nearest one; of two the later. */
static day nearest(const day *given, size_t at)
{
	for (size_t away = 0; away < SCENARIOS; away++) {
		if (at + away < SCENARIOS && given[at + away].known)
			return given[at + away];
		if (away <= at && given[at - away].known)
			return given[at - away];
	}
	return (day){ 0 };
}

/* Beside the name there is at least one day. */
static bool dated(const struct node *person)
{
	return person->n > 1;
}

static result add_person(struct asker *k, const struct node *o,
    struct forecast *f)
{
	static const char *const members[] = { "id", "adverse", "normal",
		"favourable", NULL };
	day given[SCENARIOS] = { { 0 } };
	text name;

	TRY(asking_only(k, o, members));
	TRY(asking_text(k, o, "id", ASKING_MUST, &name));
	for (size_t i = 0; i < SCENARIOS; i++)
		TRY(asking_day(k, o, scenarios[i], ASKING_MAY, &given[i]));
	for (size_t i = 0; i < SCENARIOS && dated(o); i++)
		expect(f, nearest(given, i), f->weight[i]);
	return OK;
}

/* Half away from zero; nothing here is negative. */
static text cost_of(const struct forecast *f, struct arena *a,
    int64_t expected)
{
	wide cost = ((wide)expected * f->kit + WHOLE / 2) / WHOLE;

	return decimal_text(a, (int64_t)cost, f->decimals);
}

static void add_part(struct node *to, const char *name, int64_t units)
{
	node_add_text(to, name, decimal_text(to->arena, units,
	    WEIGHT_DECIMALS));
}

static int64_t add_quarters(const struct forecast *f, struct node *out)
{
	struct node *list = node_add_list(out, "quarters");
	int64_t sum = 0;

	for (int32_t i = 0; i < f->quarters; i++) {
		int32_t q = f->first_quarter + i;
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "quarter", arena_format(out->arena,
		    "%d-Q%d", (int)(q / 4), (int)(q % 4 + 1)));
		add_part(one, "expected", f->quarter[i]);
		node_add_text(one, "cost", cost_of(f, out->arena,
		    f->quarter[i]));
		sum += f->quarter[i];
	}
	return sum;
}

/* 5,000 kits of 10^15 leave 64 bits. */
static result check_cost(struct asker *k, const struct node *in,
    const struct forecast *f, size_t persons)
{
	if ((wide)f->kit * (wide)persons > AMOUNT_MAX)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in, "kit",
		    "the cost of all is above 10^15 of the smallest unit");
	return OK;
}

result releases_answer(struct asker *k, const struct node *in,
    struct node *out)
{
	struct forecast *f = arena_take(k->arena, sizeof(*f));
	const struct node *persons = NULL;
	struct node *without;
	int64_t sum;

	NEED(f);
	TRY(read_frame(k, in, f));
	TRY(asking_list(k, in, "persons", ASKING_MUST, PERSONS_MAX,
	    &persons));
	TRY(check_cost(k, in, f, persons->n));
	for (const struct node *o = persons->first; o != NULL; o = o->next)
		TRY(add_person(k, o, f));
	sum = add_quarters(f, out);
	add_part(out, "before", f->before);
	add_part(out, "after", f->after);
	without = node_add_list(out, "without_date");
	for (const struct node *o = persons->first; o != NULL; o = o->next)
		if (!dated(o))
			node_add_text(without, NULL, node_find(o, "id")->text);
	node_add_number(out, "persons", (int64_t)persons->n);
	add_part(out, "total", f->before + sum + f->after);
	node_add_text(out, "cost", cost_of(f, k->arena, sum));
	return node_whole(out);
}
