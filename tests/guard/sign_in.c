#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What counts at the door, with the parts that differ. */
static result try_in(struct house *h, const char *name,
    const char *passphrase, text code, const char *device)
{
	struct op *op = house_op(h);

	return done_by_house(h, guard_sign_in(op, text_of(name),
	    text_of(passphrase), code, text_of(device)));
}

static void good(void **state)
{
	/* Dies when who knows both does not enter, or enters as another. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(house_sign_in(h, &p));
	assert_int_equal(strlen(p.cookie), 43);
	assert_int_equal(strlen(p.device), 43);
	assert_true(id_same(h->op.user.raw, p.user.raw));
	assert_false(id_none(h->op.session));
	assert_non_null(h->op.session_token);
	assert_int_equal(house_leaves(h, EVENT_DEVICE_NEW), 1);
	house_wait(h, 30 * SECOND_MS);
	assert_good(house_sign_in(h, &p));
	assert_int_equal(h->op.set_device.n, 0);
	assert_int_equal(house_leaves(h, EVENT_SIGNED_IN), 1);
	/* Passphrase and a fresh code were just given. */
	struct op *op = house_op(h);
	assert_good(guard_session(op, text_of(p.cookie)));
	assert_false(guard_needs_step_up(op, AREA_ADMIN_USERS));
}

static void name_and_code_as_typed(void **state)
{
	/* Dies when capitals, spaces or the group of a code keep out. */
	struct house *h = *state;
	struct person_at_door p;
	char spaced[8];
	text code;

	house_enrol(h, "lucia", "lawyer", &p);
	code = house_code(h, &p);
	snprintf(spaced, sizeof(spaced), "%.3s %.3s", code.p, code.p + 3);
	assert_good(try_in(h, " LuCia ", p.passphrase, text_of(spaced), ""));
}

static void every_way_to_be_wrong(void **state)
{
	/* Dies when a wrong name, passphrase or code is told apart, or one
	 * of them costs no hash. */
	struct house *h = *state;
	struct person_at_door p;
	int hashes;

	house_enrol(h, "lucia", "lawyer", &p);
	hashes = h->errands[ERRAND_ARGON2];
	assert_result(try_in(h, "lucia", "otra frase que no es", house_code(
	    h, &p), ""), SIGN_IN);
	assert_result(try_in(h, "lucia", p.passphrase, T("000000"), ""),
	    SIGN_IN);
	assert_result(try_in(h, "lucia", p.passphrase, T(""), ""), SIGN_IN);
	assert_result(try_in(h, "nadie", p.passphrase, house_code(h, &p),
	    ""), SIGN_IN);
	assert_int_equal(h->errands[ERRAND_ARGON2] - hashes, 4);
	assert_int_equal(house_leaves(h, EVENT_SIGN_IN_FAILED), 4);
	assert_int_equal(h->op.set_session.n, 0);
	assert_true(id_none(h->op.user.raw));
	/* Nothing typed needs no hash, for whoever. */
	assert_result(try_in(h, "lucia", "", T("123456"), ""), SIGN_IN);
}

static void the_cost(void **state)
{
	/* Dies when a real office hashes for less than 3 passes of 64 MiB,
	 * for known or unknown, or a test office for more than the floor. */
	struct house *h = *state;
	struct person_at_door p;
	uint8_t salt[16];

	house_enrol(h, "floor", "lawyer", &p);
	assert_int_equal(h->kdf.passes, kdf_floor.passes);
	assert_int_equal(h->kdf.memory, kdf_floor.memory);
	h->office.flags = 0;
	house_enrol(h, "lucia", "lawyer", &p);
	assert_int_equal(h->kdf.passes, 3);
	assert_int_equal(h->kdf.memory, 64 * MIB);
	assert_good(house_sign_in(h, &p));
	assert_int_equal(h->kdf.passes, 3);
	assert_int_equal(h->kdf.memory, 64 * MIB);
	assert_result(try_in(h, "nadie", p.passphrase, T("123456"), ""),
	    SIGN_IN);
	assert_int_equal(h->kdf.passes, 3);
	assert_int_equal(h->kdf.memory, 64 * MIB);
	assert_good(unknown_user_salt(h->office.keyring, T("nadie"), salt));
	assert_memory_equal(h->kdf.salt, salt, sizeof(salt));
}

