/* Shredding what end to end cannot make: files that were united. */
#include "office.h"

enum { DAY_MS = 24 * 3600 * 1000, WAIT_DAYS = 8 };

static bool
has_key(struct house *h, id person)
{
	struct owner owner;

	return is_ok(keyring_owner(h->office.keyring, PURPOSE_PERSON, person,
	    &owner));
}

/* Registered as people are, for the row must be whole to be changed. */
static id
registered(struct house *h, const char *name)
{
	const char *const in[] = { "name_given", name, "name_first_surname",
		name, "department", "15", "new_reason", "Otra persona", NULL };
	text at;
	id found = { 0 };

	assert_good(house_post(h, h->lucia, "/people/new", in));
	at = h->op.location;
	assert_true(text_starts(at, T("/people/")));
	assert_good(facts_find(&h->op, &entity_person,
	    (text){ at.p + 8, 8 }, &found));
	return found;
}

/* Asked for by whichever of the codes, all of them go. */
static void
ask_and_approve(struct house *h, id person)
{
	const char *const in[] = { "erase_reason", "Lo pidió", NULL };

	assert_good(house_post(h, h->lucia, house_path(h,
	    "/people/{}/shred", person, (id){ 0 }), in));
	house_wait(h, WAIT_DAYS * (int64_t)DAY_MS);
	assert_good(house_get(h, h->dora, house_path(h,
	    "/people/{}/shred/approve", person, (id){ 0 }), NULL));
	assert_good(house_post(h, h->dora, house_path(h,
	    "/people/{}/shred/approve", person, (id){ 0 }), NULL));
}

static void
assert_gone(struct house *h, id person)
{
	bool buried = false;

	assert_false(has_key(h, person));
	assert_result(house_get(h, h->lucia, house_path(h, "/people/{}",
	    person, (id){ 0 }), NULL), NOT_FOUND);
	assert_good(facts_buried(&h->op, person, &buried));
	assert_true(buried);
}

/* Without it the half of somebody that was registered first, and united with
 * the other, would stay readable under a key of its own. */
static void
who_was_united_goes_whole(void **state)
{
	struct house *h = *state;
	id first = registered(h, "Eusebio");
	id second = registered(h, "Eusebia");
	id third = registered(h, "Euseba");
	id other = registered(h, "Rosaura");

	house_unite(h, second, first);
	house_unite(h, third, second);
	assert_true(has_key(h, first) && has_key(h, second) &&
	    has_key(h, third));
	ask_and_approve(h, first);
	assert_gone(h, first);
	assert_gone(h, second);
	assert_gone(h, third);
	assert_true(has_key(h, other));
	assert_good(house_get(h, h->lucia, house_path(h, "/people/{}", other,
	    (id){ 0 }), NULL));
}

/* Without it asking under the code that was united would leave the one into
 * which it went. */
static void
also_by_the_code_that_was_united(void **state)
{
	struct house *h = *state;
	id first = registered(h, "Eusebio");
	id second = registered(h, "Eusebia");

	house_unite(h, second, first);
	ask_and_approve(h, second);
	assert_gone(h, first);
	assert_gone(h, second);
}

/* Without it a hold on one of the two would be gone round by the other. */
static void
a_hold_on_either_holds_both(void **state)
{
	struct house *h = *state;
	id first = registered(h, "Eusebio");
	id second = registered(h, "Eusebia");
	const char *const hold[] = { "legal_hold_reason", "Orden", NULL };
	const char *const in[] = { "erase_reason", "Lo pidió", NULL };

	house_unite(h, second, first);
	assert_good(house_post(h, h->lucia, house_path(h, "/people/{}/hold",
	    second, (id){ 0 }), hold));
	assert_result(house_post(h, h->lucia, house_path(h,
	    "/people/{}/shred", first, (id){ 0 }), in), INVALID);
	assert_true(house_problem(h, "", "problem.shred_held"));
	assert_true(has_key(h, first) && has_key(h, second));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_united_goes_whole),
		cmocka_unit_test(also_by_the_code_that_was_united),
		cmocka_unit_test(a_hold_on_either_holds_both),
	};

	return house_run(argc, argv, "ops shredding", tests, LENGTH(tests));
}
