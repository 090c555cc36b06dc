/*
 * A filter gone bad, inside the cell that every filter is in: its job says
 * how.  Where the cell answers with an error it says so by its exit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cell.h"

static volatile unsigned work;

static int spin(void)
{
	while (work < 2)
		work ^= 1;
	return CELL_EXIT_FAILED;
}

static int sleep_long(void)
{
	nanosleep(&(struct timespec){ .tv_sec = 1000 }, NULL);
	return CELL_EXIT_FAILED;
}

static int sleep_short(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 300 * 1000000 }, NULL);
	return write(1, "ok", 2) == 2 ? CELL_EXIT_DONE : CELL_EXIT_FAILED;
}

static int mute_and_sleep(void)
{
	close(1);
	return sleep_long();
}

static int memory(void)
{
	for (size_t i = 0;; i++) {
		char *p = malloc(16 * MIB);

		/* The limit is reached: nothing more to take. */
		if (p == NULL)
			return i < 64 ? CELL_EXIT_FAILED : 1;
		memset(p, 1, 16 * MIB);
	}
}

static int output(void)
{
	static char part[64 * KIB];

	while (write(1, part, sizeof(part)) > 0)
		work++;
	return CELL_EXIT_FAILED;
}

static int denied(int rc)
{
	if (rc >= 0 || errno != EPERM)
		return CELL_EXIT_INVALID;
	return write(1, "denied", 6) == 6 ? CELL_EXIT_DONE : CELL_EXIT_FAILED;
}

static int open_file(void)
{
	return denied(open("/etc/passwd", O_RDONLY));
}

static int fork_off(void)
{
	return denied(fork());
}

static int connect_out(void)
{
	return denied(socket(AF_INET, SOCK_STREAM, 0));
}

static int crash(void)
{
	abort();
}

static int too_large(void)
{
	return CELL_EXIT_TOO_LARGE;
}

static int strange(void)
{
	return write(1, "x", 1) == 1 ? 77 : 78;
}

/* How many descriptors there are: only the three that it needs. */
static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1000; fd++)
		n += lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF;
	return n == 3 ? CELL_EXIT_DONE : CELL_EXIT_INVALID;
}

static const struct { const char *name; int (*run)(void); } ways[] = {
	{ "spin", spin }, { "sleep", sleep_long }, { "short", sleep_short },
	{ "mute", mute_and_sleep }, { "memory", memory },
	{ "output", output }, { "open", open_file }, { "fork", fork_off },
	{ "socket", connect_out }, { "crash", crash },
	{ "large", too_large }, { "strange", strange },
	{ "descriptors", descriptors },
};

/* With a job of the true one, the paper itself says what to try. */
static const char *way_of(const char *job)
{
	static char head[4 * KIB];
	size_t n = 0;
	ssize_t got;
	char *try;

	if (strncmp(job, "view", 4) != 0)
		return job;
	while (n < sizeof(head) - 1 &&
	    (got = read(0, head + n, sizeof(head) - 1 - n)) > 0)
		n += (size_t)got;
	try = memmem(head, n, "try:", 4);
	if (try == NULL)
		return "";
	return strtok(try + 4, " \r\n");
}

int main(int argc, char **argv)
{
	const char *way;
	int abi;

	if (argc != 2 || !is_ok(cell_harden()) ||
	    !is_ok(cell_filter_walls(CELL_COMPUTE, &abi)) ||
	    !is_ok(cell_filter_calls(CELL_COMPUTE, abi)))
		return CELL_EXIT_FAILED;
	way = way_of(argv[1]);
	for (size_t i = 0; way != NULL && i < LENGTH(ways); i++)
		if (strcmp(way, ways[i].name) == 0)
			_exit(ways[i].run());
	return CELL_EXIT_FAILED;
}
