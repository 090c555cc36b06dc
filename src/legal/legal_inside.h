/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_LEGAL_INSIDE_H
#define ALAS_LEGAL_INSIDE_H

#include "legal.h"

/* A problem at `prefix`field, unless that input has one. */
void legal_problem(struct arena *a, struct problems *problems,
    const char *prefix, const char *field, const char *key);
/* The same with two days as {0} and {1}: the wrong one and the other. */
void legal_problem_days(struct arena *a, struct problems *problems,
    const char *prefix, const char *field, const char *key, day wrong,
    day other);

/* Both days known, and `d` before `than` however they are read. */
bool legal_before(day d, day than);
bool legal_ahead(day d, day today);

#endif
