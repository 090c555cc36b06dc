/* Without this, the projection could drift away from the facts at a commit,
 * and every list would be wrong until the next unsealing. */
#include "office.h"

#include <stdio.h>
#include <string.h>

static user_id dora;

static void assert_same(struct place *h)
{
	text difference = T("?");

	assert_good(desk_same(place_op(h), &difference));
	assert_text(difference, "");
}

static void difference_is(struct place *h, const char *begins)
{
	text difference = T("");

	assert_good(desk_same(place_op(h), &difference));
	if (!text_starts(difference, text_of(begins)))
		fail_msg("\"%.*s\" does not begin with \"%s\"",
		    (int)difference.n, difference.p, begins);
}

static void load(struct place *h)
{
	dora = place_user(h, "dora", "director");
	assert_good(desk_load(place_op(h)));
	place_op(h);
}

/* ---- every kind of row, put and changed ------------------------------- */

static void every_row_is_kept_up(void **state)
{
	struct place *h = *state;
	struct person p;
	struct person_name name = { .kind = T("legal"), .given = T("Ana"),
		.first_surname = T("Ñaupa"), .second_surname = T("Ñaupa"),
		.shown = { true, true } };
	struct person_name again;
	struct matter m;
	struct proceeding pr = { .number = T("0012-2026"),
		.forum = T("national"), .regime = T("ncpp"),
		.started_on = { 10, MONTH, true } };
	struct party party;
	struct relation rel = { .kind = T("sibling"), .mandate = T("yes"),
		.name = T("Felipe Ramos") };
	struct task t = { .kind = T("call"), .title = T("Algo"),
		.state = T("open") };
	struct user u;
	id person;
	id matter;
	id row;

	load(h);
	person = place_person(h, "Julia", "Ramos", "", (day){ 0 });
	assert_same(h);
	name.person_id.raw = person;
	row = place_insert(h, &entity_person_name, &name);
	assert_same(h);
	place_get(h, &entity_person_name, row, &again);
	again.first_surname = T("Poma");
	again.shown = (yesno){ false, true };
	place_update(h, &entity_person_name, &again);
	assert_same(h);
	place_get(h, &entity_person, person, &p);
	p.programmes = place_texts(h, "defence return");
	p.birth_date = (day){ -3000, ESTIMATED, true };
	p.merged_into.raw = place_person(h, "Otra", "Ramos", "", (day){ 0 });
	place_update(h, &entity_person, &p);
	matter = place_matter(h, "Nulidad de la sentencia", dora);
	place_get(h, &entity_matter, matter, &m);
	m.title = T("Revisión");
	m.closed_on = day_of(2026, 1, 1);
	place_update(h, &entity_matter, &m);
	pr.matter_id.raw = matter;
	row = place_insert(h, &entity_proceeding, &pr);
	place_get(h, &entity_proceeding, row, &pr);
	pr.number = T("");
	place_update(h, &entity_proceeding, &pr);
	row = place_party(h, matter, (id){ 0 }, "Elías Huaroc", "witness",
	    false);
	place_get(h, &entity_party, row, &party);
	party.name = T("");
	party.person_id.raw = person;
	place_update(h, &entity_party, &party);
	rel.person_id.raw = person;
	row = place_insert(h, &entity_relation, &rel);
	place_get(h, &entity_relation, row, &rel);
	rel.name = T("Felipe Ramos Ramos");
	place_update(h, &entity_relation, &rel);
	/* More words than stand in a name's own place, then fewer. */
	rel.name = T("María Carmen Rosa Luz Elena Ana Julia Ramos Ramos");
	place_update(h, &entity_relation, &rel);
	assert_same(h);
	rel.name = T("Ana Ramos");
	place_update(h, &entity_relation, &rel);
	t.person_id.raw = person;
	t.responsible = dora;
	place_insert(h, &entity_task, &t);
	place_call(h, person, matter, h->now);
	place_grant(h, dora, OBJECT_PERSON, person, "identity case", "read",
	    "standing");
	place_wall(h, dora, OBJECT_MATTER, matter);
	place_get(h, &entity_user, dora.raw, &u);
	u.discreet = (yesno){ true, true };
	place_update(h, &entity_user, &u);
	assert_same(h);
}

