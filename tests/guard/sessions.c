#include "house.h"

#include <stdio.h>
#include <string.h>

static result session(struct house *h, const char *cookie)
{
	return guard_session(house_op(h), text_of(cookie));
}

static void takes_up(void **state)
{
	/* Dies when a cookie names nobody, or another. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	assert_true(id_same(h->op.user.raw, p.user.raw));
	assert_false(h->op.by_token);
	assert_null(h->op.tx);
	p.cookie[7] = p.cookie[7] == 'A' ? 'B' : 'A';
	assert_result(session(h, p.cookie), SIGN_IN);
	assert_true(id_none(h->op.user.raw));
	assert_result(session(h, ""), SIGN_IN);
	assert_result(session(h, "kurz"), SIGN_IN);
}

static void idle(void **state)
{
	/* Dies when a session lives twenty minutes after its last use, or
	 * dies while it is used. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	for (int i = 0; i < 5; i++) {
		house_wait(h, IDLE_MS - 1);
		assert_good(session(h, p.cookie));
	}
	house_wait(h, IDLE_MS);
	assert_result(session(h, p.cookie), SIGN_IN);
}

static void ten_hours(void **state)
{
	/* Dies when use keeps a session alive for ever. */
	struct house *h = *state;
	struct person_at_door p;
	int64_t made;

	house_enrol(h, "lucia", "lawyer", &p);
	made = h->now.ms - TOTP_STEP_S * SECOND_MS;
	while (h->now.ms + 10 * MINUTE_MS < made + ABSOLUTE_MS) {
		assert_good(session(h, p.cookie));
		house_wait(h, 10 * MINUTE_MS);
	}
	assert_good(session(h, p.cookie));
	h->now.ms = made + ABSOLUTE_MS - 1;
	assert_good(session(h, p.cookie));
	h->now.ms = made + ABSOLUTE_MS;
	assert_result(session(h, p.cookie), SIGN_IN);
}

static void survives_a_restart(void **state)
{
	/* Dies when a restart ends sessions, or forgets a last use that was
	 * written. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	house_restart(h);
	assert_good(session(h, p.cookie));
	house_wait(h, 15 * MINUTE_MS);
	assert_good(session(h, p.cookie));
	assert_true(guard_waiting(h->office.guard, h->now));
	assert_good(guard_flush(house_op(h)));
	assert_null(h->op.tx);
	assert_false(guard_waiting(h->office.guard, h->now));
	house_restart(h);
	house_wait(h, 15 * MINUTE_MS);
	assert_good(session(h, p.cookie));
}

static void written_once_a_minute(void **state)
{
	/* Dies when each request would write its session. */
	struct house *h = *state;
	struct person_at_door p;
	struct session s;
	uint64_t v;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	assert_good(session_get(&h->op, false, h->op.session, &s));
	v = s.v;
	for (int i = 0; i < 29; i++) {
		house_wait(h, SECOND_MS);
		assert_good(session(h, p.cookie));
		assert_good(guard_flush(house_op(h)));
	}
	assert_good(session(h, p.cookie));
	assert_good(session_get(&h->op, false, h->op.session, &s));
	assert_int_equal(s.v, v);
	house_wait(h, MINUTE_MS);
	assert_good(session(h, p.cookie));
	assert_good(guard_flush(house_op(h)));
	assert_good(session(h, p.cookie));
	assert_good(session_get(&h->op, false, h->op.session, &s));
	assert_int_equal(s.v, v + 1);
	assert_int_equal(s.last_ms, h->now.ms);
}

