/*
 * Any bytes as what a row keeps in one field: the sheet of a term, and the
 * hits of a check for conflicts.  What is read is written and read the same.
 */
#include <stdlib.h>

#include "legal.h"

enum { ARENA = 32 * MIB };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void sheet(struct arena *a, text t)
{
	struct sheet one;
	struct sheet two;
	text written;

	if (!is_ok(deadline_sheet_read(a, t, &one)) ||
	    !is_ok(deadline_sheet_write(a, &one, &written)))
		return;
	must(is_ok(deadline_sheet_read(a, written, &two)) && two.n == one.n);
	for (size_t i = 0; i < one.n; i++)
		must(two.p[i].kind == one.p[i].kind &&
		    day_same(two.p[i].day, one.p[i].day) &&
		    two.p[i].at.ms == one.p[i].at.ms &&
		    two.p[i].number == one.p[i].number);
}

static void hits(struct arena *a, text t)
{
	struct conflict_hit *one;
	struct conflict_hit *two;
	size_t one_n;
	size_t two_n;
	text written;

	if (!is_ok(conflict_hits_read(a, t, &one, &one_n)) ||
	    !is_ok(conflict_hits_write(a, one, one_n, &written)))
		return;
	must(is_ok(conflict_hits_read(a, written, &two, &two_n)));
	must(two_n <= one_n + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(ARENA);
	text t = { (const char *)data, n };

	must(a != NULL);
	sheet(a, t);
	hits(a, t);
	arena_free(a);
	return 0;
}
