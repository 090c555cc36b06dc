/*
 * custody: one ledger of days behind bars per human being.  Rows are
 * loaded and saved by facts; what may stand in them is decided here, and
 * what they add up to.
 *
 * Words.  A *period* (detention) is one stay in one place; a transfer ends
 * one and begins the next, often on the same day.  *Served* counts every
 * day once, however many periods hold it.  Where two sources give another
 * end, both are kept, and what the other one would give stands beside.
 *
 * Invariants.  No day is counted twice.  A day that is known only as a
 * month or a year makes a range, never a guess.
 */
#ifndef ALAS_CUSTODY_H
#define ALAS_CUSTODY_H

#include "facts.h"
#include "law.h"

/*
 * Days in order and not ahead; how it ended only where it did; the other
 * end with its source, and then the first with its own.
 */
void detention_decide(struct arena *a, const struct detention *d, day today,
    struct problems *problems);
/*
 * Among the person's other periods (the row itself may be among them): one
 * that is open already, or no room for another.
 */
void detention_fits(struct arena *a, const struct detention *d,
    void *const *others, size_t n, struct problems *problems);

/* How long one period lasted, both end days counted. */
struct custody_length { bool known; int32_t earliest, latest; };

struct custody_sheet {
	/* By first day.  `other`: what the other recorded end would give. */
	const struct detention *period[CUSTODY_PERIODS_MAX];
	struct custody_length length[CUSTODY_PERIODS_MAX];
	struct custody_length other_length[CUSTODY_PERIODS_MAX];
	size_t n;
	struct custody_sum sum;		/* places: those of `period` */
	bool other;			/* some period has another end */
	bool other_counts;		/* … and it can be summed */
	struct custody_sum other_sum;
};
/*
 * The periods of one person and their sum as of `today`.  INVALID with
 * `refusal`: they cannot be summed; `ret` then holds the periods alone.
 * `ret` keeps pointers to the rows.
 */
MUST_USE result custody_sheet_make(struct arena *a, void *const *rows,
    size_t n, day today, struct custody_sheet *ret,
    struct refusal *refusal);
/* A transfer: the day that ends one period begins the next. */
bool custody_is_transfer(const struct custody_sheet *s,
    const struct custody_overlap *o);

#endif
