/*
 * case: what the operations of a case file share: who answers for
 * something, whether work may go on, the names in a case, the hits of a
 * conflict check, a term with its days.
 */
#ifndef ALAS_OPS_CASE_H
#define ALAS_OPS_CASE_H

#include "legal.h"
#include "ops.h"

/*
 * Somebody named responsible or deputy must work here and be able to be
 * let in: a problem at the input when the account is not active, or the
 * object hides from that person.  Nobody named is no problem.
 */
void case_check_user(struct op *op, const char *input, user_id user,
    enum object_kind kind, id object);
/* Is that person within reach of the file, as a note beside the name? */
bool case_within(struct op *op, user_id user, id matter);

MUST_USE result case_parties(struct op *op, const struct reach *reach,
    id matter, void ***ret, size_t *ret_n);
/* INVALID with a problem while a conflict is undecided or declined. */
MUST_USE result case_unblocked(struct op *op, const struct reach *reach,
    id matter);

/* Names, each as it is written. */
struct names { text *p; size_t n, room; };
MUST_USE result names_add(struct op *op, struct names *names, text name);
/*
 * The names of a registered person.  A person that hides or is not there,
 * and one whose identity the asker may not read, are problems at `input`;
 * with NULL they are simply left out.
 */
MUST_USE result names_add_person(struct op *op, struct names *names,
    id person, const char *input);
/*
 * The conflict check of one party: its hits are frozen in the row and added
 * to `list`; then what `verdict` and `reason` of the running operation say
 * is decided upon them.  Problems at `verdict`, `reason`.
 */
MUST_USE result case_check_conflict(struct op *op, struct party *p,
    const struct names *names, person_id besides, struct node *list,
    size_t *ret_hits);
/* Is that decision what the form comes back for? */
bool case_decision_asked(struct op *op);
/* Until there is something to decide, nobody is asked to decide it. */
void case_hide_decision(struct op *op);
/* Frozen hits as a list of `code`, `role`, `date`, `ask`. */
MUST_USE result case_add_hits(struct op *op, struct node *to, text written);

/*
 * A term as an answer shows it: its fields, who, days left, and `sheet`,
 * the days counted and skipped, in place of the kept text.
 */
MUST_USE result case_add_deadline(struct op *op, struct node *to,
    const struct deadline *d, class_mask mask);
#endif
