#include "layout.h"

#include <errno.h>
#include <qrencode.h>

#define QUIET 4			/* modules of white around, by the standard */
#define MODULE 3.0		/* points: 1 mm, for a tired camera */
#define SIDE_MAX 200.0

static bool dark(const QRcode *code, int row, int column)
{
	return column < code->width &&
	    (code->data[row * code->width + column] & 1) != 0;
}

/* A run of dark modules is one rectangle, so that no seam shows in it. */
static void modules(struct sheet *s, const QRcode *code, double module)
{
	double left = MARGIN_SIDE + QUIET * module;
	double top = s->y + QUIET * module;

	for (int row = 0; row < code->width; row++) {
		for (int column = 0; column < code->width; column++) {
			int run = 0;

			while (dark(code, row, column + run))
				run++;
			if (run == 0)
				continue;
			cairo_rectangle(s->cr, left + column * module,
			    top + row * module, run * module, module);
			column += run;
		}
	}
	cairo_fill(s->cr);
}

result sheet_qr(struct sheet *s, text payload)
{
	if (payload.n == 0 || payload.n > PAPER_QR_MAX)
		return refuse(INVALID);

	QRcode *code = QRcode_encodeData((int)payload.n,
	    (const unsigned char *)payload.p, 0, QR_ECLEVEL_M);
	if (code == NULL)
		return errno == ENOMEM ? fault(NO_MEMORY) : refuse(INVALID);

	double module = MODULE;
	int across = code->width + 2 * QUIET;
	if (across * module > SIDE_MAX)
		module = SIDE_MAX / across;
	sheet_need(s, across * module);
	if (s->pages > 0)
		modules(s, code, module);
	s->y += across * module;
	s->fresh = false;
	QRcode_free(code);
	return OK;
}
