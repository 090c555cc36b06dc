/* What lies in the folder: for who must prove later that it was this. */
#include "inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct gathering { file_name *name; size_t n, room; uint64_t bytes; };

static int
order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(file_name));
}

static result
gather(struct gathering *g, const file_name *name, uint64_t bytes)
{
	enum { FIRST = 256 };

	if (g->n == g->room) {
		size_t room = g->room == 0 ? FIRST : 2 * g->room;
		file_name *more = realloc(g->name, room * sizeof(*more));

		NEED(more);
		g->name = more;
		g->room = room;
	}
	g->name[g->n++] = *name;
	g->bytes += bytes;
	return OK;
}

/* Only what is named as we name files. */
static result
gather_sub(struct gathering *g, int parent, const char *sub)
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
	while (is_ok(got) && (one = readdir(folder)) != NULL) {
		char hex[NAME_HEX + 1] = "";
		file_name name;
		struct stat is;

		snprintf(hex, sizeof(hex), "%.2s%.62s", sub, one->d_name);
		if (strlen(one->d_name) != NAME_HEX - SUB_HEX ||
		    !hex_read((text){ hex, NAME_HEX }, name.b,
		    sizeof(name.b)))
			continue;
		if (fstatat(at, one->d_name, &is, AT_SYMLINK_NOFOLLOW) != 0)
			got = fault(IO);
		else
			got = gather(g, &name, (uint64_t)is.st_size);
	}
	closedir(folder);
	return got;
}

static void
digest(const struct gathering *g, uint8_t ret[32])
{
	crypto_hash_sha256_state st;

	crypto_hash_sha256_init(&st);
	for (size_t i = 0; i < g->n; i++) {
		char hex[NAME_HEX + 2] = "";

		hex_write(hex, g->name[i].b, sizeof(g->name[i].b));
		hex[NAME_HEX] = '\n';
		crypto_hash_sha256_update(&st, (const uint8_t *)hex,
		    NAME_HEX + 1);
	}
	crypto_hash_sha256_final(&st, ret);
}

result
files_held(text folder, struct files_held *ret)
{
	struct gathering g = { 0 };
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%.*s/files", (int)folder.n,
	    folder.p);
	struct dirent *one;
	DIR *top;
	result got = OK;

	if (n < 0 || (size_t)n >= sizeof(path))
		return refuse(TOO_LARGE);
	top = opendir(path);
	if (top == NULL && errno != ENOENT)
		return fault(IO);
	while (is_ok(got) && top != NULL && (one = readdir(top)) != NULL) {
		if (strlen(one->d_name) == SUB_HEX && one->d_name[0] != '.')
			got = gather_sub(&g, dirfd(top), one->d_name);
	}
	if (top != NULL)
		closedir(top);
	if (is_ok(got) && g.n > 0)
		qsort(g.name, g.n, sizeof(*g.name), order);
	*ret = (struct files_held){ .n = g.n, .bytes = g.bytes };
	digest(&g, ret->sha256);
	free(g.name);
	return got;
}
