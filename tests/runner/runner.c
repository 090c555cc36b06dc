#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "paper.h"

#include <cmocka.h>

static const char *good_filter, *bad_filter;

static const struct slot_kdf small = { .passes = 1,
	.memory = (uint64_t)46 * MIB,
	.salt = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } };

/* ---- a runner for a test ---------------------------------------------- */

enum { ANSWERS_MAX = 64 };

struct world {
	struct runner *r;
	pid_t pid;
	size_t n;
	struct runner_answer answer[ANSWERS_MAX];
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static pid_t start(const char *filter, struct runner_limits limits,
    int *ret_fd)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct runner_options o = { .fd = ends[1], .filter = filter,
			.limits = limits };

		close(ends[0]);
		_exit(runner_main(&o));
	}
	close(ends[1]);
	*ret_fd = ends[0];
	return pid;
}

static struct world open_world(const char *filter, unsigned wall_ms)
{
	struct runner_limits l = runner_limits_default;
	struct world w = { .n = 0 };
	int fd;

	if (wall_ms != 0)
		l.wall_ms = wall_ms;
	l.cpu_s = 1;
	w.pid = start(filter, l, &fd);
	assert_true(is_ok(runner_new(fd, &w.r)));
	return w;
}

/* The runner ends by itself when its office goes. */
static void close_world(struct world *w)
{
	int status;

	for (size_t i = 0; i < w->n; i++)
		if (w->answer[i].document >= 0)
			close(w->answer[i].document);
	runner_free(w->r);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void keep(void *self, struct runner_answer *a)
{
	struct world *w = self;

	assert_true(w->n < ANSWERS_MAX);
	w->answer[w->n++] = *a;
	a->document = -1;
}

static void wait_answers(struct world *w, size_t n, int ms)
{
	int64_t end = now_ms() + ms;

	while (w->n < n) {
		int64_t left = end - now_ms();
		struct pollfd p = { .fd = runner_fd(w->r), .events = POLLIN };

		assert_true(left > 0);
		assert_true(poll(&p, 1, (int)left) >= 0);
		assert_true(is_ok(runner_poll(w->r, keep, w)));
	}
}

static struct runner_answer *one_answer(struct world *w, ticket t, int ms)
{
	size_t before = w->n;

	wait_answers(w, before + 1, ms);
	assert_int_equal(w->answer[before].ticket.n, t.n);
	return &w->answer[before];
}

/* ---- Argon2id --------------------------------------------------------- */

static void the_hash_is_libsodiums(void **state)
{
	/* Without it no passphrase of another program opens the vault. */
	struct world w = open_world(good_filter, 0);
	uint8_t expected[32];
	ticket t;

	(void)state;
	assert_int_equal(crypto_pwhash(expected, sizeof(expected), "frase", 5,
	    small.salt, small.passes, (size_t)small.memory,
	    crypto_pwhash_ALG_ARGON2ID13), 0);
	assert_true(is_ok(runner_argon2(w.r, T("frase"), &small, &t)));
	struct runner_answer *a = one_answer(&w, t, 10000);
	assert_true(is_ok(a->outcome));
	assert_int_equal(a->kind, RUNNER_ARGON2);
	assert_memory_equal(a->hash, expected, sizeof(expected));

	assert_true(is_ok(runner_argon2(w.r, T("otra"), &small, &t)));
	a = one_answer(&w, t, 10000);
	assert_true(is_ok(a->outcome));
	assert_memory_not_equal(a->hash, expected, sizeof(expected));
	assert_true(is_ok(runner_argon2(w.r, T(""), &small, &t)));
	assert_true(is_ok(one_answer(&w, t, 10000)->outcome));
	close_world(&w);
}

static void costs_out_of_bounds_are_refused(void **state)
{
	/* Without it a forged header takes all memory, or none. */
	struct world w = open_world(good_filter, 0);
	struct slot_kdf wrong = small;
	char long_secret[RUNNER_SECRET_MAX + 1] = { 0 };
	ticket t;

	(void)state;
	wrong.memory = MIB;
	assert_true(is_ok(runner_argon2(w.r, T("x"), &wrong, &t)));
	assert_int_equal(one_answer(&w, t, 5000)->outcome.code, E_INVALID);
	wrong.memory = UINT64_C(1) << 50;
	assert_true(is_ok(runner_argon2(w.r, T("x"), &wrong, &t)));
	assert_int_equal(one_answer(&w, t, 5000)->outcome.code, E_INVALID);
	wrong = small;
	wrong.passes = 1000;
	assert_true(is_ok(runner_argon2(w.r, T("x"), &wrong, &t)));
	assert_int_equal(one_answer(&w, t, 5000)->outcome.code, E_INVALID);
	assert_int_equal(runner_argon2(w.r, (text){ long_secret,
	    sizeof(long_secret) }, &small, &t).code, E_TOO_LARGE);
	close_world(&w);
}

/* A process's memory, arguments, environment: is it in there? */
static bool found_in(const char *path, const char *what, size_t n,
    off_t from, off_t to)
{
	enum { STEP = 1 * MIB };
	char *p = malloc(STEP);
	int fd = open(path, O_RDONLY);
	bool found = false;

	assert_non_null(p);
	for (off_t at = from; fd >= 0 && !found && at < to;
	    at += STEP - (off_t)n) {
		size_t want = to - at < STEP ? (size_t)(to - at) : STEP;
		ssize_t got = pread(fd, p, want, at);

		if (got <= 0)
			break;
		found = memmem(p, (size_t)got, what, n) != NULL;
	}
	if (fd >= 0)
		close(fd);
	free(p);
	return found;
}

static bool found_in_memory(pid_t pid, const char *what, size_t n)
{
	char path[64], mem[64], line[512];
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	snprintf(mem, sizeof(mem), "/proc/%d/mem", pid);
	FILE *maps = fopen(path, "r");
	assert_non_null(maps);
	while (!found && fgets(line, sizeof(line), maps) != NULL) {
		unsigned long long from, to;
		char mode[8];

		if (sscanf(line, "%llx-%llx %7s", &from, &to, mode) == 3 &&
		    mode[0] == 'r' && strstr(line, "[v") == NULL)
			found = found_in(mem, what, n, (off_t)from,
			    (off_t)to);
	}
	fclose(maps);
	return found;
}

/* Made at run time, so that no copy of the test's own text has it. */
static text secret_of(char out[24])
{
	for (int i = 0; i < 24; i++)
		out[i] = (char)('A' + (i * 7 + (int)now_ms() % 5 + i / 3) % 26);
	return (text){ out, 24 };
}

static void a_secret_leaves_nothing_behind(void **state)
{
	/* Without it yesterday's passphrase is in the runner's memory. */
	struct world w = open_world(good_filter, 0);
	char bytes[24], seen[24];
	ticket t;

	(void)state;
	if (geteuid() != 0)
		skip();
	text secret = secret_of(bytes);
	assert_true(is_ok(runner_argon2(w.r, secret, &small, &t)));
	one_answer(&w, t, 10000);
	assert_true(is_ok(runner_crack(w.r, secret, NULL, 0, &t)));
	one_answer(&w, t, 10000);
	assert_false(found_in_memory(w.pid, bytes, sizeof(bytes)));
	/* The search itself works: it finds what this test holds. */
	memcpy(seen, bytes, sizeof(seen));
	assert_true(found_in_memory(getpid(), seen, sizeof(seen)));
	close_world(&w);
}

static bool child_shows(pid_t parent, const char *what, size_t n, int *seen)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	bool found = false;

	assert_non_null(proc);
	while ((e = readdir(proc)) != NULL) {
		char path[300], stat[256] = "";
		int pid = atoi(e->d_name), above = 0;

		if (pid == 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		FILE *f = fopen(path, "r");
		if (f == NULL)
			continue;
		if (fgets(stat, sizeof(stat), f) != NULL &&
		    strrchr(stat, ')') != NULL)
			sscanf(strrchr(stat, ')') + 1, " %*c %d", &above);
		fclose(f);
		if (above != parent && pid != parent)
			continue;
		*seen += above == parent;
		snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
		found |= found_in(path, what, n, 0, 65536);
		snprintf(path, sizeof(path), "/proc/%d/environ", pid);
		found |= found_in(path, what, n, 0, 65536);
	}
	closedir(proc);
	return found;
}

static void a_secret_is_no_argument(void **state)
{
	/* Without it every user of the machine reads it with ps. */
	struct world w = open_world(good_filter, 0);
	struct slot_kdf slow = small;
	char bytes[24];
	int seen = 0;
	ticket t;

	(void)state;
	text secret = secret_of(bytes);
	slow.passes = 8;
	assert_true(is_ok(runner_argon2(w.r, secret, &slow, &t)));
	for (int i = 0; i < 200 && seen == 0; i++) {
		assert_false(child_shows(w.pid, bytes, sizeof(bytes), &seen));
		usleep(1000);
	}
	assert_true(seen > 0);
	assert_true(is_ok(one_answer(&w, t, 20000)->outcome));
	close_world(&w);
}

/* ---- libcrack2 -------------------------------------------------------- */

static void weak_passphrases_are_told_from_strong(void **state)
{
	/* Without it the whole office hangs on "password12345678". */
	static const struct { const char *phrase; enum runner_weakness w; }
	    expected[] = {
		{ "murciélago sol camino verde", RUNNER_STRONG },
		{ "El perro come 17 manzanas", RUNNER_STRONG },
		{ "las palas rojas del vecino triste", RUNNER_STRONG },
		{ "palabra alas con bastante más detrás", RUNNER_STRONG },
		{ "password12345678", RUNNER_WEAK_SIMPLE },
		{ "qwertyuiopasdfghjkl", RUNNER_WEAK_SIMPLE },
		{ "aaaaaaaaaaaaaaaaaaaa", RUNNER_WEAK_REPEATED },
		{ "passwordpassword", RUNNER_WEAK_REPEATED },
		{ "Clave-1Clave-1Clave-1", RUNNER_WEAK_REPEATED },
		{ "asociación-alas-2026", RUNNER_WEAK_CONTEXT },
		{ "PIEDRAS GORDAS 1234", RUNNER_WEAK_CONTEXT },
		{ "ancónancónlucíalucia", RUNNER_WEAK_CONTEXT },
		{ "representative", RUNNER_WEAK_WORD },
	};
	const text context[] = { T("Asociación"), T("alas"), T("Ancón"),
		T("Piedras Gordas"), T("lucia"), T("de") };
	struct world w = open_world(good_filter, 0);
	ticket t;

	(void)state;
	for (size_t i = 0; i < LENGTH(expected); i++) {
		assert_true(is_ok(runner_crack(w.r,
		    text_of(expected[i].phrase), context, LENGTH(context),
		    &t)));
		struct runner_answer *a = one_answer(&w, t, 5000);
		assert_true(is_ok(a->outcome));
		if (a->weakness != expected[i].w)
			print_error("%s: %s\n", expected[i].phrase,
			    runner_weakness_key(a->weakness));
		assert_int_equal(a->weakness, expected[i].w);
	}
	close_world(&w);
}

static void passphrases_that_are_no_text_are_refused(void **state)
{
	/* Without it half of a passphrase is checked, or nothing at all. */
	struct world w = open_world(good_filter, 0);
	char long_word[RUNNER_SECRET_MAX + 1] = { 0 };
	text many[40];
	ticket t;

	(void)state;
	assert_true(is_ok(runner_crack(w.r, T("abc\xff def"), NULL, 0, &t)));
	assert_int_equal(one_answer(&w, t, 5000)->outcome.code, E_INVALID);
	assert_true(is_ok(runner_crack(w.r, T("abc\0def"), NULL, 0, &t)));
	assert_int_equal(one_answer(&w, t, 5000)->outcome.code, E_INVALID);
	assert_int_equal(runner_crack(w.r, (text){ long_word,
	    sizeof(long_word) }, NULL, 0, &t).code, E_TOO_LARGE);
	for (size_t i = 0; i < LENGTH(many); i++)
		many[i] = (text){ long_word, sizeof(long_word) - 1 };
	assert_int_equal(runner_crack(w.r, T("x"), many, LENGTH(many),
	    &t).code, E_TOO_LARGE);
	assert_true(is_ok(runner_crack(w.r, T("murciélago sol camino verde"),
	    NULL, 0, &t)));
	assert_int_equal(one_answer(&w, t, 5000)->weakness, RUNNER_STRONG);
	close_world(&w);
}

/* ---- filters ---------------------------------------------------------- */

static bool pdf_says(int pdf, const char *words)
{
	char said[8192] = "";
	size_t n = 0;
	int from[2], status;
	ssize_t got;

	assert_int_equal(pipe(from), 0);
	pid_t child = fork();
	if (child == 0) {
		lseek(pdf, 0, SEEK_SET);
		dup2(pdf, 0);
		dup2(from[1], 1);
		close(from[0]);
		close(from[1]);
		execlp("pdftotext", "pdftotext", "-", "-", NULL);
		_exit(1);
	}
	close(from[1]);
	while (n < sizeof(said) - 1 &&
	    (got = read(from[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += (size_t)got;
	close(from[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return strstr(said, words) != NULL;
}

static int sheet_new(const char *lines)
{
	struct buf b = buf_new(PAPER_BYTES_MAX);
	int fd;

	paper_begin(&b);
	buf_text(&b, text_of(lines));
	assert_true(is_ok(document_new(buf_view(&b), &fd)));
	buf_free(&b);
	return fd;
}

static void a_sheet_comes_back_as_a_pdf(void **state)
{
	/* Without it nobody gets a recovery sheet. */
	struct world w = open_world(good_filter, 0);
	struct buf bytes = buf_new(RUNNER_OUT_MAX);
	int sheet = sheet_new("title\tHoja\nbig\tKX2M 7Q4P\n");
	ticket t, again;

	(void)state;
	assert_true(is_ok(runner_filter(w.r, "paper", sheet, &t)));
	struct runner_answer *a = one_answer(&w, t, 10000);
	assert_true(is_ok(a->outcome));
	assert_true(pdf_says(a->document, "KX2M 7Q4P"));
	assert_true(is_ok(document_read(a->document, &bytes)));
	assert_true(text_starts(buf_view(&bytes), T("%PDF-1.5")));
	/* What comes back is as unchangeable as what went. */
	assert_int_equal(write(a->document, "x", 1), -1);

	/* The same document twice: the offset is everybody's. */
	assert_true(is_ok(runner_filter(w.r, "paper", sheet, &again)));
	assert_true(is_ok(one_answer(&w, again, 10000)->outcome));
	close(sheet);
	buf_free(&bytes);
	close_world(&w);
}

static enum error_code answer_of(struct world *w, const char *job, int sheet,
    int ms)
{
	ticket t;

	assert_true(is_ok(runner_filter(w->r, job, sheet, &t)));
	close(sheet);
	return (enum error_code)one_answer(w, t, ms)->outcome.code;
}

static void bad_documents_are_the_documents_fault(void **state)
{
	/* Without it the page blames the machine for a bad file. */
	struct world w = open_world(good_filter, 0);
	int loose = memfd_create("loose", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int file = open("/etc/hostname", O_RDONLY);

	(void)state;
	assert_int_equal(answer_of(&w, "paper", sheet_new("nonsense\n"),
	    5000), E_INVALID);
	assert_int_equal(answer_of(&w, "nothing", sheet_new(""), 5000),
	    E_UNAVAILABLE);
	assert_int_equal(answer_of(&w, "../../bin/sh", sheet_new(""), 5000),
	    E_UNAVAILABLE);
	assert_int_equal(answer_of(&w, "a-name-that-is-longer-than-any-job",
	    sheet_new(""), 5000), E_UNAVAILABLE);
	/* A document that could change while it is read, or is a file. */
	assert_int_equal(answer_of(&w, "paper", loose, 5000), E_INVALID);
	assert_int_equal(answer_of(&w, "paper", file, 5000), E_INVALID);
	close_world(&w);
}

static void bad_filters_meet_their_limits(void **state)
{
	/* Without it one hostile document stops all others, or gets out. */
	static const struct {
		const char *way;
		enum error_code outcome;
		int ms_max;
	} expected[] = {
		{ "sleep", E_UNAVAILABLE, 3000 },
		{ "mute", E_UNAVAILABLE, 3000 },
		{ "spin", E_UNAVAILABLE, 4000 },
		{ "memory", E_UNAVAILABLE, 5000 },
		{ "output", E_TOO_LARGE, 5000 },
		{ "socket", E_UNAVAILABLE, 1000 },
		{ "crash", E_UNAVAILABLE, 1000 },
		{ "strange", E_UNAVAILABLE, 1000 },
		{ "large", E_TOO_LARGE, 1000 },
		{ "open", E_OK, 1000 },
		{ "fork", E_OK, 1000 },
		{ "descriptors", E_OK, 1000 },
		{ "short", E_OK, 1000 },
	};
	struct world w = open_world(bad_filter, 1500);
	unsigned broke = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(expected); i++) {
		enum error_code got = answer_of(&w, expected[i].way,
		    sheet_new(""), expected[i].ms_max);
		if (got != expected[i].outcome)
			print_error("%s\n", expected[i].way);
		assert_int_equal(got, expected[i].outcome);
		broke += got == E_UNAVAILABLE;
	}
	struct runner_filters f = runner_filters(w.r);
	assert_int_equal(f.ended, LENGTH(expected));
	assert_int_equal(f.broke, broke);
	assert_false(f.no_start);
	close_world(&w);
}

static void a_filter_that_is_not_there_is_told(void **state)
{
	/* Without it half an installation is taken for bad documents. */
	struct world w = open_world("/nonexistent/alas-filter", 1500);

	(void)state;
	for (int i = 0; i <= RUNNER_REMEMBERED; i++)
		assert_int_equal(answer_of(&w, "short", sheet_new(""), 1000),
		    E_UNAVAILABLE);
	struct runner_filters f = runner_filters(w.r);
	assert_true(f.no_start);
	assert_int_equal(f.ended, RUNNER_REMEMBERED);
	assert_int_equal(f.broke, RUNNER_REMEMBERED);
	close_world(&w);
}

static void a_mute_filter_does_not_keep_the_runner_busy(void **state)
{
	/* Without it a closed pipe makes the runner spin for a minute. */
	struct world w = open_world(bad_filter, 1000);
	char path[64], stat[512] = "";
	unsigned long user = 99, system = 99;
	ticket t;
	int sheet = sheet_new("");

	(void)state;
	assert_true(is_ok(runner_filter(w.r, "mute", sheet, &t)));
	close(sheet);
	one_answer(&w, t, 3000);
	snprintf(path, sizeof(path), "/proc/%d/stat", w.pid);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(stat, sizeof(stat), f));
	fclose(f);
	assert_int_equal(sscanf(strrchr(stat, ')') + 1,
	    " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
	    &system), 2);
	assert_true(user + system < 20);
	close_world(&w);
}

/* ---- the queue -------------------------------------------------------- */

static void two_run_sixteen_wait_the_next_is_busy(void **state)
{
	/* Without it twenty sign-ins at once take the whole machine. */
	struct world w = open_world(bad_filter, 20000);
	int sheet = sheet_new("");
	int64_t begin = now_ms();
	ticket t[20];

	(void)state;
	for (int i = 0; i < RUNNER_AT_ONCE + RUNNER_QUEUE; i++)
		assert_true(is_ok(runner_filter(w.r, "short", sheet, &t[i])));
	assert_int_equal(runner_filter(w.r, "short", sheet, &t[19]).code,
	    E_BUSY);
	/* Another kind has its own queue. */
	assert_true(is_ok(runner_crack(w.r, T("murciélago sol camino verde"),
	    NULL, 0, &t[18])));
	wait_answers(&w, 19, 15000);
	/* Nine rounds of two, 0.3 s each; first come, first served. */
	assert_in_range(now_ms() - begin, 2500, 6000);
	bool other_first = false;
	for (size_t i = 0; i < 4; i++)
		other_first |= w.answer[i].ticket.n == t[18].n;
	assert_true(other_first);
	for (size_t i = 0; i < 19; i++)
		assert_true(is_ok(w.answer[i].outcome));
	for (size_t i = 0; i < 19; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(w.answer[i].ticket.n,
			    w.answer[k].ticket.n);
	assert_true(is_ok(runner_filter(w.r, "short", sheet, &t[0])));
	one_answer(&w, t[0], 3000);
	close(sheet);
	close_world(&w);
}

static void a_dropped_ticket_is_not_answered(void **state)
{
	/* Without it an answer reaches a request that is long gone. */
	struct world w = open_world(bad_filter, 5000);
	int sheet = sheet_new("");
	ticket dropped, kept;

	(void)state;
	assert_true(is_ok(runner_filter(w.r, "short", sheet, &dropped)));
	assert_true(is_ok(runner_filter(w.r, "short", sheet, &kept)));
	runner_drop(w.r, dropped);
	one_answer(&w, kept, 3000);
	usleep(200 * 1000);
	assert_true(is_ok(runner_poll(w.r, keep, &w)));
	assert_int_equal(w.n, 1);
	close(sheet);
	close_world(&w);
}

/* ---- when somebody dies ----------------------------------------------- */

/* The runner has started a filter: how long that takes is not ours to say. */
static void wait_filter(const struct world *w)
{
	int64_t end = now_ms() + 60 * 1000;
	char path[64], name[32] = "";
	int child = 0;

	while (strcmp(name, "bad-filter\n") != 0) {
		FILE *f;

		assert_true(now_ms() < end);
		usleep(5 * 1000);
		snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		    (int)w->pid, (int)w->pid);
		f = fopen(path, "r");
		assert_non_null(f);
		if (fscanf(f, "%d", &child) != 1)
			child = 0;
		fclose(f);
		snprintf(path, sizeof(path), "/proc/%d/comm", child);
		f = child == 0 ? NULL : fopen(path, "r");
		if (f == NULL)
			continue;
		if (fgets(name, sizeof(name), f) == NULL)
			name[0] = '\0';
		fclose(f);
	}
}

static void a_killed_runner_answers_every_ticket(void **state)
{
	/* Without it a sign-in hangs for ever after the runner crashed. */
	struct world w = open_world(bad_filter, 20000);
	int sheet = sheet_new(""), fd;
	ticket t[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(is_ok(runner_filter(w.r, "sleep", sheet, &t[i])));
	wait_filter(&w);
	assert_int_equal(kill(w.pid, SIGKILL), 0);
	assert_int_equal(waitpid(w.pid, NULL, 0), w.pid);
	/* Its children go with it, and with the last of them its end. */
	struct pollfd end = { .fd = runner_fd(w.r), .events = POLLIN };
	assert_int_equal(poll(&end, 1, 3000), 1);
	assert_int_equal(runner_poll(w.r, keep, &w).code, E_UNAVAILABLE);
	assert_int_equal(w.n, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(w.answer[i].outcome.code, E_UNAVAILABLE);
	assert_int_equal(runner_fd(w.r), -1);
	assert_int_equal(runner_filter(w.r, "short", sheet, &t[0]).code,
	    E_UNAVAILABLE);
	assert_int_equal(runner_poll(w.r, keep, &w).code, E_UNAVAILABLE);

	w.pid = start(bad_filter, runner_limits_default, &fd);
	runner_reconnect(w.r, fd);
	assert_true(is_ok(runner_filter(w.r, "short", sheet, &t[0])));
	assert_true(is_ok(one_answer(&w, t[0], 3000)->outcome));

	/* A new end while one is open ends what the old one had. */
	assert_true(is_ok(runner_filter(w.r, "sleep", sheet, &t[1])));
	pid_t old = w.pid;
	w.pid = start(bad_filter, runner_limits_default, &fd);
	runner_reconnect(w.r, fd);
	assert_true(is_ok(runner_poll(w.r, keep, &w)));
	assert_int_equal(w.answer[w.n - 1].ticket.n, t[1].n);
	assert_int_equal(w.answer[w.n - 1].outcome.code, E_UNAVAILABLE);
	assert_int_equal(waitpid(old, NULL, 0), old);
	close(sheet);
	close_world(&w);
}

static void nothing_outlives_the_office(void **state)
{
	/* Without it filters go on after everything else has stopped. */
	struct world w = open_world(bad_filter, 20000);
	int sheet = sheet_new(""), status;
	ticket t;

	(void)state;
	/* Orphans come to this process, so that they can be counted. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	assert_true(is_ok(runner_filter(w.r, "sleep", sheet, &t)));
	close(sheet);
	wait_filter(&w);
	close_world(&w);
	assert_int_equal(waitpid(-1, &status, 0), -1);
	assert_int_equal(errno, ECHILD);

	/* And if the runner is killed, its children are too. */
	w = open_world(bad_filter, 20000);
	sheet = sheet_new("");
	assert_true(is_ok(runner_filter(w.r, "sleep", sheet, &t)));
	close(sheet);
	wait_filter(&w);
	assert_int_equal(kill(w.pid, SIGKILL), 0);
	assert_int_equal(waitpid(w.pid, NULL, 0), w.pid);
	pid_t orphan = waitpid(-1, &status, 0);
	assert_true(orphan > 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	runner_free(w.r);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}

/* ---- the control socket ----------------------------------------------- */

static void a_new_end_is_handed_over(void **state)
{
	/* Without it the office stays without a runner until restarted. */
	int control[2], end[2], got = -1;
	struct front_facts front;
	char c = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, control), 0);
	assert_int_equal(pipe(end), 0);
	assert_int_equal(control_receive(control[1], &got, &front).code,
	    E_NOT_FOUND);
	assert_true(is_ok(runner_end_send(control[0], end[1])));
	assert_true(is_ok(control_receive(control[1], &got, &front)));
	assert_int_equal(write(got, "x", 1), 1);
	assert_int_equal(read(end[0], &c, 1), 1);
	close(got);

	got = -1;
	assert_int_equal(send(control[0], "what", 4, 0), 4);
	assert_int_equal(control_receive(control[1], &got, &front).code,
	    E_BAD_REQUEST);
	close(control[0]);
	assert_int_equal(control_receive(control[1], &got, &front).code,
	    E_UNAVAILABLE);
	assert_int_equal(got, -1);
	close(control[1]);
	close(end[0]);
	close(end[1]);
}

static void facts_of_nginx_arrive(void **state)
{
	/* Without it the doctor tells of another nginx than the one there. */
	const struct front_facts told = { .nginx = "1.22.1", .own = true,
		.tls = true, .digest = { 1, 2, [31] = 3 },
		.certificate = { 1796083200000, true } };
	struct front_facts got = { .own = true };
	int control[2], fd = 7;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, control), 0);
	assert_true(is_ok(front_facts_send(control[0], &told)));
	assert_true(is_ok(control_receive(control[1], &fd, &got)));
	assert_int_equal(fd, -1);
	assert_string_equal(got.nginx, "1.22.1");
	assert_true(got.own && got.tls && got.certificate.known);
	assert_int_equal(got.certificate.ms, told.certificate.ms);
	assert_memory_equal(got.digest, told.digest, sizeof(got.digest));

	/* Another length is none. */
	assert_int_equal(send(control[0], "alas-front 1", 13, 0), 13);
	assert_int_equal(control_receive(control[1], &fd, &got).code,
	    E_BAD_REQUEST);
	assert_int_equal(close(control[0]), 0);
	assert_int_equal(control_receive(control[1], &fd, &got).code,
	    E_UNAVAILABLE);
	assert_string_equal(got.nginx, "1.22.1");
	close(control[1]);
}

static void documents_cannot_change(void **state)
{
	/* Without it the office changes a page while the filter reads it. */
	struct buf b = buf_new(10);
	int fd;

	(void)state;
	assert_true(is_ok(document_new(T("0123456789"), &fd)));
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(ftruncate(fd, 1), -1);
	assert_true(is_ok(document_read(fd, &b)));
	assert_true(text_same(buf_view(&b), T("0123456789")));
	assert_int_equal(document_read(fd, &b).code, E_TOO_LARGE);
	buf_free(&b);
	close(fd);
	assert_true(is_ok(document_new(T(""), &fd)));
	close(fd);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_libsodiums),
		cmocka_unit_test(costs_out_of_bounds_are_refused),
		cmocka_unit_test(a_secret_leaves_nothing_behind),
		cmocka_unit_test(a_secret_is_no_argument),
		cmocka_unit_test(weak_passphrases_are_told_from_strong),
		cmocka_unit_test(passphrases_that_are_no_text_are_refused),
		cmocka_unit_test(a_sheet_comes_back_as_a_pdf),
		cmocka_unit_test(bad_documents_are_the_documents_fault),
		cmocka_unit_test(bad_filters_meet_their_limits),
		cmocka_unit_test(a_filter_that_is_not_there_is_told),
		cmocka_unit_test(a_mute_filter_does_not_keep_the_runner_busy),
		cmocka_unit_test(two_run_sixteen_wait_the_next_is_busy),
		cmocka_unit_test(a_dropped_ticket_is_not_answered),
		cmocka_unit_test(a_killed_runner_answers_every_ticket),
		cmocka_unit_test(nothing_outlives_the_office),
		cmocka_unit_test(a_new_end_is_handed_over),
		cmocka_unit_test(facts_of_nginx_arrive),
		cmocka_unit_test(documents_cannot_change),
	};

	if (argc != 3 || !is_ok(seal_start()))
		return 2;
	good_filter = argv[1];
	bad_filter = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
