#include "legal_inside.h"

static const char whole_row[] = "";	/* no prefix */

void
proceeding_decide(struct arena *a, const struct proceeding *p,
    const char *prefix, day today, struct problems *problems)
{
	if (legal_ahead(p->started_on, today))
		legal_problem(a, problems, prefix, "started_on",
		    "problem.day_ahead");
	if (legal_ahead(p->ended_on, today))
		legal_problem(a, problems, prefix, "ended_on",
		    "problem.day_ahead");
	if (legal_before(p->ended_on, p->started_on))
		legal_problem_days(a, problems, prefix, "ended_on",
		    "problem.to_before_from", p->ended_on, p->started_on);
	if (!id_none(p->origin_id.raw) &&
	    id_same(p->origin_id.raw, p->row.id))
		legal_problem(a, problems, prefix, "origin_id",
		    "problem.origin_itself");
}

static day
day_of_instant(instant t)
{
	return t.known ? instant_day(t) : (day){ 0 };
}

/* What happens to an act happens after it was made, and not tomorrow. */
static void
decide_order(struct arena *a, const struct act *act, day today,
    struct problems *problems)
{
	const struct { const char *field; day on; bool may_lie_ahead; }
	    after[] = {
		{ "deposited_at", day_of_instant(act->deposited_at), false },
		{ "read_on", act->read_on, false },
		{ "served_at", day_of_instant(act->served_at), false },
		/* The electronic box: two open days after the deposit. */
		{ "deemed_served_on", act->deemed_served_on, true },
		{ "copy_received_on", act->copy_received_on, false },
	};

	if (legal_ahead(act->issued_on, today))
		legal_problem(a, problems, whole_row, "issued_on",
		    "problem.day_ahead");
	for (size_t i = 0; i < LENGTH(after); i++) {
		if (!after[i].may_lie_ahead &&
		    legal_ahead(after[i].on, today))
			legal_problem(a, problems, whole_row,
			    after[i].field, "problem.day_ahead");
		if (legal_before(after[i].on, act->issued_on))
			legal_problem_days(a, problems, whole_row,
			    after[i].field, "problem.before_issued",
			    after[i].on, act->issued_on);
	}
}

static void
decide_service(struct arena *a, const struct act *act,
    struct problems *problems)
{
	day served = day_of_instant(act->served_at);
	day deposited = day_of_instant(act->deposited_at);
	bool said = served.known || act->deemed_served_on.known;

	if (said && act->served_by.n == 0)
		legal_problem(a, problems, whole_row, "served_by",
		    "problem.served_how");
	if (!said && act->served_by.n > 0 && !deposited.known &&
	    !act->read_on.known)
		legal_problem(a, problems, whole_row, "deemed_served_on",
		    "problem.served_when");
	if (deposited.known && act->served_by.n > 0 &&
	    !text_same(act->served_by, T("electronic")))
		legal_problem(a, problems, whole_row, "served_by",
		    "problem.deposit_electronic");
	if (legal_before(act->deemed_served_on, served))
		legal_problem_days(a, problems, whole_row,
		    "deemed_served_on", "problem.deemed_before",
		    act->deemed_served_on, served);
	if (legal_before(act->deemed_served_on, deposited))
		legal_problem_days(a, problems, whole_row,
		    "deemed_served_on", "problem.deemed_before",
		    act->deemed_served_on, deposited);
}

/* The day of the row that the other day stands against. */
static day
contested(const struct act *act)
{
	text which = act->other_date_of;

	if (text_same(which, T("issued")))
		return act->issued_on;
	if (text_same(which, T("read")))
		return act->read_on;
	if (text_same(which, T("served")))
		return day_of_instant(act->served_at);
	if (text_same(which, T("deemed_served")))
		return act->deemed_served_on;
	if (text_same(which, T("copy_received")))
		return act->copy_received_on;
	return (day){ 0 };
}

/* Two days in conflict are both kept, each with where it is from. */
static void
decide_sources(struct arena *a, const struct act *act,
    struct problems *problems)
{
	if (!act->other_date.known) {
		if (act->other_date_of.n > 0 || act->other_source.n > 0)
			legal_problem(a, problems, whole_row, "other_date",
			    "problem.other_date");
		return;
	}
	if (act->other_date_of.n == 0)
		legal_problem(a, problems, whole_row, "other_date_of",
		    "problem.other_date_of");
	if (act->other_source.n == 0)
		legal_problem(a, problems, whole_row, "other_source",
		    "problem.other_source");
	if (act->source.n == 0)
		legal_problem(a, problems, whole_row, "source",
		    "problem.own_source");
	if (day_same(act->other_date, contested(act)))
		legal_problem(a, problems, whole_row, "other_date",
		    "problem.other_date_same");
}

void
act_decide(struct arena *a, const struct act *act, day today,
    struct problems *problems)
{
	bool extends = text_same(act->kind, T("detention_extension"));

	decide_order(a, act, today, problems);
	decide_service(a, act, problems);
	decide_sources(a, act, problems);
	if (extends && !act->extends_months.known)
		legal_problem(a, problems, whole_row, "extends_months",
		    "problem.extends_missing");
	if (!extends && act->extends_months.known)
		legal_problem(a, problems, whole_row, "extends_months",
		    "problem.extends_only");
}

day
act_day(const struct act *act)
{
	const day in_order[] = { act->issued_on, act->read_on,
		day_of_instant(act->deposited_at),
		day_of_instant(act->served_at), act->deemed_served_on,
		act->copy_received_on };

	for (size_t i = 0; i < LENGTH(in_order); i++) {
		if (in_order[i].known)
			return in_order[i];
	}
	return (day){ 0 };
}

struct deadline_start
deadline_start_of(const struct act *act)
{
	struct deadline_start s = { .served_by = act->served_by };
	day served = day_of_instant(act->served_at);
	bool electronic = text_same(act->served_by, T("electronic"));

	if (electronic && act->deposited_at.known) {
		s.on = instant_day(act->deposited_at);
		s.at = act->deposited_at;
		return s;
	}
	/* Deemed served is the end of the box's own count: not again. */
	if (electronic)
		s.served_by = T("cedula");
	s.on = act->deemed_served_on.known ? act->deemed_served_on :
	    served.known ? served :
	    act->read_on.known ? act->read_on : act->issued_on;
	if (served.known && day_same(s.on, served))
		s.at = act->served_at;
	return s;
}
