/*
 * One's own account: how the pages look, what is signed in where, passphrase
 * and factor, keys for programs; and what to do when a device was stolen.
 */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"

enum { OPENED_MS = 24 * 3600 * 1000, REACHED_DAYS = 7, TOKEN_DAYS = 30 };

static void
add_code(struct op *op, struct node *to, id session)
{
	node_add_text(to, "code", arena_text(op->arena,
	    text_of(code_of(session).s)));
}

/* ---- the page --------------------------------------------------------- */

static result
add_sessions(struct op *op)
{
	struct node *sessions = node_add_list(op->answer, "sessions");
	struct node *tokens = node_add_list(op->answer, "tokens");
	struct session_facts *list;
	size_t n;

	TRY(guard_sessions(op, op->user, &list, &n));
	for (size_t i = 0; i < n; i++) {
		struct node *one = node_add_object(list[i].by_token ?
		    tokens : sessions, NULL);

		add_code(op, one, list[i].id);
		if (list[i].by_token)
			node_add_text(one, "name", list[i].name);
		else
			node_add_text(one, "device", list[i].device);
		node_add_instant(one, "made", list[i].made);
		node_add_instant(one, "last_use", list[i].last_use);
		node_add_instant(one, "ends", list[i].ends);
		node_add_bool(one, "current", list[i].current);
	}
	return OK;
}

static result
add_opened(struct op *op, user_id user, int64_t ms)
{
	const instant since = { op->now.ms - ms, true };

	return desk_opened(op, user, since,
	    node_add_list(op->answer, "opened"));
}

static struct user
own_row(const struct op *op)
{
	const struct user_facts *u = guard_user(op->office->guard, op->user);

	return (struct user){
		.language = words_lang_code(u->lang),
		.discreet = { u->discreet, true } };
}

static result
add_settings(struct op *op)
{
	const struct user u = own_row(op);
	const struct filled from = { &entity_user, &u };
	struct node *fields = op->answer;

	TRY(ops_form_inside(op, "settings", "account.edit", &from, 1));
	/* ops_only_page_languages looks at the answer's own form. */
	op->answer = ops_member(fields, "settings");
	ops_only_page_languages(op);
	op->answer = fields;
	return OK;
}

static result
run_show(struct op *op, const struct reach *reach)
{
	const struct user_facts *u = guard_user(op->office->guard, op->user);
	struct own_facts own;
	struct node *roles;
	size_t n;
	const struct code *role = codes_list(op->office->codes, "role", &n);

	(void)reach;
	node_add_text(op->answer, "sign_in_name", u->sign_in_name);
	node_add_text(op->answer, "name", u->name);
	roles = node_add_list(op->answer, "roles");
	for (size_t i = 0; i < n && i < ROLE_GUEST; i++) {
		if ((u->roles & 1u << i) != 0)
			node_add_code(roles, NULL, "role", role[i].code);
	}
	node_add_text(op->answer, "language", words_lang_code(u->lang));
	node_add_bool(op->answer, "discreet", u->discreet);
	node_add_day(op->answer, "ends_on", u->ends_on);
	TRY(guard_own(op, &own));
	node_add_bool(op->answer, "factor", own.has_factor);
	node_add_number(op->answer, "recovery_left", own.recovery_left);
	TRY(add_sessions(op));
	TRY(add_opened(op, op->user, OPENED_MS));
	if (op->door == DOOR_PAGES)
		TRY(add_settings(op));
	return node_whole(op->answer);
}

/* ---- how the pages look ----------------------------------------------- */

static result
run_edit(struct op *op, const struct reach *reach)
{
	struct user u = own_row(op);

	(void)reach;
	u.row.v = 1;		/* what else an account has is not asked */
	TRY(ops_fill(op, NULL, &entity_user, &u));
	if (u.language.n == 0)
		op_problem(op, "language", "problem.required");
	ops_check_page_language(op, u.language);
	TRY(op_problems(op));
	return guard_set_own(op, &(struct own_settings){
		.lang = words_lang(u.language),
		.discreet = u.discreet.known && u.discreet.value });
}

