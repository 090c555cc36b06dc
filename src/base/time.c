#include "base.h"

#include <assert.h>

enum { YEAR_MIN = 1900, YEAR_MAX = 2200, DAY_S = 86400, DAY_MS = 86400000 };

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	assert(month >= 1 && month <= 12);
	return days[month - 1] + (month == 2 && leap(year));
}

bool ymd_valid(int year, int month, int d)
{
	return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 &&
	    month <= 12 && d >= 1 && d <= days_in_month(year, month);
}

/*
 * Years are counted from March, so that the leap day is the last of its
 * year and the lengths of the months follow (153·m + 2) / 5.  The era has
 * 400 years, 146,097 days.
 */
static int32_t days_from_civil(int year, int month, int d)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

static ymd civil_from_days(int64_t n)
{
	int64_t z = n + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int of_era = (int)(z - era * 146097);
	int y = (of_era - of_era / 1460 + of_era / 36524 -
	    of_era / 146096) / 365;
	int of_year = of_era - (365 * y + y / 4 - y / 100);
	int m = (5 * of_year + 2) / 153;
	int month = m < 10 ? m + 3 : m - 9;

	return (ymd){
		.year = (int)(y + era * 400) + (month <= 2),
		.month = month,
		.day = of_year - (153 * m + 2) / 5 + 1,
	};
}

day day_of(int year, int month, int d)
{
	assert(ymd_valid(year, month, d));
	return (day){ .n = days_from_civil(year, month, d), .known = true };
}

ymd day_ymd(day d)
{
	return civil_from_days(d.n);
}

int day_weekday(day d)
{
	/* 1970-01-01 was a Thursday. */
	return (int)((((int64_t)d.n + 3) % 7 + 7) % 7);
}

day day_plus(day d, int32_t days)
{
	bool over = __builtin_add_overflow(d.n, days, &d.n);

	assert(!over);
	return d;
}

bool day_same(day a, day b)
{
	if (!a.known || !b.known)
		return a.known == b.known;
	return a.n == b.n && a.precision == b.precision;
}

/* `n` digits at the front of `t`, which loses them. */
static bool take_digits(text *t, size_t n, int *ret)
{
	int v = 0;

	if (t->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (t->p[i] < '0' || t->p[i] > '9')
			return false;
		v = v * 10 + (t->p[i] - '0');
	}
	*t = (text){ t->p + n, t->n - n };
	*ret = v;
	return true;
}

static bool take_char(text *t, char c)
{
	if (t->n == 0 || t->p[0] != c)
		return false;
	*t = (text){ t->p + 1, t->n - 1 };
	return true;
}

bool day_read(text iso, day *ret)
{
	uint8_t precision = YEAR;
	int year, month = 1, d = 1;

	if (take_char(&iso, '~'))
		precision = ESTIMATED;
	if (!take_digits(&iso, 4, &year))
		return false;
	if (precision == YEAR && take_char(&iso, '-')) {
		precision = MONTH;
		if (!take_digits(&iso, 2, &month))
			return false;
	}
	if (precision == MONTH && take_char(&iso, '-')) {
		precision = EXACT;
		if (!take_digits(&iso, 2, &d))
			return false;
	}
	if (iso.n > 0 || !ymd_valid(year, month, d))
		return false;
	*ret = day_of(year, month, d);
	ret->precision = precision;
	return true;
}

static char *put_digits(char *at, int v, int digits)
{
	for (int i = digits - 1; i >= 0; i--, v /= 10)
		at[i] = (char)('0' + v % 10);
	return at + digits;
}

text day_figures(struct arena *a, day d)
{
	ymd c = day_ymd(d);

	switch ((enum precision)d.precision) {
	case EXACT:
		return arena_format(a, "%02d/%02d/%04d", c.day, c.month,
		    c.year);
	case MONTH:
		return arena_format(a, "%02d/%04d", c.month, c.year);
	case YEAR:
		return arena_format(a, "%04d", c.year);
	case ESTIMATED:
		return arena_format(a, "~%04d", c.year);
	}
	return T("");
}

text day_iso(struct arena *a, day d)
{
	char iso[sizeof("2026-11-24")];
	char *at = iso;
	ymd c = day_ymd(d);

	assert(d.precision <= ESTIMATED);
	if (!d.known)
		return T("");
	if (d.precision == ESTIMATED)
		*at++ = '~';
	at = put_digits(at, c.year, 4);
	if (d.precision == EXACT || d.precision == MONTH) {
		*at++ = '-';
		at = put_digits(at, c.month, 2);
	}
	if (d.precision == EXACT) {
		*at++ = '-';
		at = put_digits(at, c.day, 2);
	}
	return arena_text(a, (text){ iso, (size_t)(at - iso) });
}

