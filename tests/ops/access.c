/* Grants, walls and the glass: who may give, who may not even ask. */
#include "office.h"

#include <string.h>

struct scene { id person, other; const char *grants, *walls, *access; };

static void
scene(struct house *h, struct scene *s)
{
	s->person = house_person(h, h->lucia, "Eusebio");
	s->other = house_person(h, h->benito, "Rosaura");
	s->grants = house_path(h, "/people/{}/grants/new", s->person,
	    (id){ 0 });
	s->walls = house_path(h, "/people/{}/walls/new", s->person,
	    (id){ 0 });
	s->access = house_path(h, "/people/{}/access", s->person,
	    (id){ 0 });
}

/* Without it who leads could not let anybody in, or everybody could. */
static void
the_lead_gives_access(void **state)
{
	struct house *h = *state;
	struct scene s;

	scene(h, &s);

	const char *const in[] = { "user_id", house_code(h, h->sara.raw),
		"compartments", "identity", "compartments", "case", "level",
		"write", NULL };

	assert_result(house_post(h, h->benito, s.grants, in), NOT_FOUND);
	assert_result(house_post(h, h->rita, s.grants, in), FORBIDDEN);
	assert_result(house_ask(h, &(struct asking){ .who = h->lucia,
		.method = "POST", .path = s.grants, .inputs = in,
		.old_step_up = true }), STEP_UP);
	assert_false(guard_holds(h->office.guard, h->sara, OBJECT_PERSON,
	    s.person, IN_CASE, LEVEL_WRITE, h->now));
	assert_good(house_post(h, h->lucia, s.grants, in));
	assert_true(guard_holds(h->office.guard, h->sara, OBJECT_PERSON,
	    s.person, IN_CASE, LEVEL_WRITE, h->now));
	assert_int_equal(house_leaves(h, EVENT_GRANT_GIVEN), 1);
	assert_good(house_get(h, h->lucia, s.access, NULL));
	assert_int_equal(house_node(h, "grants")->n, 2);
	assert_true(house_has(h, "grant_form.fields"));
}

/* Without it a guest could be let in for ever, or lead. */
static void
grants_are_checked(void **state)
{
	struct house *h = *state;
	struct scene s;

	scene(h, &s);
	house_wall(h, h->sara, OBJECT_PERSON, s.person);

	const char *const guest[] = { "user_id", house_code(h, h->vera.raw),
		"compartments", "case", "level", "lead", NULL };
	const char *const walled[] = { "user_id", house_code(h,
		h->sara.raw), "compartments", "case", "level", "read", NULL };
	const char *const nobody[] = { "user_id", "AAAA-AAA", "level",
		"read", "compartments", "case", NULL };
	const char *const bare[] = { "user_id", house_code(h,
		h->benito.raw), "level", "read", "compartments", "", NULL };
	const char *const lead[] = { "user_id", house_code(h,
		h->benito.raw), "level", "lead", "compartments", "", NULL };

	assert_result(house_post(h, h->lucia, s.grants, guest), INVALID);
	assert_true(house_problem(h, "ends_at", "guard.guest_needs_end"));
	assert_true(house_problem(h, "level", "guard.guest_leads"));
	assert_result(house_post(h, h->lucia, s.grants, walled), INVALID);
	assert_true(house_problem(h, "user_id", "guard.grant_walled"));
	assert_result(house_post(h, h->lucia, s.grants, nobody), INVALID);
	assert_true(house_problem(h, "user_id", "problem.no_such_row"));
	assert_result(house_post(h, h->lucia, s.grants, bare), INVALID);
	assert_true(house_problem(h, "compartments", "problem.required"));
	assert_good(house_post(h, h->lucia, s.grants, lead));
	assert_true(guard_leads(h->office.guard, h->benito, OBJECT_PERSON,
	    s.person, h->now));
}

