/* Without this, the join of permission could say something else than the
 * door: a row could stand in a list that guard_reach and facts_get refuse,
 * or be missing where they grant. */
#include "office.h"

#include <stdio.h>
#include <string.h>

enum { USERS = 12, PEOPLE = 24, MATTERS = 14, CALLS = 40, TASKS = 40,
	GRANTS = 60, WALLS = 14, EMERGENCIES = 12, OFFICES = 3 };

struct thing { id id, home; bool mine[USERS]; enum object_kind kind; };

static user_id users[USERS];
static id people[PEOPLE], matters[MATTERS], deadlines[MATTERS];
static id calls[CALLS], call_of[CALLS], merged;
static struct thing tasks[TASKS];
static int seen_yes, seen_no;

/* ---- an office by chance ---------------------------------------------- */

static uint32_t chance(struct place *h, uint32_t below)
{
	return place_chance(h, below);
}

static void make_users(struct place *h)
{
	static const char *const roles[USERS] = { "director", "lawyer",
		"lawyer", "social_worker", "mentor", "treasurer",
		"reception", "technician", "", "lawyer", "director",
		"reception mentor" };
	static const char names[] = "abcdefghijkl";

	for (int i = 0; i < USERS; i++) {
		struct user u = { .state = T("active"),
			.roles = place_texts(h, roles[i]) };

		u.sign_in_name = u.name = (text){ &names[i], 1 };
		if (i == 9)
			u.state = T("left");
		if (i == 10)
			u.ends_on = day_plus(instant_day(h->now), -1);
		users[i].raw = place_insert(h, &entity_user, &u);
	}
}

static void make_objects(struct place *h)
{
	for (int i = 0; i < PEOPLE; i++)
		people[i] = place_person(h, "Ana", "Arias", "", (day){ 0 });
	for (int i = 0; i < MATTERS; i++) {
		struct deadline d = { .title = T("Plazo"),
			.nature = T("party"), .state = T("running"),
			.due_on = instant_day(h->now),
			.alarm_on = instant_day(h->now),
			.responsible = users[1], .deputy = users[2] };

		matters[i] = place_matter(h, "Un caso", users[1]);
		d.matter_id.raw = matters[i];
		deadlines[i] = place_insert(h, &entity_deadline, &d);
		for (int k = 0; k < 2; k++)
			place_party(h, matters[i], people[chance(h,
			    PEOPLE)], "", "accused", chance(h, 2) == 0);
	}
}

static void merge_one(struct place *h)
{
	struct person p;

	merged = people[PEOPLE - 1];
	place_get(h, &entity_person, merged, &p);
	p.merged_into.raw = people[0];
	place_update(h, &entity_person, &p);
	place_wall(h, users[1], OBJECT_PERSON, people[0]);
}

static id any_matter(struct place *h)
{
	return chance(h, 3) == 0 ? matters[chance(h, MATTERS)] : (id){ 0 };
}

static void make_rows(struct place *h)
{
	for (int i = 0; i < CALLS; i++) {
		call_of[i] = people[chance(h, PEOPLE)];
		calls[i] = place_call(h, call_of[i], any_matter(h), h->now);
	}
	for (int i = 0; i < TASKS; i++) {
		struct task t = { .kind = T("call"), .title = T("Algo"),
			.state = T("open"), .due_on = instant_day(h->now) };
		uint32_t who = chance(h, USERS);

		t.responsible = users[who];
		t.matter_id.raw = any_matter(h);
		if (chance(h, 2) == 0)
			t.person_id.raw = people[chance(h, PEOPLE)];
		if (chance(h, 4) == 0)
			t.deadline_id.raw = deadlines[chance(h, MATTERS)];
		tasks[i] = (struct thing){ .kind = OBJECT_NONE };
		if (!id_none(t.matter_id.raw)) {
			tasks[i].kind = OBJECT_MATTER;
			tasks[i].home = t.matter_id.raw;
		} else if (!id_none(t.person_id.raw)) {
			tasks[i].kind = OBJECT_PERSON;
			tasks[i].home = t.person_id.raw;
		}
		tasks[i].mine[who] = true;
		tasks[i].id = place_insert(h, &entity_task, &t);
	}
}

