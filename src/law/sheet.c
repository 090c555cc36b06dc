/* The computation as lines: kinds and values, the words are the caller's. */
#include "law_data.h"

#include <assert.h>

enum { DIGEST_SHORT = 12, LINES_FIXED = 20 };

struct sheet_draft { struct sheet_line *p; size_t n, max; };

static struct sheet_line *add(struct sheet_draft *s, enum sheet_line_kind k)
{
	assert(s->n < s->max);
	s->p[s->n].kind = k;
	return &s->p[s->n++];
}

static void add_code(struct sheet_draft *s, enum sheet_line_kind k,
    const char *code)
{
	add(s, k)->code = text_of(code);
}

static void add_number(struct sheet_draft *s, enum sheet_line_kind k,
    int64_t number)
{
	add(s, k)->number = number;
}

static struct sheet_line *add_moment(struct sheet_draft *s,
    enum sheet_line_kind k, struct law_moment m)
{
	struct sheet_line *l = add(s, k);

	l->day = m.day;
	l->at = m.at;
	return l;
}

/* The two lists of a count, told as one story in the order of the days. */
struct story {
	struct law_days counted, skipped;
	enum sheet_line_kind counted_kind, skipped_kind;
	bool back;
};

static void add_counted(struct sheet_draft *s, const struct story *t,
    size_t i)
{
	struct sheet_line *l;

	if (i == LAW_DAYS_EDGE && t->counted.omitted > 0)
		add_number(s, SHEET_COUNTED_OMITTED,
		    (int64_t)t->counted.omitted);
	l = add(s, t->counted_kind);
	l->day = t->counted.p[i].day;
	l->number = t->counted.p[i].ordinal;
}

static void add_skipped(struct sheet_draft *s, const struct story *t,
    size_t i)
{
	const struct law_closure *c = &t->skipped.p[i].closure;
	struct sheet_line *l;

	if (i == LAW_DAYS_EDGE && t->skipped.omitted > 0)
		add_number(s, SHEET_SKIPPED_OMITTED,
		    (int64_t)t->skipped.omitted);
	l = add(s, t->skipped_kind);
	l->day = t->skipped.p[i].day;
	l->code = text_of(law_why_name(c->why));
	l->es = c->name_es;
	l->en = c->name_en;
}

static bool counted_first(const struct story *t, size_t i, size_t j)
{
	if (i == t->counted.n || j == t->skipped.n)
		return i < t->counted.n;

	int32_t counted = t->counted.p[i].day.n;
	int32_t skipped = t->skipped.p[j].day.n;

	return t->back ? counted >= skipped : counted <= skipped;
}

static void add_days(struct sheet_draft *s, const struct story *t)
{
	size_t i = 0, j = 0;

	while (i < t->counted.n || j < t->skipped.n) {
		if (counted_first(t, i, j))
			add_counted(s, t, i++);
		else
			add_skipped(s, t, j++);
	}
}

static void add_rule(struct sheet_draft *s, const struct law_rule *row)
{
	struct sheet_line *l = add(s, SHEET_RULE);

	l->code = row->rule;
	l->es = row->name_es;
	l->en = row->name_en;
	add(s, SHEET_BASIS)->es = row->basis;
	add_code(s, SHEET_CONFIDENCE, law_confidence_name(row->confidence));
}

static void add_start(struct sheet_draft *s,
    const struct deadline_question *q, const struct deadline_answer *d)
{
	struct sheet_line *l = add(s, SHEET_TRIGGER);

	l->at = q->trigger_at;
	l->day = q->trigger_at.known ? instant_day(q->trigger_at) :
	    q->trigger;
	l->es = d->row->trigger_es;
	if (!d->effective.known)
		return;
	add_code(s, SHEET_SERVED, law_served_by_name(q->served_by));
	add_days(s, &(struct story){ .counted = d->box_counted,
		.skipped = d->box_skipped,
		.counted_kind = SHEET_BOX_COUNTED,
		.skipped_kind = SHEET_BOX_SKIPPED });
	add(s, SHEET_EFFECTIVE)->day = d->effective;
}

static void add_step(struct sheet_draft *s, enum sheet_line_kind k,
    const struct deadline_step *step)
{
	struct sheet_line *l = add_moment(s, k, step->due);

	l->code = step->row->step;
	l->es = step->row->name_es;
	l->en = step->row->name_en;
}

static void add_count(struct sheet_draft *s,
    const struct deadline_question *q, const struct deadline_answer *d)
{
	struct sheet_line *l = add(s, SHEET_METHOD);

	l->code = text_of(law_count_name(d->row->count));
	l->number = d->row->length;
	if (d->row->back)
		add(s, SHEET_BACK);
	if (d->row->calendar != LAW_NO_CALENDAR)
		add_code(s, SHEET_CALENDAR,
		    law_calendar_name(d->row->calendar));
	if (q->distance_days.known)
		add_number(s, SHEET_DISTANCE, q->distance_days.value);
	add_days(s, &(struct story){ .counted = d->counted,
		.skipped = d->skipped, .back = d->row->back,
		.counted_kind = SHEET_COUNTED,
		.skipped_kind = SHEET_SKIPPED });
	if (d->unrolled.known)
		add(s, SHEET_ROLLED)->day = d->unrolled;
}

static void add_result(struct sheet_draft *s,
    const struct deadline_answer *d)
{
	if (d->due.never) {
		add(s, SHEET_NO_TERM);
		return;
	}
	add_moment(s, SHEET_DUE, d->due)->code =
	    text_of(law_nature_name(d->row->nature));
	for (size_t i = 0; i < d->readings_n; i++) {
		const struct deadline_reading *r = &d->reading[i];
		struct sheet_line *l = add_moment(s, SHEET_READING, r->due);

		l->code = r->name;
		l->es = r->row->basis;
	}
	add_moment(s, SHEET_ALARM, d->alarm)->number =
	    d->row->alarm_days_before;
}

static void add_end(struct sheet_draft *s, const struct law *law,
    const struct deadline_answer *d)
{
	for (size_t i = 0; i < d->then_n; i++)
		add_step(s, SHEET_THEN, &d->then[i]);
	for (enum law_warning w = 0; w < LAW_WARNINGS; w++)
		if (d->warning[w])
			add_code(s, SHEET_WARNING, law_warning_name(w));
	if (d->row->note.n > 0)
		add(s, SHEET_NOTE)->en = d->row->note;
	add(s, SHEET_DATA)->code = (text){ law->digest, DIGEST_SHORT };
}

result law_deadline_sheet(const struct law *law, struct arena *a,
    const struct deadline_question *q, const struct deadline_answer *answer,
    struct sheet *ret)
{
	const struct deadline_answer *d = answer;
	struct sheet_draft s = { .max = LINES_FIXED + LAW_WARNINGS +
		d->box_counted.n + d->box_skipped.n + d->counted.n +
		d->skipped.n + d->readings_n + d->before_n + d->then_n };

	NEED(s.p = arena_array(a, s.max, sizeof(*s.p)));
	add_rule(&s, d->row);
	add_start(&s, q, d);
	for (size_t i = 0; i < d->before_n; i++)
		add_step(&s, d->before[i].happened ? SHEET_HAPPENED :
		    SHEET_STEP, &d->before[i]);
	add_count(&s, q, d);
	add_result(&s, d);
	add_end(&s, law, d);
	*ret = (struct sheet){ s.p, s.n };
	return OK;
}
