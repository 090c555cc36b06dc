#include "layout.h"

#include <string.h>

#define FOOT_SIZE 9.0
#define FOOT_Y (PAGE_HEIGHT - 44.0)
#define BAND_SIZE 11.0
#define BAND_PAD 4.0
#define LEADING 1.3

struct laid sheet_lay(struct sheet *s, const struct words *w)
{
	struct laid l = { .scale = w->size / FACE_SIZE };
	PangoFontDescription *font = font_of(w->face);
	PangoRectangle logical;

	l.layout = pango_layout_new(s->context);
	pango_layout_set_font_description(l.layout, font);
	pango_font_description_free(font);
	pango_layout_set_text(l.layout, w->text.n == 0 ? "" : w->text.p,
	    (int)w->text.n);
	pango_layout_set_width(l.layout,
	    (int)(w->width / l.scale * PANGO_SCALE));
	pango_layout_set_wrap(l.layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(l.layout, w->align);
	pango_layout_set_line_spacing(l.layout, (float)LEADING);
	pango_layout_set_single_paragraph_mode(l.layout, TRUE);
	pango_layout_get_extents(l.layout, NULL, &logical);
	l.height = l.scale * logical.height / PANGO_SCALE;
	return l;
}

void laid_free(struct laid *l)
{
	g_object_unref(l->layout);
}

/* Between these two a unit is one of the layout's, from (x, y). */
static void scaled_begin(struct sheet *s, double x, double y, double scale)
{
	cairo_save(s->cr);
	cairo_translate(s->cr, x, y);
	cairo_scale(s->cr, scale, scale);
	cairo_move_to(s->cr, 0, 0);
}

static void scaled_end(struct sheet *s)
{
	cairo_restore(s->cr);
	cairo_new_path(s->cr);
}

void sheet_show(struct sheet *s, const struct laid *l, double x, double y,
    const char *tag)
{
	if (s->pages == 0)
		return;
	if (tag != NULL)
		cairo_tag_begin(s->cr, tag, NULL);
	scaled_begin(s, x, y, l->scale);
	pango_cairo_show_layout(s->cr, l->layout);
	scaled_end(s);
	if (tag != NULL)
		cairo_tag_end(s->cr, tag);
}

void sheet_rule(struct sheet *s, double x, double width, double weight)
{
	if (s->pages == 0)
		return;
	cairo_set_line_width(s->cr, weight);
	cairo_move_to(s->cr, x, s->y);
	cairo_line_to(s->cr, x + width, s->y);
	cairo_stroke(s->cr);
}

/* ---- what stands on every page ---------------------------------------- */

/* "página {page} de {pages}": the words are the caller's. */
static text page_words(const struct sheet *s, char *out, size_t max)
{
	struct buf b = buf_new(max);
	text rest = s->frame.pages;

	while (rest.n > 0) {
		buf_text(&b, text_cut(&rest, '{'));
		if (text_starts(rest, T("pages}")))
			buf_format(&b, "%d", s->pages);
		if (text_starts(rest, T("page}")))
			buf_format(&b, "%d", s->page);
		text_cut(&rest, '}');
	}
	size_t n = b.failed ? 0 : b.n;
	memcpy(out, n == 0 ? "" : b.p, n);
	buf_free(&b);
	return (text){ out, n };
}

static void foot_part(struct sheet *s, text t, PangoAlignment align)
{
	struct words w = { .text = t, .face = FACE_TEXT, .size = FOOT_SIZE,
		.width = BODY_WIDTH, .align = align };
	struct laid l = sheet_lay(s, &w);

	pango_layout_set_ellipsize(l.layout, PANGO_ELLIPSIZE_END);
	sheet_show(s, &l, MARGIN_SIDE, FOOT_Y, NULL);
	laid_free(&l);
}

static void foot(struct sheet *s)
{
	char pages[256];

	if (s->pages == 0)
		return;
	foot_part(s, s->frame.code, PANGO_ALIGN_LEFT);
	foot_part(s, s->frame.copy, PANGO_ALIGN_CENTER);
	foot_part(s, page_words(s, pages, sizeof(pages)), PANGO_ALIGN_RIGHT);
}

static void band(struct sheet *s)
{
	if (s->frame.band.n == 0)
		return;

	struct words w = { .text = s->frame.band, .face = FACE_STRONG,
		.size = BAND_SIZE, .width = BODY_WIDTH - 2 * BAND_PAD,
		.align = PANGO_ALIGN_CENTER };
	struct laid l = sheet_lay(s, &w);
	double height = l.height + 2 * BAND_PAD;

	if (s->pages > 0) {
		cairo_set_line_width(s->cr, 1.5);
		cairo_rectangle(s->cr, MARGIN_SIDE, s->y, BODY_WIDTH, height);
		cairo_stroke(s->cr);
	}
	sheet_show(s, &l, MARGIN_SIDE + BAND_PAD, s->y + BAND_PAD, NULL);
	laid_free(&l);
	s->y += height + 12;
}

static void letterhead(struct sheet *s)
{
	if (s->page != 1 || s->frame.letterhead.n == 0)
		return;

	struct words w = { .text = s->frame.letterhead, .face = FACE_STRONG,
		.size = 11, .width = BODY_WIDTH, .align = PANGO_ALIGN_LEFT };
	struct laid l = sheet_lay(s, &w);

	sheet_show(s, &l, MARGIN_SIDE, s->y, NULL);
	s->y += l.height + 4;
	laid_free(&l);
	sheet_rule(s, MARGIN_SIDE, BODY_WIDTH, 0.8);
	s->y += 16;
}

/* ---- pages ------------------------------------------------------------ */

static void page_begin(struct sheet *s)
{
	s->page++;
	s->y = MARGIN_TOP;
	s->fresh = true;
	if (s->page > PAPER_PAGES_MAX)
		s->over = true;
	band(s);
	letterhead(s);
}

static void page_finish(struct sheet *s)
{
	foot(s);
	if (s->pages > 0)
		cairo_show_page(s->cr);
}

void sheet_begin(struct sheet *s)
{
	s->page = 0;
	s->columns = 0;
	s->header.cells = 0;
	page_begin(s);
}

void sheet_page_new(struct sheet *s)
{
	page_finish(s);
	page_begin(s);
}

void sheet_end(struct sheet *s)
{
	page_finish(s);
}

void sheet_need(struct sheet *s, double height)
{
	if (!s->fresh && s->y + height > BODY_END)
		sheet_page_new(s);
}

void sheet_gap(struct sheet *s, double height)
{
	if (!s->fresh)
		s->y += height;
}

/* ---- paragraphs ------------------------------------------------------- */

/* A line of a paragraph: its own height, and with the air around it. */
struct line { PangoLayoutLine *line; double scale, natural, height; };

static struct line line_of(const struct laid *l, int i)
{
	struct line line = { .scale = l->scale };
	PangoRectangle logical;

