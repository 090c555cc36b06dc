/* Without this, a list could show a name, a count or a place in its order
 * to somebody who may not have it, and nobody would see. */
#include "office.h"

#include <string.h>

static user_id dora, lucia, sara, rita, nilo;

static void staff(struct place *h)
{
	dora = place_user(h, "dora", "director");
	lucia = place_user(h, "lucia", "lawyer");
	sara = place_user(h, "sara", "social_worker");
	rita = place_user(h, "rita", "reception");
	nilo = place_user(h, "nilo", "treasurer");
}

static void people(struct place *h, user_id who, const char *sort,
    const char *cursor, int limit)
{
	struct op *op = place_as(h, who);

	assert_good(desk_people(op, &(struct list_ask){
		.sort = text_of(sort), .cursor = text_of(cursor),
		.limit = limit }));
}

static const struct node *rows(struct place *h)
{
	return node_find(h->op.answer, "rows");
}

static int64_t count(struct place *h)
{
	return node_find(h->op.answer, "count")->number;
}

static text nth(struct place *h, size_t n, const char *what)
{
	const struct node *one = rows(h)->first;

	while (n-- > 0 && one != NULL)
		one = one->next;
	return text_at(one, what);
}

/* ---- people ----------------------------------------------------------- */

static void surnames_sort_as_in_spanish(void **state)
{
	struct place *h = *state;
	static const char *const surnames[] = { "Ñahui", "Núñez", "Ortiz",
		"Nuñoa", "Nunura", "Ávila", "Azurza", "Zea" };
	static const char *const sorted[] = { "Ávila", "Azurza", "Nunura",
		"Núñez", "Nuñoa", "Ñahui", "Ortiz", "Zea" };

	staff(h);
	for (size_t i = 0; i < LENGTH(surnames); i++)
		place_person(h, "", surnames[i], "", (day){ 0 });
	people(h, dora, "", "", 0);
	assert_int_equal(count(h), LENGTH(sorted));
	assert_text(text_at(h->op.answer, "sort"), "name");
	for (size_t i = 0; i < LENGTH(sorted); i++)
		assert_text(nth(h, i, "name"), sorted[i]);
	people(h, dora, "-name", "", 0);
	assert_text(nth(h, 0, "name"), "Zea");
}

static void only_reach_shows_columns(void **state)
{
	struct place *h = *state;
	id hers;
	id other;
	const struct node *one;

	staff(h);
	hers = place_person(h, "Rosaura", "Quispe", "Huamaní",
	    day_of(1966, 2, 3));
	other = place_person(h, "Abel", "Aparicio", "Zea", (day){ 0 });
	place_grant(h, lucia, OBJECT_PERSON, hers, "identity", "lead",
	    "standing");
	people(h, lucia, "name", "", 0);
	assert_int_equal(count(h), 2);
	one = row_of(rows(h), hers);
	assert_text(text_at(one, "name"), "Rosaura Quispe Huamaní");
	assert_int_equal(node_find(one, "birth_year")->number, 1966);
	one = row_of(rows(h), other);
	assert_null(node_find(one, "name"));
	assert_null(node_find(one, "birth_year"));
	assert_null(node_find(one, "department"));
	/* The place in the order would tell the name: it comes last. */
	assert_ptr_equal(rows(h)->last, one);
	people(h, lucia, "-name", "", 0);
	assert_ptr_equal(rows(h)->last, row_of(rows(h), other));
	people(h, nilo, "name", "", 0);
	assert_int_equal(count(h), 0);
}

static void a_filter_tells_nothing_of_others(void **state)
{
	struct place *h = *state;
	struct person p = { .intake_on = day_of(2026, 1, 2),
		.department = T("ayacucho"), .language = T("quy"),
		.programmes = place_texts(h, "defence return") };
	struct list_ask ask = { .department = T("ayacucho"),
		.language = T("quy"), .programme = T("return") };

	const struct list_ask each[] = { { .department = T("ayacucho") },
		{ .language = T("quy") }, { .programme = T("return") } };

	staff(h);
	p.responsible = sara;
	place_insert(h, &entity_person, &p);
	assert_good(desk_people(place_as(h, dora), &ask));
	assert_int_equal(count(h), 1);
	for (size_t i = 0; i < LENGTH(each); i++) {
		assert_good(desk_people(place_as(h, dora), &each[i]));
		assert_int_equal(count(h), 1);
		assert_good(desk_people(place_as(h, lucia), &each[i]));
		assert_int_equal(count(h), 0);
	}
	assert_good(desk_people(place_as(h, lucia), &(struct list_ask){
		.responsible = sara }));
	assert_int_equal(count(h), 1);
	/* Part of a code is no code. */
	ask.programme = T("turn");
	assert_good(desk_people(place_as(h, dora), &ask));
	assert_int_equal(count(h), 0);
}

