#include "desk_inside.h"

static void add_call(struct view *v, struct row_set *rows, struct node *to)
{
	node_add_instant(to, "at", column_instant(rows, "at"));
	add_known_code(to, "direction", "direction",
	    column_text(rows, "direction"));
	add_known_code(to, "channel", "contact_channel",
	    column_text(rows, "channel"));
	add_known_code(to, "caller", "caller", column_text(rows, "caller"));
	if (view_may(v, SEE_IDENTITY, OBJECT_PERSON,
	    column_id(rows, "person_id")))
		node_add_text(to, "caller_name",
		    column_text(rows, "caller_name"));
	add_known_code(to, "mandate", "mandate",
	    column_text(rows, "mandate"));
	add_user(v, to, "taken_by", "taken_by_name",
	    column_id(rows, "taken_by"));
	node_add_instant(to, "call_back_at", column_instant(rows,
	    "call_back_at"));
	add_user(v, to, "call_back_by", "call_back_by_name",
	    column_id(rows, "call_back_by"));
	add_known_code(to, "call_back_state", "task_state",
	    column_text(rows, "call_back_state"));
}

static result show_call(struct view *v, id call, struct node *to)
{
	const struct arg arg = arg_id("id", call);
	struct row_set *rows = NULL;
	struct node *one = node_add_object(to, NULL);
	bool there = false;
	id person = { 0 };
	result got;

	TRY(store_query(v->tx, &sql_call_one, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		person = column_id(rows, "person_id");
		node_add_short(one, "code", call);
		add_call(v, rows, one);
	}
	row_end(&rows);
	TRY(got);
	return there ? add_called_in_view(v, one, "person", person) : OK;
}

result desk_calls(struct op *op, const struct list_ask *ask)
{
	static const char *const sorts[] = { "-at", "call_back_at", NULL };
	static const struct list_kind calls = { .name = "calls",
		.kind = "contact_log", .sorts = sorts, .up = &sql_calls_up,
		.down = &sql_calls_down, .place = &sql_calls_place,
		.before = &sql_calls_before, .touched = &sql_calls_touched,
		.show = show_call };

	return list_page(op, &calls, ask);
}
