/*
 * pack: (tag, length, value) lists padded to a power of two, the plain side
 * of every sealed record (security.md 3.1).  Tags ascend; the rest is zero.
 */
#ifndef ALAS_PACK_H
#define ALAS_PACK_H

#include "base.h"

struct packer { struct buf *out; uint16_t last; bool failed; };
/* Start after whatever `out` holds (normally nothing). */
struct packer pack_begin(struct buf *out);
/* Tags ascend, values are at most 65,535 bytes; else the end refuses. */
void pack_add(struct packer *p, uint16_t tag, const void *value, size_t n);
/* Write the ending and the zeros up to 128·2^k.  TOO_LARGE, BUG. */
MUST_USE result pack_end(struct packer *p);

struct unpacker { const uint8_t *p; size_t n, at; uint16_t last; bool bad; };
struct packed { uint16_t tag; text value; };
struct unpacker unpack_begin(const void *p, size_t n);
/* The next field; false at the end or when the bytes are wrong. */
bool unpack_next(struct unpacker *u, struct packed *ret);
/* CORRUPT unless everything was well formed and read to the end. */
MUST_USE result unpack_end(const struct unpacker *u);

#endif
