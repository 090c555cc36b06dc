/*
 * Inside the figures room: whole numbers of 128 and 256 bits, and spans of
 * fixed point numbers, from which the other files make exact decimals.
 *
 * Nothing here is a float, so an answer is the same on every machine.
 *
 * A *span* holds a real number that is not negative between two numbers of
 * 256 bits, 192 of them behind the point.  Every verb rounds the lower end
 * down and the upper end up, so the true value never leaves the span.
 * span_round then rounds both ends: where they agree, that is the rounded
 * value, proved.  Where they part, the half between two decimals lies inside
 * a span narrower than 2^-80 of it and is taken as reached: that is right for
 * an exact half, which simple fractions do give; nothing else comes so near.
 */
#ifndef ALAS_FIGURES_EXACT_H
#define ALAS_FIGURES_EXACT_H

#include "base.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { WIDE_LIMBS = 4 };

int64_t power_of_ten(int n);			/* n of 0 to 18 */
/* Half away from zero; d > 0, and 2n + d must fit. */
int128 round_div(int128 n, int128 d);

/* Lowest 64 bits first. */
struct wide { uint64_t w[WIDE_LIMBS]; };

struct wide wide_of(uint128 v);
int wide_order(struct wide a, struct wide b);
struct wide wide_add(struct wide a, struct wide b);	/* must fit */
struct wide wide_sub(struct wide a, struct wide b);	/* a not below b */
struct wide wide_times(uint128 a, uint128 b);
struct wide wide_scale(struct wide a, uint64_t by);	/* must fit */

struct span { struct wide lo, hi; };

struct span span_whole(uint64_t v);
struct span span_ratio(uint128 n, uint128 d);	/* 0 < d < 2^127, n/d < 2^63 */
struct span span_add(struct span a, struct span b);
/* What would be below zero is zero. */
struct span span_sub(struct span a, struct span b);
struct span span_mul(struct span a, struct span b);
struct span span_div(struct span a, struct span b);	/* b.lo above zero */
struct span span_power(struct span a, unsigned n);
struct span span_sqrt(struct span a);
struct span span_exp(struct span a);			/* a below 40 */
struct span span_ln(struct span a);			/* a from 1 on */
struct span span_middle(struct span a, struct span b);	/* one number */
struct span span_around(struct span a);		/* wider by 2^-160 each way */
/* -1 surely below, 1 surely above, 0 equal or not to be told apart. */
int span_order(struct span a, struct span b);
/* a × scale, to the nearest whole number, halves away from zero. */
uint64_t span_round(struct span a, uint64_t scale);

#endif
