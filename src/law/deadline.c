#include "question.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum box_use { BOX_NONE, BOX_SECOND_DAY, BOX_NEXT_DAY };

enum { DAY_MS = 86400 * 1000 };

/* One row reckoned: the working paper and what came out. */
struct reckoned {
	struct count count;		/* first: it is the large one */
	struct law_moment from, due;
	day effective;
	struct day_list box_counted, box_skipped;
};

struct working {
	struct asked asked;
	struct reckoned one;
	bool warning[LAW_WARNINGS];
};

static result beyond(struct asked *k)
{
	return refusal_say(k->arena, k->refusal, REFUSED_OUT_OF_RANGE,
	    T("/trigger"), "the term leaves the years 1900 to 2200");
}

static struct law_moment day_moment(day d)
{
	return (struct law_moment){ .day = d };
}

/* Where the count starts: the notice, or what the box makes of it. */
static bool box_open(struct reckoned *r, enum box_use box,
    struct law_moment from)
{
	r->from = from;
	r->effective = (day){ 0 };
	if (box == BOX_NONE)
		return true;
	if (box == BOX_NEXT_DAY) {
		r->from = day_moment(day_plus(from.day, 1));
		r->effective = r->from.day;
		return r->effective.n <= law_day_last().n;
	}
	if (!count_box(&r->count, from.day, &r->effective))
		return false;
	r->from = day_moment(r->effective);
	r->box_counted = r->count.counted;
	r->box_skipped = r->count.skipped;
	r->count.counted.n = 0;
	r->count.skipped.n = 0;
	return true;
}

static result reckon(struct working *w, const struct law_rule *row,
    struct law_moment from, enum box_use box)
{
	const struct deadline_question *q = w->asked.q;
	struct reckoned *r = &w->one;

	/* The days of a list are written before they are read. */
	r->count.counted.n = r->count.skipped.n = 0;
	r->box_counted.n = r->box_skipped.n = 0;
	r->count.suspended = false;
	r->count.unrolled = (day){ 0 };
	r->count.law = w->asked.law;
	r->count.row = row;
	r->count.extra = &q->extra;
	r->count.length = row->length;
	if (row->distance && q->distance_days.known)
		r->count.length += (int32_t)q->distance_days.value;
	if (!box_open(r, box, from) ||
	    !count_term(&r->count, r->from, &r->due))
		return beyond(&w->asked);
	return OK;
}

/* What the answer rests on and nobody could check. */
static void warn_window(struct working *w, const struct law_rule *row)
{
	day from = w->one.from.day, due = w->one.due.day;
	day first = from.n < due.n ? from : due;
	day last = from.n < due.n ? due : from;

	if (w->one.due.never)
		return;
	/* Feasts keep their own date only since Ley 26331. */
	if (first.n < day_of(1995, 1, 1).n)
		w->warning[LAW_WARN_CALENDAR_UNVERIFIED] = true;
	/* The State's own suspensions of 2020 are in no file. */
	if (row->calendar == LAW_ADMINISTRATION &&
	    days_meet(first, last, day_of(2020, 3, 16), day_of(2020, 6, 10)))
		w->warning[LAW_WARN_SUSPENSION_UNVERIFIED] = true;
	if (w->one.count.suspended)
		w->warning[LAW_WARN_SUSPENSION_APPLIED] = true;
}

/*
 * The day or instant from which `row` runs: the trigger, or through the
 * chain of earlier steps, each where it really happened or else where it
 * fell due.  The steps walked go to `ret_before`, first one first.
 */
