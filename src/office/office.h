/*
 * alas-office: one process per organisation, one loop, no threads.  It
 * holds keys and rows, and can start no process, open no network socket
 * and read no file outside its folder.
 *
 *     alas-office --data DIR --runner FD --control FD [--now INSTANT]
 *         serve on DIR/run/office.sock; started by `alas serve`
 *     alas-office make-demo DIR [--persons N|none] [--seed S]
 *         [--now INSTANT] [--postgres WHERE]
 *         a demonstration office in a new folder
 *     alas-office check --data DIR [--postgres WHERE] --manifest FILE
 *         a restored folder is what the manifest of its backup says, and
 *         every record of it opens; the passphrase or the recovery phrase
 *         comes on standard input.  Files of papers that are missing or
 *         damaged are named and counted, and that alone is no failure
 *     alas-office operations|openapi [--codes FILE] [FILE …]
 *         the table of operations, for the shell, or the OpenAPI document,
 *         on standard output or into every FILE
 */
#ifndef ALAS_OFFICE_H
#define ALAS_OFFICE_H

#include "ops.h"

struct office_options {
	const char *data;		/* folder; absolute */
	const char *share;		/* words, data */
	const char *postgres;		/* 0600 file of a connection, or NULL */
	int runner, control;		/* descriptors, -1: none */
	instant now;			/* known: a clock for tests */
};

/* Words, codes, law, database, rooms: everything but the sandbox.
 * `ret_said` (arena text) says what is wrong and what to do. */
MUST_USE result office_open(const struct office_options *o,
    struct arena *a, struct office **ret, text *ret_said);
void office_close(struct office **office);

/* The clock: the system's, or the given instant running on. */
instant office_now(void);
void office_set_clock(instant now);
/* How far it has gone, since it was set, from where the seconds lead it. */
int64_t office_clock_off_ms(void);

/* Serve until told to stop; the exit status. */
int office_serve(const struct office_options *o);
int office_check(struct office_options *o, int argc, char **argv);
int office_make_demo(const struct office_options *o, int argc, char **argv);
int office_print_operations(const struct office_options *o, int argc,
    char **argv);
/* What opens a demonstration: known, since it protects invented people. */
text office_demo_passphrase(void);

/*
 * What the loop hears, all made before the sandbox closes: a bound and
 * listening socket, the parent's control socket or -1, a signalfd of TERM
 * and INT; and how many connections our open files are enough for.
 */
struct office_ears { int listener, control, signals; size_t places; };
MUST_USE result office_loop(struct office *office,
    const struct office_ears *ears);

#endif
