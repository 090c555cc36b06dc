/*
 * Job "packed": every part of a document that is a zip is unpacked once, in
 * memory and thrown away, to see that it is what its list says, and that no
 * XML in it declares entities.  Also: the words of a DOCX or ODT.
 */
#include "filter.h"

#include <string.h>
#include <zlib.h>

#include "content.h"
#include "view.h"
#include "zip.h"

enum { RAW_DEFLATE = -15, KEPT_MAX = 16 * MIB };

/* At most what the list says, and exactly that: INVALID. */
static result
unpack(const struct zip_part *p, struct buf *out)
{
	z_stream z = { 0 };
	int said;
	char *to;

	if (p->method == STORED) {
		buf_text(out, p->bytes);
		return buf_end(out);
	}
	to = buf_extend(out, (size_t)p->whole + 1);
	if (to == NULL)
		return buf_end(out);
	if (inflateInit2(&z, RAW_DEFLATE) != Z_OK)
		return fault(NO_MEMORY);
	z.next_in = (unsigned char *)(uintptr_t)p->bytes.p;
	z.avail_in = (unsigned int)p->bytes.n;
	z.next_out = (unsigned char *)to;
	z.avail_out = (unsigned int)p->whole + 1;
	said = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (said != Z_STREAM_END || z.total_out != p->whole)
		return refuse(INVALID);
	out->n--;
	return OK;
}

static bool
holds(text t, text what)
{
	return t.n >= what.n && memmem(t.p, t.n, what.p, what.n) != NULL;
}

static bool
is_xml(text name)
{
	return text_ends(name, T(".xml")) || text_ends(name, T(".rels"));
}

/* What is not UTF-8 could say it in a way that is not looked for. */
static bool
declares(text xml)
{
	return memchr(xml.p, '\0', xml.n) != NULL ||
	    holds(xml, T("<!DOCTYPE")) || holds(xml, T("<!ENTITY"));
}

static result
look_inside(const struct zip_part *p)
{
	CLEANUP(buf_free) struct buf b = buf_new(CONTENT_ZIP_BYTES_MAX + 1);
	text all;

	TRY(unpack(p, &b));
	all = buf_view(&b);
	if (crc32(0, (const unsigned char *)all.p, (unsigned int)all.n) !=
	    p->crc)
		return refuse(INVALID);
	return is_xml(p->name) && declares(all) ? refuse(INVALID) : OK;
}

result
packed_look(text file, struct buf *out)
{
	struct zip z;
	struct zip_part p;
	uint64_t bytes = 0;

	(void)out;
	if (!zip_open(file, &z))
		return refuse(INVALID);
	for (;;) {
		if (zip_next(&z, &p) != NULL)
			return refuse(INVALID);
		if (p.name.n == 0)
			return OK;
		bytes += p.whole;
		if (bytes > CONTENT_ZIP_BYTES_MAX)
			return refuse(TOO_LARGE);
		TRY(look_inside(&p));
	}
}

/* ---- words ------------------------------------------------------------ */

/* Does a paragraph, a line or a cell end with this tag? */
static bool
ends_line(text tag)
{
	static const char *const ends[] = { "/w:p", "/text:p", "/text:h",
		"/t:p", "w:br", "text:line-break" };

	tag = text_cut(&tag, ' ');
	if (tag.n > 1 && text_ends(tag, T("/")))
		tag.n--;
	for (size_t i = 0; i < LENGTH(ends); i++) {
		if (text_same(tag, text_of(ends[i])))
			return true;
	}
	return false;
}

static void
put_reference(text name, struct buf *out)
{
	static const struct { const char *name; char c; } known[] = {
		{ "amp", '&' }, { "lt", '<' }, { "gt", '>' },
		{ "quot", '"' }, { "apos", '\'' },
	};

	for (size_t i = 0; i < LENGTH(known); i++) {
		if (text_same(name, text_of(known[i].name)))
			buf_char(out, known[i].c);
	}
}

/* Tags fall away; what ends a paragraph is a line's end. */
static void
strip(text xml, struct buf *out)
{
	while (xml.n > 0 && out->n < VIEW_TEXT_MAX) {
		text words = text_cut(&xml, '<');

		while (words.n > 0) {
			text plain = text_cut(&words, '&');

			buf_text(out, plain);
			if (words.n > 0)
				put_reference(text_cut(&words, ';'), out);
		}
		if (xml.n > 0 && ends_line(text_cut(&xml, '>')))
			buf_char(out, '\n');
	}
}

result
packed_words(text file, text member, struct buf *out)
{
	CLEANUP(buf_free) struct buf b = buf_new(KEPT_MAX);
	struct zip z;
	struct zip_part p = { .whole = 0 };

	if (!zip_open(file, &z))
		return refuse(INVALID);
	do {
		if (zip_next(&z, &p) != NULL || p.name.n == 0)
			return refuse(INVALID);
	} while (!text_same(p.name, member));
	TRY(unpack(&p, &b));
	strip(buf_view(&b), out);
	return OK;
}
