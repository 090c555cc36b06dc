/*
 * link, inside of store: one connection to PostgreSQL.  Where it may go,
 * how long each wait may last, and what a failure is called.
 *
 * Every wait has a deadline of its own, because a frozen server still
 * acknowledges TCP; so libpq never blocks here (names of hosts apart, which
 * the configuration gives as addresses).  After a deadline or a loss the
 * connection is dropped, never mended.
 */
#ifndef ALAS_STORE_LINK_H
#define ALAS_STORE_LINK_H

#include <libpq-fe.h>

#include "store_inside.h"

enum {
	LINK_VERSION_MIN = 150000,
	LINK_HOSTS_MAX = 4,
	LINK_KEYWORDS_MAX = 64,		/* of a connection string */
	LINK_CONNECT_MS = 3000,		/* all hosts together */
	LINK_BEGIN_MS = 2000,		/* for what waits for no lock */
	LINK_ANSWER_MS = 6000,		/* the server gives up after 5 s */
	LINK_MIGRATION_MS = 610 * 1000,	/* … and here after 600 s */
	LINK_RETRY_MS_MIN = 250,	/* between attempts to connect */
};

struct link {
	struct store *store;		/* for messages and the version */
	PQconninfoOption *options;	/* of the connection string */
	int hosts_n;
	PGconn *conn;			/* NULL: lost, or not yet there */
	unsigned generation;		/* + 1 with every connection */
	bool warned;			/* a WARNING came */
	bool timed_out;			/* the last loss was a deadline */
	int64_t retry_at_ms;		/* do not connect before */
	int host_last;			/* the host that answered last */
};

/*
 * Read the connection string and judge it, without connecting.  STORE: it
 * leads neither to a UNIX socket nor to a server whose certificate is
 * checked, or the environment could lead it elsewhere.
 */
MUST_USE result link_new(struct store *s, const char *where,
    struct link *ret);
void link_free(struct link *l);

/* Connect, within LINK_CONNECT_MS.  UNAVAILABLE at once for twice the time
 * that a failed attempt took: a loop that waits serves nobody. */
MUST_USE result link_open(struct link *l);
void link_drop(struct link *l);
/* Where the store's own connection leads: for a second one. */
const struct link *postgres_link(const struct store *s);
/* The transaction that has just begun sees what that snapshot does. */
MUST_USE result postgres_see(struct store *s, const char *snapshot);

/*
 * Read all results of what was sent, in a pipeline up to its end.  `ret` is
 * the last that is no failure, for the caller to clear, or NULL; `doing`
 * goes into the message.
 */
MUST_USE result link_results(struct link *l, int wait_ms, const char *doing,
    PGresult **ret);
/* Send a text of one or more statements and read it through. */
MUST_USE result link_command(struct link *l, int wait_ms, const char *doing,
    const char *sql, PGresult **ret);
/* libpq would not send: the connection is dropped. */
MUST_USE result link_unsent(struct link *l, const char *doing);

#endif
