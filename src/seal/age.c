/* X25519 keys in the letters of age: Bech32, BIP 173. */
#include "seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 32, VALUES = 52, CHECK = 6, PREFIX_MAX = 20 };
static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
static const char identity_prefix[] = "age-secret-key-";
static const char recipient_prefix[] = "age";

static uint32_t
add_value(uint32_t sum, uint8_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (size_t i = 0; i < LENGTH(generator); i++) {
		if ((top >> i & 1) != 0)
			sum ^= generator[i];
	}
	return sum;
}

static uint32_t
checksum(const char *prefix, const uint8_t *values, size_t n)
{
	uint32_t sum = 1;

	for (const char *p = prefix; *p != '\0'; p++)
		sum = add_value(sum, (uint8_t)((unsigned char)*p >> 5));
	sum = add_value(sum, 0);
	for (const char *p = prefix; *p != '\0'; p++)
		sum = add_value(sum, (uint8_t)(*p & 31));
	for (size_t i = 0; i < n; i++)
		sum = add_value(sum, values[i]);
	return sum;
}

/* 256 bits in groups of five, the last filled up with zeros. */
static void
write_key(const char *prefix, const uint8_t key[KEY], char *out)
{
	uint8_t values[VALUES + CHECK] = { 0 };
	size_t at = strlen(prefix);
	uint32_t sum;

	for (int bit = 0; bit < KEY * 8; bit++) {
		if ((key[bit / 8] >> (7 - bit % 8) & 1) != 0)
			values[bit / 5] |= (uint8_t)(16 >> bit % 5);
	}
	sum = checksum(prefix, values, sizeof(values)) ^ 1;
	for (int i = 0; i < CHECK; i++)
		values[VALUES + i] = (uint8_t)(sum >> 5 * (CHECK - 1 - i) &
		    31);
	memcpy(out, prefix, at);
	out[at++] = '1';
	for (size_t i = 0; i < sizeof(values); i++)
		out[at++] = letters[values[i]];
	out[at] = '\0';
	sodium_memzero(values, sizeof(values));
}

result
age_keys(const uint8_t random[32], char ret_identity[AGE_IDENTITY + 1],
    char ret_recipient[AGE_RECIPIENT + 1])
{
	uint8_t public_key[KEY];

	if (crypto_scalarmult_base(public_key, random) != 0)
		return fault(BUG);
	write_key(identity_prefix, random, ret_identity);
	for (char *p = ret_identity; *p != '\0'; p++)
		*p = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	write_key(recipient_prefix, public_key, ret_recipient);
	return OK;
}

bool
age_recipient_good(text t)
{
	const size_t head = sizeof(recipient_prefix);
	uint8_t values[VALUES + CHECK];

	if (t.n != AGE_RECIPIENT || !text_starts(t, T("age1")))
		return false;
	for (size_t i = 0; i < sizeof(values); i++) {
		char c = t.p[head + i];
		const char *found = c == '\0' ? NULL : strchr(letters, c);

		if (found == NULL)
			return false;
		values[i] = (uint8_t)(found - letters);
	}
	return checksum(recipient_prefix, values, sizeof(values)) == 1;
}
