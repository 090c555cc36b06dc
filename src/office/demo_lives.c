/* The five lives of the demonstration office, and its nine users. */
#include "demo.h"

#include <string.h>

result
demo_add_users(struct demo *d)
{
	static const struct { const char *sign_in, *name, *role; } users[] = {
		[DORA] = { "dora", "Dora Salas", "director" },
		[LUCIA] = { "lucia", "Lucía Vega", "lawyer" },
		[BENITO] = { "benito", "Benito Ramos", "lawyer" },
		[SARA] = { "sara", "Sara Quiroz", "social_worker" },
		[MARTA] = { "marta", "Marta Inga", "mentor" },
		[NILO] = { "nilo", "Nilo Paredes", "treasurer" },
		[RITA] = { "rita", "Rita Campos", "reception" },
		[TITO] = { "tito", "Tito Luna", "technician" },
		[VERA] = { "vera", "Vera Solís", NULL },
	};
	const struct reach *all = guard_whole_office(&d->op);

	for (size_t i = 0; i < LENGTH(users); i++) {
		text role = users[i].role == NULL ? T("") :
		    text_of(users[i].role);
		struct user u = { .sign_in_name = text_of(users[i].sign_in),
			.name = text_of(users[i].name), .state = T("active"),
			.language = T("es"),
			.roles = { &role, role.n == 0 ? 0 : 1 },
			.guardian = { i == DORA, true } };

		if (i == VERA)
			u.ends_on = day_plus(d->today, 30);
		TRY(facts_insert(&d->op, all, &entity_user, &u));
		d->user[i].raw = u.row.id;
	}
	return demo_flush(d);
}

/* ---- the five lives --------------------------------------------------- */

static day
on(int year, int month, int date)
{
	return day_of(year, month, date);
}

static day
about(int year)
{
	day d = day_of(year, 1, 1);

	d.precision = ESTIMATED;
	return d;
}

static result
hold(struct demo *d, const struct reach *reach, person_id person,
    const char *kind, day from, day to, const char *prison,
    const char *place, const char *ended)
{
	struct detention h = { .person_id = person, .kind = text_of(kind),
		.from_on = from, .to_on = to, .credited = { true, true },
		.prison = text_of(prison), .place = text_of(place),
		.release_type = text_of(ended),
		.source = T("Certificado de reclusión") };

	return demo_insert(d, reach, &entity_detention, &h);
}

static result
agree(struct demo *d, const struct reach *reach, person_id person,
    const char *purpose, const char *how)
{
	struct consent c = { .person_id = person,
		.purpose = text_of(purpose), .state = T("given"),
		.how = text_of(how), .given_on = day_plus(d->today, -20),
		.language = T("es"), .witness = T("Rita Campos") };

	return demo_insert(d, reach, &entity_consent, &c);
}

static result
relate(struct demo *d, const struct reach *reach, person_id person,
    const char *kind, const char *name, const char *given,
    const char *mandate, const text *topics, size_t topics_n,
    struct relation *ret)
{
	*ret = (struct relation){ .person_id = person,
		.kind = text_of(kind), .name = text_of(name),
		.given = text_of(given), .mandate = text_of(mandate),
		.topics = { topics, topics_n } };
	return demo_insert(d, reach, &entity_relation, ret);
}

static result
reached(struct demo *d, const struct reach *reach, person_id person,
    const char *value, const char *say, const char *not_after)
{
	static const text when[] = { { "morning", 7 }, { "afternoon", 9 } };
	struct contact_point p = { .person_id = person, .kind = T("mobile"),
		.value = text_of(value), .may_say = text_of(say),
		.when = { when, LENGTH(when) },
		.not_after = text_of(not_after), .preferred = { true, true }
	};

	return demo_insert(d, reach, &entity_contact_point, &p);
}

