/* What the pages of a matter, of a term and of custody share. */
#ifndef ALAS_PAGES_COMPOSE_CASE_H
#define ALAS_PAGES_COMPOSE_CASE_H

#include "compose.h"

/* Member of a tree as text, "" when it is not there. */
text case_text(const struct node *of, const char *path);
bool case_is(const struct node *of, const char *path, const char *code);
/* How urgent that is: bad, warn or done. */
text case_left_kind(const struct composing *c, day due, day alarm);
/* "Benito Rojas, deputy Lucía Vega" of a matter or a term. */
text case_who(const struct composing *c, const struct node *of);
/* What is there of the texts, parted by " · ". */
text case_joined(const struct composing *c, const text *parts, size_t n);

/* The first line of that kind ("rule") in a term's sheet; NULL. */
const struct node *case_line(const struct node *deadline, const char *kind);
/* "Saturday", "holiday: Inmaculada Concepción" of a day that was skipped. */
text case_why(const struct composing *c, const struct node *line);
/* "10 court days": how a term counts. */
text case_method(const struct composing *c, const struct node *deadline);

#endif
