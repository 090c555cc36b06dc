#include "legal_inside.h"

void
legal_problem(struct arena *a, struct problems *problems, const char *prefix,
    const char *field, const char *key)
{
	text name = arena_format(a, "%s%s", prefix, field);

	if (name.p != NULL && !problem_has(problems, name))
		problem_add(problems, name, key, NULL, 0);
}

void
legal_problem_days(struct arena *a, struct problems *problems,
    const char *prefix, const char *field, const char *key, day wrong,
    day other)
{
	text name = arena_format(a, "%s%s", prefix, field);
	const text args[] = { day_figures(a, wrong), day_figures(a, other) };

	if (name.p != NULL && !problem_has(problems, name))
		problem_add(problems, name, key, args, LENGTH(args));
}

bool
legal_before(day d, day than)
{
	return d.known && than.known &&
	    custody_day_latest(d).n < custody_day_earliest(than).n;
}

bool
legal_ahead(day d, day today)
{
	return d.known && custody_day_earliest(d).n > today.n;
}