static result
justo(struct demo *d)
{
	const struct demo_person p = { .given = T("Justo"),
		.first = T("Palomino"), .second = T("Curi"), .sex = "m",
		.language = "es", .department = "05",
		.birth = on(1961, 8, 6), .lead = SARA };
	const struct reach *reach;
	struct relation daughter;
	person_id person;

	TRY(demo_begin_person(d, &p, &reach, &person));
	TRY(relate(d, reach, person, "child", "Elena Palomino Rojas",
	    "Elena", "yes", NULL, 0, &daughter));
	TRY(reached(d, reach, person, "966000411", "anything", ""));
	TRY(agree(d, reach, person, "keep_data", "signature"));
	TRY(agree(d, reach, person, "defence", "signature"));
	return hold(d, reach, person, "prison", on(1993, 3, 9),
	    on(2005, 10, 1), "yanamayo", "", "acquittal");
}

static result
adelmo(struct demo *d)
{
	const struct demo_person p = { .given = T("Adelmo"),
		.first = T("Huarancca"), .second = T("Yupanqui"),
		.sex = "m", .language = "quy", .department = "15",
		.birth = on(1972, 2, 17), .lead = SARA, .interpreter = true };
	const struct reach *reach;
	struct relation wife;
	person_id person;

	TRY(demo_begin_person(d, &p, &reach, &person));
	TRY(relate(d, reach, person, "spouse", "Norma Ccente Díaz", "Norma",
	    "yes", NULL, 0, &wife));
	TRY(reached(d, reach, person, "955000120", "office_called", "20:00"));
	TRY(agree(d, reach, person, "keep_data", "signature"));
	TRY(agree(d, reach, person, "defence", "signature"));
	TRY(hold(d, reach, person, "prison", on(2001, 8, 13), (day){ 0 },
	    "ancon_2", "", ""));
	return demo_add_matter(d, person, "habeas_corpus",
	    "Hábeas corpus por exceso de carcelería", "constitutional",
	    "constitutional", day_plus(d->today, 0));
}

static result
eusebio_calls(struct demo *d, const struct reach *reach, person_id person,
    const struct relation *sister)
{
	struct contact_log call = { .person_id = person,
		.at = instant_of(d->today, 8, 40), .direction = T("in"),
		.channel = T("phone"), .caller = T("relative"),
		.caller_name = sister->name,
		.relation_id = { sister->row.id },
		.mandate = T("topics"), .topics = sister->topics,
		.taken_by = d->user[RITA],
		.call_back_at = instant_of(day_plus(d->today, 1), 10, 0),
		.call_back_by = d->user[SARA], .call_back_state = T("open"),
		.said = T("Sale recién, necesita papeles y dónde dormir.") };

	return demo_insert(d, reach, &entity_contact_log, &call);
}

static result
eusebio(struct demo *d)
{
	static const text topics[] = { { "appointments", 12 } };
	const struct demo_person p = { .given = T("Eusebio"),
		.first = T("Ccahuana"), .second = T("Ticlla"), .sex = "m",
		.language = "quy", .department = "15", .birth = about(1970),
		.lead = SARA, .interpreter = true };
	const struct reach *reach;
	struct relation sister;
	person_id person;
	struct person_name court = { .kind = T("court_spelling"),
		.given = T("Eusevio"), .first_surname = T("Qawana"),
		.second_surname = T("Tiklla"),
		.source = T("Sentencia de 1997") };

	TRY(demo_begin_person(d, &p, &reach, &person));
	court.person_id = person;
	TRY(demo_insert(d, reach, &entity_person_name, &court));
	TRY(relate(d, reach, person, "sibling", "Felícitas Ccahuana Ticlla",
	    "Felícitas", "topics", topics, 1, &sister));
	TRY(reached(d, reach, person, "999000001", "call_us", "18:00"));
	TRY(agree(d, reach, person, "keep_data", "mark_witness"));
	TRY(agree(d, reach, person, "defence", "mark_witness"));
	TRY(eusebio_calls(d, reach, person, &sister));
	TRY(hold(d, reach, person, "police", on(1996, 10, 22),
	    on(1996, 11, 6), "", "Comisaría de La Victoria", "transfer"));
	TRY(hold(d, reach, person, "prison", on(1996, 11, 6),
	    on(2012, 12, 31), "yanamayo", "", "transfer"));
	TRY(hold(d, reach, person, "prison", on(2013, 1, 1),
	    on(2026, 10, 23), "ancon_2", "", "term_served"));
	return demo_add_matter(d, person, "habeas_corpus",
	    "Hábeas corpus de 2026", "constitutional", "constitutional",
	    d->today);
}

