#include "inside.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Characters that turn the direction of what follows, or are not seen. */
static bool
hidden(utf8proc_int32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x2069) || c == 0x061c || c == 0xfeff ||
	    (c >= 0xfff9 && c <= 0xfffb);
}

static bool
fits_in_name(utf8proc_int32_t c)
{
	static const char path[] = "/\\:*?\"<>|";

	for (size_t i = 0; i < sizeof(path) - 1; i++) {
		if (c == path[i])
			return false;
	}
	return c >= 0x20 && !(c >= 0x7f && c <= 0x9f) && c != 0x2028 &&
	    c != 0x2029 && !hidden(c);
}

/* Behind the last folder: browsers of long ago send whole paths. */
static text
last_part(text t)
{
	size_t from = t.n;

	while (from > 0 && t.p[from - 1] != '/' && t.p[from - 1] != '\\')
		from--;
	return (text){ t.p + from, t.n - from };
}

static text
copy_fitting(struct arena *a, text t)
{
	struct buf b = buf_new(4 * CONTENT_NAME_MAX * 4);
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)t.p;
	utf8proc_ssize_t left = (utf8proc_ssize_t)t.n;
	utf8proc_int32_t c;
	text made;

	while (left > 0) {
		utf8proc_ssize_t n = utf8proc_iterate(at, left, &c);

		if (n <= 0)
			break;
		if (fits_in_name(c))
			buf_add(&b, at, (size_t)n);
		at += n;
		left -= n;
	}
	made = text_trim(buf_view(&b));
	while (made.n > 0 && made.p[0] == '.')
		made = (text){ made.p + 1, made.n - 1 };
	made = b.failed ? T("") : arena_text(a, made);
	buf_free(&b);
	return made;
}

/* The first characters of the stem, and the whole extension. */
static text
shortened(struct arena *a, text t)
{
	size_t dot = t.n;
	size_t keep = 0;
	size_t characters = 0;
	text extension;

	if (text_characters(t) <= CONTENT_NAME_MAX)
		return t;
	while (dot > 0 && t.p[dot - 1] != '.')
		dot--;
	extension = dot == 0 ? T("") : (text){ t.p + dot - 1,
	    t.n - dot + 1 };
	if (text_characters(extension) >= CONTENT_NAME_MAX)
		return T("");
	while (keep < t.n && characters < CONTENT_NAME_MAX -
	    text_characters(extension)) {
		do {
			keep++;
		} while (keep < t.n &&
		    ((unsigned char)t.p[keep] & 0xc0) == 0x80);
		characters++;
	}
	return arena_format(a, "%.*s%.*s", (int)keep, t.p, (int)extension.n,
	    extension.p);
}

result
content_name(struct arena *a, text given, text *ret)
{
	utf8proc_uint8_t *normal = NULL;
	utf8proc_ssize_t n;
	text t;

	given = last_part(given);
	if (!text_is_utf8(given) || given.n == 0)
		return refuse(INVALID);
	n = utf8proc_map((const utf8proc_uint8_t *)given.p,
	    (utf8proc_ssize_t)given.n, &normal, UTF8PROC_COMPOSE |
	    UTF8PROC_STABLE);
	if (n == UTF8PROC_ERROR_NOMEM)
		return fault(NO_MEMORY);
	if (n < 0)
		return refuse(INVALID);
	t = copy_fitting(a, (text){ (const char *)normal, (size_t)n });
	free(normal);
	NEED(t.p);
	t = shortened(a, t);
	if (t.n == 0)
		return refuse(INVALID);
	*ret = t;
	return OK;
}
