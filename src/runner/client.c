#include "wire.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"

enum { OPEN_MAX_OF_ALL = RUNNER_KINDS * RUNNER_SLOTS };

/* lost: it was with a runner that is no more. */
struct waiting {
	ticket ticket;
	enum runner_kind kind;
	bool dropped, lost;
};

struct runner {
	int fd;
	uint64_t next;
	size_t of_kind[RUNNER_KINDS];
	struct waiting open[OPEN_MAX_OF_ALL];
	size_t n;
	uint32_t broke;			/* filters, a bit each, newest last */
	struct runner_filters filters;
	struct secret request;		/* where one is put together */
};

result runner_new(int fd, struct runner **ret)
{
	struct runner *r = calloc(1, sizeof(*r));

	NEED(r);
	result made = secret_new(RUNNER_REQUEST_MAX, &r->request);
	if (!is_ok(made)) {
		free(r);
		return made;
	}
	r->fd = fd;
	*ret = r;
	return OK;
}

void runner_free(struct runner *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	secret_free(&r->request);
	free(r);
}

int runner_fd(const struct runner *r)
{
	return r->fd;
}

static void lose_all(struct runner *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->open[i].lost = true;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

void runner_reconnect(struct runner *r, int fd)
{
	lose_all(r);
	r->fd = fd;
}

size_t runner_asked(const struct runner *r, enum runner_kind kind)
{
	return r->of_kind[kind];
}

struct runner_filters runner_filters(const struct runner *r)
{
	return r->filters;
}

/* ---- asking ----------------------------------------------------------- */

static result may_ask(const struct runner *r, enum runner_kind kind)
{
	if (r->fd < 0)
		return refuse(UNAVAILABLE);
	if (r->of_kind[kind] == RUNNER_SLOTS)
		return refuse(BUSY);
	return OK;
}

static void head(struct runner *r, enum runner_kind kind)
{
	memset(r->request.p, 0, WIRE_HEAD);
	r->request.p[0] = WIRE_VERSION;
	r->request.p[1] = (uint8_t)kind;
	put_u64(r->request.p + 8, r->next + 1);
}

static result ask(struct runner *r, enum runner_kind kind, size_t n, int fd,
    ticket *ret)
{
	result sent = wire_send(r->fd, r->request.p, n, fd, MSG_DONTWAIT);

	sodium_memzero(r->request.p, n);
	TRY(sent);
	assert(r->n < LENGTH(r->open));
	struct waiting w = { .ticket = { ++r->next }, .kind = kind };
	r->open[r->n++] = w;
	r->of_kind[kind]++;
	*ret = w.ticket;
	return OK;
}

result runner_argon2(struct runner *r, text secret, const struct slot_kdf *kdf,
    ticket *ret)
{
	TRY(may_ask(r, RUNNER_ARGON2));
	if (secret.n > RUNNER_SECRET_MAX)
		return refuse(TOO_LARGE);

	uint8_t *p = r->request.p + WIRE_HEAD;
	head(r, RUNNER_ARGON2);
	put_u32(p, kdf->passes);
	put_u64(p + 4, kdf->memory);
	memcpy(p + 12, kdf->salt, sizeof(kdf->salt));
	if (secret.n > 0)
		memcpy(p + 28, secret.p, secret.n);
	return ask(r, RUNNER_ARGON2, WIRE_ARGON2 + secret.n, -1, ret);
}

static result add_word(struct runner *r, size_t *at, text word)
{
	if (word.n > RUNNER_SECRET_MAX ||
	    *at + 2 + word.n > RUNNER_REQUEST_MAX)
		return refuse(TOO_LARGE);
	put_u16(r->request.p + *at, (uint16_t)word.n);
	if (word.n > 0)
		memcpy(r->request.p + *at + 2, word.p, word.n);
	*at += 2 + word.n;
	return OK;
}

static result add_words(struct runner *r, size_t *at, text passphrase,
    const text *context, size_t n)
{
	TRY(add_word(r, at, passphrase));
	for (size_t i = 0; i < n; i++)
		TRY(add_word(r, at, context[i]));
	return OK;
}

result runner_crack(struct runner *r, text passphrase, const text *context,
    size_t n, ticket *ret)
{
	size_t at = WIRE_HEAD;

	TRY(may_ask(r, RUNNER_CRACK));
	if (n > RUNNER_CONTEXT_MAX)
		return refuse(TOO_LARGE);
	head(r, RUNNER_CRACK);
	result added = add_words(r, &at, passphrase, context, n);
	if (!is_ok(added)) {
		sodium_memzero(r->request.p, r->request.n);
		return added;
	}
	return ask(r, RUNNER_CRACK, at, -1, ret);
}

result runner_filter(struct runner *r, const char *job, int document,
    ticket *ret)
{
	text name = text_of(job);

	TRY(may_ask(r, RUNNER_FILTER));
	if (name.n == 0 || name.n > RUNNER_SECRET_MAX)
		return refuse(TOO_LARGE);
	head(r, RUNNER_FILTER);
	memcpy(r->request.p + WIRE_HEAD, name.p, name.n);
	return ask(r, RUNNER_FILTER, WIRE_HEAD + name.n, document, ret);
}

void runner_drop(struct runner *r, ticket t)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->open[i].ticket.n == t.n)
			r->open[i].dropped = true;
}

