#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
