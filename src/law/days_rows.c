/* holidays.csv and suspensions.csv: which days are closed. */
#include "law_data.h"

enum { KIND, ON, FROM_YEAR, TO_YEAR, CLOSES, NAME_ES, NAME_EN, BASIS,
	CONFIDENCE, HOLIDAY_COLUMNS };
static const char *const holiday_columns[] = { "kind", "on", "from_year",
	"to_year", "closes", "name_es", "name_en", "basis", "confidence" };
_Static_assert(LENGTH(holiday_columns) == HOLIDAY_COLUMNS, "one per column");

enum { YEAR_FIRST = 1900, YEAR_LAST = 2200, YEAR_OPEN = 9999,
	LEAP_YEAR = 2000, EASTER_MAX = 366 };

static bool holidays_begin(struct law_load *l, size_t rows)
{
	l->law->feast = arena_array(l->law->arena, rows,
	    sizeof(*l->law->feast));
	return l->law->feast != NULL;
}

/* "05-01"; any leap year accepts every day that a feast can have. */
static void read_month_day(struct law_load *l, const struct law_row *r,
    struct law_feast *f)
{
	text t = cell_text(l, r, ON, CELL_FILLED);
	text rest = t;
	text month = text_cut(&rest, '-');
	int64_t m, d;

	if (t.n == 0)
		return;
	if (month.n == 2 && rest.n == 2 && text_integer(month, &m) &&
	    text_integer(rest, &d) && m >= 1 && m <= 12 && d >= 1 &&
	    d <= days_in_month(LEAP_YEAR, (int)m)) {
		f->month = (int)m;
		f->day = (int)d;
		return;
	}
	law_fault_add(l, LAW_FAULT_MONTH_DAY, ON, t, T(""));
}

static void read_on(struct law_load *l, const struct law_row *r,
    struct law_feast *f)
{
	switch (f->kind) {
	case FEAST_FIXED:
		read_month_day(l, r, f);
		break;
	case FEAST_EASTER:
		f->offset = cell_number(l, r, ON, CELL_FILLED,
		    (struct cell_range){ -EASTER_MAX, EASTER_MAX, 0 });
		break;
	case FEAST_FIRST_BUSINESS_DAY:
		f->month = cell_number(l, r, ON, CELL_FILLED,
		    (struct cell_range){ 1, 12, 0 });
		break;
	case FEAST_DATE:
		f->date = cell_day(l, r, ON, CELL_FILLED);
		break;
	}
}

static void read_years(struct law_load *l, const struct law_row *r,
    struct law_feast *f)
{
	struct cell_range years = { YEAR_FIRST, YEAR_LAST, 0 };

	if (f->kind == FEAST_DATE) {
		for (size_t i = FROM_YEAR; i <= TO_YEAR; i++)
			if (r->cell[i].n > 0)
				law_fault_add(l, LAW_FAULT_NOT_HERE, i,
				    r->cell[i], T("`kind` ≠ `date`"));
		f->to_year = YEAR_OPEN;
		return;
	}
	f->from_year = cell_number(l, r, FROM_YEAR, CELL_FILLED, years);
	years.empty = YEAR_OPEN;
	f->to_year = cell_number(l, r, TO_YEAR, CELL_MAY_BE_EMPTY, years);
	if (f->to_year < f->from_year)
		law_fault_add(l, LAW_FAULT_ORDER, TO_YEAR, r->cell[TO_YEAR],
		    r->cell[FROM_YEAR]);
}

