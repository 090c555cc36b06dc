#include "custody.h"

static void
problem(struct problems *problems, const char *field, const char *key)
{
	if (!problem_has(problems, text_of(field)))
		problem_add(problems, text_of(field), key, NULL, 0);
}

/* "La fecha de salida (…) es anterior a la de ingreso (…)." */
static void
end_before_start(struct arena *a, const char *field, day to, day from,
    struct problems *problems)
{
	const text args[] = { day_figures(a, to), day_figures(a, from) };

	if (!to.known || !from.known ||
	    custody_day_latest(to).n >= custody_day_earliest(from).n ||
	    problem_has(problems, text_of(field)))
		return;
	problem_add(problems, text_of(field), "problem.release_before_arrest",
	    args, LENGTH(args));
}

static void
not_ahead(const char *field, day d, day today, struct problems *problems)
{
	if (d.known && custody_day_earliest(d).n > today.n)
		problem(problems, field, "problem.day_ahead");
}

void
detention_decide(struct arena *a, const struct detention *d, day today,
    struct problems *problems)
{
	not_ahead("from_on", d->from_on, today, problems);
	not_ahead("to_on", d->to_on, today, problems);
	not_ahead("other_to_on", d->other_to_on, today, problems);
	end_before_start(a, "to_on", d->to_on, d->from_on, problems);
	end_before_start(a, "other_to_on", d->other_to_on, d->from_on,
	    problems);
	if (d->release_type.n > 0 && !d->to_on.known)
		problem(problems, "to_on", "problem.release_day");
	if (d->transfer_reason.n > 0 &&
	    !text_same(d->release_type, T("transfer")))
		problem(problems, "transfer_reason",
		    "problem.transfer_only");
	if (!d->other_to_on.known) {
		if (d->other_source.n > 0)
			problem(problems, "other_to_on",
			    "problem.other_date");
		return;
	}
	if (!d->to_on.known)
		problem(problems, "to_on", "problem.other_first");
	if (d->other_source.n == 0)
		problem(problems, "other_source", "problem.other_source");
	if (d->source.n == 0)
		problem(problems, "source", "problem.own_source");
	if (day_same(d->other_to_on, d->to_on))
		problem(problems, "other_to_on", "problem.other_date_same");
}

void
detention_fits(struct arena *a, const struct detention *d,
    void *const *others, size_t n, struct problems *problems)
{
	size_t beside = 0;

	for (size_t i = 0; i < n; i++) {
		const struct detention *o = others[i];
		text since;

		if (id_same(o->row.id, d->row.id))
			continue;
		beside++;
		if (d->to_on.known || o->to_on.known ||
		    problem_has(problems, T("to_on")))
			continue;
		since = day_figures(a, o->from_on);
		problem_add(problems, T("to_on"), "problem.custody_open",
		    &since, 1);
	}
	if (beside >= CUSTODY_PERIODS_MAX)
		problem(problems, "from_on", "problem.too_many");
}
