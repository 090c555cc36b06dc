/* A person: intake, page, edit, masked numbers, history. */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "people.h"
#include "record.h"

#include <string.h>

/* ---- intake ----------------------------------------------------------- */

enum { COMPLETE_WITHIN_DAYS = 7, CALLS_SHOWN = 20 };

/* Everything that the first call may bring. */
struct intake {
	struct person person;
	struct person_name name;
	struct person_identifier identifier;
	struct contact_point contact;
	struct relation relation;
	struct contact_log call;
	struct consent keep, defence;
	bool has_identifier, has_contact, has_relation, has_call;
};

/* An age typed where no date is known: a year, estimated. */
static void
read_age(struct op *op, struct person *p)
{
	text typed = op_input(op, "age");
	int64_t age;

	if (typed.n == 0)
		return;
	if (!text_integer(typed, &age) || age < 0 || age > 115) {
		op_problem(op, "age", "problem.age");
		return;
	}
	if (!p->birth_date.known)
		p->birth_date = birth_from_age(age, op->today);
}

static void
new_consent(struct op *op, struct consent *c, const char *purpose,
    const char *input)
{
	text state = op_input(op, input);

	c->purpose = text_of(purpose);
	c->state = state.n == 0 ? T("not_yet") : state;
	if (codes_find(op->office->codes, "consent_state", c->state) == NULL)
		problem_add(&op->problems, text_of(input), "problem.code",
		    &c->state, 1);
	if (text_same(c->state, T("given"))) {
		c->given_on = op->today;
		c->how = op_input(op, "consent_how");
		c->witness = op_input(op, "consent_witness");
	}
	c->row.open = entity_consent.classes;
}

/*
 * A page sends every field, also those that nobody opened: what is empty in
 * one of them is what is usual, and no mistake.
 */
static result
read_usual(struct op *op, const char *name, text usual)
{
	for (size_t i = 0; i < op->inputs_n; i++) {
		struct input *in = &op->inputs[i];
		text *value;

		if (!text_same(in->name, text_of(name)) || (in->n > 0 &&
		    text_trim(in->values[0]).n > 0))
			continue;
		value = arena_take(op->arena, sizeof(*value));
		NEED(value);
		*value = usual;
		in->values = value;
		in->n = 1;
	}
	return OK;
}

static result
read_intake(struct op *op, struct intake *in)
{
	memset(in, 0, sizeof(*in));
	in->has_identifier = ops_any_given(op, "identifier_value");
	in->has_contact = ops_any_given(op, "contact_value");
	in->has_relation = ops_any_given(op, "relation_name") ||
	    ops_any_given(op, "relation_kind");
	in->has_call = ops_any_given(op, "call_said") ||
	    ops_any_given(op, "call_caller");

	in->person.intake_on = op->today;
	in->name.kind = T("used");
	in->name.shown = (yesno){ true, true };
	TRY(ops_fill(op, NULL, &entity_person, &in->person));
	/* Whoever may not see this person is told whom to ask. */
	if (id_none(in->person.responsible.raw))
		in->person.responsible = op->user;
	read_age(op, &in->person);
	person_decide(op->arena, &in->person, "", op->today, &op->problems);
	TRY(ops_fill(op, NULL, &entity_person_name, &in->name));
	person_name_decide(op->arena, &in->name, "name_", &op->problems);
	if (in->has_identifier) {
		in->identifier.country = T("PE");
		in->identifier.kind = T("dni");
		TRY(read_usual(op, "identifier_kind", T("dni")));
		TRY(ops_fill(op, NULL, &entity_person_identifier,
		    &in->identifier));
		TRY(identifier_decide(op->arena, op->office->codes,
		    &in->identifier, "identifier_", &op->problems));
	}
	if (in->has_contact) {
		in->contact.kind = T("mobile");
		in->contact.may_say = T("call_us");
		TRY(read_usual(op, "contact_kind", T("mobile")));
		TRY(read_usual(op, "contact_may_say", T("call_us")));
		TRY(ops_fill(op, NULL, &entity_contact_point, &in->contact));
		contact_point_decide(op->arena, &in->contact, "contact_",
		    &op->problems);
	}
	if (in->has_relation) {
		in->relation.mandate = T("unknown");
		TRY(read_usual(op, "relation_mandate", T("unknown")));
		TRY(ops_fill(op, NULL, &entity_relation, &in->relation));
		relation_decide(op->arena, &in->relation, "relation_",
		    &op->problems);
	}
	if (in->has_call) {
		ops_call_begin(op, &in->call);
		in->call.caller = in->has_relation ? T("relative") :
		    T("self");
		TRY(read_usual(op, "call_channel", in->call.channel));
		TRY(read_usual(op, "call_caller", in->call.caller));
		TRY(ops_fill(op, NULL, &entity_contact_log, &in->call));
		ops_call_settle(op, in->has_relation ? &in->relation : NULL,
		    &in->call);
		contact_log_decide(op->arena, &in->call, "call_", op->now,
		    &op->problems);
	}
	new_consent(op, &in->keep, "keep_data", "consent_keep_data");
	new_consent(op, &in->defence, "defence", "consent_defence");
	return OK;
}

