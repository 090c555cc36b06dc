/*
 * Any bytes as a packed record: the first byte chooses the entity, the
 * second the class.  What opens must pack to the same values, show, and
 * print without breaking an assertion.  With 0xff first, the rest is typed
 * into every field of an entity instead, whole and as a list of its lines.
 *
 * Run from the top of the source, where data/codes.csv is.
 */
#include <stdlib.h>

#include "entity.h"

enum { ARENA = 32 * MIB, TYPED_FIRST = 0xff };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct codes *codes;

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void start(void)
{
	struct arena *a = arena_new(MIB);
	text said;

	must(a != NULL);
	must(is_ok(codes_open("data/codes.csv", a, &codes, &said)));
	arena_free(a);
}

static void print(struct arena *a, const struct entity *e, const void *row)
{
	static struct problems problems;
	struct node *root = node_object(a);

	problems.n = 0;
	entity_check(a, e, row, (1u << IN_CLASSES) - 1, "", codes,
	    &problems);
	entity_show(root, e, row, (1u << IN_CLASSES) - 1);
	must(is_ok(node_whole(root)));
	for (size_t i = 0; i < e->n; i++)
		must(text_is_utf8(field_write(a, &e->fields[i], row)));
}

static void packed(struct arena *a, const struct entity *e,
    enum in_class class, text plain)
{
	CLEANUP(buf_free) struct buf again = buf_new(RECORD_PLAIN_MAX);
	void *row = entity_new(a, e);
	void *back = entity_new(a, e);

	must(row != NULL && back != NULL);
	if (!is_ok(entity_unpack(a, e, class, plain, row)))
		return;
	print(a, e, row);
	must(is_ok(entity_pack(e, row, class, &again)));
	must(is_ok(entity_unpack(a, e, class, buf_view(&again), back)));
	for (size_t i = 0; i < e->n; i++)
		must(field_same(&e->fields[i], row, back));
}

static void typed(struct arena *a, const struct entity *e, const text *values,
    size_t n)
{
	static struct problems problems;
	void *row = entity_new(a, e);

	must(row != NULL);
	problems.n = 0;
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];
		struct typed t = { .by = i % 2 ? TYPED_IN_FORM :
			TYPED_IN_JSON, .today = day_of(2026, 11, 24),
			.name = T("x"), .values = values, .n = n };
		result got;

		if (f->kind == KIND_ID || f->kind == KIND_FILE)
			continue;
		got = field_read(a, codes, f, &t, row, &problems);
		must(error_family(got) != FAMILY_FAULT);
		must(is_ok(got) || field_empty(f, row));
	}
	print(a, e, row);
}

/* As one value, and as a list of its lines. */
static void both_ways(struct arena *a, const struct entity *e, text value)
{
	text line[8];
	text rest = value;
	size_t n = 0;

	typed(a, e, &value, 1);
	while (rest.n > 0 && n < LENGTH(line))
		line[n++] = text_cut(&rest, '\n');
	typed(a, e, line, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(ARENA);
	text rest;

	if (codes == NULL)
		start();
	if (a != NULL && n >= 2) {
		rest = (text){ (const char *)data + 2, n - 2 };
		if (data[0] == TYPED_FIRST)
			both_ways(a, entity_all[data[1] % ENTITIES], rest);
		else
			packed(a, entity_all[data[0] % ENTITIES],
			    (enum in_class)(IN_IDENTITY + data[1] % 5), rest);
	}
	arena_free(a);
	return 0;
}