static void five_at_a_time(void **state)
{
	/* Dies when a sixth sign-in leaves six, or ends the newest. */
	struct house *h = *state;
	struct person_at_door p;
	char cookies[6][64];
	struct session_facts *list;
	size_t n;

	house_enrol(h, "lucia", "lawyer", &p);
	memcpy(cookies[0], p.cookie, 64);
	for (int i = 1; i < 6; i++) {
		assert_good(house_sign_in(h, &p));
		memcpy(cookies[i], p.cookie, 64);
		house_wait(h, TOTP_STEP_S * SECOND_MS);
	}
	assert_result(session(h, cookies[0]), SIGN_IN);
	for (int i = 1; i < 6; i++)
		assert_good(session(h, cookies[i]));
	assert_good(guard_sessions(&h->op, h->op.user, &list, &n));
	assert_int_equal(n, 5);
	assert_int_equal(list[0].device.n, CODE_TEXT);
}

static void csrf(void **state)
{
	/* Dies when a field of no session, of another or of an ended one
	 * passes, or two are the same. */
	struct house *h = *state;
	struct person_at_door p;
	struct person_at_door q;
	char field[96];
	char other[96];

	house_enrol(h, "lucia", "lawyer", &p);
	house_enrol(h, "benito", "lawyer", &q);
	assert_good(session(h, p.cookie));
	snprintf(field, sizeof(field), "%s", guard_csrf(&h->op).p);
	snprintf(other, sizeof(other), "%s", guard_csrf(&h->op).p);
	assert_int_equal(strlen(field), 86);
	assert_string_not_equal(field, other);
	assert_true(guard_csrf_ok(&h->op, text_of(field)));
	assert_true(guard_csrf_ok(&h->op, text_of(other)));
	assert_false(guard_csrf_ok(&h->op, T("")));
	assert_good(session(h, q.cookie));
	assert_false(guard_csrf_ok(&h->op, text_of(field)));
	house_op(h);
	assert_false(guard_csrf_ok(&h->op, text_of(field)));
	assert_int_equal(guard_csrf(&h->op).n, 0);
}

static void sign_out(void **state)
{
	/* Dies when the cookie still opens after signing out. */
	struct house *h = *state;
	struct person_at_door p;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	assert_good(guard_sign_out(&h->op));
	assert_true(text_same(h->op.set_session, T("-")));
	assert_result(session(h, p.cookie), SIGN_IN);
	assert_int_equal(house_leaves(h, EVENT_SIGNED_OUT), 1);
	assert_result(guard_sign_out(house_op(h)), SIGN_IN);
}

static void late(void **state)
{
	/* Dies when the text of a form is lost with its session, or given
	 * to who has not its field, or a day later. */
	struct house *h = *state;
	struct person_at_door p;
	struct person_at_door q;
	user_id whose = { 0 };
	char field[96];
	char foreign[96];

	house_enrol(h, "lucia", "lawyer", &p);
	house_enrol(h, "benito", "lawyer", &q);
	assert_good(session(h, q.cookie));
	snprintf(foreign, sizeof(foreign), "%s", guard_csrf(&h->op).p);
	assert_good(session(h, p.cookie));
	snprintf(field, sizeof(field), "%s", guard_csrf(&h->op).p);
	/* Alive: there is nothing late about it. */
	assert_result(guard_session_late(house_op(h), text_of(p.cookie),
	    text_of(field), &whose), SIGN_IN);
	house_wait(h, IDLE_MS);
	assert_result(guard_session_late(house_op(h), text_of(p.cookie),
	    text_of(foreign), &whose), CSRF);
	assert_true(id_none(whose.raw));
	assert_good(guard_session_late(house_op(h), text_of(p.cookie),
	    text_of(field), &whose));
	assert_true(id_same(whose.raw, p.user.raw));
	assert_true(id_none(h->op.user.raw));
	/* The sign-in of others keeps the row for the day. */
	assert_good(house_sign_in(h, &q));
	house_wait(h, LATE_MS - 1);
	assert_good(guard_session_late(house_op(h), text_of(p.cookie),
	    text_of(field), &whose));
	house_wait(h, 1);
	assert_result(guard_session_late(house_op(h), text_of(p.cookie),
	    text_of(field), &whose), SIGN_IN);
	assert_result(guard_session_late(house_op(h), T("nada"),
	    text_of(field), &whose), SIGN_IN);
	/* And then it goes. */
	assert_good(house_sign_in(h, &q));
	assert_result(session(h, p.cookie), SIGN_IN);
}

