/* Schedules of loans, and what they really cost in a year. */
#include <assert.h>

#include "inside.h"

enum method { ZERO, FLAT, DECLINING, EQUAL_PRINCIPAL };
enum rate_kind { MONTHLY, NOMINAL, TEA, YEARLY_FLAT };
enum then { KEEP, REAMORTISE };

enum { TEA_DECIMALS_HALF = 10, MONTHS = 12, HUNDRED = 100,
	TCEA_HALVINGS = 150 };

/* Of one month, num / den; both fit a product with an amount. */
struct monthly { int128 num, den; };

struct terms {
	struct asking_currency ccy;
	size_t method;
	int64_t principal;
	size_t rate_kind;
	int64_t percent;		/* units of the tenth decimal */
	int64_t instalments, grace;
	int64_t after, prepaid;		/* after 0: none */
	size_t then;
	int64_t cash_unit;
};

struct row { int64_t interest, principal, prepaid, balance; };
struct schedule { struct row row[LOAN_INSTALMENTS_MAX]; size_t n; };

/* ---- the rate of a month ---------------------------------------------- */

/*
 * (1 + TEA)^(1/12) − 1 to 20 decimals, halves up: the largest m with
 * (1 + (m − 1/2) / 10^20)^12 ≤ 1 + TEA.  The left side is never a decimal
 * as short as the right one, so there is no tie.
 */
static int128 month_of_tea(int64_t percent)
{
	int64_t one = HUNDRED * power_of_ten(RATE_DECIMALS);
	uint128 unit = (uint128)power_of_ten(TEA_DECIMALS_HALF) *
	    (uint128)power_of_ten(TEA_DECIMALS_HALF);
	struct span year = span_ratio((uint128)(one + percent),
	    (uint128)one);
	uint128 low = 0, high = unit;

	while (high - low > 1) {
		uint128 m = low + (high - low) / 2;
		struct span month = span_ratio(2 * unit + 2 * m - 1,
		    2 * unit);

		if (span_order(span_power(month, MONTHS), year) <= 0)
			low = m;
		else
			high = m;
	}
	return (int128)low;
}

static struct monthly month_of(const struct terms *t)
{
	int128 one = HUNDRED * (int128)power_of_ten(RATE_DECIMALS);

	assert(t->rate_kind <= YEARLY_FLAT);
	switch ((enum rate_kind)t->rate_kind) {
	case MONTHLY:
		return (struct monthly){ t->percent, one };
	case NOMINAL:
	case YEARLY_FLAT:
		return (struct monthly){ t->percent, MONTHS * one };
	case TEA:
		return (struct monthly){ month_of_tea(t->percent),
			(int128)power_of_ten(TEA_DECIMALS_HALF) *
			power_of_ten(TEA_DECIMALS_HALF) };
	}
	return (struct monthly){ 0, 1 };
}

/* P·i / (1 − (1 + i)^−n), rounded. */
static int64_t annuity(int64_t principal, struct monthly i, int64_t n)
{
	struct span one = span_whole(1);
	struct span discount, interest;

	if (i.num == 0)
		return (int64_t)round_div(principal, n);
	discount = span_power(span_ratio((uint128)i.den,
	    (uint128)(i.den + i.num)), (unsigned)n);
	interest = span_mul(span_whole((uint64_t)principal),
	    span_ratio((uint128)i.num, (uint128)i.den));
	return (int64_t)span_round(span_div(interest,
	    span_sub(one, discount)), 1);
}

/* ---- schedules -------------------------------------------------------- */

static int64_t interest_of(int64_t balance, struct monthly i)
{
	return (int64_t)round_div(balance * i.num, i.den);
}

/* `each` a month, the rest at the end; false when there is no such loan. */
static bool even_rows(const struct terms *t, int64_t each, int64_t all,
    int64_t interest, struct schedule *s)
{
	int64_t balance = t->principal;

	for (int64_t k = 1; k <= t->instalments; k++) {
		bool last = k == t->instalments;
		struct row *r = &s->row[s->n++];

		r->principal = last ? balance : each;
		r->interest = last ? all - (k - 1) * interest : interest;
		balance -= r->principal;
		r->balance = balance;
		if (r->principal < 0 || r->interest < 0 || balance < 0)
			return false;
	}
	return true;
}

static bool zero_rows(const struct terms *t, struct schedule *s)
{
	int64_t each = t->principal / (t->instalments * t->cash_unit) *
	    t->cash_unit;

	return even_rows(t, each, 0, 0, s);
}

static bool flat_rows(const struct terms *t, struct schedule *s)
{
	struct monthly i = month_of(t);
	int64_t all = (int64_t)round_div((int128)t->principal * i.num *
	    t->instalments, i.den);

	return even_rows(t, (int64_t)round_div(t->principal,
	    t->instalments), all, (int64_t)round_div(all, t->instalments),
	    s);
}

