/* Everything below files/ that is named as we name it. */
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct walk { walk_one *one; void *self; };

static bool
small_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

static result
see(const struct walk *w, int at, const char *sub, const char *file)
{
	char hex[NAME_HEX + 1] = "";
	file_name name;

	if (!small_hex(file, NAME_HEX - SUB_HEX))
		return OK;
	snprintf(hex, sizeof(hex), "%.2s%.62s", sub, file);
	if (!hex_read((text){ hex, NAME_HEX }, name.b, sizeof(name.b)))
		return fault(BUG);
	return w->one(w->self, at, file, &name);
}

static result
walk_sub(const struct walk *w, int parent, const char *sub)
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
		got = see(w, at, sub, one->d_name);
	closedir(folder);
	return got;
}

DIR *
folder_open(text folder)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%.*s/files", (int)folder.n,
	    folder.p);

	if (n > 0 && (size_t)n < sizeof(path))
		return opendir(path);
	errno = ENAMETOOLONG;
	return NULL;
}

result
folder_walk(text folder, walk_one *one, void *self)
{
	const struct walk w = { one, self };
	DIR *top = folder_open(folder);
	struct dirent *sub;
	result got = OK;

	if (top == NULL)
		return errno == ENOENT ? OK : fault(IO);
	while (is_ok(got) && (sub = readdir(top)) != NULL) {
		if (small_hex(sub->d_name, SUB_HEX))
			got = walk_sub(&w, dirfd(top), sub->d_name);
	}
	closedir(top);
	return got;
}

int
names_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(file_name));
}
