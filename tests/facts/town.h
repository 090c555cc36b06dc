/* Rows that the tests of facts begin with. */
#ifndef ALAS_TEST_FACTS_TOWN_H
#define ALAS_TEST_FACTS_TOWN_H

#include "ground.h"

extern struct reach everything;		/* the whole office */

id town_person(struct ground *g, const char *known_as);
id town_matter(struct ground *g, const char *title);
/* A note with words and a sensitive part; parents may be none. */
id town_note(struct ground *g, id person, id matter, const char *words);
/* Read, in an operation that goes on. */
struct note town_note_get(struct ground *g, id note);
/* New words for a note, committed. */
void town_note_say(struct ground *g, id note, const char *words);
/* A note as it lies there; memory of the test. */
struct note_lying { int64_t v, case_v, sensitive_v, seq; text words,
	sensitive; };
struct note_lying town_note_lying(struct ground *g, id note);
void town_put(struct ground *g, const struct statement *st, const char *name,
    id row, text bytes);
struct counts { int64_t persons, notes, keys, histories; };
struct counts town_counts(struct ground *g);

#endif
