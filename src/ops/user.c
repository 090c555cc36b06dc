/*
 * Accounts: list, invitation, change; and, before there is an
 * account, accepting the invitation and setting the second factor.
 */
#include "ops_inside.h"

#include "fields.h"
#include "qr.h"
#include "record.h"
#include "wordlist.h"

enum { INVITED_FOR_H = 72, HOUR_MS = 3600000, WORDS_OFFERED = 6,
	SECRET_GROUP = 4, CODES_GIVEN = 8 };

/* ---- reading ---------------------------------------------------------- */

static void
add_roles(struct op *op, struct node *to, uint32_t roles)
{
	struct node *list = node_add_list(to, "roles");
	size_t n;
	const struct code *role = codes_list(op->office->codes, "role", &n);

	for (size_t i = 0; i < n && i < ROLE_GUEST; i++) {
		if ((roles & 1u << i) != 0)
			node_add_code(list, NULL, "role", role[i].code);
	}
}

static void
add_account(struct op *op, struct node *to, const struct user_facts *u)
{
	node_add_short(to, "code", u->id.raw);
	node_add_text(to, "sign_in_name", u->sign_in_name);
	node_add_text(to, "name", u->name);
	add_roles(op, to, u->roles);
	node_add_code(to, "state", "user_state", u->state);
	node_add_day(to, "ends_on", u->ends_on);
	node_add_bool(to, "officer", u->officer);
	node_add_bool(to, "guardian", u->guardian);
}

static result
run_list(struct op *op, const struct reach *reach)
{
	struct node *rows = node_add_list(op->answer, "rows");
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);

	(void)reach;
	for (size_t i = 0; i < n; i++)
		add_account(op, node_add_object(rows, NULL), users[i]);
	node_add_number(op->answer, "count", (int64_t)n);
	audit_listed(op, "user", (int64_t)n);
	return node_whole(op->answer);
}

static result
load(struct op *op, const struct reach *reach, struct user **ret)
{
	struct user *u = entity_new(op->arena, &entity_user);

	NEED(u);
	TRY(facts_get(op, reach, &entity_user, op->objects[0], u));
	*ret = u;
	return OK;
}

static result
run_show(struct op *op, const struct reach *reach)
{
	struct user *u;
	bool waits;

	TRY(load(op, reach, &u));
	audit_read(op, "user", op->objects[0]);
	entity_show(node_add_object(op->answer, "user"), &entity_user, u,
	    reach->mask);
	TRY(guard_waits_for_second(op, (user_id){ op->objects[0] }, &waits));
	node_add_bool(op->answer, "waits", waits);
	node_add_bool(op->answer, "damaged", u->row.damaged != 0);
	return node_whole(op->answer);
}

/* ---- inviting --------------------------------------------------------- */

/* The phrase is in this answer and nowhere else: an answer with a secret is
 * not kept for a second asking. */
static result
show_invitation(struct op *op, const struct user *u, text phrase)
{
	struct node *roles = node_add_list(op->answer, "roles");
	bool waits;

	TRY(guard_waits_for_second(op, (user_id){ u->row.id }, &waits));
	node_add_text(op->answer, "secret", phrase);
	node_add_text(op->answer, "name", u->name);
	node_add_text(op->answer, "sign_in_name", u->sign_in_name);
	for (size_t i = 0; i < u->roles.n; i++)
		node_add_code(roles, NULL, "role", u->roles.p[i]);
	node_add_instant(op->answer, "until", (instant){ op->now.ms +
	    (int64_t)INVITED_FOR_H * HOUR_MS, true });
	node_add_bool(op->answer, "waits", waits);
	op->location = ops_path(op, "/users/{}", &u->row.id, 1);
	TRY(ops_commit(op, EVENT_USER_INVITED, &entity_user, u->row.id));
	op->page = "invitation";
	return OK;
}

static result
run_add(struct op *op, const struct reach *reach)
{
	struct user *u = entity_new(op->arena, &entity_user);
	text phrase;

	NEED(u);
	u->state = T("invited");
	u->language = words_lang_code(op->lang);
	TRY(ops_fill(op, NULL, &entity_user, u));
	ops_check_page_language(op, u->language);
	TRY(guard_invite(op, reach, u, &phrase));
	entity_show(node_add_object(op->answer, "user"), &entity_user, u,
	    reach->mask);
	return show_invitation(op, u, phrase);
}

static result
form_add(struct op *op, const struct reach *reach)
{
	const struct user u = { .language = words_lang_code(op->lang) };
	const struct filled from = { &entity_user, &u };

	(void)reach;
	TRY(ops_form(op, &from, 1));
	ops_only_page_languages(op);
	return OK;
}

static result
run_again(struct op *op, const struct reach *reach)
{
	user_id user = { op->objects[0] };
	struct user *u;
	text phrase;

	TRY(load(op, reach, &u));
	TRY(ops_say(op, guard_invite_again(op, reach, user, &phrase),
	    E_CONFLICT, "", "problem.user_closed"));
	return show_invitation(op, u, phrase);
}

