/* Redemption by work: what the law of its days gives for it. */
#include "sentence.h"

enum { RATIO_MAX = 7 };

struct redemption_asked {
	day from, to, applied;
	text offence;
	whole work_days, ratio;
	bool by_law, authorised;
};

static result read_members(struct asker *k, const struct node *o,
    struct redemption_asked *q, struct redemption *ret)
{
	static const char *const members[] = { "from", "to", "work_days",
		"offence", "applied", "ratio", "state", "work", "authorised",
		NULL };
	static const char *const states[] = { "recognised", "certified",
		"claimed", NULL };
	static const char *const of_the_law[] = { "from", "to", "offence",
		"applied", "authorised" };
	size_t state = REDEEMED_RECOGNISED;

	TRY(asking_only(k, o, members));
	for (size_t i = 0; i < LENGTH(of_the_law); i++)
		if (node_find(o, of_the_law[i]) != NULL)
			q->by_law = true;
	TRY(asking_number(k, o, "work_days", ASKING_MUST,
	    (struct asking_range){ 0, LAW_TERM_DAYS_MAX }, &q->work_days));
	TRY(asking_number(k, o, "ratio", q->by_law ? ASKING_MAY :
	    ASKING_MUST, (struct asking_range){ 1, RATIO_MAX }, &q->ratio));
	TRY(asking_word(k, o, "state", ASKING_MAY, states, &state));
	TRY(asking_text(k, o, "work", ASKING_MAY, &ret->work));
	ret->state = (enum redemption_state)state;
	ret->work_days = (int32_t)q->work_days.value;
	ret->ratio = (int32_t)q->ratio.value;
	return OK;
}

static result read_by_law(struct asker *k, const struct node *o,
    const struct sentence *s, struct redemption_asked *q)
{
	static const char *const offences[] = { "terrorism", "common",
		NULL };
	size_t offence = 0;

	TRY(asking_day(k, o, "from", ASKING_MUST, &q->from));
	TRY(asking_day(k, o, "to", ASKING_MUST, &q->to));
	TRY(asking_word(k, o, "offence", ASKING_MUST, offences, &offence));
	TRY(asking_day(k, o, "applied", ASKING_MAY, &q->applied));
	TRY(asking_flag(k, o, "authorised", &q->authorised));
	q->offence = text_of(offences[offence]);
	if (q->to.n < q->from.n)
		return asking_refuse(k, REFUSED_CONFLICT, o, "to",
		    "it ends before it begins");
	if (s->life && offence == 0)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, o, "offence",
		    "a life sentence for terrorism is not shortened");
	return OK;
}

static const struct law_credit *credit_on(const struct law *law,
    text offence, day d)
{
	for (size_t i = 0; i < law->credits_n; i++) {
		const struct law_credit *c = &law->credit[i];

		if (text_same(c->offence, offence) && d.n >= c->from.n &&
		    (!c->to.known || d.n <= c->to.n))
			return c;
	}
	return NULL;
}

/*
 * The row in force; one that ended the benefit leaves it to whoever had
 * applied before (Ley 29423, only transitory provision).
 */
static result credit_of(struct asker *k, const struct node *o,
    const struct redemption_asked *q, const struct law_credit **ret)
{
	const struct law_credit *c = credit_on(k->law, q->offence, q->from);
	const struct law_credit *before = NULL;

	if (c == NULL)
		return asking_refuse(k, REFUSED_NOT_IN_FORCE, o, "from",
		    "no rule of redemption is known for that day");
	if (c->to.known && q->to.n > c->to.n)
		return asking_refuse(k, REFUSED_CONFLICT, o, "to",
		    "the law changed within these days: give one window "
		    "for each");
	if (c->mode == CREDIT_NONE && q->applied.known &&
	    q->applied.n < c->from.n)
		before = credit_on(k->law, q->offence, day_plus(c->from,
		    -1));
	if (before != NULL && before->mode == CREDIT_FIXED)
		c = before;
	if (c->mode == CREDIT_NONE)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, o, "from",
		    "no redemption in those days: %.*s", (int)c->basis.n,
		    c->basis.p);
	*ret = c;
	return OK;
}

