#include "entity.h"

#include <string.h>

static result
wrong(const struct typed *t, const char *key, struct problems *problems)
{
	problem_add(problems, t->name, key, t->n > 0 ? &t->values[0] : NULL,
	    t->n > 0 ? 1 : 0);
	return refuse(INVALID);
}

static result
read_codes(struct arena *a, const struct codes *codes, const struct field *f,
    const struct typed *t, texts *to, struct problems *problems)
{
	text *list = arena_array(a, t->n, sizeof(text));
	size_t n = 0;

	NEED(list);
	if (t->n > LIST_VALUES_MAX)
		return wrong(t, "problem.too_many", problems);
	for (size_t i = 0; i < t->n; i++) {
		bool there = false;

		if (t->values[i].n == 0)
			continue;
		if (codes_find(codes, f->codes, t->values[i]) == NULL) {
			problem_add(problems, t->name, "problem.code",
			    &t->values[i], 1);
			return refuse(INVALID);
		}
		for (size_t k = 0; k < n; k++)
			there = there || text_same(list[k], t->values[i]);
		if (!there)
			list[n++] = arena_text(a, t->values[i]);
	}
	*to = (texts){ list, n };
	return OK;
}

static bool
read_yesno(text v, yesno *ret)
{
	static const char *const yes[] = { "1", "true", "yes", "on", "sí" };
	static const char *const no[] = { "0", "false", "no", "off" };

	for (size_t i = 0; i < LENGTH(yes); i++) {
		if (text_same(v, text_of(yes[i]))) {
			*ret = (yesno){ true, true };
			return true;
		}
	}
	for (size_t i = 0; i < LENGTH(no); i++) {
		if (text_same(v, text_of(no[i]))) {
			*ret = (yesno){ false, true };
			return true;
		}
	}
	return false;
}

/* "90", or hours and minutes "1:30". */
static bool
read_minutes(text v, whole *ret)
{
	text rest = v;
	text hours = text_cut(&rest, ':');
	int64_t h;
	int64_t m = 0;

	if (!text_has(v, ':')) {
		if (!text_integer(v, &h) || h < 0)
			return false;
		*ret = (whole){ h, true };
		return true;
	}
	if (!text_integer(hours, &h) || !text_integer(rest, &m) || h < 0 ||
	    h > 1000 || m < 0 || m > 59)
		return false;
	*ret = (whole){ h * 60 + m, true };
	return true;
}

/* "1200", or "1,200" and "12 345 678": one sign, groups of three. */
static bool
read_soles(text v, char cents_sign, int64_t *ret)
{
	char sign = '\0';
	size_t group = 0;
	int64_t n = 0;

	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (c >= '0' && c <= '9') {
			group++;
			if (__builtin_mul_overflow(n, 10, &n) ||
			    __builtin_add_overflow(n, c - '0', &n))
				return false;
			continue;
		}
		if ((c != ',' && c != '.' && c != ' ') || c == cents_sign ||
		    (sign == '\0' ? group == 0 || group > 3 :
		    c != sign || group != 3))
			return false;
		sign = c;
		group = 0;
	}
	*ret = n;
	return sign == '\0' ? group > 0 : group == 3;
}

/*
 * An amount as people and clients type it: soles, then comma or point and
 * two digits.  "1.5" is refused: it could be meant as one and a half.
 */
static bool
read_money(text v, money *ret)
{
	int64_t soles;
	int64_t cents = 0;
	char sign = '\0';

	if (v.n > 3 && (v.p[v.n - 3] == '.' || v.p[v.n - 3] == ',')) {
		sign = v.p[v.n - 3];
		if (!text_integer((text){ v.p + v.n - 2, 2 }, &cents) ||
		    cents < 0)
			return false;
		v.n -= 3;
	}
	if (!read_soles(v, sign, &soles) ||
	    __builtin_mul_overflow(soles, 100, &soles) ||
	    __builtin_add_overflow(soles, cents, &soles))
		return false;
	ret->minor = soles;
	memcpy(ret->currency, "PEN", 4);
	return true;
}

