/* What the files of a view share; nobody else includes it. */
#ifndef ALAS_FILTER_VIEW_INSIDE_H
#define ALAS_FILTER_VIEW_INSIDE_H

#include <cairo.h>

#include "base.h"
#include "view.h"

enum { VIEW_SIDE_MAX = 1800 };	/* dots; A4 at 150 dpi is 1,754 high */

struct wanted {
	enum view_wanted what;
	enum view_kind kind;
	uint32_t page;
	text file;
};

void view_head(uint32_t pages, bool picture, struct buf *out);
void view_words(text words, struct buf *out);
MUST_USE result view_picture(cairo_surface_t *s, struct buf *out);
/* White, of at least one dot; the caller looks at its status. */
cairo_surface_t *view_paper(double width, double height);
MUST_USE result view_image(const struct wanted *w, struct buf *out);
MUST_USE result view_pdf_page(const struct wanted *w, struct buf *out);

#endif
