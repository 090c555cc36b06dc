#include "check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "pack.h"

static json_t *vectors;
static struct arena *arena;

/* The parameters of one row; `over` (or NULL) names what differs. */
struct setting { key32 key; struct owner owner; struct record_place place; };

static const json_t *either(const json_t *row, const json_t *over,
    const char *name)
{
	return json_object_get(over, name) != NULL ? over : row;
}

static void setting_of(const json_t *row, const json_t *over,
    struct setting *s)
{
	*s = (struct setting){
		.key = key_in(either(row, over, "owner_key"), "owner_key"),
		.owner = { .id = id_in(row, "key_id"),
			.epoch = (uint32_t)number_of(row, "epoch") },
		.place = {
			.class = (enum record_class)number_of(
			    either(row, over, "class"), "class"),
			.table = string_of(either(row, over, "table"),
			    "table"),
			.row = id_in(either(row, over, "row_id"), "row_id"),
			.version = number_of(either(row, over, "version"),
			    "version"),
		},
	};
	s->owner.key = &s->key;
}

static void pack_listed(const json_t *fields, struct buf *out)
{
	struct packer p = pack_begin(out);

	for (size_t i = 0; i < json_array_size(fields); i++) {
		const json_t *f = json_array_get(fields, i);
		struct bytes value = bytes_of(f, "value");

		pack_add(&p, (uint16_t)number_of(f, "tag"), value.p, value.n);
		free(value.p);
	}
	assert_ok(pack_end(&p));
}

static void check_sealing(const json_t *row)
{
	struct setting s;
	struct derived d;
	struct script script = { .n = 24 };
	struct chance chance = script_chance(&script);
	struct bytes plain = bytes_of(row, "plain");
	struct bytes record = bytes_of(row, "record");
	struct buf packed = buf_new(MIB), out = buf_new(MIB);
	key32 enc = key_in(row, "k_enc"), com = key_in(row, "k_com");

	setting_of(row, NULL, &s);
	bytes_into(row, "nonce", script.b, 24);
	pack_listed(json_object_get(row, "fields"), &packed);
	assert_int_equal(packed.n, plain.n);
	assert_memory_equal(packed.p, plain.p, plain.n);

	assert_ok(derive(&s.owner, s.place.class, &d));
	assert_memory_equal(&d.enc, &enc, sizeof(enc));
	assert_memory_equal(&d.com, &com, sizeof(com));

	buf_text(&out, T("before"));
	assert_ok(seal_record(&chance, &s.owner, &s.place, view(plain),
	    &out));
	assert_int_equal(out.n, 6 + record.n);
	assert_memory_equal(out.p, "before", 6);
	assert_memory_equal(out.p + 6, record.p, record.n);
	buf_free(&packed);
	buf_free(&out);
	free(plain.p);
	free(record.p);
}

static void check_opening(const json_t *row)
{
	struct setting s;
	struct bytes plain = bytes_of(row, "plain");
	struct bytes record = bytes_of(row, "record");
	text got;
	id owner;
	uint32_t epoch;

	setting_of(row, NULL, &s);
	assert_ok(record_owner(view(record), &owner, &epoch));
	assert_true(id_same(owner, s.owner.id));
	assert_int_equal(epoch, s.owner.epoch);
	assert_ok(open_record(arena, &s.owner, &s.place, view(record), &got));
	assert_int_equal(got.n, plain.n);
	assert_memory_equal(got.p, plain.p, plain.n);
	free(plain.p);
	free(record.p);
	arena_reset(arena);
}

static void test_known_answers(void **state)
{
	/* Without it a new release could not read the old release's disk. */
	const json_t *rows = json_object_get(vectors, "records");

	(void)state;
	assert_true(json_array_size(rows) >= 7);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		check_sealing(json_array_get(rows, i));
		check_opening(json_array_get(rows, i));
	}
	json_t *keyring = vector_file("keyring.json");
	rows = json_object_get(keyring, "wrapped");
	for (size_t i = 0; i < json_array_size(rows); i++) {
		check_sealing(json_array_get(rows, i));
		check_opening(json_array_get(rows, i));
	}
	json_decref(keyring);
}