	line.line = pango_layout_get_line_readonly(l->layout, i);
	pango_layout_line_get_extents(line.line, NULL, &logical);
	line.natural = l->scale * logical.height / PANGO_SCALE;
	line.height = line.natural * LEADING;
	return line;
}

static void show_line(struct sheet *s, const struct line *l,
    const struct words *w)
{
	PangoRectangle logical;
	double x = w->x;

	pango_layout_line_get_extents(l->line, NULL, &logical);
	double spare = w->width - l->scale * logical.width / PANGO_SCALE;
	if (w->align == PANGO_ALIGN_RIGHT)
		x += spare;
	if (w->align == PANGO_ALIGN_CENTER)
		x += spare / 2;
	scaled_begin(s, x, s->y + (l->height - l->natural) / 2 +
	    l->scale * PANGO_ASCENT(logical) / PANGO_SCALE, l->scale);
	pango_cairo_show_layout_line(s->cr, l->line);
	scaled_end(s);
}

static void show_mark(struct sheet *s, const struct line *l,
    const struct words *w)
{
	struct words mark = { .text = w->mark, .face = w->face,
		.size = w->size, .width = w->x - MARGIN_SIDE,
		.align = PANGO_ALIGN_LEFT };

	if (w->mark.n == 0)
		return;
	struct laid laid = sheet_lay(s, &mark);
	sheet_show(s, &laid, MARGIN_SIDE, s->y + (l->height - l->natural) / 2,
	    NULL);
	laid_free(&laid);
}

/* Lines that must stay with line i: the first two, and the last two. */
static int together(int i, int lines)
{
	if (i == 0 && lines <= 3)
		return lines;
	return i == 0 || i == lines - 2 ? 2 : 1;
}

/* The PDF's structure: a part of a paragraph may not cross pages. */
static void tag_open(struct sheet *s, const char *tag, bool *open)
{
	if (s->pages == 0 || tag == NULL || *open)
		return;
	cairo_tag_begin(s->cr, tag, NULL);
	*open = true;
}

static void tag_close(struct sheet *s, const char *tag, bool *open)
{
	if (*open)
		cairo_tag_end(s->cr, tag);
	*open = false;
}

void sheet_paragraph(struct sheet *s, const struct words *w)
{
	struct laid l = sheet_lay(s, w);
	int lines = pango_layout_get_line_count(l.layout);
	bool open = false;

	for (int i = 0; i < lines && !s->over; i++) {
		struct line line = line_of(&l, i);

		if (!s->fresh &&
		    s->y + line.height * together(i, lines) > BODY_END) {
			tag_close(s, w->tag, &open);
			sheet_page_new(s);
		}
		tag_open(s, w->tag, &open);
		if (s->pages > 0) {
			show_line(s, &line, w);
			if (i == 0)
				show_mark(s, &line, w);
		}
		s->y += line.height;
		s->fresh = false;
	}
	tag_close(s, w->tag, &open);
	laid_free(&l);
}
