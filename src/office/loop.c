/*
 * The one loop: accept, read, run, answer; errands of the runner; once a
 * second the read leaves, the sessions' last use, the idle seal.
 */
#include "office.h"

#include "api.h"
#include "audit.h"
#include "lifecycle.h"
#include "pages.h"
#include "runner.h"
#include "turn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 64, READ_STEP = 64 * KIB, ARRIVE_S = 30,
	REST_AFTER_S = 5, NIGHT_AGAIN_S = 600,
	/* Nobody who tries passphrases takes the places of known devices. */
	STRANGERS_AT_RUNNER = RUNNER_AT_ONCE + RUNNER_QUEUE - 4 };

struct connection {
	int fd;
	struct scgi in;
	struct turn *turn;
	size_t sent;
	ticket ticket;
	int64_t since_s;
	struct timespec begun;
	bool used;
	bool watched;			/* epoll knows it */
	bool over;	/* answered; what still comes is thrown away */
	bool upload;			/* one of UPLOADS_MAX */
};

struct loop {
	struct office *office;
	int epoll, listener, control, timer, signals, runner;
	struct connection *connections;
	struct connection *copying;	/* waits for the copy of a backup */
	size_t places;			/* connections at once */
	int64_t second, busy_second, night_second, sign_after;
	uid_t self;
	bool reseal_again;		/* its last slice failed */
	struct front_facts front;
	bool deaf;			/* no more files: nobody is accepted */
};

/* Markers in epoll's data beside connections. */
static const char at_listener, at_control, at_timer, at_signals, at_runner;

static result
watch(struct loop *l, int fd, uint32_t events, void *what)
{
	struct epoll_event e = { .events = events, .data.ptr = what };

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) == 0 ? OK :
	    fault(IO);
}

/* Most are answered with what came at once, and epoll never hears of them. */
static result
watch_connection(struct loop *l, struct connection *c, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	if (epoll_ctl(l->epoll, c->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
	    c->fd, &e) != 0)
		return fault(IO);
	c->watched = true;
	return OK;
}

static void *
marker(const char *m)
{
	union { const char *c; void *v; } u = { .c = m };

	return u.v;
}

/* ---- logs: formats.md, Logs -------------------------------------------- */

static void
log_answer(struct loop *l, const struct connection *c)
{
	struct timespec now;
	const struct turn *t = c->turn;
	int64_t us;

	clock_gettime(CLOCK_MONOTONIC, &now);
	us = (now.tv_sec - c->begun.tv_sec) * 1000000 +
	    (now.tv_nsec - c->begun.tv_nsec) / 1000;
	fprintf(stderr, "access %lld %s %s %d %lld.%03lld %zu %.*s\n",
	    (long long)l->second, t->api ? "api" : "pages",
	    t->routed ? t->route.row->name : "-", t->status,
	    (long long)(us / 1000), (long long)(us % 1000), t->out.n,
	    (int)t->request.request_id.n, t->request.request_id.p);
}

static void
log_fault(const struct turn *t)
{
	struct fault_trace f = base_fault_last();

	if (f.code == E_OK)
		return;
	fprintf(stderr, "fault %s %s:%d %.*s\n",
	    error_name((result){ (uint8_t)f.code }), f.file, f.line,
	    t == NULL ? 1 : (int)t->request.request_id.n,
	    t == NULL ? "-" : t->request.request_id.p);
}

/* ---- connections ------------------------------------------------------ */

static struct connection *
free_connection(struct loop *l)
{
	for (size_t i = 0; i < l->places; i++) {
		if (!l->connections[i].used)
			return &l->connections[i];
	}
	return NULL;
}

static void
end_connection(struct loop *l, struct connection *c)
{
	if (l->copying == c) {
		l->copying = NULL;
		l->office->copying = false;
		store_copy_free(&l->office->copy);
	}
	if (c->ticket.n != 0)
		runner_drop(l->office->runner, c->ticket);
	close(c->fd);
	scgi_free(&c->in);
	turn_free(&c->turn);
	*c = (struct connection){ 0 };
}

