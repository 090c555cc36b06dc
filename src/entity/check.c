#include "entity.h"

#include <assert.h>
#include <string.h>

static bool
only(text t, const char *set)
{
	for (size_t i = 0; i < t.n; i++) {
		if (strchr(set, t.p[i]) == NULL)
			return false;
	}
	return true;
}

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* `n` digits from `at` on. */
static bool
digits_at(text t, size_t at, size_t n)
{
	return t.n >= at + n && only((text){ t.p + at, n }, DIGITS);
}

static bool
short_code(text t)
{
	uint32_t bits;

	return code_read(t, &bits);
}

static bool
code16(text t)
{
	return t.n >= 2 && t.n <= 16 && only(t, DIGITS CAPITALS "-");
}

static bool
sha256(text t)
{
	return t.n == 64 && only(t, DIGITS "abcdef");
}

static bool
paper_number(text t)
{
	return t.n >= 1 && t.n <= 20 && only(t, DIGITS);
}

static bool
cci(text t)
{
	return t.n == 20 && only(t, DIGITS);
}

/*
 * RUC, DL 943 and its rules at SUNAT: two digits for the kind of taxpayer (20
 * legal persons, the others natural persons and undivided estates), eight of
 * number, and a check digit by modulus 11: eleven less the remainder, of which
 * 10 is written 0 and 11 is written 1.
 */
static bool
ruc(text t)
{
	static const int weight[10] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	static const char *const kinds[] = { "10", "15", "16", "17", "20" };
	bool known = false;
	int sum = 0;

	if (t.n != 11 || !only(t, DIGITS))
		return false;
	for (size_t i = 0; i < LENGTH(kinds); i++)
		known = known || text_starts(t, text_of(kinds[i]));
	for (size_t i = 0; i < LENGTH(weight); i++)
		sum += weight[i] * (t.p[i] - '0');
	return known && (11 - sum % 11) % 10 == t.p[10] - '0';
}

static bool
month(text t)
{
	return t.n == 7 && digits_at(t, 0, 4) &&
	    !text_starts(t, T("0000")) && t.p[4] == '-' &&
	    digits_at(t, 5, 2) && memcmp(t.p + 5, "01", 2) >= 0 &&
	    memcmp(t.p + 5, "12", 2) <= 0;
}

static bool
quarter(text t)
{
	return t.n == 7 && digits_at(t, 0, 4) &&
	    !text_starts(t, T("0000")) && t.p[4] == '-' && t.p[5] == 'Q' &&
	    t.p[6] >= '1' && t.p[6] <= '4';
}

/* Numbered from 1 in each year. */
static bool
year_number(text t)
{
	return t.n == 11 && digits_at(t, 0, 4) &&
	    !text_starts(t, T("0000")) && t.p[4] == '-' &&
	    digits_at(t, 5, 6) && memcmp(t.p + 5, "000000", 6) != 0;
}

/* Reglamento de comprobantes de pago of SUNAT: F001, E001, or 0001 on paper. */
static bool
series(text t)
{
	return t.n >= 1 && t.n <= 4 && only(t, DIGITS CAPITALS);
}

/* The patterns that entities.md names, each with what to write instead. */
static const struct {
	const char *name;
	bool (*fits)(text t);
	const char *problem;
} patterns[] = {
	{ "short_code", short_code, "problem.pattern.short_code" },
	{ "code16", code16, "problem.pattern.code16" },
	{ "sha256", sha256, "problem.pattern.sha256" },
	{ "document_number", paper_number, "problem.pattern.number" },
	{ "operation_number", paper_number, "problem.pattern.number" },
	{ "cci", cci, "problem.pattern.cci" },
	{ "ruc", ruc, "problem.pattern.ruc" },
	{ "month", month, "problem.pattern.month" },
	{ "round", quarter, "problem.pattern.round" },
	{ "receipt_number", year_number, "problem.pattern.year_number" },
	{ "voucher_number", year_number, "problem.pattern.year_number" },
	{ "series", series, "problem.pattern.series" },
};

static void
check_pattern(const char *pattern, text t, text name,
    struct problems *problems)
{
	size_t i = 0;

	while (i < LENGTH(patterns) && strcmp(patterns[i].name, pattern) != 0)
		i++;
	assert(i < LENGTH(patterns));	/* entities.csv names no other */
	if (!patterns[i].fits(t))
		problem_add(problems, name, patterns[i].problem, NULL, 0);
}

static void
check_text(const struct field *f, text t, text name,
    struct problems *problems)
{
	if (f->most > 0 && text_characters(t) > (size_t)f->most)
		problem_add_bounds(problems, name, "problem.too_long", 0,
		    f->most);
	if (f->pattern != NULL)
		check_pattern(f->pattern, t, name, problems);
}

static void
check_code(const struct field *f, text code, text name,
    const struct codes *codes, struct problems *problems)
{
	if (f->codes != NULL && codes_find(codes, f->codes, code) == NULL)
		problem_add(problems, name, "problem.code", &code, 1);
}

static void
check_field(const struct field *f, const void *row, text name,
    const struct codes *codes, struct problems *problems)
{
	const void *p = (const char *)row + f->at;

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_DIGITS:
		check_text(f, *(const text *)p, name, problems);
		return;
	case KIND_CODE:
		check_code(f, *(const text *)p, name, codes, problems);
		return;
	case KIND_CODES:
		for (size_t i = 0; i < ((const texts *)p)->n; i++)
			check_code(f, ((const texts *)p)->p[i], name, codes,
			    problems);
		return;
	case KIND_INTEGER:
	case KIND_MINUTES:
		if (f->most > f->least && (((const whole *)p)->value < f->least
		    || ((const whole *)p)->value > f->most))
			problem_add_bounds(problems, name,
			    "problem.out_of_range", f->least, f->most);
		return;
	case KIND_DAY:
		if (f->codes == NULL && ((const day *)p)->precision != EXACT)
			problem_add(problems, name, "problem.day_exact", NULL,
			    0);
		return;
	case KIND_BOOLEAN:
	case KIND_INSTANT:
	case KIND_MONEY:
	case KIND_RATE:
	case KIND_ID:
	case KIND_FILE:
		return;
	}
}

void
entity_check(struct arena *a, const struct entity *e, const void *row,
    class_mask mask, const char *prefix, const struct codes *codes,
    struct problems *problems)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];
		text name = arena_format(a, "%s%s", prefix, f->name);

		if ((mask & 1u << f->class) == 0 ||
		    problem_has(problems, name))
			continue;
		if (!field_empty(f, row))
			check_field(f, row, name, codes, problems);
		else if (f->required)
			problem_add(problems, name, "problem.required", NULL,
			    0);
	}
}
