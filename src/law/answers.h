/*
 * Inside the law room: the kinds of question that it answers as trees
 * (asking.h), and what they share.
 */
#ifndef ALAS_LAW_ANSWERS_H
#define ALAS_LAW_ANSWERS_H

#include "law_data.h"

asking_answer calendar_answer, deadline_answer_tree, limit_answer,
    releases_answer, sentence_answer;

/* Years are twelve months; months and days are counted apart. */
struct law_term { int32_t months, days; };

/* {"years","months","days"}: at least a day, at most a hundred years. */
MUST_USE result term_read(struct asker *k, const struct node *of,
    struct law_term *ret);
/* `months` may be negative; a missing day becomes the last of its month,
 * which `clamped` (may be NULL) then tells.  Unknown outside 1900 to 2200. */
day months_shift(day d, int32_t months, bool *clamped);
/* From `d`, months first; unknown outside 1900 to 2200. */
day term_after(day d, struct law_term term, bool *clamped);
/* date, why, and the file's name for it. */
void closure_write(struct node *to, day d, struct law_closure c);
bool day_in_range(day d);
day day_number(int32_t n);

/* A step with days and numbers as its values. */
struct step_value { day day; int64_t number; text text; };
void law_step(struct node *steps, const char *key,
    const struct step_value *v, size_t n);
#define STEP(steps, key, ...)                                                \
	law_step(steps, key, (const struct step_value[]){ __VA_ARGS__ },     \
	    LENGTH(((const struct step_value[]){ __VA_ARGS__ })))
#define ON(d) { .day = (d) }
#define NUMBER(v) { .number = (v) }
#define TEXT(t) { .text = (t) }

#endif
