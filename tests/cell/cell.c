#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * Each profile is put on in a forked child, which then tries one thing and
 * tells by its exit how that went: DONE, or the errno, or a signal.
 */
enum { DONE = 200, SETUP_FAILED = 201, KILLED = 202 };

static char folder[] = "/tmp/alas-cell-XXXXXX";
static char db[64], files[64], run[64], front[64], inside[96], outside[96];

static int trying(int rc)
{
	return rc >= 0 ? DONE : errno;
}

static int outcome_of(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return KILLED;
	}
	return WEXITSTATUS(status);
}

static int in_office(enum cell_engine engine, int (*attempt)(void))
{
	pid_t child = fork();

	if (child == 0) {
		struct cell_folders f = { db, files, run };
		int abi = -1, known = cell_walls_abi();

		if (!is_ok(cell_harden()) ||
		    !is_ok(cell_office(&f, engine, &abi)) || abi != known)
			_exit(SETUP_FAILED);
		_exit(attempt());
	}
	return outcome_of(child);
}

static int in_filter(enum cell_job job, int (*attempt)(void))
{
	pid_t child = fork();

	if (child == 0) {
		int abi = -1;

		if (!is_ok(cell_harden()) ||
		    !is_ok(cell_filter_walls(job, &abi)) ||
		    !is_ok(cell_filter_calls(job, abi)))
			_exit(SETUP_FAILED);
		_exit(attempt());
	}
	return outcome_of(child);
}

/* ---- the attempts ----------------------------------------------------- */

static int do_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return trying(child);
}

static int do_vfork_call(void)
{
	return trying((int)syscall(SYS_vfork));
}

static void *nothing(void *p)
{
	return p;
}

static int do_thread(void)
{
	pthread_t t;
	int rc = pthread_create(&t, NULL, nothing, NULL);

	return rc == 0 ? DONE : rc;
}

static int do_exec(void)
{
	char *const none[] = { NULL };

	return trying(execve("/bin/true", none, none));
}

static int do_execveat(void)
{
	char *const none[] = { NULL };

	return trying((int)syscall(SYS_execveat, AT_FDCWD, "/bin/true", none,
	    none, 0));
}

static int do_netlink(void)
{
	return trying(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int do_inet(void)
{
	return trying(socket(AF_INET, SOCK_STREAM, 0));
}

static int do_unix(void)
{
	return trying(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int do_packet(void)
{
	return trying(socket(AF_PACKET, SOCK_RAW, 0));
}

static int do_bind(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	return trying(bind(0, (struct sockaddr *)&a, sizeof(a)));
}

static int do_read_passwd(void)
{
	return trying(open("/etc/passwd", O_RDONLY));
}

static int do_read_front(void)
{
	return trying(open(outside, O_RDONLY));
}

static int do_read_inside(void)
{
	return trying(open(inside, O_RDONLY));
}

static int do_write_font(void)
{
	return trying(open("/usr/share/fonts/alas-test", O_WRONLY | O_CREAT,
	    0600));
}

static int do_read_fonts(void)
{
	return trying(open("/usr/share/fonts", O_RDONLY | O_DIRECTORY));
}

static int do_read_words(void)
{
	return trying(open("/var/cache/cracklib/cracklib_dict.pwd", O_RDONLY));
}

static int do_temporary(void)
{
	return trying(open("/usr/share/fonts", O_TMPFILE | O_RDWR, 0600));
}

static int do_truncate(void)
{
	return trying(truncate(inside, 0));
}

static int do_symlink(void)
{
	return trying(symlink("/etc/passwd", inside));
}

static int do_link(void)
{
	return trying(link(inside, "/tmp/alas-link"));
}

static int do_chmod(void)
{
	return trying(chmod(inside, 0777));
}

static int do_kill(void)
{
	return trying(kill(getppid(), 0));
}

static int do_ptrace(void)
{
	return trying((int)syscall(SYS_ptrace, 16, 1, 0, 0));
}

static int do_unshare(void)
{
	return trying((int)syscall(SYS_unshare, 0x10000000));
}

static int do_uring(void)
{
	return trying((int)syscall(SYS_io_uring_setup, 1, NULL));
}

static int do_map_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : DONE;
}

static int do_protect_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return SETUP_FAILED;
	return trying(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int do_raise_limit(void)
{
	struct rlimit one = { 1, 1 };

	return trying(setrlimit(RLIMIT_CORE, &one));
}

static int do_memfd(void)
{
	return trying(memfd_create("x", MFD_CLOEXEC));
}

static int do_rename_out(void)
{
	char to[96];

	snprintf(to, sizeof(to), "%s/stolen", front);
	return trying(rename(inside, to));
}

/* What the office does all day must go on working. */
static int do_office_day(void)
{
	char a[96], b[96], sub[96], blob[128];
	struct stat st;
	void *p;
	int fd;

	snprintf(a, sizeof(a), "%s/vault.new", db);
	snprintf(b, sizeof(b), "%s/vault.hdr", db);
	snprintf(sub, sizeof(sub), "%s/ab", files);
	snprintf(blob, sizeof(blob), "%s/ab/cdef", files);
	fd = open(a, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1 || fsync(fd) != 0 ||
	    ftruncate(fd, 0) != 0 || pwrite(fd, "yz", 2, 0) != 2 ||
	    fdatasync(fd) != 0 || fstat(fd, &st) != 0 || close(fd) != 0)
		return 1;
	if (rename(a, b) != 0 || access(b, R_OK) != 0)
		return 2;
	if (mkdir(sub, 0700) != 0 || rename(b, blob) != 0)
		return 3;
	if (stat(blob, &st) != 0 || unlink(blob) != 0 || rmdir(sub) != 0)
		return 4;
	p = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p, 4096, PROT_NONE) != 0 ||
	    munmap(p, 8192) != 0)
		return 5;
	if ((p = malloc(3 * MIB)) == NULL)
		return 6;
	free(p);
	if (epoll_create1(EPOLL_CLOEXEC) < 0 || usleep(1) != 0)
		return 7;
	fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) != 0)
		return 8;
	struct rlimit files_max;
	if (getrlimit(RLIMIT_NOFILE, &files_max) != 0 || isatty(2) != 0)
		return 9;
	return DONE;
}

