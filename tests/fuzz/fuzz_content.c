/*
 * Any bytes under any extension: what is taken has the size it may have,
 * and the reader of zip files never points outside of them.  The first byte
 * chooses the extension.
 */
#include <stdlib.h>

#include "content.h"
#include "zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void within(text all, text part)
{
	must(part.n <= all.n && (part.n == 0 || (part.p >= all.p &&
	    part.p + part.n <= all.p + all.n)));
}

static void parts_within(text bytes)
{
	struct zip z;
	struct zip_part p;

	if (!zip_open(bytes, &z))
		return;
	while (zip_next(&z, &p) == NULL && p.name.n > 0) {
		within(bytes, p.name);
		within(bytes, p.bytes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "a.pdf", "a.jpg", "a.png",
		"a.webp", "a.tif", "a.docx", "a.xlsx", "a.odt", "a.txt",
		"a.csv", "a.ogg", "a.m4a" };
	const char *why = NULL;
	enum content kind = CONTENTS;
	struct arena *a;
	text name;
	text bytes;

	if (n == 0)
		return 0;
	bytes = (text){ (const char *)data + 1, n - 1 };
	if (is_ok(content_look(text_of(names[data[0] % LENGTH(names)]),
	    bytes, &kind, &why)))
		must(kind < CONTENTS && why == NULL && bytes.n > 0);
	else
		must(why != NULL);
	parts_within(bytes);
	a = arena_new(MIB);
	if (a != NULL && is_ok(content_name(a, bytes, &name)))
		must(text_is_utf8(name) && !text_has_control(name, false) &&
		    name.n > 0 && !text_has(name, '/') &&
		    text_characters(name) <= CONTENT_NAME_MAX);
	arena_free(a);
	return 0;
}
