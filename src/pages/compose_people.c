/* Lists and search, intake, today. */
#include "compose.h"

#include <string.h>

/* ---- lists ------------------------------------------------------------ */

/* The filters of a list, from the inputs of its operation. */
static void
filter(struct composing *c, const char *path)
{
	struct node *f = node_add_object(c->page, "filter");
	struct node *fields = take(c, "fields");
	bool open = false;

	node_add_text(f, "action", text_of(path));
	for (const struct node *n = fields == NULL ? NULL : fields->first;
	    n != NULL; n = n->next) {
		const struct node *kind = node_find(n, "kind");
		const struct node *value = node_find(n, "value");

		if (kind != NULL && !text_same(kind->text, T("hidden")) &&
		    node_true(value))
			open = true;
	}
	node_add_bool(f, "open", open);
	node_move(f, "fields", fields);
	if (open)
		node_add_text(f, "drop", text_of(path));
}

void
compose_people(struct composing *c)
{
	static const struct column columns[] = {
		{ "name", "person.list.name", true, false },
		{ "code", "person.list.code", false, false },
		{ "birth_year", "person.list.born", true, false },
		{ "department", "person.list.department", true, false },
		{ "language", "person.list.language", false, false },
		{ "responsible_name", "person.list.responsible", true,
		  false },
		{ "last_contact", "person.list.last", true, false },
		{ NULL, NULL, false, false }
	};
	struct node *list;

	node_add_word(c->page, "title", "person.list.title");
	if (guard_may(c->op, AREA_PEOPLE_INTAKE, LEVEL_WRITE, OBJECT_NONE,
	    (id){ 0 })) {
		node_add_text(c->page, "add", T("/people/new"));
		node_add_word(c->page, "add_label", "person.list.add");
	}
	filter(c, "/people");
	list = node_add_object(c->page, "list");
	table(list, c, "person.list.title", columns, of(c, "rows"),
	    "/people/{}", "/people");
	node_add_word(list, "empty", "person.list.empty");
}

void
compose_matters(struct composing *c)
{
	static const struct column columns[] = {
		{ "title", "matter.list.name", true, false },
		{ "code", "matter.list.code", false, false },
		{ "type", "matter.list.type", true, false },
		{ "state", "matter.list.state", false, false },
		{ "next_on", "matter.list.next", true, false },
		{ "responsible_name", "matter.list.responsible", true,
		  false },
		{ NULL, NULL, false, false }
	};
	struct node *list;

	node_add_word(c->page, "title", "matter.list.title");
	if (guard_may(c->op, AREA_MATTERS_OPEN, LEVEL_WRITE, OBJECT_NONE,
	    (id){ 0 })) {
		node_add_text(c->page, "add", T("/matters/new"));
		node_add_word(c->page, "add_label", "matter.list.add");
	}
	filter(c, "/matters");
	list = node_add_object(c->page, "list");
	table(list, c, "matter.list.title", columns, of(c, "rows"),
	    "/matters/{}", "/matters");
	node_add_word(list, "empty", "matter.list.empty");
}

/* ---- find ------------------------------------------------------------- */

static void
result_line(struct composing *c, struct node *list, const struct node *hit,
    const char *pattern, const char *tag)
{
	struct node *one = node_add_object(list, NULL);
	const struct node *code = node_find(hit, "code");
	const struct node *within = node_find(hit, "within");
	const struct node *born = node_find(hit, "birth_year");

	put(one, "code", code);
	if (code != NULL && (within == NULL || node_true(within)))
		node_add_text(one, "href", href(c, pattern, &code->text, 1));
	put(one, "name", node_find(hit, "name"));
	if (node_find(hit, "name") == NULL)
		put(one, "name", node_find(hit, "title"));
	if (born != NULL && born->kind == NODE_NUMBER)
		node_add_text(one, "born", arena_format(c->arena, "%lld",
		    (long long)born->number));
	put(one, "place", node_find(hit, "department"));
	if (node_find(hit, "last_contact") != NULL &&
	    node_true(node_find(hit, "last_contact")))
		node_add_text(one, "last", shown(c, node_find(hit,
		    "last_contact")));
	put(one, "why", node_find(hit, "why"));
	put(one, "responsible", node_find(hit, "responsible_name"));
	node_add_word(one, "tag", tag);
}

