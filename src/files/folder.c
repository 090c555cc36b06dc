#include "inside.h"

#include <dirent.h>
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

static int
order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(file_name));
}

struct sweep { const file_name *kept; size_t n, removed; bool orphans; };

static bool
small_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

static result
sweep_one(struct sweep *s, int at, const char *sub, const char *file)
{
	char hex[NAME_HEX + 1] = "";
	file_name name;

	if (!small_hex(file, NAME_HEX - SUB_HEX))
		return OK;
	snprintf(hex, sizeof(hex), "%.2s%.62s", sub, file);
	if (!hex_read((text){ hex, NAME_HEX }, name.b, sizeof(name.b)) ||
	    (s->n > 0 && bsearch(&name, s->kept, s->n, sizeof(name),
	    order) != NULL))
		return OK;
	if (unlinkat(at, file, 0) != 0)
		return fault(IO);
	s->removed++;
	return OK;
}

static result
sweep_sub(struct sweep *s, int parent, const char *sub)
{
	int at = openat(parent, sub, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	DIR *folder = at < 0 ? NULL : fdopendir(at);
	struct dirent *one;
	result got = OK;

	if (folder == NULL) {
		if (at >= 0)
			close(at);
		return fault(IO);
	}
	while (is_ok(got) && (one = readdir(folder)) != NULL)
		got = sweep_one(s, at, sub, one->d_name);
	closedir(folder);
	return got;
}

static result
sweep_all(struct sweep *s, DIR *folder)
{
	struct dirent *one;
	result got = OK;

	while (is_ok(got) && (one = readdir(folder)) != NULL) {
		if (strncmp(one->d_name, FRESH, strlen(FRESH)) == 0) {
			if (unlinkat(dirfd(folder), one->d_name, 0) != 0)
				got = fault(IO);
			else
				s->removed++;
		} else if (s->orphans && small_hex(one->d_name, SUB_HEX)) {
			got = sweep_sub(s, dirfd(folder), one->d_name);
		}
	}
	return got;
}

result
files_sweep(text folder, file_name *kept, size_t n, size_t *ret_removed)
{
	struct sweep s = { .kept = kept, .n = n, .orphans = kept != NULL };
	char path[PATH_MAX];
	int long_ = snprintf(path, sizeof(path), "%.*s/files", (int)folder.n,
	    folder.p);
	DIR *top;
	result got;

	*ret_removed = 0;
	if (long_ < 0 || (size_t)long_ >= sizeof(path))
		return refuse(TOO_LARGE);
	if (n > 0)
		qsort(kept, n, sizeof(*kept), order);
	top = opendir(path);
	if (top == NULL)
		return errno == ENOENT ? OK : fault(IO);
	got = sweep_all(&s, top);
	closedir(top);
	*ret_removed = s.removed;
	return got;
}
