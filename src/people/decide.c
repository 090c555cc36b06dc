#include "people.h"

#include <string.h>

static void
problem(struct arena *a, struct problems *p, const char *prefix,
    const char *field, const char *key)
{
	text name = arena_format(a, "%s%s", prefix, field);

	if (name.p != NULL && !problem_has(p, name))
		problem_add(p, name, key, NULL, 0);
}

/* The last day that an imprecise date may be. */
static int32_t
latest(day d)
{
	ymd at = day_ymd(d);

	switch ((enum precision)d.precision) {
	case EXACT:
		return d.n;
	case MONTH:
		return day_of(at.year, at.month,
		    days_in_month(at.year, at.month)).n;
	case YEAR:
	case ESTIMATED:
		return day_of(at.year, 12, 31).n;
	}
	return d.n;
}

void
person_decide(struct arena *a, const struct person *p, const char *prefix,
    day today, struct problems *problems)
{
	if (p->birth_date.known && p->birth_date.n > today.n)
		problem(a, problems, prefix, "birth_date",
		    "problem.day_ahead");
	if (p->died_on.known && p->died_on.n > today.n)
		problem(a, problems, prefix, "died_on", "problem.day_ahead");
	if (p->birth_date.known && p->died_on.known &&
	    latest(p->died_on) < p->birth_date.n)
		problem(a, problems, prefix, "died_on",
		    "problem.died_before_birth");
	if (p->legal_hold.known && p->legal_hold.value &&
	    p->legal_hold_reason.n == 0)
		problem(a, problems, prefix, "legal_hold_reason",
		    "problem.hold_reason");
}

void
person_name_decide(struct arena *a, const struct person_name *n,
    const char *prefix, struct problems *problems)
{
	if (n->given.n == 0 && n->first_surname.n == 0 &&
	    n->second_surname.n == 0)
		problem(a, problems, prefix, "given", "problem.name_empty");
}

/* ---- identifiers ------------------------------------------------------ */

static text
only_signs(struct arena *a, text typed)
{
	char *out = arena_take(a, typed.n + 1);
	size_t n = 0;

	if (out == NULL)
		return T("");
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
			out[n++] = c;
		else if (c != ' ' && c != '-' && c != '.')
			return typed;	/* the pattern will refuse it */
	}
	return (text){ out, n };
}

/*
 * Patterns of codes.csv are ^[set]{n}$ or ^[set]{n,m}$ with the sets 0-9
 * and 0-9A-Z: read as such, so that no general matcher is needed.
 */
static bool
pattern_fits(text pattern, text value)
{
	bool letters = false;
	text rest = pattern;
	text part;
	int64_t least;
	int64_t most;

	if (!text_starts(pattern, T("^[")) || !text_ends(pattern, T("}$")))
		return false;
	part = text_cut(&rest, ']');
	letters = text_ends(part, T("A-Z"));
	if (rest.n < 3 || rest.p[0] != '{')
		return false;
	rest = (text){ rest.p + 1, rest.n - 3 };	/* without { and }$ */
	part = text_cut(&rest, ',');
	if (!text_integer(part, &least))
		return false;
	most = least;
	if (rest.n > 0 && !text_integer(rest, &most))
		return false;
	if (least < 0 || most < least)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (!(c >= '0' && c <= '9') &&
		    !(letters && c >= 'A' && c <= 'Z'))
			return false;
	}
	return value.n >= (size_t)least && value.n <= (size_t)most;
}

result
identifier_decide(struct arena *a, const struct codes *codes,
    struct person_identifier *i, const char *prefix,
    struct problems *problems)
{
	const struct code *kind = codes_find(codes, "identifier_kind",
	    i->kind);
	text value = only_signs(a, i->value);

	if (i->value.n == 0 || kind == NULL)
		return OK;		/* said by the check of the fields */
	NEED(value.p);
	if (text_same(i->kind, T("dni")) && value.n == 9)
		value.n = 8;
	if (kind->note.n > 0 && kind->note.p[0] == '^' &&
	    !pattern_fits(kind->note, value)) {
		problem(a, problems, prefix, "value",
		    text_same(i->kind, T("dni")) ? "problem.dni" :
		    text_same(i->kind, T("le")) ? "problem.le" :
		    "problem.identifier");
		return OK;
	}
	i->value = value;
	return OK;
}

/* ---- contact ---------------------------------------------------------- */

static bool
clock_read(text t, int *ret_minutes)
{
	text rest = t;
	text hour = text_cut(&rest, ':');
	int64_t h;
	int64_t m;

	if (hour.n != 2 || rest.n != 2 || !text_integer(hour, &h) ||
	    !text_integer(rest, &m) || h > 23 || m > 59 || h < 0 || m < 0)
		return false;
	*ret_minutes = (int)(h * 60 + m);
	return true;
}

