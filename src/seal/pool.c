#include "pool.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

static result pool_grow(struct pool *p)
{
	if (p->slabs * POOL_SLAB == p->max)
		return refuse(FULL);

	uint32_t slabs = p->slabs + 1;
	struct secret *slab = reallocarray(p->slab, slabs, sizeof(*slab));
	NEED(slab);
	p->slab = slab;
	uint32_t *link = reallocarray(p->link, (size_t)slabs * POOL_SLAB,
	    sizeof(*link));
	NEED(link);
	p->link = link;
	TRY(secret_new(p->size * POOL_SLAB, &slab[p->slabs]));
	if (!slab[p->slabs].locked)
		p->unlocked = true;
	p->slabs = slabs;
	return OK;
}

result pool_take(struct pool *p, uint32_t *ret)
{
	uint32_t i = p->free;

	if (i > 0) {
		i--;
		p->free = p->link[i];
	} else {
		if (p->used == p->slabs * POOL_SLAB)
			TRY(pool_grow(p));
		i = p->used++;
	}
	p->link[i] = 0;
	*ret = i;
	return OK;
}

void pool_give(struct pool *p, uint32_t i)
{
	sodium_memzero(pool_at(p, i), p->size);
	p->link[i] = p->free;
	p->free = i + 1;
}

void *pool_at(const struct pool *p, uint32_t i)
{
	assert(i < p->used);
	return p->slab[i / POOL_SLAB].p + (size_t)(i % POOL_SLAB) * p->size;
}

void pool_empty(struct pool *p)
{
	for (uint32_t i = 0; i < p->slabs; i++)
		secret_free(&p->slab[i]);
	free(p->slab);
	free(p->link);
	*p = (struct pool){ .size = p->size, .max = p->max };
}
