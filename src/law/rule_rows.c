/* rules.csv: one row per rule, step, variant and reading. */
#include "law_data.h"

enum { RULE, FAMILY, STEP, VARIANT, READING, NATURE, COUNT, LENGTH_OF, BACK,
	CALENDAR, ROLL, FROM, DISTANCE, BOX, SUSPENDABLE, IN_FORCE_FROM,
	IN_FORCE_TO, ALARM, NAME_ES, NAME_EN, TRIGGER, BASIS, CONFIDENCE,
	NOTE, COLUMNS };
static const char *const columns[] = { "rule", "family", "step", "variant",
	"reading", "nature", "count", "length", "back", "calendar", "roll",
	"from", "distance", "box", "suspendable", "in_force_from",
	"in_force_to", "alarm_days_before", "name_es", "name_en",
	"trigger_es", "basis", "confidence", "note" };
_Static_assert(LENGTH(columns) == COLUMNS, "one per column");
_Static_assert((int)COLUMNS <= (int)LAW_COLUMNS_MAX, "a row holds them all");

enum { ALARM_DAYS_MAX = 3650 };

static bool rules_begin(struct law_load *l, size_t rows)
{
	l->law->rule = arena_array(l->law->arena, rows,
	    sizeof(*l->law->rule));
	return l->law->rule != NULL;
}

static int32_t read_length(struct law_load *l, const struct law_row *r,
    enum law_count count)
{
	struct cell_range range = { 1, LAW_TERM_DAYS_MAX, 0 };

	switch (count) {
	case LAW_BD:
	case LAW_CAL:
	case LAW_CAL_INCL:
		break;
	case LAW_MON:
	case LAW_MON_INCL:
		range.max = LAW_TERM_MONTHS_MAX;
		break;
	case LAW_HRS:
		range.max = LAW_TERM_HOURS_MAX;
		break;
	case LAW_NEVER:
		if (r->cell[LENGTH_OF].n > 0)
			law_fault_add(l, LAW_FAULT_NOT_HERE, LENGTH_OF,
			    r->cell[LENGTH_OF], T("`count` ≠ `none`"));
		return 0;
	}
	return cell_number(l, r, LENGTH_OF, CELL_FILLED, range);
}

static void not_here(struct law_load *l, const struct law_row *r,
    size_t column, bool is_there, text instead)
{
	if (is_there)
		law_fault_add(l, LAW_FAULT_NOT_HERE, column, r->cell[column],
		    instead);
}

/* Which columns of one row can stand beside which. */
static void check_row(struct law_load *l, const struct law_row *r,
    const struct law_rule *u)
{
	bool days = u->count == LAW_BD || u->count == LAW_CAL;
	bool needs_calendar = u->count == LAW_BD || u->roll;
	bool steady = u->count == LAW_HRS || u->count == LAW_NEVER;

	if (needs_calendar && u->calendar == LAW_NO_CALENDAR)
		law_fault_add(l, LAW_FAULT_NEEDS_CALENDAR, CALENDAR,
		    r->cell[CALENDAR], T(""));
	not_here(l, r, BACK, u->back && !days, T("`count` = `bd`, `cal`"));
	not_here(l, r, ROLL, u->roll && (u->back || steady),
	    T("`none`"));
	not_here(l, r, DISTANCE, u->distance && !days &&
	    u->count != LAW_CAL_INCL, T("`no`"));
	not_here(l, r, BOX, u->box && (u->back || steady ||
	    !text_same(u->from, T("trigger"))), T("`no`"));
	/* An hour comes with the act; no earlier step can give one. */
	not_here(l, r, FROM, u->count == LAW_HRS &&
	    !text_same(u->from, T("trigger")), T("`trigger`"));
}

static void rules_row(struct law_load *l, const struct law_row *r)
{
	static const char *const natures[] = { "party", "authority",
		"earliest" };
	static const char *const counts[] = { "bd", "cal", "cal_incl", "mon",
		"mon_incl", "hrs", "none" };
	static const char *const calendars[] = { "none", "courts",
		"administration" };
	static const char *const rolls[] = { "none", "next" };
	struct law_rule u = { .line = r->line };

	u.rule = cell_name(l, r, RULE, CELL_FILLED);
	u.family = cell_name(l, r, FAMILY, CELL_FILLED);
	u.step = cell_name(l, r, STEP, CELL_MAY_BE_EMPTY);
	u.variant = cell_name(l, r, VARIANT, CELL_MAY_BE_EMPTY);
	u.reading = cell_name(l, r, READING, CELL_MAY_BE_EMPTY);
	/* The box makes a reading of this name by itself. */
	not_here(l, r, READING, text_same(u.reading, T("electronic_strict")),
	    T("`reading` ≠ `electronic_strict`"));
	u.nature = (enum law_nature)cell_word(l, r, NATURE, natures,
	    LENGTH(natures));
	u.count = (enum law_count)cell_word(l, r, COUNT, counts,
	    LENGTH(counts));
	u.length = read_length(l, r, u.count);
	u.back = cell_yes(l, r, BACK, CELL_MAY_BE_EMPTY);
	u.calendar = (enum law_calendar)cell_word(l, r, CALENDAR, calendars,
	    LENGTH(calendars));
	u.roll = cell_word(l, r, ROLL, rolls, LENGTH(rolls)) == 1;
	u.from = cell_name(l, r, FROM, CELL_FILLED);
	u.distance = cell_yes(l, r, DISTANCE, CELL_FILLED);
	u.box = cell_yes(l, r, BOX, CELL_FILLED);
	u.suspendable = cell_yes(l, r, SUSPENDABLE, CELL_FILLED);
	cell_days(l, r, IN_FORCE_FROM, CELL_MAY_BE_EMPTY, &u.in_force_from,
	    &u.in_force_to);
	u.alarm_days_before = cell_number(l, r, ALARM, CELL_FILLED,
	    (struct cell_range){ 0, ALARM_DAYS_MAX, 0 });
	u.name_es = cell_text(l, r, NAME_ES, CELL_FILLED);
	u.name_en = cell_text(l, r, NAME_EN, CELL_FILLED);
	u.trigger_es = cell_text(l, r, TRIGGER, CELL_FILLED);
	u.basis = cell_text(l, r, BASIS, CELL_FILLED);
	u.confidence = cell_confidence(l, r, CONFIDENCE);
	u.note = cell_text(l, r, NOTE, CELL_MAY_BE_EMPTY);
	check_row(l, r, &u);
	l->law->rule[l->law->rules_n++] = u;
}

