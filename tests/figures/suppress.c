/*
 * The hidden cells of a table against a search that tries everything: all
 * patterns in their order, and for each all tables of whole counts that the
 * published ones allow.  Without it a small cell could be solved, or a cell
 * be hidden for nothing.
 */
#include "figures_fixture.h"

#include <stdio.h>
#include <string.h>

enum { CASES = 10000, SIDE = 3, CELLS = SIDE * SIDE, LARGE_CASES = 10 };

struct sample {
	size_t rows, columns, cells;
	int64_t k;
	int64_t at[CELLS];
};

/* ---- everything, tried -------------------------------------------------- */

struct seen { int64_t low[CELLS], high[CELLS]; };

struct walk {
	const struct sample *s;
	unsigned hidden;		/* a bit for each cell */
	int64_t row[SIDE], column[SIDE];	/* what is left of the totals */
	int64_t at[CELLS];
	struct seen seen;
};

static bool is_hidden(unsigned pattern, size_t cell)
{
	return (pattern >> cell & 1) != 0;
}

static void note(struct walk *w)
{
	for (size_t c = 0; c < w->s->columns; c++)
		if (w->column[c] != 0)
			return;
	for (size_t i = 0; i < w->s->cells; i++) {
		if (w->at[i] < w->seen.low[i])
			w->seen.low[i] = w->at[i];
		if (w->at[i] > w->seen.high[i])
			w->seen.high[i] = w->at[i];
	}
}

/* Every filling of the hidden cells, one cell after the other. */
static void fill(struct walk *w, size_t cell)
{
	size_t r = cell / w->s->columns, c = cell % w->s->columns;
	int64_t most;

	/* A row that is through must have come to its total. */
	if (cell > 0 && c == 0 && w->row[r - 1] != 0)
		return;
	if (cell == w->s->cells) {
		note(w);
		return;
	}
	if (!is_hidden(w->hidden, cell)) {
		fill(w, cell + 1);
		return;
	}
	most = w->row[r] < w->column[c] ? w->row[r] : w->column[c];
	for (int64_t v = 0; v <= most; v++) {
		w->at[cell] = v;
		w->row[r] -= v;
		w->column[c] -= v;
		fill(w, cell + 1);
		w->row[r] += v;
		w->column[c] += v;
	}
}

static struct seen all_fillings(const struct sample *s, unsigned hidden)
{
	struct walk w = { .s = s, .hidden = hidden };

	for (size_t i = 0; i < s->cells; i++) {
		w.seen.low[i] = INT64_MAX;
		w.seen.high[i] = -1;
		w.at[i] = s->at[i];
		if (!is_hidden(hidden, i))
			continue;
		w.row[i / s->columns] += s->at[i];
		w.column[i % s->columns] += s->at[i];
	}
	fill(&w, 0);
	return w.seen;
}

static bool tiny(const struct sample *s, int64_t v)
{
	return v > 0 && v < s->k;
}

static unsigned primary(const struct sample *s)
{
	unsigned p = 0;

	for (size_t i = 0; i < s->cells; i++)
		p |= (unsigned)tiny(s, s->at[i]) << i;
	return p;
}

static bool protects(const struct sample *s, unsigned pattern)
{
	struct seen seen = all_fillings(s, pattern);

	for (size_t i = 0; i < s->cells; i++)
		if (tiny(s, s->at[i]) &&
		    seen.high[i] - seen.low[i] < s->k)
			return false;
	return true;
}

static int bits(unsigned v)
{
	return __builtin_popcount(v);
}

static int64_t hidden_total(const struct sample *s, unsigned pattern)
{
	int64_t v = 0;

	for (size_t i = 0; i < s->cells; i++)
		v += is_hidden(pattern, i) ? s->at[i] : 0;
	return v;
}

/* Of two sets of equal size and total, the one whose first cell that the
 * other lacks comes earlier in reading order. */
static bool reads_first(unsigned a, unsigned b)
{
	unsigned differ = a ^ b;

	return (a & (differ & (0u - differ))) != 0;
}

