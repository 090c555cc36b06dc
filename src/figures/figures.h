/*
 * figures: sums, shares and tables that must be right to the last unit.
 *
 * Facts in, answer out.  Nothing here reads a clock, a database or a
 * permission, and no float is used: amounts are whole minor units, products
 * have 128 bits, and what is irrational is held between two numbers of 256
 * bits until both round alike (exact.h).  So the same question gives the
 * same bytes on every machine.
 *
 * Ten kinds of question, each one object in and one out (asking.h); a member
 * that is not named here is refused.  In all of them: amounts are decimal
 * strings with the decimals of `currency` (PEN without it), at most 10^15
 * minor units; halves are rounded away from zero; probabilities have at most
 * 6 decimals, percentages and rates 10; percentages of loans go to 1000; a
 * list has at most FIGURES_ITEMS_MAX elements where no other limit is said.
 *
 * loan      method, principal, rate {kind, percent}, instalments, grace,
 *           prepayment {after, amount, then}, cash_unit.  The last
 *           instalment takes every rounding.  `flat` goes with the rate
 *           yearly_flat alone, and that with it; a cash unit other than the
 *           smallest with `zero` alone.  The month of a `tea` is
 *           (1 + TEA)^(1/12) − 1 to 20 decimals, that of a nominal rate a
 *           twelfth, exactly.  Refused at /instalments: rounding would make
 *           a payment, or what is owed, less than nothing.
 *           tcea_percent: the yearly rate at which what is paid is worth
 *           what was lent (tasa de costo efectivo anual, Reglamento de
 *           Gestión de Conducta de Mercado, Res. SBS 3274-2017), of
 *           instalments a month apart.
 * plan      price, variable, fixed, draw, instalment, investment, grant,
 *           loan, credit_share_percent, units, stress_percent.  All but the
 *           last are needed.  What is bought before the first sale is month
 *           0: an opening below zero is a gap like any other.
 * survival  observations [{months, event}], interval, interval_months: the
 *           last adds `life_table`, the actuaries' (a, b].  Kaplan and Meier
 *           1958; variance Greenwood 1926; log-log band Kalbfleisch and
 *           Prentice 1980, which stays between 0 and 1 by itself.
 * suppress  k (2 to SUPPRESS_K_MAX), rows, columns, counts, node_limit.
 *           Complementary suppression with an audit of each pattern:
 *           Willenborg and de Waal, Elements of Statistical Disclosure
 *           Control, 2001, chapter 4 (see suppress_audit.c, _search.c).
 *           Withheld is the only answer there is, so `optimal` is true.
 * need      persons [{p, costs [{cost, p}]}], quantiles, available.  Refused
 *           at /persons: more than NEED_WORK_MAX steps for all persons, or
 *           more than NEED_SUMS_MAX different sums; rounder costs help.
 * fx        method, purchases, spending, rates.  `currency` is what is
 *           spent; purchases turn one currency, the report's, into it.
 *           Where nothing was exchanged the report's has two decimals.
 *           `remaining` stands with the three methods that keep a pool; the
 *           weighted one goes below zero where more was spent.
 * queue     seed, cases [{id, applied, the six figures or score}].  HMAC:
 *           RFC 2104 with SHA-256.
 * split     total, weights.  Largest remainder (Hamilton).
 * ruc       ruc.  Check digit by weights modulo 11, SUNAT.
 * merkle    leaves.  RFC 9162 section 2.1.1.
 *
 * Formulas: docs/reference/formulas.md; worked numbers are the tests.
 */
#ifndef ALAS_FIGURES_H
#define ALAS_FIGURES_H

#include "asking.h"

/*
 * Inside an office everybody waits for an answer.  These two kinds may take
 * seconds from the shell; asked with asker.tries, as everything in an office
 * is, they refuse at /persons or /counts what would take more than some
 * 50 ms, and try no more patterns than that.  No operation of the office
 * asks them today.
 */
enum {
	FIGURES_OFFICE_WORK = 2000000,	/* need: persons × steps */
	FIGURES_OFFICE_CELLS = 225,	/* suppress: rows × columns */
	FIGURES_OFFICE_NODES = 100	/* suppress: patterns */
};

/* By name; the last has none. */
extern const struct asking_kind figures_kinds[];

/*
 * Shares of `total` by the largest remainder; what is left over goes one by
 * one to the largest fractions, ties to the first.  They always add up to
 * it.  Weights from 0 to 10^15, one above zero; |total| at most 10^15.
 */
MUST_USE result figures_split(struct arena *a, int64_t total,
    const int64_t *weight, size_t n, int64_t *ret);

/*
 * What the blind queue may know of a case.  There is no other member, so
 * charges, prison and block can change no place in it.
 */
struct need {
	int64_t released_days;		/* since release */
	bool no_fixed_housing;
	int64_t dependants;
	bool health_need;
	bool no_income;
	bool helped_last_90_days;
};
int figures_need_score(const struct need *n);

enum figures_ruc {
	RUC_PERSON, RUC_ENTITY, RUC_NOT_DIGITS, RUC_LENGTH, RUC_PREFIX,
	RUC_DIGIT
};
/* `ret_digit`: what the last one must be, with RUC_DIGIT. */
enum figures_ruc figures_ruc_kind(text ruc, int *ret_digit);

#endif
