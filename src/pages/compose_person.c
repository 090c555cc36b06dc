/* The page of a person: everything on one quiet page. */
#include "compose.h"

#include "people.h"

#include <string.h>

static text
code_text_of(const struct composing *c)
{
	const struct node *code = of(c, "person.id");

	if (code == NULL)
		code = of(c, "person.code");
	return code == NULL ? T("") : code->text;
}

static text
at(const struct composing *c, const char *tail)
{
	text code = code_text_of(c);

	return arena_format(c->arena, "/people/%.*s%s", (int)code.n, code.p,
	    tail);
}

static text
child(const struct composing *c, const char *part, const struct node *row,
    const char *tail)
{
	text code = code_text_of(c);
	const struct node *own = node_find(row, "id");

	return arena_format(c->arena, "/people/%.*s/%s/%.*s%s", (int)code.n,
	    code.p, part, own == NULL ? 0 : (int)own->text.n,
	    own == NULL ? "" : own->text.p, tail);
}

static bool
may(const struct composing *c, const char *what)
{
	const struct node *list = of(c, "may");

	return node_true(node_find(list, what));
}

/* ---- identity bar and side navigation --------------------------------- */

static void
side_link(struct node *side, const struct composing *c, const char *tail,
    const char *key, const char *current)
{
	struct node *one = node_add_object(side, NULL);

	node_add_text(one, "href", at(c, tail));
	node_add_word(one, "label", key);
	node_add_bool(one, "current", strcmp(tail, current) == 0);
}

void
frame_person(struct composing *c, const char *current)
{
	struct node *who = node_add_object(c->page, "who");
	struct node *side = node_add_list(c->page, "side");
	const struct user_facts *u = guard_user(c->op->office->guard,
	    c->op->user);
	bool discreet = u != NULL && u->discreet;
	const struct node *name = of(c, discreet ? "initials" : "name");
	enum area_rows { LINKS = 5 };
	static const struct { const char *tail, *key; enum area area;
		enum level need; } links[LINKS] = {
		{ "", "side.person", AREA_PEOPLE_IDENTITY, LEVEL_READ },
		{ "/contacts", "side.contacts", AREA_CONTACTS_READ,
		  LEVEL_META },
		{ "/custody", "side.custody", AREA_CUSTODY, LEVEL_READ },
		{ "/access", "side.access", AREA_ACCESS_GRANTS,
		  LEVEL_WRITE },
		{ "/history", "side.history", AREA_PEOPLE_HISTORY,
		  LEVEL_READ },
	};

	if (name == NULL)
		name = of(c, discreet ? "person.initials" : "person.name");
	node_add_text(who, "href", at(c, ""));
	node_add_text(who, "code", code_text_of(c));
	put(who, "name", name);
	for (size_t i = 0; i < LINKS; i++) {
		if (guard_may(c->op, links[i].area, links[i].need,
		    OBJECT_PERSON, c->op->objects[0]))
			side_link(side, c, links[i].tail, links[i].key,
			    current);
	}
}

/* ---- what can be said, and how ---------------------------------------- */

/* The strictest rule of the points that still serve. */
static const char *
strictest(const struct node *points, const char **ret_kind)
{
	static const struct { const char *code, *key, *kind; } rules[] = {
		{ "nothing", "rule.nothing", "bad" },
		{ "call_us", "rule.call_us", "warn" },
		{ "office_called", "rule.office_called", "warn" },
		{ "anything", "rule.anything", "done" },
	};

	for (size_t r = 0; r < LENGTH(rules); r++) {
		for (const struct node *p = points == NULL ? NULL :
		    points->first; p != NULL; p = p->next) {
			const struct node *say = node_find(p, "may_say");

			if (say != NULL && text_same(say->text,
			    text_of(rules[r].code))) {
				*ret_kind = rules[r].kind;
				return rules[r].key;
			}
		}
	}
	*ret_kind = "warn";
	return "rule.unknown";
}

static text
when_of(const struct composing *c, const struct node *point)
{
	text when = shown(c, node_find(point, "when"));
	const struct node *until = node_find(point, "not_after");
	text args[2];

	if (until == NULL || until->kind != NODE_TEXT)
		return when;
	args[0] = until->text;
	return arena_format(c->arena, "%.*s%s%.*s", (int)when.n, when.p,
	    when.n > 0 ? ". " : "", (int)say_with(c, "person.not_after",
	    args, 1).n, say_with(c, "person.not_after", args, 1).p);
}

