#include "answers.h"

#include <assert.h>

enum { YEARS_MAX = 100, MONTHS = 12 };

const struct asking_kind law_kinds[] = {
	{ "deadline", deadline_answer_tree },
	{ "calendar", calendar_answer },
	{ "detention-limit", limit_answer },
	{ "sentence", sentence_answer },
	{ "releases", releases_answer },
	{ NULL, NULL },
};

result term_read(struct asker *k, const struct node *of,
    struct law_term *ret)
{
	static const char *const members[] = { "years", "months", "days",
		NULL };
	whole years = { 0 }, months = { 0 }, days = { 0 };

	TRY(asking_only(k, of, members));
	TRY(asking_number(k, of, "years", ASKING_MAY,
	    (struct asking_range){ 0, YEARS_MAX }, &years));
	TRY(asking_number(k, of, "months", ASKING_MAY,
	    (struct asking_range){ 0, LAW_TERM_MONTHS_MAX }, &months));
	TRY(asking_number(k, of, "days", ASKING_MAY,
	    (struct asking_range){ 0, LAW_TERM_DAYS_MAX }, &days));
	months.value += years.value * MONTHS;
	if (months.value > LAW_TERM_MONTHS_MAX)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, of, "",
		    "a term is at most a hundred years");
	if (months.value == 0 && days.value == 0)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, of, "",
		    "a term is at least one day");
	*ret = (struct law_term){ (int32_t)months.value,
		(int32_t)days.value };
	return OK;
}

bool day_in_range(day d)
{
	return d.known && d.n >= law_day_first().n && d.n <= law_day_last().n;
}

day day_number(int32_t n)
{
	return (day){ .n = n, .known = true };
}

day months_shift(day d, int32_t months, bool *clamped)
{
	ymd c = day_ymd(d);
	int at = c.year * MONTHS + c.month - 1 + months;

	if (at < 0 || !ymd_valid(at / MONTHS, at % MONTHS + 1, 1))
		return (day){ 0 };

	int last = days_in_month(at / MONTHS, at % MONTHS + 1);

	if (clamped != NULL)
		*clamped = c.day > last;
	return day_of(at / MONTHS, at % MONTHS + 1,
	    c.day < last ? c.day : last);
}

day term_after(day d, struct law_term term, bool *clamped)
{
	day on = months_shift(d, term.months, clamped);

	if (!on.known)
		return on;
	on = day_plus(on, term.days);
	return day_in_range(on) ? on : (day){ 0 };
}

static text value_text(struct arena *a, const struct step_value *v)
{
	if (v->day.known)
		return day_iso(a, v->day);
	if (v->text.p != NULL)
		return v->text;
	return decimal_text(a, v->number, 0);
}

void law_step(struct node *steps, const char *key,
    const struct step_value *v, size_t n)
{
	text values[STEP_VALUES_MAX];

	assert(n <= STEP_VALUES_MAX);
	if (steps == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		values[i] = value_text(steps->arena, &v[i]);
	step_add(steps, key, values, n);
}
