#include "house.h"

#include <stdio.h>
#include <string.h>

/* An invited lawyer and the phrase on her paper. */
static user_id invited(struct house *h, char phrase[64])
{
	struct user u = { .sign_in_name = T("lucia"), .name = T("Lucía Paz"),
		.roles = house_texts(h, "lawyer") };
	struct op *op = house_op(h);
	text words;

	assert_good(guard_invite(op, guard_whole_office(op), &u, &words));
	snprintf(phrase, 64, "%s", words.p);
	house_commit(h);
	return (user_id){ u.row.id };
}

static const char passphrase[] = "cinco llamas cruzan el puente";

static result accept(struct house *h, const char *name, const char *phrase,
    const char *typed, struct enrolment *ret)
{
	struct op *op = house_op(h);

	return done_by_house(h, guard_accept(op, text_of(name),
	    text_of(phrase), text_of(typed), ret));
}

static void the_whole_way(void **state)
{
	/* Dies when an invitation does not lead to an active account that
	 * signs in, or its factor is not what the page shows. */
	struct house *h = *state;
	struct person_at_door p = { .name = "lucia" };
	struct enrolment e;
	struct enrolment again;
	text codes[RECOVERY_CODES];
	char phrase[64];
	struct op *op;

	p.user = invited(h, phrase);
	assert_int_equal(strlen(phrase), PHRASE_TEXT);
	assert_true(text_same(guard_user(h->office.guard, p.user)->state,
	    T("invited")));
	assert_good(accept(h, "Lucia", phrase, passphrase, &e));
	assert_int_equal(h->errands[ERRAND_CRACK], 1);
	assert_int_equal(h->errands[ERRAND_ARGON2], 1);
	op = &h->op;
	assert_true(id_none(op->user.raw));
	assert_int_equal(op->set_session.n, 43);
	assert_int_equal(e.secret_base32.n, 32);
	assert_true(text_starts(e.otpauth_uri,
	    T("otpauth://totp/alas:lucia?secret=")));
	assert_good(guard_enrolment(op, &again));
	assert_true(text_same(e.secret_base32, again.secret_base32));
	op_forget_effects(op);

	snprintf(p.secret, sizeof(p.secret), "%s", e.secret_base32.p);
	memcpy(p.passphrase, passphrase, sizeof(passphrase));
	assert_result(guard_confirm_factor(op, T("000000"), codes), INVALID);
	assert_true(problem_has(&op->problems, T("code")));
	assert_good(guard_confirm_factor(op, house_code(h, &p), codes));
	assert_true(id_same(op->user.raw, p.user.raw));
	assert_true(text_same(guard_user(h->office.guard, p.user)->state,
	    T("active")));
	for (int i = 0; i < RECOVERY_CODES; i++) {
		assert_int_equal(codes[i].n, 19);
		for (int k = 0; k < i; k++)
			assert_false(text_same(codes[i], codes[k]));
	}
	op_forget_effects(op);
	assert_int_equal(house_leaves(h, EVENT_PASSPHRASE_SET), 1);
	assert_int_equal(house_leaves(h, EVENT_FACTOR_SET), 1);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	assert_good(house_sign_in(h, &p));
}

static void a_phrase_once(void **state)
{
	/* Dies when a phrase works after it was used, after three days, or
	 * for another name. */
	struct house *h = *state;
	struct person_at_door p = { .name = "lucia" };
	struct enrolment e;
	text codes[RECOVERY_CODES];
	char phrase[64];

	p.user = invited(h, phrase);
	house_user(h, "benito", "lawyer");
	assert_result(accept(h, "benito", phrase, passphrase, &e), SIGN_IN);
	assert_result(accept(h, "nadie", phrase, passphrase, &e), SIGN_IN);
	assert_int_equal(h->errands[ERRAND_ARGON2], 0);
	house_wait(h, 72 * (int64_t)HOUR_MS);
	assert_result(accept(h, "lucia", phrase, passphrase, &e), SIGN_IN);
	house_wait(h, -1);
	assert_good(accept(h, "lucia", phrase, passphrase, &e));
	op_forget_effects(&h->op);
	/* Closed the browser before the factor: the paper still serves. */
	assert_good(accept(h, "lucia", phrase, passphrase, &e));
	op_forget_effects(&h->op);
	snprintf(p.secret, sizeof(p.secret), "%s", e.secret_base32.p);
	assert_good(guard_confirm_factor(&h->op, house_code(h, &p), codes));
	op_forget_effects(&h->op);
	assert_result(accept(h, "lucia", phrase, passphrase, &e), SIGN_IN);
}

