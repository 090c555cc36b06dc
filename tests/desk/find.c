/* Without this, a person could be registered twice, a conflict overlooked,
 * or a search tell of somebody who hides. */
#include "office.h"

#include <stdio.h>
#include <string.h>

static user_id dora, lucia, benito, nilo;

static void staff(struct place *h)
{
	dora = place_user(h, "dora", "director");
	lucia = place_user(h, "lucia", "lawyer");
	benito = place_user(h, "benito", "lawyer");
	nilo = place_user(h, "nilo", "treasurer");
}

static id add_identifier(struct place *h, id person, const char *kind,
    const char *value)
{
	struct person_identifier i = { .person_id = { person },
		.kind = text_of(kind), .country = T("PE"),
		.value = text_of(value) };

	return place_insert(h, &entity_person_identifier, &i);
}

static const struct node *find(struct place *h, user_id who,
    const char *typed)
{
	struct op *op = place_as(h, who);
	struct node *list = node_add_list(op->answer, "people");

	assert_good(desk_find(op, text_of(typed), 20, list));
	return list;
}

/* ---- finding ---------------------------------------------------------- */

static void found_by_any_spelling(void **state)
{
	struct place *h = *state;
	id rosaura;
	id abel;
	const struct node *list;

	staff(h);
	rosaura = place_person(h, "Rosaura", "Quispe", "Huamaní",
	    day_of(1966, 1, 1));
	abel = place_person(h, "Abel", "Aparicio", "Zea", (day){ 0 });
	list = find(h, dora, "Rosa Kispe Guamani");
	assert_int_equal(rows_in(list), 1);
	assert_text(text_at(list->first, "code"), code_of(rosaura).s);
	assert_text(text_at(list->first, "why"), "find.why.short");
	assert_text(text_at(find(h, dora, "wamani kispe")->first, "why"),
	    "find.why.sounds");
	assert_text(text_at(find(h, dora, "rosaura QUISPE")->first, "why"),
	    "find.why.same");
	assert_text(text_at(find(h, dora, code_of(abel).s)->first, "why"),
	    "find.why.code");
	assert_int_equal(rows_in(find(h, dora, "nadie")), 0);
	assert_int_equal(rows_in(find(h, dora, "")), 0);
	/* Out of reach: code and responsible, as the area says. */
	list = find(h, lucia, "Quispe");
	assert_int_equal(rows_in(list), 1);
	assert_null(node_find(list->first, "name"));
	assert_null(node_find(list->first, "birth_year"));
	/* Where the area is not the asker's, nothing at all. */
	assert_int_equal(rows_in(find(h, nilo, "Quispe")), 0);
	place_wall(h, lucia, OBJECT_PERSON, rosaura);
	assert_int_equal(rows_in(find(h, lucia, "Quispe")), 0);
	assert_int_equal(rows_in(find(h, lucia, code_of(rosaura).s)), 0);
}

static void found_by_number(void **state)
{
	struct place *h = *state;
	id person;

	staff(h);
	person = place_person(h, "Rosaura", "Quispe", "", (day){ 0 });
	add_identifier(h, person, "dni", "09876543");
	assert_text(text_at(find(h, dora, "09876543")->first, "why"),
	    "find.why.number");
	assert_text(text_at(find(h, dora, "0987 6543-1")->first, "code"),
	    code_of(person).s);
	assert_int_equal(rows_in(find(h, dora, "09876544")), 0);
	add_identifier(h, person, "passport", "AB12345");
	assert_int_equal(rows_in(find(h, dora, "ab 12345")), 1);
	place_wall(h, dora, OBJECT_PERSON, person);
	assert_int_equal(rows_in(find(h, dora, "09876543")), 0);
}

static void ties_by_the_later_contact(void **state)
{
	struct place *h = *state;
	id one;
	id other;

	staff(h);
	one = place_person(h, "Ana", "Mamani", "", (day){ 0 });
	other = place_person(h, "Ana", "Mamani", "", (day){ 0 });
	place_call(h, other, (id){ 0 }, (instant){ 1000, true });
	assert_text(text_at(find(h, dora, "ana mamani")->first, "code"),
	    code_of(other).s);
	place_call(h, one, (id){ 0 }, (instant){ 2000, true });
	assert_text(text_at(find(h, dora, "ana mamani")->first, "code"),
	    code_of(one).s);
}

static void two_names_are_one_hit(void **state)
{
	struct place *h = *state;
	struct person_name n = { .kind = T("court_spelling"),
		.given = T("Rosaura"), .first_surname = T("Kispe") };

	staff(h);
	n.person_id.raw = place_person(h, "Rosaura", "Quispe", "Huamaní",
	    (day){ 0 });
	place_insert(h, &entity_person_name, &n);
	assert_int_equal(rows_in(find(h, dora, "rosaura kispe")), 1);
	assert_text(text_at(find(h, dora, "rosaura kispe")->first, "name"),
	    "Rosaura Quispe Huamaní");
}

