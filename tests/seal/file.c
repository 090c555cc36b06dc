#include "check.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEALED_CHUNK = AF1_CHUNK + AF1_TAG };

static json_t *vectors;

/* One row of the vectors, its content made and its file sealed. */
struct sample {
	key32 key;
	id file;
	uint64_t length;
	uint8_t *content;
	struct buf sealed;
};

static void seal_in_pieces(const struct chance *chance, struct sample *s,
    size_t piece)
{
	struct file_sealer *sealer = NULL;

	s->sealed = buf_new(MIB);
	assert_ok(file_seal_begin(chance, &s->key, s->file, s->length,
	    &s->sealed, &sealer));
	for (size_t at = 0; at < s->length; at += piece) {
		size_t left = (size_t)s->length - at;
		assert_ok(file_seal_add(sealer, s->content + at,
		    left < piece ? left : piece, &s->sealed));
	}
	assert_ok(file_seal_end(sealer, &s->sealed));
	file_sealer_free(&sealer);
	assert_null(sealer);
}

static void sample_of(const json_t *row, size_t piece, struct sample *s)
{
	struct script script = { .n = 24 };
	struct chance chance = script_chance(&script);
	char from[64];

	*s = (struct sample){ .key = key_in(row, "file_key"),
		.file = id_in(row, "file_id"),
		.length = number_of(row, "length") };
	s->content = malloc((size_t)s->length + 1);
	assert_non_null(s->content);
	snprintf(from, sizeof(from), "alas vector file %u",
	    (unsigned int)s->length);
	shake256(from, s->content, (size_t)s->length);
	bytes_into(row, "stream_header", script.b, 24);
	seal_in_pieces(&chance, s, piece);
}

static void sample_free(struct sample *s)
{
	free(s->content);
	buf_free(&s->sealed);
}

static const json_t *row_of_length(uint64_t length)
{
	const json_t *rows = json_object_get(vectors, "files");

	for (size_t i = 0; i < json_array_size(rows); i++) {
		if (number_of(json_array_get(rows, i), "length") == length)
			return json_array_get(rows, i);
	}
	fail_msg("no such file among the vectors");
	return NULL;
}

/* The bytes of a whole file, however they end; the last failure is told. */
static result open_bytes(const struct sample *s, const uint8_t *p, size_t n,
    size_t piece, struct buf *out)
{
	CLEANUP(file_opener_free) struct file_opener *o = NULL;

	if (n < AF1_HEADER)
		return refuse(INVALID);
	TRY(file_open_begin(&s->key, p, s->length, &o));
	for (size_t at = AF1_HEADER; at < n; at += piece) {
		size_t before = out->n;
		result r = file_open_add(o, p + at,
		    n - at < piece ? n - at : piece, out);

		if (!is_ok(r)) {
			assert_int_equal(out->n, before);
			/* What is broken stays broken. */
			assert_result(file_open_add(o, p, 0, out),
			    SEALED_RECORD);
			assert_result(file_open_end(o), SEALED_RECORD);
			return r;
		}
	}
	return file_open_end(o);
}

static void assert_content(const struct sample *s, const struct buf *out)
{
	assert_int_equal(out->n, s->length);
	if (s->length > 0)
		assert_memory_equal(out->p, s->content, out->n);
}

static void check_sealed(const json_t *row, const struct sample *s)
{
	uint8_t sum[32], want[32];

	crypto_hash_sha256(sum, s->content, s->length);
	bytes_into(row, "content_sha256", want, sizeof(want));
	assert_memory_equal(sum, want, sizeof(sum));
	assert_int_equal(file_padded(s->length), number_of(row, "padded"));
	assert_int_equal(s->sealed.n, number_of(row, "sealed_length"));
	assert_int_equal(s->sealed.n, file_sealed(s->length));

	struct bytes header = bytes_of(row, "header");
	assert_memory_equal(s->sealed.p, header.p, header.n);
	free(header.p);
	crypto_hash_sha256(sum, (const uint8_t *)s->sealed.p, s->sealed.n);
	bytes_into(row, "sealed_sha256", want, sizeof(want));
	assert_memory_equal(sum, want, sizeof(sum));
	if (json_object_get(row, "sealed") != NULL) {
		struct bytes sealed = bytes_of(row, "sealed");
		assert_memory_equal(s->sealed.p, sealed.p, sealed.n);
		free(sealed.p);
	}
}

