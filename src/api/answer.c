/* What was done, as JSON or text, with its version and its neighbours. */
#include "api_inside.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

enum { DIGEST_BYTES = 16 };

/* ---- the version of the main row -------------------------------------- */

static const struct node *
member(const struct node *of, const char *name)
{
	for (const struct node *n = of->first; n != NULL; n = n->next) {
		if (n->name != NULL && strcmp(n->name, name) == 0)
			return n;
	}
	return NULL;
}

/* The version of the first row in the answer; 0: it is about none.
 * `ret_alone`: nothing else is in it. */
static int64_t
main_version(const struct node *answer, bool *ret_alone)
{
	const struct node *row = answer->first;
	const struct node *v;

	while (row != NULL && row->kind != NODE_OBJECT)
		row = row->next;
	if (row == NULL)
		return 0;
	v = member(row, "v");
	*ret_alone = answer->n == 1;
	return v == NULL || v->kind != NODE_NUMBER ? 0 : v->number;
}

/* The same of an answer that was kept. */
static int64_t
kept_version(text body)
{
	json_t *root = json_loadb(body.p, body.n, 0, NULL);
	json_int_t v = 0;
	const char *key;
	json_t *row;

	json_object_foreach(root, key, row) {
		if (!json_is_object(row))
			continue;
		v = json_integer_value(json_object_get(row, "v"));
		break;
	}
	json_decref(root);
	return v;
}

static text
etag_of(struct turn *t, int64_t v, bool alone, text body)
{
	unsigned char digest[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1] = "";

	if (v < 1)
		return T("");
	if (alone)
		return arena_format(t->arena, "\"%lld\"", (long long)v);
	crypto_generichash(digest, sizeof(digest),
	    (const unsigned char *)body.p, body.n, NULL, 0);
	hex_write(hex, digest, sizeof(digest));
	return arena_format(t->arena, "\"%lld.%.*s\"", (long long)v,
	    (int)(sizeof(hex) - 1), hex);
}

/* ---- neighbours ------------------------------------------------------- */

static void
add_escaped(struct buf *b, text t)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];
		bool plain = (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '_' || c == '.' || c == '~';

		if (plain)
			buf_char(b, (char)c);
		else
			buf_format(b, "%%%02X", c);
	}
}

/* The same question from another cursor on. */
static void
add_link(struct turn *t, struct buf *b, const char *name, const char *rel)
{
	const struct node *to = member(t->op.answer, name);
	const struct http_request *r = &t->request;

	if (to == NULL || to->kind != NODE_TEXT || to->text.n == 0)
		return;
	if (b->n > 0)
		buf_text(b, T(", "));
	buf_char(b, '<');
	buf_text(b, r->path);
	buf_text(b, T("?cursor="));
	add_escaped(b, to->text);
	for (size_t i = 0; i < r->ask_n; i++) {
		if (text_same(r->ask[i].name, T("cursor")))
			continue;
		buf_char(b, '&');
		add_escaped(b, r->ask[i].name);
		buf_char(b, '=');
		add_escaped(b, r->ask[i].value);
	}
	buf_format(b, ">; rel=\"%s\"", rel);
}

static text
links(struct turn *t)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * SCGI_VALUE_MAX);

	add_link(t, &b, "next", "next");
	add_link(t, &b, "previous", "prev");
	/* Too long a question: the cursors are in the body as well. */
	return b.failed ? T("") : arena_text(t->arena, buf_view(&b));
}

/* Where the new row is, as far as this door shows it. */
static text
place_of_new(struct turn *t, int status)
{
	struct route route;
	text allow;

	if (status != 201 || t->op.location.n == 0 ||
	    !is_ok(ops_route(DOOR_API, T("GET"), t->op.location, &route,
	    &allow, t->arena)))
		return T("");
	return arena_format(t->arena, API_BASE "%.*s",
	    (int)t->op.location.n, t->op.location.p);
}

/* ---- answers ---------------------------------------------------------- */

static bool
reading(const struct turn *t)
{
	return (t->route.row->flags & OP_CHANGES) == 0;
}

static void
send(struct turn *t, struct head *h, text body)
{
	/* A bearer is never also a cookie. */
	t->op.set_session = t->op.set_device = T("");
	if (reading(t) && etag_listed(t->request.if_none_match, h->etag)) {
		h->status = 304;
		body = T("");
	}
	turn_head(t, h);
	turn_body(t, body);
}

static void
answer_kept(struct turn *t, const struct once_answer *kept)
{
	struct head h = { .status = kept->status,
		.type = "application/json", .echoes = true };
	text body = kept->body.n == 0 ? T("{}") : kept->body;

	h.location = place_of_new(t, h.status);
	h.etag = etag_of(t, kept_version(body), true, body);
	send(t, &h, body);
}

static void
answer_bytes(struct turn *t)
{
	/* A bearer is never also a cookie. */
	t->op.set_session = t->op.set_device = T("");
	turn_bytes(t);
}

/* The form of a list's filters is for pages. */
static void
drop_form(struct turn *t)
{
	struct node *aside = node_object(t->arena);

	for (struct node *n = t->op.answer->first; n != NULL; n = n->next) {
		if (strcmp(n->name, "fields") == 0) {
			node_move(aside, "fields", n);
			return;
		}
	}
}

static bool
wants_text(const struct turn *t)
{
	return t->request.shell && text_same(t->request.accept,
	    T("text/plain"));
}

static void
answer_tree(struct turn *t)
{
	CLEANUP(buf_free) struct buf json = buf_new(ANSWER_MAX);
	CLEANUP(buf_free) struct buf print = buf_new(ANSWER_MAX);
	struct head h = { .status = 200, .type = "application/json",
		.echoes = true };
	bool alone = false;
	int64_t v;

	if ((t->route.row->flags & OP_CREATES) != 0)
		h.status = 201;
	if (reading(t))
		drop_form(t);
	v = main_version(t->op.answer, &alone);
	/* What was changed is told once, and never asked for unchanged. */
	alone = alone || !reading(t);
	node_json(t->op.answer, &json);
	if (wants_text(t)) {
		h.type = "text/plain; charset=utf-8";
		api_print(t, &print);
	}
	if (json.failed || print.failed) {
		api_problem(t, refuse(TOO_LARGE), T(""));
		return;
	}
	h.location = place_of_new(t, h.status);
	h.link = links(t);
	h.etag = etag_of(t, v, alone, buf_view(&json));
	send(t, &h, buf_view(wants_text(t) ? &print : &json));
}

void
api_answer(struct turn *t)
{
	const struct once_answer *kept = ops_answered(&t->op);
	result built = node_whole(t->op.answer);

	if (kept != NULL)
		answer_kept(t, kept);
	else if (turn_has_bytes(t))
		answer_bytes(t);
	else if (!is_ok(built))
		api_problem(t, built, T(""));
	else
		answer_tree(t);
}

void
api_document(struct turn *t, const struct buf *json)
{
	const struct head h = { .status = 200, .type = "application/json" };

	turn_head(t, &h);
	turn_body(t, buf_view(json));
}