static int do_abort(void)
{
	abort();
}

static int do_compute_day(void)
{
	char *p = malloc(5 * MIB);

	if (p == NULL)
		return 1;
	memset(p, 1, 5 * MIB);
	free(p);
	return write(STDERR_FILENO, "", 0) == 0 ? DONE : 2;
}

static int abi_known;

static int do_self_test(void)
{
	return is_ok(cell_self_test(abi_known)) ? DONE : 1;
}

/* ---- tests ------------------------------------------------------------ */

static void office_keeps_working(void **state)
{
	/* Without it the sandbox is too tight and the office dies of it. */
	(void)state;
	assert_int_equal(in_office(CELL_SQLITE, do_office_day), DONE);
	assert_int_equal(in_office(CELL_POSTGRES, do_office_day), DONE);
	assert_int_equal(in_office(CELL_SQLITE, do_read_inside), DONE);
}

static void office_starts_nothing(void **state)
{
	/* Without it a hole in the office is a shell on the machine. */
	static int (*const attempts[])(void) = { do_fork, do_vfork_call,
		do_thread, do_exec, do_execveat };

	(void)state;
	for (size_t i = 0; i < LENGTH(attempts); i++)
		for (int engine = 0; engine < 2; engine++)
			assert_int_equal(in_office((enum cell_engine)engine,
			    attempts[i]), EPERM);
}

static void office_reads_only_its_folders(void **state)
{
	/* Without it the office can be made to read the TLS key. */
	(void)state;
	if (cell_walls_abi() == 0)
		skip();
	assert_int_equal(in_office(CELL_SQLITE, do_read_passwd), EACCES);
	assert_int_equal(in_office(CELL_SQLITE, do_read_front), EACCES);
	int moved = in_office(CELL_SQLITE, do_rename_out);
	assert_true(moved == EACCES || moved == EXDEV);
	assert_int_equal(access(inside, F_OK), 0);
}

static void office_has_no_network(void **state)
{
	/* Without it what the office holds can be sent away. */
	(void)state;
	assert_int_equal(in_office(CELL_SQLITE, do_netlink), EPERM);
	assert_int_equal(in_office(CELL_SQLITE, do_inet), KILLED);
	assert_int_equal(in_office(CELL_SQLITE, do_unix), KILLED);
	assert_int_equal(in_office(CELL_SQLITE, do_bind), KILLED);
	assert_int_equal(in_office(CELL_POSTGRES, do_netlink), EPERM);
	assert_int_equal(in_office(CELL_POSTGRES, do_packet), KILLED);
	assert_int_equal(in_office(CELL_POSTGRES, do_bind), KILLED);
	assert_int_equal(in_office(CELL_POSTGRES, do_inet), DONE);
	assert_int_equal(in_office(CELL_POSTGRES, do_unix), DONE);
}

