#include "pages.h"

#include "compose.h"
#include "desk.h"
#include "lifecycle.h"
#include "template.h"

#include <stdio.h>
#include <string.h>

/* ---- the frame of every page ------------------------------------------ */

struct place { const char *href, *label, *key; enum area area; };

static const struct place places[] = {
	{ "/today", "nav.today", "h", AREA_NONE },
	{ "/people", "nav.people", "p", AREA_PEOPLE_FIND },
	{ "/matters", "nav.matters", "c", AREA_MATTERS_LIST },
	{ "/contacts", "nav.contacts", "l", AREA_CONTACTS_READ },
	{ "/users", "nav.users", "u", AREA_ADMIN_USERS },
	{ "/audit", "nav.audit", NULL, AREA_ADMIN_AUDIT },
	{ "/system", "nav.system", "s", AREA_SYSTEM_STATE },
};

static void
add_nav(struct turn *t, struct node *page, const char *name, size_t most)
{
	struct node *list = node_add_list(page, name);
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(places) && n < most; i++) {
		struct area_levels l = guard_levels(&t->op, places[i].area);
		struct node *one;

		if (places[i].area != AREA_NONE && (l.near | l.far) == 0)
			continue;
		one = node_add_object(list, NULL);
		node_add_text(one, "href", text_of(places[i].href));
		node_add_word(one, "label", places[i].label);
		if (places[i].key != NULL)
			node_add_text(one, "key", text_of(places[i].key));
		node_add_bool(one, "current", text_starts(t->request.path,
		    text_of(places[i].href)));
		n++;
	}
}

/* "saved=person.edit" is the word of that operation, and nothing else. */
static void
add_saved(struct turn *t, struct node *page)
{
	text name = op_input(&t->op, "saved");
	text key;

	if (name.n == 0 || ops_named(name) == NULL)
		return;
	key = arena_format(t->arena, "%.*s.saved", (int)name.n, name.p);
	node_add_word(page, "saved", key.p);
}

static void
add_roles(struct turn *t, struct node *page, const struct user_facts *u)
{
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	size_t n;
	const struct code *role = codes_list(t->office->codes, "role", &n);

	for (size_t i = 0; i < n && i < ROLE_GUEST; i++) {
		if ((u->roles & 1u << i) == 0)
			continue;
		if (b.n > 0)
			buf_text(&b, T(", "));
		buf_text(&b, role[i].label[t->op.lang]);
	}
	node_add_text(page, "user_roles", buf_view(&b));
}

/* The browser prints without asking: its copies are numbered by hand. */
static void
add_foot(struct turn *t, struct node *page, const struct user_facts *u)
{
	const text said[] = { u->name, words_day_short(t->office->words,
	    t->op.lang, t->arena, t->op.today) };

	node_add_text(page, "foot", words_format(t->office->words,
	    t->op.lang, t->arena, "print.foot", said, LENGTH(said)));
}

static void
add_frame(struct turn *t, struct node *root, text title, bool error)
{
	struct node *page = node_add_object(root, "page");
	const struct user_facts *u = id_none(t->op.user.raw) ? NULL :
	    guard_user(t->office->guard, t->op.user);
	struct area_levels find = guard_levels(&t->op, AREA_PEOPLE_FIND);

	node_add_text(page, "title", title);
	node_add_bool(page, "error", error);
	node_add_bool(page, "demo",
	    (t->office->flags & VAULT_DEMONSTRATION) != 0);
	node_add_text(page, "clock", office_clock_said(&t->op));
	node_add_text(page, "here", t->request.path);
	node_add_text(page, "home", T("/today"));
	node_add_text(page, "version", T(ALAS_VERSION));
	if (u == NULL)
		return;
	node_add_bool(page, "keys", true);
	node_add_text(page, "user_name", u->name);
	add_foot(t, page, u);
	add_roles(t, page, u);
	node_add_bool(page, "discreet", u->discreet);
	node_add_bool(page, "may_find", (find.near | find.far) != 0);
	add_nav(t, page, "nav", LENGTH(places));
	add_nav(t, page, "bottom", 5);
	add_saved(t, page);
	if (t->restored)
		node_add_word(page, "saved", "draft.restored");
}

