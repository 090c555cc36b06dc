#include "house.h"

#include <stdio.h>
#include <string.h>

static result invite_as(struct house *h, user_id by, const char *name,
    const char *roles, id *ret)
{
	struct user u = { .sign_in_name = text_of(name),
		.name = text_of(name), .roles = house_texts(h, roles) };
	struct op *op = house_as(h, by);
	const struct reach *reach;
	text phrase;
	result got;

	assert_good(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, &reach));
	got = guard_invite(op, reach, &u, &phrase);
	if (is_ok(got))
		house_commit(h);
	*ret = u.row.id;
	return got;
}

static text state_of(struct house *h, id user)
{
	return guard_user(h->office.guard, (user_id){ user })->state;
}

static struct op *admin(struct house *h, user_id by,
    const struct reach **ret)
{
	struct op *op = house_as(h, by);

	assert_good(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, ret));
	return op;
}

/* The reach of an administrator, for a verb upon `whom`. */
typedef result verb(struct op *op, const struct reach *reach, user_id whom);

static result by(struct house *h, user_id who, verb *does, user_id whom)
{
	const struct reach *reach;
	struct op *op = admin(h, who, &reach);

	return does(op, reach, whom);
}

static result again_by(struct house *h, user_id who, user_id whom,
    char phrase[64])
{
	const struct reach *reach;
	struct op *op = admin(h, who, &reach);
	text words = T("");
	result got = guard_invite_again(op, reach, whom, &words);

	snprintf(phrase, 64, "%.*s", (int)words.n, words.n > 0 ? words.p :
	    "");
	return got;
}

static void names(void **state)
{
	/* Dies when two users share a name, or one has a name that cannot
	 * be typed. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	id user;

	assert_good(invite_as(h, dora, "Lucia", "lawyer", &user));
	assert_non_null(guard_user_named(h->office.guard, T("lucia")));
	assert_result(invite_as(h, dora, "LUCIA", "lawyer", &user), INVALID);
	assert_true(problem_has(&h->op.problems, T("sign_in_name")));
	assert_result(invite_as(h, dora, "l", "lawyer", &user), INVALID);
	assert_result(invite_as(h, dora, "lucía", "lawyer", &user), INVALID);
	assert_result(invite_as(h, dora, "", "lawyer", &user), INVALID);
	assert_result(invite_as(h, dora, "lucia paz", "lawyer", &user),
	    INVALID);
	assert_good(invite_as(h, dora, "lucia.paz-2", "lawyer", &user));
}

static void clashes(void **state)
{
	/* Dies when a director is technician or treasurer as well. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	id user;

	assert_result(invite_as(h, dora, "uno", "director technician",
	    &user), INVALID);
	assert_true(problem_has(&h->op.problems, T("roles")));
	assert_result(invite_as(h, dora, "dos", "treasurer director", &user),
	    INVALID);
	assert_good(invite_as(h, dora, "tres", "technician treasurer",
	    &user));
	assert_good(invite_as(h, dora, "cuatro", "", &user));
}

static void two_make_a_director(void **state)
{
	/* Dies when one person makes a director or technician where there
	 * is another, approves his own asking, or is approved by himself. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	user_id tito;
	id user;
	id third;
	bool waits;

	/* Alone: nobody else could say yes. */
	assert_good(invite_as(h, dora, "tito", "technician", &user));
	assert_true(text_same(state_of(h, user), T("invited")));
	house_change_user(h, (user_id){ user }, "active", (day){ 0 });
	tito.raw = user;

	assert_good(invite_as(h, dora, "elena", "director", &third));
	assert_true(text_same(state_of(h, third), T("locked")));
	assert_good(guard_waits_for_second(house_op(h), (user_id){ third },
	    &waits));
	assert_true(waits);
	assert_result(by(h, dora, guard_approve, (user_id){ third }), FORBIDDEN);
	assert_good(by(h, tito, guard_approve, (user_id){ third }));
	house_commit(h);
	assert_true(text_same(state_of(h, third), T("invited")));
	assert_result(by(h, tito, guard_approve, (user_id){ third }), CONFLICT);
	assert_result(by(h, tito, guard_approve,
	    (user_id){ id_of_number(9) }), NOT_FOUND);
	/* A lawyer needs no second one. */
	assert_good(invite_as(h, dora, "lucia", "lawyer", &user));
	assert_true(text_same(state_of(h, user), T("invited")));
}

