#include "shell.h"

#include <stdio.h>
#include <string.h>

bool
table_words(struct shell *s)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/words", s->share);

	if (n > 0 && n < PATH_MAX && is_ok(words_open(path, &s->words)))
		return true;
	fprintf(stderr, "alas: %s: the catalogues cannot be read; is the "
	    "program installed whole?\n", path);
	return false;
}

bool
table_open(struct shell *s)
{
	char path[PATH_MAX];
	json_error_t error;
	int n = snprintf(path, sizeof(path), "%s/operations.json", s->share);

	if (n > 0 && n < PATH_MAX)
		s->table = json_load_file(path, JSON_REJECT_DUPLICATES,
		    &error);
	if (s->table != NULL)
		return true;
	say_no(s, EXIT_REFUSED, "shell.no_table", path, NULL);
	return false;
}

static const json_t *
operations(const struct shell *s)
{
	return json_object_get(s->table, "operations");
}

const char *
table_text(const json_t *of, const char *member)
{
	const char *t = json_string_value(json_object_get(of, member));

	return t == NULL ? "" : t;
}

bool
table_flag(const json_t *of, const char *member)
{
	return json_is_true(json_object_get(of, member));
}

const char *
table_said(const struct shell *s, const json_t *of, const char *member)
{
	return table_text(json_object_get(of, member),
	    s->lang == LANG_EN ? "en" : "es");
}

/* Words of the verb that `argv` begins with; 0: it does not. */
static int
words_that_fit(text verb, int argc, char **argv)
{
	int n = 0;

	while (verb.n > 0) {
		text one = text_cut(&verb, ' ');

		if (n == argc || !text_same(one, text_of(argv[n])))
			return 0;
		n++;
	}
	return n;
}

const json_t *
table_verb(const struct shell *s, int argc, char **argv, int *ret_words)
{
	const json_t *found = NULL;
	const json_t *all = operations(s);
	int most = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *op = json_array_get(all, i);
		int n = words_that_fit(text_of(table_text(op, "shell")),
		    argc, argv);

		if (n > most) {
			most = n;
			found = op;
		}
	}
	*ret_words = most;
	return found;
}

const json_t *
table_reading(const struct shell *s, text path)
{
	const json_t *all = operations(s);

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *op = json_array_get(all, i);

		if (strcmp(table_text(op, "method"), "GET") == 0 &&
		    text_same(text_of(table_text(op, "path")), path))
			return op;
	}
	return NULL;
}

/* An option is written with dashes where the name has underscores. */
static bool
same_name(text option, const char *name)
{
	if (option.n != strlen(name))
		return false;
	for (size_t i = 0; i < option.n; i++) {
		char c = option.p[i] == '-' ? '_' : option.p[i];

		if (c != name[i])
			return false;
	}
	return true;
}

static const json_t *
input_among(const json_t *all, text name)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *in = json_array_get(all, i);

		if (same_name(name, table_text(in, "name")))
			return in;
	}
	return NULL;
}

const json_t *
table_input(const json_t *operation, text name)
{
	const json_t *in = input_among(json_object_get(operation, "inputs"),
	    name);

	return in != NULL ? in : input_among(json_object_get(operation,
	    "paging"), name);
}

text
table_option(const struct shell *s, const char *name)
{
	size_t n = strlen(name);
	char *p = arena_take(s->arena, n + 3);

	if (p == NULL)
		return T("--");
	p[0] = p[1] = '-';
	for (size_t i = 0; i < n; i++)
		p[i + 2] = name[i] == '_' ? '-' : name[i];
	return (text){ p, n + 2 };
}
