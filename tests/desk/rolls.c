/* Without this, a list that was read once could stay as it was while rows,
 * grants, walls or the clock move on: its count or order would be wrong, and
 * what somebody lost the right to see would still be listed. */
#include "office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USERS = 5, PEOPLE = 16, MATTERS = 8, STEPS = 300, ASKS = 15,
	EACH = 8 };

static user_id users[USERS];
static id people[PEOPLE], matters[MATTERS], acts[MATTERS];
static int differed;

/* ---- an office -------------------------------------------------------- */

static uint32_t chance(struct place *h, uint32_t below)
{
	return place_chance(h, below);
}

static void make_matter(struct place *h, int i)
{
	struct proceeding p = { .forum = T("national"), .regime = T("ncpp"),
		.started_on = day_of(2020, 1, 1) };
	struct act a = { .kind = T("judgment"),
		.issued_on = day_of(2021, 1, 1) };

	matters[i] = place_matter(h, "Un caso", users[1]);
	p.matter_id.raw = matters[i];
	a.proceeding_id.raw = place_insert(h, &entity_proceeding, &p);
	acts[i] = place_insert(h, &entity_act, &a);
}

static void make_office(struct place *h)
{
	static const char *const roles[USERS] = { "director", "lawyer",
		"social_worker", "reception", "" };
	static const char *const names[USERS] = { "dora", "lucia", "sara",
		"rita", "guest" };

	for (int i = 0; i < USERS; i++)
		users[i] = place_user(h, names[i], roles[i]);
	for (int i = 0; i < PEOPLE; i++)
		people[i] = place_person(h, "Ana", i % 2 == 0 ? "Poma" :
		    "Quispe", "", (day){ 0 });
	for (int i = 0; i < MATTERS; i++)
		make_matter(h, i);
}

static id any_person(struct place *h)
{
	return people[chance(h, PEOPLE)];
}

static id any_matter(struct place *h)
{
	return chance(h, 3) == 0 ? (id){ 0 } : matters[chance(h, MATTERS)];
}

static user_id any_user(struct place *h)
{
	return users[chance(h, USERS)];
}

/* ---- what may happen -------------------------------------------------- */

static void change_person(struct place *h)
{
	struct person p;

	place_get(h, &entity_person, any_person(h), &p);
	p.department = chance(h, 2) == 0 ? T("05") : T("15");
	p.programmes = place_texts(h, chance(h, 2) == 0 ? "defence" :
	    "return");
	p.responsible = any_user(h);
	p.intake_on = day_of(2020 + (int)chance(h, 4), 1, 1);
	if (chance(h, 8) == 0)
		p.merged_into.raw = any_person(h);
	if (chance(h, 8) == 0)
		p.died_on = day_of(2025, 1, 1);
	place_update(h, &entity_person, &p);
}

static void add_name(struct place *h)
{
	static const char *const surnames[] = { "Alva", "Ñaupa", "Zea" };
	struct person_name n = { .kind = T("legal"),
		.first_surname = text_of(surnames[chance(h, 3)]),
		.shown = { true, true } };

	n.person_id.raw = any_person(h);
	place_insert(h, &entity_person_name, &n);
}

static void add_call(struct place *h)
{
	struct contact_log c = { .person_id = { any_person(h) },
		.matter_id = { any_matter(h) }, .at = h->now,
		.direction = T("in"), .channel = T("phone"),
		.caller = T("self"), .mandate = T("yes"),
		.taken_by = any_user(h) };

	if (chance(h, 2) == 0) {
		c.call_back_state = T("open");
		c.call_back_at = (instant){ h->now.ms + (int64_t)chance(h,
		    100) * 3600000, true };
		if (chance(h, 2) == 0)
			c.call_back_by = any_user(h);
	}
	place_insert(h, &entity_contact_log, &c);
}

static void add_detention(struct place *h)
{
	struct detention d = { .kind = T("prison"),
		.person_id = { any_person(h) },
		.from_on = day_of(2000, 1, 1),
		.basis_act_id = { acts[chance(h, MATTERS)] } };

	if (chance(h, 2) == 0)
		d.to_on = day_of(2010, 1, 1);
	place_insert(h, &entity_detention, &d);
}

static void change_matter(struct place *h)
{
	struct matter m;

	place_get(h, &entity_matter, matters[chance(h, MATTERS)], &m);
	m.responsible = any_user(h);
	m.title = chance(h, 2) == 0 ? T("Nulidad") : T("Amparo");
	if (chance(h, 4) == 0)
		m.closed_on = instant_day(h->now);
	place_update(h, &entity_matter, &m);
}