/*
 * Likely duplicates are shown with the reason; saving as new then needs
 * one, and it lands in the duplicate list.
 */
static result
look_for_duplicates(struct op *op, struct intake *in, size_t *ret_n)
{
	const struct person_name *name = &in->name;
	const struct duplicate_ask ask = { .person = &in->person,
		.names = &name, .names_n = 1,
		.identifier = in->has_identifier ? &in->identifier : NULL };
	struct node *list = node_add_list(op->answer, "duplicates");

	return desk_duplicates(op, &ask, list, ret_n);
}

static result
insert_under(struct op *op, const struct reach *reach,
    const struct entity *e, int person_field, void *row, id person)
{
	field_set_id(&e->fields[person_field], row, person);
	return facts_insert(op, reach, e, row);
}

static result
mark_maybe_same(struct op *op, const struct reach *reach, id person,
    size_t duplicates)
{
	struct relation r = { .kind = T("maybe_same"),
		.mandate = T("no"), .reason = op_input(op, "new_reason"),
		.decided_by = op->user };
	const struct node *first = node_find(op->answer, "duplicates");
	const struct node *code;

	if (duplicates == 0)
		return OK;
	code = node_find(first->first, "code");
	if (code == NULL)
		return OK;
	TRY(facts_find(op, &entity_person, code->text,
	    &r.other_person_id.raw));
	return insert_under(op, reach, &entity_relation, RELATION_PERSON_ID,
	    &r, person);
}

static result
add_completion_task(struct op *op, const struct reach *reach, id person)
{
	struct task t = { .kind = T("complete_intake"),
		.title = codes_label(op->office->codes, "task_kind",
		    T("complete_intake"), LANG_ES),
		.due_on = day_plus(op->today, COMPLETE_WITHIN_DAYS),
		.responsible = op->user, .state = T("open") };

	return insert_under(op, reach, &entity_task, TASK_PERSON_ID, &t,
	    person);
}

