/*
 * cell: what a process gives up before it touches anything dangerous.
 *
 * Words.  *Hardening* costs nothing and every program does it first.
 * *Walls* are Landlock: which part of the disk is there at all.  *Calls*
 * are seccomp: which system calls are answered; any other one kills the
 * process at once, so that an attempt is loud.  A few calls that libraries
 * only try out (a fork, a thread, an ioctl) are answered EPERM instead.
 *
 * Invariants.  Nothing given up comes back, not by exec either.  Walls go
 * up before the first thread of a library starts, because Landlock binds
 * one thread and its later children; calls go up after, because they are
 * put on every thread at once.  On a failure the process must stop: it may
 * be half sealed.  No verb here depends on the data it guards.
 *
 * Where the kernel has no Landlock the verbs go on and report ABI 0: the
 * caller warns loudly (stderr, `doctor`), because then only the user's
 * permissions keep the process from other files.
 */
#ifndef ALAS_CELL_H
#define ALAS_CELL_H

#include "base.h"

/*
 * umask 077, no core, not dumpable, no new privileges.  Refuses nothing;
 * SANDBOX when the kernel does not do one of them.
 */
MUST_USE result cell_harden(void);

/* The Landlock ABI of this kernel; 0 without Landlock, or switched off. */
int cell_walls_abi(void);

/* ---- the office ------------------------------------------------------- */

/* Absolute paths of folders that exist; each is read and written. */
struct cell_folders { const char *db, *files, *run; };
enum cell_engine { CELL_SQLITE, CELL_POSTGRES };

/*
 * Walls and calls of alas-office, in one step, since it has no threads.
 * Everything it needs must be open by now: database, socket, catalogues.
 * With CELL_POSTGRES it may still connect, by IP or UNIX socket only.
 * ret_abi: see above; 0 asks for a warning.
 */
MUST_USE result cell_office(const struct cell_folders *folders,
    enum cell_engine engine, int *ret_abi);

/*
 * Try what must fail: a netlink socket, a fork, and /etc/passwd where the
 * walls stand.  SANDBOX if one of them works: do not serve.
 */
MUST_USE result cell_self_test(int abi);

/* ---- filters, and the runner's own children --------------------------- */

/* How a child with one job ends; the runner makes an answer of it. */
enum cell_exit {
	CELL_EXIT_DONE = 0,
	CELL_EXIT_INVALID = 2,		/* the document is refused */
	CELL_EXIT_TOO_LARGE = 3,
	CELL_EXIT_FAILED = 4,
	CELL_EXIT_NO_START = 5		/* its program cannot be run */
};

enum cell_job {
	CELL_COMPUTE,	/* bytes in, bytes out: no file at all */
	CELL_PAPER,	/* pango and cairo: fonts, read-only */
	CELL_WORDS	/* libcrack2: its dictionary, read-only */
};

/* Before any library of the job starts a thread. */
MUST_USE result cell_filter_walls(enum cell_job job, int *ret_abi);
/*
 * After the last thread and before the first byte of the document.  With
 * abi 0 CELL_PAPER opens no file any more: its fonts must be loaded.
 */
MUST_USE result cell_filter_calls(enum cell_job job, int abi);

#endif
