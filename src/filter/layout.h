/*
 * Inside alas-filter: a sheet of paper, filled from the top.
 *
 * A sheet is laid out twice: first on nothing, to learn how many pages
 * there are, then on the PDF.  So every verb must place things the same
 * way whether it draws or not.  Lengths are points, 72 to the inch.
 */
#ifndef ALAS_LAYOUT_H
#define ALAS_LAYOUT_H

#include <pango/pangocairo.h>

#include "paper.h"

#define PAGE_WIDTH 595.276	/* A4 */
#define PAGE_HEIGHT 841.890
#define MARGIN_SIDE 60.0
#define MARGIN_TOP 54.0
#define MARGIN_FOOT 66.0	/* the foot's own line is inside */
#define BODY_WIDTH (PAGE_WIDTH - 2 * MARGIN_SIDE)
#define BODY_END (PAGE_HEIGHT - MARGIN_FOOT)

enum face { FACE_TEXT, FACE_STRONG, FACE_MONO, FACES };

/* What stands on every page. */
struct frame { text letterhead, band, code, copy, pages; };

struct sheet {
	cairo_t *cr;		/* the PDF, or a surface that keeps nothing */
	PangoContext *context;
	struct frame frame;
	double size;		/* of plain text */
	double y;
	int page, pages;	/* pages: 0 while counting */
	bool fresh;		/* nothing placed on this page yet */
	bool over;		/* more pages than PAPER_PAGES_MAX */
	/* The running table. */
	double column[PAPER_CELLS_MAX];
	PangoAlignment align[PAPER_CELLS_MAX];
	size_t columns;
	struct paper_line header;	/* no cells: none */
};

struct words {
	text text;
	text mark;		/* hangs to the left of the first line */
	enum face face;
	double size, x, width;
	PangoAlignment align;
	const char *tag;	/* the PDF's structure: "P", "H1" */
};

/*
 * font.c.  pango starts a thread for each new kind of font (family, size,
 * language), and no thread can start inside the cell.  So there are FACES
 * kinds and no more: text is laid out at one size and scaled as it is
 * drawn, in a language that fits every script.
 */
#define FACE_SIZE 16.0
PangoContext *font_context(cairo_t *cr);
PangoFontDescription *font_of(enum face face);

/* Text laid out at FACE_SIZE; `scale` takes it to the size wanted. */
struct laid { PangoLayout *layout; double scale, height; };

/* layout.c */
void sheet_begin(struct sheet *s);
void sheet_page_new(struct sheet *s);
void sheet_end(struct sheet *s);
/* A new page unless `height` fits on this one, or this one is empty. */
void sheet_need(struct sheet *s, double height);
void sheet_gap(struct sheet *s, double height);
void sheet_rule(struct sheet *s, double x, double width, double weight);
/* Lay out without drawing; laid_free when shown. */
struct laid sheet_lay(struct sheet *s, const struct words *w);
void laid_free(struct laid *l);
/* Draw without moving on or breaking. */
void sheet_show(struct sheet *s, const struct laid *l, double x, double y,
    const char *tag);
/* Place line by line, from page to page, never one line alone. */
void sheet_paragraph(struct sheet *s, const struct words *w);

/* table.c: INVALID when widths or the number of cells are wrong. */
MUST_USE result table_columns(struct sheet *s, const struct paper_line *l);
MUST_USE result table_header(struct sheet *s, const struct paper_line *l);
MUST_USE result table_row(struct sheet *s, const struct paper_line *l);
void table_pair(struct sheet *s, const struct paper_line *l);

/* qr.c: INVALID when it does not fit into a code. */
MUST_USE result sheet_qr(struct sheet *s, text payload);

#endif
