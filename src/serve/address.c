#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "say.h"

#define ADDRESS_DEFAULT "127.0.0.1"

union at {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static const char *address_of(const struct serve_options *o)
{
	return o->address != NULL ? o->address : ADDRESS_DEFAULT;
}

static bool read_v4(const char *s, uint16_t port, union at *ret, bool *ret_loop)
{
	union at at = { .v4 = { .sin_family = AF_INET,
		.sin_port = htons(port) } };

	if (inet_pton(AF_INET, s, &at.v4.sin_addr) != 1)
		return false;
	*ret = at;
	*ret_loop = (ntohl(at.v4.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
	return true;
}

static bool read_v6(const char *s, uint16_t port, union at *ret, bool *ret_loop)
{
	union at at = { .v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) } };

	if (inet_pton(AF_INET6, s, &at.v6.sin6_addr) != 1)
		return false;
	*ret = at;
	*ret_loop = IN6_IS_ADDR_LOOPBACK(&at.v6.sin6_addr);
	return true;
}

static result no(enum say line, const char *what)
{
	serve_say(line, what);
	return refuse(INVALID);
}

static result try_bind(const union at *at, const char *words)
{
	int one = 1, why = 0;
	socklen_t n = at->any.sa_family == AF_INET ?
	    sizeof(at->v4) : sizeof(at->v6);
	int fd = socket(at->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return no(SAY_PORT_NONE, words);
	/* Yesterday's closed connections do not count, as for nginx. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, &at->any, n) != 0)
		why = errno;
	close(fd);
	switch (why) {
	case 0:
		return OK;
	case EADDRINUSE:
		return no(SAY_PORT_TAKEN, words);
	case EACCES:
		return no(SAY_PORT_DENIED, words);
	}
	return no(SAY_PORT_NONE, words);
}

result address_check(const struct serve_options *o, int port,
    struct address *ret)
{
	const char *s = address_of(o);
	struct address a;
	union at at;

	if (read_v4(s, (uint16_t)port, &at, &a.loopback))
		snprintf(a.listen, sizeof(a.listen), "%s:%d", s, port);
	else if (read_v6(s, (uint16_t)port, &at, &a.loopback))
		snprintf(a.listen, sizeof(a.listen), "[%s]:%d", s, port);
	else
		return no(SAY_ADDRESS_BAD, s);
	if (!a.loopback && (o->certificate == NULL ||
	    o->certificate_key == NULL))
		return no(SAY_PUBLIC_PLAIN, a.listen);
	TRY(try_bind(&at, a.listen));
	*ret = a;
	return OK;
}

/* Letters, digits, '-' and '.': nginx reads nothing else into it. */
static bool host_name(const char *s)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t n = strlen(s);

	return n > 0 && n <= 253 && strspn(s, allowed) == n &&
	    s[0] != '.' && s[0] != '-' && strstr(s, "..") == NULL;
}

result address_names(const struct serve_options *o, struct buf *out)
{
	const char *s = address_of(o);

	buf_text(out, T("localhost 127.0.0.1 [::1]"));
	if (strchr(s, ':') != NULL)
		buf_format(out, " [%s]", s);
	else if (strcmp(s, ADDRESS_DEFAULT) != 0)
		buf_format(out, " %s", s);
	for (size_t i = 0; i < o->names_n; i++) {
		if (!host_name(o->names[i]))
			return no(SAY_NAME_BAD, o->names[i]);
		buf_format(out, " %s", o->names[i]);
	}
	return buf_end(out);
}

bool address_rate(text per)
{
	text number = text_cut(&per, 'r');
	int64_t n;

	return text_integer(number, &n) && n >= 1 && n <= 100000 &&
	    (text_same(per, T("/s")) || text_same(per, T("/m")));
}

void address_url(const struct serve_options *o, const struct address *a,
    struct buf *out)
{
	const char *port = strrchr(a->listen, ':');
	const char *scheme = o->certificate != NULL ? "https" : "http";

	if (o->names_n > 0)
		buf_format(out, "%s://%s%s/", scheme, o->names[0], port);
	else
		buf_format(out, "%s://%s/", scheme, a->listen);
	buf_char(out, '\0');
}
