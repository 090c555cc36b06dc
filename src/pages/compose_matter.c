/* The page of a matter, and the pages on which its conflict is decided. */
#include "compose.h"
#include "compose_case.h"
#include "fields.h"

#include <string.h>

/* On the matter's own page it is an object, beside it only its code. */
static text
code_of_matter(const struct composing *c)
{
	const struct node *code = of(c, "matter.id");

	if (code == NULL)
		code = of(c, "matter");
	return code == NULL ? T("") : code->text;
}

static text
at(const struct composing *c, const char *tail)
{
	text code = code_of_matter(c);

	return arena_format(c->arena, "/matters/%.*s%s", (int)code.n, code.p,
	    tail);
}

static text
child(const struct composing *c, const char *pattern, const struct node *row)
{
	text code = case_text(row, "id");

	return href(c, pattern, &code, 1);
}

static bool
may(const struct composing *c, const char *what)
{
	return node_true(node_find(of(c, "may"), what));
}

/* ---- identity bar and side navigation --------------------------------- */

/* The path is the matter's own, so its id may be asked about. */
static bool
path_is_matter(const struct composing *c)
{
	return c->op->objects_n > 0 && text_same(code_of_matter(c),
	    text_of(code_of(c->op->objects[0]).s));
}

void
frame_matter(struct composing *c, const char *current)
{
	static const struct { const char *tail, *key; enum area area;
		enum level need; } links[] = {
		{ "", "side.matter", AREA_MATTERS_FILE, LEVEL_READ },
		{ "/access", "side.access", AREA_ACCESS_GRANTS,
		  LEVEL_WRITE },
	};
	struct node *who = node_add_object(c->page, "who");
	struct node *side = node_add_list(c->page, "side");

	node_add_text(who, "href", at(c, ""));
	node_add_text(who, "code", code_of_matter(c));
	node_add_text(who, "name", case_text(of(c, "matter"), "title"));
	for (size_t i = 0; i < LENGTH(links); i++) {
		struct node *one;

		if (links[i].tail[0] != '\0' && (!path_is_matter(c) ||
		    !guard_may(c->op, links[i].area, links[i].need,
		    OBJECT_MATTER, c->op->objects[0])))
			continue;
		one = node_add_object(side, NULL);
		node_add_text(one, "href", at(c, links[i].tail));
		node_add_word(one, "label", links[i].key);
		node_add_bool(one, "current",
		    strcmp(links[i].tail, current) == 0);
	}
}

/* ---- head ------------------------------------------------------------- */

static void
head(struct composing *c)
{
	const struct node *m = of(c, "matter");
	const struct node *outcome = node_find(m, "outcome");
	const struct node *last = of(c, "proceedings");
	text known[3] = { shown(c, node_find(m, "type")) };

	last = last == NULL ? NULL : last->last;
	known[1] = shown(c, node_find(last, "forum"));
	known[2] = case_who(c, m);
	put(c->page, "title", node_find(m, "title"));
	node_add_text(c->page, "known", case_joined(c, known,
	    LENGTH(known)));
	if (outcome != NULL && outcome->kind == NODE_CODE) {
		put(c->page, "state", outcome);
		node_add_text(c->page, "state_kind", T("off"));
	} else if (of(c, "blocked") != NULL) {
		node_add_text(c->page, "state", say(c,
		    "matter.state.blocked"));
		node_add_text(c->page, "state_kind", T("bad"));
	} else {
		node_add_text(c->page, "state", say(c, "matter.state.open"));
		node_add_text(c->page, "state_kind", T("warn"));
	}
}

static void
alarms(struct composing *c)
{
	struct node *list = node_add_list(c->page, "alarms");
	text party = case_text(c->answer, "blocked.party");
	struct node *one;

	if (node_true(of(c, "damaged"))) {
		one = node_add_object(list, NULL);
		node_add_word(one, "text", "person.damaged");
		node_add_text(one, "kind", T("bad"));
	}
	if (of(c, "blocked") == NULL)
		return;
	one = node_add_object(list, NULL);
	node_add_word(one, "text", case_is(c->answer, "blocked.verdict",
	    "pending") ? "problem.conflict_pending" :
	    "problem.conflict_declined");
	node_add_text(one, "kind", T("bad"));
	if (!may(c, "conflict"))
		return;
	node_add_text(one, "href", href(c, "/parties/{}/conflict", &party,
	    1));
	node_add_word(one, "label", "conflict.decide.submit");
}

