#include "seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

void base64url_write(const void *p, size_t n, char *out)
{
	sodium_bin2base64(out, sodium_base64_encoded_len(n, VARIANT), p, n,
	    VARIANT);
}

/* libsodium 1.0.18 takes some bytes past 0x7f for '_'. */
static bool only_ascii(text t)
{
	uint8_t all = 0;

	for (size_t i = 0; i < t.n; i++)
		all |= (uint8_t)t.p[i];
	return all < 0x80;
}

/* Decoded beside first: a prefix of a wrong text must not reach `out`. */
bool base64url_read(text t, void *out, size_t n)
{
	uint8_t bytes[BASE64URL_BYTES_MAX];
	size_t got;

	assert(n <= sizeof(bytes));
	bool good = only_ascii(t) && sodium_base642bin(bytes, n, t.p, t.n,
	    NULL, &got, NULL, VARIANT) == 0 && got == n;
	if (good && n > 0)
		memcpy(out, bytes, n);
	sodium_memzero(bytes, sizeof(bytes));
	return good;
}

void blake2b(uint8_t *out, size_t out_n, const uint8_t *key, size_t key_n,
    text a, text b)
{
	crypto_generichash_state s;

	assert(out_n >= crypto_generichash_BYTES_MIN);
	assert(out_n <= crypto_generichash_BYTES_MAX);
	assert(key_n == 0 || key_n >= crypto_generichash_KEYBYTES_MIN);
	assert(key_n <= crypto_generichash_KEYBYTES_MAX);
	crypto_generichash_init(&s, key, key_n, out_n);
	crypto_generichash_update(&s, (const uint8_t *)a.p, a.n);
	crypto_generichash_update(&s, (const uint8_t *)b.p, b.n);
	crypto_generichash_final(&s, out, out_n);
	sodium_memzero(&s, sizeof(s));
}
