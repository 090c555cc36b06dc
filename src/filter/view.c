/*
 * Jobs "view" and "view-pdf": one page of a paper as a clean picture, or its
 * words.  The picture is made of pixels anew; what else the file carried
 * (places, names, scripts) stays behind.
 */
#include "filter.h"

#include <string.h>

#include "content.h"
#include "view_inside.h"

/* At most VIEW_TEXT_MAX, cut between characters, controls dropped. */
void
view_words(text words, struct buf *out)
{
	size_t n = words.n < VIEW_TEXT_MAX ? words.n : VIEW_TEXT_MAX;

	while (n < words.n && n > 0 &&
	    ((unsigned char)words.p[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)words.p[i];

		if (c == '\f' || c == '\v')
			buf_char(out, '\n');
		else if (c >= 0x20 ? c != 0x7f : c == '\n' || c == '\t')
			buf_char(out, (char)c);
	}
}

static cairo_status_t
append(void *self, const unsigned char *p, unsigned int n)
{
	struct buf *out = self;

	buf_add(out, p, n);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

result
view_picture(cairo_surface_t *s, struct buf *out)
{
	cairo_status_t said = cairo_surface_write_to_png_stream(s, append,
	    out);

	TRY(buf_end(out));
	return said == CAIRO_STATUS_SUCCESS ? OK : refuse(INVALID);
}

cairo_surface_t *
view_paper(double width, double height)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
	    width < 1 ? 1 : (int)width, height < 1 ? 1 : (int)height);
	cairo_t *c = cairo_create(s);

	cairo_set_source_rgb(c, 1, 1, 1);
	cairo_paint(c);
	cairo_destroy(c);
	return s;
}

/* ---- reading the head ------------------------------------------------- */

static result
read_head(text in, struct wanted *ret)
{
	struct wanted w;

	if (in.n < VIEW_HEAD)
		return refuse(INVALID);
	w.what = (enum view_wanted)in.p[0];
	w.kind = (enum view_kind)in.p[1];
	w.page = get_u32(in.p + 4);
	w.file = (text){ in.p + VIEW_HEAD, in.n - VIEW_HEAD };
	if ((w.what != VIEW_TEXT && w.what != VIEW_PICTURE) || w.page == 0)
		return refuse(INVALID);
	*ret = w;
	return OK;
}

void
view_head(uint32_t pages, bool picture, struct buf *out)
{
	buf_u32(out, pages);
	buf_u32(out, picture ? 1 : 0);
}

static result
only_words(const struct wanted *w, struct buf *out)
{
	CLEANUP(buf_free) struct buf b = buf_new(2 * VIEW_TEXT_MAX);

	if (w->what != VIEW_TEXT || w->page != 1)
		return refuse(INVALID);
	view_head(1, false, out);
	if (w->kind == VIEW_PLAIN) {
		text t = w->file;

		if (text_starts(t, T("\xef\xbb\xbf")))
			t = (text){ t.p + 3, t.n - 3 };
		view_words(t, out);
		return buf_end(out);
	}
	TRY(packed_words(w->file, w->kind == VIEW_DOCX ?
	    T("word/document.xml") : T("content.xml"), &b));
	view_words(buf_view(&b), out);
	return buf_end(out);
}

result
view(text in, struct buf *out)
{
	struct wanted w;

	TRY(read_head(in, &w));
	switch (w.kind) {
	case VIEW_JPEG:
	case VIEW_PNG:
	case VIEW_WEBP:
	case VIEW_TIFF:
		return view_image(&w, out);
	case VIEW_PLAIN:
	case VIEW_DOCX:
	case VIEW_ODT:
		return only_words(&w, out);
	case VIEW_PDF:
	case VIEW_NONE:
		return refuse(INVALID);
	}
	return refuse(INVALID);
}

result
view_pdf(text in, struct buf *out)
{
	struct wanted w;

	TRY(read_head(in, &w));
	return w.kind == VIEW_PDF ? view_pdf_page(&w, out) : refuse(INVALID);
}
