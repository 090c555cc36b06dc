#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inside.h"

result document_make(int *ret_fd)
{
	int fd = memfd_create("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return fault(IO);
	*ret_fd = fd;
	return OK;
}

result document_add(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t wrote = write(fd, at, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return fault(IO);
		at += wrote;
		n -= (size_t)wrote;
	}
	return OK;
}

/* From here on nobody changes it while somebody else reads. */
result document_seal(int fd)
{
	if (lseek(fd, 0, SEEK_SET) != 0)
		return fault(IO);
	return fcntl(fd, F_ADD_SEALS, DOCUMENT_SEALS) == 0 ? OK : fault(IO);
}

bool document_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & DOCUMENT_SEALS) == DOCUMENT_SEALS;
}

result document_new(text bytes, int *ret_fd)
{
	int fd;

	TRY(document_make(&fd));
	result r = document_add(fd, bytes.p, bytes.n);
	if (is_ok(r))
		r = document_seal(fd);
	if (!is_ok(r)) {
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return OK;
}

result document_read(int fd, struct buf *out)
{
	char part[16 * KIB];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(fd, part, sizeof(part), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault(IO);
		if (n == 0)
			return buf_end(out);
		buf_add(out, part, (size_t)n);
		TRY(buf_end(out));
		at += n;
	}
}
