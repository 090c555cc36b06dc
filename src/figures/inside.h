/* What the files of the figures room share; nobody else includes it. */
#ifndef ALAS_FIGURES_INSIDE_H
#define ALAS_FIGURES_INSIDE_H

#include "exact.h"
#include "figures.h"

/* Amounts in minor units. */
#define AMOUNT_MAX INT64_C(1000000000000000)

enum { RATE_DECIMALS = 10, CHANCE_DECIMALS = 6 };

/* An amount in the currency of the question, from `min` to AMOUNT_MAX. */
MUST_USE result amount_read(struct asker *k, const struct node *of,
    const char *name, const struct asking_currency *c, int64_t min,
    int64_t *ret);
void amount_add(struct node *to, const char *name, int64_t minor,
    int decimals);
/* A percentage from 0 to `max`, as units of the tenth decimal. */
MUST_USE result percent_read(struct asker *k, const struct node *of,
    const char *name, int max, int64_t *ret);
/* A probability as millionths. */
MUST_USE result chance_read(struct asker *k, const struct node *of,
    const char *name, int64_t *ret);
/* A flag that must be said. */
MUST_USE result flag_read(struct asker *k, const struct node *of,
    const char *name, bool *ret);

/* The kinds, each in the file of its name; figures.h is their manual. */
asking_answer answer_loan, answer_plan, answer_survival, answer_suppress,
    answer_need, answer_fx, answer_split, answer_queue, answer_ruc,
    answer_merkle;

#endif