static void test_known_answers(void **state)
{
	/* Without it files of an older release might not open any more. */
	static const size_t pieces[] = { 1, 1000, AF1_CHUNK, SEALED_CHUNK,
		MIB };
	const json_t *rows = json_object_get(vectors, "files");

	(void)state;
	assert_true(json_array_size(rows) >= 7);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		for (size_t p = 0; p < LENGTH(pieces); p++) {
			const json_t *row = json_array_get(rows, i);
			struct buf out = buf_new(MIB);
			struct sample s;

			if (pieces[p] == 1 && i > 3)
				continue;	/* slow, and the same */
			sample_of(row, pieces[p], &s);
			check_sealed(row, &s);
			assert_ok(open_bytes(&s, (const uint8_t *)s.sealed.p,
			    s.sealed.n, pieces[p], &out));
			assert_content(&s, &out);
			buf_free(&out);
			sample_free(&s);
		}
	}
}

static void test_padding(void **state)
{
	/* Without it the size on disk would tell the length of a document. */
	const json_t *rows = json_object_get(vectors, "padme");
	uint64_t before = 0;

	(void)state;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		assert_int_equal(file_padded((uint64_t)json_integer_value(
		    json_array_get(row, 0))), (uint64_t)json_integer_value(
		    json_array_get(row, 1)));
	}
	for (uint64_t n = 0; n < 200000; n++) {
		uint64_t padded = file_padded(n);
		assert_true(padded >= n && padded >= before);
		assert_true(n < 1024 || (padded - n) * 100 <= 12 * n);
		before = padded;
	}
	uint64_t most = (uint64_t)1 << AF1_LENGTH_BITS;
	assert_int_equal(file_padded(most), most);
}

static void test_every_byte(void **state)
{
	/* Without it some byte of a file could be changed unnoticed. */
	struct buf out = buf_new(MIB);
	struct sample s;

	(void)state;
	sample_of(row_of_length(5), MIB, &s);
	uint8_t *p = (uint8_t *)s.sealed.p;
	for (size_t i = 0; i < s.sealed.n; i++) {
		p[i] ^= (uint8_t)(1u << i % 8);
		assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
		    SEALED_RECORD);
		assert_int_equal(out.n, 0);
		p[i] ^= (uint8_t)(1u << i % 8);
	}
	sample_free(&s);
	buf_free(&out);
}

static void test_later_chunks(void **state)
{
	/* Without it a change in the last chunk would pass with the first. */
	static const size_t at[] = { AF1_HEADER,
		AF1_HEADER + SEALED_CHUNK - 1, AF1_HEADER + SEALED_CHUNK,
		AF1_HEADER + 2 * SEALED_CHUNK + 77,
		AF1_HEADER + 3 * SEALED_CHUNK,
		AF1_HEADER + 3 * SEALED_CHUNK + 4096 + AF1_TAG - 1 };
	struct buf out = buf_new(MIB);
	struct sample s;

	(void)state;
	sample_of(row_of_length(200000), MIB, &s);
	uint8_t *p = (uint8_t *)s.sealed.p;
	assert_int_equal(at[5], s.sealed.n - 1);
	for (size_t i = 0; i < LENGTH(at); i++) {
		p[at[i]] ^= 1;
		assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
		    SEALED_RECORD);
		assert_int_equal(out.n, 0);
		p[at[i]] ^= 1;
	}
	/* In pieces, what was verified before the change is given. */
	p[at[3]] ^= 1;
	assert_result(open_bytes(&s, p, s.sealed.n, 1000, &out),
	    SEALED_RECORD);
	assert_int_equal(out.n, 2 * AF1_CHUNK);
	assert_memory_equal(out.p, s.content, out.n);
	sample_free(&s);
	buf_free(&out);
}

