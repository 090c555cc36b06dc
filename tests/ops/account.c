/* One's own account: nobody else's session, token or looks. */
#include "office.h"

#include <string.h>

static result
post(struct house *h, const struct came_in *who, const char *path,
    const char *const *in)
{
	return house_ask(h, &(struct asking){ .method = "POST",
		.path = path, .inputs = in, .cookie = who->cookie });
}

static result
get(struct house *h, const struct came_in *who, const char *path)
{
	return house_ask(h, &(struct asking){ .method = "GET", .path = path,
		.cookie = who->cookie });
}

/* Without it the page would not say what is signed in, or where. */
static void
the_page_shows_what_is_open(void **state)
{
	struct house *h = *state;
	struct came_in nora;

	house_come_in(h, "nora", "lawyer", &nora);
	assert_good(get(h, &nora, "/account"));
	assert_int_equal(house_node(h, "sessions")->n, 1);
	assert_true(node_true(house_node(h, "factor")));
	assert_int_equal(house_node(h, "recovery_left")->number, 8);
	assert_true(house_has(h, "settings.fields"));
	/* Of eight languages that persons speak, pages have two. */
	assert_int_equal(node_find(house_node(h, "settings.fields")->first,
	    "options")->n, 2);
}

/* Without it looks could be set to a language that no page has. */
static void
looks_are_ones_own(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "language", "en", "discreet", "1", NULL };
	const char *const quechua[] = { "language", "quy", NULL };
	const char *const none[] = { "language", "", NULL };

	assert_good(house_post(h, h->rita, "/account/edit", in));
	assert_int_equal(guard_user(h->office.guard, h->rita)->lang,
	    LANG_EN);
	assert_true(guard_user(h->office.guard, h->rita)->discreet);
	assert_int_equal(guard_user(h->office.guard, h->sara)->lang,
	    LANG_ES);
	assert_result(house_post(h, h->rita, "/account/edit", quechua),
	    INVALID);
	assert_true(house_problem(h, "language", "problem.page_language"));
	assert_result(house_post(h, h->rita, "/account/edit", none),
	    INVALID);
	assert_int_equal(guard_user(h->office.guard, h->rita)->lang,
	    LANG_EN);
}

/* Without it anybody could end anybody's session. */
static void
a_session_of_another_is_missing(void **state)
{
	struct house *h = *state;
	struct came_in nora;
	const char *code;

	house_come_in(h, "nora", "lawyer", &nora);
	assert_good(get(h, &nora, "/account"));
	code = arena_text(h->lasting, node_find(house_node(h,
	    "sessions")->first, "code")->text).p;

	const char *const in[] = { "session", code, NULL };
	const char *const bad[] = { "session", "AAAA-AAA", NULL };

	assert_result(house_post(h, h->rita, "/account/sessions/end", in),
	    NOT_FOUND);
	assert_result(post(h, &nora, "/account/sessions/end", bad),
	    NOT_FOUND);
	assert_good(post(h, &nora, "/account/sessions/end", in));
	assert_text(h->op.set_session, "-");
	assert_result(get(h, &nora, "/account"), SIGN_IN);
}

/* Without it a key could do more than its maker, or live for ever. */
static void
a_key_is_narrow(void **state)
{
	struct house *h = *state;
	const char *const unknown[] = { "name", "hoja", "operations",
		"person.fly", NULL };
	const char *const beyond[] = { "name", "hoja", "operations",
		"user.list", NULL };
	const char *const pages[] = { "name", "hoja", "operations",
		"session.lock", NULL };
	const char *const public[] = { "name", "hoja", "operations",
		"session.sign_in", NULL };
	const char *const nothing[] = { "name", "hoja", "operations", "",
		NULL };
	const char *const long_days[] = { "name", "hoja", "operations",
		"person.list", "days", "91", NULL };
	const char *const in[] = { "name", "hoja", "operations",
		"person.list", "operations", "contact-point.add",
		"may_write", "1", NULL };
	const char *code;

	assert_result(house_post(h, h->lucia, "/account/tokens/new",
	    unknown), INVALID);
	assert_true(house_problem(h, "operations",
	    "problem.token_operation"));
	assert_result(house_post(h, h->lucia, "/account/tokens/new",
	    beyond), INVALID);
	assert_result(house_post(h, h->lucia, "/account/tokens/new", pages),
	    INVALID);
	assert_result(house_post(h, h->lucia, "/account/tokens/new",
	    public), INVALID);
	assert_result(house_post(h, h->lucia, "/account/tokens/new",
	    nothing), INVALID);
	assert_true(house_problem(h, "operations", "guard.token_operations"));
	assert_result(house_post(h, h->lucia, "/account/tokens/new",
	    long_days), INVALID);
	assert_true(house_problem(h, "days", "guard.token_days"));
	assert_result(house_ask(h, &(struct asking){ .who = h->lucia,
		.method = "POST", .path = "/account/tokens/new",
		.inputs = in, .old_step_up = true }), STEP_UP);
	assert_good(house_post(h, h->lucia, "/account/tokens/new", in));
	assert_true(text_starts(house_said(h, "secret"), T("alas_")));
	assert_good(house_get(h, h->lucia, "/account", NULL));
	assert_int_equal(house_node(h, "tokens")->n, 1);
	code = arena_text(h->lasting, node_find(house_node(h,
	    "tokens")->first, "code")->text).p;
	/* It is no session. */
	assert_result(house_post(h, h->lucia, "/account/sessions/end",
	    (const char *const[]){ "session", code, NULL }), NOT_FOUND);
	code = arena_format(h->lasting, "/account/tokens/%s/end", code).p;
	assert_result(house_post(h, h->rita, code, NULL), NOT_FOUND);
	assert_good(house_get(h, h->lucia, code, NULL));
	assert_good(house_post(h, h->lucia, code, NULL));
	assert_result(house_post(h, h->lucia, code, NULL), NOT_FOUND);
	assert_int_equal(house_leaves(h, EVENT_TOKEN_ENDED), 1);
}

