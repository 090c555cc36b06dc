#include "town.h"

#include <string.h>

#include "facts_inside.h"
#include "fill.h"

/* ---- every entity ----------------------------------------------------- */

/* One row of each live entity so far, for the parents of the next. */
static id made[LIVE_ENTITIES];

static id made_of(const struct entity *e)
{
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		if (live_entities[i].entity == e)
			return made[i];
	}
	fail_msg("%s is not live", e->name);
	return (id){ 0 };
}

static void assert_rows_same(const struct entity *e, const void *a,
    const void *b)
{
	for (size_t i = 0; i < e->n; i++) {
		if (!field_same(&e->fields[i], a, b))
			fail_msg("%s.%s differs", e->name,
			    e->fields[i].name);
	}
}

static void fill(struct ground *g, const struct entity *e, void *row)
{
	fill_row(g->lasting, g->codes, &g->seed, e, e->classes, 2, row);
	for (size_t i = 0; i < e->parents_n; i++) {
		const struct field *f = &e->fields[e->parents[i]];

		field_set_id(f, row, made_of(f->of));
	}
}

static void live_and_change(struct ground *g, size_t at)
{
	const struct entity *e = live_entities[at].entity;
	void *row = entity_new(g->lasting, e);
	void *back = entity_new(g->lasting, e);
	struct row *head = row;

	fill(g, e, row);
	assert_good(facts_insert(ground_op(g), &everything, e, row));
	ground_commit(g);
	made[at] = head->id;
	assert_int_equal(head->v, 1);
	assert_good(facts_get(ground_op(g), &everything, e, head->id, back));
	assert_rows_same(e, row, back);
	assert_int_equal(entity_row(back)->damaged, 0);
	assert_int_equal(entity_row(back)->seq,
	    audit_head(g->office.audit).n - 1);
	tx_abort(&g->op.tx);

	fill(g, e, row);
	head->id = entity_row(back)->id;
	assert_good(facts_update(ground_op(g), &everything, e, row));
	ground_commit(g);
	assert_int_equal(head->v, 2);
	assert_good(facts_get(ground_op(g), &everything, e, head->id, back));
	assert_rows_same(e, row, back);
	assert_int_equal(entity_row(back)->v, 2);

	id found;
	assert_good(facts_find(&g->op, e, text_of(code_of(head->id).s),
	    &found));
	assert_true(id_same(found, head->id));
	op_abort(&g->op);
}

static void every_entity(void **state)
{
	/* Dies when a table of an entity loses a field, a class, a parent,
	 * its version or its leaf. */
	struct ground *g = *state;
	text said;

	everything = whole_office();
	for (size_t i = 0; i < LIVE_ENTITIES; i++)
		live_and_change(g, i);
	assert_good(facts_verify(ground_op(g), &said));
	assert_text(said, "");
	/* And after the keys were read from the database again. */
	assert_good(ground_restart(g, &said));
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		const struct entity *e = live_entities[i].entity;
		void *back = entity_new(g->lasting, e);

		assert_good(facts_get(ground_op(g), &everything, e, made[i],
		    back));
		assert_int_equal(entity_row(back)->damaged, 0);
		op_abort(&g->op);
	}
}

static void missing(void **state)
{
	/* Dies when a row that is not there, or a code with a wrong check,
	 * is anything but NOT_FOUND. */
	struct ground *g = *state;
	id nowhere = id_of_number(12345);
	struct person p;
	id found;

	everything = whole_office();
	assert_result(facts_get(ground_op(g), &everything, &entity_person,
	    nowhere, &p), NOT_FOUND);
	assert_result(facts_find(ground_op(g), &entity_person,
	    text_of(code_of(nowhere).s), &found), NOT_FOUND);
	assert_result(facts_find(ground_op(g), &entity_person, T("AFTC-Z4X"),
	    &found), NOT_FOUND);
	p = (struct person){ .row.id = nowhere, .row.v = 1 };
	assert_result(facts_update(ground_op(g), &everything, &entity_person,
	    &p), NOT_FOUND);
	assert_result(facts_get(ground_op(g), &everything, &entity_screening,
	    nowhere, &p), BUG);
}