static void pages_join_without_gap(void **state)
{
	enum { PEOPLE = 23, EACH = 5 };
	struct place *h = *state;
	static const char *const sorts[] = { "name", "-name", "code",
		"-intake_on", "birth_year", "last_contact",
		"-responsible_name" };
	bool seen[PEOPLE];
	id ids[PEOPLE];

	staff(h);
	for (size_t i = 0; i < PEOPLE; i++) {
		static const char *const names[] = { "Quispe", "Mamani",
			"Ñaupa" };

		ids[i] = place_person(h, "", names[i % 3], "",
		    i % 4 == 0 ? (day){ 0 } :
		    day_of(1950 + (int)i % 5, 1, 1));
		if (i % 2 == 0)
			place_call(h, ids[i], (id){ 0 },
			    (instant){ h->now.ms - (int64_t)i, true });
	}
	for (size_t s = 0; s < LENGTH(sorts); s++) {
		char cursor[64] = "";
		char first[64] = "";
		size_t n = 0;

		memset(seen, 0, sizeof(seen));
		do {
			const struct node *next;
			char before[64];
			text back;

			people(h, dora, sorts[s], cursor, EACH);
			assert_int_equal(count(h), PEOPLE);
			for (size_t i = 0; i < PEOPLE; i++) {
				if (row_of(rows(h), ids[i]) == NULL)
					continue;
				assert_false(seen[i]);
				seen[i] = true;
				n++;
			}
			next = node_find(h->op.answer, "next");
			strcpy(before, first);
			strcpy(first, nth(h, 0, "code").p);
			strcpy(cursor, next->kind == NODE_NULL ? "" :
			    next->text.p);
			back = text_at(h->op.answer, "previous");
			assert_int_equal(back.n > 0, before[0] != '\0');
			if (back.n > 0) {
				char kept[64];

				strcpy(kept, back.p);
				people(h, dora, sorts[s], kept, EACH);
				assert_text(nth(h, 0, "code"), before);
				assert_int_equal(rows_in(rows(h)), EACH);
			}
		} while (cursor[0] != '\0');
		assert_int_equal(n, PEOPLE);
	}
}

static void bad_lists_are_refused(void **state)
{
	struct place *h = *state;
	char cursor[64];
	id walled;

	staff(h);
	place_person(h, "Ana", "Aiquipa", "", (day){ 0 });
	walled = place_person(h, "Berta", "Borda", "", (day){ 0 });
	place_person(h, "Celia", "Cárdenas", "", (day){ 0 });
	people(h, dora, "name", "", 2);
	strcpy(cursor, text_at(h->op.answer, "next").p);
	people(h, dora, "name", cursor, 2);
	assert_int_equal(rows_in(rows(h)), 1);
	place_wall(h, dora, OBJECT_PERSON, walled);
	/* The row the cursor stands on hides now: as if there were none. */
	assert_result(desk_people(place_as(h, dora), &(struct list_ask){
		.cursor = text_of(cursor) }), BAD_REQUEST);
	assert_result(desk_people(place_as(h, dora), &(struct list_ask){
		.cursor = T("N0000000000000000000000000X") }), BAD_REQUEST);
	assert_result(desk_people(place_as(h, dora), &(struct list_ask){
		.cursor = T("-1") }), BAD_REQUEST);
	assert_result(desk_people(place_as(h, dora), &(struct list_ask){
		.sort = T("responsible; DROP") }), BAD_REQUEST);
	assert_result(desk_people(place_as(h, dora), &(struct list_ask){
		.limit = PAGE_ROWS_API_MAX + 1 }), BAD_REQUEST);
	assert_result(desk_matters(place_as(h, dora), &(struct list_ask){
		.which = T("mine") }), BAD_REQUEST);
}

