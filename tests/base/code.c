#include "check.h"

#include <jansson.h>
#include <string.h>

static json_t *vectors;

static const char *member(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	assert_non_null(s);
	return s;
}

static void short_codes_have_known_answers(void **state)
{
	/* Without it a code on an old paper may name another person. */
	const json_t *rows = json_object_get(vectors, "short");

	(void)state;
	assert_in_range(json_array_size(rows), 8, 1000);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		uint32_t bits;
		id x;

		assert_true(hex_read(text_of(member(row, "id")), x.b, 16));
		assert_string_equal(code_of(x).s, member(row, "code"));
		assert_true(code_read(text_of(member(row, "code")), &bits));
		assert_int_equal(bits, code_bits(x));
	}
}

static void wrong_codes_are_refused(void **state)
{
	/* Without it a slip of the finger opens somebody else's file. */
	const json_t *rows = json_object_get(vectors, "short_refused");

	(void)state;
	assert_in_range(json_array_size(rows), 4, 1000);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		uint32_t bits = 77;

		assert_false(code_read(text_of(member(row, "code")), &bits));
		assert_int_equal(bits, 77);
	}
	static const char *const more[] = { "", "-", " ", "AFTC-Z4WW",
		"AFTC_Z4W", "AFTC-Z4\xc3\xb1", "0000-00" };
	for (size_t i = 0; i < LENGTH(more); i++) {
		uint32_t bits;
		assert_false(code_read(text_of(more[i]), &bits));
	}
}

static void typed_codes_are_read_kindly(void **state)
{
	/* Without it O for 0 and small letters send people away. */
	const json_t *rows = json_object_get(vectors, "read_as");

	(void)state;
	assert_in_range(json_array_size(rows), 1, 1000);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		uint32_t typed, code;

		assert_true(code_read(text_of(member(row, "typed")), &typed));
		assert_true(code_read(text_of(member(row, "code")), &code));
		assert_int_equal(typed, code);
	}
	uint32_t bits;
	assert_true(code_read(T("ooOo-0o0"), &bits));
	assert_int_equal(bits, 0);
}

static void every_single_error_and_swap_is_caught(void **state)
{
	/* Without it the check character is decoration. */
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint32_t seed = 1, bits;

	(void)state;
	for (int round = 0; round < 200; round++) {
		id x = { 0 };

		seed = seed * 1664525u + 1013904223u;
		put_u32(x.b, seed);
		code_text good = code_of(x);
		assert_true(code_read(text_of(good.s), &bits));
		for (int at = 0; at < CODE_TEXT; at++) {
			for (int c = 0; c < 32 && at != 4; c++) {
				code_text bad = good;

				bad.s[at] = alphabet[c];
				if (bad.s[at] == good.s[at])
					continue;
				assert_false(code_read(text_of(bad.s), &bits));
			}
		}
		for (int i = 0; i < CODE_TEXT; i++) {
			for (int j = i + 1; j < CODE_TEXT; j++) {
				code_text bad = good;

				bad.s[i] = good.s[j];
				bad.s[j] = good.s[i];
				if (i == 4 || j == 4 || good.s[i] == good.s[j])
					continue;
				assert_false(code_read(text_of(bad.s), &bits));
			}
		}
	}
}

static void ids_compare_and_print(void **state)
{
	/* Without it lists by id change their order from run to run. */
	struct arena *a = arena_new(MIB);
	id one = id_of_number(1), big = id_of_number(UINT64_MAX);

	(void)state;
	assert_true(id_none((id){ 0 }));
	assert_false(id_none(one));
	assert_true(id_same(one, id_of_number(1)));
	assert_false(id_same(one, big));
	assert_int_equal(id_order(one, big), -1);
	assert_int_equal(id_order(big, one), 1);
	assert_int_equal(id_order(one, one), 0);
	assert_text(id_hex(a, id_of_number(0x1234)),
	    "00000000000000000000000000001234");
	arena_free(a);
}

static void hex_is_read_whole_or_not_at_all(void **state)
{
	/* Without it a torn key file would be half read. */
	uint8_t b[3] = { 7, 7, 7 };
	char s[6];

	(void)state;
	assert_false(hex_read(T("00ff"), b, 3));
	assert_false(hex_read(T("00ff0"), b, 3));
	assert_false(hex_read(T("00ff0000"), b, 3));
	assert_false(hex_read(T("00ff0g"), b, 3));
	assert_int_equal(b[0], 7);
	assert_true(hex_read(T("00fFa1"), b, 3));
	hex_write(s, b, 3);
	assert_memory_equal(s, "00ffa1", 6);
	assert_true(hex_read(T(""), b, 0));
}

static void numbers_are_big_endian(void **state)
{
	/* Without it records could not move to another machine. */
	static const uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 0xff };
	uint8_t b[8];

	(void)state;
	assert_int_equal(get_u16(bytes), 0x0102);
	assert_int_equal(get_u32(bytes), 0x01020304);
	assert_true(get_u64(bytes) == UINT64_C(0x01020304050607ff));
	put_u64(b, UINT64_C(0x01020304050607ff));
	assert_memory_equal(b, bytes, 8);
	put_u32(b, 0xfffefdfc);
	assert_int_equal(get_u32(b), 0xfffefdfc);
	put_u16(b, 0xfffe);
	assert_int_equal(get_u16(b), 0xfffe);
}

static int load(void **state)
{
	json_error_t e;

	(void)state;
	vectors = json_load_file("data/vectors/codes.json", 0, &e);
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
		cmocka_unit_test(short_codes_have_known_answers),
		cmocka_unit_test(wrong_codes_are_refused),
		cmocka_unit_test(typed_codes_are_read_kindly),
		cmocka_unit_test(every_single_error_and_swap_is_caught),
		cmocka_unit_test(ids_compare_and_print),
		cmocka_unit_test(hex_is_read_whole_or_not_at_all),
		cmocka_unit_test(numbers_are_big_endian),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