static void throttled(void **state)
{
	/* Dies when the sixth wrong try costs no wait, waiting does not
	 * help, or success does not begin anew. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	for (int i = 0; i < 6; i++)
		assert_result(try_in(h, "lucia", "no es esta frase mia",
		    T("000000"), ""), SIGN_IN);
	assert_result(try_in(h, "lucia", p.passphrase, house_code(h, &p),
	    ""), TOO_MANY);
	assert_true(text_same(h->op.retry_after, T("2")));
	house_wait(h, 2 * SECOND_MS - 1);
	assert_result(try_in(h, "lucia", p.passphrase, house_code(h, &p),
	    ""), TOO_MANY);
	assert_true(text_same(h->op.retry_after, T("1")));
	house_wait(h, 1);
	assert_good(try_in(h, "lucia", p.passphrase, house_code(h, &p), ""));
	assert_result(try_in(h, "lucia", "no es esta frase mia", T("000000"),
	    ""), SIGN_IN);
	house_wait(h, 30 * SECOND_MS);
	assert_good(try_in(h, "lucia", p.passphrase, house_code(h, &p), ""));
}

static void throttled_over_a_restart(void **state)
{
	/* Dies when a restart forgets the failures. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	for (int i = 0; i < 6; i++)
		assert_result(try_in(h, "lucia", "no es esta frase mia",
		    T("000000"), ""), SIGN_IN);
	house_restart(h);
	assert_result(try_in(h, "lucia", p.passphrase, house_code(h, &p),
	    ""), TOO_MANY);
}

static void nobody_is_throttled_too(void **state)
{
	/* Dies when a name that nobody has never waits: it would tell. */
	struct house *h = *state;

	for (int i = 0; i < 6; i++)
		assert_result(try_in(h, "nadie", "no es esta frase mia",
		    T("000000"), ""), SIGN_IN);
	assert_result(try_in(h, "nadie", "no es esta frase mia", T("000000"),
	    ""), TOO_MANY);
	assert_result(try_in(h, "otra", "no es esta frase mia", T("000000"),
	    ""), SIGN_IN);
	house_wait(h, 2 * SECOND_MS);
	assert_result(try_in(h, "nadie", "no es esta frase mia", T("000000"),
	    ""), SIGN_IN);
}

static void strangers_are_bounded(void **state)
{
	/* Dies when names typed by an outsider fill the memory. */
	struct house *h = *state;
	struct guard *g = h->office.guard;
	char name[24];

	for (uint32_t i = 0; i < STRANGERS_MAX; i++) {
		struct stranger s = { .counter = { 1, i } };

		put_u32(s.name, i);
		assert_good(sorted_put(&g->strangers, &s));
	}
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "nadie%d", i);
		assert_result(try_in(h, name, "no es esta frase mia",
		    T("000000"), ""), SIGN_IN);
	}
	assert_int_equal(g->strangers.n, STRANGERS_MAX);
}

static void a_known_device_enters(void **state)
{
	/* Dies when an outsider can lock somebody out who has a device. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(house_sign_in(h, &p));
	for (int i = 0; i < FAILURES_OFF + 5; i++) {
		house_wait(h, WAIT_MS_MAX);
		assert_result(try_in(h, "lucia", "no es esta frase mia",
		    T("000000"), ""), SIGN_IN);
	}
	house_wait(h, WAIT_MS_MAX);
	/* A hundred in a row: off for devices that are not known. */
	assert_result(try_in(h, "lucia", p.passphrase, house_code(h, &p),
	    ""), SIGN_IN);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	assert_good(house_sign_in(h, &p));
	/* And that does not switch it on again for the others. */
	house_wait(h, WAIT_MS_MAX);
	assert_result(try_in(h, "lucia", p.passphrase, house_code(h, &p),
	    ""), SIGN_IN);
}

static void a_device_has_its_own_counter(void **state)
{
	/* Dies when wrong tries on one's own device make strangers wait, or
	 * never wait themselves. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(house_sign_in(h, &p));
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	for (int i = 0; i < 6; i++)
		assert_result(try_in(h, "lucia", "no es esta frase mia",
		    T("000000"), p.device), SIGN_IN);
	assert_result(try_in(h, "lucia", p.passphrase, house_code(h, &p),
	    p.device), TOO_MANY);
	assert_good(try_in(h, "lucia", p.passphrase, house_code(h, &p), ""));
}

static void devices_are_forgotten(void **state)
{
	/* Dies when a device is known after 180 days, or more than sixteen
	 * are. */
	struct house *h = *state;
	struct person_at_door p;
	struct credential c;
	char first[64];

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(house_sign_in(h, &p));
	memcpy(first, p.device, sizeof(first));
	for (int i = 0; i < DEVICES_KEPT; i++) {
		house_wait(h, TOTP_STEP_S * SECOND_MS);
		p.device[0] = '\0';
		assert_good(house_sign_in(h, &p));
	}
	assert_good(credential_get(house_op(h), p.user, &c));
	assert_int_equal(c.devices_n, DEVICES_KEPT);
	assert_null(device_of(&h->op, &c, text_of(first)));
	assert_non_null(device_of(&h->op, &c, text_of(p.device)));
	assert_null(device_of(&h->op, &c, T("no es")));
	h->op.now.ms += 180 * day_ms;
	assert_null(device_of(&h->op, &c, text_of(p.device)));
}