static void one_leaf_for_a_list(void **state)
{
	struct place *h = *state;

	staff(h);
	people(h, dora, "name", "", 0);
	assert_true(audit_waiting(h->office.audit));
	assert_good(audit_flush(place_op(h)));
	assert_good(desk_audit(place_as(h, dora), T(""), false,
	    h->op.answer));
	assert_text(nth(h, 0, "event"), "listed");
	assert_text(nth(h, 0, "actor_name"), "dora");
}

static void state_follows_custody(void **state)
{
	struct place *h = *state;
	struct detention d = { .kind = T("prison"),
		.from_on = day_of(2000, 1, 1) };
	id held = place_person(h, "Ana", "Arias", "", (day){ 0 });
	id free_one = place_person(h, "Bea", "Barrios", "", (day){ 0 });

	staff(h);
	d.person_id.raw = held;
	place_insert(h, &entity_detention, &d);
	assert_good(desk_people(place_as(h, dora), &(struct list_ask){
		.state = T("detained") }));
	assert_int_equal(count(h), 1);
	assert_text(text_at(row_of(rows(h), held), "state"),
	    "person.state.detained");
	assert_good(desk_people(place_as(h, dora), &(struct list_ask){
		.state = T("no_custody") }));
	assert_non_null(row_of(rows(h), free_one));
	/* Reception sees names, not custody. */
	assert_good(desk_people(place_as(h, rita), &(struct list_ask){
		.state = T("detained") }));
	assert_int_equal(count(h), 0);
	people(h, rita, "name", "", 0);
	assert_null(node_find(row_of(rows(h), held), "state"));
	assert_text(text_at(row_of(rows(h), held), "name"), "Ana Arias");
}

/* ---- walls ------------------------------------------------------------ */

static void a_wall_leaves_no_trace(void **state)
{
	struct place *h = *state;
	id secret;
	id matter;
	id open_one;
	int64_t last;
	struct called c;
	user_id second;

	staff(h);
	second = place_user(h, "second", "director");
	secret = place_person(h, "Berta", "Borda", "", (day){ 0 });
	open_one = place_person(h, "Celia", "Cárdenas", "", (day){ 0 });
	matter = place_matter(h, "Nulidad", lucia);
	place_party(h, matter, secret, "", "accused", true);
	place_call(h, open_one, (id){ 0 }, (instant){ 1000, true });
	place_call(h, open_one, matter, (instant){ 2000, true });
	place_wall(h, dora, OBJECT_PERSON, secret);

	people(h, dora, "name", "", 0);
	assert_int_equal(count(h), 1);
	/* The call about the hidden matter is no last contact. */
	last = node_find(row_of(rows(h), open_one), "last_contact")->
	    instant.ms;
	assert_int_equal(last, 1000);
	people(h, rita, "name", "", 0);
	last = node_find(row_of(rows(h), open_one), "last_contact")->
	    instant.ms;
	assert_int_equal(last, 2000);
	/* So with a wall on the matter alone. */
	place_wall(h, rita, OBJECT_MATTER, matter);
	people(h, rita, "name", "", 0);
	last = node_find(row_of(rows(h), open_one), "last_contact")->
	    instant.ms;
	assert_int_equal(last, 1000);
	assert_good(desk_matters(place_as(h, dora), &(struct list_ask){ 0 }));
	assert_int_equal(count(h), 0);
	assert_good(desk_matters(place_as(h, lucia), &(struct list_ask){
		0 }));
	assert_int_equal(count(h), 1);
	assert_good(desk_calls(place_as(h, dora), &(struct list_ask){ 0 }));
	assert_int_equal(count(h), 1);
	assert_good(desk_calls(place_as(h, second), &(struct list_ask){
		0 }));
	assert_int_equal(count(h), 2);
	assert_good(desk_called(place_as(h, dora), (person_id){ secret },
	    &c));
	assert_false(c.there);
	assert_int_equal(c.name.n, 0);
	assert_good(desk_called(place_as(h, nilo), (person_id){ secret },
	    &c));
	assert_true(c.there);
	assert_false(c.within);
	assert_int_equal(c.name.n, 0);
	assert_good(desk_called(place_as(h, rita), (person_id){ secret },
	    &c));
	assert_text(c.name, "Berta Borda");
	assert_good(desk_called(place_as(h, rita), (person_id){
	    id_of_number(5) }, &c));
	assert_false(c.there);
}