static result check_ratio(struct asker *k, const struct node *o,
    const struct redemption_asked *q, const struct law_credit *c,
    struct redemption *ret)
{
	if (c->mode == CREDIT_FIXED) {
		if (q->ratio.known)
			return asking_refuse(k, REFUSED_NOT_ALLOWED, o,
			    "ratio", "the law of those days fixes it: %d",
			    (int)c->ratio);
		ret->ratio = c->ratio;
		return OK;
	}
	if (!q->ratio.known)
		return asking_refuse(k, REFUSED_MISSING, o, "ratio",
		    "it depends on the stage of the prisoner: 1 to %d",
		    (int)RATIO_MAX);
	return OK;
}

/* Reg. CEP 175: neither Sundays nor feasts, unless authorised. */
static result check_days(struct asker *k, const struct node *o,
    const struct redemption_asked *q)
{
	int64_t open = 0;

	for (day d = q->from; d.n <= q->to.n && open < q->work_days.value;
	    d = day_plus(d, 1))
		open += day_weekday(d) != 6 && !law_is_feast(k->law, d);
	if (open >= q->work_days.value || q->authorised)
		return OK;
	return asking_refuse(k, REFUSED_CONFLICT, o, "work_days",
	    "only %lld of these days are neither Sunday nor feast; more "
	    "need authorised: true", (long long)open);
}

/* One piece of work has one row at each stage, and they never add up. */
static result check_stage(struct asker *k, const struct node *o,
    const struct sentence *s, const struct redemption *r)
{
	for (size_t i = 0; i < s->redemptions_n; i++)
		if (r->work.n > 0 &&
		    text_same(s->redemption[i].work, r->work) &&
		    s->redemption[i].state == r->state)
			return asking_refuse(k, REFUSED_CONFLICT, o, "work",
			    "this work stands here twice at one stage");
	return OK;
}

result redemption_read(struct asker *k, const struct node *in,
    struct sentence *ret)
{
	const struct node *list = NULL;

	TRY(asking_list(k, in, "redemption", ASKING_MAY, REDEMPTIONS_MAX,
	    &list));
	for (const struct node *o = list == NULL ? NULL : list->first;
	    o != NULL; o = o->next) {
		struct redemption_asked q = { 0 };
		struct redemption r = { 0 };
		const struct law_credit *c = NULL;

		TRY(read_members(k, o, &q, &r));
		if (q.by_law) {
			TRY(read_by_law(k, o, ret, &q));
			TRY(credit_of(k, o, &q, &c));
			TRY(check_ratio(k, o, &q, c, &r));
			TRY(check_days(k, o, &q));
		}
		TRY(check_stage(k, o, ret, &r));
		ret->redemption[ret->redemptions_n++] = r;
	}
	return OK;
}

/* ---- days ------------------------------------------------------------- */

bool redemption_has(const struct sentence *s, enum redemption_state state)
{
	for (size_t i = 0; i < s->redemptions_n; i++)
		if (s->redemption[i].state == state)
			return true;
	return false;
}

/* Is there a row of the same work at that stage? */
static bool replaced(const struct sentence *s, const struct redemption *r,
    enum redemption_state state)
{
	for (size_t i = 0; i < s->redemptions_n && r->work.n > 0; i++)
		if (s->redemption[i].state == state &&
		    text_same(s->redemption[i].work, r->work))
			return true;
	return false;
}

int32_t redeemed_days(const struct sentence *s, enum redemption_state state)
{
	int32_t work[RATIO_MAX + 1] = { 0 };
	int32_t days = 0;

	for (size_t i = 0; i < s->redemptions_n; i++) {
		const struct redemption *r = &s->redemption[i];

		if (r->state == state || (r->state == REDEEMED_RECOGNISED &&
		    !replaced(s, r, state)))
			work[r->ratio] += r->work_days;
	}
	/* Days of one ratio are added before they are divided. */
	for (int32_t ratio = 1; ratio <= RATIO_MAX; ratio++)
		days += work[ratio] / ratio;
	return days;
}
