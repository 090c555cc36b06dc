/*
 * Today: what is beyond its alarm, what falls due within 72 hours, whom to
 * call back, what to do.  Codes and days; a title only where the asker may
 * read it.
 */
#include "desk_inside.h"

enum { NEAR_DAYS = NEAR_HOURS / 24 };
static const int64_t near_ms = (int64_t)NEAR_HOURS * 60 * 60 * 1000;

/* ---- each of the three lists ------------------------------------------ */

static const struct list_kind terms = { .name = "terms",
	.up = &sql_terms_up, .place = &sql_terms_place,
	.before = &sql_terms_before, .touched = &sql_terms_touched };
static const struct list_kind backs = { .name = "backs",
	.up = &sql_backs_up, .place = &sql_backs_place,
	.before = &sql_backs_before, .touched = &sql_backs_touched };
static const struct list_kind tasks = { .name = "tasks",
	.up = &sql_tasks_up, .place = &sql_tasks_place,
	.before = &sql_tasks_before, .touched = &sql_tasks_touched };

static struct list_ask near_days(const struct op *op)
{
	return (struct list_ask){ .to = day_plus(op->today, NEAR_DAYS) };
}

/* Its rows in their order, at most one page of the API, each by `show`,
 * which is told the row and answers false when no more is wanted. */
static result show_rows(struct view *v, const struct list_kind *l,
    result (*show)(struct view *v, id row, struct node *to, bool *ret_more),
    struct node *to)
{
	const struct list_ask ask = near_days(v->op);
	const struct list_order upwards = { .name = T("") };
	const struct roll *roll;
	bool more = true;

	TRY(roll_get(v, l, &upwards, &ask, &roll));
	for (size_t i = 0; more && i < roll_length(roll) &&
	    i < PAGE_ROWS_API_MAX; i++)
		TRY(show(v, roll_at(roll, i), to, &more));
	return OK;
}

static result row_of(struct view *v, const struct statement *st,
    const struct arg *args, size_t n, struct row_set **ret, bool *ret_there)
{
	TRY(store_query(v->tx, st, args, n, ret));
	return row_next(*ret, ret_there);
}

/* ---- terms ------------------------------------------------------------ */

/* The alarm rings, or the last day is past and nothing was filed. */
static bool rings(const struct op *op, day alarm, day due, text state)
{
	if (text_same(state, T("filed")))
		return false;
	return (alarm.known && alarm.n <= op->today.n) ||
	    (due.known && due.n < op->today.n);
}

/* Its responsible has left, and nobody has taken it over. */
static bool orphan(struct row_set *rows)
{
	return column_number(rows, "orphan") != 0;
}

static void add_term(struct view *v, id deadline, struct row_set *rows,
    struct node *to)
{
	id matter = column_id(rows, "matter_id");
	day due = column_day(rows, "due_on", "due_on_p");
	day alarm = column_day(rows, "alarm_on", "alarm_on_p");
	text state = column_text(rows, "state");
	bool past = due.known && due.n < v->op->today.n &&
	    !text_same(state, T("filed"));

	node_add_short(to, "code", deadline);
	node_add_word(to, "kind", orphan(rows) ? "today.kind.orphan" :
	    past ? "today.kind.missed" :
	    rings(v->op, alarm, due, state) ? "today.kind.alarm" :
	    "today.kind.deadline");
	node_add_bool(to, "orphan", orphan(rows));
	node_add_day(to, "day", due);
	node_add_day(to, "alarm_on", alarm);
	node_add_instant(to, "at", column_instant(rows, "due_at"));
	add_known_code(to, "state", "deadline_state", state);
	add_known_code(to, "nature", "deadline_nature",
	    column_text(rows, "nature"));
	node_add_short(to, "matter", matter);
	node_add_bool(to, "mine", column_number(rows, "mine") != 0);
	add_user(v, to, "responsible", "responsible_name",
	    column_id(rows, "responsible"));
	/* Who sees only that there is a term cannot open it. */
	if (column_null(rows, "title") ||
	    !view_may(v, SEE_TERMS, OBJECT_MATTER, matter))
		return;
	node_add_text(to, "title", column_text(rows, "title"));
	node_add_text(to, "href", object_path(v->op->arena, "deadlines",
	    deadline));
}