/* The rows of an intake, in one transaction, under the new person. */
static result
save_intake(struct op *op, const struct reach *reach, struct intake *in,
    size_t duplicates)
{
	const struct reach *own;
	id person;

	TRY(facts_insert(op, reach, &entity_person, &in->person));
	person = in->person.row.id;
	TRY(guard_make_lead(op, OBJECT_PERSON, person));
	TRY(guard_reach_made(op, OBJECT_PERSON, person, &own));
	TRY(insert_under(op, own, &entity_person_name,
	    PERSON_NAME_PERSON_ID, &in->name, person));
	if (in->has_identifier)
		TRY(insert_under(op, own, &entity_person_identifier,
		    PERSON_IDENTIFIER_PERSON_ID, &in->identifier, person));
	if (in->has_relation)
		TRY(insert_under(op, own, &entity_relation,
		    RELATION_PERSON_ID, &in->relation, person));
	if (in->has_contact) {
		/* Whose number it is: the relative's, where one calls. */
		if (in->has_relation &&
		    text_same(op_input(op, "contact_of"), T("relative")))
			in->contact.relation_id.raw = in->relation.row.id;
		TRY(insert_under(op, own, &entity_contact_point,
		    CONTACT_POINT_PERSON_ID, &in->contact, person));
	}
	if (in->has_call) {
		if (in->has_relation)
			in->call.relation_id.raw = in->relation.row.id;
		TRY(insert_under(op, own, &entity_contact_log,
		    CONTACT_LOG_PERSON_ID, &in->call, person));
	}
	TRY(insert_under(op, own, &entity_consent, CONSENT_PERSON_ID,
	    &in->keep, person));
	TRY(insert_under(op, own, &entity_consent, CONSENT_PERSON_ID,
	    &in->defence, person));
	TRY(add_completion_task(op, own, person));
	return mark_maybe_same(op, own, person, duplicates);
}

/* What was understood, read back in words before it is saved. */
static void
read_back(struct op *op, const struct intake *in)
{
	struct node *check = node_add_object(op->answer, "check");

	entity_show(node_add_object(check, "person"), &entity_person,
	    &in->person, 1u << IN_IDENTITY);
	entity_show(node_add_object(check, "name"), &entity_person_name,
	    &in->name, 1u << IN_IDENTITY);
	if (in->has_identifier)
		entity_show(node_add_object(check, "identifier"),
		    &entity_person_identifier, &in->identifier,
		    1u << IN_IDENTITY);
	if (in->has_contact)
		entity_show(node_add_object(check, "contact"),
		    &entity_contact_point, &in->contact, 1u << IN_IDENTITY);
	if (in->has_relation)
		entity_show(node_add_object(check, "relation"),
		    &entity_relation, &in->relation, 1u << IN_IDENTITY);
	if (in->has_call)
		entity_show(node_add_object(check, "call"),
		    &entity_contact_log, &in->call,
		    1u << IN_IDENTITY | 1u << IN_CASE);
}

static result
run_person_add(struct op *op, const struct reach *reach)
{
	struct intake *in = arena_take(op->arena, sizeof(*in));
	text step = op_input(op, "step");
	size_t duplicates = 0;

	NEED(in);
	if (text_same(step, T("change"))) {
		op->page = "intake";
		return ops_form(op, NULL, 0);
	}
	TRY(read_intake(op, in));
	TRY(op_problems(op));
	TRY(look_for_duplicates(op, in, &duplicates));
	if (duplicates > 0 && op_input(op, "new_reason").n == 0) {
		op_problem(op, "new_reason", "problem.maybe_same");
		return refuse(INVALID);
	}
	if (text_same(step, T("check"))) {
		read_back(op, in);
		op->page = "intake";
		return ops_form(op, NULL, 0);
	}
	TRY(save_intake(op, reach, in, duplicates));
	entity_show(node_add_object(op->answer, "person"), &entity_person,
	    &in->person, reach->mask);
	op->location = ops_path(op, "/people/{}", &in->person.row.id, 1);
	return ops_commit(op, EVENT_PERSON_ADDED, &entity_person,
	    in->person.row.id);
}

static result
form_person_add(struct op *op, const struct reach *reach)
{
	struct intake *in = arena_take(op->arena, sizeof(*in));
	size_t duplicates;

	(void)reach;
	NEED(in);
	/* After a refusal the likely duplicates are shown again. */
	if (problem_has(&op->problems, T("new_reason"))) {
		struct problems kept = op->problems;

		TRY(read_intake(op, in));
		op->problems = kept;
		TRY(look_for_duplicates(op, in, &duplicates));
	}
	op->page = "intake";
	return ops_form(op, NULL, 0);
}