/* ---- answers ---------------------------------------------------------- */

static bool take_open(struct runner *r, size_t i, struct waiting *ret)
{
	if (i >= r->n)
		return false;
	*ret = r->open[i];
	r->of_kind[ret->kind]--;
	r->open[i] = r->open[--r->n];
	return true;
}

static size_t find_open(const struct runner *r, uint64_t number)
{
	size_t i = 0;

	while (i < r->n && r->open[i].ticket.n != number)
		i++;
	return i;
}

static void deliver(const struct waiting *w, struct runner_answer *a,
    runner_answered *call, void *self)
{
	a->ticket = w->ticket;
	a->kind = w->kind;
	if (!w->dropped)
		call(self, a);
	sodium_memzero(a->hash, sizeof(a->hash));
	if (a->document >= 0)
		close(a->document);
}

/* The tickets of a runner that went; new ones of the callback stay. */
static void deliver_lost(struct runner *r, runner_answered *call, void *self)
{
	struct waiting w;

	for (size_t i = 0; i < r->n;) {
		if (!r->open[i].lost) {
			i++;
			continue;
		}
		struct runner_answer a = { .outcome = refuse(UNAVAILABLE),
			.document = -1 };

		if (take_open(r, i, &w))
			deliver(&w, &a, call, self);
		i = 0;
	}
}

static void remember(struct runner *r, enum wire_outcome o)
{
	bool broke = o == WIRE_UNAVAILABLE || o == WIRE_NO_START;

	r->broke = (r->broke << 1 | broke) & ((1u << RUNNER_REMEMBERED) - 1);
	if (r->filters.ended < RUNNER_REMEMBERED)
		r->filters.ended++;
	r->filters.broke = (unsigned)__builtin_popcount(r->broke);
	r->filters.no_start = o == WIRE_NO_START;
}

/* An answer that is out of shape is as good as none: the ticket's end. */
static bool read_answer(const uint8_t *p, size_t n, const struct waiting *w,
    struct runner_answer *a)
{
	if (n != WIRE_ANSWER || p[0] != WIRE_VERSION || p[1] != w->kind)
		return false;
	if (p[2] >= WIRE_OUTCOMES || p[3] >= RUNNER_WEAKNESSES)
		return false;
	if (p[2] == WIRE_OK && w->kind == RUNNER_FILTER &&
	    (a->document < 0 || !document_sealed(a->document)))
		return false;
	a->outcome = wire_result((enum wire_outcome)p[2]);
	a->weakness = (enum runner_weakness)p[3];
	memcpy(a->hash, p + WIRE_HEAD, sizeof(a->hash));
	return true;
}

static result one_answer(struct runner *r, runner_answered *call, void *self)
{
	uint8_t p[WIRE_ANSWER];
	struct runner_answer a = { .outcome = refuse(UNAVAILABLE) };
	struct waiting w;
	size_t n;

	TRY(wire_receive(r->fd, p, sizeof(p), &n, &a.document));
	if (n < WIRE_HEAD ||
	    !take_open(r, find_open(r, get_u64(p + 8)), &w)) {
		if (a.document >= 0)
			close(a.document);
		return OK;
	}
	if (!read_answer(p, n, &w, &a))
		a.outcome = refuse(UNAVAILABLE);
	else if (w.kind == RUNNER_FILTER)
		remember(r, (enum wire_outcome)p[2]);
	sodium_memzero(p, sizeof(p));
	deliver(&w, &a, call, self);
	return OK;
}

result runner_poll(struct runner *r, runner_answered *call, void *self)
{
	result got = OK;

	deliver_lost(r, call, self);
	for (int i = 0; i < OPEN_MAX_OF_ALL && r->fd >= 0 && is_ok(got); i++)
		got = one_answer(r, call, self);
	if (is_ok(got) || got.code == E_NOT_FOUND)
		return r->fd >= 0 ? OK : refuse(UNAVAILABLE);
	/* Gone, or talking nonsense: both are a runner that we have not. */
	lose_all(r);
	deliver_lost(r, call, self);
	return refuse(UNAVAILABLE);
}

const char *runner_weakness_key(enum runner_weakness w)
{
	static const char *const keys[RUNNER_WEAKNESSES] = {
		[RUNNER_STRONG] = "",
		[RUNNER_WEAK_WORD] = "weakness.word",
		[RUNNER_WEAK_SIMPLE] = "weakness.simple",
		[RUNNER_WEAK_REPEATED] = "weakness.repeated",
		[RUNNER_WEAK_CONTEXT] = "weakness.context",
	};

	return w < RUNNER_WEAKNESSES ? keys[w] : keys[RUNNER_WEAK_SIMPLE];
}
