#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FDS_TAKEN = 4 };		/* more than allowed, to close them all */

result wire_result(enum wire_outcome o)
{
	switch (o) {
	case WIRE_OK:
		return OK;
	case WIRE_BUSY:
		return refuse(BUSY);
	case WIRE_INVALID:
		return refuse(INVALID);
	case WIRE_TOO_LARGE:
		return refuse(TOO_LARGE);
	case WIRE_UNAVAILABLE:
	case WIRE_NO_START:
	case WIRE_OUTCOMES:
		break;
	}
	return refuse(UNAVAILABLE);
}

union control {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(int) * FDS_TAKEN)];
};

result wire_send(int socket, const void *p, size_t n, int fd, int flags)
{
	/* sendmsg only reads, but its structure does not say so. */
	struct iovec part = { .iov_base = (void *)(uintptr_t)p, .iov_len = n };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	union control c = { .space = { 0 } };
	ssize_t sent;

	if (fd >= 0) {
		c.head.cmsg_level = SOL_SOCKET;
		c.head.cmsg_type = SCM_RIGHTS;
		c.head.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&c.head), &fd, sizeof(fd));
		m.msg_control = c.space;
		m.msg_controllen = CMSG_SPACE(sizeof(fd));
	}
	do {
		sent = sendmsg(socket, &m, MSG_NOSIGNAL | flags);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return OK;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return refuse(BUSY);
	return errno == EPIPE || errno == ECONNRESET ?
	    refuse(UNAVAILABLE) : fault(IO);
}

/* One descriptor, or none; false when there were more, all closed now. */
static bool take_descriptor(struct msghdr *m, int *ret_fd)
{
	int fds[FDS_TAKEN];
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL;
	    c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t there = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < there && n < LENGTH(fds); i++)
			memcpy(&fds[n++], CMSG_DATA(c) + i * sizeof(int),
			    sizeof(int));
	}
	if (n <= 1 && (m->msg_flags & MSG_CTRUNC) == 0) {
		*ret_fd = n == 1 ? fds[0] : -1;
		return true;
	}
	while (n > 0)
		close(fds[--n]);
	return false;
}

result wire_receive(int socket, void *p, size_t max, size_t *ret_n,
    int *ret_fd)
{
	struct iovec part = { .iov_base = p, .iov_len = max };
	union control c;
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = c.space, .msg_controllen = sizeof(c.space) };
	ssize_t n;
	int fd;

	do {
		n = recvmsg(socket, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return refuse(NOT_FOUND);
	if (n < 0)
		return errno == ECONNRESET ? refuse(UNAVAILABLE) : fault(IO);
	if (!take_descriptor(&m, &fd))
		return refuse(BAD_REQUEST);
	if (n > 0 && (m.msg_flags & MSG_TRUNC) == 0) {
		*ret_n = (size_t)n;
		*ret_fd = fd;
		return OK;
	}
	if (fd >= 0)
		close(fd);
	return n == 0 ? refuse(UNAVAILABLE) : refuse(BAD_REQUEST);
}

/*
 * Two words come through the control socket, told apart by their length:
 *
 *	a new end	"alas-runner 1" 00, and one descriptor
 *	front_facts	"alas-front 1" 00 · nginx 16 · digest 32 · own u8 ·
 *		tls u8 · certificate known u8 · its end u64
 */
static const char new_end[] = "alas-runner 1";
static const char front[] = "alas-front 1";

enum { AT_NGINX = sizeof(front), AT_DIGEST = AT_NGINX + 16,
	AT_OWN = AT_DIGEST + 32, AT_TLS, AT_KNOWN, AT_END,
	FRONT_WORD = AT_END + 8 };

result runner_end_send(int control, int fd)
{
	return wire_send(control, new_end, sizeof(new_end), fd, MSG_DONTWAIT);
}

result front_facts_send(int control, const struct front_facts *f)
{
	uint8_t p[FRONT_WORD];

	memcpy(p, front, sizeof(front));
	memcpy(p + AT_NGINX, f->nginx, sizeof(f->nginx));
	memcpy(p + AT_DIGEST, f->digest, sizeof(f->digest));
	p[AT_OWN] = f->own;
	p[AT_TLS] = f->tls;
	p[AT_KNOWN] = f->certificate.known;
	put_u64(p + AT_END, (uint64_t)f->certificate.ms);
	return wire_send(control, p, sizeof(p), -1, MSG_DONTWAIT);
}

static void read_facts(const uint8_t *p, struct front_facts *ret)
{
	memcpy(ret->nginx, p + AT_NGINX, sizeof(ret->nginx));
	ret->nginx[sizeof(ret->nginx) - 1] = '\0';
	memcpy(ret->digest, p + AT_DIGEST, sizeof(ret->digest));
	ret->own = p[AT_OWN] == 1;
	ret->tls = p[AT_TLS] == 1;
	ret->certificate.known = p[AT_KNOWN] == 1;
	ret->certificate.ms = (int64_t)get_u64(p + AT_END);
}

result control_receive(int control, int *ret_fd, struct front_facts *ret)
{
	uint8_t got[FRONT_WORD];
	size_t n;
	int fd;

	TRY(wire_receive(control, got, sizeof(got), &n, &fd));
	if (fd >= 0 && n == sizeof(new_end) &&
	    memcmp(got, new_end, sizeof(new_end)) == 0) {
		*ret_fd = fd;
		return OK;
	}
	if (fd < 0 && n == FRONT_WORD &&
	    memcmp(got, front, sizeof(front)) == 0) {
		read_facts(got, ret);
		*ret_fd = -1;
		return OK;
	}
	if (fd >= 0)
		close(fd);
	return refuse(BAD_REQUEST);
}