/* Without it a thief would stay signed in, and nobody would know where. */
static void
a_stolen_device_ends_all(void **state)
{
	struct house *h = *state;
	struct came_in nora;
	id person = house_person(h, h->lucia, "Eusebio");
	id hidden = house_person(h, h->lucia, "Rosaura");

	house_come_in(h, "nora", "lawyer", &nora);
	house_grant(h, nora.user, OBJECT_PERSON, person, "identity case",
	    "write");
	house_grant(h, nora.user, OBJECT_PERSON, hidden, "identity case",
	    "write");
	assert_good(get(h, &nora, house_path(h, "/people/{}/contacts",
	    person, (id){ 0 })));

	const char *const in[] = { "direction", "in", "channel", "phone",
		"caller", "self", NULL };

	assert_good(post(h, &nora, house_path(h, "/people/{}/contacts",
	    person, (id){ 0 }), in));
	assert_good(post(h, &nora, house_path(h, "/people/{}/contacts",
	    hidden, (id){ 0 }), in));
	house_wall(h, nora.user, OBJECT_PERSON, hidden);
	assert_good(post(h, &nora, "/account/stolen", NULL));
	assert_int_equal(house_node(h, "opened")->n, 1);
	assert_text(node_find(house_node(h, "opened")->first, "code")->text,
	    code_of(person).s);
	assert_text(h->op.set_session, "-");
	assert_result(get(h, &nora, "/account"), SIGN_IN);
	assert_int_equal(house_leaves(h, EVENT_STOLEN), 1);
}

/* Without it a passphrase could be changed by whoever finds a screen. */
static void
a_passphrase_changes_by_the_old_one(void **state)
{
	struct house *h = *state;
	struct came_in nora;

	house_come_in(h, "nora", "lawyer", &nora);

	const char *const wrong[] = { "old", "no es la frase de antes",
		"new", "nueve cóndores miran el mar", "again",
		"nueve cóndores miran el mar", NULL };
	const char *const twice[] = { "old", nora.phrase, "new",
		"nueve cóndores miran el mar", "again",
		"nueve cóndores miran", NULL };
	const char *const in[] = { "old", nora.phrase, "new",
		"nueve cóndores miran el mar", "again",
		"nueve cóndores miran el mar", NULL };

	assert_result(post(h, &nora, "/account/passphrase", twice),
	    INVALID);
	assert_true(house_problem(h, "again", "problem.passphrase_again"));
	assert_result(post(h, &nora, "/account/passphrase", wrong),
	    INVALID);
	assert_true(house_problem(h, "old", "guard.passphrase_wrong"));
	assert_good(post(h, &nora, "/account/passphrase", in));
	assert_result(house_post(h, (user_id){ 0 }, "/account/passphrase",
	    in), SIGN_IN);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_shows_what_is_open),
		cmocka_unit_test(looks_are_ones_own),
		cmocka_unit_test(a_session_of_another_is_missing),
		cmocka_unit_test(a_key_is_narrow),
		cmocka_unit_test(a_stolen_device_ends_all),
		cmocka_unit_test(a_passphrase_changes_by_the_old_one),
	};

	return house_run(argc, argv, "ops account", tests, LENGTH(tests));
}
