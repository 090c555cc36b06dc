/*
 * asking: one question put to a pure engine as a tree, read member by
 * member, and how it is refused.
 *
 * Words.  A *kind* is a question that can be asked by name ("sentence"):
 * one object in, one object out.  A *refusal* names the member by JSON
 * Pointer, a missing one as it would be called.  A *step* of an answer is a
 * line of its reckoning: a catalogue key and values, which the door puts
 * into words, so that no engine knows a language.
 *
 * Every reader leaves `ret` untouched when an optional member is absent, so
 * what it held before is the default; INVALID means that k->no says why.
 * JSON's null is a wrong type everywhere.
 */
#ifndef ALAS_ASKING_H
#define ALAS_ASKING_H

#include <stdarg.h>

#include "base.h"
#include "node.h"

/* ---- refusals --------------------------------------------------------- */

enum refusal_code {
	REFUSED_UNKNOWN_MEMBER, REFUSED_MISSING, REFUSED_WRONG_TYPE,
	REFUSED_NOT_A_DATE, REFUSED_OUT_OF_RANGE, REFUSED_UNKNOWN_VALUE,
	REFUSED_NOT_IN_FORCE, REFUSED_NOT_ALLOWED, REFUSED_CONFLICT,
	REFUSED_TOO_LARGE,
	REFUSAL_CODES
};

/*
 * `detail` is plain English for API and shell; a page makes its own
 * sentence of `code`, `about` and the days.
 */
struct refusal {
	enum refusal_code code;
	text pointer;
	text detail;
	texts about;			/* what could have been said instead */
	day from, to;			/* the days of a rule, where they matter */
};

const char *refusal_name(enum refusal_code c);	/* "not_a_date" */
/* INVALID, with the refusal filled; NO_MEMORY. */
MUST_USE result refusal_say(struct arena *a, struct refusal *ret,
    enum refusal_code code, text pointer, const char *format, ...)
    PRINTF_LIKE(5, 6);
MUST_USE result refusal_say_args(struct arena *a, struct refusal *ret,
    enum refusal_code code, text pointer, const char *format, va_list args)
    PRINTF_LIKE(5, 0);

/* ---- kinds ------------------------------------------------------------ */

struct law;				/* law.h; figures do not need it */
/*
 * Who waits.  A question from the shell has a process of its own, and may
 * take as long as its kind allows: seconds.  Inside the office everybody
 * waits for it: whoever asks there gives `tries`, in how many ways the stays
 * of a sentence with imprecise days may be laid, all stays counted, so that
 * none takes more than some 50 ms.  With it kinds `need` and `suppress` have
 * bounds of their own: FIGURES_OFFICE in figures.h.
 */
enum { ASKING_TRIES_OFFICE = 100000 };
struct asker {
	struct arena *arena;
	const struct law *law;
	struct refusal *no;
	int64_t tries;			/* 0: as many as the kind allows */
};

/* `out` is an empty object; after a refusal its members mean nothing. */
typedef result asking_answer(struct asker *k, const struct node *in,
    struct node *out);
/* Each room that has kinds gives a table of them, ended by a NULL name. */
struct asking_kind { const char *name; asking_answer *answer; };

/* ---- reading ---------------------------------------------------------- */

/* The readers take a member of `of` by its name, or with "" `of` itself,
 * which is how the elements of a list are read. */
enum asking_need { ASKING_MAY, ASKING_MUST };

/* Refuses what is no object, and the first member not in `names`, a list
 * that ends with NULL. */
MUST_USE result asking_only(struct asker *k, const struct node *of,
    const char *const *names);
/* Refuse a member of `of` (its name, whether or not it is there), or with
 * "" `of` itself. */
MUST_USE result asking_refuse(struct asker *k, enum refusal_code code,
    const struct node *of, const char *name, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* "/custody/0", with the escapes of RFC 6901; arena. */
text asking_pointer(const struct asker *k, const struct node *n);

MUST_USE result asking_text(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, text *ret);
/* One of `words`, a list that ends with NULL: its place there. */
MUST_USE result asking_word(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, const char *const *words,
    size_t *ret);
MUST_USE result asking_flag(struct asker *k, const struct node *of,
    const char *name, bool *ret);
struct asking_range { int64_t min, max; };
MUST_USE result asking_number(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, struct asking_range range,
    whole *ret);
/* A whole day of 1900 to 2200. */
MUST_USE result asking_day(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, day *ret);
/* A whole day, a month or a year. */
MUST_USE result asking_day_vague(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, day *ret);
/* "2026-11-24T09:30", in Lima. */
MUST_USE result asking_instant(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, instant *ret);
/*
 * A decimal string, "0.25", as units of its last decimal: with 6 decimals
 * 250000.  `exactly`: all the decimals must be written, as of amounts.
 * The range is in those units.
 */
struct asking_decimal { int decimals; bool exactly; int64_t min, max; };
MUST_USE result asking_decimal(struct asker *k, const struct node *of,
    const char *name, enum asking_need need,
    const struct asking_decimal *form, whole *ret);
/* The member `currency`, one of data/codes.csv: PEN with 2 decimals without
 * it.  An amount is then a decimal of exactly so many. */
struct asking_currency { char code[4]; int decimals; };
MUST_USE result asking_currency(struct asker *k, const struct node *of,
    struct asking_currency *ret);
/* A member of another name, where a question has several. */
MUST_USE result asking_currency_of(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, struct asking_currency *ret);
/* The elements hang below it; an absent list leaves NULL. */
MUST_USE result asking_list(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, size_t max,
    const struct node **ret);
MUST_USE result asking_object(struct asker *k, const struct node *of,
    const char *name, enum asking_need need, const struct node **ret);

/* ---- answering -------------------------------------------------------- */

/* "-1.05" of -105 with 2 decimals; arena. */
text decimal_text(struct arena *a, int64_t units, int decimals);
/* A step: `key` is a literal, its values fill {0} to {3}. */
enum { STEP_VALUES_MAX = 4 };
void step_add(struct node *steps, const char *key, const text *values,
    size_t n);

#endif