static void end_one(void **state)
{
	/* Dies when ending one of mine ends another, or one of another's
	 * can be ended. */
	struct house *h = *state;
	struct person_at_door p;
	struct person_at_door q;
	char first[64];
	id second;

	house_enrol(h, "lucia", "lawyer", &p);
	memcpy(first, p.cookie, sizeof(first));
	house_enrol(h, "benito", "lawyer", &q);
	assert_good(house_sign_in(h, &p));
	assert_good(session(h, p.cookie));
	second = h->op.session;
	assert_good(session(h, q.cookie));
	assert_result(guard_end_session(&h->op, second), NOT_FOUND);
	assert_good(session(h, first));
	assert_result(guard_end_session(&h->op, id_of_number(5)), NOT_FOUND);
	assert_good(session(h, first));
	assert_good(guard_end_session(&h->op, second));
	assert_int_equal(h->op.set_session.n, 0);
	assert_result(session(h, p.cookie), SIGN_IN);
	assert_good(session(h, first));
	assert_result(guard_end_session(&h->op, second), NOT_FOUND);
	assert_int_equal(house_leaves(h, EVENT_SESSION_ENDED), 1);
}

static void stolen(void **state)
{
	/* Dies when one session or token outlives "me robaron el equipo". */
	struct house *h = *state;
	struct person_at_door p;
	char first[64];
	char token[64];
	const text operations[] = { T("person.show") };
	text secret;

	house_enrol(h, "lucia", "lawyer", &p);
	memcpy(first, p.cookie, sizeof(first));
	assert_good(house_sign_in(h, &p));
	assert_good(session(h, p.cookie));
	assert_good(guard_make_token(&h->op, T("reloj"), operations, 1,
	    false, false, 30, &secret));
	snprintf(token, sizeof(token), "%s", secret.p);
	assert_good(guard_token(house_op(h), text_of(token), "person.show",
	    LEVEL_READ));
	assert_good(session(h, first));
	assert_good(guard_end_all(&h->op, h->op.user));
	assert_result(session(h, p.cookie), SIGN_IN);
	assert_result(session(h, first), SIGN_IN);
	assert_result(guard_token(house_op(h), text_of(token), "person.show",
	    LEVEL_READ), SIGN_IN);
	assert_int_equal(house_leaves(h, EVENT_STOLEN), 1);
}

static void sealing(void **state)
{
	/* Dies when sealing leaves a session alive for the next unsealing. */
	struct house *h = *state;
	struct person_at_door p;
	struct person_at_door q;

	house_enrol(h, "lucia", "lawyer", &p);
	house_enrol(h, "benito", "lawyer", &q);
	assert_good(guard_end_everyone(house_op(h)));
	house_commit(h);
	house_seal(h);
	assert_result(session(h, p.cookie), SEALED);
	house_restart(h);
	assert_result(session(h, p.cookie), SIGN_IN);
	assert_result(session(h, q.cookie), SIGN_IN);
}

static void left(void **state)
{
	/* Dies when a session lives on after its account. */
	struct house *h = *state;
	struct person_at_door p;
	day yesterday = day_plus(instant_day(h->now), -1);

	house_enrol(h, "lucia", "lawyer", &p);
	house_change_user(h, p.user, "locked", (day){ 0 });
	assert_result(session(h, p.cookie), SIGN_IN);
	house_change_user(h, p.user, "active", yesterday);
	assert_result(session(h, p.cookie), SIGN_IN);
}

static void a_wrong_clock(void **state)
{
	/* Dies when a clock that ran ten years ahead made sessions that
	 * live ten years. */
	struct house *h = *state;
	struct person_at_door p;

	h->now.ms += 3650 * day_ms;
	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	h->now.ms -= 3650 * day_ms;
	assert_result(session(h, p.cookie), SIGN_IN);
}

