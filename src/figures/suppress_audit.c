/*
 * What an attacker can say of a hidden cell who knows all published cells,
 * all totals, and that no count is negative.
 *
 * Hidden cells join their row and their column.  From the true counts
 * another solution comes by changing cells in turn along a closed walk: one
 * up, the next in its row or column down, and so on.  To raise a cell is
 * thus to send a flow from its column to its row, where a step from a column
 * to a row lowers a cell (at most to zero) and a step back raises one
 * (without limit); to lower it, from its row to its column.  The greatest
 * flows give the ends of the interval, and with whole counts they are whole
 * (Ford and Fulkerson 1956; the shortest walk first: Edmonds and Karp 1972).
 */
#include <string.h>

#include "suppress.h"

enum { NODES_MAX = 2 * SUPPRESS_SIDE_MAX, NOWHERE = NODES_MAX };

struct flow {
	const struct counts *t;
	const struct pattern *p;
	size_t cell;			/* the one that is moved */
	size_t from, to;		/* rows first, then columns */
	int64_t at[SUPPRESS_CELLS_MAX];	/* the solution reached so far */
	size_t before[NODES_MAX];	/* on the shortest walk */
};

static size_t nodes_of(const struct counts *t)
{
	return t->rows + t->columns;
}

/* The cell of a row and a column, in whichever order. */
static size_t cell_of(const struct counts *t, size_t a, size_t b)
{
	return a < t->rows ? a * t->columns + b - t->rows :
	    b * t->columns + a - t->rows;
}

static bool can_step(const struct flow *f, size_t from, size_t to)
{
	size_t cell = cell_of(f->t, from, to);
	bool lowers = from >= f->t->rows;

	return f->p->hidden[cell] && cell != f->cell &&
	    (!lowers || f->at[cell] > 0);
}

static bool find_walk(struct flow *f)
{
	size_t queue[NODES_MAX];
	size_t head = 0, tail = 0;

	for (size_t i = 0; i < nodes_of(f->t); i++)
		f->before[i] = NOWHERE;
	f->before[f->from] = f->from;
	queue[tail++] = f->from;
	while (head < tail && f->before[f->to] == NOWHERE) {
		size_t at = queue[head++];
		bool row = at < f->t->rows;
		size_t next = row ? f->t->rows : 0;
		size_t end = row ? nodes_of(f->t) : f->t->rows;

		for (; next < end; next++) {
			if (f->before[next] != NOWHERE ||
			    !can_step(f, at, next))
				continue;
			f->before[next] = at;
			queue[tail++] = next;
		}
	}
	return f->before[f->to] != NOWHERE;
}

/* The least that a step of the walk can lower, `most` at most. */
static int64_t walk_carries(const struct flow *f, int64_t most)
{
	for (size_t n = f->to; n != f->from; n = f->before[n]) {
		size_t cell = cell_of(f->t, f->before[n], n);

		if (f->before[n] >= f->t->rows && f->at[cell] < most)
			most = f->at[cell];
	}
	return most;
}

static void send(struct flow *f, int64_t much, struct cells *used)
{
	for (size_t n = f->to; n != f->from; n = f->before[n]) {
		size_t cell = cell_of(f->t, f->before[n], n);

		f->at[cell] += f->before[n] >= f->t->rows ? -much : much;
		if (used != NULL)
			used->bit[cell / 64] |= UINT64_C(1) << cell % 64;
	}
}

enum way { RAISE, LOWER };

/* How far the cell can be moved, `most` at most. */
static int64_t moves(const struct counts *t, const struct pattern *p,
    size_t cell, enum way way, int64_t most, struct cells *used)
{
	size_t row = cell / t->columns;
	size_t column = t->rows + cell % t->columns;
	struct flow f = { .t = t, .p = p, .cell = cell,
		.from = way == RAISE ? column : row,
		.to = way == RAISE ? row : column };
	int64_t moved = 0;

	memcpy(f.at, t->at, t->cells * sizeof(f.at[0]));
	while (moved < most && find_walk(&f)) {
		int64_t much = walk_carries(&f, most - moved);

		send(&f, much, used);
		moved += much;
	}
	return moved;
}

struct interval suppress_interval(const struct counts *t,
    const struct pattern *p, size_t cell)
{
	int64_t v = t->at[cell];

	return (struct interval){ v - moves(t, p, cell, LOWER, v, NULL),
		v + moves(t, p, cell, RAISE, INT64_MAX, NULL) };
}

bool suppress_safe(const struct counts *t, const struct pattern *p,
    size_t cell, struct cells *used)
{
	int64_t up = moves(t, p, cell, RAISE, t->k, used);
	int64_t down = t->k - up;

	if (down > t->at[cell])
		return false;
	return moves(t, p, cell, LOWER, down, used) == down;
}

/* A cell that is alone in its row or column falls out at once. */
static bool alone_somewhere(const struct counts *t, const struct pattern *p,
    size_t cell)
{
	size_t row = cell / t->columns;
	size_t column = cell % t->columns;
	size_t in_row = 0, in_column = 0;

	for (size_t c = 0; c < t->columns; c++)
		in_row += p->hidden[row * t->columns + c];
	for (size_t r = 0; r < t->rows; r++)
		in_column += p->hidden[r * t->columns + column];
	return in_row < 2 || in_column < 2;
}

bool suppress_holds(const struct counts *t, const struct pattern *p)
{
	for (size_t i = 0; i < t->small_n; i++) {
		if (alone_somewhere(t, p, t->small[i]))
			return false;
	}
	for (size_t i = 0; i < t->small_n; i++) {
		if (!suppress_safe(t, p, t->small[i], NULL))
			return false;
	}
	return true;
}
