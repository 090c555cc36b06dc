#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kept.h"
#include "seal.h"

static const struct front_value *value_of(text name,
    const struct front_value *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(name, text_of(values[i].name)))
			return &values[i];
	return NULL;
}

/* "@NAME@" at the start of t: its name, in capitals and '_'. */
static text hole_at(text t)
{
	size_t n = 1;

	while (n < t.n && ((t.p[n] >= 'A' && t.p[n] <= 'Z') || t.p[n] == '_'))
		n++;
	if (n < 2 || n >= t.n || t.p[n] != '@')
		return (text){ 0 };
	return (text){ t.p + 1, n - 1 };
}

result front_fill(const char *template, const struct front_value *values,
    size_t n, struct buf *out)
{
	text rest = text_of(template);

	while (rest.n > 0) {
		text hole = rest.p[0] == '@' ? hole_at(rest) : (text){ 0 };

		if (hole.n == 0) {
			buf_char(out, rest.p[0]);
			rest.p++;
			rest.n--;
			continue;
		}
		const struct front_value *v = value_of(hole, values, n);
		if (v == NULL)
			return fault(BUG);
		buf_text(out, v->value);
		rest.p += hole.n + 2;
		rest.n -= hole.n + 2;
	}
	return buf_end(out);
}

result front_quote(text t, struct buf *out)
{
	if (text_has_control(t, false) || text_has(t, '$'))
		return refuse(INVALID);
	buf_char(out, '"');
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '"' || t.p[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, t.p[i]);
	}
	buf_char(out, '"');
	return buf_end(out);
}

static result write_all(int fd, text bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault(IO);
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return OK;
}

result front_write(const char *folder, const char *name, text bytes)
{
	char to[PATH_MAX], made[PATH_MAX];

	snprintf(to, sizeof(to), "%s/%s", folder, name);
	snprintf(made, sizeof(made), "%s/%s.new", folder, name);
	int fd = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd < 0)
		return fault(IO);
	result r = write_all(fd, bytes);
	if (close(fd) != 0 || !is_ok(r))
		return fault(IO);
	return rename(made, to) == 0 ? OK : fault(IO);
}

/* ---- what lies there -------------------------------------------------- */

void front_digest_of(text nginx_conf, text office_conf, uint8_t ret[32])
{
	blake2b(ret, 32, NULL, 0, nginx_conf, office_conf);
}

static bool read_one(const char *folder, const char *name, struct buf *ret)
{
	char path[PATH_MAX], part[4 * KIB];
	ssize_t n = -1;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	while (fd >= 0 && (n = read(fd, part, sizeof(part))) > 0)
		buf_add(ret, part, (size_t)n);
	if (fd >= 0)
		close(fd);
	return n == 0 && is_ok(buf_end(ret));
}

void front_digest(const char *folder, uint8_t ret[32])
{
	CLEANUP(buf_free) struct buf nginx = buf_new(FRONT_BYTES_MAX);
	CLEANUP(buf_free) struct buf office = buf_new(FRONT_BYTES_MAX);

	memset(ret, 0, 32);
	if (read_one(folder, "nginx.conf", &nginx) &&
	    read_one(folder, "office.conf", &office))
		front_digest_of(buf_view(&nginx), buf_view(&office), ret);
}

/* ---- its version ------------------------------------------------------ */

static void version_body(const char *nginx, int out)
{
	char *const argv[] = { (char *)(uintptr_t)nginx, (char[]){ "-v" },
		NULL };

	if (dup2(out, STDERR_FILENO) >= 0)
		execv(nginx, argv);
	_exit(127);
}

/* One line, which it says at once or not at all. */
static size_t listen_to(int fd, char *line, size_t room)
{
	enum { PATIENCE_MS = 2000 };
	int64_t end = kept_clock_ms() + PATIENCE_MS;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n < room && kept_clock_ms() < end) {
		if (poll(&p, 1, (int)(end - kept_clock_ms())) <= 0)
			break;
		ssize_t got = read(fd, line + n, room - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

static void version_in(text line, char *ret, size_t room)
{
	static const char before[] = "nginx/";
	const char *at = line.n == 0 ? NULL :
	    memmem(line.p, line.n, before, sizeof(before) - 1);
	size_t n = 0;

	if (at == NULL)
		return;
	at += sizeof(before) - 1;
	while (n + 1 < room && at + n < line.p + line.n &&
	    ((at[n] >= '0' && at[n] <= '9') || at[n] == '.'))
		n++;
	memcpy(ret, at, n);
}

void front_version(const char *nginx, char *ret, size_t room)
{
	char line[256];
	int ends[2];

	memset(ret, 0, room);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	pid_t pid = fork();
	if (pid == 0)
		version_body(nginx, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		size_t n = listen_to(ends[0], line, sizeof(line));

		version_in((text){ line, n }, ret, room);
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	close(ends[0]);
}
