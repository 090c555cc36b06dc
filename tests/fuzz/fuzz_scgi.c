/*
 * Any bytes on the office's socket, at once and in pieces: the answers must
 * agree, and what is taken keeps the promises of its header.  A first byte
 * of 0 feeds the rest to the reader of forms instead; of 1 to those of the
 * query and, after a line feed, the cookies, in a request well formed around
 * them.
 *
 * Seeds: the requests of data/vectors/http.json.
 */
#include <stdlib.h>
#include <string.h>

#include "scgi.h"

enum { ARENA = 32 * MIB };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct scgi fed(const uint8_t *p, size_t n, size_t step)
{
	struct scgi s = scgi_new();

	for (size_t at = 0; at < n; at += step) {
		size_t some = n - at < step ? n - at : step;
		enum scgi_state got = scgi_feed(&s, p + at, some);

		if (got == SCGI_HEAD)
			got = scgi_feed(&s, NULL, 0);
		if (got == SCGI_BAD)
			break;
	}
	return s;
}

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void clean(text t, bool lines)
{
	must(text_is_utf8(t) && !text_has_control(t, lines));
}

static result take(const struct scgi *s, struct arena *a,
    struct http_request *r)
{
	result got = scgi_take(s, a, r);

	if (!is_ok(got))
		return got;
	must(r->path.n > 0 && r->path.p[0] == '/');
	must(r->path.n <= PATH_MAX_BYTES && r->body.n == s->body_n);
	must(memmem(r->path.p, r->path.n, "..", 2) == NULL ||
	    !text_ends(r->path, T("/..")));
	for (size_t i = 0; i < r->ask_n; i++) {
		clean(r->ask[i].name, false);
		clean(r->ask[i].value, false);
	}
	for (size_t i = 0; i < r->cookies_n; i++) {
		must(r->cookies[i].name.n > 0);
		must(!text_has_control(r->cookies[i].value, false));
	}
	request_type_is(r, "application/json");
	request_cookie(r, "__Host-s");
	return got;
}

static void form(text body, struct arena *a)
{
	struct pair *p;
	size_t n;

	if (!is_ok(urlencoded_read(body, a, &p, &n)))
		return;
	must(n <= FORM_NAMES_MAX);
	for (size_t i = 0; i < n; i++) {
		must(p[i].name.n > 0);
		clean(p[i].name, false);
		clean(p[i].value, true);
	}
}

static void pair(struct buf *head, text name, text value)
{
	buf_text(head, name);
	buf_char(head, '\0');
	buf_text(head, value);
	buf_char(head, '\0');
}

static void asked(text t, struct arena *a)
{
	CLEANUP(buf_free) struct buf head = buf_new(MIB);
	CLEANUP(buf_free) struct buf all = buf_new(MIB);
	text query = text_cut(&t, '\n');
	text uri = arena_format(a, "/x?%.*s", (int)query.n, query.p);
	struct http_request r = { 0 };

	pair(&head, T("CONTENT_LENGTH"), T("0"));
	pair(&head, T("SCGI"), T("1"));
	pair(&head, T("ALAS_DOOR"), T("net"));
	pair(&head, T("REQUEST_METHOD"), T("GET"));
	pair(&head, T("REQUEST_URI"), uri);
	pair(&head, T("HTTP_COOKIE"), t);
	buf_format(&all, "%zu:", head.n);
	buf_text(&all, buf_view(&head));
	buf_char(&all, ',');
	struct scgi s = fed((const uint8_t *)all.p, all.n, all.n);
	if (s.state == SCGI_WHOLE)
		ignore(take(&s, a, &r), "any answer, the promises are kept");
	scgi_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(ARENA);
	struct http_request one = { 0 };
	struct http_request two = { 0 };

	if (a == NULL || n == 0) {
		arena_free(a);
		return 0;
	}
	if (data[0] <= 1) {
		(data[0] == 0 ? form : asked)(
		    (text){ (const char *)data + 1, n - 1 }, a);
		arena_free(a);
		return 0;
	}

	struct scgi at_once = fed(data, n, n);
	struct scgi pieces = fed(data, n, 1 + n % 5);

	must(at_once.state == pieces.state);
	if (at_once.state == SCGI_WHOLE) {
		result got = take(&at_once, a, &one);

		must(take(&pieces, a, &two).code == got.code);
		must(!is_ok(got) || (text_same(one.uri, two.uri) &&
		    text_same(one.body, two.body)));
	}
	scgi_free(&at_once);
	scgi_free(&pieces);
	arena_free(a);
	return 0;
}
