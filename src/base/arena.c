#include "base.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGNMENT = 16,
	BLOCK_SMALL = 64 * KIB,
	BLOCKS_SMALL = 16,		/* of one arena, then they are large */
	BLOCK_LARGE = 1 * MIB,
	SPARE_MAX = BLOCKS_SMALL,
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

/* Small blocks that nobody holds, all zero: the next arena needs them at
 * once, and the allocator would write each of their bytes twice. */
static struct block *spare;
static int spare_n;

_Static_assert(ALIGNMENT >= _Alignof(max_align_t), "aligned for anything");

static void block_free(struct arena *a)
{
	struct block *b = a->top;

	a->top = b->below;
	a->held -= b->size;
	explicit_bzero(b->bytes, b->used);
	if (b->size != BLOCK_SMALL || spare_n == SPARE_MAX) {
		free(b);
		return;
	}
	b->below = spare;
	spare = b;
	spare_n++;
}

static struct block *block_make(size_t size)
{
	struct block *b = spare;

	if (size != BLOCK_SMALL || b == NULL)
		return calloc(1, sizeof(*b) + size);
	spare = b->below;
	spare_n--;
	b->used = 0;
	return b;
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
	size_t size = a->held < BLOCKS_SMALL * BLOCK_SMALL ? BLOCK_SMALL :
	    BLOCK_LARGE;

	if (n > left)
		return NULL;
	if (size > left)
		size = left;
	if (size < n)
		size = n;

	struct block *b = block_make(size);
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

/* Most of what is formatted is short: then it is written once. */
text arena_format(struct arena *a, const char *format, ...)
{
	char made[128];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(made, sizeof(made), format, args);
	va_end(args);
	if (n < 0)
		return (text){ 0 };

	char *p = arena_take(a, (size_t)n + 1);
	if (p != NULL && (size_t)n < sizeof(made)) {
		memcpy(p, made, (size_t)n);
	} else if (p != NULL) {
		va_start(args, format);
		vsnprintf(p, (size_t)n + 1, format, args);
		va_end(args);
	}
	explicit_bzero(made, sizeof(made));
	return p == NULL ? (text){ 0 } : (text){ p, (size_t)n };
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