static void add_party(struct place *h)
{
	struct party p = { .matter_id = { matters[chance(h, MATTERS)] },
		.person_id = { any_person(h) }, .role = T("accused"),
		.represented = { chance(h, 2) == 0, true },
		.conflict_verdict = chance(h, 2) == 0 ? T("pending") :
		    T("none") };

	place_insert(h, &entity_party, &p);
}

static void add_act(struct place *h)
{
	struct act a;

	place_get(h, &entity_act, acts[chance(h, MATTERS)], &a);
	a.issued_on = day_plus(instant_day(h->now),
	    -(int32_t)chance(h, 90));
	place_update(h, &entity_act, &a);
}

static void add_term(struct place *h)
{
	struct deadline d = { .title = T("Plazo"), .nature = T("party"),
		.state = chance(h, 4) == 0 ? T("filed") : T("running"),
		.responsible = any_user(h), .deputy = any_user(h),
		.matter_id = { matters[chance(h, MATTERS)] } };

	d.due_on = day_plus(instant_day(h->now), (int32_t)chance(h, 9) - 4);
	d.alarm_on = day_plus(d.due_on, -(int32_t)chance(h, 4));
	place_insert(h, &entity_deadline, &d);
}

static void add_task(struct place *h)
{
	struct task t = { .kind = T("call"), .title = T("Algo"),
		.state = T("open"), .due_on = instant_day(h->now),
		.responsible = any_user(h), .matter_id = { any_matter(h) } };

	if (chance(h, 2) == 0)
		t.person_id.raw = any_person(h);
	place_insert(h, &entity_task, &t);
}

static void add_grant(struct place *h)
{
	struct grant g = { .user_id = any_user(h), .kind = T("standing"),
		.compartments = place_texts(h, chance(h, 2) == 0 ?
		    "identity" : "identity case"),
		.level = chance(h, 2) == 0 ? T("read") : T("lead"),
		.starts_at = h->now, .given_by = users[0] };

	if (chance(h, 2) == 0)
		g.person_id.raw = any_person(h);
	else
		g.matter_id.raw = matters[chance(h, MATTERS)];
	if (chance(h, 3) == 0)
		g.starts_at.ms += 30000;
	if (chance(h, 3) == 0)
		g.ends_at = (instant){ h->now.ms + 90000, true };
	place_insert(h, &entity_grant, &g);
}

static void add_wall(struct place *h)
{
	struct wall w = { .user_id = any_user(h), .made_by = users[0],
		.made_at = h->now, .reason = T("kinship") };

	if (chance(h, 4) != 0)
		return;
	if (chance(h, 2) == 0)
		w.person_id.raw = any_person(h);
	else
		w.matter_id.raw = matters[chance(h, MATTERS)];
	place_insert(h, &entity_wall, &w);
}

static void rename_user(struct place *h)
{
	struct user u;

	place_get(h, &entity_user, any_user(h).raw, &u);
	u.name = chance(h, 2) == 0 ? T("Abel") : T("Zoila");
	place_update(h, &entity_user, &u);
}

static void nothing(struct place *h)
{
	(void)h;
}

static void (*const happens[])(struct place *h) = { change_person, add_name,
	add_call, add_detention, change_matter, add_party, add_act, add_term,
	add_task, add_grant, add_grant, add_wall, rename_user, nothing };

/* ---- what is asked ---------------------------------------------------- */

static result ask(struct op *op, int which)
{
	static const char *const people_sorts[] = { "name", "-last_contact",
		"-responsible_name", "intake_on" };
	static const char *const matter_sorts[] = { "next_on", "-title",
		"responsible_name" };

	if (which < 4)
		return desk_people(op, &(struct list_ask){
			.sort = text_of(people_sorts[which]), .limit = 6 });
	if (which < 7)
		return desk_matters(op, &(struct list_ask){
			.sort = text_of(matter_sorts[which - 4]),
			.limit = 4 });
	switch (which) {
	case 7:
		return desk_people(op, &(struct list_ask){
			.department = T("05"), .sort = T("-name") });
	case 8:
		return desk_people(op, &(struct list_ask){
			.state = T("detained"), .programme = T("defence") });
	case 9:
		return desk_matters(op, &(struct list_ask){
			.which = T("quiet") });
	case 10:
		return desk_matters(op, &(struct list_ask){
			.which = T("own"), .state = T("open") });
	case 11:
		return desk_matters(op, &(struct list_ask){
			.state = T("blocked") });
	case 12:
		return desk_calls(op, &(struct list_ask){ .limit = 5 });
	case 13:
		return desk_calls(op, &(struct list_ask){
			.which = T("own"), .sort = T("call_back_at") });
	}
	return desk_today(op, op->answer);
}

