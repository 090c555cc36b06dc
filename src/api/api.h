/*
 * api: the door for programs and for the shell: JSON in and out over the
 * same operations.  Everything below /api/v1.
 *
 * In.  A body is one JSON object whose members are the operation's inputs:
 * texts, whole numbers, true and false, lists of texts; null empties.  What
 * the operation does not know, what is there twice and what is of another
 * kind is refused and pointed at.  A query holds the inputs of a GET.  Who
 * asks is said by `Authorization: Bearer …` and nothing else: cookies are
 * ignored here.
 *
 * Out.  The answer's tree as JSON (a shell that asks for text/plain gets it
 * as words and tables); problem+json for every refusal, in the language of
 * Accept-Language.  An answer about one row carries the ETag of that row: its
 * version, and a digest behind it when what is read holds more than the row,
 * so that If-None-Match is never told "not modified" of what was modified.
 * If-Match takes either form.  An answer that was kept for its
 * Idempotency-Key is told again byte for byte; one that showed a secret was
 * kept nowhere and is told without it.
 */
#ifndef ALAS_API_H
#define ALAS_API_H

#include "turn.h"

/* Run the request, or go on after an errand.  Afterwards either
 * t->waiting, or t->out holds the whole answer. */
void api_run(struct turn *t);
/* The request was refused before it had an operation. */
void api_refused(struct turn *t, result why);

/*
 * From the rows: the OpenAPI 3.1 document, in English; and the table of
 * operations that the shell reads, in every language.  NO_MEMORY, TOO_LARGE.
 */
MUST_USE result api_openapi(const struct codes *codes,
    const struct words *words, struct buf *out);
MUST_USE result api_operations(const struct codes *codes,
    const struct words *words, struct buf *out);

#endif
