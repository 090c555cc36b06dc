/* Without this, an allocation that fails could leave half a projection that
 * is believed, or a transaction open for ever. */
#include "office.h"

#include <stdlib.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);

/* Allocations until one fails; negative: none does. */
static long left = -1;

static bool fails(void)
{
	if (left < 0)
		return false;
	return left-- == 0;
}

void *__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return fails() ? NULL : __real_calloc(count, n);
}

static user_id dora;
static id person;

static result load(struct op *op)
{
	return desk_load(op);
}

static result list(struct op *op)
{
	return desk_people(op, &(struct list_ask){ 0 });
}

static result find(struct op *op)
{
	return desk_find(op, T("Rosa Kispe"), 5, node_add_list(op->answer,
	    "people"));
}

static result duplicates(struct op *op)
{
	const struct person_name name = { .given = T("Rosa"),
		.first_surname = T("Kispe"), .second_surname = T("Guamani") };
	const struct person_name *names = &name;
	const struct person p = { 0 };
	size_t n;

	return desk_duplicates(op, &(struct duplicate_ask){ .person = &p,
		.names = &names, .names_n = 1 }, node_add_list(op->answer,
		"duplicates"), &n);
}

static result conflicts(struct op *op)
{
	const text name = T("Rosa Kispe");
	size_t n;

	return desk_conflicts(op, &name, 1, (person_id){ 0 },
	    node_add_list(op->answer, "hits"), &n);
}

static result today(struct op *op)
{
	return desk_today(op, op->answer);
}

static result history(struct op *op)
{
	return desk_history(op, guard_whole_office(op), "person", person,
	    &(struct history_ask){ .list = "events", .reads_too = true },
	    op->answer);
}

static result compare(struct op *op)
{
	text said;

	return desk_same(op, &said);
}

static void each_allocation_fails_once(void **state)
{
	static result (*const verbs[])(struct op *op) = { load, list, find,
		duplicates, conflicts, today, history, compare };
	enum { NTH_MOST = 2000 };
	struct place *h = *state;

	dora = place_user(h, "dora", "director");
	person = place_person(h, "Rosaura", "Quispe", "Huamaní", (day){ 0 });
	place_call(h, person, (id){ 0 }, h->now);
	assert_good(desk_load(place_op(h)));
	for (size_t v = 0; v < LENGTH(verbs); v++) {
		long nth = 0;
		result got;

		do {
			struct op *op = place_as(h, dora);

			/* The answer's arena begins empty each time. */
			left = nth;
			got = verbs[v](op);
			left = -1;
			assert_in_range(nth, 0, NTH_MOST);
			if (!is_ok(got))
				assert_int_equal(got.code, E_NO_MEMORY);
			nth++;
		} while (!is_ok(got));
		if (nth < 2)
			fail_msg("verb %zu takes no memory", v);
		/* Nothing was left open or half done. */
		assert_good(list(place_as(h, dora)));
		assert_int_equal(node_find(h->op.answer, "count")->number,
		    1);
	}
}

static void a_commit_that_cannot_be_kept_up(void **state)
{
	struct place *h = *state;
	bool kept = false;

	dora = place_user(h, "dora", "director");
	for (long nth = 0; !kept; nth++) {
		struct person p = { .intake_on = day_of(2026, 1, 1) };
		struct op *op;
		text said = T("?");

		assert_good(desk_load(place_op(h)));
		op = place_op(h);
		assert_good(facts_insert(op, guard_whole_office(op),
		    &entity_person, &p));
		assert_good(facts_commit(op, &(struct leaf_facts){
			.event = EVENT_PERSON_ADDED }));
		left = nth;
		desk_committed(op);
		kept = left >= 0;
		left = -1;
		assert_null(op->tx);
		op_forget_effects(op);
		assert_int_equal(h->office.desk->loaded, kept);
		assert_good(desk_same(place_op(h), &said));
		assert_text(said, "");
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, place_make, place_free)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(each_allocation_fails_once),
		TEST(a_commit_that_cannot_be_kept_up),
	};

	return place_run(argc, argv, "desk memory", tests, LENGTH(tests));
}
