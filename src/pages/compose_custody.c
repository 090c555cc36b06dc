/* Custody: what was served, each day once, and the periods it comes from. */
#include "compose.h"
#include "compose_case.h"
#include "said.h"

#include <string.h>

static text
at(const struct composing *c, const char *tail)
{
	text code = case_text(c->answer, "person.code");

	if (code.n == 0)
		code = case_text(c->answer, "person.id");
	return arena_format(c->arena, "/people/%.*s/custody%s", (int)code.n,
	    code.p, tail);
}

/* The prison, the other place, or what kind of custody it was. */
static text
place(const struct composing *c, const struct node *period)
{
	text prison = shown(c, node_find(period, "prison"));
	text other = case_text(period, "place");

	return prison.n > 0 ? prison : other.n > 0 ? other :
	    shown(c, node_find(period, "kind"));
}

static text
until(const struct composing *c, const struct node *to)
{
	return to == NULL || to->kind != NODE_DAY ? say(c, "custody.now") :
	    shown(c, to);
}

/* "Other recorded end: …, by …; 1,715 days": both sources stand side by
 * side. */
static text
other_end(const struct composing *c, const struct node *period)
{
	text args[3] = { shown(c, node_find(period, "other_to_on")),
		case_text(period, "other_source"),
		said_days(c->op, node_find(period, "other_days")) };

	if (args[0].n == 0)
		return T("");
	return say_with(c, "custody.other_end", args, LENGTH(args));
}

/* ---- periods ---------------------------------------------------------- */

static void
heads(struct node *t)
{
	static const struct { const char *label; bool number; } columns[] = {
		{ "custody.place", false }, { "custody.kind", false },
		{ "custody.since", false }, { "custody.to", false },
		{ "custody.length", true }, { "custody.source", false },
	};
	struct node *list = node_add_list(t, "columns");

	for (size_t i = 0; i < LENGTH(columns); i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_word(one, "label", columns[i].label);
		node_add_bool(one, "number", columns[i].number);
	}
}

static void
cell(struct node *cells, const char *label, text value)
{
	struct node *one = node_add_object(cells, NULL);

	node_add_word(one, "label", label);
	node_add_text(one, "value", value);
	node_add_bool(one, "number",
	    strcmp(label, "custody.length") == 0);
}

static void
period_row(struct composing *c, struct node *rows, const struct node *p)
{
	struct node *row = node_add_object(rows, NULL);
	text code = case_text(p, "id");
	struct node *cells;

	node_add_text(row, "first", place(c, p));
	node_add_text(row, "note", other_end(c, p));
	if (node_true(of(c, "may_write")))
		node_add_text(row, "href", href(c, "/detentions/{}/edit",
		    &code, 1));
	cells = node_add_list(row, "cells");
	cell(cells, "custody.kind", shown(c, node_find(p, "kind")));
	cell(cells, "custody.since", shown(c, node_find(p, "from_on")));
	cell(cells, "custody.to", until(c, node_find(p, "to_on")));
	cell(cells, "custody.length", said_days(c->op, node_find(p,
	    "days")));
	cell(cells, "custody.source", case_text(p, "source"));
}

static void
periods(struct composing *c)
{
	const struct node *list = of(c, "custody.periods");
	struct node *t = node_add_object(c->page, "periods");
	struct node *rows;

	node_add_word(t, "caption", "custody.periods");
	node_add_text(t, "count_text", said_days(c->op, of(c,
	    "custody.served")));
	node_add_word(t, "empty", "custody.none");
	heads(t);
	rows = node_add_list(t, "rows");
	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next)
		period_row(c, rows, p);
}

/* ---- what was served -------------------------------------------------- */

static void
end_of(struct composing *c, struct node *dates, const char *label,
    const struct node *on, text note)
{
	struct node *one;

	if (on == NULL || on->kind != NODE_DAY)
		return;
	one = node_add_object(dates, NULL);
	node_add_text(one, "label", say(c, label));
	put(one, "day", on);
	node_add_text(one, "note", note);
}

/* The end, and the one that another source gives. */
static void
ends(struct composing *c, struct node *clock)
{
	struct node *dates = node_add_list(clock, "dates");
	const struct node *runs = of(c, "custody.runs");
	const struct node *list = of(c, "custody.periods");
	const struct node *to = runs == NULL || runs->last == NULL ? NULL :
	    node_find(runs->last, "to");
	text other[2] = { said_days(c->op, of(c, "custody.other_served")) };

	/* Who is still held has no last day. */
	if (to != NULL && to->kind == NODE_DAY && to->day.known)
		end_of(c, dates, "custody.to", to, T(""));
	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next) {
		other[1] = case_text(p, "other_source");
		end_of(c, dates, "custody.other", node_find(p,
		    "other_to_on"), case_joined(c, other, LENGTH(other)));
	}
}

