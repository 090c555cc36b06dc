/*
 * Any bytes to what reads sealed bytes; the first byte chooses.  Raw input
 * mostly ends at a checksum or commitment, so there is for each reader a
 * target that repairs them and lets the input go further in.
 *
 * clang -fsanitize=fuzzer,address,undefined, linked with seal and base.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "seal.h"

enum { TARGETS = 7, CHECKSUM = 4064, COMMITMENT = 48, FILE_COMMITMENT = 64 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const key32 key = { { 1, 2, 3 } };
static const struct owner owner = { .key = &key, .epoch = 1 };
static struct arena *arena;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (!is_ok(seal_start()))
		abort();
	arena = arena_new(4 * MIB);
	return arena == NULL;
}

/* Nothing that we did not seal may open. */
static void record_raw(const uint8_t *p, size_t n)
{
	struct record_place place = { .class = CLASS_CASE, .table = "act" };
	text got, record = { (const char *)p, n };
	id named;
	uint32_t epoch;

	if (is_ok(open_record(arena, &owner, &place, record, &got)))
		abort();
	ignore(record_owner(record, &named, &epoch),
	    "any answer will do, only the reading is watched");
}

static void record_committed(const uint8_t *p, size_t n)
{
	struct derived d;

	if (n < AE1_MIN)
		return;
	uint8_t *r = malloc(n);
	if (r == NULL)
		return;
	memcpy(r, p, n);
	r[0] = 0xa1;
	r[1] = 1;
	r[2] = CLASS_CASE;
	put_u32(r + 4, owner.epoch);
	memset(r + 8, 0, 16);
	if (!is_ok(derive(&owner, CLASS_CASE, &d)))
		abort();
	crypto_generichash(r + COMMITMENT, 32, r, COMMITMENT, d.com.b, 32);
	record_raw(r, n);
	free(r);
}

/* Sealed by us, so it opens; what is inside is the input's. */
static void wrapped_fields(const uint8_t *p, size_t n)
{
	uint8_t plain[128] = { 0 };
	id purpose = purpose_id(PURPOSE_OFFICE);
	struct owner root = { .key = &key, .id = id_of_number(99),
		.epoch = 1 };
	struct record_place place = { .class = CLASS_KEY, .table = "key",
		.row = purpose, .version = 1 };
	struct buf out = buf_new(KIB);
	struct keyring *k;

	memcpy(plain, p, n < sizeof(plain) ? n : sizeof(plain));
	if (!is_ok(keyring_new(&k)))
		abort();
	if (!is_ok(keyring_root(k, &key, id_of_number(99), 1)) ||
	    !is_ok(seal_record(&chance_system, &root, &place,
	    (text){ (const char *)plain, sizeof(plain) }, &out)))
		abort();
	ignore(keyring_take(k, PURPOSE_OFFICE, purpose, 1, buf_view(&out)),
	    "fields may be right or wrong, only the reading is watched");
	keyring_free(&k);
	buf_free(&out);
}

/* Two bytes of length, the header, then bodies in steps the input picks. */
static void file_read(const uint8_t *p, size_t n, bool committed)
{
	uint8_t header[AF1_HEADER];
	struct file_opener *o = NULL;
	struct buf out = buf_new(MIB);

	if (n < 2 + AF1_HEADER)
		return;
	uint64_t length = get_u16(p);
	memcpy(header, p + 2, sizeof(header));
	if (committed) {
		uint8_t keys[64];

		memcpy(header, "ALASFIL1\0\1\1\20\0\0\0\0", 16);
		put_u64(header + 32, file_padded(length));
		memset(header + 96, 0, 32);
		crypto_kdf_derive_from_key(keys, sizeof(keys), 1, "alasFIL1",
		    key.b);
		crypto_generichash(header + FILE_COMMITMENT, 32, header,
		    FILE_COMMITMENT, keys + 32, 32);
	}
	bool begun = is_ok(file_open_begin(&key, header, length, &o));
	if (begun != committed)
		abort();
	p += 2 + AF1_HEADER;
	n -= 2 + AF1_HEADER;
	while (begun && n > 0) {
		size_t step = 1 + p[0] % 97u * 16;

		if (step > n)
			step = n;
		if (!is_ok(file_open_add(o, p, step, &out)))
			break;
		p += step;
		n -= step;
	}
	if (begun && is_ok(file_open_end(o)))
		abort();
	if (out.n > 0)
		abort();
	file_opener_free(&o);
	buf_free(&out);
}

static void header_read(const uint8_t *p, size_t n, bool repaired)
{
	struct vault v = { { 0 } };
	struct vault_facts f;
	key32 root;

	memcpy(v.b, p, n < sizeof(v.b) ? n : sizeof(v.b));
	if (repaired) {
		memcpy(v.b, "ALASVLT1\0\1", 10);
		crypto_generichash(v.b + CHECKSUM, 32, v.b, CHECKSUM, NULL,
		    0);
	}
	ignore(vault_read(&v, &f), "any answer, only the reading is watched");
	for (int slot = 0; slot < VAULT_SLOTS; slot++) {
		if (is_ok(vault_open(&v, slot, &key, &root)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	switch (data[0] % TARGETS) {
	case 0:
		record_raw(data + 1, n - 1);
		break;
	case 1:
		record_committed(data + 1, n - 1);
		break;
	case 2:
		wrapped_fields(data + 1, n - 1);
		break;
	case 3:
		file_read(data + 1, n - 1, false);
		break;
	case 4:
		file_read(data + 1, n - 1, true);
		break;
	case 5:
		header_read(data + 1, n - 1, false);
		break;
	case 6:
		header_read(data + 1, n - 1, true);
		break;
	}
	arena_reset(arena);
	return 0;
}
