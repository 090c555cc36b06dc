#include "seal.h"

#include <sodium.h>
#include <string.h>

enum { GROUP_DATA = 3, GROUP = 4, CHARS = PHRASE_GROUPS * GROUP,
	BITS = PHRASE_SECRET * 5 };
_Static_assert(PHRASE_SECRET == PHRASE_GROUPS * GROUP_DATA, "27 of 36");
_Static_assert(PHRASE_TEXT == CHARS + PHRASE_GROUPS - 1, "with spaces");
_Static_assert(BITS == 135 && PHRASE_RANDOM * 8 == BITS + 1, "one bit over");

/* Σ α^i·x_i over the group's number and its three characters, i from 1. */
static uint32_t group_check(uint32_t number, const uint8_t value[GROUP_DATA])
{
	uint32_t sum = 0;

	for (int i = GROUP_DATA - 1; i >= 0; i--)
		sum = code_times_alpha(sum ^ value[i]);
	return code_times_alpha(sum ^ number);
}

/* The `i`-th five bits, from the front; the last bit of all is unused. */
static uint8_t five_bits(const uint8_t random[PHRASE_RANDOM], int i)
{
	uint32_t v = 0;

	for (int bit = 5 * i; bit < 5 * i + 5; bit++) {
		uint32_t byte = random[bit / 8];

		v = v << 1 | (byte >> (7 - bit % 8) & 1);
	}
	return (uint8_t)v;
}

void phrase_text(const uint8_t random[PHRASE_RANDOM],
    char ret[PHRASE_TEXT + 1])
{
	uint8_t v[GROUP_DATA];
	char *to = ret;

	for (int g = 0; g < PHRASE_GROUPS; g++) {
		if (g > 0)
			*to++ = ' ';
		for (int i = 0; i < GROUP_DATA; i++) {
			v[i] = five_bits(random, g * GROUP_DATA + i);
			*to++ = code_char(v[i]);
		}
		*to++ = code_char(group_check((uint32_t)g + 1, v));
	}
	*to = '\0';
	sodium_memzero(v, sizeof(v));
}

/* The values of what was typed, -1 for a strange character; false: length. */
static bool read_values(text typed, int8_t ret[CHARS])
{
	int n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		if (c == ' ' || c == '-' || c == '\t' || c == '\n' ||
		    c == '\r')
			continue;
		if (n == CHARS)
			return false;
		ret[n++] = (int8_t)code_value(c);
	}
	return n == CHARS;
}

static bool read_group(int g, const int8_t value[GROUP], char *ret)
{
	uint8_t v[GROUP_DATA];

	for (int i = 0; i < GROUP; i++) {
		if (value[i] < 0)
			return false;
	}
	for (int i = 0; i < GROUP_DATA; i++) {
		v[i] = (uint8_t)value[i];
		ret[i] = code_char(v[i]);
	}
	bool good = group_check((uint32_t)g + 1, v) ==
	    (uint32_t)value[GROUP_DATA];
	sodium_memzero(v, sizeof(v));
	return good;
}

int phrase_read(text typed, char ret_secret[PHRASE_SECRET])
{
	int8_t value[CHARS];
	char secret[PHRASE_SECRET];
	int wrong = 0;

	if (!read_values(typed, value))
		wrong = PHRASE_WRONG_LENGTH;
	for (int g = 0; g < PHRASE_GROUPS && wrong == 0; g++) {
		if (!read_group(g, value + g * GROUP,
		    secret + g * GROUP_DATA))
			wrong = g + 1;
	}
	if (wrong == 0)
		memcpy(ret_secret, secret, sizeof(secret));
	sodium_memzero(value, sizeof(value));
	sodium_memzero(secret, sizeof(secret));
	return wrong;
}
