/* Versions as HTTP says them. */
#include "api_inside.h"

/* What stands between the quotes of a strong tag; n == 0: it is none. */
static text
inside_quotes(text tag)
{
	tag = text_trim(tag);
	if (tag.n < 3 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"')
		return T("");
	return (text){ tag.p + 1, tag.n - 2 };
}

bool
etag_version(text etag, uint64_t *ret)
{
	text inside = inside_quotes(etag);
	text version = text_cut(&inside, '.');
	int64_t v;

	if (!text_integer(version, &v) || v < 1)
		return false;
	*ret = (uint64_t)v;
	return true;
}

/* Weak comparison, which is what If-None-Match asks for. */
bool
etag_listed(text list, text etag)
{
	while (list.n > 0) {
		text one = text_trim(text_cut(&list, ','));

		if (text_starts(one, T("W/")))
			one = (text){ one.p + 2, one.n - 2 };
		if (etag.n > 0 && (text_same(one, etag) ||
		    text_same(one, T("*"))))
			return true;
	}
	return false;
}
