/* Which composer makes the page of which operation or template. */
#include "compose.h"

#include <string.h>

static const struct { const char *name; composer *f; } composers[] = {
	{ "person.show", compose_person },
	{ "person.list", compose_people },
	{ "matter.list", compose_matters },
	{ "person.find", compose_find },
	{ "person.history", compose_history },
	{ "identifier.reveal", compose_number },
	{ "contact-point.reveal", compose_number },
	{ "today.show", compose_today },
	{ "matter.show", compose_matter },
	{ "matter.add", compose_matter },
	{ "party.add", compose_matter },
	{ "conflict.decide", compose_matter },
	{ "deadline.show", compose_deadline },
	{ "deadline.propose", compose_deadline },
	{ "deadline.confirm", compose_deadline },
	{ "custody.show", compose_custody },
	{ "person-document.show", compose_document },
	{ "matter-document.show", compose_document },
	{ "contact.add", compose_contacts },
	{ "contact.edit", compose_contacts },
	{ "contact.list", compose_contacts },
	{ "access.show", compose_access },
	{ "matter_access.show", compose_access },
	{ "account.show", compose_account },
	{ "account.stolen", compose_account },
	{ "token.add", compose_account },
	{ "user.list", compose_users },
	{ "user.show", compose_user },
	{ "user.add", compose_user },
	{ "user.invite_again", compose_user },
	{ "user.accept", compose_user },
	{ "user.factor", compose_user },
	{ "audit.list", compose_audit },
	{ "audit.verify", compose_audit },
	{ "audit.explain", compose_explain },
	{ "audit.prove", compose_audit },
	{ "audit.checkpoint", compose_audit },
	{ "audit.consistency", compose_audit },
	{ "audit.compare", compose_audit },
	{ "system.show", compose_system },
	{ "system.inventory", compose_inventory },
	{ "public.deadlines", compose_public },
	{ "public.sentences", compose_public },
	{ "vault.keys", compose_keys },
	{ "vault.root-confirm", compose_root_confirm },
	{ "shred.list", compose_shreds },
	/* by template */
	{ "intake", compose_intake },
	{ "conflict", compose_conflict },
	{ "sign_in", compose_sign_in },
	{ "step_up", compose_step_up },
	{ "unseal", compose_unseal },
	{ "first_start", compose_first_start },
	{ "seal", compose_seal },
	{ "go", compose_go },
	{ "form", compose_form },
};

composer *
composer_of(const char *name)
{
	for (size_t i = 0; i < LENGTH(composers); i++) {
		if (strcmp(composers[i].name, name) == 0)
			return composers[i].f;
	}
	return NULL;
}