static void discreet_users_see_initials(void **state)
{
	struct place *h = *state;
	struct user u = { .sign_in_name = T("quiet"), .name = T("quiet"),
		.state = T("active"),
		.roles = place_texts(h, "reception"),
		.discreet = { true, true } };
	id person;
	struct called c;

	person = place_person(h, "Rosaura", "Quispe", "Huamaní", (day){ 0 });
	place_insert(h, &entity_user, &u);
	assert_good(desk_called(place_as(h, (user_id){ u.row.id }),
	    (person_id){ person }, &c));
	assert_text(c.name, "R. Q. H.");
	people(h, (user_id){ u.row.id }, "", "", 0);
	assert_text(nth(h, 0, "name"), "R. Q. H.");
}

/* ---- matters ---------------------------------------------------------- */

static void term(struct place *h, id matter, day due, const char *state)
{
	struct deadline d = { .matter_id = { matter },
		.title = T("Apelación"), .nature = T("party"),
		.due_on = due, .alarm_on = day_plus(due, -2),
		.state = text_of(state), .responsible = lucia,
		.deputy = dora };

	place_insert(h, &entity_deadline, &d);
}

static void matters_of_each_kind(void **state)
{
	struct place *h = *state;
	struct matter closed = { .type = T("civil"), .title = T("Cerrado"),
		.opened_on = day_of(2020, 1, 1),
		.closed_on = day_of(2021, 1, 1) };
	struct node *one;
	struct note note = { .at = h->now, .kind = T("call"),
		.text_ = T("Algo") };
	id soon;
	id quiet;

	staff(h);
	closed.responsible = dora;
	soon = place_matter(h, "Nulidad de oficio", lucia);
	quiet = place_matter(h, "Semilibertad", dora);
	place_insert(h, &entity_matter, &closed);
	term(h, soon, day_of(2026, 12, 1), "running");
	term(h, soon, day_of(2026, 11, 26), "closed");
	note.matter_id.raw = soon;
	note.author = lucia;
	place_insert(h, &entity_note, &note);

	assert_good(desk_matters(place_as(h, lucia), &(struct list_ask){
		0 }));
	assert_int_equal(count(h), 3);
	assert_text(text_at(h->op.answer, "sort"), "next_on");
	assert_text(nth(h, 0, "code"), code_of(soon).s);
	assert_int_equal(node_find(rows(h)->first, "next_on")->day.n,
	    day_of(2026, 11, 29).n);
	/* All lawyers see that it is there; the title is in the file. */
	assert_null(node_find(rows(h)->first, "title"));
	place_grant(h, lucia, OBJECT_MATTER, soon, "case", "lead",
	    "standing");
	assert_good(desk_matters(place_as(h, lucia), &(struct list_ask){
		.which = T("own") }));
	assert_int_equal(count(h), 1);
	assert_text(nth(h, 0, "title"), "Nulidad de oficio");
	assert_good(desk_matters(place_as(h, dora), &(struct list_ask){
		.which = T("quiet") }));
	assert_int_equal(count(h), 1);
	assert_text(nth(h, 0, "code"), code_of(quiet).s);
	assert_good(desk_matters(place_as(h, dora), &(struct list_ask){
		.which = T("undated") }));
	assert_int_equal(count(h), 1);
	assert_good(desk_matters(place_as(h, dora), &(struct list_ask){
		.state = T("closed"), .type = T("civil") }));
	assert_int_equal(count(h), 1);
	assert_text(nth(h, 0, "state"), "matter.state.closed");

	one = node_add_object(place_as(h, lucia)->answer, "next");
	assert_good(desk_next_deadline(&h->op, (matter_id){ soon }, one));
	assert_text(text_at(one, "title"), "Apelación");
	assert_int_equal(node_find(one, "day")->day.n,
	    day_of(2026, 12, 1).n);
	one = node_add_object(place_as(h, sara)->answer, "next");
	assert_good(desk_next_deadline(&h->op, (matter_id){ soon }, one));
	assert_null(node_find(one, "code"));
}

