/* What would be left without somebody if one of the office left. */
#include "desk_inside.h"

static const struct entity *const led_entity[LED_KINDS] = {
	[LED_PERSON] = &entity_person,
	[LED_MATTER] = &entity_matter,
	[LED_MATTER_DEPUTY] = &entity_matter,
	[LED_TERM] = &entity_deadline,
	[LED_TERM_DEPUTY] = &entity_deadline,
	[LED_TASK] = &entity_task,
	[LED_CALL] = &entity_contact_log,
	[LED_LEAD] = &entity_grant,
	[LED_GIVEN] = &entity_grant,
	[LED_WALL] = &entity_wall,
};

/* What hangs on a matter and a person is the matter's. */
static struct led read_led(struct row_set *rows)
{
	int64_t what = column_number(rows, "what");
	struct led l = { .row = column_id(rows, "row"),
		.object = column_id(rows, "matter"),
		.due = column_day(rows, "due_on", "due_on_p") };

	l.what = (enum led_what)what;
	l.entity = led_entity[what];
	l.kind = OBJECT_MATTER;
	if (id_none(l.object)) {
		l.object = column_id(rows, "person");
		l.kind = id_none(l.object) ? OBJECT_NONE : OBJECT_PERSON;
	}
	return l;
}

result desk_led(struct op *op, user_id user, struct led **ret, size_t *ret_n)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct led *list = arena_array(op->arena, LED_MAX, sizeof(*list));
	const struct arg args[] = {
		arg_id("user", user.raw),
		arg_number("now", op->now.ms),
	};
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got;

	NEED(list);
	TRY(desk_follow(op));
	TRY(view_begin(op, &v));
	TRY(store_query(v.tx, &sql_led, args, LENGTH(args), &rows));
	while (is_ok(got = row_next(rows, &there)) && there && n < LED_MAX)
		list[n++] = read_led(rows);
	row_end(&rows);
	TRY(got);
	if (there)
		return refuse(TOO_LARGE);
	*ret = list;
	*ret_n = n;
	return OK;
}
