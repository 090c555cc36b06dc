#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t one[32] = { 1 }, two[32] = { 2 };

static const struct once_answer answer = { .known = true, .status = 201,
	.location = { "/people/AFTC-Z4W", 16 }, .body = { "{}", 2 },
	.type = { "application/json", 16 } };

static void keep(struct house *h, user_id user, const char *key,
    const struct once_answer *a)
{
	assert_good(guard_once_keep(house_as(h, user), text_of(key), one,
	    a));
	house_commit(h);
}

static void told_again(void **state)
{
	/* Dies when the same request acts twice, or is told otherwise. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct once_answer a = { .status = 9 };

	assert_good(guard_once_find(house_as(h, lucia), T("k1"), one, &a));
	assert_false(a.known);
	keep(h, lucia, "k1", &answer);
	house_restart(h);
	assert_good(guard_once_find(house_as(h, lucia), T("k1"), one, &a));
	assert_true(a.known);
	assert_int_equal(a.status, 201);
	assert_true(text_same(a.location, answer.location));
	assert_true(text_same(a.body, answer.body));
	assert_true(text_same(a.type, answer.type));
}

static void another_request(void **state)
{
	/* Dies when another request under the same key acts, or one of
	 * another person is told this answer. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	user_id benito = house_user(h, "benito", "lawyer");
	struct once_answer a = { 0 };
	char key[ONCE_KEY_MAX + 2];

	keep(h, lucia, "k1", &answer);
	assert_result(guard_once_find(house_as(h, lucia), T("k1"), two, &a),
	    KEY_REUSED);
	assert_false(a.known);
	assert_good(guard_once_find(house_as(h, benito), T("k1"), two, &a));
	assert_false(a.known);
	assert_good(guard_once_find(house_as(h, lucia), T("k2"), one, &a));
	assert_false(a.known);
	memset(key, 'k', sizeof(key));
	key[ONCE_KEY_MAX + 1] = '\0';
	assert_result(guard_once_find(house_as(h, lucia), text_of(key), one,
	    &a), BAD_REQUEST);
	assert_result(guard_once_find(house_as(h, lucia), T(""), one, &a),
	    BAD_REQUEST);
}

static void with_its_effect(void **state)
{
	/* Dies when the answer is kept and the effect is not. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct once_answer a;

	assert_good(guard_once_keep(house_as(h, lucia), T("k1"), one,
	    &answer));
	op_abort(&h->op);
	assert_good(guard_once_find(house_as(h, lucia), T("k1"), one, &a));
	assert_false(a.known);
}

static void a_day(void **state)
{
	/* Dies when an answer is forgotten within the day, or stays. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct once_answer a;
	struct guard *g = h->office.guard;

	keep(h, lucia, "k1", &answer);
	house_wait(h, HOUR_MS);
	keep(h, lucia, "k2", &answer);
	house_wait(h, ONCE_MS - HOUR_MS);
	assert_good(guard_once_find(house_as(h, lucia), T("k1"), one, &a));
	assert_true(a.known);
	assert_false(guard_waiting(g, h->now));
	house_wait(h, 1);
	assert_good(guard_once_find(house_as(h, lucia), T("k1"), two, &a));
	assert_false(a.known);
	/* The key may be used anew at once. */
	keep(h, lucia, "k1", &answer);
	assert_good(guard_once_find(house_as(h, lucia), T("k1"), one, &a));
	assert_true(a.known);
	house_restart(h);
	g = h->office.guard;
	house_wait(h, ONCE_MS);
	assert_true(guard_waiting(g, h->now));
	assert_good(guard_flush(house_op(h)));
	house_wait(h, 1);
	assert_good(guard_flush(house_op(h)));
	assert_false(guard_waiting(g, h->now));
	assert_int_equal(g->due_n - g->due_first, 0);
}

static int rows_of_once;

static result count_row(void *self, const struct system_row *row)
{
	(void)self;
	(void)row;
	rows_of_once++;
	return OK;
}

