/*
 * The rows under a person: names, identifiers, contact points, relations,
 * consents, notes.  One pair of handlers adds and edits them all; what is
 * particular to a kind is its row of `parts`.
 */
#include "ops_inside.h"

#include "desk.h"
#include "people.h"

#include <string.h>

struct part {
	const struct entity *entity;
	int person_field;
	enum event added, changed;
	const char *member;		/* in the answer */
	/* Cross checks. */
	result (*prepare)(struct op *op, const struct reach *reach,
	    const void *before, void *row);
	/* Save in another way than plain insert or update; or NULL. */
	result (*save)(struct op *op, const struct reach *reach, void *row);
	/* What the office knows of a new row before anybody types; or NULL. */
	void (*begin)(const struct op *op, void *row);
};

static result
prepare_name(struct op *op, const struct reach *reach, const void *before,
    void *row)
{
	(void)reach;
	(void)before;
	person_name_decide(op->arena, row, "", &op->problems);
	return OK;
}

static result
save_name(struct op *op, const struct reach *reach, void *row)
{
	return person_name_save(op, reach, row);
}

static result
prepare_identifier(struct op *op, const struct reach *reach,
    const void *before, void *row)
{
	(void)reach;
	(void)before;
	return identifier_decide(op->arena, op->office->codes, row, "",
	    &op->problems);
}

static result
prepare_contact_point(struct op *op, const struct reach *reach,
    const void *before, void *row)
{
	(void)reach;
	(void)before;
	contact_point_decide(op->arena, row, "", &op->problems);
	return OK;
}

static result
prepare_relation(struct op *op, const struct reach *reach,
    const void *before, void *row)
{
	(void)reach;
	(void)before;
	relation_decide(op->arena, row, "", &op->problems);
	return OK;
}

static result
prepare_consent(struct op *op, const struct reach *reach, const void *before,
    void *row)
{
	(void)reach;
	(void)before;
	consent_decide(op->arena, row, "", op->today, &op->problems);
	return OK;
}

static void
begin_note(const struct op *op, void *row)
{
	struct note *n = row;

	n->at = op->now;
	n->author = op->user;
}

static result
prepare_note(struct op *op, const struct reach *reach, const void *before,
    void *row)
{
	const struct note *n = row;

	(void)reach;
	(void)before;
	if (n->text_.n == 0 && n->sensitive_text.n == 0)
		op_problem(op, "text", "problem.required");
	return OK;
}

static const struct part parts[] = {
	{ &entity_person_name, PERSON_NAME_PERSON_ID, EVENT_NAME_ADDED,
	  EVENT_NAME_CHANGED, "name", prepare_name, save_name, NULL },
	{ &entity_person_identifier, PERSON_IDENTIFIER_PERSON_ID,
	  EVENT_IDENTIFIER_ADDED, EVENT_IDENTIFIER_CHANGED, "identifier",
	  prepare_identifier, NULL, NULL },
	{ &entity_contact_point, CONTACT_POINT_PERSON_ID,
	  EVENT_CONTACT_POINT_ADDED, EVENT_CONTACT_POINT_CHANGED,
	  "contact_point", prepare_contact_point, NULL, NULL },
	{ &entity_relation, RELATION_PERSON_ID, EVENT_RELATION_ADDED,
	  EVENT_RELATION_CHANGED, "relation", prepare_relation, NULL, NULL },
	{ &entity_consent, CONSENT_PERSON_ID, EVENT_CONSENT_RECORDED,
	  EVENT_CONSENT_RECORDED, "consent", prepare_consent, NULL, NULL },
	{ &entity_note, NOTE_PERSON_ID, EVENT_NOTE_ADDED, EVENT_NOTE_CHANGED,
	  "note", prepare_note, NULL, begin_note },
};

/* Which part the running row is about: by its first typed input. */
static const struct part *
part_of(const struct op *op)
{
	for (const struct in *in = op->row->inputs; in->name != NULL; in++) {
		for (size_t i = 0; i < LENGTH(parts); i++) {
			if (parts[i].entity == in->entity)
				return &parts[i];
		}
	}
	return NULL;
}

