#include "op.h"

#include <assert.h>
#include <string.h>

static struct input *
input_named(const struct op *op, const char *name)
{
	for (size_t i = 0; i < op->inputs_n; i++) {
		if (text_same(op->inputs[i].name, text_of(name)))
			return &op->inputs[i];
	}
	return NULL;
}

text
op_input(struct op *op, const char *name)
{
	struct input *in = input_named(op, name);

	if (in == NULL)
		return T("");
	in->used = true;
	return in->n == 0 ? T("") : text_trim(in->values[0]);
}

bool
op_given(const struct op *op, const char *name)
{
	return input_named(op, name) != NULL;
}

const struct input *
op_inputs(struct op *op, const char *name)
{
	struct input *in = input_named(op, name);

	if (in != NULL)
		in->used = true;
	return in;
}

void
op_problem(struct op *op, const char *name, const char *key)
{
	problem_add(&op->problems, text_of(name), key, NULL, 0);
}

result
op_problems(const struct op *op)
{
	return op->problems.n == 0 ? OK : refuse(INVALID);
}

result
op_read_fields(struct op *op, const struct entity *e, const char *prefix,
    const int *fields, size_t n, void *row)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &e->fields[fields[i]];
		text name = arena_format(op->arena, "%s%s", prefix, f->name);
		const struct input *in;
		struct typed typed;
		result got;

		NEED(name.p);
		in = op_inputs(op, name.p);
		if (in == NULL || f->kind == KIND_ID)
			continue;
		typed = (struct typed){
			.by = op->door == DOOR_PAGES ? TYPED_IN_FORM :
			    TYPED_IN_JSON,
			.today = op->today, .name = name,
			.values = in->values, .n = in->n,
		};
		got = field_read(op->arena, op->office->codes, f, &typed, row,
		    &op->problems);
		if (error_family(got) == FAMILY_FAULT)
			return got;
	}
	return OK;
}

/* In a transaction that has only just begun. */
static result
catch_up(struct op *op)
{
	const struct office *o = op->office;

	if (op->looks || !keyring_open(o->keyring) ||
	    store_engine(o->store) == ENGINE_SQLITE)
		return OK;
	if (store_reconnected(o->store) != o->looked_at)
		return refuse(UNAVAILABLE);
	return o->catch_up == NULL ? OK : o->catch_up(op);
}

result
op_begin(struct op *op, enum tx_kind kind)
{
	result got;

	if (op->tx != NULL)
		return kind == TX_WRITE && op->tx_kind == TX_READ ?
		    fault(BUG) : OK;
	op->tx_kind = kind;
	TRY(tx_begin(op->office->store, kind, &op->tx));
	got = catch_up(op);
	if (!is_ok(got))
		tx_abort(&op->tx);
	return got;
}

void
op_abort(struct op *op)
{
	tx_abort(&op->tx);
	op_made_gone(op);
	op_forget_effects(op);
}

result
op_key_made(struct op *op, enum purpose kind, id key, uint32_t epoch)
{
	if (op->made == NULL)
		op->made = arena_array(op->arena, TOUCHED_MAX,
		    sizeof(*op->made));
	if (op->made == NULL || op->made_n == TOUCHED_MAX) {
		keyring_drop_one(op->office->keyring, kind, key, epoch);
		return op->made == NULL ? fault(NO_MEMORY) :
		    refuse(TOO_LARGE);
	}
	op->made[op->made_n++] = (struct made_key){ kind, key, epoch };
	return OK;
}

result
op_file_made(struct op *op, const file_ref *ref)
{
	if (op->filed == NULL)
		op->filed = arena_array(op->arena, FILED_MAX,
		    sizeof(*op->filed));
	if (op->filed == NULL || op->filed_n == FILED_MAX) {
		ignore(files_remove(op->office->folder, files_name(ref)),
		    "an orphan, which the next unsealing removes");
		return op->filed == NULL ? fault(NO_MEMORY) :
		    refuse(TOO_LARGE);
	}
	op->filed[op->filed_n++] = files_name(ref);
	return OK;
}

void
op_made_kept(struct op *op)
{
	op->made_n = 0;
	op->filed_n = 0;
}

void
op_made_gone(struct op *op)
{
	for (size_t i = 0; i < op->made_n; i++)
		keyring_drop_one(op->office->keyring, op->made[i].kind,
		    op->made[i].key, op->made[i].epoch);
	for (size_t i = 0; i < op->filed_n; i++)
		ignore(files_remove(op->office->folder, op->filed[i]),
		    "an orphan, which the next unsealing removes");
	op->made_n = 0;
	op->filed_n = 0;
}

void
op_forget_effects(struct op *op)
{
	op->touched_n = 0;
	op->changes_n = 0;
	op->leaf.there = false;
}

id
op_new_id(struct op *op)
{
	id i;

	op->office->chance->fill(op->office->chance->self, i.b, sizeof(i.b));
	return i;
}

result
op_touch_room(struct op *op, size_t most)
{
	struct touched *more;

	if (most <= op->touched_room)
		return OK;
	more = arena_array(op->arena, most, sizeof(*more));
	NEED(more);
	if (op->touched_n > 0)
		memcpy(more, op->touched, op->touched_n * sizeof(*more));
	op->touched = more;
	op->touched_room = most;
	return OK;
}

result
op_touch(struct op *op, const struct touched *t)
{
	if (op->touched == NULL)
		TRY(op_touch_room(op, TOUCHED_MAX));
	if (op->touched_n == op->touched_room)
		return refuse(TOO_LARGE);
	op->touched[op->touched_n++] = *t;
	return OK;
}

void
op_change(struct op *op, const struct change *c)
{
	if (op->changes == NULL)
		op->changes = arena_array(op->arena, CHANGES_MAX,
		    sizeof(*op->changes));
	if (op->changes == NULL || op->changes_n == CHANGES_MAX)
		return;
	op->changes[op->changes_n++] = *c;
}