static void codes_once(void **state)
{
	/* Dies when a code, or one before it, is taken a second time; also
	 * after a restart. */
	struct house *h = *state;
	struct person_at_door p;
	text before;
	text code;

	house_enrol(h, "lucia", "lawyer", &p);
	before = house_code(h, &p);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	code = house_code(h, &p);
	assert_good(try_in(h, "lucia", p.passphrase, code, ""));
	op_forget_effects(&h->op);
	assert_result(try_in(h, "lucia", p.passphrase, code, ""), SIGN_IN);
	assert_result(try_in(h, "lucia", p.passphrase, before, ""), SIGN_IN);
	house_restart(h);
	assert_result(try_in(h, "lucia", p.passphrase, code, ""), SIGN_IN);
}

static void recovery_once(void **state)
{
	/* Dies when a recovery code works twice, or leads further than to
	 * a new factor. */
	struct house *h = *state;
	struct person_at_door p;
	struct enrolment e;
	text codes[RECOVERY_CODES];
	char cookie[64];
	struct op *op;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(try_in(h, "lucia", p.passphrase, text_of(p.recovery[3]),
	    ""));
	assert_true(id_none(h->op.user.raw));
	assert_int_equal(h->op.set_session.n, 43);
	snprintf(cookie, sizeof(cookie), "%.43s", h->op.set_session.p);
	assert_int_equal(house_leaves(h, EVENT_RECOVERY_USED), 1);
	assert_result(try_in(h, "lucia", p.passphrase,
	    text_of(p.recovery[3]), ""), SIGN_IN);
	assert_result(try_in(h, "lucia", "no es esta frase mia",
	    text_of(p.recovery[4]), ""), SIGN_IN);

	op = house_op(h);
	assert_result(guard_session(op, text_of(cookie)), SIGN_IN);
	assert_true(id_none(op->user.raw));
	assert_int_equal(guard_csrf(op).n, 86);
	assert_good(guard_enrolment(op, &e));
	snprintf(p.secret, sizeof(p.secret), "%.*s", (int)e.secret_base32.n,
	    e.secret_base32.p);
	assert_good(guard_confirm_factor(op, house_code(h, &p), codes));
	assert_true(id_same(op->user.raw, p.user.raw));
	op_forget_effects(op);
	/* The old list is worth nothing now. */
	assert_result(try_in(h, "lucia", p.passphrase,
	    text_of(p.recovery[5]), ""), SIGN_IN);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
	assert_good(house_sign_in(h, &p));
}

static void recovery_as_typed(void **state)
{
	/* Dies when small letters or missing hyphens spoil a code. */
	struct house *h = *state;
	struct person_at_door p;
	char typed[24];
	size_t n = 0;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_int_equal(strlen(p.recovery[0]), 19);
	for (const char *c = p.recovery[0]; *c != '\0'; c++) {
		if (*c != '-')
			typed[n++] = *c >= 'A' && *c <= 'Z' ?
			    (char)(*c + 32) : *c;
	}
	typed[n] = '\0';
	assert_good(try_in(h, "lucia", p.passphrase, text_of(typed), ""));
}

static void not_active(void **state)
{
	/* Dies when who left, is locked or has reached the last day enters,
	 * or is told that. */
	struct house *h = *state;
	struct person_at_door p;
	day yesterday = day_plus(instant_day(h->now), -1);

	house_enrol(h, "lucia", "lawyer", &p);
	house_change_user(h, p.user, "locked", (day){ 0 });
	assert_result(house_sign_in(h, &p), SIGN_IN);
	house_change_user(h, p.user, "active", yesterday);
	assert_result(house_sign_in(h, &p), SIGN_IN);
	house_change_user(h, p.user, "left", (day){ 0 });
	assert_result(house_sign_in(h, &p), SIGN_IN);
	house_change_user(h, p.user, "active", (day){ 0 });
	assert_good(house_sign_in(h, &p));
}

