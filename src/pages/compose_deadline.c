/* The page of a term, of what an act may start, and of a term before it is
 * confirmed. */
#include "compose.h"
#include "compose_case.h"
#include "fields.h"

#include <string.h>

/* ---- what pages of a case share --------------------------------------- */

text
case_text(const struct node *of, const char *path)
{
	const struct node *n = node_find(of, path);

	return n == NULL || n->kind == NODE_NULL ? T("") : n->text;
}

bool
case_is(const struct node *of, const char *path, const char *code)
{
	return text_same(case_text(of, path), text_of(code));
}

text
case_left_kind(const struct composing *c, day due, day alarm)
{
	int32_t today = c->op->today.n;

	if (due.n < today)
		return T("bad");
	return alarm.known && alarm.n <= today ? T("warn") : T("done");
}

text
case_who(const struct composing *c, const struct node *of)
{
	text args[2] = { case_text(of, "responsible_name"),
		case_text(of, "deputy_name") };

	if (args[1].n == 0)
		return args[0];
	return say_with(c, "case.who", args, LENGTH(args));
}

text
case_joined(const struct composing *c, const text *parts, size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * KIB);

	for (size_t i = 0; i < n; i++) {
		if (parts[i].n == 0)
			continue;
		if (b.n > 0)
			buf_text(&b, T(" · "));
		buf_text(&b, parts[i]);
	}
	return arena_text(c->arena, buf_view(&b));
}

const struct node *
case_line(const struct node *deadline, const char *kind)
{
	const struct node *sheet = node_find(deadline, "sheet");
	const struct node *l = sheet == NULL ? NULL : sheet->first;

	while (l != NULL && !case_is(l, "kind", kind))
		l = l->next;
	return l;
}

text
case_why(const struct composing *c, const struct node *line)
{
	text why = shown(c, node_find(line, "why"));
	text name = case_text(line, "words");

	/* A Saturday needs no other name. */
	if (name.n == 0 || text_same(name, why))
		return why;
	return arena_format(c->arena, "%.*s: %.*s", (int)why.n, why.p,
	    (int)name.n, name.p);
}

/* A word of the law room with its number: "10 court days". */
static text
law_word(const struct composing *c, const char *family,
    const struct node *line)
{
	text code = case_text(line, "code");
	text key = arena_format(c->arena, "law.%s.%.*s", family, (int)code.n,
	    code.p);
	text number = shown(c, node_find(line, "number"));

	if (line == NULL || key.p == NULL)
		return T("");
	return say_with(c, key.p, &number, 1);
}

text
case_method(const struct composing *c, const struct node *deadline)
{
	return law_word(c, "count", case_line(deadline, "method"));
}

/* ---- the days --------------------------------------------------------- */

static struct node *
day_row(struct node *list, const struct node *line, const char *kind)
{
	struct node *row = node_add_object(list, NULL);

	put(row, "day", node_find(line, "day"));
	node_add_text(row, "kind", text_of(kind));
	return row;
}

static const struct node *
day_node(const struct node *of, const char *name)
{
	const struct node *n = node_find(of, name);

	return n != NULL && n->kind == NODE_DAY && n->day.known ? n : NULL;
}

static bool
last_day(const struct node *line, const struct node *due)
{
	const struct node *d = day_node(line, "day");

	return d != NULL && due != NULL && day_same(d->day, due->day);
}

/* One row of the table for one line of the sheet, where it is about a day
 * of the count; true when it was the last day. */
static bool
sheet_row(struct composing *c, struct node *list, const struct node *line,
    const struct node *due)
{
	struct node *row;

	if (case_is(line, "kind", "trigger")) {
		row = day_row(list, line, "off");
		node_add_text(row, "why", say(c, "deadline.trigger"));
		return false;
	}
	if (case_is(line, "kind", "skipped") ||
	    case_is(line, "kind", "box_skipped")) {
		row = day_row(list, line, "off");
		node_add_text(row, "why", case_why(c, line));
		return false;
	}
	if (case_is(line, "kind", "box_counted") ||
	    case_is(line, "kind", "effective")) {
		row = day_row(list, line, "off");
		node_add_text(row, "why", say(c,
		    case_is(line, "kind", "effective") ?
		    "deadline.effective" : "deadline.in_box"));
		return false;
	}
	if (case_is(line, "kind", "counted")) {
		bool last = last_day(line, due);

		row = day_row(list, line, last ? "done" : "");
		put(row, "n", node_find(line, "number"));
		if (last)
			node_add_text(row, "why", say(c,
			    "deadline.last_day"));
		return last;
	}
	if (case_is(line, "kind", "rolled")) {
		row = day_row(list, line, "off");
		node_add_text(row, "why", say(c, "deadline.rolled"));
	}
	return false;
}