static void make_grant(struct place *h, const char *kind)
{
	static const char *const parts[] = { "identity", "case",
		"sensitive", "identity case", "identity case sensitive" };
	static const char *const levels[] = { "read", "write", "lead" };
	struct grant g = { .user_id = users[chance(h, USERS)],
		.kind = text_of(kind),
		.compartments = place_texts(h, parts[chance(h,
		    LENGTH(parts))]),
		.level = text_of(levels[chance(h, LENGTH(levels))]),
		.starts_at = h->now, .given_by = users[0] };

	if (chance(h, 2) == 0)
		g.person_id.raw = people[chance(h, PEOPLE)];
	else
		g.matter_id.raw = matters[chance(h, MATTERS)];
	switch (chance(h, 5)) {
	case 0:
		g.ends_at = h->now;	/* just over */
		break;
	case 1:
		g.ends_at = (instant){ h->now.ms + 1, true };
		break;
	case 2:
		g.starts_at.ms++;	/* not yet */
		break;
	}
	place_insert(h, &entity_grant, &g);
}

static void make_access(struct place *h)
{
	for (int i = 0; i < GRANTS; i++)
		make_grant(h, chance(h, 2) == 0 ? "standing" : "guest");
	for (int i = 0; i < EMERGENCIES; i++)
		make_grant(h, "emergency");
	for (int i = 0; i < WALLS; i++) {
		struct wall w = { .user_id = users[chance(h, USERS)],
			.made_by = users[0], .made_at = h->now,
			.reason = T("kinship") };

		if (chance(h, 2) == 0)
			w.person_id.raw = people[chance(h, PEOPLE)];
		else
			w.matter_id.raw = matters[chance(h, MATTERS)];
		if (chance(h, 4) == 0)
			w.ended_at = h->now;
		place_insert(h, &entity_wall, &w);
	}
}

/* ---- what the door says ----------------------------------------------- */

/* May the user open this row in this area, by the object it hangs on? */
static bool door(struct op *op, enum area area, enum level need,
    enum object_kind kind, id home, const struct entity *e, id row)
{
	const struct reach *reach;
	void *opened = entity_new(op->arena, e);

	if (!is_ok(guard_reach(op, area, need, kind, home, &reach)))
		return false;
	return is_ok(facts_get(op, reach, e, row, opened));
}

static bool door_person(struct op *op, enum area area, enum level need,
    id person)
{
	return door(op, area, need, OBJECT_PERSON, person, &entity_person,
	    person);
}

static bool door_matter(struct op *op, enum area area, enum level need,
    id matter)
{
	return door(op, area, need, OBJECT_MATTER, matter, &entity_matter,
	    matter);
}

static void same(const char *what, int user, int object, bool list,
    bool by_door)
{
	if (list != by_door)
		fail_msg("%s: user %d, object %d: list %d, door %d", what,
		    user, object, list, by_door);
	if (list)
		seen_yes++;
	else
		seen_no++;
}

static struct op *ask(struct place *h, int user)
{
	struct op *op = place_as(h, users[user]);

	op->by_token = user % 4 == 3;
	return op;
}

/* ---- what the lists say ----------------------------------------------- */

static void compare_people(struct place *h, int user)
{
	for (int i = 0; i < PEOPLE; i++) {
		struct op *op = ask(h, user);
		struct node *list = node_add_list(op->answer, "people");
		struct called c;
		const struct node *one;

		assert_good(desk_find(op, text_of(code_of(people[i]).s), 5,
		    list));
		one = row_of(list, people[i]);
		same("find", user, i, one != NULL, door_person(op,
		    AREA_PEOPLE_FIND, LEVEL_READ, people[i]));
		if (one != NULL)
			same("identity", user, i,
			    node_find(one, "name") != NULL, door_person(op,
			    AREA_PEOPLE_IDENTITY, LEVEL_READ, people[i]));
		assert_good(desk_called(op, (person_id){ people[i] }, &c));
		same("called", user, i, c.there && c.within, door_person(op,
		    AREA_PEOPLE_IDENTITY, LEVEL_READ, people[i]));
		same("there", user, i, c.there, !guard_hides(
		    h->office.guard, users[user], OBJECT_PERSON, people[i]) &&
		    !(id_same(people[i], merged) && guard_hides(
		    h->office.guard, users[user], OBJECT_PERSON,
		    people[0])));
	}
}

static void compare_matters(struct place *h, int user)
{
	for (int i = 0; i < MATTERS; i++) {
		struct op *op = ask(h, user);
		struct node *list = node_add_list(op->answer, "matters");
		struct node *next = node_add_object(op->answer, "next");
		const struct node *one;

		assert_good(desk_find_matters(op,
		    text_of(code_of(matters[i]).s), 5, list));
		one = row_of(list, matters[i]);
		same("matters", user, i, one != NULL, door_matter(op,
		    AREA_MATTERS_LIST, LEVEL_READ, matters[i]));
		if (one != NULL)
			same("file", user, i, node_find(one, "title") !=
			    NULL, door_matter(op, AREA_MATTERS_FILE,
			    LEVEL_READ, matters[i]));
		assert_good(desk_next_deadline(op, (matter_id){ matters[i] },
		    next));
		same("deadlines", user, i, node_find(next, "code") != NULL,
		    door(op, AREA_DEADLINES, LEVEL_META, OBJECT_MATTER,
		    matters[i], &entity_deadline, deadlines[i]));
		if (node_find(next, "code") != NULL)
			same("terms", user, i, node_find(next, "title") !=
			    NULL, door(op, AREA_DEADLINES, LEVEL_READ,
			    OBJECT_MATTER, matters[i], &entity_deadline,
			    deadlines[i]));
	}
}