/* As it stood before a merge moved it: under somebody else. */
static void put_under(struct keeping *k, const struct entity *e, id row,
    id person)
{
	struct arg args[SQL_ARGS_MAX];
	const struct statement *put = NULL;

	for (size_t i = 0; i < PROJECTED_ENTITIES; i++) {
		if (projected[i].entity == e)
			put = projected[i].put;
	}
	for (size_t i = 0; i < put->args_n; i++) {
		args[i] = arg_null(put->args[i]);
		if (strcmp(put->args[i], "id") == 0)
			args[i] = arg_id("id", row);
		else if (strcmp(put->args[i], "person_id") == 0)
			args[i] = arg_id("person_id", person);
		else if (strcmp(put->args[i], "given") == 0)
			args[i] = arg_text("given", T("Zenobia"));
		else if (strcmp(put->args[i], "at") == 0)
			args[i] = arg_number("at", INT64_MAX);
	}
	assert_good(store_run(k->tx, put, args, put->args_n, NULL));
	assert_good(keep_row(k, &entity_person, person));
}

static void rows_that_move_leave_nothing(void **state)
{
	struct place *h = *state;
	struct person_name name = { .kind = T("alias"),
		.given = T("Zenobia") };
	struct keeping k;
	id before;
	id after;
	id call;
	id row;

	load(h);
	before = place_person(h, "", "", "", (day){ 0 });
	after = place_person(h, "Ana", "Poma", "", (day){ 0 });
	name.person_id.raw = after;
	row = place_insert(h, &entity_person_name, &name);
	call = place_call(h, after, (id){ 0 }, h->now);
	k = (struct keeping){ .op = place_op(h), .desk = h->office.desk };
	assert_good(tx_begin(k.desk->store, TX_WRITE, &k.tx));
	put_under(&k, &entity_person_name, row, before);
	put_under(&k, &entity_contact_log, call, before);
	assert_good(keep_row(&k, &entity_person_name, row));
	assert_good(keep_row(&k, &entity_contact_log, call));
	assert_good(tx_commit(&k.tx));
	assert_same(h);
}

/* Shredding takes rows away: then nothing of them is left here. */
static void rows_that_go_leave_nothing(void **state)
{
	static const struct entity *const gone[] = { &entity_person,
		&entity_matter, &entity_person_name, &entity_proceeding,
		&entity_party, &entity_relation, &entity_contact_log,
		&entity_task };
	struct place *h = *state;
	struct keeping k;

	load(h);
	k = (struct keeping){ .op = place_op(h), .desk = h->office.desk };
	assert_good(tx_begin(k.desk->store, TX_WRITE, &k.tx));
	put_under(&k, &entity_person_name, id_of_number(7),
	    id_of_number(8));
	put_under(&k, &entity_contact_log, id_of_number(9),
	    id_of_number(8));
	assert_good(words_renew(&k, id_of_number(7), id_of_number(8),
	    T("Zenobia")));
	for (size_t i = 0; i < LENGTH(gone); i++) {
		for (uint64_t n = 7; n < 10; n++)
			assert_good(keep_row(&k, gone[i], id_of_number(n)));
	}
	assert_good(tx_commit(&k.tx));
	assert_same(h);
}

/* As an office is opened: guard's rows go into both. */
static void with_guard_it_is_the_same(void **state)
{
	struct place *h = *state;
	struct person p = { .intake_on = day_of(2026, 1, 1) };
	id matter;
	id person;
	struct op *op;

	dora = place_user(h, "dora", "director");
	matter = place_matter(h, "Nulidad", dora);
	person = place_person(h, "Julia", "Ramos", "", (day){ 0 });
	place_grant(h, dora, OBJECT_PERSON, person, "identity case", "read",
	    "standing");
	place_wall(h, dora, OBJECT_MATTER, matter);
	place_party(h, matter, person, "", "accused", true);
	guard_forget(h->office.guard);
	assert_null(guard_user(h->office.guard, dora));
	assert_good(desk_load_with_guard(place_op(h)));
	assert_non_null(guard_user(h->office.guard, dora));
	assert_same(h);
	/* A row that nobody was told of. */
	op = place_op(h);
	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(facts_commit(op, &(struct leaf_facts){
		.event = EVENT_PERSON_ADDED }));
	assert_good(desk_load_with_guard(place_op(h)));
	assert_same(h);
}

/* ---- the comparison itself -------------------------------------------- */