static void test_order_and_ends(void **state)
{
	/* Without it a document could lose its last page and seem whole. */
	struct buf out = buf_new(MIB);
	struct sample s;

	(void)state;
	sample_of(row_of_length(200000), MIB, &s);
	const uint8_t *p = (const uint8_t *)s.sealed.p;
	size_t n = s.sealed.n;
	uint8_t *made = malloc(n + SEALED_CHUNK);
	assert_non_null(made);

	/* The first two chunks exchanged. */
	memcpy(made, p, n);
	memcpy(made + AF1_HEADER, p + AF1_HEADER + SEALED_CHUNK,
	    SEALED_CHUNK);
	memcpy(made + AF1_HEADER + SEALED_CHUNK, p + AF1_HEADER,
	    SEALED_CHUNK);
	assert_result(open_bytes(&s, made, n, MIB, &out), SEALED_RECORD);
	assert_int_equal(out.n, 0);

	/* One chunk twice; one left out. */
	memcpy(made + AF1_HEADER, p + AF1_HEADER, SEALED_CHUNK);
	assert_result(open_bytes(&s, made, n, MIB, &out), SEALED_RECORD);
	memcpy(made + AF1_HEADER, p + AF1_HEADER + SEALED_CHUNK,
	    n - AF1_HEADER - SEALED_CHUNK);
	assert_result(open_bytes(&s, made, n - SEALED_CHUNK, MIB, &out),
	    SEALED_RECORD);
	assert_int_equal(out.n, 0);

	/* The last chunk missing; every cut near the end; nothing at all. */
	assert_result(open_bytes(&s, p, AF1_HEADER + 3 * SEALED_CHUNK, MIB,
	    &out), SEALED_RECORD);
	buf_clear(&out);
	for (size_t cut = 1; cut < 20; cut++) {
		assert_result(open_bytes(&s, p, n - cut, MIB, &out),
		    SEALED_RECORD);
		buf_clear(&out);
	}
	assert_result(open_bytes(&s, p, AF1_HEADER, MIB, &out),
	    SEALED_RECORD);

	/* A byte, a chunk appended, in the same call and in one of its own. */
	memcpy(made, p, n);
	memcpy(made + n, p + AF1_HEADER, SEALED_CHUNK);
	assert_result(open_bytes(&s, made, n + 1, MIB, &out),
	    SEALED_RECORD);
	assert_int_equal(out.n, 0);
	assert_result(open_bytes(&s, made, n + 1, n - AF1_HEADER, &out),
	    SEALED_RECORD);
	buf_clear(&out);
	assert_result(open_bytes(&s, made, n + SEALED_CHUNK, MIB, &out),
	    SEALED_RECORD);
	free(made);
	sample_free(&s);
	buf_free(&out);
}

static void test_other_header(void **state)
{
	/* Without it one document's bytes could stand under another's name. */
	struct buf out = buf_new(MIB);
	struct sample s, other;

	(void)state;
	sample_of(row_of_length(5), MIB, &s);
	sample_of(row_of_length(0), MIB, &other);
	memcpy(s.sealed.p, other.sealed.p, AF1_HEADER);
	assert_result(open_bytes(&s, (const uint8_t *)s.sealed.p,
	    s.sealed.n, MIB, &out), SEALED_RECORD);
	s.key = other.key;
	s.length = other.length;
	assert_result(open_bytes(&s, (const uint8_t *)s.sealed.p,
	    s.sealed.n, MIB, &out), SEALED_RECORD);
	assert_int_equal(out.n, 0);
	sample_free(&s);
	sample_free(&other);
	buf_free(&out);
}

static void test_length(void **state)
{
	/* Without it a record with a wrong length would cut a document. */
	struct buf out = buf_new(MIB);
	struct sample s;

	(void)state;
	sample_of(row_of_length(5), MIB, &s);
	const uint8_t *p = (const uint8_t *)s.sealed.p;
	s.length = 4;			/* content where zeros must be */
	assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
	    SEALED_RECORD);
	s.length = 1025;		/* another padded length */
	assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
	    SEALED_RECORD);
	s.length = ((uint64_t)1 << AF1_LENGTH_BITS) + 1;
	assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
	    SEALED_RECORD);
	s.length = UINT64_MAX;
	assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
	    SEALED_RECORD);
	assert_int_equal(out.n, 0);
	sample_free(&s);
	buf_free(&out);
}

/* The only chunk of a short file anew, with this tag and last byte. */
static void seal_by_hand(const struct sample *s, uint8_t tag, uint8_t last)
{
	crypto_secretstream_xchacha20poly1305_state stream;
	uint8_t keys[64], bound[24] = { 0 }, plain[1024] = { 0 };
	uint8_t *p = (uint8_t *)s->sealed.p;

	crypto_kdf_derive_from_key(keys, sizeof(keys), 1, "alasFIL1",
	    s->key.b);
	memcpy(bound, s->file.b, sizeof(s->file.b));
	memcpy(plain, s->content, (size_t)s->length);
	plain[sizeof(plain) - 1] = last;
	crypto_secretstream_xchacha20poly1305_init_pull(&stream, p + 40,
	    keys);
	crypto_secretstream_xchacha20poly1305_push(&stream, p + AF1_HEADER,
	    NULL, plain, sizeof(plain), bound, sizeof(bound), tag);
}

static void test_tag_and_padding(void **state)
{
	/* Without it bytes could hide behind the end of a document. */
	const uint8_t final = crypto_secretstream_xchacha20poly1305_tag_final();
	struct buf out = buf_new(MIB);
	struct sample s;

	(void)state;
	sample_of(row_of_length(5), MIB, &s);
	const uint8_t *p = (const uint8_t *)s.sealed.p;
	seal_by_hand(&s, final, 0);
	assert_ok(open_bytes(&s, p, s.sealed.n, MIB, &out));
	assert_content(&s, &out);
	buf_clear(&out);
	seal_by_hand(&s, 0, 0);
	assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
	    SEALED_RECORD);
	seal_by_hand(&s, final, 1);
	assert_result(open_bytes(&s, p, s.sealed.n, MIB, &out),
	    SEALED_RECORD);
	assert_int_equal(out.n, 0);
	sample_free(&s);
	buf_free(&out);
}

