#include "qr.h"

#include <errno.h>
#include <qrencode.h>

enum { QUIET = 4, PATH_BYTES_MAX = 256 * KIB };

static bool
dark(const QRcode *code, int row, int column)
{
	return column < code->width &&
	    (code->data[row * code->width + column] & 1) != 0;
}

static void
write_path(const QRcode *code, struct buf *out)
{
	for (int row = 0; row < code->width; row++) {
		for (int column = 0; column < code->width; column++) {
			int run = 0;

			while (dark(code, row, column + run))
				run++;
			if (run == 0)
				continue;
			buf_format(out, "M%d %dh%dv1h-%dz", column + QUIET,
			    row + QUIET, run, run);
			column += run;
		}
	}
}

result
qr_path(struct arena *a, text payload, text *ret_path, int *ret_size)
{
	CLEANUP(buf_free) struct buf path = buf_new(PATH_BYTES_MAX);
	QRcode *code;
	text made;
	int size;

	if (payload.n == 0 || payload.n > QR_PAYLOAD_MAX)
		return refuse(INVALID);
	code = QRcode_encodeData((int)payload.n,
	    (const unsigned char *)payload.p, 0, QR_ECLEVEL_M);
	if (code == NULL)
		return errno == ENOMEM ? fault(NO_MEMORY) : refuse(INVALID);
	write_path(code, &path);
	size = code->width + 2 * QUIET;
	QRcode_free(code);
	TRY(buf_end(&path));
	made = arena_text(a, buf_view(&path));
	NEED(made.p);
	*ret_path = made;
	*ret_size = size;
	return OK;
}
