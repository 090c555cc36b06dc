#include "link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- waiting ---------------------------------------------------------- */

/* Only for waiting: nothing that is written depends on it. */
static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the socket is ready for one of `events`; false at the deadline. */
static bool ready(int fd, int events, int64_t deadline_ms, int *ret)
{
	struct pollfd p = { .fd = fd, .events = (short)events };
	int n;

	do {
		int64_t left = deadline_ms - clock_ms();

		if (left <= 0)
			return false;
		n = poll(&p, 1, (int)left);
	} while (n < 0 && errno == EINTR);
	*ret = p.revents;
	return n > 0;
}

/* ---- what failures are called ----------------------------------------- */

/* By SQLSTATE or the beginning of it; the first that fits. */
static const struct { const char *state; enum error_code code; } classes[] = {
	{ "40001", E_BUSY },		/* serialization failure */
	{ "40P01", E_BUSY },		/* deadlock */
	{ "55P03", E_BUSY },		/* lock timeout */
	{ "57014", E_BUSY },		/* statement timeout */
	{ "53100", E_FULL },		/* disk full */
	{ "23", E_CONFLICT },		/* constraints */
	{ "XX001", E_CORRUPT },		/* damaged table */
	{ "XX002", E_CORRUPT },		/* damaged index */
	{ "58030", E_IO },
	{ "08", E_UNAVAILABLE },	/* connection */
	{ "53", E_UNAVAILABLE },	/* no memory, no connection left */
	{ "57P", E_UNAVAILABLE },	/* stops, crashed, starts */
	{ "25P03", E_UNAVAILABLE },	/* idle for too long: cut off */
	{ "25006", E_UNAVAILABLE },	/* a standby: look for the primary */
	/* What this connection prepared is gone, or the table has changed:
	 * a new connection prepares anew. */
	{ "26000", E_UNAVAILABLE },
	{ "0A000", E_UNAVAILABLE },
};

static result class_of(const char *state)
{
	enum error_code code = E_STORE;
	result r;

	for (size_t i = LENGTH(classes); i > 0; i--) {
		const char *begins = classes[i - 1].state;

		if (strncmp(state, begins, strlen(begins)) == 0)
			code = classes[i - 1].code;
	}
	r = (result){ (uint8_t)code };
	if (error_family(r) == FAMILY_FAULT)
		return base_fault(code, __FILE__, __LINE__);
	return r;
}

static result lost(struct link *l, const char *doing)
{
	store_say(l->store, "%s: %s", doing, PQerrorMessage(l->conn));
	link_drop(l);
	return refuse(UNAVAILABLE);
}

static result too_late(struct link *l, const char *doing)
{
	store_say(l->store, "%s: no answer in time", doing);
	link_drop(l);
	l->timed_out = true;
	return refuse(UNAVAILABLE);
}

result link_unsent(struct link *l, const char *doing)
{
	return lost(l, doing);
}

static const char *field(const PGresult *from, int code)
{
	const char *value = PQresultErrorField(from, code);

	return value == NULL ? "" : value;
}

/* The server's words, but none that could repeat a value: messages of the
 * classes 22 and 23 may, the name of a constraint does not. */
static result server_said(struct link *l, const char *doing,
    const PGresult *what)
{
	const char *state = field(what, PG_DIAG_SQLSTATE);

	if (state[0] == '\0') {		/* libpq's own: it lost the server */
		store_say(l->store, "%s: %s", doing,
		    PQresultErrorMessage(what));
		return refuse(UNAVAILABLE);
	}
	if (state[0] == '2' && (state[1] == '2' || state[1] == '3'))
		store_say(l->store, "%s: constraint %s, column %s (%s)", doing,
		    field(what, PG_DIAG_CONSTRAINT_NAME),
		    field(what, PG_DIAG_COLUMN_NAME), state);
	else
		store_say(l->store, "%s: %s (%s)", doing,
		    field(what, PG_DIAG_MESSAGE_PRIMARY), state);
	return class_of(state);
}

static void notice(void *self, const PGresult *what)
{
	struct link *l = self;

	if (strcmp(field(what, PG_DIAG_SEVERITY_NONLOCALIZED), "WARNING") != 0)
		return;
	l->warned = true;
	store_say(l->store, "warning: %s",
	    field(what, PG_DIAG_MESSAGE_PRIMARY));
}

/* ---- sending and reading ---------------------------------------------- */

/* Until PQgetResult does not block. */
static result answer(struct link *l, int64_t deadline_ms, const char *doing)
{
	for (;;) {
		int unsent = PQflush(l->conn);
		int got;

		if (unsent < 0)
			return lost(l, doing);
		if (!PQisBusy(l->conn))
			return OK;
		if (!ready(PQsocket(l->conn),
		    unsent ? POLLIN | POLLOUT : POLLIN, deadline_ms, &got))
			return too_late(l, doing);
		if ((got & ~POLLOUT) != 0 && !PQconsumeInput(l->conn))
			return lost(l, doing);
	}
}

