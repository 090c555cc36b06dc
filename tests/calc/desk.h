/* A law, an arena and an asker, for what is asked as JSON. */
#ifndef ALAS_TEST_CALC_DESK_H
#define ALAS_TEST_CALC_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "calc.h"

struct desk {
	struct arena *arena;
	struct law *law;
	struct refusal no;
	struct asker asker;
};

int desk_open(void **state);
int desk_close(void **state);
/* The answer as jansson's value, its arena taken back; NULL: refused. */
json_t *desk_ask(struct desk *d, const char *kind, const char *json);
/* Says where and how it was refused instead. */
void desk_refused(struct desk *d, const char *kind, const char *json,
    const char *pointer, const char *code);

/* Random numbers that a seed repeats: below `n`. */
struct chance { uint64_t state; };
uint32_t chance_below(struct chance *c, uint32_t n);
/* The number in ALAS_TEST_SEED, or a fixed one; printed. */
struct chance chance_begin(void);

#endif
