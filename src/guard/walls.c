/*
 * Walls: one user, one matter or person, and nothing gets through.  One
 * person puts a wall up, two take it down.
 */
#include "guard_inside.h"

#include <assert.h>

static result check_wall(struct op *op, struct wall *in)
{
	const struct member *a = member_of(op->office->guard, in->user_id);

	in->made_by = op->user;
	in->made_at = op->now;
	in->ended_by = (user_id){ 0 };
	in->ended_second = (user_id){ 0 };
	in->ended_at = (instant){ 0 };
	if (a == NULL)
		op_problem(op, "user_id", "guard.no_such_user");
	entity_check(op->arena, &entity_wall, in, 1u << IN_OFFICE, "",
	    op->office->codes, &op->problems);
	return op_problems(op);
}

result guard_wall(struct op *op, const struct reach *reach, struct wall *in)
{
	enum object_kind kind;
	id object;

	assert(reach != NULL && (reach->levels & LEVEL_WRITE) != 0);
	TRY(directory_ready(op));
	TRY(op_begin(op, TX_WRITE));
	kind = object_get(in->person_id, in->matter_id, &object);
	if (kind == OBJECT_NONE)
		return refuse(INVALID);
	TRY(object_covered(op, reach, kind, object));
	TRY(check_wall(op, in));
	if (walled_off(op->office->guard, in->user_id, kind, object))
		return refuse(CONFLICT);
	return facts_insert(op, guard_whole_office(op), &entity_wall, in);
}

result guard_end_wall(struct op *op, const struct reach *reach, id wall)
{
	enum object_kind kind;
	struct wall w;
	id object;

	assert(reach != NULL && (reach->levels & LEVEL_WRITE) != 0);
	TRY(directory_ready(op));
	TRY(op_begin(op, TX_WRITE));
	TRY(facts_get(op, guard_whole_office(op), &entity_wall, wall, &w));
	kind = object_get(w.person_id, w.matter_id, &object);
	if (kind == OBJECT_NONE)
		return fault(CORRUPT);
	/* Who is kept out by it does not even find it. */
	TRY(object_covered(op, reach, kind, object));
	if (w.ended_at.known)
		return refuse(CONFLICT);
	if (id_none(w.ended_by.raw)) {
		w.ended_by = op->user;
	} else if (id_same(w.ended_by.raw, op->user.raw)) {
		return refuse(FORBIDDEN);
	} else {
		w.ended_second = op->user;
		w.ended_at = op->now;
	}
	return facts_update(op, guard_whole_office(op), &entity_wall, &w);
}
