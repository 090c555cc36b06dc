/* What operations and members of answers are called. */
#include "api_inside.h"

#include <string.h>

text
api_word(const struct words *w, enum lang l, struct arena *a,
    const char *name, const char *what)
{
	text key = arena_format(a, "%s.%s", name, what);
	text said;

	if (key.p == NULL)
		return T("");
	said = words_get(w, l, key.p);
	/* A key that is nowhere is handed back. */
	return text_same(said, key) ? T("") : said;
}

text
api_noun(struct arena *a, const char *name)
{
	const char *dot = strchr(name, '.');
	size_t n = dot == NULL ? strlen(name) : (size_t)(dot - name);
	char *noun = arena_take(a, n + 1);

	if (noun == NULL)
		return T("");
	for (size_t i = 0; i < n; i++)
		noun[i] = name[i] == '-' ? '_' : name[i];
	return (text){ noun, n };
}

const struct paging api_paging[3] = {
	{ "cursor", "list.cursor", "next:text" },
	{ "limit", "list.limit", "previous:text" },
	{ "sort", "list.sort", "sort:text" },
};

bool
api_pages(const struct op_row *row, const struct paging *p)
{
	const struct api_shape *shape = api_shape(text_of(row->name));

	return shape != NULL && strstr(shape->members, p->answered) != NULL;
}
