/* Break-even and cash of a small business: formulas.md. */
#include "inside.h"

enum { HUNDRED = 100 };

struct plan {
	struct asking_currency ccy;
	int64_t price, variable, fixed, draw, instalment, investment, grant,
	    loan;
	int64_t share;			/* of credit sales, as percent_read */
	bool stressed;
	int64_t stress;
	int64_t units[PLAN_MONTHS_MAX];
	size_t n;
};

struct month { int64_t sales, cash, collected, variable, net, close; };
struct run {
	struct month month[PLAN_MONTHS_MAX];
	int64_t opening, gap, receivable;
	size_t first_negative;		/* NONE: none; 0: the opening */
};
enum { NONE = PLAN_MONTHS_MAX + 1 };

static int64_t contribution(const struct plan *p)
{
	return p->price - p->variable;
}

static int64_t one_whole(void)
{
	return HUNDRED * power_of_ten(RATE_DECIMALS);
}

static void note_close(struct run *r, size_t month, int64_t close)
{
	if (close >= 0)
		return;
	if (r->first_negative == NONE)
		r->first_negative = month;
	if (-close > r->gap)
		r->gap = -close;
}

/* What is bought before the first sale is month 0. */
static void run_months(const struct plan *p, int64_t instalment,
    const int64_t *units, struct run *r)
{
	int64_t owed = 0;
	int64_t close = p->grant + p->loan - p->investment;

	*r = (struct run){ .opening = close, .first_negative = NONE };
	note_close(r, 0, close);
	for (size_t i = 0; i < p->n; i++) {
		struct month *m = &r->month[i];
		int64_t credit;

		m->sales = p->price * units[i];
		credit = (int64_t)round_div((int128)m->sales * p->share,
		    one_whole());
		m->cash = m->sales - credit;
		m->collected = owed;
		m->variable = p->variable * units[i];
		m->net = m->cash + m->collected - m->variable - p->fixed -
		    instalment - p->draw;
		close += m->net;
		m->close = close;
		owed = credit;
		note_close(r, i + 1, close);
	}
	r->receivable = owed;
}

static const char *verdict(const struct plan *p, const struct run *r)
{
	if (contribution(p) <= 0)
		return "revise";
	return r->first_negative == NONE ? "loan" : "grant";
}

/* ---- question ---------------------------------------------------------- */

static result read_units(struct asker *k, const struct node *in,
    struct plan *p)
{
	const struct node *list = NULL;
	int64_t dearest = p->price > p->variable ? p->price : p->variable;

	TRY(asking_list(k, in, "units", ASKING_MUST, PLAN_MONTHS_MAX, &list));
	if (list->n == 0)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in, "units",
		    "at least one month is needed");
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		whole v = { 0 };

		TRY(asking_number(k, n, "", ASKING_MUST,
		    (struct asking_range){ 0, AMOUNT_MAX }, &v));
		if (dearest > 0 && v.value > AMOUNT_MAX / dearest)
			return asking_refuse(k, REFUSED_OUT_OF_RANGE, n, "",
			    "the month's sales would be above any amount");
		p->units[p->n++] = v.value;
	}
	return OK;
}

static result read_plan(struct asker *k, const struct node *in,
    struct plan *p)
{
	static const char *const members[] = { "currency", "price",
		"variable", "fixed", "draw", "instalment", "investment",
		"grant", "loan", "credit_share_percent", "units",
		"stress_percent", NULL };
	const struct { const char *name; int64_t *ret; } amounts[] = {
		{ "price", &p->price },
		{ "variable", &p->variable },
		{ "fixed", &p->fixed },
		{ "draw", &p->draw },
		{ "instalment", &p->instalment },
		{ "investment", &p->investment },
		{ "grant", &p->grant },
		{ "loan", &p->loan },
	};

	TRY(asking_only(k, in, members));
	TRY(asking_currency(k, in, &p->ccy));
	for (size_t i = 0; i < LENGTH(amounts); i++)
		TRY(amount_read(k, in, amounts[i].name, &p->ccy, 0,
		    amounts[i].ret));
	TRY(percent_read(k, in, "credit_share_percent", HUNDRED, &p->share));
	TRY(read_units(k, in, p));
	p->stressed = node_find(in, "stress_percent") != NULL;
	if (!p->stressed)
		return OK;
	return percent_read(k, in, "stress_percent", HUNDRED, &p->stress);
}

/* ---- answer ------------------------------------------------------------ */

static void write_break_evens(const struct plan *p, struct node *out)
{
	int64_t each = contribution(p);
	int64_t economic = p->fixed;
	int64_t cash = economic + p->instalment;
	int64_t family = cash + p->draw;

	if (each <= 0)
		return;
	node_add_number(out, "break_even_units", (economic + each - 1) /
	    each);
	node_add_number(out, "cash_break_even_units", (cash + each - 1) /
	    each);
	node_add_number(out, "family_break_even_units", (family + each - 1) /
	    each);
}

static void write_months(const struct plan *p, const struct run *r,
    struct node *out)
{
	struct node *list = node_add_list(out, "months");
	int d = p->ccy.decimals;

	for (size_t i = 0; i < p->n; i++) {
		const struct month *m = &r->month[i];
		struct node *o = node_add_object(list, NULL);

		node_add_number(o, "n", (int64_t)i + 1);
		amount_add(o, "sales", m->sales, d);
		amount_add(o, "cash_sales", m->cash, d);
		amount_add(o, "collected", m->collected, d);
		amount_add(o, "variable", m->variable, d);
		amount_add(o, "net", m->net, d);
		amount_add(o, "close", m->close, d);
	}
}

static void write_gap(const struct plan *p, const struct run *r,
    struct node *out)
{
	if (r->first_negative != NONE)
		node_add_number(out, "first_negative_month",
		    (int64_t)r->first_negative);
	amount_add(out, "funding_gap", r->gap, p->ccy.decimals);
}

static void write_stress(const struct plan *p, struct run *r,
    struct node *out)
{
	struct node *o = node_add_object(out, "stress");
	int64_t units[PLAN_MONTHS_MAX];

	for (size_t i = 0; i < p->n; i++)
		units[i] = (int64_t)((int128)p->units[i] * (one_whole() -
		    p->stress) / one_whole());
	run_months(p, p->instalment, units, r);
	write_gap(p, r, o);
	node_add_text(o, "verdict", text_of(verdict(p, r)));
}

result answer_plan(struct asker *k, const struct node *in,
    struct node *out)
{
	struct plan *p = arena_take(k->arena, sizeof(*p));
	struct run *r = arena_take(k->arena, sizeof(*r));
	bool grant;

	NEED(p);
	NEED(r);
	TRY(read_plan(k, in, p));
	run_months(p, p->instalment, p->units, r);
	grant = contribution(p) > 0 && r->first_negative != NONE;
	amount_add(out, "contribution", contribution(p), p->ccy.decimals);
	write_break_evens(p, out);
	amount_add(out, "opening", r->opening, p->ccy.decimals);
	write_months(p, r, out);
	write_gap(p, r, out);
	amount_add(out, "receivable", r->receivable, p->ccy.decimals);
	node_add_text(out, "verdict", text_of(verdict(p, r)));
	if (grant) {
		run_months(p, 0, p->units, r);
		amount_add(out, "grant_needed", p->grant + p->loan + r->gap,
		    p->ccy.decimals);
	}
	if (p->stressed)
		write_stress(p, r, out);
	return OK;
}