/* Whose number it is: the relative's first name. */
static text
whose(const struct composing *c, const struct node *point)
{
	const struct node *relation = node_find(point, "relation_id");
	const struct node *list = of(c, "relations");

	if (relation == NULL || relation->kind != NODE_SHORT)
		return T("");
	for (const struct node *r = list == NULL ? NULL : list->first;
	    r != NULL; r = r->next) {
		const struct node *own = node_find(r, "id");

		if (own != NULL && text_same(own->text, relation->text))
			return shown(c, node_find(r, "name"));
	}
	return T("");
}

static void
call_section(struct composing *c)
{
	struct node *call = node_add_object(c->page, "call");
	const struct node *points = of(c, "contact_points");
	const char *kind;
	struct node *list;

	node_add_word(call, "rule", strictest(points, &kind));
	node_add_text(call, "kind", text_of(kind));
	list = node_add_list(call, "points");
	for (const struct node *p = points == NULL ? NULL : points->first;
	    p != NULL; p = p->next) {
		struct node *one = node_add_object(list, NULL);

		put(one, "kind", node_find(p, "kind"));
		put(one, "value", node_find(p, "value"));
		node_add_text(one, "whose", whose(c, p));
		node_add_text(one, "when", when_of(c, p));
		node_add_text(one, "danger", shown(c, node_find(p,
		    "warning")));
		node_add_text(one, "reveal", child(c, "contact-points", p,
		    "/reveal"));
	}
	node_add_text(call, "log", at(c, "/contacts"));
	if (may(c, "edit"))
		node_add_text(call, "change", at(c, "/contact-points/new"));
}

/* ---- the next thing to do --------------------------------------------- */

static const char *
urgency(const struct composing *c, day d)
{
	int32_t days = d.n - c->op->today.n;

	return days < 0 ? "bad" : days <= 3 ? "warn" : "";
}

static void
next_from(struct composing *c, day when, text what, text who, text address,
    const char *label)
{
	struct node *next = node_add_object(c->page, "next");

	node_add_text(next, "what", what);
	node_add_day(next, "day", when);
	node_add_text(next, "left", days_left(c, when));
	node_add_text(next, "kind", text_of(urgency(c, when)));
	node_add_text(next, "who", who);
	node_add_text(next, "href", address);
	node_add_word(next, "label", label);
}

/* The earliest of open tasks and calls to return. */
static void
next_section(struct composing *c)
{
	const struct node *tasks = of(c, "tasks");
	const struct node *calls = of(c, "calls");
	const struct node *best = NULL;
	bool is_call = false;
	day when = { 0 };

	for (const struct node *t = tasks == NULL ? NULL : tasks->first;
	    t != NULL; t = t->next) {
		const struct node *due = node_find(t, "due_on");
		const struct node *state = node_find(t, "state");

		if (due == NULL || due->kind != NODE_DAY || state == NULL ||
		    !text_same(state->text, T("open")) ||
		    (best != NULL && due->day.n >= when.n))
			continue;
		best = t;
		when = due->day;
	}
	for (const struct node *t = calls == NULL ? NULL : calls->first;
	    t != NULL; t = t->next) {
		const struct node *due = node_find(t, "call_back_at");
		const struct node *state = node_find(t, "call_back_state");
		day d;

		if (due == NULL || due->kind != NODE_INSTANT ||
		    state == NULL || !text_same(state->text, T("open")))
			continue;
		d = instant_day(due->instant);
		if (best != NULL && d.n >= when.n)
			continue;
		best = t;
		when = d;
		is_call = true;
	}
	if (best == NULL) {
		node_add_word(c->page, "nothing_next", "person.nothing_next");
		return;
	}
	next_from(c, when, is_call ? say(c, "person.call_back") :
	    shown(c, node_find(best, "title")), T(""),
	    at(c, is_call ? "/contacts" : "#tasks"), is_call ?
	    "person.open_call" : "person.open_task");
}

/* ---- blocks ----------------------------------------------------------- */

