#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mo.h"

struct catalogue { char *bytes; struct mo mo; };
struct words { struct catalogue in[LANGS]; };

static const char *const codes[LANGS] = {
	[LANG_ES] = "es", [LANG_EN] = "en",
};

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* The whole file, however often the system answers with less. */
static result bytes_read(int fd, char *to, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, to + done, n - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return fault(IO);
		done += (size_t)got;
	}
	return OK;
}

static result catalogue_open(const char *path, struct catalogue *c)
{
	CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;

	if (fd < 0 || fstat(fd, &is) < 0 || !S_ISREG(is.st_mode))
		return fault(IO);
	if (is.st_size < 1 || is.st_size > MO_BYTES_MAX)
		return fault(CORRUPT);
	size_t n = (size_t)is.st_size;
	c->bytes = malloc(n);
	NEED(c->bytes);
	TRY(bytes_read(fd, c->bytes, n));
	return mo_read((text){ c->bytes, n }, &c->mo);
}

void words_close(struct words **w)
{
	if (w == NULL || *w == NULL)
		return;
	for (int l = 0; l < LANGS; l++) {
		mo_free(&(*w)->in[l].mo);
		free((*w)->in[l].bytes);
	}
	free(*w);
	*w = NULL;
}

result words_open(const char *dir, struct words **ret)
{
	CLEANUP(words_close) struct words *w = calloc(1, sizeof(*w));
	char path[PATH_MAX_BYTES];

	NEED(w);
	for (int l = 0; l < LANGS; l++) {
		int n = snprintf(path, sizeof(path), "%s/%s.mo", dir,
		    codes[l]);
		if (n < 0 || (size_t)n >= sizeof(path))
			return fault(IO);
		TRY(catalogue_open(path, &w->in[l]));
	}
	*ret = w;
	w = NULL;
	return OK;
}

static bool message_find(const struct words *w, enum lang l, text key,
    text *ret)
{
	return mo_find(&w->in[l].mo, key, ret) ||
	    mo_find(&w->in[LANG_ES].mo, key, ret);
}

bool words_there(const struct words *w, enum lang l, text key)
{
	text found;

	return mo_find(&w->in[l].mo, key, &found);
}

text words_get_text(const struct words *w, enum lang l, text key)
{
	text found;

	return message_find(w, l, key, &found) ? mo_form(found, 0) : key;
}

text words_get(const struct words *w, enum lang l, const char *key)
{
	return words_get_text(w, l, text_of(key));
}

/* {0} to {9}; an argument that was not given leaves nothing. */
static text fill(struct arena *a, text pattern, const text *args, size_t n)
{
	size_t length = pattern.n;

	for (size_t i = 0; i + 2 < pattern.n; i++) {
		size_t arg = (size_t)(unsigned char)pattern.p[i + 1] - '0';
		if (pattern.p[i] == '{' && arg < n)
			length += args[arg].n;
	}
	char *to = arena_take(a, length + 1);
	if (to == NULL)
		return (text){ 0 };

	size_t at = 0;
	for (size_t i = 0; i < pattern.n; i++) {
		const char *p = pattern.p + i;
		if (i + 2 >= pattern.n || p[0] != '{' || p[1] < '0' ||
		    p[1] > '9' || p[2] != '}') {
			to[at++] = *p;
			continue;
		}
		size_t arg = (size_t)(p[1] - '0');
		if (arg < n && args[arg].n > 0) {
			memcpy(to + at, args[arg].p, args[arg].n);
			at += args[arg].n;
		}
		i += 2;
	}
	return (text){ to, at };
}

text words_format(const struct words *w, enum lang l, struct arena *a,
    const char *key, const text *args, size_t n)
{
	return fill(a, words_get(w, l, key), args, n);
}

text words_count(const struct words *w, enum lang l, struct arena *a,
    const char *key, int64_t n)
{
	text found, said = words_number(l, a, n);

	if (!message_find(w, l, text_of(key), &found))
		return text_of(key);
	return fill(a, mo_form(found, n != 1), &said, 1);
}

text words_lang_code(enum lang l)
{
	return text_of(codes[l]);
}

/* The weight of "en-GB;q=0.7" in thousandths: 700; 1000 without one. */
static int weight_of(text parameters)
{
	text t = text_trim(parameters);
	int weight = 0, unit = 100;

	if (!text_starts(t, T("q=")))
		return 1000;
	t = (text){ t.p + 2, t.n - 2 };
	if (t.n == 0 || t.p[0] != '0')
		return 1000;
	for (size_t i = 2; i < t.n && i < 5; i++) {
		if (t.p[i] < '0' || t.p[i] > '9')
			break;
		weight += (t.p[i] - '0') * unit;
		unit /= 10;
	}
	return weight;
}

/* "es", "es-PE" and "ES" are Spanish; "est" is not. */
static bool tag_is(text tag, const char *code)
{
	return tag.n >= 2 && (tag.p[0] | 0x20) == code[0] &&
	    (tag.p[1] | 0x20) == code[1] && (tag.n == 2 || tag.p[2] == '-');
}

enum lang words_lang(text accept_language)
{
	enum lang best = LANG_ES;
	int best_weight = 0;

	while (accept_language.n > 0) {
		text range = text_cut(&accept_language, ',');
		text tag = text_trim(text_cut(&range, ';'));
		int weight = weight_of(range);
		for (int l = 0; l < LANGS; l++) {
			if (!tag_is(tag, codes[l]) || weight <= best_weight)
				continue;
			best = (enum lang)l;
			best_weight = weight;
		}
	}
	return best;
}
