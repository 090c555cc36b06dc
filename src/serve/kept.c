#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MINUTE_MS = 60 * 1000, AGAIN_MS = 100, TICK_MS = 10 };

int64_t kept_clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void body_run(int death, pid_t parent, kept_body *body, void *self)
{
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, death, 0, 0, 0) != 0 ||
	    getppid() != parent)
		return;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		return;
	body(self);
}

result kept_start(struct kept *c, int death, kept_body *body, void *self)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		body_run(death, parent, body, self);
		_exit(127);
	}
	if (pid < 0)
		return fault(NO_MEMORY);
	/* Here too, so that it is true whoever is first. */
	setpgid(pid, pid);
	c->pid = pid;
	c->due_ms = 0;
	return OK;
}

bool kept_fds(const int *fds, size_t n)
{
	enum { FIRST = STDERR_FILENO + 1, AWAY = 64, FDS = 4 };
	int away[FDS];

	if (n > LENGTH(away))
		return false;
	/* First out of the way, or one could be overwritten by another. */
	for (size_t i = 0; i < n; i++) {
		away[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, AWAY);
		if (away[i] < 0)
			return false;
	}
	for (size_t i = 0; i < n; i++)
		if (dup2(away[i], FIRST + (int)i) < 0)
			return false;
	return close_range(FIRST + (unsigned)n, ~0U, 0) == 0;
}

/*
 * While the leader is not waited for, its number is nobody else's, so this
 * reaches only its group: nginx leaves workers when its master is killed.
 */
void kept_reap(struct kept *c)
{
	pid_t got;

	kill(-c->pid, SIGKILL);
	do {
		got = waitpid(c->pid, NULL, 0);
	} while (got < 0 && errno == EINTR);
	c->pid = 0;
}

void kept_again(struct kept *c)
{
	c->due_ms = kept_clock_ms() + AGAIN_MS;
}

bool kept_died(struct kept *c)
{
	int64_t now = kept_clock_ms();
	size_t recent = 0;

	for (size_t i = 0; i < c->deaths; i++)
		if (now - c->died_ms[i] < MINUTE_MS)
			c->died_ms[recent++] = c->died_ms[i];
	c->deaths = recent;
	if (recent == SERVE_DEATHS_MAX)
		return false;
	c->died_ms[c->deaths++] = now;
	/* 0.1 s at first, 0.5 s at last: always well within two. */
	c->due_ms = now + AGAIN_MS * (int64_t)c->deaths;
	return true;
}

static bool ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info,
	    WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

static void tick(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = TICK_MS * 1000000 }, NULL);
}

void kept_stop(struct kept *c, int wait_ms)
{
	int64_t end = kept_clock_ms() + wait_ms;

	c->due_ms = 0;
	if (c->pid == 0)
		return;
	kill(c->pid, SIGTERM);
	while (!ended(c->pid) && kept_clock_ms() < end)
		tick();
	kept_reap(c);
}

void kept_orphans(int wait_ms)
{
	int64_t end = kept_clock_ms() + wait_ms;
	pid_t got;

	while ((got = waitpid(-1, NULL, WNOHANG)) >= 0 && kept_clock_ms() < end)
		if (got == 0)
			tick();
}
