#include "fill.h"

#include <assert.h>
#include <string.h>

uint64_t fill_number(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed >> 11;
}

static size_t below(uint64_t *seed, size_t n)
{
	return (size_t)(fill_number(seed) % n);
}

static void bytes(uint64_t *seed, void *p, size_t n)
{
	uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		b[i] = (uint8_t)fill_number(seed);
}

/* Letters of one to four bytes; spaces and lines only between them. */
static text some_text(struct arena *a, uint64_t *seed, size_t most,
    bool lines)
{
	static const char *const letters[] = { "a", "Q", "7", "ñ", "é", "€",
		"漢", "𝛼" };
	size_t n = 1 + below(seed, most < 60 ? most : 60);
	char *out = arena_take(a, 4 * n);
	size_t at = 0;

	assert(out != NULL);
	for (size_t i = 0; i < n; i++) {
		const char *l = letters[below(seed, LENGTH(letters))];

		if (i > 0 && i + 1 < n && below(seed, 9) == 0)
			l = lines && below(seed, 2) == 0 ? "\n" : " ";
		memcpy(out + at, l, strlen(l));
		at += strlen(l);
	}
	return (text){ out, at };
}

static text some_digits(struct arena *a, uint64_t *seed, size_t n)
{
	char *out = arena_take(a, n);

	assert(out != NULL);
	for (size_t i = 0; i < n; i++)
		out[i] = (char)('0' + below(seed, 10));
	return (text){ out, n };
}

static text some_ruc(struct arena *a, uint64_t *seed)
{
	static const int weight[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
	text t = some_digits(a, seed, 11);
	char *p = arena_take(a, t.n);
	int sum = 0;

	assert(p != NULL);
	memcpy(p, t.p, 11);
	memcpy(p, "20", 2);
	for (size_t i = 0; i < 10; i++)
		sum += weight[i] * (p[i] - '0');
	p[10] = (char)('0' + (11 - sum % 11) % 10);
	return (text){ p, 11 };
}

/* What fits the patterns of entities.md. */
static text patterned(struct arena *a, uint64_t *seed, const char *pattern)
{
	if (strcmp(pattern, "short_code") == 0) {
		id i;

		bytes(seed, i.b, sizeof(i.b));
		return arena_format(a, "%s", code_of(i).s);
	}
	if (strcmp(pattern, "ruc") == 0)
		return some_ruc(a, seed);
	if (strcmp(pattern, "month") == 0)
		return arena_format(a, "20%02d-%02d", (int)below(seed, 100),
		    1 + (int)below(seed, 12));
	if (strcmp(pattern, "round") == 0)
		return arena_format(a, "20%02d-Q%d", (int)below(seed, 100),
		    1 + (int)below(seed, 4));
	if (strcmp(pattern, "receipt_number") == 0 ||
	    strcmp(pattern, "voucher_number") == 0)
		return arena_format(a, "20%02d-%06d", (int)below(seed, 100),
		    1 + (int)below(seed, 999999));
	if (strcmp(pattern, "series") == 0)
		return some_digits(a, seed, 4);
	return some_digits(a, seed, strcmp(pattern, "sha256") == 0 ? 64 :
	    strcmp(pattern, "cci") == 0 ? 20 : 11);
}

static text some_code(const struct codes *codes, uint64_t *seed,
    const char *list)
{
	size_t n;
	const struct code *c = codes_list(codes, list, &n);

	assert(c != NULL);
	return c[below(seed, n)].code;
}

static texts some_codes(struct arena *a, const struct codes *codes,
    uint64_t *seed, const char *list)
{
	size_t n;
	const struct code *c = codes_list(codes, list, &n);
	text *out;
	size_t kept = 0;
	size_t most = n < 5 ? n : 5;

	assert(c != NULL);
	out = arena_array(a, most, sizeof(*out));
	assert(out != NULL);
	for (size_t i = 0; i < n && kept < most; i++) {
		if (below(seed, 3) == 0 || (i + 1 == n && kept == 0))
			out[kept++] = c[i].code;
	}
	return (texts){ out, kept };
}

static day some_day(uint64_t *seed, bool imprecise)
{
	day d = day_of(1900 + (int)below(seed, 300), 1 + (int)below(seed, 12),
	    1 + (int)below(seed, 28));
	ymd at = day_ymd(d);
	uint8_t precision = imprecise ? (uint8_t)below(seed, 4) : EXACT;

	/* As they are read: the first day of what is known. */
	if (precision == MONTH)
		d = day_of(at.year, at.month, 1);
	else if (precision != EXACT)
		d = day_of(at.year, 1, 1);
	d.precision = precision;
	return d;
}

static int64_t within(uint64_t *seed, const struct field *f)
{
	if (f->most <= f->least)
		return (int64_t)fill_number(seed) - (INT64_C(1) << 50);
	return f->least + (int64_t)(fill_number(seed) %
	    (uint64_t)(f->most - f->least + 1));
}

static file_ref some_file(struct arena *a, uint64_t *seed)
{
	file_ref r = { .length = fill_number(seed), .known = true };

	bytes(seed, r.key, sizeof(r.key));
	bytes(seed, r.sealed_sha256, sizeof(r.sealed_sha256));
	bytes(seed, r.original_sha256, sizeof(r.original_sha256));
	r.type = T("application/pdf");
	r.name = some_text(a, seed, 40, false);
	return r;
}

void fill_field(struct arena *a, const struct codes *codes, uint64_t *seed,
    const struct field *f, void *row)
{
	void *p = (char *)row + f->at;
	size_t most = f->most > 0 ? (size_t)f->most : 60;

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_DIGITS:
		*(text *)p = f->pattern != NULL ?
		    patterned(a, seed, f->pattern) :
		    f->kind == KIND_DIGITS ? some_digits(a, seed, 8) :
		    some_text(a, seed, most, f->kind == KIND_MULTILINE);
		return;
	case KIND_CODE:
		*(text *)p = some_code(codes, seed, f->codes);
		return;
	case KIND_CODES:
		*(texts *)p = some_codes(a, codes, seed, f->codes);
		return;
	case KIND_INTEGER:
	case KIND_MINUTES:
		*(whole *)p = (whole){ within(seed, f), true };
		return;
	case KIND_BOOLEAN:
		*(yesno *)p = (yesno){ below(seed, 2) == 1, true };
		return;
	case KIND_DAY:
		*(day *)p = some_day(seed, f->codes != NULL);
		return;
	case KIND_INSTANT:
		*(instant *)p = (instant){
			(int64_t)below(seed, 4000000000u) * 1000, true };
		return;
	case KIND_MONEY:
		*(money *)p = (money){
			(int64_t)(fill_number(seed) % 1000000000000u), "PEN" };
		return;
	case KIND_RATE:
		*(rate *)p = (rate){ (int64_t)(fill_number(seed) % 1000000u),
			(uint8_t)below(seed, 11), true };
		return;
	case KIND_ID:
		bytes(seed, p, sizeof(id));
		return;
	case KIND_FILE:
		*(file_ref *)p = some_file(a, seed);
		return;
	}
}

void fill_row(struct arena *a, const struct codes *codes, uint64_t *seed,
    const struct entity *e, class_mask mask, unsigned int leave, void *row)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];

		if ((mask & 1u << f->class) != 0 &&
		    below(seed, 10) >= leave)
			fill_field(a, codes, seed, f, row);
	}
}
