/* A case: its parties are checked for conflicts where they are added. */
#include "office.h"

#include <string.h>

static const struct node *
field(struct house *h, const char *name)
{
	for (const struct node *f = house_node(h, "fields")->first; f != NULL;
	    f = f->next) {
		if (text_same(node_find(f, "name")->text, text_of(name)))
			return f;
	}
	fail_msg("no field %s", name);
	return NULL;
}

/* Without it a conflict would be asked about before there is one, or the
 * page would ask for a decision upon something that it does not show. */
static void
a_conflict_is_shown_where_it_is_decided(void **state)
{
	struct house *h = *state;
	id ours = house_person(h, h->lucia, "Eusebio");
	id other = house_person(h, h->lucia, "Rosaura");
	id matter = house_matter(h, h->lucia, ours);
	const char *path = house_path(h, "/matters/{}/parties/new", matter,
	    (id){ 0 });
	const char *in[] = { "name", "Rosaura", "role", "victim", "side",
		"victim", "reason", "", "verdict", "", NULL };

	house_matter(h, h->lucia, other);
	assert_good(house_get(h, h->lucia, path, NULL));
	assert_text(node_find(field(h, "verdict"), "kind")->text, "hidden");
	assert_result(house_post(h, h->lucia, path, in), INVALID);
	assert_true(house_problem(h, "verdict", "problem.conflict_hits"));
	assert_good(ops_form_again(&h->op, &h->route));
	assert_text(node_find(field(h, "verdict"), "kind")->text, "code");
	assert_text(node_find(field(h, "name"), "value")->text, "Rosaura");
	assert_true(house_node(h, "hits")->n > 0);
	in[7] = "Es otra persona";
	in[9] = "clear";
	assert_good(house_post(h, h->lucia, path, in));
	assert_int_equal(house_leaves(h, EVENT_PARTY_ADDED), 1);
}

/* Without it a field that names no bound would take no letter. */
static void
a_field_without_a_bound_has_none(void **state)
{
	struct house *h = *state;

	assert_good(house_get(h, h->lucia, "/matters/new", NULL));
	assert_null(node_find(field(h, "person"), "most"));
	assert_int_equal(node_find(field(h, "title"), "most")->number > 0, 1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conflict_is_shown_where_it_is_decided),
		cmocka_unit_test(a_field_without_a_bound_has_none),
	};

	return house_run(argc, argv, "ops cases", tests, LENGTH(tests));
}
