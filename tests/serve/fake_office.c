/*
 * An office with nothing in it, for the tests of `alas serve`: it keeps the
 * contract of serve.h, and tells by SCGI who it is.
 *
 *	/		"pid=… ends=… now=… postgres=…"
 *	/front		what it was told of nginx
 *	/crack		asks the runner, "strong" or "weak" or "away"
 *
 * A file run/refuse makes it give up before it is up.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runner.h"

static const char *data, *now_given = "-", *postgres = "-";
static int runner_given = -1, control = -1, ends;
static struct runner *runner;
static struct front_facts front;
static const char *verdict;

static void options(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--data") == 0)
			data = argv[i + 1];
		if (strcmp(argv[i], "--runner") == 0)
			runner_given = atoi(argv[i + 1]);
		if (strcmp(argv[i], "--control") == 0)
			control = atoi(argv[i + 1]);
		if (strcmp(argv[i], "--now") == 0)
			now_given = argv[i + 1];
		if (strcmp(argv[i], "--postgres") == 0)
			postgres = argv[i + 1];
	}
}

static int open_socket(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/run/office.sock", data);
	unlink(at.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    chmod(at.sun_path, 0600) != 0 || listen(fd, 16) != 0)
		exit(3);
	return fd;
}

static void answered(void *self, struct runner_answer *a)
{
	(void)self;
	verdict = !is_ok(a->outcome) ? "away" :
	    a->weakness == RUNNER_STRONG ? "strong" : "weak";
}

static const char *ask_runner(void)
{
	ticket t;

	verdict = NULL;
	if (!is_ok(runner_crack(runner, T("password12345678"), NULL, 0, &t)))
		return "away";
	for (int i = 0; i < 30 && verdict == NULL; i++) {
		struct pollfd p = { .fd = runner_fd(runner),
			.events = POLLIN };

		poll(&p, 1, 100);
		if (!is_ok(runner_poll(runner, answered, NULL)))
			break;
	}
	return verdict != NULL ? verdict : "away";
}

/* How many descriptors there are, to see that none was left open. */
static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int descriptors_at_start;

static void serve_one(int listener)
{
	char request[8192];
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, request, sizeof(request) - 1);

	if (n > 0) {
		bool crack = memmem(request, (size_t)n, "REQUEST_URI\0/crack",
		    18) != NULL;

		dprintf(fd, "Status: 200\r\nContent-Type: text/plain\r\n\r\n");
		if (crack)
			dprintf(fd, "%s\n", ask_runner());
		else if (memmem(request, (size_t)n, "REQUEST_URI\0/front",
		    18) != NULL)
			dprintf(fd, "nginx=%s own=%d tls=%d end=%lld\n",
			    front.nginx, front.own, front.tls,
			    front.certificate.known ?
			    (long long)front.certificate.ms : -1);
		else
			dprintf(fd, "pid=%d ends=%d fds=%d now=%s "
			    "postgres=%s\n", (int)getpid(), ends,
			    descriptors_at_start, now_given, postgres);
	}
	if (fd >= 0)
		close(fd);
}

static void take_control(void)
{
	int fd;
	result got = control_receive(control, &fd, &front);

	if (is_ok(got) && fd >= 0) {
		ends++;
		runner_reconnect(runner, fd);
	} else if (got.code == E_UNAVAILABLE) {
		exit(0);
	}
}

int main(int argc, char **argv)
{
	char path[200];

	descriptors_at_start = descriptors();
	options(argc, argv);
	if (data == NULL || control < 0 || !is_ok(seal_start()) ||
	    !is_ok(runner_new(runner_given, &runner)))
		return 3;
	snprintf(path, sizeof(path), "%s/run/refuse", data);
	if (access(path, F_OK) == 0)
		return 1;

	int listener = open_socket();
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		struct pollfd p[] = {
			{ .fd = listener, .events = POLLIN },
			{ .fd = control, .events = POLLIN },
		};

		if (poll(p, LENGTH(p), -1) < 0)
			continue;
		if (p[1].revents != 0)
			take_control();
		if (p[0].revents != 0)
			serve_one(listener);
	}
}
