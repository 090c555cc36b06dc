#include "legal_inside.h"

#include "names.h"

#include <string.h>

enum { WORD_LEAST = 3 };	/* shorter ones are no name alone */

static const char whole_row[] = "";	/* no prefix */

void
matter_decide(struct arena *a, const struct matter *m, day today,
    size_t terms_under_way, struct problems *problems)
{
	bool closed = m->closed_on.known;

	if (legal_ahead(m->opened_on, today))
		legal_problem(a, problems, whole_row, "opened_on",
		    "problem.day_ahead");
	if (legal_ahead(m->closed_on, today))
		legal_problem(a, problems, whole_row, "closed_on",
		    "problem.day_ahead");
	if (legal_before(m->closed_on, m->opened_on))
		legal_problem_days(a, problems, whole_row, "closed_on",
		    "problem.closed_before_opened", m->closed_on,
		    m->opened_on);
	if (closed && m->outcome.n == 0)
		legal_problem(a, problems, whole_row, "outcome",
		    "problem.closed_outcome");
	if (!closed && m->outcome.n > 0)
		legal_problem(a, problems, whole_row, "closed_on",
		    "problem.outcome_closed");
	if (closed && terms_under_way > 0)
		legal_problem(a, problems, whole_row, "closed_on",
		    "problem.closed_terms");
	if (!id_none(m->deputy.raw) &&
	    id_same(m->deputy.raw, m->responsible.raw))
		legal_problem(a, problems, whole_row, "deputy",
		    "problem.deputy_same");
}

/* Characters, not bytes: the folded ñ is two of these. */
static size_t
letters(text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	return n;
}

static bool
shares_word(struct name_tokens title, struct name_tokens name)
{
	for (size_t i = 0; i < title.n; i++) {
		for (size_t k = 0; k < name.n; k++) {
			text word = name.p[k].folded;

			if (letters(word) >= WORD_LEAST &&
			    text_same(title.p[i].folded, word))
				return true;
		}
	}
	return false;
}

result
matter_title_names(struct arena *a, text title, const text *names, size_t n,
    bool *ret)
{
	struct name_tokens in_title;
	bool found = false;

	TRY(names_tokens(a, title, &in_title));
	for (size_t i = 0; i < n && !found; i++) {
		struct name_tokens in_name;

		TRY(names_tokens(a, names[i], &in_name));
		found = shares_word(in_title, in_name);
	}
	*ret = found;
	return OK;
}

text
matter_usual_role(text type)
{
	static const struct { const char *type, *role; } usual[] = {
		{ "trial", "accused" },
		{ "retrial", "accused" },
		{ "execution", "convicted" },
		{ "review", "convicted" },
		{ "rehabilitation", "convicted" },
		{ "habeas_corpus", "beneficiary" },
		{ "complaint", "victim" },
		{ "ruv", "victim" },
	};

	for (size_t i = 0; i < LENGTH(usual); i++) {
		if (text_same(type, text_of(usual[i].type)))
			return text_of(usual[i].role);
	}
	return T("applicant");
}

text
party_usual_side(text role)
{
	static const struct { const char *role, *side; } usual[] = {
		{ "co_accused", "other_defence" },
		{ "prosecutor", "prosecution" },
		{ "state_counsel", "state" },
		{ "respondent", "state" },
		{ "civil_party", "victim" },
		{ "victim", "victim" },
		{ "witness", "neutral" },
		{ "protected_witness", "neutral" },
		{ "expert", "neutral" },
		{ "relative", "neutral" },
	};

	for (size_t i = 0; i < LENGTH(usual); i++) {
		if (text_same(role, text_of(usual[i].role)))
			return text_of(usual[i].side);
	}
	return T("other_defence");
}
