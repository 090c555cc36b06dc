/* The rows under a matter: parties with their conflict, proceedings, acts. */
#include "case.h"
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "record.h"

/* ---- parties ---------------------------------------------------------- */

/*
 * The person typed, if any, and the names by which to check.  One who may
 * not be named here is from then on as one who is not there.
 */
static result
read_person(struct op *op, struct party *p, struct names *names)
{
	id person;

	TRY(ops_input_id(op, "person", &entity_person, &person));
	if (!id_none(person))
		TRY(names_add_person(op, names, person, "person"));
	if (!problem_has(&op->problems, T("person")))
		p->person_id.raw = person;
	return OK;
}

static result
check_title(struct op *op, const struct reach *reach,
    const struct names *names)
{
	struct matter *m = entity_new(op->arena, &entity_matter);
	bool found = false;

	NEED(m);
	TRY(facts_get(op, reach, &entity_matter, reach->object, m));
	TRY(matter_title_names(op->arena, m->title, names->p, names->n,
	    &found));
	if (found)
		op_problem(op, "", "problem.title_names_party");
	return OK;
}

/* Whom we defend is not the other side of himself. */
static result
client_of(struct op *op, const struct reach *reach, person_id *ret)
{
	void **parties;
	size_t n;

	*ret = (person_id){ 0 };
	TRY(case_parties(op, reach, reach->object, &parties, &n));
	for (size_t i = 0; i < n; i++) {
		const struct party *p = parties[i];

		if (p->represented.known && p->represented.value)
			*ret = p->person_id;
	}
	return OK;
}

/* Who answers for the case may not lose it by a new client. */
static result
check_walls(struct op *op, const struct reach *reach, const struct party *p)
{
	struct matter *m = entity_new(op->arena, &entity_matter);
	const struct guard *g = op->office->guard;

	NEED(m);
	if (id_none(p->person_id.raw) || !p->represented.known ||
	    !p->represented.value)
		return OK;
	TRY(facts_get(op, reach, &entity_matter, reach->object, m));
	if (guard_hides(g, m->responsible, OBJECT_PERSON,
	    p->person_id.raw) || guard_hides(g, m->deputy, OBJECT_PERSON,
	    p->person_id.raw))
		op_problem(op, "represented", "problem.user_no_access");
	return OK;
}

/* The answer has the `hits`, here and again on the page that asks what is
 * decided about them. */
static result
decide_party(struct op *op, const struct reach *reach, void *row)
{
	struct node *list = node_add_list(op->answer, "hits");
	struct party *p = row;
	struct names names = { 0 };
	person_id client;
	size_t hits;

	TRY(read_person(op, p, &names));
	TRY(op_problems(op));
	party_decide(op->arena, p, "", &op->problems);
	TRY(names_add(op, &names, p->name));
	TRY(op_problems(op));
	TRY(check_title(op, reach, &names));
	TRY(check_walls(op, reach, p));
	TRY(client_of(op, reach, &client));
	if (!id_none(p->person_id.raw))
		client = p->person_id;
	return case_check_conflict(op, p, &names, client, list, &hits);
}

static void
begin_party(const struct op *op, void *row)
{
	struct party *p = row;

	(void)op;
	p->conflict_verdict = T("pending");
}

static result
offer_for_party(struct op *op, const struct reach *reach, const void *row)
{
	(void)reach;
	(void)row;
	case_hide_decision(op);
	return OK;
}

static const struct record party_record = {
	.entity = &entity_party, .member = "party",
	.added = EVENT_PARTY_ADDED, .begin = begin_party,
	.decide = decide_party, .offer = offer_for_party };

static result
form_party_add(struct op *op, const struct reach *reach)
{
	struct party *p = entity_new(op->arena, &entity_party);
	struct problems kept = op->problems;

	NEED(p);
	if (!case_decision_asked(op))
		return record_add_form(op, reach);
	op->problems.n = 0;
	begin_party(op, p);
	TRY(ops_fill(op, reach, &entity_party, p));
	TRY(decide_party(op, reach, p));
	op->problems = kept;
	node_add_short(op->answer, "matter", reach->object);
	op->page = "record";
	return ops_form(op, NULL, 0);
}

static result
load_party(struct op *op, const struct reach *reach, struct party **ret)
{
	struct party *p = entity_new(op->arena, &entity_party);

	NEED(p);
	TRY(facts_get(op, reach, &entity_party, op->objects[0], p));
	*ret = p;
	return OK;
}

