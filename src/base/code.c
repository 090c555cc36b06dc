#include "base.h"

#include <string.h>

enum { DATA_CHARS = CODE_BITS / 5, ALL_CHARS = DATA_CHARS + 1 };

/* Crockford's: no I, L, O, U, so a code read aloud is the code written. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
_Static_assert(sizeof(alphabet) == 32 + 1, "one character is five bits");

bool id_none(id i)
{
	return id_same(i, (id){ 0 });
}

bool id_same(id a, id b)
{
	return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

int id_order(id a, id b)
{
	int order = memcmp(a.b, b.b, sizeof(a.b));

	return (order > 0) - (order < 0);
}

id id_of_number(uint64_t n)
{
	id i = { 0 };

	put_u64(i.b + 8, n);
	return i;
}

text id_hex(struct arena *a, id i)
{
	char *p = arena_take(a, 2 * sizeof(i.b) + 1);

	if (p == NULL)
		return (text){ 0 };
	hex_write(p, i.b, sizeof(i.b));
	return (text){ p, 2 * sizeof(i.b) };
}

/* Times α = 2 in GF(32) with x^5 + x^2 + 1. */
uint32_t code_times_alpha(uint32_t v)
{
	v <<= 1;
	return v & 32 ? v ^ 0x25 : v;
}

/* Σ α^i·x_i, i from 1, by Horner from the last character. */
static uint32_t check_of(uint32_t bits)
{
	uint32_t sum = 0;

	for (int i = 0; i < DATA_CHARS; i++)
		sum = code_times_alpha(sum ^ (bits >> (5 * i) & 31));
	return sum;
}

uint32_t code_bits(id i)
{
	return get_u32(i.b) >> (32 - CODE_BITS);
}

code_text code_of(id i)
{
	uint32_t bits = code_bits(i);
	uint64_t all = (uint64_t)bits << 5 | check_of(bits);
	code_text code = { "" };
	int at = 0;

	for (int c = 0; c < ALL_CHARS; c++) {
		if (c == 4)
			code.s[at++] = '-';
		code.s[at++] = alphabet[all >> (5 * (DATA_CHARS - c)) & 31];
	}
	return code;
}

int code_value(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	const char *found = c == '\0' ? NULL : strchr(alphabet, c);
	return found == NULL ? -1 : (int)(found - alphabet);
}

char code_char(uint32_t value)
{
	return alphabet[value & 31];
}

bool code_read(text typed, uint32_t *ret_bits)
{
	uint64_t all = 0;
	int chars = 0;

	for (size_t i = 0; i < typed.n; i++) {
		if (typed.p[i] == ' ' || typed.p[i] == '-')
			continue;
		int v = code_value(typed.p[i]);
		if (v < 0 || chars == ALL_CHARS)
			return false;
		all = all << 5 | (uint64_t)v;
		chars++;
	}
	if (chars != ALL_CHARS)
		return false;

	uint32_t bits = (uint32_t)(all >> 5);
	if (check_of(bits) != (all & 31))
		return false;
	*ret_bits = bits;
	return true;
}
