#include "check.h"
#include "node.h"

#include <string.h>

static void tree_keeps_its_order_and_is_found(void **state)
{
	/* Without it pages show fields in chance order, or none. */
	struct arena *a = arena_new(MIB);
	struct node *root = node_object(a);
	struct node *person = node_add_object(root, "person");
	struct node *list = node_add_list(person, "names");

	(void)state;
	node_add_text(list, NULL, T("Rosaura"));
	node_add_text(list, NULL, T("Quispe"));
	node_add_short(person, "code", (id){ { 0x53, 0xf4, 0xcf, 0x93 } });
	assert_true(is_ok(node_whole(root)));
	assert_ptr_equal(node_find(root, "person.names"), list);
	assert_int_equal(list->n, 2);
	assert_text(list->first->text, "Rosaura");
	assert_text(list->first->next->text, "Quispe");
	assert_ptr_equal(list->last, list->first->next);
	assert_text(node_find(root, "person.code")->text, "AFTC-Z4W");
	assert_null(node_find(root, "person.nam"));
	assert_null(node_find(root, "person.names.x"));
	assert_null(node_find(root, ""));
	assert_null(node_find(NULL, "person"));
	arena_free(a);
}

static void texts_are_copied(void **state)
{
	/* Without it a page prints memory that was used again. */
	struct arena *a = arena_new(MIB);
	struct node *root = node_object(a);
	char name[] = "Rosaura";

	(void)state;
	struct node *n = node_add_text(root, "name", text_of(name));
	memset(name, 'x', sizeof(name));
	assert_text(n->text, "Rosaura");
	arena_free(a);
}

static void truth_is_as_the_manual_says(void **state)
{
	/* Without it "0 days left" vanishes from the page. */
	struct arena *a = arena_new(MIB);
	struct node *root = node_object(a);
	day today = day_of(2026, 11, 24);
	instant now = { 1, true };

	(void)state;
	assert_false(node_true(NULL));
	assert_false(node_true(root));
	assert_false(node_true(node_add_list(root, "l")));
	assert_true(node_true(root));
	assert_false(node_true(node_add_text(root, "t", T(""))));
	assert_true(node_true(node_add_text(root, "t", T("x"))));
	assert_true(node_true(node_add_word(root, "w", "error.ok")));
	assert_true(node_true(node_add_code(root, "c", "sex", T("f"))));
	assert_false(node_true(node_add_code(root, "c", "sex", T(""))));
	assert_false(node_true(node_add_bool(root, "b", false)));
	assert_true(node_true(node_add_bool(root, "b", true)));
	assert_false(node_true(node_add_day(root, "d", (day){ 0 })));
	assert_true(node_true(node_add_day(root, "d", today)));
	assert_false(node_true(node_add_instant(root, "i", (instant){ 0 })));
	assert_true(node_true(node_add_instant(root, "i", now)));
	assert_true(node_true(node_add_number(root, "n", 0)));
	assert_true(node_true(node_add_money(root, "m", (money){ 0 })));
	assert_false(node_true(node_add_null(root, "z")));
	assert_true(is_ok(node_whole(root)));
	arena_free(a);
}

static void failure_below_reaches_the_root(void **state)
{
	/* Without it half a list is shown as the whole list. */
	struct arena *a = arena_new(4096), *other = arena_new(MIB);
	struct node *root = node_object(other);
	struct node *mid = node_object(a);
	struct node *list = node_add_list(mid, "list");

	(void)state;
	assert_true(is_ok(node_whole(mid)));
	while (node_add_text(list, NULL, T("x")) != NULL)
		;
	assert_null(node_add_list(node_add_object(list, NULL), "deeper"));
	assert_int_equal(node_whole(mid).code, E_NO_MEMORY);
	assert_true(is_ok(node_whole(root)));
	assert_ptr_equal(node_add(root, "mid", mid), mid);
	assert_int_equal(node_whole(root).code, E_NO_MEMORY);

	root = node_object(other);
	assert_null(node_add(root, "x", NULL));
	assert_int_equal(node_whole(root).code, E_NO_MEMORY);
	assert_null(node_add(NULL, "x", NULL));
	assert_int_equal(node_whole(NULL).code, E_NO_MEMORY);
	arena_free(a);
	arena_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_keeps_its_order_and_is_found),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(truth_is_as_the_manual_says),
		cmocka_unit_test(failure_below_reaches_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
