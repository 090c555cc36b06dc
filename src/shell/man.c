/* The manual page: its source with the verbs of the table put in. */
#include "shell.h"

#include <stdio.h>
#include <string.h>

enum { SOURCE_LINE_MAX = 1024 };

/* troff takes a dash for a hyphen, and a dot at a line's start for its own. */
static void
put_troff(const char *t)
{
	if (*t == '.' || *t == '\'')
		fputs("\\&", stdout);
	for (; *t != '\0'; t++) {
		if (*t == '\\')
			fputs("\\e", stdout);
		else if (*t == '-')
			fputs("\\-", stdout);
		else
			putchar(*t);
	}
}

static void
put_verb(const struct shell *s, const json_t *op)
{
	const json_t *codes = json_object_get(op, "parameters");
	const json_t *inputs = json_object_get(op, "inputs");

	fputs(".TP\n.B ", stdout);
	put_troff(table_text(op, "shell"));
	for (size_t i = 0; i < json_array_size(codes); i++) {
		fputs(" \\fI", stdout);
		put_troff(json_string_value(json_array_get(codes, i)));
		fputs("\\fR", stdout);
	}
	putchar('\n');
	put_troff(table_said(s, op, "title"));
	putchar('\n');
	for (size_t i = 0; i < json_array_size(inputs); i++) {
		const json_t *in = json_array_get(inputs, i);

		if (table_flag(in, "hidden") || table_flag(in, "secret"))
			continue;
		fputs(".br\n.B ", stdout);
		put_troff(table_option(s, table_text(in, "name")).p);
		fputs("\n(", stdout);
		put_troff(table_said(s, in, "label"));
		puts(")");
	}
}

static void
put_verbs(const struct shell *s)
{
	const json_t *all = json_object_get(s->table, "operations");

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *op = json_array_get(all, i);

		if (table_text(op, "shell")[0] != '\0')
			put_verb(s, op);
	}
}

int
print_manual(const struct shell *s, const char *source)
{
	char path[PATH_MAX];
	char text_line[SOURCE_LINE_MAX];
	FILE *f;
	int n = snprintf(path, sizeof(path), "%s/man/alas.1", s->share);

	if (source == NULL && n > 0 && n < PATH_MAX)
		source = path;
	f = source == NULL ? NULL : fopen(source, "r");
	if (f == NULL)
		return say_no(s, EXIT_REFUSED, "shell.no_manual", source,
		    NULL);
	while (fgets(text_line, sizeof(text_line), f) != NULL) {
		if (strcmp(text_line, "@VERBS@\n") == 0)
			put_verbs(s);
		else if (strcmp(text_line, "@VERSION@\n") == 0)
			puts(".TH ALAS 1 \"\" \"alas " ALAS_VERSION "\"");
		else
			fputs(text_line, stdout);
	}
	fclose(f);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_REFUSED;
}