static bool same_place(const struct law_rule *a, const struct law_rule *b)
{
	return text_same(a->rule, b->rule) && text_same(a->step, b->step) &&
	    text_same(a->variant, b->variant);
}

/* The columns that the alarm, the box and the chain take from the answer. */
static void check_reading(struct law_load *l, const struct law_rule *u,
    const struct law_rule *answer)
{
	const struct { size_t column; bool same; } must[] = {
		{ FROM, text_same(u->from, answer->from) },
		{ DISTANCE, u->distance == answer->distance },
		{ BOX, u->box == answer->box },
		{ IN_FORCE_FROM, day_same(u->in_force_from,
		    answer->in_force_from) },
		{ IN_FORCE_TO, day_same(u->in_force_to,
		    answer->in_force_to) },
		{ COUNT, (u->count == LAW_HRS) == (answer->count == LAW_HRS) &&
		    (u->count == LAW_NEVER) == (answer->count == LAW_NEVER) },
	};

	for (size_t i = 0; i < LENGTH(must); i++)
		if (!must[i].same)
			law_fault_at(l, u->line, LAW_FAULT_READING_DIFFERS,
			    must[i].column, u->reading, answer->line);
}

/* Against the rows above it: its answer, its twin, its family. */
static void check_above(struct law_load *l, size_t at)
{
	const struct law_rule *u = &l->law->rule[at];
	const struct law_rule *answer = NULL;
	size_t readings = 0;

	for (size_t i = 0; i < at; i++) {
		const struct law_rule *o = &l->law->rule[i];

		if (same_place(u, o)) {
			if (text_same(u->reading, o->reading)) {
				law_fault_at(l, u->line, LAW_FAULT_DUPLICATE,
				    RULE, u->rule, o->line);
				return;
			}
			if (o->reading.n == 0)
				answer = o;
			readings++;
		} else if (!text_same(u->rule, o->rule) &&
		    text_same(u->family, o->family) &&
		    days_meet(u->in_force_from, u->in_force_to,
		    o->in_force_from, o->in_force_to)) {
			law_fault_at(l, u->line, LAW_FAULT_OVERLAP,
			    IN_FORCE_FROM, u->rule, o->line);
			return;
		}
	}
	if (u->reading.n == 0)
		return;
	l->line = u->line;
	if (answer == NULL)
		law_fault_add(l, LAW_FAULT_NO_ANSWER, READING, u->reading,
		    T(""));
	else
		check_reading(l, u, answer);
	if (readings > LAW_READINGS_MAX)
		law_fault_add(l, LAW_FAULT_TOO_MANY, READING, u->reading,
		    arena_format(l->notes, "%d", LAW_READINGS_MAX));
}

/* `from` names an earlier step, and a chain is not endless. */
static void check_step(struct law_load *l, size_t at)
{
	const struct law_rule *u = &l->law->rule[at];
	bool found = text_same(u->from, T("trigger"));
	size_t steps = 1;

	if (u->reading.n > 0)
		return;
	for (size_t i = 0; i < at; i++) {
		const struct law_rule *o = &l->law->rule[i];

		if (!text_same(u->rule, o->rule) ||
		    !text_same(u->variant, o->variant) || o->reading.n > 0)
			continue;
		steps++;
		if (o->step.n > 0 && text_same(o->step, u->from) &&
		    o->count != LAW_HRS && o->count != LAW_NEVER)
			found = true;
	}
	l->line = u->line;
	if (!found)
		law_fault_add(l, LAW_FAULT_FROM, FROM, u->from, T(""));
	if (steps > LAW_STEPS_MAX)
		law_fault_add(l, LAW_FAULT_TOO_MANY, STEP, u->step,
		    arena_format(l->notes, "%d", LAW_STEPS_MAX));
}

static void rules_end(struct law_load *l)
{
	for (size_t i = 0; i < l->law->rules_n; i++) {
		check_above(l, i);
		check_step(l, i);
	}
}

const struct law_table law_table_rules = { columns, COLUMNS, rules_begin,
	rules_row, rules_end };