static void holidays_row(struct law_load *l, const struct law_row *r)
{
	static const char *const kinds[] = { "fixed", "easter",
		"first_business_day", "date" };
	static const char *const closes[] = { "courts", "both" };
	static const char *const confidence[] = { "C", "W", "U", "" };
	struct law_feast f = { 0 };

	f.kind = (enum feast_kind)cell_word(l, r, KIND, kinds, LENGTH(kinds));
	read_on(l, r, &f);
	read_years(l, r, &f);
	f.closes = cell_word(l, r, CLOSES, closes, LENGTH(closes)) == 0 ?
	    CLOSES_COURTS : CLOSES_BOTH;
	/* It stands after the national feasts, so it cannot be one. */
	if (f.kind == FEAST_FIRST_BUSINESS_DAY && f.closes == CLOSES_BOTH)
		law_fault_add(l, LAW_FAULT_NOT_HERE, CLOSES, r->cell[CLOSES],
		    T("`courts`"));
	f.name_es = cell_text(l, r, NAME_ES, CELL_FILLED);
	f.name_en = cell_text(l, r, NAME_EN, CELL_FILLED);
	cell_text(l, r, BASIS, CELL_FILLED);
	cell_word(l, r, CONFIDENCE, confidence, LENGTH(confidence));
	l->law->feast[l->law->feasts_n++] = f;
}

static void nothing_more(struct law_load *l)
{
	(void)l;
}

const struct law_table law_table_holidays = { holiday_columns,
	HOLIDAY_COLUMNS, holidays_begin, holidays_row, nothing_more };

enum { S_FROM, S_TO, S_CLOSES, S_AREA, S_EXCEPT, S_NAME, S_BASIS,
	S_CONFIDENCE, SUSPENSION_COLUMNS };
static const char *const suspension_columns[] = { "from", "to", "closes",
	"area", "except", "name_es", "basis", "confidence" };
_Static_assert(LENGTH(suspension_columns) == SUSPENSION_COLUMNS,
    "one per column");

static bool suspensions_begin(struct law_load *l, size_t rows)
{
	l->law->suspension = arena_array(l->law->arena, rows,
	    sizeof(*l->law->suspension));
	return l->law->suspension != NULL;
}

static bool area_name(text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (!((t.p[i] >= 'a' && t.p[i] <= 'z') || t.p[i] == '_'))
			return false;
	return t.n > 0 && !text_same(t, T("none"));
}

/* "ancash;ica", or "*" for the whole country. */
static void read_areas(struct law_load *l, const struct law_row *r,
    struct law_suspension *s)
{
	text all = cell_text(l, r, S_AREA, CELL_FILLED);
	text *area = arena_array(l->law->arena, LAW_AREAS_MAX, sizeof(*area));
	size_t n = 0;

	s->everywhere = text_same(all, T("*"));
	if (area == NULL)
		l->no_memory = true;
	if (area == NULL || s->everywhere)
		return;
	for (text rest = all; rest.n > 0 && n < LAW_AREAS_MAX; n++) {
		area[n] = text_cut(&rest, ';');
		if (!area_name(area[n])) {
			law_fault_add(l, LAW_FAULT_AREA, S_AREA, all, T(""));
			return;
		}
		if (n + 1 == LAW_AREAS_MAX && rest.n > 0)
			law_fault_add(l, LAW_FAULT_TOO_MANY, S_AREA, all,
			    arena_format(l->notes, "%d", LAW_AREAS_MAX));
	}
	s->areas = (texts){ area, n };
}

static void suspensions_row(struct law_load *l, const struct law_row *r)
{
	static const char *const closes[] = { "courts", "administration",
		"both" };
	struct law_suspension s = { 0 };

	cell_days(l, r, S_FROM, CELL_FILLED, &s.from, &s.to);
	if (r->cell[S_TO].n == 0)
		law_fault_add(l, LAW_FAULT_EMPTY, S_TO, T(""), T(""));
	s.closes = (enum law_closes)cell_word(l, r, S_CLOSES, closes,
	    LENGTH(closes));
	read_areas(l, r, &s);
	cell_text(l, r, S_EXCEPT, CELL_MAY_BE_EMPTY);
	s.name_es = cell_text(l, r, S_NAME, CELL_FILLED);
	cell_text(l, r, S_BASIS, CELL_FILLED);
	cell_confidence(l, r, S_CONFIDENCE);
	l->law->suspension[l->law->suspensions_n++] = s;
}

const struct law_table law_table_suspensions = { suspension_columns,
	SUSPENSION_COLUMNS, suspensions_begin, suspensions_row, nothing_more };