/* Only our own user may speak to the socket. */
static bool
peer_is_ours(const struct loop *l, int fd)
{
	struct ucred who;
	socklen_t n = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
	    who.uid == l->self;
}

/* Who cannot be accepted would wake us for ever: they wait in the system's
 * queue until the next second. */
static void
hear_listener(struct loop *l, bool hear)
{
	struct epoll_event e = { .events = hear ? EPOLLIN : 0,
		.data.ptr = marker(&at_listener) };

	if (epoll_ctl(l->epoll, EPOLL_CTL_MOD, l->listener, &e) == 0)
		l->deaf = !hear;
}

/*
 * An answer before all was read, to a form that is too large, would be lost
 * with what was not read: who still writes finds a broken connection first.
 */
static bool
throw_away_the_rest(struct loop *l, struct connection *c)
{
	c->over = c->in.state != SCGI_WHOLE &&
	    shutdown(c->fd, SHUT_WR) == 0 &&
	    is_ok(watch_connection(l, c, EPOLLIN));
	return c->over;
}

enum sent { SENT_ALL, SENT_SOME, SENT_NO_MORE };

static enum sent
send_out(struct loop *l, struct connection *c)
{
	struct buf *out = &c->turn->out;

	while (c->sent < out->n) {
		ssize_t n = send(c->fd, out->p + c->sent, out->n - c->sent,
		    MSG_NOSIGNAL);

		if (n > 0) {
			c->sent += (size_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		return n < 0 && errno == EAGAIN &&
		    is_ok(watch_connection(l, c, EPOLLOUT)) ? SENT_SOME :
		    SENT_NO_MORE;
	}
	return SENT_ALL;
}

/* A file follows its head piece by piece, as the other side takes it; one
 * that turns out damaged is cut short of the length that was told. */
static void
send_answer(struct loop *l, struct connection *c)
{
	enum sent sent = send_out(l, c);
	bool end = false;

	while (sent == SENT_ALL && c->turn->reading != NULL) {
		c->sent = 0;
		if (!is_ok(turn_more(c->turn, &end))) {
			log_fault(c->turn);
			break;
		}
		sent = send_out(l, c);
	}
	if (sent == SENT_SOME)
		return;
	if (sent != SENT_ALL || c->turn->reading != NULL ||
	    !throw_away_the_rest(l, c))
		end_connection(l, c);
}

/* ---- running ---------------------------------------------------------- */

static result
add_file(text folder, const file_ref *file, int document)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * READ_STEP);
	CLEANUP(files_close) struct file_reading *r = NULL;
	bool end = false;

	TRY(files_open(folder, file, &r));
	while (!end) {
		buf_clear(&b);
		TRY(files_read(r, &b, &end));
		TRY(document_add(document, b.p, b.n));
	}
	return OK;
}

/* The filter gets what it asked for and, behind it, a file opened. */
static result
begin_filter(struct loop *l, struct connection *c)
{
	const struct errand *e = &c->turn->op.errand;
	int document;
	result got;

	TRY(document_make(&document));
	got = document_add(document, e->document.p, e->document.n);
	if (is_ok(got) && e->file != NULL)
		got = add_file(l->office->folder, e->file, document);
	if (is_ok(got))
		got = document_seal(document);
	if (is_ok(got))
		got = runner_filter(l->office->runner, e->filter, document,
		    &c->ticket);
	close(document);
	return got;
}

static result
begin_errand(struct loop *l, struct connection *c)
{
	struct errand *e = &c->turn->op.errand;
	struct runner *r = l->office->runner;

	switch (e->kind) {
	case ERRAND_ARGON2:
		if (e->stranger && runner_asked(r, RUNNER_ARGON2) >=
		    STRANGERS_AT_RUNNER)
			return refuse(BUSY);
		return runner_argon2(r, e->secret, &e->kdf, &c->ticket);
	case ERRAND_CRACK:
		return runner_crack(r, e->secret, e->context, e->context_n,
		    &c->ticket);
	case ERRAND_FILTER:
		return begin_filter(l, c);
	case ERRAND_COPY:
		l->copying = c;
		l->office->copying = true;
		return OK;
	case ERRAND_NONE:
		return fault(BUG);
	}
	return fault(BUG);
}

