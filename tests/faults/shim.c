/*
 * Put before the office's libraries by a test (LD_PRELOAD): what the system
 * gives can be taken away, and comes back, while the office serves.  The
 * test writes into a file that both have mapped; its path is in ALAS_SHIM.
 * The office itself knows nothing of it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

/* One kind of call: the n-th from now on fails, once or for ever. */
struct trip { int32_t left, error, for_ever, seen, fired; };

/* The order is that of tests/faults/broken.py. */
struct control {
	struct trip alloc, write, sync, rename, open;
	int32_t no_landlock, no_mlock, free_mib, socket_opens, core_limit;
	int32_t clock_s;	/* the clock jumped by so much */
	int32_t boot_s;		/* it stood for so long */
	int32_t sql_for;	/* 1: the facts, 2: the projection; 0: done */
	int32_t sql_code;
	char sql[1024];
	char swaps[256];	/* what stands for /proc/swaps; empty: itself */
};

static struct control nothing = { .alloc = { .left = -1 } };
static struct control *c = &nothing;
static sqlite3 *facts, *projection;

#define REAL(name) (__extension__ (__typeof__(&name))real(#name))

static void *
real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		_exit(99);
	return found;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("ALAS_SHIM");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*c),
	    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (map != MAP_FAILED)
		c = map;
	unsetenv("LD_PRELOAD");
}

/* True: this one fails, and errno says how. */
static bool
trips(struct trip *t)
{
	if (t->error == 0)
		return false;
	t->seen++;
	if (t->left > 0)
		t->left--;
	if (t->left != 0)
		return false;
	if (t->for_ever == 0)
		t->left = -1;
	t->fired++;
	errno = t->error;
	return true;
}

/* ---- memory ------------------------------------------------------------ */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

void *
malloc(size_t n)
{
	return trips(&c->alloc) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return trips(&c->alloc) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return trips(&c->alloc) ? NULL : __libc_realloc(p, n);
}

/* ---- files ------------------------------------------------------------- */

static bool
is_file(int fd)
{
	struct stat st;

	return c->write.error != 0 && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	return is_file(fd) && trips(&c->write) ? -1 :
	    REAL(write)(fd, p, n);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	return is_file(fd) && trips(&c->write) ? -1 :
	    REAL(pwrite)(fd, p, n, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return is_file(fd) && trips(&c->write) ? -1 :
	    REAL(pwrite64)(fd, p, n, at);
}

int
ftruncate(int fd, off_t n)
{
	return is_file(fd) && trips(&c->write) ? -1 : REAL(ftruncate)(fd, n);
}

int
ftruncate64(int fd, off64_t n)
{
	return is_file(fd) && trips(&c->write) ? -1 :
	    REAL(ftruncate64)(fd, n);
}

int
fsync(int fd)
{
	return trips(&c->sync) ? -1 : REAL(fsync)(fd);
}

int
fdatasync(int fd)
{
	return trips(&c->sync) ? -1 : REAL(fdatasync)(fd);
}

int
rename(const char *from, const char *to)
{
	return trips(&c->rename) ? -1 : REAL(rename)(from, to);
}

static const char *
instead(const char *path)
{
	return c->swaps[0] != '\0' && strcmp(path, "/proc/swaps") == 0 ?
	    c->swaps : path;
}

/* Only what would make or change a file. */
static bool
open_trips(int flags)
{
	return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0 &&
	    trips(&c->open);
}

int
open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = va_arg(more, mode_t);
	va_end(more);
	return open_trips(flags) ? -1 :
	    REAL(open)(instead(path), flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = va_arg(more, mode_t);
	va_end(more);
	return open_trips(flags) ? -1 :
	    REAL(open64)(instead(path), flags, mode);
}

/* The office asks for large files, so for this one alone. */
int
statvfs64(const char *restrict path, struct statvfs64 *restrict ret)
{
	int code = REAL(statvfs64)(path, ret);

	if (code == 0 && c->free_mib > 0)
		ret->f_bavail = (fsblkcnt64_t)c->free_mib * 1024 * 1024 /
		    ret->f_frsize;
	return code;
}

/* ---- the clock ------------------------------------------------------------ */

int
clock_gettime(clockid_t which, struct timespec *ret)
{
	int code = REAL(clock_gettime)(which, ret);

	if (which == CLOCK_REALTIME)
		ret->tv_sec += c->clock_s;
	if (which == CLOCK_BOOTTIME)
		ret->tv_sec += c->boot_s;
	return code;
}

/* ---- the kernel's walls and locks -------------------------------------- */

long
syscall(long number, ...)
{
	long a[6];
	va_list more;

	va_start(more, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(more, long);
	va_end(more);
	if (c->no_landlock != 0 && number == SYS_landlock_create_ruleset) {
		errno = ENOSYS;
		return -1;
	}
	return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int
mlock(const void *p, size_t n)
{
	if (c->no_mlock != 0) {
		errno = ENOMEM;
		return -1;
	}
	return REAL(mlock)(p, n);
}

int
getrlimit64(__rlimit_resource_t which, struct rlimit64 *ret)
{
	int code = REAL(getrlimit64)(which, ret);

	if (code == 0 && which == RLIMIT_CORE && c->core_limit != 0)
		ret->rlim_cur = (rlim64_t)c->core_limit;
	return code;
}

/* A wall with a hole: what must not be had is given. */
int
socket(int domain, int type, int protocol)
{
	return c->socket_opens != 0 && domain == AF_NETLINK ?
	    memfd_create("hole", MFD_CLOEXEC) : REAL(socket)(domain, type, protocol);
}

/* ---- another hand at the office's own databases ------------------------ */

int
sqlite3_open_v2(const char *name, sqlite3 **ret, int flags, const char *vfs)
{
	int code = REAL(sqlite3_open_v2)(name, ret, flags, vfs);

	/* What is open already stays: the doctor builds another beside. */
	if (code == SQLITE_OK && strcmp(name, ":memory:") != 0)
		facts = *ret;
	else if (code == SQLITE_OK && projection == NULL)
		projection = *ret;
	return code;
}

int
sqlite3_close(sqlite3 *db)
{
	if (db == projection)
		projection = NULL;
	return REAL(sqlite3_close)(db);
}

int
sqlite3_step(sqlite3_stmt *st)
{
	sqlite3 *db = c->sql_for == 1 ? facts : projection;

	if (c->sql_for != 0 && db != NULL && sqlite3_get_autocommit(db)) {
		c->sql_for = 0;
		c->sql_code = sqlite3_exec(db, c->sql, NULL, NULL, NULL);
	}
	return REAL(sqlite3_step)(st);
}
