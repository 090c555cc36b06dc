/* What everybody sees and sets for himself: language and discreet mode. */
#include "guard_inside.h"

result guard_set_own(struct op *op, const struct own_settings *s)
{
	const struct reach *all = guard_whole_office(op);
	struct user *u = entity_new(op->arena, &entity_user);
	const struct leaf_facts leaf = { .event = EVENT_USER_CHANGED,
		.object_kind = "user", .object = op->user.raw };

	NEED(u);
	TRY(facts_get(op, all, &entity_user, op->user.raw, u));
	u->discreet = (yesno){ s->discreet, true };
	u->language = words_lang_code(s->lang);
	TRY(facts_update(op, all, &entity_user, u));
	return facts_commit(op, &leaf);
}

result guard_own(struct op *op, struct own_facts *ret)
{
	struct own_facts own = { 0 };
	struct credential c;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(credential_get(op, op->user, &c));
	own.has_factor = c.has_factor;
	for (int i = 0; i < RECOVERY_CODES; i++)
		own.recovery_left += (c.recovery_left >> i & 1) != 0;
	*ret = own;
	return OK;
}