/* ---- answers ---------------------------------------------------------- */

static text
label_of(const void *held, const char *list, text code, enum lang lang)
{
	return codes_label(held, list, code, lang);
}

static result
render(struct turn *t, const char *name, const struct node *root,
    struct buf *html)
{
	const struct template *template = template_find(name);
	const struct node *v = node_find(root, "v");
	struct render ctx = { .words = t->office->words,
		.lang = t->op.lang, .arena = t->arena, .label = label_of,
		.held = t->office->codes };

	if (template == NULL)
		return fault(BUG);
	if (t->op.session_token != NULL)
		ctx.csrf = guard_csrf(&t->op);
	t->office->chance->fill(t->office->chance->self, ctx.idem,
	    sizeof(ctx.idem));
	if (v != NULL)
		ctx.version = arena_format(t->arena, "%lld",
		    (long long)v->number);
	TRY(node_whole(root));
	return template_render(template, root, &ctx, html);
}

/* A page that cannot be made any more must still say something. */
static void
last_resort(struct turn *t)
{
	const struct head h = { .status = 500,
		.type = "text/plain; charset=utf-8" };

	turn_head(t, &h);
	turn_body(t, T("500\n"));
}

static void
answer_page(struct turn *t, const char *name, struct node *root, int status,
    bool echoes)
{
	CLEANUP(buf_free) struct buf html = buf_new(ANSWER_MAX);
	struct head h = { .status = status,
		.type = "text/html; charset=utf-8", .echoes = echoes };

	if (!is_ok(render(t, name, root, &html))) {
		last_resort(t);
		return;
	}
	turn_head(t, &h);
	turn_body(t, buf_view(&html));
}

static text
word(struct turn *t, const char *key)
{
	return words_get(t->office->words, t->op.lang, key);
}

/* Will the same request be answered otherwise a little later? */
static bool
may_pass(result why)
{
	return error_family(why) == FAMILY_FAULT || why.code == E_SEALED ||
	    why.code == E_BUSY || why.code == E_FULL ||
	    why.code == E_UNAVAILABLE;
}

/*
 * What somebody wrote in words and the office could not keep: to be copied
 * from the page, for not every browser brings a form back as it was.
 */
static text
typed_words(struct turn *t)
{
	CLEANUP(buf_free) struct buf b = buf_new(FORM_BODY_MAX);
	const struct in *in = t->routed ? t->route.row->inputs : NULL;

	if (!text_same(t->request.method, T("POST")))
		return T("");
	for (; in != NULL && in->name != NULL; in++) {
		enum field_kind kind = in->entity != NULL ?
		    in->entity->fields[in->field].kind : in->kind;
		text typed = op_input(&t->op, in->name);

		if ((kind != KIND_TEXT && kind != KIND_MULTILINE &&
		    kind != KIND_DIGITS) ||
		    (in->flags & IN_SECRET) != 0 || typed.n == 0)
			continue;
		buf_text(&b, typed);
		buf_char(&b, '\n');
	}
	return is_ok(buf_end(&b)) ? arena_text(t->arena, buf_view(&b)) :
	    T("");
}

/* What happened, what was kept, what to do: by the error's own words. */
static void
answer_error(struct turn *t, result why, text allow)
{
	struct node *root = node_object(t->arena);
	bool known = error_family(why) == FAMILY_REFUSAL;
	text key = arena_text(t->arena, text_of(error_key(why)));
	text more = arena_format(t->arena, "%s.do", error_key(why));
	int status = error_status(why);
	CLEANUP(buf_free) struct buf html = buf_new(ANSWER_MAX);
	struct head h = { .status = status, .allow = allow,
		.type = "text/html; charset=utf-8" };

	if (key.p == NULL || more.p == NULL) {
		last_resort(t);
		return;
	}
	add_frame(t, root, word(t, key.p), false);
	if (may_pass(why)) {
		text typed = typed_words(t);

		node_add_text(root, "kept", typed);
		h.echoes = typed.n > 0;
	}
	node_add_number(root, "status", status);
	node_add_word(root, "what", key.p);
	node_add_word(root, "do", more.p);
	node_add_bool(root, "sealed", why.code == E_SEALED);
	if (why.code == E_SEALED)
		node_add_text(root, "foreign", office_foreign_said(&t->op));
	if (!known)
		node_add_text(root, "request", t->request.request_id);
	if (!is_ok(render(t, "error", root, &html))) {
		last_resort(t);
		return;
	}
	turn_head(t, &h);
	turn_body(t, buf_view(&html));
}

