#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "address.h"
#include "cell.h"
#include "certificate.h"
#include "kept.h"
#include "folder.h"
#include "front.h"
#include "paths.h"
#include "runner.h"
#include "say.h"
#include "seal.h"

enum {
	PORT_DEFAULT = 8080, WORKERS_MAX = 4,
	LOOK_MS = 100,			/* until the office is up */
	LOOK_FRONT_MS = 5000,		/* at what nginx was given */
	STOP_FRONT_MS = 3000, STOP_RUNNER_MS = 1000
};

enum which { NGINX, OFFICE, RUNNER, CHILDREN };

struct serve {
	struct serve_options o;
	struct folder folder;
	struct address address;
	struct paths paths;
	struct kept child[CHILDREN];
	int signals;
	int control;			/* to the office; -1: none */
	int runner_end, control_end;	/* for the next office */
	bool up;			/* it has answered once */
	uint8_t written[32];		/* digest of nginx's configuration */
	struct front_facts front;	/* as the office was told */
	int64_t look_ms;		/* at it again then */
};

/* ---- before anything is started --------------------------------------- */

static result no(enum say line, const char *what)
{
	serve_say(line, what);
	return refuse(INVALID);
}

static result read_port(const struct serve_options *o, int *ret)
{
	const char *given = getenv("PORT");
	int64_t port = o->port != 0 ? o->port : PORT_DEFAULT;

	if (given != NULL && given[0] != '\0' &&
	    !text_integer(text_of(given), &port))
		return no(SAY_PORT_BAD, given);
	if (port < 1 || port > UINT16_MAX)
		return no(SAY_PORT_BAD, given != NULL ? given : "0");
	*ret = (int)port;
	return OK;
}

static result private_file(const char *path)
{
	struct stat st;

	if (path == NULL)
		return OK;
	if (stat(path, &st) != 0)
		return no(SAY_FILE_MISSING, path);
	return (st.st_mode & 077) == 0 ? OK : no(SAY_FILE_OPEN, path);
}

static result check_words(const struct serve_options *o)
{
	instant now;

	if (o->now != NULL && !instant_read(text_of(o->now), &now))
		return no(SAY_NOW_BAD, o->now);
	if (o->door_rate != NULL && !address_rate(text_of(o->door_rate)))
		return no(SAY_RATE_BAD, o->door_rate);
	if (o->certificate != NULL && access(o->certificate, R_OK) != 0)
		return no(SAY_FILE_MISSING, o->certificate);
	TRY(private_file(o->certificate_key));
	return private_file(o->postgres);
}

static result check_all(struct serve *s)
{
	const char *data = getenv("ALAS_DATA");
	int port;

	if (data == NULL || data[0] == '\0')
		data = s->o.data;
	TRY(read_port(&s->o, &port));
	TRY(check_words(&s->o));
	TRY(paths_find(&s->o, &s->paths));
	TRY(folder_open(data, &s->folder));
	TRY(folder_allows(&s->folder, s->o.now != NULL));
	return address_check(&s->o, port, &s->address);
}

/* ---- nginx's configuration -------------------------------------------- */

static result tls(const struct serve_options *o, struct buf *out)
{
	if (o->certificate == NULL)
		return buf_end(out);
	buf_text(out, T("ssl_certificate "));
	TRY(front_quote(text_of(o->certificate), out));
	buf_text(out, T(";\n  ssl_certificate_key "));
	TRY(front_quote(text_of(o->certificate_key), out));
	buf_text(out, T(";\n  ssl_protocols TLSv1.2 TLSv1.3;\n"
	    "  ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;\n"
	    "  ssl_session_tickets off;"));
	return buf_end(out);
}

static int workers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > WORKERS_MAX ? WORKERS_MAX : (int)n;
}

static result write_both(struct serve *s, const struct front_value *values,
    size_t n)
{
	CLEANUP(buf_free) struct buf nginx = buf_new(FRONT_BYTES_MAX);
	CLEANUP(buf_free) struct buf office = buf_new(FRONT_BYTES_MAX);

	TRY(front_fill(front_nginx_conf, values, n, &nginx));
	TRY(front_fill(front_office_conf, values, n, &office));
	TRY(front_write(s->folder.front, "office.conf", buf_view(&office)));
	TRY(front_write(s->folder.front, "nginx.conf", buf_view(&nginx)));
	front_digest_of(buf_view(&nginx), buf_view(&office), s->written);
	return OK;
}