static void locked_until_approved(void **state)
{
	/* Dies when a director who set passphrase and factor enters before
	 * the second person said yes. */
	struct house *h = *state;
	struct person_at_door p;
	user_id dora;
	user_id tito;
	const struct reach *reach;

	dora = house_user(h, "dora", "director");
	tito = house_user(h, "tito", "technician");
	struct user u = { .sign_in_name = T("elena"), .name = T("Elena"),
		.roles = house_texts(h, "director") };
	char phrase[64];
	struct enrolment e;
	text codes[RECOVERY_CODES];
	struct op *op = admin(h, dora, &reach);
	text words;

	assert_good(guard_invite(op, reach, &u, &words));
	snprintf(phrase, sizeof(phrase), "%s", words.p);
	house_commit(h);
	op = house_op(h);
	assert_good(done_by_house(h, guard_accept(op, T("elena"),
	    text_of(phrase), T("siete vicunas en la puna"), &e)));
	op_forget_effects(op);
	memset(&p, 0, sizeof(p));
	p.name = "elena";
	p.user.raw = u.row.id;
	snprintf(p.passphrase, sizeof(p.passphrase), "%s",
	    "siete vicunas en la puna");
	snprintf(p.secret, sizeof(p.secret), "%s", e.secret_base32.p);
	assert_good(guard_confirm_factor(op, house_code(h, &p), codes));
	assert_true(id_none(op->user.raw));
	assert_true(text_same(op->set_session, T("-")));
	op_forget_effects(op);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	assert_result(house_sign_in(h, &p), SIGN_IN);
	assert_good(by(h, tito, guard_approve, p.user));
	house_commit(h);
	assert_true(text_same(state_of(h, p.user.raw), T("active")));
	assert_good(house_sign_in(h, &p));
}

static result change_as(struct house *h, user_id by, user_id whom,
    const char *roles, const char *state)
{
	const struct reach *reach;
	struct op *op = admin(h, by, &reach);
	struct user u;
	result got;

	assert_good(facts_get(op, guard_whole_office(op), &entity_user,
	    whom.raw, &u));
	op_abort(op);
	u.roles = house_texts(h, roles);
	u.state = text_of(state);
	got = guard_change_user(op, reach, &u);
	if (is_ok(got))
		house_commit(h);
	return got;
}

static void changes(void **state)
{
	/* Dies when a role does not change at once, a technician makes
	 * himself director, or a form sets the state. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	user_id tito = house_user(h, "tito", "technician");
	user_id lucia = house_user(h, "lucia", "lawyer");

	assert_good(change_as(h, dora, lucia, "lawyer mentor", "left"));
	assert_true(text_same(state_of(h, lucia.raw), T("active")));
	assert_int_equal(guard_user(h->office.guard, lucia)->roles,
	    1u << ROLE_LAWYER | 1u << ROLE_MENTOR);
	assert_good(change_as(h, tito, tito, "director", "active"));
	assert_true(text_same(state_of(h, tito.raw), T("locked")));
	assert_good(by(h, dora, guard_approve, tito));
	house_commit(h);
	/* No factor was ever set here: he is invited again to set one. */
	assert_true(text_same(state_of(h, tito.raw), T("invited")));
	assert_result(change_as(h, dora, lucia, "director treasurer",
	    "active"), INVALID);
}