static text
whole_name(const struct composing *c, const struct node *row)
{
	static const char *const parts[] = { "given", "first_surname",
		"second_surname" };
	CLEANUP(buf_free) struct buf b = buf_new(KIB);

	for (size_t i = 0; i < LENGTH(parts); i++) {
		const struct node *n = node_find(row, parts[i]);

		if (n == NULL || n->kind != NODE_TEXT)
			continue;
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_text(&b, n->text);
	}
	return arena_text(c->arena, buf_view(&b));
}

static void
names_block(struct composing *c, struct node *blocks)
{
	struct node *b = block(blocks, c, "names", "person.names");
	const struct node *names = of(c, "names");
	const struct node *papers = of(c, "identifiers");

	for (const struct node *n = names == NULL ? NULL : names->first;
	    n != NULL; n = n->next) {
		struct node *pair = pair_value(b, shown(c, node_find(n,
		    "kind")), NULL);

		node_add_text(pair, "value", whole_name(c, n));
		put(pair, "note", node_find(n, "source"));
		if (may(c, "edit"))
			node_add_text(pair, "href", child(c, "names", n,
			    "/edit"));
	}
	for (const struct node *n = papers == NULL ? NULL : papers->first;
	    n != NULL; n = n->next) {
		struct node *pair = pair_value(b, shown(c, node_find(n,
		    "kind")), node_find(n, "value"));

		put(pair, "note", node_find(n, "state"));
		node_add_text(pair, "reveal", child(c, "identifiers", n,
		    "/reveal"));
	}
	if (may(c, "edit")) {
		block_change(b, c, at(c, "/names/new"), "person.add_name");
		block_add(b, c, at(c, "/identifiers/new"),
		    "person.add_identifier");
	}
	block_empty(b, c, "person.no_names");
}

static void
life_block(struct composing *c, struct node *blocks)
{
	static const int fields[] = { PERSON_KNOWN_AS, PERSON_BIRTH_DATE,
		PERSON_SEX, PERSON_LANGUAGE, PERSON_OTHER_LANGUAGES,
		PERSON_NEEDS_INTERPRETER, PERSON_READING, PERSON_ORIGIN,
		PERSON_DEPARTMENT, PERSON_PROGRAMMES, PERSON_INTAKE_ON,
		PERSON_HOUSEHOLD_CODE, PERSON_DIED_ON };
	struct node *b = block(blocks, c, "life", "person.life");
	const struct node *person = of(c, "person");
	const struct node *who = node_find(person, "responsible_name");

	for (size_t i = 0; i < LENGTH(fields); i++)
		pair_field(b, c, &entity_person, fields[i], person);
	if (node_true(who))
		pair_text(b, c, "person.responsible", who->text);
	if (may(c, "edit"))
		block_change(b, c, at(c, "/edit"), "person.change_life");
}

static void
relations_block(struct composing *c, struct node *blocks)
{
	struct node *b = block(blocks, c, "family", "person.family");
	const struct node *list = of(c, "relations");

	for (const struct node *r = list == NULL ? NULL : list->first;
	    r != NULL; r = r->next) {
		struct node *one = item(b);
		text name = shown(c, node_find(r, "name"));

		if (name.n == 0)
			name = shown(c, node_find(r, "other.name"));
		if (name.n == 0)
			name = shown(c, node_find(r, "other.code"));
		node_add_text(one, "label", name);
		put(one, "note", node_find(r, "kind"));
		put(one, "state", node_find(r, "mandate"));
		if (may(c, "edit"))
			node_add_text(one, "href", child(c, "network", r,
			    "/edit"));
	}
	if (may(c, "edit"))
		block_add(b, c, at(c, "/network/new"), "person.add_relation");
	block_empty(b, c, "person.no_family");
}

static const char *
consent_kind(const struct node *state)
{
	if (state == NULL)
		return "";
	if (text_same(state->text, T("given")))
		return "done";
	return text_same(state->text, T("not_yet")) ? "warn" : "bad";
}