static char *answer(struct place *h, int user, int which)
{
	CLEANUP(buf_free) struct buf b = buf_new(ANSWER_MAX);
	struct op *op = place_as(h, users[user]);

	assert_good(ask(op, which));
	node_json(op->answer, &b);
	buf_char(&b, '\0');
	assert_false(b.failed);
	return strdup(buf_view(&b).p);
}

/* Kept: from the rolls that were there before.  Read: without any. */
static bool same(struct place *h, int user, int which, const char *before)
{
	struct rolls *rolls;
	char *kept = answer(h, user, which);
	char *read;
	bool changed;

	rolls = h->office.desk->rolls;
	h->office.desk->rolls = NULL;
	read = answer(h, user, which);
	rolls_free(&h->office.desk->rolls);
	h->office.desk->rolls = rolls;
	if (strcmp(kept, read) != 0)
		fail_msg("user %d, list %d:\n%s\n%s", user, which, kept,
		    read);
	changed = strcmp(before, read) != 0;
	free(kept);
	free(read);
	return changed;
}

static void something_happens(struct place *h)
{
	for (uint32_t i = chance(h, 3) + 1; i > 0; i--)
		happens[chance(h, LENGTH(happens))](h);
	if (chance(h, 3) == 0)
		h->now.ms += 40000;
}

static void a_kept_list_is_a_fresh_one(void **state)
{
	struct place *h = *state;

	make_office(h);
	differed = 0;
	for (int step = 0; step < STEPS; step++) {
		int from = (int)chance(h, USERS * ASKS);
		char *before[EACH];

		for (int i = 0; i < EACH; i++)
			before[i] = answer(h, (from + i * 7) / ASKS % USERS,
			    (from + i * 7) % ASKS);
		something_happens(h);
		for (int i = 0; i < EACH; i++) {
			differed += same(h, (from + i * 7) / ASKS % USERS,
			    (from + i * 7) % ASKS, before[i]);
			free(before[i]);
		}
	}
	/* Lists really became others. */
	assert_in_range(differed, STEPS / 3, STEPS * EACH);
	print_message("%d lists of %d changed\n", differed, STEPS * EACH);
}

/* What hides behind a wall may change without any row of a person. */
static void a_wall_reaches_through_a_party(void **state)
{
	struct place *h = *state;
	struct list_ask ask = { .sort = T("-last_contact") };
	user_id dora = place_user(h, "dora", "director");
	id walled = place_person(h, "Ana", "Arias", "", (day){ 0 });
	id one = place_person(h, "Bea", "Barrios", "", (day){ 0 });
	id other = place_person(h, "Celia", "Castro", "", (day){ 0 });
	id matter = place_matter(h, "Nulidad", dora);

	place_wall(h, dora, OBJECT_PERSON, walled);
	place_call(h, one, (id){ 0 }, (instant){ 1000, true });
	place_call(h, other, (id){ 0 }, (instant){ 1500, true });
	place_call(h, one, matter, (instant){ 2000, true });
	assert_good(desk_people(place_as(h, dora), &ask));
	assert_ptr_equal(node_find(h->op.answer, "rows")->first,
	    row_of(node_find(h->op.answer, "rows"), one));
	place_party(h, matter, walled, "", "accused", true);
	assert_good(desk_people(place_as(h, dora), &ask));
	assert_ptr_equal(node_find(h->op.answer, "rows")->first,
	    row_of(node_find(h->op.answer, "rows"), other));
}

static uint64_t seeds[] = { 88172645463325252ull, 20261124, 77 };

static int make(void **state)
{
	static size_t at;
	int failed = place_make(state);

	((struct place *)*state)->seed ^= seeds[at++ % LENGTH(seeds)];
	return failed;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, place_free)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(a_kept_list_is_a_fresh_one),
		TEST(a_kept_list_is_a_fresh_one),
		TEST(a_kept_list_is_a_fresh_one),
		TEST(a_wall_reaches_through_a_party),
	};

	return place_run(argc, argv, "desk rolls", tests, LENGTH(tests));
}