/* Periods that touch, as one: what the sum is made of. */
static void
runs_table(struct composing *c, struct node *clock)
{
	const struct node *runs = of(c, "custody.runs");
	struct node *t;
	struct node *rows;

	if (runs == NULL || runs->n < 2)
		return;
	t = node_add_object(clock, "steps");
	node_add_word(t, "caption", "custody.runs");
	rows = node_add_list(t, "columns");
	node_add_word(node_add_object(rows, NULL), "label", "custody.since");
	node_add_word(node_add_object(rows, NULL), "label", "custody.to");
	node_add_word(node_add_object(rows, NULL), "label",
	    "custody.length");
	rows = node_add_list(t, "rows");
	for (const struct node *r = runs->first; r != NULL; r = r->next) {
		struct node *row = node_add_object(rows, NULL);
		struct node *cells;

		put(row, "first", node_find(r, "from"));
		cells = node_add_list(row, "cells");
		cell(cells, "custody.to", until(c, node_find(r, "to")));
		cell(cells, "custody.length", shown(c, node_find(r,
		    "days")));
	}
}

static void
served(struct composing *c)
{
	struct node *clocks = node_add_list(c->page, "clocks");
	const struct node *list = of(c, "custody.periods");
	const struct node *cannot = of(c, "custody.cannot");
	struct node *clock;

	if (list == NULL || list->first == NULL)
		return;
	clock = node_add_object(clocks, NULL);
	node_add_text(clock, "title", say(c, "custody.served"));
	node_add_text(clock, "kind", node_true(of(c, "custody.open")) ?
	    T("warn") : T("off"));
	put(clock, "from", node_find(list->first, "from_on"));
	node_add_text(clock, "basis", say(c, "custody.once"));
	if (cannot != NULL) {
		node_add_text(clock, "cannot", shown(c, cannot));
		return;
	}
	node_add_text(clock, "state", said_days(c->op, of(c,
	    "custody.served")));
	ends(c, clock);
	if (node_true(of(c, "custody.estimated")))
		node_add_text(clock, "certainty", say(c,
		    "custody.estimated"));
	runs_table(c, clock);
}

/* Two periods that share days, unless the day is that of a transfer. */
static void
overlaps(struct composing *c)
{
	struct node *alarms = node_add_list(c->page, "alarms");
	const struct node *list = of(c, "custody.overlaps");

	for (const struct node *o = list == NULL ? NULL : list->first;
	    o != NULL; o = o->next) {
		struct node *one;
		text args[3];

		if (node_true(node_find(o, "transfer")))
			continue;
		args[0] = words_count(c->op->office->words, c->lang,
		    c->arena, "custody.days.n",
		    node_find(o, "days")->number);
		args[1] = shown(c, node_find(o, "from"));
		args[2] = shown(c, node_find(o, "to"));
		one = node_add_object(alarms, NULL);
		node_add_text(one, "text", say_with(c, "custody.overlap",
		    args, LENGTH(args)));
		node_add_text(one, "kind", T("warn"));
	}
}

void
compose_custody(struct composing *c)
{
	struct node *actions;
	struct node *one;

	frame_person(c, "/custody");
	overlaps(c);
	served(c);
	periods(c);
	node_add_word(node_add_object(c->page, "credits"), "empty",
	    "custody.no_credits");
	actions = node_add_list(c->page, "actions");
	if (!node_true(of(c, "may_write")))
		return;
	one = node_add_object(actions, NULL);
	node_add_text(one, "href", at(c, "/new"));
	node_add_word(one, "label", "custody.add");
}

/* ---- on a person's page ----------------------------------------------- */

void
compose_custody_block(struct composing *c, struct node *blocks)
{
	const struct node *list = of(c, "custody.periods");
	struct node *b;

	if (of(c, "custody") == NULL)
		return;
	b = block(blocks, c, "custody", "custody.title");
	if (of(c, "custody.cannot") != NULL)
		pair_text(b, c, "custody.served", shown(c,
		    of(c, "custody.cannot")));
	else if (list != NULL && list->first != NULL)
		pair_text(b, c, "custody.served", said_days(c->op,
		    of(c, "custody.served")));
	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next) {
		struct node *one = item(b);
		text label[2] = { place(c, p),
			said_days(c->op, node_find(p, "days")) };
		text note[2] = { until(c, node_find(p, "to_on")),
			other_end(c, p) };

		put(one, "day", node_find(p, "from_on"));
		node_add_text(one, "label", case_joined(c, label,
		    LENGTH(label)));
		node_add_text(one, "note", case_joined(c, note,
		    LENGTH(note)));
	}
	block_change(b, c, at(c, ""), "custody.open_page");
	block_empty(b, c, "custody.none");
}
