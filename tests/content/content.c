/* Without these a program, a bomb or half a picture would be kept as a paper,
 * or a good one refused.  Whole files of each kind: tests/documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "content.h"
#include "view.h"

static const char *why_not(const char *name, text bytes)
{
	enum content kind = CONTENTS;
	const char *why = "";

	return is_ok(content_look(text_of(name), bytes, &kind, &why)) ?
	    NULL : why;
}

#define WHY(name, literal, key)                                              \
	assert_string_equal(why_not(name, T(literal)), key)

static void extension_and_first_bytes_agree(void **state)
{
	(void)state;
	WHY("a.png", "%PDF-1.4\nstartxref\n9\n%%EOF\n", "content.other_inside");
	WHY("a", "%PDF-1.4\nstartxref\n9\n%%EOF\n", "content.unknown");
	WHY("a.PDF.exe", "x", "content.program");
	assert_null(why_not("A.PDF", T("%PDF-1.4\nstartxref\n9\n%%EOF\n")));
}

static void an_address_is_no_program(void **state)
{
	char head[80] = "MZ";

	(void)state;
	assert_null(why_not("a.txt", T("MZ C LOTE 4, Villa El Salvador\n"
	    "entre la avenida Central y la avenida Micaela Bastidas\n")));
	assert_string_equal(why_not("a.txt", (text){ head, sizeof(head) }),
	    "content.program");
	WHY("a.txt", "\x7f" "ELF", "content.program");
}

static void text_is_text(void **state)
{
	(void)state;
	assert_null(why_not("a.csv", T("\xef\xbb\xbf" "d\xc3\xad" "a;1\r\n")));
	WHY("a.txt", "a\0b", "content.no_text");
	WHY("a.txt", "\xf1", "content.no_utf8");
	WHY("a.txt", " \n<!DocType html>", "content.web");
	WHY("a.txt", "", "content.empty");
}

/* IHDR of that size; not a whole picture. */
static const char *png_of(uint32_t width, uint32_t height)
{
	char b[57] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

	put_u32(b + 16, width);
	put_u32(b + 20, height);
	memcpy(b + 37, "IEND", 4);
	return why_not("a.png", (text){ b, 45 });
}

static void pictures_have_a_size(void **state)
{
	(void)state;
	assert_null(png_of(8000, 5000));
	assert_string_equal(png_of(8000, 5001), "content.pixels");
	assert_string_equal(png_of(0, 5), "content.broken");
	assert_string_equal(png_of(UINT32_MAX, UINT32_MAX),
	    "content.pixels");
}

static void too_large_is_said_first(void **state)
{
	static char bytes[CONTENT_BYTES_MAX + 1];

	(void)state;
	assert_string_equal(why_not("a.exe", (text){ bytes,
	    sizeof(bytes) }), "content.too_large");
}

static void names_are_cleaned(void **state)
{
	struct arena *a = arena_new(MIB);
	text name;

	(void)state;
	assert_non_null(a);
	assert_true(is_ok(content_name(a, T("../../etc/passwd"), &name)));
	assert_true(text_same(name, T("passwd")));
	assert_true(is_ok(content_name(a, T("...a\x01\"b.pdf"), &name)));
	assert_true(text_same(name, T("ab.pdf")));
	assert_int_equal(content_name(a, T("\xff"), &name).code, E_INVALID);
	assert_int_equal(content_name(a, T("a/"), &name).code, E_INVALID);
	assert_int_equal(content_name(a, T("\xe2\x80\xae"), &name).code,
	    E_INVALID);
	arena_free(a);
}

static void types_are_read_back(void **state)
{
	(void)state;
	for (int i = 0; i < CONTENTS; i++) {
		enum content c;

		assert_true(content_of_type(text_of(content_type(
		    (enum content)i)), &c));
		assert_int_equal(c, i);
	}
	assert_int_equal(view_kind(CONTENT_OGG), VIEW_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extension_and_first_bytes_agree),
		cmocka_unit_test(an_address_is_no_program),
		cmocka_unit_test(text_is_text),
		cmocka_unit_test(pictures_have_a_size),
		cmocka_unit_test(too_large_is_said_first),
		cmocka_unit_test(names_are_cleaned),
		cmocka_unit_test(types_are_read_back),
	};

	return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