static result
form_edit(struct op *op, const struct reach *reach)
{
	const struct user u = own_row(op);
	const struct filled from = { &entity_user, &u };

	(void)reach;
	TRY(ops_form(op, &from, 1));
	ops_only_page_languages(op);
	return node_whole(op->answer);
}

/* ---- sessions --------------------------------------------------------- */

/* One's own session or token, by the short code on the page; another's is
 * as missing as what never was. */
static result
own_session(struct op *op, text code, bool by_token, id *ret)
{
	struct session_facts *list;
	uint32_t bits;
	size_t n;

	if (!code_read(code, &bits))
		return refuse(NOT_FOUND);
	TRY(guard_sessions(op, op->user, &list, &n));
	for (size_t i = 0; i < n; i++) {
		if (list[i].by_token == by_token &&
		    code_bits(list[i].id) == bits) {
			*ret = list[i].id;
			return OK;
		}
	}
	return refuse(NOT_FOUND);
}

static result
run_session_end(struct op *op, const struct reach *reach)
{
	id session;

	(void)reach;
	TRY(own_session(op, op_input(op, "session"), false, &session));
	return guard_end_session(op, session);
}

/* ---- a stolen device -------------------------------------------------- */

/* Who may end accounts may contain what was stolen from another: at once,
 * without a step-up, as sealing the office is. */
static bool
may_for_others(const struct op *op)
{
	return (guard_levels(op, AREA_ADMIN_USERS).far & LEVEL_WRITE) != 0;
}

static result
whose(struct op *op, user_id *ret)
{
	user_id user = op->user;

	if (op_input(op, "user").n > 0)
		TRY(ops_input_id(op, "user", &entity_user, &user.raw));
	if (!id_same(user.raw, op->user.raw) && !may_for_others(op))
		op_problem(op, "user", "problem.stolen_of_another");
	*ret = user;
	return op_problems(op);
}

/* By which devices and keys somebody could come in until now. */
static result
add_ended(struct op *op, user_id user)
{
	struct node *list = node_add_list(op->answer, "ended");
	struct session_facts *s;
	size_t n;

	TRY(guard_sessions(op, user, &s, &n));
	for (size_t i = 0; i < n; i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "device", s[i].by_token ? s[i].name :
		    s[i].device);
		node_add_bool(one, "by_token", s[i].by_token);
		node_add_instant(one, "last_use", s[i].last_use);
	}
	return OK;
}

/* What was open is said before everything is ended: afterwards nobody is
 * signed in here either. */
static result
run_stolen(struct op *op, const struct reach *reach)
{
	user_id user;
	bool own;

	(void)reach;
	TRY(whose(op, &user));
	own = id_same(user.raw, op->user.raw);
	node_add_text(op->answer, "name", guard_user_name(op->office->guard,
	    user));
	node_add_bool(op->answer, "own", own);
	TRY(add_ended(op, user));
	TRY(add_opened(op, user, REACHED_DAYS * (int64_t)OPENED_MS));
	op->location = own ? T("/sign-in") : T("/today");
	TRY(node_whole(op->answer));
	TRY(guard_end_all(op, user));
	if (own)
		op->user = (user_id){ 0 };
	op->page = "record";
	return OK;
}

/* One button for oneself, and for who may, one for each of the others. */
static result
form_stolen(struct op *op, const struct reach *reach)
{
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);
	struct node *others;

	(void)reach;
	op->page = "stolen";
	TRY(ops_form(op, NULL, 0));
	if (!may_for_others(op))
		return OK;
	others = node_add_list(op->answer, "others");
	for (size_t i = 0; i < n; i++) {
		struct node *one;

		if (!text_same(users[i]->state, T("active")) ||
		    id_same(users[i]->id.raw, op->user.raw))
			continue;
		one = node_add_object(others, NULL);
		node_add_short(one, "code", users[i]->id.raw);
		node_add_text(one, "name", users[i]->name);
	}
	return node_whole(op->answer);
}

/* ---- passphrase, factor ----------------------------------------------- */