/* What else comes while an errand runs belongs to nobody. */
static void
hear_only_the_end(struct loop *l, struct connection *c)
{
	if (!is_ok(watch_connection(l, c, EPOLLRDHUP)))
		fprintf(stderr, "epoll: cannot change\n");
}

/* A database that is not ours is the most that can be wrong: said by
 * itself, with both sizes. */
static void
log_foreign(const struct office *o)
{
	const struct audit_foreign *f = audit_foreign(o->audit);

	if (!f->there)
		return;
	fprintf(stderr, "sealed: the database has %llu leaves%s, this "
	    "office acknowledged %llu; see alas audit explain\n",
	    (unsigned long long)f->theirs.n, f->other ?
	    " of another history" : "", (unsigned long long)f->ours.n);
}

/* What others wrote to the same database, before anybody is answered. */
static result
follow(struct loop *l)
{
	bool open = keyring_open(l->office->keyring);
	struct arena *a;
	result got;

	if (!open)
		return OK;
	a = arena_new(OP_ARENA_MAX);
	NEED(a);
	got = office_follow(&(struct op){ .office = l->office, .arena = a,
		.now = office_now() });
	arena_free(a);
	if (!keyring_open(l->office->keyring)) {
		log_foreign(l->office);
		log_fault(NULL);
		return OK;		/* every door says: sealed */
	}
	return got;
}

static void
answer_refused(struct loop *l, struct connection *c, result why)
{
	struct turn *t = c->turn;

	if (t->api)
		api_refused(t, why);
	else
		pages_refused(t, why);
	log_fault(t);
	log_answer(l, c);
	send_answer(l, c);
}

static void
run_turn(struct loop *l, struct connection *c)
{
	struct turn *t = c->turn;
	result got = follow(l);

	if (!is_ok(got)) {
		answer_refused(l, c, got);
		return;
	}
	if (t->api)
		api_run(t);
	else
		pages_run(t);
	log_fault(t);
	while (t->waiting) {
		got = begin_errand(l, c);
		if (is_ok(got)) {
			hear_only_the_end(l, c);
			return;		/* answered later */
		}
		t->op.errand.done = true;
		t->op.errand.failed = got;
		if (t->api)
			api_run(t);
		else
			pages_run(t);
		log_fault(t);
	}
	log_answer(l, c);
	send_answer(l, c);
}

static void
errand_done(void *self, struct runner_answer *a)
{
	struct loop *l = self;

	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *c = &l->connections[i];
		struct errand *e;

		if (!c->used || c->ticket.n != a->ticket.n)
			continue;
		e = &c->turn->op.errand;
		c->ticket.n = 0;
		e->done = true;
		e->failed = a->outcome;
		memcpy(e->hash, a->hash, sizeof(e->hash));
		e->weakness = text_of(runner_weakness_key(a->weakness));
		if (a->kind == RUNNER_FILTER && is_ok(a->outcome)) {
			struct buf made = buf_new(ANSWER_MAX);

			e->failed = document_read(a->document, &made);
			e->made = arena_text(c->turn->arena, buf_view(&made));
			buf_free(&made);
		}
		run_turn(l, c);
		return;
	}
}

/* Some pages of a backup, between two requests. */
static void
copy_on(struct loop *l)
{
	struct connection *c = l->copying;
	bool near = false;
	result got = store_copy_step(l->office->copy, &near);

	l->busy_second = l->second;
	if (is_ok(got) && !near)
		return;
	l->copying = NULL;
	l->office->copying = false;
	c->turn->op.errand.done = true;
	c->turn->op.errand.failed = got;
	run_turn(l, c);
}

