#include "ops_inside.h"

#include <string.h>

static const char *
display(struct op *op, const struct field *f, const void *row)
{
	text t;

	if (f->kind == KIND_CODE)
		t = codes_label(op->office->codes, f->codes,
		    field_write(op->arena, f, row), op->lang);
	else if (f->kind == KIND_ID && f->of == &entity_user)
		t = guard_user_name(op->office->guard,
		    (user_id){ field_id(f, row) });
	else if (f->kind == KIND_ID)
		t = field_write(op->arena, f, row);
	else
		t = field_typed(op->arena, op->office->words, op->lang, f,
		    row);
	return arena_text(op->arena, t).p;
}

static void
add_conflict(struct op *op, struct node *list, const struct in *in,
    const void *before, const void *theirs, const void *mine)
{
	const struct field *f = &in->entity->fields[in->field];
	struct node *one = node_add_object(list, NULL);

	node_add_text(one, "name", arena_format(op->arena, "take_%s",
	    in->name));
	node_add_text(one, "label", text_of(f->label[op->lang]));
	node_add_text(one, "before", text_of(display(op, f, before)));
	node_add_text(one, "theirs", text_of(display(op, f, theirs)));
	node_add_text(one, "yours", text_of(display(op, f, mine)));
}

/* Everything that the next try posts again: merged values, and mine where
 * the other changed the same field. */
static void
add_kept(struct op *op, struct node *list, const struct in *in,
    const void *row)
{
	const struct field *f = &in->entity->fields[in->field];
	text all = field_typed(op->arena, op->office->words, op->lang, f,
	    row);
	text one;

	if (f->kind == KIND_ID)
		all = field_write(op->arena, f, row);
	do {
		struct node *hidden = node_add_object(list, NULL);

		one = f->kind == KIND_CODES ? text_cut(&all, ' ') : all;
		node_add_text(hidden, "name", text_of(in->name));
		node_add_text(hidden, "kind", T("hidden"));
		node_add_text(hidden, "value", one);
	} while (f->kind == KIND_CODES && all.n > 0);
}

/* Three-way: what I changed goes in unless they changed it otherwise. */
static size_t
merge_fields(struct op *op, const struct entity *e, const void *before,
    const void *mine, void *row)
{
	struct node *list = node_add_list(op->answer, "conflicts");
	struct node *kept = node_add_list(op->answer, "keep");
	size_t conflicts = 0;

	for (const struct in *in = op->row->inputs; in->name != NULL; in++) {
		const struct field *f;

		if (in->entity != e)
			continue;
		f = &e->fields[in->field];
		if (field_same(f, before, mine) || field_same(f, mine, row)) {
			add_kept(op, kept, in, row);
			continue;
		}
		add_kept(op, kept, in, mine);
		if (!field_same(f, before, row)) {
			add_conflict(op, list, in, before, row, mine);
			conflicts++;
			continue;
		}
		field_copy(f, mine, row);
	}
	return conflicts;
}

/* Nobody changes what he may not see. */
static bool
closed_given(const struct op *op, const struct entity *e,
    const struct row *row)
{
	for (const struct in *in = op->row->inputs; in->name != NULL; in++) {
		if (in->entity == e && op_given(op, in->name) &&
		    !ops_opened(&e->fields[in->field], row))
			return true;
	}
	return false;
}

result
ops_merge(struct op *op, const struct reach *reach, const struct entity *e,
    void *row)
{
	void *before = entity_new(op->arena, e);
	void *mine = entity_new(op->arena, e);
	const struct row *head = row;

	NEED(before);
	NEED(mine);
	if (closed_given(op, e, head))
		return refuse(FORBIDDEN);
	if (op->version == head->v)
		return ops_fill(op, reach, e, row);
	if (op->door != DOOR_PAGES)
		return refuse(STALE);
	if (op->version > head->v)
		return refuse(BAD_REQUEST);
	TRY(facts_get_at(op, reach, e, head->id, op->version, before));
	memcpy(mine, before, e->size);
	TRY(ops_fill(op, reach, e, mine));
	TRY(op_problems(op));
	if (merge_fields(op, e, before, mine, row) > 0) {
		node_add_number(op->answer, "v", (int64_t)head->v);
		return refuse(CONFLICT);
	}
	return OK;
}