void
compose_find(struct composing *c)
{
	const struct node *people = of(c, "people");
	const struct node *matters = of(c, "matters");
	struct node *list = node_add_list(c->page, "results");
	size_t n = 0;

	put(c->page, "q", of(c, "typed"));
	for (const struct node *h = people == NULL ? NULL : people->first;
	    h != NULL; h = h->next, n++)
		result_line(c, list, h, "/people/{}", "find.tag.person");
	for (const struct node *h = matters == NULL ? NULL : matters->first;
	    h != NULL; h = h->next, n++)
		result_line(c, list, h, "/matters/{}", "find.tag.matter");
	if (of(c, "typed") != NULL && of(c, "typed")->text.n > 0) {
		node_add_text(c->page, "count_text", words_count(
		    c->op->office->words, c->lang, c->arena, "find.count.n",
		    (int64_t)n));
		node_add_bool(c->page, "none", n == 0);
	}
	if (guard_may(c->op, AREA_PEOPLE_INTAKE, LEVEL_WRITE, OBJECT_NONE,
	    (id){ 0 }))
		node_add_text(c->page, "new", T("/people/new"));
}

/* ---- intake ----------------------------------------------------------- */

/* The three facts, then the rest in groups: by the names of the inputs. */
static const char *const first_fields[] = { "name_given",
	"name_first_surname", "name_second_surname", "relation_kind",
	"relation_name", "department", NULL };

struct group { const char *title; const char *prefixes[6]; };
static const struct group groups[] = {
	{ "intake.group.person", { "age", "birth_", "sex", "language",
	  "needs_", "known_as" } },
	{ "intake.group.contact", { "contact_", NULL } },
	{ "intake.group.relation", { "relation_", NULL } },
	{ "intake.group.papers", { "identifier_", NULL } },
	{ "intake.group.call", { "call_", NULL } },
	{ "intake.group.consent", { "consent_", NULL } },
};

static struct node *
next_of(struct node *n)
{
	return n == NULL ? NULL : n->next;
}

static text
name_of(const struct node *field)
{
	const struct node *name = node_find(field, "name");

	return name == NULL ? T("") : name->text;
}

static void
move_named(struct node *from, struct node *to, const char *name)
{
	for (struct node *n = from->first, *next; n != NULL; n = next) {
		next = next_of(n);
		if (text_same(name_of(n), text_of(name)))
			node_move(to, NULL, n);
	}
}

static void
move_prefixed(struct node *from, struct node *to, const struct group *g)
{
	for (struct node *n = from->first, *next; n != NULL; n = next) {
		next = next_of(n);
		for (size_t i = 0; i < LENGTH(g->prefixes) &&
		    g->prefixes[i] != NULL; i++) {
			if (text_starts(name_of(n),
			    text_of(g->prefixes[i]))) {
				node_move(to, NULL, n);
				break;
			}
		}
	}
}

static void
likely(struct composing *c)
{
	const struct node *list = of(c, "duplicates");
	struct node *out = node_add_list(c->page, "likely");

	for (const struct node *d = list == NULL ? NULL : list->first;
	    d != NULL; d = d->next) {
		struct node *one = node_add_object(out, NULL);
		const struct node *within = node_find(d, "within");
		const struct node *born = node_find(d, "birth_year");

		if (node_true(within))
			put(one, "href", node_find(d, "open"));
		put(one, "code", node_find(d, "code"));
		put(one, "name", node_find(d, "name"));
		if (born != NULL && born->kind == NODE_NUMBER)
			node_add_text(one, "facts", arena_format(c->arena,
			    "%lld · %.*s", (long long)born->number,
			    (int)shown(c, node_find(d, "department")).n,
			    shown(c, node_find(d, "department")).p));
		put(one, "why", node_find(d, "why"));
		put(one, "responsible", node_find(d, "responsible_name"));
	}
}

