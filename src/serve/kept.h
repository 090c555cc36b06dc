/*
 * Inside serve: one process that is kept running.
 */
#ifndef ALAS_SERVE_KEPT_H
#define ALAS_SERVE_KEPT_H

#include <sys/types.h>

#include "serve.h"

struct kept {
	const char *name;		/* as people are told */
	pid_t pid;			/* 0: not running */
	int64_t due_ms;			/* start again then; 0: no */
	int64_t died_ms[SERVE_DEATHS_MAX];	/* the last ones */
	size_t deaths;			/* within the last minute */
};

/* What a new process does; returns only when it failed. */
typedef void kept_body(void *self);

int64_t kept_clock_ms(void);

/*
 * In a process group of its own, so that Ctrl-C reaches only `alas serve`,
 * and that what it leaves behind can be found.  `death` is the signal that
 * it gets when this process dies.
 */
MUST_USE result kept_start(struct kept *c, int death, kept_body *body,
    void *self);
/* In the body: descriptors 3… are `fds` in order, nothing else is open. */
bool kept_fds(const int *fds, size_t n);
/* It has ended: end what is left of its group, and let it go. */
void kept_reap(struct kept *c);
/* Start it again soon, without counting. */
void kept_again(struct kept *c);
/* Count a death and set when to start again; false: too often. */
bool kept_died(struct kept *c);
/* Ask, wait, kill: it and its group are gone afterwards. */
void kept_stop(struct kept *c, int wait_ms);
/* Take up what the dead left behind, all killed with their groups. */
void kept_orphans(int wait_ms);

#endif
