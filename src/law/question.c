#include "question.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DETAIL_MAX = 512 };

MUST_USE PRINTF_LIKE(4, 5)
static result no(struct asked *k, enum refusal_code code, text pointer,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	result r = refusal_say_args(k->arena, k->refusal, code, pointer,
	    format, args);
	va_end(args);
	return r;
}

static text at(const struct asked *k, const char *list, size_t i,
    const char *member)
{
	return arena_format(k->arena, "/%s/%zu%s%s", list, i,
	    member[0] == '\0' ? "" : "/", member);
}

static int shown(text t)
{
	return t.n > 40 ? 40 : (int)t.n;
}

bool rule_in_force(const struct law_rule *r, day d)
{
	return (!r->in_force_from.known || d.n >= r->in_force_from.n) &&
	    (!r->in_force_to.known || d.n <= r->in_force_to.n);
}

bool rule_same_place(const struct law_rule *a, const struct law_rule *b)
{
	return text_same(a->rule, b->rule) && text_same(a->step, b->step) &&
	    text_same(a->variant, b->variant);
}

const struct law_rule *question_step(const struct law *law,
    const struct law_rule *like, text step)
{
	for (size_t i = 0; i < law->rules_n; i++) {
		const struct law_rule *r = &law->rule[i];

		if (text_same(r->rule, like->rule) &&
		    text_same(r->variant, like->variant) &&
		    text_same(r->step, step) && r->reading.n == 0)
			return r;
	}
	return NULL;
}

const struct law_happened *question_happened(
    const struct deadline_question *q, text step)
{
	for (size_t i = 0; i < q->happened_n; i++)
		if (text_same(q->happened[i].step, step))
			return &q->happened[i];
	return NULL;
}

/* What could have been said instead, each once, in the file's order. */
static texts choices(struct asked *k, const text *variant)
{
	text *p = arena_array(k->arena, k->law->rules_n, sizeof(*p));
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < k->law->rules_n; i++) {
		const struct law_rule *r = &k->law->rule[i];
		text word = variant == NULL ? r->variant : r->step;
		bool seen = word.n == 0 || !text_same(r->rule, k->q->rule) ||
		    (variant != NULL && !text_same(r->variant, *variant));

		for (size_t j = 0; j < n; j++)
			seen = seen || text_same(p[j], word);
		if (!seen)
			p[n++] = word;
	}
	return (texts){ p, n };
}

static const char *list_of(const struct asked *k, texts words)
{
	struct buf b = buf_new(DETAIL_MAX);
	text t;

	for (size_t i = 0; i < words.n; i++) {
		buf_format(&b, i == 0 ? "" : ", ");
		buf_text(&b, words.p[i]);
	}
	t = b.failed ? T("…") : arena_text(k->arena, buf_view(&b));
	buf_free(&b);
	return t.p == NULL || t.n == 0 ? "none" : t.p;
}

static const struct law_rule *row_of(const struct asked *k)
{
	const struct deadline_question *q = k->q;

	for (size_t i = 0; i < k->law->rules_n; i++) {
		const struct law_rule *r = &k->law->rule[i];

		if (text_same(r->rule, q->rule) && r->reading.n == 0 &&
		    text_same(r->variant, q->variant) &&
		    (q->step.n == 0 || text_same(r->step, q->step)))
			return r;
	}
	return NULL;
}

static bool named(const struct asked *k, const text *variant)
{
	for (size_t i = 0; i < k->law->rules_n; i++)
		if (text_same(k->law->rule[i].rule, k->q->rule) &&
		    (variant == NULL ||
		    text_same(k->law->rule[i].variant, *variant)))
			return true;
	return false;
}

