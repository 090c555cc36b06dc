/* Accounts: who may invite whom, what two must do, how one comes in. */
#include "office.h"

#include <string.h>

static const char *
user_path(struct house *h, const char *pattern, user_id u)
{
	return house_path(h, pattern, u.raw, (id){ 0 });
}

static const struct user_facts *
named(struct house *h, const char *name)
{
	return guard_user_named(h->office.guard, text_of(name));
}

/* Without it an invitation's phrase could be asked for twice, or lie in the
 * table of kept answers. */
static void
invitation_is_shown_once(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "sign_in_name", "marta", "name", "Marta",
		"roles", "mentor", "ends_on", "24/12/2026", NULL };
	struct asking a = { .who = h->dora, .method = "POST",
		.path = "/users/new", .inputs = in, .key = "k1" };

	assert_good(house_ask(h, &a));
	assert_int_equal(house_said(h, "secret").n, PHRASE_TEXT);
	assert_string_equal(h->op.page, "invitation");
	assert_text(named(h, "marta")->state, "invited");
	assert_int_equal(named(h, "marta")->roles, 1u << ROLE_MENTOR);
	assert_int_equal(house_leaves(h, EVENT_USER_INVITED), 1);
	assert_good(house_ask(h, &a));
	assert_false(house_has(h, "secret"));
	assert_int_equal(house_leaves(h, EVENT_USER_INVITED), 1);
}

/* Without it every mistake of the form would come one by one, or pass. */
static void
invitation_says_every_mistake(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "sign_in_name", "lucia", "name", "",
		"roles", "director", "roles", "treasurer", "language", "quy",
		NULL };

	assert_result(house_post(h, h->dora, "/users/new", in), INVALID);
	assert_true(house_problem(h, "sign_in_name",
	    "guard.sign_in_name_taken"));
	assert_true(house_problem(h, "name", "problem.required"));
	assert_true(house_problem(h, "roles", "guard.roles_clash"));
	assert_true(house_problem(h, "language", "problem.page_language"));
	/* The same form again, with what was typed. */
	assert_good(ops_form_again(&h->op, &h->route));
	assert_int_equal(house_node(h, "fields")->n, 10);
	assert_text(node_find(house_node(h, "fields")->first,
	    "value")->text, "lucia");
	assert_int_equal(house_rows(h, &entity_user), 8);
}

/* Without it a lawyer could make accounts, or a session left open could. */
static void
only_who_administers_invites(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "sign_in_name", "x1", "name", "X",
		NULL };

	assert_result(house_post(h, h->lucia, "/users/new", in), FORBIDDEN);
	assert_result(house_get(h, h->lucia, "/users", NULL), FORBIDDEN);
	assert_result(house_post(h, (user_id){ 0 }, "/users/new", in),
	    SIGN_IN);
	assert_result(house_ask(h, &(struct asking){ .who = h->dora,
		.method = "POST", .path = "/users/new", .inputs = in,
		.old_step_up = true }), STEP_UP);
	assert_null(named(h, "x1"));
}

/* Without it one person alone could make another director. */
static void
a_director_is_made_by_two(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "sign_in_name", "diana", "name", "Diana",
		"roles", "director", NULL };
	const char *approve;
	user_id diana;

	assert_good(house_post(h, h->dora, "/users/new", in));
	assert_true(node_true(house_node(h, "waits")));
	diana = named(h, "diana")->id;
	assert_text(named(h, "diana")->state, "locked");
	approve = user_path(h, "/users/{}/approve", diana);
	assert_good(house_get(h, h->daniel, approve, NULL));
	assert_true(house_has(h, "consequences"));
	assert_result(house_post(h, h->dora, approve, NULL), INVALID);
	assert_true(house_problem(h, "", "problem.second_person"));
	assert_good(house_post(h, h->daniel, approve, NULL));
	assert_text(named(h, "diana")->state, "invited");
	assert_result(house_post(h, h->daniel, approve, NULL), INVALID);
	assert_true(house_problem(h, "", "problem.nothing_waits"));
	assert_good(house_get(h, h->dora, user_path(h, "/users/{}", diana),
	    NULL));
	assert_false(node_true(house_node(h, "waits")));
}

/* Without it the office could be left without anybody who directs it. */
static void
the_last_director_stays(void **state)
{
	struct house *h = *state;
	const char *const in[] = { "sign_in_name", "dora", "name", "Dora",
		"roles", "lawyer", NULL };
	const char *leave = user_path(h, "/users/{}/leave", h->daniel);

	assert_good(house_post(h, h->dora, leave, NULL));
	assert_text(named(h, "daniel")->state, "left");
	assert_result(house_post(h, h->dora, leave, NULL), INVALID);
	assert_true(house_problem(h, "", "problem.user_leave"));
	assert_result(house_post(h, h->tito, user_path(h, "/users/{}/leave",
	    h->dora), NULL), INVALID);
	assert_result(house_ask(h, &(struct asking){ .who = h->tito,
		.method = "POST", .path = user_path(h, "/users/{}/edit",
		h->dora), .inputs = in, .version = 1 }), INVALID);
	assert_true(house_problem(h, "roles", "guard.last_director"));
	assert_result(house_post(h, h->dora, user_path(h,
	    "/users/{}/invite-again", h->daniel), NULL), INVALID);
	assert_true(house_problem(h, "", "problem.user_closed"));
	assert_result(house_ask(h, &(struct asking){ .who = h->dora,
		.method = "POST", .path = user_path(h, "/users/{}/edit",
		h->daniel), .inputs = in, .version = 2 }), INVALID);
	assert_true(house_problem(h, "", "problem.user_closed"));
}

