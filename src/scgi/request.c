#include "scgi.h"

#include <string.h>
#include <strings.h>

static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH",
	"DELETE" };

static bool
path_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("._/-", c) != NULL);
}

/* From the root, plain bytes, no empty, "." or ".." segment. */
static bool
path_good(text path)
{
	text rest = path;
	size_t segments = 0;

	if (path.n == 0 || path.n > PATH_MAX_BYTES || path.p[0] != '/')
		return false;
	for (size_t i = 0; i < path.n; i++) {
		if (!path_byte(path.p[i]))
			return false;
	}
	if (path.n == 1)
		return true;
	rest = (text){ path.p + 1, path.n - 1 };
	if (rest.p[rest.n - 1] == '/')
		return false;
	while (rest.n > 0) {
		text one = text_cut(&rest, '/');

		if (one.n == 0 || text_same(one, T(".")) ||
		    text_same(one, T("..")) ||
		    ++segments > PATH_SEGMENTS_MAX)
			return false;
	}
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decode once; CR LF becomes LF.  BAD_REQUEST: escape, UTF-8, control. */
static result
decode(text t, struct arena *a, bool lines, text *ret)
{
	char *out = arena_take(a, t.n + 1);
	size_t n = 0;

	NEED(out);
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = t.n - i > 2 ? hex_digit(t.p[i + 1]) : -1;
			int low = t.n - i > 2 ? hex_digit(t.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return refuse(BAD_REQUEST);
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (c == '\n' && n > 0 && out[n - 1] == '\r')
			n--;
		out[n++] = c;
	}
	*ret = (text){ out, n };
	return text_is_utf8(*ret) && !text_has_control(*ret, lines) ? OK :
	    refuse(BAD_REQUEST);
}

static result
read_pairs(text all, struct arena *a, bool lines, struct pair *list,
    size_t most, size_t *ret_n)
{
	size_t n = 0;

	while (all.n > 0) {
		text value = text_cut(&all, '&');
		text name = text_cut(&value, '=');

		if (n == most)
			return refuse(TOO_LARGE);
		TRY(decode(name, a, false, &list[n].name));
		TRY(decode(value, a, lines, &list[n].value));
		if (list[n].name.n == 0)
			return refuse(BAD_REQUEST);
		n++;
	}
	*ret_n = n;
	return OK;
}

result
urlencoded_read(text body, struct arena *a, struct pair **ret, size_t *ret_n)
{
	struct pair *list = arena_array(a, FORM_NAMES_MAX, sizeof(*list));
	size_t n;

	NEED(list);
	TRY(read_pairs(body, a, true, list, FORM_NAMES_MAX, &n));
	*ret = list;
	*ret_n = n;
	return OK;
}

static bool
repeated(const struct pair *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			if (text_same(list[i].name, list[k].name))
				return true;
		}
	}
	return false;
}

static result
read_query(struct http_request *r, struct arena *a)
{
	result got = read_pairs(r->query, a, false, r->ask, QUERY_NAMES_MAX,
	    &r->ask_n);

	/* Too many parameters are as wrong as unknown ones. */
	if (got.code == E_TOO_LARGE)
		return refuse(BAD_REQUEST);
	TRY(got);
	return repeated(r->ask, r->ask_n) ? refuse(BAD_REQUEST) : OK;
}

static result
read_cookies(struct http_request *r)
{
	text all = r->cookie;

	while (all.n > 0) {
		text value = text_trim(text_cut(&all, ';'));
		text name = text_cut(&value, '=');

		if (r->cookies_n == COOKIES_MAX)
			return refuse(BAD_REQUEST);
		if (name.n > 0)
			r->cookies[r->cookies_n++] =
			    (struct pair){ name, value };
	}
	return repeated(r->cookies, r->cookies_n) ? refuse(BAD_REQUEST) : OK;
}

static bool
known_method(text m)
{
	for (size_t i = 0; i < LENGTH(methods); i++) {
		if (text_same(m, text_of(methods[i])))
			return true;
	}
	return false;
}

static result
read_door(const struct scgi *s, struct http_request *r)
{
	text door = scgi_value(s, "ALAS_DOOR");

	r->shell = text_same(door, T("shell"));
	return r->shell || text_same(door, T("net")) ? OK :
	    refuse(BAD_REQUEST);
}

result
scgi_take(const struct scgi *s, struct arena *a, struct http_request *ret)
{
	const struct { const char *name; size_t at; } wanted[] = {
		{ "REQUEST_METHOD", offsetof(struct http_request, method) },
		{ "REQUEST_URI", offsetof(struct http_request, uri) },
		{ "HTTP_HOST", offsetof(struct http_request, host) },
		{ "CONTENT_TYPE", offsetof(struct http_request, content_type) },
		{ "HTTP_COOKIE", offsetof(struct http_request, cookie) },
		{ "HTTP_AUTHORIZATION",
		    offsetof(struct http_request, authorization) },
		{ "HTTP_ORIGIN", offsetof(struct http_request, origin) },
		{ "HTTP_SEC_FETCH_SITE",
		    offsetof(struct http_request, sec_fetch_site) },
		{ "HTTP_ACCEPT", offsetof(struct http_request, accept) },
		{ "HTTP_ACCEPT_LANGUAGE",
		    offsetof(struct http_request, accept_language) },
		{ "HTTP_IF_MATCH", offsetof(struct http_request, if_match) },
		{ "HTTP_IF_NONE_MATCH",
		    offsetof(struct http_request, if_none_match) },
		{ "HTTP_IDEMPOTENCY_KEY",
		    offsetof(struct http_request, idempotency_key) },
		{ "HTTP_USER_AGENT", offsetof(struct http_request, user_agent) },
		{ "REQUEST_ID", offsetof(struct http_request, request_id) },
	};
	struct http_request r = { 0 };
	text rest;

	for (size_t i = 0; i < LENGTH(wanted); i++) {
		text value = arena_text(a, scgi_value(s, wanted[i].name));

		NEED(value.p);
		memcpy((char *)&r + wanted[i].at, &value, sizeof(value));
	}
	r.https = text_same(scgi_value(s, "HTTPS"), T("on"));
	r.body = (text){ s->in.p + s->body_at, (size_t)s->body_n };
	rest = r.uri;
	r.path = text_cut(&rest, '?');
	r.query = rest;
	TRY(read_door(s, &r));
	if (!known_method(r.method))
		return refuse(METHOD);
	if (!path_good(r.path))
		return refuse(BAD_REQUEST);
	if ((text_same(r.method, T("GET")) || text_same(r.method, T("HEAD")))
	    && r.body.n > 0)
		return refuse(BAD_REQUEST);
	TRY(read_query(&r, a));
	TRY(read_cookies(&r));
	*ret = r;
	return OK;
}

text
request_cookie(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->cookies_n; i++) {
		if (text_same(r->cookies[i].name, text_of(name)))
			return r->cookies[i].value;
	}
	return T("");
}

bool
request_type_is(const struct http_request *r, const char *type)
{
	text rest = r->content_type;
	text media = text_trim(text_cut(&rest, ';'));

	return media.n == strlen(type) &&
	    strncasecmp(media.p, type, media.n) == 0;
}
