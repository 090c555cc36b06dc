/* People by a seed: names from fixed lists, everything else drawn. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static result
read_file(struct demo *d, const char *share, const char *name, text *ret)
{
	enum { LIST_BYTES_MAX = 64 * KIB };
	text path = arena_format(d->arena, "%s/data/demo/%s", share, name);
	char *bytes = arena_take(d->arena, LIST_BYTES_MAX);
	FILE *f;
	size_t n;

	NEED(path.p);
	NEED(bytes);
	f = fopen(path.p, "rbe");
	if (f == NULL)
		return fault(IO);
	n = fread(bytes, 1, LIST_BYTES_MAX, f);
	fclose(f);
	*ret = (text){ bytes, n };
	return OK;
}

result
demo_read_names(struct demo *d, const char *share)
{
	text rest;

	TRY(read_file(d, share, "surnames.csv", &rest));
	(void)text_cut(&rest, '\n');		/* the header */
	while (rest.n > 0 && d->surnames < NAMES_MAX)
		d->surname[d->surnames++] = text_trim(text_cut(&rest, '\n'));
	TRY(read_file(d, share, "given.csv", &rest));
	(void)text_cut(&rest, '\n');
	while (rest.n > 0 && d->givens < NAMES_MAX) {
		text line = text_cut(&rest, '\n');

		d->given[d->givens] = text_trim(text_cut(&line, ','));
		d->woman[d->givens++] = text_starts(line, T("f"));
	}
	return d->surnames > 0 && d->givens > 0 ? OK : fault(CORRUPT);
}

static const char *const departments[] = { "05", "15", "15", "15", "08",
	"03", "09", "12", "21", "21", "10", "07", "22", "02", "19" };
static const char *const languages[] = { "es", "es", "es", "quy", "quy",
	"quz", "ayr", "cni" };
static const char *const prisons[] = { "castro_castro", "yanamayo",
	"ancon_1", "ancon_2", "chorrillos", "lurigancho", "yanamilla",
	"huamancaca", "challapalca", "quencoro" };
static const char *const said[] = {
	"Pregunta por la fecha de la audiencia.",
	"Pide una constancia de su libertad para un trabajo.",
	"Avisa que cambió de número.",
	"Quiere saber qué papeles faltan.",
	"Cuenta que su madre está enferma y pide orientación.",
	"Confirma la cita del jueves.",
	"Pide que le expliquen la resolución que recibió.",
};

static text
surname(struct demo *d)
{
	/* The first of the list are the most common ones, as in Peru. */
	size_t a = (size_t)demo_draw(d, d->surnames);
	size_t b = (size_t)demo_draw(d, d->surnames);

	return d->surname[a < b ? a : b];
}

static result
add_names(struct demo *d, const struct reach *reach, person_id person,
    const struct demo_person *p)
{
	struct person_name court = { .person_id = person,
		.kind = T("court_spelling"), .given = p->given,
		.first_surname = p->second, .second_surname = p->first,
		.source = T("Expediente judicial") };

	return demo_insert(d, reach, &entity_person_name, &court);
}

static result
add_identifier(struct demo *d, const struct reach *reach, person_id person)
{
	struct person_identifier dni = { .person_id = person,
		.kind = T("dni"), .country = T("PE"),
		.value = arena_format(d->op.arena, "%08llu",
		    (unsigned long long)demo_draw(d, 80000000) + 10000000),
		.state = T("valid") };

	return demo_insert(d, reach, &entity_person_identifier, &dni);
}

static result
add_contacts(struct demo *d, const struct reach *reach, person_id person,
    struct relation *relative)
{
	static const char *const say[] = { "anything", "office_called",
		"call_us", "nothing" };
	static const char *const kin[] = { "sibling", "spouse", "child",
		"parent", "friend" };
	struct contact_point mobile = { .person_id = person,
		.kind = T("mobile"), .value = arena_format(d->op.arena,
		    "9%08llu", (unsigned long long)demo_draw(d, 100000000)),
		.may_say = text_of(say[demo_draw(d, LENGTH(say))]),
		.preferred = { true, true } };
	struct contact_point message = { .person_id = person,
		.kind = T("message"), .value = T("Recado"),
		.through = T("La bodega de la esquina"),
		.may_say = T("call_us") };
	text family;

	*relative = (struct relation){ .person_id = person,
		.kind = text_of(kin[demo_draw(d, LENGTH(kin))]),
		.given = d->given[demo_draw(d, d->givens)],
		.mandate = demo_draw(d, 3) == 0 ? T("yes") : T("unknown") };
	family = surname(d);
	relative->name = arena_format(d->op.arena, "%.*s %.*s",
	    (int)relative->given.n, relative->given.p, (int)family.n,
	    family.p);
	TRY(demo_insert(d, reach, &entity_relation, relative));
	TRY(demo_insert(d, reach, &entity_contact_point, &mobile));
	return demo_insert(d, reach, &entity_contact_point, &message);
}

