#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

result
backup_say(struct said *s, const char *key, const char *about)
{
	s->key = key;
	snprintf(s->about, sizeof(s->about), "%s", about);
	return refuse(INVALID);
}

/* argv of a spawn is not const, for reasons older than const. */
static char *const *
as_argv(const char *const *argv)
{
	union { const char *const *in; char *const *out; } u = { .in = argv };

	return u.out;
}

static result
spawn(const char *const *argv, int in, int out, long *ret, struct said *said)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none;
	pid_t pid = -1;
	int wrong;

	/* What `alas` blocks or ignores is not its children's. */
	sigemptyset(&none);
	posix_spawnattr_init(&how);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&files);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	wrong = posix_spawnp(&pid, argv[0], &files, &how, as_argv(argv),
	    environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	if (wrong != 0)
		return backup_say(said, wrong == ENOENT ?
		    "backup.no_program" : "backup.program_failed", argv[0]);
	*ret = pid;
	return OK;
}

static bool
ended_well(long pid)
{
	int status = 1;

	if (pid == 0)
		return true;
	while (waitpid((pid_t)pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static result
begin(const char *const *first, const char *const *second, int in, int out,
    struct pipeline *ret, struct said *said)
{
	CLEANUP(close_fd) int reads = -1;
	CLEANUP(close_fd) int writes = -1;
	int ends[2];
	result got;

	*ret = (struct pipeline){ .names = { first[0], second == NULL ? "" :
	    second[0] } };
	if (second == NULL)
		return spawn(first, in, out, &ret->first, said);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return backup_say(said, "backup.program_failed", first[0]);
	reads = ends[0];
	writes = ends[1];
	TRY(spawn(second, reads, out, &ret->second, said));
	got = spawn(first, in, writes, &ret->first, said);
	if (!is_ok(got)) {
		close(writes);
		writes = -1;
		ignore(pipeline_end(ret, &(struct said){ 0 }),
		    "the first did not even start");
	}
	return got;
}

result
pipeline_begin(const char *const *first, const char *const *second, int in,
    int out, struct pipeline *ret, int *ret_out, struct said *said)
{
	int ends[2];
	result got;

	if (ret_out == NULL)
		return begin(first, second, in, out, ret, said);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return backup_say(said, "backup.program_failed", first[0]);
	got = begin(first, second, in, ends[1], ret, said);
	close(ends[1]);
	if (!is_ok(got))
		close(ends[0]);
	else
		*ret_out = ends[0];
	return got;
}

result
pipeline_end(struct pipeline *p, struct said *said)
{
	/* The second first: the first may have died of its silence. */
	bool second = ended_well(p->second);
	bool first = ended_well(p->first);

	if (first && second)
		return OK;
	return backup_say(said, "backup.program_failed",
	    p->names[second ? 0 : 1]);
}

result
backup_pipe(const char *const *first, const char *const *second, int in,
    int out, struct said *said)
{
	struct pipeline p;

	TRY(pipeline_begin(first, second, in, out, &p, NULL, said));
	return pipeline_end(&p, said);
}
