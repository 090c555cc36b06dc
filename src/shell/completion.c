/*
 * `alas completion`: a script for bash, to be read by its startup file:
 *
 *	. <(alas completion)
 */
#include "shell.h"

#include <stdio.h>
#include <string.h>

#include "calc.h"

static const json_t *
operations(const struct shell *s)
{
	return json_object_get(s->table, "operations");
}

static text
verb(const struct shell *s, size_t i)
{
	return text_of(table_text(json_array_get(operations(s), i), "shell"));
}

/* The word of the i-th verb that follows these; "": it is another verb. */
static text
word_after(const struct shell *s, size_t i, text words)
{
	text rest = verb(s, i);

	if (words.n > 0 && (!text_starts(rest, words) ||
	    rest.n == words.n || rest.p[words.n] != ' '))
		return T("");
	if (words.n > 0)
		rest = (text){ rest.p + words.n + 1, rest.n - words.n - 1 };
	return text_cut(&rest, ' ');
}

/* What may follow some words, each once. */
static void
put_following(const struct shell *s, text words)
{
	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		text word = word_after(s, i, words);
		size_t k = 0;

		while (k < i && !text_same(word_after(s, k, words), word))
			k++;
		if (word.n > 0 && k == i)
			printf("%.*s ", (int)word.n, word.p);
	}
}

/* Is an earlier verb asked about the same words? */
static bool
told_before(const struct shell *s, size_t i, text words)
{
	for (size_t k = 0; k < i; k++) {
		if (word_after(s, k, words).n > 0)
			return true;
	}
	return false;
}

static void
put_families(const struct shell *s)
{
	for (size_t i = 0; i < json_array_size(operations(s)); i++) {
		text full = verb(s, i);

		for (size_t n = 1; n < full.n; n++) {
			text words = { full.p, n };

			if (full.p[n] != ' ' || told_before(s, i, words))
				continue;
			printf("\t'%.*s') words='", (int)n, full.p);
			put_following(s, words);
			puts("' ;;");
		}
	}
}

static void
put_names(const struct shell *s, const json_t *inputs)
{
	for (size_t k = 0; k < json_array_size(inputs); k++) {
		const json_t *in = json_array_get(inputs, k);

		if (!table_flag(in, "hidden") && !table_flag(in, "secret"))
			printf("%s ", table_option(s, table_text(in,
			    "name")).p);
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
		put_names(s, inputs);
		put_names(s, json_object_get(op, "paging"));
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

/* What follows the verbs that need no office. */
static void
put_own(void)
{
	const struct asking_kind *k;

	fputs("\t'calc') words='", stdout);
	for (size_t i = 0; (k = calc_kind_at(i)) != NULL; i++)
		printf("%s ", k->name);
	puts("' ;;\n"
	    "\t'calc '*) words='--batch --explain --pdf --data --lang' ;;\n"
	    "\t'rules') words='check show' ;;\n"
	    "\t'rules '*) words='--data --lang' ;;\n"
	    "\t'calendar '*) words='--courts --data --lang' ;;");
}

int
print_completion(const struct shell *s)
{
	const char *own;

	puts("# bash completion for alas; printed by `alas completion`.\n"
	    "_alas()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} said words= word\n"
	    "\tlocal common='--json --lang --data --fd --v --pdf --to --help'\n"
	    "\tlocal IFS=' '\n"
	    "\tsaid=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
	    "\tcase $said in");
	put_values(s);
	puts("\t*--pdf|*--to|*--file|*--data) ;;");
	puts("\t*--lang) words='es en' ;;");
	put_own();
	put_options(s);
	put_families(s);
	/* Behind the office's own verbs of this name. */
	puts("\t'deadline '*) words='--variant --step --served-by "
	    "--distance-days --district --pdf --data --json --lang' ;;");
	printf("\t'') words='");
	for (size_t i = 0; (own = own_verb_name(i)) != NULL; i++)
		printf("%s ", own);
	put_following(s, T(""));
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