static void
answer_redirect(struct turn *t, text location)
{
	const struct head h = { .status = 303, .location = location,
		.type = "text/html; charset=utf-8",
		.clear_site = text_same(t->op.set_session, T("-")) };

	turn_head(t, &h);
}

/* ---- composing -------------------------------------------------------- */

/* Title: function and code, never a name. */
static text
op_title(struct turn *t, text key)
{
	text said = word(t, key.p);

	if (t->op.objects_n == 0)
		return said;
	return arena_format(t->arena, "%.*s %s", (int)said.n, said.p,
	    code_of(t->op.objects[0]).s);
}

static struct node *
compose(struct turn *t, const char *page, bool error)
{
	struct composing c = { .turn = t, .op = &t->op, .arena = t->arena,
		.answer = t->op.answer, .lang = t->op.lang };
	const char *op = t->route.row->name;
	composer *f = composer_of(op);
	text key = arena_format(t->arena, "%s.title", op);

	/* What the operation usually shows, unless it asked for another
	 * page or this is the conflict of two editors. */
	if (f == NULL || t->op.page != NULL || strcmp(page, "conflict") == 0
	    || strcmp(page, "form") == 0)
		f = composer_of(page) != NULL ? composer_of(page) : f;
	c.page = f == NULL ? t->op.answer : node_object(t->arena);
	add_frame(t, c.page, op_title(t, key), error);
	if (f != NULL)
		f(&c);
	return c.page;
}

static const char *
page_of(const struct turn *t)
{
	if (t->op.page != NULL)
		return t->op.page;
	return t->route.row->template != NULL ? t->route.row->template :
	    "form";
}

static void
answer_form(struct turn *t, int status)
{
	struct node *root;

	if (!is_ok(ops_form_again(&t->op, &t->route))) {
		answer_error(t, refuse(BAD_REQUEST), T(""));
		return;
	}
	root = compose(t, t->op.page != NULL ? t->op.page : "form", true);
	answer_page(t, t->op.page != NULL ? t->op.page : "form", root,
	    status, true);
}

static void
answer_conflict(struct turn *t)
{
	struct node *root = compose(t, "conflict", false);

	answer_page(t, "conflict", root, 409, true);
}

/* The sign-in page at the same address, with what leads back. */
static void
answer_sign_in(struct turn *t)
{
	struct node *root = node_object(t->arena);

	add_frame(t, root, word(t, "sign_in.title"), false);
	pages_sign_in_nodes(t, root);
	answer_page(t, "sign_in", root, 401, true);
}

static void
answer_step_up(struct turn *t)
{
	struct node *root = node_object(t->arena);

	add_frame(t, root, word(t, "step_up.title"), false);
	pages_step_up_nodes(t, root);
	answer_page(t, "step_up", root, 401, true);
}

static void
drop_draft(struct turn *t)
{
	if (id_none(t->op.user.raw) || !keyring_open(t->office->keyring))
		return;
	ignore(guard_draft_drop(&t->op, t->request.path),
	    "a draft that stays is offered again, and ends in 7 days");
	op_abort(&t->op);
}

static void
answer_ok(struct turn *t)
{
	bool changed = !t->route.form &&
	    (t->route.row->flags & OP_CHANGES) != 0;
	struct node *root;

	if (turn_has_bytes(t)) {
		turn_bytes(t);
		return;
	}
	if (changed && t->op.location.n > 0 && t->op.page == NULL) {
		drop_draft(t);
		bool query = text_has(t->op.location, '?') ||
		    text_same(t->op.set_session, T("-"));

		answer_redirect(t, query ? t->op.location :
		    arena_format(t->arena, "%.*s?saved=%s",
		    (int)t->op.location.n, t->op.location.p,
		    t->route.row->name));
		return;
	}
	root = compose(t, page_of(t), false);
	answer_page(t, page_of(t), root, 200, t->op.inputs_n > 0);
}

