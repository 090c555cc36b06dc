/*
 * `alas completion`: a script for bash, to be read by its startup file:
 *
 *	. <(alas completion)
 */
#include "shell.h"

#include <stdio.h>
#include <string.h>

static const json_t *
operations(const struct shell *s)
{
	return json_object_get(s->table, "operations");
}

/* The words that may follow `before`, each once. */
static void
put_next_words(const struct shell *s, text before)
{
	const char *last = "";

	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		const json_t *op = json_array_get(operations(s), i);
		text rest = text_of(table_text(op, "shell"));
		text word;

		if (before.n > 0 && (!text_starts(rest, before) ||
		    rest.n <= before.n || rest.p[before.n] != ' '))
			continue;
		if (before.n > 0)
			rest = (text){ rest.p + before.n + 1,
			    rest.n - before.n - 1 };
		word = text_cut(&rest, ' ');
		if (word.n == 0 || text_same(word, text_of(last)))
			continue;
		printf(" %.*s", (int)word.n, word.p);
		last = arena_text(s->arena, word).p;
	}
}

static void
put_families(const struct shell *s)
{
	text last = T("");

	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		text verb = text_of(table_text(json_array_get(
		    operations(s), i), "shell"));
		text first = text_cut(&verb, ' ');

		if (verb.n == 0 || text_same(first, last))
			continue;
		printf("\t'%.*s') words='", (int)first.n, first.p);
		put_next_words(s, first);
		puts("' ;;");
		last = first;
	}
}

static void
put_options(const struct shell *s)
{
	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		const json_t *op = json_array_get(operations(s), i);
		const json_t *inputs = json_object_get(op, "inputs");
		const char *verb = table_text(op, "shell");

		if (verb[0] == '\0')
			continue;
		printf("\t'%s'|'%s '*) words=\"", verb, verb);
		for (size_t k = 0; k < json_array_size(inputs); k++) {
			const json_t *in = json_array_get(inputs, k);

			if (!table_flag(in, "hidden") &&
			    !table_flag(in, "secret"))
				printf("%s ", table_option(s, table_text(in,
				    "name")).p);
		}
		puts("$common\" ;;");
	}
}

static void
put_choices(const struct shell *s, const json_t *op, const json_t *input)
{
	const json_t *all = json_object_get(input, "choices");

	if (json_array_size(all) == 0)
		return;
	printf("\t'%s'*' %s') words='", table_text(op, "shell"),
	    table_option(s, table_text(input, "name")).p);
	for (size_t i = 0; i < json_array_size(all); i++)
		printf("%s%s", i > 0 ? " " : "", table_text(
		    json_array_get(all, i), "code"));
	puts("' ;;");
}

static void
put_values(const struct shell *s)
{
	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		const json_t *op = json_array_get(operations(s), i);
		const json_t *inputs = json_object_get(op, "inputs");

		if (table_text(op, "shell")[0] == '\0')
			continue;
		for (size_t k = 0; k < json_array_size(inputs); k++)
			put_choices(s, op, json_array_get(inputs, k));
	}
}

int
print_completion(const struct shell *s)
{
	puts("# bash completion for alas; printed by `alas completion`.\n"
	    "_alas()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} said words= word\n"
	    "\tlocal common='--json --lang --data --fd --v --help'\n"
	    "\tlocal IFS=' '\n"
	    "\tsaid=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
	    "\tcase $said in");
	put_values(s);
	puts("\t*--lang) words='es en' ;;");
	put_options(s);
	put_families(s);
	printf("\t'') words='serve demo sign-in help completion man");
	put_next_words(s, T(""));
	puts("' ;;\n\tesac\n"
	    "\tCOMPREPLY=()\n"
	    "\tfor word in $words; do\n"
	    "\t\tcase $word in\n"
	    "\t\t\"$cur\"*) COMPREPLY+=(\"$word\") ;;\n"
	    "\t\tesac\n"
	    "\tdone\n"
	    "}\n"
	    "complete -o default -F _alas alas");
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_REFUSED;
}
