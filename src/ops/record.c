#include "record.h"

/* The row that the path names last, and all of it that the asker may see. */
static result
load(struct op *op, const struct reach **reach, void **ret)
{
	const struct record *r = op->row->record;
	void *row = entity_new(op->arena, r->entity);

	NEED(row);
	if (r->also != AREA_NONE)
		TRY(guard_reach_also(op, *reach, r->also, LEVEL_READ, reach));
	TRY(facts_get(op, *reach, r->entity,
	    op->objects[op->objects_n - 1], row));
	*ret = row;
	return OK;
}

/* Under the object: by the first field that can name it. */
static void
hang(const struct reach *reach, const struct entity *e, void *row)
{
	const struct entity *home = ops_home_entity(reach->kind);

	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];

		if (home != NULL && f->of == home) {
			field_set_id(f, row, reach->object);
			return;
		}
	}
}

static result
begin(struct op *op, const struct reach *reach, void **ret)
{
	const struct record *r = op->row->record;
	void *row = entity_new(op->arena, r->entity);

	NEED(row);
	hang(reach, r->entity, row);
	entity_row(row)->open = r->entity->classes;
	if (r->begin != NULL)
		r->begin(op, row);
	*ret = row;
	return OK;
}

static result
save(struct op *op, const struct reach *reach, void *row)
{
	const struct record *r = op->row->record;

	if (r->save != NULL)
		return r->save(op, reach, row);
	return entity_row(row)->v == 0 ?
	    facts_insert(op, reach, r->entity, row) :
	    facts_update(op, reach, r->entity, row);
}

static result
keep(struct op *op, const struct reach *reach, void *row, enum event event)
{
	const struct record *r = op->row->record;
	const struct entity *home = ops_home_entity(reach->kind);

	if (r->decide != NULL)
		TRY(r->decide(op, reach, row));
	TRY(op_problems(op));
	TRY(save(op, reach, row));
	entity_show(node_add_object(op->answer, r->member), r->entity, row,
	    reach->mask);
	if (r->next != NULL)
		op->location = r->next(op, reach, row);
	return home != NULL ? ops_commit(op, event, home, reach->object) :
	    ops_commit(op, event, r->entity, entity_row(row)->id);
}

result
record_add(struct op *op, const struct reach *reach)
{
	const struct record *r = op->row->record;
	void *row;

	TRY(begin(op, reach, &row));
	TRY(ops_fill(op, reach, r->entity, row));
	return keep(op, reach, row, r->added);
}

result
record_edit(struct op *op, const struct reach *reach)
{
	const struct record *r = op->row->record;
	void *row;

	TRY(load(op, &reach, &row));
	TRY(ops_merge(op, reach, r->entity, row));
	return keep(op, reach, row, r->changed);
}

static result
form(struct op *op, const struct reach *reach, const void *row)
{
	const struct record *r = op->row->record;
	const struct filled from = { r->entity, row };

	TRY(ops_form(op, &from, 1));
	return r->offer != NULL ? r->offer(op, reach, row) : OK;
}

result
record_add_form(struct op *op, const struct reach *reach)
{
	void *row;

	TRY(begin(op, reach, &row));
	return form(op, reach, row);
}

result
record_edit_form(struct op *op, const struct reach *reach)
{
	void *row;

	TRY(load(op, &reach, &row));
	node_add_number(op->answer, "v", (int64_t)entity_row(row)->v);
	return form(op, reach, row);
}