/* `to` has the lists `alarms` and `deadlines`. */
static result show_term(struct view *v, id deadline, struct node *to,
    bool *ret_more)
{
	const struct arg arg = arg_id("id", deadline);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret_more = true;
	got = row_of(v, &sql_today_term, &arg, 1, &rows, &there);
	if (is_ok(got) && there) {
		bool loud = orphan(rows) || rings(v->op,
		    column_day(rows, "alarm_on", "alarm_on_p"),
		    column_day(rows, "due_on", "due_on_p"),
		    column_text(rows, "state"));

		add_term(v, deadline, rows, node_add_object(loud ?
		    to->first : to->first->next, NULL));
	}
	row_end(&rows);
	return got;
}

static result add_terms(struct view *v, struct node *to)
{
	struct node *both = node_object(v->op->arena);
	struct node *alarms = node_add_list(both, "alarms");
	struct node *others = node_add_list(both, "deadlines");

	TRY(node_whole(both));
	TRY(show_rows(v, &terms, show_term, both));
	node_move(to, "alarms", alarms);
	node_move(to, "deadlines", others);
	return OK;
}

/* ---- call-backs ------------------------------------------------------- */

static void add_call(struct view *v, id call, struct row_set *rows,
    struct node *to)
{
	id person = column_id(rows, "person_id");
	instant at = column_instant(rows, "call_back_at");

	node_add_short(to, "code", person);
	node_add_word(to, "kind", at.ms < v->op->now.ms ?
	    "today.kind.call_overdue" : "today.kind.call");
	node_add_day(to, "day", instant_day(at));
	node_add_instant(to, "at", at);
	node_add_short(to, "call", call);
	add_known_code(to, "caller", "caller", column_text(rows, "caller"));
	add_known_code(to, "channel", "contact_channel",
	    column_text(rows, "channel"));
	node_add_bool(to, "mine", column_number(rows, "mine") != 0);
	node_add_text(to, "href", arena_format(v->op->arena,
	    "/people/%s/contacts", code_of(person).s));
}

/* They come in the order of their moments: after one that is not near none
 * is. */
static result show_call(struct view *v, id call, struct node *to,
    bool *ret_near)
{
	const struct arg args[] = {
		arg_id("id", call),
		arg_number("until", v->op->now.ms + near_ms),
	};
	struct row_set *rows = NULL;
	struct node *one = NULL;
	id person = { 0 };
	result got;

	*ret_near = false;
	got = row_of(v, &sql_today_call, args, LENGTH(args), &rows,
	    ret_near);
	if (is_ok(got) && *ret_near) {
		one = node_add_object(to, NULL);
		person = column_id(rows, "person_id");
		add_call(v, call, rows, one);
	}
	row_end(&rows);
	TRY(got);
	return *ret_near ? add_called_in_view(v, one, "person", person) : OK;
}

/* ---- tasks ------------------------------------------------------------ */

static void add_task(struct view *v, id task, struct row_set *rows,
    struct node *to)
{
	id person = column_id(rows, "person_id");
	id matter = column_id(rows, "matter_id");
	day due = column_day(rows, "due_on", "due_on_p");
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

static result show_task(struct view *v, id task, struct node *to,
    bool *ret_more)
{
	const struct arg arg = arg_id("id", task);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret_more = true;
	got = row_of(v, &sql_today_task, &arg, 1, &rows, &there);
	if (is_ok(got) && there)
		add_task(v, task, rows, node_add_object(to, NULL));
	row_end(&rows);
	return got;
}

result desk_today(struct op *op, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	const struct list_order upwards = { .name = T("") };
	const struct list_ask ask = near_days(op);

	TRY(view_begin(op, &v));
	TRY(list_ask_put(&v, &upwards, &ask));
	TRY(add_terms(&v, to));
	TRY(show_rows(&v, &backs, show_call, node_add_list(to, "calls")));
	TRY(show_rows(&v, &tasks, show_task, node_add_list(to, "tasks")));
	return node_whole(to);
}

/* ---- requests to shred ------------------------------------------------- */

result desk_shreddings(struct op *op, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	const struct arg most = arg_number("most", PAGE_ROWS_API_MAX);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(view_begin(op, &v));
	TRY(store_query(v.tx, &sql_shreddings, &most, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct node *one = node_add_object(to, NULL);
		id person = column_id(rows, "id");
		instant at = column_instant(rows, "erase_asked_at");

		node_add_short(one, "code", person);
		node_add_word(one, "kind", "today.kind.shred");
		node_add_day(one, "day", instant_day(at));
		node_add_instant(one, "asked_at", at);
		add_user(&v, one, "asked_by", "asked_by_name",
		    column_id(rows, "erase_asked_by"));
		node_add_text(one, "href", arena_format(op->arena,
		    "/people/%s#shred", code_of(person).s));
	}
	row_end(&rows);
	return got;
}
