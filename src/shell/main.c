/* alas: see shell.h and alas(1). */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Spanish, unless the terminal speaks English. */
static enum lang
terminal_lang(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES",
		"LANG" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		const char *set = getenv(names[i]);

		if (set != NULL && set[0] != '\0')
			return strncmp(set, "en", 2) == 0 ? LANG_EN :
			    LANG_ES;
	}
	return LANG_ES;
}

/* ---- verbs of the program itself -------------------------------------- */

static int
help(struct shell *s, int argc, char **argv)
{
	const json_t *op;
	int words;

	if (argc == 0)
		return help_all(s);
	op = table_verb(s, argc, argv, &words);
	if (op != NULL)
		return help_verb(s, op);
	return help_family(s, argc, argv);
}

static int
completion(struct shell *s, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return print_completion(s);
}

static int
manual(struct shell *s, int argc, char **argv)
{
	return print_manual(s, argc > 0 ? argv[0] : NULL);
}

static const struct own_verb {
	const char *name;
	int (*run)(struct shell *s, int argc, char **argv);
	enum { TABLE_NEEDED, TABLE_NOT_NEEDED, TABLE_FIRST } table;
} own_verbs[] = {
	{ "serve", serve_office, TABLE_NOT_NEEDED },
	{ "demo", make_demonstration, TABLE_NOT_NEEDED },
	{ "backup", backup, TABLE_NOT_NEEDED },
	{ "calc", calculate, TABLE_NOT_NEEDED },
	{ "rules", show_rules, TABLE_NOT_NEEDED },
	{ "calendar", draw_month, TABLE_NOT_NEEDED },
	/* The office has verbs that begin with the same word. */
	{ "deadline", count_typed, TABLE_FIRST },
	{ "sign-in", sign_in, TABLE_NEEDED },
	{ "help", help, TABLE_NEEDED },
	{ "completion", completion, TABLE_NEEDED },
	{ "man", manual, TABLE_NEEDED },
};

const char *
own_verb_name(size_t i)
{
	return i < LENGTH(own_verbs) ? own_verbs[i].name : NULL;
}

static const struct own_verb *
own_verb_named(const char *name)
{
	for (size_t i = 0; i < LENGTH(own_verbs); i++) {
		if (strcmp(own_verbs[i].name, name) == 0)
			return &own_verbs[i];
	}
	return NULL;
}

/* ---- the program ------------------------------------------------------ */

static int
run_verb(struct shell *s, int argc, char **argv)
{
	const struct own_verb *own = own_verb_named(argv[0]);
	const json_t *op;
	int words;

	if (own != NULL && own->table == TABLE_NOT_NEEDED)
		return own->run(s, argc - 1, argv + 1);
	if (!table_open(s))
		return EXIT_REFUSED;
	op = table_verb(s, argc, argv, &words);
	if (own != NULL && (op == NULL || own->table == TABLE_NEEDED))
		return own->run(s, argc - 1, argv + 1);
	if (op == NULL)
		return help_family(s, argc, argv);
	return run_operation(s, op, argc - words, argv + words);
}

/* Options may stand before the verb. */
static int
run(struct shell *s, int argc, char **argv)
{
	int at = 1;

	while (at < argc && argv[at][0] == '-') {
		int taken = option_common(s, argc, argv, &at);

		if (taken < 0)
			return EXIT_USAGE;
		if (taken > 0)
			continue;
		if (strcmp(argv[at], "--version") == 0) {
			puts("alas " ALAS_VERSION);
			return EXIT_DONE;
		}
		return say_no(s, EXIT_USAGE, "shell.unknown_option",
		    argv[at], "");
	}
	if (at == argc) {
		if (!table_open(s))
			return EXIT_REFUSED;
		help_all(s);
		return s->help ? EXIT_DONE : EXIT_USAGE;
	}
	return run_verb(s, argc - at, argv + at);
}

int
main(int argc, char **argv)
{
	struct shell s = { .arena = arena_new(OP_ARENA_MAX),
		.lang = terminal_lang(), .data = where_data(NULL),
		.secrets = -1 };
	int status = EXIT_REFUSED;

	if (s.arena == NULL || !where_share(s.share)) {
		fprintf(stderr, "alas: its share folder is missing; is it "
		    "installed whole?\n");
		return EXIT_REFUSED;
	}
	if (table_words(&s))
		status = run(&s, argc, argv);
	json_decref(s.table);
	words_close(&s.words);
	arena_free(s.arena);
	return status;
}
