#include "ground.h"

#include "people.h"

static bool shown_is(struct ground *g, const struct reach *r, id person,
    const char *given)
{
	int shown = 0;
	bool right = false;
	void **names;
	size_t n;

	assert_good(facts_children(ground_op(g), r, &entity_person_name,
	    PERSON_NAME_PERSON_ID, person, &names, &n));
	for (size_t i = 0; i < n; i++) {
		const struct person_name *one = names[i];

		if (!one->shown.known || !one->shown.value)
			continue;
		shown++;
		right = text_same(one->given, text_of(given));
	}
	op_abort(&g->op);
	return shown == 1 && right;
}

static void one_shown(void **state)
{
	/* Dies when a person has two shown names, or the names of another
	 * lose theirs. */
	struct ground *g = *state;
	struct reach r = whole_office();
	struct person flor = { .known_as = T("Flor") };
	struct person rosa = { .known_as = T("Rosa") };
	struct person_name n[3] = {
		{ .kind = T("legal"), .given = T("uno"),
		    .shown = { true, true } },
		{ .kind = T("alias"), .given = T("dos"),
		    .shown = { true, true } },
		{ .kind = T("legal"), .given = T("tres"),
		    .shown = { true, true } },
	};

	assert_good(facts_insert(ground_op(g), &r, &entity_person, &flor));
	assert_good(facts_insert(&g->op, &r, &entity_person, &rosa));
	n[0].person_id.raw = n[1].person_id.raw = flor.row.id;
	n[2].person_id.raw = rosa.row.id;
	assert_good(person_name_save(&g->op, &r, &n[2]));
	assert_good(person_name_save(&g->op, &r, &n[0]));
	assert_good(person_name_save(&g->op, &r, &n[1]));
	ground_commit(g);
	assert_true(shown_is(g, &r, flor.row.id, "dos"));
	assert_true(shown_is(g, &r, rosa.row.id, "tres"));

	assert_good(facts_get(ground_op(g), &r, &entity_person_name,
	    n[0].row.id, &n[0]));
	tx_abort(&g->op.tx);
	assert_false(n[0].shown.value);
	n[0].shown.value = true;
	assert_good(person_name_save(&g->op, &r, &n[0]));
	ground_commit(g);
	assert_true(shown_is(g, &r, flor.row.id, "uno"));
	assert_result(person_name_save(ground_op(g), &r, &n[1]), CONFLICT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_shown),
	};

	return ground_run(argc, argv, "people save", tests, LENGTH(tests));
}
