/*
 * pack: (tag, length, value) lists padded to a power of two, the plain side
 * of every sealed record (formats.md).  Tags ascend; the rest is zero.
 */
#ifndef ALAS_PACK_H
#define ALAS_PACK_H

#include "base.h"

struct packer {
	struct buf *out;
	size_t start;		/* what `out` held at the beginning */
	uint16_t last;
	bool failed;
};
/* Start after whatever `out` holds (normally nothing). */
struct packer pack_begin(struct buf *out);
/* Tags ascend, values are at most 65,535 bytes; else the end refuses. */
void pack_add(struct packer *p, uint16_t tag, const void *value, size_t n);
/*
 * Write the ending and the zeros up to 128·2^k, the smallest that fits.
 * TOO_LARGE past RECORD_PLAIN_MAX or past the buffer's maximum, BUG when
 * an add broke its contract; the buffer is then useless.
 */
MUST_USE result pack_end(struct packer *p);

struct unpacker {
	const uint8_t *p;
	size_t n, at;
	uint16_t last;
	bool ended, bad;
};
struct packed { uint16_t tag; text value; };
struct unpacker unpack_begin(const void *p, size_t n);
/*
 * The next field, a view of the bytes given; false at the end or when the
 * bytes are wrong: ask unpack_end which, before any field is believed.
 */
bool unpack_next(struct unpacker *u, struct packed *ret);
/* CORRUPT unless everything was well formed and read to the end. */
MUST_USE result unpack_end(const struct unpacker *u);

#endif