/* One result into what is told of all; true at the end of a pipeline. */
static bool judge(struct link *l, const char *doing, PGresult *one,
    result *told, PGresult **kept)
{
	bool end = false;

	switch (PQresultStatus(one)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		PQclear(*kept);
		*kept = one;
		return false;
	case PGRES_PIPELINE_SYNC:
		end = true;
		break;
	case PGRES_PIPELINE_ABORTED:	/* the failure came before it */
		break;
	case PGRES_COPY_OUT:
	case PGRES_COPY_IN:
	case PGRES_COPY_BOTH:
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
	case PGRES_SINGLE_TUPLE:	/* we never ask for it */
		if (is_ok(*told))
			*told = server_said(l, doing, one);
		break;
	}
	PQclear(one);
	return end;
}

result link_results(struct link *l, int wait_ms, const char *doing,
    PGresult **ret)
{
	int64_t deadline_ms = clock_ms() + wait_ms;
	bool pipeline = PQpipelineStatus(l->conn) != PQ_PIPELINE_OFF;
	PGresult *kept = NULL;
	result told = OK;
	bool end = false;

	while (!end) {
		PGresult *one;
		result r = answer(l, deadline_ms, doing);

		if (!is_ok(r)) {
			PQclear(kept);
			return is_ok(told) ? r : told;
		}
		one = PQgetResult(l->conn);
		if (one != NULL)
			end = judge(l, doing, one, &told, &kept);
		else	/* the end; in a pipeline, of one statement */
			end = !pipeline ||
			    PQstatus(l->conn) != CONNECTION_OK;
	}
	if (is_ok(told) && PQstatus(l->conn) != CONNECTION_OK)
		told = refuse(UNAVAILABLE);
	if (told.code == E_UNAVAILABLE)
		link_drop(l);
	if (!is_ok(told)) {
		PQclear(kept);
		return told;
	}
	*ret = kept;
	return OK;
}

result link_command(struct link *l, int wait_ms, const char *doing,
    const char *sql, PGresult **ret)
{
	PGresult *got = NULL;

	if (!PQsendQuery(l->conn, sql))
		return link_unsent(l, doing);
	TRY(link_results(l, wait_ms, doing, &got));
	if (ret == NULL)
		PQclear(got);
	else
		*ret = got;
	return OK;
}

/* ---- where it may go -------------------------------------------------- */

static text option(const struct link *l, const char *keyword)
{
	for (PQconninfoOption *o = l->options; o->keyword != NULL; o++) {
		if (strcmp(o->keyword, keyword) == 0)
			return text_of(o->val);
	}
	return text_of(NULL);
}

static int members(text list)
{
	int n = 1;

	for (size_t i = 0; i < list.n; i++)
		n += list.p[i] == ',';
	return n;
}

/* Member `at` of a list with commas; a list of one serves all. */
static text member(text list, int at)
{
	text one;

	if (members(list) == 1)
		return list;
	for (one = text_cut(&list, ','); at > 0; at--)
		one = text_cut(&list, ',');
	return one;
}

static bool by_network(const struct link *l, int at)
{
	text host = member(option(l, "host"), at);

	return option(l, "hostaddr").n > 0 ||
	    !(text_starts(host, T("/")) || text_starts(host, T("@")));
}

static result unprotected(struct store *s, const char *because)
{
	store_say(s, "PostgreSQL: %s", because);
	return fault(STORE);
}

static result protected(struct link *l)
{
	/* These would lead elsewhere than the string says. */
	static const char *const leads[] = { "PGHOSTADDR", "PGSERVICE" };
	text host = option(l, "host");
	text address = option(l, "hostaddr");

	for (size_t i = 0; i < LENGTH(leads); i++) {
		const char *value = getenv(leads[i]);

		if (value != NULL && value[0] != '\0')
			return unprotected(l->store,
			    "unset PGHOSTADDR and PGSERVICE");
	}
	if (option(l, "service").n > 0)
		return unprotected(l->store, "a service is not read");
	if (host.n == 0)
		return unprotected(l->store, "say host=, the folder of the "
		    "socket or the server's name");
	l->hosts_n = members(host);
	if (l->hosts_n > LINK_HOSTS_MAX ||
	    (address.n > 0 && members(address) != l->hosts_n))
		return unprotected(l->store, "too many hosts, or as many "
		    "addresses as hosts are needed");
	for (int i = 0; i < l->hosts_n; i++) {
		if (by_network(l, i) &&
		    !text_same(option(l, "sslmode"), T("verify-full")))
			return unprotected(l->store, "over a network only "
			    "with sslmode=verify-full");
	}
	return OK;
}

result link_new(struct store *s, const char *where, struct link *ret)
{
	struct link l = { .store = s };
	char *wrong = NULL;
	result r;

	l.options = PQconninfoParse(where, &wrong);
	if (l.options == NULL) {
		/* Not its words: they may repeat a password. */
		PQfreemem(wrong);
		return unprotected(s, "the connection string is malformed");
	}
	r = protected(&l);
	if (!is_ok(r)) {
		PQconninfoFree(l.options);
		return r;
	}
	*ret = l;
	return OK;
}

