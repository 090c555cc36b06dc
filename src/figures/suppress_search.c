/*
 * Which further cells to hide.  Sets are tried by their number of cells,
 * then their total, then reading order, so the first that holds is the best.
 * Past the limit of sets, cells are given back one by one from the table
 * that hides all, the largest count first.
 */
#include <stdlib.h>
#include <string.h>

#include "suppress.h"

/* Of 21 cells more than SUPPRESS_NODES_MAX sets have at most 20. */
enum { SET_MAX = 20 };

struct set { int64_t total; uint16_t at[SET_MAX]; };

struct search {
	const struct counts *t;
	struct pattern small;		/* the small cells alone */
	uint16_t free[SUPPRESS_CELLS_MAX];	/* what may be added */
	int64_t least[SUPPRESS_CELLS_MAX + 1];	/* count from here on */
	size_t free_n;
};

/* The sets of one size that come first: `room` at most. */
struct level {
	size_t size, room;
	struct set *set;
	size_t n, cap;
	int64_t bound;			/* no total above it is wanted */
};

static void level_free(struct level *l)
{
	free(l->set);
	l->set = NULL;
}

/* n over k, or `most` if it is larger. */
static size_t choose(size_t n, size_t k, size_t most)
{
	uint128 v = 1;

	if (k > n)
		return 0;
	for (size_t i = 1; i <= k; i++) {
		v = v * (n - k + i) / i;
		if (v >= most)
			return most;
	}
	return (size_t)v;
}

/* All cells of sets of a level are alike in number: unused ones are 0. */
static int set_order(const void *a, const void *b)
{
	const struct set *one = a, *two = b;

	if (one->total != two->total)
		return one->total < two->total ? -1 : 1;
	for (size_t i = 0; i < SET_MAX; i++) {
		if (one->at[i] != two->at[i])
			return one->at[i] < two->at[i] ? -1 : 1;
	}
	return 0;
}

static int count_order(const void *a, const void *b)
{
	const int64_t *one = a, *two = b;

	return *one < *two ? -1 : *one > *two;
}

/* Keep the first `room`; sets found later come after equals. */
static void level_cut(struct level *l)
{
	qsort(l->set, l->n, sizeof(*l->set), set_order);
	if (l->n < l->room)
		return;
	l->n = l->room;
	if (l->set[l->n - 1].total <= l->bound)
		l->bound = l->set[l->n - 1].total - 1;
}

/*
 * The m smallest counts alone make `room` sets when m over size is as much,
 * and none of these has a larger total than the last `size` of the m.
 */
static result first_bound(struct arena *a, const struct search *s,
    struct level *l)
{
	int64_t *count;
	size_t m = l->size;

	l->bound = INT64_MAX;
	if (choose(s->free_n, l->size, l->room + 1) <= l->room)
		return OK;
	count = arena_array(a, s->free_n, sizeof(*count));
	NEED(count);
	for (size_t i = 0; i < s->free_n; i++)
		count[i] = s->t->at[s->free[i]];
	qsort(count, s->free_n, sizeof(*count), count_order);
	while (choose(m, l->size, l->room) < l->room)
		m++;
	l->bound = 0;
	for (size_t i = m - l->size; i < m; i++)
		l->bound += count[i];
	return OK;
}

static void take_set(const struct search *s, struct level *l,
    const size_t *place, int64_t total)
{
	struct set *set = &l->set[l->n++];

	*set = (struct set){ .total = total };
	for (size_t i = 0; i < l->size; i++)
		set->at[i] = s->free[place[i]];
	if (l->n == l->cap)
		level_cut(l);
}

/* All sets within the bound, in reading order. */
static void fill_level(const struct search *s, struct level *l)
{
	size_t place[SET_MAX + 1] = { 0 };
	int64_t total[SET_MAX + 1] = { 0 };
	size_t depth = 0;

	if (l->size == 0) {
		take_set(s, l, place, 0);
		return;
	}
	for (;;) {
		size_t rest = l->size - depth;
		size_t at = place[depth];
		int64_t sum;

		/* Even the smallest counts to come are too much, or few. */
		if (at + rest > s->free_n || total[depth] +
		    (int64_t)rest * s->least[at] > l->bound) {
			if (depth == 0)
				return;
			place[--depth]++;
			continue;
		}
		sum = total[depth] + s->t->at[s->free[at]];
		if (rest == 1) {
			if (sum <= l->bound)
				take_set(s, l, place, sum);
			place[depth]++;
			continue;
		}
		total[++depth] = sum;
		place[depth] = at + 1;
	}
}

