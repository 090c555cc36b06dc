/* What everybody sets for himself: language and discreet mode. */
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
