/* Tasks: of a person, of a matter, or of the office. */
#include "case.h"
#include "ops_inside.h"

#include "fields.h"

/* Where a task hangs: its row says so, and so does its page. */
static text
place_of(struct op *op, const struct task *t)
{
	if (!id_none(t->matter_id.raw))
		return ops_path(op, "/matters/{}", &t->matter_id.raw, 1);
	if (!id_none(t->person_id.raw))
		return ops_path(op, "/people/{}", &t->person_id.raw, 1);
	return T("/today");
}

/* ---- adding ----------------------------------------------------------- */

/* What hides, what is out of reach and what is not there read the same. */
static result
read_object(struct op *op, const char *input, const struct entity *e,
    enum level need, id *ret)
{
	enum object_kind kind = e == &entity_person ? OBJECT_PERSON :
	    OBJECT_MATTER;

	TRY(ops_input_id(op, input, e, ret));
	if (id_none(*ret) || guard_may(op, AREA_TASKS, need, kind, *ret))
		return OK;
	op_problem(op, input, "problem.no_such_row");
	*ret = (id){ 0 };
	return OK;
}

struct place { enum object_kind kind; id object; };

/* The matter wins where both are named, as it does for the key. */
static result
read_place(struct op *op, struct task *t, struct place *ret)
{
	bool both = op_input(op, "matter").n > 0;

	TRY(read_object(op, "person", &entity_person, both ? LEVEL_READ :
	    LEVEL_WRITE, &t->person_id.raw));
	TRY(read_object(op, "matter", &entity_matter, LEVEL_WRITE,
	    &t->matter_id.raw));
	*ret = (struct place){ OBJECT_NONE, { { 0 } } };
	if (!id_none(t->matter_id.raw))
		*ret = (struct place){ OBJECT_MATTER, t->matter_id.raw };
	else if (!id_none(t->person_id.raw))
		*ret = (struct place){ OBJECT_PERSON, t->person_id.raw };
	return OK;
}

static result
run_task_add(struct op *op, const struct reach *reach)
{
	struct task *t = entity_new(op->arena, &entity_task);
	struct place place;

	NEED(t);
	t->state = T("open");
	t->kind = T("other");
	t->responsible = op->user;
	TRY(read_place(op, t, &place));
	TRY(ops_fill(op, NULL, &entity_task, t));
	case_check_user(op, "responsible", t->responsible, place.kind,
	    place.object);
	TRY(op_problems(op));
	if (place.kind != OBJECT_NONE)
		TRY(guard_reach(op, AREA_TASKS, LEVEL_WRITE, place.kind,
		    place.object, &reach));
	TRY(facts_insert(op, reach, &entity_task, t));
	entity_show(node_add_object(op->answer, "task"), &entity_task, t,
	    reach->mask);
	op->location = place_of(op, t);
	return ops_commit(op, EVENT_TASK_ADDED, &entity_task, t->row.id);
}

static result
form_task_add(struct op *op, const struct reach *reach)
{
	TRY(ops_form_plain(op, reach));
	ops_propose(op, "kind", T("other"));
	ops_propose(op, "responsible",
	    arena_format(op->arena, "%s", code_of(op->user.raw).s));
	return node_whole(op->answer);
}

/* ---- done ------------------------------------------------------------- */

/* A task of the office is one's own, or is not there. */
static result
load(struct op *op, const struct reach *reach, struct task **ret)
{
	struct task *t = entity_new(op->arena, &entity_task);

	NEED(t);
	TRY(facts_get(op, reach, &entity_task, op->objects[0], t));
	if (reach->kind == OBJECT_NONE &&
	    !id_same(t->responsible.raw, op->user.raw))
		return refuse(NOT_FOUND);
	op->location = place_of(op, t);
	*ret = t;
	return OK;
}

static result
run_task_done(struct op *op, const struct reach *reach)
{
	struct task *t;

	TRY(load(op, reach, &t));
	if (!text_same(t->state, T("open"))) {
		op_problem(op, "", "problem.task_not_open");
		return refuse(INVALID);
	}
	t->state = T("done");
	t->done_by = op->user;
	t->done_at = op->now;
	TRY(facts_update(op, reach, &entity_task, t));
	entity_show(node_add_object(op->answer, "task"), &entity_task, t,
	    reach->mask);
	return ops_commit(op, EVENT_TASK_DONE, &entity_task,
	    op->objects[0]);
}

/* The button without its page: what it is about, and the button again. */
static result
form_task_done(struct op *op, const struct reach *reach)
{
	struct task *t;

	TRY(load(op, reach, &t));
	entity_show(node_add_object(op->answer, "task"), &entity_task, t,
	    reach->mask);
	return ops_form(op, NULL, 0);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in task_in[] = {
	IN(task, kind, TASK_KIND),
	IN_AS(task, "title", TASK_TITLE, IN_REQUIRED),
	IN(task, due_on, TASK_DUE_ON),
	IN_AS(task, "responsible", TASK_RESPONSIBLE, IN_REQUIRED),
	IN_OWN("person", KIND_TEXT, "task.person", 0),
	IN_OWN("matter", KIND_TEXT, "task.matter", 0),
	IN(task, note, TASK_NOTE),
	IN_END
};

const struct op_row task_ops[] = {
	{ .name = "task.add", .area = AREA_TASKS, .need = LEVEL_WRITE,
	  .object = OBJECT_NONE, .page = "/tasks/new", .api = "POST /tasks",
	  .shell = "task add", .flags = OP_CHANGES | OP_CREATES,
	  .inputs = task_in, .run = run_task_add, .form = form_task_add,
	  .back = "/today" },
	{ .name = "task.done", .area = AREA_TASKS, .need = LEVEL_WRITE,
	  .object = OBJECT_PERSON, .page = "/tasks/{task}/done",
	  .api = "POST /tasks/{task}/done", .shell = "task done",
	  .flags = OP_CHANGES, .run = run_task_done, .form = form_task_done },
	{ .name = NULL }
};