/* What was understood: one line for each thing that will be kept. */
static void
check(struct composing *c)
{
	static const char *const parts[] = { "name", "person", "relation",
		"contact", "identifier", "call" };
	static const struct entity *const entities[] = { &entity_person_name,
		&entity_person, &entity_relation, &entity_contact_point,
		&entity_person_identifier, &entity_contact_log };
	const struct node *from = of(c, "check");
	struct node *list = node_add_list(c->page, "check");

	for (size_t i = 0; i < LENGTH(parts); i++) {
		const struct node *part = node_find(from, parts[i]);

		for (size_t k = 0; part != NULL && k < entities[i]->n; k++) {
			const struct field *f = &entities[i]->fields[k];
			const struct node *v = node_find(part, f->name);
			struct node *one;

			if (f->class == IN_CLEAR || f->kind == KIND_ID ||
			    !node_true(v))
				continue;
			one = node_add_object(list, NULL);
			node_add_text(one, "label",
			    text_of(f->label[c->lang]));
			put(one, "value", v);
		}
	}
}

/* Hidden fields that carry what was typed to the next step. */
static void
keep(struct composing *c)
{
	struct node *list = node_add_list(c->page, "keep");

	for (size_t i = 0; i < c->op->inputs_n; i++) {
		const struct input *in = &c->op->inputs[i];

		if (text_same(in->name, T("step")))
			continue;
		for (size_t k = 0; k < in->n; k++) {
			struct node *one = node_add_object(list, NULL);

			node_add_text(one, "name", in->name);
			node_add_text(one, "kind", T("hidden"));
			node_add_text(one, "value", in->values[k]);
		}
	}
}

void
compose_intake(struct composing *c)
{
	struct node *fields = take(c, "fields");
	struct node *first;
	struct node *more;

	errors(c);
	likely(c);
	node_add_text(c->page, "change", T("/people/new"));
	if (of(c, "check") != NULL) {
		check(c);
		keep(c);
		return;
	}
	if (fields == NULL)
		return;
	first = node_add_list(c->page, "first");
	for (size_t i = 0; first_fields[i] != NULL; i++)
		move_named(fields, first, first_fields[i]);
	if (of(c, "duplicates") != NULL && of(c, "duplicates")->n > 0) {
		struct node *holder = node_add_list(c->page, "reasons");

		move_named(fields, holder, "new_reason");
		if (holder != NULL && holder->first != NULL)
			node_move(c->page, "reason", holder->first);
	}
	more = node_add_list(c->page, "more");
	for (size_t i = 0; i < LENGTH(groups); i++) {
		struct node *g = node_add_object(more, NULL);

		node_add_word(g, "title", groups[i].title);
		move_prefixed(fields, node_add_list(g, "fields"),
		    &groups[i]);
	}
	node_add_bool(c->page, "more_open", c->op->problems.n > 0);
}

/* ---- today ------------------------------------------------------------ */

static void
today_item(struct composing *c, struct node *list, const struct node *from,
    bool is_task)
{
	struct node *one = node_add_object(list, NULL);
	const struct node *d = node_find(from, "day");
	const struct node *title = node_find(from, "title");

	put(one, "code", node_find(from, "code"));
	put(one, "href", node_find(from, "href"));
	node_add_text(one, "what", title != NULL && title->text.n > 0 ?
	    shown(c, title) : shown(c, node_find(from, "kind")));
	if (d != NULL && d->day.known) {
		put(one, "day", d);
		node_add_text(one, "left", days_left(c, d->day));
		node_add_text(one, "kind", d->day.n < c->op->today.n ?
		    T("bad") : d->day.n <= c->op->today.n + 3 ? T("warn") :
		    T(""));
	}
	put(one, "who", node_find(from, "responsible_name"));
	put(one, "who", node_find(from, "asked_by_name"));
	if (is_task) {
		const text *code = &node_find(from, "code")->text;

		node_add_text(one, "done", href(c, "/tasks/{}/done", code, 1));
		node_add_word(one, "action", "task.done.submit");
	}
}

static void
today_group(struct composing *c, struct node *groups_list, const char *name,
    const char *title)
{
	const struct node *from = of(c, name);
	struct node *g;
	struct node *items;

	if (from == NULL || from->n == 0)
		return;
	g = node_add_object(groups_list, NULL);
	node_add_word(g, "title", title);
	items = node_add_list(g, "items");
	for (const struct node *n = from->first; n != NULL; n = n->next)
		today_item(c, items, n, strcmp(name, "tasks") == 0);
}

