#include "inside.h"

#include "view.h"

#include <string.h>

const char content_accept[] = ".pdf,.jpg,.jpeg,.png,.webp,.tif,.tiff,.docx,"
    ".xlsx,.odt,.txt,.csv,.ogg,.oga,.opus,.m4a";

static const struct {
	const char *type;
	const char *extensions[4];
	const char *magic[4];		/* one of them; none: any */
	size_t magic_at;
	look *look;
} kinds[CONTENTS] = {
	[CONTENT_PDF] = { "application/pdf", { "pdf" }, { "%PDF-" }, 0,
	    look_pdf },
	[CONTENT_JPEG] = { "image/jpeg", { "jpg", "jpeg" },
	    { "\xff\xd8\xff" }, 0, look_jpeg },
	[CONTENT_PNG] = { "image/png", { "png" }, { "\x89PNG\r\n\x1a\n" }, 0,
	    look_png },
	[CONTENT_WEBP] = { "image/webp", { "webp" }, { "WEBP" }, 8,
	    look_webp },
	[CONTENT_TIFF] = { "image/tiff", { "tif", "tiff" },
	    { "II*", "MM" }, 0, look_tiff },
	[CONTENT_DOCX] = { "application/vnd.openxmlformats-officedocument."
	    "wordprocessingml.document", { "docx" }, { "PK\3\4" }, 0,
	    look_docx },
	[CONTENT_XLSX] = { "application/vnd.openxmlformats-officedocument."
	    "spreadsheetml.sheet", { "xlsx" }, { "PK\3\4" }, 0, look_xlsx },
	[CONTENT_ODT] = { "application/vnd.oasis.opendocument.text",
	    { "odt" }, { "PK\3\4" }, 0, look_odt },
	[CONTENT_TXT] = { "text/plain", { "txt" }, { NULL }, 0, look_text },
	[CONTENT_CSV] = { "text/csv", { "csv" }, { NULL }, 0, look_text },
	[CONTENT_OGG] = { "audio/ogg", { "ogg", "oga", "opus" }, { "OggS" },
	    0, look_ogg },
	[CONTENT_M4A] = { "audio/mp4", { "m4a" }, { "ftyp" }, 4, look_m4a },
};

/* What is refused by its own word, for people try it. */
static const char *const programs[] = { ("\x7f" "ELF"), "#!/",
	"\xca\xfe\xba\xbe" };
static const struct { const char *extension; const char *key; } refused[] = {
	{ "exe", "content.program" }, { "com", "content.program" },
	{ "bat", "content.program" }, { "cmd", "content.program" },
	{ "msi", "content.program" }, { "js", "content.program" },
	{ "vbs", "content.program" }, { "apk", "content.program" },
	{ "sh", "content.program" }, { "jar", "content.program" },
	{ "svg", "content.web" }, { "html", "content.web" },
	{ "htm", "content.web" }, { "xhtml", "content.web" },
	{ "xml", "content.web" }, { "docm", "content.macros" },
	{ "xlsm", "content.macros" }, { "doc", "content.old_office" },
	{ "xls", "content.old_office" }, { "heic", "content.heic" },
	{ "zip", "content.archive" }, { "rar", "content.archive" },
	{ "7z", "content.archive" },
};

bool
bytes_at(text t, size_t at, text what)
{
	return t.n >= what.n && at <= t.n - what.n &&
	    memcmp(t.p + at, what.p, what.n) == 0;
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
text_same_folded(text a, text b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (small(a.p[i]) != small(b.p[i]))
			return false;
	}
	return true;
}

uint16_t
low_u16(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return (uint16_t)(b[0] | b[1] << 8);
}

uint32_t
low_u32(const char *p)
{
	return (uint32_t)low_u16(p) | (uint32_t)low_u16(p + 2) << 16;
}

const char *
content_type(enum content c)
{
	return kinds[c].type;
}

bool
content_of_type(text type, enum content *ret)
{
	for (size_t i = 0; i < CONTENTS; i++) {
		if (text_same(type, text_of(kinds[i].type))) {
			*ret = (enum content)i;
			return true;
		}
	}
	return false;
}

/* What stands behind the last point; "" without one. */
static text
extension_of(text name)
{
	size_t from = name.n;

	while (from > 0 && name.p[from - 1] != '.')
		from--;
	return from == 0 ? T("") : (text){ name.p + from, name.n - from };
}

static bool
kind_named(text extension, enum content *ret)
{
	for (size_t i = 0; i < CONTENTS; i++) {
		for (size_t k = 0; k < LENGTH(kinds[i].extensions); k++) {
			if (kinds[i].extensions[k] != NULL &&
			    text_same_folded(extension,
			    text_of(kinds[i].extensions[k]))) {
				*ret = (enum content)i;
				return true;
			}
		}
	}
	return false;
}

static const char *
why_not_named(text extension)
{
	for (size_t i = 0; i < LENGTH(refused); i++) {
		if (text_same_folded(extension,
		    text_of(refused[i].extension)))
			return refused[i].key;
	}
	return "content.unknown";
}

static bool
magic_agrees(enum content c, text bytes)
{
	if (kinds[c].magic[0] == NULL)
		return true;
	for (size_t i = 0; i < LENGTH(kinds[c].magic); i++) {
		if (kinds[c].magic[i] != NULL && bytes_at(bytes,
		    kinds[c].magic_at, text_of(kinds[c].magic[i])))
			return true;
	}
	return false;
}

/* "MZ" begins many an address as well: the head of a program has zeros. */
static bool
is_program(text bytes)
{
	enum { DOS_HEAD = 64 };

	for (size_t i = 0; i < LENGTH(programs); i++) {
		if (bytes_at(bytes, 0, text_of(programs[i])))
			return true;
	}
	return bytes.n >= DOS_HEAD && bytes_at(bytes, 0, T("MZ")) &&
	    memchr(bytes.p, 0, DOS_HEAD) != NULL;
}

static const char *
why_not(text name, text bytes, enum content *ret)
{
	if (bytes.n == 0)
		return "content.empty";
	if (bytes.n > CONTENT_BYTES_MAX)
		return "content.too_large";
	if (is_program(bytes))
		return "content.program";
	if (!kind_named(extension_of(name), ret))
		return why_not_named(extension_of(name));
	if (!magic_agrees(*ret, bytes))
		return "content.other_inside";
	return kinds[*ret].look(bytes);
}

result
content_look(text name, text bytes, enum content *ret, const char **ret_why)
{
	enum content found = CONTENTS;
	const char *why = why_not(name, bytes, &found);

	if (why != NULL) {
		*ret_why = why;
		return refuse(INVALID);
	}
	*ret = found;
	return OK;
}

enum view_kind
view_kind(enum content c)
{
	static const enum view_kind kind[CONTENTS] = {
		[CONTENT_PDF] = VIEW_PDF, [CONTENT_JPEG] = VIEW_JPEG,
		[CONTENT_PNG] = VIEW_PNG, [CONTENT_WEBP] = VIEW_WEBP,
		[CONTENT_TIFF] = VIEW_TIFF, [CONTENT_DOCX] = VIEW_DOCX,
		[CONTENT_ODT] = VIEW_ODT, [CONTENT_TXT] = VIEW_PLAIN,
		[CONTENT_CSV] = VIEW_PLAIN,
	};

	return kind[c];
}
