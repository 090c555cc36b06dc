/* sentence: the answer, and how it was reckoned. */
#include "sentence.h"

enum { REHABILITATION_MONTHS = 5 * 12 };	/* CP 69 */

struct telling {
	struct asker *k;
	const struct node *in;
	const struct sentence *s;
	struct node *out;
	struct reckoned r;
	int32_t redeemed;
	day official, alarm;
};

static int32_t lower(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t higher(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* ---- what cannot be reckoned ------------------------------------------ */

static bool something_counts(const struct sentence *s)
{
	for (size_t i = 0; i < s->stays_n; i++)
		if (stay_counts(s, i, s->house_counts))
			return true;
	return false;
}

static bool cannot(const struct sentence *s, struct node *out)
{
	const char *why = NULL, *key = NULL;

	if (s->stays_n > 0 && s->dateless) {
		why = "no_date";
		key = "law.cannot.no_date";
	} else if (!something_counts(s)) {
		why = "no_custody";
		key = "law.cannot.no_custody";
	} else if (!s->term_given) {
		why = "no_term";
		key = "law.cannot.no_term";
	}
	if (why == NULL)
		return false;
	node_add_text(out, "cannot", text_of(why));
	node_add_word(out, "detail", key);
	return true;
}

/* ---- disputes and alternatives ---------------------------------------- */

static bool house_given(const struct sentence *s)
{
	for (size_t i = 0; i < s->stays_n; i++)
		if (s->asked[i].kind == CUSTODY_HOUSE && s->asked[i].credited)
			return true;
	return false;
}

/* More than the day by which the two conventions always part. */
static bool conventions_part(const struct reckoned *r)
{
	int32_t first = lower(r->end_a.n, lower(r->end_b.n, r->end_ymd.n));
	int32_t last = higher(r->end_a.n, higher(r->end_b.n,
	    r->end_ymd.n));

	return last - first > 1;
}

static void add_disputed(const struct telling *t, bool vague)
{
	const struct sentence *s = t->s;
	const struct { const char *name; bool holds; } why[] = {
		{ "credit", !vague && conventions_part(&t->r) },
		{ "clamp", !vague && t->r.clamped },
		{ "stated", !vague && t->official.n != t->r.end_a.n },
		{ "house", house_given(s) },
		{ "precision", vague },
		{ "unconfirmed_credit",
		    redemption_has(s, REDEEMED_CERTIFIED) ||
		    redemption_has(s, REDEEMED_CLAIMED) },
	};
	struct node *list = node_add_list(t->out, "disputed");

	for (size_t i = 0; i < LENGTH(why); i++)
		if (why[i].holds)
			node_add_text(list, NULL, text_of(why[i].name));
}

/* Only known days can be reckoned otherwise. */
static bool every_day_is_exact(const struct sentence *s)
{
	for (size_t i = 0; i < s->stays_n; i++)
		if (stay_counts(s, i, true) &&
		    (s->stay[i].from.precision != EXACT ||
		    s->stay[i].to.precision != EXACT))
			return false;
	return true;
}

static void add_alternative(struct node *list, const struct telling *t,
    const char *name, bool house, int32_t redeemed)
{
	struct stretch in[STRETCHES_MAX];
	size_t n = sentence_stretches(t->s, house, in);
	struct reckoned r;
	struct node *one;

	if (!sentence_reckon(t->s, in, n, redeemed, &r))
		return;
	one = node_add_object(list, NULL);
	node_add_text(one, "name", text_of(name));
	node_add_day(one, "end_a", r.end_a);
}

static void add_alternatives(const struct telling *t)
{
	const struct sentence *s = t->s;
	bool house = house_given(s) && !s->house_counts &&
	    every_day_is_exact(s);
	bool claimed = redemption_has(s, REDEEMED_CLAIMED);
	bool certified = redemption_has(s, REDEEMED_CERTIFIED);
	struct node *list;

	if (!house && !claimed && !certified)
		return;
	list = node_add_list(t->out, "alternatives");
	if (house)
		add_alternative(list, t, "house_arrest_counted", true,
		    t->redeemed);
	if (claimed)
		add_alternative(list, t, "credit_claimed", s->house_counts,
		    redeemed_days(s, REDEEMED_CLAIMED));
	if (certified)
		add_alternative(list, t, "credit_certified", s->house_counts,
		    redeemed_days(s, REDEEMED_CERTIFIED));
}

/* ---- the day of the sum ----------------------------------------------- */

static bool still_held(const struct sentence *s)
{
	for (size_t i = 0; i < s->stays_n; i++)
		if (stay_counts(s, i, s->house_counts) &&
		    !s->stay[i].to.known)
			return true;
	return false;
}

static void add_blocked(const struct telling *t)
{
	const struct sentence *s = t->s;
	struct node *list = NULL;

	for (size_t i = 0; i < s->holds_n; i++) {
		const struct hold *h = &s->hold[i];

		if (h->until.known && h->until.n < s->as_of.n)
			continue;
		if (list == NULL)
			list = node_add_list(t->out, "blocked_by");
		node_add_text(list, NULL, h->why);
	}
}

static void add_passed(const struct telling *t, day official)
{
	day as_of = t->s->as_of;

	if (!as_of.known || !still_held(t->s))
		return;
	if (as_of.n > t->alarm.n)
		node_add_bool(t->out, "alarm_passed", true);
	if (!official.known || as_of.n <= official.n)
		return;
	node_add_number(t->out, "over_days", as_of.n - official.n);
	add_blocked(t);
}

static void add_served(const struct telling *t, int32_t least, int32_t most,
    bool vague)
{
	struct node *range;

	if (!t->s->as_of.known)
		return;
	if (!vague) {
		node_add_number(t->out, "served_days", most);
		return;
	}
	range = node_add_object(t->out, "served_days");
	node_add_number(range, "earliest", least);
	node_add_number(range, "latest", most);
}

/* ---- steps ------------------------------------------------------------ */

static void step_custody(const struct telling *t, struct node *steps)
{
	const struct reckoned *r = &t->r;
	bool open = still_held(t->s) && !t->s->as_of.known;

	for (size_t i = 0; i < r->runs_n; i++) {
		day from = day_number(r->run[i].from);
		day to = day_number(r->run[i].to);

		if (open && i + 1 == r->runs_n)
			STEP(steps, "law.step.custody_open", ON(from));
		else
			STEP(steps, "law.step.custody", ON(from), ON(to),
			    NUMBER(to.n - from.n + 1));
	}
	STEP(steps, "law.step.anchor",
	    ON(day_number(r->run[r->runs_n - 1].from)));
}

static void step_term(const struct telling *t, struct node *steps)
{
	const struct sentence *s = t->s;

	if (s->life)
		STEP(steps, "law.step.life", NUMBER(s->term.months));
	else
		STEP(steps, "law.step.term", NUMBER(s->term.months),
		    NUMBER(s->term.days));
	if (s->denominator > 0)
		STEP(steps, "law.step.fraction",
		    NUMBER(s->numerator), NUMBER(s->denominator),
		    NUMBER(t->r.term.months), NUMBER(t->r.term.days));
	STEP(steps, t->r.clamped ? "law.step.full_clamped" :
	    "law.step.full", ON(t->r.full));
}

static void step_redeemed(const struct telling *t, struct node *steps)
{
	const struct sentence *s = t->s;

	for (size_t i = 0; i < s->redemptions_n; i++) {
		const struct redemption *r = &s->redemption[i];

		STEP(steps, r->state == REDEEMED_RECOGNISED ?
		    "law.step.work" : "law.step.work_unconfirmed",
		    NUMBER(r->work_days), NUMBER(r->ratio));
	}
	if (s->redemptions_n > 0)
		STEP(steps, "law.step.redeemed", NUMBER(t->redeemed));
}

static void add_steps(const struct telling *t)
{
	struct node *steps = node_add_list(t->out, "steps");
	const struct reckoned *r = &t->r;
	int32_t earlier = (int32_t)(r->runs_n - 1);

	step_custody(t, steps);
	step_term(t, steps);
	step_redeemed(t, steps);
	STEP(steps, "law.step.end_a", ON(r->full), NUMBER(r->credited),
	    NUMBER(t->redeemed), ON(r->end_a));
	STEP(steps, "law.step.end_b", ON(r->full),
	    NUMBER(r->credited - earlier), NUMBER(t->redeemed),
	    ON(r->end_b));
	if (!t->s->life)
		STEP(steps, "law.step.end_ymd", ON(r->end_ymd));
	if (t->s->stated_end.known)
		STEP(steps, "law.step.stated", ON(t->official));
	STEP(steps, "law.step.alarm", ON(t->alarm));
}

/* ---- answers ---------------------------------------------------------- */

/* Rehabilitation waits for the payment (CP 69); without it, never. */
static void add_rehabilitation(const struct telling *t)
{
	const struct sentence *s = t->s;
	day provisional, definitive;

	if (!s->rehabilitation)
		return;
	if (!s->payment.known) {
		node_add_text(t->out, "provisional", T("never"));
		node_add_text(t->out, "definitive", T("never"));
		return;
	}
	provisional = day_number(higher(t->official.n, s->payment.n) + 1);
	definitive = months_shift(provisional, REHABILITATION_MONTHS, NULL);
	node_add_day(t->out, "provisional", provisional);
	node_add_day(t->out, "definitive", definitive);
}

static void add_disqualification(const struct telling *t)
{
	day from = day_plus(t->official, 1);
	day after = term_after(from, t->s->disqualification, NULL);

	if (!t->s->disqualified)
		return;
	node_add_day(t->out, "disqualification_from", from);
	node_add_day(t->out, "disqualification_to", day_plus(after, -1));
}

static result leaves_years(struct telling *t, const char *member)
{
	return asking_refuse(t->k, REFUSED_OUT_OF_RANGE, t->in, member,
	    "its end leaves the years 1900 to 2200");
}

/* Whatever is counted on from the end stays within the years as well. */
static result check_ends(struct telling *t)
{
	const struct sentence *s = t->s;
	day from = day_plus(t->official, 1);
	day later = day_number(higher(t->official.n, s->payment.n) + 1);

	if (!day_in_range(t->official))
		return leaves_years(t, "stated_end");
	if (s->disqualified && !term_after(from, s->disqualification,
	    NULL).known)
		return leaves_years(t, "disqualification");
	if (s->rehabilitation && s->payment.known &&
	    !months_shift(later, REHABILITATION_MONTHS, NULL).known)
		return leaves_years(t, "rehabilitation");
	return OK;
}

static void tell_life(struct telling *t)
{
	node_add_day(t->out, "review_a", t->r.end_a);
	node_add_day(t->out, "review_b", t->r.end_b);
	t->alarm = day_number(lower(t->r.end_a.n, t->r.end_b.n));
	node_add_day(t->out, "alarm", t->alarm);
	add_served(t, t->r.served, t->r.served, false);
	add_passed(t, t->r.end_a);
	add_steps(t);
}

static result tell_term(struct telling *t)
{
	const struct sentence *s = t->s;
	const struct reckoned *r = &t->r;

	t->official = r->end_a;
	if (s->stated_end.known)
		t->official = day_plus(s->stated_end,
		    s->stated_includes_redemption ? 0 : -t->redeemed);
	TRY(check_ends(t));
	t->alarm = day_number(lower(lower(r->end_a.n, r->end_b.n),
	    lower(r->end_ymd.n, t->official.n)));
	node_add_number(t->out, "redeemed_days", t->redeemed);
	node_add_day(t->out, "end_a", r->end_a);
	node_add_day(t->out, "end_b", r->end_b);
	node_add_day(t->out, "end_ymd", r->end_ymd);
	node_add_day(t->out, "official", t->official);
	node_add_day(t->out, "alarm", t->alarm);
	add_disputed(t, false);
	add_alternatives(t);
	add_served(t, r->served, r->served, false);
	add_passed(t, t->official);
	add_rehabilitation(t);
	add_disqualification(t);
	add_steps(t);
	return OK;
}

static result tell_exact(struct telling *t)
{
	struct stretch in[STRETCHES_MAX];
	size_t n = sentence_stretches(t->s, t->s->house_counts, in);

	if (!sentence_reckon(t->s, in, n, t->redeemed, &t->r))
		return leaves_years(t, "term");
	node_add_number(t->out, "credited_days", t->r.credited);
	if (!t->s->life)
		return tell_term(t);
	tell_life(t);
	return OK;
}

/* ---- a range ---------------------------------------------------------- */

static void add_credited_range(const struct telling *t,
    const struct reckoned_range *range)
{
	struct node *o;

	if (range->credited.least == range->credited.most) {
		node_add_number(t->out, "credited_days",
		    range->credited.most);
		return;
	}
	o = node_add_object(t->out, "credited_days");
	node_add_number(o, "earliest", range->credited.least);
	node_add_number(o, "latest", range->credited.most);
}

static result tell_range(struct telling *t)
{
	struct reckoned_range range;
	struct node *o, *steps;

	TRY(sentence_range(t->k, t->in, t->s, &range));
	t->alarm = range.earliest;
	add_credited_range(t, &range);
	if (!t->s->life)
		node_add_number(t->out, "redeemed_days", t->redeemed);
	node_add_day(t->out, "alarm", t->alarm);
	if (!t->s->life)
		add_disputed(t, true);
	add_served(t, range.served.least, range.served.most, true);
	add_passed(t, (day){ 0 });
	o = node_add_object(t->out, "range");
	node_add_day(o, "earliest", range.earliest);
	node_add_day(o, "latest", range.latest);
	if (!range.exact)
		node_add_bool(t->out, "range_exact", false);
	steps = node_add_list(t->out, "steps");
	STEP(steps, range.exact ? "law.step.range" :
	    "law.step.range_edges", ON(range.earliest), ON(range.latest));
	STEP(steps, "law.step.alarm", ON(t->alarm));
	return OK;
}

result sentence_answer(struct asker *k, const struct node *in,
    struct node *out)
{
	struct sentence *s = arena_take(k->arena, sizeof(*s));
	struct telling *t = arena_take(k->arena, sizeof(*t));

	NEED(s);
	NEED(t);
	TRY(sentence_read(k, in, s));
	if (cannot(s, out))
		return node_whole(out);
	*t = (struct telling){ .k = k, .in = in, .s = s, .out = out,
		.redeemed = redeemed_days(s, REDEEMED_RECOGNISED) };
	if (s->vague)
		TRY(tell_range(t));
	else
		TRY(tell_exact(t));
	return node_whole(out);
}