/* ---- changing --------------------------------------------------------- */

static result
decide_user(struct op *op, const struct reach *reach, void *row)
{
	const struct user *u = row;

	(void)reach;
	if (text_same(u->state, T("left")))
		op_problem(op, "", "problem.user_closed");
	ops_check_page_language(op, u->language);
	return OK;
}

/* The last director keeps the role: said at the field. */
static result
save_user(struct op *op, const struct reach *reach, void *row)
{
	return ops_said(op, guard_change_user(op, reach, row), E_CONFLICT);
}

static result
offer_languages(struct op *op, const struct reach *reach, const void *row)
{
	(void)reach;
	(void)row;
	ops_only_page_languages(op);
	return OK;
}

static const struct record user_record = {
	.entity = &entity_user, .member = "user",
	.changed = EVENT_USER_CHANGED, .decide = decide_user,
	.save = save_user, .offer = offer_languages };

static result
run_approve(struct op *op, const struct reach *reach)
{
	result got = guard_approve(op, reach, (user_id){ op->objects[0] });

	got = ops_say(op, got, E_FORBIDDEN, "", "problem.second_person");
	TRY(ops_say(op, got, E_CONFLICT, "", "problem.nothing_waits"));
	return ops_commit(op, EVENT_USER_APPROVED, &entity_user,
	    op->objects[0]);
}

/* A form without fields: it says whom it is about. */
static result
form_sure(struct op *op, const struct reach *reach)
{
	struct user *u;

	TRY(load(op, reach, &u));
	node_add_text(op->answer, "about", u->name);
	return ops_form(op, NULL, 0);
}

/* ---- accepting -------------------------------------------------------- */

/* Evenly, by throwing away what would favour the first words. */
static uint32_t
draw_word(const struct op *op)
{
	const uint32_t even = UINT32_MAX - UINT32_MAX % WORDLIST_N;
	uint8_t b[4];

	do {
		op->office->chance->fill(op->office->chance->self, b,
		    sizeof(b));
	} while (get_u32(b) >= even);
	return get_u32(b) % WORDLIST_N;
}

static text
draw_words(struct op *op)
{
	CLEANUP(buf_free) struct buf b = buf_new(KIB);

	for (int i = 0; i < WORDS_OFFERED; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		buf_text(&b, text_of(wordlist[draw_word(op)]));
	}
	return arena_text(op->arena, buf_view(&b));
}

