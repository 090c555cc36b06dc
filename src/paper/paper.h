/*
 * paper: what is to stand on a printed sheet, as lines of text.
 *
 * Whoever wants a PDF writes these lines into a buffer and gives them to
 * the runner as a job "paper"; alas-filter reads them, lays them out and
 * answers with the PDF.  Writer and reader both stand here, so that the
 * format has one place.
 *
 * The format.  UTF-8.  The first line is "alas-paper 1".  Each further
 * line is a word, then cells, each after a TAB, then LF:
 *
 *	alas-paper 1
 *	size	11
 *	code	K7F3-9QQ
 *	pages	página {page} de {pages}
 *	title	Hoja de recuperación
 *	text	Guarde esta hoja lejos del servidor.
 *	big	KX2M 7Q4P 9ZTR
 *	columns	20	60	20r
 *	header	Fecha	Acto	Folios
 *	row	2026-12-03	Notificación	4
 *
 * Settings come before the first word of the body, each at most once.  A
 * cell holds no control character: the writer turns each into a space.
 * Equal bytes in give equal bytes out on one machine: there is no date, no
 * title and no chance in the PDF.
 *
 * Invariants.  All words that a person reads come from the caller; this
 * room and the filter know none.  The page is A4, black on white.
 */
#ifndef ALAS_PAPER_H
#define ALAS_PAPER_H

#include "base.h"

enum {
	PAPER_BYTES_MAX = 2 * MIB,
	PAPER_CELL_MAX = 16 * KIB,	/* bytes */
	PAPER_CELLS_MAX = 10,
	PAPER_LINES_MAX = 20000,
	PAPER_PAGES_MAX = 300,
	PAPER_QR_MAX = 1000		/* bytes */
};

/* LINE(kind, word, part, fewest cells, most cells) */
#define PAPER_LINES(LINE)                                                    \
	/* The letter's size in points: 11, 14 for letters, 18 large. */    \
	LINE(SIZE, "size", SETTING, 1, 1)                                    \
	LINE(LETTERHEAD, "letterhead", SETTING, 1, 1)	/* first page */     \
	LINE(BAND, "band", SETTING, 1, 1)	/* every page, framed */     \
	/* The foot of every page: left, middle, right. */                   \
	LINE(CODE, "code", SETTING, 1, 1)                                    \
	LINE(COPY, "copy", SETTING, 1, 1)                                    \
	LINE(PAGES, "pages", SETTING, 1, 1)	/* {page}, {pages} */        \
	LINE(TITLE, "title", BODY, 1, 1)                                     \
	LINE(HEADING, "heading", BODY, 1, 1)                                 \
	LINE(TEXT, "text", BODY, 1, 1)                                       \
	LINE(STRONG, "strong", BODY, 1, 1)	/* a bold paragraph */       \
	LINE(SMALL, "small", BODY, 1, 1)                                     \
	LINE(RIGHT, "right", BODY, 1, 1)	/* place and date */         \
	LINE(ITEM, "item", BODY, 2, 2)		/* mark, paragraph */        \
	LINE(PAIR, "pair", BODY, 2, 2)		/* label, value */           \
	LINE(BIG, "big", BODY, 1, 1)		/* to copy by hand, mono */  \
	LINE(QR, "qr", BODY, 1, 1)                                           \
	/* Hundredths of the width, "20", or "20r" to set to the right; */  \
	/* they hold until the next `columns`, which also ends a header. */  \
	LINE(COLUMNS, "columns", BODY, 1, PAPER_CELLS_MAX)                   \
	LINE(HEADER, "header", BODY, 1, PAPER_CELLS_MAX) /* comes again */   \
	LINE(ROW, "row", BODY, 1, PAPER_CELLS_MAX)                           \
	LINE(SIGN, "sign", BODY, 1, 1)		/* a line to sign on */      \
	LINE(GAP, "gap", BODY, 0, 0)                                         \
	LINE(BREAK, "break", BODY, 0, 0)	/* a new page */

enum paper_kind {
#define LINE(kind, word, part, fewest, most) PAPER_##kind,
	PAPER_LINES(LINE)
#undef LINE
	PAPER_KINDS
};

/* ---- writing ---------------------------------------------------------- */

/* Start in an empty buffer, born with PAPER_BYTES_MAX. */
void paper_begin(struct buf *out);
/* A line of one cell, or of none (GAP, BREAK: cell is ignored). */
void paper_line(struct buf *out, enum paper_kind kind, text cell);
void paper_two(struct buf *out, enum paper_kind kind, text a, text b);
/* As many cells as the kind takes: our mistake if not. */
void paper_cells(struct buf *out, enum paper_kind kind, const text *cells,
    size_t n);
/* TOO_LARGE if it did not fit; INVALID if a cell was not UTF-8. */
MUST_USE result paper_end(const struct buf *out);

/* ---- reading ---------------------------------------------------------- */

struct paper_line {
	enum paper_kind kind;
	size_t cells;
	text cell[PAPER_CELLS_MAX];	/* views of the sheet */
};
struct paper_reader { text rest; size_t lines; bool body; uint32_t seen; };

/*
 * INVALID unless the sheet begins well and is UTF-8 throughout; TOO_LARGE
 * past PAPER_BYTES_MAX.
 */
MUST_USE result paper_read_begin(text sheet, struct paper_reader *ret);
/*
 * The next line; NOT_FOUND at the end.  INVALID: unknown word, wrong number
 * of cells, a control character, a setting late or twice.  TOO_LARGE: more
 * lines, or a longer cell, than the limits.
 */
MUST_USE result paper_read_next(struct paper_reader *r,
    struct paper_line *ret);

#endif
