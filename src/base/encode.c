#include "base.h"

static const char digits[] = "0123456789abcdef";

/* -1 for what is no hex digit. */
static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void hex_write(char *out, const void *p, size_t n)
{
	const uint8_t *from = p;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[from[i] >> 4];
		out[2 * i + 1] = digits[from[i] & 15];
	}
}

bool hex_read(text t, void *out, size_t n)
{
	uint8_t *to = out;

	if (t.n % 2 != 0 || t.n / 2 != n)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		if (digit_of(t.p[i]) < 0)
			return false;
	}
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(digit_of(t.p[2 * i]) << 4 |
		    digit_of(t.p[2 * i + 1]));
	return true;
}

uint16_t get_u16(const void *p)
{
	const uint8_t *b = p;

	return (uint16_t)(b[0] << 8 | b[1]);
}

uint32_t get_u32(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)get_u16(b) << 16 | get_u16(b + 2);
}

uint64_t get_u64(const void *p)
{
	const uint8_t *b = p;

	return (uint64_t)get_u32(b) << 32 | get_u32(b + 4);
}

void put_u16(void *p, uint16_t v)
{
	uint8_t *b = p;

	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

void put_u32(void *p, uint32_t v)
{
	uint8_t *b = p;

	put_u16(b, (uint16_t)(v >> 16));
	put_u16(b + 2, (uint16_t)v);
}

void put_u64(void *p, uint64_t v)
{
	uint8_t *b = p;

	put_u32(b, (uint32_t)(v >> 32));
	put_u32(b + 4, (uint32_t)v);
}