void
contact_point_decide(struct arena *a, const struct contact_point *c,
    const char *prefix, struct problems *problems)
{
	int minutes;

	if (c->not_after.n > 0 && !clock_read(c->not_after, &minutes))
		problem(a, problems, prefix, "not_after", "problem.clock");
	if (text_same(c->kind, T("message")) && c->through.n == 0)
		problem(a, problems, prefix, "through",
		    "problem.message_through");
	if (c->do_not_call.known && c->do_not_call.value && c->risk.n == 0)
		problem(a, problems, prefix, "risk",
		    "problem.do_not_call_why");
}

const char *
contact_point_warning(const struct contact_point *c, instant now)
{
	int hour;
	int minute;
	int until;

	if (c->do_not_call.known && c->do_not_call.value)
		return "contact.warning.do_not_call";
	if (c->valid_to.known && c->valid_to.n <= instant_day(now).n)
		return "contact.warning.no_longer";
	instant_clock(now, &hour, &minute);
	if (clock_read(c->not_after, &until) && hour * 60 + minute > until)
		return "contact.warning.late";
	if (text_same(c->may_say, T("nothing")))
		return "contact.warning.say_nothing";
	return NULL;
}

static bool
listed(const texts *list, text code)
{
	for (size_t i = 0; i < list->n; i++) {
		if (text_same(list->p[i], code))
			return true;
	}
	return false;
}

void
relation_decide(struct arena *a, const struct relation *r,
    const char *prefix, struct problems *problems)
{
	bool some = text_same(r->mandate, T("topics"));

	if (some && r->topics.n == 0)
		problem(a, problems, prefix, "topics",
		    "problem.mandate_topics");
	if (!some && r->topics.n > 0)
		problem(a, problems, prefix, "topics",
		    "problem.topics_without_mandate");
	for (size_t i = 0; i < r->topics.n; i++) {
		if (listed(&r->not_to_know, r->topics.p[i]))
			problem(a, problems, prefix, "not_to_know",
			    "problem.topic_both");
	}
	if (r->name.n == 0 && r->given.n == 0 &&
	    id_none(r->other_person_id.raw))
		problem(a, problems, prefix, "name",
		    "problem.relation_nobody");
}

enum may_tell
relation_may_tell(const struct relation *r, day today)
{
	if (r->mandate_until.known && r->mandate_until.n < today.n)
		return TELL_NOTHING;
	if (text_same(r->mandate, T("yes")))
		return TELL_ALL;
	if (text_same(r->mandate, T("topics")))
		return TELL_TOPICS;
	return TELL_NOTHING;	/* not known is treated as no */
}

void
consent_decide(struct arena *a, const struct consent *c, const char *prefix,
    day today, struct problems *problems)
{
	bool given = text_same(c->state, T("given"));
	bool withdrawn = text_same(c->state, T("withdrawn"));

	if (given && !c->given_on.known)
		problem(a, problems, prefix, "given_on",
		    "problem.consent_day");
	if (given && c->how.n == 0)
		problem(a, problems, prefix, "how", "problem.consent_how");
	if (withdrawn && !c->withdrawn_on.known)
		problem(a, problems, prefix, "withdrawn_on",
		    "problem.consent_withdrawn_day");
	if (c->given_on.known && c->given_on.n > today.n)
		problem(a, problems, prefix, "given_on",
		    "problem.day_ahead");
	if (c->withdrawn_on.known && c->withdrawn_on.n > today.n)
		problem(a, problems, prefix, "withdrawn_on",
		    "problem.day_ahead");
	if (c->withdrawn_on.known && c->given_on.known &&
	    c->withdrawn_on.n < c->given_on.n)
		problem(a, problems, prefix, "withdrawn_on",
		    "problem.withdrawn_before_given");
}

void
contact_log_decide(struct arena *a, const struct contact_log *c,
    const char *prefix, instant now, struct problems *problems)
{
	enum { MINUTES_AHEAD = 5 };

	if (c->at.known && c->at.ms > now.ms + MINUTES_AHEAD * 60000)
		problem(a, problems, prefix, "at", "problem.call_ahead");
	if (c->call_back_at.known && id_none(c->call_back_by.raw))
		problem(a, problems, prefix, "call_back_by",
		    "problem.call_back_who");
	if (!c->call_back_at.known && !id_none(c->call_back_by.raw))
		problem(a, problems, prefix, "call_back_at",
		    "problem.call_back_when");
	if (text_same(c->mandate, T("topics")) && c->topics.n == 0)
		problem(a, problems, prefix, "topics",
		    "problem.mandate_topics");
}

day
birth_from_age(int64_t age, day today)
{
	day birth = day_of(day_ymd(today).year - (int)age, 1, 1);

	birth.precision = ESTIMATED;
	return birth;
}
