#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cell_walls.h"

/* What the C library does on its own, whatever the program is for. */
static const int every_calls[] = {
	SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(close), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(fstat), SCMP_SYS(futex),
	SCMP_SYS(getpid), SCMP_SYS(getrandom), SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday), SCMP_SYS(lseek), SCMP_SYS(madvise),
	SCMP_SYS(mlock), SCMP_SYS(mremap), SCMP_SYS(munlock),
	SCMP_SYS(munmap), SCMP_SYS(nanosleep),
	SCMP_SYS(read), SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigpending), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigsuspend),
	SCMP_SYS(rt_sigtimedwait), SCMP_SYS(time), SCMP_SYS(write),
};

static const int office_calls[] = {
	SCMP_SYS(accept4), SCMP_SYS(access), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait), SCMP_SYS(eventfd2), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(fchmod), SCMP_SYS(fchown),
	SCMP_SYS(fcntl), SCMP_SYS(fdatasync), SCMP_SYS(fstatfs),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate), SCMP_SYS(getcwd), SCMP_SYS(getdents64),
	SCMP_SYS(getegid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getrusage), SCMP_SYS(getsockopt), SCMP_SYS(getuid),
	SCMP_SYS(lstat), SCMP_SYS(memfd_create), SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(newfstatat), SCMP_SYS(openat), SCMP_SYS(pipe2),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(pread64),
	SCMP_SYS(pwrite64), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(readv), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
	SCMP_SYS(rmdir), SCMP_SYS(sendmsg), SCMP_SYS(sendto),
	SCMP_SYS(shutdown), SCMP_SYS(stat), SCMP_SYS(statfs),
	SCMP_SYS(statx),
	SCMP_SYS(sysinfo), SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_gettime), SCMP_SYS(timerfd_settime),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(writev),
};

static const int postgres_calls[] = {
	SCMP_SYS(connect), SCMP_SYS(getpeername), SCMP_SYS(getsockname),
	SCMP_SYS(setsockopt),
};

/* A library reads a data file, or walks a folder of them. */
static const int reader_calls[] = {
	SCMP_SYS(fcntl), SCMP_SYS(newfstatat),
};

static const int paper_calls[] = {
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(fadvise64), SCMP_SYS(fstatfs), SCMP_SYS(getdents64),
	SCMP_SYS(pread64), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(sched_yield), SCMP_SYS(statfs),
	/* A thread that pango made before, and that runs only now. */
	SCMP_SYS(rseq), SCMP_SYS(set_robust_list),
};

/* Tried by libraries that live well without. */
static const int refused_calls[] = {
	SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(execve),
	SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(ioctl),
	SCMP_SYS(prctl), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(uname), SCMP_SYS(vfork),
};

static result rule(scmp_filter_ctx calls, uint32_t action, int call)
{
	return seccomp_rule_add(calls, action, call, 0) == 0 ?
	    OK : fault(SANDBOX);
}

static result rules(scmp_filter_ctx calls, uint32_t action, const int *list,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(rule(calls, action, list[i]));
	return OK;
}

/* Only when argument `arg`, under `mask`, is `value`. */
static result rule_when(scmp_filter_ctx calls, uint32_t action, int call,
    struct scmp_arg_cmp when)
{
	return seccomp_rule_add_array(calls, action, call, 1, &when) == 0 ?
	    OK : fault(SANDBOX);
}

static struct scmp_arg_cmp masked(unsigned arg, uint64_t mask, uint64_t value)
{
	return (struct scmp_arg_cmp){ .arg = arg, .op = SCMP_CMP_MASKED_EQ,
		.datum_a = mask, .datum_b = value };
}

static struct scmp_arg_cmp equal(unsigned arg, uint64_t value)
{
	return (struct scmp_arg_cmp){ .arg = arg, .op = SCMP_CMP_EQ,
		.datum_a = value };
}

static result rules_for_every(scmp_filter_ctx calls)
{
	TRY(rules(calls, SCMP_ACT_ALLOW, every_calls, LENGTH(every_calls)));
	TRY(rules(calls, SCMP_ACT_ERRNO(EPERM), refused_calls,
	    LENGTH(refused_calls)));
	/* Memory is data or code, never both, and no new code comes. */
	TRY(rule_when(calls, SCMP_ACT_ALLOW, SCMP_SYS(mmap),
	    masked(2, PROT_EXEC, 0)));
	TRY(rule_when(calls, SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
	    masked(2, PROT_EXEC, 0)));
	/* Reading a limit, not setting one. */
	TRY(rule_when(calls, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64),
	    equal(2, 0)));
	/* abort() by a failed assertion: signals to itself, nobody else. */
	return rule_when(calls, SCMP_ACT_ALLOW, SCMP_SYS(tgkill),
	    equal(0, (uint64_t)getpid()));
}

