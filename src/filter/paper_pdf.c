#include "filter.h"

#include <cairo-pdf.h>

#include "layout.h"

enum { SIZE_PLAIN = 11 };
#define INDENT 22.0

/* ---- the settings ----------------------------------------------------- */

static result size_of(text t, double *ret)
{
	int64_t points;

	if (!text_integer(t, &points))
		return refuse(INVALID);
	if (points != 11 && points != 14 && points != 18)
		return refuse(INVALID);
	*ret = (double)points;
	return OK;
}

/*
 * Read every setting and check every line once, so that a bad sheet is
 * refused before anything is drawn.
 */
static result settings(text source, struct sheet *s)
{
	struct paper_reader r;
	struct paper_line l;
	result at_end;

	TRY(paper_read_begin(source, &r));
	while (is_ok(at_end = paper_read_next(&r, &l))) {
		text *to = NULL;

		if (l.kind == PAPER_SIZE)
			TRY(size_of(l.cell[0], &s->size));
		if (l.kind == PAPER_LETTERHEAD)
			to = &s->frame.letterhead;
		if (l.kind == PAPER_BAND)
			to = &s->frame.band;
		if (l.kind == PAPER_CODE)
			to = &s->frame.code;
		if (l.kind == PAPER_COPY)
			to = &s->frame.copy;
		if (l.kind == PAPER_PAGES)
			to = &s->frame.pages;
		if (to != NULL)
			*to = l.cell[0];
	}
	return at_end.code == E_NOT_FOUND ? OK : at_end;
}

/* ---- the body --------------------------------------------------------- */

static struct words plain(const struct sheet *s, text t)
{
	return (struct words){ .text = t, .face = FACE_TEXT, .size = s->size,
		.x = MARGIN_SIDE, .width = BODY_WIDTH,
		.align = PANGO_ALIGN_LEFT, .tag = "P" };
}

static void title(struct sheet *s, text t)
{
	struct words w = plain(s, t);

	w.face = FACE_STRONG;
	w.size = s->size * 1.6;
	w.tag = "H1";
	sheet_gap(s, s->size);
	sheet_need(s, w.size * 5);
	sheet_paragraph(s, &w);
	s->y += s->size * 0.7;
}

static void heading(struct sheet *s, text t)
{
	struct words w = plain(s, t);

	w.face = FACE_STRONG;
	w.size = s->size * 1.2;
	w.tag = "H2";
	sheet_gap(s, s->size * 0.9);
	/* Never alone at the foot of a page. */
	sheet_need(s, w.size * 2 + s->size * 4);
	sheet_paragraph(s, &w);
	s->y += s->size * 0.3;
}

static void paragraph(struct sheet *s, const struct paper_line *l)
{
	struct words w = plain(s, l->cell[0]);

	if (l->kind == PAPER_STRONG)
		w.face = FACE_STRONG;
	if (l->kind == PAPER_SMALL)
		w.size = s->size * 0.85;
	if (l->kind == PAPER_RIGHT)
		w.align = PANGO_ALIGN_RIGHT;
	sheet_paragraph(s, &w);
	s->y += w.size * 0.55;
}

static void item(struct sheet *s, const struct paper_line *l)
{
	struct words w = plain(s, l->cell[1]);

	w.mark = l->cell[0];
	w.x = MARGIN_SIDE + INDENT * s->size / SIZE_PLAIN;
	w.width = PAGE_WIDTH - MARGIN_SIDE - w.x;
	sheet_paragraph(s, &w);
	s->y += w.size * 0.35;
}

static void big(struct sheet *s, text t)
{
	struct words w = plain(s, t);

	w.face = FACE_MONO;
	w.size = s->size * 1.55;
	sheet_gap(s, s->size * 0.4);
	sheet_paragraph(s, &w);
	s->y += s->size * 0.6;
}

static void sign(struct sheet *s, text t)
{
	struct words w = plain(s, t);

	w.size = s->size * 0.9;
	sheet_need(s, s->size * 7);
	s->y += s->size * 4;
	sheet_rule(s, MARGIN_SIDE, BODY_WIDTH * 0.45, 0.8);
	s->y += 3;
	sheet_paragraph(s, &w);
}

