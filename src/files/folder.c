#include "inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

file_name
files_name(const file_ref *ref)
{
	file_name name;

	memcpy(name.b, ref->sealed_sha256, sizeof(name.b));
	return name;
}

result
disk_says(int error)
{
	return error == ENOSPC || error == EDQUOT ? refuse(FULL) : fault(IO);
}

result
place_of(text folder, const file_name *name, struct place *ret)
{
	char hex[NAME_HEX + 1] = "";
	int sub;
	int file;

	hex_write(hex, name->b, sizeof(name->b));
	sub = snprintf(ret->sub, sizeof(ret->sub), "%.*s/files/%.2s",
	    (int)folder.n, folder.p, hex);
	file = snprintf(ret->file, sizeof(ret->file), "%.*s/files/%.2s/%.62s",
	    (int)folder.n, folder.p, hex, hex + SUB_HEX);
	return sub > 0 && file > 0 && (size_t)file < sizeof(ret->file) ? OK :
	    refuse(TOO_LARGE);
}

result
folder_flush(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	int why = errno;

	if (fd >= 0)
		close(fd);
	return good ? OK : disk_says(why);
}

bool
files_there(text folder, const file_ref *ref)
{
	file_name name = files_name(ref);
	struct place at;
	struct stat is;

	return is_ok(place_of(folder, &name, &at)) &&
	    lstat(at.file, &is) == 0 && S_ISREG(is.st_mode) &&
	    (uint64_t)is.st_size == file_sealed(ref->length);
}

result
files_remove(text folder, file_name name)
{
	struct place at;

	TRY(place_of(folder, &name, &at));
	if (unlink(at.file) != 0)
		return errno == ENOENT ? OK : fault(IO);
	return folder_flush(at.sub);
}

/* ---- sweeping --------------------------------------------------------- */

struct sweep { const file_name *kept; size_t n, removed; };

static result
sweep_one(void *self, int at, const char *file, const file_name *name)
{
	struct sweep *s = self;

	if (s->n > 0 && bsearch(name, s->kept, s->n, sizeof(*name),
	    names_order) != NULL)
		return OK;
	if (unlinkat(at, file, 0) != 0)
		return fault(IO);
	s->removed++;
	return OK;
}

static result
sweep_unfinished(text folder, struct sweep *s)
{
	DIR *top = folder_open(folder);
	struct dirent *one;
	result got = OK;

	if (top == NULL)
		return errno == ENOENT ? OK : fault(IO);
	while (is_ok(got) && (one = readdir(top)) != NULL) {
		if (strncmp(one->d_name, FRESH, strlen(FRESH)) != 0)
			continue;
		if (unlinkat(dirfd(top), one->d_name, 0) != 0)
			got = fault(IO);
		else
			s->removed++;
	}
	closedir(top);
	return got;
}

result
files_sweep(text folder, file_name *kept, size_t n, size_t *ret_removed)
{
	struct sweep s = { .kept = kept, .n = n };
	result got = sweep_unfinished(folder, &s);

	if (is_ok(got) && kept != NULL) {
		if (n > 0)
			qsort(kept, n, sizeof(*kept), names_order);
		got = folder_walk(folder, sweep_one, &s);
	}
	*ret_removed = s.removed;
	return got;
}

/* ---- small files of the office's own ---------------------------------- */

static result
write_whole(const char *path, text bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool written = fd >= 0 &&
	    write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n &&
	    fsync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		written = false;
	return written ? OK : fault(IO);
}

result
files_replace(const char *path, text bytes)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	char fresh[PATH_MAX];
	int n = snprintf(fresh, sizeof(fresh), "%s.new", path);

	assert(slash != NULL);
	if (n < 0 || (size_t)n >= sizeof(fresh))
		return refuse(TOO_LARGE);
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	TRY(write_whole(fresh, bytes));
	if (rename(fresh, path) != 0)
		return fault(IO);
	return is_ok(folder_flush(folder)) ? OK : fault(IO);
}
