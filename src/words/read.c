#include "words.h"

#include <string.h>

enum {
	TYPED_MAX = 40,
	PARTS_MAX = 3,
	CENTURY_AHEAD = 20,	/* "46" in 2026 is 2046, "47" is 1947 */
	SHIFT_MAX = 36600,	/* "+10": a hundred years at most */
};

/*
 * The beginnings of months as people type them.  Reading accepts both
 * languages always: a Spanish office receives English letters.
 */
static const struct { char start[4]; int month; } months[] = {
	{ "ene", 1 }, { "jan", 1 }, { "feb", 2 }, { "mar", 3 }, { "abr", 4 },
	{ "apr", 4 }, { "may", 5 }, { "jun", 6 }, { "jul", 7 }, { "ago", 8 },
	{ "aug", 8 }, { "sep", 9 }, { "set", 9 }, { "oct", 10 },
	{ "nov", 11 }, { "dic", 12 }, { "dec", 12 },
};

static const struct { const char *said; int32_t shift; } near_days[] = {
	{ "hoy", 0 }, { "today", 0 }, { "ayer", -1 }, { "yesterday", -1 },
	{ "mañana", 1 }, { "manana", 1 }, { "tomorrow", 1 },
};

static const char *const abouts[] = {
	"aprox.", "aprox", "approx.", "approx", "about", "hacia", "circa",
	"c.", "~",
};

struct part { int64_t number; size_t digits; int month; };

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static int month_of(text word)
{
	if (word.n < 3)
		return 0;
	for (size_t i = 0; i < LENGTH(months); i++)
		if (memcmp(word.p, months[i].start, 3) == 0)
			return months[i].month;
	return 0;
}

/* "5 de marzo de 2019" in three parts; false when there is anything odd. */
static bool parts_read(text t, struct part *parts, size_t *ret_n)
{
	size_t n = 0, i = 0;

	while (i < t.n) {
		size_t from = i;
		if (digit(t.p[i])) {
			while (i < t.n && digit(t.p[i]))
				i++;
			text digits = { t.p + from, i - from };
			if (n == PARTS_MAX || digits.n > 4)
				return false;
			parts[n] = (struct part){ .digits = digits.n };
			if (!text_integer(digits, &parts[n++].number))
				return false;
			continue;
		}
		if (letter(t.p[i])) {
			while (i < t.n && letter(t.p[i]))
				i++;
			text word = { t.p + from, i - from };
			if (text_same(word, T("de")) ||
			    text_same(word, T("del")) ||
			    text_same(word, T("of")))
				continue;
			if (n == PARTS_MAX || month_of(word) == 0)
				return false;
			parts[n++] = (struct part){ .month = month_of(word) };
			continue;
		}
		if (memchr(" /-.", t.p[i], 4) == NULL)
			return false;
		i++;
	}
	*ret_n = n;
	return n > 0;
}

static bool year_of(struct part p, day today, int *ret)
{
	if (p.month != 0)
		return false;
	if (p.digits == 4) {
		*ret = (int)p.number;
		return true;
	}
	if (p.digits != 2)
		return false;
	int now = day_ymd(today).year;
	int year = now - now % 100 + (int)p.number;
	*ret = year > now + CENTURY_AHEAD ? year - 100 : year;
	return true;
}

static bool month_read(struct part p, int *ret)
{
	if (p.month != 0) {
		*ret = p.month;
		return true;
	}
	*ret = (int)p.number;
	return p.digits <= 2 && p.number >= 1 && p.number <= 12;
}

static bool made(int year, int month, int day_of_month,
    enum precision precision, day *ret)
{
	if (!ymd_valid(year, month, day_of_month))
		return false;
	*ret = day_of(year, month, day_of_month);
	ret->precision = (uint8_t)precision;
	return true;
}

/* Day first, as in Peru; a year of four digits in front turns it round. */
static bool full_date(const struct part *p, day today, day *ret)
{
	struct part y = p[2], d = p[0];
	int year, month;

	if (p[0].digits == 4) {
		y = p[0];
		d = p[2];
	}
	if (d.month != 0 || d.digits > 2 || !year_of(y, today, &year) ||
	    !month_read(p[1], &month))
		return false;
	return made(year, month, (int)d.number, EXACT, ret);
}

/* Two parts are a month and a year of four digits, in either order. */
static bool month_and_year(const struct part *p, day *ret)
{
	struct part y = p[1], m = p[0];
	int month;

	if (p[0].digits == 4) {
		y = p[0];
		m = p[1];
	}
	if (y.digits != 4 || m.digits > 2 || !month_read(m, &month))
		return false;
	return made((int)y.number, month, 1, MONTH, ret);
}

static bool shift_read(text t, day today, day *ret)
{
	int64_t days;

	if (t.n < 2 || (t.p[0] != '+' && t.p[0] != '-'))
		return false;
	if (!text_integer((text){ t.p + 1, t.n - 1 }, &days) || days < 0 ||
	    days > SHIFT_MAX)
		return false;
	*ret = day_plus(today, (int32_t)(t.p[0] == '-' ? -days : days));
	ret->precision = EXACT;
	return true;
}

static bool about_read(text t, day *ret)
{
	int64_t year;

	for (size_t i = 0; i < LENGTH(abouts); i++) {
		text said = text_of(abouts[i]);
		if (!text_starts(t, said))
			continue;
		text rest = text_trim((text){ t.p + said.n, t.n - said.n });
		if (rest.n != 4 || !text_integer(rest, &year))
			return false;
		return made((int)year, 1, 1, ESTIMATED, ret);
	}
	return false;
}

bool words_day_read(text typed, day today, day *ret)
{
	char low[TYPED_MAX];
	struct part parts[PARTS_MAX];
	size_t n;

	text t = text_trim(typed);
	if (t.n == 0 || t.n > sizeof(low))
		return false;
	for (size_t i = 0; i < t.n; i++)
		low[i] = small(t.p[i]);
	t.p = low;

	for (size_t i = 0; i < LENGTH(near_days); i++) {
		if (!text_same(t, text_of(near_days[i].said)))
			continue;
		*ret = day_plus(today, near_days[i].shift);
		ret->precision = EXACT;
		return true;
	}
	if (shift_read(t, today, ret) || about_read(t, ret))
		return true;
	if (!digit(t.p[0]) && !letter(t.p[0]))
		return false;
	if (!parts_read(t, parts, &n))
		return false;
	if (n == 3)
		return full_date(parts, today, ret);
	if (n == 2)
		return month_and_year(parts, ret);
	if (parts[0].digits != 4)
		return false;
	return made((int)parts[0].number, 1, 1, YEAR, ret);
}