/* Some records of a rotation, between two requests. */
static void
reseal_on(struct loop *l)
{
	struct arena *a = arena_new(OP_ARENA_MAX);
	struct op op = { .office = l->office, .arena = a,
		.now = office_now() };
	result got = a == NULL ? fault(NO_MEMORY) : OK;
	bool passing = l->office->resealing;

	op.today = instant_day(op.now);
	if (is_ok(got))
		got = office_rotation_step(&op);
	/* No room, no database: in a second it may be otherwise. */
	l->reseal_again = !is_ok(got) && passing;
	if (!is_ok(got))
		l->office->resealing = false;
	log_fault(NULL);
	op_abort(&op);
	arena_free(a);
}

/* Which door, before anything of the request is believed. */
static void
begin_turn(struct loop *l, struct connection *c, result got)
{
	struct turn *t = NULL;

	if (!is_ok(turn_new(l->office, office_now(), &t))) {
		end_connection(l, c);
		return;
	}
	c->turn = t;
	l->busy_second = l->second;
	if (is_ok(got))
		got = scgi_take(&c->in, t->arena, &t->request);
	t->api = text_starts(t->request.path, T("/api/")) ||
	    text_same(scgi_value(&c->in, "ALAS_DOOR"), T("shell")) ||
	    text_starts(scgi_value(&c->in, "REQUEST_URI"), T("/api/"));
	if (is_ok(got))
		run_turn(l, c);
	else
		answer_refused(l, c, got);
}

/* May a body of this length come?  Few large ones at once, and only where
 * files are taken. */
static result
admit_body(struct loop *l, struct connection *c)
{
	text uri = scgi_value(&c->in, "REQUEST_URI");
	bool api = text_starts(uri, T("/api/"));
	struct arena *a;
	struct route route;
	text allow;
	size_t uploads = 0;
	result got;

	if (c->in.body_n <= (api ? JSON_BODY_MAX : FORM_BODY_MAX))
		return OK;
	a = arena_new(MIB);
	NEED(a);
	got = turn_route(scgi_value(&c->in, "REQUEST_METHOD"), uri, &route,
	    &allow, a);
	c->upload = is_ok(got) && (route.row->flags & OP_UPLOAD) != 0;
	arena_free(a);
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		uploads += l->connections[i].used && l->connections[i].upload;
	if (!c->upload || c->in.body_n > UPLOAD_BODY_MAX)
		return refuse(TOO_LARGE);
	return uploads > UPLOADS_MAX ? refuse(BUSY) : OK;
}

static void
read_more(struct loop *l, struct connection *c)
{
	static char bytes[READ_STEP];
	enum scgi_state state = SCGI_MORE;
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end_connection(l, c);
		return;
	}
	if (c->over) {
		explicit_bzero(bytes, (size_t)n);
		return;
	}
	state = scgi_feed(&c->in, bytes, (size_t)n);
	explicit_bzero(bytes, (size_t)n);
	if (state == SCGI_HEAD) {
		result may = admit_body(l, c);

		if (!is_ok(may)) {
			begin_turn(l, c, may);
			return;
		}
		state = scgi_feed(&c->in, NULL, 0);
	}
	if (state == SCGI_WHOLE)
		begin_turn(l, c, OK);
	else if (state == SCGI_NO_ROOM)
		begin_turn(l, c, fault(NO_MEMORY));
	else if (state == SCGI_BAD)
		begin_turn(l, c, refuse(BAD_REQUEST));
}

static void
on_connection(struct loop *l, struct connection *c, uint32_t events)
{
	if (!c->used)
		return;
	if (c->turn != NULL && (events & EPOLLOUT) != 0) {
		send_answer(l, c);
		return;
	}
	if (c->turn != NULL && !c->over) {
		/* It waits on an errand; has the other side gone? */
		if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0)
			end_connection(l, c);
		return;
	}
	read_more(l, c);
}

/* One at an event, so that no crowd at the door keeps the others waiting.
 * nginx writes right after it has connected: mostly all is there already.
 * For whom there is no place, nginx answers 503. */
