#include "asking.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DETAIL_MAX = 512, POINTER_MAX = 1024, POINTER_DEPTH = 32,
	NAME_SHOWN = 64, DECIMALS_MAX = 18 };

/* ---- refusals --------------------------------------------------------- */

const char *
refusal_name(enum refusal_code c)
{
	static const char *const names[] = { "unknown_member", "missing",
		"wrong_type", "not_a_date", "out_of_range", "unknown_value",
		"not_in_force", "not_allowed", "conflict", "too_large" };
	_Static_assert(LENGTH(names) == REFUSAL_CODES, "a name for each");

	assert(c < REFUSAL_CODES);
	return names[c];
}

/* Whole characters only: what a person typed may be cut anywhere. */
static text
cut_whole(const char *p, size_t n)
{
	text t = { p, n };

	while (t.n > 0 && !text_is_utf8(t) && n - t.n < 4)
		t.n--;
	return t;
}

result
refusal_say_args(struct arena *a, struct refusal *ret,
    enum refusal_code code, text pointer, const char *format, va_list args)
{
	char detail[DETAIL_MAX];

	vsnprintf(detail, sizeof(detail), format, args);
	ret->code = code;
	ret->pointer = arena_text(a, pointer);
	ret->detail = arena_text(a, cut_whole(detail, strlen(detail)));
	if (ret->pointer.p == NULL || ret->detail.p == NULL)
		return fault(NO_MEMORY);
	return refuse(INVALID);
}

result
refusal_say(struct arena *a, struct refusal *ret, enum refusal_code code,
    text pointer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	result r = refusal_say_args(a, ret, code, pointer, format, args);
	va_end(args);
	return r;
}

/* ---- pointers --------------------------------------------------------- */

static void
put_segment(struct buf *b, text name)
{
	buf_char(b, '/');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '~')
			buf_text(b, T("~0"));
		else if (name.p[i] == '/')
			buf_text(b, T("~1"));
		else
			buf_char(b, name.p[i]);
	}
}

static size_t
place_of(const struct node *n)
{
	size_t at = 0;

	for (const struct node *o = n->up->first; o != n; o = o->next)
		at++;
	return at;
}

/* A name that nobody knows may be as long as the line. */
static text
shown_name(const char *name)
{
	size_t n = strlen(name);

	return n <= NAME_SHOWN ? (text){ name, n } :
	    cut_whole(name, NAME_SHOWN);
}

static void
put_pointer(struct buf *b, const struct node *n)
{
	const struct node *above[POINTER_DEPTH];
	size_t depth = 0;

	for (; n != NULL && n->up != NULL && depth < POINTER_DEPTH; n = n->up)
		above[depth++] = n;
	while (depth > 0) {
		n = above[--depth];
		if (n->name != NULL)
			put_segment(b, shown_name(n->name));
		else
			buf_format(b, "/%zu", place_of(n));
	}
}

/* What is too deep to be named is named by where it begins. */
static text
pointer_of(struct arena *a, const struct node *n, const char *name)
{
	struct buf b = buf_new(POINTER_MAX);
	text t;

	put_pointer(&b, n);
	if (name[0] != '\0')
		put_segment(&b, shown_name(name));
	t = b.failed ? T("") : arena_text(a, buf_view(&b));
	buf_free(&b);
	return t;
}

text
asking_pointer(const struct asker *k, const struct node *n)
{
	return pointer_of(k->arena, n, "");
}

result
asking_refuse(struct asker *k, enum refusal_code code,
    const struct node *of, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	result r = refusal_say_args(k->arena, k->no, code,
	    pointer_of(k->arena, of, name), format, args);
	va_end(args);
	return r;
}

/* ---- members ---------------------------------------------------------- */

