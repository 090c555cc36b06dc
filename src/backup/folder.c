#include "backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool
folder_empty(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *one;
	bool empty = true;

	if (folder == NULL)
		return errno == ENOENT;
	while ((one = readdir(folder)) != NULL) {
		if (strcmp(one->d_name, ".") != 0 &&
		    strcmp(one->d_name, "..") != 0)
			empty = false;
	}
	closedir(folder);
	return empty;
}

static int
remove_one(const char *path, const struct stat *is, int kind,
    struct FTW *where)
{
	(void)is;
	(void)kind;
	(void)where;
	return remove(path);
}

result
folder_remove(const char *path, struct said *said)
{
	enum { DESCRIPTORS = 16 };

	if (nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS) != 0 &&
	    errno != ENOENT)
		return backup_say(said, "backup.unwritable", path);
	return OK;
}

static bool
flush_parent(const char *path)
{
	char parent[BACKUP_PATH_MAX];
	char *slash;
	bool good;
	int fd;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash == NULL)
		return false;
	slash[slash == parent] = '\0';
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

/* In one step both times: whoever is killed here leaves a whole office. */
result
folder_put(const char *fresh, const char *path, const char *old,
    struct said *said)
{
	if (folder_empty(path)) {
		if (rename(fresh, path) != 0)
			return backup_say(said, "backup.unwritable", path);
	} else {
		if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path,
		    RENAME_EXCHANGE) != 0 || rename(fresh, old) != 0)
			return backup_say(said, "backup.unwritable", path);
	}
	return flush_parent(path) ? OK :
	    backup_say(said, "backup.unwritable", path);
}

bool
folder_served(const char *path)
{
	char lock[BACKUP_PATH_MAX];
	bool served;
	int fd;

	snprintf(lock, sizeof(lock), "%s/run/lock", path);
	fd = open(lock, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	served = flock(fd, LOCK_EX | LOCK_NB) != 0;
	close(fd);
	return served;
}
