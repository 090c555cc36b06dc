/*
 * serve: `alas serve`, the parent of nginx, the office and the runner.  It
 * holds nothing: it writes nginx's configuration, starts the three, starts
 * a dead one again within two seconds, tells the office what nginx runs with,
 * and takes all of them along when it is told to stop.
 *
 * Words.  The *data folder* belongs to one office: db/ files/ run/ are the
 * office's, front/ is nginx's and ours.  The *site* is the folder that
 * nginx serves by itself: `static/` and its error pages `_404.html` ….
 * A *death* is a child that ended without being told to.
 *
 * Invariants.  Nothing is started before everything has been checked.  One
 * `alas serve` per data folder (a lock in front/).  A child that dies a
 * sixth time within a minute stops everything, loudly: a service manager
 * then sees it.  No process that was started here outlives this one, not
 * even when it is killed.  No secret passes here.
 *
 * What is refused, each with a line that says what to do: a data folder
 * that is missing and cannot be made, that others can read, or that is
 * somebody else's; an address outside loopback without a certificate; a
 * port that is taken; a missing nginx, alas-office or alas-filter; root
 * for an office whose header has neither the flag of a demonstration nor of
 * a test, and for a folder without any header; `now` for such an office.
 *
 * ---- The contract with alas-office ------------------------------------
 *
 *	alas-office --data DIR --runner FD --control FD
 *	    [--now INSTANT] [--postgres FILE]
 *
 * DIR is absolute and private.  The office binds DIR/run/office.sock, 0600,
 * anew at each start; that it accepts there is the sign that it is up (the
 * one connection made to see this is closed without a byte).  --runner is
 * its end of the runner's socketpair (runner.h).  --control is a
 * SOCK_SEQPACKET socket: when the runner had to be started again, the new
 * end comes there, and what the office is to know of nginx, whose files it
 * cannot open (control_receive); when it closes, the parent has gone and the
 * office ends.  FILE, 0600, holds the connection string of
 * PostgreSQL, so that no password is ever an argument.  INSTANT is the clock
 * of a demonstration or test office.
 *
 * SIGTERM asks the office to finish what it writes and to end; after
 * SERVE_STOP_MS it is killed.  If it exits before it was ever up, it has
 * said why on stderr and nothing is tried again; whatever else ends it is a
 * death, and both it and its runner are started anew.  It inherits no other
 * descriptor than these and the standard three, of which input is /dev/null.
 */
#ifndef ALAS_SERVE_H
#define ALAS_SERVE_H

#include "base.h"

enum {
	SERVE_NAMES_MAX = 16,
	SERVE_DEATHS_MAX = 5,		/* a minute, of one child */
	SERVE_STOP_MS = 10 * 1000
};

/* NULL or 0 takes what stands on the right. */
struct serve_options {
	const char *data;		/* $ALAS_DATA goes before it */
	const char *address;		/* "127.0.0.1"; IPv4 or IPv6 */
	int port;			/* 8080; $PORT goes before it */
	const char *names[SERVE_NAMES_MAX];	/* hosts, besides loopback's */
	size_t names_n;
	const char *certificate, *certificate_key;	/* PEM: no TLS */
	const char *door_rate;		/* "20r/m": sign-ins and public
					 * questions per address */
	const char *site;		/* share/www beside the program */
	const char *office, *filter;	/* beside the program */
	const char *nginx;		/* in $PATH or /usr/sbin */
	const char *now;		/* the system's clock */
	const char *postgres;		/* file of a connection string */
	const char *language;		/* "es", or "en" by $LANG */
};

/*
 * Serve until SIGINT or SIGTERM.  Returns the exit status: 0 stopped, 1
 * refused (a line on stderr says why), 2 a child could not be kept up.
 */
int serve_main(const struct serve_options *o);

#endif