/* Refused by both verbs, outputs as they were, no plaintext left over. */
static void assert_closed(const struct setting *s, text record)
{
	static uint8_t plain[2 * KIB];
	size_t n = record.n > AE1_MIN ? record.n - AE1_OVERHEAD : 128;
	text got = T("untouched");
	struct derived d;

	assert_result(open_record(arena, &s->owner, &s->place, record, &got),
	    SEALED_RECORD);
	assert_string_equal(got.p, "untouched");

	assert_true(n <= sizeof(plain));
	assert_ok(derive(&s->owner, s->place.class, &d));
	assert_result(record_open_into(&s->owner, &d, &s->place, record,
	    plain, n), SEALED_RECORD);
	assert_true(sodium_is_zero(plain, n));
}

static void test_refused(void **state)
{
	/* Without it a blob could be moved to another row, version, class. */
	const json_t *first = json_array_get(json_object_get(vectors,
	    "records"), 0);
	const json_t *rows = json_object_get(vectors, "refused");
	struct setting s;

	(void)state;
	assert_true(json_array_size(rows) >= 16);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		struct bytes record = bytes_of(row, "record");

		setting_of(first, row, &s);
		assert_closed(&s, view(record));
		free(record.p);
	}
}

static void test_owner_differs(void **state)
{
	/* Without it an epoch or owner in the head would be decoration. */
	const json_t *row = json_array_get(json_object_get(vectors,
	    "records"), 0);
	struct bytes record = bytes_of(row, "record");
	struct setting s;

	(void)state;
	setting_of(row, NULL, &s);
	s.owner.epoch++;
	assert_closed(&s, view(record));
	setting_of(row, NULL, &s);
	s.owner.id.b[15] ^= 1;
	assert_closed(&s, view(record));
	free(record.p);
}

static void test_commitment(void **state)
{
	/* Without it one blob could be made to open under two keys. */
	const json_t *row = json_array_get(json_object_get(vectors,
	    "records"), 0);
	struct bytes record = bytes_of(row, "record");
	struct bytes bound = bytes_of(row, "aad");
	struct bytes plain = bytes_of(row, "plain");
	key32 enc = key_in(row, "k_enc");
	struct setting s;
	text got;

	(void)state;
	setting_of(row, NULL, &s);
	/* First as it is, so that the making itself is known to be right. */
	for (int wrong = 0; wrong <= 1; wrong++) {
		record.p[48] ^= (uint8_t)wrong;
		bound.p[bound.n - 80 + 48] ^= (uint8_t)wrong;
		crypto_aead_xchacha20poly1305_ietf_encrypt(record.p + 80,
		    NULL, plain.p, plain.n, bound.p, bound.n, NULL,
		    record.p + 24, enc.b);
		if (wrong)
			assert_closed(&s, view(record));
		else
			assert_ok(open_record(arena, &s.owner, &s.place,
			    view(record), &got));
	}
	free(record.p);
	free(bound.p);
	free(plain.p);
}

static void test_every_byte(void **state)
{
	/* Without it some byte of a record could be changed unnoticed. */
	const json_t *rows = json_object_get(vectors, "records");
	struct setting s;

	(void)state;
	for (size_t r = 0; r < json_array_size(rows); r++) {
		const json_t *row = json_array_get(rows, r);
		struct bytes record = bytes_of(row, "record");

		setting_of(row, NULL, &s);
		for (size_t i = 0; i < record.n; i++) {
			for (int bit = 0; bit < 8; bit++) {
				record.p[i] ^= (uint8_t)(1u << bit);
				assert_closed(&s, view(record));
				record.p[i] ^= (uint8_t)(1u << bit);
			}
		}
		free(record.p);
		arena_reset(arena);
	}
}

