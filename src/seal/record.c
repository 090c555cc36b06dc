#include "seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "inside.h"

enum {
	AT_FORMAT = 0, AT_ALGORITHM = 1, AT_CLASS = 2, AT_SIZE = 3,
	AT_EPOCH = 4, AT_OWNER = 8, AT_NONCE = 24, AT_COMMITMENT = 48,
	AT_SEALED = 80,

	FORMAT = 0xa1, XCHACHA20_POLY1305 = 1,
	SIZES = 12,			/* 128·2^0 to 128·2^11 */
	COMMITMENT = 32, TAG = 16,
	LABEL = 11,			/* "alas/rec/1" and its NUL */
	BOUND_MAX = LABEL + TABLE_NAME_MAX + 1 + 1 + 16 + 8 + AT_SEALED,
};
_Static_assert(AE1_OVERHEAD == AT_SEALED + TAG, "the layout of AE1");
_Static_assert(RECORD_PLAIN_MAX == 128 << (SIZES - 1), "k is at most 11");
_Static_assert(sizeof(key32) == crypto_kdf_KEYBYTES, "keys are 32 bytes");
_Static_assert(offsetof(struct derived, com) == 32, "one output of the KDF");

/* The associated data: where the record belongs, then its own head. */
struct bound { uint8_t b[BOUND_MAX]; size_t n; };

static void bound_add(struct bound *to, const void *p, size_t n)
{
	assert(n <= sizeof(to->b) - to->n);
	memcpy(to->b + to->n, p, n);
	to->n += n;
}

static struct bound bound_of(const struct record_place *place,
    const uint8_t *head)
{
	uint8_t class = (uint8_t)place->class, version[8];
	size_t table_n = strlen(place->table);
	struct bound to = { .n = 0 };

	assert(table_n <= TABLE_NAME_MAX);
	put_u64(version, place->version);
	bound_add(&to, "alas/rec/1", LABEL);
	bound_add(&to, place->table, table_n + 1);
	bound_add(&to, &class, 1);
	bound_add(&to, place->row.b, sizeof(place->row.b));
	bound_add(&to, version, sizeof(version));
	bound_add(&to, head, AT_SEALED);
	return to;
}

/* This AEAD opens one text under two keys; the commitment forbids it. */
static void commit(const struct derived *d, const uint8_t *head,
    uint8_t ret[COMMITMENT])
{
	crypto_generichash(ret, COMMITMENT, head, AT_COMMITMENT, d->com.b,
	    sizeof(d->com.b));
}

/* The k of 128·2^k, or -1. */
static int size_class(size_t n)
{
	for (int k = 0; k < SIZES; k++) {
		if (n == (size_t)128 << k)
			return k;
	}
	return -1;
}

static bool has_shape(text record)
{
	const uint8_t *r = (const uint8_t *)record.p;

	if (record.n < AE1_MIN)
		return false;
	int k = size_class(record.n - AE1_OVERHEAD);
	return k >= 0 && r[AT_SIZE] == k && r[AT_FORMAT] == FORMAT &&
	    r[AT_ALGORITHM] == XCHACHA20_POLY1305;
}

static bool opens(const struct owner *owner, const struct derived *d,
    const struct record_place *place, text record, uint8_t *plain,
    size_t plain_n)
{
	const uint8_t *r = (const uint8_t *)record.p;
	uint8_t commitment[COMMITMENT];

	if (!has_shape(record) || record.n != AE1_OVERHEAD + plain_n)
		return false;
	if (r[AT_CLASS] != place->class ||
	    get_u32(r + AT_EPOCH) != owner->epoch ||
	    memcmp(r + AT_OWNER, owner->id.b, sizeof(owner->id.b)) != 0)
		return false;
	commit(d, r, commitment);
	if (sodium_memcmp(commitment, r + AT_COMMITMENT, COMMITMENT) != 0)
		return false;

	struct bound bound = bound_of(place, r);
	return crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
	    r + AT_SEALED, record.n - AT_SEALED, bound.b, bound.n,
	    r + AT_NONCE, d->enc.b) == 0;
}

