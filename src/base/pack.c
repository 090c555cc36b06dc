#include "pack.h"

#include <string.h>

enum { PACK_UNIT = 128, ENDING = 2, HEAD = 4 };
_Static_assert(RECORD_PLAIN_MAX == PACK_UNIT << 11, "k is at most 11");

/* The smallest size 128·2^k that holds `n` bytes; n is at most the last. */
static size_t class_size(size_t n)
{
	size_t size = PACK_UNIT;

	while (size < n)
		size *= 2;
	return size;
}

struct packer pack_begin(struct buf *out)
{
	return (struct packer){ .out = out, .start = out->n };
}

void pack_add(struct packer *p, uint16_t tag, const void *value, size_t n)
{
	if (tag <= p->last || n > FIELD_VALUE_MAX)
		p->failed = true;
	if (p->failed)
		return;
	p->last = tag;
	buf_u16(p->out, tag);
	buf_u16(p->out, (uint16_t)n);
	buf_add(p->out, value, n);
}

result pack_end(struct packer *p)
{
	static const uint8_t zeros[PACK_UNIT];

	if (p->failed)
		return fault(BUG);
	TRY(buf_end(p->out));

	size_t used = p->out->n - p->start + ENDING;
	if (used > RECORD_PLAIN_MAX)
		return refuse(TOO_LARGE);
	size_t left = class_size(used) - used + ENDING;
	while (left > 0) {
		size_t n = left < sizeof(zeros) ? left : sizeof(zeros);
		buf_add(p->out, zeros, n);
		left -= n;
	}
	return buf_end(p->out);
}

struct unpacker unpack_begin(const void *p, size_t n)
{
	struct unpacker u = { .p = p, .n = n };

	u.bad = n > RECORD_PLAIN_MAX || n != class_size(n);
	return u;
}

/* After tag 0: zeros only, and no smaller class would have held it. */
static void unpack_rest(struct unpacker *u)
{
	uint8_t any = 0;

	for (size_t i = u->at; i < u->n; i++)
		any |= u->p[i];
	u->ended = any == 0 && class_size(u->at) == u->n;
	u->bad = !u->ended;
}

bool unpack_next(struct unpacker *u, struct packed *ret)
{
	if (u->bad || u->ended)
		return false;
	if (u->n - u->at < ENDING) {
		u->bad = true;
		return false;
	}
	uint16_t tag = get_u16(u->p + u->at);
	if (tag == 0) {
		u->at += ENDING;
		unpack_rest(u);
		return false;
	}
	if (tag <= u->last || u->n - u->at < HEAD) {
		u->bad = true;
		return false;
	}
	size_t n = get_u16(u->p + u->at + 2);
	if (u->n - u->at - HEAD < n) {
		u->bad = true;
		return false;
	}
	ret->tag = tag;
	ret->value = (text){ (const char *)u->p + u->at + HEAD, n };
	u->at += HEAD + n;
	u->last = tag;
	return true;
}

result unpack_end(const struct unpacker *u)
{
	if (u->bad || !u->ended)
		return fault(CORRUPT);
	return OK;
}
