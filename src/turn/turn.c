#include "turn.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

result
turn_new(struct office *office, instant now, struct turn **ret)
{
	struct turn *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return fault(NO_MEMORY);
	v->arena = arena_new(OP_ARENA_MAX);
	if (v->arena == NULL) {
		free(v);
		return fault(NO_MEMORY);
	}
	v->office = office;
	v->out = buf_new(ANSWER_MAX + SCGI_HEADER_MAX);
	v->op = (struct op){ .office = office, .arena = v->arena,
		.now = now, .today = instant_day(now) };
	*ret = v;
	return OK;
}

void
turn_free(struct turn **v)
{
	if (*v == NULL)
		return;
	op_abort(&(*v)->op);
	files_close(&(*v)->op.reading);
	files_close(&(*v)->reading);
	buf_free(&(*v)->out);
	arena_free((*v)->arena);
	free(*v);
	*v = NULL;
}

result
turn_route(text method, text uri, struct route *ret, text *ret_allow,
    struct arena *a)
{
	const text base = T(API_BASE "/");
	text path = text_cut(&uri, '?');

	if (!text_starts(path, base))
		return ops_route(DOOR_PAGES, method, path, ret, ret_allow, a);
	path = (text){ path.p + base.n - 1, path.n - base.n + 1 };
	return ops_route(DOOR_API, method, path, ret, ret_allow, a);
}

static struct input *
input_of(struct turn *v, text name)
{
	for (size_t i = 0; i < v->op.inputs_n; i++) {
		if (text_same(v->op.inputs[i].name, name))
			return &v->op.inputs[i];
	}
	return NULL;
}

/* "_csrf", "_v" and "_idem" are the door's own. */
static bool
door_own(text name)
{
	return name.n > 0 && name.p[0] == '_';
}

result
turn_inputs(struct turn *v, const struct pair *pairs, size_t n)
{
	v->op.inputs = arena_array(v->arena, n + 1, sizeof(struct input));
	NEED(v->op.inputs);
	v->op.inputs_n = 0;
	for (size_t i = 0; i < n; i++) {
		struct input *in;
		text *values;

		if (door_own(pairs[i].name) ||
		    input_of(v, pairs[i].name) != NULL)
			continue;
		values = arena_array(v->arena, n, sizeof(*values));
		NEED(values);
		in = &v->op.inputs[v->op.inputs_n++];
		in->name = pairs[i].name;
		in->values = values;
		for (size_t k = i; k < n; k++) {
			if (text_same(pairs[k].name, in->name))
				values[in->n++] = pairs[k].value;
		}
	}
	return OK;
}

/* An empty choice of files comes as a part without name and bytes. */
result
turn_parts(struct turn *v, struct pair **ret, size_t *ret_n)
{
	struct upload *uploads = arena_array(v->arena, BODY_PARTS_MAX,
	    sizeof(*uploads));
	struct pair *pairs = arena_array(v->arena, BODY_PARTS_MAX,
	    sizeof(*pairs));
	struct part *parts = NULL;
	size_t n = 0;
	size_t files = 0;

	NEED(uploads);
	NEED(pairs);
	if (!request_type_is(&v->request, "multipart/form-data"))
		return refuse(MEDIA_TYPE);
	TRY(multipart_read(v->request.content_type, v->request.body,
	    v->arena, &parts, &n));
	for (size_t i = 0; i < n; i++) {
		const struct part *p = &parts[i];
		bool empty = p->file_name.n == 0 && p->value.n == 0;

		pairs[i] = (struct pair){ p->name, p->file ? p->file_name :
		    p->value };
		if (p->file && !empty)
			uploads[files++] = (struct upload){ p->name,
			    p->file_name, p->value };
	}
	v->op.uploads = uploads;
	v->op.uploads_n = files;
	*ret = pairs;
	*ret_n = n;
	return OK;
}

/* With its length before it: no other texts give the same bytes. */
static void
digest_text(crypto_generichash_state *st, text t)
{
	uint8_t n[8];

	put_u64(n, t.n);
	crypto_generichash_update(st, n, sizeof(n));
	crypto_generichash_update(st, (const uint8_t *)t.p, t.n);
}

void
turn_digest(struct turn *v)
{
	crypto_generichash_state st;
	uint8_t n[8];

	crypto_generichash_init(&st, NULL, 0, 32);
	digest_text(&st, v->request.method);
	digest_text(&st, v->request.uri);
	/* Inputs, not the raw body: its CSRF field differs each time. */
	for (size_t i = 0; i < v->op.inputs_n; i++) {
		const struct input *in = &v->op.inputs[i];

		digest_text(&st, in->name);
		put_u64(n, in->n);
		crypto_generichash_update(&st, n, sizeof(n));
		for (size_t k = 0; k < in->n; k++)
			digest_text(&st, in->values[k]);
	}
	for (size_t i = 0; i < v->op.uploads_n; i++)
		digest_text(&st, v->op.uploads[i].bytes);
	crypto_generichash_final(&st, v->once.digest, 32);
}

