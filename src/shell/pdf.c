/* A sheet becomes a PDF: alas-filter, started by the shell itself. */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PDF_MAX = 64 * MIB, SECONDS_MAX = 60, NOT_STARTED = 127 };

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static bool
write_all(int fd, text t)
{
	while (t.n > 0) {
		ssize_t n = write(fd, t.p, t.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		t.p += n;
		t.n -= (size_t)n;
	}
	return true;
}

static bool
read_all(int fd, struct buf *out)
{
	char part[64 * KIB];

	for (;;) {
		ssize_t n = read(fd, part, sizeof(part));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			return !out->failed;
		buf_add(out, part, (size_t)n);
		if (out->failed)
			return false;
	}
}

/* What a library says of a document goes nowhere: it may quote it. */
static void
become_filter(const char *filter, int in, int out)
{
	static char name[] = "alas-filter", job[] = "paper";
	static char locale[] = "LC_ALL=C.UTF-8";
	char *const argv[] = { name, job, NULL };
	char *const environment[] = { locale, NULL };
	const struct rlimit cpu = { SECONDS_MAX, SECONDS_MAX };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CPU, &cpu) != 0 ||
	    dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0) != 0)
		return;
	execve(filter, argv, environment);
}

static bool
run_filter(const char *filter, int in, struct buf *pdf)
{
	int ends[2];
	int status = 0;
	pid_t pid, waited;
	bool got_all;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		become_filter(filter, in, ends[1]);
		_exit(NOT_STARTED);
	}
	close(ends[1]);
	got_all = pid > 0 && read_all(ends[0], pdf);
	close(ends[0]);
	if (pid <= 0)
		return false;
	do {
		waited = waitpid(pid, &status, 0);
	} while (waited < 0 && errno == EINTR);
	return got_all && waited == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0;
}

static bool
save(const struct shell *s, text pdf, const char *file)
{
	CLEANUP(close_fd) int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC |
	    O_CLOEXEC, 0666);

	if (fd >= 0 && write_all(fd, pdf))
		return true;
	say_no(s, EXIT_REFUSED, "shell.not_written", file, NULL);
	return false;
}

bool
pdf_write(const struct shell *s, text sheet, const char *file)
{
	CLEANUP(buf_free) struct buf pdf = buf_new(PDF_MAX);
	CLEANUP(close_fd) int in = memfd_create("sheet", MFD_CLOEXEC);
	char filter[PATH_MAX];

	if (in < 0 || !where_filter(filter) || !write_all(in, sheet) ||
	    lseek(in, 0, SEEK_SET) != 0 || !run_filter(filter, in, &pdf)) {
		say_no(s, EXIT_REFUSED, "shell.no_pdf", NULL, NULL);
		return false;
	}
	return save(s, buf_view(&pdf), file);
}