void link_free(struct link *l)
{
	link_drop(l);
	PQconninfoFree(l->options);
	l->options = NULL;
}

void link_drop(struct link *l)
{
	PQfinish(l->conn);
	l->conn = NULL;
	l->timed_out = false;
}

/* ---- connecting ------------------------------------------------------- */

struct parameters {
	const char *keywords[LINK_KEYWORDS_MAX + 8];
	const char *values[LINK_KEYWORDS_MAX + 8];
	int n;
};

static void parameter(struct parameters *p, const char *keyword,
    const char *value)
{
	if (value == NULL || p->n >= LINK_KEYWORDS_MAX)
		return;
	p->keywords[p->n] = keyword;
	p->values[p->n] = value;
	p->n++;
}

static PGconn *start(struct link *l, int at)
{
	struct parameters p = { .n = 0 };
	char host[256], address[64], port[16];
	text t;

	parameter(&p, "application_name", "alas");
	for (PQconninfoOption *o = l->options; o->keyword != NULL; o++)
		parameter(&p, o->keyword, o->val);
	/* What comes later wins: one host of several, and what must be so.
	 * GSSAPI would encrypt without asking for a certificate. */
	t = member(option(l, "host"), at);
	snprintf(host, sizeof(host), "%.*s", (int)t.n, t.p);
	parameter(&p, "host", host);
	t = member(option(l, "hostaddr"), at);
	snprintf(address, sizeof(address), "%.*s", (int)t.n, t.p);
	parameter(&p, "hostaddr", t.n > 0 ? address : NULL);
	t = member(option(l, "port"), at);
	snprintf(port, sizeof(port), "%.*s", (int)t.n, t.p);
	parameter(&p, "port", t.n > 0 ? port : NULL);
	parameter(&p, "client_encoding", "UTF8");
	parameter(&p, "gssencmode", "disable");
	return PQconnectStartParams(p.keywords, p.values, 0);
}

static result dial(struct link *l, int at, int64_t deadline_ms)
{
	PostgresPollingStatusType wants = PGRES_POLLING_WRITING;

	l->conn = start(l, at);
	NEED(l->conn);
	PQsetNoticeReceiver(l->conn, notice, l);
	while (wants != PGRES_POLLING_OK) {
		int got;

		if (PQstatus(l->conn) == CONNECTION_BAD ||
		    wants == PGRES_POLLING_FAILED)
			return lost(l, "connect");
		if (!ready(PQsocket(l->conn), wants == PGRES_POLLING_READING
		    ? POLLIN : POLLOUT, deadline_ms, &got))
			return too_late(l, "connect");
		wants = PQconnectPoll(l->conn);
	}
	if (PQsetnonblocking(l->conn, 1) != 0)
		return lost(l, "connect");
	return OK;
}

/* What formats.md promises, and what the statements rely on. */
static const char session[] =
    "SET statement_timeout = '5s';"
    "SET lock_timeout = '2s';"
    "SET idle_in_transaction_session_timeout = '30s';"
    "SET synchronous_commit = on;"
    "SET default_transaction_isolation = 'read committed';"
    "SET client_min_messages = warning;"
    "SET standard_conforming_strings = on;";

static result greet(struct link *l, int at)
{
	const char *encoding = PQparameterStatus(l->conn, "server_encoding");
	text version = text_of(PQparameterStatus(l->conn, "server_version"));

	version = text_cut(&version, ' ');
	snprintf(l->store->version, sizeof(l->store->version),
	    "PostgreSQL %.*s", (int)version.n, version.p);
	if (PQserverVersion(l->conn) < LINK_VERSION_MIN)
		return unprotected(l->store, "15 or newer is needed");
	if (by_network(l, at) && !PQsslInUse(l->conn))
		return unprotected(l->store, "the connection is in the clear");
	if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
		return unprotected(l->store, "the database is not in UTF8");
	return link_command(l, LINK_BEGIN_MS, "session", session, NULL);
}

static result open_any(struct link *l)
{
	int64_t began_ms = clock_ms();
	int at = 0;
	result r = refuse(UNAVAILABLE);

	for (int i = 0; i < l->hosts_n && !is_ok(r); i++) {
		at = (l->host_last + i) % l->hosts_n;
		r = dial(l, at, began_ms +
		    (int64_t)LINK_CONNECT_MS * (i + 1) / l->hosts_n);
	}
	TRY(r);
	l->host_last = at;
	return greet(l, at);
}

result link_open(struct link *l)
{
	int64_t began_ms = clock_ms();
	int64_t took_ms;
	result r;

	if (began_ms < l->retry_at_ms) {
		/* The message of the failed attempt still stands. */
		return refuse(UNAVAILABLE);
	}
	link_drop(l);
	r = open_any(l);
	if (is_ok(r)) {
		l->generation++;
		l->warned = false;
		return OK;
	}
	link_drop(l);
	took_ms = clock_ms() - began_ms;
	l->retry_at_ms = clock_ms() + (2 * took_ms > LINK_RETRY_MS_MIN
	    ? 2 * took_ms : LINK_RETRY_MS_MIN);
	return r;
}
