#include "check.h"

#include <sodium.h>
#include <string.h>
#include <sys/resource.h>

#include "inside.h"
#include "pool.h"

static void test_secret(void **state)
{
	/* Without it keys would lie where a core or swap finds them. */
	struct secret s = { 0 };

	(void)state;
	assert_ok(secret_new(100, &s));
	assert_int_equal(s.n, 100);
	assert_true(sodium_is_zero(s.p, s.n));
	memset(s.p, 7, s.n);
	secret_free(&s);
	assert_null(s.p);
	assert_int_equal(s.n, 0);
	secret_free(&s);
}

static void test_lock_limit(void **state)
{
	/* Without it doctor could not say that keys may reach the swap. */
	struct rlimit none = { 0, 0 }, before;
	struct secret s = { 0 };
	struct keyring *k = NULL;
	key32 root = { { 1 } };

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
	none.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	assert_ok(secret_new(100, &s));
	assert_ok(keyring_new(&k));
	assert_ok(keyring_root(k, &root, id_of_number(1), 1));
	assert_int_equal(keyring_locked(k), s.locked);
	secret_free(&s);
	keyring_free(&k);
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &before), 0);
}

static void test_chance(void **state)
{
	/* Without it a test's source could be left in the program. */
	uint8_t one[32] = { 0 }, two[32] = { 0 };

	(void)state;
	chance_system.fill(chance_system.self, one, sizeof(one));
	chance_system.fill(chance_system.self, two, sizeof(two));
	assert_memory_not_equal(one, two, sizeof(one));
	assert_false(sodium_is_zero(one, sizeof(one)));
}

static void test_start_again(void **state)
{
	/* Without it a second start could break what the first set up. */
	(void)state;
	assert_ok(seal_start());
	assert_true(memory_half() > 128 * MIB);
}

static void test_pool(void **state)
{
	/* Without it a full ring would write over somebody's key. */
	struct pool p = { .size = 32, .max = 2 * POOL_SLAB };
	uint32_t i, first = 0;

	(void)state;
	for (uint32_t n = 0; n < 2 * POOL_SLAB; n++) {
		assert_ok(pool_take(&p, &i));
		assert_int_equal(i, n);
		memset(pool_at(&p, i), (int)(n % 250 + 1), 32);
	}
	assert_result(pool_take(&p, &first), FULL);
	assert_int_equal(first, 0);
	for (uint32_t n = 0; n < 2 * POOL_SLAB; n++)
		assert_int_equal(((uint8_t *)pool_at(&p, n))[31],
		    n % 250 + 1);
	pool_give(&p, 5);
	pool_give(&p, 5000);
	assert_true(sodium_is_zero(pool_at(&p, 5), 32));
	assert_ok(pool_take(&p, &i));
	assert_int_equal(i, 5000);
	assert_ok(pool_take(&p, &i));
	assert_int_equal(i, 5);
	assert_result(pool_take(&p, &i), FULL);
	pool_empty(&p);
	assert_ok(pool_take(&p, &i));
	assert_int_equal(i, 0);
	pool_empty(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_lock_limit),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_start_again),
		cmocka_unit_test(test_pool),
	};

	if (!is_ok(seal_start()))
		return 1;
	return cmocka_run_group_tests_name("seal-secret", tests, NULL, NULL);
}