static result find_row(struct asked *k)
{
	const struct deadline_question *q = k->q;

	k->row = row_of(k);
	if (k->row != NULL)
		return OK;
	if (q->rule.n == 0)
		return no(k, REFUSED_MISSING, T("/rule"), "which rule?");
	if (!named(k, NULL))
		return no(k, REFUSED_UNKNOWN_VALUE, T("/rule"),
		    "no rule is called %.*s: column `rule` of rules.csv has "
		    "the names", shown(q->rule), q->rule.p);
	if (!named(k, &q->variant)) {
		k->refusal->about = choices(k, NULL);
		if (q->variant.n == 0)
			return no(k, REFUSED_MISSING, T("/variant"),
			    "%.*s has no usual case; name one of: %s",
			    shown(q->rule), q->rule.p,
			    list_of(k, k->refusal->about));
		return no(k, REFUSED_UNKNOWN_VALUE, T("/variant"),
		    "%.*s knows these variants: %s", shown(q->rule),
		    q->rule.p, list_of(k, k->refusal->about));
	}
	k->refusal->about = choices(k, &q->variant);
	return no(k, REFUSED_UNKNOWN_VALUE, T("/step"),
	    "%.*s has these steps: %s", shown(q->rule), q->rule.p,
	    list_of(k, k->refusal->about));
}

/* An exact day in range, or the refusal of it. */
static result check_day(struct asked *k, day d, text pointer)
{
	if (!d.known)
		return no(k, REFUSED_MISSING, pointer, "a day is needed");
	if (d.precision != EXACT)
		return no(k, REFUSED_NOT_A_DATE, pointer,
		    "the whole day is needed, not a month or a year");
	if (d.n < law_day_first().n || d.n > law_day_last().n)
		return no(k, REFUSED_OUT_OF_RANGE, pointer,
		    "days are those of 1900 to 2200");
	return OK;
}

static result check_in_force(struct asked *k)
{
	const struct law_rule *row = k->row;
	const char *asked = list_of(k, (texts){ &row->rule, 1 });
	const char *on = day_iso(k->arena, k->trigger.day).p;
	const char *from = day_iso(k->arena, row->in_force_from).p;
	const char *to = day_iso(k->arena, row->in_force_to).p;

	if (rule_in_force(row, k->trigger.day))
		return OK;
	if (on == NULL || from == NULL || to == NULL)
		return fault(NO_MEMORY);
	k->refusal->from = row->in_force_from;
	k->refusal->to = row->in_force_to;
	for (size_t i = 0; i < k->law->rules_n; i++) {
		const struct law_rule *r = &k->law->rule[i];

		if (!text_same(r->family, row->family) ||
		    text_same(r->rule, row->rule) ||
		    !rule_in_force(r, k->trigger.day))
			continue;
		k->refusal->about = (texts){ &r->rule, 1 };
		return no(k, REFUSED_NOT_IN_FORCE, T("/trigger"),
		    "%s was not in force on %s: %s was", asked, on,
		    list_of(k, k->refusal->about));
	}
	return no(k, REFUSED_NOT_IN_FORCE, T("/trigger"),
	    "%s was not in force on %s, only from %s%s%s", asked, on, from,
	    to[0] == '\0' ? "" : " to ", to);
}

static result check_trigger(struct asked *k)
{
	const struct deadline_question *q = k->q;
	/* 0001-01-01 to 9999-12-31 by far: no day outside of an int32. */
	const int64_t ms_max = INT64_C(4000) * 366 * 86400 * 1000;

	k->trigger = (struct law_moment){ .day = q->trigger };
	if (q->trigger_at.known) {
		if (q->trigger_at.ms > ms_max || q->trigger_at.ms < -ms_max)
			return no(k, REFUSED_OUT_OF_RANGE, T("/trigger"),
			    "days are those of 1900 to 2200");
		k->trigger.at = q->trigger_at;
		k->trigger.day = instant_day(q->trigger_at);
	}
	TRY(check_day(k, k->trigger.day, T("/trigger")));
	TRY(check_in_force(k));
	if (k->row->count == LAW_HRS && !q->trigger_at.known)
		return no(k, REFUSED_WRONG_TYPE, T("/trigger"),
		    "this term runs in hours: the hour is needed");
	return OK;
}

static result check_service(struct asked *k)
{
	const struct deadline_question *q = k->q;
	/* Ley 30229; [W] by data/README.md. */
	day since = day_of(2014, 7, 12);

	if (q->served_by == LAW_ELECTRONIC) {
		if (!k->row->box)
			return no(k, REFUSED_NOT_ALLOWED, T("/served_by"),
			    "no notice by electronic box starts this term");
		if (k->trigger.day.n < since.n)
			return no(k, REFUSED_NOT_ALLOWED, T("/served_by"),
			    "there is an electronic box only since "
			    "2014-07-12");
	}
	if (!q->distance_days.known)
		return OK;
	if (!k->row->distance)
		return no(k, REFUSED_NOT_ALLOWED, T("/distance_days"),
		    "no days for distance are added to this term");
	if (q->distance_days.value < 0 ||
	    q->distance_days.value > LAW_DISTANCE_MAX)
		return no(k, REFUSED_OUT_OF_RANGE, T("/distance_days"),
		    "0 to %d", (int)LAW_DISTANCE_MAX);
	return OK;
}