static result
save(struct op *op, const struct reach *reach, const struct part *part,
    void *row)
{
	if (part->save != NULL)
		return part->save(op, reach, row);
	return entity_row(row)->v == 0 ?
	    facts_insert(op, reach, part->entity, row) :
	    facts_update(op, reach, part->entity, row);
}

static result
finish(struct op *op, const struct reach *reach, const struct part *part,
    void *row, enum event event)
{
	struct node *shown = node_add_object(op->answer, part->member);

	entity_show(shown, part->entity, row, reach->mask);
	op->location = ops_path(op, "/people/{}", op->objects, 1);
	return ops_commit(op, event, &entity_person, op->objects[0]);
}

static result
run_add(struct op *op, const struct reach *reach)
{
	const struct part *part = part_of(op);
	void *row = entity_new(op->arena, part->entity);

	NEED(row);
	field_set_id(&part->entity->fields[part->person_field], row,
	    op->objects[0]);
	entity_row(row)->open = part->entity->classes;
	if (part->begin != NULL)
		part->begin(op, row);
	TRY(ops_fill(op, part->entity, row));
	TRY(ops_fill_ids(op, part->entity, row));
	TRY(part->prepare(op, reach, NULL, row));
	TRY(op_problems(op));
	TRY(save(op, reach, part, row));
	return finish(op, reach, part, row, part->added);
}

static result
load(struct op *op, const struct reach *reach, const struct part *part,
    void **ret)
{
	void *row = entity_new(op->arena, part->entity);

	NEED(row);
	TRY(facts_get(op, reach, part->entity, op->objects[1], row));
	/* A child under another parent is not there. */
	if (!id_same(field_id(&part->entity->fields[part->person_field],
	    row), op->objects[0]))
		return refuse(NOT_FOUND);
	*ret = row;
	return OK;
}

static result
run_edit(struct op *op, const struct reach *reach)
{
	const struct part *part = part_of(op);
	void *before;
	void *row;

	TRY(load(op, reach, part, &before));
	TRY(load(op, reach, part, &row));
	TRY(ops_merge(op, reach, part->entity, row));
	TRY(part->prepare(op, reach, before, row));
	TRY(op_problems(op));
	TRY(save(op, reach, part, row));
	return finish(op, reach, part, row, part->changed);
}

/* Who this page is about, for the bar above the form. */
static result
about_person(struct op *op)
{
	op->location = ops_path(op, "/people/{}", op->objects, 1);
	return desk_add_called(op, op->answer, "person",
	    (person_id){ op->objects[0] });
}

static result
form_add(struct op *op, const struct reach *reach)
{
	(void)reach;
	TRY(about_person(op));
	return ops_form(op, NULL, 0);
}

