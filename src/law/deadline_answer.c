/* deadline: the question as a tree, and the answer as one. */
#include "answers.h"

#include <string.h>

static result read_suspensions(struct asker *k, const struct node *in,
    struct law_extra *ret)
{
	static const char *const members[] = { "from", "to", "why", NULL };
	const struct node *list = NULL;
	struct law_span *p;

	TRY(asking_list(k, in, "suspensions", ASKING_MAY, LAW_EXTRA_MAX,
	    &list));
	if (list == NULL)
		return OK;
	NEED(p = arena_array(k->arena, list->n, sizeof(*p)));
	ret->suspensions = p;
	for (const struct node *o = list->first; o != NULL; o = o->next) {
		struct law_span *s = &p[ret->suspensions_n++];

		TRY(asking_only(k, o, members));
		TRY(asking_day(k, o, "from", ASKING_MUST, &s->from));
		TRY(asking_day(k, o, "to", ASKING_MUST, &s->to));
		TRY(asking_text(k, o, "why", ASKING_MUST, &s->why));
	}
	return OK;
}

static result read_closed_days(struct asker *k, const struct node *in,
    struct law_extra *ret)
{
	static const char *const members[] = { "date", "why", NULL };
	const struct node *list = NULL;
	struct law_closed_day *p;

	TRY(asking_list(k, in, "closed_days", ASKING_MAY, LAW_CLOSED_MAX,
	    &list));
	if (list == NULL)
		return OK;
	NEED(p = arena_array(k->arena, list->n, sizeof(*p)));
	ret->closed_days = p;
	for (const struct node *o = list->first; o != NULL; o = o->next) {
		struct law_closed_day *c = &p[ret->closed_days_n++];

		TRY(asking_only(k, o, members));
		TRY(asking_day(k, o, "date", ASKING_MUST, &c->date));
		TRY(asking_text(k, o, "why", ASKING_MUST, &c->why));
	}
	return OK;
}

static result read_happened(struct asker *k, const struct node *in,
    struct deadline_question *ret)
{
	const struct node *o = NULL;
	struct law_happened *p;

	TRY(asking_object(k, in, "happened", ASKING_MAY, &o));
	if (o == NULL)
		return OK;
	if (o->n > LAW_STEPS_MAX)
		return asking_refuse(k, REFUSED_TOO_LARGE, in, "happened",
		    "at most %d", (int)LAW_STEPS_MAX);
	NEED(p = arena_array(k->arena, o->n, sizeof(*p)));
	ret->happened = p;
	for (const struct node *n = o->first; n != NULL; n = n->next) {
		struct law_happened *h = &p[ret->happened_n++];

		h->step = text_of(n->name);
		TRY(asking_day(k, o, n->name, ASKING_MUST, &h->date));
	}
	return OK;
}

/* A day, or an hour of one. */
static result read_trigger(struct asker *k, const struct node *in,
    struct deadline_question *ret)
{
	text t = { 0 };

	TRY(asking_text(k, in, "trigger", ASKING_MUST, &t));
	if (text_has(t, 'T'))
		return asking_instant(k, in, "trigger", ASKING_MUST,
		    &ret->trigger_at);
	return asking_day(k, in, "trigger", ASKING_MUST, &ret->trigger);
}

static result deadline_read(struct asker *k, const struct node *in,
    struct deadline_question *ret)
{
	static const char *const members[] = { "rule", "trigger", "variant",
		"step", "happened", "served_by", "distance_days", "district",
		"suspensions", "closed_days", NULL };
	static const char *const served[] = { "cedula", "hearing",
		"electronic", "administrative", NULL };
	size_t by = LAW_CEDULA;

	TRY(asking_only(k, in, members));
	TRY(asking_text(k, in, "rule", ASKING_MUST, &ret->rule));
	TRY(read_trigger(k, in, ret));
	TRY(asking_text(k, in, "variant", ASKING_MAY, &ret->variant));
	TRY(asking_text(k, in, "step", ASKING_MAY, &ret->step));
	TRY(read_happened(k, in, ret));
	TRY(asking_word(k, in, "served_by", ASKING_MAY, served, &by));
	ret->served_by = (enum law_served_by)by;
	TRY(asking_number(k, in, "distance_days", ASKING_MAY,
	    (struct asking_range){ 0, LAW_DISTANCE_MAX },
	    &ret->distance_days));
	TRY(asking_text(k, in, "district", ASKING_MAY,
	    &ret->extra.district));
	TRY(read_suspensions(k, in, &ret->extra));
	return read_closed_days(k, in, &ret->extra);
}

