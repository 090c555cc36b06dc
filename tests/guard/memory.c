#include "house.h"

#include <string.h>

struct thing { uint8_t key[4]; uint32_t value; };

static struct thing thing(uint32_t key, uint32_t value)
{
	struct thing t = { .value = value };

	put_u32(t.key, key);
	return t;
}

static uint32_t value_of(const struct sorted *s, uint32_t key)
{
	struct thing t = thing(key, 0);
	const struct thing *found = sorted_if(s, sorted_from(s, t.key, 4),
	    t.key, 4);

	return found == NULL ? 0 : found->value;
}

static void one_by_one(void **state)
{
	/* Dies when inserting, replacing or removing loses an element. */
	struct sorted s = { .size = sizeof(struct thing), .key_n = 4,
		.max = 1000 };

	(void)state;
	for (uint32_t i = 0; i < 500; i++) {
		struct thing t = thing(i * 7919 % 500, i + 1);

		assert_good(sorted_put(&s, &t));
	}
	assert_int_equal(s.n, 500);
	for (uint32_t i = 0; i < 500; i++)
		assert_int_equal(value_of(&s, i * 7919 % 500), i + 1);
	struct thing again = thing(3, 77);
	assert_good(sorted_put(&s, &again));
	assert_int_equal(s.n, 500);
	assert_int_equal(value_of(&s, 3), 77);
	sorted_remove(&s, sorted_from(&s, again.key, 4));
	assert_int_equal(s.n, 499);
	assert_int_equal(value_of(&s, 3), 0);
	assert_int_not_equal(value_of(&s, 2), 0);
	assert_int_not_equal(value_of(&s, 4), 0);
	sorted_free(&s);
}

static void in_bulk(void **state)
{
	/* Dies when appending and sorting once is not the same as putting,
	 * or when looking up two hundred thousand is no longer fast. */
	struct sorted s = { .size = sizeof(struct thing), .key_n = 4,
		.max = 200000 };
	uint32_t found = 0;

	(void)state;
	for (uint32_t i = 0; i < 200000; i++) {
		struct thing t = thing((i * 2654435761u) ^ 99, i + 1);

		assert_good(sorted_append(&s, &t));
	}
	sorted_sort(&s);
	for (uint32_t i = 0; i < 200000; i++)
		found += value_of(&s, (i * 2654435761u) ^ 99) == i + 1;
	assert_int_equal(found, 200000);
	sorted_free(&s);
}

static void the_most(void **state)
{
	/* Dies when a list grows past its named maximum. */
	struct sorted s = { .size = sizeof(struct thing), .key_n = 4,
		.max = 64 };
	struct thing t;

	(void)state;
	for (uint32_t i = 0; i < 64; i++) {
		t = thing(i, i);
		assert_good(sorted_put(&s, &t));
	}
	t = thing(64, 64);
	assert_result(sorted_put(&s, &t), FULL);
	assert_result(sorted_append(&s, &t), FULL);
	t = thing(63, 1);
	assert_good(sorted_put(&s, &t));
	sorted_free(&s);
}

static void by_prefix(void **state)
{
	/* Dies when a search by the front of a key misses the first. */
	struct sorted s = { .size = sizeof(struct thing), .key_n = 4,
		.max = 100 };
	const uint8_t prefix[2] = { 0, 1 };
	struct thing *first;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct thing t = thing(0x10000 * i + 5, i);

		assert_good(sorted_put(&s, &t));
		t = thing(0x10000 * i + 9, i);
		assert_good(sorted_put(&s, &t));
	}
	first = sorted_if(&s, sorted_from(&s, prefix, 2), prefix, 2);
	assert_non_null(first);
	assert_int_equal(get_u32(first->key), 0x10005);
	const uint8_t none[2] = { 0, 7 };
	assert_null(sorted_if(&s, sorted_from(&s, none, 2), none, 2));
	sorted_free(&s);
}

/* ---- the bulk limit --------------------------------------------------- */

static id object(uint32_t n)
{
	id i = { 0 };

	put_u32(i.b, n * 2654435761u);
	put_u32(i.b + 4, n);
	return i;
}

