/* Rows of invented people: the same for the seed's and for the told. */
#include "demo.h"

#include "legal.h"

#include <string.h>

uint64_t
demo_draw(struct demo *d, uint64_t n)
{
	uint64_t z = (d->random += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % n;
}

result
demo_flush(struct demo *d)
{
	const struct leaf_facts leaf = { .event = EVENT_DEMO_MADE };

	if (d->op.touched_n > 0)
		TRY(facts_commit(&d->op, &leaf));
	op_abort(&d->op);
	arena_reset(d->batch);
	d->op = (struct op){ .office = d->office, .arena = d->batch,
		.now = d->now, .today = d->today, .lang = LANG_ES };
	d->in_batch = 0;
	return OK;
}

result
demo_insert(struct demo *d, const struct reach *reach,
    const struct entity *e, void *row)
{
	return facts_insert(&d->op, reach, e, row);
}

result
demo_begin_person(struct demo *d, const struct demo_person *in,
    const struct reach **ret, person_id *ret_id)
{
	enum { ROWS_OF_ONE_MAX = 60 };
	struct person p = { .known_as = in->known_as,
		.sex = text_of(in->sex), .language = text_of(in->language),
		.department = text_of(in->department),
		.birth_date = in->birth,
		.needs_interpreter = { in->interpreter, true },
		.responsible = d->user[in->lead],
		.intake_on = day_plus(d->today,
		    -(int32_t)demo_draw(d, 900)) };
	struct person_name name = { .kind = T("legal"), .given = in->given,
		.first_surname = in->first, .second_surname = in->second,
		.shown = { true, true } };

	if (d->op.touched_n + ROWS_OF_ONE_MAX > TOUCHED_MAX)
		TRY(demo_flush(d));
	d->op.user = d->user[in->lead];
	TRY(facts_insert(&d->op, guard_whole_office(&d->op), &entity_person,
	    &p));
	ret_id->raw = p.row.id;
	TRY(guard_make_lead(&d->op, OBJECT_PERSON, p.row.id));
	TRY(guard_reach_made(&d->op, OBJECT_PERSON, p.row.id, ret));
	name.person_id = *ret_id;
	return demo_insert(d, *ret, &entity_person_name, &name);
}

static result
add_term(struct demo *d, const struct reach *reach, matter_id matter,
    proceeding_id proceeding, day served, enum demo_user deputy)
{
	struct problems problems = { .n = 0 };
	struct act act = { .proceeding_id = proceeding,
		.kind = T("constitutional_decision"), .result = T("denied"),
		.issued_on = day_plus(served, -6), .served_by = T("cedula"),
		.served_at = instant_of(served, 10, 30),
		.deemed_served_on = served,
		.summary = T("Se declara infundada la demanda.") };
	struct deadline term = { .matter_id = matter,
		.responsible = d->op.user, .deputy = d->user[deputy],
		.confirmed_by = d->op.user };
	struct deadline_ask ask = { .rule = T("C06") };

	TRY(demo_insert(d, reach, &entity_act, &act));
	ask.start = deadline_start_of(&act);
	term.act_id.raw = act.row.id;
	TRY(deadline_count(d->office->law, d->op.arena, &ask, &term, NULL,
	    &problems));
	return demo_insert(d, reach, &entity_deadline, &term);
}

result
demo_add_matter(struct demo *d, person_id person, const char *type,
    const char *title, const char *forum, const char *regime, day served)
{
	const struct reach *reach;
	enum demo_user lead = demo_draw(d, 2) == 0 ? LUCIA : BENITO;
	struct matter m = { .type = text_of(type), .title = text_of(title),
		.opened_on = day_plus(served, -40),
		.responsible = d->user[lead],
		.deputy = d->user[lead == LUCIA ? BENITO : LUCIA] };
	struct party party = { .person_id = person,
		.role = matter_usual_role(text_of(type)),
		.side = T("ours"), .represented = { true, true },
		.conflict_verdict = T("clear"),
		.conflict_checked_at = d->now };
	struct proceeding proceeding = { .forum = text_of(forum),
		.regime = text_of(regime), .body = T("constitutional_court"),
		.district = T("lima") };

	d->op.user = d->user[lead];
	TRY(facts_insert(&d->op, guard_whole_office(&d->op), &entity_matter,
	    &m));
	TRY(guard_make_lead(&d->op, OBJECT_MATTER, m.row.id));
	TRY(guard_reach_made(&d->op, OBJECT_MATTER, m.row.id, &reach));
	party.matter_id.raw = m.row.id;
	TRY(demo_insert(d, reach, &entity_party, &party));
	proceeding.matter_id.raw = m.row.id;
	proceeding.number = arena_format(d->op.arena,
	    "%05llu-%d-0-1801-JR-DC-%02llu",
	    (unsigned long long)demo_draw(d, 90000) + 1000,
	    day_ymd(d->today).year,
	    (unsigned long long)demo_draw(d, 11) + 1);
	TRY(demo_insert(d, reach, &entity_proceeding, &proceeding));
	return add_term(d, reach, party.matter_id,
	    (proceeding_id){ proceeding.row.id }, served,
	    lead == LUCIA ? BENITO : LUCIA);
}