static void swept(void **state)
{
	/* Dies when answers of former days pile up on disk. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	char key[8];

	for (int i = 0; i < 5; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		keep(h, lucia, key, &answer);
	}
	house_wait(h, ONCE_MS + 1);
	assert_good(guard_flush(house_op(h)));
	rows_of_once = 0;
	assert_good(system_each(house_op(h), &table_once, count_row, NULL));
	assert_int_equal(rows_of_once, 0);
}

static void a_long_answer(void **state)
{
	/* Dies when a long answer is cut, or one too long stops an effect. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct once_answer a = answer;
	enum { LONG = 200 * KIB, TOO_LONG = 400 * KIB };
	char *body = malloc(TOO_LONG);

	assert_non_null(body);
	for (size_t i = 0; i < TOO_LONG; i++)
		body[i] = (char)('a' + i % 23);
	a.body = (text){ body, LONG };
	keep(h, lucia, "k1", &a);
	assert_good(guard_once_find(house_as(h, lucia), T("k1"), one, &a));
	assert_int_equal(a.body.n, LONG);
	assert_memory_equal(a.body.p, body, LONG);
	a = answer;
	a.body = (text){ body, TOO_LONG };
	keep(h, lucia, "k2", &a);
	assert_good(guard_once_find(house_as(h, lucia), T("k2"), one, &a));
	assert_true(a.known);
	assert_int_equal(a.body.n, 0);
	assert_true(text_same(a.location, answer.location));
	free(body);
}

/* ---- drafts ----------------------------------------------------------- */

static result keep_draft(struct house *h, user_id user, const char *form,
    text body)
{
	id row;

	return guard_draft_keep(house_op(h), user, text_of(form), body,
	    &row);
}

static void a_draft(void **state)
{
	/* Dies when typed text is lost, or shown to somebody else. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	user_id benito = house_user(h, "benito", "lawyer");
	text body;

	assert_good(keep_draft(h, lucia, "/people/add", T("known_as=Flor")));
	assert_good(keep_draft(h, lucia, "/people/add", T("known_as=Rosa")));
	house_restart(h);
	assert_good(guard_draft_get(house_as(h, lucia), T("/people/add"),
	    &body));
	assert_true(text_same(body, T("known_as=Rosa")));
	assert_result(guard_draft_get(house_as(h, lucia), T("/matters/add"),
	    &body), NOT_FOUND);
	assert_result(guard_draft_get(house_as(h, benito), T("/people/add"),
	    &body), NOT_FOUND);
	assert_result(guard_draft_get(house_op(h), T("/people/add"), &body),
	    SIGN_IN);
	assert_good(guard_draft_drop(house_as(h, lucia), T("/people/add")));
	assert_good(guard_draft_drop(house_as(h, lucia), T("/people/add")));
	assert_result(guard_draft_get(house_as(h, lucia), T("/people/add"),
	    &body), NOT_FOUND);
}

static void twenty_drafts(void **state)
{
	/* Dies when a twenty-first draft is refused, or pushes out another
	 * than the oldest. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct draft_facts *list;
	char form[32];
	text body;
	size_t n;

	for (int i = 0; i < 21; i++) {
		snprintf(form, sizeof(form), "/people/%d", i);
		assert_good(keep_draft(h, lucia, form, text_of(form)));
		house_wait(h, SECOND_MS);
	}
	assert_good(guard_drafts(house_as(h, lucia), &list, &n));
	assert_int_equal(n, DRAFTS_EACH);
	assert_result(guard_draft_get(&h->op, T("/people/0"), &body),
	    NOT_FOUND);
	assert_good(guard_draft_get(&h->op, T("/people/1"), &body));
	assert_good(guard_draft_get(&h->op, T("/people/20"), &body));
}

static void a_megabyte(void **state)
{
	/* Dies when one user's drafts grow past a megabyte, or one draft
	 * past what a record holds. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	enum { PART = 250 * KIB };
	struct draft_facts *list;
	char *body = calloc(1, 2 * PART);
	size_t n;

	assert_non_null(body);
	memset(body, 'x', 2 * PART);
	for (int i = 0; i < 6; i++) {
		char form[32];

		snprintf(form, sizeof(form), "/people/%d", i);
		assert_good(keep_draft(h, lucia, form,
		    (text){ body, PART }));
		house_wait(h, SECOND_MS);
	}
	assert_good(guard_drafts(house_as(h, lucia), &list, &n));
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i].body.n, PART);
	assert_result(keep_draft(h, lucia, "/people/9",
	    (text){ body, 2 * PART }), TOO_LARGE);
	assert_result(keep_draft(h, lucia, "", T("x")), BAD_REQUEST);
	assert_result(keep_draft(h, (user_id){ 0 }, "/x", T("x")), SIGN_IN);
	free(body);
}

static void seven_days(void **state)
{
	/* Dies when a draft is gone within the week, or there after it. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct draft_facts *list;
	text body;
	size_t n;

	assert_good(keep_draft(h, lucia, "/people/add", T("a=b")));
	house_wait(h, 7 * day_ms - 1);
	assert_good(guard_draft_get(house_as(h, lucia), T("/people/add"),
	    &body));
	house_wait(h, 1);
	assert_result(guard_draft_get(house_as(h, lucia), T("/people/add"),
	    &body), NOT_FOUND);
	assert_good(guard_drafts(house_as(h, lucia), &list, &n));
	assert_int_equal(n, 0);
	assert_good(keep_draft(h, lucia, "/people/add", T("c=d")));
	assert_good(guard_draft_get(house_as(h, lucia), T("/people/add"),
	    &body));
	assert_true(text_same(body, T("c=d")));
}

static void dropped_with_its_effect(void **state)
{
	/* Dies when the draft of a form is gone though its effect failed. */
	struct house *h = *state;
	user_id lucia = house_user(h, "lucia", "lawyer");
	struct person p = { .known_as = T("Flor") };
	struct op *op;
	text body;

	assert_good(keep_draft(h, lucia, "/people/add", T("a=b")));
	op = house_as(h, lucia);
	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(guard_draft_drop(op, T("/people/add")));
	op_abort(op);
	assert_good(guard_draft_get(house_as(h, lucia), T("/people/add"),
	    &body));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_again),
		cmocka_unit_test(another_request),
		cmocka_unit_test(with_its_effect),
		cmocka_unit_test(a_day),
		cmocka_unit_test(swept),
		cmocka_unit_test(a_long_answer),
		cmocka_unit_test(a_draft),
		cmocka_unit_test(twenty_drafts),
		cmocka_unit_test(a_megabyte),
		cmocka_unit_test(seven_days),
		cmocka_unit_test(dropped_with_its_effect),
	};

	return house_run(argc, argv, "guard once", tests, LENGTH(tests));
}