static bool
in_wordlist(text word)
{
	size_t low = 0;
	size_t high = WORDLIST_N;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_order(text_of(wordlist[middle]), word);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Six of our words: nothing else is shown again as if we had offered it. */
static bool
our_words(text offered)
{
	int n = 0;

	while (offered.n > 0 && n <= WORDS_OFFERED) {
		if (!in_wordlist(text_cut(&offered, ' ')))
			return false;
		n++;
	}
	return n == WORDS_OFFERED;
}

static result
form_accept(struct op *op, const struct reach *reach)
{
	text offered = op_input(op, "offered");
	struct node *field;

	(void)reach;
	if (!our_words(offered))
		offered = draw_words(op);
	NEED(offered.p);
	node_add_text(op->answer, "offered", offered);
	TRY(ops_form(op, NULL, 0));
	field = ops_member(ops_field(op, "offered"), "value");
	NEED(field);
	field->text = offered;
	op->page = "accept";
	return node_whole(op->answer);
}

static result
run_accept(struct op *op, const struct reach *reach)
{
	text passphrase = op_input(op, "passphrase");
	struct enrolment shown;

	(void)reach;
	if (!text_same(passphrase, op_input(op, "again"))) {
		op_problem(op, "again", "problem.passphrase_again");
		return refuse(INVALID);
	}
	op->location = T("/invitation/factor");
	return ops_say(op, guard_accept(op, op_input(op, "sign_in_name"),
	    op_input(op, "phrase"), passphrase, &shown), E_SIGN_IN, "",
	    "problem.invitation");
}

/* ---- the second factor ------------------------------------------------ */

static result
add_enrolment(struct op *op, const struct enrolment *e)
{
	struct node *groups = node_add_list(op->answer, "groups");
	text secret = e->secret_base32;
	text path;
	int size;

	TRY(qr_path(op->arena, e->otpauth_uri, &path, &size));
	node_add_text(op->answer, "qr_path", path);
	node_add_number(op->answer, "qr_size", size);
	node_add_text(op->answer, "uri", e->otpauth_uri);
	while (secret.n > 0) {
		size_t n = secret.n < SECRET_GROUP ? secret.n : SECRET_GROUP;

		node_add_text(groups, NULL, (text){ secret.p, n });
		secret = (text){ secret.p + n, secret.n - n };
	}
	return OK;
}

static result
form_factor(struct op *op, const struct reach *reach)
{
	struct enrolment e;
	struct node *kind;

	(void)reach;
	TRY(guard_enrolment(op, &e));
	TRY(add_enrolment(op, &e));
	TRY(ops_form(op, NULL, 0));
	/* A code is worth nothing in a minute: it may be seen. */
	kind = ops_member(ops_field(op, "code"), "kind");
	NEED(kind);
	kind->text = T("one_time");
	op->page = "factor";
	return node_whole(op->answer);
}

static result
run_factor(struct op *op, const struct reach *reach)
{
	text codes[CODES_GIVEN];
	struct node *list;
	bool active;
	result got;

	(void)reach;
	op->location = T("/today");
	got = guard_confirm_factor(op, op_input(op, "code"), codes);
	/* Nothing is being set: there is no such page now. */
	if (got.code == E_CONFLICT)
		return refuse(NOT_FOUND);
	TRY(got);
	active = !id_none(op->user.raw);
	list = node_add_list(op->answer, "codes");
	for (int i = 0; i < CODES_GIVEN; i++)
		node_add_text(list, NULL, codes[i]);
	node_add_bool(op->answer, "waits", !active);
	node_add_text(op->answer, "back", active ? T("/today") :
	    T("/sign-in"));
	op->page = "codes";
	return node_whole(op->answer);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in user_in[] = {
	IN_AS(user, "sign_in_name", USER_SIGN_IN_NAME, IN_REQUIRED),
	IN_AS(user, "name", USER_NAME, IN_REQUIRED),
	USER_FORM(IN),
	IN_END
};
static const struct in accept_in[] = {
	IN_OWN("sign_in_name", KIND_TEXT, "user.accept.name", IN_REQUIRED),
	IN_OWN("phrase", KIND_TEXT, "user.accept.phrase", IN_REQUIRED),
	IN_OWN("passphrase", KIND_TEXT, "user.accept.passphrase",
	    IN_SECRET | IN_REQUIRED),
	IN_OWN("again", KIND_TEXT, "user.accept.again",
	    IN_SECRET | IN_REQUIRED),
	IN_OWN("offered", KIND_TEXT, "user.accept.offered", IN_HIDDEN),
	IN_END
};
static const struct in factor_in[] = {
	IN_OWN("code", KIND_TEXT, "sign_in.code", IN_SECRET | IN_REQUIRED),
	IN_END
};

const struct op_row user_ops[] = {
	{ .name = "user.list", .area = AREA_ADMIN_USERS, .need = LEVEL_READ,
	  .page = "/users", .api = "GET /users", .shell = "user list",
	  .template = "list", .run = run_list },
	{ .name = "user.add", .area = AREA_ADMIN_USERS, .need = LEVEL_WRITE,
	  .page = "/users/new", .api = "POST /users", .shell = "user add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = user_in,
	  .run = run_add, .form = form_add, .back = "/users",
	  .happens = { "user.add.once", "user.add.second" } },
	{ .name = "user.show", .area = AREA_ADMIN_USERS, .need = LEVEL_READ,
	  .page = "/users/{user}", .api = "GET /users/{user}",
	  .shell = "user show", .template = "record", .run = run_show },
	{ .name = "user.edit", .area = AREA_ADMIN_USERS, .need = LEVEL_WRITE,
	  .page = "/users/{user}/edit", .api = "PATCH /users/{user}",
	  .shell = "user edit", .flags = OP_CHANGES | OP_NEEDS_VERSION,
	  .inputs = user_in, .record = &user_record, .run = record_edit,
	  .form = record_edit_form, .back = "/users/{}",
	  .happens = { "user.add.second" } },
	{ .name = "user.approve", .area = AREA_ADMIN_USERS,
	  .need = LEVEL_WRITE, .page = "/users/{user}/approve",
	  .api = "POST /users/{user}/approve", .shell = "user approve",
	  .flags = OP_CHANGES, .run = run_approve, .form = form_sure,
	  .back = "/users/{}", .happens = { "user.approve.happens" } },
	{ .name = "user.invite_again", .area = AREA_ADMIN_USERS,
	  .need = LEVEL_WRITE, .page = "/users/{user}/invite-again",
	  .api = "POST /users/{user}/invite-again",
	  .shell = "user invite-again", .flags = OP_CHANGES,
	  .run = run_again, .form = form_sure, .back = "/users/{}",
	  .happens = { "user.invite_again.happens" } },
	{ .name = "user.accept", .area = AREA_NONE, .page = "/invitation",
	  .template = "accept",
	  .flags = OP_CHANGES | OP_PUBLIC | OP_SLOW | OP_PAGE_ONLY,
	  .inputs = accept_in, .run = run_accept, .form = form_accept },
	{ .name = "user.factor", .area = AREA_NONE,
	  .page = "/invitation/factor", .template = "factor",
	  .flags = OP_CHANGES | OP_PUBLIC | OP_PAGE_ONLY,
	  .inputs = factor_in, .run = run_factor, .form = form_factor },
	{ .name = NULL }
};
