#include "desk.h"

#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 4 * MIB, SEED = 20261124 };

int desk_open(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	assert_non_null(d->arena = arena_new(OP_ARENA_MAX));
	assert_true(is_ok(law_open("data", d->arena, &d->law, NULL)));
	d->asker = (struct asker){ .arena = d->arena, .law = d->law,
	    .no = &d->no };
	*state = d;
	return 0;
}

int desk_close(void **state)
{
	struct desk *d = *state;

	law_close(d->law);
	arena_free(d->arena);
	free(d);
	return 0;
}

static json_t *as_json(const struct node *n)
{
	struct buf out = buf_new(OUT_MAX);
	json_error_t error;
	json_t *v;

	node_json(n, &out);
	assert_false(out.failed);
	v = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, &error);
	buf_free(&out);
	assert_non_null(v);
	return v;
}

json_t *desk_ask(struct desk *d, const char *kind, const char *json)
{
	struct arena_mark mark = arena_mark(d->arena);
	const struct asking_kind *k = calc_kind_named(text_of(kind));
	struct calc_answered answered;
	json_t *v = NULL;
	result r;

	assert_non_null(k);
	r = calc_ask(k, &d->asker, text_of(json), &answered);
	if (is_ok(r)) {
		v = as_json(answered.answer);
		arena_rewind(d->arena, mark);
		return v;
	}
	/* Whatever is refused says where, and why in words. */
	assert_int_equal(r.code, E_INVALID);
	assert_true(d->no.detail.n > 0);
	assert_true(text_is_utf8(d->no.pointer) || d->no.pointer.n == 0);
	return NULL;
}

void desk_refused(struct desk *d, const char *kind, const char *json,
    const char *pointer, const char *code)
{
	json_t *v = desk_ask(d, kind, json);

	if (v != NULL || !text_same(d->no.pointer, text_of(pointer)) ||
	    strcmp(refusal_name(d->no.code), code) != 0)
		fail_msg("%s %s: %s", kind, json, v != NULL ? "answered" :
		    arena_format(d->arena, "%.*s %s", (int)d->no.pointer.n,
		    d->no.pointer.p, refusal_name(d->no.code)).p);
}

/* Knuth's MMIX multiplier; the high bits are the good ones. */
uint32_t chance_below(struct chance *c, uint32_t n)
{
	c->state = c->state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)((c->state >> 33) % n);
}

struct chance chance_begin(void)
{
	const char *set = getenv("ALAS_TEST_SEED");
	uint64_t seed = set == NULL ? SEED : strtoull(set, NULL, 10);
	struct chance c = { seed };

	print_message("# seed %llu\n", (unsigned long long)seed);
	chance_below(&c, 2);
	return c;
}