/* Whole days before `ms` and what is left, rounding to the past. */
static int64_t split(int64_t ms, int64_t *ret_left)
{
	int64_t days = ms / DAY_MS - (ms % DAY_MS < 0);

	*ret_left = ms - days * DAY_MS;
	return days;
}

/* Milliseconds of Lima's wall clock; false when they do not fit. */
static bool lima_ms(instant t, int64_t *ret)
{
	return t.known && !__builtin_add_overflow(t.ms,
	    (int64_t)LIMA_OFFSET_S * 1000, ret);
}

day instant_day(instant t)
{
	int64_t ms, left;

	if (!lima_ms(t, &ms))
		return (day){ 0 };
	int64_t n = split(ms, &left);
	if (n < INT32_MIN || n > INT32_MAX)
		return (day){ 0 };
	return (day){ .n = (int32_t)n, .known = true };
}

instant instant_of(day d, int hour, int minute)
{
	assert(hour >= 0 && hour < 24);
	assert(minute >= 0 && minute < 60);

	if (!d.known)
		return (instant){ 0 };
	int64_t s = (int64_t)d.n * DAY_S + hour * 3600 + minute * 60 -
	    LIMA_OFFSET_S;
	return (instant){ .ms = s * 1000, .known = true };
}

void instant_clock(instant t, int *ret_hour, int *ret_minute)
{
	int64_t ms = 0, left = 0;

	if (lima_ms(t, &ms))
		split(ms, &left);
	*ret_hour = (int)(left / 3600000);
	*ret_minute = (int)(left / 60000 % 60);
}

text instant_rfc3339(struct arena *a, instant t)
{
	int64_t left;

	if (!t.known)
		return T("");
	ymd c = civil_from_days(split(t.ms, &left));
	int s = (int)(left / 1000), ms = (int)(left % 1000);

	if (ms == 0)
		return arena_format(a, "%04d-%02d-%02dT%02d:%02d:%02dZ",
		    c.year, c.month, c.day, s / 3600, s / 60 % 60, s % 60);
	return arena_format(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    c.year, c.month, c.day, s / 3600, s / 60 % 60, s % 60, ms);
}

/* ".123456": kept to the millisecond, the rest only has to be digits. */
static bool take_fraction(text *t, int *ret_ms)
{
	int ms = 0, digits = 0, d;

	for (; take_digits(t, 1, &d); digits++) {
		if (digits < 3)
			ms = ms * 10 + d;
	}
	for (int i = digits; i < 3; i++)
		ms *= 10;
	*ret_ms = ms;
	return digits > 0;
}

/* "Z", "±hh:mm", or nothing, which a person in Lima means as Lima. */
static bool take_offset(text *t, int *ret_s)
{
	int hours, minutes;

	if (t->n == 0) {
		*ret_s = LIMA_OFFSET_S;
		return true;
	}
	if (take_char(t, 'Z') || take_char(t, 'z')) {
		*ret_s = 0;
		return true;
	}
	int sign = take_char(t, '-') ? -1 : take_char(t, '+') ? 1 : 0;
	if (sign == 0 || !take_digits(t, 2, &hours) || !take_char(t, ':') ||
	    !take_digits(t, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* "hh:mm", then seconds and a fraction of them if there are any. */
static bool take_time(text *t, int64_t *ret_ms)
{
	int hour, minute, second = 0, ms = 0;

	if (!take_digits(t, 2, &hour) || !take_char(t, ':') ||
	    !take_digits(t, 2, &minute))
		return false;
	if (take_char(t, ':')) {
		if (!take_digits(t, 2, &second))
			return false;
		if (take_char(t, '.') && !take_fraction(t, &ms))
			return false;
	}
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_ms = (hour * 3600 + minute * 60 + second) * INT64_C(1000) + ms;
	return true;
}

bool instant_read(text rfc3339, instant *ret)
{
	int year, month, d, offset_s;
	int64_t ms;
	text t = rfc3339;

	if (!take_digits(&t, 4, &year) || !take_char(&t, '-') ||
	    !take_digits(&t, 2, &month) || !take_char(&t, '-') ||
	    !take_digits(&t, 2, &d) || !ymd_valid(year, month, d))
		return false;
	if (!take_char(&t, 'T') && !take_char(&t, 't') && !take_char(&t, ' '))
		return false;
	if (!take_time(&t, &ms) || !take_offset(&t, &offset_s) || t.n > 0)
		return false;

	int64_t left;
	instant read = {
		.ms = (int64_t)days_from_civil(year, month, d) * DAY_MS + ms -
		    (int64_t)offset_s * 1000,
		.known = true,
	};
	ymd utc = civil_from_days(split(read.ms, &left));
	/* The offset may lead out of the years that are read. */
	if (!ymd_valid(utc.year, utc.month, utc.day))
		return false;
	*ret = read;
	return true;
}
