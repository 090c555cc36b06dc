/* detention_limits.csv, credits.csv, distance.csv. */
#include "law_data.h"

enum { REGIME, CLASS, IN_FROM, IN_TO, MONTHS, EXTENDED, HALF, CLOCK, L_BASIS,
	L_CONFIDENCE, L_NOTE, LIMIT_COLUMNS };
static const char *const limit_columns[] = { "regime", "class",
	"in_force_from", "in_force_to", "months", "extended_months",
	"half_of_sentence", "clock", "basis", "confidence", "note" };
_Static_assert(LENGTH(limit_columns) == LIMIT_COLUMNS, "one per column");

static bool limits_begin(struct law_load *l, size_t rows)
{
	l->law->limit = arena_array(l->law->arena, rows,
	    sizeof(*l->law->limit));
	return l->law->limit != NULL;
}

/* A regime or class written amiss would be one that nobody asks for, and the
 * limit gone from the one that was meant. */
static void check_class(struct law_load *l, const struct law_row *r)
{
	static const char *const regimes[] = { "cpp91-137", "ncpp-272" };
	static const char *const classes[][3] = {
		{ "ordinary", "special", "terrorism" },
		{ "ordinary", "complex", "organised" },
	};
	size_t regime = cell_word(l, r, REGIME, regimes, LENGTH(regimes));

	if (text_same(r->cell[REGIME], text_of(regimes[regime])))
		cell_word(l, r, CLASS, classes[regime],
		    LENGTH(classes[regime]));
}

static void limits_row(struct law_load *l, const struct law_row *r)
{
	struct cell_range months = { 1, LAW_TERM_MONTHS_MAX, 0 };
	struct law_limit f = { .line = r->line };

	check_class(l, r);
	f.regime = r->cell[REGIME];
	f.class_name = r->cell[CLASS];
	cell_days(l, r, IN_FROM, CELL_FILLED, &f.in_force_from,
	    &f.in_force_to);
	f.months = cell_number(l, r, MONTHS, CELL_FILLED, months);
	/* A total: an extension below the limit itself would shorten it. */
	months.min = f.months;
	f.extended_months = cell_number(l, r, EXTENDED, CELL_MAY_BE_EMPTY,
	    months);
	f.half_of_sentence = cell_yes(l, r, HALF, CELL_FILLED);
	f.clock = cell_text(l, r, CLOCK, CELL_FILLED);
	f.basis = cell_text(l, r, L_BASIS, CELL_FILLED);
	f.confidence = cell_confidence(l, r, L_CONFIDENCE);
	cell_text(l, r, L_NOTE, CELL_MAY_BE_EMPTY);
	l->law->limit[l->law->limits_n++] = f;
}

/* One version at a time, or the day could not choose. */
static void limits_end(struct law_load *l)
{
	const struct law_limit *f = l->law->limit;

	for (size_t i = 0; i < l->law->limits_n; i++)
		for (size_t j = 0; j < i; j++) {
			if (!text_same(f[i].regime, f[j].regime) ||
			    !text_same(f[i].class_name, f[j].class_name) ||
			    !days_meet(f[i].in_force_from, f[i].in_force_to,
			    f[j].in_force_from, f[j].in_force_to))
				continue;
			law_fault_at(l, f[i].line, LAW_FAULT_OVERLAP, IN_FROM,
			    f[i].class_name, f[j].line);
			break;
		}
}

const struct law_table law_table_detention_limits = { limit_columns,
	LIMIT_COLUMNS, limits_begin, limits_row, limits_end };

enum { OFFENCE, C_FROM, C_TO, MODE, RATIO, FRACTION, NEEDS, C_BASIS,
	C_CONFIDENCE, C_NOTE, CREDIT_COLUMNS };
static const char *const credit_columns[] = { "offence", "from", "to",
	"mode", "ratio", "conditional_fraction", "needs", "basis",
	"confidence", "note" };
_Static_assert(LENGTH(credit_columns) == CREDIT_COLUMNS, "one per column");

enum { RATIO_MAX = 7, FRACTION_MAX = 99 };

static bool credits_begin(struct law_load *l, size_t rows)
{
	l->law->credit = arena_array(l->law->arena, rows,
	    sizeof(*l->law->credit));
	return l->law->credit != NULL;
}

/* "3/4": below one, or there would be nothing conditional in it. */
static void read_fraction(struct law_load *l, const struct law_row *r,
    struct law_credit *c)
{
	text all = cell_text(l, r, FRACTION, CELL_MAY_BE_EMPTY);
	text rest = all;
	text above = text_cut(&rest, '/');
	int64_t n, d;