static void test_every_length(void **state)
{
	/* Without it a cut or lengthened record could read past its end. */
	const json_t *row = json_array_get(json_object_get(vectors,
	    "records"), 0);
	struct bytes record = bytes_of(row, "record");
	struct setting s;
	id owner = id_of_number(5);
	uint32_t epoch = 5;

	(void)state;
	setting_of(row, NULL, &s);
	for (size_t n = 0; n < record.n; n++) {
		/* A copy of exactly that size, for the sanitizer to watch. */
		uint8_t *cut = malloc(n + (n == 0));
		assert_non_null(cut);
		memcpy(cut, record.p, n);
		assert_closed(&s, (text){ (const char *)cut, n });
		assert_result(record_owner((text){ (const char *)cut, n },
		    &owner, &epoch), SEALED_RECORD);
		free(cut);
	}
	assert_true(id_same(owner, id_of_number(5)));
	assert_int_equal(epoch, 5);

	struct bytes longer = { calloc(1, 2 * record.n), record.n + 1 };
	assert_non_null(longer.p);
	memcpy(longer.p, record.p, record.n);
	assert_closed(&s, view(longer));
	longer.n = AE1_OVERHEAD + 256;
	assert_closed(&s, view(longer));
	free(longer.p);
	free(record.p);
}

static void test_sizes(void **state)
{
	/* Without it an unpadded record would tell the length of a name. */
	static char plain[2 * RECORD_PLAIN_MAX];
	static const size_t wrong[] = { 0, 1, 127, 129, 255, 384,
		RECORD_PLAIN_MAX - 1, RECORD_PLAIN_MAX + 1,
		2 * RECORD_PLAIN_MAX };
	key32 key = { { 1 } };
	struct owner owner = { .key = &key, .id = id_of_number(1) };
	struct record_place place = { .class = CLASS_CASE, .table = "act" };
	struct buf out = buf_new(MIB);
	text got;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_result(seal_record(&chance_system, &owner, &place,
		    (text){ plain, wrong[i] }, &out), BUG);
	assert_int_equal(out.n, 0);
	for (size_t n = 128; n <= RECORD_PLAIN_MAX; n *= 2) {
		memset(plain, (int)(n % 251), n);
		buf_clear(&out);
		assert_ok(seal_record(&chance_system, &owner, &place,
		    (text){ plain, n }, &out));
		assert_int_equal(out.n, n + AE1_OVERHEAD);
		assert_ok(open_record(arena, &owner, &place, buf_view(&out),
		    &got));
		assert_int_equal(got.n, n);
		assert_memory_equal(got.p, plain, n);
		arena_reset(arena);
	}
	buf_free(&out);
}

static void test_no_room(void **state)
{
	/* Without it half a record could be written when a buffer is full. */
	char plain[128] = "secret";
	key32 key = { { 1 } };
	struct owner owner = { .key = &key, .id = id_of_number(1) };
	struct record_place place = { .class = CLASS_CASE, .table = "act" };
	struct buf out = buf_new(AE1_MIN + 3);

	(void)state;
	buf_text(&out, T("four"));
	assert_result(seal_record(&chance_system, &owner, &place,
	    (text){ plain, sizeof(plain) }, &out), TOO_LARGE);
	assert_int_equal(out.n, 4);
	buf_free(&out);
}

static int nonce_order(const void *a, const void *b)
{
	return memcmp(a, b, 24);
}

static void test_nonces(void **state)
{
	/* Without it a stuck source of chance would reuse a keystream. */
	enum { RECORDS = 100000 };
	char plain[128] = "the same every time";
	key32 key = { { 1 } };
	struct owner owner = { .key = &key, .id = id_of_number(1) };
	struct record_place place = { .class = CLASS_CASE, .table = "act" };
	struct buf out = buf_new(KIB);
	uint8_t (*nonce)[24] = calloc(RECORDS, sizeof(*nonce));

	(void)state;
	assert_non_null(nonce);
	for (size_t i = 0; i < RECORDS; i++) {
		buf_clear(&out);
		assert_ok(seal_record(&chance_system, &owner, &place,
		    (text){ plain, sizeof(plain) }, &out));
		memcpy(nonce[i], out.p + 24, sizeof(*nonce));
	}
	qsort(nonce, RECORDS, sizeof(*nonce), nonce_order);
	for (size_t i = 1; i < RECORDS; i++)
		assert_true(memcmp(nonce[i - 1], nonce[i], 24) != 0);
	free(nonce);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_owner_differs),
		cmocka_unit_test(test_commitment),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_nonces),
	};

	if (!is_ok(seal_start()))
		return 1;
	vectors = vector_file("records.json");
	arena = arena_new(4 * MIB);
	int failed = cmocka_run_group_tests_name("seal-record", tests, NULL,
	    NULL);
	arena_free(arena);
	json_decref(vectors);
	return failed;
}
