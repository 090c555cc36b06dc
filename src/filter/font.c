#include "layout.h"

/*
 * The first family that the machine has; the last is always there.  A sheet
 * to copy by hand is set in a face that tells 0 from O and 1 from l.
 */
static const char *const families[FACES] = {
	[FACE_TEXT] = "Noto Sans,DejaVu Sans,sans-serif",
	[FACE_STRONG] = "Noto Sans,DejaVu Sans,sans-serif",
	[FACE_MONO] = "DejaVu Sans Mono,Noto Sans Mono,monospace",
};

PangoContext *font_context(cairo_t *cr)
{
	PangoContext *c = pango_cairo_create_context(cr);
	cairo_font_options_t *exact = cairo_font_options_create();

	/* On paper a letter is where it is, not where a screen has a dot. */
	cairo_font_options_set_hint_style(exact, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(exact, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(c, exact);
	cairo_font_options_destroy(exact);
	pango_context_set_round_glyph_positions(c, FALSE);
	/*
	 * A tag that pango knows no scripts of, so that it takes the same
	 * fonts for Greek or Chinese instead of asking for others.
	 */
	pango_context_set_language(c, pango_language_from_string("xx"));
	return c;
}

PangoFontDescription *font_of(enum face face)
{
	PangoFontDescription *d = pango_font_description_new();

	pango_font_description_set_family_static(d, families[face]);
	pango_font_description_set_absolute_size(d, FACE_SIZE * PANGO_SCALE);
	if (face != FACE_TEXT)
		pango_font_description_set_weight(d, PANGO_WEIGHT_BOLD);
	return d;
}