static result make_level(struct arena *a, const struct search *s,
    size_t size, size_t room, struct level *ret)
{
	ret->size = size;
	ret->room = room;
	TRY(first_bound(a, s, ret));
	/* One more than all, so that a level which fits is never cut. */
	ret->cap = choose(s->free_n, size, 2 * room) + 1;
	ret->set = calloc(ret->cap, sizeof(*ret->set));
	NEED(ret->set);
	fill_level(s, ret);
	level_cut(ret);
	return OK;
}

static bool set_holds(const struct search *s, const struct set *set,
    size_t size, struct pattern *ret)
{
	*ret = s->small;
	for (size_t i = 0; i < size; i++)
		ret->hidden[set->at[i]] = true;
	return suppress_holds(s->t, ret);
}

/* The sets of one size in their order; `nodes` falls by those tried. */
static result try_level(struct arena *a, const struct search *s,
    size_t size, size_t *nodes, struct pattern *p, bool *ret_found)
{
	CLEANUP(level_free) struct level l = { 0 };

	TRY(make_level(a, s, size, *nodes, &l));
	for (size_t i = 0; i < l.n; i++) {
		--*nodes;
		if (set_holds(s, &l.set[i], size, p)) {
			*ret_found = true;
			return OK;
		}
	}
	return OK;
}

/* ---- past the limit ------------------------------------------------------ */

struct free_cell { int64_t count; uint16_t at; };

static int largest_first(const void *a, const void *b)
{
	const struct free_cell *one = a, *two = b;

	if (one->count != two->count)
		return one->count > two->count ? -1 : 1;
	return one->at > two->at ? -1 : one->at < two->at;
}

static bool uses(const struct cells *c, size_t cell)
{
	return (c->bit[cell / 64] >> cell % 64 & 1) != 0;
}

/* Can the cell be shown?  `why` has, for each small cell, what hides it. */
static bool can_show(const struct counts *t, struct pattern *p, size_t cell,
    struct cells *why)
{
	p->hidden[cell] = false;
	for (size_t i = 0; i < t->small_n; i++) {
		struct cells other = { { 0 } };

		if (!uses(&why[i], cell))
			continue;
		if (!suppress_safe(t, p, t->small[i], &other)) {
			p->hidden[cell] = true;
			return false;
		}
		why[i] = other;
	}
	return true;
}

static result give_back(struct arena *a, const struct search *s,
    struct pattern *p)
{
	const struct counts *t = s->t;
	struct cells *why = arena_array(a, t->small_n, sizeof(*why));
	struct free_cell *cell = arena_array(a, s->free_n, sizeof(*cell));

	NEED(why);
	NEED(cell);
	for (size_t i = 0; i < t->cells; i++)
		p->hidden[i] = true;
	for (size_t i = 0; i < t->small_n; i++) {
		if (!suppress_safe(t, p, t->small[i], &why[i]))
			return fault(BUG);
	}
	for (size_t i = 0; i < s->free_n; i++)
		cell[i] = (struct free_cell){ t->at[s->free[i]],
			s->free[i] };
	qsort(cell, s->free_n, sizeof(*cell), largest_first);
	for (size_t i = 0; i < s->free_n; i++)
		(void)can_show(t, p, cell[i].at, why);
	return OK;
}

/* ---- the search ----------------------------------------------------------- */

static void begin(struct search *s, const struct counts *t)
{
	s->t = t;
	for (size_t i = 0; i < t->small_n; i++)
		s->small.hidden[t->small[i]] = true;
	for (size_t i = 0; i < t->cells; i++) {
		if (!s->small.hidden[i])
			s->free[s->free_n++] = (uint16_t)i;
	}
	s->least[s->free_n] = INT64_MAX;
	for (size_t i = s->free_n; i-- > 0;) {
		int64_t count = t->at[s->free[i]];

		s->least[i] = count < s->least[i + 1] ? count :
		    s->least[i + 1];
	}
}

result suppress_search(struct arena *a, const struct counts *t, size_t nodes,
    struct pattern *ret, bool *ret_optimal)
{
	struct search *s = arena_take(a, sizeof(*s));
	bool found = false;

	NEED(s);
	begin(s, t);
	for (size_t size = 0; size <= s->free_n && nodes > 0 && !found;
	    size++)
		TRY(try_level(a, s, size, &nodes, ret, &found));
	*ret_optimal = found;
	return found ? OK : give_back(a, s, ret);
}
