#include "paper.h"

#include <assert.h>

enum part { SETTING, BODY };

struct shape { const char *word; enum part part; size_t fewest, most; };

static const struct shape shapes[PAPER_KINDS] = {
#define LINE(kind, word, part, fewest, most)                                 \
	[PAPER_##kind] = { word, part, fewest, most },
	PAPER_LINES(LINE)
#undef LINE
};
_Static_assert(PAPER_KINDS <= 32, "the settings seen are one word of bits");

#define FIRST_LINE T("alas-paper 1")

static void add_cell(struct buf *out, text cell)
{
	buf_char(out, '\t');
	for (size_t i = 0; i < cell.n; i++) {
		size_t width = (uint8_t)cell.p[i] == 0xc2 ? 2 : 1;
		text c = { cell.p + i, width };

		if (i + width > cell.n || !text_has_control(c, false)) {
			buf_char(out, cell.p[i]);
			continue;
		}
		buf_char(out, ' ');
		i += width - 1;
	}
}

void paper_begin(struct buf *out)
{
	buf_text(out, FIRST_LINE);
	buf_char(out, '\n');
}

void paper_cells(struct buf *out, enum paper_kind kind, const text *cells,
    size_t n)
{
	assert(kind < PAPER_KINDS);
	assert(n >= shapes[kind].fewest);
	assert(n <= shapes[kind].most);

	buf_text(out, text_of(shapes[kind].word));
	for (size_t i = 0; i < n; i++)
		add_cell(out, cells[i]);
	buf_char(out, '\n');
}

void paper_line(struct buf *out, enum paper_kind kind, text cell)
{
	paper_cells(out, kind, &cell, shapes[kind].most == 0 ? 0 : 1);
}

void paper_two(struct buf *out, enum paper_kind kind, text a, text b)
{
	const text cells[] = { a, b };

	paper_cells(out, kind, cells, LENGTH(cells));
}

result paper_end(const struct buf *out)
{
	TRY(buf_end(out));
	return text_is_utf8(buf_view(out)) ? OK : refuse(INVALID);
}

static bool kind_of(text word, enum paper_kind *ret)
{
	for (int i = 0; i < PAPER_KINDS; i++) {
		if (text_same(word, text_of(shapes[i].word))) {
			*ret = (enum paper_kind)i;
			return true;
		}
	}
	return false;
}

/* Settings first and once: a late one would not reach the first page. */
static bool in_order(struct paper_reader *r, enum paper_kind kind)
{
	uint32_t bit = UINT32_C(1) << kind;

	if (shapes[kind].part == BODY) {
		r->body = true;
		return true;
	}
	if (r->body || (r->seen & bit) != 0)
		return false;
	r->seen |= bit;
	return true;
}

static result cells_of(text rest, struct paper_line *ret)
{
	while (rest.p != NULL) {
		size_t before = rest.n;
		text cell = text_cut(&rest, '\t');

		if (ret->cells == shapes[ret->kind].most)
			return refuse(INVALID);
		if (cell.n > PAPER_CELL_MAX)
			return refuse(TOO_LARGE);
		if (text_has_control(cell, false))
			return refuse(INVALID);
		ret->cell[ret->cells++] = cell;
		if (cell.n == before)
			break;
	}
	return ret->cells >= shapes[ret->kind].fewest ? OK : refuse(INVALID);
}

result paper_read_begin(text sheet, struct paper_reader *ret)
{
	struct paper_reader r = { .rest = sheet };

	if (sheet.n > PAPER_BYTES_MAX)
		return refuse(TOO_LARGE);
	if (!text_is_utf8(sheet) || !text_ends(sheet, T("\n")))
		return refuse(INVALID);
	if (!text_same(text_cut(&r.rest, '\n'), FIRST_LINE))
		return refuse(INVALID);
	*ret = r;
	return OK;
}

result paper_read_next(struct paper_reader *r, struct paper_line *ret)
{
	struct paper_line line = { 0 };

	if (r->rest.n == 0)
		return refuse(NOT_FOUND);
	if (++r->lines > PAPER_LINES_MAX)
		return refuse(TOO_LARGE);

	text cells = text_cut(&r->rest, '\n');
	bool bare = !text_has(cells, '\t');
	text word = text_cut(&cells, '\t');
	if (!kind_of(word, &line.kind) || !in_order(r, line.kind))
		return refuse(INVALID);
	TRY(cells_of(bare ? (text){ 0 } : cells, &line));
	*ret = line;
	return OK;
}