static result
run_conflict_decide(struct op *op, const struct reach *reach)
{
	const struct conflict_decision d = {
		.verdict = op_input(op, "verdict"),
		.reason = op_input(op, "reason"),
		.by = op->user, .at = op->now };
	struct party *p;

	TRY(load_party(op, reach, &p));
	/* A decision is upon what was seen. */
	if (op->version != p->row.v) {
		if (op->door != DOOR_PAGES)
			return refuse(STALE);
		op_problem(op, "", "problem.changed_meanwhile");
		return refuse(INVALID);
	}
	conflict_decide(op->arena, p, &d, &op->problems);
	TRY(op_problems(op));
	TRY(facts_update(op, reach, &entity_party, p));
	entity_show(node_add_object(op->answer, "party"), &entity_party, p,
	    reach->mask);
	return ops_commit(op, EVENT_CONFLICT_DECIDED, &entity_matter,
	    reach->object);
}

static result
form_conflict_decide(struct op *op, const struct reach *reach)
{
	struct node *shown = node_add_object(op->answer, "party");
	struct party *p;

	TRY(load_party(op, reach, &p));
	node_add_short(op->answer, "matter", reach->object);
	node_add_number(op->answer, "v", (int64_t)p->row.v);
	entity_show(shown, &entity_party, p, reach->mask);
	if (!id_none(p->person_id.raw))
		TRY(desk_add_called(op, shown, "person", p->person_id));
	TRY(case_add_hits(op, node_add_list(op->answer, "hits"),
	    p->conflict_hits));
	op->page = "record";
	return ops_form(op, NULL, 0);
}

/* ---- proceedings ------------------------------------------------------ */

/* Where it grew from: another one of the same matter, without a loop. */
static result
check_origin(struct op *op, const struct reach *reach,
    const struct proceeding *p)
{
	enum { GENERATIONS_MAX = 32 };
	struct proceeding *above = entity_new(op->arena, &entity_proceeding);
	id at = p->origin_id.raw;

	NEED(above);
	for (int i = 0; !id_none(at); i++) {
		TRY(facts_get(op, reach, &entity_proceeding, at, above));
		at = above->origin_id.raw;
		if (id_same(above->row.id, p->row.id) ||
		    i == GENERATIONS_MAX) {
			op_problem(op, "origin_id", "problem.origin_loop");
			return OK;
		}
	}
	return OK;
}

static result
decide_proceeding(struct op *op, const struct reach *reach, void *row)
{
	TRY(check_origin(op, reach, row));
	proceeding_decide(op->arena, row, "", op->today, &op->problems);
	return OK;
}

/* What a proceeding is called in a choice: its court and its number. */
static text
proceeding_label(struct op *op, const struct proceeding *p)
{
	text forum = codes_label(op->office->codes, "forum", p->forum,
	    op->lang);

	return arena_format(op->arena, "%s %.*s %.*s",
	    code_of(p->row.id).s, (int)forum.n, forum.p, (int)p->number.n,
	    p->number.p);
}

