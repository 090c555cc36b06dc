/* The lines of a sheet as text for a terminal or a mail. */
#include "calc.h"

#include "paper.h"

enum { LINE_WIDTH = 80, LABEL_WIDTH = 28, PERCENT = 100 };

struct plain {
	struct buf *out;
	size_t width[PAPER_CELLS_MAX];
	bool right[PAPER_CELLS_MAX];
	size_t columns;
};

static void
repeat(struct buf *out, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_char(out, c);
}

static void
put_under(struct plain *p, text t, char line)
{
	buf_char(p->out, '\n');
	buf_text(p->out, t);
	buf_char(p->out, '\n');
	repeat(p->out, line, text_characters(t));
	buf_char(p->out, '\n');
}

static void
put_pair(struct plain *p, text a, text b)
{
	size_t n = text_characters(a);

	buf_text(p->out, a);
	buf_text(p->out, T(": "));
	repeat(p->out, ' ', n + 2 < LABEL_WIDTH ? LABEL_WIDTH - n - 2 : 0);
	buf_text(p->out, b);
	buf_char(p->out, '\n');
}

static void
take_columns(struct plain *p, const struct paper_line *l)
{
	p->columns = l->cells;
	for (size_t i = 0; i < l->cells; i++) {
		text t = l->cell[i];
		int64_t percent = 0;

		p->right[i] = text_ends(t, T("r"));
		if (p->right[i])
			t.n--;
		if (!text_integer(t, &percent) || percent < 0)
			percent = 0;
		p->width[i] = (size_t)percent * LINE_WIDTH / PERCENT;
	}
}

static void
put_row(struct plain *p, const struct paper_line *l)
{
	for (size_t i = 0; i < l->cells; i++) {
		size_t n = text_characters(l->cell[i]);
		size_t wide = i < p->columns ? p->width[i] : 0;
		size_t room = n + 2 < wide ? wide - n - 2 : 0;
		bool right = i < p->columns && p->right[i];

		if (right)
			repeat(p->out, ' ', room);
		buf_text(p->out, l->cell[i]);
		if (i + 1 == l->cells)
			break;
		if (!right)
			repeat(p->out, ' ', room);
		buf_text(p->out, T("  "));
	}
	buf_char(p->out, '\n');
}

static void
put_text(struct plain *p, const struct paper_line *l)
{
	for (size_t i = 0; i < l->cells; i++) {
		if (i > 0)
			buf_char(p->out, ' ');
		buf_text(p->out, l->cell[i]);
	}
	buf_char(p->out, '\n');
}

static void
put_line(struct plain *p, const struct paper_line *l)
{
	switch (l->kind) {
	case PAPER_SIZE:
	case PAPER_PAGES:
	case PAPER_BREAK:
		return;
	case PAPER_TITLE:
		put_under(p, l->cell[0], '=');
		return;
	case PAPER_HEADING:
		put_under(p, l->cell[0], '-');
		return;
	case PAPER_PAIR:
		put_pair(p, l->cell[0], l->cell[1]);
		return;
	case PAPER_COLUMNS:
		take_columns(p, l);
		return;
	case PAPER_HEADER:
	case PAPER_ROW:
		put_row(p, l);
		return;
	case PAPER_LETTERHEAD:
	case PAPER_BAND:
	case PAPER_CODE:
	case PAPER_COPY:
	case PAPER_TEXT:
	case PAPER_STRONG:
	case PAPER_SMALL:
	case PAPER_RIGHT:
	case PAPER_ITEM:
	case PAPER_BIG:
	case PAPER_QR:
	case PAPER_SIGN:
	case PAPER_GAP:
	case PAPER_KINDS:
		put_text(p, l);
		return;
	}
}

result
calc_plain(text sheet, struct buf *out)
{
	struct plain p = { .out = out };
	struct paper_reader reader;
	struct paper_line line;
	result r;

	TRY(paper_read_begin(sheet, &reader));
	while (is_ok(r = paper_read_next(&reader, &line)))
		put_line(&p, &line);
	if (r.code != E_NOT_FOUND)
		return r;
	return buf_end(out);
}