static void what_is_typed_has_an_end(void **state)
{
	struct place *h = *state;
	char long_one[FIND_BYTES_MAX + 2];
	struct op *op;

	staff(h);
	memset(long_one, 'a', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	op = place_as(h, dora);
	assert_result(desk_find(op, text_of(long_one), 5,
	    node_add_list(op->answer, "people")), BAD_REQUEST);
	assert_result(desk_find_matters(op, text_of(long_one), 5,
	    node_add_list(op->answer, "matters")), BAD_REQUEST);
	assert_result(desk_find(op, T("\xff\xfe"), 5,
	    node_add_list(op->answer, "others")), BAD_REQUEST);
	assert_int_equal(rows_in(find(h, dora, "a b c d e f g h i j k l")),
	    0);
}

static void matters_by_code_number_title(void **state)
{
	struct place *h = *state;
	struct proceeding p = { .number = T("00123-2026-0-5001-JR-PE-01"),
		.forum = T("national"), .regime = T("ncpp") };
	struct node *list;
	id matter;
	struct { const char *typed, *why; } asks[] = {
		{ "0123-2026", "find.why.file_number" },
		{ "REVISIÓN sent", "find.why.title" },
	};

	staff(h);
	matter = place_matter(h, "Revisión de la sentencia", lucia);
	p.matter_id.raw = matter;
	place_insert(h, &entity_proceeding, &p);
	place_grant(h, lucia, OBJECT_MATTER, matter, "case", "lead",
	    "standing");
	for (size_t i = 0; i < LENGTH(asks); i++) {
		struct op *op = place_as(h, lucia);

		list = node_add_list(op->answer, "matters");
		assert_good(desk_find_matters(op, text_of(asks[i].typed), 5,
		    list));
		assert_int_equal(rows_in(list), 1);
		assert_text(text_at(list->first, "why"), asks[i].why);
	}
	/* A title belongs to the file: who may not read it finds nothing. */
	list = node_add_list(place_as(h, benito)->answer, "matters");
	assert_good(desk_find_matters(&h->op, T("revision"), 5, list));
	assert_int_equal(rows_in(list), 0);
	assert_good(desk_find_matters(&h->op, T("00123-2026"), 5, list));
	assert_int_equal(rows_in(list), 1);
	place_wall(h, benito, OBJECT_MATTER, matter);
	list = node_add_list(place_as(h, benito)->answer, "matters");
	assert_good(desk_find_matters(&h->op, T("00123-2026"), 5, list));
	assert_good(desk_find_matters(&h->op, text_of(code_of(matter).s), 5,
	    list));
	assert_int_equal(rows_in(list), 0);
}

/* ---- duplicates ------------------------------------------------------- */

static size_t duplicates(struct place *h, user_id who, const char *given,
    const char *first, const char *second, day born,
    const struct person_identifier *number, const struct node **ret)
{
	const struct person_name name = { .given = text_of(given),
		.first_surname = text_of(first),
		.second_surname = text_of(second) };
	const struct person_name *names = &name;
	const struct person person = { .birth_date = born };
	const struct duplicate_ask ask = { .person = &person,
		.names = &names, .names_n = 1, .identifier = number };
	struct op *op = place_as(h, who);
	struct node *list = node_add_list(op->answer, "duplicates");
	size_t n = 99;

	assert_good(desk_duplicates(op, &ask, list, &n));
	assert_int_equal(n, rows_in(list));
	if (ret != NULL)
		*ret = list;
	return n;
}

static day estimated(int year)
{
	day d = day_of(year, 1, 1);

	d.precision = ESTIMATED;
	return d;
}

static void duplicates_with_their_reason(void **state)
{
	struct place *h = *state;
	const struct node *list;
	struct person_identifier number = { .kind = T("dni"),
		.country = T("PE"), .value = T("09876543") };
	id rosaura;
	char path[64];

	staff(h);
	rosaura = place_person(h, "Rosaura", "Quispe", "Huamaní",
	    day_of(1966, 5, 6));
	add_identifier(h, rosaura, "dni", "09876543");
	/* W03, and the surnames the other way round. */
	assert_int_equal(duplicates(h, dora, "Rosa", "Kispe", "Guamani",
	    day_of(1966, 1, 1), NULL, &list), 1);
	assert_text(text_at(list->first, "why"), "duplicate.why.surnames");
	assert_text(text_at(list->first, "name"), "Rosaura Quispe Huamaní");
	snprintf(path, sizeof(path), "/people/%s", code_of(rosaura).s);
	assert_text(text_at(list->first, "open"), path);
	assert_int_equal(node_find(list->first, "birth_year")->number, 1966);
	assert_int_equal(duplicates(h, dora, "Rosa", "Guamani", "Kispe",
	    day_of(1969, 1, 1), NULL, NULL), 1);
	/* Four years are two people, unless somebody only guessed. */
	assert_int_equal(duplicates(h, dora, "Rosa", "Kispe", "Guamani",
	    day_of(1970, 1, 1), NULL, NULL), 0);
	assert_int_equal(duplicates(h, dora, "Rosa", "Kispe", "Guamani",
	    estimated(1976), NULL, NULL), 1);
	assert_int_equal(duplicates(h, dora, "Rosa", "Kispe", "Guamani",
	    estimated(1977), NULL, NULL), 0);
	assert_int_equal(duplicates(h, dora, "Rosa", "Kispe", "Guamani",
	    (day){ 0 }, NULL, NULL), 1);
	/* The same name is a reason whatever the year. */
	assert_int_equal(duplicates(h, dora, "ROSAURA", "Quispe", "Huamani",
	    day_of(1990, 1, 1), NULL, &list), 1);
	assert_text(text_at(list->first, "why"), "duplicate.why.name");
	/* The same number outweighs it. */
	assert_int_equal(duplicates(h, dora, "Otra", "Persona", "",
	    (day){ 0 }, &number, &list), 1);
	assert_text(text_at(list->first, "why"), "duplicate.why.number");
	/* A slip of the pen is not the same sound. */
	place_person(h, "Julia", "Ramos", "Tito", (day){ 0 });
	assert_int_equal(duplicates(h, dora, "Carlos", "Ranos", "Tito",
	    (day){ 0 }, NULL, NULL), 0);
	assert_int_equal(duplicates(h, dora, "Carlos", "Tito", "Rramos",
	    (day){ 0 }, NULL, NULL), 1);
	/* One surname alone says nothing; with the given name it does. */
	assert_int_equal(duplicates(h, dora, "Carlos", "Quispe", "",
	    (day){ 0 }, NULL, NULL), 0);
	assert_int_equal(duplicates(h, dora, "Rosaura", "Quispe", "",
	    (day){ 0 }, NULL, NULL), 1);
	assert_int_equal(duplicates(h, dora, "", "", "", (day){ 0 }, NULL,
	    NULL), 0);
	/* Out of reach: that there is one, not who. */
	assert_int_equal(duplicates(h, benito, "Rosa", "Kispe", "Guamani",
	    (day){ 0 }, &number, &list), 1);
	assert_null(node_find(list->first, "name"));
	place_wall(h, benito, OBJECT_PERSON, rosaura);
	assert_int_equal(duplicates(h, benito, "Rosa", "Kispe", "Guamani",
	    (day){ 0 }, &number, NULL), 0);
}

static void decided_pairs_stay_decided(void **state)
{
	struct place *h = *state;
	id one;
	id other;
	struct relation r = { .kind = T("not_same"), .mandate = T("no") };
	struct person_name name = { .given = T("Ana"),
		.first_surname = T("Mamani"), .second_surname = T("Choque") };
	const struct person_name *names = &name;
	struct person person = { 0 };
	struct duplicate_ask ask = { .person = &person, .names = &names,
		.names_n = 1 };
	struct node *list;
	size_t n;

	staff(h);
	one = place_person(h, "Ana", "Mamani", "Choque", (day){ 0 });
	other = place_person(h, "Ana", "Mamani", "Choque", (day){ 0 });
	person.row.id = one;
	list = node_add_list(place_as(h, dora)->answer, "duplicates");
	assert_good(desk_duplicates(&h->op, &ask, list, &n));
	/* The other one; never the person itself. */
	assert_int_equal(n, 1);
	assert_non_null(row_of(list, other));
	r.person_id.raw = other;
	r.other_person_id.raw = one;
	place_insert(h, &entity_relation, &r);
	list = node_add_list(place_as(h, dora)->answer, "duplicates");
	assert_good(desk_duplicates(&h->op, &ask, list, &n));
	assert_int_equal(n, 0);
}

/* ---- conflicts -------------------------------------------------------- */

static size_t conflicts(struct place *h, user_id who, const char *name,
    id besides, const struct node **ret)
{
	const text names[] = { text_of(name) };
	struct op *op = place_as(h, who);
	struct node *list = node_add_list(op->answer, "hits");
	size_t n = 99;

	assert_good(desk_conflicts(op, names, 1, (person_id){ besides },
	    list, &n));
	assert_int_equal(n, rows_in(list));
	*ret = list;
	return n;
}

static void conflicts_of_every_quality(void **state)
{
	struct place *h = *state;
	struct relation r = { .kind = T("sibling"), .mandate = T("yes"),
		.name = T("Felipe Ramos Chávez") };
	const struct node *list;
	id client;
	id witness;
	id matter;

	staff(h);
	client = place_person(h, "Julia", "Ramos", "Tito", (day){ 0 });
	witness = place_person(h, "Óscar", "Vilca", "Poma", (day){ 0 });
	matter = place_matter(h, "Nulidad", lucia);
	place_grant(h, lucia, OBJECT_MATTER, matter, "case", "lead",
	    "standing");
	place_party(h, matter, witness, "", "witness", false);
	place_party(h, matter, (id){ 0 }, "Elías Huaroc", "prosecutor",
	    false);
	r.person_id.raw = client;
	place_insert(h, &entity_relation, &r);

	assert_int_equal(conflicts(h, lucia, "Oscar Bilca", (id){ 0 },
	    &list), 2);
	assert_text(text_at(list->first, "quality"), "conflict.client");
	assert_text(text_at(list->first, "code"), code_of(witness).s);
	assert_int_equal(node_find(list->first, "date")->day.n,
	    day_of(2026, 1, 2).n);
	assert_text(text_at(list->last, "quality"), "witness");
	assert_text(text_at(list->last, "matter"), code_of(matter).s);
	assert_int_equal(node_find(list->last, "date")->day.n,
	    day_of(2026, 3, 4).n);
	assert_int_equal(conflicts(h, lucia, "Elias Guaroc", (id){ 0 },
	    &list), 1);
	assert_text(text_at(list->first, "quality"), "prosecutor");
	assert_text(text_at(list->first, "name"), "Elías Huaroc");
	/* Of a file that is not one's own: that it is there. */
	assert_int_equal(conflicts(h, benito, "Elias Guaroc", (id){ 0 },
	    &list), 1);
	assert_null(node_find(list->first, "name"));
	assert_int_equal(conflicts(h, lucia, "Felipe Ramos", (id){ 0 },
	    &list), 1);
	assert_text(text_at(list->first, "quality"), "conflict.relative");
	assert_text(text_at(list->first, "code"), code_of(client).s);
	assert_int_equal(conflicts(h, lucia, "Felipe Ramos", client, &list),
	    0);
	assert_int_equal(conflicts(h, lucia, "Nadie Conocido", (id){ 0 },
	    &list), 0);
}

static void a_walled_conflict_says_whom_to_ask(void **state)
{
	struct place *h = *state;
	const struct node *list;
	id person;
	id matter;

	staff(h);
	person = place_person(h, "Óscar", "Vilca", "Poma", (day){ 0 });
	matter = place_matter(h, "Nulidad", lucia);
	place_party(h, matter, person, "", "accused", true);
	place_grant(h, lucia, OBJECT_MATTER, matter, "case", "lead",
	    "standing");
	place_grant(h, lucia, OBJECT_PERSON, person, "identity", "lead",
	    "standing");
	place_wall(h, benito, OBJECT_PERSON, person);
	/* The person and its matter: one line, for one lead. */
	assert_int_equal(conflicts(h, benito, "Oscar Vilca", (id){ 0 },
	    &list), 1);
	assert_text(text_at(list->first, "ask"), "lucia");
	assert_int_equal(list->first->n, 1);
	place_wall(h, lucia, OBJECT_MATTER, matter);
	assert_int_equal(conflicts(h, lucia, "Oscar Vilca", (id){ 0 },
	    &list), 2);
	assert_text(text_at(list->first, "quality"), "conflict.client");
	/* Nobody but the asker leads it. */
	assert_text(text_at(list->last, "ask"), "conflict.ask_director");
	assert_int_equal(list->last->n, 1);
}

static void too_many_names_are_refused(void **state)
{
	struct place *h = *state;
	text names[CONFLICT_NAMES_MAX + 1];
	struct op *op;
	size_t n;

	staff(h);
	for (size_t i = 0; i < LENGTH(names); i++)
		names[i] = T("Ana");
	op = place_as(h, dora);
	assert_result(desk_conflicts(op, names, LENGTH(names),
	    (person_id){ 0 }, node_add_list(op->answer, "hits"), &n),
	    TOO_LARGE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, place_make, place_free)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(found_by_any_spelling),
		TEST(found_by_number),
		TEST(ties_by_the_later_contact),
		TEST(two_names_are_one_hit),
		TEST(what_is_typed_has_an_end),
		TEST(matters_by_code_number_title),
		TEST(duplicates_with_their_reason),
		TEST(decided_pairs_stay_decided),
		TEST(conflicts_of_every_quality),
		TEST(a_walled_conflict_says_whom_to_ask),
		TEST(too_many_names_are_refused),
	};

	return place_run(argc, argv, "desk find", tests, LENGTH(tests));
}