/* ---- the next term, and its days beside it ---------------------------- */

static void
next_term(struct composing *c)
{
	const struct node *d = of(c, "next");
	const struct node *due = node_find(d, "due_on");
	const struct node *alarm = node_find(d, "alarm_on");
	const struct node *hour = node_find(d, "due_at");
	text why[2] = { case_method(c, d),
		case_text(case_line(d, "basis"), "words") };
	struct node *next;

	if (due == NULL || due->kind != NODE_DAY || !due->day.known) {
		node_add_word(c->page, "nothing_next",
		    "matter.nothing_next");
		return;
	}
	next = node_add_object(c->page, "next");
	node_add_text(next, "what", case_text(case_line(d, "rule"),
	    "words"));
	put(next, "day", due);
	if (hour != NULL && hour->kind == NODE_INSTANT)
		node_add_text(next, "hour", shown(c, hour));
	node_add_text(next, "left", days_left(c, due->day));
	node_add_text(next, "kind", case_left_kind(c, due->day,
	    alarm == NULL ? (day){ 0 } : alarm->day));
	node_add_text(next, "why", case_joined(c, why, LENGTH(why)));
	node_add_text(next, "who", case_who(c, d));
	node_add_text(next, "href", child(c, "/deadlines/{}", d));
	node_add_word(next, "label", "matter.see_term");
}

/* "25/11/2026 – 27/11/2026": the run of counted days that starts at l. */
static text
run_of(struct composing *c, const struct node *l)
{
	const struct words *w = c->op->office->words;
	day first = node_find(l, "day")->day;
	day last = first;
	text from = words_day_short(w, c->lang, c->arena, first);
	text to;

	for (l = l->next; l != NULL && case_is(l, "kind", "counted");
	    l = l->next)
		last = node_find(l, "day")->day;
	if (day_same(first, last))
		return from;
	to = words_day_short(w, c->lang, c->arena, last);
	return arena_format(c->arena, "%.*s – %.*s", (int)from.n, from.p,
	    (int)to.n, to.p);
}

/* The days that count, run by run, and each skipped one with its reason. */
static void
days_beside(struct composing *c)
{
	const struct node *sheet = of(c, "next.sheet");
	struct node *beside = node_add_list(c->page, "beside");
	struct node *values = NULL;
	bool counting = false;
	struct node *b;

	if (sheet == NULL || sheet->first == NULL)
		return;
	b = block(beside, c, "days", "matter.days");
	for (const struct node *l = sheet->first; l != NULL; l = l->next) {
		bool counted = case_is(l, "kind", "counted");
		struct node *one;

		if (counted && !counting) {
			if (values == NULL)
				values = node_add_list(pair_value(b, say(c,
				    "matter.counted"), NULL), "values");
			node_add_text(values, NULL, run_of(c, l));
		} else if (case_is(l, "kind", "skipped")) {
			one = item(b);
			put(one, "day", node_find(l, "day"));
			node_add_text(one, "label", case_why(c, l));
			node_add_text(one, "kind", T("off"));
		}
		counting = counted;
	}
	block_change(b, c, child(c, "/deadlines/{}", of(c, "next")),
	    "matter.see_term");
}

static void
actions(struct composing *c)
{
	struct node *list = node_add_list(c->page, "actions");
	const struct node *proceedings = of(c, "proceedings");
	text code = code_of_matter(c);
	bool open = of(c, "blocked") == NULL;

	if (may(c, "edit") && open && proceedings != NULL &&
	    proceedings->n > 0)
		action(list, at(c, "/acts/new"), "matter.add_act");
	if (may(c, "edit"))
		action(list, at(c, "/proceedings/new"),
		    "matter.add_proceeding");
	if (may(c, "task"))
		action(list, arena_format(c->arena, "/tasks/new?matter=%.*s",
		    (int)code.n, code.p), "matter.add_task");
	if (may(c, "access"))
		action(list, at(c, "/access"), "side.access");
}