static bool
read_rate(text v, rate *ret)
{
	int64_t m = 0;
	uint8_t scale = 0;
	bool point = false;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (v.p[i] < '0' || v.p[i] > '9' || scale >= RATE_SCALE_MAX ||
		    __builtin_mul_overflow(m, 10, &m) ||
		    __builtin_add_overflow(m, v.p[i] - '0', &m))
			return false;
		scale = (uint8_t)(scale + (point ? 1 : 0));
	}
	if (v.n == (point ? 1 : 0))
		return false;
	*ret = (rate){ m, scale, true };
	return true;
}

/* An instant in a form is "24/11/2026 09:00", in Lima. */
static bool
read_instant(const struct typed *t, text v, instant *ret)
{
	text rest = v;
	text first;
	day d;
	int64_t h;
	int64_t m;
	text hour;

	if (instant_read(v, ret))
		return true;
	if (t->by == TYPED_IN_JSON)
		return false;
	first = text_trim(text_cut(&rest, ' '));
	rest = text_trim(rest);
	if (!words_day_read(first, t->today, &d) || d.precision != EXACT)
		return false;
	if (rest.n == 0)
		return false;
	hour = text_cut(&rest, ':');
	if (!text_integer(hour, &h) || !text_integer(rest, &m) || h < 0 ||
	    h > 23 || m < 0 || m > 59)
		return false;
	*ret = instant_of(d, (int)h, (int)m);
	return true;
}

static bool
read_day(const struct typed *t, text v, day *ret)
{
	if (t->by == TYPED_IN_JSON)
		return day_read(v, ret);
	return words_day_read(v, t->today, ret);
}

static result
read_one(struct arena *a, const struct field *f, const struct typed *t,
    text v, void *p, struct problems *problems)
{
	int64_t n;
	text copy;

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_DIGITS:
	case KIND_MULTILINE:
		if (!text_is_utf8(v) ||
		    text_has_control(v, f->kind == KIND_MULTILINE))
			return wrong(t, "problem.control", problems);
		copy = arena_text(a, v);
		NEED(copy.p);
		*(text *)p = copy;
		return OK;
	case KIND_INTEGER:
		if (!text_integer(v, &n))
			return wrong(t, "problem.integer", problems);
		*(whole *)p = (whole){ n, true };
		return OK;
	case KIND_MINUTES:
		if (!read_minutes(v, p))
			return wrong(t, "problem.minutes", problems);
		return OK;
	case KIND_BOOLEAN:
		if (!read_yesno(v, p))
			return wrong(t, "problem.boolean", problems);
		return OK;
	case KIND_DAY:
		if (!read_day(t, v, p))
			return wrong(t, "problem.day", problems);
		return OK;
	case KIND_INSTANT:
		if (!read_instant(t, v, p))
			return wrong(t, "problem.instant", problems);
		return OK;
	case KIND_MONEY:
		if (!read_money(v, p))
			return wrong(t, "problem.money", problems);
		return OK;
	case KIND_RATE:
		if (!read_rate(v, p))
			return wrong(t, "problem.rate", problems);
		return OK;
	case KIND_CODES:
	case KIND_ID:
	case KIND_FILE:
		/* Lists are read whole; ids and files by who can look. */
		return fault(BUG);
	}
	return fault(BUG);
}

result
field_read(struct arena *a, const struct codes *codes, const struct field *f,
    const struct typed *t, void *row, struct problems *problems)
{
	text v;

	if (f->kind == KIND_CODES)
		return read_codes(a, codes, f, t,
		    (texts *)(void *)((char *)row + f->at), problems);
	if (t->n > 1)
		return wrong(t, "problem.once", problems);
	v = t->n == 0 ? T("") : text_trim(t->values[0]);
	if (v.n == 0) {
		field_clear(f, row);
		return OK;
	}
	return read_one(a, f, t, v, (char *)row + f->at, problems);
}