static void
accept_one(struct loop *l)
{
	int fd = accept4(l->listener, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct connection *c = fd < 0 ? NULL : free_connection(l);

	if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED)
		hear_listener(l, false);
	if (fd < 0)
		return;
	if (c == NULL || !peer_is_ours(l, fd)) {
		close(fd);
		return;
	}
	*c = (struct connection){ .fd = fd, .in = scgi_new(),
		.since_s = l->second, .used = true };
	clock_gettime(CLOCK_MONOTONIC, &c->begun);
	read_more(l, c);
	if (c->used && c->turn == NULL &&
	    !is_ok(watch_connection(l, c, EPOLLIN | EPOLLRDHUP)))
		end_connection(l, c);
}

/* ---- once a second ---------------------------------------------------- */

/* No leaf of its own: it says nothing that the tree does not, and would be
 * one more to sign. */
static result
sign_head(struct loop *l, struct op *op)
{
	enum { SIGN_AGAIN_S = 600 };	/* after one that failed */
	struct audit_fork fork = { 0 };
	text note;
	result got;

	if (!keyring_open(op->office->keyring) ||
	    !audit_checkpoint_due(op->office->audit, op->now))
		return OK;
	if (l->second < l->sign_after)
		return OK;
	l->sign_after = l->second + SIGN_AGAIN_S;
	got = audit_checkpoint(op, &note, &fork);
	if (is_ok(got))
		got = tx_commit(&op->tx);
	op_abort(op);
	if (is_ok(got))
		l->sign_after = 0;
	/* A note that was changed is not a tree that was. */
	if (got.code != E_CORRUPT || fork.signed_n == 0)
		return got;
	fprintf(stderr, "sealed: the tree of %llu leaves does not continue "
	    "the checkpoint of %llu; see alas audit explain\n",
	    (unsigned long long)fork.there_n,
	    (unsigned long long)fork.signed_n);
	office_seal(op->office);
	return got;
}

/* What takes long waits until nobody works, and after a failure a while. */
static result
by_night(struct loop *l, struct op *op)
{
	if (l->office->stop || l->second < l->night_second ||
	    l->second - l->busy_second < REST_AFTER_S ||
	    !office_night_due(l->office, op->now))
		return OK;
	l->night_second = l->second + NIGHT_AGAIN_S;
	op->today = instant_day(op->now);
	return office_night(op);
}

static void
tidy(struct loop *l)
{
	struct arena *a = arena_new(OP_ARENA_MAX);
	struct op op = { .office = l->office, .arena = a,
		.now = office_now() };
	result got = a == NULL ? fault(NO_MEMORY) : follow(l);

	l->office->clock.off_ms = office_clock_off_ms();
	if (is_ok(got) && audit_waiting(l->office->audit))
		got = audit_flush(&op);
	op_abort(&op);
	if (is_ok(got) && keyring_open(l->office->keyring))
		got = guard_flush(&op);
	op_abort(&op);
	if (is_ok(got) && keyring_open(l->office->keyring))
		got = office_clock_look(&op);
	op_abort(&op);
	if (is_ok(got))
		got = sign_head(l, &op);
	op_abort(&op);
	if (is_ok(got) && office_seal_due(l->office, op.now)) {
		fprintf(stderr, "sealed: nobody has worked for long\n");
		got = office_seal_itself(&op);
	}
	op_abort(&op);
	if (is_ok(got) && l->second - l->busy_second == REST_AFTER_S)
		got = store_rest(l->office->store);
	if (is_ok(got))
		got = by_night(l, &op);
	log_fault(NULL);
	ignore(got, "logged; the next second tries again");
	arena_free(a);
}

