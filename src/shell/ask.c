/* One request to the office: SCGI over its own socket, as the shell's door. */
#include "shell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAIT_SECONDS_MAX = 120, READ_STEP = 64 * KIB };

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static result
reach_office(const struct shell *s, int *ret)
{
	CLEANUP(close_fd) int fd = -1;
	const struct timeval wait = { .tv_sec = WAIT_SECONDS_MAX };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	text path = arena_format(s->arena, "%s/run/office.sock", s->data);

	if (path.p == NULL || path.n >= sizeof(at.sun_path))
		return refuse(UNAVAILABLE);
	memcpy(at.sun_path, path.p, path.n);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&at,
	    sizeof(at)) != 0)
		return refuse(UNAVAILABLE);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
	    sizeof(wait)) != 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO,
	    &wait, sizeof(wait)) != 0)
		return refuse(UNAVAILABLE);
	*ret = fd;
	fd = -1;
	return OK;
}

/* ---- out -------------------------------------------------------------- */

static void
add_pair(struct buf *head, const char *name, text value)
{
	if (value.n == 0)
		return;
	buf_add(head, name, strlen(name) + 1);
	buf_text(head, value);
	buf_char(head, '\0');
}

static result
write_request(const struct shell *s, const struct request *r, struct buf *out)
{
	CLEANUP(buf_free) struct buf head = buf_new(SCGI_HEADER_MAX);
	text base = text_of(table_text(s->table, "base"));

	add_pair(&head, "CONTENT_LENGTH", arena_format(s->arena, "%zu",
	    r->body.n));
	add_pair(&head, "SCGI", T("1"));
	add_pair(&head, "ALAS_DOOR", T("shell"));
	add_pair(&head, "REQUEST_METHOD", text_of(r->method));
	add_pair(&head, "REQUEST_URI", arena_format(s->arena, "%.*s%.*s",
	    (int)base.n, base.p, (int)r->uri.n, r->uri.p));
	if (r->body.n > 0)
		add_pair(&head, "CONTENT_TYPE", r->type.n > 0 ? r->type :
		    T("application/json"));
	if (r->token.n > 0)
		add_pair(&head, "HTTP_AUTHORIZATION", arena_format(s->arena,
		    "Bearer %.*s", (int)r->token.n, r->token.p));
	add_pair(&head, "HTTP_ACCEPT", r->json ? T("application/json") :
	    T("text/plain"));
	add_pair(&head, "HTTP_ACCEPT_LANGUAGE", words_lang_code(s->lang));
	add_pair(&head, "HTTP_IF_MATCH", r->if_match);
	add_pair(&head, "HTTP_IDEMPOTENCY_KEY", r->key);
	TRY(buf_end(&head));
	buf_format(out, "%zu:", head.n);
	buf_text(out, buf_view(&head));
	buf_char(out, ',');
	buf_text(out, r->body);
	return buf_end(out);
}

static result
send_all(int fd, const struct buf *out)
{
	size_t sent = 0;

	while (sent < out->n) {
		ssize_t n = send(fd, out->p + sent, out->n - sent,
		    MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refuse(UNAVAILABLE);
		sent += (size_t)n;
	}
	return OK;
}

/* ---- in --------------------------------------------------------------- */

static result
receive_all(int fd, struct buf *in)
{
	for (;;) {
		char *to = buf_extend(in, READ_STEP);
		ssize_t n;

		if (to == NULL)
			return refuse(TOO_LARGE);
		n = recv(fd, to, READ_STEP, 0);
		in->n -= READ_STEP;
		if (n < 0 && errno == EINTR)
			continue;
		/* Cut after an answer: the answer counts. */
		if (n <= 0)
			return in->n > 0 ? OK : refuse(UNAVAILABLE);
		in->n += (size_t)n;
	}
}

static void
take_header(struct answer *a, text line)
{
	text name = text_cut(&line, ':');
	text value = text_trim(line);
	text digits = text_cut(&value, ' ');
	int64_t status;

	if (text_same(name, T("Status"))) {
		if (text_integer(digits, &status) && status > 0 &&
		    status < 1000)
			a->status = (int)status;
		return;
	}
	value = text_trim(line);
	if (text_same(name, T("Content-Type")))
		a->type = value;
	else if (text_same(name, T("ETag")))
		a->etag = value;
}

static result
read_answer(const struct shell *s, const struct buf *in, struct answer *ret)
{
	text rest = arena_text(s->arena, buf_view(in));
	struct answer a = { .status = 0 };

	NEED(rest.p);
	while (rest.n > 0) {
		text line = text_trim(text_cut(&rest, '\n'));

		if (line.n == 0)
			break;
		take_header(&a, line);
	}
	a.body = rest;
	/* An answer without its status was cut, or is somebody else's. */
	if (a.status == 0)
		return refuse(UNAVAILABLE);
	*ret = a;
	return OK;
}

static result
ask_once(const struct shell *s, const struct request *r, struct answer *ret)
{
	CLEANUP(buf_free) struct buf out = buf_new(SCGI_HEADER_MAX +
	    UPLOAD_BODY_MAX + KIB);
	CLEANUP(buf_free) struct buf in = buf_new(UPLOAD_BODY_MAX + MIB);
	CLEANUP(close_fd) int fd = -1;

	TRY(write_request(s, r, &out));
	TRY(reach_office(s, &fd));
	/* What is too large is answered before it is taken. */
	ignore(send_all(fd, &out), "no answer comes then, or a refusal");
	TRY(receive_all(fd, &in));
	return read_answer(s, &in, ret);
}

/* An answer that got lost may be asked for again under the same key. */
result
ask(const struct shell *s, const struct request *r, struct answer *ret)
{
	result got = ask_once(s, r, ret);

	if (got.code == E_UNAVAILABLE && (r->key.n > 0 ||
	    strcmp(r->method, "GET") == 0)) {
		sleep(1);	/* the time that a new start takes */
		got = ask_once(s, r, ret);
	}
	return got;
}

json_t *
answer_json(const struct answer *a)
{
	return json_loadb(a->body.p, a->body.n, 0, NULL);
}
