#include "paper.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cell.h"

#include <cmocka.h>

static const char *filter;

enum { OUT_MAX = 64 * MIB };

/* A kernel without Landlock: its calls are unknown to every later exec. */
static void hide_landlock(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ALLOW);

	if (c == NULL || seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS),
	    SCMP_SYS(landlock_create_ruleset), 0) != 0 ||
	    seccomp_load(c) != 0)
		_exit(99);
}

static int file_of(text t)
{
	int fd = memfd_create("sheet", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, t.p, t.n), t.n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The exit status, or -signal; what came out is in `out`. */
static int run(const char *const argv[], text in, bool landlock,
    struct buf *out)
{
	int from[2], in_fd = file_of(in), status;
	char part[4096];
	ssize_t n;

	assert_int_equal(pipe(from), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(in_fd, 0);
		dup2(from[1], 1);
		close(from[0]);
		if (!landlock)
			hide_landlock();
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(98);
	}
	close(from[1]);
	close(in_fd);
	while ((n = read(from[0], part, sizeof(part))) > 0)
		buf_add(out, part, (size_t)n);
	close(from[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int paper(text sheet, struct buf *out)
{
	const char *const argv[] = { filter, "paper", NULL };

	return run(argv, sheet, true, out);
}

static int paper_lines(const char *lines)
{
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct buf out = buf_new(OUT_MAX);

	paper_begin(&sheet);
	buf_text(&sheet, text_of(lines));
	int status = paper(buf_view(&sheet), &out);
	if (status != CELL_EXIT_DONE)
		assert_int_equal(out.n, 0);
	buf_free(&sheet);
	buf_free(&out);
	return status;
}

static bool has(const struct buf *b, const char *words)
{
	return memmem(b->p, b->n, words, strlen(words)) != NULL;
}

static struct buf words_of(const struct buf *pdf)
{
	static const char *const argv[] = { "pdftotext", "-layout", "-", "-",
		NULL };
	struct buf words = buf_new(OUT_MAX);

	assert_int_equal(run(argv, buf_view(pdf), true, &words), 0);
	return words;
}

static void recovery_sheet(struct buf *out)
{
	const text head[] = { T("Fecha"), T("Acto"), T("Folios") };
	const text row[] = { T("2026-12-03"), T("Notificación"), T("4") };
	const text columns[] = { T("20"), T("60"), T("20r") };

	paper_begin(out);
	paper_line(out, PAPER_LETTERHEAD, T("Asociación"));
	paper_line(out, PAPER_BAND, T("DEMOSTRACIÓN: datos inventados"));
	paper_line(out, PAPER_CODE, T("K7F3-9QQ"));
	paper_line(out, PAPER_COPY, T("copia n.º 3"));
	paper_line(out, PAPER_PAGES, T("página {page} de {pages}"));
	paper_line(out, PAPER_TITLE, T("Hoja de recuperación"));
	paper_line(out, PAPER_TEXT, T("Guarde esta hoja en un sobre."));
	paper_line(out, PAPER_BIG, T("KX2M 7Q4P 9ZTR 0A1B 2C3D"));
	paper_line(out, PAPER_QR, T("AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQ"));
	paper_two(out, PAPER_PAIR, T("Bóveda"), T("7f3a 99c1"));
	paper_line(out, PAPER_HEADING, T("Qué hacer"));
	paper_two(out, PAPER_ITEM, T("1."), T("Instale alas."));
	paper_cells(out, PAPER_COLUMNS, columns, LENGTH(columns));
	paper_cells(out, PAPER_HEADER, head, LENGTH(head));
	for (int i = 0; i < 30; i++)
		paper_cells(out, PAPER_ROW, row, LENGTH(row));
	paper_line(out, PAPER_STRONG, T("Importante"));
	paper_line(out, PAPER_SMALL, T("Letra menuda"));
	paper_line(out, PAPER_RIGHT, T("Lima, 3 de diciembre"));
	paper_line(out, PAPER_SIGN, T("Dirección"));
	assert_true(is_ok(paper_end(out)));
}

static size_t count(const struct buf *b, const char *words)
{
	size_t n = 0;
	const char *p = b->p, *end = b->p + b->n;

	while ((p = memmem(p, (size_t)(end - p), words, strlen(words)))) {
		n++;
		p++;
	}
	return n;
}

static void a_sheet_says_what_it_was_given(void **state)
{
	/* Without it somebody prints a sheet that lacks the phrase. */
	static const char *const expected[] = { "Asociación",
		"Hoja de recuperación", "Guarde esta hoja en un sobre.",
		"KX2M 7Q4P 9ZTR 0A1B 2C3D", "Bóveda", "7f3a 99c1",
		"Qué hacer", "Instale alas.", "Notificación", "Importante",
		"Letra menuda", "Lima, 3 de diciembre", "Dirección",
		"página 1 de 2", "página 2 de 2" };
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct buf pdf = buf_new(OUT_MAX);

	(void)state;
	recovery_sheet(&sheet);
	assert_int_equal(paper(buf_view(&sheet), &pdf), CELL_EXIT_DONE);
	struct buf words = words_of(&pdf);
	for (size_t i = 0; i < LENGTH(expected); i++)
		assert_true(has(&words, expected[i]));
	/* On each page: band, code, copy, and the table's header again. */
	assert_int_equal(count(&words, "DEMOSTRACIÓN: datos inventados"), 2);
	assert_int_equal(count(&words, "K7F3-9QQ"), 2);
	assert_int_equal(count(&words, "copia n.º 3"), 2);
	assert_int_equal(count(&words, "Folios"), 2);
	assert_int_equal(count(&words, "2026-12-03"), 30);
	buf_free(&words);
	buf_free(&pdf);
	buf_free(&sheet);
}

static void equal_sheets_are_equal_bytes(void **state)
{
	/* Without it a paper's digest proves nothing, and tells the hour. */
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct buf one = buf_new(OUT_MAX), two = buf_new(OUT_MAX);

	(void)state;
	recovery_sheet(&sheet);
	assert_int_equal(paper(buf_view(&sheet), &one), CELL_EXIT_DONE);
	assert_int_equal(paper(buf_view(&sheet), &two), CELL_EXIT_DONE);
	assert_true(text_same(buf_view(&one), buf_view(&two)));
	assert_true(text_starts(buf_view(&one), T("%PDF-1.5")));
	assert_true(has(&one, "/CreationDate (20000101000000Z)") ||
	    has(&one, "/CreationDate (D:20000101000000Z)"));
	assert_false(has(&one, "/Title"));
	assert_false(has(&one, "/Author"));
	assert_false(has(&one, "/ModDate"));
	buf_free(&one);
	buf_free(&two);
	buf_free(&sheet);
}

static void every_size_works(void **state)
{
	/* Without it a letter in large print fails on the day it is due. */
	(void)state;
	assert_int_equal(paper_lines("size\t11\ntext\tx\n"), CELL_EXIT_DONE);
	assert_int_equal(paper_lines("size\t14\ntext\tx\n"), CELL_EXIT_DONE);
	assert_int_equal(
	    paper_lines("size\t18\ntitle\tx\nheading\ty\nbig\tz\nsmall\tx\n"),
	    CELL_EXIT_DONE);
	assert_int_equal(paper_lines(""), CELL_EXIT_DONE);
	assert_int_equal(paper_lines("break\nbreak\ngap\n"), CELL_EXIT_DONE);
}

static void every_script_works(void **state)
{
	/* Without it a foreign name makes pango ask for a thread and die. */
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct buf pdf = buf_new(OUT_MAX);

	(void)state;
	paper_begin(&sheet);
	for (int i = 0; i < 4; i++) {
		static const enum paper_kind kinds[] = { PAPER_TEXT,
			PAPER_STRONG, PAPER_BIG, PAPER_ROW };

		paper_line(&sheet, kinds[i], T("Ελλάς Київ 漢字 हिन्दी "
		    "العربية עברית ᠮᠣᠩ ไทย ქართ 😀🇵🇪 "
		    "\xf0\x93\x80\x80 e\xcc\x81 \xe2\x80\xae"));
	}
	assert_int_equal(paper(buf_view(&sheet), &pdf), CELL_EXIT_DONE);
	struct buf words = words_of(&pdf);
	assert_true(has(&words, "Ελλάς"));
	buf_free(&words);
	buf_free(&pdf);
	buf_free(&sheet);
}

static void bad_sheets_are_refused(void **state)
{
	/* Without it a broken sheet is printed with a hole in it. */
	char qr[PAPER_QR_MAX + 8] = "qr\t";

	(void)state;
	assert_int_equal(paper_lines("size\t12\n"), CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("size\tx\n"), CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("text\tx\nband\ty\n"),
	    CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("nothing\tx\n"), CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("columns\t50\t60\n"), CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("columns\t0\t60\n"), CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("columns\t50\t50\nrow\ta\n"),
	    CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("row\ta\tb\nheader\ta\n"),
	    CELL_EXIT_INVALID);
	assert_int_equal(paper_lines("qr\t\n"), CELL_EXIT_INVALID);
	memset(qr + 3, 'x', PAPER_QR_MAX + 1);
	qr[3 + PAPER_QR_MAX + 1] = '\n';
	assert_int_equal(paper_lines(qr), CELL_EXIT_INVALID);
	qr[3 + PAPER_QR_MAX] = '\n';
	qr[3 + PAPER_QR_MAX + 1] = '\0';
	assert_int_equal(paper_lines(qr), CELL_EXIT_DONE);
}

static void endless_sheets_are_refused_in_time(void **state)
{
	/* Without it one sheet keeps a filter for its thirty seconds. */
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct timespec begin, end;

	(void)state;
	for (int i = 0; i < 16000; i++)
		buf_text(&sheet, T("break\n"));
	clock_gettime(CLOCK_MONOTONIC, &begin);
	buf_char(&sheet, '\0');
	assert_int_equal(paper_lines(sheet.p), CELL_EXIT_TOO_LARGE);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true(end.tv_sec - begin.tv_sec < 5);
	buf_free(&sheet);
}

static void long_cells_go_on_over_pages(void **state)
{
	/* Without it a long note in a table runs off the page, unread. */
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct buf pdf = buf_new(OUT_MAX);

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		static const char *const starts[] = { "row\tx\t", "text\t",
			"pair\tx\t" };

		buf_clear(&sheet);
		buf_clear(&pdf);
		paper_begin(&sheet);
		buf_text(&sheet, text_of(starts[kind]));
		for (int i = 0; i < 2000; i++)
			buf_text(&sheet, T("palabra "));
		buf_text(&sheet, T("última\n"));
		assert_int_equal(paper(buf_view(&sheet), &pdf),
		    CELL_EXIT_DONE);
		struct buf words = words_of(&pdf);
		assert_int_equal(count(&words, "palabra"), 2000);
		assert_true(has(&words, "última"));
		buf_free(&words);
	}
	buf_free(&pdf);
	buf_free(&sheet);
}

static void other_inputs_end_in_words_of_their_own(void **state)
{
	/* Without it the runner cannot tell a bad document from a crash. */
	struct buf out = buf_new(OUT_MAX), big = buf_new(4 * MIB);
	const char *const none[] = { filter, NULL };
	const char *const wrong[] = { filter, "nothing", NULL };

	(void)state;
	assert_int_equal(paper(T(""), &out), CELL_EXIT_INVALID);
	assert_int_equal(paper(T("%PDF-1.4\n"), &out), CELL_EXIT_INVALID);
	for (int i = 0; i < 3 * MIB; i++)
		buf_char(&big, 'x');
	assert_int_equal(paper(buf_view(&big), &out), CELL_EXIT_TOO_LARGE);
	assert_int_equal(run(none, T(""), true, &out), CELL_EXIT_FAILED);
	assert_int_equal(run(wrong, T(""), true, &out), CELL_EXIT_FAILED);
	assert_int_equal(out.n, 0);
	buf_free(&big);
	buf_free(&out);
}

static void an_old_kernel_prints_too(void **state)
{
	/* Without it no sheet can be printed where Landlock is missing. */
	const char *const argv[] = { filter, "paper", NULL };
	struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct buf pdf = buf_new(OUT_MAX);

	(void)state;
	recovery_sheet(&sheet);
	assert_int_equal(run(argv, buf_view(&sheet), false, &pdf),
	    CELL_EXIT_DONE);
	struct buf words = words_of(&pdf);
	assert_true(has(&words, "KX2M 7Q4P 9ZTR 0A1B 2C3D"));
	buf_free(&words);
	buf_free(&pdf);
	buf_free(&sheet);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sheet_says_what_it_was_given),
		cmocka_unit_test(equal_sheets_are_equal_bytes),
		cmocka_unit_test(every_size_works),
		cmocka_unit_test(every_script_works),
		cmocka_unit_test(bad_sheets_are_refused),
		cmocka_unit_test(endless_sheets_are_refused_in_time),
		cmocka_unit_test(long_cells_go_on_over_pages),
		cmocka_unit_test(other_inputs_end_in_words_of_their_own),
		cmocka_unit_test(an_old_kernel_prints_too),
	};

	if (argc != 2)
		return 2;
	filter = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
