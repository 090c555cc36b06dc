#include "shell.h"

#include <stdio.h>
#include <string.h>

text
say_word(const struct shell *s, const char *key, const char *a, const char *b)
{
	const text args[] = { text_of(a), text_of(b) };

	return words_format(s->words, s->lang, s->arena, key, args,
	    LENGTH(args));
}

static void
put(FILE *f, text t)
{
	fwrite(t.p, 1, t.n, f);
}

void
say_text(text t)
{
	put(stdout, t);
}

int
say_no(const struct shell *s, int status, const char *key, const char *a,
    const char *b)
{
	fputs("alas: ", stderr);
	put(stderr, say_word(s, key, a, b));
	fputc('\n', stderr);
	return status;
}

/* ---- problems --------------------------------------------------------- */

/* "/birth_date" is the option --birth-date. */
static void
say_error(const struct shell *s, const json_t *error)
{
	const char *pointer = table_text(error, "pointer");

	fputs("  ", stderr);
	if (pointer[0] == '/') {
		put(stderr, table_option(s, pointer + 1));
		fputs(": ", stderr);
	}
	fprintf(stderr, "%s\n", table_text(error, "detail"));
}

/* What a page makes links and marks of. */
static bool
for_pages(const char *name)
{
	static const char *const names[] = { "href", "within", "initials",
		"department" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* A value of what was shown as evidence: catalogue keys become words. */
static void
say_value(const struct shell *s, const json_t *v)
{
	if (json_is_string(v))
		put(stderr, words_get(s->words, s->lang,
		    json_string_value(v)));
	else if (json_is_integer(v))
		fprintf(stderr, "%lld", (long long)json_integer_value(v));
}

/* Likely duplicates, conflicts: one line for each. */
static void
say_evidence(const struct shell *s, json_t *problem, const char *name)
{
	json_t *list = json_object_get(problem, name);

	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *one = json_array_get(list, i);
		const char *key;
		json_t *v;

		json_object_foreach(one, key, v) {
			if (for_pages(key) || (!json_is_string(v) &&
			    !json_is_integer(v)))
				continue;
			fputs("  ", stderr);
			say_value(s, v);
		}
		fputc('\n', stderr);
	}
}

static void
say_next_step(const struct shell *s, const char *code)
{
	static const struct { const char *code, *key; } steps[] = {
		{ "sign_in", "shell.do_sign_in" },
		{ "step_up", "shell.do_step_up" },
		{ "sealed", "shell.do_unseal" },
		{ "stale", "shell.do_stale" },
	};

	for (size_t i = 0; i < LENGTH(steps); i++) {
		if (strcmp(code, steps[i].code) != 0)
			continue;
		fputs("  ", stderr);
		put(stderr, say_word(s, steps[i].key, NULL, NULL));
		fputc('\n', stderr);
		return;
	}
}

void
say_problem(const struct shell *s, json_t *problem)
{
	json_t *errors = json_object_get(problem, "errors");

	fprintf(stderr, "alas: %s", table_text(problem, "title"));
	if (json_array_size(errors) == 0)
		fprintf(stderr, " %s", table_text(problem, "detail"));
	fputc('\n', stderr);
	for (size_t i = 0; i < json_array_size(errors); i++)
		say_error(s, json_array_get(errors, i));
	say_evidence(s, problem, "duplicates");
	say_evidence(s, problem, "hits");
	if (table_text(problem, "request")[0] != '\0')
		fprintf(stderr, "  %s\n", table_text(problem, "request"));
	say_next_step(s, table_text(problem, "code"));
}
