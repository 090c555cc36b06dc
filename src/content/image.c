/* Pictures: their sizes, and that their parts add up. */
#include "inside.h"

const char *
pixels(uint64_t width, uint64_t height)
{
	if (width == 0 || height == 0)
		return "content.broken";
	return width > CONTENT_PIXELS_MAX || height > CONTENT_PIXELS_MAX ||
	    width * height > CONTENT_PIXELS_MAX ? "content.pixels" : NULL;
}

/* ---- JPEG: segments up to the first scan ------------------------------ */

static bool
is_frame(uint8_t marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	    marker != 0xc8 && marker != 0xcc;
}

/* Cameras put more behind the end of the picture; decoders stop there. */
static bool
ends(text bytes, size_t from)
{
	for (size_t i = bytes.n; i > from + 1; i--) {
		if ((uint8_t)bytes.p[i - 2] == 0xff &&
		    (uint8_t)bytes.p[i - 1] == 0xd9)
			return true;
	}
	return false;
}

const char *
look_jpeg(text bytes)
{
	const char *framed = "content.broken";
	size_t at = 2;

	while (at + 4 <= bytes.n) {
		uint8_t marker = (uint8_t)bytes.p[at + 1];
		size_t n = get_u16(bytes.p + at + 2);

		if ((uint8_t)bytes.p[at] != 0xff)
			return "content.broken";
		if (marker == 0xff) {		/* fill */
			at++;
			continue;
		}
		if (n < 2 || n > bytes.n - at - 2)
			return "content.broken";
		if (is_frame(marker) && n >= 8)
			framed = pixels(get_u16(bytes.p + at + 7),
			    get_u16(bytes.p + at + 5));
		at += 2 + n;
		if (marker == 0xda)
			return framed != NULL ? framed :
			    ends(bytes, at) ? NULL : "content.broken";
	}
	return "content.broken";
}

/* ---- PNG: chunks to the last byte ------------------------------------- */

const char *
look_png(text bytes)
{
	const char *sized = "content.broken";
	size_t at = 8;

	while (bytes.n - at >= 12) {
		size_t n = get_u32(bytes.p + at);

		if (n > bytes.n - at - 12)
			return "content.broken";
		if (at == 8) {
			if (!bytes_at(bytes, at + 4, T("IHDR")) || n != 13)
				return "content.broken";
			sized = pixels(get_u32(bytes.p + at + 8),
			    get_u32(bytes.p + at + 12));
			if (sized != NULL)
				return sized;
		}
		if (bytes_at(bytes, at + 4, T("IEND")))
			return n == 0 && at + 12 == bytes.n ? NULL :
			    "content.more_inside";
		at += 12 + n;
	}
	return "content.broken";
}

/* ---- WebP ------------------------------------------------------------- */

static uint32_t
low_u24(const char *p)
{
	return (uint32_t)low_u16(p) | (uint32_t)(uint8_t)p[2] << 16;
}

const char *
look_webp(text bytes)
{
	uint32_t bits;

	if (bytes.n < 30 || !bytes_at(bytes, 0, T("RIFF")) ||
	    low_u32(bytes.p + 4) > bytes.n - 8)
		return "content.broken";
	if (bytes.n - 8 - low_u32(bytes.p + 4) > 1)
		return "content.more_inside";
	if (low_u32(bytes.p + 16) > bytes.n - 20)
		return "content.broken";
	if (bytes_at(bytes, 12, T("VP8X")))
		return pixels((uint64_t)low_u24(bytes.p + 24) + 1,
		    (uint64_t)low_u24(bytes.p + 27) + 1);
	if (bytes_at(bytes, 12, T("VP8 ")))
		return bytes_at(bytes, 23, T("\x9d\x01\x2a")) ?
		    pixels(low_u16(bytes.p + 26) & 0x3fff,
		    low_u16(bytes.p + 28) & 0x3fff) : "content.broken";
	if (!bytes_at(bytes, 12, T("VP8L")) || bytes.p[20] != 0x2f)
		return "content.broken";
	bits = low_u32(bytes.p + 21);
	return pixels((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

/* ---- TIFF: each page's size ------------------------------------------- */

enum { TIFF_PAGES_MAX = 500, TIFF_FIELDS_MAX = 1000, TAG_WIDTH = 256,
	TAG_HEIGHT = 257, TYPE_SHORT = 3, TYPE_LONG = 4 };

struct tiff { text bytes; bool low; };

static uint32_t
tiff_u16(const struct tiff *t, size_t at)
{
	return t->low ? low_u16(t->bytes.p + at) : get_u16(t->bytes.p + at);
}

static uint32_t
tiff_u32(const struct tiff *t, size_t at)
{
	return t->low ? low_u32(t->bytes.p + at) : get_u32(t->bytes.p + at);
}

/* The page at `at`, and where the next one stands. */
static const char *
tiff_page(const struct tiff *t, size_t at, size_t *ret_next)
{
	uint64_t size[2] = { 0, 0 };
	size_t n;

	if (at < 8 || at > t->bytes.n - 2)
		return "content.broken";
	n = tiff_u16(t, at);
	if (n == 0 || n > TIFF_FIELDS_MAX || 2 + n * 12 + 4 > t->bytes.n - at)
		return "content.broken";
	for (size_t i = 0; i < n; i++) {
		size_t field = at + 2 + i * 12;
		uint32_t tag = tiff_u16(t, field);
		uint32_t type = tiff_u16(t, field + 2);

		if ((tag != TAG_WIDTH && tag != TAG_HEIGHT) ||
		    tiff_u32(t, field + 4) != 1)
			continue;
		if (type == TYPE_SHORT)
			size[tag - TAG_WIDTH] = tiff_u16(t, field + 8);
		else if (type == TYPE_LONG)
			size[tag - TAG_WIDTH] = tiff_u32(t, field + 8);
	}
	*ret_next = tiff_u32(t, at + 2 + n * 12);
	return pixels(size[0], size[1]);
}

const char *
look_tiff(text bytes)
{
	struct tiff t = { bytes, true };
	const char *why = "content.broken";
	size_t at;

	if (bytes.n < 8)
		return why;
	t.low = bytes.p[0] == 'I';
	if (tiff_u16(&t, 2) != 42)
		return why;
	at = tiff_u32(&t, 4);
	for (int page = 0; page < TIFF_PAGES_MAX; page++) {
		why = tiff_page(&t, at, &at);
		if (why != NULL || at == 0)
			return why;
	}
	return "content.broken";
}