static result write_front(struct serve *s)
{
	CLEANUP(buf_free) struct buf names = buf_new(FRONT_BYTES_MAX);
	CLEANUP(buf_free) struct buf secure = buf_new(FRONT_BYTES_MAX);
	CLEANUP(buf_free) struct buf site = buf_new(FRONT_BYTES_MAX);
	char number[16], listen[ADDRESS_TEXT + 16];
	const char *door = s->o.door_rate;

	TRY(address_names(&s->o, &names));
	TRY(tls(&s->o, &secure));
	TRY(front_quote(text_of(s->paths.site), &site));
	snprintf(number, sizeof(number), "%d", workers());
	snprintf(listen, sizeof(listen), "%s%s", s->address.listen,
	    s->o.certificate != NULL ? " ssl http2" : "");

	const struct front_value values[] = {
		{ "RUN", text_of(s->folder.front) },
		{ "SOCK", text_of(s->folder.socket) },
		{ "ADDR", text_of(listen) },
		{ "NAMES", buf_view(&names) },
		{ "STATIC", buf_view(&site) },
		{ "WORKERS", text_of(number) },
		{ "USER", geteuid() == 0 ? T("user root;") : T("") },
		{ "DOOR_RATE", door != NULL ? text_of(door) : T("20r/m") },
		{ "CALC_RATE", door != NULL ? text_of(door) : T("30r/m") },
		{ "TLS", buf_view(&secure) },
	};
	return write_both(s, values, LENGTH(values));
}

/* ---- what the office is told of it ------------------------------------ */

static void tell_office(struct serve *s)
{
	if (s->control >= 0)
		ignore(front_facts_send(s->control, &s->front),
		    "an office that hears nothing is about to be started anew");
}

/*
 * nginx reads it when it starts and whenever somebody tells it to: another
 * one that has lain there may be in force, until nginx starts anew.
 */
static void look_at_front(struct serve *s)
{
	uint8_t there[32];

	s->look_ms = kept_clock_ms() + LOOK_FRONT_MS;
	front_digest(s->folder.front, there);
	if (memcmp(there, s->front.digest, sizeof(there)) == 0)
		return;
	memcpy(s->front.digest, there, sizeof(there));
	s->front.own = s->front.own &&
	    memcmp(there, s->written, sizeof(there)) == 0;
	tell_office(s);
}

/* Before it starts: it never starts with another one than ours. */
static result prepare_nginx(struct serve *s)
{
	struct front_facts *f = &s->front;

	front_digest(s->folder.front, f->digest);
	if (memcmp(f->digest, s->written, sizeof(f->digest)) != 0) {
		TRY(write_front(s));
		memcpy(f->digest, s->written, sizeof(f->digest));
	}
	f->own = true;
	front_version(s->paths.nginx, f->nginx, sizeof(f->nginx));
	f->tls = s->o.certificate != NULL;
	f->certificate.known = false;
	if (f->tls)
		ignore(certificate_end(s->o.certificate, &f->certificate),
		    "the doctor says that it cannot be read");
	tell_office(s);
	return OK;
}

/* ---- what the children do --------------------------------------------- */

/* execv wants its words without const, and changes none. */
static char *word(const char *s)
{
	return (char *)(uintptr_t)s;
}

/*
 * What is freed is overwritten at once, in libraries too, so that requests
 * and rows do not lie in the memory of a process that is done with them.
 * glibc does that on demand; its caches per thread, which it does not
 * overwrite, are switched off.  `more`: other tunables, each after a colon.
 */
static void overwrite_what_is_freed(const char *more)
{
	char all[128];

	snprintf(all, sizeof(all), "glibc.malloc.perturb=255"
	    ":glibc.malloc.tcache_count=0%s", more);
	setenv("GLIBC_TUNABLES", all, 1);
}

static void nginx_body(void *self)
{
	struct serve *s = self;
	char conf[sizeof(s->folder.front) + 16];
	char *const argv[] = { s->paths.nginx, word("-e"), word("stderr"),
		word("-p"), s->folder.front, word("-c"), conf, NULL };

	snprintf(conf, sizeof(conf), "%s/nginx.conf", s->folder.front);
	/* nginx would take sockets over that are named there. */
	unsetenv("NGINX");
	overwrite_what_is_freed("");
	if (kept_fds(NULL, 0))
		execv(s->paths.nginx, argv);
}

