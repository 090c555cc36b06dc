#include "base.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGNMENT = 16,
	BLOCK_FIRST = 64 * KIB,
	BLOCK_MAX = 1 * MIB,		/* blocks double up to this */
};

/*
 * The blocks form a stack: only the newest one is taken from, and every
 * byte of a block past `used` is zero.
 */
struct block {
	struct block *below;
	size_t size, used;
	_Alignas(ALIGNMENT) uint8_t bytes[];
};

struct arena {
	struct block *top;
	size_t max, held;		/* bytes of blocks, heads not counted */
};

_Static_assert(ALIGNMENT >= _Alignof(max_align_t), "aligned for anything");

static void block_free(struct arena *a)
{
	struct block *b = a->top;

	a->top = b->below;
	a->held -= b->size;
	explicit_bzero(b->bytes, b->used);
	free(b);
}

static void block_cut(struct block *b, size_t used)
{
	assert(used <= b->used);
	explicit_bzero(b->bytes + used, b->used - used);
	b->used = used;
}

/* A block with room for `n` bytes, larger when the maximum allows it. */
static struct block *block_push(struct arena *a, size_t n)
{
	size_t left = a->max - a->held;
	size_t size = BLOCK_FIRST;

	if (n > left)
		return NULL;
	if (a->top != NULL && a->top->size < BLOCK_MAX)
		size = a->top->size * 2;
	else if (a->top != NULL)
		size = BLOCK_MAX;
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size > left)
		size = left;
	if (size < n)
		size = n;

	struct block *b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		return NULL;
	b->size = size;
	b->below = a->top;
	a->held += size;
	a->top = b;
	return b;
}

struct arena *arena_new(size_t max)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	/* Far below SIZE_MAX, so that no sum of sizes here can wrap. */
	a->max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4;
	return a;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	while (a->top != NULL)
		block_free(a);
	free(a);
}

/* The oldest block stays: most operations need no other. */
void arena_reset(struct arena *a)
{
	while (a->top != NULL && a->top->below != NULL)
		block_free(a);
	if (a->top != NULL)
		block_cut(a->top, 0);
}

void *arena_take(struct arena *a, size_t n)
{
	struct block *b = a->top;

	if (n > a->max)
		return NULL;
	/* An empty take still gets a place of its own. */
	size_t step = n == 0 ? 1 : n;

	if (b != NULL) {
		size_t at = (b->used + ALIGNMENT - 1) &
		    ~(size_t)(ALIGNMENT - 1);
		if (at <= b->size && step <= b->size - at) {
			b->used = at + step;
			return b->bytes + at;
		}
	}
	b = block_push(a, step);
	if (b == NULL)
		return NULL;
	b->used = step;
	return b->bytes;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		return NULL;
	return arena_take(a, n);
}

text arena_text(struct arena *a, text t)
{
	if (t.n >= a->max)
		return (text){ 0 };

	char *p = arena_take(a, t.n + 1);
	if (p == NULL)
		return (text){ 0 };
	if (t.n > 0)
		memcpy(p, t.p, t.n);
	return (text){ p, t.n };
}

text arena_format(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		return (text){ 0 };

	char *p = arena_take(a, (size_t)n + 1);
	if (p == NULL)
		return (text){ 0 };
	va_start(args, format);
	vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return (text){ p, (size_t)n };
}

struct arena_mark arena_mark(const struct arena *a)
{
	if (a->top == NULL)
		return (struct arena_mark){ 0 };
	return (struct arena_mark){ a->top, a->top->used };
}

/* Freeing the blocks above keeps `held` honest for the next large take. */
void arena_rewind(struct arena *a, struct arena_mark m)
{
	while (a->top != NULL && a->top != m.block)
		block_free(a);
	assert(a->top == m.block);	/* the mark is of this arena, older */
	if (a->top != NULL)
		block_cut(a->top, m.used);
}
