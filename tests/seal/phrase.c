#include "check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static json_t *codes;

static void assert_wrong(const char *typed, int group)
{
	char secret[PHRASE_SECRET], before[PHRASE_SECRET];

	memset(secret, 'x', sizeof(secret));
	memset(before, 'x', sizeof(before));
	assert_int_equal(phrase_read(text_of(typed), secret), group);
	assert_memory_equal(secret, before, sizeof(secret));
}

static void test_known_phrase(void **state)
{
	/* Without it the sheet in the safe might no longer open the office. */
	const json_t *row = json_object_get(codes, "phrase");
	uint8_t random[PHRASE_RANDOM];
	char made[PHRASE_TEXT + 1], secret[PHRASE_SECRET];

	(void)state;
	bytes_into(row, "random", random, sizeof(random));
	phrase_text(random, made);
	assert_string_equal(made, string_of(row, "text"));
	assert_int_equal(phrase_read(text_of(made), secret), 0);
	assert_memory_equal(secret, string_of(row, "secret"),
	    sizeof(secret));

	/* The 136th bit is not part of it. */
	random[PHRASE_RANDOM - 1] ^= 1;
	phrase_text(random, made);
	assert_string_equal(made, string_of(row, "text"));
}

static void test_refused(void **state)
{
	/* Without it one would have to search the whole sheet for a slip. */
	const json_t *rows = json_object_get(codes, "phrase_refused");

	(void)state;
	assert_true(json_array_size(rows) >= 2);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		assert_wrong(string_of(row, "text"),
		    (int)number_of(row, "first_wrong_group"));
	}
	assert_wrong("", PHRASE_WRONG_LENGTH);
	assert_wrong("VX37 NTEF 63M1 K8RX BBK9 VYRX 62Z0 0GWQ BMC",
	    PHRASE_WRONG_LENGTH);
	assert_wrong("VX37 NTEF 63M1 K8RX BBK9 VYRX 62Z0 0GWQ BMCMX",
	    PHRASE_WRONG_LENGTH);
	assert_wrong("VX37 NTEF 63M1 K8RX BBK9 VYRX 62Z0 0GWU BMCM", 8);
	assert_wrong("VX37 NTEF 63M1 K8RX BBK9 VYRX 62Z0 0GWQ BMC!", 9);
	assert_wrong("VX37 NTEF 63M1 K8RX BBK9 VYRX 62Z0 0GW\xc3\xb1 BMC", 8);
}

static void test_every_slip(void **state)
{
	/* Without it a wrong character could be read as another phrase. */
	static const char typed[] =
	    "VX37 NTEF 63M1 K8RX BBK9 VYRX 62Z0 0GWQ BMCM";
	char changed[sizeof(typed)];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(typed); i++) {
		if (typed[i] == ' ')
			continue;
		for (uint32_t v = 0; v < 32; v++) {
			if (code_char(v) == typed[i])
				continue;
			memcpy(changed, typed, sizeof(typed));
			changed[i] = code_char(v);
			assert_wrong(changed, (int)(i / 5) + 1);
		}
		if (typed[i + 1] == ' ' || typed[i + 1] == '\0' ||
		    typed[i] == typed[i + 1])
			continue;
		memcpy(changed, typed, sizeof(typed));
		changed[i] = typed[i + 1];
		changed[i + 1] = typed[i];
		assert_wrong(changed, (int)(i / 5) + 1);
	}
	/* Every two groups exchanged: the first is named. */
	for (size_t a = 0; a < PHRASE_GROUPS; a++) {
		for (size_t b = a + 1; b < PHRASE_GROUPS; b++) {
			memcpy(changed, typed, sizeof(typed));
			memcpy(changed + 5 * a, typed + 5 * b, 4);
			memcpy(changed + 5 * b, typed + 5 * a, 4);
			assert_wrong(changed, (int)a + 1);
		}
	}
}

