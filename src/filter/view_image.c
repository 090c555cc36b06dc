/* A photograph or scan, decoded whole and made smaller. */
#include "filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jpeglib.h>

#include "by_soname.h"
#include "cell.h"
#include "content.h"
#include "view_inside.h"

/* ---- surfaces --------------------------------------------------------- */

/* The header was measured before (content.h); here it is believed less. */
static cairo_surface_t *
surface_new(uint32_t width, uint32_t height)
{
	cairo_surface_t *s;

	if (width == 0 || height == 0 ||
	    (uint64_t)width * height > CONTENT_PIXELS_MAX)
		return NULL;
	s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width,
	    (int)height);
	if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS)
		return s;
	cairo_surface_destroy(s);
	return NULL;
}

static uint32_t *
row_of(cairo_surface_t *s, uint32_t y)
{
	return (uint32_t *)(void *)(cairo_image_surface_get_data(s) +
	    (size_t)y * (size_t)cairo_image_surface_get_stride(s));
}

static uint32_t
dot(unsigned int red, unsigned int green, unsigned int blue)
{
	return 0xff000000u | red << 16 | green << 8 | blue;
}

/* ---- JPEG ------------------------------------------------------------- */

/* One document per process: what libjpeg cannot go on from is its end. */
static void
jpeg_no(j_common_ptr c)
{
	(void)c;
	_exit(CELL_EXIT_INVALID);
}

static void
jpeg_says_nothing(j_common_ptr c, int level)
{
	(void)c;
	(void)level;
}

/* How a camera was held, from its Exif: 1 to 8; 1 where nothing is said. */
static int
held(const struct jpeg_decompress_struct *j)
{
	enum { EXIF = 6, ORIENTATION = 0x0112, FIELD = 12 };
	const struct jpeg_marker_struct *m = j->marker_list;
	const uint8_t *t;
	size_t n, at, fields;
	bool low;

	while (m != NULL && (m->marker != JPEG_APP0 + 1 ||
	    m->data_length < EXIF + 10 || memcmp(m->data, "Exif", 5) != 0))
		m = m->next;
	if (m == NULL)
		return 1;
	t = m->data + EXIF;
	n = m->data_length - EXIF;
	low = t[0] == 'I';
#define U16(p) (low ? (uint32_t)((p)[0] | (p)[1] << 8) : get_u16(p))
	at = low ? U16(t + 4) | U16(t + 6) << 16 : get_u32(t + 4);
	if (at > n - 2)
		return 1;
	fields = U16(t + at);
	for (size_t i = 0; i < fields && n - at >= 2 + (i + 1) * FIELD; i++) {
		const uint8_t *f = t + at + 2 + i * FIELD;

		if (U16(f) == ORIENTATION && U16(f + 8) >= 1 &&
		    U16(f + 8) <= 8)
			return (int)U16(f + 8);
	}
#undef U16
	return 1;
}

static void
jpeg_row(const struct jpeg_decompress_struct *j, const uint8_t *from,
    uint32_t *to)
{
	for (uint32_t x = 0; x < j->output_width; x++) {
		if (j->out_color_space == JCS_CMYK) {
			/* As Adobe writes it: ink turned round. */
			unsigned int k = from[3];

			to[x] = dot(from[0] * k / 255, from[1] * k / 255,
			    from[2] * k / 255);
			from += 4;
		} else {
			to[x] = dot(from[0], from[1], from[2]);
			from += 3;
		}
	}
}

static cairo_surface_t *
decode_jpeg(text file, int *ret_held)
{
	struct jpeg_error_mgr no;
	struct jpeg_decompress_struct j = { .err = jpeg_std_error(&no) };
	cairo_surface_t *s;
	JSAMPARRAY row;

	no.error_exit = jpeg_no;
	no.emit_message = jpeg_says_nothing;
	jpeg_create_decompress(&j);
	jpeg_mem_src(&j, (const unsigned char *)file.p, file.n);
	jpeg_save_markers(&j, JPEG_APP0 + 1, 0xffff);
	jpeg_read_header(&j, TRUE);
	j.out_color_space = j.jpeg_color_space == JCS_CMYK ||
	    j.jpeg_color_space == JCS_YCCK ? JCS_CMYK : JCS_RGB;
	*ret_held = held(&j);
	jpeg_start_decompress(&j);
	s = surface_new(j.output_width, j.output_height);
	if (s == NULL)
		return NULL;
	row = (*j.mem->alloc_sarray)((j_common_ptr)&j, JPOOL_IMAGE,
	    j.output_width * 4, 1);
	while (j.output_scanline < j.output_height) {
		uint32_t y = j.output_scanline;

		if (jpeg_read_scanlines(&j, row, 1) != 1)
			break;
		jpeg_row(&j, row[0], row_of(s, y));
	}
	jpeg_destroy_decompress(&j);
	cairo_surface_mark_dirty(s);
	return s;
}

