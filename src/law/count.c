/* One row counted from one day. */
#include "law_data.h"

#include <assert.h>
#include <string.h>

enum { HOUR_MS = 3600 * 1000, BOX_DAYS = 2 };

static bool in_range(day d)
{
	return d.n >= law_day_first().n && d.n <= law_day_last().n;
}

static void list_add(struct day_list *l, struct law_day d)
{
	if (l->n < DEADLINE_DAYS_MAX)
		l->first[l->n] = d;
	l->last[l->n % LAW_DAYS_EDGE] = d;
	l->n++;
}

result day_list_take(struct arena *a, const struct day_list *l,
    struct law_days *ret)
{
	bool all = l->n <= DEADLINE_DAYS_MAX;
	size_t n = all ? l->n : 2 * LAW_DAYS_EDGE;
	struct law_day *p = arena_array(a, n, sizeof(*p));

	NEED(p);
	for (size_t i = 0; i < n; i++)
		p[i] = all || i < LAW_DAYS_EDGE ? l->first[i] :
		    l->last[(l->n - n + i) % LAW_DAYS_EDGE];
	*ret = (struct law_days){ p, n, l->n - n };
	return OK;
}

static void count_day(struct count *c, day d)
{
	list_add(&c->counted, (struct law_day){ .day = d,
		.ordinal = (int32_t)c->counted.n + 1 });
}

static void skip_day(struct count *c, day d, struct law_closure why)
{
	list_add(&c->skipped, (struct law_day){ .day = d, .closure = why });
	if (why.why == LAW_SUSPENSION)
		c->suspended = true;
}

/* Does the calendar of this row close the day for this row? */
static struct law_closure closed_for(const struct count *c,
    enum law_calendar calendar, day d)
{
	return c->row->suspendable ?
	    law_closed(c->law, calendar, c->extra, d) :
	    law_closed_always(c->law, calendar, c->extra, d);
}

static bool count_open_days(struct count *c, enum law_calendar calendar,
    day d, int32_t length, day *ret)
{
	int32_t step = c->row->back ? -1 : 1;

	for (int32_t n = 0; n < length;) {
		d = day_plus(d, step);
		if (!in_range(d))
			return false;

		struct law_closure why = closed_for(c, calendar, d);

		if (why.why != LAW_IS_OPEN) {
			skip_day(c, d, why);
			continue;
		}
		count_day(c, d);
		n++;
	}
	*ret = d;
	return true;
}

/* Every day counts but a suspended one; lists only what a suspension cut. */
static bool count_all_days(struct count *c, day from, int32_t length,
    day *ret)
{
	int32_t step = c->row->back ? -1 : 1;
	day d = from;

	if (!c->row->suspendable) {
		*ret = day_plus(from, step * length);
		return in_range(*ret);
	}
	for (int32_t n = 0; n < length;) {
		d = day_plus(d, step);
		if (!in_range(d))
			return false;

		struct law_closure why = law_suspended(c->law,
		    c->row->calendar, c->extra, d);

		if (why.why != LAW_IS_OPEN) {
			skip_day(c, d, why);
			continue;
		}
		count_day(c, d);
		n++;
	}
	if (c->skipped.n == 0)
		c->counted.n = 0;
	*ret = d;
	return true;
}

static bool roll(struct count *c, day *d)
{
	day was = *d;

	if (!c->row->roll)
		return true;
	for (;;) {
		struct law_closure why = closed_for(c, c->row->calendar, *d);

		if (why.why == LAW_IS_OPEN)
			break;
		skip_day(c, *d, why);
		*d = day_plus(*d, 1);
		if (!in_range(*d))
			return false;
	}
	if (d->n != was.n)
		c->unrolled = was;
	return true;
}

static bool count_months(const struct count *c, day from, day *ret)
{
	day d = law_months_on(from, c->length);

	if (!d.known)
		return false;
	*ret = c->row->count == LAW_MON_INCL ? day_plus(d, -1) : d;
	return in_range(*ret);
}

static bool count_hours(const struct count *c, instant from,
    struct law_moment *ret)
{
	instant at = { from.ms + (int64_t)c->length * HOUR_MS, true };
	day d = instant_day(at);

	assert(from.known);
	if (!in_range(d))
		return false;
	*ret = (struct law_moment){ .day = d, .at = at };
	return true;
}

static bool count_to_day(struct count *c, day from, day *ret)
{
	switch (c->row->count) {
	case LAW_BD:
		return count_open_days(c, c->row->calendar, from, c->length,
		    ret);
	case LAW_CAL:
		return count_all_days(c, from, c->length, ret) &&
		    roll(c, ret);
	case LAW_CAL_INCL:
		*ret = day_plus(from, c->length - 1);
		return in_range(*ret) && roll(c, ret);
	case LAW_MON:
	case LAW_MON_INCL:
		return count_months(c, from, ret) && roll(c, ret);
	case LAW_HRS:
	case LAW_NEVER:
		break;
	}
	assert(false && "hours and never end on no day");
	return false;
}

bool count_term(struct count *c, struct law_moment from,
    struct law_moment *ret)
{
	day d = { 0 };

	if (c->row->count == LAW_NEVER) {
		*ret = (struct law_moment){ .never = true };
		return true;
	}
	if (c->row->count == LAW_HRS)
		return count_hours(c, from.at, ret);
	if (!count_to_day(c, from.day, &d))
		return false;
	*ret = (struct law_moment){ .day = d };
	return true;
}

/* LOPJ 155-C says "day"; practice reads "open day of the courts". */
bool count_box(struct count *c, day deposit, day *ret)
{
	assert(!c->row->back);
	return count_open_days(c, LAW_COURTS, deposit, BOX_DAYS, ret);
}