/* Without it the second of two editors would overwrite the first. */
static void
an_edit_needs_its_version(void **state)
{
	struct house *h = *state;
	const char *const one[] = { "name", "Rita Flores", NULL };
	const char *const two[] = { "name", "Rita Vega", NULL };
	struct asking a = { .who = h->dora, .method = "POST",
		.path = user_path(h, "/users/{}/edit", h->rita),
		.inputs = one };

	assert_result(house_ask(h, &a), BAD_REQUEST);
	a.version = 1;
	assert_good(house_ask(h, &a));
	assert_text(named(h, "rita")->name, "Rita Flores");
	a.inputs = two;
	assert_result(house_ask(h, &a), CONFLICT);
	assert_int_equal(house_node(h, "conflicts")->n, 1);
	a.door = DOOR_API;
	a.method = "PATCH";
	a.path = user_path(h, "/users/{}", h->rita);
	assert_result(house_ask(h, &a), STALE);
	assert_text(named(h, "rita")->name, "Rita Flores");
	assert_result(house_get(h, h->dora, "/users/AAAA-AAA", NULL),
	    NOT_FOUND);
}

/* Without it a wrong phrase would tell names that exist, and six new words
 * would take the place of those just being practised. */
static void
an_invitation_is_accepted_by_its_phrase(void **state)
{
	struct house *h = *state;
	const char *const wrong[] = { "sign_in_name", "nobody", "phrase",
		"0000 0000 0000 0000 0000 0000 0000 0000 0000",
		"passphrase", "seis llamas cruzan el puente", "again",
		"seis llamas cruzan el puente", NULL };
	const char *const typo[] = { "sign_in_name", "rita", "phrase", "x",
		"passphrase", "seis llamas", "again", "seis llama", NULL };
	const char *offered;

	assert_good(house_ask(h, &(struct asking){ .method = "GET",
		.path = "/invitation" }));
	offered = arena_text(h->lasting, house_said(h, "offered")).p;
	assert_result(house_post(h, (user_id){ 0 }, "/invitation", typo),
	    INVALID);
	assert_true(house_problem(h, "again", "problem.passphrase_again"));

	const char *const kept[] = { "sign_in_name", "x", "offered",
		offered, NULL };
	const char *const ours[] = { "offered", "abad abad", NULL };

	assert_good(house_ask(h, &(struct asking){ .method = "GET",
		.path = "/invitation", .inputs = kept }));
	assert_text(house_said(h, "offered"), offered);
	assert_good(house_ask(h, &(struct asking){ .method = "GET",
		.path = "/invitation", .inputs = ours }));
	assert_false(text_same(house_said(h, "offered"), T("abad abad")));
	assert_result(house_post(h, (user_id){ 0 }, "/invitation", wrong),
	    INVALID);
	assert_true(house_problem(h, "phrase", "guard.phrase_group"));
}

/* Without it nobody could come in, or anybody without a telephone could. */
static void
the_factor_is_confirmed_by_a_code(void **state)
{
	struct house *h = *state;
	const char *const bad[] = { "code", "000000", NULL };
	struct came_in nora;
	struct asking a = { .method = "POST", .path = "/invitation/factor",
		.inputs = bad };

	assert_result(house_ask(h, &a), SIGN_IN);
	house_come_in(h, "nora", "lawyer", &nora);
	assert_text(named(h, "nora")->state, "active");
	assert_int_equal(house_node(h, "codes")->n, 8);
	assert_string_equal(h->op.page, "codes");
	/* Nothing is being set any more: the page is not there. */
	a.cookie = nora.cookie;
	assert_result(house_ask(h, &a), NOT_FOUND);
	/* Another telephone: asked for, shown, refused by a wrong code. */
	assert_good(house_ask(h, &(struct asking){ .method = "POST",
		.path = "/account/factor", .cookie = nora.cookie }));
	assert_good(house_ask(h, &(struct asking){ .method = "GET",
		.path = "/invitation/factor", .cookie = nora.cookie }));
	assert_true(text_starts(house_said(h, "uri"), T("otpauth://totp/")));
	assert_true(text_starts(house_said(h, "qr_path"), T("M4 4h7v1h-7z")));
	assert_result(house_ask(h, &a), INVALID);
	assert_true(house_problem(h, "code", "guard.code_wrong"));
}

/* Without it a weak passphrase would be as good as any. */
static void
a_weak_passphrase_is_refused(void **state)
{
	struct house *h = *state;
	const char *const invite[] = { "sign_in_name", "nora", "name",
		"Nora", NULL };
	const char *phrase;

	assert_good(house_post(h, h->dora, "/users/new", invite));
	phrase = arena_text(h->lasting, house_said(h, "secret")).p;

	const char *const in[] = { "sign_in_name", "nora", "phrase", phrase,
		"passphrase", "quince letras flojas", "again",
		"quince letras flojas", NULL };

	h->weak = true;
	assert_result(house_post(h, (user_id){ 0 }, "/invitation", in),
	    INVALID);
	assert_true(house_problem(h, "passphrase", "weakness.word"));
	h->weak = false;
	assert_good(house_post(h, (user_id){ 0 }, "/invitation", in));
	assert_text(h->op.location, "/invitation/factor");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invitation_is_shown_once),
		cmocka_unit_test(invitation_says_every_mistake),
		cmocka_unit_test(only_who_administers_invites),
		cmocka_unit_test(a_director_is_made_by_two),
		cmocka_unit_test(the_last_director_stays),
		cmocka_unit_test(an_edit_needs_its_version),
		cmocka_unit_test(an_invitation_is_accepted_by_its_phrase),
		cmocka_unit_test(the_factor_is_confirmed_by_a_code),
		cmocka_unit_test(a_weak_passphrase_is_refused),
	};

	return house_run(argc, argv, "ops users", tests, LENGTH(tests));
}
