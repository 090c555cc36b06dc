/*
 * fill: rows of random values within the bounds of their fields, for tests
 * that carry every entity through a walker.
 */
#ifndef ALAS_TEST_ENTITY_FILL_H
#define ALAS_TEST_ENTITY_FILL_H

#include "entity.h"

/* A number that follows from the seed; the seed is never zero. */
uint64_t fill_number(uint64_t *seed);
/* One field, never empty; ids get random bytes. */
void fill_field(struct arena *a, const struct codes *codes, uint64_t *seed,
    const struct field *f, void *row);
/* Every field of the mask's classes, about `leave` of ten left empty. */
void fill_row(struct arena *a, const struct codes *codes, uint64_t *seed,
    const struct entity *e, class_mask mask, unsigned int leave, void *row);

#endif
