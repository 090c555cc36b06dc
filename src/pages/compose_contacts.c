/* The contact log: of one person, with its form, and of the whole office. */
#include "compose.h"

#include <string.h>

/* "Entrante, Teléfono": two values, or the one that is there. */
static text
both(const struct composing *c, const struct node *a, const struct node *b)
{
	text x = shown(c, a);
	text y = shown(c, b);

	return arena_format(c->arena, "%.*s%s%.*s", (int)x.n, x.p,
	    x.n > 0 && y.n > 0 ? ", " : "", (int)y.n, y.p);
}

/* ---- the last calls --------------------------------------------------- */

static void
call_back(struct composing *c, struct node *one, const struct node *call)
{
	const struct node *at = node_find(call, "call_back_at");
	const struct node *state = node_find(call, "call_back_state");
	bool open = state != NULL && text_same(state->text, T("open"));
	text args[2];

	if (at == NULL || at->kind != NODE_INSTANT)
		return;
	args[0] = shown(c, at);
	args[1] = shown(c, node_find(call, "call_back_by_name"));
	node_add_text(one, "back", say_with(c, open ? "contact.back" :
	    "contact.back_done", args, 2));
	node_add_text(one, "back_kind", !open ? T("done") :
	    at->instant.ms < c->op->now.ms ? T("bad") : T("warn"));
}

static text
call_at(const struct composing *c, const struct node *call, const char *tail)
{
	const struct node *own = node_find(call, "id");

	return own == NULL ? T("") : arena_format(c->arena,
	    "/people/%s/contacts/%.*s%s", code_of(c->op->objects[0]).s,
	    (int)own->text.n, own->text.p, tail);
}

static void
last_calls(struct composing *c)
{
	const struct node *list = of(c, "calls");
	struct node *to = node_add_list(c->page, "last");

	node_add_word(c->page, "empty", list == NULL ?
	    "contact.none_shown" : "contact.none");
	for (const struct node *k = list == NULL ? NULL : list->first;
	    k != NULL; k = k->next) {
		struct node *one = node_add_object(to, NULL);
		const struct node *state = node_find(k, "call_back_state");

		put(one, "at", node_find(k, "at"));
		node_add_text(one, "what", both(c, node_find(k, "direction"),
		    node_find(k, "channel")));
		node_add_text(one, "whom", both(c, node_find(k, "caller"),
		    node_find(k, "caller_name")));
		put(one, "by", node_find(k, "taken_by_name"));
		put(one, "said", node_find(k, "said"));
		call_back(c, one, k);
		node_add_text(one, "edit", call_at(c, k, "/edit"));
		if (state != NULL && text_same(state->text, T("open")))
			node_add_text(one, "done", call_at(c, k, "/done"));
	}
}

/* ---- the page of one person ------------------------------------------- */

/* What may be said to whom, in one sentence or two. */
static void
red_line(struct composing *c)
{
	const struct node *key = of(c, "red_line");
	text topics = joined(c, of(c, "topics"));
	text hidden = joined(c, of(c, "not_to_know"));
	CLEANUP(buf_free) struct buf b = buf_new(4 * KIB);

	if (key != NULL)
		buf_text(&b, words_format(c->op->office->words, c->lang,
		    c->arena, arena_text(c->arena, key->text).p, &topics,
		    1));
	if (hidden.n > 0) {
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_text(&b, say_with(c, "contact.red_line.not", &hidden,
		    1));
	}
	if (b.n > 0)
		node_add_text(c->page, "warning", buf_view(&b));
}

static void
call_form(struct composing *c)
{
	struct node *form = node_add_object(c->page, "form");
	struct node *section = node_add_object(node_add_list(form,
	    "sections"), NULL);

	node_add_text(form, "action", c->turn->request.path);
	node_add_text(form, "draft", T("contact"));
	put(form, "v", of(c, "v"));
	node_add_word(form, "submit", arena_format(c->arena, "%s.submit",
	    c->op->row->name).p);
	node_move(section, "fields", take(c, "fields"));
	if (c->op->location.n > 0)
		node_add_text(form, "cancel", c->op->location);
}