static bool equal_principal_rows(const struct terms *t, struct schedule *s)
{
	struct monthly i = month_of(t);
	int64_t each = (int64_t)round_div(t->principal,
	    t->instalments - t->grace);
	int64_t balance = t->principal;

	for (int64_t k = 1; k <= t->instalments; k++) {
		struct row *r = &s->row[s->n++];

		r->interest = interest_of(balance, i);
		r->principal = k <= t->grace ? 0 :
		    k == t->instalments ? balance : each;
		balance -= r->principal;
		r->balance = balance;
		if (balance < 0)
			return false;
	}
	return true;
}

/* `ret_too_much`: the balance that the early payment would exceed. */
static bool declining_rows(const struct terms *t, struct schedule *s,
    int64_t *ret_too_much)
{
	struct monthly i = month_of(t);
	int64_t each = annuity(t->principal, i, t->instalments - t->grace);
	int64_t balance = t->principal;

	for (int64_t k = 1; k <= t->instalments; k++) {
		struct row *r = &s->row[s->n++];
		bool shortened = t->after > 0 && k > t->after &&
		    t->then == KEEP && k > t->grace;

		r->interest = interest_of(balance, i);
		r->principal = k <= t->grace ? 0 : each - r->interest;
		if (k == t->instalments ||
		    (shortened && balance <= r->principal))
			r->principal = balance;
		balance -= r->principal;
		if (r->principal < 0 || balance < 0)
			return false;
		if (k == t->after) {
			if (t->prepaid > balance) {
				*ret_too_much = balance;
				return true;
			}
			r->prepaid = t->prepaid;
			balance -= t->prepaid;
		}
		r->balance = balance;
		if (balance == 0 && t->after > 0 && k >= t->after)
			break;
		if (k == t->after && t->then == REAMORTISE)
			each = annuity(balance, i, t->instalments -
			    (k > t->grace ? k : t->grace));
	}
	return true;
}

/* ---- the yearly cost --------------------------------------------------- */

static int64_t paid(const struct row *r)
{
	return r->interest + r->principal + r->prepaid;
}

/* Σ payment_k · v^k, by Horner's rule. */
static struct span present_value(const struct schedule *s, struct span v)
{
	struct span sum = span_whole(0);

	for (size_t k = s->n; k-- > 0;)
		sum = span_mul(span_add(sum, span_whole((uint64_t)paid(
		    &s->row[k]))), v);
	return sum;
}

/*
 * The discount v of a month at which all payments are worth the principal.
 * The sum grows with v at least as fast as principal · v, so where the two
 * cannot be told apart v is exact to 2^-160.
 */
static struct span month_discount(const struct schedule *s,
    int64_t principal)
{
	struct span lent = span_whole((uint64_t)principal);
	struct span low = span_whole(0), high = span_whole(1);

	for (int i = 0; i < TCEA_HALVINGS; i++) {
		struct span v = span_middle(low, high);
		int order = span_order(present_value(s, v), lent);

		if (order == 0)
			return span_around(v);
		if (order < 0)
			low = v;
		else
			high = v;
	}
	return (struct span){ low.lo, high.hi };
}

/* Yearly, hundredths of a percent. */
static int64_t tcea_of(const struct schedule *s, int64_t principal)
{
	struct span one = span_whole(1);
	struct span year = span_div(one, span_power(month_discount(s,
	    principal), MONTHS));

	return (int64_t)span_round(span_sub(year, one),
	    HUNDRED * HUNDRED);
}

/* ---- question and answer ----------------------------------------------- */

static result read_rate(struct asker *k, const struct node *in,
    struct terms *t)
{
	static const char *const members[] = { "kind", "percent", NULL };
	static const char *const kinds[] = { "monthly", "nominal", "tea",
		"yearly_flat", NULL };
	const struct node *of = NULL;

	if (t->method == ZERO && node_find(in, "rate") != NULL)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in, "rate",
		    "a loan of method zero takes no rate");
	if (t->method == ZERO)
		return OK;
	TRY(asking_object(k, in, "rate", ASKING_MUST, &of));
	TRY(asking_only(k, of, members));
	TRY(asking_word(k, of, "kind", ASKING_MUST, kinds, &t->rate_kind));
	if ((t->method == FLAT) != (t->rate_kind == YEARLY_FLAT))
		return asking_refuse(k, REFUSED_NOT_ALLOWED, of, "kind",
		    "yearly_flat belongs to method flat alone, and flat to "
		    "it");
	return percent_read(k, of, "percent", RATE_PERCENT_MAX,
	    &t->percent);
}

static result read_grace(struct asker *k, const struct node *in,
    struct terms *t)
{
	whole v = { 0 };

	if (node_find(in, "grace") != NULL && t->method != DECLINING &&
	    t->method != EQUAL_PRINCIPAL)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in, "grace",
		    "only declining and equal_principal have months of "
		    "grace");
	TRY(asking_number(k, in, "grace", ASKING_MAY,
	    (struct asking_range){ 0, t->instalments - 1 }, &v));
	t->grace = v.value;
	return OK;
}

