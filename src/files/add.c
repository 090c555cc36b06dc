#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file on its way into the folder. */
struct fresh {
	int fd;
	char path[PATH_MAX];		/* "": it has its name, or never was */
	crypto_hash_sha256_state sealed, original;
};

static void
fresh_end(struct fresh *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->path[0] != '\0')
		unlink(f->path);
	*f = (struct fresh){ .fd = -1 };
}

static void
end_sealer(struct file_sealer **s)
{
	file_sealer_free(s);
}

static result
fresh_new(text folder, const struct chance *chance, struct fresh *ret)
{
	struct fresh f = { .fd = -1 };
	uint8_t draw[8];
	char hex[2 * sizeof(draw) + 1] = "";
	int n;

	chance->fill(chance->self, draw, sizeof(draw));
	hex_write(hex, draw, sizeof(draw));
	n = snprintf(f.path, sizeof(f.path), "%.*s/files/" FRESH "%.16s",
	    (int)folder.n, folder.p, hex);
	if (n < 0 || (size_t)n >= sizeof(f.path))
		return refuse(TOO_LARGE);
	f.fd = open(f.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (f.fd < 0)
		return disk_says(errno);
	crypto_hash_sha256_init(&f.sealed);
	crypto_hash_sha256_init(&f.original);
	*ret = f;
	return OK;
}

/* What was sealed so far goes to the disk; the buffer is used again. */
static result
put(struct fresh *f, struct buf *b)
{
	const char *p = b->p;
	size_t left = b->n;

	crypto_hash_sha256_update(&f->sealed, (const uint8_t *)p, left);
	while (left > 0) {
		ssize_t n = write(f->fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return disk_says(n < 0 ? errno : ENOSPC);
		p += n;
		left -= (size_t)n;
	}
	buf_clear(b);
	return OK;
}

static result
put_all(struct fresh *f, const struct chance *chance, text bytes,
    const file_ref *ref)
{
	enum { OUT_MAX = AF1_HEADER + 4 * (AF1_CHUNK + AF1_TAG) };
	CLEANUP(buf_free) struct buf out = buf_new(OUT_MAX);
	CLEANUP(end_sealer) struct file_sealer *s = NULL;
	id file_id;
	key32 key;
	result got;

	chance->fill(chance->self, file_id.b, sizeof(file_id.b));
	memcpy(key.b, ref->key, sizeof(key.b));
	got = file_seal_begin(chance, &key, file_id, bytes.n, &out, &s);
	sodium_memzero(&key, sizeof(key));
	TRY(got);
	while (bytes.n > 0) {
		size_t n = bytes.n < AF1_CHUNK ? bytes.n : AF1_CHUNK;

		crypto_hash_sha256_update(&f->original,
		    (const uint8_t *)bytes.p, n);
		TRY(file_seal_add(s, bytes.p, n, &out));
		TRY(put(f, &out));
		bytes = (text){ bytes.p + n, bytes.n - n };
	}
	/* What is padded on is an eighth at most; it goes at once. */
	buf_free(&out);
	out = buf_new((size_t)(file_sealed(ref->length) - ref->length) +
	    OUT_MAX);
	TRY(file_seal_end(s, &out));
	return put(f, &out);
}

/* Its name, and all that leads to it, is on the disk before a row says so. */
static result
give_name(struct fresh *f, text folder, const file_name *name)
{
	struct place at;
	char top[PATH_MAX];
	int n = snprintf(top, sizeof(top), "%.*s/files", (int)folder.n,
	    folder.p);

	if (n < 0 || (size_t)n >= sizeof(top))
		return refuse(TOO_LARGE);
	TRY(place_of(folder, name, &at));
	if (fsync(f->fd) != 0)
		return disk_says(errno);
	if (mkdir(at.sub, 0700) == 0)
		TRY(folder_flush(top));
	else if (errno != EEXIST)
		return disk_says(errno);
	if (rename(f->path, at.file) != 0)
		return disk_says(errno);
	f->path[0] = '\0';
	return folder_flush(at.sub);
}

result
files_add(text folder, const struct chance *chance, text bytes,
    file_ref *ret)
{
	CLEANUP(fresh_end) struct fresh f = { .fd = -1 };
	file_ref made = *ret;
	file_name name;

	made.length = bytes.n;
	chance->fill(chance->self, made.key, sizeof(made.key));
	TRY(fresh_new(folder, chance, &f));
	TRY(put_all(&f, chance, bytes, &made));
	crypto_hash_sha256_final(&f.sealed, made.sealed_sha256);
	crypto_hash_sha256_final(&f.original, made.original_sha256);
	name = files_name(&made);
	TRY(give_name(&f, folder, &name));
	made.known = true;
	*ret = made;
	return OK;
}
