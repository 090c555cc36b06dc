/* PDF, text and sound. */
#include "inside.h"

#include <string.h>

/* ---- PDF: a head, and an end that says where its table stands ---------- */

enum { PDF_END = 1024 };

static bool
text_holds(text t, text what)
{
	return what.n <= t.n && memmem(t.p, t.n, what.p, what.n) != NULL;
}

const char *
look_pdf(text bytes)
{
	size_t n = bytes.n < PDF_END ? bytes.n : PDF_END;
	text end = { bytes.p + bytes.n - n, n };

	if (bytes.n < 9 || (bytes.p[5] != '1' && bytes.p[5] != '2') ||
	    bytes.p[6] != '.')
		return "content.broken";
	return text_holds(end, T("startxref")) && text_holds(end,
	    T("%%EOF")) ? NULL : "content.broken";
}

/* ---- text: UTF-8, and no page of the web ------------------------------ */

static bool
looks_like_web(text t)
{
	static const char *const begins[] = { "<!doctype", "<html", "<svg",
		"<?xml", "<script", "<head", "<body", "<!--" };

	t = text_trim(t);
	for (size_t i = 0; i < LENGTH(begins); i++) {
		text b = text_of(begins[i]);

		if (t.n >= b.n && text_same_folded((text){ t.p, b.n }, b))
			return true;
	}
	return false;
}

static bool
plain_byte(char c)
{
	return (unsigned char)c >= 0x20 ? c != 0x7f :
	    c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

const char *
look_text(text bytes)
{
	if (bytes_at(bytes, 0, T("\xef\xbb\xbf")))
		bytes = (text){ bytes.p + 3, bytes.n - 3 };
	for (size_t i = 0; i < bytes.n; i++) {
		if (!plain_byte(bytes.p[i]))
			return "content.no_text";
	}
	if (!text_is_utf8(bytes))
		return "content.no_utf8";
	return looks_like_web(bytes) ? "content.web" : NULL;
}

/* ---- Ogg: pages to the last byte, and sound in the first -------------- */

enum { OGG_HEAD = 27, OGG_SEGMENTS_AT = 26 };

static size_t
ogg_page(text bytes, size_t at)
{
	size_t segments;
	size_t n;

	if (!bytes_at(bytes, at, T("OggS")) || bytes.n - at < OGG_HEAD)
		return 0;
	segments = (uint8_t)bytes.p[at + OGG_SEGMENTS_AT];
	n = OGG_HEAD + segments;
	if (n > bytes.n - at)
		return 0;
	for (size_t i = 0; i < segments; i++)
		n += (uint8_t)bytes.p[at + OGG_HEAD + i];
	return n > bytes.n - at ? 0 : n;
}

static bool
ogg_sound(text bytes)
{
	size_t at = OGG_HEAD + (size_t)(uint8_t)bytes.p[OGG_SEGMENTS_AT];

	return bytes_at(bytes, at, T("\x01vorbis")) ||
	    bytes_at(bytes, at, T("OpusHead")) ||
	    bytes_at(bytes, at, T("Speex   ")) ||
	    bytes_at(bytes, at, T("\x7f" "FLAC"));
}

const char *
look_ogg(text bytes)
{
	size_t at = 0;

	while (at < bytes.n) {
		size_t n = ogg_page(bytes, at);

		if (n == 0)
			return "content.broken";
		if (at == 0 && !ogg_sound(bytes))
			return "content.no_sound";
		at += n;
	}
	return NULL;
}

/* ---- M4A: boxes within boxes, and no picture that moves --------------- */

enum { BOX_HEAD = 8, BOXES_MAX = 10000, BOX_DEPTH = 4 };

/* Its whole length; 0: it does not fit what it stands in. */
static size_t
box(text in, size_t at)
{
	uint64_t n;

	if (in.n - at < BOX_HEAD)
		return 0;
	n = get_u32(in.p + at);
	if (n == 1)
		n = in.n - at < 16 ? 0 : get_u64(in.p + at + 8);
	return n < BOX_HEAD || n > in.n - at ? 0 : (size_t)n;
}

struct tracks { int sound, picture; };

/* moov → trak → mdia → hdlr says what a track is. */
static bool
walk(text in, size_t *left, struct tracks *t)
{
	static const char *const way[BOX_DEPTH - 1] = { "moov", "trak",
		"mdia" };
	size_t at[BOX_DEPTH] = { 0 };
	text within[BOX_DEPTH] = { in };
	size_t d = 0;

	for (;;) {
		size_t n;

		if (at[d] == within[d].n) {
			if (d == 0)
				return true;
			d--;
			continue;
		}
		n = box(within[d], at[d]);
		if (n == 0 || --*left == 0)
			return false;
		text name = { within[d].p + at[d] + 4, 4 };
		text body = { within[d].p + at[d] + BOX_HEAD, n - BOX_HEAD };

		at[d] += n;
		if (d < BOX_DEPTH - 1 && text_same(name, text_of(way[d]))) {
			within[++d] = body;
			at[d] = 0;
		} else if (d == BOX_DEPTH - 1 && text_same(name, T("hdlr"))) {
			t->sound += bytes_at(body, 8, T("soun"));
			t->picture += bytes_at(body, 8, T("vide"));
		}
	}
}

const char *
look_m4a(text bytes)
{
	size_t left = BOXES_MAX;
	struct tracks t = { 0 };

	if (!walk(bytes, &left, &t))
		return "content.broken";
	return t.sound == 0 || t.picture > 0 ? "content.no_sound" : NULL;
}