/* ---- the page --------------------------------------------------------- */

/* Children of one kind as a list, each shown under the mask. */
static result
add_children(struct op *op, const struct reach *reach,
    const struct entity *e, int parent_field, const char *name,
    struct node **ret_list, void ***ret_rows, size_t *ret_n)
{
	struct node *list = node_add_list(op->answer, name);
	void **rows;
	size_t n;

	TRY(facts_children(op, reach, e, parent_field, op->objects[0], &rows,
	    &n));
	for (size_t i = 0; i < n; i++)
		entity_show(node_add_object(list, NULL), e, rows[i],
		    reach->mask);
	if (ret_list != NULL)
		*ret_list = list;
	if (ret_rows != NULL) {
		*ret_rows = rows;
		*ret_n = n;
	}
	return OK;
}

/* A number is masked until somebody asks to see it, which is a leaf. */
static void
mask_member(struct node *one, const char *member)
{
	for (struct node *m = one->first; m != NULL; m = m->next) {
		if (m->name != NULL && strcmp(m->name, member) == 0 &&
		    m->kind == NODE_TEXT)
			m->text = number_masked(one->arena, m->text);
	}
	node_add_bool(one, "masked", true);
}

static void
mask_list(struct node *list, const char *member)
{
	for (struct node *one = list->first; one != NULL; one = one->next)
		mask_member(one, member);
}

static result
add_contact_points(struct op *op, const struct reach *reach,
    enum ops_numbers numbers)
{
	struct node *list;
	struct node *one;
	void **rows;
	size_t n;

	TRY(add_children(op, reach, &entity_contact_point,
	    CONTACT_POINT_PERSON_ID, "contact_points", &list, &rows, &n));
	if (numbers == NUMBERS_MASKED)
		mask_list(list, "value");
	one = list->first;
	for (size_t i = 0; i < n && one != NULL; i++, one = one->next) {
		const char *warning = contact_point_warning(rows[i], op->now);

		if (warning != NULL)
			node_add_word(one, "warning", warning);
	}
	return OK;
}

result
ops_add_person(struct op *op, const struct reach *reach,
    enum ops_numbers numbers)
{
	struct person *p = entity_new(op->arena, &entity_person);
	struct node *shown = node_add_object(op->answer, "person");
	struct node *list;
	void **rows;
	size_t n;

	NEED(p);
	TRY(facts_get(op, reach, &entity_person, op->objects[0], p));
	entity_show(shown, &entity_person, p, reach->mask);
	ops_add_user(op, shown, "responsible_name", p->responsible);
	ops_add_user(op, shown, "erase_asked_by_name", p->erase_asked_by);
	ops_add_user(op, shown, "legal_hold_by_name", p->legal_hold_by);
	node_add_instant(shown, "erase_from", ops_shred_from(op, p));
	node_add_bool(op->answer, "damaged", p->row.damaged != 0);
	TRY(add_children(op, reach, &entity_person_name,
	    PERSON_NAME_PERSON_ID, "names", NULL, &rows, &n));
	node_add_text(op->answer, "name",
	    name_whole(op->arena, name_shown(rows, n)));
	node_add_text(op->answer, "initials",
	    n == 0 ? T("") : name_initials(op->arena, name_shown(rows, n)));
	TRY(add_children(op, reach, &entity_person_identifier,
	    PERSON_IDENTIFIER_PERSON_ID, "identifiers", &list, NULL, NULL));
	if (numbers == NUMBERS_MASKED)
		mask_list(list, "value");
	TRY(add_contact_points(op, reach, numbers));
	TRY(add_children(op, reach, &entity_relation, RELATION_PERSON_ID,
	    "relations", &list, &rows, &n));
	shown = list->first;
	for (size_t i = 0; i < n && shown != NULL; i++, shown = shown->next) {
		const struct relation *r = rows[i];

		if (!id_none(r->other_person_id.raw))
			TRY(desk_add_called(op, shown, "other",
			    r->other_person_id));
	}
	return OK;
}

