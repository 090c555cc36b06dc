#include <assert.h>

#include "exact.h"

enum { POINT = 192, BITS = 64 * WIDE_LIMBS, EXP_HALVINGS = 8, EXP_TERMS = 48,
	LN_TERMS = 64, EXP_MAX = 40 };

enum way { DOWN, UP };

static const struct wide ulp = { { 1 } };

static struct wide bump(struct wide a, enum way way, bool exact)
{
	return way == UP && !exact ? wide_add(a, ulp) : a;
}

static struct wide fixed_whole(uint64_t v)
{
	return (struct wide){ { 0, 0, 0, v } };
}

static bool zero(struct wide a)
{
	return (a.w[0] | a.w[1] | a.w[2] | a.w[3]) == 0;
}

static struct wide shift_down(struct wide a, unsigned n, enum way way)
{
	struct wide v = { { 0 } };
	bool exact = (a.w[0] & ((UINT64_C(1) << n) - 1)) == 0;

	assert(n > 0 && n < 64);
	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		v.w[i] = a.w[i] >> n;
		if (i + 1 < WIDE_LIMBS)
			v.w[i] |= a.w[i + 1] << (64 - n);
	}
	return bump(v, way, exact);
}

/* One bit up, `in` coming in; what goes out above must be nothing. */
static struct wide shift_in(struct wide a, unsigned in)
{
	assert(a.w[WIDE_LIMBS - 1] >> 63 == 0);
	for (size_t i = WIDE_LIMBS; i-- > 1;)
		a.w[i] = a.w[i] << 1 | a.w[i - 1] >> 63;
	a.w[0] = a.w[0] << 1 | in;
	return a;
}

static struct wide fixed_mul(struct wide a, struct wide b, enum way way)
{
	uint64_t p[2 * WIDE_LIMBS] = { 0 };
	struct wide v;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		uint128 carry = 0;

		for (size_t j = 0; j < WIDE_LIMBS; j++) {
			carry += (uint128)a.w[i] * b.w[j] + p[i + j];
			p[i + j] = (uint64_t)carry;
			carry >>= 64;
		}
		p[i + WIDE_LIMBS] = (uint64_t)carry;
	}
	assert(p[7] == 0);
	v = (struct wide){ { p[3], p[4], p[5], p[6] } };
	return bump(v, way, (p[0] | p[1] | p[2]) == 0);
}

/* a·2^192 / b, bit by bit: a shift, a comparison and a subtraction each. */
static struct wide fixed_div(struct wide a, struct wide b, enum way way)
{
	struct wide rest = { { 0 } };
	struct wide v = { { 0 } };

	assert(!zero(b) && b.w[WIDE_LIMBS - 1] >> 63 == 0);
	for (size_t i = BITS + POINT; i-- > 0;) {
		unsigned bit = i < POINT ? 0 : (unsigned)(a.w[(i - POINT) /
		    64] >> (i - POINT) % 64 & 1);

		rest = shift_in(rest, bit);
		bit = wide_order(rest, b) >= 0;
		if (bit)
			rest = wide_sub(rest, b);
		v = shift_in(v, bit);
	}
	return bump(v, way, zero(rest));
}

static struct wide fixed_sqrt(struct wide a, enum way way)
{
	struct wide v = { { 0 } };

	for (size_t i = (BITS + POINT) / 2; i-- > 0;) {
		struct wide more = v;

		more.w[i / 64] |= UINT64_C(1) << i % 64;
		if (wide_order(fixed_mul(more, more, UP), a) <= 0)
			v = more;
	}
	return way == UP ? wide_add(v, ulp) : v;
}

/* ---- spans ------------------------------------------------------------ */

struct span span_whole(uint64_t v)
{
	return (struct span){ fixed_whole(v), fixed_whole(v) };
}

struct span span_ratio(uint128 n, uint128 d)
{
	uint128 rest = 0;
	struct wide v = { { 0 } };

	assert(d > 0 && d >> 127 == 0);
	for (size_t i = 128 + POINT; i-- > 0;) {
		unsigned bit = i < POINT ? 0 :
		    (unsigned)(n >> (i - POINT) & 1);

		rest = rest << 1 | bit;
		bit = rest >= d;
		if (bit)
			rest -= d;
		v = shift_in(v, bit);
	}
	return (struct span){ v, bump(v, UP, rest == 0) };
}

struct span span_add(struct span a, struct span b)
{
	return (struct span){ wide_add(a.lo, b.lo), wide_add(a.hi, b.hi) };
}

static struct wide less(struct wide a, struct wide b)
{
	return wide_order(a, b) <= 0 ? (struct wide){ { 0 } } :
	    wide_sub(a, b);
}

struct span span_sub(struct span a, struct span b)
{
	return (struct span){ less(a.lo, b.hi), less(a.hi, b.lo) };
}