static void
add_sheet(struct composing *c, const struct node *d)
{
	struct node *list = node_add_list(c->page, "sheet");
	const struct node *sheet = node_find(d, "sheet");
	const struct node *due = day_node(d, "due_on");
	bool ended = due == NULL;

	for (const struct node *l = sheet == NULL ? NULL : sheet->first;
	    l != NULL; l = l->next) {
		/* Terms in months or hours have no counted last day. */
		if (case_is(l, "kind", "due") && !ended) {
			struct node *row = day_row(list, l, "done");

			node_add_text(row, "why", say(c,
			    "deadline.last_day"));
			ended = true;
			continue;
		}
		ended = sheet_row(c, list, l, due) || ended;
	}
	node_add_text(c->page, "sheet_count", case_method(c, d));
}

static void
add_readings(struct composing *c, const struct node *d)
{
	struct node *list = node_add_list(c->page, "readings");
	const struct node *sheet = node_find(d, "sheet");

	for (const struct node *l = sheet == NULL ? NULL : sheet->first;
	    l != NULL; l = l->next) {
		struct node *one;

		if (!case_is(l, "kind", "reading"))
			continue;
		one = node_add_object(list, NULL);
		put(one, "title", node_find(l, "code"));
		put(one, "due", node_find(l, "day"));
		put(one, "why", node_find(l, "words"));
	}
}

/* What the law warns of, and who cannot open the case yet. */
static void
add_warnings(struct composing *c, const struct node *d)
{
	struct node *list = node_add_list(c->page, "changes");
	const struct node *sheet = node_find(d, "sheet");
	const struct node *outside = node_find(c->answer, "no_access");

	for (const struct node *l = sheet == NULL ? NULL : sheet->first;
	    l != NULL; l = l->next) {
		if (case_is(l, "kind", "warning"))
			node_add_text(node_add_object(list, NULL), "text",
			    law_word(c, "warning", l));
	}
	for (const struct node *u = outside == NULL ? NULL : outside->first;
	    u != NULL; u = u->next) {
		text name = shown(c, u);

		node_add_text(node_add_object(list, NULL), "text",
		    say_with(c, "case.no_access", &name, 1));
	}
}

/* ---- the page --------------------------------------------------------- */

static void
add_days(struct composing *c, const struct node *d)
{
	const struct node *due = day_node(d, "due_on");
	const struct node *alarm = day_node(d, "alarm_on");
	const struct node *original = day_node(d, "original_due_on");
	const struct node *hour = node_find(d, "due_at");
	text left[2];

	if (due == NULL) {
		node_add_text(c->page, "left", say(c, "deadline.never"));
		return;
	}
	put(c->page, "due", due);
	left[0] = days_left(c, due->day);
	left[1] = hour != NULL && hour->kind == NODE_INSTANT ?
	    shown(c, hour) : T("");
	node_add_text(c->page, "left", case_joined(c, left, LENGTH(left)));
	node_add_text(c->page, "left_kind", case_left_kind(c, due->day,
	    alarm == NULL ? (day){ 0 } : alarm->day));
	put(c->page, "alarm", alarm);
	if (original != NULL && !day_same(original->day, due->day))
		put(c->page, "original", original);
}

static void
add_rule(struct composing *c, const struct node *d)
{
	const struct node *rule = case_line(d, "rule");
	const struct node *confidence = case_line(d, "confidence");
	text served[2];

	node_add_text(c->page, "rule", case_text(d, "rule"));
	node_add_text(c->page, "rule_title", case_text(rule, "words"));
	node_add_text(c->page, "article", case_text(case_line(d, "basis"),
	    "words"));
	node_add_text(c->page, "version", case_text(case_line(d, "data"),
	    "code"));
	served[0] = shown(c, node_find(d, "served_by"));
	served[1] = shown(c, node_find(d, "trigger_on"));
	node_add_text(c->page, "served", case_joined(c, served, 2));
	node_add_text(c->page, "nature", case_method(c, d));
	if (confidence != NULL && !case_is(confidence, "code", "C"))
		node_add_text(c->page, "certainty", law_word(c,
		    "confidence", confidence));
}

static void
show_term(struct composing *c)
{
	const struct node *d = node_find(c->answer, "deadline");
	const struct node *rule = case_line(d, "rule");
	text matter = case_text(c->answer, "matter");
	bool running = case_is(d, "state", "running") ||
	    case_is(d, "state", "changed");

	node_add_text(c->page, "what", rule != NULL ?
	    case_text(rule, "words") : case_text(d, "title"));
	put(c->page, "state", node_find(d, "state"));
	node_add_text(c->page, "state_kind", running ? T("warn") : T("off"));
	add_days(c, d);
	add_rule(c, d);
	add_readings(c, d);
	add_sheet(c, d);
	add_warnings(c, d);
	node_add_text(c->page, "responsible", case_text(d,
	    "responsible_name"));
	node_add_text(c->page, "deputy", case_text(d, "deputy_name"));
	node_add_text(c->page, "matter_href", href(c, "/matters/{}", &matter,
	    1));
	node_add_text(c->page, "matter_code", matter);
	frame_matter(c, "-");
}

