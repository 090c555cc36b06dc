/*
 * Documents that are zip files: the list of their parts is read, no part
 * is unpacked.  What the list says of sizes is held against a bomb again by
 * whoever unpacks (alas-filter).
 */
#include "inside.h"

#include "zip.h"

enum {
	END_BYTES = 22, PART_BYTES = 46, LOCAL_BYTES = 30,
	FLAG_LOCKED = 1,
	MADE_BY_UNIX = 3, MODE_SHIFT = 16, MODE_KIND = 0170000,
	MODE_FILE = 0100000, MODE_FOLDER = 0040000
};

/* Without a comment: what is there stands where the list says. */
bool
zip_open(text bytes, struct zip *ret)
{
	struct zip z = { .bytes = bytes };
	const char *end;

	if (bytes.n < END_BYTES)
		return false;
	end = bytes.p + bytes.n - END_BYTES;
	if (!bytes_at(bytes, bytes.n - END_BYTES, T("PK\5\6")) ||
	    low_u16(end + 4) != 0 || low_u16(end + 6) != 0 ||
	    low_u16(end + 8) != low_u16(end + 10) || low_u16(end + 20) != 0)
		return false;
	z.n = low_u16(end + 10);
	z.list_n = low_u32(end + 12);
	z.list = z.at = low_u32(end + 16);
	if (z.list > bytes.n - END_BYTES ||
	    z.list_n != bytes.n - END_BYTES - z.list)
		return false;
	*ret = z;
	return true;
}

static const char *
name_wrong(text name)
{
	text rest = name;

	if (name.n == 0 || name.p[0] == '/' || text_has(name, '\\') ||
	    text_has(name, ':') || text_has_control(name, false))
		return "content.zip_path";
	while (rest.n > 0) {
		if (text_same(text_cut(&rest, '/'), T("..")))
			return "content.zip_path";
	}
	if (text_ends(name, T("vbaProject.bin")))
		return "content.macros";
	return NULL;
}

/* Links and devices have a mode of their own where UNIX packed it. */
static bool
plain_mode(const char *p)
{
	uint32_t mode = low_u32(p + 38) >> MODE_SHIFT & MODE_KIND;

	return (uint8_t)p[5] != MADE_BY_UNIX || mode == 0 ||
	    mode == MODE_FILE || mode == MODE_FOLDER;
}

/* The head before the bytes says the same name, and both fit. */
static bool
local_agrees(const struct zip *z, struct zip_part *p)
{
	const char *head = z->bytes.p + p->at;
	size_t before;

	if (p->at > z->list || z->list - p->at < LOCAL_BYTES ||
	    !bytes_at(z->bytes, p->at, T("PK\3\4")))
		return false;
	before = LOCAL_BYTES + (size_t)low_u16(head + 26) +
	    low_u16(head + 28);
	if (before > z->list - p->at ||
	    p->packed > z->list - p->at - before ||
	    low_u16(head + 26) != p->name.n ||
	    !bytes_at(z->bytes, p->at + LOCAL_BYTES, p->name))
		return false;
	p->bytes = (text){ head + before, p->packed };
	return true;
}

const char *
zip_next(struct zip *z, struct zip_part *ret)
{
	const char *p = z->bytes.p + z->at;
	size_t left = z->list + z->list_n - z->at;
	struct zip_part one = { .name = T("") };
	const char *why;
	size_t n;

	*ret = one;
	if (z->seen == z->n)
		return left == 0 ? NULL : "content.broken";
	if (left < PART_BYTES || !bytes_at(z->bytes, z->at, T("PK\1\2")))
		return "content.broken";
	n = PART_BYTES + (size_t)low_u16(p + 28) + low_u16(p + 30) +
	    low_u16(p + 32);
	if (n > left)
		return "content.broken";
	one = (struct zip_part){ .name = { p + PART_BYTES, low_u16(p + 28) },
		.packed = low_u32(p + 20), .whole = low_u32(p + 24),
		.at = low_u32(p + 42), .crc = low_u32(p + 16),
		.method = low_u16(p + 10) };
	if ((low_u16(p + 8) & FLAG_LOCKED) != 0)
		return "content.locked";
	why = name_wrong(one.name);
	if (why != NULL)
		return why;
	if (!plain_mode(p))
		return "content.zip_path";
	if ((one.method != STORED && one.method != DEFLATED) ||
	    (one.method == STORED && one.packed != one.whole) ||
	    !local_agrees(z, &one))
		return "content.broken";
	z->packed += one.packed;
	z->whole += one.whole;
	/* Parts that share bytes make a bomb out of little. */
	z->room += LOCAL_BYTES + one.name.n + one.packed;
	z->at += n;
	z->seen++;
	*ret = one;
	return z->room > z->list ? "content.broken" : NULL;
}

static const char *
sizes_wrong(const struct zip *z)
{
	return z->whole > CONTENT_ZIP_BYTES_MAX ||
	    z->whole / CONTENT_ZIP_RATIO_MAX > z->packed ?
	    "content.zip_bomb" : NULL;
}

/* Both parts must be there, or it is another kind of zip. */
static const char *
look_zip(text bytes, text first, text second)
{
	bool has_first = false;
	bool has_second = false;
	struct zip_part p;
	struct zip z;
	const char *why;

	if (!zip_open(bytes, &z))
		return "content.broken";
	if (z.n > CONTENT_ZIP_ENTRIES_MAX)
		return "content.zip_bomb";
	do {
		why = zip_next(&z, &p);
		if (why != NULL)
			return why;
		has_first = has_first || text_same(p.name, first);
		has_second = has_second || text_same(p.name, second);
	} while (p.name.n > 0);
	why = sizes_wrong(&z);
	if (why != NULL)
		return why;
	return has_first && has_second ? NULL : "content.other_inside";
}

const char *
look_docx(text bytes)
{
	return look_zip(bytes, T("[Content_Types].xml"),
	    T("word/document.xml"));
}

const char *
look_xlsx(text bytes)
{
	return look_zip(bytes, T("[Content_Types].xml"),
	    T("xl/workbook.xml"));
}

const char *
look_odt(text bytes)
{
	const char *why = look_zip(bytes, T("mimetype"), T("content.xml"));

	if (why != NULL)
		return why;
	/* The first part is the kind, unpacked, so that it can be seen. */
	return bytes_at(bytes, LOCAL_BYTES, T("mimetype"
	    "application/vnd.oasis.opendocument.text")) ? NULL :
	    "content.other_inside";
}