result
ops_add_block(struct op *op, enum area area, const struct entity *e,
    int parent_field, const char *name)
{
	const struct reach *reach;

	TRY(ops_reach_part(op, area, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0], &reach));
	if (reach == NULL)
		return OK;
	return add_children(op, reach, e, parent_field, name, NULL, NULL,
	    NULL);
}

static result
add_sensitive(struct op *op)
{
	struct person *p = entity_new(op->arena, &entity_person);
	const struct reach *reach;

	NEED(p);
	TRY(ops_reach_part(op, AREA_PEOPLE_SENSITIVE, LEVEL_READ,
	    OBJECT_PERSON, op->objects[0], &reach));
	if (reach == NULL)
		return OK;
	TRY(facts_get(op, reach, &entity_person, op->objects[0], p));
	entity_show(node_add_object(op->answer, "sensitive"), &entity_person,
	    p, 1u << IN_SENSITIVE);
	return OK;
}

static const struct may may[] = {
	{ "edit", AREA_PEOPLE_IDENTITY, LEVEL_WRITE, OBJECT_PERSON },
	{ "consent", AREA_PEOPLE_CONSENT, LEVEL_WRITE, OBJECT_PERSON },
	{ "sensitive", AREA_PEOPLE_SENSITIVE, LEVEL_WRITE, OBJECT_PERSON },
	{ "notes", AREA_PEOPLE_NOTES, LEVEL_WRITE, OBJECT_PERSON },
	{ "log", AREA_CONTACTS_WRITE, LEVEL_WRITE, OBJECT_PERSON },
	{ "calls", AREA_CONTACTS_READ, LEVEL_META, OBJECT_PERSON },
	{ "history", AREA_PEOPLE_HISTORY, LEVEL_READ, OBJECT_PERSON },
	{ "access", AREA_ACCESS_GRANTS, LEVEL_WRITE, OBJECT_PERSON },
	{ "custody", AREA_CUSTODY, LEVEL_WRITE, OBJECT_PERSON },
	{ "document", AREA_DOCUMENTS_PERSON, LEVEL_WRITE, OBJECT_PERSON },
	{ "matter", AREA_MATTERS_OPEN, LEVEL_WRITE, OBJECT_NONE },
	{ "shred", AREA_PEOPLE_SHRED, LEVEL_WRITE, OBJECT_PERSON },
	{ "shred_approve", AREA_PEOPLE_SHRED, LEVEL_APPROVE, OBJECT_PERSON },
	{ "hold", AREA_ADMIN_RETENTION, LEVEL_WRITE, OBJECT_PERSON },
	{ "hold_lift", AREA_ADMIN_RETENTION, LEVEL_APPROVE, OBJECT_PERSON },
};

static result
run_person_show(struct op *op, const struct reach *reach)
{
	TRY(ops_add_person(op, reach, NUMBERS_MASKED));
	audit_read(op, "person", op->objects[0]);
	TRY(add_sensitive(op));
	TRY(ops_add_block(op, AREA_PEOPLE_CONSENT, &entity_consent,
	    CONSENT_PERSON_ID, "consents"));
	TRY(ops_add_block(op, AREA_PEOPLE_NOTES, &entity_note,
	    NOTE_PERSON_ID, "notes"));
	TRY(ops_add_calls(op, CALLS_SHOWN));
	TRY(ops_add_block(op, AREA_TASKS, &entity_task, TASK_PERSON_ID,
	    "tasks"));
	TRY(ops_add_documents(op, OBJECT_PERSON));
	TRY(ops_add_custody(op));
	TRY(desk_matters_of(op, (person_id){ op->objects[0] },
	    node_add_list(op->answer, "matters")));
	ops_add_may(op, may, LENGTH(may));
	/* Whoever reads in an emergency takes nothing along. */
	node_add_bool(ops_member(op->answer, "may"), "file",
	    !reach->flagged);
	return node_whole(op->answer);
}

