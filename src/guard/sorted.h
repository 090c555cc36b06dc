/*
 * sorted: elements of one size in one block, ordered by the key bytes they
 * begin with.  Looking up is a binary search by any prefix of the key; bulk
 * loading appends and sorts once.  Private to guard.
 */
#ifndef ALAS_SORTED_H
#define ALAS_SORTED_H

#include "base.h"

struct sorted {
	void *p;
	size_t n, cap;
	size_t size;			/* of an element */
	size_t key_n;			/* bytes it begins with */
	size_t max;
};

void sorted_free(struct sorted *s);	/* clears; size, key, max stay */
/* FULL at the maximum, NO_MEMORY. */
MUST_USE result sorted_append(struct sorted *s, const void *element);
void sorted_sort(struct sorted *s);
/* In its place; an element of the same key is replaced. */
MUST_USE result sorted_put(struct sorted *s, const void *element);
void sorted_remove(struct sorted *s, size_t at);
/* The first element that is not before the prefix; n when there is none. */
size_t sorted_from(const struct sorted *s, const void *prefix, size_t n);
/* The element there, if it begins with the prefix; else NULL. */
void *sorted_if(const struct sorted *s, size_t at, const void *prefix,
    size_t n);
void *sorted_at(const struct sorted *s, size_t at);
/* Where the key holds these bytes at `offset`, by looking at all; or n. */
size_t sorted_scan(const struct sorted *s, size_t offset, const void *bytes,
    size_t n);

#endif
