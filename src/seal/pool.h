/*
 * pool: many small secrets of one size in slabs of POOL_SLAB, so that the
 * kernel locks a few large pieces instead of a page for each.  Items are
 * numbered and never move.
 */
#ifndef ALAS_SEAL_POOL_H
#define ALAS_SEAL_POOL_H

#include "seal.h"

enum { POOL_SLAB = 4096 };

struct pool {
	size_t size;			/* bytes of an item */
	uint32_t max;			/* items; a multiple of POOL_SLAB */
	struct secret *slab;
	uint32_t slabs;
	uint32_t *link;			/* per item, its holder's */
	uint32_t used;			/* items that were ever given */
	uint32_t free;			/* number + 1 of one given back */
	bool unlocked;			/* a slab passed the lock limit */
};

/* A zeroed item, link 0.  FULL at the maximum. */
MUST_USE result pool_take(struct pool *p, uint32_t *ret);
void pool_give(struct pool *p, uint32_t i);	/* clears it */
void *pool_at(const struct pool *p, uint32_t i);
void pool_empty(struct pool *p);		/* clears and frees all */

#endif