static void a_mistyped_phrase(void **state)
{
	/* Dies when the wrong group of a phrase is not named, or the name
	 * is looked at first. */
	struct house *h = *state;
	struct enrolment e;
	char phrase[64];

	invited(h, phrase);
	phrase[11] = phrase[11] == '7' ? '8' : '7';
	assert_result(accept(h, "nadie", phrase, passphrase, &e), INVALID);
	assert_int_equal(h->op.problems.n, 1);
	assert_true(text_same(h->op.problems.at[0].field, T("phrase")));
	assert_true(text_same(h->op.problems.at[0].args[0], T("3")));
	phrase[9] = '\0';
	assert_result(accept(h, "lucia", phrase, passphrase, &e), INVALID);
	assert_string_equal(h->op.problems.at[0].key, "guard.phrase_length");
}

static void weak_passphrases(void **state)
{
	/* Dies when fourteen characters, or what the runner calls weak, is
	 * taken. */
	struct house *h = *state;
	struct enrolment e;
	char phrase[64];
	char *long_one;

	invited(h, phrase);
	assert_result(accept(h, "lucia", phrase, "catorce letras", &e),
	    INVALID);
	assert_string_equal(h->op.problems.at[0].key,
	    "guard.passphrase_short");
	/* Characters, not bytes. */
	assert_result(accept(h, "lucia", phrase, "ñandú ñandú ñá", &e),
	    INVALID);
	assert_int_equal(h->errands[ERRAND_CRACK], 0);
	assert_result(accept(h, "lucia", phrase, "esta es debil debil", &e),
	    INVALID);
	assert_true(problem_has(&h->op.problems, T("passphrase")));
	assert_string_equal(h->op.problems.at[0].key, "weakness.word");
	assert_int_equal(h->errands[ERRAND_ARGON2], 0);
	house_op(h);
	long_one = arena_take(h->arena, PASSPHRASE_BYTES_MAX + 2);
	memset(long_one, 'x', PASSPHRASE_BYTES_MAX + 1);
	assert_result(guard_accept(&h->op, T("lucia"), text_of(phrase),
	    text_of(long_one), &e), INVALID);
	assert_string_equal(h->op.problems.at[0].key,
	    "guard.passphrase_long");
	assert_good(accept(h, "lucia", phrase, "quince letras ñ", &e));
}

static void what_crack_knows(void **state)
{
	/* Dies when the words of the office are not told to the runner. */
	struct house *h = *state;
	struct enrolment e;
	char phrase[64];
	bool own = false;
	bool prison = false;
	struct op *op;

	invited(h, phrase);
	op = house_op(h);
	assert_result(guard_accept(op, T("lucia"), text_of(phrase),
	    text_of(passphrase), &e), WAIT);
	assert_int_equal(op->errand.kind, ERRAND_CRACK);
	for (size_t i = 0; i < op->errand.context_n; i++) {
		own = own || text_same(op->errand.context[i],
		    T("Lucía Paz"));
		prison = prison || op->errand.context[i].n > 12;
	}
	assert_true(own);
	assert_true(prison);
}

static void enrolling_is_nobody(void **state)
{
	/* Dies when who has set only the passphrase may anything. */
	struct house *h = *state;
	struct enrolment e;
	const struct reach *r;
	char phrase[64];
	char cookie[64];
	struct op *op;

	invited(h, phrase);
	assert_good(accept(h, "lucia", phrase, passphrase, &e));
	snprintf(cookie, sizeof(cookie), "%.43s", h->op.set_session.p);
	op = house_op(h);
	assert_result(guard_session(op, text_of(cookie)), SIGN_IN);
	assert_true(guard_csrf_ok(op, guard_csrf(op)));
	assert_result(guard_reach(op, AREA_ACCOUNT, LEVEL_READ, OBJECT_NONE,
	    (id){ 0 }, &r), SIGN_IN);
	assert_result(guard_sign_out(op), SIGN_IN);
	assert_result(guard_step_up(op, text_of(passphrase), T("000000")),
	    SIGN_IN);
	house_wait(h, IDLE_MS);
	op = house_op(h);
	assert_result(guard_session(op, text_of(cookie)), SIGN_IN);
	assert_result(guard_enrolment(op, &e), SIGN_IN);
}