static void
answer(struct turn *t, result got)
{
	if (is_ok(got))
		answer_ok(t);
	else if (got.code == E_INVALID)
		answer_form(t, 422);
	else if (got.code == E_CONFLICT)
		answer_conflict(t);
	else if (got.code == E_SIGN_IN)
		answer_sign_in(t);
	else if (got.code == E_STEP_UP)
		answer_step_up(t);
	else if (got.code == E_SEALED && id_none(t->office->vault_id))
		answer_redirect(t, T("/first-start"));
	else
		answer_error(t, got, T(""));
}

/* ---- the request ------------------------------------------------------ */

static text
pair_named(const struct pair *p, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (text_same(p[i].name, text_of(name)))
			return p[i].value;
	}
	return T("");
}

/* All three on every change: the field, Origin, Sec-Fetch-Site. */
static result
check_csrf(struct turn *t, text field)
{
	const struct http_request *r = &t->request;
	text origin = r->origin;

	if (origin.n > 0) {
		text own = t->office->origin != NULL ?
		    text_of(t->office->origin) :
		    arena_format(t->arena, "%s://%.*s",
		    r->https ? "https" : "http", (int)r->host.n, r->host.p);

		if (!text_same(origin, own))
			return refuse(CSRF);
	}
	if (r->sec_fetch_site.n > 0 &&
	    !text_same(r->sec_fetch_site, T("same-origin")) &&
	    !text_same(r->sec_fetch_site, T("none")))
		return refuse(CSRF);
	if ((t->route.row->flags & OP_PUBLIC) != 0 &&
	    id_none(t->op.user.raw) && t->op.session_token == NULL)
		return OK;	/* no session: nothing to ride on */
	return guard_csrf_ok(&t->op, field) ? OK : refuse(CSRF);
}

/* ---- drafts: nothing typed is ever lost ------------------------------- */

/*
 * A form sent with an ended session executes nothing; its CSRF field still
 * says whose text it is, so it is kept and comes back after the sign-in.
 */
static void
keep_late(struct turn *t, text csrf)
{
	text cookie = request_cookie(&t->request, "__Host-s");
	user_id user;
	id draft;

	if (cookie.n == 0 || !id_none(t->op.user.raw) ||
	    !keyring_open(t->office->keyring) ||
	    (t->route.row->flags & OP_PUBLIC) != 0)
		return;
	if (is_ok(guard_session_late(&t->op, cookie, csrf, &user)) &&
	    is_ok(guard_draft_keep(&t->op, user, t->request.path,
	    t->op.typed, &draft)))
		t->kept = true;
	op_abort(&t->op);
}

/* What this person had typed here before, if anything. */
static result
restore(struct turn *t)
{
	struct pair *pairs = NULL;
	size_t n = 0;
	size_t kept = 0;
	text body = T("");
	result got = guard_draft_get(&t->op, t->request.path, &body);

	op_abort(&t->op);
	if (!is_ok(got) || body.n == 0)
		return got.code == E_NOT_FOUND ? OK : got;
	TRY(urlencoded_read(body, t->arena, &pairs, &n));
	for (size_t i = 0; i < n; i++) {
		if (ops_takes(t->route.row, pairs[i].name) &&
		    !text_same(pairs[i].name, T("step")))
			pairs[kept++] = pairs[i];
	}
	t->restored = kept > 0;
	return kept > 0 ? turn_inputs(t, pairs, kept) : OK;
}

/* What was typed, as a form without files sends it: a draft is text. */
static text
typed_only(struct turn *t, const struct pair *pairs, size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(3 * FORM_BODY_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct in *in = t->route.row->inputs;
		bool file = false;

		for (; in != NULL && in->name != NULL; in++)
			file |= in->kind == KIND_FILE &&
			    text_same(pairs[i].name, text_of(in->name));
		if (file)
			continue;
		if (b.n > 0)
			buf_char(&b, '&');
		buf_text(&b, pairs[i].name);
		buf_char(&b, '=');
		for (size_t k = 0; k < pairs[i].value.n; k++)
			buf_format(&b, "%%%02X",
			    (unsigned char)pairs[i].value.p[k]);
	}
	return b.failed ? T("") : arena_text(t->arena, buf_view(&b));
}