static bool better(const struct sample *s, unsigned a, unsigned b)
{
	int64_t one = hidden_total(s, a), two = hidden_total(s, b);

	if (bits(a) != bits(b))
		return bits(a) < bits(b);
	if (one != two)
		return one < two;
	return reads_first(a, b);
}

static bool totals_are_tiny(const struct sample *s)
{
	int64_t row[SIDE] = { 0 }, column[SIDE] = { 0 }, all = 0;

	for (size_t i = 0; i < s->cells; i++) {
		row[i / s->columns] += s->at[i];
		column[i % s->columns] += s->at[i];
		all += s->at[i];
	}
	for (size_t i = 0; i < SIDE; i++)
		if (tiny(s, row[i]) || tiny(s, column[i]))
			return true;
	return tiny(s, all);
}

/* The best pattern, or all bits of an int when there is none. */
static unsigned best_pattern(const struct sample *s)
{
	unsigned p = primary(s), best = ~0u;

	if (totals_are_tiny(s))
		return best;
	for (unsigned m = 0; m < 1u << s->cells; m++) {
		if ((m & p) != p || (best != ~0u && !better(s, m, best)))
			continue;
		if (protects(s, m))
			best = m;
	}
	return best;
}

/* ---- the answer against it ----------------------------------------------- */

static struct sample draw(void)
{
	struct sample s = { .rows = 2 + any(2), .columns = 2,
		.k = 2 + (int64_t)any(4) };

	/* Nine cells have 512 patterns, and many fillings each. */
	if (s.rows == 2 || any(8) == 0)
		s.columns += any(2);
	s.cells = s.rows * s.columns;
	for (size_t i = 0; i < s.cells; i++)
		s.at[i] = (int64_t)(any(3) == 0 ? any((uint64_t)s.k) :
		    any(8));
	return s;
}

static struct told put(const struct sample *s, int64_t nodes)
{
	char counts[256] = "";
	static const char *const names[] = { "\"a\"", "\"a\",\"b\"",
		"\"a\",\"b\",\"c\"" };

	for (size_t i = 0; i < s->cells; i++)
		snprintf(counts + strlen(counts), sizeof(counts) -
		    strlen(counts), "%s%lld%s", i == 0 ? "[" :
		    i % s->columns == 0 ? ",[" : ",", (long long)s->at[i],
		    i % s->columns == s->columns - 1 ? "]" : "");
	return ask("suppress", "{\"k\": %lld, \"rows\": [%s], \"columns\": "
	    "[%s], \"counts\": [%s], \"node_limit\": %lld}", (long long)s->k,
	    names[s->rows - 1], names[s->columns - 1], counts,
	    (long long)nodes);
}

static const struct node *cell_at(const struct told *t, const char *name,
    const struct sample *s, size_t i)
{
	return element(element(node_find(t->out, name), i / s->columns),
	    i % s->columns);
}

static unsigned answered_pattern(const struct told *t,
    const struct sample *s)
{
	unsigned p = 0;

	if (node_find(t->out, "withheld") != NULL)
		return ~0u;
	for (size_t i = 0; i < s->cells; i++) {
		bool hidden = cell_at(t, "published", s, i)->kind ==
		    NODE_NULL;
		text said = cell_at(t, "pattern", s, i)->text;

		assert_int_equal(hidden, said.n > 0);
		if (hidden)
			assert_int_equal(said.p[0], tiny(s, s->at[i]) ? 'P' :
			    'C');
		else
			assert_int_equal(cell_at(t, "published", s,
			    i)->number, s->at[i]);
		p |= (unsigned)hidden << i;
	}
	return p;
}

static void intervals_are_all_there_is(const struct told *t,
    const struct sample *s, unsigned pattern)
{
	struct seen seen = all_fillings(s, pattern);
	const struct node *list = node_find(t->out, "intervals");
	size_t n = 0;

	for (size_t i = 0; i < s->cells; i++) {
		if (!tiny(s, s->at[i]))
			continue;
		assert_int_equal(number(element(list, n), "low"),
		    seen.low[i]);
		assert_int_equal(number(element(list, n), "high"),
		    seen.high[i]);
		n++;
	}
	assert_int_equal(list->n, n);
}

