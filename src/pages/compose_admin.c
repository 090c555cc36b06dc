/* Pages about who may what: access, one's own account, accounts. */
#include "compose.h"

#include <string.h>

/* A form from the fields of the answer's member `from`. */
static void
form_of(struct composing *c, const char *name, struct node *from,
    text action, const char *submit, bool danger)
{
	struct node *form = node_add_object(c->page, name);
	struct node *section = node_add_object(node_add_list(form,
	    "sections"), NULL);
	struct node *fields = from == NULL ? NULL : from->first;

	while (fields != NULL && (fields->name == NULL ||
	    strcmp(fields->name, "fields") != 0))
		fields = fields->next;
	node_add_text(form, "action", action);
	node_add_word(form, "submit", submit);
	node_add_bool(form, "submit_danger", danger);
	node_move(section, "fields", fields);
	/* A page may hold two forms, and both may ask for a reason. */
	for (struct node *f = fields == NULL ? NULL : fields->first;
	    f != NULL; f = f->next)
		node_add_text(f, "at", text_of(name));
}

/* ---- access ----------------------------------------------------------- */

static text
access_at(const struct composing *c, const char *tail)
{
	return arena_format(c->arena, "/%s/%s%s",
	    c->op->row->object == OBJECT_PERSON ? "people" : "matters",
	    code_of(c->op->objects[0]).s, tail);
}

static text
row_at(const struct composing *c, const char *part, const struct node *row)
{
	const struct node *own = node_find(row, "id");

	return own == NULL ? T("") : arena_format(c->arena, "%.*s/%s/%.*s/end",
	    (int)access_at(c, "").n, access_at(c, "").p, part,
	    (int)own->text.n, own->text.p);
}

/* "until" as people read it: a day that is not there has no end. */
static void
until_table_cell(const struct composing *c, struct node *cells,
    const struct node *row)
{
	const struct node *ends = node_find(row, "ends_at");
	struct node *one = table_cell(cells, "access.until", ends);

	if (ends == NULL || ends->kind != NODE_INSTANT)
		node_add_text(one, "value", say(c, "access.no_end"));
}

static void
grants_table(struct composing *c)
{
	static const char *const heads[] = { "access.who", "access.parts",
		"access.level", "access.until", "access.given_by",
		"access.end", NULL };
	struct node *rows = begin_table(c, "grants", "access.grants", heads,
	    "access.no_grants");
	const struct node *list = of(c, "grants");

	for (const struct node *g = list == NULL ? NULL : list->first;
	    g != NULL; g = g->next) {
		struct node *one = node_add_object(rows, NULL);
		bool live = node_true(node_find(g, "live"));
		struct node *cells;
		struct node *last;

		put(one, "first", node_find(g, "user_name"));
		put(one, "note", node_find(g, "reason"));
		if (!live)
			node_add_text(one, "kind", T("off"));
		cells = node_add_list(one, "cells");
		node_add_text(table_cell(cells, "access.parts", NULL), "value",
		    joined(c, node_find(g, "compartments")));
		table_cell(cells, "access.level", node_find(g, "level"));
		until_table_cell(c, cells, g);
		table_cell(cells, "access.given_by", node_find(g,
		    "given_by_name"));
		last = table_cell(cells, "access.end", NULL);
		if (!live || of(c, "grant_form") == NULL)
			continue;
		node_add_text(last, "value", say(c, "access.end_it"));
		node_add_text(last, "href", row_at(c, "grants", g));
	}
}

static void
walls_table(struct composing *c)
{
	static const char *const heads[] = { "access.who", "access.reason",
		"access.made", "access.end", NULL };
	const struct node *list = of(c, "walls");
	struct node *rows = begin_table(c, "walls", "access.walls", heads,
	    "access.no_walls");

	for (const struct node *w = list == NULL ? NULL : list->first;
	    w != NULL; w = w->next) {
		struct node *one = node_add_object(rows, NULL);
		bool live = node_true(node_find(w, "live"));
		struct node *cells;
		struct node *last;

		put(one, "first", node_find(w, "user_name"));
		put(one, "note", node_find(w, "note"));
		node_add_text(one, "kind", live ? T("") : T("off"));
		cells = node_add_list(one, "cells");
		table_cell(cells, "access.reason", node_find(w, "reason"));
		table_cell(cells, "access.made", node_find(w, "made_at"));
		last = table_cell(cells, "access.end", NULL);
		if (!live || of(c, "wall_form") == NULL)
			continue;
		node_add_text(last, "value", say(c,
		    node_true(node_find(w, "ended_by_name")) ?
		    "access.confirm_it" : "access.remove_it"));
		node_add_text(last, "href", row_at(c, "walls", w));
	}
}

