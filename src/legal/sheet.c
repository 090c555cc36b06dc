/* A sheet as a text that is kept, and read again in any language. */
#include "legal_inside.h"

#include <string.h>

enum { SHEET_BYTES = 16000, SHEET_CELLS = 7 };

/* "counted" of "law.sheet.counted": the file's word for a line's kind. */
static text
kind_name(enum sheet_line_kind kind)
{
	return text_of(sheet_line_key(kind) + strlen("law.sheet."));
}

static bool
kind_read(text name, enum sheet_line_kind *ret)
{
	for (int k = 0; k < SHEET_LINE_KINDS; k++) {
		if (text_same(name, kind_name((enum sheet_line_kind)k))) {
			*ret = (enum sheet_line_kind)k;
			return true;
		}
	}
	return false;
}

static void
cell(struct buf *b, text t, char end)
{
	for (size_t i = 0; i < t.n; i++)
		buf_char(b, (unsigned char)t.p[i] < 0x20 ? ' ' : t.p[i]);
	buf_char(b, end);
}

static void
line_write(struct buf *b, struct arena *a, const struct sheet_line *l)
{
	cell(b, kind_name(l->kind), '\t');
	cell(b, l->day.known ? day_iso(a, l->day) : T(""), '\t');
	cell(b, l->at.known ? instant_rfc3339(a, l->at) : T(""), '\t');
	if (l->number != 0)
		buf_format(b, "%lld", (long long)l->number);
	buf_char(b, '\t');
	cell(b, l->code, '\t');
	cell(b, l->es, '\t');
	cell(b, l->en, '\n');
}

result
deadline_sheet_write(struct arena *a, const struct sheet *sheet, text *ret)
{
	CLEANUP(buf_free) struct buf b = buf_new(SHEET_BYTES);
	text written;

	for (size_t i = 0; i < sheet->n; i++)
		line_write(&b, a, &sheet->p[i]);
	TRY(buf_end(&b));
	written = arena_text(a, buf_view(&b));
	NEED(written.p);
	*ret = written;
	return OK;
}

static bool
line_read(text line, struct sheet_line *ret)
{
	text c[SHEET_CELLS];
	struct sheet_line l = { 0 };

	for (size_t i = 0; i < SHEET_CELLS; i++) {
		if (i + 1 < SHEET_CELLS && !text_has(line, '\t'))
			return false;
		c[i] = text_cut(&line, '\t');
	}
	if (line.n > 0 || !kind_read(c[0], &l.kind) ||
	    (c[1].n > 0 && !day_read(c[1], &l.day)) ||
	    (c[2].n > 0 && !instant_read(c[2], &l.at)) ||
	    (c[3].n > 0 && !text_integer(c[3], &l.number)))
		return false;
	l.code = c[4];
	l.es = c[5];
	l.en = c[6];
	*ret = l;
	return true;
}

result
deadline_sheet_read(struct arena *a, text written, struct sheet *ret)
{
	struct sheet_line *lines;
	size_t room = 0;
	size_t n = 0;

	for (size_t i = 0; i < written.n; i++)
		room += written.p[i] == '\n';
	lines = arena_array(a, room, sizeof(*lines));
	NEED(lines);
	while (written.n > 0) {
		if (n == room || !line_read(text_cut(&written, '\n'),
		    &lines[n]))
			return fault(CORRUPT);
		n++;
	}
	*ret = (struct sheet){ lines, n };
	return OK;
}
