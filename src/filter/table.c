#include "layout.h"

#define CELL_GAP 8.0
#define ROW_PAD 3.0
#define TABLE_SIZE 0.92		/* of plain text */
#define PAIR_LABEL 0.30		/* of the width */

/* One row being placed: not split over pages if a page can hold it. */
struct row {
	struct laid cell[PAPER_CELLS_MAX];
	double x[PAPER_CELLS_MAX];
	size_t n;
	double height;
};

static void row_add(struct sheet *s, struct row *r, const struct words *w)
{
	struct laid l = sheet_lay(s, w);

	r->x[r->n] = w->x;
	r->cell[r->n++] = l;
	if (l.height + 2 * ROW_PAD > r->height)
		r->height = l.height + 2 * ROW_PAD;
}

static void row_show(struct sheet *s, struct row *r)
{
	for (size_t i = 0; i < r->n; i++)
		sheet_show(s, &r->cell[i], r->x[i], s->y + ROW_PAD, "P");
	s->y += r->height;
	s->fresh = false;
}

static void row_free(struct row *r)
{
	for (size_t i = 0; i < r->n; i++)
		laid_free(&r->cell[i]);
}

/* Without `columns` all cells are equally wide. */
static result widths(struct sheet *s, size_t cells)
{
	if (s->columns == 0) {
		for (size_t i = 0; i < cells; i++) {
			s->column[i] = BODY_WIDTH / (double)cells;
			s->align[i] = PANGO_ALIGN_LEFT;
		}
		s->columns = cells;
	}
	return cells == s->columns ? OK : refuse(INVALID);
}

static struct words cell_words(const struct sheet *s, text t, size_t i,
    double x, enum face face)
{
	return (struct words){ .text = t, .face = face,
		.size = s->size * TABLE_SIZE, .x = x,
		.width = s->column[i] - CELL_GAP, .align = s->align[i],
		.tag = "P" };
}

static void row_build(struct sheet *s, struct row *r,
    const struct paper_line *l, enum face face)
{
	double x = MARGIN_SIDE;

	for (size_t i = 0; i < l->cells; i++) {
		struct words w = cell_words(s, l->cell[i], i, x, face);

		row_add(s, r, &w);
		x += s->column[i];
	}
}

static void header_show(struct sheet *s)
{
	struct row r = { .n = 0 };

	if (s->header.cells == 0)
		return;
	row_build(s, &r, &s->header, FACE_STRONG);
	row_show(s, &r);
	row_free(&r);
	sheet_rule(s, MARGIN_SIDE, BODY_WIDTH, 0.9);
}

/* A row that no page could hold is set as paragraphs, cell after cell. */
static void row_long(struct sheet *s, const struct paper_line *l)
{
	for (size_t i = 0; i < l->cells; i++) {
		struct words w = cell_words(s, l->cell[i], 0, MARGIN_SIDE,
		    FACE_TEXT);

		w.width = BODY_WIDTH;
		w.align = PANGO_ALIGN_LEFT;
		sheet_paragraph(s, &w);
	}
}

result table_columns(struct sheet *s, const struct paper_line *l)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->cells; i++) {
		text t = l->cell[i];
		bool right = text_ends(t, T("r"));
		int64_t hundredths;

		if (right)
			t.n--;
		if (!text_integer(t, &hundredths) || hundredths < 4 ||
		    hundredths > 100)
			return refuse(INVALID);
		sum += hundredths;
		s->column[i] = BODY_WIDTH * (double)hundredths / 100;
		s->align[i] = right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
	}
	s->columns = l->cells;
	s->header.cells = 0;
	return sum <= 100 ? OK : refuse(INVALID);
}

result table_header(struct sheet *s, const struct paper_line *l)
{
	TRY(widths(s, l->cells));
	s->header = *l;
	sheet_gap(s, s->size / 2);
	sheet_need(s, s->size * 5);
	header_show(s);
	return OK;
}

result table_row(struct sheet *s, const struct paper_line *l)
{
	struct row r = { .n = 0 };

	TRY(widths(s, l->cells));
	row_build(s, &r, l, FACE_TEXT);
	if (s->y + r.height > BODY_END && !s->fresh) {
		sheet_page_new(s);
		header_show(s);
	}
	if (s->y + r.height > BODY_END) {
		row_long(s, l);
	} else {
		row_show(s, &r);
	}
	row_free(&r);
	sheet_rule(s, MARGIN_SIDE, BODY_WIDTH, 0.25);
	return OK;
}

void table_pair(struct sheet *s, const struct paper_line *l)
{
	double label = BODY_WIDTH * PAIR_LABEL;
	struct row r = { .n = 0 };
	struct words w = { .text = l->cell[0], .face = FACE_STRONG,
		.size = s->size, .x = MARGIN_SIDE, .width = label - CELL_GAP,
		.align = PANGO_ALIGN_LEFT, .tag = "P" };

	row_add(s, &r, &w);
	w.text = l->cell[1];
	w.face = FACE_TEXT;
	w.x = MARGIN_SIDE + label;
	w.width = BODY_WIDTH - label;
	row_add(s, &r, &w);
	if (r.height > BODY_END - MARGIN_TOP) {
		row_free(&r);
		w.x = MARGIN_SIDE;
		w.width = BODY_WIDTH;
		sheet_paragraph(s, &w);
		return;
	}
	sheet_need(s, r.height);
	row_show(s, &r);
	row_free(&r);
}