/* A field that names a proceeding, as a choice of those of the matter. */
static result
offer_proceedings(struct op *op, const struct reach *reach,
    const char *input, id besides)
{
	void **rows;
	size_t n;
	struct node *options = ops_choice(op, input, false);

	TRY(facts_children(op, reach, &entity_proceeding,
	    PROCEEDING_MATTER_ID, reach->object, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct proceeding *p = rows[i];
		text code = arena_format(op->arena, "%s",
		    code_of(p->row.id).s);

		if (!id_same(p->row.id, besides))
			ops_option(op, options, input, code,
			    proceeding_label(op, p));
	}
	return node_whole(op->answer);
}

static result
offer_origins(struct op *op, const struct reach *reach, const void *row)
{
	const struct proceeding *p = row;

	return offer_proceedings(op, reach, "origin_id", p->row.id);
}

static const struct record proceeding_record = {
	.entity = &entity_proceeding, .member = "proceeding",
	.added = EVENT_PROCEEDING_ADDED, .changed = EVENT_PROCEEDING_CHANGED,
	.decide = decide_proceeding, .offer = offer_origins };

/* ---- acts ------------------------------------------------------------- */

static result
decide_act(struct op *op, const struct reach *reach, void *row)
{
	TRY(case_unblocked(op, reach, reach->object));
	act_decide(op->arena, row, op->today, &op->problems);
	return OK;
}

/* What it starts is asked next. */
static text
after_act(struct op *op, const struct reach *reach, const void *row)
{
	const struct act *act = row;

	return act->row.v > 1 || !guard_may(op, AREA_DEADLINES, LEVEL_WRITE,
	    OBJECT_MATTER, reach->object) ? op->location :
	    ops_path(op, "/acts/{}/deadlines", &act->row.id, 1);
}

static result
offer_for_act(struct op *op, const struct reach *reach, const void *row)
{
	const struct act *act = row;
	const struct node *options;

	if (act->row.v > 0)
		return OK;
	TRY(offer_proceedings(op, reach, "proceeding_id", (id){ 0 }));
	/* The only one there is need not be chosen. */
	options = node_find(ops_field(op, "proceeding_id"), "options");
	if (options != NULL && options->n == 1)
		ops_propose(op, "proceeding_id",
		    node_find(options->first, "value")->text);
	return OK;
}

static const struct record act_record = {
	.entity = &entity_act, .member = "act",
	.added = EVENT_ACT_ADDED, .changed = EVENT_ACT_CHANGED,
	.decide = decide_act, .next = after_act, .offer = offer_for_act };

/* ---- inputs and rows -------------------------------------------------- */

static const struct in party_in[] = {
	IN_OWN("person", KIND_TEXT, "party.person", 0),
	IN(party, name, PARTY_NAME),
	IN_AS(party, "role", PARTY_ROLE, IN_REQUIRED),
	IN_AS(party, "side", PARTY_SIDE, IN_REQUIRED),
	IN(party, represented, PARTY_REPRESENTED),
	IN(party, counsel, PARTY_COUNSEL),
	IN(party, from_on, PARTY_FROM_ON),
	IN(party, to_on, PARTY_TO_ON),
	IN_CODED("verdict", KIND_CODE, "conflict_verdict",
	    "conflict.verdict", 0),
	IN_OWN("reason", KIND_MULTILINE, "conflict.reason", 0),
	IN_END
};

static const struct in conflict_in[] = {
	IN_CODED("verdict", KIND_CODE, "conflict_verdict",
	    "conflict.verdict", IN_REQUIRED),
	IN_OWN("reason", KIND_MULTILINE, "conflict.reason",
	    IN_REQUIRED),
	IN_END
};

static const struct in proceeding_in[] = { PROCEEDING_FORM(IN), IN_END };
static const struct in act_new_in[] = {
	IN_AS(act, "proceeding_id", ACT_PROCEEDING_ID, IN_REQUIRED),
	ACT_FORM(IN), IN_END };
static const struct in act_in[] = { ACT_FORM(IN), IN_END };

const struct op_row matter_part_ops[] = {
	{ .name = "party.add", .area = AREA_MATTERS_FILE,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/matters/{matter}/parties/new",
	  .api = "POST /matters/{matter}/parties", .shell = "party add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = party_in,
	  .record = &party_record, .run = record_add, .form = form_party_add },
	{ .name = "conflict.decide", .area = AREA_MATTERS_OPEN,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/parties/{party}/conflict",
	  .api = "PATCH /parties/{party}/conflict",
	  .shell = "conflict decide",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = conflict_in,
	  .run = run_conflict_decide, .form = form_conflict_decide },
	RECORD("proceeding", "/matters/{matter}/proceedings",
	    "/proceedings/{proceeding}", AREA_MATTERS_FILE, OBJECT_MATTER,
	    proceeding_in, proceeding_record, NULL),
	{ .name = "act.add", .area = AREA_MATTERS_FILE, .need = LEVEL_WRITE,
	  .object = OBJECT_MATTER, .page = "/matters/{matter}/acts/new",
	  .api = "POST /matters/{matter}/acts", .shell = "act add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = act_new_in,
	  .record = &act_record, .run = record_add,
	  .form = record_add_form },
	{ .name = "act.edit", .area = AREA_MATTERS_FILE, .need = LEVEL_WRITE,
	  .object = OBJECT_MATTER, .page = "/acts/{act}/edit",
	  .api = "PATCH /acts/{act}", .shell = "act edit",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = act_in,
	  .record = &act_record, .run = record_edit,
	  .form = record_edit_form },
	{ .name = NULL }
};