static void the_runner_is_busy(void **state)
{
	/* Dies when a full queue is taken for a wrong passphrase. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	h->runner_busy = true;
	assert_result(house_sign_in(h, &p), BUSY);
	assert_int_equal(house_leaves(h, EVENT_SIGN_IN_FAILED), 0);
	h->runner_busy = false;
	assert_good(house_sign_in(h, &p));
}

static void sealed(void **state)
{
	/* Dies when a sealed office asks for a passphrase of a user. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	house_seal(h);
	assert_result(house_sign_in(h, &p), SEALED);
	assert_result(guard_session(house_op(h), text_of(p.cookie)), SEALED);
}

static void one_tap(void **state)
{
	/* Dies when one tap opens an office that is no demonstration. */
	struct house *h = *state;
	user_id dora = house_user(h, "dora", "director");

	assert_result(guard_sign_in_demo(house_op(h), T("dora")), FORBIDDEN);
	h->office.flags = VAULT_DEMONSTRATION;
	assert_result(guard_sign_in_demo(house_op(h), T("nadie")), SIGN_IN);
	assert_good(guard_sign_in_demo(house_op(h), T("dora")));
	assert_true(id_same(h->op.user.raw, dora.raw));
	assert_int_equal(h->op.set_session.n, 43);
	/* A tap is not a step-up; the second one is. */
	assert_true(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
	op_forget_effects(&h->op);
	assert_good(guard_step_up(&h->op, T(""), T("")));
	assert_false(guard_needs_step_up(&h->op, AREA_ADMIN_USERS));
	house_change_user(h, dora, "left", (day){ 0 });
	assert_result(guard_sign_in_demo(house_op(h), T("dora")), SIGN_IN);
}

static void step_up(void **state)
{
	/* Dies when a step-up keeps the old token, takes a wrong or used
	 * code, or lasts longer than five minutes. */
	struct house *h = *state;
	struct person_at_door p;
	char cookie[64];
	struct op *op;

	house_enrol(h, "lucia", "lawyer", &p);
	house_wait(h, STEP_UP_MS);
	op = house_op(h);
	assert_good(guard_session(op, text_of(p.cookie)));
	assert_true(guard_needs_step_up(op, AREA_ADMIN_USERS));
	assert_result(done_by_house(h, guard_step_up(op,
	    text_of(p.passphrase), T("000000"))), STEP_UP);
	assert_true(guard_needs_step_up(op, AREA_ADMIN_USERS));
	op = house_op(h);
	assert_good(guard_session(op, text_of(p.cookie)));
	assert_result(done_by_house(h, guard_step_up(op,
	    T("no es esta frase mia"), house_code(h, &p))), STEP_UP);
	op = house_op(h);
	assert_good(guard_session(op, text_of(p.cookie)));
	/* One tap is for demonstrations. */
	assert_result(guard_step_up(op, T(""), T("")), STEP_UP);

	op = house_op(h);
	assert_good(guard_session(op, text_of(p.cookie)));
	assert_good(done_by_house(h, guard_step_up(op, text_of(p.passphrase),
	    house_code(h, &p))));
	assert_false(guard_needs_step_up(op, AREA_ADMIN_USERS));
	assert_int_equal(op->set_session.n, 43);
	snprintf(cookie, sizeof(cookie), "%.43s", op->set_session.p);
	assert_string_not_equal(cookie, p.cookie);
	assert_int_equal(house_leaves(h, EVENT_STEPPED_UP), 1);
	assert_result(guard_session(house_op(h), text_of(p.cookie)),
	    SIGN_IN);
	op = house_op(h);
	assert_good(guard_session(op, text_of(cookie)));
	assert_false(guard_needs_step_up(op, AREA_ADMIN_USERS));
	/* The code is used up. */
	assert_result(done_by_house(h, guard_step_up(op,
	    text_of(p.passphrase), house_code(h, &p))), STEP_UP);
	house_wait(h, STEP_UP_MS);
	op = house_op(h);
	assert_good(guard_session(op, text_of(cookie)));
	assert_true(guard_needs_step_up(op, AREA_ADMIN_USERS));
	assert_result(guard_step_up(house_op(h), T(""), T("")), SIGN_IN);
}

static void step_up_is_throttled(void **state)
{
	/* Dies when a stolen session may guess codes without waiting. */
	struct house *h = *state;
	struct person_at_door p;
	struct op *op;

	house_enrol(h, "lucia", "lawyer", &p);
	for (int i = 0; i < 6; i++) {
		op = house_op(h);
		assert_good(guard_session(op, text_of(p.cookie)));
		assert_result(done_by_house(h, guard_step_up(op,
		    text_of(p.passphrase), T("000000"))), STEP_UP);
	}
	op = house_op(h);
	assert_good(guard_session(op, text_of(p.cookie)));
	assert_result(guard_step_up(op, text_of(p.passphrase),
	    house_code(h, &p)), TOO_MANY);
	/* That does not make the owner wait at the door. */
	assert_good(house_sign_in(h, &p));
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* The middle of some wrong tries, without the hash that both cost. */
static int64_t usual_us(struct house *h, const char *name)
{
	enum { TRIES = 15 };
	int64_t us[TRIES];

	for (int i = 0; i < TRIES; i++) {
		struct timespec from;
		struct timespec to;

		house_wait(h, WAIT_MS_MAX);
		clock_gettime(CLOCK_MONOTONIC, &from);
		assert_result(try_in(h, name, "no es esta frase mia",
		    T("000000"), ""), SIGN_IN);
		clock_gettime(CLOCK_MONOTONIC, &to);
		us[i] = (to.tv_sec - from.tv_sec) * 1000000 +
		    (to.tv_nsec - from.tv_nsec) / 1000;
	}
	qsort(us, TRIES, sizeof(us[0]), by_size);
	return us[TRIES / 2];
}

static void the_time(void **state)
{
	/* Dies when an unknown name answers five milliseconds sooner or
	 * later than a known one. */
	struct house *h = *state;
	struct person_at_door p;
	int64_t known;
	int64_t unknown;
	int64_t apart = INT64_MAX;

	house_enrol(h, "lucia", "lawyer", &p);
	for (int i = 0; i < 3 && apart >= 5000; i++) {
		known = usual_us(h, "lucia");
		unknown = usual_us(h, "nadie");
		apart = known > unknown ? known - unknown : unknown - known;
	}
	print_message("known and unknown are %lld us apart\n",
	    (long long)apart);
	assert_true(apart < 5000);
}

static void out_of_memory(void **state)
{
	/* Dies when memory that runs out at any moment lets somebody in,
	 * leaves a transaction open or eats the code. */
	struct house *h = *state;
	struct arena *ample = h->arena;
	struct person_at_door p;
	result got = refuse(WAIT);
	int refused = 0;
	text code;

	house_enrol(h, "lucia", "lawyer", &p);
	code = house_code(h, &p);
	for (size_t most = 256; !is_ok(got); most += most / 4) {
		assert_true(most < MIB * 4);
		h->arena = arena_new(most);
		if (h->arena == NULL) {
			h->arena = ample;
			continue;
		}
		got = try_in(h, "lucia", p.passphrase, code, "");
		if (!is_ok(got)) {
			assert_int_equal(got.code, E_NO_MEMORY);
			refused++;
		}
		op_abort(&h->op);
		arena_free(h->arena);
		h->arena = ample;
	}
	assert_true(refused > 3);
	assert_int_equal(house_leaves(h, EVENT_DEVICE_NEW), 1);
	assert_int_equal(house_leaves(h, EVENT_SIGN_IN_FAILED), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(name_and_code_as_typed),
		cmocka_unit_test(every_way_to_be_wrong),
		cmocka_unit_test(the_cost),
		cmocka_unit_test(throttled),
		cmocka_unit_test(throttled_over_a_restart),
		cmocka_unit_test(nobody_is_throttled_too),
		cmocka_unit_test(strangers_are_bounded),
		cmocka_unit_test(a_known_device_enters),
		cmocka_unit_test(a_device_has_its_own_counter),
		cmocka_unit_test(devices_are_forgotten),
		cmocka_unit_test(codes_once),
		cmocka_unit_test(recovery_once),
		cmocka_unit_test(recovery_as_typed),
		cmocka_unit_test(not_active),
		cmocka_unit_test(the_runner_is_busy),
		cmocka_unit_test(sealed),
		cmocka_unit_test(one_tap),
		cmocka_unit_test(step_up),
		cmocka_unit_test(step_up_is_throttled),
		cmocka_unit_test(the_time),
		cmocka_unit_test(out_of_memory),
	};

	return house_run(argc, argv, "guard sign-in", tests, LENGTH(tests));
}