/* ---- PNG, WebP -------------------------------------------------------- */

struct png_in { text rest; };

static cairo_status_t
png_bytes(void *self, unsigned char *p, unsigned int n)
{
	struct png_in *in = self;

	if (n > in->rest.n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(p, in->rest.p, n);
	in->rest = (text){ in->rest.p + n, in->rest.n - n };
	return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
decode_png(text file)
{
	struct png_in in = { file };
	cairo_surface_t *s = cairo_image_surface_create_from_png_stream(
	    png_bytes, &in);

	if (cairo_surface_status(s) == CAIRO_STATUS_SUCCESS)
		return s;
	cairo_surface_destroy(s);
	return NULL;
}

/* Cairo wants the colours with the alpha in them. */
static uint32_t
with_alpha(uint32_t bgra)
{
	uint32_t alpha = bgra >> 24;
	uint32_t blue = (bgra & 255) * alpha / 255;
	uint32_t green = (bgra >> 8 & 255) * alpha / 255;
	uint32_t red = (bgra >> 16 & 255) * alpha / 255;

	return alpha << 24 | red << 16 | green << 8 | blue;
}

static cairo_surface_t *
decode_webp(text file)
{
	const uint8_t *bytes = (const uint8_t *)file.p;
	int width = 0, height = 0;
	cairo_surface_t *s;
	int stride;

	if (!WebPGetInfo(bytes, file.n, &width, &height) || width < 1 ||
	    height < 1)
		return NULL;
	s = surface_new((uint32_t)width, (uint32_t)height);
	if (s == NULL)
		return NULL;
	stride = cairo_image_surface_get_stride(s);
	if (WebPDecodeBGRAInto(bytes, file.n,
	    cairo_image_surface_get_data(s),
	    (size_t)stride * (size_t)height, stride) == NULL) {
		cairo_surface_destroy(s);
		return NULL;
	}
	for (uint32_t y = 0; y < (uint32_t)height; y++) {
		uint32_t *row = row_of(s, y);

		for (uint32_t x = 0; x < (uint32_t)width; x++)
			row[x] = with_alpha(row[x]);
	}
	cairo_surface_mark_dirty(s);
	return s;
}

/* ---- TIFF ------------------------------------------------------------- */

struct tiff_in { text file; uint64_t at; };

static tmsize_t
tiff_read(thandle_t h, void *p, tmsize_t n)
{
	struct tiff_in *in = h;
	uint64_t left = in->at < in->file.n ? in->file.n - in->at : 0;
	size_t take = n < 0 ? 0 : (uint64_t)n < left ? (size_t)n :
	    (size_t)left;

	memcpy(p, in->file.p + in->at, take);
	in->at += take;
	return (tmsize_t)take;
}

static tmsize_t
tiff_write(thandle_t h, void *p, tmsize_t n)
{
	(void)h;
	(void)p;
	(void)n;
	return 0;
}

static uint64_t
tiff_seek(thandle_t h, uint64_t to, int from)
{
	struct tiff_in *in = h;

	in->at = from == SEEK_CUR ? in->at + to : from == SEEK_END ?
	    in->file.n + to : to;
	if (in->at > in->file.n)
		in->at = in->file.n;
	return in->at;
}

static int
tiff_close(thandle_t h)
{
	(void)h;
	return 0;
}

static uint64_t
tiff_size(thandle_t h)
{
	return ((const struct tiff_in *)h)->file.n;
}

static cairo_surface_t *
tiff_page(TIFF *t)
{
	uint32_t width = 0, height = 0;
	cairo_surface_t *s;
	uint32_t *dots;

	TIFFGetField(t, TIFFTAG_IMAGEWIDTH, &width);
	TIFFGetField(t, TIFFTAG_IMAGELENGTH, &height);
	s = surface_new(width, height);
	dots = s == NULL ? NULL : calloc((size_t)width * height, 4);
	if (dots == NULL || !TIFFReadRGBAImageOriented(t, width, height,
	    dots, ORIENTATION_TOPLEFT, 1)) {
		free(dots);
		cairo_surface_destroy(s);
		return NULL;
	}
	for (uint32_t y = 0; y < height; y++) {
		uint32_t *to = row_of(s, y);
		const uint32_t *from = dots + (size_t)y * width;

		for (uint32_t x = 0; x < width; x++)
			to[x] = dot(from[x] & 255, from[x] >> 8 & 255,
			    from[x] >> 16 & 255);
	}
	free(dots);
	cairo_surface_mark_dirty(s);
	return s;
}

static cairo_surface_t *
decode_tiff(text file, uint32_t page, uint32_t *ret_pages)
{
	struct tiff_in in = { file, 0 };
	TIFF *t;
	cairo_surface_t *s = NULL;

	TIFFSetErrorHandler(NULL);
	TIFFSetWarningHandler(NULL);
	t = TIFFClientOpen("", "rm", &in, tiff_read, tiff_write, tiff_seek,
	    tiff_close, tiff_size, NULL, NULL);
	if (t == NULL)
		return NULL;
	*ret_pages = (uint32_t)TIFFNumberOfDirectories(t);
	if (page <= *ret_pages && TIFFSetDirectory(t, (tdir_t)(page - 1)))
		s = tiff_page(t);
	TIFFClose(t);
	return s;
}

/* ---- making it small and upright -------------------------------------- */

static void
turn(cairo_t *c, int how, double width, double height)
{
	/* What takes the picture as it lies to how it was seen. */
	static const int way[9][4] = { { 0 }, { 1, 0, 0, 1 }, { -1, 0, 0, 1 },
		{ -1, 0, 0, -1 }, { 1, 0, 0, -1 }, { 0, 1, 1, 0 },
		{ 0, 1, -1, 0 }, { 0, -1, -1, 0 }, { 0, -1, 1, 0 } };
	const int *w = way[how];
	double x = w[0] < 0 ? width : w[2] < 0 ? height : 0;
	double y = w[3] < 0 ? height : w[1] < 0 ? width : 0;
	cairo_matrix_t m;

	cairo_matrix_init(&m, w[0], w[1], w[2], w[3], x, y);
	cairo_transform(c, &m);
}

static result
small(cairo_surface_t *from, int how, struct buf *out)
{
	double width = cairo_image_surface_get_width(from);
	double height = cairo_image_surface_get_height(from);
	double longer = width > height ? width : height;
	double scale = longer > VIEW_SIDE_MAX ? VIEW_SIDE_MAX / longer : 1;
	bool lies = how >= 5;
	cairo_surface_t *s = view_paper((lies ? height : width) * scale,
	    (lies ? width : height) * scale);
	cairo_t *c = cairo_create(s);
	result got;

	cairo_scale(c, scale, scale);
	turn(c, how, width, height);
	cairo_set_source_surface(c, from, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_GOOD);
	cairo_paint(c);
	got = cairo_status(c) == CAIRO_STATUS_SUCCESS ?
	    view_picture(s, out) : refuse(INVALID);
	cairo_destroy(c);
	cairo_surface_destroy(s);
	return got;
}

result
view_image(const struct wanted *w, struct buf *out)
{
	uint32_t pages = 1;
	int how = 1;
	cairo_surface_t *s = NULL;
	result got;

	if (w->kind != VIEW_TIFF && w->page != 1)
		return refuse(INVALID);
	if (w->kind == VIEW_JPEG)
		s = decode_jpeg(w->file, &how);
	else if (w->kind == VIEW_PNG)
		s = decode_png(w->file);
	else if (w->kind == VIEW_WEBP)
		s = decode_webp(w->file);
	else
		s = decode_tiff(w->file, w->page, &pages);
	if (s == NULL)
		return refuse(INVALID);
	view_head(pages, true, out);
	/* There are no words in it, but whether it can be shown is known. */
	got = w->what == VIEW_TEXT ? buf_end(out) : small(s, how, out);
	cairo_surface_destroy(s);
	return got;
}