static result
add_calls(struct demo *d, const struct reach *reach, person_id person,
    const struct relation *relative)
{
	for (int i = 0; i < 3; i++) {
		bool kin = demo_draw(d, 2) == 0;
		struct contact_log call = { .person_id = person,
			.at = instant_of(day_plus(d->today,
			    -(int32_t)demo_draw(d, 400) - 1),
			    9 + (int)demo_draw(d, 8), 15),
			.direction = demo_draw(d, 3) == 0 ? T("out") : T("in"),
			.channel = T("phone"),
			.caller = kin ? T("relative") : T("self"),
			.mandate = kin ? relative->mandate : T("yes"),
			.taken_by = d->user[demo_draw(d, 2) == 0 ? RITA :
			    SARA],
			.said = text_of(said[demo_draw(d, LENGTH(said))]) };

		if (kin)
			call.relation_id.raw = relative->row.id;
		if (i == 0 && demo_draw(d, 40) == 0) {
			call.call_back_at = instant_of(day_plus(d->today,
			    (int32_t)demo_draw(d, 3)), 10, 0);
			call.call_back_by = d->user[SARA];
			call.call_back_state = T("open");
		}
		TRY(demo_insert(d, reach, &entity_contact_log, &call));
	}
	return OK;
}

static result
add_consents(struct demo *d, const struct reach *reach, person_id person)
{
	static const char *const purposes[] = { "keep_data", "defence" };

	for (size_t i = 0; i < LENGTH(purposes); i++) {
		struct consent c = { .person_id = person,
			.purpose = text_of(purposes[i]),
			.state = T("given"), .how = T("signature"),
			.given_on = day_plus(d->today,
			    -(int32_t)demo_draw(d, 500)),
			.language = T("es") };

		if (demo_draw(d, 5) == 0)
			c = (struct consent){ .person_id = person,
				.purpose = text_of(purposes[i]),
				.state = T("not_yet") };
		TRY(demo_insert(d, reach, &entity_consent, &c));
	}
	return OK;
}

static result
add_custody(struct demo *d, const struct reach *reach, person_id person)
{
	day from = day_of(1990 + (int)demo_draw(d, 12),
	    1 + (int)demo_draw(d, 12), 1 + (int)demo_draw(d, 28));
	struct detention held = { .person_id = person,
		.kind = T("prison"), .from_on = from,
		.prison = text_of(prisons[demo_draw(d, LENGTH(prisons))]),
		.credited = { true, true },
		.source = T("Certificado de reclusión") };

	if (demo_draw(d, 5) != 0) {
		held.to_on = day_plus(from, 700 +
		    (int32_t)demo_draw(d, 6000));
		held.release_type = T("term_served");
	}
	return demo_insert(d, reach, &entity_detention, &held);
}

result
demo_add_person(struct demo *d, size_t number)
{
	static const char *const titles[] = { "Agravio constitucional",
		"Hábeas corpus por exceso de carcelería",
		"Libertad y beneficios", "Nuevo juicio" };
	static const char *const types[] = { "constitutional",
		"habeas_corpus", "execution", "retrial" };
	size_t given = (size_t)demo_draw(d, d->givens);
	struct demo_person p = { .given = d->given[given],
		.first = surname(d), .second = surname(d),
		.sex = d->woman[given] ? "f" : "m",
		.language = languages[demo_draw(d, LENGTH(languages))],
		.department = departments[demo_draw(d, LENGTH(departments))],
		.birth = day_of(1940 + (int)demo_draw(d, 45),
		    1 + (int)demo_draw(d, 12), 1 + (int)demo_draw(d, 28)),
		.lead = demo_draw(d, 2) == 0 ? SARA : RITA };
	const struct reach *reach;
	struct relation relative;
	person_id person;
	size_t kind = (size_t)demo_draw(d, LENGTH(types));

	if (demo_draw(d, 3) == 0)
		p.birth.precision = YEAR;
	if (p.birth.precision == YEAR)
		p.birth = (day){ day_of(day_ymd(p.birth).year, 1, 1).n, YEAR,
		    true };
	p.interpreter = strcmp(p.language, "es") != 0 &&
	    demo_draw(d, 2) == 0;
	TRY(demo_begin_person(d, &p, &reach, &person));
	TRY(add_names(d, reach, person, &p));
	TRY(add_identifier(d, reach, person));
	TRY(add_contacts(d, reach, person, &relative));
	TRY(add_calls(d, reach, person, &relative));
	TRY(add_consents(d, reach, person));
	TRY(add_custody(d, reach, person));
	if (number % 2 != 0)
		return OK;
	return demo_add_matter(d, person, types[kind], titles[kind],
	    "constitutional", "constitutional", day_plus(d->today,
	    -(int32_t)demo_draw(d, 12)));
}
