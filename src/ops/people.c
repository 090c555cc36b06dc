/* Lists and search: people, find, today. */
#include "ops_inside.h"

#include "desk.h"

static void
read_day(struct op *op, const char *input, day *ret)
{
	text typed = op_input(op, input);

	if (typed.n > 0 && !words_day_read(typed, op->today, ret))
		op_problem(op, input, "problem.day");
}

/* What any list may be asked by; a row declares which of it its list is. */
result
ops_list(struct op *op, const struct reach *reach)
{
	struct list_ask ask = { .sort = op_input(op, "sort"),
		.cursor = op_input(op, "cursor"),
		.state = op_input(op, "state"),
		.language = op_input(op, "language"),
		.department = op_input(op, "department"),
		.programme = op_input(op, "programme"),
		.type = op_input(op, "type"), .forum = op_input(op, "forum"),
		.which = op_input(op, "which") };
	int64_t limit = 0;

	(void)reach;
	if (op_input(op, "limit").n > 0 &&
	    (!text_integer(op_input(op, "limit"), &limit) || limit < 1 ||
	    limit > PAGE_ROWS_API_MAX))
		op_problem(op, "limit", "problem.limit");
	ask.limit = (int)limit;
	read_day(op, "from", &ask.from);
	read_day(op, "to", &ask.to);
	TRY(ops_input_id(op, "responsible", &entity_user,
	    &ask.responsible.raw));
	TRY(op_problems(op));
	TRY(op->row->list(op, &ask));
	return ops_form(op, NULL, 0);
}

/* A page's search is posted, so no name stands in an address; the session
 * keeps it and the list is found by its number. */
static result
run_find(struct op *op, const struct reach *reach)
{
	enum { FIND_MOST = 20 };
	text typed = op_input(op, "q");
	int64_t number;

	(void)reach;
	if (op->door == DOOR_PAGES && text_integer(typed, &number) &&
	    typed.n < 4)
		TRY(guard_query(op, (int)number, &typed));
	node_add_text(op->answer, "typed", typed);
	if (typed.n == 0)
		return OK;
	TRY(desk_find(op, typed, FIND_MOST,
	    node_add_list(op->answer, "people")));
	return desk_find_matters(op, typed, FIND_MOST,
	    node_add_list(op->answer, "matters"));
}

static result
run_find_post(struct op *op, const struct reach *reach)
{
	int number;

	(void)reach;
	TRY(guard_keep_query(op, op_input(op, "q"), &number));
	op->location = arena_format(op->arena, "/find?q=%d", number);
	return OK;
}

static result
run_today(struct op *op, const struct reach *reach)
{
	(void)reach;
	TRY(desk_today(op, op->answer));
	/* Whom to approve is asked who may. */
	if (guard_may(op, AREA_PEOPLE_SHRED, LEVEL_APPROVE, OBJECT_NONE,
	    (id){ 0 }))
		TRY(desk_shreddings(op, node_add_list(op->answer,
		    "shreddings")));
	return node_whole(op->answer);
}

/* Everything that one may open: the page composes it from the rows. */
static result
run_go(struct op *op, const struct reach *reach)
{
	(void)op;
	(void)reach;
	return OK;
}

static const struct in people_in[] = {
	IN(person, department, PERSON_DEPARTMENT),
	IN(person, language, PERSON_LANGUAGE),
	IN_AS(person, "responsible", PERSON_RESPONSIBLE, 0),
	IN_CODED("programme", KIND_CODE, "programme", "people.programme", 0),
	IN_OWN("state", KIND_TEXT, "people.state", IN_HIDDEN),
	IN_END
};
static const struct in matters_in[] = {
	IN(matter, type, MATTER_TYPE),
	IN_CODED("forum", KIND_CODE, "forum", "matters.forum", 0),
	IN_AS(matter, "responsible", MATTER_RESPONSIBLE, 0),
	IN_OWN("which", KIND_TEXT, "matters.which", IN_HIDDEN),
	IN_END
};
static const struct in find_in[] = {
	IN_OWN("q", KIND_TEXT, "find.q", 0),
	IN_END
};

const struct op_row people_ops[] = {
	{ .name = "person.list", .area = AREA_PEOPLE_FIND,
	  .need = LEVEL_READ, .page = "/people", .api = "GET /people",
	  .shell = "person list", .template = "list", .inputs = people_in,
	  .list = desk_people, .run = ops_list },
	{ .name = "matter.list", .area = AREA_MATTERS_LIST,
	  .need = LEVEL_READ, .page = "/matters", .api = "GET /matters",
	  .shell = "matter list", .template = "list", .inputs = matters_in,
	  .list = desk_matters, .run = ops_list },
	{ .name = "person.find", .area = AREA_PEOPLE_FIND,
	  .need = LEVEL_READ, .page = "/find", .api = "GET /find",
	  .shell = "person find", .template = "find", .inputs = find_in,
	  .run = run_find },
	{ .name = "person.search", .area = AREA_PEOPLE_FIND,
	  .need = LEVEL_READ, .page = "/find",
	  .flags = OP_CHANGES | OP_PAGE_ONLY, .inputs = find_in,
	  .run = run_find_post },
	{ .name = NULL }
};

const struct op_row today_ops[] = {
	{ .name = "today.show", .area = AREA_NONE, .page = "/today",
	  .api = "GET /today", .shell = "today", .template = "today",
	  .run = run_today },
	{ .name = "go.show", .area = AREA_NONE, .page = "/go",
	  .flags = OP_PAGE_ONLY, .template = "go", .run = run_go },
	{ .name = NULL }
};
