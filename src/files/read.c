#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_reading {
	int fd;
	struct file_opener *opener;
	uint64_t given, length;
};

void
files_close(struct file_reading **r)
{
	if (*r == NULL)
		return;
	if ((*r)->fd >= 0)
		close((*r)->fd);
	file_opener_free(&(*r)->opener);
	free(*r);
	*r = NULL;
}

/* As many of `n` as there are. */
static result
read_some(int fd, uint8_t *p, size_t n, size_t *ret)
{
	size_t got = 0;

	while (got < n) {
		ssize_t one = read(fd, p + got, n - got);

		if (one < 0 && errno == EINTR)
			continue;
		if (one < 0)
			return fault(IO);
		if (one == 0)
			break;
		got += (size_t)one;
	}
	*ret = got;
	return OK;
}

static result
begin(struct file_reading *r, const file_ref *ref)
{
	uint8_t head[AF1_HEADER];
	key32 key;
	size_t n;
	result got;

	TRY(read_some(r->fd, head, sizeof(head), &n));
	if (n != sizeof(head))
		return fault(SEALED_RECORD);
	memcpy(key.b, ref->key, sizeof(key.b));
	got = file_open_begin(&key, head, ref->length, &r->opener);
	sodium_memzero(&key, sizeof(key));
	return got;
}

result
files_open(text folder, const file_ref *ref, struct file_reading **ret)
{
	CLEANUP(files_close) struct file_reading *r = calloc(1, sizeof(*r));
	file_name name = files_name(ref);
	struct place at;

	NEED(r);
	r->fd = -1;
	r->length = ref->length;
	TRY(place_of(folder, &name, &at));
	r->fd = open(at.file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (r->fd < 0)
		return errno == ENOENT ? refuse(NOT_FOUND) : fault(IO);
	TRY(begin(r, ref));
	*ret = r;
	r = NULL;
	return OK;
}

/* The last read ends what is sealed, padding and all. */
static result
read_to_end(struct file_reading *r, struct buf *out)
{
	uint8_t sealed[AF1_CHUNK + AF1_TAG];
	size_t n;

	do {
		TRY(read_some(r->fd, sealed, sizeof(sealed), &n));
		TRY(file_open_add(r->opener, sealed, n, out));
	} while (n > 0);
	return file_open_end(r->opener);
}

result
files_read(struct file_reading *r, struct buf *out, bool *ret_end)
{
	uint8_t sealed[AF1_CHUNK + AF1_TAG];
	size_t before = out->n;
	size_t n;

	*ret_end = false;
	TRY(read_some(r->fd, sealed, sizeof(sealed), &n));
	TRY(file_open_add(r->opener, sealed, n, out));
	r->given += out->n - before;
	if (r->given < r->length && n == sizeof(sealed))
		return OK;
	/* With the last byte goes the word that the file is whole. */
	TRY(read_to_end(r, out));
	*ret_end = true;
	return OK;
}