/* ---- keys ------------------------------------------------------------- */

static void sealed_by(struct ground *g, id note, id key)
{
	struct note_lying l = town_note_lying(g, note);
	uint32_t epoch;
	id owner;

	assert_good(record_owner(l.words, &owner, &epoch));
	assert_true(id_same(owner, key));
	assert_good(record_owner(l.sensitive, &owner, &epoch));
	assert_true(id_same(owner, key));
	assert_int_equal(epoch, 1);
}

static void owner_keys(void **state)
{
	/* Dies when a row is sealed under another key than entities.md says:
	 * shredding a person would leave it, or shredding a case take it. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id matter = town_matter(g, "Un caso");
	id none = { 0 };
	id note;

	sealed_by(g, town_note(g, flor, none, "a"), flor);
	sealed_by(g, town_note(g, none, matter, "b"), matter);
	sealed_by(g, town_note(g, none, none, "d"),
	    purpose_id(PURPOSE_OFFICE));
	note = town_note(g, flor, matter, "c");
	sealed_by(g, note, matter);
	town_note_say(g, note, "otra");
	sealed_by(g, note, matter);
	town_note_get(g, note);
}

static bool key_there(struct ground *g, enum purpose kind, id key)
{
	struct owner owner;

	return is_ok(keyring_owner(g->office.keyring, kind, key, &owner));
}

static void keys_of_nobody(void **state)
{
	/* Without this a person whose saving failed leaves a key in memory,
	 * and saving the same person again is refused for it. */
	struct ground *g = *state;
	struct person p = { .row = { .id = id_of_number(0x77) },
		.known_as = T("Flor") };
	struct matter m = { .title = T("Caso") };
	const struct leaf_facts refused = { .event = EVENT_READ,
		.detail = T("x"), .object_kind = "person",
		.object = id_of_number(0x77), .detail_class = CLASS_IDENTITY,
		.detail_owner = &(const struct owner){ .slot = UINT32_MAX } };
	id flor = p.row.id;

	everything = whole_office();
	assert_good(facts_insert(ground_op(g), &everything, &entity_person,
	    &p));
	assert_good(facts_insert(&g->op, &everything, &entity_matter, &m));
	assert_true(key_there(g, PURPOSE_PERSON, flor));
	assert_true(key_there(g, PURPOSE_CASE, m.row.id));
	op_abort(&g->op);
	assert_false(key_there(g, PURPOSE_PERSON, flor));
	assert_false(key_there(g, PURPOSE_CASE, m.row.id));

	/* The same when it is the commit that fails. */
	p.row = (struct row){ .id = flor };
	assert_good(facts_insert(ground_op(g), &everything, &entity_person,
	    &p));
	assert_result(facts_commit(&g->op, &refused), BUG);
	assert_false(key_there(g, PURPOSE_PERSON, flor));
	op_abort(&g->op);

	/* Again, and now it stays; a second one of its id takes nothing
	 * away. */
	p.row = (struct row){ .id = flor };
	assert_good(facts_insert(ground_op(g), &everything, &entity_person,
	    &p));
	ground_commit(g);
	op_abort(&g->op);
	assert_true(key_there(g, PURPOSE_PERSON, flor));
	p.row = (struct row){ .id = flor };
	assert_result(facts_insert(ground_op(g), &everything, &entity_person,
	    &p), CONFLICT);
	op_abort(&g->op);
	assert_true(key_there(g, PURPOSE_PERSON, flor));
	assert_good(facts_get(ground_op(g), &everything, &entity_person,
	    flor, &p));
	op_abort(&g->op);
	assert_text(p.known_as, "Flor");
}