static void
consents_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "consents");
	struct node *b;

	if (list == NULL)
		return;
	b = block(blocks, c, "consents", "person.consents");
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		const struct node *state = node_find(n, "state");
		struct node *pair = pair_value(b, shown(c, node_find(n,
		    "purpose")), state);

		node_add_text(pair, "kind", text_of(consent_kind(state)));
		put(pair, "note", node_find(n, "given_on"));
		if (may(c, "consent"))
			node_add_text(pair, "href", child(c, "consents", n,
			    "/edit"));
	}
	if (may(c, "consent"))
		block_add(b, c, at(c, "/consents/new"),
		    "person.add_consent");
	block_empty(b, c, "person.no_consents");
}

static void
sensitive_block(struct composing *c, struct node *blocks)
{
	static const int fields[] = { PERSON_DEPENDANTS, PERSON_HEALTH,
		PERSON_PROTECTION, PERSON_SOCIAL, PERSON_RED_FLAGS,
		PERSON_OWN_WORDS };
	const struct node *from = of(c, "sensitive");
	struct node *b;

	if (from == NULL)
		return;
	b = block(blocks, c, "sensitive", "person.sensitive_block");
	for (size_t i = 0; i < LENGTH(fields); i++)
		pair_field(b, c, &entity_person, fields[i], from);
	if (may(c, "sensitive"))
		block_change(b, c, at(c, "/sensitive"),
		    "person.change_sensitive");
	block_empty(b, c, "person.no_sensitive");
}

static void
matters_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "matters");
	struct node *b = block(blocks, c, "matters", "person.matters");

	for (const struct node *m = list == NULL ? NULL : list->first;
	    m != NULL; m = m->next) {
		const struct node *code = node_find(m, "code");
		struct node *one = item(b);

		if (code != NULL)
			node_add_text(one, "href", href(c, "/matters/{}",
			    &code->text, 1));
		node_add_text(one, "label", arena_format(c->arena,
		    "%.*s · %.*s", (int)shown(c, code).n, shown(c, code).p,
		    (int)shown(c, node_find(m, "title")).n,
		    shown(c, node_find(m, "title")).p));
		put(one, "note", node_find(m, "type"));
		put(one, "day", node_find(m, "due_on"));
	}
	if (may(c, "matter"))
		block_add(b, c, arena_format(c->arena,
		    "/matters/new?person=%.*s", (int)code_text_of(c).n,
		    code_text_of(c).p), "person.add_matter");
	block_empty(b, c, "person.no_matters");
}

static void
notes_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "notes");
	struct node *b;

	if (list == NULL)
		return;
	b = block(blocks, c, "notes", "person.notes");
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		struct node *pair = pair_value(b, shown(c, node_find(n,
		    "at")), node_find(n, "text"));

		node_add_bool(pair, "lines", true);
		put(pair, "note", node_find(n, "kind"));
	}
	if (may(c, "notes"))
		block_add(b, c, at(c, "/notes/new"), "person.add_note");
	block_empty(b, c, "person.no_notes");
}

static void
tasks_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "tasks");
	struct node *b;

	if (list == NULL || list->n == 0)
		return;
	b = block(blocks, c, "tasks", "person.tasks");
	for (const struct node *t = list->first; t != NULL; t = t->next) {
		struct node *one = item(b);

		put(one, "label", node_find(t, "title"));
		put(one, "day", node_find(t, "due_on"));
		put(one, "state", node_find(t, "state"));
	}
}

static void
rail(struct composing *c)
{
	enum { LAST = 5 };
	struct node *list = node_add_list(c->page, "rail");
	const struct node *calls = of(c, "calls");
	struct node *b;
	int n = 0;

	if (calls == NULL)
		return;
	b = node_add_object(list, NULL);
	node_add_word(b, "title", "person.last_contacts");
	for (const struct node *k = calls->first; k != NULL && n < LAST;
	    k = k->next, n++) {
		struct node *one = item(b);

		put(one, "day", node_find(k, "at"));
		put(one, "label", node_find(k, "caller"));
		put(one, "note", node_find(k, "channel"));
	}
	block_empty(b, c, "person.no_contacts");
	if (may(c, "log"))
		block_add(b, c, at(c, "/contacts"), "person.log_call");
}

/* "Quechua chanka · 1970 aprox. · Lima", in one line. */
/* A thing that may be done, in a block of its own. */
static void
link_item(struct node *b, text address, const char *key)
{
	struct node *one = item(b);

	node_add_word(one, "label", key);
	node_add_text(one, "href", address);
}

