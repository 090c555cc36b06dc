/* Without these a body that is not exactly a form with files would be read
 * as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "scgi.h"

static struct part *parts;
static size_t n;

static int read_as(const char *type, text body)
{
	static struct arena *a;

	arena_free(a);
	a = arena_new(64 * MIB);
	assert_non_null(a);
	return multipart_read(text_of(type), body, a, &parts, &n).code;
}

#define FORM "multipart/form-data; boundary=B"
#define PART(head, value) "--B\r\n" head "\r\n\r\n" value "\r\n"
#define NAMED "Content-Disposition: form-data; name=\"a\""
#define FILED NAMED "; filename=\"f.pdf\""
#define READS(literal, code)                                                 \
	assert_int_equal(read_as(FORM, T(literal)), code)

static void texts_and_files(void **state)
{
	(void)state;
	READS(PART(NAMED, "uno\r\ndos") PART(FILED "\r\nContent-Type: x/y",
	    "\0\1--B\r\n") PART(NAMED, "") "--B--\r\n", E_OK);
	assert_int_equal(n, 3);
	assert_true(text_same(parts[0].value, T("uno\ndos")));
	assert_true(parts[1].file);
	assert_true(text_same(parts[1].file_name, T("f.pdf")));
	assert_int_equal(parts[1].value.n, 7);
	assert_int_equal(parts[2].value.n, 0);
	READS("--B--\r\n", E_OK);
	assert_int_equal(read_as("Multipart/Form-Data; BOUNDARY=\"B\"",
	    T(PART(NAMED, "x") "--B--")), E_OK);
}

static void nothing_else(void **state)
{
	(void)state;
	READS("", E_BAD_REQUEST);
	READS(PART(NAMED, "x"), E_BAD_REQUEST);
	READS("preamble\r\n" PART(NAMED, "x") "--B--\r\n", E_BAD_REQUEST);
	READS(PART(NAMED, "x") "--B--\r\nmore", E_BAD_REQUEST);
	READS(PART("Content-Type: text/plain", "x") "--B--", E_BAD_REQUEST);
	READS(PART(NAMED "\r\n" NAMED, "x") "--B--", E_BAD_REQUEST);
	READS(PART(NAMED "\r\nContent-Type: multipart/mixed", "x") "--B--",
	    E_BAD_REQUEST);
	READS(PART(NAMED "\r\nContent-Transfer-Encoding: base64", "x")
	    "--B--", E_BAD_REQUEST);
	READS(PART(NAMED "; filename*=UTF-8''x", "x") "--B--",
	    E_BAD_REQUEST);
	READS(PART("Content-Disposition: form-data; name=\"a b\"", "x")
	    "--B--", E_BAD_REQUEST);
	READS(PART("Content-Disposition: attachment; name=\"a\"", "x")
	    "--B--", E_BAD_REQUEST);
	READS(PART(NAMED "; filename=\"a\tb\"", "x") "--B--", E_BAD_REQUEST);
	READS(PART(NAMED, "\xff") "--B--", E_BAD_REQUEST);
	READS(PART(NAMED, "a\0b") "--B--", E_BAD_REQUEST);
	READS("--B\n" NAMED "\n\nx\n--B--", E_BAD_REQUEST);
}

static void limits(void **state)
{
	struct buf b = buf_new(MIB);
	char type[160] = "multipart/form-data; boundary=";

	(void)state;
	for (int i = 0; i < BODY_PARTS_MAX; i++)
		buf_text(&b, T(PART(NAMED, "x")));
	buf_text(&b, T("--B--"));
	assert_int_equal(read_as(FORM, buf_view(&b)), E_OK);
	b.n -= 5;
	buf_text(&b, T(PART(NAMED, "x") "--B--"));
	assert_int_equal(read_as(FORM, buf_view(&b)), E_TOO_LARGE);
	/* a head of more than a kibibyte; a name of 65; a file name of 256 */
	buf_clear(&b);
	buf_text(&b, T("--B\r\n" NAMED "\r\nContent-Type: "));
	for (int i = 0; i < 1024; i++)
		buf_char(&b, 'x');
	buf_text(&b, T("\r\n\r\nx\r\n--B--"));
	assert_int_equal(read_as(FORM, buf_view(&b)), E_BAD_REQUEST);
	buf_clear(&b);
	buf_format(&b, "--B\r\n" NAMED "; filename=\"%0256d\"\r\n\r\nx\r\n"
	    "--B--", 0);
	assert_int_equal(read_as(FORM, buf_view(&b)), E_BAD_REQUEST);
	buf_clear(&b);
	buf_format(&b, "--B\r\nContent-Disposition: form-data; "
	    "name=\"%065d\"\r\n\r\nx\r\n--B--", 0);
	assert_int_equal(read_as(FORM, buf_view(&b)), E_BAD_REQUEST);
	memset(type + strlen(type), 'b', 71);
	assert_int_equal(read_as(type, T("--B--")), E_BAD_REQUEST);
	assert_int_equal(read_as("multipart/form-data", T("--B--")),
	    E_BAD_REQUEST);
	assert_int_equal(read_as("multipart/form-data; boundary=a b",
	    T("--a b--")), E_BAD_REQUEST);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_and_files),
		cmocka_unit_test(nothing_else), cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