/* O_RDONLY is 0, so reading is the absence of these. */
static result rules_for_open(scmp_filter_ctx calls)
{
	static const uint64_t writes[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC,
		O_APPEND, O_TMPFILE & ~O_DIRECTORY };
	uint64_t all = 0;

	for (size_t i = 0; i < LENGTH(writes); i++) {
		all |= writes[i];
		TRY(rule_when(calls, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat),
		    masked(2, writes[i], writes[i])));
	}
	return rule_when(calls, SCMP_ACT_ALLOW, SCMP_SYS(openat),
	    masked(2, all, 0));
}

static result rules_for_office(scmp_filter_ctx calls, enum cell_engine engine)
{
	TRY(rules_for_every(calls));
	TRY(rules(calls, SCMP_ACT_ALLOW, office_calls, LENGTH(office_calls)));
	/* The C library asks netlink for addresses; the self-test does too. */
	TRY(rule_when(calls, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket),
	    equal(0, AF_NETLINK)));
	if (engine == CELL_SQLITE)
		return OK;

	static const uint64_t families[] = { AF_UNIX, AF_INET, AF_INET6 };

	TRY(rules(calls, SCMP_ACT_ALLOW, postgres_calls,
	    LENGTH(postgres_calls)));
	for (size_t i = 0; i < LENGTH(families); i++)
		TRY(rule_when(calls, SCMP_ACT_ALLOW, SCMP_SYS(socket),
		    equal(0, families[i])));
	return OK;
}

/*
 * Only where Landlock shows no more than the job's folders.  libcrack2 opens
 * its dictionary late and reads no document, so it may without.
 */
static bool may_open(enum cell_job job, int abi)
{
	switch (job) {
	case CELL_COMPUTE:
		return false;
	case CELL_PAPER:
		return abi > 0;
	case CELL_WORDS:
		return true;
	}
	return false;
}

static result rules_for_filter(scmp_filter_ctx calls, enum cell_job job,
    int abi)
{
	TRY(rules_for_every(calls));
	/* The C library's sorting asks how much memory there is. */
	TRY(rule(calls, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(sysinfo)));
	if (job == CELL_PAPER)
		TRY(rules(calls, SCMP_ACT_ALLOW, paper_calls,
		    LENGTH(paper_calls)));
	if (job != CELL_COMPUTE)
		TRY(rules(calls, SCMP_ACT_ALLOW, reader_calls,
		    LENGTH(reader_calls)));
	if (!may_open(job, abi))
		return rule(calls, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat));
	return rules_for_open(calls);
}

static result load(scmp_filter_ctx calls)
{
	/* On threads of libraries too, and as a tree: it is asked often. */
	if (seccomp_attr_set(calls, SCMP_FLTATR_CTL_TSYNC, 1) != 0 ||
	    seccomp_attr_set(calls, SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0)
		return fault(SANDBOX);
	return seccomp_load(calls) == 0 ? OK : fault(SANDBOX);
}

result cell_office(const struct cell_folders *folders, enum cell_engine engine,
    int *ret_abi)
{
	const struct wall_door doors[] = {
		{ folders->db, WALL_WRITE },
		{ folders->files, WALL_WRITE },
		{ folders->run, WALL_WRITE },
	};
	int abi;

	TRY(cell_walls_close(doors, LENGTH(doors), &abi));

	scmp_filter_ctx calls = seccomp_init(SCMP_ACT_KILL_PROCESS);
	NEED(calls);
	result r = rules_for_office(calls, engine);
	if (is_ok(r))
		r = load(calls);
	seccomp_release(calls);
	if (is_ok(r))
		*ret_abi = abi;
	return r;
}

result cell_filter_calls(enum cell_job job, int abi)
{
	scmp_filter_ctx calls = seccomp_init(SCMP_ACT_KILL_PROCESS);
	NEED(calls);
	result r = rules_for_filter(calls, job, abi);
	if (is_ok(r))
		r = load(calls);
	seccomp_release(calls);
	return r;
}