static void codes_are_throttled(void **state)
{
	/* Dies when the codes of an enrolment can be guessed freely. */
	struct house *h = *state;
	struct enrolment e;
	text codes[RECOVERY_CODES];
	char phrase[64];

	invited(h, phrase);
	assert_good(accept(h, "lucia", phrase, passphrase, &e));
	op_forget_effects(&h->op);
	for (int i = 0; i < 6; i++)
		assert_result(guard_confirm_factor(&h->op, T("000000"),
		    codes), INVALID);
	assert_result(guard_confirm_factor(&h->op, T("000000"), codes),
	    TOO_MANY);
}

static void another_factor(void **state)
{
	/* Dies when a new factor replaces the old one before it is
	 * confirmed, or needs no step-up. */
	struct house *h = *state;
	struct person_at_door p;
	struct enrolment e;
	text codes[RECOVERY_CODES];
	char old[64];

	house_enrol(h, "lucia", "lawyer", &p);
	memcpy(old, p.secret, sizeof(old));
	assert_good(guard_session(house_op(h), text_of(p.cookie)));
	assert_result(guard_confirm_factor(&h->op, house_code(h, &p), codes),
	    CONFLICT);
	assert_good(guard_new_factor(&h->op));
	op_forget_effects(&h->op);
	assert_good(guard_enrolment(&h->op, &e));
	assert_good(house_sign_in(h, &p));
	assert_good(guard_session(house_op(h), text_of(p.cookie)));
	assert_good(guard_enrolment(&h->op, &e));
	snprintf(p.secret, sizeof(p.secret), "%s", e.secret_base32.p);
	assert_string_not_equal(old, p.secret);
	assert_good(guard_confirm_factor(&h->op, house_code(h, &p), codes));
	snprintf(p.cookie, sizeof(p.cookie), "%.43s", h->op.set_session.p);
	op_forget_effects(&h->op);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	assert_good(house_sign_in(h, &p));
	house_wait(h, STEP_UP_MS);
	assert_good(guard_session(house_op(h), text_of(p.cookie)));
	assert_result(guard_new_factor(&h->op), STEP_UP);
	assert_result(guard_new_factor(house_op(h)), SIGN_IN);
}

static result change(struct house *h, const struct person_at_door *p,
    const char *old, const char *new)
{
	struct op *op = house_op(h);

	assert_good(guard_session(op, text_of(p->cookie)));
	return done_by_house(h, guard_change_passphrase(op, text_of(old),
	    text_of(new)));
}

static void another_passphrase(void **state)
{
	/* Dies when a passphrase changes without the old one, or leaves
	 * other sessions alive. */
	struct house *h = *state;
	struct person_at_door p;
	char first[64];
	static const char new[] = "seis condores sobre el rio";

	house_enrol(h, "lucia", "lawyer", &p);
	memcpy(first, p.cookie, sizeof(first));
	assert_good(house_sign_in(h, &p));
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	assert_result(change(h, &p, "no es esta frase mia", new), INVALID);
	assert_true(problem_has(&h->op.problems, T("old")));
	assert_result(change(h, &p, "", new), INVALID);
	assert_result(change(h, &p, p.passphrase, "corta"), INVALID);
	assert_true(problem_has(&h->op.problems, T("new")));
	assert_result(change(h, &p, p.passphrase, "esta es debil debil"),
	    INVALID);
	assert_good(house_sign_in(h, &p));
	house_wait(h, TOTP_STEP_S * SECOND_MS);

	assert_good(change(h, &p, p.passphrase, new));
	assert_result(house_sign_in(h, &p), SIGN_IN);
	assert_good(guard_session(house_op(h), text_of(p.cookie)));
	assert_result(guard_session(house_op(h), text_of(first)), SIGN_IN);
	memcpy(p.passphrase, new, sizeof(new));
	assert_good(house_sign_in(h, &p));
}

static void the_old_is_throttled(void **state)
{
	/* Dies when an unlocked screen may guess the passphrase freely. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	for (int i = 0; i < 6; i++)
		assert_result(change(h, &p, "no es esta frase mia",
		    "seis condores sobre el rio"), INVALID);
	assert_result(change(h, &p, p.passphrase,
	    "seis condores sobre el rio"), TOO_MANY);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_way),
		cmocka_unit_test(a_phrase_once),
		cmocka_unit_test(a_mistyped_phrase),
		cmocka_unit_test(weak_passphrases),
		cmocka_unit_test(what_crack_knows),
		cmocka_unit_test(enrolling_is_nobody),
		cmocka_unit_test(codes_are_throttled),
		cmocka_unit_test(another_factor),
		cmocka_unit_test(another_passphrase),
		cmocka_unit_test(the_old_is_throttled),
	};

	return house_run(argc, argv, "guard enrolment", tests, LENGTH(tests));
}
