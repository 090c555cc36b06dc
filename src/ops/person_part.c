/* The rows under a person: names, identifiers, contact points, relations,
 * consents, notes. */
#include "ops_inside.h"

#include "people.h"
#include "record.h"

static result
decide_name(struct op *op, const struct reach *reach, void *row)
{
	(void)reach;
	person_name_decide(op->arena, row, "", &op->problems);
	return OK;
}

static result
save_name(struct op *op, const struct reach *reach, void *row)
{
	return person_name_save(op, reach, row);
}

static result
decide_identifier(struct op *op, const struct reach *reach, void *row)
{
	(void)reach;
	return identifier_decide(op->arena, op->office->codes, row, "",
	    &op->problems);
}

static result
decide_contact_point(struct op *op, const struct reach *reach, void *row)
{
	(void)reach;
	contact_point_decide(op->arena, row, "", &op->problems);
	return OK;
}

static result
decide_relation(struct op *op, const struct reach *reach, void *row)
{
	(void)reach;
	relation_decide(op->arena, row, "", &op->problems);
	return OK;
}

static result
decide_consent(struct op *op, const struct reach *reach, void *row)
{
	(void)reach;
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
decide_note(struct op *op, const struct reach *reach, void *row)
{
	const struct note *n = row;

	(void)reach;
	if (n->text_.n == 0 && n->sensitive_text.n == 0)
		op_problem(op, "text", "problem.required");
	return OK;
}

static const struct record name_record = {
	.entity = &entity_person_name, .member = "name",
	.added = EVENT_NAME_ADDED, .changed = EVENT_NAME_CHANGED,
	.decide = decide_name, .save = save_name };
static const struct record identifier_record = {
	.entity = &entity_person_identifier, .member = "identifier",
	.added = EVENT_IDENTIFIER_ADDED, .changed = EVENT_IDENTIFIER_CHANGED,
	.decide = decide_identifier };
static const struct record contact_point_record = {
	.entity = &entity_contact_point, .member = "contact_point",
	.added = EVENT_CONTACT_POINT_ADDED,
	.changed = EVENT_CONTACT_POINT_CHANGED,
	.decide = decide_contact_point };
static const struct record relation_record = {
	.entity = &entity_relation, .member = "relation",
	.added = EVENT_RELATION_ADDED, .changed = EVENT_RELATION_CHANGED,
	.decide = decide_relation };
static const struct record consent_record = {
	.entity = &entity_consent, .member = "consent",
	.added = EVENT_CONSENT_RECORDED, .changed = EVENT_CONSENT_RECORDED,
	.decide = decide_consent };
static const struct record note_record = {
	.entity = &entity_note, .member = "note",
	.added = EVENT_NOTE_ADDED, .changed = EVENT_NOTE_CHANGED,
	.begin = begin_note, .decide = decide_note };

static const struct in name_in[] = { PERSON_NAME_FORM(IN), IN_END };
static const struct in identifier_in[] = { PERSON_IDENTIFIER_FORM(IN),
	IN_END };
static const struct in contact_point_in[] = { CONTACT_POINT_FORM(IN),
	IN_END };
static const struct in relation_in[] = { RELATION_FORM(IN), IN_END };
static const struct in consent_in[] = { CONSENT_FORM(IN), IN_END };
static const struct in note_in[] = { NOTE_FORM(IN), IN_END };

const struct op_row person_part_ops[] = {
	RECORD("name", "/people/{person}/names",
	    "/people/{person}/names/{name}",
	    AREA_PEOPLE_IDENTITY, OBJECT_PERSON, name_in,
	    name_record, NULL),
	RECORD("identifier", "/people/{person}/identifiers",
	    "/people/{person}/identifiers/{identifier}",
	    AREA_PEOPLE_IDENTITY, OBJECT_PERSON, identifier_in,
	    identifier_record, NULL),
	RECORD("contact-point", "/people/{person}/contact-points",
	    "/people/{person}/contact-points/{contact_point}",
	    AREA_PEOPLE_IDENTITY, OBJECT_PERSON, contact_point_in,
	    contact_point_record, NULL),
	RECORD("relation", "/people/{person}/network",
	    "/people/{person}/network/{relation}",
	    AREA_PEOPLE_IDENTITY, OBJECT_PERSON, relation_in,
	    relation_record, NULL),
	RECORD("consent", "/people/{person}/consents",
	    "/people/{person}/consents/{consent}",
	    AREA_PEOPLE_CONSENT, OBJECT_PERSON, consent_in,
	    consent_record, NULL),
	RECORD("note", "/people/{person}/notes",
	    "/people/{person}/notes/{note}",
	    AREA_PEOPLE_NOTES, OBJECT_PERSON, note_in,
	    note_record, NULL),
	{ .name = NULL }
};
