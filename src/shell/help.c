/* What there is to say to the shell. */
#include "shell.h"

#include <stdio.h>
#include <string.h>

static void
line(const char *left, size_t wide, const char *right)
{
	printf("  %-*s  %s\n", (int)wide, left, right);
}

static const json_t *
operations(const struct shell *s)
{
	return json_object_get(s->table, "operations");
}

text
help_usage(const struct shell *s, const json_t *operation)
{
	CLEANUP(buf_free) struct buf b = buf_new(2 * KIB);
	const json_t *codes = json_object_get(operation, "parameters");
	const json_t *inputs = json_object_get(operation, "inputs");

	buf_format(&b, "alas %s", table_text(operation, "shell"));
	for (size_t i = 0; i < json_array_size(codes); i++)
		buf_format(&b, " <%s>", json_string_value(
		    json_array_get(codes, i)));
	if (json_array_size(inputs) > 0)
		buf_text(&b, T(" [--…]"));
	return arena_text(s->arena, buf_view(&b));
}

/* ---- all verbs -------------------------------------------------------- */

static size_t
widest(const struct shell *s)
{
	size_t most = 0;

	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		size_t n = strlen(table_text(json_array_get(operations(s),
		    i), "shell"));

		most = n > most ? n : most;
	}
	return most;
}

static int
list_verbs(const struct shell *s, text family)
{
	int n = 0;

	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		const json_t *op = json_array_get(operations(s), i);
		const char *verb = table_text(op, "shell");
		text first = text_of(verb);

		first = text_cut(&first, ' ');
		if (verb[0] == '\0' ||
		    (family.n > 0 && !text_same(first, family)))
			continue;
		line(verb, widest(s), table_said(s, op, "title"));
		n++;
	}
	return n;
}

int
help_all(const struct shell *s)
{
	const char *own;

	say_text(say_word(s, "shell.help", NULL, NULL));
	say_text(T("\n\n"));
	for (size_t i = 0; (own = own_verb_name(i)) != NULL; i++) {
		text key = arena_format(s->arena, "shell.about.%s", own);

		line(own, widest(s), say_word(s, key.p, NULL, NULL).p);
	}
	say_text(T("\n"));
	list_verbs(s, T(""));
	say_text(T("\n"));
	say_text(say_word(s, "shell.help_options", NULL, NULL));
	say_text(T("\n"));
	return EXIT_DONE;
}

int
help_family(const struct shell *s, int argc, char **argv)
{
	if (argc > 0 && list_verbs(s, text_of(argv[0])) > 0)
		return EXIT_USAGE;
	return say_no(s, EXIT_USAGE, "shell.unknown_verb", argc > 0 ?
	    argv[0] : "", NULL);
}

/* ---- one verb --------------------------------------------------------- */

static void
list_choices(const struct shell *s, const json_t *input)
{
	enum { SHOWN_MAX = 20 };
	const json_t *all = json_object_get(input, "choices");
	size_t n = json_array_size(all);

	for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
		const json_t *c = json_array_get(all, i);

		printf("        %-20s  %s\n", table_text(c, "code"),
		    table_text(c, s->lang == LANG_EN ? "en" : "es"));
	}
	if (n > SHOWN_MAX)
		printf("        … (%zu)\n", n);
}

static void
list_input(const struct shell *s, const json_t *input)
{
	text option = table_option(s, table_text(input, "name"));

	if (table_flag(input, "hidden") || table_flag(input, "secret"))
		return;
	printf("  %s%s  %s%s\n", option.p, table_flag(input, "many") ?
	    " …" : "", table_said(s, input, "label"),
	    table_flag(input, "required") ? " *" : "");
	list_choices(s, input);
}

int
help_verb(const struct shell *s, const json_t *operation)
{
	const json_t *inputs = json_object_get(operation, "inputs");
	const json_t *paging = json_object_get(operation, "paging");

	printf("%s\n\n  %s\n\n", table_said(s, operation, "title"),
	    help_usage(s, operation).p);
	for (size_t i = 0; i < json_array_size(inputs); i++)
		list_input(s, json_array_get(inputs, i));
	for (size_t i = 0; i < json_array_size(paging); i++)
		list_input(s, json_array_get(paging, i));
	return EXIT_DONE;
}