/* Who looked: not who wrote, which is the history. */
static bool
looked(const struct node *entry)
{
	static const char *const events[] = { "read", "shown",
		"emergency_access", "refused" };
	const struct node *event = node_find(entry, "event");

	for (size_t i = 0; event != NULL && i < LENGTH(events); i++) {
		if (text_same(event->text, text_of(events[i])))
			return true;
	}
	return false;
}

static void
looked_table(struct composing *c)
{
	static const char *const heads[] = { "access.who", "access.when",
		"access.what", NULL };
	struct node *rows = begin_table(c, "looked", "access.looked", heads,
	    "access.nobody_looked");
	const struct node *list = of(c, "looked");

	for (const struct node *e = list == NULL ? NULL : list->first;
	    e != NULL; e = e->next) {
		struct node *one;
		struct node *cells;

		if (!looked(e))
			continue;
		one = node_add_object(rows, NULL);
		put(one, "first", node_find(e, "actor_name"));
		cells = node_add_list(one, "cells");
		table_cell(cells, "access.when", node_find(e, "at"));
		table_cell(cells, "access.what", node_find(e, "label"));
	}
	if (node_true(node_find(c->answer, "next")))
		node_add_text(c->page, "following", arena_format(c->arena,
		    "%s?cursor=%.*s", access_at(c, "").p,
		    (int)of(c, "next")->text.n, of(c, "next")->text.p));
}

void
compose_access(struct composing *c)
{
	bool person = c->op->row->object == OBJECT_PERSON;

	if (person)
		frame_person(c, "/access");
	else
		frame_matter(c, "/access");
	errors(c);
	grants_table(c);
	walls_table(c);
	looked_table(c);
	if (of(c, "grant_form") != NULL)
		form_of(c, "grant_form", take(c, "grant_form"),
		    access_at(c, "/grants/new"), "grant.add.submit", false);
	if (of(c, "wall_form") != NULL)
		form_of(c, "wall_form", take(c, "wall_form"),
		    access_at(c, "/walls/new"), "wall.add.submit", true);
}

/* ---- one's own account ------------------------------------------------ */

static void
own_sessions(struct composing *c)
{
	const struct node *list = of(c, "sessions");
	struct node *to = node_add_list(c->page, "sessions");

	for (const struct node *s = list == NULL ? NULL : list->first;
	    s != NULL; s = s->next) {
		struct node *one = node_add_object(to, NULL);
		const struct node *device = node_find(s, "device");

		put(one, "code", node_find(s, "code"));
		node_add_text(one, "device", device != NULL &&
		    device->text.n > 0 ? device->text :
		    say(c, "account.some_device"));
		put(one, "since", node_find(s, "made"));
		put(one, "last", node_find(s, "last_use"));
		put(one, "here", node_find(s, "current"));
	}
}

static void
add_opened(struct composing *c, struct node *to)
{
	const struct node *list = of(c, "opened");

	for (const struct node *o = list == NULL ? NULL : list->first;
	    o != NULL; o = o->next) {
		struct node *one = node_add_object(to, NULL);
		const struct node *code = node_find(o, "code");
		const struct node *kind = node_find(o, "kind");

		if (code == NULL || kind == NULL)
			continue;
		node_add_text(one, "href", under(c, text_same(kind->text,
		    T("matter")) ? "/matters/{}" : "/people/{}", code));
		put(one, "label", code);
		put(one, "at", node_find(o, "at"));
		put(one, "day", node_find(o, "at"));
	}
}