static void office_dies_of_the_rest(void **state)
{
	/* Without it one forgotten call is an exit from the sandbox. */
	static int (*const attempts[])(void) = { do_truncate, do_symlink,
		do_link, do_chmod, do_kill, do_ptrace, do_unshare, do_uring,
		do_map_code, do_protect_code, do_raise_limit };

	(void)state;
	for (size_t i = 0; i < LENGTH(attempts); i++)
		assert_int_equal(in_office(CELL_SQLITE, attempts[i]), KILLED);
}

static void assertion_ends_as_an_assertion(void **state)
{
	/* Without it our own mistakes look like an attack in the log. */
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		struct cell_folders f = { db, files, run };
		int abi;

		if (!is_ok(cell_office(&f, CELL_SQLITE, &abi)))
			_exit(SETUP_FAILED);
		_exit(do_abort());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void office_needs_its_folders(void **state)
{
	/* Without it a wrong path leaves a half-closed office running. */
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct cell_folders f = { db, "/nonexistent/files", run };
		int abi = 77;

		_exit(is_ok(cell_office(&f, CELL_SQLITE, &abi)) ||
		    abi != 77 ? 1 : DONE);
	}
	int got = outcome_of(child);
	assert_int_equal(got, cell_walls_abi() > 0 ? DONE : 1);
}

static void self_test_sees_both(void **state)
{
	/* Without it a build that forgot the sandbox serves all the same. */
	(void)state;
	abi_known = cell_walls_abi();
	assert_int_equal(in_office(CELL_SQLITE, do_self_test), DONE);
	assert_int_equal(in_office(CELL_POSTGRES, do_self_test), DONE);
	pid_t child = fork();
	if (child == 0)
		_exit(do_self_test());
	assert_int_equal(outcome_of(child), 1);
}

static void filters_compute_and_nothing_else(void **state)
{
	/* Without it a hostile document reads and sends what it likes. */
	static const enum cell_job jobs[] = { CELL_COMPUTE, CELL_PAPER,
		CELL_WORDS };
	static int (*const kills[])(void) = { do_netlink, do_inet, do_unix,
		do_truncate, do_kill, do_ptrace, do_unshare, do_uring,
		do_map_code, do_protect_code, do_memfd, do_raise_limit };
	static int (*const fails[])(void) = { do_fork, do_vfork_call,
		do_thread, do_exec, do_execveat, do_write_font,
		do_temporary };

	(void)state;
	for (size_t j = 0; j < LENGTH(jobs); j++) {
		for (size_t i = 0; i < LENGTH(kills); i++)
			assert_int_equal(in_filter(jobs[j], kills[i]),
			    KILLED);
		for (size_t i = 0; i < LENGTH(fails); i++)
			assert_int_equal(in_filter(jobs[j], fails[i]), EPERM);
		assert_int_equal(in_filter(jobs[j], do_compute_day), DONE);
	}
}

static void filters_read_only_what_their_job_needs(void **state)
{
	/* Without it a document job reads the case files beside it. */
	(void)state;
	assert_int_equal(in_filter(CELL_COMPUTE, do_read_inside), EPERM);
	assert_int_equal(in_filter(CELL_COMPUTE, do_read_fonts), EPERM);
	if (cell_walls_abi() == 0)
		skip();
	assert_int_equal(in_filter(CELL_PAPER, do_read_fonts), DONE);
	assert_int_equal(in_filter(CELL_PAPER, do_read_inside), EACCES);
	assert_int_equal(in_filter(CELL_PAPER, do_read_passwd), EACCES);
	assert_int_equal(in_filter(CELL_PAPER, do_read_words), EACCES);
	assert_int_equal(in_filter(CELL_WORDS, do_read_words), DONE);
	assert_int_equal(in_filter(CELL_WORDS, do_read_fonts), EACCES);
}

/* What the C library asks first in a new thread; a wrong size is refused. */
static int do_begin_thread(void)
{
	return syscall(SYS_set_robust_list, NULL, 0) == -1 &&
	    errno == EINVAL && syscall(SYS_rseq, NULL, 0, 0, 0) == -1 &&
	    errno == EINVAL ? DONE : errno;
}

static void a_thread_of_pango_may_begin_late(void **state)
{
	/* Without it a busy machine kills a document now and then: pango's
	 * thread was made before the calls were closed, and runs after. */
	(void)state;
	assert_int_equal(in_filter(CELL_PAPER, do_begin_thread), DONE);
	assert_int_equal(in_filter(CELL_COMPUTE, do_begin_thread), KILLED);
}

