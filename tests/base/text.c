#include "check.h"

#include <string.h>

static void views_compare_and_cut(void **state)
{
	/* Without it an empty view meets memcmp(NULL) and headers split. */
	const text none = { 0 };
	text rest = T("a,b,,c");

	(void)state;
	assert_text(text_of(NULL), "");
	assert_true(text_same(none, T("")));
	assert_false(text_same(T("ab"), T("abc")));
	assert_int_equal(text_order(none, T("")), 0);
	assert_int_equal(text_order(T("ab"), T("abc")), -1);
	assert_int_equal(text_order(T("b"), T("abc")), 1);
	assert_int_equal(text_order(T("\xc3"), T("z")), 1);
	assert_true(text_starts(T("abc"), T("ab")));
	assert_true(text_starts(T("abc"), none));
	assert_false(text_starts(T("a"), T("ab")));
	assert_true(text_ends(T("abc"), T("bc")));
	assert_true(text_ends(none, none));
	assert_false(text_ends(T("c"), T("bc")));
	assert_text(text_cut(&rest, ','), "a");
	assert_text(text_cut(&rest, ','), "b");
	assert_text(text_cut(&rest, ','), "");
	assert_text(text_cut(&rest, ','), "c");
	assert_text(rest, "");
	assert_text(text_cut(&rest, ','), "");
	assert_text(text_trim(T(" \t\r\n a b\n ")), "a b");
	assert_text(text_trim(T("  ")), "");
	assert_true(text_has(T("abc"), 'c'));
	assert_false(text_has(none, 'c'));
}

static void utf8_is_strict(void **state)
{
	/* Without it two byte strings could show as one name. */
	static const char *const good[] = { "", "Huamaní Ñaupari", "\x7f",
		"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80", "\xc3", "\xc0\x80",
		"\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe1\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xff", "a\xc3z", "\xe1\x80z", "\xf1\x80\x80z" };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_true(text_is_utf8(text_of(good[i])));
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(text_is_utf8(text_of(bad[i])));
	assert_false(text_is_utf8(T("a\0b")));
	/* Eight bytes at a time, or one: none is overlooked. */
	for (size_t at = 0; at < 20; at++) {
		char bytes[20];

		memset(bytes, 'a', sizeof(bytes));
		assert_true(text_is_utf8((text){ bytes, sizeof(bytes) }));
		bytes[at] = '\0';
		assert_false(text_is_utf8((text){ bytes, sizeof(bytes) }));
		bytes[at] = '\x80';
		assert_false(text_is_utf8((text){ bytes, sizeof(bytes) }));
	}
}

static void controls_are_seen(void **state)
{
	/* Without it a name may carry an escape to somebody's terminal. */
	(void)state;
	assert_false(text_has_control(T("Ñaupari, José"), false));
	assert_true(text_has_control(T("a\nb"), false));
	assert_false(text_has_control(T("a\n\tb"), true));
	assert_true(text_has_control(T("a\rb"), true));
	assert_true(text_has_control(T("\x1b[31m"), true));
	assert_true(text_has_control(T("\x7f"), true));
	assert_true(text_has_control(T("\xc2\x9b"), true));
	assert_false(text_has_control(T("\xc2\xa0"), false));
}

static void integers_are_whole_and_in_range(void **state)
{
	/* Without it an amount with a typing slip becomes another amount. */
	static const char *const bad[] = { "", "-", "--1", "+1", "1 ", " 1",
		"1.0", "0x1", "9223372036854775808", "-9223372036854775809",
		"99999999999999999999" };
	int64_t v = 7;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(text_integer(text_of(bad[i]), &v));
	assert_int_equal(v, 7);
	assert_true(text_integer(T("9223372036854775807"), &v));
	assert_true(v == INT64_MAX);
	assert_true(text_integer(T("-9223372036854775808"), &v));
	assert_true(v == INT64_MIN);
	assert_true(text_integer(T("-012"), &v));
	assert_int_equal(v, -12);
	assert_true(text_integer(T("0"), &v));
	assert_int_equal(v, 0);
}

static void buffer_grows_to_its_maximum(void **state)
{
	/* Without it an answer grows until the machine has no memory. */
	struct buf b = buf_new(1000);

	(void)state;
	assert_text(buf_view(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_char(&b, (char)('a' + i % 26));
	assert_true(is_ok(buf_end(&b)));
	assert_int_equal(b.p[999], 'a' + 999 % 26);
	buf_add(&b, NULL, 0);
	assert_true(is_ok(buf_end(&b)));
	buf_char(&b, 'x');
	assert_int_equal(buf_end(&b).code, E_TOO_LARGE);
	buf_clear(&b);
	buf_char(&b, 'x');
	assert_int_equal(buf_end(&b).code, E_TOO_LARGE);
	buf_free(&b);
	buf_free(&b);
}

static void buffer_formats_and_encodes(void **state)
{
	/* Without it long formats are cut without a word. */
	struct buf b = buf_new(5000);

	(void)state;
	buf_text(&b, T("x="));
	buf_format(&b, "%d;", 42);
	assert_text(buf_view(&b), "x=42;");
	buf_clear(&b);
	buf_format(&b, "%0*d", 256, 1);
	buf_format(&b, "%0*d", 4000, 2);
	assert_int_equal(b.n, 4256);
	assert_int_equal(b.p[255], '1');
	assert_int_equal(b.p[4255], '2');
	assert_true(is_ok(buf_end(&b)));
	buf_format(&b, "%0*d", 4000, 2);
	assert_int_equal(buf_end(&b).code, E_TOO_LARGE);
	buf_free(&b);

	b = buf_new(14);
	buf_u16(&b, 0x0102);
	buf_u32(&b, 0x03040506);
	buf_u64(&b, UINT64_C(0x0708090a0b0c0d0e));
	assert_memory_equal(b.p, "\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e",
	    14);
	assert_true(is_ok(buf_end(&b)));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_compare_and_cut),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(controls_are_seen),
		cmocka_unit_test(integers_are_whole_and_in_range),
		cmocka_unit_test(buffer_grows_to_its_maximum),
		cmocka_unit_test(buffer_formats_and_encodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