static result
form_edit(struct op *op, const struct reach *reach)
{
	const struct part *part = part_of(op);
	struct filled from = { .entity = part->entity };
	void *row;

	TRY(load(op, reach, part, &row));
	from.row = row;
	node_add_number(op->answer, "v", (int64_t)entity_row(row)->v);
	TRY(about_person(op));
	return ops_form(op, &from, 1);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in name_in[] = {
	IN(person_name, kind, PERSON_NAME_KIND),
	IN(person_name, given, PERSON_NAME_GIVEN),
	IN(person_name, first_surname, PERSON_NAME_FIRST_SURNAME),
	IN(person_name, second_surname, PERSON_NAME_SECOND_SURNAME),
	IN(person_name, shown, PERSON_NAME_SHOWN),
	IN(person_name, source, PERSON_NAME_SOURCE),
	IN_END
};
static const struct in identifier_in[] = {
	IN(person_identifier, kind, PERSON_IDENTIFIER_KIND),
	IN(person_identifier, country, PERSON_IDENTIFIER_COUNTRY),
	IN(person_identifier, value, PERSON_IDENTIFIER_VALUE),
	IN(person_identifier, state, PERSON_IDENTIFIER_STATE),
	IN_END
};
static const struct in contact_point_in[] = {
	IN(contact_point, kind, CONTACT_POINT_KIND),
	IN(contact_point, value, CONTACT_POINT_VALUE),
	IN(contact_point, relation_id, CONTACT_POINT_RELATION_ID),
	IN(contact_point, when, CONTACT_POINT_WHEN),
	IN(contact_point, not_after, CONTACT_POINT_NOT_AFTER),
	IN(contact_point, through, CONTACT_POINT_THROUGH),
	IN(contact_point, may_say, CONTACT_POINT_MAY_SAY),
	IN(contact_point, do_not_call, CONTACT_POINT_DO_NOT_CALL),
	IN(contact_point, risk, CONTACT_POINT_RISK),
	IN(contact_point, preferred, CONTACT_POINT_PREFERRED),
	IN(contact_point, valid_to, CONTACT_POINT_VALID_TO),
	IN_END
};
static const struct in relation_in[] = {
	IN(relation, kind, RELATION_KIND),
	IN(relation, name, RELATION_NAME),
	IN(relation, given, RELATION_GIVEN),
	IN(relation, lives_together, RELATION_LIVES_TOGETHER),
	IN(relation, emergency, RELATION_EMERGENCY),
	IN(relation, mandate, RELATION_MANDATE),
	IN(relation, topics, RELATION_TOPICS),
	IN(relation, not_to_know, RELATION_NOT_TO_KNOW),
	IN(relation, mandate_until, RELATION_MANDATE_UNTIL),
	IN_END
};
static const struct in consent_in[] = {
	IN(consent, purpose, CONSENT_PURPOSE),
	IN(consent, state, CONSENT_STATE),
	IN(consent, given_on, CONSENT_GIVEN_ON),
	IN(consent, how, CONSENT_HOW),
	IN(consent, text_version, CONSENT_TEXT_VERSION),
	IN(consent, language, CONSENT_LANGUAGE),
	IN(consent, interpreter, CONSENT_INTERPRETER),
	IN(consent, witness, CONSENT_WITNESS),
	IN(consent, valid_until, CONSENT_VALID_UNTIL),
	IN(consent, withdrawn_on, CONSENT_WITHDRAWN_ON),
	IN_END
};
static const struct in note_in[] = {
	IN(note, kind, NOTE_KIND),
	IN_AS(note, "text", NOTE_TEXT, IN_LONG),
	IN(note, privileged, NOTE_PRIVILEGED),
	IN_END
};

#define PART(noun, path, param, area_, inputs_)                              \
	{ .name = noun ".add", .area = area_, .need = LEVEL_WRITE,           \
	  .object = OBJECT_PERSON, .page = "/people/{person}/" path "/new",  \
	  .api = "POST /people/{person}/" path, .shell = noun " add",        \
	  .flags = OP_CHANGES | OP_CREATES, .inputs = inputs_,               \
	  .run = run_add, .form = form_add },                                \
	{ .name = noun ".edit", .area = area_, .need = LEVEL_WRITE,          \
	  .object = OBJECT_PERSON,                                           \
	  .page = "/people/{person}/" path "/{" param "}/edit",              \
	  .api = "PATCH /people/{person}/" path "/{" param "}",              \
	  .shell = noun " edit",                                             \
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = inputs_,         \
	  .run = run_edit, .form = form_edit }

const struct op_row person_part_ops[] = {
	PART("name", "names", "name", AREA_PEOPLE_IDENTITY, name_in),
	PART("identifier", "identifiers", "identifier", AREA_PEOPLE_IDENTITY,
	    identifier_in),
	PART("contact-point", "contact-points", "contact_point",
	    AREA_PEOPLE_IDENTITY, contact_point_in),
	PART("relation", "network", "relation", AREA_PEOPLE_IDENTITY,
	    relation_in),
	PART("consent", "consents", "consent", AREA_PEOPLE_CONSENT,
	    consent_in),
	PART("note", "notes", "note", AREA_PEOPLE_NOTES, note_in),
	{ .name = NULL }
};
