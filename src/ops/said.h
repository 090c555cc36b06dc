/*
 * said: values of an answer as people read them: labels for codes, words
 * for days.  Pages and papers say them alike.
 */
#ifndef ALAS_OPS_SAID_H
#define ALAS_OPS_SAID_H

#include "op.h"

/* "" for an object, for nothing and for what is not there (NULL); the
 * values of a list with ", " between. */
text said(const struct op *op, const struct node *value);
/* "1,714 days", or "415 to 444 days" where a day is not exactly known: the
 * `earliest` and `latest` of a length. */
text said_days(const struct op *op, const struct node *length);

#endif
