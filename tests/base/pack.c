#include "check.h"
#include "pack.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *vectors;

/* The bytes of a hex member; the caller frees. */
static uint8_t *bytes_of(const json_t *row, const char *name, size_t *ret_n)
{
	text hex = text_of(json_string_value(json_object_get(row, name)));
	uint8_t *b = malloc(hex.n / 2 + 1);

	assert_non_null(b);
	assert_true(hex_read(hex, b, hex.n / 2));
	*ret_n = hex.n / 2;
	return b;
}

static void pack_listed(const json_t *fields, struct buf *out)
{
	struct packer p = pack_begin(out);

	for (size_t i = 0; i < json_array_size(fields); i++) {
		const json_t *f = json_array_get(fields, i);
		json_int_t tag = json_integer_value(
		    json_object_get(f, "tag"));
		size_t n;
		uint8_t *value = bytes_of(f, "value", &n);

		pack_add(&p, (uint16_t)tag, value, n);
		free(value);
	}
	assert_true(is_ok(pack_end(&p)));
}

static void unpack_listed(const json_t *fields, text plain)
{
	struct unpacker u = unpack_begin(plain.p, plain.n);
	struct packed f;
	size_t i = 0;

	for (; unpack_next(&u, &f); i++) {
		const json_t *want = json_array_get(fields, i);
		size_t n;
		uint8_t *value = bytes_of(want, "value", &n);

		assert_int_equal(f.tag, json_integer_value(
		    json_object_get(want, "tag")));
		assert_int_equal(f.value.n, n);
		assert_memory_equal(f.value.p, value, n);
		free(value);
	}
	assert_int_equal(i, json_array_size(fields));
	assert_true(is_ok(unpack_end(&u)));
}

static void listed_fields_have_known_bytes(void **state)
{
	/* Without it another program could not read our records. */
	const json_t *rows = json_object_get(vectors, "packed");
	int seen = 0;

	(void)state;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *fields = json_object_get(row, "fields");
		struct buf out = buf_new(RECORD_PLAIN_MAX);
		size_t n;

		if (fields == NULL)
			continue;
		uint8_t *plain = bytes_of(row, "plain", &n);
		pack_listed(fields, &out);
		assert_int_equal(out.n, n);
		assert_memory_equal(out.p, plain, n);
		unpack_listed(fields, buf_view(&out));
		free(plain);
		buf_free(&out);
		seen++;
	}
	assert_in_range(seen, 2, 1000);
}

/* One field of `n` letters A under tag 1, and what it must be. */
static void check_one(const json_t *row, size_t n)
{
	struct buf out = buf_new(RECORD_PLAIN_MAX);
	struct packer p = pack_begin(&out);
	char *letters = malloc(n);
	uint8_t want[32], hash[32];
	struct packed f;

	assert_non_null(letters);
	memset(letters, 'A', n);
	pack_add(&p, 1, letters, n);
	assert_true(is_ok(pack_end(&p)));
	assert_int_equal(out.n, json_integer_value(
	    json_object_get(row, "plain_length")));
	assert_true(hex_read(text_of(json_string_value(
	    json_object_get(row, "plain_sha256"))), want, 32));
	crypto_hash_sha256(hash, (const uint8_t *)out.p, out.n);
	assert_memory_equal(hash, want, 32);

	struct unpacker u = unpack_begin(out.p, out.n);
	assert_true(unpack_next(&u, &f));
	assert_int_equal(f.value.n, n);
	assert_memory_equal(f.value.p, letters, n);
	assert_false(unpack_next(&u, &f));
	assert_true(is_ok(unpack_end(&u)));
	free(letters);
	buf_free(&out);
}

static void sizes_at_the_edge_have_known_answers(void **state)
{
	/* Without it the size class leaks more than a power of two. */
	const json_t *rows = json_object_get(vectors, "packed");
	int seen = 0;

	(void)state;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *name = json_string_value(
		    json_object_get(row, "name"));
		size_t n;

		if (sscanf(name, "one field of %zu bytes", &n) != 1)
			continue;
		check_one(row, n);
		seen++;
	}
	assert_int_equal(seen, 5);
}

/* Reads to the end and says whether everything was well formed. */
static bool unpacks(const void *p, size_t n)
{
	struct unpacker u = unpack_begin(p, n);
	struct packed f;

	while (unpack_next(&u, &f))
		;
	result r = unpack_end(&u);
	assert_false(unpack_next(&u, &f));
	if (!is_ok(r))
		assert_int_equal(r.code, E_CORRUPT);
	return is_ok(r);
}

