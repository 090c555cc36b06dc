#include "legal_inside.h"

#include <string.h>

/* Which letter of rules.csv holds the terms of a procedural law. */
static const struct { const char *regime; char letters[3]; } families[] = {
	{ "cdpp1940", "R" },
	{ "ncpp", "N" },
	{ "constitutional", "CI" },
	{ "inter_american", "I" },
	{ "universal", "I" },
	{ "execution", "P" },
	{ "administrative", "A" },
	{ "civil", "V" },
};

/* What an act usually starts. */
static const struct usual { const char *kind, *result, *rule; } usual[] = {
	{ "constitutional_decision", "denied", "C06" },
	{ "constitutional_decision", "inadmissible", "C06" },
	{ "constitutional_decision", "partly", "C06" },
};

static bool
fits(const struct law_rule *r, const struct proceeding *p)
{
	if (p->regime.n == 0)
		return true;
	for (size_t i = 0; i < LENGTH(families); i++) {
		if (text_same(p->regime, text_of(families[i].regime)))
			return strchr(families[i].letters, r->rule.p[0]) !=
			    NULL;
	}
	return true;	/* of a law without rules of its own, any */
}

static bool
is_usual(const struct law_rule *r, const struct act *act)
{
	for (size_t i = 0; i < LENGTH(usual); i++) {
		if (text_same(r->rule, text_of(usual[i].rule)) &&
		    text_same(act->kind, text_of(usual[i].kind)) &&
		    text_same(act->result, text_of(usual[i].result)))
			return true;
	}
	return false;
}

/* Ours, the answer and not a reading of it, and counted from the act. */
static bool
may_start(const struct law_rule *r)
{
	return r->nature == LAW_PARTY && r->reading.n == 0 &&
	    r->count != LAW_NEVER && text_same(r->from, T("trigger"));
}

static result
try_rule(const struct law *law, struct arena *a, const struct law_rule *r,
    const struct act *act, const struct proceeding *p,
    struct deadline_proposal *ret, bool *ret_counted)
{
	struct deadline_start start = deadline_start_of(act);
	struct deadline_question q = { .rule = r->rule,
		.variant = r->variant, .step = r->step, .trigger = start.on };
	struct refusal no = { 0 };
	result got;

	if (start.served_by.n > 0 &&
	    !law_served_by_read(start.served_by, &q.served_by))
		q.served_by = LAW_CEDULA;
	if (r->count == LAW_HRS)
		q.trigger_at = start.at;
	if (law_area_known(law, p->district))
		q.extra.district = p->district;
	got = law_deadline(law, a, &q, &ret->answer, &no);
	/* Not in force then, or an hour is missing: no proposal. */
	*ret_counted = is_ok(got);
	return got.code == E_INVALID ? OK : got;
}

result
deadline_proposals(const struct law *law, struct arena *a,
    const struct act *act, const struct proceeding *p,
    struct deadline_proposal **ret, size_t *ret_n)
{
	struct deadline_proposal *list;
	size_t rows = 0;
	size_t n = 0;

	while (law_rule_at(law, rows) != NULL)
		rows++;
	list = arena_array(a, rows, sizeof(*list));
	NEED(list);
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < rows; i++) {
			const struct law_rule *r = law_rule_at(law, i);
			bool first = is_usual(r, act);
			bool counted;

			if (!may_start(r) || first != (turn == 0) ||
			    (!first && !fits(r, p)))
				continue;
			TRY(try_rule(law, a, r, act, p, &list[n], &counted));
			if (!counted)
				continue;
			list[n].rule = r;
			list[n++].usual = first;
		}
	}
	*ret = list;
	*ret_n = n;
	return OK;
}