/* ---- blocks ----------------------------------------------------------- */

static text
term_kind(const struct composing *c, const struct node *d)
{
	const struct node *due = node_find(d, "due_on");
	const struct node *alarm = node_find(d, "alarm_on");

	if (!case_is(d, "state", "running") && !case_is(d, "state",
	    "changed"))
		return T("off");
	if (due == NULL || due->kind != NODE_DAY)
		return T("done");
	return case_left_kind(c, due->day, alarm == NULL ? (day){ 0 } :
	    alarm->day);
}

static void
terms_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "deadlines");
	struct node *b;

	if (list == NULL)
		return;
	b = block(blocks, c, "deadlines", "side.deadlines");
	for (const struct node *d = list->first; d != NULL; d = d->next) {
		struct node *one = item(b);
		text label[2] = { case_text(d, "rule"),
			case_text(case_line(d, "rule"), "words") };
		text note[2] = { case_who(c, d), case_method(c, d) };

		put(one, "day", node_find(d, "due_on"));
		node_add_text(one, "label", case_joined(c, label,
		    LENGTH(label)));
		node_add_text(one, "href", child(c, "/deadlines/{}", d));
		put(one, "state", node_find(d, "state"));
		node_add_text(one, "kind", term_kind(c, d));
		node_add_text(one, "note", case_joined(c, note,
		    LENGTH(note)));
	}
	block_empty(b, c, "matter.no_terms");
}

static const char *
verdict_kind(const struct node *party)
{
	if (case_is(party, "conflict_verdict", "pending"))
		return "warn";
	return case_is(party, "conflict_verdict", "decline") ? "bad" :
	    "done";
}

/* A registered person by code and, within reach, name. */
static text
party_label(const struct composing *c, const struct node *p)
{
	text parts[2] = { case_text(p, "person.code"),
		case_text(p, "person.name") };

	if (parts[0].n == 0)
		return case_text(p, "name");
	return case_joined(c, parts, LENGTH(parts));
}

static void
parties_block(struct composing *c, struct node *blocks)
{
	struct node *b = block(blocks, c, "parties", "side.parties");
	const struct node *list = of(c, "parties");

	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next) {
		text person = case_text(p, "person.code");
		text note[3] = { shown(c, node_find(p, "role")),
			shown(c, node_find(p, "side")),
			case_text(p, "conflict_reason") };
		struct node *one = item(b);

		node_add_text(one, "label", party_label(c, p));
		if (node_true(node_find(p, "person.within")))
			node_add_text(one, "href", href(c, "/people/{}",
			    &person, 1));
		node_add_text(one, "note", case_joined(c, note,
		    LENGTH(note)));
		put(one, "state", node_find(p, "conflict_verdict"));
		node_add_text(one, "kind", text_of(verdict_kind(p)));
	}
	if (may(c, "edit"))
		block_add(b, c, at(c, "/parties/new"), "matter.add_party");
	block_empty(b, c, "matter.no_parties");
}

/* Served how and when; and the other day that some source gives. */
static text
act_note(const struct composing *c, const struct node *act)
{
	text served[2] = { shown(c, node_find(act, "served_by")),
		shown(c, node_find(act, "deemed_served_on")) };
	text other[3] = { shown(c, node_find(act, "other_date_of")),
		shown(c, node_find(act, "other_date")),
		case_text(act, "other_source") };
	text parts[5] = { case_text(act, "number") };

	if (served[1].n == 0)
		served[1] = shown(c, node_find(act, "served_at"));
	if (served[0].n > 0)
		parts[1] = say_with(c, "matter.act_served", served,
		    LENGTH(served));
	parts[2] = case_text(act, "source");
	if (other[1].n > 0)
		parts[3] = say_with(c, "matter.act_other", other,
		    LENGTH(other));
	parts[4] = case_text(act, "path_note");
	return case_joined(c, parts, LENGTH(parts));
}