static void
own_blocks(struct composing *c)
{
	struct node *blocks = node_add_list(c->page, "blocks");
	const struct node *tokens = of(c, "tokens");
	const struct node *left = of(c, "recovery_left");
	struct node *b = block(blocks, c, "passphrase",
	    "account.passphrase.block");
	struct node *pair;

	pair_text(b, c, "user.list.sign_in_name", shown(c, of(c,
	    "sign_in_name")));
	block_change(b, c, T("/account/passphrase"),
	    "account.passphrase.title");
	b = block(blocks, c, "factor", "account.factor.block");
	pair = pair_text(b, c, "account.factor.is", say(c,
	    node_true(of(c, "factor")) ? "account.factor.set" :
	    "account.factor.not_set"));
	node_add_text(pair, "kind", node_true(of(c, "factor")) ? T("done") :
	    T("bad"));
	pair = pair_value(b, say(c, "account.recovery_left"), left);
	if (left != NULL && left->number < 3)
		node_add_text(pair, "kind", T("warn"));
	block_change(b, c, T("/account/factor"), "account.factor.title");
	b = block(blocks, c, "tokens", "account.tokens");
	for (const struct node *t = tokens == NULL ? NULL : tokens->first;
	    t != NULL; t = t->next) {
		struct node *one = item(b);

		put(one, "label", node_find(t, "name"));
		put(one, "day", node_find(t, "ends"));
		node_add_text(one, "href", under(c,
		    "/account/tokens/{}/end", node_find(t, "code")));
	}
	block_empty(b, c, "account.no_tokens");
	block_add(b, c, T("/account/tokens/new"), "token.add.title");
}

/* What is shown once and then nowhere: an API token. */
static void
token_page(struct composing *c)
{
	struct node *codes = node_add_list(c->page, "codes");

	node_add_word(c->page, "title", "token.add.made");
	node_add_word(c->page, "intro", "token.add.made_text");
	put(codes, NULL, of(c, "secret"));
	node_add_text(c->page, "back", T("/account"));
}

/* What is contained, by which ways in, and what to look after now. */
static void
stolen_page(struct composing *c)
{
	bool own = node_true(of(c, "own"));
	struct node *blocks = node_add_list(c->page, "blocks");
	const struct node *ended = of(c, "ended");
	struct node *b;
	text name = shown(c, of(c, "name"));

	node_add_text(c->page, "title", own ? say(c, "account.stolen.done") :
	    say_with(c, "account.stolen.done_other", &name, 1));
	node_add_text(c->page, "lead", say(c, own ?
	    "account.stolen.done_text" : "account.stolen.other_text"));
	b = block(blocks, c, "ended", "account.stolen.ended");
	for (const struct node *w = ended == NULL ? NULL : ended->first;
	    w != NULL; w = w->next) {
		struct node *one = item(b);
		const struct node *device = node_find(w, "device");

		node_add_text(one, "label", device != NULL &&
		    device->text.n > 0 ? device->text :
		    say(c, "account.some_device"));
		put(one, "day", node_find(w, "last_use"));
	}
	block_empty(b, c, "account.stolen.none_ended");
	b = block(blocks, c, "opened", "account.stolen.reached");
	add_opened(c, node_add_list(b, "items"));
	if (of(c, "opened") == NULL || of(c, "opened")->n == 0)
		node_add_word(b, "empty", "account.nothing_opened");
	if (own)
		block_change(b, c, T("/sign-in"), "sign_in.title");
}

static void
stolen_form(struct composing *c)
{
	node_add_text(c->page, "action", T("/account/stolen"));
	errors(c);
	node_move(c->page, "others", take(c, "others"));
}

void
compose_account(struct composing *c)
{
	if (on_page(c, "codes")) {
		token_page(c);
		return;
	}
	if (on_page(c, "record")) {
		stolen_page(c);
		return;
	}
	if (on_page(c, "stolen")) {
		stolen_form(c);
		return;
	}
	errors(c);
	put(c->page, "name", of(c, "name"));
	node_add_text(c->page, "role", joined(c, of(c, "roles")));
	node_add_text(c->page, "stolen", T("/account/stolen"));
	form_of(c, "settings", take(c, "settings"), T("/account/edit"),
	    "account.edit.submit", false);
	own_sessions(c);
	add_opened(c, node_add_list(c->page, "opened"));
	own_blocks(c);
}

/* ---- accounts --------------------------------------------------------- */

void
compose_users(struct composing *c)
{
	static const struct column columns[] = {
		{ "name", "user.list.name", false, false },
		{ "sign_in_name", "user.list.sign_in_name", false, false },
		{ "functions", "user.list.roles", false, false },
		{ "state", "user.list.state", false, false },
		{ "ends_on", "user.list.ends_on", false, false },
		{ NULL, NULL, false, false }
	};
	struct node *rows = take(c, "rows");
	struct node *list;

	for (struct node *u = rows == NULL ? NULL : rows->first; u != NULL;
	    u = u->next)
		node_add_text(u, "functions", joined(c, node_find(u,
		    "roles")));
	node_add_word(c->page, "title", "user.list.title");
	if (guard_may(c->op, AREA_ADMIN_USERS, LEVEL_WRITE, OBJECT_NONE,
	    (id){ 0 })) {
		node_add_text(c->page, "add", T("/users/new"));
		node_add_word(c->page, "add_label", "user.add.title");
	}
	list = node_add_object(c->page, "list");
	table(list, c, "user.list.title", columns, rows, "/users/{}",
	    "/users");
	node_add_word(list, "empty", "user.list.empty");
}

