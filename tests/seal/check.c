#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *vector_file(const char *name)
{
	char path[64];
	json_error_t error;

	snprintf(path, sizeof(path), "data/vectors/%s", name);
	json_t *file = json_load_file(path, 0, &error);
	assert_non_null(file);
	return file;
}

const char *string_of(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	assert_non_null(s);
	return s;
}

uint64_t number_of(const json_t *row, const char *name)
{
	const json_t *n = json_object_get(row, name);

	assert_true(json_is_integer(n));
	return (uint64_t)json_integer_value(n);
}

struct bytes bytes_of(const json_t *row, const char *name)
{
	text hex = text_of(string_of(row, name));
	struct bytes b = { malloc(hex.n / 2 + 1), hex.n / 2 };

	assert_non_null(b.p);
	assert_true(hex_read(hex, b.p, b.n));
	return b;
}

void bytes_into(const json_t *row, const char *name, void *out, size_t n)
{
	assert_true(hex_read(text_of(string_of(row, name)), out, n));
}

id id_in(const json_t *row, const char *name)
{
	id i;

	bytes_into(row, name, i.b, sizeof(i.b));
	return i;
}

key32 key_of_hex(const char *hex)
{
	key32 k;

	assert_true(hex_read(text_of(hex), k.b, sizeof(k.b)));
	return k;
}

key32 key_in(const json_t *row, const char *name)
{
	return key_of_hex(string_of(row, name));
}

text view(struct bytes b)
{
	return (text){ (const char *)b.p, b.n };
}

static void script_fill(void *self, void *p, size_t n)
{
	struct script *s = self;

	assert_true(n <= s->n - s->at);
	memcpy(p, s->b + s->at, n);
	s->at += n;
}

struct chance script_chance(struct script *s)
{
	return (struct chance){ script_fill, s };
}

void script_add(struct script *s, const void *p, size_t n)
{
	assert_true(n <= sizeof(s->b) - s->n);
	memcpy(s->b + s->n, p, n);
	s->n += n;
}

struct keyring *ring_new(void)
{
	static const key32 root = { { 7 } };
	struct keyring *k;

	assert_ok(keyring_new(&k));
	assert_ok(keyring_root(k, &root, id_of_number(99), 1));
	return k;
}

void ring_put(struct keyring *k, enum purpose kind, uint32_t epoch,
    const key32 *key)
{
	static const uint8_t nonce[24];
	struct script s = { .n = 0 };
	struct chance chance = script_chance(&s);
	struct buf row = buf_new(KIB);

	script_add(&s, key, sizeof(*key));
	script_add(&s, nonce, sizeof(nonce));
	assert_ok(keyring_make(k, &chance, kind, purpose_id(kind), epoch, 1,
	    &row));
	buf_free(&row);
}

/* ---- SHAKE256, of which the contents of the files are made ------------ */

static uint64_t rotate(uint64_t v, int by)
{
	return by == 0 ? v : v << by | v >> (64 - by);
}

static void keccak(uint64_t s[25])
{
	static const int turn[24] = { 1, 3, 6, 10, 15, 21, 28, 36, 45, 55,
		2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44 };
	static const int lane[24] = { 10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24,
		4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1 };
	uint8_t lfsr = 1;

	for (int round = 0; round < 24; round++) {
		uint64_t c[5];
		for (int x = 0; x < 5; x++)
			c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^
			    s[x + 20];
		for (int i = 0; i < 25; i++)
			s[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1);
		uint64_t held = s[1];
		for (int i = 0; i < 24; i++) {
			uint64_t next = s[lane[i]];
			s[lane[i]] = rotate(held, turn[i]);
			held = next;
		}
		for (int y = 0; y < 25; y += 5) {
			memcpy(c, s + y, sizeof(c));
			for (int x = 0; x < 5; x++)
				s[y + x] = c[x] ^
				    (~c[(x + 1) % 5] & c[(x + 2) % 5]);
		}
		for (int j = 0; j < 7; j++) {
			if (lfsr & 1)
				s[0] ^= (uint64_t)1 << ((1 << j) - 1);
			lfsr = (uint8_t)(lfsr << 1 ^ (lfsr & 128 ? 0x71 : 0));
		}
	}
}

void shake256(const char *from, uint8_t *out, size_t n)
{
	enum { RATE = 136 };
	uint64_t s[25] = { 0 };
	size_t from_n = strlen(from);

	assert_true(from_n < RATE - 1);
	for (size_t i = 0; i < from_n; i++)
		s[i / 8] ^= (uint64_t)(uint8_t)from[i] << (8 * (i % 8));
	s[from_n / 8] ^= (uint64_t)0x1f << (8 * (from_n % 8));
	s[(RATE - 1) / 8] ^= (uint64_t)0x80 << 56;
	for (size_t i = 0; i < n; i++) {
		if (i % RATE == 0)
			keccak(s);
		out[i] = (uint8_t)(s[i % RATE / 8] >> (8 * (i % RATE % 8)));
	}
}