static result
run_passphrase(struct op *op, const struct reach *reach)
{
	text new = op_input(op, "new");

	(void)reach;
	if (!text_same(new, op_input(op, "again"))) {
		op_problem(op, "again", "problem.passphrase_again");
		return refuse(INVALID);
	}
	return guard_change_passphrase(op, op_input(op, "old"), new);
}

static result
run_factor(struct op *op, const struct reach *reach)
{
	(void)reach;
	op->location = T("/invitation/factor");
	return guard_new_factor(op);
}

/* ---- keys for programs ------------------------------------------------ */

/* Something that programs can ask for, and this person may. */
static bool
for_tokens(struct op *op, const struct op_row *row)
{
	struct area_levels l = guard_levels(op, row->area);

	return row->api != NULL &&
	    (row->flags & (OP_PAGE_ONLY | OP_PUBLIC | OP_DEMO)) == 0 &&
	    (row->area == AREA_NONE || ((l.near | l.far) & row->need) != 0);
}

static void
check_operations(struct op *op, const struct input *in)
{
	for (size_t i = 0; in != NULL && i < in->n; i++) {
		const struct op_row *row = ops_named(in->values[i]);

		if (row == NULL || !for_tokens(op, row)) {
			problem_add(&op->problems, T("operations"),
			    "problem.token_operation", &in->values[i], 1);
			return;
		}
	}
}

/* "" is sent by a form in which nothing is ticked. */
static size_t
without_empty(text *list, const struct input *in)
{
	size_t n = 0;

	for (size_t i = 0; in != NULL && i < in->n; i++) {
		if (in->values[i].n > 0)
			list[n++] = in->values[i];
	}
	return n;
}

static int
read_days(struct op *op)
{
	text typed = op_input(op, "days");
	int64_t days = TOKEN_DAYS;

	if (typed.n > 0 && (!text_integer(typed, &days) || days < 0 ||
	    days > INT16_MAX))
		return 0;	/* guard says what it may be */
	return (int)days;
}

static result
run_token_add(struct op *op, const struct reach *reach)
{
	const struct input *in = op_inputs(op, "operations");
	struct input given = { .name = T("operations") };
	text *operations = arena_array(op->arena, in == NULL ? 1 : in->n + 1,
	    sizeof(*operations));
	text secret;

	(void)reach;
	NEED(operations);
	given.n = without_empty(operations, in);
	given.values = operations;
	check_operations(op, &given);
	TRY(op_problems(op));
	TRY(guard_make_token(op, op_input(op, "name"), operations, given.n,
	    ops_ticked(op, "may_write"), ops_ticked(op, "step_up"),
	    read_days(op), &secret));
	node_add_text(op->answer, "secret", secret);
	op->page = "codes";
	return node_whole(op->answer);
}

static result
form_token_add(struct op *op, const struct reach *reach)
{
	const struct op_row *row = NULL;
	struct node *options;

	(void)reach;
	TRY(ops_form(op, NULL, 0));
	ops_propose(op, "days", T("30"));
	options = ops_choice(op, "operations", true);
	while ((row = ops_next(row)) != NULL) {
		text key;

		if (!for_tokens(op, row))
			continue;
		key = arena_format(op->arena, "%s.title", row->name);
		NEED(key.p);
		ops_option(op, options, "operations", text_of(row->name),
		    words_get(op->office->words, op->lang, key.p));
	}
	return node_whole(op->answer);
}

static result
run_token_end(struct op *op, const struct reach *reach)
{
	id token;

	(void)reach;
	TRY(own_session(op, op->own, true, &token));
	return guard_end_session(op, token);
}