static void test_sealing_refuses(void **state)
{
	/* Without it an upload that broke off would be kept as whole. */
	static const uint8_t bytes[200];
	key32 key = { { 3 } };
	struct buf out = buf_new(4 * KIB);
	struct file_sealer *s = NULL;

	(void)state;
	assert_result(file_seal_begin(&chance_system, &key, id_of_number(1),
	    ((uint64_t)1 << AF1_LENGTH_BITS) + 1, &out, &s), TOO_LARGE);
	assert_null(s);
	assert_int_equal(out.n, 0);

	assert_ok(file_seal_begin(&chance_system, &key, id_of_number(1), 100,
	    &out, &s));
	assert_ok(file_seal_add(s, bytes, 99, &out));
	assert_result(file_seal_add(s, bytes, 2, &out), INVALID);
	assert_result(file_seal_add(s, bytes, 1, &out), BUG);
	assert_result(file_seal_end(s, &out), BUG);
	file_sealer_free(&s);

	assert_ok(file_seal_begin(&chance_system, &key, id_of_number(1), 100,
	    &out, &s));
	assert_ok(file_seal_add(s, bytes, 99, &out));
	assert_result(file_seal_end(s, &out), INVALID);
	file_sealer_free(&s);

	assert_ok(file_seal_begin(&chance_system, &key, id_of_number(1), 100,
	    &out, &s));
	assert_ok(file_seal_add(s, bytes, 100, &out));
	assert_ok(file_seal_end(s, &out));
	assert_result(file_seal_end(s, &out), BUG);
	file_sealer_free(&s);
	buf_free(&out);
}

static void test_no_room_to_seal(void **state)
{
	/* Without it a full buffer would hold part of a chunk. */
	static const uint8_t bytes[100];
	key32 key = { { 3 } };
	struct buf small = buf_new(AF1_HEADER - 1), out = buf_new(512);
	struct file_sealer *s = NULL;

	(void)state;
	assert_result(file_seal_begin(&chance_system, &key, id_of_number(1),
	    100, &small, &s), TOO_LARGE);
	assert_null(s);
	assert_ok(file_seal_begin(&chance_system, &key, id_of_number(1), 100,
	    &out, &s));
	assert_ok(file_seal_add(s, bytes, 100, &out));
	assert_result(file_seal_end(s, &out), TOO_LARGE);
	assert_int_equal(out.n, AF1_HEADER);
	file_sealer_free(&s);
	buf_free(&small);
	buf_free(&out);
}

static void test_no_room_to_open(void **state)
{
	/* Without it a slow reader's download would break instead of wait. */
	struct buf out = buf_new(AF1_CHUNK);
	struct file_opener *o = NULL;
	struct sample s;
	size_t got = 0, at = AF1_HEADER;

	(void)state;
	sample_of(row_of_length(200000), MIB, &s);
	const uint8_t *p = (const uint8_t *)s.sealed.p;
	assert_ok(file_open_begin(&s.key, p, s.length, &o));
	assert_result(file_open_add(o, p + at, 2 * SEALED_CHUNK, &out),
	    TOO_LARGE);
	assert_int_equal(out.n, 0);
	while (at < s.sealed.n) {
		size_t n = s.sealed.n - at < 4000 ? s.sealed.n - at : 4000;
		result r = file_open_add(o, p + at, n, &out);

		if (is_ok(r)) {
			at += n;
			continue;
		}
		/* The reader takes what is there; then there is room. */
		assert_result(r, TOO_LARGE);
		assert_true(out.n > 0);
		assert_memory_equal(out.p, s.content + got, out.n);
		got += out.n;
		buf_clear(&out);
	}
	assert_ok(file_open_end(o));
	assert_memory_equal(out.p, s.content + got, out.n);
	assert_int_equal(got + out.n, s.length);
	file_opener_free(&o);
	sample_free(&s);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_later_chunks),
		cmocka_unit_test(test_order_and_ends),
		cmocka_unit_test(test_other_header),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_tag_and_padding),
		cmocka_unit_test(test_sealing_refuses),
		cmocka_unit_test(test_no_room_to_seal),
		cmocka_unit_test(test_no_room_to_open),
	};

	if (!is_ok(seal_start()))
		return 1;
	vectors = vector_file("files.json");
	int failed = cmocka_run_group_tests_name("seal-file", tests, NULL,
	    NULL);
	json_decref(vectors);
	return failed;
}
