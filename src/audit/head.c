/* The last head that this folder acknowledged: db/head, 40 bytes. */
#include "audit_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_PATH_MAX = 4096 };

static bool
head_path(const struct office *o, const char *name, char path[HEAD_PATH_MAX])
{
	int n = snprintf(path, HEAD_PATH_MAX, "%.*s/db/%s",
	    (int)o->folder.n, o->folder.p, name);

	return n > 0 && n < HEAD_PATH_MAX;
}

result
head_read(const struct office *o, bool *ret_there, struct audit_head *ret)
{
	char path[HEAD_PATH_MAX];
	uint8_t b[HEAD_FILE_BYTES];
	ssize_t got;
	int fd;

	if (o->folder.n == 0 || !head_path(o, "head", path)) {
		*ret_there = false;
		return OK;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		*ret_there = false;
		return OK;
	}
	if (fd < 0)
		return fault(IO);
	got = read(fd, b, sizeof(b));
	close(fd);
	if (got != sizeof(b))
		return fault(CORRUPT);
	*ret_there = true;
	ret->n = get_u64(b);
	memcpy(ret->root, b + 8, 32);
	return OK;
}

/* Whole and on disk: an old head would let an old database in. */
static result
write_file(const struct audit *a, const uint8_t b[HEAD_FILE_BYTES])
{
	char path[HEAD_PATH_MAX];

	if (!head_path(a->office, "head", path))
		return fault(IO);
	return files_replace(path, (text){ (const char *)b, HEAD_FILE_BYTES });
}

result
audit_acknowledge(struct audit *a)
{
	uint8_t b[HEAD_FILE_BYTES];

	if (a->head_written == a->tree.n)
		return OK;
	put_u64(b, a->tree.n);
	tree_root(&a->tree, b + 8);
	if (a->office->folder.n > 0)
		TRY(write_file(a, b));
	a->head_written = a->tree.n;
	return OK;
}
