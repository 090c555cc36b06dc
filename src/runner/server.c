#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "inside.h"

enum { PART = 64 * KIB, SOCKET = STDERR_FILENO + 1 };

const struct runner_limits runner_limits_default = {
	.cpu_s = 30, .wall_ms = 60 * 1000, .memory = (uint64_t)1024 * MIB,
};

enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING };

struct job {
	enum job_state state;
	enum runner_kind kind;
	uint64_t ticket, order;		/* order: who came first */
	struct secret request;
	size_t request_n;
	int document;			/* what the filter reads */
	struct child child;
	int64_t ends_ms;		/* killed then */
	uint8_t hash[32];		/* what our own children say */
	int made;			/* what the filter says */
	size_t made_n;
	bool too_large;
	bool said_all;			/* closed its end of the pipe */
};

struct server {
	const struct runner_options *o;
	int socket;
	struct secret incoming;
	struct job job[RUNNER_KINDS][RUNNER_SLOTS];
	uint64_t order;
	const struct job *starting;	/* kept when the rest is forgotten */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- answers ---------------------------------------------------------- */

static result answer(struct server *s, enum runner_kind kind, uint64_t number,
    enum wire_outcome outcome, const struct job *j)
{
	uint8_t p[WIRE_ANSWER] = { WIRE_VERSION, (uint8_t)kind,
		(uint8_t)outcome };
	int document = -1;

	put_u64(p + 8, number);
	if (outcome == WIRE_OK && kind == RUNNER_ARGON2)
		memcpy(p + WIRE_HEAD, j->hash, sizeof(j->hash));
	if (outcome == WIRE_OK && kind == RUNNER_CRACK)
		p[3] = j->hash[0];
	if (outcome == WIRE_OK && kind == RUNNER_FILTER)
		document = j->made;
	result r = wire_send(s->socket, p, sizeof(p), document, 0);
	sodium_memzero(p, sizeof(p));
	return r;
}

static void request_forget(struct job *j)
{
	sodium_memzero(j->request.p, j->request.n);
	j->request_n = 0;
	if (j->document >= 0)
		close(j->document);
	j->document = -1;
}

static void job_free(struct job *j)
{
	request_forget(j);
	sodium_memzero(j->hash, sizeof(j->hash));
	if (j->made >= 0)
		close(j->made);
	j->made = -1;
	j->made_n = 0;
	j->too_large = false;
	j->said_all = false;
	j->state = JOB_FREE;
}

/* ---- what children say ------------------------------------------------ */

static void take_made(struct job *j, const char *p, size_t n)
{
	if (j->made_n + n > RUNNER_OUT_MAX) {
		j->too_large = true;
		return;
	}
	if (!is_ok(document_add(j->made, p, n)))
		j->too_large = true;
	j->made_n += n;
}

/* Of ours no more than a hash is wanted; more would be a fault. */
static void take_hash(struct job *j, const char *p, size_t n)
{
	if (j->made_n + n <= sizeof(j->hash))
		memcpy(j->hash + j->made_n, p, n);
	j->made_n += n;
}

/* All that is in the pipe now. */
static void listen_to(struct job *j)
{
	char part[PART];

	while (!j->too_large && !j->said_all) {
		ssize_t n = read(j->child.out, part, sizeof(part));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		if (n == 0)
			j->said_all = true;
		else if (j->kind == RUNNER_FILTER)
			take_made(j, part, (size_t)n);
		else
			take_hash(j, part, (size_t)n);
	}
	if (j->kind != RUNNER_FILTER)
		sodium_memzero(part, sizeof(part));
}

static bool complete(const struct job *j)
{
	switch (j->kind) {
	case RUNNER_ARGON2:
		return j->made_n == sizeof(j->hash);
	case RUNNER_CRACK:
		return j->made_n == 1;
	case RUNNER_FILTER:
		return is_ok(document_seal(j->made));
	case RUNNER_KINDS:
		break;
	}
	return false;
}

static enum wire_outcome outcome_of(const struct job *j, enum cell_exit end)
{
	if (j->too_large)
		return WIRE_TOO_LARGE;
	switch (end) {
	case CELL_EXIT_DONE:
		return complete(j) ? WIRE_OK : WIRE_UNAVAILABLE;
	case CELL_EXIT_INVALID:
		return WIRE_INVALID;
	case CELL_EXIT_TOO_LARGE:
		return WIRE_TOO_LARGE;
	case CELL_EXIT_NO_START:
		return WIRE_NO_START;
	case CELL_EXIT_FAILED:
		break;
	}
	return WIRE_UNAVAILABLE;
}

static result job_end(struct server *s, struct job *j)
{
	listen_to(j);
	enum wire_outcome o = outcome_of(j, runner_child_end(&j->child));
	result r = answer(s, j->kind, j->ticket, o, j);
	job_free(j);
	return r;
}

/* ---- starting --------------------------------------------------------- */

/* In a child: nobody else's passphrase goes where this job goes. */
static void forget_others(void *self)
{
	struct server *s = self;

	for (int k = 0; k < RUNNER_KINDS; k++)
		for (int i = 0; i < RUNNER_SLOTS; i++)
			if (&s->job[k][i] != s->starting)
				sodium_memzero(s->job[k][i].request.p,
				    s->job[k][i].request.n);
}

static result job_start(struct server *s, struct job *j)
{
	struct work w = {
		.kind = j->kind,
		.request = { (const char *)j->request.p, j->request_n },
		.document = j->document,
		.filter = s->o->filter,
		.limits = &s->o->limits,
		.forget = forget_others,
		.self = s,
	};

	s->starting = j;
	if (j->kind == RUNNER_FILTER)
		TRY(document_make(&j->made));
	TRY(runner_child_start(&w, &j->child));
	request_forget(j);
	j->state = JOB_RUNNING;
	j->ends_ms = now_ms() + s->o->limits.wall_ms;
	return OK;
}

static struct job *next_of(struct server *s, int kind)
{
	struct job *first = NULL;
	int running = 0;

