#include "inside.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire.h"

enum {
	FILTER_FDS = 32,
	JOB_NAME_MAX = 32,
	OWN_MEMORY = 256 * MIB	/* of the program itself, mapped not used */
};

static bool limit(int what, uint64_t soft, uint64_t hard)
{
	struct rlimit l = { .rlim_cur = soft, .rlim_max = hard };

	return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

/* Second limit of a second more: the first asks, the second kills. */
static bool limits_set(const struct runner_limits *l, uint64_t memory)
{
	return limit(RLIMIT_CPU, l->cpu_s, (uint64_t)l->cpu_s + 1) &&
	    limit(RLIMIT_AS, memory, memory) &&
	    limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_CORE, 0, 0) &&
	    limit(RLIMIT_NOFILE, FILTER_FDS, FILTER_FDS);
}

static enum cell_exit exit_of(result r)
{
	if (is_ok(r))
		return CELL_EXIT_DONE;
	return r.code == E_INVALID ? CELL_EXIT_INVALID : CELL_EXIT_FAILED;
}

static result cell_close(enum cell_job job)
{
	int abi;

	TRY(cell_filter_walls(job, &abi));
	return cell_filter_calls(job, abi);
}

static result own_work(const struct work *w, uint8_t *out, size_t *ret_n)
{
	if (w->kind == RUNNER_CRACK) {
		*ret_n = 1;
		TRY(cell_close(CELL_WORDS));
		return crack_work(w->request, out);
	}
	*ret_n = sizeof(((struct runner_answer *)0)->hash);
	TRY(cell_close(CELL_COMPUTE));
	return argon2_work(w->request, out);
}

/* A fork of the runner: it holds what the runner holds, so first forget. */
static enum cell_exit own_child(const struct work *w, int out)
{
	uint8_t answer[32] = { 0 };
	size_t n = 0;

	w->forget(w->self);
	if (dup2(out, STDOUT_FILENO) < 0 ||
	    close_range(STDERR_FILENO, ~0U, 0) != 0)
		return CELL_EXIT_FAILED;
	if (!limits_set(w->limits, argon2_memory(w->request) + OWN_MEMORY))
		return CELL_EXIT_FAILED;

	result r = own_work(w, answer, &n);
	if (is_ok(r) && write(STDOUT_FILENO, answer, n) != (ssize_t)n)
		return CELL_EXIT_FAILED;
	return exit_of(r);
}

static void filter_exec(const struct work *w)
{
	char job[JOB_NAME_MAX];
	char *const argv[] = { (char *)(uintptr_t)w->filter, job, NULL };
	char *const environment[] = { (char[]){ "LC_ALL=C.UTF-8" },
		(char[]){ "OMP_THREAD_LIMIT=1" }, NULL };
	size_t n = w->request.n - WIRE_HEAD;

	if (n >= sizeof(job))
		return;
	memcpy(job, w->request.p + WIRE_HEAD, n);
	job[n] = '\0';
	execve(w->filter, argv, environment);
}

/* What a library says of a document goes nowhere: it may quote it. */
static enum cell_exit filter_child(const struct work *w, int out)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(w->document, STDIN_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		return CELL_EXIT_FAILED;
	if (close_range(STDERR_FILENO + 1, ~0U, 0) != 0)
		return CELL_EXIT_FAILED;
	if (!limits_set(w->limits, w->limits->memory))
		return CELL_EXIT_FAILED;
	filter_exec(w);
	return CELL_EXIT_NO_START;
}

static enum cell_exit child_main(const struct work *w, pid_t runner, int out)
{
	/* With the runner its children go; it may be gone already. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
	    getppid() != runner)
		return CELL_EXIT_FAILED;
	signal(SIGPIPE, SIG_DFL);
	return w->kind == RUNNER_FILTER ?
	    filter_child(w, out) : own_child(w, out);
}

result runner_child_start(const struct work *w, struct child *ret)
{
	pid_t runner = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fault(IO);

	pid_t pid = fork();
	if (pid == 0)
		_exit((int)child_main(w, runner, ends[1]));
	close(ends[1]);
	struct child c = { .pid = pid, .ended = -1, .out = ends[0] };
	if (pid < 0) {
		close(ends[0]);
		return fault(NO_MEMORY);
	}
	c.ended = (int)syscall(SYS_pidfd_open, pid, 0);
	if (c.ended < 0 || fcntl(c.out, F_SETFL, O_NONBLOCK) != 0) {
		runner_child_end(&c);
		return fault(IO);
	}
	*ret = c;
	return OK;
}

enum cell_exit runner_child_end(struct child *c)
{
	int status = 0;
	pid_t waited;

	/* It is ours and not yet waited for, so the number is still its. */
	kill(c->pid, SIGKILL);
	do {
		waited = waitpid(c->pid, &status, 0);
	} while (waited < 0 && errno == EINTR);
	if (c->ended >= 0)
		close(c->ended);
	close(c->out);
	*c = (struct child){ .pid = 0, .ended = -1, .out = -1 };
	if (waited < 0 || !WIFEXITED(status))
		return CELL_EXIT_FAILED;
	switch (WEXITSTATUS(status)) {
	case CELL_EXIT_DONE:
		return CELL_EXIT_DONE;
	case CELL_EXIT_INVALID:
		return CELL_EXIT_INVALID;
	case CELL_EXIT_TOO_LARGE:
		return CELL_EXIT_TOO_LARGE;
	case CELL_EXIT_NO_START:
		return CELL_EXIT_NO_START;
	}
	return CELL_EXIT_FAILED;
}
