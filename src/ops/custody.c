/* Custody: the periods of a person, and the days served as of today. */
#include "ops_inside.h"

#include "custody.h"
#include "desk.h"
#include "record.h"

/* ---- as an answer shows it -------------------------------------------- */

static void
add_length(struct node *to, const char *name, bool known, int32_t earliest,
    int32_t latest)
{
	struct node *one;

	if (!known)
		return;
	one = node_add_object(to, name);
	node_add_number(one, "earliest", earliest);
	node_add_number(one, "latest", latest);
}

static void
add_periods(struct node *to, const struct custody_sheet *s, class_mask mask)
{
	struct node *list = node_add_list(to, "periods");

	for (size_t i = 0; i < s->n; i++) {
		const struct custody_length *l = &s->length[i];
		const struct custody_length *o = &s->other_length[i];
		struct node *one = node_add_object(list, NULL);

		entity_show(one, &entity_detention, s->period[i], mask);
		add_length(one, "days", l->known, l->earliest, l->latest);
		add_length(one, "other_days", o->known, o->earliest,
		    o->latest);
	}
}

static void
add_runs(struct node *to, const struct custody_sheet *s, day today)
{
	struct node *list = node_add_list(to, "runs");

	for (size_t i = 0; i < s->sum.runs_n; i++) {
		const struct custody_run *r = &s->sum.run[i];
		struct node *one = node_add_object(list, NULL);

		node_add_day(one, "from", r->from);
		node_add_day(one, "to", r->to);
		node_add_number(one, "days", custody_days(r->from,
		    r->to.known ? r->to : today));
	}
}

/* Days that two periods share, by the codes of the two. */
static void
add_overlaps(struct node *to, const struct custody_sheet *s)
{
	struct node *list = node_add_list(to, "overlaps");

	for (size_t i = 0; i < s->sum.overlaps_n; i++) {
		const struct custody_overlap *o = &s->sum.overlap[i];
		struct node *one = node_add_object(list, NULL);

		node_add_day(one, "from", o->from);
		node_add_day(one, "to", o->to);
		node_add_number(one, "days", custody_days(o->from, o->to));
		node_add_short(one, "one", s->period[o->one]->row.id);
		node_add_short(one, "other", s->period[o->other]->row.id);
		node_add_bool(one, "certain", o->certain);
		node_add_bool(one, "transfer", custody_is_transfer(s, o));
	}
}

static void
add_sum(struct op *op, struct node *to, const struct custody_sheet *s)
{
	const struct custody_sum *sum = &s->sum;

	add_runs(to, s, op->today);
	add_overlaps(to, s);
	node_add_bool(to, "open", sum->open);
	node_add_bool(to, "estimated", sum->estimated);
	add_length(to, "served", sum->served.known, sum->served.earliest,
	    sum->served.latest);
	if (s->other_counts)
		add_length(to, "other_served", s->other_sum.served.known,
		    s->other_sum.served.earliest, s->other_sum.served.latest);
}

static result
add_custody(struct op *op, const struct reach *reach, id person,
    struct node *to)
{
	struct custody_sheet *s = arena_take(op->arena, sizeof(*s));
	struct refusal no;
	void **rows;
	result got;
	size_t n;

	NEED(s);
	TRY(facts_children(op, reach, &entity_detention, DETENTION_PERSON_ID,
	    person, &rows, &n));
	got = custody_sheet_make(op->arena, rows, n, op->today, s, &no);
	if (!is_ok(got) && got.code != E_INVALID)
		return got;
	node_add_day(to, "as_of", op->today);
	add_periods(to, s, reach->mask);
	if (is_ok(got))
		add_sum(op, to, s);
	else
		node_add_word(to, "cannot", arena_format(op->arena,
		    "custody.cannot.%s", refusal_name(no.code)).p);
	return node_whole(to);
}

result
ops_add_custody(struct op *op)
{
	const struct reach *reach;

	TRY(ops_reach_part(op, AREA_CUSTODY, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0], &reach));
	if (reach == NULL)
		return OK;
	return add_custody(op, reach, op->objects[0],
	    node_add_object(op->answer, "custody"));
}

static result
run_custody_show(struct op *op, const struct reach *reach)
{
	audit_read(op, "person", op->objects[0]);
	TRY(desk_add_called(op, op->answer, "person",
	    (person_id){ op->objects[0] }));
	node_add_bool(op->answer, "may_write", guard_may(op, AREA_CUSTODY,
	    LEVEL_WRITE, OBJECT_PERSON, op->objects[0]));
	return add_custody(op, reach, op->objects[0],
	    node_add_object(op->answer, "custody"));
}

/* ---- periods ---------------------------------------------------------- */

static void
begin_detention(const struct op *op, void *row)
{
	struct detention *d = row;

	(void)op;
	d->credited = (yesno){ true, true };
}

static result
decide_detention(struct op *op, const struct reach *reach, void *row)
{
	void **others;
	size_t n;

	detention_decide(op->arena, row, op->today, &op->problems);
	TRY(facts_children(op, reach, &entity_detention, DETENTION_PERSON_ID,
	    reach->object, &others, &n));
	detention_fits(op->arena, row, others, n, &op->problems);
	return OK;
}

static const struct record detention_record = {
	.entity = &entity_detention, .member = "detention",
	.added = EVENT_DETENTION_ADDED, .changed = EVENT_DETENTION_CHANGED,
	.begin = begin_detention, .decide = decide_detention };

static const struct in detention_in[] = { DETENTION_FORM(IN), IN_END };

const struct op_row custody_ops[] = {
	{ .name = "custody.show", .area = AREA_CUSTODY, .need = LEVEL_READ,
	  .object = OBJECT_PERSON, .page = "/people/{person}/custody",
	  .api = "GET /people/{person}/custody", .shell = "custody show",
	  .template = "custody", .run = run_custody_show },
	RECORD("detention", "/people/{person}/custody",
	    "/detentions/{detention}", AREA_CUSTODY, OBJECT_PERSON,
	    detention_in, detention_record,
	    "/people/{}/custody"),
	{ .name = NULL }
};
