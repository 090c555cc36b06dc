/* Custody: the periods of a person, and the days served as of today. */
#include "ops_inside.h"

#include "custody.h"
#include "desk.h"

#include <string.h>

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
	result got;

	if (!guard_may(op, AREA_CUSTODY, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0]))
		return OK;
	got = guard_reach(op, AREA_CUSTODY, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0], &reach);
	if (error_family(got) == FAMILY_REFUSAL)
		return OK;
	TRY(got);
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

static result
decide(struct op *op, const struct reach *reach, const struct detention *d)
{
	void **others;
	size_t n;

	detention_decide(op->arena, d, op->today, &op->problems);
	TRY(facts_children(op, reach, &entity_detention, DETENTION_PERSON_ID,
	    reach->object, &others, &n));
	detention_fits(op->arena, d, others, n, &op->problems);
	return op_problems(op);
}

static result
finish(struct op *op, const struct reach *reach, const struct detention *d,
    enum event event)
{
	entity_show(node_add_object(op->answer, "detention"),
	    &entity_detention, d, reach->mask);
	op->location = ops_path(op, "/people/{}/custody", &reach->object, 1);
	return ops_commit(op, event, &entity_person, reach->object);
}

static result
run_detention_add(struct op *op, const struct reach *reach)
{
	struct detention *d = entity_new(op->arena, &entity_detention);

	NEED(d);
	d->person_id.raw = reach->object;
	d->credited = (yesno){ true, true };
	TRY(ops_fill(op, &entity_detention, d));
	TRY(decide(op, reach, d));
	TRY(facts_insert(op, reach, &entity_detention, d));
	return finish(op, reach, d, EVENT_DETENTION_ADDED);
}

static result
load(struct op *op, const struct reach *reach, struct detention **ret)
{
	struct detention *d = entity_new(op->arena, &entity_detention);

	NEED(d);
	TRY(facts_get(op, reach, &entity_detention, op->objects[0], d));
	*ret = d;
	return OK;
}

static result
run_detention_edit(struct op *op, const struct reach *reach)
{
	struct detention *d;

	TRY(load(op, reach, &d));
	TRY(ops_merge(op, reach, &entity_detention, d));
	TRY(decide(op, reach, d));
	TRY(facts_update(op, reach, &entity_detention, d));
	return finish(op, reach, d, EVENT_DETENTION_CHANGED);
}

static result
about_person(struct op *op, const struct reach *reach)
{
	op->location = ops_path(op, "/people/{}/custody", &reach->object, 1);
	return desk_add_called(op, op->answer, "person",
	    (person_id){ reach->object });
}

static result
form_detention_add(struct op *op, const struct reach *reach)
{
	const struct detention usual = { .credited = { true, true } };
	const struct filled from = { &entity_detention, &usual };

	TRY(about_person(op, reach));
	return ops_form(op, &from, 1);
}

static result
form_detention_edit(struct op *op, const struct reach *reach)
{
	struct filled from = { .entity = &entity_detention };
	struct detention *d;

	TRY(load(op, reach, &d));
	from.row = d;
	node_add_number(op->answer, "v", (int64_t)d->row.v);
	TRY(about_person(op, reach));
	return ops_form(op, &from, 1);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in detention_in[] = {
	IN(detention, kind, DETENTION_KIND),
	IN(detention, from_on, DETENTION_FROM_ON),
	IN(detention, to_on, DETENTION_TO_ON),
	IN(detention, prison, DETENTION_PRISON),
	IN(detention, place, DETENTION_PLACE),
	IN(detention, without_order, DETENTION_WITHOUT_ORDER),
	IN(detention, credited, DETENTION_CREDITED),
	IN(detention, release_type, DETENTION_RELEASE_TYPE),
	IN(detention, transfer_reason, DETENTION_TRANSFER_REASON),
	IN(detention, source, DETENTION_SOURCE),
	IN(detention, other_to_on, DETENTION_OTHER_TO_ON),
	IN(detention, other_source, DETENTION_OTHER_SOURCE),
	IN_END
};

const struct op_row custody_ops[] = {
	{ .name = "custody.show", .area = AREA_CUSTODY, .need = LEVEL_READ,
	  .object = OBJECT_PERSON, .page = "/people/{person}/custody",
	  .api = "GET /people/{person}/custody", .shell = "custody show",
	  .template = "custody", .run = run_custody_show },
	{ .name = "detention.add", .area = AREA_CUSTODY,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/custody/new",
	  .api = "POST /people/{person}/custody", .shell = "detention add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = detention_in,
	  .run = run_detention_add, .form = form_detention_add },
	{ .name = "detention.edit", .area = AREA_CUSTODY,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/detentions/{detention}/edit",
	  .api = "PATCH /detentions/{detention}", .shell = "detention edit",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = detention_in,
	  .run = run_detention_edit, .form = form_detention_edit },
	{ .name = NULL }
};
