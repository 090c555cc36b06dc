#include "law_data.h"

#include <assert.h>

enum { DECEMBER = 12 };

/* The anonymous Gregorian computus, as Meeus prints it. */
day law_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return day_of(year, n / 31, n % 31 + 1);
}

day law_day_first(void)
{
	return day_of(1900, 1, 1);
}

day law_day_last(void)
{
	return day_of(2200, DECEMBER, 31);
}

day law_months_on(day d, int32_t months)
{
	ymd c = day_ymd(d);

	assert(months >= 0 && months <= 2 * LAW_TERM_MONTHS_MAX);

	int at = c.month - 1 + months;
	int year = c.year + at / 12, month = at % 12 + 1;

	if (!ymd_valid(year, month, 1))
		return (day){ 0 };

	int last = days_in_month(year, month);
	return day_of(year, month, c.day < last ? c.day : last);
}

/* Weekends and the feasts of the whole nation, nothing else. */
static bool feast_on(const struct law_feast *f, day d, ymd c)
{
	if (f->kind == FEAST_DATE)
		return f->date.n == d.n;
	if (c.year < f->from_year || c.year > f->to_year)
		return false;
	if (f->kind == FEAST_FIXED)
		return f->month == c.month && f->day == c.day;
	if (f->kind == FEAST_EASTER)
		return law_easter(c.year).n + f->offset == d.n;
	return false;
}

static const struct law_feast *national_feast(const struct law *law, day d)
{
	ymd c = day_ymd(d);

	for (size_t i = 0; i < law->feasts_n; i++) {
		const struct law_feast *f = &law->feast[i];

		if (f->closes == CLOSES_BOTH && feast_on(f, d, c))
			return f;
	}
	return NULL;
}

bool law_is_feast(const struct law *law, day d)
{
	return national_feast(law, d) != NULL;
}

static bool weekend(day d)
{
	return day_weekday(d) >= 5;
}

/* The first day of its month that is neither weekend nor national feast. */
static bool first_business_day(const struct law *law, day d)
{
	day first = day_plus(d, 1 - day_ymd(d).day);

	if (weekend(d) || national_feast(law, d) != NULL)
		return false;
	for (day before = first; before.n < d.n; before.n++)
		if (!weekend(before) && national_feast(law, before) == NULL)
			return false;
	return true;
}

static const struct law_feast *court_day(const struct law *law, day d)
{
	ymd c = day_ymd(d);

	for (size_t i = 0; i < law->feasts_n; i++) {
		const struct law_feast *f = &law->feast[i];

		if (f->closes != CLOSES_COURTS)
			continue;
		if (f->kind != FEAST_FIRST_BUSINESS_DAY) {
			if (feast_on(f, d, c))
				return f;
		} else if (c.month == f->month && c.year >= f->from_year &&
		    c.year <= f->to_year && first_business_day(law, d)) {
			return f;
		}
	}
	return NULL;
}

static struct law_closure closure_of(enum law_why why, text es, text en)
{
	return (struct law_closure){ .why = why, .name_es = es,
		.name_en = en };
}

static struct law_closure by_calendar(const struct law *law,
    enum law_calendar c, day d)
{
	const struct law_feast *f;

	switch (day_weekday(d)) {
	case 5:
		return closure_of(LAW_SATURDAY, T("sábado"), T("Saturday"));
	case 6:
		return closure_of(LAW_SUNDAY, T("domingo"), T("Sunday"));
	default:
		break;
	}
	f = national_feast(law, d);
	if (f != NULL)
		return closure_of(LAW_HOLIDAY, f->name_es, f->name_en);
	f = c == LAW_COURTS ? court_day(law, d) : NULL;
	if (f != NULL)
		return closure_of(LAW_COURT_DAY, f->name_es, f->name_en);
	return closure_of(LAW_IS_OPEN, T(""), T(""));
}

static struct law_closure by_extra_days(const struct law_extra *extra, day d)
{
	for (size_t i = 0; extra != NULL && i < extra->closed_days_n; i++)
		if (extra->closed_days[i].date.n == d.n)
			return closure_of(LAW_CLOSED_DAY,
			    extra->closed_days[i].why, T(""));
	return closure_of(LAW_IS_OPEN, T(""), T(""));
}

static bool stops_here(const struct law_suspension *s, enum law_calendar c,
    const struct law_extra *extra)
{
	enum law_closes mine = c == LAW_ADMINISTRATION ?
	    CLOSES_ADMINISTRATION : CLOSES_COURTS;

	if (s->closes != CLOSES_BOTH && s->closes != mine)
		return false;
	if (s->everywhere)
		return true;
	for (size_t i = 0; extra != NULL && i < s->areas.n; i++)
		if (text_same(s->areas.p[i], extra->district))
			return true;
	return false;
}

struct law_closure law_suspended(const struct law *law, enum law_calendar c,
    const struct law_extra *extra, day d)
{
	for (size_t i = 0; i < law->suspensions_n; i++) {
		const struct law_suspension *s = &law->suspension[i];

		if (d.n >= s->from.n && d.n <= s->to.n &&
		    stops_here(s, c, extra))
			return closure_of(LAW_SUSPENSION, s->name_es, T(""));
	}
	for (size_t i = 0; extra != NULL && i < extra->suspensions_n; i++) {
		const struct law_span *s = &extra->suspensions[i];

		if (d.n >= s->from.n && d.n <= s->to.n)
			return closure_of(LAW_SUSPENSION, s->why, T(""));
	}
	return closure_of(LAW_IS_OPEN, T(""), T(""));
}

struct law_closure law_closed_always(const struct law *law,
    enum law_calendar c, const struct law_extra *extra, day d)
{
	struct law_closure found;

	if (c == LAW_NO_CALENDAR)
		return closure_of(LAW_IS_OPEN, T(""), T(""));
	found = by_calendar(law, c, d);
	return found.why != LAW_IS_OPEN ? found : by_extra_days(extra, d);
}

struct law_closure law_closed(const struct law *law, enum law_calendar c,
    const struct law_extra *extra, day d)
{
	struct law_closure found;

	if (c == LAW_NO_CALENDAR)
		return closure_of(LAW_IS_OPEN, T(""), T(""));
	found = by_calendar(law, c, d);
	if (found.why != LAW_IS_OPEN)
		return found;
	found = law_suspended(law, c, extra, d);
	return found.why != LAW_IS_OPEN ? found : by_extra_days(extra, d);
}

bool law_area_known(const struct law *law, text area)
{
	for (size_t i = 0; i < law->suspensions_n; i++)
		for (size_t j = 0; j < law->suspension[i].areas.n; j++)
			if (text_same(law->suspension[i].areas.p[j], area))
				return true;
	return false;
}