/* Without it a grant could be ended through another person's page. */
static void
a_grant_ends_at_its_own_object(void **state)
{
	struct house *h = *state;
	struct scene s;
	id grant;

	scene(h, &s);
	grant = house_grant(h, h->sara, OBJECT_PERSON, s.person, "case",
	    "read");
	assert_result(house_post(h, h->benito, house_path(h,
	    "/people/{}/grants/{}/end", s.other, grant), NULL), NOT_FOUND);
	assert_result(house_get(h, h->benito, house_path(h,
	    "/people/{}/grants/{}/end", s.other, grant), NULL), NOT_FOUND);
	assert_good(house_get(h, h->lucia, house_path(h,
	    "/people/{}/grants/{}/end", s.person, grant), NULL));
	assert_text(house_said(h, "about"), "sara");
	assert_good(house_post(h, h->lucia, house_path(h,
	    "/people/{}/grants/{}/end", s.person, grant), NULL));
	assert_false(guard_holds(h->office.guard, h->sara, OBJECT_PERSON,
	    s.person, IN_CASE, LEVEL_READ, h->now));
	assert_result(house_post(h, h->lucia, house_path(h,
	    "/people/{}/grants/{}/end", s.person, grant), NULL), INVALID);
	assert_true(house_problem(h, "", "problem.grant_ended"));
}

/* Without it one person could take down what protects another. */
static void
a_wall_falls_by_two(void **state)
{
	struct house *h = *state;
	struct scene s;
	const char *end;
	id wall = { 0 };

	scene(h, &s);

	const char *const in[] = { "user_id", house_code(h, h->benito.raw),
		"reason", "conflict", NULL };

	assert_result(house_post(h, h->sara, s.walls, in), FORBIDDEN);
	assert_good(house_post(h, h->lucia, s.walls, in));
	assert_good(facts_find(&h->op, &entity_wall, house_said(h,
	    "wall.id"), &wall));
	op_abort(&h->op);
	assert_result(house_post(h, h->lucia, s.walls, in), INVALID);
	assert_true(house_problem(h, "user_id", "problem.wall_there"));
	end = house_path(h, "/people/{}/walls/{}/end", s.person, wall);
	assert_good(house_post(h, h->lucia, end, NULL));
	assert_false(node_true(house_node(h, "ended")));
	assert_true(guard_hides(h->office.guard, h->benito, OBJECT_PERSON,
	    s.person));
	assert_result(house_post(h, h->lucia, end, NULL), INVALID);
	assert_true(house_problem(h, "", "problem.second_person"));
	assert_int_equal(house_leaves(h, EVENT_WALL_ENDED), 0);
	assert_int_equal(house_leaves(h, EVENT_WALL_END_ASKED), 1);
	assert_good(house_post(h, h->dora, end, NULL));
	assert_true(node_true(house_node(h, "ended")));
	assert_false(guard_hides(h->office.guard, h->benito, OBJECT_PERSON,
	    s.person));
	assert_result(house_post(h, h->dora, end, NULL), INVALID);
	assert_true(house_problem(h, "", "problem.wall_ended"));
}

/* Without it somebody walled off could tell a wall from nothing. */
static void
a_wall_answers_like_nothing(void **state)
{
	struct house *h = *state;
	const char *const reason[] = { "code", NULL, "reason",
		"Audiencia de anoche, no hay otra persona", NULL };
	const char *in[6];
	struct scene s;

	scene(h, &s);
	house_wall(h, h->benito, OBJECT_PERSON, s.person);
	assert_result(house_get(h, h->benito, s.access, NULL), NOT_FOUND);
	assert_result(house_get(h, h->benito, "/people/AAAA-AAA/access",
	    NULL), NOT_FOUND);
	memcpy(in, reason, sizeof(reason));
	in[5] = NULL;
	in[1] = house_code(h, s.person);
	assert_result(house_post(h, h->benito, "/break-glass", in), INVALID);
	assert_true(house_problem(h, "code", "problem.no_such_row"));
	in[1] = "AAAA-AAA";
	assert_result(house_post(h, h->benito, "/break-glass", in), INVALID);
	assert_true(house_problem(h, "code", "problem.no_such_row"));
	assert_int_equal(h->op.problems.n, 1);
	assert_int_equal(house_leaves(h, EVENT_EMERGENCY_ACCESS), 0);
	/* A matter of the same code is found, as if the person were not. */
	house_matter_of(h, h->lucia, s.other, s.person);
	in[1] = house_code(h, s.person);
	assert_good(house_post(h, h->benito, "/break-glass", in));
	assert_true(text_starts(h->op.location, T("/matters/")));
}

