/* The sealed files that rows name. */
#include "facts_inside.h"

#include <stdlib.h>

size_t
facts_files(const struct entity *e, const void *row,
    const file_ref *ret[FILES_OF_ROW_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < e->n && n < FILES_OF_ROW_MAX; i++) {
		if (e->fields[i].kind == KIND_FILE &&
		    !field_empty(&e->fields[i], row))
			ret[n++] = (const void *)((const char *)row +
			    e->fields[i].at);
	}
	return n;
}

result
facts_unlink_files(struct op *op, const struct entity *e, const void *row)
{
	const file_ref *ref[FILES_OF_ROW_MAX];
	size_t n = facts_files(e, row, ref);

	for (size_t i = 0; i < n; i++)
		TRY(files_remove(op->office->folder, files_name(ref[i])));
	return OK;
}

struct walk {
	const struct entity *entity;
	result (*each)(void *self, const file_ref *ref);
	void *self;
};

static result
of_row(void *self, const void *row)
{
	const struct walk *w = self;
	const file_ref *ref[FILES_OF_ROW_MAX];
	size_t n = facts_files(w->entity, row, ref);

	/* What does not open may name a file all the same. */
	if (((const struct row *)row)->damaged != 0)
		return fault(SEALED_RECORD);
	for (size_t i = 0; i < n; i++)
		TRY(w->each(w->self, ref[i]));
	return OK;
}

static bool
has_files(const struct entity *e)
{
	for (size_t i = 0; i < e->n; i++) {
		if (e->fields[i].kind == KIND_FILE)
			return true;
	}
	return false;
}

result
facts_each_file(struct op *op, const struct reach *reach, void *self,
    result (*each)(void *self, const file_ref *ref))
{
	struct walk w = { .each = each, .self = self };

	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		w.entity = live_entities[i].entity;
		if (has_files(w.entity))
			TRY(facts_each(op, reach, w.entity, of_row, &w));
	}
	return OK;
}

/* ---- sweeping --------------------------------------------------------- */

struct names { file_name *at; size_t n, room; };

static result
add_name(void *self, const file_ref *ref)
{
	struct names *l = self;

	if (l->n == l->room) {
		size_t room = l->room == 0 ? 64 : 2 * l->room;
		file_name *at = realloc(l->at, room * sizeof(*at));

		NEED(at);
		l->at = at;
		l->room = room;
	}
	l->at[l->n++] = files_name(ref);
	return OK;
}

result
facts_sweep_files(struct op *op, const struct reach *reach)
{
	struct names l = { .at = malloc(sizeof(file_name)), .room = 1 };
	size_t removed;
	result all;
	result got;

	NEED(l.at);
	all = facts_each_file(op, reach, &l, add_name);
	got = files_sweep(op->office->folder, is_ok(all) ? l.at : NULL, l.n,
	    &removed);
	free(l.at);
	return is_ok(got) ? all : got;
}