static void steps_to_a_matter(void **state)
{
	/* Dies when an act, two steps below its matter, is sealed by another
	 * key or belongs nowhere. */
	struct ground *g = *state;
	id matter = town_matter(g, "Un caso");
	struct proceeding p = { .matter_id = { matter } };
	struct act a = { .row.v = 0 };
	struct owner owner;
	enum object_kind kind;
	id home;

	assert_good(facts_insert(ground_op(g), &everything,
	    &entity_proceeding, &p));
	a.proceeding_id.raw = p.row.id;
	assert_good(facts_insert(&g->op, &everything, &entity_act, &a));
	assert_good(owner_of(&g->op, &entity_act, &a, &owner));
	assert_true(id_same(owner.id, matter));
	assert_good(facts_home_of(&g->op, &entity_act, a.row.id, &kind,
	    &home));
	assert_int_equal(kind, OBJECT_MATTER);
	assert_true(id_same(home, matter));
	ground_commit(g);
}

static void parents_stay(void **state)
{
	/* Dies when a row whose parents were changed in the struct is
	 * sealed by a key that is not its own. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id rosa = town_person(g, "Rosa");
	id note = town_note(g, flor, (id){ 0 }, "a");
	struct note n = town_note_get(g, note);

	n.person_id.raw = rosa;
	n.text_ = T("b");
	assert_good(facts_update(&g->op, &everything, &entity_note, &n));
	ground_commit(g);
	sealed_by(g, note, flor);
	n = town_note_get(g, note);
	assert_true(id_same(n.person_id.raw, flor));
}

/* ---- versions --------------------------------------------------------- */

static void stale(void **state)
{
	/* Dies when the second of two who change one row wins silently. */
	struct ground *g = *state;
	id note = town_note(g, town_person(g, "Flor"), (id){ 0 }, "uno");
	struct note first;
	struct note second;

	first = town_note_get(g, note);
	second = first;
	first.text_ = T("dos");
	assert_good(facts_update(&g->op, &everything, &entity_note, &first));
	second.text_ = T("tres");
	assert_result(facts_update(&g->op, &everything, &entity_note,
	    &second), CONFLICT);
	ground_commit(g);
	second.row.v = 7;
	assert_result(facts_update(ground_op(g), &everything, &entity_note,
	    &second), CONFLICT);
	assert_text(town_note_get(g, note).text_, "dos");
}

static void history(void **state)
{
	/* Dies when an earlier version cannot be read as it stood, or a
	 * class that had not changed then is given as it is now. */
	struct ground *g = *state;
	id note = town_note(g, town_person(g, "Flor"), (id){ 0 }, "uno");
	struct note n;
	struct note then;

	town_note_say(g, note, "dos");
	n = town_note_get(g, note);
	n.sensitive_text = T("otro delicado");
	assert_good(facts_update(&g->op, &everything, &entity_note, &n));
	ground_commit(g);
	town_note_say(g, note, "cuatro");

	static const char *const words[] = { "uno", "dos", "dos", "cuatro" };
	for (uint64_t v = 1; v <= 4; v++) {
		assert_good(facts_get_at(ground_op(g), &everything,
		    &entity_note, note, v, &then));
		assert_text(then.text_, words[v - 1]);
		assert_text(then.sensitive_text, v < 3 ? "delicado" :
		    "otro delicado");
		assert_int_equal(then.row.v, v);
	}
	assert_result(facts_get_at(ground_op(g), &everything, &entity_note,
	    note, 5, &then), NOT_FOUND);
	assert_result(facts_get_at(ground_op(g), &everything, &entity_note,
	    note, 0, &then), NOT_FOUND);
	op_abort(&g->op);
	assert_int_equal(town_counts(g).histories, 3);
}

static void only_what_changed(void **state)
{
	/* Dies when saving a row seals a class anew in which nothing
	 * changed. */
	struct ground *g = *state;
	id note = town_note(g, town_person(g, "Flor"), (id){ 0 }, "uno");
	struct note_lying before = town_note_lying(g, note);
	struct note_lying after;

	town_note_say(g, note, "dos");
	after = town_note_lying(g, note);
	assert_int_equal(after.v, 2);
	assert_int_equal(after.case_v, 2);
	assert_int_equal(after.sensitive_v, 1);
	assert_false(text_same(before.words, after.words));
	assert_true(text_same(before.sensitive, after.sensitive));
}

/* ---- classes, objects, walls ------------------------------------------ */

static void closed_classes(void **state)
{
	/* Dies when a class outside the mask is opened, or can be written
	 * by who did not see it. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id note = town_note(g, flor, (id){ 0 }, "uno");
	struct note_lying before = town_note_lying(g, note);
	struct reach r = reach_of(OBJECT_PERSON, flor, 1u << IN_CASE);
	struct note_lying after;
	struct note n;

	assert_good(facts_get(ground_op(g), &r, &entity_note, note, &n));
	tx_abort(&g->op.tx);
	assert_text(n.text_, "uno");
	assert_int_equal(n.sensitive_text.n, 0);
	assert_int_equal(n.row.open & 1u << IN_SENSITIVE, 0);
	n.text_ = T("dos");
	assert_good(facts_update(&g->op, &r, &entity_note, &n));
	ground_commit(g);
	after = town_note_lying(g, note);
	assert_true(text_same(before.sensitive, after.sensitive));
	assert_int_equal(after.sensitive_v, 1);
	assert_false(text_same(before.words, after.words));

	n.sensitive_text = T("sin haberlo visto");
	assert_result(facts_update(ground_op(g), &r, &entity_note, &n), BUG);
	op_abort(&g->op);
	assert_text(town_note_get(g, note).sensitive_text, "delicado");
	/* Nor by a history. */
	assert_good(facts_get_at(ground_op(g), &r, &entity_note, note, 1,
	    &n));
	assert_int_equal(n.sensitive_text.n, 0);
}

static void another_object(void **state)
{
	/* Dies when a reach to one person opens, lists, changes or fills
	 * the file of another. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id rosa = town_person(g, "Rosa");
	id note = town_note(g, flor, (id){ 0 }, "uno");
	struct reach r = reach_of(OBJECT_PERSON, rosa, everything.mask);
	struct reach other_kind = reach_of(OBJECT_MATTER, flor,
	    everything.mask);
	struct note n;
	struct person p;
	void **list;
	size_t count;

	assert_result(facts_get(ground_op(g), &r, &entity_note, note, &n),
	    NOT_FOUND);
	assert_result(facts_get(ground_op(g), &r, &entity_person, flor, &p),
	    NOT_FOUND);
	assert_result(facts_get(ground_op(g), &other_kind, &entity_note,
	    note, &n), NOT_FOUND);
	assert_result(facts_get_at(ground_op(g), &r, &entity_note, note, 1,
	    &n), NOT_FOUND);
	assert_good(facts_children(ground_op(g), &r, &entity_note,
	    NOTE_PERSON_ID, flor, &list, &count));
	assert_int_equal(count, 0);
	n = town_note_get(g, note);
	n.text_ = T("dos");
	assert_result(facts_update(&g->op, &r, &entity_note, &n), NOT_FOUND);
	/* Neither into it, nor out of it. */
	n.person_id.raw = rosa;
	assert_result(facts_update(ground_op(g), &r, &entity_note, &n),
	    NOT_FOUND);
	n = (struct note){ .person_id = { flor }, .text_ = T("x") };
	assert_result(facts_insert(ground_op(g), &r, &entity_note, &n),
	    NOT_FOUND);
	assert_text(town_note_get(g, note).text_, "uno");
}

static void only_with_the_level(void **state)
{
	/* Dies when who may only read writes. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	struct reach r = reach_of(OBJECT_PERSON, flor, everything.mask);
	struct person p;
	struct note n = { .person_id = { flor }, .text_ = T("x") };

	r.levels = LEVEL_META | LEVEL_READ;
	assert_good(facts_get(ground_op(g), &r, &entity_person, flor, &p));
	tx_abort(&g->op.tx);
	p.known_as = T("Otra");
	assert_result(facts_update(&g->op, &r, &entity_person, &p), BUG);
	assert_result(facts_insert(ground_op(g), &r, &entity_note, &n), BUG);
}

static id walled;

static bool hides_walled(const struct guard *guard, user_id user,
    enum object_kind kind, id object)
{
	(void)guard;
	(void)user;
	(void)kind;
	return id_same(object, walled);
}

static size_t calls_of(struct ground *g, const struct reach *r, id person)
{
	void **list;
	size_t n;

	assert_good(facts_children(ground_op(g), r, &entity_contact_log,
	    CONTACT_LOG_PERSON_ID, person, &list, &n));
	op_abort(&g->op);
	return n;
}

static void walls(void **state)
{
	/* Dies when a row that names a walled matter is shown in the file of
	 * a person who is not walled, even by a mask that does not open the
	 * class in which it is named. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id matter = town_matter(g, "Un caso");
	id other = town_matter(g, "Otro");
	struct contact_log named = { .person_id = { flor },
		.matter_id = { matter }, .said = T("hola") };
	struct contact_log free_one = { .person_id = { flor },
		.matter_id = { other }, .said = T("hola") };
	struct reach r = reach_of(OBJECT_PERSON, flor, everything.mask);
	struct contact_log got;

	walled = matter;
	assert_good(facts_insert(ground_op(g), &everything,
	    &entity_contact_log, &named));
	assert_good(facts_insert(&g->op, &everything, &entity_contact_log,
	    &free_one));
	ground_commit(g);
	assert_int_equal(calls_of(g, &r, flor), 2);
	r.hides = hides_walled;
	assert_int_equal(calls_of(g, &r, flor), 1);
	assert_result(facts_get(ground_op(g), &r, &entity_contact_log,
	    named.row.id, &got), NOT_FOUND);
	assert_good(facts_get(ground_op(g), &r, &entity_contact_log,
	    free_one.row.id, &got));
	r.mask = 1u << IN_IDENTITY;
	assert_int_equal(calls_of(g, &r, flor), 1);
	assert_result(facts_get_at(ground_op(g), &r, &entity_contact_log,
	    named.row.id, 1, &got), NOT_FOUND);
	/* And nobody writes such a row behind the wall. */
	got = (struct contact_log){ .person_id = { flor },
		.matter_id = { matter } };
	r.mask = everything.mask;
	assert_result(facts_insert(ground_op(g), &r, &entity_contact_log,
	    &got), NOT_FOUND);
}

static void walls_two_steps(void **state)
{
	/* Dies when a row that names an act of a walled matter is shown. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id matter = town_matter(g, "Un caso");
	struct proceeding p = { .matter_id = { matter } };
	struct act a = { .row.v = 0 };
	struct detention d = { .person_id = { flor } };
	struct reach r = reach_of(OBJECT_PERSON, flor, everything.mask);

	assert_good(facts_insert(ground_op(g), &everything,
	    &entity_proceeding, &p));
	a.proceeding_id.raw = p.row.id;
	assert_good(facts_insert(&g->op, &everything, &entity_act, &a));
	d.basis_act_id.raw = a.row.id;
	assert_good(facts_insert(&g->op, &everything, &entity_detention,
	    &d));
	ground_commit(g);
	walled = matter;
	r.hides = hides_walled;
	assert_result(facts_get(ground_op(g), &r, &entity_detention,
	    d.row.id, &d), NOT_FOUND);
	walled = id_of_number(1);
	assert_good(facts_get(ground_op(g), &r, &entity_detention, d.row.id,
	    &d));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entity),
		cmocka_unit_test(missing),
		cmocka_unit_test(owner_keys),
		cmocka_unit_test(keys_of_nobody),
		cmocka_unit_test(steps_to_a_matter),
		cmocka_unit_test(parents_stay),
		cmocka_unit_test(stale),
		cmocka_unit_test(history),
		cmocka_unit_test(only_what_changed),
		cmocka_unit_test(closed_classes),
		cmocka_unit_test(another_object),
		cmocka_unit_test(only_with_the_level),
		cmocka_unit_test(walls),
		cmocka_unit_test(walls_two_steps),
	};

	return ground_run(argc, argv, "facts rows", tests, LENGTH(tests));
}