static void runner_body(void *self)
{
	struct serve *s = self;
	struct runner_options o = { .fd = s->runner_end,
		.filter = s->paths.filter, .limits = runner_limits_default };

	_exit(runner_main(&o));
}

static void office_body(void *self)
{
	struct serve *s = self;
	const int fds[] = { s->runner_end, s->control_end };
	char *argv[12] = { s->paths.office, word("--data"), s->folder.path,
		word("--runner"), word("3"), word("--control"), word("4") };
	size_t n = 7;

	if (s->o.now != NULL) {
		argv[n++] = word("--now");
		argv[n++] = word(s->o.now);
	}
	if (s->o.postgres != NULL) {
		argv[n++] = word("--postgres");
		argv[n++] = word(s->o.postgres);
	}
	/* The projection is large, and its pages are looked for all over. */
	overwrite_what_is_freed(":glibc.malloc.hugetlb=1");
	if (kept_fds(fds, LENGTH(fds)))
		execv(s->paths.office, argv);
}

/* ---- starting --------------------------------------------------------- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static result pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    ends) == 0 ? OK : fault(IO);
}

/* A runner, and the end of its socketpair that the office is to have. */
static result start_runner(struct serve *s, int *ret_office_end)
{
	int ends[2];

	TRY(pair(ends));
	s->runner_end = ends[1];
	result r = kept_start(&s->child[RUNNER], SIGKILL, runner_body, s);
	close_fd(&s->runner_end);
	if (!is_ok(r)) {
		close(ends[0]);
		return r;
	}
	*ret_office_end = ends[0];
	return OK;
}

/* The two belong together: an answer must not reach another office. */
static result start_office(struct serve *s)
{
	int ends[2];

	kept_stop(&s->child[RUNNER], 0);
	close_fd(&s->control);
	TRY(pair(ends));
	s->control = ends[0];
	s->control_end = ends[1];
	result r = start_runner(s, &s->runner_end);
	if (is_ok(r))
		r = kept_start(&s->child[OFFICE], SIGKILL, office_body, s);
	close_fd(&s->control_end);
	close_fd(&s->runner_end);
	if (is_ok(r) && s->child[NGINX].pid != 0)
		tell_office(s);
	return r;
}

static result restart_runner(struct serve *s)
{
	int end;

	TRY(start_runner(s, &end));
	result r = runner_end_send(s->control, end);
	close(end);
	/* If the office does not take it, it is about to die or be told. */
	ignore(r, "a dead office gets a runner of its own when restarted");
	return OK;
}

static result start(struct serve *s, enum which which)
{
	switch (which) {
	case NGINX:
		TRY(prepare_nginx(s));
		return kept_start(&s->child[NGINX], SIGTERM, nginx_body, s);
	case OFFICE:
		return start_office(s);
	case RUNNER:
		return restart_runner(s);
	case CHILDREN:
		break;
	}
	return fault(BUG);
}

/* ---- watching --------------------------------------------------------- */

static struct kept *child_with(struct serve *s, pid_t pid)
{
	for (int i = 0; i < CHILDREN; i++)
		if (s->child[i].pid == pid)
			return &s->child[i];
	return NULL;
}

/*
 * A runner that ends well has lost its office, by its death or on purpose:
 * it comes again, but is not to blame.  An office or nginx that gives up
 * before ever being up has said why, and would only say it again.
 */
static bool may_go_on(struct serve *s, struct kept *c, const siginfo_t *info)
{
	bool exited = info->si_code == CLD_EXITED;

	if (c == &s->child[RUNNER] && exited && info->si_status == 0) {
		kept_again(c);
		return true;
	}
	if (c != &s->child[RUNNER] && exited && !s->up) {
		serve_say(SAY_NO_START, c->name);
		return false;
	}
	if (kept_died(c))
		return true;
	serve_say(SAY_GAVE_UP, c->name);
	return false;
}

/* All that ended: ours, and those that ours left behind. */
static bool take_dead(struct serve *s)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
		    info.si_pid == 0)
			return true;
		struct kept *c = child_with(s, info.si_pid);
		if (c == NULL) {
			waitpid(info.si_pid, NULL, 0);
			continue;
		}
		kept_reap(c);
		if (!may_go_on(s, c, &info))
			return false;
	}
}

