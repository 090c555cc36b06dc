/* The rows under a matter: parties with their conflict, proceedings, acts. */
#include "case.h"
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"

#include <string.h>

/* The matter that the running reach is about, and its page. */
static void
about_matter(struct op *op, const struct reach *reach)
{
	node_add_short(op->answer, "matter", reach->object);
	op->location = ops_path(op, "/matters/{}", &reach->object, 1);
}

static result
finish(struct op *op, const struct reach *reach, const char *member,
    const struct entity *e, const void *row, enum event event)
{
	entity_show(node_add_object(op->answer, member), e, row,
	    reach->mask);
	op->location = ops_path(op, "/matters/{}", &reach->object, 1);
	return ops_commit(op, event, &entity_matter, reach->object);
}

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
read_party(struct op *op, struct party *p, struct names *names)
{
	TRY(read_person(op, p, names));
	p->conflict_verdict = T("pending");
	TRY(ops_fill(op, &entity_party, p));
	if (problem_has(&op->problems, T("person")))
		return OK;
	party_decide(op->arena, p, "", &op->problems);
	return names_add(op, names, p->name);
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
	struct party **parties;
	size_t n;

	*ret = (person_id){ 0 };
	TRY(case_parties(op, reach, reach->object, &parties, &n));
	for (size_t i = 0; i < n; i++) {
		if (parties[i]->represented.known &&
		    parties[i]->represented.value)
			*ret = parties[i]->person_id;
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

static result
run_party_add(struct op *op, const struct reach *reach)
{
	struct party *p = entity_new(op->arena, &entity_party);
	struct node *list = node_add_list(op->answer, "hits");
	struct names names = { 0 };
	person_id client;
	size_t hits;

	NEED(p);
	p->matter_id.raw = reach->object;
	TRY(read_party(op, p, &names));
	TRY(op_problems(op));
	TRY(check_title(op, reach, &names));
	TRY(check_walls(op, reach, p));
	TRY(client_of(op, reach, &client));
	if (!id_none(p->person_id.raw))
		client = p->person_id;
	TRY(case_check_conflict(op, p, &names, client, list, &hits));
	TRY(op_problems(op));
	TRY(facts_insert(op, reach, &entity_party, p));
	return finish(op, reach, "party", &entity_party, p,
	    EVENT_PARTY_ADDED);
}

static result
form_party_add(struct op *op, const struct reach *reach)
{
	struct party *p = entity_new(op->arena, &entity_party);
	bool asked = problem_has(&op->problems, T("verdict")) ||
	    problem_has(&op->problems, T("reason"));
	static const char *const decision[] = { "verdict", "reason" };

	NEED(p);
	about_matter(op, reach);
	if (asked) {
		struct problems kept = op->problems;
		struct names names = { 0 };
		person_id client;
		size_t hits;

		TRY(read_party(op, p, &names));
		TRY(client_of(op, reach, &client));
		if (!id_none(p->person_id.raw))
			client = p->person_id;
		TRY(case_check_conflict(op, p, &names, client,
		    node_add_list(op->answer, "hits"), &hits));
		op->problems = kept;
		op->page = "record";
	}
	TRY(ops_form(op, NULL, 0));
	for (size_t i = 0; i < LENGTH(decision) && !asked; i++) {
		struct node *kind = ops_member(ops_field(op, decision[i]),
		    "kind");

		if (kind != NULL)
			kind->text = T("hidden");
	}
	return node_whole(op->answer);
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
	return finish(op, reach, "party", &entity_party, p,
	    EVENT_CONFLICT_DECIDED);
}

static result
form_conflict_decide(struct op *op, const struct reach *reach)
{
	struct node *shown = node_add_object(op->answer, "party");
	struct party *p;

	TRY(load_party(op, reach, &p));
	about_matter(op, reach);
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

/*
 * Where it grew from: another one of the same matter, without a loop.  Of
 * another matter it is as one that is not there, said at the same moment.
 */
static result
check_origin(struct op *op, const struct reach *reach,
    const struct proceeding *p)
{
	enum { GENERATIONS_MAX = 32 };
	struct proceeding *above = entity_new(op->arena, &entity_proceeding);
	id at = p->origin_id.raw;

	NEED(above);
	for (int i = 0; !id_none(at); i++) {
		result got = facts_get(op, reach, &entity_proceeding, at,
		    above);

		if (got.code == E_NOT_FOUND) {
			op_problem(op, "origin_id", "problem.no_such_row");
			return OK;
		}
		TRY(got);
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
decide_proceeding(struct op *op, const struct proceeding *p)
{
	proceeding_decide(op->arena, p, "", op->today, &op->problems);
	return op_problems(op);
}

static result
run_proceeding_add(struct op *op, const struct reach *reach)
{
	struct proceeding *p = entity_new(op->arena, &entity_proceeding);

	NEED(p);
	p->matter_id.raw = reach->object;
	TRY(ops_fill_ids(op, &entity_proceeding, p));
	TRY(check_origin(op, reach, p));
	TRY(ops_fill(op, &entity_proceeding, p));
	TRY(decide_proceeding(op, p));
	TRY(facts_insert(op, reach, &entity_proceeding, p));
	return finish(op, reach, "proceeding", &entity_proceeding, p,
	    EVENT_PROCEEDING_ADDED);
}

static result
run_proceeding_edit(struct op *op, const struct reach *reach)
{
	struct proceeding *p = entity_new(op->arena, &entity_proceeding);

	NEED(p);
	TRY(facts_get(op, reach, &entity_proceeding, op->objects[0], p));
	TRY(ops_merge(op, reach, &entity_proceeding, p));
	TRY(check_origin(op, reach, p));
	TRY(decide_proceeding(op, p));
	TRY(facts_update(op, reach, &entity_proceeding, p));
	return finish(op, reach, "proceeding", &entity_proceeding, p,
	    EVENT_PROCEEDING_CHANGED);
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
form_proceeding_add(struct op *op, const struct reach *reach)
{
	about_matter(op, reach);
	TRY(ops_form(op, NULL, 0));
	return offer_proceedings(op, reach, "origin_id", (id){ 0 });
}

static result
form_proceeding_edit(struct op *op, const struct reach *reach)
{
	struct proceeding *p = entity_new(op->arena, &entity_proceeding);
	const struct filled from = { &entity_proceeding, p };

	NEED(p);
	TRY(facts_get(op, reach, &entity_proceeding, op->objects[0], p));
	node_add_number(op->answer, "v", (int64_t)p->row.v);
	about_matter(op, reach);
	TRY(ops_form(op, &from, 1));
	return offer_proceedings(op, reach, "origin_id", p->row.id);
}

/* ---- acts ------------------------------------------------------------- */

/* The proceeding typed must be one of this matter: others are not there,
 * and that is said where it is said of those. */
static result
check_proceeding(struct op *op, const struct reach *reach,
    const struct act *act)
{
	struct proceeding *p = entity_new(op->arena, &entity_proceeding);
	result got;

	NEED(p);
	if (id_none(act->proceeding_id.raw)) {
		if (!problem_has(&op->problems, T("proceeding_id")))
			op_problem(op, "proceeding_id", "problem.required");
		return OK;
	}
	got = facts_get(op, reach, &entity_proceeding,
	    act->proceeding_id.raw, p);
	if (got.code == E_NOT_FOUND) {
		op_problem(op, "proceeding_id", "problem.no_such_row");
		return OK;
	}
	return got;
}

static result
run_act_add(struct op *op, const struct reach *reach)
{
	struct act *act = entity_new(op->arena, &entity_act);

	NEED(act);
	TRY(case_unblocked(op, reach, reach->object));
	TRY(ops_fill_ids(op, &entity_act, act));
	TRY(check_proceeding(op, reach, act));
	TRY(ops_fill(op, &entity_act, act));
	act_decide(op->arena, act, op->today, &op->problems);
	TRY(op_problems(op));
	TRY(facts_insert(op, reach, &entity_act, act));
	entity_show(node_add_object(op->answer, "act"), &entity_act, act,
	    reach->mask);
	/* What it starts is asked next. */
	op->location = guard_may(op, AREA_DEADLINES, LEVEL_WRITE,
	    OBJECT_MATTER, reach->object) ?
	    ops_path(op, "/acts/{}/deadlines", &act->row.id, 1) :
	    ops_path(op, "/matters/{}", &reach->object, 1);
	return ops_commit(op, EVENT_ACT_ADDED, &entity_matter,
	    reach->object);
}

static result
form_act_add(struct op *op, const struct reach *reach)
{
	const struct node *options;

	about_matter(op, reach);
	TRY(ops_form(op, NULL, 0));
	TRY(offer_proceedings(op, reach, "proceeding_id", (id){ 0 }));
	/* The only one there is need not be chosen. */
	options = node_find(ops_field(op, "proceeding_id"), "options");
	if (options != NULL && options->n == 1)
		ops_propose(op, "proceeding_id",
		    node_find(options->first, "value")->text);
	return OK;
}

static result
run_act_edit(struct op *op, const struct reach *reach)
{
	struct act *act = entity_new(op->arena, &entity_act);

	NEED(act);
	TRY(facts_get(op, reach, &entity_act, op->objects[0], act));
	TRY(case_unblocked(op, reach, reach->object));
	TRY(ops_merge(op, reach, &entity_act, act));
	act_decide(op->arena, act, op->today, &op->problems);
	TRY(op_problems(op));
	TRY(facts_update(op, reach, &entity_act, act));
	return finish(op, reach, "act", &entity_act, act, EVENT_ACT_CHANGED);
}

static result
form_act_edit(struct op *op, const struct reach *reach)
{
	struct act *act = entity_new(op->arena, &entity_act);
	const struct filled from = { &entity_act, act };

	NEED(act);
	TRY(facts_get(op, reach, &entity_act, op->objects[0], act));
	node_add_number(op->answer, "v", (int64_t)act->row.v);
	about_matter(op, reach);
	return ops_form(op, &from, 1);
}

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
	IN_OWN("reason", KIND_MULTILINE, "conflict.reason", IN_LONG),
	IN_END
};

static const struct in conflict_in[] = {
	IN_CODED("verdict", KIND_CODE, "conflict_verdict",
	    "conflict.verdict", IN_REQUIRED),
	IN_OWN("reason", KIND_MULTILINE, "conflict.reason",
	    IN_LONG | IN_REQUIRED),
	IN_END
};

static const struct in proceeding_in[] = {
	IN(proceeding, number, PROCEEDING_NUMBER),
	IN(proceeding, forum, PROCEEDING_FORUM),
	IN(proceeding, regime, PROCEEDING_REGIME),
	IN(proceeding, body, PROCEEDING_BODY),
	IN(proceeding, body_name, PROCEEDING_BODY_NAME),
	IN(proceeding, district, PROCEEDING_DISTRICT),
	IN(proceeding, origin_id, PROCEEDING_ORIGIN_ID),
	IN(proceeding, started_on, PROCEEDING_STARTED_ON),
	IN(proceeding, ended_on, PROCEEDING_ENDED_ON),
	IN_END
};

#define ACT_FIELDS                                                           \
	IN(act, kind, ACT_KIND),                                             \
	IN(act, result, ACT_RESULT),                                         \
	IN(act, by_side, ACT_BY_SIDE),                                       \
	IN(act, number, ACT_NUMBER),                                         \
	IN(act, issued_on, ACT_ISSUED_ON),                                   \
	IN(act, read_on, ACT_READ_ON),                                       \
	IN(act, served_by, ACT_SERVED_BY),                                   \
	IN(act, deposited_at, ACT_DEPOSITED_AT),                             \
	IN(act, served_at, ACT_SERVED_AT),                                   \
	IN(act, deemed_served_on, ACT_DEEMED_SERVED_ON),                     \
	IN(act, copy_received_on, ACT_COPY_RECEIVED_ON),                     \
	IN(act, extends_months, ACT_EXTENDS_MONTHS),                         \
	IN(act, summary, ACT_SUMMARY),                                       \
	IN(act, source, ACT_SOURCE),                                         \
	IN(act, other_date, ACT_OTHER_DATE),                                 \
	IN(act, other_date_of, ACT_OTHER_DATE_OF),                           \
	IN(act, other_source, ACT_OTHER_SOURCE),                             \
	IN(act, path_note, ACT_PATH_NOTE),                                   \
	IN_END

static const struct in act_new_in[] = {
	IN_AS(act, "proceeding_id", ACT_PROCEEDING_ID, IN_REQUIRED),
	ACT_FIELDS
};
static const struct in act_in[] = { ACT_FIELDS };

const struct op_row matter_part_ops[] = {
	{ .name = "party.add", .area = AREA_MATTERS_FILE,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/matters/{matter}/parties/new",
	  .api = "POST /matters/{matter}/parties", .shell = "party add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = party_in,
	  .run = run_party_add, .form = form_party_add },
	{ .name = "conflict.decide", .area = AREA_MATTERS_OPEN,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/parties/{party}/conflict",
	  .api = "PATCH /parties/{party}/conflict",
	  .shell = "conflict decide",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = conflict_in,
	  .run = run_conflict_decide, .form = form_conflict_decide },
	{ .name = "proceeding.add", .area = AREA_MATTERS_FILE,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/matters/{matter}/proceedings/new",
	  .api = "POST /matters/{matter}/proceedings",
	  .shell = "proceeding add", .flags = OP_CHANGES | OP_CREATES,
	  .inputs = proceeding_in, .run = run_proceeding_add,
	  .form = form_proceeding_add },
	{ .name = "proceeding.edit", .area = AREA_MATTERS_FILE,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/proceedings/{proceeding}/edit",
	  .api = "PATCH /proceedings/{proceeding}",
	  .shell = "proceeding edit",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = proceeding_in,
	  .run = run_proceeding_edit, .form = form_proceeding_edit },
	{ .name = "act.add", .area = AREA_MATTERS_FILE, .need = LEVEL_WRITE,
	  .object = OBJECT_MATTER, .page = "/matters/{matter}/acts/new",
	  .api = "POST /matters/{matter}/acts", .shell = "act add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = act_new_in,
	  .run = run_act_add, .form = form_act_add },
	{ .name = "act.edit", .area = AREA_MATTERS_FILE, .need = LEVEL_WRITE,
	  .object = OBJECT_MATTER, .page = "/acts/{act}/edit",
	  .api = "PATCH /acts/{act}", .shell = "act edit",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = act_in,
	  .run = run_act_edit, .form = form_act_edit },
	{ .name = NULL }
};
