#include "seal.h"

#include <assert.h>
#include <sodium.h>
#include <unistd.h>

#include "inside.h"

static uint64_t half_of_memory;

static void fill_from_system(void *self, void *p, size_t n)
{
	(void)self;
	randombytes_buf(p, n);
}

const struct chance chance_system = { fill_from_system, NULL };

/* The size is read here because a sandboxed process may not ask later. */
result seal_start(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page = sysconf(_SC_PAGESIZE);

	if (sodium_init() < 0 || pages <= 0 || page <= 0)
		return fault(BUG);
	half_of_memory = (uint64_t)pages * (uint64_t)page / 2;
	return OK;
}

uint64_t memory_half(void)
{
	return half_of_memory;
}

/*
 * sodium_malloc locks too, but drops the answer: it is asked for again, so
 * that doctor can say when the lock limit was passed.
 */
result secret_new(size_t n, struct secret *ret)
{
	struct secret s = { .n = n };

	assert(n > 0);
	s.p = sodium_malloc(n);
	NEED(s.p);
	s.locked = sodium_mlock(s.p, n) == 0;
	sodium_memzero(s.p, n);
	*ret = s;
	return OK;
}

void secret_free(struct secret *s)
{
	if (s->p != NULL) {
		sodium_memzero(s->p, s->n);
		sodium_free(s->p);
	}
	*s = (struct secret){ 0 };
}

bool same_secret(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}
