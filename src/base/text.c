#include "base.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 256, BUF_STRIDE = 64 * KIB };

text text_of(const char *nul_ended)
{
	if (nul_ended == NULL)
		return T("");
	return (text){ nul_ended, strlen(nul_ended) };
}

bool text_same(text a, text b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int text_order(text a, text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order < 0 ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

bool text_starts(text t, text with)
{
	return t.n >= with.n && text_same((text){ t.p, with.n }, with);
}

bool text_ends(text t, text with)
{
	return t.n >= with.n &&
	    (with.n == 0 ||
	    text_same((text){ t.p + (t.n - with.n), with.n }, with));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

text text_trim(text t)
{
	while (t.n > 0 && is_space(t.p[t.n - 1]))
		t.n--;
	while (t.n > 0 && is_space(t.p[0])) {
		t.p++;
		t.n--;
	}
	return t;
}

text text_cut(text *rest, char at)
{
	text all = *rest;
	const char *found =
	    all.n == 0 ? NULL : memchr(all.p, at, all.n);

	if (found == NULL) {
		*rest = T("");
		return all;
	}
	size_t n = (size_t)(found - all.p);
	*rest = (text){ found + 1, all.n - n - 1 };
	return (text){ all.p, n };
}

bool text_has(text t, char c)
{
	return t.n > 0 && memchr(t.p, c, t.n) != NULL;
}

/*
 * Bytes of the character that starts at `p` with `n` bytes to come, 0 if
 * it is none: the table 3-7 of the Unicode standard, "well-formed UTF-8".
 */
static size_t utf8_length(const uint8_t *p, size_t n)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t length;

	if (p[0] < 0x80)
		return p[0] != 0;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	if (p[0] == 0xed)
		high = 0x9f;
	if (p[0] == 0xf0)
		low = 0x90;
	if (p[0] == 0xf4)
		high = 0x8f;
	if (n < length || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return length;
}

size_t text_characters(text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	return n;
}

/* How many bytes from the start are ASCII and not NUL: eight at a time. */
static size_t ascii_length(text t)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	size_t n = 0;

	while (t.n - n >= sizeof(uint64_t)) {
		uint64_t eight;

		memcpy(&eight, t.p + n, sizeof(eight));
		if (((eight | (eight - ones)) & tops) != 0)
			break;
		n += sizeof(eight);
	}
	return n;
}

bool text_is_utf8(text t)
{
	size_t at = ascii_length(t);

	while (at < t.n) {
		size_t n = utf8_length((const uint8_t *)t.p + at, t.n - at);
		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

/* C0, DEL, and C1, which UTF-8 writes as C2 80 … C2 9F. */
bool text_has_control(text t, bool lines_allowed)
{
	for (size_t i = 0; i < t.n; i++) {
		uint8_t c = (uint8_t)t.p[i];

		if ((c == '\t' || c == '\n') && lines_allowed)
			continue;
		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < t.n && (uint8_t)t.p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

/* Counts down from zero, since INT64_MIN has no positive twin. */
bool text_integer(text t, int64_t *ret)
{
	bool negative = t.n > 0 && t.p[0] == '-';
	int64_t v = 0;

	if (t.n == (negative ? 1u : 0u))
		return false;
	for (size_t i = negative; i < t.n; i++) {
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, t.p[i] - '0', &v))
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, v, &v))
		return false;
	*ret = v;
	return true;
}

struct buf buf_new(size_t max)
{
	return (struct buf){ .max = max };
}

void buf_free(struct buf *b)
{
	if (b->p != NULL) {
		explicit_bzero(b->p, b->cap);
		free(b->p);
	}
	*b = (struct buf){ .max = b->max };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
}

/* Not realloc: the old place may hold a name and must be cleared. */
static bool buf_grow(struct buf *b, size_t need)
{
	size_t cap = b->cap < BUF_FIRST ? BUF_FIRST : b->cap;

	/* Pages are some ten thousand bytes: not many steps up to there. */
	while (cap < need && cap < BUF_STRIDE)
		cap *= 4;
	while (cap < need)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	if (cap > b->max)
		cap = b->max;

	char *p = malloc(cap);
	if (p == NULL)
		return false;
	if (b->p != NULL) {
		memcpy(p, b->p, b->n);
		explicit_bzero(b->p, b->cap);
		free(b->p);
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void *buf_extend(struct buf *b, size_t n)
{
	if (b->failed)
		return NULL;
	if (n > b->max - b->n) {
		b->failed = true;
		return NULL;
	}
	if (n > b->cap - b->n && !buf_grow(b, b->n + n)) {
		b->failed = b->starved = true;
		return NULL;
	}
	char *p = b->p + b->n;
	b->n += n;
	return p;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (!b->failed && n <= b->cap - b->n) {	/* nearly always */
		memcpy(b->p + b->n, p, n);
		b->n += n;
		return;
	}
	char *to = buf_extend(b, n);
	if (to != NULL)
		memcpy(to, p, n);
}

void buf_text(struct buf *b, text t)
{
	buf_add(b, t.p, t.n);
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* vsnprintf writes a NUL, so the text is made beside and copied in. */
static void buf_format_long(struct buf *b, size_t n, const char *format,
    va_list args)
{
	char *made = malloc(n + 1);

	if (made == NULL) {
		b->failed = b->starved = true;
		return;
	}
	vsnprintf(made, n + 1, format, args);
	buf_add(b, made, n);
	explicit_bzero(made, n);
	free(made);
}

void buf_format(struct buf *b, const char *format, ...)
{
	char made[256];
	va_list args;

	if (b->failed)
		return;
	va_start(args, format);
	int n = vsnprintf(made, sizeof(made), format, args);
	va_end(args);

	if (n < 0 || (size_t)n > b->max - b->n) {
		b->failed = true;
	} else if ((size_t)n < sizeof(made)) {
		buf_add(b, made, (size_t)n);
	} else {
		va_start(args, format);
		buf_format_long(b, (size_t)n, format, args);
		va_end(args);
	}
	explicit_bzero(made, sizeof(made));
}

void buf_u16(struct buf *b, uint16_t v)
{
	uint8_t be[2];

	put_u16(be, v);
	buf_add(b, be, sizeof(be));
}

void buf_u32(struct buf *b, uint32_t v)
{
	uint8_t be[4];

	put_u32(be, v);
	buf_add(b, be, sizeof(be));
}

void buf_u64(struct buf *b, uint64_t v)
{
	uint8_t be[8];

	put_u64(be, v);
	buf_add(b, be, sizeof(be));
}

text buf_view(const struct buf *b)
{
	if (b->n == 0)
		return T("");
	return (text){ b->p, b->n };
}

result buf_end(const struct buf *b)
{
	if (b->starved)
		return fault(NO_MEMORY);
	return b->failed ? refuse(TOO_LARGE) : OK;
}