static void
on_timer(struct loop *l)
{
	uint64_t ticks;

	if (read(l->timer, &ticks, sizeof(ticks)) != sizeof(ticks))
		return;
	l->second += (int64_t)ticks;
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *c = &l->connections[i];

		if (c->used && (c->turn == NULL || c->over) &&
		    l->second - c->since_s > ARRIVE_S)
			end_connection(l, c);
	}
	if (l->deaf)
		hear_listener(l, true);
	tidy(l);
	if (l->reseal_again && keyring_open(l->office->keyring))
		l->office->resealing = true;
	if (office_rotation_waits(l->office, office_now()))
		reseal_on(l);
}

static void
watch_runner(struct loop *l)
{
	l->runner = runner_fd(l->office->runner);
	if (l->runner >= 0)
		ignore(watch(l, l->runner, EPOLLIN, marker(&at_runner)),
		    "without it errands end as unavailable");
}

static void
on_runner(struct loop *l)
{
	result got = runner_poll(l->office->runner, errand_done, l);

	if (is_ok(got))
		return;
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->runner, NULL);
	l->runner = -1;
	fprintf(stderr, "runner away\n");
}

static void
on_control(struct loop *l)
{
	int fd;
	result got = control_receive(l->control, &fd, &l->front);

	if (is_ok(got) && fd < 0) {
		l->office->front = &l->front;
	} else if (is_ok(got)) {
		if (l->runner >= 0)
			epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->runner, NULL);
		runner_reconnect(l->office->runner, fd);
		watch_runner(l);
		on_runner(l);	/* what the old one owed is answered now */
	} else if (got.code == E_UNAVAILABLE) {
		l->office->stop = true;	/* our parent has gone */
	}
}

/* ---- the loop --------------------------------------------------------- */

static void
on_event(struct loop *l, const struct epoll_event *e)
{
	void *what = e->data.ptr;

	if (what == &at_listener)
		accept_one(l);
	else if (what == &at_timer)
		on_timer(l);
	else if (what == &at_runner)
		on_runner(l);
	else if (what == &at_control)
		on_control(l);
	else if (what == &at_signals)
		l->office->stop = true;
	else
		on_connection(l, what, e->events);
}

static result
prepare(struct loop *l)
{
	struct itimerspec second = { { 1, 0 }, { 1, 0 } };
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->timer = timerfd_create(CLOCK_MONOTONIC,
	    TFD_CLOEXEC | TFD_NONBLOCK);
	l->connections = calloc(CONNECTIONS_MAX, sizeof(*l->connections));
	NEED(l->connections);
	if (l->epoll < 0 || l->timer < 0 ||
	    timerfd_settime(l->timer, 0, &second, NULL) != 0)
		return fault(IO);
	TRY(watch(l, l->listener, EPOLLIN, marker(&at_listener)));
	TRY(watch(l, l->timer, EPOLLIN, marker(&at_timer)));
	TRY(watch(l, l->signals, EPOLLIN, marker(&at_signals)));
	if (l->control >= 0)
		TRY(watch(l, l->control, EPOLLIN, marker(&at_control)));
	watch_runner(l);
	return OK;
}

result
office_loop(struct office *office, const struct office_ears *ears)
{
	struct loop l = { .office = office, .self = geteuid(),
		.listener = ears->listener,
		.control = ears->control, .signals = ears->signals,
		.places = ears->places,
		.epoll = -1, .timer = -1, .runner = -1 };
	struct epoll_event events[EVENTS_MAX];
	result got = prepare(&l);

	while (is_ok(got) && !office->stop) {
		int n = epoll_wait(l.epoll, events, EVENTS_MAX,
		    l.copying != NULL || office->resealing ? 0 : -1);

		if (n < 0 && errno != EINTR)
			got = fault(IO);
		for (int i = 0; i < n; i++)
			on_event(&l, &events[i]);
		if (l.copying != NULL)
			copy_on(&l);
		if (office->resealing)
			reseal_on(&l);
	}
	tidy(&l);
	office->front = NULL;
	for (size_t i = 0; l.connections != NULL && i < CONNECTIONS_MAX; i++) {
		if (l.connections[i].used)
			end_connection(&l, &l.connections[i]);
	}
	free(l.connections);
	return got;
}
