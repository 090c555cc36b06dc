/*
 * pages: the door for people.  Takes a turn, runs its operation, and
 * writes HTML: the answer's tree is composed into what a template reads
 * (compose_*.c), the template is filled, the head is put before it.
 *
 * Conventions: GET reads; POST changes, then 303; on a
 * mistake the same form with its text and every error at once (422); 401
 * is the sign-in page at the same address; 409 the conflict page; 404 is
 * equal for absent and forbidden.
 */
#ifndef ALAS_PAGES_H
#define ALAS_PAGES_H

#include "turn.h"

/* Run the request, or go on after an errand.  Afterwards either
 * t->waiting, or t->out holds the whole answer. */
void pages_run(struct turn *t);
/* The request was refused before it had an operation. */
void pages_refused(struct turn *t, result why);

#endif
