/*
 * Inside runner: the messages between the office and the runner, one per
 * packet of the socketpair.
 *
 *	request  0 version 1 · 1 kind · 2 zero 6 · 8 ticket u64 · 16 …
 *	  ARGON2	passes u32 · memory u64 · salt 16 · secret
 *	  CRACK		(length u16, bytes)*: the passphrase, then words
 *	  FILTER	the job's name, and one descriptor
 *	answer   0 version 1 · 1 kind · 2 outcome · 3 weakness · 4 zero 4 ·
 *		8 ticket u64 · 16 hash 32; FILTER: one descriptor when OK
 */
#ifndef ALAS_RUNNER_WIRE_H
#define ALAS_RUNNER_WIRE_H

#include "runner.h"

enum {
	WIRE_VERSION = 1,
	WIRE_HEAD = 16,
	WIRE_ANSWER = 48,
	WIRE_ARGON2 = WIRE_HEAD + 4 + 8 + 16,
	RUNNER_SLOTS = RUNNER_AT_ONCE + RUNNER_QUEUE	/* of a kind */
};

/* The outcomes that may travel; a fault of the runner is UNAVAILABLE. */
enum wire_outcome { WIRE_OK, WIRE_BUSY, WIRE_INVALID, WIRE_TOO_LARGE,
	WIRE_UNAVAILABLE, WIRE_NO_START, WIRE_OUTCOMES };
result wire_result(enum wire_outcome o);

/* One packet, with a descriptor unless fd is -1.  BUSY: the pipe is full. */
MUST_USE result wire_send(int socket, const void *p, size_t n, int fd,
    int flags);
/*
 * NOT_FOUND: nothing there.  UNAVAILABLE: the other side has closed.
 * BAD_REQUEST: larger than `max`, or more than one descriptor.
 */
MUST_USE result wire_receive(int socket, void *p, size_t max, size_t *ret_n,
    int *ret_fd);

#endif
