/*
 * Today: what is beyond its alarm, what falls due within 72 hours, whom to
 * call back, what to do.  Codes and days; a title only where the asker may
 * read it.
 */
#include "desk_inside.h"

enum { NEAR_DAYS = NEAR_HOURS / 24 };
static const int64_t near_ms = (int64_t)NEAR_HOURS * 60 * 60 * 1000;

/* ---- terms ------------------------------------------------------------ */

/* The alarm rings, or the last day is past and nothing was filed. */
static bool rings(const struct op *op, day alarm, day due, text state)
{
	if (text_same(state, T("filed")))
		return false;
	return (alarm.known && alarm.n <= op->today.n) ||
	    (due.known && due.n < op->today.n);
}

static void add_term(struct view *v, struct row_set *rows, struct node *to)
{
	id deadline = column_id(rows, "id");
	day due = column_day(rows, "due_on", "due_on_p");
	day alarm = column_day(rows, "alarm_on", "alarm_on_p");
	text state = column_text(rows, "state");
	bool past = due.known && due.n < v->op->today.n &&
	    !text_same(state, T("filed"));

	node_add_short(to, "code", deadline);
	node_add_word(to, "kind", past ? "today.kind.missed" :
	    rings(v->op, alarm, due, state) ? "today.kind.alarm" :
	    "today.kind.deadline");
	node_add_day(to, "day", due);
	node_add_day(to, "alarm_on", alarm);
	node_add_instant(to, "at", column_instant(rows, "due_at"));
	add_known_code(to, "state", "deadline_state", state);
	add_known_code(to, "nature", "deadline_nature",
	    column_text(rows, "nature"));
	node_add_short(to, "matter", column_id(rows, "matter_id"));
	node_add_bool(to, "mine", column_number(rows, "mine") != 0);
	add_user(v, to, "responsible", "responsible_name",
	    column_id(rows, "responsible"));
	/* Who sees only that there is a term cannot open it. */
	if (column_null(rows, "title"))
		return;
	node_add_text(to, "title", column_text(rows, "title"));
	node_add_text(to, "href", object_path(v->op->arena, "deadlines",
	    deadline));
}

static result add_terms(struct view *v, struct node *to)
{
	const struct arg args[] = {
		arg_number("until", v->op->today.n + NEAR_DAYS),
		arg_number("most", PAGE_ROWS_API_MAX),
	};
	struct node *alarms = node_add_list(to, "alarms");
	struct node *others = node_add_list(to, "deadlines");
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(v->tx, &sql_today_terms, args, LENGTH(args), &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		bool loud = rings(v->op,
		    column_day(rows, "alarm_on", "alarm_on_p"),
		    column_day(rows, "due_on", "due_on_p"),
		    column_text(rows, "state"));

		add_term(v, rows, node_add_object(loud ? alarms : others,
		    NULL));
	}
	row_end(&rows);
	return got;
}

/* ---- call-backs ------------------------------------------------------- */

struct pending { id person; struct node *node; };

static void add_call(struct view *v, struct row_set *rows, struct node *to)
{
	id person = column_id(rows, "person_id");
	instant at = column_instant(rows, "call_back_at");

	node_add_short(to, "code", person);
	node_add_word(to, "kind", at.ms < v->op->now.ms ?
	    "today.kind.call_overdue" : "today.kind.call");
	node_add_day(to, "day", instant_day(at));
	node_add_instant(to, "at", at);
	node_add_short(to, "call", column_id(rows, "id"));
	add_known_code(to, "caller", "caller", column_text(rows, "caller"));
	add_known_code(to, "channel", "contact_channel",
	    column_text(rows, "channel"));
	node_add_bool(to, "mine", column_number(rows, "mine") != 0);
	node_add_text(to, "href", arena_format(v->op->arena,
	    "/people/%s/contacts", code_of(person).s));
}

static result add_calls(struct view *v, struct node *to)
{
	const struct arg args[] = {
		arg_number("until", v->op->now.ms + near_ms),
		arg_number("most", PAGE_ROWS_API_MAX),
	};
	struct node *calls = node_add_list(to, "calls");
	struct pending list[PAGE_ROWS_API_MAX];
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got = OK;

	TRY(store_query(v->tx, &sql_today_calls, args, LENGTH(args), &rows));
	while (n < LENGTH(list) && is_ok(got = row_next(rows, &there)) &&
	    there) {
		list[n].person = column_id(rows, "person_id");
		list[n].node = node_add_object(calls, NULL);
		add_call(v, rows, list[n++].node);
	}
	row_end(&rows);
	TRY(got);
	for (size_t i = 0; i < n; i++)
		TRY(add_called_in_view(v, list[i].node, "person",
		    list[i].person));
	return OK;
}

/* ---- tasks ------------------------------------------------------------ */

static void add_task(struct view *v, struct row_set *rows, struct node *to)
{
	id person = column_id(rows, "person_id");
	id matter = column_id(rows, "matter_id");
	day due = column_day(rows, "due_on", "due_on_p");
	id task = column_id(rows, "id");
	text path;

	node_add_short(to, "code", task);
	add_known_code(to, "kind", "task_kind", column_text(rows, "kind"));
	node_add_text(to, "title", column_text(rows, "title"));
	node_add_day(to, "day", due);
	node_add_bool(to, "overdue", due.known && due.n < v->op->today.n);
	node_add_bool(to, "mine", column_number(rows, "mine") != 0);
	add_user(v, to, "responsible", "responsible_name",
	    column_id(rows, "responsible"));
	if (!id_none(matter)) {
		node_add_short(to, "matter", matter);
		path = object_path(v->op->arena, "matters", matter);
	} else if (!id_none(person)) {
		node_add_short(to, "person", person);
		path = object_path(v->op->arena, "people", person);
	} else {
		/* Of nobody: there is only its end to go to. */
		path = arena_format(v->op->arena, "/tasks/%s/done",
		    code_of(task).s);
	}
	node_add_text(to, "href", path);
}

static result add_tasks(struct view *v, struct node *to)
{
	const struct arg args[] = {
		arg_number("until", v->op->today.n + NEAR_DAYS),
		arg_number("most", PAGE_ROWS_API_MAX),
	};
	struct node *tasks = node_add_list(to, "tasks");
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(v->tx, &sql_today_tasks, args, LENGTH(args), &rows));
	while (is_ok(got = row_next(rows, &there)) && there)
		add_task(v, rows, node_add_object(tasks, NULL));
	row_end(&rows);
	return got;
}

result desk_today(struct op *op, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };

	TRY(view_begin(op, &v));
	TRY(add_terms(&v, to));
	TRY(add_calls(&v, to));
	TRY(add_tasks(&v, to));
	return node_whole(to);
}
