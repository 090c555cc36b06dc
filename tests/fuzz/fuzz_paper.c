/*
 * Any bytes as the lines of a printed sheet: what the filter would draw
 * keeps the promises of paper.h, and written again it is read the same.
 */
#include <stdlib.h>
#include <string.h>

#include "paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void same(const struct paper_line *a, const struct paper_line *b)
{
	must(a->kind == b->kind && a->cells == b->cells);
	for (size_t i = 0; i < a->cells; i++) {
		must(text_is_utf8(a->cell[i]) && a->cell[i].n <=
		    PAPER_CELL_MAX && !text_has_control(a->cell[i], false));
		must(text_same(a->cell[i], b->cell[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	CLEANUP(buf_free) struct buf again = buf_new(PAPER_BYTES_MAX);
	text sheet = { (const char *)data, n };
	struct paper_reader first;
	struct paper_reader second;
	struct paper_line one;
	struct paper_line two;
	result got;

	if (!is_ok(paper_read_begin(sheet, &first)))
		return 0;
	paper_begin(&again);
	while (is_ok(got = paper_read_next(&first, &one)))
		paper_cells(&again, one.kind, one.cell, one.cells);
	if (got.code != E_NOT_FOUND)
		return 0;
	must(is_ok(paper_end(&again)));
	must(is_ok(paper_read_begin(sheet, &first)));
	must(is_ok(paper_read_begin(buf_view(&again), &second)));
	while (is_ok(paper_read_next(&first, &one))) {
		must(is_ok(paper_read_next(&second, &two)));
		same(&one, &two);
	}
	must(paper_read_next(&second, &two).code == E_NOT_FOUND);
	return 0;
}
