/*
 * Inside the figures room: a table of counts and which of its cells stay
 * hidden.  Cells are numbered in reading order.
 */
#ifndef ALAS_FIGURES_SUPPRESS_H
#define ALAS_FIGURES_SUPPRESS_H

#include "inside.h"

struct counts {
	size_t rows, columns, cells;
	int64_t k;
	int64_t at[SUPPRESS_CELLS_MAX];
	size_t small[SUPPRESS_CELLS_MAX];	/* P: from 1 to k − 1 */
	size_t small_n;
};

/* One pattern: what nobody may read. */
struct pattern { bool hidden[SUPPRESS_CELLS_MAX]; };

/* A set of cells, one bit each. */
enum { CELL_WORDS = (SUPPRESS_CELLS_MAX + 63) / 64 };
struct cells { uint64_t bit[CELL_WORDS]; };

/* What whoever knows the rest can say of a hidden cell. */
struct interval { int64_t low, high; };

struct interval suppress_interval(const struct counts *t,
    const struct pattern *p, size_t cell);
/*
 * Is the cell's interval at least k wide?  `used` (may be NULL) gets the
 * cells that show it: while those are hidden, it stays so.
 */
bool suppress_safe(const struct counts *t, const struct pattern *p,
    size_t cell, struct cells *used);
/* Is every small cell safe? */
bool suppress_holds(const struct counts *t, const struct pattern *p);

/*
 * The fewest cells beside the small ones, then the smallest hidden total,
 * then the first in reading order, within `nodes` sets tried.  Past them
 * *ret_optimal is false and the pattern one from which no cell can be taken
 * away.  Only asked when hiding all cells holds.
 */
MUST_USE result suppress_search(struct arena *a, const struct counts *t,
    size_t nodes, struct pattern *ret, bool *ret_optimal);

#endif