static void
act_item(struct composing *c, struct node *b, const struct node *act)
{
	struct node *one = item(b);
	text label[2] = { shown(c, node_find(act, "kind")),
		shown(c, node_find(act, "result")) };

	put(one, "day", node_find(act, "day"));
	node_add_text(one, "label", case_joined(c, label, LENGTH(label)));
	node_add_text(one, "note", act_note(c, act));
	if (may(c, "deadline"))
		node_add_text(one, "href", child(c, "/acts/{}/deadlines",
		    act));
	else if (may(c, "edit"))
		node_add_text(one, "href", child(c, "/acts/{}/edit", act));
}

static void
proceeding_block(struct composing *c, struct node *blocks,
    const struct node *p)
{
	static const int fields[] = { PROCEEDING_NUMBER, PROCEEDING_FORUM,
		PROCEEDING_REGIME, PROCEEDING_BODY, PROCEEDING_BODY_NAME,
		PROCEEDING_DISTRICT, PROCEEDING_ORIGIN_ID,
		PROCEEDING_STARTED_ON, PROCEEDING_ENDED_ON };
	text code = case_text(p, "id");
	struct node *b = block(blocks, c, arena_format(c->arena, "p-%.*s",
	    (int)code.n, code.p).p, "matter.proceeding");
	const struct node *acts = node_find(p, "acts");

	for (size_t i = 0; i < LENGTH(fields); i++)
		pair_field(b, c, &entity_proceeding, fields[i], p);
	for (const struct node *a = acts == NULL ? NULL : acts->first;
	    a != NULL; a = a->next)
		act_item(c, b, a);
	if (may(c, "edit")) {
		block_change(b, c, child(c, "/proceedings/{}/edit", p),
		    "matter.change_proceeding");
		if (of(c, "blocked") == NULL)
			block_add(b, c, at(c, "/acts/new"),
			    "matter.add_act");
	}
}

static void
facts_block(struct composing *c, struct node *blocks)
{
	static const int fields[] = { MATTER_TYPE, MATTER_OPENED_ON,
		MATTER_CLOSED_ON, MATTER_OUTCOME };
	struct node *b = block(blocks, c, "facts", "matter.facts");
	const struct node *m = of(c, "matter");

	for (size_t i = 0; i < LENGTH(fields); i++)
		pair_field(b, c, &entity_matter, fields[i], m);
	pair_text(b, c, "matter.who", case_who(c, m));
	if (may(c, "edit"))
		block_change(b, c, at(c, "/edit"), "matter.change_facts");
}

static void
tasks_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "tasks");
	struct node *b;

	if (list == NULL)
		return;
	b = block(blocks, c, "tasks", "matter.tasks");
	for (const struct node *t = list->first; t != NULL; t = t->next) {
		struct node *one = item(b);
		bool open = case_is(t, "state", "open");

		put(one, "day", node_find(t, "due_on"));
		put(one, "label", node_find(t, "title"));
		put(one, "state", node_find(t, "state"));
		node_add_text(one, "kind", open ? T("warn") : T("off"));
		put(one, "note", node_find(t, "responsible_name"));
		if (open && may(c, "task"))
			node_add_text(one, "href", child(c,
			    "/tasks/{}/done", t));
	}
	block_empty(b, c, "matter.no_tasks");
}

static void
team_block(struct composing *c, struct node *blocks)
{
	struct node *b = block(blocks, c, "team", "matter.team");
	const struct node *list = of(c, "team");

	for (const struct node *u = list == NULL ? NULL : list->first;
	    u != NULL; u = u->next) {
		struct node *one = item(b);

		put(one, "label", node_find(u, "name"));
		if (node_true(node_find(u, "leads")))
			node_add_word(one, "note", "matter.leads");
	}
}

