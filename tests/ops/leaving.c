/* Leaving: nothing is left without a lead, however much it is. */
#include "office.h"

enum { MANY = 620 };

static const char *
leave(struct house *h, user_id u)
{
	return house_path(h, "/users/{}/leave", u.raw, (id){ 0 });
}

/* Without it who leads more than one leaf can name could not leave, or would
 * leave the rest behind. */
static void
much_is_handed_over(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "to", house_code(h, h->benito.raw), NULL };
	id first = house_person(h, h->lucia, "Eusebio");
	id last = { 0 };

	for (int i = 1; i < MANY; i++)
		last = house_person(h, h->lucia, "Otra");
	assert_good(house_get(h, h->dora, leave(h, h->lucia), NULL));
	assert_int_equal(house_node(h, "consequences")->n, 2);
	assert_good(house_post(h, h->dora, leave(h, h->lucia), in));
	assert_int_equal(house_node(h, "handed")->number, MANY);
	assert_true(guard_leads(h->office.guard, h->benito, OBJECT_PERSON,
	    first, h->now));
	assert_true(guard_leads(h->office.guard, h->benito, OBJECT_PERSON,
	    last, h->now));
	assert_false(guard_leads(h->office.guard, h->lucia, OBJECT_PERSON,
	    last, h->now));
	/* An end and a beginning each: two leaves, of one transaction. */
	assert_int_equal(house_leaves(h, EVENT_USER_LEFT), 2);
}

/* Without it a technician could give himself every case of a lawyer. */
static void
a_technician_hands_nothing_over(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "to", house_code(h, h->tito.raw), NULL };
	const char *over = house_path(h, "/users/{}/hand-over",
	    h->lucia.raw, (id){ 0 });

	house_person(h, h->lucia, "Eusebio");
	assert_result(house_post(h, h->tito, leave(h, h->lucia), in),
	    INVALID);
	assert_true(house_problem(h, "", "problem.hand_over_director"));
	assert_result(house_post(h, h->tito, over, in), INVALID);
	assert_true(house_problem(h, "", "problem.hand_over_director"));
	assert_text(guard_user(h->office.guard, h->lucia)->state, "active");
	/* Who leads nothing is closed by either. */
	assert_good(house_post(h, h->tito, leave(h, h->rita), NULL));
	assert_text(guard_user(h->office.guard, h->rita)->state, "left");
}

/* Without it the list would tell a walled director what hides, or the thing
 * itself would stay behind for being hidden. */
static void
what_hides_is_handed_over_unseen(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "to", house_code(h, h->sara.raw), NULL };
	id person = house_person(h, h->lucia, "Eusebio");

	house_wall(h, h->dora, OBJECT_PERSON, person);
	assert_good(house_get(h, h->dora, leave(h, h->lucia), NULL));
	/* That there is nothing, and what happens. */
	assert_int_equal(house_node(h, "consequences")->n, 2);
	assert_good(house_post(h, h->dora, leave(h, h->lucia), in));
	assert_int_equal(house_node(h, "handed")->number, 0);
	assert_true(guard_leads(h->office.guard, h->sara, OBJECT_PERSON,
	    person, h->now));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(much_is_handed_over),
		cmocka_unit_test(a_technician_hands_nothing_over),
		cmocka_unit_test(what_hides_is_handed_over_unseen),
	};

	return house_run(argc, argv, "ops leaving", tests, LENGTH(tests));
}
