#include "check.h"
#include "node.h"
#include "pack.h"

#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);

static int until_failure = -1;	/* allocations to come before one fails */

static bool fails_now(void)
{
	if (until_failure < 0)
		return false;
	return until_failure-- == 0;
}

void *__wrap_malloc(size_t n)
{
	return fails_now() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return fails_now() ? NULL : __real_calloc(count, n);
}

/* Everything that allocates; true when nothing failed.  More than the small
 * blocks, which an arena before may have left. */
static bool work(void)
{
	struct arena *a = arena_new(8 * MIB);
	struct buf b = buf_new(MIB);
	bool good = false;

	if (a == NULL)
		goto out;
	struct node *root = node_object(a);
	struct node *list = node_add_list(root, "list");
	for (int i = 0; i < 40000; i++)
		node_add_text(list, NULL, T("Rosaura Quispe"));
	result r = node_whole(root);
	if (!is_ok(r)) {
		assert_int_equal(r.code, E_NO_MEMORY);
		goto out;
	}
	struct packer p = pack_begin(&b);
	for (uint16_t tag = 1; tag < 40; tag++)
		pack_add(&p, tag, "0123456789", 10);
	r = pack_end(&p);
	if (!is_ok(r)) {
		assert_int_equal(r.code, E_NO_MEMORY);
		goto out;
	}
	buf_format(&b, "%0600d", 1);
	good = is_ok(buf_end(&b));
out:
	buf_free(&b);
	arena_free(a);
	return good;
}

static void every_allocation_may_fail(void **state)
{
	/* Without it the office dies, or answers half, when memory is out. */
	int failed = 0;

	(void)state;
	for (;; failed++) {
		until_failure = failed;
		bool good = work();
		bool reached = until_failure < 0;
		until_failure = -1;
		if (!reached) {
			assert_true(good);
			break;
		}
		assert_false(good);
		assert_in_range(failed, 0, 100);
	}
	assert_in_range(failed, 6, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
