/* alas serve, alas demo: what starts other programs. */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve.h"

/* ---- serve ------------------------------------------------------------ */

struct serving { struct serve_options o; const char *data, *port; };

static bool
put_name(struct serving *v, const char *value)
{
	if (v->o.names_n == SERVE_NAMES_MAX)
		return false;
	v->o.names[v->o.names_n++] = value;
	return true;
}

static bool
put_option(struct serving *v, const char *name, const char *value)
{
	const struct { const char *name; const char **to; } plain[] = {
		{ "--data", &v->data }, { "--port", &v->port },
		{ "--address", &v->o.address },
		{ "--certificate", &v->o.certificate },
		{ "--certificate-key", &v->o.certificate_key },
		{ "--door-rate", &v->o.door_rate }, { "--site", &v->o.site },
		{ "--office", &v->o.office }, { "--filter", &v->o.filter },
		{ "--nginx", &v->o.nginx }, { "--now", &v->o.now },
		{ "--postgres", &v->o.postgres },
		{ "--lang", &v->o.language },
	};

	if (strcmp(name, "--name") == 0)
		return put_name(v, value);
	for (size_t i = 0; i < LENGTH(plain); i++) {
		if (strcmp(name, plain[i].name) == 0) {
			*plain[i].to = value;
			return true;
		}
	}
	return false;
}

static int
take_options(struct shell *s, int argc, char **argv, struct serving *v)
{
	for (int i = 0; i < argc; i++) {
		text rest = text_of(argv[i]);
		text name = arena_text(s->arena, text_cut(&rest, '='));
		const char *value = strchr(argv[i], '=');

		if (strcmp(argv[i], "--help") == 0)
			return say_no(s, EXIT_USAGE, "shell.usage_serve",
			    NULL, NULL);
		if (value != NULL)
			value++;
		else if (i + 1 < argc)
			value = argv[++i];
		if (value == NULL)
			return say_no(s, EXIT_USAGE, "shell.needs_value",
			    name.p, NULL);
		if (name.p == NULL || !put_option(v, name.p, value))
			return say_no(s, EXIT_USAGE, "shell.unknown_option",
			    name.p, "serve");
	}
	return EXIT_DONE;
}

int
serve_office(struct shell *s, int argc, char **argv)
{
	struct serving v = { .data = NULL };
	int status = take_options(s, argc, argv, &v);

	if (status != EXIT_DONE)
		return status;
	/* What is said here goes before what the environment says. */
	if (setenv("ALAS_DATA", v.data != NULL ? v.data : s->data, 1) != 0 ||
	    (v.port != NULL && setenv("PORT", v.port, 1) != 0))
		return EXIT_REFUSED;
	if (v.o.language == NULL)
		v.o.language = words_lang_code(s->lang).p;
	return serve_main(&v.o);
}

/* ---- demo ------------------------------------------------------------- */

int
make_demonstration(struct shell *s, int argc, char **argv)
{
	char office[PATH_MAX];
	char **arguments = arena_array(s->arena, (size_t)argc + 3,
	    sizeof(*arguments));
	static char name[] = "alas-office";
	static char verb[] = "make-demo";

	if (argc == 0 || strcmp(argv[0], "--help") == 0)
		return say_no(s, EXIT_USAGE, "shell.usage_demo", NULL, NULL);
	if (!where_office(office) || arguments == NULL)
		return say_no(s, EXIT_REFUSED, "shell.no_office", NULL, NULL);
	arguments[0] = name;
	arguments[1] = verb;
	for (int i = 0; i < argc; i++)
		arguments[i + 2] = argv[i];
	execv(office, arguments);
	return say_no(s, EXIT_REFUSED, "shell.no_office", NULL, NULL);
}
