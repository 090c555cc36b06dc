/* The table of operations and the OpenAPI document, without an office. */
#include "office.h"

#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct papers { const char *codes; char **files; int files_n; bool openapi; };

static int
complain(const char *what, const char *why)
{
	fprintf(stderr, "alas-office: %s: %s\n", what, why);
	return 1;
}

/* "operations|openapi [--codes FILE] [FILE…]" */
static bool
take_arguments(int argc, char **argv, struct papers *p)
{
	p->openapi = strcmp(argv[0], "openapi") == 0;
	argc--;
	argv++;
	if (argc > 0 && strcmp(argv[0], "--codes") == 0) {
		if (argc < 2)
			return false;
		p->codes = argv[1];
		argc -= 2;
		argv += 2;
	}
	p->files = argv;
	p->files_n = argc;
	return true;
}

static result
make(const struct office_options *o, const struct papers *p, struct arena *a,
    struct buf *out, text *ret_said)
{
	text dir = arena_format(a, "%s/words", o->share);
	text file = p->codes != NULL ? text_of(p->codes) :
	    arena_format(a, "%s/data/codes.csv", o->share);
	struct words *words = NULL;
	struct codes *codes = NULL;
	result got;

	NEED(dir.p);
	NEED(file.p);
	*ret_said = dir;
	TRY(words_open(dir.p, &words));
	got = codes_open(file.p, a, &codes, ret_said);
	if (is_ok(got))
		got = p->openapi ? api_openapi(codes, words, out) :
		    api_operations(codes, words, out);
	codes_close(&codes);
	words_close(&words);
	return got;
}

static bool
write_to(FILE *f, const struct buf *json)
{
	return f != NULL && fwrite(json->p, 1, json->n, f) == json->n;
}

static int
put(const struct papers *p, const struct buf *json)
{
	if (p->files_n == 0)
		return write_to(stdout, json) && fflush(stdout) == 0 ? 0 :
		    complain("standard output", "cannot be written");
	for (int i = 0; i < p->files_n; i++) {
		FILE *f = fopen(p->files[i], "w");
		/* Nothing of an office is in them: every user's shell reads. */
		bool good = write_to(f, json) && fchmod(fileno(f), 0644) == 0;

		if (f == NULL || fclose(f) != 0 || !good)
			return complain(p->files[i], "cannot be written");
	}
	return 0;
}

int
office_print_operations(const struct office_options *o, int argc, char **argv)
{
	CLEANUP(buf_free) struct buf json = buf_new(ANSWER_MAX);
	struct papers p = { 0 };
	struct arena *a = arena_new(OP_ARENA_MAX);
	text said = T("");
	result got;
	int status;

	if (a == NULL)
		return complain(argv[0], "out of memory");
	if (!take_arguments(argc, argv, &p)) {
		arena_free(a);
		return complain(argv[0], "--codes needs a file");
	}
	got = make(o, &p, a, &json, &said);
	status = is_ok(got) ? put(&p, &json) :
	    complain(error_name(got), said.n > 0 ? said.p : argv[0]);
	arena_free(a);
	return status;
}
