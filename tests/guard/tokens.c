#include "house.h"

#include <stdio.h>
#include <string.h>

static const text reads[] = { { "person.show", 11 }, { "today", 5 } };

/* Lucia, signed in and stepped up, makes a token. */
struct maker { struct person_at_door p; char token[64]; };

static result make(struct house *h, struct maker *m, bool may_write,
    bool may_step_up, int days)
{
	text secret = T("");
	struct op *op = house_op(h);
	result got;

	assert_good(guard_session(op, text_of(m->p.cookie)));
	got = guard_make_token(op, T("respaldo"), reads, 2, may_write,
	    may_step_up, days, &secret);
	if (is_ok(got))
		snprintf(m->token, sizeof(m->token), "%s", secret.p);
	return got;
}

static result use(struct house *h, const char *token, const char *name,
    enum level need)
{
	return guard_token(house_op(h), text_of(token), name, need);
}

static void used(void **state)
{
	/* Dies when a token is not its maker's, or is not shown whole. */
	struct house *h = *state;
	struct maker m;

	house_enrol(h, "lucia", "lawyer", &m.p);
	assert_good(make(h, &m, false, false, 30));
	assert_int_equal(strlen(m.token), 5 + 43);
	assert_memory_equal(m.token, "alas_", 5);
	assert_good(use(h, m.token, "person.show", LEVEL_READ));
	assert_true(id_same(h->op.user.raw, m.p.user.raw));
	assert_true(h->op.by_token);
	assert_null(h->op.session_token);
	assert_int_equal(house_leaves(h, EVENT_TOKEN_MADE), 1);
	house_restart(h);
	assert_good(use(h, m.token, "today", LEVEL_READ));
}

static void scoped(void **state)
{
	/* Dies when a token does what it was not made for. */
	struct house *h = *state;
	struct maker m;

	house_enrol(h, "lucia", "lawyer", &m.p);
	assert_good(make(h, &m, false, false, 30));
	assert_result(use(h, m.token, "person.add", LEVEL_READ), FORBIDDEN);
	assert_result(use(h, m.token, "person", LEVEL_READ), FORBIDDEN);
	assert_result(use(h, m.token, "", LEVEL_READ), FORBIDDEN);
	assert_result(use(h, m.token, "person.show", LEVEL_WRITE),
	    FORBIDDEN);
	assert_result(use(h, m.token, "person.show", LEVEL_APPROVE),
	    FORBIDDEN);
	assert_good(make(h, &m, true, false, 30));
	assert_good(use(h, m.token, "person.show", LEVEL_WRITE));
}

static void ends(void **state)
{
	/* Dies when a token works after its day, its maker's end or a wrong
	 * character. */
	struct house *h = *state;
	struct maker m;
	char wrong[64];

	house_enrol(h, "lucia", "lawyer", &m.p);
	assert_good(make(h, &m, false, false, 1));
	memcpy(wrong, m.token, sizeof(wrong));
	wrong[9] = wrong[9] == 'A' ? 'B' : 'A';
	assert_result(use(h, wrong, "today", LEVEL_READ), SIGN_IN);
	assert_result(use(h, "alas_", "today", LEVEL_READ), SIGN_IN);
	assert_result(use(h, "", "today", LEVEL_READ), SIGN_IN);
	house_wait(h, day_ms - 1);
	assert_good(use(h, m.token, "today", LEVEL_READ));
	house_wait(h, 1);
	assert_result(use(h, m.token, "today", LEVEL_READ), SIGN_IN);
	house_wait(h, -HOUR_MS);
	house_change_user(h, m.p.user, "left", (day){ 0 });
	assert_result(use(h, m.token, "today", LEVEL_READ), SIGN_IN);
}

static void no_cookie(void **state)
{
	/* Dies when a cookie serves as a bearer, or a token as a cookie. */
	struct house *h = *state;
	struct maker m;

	house_enrol(h, "lucia", "lawyer", &m.p);
	assert_good(make(h, &m, false, false, 30));
	assert_result(use(h, m.p.cookie, "today", LEVEL_READ), SIGN_IN);
	assert_result(guard_session(house_op(h), text_of(m.token + 5)),
	    SIGN_IN);
}

static void the_shell(void **state)
{
	/* Dies when `alas sign-in` gets no bearer, or one that a browser
	 * could use. */
	struct house *h = *state;
	struct person_at_door p;
	struct op *op;
	text code;
	char bearer[64];

	house_enrol(h, "lucia", "lawyer", &p);
	code = house_code(h, &p);
	op = house_op(h);
	op->door = DOOR_API;
	assert_good(done_by_house(h, guard_sign_in(op, T("lucia"),
	    text_of(p.passphrase), code, T(""))));
	snprintf(bearer, sizeof(bearer), "%.43s", op->set_session.p);
	assert_good(use(h, bearer, "person.add", LEVEL_WRITE));
	assert_true(id_same(h->op.user.raw, p.user.raw));
	assert_false(h->op.by_token);
	assert_null(h->op.session_token);
	assert_result(guard_session(house_op(h), text_of(bearer)), SIGN_IN);
	house_wait(h, IDLE_MS);
	assert_result(use(h, bearer, "today", LEVEL_READ), SIGN_IN);
}

