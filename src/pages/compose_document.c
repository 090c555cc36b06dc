/* Papers: the list on the page of a person or a matter, and a paper's own
 * page. */
#include "compose.h"
#include "compose_case.h"
#include "fields.h"

static bool
of_person(const struct composing *c)
{
	return text_starts(c->turn->request.path, T("/people/"));
}

static text
home(const struct composing *c, const char *tail)
{
	return arena_format(c->arena, "%s%s%s", of_person(c) ? "/people/" :
	    "/matters/", code_of(c->op->objects[0]).s, tail);
}

/* "/people/K7F3-9QQ/documents/AFTC-Z4W" and what follows. */
static text
own(const struct composing *c, const char *tail)
{
	return arena_format(c->arena, "%.*s/%s%s",
	    (int)home(c, "/documents").n, home(c, "/documents").p,
	    code_of(c->op->objects[1]).s, tail);
}

static text
mark_kind(const struct node *d)
{
	if (case_is(d, "mark", "privileged"))
		return T("bad");
	return case_is(d, "mark", "internal") ? T("warn") : T("off");
}

/* "1.4 MB", as people count the size of a file. */
static text
size(const struct composing *c, const struct node *bytes)
{
	int64_t n = bytes == NULL ? 0 : bytes->number;
	text kib = words_number(c->lang, c->arena, (n + KIB - 1) / KIB);
	text tenths = arena_format(c->arena, "%lld%c%lld",
	    (long long)(n / MIB), c->lang == LANG_EN ? '.' : ',',
	    (long long)(n % MIB * 10 / MIB));

	return n < MIB ? say_with(c, "document.kilobytes", &kib, 1) :
	    say_with(c, "document.megabytes", &tenths, 1);
}

void
compose_documents_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "documents");
	struct node *b;

	if (list == NULL)
		return;
	b = block(blocks, c, "documents", "document.list");
	for (const struct node *d = list->first; d != NULL; d = d->next) {
		text code = case_text(d, "id");
		text note[2] = { shown(c, node_find(d, "kind")),
			case_text(d, "source") };
		struct node *one = item(b);

		put(one, "day", node_find(d, "dated_on"));
		put(one, "label", node_find(d, "title"));
		node_add_text(one, "href", arena_format(c->arena,
		    "%.*s/%.*s", (int)home(c, "/documents").n,
		    home(c, "/documents").p, (int)code.n, code.p));
		put(one, "state", node_find(d, "mark"));
		node_add_text(one, "kind", mark_kind(d));
		node_add_text(one, "note", case_joined(c, note,
		    LENGTH(note)));
	}
	if (node_true(node_find(of(c, "may"), "document")))
		block_add(b, c, home(c, "/documents/new"), "document.add");
	block_empty(b, c, "document.none");
}

/* ---- its own page ----------------------------------------------------- */

static text
page_link(const struct composing *c, const char *what, int64_t page)
{
	text at = own(c, what);

	return arena_format(c->arena, "%.*s?page=%lld", (int)at.n, at.p,
	    (long long)page);
}

static void
actions(struct composing *c)
{
	struct node *list = node_add_list(c->page, "actions");
	const struct node *may = of(c, "may");

	if (node_true(node_find(may, "original")) &&
	    !node_true(of(c, "document.missing")))
		action(list, own(c, "/original"), "document.original");
	if (node_true(node_find(may, "edit")))
		action(list, own(c, "/edit"), "document.change");
}

static void
facts(struct composing *c)
{
	static const int fields[] = { DOCUMENT_KIND, DOCUMENT_DATED_ON,
		DOCUMENT_SOURCE, DOCUMENT_FILE };
	const struct node *d = of(c, "document");
	struct node *b = block(node_add_list(c->page, "blocks"), c, "facts",
	    "document.facts");

	for (size_t i = 0; i < LENGTH(fields); i++)
		pair_field(b, c, &entity_document, fields[i], d);
	pair_text(b, c, "document.size", size(c, node_find(d,
	    "file_length")));
	pair_text(b, c, "document.digest", case_text(d, "file_sha256"));
	node_move(c->page, "facts", b);
}

/* The page asked for, or why there is none, or where to ask. */
static void
view(struct composing *c)
{
	const struct node *v = of(c, "view");
	const struct node *page = node_find(v, "page");
	const struct node *pages = node_find(v, "pages");
	text said[2];
	struct node *one;

	if (v == NULL) {
		node_add_text(c->page, "look", page_link(c, "", 1));
		node_add_word(c->page, "look_label", "document.look");
		return;
	}
	if (!node_true(node_find(v, "there"))) {
		put(c->page, "no_view", node_find(v, "why"));
		return;
	}
	one = node_add_object(c->page, "view");
	said[0] = words_number(c->lang, c->arena, page->number);
	said[1] = words_number(c->lang, c->arena, pages->number);
	node_add_text(one, "said", say_with(c, "document.page_of", said, 2));
	if (node_true(node_find(v, "picture"))) {
		node_add_text(one, "picture", page_link(c, "/picture",
		    page->number));
		node_add_text(one, "alt", say_with(c, "document.page_of",
		    said, 2));
	}
	if (page->number > 1)
		node_add_text(one, "previous", page_link(c, "",
		    page->number - 1));
	if (page->number < pages->number)
		node_add_text(one, "next", page_link(c, "",
		    page->number + 1));
	put(one, "text", node_find(v, "text"));
}

void
compose_document(struct composing *c)
{
	const struct node *d = of(c, "document");
	text known[2] = { shown(c, node_find(d, "kind")),
		shown(c, node_find(d, "dated_on")) };
	struct node *alarms = node_add_list(c->page, "alarms");

	if (of_person(c))
		frame_person(c, "-");
	else
		frame_matter(c, "-");
	put(c->page, "title", node_find(d, "title"));
	node_add_text(c->page, "lead", case_joined(c, known,
	    LENGTH(known)));
	put(c->page, "mark", node_find(d, "mark"));
	node_add_text(c->page, "mark_kind", mark_kind(d));
	if (node_true(node_find(d, "missing")))
		node_add_word(node_add_object(alarms, NULL), "text",
		    "document.view_missing");
	actions(c);
	view(c);
	facts(c);
	errors(c);
}