static result check_extra(struct asked *k)
{
	const struct law_extra *e = &k->q->extra;

	if (e->district.n > 0 && !text_same(e->district, T("none")) &&
	    !law_area_known(k->law, e->district))
		return no(k, REFUSED_UNKNOWN_VALUE, T("/district"),
		    "no suspension knows a district %.*s; `none` is allowed",
		    shown(e->district), e->district.p);
	if (e->suspensions_n > LAW_EXTRA_MAX)
		return no(k, REFUSED_TOO_LARGE, T("/suspensions"), "at most %d",
		    (int)LAW_EXTRA_MAX);
	for (size_t i = 0; i < e->suspensions_n; i++) {
		TRY(check_day(k, e->suspensions[i].from,
		    at(k, "suspensions", i, "from")));
		TRY(check_day(k, e->suspensions[i].to,
		    at(k, "suspensions", i, "to")));
		if (e->suspensions[i].to.n < e->suspensions[i].from.n)
			return no(k, REFUSED_CONFLICT,
			    at(k, "suspensions", i, "to"),
			    "it ends before it begins");
	}
	if (e->closed_days_n > LAW_CLOSED_MAX)
		return no(k, REFUSED_TOO_LARGE, T("/closed_days"), "at most %d",
		    (int)LAW_CLOSED_MAX);
	for (size_t i = 0; i < e->closed_days_n; i++)
		TRY(check_day(k, e->closed_days[i].date,
		    at(k, "closed_days", i, "date")));
	return OK;
}

/* "/happened/answer", with the escapes of RFC 6901. */
static text at_happened(const struct asked *k, text step)
{
	struct buf b = buf_new(DETAIL_MAX);
	text t;

	buf_text(&b, T("/happened/"));
	for (size_t i = 0; i < step.n; i++) {
		if (step.p[i] == '~')
			buf_text(&b, T("~0"));
		else if (step.p[i] == '/')
			buf_text(&b, T("~1"));
		else
			buf_char(&b, step.p[i]);
	}
	t = b.failed ? T("/happened") : arena_text(k->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

static bool something_follows(const struct asked *k, text step)
{
	for (size_t i = 0; i < k->law->rules_n; i++)
		if (text_same(k->law->rule[i].rule, k->row->rule) &&
		    text_same(k->law->rule[i].variant, k->row->variant) &&
		    text_same(k->law->rule[i].from, step))
			return true;
	return false;
}

static result check_happened(struct asked *k)
{
	const struct deadline_question *q = k->q;

	if (q->happened_n > LAW_STEPS_MAX)
		return no(k, REFUSED_TOO_LARGE, T("/happened"), "at most %d",
		    (int)LAW_STEPS_MAX);
	for (size_t i = 0; i < q->happened_n; i++) {
		const struct law_happened *h = &q->happened[i];
		text pointer = at_happened(k, h->step);

		if (h->step.n == 0 ||
		    question_step(k->law, k->row, h->step) == NULL) {
			k->refusal->about = choices(k, &q->variant);
			return no(k, REFUSED_UNKNOWN_VALUE, pointer,
			    "its steps are: %s",
			    list_of(k, k->refusal->about));
		}
		if (!something_follows(k, h->step))
			return no(k, REFUSED_NOT_ALLOWED, pointer,
			    "no other step is counted from this one");
		TRY(check_day(k, h->date, pointer));
		if (h->date.n < k->trigger.day.n)
			return no(k, REFUSED_CONFLICT, pointer,
			    "it cannot have happened before the trigger");
		if (question_happened(q, h->step) != h)
			return no(k, REFUSED_CONFLICT, pointer,
			    "this step is said twice");
	}
	return OK;
}

result question_check(struct asked *k)
{
	TRY(find_row(k));
	TRY(check_trigger(k));
	TRY(check_service(k));
	TRY(check_extra(k));
	return check_happened(k);
}
