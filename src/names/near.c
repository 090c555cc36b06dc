#include "names.h"

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Optimal string alignment over three rows.  Only what differs comes here:
 * the same beginning and end were cut off.
 */
static unsigned distance(text a, text b, unsigned most)
{
	uint8_t rows[3][NAME_NEAR_MAX + 1];
	uint8_t *old = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b.n; j++)
		last[j] = (uint8_t)j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned best = now[0] = (uint8_t)i;

		for (size_t j = 1; j <= b.n; j++) {
			unsigned wrong = a.p[i - 1] != b.p[j - 1];
			unsigned d = least(last[j - 1] + wrong,
			    least(last[j], now[j - 1]) + 1u);

			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1])
				d = least(d, old[j - 2] + 1u);
			now[j] = (uint8_t)d;
			best = least(best, d);
		}
		/* Two rows back is at most one better, and a swap costs it. */
		if (best > most)
			return most + 1;
		uint8_t *free_row = old;
		old = last;
		last = now;
		now = free_row;
	}
	return least(last[b.n], most + 1);
}

unsigned names_near(text a, text b, unsigned most)
{
	size_t longer = a.n > b.n ? a.n : b.n;
	size_t shorter = a.n > b.n ? b.n : a.n;

	if (longer - shorter > most)
		return most + 1;
	while (a.n > 0 && b.n > 0 && a.p[0] == b.p[0]) {
		a = (text){ a.p + 1, a.n - 1 };
		b = (text){ b.p + 1, b.n - 1 };
	}
	while (a.n > 0 && b.n > 0 && a.p[a.n - 1] == b.p[b.n - 1]) {
		a.n--;
		b.n--;
	}
	if (a.n == 0 || b.n == 0)
		return least((unsigned)(a.n + b.n), most + 1);
	if (a.n > NAME_NEAR_MAX || b.n > NAME_NEAR_MAX)
		return most + 1;
	return distance(a, b, most);
}