static void
show_matter(struct composing *c)
{
	const struct node *proceedings = of(c, "proceedings");
	struct node *blocks;

	frame_matter(c, "");
	head(c);
	alarms(c);
	next_term(c);
	days_beside(c);
	actions(c);
	blocks = node_add_list(c->page, "blocks");
	terms_block(c, blocks);
	for (const struct node *p = proceedings == NULL ? NULL :
	    proceedings->first; p != NULL; p = p->next)
		proceeding_block(c, blocks, p);
	parties_block(c, blocks);
	compose_documents_block(c, blocks);
	tasks_block(c, blocks);
	facts_block(c, blocks);
	team_block(c, node_add_list(c->page, "rail"));
}

/* ---- conflict --------------------------------------------------------- */

/* A hit as it was found, or as it was frozen. */
static void
hit(struct composing *c, struct node *to, const struct node *found)
{
	const struct node *role = node_find(found, "quality");
	text person = case_text(found, "code");
	text matter = case_text(found, "matter");

	if (node_true(node_find(found, "ask"))) {
		node_add_text(to, "ask", shown(c, node_find(found, "ask")));
		return;
	}
	node_add_text(to, "code", person.n > 0 ? person : matter);
	if (role != NULL)
		node_add_text(to, "href", person.n > 0 ?
		    href(c, "/people/{}", &person, 1) :
		    href(c, "/matters/{}", &matter, 1));
	node_add_text(to, "role", shown(c, role != NULL ? role :
	    node_find(found, "role")));
	put(to, "day", node_find(found, "date"));
	if (node_find(found, "why") != NULL) {
		text why[2] = { case_text(found, "name"),
			shown(c, node_find(found, "why")) };

		node_add_text(to, "why", case_joined(c, why, LENGTH(why)));
	}
}

static void
new_matter(struct composing *c)
{
	const struct node *hits = of(c, "hits");
	struct node *list;

	compose_form(c);
	node_add_word(c->page, "intro", "matter_new.intro");
	node_add_bool(c->page, "checked", hits != NULL);
	node_add_bool(c->page, "clear", hits != NULL && hits->n == 0);
	list = node_add_list(c->page, "hits");
	for (const struct node *h = hits == NULL ? NULL : hits->first;
	    h != NULL; h = h->next)
		hit(c, node_add_object(list, NULL), h);
}

/* The hits above the form that decides upon them. */
static void
decide(struct composing *c)
{
	const struct node *hits = of(c, "hits");
	struct node *blocks;
	struct node *b;

	compose_form(c);
	if (of(c, "party") != NULL)
		node_add_text(c->page, "lead", party_label(c,
		    of(c, "party")));
	blocks = node_add_list(c->page, "blocks");
	b = block(blocks, c, "hits", "matter_new.hits");
	node_add_text(b, "kind", T("warn"));
	for (const struct node *h = hits == NULL ? NULL : hits->first;
	    h != NULL; h = h->next) {
		struct node *shape = node_object(c->arena);
		struct node *one = item(b);
		text ask;
		text label[2];

		hit(c, shape, h);
		ask = case_text(shape, "ask");
		label[0] = case_text(shape, "code");
		label[1] = case_text(shape, "role");
		node_add_text(one, "label", ask.n > 0 ? say_with(c,
		    "matter_new.ask", &ask, 1) : case_joined(c, label,
		    LENGTH(label)));
		put(one, "href", node_find(shape, "href"));
		put(one, "day", node_find(shape, "day"));
		put(one, "note", node_find(shape, "why"));
	}
	block_empty(b, c, "matter_new.clear");
	b = block(blocks, c, "decide", "conflict.decide.title");
	node_move(b, "form", ops_member(c->page, "form"));
	frame_matter(c, "-");
}

void
compose_matter(struct composing *c)
{
	const char *op = c->op->row->name;
	bool record = c->op->page != NULL &&
	    strcmp(c->op->page, "record") == 0;

	if (strcmp(op, "matter.show") == 0)
		show_matter(c);
	else if (strcmp(op, "matter.add") == 0)
		new_matter(c);
	else if (record)
		decide(c);
	else
		compose_form(c);
}