static void step_up(void **state)
{
	/* Dies when an unattended token can step up, or a step-up of one
	 * token counts for another. */
	struct house *h = *state;
	struct maker plain;
	struct maker able;

	house_enrol(h, "lucia", "lawyer", &plain.p);
	able.p = plain.p;
	assert_good(make(h, &plain, true, false, 30));
	assert_good(make(h, &able, true, true, 30));
	assert_good(use(h, plain.token, "today", LEVEL_READ));
	assert_result(guard_step_up(&h->op, text_of(plain.p.passphrase),
	    house_code(h, &plain.p)), FORBIDDEN);
	assert_good(use(h, able.token, "today", LEVEL_READ));
	assert_true(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
	assert_good(done_by_house(h, guard_step_up(&h->op,
	    text_of(able.p.passphrase), house_code(h, &able.p))));
	assert_false(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
	assert_int_equal(h->op.set_session.n, 0);
	assert_good(use(h, able.token, "today", LEVEL_READ));
	assert_false(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
	assert_good(use(h, plain.token, "today", LEVEL_READ));
	assert_true(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
	house_wait(h, STEP_UP_MS);
	assert_good(use(h, able.token, "today", LEVEL_READ));
	assert_true(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
}

static void made_with_care(void **state)
{
	/* Dies when a token is made without step-up, by a token, without a
	 * name, an end or an operation. */
	struct house *h = *state;
	struct maker m;
	const text bad[] = { T("person show") };
	text secret;

	house_enrol(h, "lucia", "lawyer", &m.p);
	assert_result(make(h, &m, false, false, 0), INVALID);
	assert_true(problem_has(&h->op.problems, T("days")));
	assert_result(make(h, &m, false, false, 91), INVALID);
	assert_good(guard_session(house_op(h), text_of(m.p.cookie)));
	assert_result(guard_make_token(&h->op, T(""), bad, 1, false, false,
	    1, &secret), INVALID);
	assert_true(problem_has(&h->op.problems, T("name")));
	assert_true(problem_has(&h->op.problems, T("operations")));
	assert_good(guard_session(house_op(h), text_of(m.p.cookie)));
	assert_result(guard_make_token(&h->op, T("x"), reads, 0, false,
	    false, 1, &secret), INVALID);
	assert_good(make(h, &m, true, true, 90));
	assert_good(use(h, m.token, "today", LEVEL_WRITE));
	assert_result(guard_make_token(&h->op, T("x"), reads, 1, false,
	    false, 1, &secret), FORBIDDEN);
	house_wait(h, STEP_UP_MS);
	assert_result(make(h, &m, false, false, 30), STEP_UP);
	assert_result(guard_make_token(house_op(h), T("x"), reads, 1, false,
	    false, 1, &secret), SIGN_IN);
}

static void twenty(void **state)
{
	/* Dies when somebody keeps more than twenty, or an ended one still
	 * counts. */
	struct house *h = *state;
	struct maker m;
	struct session_facts *list;
	size_t n;

	house_enrol(h, "lucia", "lawyer", &m.p);
	for (int i = 0; i < TOKENS_EACH; i++)
		assert_good(make(h, &m, false, false, 30));
	assert_result(make(h, &m, false, false, 30), TOO_MANY);
	assert_good(guard_session(house_op(h), text_of(m.p.cookie)));
	assert_good(guard_sessions(&h->op, h->op.user, &list, &n));
	assert_int_equal(n, 1 + TOKENS_EACH);
	assert_true(list[1].by_token);
	assert_true(text_same(list[1].name, T("respaldo")));
	assert_good(guard_end_session(&h->op, list[1].id));
	assert_int_equal(house_leaves(h, EVENT_TOKEN_ENDED), 1);
	assert_good(make(h, &m, false, false, 30));
}

static void last_use(void **state)
{
	/* Dies when the list does not show that a token was used. */
	struct house *h = *state;
	struct maker m;
	struct session_facts *list;
	size_t n;
	instant then;

	house_enrol(h, "lucia", "lawyer", &m.p);
	assert_good(make(h, &m, false, false, 30));
	house_wait(h, HOUR_MS);
	then = h->now;
	assert_good(use(h, m.token, "today", LEVEL_READ));
	assert_good(guard_flush(house_op(h)));
	house_restart(h);
	assert_good(guard_sessions(house_as(h, m.p.user), m.p.user,
	    &list, &n));
	assert_int_equal(n, 1);
	assert_int_equal(list[0].last_use.ms, then.ms);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(used),
		cmocka_unit_test(scoped),
		cmocka_unit_test(ends),
		cmocka_unit_test(no_cookie),
		cmocka_unit_test(the_shell),
		cmocka_unit_test(step_up),
		cmocka_unit_test(made_with_care),
		cmocka_unit_test(twenty),
		cmocka_unit_test(last_use),
	};

	return house_run(argc, argv, "guard tokens", tests, LENGTH(tests));
}