static result start_due(struct serve *s)
{
	int64_t now = kept_clock_ms();

	/* The office first: it brings a runner along. */
	if (s->child[OFFICE].due_ms != 0)
		s->child[RUNNER].due_ms = 0;
	for (int i = 0; i < CHILDREN; i++) {
		struct kept *c = &s->child[i];

		if (c->due_ms == 0 || c->due_ms > now)
			continue;
		TRY(start(s, (enum which)i));
		serve_say(SAY_AGAIN, c->name);
	}
	return OK;
}

static bool office_answers(const struct serve *s)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	memcpy(at.sun_path, s->folder.socket, strlen(s->folder.socket) + 1);
	bool yes = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
	close(fd);
	return yes;
}

static void greet(struct serve *s)
{
	struct buf url = buf_new(KIB);

	s->up = true;
	address_url(&s->o, &s->address, &url);
	if (is_ok(buf_end(&url)))
		serve_say(SAY_READY, url.p);
	buf_free(&url);
	serve_say((s->folder.flags & VAULT_DEMONSTRATION) != 0 ?
	    SAY_SIGN_IN_DEMO : SAY_SIGN_IN, "");
}

static int timeout_of(const struct serve *s)
{
	int64_t now = kept_clock_ms();
	int64_t first = s->up ? s->look_ms : now + LOOK_MS;

	for (int i = 0; i < CHILDREN; i++) {
		int64_t due = s->child[i].due_ms;

		if (due != 0 && due < first)
			first = due;
	}
	return first < now ? 0 : (int)(first - now) + 1;
}

/* True when told to stop. */
static bool told_to_stop(int signals)
{
	struct signalfd_siginfo info;
	bool stop = false;

	while (read(signals, &info, sizeof(info)) == sizeof(info))
		stop |= info.ssi_signo != SIGCHLD;
	return stop;
}

static int watch(struct serve *s)
{
	for (;;) {
		struct pollfd p = { .fd = s->signals, .events = POLLIN };

		if (poll(&p, 1, timeout_of(s)) < 0 && errno != EINTR)
			return 1;
		if (told_to_stop(s->signals))
			return 0;
		if (!take_dead(s))
			return 2;
		if (!is_ok(start_due(s))) {
			serve_say(SAY_TROUBLE, "fork");
			return 2;
		}
		if (kept_clock_ms() >= s->look_ms)
			look_at_front(s);
		if (!s->up && office_answers(s))
			greet(s);
	}
}

/* ---- the whole -------------------------------------------------------- */

static result take_signals(int *ret)
{
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGHUP);
	sigaddset(&ours, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &ours, NULL) != 0)
		return fault(IO);
	/* What a child leaves behind comes to us, and ends with us. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
		return fault(IO);
	*ret = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	return *ret >= 0 ? OK : fault(IO);
}

static result start_all(struct serve *s)
{
	TRY(cell_harden());
	TRY(seal_start());
	TRY(take_signals(&s->signals));
	TRY(write_front(s));
	TRY(start(s, OFFICE));
	return start(s, NGINX);
}

/* No new request, then no office, then nobody to ask. */
static void stop_all(struct serve *s)
{
	kept_stop(&s->child[NGINX], STOP_FRONT_MS);
	kept_stop(&s->child[OFFICE], SERVE_STOP_MS);
	kept_stop(&s->child[RUNNER], STOP_RUNNER_MS);
	close_fd(&s->control);
	kept_orphans(STOP_RUNNER_MS);
}

int serve_main(const struct serve_options *o)
{
	struct serve s = { .o = *o, .signals = -1, .control = -1,
		.runner_end = -1, .control_end = -1,
		.folder = { .lock = -1 },
		.child = { [NGINX] = { .name = "nginx" },
			[OFFICE] = { .name = "alas-office" },
			[RUNNER] = { .name = "runner" } } };
	int status = 2;

	serve_say_in(o->language);
	if (!is_ok(check_all(&s))) {
		folder_close(&s.folder);
		return 1;
	}
	result started = start_all(&s);
	if (is_ok(started))
		status = watch(&s);
	else if (started.code != E_INVALID)
		serve_say(SAY_TROUBLE, s.folder.front);
	stop_all(&s);
	close_fd(&s.signals);
	folder_close(&s.folder);
	if (status == 0)
		serve_say(SAY_STOPPED, "");
	return started.code == E_INVALID ? 1 : status;
}
