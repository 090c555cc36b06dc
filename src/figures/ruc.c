/* The number of a taxpayer: formulas.md. */
#include "inside.h"

enum { DIGITS = 11, MODULUS = 11 };

static bool digits_only(text t)
{
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	}
	return true;
}

static int check_digit(text ruc)
{
	static const int weights[DIGITS - 1] = { 5, 4, 3, 2, 7, 6, 5, 4, 3,
		2 };
	int sum = 0;

	for (size_t i = 0; i < LENGTH(weights); i++)
		sum += weights[i] * (ruc.p[i] - '0');
	/* 10 stands as 0, 11 as 1. */
	return (MODULUS - sum % MODULUS) % 10;
}

enum figures_ruc figures_ruc_kind(text ruc, int *ret_digit)
{
	if (!digits_only(ruc))
		return RUC_NOT_DIGITS;
	if (ruc.n != DIGITS)
		return RUC_LENGTH;
	if (!text_starts(ruc, T("10")) && !text_starts(ruc, T("15")) &&
	    !text_starts(ruc, T("17")) && !text_starts(ruc, T("20")))
		return RUC_PREFIX;
	*ret_digit = check_digit(ruc);
	if (*ret_digit != ruc.p[DIGITS - 1] - '0')
		return RUC_DIGIT;
	return ruc.p[0] == '2' ? RUC_ENTITY : RUC_PERSON;
}

static text why_wrong(struct arena *a, enum figures_ruc kind, text ruc,
    int digit)
{
	switch (kind) {
	case RUC_NOT_DIGITS:
		return T("digits only");
	case RUC_LENGTH:
		return arena_format(a, "11 digits, not %zu", ruc.n);
	case RUC_PREFIX:
		return arena_format(a, "prefix 10, 15, 17 or 20, not %.2s",
		    ruc.p);
	case RUC_DIGIT:
		return arena_format(a, "check digit %d, not %c", digit,
		    ruc.p[DIGITS - 1]);
	case RUC_PERSON:
	case RUC_ENTITY:
		return T("");
	}
	return T("");
}

result answer_ruc(struct asker *k, const struct node *in, struct node *out)
{
	static const char *const members[] = { "ruc", NULL };
	enum figures_ruc kind;
	text ruc = { 0 };
	bool valid;
	int digit = 0;

	TRY(asking_only(k, in, members));
	TRY(asking_text(k, in, "ruc", ASKING_MUST, &ruc));
	kind = figures_ruc_kind(ruc, &digit);
	valid = kind == RUC_PERSON || kind == RUC_ENTITY;
	node_add_bool(out, "valid", valid);
	if (valid)
		node_add_text(out, "kind", kind == RUC_PERSON ? T("person") :
		    T("entity"));
	else
		node_add_text(out, "why", why_wrong(k->arena, kind, ruc,
		    digit));
	return OK;
}
