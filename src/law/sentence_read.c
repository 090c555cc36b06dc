/* The question of kind `sentence`: its members, and what cannot stand
 * together. */
#include "sentence.h"

static result read_term(struct asker *k, const struct node *in,
    struct sentence *s)
{
	const struct node *o = node_find(in, "term");

	if (o == NULL)
		return OK;
	s->term_given = true;
	if (o->kind == NODE_TEXT) {
		if (!text_same(o->text, T("life")))
			return asking_refuse(k, REFUSED_UNKNOWN_VALUE, in,
			    "term", "a term, or \"life\"");
		s->life = true;
		s->term = (struct law_term){ LIFE_REVIEW_MONTHS, 0 };
		return OK;
	}
	return term_read(k, o, &s->term);
}

/* Months with months, days with days. */
static result read_consecutive(struct asker *k, const struct node *in,
    struct sentence *s)
{
	const struct node *list = NULL;

	TRY(asking_list(k, in, "consecutive", ASKING_MAY, CONSECUTIVE_MAX,
	    &list));
	if (list == NULL || list->n == 0)
		return OK;
	if (s->life)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in,
		    "consecutive", "nothing is added to a life sentence");
	for (const struct node *o = list->first; o != NULL; o = o->next) {
		struct law_term more;

		TRY(term_read(k, o, &more));
		s->term.months += more.months;
		s->term.days += more.days;
		if (s->term.months > LAW_TERM_MONTHS_MAX ||
		    s->term.days > LAW_TERM_DAYS_MAX)
			return asking_refuse(k, REFUSED_OUT_OF_RANGE, o, "",
			    "the terms together are at most a hundred "
			    "years");
	}
	return OK;
}

static result read_stay(struct asker *k, const struct node *o,
    struct sentence *s)
{
	static const char *const members[] = { "from", "to", "kind",
		"credited", NULL };
	static const char *const kinds[] = { "police", "prison",
		"preventive", "house", "extradition", NULL };
	struct custody_period *stay = &s->stay[s->stays_n];
	struct stay_asked *asked = &s->asked[s->stays_n];
	size_t kind = CUSTODY_PRISON;

	asked->credited = true;
	TRY(asking_only(k, o, members));
	TRY(asking_day_vague(k, o, "from", ASKING_MAY, &stay->from));
	TRY(asking_day_vague(k, o, "to", ASKING_MAY, &stay->to));
	TRY(asking_word(k, o, "kind", ASKING_MAY, kinds, &kind));
	TRY(asking_flag(k, o, "credited", &asked->credited));
	asked->kind = (enum custody_kind)kind;
	if (!stay->from.known)
		s->dateless = true;
	s->stays_n++;
	return OK;
}

static result read_custody(struct asker *k, const struct node *in,
    struct sentence *s)
{
	const struct node *list = NULL;
	struct custody_sum sum;

	TRY(asking_list(k, in, "custody", ASKING_MAY, CUSTODY_PERIODS_MAX,
	    &list));
	for (const struct node *o = list == NULL ? NULL : list->first;
	    o != NULL; o = o->next)
		TRY(read_stay(k, o, s));
	for (size_t i = 0; i < s->stays_n; i++)
		if (stay_counts(s, i, s->house_counts) &&
		    (s->stay[i].from.precision != EXACT ||
		    s->stay[i].to.precision != EXACT))
			s->vague = true;
	if (s->dateless)
		return OK;
	/* A release before its arrest, two open, after the day of the sum. */
	return custody_merge(k->arena, s->stay, s->stays_n, s->as_of, &sum,
	    k->no);
}

static result read_revocation(struct asker *k, const struct node *in,
    struct sentence *s)
{
	static const char *const members[] = { "released", "revoked",
		"cause", NULL };
	static const char *const causes[] = { "new_crime", "breach", NULL };
	const struct node *o = NULL;
	size_t cause = 0;
	bool found = s->dateless;

	TRY(asking_object(k, in, "revocation", ASKING_MAY, &o));
	if (o == NULL)
		return OK;
	TRY(asking_only(k, o, members));
	TRY(asking_day(k, o, "released", ASKING_MUST,
	    &s->revocation.released));
	TRY(asking_day(k, o, "revoked", ASKING_MUST,
	    &s->revocation.revoked));
	TRY(asking_word(k, o, "cause", ASKING_MUST, causes, &cause));
	s->revocation.breach = cause == 1;
	for (size_t i = 0; i < s->stays_n; i++)
		found = found || day_same(s->stay[i].to,
		    s->revocation.released);
	if (!found)
		return asking_refuse(k, REFUSED_CONFLICT, o, "released",
		    "it must be the last day of a custody");
	if (s->revocation.revoked.n < s->revocation.released.n)
		return asking_refuse(k, REFUSED_CONFLICT, o, "revoked",
		    "it cannot be before the release");
	if (s->as_of.known && s->revocation.revoked.n > s->as_of.n)
		return asking_refuse(k, REFUSED_CONFLICT, o, "revoked",
		    "it is after the day of the sum");
	return OK;
}