static result chain(struct working *w, const struct law_rule *row,
    struct law_moment *ret_from, struct deadline_step *ret_before,
    size_t *ret_before_n)
{
	const struct law_rule *step[LAW_STEPS_MAX];
	const struct law_happened *h = NULL;
	struct law_moment from = w->asked.trigger;
	size_t n = 0, done = 0;

	while (!text_same(row->from, T("trigger")) && h == NULL) {
		assert(n < LAW_STEPS_MAX);
		h = question_happened(w->asked.q, row->from);
		row = question_step(w->asked.law, row, row->from);
		assert(row != NULL);
		step[n++] = row;
	}
	if (h != NULL) {
		from = day_moment(h->date);
		ret_before[done++] = (struct deadline_step){
			.row = step[--n], .due = from, .happened = true };
	}
	while (n > 0) {
		row = step[--n];
		TRY(reckon(w, row, from, BOX_NONE));
		warn_window(w, row);
		from = w->one.due;
		ret_before[done++] = (struct deadline_step){ .row = row,
			.due = from };
	}
	*ret_from = from;
	*ret_before_n = done;
	return OK;
}

static bool sooner(struct law_moment a, struct law_moment b)
{
	if (a.at.known && b.at.known)
		return a.at.ms < b.at.ms;
	return a.day.n < b.day.n;
}

static result alarm_before(struct asked *k, struct law_moment earliest,
    int32_t days, struct law_moment *ret)
{
	if (earliest.never) {
		*ret = earliest;
		return OK;
	}
	earliest.day = day_plus(earliest.day, -days);
	if (earliest.at.known)
		earliest.at.ms -= (int64_t)days * DAY_MS;
	if (earliest.day.n < law_day_first().n)
		return beyond(k);
	*ret = earliest;
	return OK;
}

/* "calendar", "electronic_strict", "calendar+electronic_strict". */
static result reading_name(struct arena *a, const struct law_rule *row,
    enum box_use box, text *ret)
{
	text strict = T("electronic_strict");
	text name = row->reading;

	if (box == BOX_NEXT_DAY && name.n == 0)
		name = strict;
	else if (box == BOX_NEXT_DAY)
		name = arena_format(a, "%.*s+%.*s", (int)name.n, name.p,
		    (int)strict.n, strict.p);
	NEED(name.p);
	*ret = name;
	return OK;
}

struct readings {
	struct deadline_reading *p;
	size_t n;
	struct law_moment earliest;
};

static result add_reading(struct working *w, struct readings *rs,
    const struct law_rule *row, struct law_moment from, enum box_use box)
{
	struct deadline_reading one = { .row = row };

	assert(rs->n < 2 * (LAW_READINGS_MAX + 1));
	TRY(reading_name(w->asked.arena, row, box, &one.name));
	TRY(reckon(w, row, from, box));
	one.due = w->one.due;
	if (!one.due.never && sooner(one.due, rs->earliest))
		rs->earliest = one.due;
	rs->p[rs->n++] = one;
	return OK;
}

/* Row by row in the file's order, after each what the box could mean. */
static result read_otherwise(struct working *w, const struct law_rule *row,
    struct law_moment from, enum box_use box, struct readings *rs)
{
	const struct law *law = w->asked.law;

	if (box != BOX_NONE)
		TRY(add_reading(w, rs, row, from, BOX_NEXT_DAY));
	for (size_t i = 0; i < law->rules_n; i++) {
		const struct law_rule *r = &law->rule[i];

		if (r->reading.n == 0 || !rule_same_place(r, row))
			continue;
		TRY(add_reading(w, rs, r, from, box));
		if (box != BOX_NONE)
			TRY(add_reading(w, rs, r, from, BOX_NEXT_DAY));
	}
	return OK;
}

/* A step after the asked one: its day and its alarm, nothing more. */
static result follow(struct working *w, const struct law_rule *row,
    struct deadline_step *ret)
{
	struct deadline_reading otherwise[2 * (LAW_READINGS_MAX + 1)];
	struct readings rs = { .p = otherwise };
	struct deadline_step before[LAW_STEPS_MAX];
	struct deadline_step one = { .row = row };
	struct law_moment from;
	size_t before_n;

	TRY(chain(w, row, &from, before, &before_n));
	TRY(reckon(w, row, from, BOX_NONE));
	one.due = w->one.due;
	rs.earliest = one.due;
	TRY(read_otherwise(w, row, from, BOX_NONE, &rs));
	TRY(alarm_before(&w->asked, rs.earliest, row->alarm_days_before,
	    &one.alarm));
	*ret = one;
	return OK;
}