	if (all.n == 0)
		return;
	if (text_integer(above, &n) && text_integer(rest, &d) && n >= 1 &&
	    d > n && d <= FRACTION_MAX) {
		c->numerator = (int32_t)n;
		c->denominator = (int32_t)d;
		return;
	}
	law_fault_add(l, LAW_FAULT_NUMBER, FRACTION, all,
	    T("1/2, 2/3, 3/4 …"));
}

static void credits_row(struct law_load *l, const struct law_row *r)
{
	static const char *const offences[] = { "terrorism", "common" };
	static const char *const modes[] = { "none", "fixed", "by_stage" };
	struct cell_range ratio = { 1, RATIO_MAX, 0 };
	struct law_credit c = { .line = r->line };

	cell_word(l, r, OFFENCE, offences, LENGTH(offences));
	c.offence = r->cell[OFFENCE];
	cell_days(l, r, C_FROM, CELL_FILLED, &c.from, &c.to);
	c.mode = (enum credit_mode)cell_word(l, r, MODE, modes,
	    LENGTH(modes));
	if (c.mode == CREDIT_FIXED)
		c.ratio = cell_number(l, r, RATIO, CELL_FILLED, ratio);
	else if (r->cell[RATIO].n > 0)
		law_fault_add(l, LAW_FAULT_NOT_HERE, RATIO, r->cell[RATIO],
		    T("`mode` = `fixed`"));
	read_fraction(l, r, &c);
	c.needs = cell_text(l, r, NEEDS, CELL_MAY_BE_EMPTY);
	c.basis = cell_text(l, r, C_BASIS, CELL_FILLED);
	c.confidence = cell_confidence(l, r, C_CONFIDENCE);
	cell_text(l, r, C_NOTE, CELL_MAY_BE_EMPTY);
	l->law->credit[l->law->credits_n++] = c;
}

static void credits_end(struct law_load *l)
{
	const struct law_credit *c = l->law->credit;

	for (size_t i = 0; i < l->law->credits_n; i++)
		for (size_t j = 0; j < i; j++) {
			if (!text_same(c[i].offence, c[j].offence) ||
			    !days_meet(c[i].from, c[i].to, c[j].from,
			    c[j].to))
				continue;
			law_fault_at(l, c[i].line, LAW_FAULT_OVERLAP, C_FROM,
			    c[i].offence, c[j].line);
			break;
		}
}

const struct law_table law_table_credits = { credit_columns, CREDIT_COLUMNS,
	credits_begin, credits_row, credits_end };

enum { D_FROM, D_TO, D_DAYS, D_BASIS, D_CONFIDENCE, DISTANCE_COLUMNS };
static const char *const distance_columns[] = { "from", "to", "days",
	"basis", "confidence" };
_Static_assert(LENGTH(distance_columns) == DISTANCE_COLUMNS,
    "one per column");

static bool distance_begin(struct law_load *l, size_t rows)
{
	l->law->distance = arena_array(l->law->arena, rows,
	    sizeof(*l->law->distance));
	return l->law->distance != NULL;
}

static void distance_row(struct law_load *l, const struct law_row *r)
{
	l->law->distance[l->law->distances_n++] = (struct law_distance){
		.line = r->line,
		.from = cell_text(l, r, D_FROM, CELL_FILLED),
		.to = cell_text(l, r, D_TO, CELL_FILLED),
		.days = cell_number(l, r, D_DAYS, CELL_FILLED,
		    (struct cell_range){ 1, LAW_DISTANCE_MAX, 0 }),
		.basis = cell_text(l, r, D_BASIS, CELL_FILLED),
		.confidence = cell_confidence(l, r, D_CONFIDENCE),
	};
}

static void distance_end(struct law_load *l)
{
	const struct law_distance *d = l->law->distance;

	for (size_t i = 0; i < l->law->distances_n; i++)
		for (size_t j = 0; j < i; j++) {
			if (!text_same(d[i].from, d[j].from) ||
			    !text_same(d[i].to, d[j].to))
				continue;
			law_fault_at(l, d[i].line, LAW_FAULT_DUPLICATE, D_TO,
			    d[i].to, d[j].line);
			break;
		}
}

const struct law_table law_table_distance = { distance_columns,
	DISTANCE_COLUMNS, distance_begin, distance_row, distance_end };