static bool
among(const char *name, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

static result
refuse_unknown(struct asker *k, const struct node *of, const char *name,
    const char *const *names)
{
	struct buf known = buf_new(DETAIL_MAX);
	result r;

	for (; *names != NULL; names++)
		buf_format(&known, known.n == 0 ? "%s" : ", %s", *names);
	r = asking_refuse(k, REFUSED_UNKNOWN_MEMBER, of, name,
	    "there is no such member, only: %.*s", (int)known.n, known.p);
	buf_free(&known);
	return r;
}

result
asking_only(struct asker *k, const struct node *of,
    const char *const *names)
{
	if (of->kind != NODE_OBJECT)
		return asking_refuse(k, REFUSED_WRONG_TYPE, of, "",
		    "an object is needed");
	for (const struct node *n = of->first; n != NULL; n = n->next) {
		if (!among(n->name, names))
			return refuse_unknown(k, of, n->name, names);
	}
	return OK;
}

/* The member, or NULL where it may be absent and is; "" is `of` itself. */
static result
find(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, const struct node **ret)
{
	const struct node *n = name[0] == '\0' ? of : node_find(of, name);

	if (n == NULL && need == ASKING_MUST)
		return asking_refuse(k, REFUSED_MISSING, of, name,
		    "it is needed");
	*ret = n;
	return OK;
}

static result
find_kind(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, enum node_kind kind, const char *wanted,
    const struct node **ret)
{
	const struct node *n = NULL;

	TRY(find(k, of, name, need, &n));
	if (n != NULL && n->kind != kind)
		return asking_refuse(k, REFUSED_WRONG_TYPE, of, name,
		    "%s is needed", wanted);
	*ret = n;
	return OK;
}

result
asking_text(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, text *ret)
{
	const struct node *n = NULL;

	TRY(find_kind(k, of, name, need, NODE_TEXT, "a string", &n));
	if (n != NULL)
		*ret = n->text;
	return OK;
}

static text
list_words(struct arena *a, const char *const *words)
{
	struct buf b = buf_new(DETAIL_MAX);
	text t;

	for (size_t i = 0; words[i] != NULL; i++)
		buf_format(&b, i == 0 ? "%s" : ", %s", words[i]);
	t = b.failed ? T("…") : arena_text(a, buf_view(&b));
	buf_free(&b);
	return t;
}

result
asking_word(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, const char *const *words, size_t *ret)
{
	text t = { 0 };

	TRY(asking_text(k, of, name, need, &t));
	if (t.p == NULL)
		return OK;
	for (size_t i = 0; words[i] != NULL; i++) {
		if (text_same(t, text_of(words[i]))) {
			*ret = i;
			return OK;
		}
	}

	text all = list_words(k->arena, words);

	return asking_refuse(k, REFUSED_UNKNOWN_VALUE, of, name,
	    "it is one of: %.*s", (int)all.n, all.p);
}

result
asking_flag(struct asker *k, const struct node *of, const char *name,
    bool *ret)
{
	const struct node *n = NULL;

	TRY(find_kind(k, of, name, ASKING_MAY, NODE_BOOL, "true or false",
	    &n));
	if (n != NULL)
		*ret = n->number != 0;
	return OK;
}

result
asking_number(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, struct asking_range range, whole *ret)
{
	const struct node *n = NULL;

	TRY(find_kind(k, of, name, need, NODE_NUMBER, "a whole number", &n));
	if (n == NULL)
		return OK;
	if (n->number < range.min || n->number > range.max)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, of, name,
		    "%lld to %lld", (long long)range.min,
		    (long long)range.max);
	*ret = (whole){ n->number, true };
	return OK;
}

/* ---- days ------------------------------------------------------------- */

result
asking_day_vague(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, day *ret)
{
	text t = { 0 };
	day d;

	TRY(asking_text(k, of, name, need, &t));
	if (t.p == NULL)
		return OK;
	if (day_read(t, &d) && d.precision != ESTIMATED) {
		*ret = d;
		return OK;
	}
	return asking_refuse(k, REFUSED_NOT_A_DATE, of, name,
	    "a day of 1900 to 2200 is needed, YYYY-MM-DD");
}

result
asking_day(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, day *ret)
{
	day d = { 0 };

	TRY(asking_day_vague(k, of, name, need, &d));
	if (!d.known)
		return OK;
	if (d.precision != EXACT)
		return asking_refuse(k, REFUSED_NOT_A_DATE, of, name,
		    "the whole day is needed, not a month or a year");
	*ret = d;
	return OK;
}

static bool
two_digits(const char *p, int max, int *ret)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*ret = (p[0] - '0') * 10 + p[1] - '0';
	return *ret <= max;
}

result
asking_instant(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, instant *ret)
{
	enum { DAY = 10, ALL = 16 };	/* 2026-11-24T09:30 */
	text t = { 0 };
	int hour, minute;
	day d;

	TRY(asking_text(k, of, name, need, &t));
	if (t.p == NULL)
		return OK;
	if (t.n == ALL && day_read((text){ t.p, DAY }, &d) &&
	    d.precision == EXACT && t.p[DAY] == 'T' && t.p[DAY + 3] == ':' &&
	    two_digits(t.p + DAY + 1, 23, &hour) &&
	    two_digits(t.p + DAY + 4, 59, &minute)) {
		*ret = instant_of(d, hour, minute);
		return OK;
	}
	return asking_refuse(k, REFUSED_NOT_A_DATE, of, name,
	    "an hour of Lima is needed, YYYY-MM-DDTHH:MM");
}

/* ---- decimals --------------------------------------------------------- */

