/*
 * people: the rules of a person's file.  Rows are loaded and saved by
 * facts; what may stand in them is decided here, by pure functions with a
 * because.
 *
 * Words.  A *part* is a row under a person: name, identifier, contact
 * point, relation, consent, note.  The *shown* name is the one on lists.
 * A contact point has a *safe rule*: when, through whom, what may be said,
 * whether to call at all.
 */
#ifndef ALAS_PEOPLE_H
#define ALAS_PEOPLE_H

#include "facts.h"

/* ---- decisions (pure; problems named by `prefix` + field) ------------- */

/* Dates in order; a hold needs its reason. */
void person_decide(struct arena *a, const struct person *p,
    const char *prefix, day today, struct problems *problems);
/* At least one of the three parts. */
void person_name_decide(struct arena *a, const struct person_name *n,
    const char *prefix, struct problems *problems);
/*
 * Spaces and hyphens go; letters become capitals; a DNI's check character
 * is dropped; then the pattern of the kind (note of identifier_kind).
 */
MUST_USE result identifier_decide(struct arena *a, const struct codes *codes,
    struct person_identifier *i, const char *prefix,
    struct problems *problems);
/* What may be said must be known; HH:MM; "do not call" needs its why. */
void contact_point_decide(struct arena *a, const struct contact_point *c,
    const char *prefix, struct problems *problems);
/* Topics with mandate `topics` only; an end before today is no mandate. */
void relation_decide(struct arena *a, const struct relation *r,
    const char *prefix, struct problems *problems);
/* Given or withdrawn needs its day; withdrawn not before given. */
void consent_decide(struct arena *a, const struct consent *c,
    const char *prefix, day today, struct problems *problems);
/* A call back needs who returns it; a call does not lie ahead. */
void contact_log_decide(struct arena *a, const struct contact_log *c,
    const char *prefix, instant now, struct problems *problems);

/* An age as a year of birth: estimated. */
day birth_from_age(int64_t age, day today);

/* May this person be told things?  The mandate as it stands today. */
enum may_tell { TELL_ALL, TELL_TOPICS, TELL_NOTHING };
enum may_tell relation_may_tell(const struct relation *r, day today);
/* What the page warns of before a number is shown, or NULL: a key. */
const char *contact_point_warning(const struct contact_point *c,
    instant now);
/* "••• ••• 001": all but the last three characters. */
text number_masked(struct arena *a, text number);
/* "R. Q. H." of a name; NULL text when out of memory, as the next one. */
text name_initials(struct arena *a, const struct person_name *n);
/* "Rosaura Quispe Huamaní". */
text name_whole(struct arena *a, const struct person_name *n);

/* ---- verbs ------------------------------------------------------------ */

/* The shown name among a person's names; the first legal one, else any. */
const struct person_name *name_shown(void *const *names, size_t n);
/*
 * Insert or update a name; when it is shown, the others no longer are, in
 * the same transaction.
 */
MUST_USE result person_name_save(struct op *op, const struct reach *reach,
    struct person_name *n);

#endif
