#include "paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct paper_reader reader_of(text sheet)
{
	struct paper_reader r;

	assert_true(is_ok(paper_read_begin(sheet, &r)));
	return r;
}

static enum error_code first_line(const char *lines)
{
	struct buf b = buf_new(PAPER_BYTES_MAX);
	struct paper_line l;

	paper_begin(&b);
	buf_text(&b, text_of(lines));
	struct paper_reader r = reader_of(buf_view(&b));
	result got = paper_read_next(&r, &l);
	buf_free(&b);
	return (enum error_code)got.code;
}

static void what_is_written_is_read(void **state)
{
	/* Without it the office and the filter speak two formats. */
	const text row[] = { T("2026-12-03"), T(""), T("á") };
	struct buf b = buf_new(PAPER_BYTES_MAX);
	struct paper_line l;

	(void)state;
	paper_begin(&b);
	paper_line(&b, PAPER_CODE, T("K7F3-9QQ"));
	paper_two(&b, PAPER_PAIR, T("Vault"), T("x"));
	paper_cells(&b, PAPER_ROW, row, LENGTH(row));
	paper_line(&b, PAPER_GAP, T("ignored"));
	assert_true(is_ok(paper_end(&b)));

	struct paper_reader r = reader_of(buf_view(&b));
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(l.kind, PAPER_CODE);
	assert_int_equal(l.cells, 1);
	assert_true(text_same(l.cell[0], T("K7F3-9QQ")));
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(l.kind, PAPER_PAIR);
	assert_int_equal(l.cells, 2);
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(l.cells, 3);
	assert_int_equal(l.cell[1].n, 0);
	assert_true(text_same(l.cell[2], T("á")));
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(l.kind, PAPER_GAP);
	assert_int_equal(l.cells, 0);
	assert_int_equal(paper_read_next(&r, &l).code, E_NOT_FOUND);
	buf_free(&b);
}

static void a_value_cannot_add_a_line(void **state)
{
	/* Without it a name with a line break forges a line of the sheet. */
	struct buf b = buf_new(PAPER_BYTES_MAX);
	struct paper_line l;

	(void)state;
	paper_begin(&b);
	paper_line(&b, PAPER_TEXT, T("a\nsign\tx\r\x7f\xc2\x85z\xc3\xb1"));
	assert_true(is_ok(paper_end(&b)));
	struct paper_reader r = reader_of(buf_view(&b));
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_true(text_same(l.cell[0], T("a sign x   zñ")));
	assert_int_equal(paper_read_next(&r, &l).code, E_NOT_FOUND);
	buf_free(&b);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	/* Without it pango draws something else than what was stored. */
	struct buf b = buf_new(PAPER_BYTES_MAX);
	struct paper_reader r;

	(void)state;
	paper_begin(&b);
	paper_line(&b, PAPER_TEXT, T("a\xff"));
	assert_int_equal(paper_end(&b).code, E_INVALID);
	assert_int_equal(paper_read_begin(buf_view(&b), &r).code, E_INVALID);
	buf_clear(&b);
	paper_begin(&b);
	paper_line(&b, PAPER_TEXT, T("cut \xc2"));
	assert_int_equal(paper_end(&b).code, E_INVALID);
	buf_free(&b);
}

static void a_wrong_beginning_is_refused(void **state)
{
	/* Without it a later format would be read as this one. */
	struct paper_reader r;

	(void)state;
	assert_int_equal(paper_read_begin(T(""), &r).code, E_INVALID);
	assert_int_equal(paper_read_begin(T("alas-paper 2\n"), &r).code,
	    E_INVALID);
	assert_int_equal(paper_read_begin(T("alas-paper 1"), &r).code,
	    E_INVALID);
	assert_true(is_ok(paper_read_begin(T("alas-paper 1\n"), &r)));
}

static void wrong_lines_are_refused(void **state)
{
	/* Without each of them a damaged sheet is printed as if whole. */
	(void)state;
	assert_int_equal(first_line("text\tx\n"), E_OK);
	assert_int_equal(first_line("gap\n"), E_OK);
	assert_int_equal(first_line("nothing\tx\n"), E_INVALID);
	assert_int_equal(first_line("\n"), E_INVALID);
	assert_int_equal(first_line("text\n"), E_INVALID);
	assert_int_equal(first_line("gap\tx\n"), E_INVALID);
	assert_int_equal(first_line("text\ta\tb\n"), E_INVALID);
	assert_int_equal(first_line("item\ta\n"), E_INVALID);
	assert_int_equal(first_line("text\ta\rb\n"), E_INVALID);
	assert_int_equal(first_line("row\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\n"),
	    E_OK);
	assert_int_equal(
	    first_line("row\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\n"),
	    E_INVALID);
}

static void settings_come_first_and_once(void **state)
{
	/* Without it a late band is missing on the first page. */
	struct paper_line l;

	(void)state;
	struct paper_reader r =
	    reader_of(T("alas-paper 1\ntext\tx\nband\tDEMO\n"));
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(paper_read_next(&r, &l).code, E_INVALID);
	r = reader_of(T("alas-paper 1\nsize\t11\nsize\t14\n"));
	assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(paper_read_next(&r, &l).code, E_INVALID);
}

static void limits_hold(void **state)
{
	/* Without it a sheet keeps the filter busy until it is killed. */
	struct buf b = buf_new((size_t)PAPER_BYTES_MAX + 100);
	struct paper_reader r;
	struct paper_line l;
	result got = OK;

	(void)state;
	paper_begin(&b);
	for (int i = 0; i < PAPER_LINES_MAX + 1; i++)
		paper_line(&b, PAPER_GAP, T(""));
	r = reader_of(buf_view(&b));
	for (int i = 0; i < PAPER_LINES_MAX; i++)
		assert_true(is_ok(paper_read_next(&r, &l)));
	assert_int_equal(paper_read_next(&r, &l).code, E_TOO_LARGE);

	buf_clear(&b);
	paper_begin(&b);
	buf_text(&b, T("text\t"));
	for (int i = 0; i < PAPER_CELL_MAX; i++)
		buf_char(&b, 'x');
	buf_char(&b, '\n');
	r = reader_of(buf_view(&b));
	assert_true(is_ok(paper_read_next(&r, &l)));
	b.p[b.n - 1] = 'x';
	buf_char(&b, '\n');
	r = reader_of(buf_view(&b));
	assert_int_equal(paper_read_next(&r, &l).code, E_TOO_LARGE);

	while (b.n <= PAPER_BYTES_MAX)
		paper_line(&b, PAPER_TEXT, T("0123456789012345678901234567"));
	assert_int_equal(paper_read_begin(buf_view(&b), &r).code,
	    E_TOO_LARGE);
	buf_free(&b);

	b = buf_new(20);
	paper_begin(&b);
	paper_line(&b, PAPER_TEXT, T("too long"));
	got = paper_end(&b);
	assert_int_equal(got.code, E_TOO_LARGE);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_value_cannot_add_a_line),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(a_wrong_beginning_is_refused),
		cmocka_unit_test(wrong_lines_are_refused),
		cmocka_unit_test(settings_come_first_and_once),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
