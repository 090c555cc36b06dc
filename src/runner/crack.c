#include "inside.h"

#include <crack.h>
#include <string.h>
#include <utf8proc.h>

#include "wire.h"

/*
 * Everything here dies with the child a moment later, so nothing is freed
 * or cleared on the way.
 */
enum {
	CONTEXT_MIN = 3,	/* shorter words are in every sentence */
	REST_MIN = 12		/* characters that nobody here would guess */
};

struct words { text rest; };

static bool next_word(struct words *w, text *ret)
{
	if (w->rest.n < 2)
		return false;
	size_t n = get_u16(w->rest.p);
	if (n > w->rest.n - 2)
		return false;
	*ret = (text){ w->rest.p + 2, n };
	w->rest.p += 2 + n;
	w->rest.n -= 2 + n;
	return true;
}

/* Lower case, without accents: what a guesser tries first. */
static result fold(text t, text *ret)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)t.p,
	    (utf8proc_ssize_t)t.n, &folded, UTF8PROC_COMPOSE |
	    UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);

	if (n == UTF8PROC_ERROR_NOMEM)
		return fault(NO_MEMORY);
	if (n < 0)
		return refuse(INVALID);
	*ret = (text){ (const char *)folded, (size_t)n };
	return OK;
}

/* The length of the part that the text repeats, else its own. */
static size_t period(text t)
{
	for (size_t n = 1; n <= t.n / 2; n++)
		if (t.n % n == 0 && memcmp(t.p, t.p + n, t.n - n) == 0)
			return n;
	return t.n;
}

/* Take every occurrence of a word out of what is in `b`. */
static void take_out(struct buf *b, text word)
{
	char *at = b->p;

	while ((at = memmem(at, b->n - (size_t)(at - b->p), word.p, word.n))) {
		size_t after = b->n - (size_t)(at - b->p) - word.n;

		memmove(at, at + word.n, after);
		b->n -= word.n;
	}
}

static size_t letters(text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		uint8_t c = (uint8_t)t.p[i];

		if (c >= 0x80)
			n += c >= 0xc0;
		else if (c > ' ')
			n++;
	}
	return n;
}

static result without_context(struct words *w, text folded, struct buf *ret)
{
	text word, plain;

	buf_text(ret, folded);
	TRY(buf_end(ret));
	while (next_word(w, &word)) {
		TRY(fold(word, &plain));
		if (plain.n >= CONTEXT_MIN)
			take_out(ret, plain);
	}
	return w->rest.n == 0 ? OK : refuse(INVALID);
}

/* libcrack2 answers in English; all but this one mean "too regular". */
static enum runner_weakness dictionary(text t)
{
	char line[RUNNER_SECRET_MAX + 1];
	const char *why;

	memcpy(line, t.p, t.n);
	line[t.n] = '\0';
	/* A user that is nobody: it would look for ours in /etc/passwd. */
	why = FascistCheckUser(line, GetDefaultCracklibDict(), "\x7f\x7f", "");
	if (why == NULL)
		return RUNNER_STRONG;
	return strstr(why, "dictionary") != NULL ?
	    RUNNER_WEAK_WORD : RUNNER_WEAK_SIMPLE;
}

static result judge(struct words *w, text passphrase,
    enum runner_weakness *ret)
{
	struct buf rest = buf_new(4 * RUNNER_SECRET_MAX);
	struct buf tight = buf_new(4 * RUNNER_SECRET_MAX);
	text folded;

	TRY(fold(passphrase, &folded));
	TRY(without_context(w, folded, &rest));

	/* "password password" repeats as much as "passwordpassword". */
	for (size_t i = 0; i < folded.n; i++)
		if (folded.p[i] != ' ')
			buf_char(&tight, folded.p[i]);
	TRY(buf_end(&tight));

	size_t once = period(buf_view(&tight));
	if (once < tight.n && once < REST_MIN) {
		*ret = RUNNER_WEAK_REPEATED;
		return OK;
	}
	if (rest.n < folded.n && letters(buf_view(&rest)) < REST_MIN) {
		*ret = RUNNER_WEAK_CONTEXT;
		return OK;
	}
	*ret = dictionary(passphrase);
	return OK;
}

result crack_work(text request, uint8_t *ret_weakness)
{
	struct words w = { { request.p + WIRE_HEAD, 0 } };
	enum runner_weakness weakness;
	text passphrase;

	if (request.n < WIRE_HEAD)
		return refuse(INVALID);
	w.rest.n = request.n - WIRE_HEAD;
	if (!next_word(&w, &passphrase) || passphrase.n > RUNNER_SECRET_MAX)
		return refuse(INVALID);
	if (memchr(passphrase.p, '\0', passphrase.n) != NULL)
		return refuse(INVALID);
	TRY(judge(&w, passphrase, &weakness));
	*ret_weakness = (uint8_t)weakness;
	return OK;
}