static result
form_token_end(struct op *op, const struct reach *reach)
{
	id token;

	TRY(own_session(op, op->own, true, &token));
	return ops_form_plain(op, reach);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in edit_in[] = {
	IN(user, language, USER_LANGUAGE),
	IN(user, discreet, USER_DISCREET),
	IN_END
};
static const struct in session_in[] = {
	IN_OWN("session", KIND_TEXT, "session.end.which",
	    IN_REQUIRED | IN_HIDDEN),
	IN_END
};
static const struct in stolen_in[] = {
	IN_OWN("user", KIND_TEXT, "account.stolen.user", 0),
	IN_END
};
static const struct in passphrase_in[] = {
	IN_OWN("old", KIND_TEXT, "account.passphrase.old",
	    IN_SECRET | IN_REQUIRED),
	IN_OWN("new", KIND_TEXT, "account.passphrase.new",
	    IN_SECRET | IN_REQUIRED),
	IN_OWN("again", KIND_TEXT, "account.passphrase.again",
	    IN_SECRET | IN_REQUIRED),
	IN_END
};
static const struct in token_in[] = {
	IN_OWN("name", KIND_TEXT, "token.add.name", IN_REQUIRED),
	IN_OWN("days", KIND_INTEGER, "token.add.days", 0),
	IN_OWN("may_write", KIND_BOOLEAN, "token.add.may_write", 0),
	IN_OWN("step_up", KIND_BOOLEAN, "token.add.step_up", 0),
	IN_OWN("operations", KIND_CODES, "token.add.operations",
	    IN_REQUIRED | IN_MANY),
	IN_END
};
const struct op_row account_ops[] = {
	{ .name = "account.show", .area = AREA_ACCOUNT, .need = LEVEL_READ,
	  .page = "/account", .api = "GET /account",
	  .shell = "account show", .template = "account", .run = run_show },
	{ .name = "account.edit", .area = AREA_ACCOUNT, .need = LEVEL_WRITE,
	  .page = "/account/edit", .api = "PATCH /account",
	  .shell = "account edit", .flags = OP_CHANGES, .inputs = edit_in,
	  .run = run_edit, .form = form_edit, .back = "/account" },
	{ .name = "session.end", .area = AREA_ACCOUNT, .need = LEVEL_WRITE,
	  .page = "/account/sessions/end",
	  .api = "POST /account/sessions/end", .shell = "session end",
	  .flags = OP_CHANGES, .inputs = session_in,
	  .run = run_session_end, .back = "/account" },
	{ .name = "account.stolen", .area = AREA_ACCOUNT,
	  .need = LEVEL_WRITE, .page = "/account/stolen",
	  .api = "POST /account/stolen", .shell = "account stolen",
	  .flags = OP_CHANGES | OP_DANGER, .inputs = stolen_in,
	  .run = run_stolen, .form = form_stolen, .back = "/account",
	  .happens = { "account.stolen.ends", "account.stolen.shows" } },
	{ .name = "account.passphrase", .area = AREA_ACCOUNT,
	  .need = LEVEL_WRITE, .page = "/account/passphrase",
	  .api = "POST /account/passphrase",
	  .shell = "account passphrase", .flags = OP_CHANGES | OP_SLOW,
	  .inputs = passphrase_in, .run = run_passphrase,
	  .form = ops_form_plain, .back = "/account",
	  .happens = { "account.passphrase.ends" } },
	{ .name = "account.factor", .area = AREA_ACCOUNT,
	  .need = LEVEL_WRITE, .page = "/account/factor",
	  .flags = OP_CHANGES | OP_PAGE_ONLY,
	  .run = run_factor, 
	  .form = ops_form_plain, .back = "/account",
	  .happens = { "account.factor.serves",
	    "account.factor.codes" } },
	{ .name = "token.add", .area = AREA_ACCOUNT, .need = LEVEL_WRITE,
	  .page = "/account/tokens/new", .api = "POST /account/tokens",
	  .shell = "token add", .flags = OP_CHANGES | OP_CREATES,
	  .inputs = token_in, .run = run_token_add,
	  .form = form_token_add, .back = "/account" },
	{ .name = "token.end", .area = AREA_ACCOUNT, .need = LEVEL_WRITE,
	  .page = "/account/tokens/{token}/end",
	  .api = "POST /account/tokens/{token}/end",
	  .shell = "token end", .flags = OP_CHANGES,
	  .run = run_token_end, .form = form_token_end,
	  .back = "/account", .happens = { "token.end.happens" } },
	{ .name = NULL }
};