/* A kernel without Landlock, as Landlock's own calls see it. */
static void hide_landlock(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ALLOW);

	if (c == NULL || seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS),
	    SCMP_SYS(landlock_create_ruleset), 0) != 0 ||
	    seccomp_load(c) != 0)
		_exit(SETUP_FAILED);
	seccomp_release(c);
}

static void without_landlock_it_says_so(void **state)
{
	/* Without it an old kernel silently serves with half a sandbox. */
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct cell_folders f = { db, files, run };
		int abi = -1;

		hide_landlock();
		if (cell_walls_abi() != 0 ||
		    !is_ok(cell_office(&f, CELL_SQLITE, &abi)) || abi != 0)
			_exit(1);
		/* The calls still hold, and the self-test knows the rest. */
		if (do_fork() != EPERM || !is_ok(cell_self_test(abi)))
			_exit(2);
		_exit(DONE);
	}
	assert_int_equal(outcome_of(child), DONE);

	child = fork();
	if (child == 0) {
		int abi = -1;

		hide_landlock();
		if (!is_ok(cell_filter_walls(CELL_PAPER, &abi)) || abi != 0 ||
		    !is_ok(cell_filter_calls(CELL_PAPER, abi)))
			_exit(1);
		_exit(do_read_fonts() == EPERM ? DONE : 2);
	}
	assert_int_equal(outcome_of(child), DONE);
}

static int pipe_to_thread[2];

static void *waits_then_connects(void *p)
{
	char c;

	if (read(pipe_to_thread[0], &c, 1) == 1)
		(void)socket(AF_INET, SOCK_STREAM, 0);
	return p;
}

static void threads_of_libraries_are_bound_too(void **state)
{
	/* Without it the thread that pango started keeps the network. */
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		pthread_t t;
		int abi;

		if (pipe(pipe_to_thread) != 0 ||
		    !is_ok(cell_filter_walls(CELL_PAPER, &abi)) ||
		    pthread_create(&t, NULL, waits_then_connects, NULL) != 0 ||
		    !is_ok(cell_filter_calls(CELL_PAPER, abi)) ||
		    write(pipe_to_thread[1], "x", 1) != 1)
			_exit(SETUP_FAILED);
		pthread_join(t, NULL);
		_exit(DONE);
	}
	assert_int_equal(outcome_of(child), KILLED);
}

static void hardening_is_on(void **state)
{
	/* Without it a crash writes keys to disk, a debugger reads them. */
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct rlimit core;

		if (!is_ok(cell_harden()) || umask(0) != 077 ||
		    getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
			_exit(1);
		if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 ||
		    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
			_exit(2);
		_exit(DONE);
	}
	assert_int_equal(outcome_of(child), DONE);
}

/* ---- the folder ------------------------------------------------------- */

static int make(char *ret, size_t n, const char *name)
{
	snprintf(ret, n, "%s/%s", folder, name);
	return mkdir(ret, 0700);
}

static int make_file(char *ret, size_t n, const char *in, const char *name)
{
	snprintf(ret, n, "%s/%s", in, name);
	int fd = open(ret, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd < 0 ? -1 : close(fd);
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || make(db, sizeof(db), "db") != 0 ||
	    make(files, sizeof(files), "files") != 0 ||
	    make(run, sizeof(run), "run") != 0 ||
	    make(front, sizeof(front), "front") != 0)
		return -1;
	if (make_file(inside, sizeof(inside), db, "office.db") != 0)
		return -1;
	return make_file(outside, sizeof(outside), front, "nginx.conf");
}

static int end(void **state)
{
	(void)state;
	unlink(inside);
	unlink(outside);
	rmdir(db);
	rmdir(files);
	rmdir(run);
	rmdir(front);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hardening_is_on),
		cmocka_unit_test(office_keeps_working),
		cmocka_unit_test(office_starts_nothing),
		cmocka_unit_test(office_reads_only_its_folders),
		cmocka_unit_test(office_has_no_network),
		cmocka_unit_test(office_dies_of_the_rest),
		cmocka_unit_test(assertion_ends_as_an_assertion),
		cmocka_unit_test(office_needs_its_folders),
		cmocka_unit_test(self_test_sees_both),
		cmocka_unit_test(filters_compute_and_nothing_else),
		cmocka_unit_test(filters_read_only_what_their_job_needs),
		cmocka_unit_test(without_landlock_it_says_so),
		cmocka_unit_test(threads_of_libraries_are_bound_too),
		cmocka_unit_test(a_thread_of_pango_may_begin_late),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
