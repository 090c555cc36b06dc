/* What is wrong with a file, in words. */
#include "law.h"

#include <assert.h>

static const struct { const char *key, *what, *remedy; } kinds[] = {
#define FAULT(name, what, remedy)                                            \
	[LAW_FAULT_##name] = { "law.fault." #name, what, remedy },
	LAW_FAULT_KINDS(FAULT)
#undef FAULT
};
_Static_assert(LENGTH(kinds) == LAW_FAULT_KINDS_N, "words for every kind");

enum { FAULT_TEXT_MAX = 4 * KIB };

const char *law_fault_key(enum law_fault_kind k)
{
	assert(k < LAW_FAULT_KINDS_N);
	return kinds[k].key;
}

text law_fault_text(struct arena *a, const struct law_fault *f)
{
	struct buf b = buf_new(FAULT_TEXT_MAX);

	assert(f->kind < LAW_FAULT_KINDS_N);
	buf_format(&b, "%s", law_file_name(f->file));
	if (f->line > 0)
		buf_format(&b, ":%u", (unsigned)f->line);
	buf_format(&b, ": ");
	if (f->column > 0)
		buf_format(&b, "column %u (%s): ", (unsigned)f->column,
		    f->column_name);
	if (f->found.n > 0) {
		buf_char(&b, '"');
		buf_text(&b, f->found);
		buf_format(&b, "\": ");
	}
	buf_format(&b, "%s; %s", kinds[f->kind].what, kinds[f->kind].remedy);
	if (f->wanted.n > 0)
		buf_char(&b, ' ');
	buf_text(&b, f->wanted);

	text t = b.failed ? (text){ 0 } : arena_text(a, buf_view(&b));
	buf_free(&b);
	return t;
}