static result follow_all(struct working *w, struct deadline_answer *ret)
{
	const struct law *law = w->asked.law;
	const struct law_rule *row = w->asked.row;
	bool kept[LAW_WARNINGS];

	/* What a later step rests on is no warning about this one. */
	memcpy(kept, w->warning, sizeof(kept));
	for (size_t i = 0; i < law->rules_n; i++) {
		const struct law_rule *r = &law->rule[i];

		if (r->line <= row->line || r->reading.n > 0 ||
		    !text_same(r->rule, row->rule) ||
		    !text_same(r->variant, row->variant) ||
		    !rule_in_force(r, w->asked.trigger.day) ||
		    (r->count == LAW_HRS && !w->asked.trigger.at.known))
			continue;
		assert(ret->then_n < LAW_STEPS_MAX);
		TRY(follow(w, r, &ret->then[ret->then_n]));
		ret->then_n++;
	}
	memcpy(w->warning, kept, sizeof(kept));
	return OK;
}

static result take_answer(struct working *w, struct deadline_answer *ret)
{
	struct arena *a = w->asked.arena;
	const struct reckoned *r = &w->one;

	ret->from = r->from;
	ret->effective = r->effective;
	ret->due = r->due;
	ret->unrolled = r->count.unrolled;
	TRY(day_list_take(a, &r->box_counted, &ret->box_counted));
	TRY(day_list_take(a, &r->box_skipped, &ret->box_skipped));
	TRY(day_list_take(a, &r->count.counted, &ret->counted));
	return day_list_take(a, &r->count.skipped, &ret->skipped);
}

static void warn_answer(struct working *w, const struct deadline_answer *d)
{
	const struct law_rule *row = w->asked.row;

	if (row->confidence == LAW_UNSURE)
		w->warning[LAW_WARN_UNCONFIRMED_RULE] = true;
	for (size_t i = 0; i < d->readings_n; i++)
		if (d->reading[i].row->confidence == LAW_UNSURE)
			w->warning[LAW_WARN_UNCONFIRMED_RULE] = true;
	if (!d->due.never && law_suspended(w->asked.law, row->calendar,
	    &w->asked.q->extra, d->due.day).why != LAW_IS_OPEN)
		w->warning[LAW_WARN_ENDS_IN_SUSPENSION] = true;
}

static result answer(struct working *w, struct deadline_answer *ret)
{
	const struct law_rule *row = w->asked.row;
	enum box_use box = w->asked.q->served_by == LAW_ELECTRONIC ?
	    BOX_SECOND_DAY : BOX_NONE;
	struct readings rs = { .p = ret->reading };
	struct law_moment from;

	ret->row = row;
	ret->step_given = w->asked.q->step.n > 0;
	TRY(chain(w, row, &from, ret->before, &ret->before_n));
	TRY(reckon(w, row, from, box));
	warn_window(w, row);
	TRY(take_answer(w, ret));
	rs.earliest = ret->due;
	TRY(read_otherwise(w, row, from, box, &rs));
	ret->readings_n = rs.n;
	TRY(alarm_before(&w->asked, rs.earliest, row->alarm_days_before,
	    &ret->alarm));
	if (!ret->step_given)
		TRY(follow_all(w, ret));
	warn_answer(w, ret);
	memcpy(ret->warning, w->warning, sizeof(ret->warning));
	return OK;
}

result law_deadline(const struct law *law, struct arena *a,
    const struct deadline_question *q, struct deadline_answer *ret,
    struct refusal *refusal)
{
	/* The working paper is large; the answer is copied when it is whole. */
	struct working *w = arena_take(a, sizeof(*w));
	struct deadline_answer d = { 0 };

	NEED(w);
	*refusal = (struct refusal){ 0 };
	w->asked = (struct asked){ .law = law, .arena = a, .q = q,
		.refusal = refusal };
	TRY(question_check(&w->asked));
	TRY(answer(w, &d));
	*ret = d;
	return OK;
}