/* May it be shredded, is that asked for, must it be kept? */
static void
keeping_block(struct composing *c, struct node *blocks)
{
	const struct node *person = of(c, "person");
	const struct node *asked = node_find(person, "erase_asked_at");
	bool held = node_true(node_find(person, "legal_hold"));
	struct node *b;
	text args[3];

	if (!may(c, "shred") && !may(c, "shred_approve") &&
	    !may(c, "hold") && !may(c, "hold_lift"))
		return;
	b = block(blocks, c, "shred", "shred.block");
	if (held) {
		pair_field(b, c, &entity_person, PERSON_LEGAL_HOLD_REASON,
		    person);
		if (may(c, "hold_lift"))
			link_item(b, at(c, "/hold/lift"),
			    "hold.lift.title");
	} else if (may(c, "hold")) {
		link_item(b, at(c, "/hold"), "hold.set.title");
	}
	if (asked == NULL || asked->kind != NODE_INSTANT ||
	    !asked->instant.known) {
		if (may(c, "shred") && !held)
			link_item(b, at(c, "/shred"), "shred.ask.title");
		block_empty(b, c, "shred.nothing");
		return;
	}
	args[0] = shown(c, node_find(person, "erase_asked_by_name"));
	args[1] = shown(c, asked);
	args[2] = shown(c, node_find(person, "erase_from"));
	node_add_text(pair_text(b, c, "shred.asked", say_with(c,
	    "shred.asked.text", args, 3)), "kind", T("warn"));
	pair_field(b, c, &entity_person, PERSON_ERASE_REASON, person);
	if (may(c, "shred_approve")) {
		link_item(b, at(c, "/shred/approve"),
		    "shred.approve.title");
		link_item(b, at(c, "/shred/refuse"),
		    "shred.refuse.title");
	}
	if (may(c, "shred"))
		link_item(b, at(c, "/shred/withdraw"),
		    "shred.withdraw.title");
}

static text
known(const struct composing *c)
{
	static const char *const parts[] = { "person.language",
		"person.birth_date", "person.department" };
	CLEANUP(buf_free) struct buf b = buf_new(KIB);

	for (size_t i = 0; i < LENGTH(parts); i++) {
		text t = shown(c, of(c, parts[i]));

		if (t.n == 0)
			continue;
		if (b.n > 0)
			buf_text(&b, T(" · "));
		buf_text(&b, t);
	}
	return arena_text(c->arena, buf_view(&b));
}

void
compose_person(struct composing *c)
{
	struct node *blocks;
	struct node *alarms;

	frame_person(c, "");
	put(c->page, "name", of(c, "name"));
	node_add_text(c->page, "known", known(c));
	alarms = node_add_list(c->page, "alarms");
	if (node_true(of(c, "damaged"))) {
		struct node *one = node_add_object(alarms, NULL);

		node_add_word(one, "text", "person.damaged");
		node_add_text(one, "kind", T("bad"));
	}
	if (may(c, "file"))
		node_add_text(c->page, "file", at(c, "/file"));
	next_section(c);
	call_section(c);
	blocks = node_add_list(c->page, "blocks");
	names_block(c, blocks);
	life_block(c, blocks);
	relations_block(c, blocks);
	matters_block(c, blocks);
	compose_custody_block(c, blocks);
	compose_documents_block(c, blocks);
	consents_block(c, blocks);
	sensitive_block(c, blocks);
	tasks_block(c, blocks);
	notes_block(c, blocks);
	keeping_block(c, blocks);
	rail(c);
}

/* A number that was asked to be shown. */
void
compose_number(struct composing *c)
{
	struct node *blocks = node_add_list(c->page, "blocks");
	struct node *b = block(blocks, c, "number", "number.title");
	const struct node *number = of(c, "number");

	frame_person(c, "-");
	node_add_word(c->page, "title", "number.title");
	pair_value(b, shown(c, node_find(number, "kind")),
	    node_find(number, "value"));
	if (of(c, "warning") != NULL) {
		struct node *w = node_add_object(node_add_list(c->page,
		    "warnings"), NULL);

		put(w, "text", of(c, "warning"));
		node_add_text(w, "kind", T("bad"));
	}
	block_change(b, c, at(c, ""), "number.back");
}
