#include "entity.h"

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

/* The patterns that entities.md names; a name that is not here is a bug. */
static bool
pattern_fits(const char *pattern, text t)
{
	uint32_t bits;

	if (strcmp(pattern, "short_code") == 0)
		return code_read(t, &bits);
	if (strcmp(pattern, "code16") == 0)
		return t.n >= 2 && t.n <= 16 && only(t, DIGITS CAPITALS "-");
	if (strcmp(pattern, "sha256") == 0)
		return t.n == 64 && only(t, DIGITS "abcdef");
	if (strcmp(pattern, "document_number") == 0 ||
	    strcmp(pattern, "operation_number") == 0)
		return t.n >= 1 && t.n <= 20 && only(t, DIGITS);
	if (strcmp(pattern, "cci") == 0)
		return t.n == 20 && only(t, DIGITS);
	return false;
}

static void
check_text(const struct field *f, text t, text name,
    struct problems *problems)
{
	if (f->most > 0 && text_characters(t) > (size_t)f->most)
		problem_add_bounds(problems, name, "problem.too_long", 0,
		    f->most);
	if (f->pattern != NULL && !pattern_fits(f->pattern, t))
		problem_add(problems, name, "problem.pattern", NULL, 0);
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
