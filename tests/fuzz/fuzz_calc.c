/*
 * Any bytes as the question of every kind, under the law of data/: what is
 * answered can be written, put into words and laid out; what is refused says
 * where and why.  The first line names the kind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calc.h"
#include "paper.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { LAW_NOTES = 4 * MIB, PATH_HERE = 4096 };
static struct law *law;
static struct words *words;

/* share/words of the build that the program stands in. */
static bool open_words(const char *program)
{
	static const char *const up[] = { "", "../../" };
	const char *slash = strrchr(program, '/');
	char path[PATH_HERE];

	for (size_t i = 0; i < LENGTH(up); i++) {
		snprintf(path, sizeof(path), "%.*s/%sshare/words",
		    slash == NULL ? 1 : (int)(slash - program),
		    slash == NULL ? "." : program, up[i]);
		if (is_ok(words_open(path, &words)))
			return true;
	}
	return false;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct arena *notes = arena_new(LAW_NOTES);
	result r = notes == NULL || *argc == 0 || !open_words((*argv)[0]) ?
	    refuse(NOT_FOUND) : law_open("data", notes, &law, NULL);

	arena_free(notes);
	return is_ok(r) ? 0 : 1;
}

/* A sheet may be too long for paper; it is then refused, whole. */
static void lay_out(const struct asking_kind *kind, struct arena *a,
    const struct calc_answered *got)
{
	const struct calc_sheet how = { kind, law, words, LANG_ES, a };
	struct buf paper = buf_new(PAPER_BYTES_MAX);
	struct buf plain = buf_new(ANSWER_MAX);

	if (is_ok(calc_paper(&how, got, &paper)) &&
	    calc_plain(buf_view(&paper), &plain).code == E_INVALID)
		abort();
	buf_free(&paper);
	buf_free(&plain);
}

static void answered(const struct asking_kind *kind, struct arena *a,
    const struct calc_answered *got)
{
	struct buf json = buf_new(ANSWER_MAX);

	if (!is_ok(calc_words(got->answer, words, LANG_ES)))
		abort();
	node_json(got->answer, &json);
	if (json.failed || json.n < 2 || !text_is_utf8(buf_view(&json)))
		abort();
	buf_free(&json);
	lay_out(kind, a, got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	text json = { (const char *)data, n };
	const struct asking_kind *kind = calc_kind_named(text_cut(&json,
	    '\n'));
	struct arena *a = arena_new(OP_ARENA_MAX);
	struct refusal no = { 0 };
	struct asker k = { .arena = a, .law = law, .no = &no };
	struct calc_answered got;

	if (a != NULL && kind != NULL) {
		result r = calc_ask(kind, &k, json, &got);

		if (is_ok(r))
			answered(kind, a, &got);
		else if (r.code == E_INVALID ? no.detail.n == 0 :
		    r.code != E_NO_MEMORY)
			abort();
	}
	arena_free(a);
	return 0;
}