static void calls_by_day_and_state(void **state)
{
	struct place *h = *state;
	struct contact_log c = { .direction = T("in"), .channel = T("phone"),
		.caller = T("relative"), .caller_name = T("Juana"),
		.mandate = T("no"), .call_back_state = T("open") };
	day friday = day_of(2026, 11, 20);

	staff(h);
	c.person_id.raw = place_person(h, "Ana", "Arias", "", (day){ 0 });
	c.at = instant_of(friday, 23, 59);
	c.call_back_at = h->now;
	c.taken_by = rita;
	place_insert(h, &entity_contact_log, &c);
	place_call(h, c.person_id.raw, (id){ 0 }, instant_of(
	    day_plus(friday, 1), 0, 0));
	assert_good(desk_calls(place_as(h, rita), &(struct list_ask){
		.from = friday, .to = friday }));
	assert_int_equal(count(h), 1);
	assert_text(nth(h, 0, "caller_name"), "Juana");
	assert_text(nth(h, 0, "person.name"), "Ana Arias");
	assert_good(desk_calls(place_as(h, rita), &(struct list_ask){
		.which = T("open"), .responsible = rita }));
	assert_int_equal(count(h), 1);
	assert_good(desk_calls(place_as(h, rita), &(struct list_ask){ 0 }));
	assert_int_equal(count(h), 2);
	/* The newest first. */
	assert_text(nth(h, 1, "caller_name"), "Juana");
	assert_good(desk_calls(place_as(h, lucia), &(struct list_ask){ 0 }));
	assert_int_equal(count(h), 0);
}

static void matters_of_a_person(void **state)
{
	struct place *h = *state;
	struct node *list;
	id person;
	id matter;

	staff(h);
	person = place_person(h, "Ana", "Arias", "", (day){ 0 });
	matter = place_matter(h, "Nulidad", lucia);
	place_party(h, matter, person, "", "accused", true);
	place_party(h, matter, (id){ 0 }, "Ramón Poma", "witness", false);
	list = node_add_list(place_as(h, dora)->answer, "matters");
	assert_good(desk_matters_of(&h->op, (person_id){ person }, list));
	assert_int_equal(rows_in(list), 1);
	assert_text(text_at(list->first, "role"), "accused");
	place_wall(h, dora, OBJECT_MATTER, matter);
	list = node_add_list(place_as(h, dora)->answer, "matters");
	assert_good(desk_matters_of(&h->op, (person_id){ person }, list));
	assert_int_equal(rows_in(list), 0);
}

static void sealed_offices_answer_nothing(void **state)
{
	struct place *h = *state;
	struct called c;
	id person;

	staff(h);
	person = place_person(h, "Ana", "Arias", "", (day){ 0 });
	people(h, dora, "name", "", 0);
	desk_forget(h->office.desk);
	assert_null(h->office.desk->store);
	/* Forgotten by mistake: made anew at the next question. */
	people(h, dora, "name", "", 0);
	assert_int_equal(count(h), 1);
	desk_forget(h->office.desk);
	keyring_forget(h->office.keyring);
	assert_result(desk_called(place_as(h, dora), (person_id){ person },
	    &c), SEALED);
	assert_result(desk_people(place_as(h, dora), &(struct list_ask){
		0 }), SEALED);
	assert_null(h->office.desk->store);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, place_make, place_free)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(surnames_sort_as_in_spanish),
		TEST(only_reach_shows_columns),
		TEST(a_filter_tells_nothing_of_others),
		TEST(pages_join_without_gap),
		TEST(bad_lists_are_refused),
		TEST(one_leaf_for_a_list),
		TEST(state_follows_custody),
		TEST(a_wall_leaves_no_trace),
		TEST(discreet_users_see_initials),
		TEST(matters_of_each_kind),
		TEST(calls_by_day_and_state),
		TEST(matters_of_a_person),
		TEST(sealed_offices_answer_nothing),
	};

	return place_run(argc, argv, "desk lists", tests, LENGTH(tests));
}
