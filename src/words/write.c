#include "words.h"

#include <stdio.h>
#include <string.h>

/* Digits in groups of three from the right, as Peru writes them: 1,714. */
static size_t grouped(char *to, uint64_t n)
{
	char digits[20];
	size_t count = 0, at = 0;

	do {
		digits[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	while (count > 0) {
		to[at++] = digits[--count];
		if (count > 0 && count % 3 == 0)
			to[at++] = ',';
	}
	return at;
}

/* The size of a number without its sign; safe for the smallest one. */
static uint64_t size_of(int64_t n)
{
	return n < 0 ? (uint64_t)-(n + 1) + 1 : (uint64_t)n;
}

/* U+2212, the true minus, so that a screen reader says it. */
static const char MINUS[] = "\xe2\x88\x92";

text words_number(enum lang l, struct arena *a, int64_t n)
{
	char digits[32];

	/* Spanish of Peru and English group alike; `l` keeps the door open. */
	(void)l;
	size_t length = grouped(digits, size_of(n));
	return arena_format(a, "%s%.*s", n < 0 ? MINUS : "", (int)length,
	    digits);
}

/* The sign people write before an amount; else the code itself. */
static text currency_sign(const char *currency)
{
	static const struct { char code[4]; const char *sign; } signs[] = {
		{ "PEN", "S/" }, { "USD", "US$" }, { "EUR", "€" },
	};

	for (size_t i = 0; i < LENGTH(signs); i++)
		if (memcmp(signs[i].code, currency, 3) == 0)
			return text_of(signs[i].sign);
	return (text){ currency, strnlen(currency, 3) };
}

text words_money(const struct words *w, enum lang l, struct arena *a, money m)
{
	char digits[32];
	text sign = currency_sign(m.currency);
	uint64_t size = size_of(m.minor);
	size_t length = grouped(digits, size / 100);

	(void)w;
	(void)l;
	return arena_format(a, "%.*s%s%s%.*s.%02d", (int)sign.n, sign.p,
	    sign.n > 0 ? " " : "", m.minor < 0 ? MINUS : "", (int)length,
	    digits, (int)(size % 100));
}

text words_weekday(const struct words *w, enum lang l, day d)
{
	char key[] = "date.weekday.0";

	if (!d.known)
		return (text){ 0 };
	key[sizeof(key) - 2] = (char)('0' + day_weekday(d));
	return words_get(w, l, key);
}

static text month_name(const struct words *w, enum lang l, int month)
{
	char key[24];

	(void)snprintf(key, sizeof(key), "date.month.%d", month);
	return words_get(w, l, key);
}

static text about(const struct words *w, enum lang l, struct arena *a,
    int year)
{
	text year_only = arena_format(a, "%d", year);

	return words_format(w, l, a, "date.about", &year_only, 1);
}

text words_day(const struct words *w, enum lang l, struct arena *a, day d)
{
	if (!d.known)
		return (text){ 0 };

	ymd is = day_ymd(d);
	text parts[] = {
		arena_format(a, "%d", is.day), month_name(w, l, is.month),
		arena_format(a, "%d", is.year),
	};
	switch ((enum precision)d.precision) {
	case EXACT:
		return words_format(w, l, a, "date.day", parts, 3);
	case MONTH:
		return words_format(w, l, a, "date.month", parts + 1, 2);
	case YEAR:
		return parts[2];
	case ESTIMATED:
		return about(w, l, a, is.year);
	}
	return (text){ 0 };
}

text words_day_short(const struct words *w, enum lang l, struct arena *a,
    day d)
{
	if (!d.known)
		return (text){ 0 };

	ymd is = day_ymd(d);
	switch ((enum precision)d.precision) {
	case EXACT:
		return arena_format(a, "%02d/%02d/%d", is.day, is.month,
		    is.year);
	case MONTH:
		return arena_format(a, "%02d/%d", is.month, is.year);
	case YEAR:
		return arena_format(a, "%d", is.year);
	case ESTIMATED:
		return about(w, l, a, is.year);
	}
	return (text){ 0 };
}

text words_instant(const struct words *w, enum lang l, struct arena *a,
    instant t)
{
	int hour, minute;

	(void)w;
	(void)l;
	if (!t.known)
		return (text){ 0 };
	ymd is = day_ymd(instant_day(t));
	instant_clock(t, &hour, &minute);
	return arena_format(a, "%02d/%02d/%d %02d:%02d", is.day, is.month,
	    is.year, hour, minute);
}