struct span span_mul(struct span a, struct span b)
{
	return (struct span){ fixed_mul(a.lo, b.lo, DOWN),
		fixed_mul(a.hi, b.hi, UP) };
}

struct span span_div(struct span a, struct span b)
{
	return (struct span){ fixed_div(a.lo, b.hi, DOWN),
		fixed_div(a.hi, b.lo, UP) };
}

struct span span_power(struct span a, unsigned n)
{
	struct span v = span_whole(1);

	for (; n > 0; n >>= 1) {
		if (n & 1)
			v = span_mul(v, a);
		if (n > 1)
			a = span_mul(a, a);
	}
	return v;
}

struct span span_sqrt(struct span a)
{
	return (struct span){ fixed_sqrt(a.lo, DOWN), fixed_sqrt(a.hi, UP) };
}

static struct wide over(struct wide a, uint64_t n, enum way way)
{
	uint128 rest = 0;

	for (size_t i = WIDE_LIMBS; i-- > 0;) {
		rest = rest << 64 | a.w[i];
		a.w[i] = (uint64_t)(rest / n);
		rest %= n;
	}
	return bump(a, way, rest == 0);
}

static struct span by_number(struct span a, uint64_t n)
{
	return (struct span){ over(a.lo, n, DOWN), over(a.hi, n, UP) };
}

static struct span wider(struct span a)
{
	a.hi = wide_add(a.hi, ulp);
	return a;
}

/*
 * Halved 8 times the argument is below 40/256, so the terms after the 48th
 * add up to less than (40/256)^48/48! < 2^-330; then squared 8 times.
 */
struct span span_exp(struct span a)
{
	struct span sum = span_whole(1);
	struct span term = span_whole(1);

	assert(a.hi.w[WIDE_LIMBS - 1] < EXP_MAX);
	a.lo = shift_down(a.lo, EXP_HALVINGS, DOWN);
	a.hi = shift_down(a.hi, EXP_HALVINGS, UP);
	for (uint64_t i = 1; i <= EXP_TERMS; i++) {
		term = by_number(span_mul(term, a), i);
		sum = span_add(sum, term);
	}
	sum = wider(sum);
	for (int i = 0; i < EXP_HALVINGS; i++)
		sum = span_mul(sum, sum);
	return sum;
}

/*
 * ln m = 2·(y + y³/3 + y⁵/5 + …), y = (m − 1)/(m + 1), for m from 1 to 2:
 * y is at most 1/3, so the terms after the 64th add up to less than 2^-200.
 */
static struct span ln_near(struct span m)
{
	struct span one = span_whole(1);
	struct span y = span_div(span_sub(m, one), span_add(m, one));
	struct span square = span_mul(y, y);
	struct span sum = y;

	for (uint64_t i = 1; i < LN_TERMS; i++) {
		y = span_mul(y, square);
		sum = span_add(sum, by_number(y, 2 * i + 1));
	}
	sum = wider(sum);
	return span_add(sum, sum);
}

static struct span ln_exactly(struct wide a)
{
	unsigned twos = 0;
	struct span m = { a, a };
	struct span two = span_whole(2);

	while ((a.w[WIDE_LIMBS - 1] >> twos) > 1)
		twos++;
	if (twos > 0) {
		m.lo = shift_down(a, twos, DOWN);
		m.hi = shift_down(a, twos, UP);
	}
	return span_add(ln_near(m), span_mul(ln_near(two),
	    span_whole(twos)));
}

struct span span_ln(struct span a)
{
	assert(a.lo.w[WIDE_LIMBS - 1] >= 1);
	return (struct span){ ln_exactly(a.lo).lo, ln_exactly(a.hi).hi };
}

struct span span_middle(struct span a, struct span b)
{
	struct wide v = shift_down(wide_add(a.lo, b.hi), 1, DOWN);

	return (struct span){ v, v };
}

struct span span_around(struct span a)
{
	const struct wide little = { { UINT64_C(1) << 32 } };

	return (struct span){ less(a.lo, little), wide_add(a.hi, little) };
}

int span_order(struct span a, struct span b)
{
	if (wide_order(a.hi, b.lo) < 0)
		return -1;
	return wide_order(a.lo, b.hi) > 0;
}

uint64_t span_round(struct span a, uint64_t scale)
{
	const struct wide half = { { 0, 0, UINT64_C(1) << 63 } };
	struct wide lo = wide_add(wide_scale(a.lo, scale), half);
	struct wide hi = wide_add(wide_scale(a.hi, scale), half);

	assert(hi.w[WIDE_LIMBS - 1] - lo.w[WIDE_LIMBS - 1] <= 1);
	return hi.w[WIDE_LIMBS - 1];
}
