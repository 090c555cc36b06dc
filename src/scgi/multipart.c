/*
 * multipart/form-data (RFC 7578), as browsers send it and no further: one
 * level, no encoding, nothing before the first boundary and nothing behind
 * the last.  Bodies of files are not copied: they are views of the request.
 */
#include "scgi.h"

#include <string.h>
#include <strings.h>

enum { BOUNDARY_MAX = 70, HEAD_MAX = KIB, NAME_MAX_BYTES = 64,
	FILE_NAME_MAX = 255 };

static bool
boundary_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || (c != '\0' &&
	    strchr("'()+_,-./:=?", c) != NULL);
}

/* "multipart/form-data; boundary=…", and no other parameter. */
static bool
read_boundary(text type, text *ret)
{
	const text name = T("boundary=");
	text media = text_trim(text_cut(&type, ';'));
	text b = text_trim(type);

	if (media.n != strlen("multipart/form-data") ||
	    strncasecmp(media.p, "multipart/form-data", media.n) != 0 ||
	    b.n < name.n || strncasecmp(b.p, name.p, name.n) != 0)
		return false;
	b = (text){ b.p + name.n, b.n - name.n };
	if (b.n >= 2 && b.p[0] == '"' && b.p[b.n - 1] == '"')
		b = (text){ b.p + 1, b.n - 2 };
	if (b.n == 0 || b.n > BOUNDARY_MAX)
		return false;
	for (size_t i = 0; i < b.n; i++) {
		if (!boundary_byte(b.p[i]))
			return false;
	}
	*ret = b;
	return true;
}

/* ---- the head of one part --------------------------------------------- */

static bool
header_is(text name, const char *what)
{
	return name.n == strlen(what) &&
	    strncasecmp(name.p, what, name.n) == 0;
}

static bool
plain_name(text t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (c >= 'A' && c <= 'Z') || c == '_' || c == '-'))
			return false;
	}
	return t.n > 0 && t.n <= NAME_MAX_BYTES;
}

/* ` KEY="…"` at the begin of `rest`; what is quoted is taken as it is. */
static bool
quoted(text *rest, const char *key, text *ret)
{
	text t = text_trim(*rest);
	size_t n = strlen(key);
	const char *end;

	if (t.n < n + 3 || strncasecmp(t.p, key, n) != 0 ||
	    t.p[n] != '=' || t.p[n + 1] != '"')
		return false;
	t = (text){ t.p + n + 2, t.n - n - 2 };
	end = memchr(t.p, '"', t.n);
	if (end == NULL)
		return false;
	*ret = (text){ t.p, (size_t)(end - t.p) };
	*rest = (text){ end + 1, t.n - ret->n - 1 };
	return true;
}

static bool
read_disposition(text value, struct part *p)
{
	text kind = text_trim(text_cut(&value, ';'));
	text rest = value;

	if (!header_is(kind, "form-data") ||
	    !quoted(&rest, "name", &p->name) || !plain_name(p->name))
		return false;
	rest = text_trim(rest);
	if (rest.n == 0)
		return true;
	text_cut(&rest, ';');
	p->file = true;
	return quoted(&rest, "filename", &p->file_name) &&
	    text_trim(rest).n == 0 && p->file_name.n <= FILE_NAME_MAX &&
	    text_is_utf8(p->file_name) &&
	    !text_has_control(p->file_name, false);
}

/* One disposition, and at most a type that we do not believe. */
static bool
read_head(text head, struct part *p)
{
	bool disposed = false;
	bool typed = false;

	while (head.n > 0) {
		text value = text_cut(&head, '\n');
		text name;

		if (value.n == 0 || value.p[value.n - 1] != '\r')
			return false;
		value.n--;
		name = text_cut(&value, ':');
		value = text_trim(value);
		if (header_is(name, "Content-Disposition")) {
			if (disposed || !read_disposition(value, p))
				return false;
			disposed = true;
		} else if (header_is(name, "Content-Type")) {
			if (typed || (value.n >= 10 &&
			    strncasecmp(value.p, "multipart/", 10) == 0))
				return false;
			typed = true;
		} else {
			return false;
		}
	}
	return disposed;
}

/* ---- the body --------------------------------------------------------- */

/* Where `what` stands in `t` from `at` on; t.n: nowhere. */
static size_t
find(text t, size_t at, text what)
{
	const char *p = memmem(t.p + at, t.n - at, what.p, what.n);

	return p == NULL ? t.n : (size_t)(p - t.p);
}

/* CR LF becomes LF; else as it came. */
static result
take_value(struct part *p, text body, struct arena *a)
{
	char *to;
	size_t n = 0;

	if (p->file) {
		p->value = body;
		return OK;
	}
	if (body.n > FORM_BODY_MAX)
		return refuse(TOO_LARGE);
	to = arena_take(a, body.n + 1);
	NEED(to);
	for (size_t i = 0; i < body.n; i++) {
		if (body.p[i] == '\n' && n > 0 && to[n - 1] == '\r')
			n--;
		to[n++] = body.p[i];
	}
	p->value = (text){ to, n };
	return text_is_utf8(p->value) && !text_has_control(p->value, true) ?
	    OK : refuse(BAD_REQUEST);
}

/* The part behind the boundary that ends at `*at`; moves it behind the
 * next one. */
static result
read_part(text body, size_t *at, text limit, struct arena *a,
    struct part *ret)
{
	struct part p = { .file = false };
	size_t head = *at;
	size_t begin = find(body, head, T("\r\n\r\n"));
	size_t end;

	if (begin == body.n || begin - head > HEAD_MAX ||
	    !read_head((text){ body.p + head, begin + 2 - head }, &p))
		return refuse(BAD_REQUEST);
	begin += 4;
	/* An empty body follows its head at once. */
	end = find(body, begin - 2, limit);
	if (end == body.n)
		return refuse(BAD_REQUEST);
	*at = end + limit.n;
	if (end < begin)
		end = begin;
	TRY(take_value(&p, (text){ body.p + begin, end - begin }, a));
	*ret = p;
	return OK;
}

/* Behind a boundary: a part follows, or "--" and the end. */
static bool
next_follows(text body, size_t *at, bool *ret_last)
{
	text rest = { body.p + *at, body.n - *at };

	*ret_last = text_same(rest, T("--")) || text_same(rest, T("--\r\n"));
	if (*ret_last)
		return true;
	*at += 2;
	return text_starts(rest, T("\r\n"));
}

result
multipart_read(text type, text body, struct arena *a, struct part **ret,
    size_t *ret_n)
{
	struct part *list = arena_array(a, BODY_PARTS_MAX, sizeof(*list));
	text boundary;
	text limit;
	size_t n = 0;
	size_t at;
	bool last = false;

	NEED(list);
	if (!read_boundary(type, &boundary))
		return refuse(BAD_REQUEST);
	limit = arena_format(a, "\r\n--%.*s", (int)boundary.n, boundary.p);
	NEED(limit.p);
	/* The first one has no line before it. */
	at = limit.n - 2;
	if (!text_starts(body, (text){ limit.p + 2, at }))
		return refuse(BAD_REQUEST);
	for (;;) {
		if (!next_follows(body, &at, &last))
			return refuse(BAD_REQUEST);
		if (last)
			break;
		if (n == BODY_PARTS_MAX)
			return refuse(TOO_LARGE);
		TRY(read_part(body, &at, limit, a, &list[n]));
		n++;
	}
	*ret = list;
	*ret_n = n;
	return OK;
}
