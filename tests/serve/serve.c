#include "serve.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* The serve under test runs in a child, with the real nginx. */
static const char *fake_office, *filter;
static char top[] = "/tmp/alas-serve-XXXXXX";
static char data[64], site[64];

enum { FLAG_REAL = 0, FLAG_DEMO = 1, FLAG_TEST = 2, NOBODY = 65534 };

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- folders ---------------------------------------------------------- */

static void put(const char *folder, const char *name, const void *p, size_t n)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	close(fd);
}

static void remove_all(const char *path)
{
	pid_t child = fork();

	if (child == 0) {
		execlp("rm", "rm", "-rf", path, NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

static void header(uint8_t flags)
{
	uint8_t h[4096] = "ALASVLT1";
	char db[128];

	snprintf(db, sizeof(db), "%s/db", data);
	mkdir(db, 0700);
	h[9] = 1;
	h[11] = flags;
	put(db, "vault.hdr", h, sizeof(h));
}

static int fresh(void **state)
{
	(void)state;
	remove_all(data);
	if (mkdir(data, 0700) != 0)
		return -1;
	header(FLAG_TEST);
	return 0;
}

static int begin(void **state)
{
	static const char page[] = "<title>no está</title>\n";
	char folder[128];

	(void)state;
	if (mkdtemp(top) == NULL || chmod(top, 0755) != 0)
		return -1;
	snprintf(data, sizeof(data), "%s/data", top);
	snprintf(site, sizeof(site), "%s/www", top);
	snprintf(folder, sizeof(folder), "%s/static", site);
	if (mkdir(site, 0755) != 0 || mkdir(folder, 0755) != 0)
		return -1;
	put(folder, "style.0123456789abcdef.css", "body{}\n", 7);
	put(site, "_404.html", page, sizeof(page) - 1);
	put(site, "_503.html", "<title>fuera</title>\n", 21);
	unsetenv("PORT");
	unsetenv("ALAS_DATA");
	/* What a killed serve leaves behind comes here, to be counted. */
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static bool nothing_left(int ms);
static pid_t running;		/* the last serve */

/* A test that failed must not make the next one fail. */
static int after(void **state)
{
	(void)state;
	if (!nothing_left(0)) {
		kill(running, SIGTERM);
		nothing_left(15000);
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	remove_all(top);
	return 0;
}

/* ---- one serve -------------------------------------------------------- */

struct world {
	pid_t pid;
	int port, said;
};

static int free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static struct serve_options usual(void)
{
	return (struct serve_options){ .data = data, .port = free_port(),
		.site = site, .office = fake_office, .filter = filter,
		.door_rate = "1000r/s", .language = "en" };
}

static struct world open_world(const struct serve_options *o, uid_t user)
{
	struct world w = { .port = o->port,
		.said = memfd_create("said", 0) };

	w.pid = fork();
	if (w.pid == 0) {
		/* A test that fails must leave nothing running either. */
		prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
		dup2(w.said, 2);
		if (user != 0 && (setgid(user) != 0 || setuid(user) != 0))
			_exit(99);
		_exit(serve_main(o));
	}
	running = w.pid;
	return w;
}

/* What it says may come a moment after what it does. */
static bool says(const struct world *w, const char *words)
{
	const struct timespec moment = { 0, 50 * 1000 * 1000 };

	for (int i = 0; i < 100; i++) {
		char said[8192] = "";

		if (pread(w->said, said, sizeof(said) - 1, 0) < 0)
			return false;
		if (strstr(said, words) != NULL)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

/* The answer's bytes, or nothing while nobody listens. */
static size_t request(int port, const char *host, const char *path, char *ret,
    size_t max)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t n = 0;
	ssize_t got;

	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0) {
		dprintf(fd, "GET %s HTTP/1.1\r\nHost: %s\r\n"
		    "Connection: close\r\n\r\n", path, host);
		while (n < max - 1 &&
		    (got = read(fd, ret + n, max - 1 - n)) > 0)
			n += (size_t)got;
	}
	close(fd);
	ret[n] = '\0';
	return n;
}

static bool answers(int port, const char *path, const char *words, char *ret,
    size_t max)
{
	request(port, "localhost", path, ret, max);
	return strstr(ret, words) != NULL;
}

static bool wait_for(int port, const char *path, const char *words, char *ret,
    size_t max, int ms)
{
	int64_t end_ms = now_ms() + ms;

	while (!answers(port, path, words, ret, max)) {
		if (now_ms() > end_ms)
			return false;
		usleep(20 * 1000);
	}
	return true;
}

static int office_pid(int port)
{
	char answer[2048];
	const char *at;

	if (!wait_for(port, "/", "pid=", answer, sizeof(answer), 5000))
		return 0;
	at = strstr(answer, "pid=");
	return atoi(at + 4);
}

static bool wait_other_pid(int port, int not, int ms, int *ret)
{
	int64_t end_ms = now_ms() + ms;
	char answer[2048];

	while (now_ms() < end_ms) {
		if (answers(port, "/", "pid=", answer, sizeof(answer))) {
			*ret = atoi(strstr(answer, "pid=") + 4);
			if (*ret != not)
				return true;
		}
		usleep(20 * 1000);
	}
	return false;
}

static int status_of(pid_t pid, int ms)
{
	int64_t end_ms = now_ms() + ms;
	int status;

	while (now_ms() < end_ms) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) :
			    -WTERMSIG(status);
		usleep(10 * 1000);
	}
	return -1000;
}

/* Everything that came from here has ended: nothing is left to wait for. */
static bool nothing_left(int ms)
{
	int64_t end_ms = now_ms() + ms;
	pid_t got;

	while ((got = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (now_ms() > end_ms)
			return false;
		if (got == 0)
			usleep(10 * 1000);
	}
	return errno == ECHILD;
}

static void close_world(struct world *w)
{
	assert_int_equal(kill(w->pid, SIGTERM), 0);
	assert_int_equal(status_of(w->pid, 5000), 0);
	assert_true(nothing_left(0));
	close(w->said);
}

static int read_number(const char *name)
{
	char path[160], digits[32] = "";

	snprintf(path, sizeof(path), "%s/%s", data, name);
	int fd = open(path, O_RDONLY);
	if (fd >= 0) {
		if (read(fd, digits, sizeof(digits) - 1) < 0)
			digits[0] = '\0';
		close(fd);
	}
	return atoi(digits);
}

/* The runner is a fork: a child of serve that has serve's own name. */
static pid_t runner_pid(pid_t serve)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	pid_t found = 0;

	assert_non_null(proc);
	while ((e = readdir(proc)) != NULL) {
		char path[300], stat_line[512] = "", name[64] = "";
		int pid = atoi(e->d_name), above = 0;

		if (pid == 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		FILE *f = fopen(path, "r");
		if (f == NULL)
			continue;
		if (fgets(stat_line, sizeof(stat_line), f) != NULL)
			sscanf(stat_line, "%*d (%63[^)]) %*c %d", name,
			    &above);
		fclose(f);
		if (above == serve && strcmp(name, "test-serve") == 0)
			found = pid;
	}
	closedir(proc);
	return found;
}

/* ---- serving ---------------------------------------------------------- */

static void pages_come_through_nginx(void **state)
{
	/* Without it nothing of all this serves anybody. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char answer[4096];

	(void)state;
	assert_true(wait_for(w.port, "/", " 200", answer, sizeof(answer),
	    5000));
	assert_non_null(strstr(answer, "X-Request-Id: "));
	/* Three of its own and two ends, no more. */
	assert_non_null(strstr(answer, "ends=0 fds=5 now=- postgres=-"));
	assert_true(answers(w.port, "/crack", "weak", answer,
	    sizeof(answer)));
	assert_true(answers(w.port, "/static/style.0123456789abcdef.css",
	    "body{}", answer, sizeof(answer)));
	assert_true(answers(w.port, "/static/none", "no está", answer,
	    sizeof(answer)));
	assert_true(answers(w.port, "/_404.html", "no está", answer,
	    sizeof(answer)));
	assert_true(request(w.port, "evil.example", "/", answer,
	    sizeof(answer)) > 0);
	assert_non_null(strstr(answer, " 421 "));
	assert_true(says(&w, "open http://127.0.0.1:"));
	assert_true(says(&w, "name, passphrase and code"));
	close_world(&w);
}

static void the_configuration_is_whole_and_private(void **state)
{
	/* Without it a hole in the template serves in a way nobody tested. */
	static const char *const names[] = { "nginx.conf", "office.conf" };
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char path[160], conf[32768], answer[2048];
	struct stat st;

	(void)state;
	assert_true(wait_for(w.port, "/", "pid=", answer, sizeof(answer),
	    5000));
	for (size_t i = 0; i < LENGTH(names); i++) {
		snprintf(path, sizeof(path), "%s/front/%s", data, names[i]);
		int fd = open(path, O_RDONLY);
		assert_true(fd >= 0);
		ssize_t n = read(fd, conf, sizeof(conf) - 1);
		assert_true(n > 0);
		conf[n] = '\0';
		assert_int_equal(fstat(fd, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_null(strchr(conf, '@'));
		close(fd);
		if (i == 0 && geteuid() == 0)
			assert_non_null(strstr(conf, "\nuser root;"));
		if (i == 0)
			assert_non_null(strstr(conf, "rate=1000r/s"));
	}
	close_world(&w);
}

static void options_reach_the_office(void **state)
{
	/* Without it a test office runs on today's date. */
	struct serve_options o = usual();
	char file[128], answer[2048], expected[256];

	(void)state;
	snprintf(file, sizeof(file), "%s/connection", top);
	put(top, "connection", "host=/run/postgresql\n", 21);
	assert_int_equal(chmod(file, 0600), 0);
	o.postgres = file;
	o.now = "2026-11-24T09:00:00-05:00";
	struct world w = open_world(&o, 0);
	snprintf(expected, sizeof(expected),
	    "now=2026-11-24T09:00:00-05:00 postgres=%s", file);
	assert_true(wait_for(w.port, "/", expected, answer, sizeof(answer),
	    5000));
	close_world(&w);
}

static void the_environment_goes_first(void **state)
{
	/* Without it `PORT=… make run` listens where it always did. */
	struct serve_options o = usual();
	char port[16], answer[2048];
	int other = free_port();

	(void)state;
	snprintf(port, sizeof(port), "%d", other);
	setenv("PORT", port, 1);
	setenv("ALAS_DATA", data, 1);
	o.data = "/nonexistent/alas";
	struct world w = open_world(&o, 0);
	unsetenv("PORT");
	unsetenv("ALAS_DATA");
	assert_true(wait_for(other, "/", "pid=", answer, sizeof(answer),
	    5000));
	close_world(&w);
}

/* ---- deaths ----------------------------------------------------------- */

static void a_dead_office_is_back_in_two_seconds(void **state)
{
	/* Without it a crash in the morning closes the office for the day. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char answer[2048];
	int first = office_pid(w.port), second = 0;

	(void)state;
	assert_true(first > 0);
	pid_t runner = runner_pid(w.pid);
	assert_int_equal(kill(first, SIGKILL), 0);
	assert_true(wait_other_pid(w.port, first, 2000, &second));
	/* With a runner of its own: no answer of the dead one's jobs. */
	assert_int_not_equal(runner_pid(w.pid), runner);
	assert_true(answers(w.port, "/crack", "weak", answer,
	    sizeof(answer)));
	assert_true(says(&w, "alas-office ended by itself"));
	close_world(&w);
}

static void the_office_is_told_what_nginx_runs_with(void **state)
{
	/* Without it who changes nginx's configuration goes unseen. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char answer[2048], conf[128], pid[32] = "";
	int first = office_pid(w.port), second = 0;

	(void)state;
	assert_true(answers(w.port, "/front", "nginx=1.", answer,
	    sizeof(answer)));
	assert_non_null(strstr(answer, " own=1 tls=0 end=-1"));
	snprintf(conf, sizeof(conf), "%s/front/nginx.conf", data);
	int fd = open(conf, O_RDWR | O_APPEND);
	assert_true(fd >= 0);
	off_t n = lseek(fd, 0, SEEK_END);
	assert_int_equal(write(fd, "#\n", 2), 2);
	assert_true(wait_for(w.port, "/front", " own=0", answer,
	    sizeof(answer), 9000));

	/* Putting it back tells nothing of what nginx has taken up. */
	assert_int_equal(ftruncate(fd, n), 0);
	usleep(6 * 1000 * 1000);
	assert_true(answers(w.port, "/front", " own=0", answer,
	    sizeof(answer)));
	/* Another office is told as well. */
	assert_int_equal(kill(first, SIGKILL), 0);
	assert_true(wait_other_pid(w.port, first, 2000, &second));
	assert_true(wait_for(w.port, "/front", " own=0", answer,
	    sizeof(answer), 1000));

	/* An nginx that starts anew starts with ours. */
	assert_int_equal(write(fd, "nonsense\n", 9), 9);
	close(fd);
	snprintf(conf, sizeof(conf), "%s/front/nginx.pid", data);
	fd = open(conf, O_RDONLY);
	assert_true(fd >= 0);
	assert_true(read(fd, pid, sizeof(pid) - 1) > 0);
	close(fd);
	assert_int_equal(kill(atoi(pid), SIGKILL), 0);
	assert_true(wait_for(w.port, "/front", " own=1", answer,
	    sizeof(answer), 3000));
	close_world(&w);
}

static void while_it_is_away_nginx_says_so(void **state)
{
	/* Without it people see a browser's error instead of our words. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char answer[4096];
	int pid = office_pid(w.port);

	(void)state;
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	request(w.port, "localhost", "/", answer, sizeof(answer));
	assert_non_null(strstr(answer, " 503 "));
	assert_non_null(strstr(answer, "fuera"));
	close_world(&w);
}

static void a_dead_nginx_is_back_in_two_seconds(void **state)
{
	/* Without it its orphaned workers keep the port for ever. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char answer[2048];
	int office = office_pid(w.port), first;

	(void)state;
	first = read_number("front/nginx.pid");
	assert_true(first > 0);
	assert_int_equal(kill(first, SIGKILL), 0);
	int64_t end_ms = now_ms() + 2000;
	while (read_number("front/nginx.pid") == first && now_ms() < end_ms)
		usleep(10 * 1000);
	assert_int_not_equal(read_number("front/nginx.pid"), first);
	assert_true(wait_for(w.port, "/", "pid=", answer, sizeof(answer),
	    (int)(end_ms - now_ms())));
	assert_int_equal(office_pid(w.port), office);
	close_world(&w);
}

static void a_dead_runner_is_replaced_under_a_living_office(void **state)
{
	/* Without it nobody can sign in until the office is restarted. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	char answer[2048];
	int office = office_pid(w.port);

	(void)state;
	pid_t runner = runner_pid(w.pid);
	assert_true(runner > 0);
	assert_int_equal(kill(runner, SIGKILL), 0);
	assert_true(wait_for(w.port, "/", "ends=1", answer, sizeof(answer),
	    2000));
	assert_true(answers(w.port, "/crack", "weak", answer,
	    sizeof(answer)));
	assert_int_equal(office_pid(w.port), office);
	close_world(&w);
}

static void too_many_deaths_stop_everything(void **state)
{
	/* Without it a broken office burns the machine and nobody notices. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);
	int pid = office_pid(w.port);

	(void)state;
	for (int i = 0; i < SERVE_DEATHS_MAX; i++) {
		int next = 0;

		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_true(wait_other_pid(w.port, pid, 2000, &next));
		pid = next;
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(status_of(w.pid, 5000), 2);
	assert_true(says(&w, "alas-office ended too often"));
	assert_true(nothing_left(0));
	close(w.said);
}

static void an_office_that_refuses_is_not_asked_again(void **state)
{
	/* Without it its reason is printed six times and scrolls away. */
	struct serve_options o = usual();
	char run[128];

	(void)state;
	snprintf(run, sizeof(run), "%s/run", data);
	mkdir(run, 0700);
	put(run, "refuse", "", 0);
	struct world w = open_world(&o, 0);
	assert_int_equal(status_of(w.pid, 5000), 2);
	assert_true(says(&w, "alas-office could not begin"));
	assert_true(nothing_left(0));
	close(w.said);
}

/* ---- the end ---------------------------------------------------------- */

static void a_signal_stops_everything(void **state)
{
	/* Without it Ctrl-C leaves processes that hold the port. */
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < LENGTH(signals); i++) {
		fresh(state);
		struct serve_options o = usual();
		struct world w = open_world(&o, 0);

		assert_true(office_pid(w.port) > 0);
		assert_int_equal(kill(w.pid, signals[i]), 0);
		assert_int_equal(status_of(w.pid, 5000), 0);
		assert_true(nothing_left(0));
		assert_true(says(&w, "stopped"));
		close(w.said);
	}
}

static void a_killed_serve_leaves_nothing(void **state)
{
	/* Without it the next start finds the port and the folder taken. */
	struct serve_options o = usual();
	struct world w = open_world(&o, 0);

	(void)state;
	assert_true(office_pid(w.port) > 0);
	assert_int_equal(kill(w.pid, SIGKILL), 0);
	assert_true(nothing_left(3000));
	close(w.said);

	w = open_world(&o, 0);
	assert_true(office_pid(w.port) > 0);
	close_world(&w);
}

/* ---- refusals --------------------------------------------------------- */

static void refused(const struct serve_options *o, const char *because)
{
	struct world w = open_world(o, 0);

	assert_int_equal(status_of(w.pid, 3000), 1);
	if (!says(&w, because))
		print_error("not said: %s\n", because);
	assert_true(says(&w, because));
	assert_true(nothing_left(0));
	close(w.said);
}

static void bad_options_are_refused(void **state)
{
	/* Without each a slip of the hand starts something half right. */
	static const struct {
		size_t at;
		const char *value, *because;
	} bad[] = {
		{ offsetof(struct serve_options, data), NULL,
		    "no data folder" },
		{ offsetof(struct serve_options, data), "/nonexistent/a/b",
		    "neither made nor opened" },
		{ offsetof(struct serve_options, data), "/etc/passwd",
		    "neither made nor opened" },
		{ offsetof(struct serve_options, address), "localhost",
		    "not an IP address" },
		{ offsetof(struct serve_options, address), "0.0.0.0",
		    "only with TLS" },
		{ offsetof(struct serve_options, address), "::",
		    "only with TLS" },
		{ offsetof(struct serve_options, address), "192.0.2.1",
		    "only with TLS" },
		{ offsetof(struct serve_options, address), "127.255.0.256",
		    "not an IP address" },
		{ offsetof(struct serve_options, nginx), "/nonexistent/nginx",
		    "nginx is missing" },
		{ offsetof(struct serve_options, office), "/nonexistent/o",
		    "is missing" },
		{ offsetof(struct serve_options, filter), "/nonexistent/f",
		    "is missing" },
		{ offsetof(struct serve_options, site), "/nonexistent/s",
		    "is missing" },
		{ offsetof(struct serve_options, now), "yesterday",
		    "not an instant" },
		{ offsetof(struct serve_options, door_rate), "20r/m; x",
		    "not a rate" },
		{ offsetof(struct serve_options, postgres), "/nonexistent/p",
		    "is missing" },
		{ offsetof(struct serve_options, postgres), "/etc/passwd",
		    "others can read" },
		{ offsetof(struct serve_options, certificate),
		    "/nonexistent/c", "is missing" },
		{ offsetof(struct serve_options, names), "a b",
		    "not a host name" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct serve_options o = usual();

		o.names_n = bad[i].at == offsetof(struct serve_options, names);
		memcpy((char *)&o + bad[i].at, &bad[i].value,
		    sizeof(bad[i].value));
		refused(&o, bad[i].because);
	}
	struct serve_options o = usual();
	o.port = 70000;
	refused(&o, "the port must be");
	setenv("PORT", "80x", 1);
	o.port = 8080;
	refused(&o, "the port must be");
	unsetenv("PORT");
}

static void a_taken_port_is_named(void **state)
{
	/* Without it the reason is a line of nginx that nobody reads. */
	struct serve_options o = usual();
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)o.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	char expected[64];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	snprintf(expected, sizeof(expected), "already uses 127.0.0.1:%d",
	    o.port);
	refused(&o, expected);
	close(fd);
}

static void open_folders_are_refused(void **state)
{
	/* Without it every user of the machine reads the office's files. */
	struct serve_options o = usual();
	char spaced[128], part[128];

	(void)state;
	assert_int_equal(chmod(data, 0755), 0);
	refused(&o, "chmod 700");
	assert_int_equal(chmod(data, 0700), 0);
	snprintf(part, sizeof(part), "%s/files", data);
	assert_int_equal(mkdir(part, 0700), 0);
	assert_int_equal(chmod(part, 0750), 0);
	refused(&o, "chmod 700");
	assert_int_equal(chmod(part, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(data, NOBODY, NOBODY), 0);
		refused(&o, "is another user's");
		assert_int_equal(chown(data, 0, 0), 0);
	}
	snprintf(spaced, sizeof(spaced), "%s/my data", top);
	o.data = spaced;
	refused(&o, "use another folder");
	assert_int_equal(rmdir(spaced), 0);
}

static void a_folder_has_one_serve(void **state)
{
	/* Without it the second rewrites the first one's configuration. */
	struct serve_options o = usual(), second = usual();
	struct world w = open_world(&o, 0);

	(void)state;
	int pid = office_pid(w.port);
	assert_true(pid > 0);
	pid_t child = fork();
	if (child == 0)
		_exit(serve_main(&second));
	assert_int_equal(status_of(child, 3000), 1);
	assert_int_equal(office_pid(w.port), pid);
	close_world(&w);
}

static void root_serves_no_real_office(void **state)
{
	/* Without it a hole in nginx is root on the machine with the cases. */
	struct serve_options o = usual();

	(void)state;
	if (geteuid() != 0)
		skip();
	header(FLAG_REAL);
	refused(&o, "root may not serve a real office");
	remove_all(data);
	refused(&o, "root may not serve a real office");
	fresh(state);
	char db[128];
	snprintf(db, sizeof(db), "%s/db", data);
	put(db, "vault.hdr", "nonsense", 8);
	refused(&o, "no vault's header");
	header(FLAG_DEMO);
	struct world w = open_world(&o, 0);
	assert_true(office_pid(w.port) > 0);
	assert_true(says(&w, "warning: everything runs as root"));
	assert_true(says(&w, "choose a person to sign in"));
	close_world(&w);
}

static void only_play_has_its_own_clock(void **state)
{
	/* Without it somebody moves the date of a real term. */
	struct serve_options o = usual();

	(void)state;
	o.now = "2026-11-24T09:00:00-05:00";
	header(FLAG_REAL);
	refused(&o, "only for a demonstration or test office");
}

static void a_user_of_its_own_serves_a_real_office(void **state)
{
	/* Without it the only way that works is the way that is refused. */
	struct serve_options o = usual();
	char db[128];

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(db, sizeof(db), "%s/db", data);
	header(FLAG_REAL);
	assert_int_equal(chown(data, NOBODY, NOBODY), 0);
	assert_int_equal(chown(db, NOBODY, NOBODY), 0);
	snprintf(db, sizeof(db), "%s/db/vault.hdr", data);
	assert_int_equal(chown(db, NOBODY, NOBODY), 0);
	pid_t child = fork();
	if (child == 0)
		_exit(setuid(NOBODY) != 0 || access(fake_office, X_OK) != 0);
	if (status_of(child, 3000) != 0)
		skip();		/* the build is where only root may look */

	struct world w = open_world(&o, NOBODY);
	char answer[2048];
	assert_true(wait_for(w.port, "/crack", "weak", answer, sizeof(answer),
	    5000));
	assert_false(says(&w, "root"));
	assert_false(says(&w, "nginx"));
	close_world(&w);
}

static int run_quietly(const char *const argv[])
{
	pid_t child = fork();

	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return status_of(child, 20000);
}

static void tls_is_served(void **state)
{
	/* Without it nobody outside this machine can be served at all. */
	char key[128], certificate[128], url[64];
	const char *const make[] = { "openssl", "req", "-x509", "-newkey",
		"rsa:2048", "-nodes", "-subj", "/CN=alas.test", "-days", "2",
		"-keyout", key, "-out", certificate, NULL };
	const char *const get[] = { "curl", "-skf", "--http2", "-m", "5", url,
		NULL };
	const char *const old[] = { "curl", "-skf", "-m", "5", "--tls-max",
		"1.1", url, NULL };

	(void)state;
	snprintf(key, sizeof(key), "%s/key.pem", top);
	snprintf(certificate, sizeof(certificate), "%s/cert.pem", top);
	if (run_quietly(make) != 0)
		skip();
	struct serve_options o = usual();
	o.certificate = certificate;
	o.certificate_key = key;
	assert_int_equal(chmod(key, 0644), 0);
	refused(&o, "others can read");
	assert_int_equal(chmod(key, 0600), 0);
	o.address = "0.0.0.0";
	o.names[0] = "alas.test";
	o.names_n = 1;
	struct world w = open_world(&o, 0);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", w.port);
	int got = 1;
	for (int i = 0; i < 100 && got != 0 && got != 127; i++) {
		usleep(50 * 1000);
		got = run_quietly(get);
	}
	if (got != 127) {
		assert_int_equal(got, 0);
		assert_int_not_equal(run_quietly(old), 0);
		assert_true(says(&w, "open https://alas.test:"));
	}
	close_world(&w);
}

int main(int argc, char **argv)
{
#define SERVE_TEST(f) cmocka_unit_test_setup_teardown(f, fresh, after)
	const struct CMUnitTest tests[] = {
		SERVE_TEST(pages_come_through_nginx),
		SERVE_TEST(the_configuration_is_whole_and_private),
		SERVE_TEST(options_reach_the_office),
		SERVE_TEST(the_environment_goes_first),
		SERVE_TEST(a_dead_office_is_back_in_two_seconds),
		SERVE_TEST(the_office_is_told_what_nginx_runs_with),
		SERVE_TEST(while_it_is_away_nginx_says_so),
		SERVE_TEST(a_dead_nginx_is_back_in_two_seconds),
		SERVE_TEST(a_dead_runner_is_replaced_under_a_living_office),
		SERVE_TEST(too_many_deaths_stop_everything),
		SERVE_TEST(an_office_that_refuses_is_not_asked_again),
		SERVE_TEST(a_signal_stops_everything),
		SERVE_TEST(a_killed_serve_leaves_nothing),
		SERVE_TEST(bad_options_are_refused),
		SERVE_TEST(a_taken_port_is_named),
		SERVE_TEST(open_folders_are_refused),
		SERVE_TEST(a_folder_has_one_serve),
		SERVE_TEST(root_serves_no_real_office),
		SERVE_TEST(only_play_has_its_own_clock),
		SERVE_TEST(a_user_of_its_own_serves_a_real_office),
		SERVE_TEST(tls_is_served),
	};

	if (argc != 3)
		return 2;
	fake_office = argv[1];
	filter = argv[2];
	return cmocka_run_group_tests(tests, begin, end);
}
