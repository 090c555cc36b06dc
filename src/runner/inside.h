/*
 * Inside runner: what the files behind runner.h share.
 */
#ifndef ALAS_RUNNER_INSIDE_H
#define ALAS_RUNNER_INSIDE_H

#include <fcntl.h>
#include <sys/types.h>

#include "cell.h"
#include "runner.h"

/* ---- document.c ------------------------------------------------------- */

enum { DOCUMENT_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
	F_SEAL_WRITE };
bool document_sealed(int fd);

/* ---- argon2.c, crack.c: run in a child, inside its cell --------------- */

/* The request's bytes in; 32 bytes out. */
MUST_USE result argon2_work(text request, uint8_t ret[32]);
/* How much memory this request may cost, for the child's limit. */
uint64_t argon2_memory(text request);
MUST_USE result crack_work(text request, uint8_t *ret_weakness);

/* ---- child.c: one job becomes one process ----------------------------- */

struct child { pid_t pid; int ended, out; };	/* descriptors; -1: none */

/* What a child needs to know; request is a view of the job's secret. */
struct work {
	enum runner_kind kind;
	text request;
	int document;
	const char *filter;
	const struct runner_limits *limits;
	void (*forget)(void *self);	/* clear what is not this job's */
	void *self;
};

/* A process that works now: `ended` is readable when it has ended. */
MUST_USE result runner_child_start(const struct work *w, struct child *ret);
/* Kill it if it runs, wait for it, close what it had; how it ended. */
enum cell_exit runner_child_end(struct child *c);

#endif
