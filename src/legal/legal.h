/*
 * legal: the rules of a case file.  Rows are loaded and saved by facts;
 * what may stand in them, and what follows from them, is decided here by
 * pure functions with a because.
 *
 * Words.  A *matter* is a case of the office; its *parties* are who is in
 * it, some of them *represented* by us; each party has its *conflict
 * check*: the *hits* of its names in the office and the *verdict* on them.
 * A *proceeding* is one court's file, an *act* something that happened in
 * it, with the several days that the law tells apart.  A *term* (deadline)
 * starts from an act by a rule of the law and keeps the *sheet* of its
 * computation: the days as they were counted then, not as today's files
 * would count them.
 *
 * Invariants.  No title names a party.  A matter with an undecided or
 * declined conflict takes no act and no term.  A term has two different
 * persons, its sheet, and the digest of the law that counted it.
 */
#ifndef ALAS_LEGAL_H
#define ALAS_LEGAL_H

#include "facts.h"
#include "law.h"

/* ---- matters ---------------------------------------------------------- */

/*
 * Days in order, two different persons; closed needs its outcome and no
 * term under way, and the other way about.
 */
void matter_decide(struct arena *a, const struct matter *m, day today,
    size_t terms_under_way, struct problems *problems);
/*
 * Does the title name one of these people?  By folded whole words of three
 * letters or more, so "Perez" is found where "Pérez" was meant.
 */
MUST_USE result matter_title_names(struct arena *a, text title,
    const text *names, size_t n, bool *ret);
/* What the client is in a matter of this type, and who stands where. */
text matter_usual_role(text type);
text party_usual_side(text role);

/* ---- parties and conflicts of interest -------------------------------- */

/* A registered person or a name, not both and not neither; days in order. */
void party_decide(struct arena *a, const struct party *p, const char *prefix,
    struct problems *problems);

enum conflict_verdict { CONFLICT_PENDING, CONFLICT_CLEAR, CONFLICT_WAIVER,
	CONFLICT_DECLINE, CONFLICT_VERDICTS };
bool conflict_verdict_read(text code, enum conflict_verdict *ret);

/* What somebody decided upon the hits of one party. */
struct conflict_decision {
	text verdict;			/* empty: nothing was decided */
	text reason;
	user_id by;
	instant at;
};
/*
 * First check of a new party, with its frozen hits in the row.  Without
 * hits it is clear by itself.  With hits: `pending` leaves it open; clear
 * and decline need a reason; a waiver its signed document, which cannot be
 * uploaded yet.  Problems at `verdict`, `reason`; the row is then as it was.
 */
void conflict_check(struct arena *a, struct party *p,
    const struct conflict_decision *d, struct problems *problems);
/* A later decision: only moves of the table, always with a reason. */
void conflict_decide(struct arena *a, struct party *p,
    const struct conflict_decision *d, struct problems *problems);

/* One hit as it is frozen: whose walled hit it is says only whom to ask. */
struct conflict_hit { text code, role; day date; text ask; };
/* As many as the field holds, the first ones; the others as one more hit
 * with the code "+12". */
MUST_USE result conflict_hits_write(struct arena *a,
    const struct conflict_hit *hits, size_t n, text *ret);
/* CORRUPT: not what conflict_hits_write wrote. */
MUST_USE result conflict_hits_read(struct arena *a, text written,
    struct conflict_hit **ret, size_t *ret_n);

/* May acts and terms be entered?  NULL, or the key that says why not. */
const char *conflict_block(void *const *parties, size_t n);

/* ---- proceedings and acts --------------------------------------------- */

void proceeding_decide(struct arena *a, const struct proceeding *p,
    const char *prefix, day today, struct problems *problems);

/*
 * The days of an act in their order; how it was served where a day says
 * that it was; two sources where two days conflict; months of extension
 * where it extends, and nowhere else.
 */
void act_decide(struct arena *a, const struct act *act, day today,
    struct problems *problems);
/* The day that an act stands under in a chronology; unknown: none. */
day act_day(const struct act *act);

/* ---- terms ------------------------------------------------------------ */

/*
 * What a term would run from: of an act in the electronic box its deposit,
 * else the day it is deemed served, was served, was read, was made.
 */
struct deadline_start { day on; instant at; text served_by; };
struct deadline_start deadline_start_of(const struct act *act);

struct deadline_ask {
	text rule, variant, step;
	struct deadline_start start;
	whole distance_days;
	text district;			/* of the proceeding */
};
struct deadline_counted {
	struct deadline_answer answer;
	struct sheet sheet;
};
/*
 * Count a term and put it into the row: rule, step, days, alarm, original
 * day, readings, sheet, digest, nature, title in Spanish, state running.
 * INVALID with problems at `rule`, `variant`, `step`, `trigger_on`,
 * `served_by`, `distance_days` when the law refuses; the row is then as it
 * was.  `ret_counted` may be NULL.
 */
MUST_USE result deadline_count(const struct law *law, struct arena *a,
    const struct deadline_ask *ask, struct deadline *d,
    struct deadline_counted *ret_counted, struct problems *problems);
/* Two different persons; not a second time from the same act. */
void deadline_decide(struct arena *a, const struct deadline *d,
    void *const *others, size_t n, struct problems *problems);
/* Under way: its day still counts. */
bool deadline_running(const struct deadline *d);
/* The next one under way; those without a day last; NULL: none. */
const struct deadline *deadline_next(void *const *rows, size_t n);

/* A rule that an act may start, with what it would give. */
struct deadline_proposal {
	const struct law_rule *rule;
	bool usual;			/* what this act usually starts */
	struct deadline_answer answer;
};
/*
 * Rules of nature party that fit the proceeding's law and can be counted
 * from this act; the usual ones first.  Terms without an end are left out.
 */
MUST_USE result deadline_proposals(const struct law *law, struct arena *a,
    const struct act *act, const struct proceeding *p,
    struct deadline_proposal **ret, size_t *ret_n);

/*
 * The sheet as it is kept in the row: one line each, cells parted by TAB.
 * TOO_LARGE: over the 16,000 characters of the field.
 */
MUST_USE result deadline_sheet_write(struct arena *a,
    const struct sheet *sheet, text *ret);
/* CORRUPT: not what deadline_sheet_write wrote. */
MUST_USE result deadline_sheet_read(struct arena *a, text written,
    struct sheet *ret);

#endif