static void malformed_plains_are_refused(void **state)
{
	/* Without it two writings of one record would both be accepted. */
	const json_t *rows = json_object_get(vectors, "refused");

	(void)state;
	assert_in_range(json_array_size(rows), 6, 1000);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		size_t n;
		uint8_t *plain = bytes_of(row, "plain", &n);

		assert_false(unpacks(plain, n));
		free(plain);
	}
}

static void sizes_off_the_scale_are_refused(void **state)
{
	/* Without it a cut or padded record passes. */
	uint8_t *zeros = calloc(1, RECORD_PLAIN_MAX * 2);

	(void)state;
	assert_non_null(zeros);
	assert_true(unpacks(zeros, 128));
	assert_false(unpacks(zeros, 0));
	assert_false(unpacks(zeros, 1));
	assert_false(unpacks(zeros, 127));
	assert_false(unpacks(zeros, 129));
	assert_false(unpacks(zeros, 384));
	assert_false(unpacks(zeros, RECORD_PLAIN_MAX * 2));
	free(zeros);
}

static void a_reader_that_stops_early_is_not_believed(void **state)
{
	/* Without it a caller that reads one field trusts the rest unseen. */
	struct buf out = buf_new(RECORD_PLAIN_MAX);
	struct packer p = pack_begin(&out);
	struct packed f;

	(void)state;
	pack_add(&p, 5, "x", 1);
	assert_true(is_ok(pack_end(&p)));
	struct unpacker u = unpack_begin(out.p, out.n);
	assert_true(unpack_next(&u, &f));
	assert_int_equal(unpack_end(&u).code, E_CORRUPT);
	buf_free(&out);
}

static void broken_contracts_are_our_bug(void **state)
{
	/* Without it a wrong entity row writes an unreadable record. */
	static char big[FIELD_VALUE_MAX + 1];
	static const struct { uint16_t first, second; size_t n; } bad[] = {
		{ 0, 1, 1 }, { 2, 1, 1 }, { 2, 2, 1 }, { 1, 2, sizeof(big) },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct buf out = buf_new(RECORD_PLAIN_MAX);
		struct packer p = pack_begin(&out);

		pack_add(&p, bad[i].first, "x", 1);
		pack_add(&p, bad[i].second, big, bad[i].n);
		assert_int_equal(pack_end(&p).code, E_BUG);
		buf_free(&out);
	}
}

static void too_much_is_refused(void **state)
{
	/* Without it a record grows past what seal can take. */
	static char big[FIELD_VALUE_MAX];
	struct buf out = buf_new(2 * RECORD_PLAIN_MAX);
	struct packer p = pack_begin(&out);

	(void)state;
	for (uint16_t tag = 1; tag <= 4; tag++)
		pack_add(&p, tag, big, sizeof(big) - (tag == 4 ? 14 : 0));
	assert_true(is_ok(pack_end(&p)));
	assert_int_equal(out.n, RECORD_PLAIN_MAX);
	buf_clear(&out);

	p = pack_begin(&out);
	for (uint16_t tag = 1; tag <= 4; tag++)
		pack_add(&p, tag, big, sizeof(big) - (tag == 4 ? 13 : 0));
	assert_int_equal(pack_end(&p).code, E_TOO_LARGE);
	buf_free(&out);

	out = buf_new(100);
	p = pack_begin(&out);
	pack_add(&p, 1, "x", 1);
	assert_int_equal(pack_end(&p).code, E_TOO_LARGE);
	buf_free(&out);
}

static void packing_starts_after_what_is_there(void **state)
{
	/* Without it a head before the plain changes the padding. */
	struct buf out = buf_new(RECORD_PLAIN_MAX);

	(void)state;
	buf_text(&out, T("head"));
	struct packer p = pack_begin(&out);
	pack_add(&p, 1, "x", 1);
	assert_true(is_ok(pack_end(&p)));
	assert_int_equal(out.n, 4 + 128);
	assert_true(unpacks(out.p + 4, 128));
	buf_free(&out);
}

static int load(void **state)
{
	json_error_t e;

	(void)state;
	vectors = json_load_file("data/vectors/fields.json", 0, &e);
	return vectors == NULL ? -1 : 0;
}

static int unload(void **state)
{
	(void)state;
	json_decref(vectors);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_fields_have_known_bytes),
		cmocka_unit_test(sizes_at_the_edge_have_known_answers),
		cmocka_unit_test(malformed_plains_are_refused),
		cmocka_unit_test(sizes_off_the_scale_are_refused),
		cmocka_unit_test(a_reader_that_stops_early_is_not_believed),
		cmocka_unit_test(broken_contracts_are_our_bug),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(packing_starts_after_what_is_there),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