static result place(struct sheet *s, const struct paper_line *l)
{
	switch (l->kind) {
	case PAPER_SIZE:
	case PAPER_LETTERHEAD:
	case PAPER_BAND:
	case PAPER_CODE:
	case PAPER_COPY:
	case PAPER_PAGES:
		return OK;
	case PAPER_TITLE:
		title(s, l->cell[0]);
		return OK;
	case PAPER_HEADING:
		heading(s, l->cell[0]);
		return OK;
	case PAPER_TEXT:
	case PAPER_STRONG:
	case PAPER_SMALL:
	case PAPER_RIGHT:
		paragraph(s, l);
		return OK;
	case PAPER_ITEM:
		item(s, l);
		return OK;
	case PAPER_PAIR:
		table_pair(s, l);
		return OK;
	case PAPER_BIG:
		big(s, l->cell[0]);
		return OK;
	case PAPER_QR:
		return sheet_qr(s, l->cell[0]);
	case PAPER_COLUMNS:
		return table_columns(s, l);
	case PAPER_HEADER:
		return table_header(s, l);
	case PAPER_ROW:
		return table_row(s, l);
	case PAPER_SIGN:
		sign(s, l->cell[0]);
		return OK;
	case PAPER_GAP:
		sheet_gap(s, s->size);
		return OK;
	case PAPER_BREAK:
		sheet_page_new(s);
		return OK;
	case PAPER_KINDS:
		break;
	}
	return fault(BUG);
}

static result place_all(text source, struct sheet *s)
{
	struct paper_reader r;
	struct paper_line l;
	result at_end;

	TRY(paper_read_begin(source, &r));
	sheet_begin(s);
	while (is_ok(at_end = paper_read_next(&r, &l))) {
		TRY(place(s, &l));
		if (s->over)
			return refuse(TOO_LARGE);
	}
	if (at_end.code != E_NOT_FOUND)
		return at_end;
	sheet_end(s);
	return OK;
}

/* ---- the PDF ---------------------------------------------------------- */

static cairo_status_t take(void *to, const unsigned char *p, unsigned n)
{
	struct buf *out = to;

	buf_add(out, p, n);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *surface_new(struct buf *out)
{
	cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(
	    out == NULL ? NULL : take, out, PAGE_WIDTH, PAGE_HEIGHT);

	cairo_pdf_surface_restrict_to_version(pdf, CAIRO_PDF_VERSION_1_5);
	/* Always the same: a paper tells its day in words or not at all. */
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE,
	    "2000-01-01T00:00:00Z");
	return pdf;
}

/* One pass: count when s->pages is 0, else draw into `out`. */
static result pass(text source, struct sheet *s, struct buf *out)
{
	cairo_surface_t *pdf = surface_new(out);

	s->cr = cairo_create(pdf);
	s->context = font_context(s->cr);
	result r = place_all(source, s);
	g_object_unref(s->context);
	cairo_status_t drawn = cairo_status(s->cr);
	cairo_destroy(s->cr);
	cairo_surface_finish(pdf);
	if (drawn == CAIRO_STATUS_SUCCESS)
		drawn = cairo_surface_status(pdf);
	cairo_surface_destroy(pdf);
	TRY(r);
	if (out != NULL)
		TRY(buf_end(out));
	return drawn == CAIRO_STATUS_SUCCESS ? OK : fault(NO_MEMORY);
}

result paper_pdf(text source, struct buf *out)
{
	struct sheet s = { .size = SIZE_PLAIN };

	TRY(settings(source, &s));
	TRY(pass(source, &s, NULL));
	s.pages = s.page;
	return pass(source, &s, out);
}

/*
 * In each face: what Spanish needs, a letter that no font has (pango then
 * asks for all there are) and an emoji (it asks for a font of those).
 */
#define SAMPLE "AaÁáÑñ0O1l¿¡«»–“”… \xf3\xb0\x80\x80 \xf0\x9f\x98\x80"

result paper_pdf_load(void)
{
	static const char sample[] = "alas-paper 1\n"
	    "text\t" SAMPLE "\n" "strong\t" SAMPLE "\n"
	    "big\t" SAMPLE "\n";
	struct buf out = buf_new(MIB);
	result r = paper_pdf(text_of(sample), &out);

	buf_free(&out);
	return r;
}
