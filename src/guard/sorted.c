#include "sorted.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SORTED_FIRST = 64 };

void sorted_free(struct sorted *s)
{
	if (s->p != NULL)
		sodium_memzero(s->p, s->cap * s->size);
	free(s->p);
	s->p = NULL;
	s->n = 0;
	s->cap = 0;
}

void *sorted_at(const struct sorted *s, size_t at)
{
	assert(at < s->n);
	return (char *)s->p + at * s->size;
}

static result sorted_room(struct sorted *s)
{
	size_t cap = s->cap == 0 ? SORTED_FIRST : s->cap * 2;
	void *p;

	if (s->n < s->cap)
		return OK;
	if (s->n >= s->max)
		return refuse(FULL);
	p = reallocarray(s->p, cap, s->size);
	if (p == NULL)
		return fault(NO_MEMORY);
	s->p = p;
	s->cap = cap;
	return OK;
}

result sorted_append(struct sorted *s, const void *element)
{
	TRY(sorted_room(s));
	memcpy((char *)s->p + s->n * s->size, element, s->size);
	s->n++;
	return OK;
}

static int by_key(const void *a, const void *b, void *key_n)
{
	return memcmp(a, b, *(const size_t *)key_n);
}

void sorted_sort(struct sorted *s)
{
	if (s->n > 1)
		qsort_r(s->p, s->n, s->size, by_key, &s->key_n);
}

size_t sorted_from(const struct sorted *s, const void *prefix, size_t n)
{
	size_t low = 0;
	size_t high = s->n;

	assert(n <= s->key_n);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(sorted_at(s, middle), prefix, n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *sorted_if(const struct sorted *s, size_t at, const void *prefix,
    size_t n)
{
	if (at >= s->n || memcmp(sorted_at(s, at), prefix, n) != 0)
		return NULL;
	return sorted_at(s, at);
}

result sorted_put(struct sorted *s, const void *element)
{
	size_t at = sorted_from(s, element, s->key_n);
	char *place;

	if (sorted_if(s, at, element, s->key_n) == NULL) {
		TRY(sorted_room(s));
		place = (char *)s->p + at * s->size;
		memmove(place + s->size, place, (s->n - at) * s->size);
		s->n++;
	}
	memcpy((char *)s->p + at * s->size, element, s->size);
	return OK;
}

void sorted_remove(struct sorted *s, size_t at)
{
	char *place = sorted_at(s, at);

	memmove(place, place + s->size, (s->n - at - 1) * s->size);
	s->n--;
}

size_t sorted_scan(const struct sorted *s, size_t offset, const void *bytes,
    size_t n)
{
	size_t i;

	assert(offset + n <= s->key_n);
	for (i = 0; i < s->n; i++) {
		if (memcmp((char *)sorted_at(s, i) + offset, bytes, n) == 0)
			break;
	}
	return i;
}