/* ---- the answer ------------------------------------------------------- */

static void add_moment(struct node *to, const char *name,
    struct law_moment m)
{
	int hour, minute;

	if (m.never) {
		node_add_text(to, name, T("never"));
	} else if (m.at.known) {
		instant_clock(m.at, &hour, &minute);
		node_add_text(to, name, arena_format(to->arena,
		    "%sT%02d:%02d", day_iso(to->arena, m.day).p, hour,
		    minute));
	} else {
		node_add_day(to, name, m.day);
	}
}

void closure_write(struct node *to, day d, struct law_closure c)
{
	node_add_day(to, "date", d);
	node_add_text(to, "why", text_of(law_why_name(c.why)));
	/* A weekend is no word of the files. */
	if (c.why != LAW_SATURDAY && c.why != LAW_SUNDAY)
		node_add_text(to, "name", c.name_es);
}

static void add_days(struct node *out, const struct deadline_answer *d)
{
	struct node *counted = node_add_list(out, "counted");
	struct node *skipped;

	for (size_t i = 0; i < d->counted.n; i++)
		node_add_day(counted, NULL, d->counted.p[i].day);
	if (d->counted.omitted > 0)
		node_add_number(out, "counted_omitted",
		    (int64_t)d->counted.omitted);
	skipped = node_add_list(out, "skipped");
	for (size_t i = 0; i < d->skipped.n; i++)
		closure_write(node_add_object(skipped, NULL),
		    d->skipped.p[i].day, d->skipped.p[i].closure);
	if (d->skipped.omitted > 0)
		node_add_number(out, "skipped_omitted",
		    (int64_t)d->skipped.omitted);
}

static void add_readings(struct node *out, const struct deadline_answer *d)
{
	struct node *list = node_add_list(out, "readings");

	for (size_t i = 0; i < d->readings_n; i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "name", d->reading[i].name);
		add_moment(one, "due", d->reading[i].due);
	}
}

static void add_count(struct node *out, const struct deadline_question *q,
    const struct deadline_answer *d)
{
	const struct law_rule *row = d->row;

	if (!d->due.never)
		node_add_number(out, "length", row->length);
	if (q->distance_days.known)
		node_add_number(out, "distance_days",
		    q->distance_days.value);
	node_add_text(out, "count", text_of(law_count_name(row->count)));
	node_add_text(out, "calendar",
	    text_of(law_calendar_name(row->calendar)));
	node_add_text(out, "basis", row->basis);
	node_add_text(out, "confidence",
	    text_of(law_confidence_name(row->confidence)));
}

static void add_then(struct node *out, const struct deadline_answer *d)
{
	struct node *list;

	if (d->then_n == 0)
		return;
	list = node_add_list(out, "then");
	for (size_t i = 0; i < d->then_n; i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "step", d->then[i].row->step);
		add_moment(one, "due", d->then[i].due);
		add_moment(one, "alarm", d->then[i].alarm);
	}
}

result deadline_answer_tree(struct asker *k, const struct node *in,
    struct node *out)
{
	struct deadline_question q = { 0 };
	struct deadline_answer d;
	struct node *warnings;

	TRY(deadline_read(k, in, &q));
	TRY(law_deadline(k->law, k->arena, &q, &d, k->no));
	node_add_text(out, "rule", d.row->rule);
	node_add_text(out, "data", law_digest(k->law));
	node_add_text(out, "nature",
	    text_of(law_nature_name(d.row->nature)));
	if (d.effective.known)
		node_add_day(out, "effective", d.effective);
	add_moment(out, "due", d.due);
	if (!d.due.never)
		add_moment(out, "alarm", d.alarm);
	add_readings(out, &d);
	if (!d.due.never)
		add_days(out, &d);
	add_count(out, &q, &d);
	warnings = node_add_list(out, "warnings");
	for (enum law_warning w = 0; w < LAW_WARNINGS; w++)
		if (d.warning[w])
			node_add_text(warnings, NULL,
			    text_of(law_warning_name(w)));
	add_then(out, &d);
	return node_whole(out);
}
