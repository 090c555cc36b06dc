#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "seal.h"

static result no(enum say line, const char *what)
{
	serve_say(line, what);
	return refuse(INVALID);
}

static bool private_folder(const char *path, enum say *ret_why)
{
	struct stat st;

	*ret_why = SAY_FOLDER_MAKE;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	*ret_why = SAY_FOLDER_OTHER;
	if (st.st_uid != geteuid())
		return false;
	*ret_why = SAY_FOLDER_OPEN;
	return (st.st_mode & 077) == 0;
}

/* nginx reads it as a word of its configuration, unquoted. */
static bool plain_path(const char *path)
{
	static const char forbidden[] = "{};\"'\\$#@ ";

	for (const char *p = path; *p != '\0'; p++)
		if (strchr(forbidden, *p) != NULL || (unsigned char)*p < 0x20)
			return false;
	return true;
}

static result parts(struct folder *f)
{
	static const char *const names[] = { "front", "db", "files", "run" };
	char path[FOLDER_PATH_MAX + 8];
	enum say why;

	for (size_t i = 0; i < LENGTH(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->path, names[i]);
		if (!private_folder(path, &why))
			return no(why, path);
	}
	snprintf(f->front, sizeof(f->front), "%s/front", f->path);
	snprintf(f->socket, sizeof(f->socket), "%s/run/office.sock", f->path);
	return OK;
}

/* Who has the folder stands in the lock's file, for whoever comes second. */
static result busy(const struct folder *f)
{
	char what[FOLDER_PATH_MAX + 40], pid[16] = "?";

	if (pread(f->lock, pid, sizeof(pid) - 1, 0) > 0)
		pid[strspn(pid, "0123456789")] = '\0';
	snprintf(what, sizeof(what), "%s (pid %s)", f->path, pid);
	return no(SAY_FOLDER_BUSY, what);
}

static result lock(struct folder *f)
{
	char path[FOLDER_PATH_MAX + 16];
	result taken;

	snprintf(path, sizeof(path), "%s/lock", f->front);
	f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->lock < 0)
		return no(SAY_TROUBLE, path);
	if (flock(f->lock, LOCK_EX | LOCK_NB) == 0)
		return ftruncate(f->lock, 0) == 0 &&
		    dprintf(f->lock, "%d\n", (int)getpid()) > 0 ? OK :
		    no(SAY_TROUBLE, path);
	taken = busy(f);
	close(f->lock);
	return taken;
}

/* Of a file that nothing can be read from the database has a second copy:
 * the office finds out what it is, and whether it may run so. */
static result damaged(struct folder *f, const char *path)
{
	f->doubtful = true;
	serve_say(SAY_HEADER_BAD, path);
	return OK;
}

/* Only the flags, before anybody is let near: the office checks the rest. */
static result header(struct folder *f)
{
	enum { FLAGS_AT = 10, HEAD = 12 };
	uint8_t head[HEAD];
	char path[FOLDER_PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/db/vault.hdr", f->path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? OK : damaged(f, path);
	ssize_t n = read(fd, head, sizeof(head));
	close(fd);
	if (n != HEAD || memcmp(head, "ALASVLT1", 8) != 0)
		return damaged(f, path);
	f->flags = get_u16(head + FLAGS_AT);
	f->header = true;
	return OK;
}

static result resolve(const char *path, struct folder *f)
{
	char real[PATH_MAX];
	enum say why;

	if (!private_folder(path, &why))
		return no(why, path);
	if (realpath(path, real) == NULL)
		return no(SAY_FOLDER_MAKE, path);
	if (strlen(real) >= sizeof(f->path) || !plain_path(real))
		return no(SAY_FOLDER_NAME, real);
	memcpy(f->path, real, strlen(real) + 1);
	return OK;
}

result folder_open(const char *path, struct folder *ret)
{
	struct folder f = { .lock = -1 };

	if (path == NULL || path[0] == '\0')
		return no(SAY_NO_FOLDER, "");
	TRY(resolve(path, &f));
	TRY(parts(&f));
	TRY(lock(&f));
	result r = header(&f);
	if (!is_ok(r)) {
		folder_close(&f);
		return r;
	}
	*ret = f;
	return OK;
}

void folder_close(struct folder *f)
{
	if (f->lock >= 0)
		close(f->lock);
	f->lock = -1;
}

result folder_allows(const struct folder *f, bool own_clock)
{
	bool play = (f->flags & (VAULT_DEMONSTRATION | VAULT_TEST)) != 0;

	if (f->doubtful && geteuid() != 0)
		return OK;
	if (own_clock && !play)
		return no(SAY_NOW_REAL, f->path);
	if (geteuid() != 0)
		return OK;
	if (!play)
		return no(SAY_ROOT_REAL, f->path);
	serve_say(SAY_ROOT_WARNING, "");
	return OK;
}