/* The term as it would be, and the button that keeps it. */
static void
confirm_term(struct composing *c)
{
	struct node *forms;

	compose_form(c);
	forms = node_add_list(c->page, "forms");
	node_move(forms, NULL, ops_member(c->page, "form"));
	show_term(c);
}

/* ---- what an act may start -------------------------------------------- */

static text
confirm_address(const struct composing *c, const struct node *proposal)
{
	text act = case_text(c->answer, "act.id");
	text choice = case_text(proposal, "choice");

	return arena_format(c->arena, "/acts/%.*s/deadlines/new?rule=%.*s",
	    (int)act.n, act.p, (int)choice.n, choice.p);
}

static void
heads(struct node *table_node)
{
	static const char *const keys[] = { "deadline.rule",
		"deadline.last_day", "deadline.left", "deadline.alarm",
		"deadline.article" };
	struct node *list = node_add_list(table_node, "columns");

	for (size_t i = 0; i < LENGTH(keys); i++)
		node_add_word(node_add_object(list, NULL), "label", keys[i]);
}

static struct node *
cell(struct node *cells, const char *label)
{
	struct node *one = node_add_object(cells, NULL);

	node_add_word(one, "label", label);
	return one;
}

static void
proposal_row(struct composing *c, struct node *rows,
    const struct node *proposal)
{
	struct node *row = node_add_object(rows, NULL);
	const struct node *due = day_node(proposal, "due_on");
	const struct node *at = node_find(proposal, "due_at");
	const struct node *alarm = day_node(proposal, "alarm_on");
	struct node *cells;
	struct node *left;

	put(row, "first", node_find(proposal, "name"));
	put(row, "note", node_find(proposal, "choice"));
	node_add_text(row, "href", confirm_address(c, proposal));
	cells = node_add_list(row, "cells");
	put(cell(cells, "deadline.last_day"), "value",
	    at != NULL && at->kind == NODE_INSTANT && at->instant.known ?
	    at : due);
	left = cell(cells, "deadline.left");
	if (due != NULL) {
		node_add_text(left, "value", days_left(c, due->day));
		node_add_text(left, "kind", case_left_kind(c, due->day,
		    alarm == NULL ? (day){ 0 } : alarm->day));
	}
	put(cell(cells, "deadline.alarm"), "value", alarm);
	put(cell(cells, "deadline.article"), "value",
	    node_find(proposal, "basis"));
}

static void
proposals_block(struct composing *c, struct node *blocks, bool usual)
{
	const struct node *list = node_find(c->answer, "proposals");
	struct node *t = NULL;
	struct node *rows = NULL;

	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next) {
		if (node_true(node_find(p, "usual")) != usual)
			continue;
		if (t == NULL) {
			t = node_add_object(block(blocks, c,
			    usual ? "usual" : "others", usual ?
			    "deadline.usual" : "deadline.others"), "table");
			node_add_word(t, "caption", usual ?
			    "deadline.usual_lead" : "deadline.others_lead");
			heads(t);
			rows = node_add_list(t, "rows");
		}
		proposal_row(c, rows, p);
	}
}

static void
link_to(struct node *actions, text address, const char *key)
{
	struct node *one = node_add_object(actions, NULL);

	node_add_text(one, "href", address);
	node_add_word(one, "label", key);
}

static void
show_proposals(struct composing *c)
{
	const struct node *act = node_find(c->answer, "act");
	text code = case_text(act, "id");
	text matter = case_text(c->answer, "matter");
	text lead[3] = { shown(c, node_find(act, "kind")),
		shown(c, node_find(act, "result")),
		shown(c, node_find(act, "day")) };
	struct node *actions;
	struct node *blocks;

	node_add_word(c->page, "title", "deadline.propose.title");
	node_add_text(c->page, "lead", case_joined(c, lead, LENGTH(lead)));
	blocks = node_add_list(c->page, "blocks");
	proposals_block(c, blocks, true);
	proposals_block(c, blocks, false);
	if (blocks == NULL || blocks->n == 0)
		block_empty(block(blocks, c, "none", "deadline.others"), c,
		    "deadline.nothing_starts");
	actions = node_add_list(c->page, "actions");
	link_to(actions, href(c, "/acts/{}/deadlines/new", &code, 1),
	    "deadline.other_rule");
	link_to(actions, href(c, "/acts/{}/edit", &code, 1),
	    "matter.change_act");
	link_to(actions, href(c, "/matters/{}", &matter, 1),
	    "matter.back");
	frame_matter(c, "-");
}

void
compose_deadline(struct composing *c)
{
	const char *op = c->op->row->name;

	if (strcmp(op, "deadline.show") == 0)
		show_term(c);
	else if (strcmp(op, "deadline.propose") == 0)
		show_proposals(c);
	else if (node_true(node_find(c->answer, "to_confirm")))
		confirm_term(c);
	else
		compose_form(c);
}
