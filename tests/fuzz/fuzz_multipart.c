/*
 * Any bytes as a form with files: the first line is the type, the rest the
 * body.  What is taken lies within the body or is text as we let it in.
 */
#include <stdlib.h>
#include <string.h>

#include "scgi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool promise)
{
	if (!promise)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(16 * MIB);
	text body = { (const char *)data, n };
	text type = text_cut(&body, '\n');
	struct part *list;
	size_t count;

	if (a == NULL)
		return 0;
	if (is_ok(multipart_read(type, body, a, &list, &count))) {
		must(count <= BODY_PARTS_MAX);
		for (size_t i = 0; i < count; i++) {
			const struct part *p = &list[i];

			must(p->name.n > 0 && p->name.n <= 64);
			if (p->file)
				must(p->value.n == 0 ||
				    (p->value.p >= body.p && p->value.p +
				    p->value.n <= body.p + body.n));
			else
				must(text_is_utf8(p->value));
		}
	}
	arena_free(a);
	return 0;
}