static void test_forgiving(void **state)
{
	/* Without it a phrase typed as people type would be refused. */
	const json_t *row = json_object_get(codes, "phrase");
	char secret[PHRASE_SECRET];

	(void)state;
	assert_int_equal(phrase_read(T("  vx37-ntef-63mi k8rx\tbbk9 vyrx "
	    "62zo\r\nogwqbmcm\n"), secret), 0);
	assert_memory_equal(secret, string_of(row, "secret"),
	    sizeof(secret));
}

static void test_round_trips(void **state)
{
	/* Without it some phrases might not be readable at all. */
	uint8_t random[PHRASE_RANDOM];
	char made[PHRASE_TEXT + 1], secret[PHRASE_SECRET];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		chance_system.fill(chance_system.self, random,
		    sizeof(random));
		phrase_text(random, made);
		assert_int_equal(phrase_read(text_of(made), secret), 0);
		for (size_t c = 0; c < PHRASE_SECRET; c++)
			assert_int_equal(secret[c],
			    made[c / 3 * 5 + c % 3]);
	}
}

static void test_passphrase_known(void **state)
{
	/* Without it the same words from another keyboard would not open. */
	json_t *file = vector_file("vault.json");
	const json_t *rows = json_object_get(file, "normalised");
	struct arena *a = arena_new(MIB);
	text got;

	(void)state;
	assert_true(json_array_size(rows) >= 2);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		struct bytes want = bytes_of(row, "bytes");

		assert_ok(passphrase_bytes(a, text_of(string_of(row,
		    "typed")), &got));
		assert_int_equal(got.n, want.n);
		assert_memory_equal(got.p, want.p, want.n);
		free(want.p);
	}
	/* Already so: unchanged. */
	assert_ok(passphrase_bytes(a, T("cinco llamas"), &got));
	assert_true(text_same(got, T("cinco llamas")));
	/* NO-BREAK, EM, IDEOGRAPHIC SPACE, LINE SEPARATOR; decomposed ñ. */
	assert_ok(passphrase_bytes(a, T("\xc2\xa0" "a\xe2\x80\x83\xe3\x80\x80"
	    "n\xcc\x83\xe2\x80\xa8" "b\r\n"), &got));
	assert_true(text_same(got, T("a \xc3\xb1 b")));
	arena_free(a);
	json_decref(file);
}

static void test_passphrase_refused(void **state)
{
	/* Without it bytes that nobody can type again would be accepted. */
	static char longest[PASSPHRASE_BYTES_MAX + 1];
	static const char widest[] = "\xef\xb7\xba";	/* 18 letters */
	struct arena *a = arena_new(MIB);
	text got = T("untouched");

	(void)state;
	assert_result(passphrase_bytes(a, T(""), &got), INVALID);
	assert_result(passphrase_bytes(a, T(" \t\n"), &got), INVALID);
	assert_result(passphrase_bytes(a, T("a\xff"), &got), INVALID);
	assert_result(passphrase_bytes(a, T("\xc0\xaf"), &got), INVALID);
	assert_result(passphrase_bytes(a, T("\xed\xa0\x80"), &got), INVALID);
	assert_result(passphrase_bytes(a, T("a\0b"), &got), INVALID);
	memset(longest, 'a', sizeof(longest));
	assert_result(passphrase_bytes(a, (text){ longest,
	    sizeof(longest) }, &got), INVALID);
	assert_true(text_same(got, T("untouched")));

	for (size_t i = 0; i + 3 <= PASSPHRASE_BYTES_MAX; i += 3)
		memcpy(longest + i, widest, 3);
	assert_ok(passphrase_bytes(a, (text){ longest,
	    PASSPHRASE_BYTES_MAX }, &got));
	assert_true(got.n > 10 * KIB);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_phrase),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_slip),
		cmocka_unit_test(test_forgiving),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_passphrase_known),
		cmocka_unit_test(test_passphrase_refused),
	};

	if (!is_ok(seal_start()))
		return 1;
	codes = vector_file("codes.json");
	int failed = cmocka_run_group_tests_name("seal-phrase", tests, NULL,
	    NULL);
	json_decref(codes);
	return failed;
}
