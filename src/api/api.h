/*
 * api: the door for programs and for the shell: JSON in and out over the
 * same operations, problem+json for every refusal, ETag and If-Match for
 * versions, Idempotency-Key for once, bearer tokens and nothing else
 * (cookies are ignored here).
 */
#ifndef ALAS_API_H
#define ALAS_API_H

#include "turn.h"

/* Run the request, or go on after an errand.  Afterwards either
 * t->waiting, or t->out holds the whole answer. */
void api_run(struct turn *t);
/* The request was refused before it had an operation. */
void api_refused(struct turn *t, result why);

/* The OpenAPI 3.1 document and the table of operations, from the rows. */
void api_openapi(const struct codes *codes, const struct words *words,
    struct buf *out);
void api_operations(const struct words *words, struct buf *out);

#endif
