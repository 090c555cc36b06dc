#include "exact.h"

#include <assert.h>

int64_t power_of_ten(int n)
{
	int64_t v = 1;

	assert(n >= 0 && n <= 18);
	while (n-- > 0)
		v *= 10;
	return v;
}

int128 round_div(int128 n, int128 d)
{
	int128 size = n < 0 ? -n : n;
	int128 v;

	assert(d > 0);
	v = (2 * size + d) / (2 * d);
	return n < 0 ? -v : v;
}

struct wide wide_of(uint128 v)
{
	return (struct wide){ { (uint64_t)v, (uint64_t)(v >> 64) } };
}

int wide_order(struct wide a, struct wide b)
{
	for (size_t i = WIDE_LIMBS; i-- > 0;) {
		if (a.w[i] != b.w[i])
			return a.w[i] < b.w[i] ? -1 : 1;
	}
	return 0;
}

struct wide wide_add(struct wide a, struct wide b)
{
	uint128 carry = 0;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		carry += (uint128)a.w[i] + b.w[i];
		a.w[i] = (uint64_t)carry;
		carry >>= 64;
	}
	assert(carry == 0);
	return a;
}

struct wide wide_sub(struct wide a, struct wide b)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		uint128 d = (uint128)a.w[i] - b.w[i] - borrow;

		a.w[i] = (uint64_t)d;
		borrow = (uint64_t)(d >> 64) & 1;
	}
	assert(borrow == 0);
	return a;
}

struct wide wide_times(uint128 a, uint128 b)
{
	uint128 low = (uint128)(uint64_t)a * (uint64_t)b;
	uint128 one = (uint128)(uint64_t)a * (uint64_t)(b >> 64);
	uint128 two = (uint128)(uint64_t)(a >> 64) * (uint64_t)b;
	uint128 high = (uint128)(uint64_t)(a >> 64) * (uint64_t)(b >> 64);
	uint128 middle = (low >> 64) + (uint64_t)one + (uint64_t)two;

	high += (one >> 64) + (two >> 64) + (middle >> 64);
	return (struct wide){ { (uint64_t)low, (uint64_t)middle,
		(uint64_t)high, (uint64_t)(high >> 64) } };
}

struct wide wide_scale(struct wide a, uint64_t by)
{
	uint128 carry = 0;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		carry += (uint128)a.w[i] * by;
		a.w[i] = (uint64_t)carry;
		carry >>= 64;
	}
	assert(carry == 0);
	return a;
}
