/* A table of counts that may be published: formulas.md. */
#include "suppress.h"

#define COUNT_MAX INT64_C(1000000000000)

struct question {
	struct counts t;
	const struct node *rows, *columns;
	int64_t nodes;
	int64_t row_total[SUPPRESS_SIDE_MAX], column_total[SUPPRESS_SIDE_MAX];
	int64_t total;
};

static bool small(const struct counts *t, int64_t count)
{
	return count > 0 && count < t->k;
}

/* ---- question ---------------------------------------------------------- */

static result read_names(struct asker *k, const struct node *in,
    const char *name, const struct node **ret, size_t *ret_n)
{
	TRY(asking_list(k, in, name, ASKING_MUST, SUPPRESS_SIDE_MAX, ret));
	if ((*ret)->n == 0)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in, name,
		    "at least one is needed");
	for (const struct node *n = (*ret)->first; n != NULL; n = n->next) {
		text t = { 0 };

		TRY(asking_text(k, n, "", ASKING_MUST, &t));
		for (const struct node *o = (*ret)->first; o != n;
		    o = o->next) {
			if (text_same(o->text, t))
				return asking_refuse(k, REFUSED_CONFLICT, n,
				    "", "this name stands there twice");
		}
	}
	*ret_n = (*ret)->n;
	return OK;
}

static result read_line(struct asker *k, const struct node *line,
    struct question *q)
{
	const struct node *cells = NULL;

	TRY(asking_list(k, line, "", ASKING_MUST, SUPPRESS_SIDE_MAX, &cells));
	if (cells->n != q->t.columns)
		return asking_refuse(k, REFUSED_CONFLICT, line, "",
		    "%zu counts for %zu columns", cells->n, q->t.columns);
	for (const struct node *n = cells->first; n != NULL; n = n->next) {
		whole v = { 0 };
		size_t cell = q->t.cells++;

		TRY(asking_number(k, n, "", ASKING_MUST,
		    (struct asking_range){ 0, COUNT_MAX }, &v));
		q->t.at[cell] = v.value;
		q->row_total[cell / q->t.columns] += v.value;
		q->column_total[cell % q->t.columns] += v.value;
		q->total += v.value;
		if (small(&q->t, v.value))
			q->t.small[q->t.small_n++] = cell;
	}
	return OK;
}

static result read_question(struct asker *k, const struct node *in,
    struct question *q)
{
	static const char *const members[] = { "k", "rows", "columns",
		"counts", "node_limit", NULL };
	const struct node *lines = NULL;
	whole threshold = { 0 };
	whole nodes = { SUPPRESS_NODES, true };

	TRY(asking_only(k, in, members));
	TRY(asking_number(k, in, "k", ASKING_MUST,
	    (struct asking_range){ 2, SUPPRESS_K_MAX }, &threshold));
	q->t.k = threshold.value;
	TRY(read_names(k, in, "rows", &q->rows, &q->t.rows));
	TRY(read_names(k, in, "columns", &q->columns, &q->t.columns));
	TRY(asking_list(k, in, "counts", ASKING_MUST, SUPPRESS_SIDE_MAX,
	    &lines));
	if (lines->n != q->t.rows)
		return asking_refuse(k, REFUSED_CONFLICT, in, "counts",
		    "%zu lines for %zu rows", lines->n, q->t.rows);
	for (const struct node *n = lines->first; n != NULL; n = n->next)
		TRY(read_line(k, n, q));
	TRY(asking_number(k, in, "node_limit", ASKING_MAY,
	    (struct asking_range){ 1, SUPPRESS_NODES_MAX }, &nodes));
	q->nodes = nodes.value;
	if (k->tries == 0)
		return OK;
	if (q->nodes > FIGURES_OFFICE_NODES)
		q->nodes = FIGURES_OFFICE_NODES;
	if (q->t.rows * q->t.columns > FIGURES_OFFICE_CELLS)
		return asking_refuse(k, REFUSED_TOO_LARGE, in, "counts",
		    "at most %d cells while others wait",
		    (int)FIGURES_OFFICE_CELLS);
	return OK;
}

/* ---- answer ------------------------------------------------------------ */