static void three_hundred(void **state)
{
	/* Dies when the three hundred and first within ten minutes opens,
	 * or the same one counts twice. */
	struct opened o = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		assert_good(opened_count(&o, object(i), 1000 + i, 300));
		assert_good(opened_count(&o, object(i), 1001 + i, 300));
	}
	assert_result(opened_count(&o, object(300), 2000, 300), TOO_MANY);
	assert_good(opened_count(&o, object(7), 2000, 300));
	opened_free(&o);
}

static void the_window_moves(void **state)
{
	/* Dies when what is older than ten minutes still counts, or when
	 * twice the limit passes across a border of windows. */
	struct opened o = { 0 };
	int64_t t = 0;

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		assert_good(opened_count(&o, object(i), t += MINUTE_MS, 10));
	assert_result(opened_count(&o, object(10), t, 10), TOO_MANY);
	/* The first was at minute one: it is out at minute eleven. */
	t = 11 * MINUTE_MS;
	assert_good(opened_count(&o, object(10), t, 10));
	assert_result(opened_count(&o, object(11), t, 10), TOO_MANY);
	opened_free(&o);
}

static void a_clock_goes_back(void **state)
{
	/* Dies when setting the clock back frees the count. */
	struct opened o = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		assert_good(opened_count(&o, object(i), 9 * HOUR_MS, 5));
	assert_result(opened_count(&o, object(5), 1, 5), TOO_MANY);
	opened_free(&o);
}

/* ---- throttling numbers ----------------------------------------------- */

static void waits(void **state)
{
	/* Dies when five are no longer free, the wait does not double, or
	 * it grows past a quarter of an hour. */
	static const int64_t seconds[] = { 0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64,
		128, 256, 512, 900, 900 };
	struct counter c = { 0 };
	instant now = { 5000, true };

	(void)state;
	for (size_t i = 0; i < LENGTH(seconds); i++) {
		counter_fail(&c, now);
		assert_int_equal(counter_wait_ms(&c, now),
		    seconds[i] * SECOND_MS);
	}
	assert_false(counter_off(&c));
	while (c.failures < FAILURES_OFF)
		counter_fail(&c, now);
	assert_true(counter_off(&c));
	counter_fail(&c, now);
	assert_int_equal(c.failures, FAILURES_OFF);
	/* Set back by a year: still only the most. */
	now.ms -= 365 * day_ms;
	assert_int_equal(counter_wait_ms(&c, now), WAIT_MS_MAX);
}

/* ---- one-time codes --------------------------------------------------- */

static void codes(void **state)
{
	/* Dies when the codes of RFC 6238 are not taken, a step further
	 * than one is, or one is taken twice. */
	static const uint8_t secret[TOTP_SECRET] = "12345678901234567890";
	static const struct { int64_t s; const char *code; } known[] = {
		{ 59, "287082" }, { 1111111109, "081804" },
		{ 1111111111, "050471" }, { 1234567890, "005924" },
		{ 2000000000, "279037" }, { 20000000000, "353130" },
	};
	uint64_t step = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(known); i++) {
		instant t = { known[i].s * SECOND_MS, true };
		text code = text_of(known[i].code);

		assert_true(totp_good(secret, code, t, 0, &step));
		assert_int_equal(step, known[i].s / TOTP_STEP_S);
		assert_false(totp_good(secret, code, t, step, &step));
		assert_false(totp_good(secret, code, t, step + 1, &step));
		assert_true(totp_good(secret, code, t, step - 1, &step));
		t.ms += 30 * SECOND_MS;
		assert_true(totp_good(secret, code, t, 0, &step));
		t.ms += 60 * SECOND_MS;
		assert_false(totp_good(secret, code, t, 0, &step));
	}
	instant t = { 59 * SECOND_MS, true };
	assert_true(totp_good(secret, T("287 082"), t, 0, &step));
	assert_false(totp_good(secret, T("28708"), t, 0, &step));
	assert_false(totp_good(secret, T("2870821"), t, 0, &step));
	assert_false(totp_good(secret, T("28708a"), t, 0, &step));
	assert_false(totp_good(secret, T(""), t, 0, &step));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(in_bulk),
		cmocka_unit_test(the_most),
		cmocka_unit_test(by_prefix),
		cmocka_unit_test(three_hundred),
		cmocka_unit_test(the_window_moves),
		cmocka_unit_test(a_clock_goes_back),
		cmocka_unit_test(waits),
		cmocka_unit_test(codes),
	};

	return cmocka_run_group_tests_name("guard memory", tests, NULL, NULL);
}