static void the_best_of_all(void **unused)
{
	size_t withheld = 0, more = 0;

	(void)unused;
	seed(20261124);
	for (int n = 0; n < CASES; n++) {
		struct sample s = draw();
		unsigned best = best_pattern(&s);
		struct told t = put(&s, 20000);

		assert_int_equal(answered_pattern(&t, &s), best);
		assert_true(node_find(t.out, "optimal")->number);
		if (best == ~0u) {
			withheld++;
		} else {
			intervals_are_all_there_is(&t, &s, best);
			assert_int_equal(number(t.out, "hidden"), bits(best));
			more += best != primary(&s);
		}
		told_free(&t);
	}
	/* The sample must reach both ends to mean anything. */
	assert_true(withheld > CASES / 100 && more > CASES / 100);
}

/* How many sets come before the best in the order of trying. */
static int64_t nodes_of(const struct sample *s, unsigned best)
{
	unsigned p = primary(s);
	int64_t n = 0;

	for (unsigned m = 0; m < 1u << s->cells; m++)
		n += (m & p) == p && (m == best || better(s, m, best));
	return n;
}

/* A limit that ends the search early must say so, and still hide. */
static void a_limit_still_hides(void **unused)
{
	size_t short_of = 0;

	(void)unused;
	seed(17);
	for (int n = 0; n < CASES / 4; n++) {
		struct sample s = draw();
		unsigned best = best_pattern(&s);
		int64_t nodes = best == ~0u ? 1 : nodes_of(&s, best);
		struct told t = put(&s, nodes);
		unsigned found = answered_pattern(&t, &s);

		assert_true(found == best &&
		    node_find(t.out, "optimal")->number);
		told_free(&t);
		if (best == ~0u || nodes == 1)
			continue;
		t = put(&s, nodes - 1);
		found = answered_pattern(&t, &s);
		assert_false(node_find(t.out, "optimal")->number);
		assert_true(protects(&s, found));
		intervals_are_all_there_is(&t, &s, found);
		/* None of its cells could be shown. */
		for (size_t i = 0; i < s.cells; i++)
			if (is_hidden(found & ~primary(&s), i))
				assert_false(protects(&s, found & ~(1u <<
				    i)));
		short_of++;
		told_free(&t);
	}
	assert_true(short_of > CASES / 100);
}

/* ---- large tables --------------------------------------------------------- */

static json_t *large(size_t rows, size_t columns, uint64_t below)
{
	json_t *counts = json_array(), *r = json_array(), *c = json_array();

	for (size_t i = 0; i < rows; i++) {
		json_t *line = json_array();

		for (size_t j = 0; j < columns; j++)
			json_array_append_new(line,
			    json_integer((json_int_t)any(below)));
		json_array_append_new(counts, line);
		json_array_append_new(r, json_sprintf("r%zu", i));
	}
	for (size_t j = 0; j < columns; j++)
		json_array_append_new(c, json_sprintf("c%zu", j));
	return json_pack("{s:i, s:o, s:o, s:o}", "k", 5, "rows", r,
	    "columns", c, "counts", counts);
}

/* Every interval is wide enough, whatever the size and the limit. */
static void large_tables_hide(void **unused)
{
	static const struct { size_t rows, columns; uint64_t below; }
	    sizes[] = { { 26, 5, 60 }, { 10, 10, 30 }, { 60, 60, 40 },
		{ 60, 60, 2000 }, { 60, 2, 12 } };

	(void)unused;
	seed(3);
	for (size_t n = 0; n < LARGE_CASES; n++) {
		size_t at = n % LENGTH(sizes);
		json_t *q = large(sizes[at].rows, sizes[at].columns,
		    sizes[at].below);
		struct told t = ask_tree("suppress", q);
		const struct node *list = node_find(t.out, "intervals");

		assert_true(list != NULL ||
		    node_find(t.out, "withheld") != NULL);
		for (const struct node *i = list == NULL ? NULL :
		    list->first; i != NULL; i = i->next)
			assert_true(number(i, "high") - number(i, "low") >=
			    5);
		told_free(&t);
		json_decref(q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_of_all),
		cmocka_unit_test(a_limit_still_hides),
		cmocka_unit_test(large_tables_hide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
