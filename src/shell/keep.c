/*
 * What `alas sign-in` leaves: one file for each data folder, which only its
 * user can read and which the system forgets when the user signs out of it.
 */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN_MAX = 200 };

static bool
private_folder(const char *path)
{
	struct stat is;

	return lstat(path, &is) == 0 && S_ISDIR(is.st_mode) &&
	    is.st_uid == geteuid() && (is.st_mode & 077) == 0;
}

static text
folder(const struct shell *s)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (runtime == NULL || runtime[0] != '/')
		return T("");
	return arena_format(s->arena, "%s/alas", runtime);
}

/* A folder has one file under whatever name it is given. */
static text
path_of(const struct shell *s, enum kept what)
{
	text to = folder(s);
	struct stat data;

	if (to.n == 0 || stat(s->data, &data) != 0)
		return T("");
	return arena_format(s->arena, "%.*s/%jx-%jx.%s", (int)to.n, to.p,
	    (uintmax_t)data.st_dev, (uintmax_t)data.st_ino,
	    what == KEPT_SESSION ? "session" : "device");
}

bool
keep_ready(const struct shell *s)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	text to = folder(s);

	if (to.n == 0) {
		say_no(s, EXIT_REFUSED, "shell.no_runtime", NULL, NULL);
		return false;
	}
	if (private_folder(runtime) && (mkdir(to.p, 0700) == 0 ||
	    errno == EEXIST) && private_folder(to.p))
		return true;
	say_no(s, EXIT_REFUSED, "shell.runtime_open", runtime, NULL);
	return false;
}

static bool
write_whole(int fd, text t)
{
	return fd >= 0 && write(fd, t.p, t.n) == (ssize_t)t.n &&
	    close(fd) == 0;
}

bool
keep_put(const struct shell *s, enum kept what, text token)
{
	text path = path_of(s, what);
	text new = arena_format(s->arena, "%.*s.new", (int)path.n, path.p);
	int fd;

	if (path.n == 0 || new.p == NULL)
		return false;
	unlink(new.p);
	fd = open(new.p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	return write_whole(fd, token) && rename(new.p, path.p) == 0;
}

text
keep_get(const struct shell *s, enum kept what)
{
	char token[TOKEN_MAX];
	text path = path_of(s, what);
	struct stat is;
	ssize_t n = -1;
	text got;
	int fd;

	if (path.n == 0 || !private_folder(folder(s).p))
		return T("");
	fd = open(path.p, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return T("");
	if (fstat(fd, &is) == 0 && S_ISREG(is.st_mode) &&
	    is.st_uid == geteuid() && (is.st_mode & 077) == 0)
		n = read(fd, token, sizeof(token));
	close(fd);
	if (n <= 0)
		return T("");
	got = arena_text(s->arena, (text){ token, (size_t)n });
	explicit_bzero(token, sizeof(token));
	return got;
}

void
keep_drop(const struct shell *s, enum kept what)
{
	text path = path_of(s, what);

	if (path.n > 0)
		unlink(path.p);
}
