#include "ops_inside.h"

/*
 * Match one address pattern: literal segments, and {param} segments that
 * take anything (a code is read later, so that a wrong one answers like a
 * missing one).
 */
static bool
fits(const char *pattern, text path, struct route *r, struct arena *a)
{
	text p = text_of(pattern);

	r->n = 0;
	for (;;) {
		text want = text_cut(&p, '/');
		text got = text_cut(&path, '/');

		if (want.n > 2 && want.p[0] == '{') {
			text name = arena_text(a,
			    (text){ want.p + 1, want.n - 2 });

			if (got.n == 0 || r->n == LENGTH(r->code) ||
			    name.p == NULL)
				return false;
			r->param[r->n] = name.p;
			r->code[r->n++] = got;
		} else if (!text_same(want, got)) {
			return false;
		}
		if (p.n == 0 || path.n == 0)
			return p.n == 0 && path.n == 0;
	}
}

static void
allow(struct buf *list, const char *method)
{
	text there = buf_view(list);

	while (there.n > 0) {
		text one = text_trim(text_cut(&there, ','));

		if (text_same(one, text_of(method)))
			return;
	}
	if (list->n > 0)
		buf_text(list, T(", "));
	buf_text(list, text_of(method));
}

static bool
page_fits(const struct op_row *row, text method, text path, struct route *r,
    struct buf *allowed, struct arena *a)
{
	bool changes = (row->flags & (OP_CHANGES | OP_ASKS)) != 0;
	bool shown = !changes || row->form != NULL;

	if (row->page == NULL || !fits(row->page, path, r, a))
		return false;
	if (shown) {
		allow(allowed, "GET");
		allow(allowed, "HEAD");
	}
	if (changes)
		allow(allowed, "POST");
	r->row = row;
	r->form = changes && !text_same(method, T("POST"));
	if (text_same(method, T("POST")))
		return changes;
	return shown && (text_same(method, T("GET")) ||
	    text_same(method, T("HEAD")));
}

static bool
api_fits(const struct op_row *row, text method, text path, struct route *r,
    struct buf *allowed, struct arena *a)
{
	text pattern;
	text verb;
	text name;

	if (row->api == NULL)
		return false;
	pattern = text_of(row->api);
	verb = text_cut(&pattern, ' ');
	if (!fits(pattern.p, path, r, a))
		return false;
	name = arena_text(a, verb);
	if (name.p == NULL)
		return false;
	allow(allowed, name.p);
	if (text_same(verb, T("GET")))
		allow(allowed, "HEAD");
	r->row = row;
	r->form = false;
	return text_same(method, verb) || (text_same(method, T("HEAD")) &&
	    text_same(verb, T("GET")));
}

result
ops_route(enum door door, text method, text path, struct route *ret,
    text *ret_allow, struct arena *a)
{
	CLEANUP(buf_free) struct buf allowed = buf_new(KIB);
	const struct op_row *row = NULL;
	struct route r = { 0 };

	while ((row = ops_next(row)) != NULL) {
		bool found = door == DOOR_PAGES ?
		    page_fits(row, method, path, &r, &allowed, a) :
		    api_fits(row, method, path, &r, &allowed, a);

		if (found) {
			*ret = r;
			return OK;
		}
	}
	if (allowed.n == 0)
		return refuse(NOT_FOUND);
	*ret_allow = arena_text(a, buf_view(&allowed));
	return refuse(METHOD);
}