static void
of_one_person(struct composing *c)
{
	frame_person(c, "/contacts");
	node_add_word(c->page, "title", arena_format(c->arena, "%s.title",
	    c->op->row->name).p);
	errors(c);
	red_line(c);
	if (of(c, "safe") != NULL)
		node_add_text(c->page, "safe", shown(c, of(c, "safe")));
	last_calls(c);
	put(c->page, "neutral", of(c, "neutral_text"));
	call_form(c);
}

/* ---- the list of the office ------------------------------------------- */

/* Rows lead to the person: there is the form, and the rest of the calls. */
static struct node *
list_rows(struct composing *c)
{
	const struct node *list = of(c, "rows");
	struct node *to = node_add_list(node_object(c->arena), "rows");

	for (const struct node *k = list == NULL ? NULL : list->first;
	    k != NULL; k = k->next) {
		struct node *one = node_add_object(to, NULL);
		const struct node *code = node_find(k, "person.code");
		const struct node *name = node_find(k, "person.name");

		put(one, "code", code);
		put(one, "at", node_find(k, "at"));
		put(one, "who", name != NULL && name->text.n > 0 ? name :
		    code);
		node_add_text(one, "caller", both(c, node_find(k, "caller"),
		    node_find(k, "caller_name")));
		node_add_text(one, "how", both(c, node_find(k, "direction"),
		    node_find(k, "channel")));
		put(one, "by", node_find(k, "taken_by_name"));
		put(one, "call_back_at", node_find(k, "call_back_at"));
		put(one, "state", node_find(k, "call_back_state"));
	}
	return to;
}

static void
views(struct composing *c)
{
	static const struct { const char *which, *key; } all[] = {
		{ "all", "contact.list.all" }, { "own", "contact.list.own" },
		{ "open", "contact.list.open" },
	};
	text now = op_input(c->op, "which");
	struct node *list = node_add_list(c->page, "views");

	for (size_t i = 0; i < LENGTH(all); i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "href", arena_format(c->arena,
		    "/contacts?which=%s", all[i].which));
		node_add_word(one, "label", all[i].key);
		node_add_bool(one, "current", text_same(now.n > 0 ? now :
		    T("all"), text_of(all[i].which)));
	}
}

static void
filter(struct composing *c)
{
	struct node *f = node_add_object(c->page, "filter");
	struct node *fields = take(c, "fields");
	bool open = op_input(c->op, "from").n > 0 ||
	    op_input(c->op, "to").n > 0 ||
	    op_input(c->op, "responsible").n > 0;

	node_add_text(f, "action", T("/contacts"));
	node_add_bool(f, "open", open);
	node_move(f, "fields", fields);
	if (open)
		node_add_text(f, "drop", T("/contacts"));
}

static void
of_the_office(struct composing *c)
{
	static const struct column columns[] = {
		{ "at", "contact.list.at", true, false },
		{ "who", "contact.list.who", false, false },
		{ "caller", "contact.list.caller", false, false },
		{ "how", "contact.list.how", false, false },
		{ "by", "contact.list.by", false, false },
		{ "call_back_at", "contact.list.back", true, false },
		{ "state", "contact.list.state", false, false },
		{ NULL, NULL, false, false }
	};
	struct node *list;

	node_add_word(c->page, "title", "contact.list.title");
	views(c);
	filter(c);
	list = node_add_object(c->page, "list");
	table(list, c, "contact.list.title", columns, list_rows(c),
	    "/people/{}/contacts", "/contacts");
	node_add_word(list, "empty", "contact.list.empty");
}

void
compose_contacts(struct composing *c)
{
	if (c->op->row->object == OBJECT_NONE)
		of_the_office(c);
	else
		of_one_person(c);
}
