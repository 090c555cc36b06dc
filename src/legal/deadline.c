#include "legal_inside.h"

#include <string.h>

enum { READINGS_BYTES = 400 };

static const char whole_row[] = "";	/* no prefix */

/* ---- what the law refuses, at the input that it is about -------------- */

static const char *
input_of(text pointer)
{
	static const struct { const char *pointer, *input; } inputs[] = {
		{ "/rule", "rule" },
		{ "/variant", "variant" },
		{ "/step", "step" },
		{ "/trigger", "trigger_on" },
		{ "/served_by", "served_by" },
		{ "/distance_days", "distance_days" },
	};

	for (size_t i = 0; i < LENGTH(inputs); i++) {
		if (text_same(pointer, text_of(inputs[i].pointer)))
			return inputs[i].input;
	}
	return "rule";
}

static text
joined(struct arena *a, texts words)
{
	text all = T("");

	for (size_t i = 0; i < words.n; i++)
		all = arena_format(a, "%.*s%s%.*s", (int)all.n, all.p,
		    i > 0 ? ", " : "", (int)words.p[i].n, words.p[i].p);
	return all;
}

/* "problem.law.missing": {0} are the choices, or the rule then in force. */
static result
law_says_no(struct arena *a, const struct refusal *no,
    struct problems *problems)
{
	text key = arena_format(a, "problem.law.%s", refusal_name(no->code));
	text about = joined(a, no->about);

	NEED(key.p);
	NEED(about.p);
	problem_add(problems, text_of(input_of(no->pointer)), key.p, &about,
	    1);
	return refuse(INVALID);
}

/* ---- counting --------------------------------------------------------- */

static result
question_of(const struct law *law, struct arena *a,
    const struct deadline_ask *ask, struct deadline_question *ret,
    struct problems *problems)
{
	struct deadline_question q = { .rule = ask->rule,
		.variant = ask->variant, .step = ask->step,
		.trigger = ask->start.on, .trigger_at = ask->start.at,
		.distance_days = ask->distance_days };

	if (ask->start.served_by.n > 0 &&
	    !law_served_by_read(ask->start.served_by, &q.served_by)) {
		problem_add(problems, T("served_by"), "problem.code",
		    &ask->start.served_by, 1);
		return refuse(INVALID);
	}
	/* An hour typed beside another day would silently win. */
	if (q.trigger.known && q.trigger_at.known &&
	    !day_same(q.trigger, instant_day(q.trigger_at))) {
		legal_problem_days(a, problems, whole_row, "trigger_at",
		    "problem.trigger_two_days", instant_day(q.trigger_at),
		    q.trigger);
		return refuse(INVALID);
	}
	/* Where no suspension names a district, it is like any other. */
	if (law_area_known(law, ask->district))
		q.extra.district = ask->district;
	*ret = q;
	return OK;
}

static text
moment_text(struct arena *a, struct law_moment m)
{
	if (m.never)
		return T("-");
	return m.at.known ? instant_rfc3339(a, m.at) : day_iso(a, m.day);
}

/* "calendar 2026-12-07; …": as many as the field holds. */
static result
readings_of(struct arena *a, const struct deadline_answer *answer, text *ret)
{
	CLEANUP(buf_free) struct buf b = buf_new(READINGS_BYTES);
	text all;

	for (size_t i = 0; i < answer->readings_n; i++) {
		const struct deadline_reading *r = &answer->reading[i];
		text due = moment_text(a, r->due);

		if (b.n + r->name.n + due.n + 3 > READINGS_BYTES)
			break;
		if (b.n > 0)
			buf_text(&b, T("; "));
		buf_text(&b, r->name);
		buf_char(&b, ' ');
		buf_text(&b, due);
	}
	TRY(buf_end(&b));
	all = arena_text(a, buf_view(&b));
	NEED(all.p);
	*ret = all;
	return OK;
}

