/* One page of a PDF: its picture at 150 dpi or less, or its words. */
#include "filter.h"

#include <fontconfig/fontconfig.h>
#include <poppler.h>

#include "view_inside.h"

static const double points_per_inch = 72, dots_per_inch_max = 150;

static void
end_document(PopplerDocument **d)
{
	if (*d != NULL)
		g_object_unref(*d);
}

static void
end_page(PopplerPage **p)
{
	if (*p != NULL)
		g_object_unref(*p);
}

/* A document that wants a password is as closed to us as a broken one. */
static result
open_document(text file, PopplerDocument **ret)
{
	GError *error = NULL;
	GBytes *bytes = g_bytes_new_static(file.p, file.n);
	PopplerDocument *d = poppler_document_new_from_bytes(bytes, NULL,
	    &error);

	g_bytes_unref(bytes);
	if (d == NULL) {
		g_clear_error(&error);
		return refuse(INVALID);
	}
	*ret = d;
	return OK;
}

static result
words_of(PopplerPage *p, struct buf *out)
{
	char *words = poppler_page_get_text(p);

	if (words != NULL)
		view_words(text_of(words), out);
	g_free(words);
	return buf_end(out);
}

static result
picture_of(PopplerPage *p, struct buf *out)
{
	double width, height, scale;
	cairo_surface_t *s;
	cairo_t *c;
	result got;

	poppler_page_get_size(p, &width, &height);
	if (!(width > 0) || !(height > 0))
		return refuse(INVALID);
	scale = dots_per_inch_max / points_per_inch;
	if (width * scale > VIEW_SIDE_MAX)
		scale = VIEW_SIDE_MAX / width;
	if (height * scale > VIEW_SIDE_MAX)
		scale = VIEW_SIDE_MAX / height;
	s = view_paper(width * scale, height * scale);
	c = cairo_create(s);
	cairo_scale(c, scale, scale);
	poppler_page_render(p, c);
	got = cairo_status(c) == CAIRO_STATUS_SUCCESS ? view_picture(s, out) :
	    refuse(INVALID);
	cairo_destroy(c);
	cairo_surface_destroy(s);
	return got;
}

result
view_pdf_page(const struct wanted *w, struct buf *out)
{
	CLEANUP(end_document) PopplerDocument *d = NULL;
	CLEANUP(end_page) PopplerPage *p = NULL;
	int pages;

	TRY(open_document(w->file, &d));
	pages = poppler_document_get_n_pages(d);
	if (pages < 1 || w->page > (uint32_t)pages)
		return refuse(INVALID);
	p = poppler_document_get_page(d, (int)w->page - 1);
	if (p == NULL)
		return refuse(INVALID);
	view_head((uint32_t)pages, true, out);
	return w->what == VIEW_TEXT ? words_of(p, out) : picture_of(p, out);
}

/* The list of fonts is read once, while the cell is still open. */
result
view_pdf_load(void)
{
	return FcInit() ? OK : fault(SANDBOX);
}