/* "3/4": above nothing, at most the whole. */
static result read_fraction(struct asker *k, const struct node *in,
    struct sentence *s)
{
	enum { PART_MAX = 1000 };
	text all = { 0 };
	text below, above;
	int64_t n, d;

	TRY(asking_text(k, in, "fraction", ASKING_MAY, &all));
	if (all.p == NULL)
		return OK;
	below = all;
	above = text_cut(&below, '/');
	if (!text_integer(above, &n) || !text_integer(below, &d))
		return asking_refuse(k, REFUSED_WRONG_TYPE, in, "fraction",
		    "a fraction is needed, \"3/4\"");
	if (n < 1 || d < n || d > PART_MAX)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in,
		    "fraction", "above nothing and at most the whole, its "
		    "parts at most %d", (int)PART_MAX);
	if (s->life || s->stated_end.known || s->rehabilitation ||
	    s->disqualified)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in, "fraction",
		    "not beside %s", s->life ? "a life sentence" :
		    s->stated_end.known ? "stated_end" :
		    s->rehabilitation ? "rehabilitation" :
		    "disqualification");
	s->numerator = (int32_t)n;
	s->denominator = (int32_t)d;
	return OK;
}

static result read_holds(struct asker *k, const struct node *in,
    struct sentence *s)
{
	static const char *const members[] = { "until", "why", NULL };
	const struct node *list = NULL;

	TRY(asking_list(k, in, "other_holds", ASKING_MAY, HOLDS_MAX, &list));
	for (const struct node *o = list == NULL ? NULL : list->first;
	    o != NULL; o = o->next) {
		struct hold *h = &s->hold[s->holds_n++];

		TRY(asking_only(k, o, members));
		TRY(asking_day(k, o, "until", ASKING_MAY, &h->until));
		TRY(asking_text(k, o, "why", ASKING_MUST, &h->why));
	}
	return OK;
}

/* A life sentence has no end from which these could run. */
static result refuse_with_life(struct asker *k, const struct node *in,
    const struct sentence *s)
{
	const struct { const char *name; bool given; } ends[] = {
		{ "stated_end", s->stated_end.known },
		{ "rehabilitation", s->rehabilitation },
		{ "disqualification", s->disqualified },
	};

	for (size_t i = 0; s->life && i < LENGTH(ends); i++)
		if (ends[i].given)
			return asking_refuse(k, REFUSED_NOT_ALLOWED, in,
			    ends[i].name,
			    "a life sentence has no end, only a review");
	return OK;
}

static result read_ends(struct asker *k, const struct node *in,
    struct sentence *s)
{
	const struct node *more = NULL;

	TRY(asking_day(k, in, "stated_end", ASKING_MAY, &s->stated_end));
	TRY(asking_flag(k, in, "stated_includes_redemption",
	    &s->stated_includes_redemption));
	TRY(asking_day(k, in, "payment", ASKING_MAY, &s->payment));
	TRY(asking_flag(k, in, "rehabilitation", &s->rehabilitation));
	TRY(asking_object(k, in, "disqualification", ASKING_MAY, &more));
	s->disqualified = more != NULL;
	if (more != NULL)
		TRY(term_read(k, more, &s->disqualification));
	return refuse_with_life(k, in, s);
}

result sentence_read(struct asker *k, const struct node *in,
    struct sentence *ret)
{
	static const char *const members[] = { "term", "consecutive",
		"custody", "house_arrest_counts", "revocation", "redemption",
		"stated_end", "stated_includes_redemption", "fraction",
		"other_holds", "payment", "rehabilitation",
		"disqualification", "as_of", NULL };

	ret->stated_includes_redemption = true;
	TRY(asking_only(k, in, members));
	TRY(asking_day(k, in, "as_of", ASKING_MAY, &ret->as_of));
	TRY(read_term(k, in, ret));
	TRY(read_consecutive(k, in, ret));
	TRY(asking_flag(k, in, "house_arrest_counts", &ret->house_counts));
	TRY(read_custody(k, in, ret));
	TRY(read_revocation(k, in, ret));
	TRY(redemption_read(k, in, ret));
	TRY(read_ends(k, in, ret));
	TRY(read_fraction(k, in, ret));
	return read_holds(k, in, ret);
}