static void
user_actions(struct composing *c, const struct node *code)
{
	struct node *list = node_add_list(c->page, "actions");
	const struct node *state = of(c, "user.state");

	if (state == NULL)
		return;
	action(list, under(c, "/users/{}/hand-over", code),
	    "user.hand_over.title");
	if (text_same(state->text, T("left")))
		return;
	action(list, under(c, "/users/{}/edit", code), "user.edit.title");
	if (node_true(of(c, "waits")))
		action(list, under(c, "/users/{}/approve", code),
		    "user.approve.title");
	action(list, under(c, "/users/{}/invite-again", code),
	    "user.invite_again.title");
	action(list, under(c, "/users/{}/leave", code), "user.leave.title");
}

static void
user_page(struct composing *c)
{
	static const int fields[] = { USER_SIGN_IN_NAME, USER_ROLES,
		USER_ENDS_ON, USER_LANGUAGE, USER_EMAIL, USER_OFFICER,
		USER_GUARDIAN, USER_INTERPRETER_OF,
		USER_INTERPRETER_REGISTER };
	const struct node *user = of(c, "user");
	struct node *b;

	put(c->page, "title", node_find(user, "name"));
	put(c->page, "state", node_find(user, "state"));
	user_actions(c, node_find(user, "id"));
	if (node_true(of(c, "waits"))) {
		struct node *w = node_add_object(node_add_list(c->page,
		    "warnings"), NULL);

		node_add_word(w, "text", "user.show.waits");
		node_add_text(w, "kind", T("warn"));
	}
	b = block(node_add_list(c->page, "blocks"), c, "account",
	    "user.show.account");
	for (size_t i = 0; i < LENGTH(fields); i++)
		pair_field(b, c, &entity_user, fields[i], user);
}

static void
invitation_page(struct composing *c)
{
	struct node *groups = node_add_list(c->page, "groups");
	const struct node *secret = of(c, "secret");
	text rest = secret == NULL ? T("") : secret->text;

	put(c->page, "name", of(c, "name"));
	node_add_text(c->page, "role", joined(c, of(c, "roles")));
	while (rest.n > 0)
		node_add_text(groups, NULL, text_cut(&rest, ' '));
	put(c->page, "until", of(c, "until"));
	node_add_text(c->page, "address", T("/invitation"));
	node_add_text(c->page, "back", c->op->location);
}

static void
codes_page(struct composing *c)
{
	struct node *codes = node_add_list(c->page, "codes");
	const struct node *list = of(c, "codes");

	node_add_word(c->page, "title", "user.factor.codes");
	node_add_word(c->page, "intro", node_true(of(c, "waits")) ?
	    "user.factor.waits" : "user.factor.codes_text");
	for (const struct node *n = list == NULL ? NULL : list->first;
	    n != NULL; n = n->next)
		put(codes, NULL, n);
	put(c->page, "back", of(c, "back"));
}

static void
accept_page(struct composing *c)
{
	errors(c);
	put(c->page, "offered", of(c, "offered"));
	form_of(c, "form", c->answer, T("/invitation"), "user.accept.submit",
	    false);
}

static void
factor_page(struct composing *c)
{
	struct node *groups = node_add_list(c->page, "groups");
	const struct node *list = of(c, "groups");
	int hour;
	int minute;

	errors(c);
	instant_clock(c->op->now, &hour, &minute);
	put(c->page, "qr_path", of(c, "qr_path"));
	put(c->page, "qr_size", of(c, "qr_size"));
	put(c->page, "uri", of(c, "uri"));
	for (const struct node *n = list == NULL ? NULL : list->first;
	    n != NULL; n = n->next)
		put(groups, NULL, n);
	node_add_text(c->page, "clock", arena_format(c->arena, "%02d:%02d",
	    hour, minute));
	form_of(c, "form", c->answer, T("/invitation/factor"),
	    "user.factor.submit", false);
}

void
compose_user(struct composing *c)
{
	if (on_page(c, "invitation"))
		invitation_page(c);
	else if (on_page(c, "codes"))
		codes_page(c);
	else if (on_page(c, "accept"))
		accept_page(c);
	else if (on_page(c, "factor"))
		factor_page(c);
	else
		user_page(c);
}