static void compare_calls(struct place *h, int user)
{
	struct op *op = ask(h, user);
	bool listed[CALLS];
	const struct node *list;

	assert_good(desk_calls(op, &(struct list_ask){
		.limit = PAGE_ROWS_API_MAX }));
	list = node_find(op->answer, "rows");
	assert_int_equal(node_find(op->answer, "count")->number,
	    rows_in(list));
	for (int i = 0; i < CALLS; i++)
		listed[i] = row_of(list, calls[i]) != NULL;
	for (int i = 0; i < CALLS; i++) {
		op = ask(h, user);
		same("calls", user, i, listed[i], door(op,
		    AREA_CONTACTS_READ, LEVEL_META, OBJECT_PERSON,
		    call_of[i], &entity_contact_log, calls[i]) &&
		    door_person(op, AREA_CONTACTS_READ, LEVEL_META,
		    call_of[i]));
	}
}

static void compare_tasks(struct place *h, int user)
{
	struct op *op = ask(h, user);
	bool listed[TASKS];
	const struct node *list;

	assert_good(desk_today(op, op->answer));
	list = node_find(op->answer, "tasks");
	for (int i = 0; i < TASKS; i++)
		listed[i] = row_of(list, tasks[i].id) != NULL;
	for (int i = 0; i < TASKS; i++) {
		const struct thing *t = &tasks[i];
		bool shown;

		op = ask(h, user);
		shown = door(op, AREA_TASKS, LEVEL_READ, t->kind, t->home,
		    &entity_task, t->id);
		/* Of others only inside shared objects. */
		if (!t->mine[user])
			shown = shown && t->kind != OBJECT_NONE &&
			    guard_holds(h->office.guard, users[user],
			    t->kind, t->home, IN_CASE, LEVEL_READ, h->now);
		same("tasks", user, i, listed[i], shown);
	}
}

/* An emergency shows tasks as well: it is a grant while it lasts, and the
 * test above knows only the others. */
static void end_emergencies(struct place *h)
{
	h->now.ms += 2;
}

static void lists_say_what_the_door_says(void **state)
{
	struct place *h = *state;

	for (int role = 0; role < ROLES; role++)
		guard_set_bulk_limit(h->office.guard, (enum role)role,
		    UINT32_MAX);
	make_users(h);
	make_objects(h);
	merge_one(h);
	make_rows(h);
	make_access(h);
	seen_yes = seen_no = 0;
	for (int user = 0; user < USERS; user++) {
		compare_people(h, user);
		compare_matters(h, user);
		compare_calls(h, user);
	}
	end_emergencies(h);
	for (int user = 0; user < USERS; user++) {
		compare_people(h, user);
		compare_matters(h, user);
	}
	/* Both answers were really asked for. */
	assert_in_range(seen_yes, 500, 100000);
	assert_in_range(seen_no, 500, 100000);
	print_message("%d shown, %d not\n", seen_yes, seen_no);
}

static void tasks_are_shared_by_grants(void **state)
{
	struct place *h = *state;

	for (int role = 0; role < ROLES; role++)
		guard_set_bulk_limit(h->office.guard, (enum role)role,
		    UINT32_MAX);
	make_users(h);
	make_objects(h);
	make_rows(h);
	for (int i = 0; i < GRANTS; i++)
		make_grant(h, "standing");
	for (int i = 0; i < WALLS; i++) {
		place_wall(h, users[chance(h, USERS)], OBJECT_MATTER,
		    matters[chance(h, MATTERS)]);
		place_wall(h, users[chance(h, USERS)], OBJECT_PERSON,
		    people[chance(h, PEOPLE)]);
	}
	for (int user = 0; user < USERS; user++)
		compare_tasks(h, user);
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
		TEST(lists_say_what_the_door_says),
		TEST(lists_say_what_the_door_says),
		TEST(lists_say_what_the_door_says),
		TEST(tasks_are_shared_by_grants),
		TEST(tasks_are_shared_by_grants),
	};

	_Static_assert(OFFICES == LENGTH(seeds), "one office a seed");
	return place_run(argc, argv, "desk visible", tests, LENGTH(tests));
}
