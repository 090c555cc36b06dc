/*
 * Inside the law room: the question of kind `sentence`, read and checked,
 * and how it is reckoned.  The formulas are those of the kind, step by step:
 * merged custody, the term from the last stay, three conventions.
 */
#ifndef ALAS_LAW_SENTENCE_H
#define ALAS_LAW_SENTENCE_H

#include "answers.h"

enum {
	REDEMPTIONS_MAX = 64,
	HOLDS_MAX = 64,
	CONSECUTIVE_MAX = 64,
	LIFE_REVIEW_MONTHS = 35 * 12,	/* D.Leg. 921; TUO CEP 66 */
	/* The time outside of a benefit revoked for breach is one more. */
	STRETCHES_MAX = CUSTODY_PERIODS_MAX + 1
};

enum custody_kind { CUSTODY_POLICE, CUSTODY_PRISON, CUSTODY_PREVENTIVE,
	CUSTODY_HOUSE, CUSTODY_EXTRADITION };
struct stay_asked { enum custody_kind kind; bool credited; };

/* In this order the one recognised is what the dates stand on. */
enum redemption_state { REDEEMED_RECOGNISED, REDEEMED_CERTIFIED,
	REDEEMED_CLAIMED, REDEMPTION_STATES };
struct redemption {
	int32_t work_days, ratio;
	enum redemption_state state;
	text work;			/* empty: a piece of its own */
};

struct hold { day until; text why; };	/* until not known: open */

struct sentence {
	bool life, term_given;
	struct law_term term;		/* with the consecutive ones */
	struct custody_period stay[CUSTODY_PERIODS_MAX];
	struct stay_asked asked[CUSTODY_PERIODS_MAX];
	size_t stays_n;
	bool dateless;			/* a stay without its first day */
	bool vague;			/* a credited day is a month or year */
	bool house_counts;
	struct { day released, revoked; bool breach; } revocation;
	struct redemption redemption[REDEMPTIONS_MAX];
	size_t redemptions_n;
	day stated_end;
	bool stated_includes_redemption;
	int32_t numerator, denominator;	/* 0: the whole term */
	struct hold hold[HOLDS_MAX];
	size_t holds_n;
	day payment;
	bool rehabilitation, disqualified;
	struct law_term disqualification;
	day as_of;
};

/* Refusals name the member; nothing that could be reckoned is left out. */
MUST_USE result sentence_read(struct asker *k, const struct node *in,
    struct sentence *ret);
/* The member `redemption`: credits.csv decides by the dates. */
MUST_USE result redemption_read(struct asker *k, const struct node *in,
    struct sentence *ret);

/* Days redeemed with the rows of `state` in the place of the recognised. */
int32_t redeemed_days(const struct sentence *s, enum redemption_state state);
bool redemption_has(const struct sentence *s, enum redemption_state state);

/* ---- reckoning -------------------------------------------------------- */

struct stretch { int32_t from, to; };
/* Sorts, and makes one of those that overlap or touch; their new number. */
size_t stretches_merge(struct stretch *p, size_t n);

/* Is this stay part of the sentence? */
bool stay_counts(const struct sentence *s, size_t i, bool house_counts);
/* Its last day when it has none: the day of the sum, or the last of all. */
int32_t stay_end(const struct sentence *s, day to);

struct reckoned {
	struct stretch run[STRETCHES_MAX];	/* the last: the anchor */
	size_t runs_n;
	struct law_term term;		/* after the fraction */
	day full;
	bool clamped;
	int32_t credited, served;
	day end_a, end_b, end_ymd;
};
/* `in` is n > 0 stretches, spoilt; false: the days leave 1900 to 2200. */
bool sentence_reckon(const struct sentence *s, struct stretch *in, size_t n,
    int32_t redeemed, struct reckoned *ret);
/* The credited stretches, for stays whose days are exact. */
size_t sentence_stretches(const struct sentence *s, bool house_counts,
    struct stretch ret[STRETCHES_MAX]);

/* What imprecise days allow. */
struct reckoned_range {
	day earliest, latest;		/* of end_a */
	struct { int32_t least, most; } credited, served;
	bool exact;			/* every combination was tried */
};
/* Refuses a stay whose days cannot be, and too many imprecise days. */
MUST_USE result sentence_range(struct asker *k, const struct node *in,
    const struct sentence *s, struct reckoned_range *ret);

#endif