static void comparing_finds_what_differs(void **state)
{
	struct place *h = *state;
	struct desk *d = h->office.desk;
	struct op *op;
	struct person p = { .intake_on = day_of(2026, 1, 1) };
	char said[64];

	load(h);
	place_person(h, "Julia", "Ramos", "", (day){ 0 });
	assert_same(h);
	/* A commit that desk was not told of. */
	op = place_op(h);
	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(facts_commit(op, &(struct leaf_facts){
		.event = EVENT_PERSON_ADDED }));
	snprintf(said, sizeof(said), "person %s: is missing",
	    code_of(p.row.id).s);
	difference_is(h, said);
	assert_good(desk_load(place_op(h)));
	assert_same(h);
	place_get(h, &entity_person, p.row.id, &p);
	p.department = T("cusco");
	op = place_op(h);
	assert_good(facts_update(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(facts_commit(op, &(struct leaf_facts){
		.event = EVENT_PERSON_CHANGED }));
	snprintf(said, sizeof(said), "person %s: differs",
	    code_of(p.row.id).s);
	difference_is(h, said);
	assert_good(desk_load(place_op(h)));
	/* A row that nobody wrote. */
	{
		struct keeping k = { .op = place_op(h), .desk = d };
		id none = id_of_number(3);

		assert_good(tx_begin(d->store, TX_WRITE, &k.tx));
		assert_good(words_renew(&k, none, none, T("Juana Pérez")));
		assert_good(tx_commit(&k.tx));
		snprintf(said, sizeof(said), "lexicon %s: differs",
		    code_of(none).s);
		difference_is(h, said);
	}
}

static void leaves_are_followed(void **state)
{
	struct place *h = *state;
	uint64_t before;

	load(h);
	before = h->office.desk->leaves;
	audit_read(place_as(h, dora), "person", id_of_number(9));
	assert_good(audit_flush(place_op(h)));
	assert_int_equal(h->office.desk->leaves, before);
	place_person(h, "Julia", "Ramos", "", (day){ 0 });
	/* The read leaf, and two of the person. */
	assert_int_equal(h->office.desk->leaves, before + 3);
	assert_same(h);
}

static void an_unloaded_desk_stays_so(void **state)
{
	struct place *h = *state;

	/* Before unsealing there is nothing to keep up. */
	place_person(h, "Julia", "Ramos", "", (day){ 0 });
	assert_null(h->office.desk->store);
	assert_false(h->office.desk->loaded);
}

/* A projection that could not be kept up is forgotten, not believed. */
static void failing_to_keep_up_forgets(void **state)
{
	struct place *h = *state;
	struct op *op;
	struct tx *blocking;
	struct person p = { .intake_on = day_of(2026, 1, 1) };

	load(h);
	op = place_op(h);
	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(facts_commit(op, &(struct leaf_facts){
		.event = EVENT_PERSON_ADDED }));
	assert_good(tx_begin(h->office.desk->store, TX_READ, &blocking));
	desk_committed(op);
	assert_false(h->office.desk->loaded);
	op_forget_effects(op);
	assert_good(desk_people(place_as(h, dora), &(struct list_ask){
		0 }));
	assert_int_equal(node_find(h->op.answer, "count")->number, 1);
}

static void a_damaged_wall_is_no_projection(void **state)
{
	struct place *h = *state;
	result got;

	load(h);
	place_wall(h, dora, OBJECT_PERSON, place_person(h, "Julia", "Ramos",
	    "", (day){ 0 }));
	assert_good(desk_load(place_op(h)));
	keyring_drop(h->office.keyring, PURPOSE_OFFICE,
	    purpose_id(PURPOSE_OFFICE), 1);
	got = desk_load(place_op(h));
	assert_int_equal(got.code, E_SEALED_RECORD);
	/* What was there before is still what it was. */
	assert_true(h->office.desk->loaded);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, place_make, place_free)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(every_row_is_kept_up),
		TEST(rows_that_move_leave_nothing),
		TEST(rows_that_go_leave_nothing),
		TEST(with_guard_it_is_the_same),
		TEST(comparing_finds_what_differs),
		TEST(leaves_are_followed),
		TEST(an_unloaded_desk_stays_so),
		TEST(failing_to_keep_up_forgets),
		TEST(a_damaged_wall_is_no_projection),
	};

	return place_run(argc, argv, "desk kept", tests, LENGTH(tests));
}
