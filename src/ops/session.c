/* Coming in and going out: sign-in, step-up, lock, sign-out, language. */
#include "ops_inside.h"

#include "lifecycle.h"

/* `next` stays on this host: a path of ours and nothing else. */
static text
safe_next(struct op *op)
{
	text next = op_input(op, "back");

	if (next.n == 0 || next.p[0] != '/' ||
	    (next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\')))
		return T("/today");
	for (size_t i = 0; i < next.n; i++) {
		if (next.p[i] <= ' ' || next.p[i] == '\\')
			return T("/today");
	}
	return next;
}

static bool
demonstration(const struct op *op)
{
	return (op->office->flags & VAULT_DEMONSTRATION) != 0;
}

static result
run_sign_in(struct op *op, const struct reach *reach)
{
	result got;

	(void)reach;
	op->location = safe_next(op);
	if (demonstration(op))
		got = guard_sign_in_demo(op, op_input(op, "user"));
	else
		got = guard_sign_in(op, op_input(op, "name"),
		    op_input(op, "passphrase"), op_input(op, "code"),
		    op->door == DOOR_PAGES ? op->device :
		    op_input(op, "device"));
	if (got.code == E_SIGN_IN) {
		op_problem(op, "", "problem.sign_in");
		return refuse(INVALID);
	}
	TRY(got);
	if (op->door == DOOR_PAGES)
		return OK;
	/* A program has no cookies: it keeps both itself. */
	if (op->set_session.n > 0)
		node_add_text(op->answer, "secret", op->set_session);
	if (op->set_device.n > 0)
		node_add_text(op->answer, "device", op->set_device);
	return OK;
}

/* Who can be tapped, and what each is for: only in a demonstration. */
static void
add_demo_users(struct op *op)
{
	struct node *list = node_add_list(op->answer, "demo_users");
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);

	for (size_t i = 0; i < n; i++) {
		struct node *one;
		size_t roles;
		const struct code *role = codes_list(op->office->codes,
		    "role", &roles);

		if (!text_same(users[i]->state, T("active")))
			continue;
		one = node_add_object(list, NULL);
		node_add_text(one, "name", users[i]->sign_in_name);
		node_add_text(one, "shown", users[i]->name);
		for (size_t r = 0; r < roles; r++) {
			if ((users[i]->roles & 1u << r) == 0)
				continue;
			node_add_code(one, "role", "role", role[r].code);
			node_add_word(one, "purpose", arena_format(op->arena,
			    "demo.purpose.%.*s", (int)role[r].code.n,
			    role[r].code.p).p);
			break;
		}
		if (users[i]->roles == 0)
			node_add_word(one, "purpose", "demo.purpose.guest");
	}
}

static result
form_sign_in(struct op *op, const struct reach *reach)
{
	int hour;
	int minute;

	(void)reach;
	instant_clock(op->now, &hour, &minute);
	node_add_text(op->answer, "clock", arena_format(op->arena,
	    "%02d:%02d", hour, minute));
	node_add_text(op->answer, "office",
	    office_setting(op->office, "office_name"));
	node_add_text(op->answer, "back", safe_next(op));
	node_add_text(op->answer, "name", op_input(op, "name"));
	if (demonstration(op))
		add_demo_users(op);
	op->page = "sign_in";
	return node_whole(op->answer);
}

static result
run_step_up(struct op *op, const struct reach *reach)
{
	result got;

	(void)reach;
	op->location = safe_next(op);
	got = guard_step_up(op, op_input(op, "passphrase"),
	    op_input(op, "code"));
	if (got.code == E_SIGN_IN) {
		op_problem(op, "", "problem.step_up");
		return refuse(INVALID);
	}
	return got;
}

static result
form_step_up(struct op *op, const struct reach *reach)
{
	(void)reach;
	node_add_text(op->answer, "back", safe_next(op));
	node_add_bool(op->answer, "demo", demonstration(op));
	op->page = "step_up";
	return ops_form(op, NULL, 0);
}

static result
run_sign_out(struct op *op, const struct reach *reach)
{
	(void)reach;
	op->location = T("/sign-in");
	return guard_sign_out(op);
}

static result
run_discreet(struct op *op, const struct reach *reach)
{
	const struct user_facts *u = guard_user(op->office->guard, op->user);

	(void)reach;
	op->location = safe_next(op);
	return guard_set_own(op, &(struct own_settings){ .lang = u->lang,
	    .discreet = !u->discreet });
}

/* What is typed is kept under the address of its form, sealed. */
static result
run_draft(struct op *op, const struct reach *reach)
{
	text at = op_input(op, "at");
	id draft;

	(void)reach;
	if (at.n == 0 || at.p[0] != '/')
		return refuse(BAD_REQUEST);
	TRY(guard_draft_keep(op, op->user, at, op->typed, &draft));
	op->location = at;
	return OK;
}

/* ---- rows ------------------------------------------------------------- */

static const struct in sign_in_in[] = {
	IN_OWN("name", KIND_TEXT, "sign_in.name", 0),
	IN_OWN("passphrase", KIND_TEXT, "sign_in.passphrase", IN_SECRET),
	IN_OWN("code", KIND_TEXT, "sign_in.code", IN_SECRET),
	IN_OWN("user", KIND_TEXT, "sign_in.user", 0),
	IN_OWN("device", KIND_TEXT, "sign_in.device", IN_HIDDEN),
	IN_OWN("back", KIND_TEXT, "sign_in.back", IN_HIDDEN),
	IN_END
};
static const struct in step_up_in[] = {
	IN_OWN("passphrase", KIND_TEXT, "sign_in.passphrase", IN_SECRET),
	IN_OWN("code", KIND_TEXT, "sign_in.code", IN_SECRET),
	IN_OWN("back", KIND_TEXT, "sign_in.back", IN_HIDDEN),
	IN_END
};
static const struct in draft_in[] = {
	IN_OWN("at", KIND_TEXT, "draft.at", IN_HIDDEN),
	IN_OWN("form", KIND_TEXT, "draft.form", IN_HIDDEN),
	IN_END
};
static const struct in back_in[] = {
	IN_OWN("back", KIND_TEXT, "sign_in.back", IN_HIDDEN),
	IN_END
};

const struct op_row session_ops[] = {
	{ .name = "session.sign_in", .area = AREA_NONE, .page = "/sign-in",
	  .api = "POST /session", .template = "sign_in",
	  .flags = OP_CHANGES | OP_PUBLIC | OP_SLOW, .inputs = sign_in_in,
	  .run = run_sign_in, .form = form_sign_in },
	{ .name = "session.step_up", .area = AREA_NONE, .page = "/step-up",
	  .api = "POST /step-up", .shell = "step-up", .template = "step_up",
	  .flags = OP_CHANGES | OP_SLOW, .inputs = step_up_in,
	  .run = run_step_up, .form = form_step_up },
	{ .name = "session.sign_out", .area = AREA_NONE,
	  .page = "/sign-out", .api = "DELETE /session",
	  .shell = "sign-out", .flags = OP_CHANGES, .inputs = back_in,
	  .run = run_sign_out },
	{ .name = "session.lock", .area = AREA_NONE, .page = "/lock",
	  .flags = OP_CHANGES | OP_PAGE_ONLY, .inputs = back_in,
	  .run = run_sign_out },
	{ .name = "draft.keep", .area = AREA_ACCOUNT, .need = LEVEL_WRITE,
	  .page = "/drafts",
	  .flags = OP_CHANGES | OP_PAGE_ONLY | OP_ANY_INPUTS,
	  .inputs = draft_in, .run = run_draft },
	{ .name = "session.discreet", .area = AREA_ACCOUNT,
	  .need = LEVEL_WRITE, .page = "/account/discreet",
	  .flags = OP_CHANGES | OP_PAGE_ONLY, .inputs = back_in,
	  .run = run_discreet },
	{ .name = NULL }
};