	for (int i = 0; i < RUNNER_SLOTS; i++) {
		struct job *j = &s->job[kind][i];

		running += j->state == JOB_RUNNING;
		if (j->state == JOB_WAITING &&
		    (first == NULL || j->order < first->order))
			first = j;
	}
	return running < RUNNER_AT_ONCE ? first : NULL;
}

static result start_all(struct server *s)
{
	struct job *j;

	for (int k = 0; k < RUNNER_KINDS; k++) {
		while ((j = next_of(s, k)) != NULL) {
			if (is_ok(job_start(s, j)))
				continue;
			TRY(answer(s, j->kind, j->ticket, WIRE_UNAVAILABLE,
			    j));
			job_free(j);
		}
	}
	return OK;
}

/* ---- requests --------------------------------------------------------- */

static struct job *free_of(struct server *s, enum runner_kind kind)
{
	for (int i = 0; i < RUNNER_SLOTS; i++)
		if (s->job[kind][i].state == JOB_FREE)
			return &s->job[kind][i];
	return NULL;
}

/* A filter's document must not change under it. */
static bool well_formed(enum runner_kind kind, size_t n, int document)
{
	if (n <= WIRE_HEAD)
		return false;
	return kind == RUNNER_FILTER ?
	    document >= 0 && document_sealed(document) &&
	    lseek(document, 0, SEEK_SET) == 0 : document < 0;
}

static result refuse_request(struct server *s, enum runner_kind kind,
    uint64_t number, enum wire_outcome why, int document)
{
	if (document >= 0)
		close(document);
	return answer(s, kind, number, why, NULL);
}

static result take_request(struct server *s, size_t n, int document)
{
	const uint8_t *p = s->incoming.p;
	enum runner_kind kind = (enum runner_kind)p[1];
	uint64_t number = get_u64(p + 8);
	struct job *j = free_of(s, kind);

	if (!well_formed(kind, n, document))
		return refuse_request(s, kind, number, WIRE_INVALID, document);
	if (j == NULL)
		return refuse_request(s, kind, number, WIRE_BUSY, document);

	j->kind = kind;
	j->ticket = number;
	j->order = ++s->order;
	j->document = document;
	j->request_n = n;
	memcpy(j->request.p, p, n);
	j->state = JOB_WAITING;
	return OK;
}

static result receive(struct server *s)
{
	size_t n;
	int document;

	TRY(wire_receive(s->socket, s->incoming.p, s->incoming.n, &n,
	    &document));
	const uint8_t *p = s->incoming.p;
	result r;
	if (n >= WIRE_HEAD && p[0] == WIRE_VERSION && p[1] < RUNNER_KINDS) {
		r = take_request(s, n, document);
	} else {
		/* Not our office: nobody else has this socket. */
		if (document >= 0)
			close(document);
		r = refuse(BAD_REQUEST);
	}
	sodium_memzero(s->incoming.p, n);
	return r;
}

/* ---- the loop --------------------------------------------------------- */

enum { WAITS = 1 + 2 * RUNNER_KINDS * RUNNER_AT_ONCE };

struct waits {
	struct pollfd fd[WAITS];
	struct job *job[WAITS];
	nfds_t n;
	int64_t first_end_ms;		/* 0: none */
};

static void wait_for(struct waits *w, int fd, struct job *j)
{
	w->fd[w->n] = (struct pollfd){ .fd = fd, .events = POLLIN };
	w->job[w->n++] = j;
}

static void waits_build(struct server *s, struct waits *w)
{
	wait_for(w, s->socket, NULL);
	for (int k = 0; k < RUNNER_KINDS; k++) {
		for (int i = 0; i < RUNNER_SLOTS; i++) {
			struct job *j = &s->job[k][i];

			if (j->state != JOB_RUNNING)
				continue;
			/* A closed pipe would wake us without end. */
			wait_for(w, j->said_all ? -1 : j->child.out, j);
			wait_for(w, j->child.ended, j);
			if (w->first_end_ms == 0 ||
			    j->ends_ms < w->first_end_ms)
				w->first_end_ms = j->ends_ms;
		}
	}
}

static int timeout_of(const struct waits *w)
{
	if (w->first_end_ms == 0)
		return -1;
	int64_t left = w->first_end_ms - now_ms();
	return left < 0 ? 0 : (int)left + 1;
}

static result attend(struct server *s, struct waits *w)
{
	int64_t now = now_ms();

	for (nfds_t i = 1; i + 1 < w->n; i += 2) {
		struct job *j = w->job[i];

		if (w->fd[i].revents != 0)
			listen_to(j);
		if (w->fd[i + 1].revents != 0 || j->too_large ||
		    now >= j->ends_ms)
			TRY(job_end(s, j));
	}
	if (w->fd[0].revents != 0)
		TRY(receive(s));
	return OK;
}

static result turn(struct server *s)
{
	struct waits w = { .n = 0 };

	TRY(start_all(s));
	waits_build(s, &w);
	if (poll(w.fd, w.n, timeout_of(&w)) < 0)
		return errno == EINTR ? OK : fault(IO);
	return attend(s, &w);
}

/*
 * The runner is a fork of `alas serve`: what that holds, sockets of other
 * runners among it, must not stay open here.
 */
static result only_socket(int fd, int *ret)
{
	int kept = fd == SOCKET ? fd : dup3(fd, SOCKET, O_CLOEXEC);

	if (kept < 0 || close_range(SOCKET + 1, ~0U, 0) != 0)
		return fault(IO);
	*ret = kept;
	return OK;
}

/* Half begun is begun: server_end takes it. */
static result server_begin(const struct runner_options *o, struct server *s)
{
	for (int k = 0; k < RUNNER_KINDS; k++) {
		for (int i = 0; i < RUNNER_SLOTS; i++) {
			s->job[k][i].document = -1;
			s->job[k][i].made = -1;
		}
	}
	s->o = o;
	TRY(only_socket(o->fd, &s->socket));
	TRY(secret_new(RUNNER_REQUEST_MAX, &s->incoming));
	for (int k = 0; k < RUNNER_KINDS; k++)
		for (int i = 0; i < RUNNER_SLOTS; i++)
			TRY(secret_new(RUNNER_REQUEST_MAX,
			    &s->job[k][i].request));
	return OK;
}

static void server_end(struct server *s)
{
	for (int k = 0; k < RUNNER_KINDS; k++) {
		for (int i = 0; i < RUNNER_SLOTS; i++) {
			struct job *j = &s->job[k][i];

			if (j->state == JOB_RUNNING)
				runner_child_end(&j->child);
			job_free(j);
			secret_free(&j->request);
		}
	}
	secret_free(&s->incoming);
}

static result work(const struct runner_options *o)
{
	result r = OK;

	TRY(cell_harden());
	TRY(seal_start());

	CLEANUP(server_end) struct server s = { .socket = -1 };
	TRY(server_begin(o, &s));
	signal(SIGPIPE, SIG_IGN);
	while (is_ok(r) || r.code == E_NOT_FOUND)
		r = turn(&s);
	return r;
}

int runner_main(const struct runner_options *o)
{
	result r = work(o);

	/* The office has closed its end: that is how a runner's day ends. */
	return r.code == E_UNAVAILABLE ? 0 : 1;
}
