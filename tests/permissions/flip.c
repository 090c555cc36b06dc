/*
 * The office with one thing turned over in what it permits, so that the
 * test of permissions can show that it would see it.  Linked around
 * area_levels and ops_next of an office that is otherwise the same objects:
 *
 *     ALAS_FLIP=need:person.show:2	an operation needs another level
 *     ALAS_FLIP=cell:custody:4		a role may all or, where it might
 *					something, nothing
 */
#include "ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct area_levels __real_area_levels(enum area area, uint32_t roles);
struct area_levels __wrap_area_levels(enum area area, uint32_t roles);
const struct op_row *__real_ops_next(const struct op_row *after);
const struct op_row *__wrap_ops_next(const struct op_row *after);

struct flip { char kind[8], name[64]; unsigned number; bool known; };

static struct flip
flip_asked(void)
{
	struct flip f = { .known = false };
	const char *s = getenv("ALAS_FLIP");

	f.known = s != NULL &&
	    sscanf(s, "%7[a-z]:%63[a-z_.-]:%u", f.kind, f.name,
	    &f.number) == 3;
	return f;
}

static bool
asked(const struct flip *f, const char *kind, text name)
{
	return f->known && strcmp(f->kind, kind) == 0 &&
	    text_same(name, text_of(f->name));
}

struct area_levels
__wrap_area_levels(enum area area, uint32_t roles)
{
	static const uint8_t all = LEVEL_META | LEVEL_READ | LEVEL_WRITE |
	    LEVEL_APPROVE;
	struct flip f = flip_asked();
	struct area_levels l = __real_area_levels(area, roles);
	uint32_t role = f.number == ROLE_GUEST ? 0 : 1u << f.number;

	if (!asked(&f, "cell", text_of(area_facts(area)->name)) ||
	    (role == 0 ? roles != 0 : (roles & role) == 0))
		return l;
	if ((l.near | l.far | l.granted) != 0)
		return (struct area_levels){ 0 };
	return (struct area_levels){ all, all, all };
}

/* The flipped row stands in the place of the true one. */
const struct op_row *
__wrap_ops_next(const struct op_row *after)
{
	static const struct op_row *original;
	static struct op_row flipped;
	const struct op_row *row = __real_ops_next(after == &flipped ?
	    original : after);
	struct flip f = flip_asked();

	if (row == NULL || !asked(&f, "need", text_of(row->name)))
		return row;
	original = row;
	flipped = *row;
	flipped.need = (enum level)f.number;
	return &flipped;
}
