/*
 * runner: slow and dangerous work, away from the office.
 *
 * Words.  The *runner* is a process beside the office that holds nothing.
 * A *job* is a kind and its input; the runner forks itself for Argon2id and
 * for libcrack2, and starts alas-filter for documents, each in its cell and
 * within limits.  A *ticket* is what the office keeps meanwhile: the answer
 * comes later and names it.  A *document* is a sealed memfd.
 *
 * Invariants.  No secret is ever an argument or in the environment.  Two
 * jobs of a kind run at once and RUNNER_QUEUE wait; the next is BUSY.  Each
 * ticket is answered exactly once, whatever happens to the child or to the
 * runner, unless it is dropped.  Requests are cleared as soon as the child
 * has them.  When the office goes away the runner and its children end.
 */
#ifndef ALAS_RUNNER_H
#define ALAS_RUNNER_H

#include "base.h"
#include "seal.h"

enum {
	RUNNER_AT_ONCE = 2,		/* of a kind */
	RUNNER_QUEUE = 16,		/* of a kind */
	RUNNER_SECRET_MAX = 1024,	/* bytes of a passphrase */
	RUNNER_CONTEXT_MAX = 1000,	/* words */
	RUNNER_REMEMBERED = 20,		/* jobs of alas-filter that ended */
	RUNNER_REQUEST_MAX = 32 * KIB,
	RUNNER_OUT_MAX = 64 * MIB	/* bytes that a filter makes */
};

enum runner_kind { RUNNER_ARGON2, RUNNER_CRACK, RUNNER_FILTER,
	RUNNER_KINDS };

/* Why a passphrase is weak; 0 when it is not. */
enum runner_weakness {
	RUNNER_STRONG,
	RUNNER_WEAK_WORD,	/* a word of the dictionary, or nearly */
	RUNNER_WEAK_SIMPLE,	/* a row of keys, few different characters */
	RUNNER_WEAK_REPEATED,	/* the same little thing again and again */
	RUNNER_WEAK_CONTEXT,	/* little but names known in this office */
	RUNNER_WEAKNESSES
};
/* "weakness.word"; "" for RUNNER_STRONG. */
const char *runner_weakness_key(enum runner_weakness w);

/* ---- the office's side ------------------------------------------------ */

struct runner;
typedef struct { uint64_t n; } ticket;	/* 0: none */

/* Takes the socketpair's end over; -1 when there is none yet. */
MUST_USE result runner_new(int fd, struct runner **ret);
void runner_free(struct runner *r);
/* To wait on for reading; -1 while the runner is away. */
int runner_fd(const struct runner *r);
/* A new runner's end; the next runner_poll ends what the old one had. */
void runner_reconnect(struct runner *r, int fd);
/* How many jobs of a kind were asked for and not yet answered. */
size_t runner_asked(const struct runner *r, enum runner_kind kind);

/* How the last jobs of alas-filter ended.  A document that was refused is
 * none that broke; what went with a runner is not counted. */
struct runner_filters {
	unsigned ended;			/* RUNNER_REMEMBERED at most */
	unsigned broke;			/* of them: crashed, or killed */
	bool no_start;			/* the last one could not begin */
};
struct runner_filters runner_filters(const struct runner *r);

/*
 * The three jobs.  BUSY: too many of the kind.  UNAVAILABLE: the runner is
 * away.  TOO_LARGE: it does not fit RUNNER_REQUEST_MAX.  Then no ticket.
 */

/* Argon2id; the answer is INVALID when kdf is out of bounds (seal.h). */
MUST_USE result runner_argon2(struct runner *r, text secret,
    const struct slot_kdf *kdf, ticket *ret);
/* Is it strong, given the words that anybody would try here? */
MUST_USE result runner_crack(struct runner *r, text passphrase,
    const text *context, size_t n, ticket *ret);
/*
 * `job` is a job of alas-filter ("paper").  The caller keeps `document`,
 * and may close it at once.  The answer is INVALID or TOO_LARGE when the
 * filter said so of the document, UNAVAILABLE when it broke or was killed.
 */
MUST_USE result runner_filter(struct runner *r, const char *job, int document,
    ticket *ret);
/* Nobody waits any more: the answer will be thrown away. */
void runner_drop(struct runner *r, ticket t);

struct runner_answer {
	ticket ticket;
	enum runner_kind kind;
	result outcome;			/* the rest holds when OK */
	uint8_t hash[32];		/* ARGON2; cleared after the call */
	enum runner_weakness weakness;	/* CRACK */
	int document;			/* FILTER; set to -1 to keep it */
};
typedef void runner_answered(void *self, struct runner_answer *a);

/*
 * Deliver what has come, without waiting.  UNAVAILABLE when the runner has
 * gone: every open ticket has then been answered so, and runner_fd is -1
 * until runner_reconnect.  The callback may begin new jobs.
 */
MUST_USE result runner_poll(struct runner *r, runner_answered *call,
    void *self);

/* ---- documents -------------------------------------------------------- */

/* A sealed memfd with these bytes. */
MUST_USE result document_new(text bytes, int *ret_fd);
/* The same in steps: made empty, added to, sealed. */
MUST_USE result document_make(int *ret_fd);
MUST_USE result document_add(int fd, const void *p, size_t n);
MUST_USE result document_seal(int fd);
/* Append it all; TOO_LARGE when it does not fit. */
MUST_USE result document_read(int fd, struct buf *out);

/* ---- the runner itself ------------------------------------------------ */

struct runner_limits {
	unsigned cpu_s, wall_ms;
	uint64_t memory;		/* of a filter */
};
extern const struct runner_limits runner_limits_default;

struct runner_options {
	int fd;				/* the socketpair's other end */
	const char *filter;		/* absolute path of alas-filter */
	struct runner_limits limits;
};

/* Until the other end closes.  Returns the exit status of the process. */
int runner_main(const struct runner_options *o);

/* ---- what `alas serve` tells the office, through the control socket --- */

/* Talk to this one from now on. */
MUST_USE result runner_end_send(int control, int fd);

/* What the office may not look at itself. */
struct front_facts {
	char nginx[16];			/* "1.22.1"; "" when it said none */
	uint8_t digest[32];		/* of the configuration as it lies */
	bool own;			/* nginx has had none but ours */
	bool tls;
	instant certificate;		/* its end; not known: unreadable */
};
MUST_USE result front_facts_send(int control, const struct front_facts *f);

/*
 * OK: a runner's new end, or *ret_fd is -1 and the facts are new; what did
 * not come stays as it was.  NOT_FOUND: nothing there now.  UNAVAILABLE: the
 * other side has closed.  BAD_REQUEST: something else; any descriptor in it
 * was closed.
 */
MUST_USE result control_receive(int control, int *ret_fd,
    struct front_facts *ret);

#endif