static void queries(void **state)
{
	/* Dies when a search is lost, shown to another session, or kept
	 * after the session. */
	struct house *h = *state;
	struct person_at_door p;
	struct person_at_door q;
	int number = 0;
	text query;
	id session_id;
	struct session s;

	house_enrol(h, "lucia", "lawyer", &p);
	house_enrol(h, "benito", "lawyer", &q);
	assert_good(session(h, p.cookie));
	assert_good(guard_keep_query(&h->op, T("quispe mamani"), &number));
	assert_int_equal(number, 1);
	assert_null(h->op.tx);
	house_restart(h);
	assert_good(session(h, p.cookie));
	assert_good(guard_query(&h->op, 1, &query));
	assert_true(text_same(query, T("quispe mamani")));
	assert_result(guard_query(&h->op, 2, &query), NOT_FOUND);
	assert_result(guard_query(&h->op, 0, &query), NOT_FOUND);
	assert_result(guard_query(&h->op, -15, &query), NOT_FOUND);
	for (int i = 0; i < QUERIES_KEPT; i++)
		assert_good(guard_keep_query(&h->op, T("otra"), &number));
	assert_int_equal(number, QUERIES_KEPT + 1);
	assert_result(guard_query(&h->op, 1, &query), NOT_FOUND);
	session_id = h->op.session;
	assert_good(session(h, q.cookie));
	assert_result(guard_query(&h->op, 5, &query), NOT_FOUND);
	assert_good(session(h, p.cookie));
	assert_good(guard_sign_out(&h->op));
	assert_good(session_get(house_op(h), false, session_id, &s));
	for (int i = 0; i < QUERIES_KEPT; i++)
		assert_int_equal(s.queries[i].number, 0);
}

static void too_long_a_query(void **state)
{
	/* Dies when a search of any length goes into the session. */
	struct house *h = *state;
	struct person_at_door p;
	char *words;
	int number = 0;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	words = arena_take(h->arena, QUERY_BYTES_MAX + 1);
	memset(words, 'a', QUERY_BYTES_MAX + 1);
	assert_result(guard_keep_query(&h->op, (text){ words,
	    QUERY_BYTES_MAX + 1 }, &number), TOO_LARGE);
	for (int i = 0; i < QUERIES_KEPT; i++)
		assert_good(guard_keep_query(&h->op, (text){ words,
		    QUERY_BYTES_MAX }, &number));
	assert_int_equal(number, QUERIES_KEPT);
}

static void in_an_open_transaction(void **state)
{
	/* Dies when keeping a search inside a request that opened a
	 * transaction but wrote nothing would be lost with it. */
	struct house *h = *state;
	struct person_at_door p;
	int number = 0;
	text query;

	house_enrol(h, "lucia", "lawyer", &p);
	assert_good(session(h, p.cookie));
	assert_good(op_begin(&h->op, TX_WRITE));
	assert_good(guard_keep_query(&h->op, T("quispe"), &number));
	op_abort(&h->op);
	assert_good(session(h, p.cookie));
	assert_good(guard_query(&h->op, number, &query));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_up),
		cmocka_unit_test(idle),
		cmocka_unit_test(ten_hours),
		cmocka_unit_test(survives_a_restart),
		cmocka_unit_test(written_once_a_minute),
		cmocka_unit_test(five_at_a_time),
		cmocka_unit_test(csrf),
		cmocka_unit_test(sign_out),
		cmocka_unit_test(late),
		cmocka_unit_test(end_one),
		cmocka_unit_test(stolen),
		cmocka_unit_test(sealing),
		cmocka_unit_test(left),
		cmocka_unit_test(a_wrong_clock),
		cmocka_unit_test(queries),
		cmocka_unit_test(too_long_a_query),
		cmocka_unit_test(in_an_open_transaction),
	};

	return house_run(argc, argv, "guard sessions", tests, LENGTH(tests));
}
