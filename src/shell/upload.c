/* Files that an operation takes: multipart/form-data, as a page sends it. */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char boundary[] = "alas-shell-0e4b6f6c5d1a9b27";

static void
begin_part(struct buf *b, const char *name)
{
	buf_format(b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"",
	    boundary, name);
}

static void
put_value(struct buf *b, const char *name, const json_t *v)
{
	begin_part(b, name);
	buf_format(b, "\r\n\r\n%s\r\n", json_is_boolean(v) ?
	    json_is_true(v) ? "1" : "0" : json_string_value(v));
}

/* Its name without folders; what a header may not hold is left out. */
static void
put_name(struct buf *b, const char *path)
{
	const char *slash = strrchr(path, '/');

	for (path = slash == NULL ? path : slash + 1; *path != '\0'; path++) {
		if ((unsigned char)*path >= ' ' && *path != '"')
			buf_char(b, *path);
	}
}

static result
put_file(struct buf *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	ssize_t n = 0;
	char *to;

	if (fd < 0)
		return refuse(NOT_FOUND);
	if (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode)) {
		close(fd);
		errno = EINVAL;
		return refuse(NOT_FOUND);
	}
	while ((to = buf_extend(b, 64 * KIB)) != NULL) {
		n = read(fd, to, 64 * KIB);
		b->n -= 64 * KIB - (n > 0 ? (size_t)n : 0);
		if (n <= 0)
			break;
	}
	close(fd);
	TRY(buf_end(b));
	return n == 0 ? OK : refuse(NOT_FOUND);
}

/* Does a file hold the line that parts the body?  Then it cannot be sent. */
static bool
holds_boundary(const struct buf *b, size_t from)
{
	return memmem(b->p + from, b->n - from, boundary,
	    sizeof(boundary) - 1) != NULL;
}

int
upload_body(const struct shell *s, json_t *inputs, json_t *files,
    struct buf *out)
{
	const char *name;
	json_t *v, *one;
	size_t i;

	json_object_foreach(inputs, name, v) {
		if (!json_is_array(v))
			put_value(out, name, v);
		json_array_foreach(v, i, one)
			put_value(out, name, one);
	}
	json_array_foreach(files, i, one) {
		const char *path = json_string_value(one);
		size_t from;
		result got;

		begin_part(out, "file");
		buf_text(out, T("; filename=\""));
		put_name(out, path);
		buf_text(out, T("\"\r\nContent-Type: "
		    "application/octet-stream\r\n\r\n"));
		from = out->n;
		got = put_file(out, path);
		if (got.code == E_TOO_LARGE)
			return say_no(s, EXIT_REFUSED, "shell.too_large",
			    path, NULL);
		if (!is_ok(got) || holds_boundary(out, from))
			return say_no(s, EXIT_REFUSED, "shell.no_reading",
			    path, is_ok(got) ? "" : strerror(errno));
		buf_text(out, T("\r\n"));
	}
	buf_format(out, "--%s--\r\n", boundary);
	return out->failed ? say_no(s, EXIT_REFUSED, "shell.too_large", "",
	    NULL) : EXIT_DONE;
}

text
upload_type(const struct shell *s)
{
	return arena_format(s->arena, "multipart/form-data; boundary=%s",
	    boundary);
}
