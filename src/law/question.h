/*
 * Inside the law room: what a question names, found and checked, before
 * anything is counted.
 */
#ifndef ALAS_LAW_QUESTION_H
#define ALAS_LAW_QUESTION_H

#include "law_data.h"

struct asked {
	const struct law *law;
	struct arena *arena;
	const struct deadline_question *q;
	struct refusal *refusal;
	const struct law_rule *row;	/* the answer's */
	struct law_moment trigger;	/* `at` where an instant was given */
};

/* Fills row and trigger; INVALID with the refusal filled. */
MUST_USE result question_check(struct asked *k);
/* The answer's row of a step in the rule and variant of `like`, or NULL. */
const struct law_rule *question_step(const struct law *law,
    const struct law_rule *like, text step);
const struct law_happened *question_happened(
    const struct deadline_question *q, text step);
bool rule_in_force(const struct law_rule *r, day d);
bool rule_same_place(const struct law_rule *a, const struct law_rule *b);

#endif