/* ---- edit ------------------------------------------------------------- */

static result
decide_person(struct op *op, const struct reach *reach, void *row)
{
	(void)reach;
	person_decide(op->arena, row, "", op->today, &op->problems);
	return OK;
}

static const struct record person_record = {
	.entity = &entity_person, .member = "person",
	.changed = EVENT_PERSON_CHANGED, .decide = decide_person };

/* ---- masked numbers, history ------------------------------------------ */

static result
run_number_show(struct op *op, const struct reach *reach)
{
	const struct entity *e = op->row->object == OBJECT_PERSON &&
	    strcmp(op->row->name, "identifier.reveal") == 0 ?
	    &entity_person_identifier : &entity_contact_point;
	void *row = entity_new(op->arena, e);

	NEED(row);
	TRY(facts_get(op, reach, e, op->objects[1], row));
	entity_show(node_add_object(op->answer, "number"), e, row,
	    reach->mask);
	if (e == &entity_contact_point) {
		const char *warning = contact_point_warning(row, op->now);

		if (warning != NULL)
			node_add_word(op->answer, "warning", warning);
	}
	TRY(desk_add_called(op, op->answer, "person",
	    (person_id){ op->objects[0] }));
	op->page = "record";
	return ops_commit(op, EVENT_SHOWN, &entity_person, op->objects[0]);
}

static result
run_person_history(struct op *op, const struct reach *reach)
{
	bool looked = guard_may(op, AREA_ACCESS_WHO_LOOKED, LEVEL_READ,
	    OBJECT_PERSON, op->objects[0]);

	TRY(desk_add_called(op, op->answer, "person",
	    (person_id){ op->objects[0] }));
	return desk_history(op, reach, "person", op->objects[0],
	    &(struct history_ask){ .list = "events", .reads_too = looked,
	    .cursor = op_input(op, "cursor") }, op->answer);
}

/* ---- rows ------------------------------------------------------------- */

static const struct in intake_in[] = {
	IN_AS(person_name, "name_given", PERSON_NAME_GIVEN, 0),
	IN_AS(person_name, "name_first_surname", PERSON_NAME_FIRST_SURNAME,
	    0),
	IN_AS(person_name, "name_second_surname",
	    PERSON_NAME_SECOND_SURNAME, 0),
	IN_SAID(relation, "relation_kind", RELATION_KIND,
	    "intake.who_calls"),
	IN_SAID(relation, "relation_name", RELATION_NAME,
	    "intake.caller_name"),
	IN(person, department, PERSON_DEPARTMENT),
	IN_OWN("age", KIND_INTEGER, "intake.age", 0),
	IN(person, birth_date, PERSON_BIRTH_DATE),
	IN(person, sex, PERSON_SEX),
	IN(person, language, PERSON_LANGUAGE),
	IN(person, needs_interpreter, PERSON_NEEDS_INTERPRETER),
	IN(person, known_as, PERSON_KNOWN_AS),
	IN_AS(relation, "relation_mandate", RELATION_MANDATE, 0),
	IN_AS(relation, "relation_topics", RELATION_TOPICS, 0),
	IN_AS(contact_point, "contact_kind", CONTACT_POINT_KIND, 0),
	IN_AS(contact_point, "contact_value", CONTACT_POINT_VALUE, 0),
	IN_CODED("contact_of", KIND_CODE, "caller", "intake.contact_of", 0),
	IN_AS(contact_point, "contact_when", CONTACT_POINT_WHEN, 0),
	IN_AS(contact_point, "contact_not_after", CONTACT_POINT_NOT_AFTER,
	    0),
	IN_AS(contact_point, "contact_may_say", CONTACT_POINT_MAY_SAY, 0),
	IN_AS(person_identifier, "identifier_kind", PERSON_IDENTIFIER_KIND,
	    0),
	IN_AS(person_identifier, "identifier_value",
	    PERSON_IDENTIFIER_VALUE, 0),
	IN_AS(contact_log, "call_channel", CONTACT_LOG_CHANNEL, 0),
	IN_AS(contact_log, "call_caller", CONTACT_LOG_CALLER, 0),
	IN_AS(contact_log, "call_said", CONTACT_LOG_SAID, 0),
	IN_AS(contact_log, "call_call_back_at", CONTACT_LOG_CALL_BACK_AT, 0),
	IN_AS(contact_log, "call_call_back_by", CONTACT_LOG_CALL_BACK_BY, 0),
	IN_CODED("consent_keep_data", KIND_CODE, "consent_state",
	    "intake.consent_keep_data", 0),
	IN_CODED("consent_defence", KIND_CODE, "consent_state",
	    "intake.consent_defence", 0),
	IN_CODED("consent_how", KIND_CODE, "consent_how",
	    "intake.consent_how", 0),
	IN_OWN("consent_witness", KIND_TEXT, "intake.consent_witness", 0),
	IN_OWN("new_reason", KIND_TEXT, "intake.new_reason", 0),
	IN_OWN("step", KIND_TEXT, "intake.step", IN_HIDDEN),
	IN_END
};