static result
read_body(struct turn *t, struct pair **ret, size_t *ret_n)
{
	if ((t->route.row->flags & OP_UPLOAD) != 0) {
		TRY(turn_parts(t, ret, ret_n));
		t->op.typed = typed_only(t, *ret, *ret_n);
		return OK;
	}
	if (!request_type_is(&t->request,
	    "application/x-www-form-urlencoded"))
		return refuse(MEDIA_TYPE);
	t->op.typed = t->request.body;
	return urlencoded_read(t->request.body, t->arena, ret, ret_n);
}

static result
read_form(struct turn *t)
{
	struct pair *pairs = NULL;
	size_t n = 0;
	text version;
	int64_t v = 0;

	TRY(read_body(t, &pairs, &n));
	TRY(turn_inputs(t, pairs, n));
	version = pair_named(pairs, n, "_v");
	if (version.n > 0 && (!text_integer(version, &v) || v < 1))
		return refuse(BAD_REQUEST);
	t->op.version = (uint64_t)v;
	t->once.key = pair_named(pairs, n, "_idem");
	turn_digest(t);
	keep_late(t, pair_named(pairs, n, "_csrf"));
	if (t->kept)
		return refuse(SIGN_IN);
	return check_csrf(t, pair_named(pairs, n, "_csrf"));
}

static void
choose_language(struct turn *t)
{
	const struct user_facts *u = id_none(t->op.user.raw) ? NULL :
	    guard_user(t->office->guard, t->op.user);

	t->op.lang = u != NULL ? u->lang :
	    words_lang(t->request.accept_language);
}

static result
know_session(struct turn *t)
{
	text cookie = request_cookie(&t->request, "__Host-s");
	result got;

	if (cookie.n == 0 || !keyring_open(t->office->keyring))
		return OK;
	got = guard_session(&t->op, cookie);
	op_abort(&t->op);
	/* An ended session is no session; the operation decides. */
	return got.code == E_SIGN_IN ? OK : got;
}

static result
prepare(struct turn *t, text *ret_allow)
{
	result routed = ops_route(DOOR_PAGES, t->request.method,
	    t->request.path, &t->route, ret_allow, t->arena);

	t->op.door = DOOR_PAGES;
	t->op.request_id = t->request.request_id;
	t->op.agent = t->request.user_agent;
	t->op.device = request_cookie(&t->request, "__Host-d");
	TRY(know_session(t));
	choose_language(t);
	TRY(routed);
	if (!ops_there(t->office, t->route.row))
		return refuse(NOT_FOUND);
	t->routed = true;
	if (text_same(t->request.method, T("POST")))
		return read_form(t);
	TRY(turn_inputs(t, t->request.ask, t->request.ask_n));
	if (t->route.form && !id_none(t->op.user.raw) &&
	    (t->route.row->flags & OP_CHANGES) != 0 &&
	    t->request.ask_n == 0)
		return restore(t);
	return OK;
}

void
pages_run(struct turn *t)
{
	text allow = T("");
	result got = OK;

	if (!t->waiting)
		got = prepare(t, &allow);
	t->waiting = false;
	if (text_same(t->request.path, T("/"))) {
		answer_redirect(t, T("/today"));
		return;
	}
	if (!is_ok(got) && got.code != E_SIGN_IN) {
		answer_error(t, got, allow);
		return;
	}
	if (is_ok(got))
		got = ops_run(&t->op, &t->route, &t->once);
	if (got.code == E_WAIT) {
		t->waiting = true;
		return;
	}
	answer(t, got);
}

void
pages_refused(struct turn *t, result why)
{
	t->op.lang = words_lang(t->request.accept_language);
	answer_error(t, why, why.code == E_METHOD ? T("GET, HEAD, POST") :
	    T(""));
}
