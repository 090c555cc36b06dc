#include "entity.h"

#include <assert.h>
#include <string.h>

const struct entity *
entity_named(text name)
{
	for (size_t i = 0; i < ENTITIES; i++) {
		if (text_same(text_of(entity_all[i]->name), name))
			return entity_all[i];
	}
	return NULL;
}

const struct field *
entity_field(const struct entity *e, text name)
{
	for (size_t i = 0; i < e->n; i++) {
		if (text_same(text_of(e->fields[i].name), name))
			return &e->fields[i];
	}
	return NULL;
}

struct row *
entity_row(void *row)
{
	return row;
}

void *
entity_new(struct arena *a, const struct entity *e)
{
	return arena_take(a, e->size);
}

/* Where a field lives; the tables know each field's type by its kind. */
static const void *
place(const struct field *f, const void *row)
{
	return (const char *)row + f->at;
}

static void *
place_to_write(const struct field *f, void *row)
{
	return (char *)row + f->at;
}

static size_t
kind_size(enum field_kind kind)
{
	switch (kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_DIGITS:
		return sizeof(text);
	case KIND_CODES:
		return sizeof(texts);
	case KIND_INTEGER:
	case KIND_MINUTES:
		return sizeof(whole);
	case KIND_BOOLEAN:
		return sizeof(yesno);
	case KIND_DAY:
		return sizeof(day);
	case KIND_INSTANT:
		return sizeof(instant);
	case KIND_MONEY:
		return sizeof(money);
	case KIND_RATE:
		return sizeof(rate);
	case KIND_ID:
		return sizeof(id);
	case KIND_FILE:
		return sizeof(file_ref);
	}
	return 0;
}

id
field_id(const struct field *f, const void *row)
{
	id i;

	assert(f->kind == KIND_ID);
	memcpy(&i, place(f, row), sizeof(i));
	return i;
}

void
field_set_id(const struct field *f, void *row, id i)
{
	assert(f->kind == KIND_ID);
	memcpy(place_to_write(f, row), &i, sizeof(i));
}

bool
field_empty(const struct field *f, const void *row)
{
	const void *p = place(f, row);

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_DIGITS:
		return ((const text *)p)->n == 0;
	case KIND_CODES:
		return ((const texts *)p)->n == 0;
	case KIND_INTEGER:
	case KIND_MINUTES:
		return !((const whole *)p)->known;
	case KIND_BOOLEAN:
		return !((const yesno *)p)->known;
	case KIND_DAY:
		return !((const day *)p)->known;
	case KIND_INSTANT:
		return !((const instant *)p)->known;
	case KIND_MONEY:
		return ((const money *)p)->currency[0] == '\0';
	case KIND_RATE:
		return !((const rate *)p)->known;
	case KIND_ID:
		return id_none(field_id(f, row));
	case KIND_FILE:
		return !((const file_ref *)p)->known;
	}
	return true;
}

static bool
texts_same(const texts *a, const texts *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!text_same(a->p[i], b->p[i]))
			return false;
	}
	return true;
}

bool
field_same(const struct field *f, const void *a, const void *b)
{
	const void *p = place(f, a);
	const void *q = place(f, b);

	if (field_empty(f, a) || field_empty(f, b))
		return field_empty(f, a) == field_empty(f, b);
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_DIGITS:
		return text_same(*(const text *)p, *(const text *)q);
	case KIND_CODES:
		return texts_same(p, q);
	case KIND_INTEGER:
	case KIND_MINUTES:
		return ((const whole *)p)->value == ((const whole *)q)->value;
	case KIND_BOOLEAN:
		return ((const yesno *)p)->value == ((const yesno *)q)->value;
	case KIND_DAY:
		return day_same(*(const day *)p, *(const day *)q);
	case KIND_INSTANT:
		return ((const instant *)p)->ms == ((const instant *)q)->ms;
	case KIND_MONEY:
		return ((const money *)p)->minor == ((const money *)q)->minor &&
		    memcmp(((const money *)p)->currency,
		    ((const money *)q)->currency, 3) == 0;
	case KIND_RATE:
		return ((const rate *)p)->mantissa ==
		    ((const rate *)q)->mantissa &&
		    ((const rate *)p)->scale == ((const rate *)q)->scale;
	case KIND_ID:
		return id_same(field_id(f, a), field_id(f, b));
	case KIND_FILE:
		return memcmp(((const file_ref *)p)->sealed_sha256,
		    ((const file_ref *)q)->sealed_sha256, 32) == 0;
	}
	return false;
}

void
field_copy(const struct field *f, const void *from, void *to)
{
	memcpy(place_to_write(f, to), place(f, from), kind_size(f->kind));
}

void
field_clear(const struct field *f, void *row)
{
	memset(place_to_write(f, row), 0, kind_size(f->kind));
}

void
problem_add(struct problems *p, text field, const char *key,
    const text *args, size_t n)
{
	struct problem *at;

	if (p->n == ERRORS_MAX)
		return;
	at = &p->at[p->n++];
	*at = (struct problem){ .field = field, .key = key };
	for (size_t i = 0; i < n && i < LENGTH(at->args); i++)
		at->args[at->args_n++] = args[i];
}

void
problem_add_bounds(struct problems *p, text field, const char *key,
    int64_t least, int64_t most)
{
	if (p->n == ERRORS_MAX)
		return;
	p->at[p->n++] = (struct problem){ .field = field, .key = key,
	    .bounded = true, .least = least, .most = most };
}

bool
problem_has(const struct problems *p, text field)
{
	for (size_t i = 0; i < p->n; i++) {
		if (text_same(p->at[i].field, field))
			return true;
	}
	return false;
}