static result
paulina(struct demo *d)
{
	const struct demo_person p = { .given = T("Paulina"),
		.first = T("Sulca"), .second = T("Ccoyllo"), .sex = "f",
		.language = "quy", .department = "05", .birth = about(1949),
		.lead = SARA, .interpreter = true };
	const struct reach *reach;
	struct relation husband;
	struct relation son;
	person_id person;

	TRY(demo_begin_person(d, &p, &reach, &person));
	TRY(relate(d, reach, person, "spouse", "Marcelino Huamán Taype",
	    "Marcelino", "no", NULL, 0, &husband));
	TRY(relate(d, reach, person, "child", "Rubén Huamán Sulca", "Rubén",
	    "yes", NULL, 0, &son));
	TRY(reached(d, reach, person, "944000777", "anything", "19:00"));
	return agree(d, reach, person, "keep_data", "mark_witness");
}

static result
maximo(struct demo *d)
{
	const struct demo_person p = { .given = T("Máximo"),
		.first = T("Ccopa"), .second = T("Apaza"), .sex = "m",
		.language = "ayr", .department = "23",
		.birth = on(1955, 5, 2), .lead = SARA };
	const struct reach *reach;
	struct relation sister;
	person_id person;

	TRY(demo_begin_person(d, &p, &reach, &person));
	TRY(relate(d, reach, person, "sibling", "Zenobia Ccopa Apaza",
	    "Zenobia", "yes", NULL, 0, &sister));
	TRY(reached(d, reach, person, "951000310", "office_called", ""));
	TRY(agree(d, reach, person, "keep_data", "signature"));
	TRY(hold(d, reach, person, "prison", on(1992, 6, 12), (day){ 0 },
	    "challapalca", "", ""));
	return demo_add_matter(d, person, "review",
	    "Revisión de cadena perpetua", "national", "ncpp",
	    day_plus(d->today, -3));
}

/* Vera interprets for one person, for thirty days. */
static result
guest_grant(struct demo *d)
{
	static const text parts[] = { { "identity", 8 }, { "case", 4 } };
	const struct demo_person p = { .given = T("Basilia"),
		.first = T("Chávez"), .second = T("Núñez"), .sex = "f",
		.language = "quz", .department = "08",
		.birth = on(1966, 11, 30), .lead = SARA,
		.interpreter = true };
	const struct reach *reach;
	person_id person;
	struct grant g = { .user_id = d->user[VERA], .kind = T("guest"),
		.compartments = { parts, LENGTH(parts) }, .level = T("read"),
		.reason = T("Intérprete de quechua cusqueño"),
		.starts_at = d->now, .ends_at = instant_of(
		    day_plus(d->today, 30), 23, 59),
		.given_by = d->user[DORA] };

	TRY(demo_begin_person(d, &p, &reach, &person));
	TRY(agree(d, reach, person, "keep_data", "signature"));
	TRY(reached(d, reach, person, "984000222", "anything", ""));
	g.person_id = person;
	return facts_insert(&d->op, guard_whole_office(&d->op),
	    &entity_grant, &g);
}

result
demo_add_lives(struct demo *d)
{
	TRY(justo(d));
	TRY(adelmo(d));
	TRY(eusebio(d));
	TRY(paulina(d));
	TRY(maximo(d));
	TRY(guest_grant(d));
	return demo_flush(d);
}
