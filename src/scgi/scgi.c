#include "scgi.h"

#include <string.h>

static const char *const names[] = { "CONTENT_LENGTH", "SCGI", "ALAS_DOOR",
	"REQUEST_METHOD", "REQUEST_URI", "REMOTE_ADDR", "HTTPS", "REQUEST_ID",
	"CONTENT_TYPE", "HTTP_HOST", "HTTP_COOKIE", "HTTP_AUTHORIZATION",
	"HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_ACCEPT",
	"HTTP_ACCEPT_LANGUAGE", "HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH",
	"HTTP_IDEMPOTENCY_KEY", "HTTP_USER_AGENT" };

enum { LENGTH_DIGITS_MAX = 5, BODY_DIGITS_MAX = 10,
	IN_MAX = SCGI_HEADER_MAX + 16 + 32 * MIB };

struct scgi
scgi_new(void)
{
	return (struct scgi){ .in = buf_new(IN_MAX), .state = SCGI_MORE };
}

void
scgi_free(struct scgi *s)
{
	buf_free(&s->in);
}

static bool
digits(text t)
{
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	}
	return t.n > 0;
}

/* "LENGTH:" of the header; false while it may still come. */
static enum scgi_state
read_length(struct scgi *s)
{
	int64_t n;

	for (size_t i = 0; i < s->in.n; i++) {
		text t = { s->in.p, i };

		if (s->in.p[i] != ':') {
			if (i >= LENGTH_DIGITS_MAX || s->in.p[i] < '0' ||
			    s->in.p[i] > '9')
				return SCGI_BAD;
			continue;
		}
		if (!digits(t) || (t.n > 1 && t.p[0] == '0') ||
		    !text_integer(t, &n) || n > SCGI_HEADER_MAX)
			return SCGI_BAD;
		s->head_at = i + 1;
		s->head_n = (size_t)n;
		return SCGI_HEAD;
	}
	return SCGI_MORE;
}

/* The next NUL-ended pair; false at the end or when malformed. */
static bool
next_pair(text *rest, struct pair *ret)
{
	text part[2];

	for (int i = 0; i < 2; i++) {
		const char *end = memchr(rest->p, '\0', rest->n);

		if (end == NULL)
			return false;
		part[i] = (text){ rest->p, (size_t)(end - rest->p) };
		*rest = (text){ end + 1, rest->n - part[i].n - 1 };
	}
	*ret = (struct pair){ part[0], part[1] };
	return true;
}

static int
name_index(text name)
{
	for (size_t i = 0; i < LENGTH(names); i++) {
		if (text_same(name, text_of(names[i])))
			return (int)i;
	}
	return -1;
}

static bool
pair_good(const struct pair *p, size_t at, uint32_t *seen)
{
	int i = name_index(p->name);

	if (i < 0 || (*seen & 1u << i) != 0 || (at == 0) != (i == 0))
		return false;
	*seen |= 1u << i;
	return p->value.n <= SCGI_VALUE_MAX &&
	    !text_has_control(p->value, false);
}

/* Closed list, each once, CONTENT_LENGTH first, SCGI is 1. */
static bool
head_good(struct scgi *s)
{
	text rest = { s->in.p + s->head_at, s->head_n };
	uint32_t seen = 0;
	size_t n = 0;
	text length;
	int64_t body;
	struct pair p;

	while (rest.n > 0) {
		if (n == SCGI_NAMES_MAX || !next_pair(&rest, &p) ||
		    !pair_good(&p, n, &seen))
			return false;
		n++;
	}
	length = scgi_value(s, "CONTENT_LENGTH");
	if (!text_same(scgi_value(s, "SCGI"), T("1")) || !digits(length) ||
	    length.n > BODY_DIGITS_MAX || !text_integer(length, &body))
		return false;
	s->body_n = (uint64_t)body;
	return true;
}

enum scgi_state
scgi_feed(struct scgi *s, const void *p, size_t n)
{
	/* Bytes after the end belong to nobody and are not even kept. */
	if (s->state == SCGI_BAD || s->state == SCGI_NO_ROOM ||
	    s->state == SCGI_WHOLE)
		return s->state;
	if (n > 0)
		buf_add(&s->in, p, n);
	if (s->in.failed)
		return s->state = s->in.starved ? SCGI_NO_ROOM : SCGI_BAD;
	if (s->head_at == 0) {
		enum scgi_state got = read_length(s);

		if (got != SCGI_HEAD)
			return s->state = got;
	}
	if (s->body_at == 0) {
		size_t end = s->head_at + s->head_n;

		if (s->in.n < end + 1)
			return s->state = SCGI_MORE;
		if (s->in.p[end] != ',' || !head_good(s))
			return s->state = SCGI_BAD;
		s->body_at = end + 1;
		return s->state = SCGI_HEAD;
	}
	if (s->in.n - s->body_at < s->body_n)
		return s->state = SCGI_MORE;
	return s->state = SCGI_WHOLE;
}

text
scgi_value(const struct scgi *s, const char *name)
{
	text rest = { s->in.p + s->head_at, s->head_n };
	struct pair p;

	while (rest.n > 0 && next_pair(&rest, &p)) {
		if (text_same(p.name, text_of(name)))
			return p.value;
	}
	return T("");
}