/* "1 de diciembre, en 7 días"; before it, that nobody answers for it. */
static void
alarm_why(struct composing *c, struct node *to, const struct node *alarm,
    const struct node *due)
{
	text kind = T("");
	text when = T("");

	if (node_true(node_find(alarm, "orphan")))
		kind = arena_format(c->arena, "%.*s. ", (int)shown(c,
		    node_find(alarm, "kind")).n, shown(c, node_find(alarm,
		    "kind")).p);
	if (due != NULL && due->day.known)
		when = arena_format(c->arena, "%.*s, %.*s",
		    (int)shown(c, due).n, shown(c, due).p,
		    (int)days_left(c, due->day).n,
		    days_left(c, due->day).p);
	if (kind.n + when.n > 0)
		node_add_text(to, "why", arena_format(c->arena, "%.*s%.*s",
		    (int)kind.n, kind.p, (int)when.n, when.p));
}

void
compose_today(struct composing *c)
{
	const struct node *from = of(c, "alarms");
	struct node *list = node_add_list(c->page, "alarms");
	text args[2];

	args[0] = words_weekday(c->op->office->words, c->lang, c->op->today);
	args[1] = words_day(c->op->office->words, c->lang, c->arena,
	    c->op->today);
	node_add_text(c->page, "title", say_with(c, "today.title", args, 2));
	for (const struct node *a = from == NULL ? NULL : from->first;
	    a != NULL; a = a->next) {
		struct node *one = node_add_object(list, NULL);
		const struct node *d = node_find(a, "day");

		put(one, "code", node_find(a, "code"));
		put(one, "href", node_find(a, "href"));
		node_add_text(one, "what", shown(c, node_find(a, "title")).n
		    > 0 ? shown(c, node_find(a, "title")) :
		    shown(c, node_find(a, "kind")));
		alarm_why(c, one, a, d);
		node_add_text(one, "kind", d != NULL && d->day.known &&
		    d->day.n < c->op->today.n ? T("bad") : T("warn"));
		node_add_text(one, "action", say(c, "today.open_deadline"));
	}
	list = node_add_list(c->page, "groups");
	today_group(c, list, "deadlines", "today.deadlines");
	today_group(c, list, "calls", "today.calls");
	today_group(c, list, "tasks", "today.tasks");
	today_group(c, list, "shreddings", "today.shreddings");
	if (list->n == 0 && node_find(c->page, "alarms")->n == 0)
		node_add_text(c->page, "empty", say(c, "today.empty"));
}

/* ---- history, conflict ------------------------------------------------ */

void
compose_history(struct composing *c)
{
	const struct node *events = of(c, "events");
	struct node *list = node_add_list(c->page, "changes");

	frame_person(c, "/history");
	node_add_word(c->page, "title", "person.history.title");
	for (const struct node *e = events == NULL ? NULL : events->first;
	    e != NULL; e = e->next) {
		const struct node *changes = node_find(e, "changes");
		struct node *one = node_add_object(list, NULL);
		struct node *fields;

		put(one, "at", node_find(e, "at"));
		put(one, "who", node_find(e, "actor_name"));
		put(one, "what", node_find(e, "label"));
		put(one, "reason", node_find(e, "reason"));
		fields = node_add_list(one, "fields");
		for (const struct node *f = changes == NULL ? NULL :
		    changes->first; f != NULL; f = f->next) {
			struct node *row = node_add_object(fields, NULL);

			put(row, "label", node_find(f, "label"));
			put(row, "old", node_find(f, "old"));
			put(row, "new", node_find(f, "new"));
		}
	}
	if (node_true(node_find(c->answer, "next")))
		node_add_text(c->page, "following", arena_format(c->arena,
		    "/people/%s/history?cursor=%.*s",
		    code_of(c->op->objects[0]).s,
		    (int)of(c, "next")->text.n, of(c, "next")->text.p));
	node_add_text(c->page, "back", arena_format(c->arena, "/people/%s",
	    code_of(c->op->objects[0]).s));
	node_add_word(c->page, "empty", "person.history.empty");
}

void
compose_conflict(struct composing *c)
{
	node_add_word(c->page, "title", arena_format(c->arena, "%s.title",
	    c->op->row->name).p);
	node_add_text(c->page, "action", c->turn->request.path);
	put(c->page, "v", of(c, "v"));
	node_move(c->page, "fields", take(c, "conflicts"));
	node_move(c->page, "keep", take(c, "keep"));
	node_add_text(c->page, "back", c->op->location);
}
