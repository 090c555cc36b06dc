#include "ops_inside.h"

#include <string.h>

static const struct op_row *const tables[] = {
	session_ops, vault_ops, keys_ops, today_ops, people_ops, person_ops,
	person_file_ops, person_part_ops, document_ops, contact_ops,
	task_ops, matter_ops, matter_part_ops, deadline_ops, custody_ops,
	user_ops, leave_ops, access_ops, account_ops, audit_ops, settings_ops,
	system_ops, inventory_ops, backup_ops, public_ops, shred_ops,
};

const struct op_row *
ops_next(const struct op_row *after)
{
	bool passed = after == NULL;

	for (size_t t = 0; t < LENGTH(tables); t++) {
		for (const struct op_row *r = tables[t]; r->name != NULL;
		    r++) {
			if (passed)
				return r;
			passed = r == after;
		}
	}
	return NULL;
}

const struct op_row *
ops_named(text name)
{
	const struct op_row *r = NULL;

	while ((r = ops_next(r)) != NULL) {
		if (text_same(text_of(r->name), name))
			return r;
	}
	return NULL;
}

static const struct { const char *param; const struct entity *entity; }
    params[] = {
	{ "person", &entity_person },
	{ "name", &entity_person_name },
	{ "identifier", &entity_person_identifier },
	{ "contact_point", &entity_contact_point },
	{ "relation", &entity_relation },
	{ "call", &entity_contact_log },
	{ "consent", &entity_consent },
	{ "note", &entity_note },
	{ "task", &entity_task },
	{ "matter", &entity_matter },
	{ "party", &entity_party },
	{ "proceeding", &entity_proceeding },
	{ "act", &entity_act },
	{ "deadline", &entity_deadline },
	{ "detention", &entity_detention },
	{ "document", &entity_document },
	{ "user", &entity_user },
	{ "grant", &entity_grant },
	{ "wall", &entity_wall },
};

const struct entity *
ops_home_entity(enum object_kind kind)
{
	return kind == OBJECT_PERSON ? &entity_person :
	    kind == OBJECT_MATTER ? &entity_matter : NULL;
}

const struct entity *
ops_param_entity(const char *param)
{
	for (size_t i = 0; i < LENGTH(params); i++) {
		if (strcmp(params[i].param, param) == 0)
			return params[i].entity;
	}
	return NULL;
}