static void the_last_director(void **state)
{
	/* Dies when an office is left without a director. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	user_id tito = house_user(h, "tito", "technician");
	user_id elena;

	assert_result(change_as(h, tito, dora, "lawyer", "active"), CONFLICT);
	assert_result(by(h, tito, guard_leave, dora), CONFLICT);
	elena = house_user(h, "elena", "director");
	assert_good(by(h, tito, guard_leave, dora));
	house_commit(h);
	assert_result(by(h, tito, guard_leave, elena), CONFLICT);
}

static void leaving(void **state)
{
	/* Dies when an account that was closed keeps a session, a token, a
	 * grant or a way back. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	struct person_at_door p;
	char again[64];
	id matter;

	house_enrol(h, "lucia", "lawyer", &p);
	matter = house_matter(h, p.user);
	assert_true(guard_leads(h->office.guard, p.user, OBJECT_MATTER,
	    matter, h->now));
	assert_good(by(h, dora, guard_leave, p.user));
	house_commit(h);
	assert_true(text_same(state_of(h, p.user.raw), T("left")));
	assert_result(guard_session(house_op(h), text_of(p.cookie)),
	    SIGN_IN);
	assert_false(guard_leads(h->office.guard, p.user, OBJECT_MATTER,
	    matter, h->now));
	assert_result(house_sign_in(h, &p), SIGN_IN);
	assert_result(by(h, dora, guard_leave, p.user), CONFLICT);
	assert_result(again_by(h, dora, p.user, again), CONFLICT);
	assert_result(change_as(h, dora, p.user, "lawyer", "active"),
	    CONFLICT);
	/* Even if the row alone were set active again. */
	house_change_user(h, p.user, "active", (day){ 0 });
	assert_result(house_sign_in(h, &p), SIGN_IN);
	assert_result(guard_session(house_op(h), text_of(p.cookie)),
	    SIGN_IN);
}

static void invited_again(void **state)
{
	/* Dies when the old passphrase, factor or session outlives a new
	 * invitation, or an administrator takes over a director alone. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	user_id tito = house_user(h, "tito", "technician");
	struct person_at_door p;
	struct enrolment e;
	char again[64];

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(again_by(h, dora, p.user, again));
	house_commit(h);
	assert_true(text_same(state_of(h, p.user.raw), T("invited")));
	assert_result(guard_session(house_op(h), text_of(p.cookie)),
	    SIGN_IN);
	assert_result(house_sign_in(h, &p), SIGN_IN);
	house_op(h);
	assert_good(done_by_house(h, guard_accept(&h->op, T("lucia"),
	    text_of(again), T("siete vicunas en la puna"), &e)));
	op_forget_effects(&h->op);

	user_id elena = house_user(h, "elena", "director");
	assert_good(again_by(h, tito, elena, again));
	house_commit(h);
	assert_true(text_same(state_of(h, elena.raw), T("locked")));
	assert_result(by(h, tito, guard_approve, elena), FORBIDDEN);
	assert_good(by(h, dora, guard_approve, elena));
	house_commit(h);
	assert_true(text_same(state_of(h, elena.raw), T("invited")));
	assert_result(again_by(h, dora, (user_id){ id_of_number(3) }, again),
	    NOT_FOUND);
}

static void invited_again_is_throttled_no_more(void **state)
{
	/* Dies when a hundred failures outlive a new invitation. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	struct person_at_door p;
	struct credential c;
	char again[64];

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(credential_get(house_op(h), p.user, &c));
	c.counter.failures = FAILURES_OFF;
	assert_good(credential_put(&h->op, &c));
	house_commit(h);
	assert_result(house_sign_in(h, &p), SIGN_IN);
	assert_good(again_by(h, dora, p.user, again));
	house_commit(h);
	assert_good(credential_get(house_op(h), p.user, &c));
	assert_int_equal(c.counter.failures, 0);
	assert_false(c.has_verifier);
	assert_false(c.has_factor);
	assert_int_equal(c.devices_n, 0);
	assert_int_equal(c.recovery_left, 0);
}

static void a_stale_change(void **state)
{
	/* Dies when two who edit one account overwrite each other. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");
	user_id lucia = house_user(h, "lucia", "lawyer");
	const struct reach *reach;
	struct op *op = admin(h, dora, &reach);
	struct user u;

	assert_good(facts_get(op, guard_whole_office(op), &entity_user,
	    lucia.raw, &u));
	op_abort(op);
	u.row.v = 7;
	assert_result(guard_change_user(op, reach, &u), CONFLICT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(clashes),
		cmocka_unit_test(two_make_a_director),
		cmocka_unit_test(locked_until_approved),
		cmocka_unit_test(changes),
		cmocka_unit_test(the_last_director),
		cmocka_unit_test(leaving),
		cmocka_unit_test(invited_again),
		cmocka_unit_test(invited_again_is_throttled_no_more),
		cmocka_unit_test(a_stale_change),
	};

	return house_run(argc, argv, "guard users", tests, LENGTH(tests));
}