static result read_prepayment(struct asker *k, const struct node *in,
    struct terms *t)
{
	static const char *const members[] = { "after", "amount", "then",
		NULL };
	static const char *const thens[] = { "keep", "reamortise", NULL };
	const struct node *early = NULL;
	whole v = { 0 };

	TRY(asking_object(k, in, "prepayment", ASKING_MAY, &early));
	if (early == NULL)
		return OK;
	if (t->method != DECLINING)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in,
		    "prepayment", "only a declining loan has one");
	TRY(asking_only(k, early, members));
	TRY(asking_number(k, early, "after", ASKING_MUST,
	    (struct asking_range){ 1, t->instalments }, &v));
	t->after = v.value;
	TRY(amount_read(k, early, "amount", &t->ccy, 1, &t->prepaid));
	return asking_word(k, early, "then", ASKING_MUST, thens, &t->then);
}

static result read_cash_unit(struct asker *k, const struct node *in,
    struct terms *t)
{
	t->cash_unit = 1;
	if (node_find(in, "cash_unit") == NULL)
		return OK;
	TRY(amount_read(k, in, "cash_unit", &t->ccy, 1, &t->cash_unit));
	if (t->cash_unit > 1 && t->method != ZERO)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in, "cash_unit",
		    "only instalments without interest follow the coins");
	/* Keeps n · u within what an amount may be. */
	if (t->cash_unit > t->principal)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in,
		    "cash_unit", "larger than the principal");
	return OK;
}

static result read_terms(struct asker *k, const struct node *in,
    struct terms *t)
{
	static const char *const members[] = { "currency", "method",
		"principal", "rate", "instalments", "grace", "prepayment",
		"cash_unit", NULL };
	static const char *const methods[] = { "zero", "flat", "declining",
		"equal_principal", NULL };
	whole v = { 0 };

	TRY(asking_only(k, in, members));
	TRY(asking_currency(k, in, &t->ccy));
	TRY(asking_word(k, in, "method", ASKING_MUST, methods, &t->method));
	TRY(amount_read(k, in, "principal", &t->ccy, 1, &t->principal));
	TRY(read_rate(k, in, t));
	TRY(asking_number(k, in, "instalments", ASKING_MUST,
	    (struct asking_range){ 1, LOAN_INSTALMENTS_MAX }, &v));
	t->instalments = v.value;
	TRY(read_grace(k, in, t));
	TRY(read_prepayment(k, in, t));
	return read_cash_unit(k, in, t);
}

static bool make_rows(const struct terms *t, struct schedule *s,
    int64_t *ret_too_much)
{
	assert(t->method <= EQUAL_PRINCIPAL);
	switch ((enum method)t->method) {
	case ZERO:
		return zero_rows(t, s);
	case FLAT:
		return flat_rows(t, s);
	case DECLINING:
		return declining_rows(t, s, ret_too_much);
	case EQUAL_PRINCIPAL:
		return equal_principal_rows(t, s);
	}
	return false;
}

static void write_row(struct node *list, const struct row *r, size_t n,
    int decimals)
{
	struct node *o = node_add_object(list, NULL);

	node_add_number(o, "n", (int64_t)n);
	amount_add(o, "payment", r->interest + r->principal, decimals);
	amount_add(o, "interest", r->interest, decimals);
	amount_add(o, "principal", r->principal, decimals);
	amount_add(o, "balance", r->balance, decimals);
	if (r->prepaid > 0)
		amount_add(o, "prepaid", r->prepaid, decimals);
}

result answer_loan(struct asker *k, const struct node *in,
    struct node *out)
{
	struct terms t = { 0 };
	struct schedule *s = arena_take(k->arena, sizeof(*s));
	struct node *list;
	int64_t interest = 0, total = 0, too_much = -1;

	NEED(s);
	TRY(read_terms(k, in, &t));
	if (!make_rows(&t, s, &too_much))
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in,
		    "instalments", "too many for this principal: after "
		    "rounding one would be below zero; ask for fewer");
	if (too_much >= 0)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE,
		    node_find(in, "prepayment"), "amount",
		    "more than the balance of that day, %s",
		    decimal_text(k->arena, too_much, t.ccy.decimals).p);
	list = node_add_list(out, "schedule");
	for (size_t i = 0; i < s->n; i++) {
		write_row(list, &s->row[i], i + 1, t.ccy.decimals);
		interest += s->row[i].interest;
		total += paid(&s->row[i]);
	}
	amount_add(out, "total_interest", interest, t.ccy.decimals);
	amount_add(out, "total", total, t.ccy.decimals);
	node_add_text(out, "tcea_percent", decimal_text(k->arena, tcea_of(s,
	    t.principal), 2));
	return OK;
}