/* Digits, a dot, digits; false where it is none or too fine. */
static bool
read_decimal(text t, const struct asking_decimal *form, int64_t *ret)
{
	bool dot = text_has(t, '.');
	text below = t;
	text above = text_cut(&below, '.');
	text digits = above;
	int64_t units, part = 0;

	if (above.n > 0 && above.p[0] == '-')
		digits = (text){ above.p + 1, above.n - 1 };
	/* One way to write a number: no "007", ".5", "1." or "-0". */
	if (digits.n == 0 || (digits.n > 1 && digits.p[0] == '0') ||
	    (dot && (below.n == 0 || form->decimals == 0)) ||
	    below.n > (size_t)form->decimals ||
	    (form->exactly && below.n != (size_t)form->decimals) ||
	    !text_integer(digits, &units))
		return false;
	if (below.n > 0 && (below.p[0] == '-' || !text_integer(below, &part)))
		return false;
	for (size_t i = 0; i < (size_t)form->decimals; i++) {
		if (__builtin_mul_overflow(units, 10, &units) ||
		    (i >= below.n &&
		    __builtin_mul_overflow(part, 10, &part)))
			return false;
	}
	if (__builtin_add_overflow(units, part, &units))
		return false;
	if (digits.n < above.n && units == 0)
		return false;
	*ret = digits.n < above.n ? -units : units;
	return true;
}

/* Well written but beyond all measure is out of range, not of a wrong type. */
static bool
only_too_long(text t)
{
	size_t digits = 0;

	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] >= '0' && t.p[i] <= '9')
			digits++;
		else if (!(i == 0 && t.p[i] == '-'))
			return false;
	}
	return digits > DECIMALS_MAX - 6;
}

result
asking_decimal(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, const struct asking_decimal *form, whole *ret)
{
	text t = { 0 };
	text whole_part;
	int64_t units;

	assert(form->decimals >= 0 && form->decimals <= DECIMALS_MAX);
	TRY(asking_text(k, of, name, need, &t));
	if (t.p == NULL)
		return OK;
	whole_part = t;
	if (!read_decimal(t, form, &units)) {
		if (!only_too_long(text_cut(&whole_part, '.')))
			return asking_refuse(k, REFUSED_WRONG_TYPE, of, name,
			    "a decimal string with %s%d decimals is needed",
			    form->exactly ? "" : "at most ",
			    form->decimals);
		units = INT64_MAX;
	}
	if (units < form->min || units > form->max) {
		text low = decimal_text(k->arena, form->min, form->decimals);
		text high = decimal_text(k->arena, form->max, form->decimals);

		return asking_refuse(k, REFUSED_OUT_OF_RANGE, of, name,
		    "%.*s to %.*s", (int)low.n, low.p, (int)high.n, high.p);
	}
	*ret = (whole){ units, true };
	return OK;
}

result
asking_currency_of(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, struct asking_currency *ret)
{
	static const char *const codes[] = { "PEN", "USD", "EUR", "CLP",
		NULL };
	static const int decimals[] = { 2, 2, 2, 0 };
	size_t at = 0;

	TRY(asking_word(k, of, name, need, codes, &at));
	*ret = (struct asking_currency){ .decimals = decimals[at] };
	memcpy(ret->code, codes[at], strlen(codes[at]));
	return OK;
}

result
asking_currency(struct asker *k, const struct node *of,
    struct asking_currency *ret)
{
	return asking_currency_of(k, of, "currency", ASKING_MAY, ret);
}

text
decimal_text(struct arena *a, int64_t units, int decimals)
{
	bool negative = units < 0;
	uint64_t v = negative ? 0 - (uint64_t)units : (uint64_t)units;
	uint64_t one = 1;

	for (int i = 0; i < decimals; i++)
		one *= 10;
	if (decimals == 0)
		return arena_format(a, "%s%llu", negative ? "-" : "",
		    (unsigned long long)v);
	return arena_format(a, "%s%llu.%0*llu", negative ? "-" : "",
	    (unsigned long long)(v / one), decimals,
	    (unsigned long long)(v % one));
}

/* ---- lists and objects ------------------------------------------------ */

result
asking_list(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, size_t max, const struct node **ret)
{
	const struct node *n = NULL;

	TRY(find_kind(k, of, name, need, NODE_LIST, "a list", &n));
	if (n != NULL && n->n > max)
		return asking_refuse(k, REFUSED_TOO_LARGE, of, name,
		    "at most %zu", max);
	if (n != NULL)
		*ret = n;
	return OK;
}

result
asking_object(struct asker *k, const struct node *of, const char *name,
    enum asking_need need, const struct node **ret)
{
	const struct node *n = NULL;

	TRY(find_kind(k, of, name, need, NODE_OBJECT, "an object", &n));
	if (n != NULL)
		*ret = n;
	return OK;
}

void
step_add(struct node *steps, const char *key, const text *values, size_t n)
{
	struct node *step = node_add_object(steps, NULL);
	struct node *list;

	assert(n <= STEP_VALUES_MAX);
	node_add_word(step, "line", key);
	list = node_add_list(step, "values");
	for (size_t i = 0; i < n; i++)
		node_add_text(list, NULL, values[i]);
}