static const struct in person_in[] = { PERSON_FORM(IN), IN_END };
static const struct in sensitive_in[] = { PERSON_SENSITIVE_FORM(IN),
	IN_END };

const struct op_row person_ops[] = {
	{ .name = "person.add", .area = AREA_PEOPLE_INTAKE,
	  .need = LEVEL_WRITE, .object = OBJECT_NONE, .page = "/people/new",
	  .api = "POST /people", .shell = "person add",
	  .template = "intake", .flags = OP_CHANGES | OP_CREATES,
	  .inputs = intake_in, .run = run_person_add,
	  .form = form_person_add },
	{ .name = "person.show", .area = AREA_PEOPLE_IDENTITY,
	  .need = LEVEL_READ, .object = OBJECT_PERSON,
	  .page = "/people/{person}", .api = "GET /people/{person}",
	  .shell = "person show", .template = "person",
	  .run = run_person_show },
	{ .name = "person.edit", .area = AREA_PEOPLE_IDENTITY,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/edit", .api = "PATCH /people/{person}",
	  .shell = "person edit", .flags = OP_CHANGES | OP_NEEDS_VERSION,
	  .inputs = person_in, .record = &person_record, .run = record_edit,
	  .form = record_edit_form },
	{ .name = "person.sensitive", .area = AREA_PEOPLE_SENSITIVE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/sensitive",
	  .api = "PATCH /people/{person}/sensitive",
	  .shell = "person sensitive",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = sensitive_in,
	  .record = &person_record, .run = record_edit,
	  .form = record_edit_form },
	{ .name = "identifier.reveal", .area = AREA_PEOPLE_IDENTITY,
	  .need = LEVEL_READ, .object = OBJECT_PERSON,
	  .page = "/people/{person}/identifiers/{identifier}/reveal",
	  .api = "POST /people/{person}/identifiers/{identifier}/reveal",
	  .shell = "identifier reveal", .template = "record",
	  .flags = OP_CHANGES, .run = run_number_show },
	{ .name = "contact-point.reveal", .area = AREA_PEOPLE_IDENTITY,
	  .need = LEVEL_READ, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contact-points/{contact_point}/reveal",
	  .api = "POST /people/{person}/contact-points/{contact_point}"
	      "/reveal",
	  .shell = "contact-point reveal", .template = "record",
	  .flags = OP_CHANGES, .run = run_number_show },
	{ .name = "person.history", .area = AREA_PEOPLE_HISTORY,
	  .need = LEVEL_READ, .object = OBJECT_PERSON,
	  .page = "/people/{person}/history",
	  .api = "GET /people/{person}/history", .shell = "person history",
	  .template = "history", .run = run_person_history },
	{ .name = NULL }
};