/* Without it an emergency would need no reason, or nobody would hear. */
static void
the_glass_is_heard(void **state)
{
	struct house *h = *state;
	struct scene s;
	id matter;

	scene(h, &s);
	matter = house_matter(h, h->lucia, s.person);

	const char *const brief[] = { "code", house_code(h, matter),
		"reason", "urgente", NULL };
	const char *const in[] = { "code", house_code(h, matter), "reason",
		"Plazo esta noche y Lucía no contesta", NULL };

	assert_result(house_post(h, h->benito, "/break-glass", brief),
	    INVALID);
	assert_true(house_problem(h, "reason", "guard.emergency_reason"));
	assert_result(house_post(h, h->rita, "/break-glass", in), FORBIDDEN);
	assert_int_equal(house_rows(h, &entity_task), 0);
	for (int i = 0; i < 3; i++)
		assert_good(house_post(h, h->benito, "/break-glass", in));
	assert_true(text_starts(h->op.location, T("/matters/")));
	/* The lead and the guardian, each time. */
	assert_int_equal(house_rows(h, &entity_task), 6);
	assert_result(house_post(h, h->benito, "/break-glass", in), INVALID);
	assert_true(house_problem(h, "reason", "guard.emergency_second"));
	assert_int_equal(house_rows(h, &entity_task), 6);
	assert_int_equal(house_leaves(h, EVENT_EMERGENCY_ACCESS), 3);
}

/* Without it matters would have no page of access of their own. */
static void
matters_have_the_same(void **state)
{
	struct house *h = *state;
	struct scene s;
	id matter;
	const char *access;

	scene(h, &s);
	matter = house_matter(h, h->lucia, s.person);
	access = house_path(h, "/matters/{}/access", matter, (id){ 0 });
	assert_result(house_get(h, h->benito, access, NULL), NOT_FOUND);
	assert_good(house_get(h, h->lucia, access, NULL));

	const char *const in[] = { "user_id", house_code(h, h->benito.raw),
		"compartments", "case", "level", "read", NULL };

	assert_good(house_post(h, h->lucia, house_path(h,
	    "/matters/{}/grants/new", matter, (id){ 0 }), in));
	assert_true(guard_holds(h->office.guard, h->benito, OBJECT_MATTER,
	    matter, IN_CASE, LEVEL_READ, h->now));
	/* Reading is not leading. */
	assert_result(house_get(h, h->benito, access, NULL), NOT_FOUND);
	/* A social worker who leads sees grants, and no walls. */
	assert_good(house_post(h, h->lucia, house_path(h,
	    "/matters/{}/grants/new", matter, (id){ 0 }),
	    (const char *const[]){ "user_id", house_code(h, h->sara.raw),
	    "level", "lead", NULL }));
	assert_good(house_get(h, h->sara, access, NULL));
	assert_false(house_has(h, "walls"));
	assert_false(house_has(h, "wall_form"));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lead_gives_access),
		cmocka_unit_test(grants_are_checked),
		cmocka_unit_test(a_grant_ends_at_its_own_object),
		cmocka_unit_test(a_wall_falls_by_two),
		cmocka_unit_test(a_wall_answers_like_nothing),
		cmocka_unit_test(the_glass_is_heard),
		cmocka_unit_test(matters_have_the_same),
	};

	return house_run(argc, argv, "ops access", tests, LENGTH(tests));
}
