/* A question as JSON to a kind of the figures, and its answer as JSON. */
#ifndef ALAS_TEST_FIGURES_FIXTURE_H
#define ALAS_TEST_FIGURES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "calc.h"

struct told {
	struct arena *arena;
	result result;
	struct refusal no;
	struct node *out;
};

/* `out` is NULL when it was refused; an unknown kind fails the test. */
struct told ask(const char *kind, const char *format, ...)
    PRINTF_LIKE(2, 3);
struct told ask_tree(const char *kind, const json_t *question);
void told_free(struct told *t);

/* The answer as JSON: the caller's with json_decref. */
json_t *answer_json(const struct told *t);
/* A member of the answer, as whole number of its last decimal. */
int64_t units(const struct node *of, const char *name);
int64_t number(const struct node *of, const char *name);
text string(const struct node *of, const char *name);
const struct node *element(const struct node *list, size_t i);

/* The same numbers in each run: splitmix64 of a printed seed. */
void seed(uint64_t s);
uint64_t any(uint64_t below);

#endif