/* A total that is small itself, or a table that cannot hide its cells. */
static bool must_withhold(const struct question *q, struct pattern *p)
{
	const struct counts *t = &q->t;
	bool withhold = small(t, q->total);

	for (size_t i = 0; i < t->rows; i++)
		withhold = withhold || small(t, q->row_total[i]);
	for (size_t i = 0; i < t->columns; i++)
		withhold = withhold || small(t, q->column_total[i]);
	if (withhold || t->small_n == 0)
		return withhold;
	for (size_t i = 0; i < t->cells; i++)
		p->hidden[i] = true;
	return !suppress_holds(t, p);
}

/* `p` NULL: nothing is published. */
static void write_published(const struct counts *t, const struct pattern *p,
    struct node *out)
{
	struct node *list = node_add_list(out, "published");

	for (size_t r = 0; r < t->rows; r++) {
		struct node *line = node_add_list(list, NULL);

		for (size_t c = 0; c < t->columns; c++) {
			size_t cell = r * t->columns + c;

			if (p == NULL || p->hidden[cell])
				node_add_null(line, NULL);
			else
				node_add_number(line, NULL, t->at[cell]);
		}
	}
}

static void write_pattern(const struct counts *t, const struct pattern *p,
    struct node *out)
{
	struct node *list = node_add_list(out, "pattern");

	for (size_t r = 0; r < t->rows; r++) {
		struct node *line = node_add_list(list, NULL);

		for (size_t c = 0; c < t->columns; c++) {
			size_t cell = r * t->columns + c;

			node_add_text(line, NULL, !p->hidden[cell] ? T("") :
			    small(t, t->at[cell]) ? T("P") : T("C"));
		}
	}
}

static void write_totals(const int64_t *total, size_t n, bool withheld,
    struct node *list)
{
	for (size_t i = 0; i < n; i++) {
		if (withheld)
			node_add_null(list, NULL);
		else
			node_add_number(list, NULL, total[i]);
	}
}

static text name_at(const struct node *names, size_t i)
{
	const struct node *n = names->first;

	while (i-- > 0)
		n = n->next;
	return n->text;
}

static void write_intervals(const struct question *q,
    const struct pattern *p, struct node *out)
{
	struct node *list = node_add_list(out, "intervals");
	const struct counts *t = &q->t;

	for (size_t i = 0; i < t->small_n; i++) {
		size_t cell = t->small[i];
		struct interval v = suppress_interval(t, p, cell);
		struct node *o = node_add_object(list, NULL);

		node_add_text(o, "row", name_at(q->rows, cell / t->columns));
		node_add_text(o, "column", name_at(q->columns,
		    cell % t->columns));
		node_add_number(o, "low", v.low);
		node_add_number(o, "high", v.high);
	}
}

static void write_all_totals(const struct question *q, bool withheld,
    struct node *out)
{
	write_totals(q->row_total, q->t.rows, withheld,
	    node_add_list(out, "row_totals"));
	write_totals(q->column_total, q->t.columns, withheld,
	    node_add_list(out, "column_totals"));
}

static void write_withheld(const struct question *q, struct node *out)
{
	write_published(&q->t, NULL, out);
	write_all_totals(q, true, out);
	node_add_number(out, "hidden", (int64_t)q->t.cells);
	node_add_bool(out, "optimal", true);
	node_add_bool(out, "withheld", true);
}

result answer_suppress(struct asker *k, const struct node *in,
    struct node *out)
{
	struct question *q = arena_take(k->arena, sizeof(*q));
	struct pattern *p = arena_take(k->arena, sizeof(*p));
	bool optimal;
	int64_t hidden = 0;

	NEED(q);
	NEED(p);
	TRY(read_question(k, in, q));
	if (must_withhold(q, p)) {
		write_withheld(q, out);
		return OK;
	}
	TRY(suppress_search(k->arena, &q->t, (size_t)q->nodes, p, &optimal));
	write_published(&q->t, p, out);
	write_pattern(&q->t, p, out);
	write_all_totals(q, false, out);
	write_intervals(q, p, out);
	for (size_t i = 0; i < q->t.cells; i++)
		hidden += p->hidden[i];
	node_add_number(out, "hidden", hidden);
	node_add_bool(out, "optimal", optimal);
	return OK;
}