result derive(const struct owner *owner, enum record_class class,
    struct derived *ret)
{
	assert(class >= CLASS_IDENTITY && class <= CLASS_KEY);
	crypto_kdf_derive_from_key((uint8_t *)ret, 64, (uint64_t)class,
	    "alasREC1", owner->key->b);
	ret->class = (uint8_t)class;
	return OK;
}

/* Sealed in place, so that the plain bytes never pass through `out`. */
result seal_derived(const struct chance *chance, const struct owner *owner,
    const struct derived *d, const struct record_place *place, text plain,
    struct buf *out)
{
	int k = size_class(plain.n);

	assert(d->class == place->class);
	if (k < 0)
		return fault(BUG);
	uint8_t *r = buf_extend(out, AE1_OVERHEAD + plain.n);
	if (r == NULL)
		return buf_end(out);

	r[AT_FORMAT] = FORMAT;
	r[AT_ALGORITHM] = XCHACHA20_POLY1305;
	r[AT_CLASS] = (uint8_t)place->class;
	r[AT_SIZE] = (uint8_t)k;
	put_u32(r + AT_EPOCH, owner->epoch);
	memcpy(r + AT_OWNER, owner->id.b, sizeof(owner->id.b));
	chance->fill(chance->self, r + AT_NONCE, AT_COMMITMENT - AT_NONCE);
	commit(d, r, r + AT_COMMITMENT);

	struct bound bound = bound_of(place, r);
	crypto_aead_xchacha20poly1305_ietf_encrypt(r + AT_SEALED, NULL,
	    (const uint8_t *)plain.p, plain.n, bound.b, bound.n, NULL,
	    r + AT_NONCE, d->enc.b);
	return OK;
}

/* The pair is on the stack for one call, as libsodium's own subkeys are. */
result seal_record(const struct chance *chance, const struct owner *owner,
    const struct record_place *place, text plain, struct buf *out)
{
	struct derived d;

	TRY(derive(owner, place->class, &d));
	result r = seal_derived(chance, owner, &d, place, plain, out);
	sodium_memzero(&d, sizeof(d));
	return r;
}

result record_open_into(const struct owner *owner, const struct derived *d,
    const struct record_place *place, text record, uint8_t *plain,
    size_t plain_n)
{
	assert(d->class == place->class);
	if (!opens(owner, d, place, record, plain, plain_n))
		return fault(SEALED_RECORD);
	return OK;
}

result open_derived(struct arena *a, const struct owner *owner,
    const struct derived *d, const struct record_place *place, text record,
    text *ret_plain)
{
	if (!has_shape(record))
		return fault(SEALED_RECORD);

	size_t n = record.n - AE1_OVERHEAD;
	struct arena_mark mark = arena_mark(a);
	uint8_t *plain = arena_take(a, n);
	NEED(plain);
	result r = record_open_into(owner, d, place, record, plain, n);
	if (!is_ok(r)) {
		arena_rewind(a, mark);
		return r;
	}
	*ret_plain = (text){ (const char *)plain, n };
	return OK;
}

result open_record(struct arena *a, const struct owner *owner,
    const struct record_place *place, text record, text *ret_plain)
{
	struct derived d;

	TRY(derive(owner, place->class, &d));
	result r = open_derived(a, owner, &d, place, record, ret_plain);
	sodium_memzero(&d, sizeof(d));
	return r;
}

result record_owner(text record, id *ret_id, uint32_t *ret_epoch)
{
	const uint8_t *r = (const uint8_t *)record.p;

	if (!has_shape(record))
		return fault(SEALED_RECORD);
	memcpy(ret_id->b, r + AT_OWNER, sizeof(ret_id->b));
	*ret_epoch = get_u32(r + AT_EPOCH);
	return OK;
}
