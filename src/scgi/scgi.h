/*
 * scgi: one request from nginx or the shell, read from the socket and
 * taken apart.  The only parser of what comes from the
 * network; it knows no operation, no session and no key.
 *
 * A request is a netstring of NUL-ended pairs from a closed list, then a
 * body of exactly the length said.  One request per connection.
 */
#ifndef ALAS_SCGI_H
#define ALAS_SCGI_H

#include "base.h"

struct pair { text name, value; };

enum { QUERY_NAMES_MAX = 30, COOKIES_MAX = 20 };

struct http_request {
	/* As sent; memory of the arena given to scgi_take. */
	text method, uri, path, query;
	text host, content_type, cookie, authorization, origin;
	text sec_fetch_site, accept, accept_language, if_match;
	text if_none_match, idempotency_key, user_agent, request_id;
	bool https, shell;
	struct pair ask[QUERY_NAMES_MAX];	/* the query, decoded */
	size_t ask_n;
	struct pair cookies[COOKIES_MAX];
	size_t cookies_n;
	text body;
};

enum scgi_state {
	SCGI_MORE,		/* give more bytes */
	SCGI_HEAD,		/* the header is whole: say the body's limit */
	SCGI_WHOLE,		/* everything is there */
	SCGI_NO_ROOM,		/* no memory for it: answer 503 and close */
	SCGI_BAD		/* answer 400 and close */
};

struct scgi {
	struct buf in;		/* bytes so far */
	enum scgi_state state;
	size_t head_at, head_n;	/* pairs within `in` */
	size_t body_at;
	uint64_t body_n;	/* as CONTENT_LENGTH said */
};

struct scgi scgi_new(void);
void scgi_free(struct scgi *s);
/* Take what arrived.  SCGI_HEAD comes once; call again (with nothing) to
 * go on to the body. */
enum scgi_state scgi_feed(struct scgi *s, const void *p, size_t n);
/* Name a header's value while only the head is there; "" if absent. */
text scgi_value(const struct scgi *s, const char *name);

/*
 * The whole request.  BAD_REQUEST: URI not from the root, a byte or
 * segment a path may not have, a query that does not decode, a control
 * character, a repeated parameter or cookie, a body on GET.
 * METHOD: none of those the office knows.
 */
MUST_USE result scgi_take(const struct scgi *s, struct arena *a,
    struct http_request *ret);

text request_cookie(const struct http_request *r, const char *name);
/* Media type without parameters, small letters compared. */
bool request_type_is(const struct http_request *r, const char *type);

/* application/x-www-form-urlencoded: pairs in order, names may repeat.
 * BAD_REQUEST: invalid escape, UTF-8 or control; TOO_LARGE: > 500 names. */
MUST_USE result urlencoded_read(text body, struct arena *a,
    struct pair **ret, size_t *ret_n);

/*
 * multipart/form-data: what a form with files sends.  `value` of a file is a
 * view of the body; of a text it is checked as above.  BAD_REQUEST: not
 * exactly that (no last boundary, another header, parts within parts, a
 * name that is not plain).  TOO_LARGE: more than BODY_PARTS_MAX parts.
 */
struct part { text name, value, file_name; bool file; };
MUST_USE result multipart_read(text content_type, text body, struct arena *a,
    struct part **ret, size_t *ret_n);

#endif