static void
fill(struct deadline *d, const struct law *law,
    const struct deadline_question *q, const struct deadline_answer *answer)
{
	const struct law_rule *row = answer->row;

	d->title = row->name_es;
	d->nature = text_of(law_nature_name(row->nature));
	d->rule = row->rule;
	d->step = row->step;
	d->variant = row->variant;
	d->served_by = text_of(law_served_by_name(q->served_by));
	d->trigger_on = q->trigger_at.known ? instant_day(q->trigger_at) :
	    q->trigger;
	d->trigger_at = q->trigger_at;
	d->distance_days = q->distance_days;
	d->due_on = answer->due.never ? (day){ 0 } : answer->due.day;
	d->due_at = answer->due.never ? (instant){ 0 } : answer->due.at;
	d->alarm_on = answer->alarm.never ? (day){ 0 } : answer->alarm.day;
	d->original_due_on = d->due_on;
	d->data_digest = law_digest(law);
	d->state = T("running");
}

result
deadline_count(const struct law *law, struct arena *a,
    const struct deadline_ask *ask, struct deadline *d,
    struct deadline_counted *ret_counted, struct problems *problems)
{
	struct deadline_counted *c = arena_take(a, sizeof(*c));
	struct deadline_question q;
	struct refusal no = { 0 };
	text readings;
	text sheet;
	result got;

	NEED(c);
	TRY(question_of(law, a, ask, &q, problems));
	got = law_deadline(law, a, &q, &c->answer, &no);
	if (got.code == E_INVALID)
		return law_says_no(a, &no, problems);
	TRY(got);
	TRY(law_deadline_sheet(law, a, &q, &c->answer, &c->sheet));
	TRY(deadline_sheet_write(a, &c->sheet, &sheet));
	TRY(readings_of(a, &c->answer, &readings));
	fill(d, law, &q, &c->answer);
	d->sheet = sheet;
	d->readings = readings;
	if (ret_counted != NULL)
		*ret_counted = *c;
	return OK;
}

/* ---- deciding --------------------------------------------------------- */

static bool
same_term(const struct deadline *x, const struct deadline *y)
{
	return !id_none(x->act_id.raw) &&
	    id_same(x->act_id.raw, y->act_id.raw) &&
	    !id_same(x->row.id, y->row.id) && text_same(x->rule, y->rule) &&
	    text_same(x->variant, y->variant) && text_same(x->step, y->step);
}

void
deadline_decide(struct arena *a, const struct deadline *d,
    void *const *others, size_t n, struct problems *problems)
{
	if (id_none(d->responsible.raw))
		legal_problem(a, problems, whole_row, "responsible",
		    "problem.required");
	if (id_none(d->deputy.raw))
		legal_problem(a, problems, whole_row, "deputy",
		    "problem.required");
	if (!id_none(d->deputy.raw) &&
	    id_same(d->deputy.raw, d->responsible.raw))
		legal_problem(a, problems, whole_row, "deputy",
		    "problem.deputy_same");
	for (size_t i = 0; i < n; i++) {
		const struct deadline *other = others[i];

		if (same_term(d, other) &&
		    !text_same(other->state, T("dropped")))
			legal_problem(a, problems, whole_row, "rule",
			    "problem.term_twice");
	}
}

bool
deadline_running(const struct deadline *d)
{
	return text_same(d->state, T("running")) ||
	    text_same(d->state, T("changed"));
}

static bool
sooner(const struct deadline *x, const struct deadline *y)
{
	if (!x->due_on.known || !y->due_on.known)
		return x->due_on.known && !y->due_on.known;
	if (x->due_on.n != y->due_on.n)
		return x->due_on.n < y->due_on.n;
	return x->due_at.known && (!y->due_at.known ||
	    x->due_at.ms < y->due_at.ms);
}

const struct deadline *
deadline_next(void *const *rows, size_t n)
{
	const struct deadline *next = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct deadline *d = rows[i];

		if (deadline_running(d) && (next == NULL || sooner(d, next)))
			next = d;
	}
	return next;
}