static const struct { int status; const char *text; } statuses[] = {
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
	{ 204, "No Content" }, { 303, "See Other" },
	{ 304, "Not Modified" }, { 400, "Bad Request" },
	{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 409, "Conflict" },
	{ 412, "Precondition Failed" }, { 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" }, { 422, "Unprocessable Content" },
	{ 428, "Precondition Required" }, { 429, "Too Many Requests" },
	{ 500, "Internal Server Error" }, { 503, "Service Unavailable" },
};

const char *
status_text(int status)
{
	for (size_t i = 0; i < LENGTH(statuses); i++) {
		if (statuses[i].status == status)
			return statuses[i].text;
	}
	return "Unknown";
}

static void
line(struct turn *v, const char *name, text value)
{
	if (value.n == 0)
		return;
	buf_format(&v->out, "%s: ", name);
	buf_text(&v->out, value);
	buf_text(&v->out, T("\r\n"));
}

static void
cookie(struct turn *v, const char *name, text value, int seconds)
{
	bool end = text_same(value, T("-"));

	if (value.n == 0)
		return;
	buf_format(&v->out, "Set-Cookie: %s=%.*s; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict", name, end ? 0 : (int)value.n, value.p);
	if (end)
		buf_text(&v->out, T("; Max-Age=0"));
	else if (seconds > 0)
		buf_format(&v->out, "; Max-Age=%d", seconds);
	buf_text(&v->out, T("\r\n"));
}

static const char own_csp[] = "default-src 'none'; style-src 'self'; "
    "img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

static void
security_headers(struct turn *v, const struct head *h)
{
	line(v, "Content-Security-Policy",
	    text_of(h->csp == NULL ? own_csp : h->csp));
	line(v, "X-Content-Type-Options", T("nosniff"));
	line(v, "Referrer-Policy", T("same-origin"));
	line(v, "Cross-Origin-Opener-Policy", T("same-origin"));
	line(v, "Cross-Origin-Resource-Policy", T("same-origin"));
	line(v, "Permissions-Policy",
	    T("camera=(), microphone=(), geolocation=()"));
	line(v, "Cache-Control", T("no-store"));
	if (v->request.https)
		line(v, "Strict-Transport-Security",
		    T("max-age=63072000; includeSubDomains"));
}

void
turn_head(struct turn *v, const struct head *h)
{
	enum { DEVICE_SECONDS = 180 * 24 * 3600 };

	v->status = h->status;
	if ((h->status == 429 || h->status == 503) &&
	    v->op.retry_after.n == 0)
		v->op.retry_after = T("5");
	buf_clear(&v->out);
	buf_format(&v->out, "Status: %d %s\r\n", h->status,
	    status_text(h->status));
	line(v, "Content-Type", text_of(h->type));
	line(v, "Location", h->location);
	line(v, "Allow", h->allow);
	line(v, "ETag", h->etag);
	line(v, "Link", h->link);
	line(v, "WWW-Authenticate", text_of(h->authenticate));
	line(v, "Retry-After", v->op.retry_after);
	if (h->download.n > 0)
		buf_format(&v->out, "Content-Disposition: attachment; "
		    "filename*=UTF-8''%.*s\r\n", (int)h->download.n,
		    h->download.p);
	if (h->length > 0)
		buf_format(&v->out, "Content-Length: %llu\r\n",
		    (unsigned long long)h->length);
	if (h->echoes)
		line(v, "Content-Encoding", T("identity"));
	if (h->clear_site)
		line(v, "Clear-Site-Data",
		    T("\"cache\", \"cookies\", \"storage\""));
	cookie(v, "__Host-s", v->op.set_session, 0);
	cookie(v, "__Host-d", v->op.set_device, DEVICE_SECONDS);
	security_headers(v, h);
	buf_text(&v->out, T("\r\n"));
}

void
turn_body(struct turn *v, text body)
{
	if (!text_same(v->request.method, T("HEAD")))
		buf_text(&v->out, body);
}

bool
turn_has_bytes(const struct turn *v)
{
	return v->op.body.n > 0 || v->op.reading != NULL;
}

/* The file is the turn's from here on: a refusal has none behind it. */
void
turn_bytes(struct turn *v)
{
	struct head h = { .status = 200,
		.type = arena_text(v->arena, v->op.content_type).p,
		.download = v->op.content_name,
		.length = v->op.reading != NULL ? v->op.reading_n : 0,
		.csp = "sandbox; default-src 'none'" };

	if (h.type == NULL || h.type[0] == '\0')
		h.type = "application/octet-stream";
	turn_head(v, &h);
	turn_body(v, v->op.body);
	v->reading = v->op.reading;
	v->op.reading = NULL;
}

result
turn_more(struct turn *v, bool *ret_end)
{
	buf_clear(&v->out);
	TRY(files_read(v->reading, &v->out, ret_end));
	if (*ret_end)
		files_close(&v->reading);
	return OK;
}
