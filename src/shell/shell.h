/*
 * alas: the program that people call.  It serves an office, makes a
 * demonstration, and is the shell: a client of the office's operations over
 * its own socket, for whoever may read the data folder.
 *
 * Words.  A *verb* is what follows `alas`: "person add".  The *table* is
 * share/operations.json, made from the rows of the office; verbs, options,
 * help and completion come from it, so that an operation that the office
 * learns is here without a line.  A *session* is one `alas sign-in`.
 *
 * Invariants.  The shell decides nothing: what is refused is refused by the
 * office.  A secret is typed at the terminal without echo or read from
 * --fd, and is in no argument, no environment and no file; the session lies
 * in $XDG_RUNTIME_DIR/alas, 0600, and nowhere else.
 *
 * Exit: 0 done, 1 refused, 2 not understood, 3 the office is away.
 */
#ifndef ALAS_SHELL_H
#define ALAS_SHELL_H

#include <jansson.h>
#include <limits.h>
#include <stdio.h>

#include "base.h"
#include "words.h"

enum { EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, EXIT_AWAY };

struct shell {
	struct arena *arena;
	struct words *words;
	enum lang lang;
	bool lang_given;		/* --lang, not the terminal's */
	char share[PATH_MAX];
	const char *data;		/* as given: a shorter name */
	json_t *table;
	bool json;			/* --json: the answer as it came */
	bool demo;			/* --demo: one tap, nothing is asked */
	bool help;			/* --help */
	int64_t version;		/* --v; 0: looked up */
	int secrets;			/* --fd, or -1: the terminal */
	const char *to;			/* --to, --pdf; NULL: standard output */
};

/* ---- where things are (where.c) --------------------------------------- */

/* share/ beside the program, or where it was installed. */
bool where_share(char ret[PATH_MAX]);
/* alas-office, likewise. */
bool where_office(char ret[PATH_MAX]);
bool where_filter(char ret[PATH_MAX]);
/* --data, $ALAS_DATA, or the demonstration of the Makefile. */
const char *where_data(const char *given);

/* ---- what is said (say.c) --------------------------------------------- */

/* A word of the catalogue, with {0} and {1} put in; arena. */
text say_word(const struct shell *s, const char *key, const char *a,
    const char *b);
/* "alas: …" on standard error; returns `status`. */
int say_no(const struct shell *s, int status, const char *key, const char *a,
    const char *b);
void say_text(text t);			/* standard output */
/* A problem+json of the office, as sentences. */
void say_problem(const struct shell *s, json_t *problem);

/* ---- the table (table.c) ---------------------------------------------- */

/* The catalogues, and the table.  False, and said: not installed whole. */
bool table_words(struct shell *s);
bool table_open(struct shell *s);
/* The operation whose verb stands first in `argv`, the longest that fits;
 * `ret_words` of them.  NULL: none. */
const json_t *table_verb(const struct shell *s, int argc, char **argv,
    int *ret_words);
/* The reading operation at a path like "/people/{person}"; NULL. */
const json_t *table_reading(const struct shell *s, text path);
const json_t *table_input(const json_t *operation, text name);
/* "label", "title" … in the shell's language; "" if absent. */
const char *table_said(const struct shell *s, const json_t *of,
    const char *member);
const char *table_text(const json_t *of, const char *member);	/* or "" */
bool table_flag(const json_t *of, const char *member);
/* "--birth-date" of "birth_date"; arena. */
text table_option(const struct shell *s, const char *name);

/* ---- asking the office (ask.c) ---------------------------------------- */

struct request {
	const char *method;
	text uri;			/* below the table's base */
	text body;			/* JSON, or empty */
	text type;			/* of another body */
	text token, if_match, key;	/* or empty */
	bool json;			/* wanted as JSON */
};
struct answer { int status; text type, etag, body; };
/* UNAVAILABLE: nobody answers; BAD_REQUEST: what came is no answer. */
MUST_USE result ask(const struct shell *s, const struct request *r,
    struct answer *ret);
/* The answer's body as JSON; NULL if it is none.  json_decref it. */
json_t *answer_json(const struct answer *a);

/* Inputs, and the files at the paths of a list, as a body of upload_type
 * (upload.c).  Not EXIT_DONE: said why. */
int upload_body(const struct shell *s, json_t *inputs, json_t *files,
    struct buf *out);
text upload_type(const struct shell *s);

/* ---- the session (keep.c) --------------------------------------------- */

enum kept { KEPT_SESSION, KEPT_DEVICE };
/* False, and said: $XDG_RUNTIME_DIR is unset or not private. */
bool keep_ready(const struct shell *s);
bool keep_put(const struct shell *s, enum kept what, text token);
/* "" when there is none, or it is not private. */
text keep_get(const struct shell *s, enum kept what);
void keep_drop(const struct shell *s, enum kept what);

/* ---- secrets (secret.c) ----------------------------------------------- */

/* One line, from --fd or the terminal without echo.  False, and said: there
 * is no terminal. */
bool secret_ask(struct shell *s, const char *prompt, text *ret);
/* The same with echo, for a name. */
bool secret_ask_openly(struct shell *s, const char *prompt, text *ret);

/* ---- verbs ------------------------------------------------------------ */

/* The program's own ones, NULL at the end (main.c). */
const char *own_verb_name(size_t i);

/* An operation with the arguments behind its verb (run.c). */
int run_operation(struct shell *s, const json_t *operation, int argc,
    char **argv);
int sign_in(struct shell *s, int argc, char **argv);	/* sign_in.c */
int serve_office(struct shell *s, int argc, char **argv);	/* serving.c */
int backup(struct shell *s, int argc, char **argv);	/* backup.c */
int make_demonstration(struct shell *s, int argc, char **argv);

/* The engines, without an office and without an account. */
int calculate(struct shell *s, int argc, char **argv);	/* calculate.c */
int count_typed(struct shell *s, int argc, char **argv);
int show_rules(struct shell *s, int argc, char **argv);	/* rules.c */
int draw_month(struct shell *s, int argc, char **argv);	/* month.c */
struct law_fault;
/* A fault of the law's files with its remedy, one line (rules.c). */
void say_fault(const struct shell *s, FILE *to, const struct law_fault *f);
/* The law of --data, or of share; its faults are said.  NULL then. */
struct law *shell_law(struct shell *s, const char *dir);
/* The options of these verbs (own.c); a flag has no value.  `words` takes the rest,
 * `ret_words` of them, at most `max`.  Not EXIT_DONE: said why. */
struct own_option { const char *name; bool *flag; const char **value; };
struct own_words { const char **at; size_t n, max; };
int own_options(struct shell *s, int argc, char **argv,
    const struct own_option *options, struct own_words *words);
/* The PDF of a sheet (paper.h) by alas-filter, started here (pdf.c). */
bool pdf_write(const struct shell *s, text sheet, const char *file);

/*
 * --json, --lang, --data, --fd, --v, --to, --pdf, --demo, --help: for every verb.  Takes
 * it and moves `at` behind it; 0: it is none; -1: its value is missing or
 * wrong, which was said.
 */
int option_common(struct shell *s, int argc, char **argv, int *at);

/* All verbs, those that begin with what was typed, or one (help.c). */
int help_all(const struct shell *s);
int help_family(const struct shell *s, int argc, char **argv);
int help_verb(const struct shell *s, const json_t *operation);
/* The line of how a verb is used; arena. */
text help_usage(const struct shell *s, const json_t *operation);
int print_completion(const struct shell *s);		/* completion.c */
/* alas.1 from its source, or as it was built (man.c). */
int print_manual(const struct shell *s, const char *source);

#endif
