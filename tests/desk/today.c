/* Without this, a term could pass on a day when nobody was told, or a
 * history could tell what its reader may not see. */
#include "office.h"

#include <string.h>

static user_id dora, lucia, sara, rita, marta;

static void staff(struct place *h)
{
	dora = place_user(h, "dora", "director");
	lucia = place_user(h, "lucia", "lawyer");
	sara = place_user(h, "sara", "social_worker");
	rita = place_user(h, "rita", "reception");
	marta = place_user(h, "marta", "mentor");
}

static struct node *today(struct place *h, user_id who)
{
	struct op *op = place_as(h, who);

	assert_good(desk_today(op, op->answer));
	return op->answer;
}

static const struct node *list(const struct node *answer, const char *name)
{
	return node_find(answer, name);
}

static id add_term(struct place *h, id matter, int32_t alarm, int32_t due,
    const char *state, user_id responsible)
{
	day now = instant_day(h->now);
	struct deadline d = { .matter_id = { matter },
		.title = T("Apelación"), .nature = T("party"),
		.state = text_of(state), .responsible = responsible,
		.deputy = dora, .alarm_on = day_plus(now, alarm),
		.due_on = day_plus(now, due) };

	return place_insert(h, &entity_deadline, &d);
}

static void terms_by_their_alarm(void **state)
{
	struct place *h = *state;
	const struct node *answer;
	const struct node *one;
	id matter;
	id rings;
	id near;
	id far;
	id filed;
	id past;

	staff(h);
	matter = place_matter(h, "Nulidad", lucia);
	rings = add_term(h, matter, 0, 5, "running", lucia);
	near = add_term(h, matter, 3, 8, "running", lucia);
	far = add_term(h, matter, 4, 9, "running", lucia);
	filed = add_term(h, matter, -2, -1, "filed", lucia);
	past = add_term(h, matter, -5, -1, "changed", sara);
	add_term(h, matter, 0, 0, "closed", lucia);
	add_term(h, matter, 0, 0, "proposed", lucia);

	answer = today(h, lucia);
	assert_int_equal(rows_in(list(answer, "alarms")), 2);
	assert_int_equal(rows_in(list(answer, "deadlines")), 2);
	one = row_of(list(answer, "alarms"), rings);
	assert_text(text_at(one, "kind"), "today.kind.alarm");
	assert_true(node_find(one, "mine")->number != 0);
	assert_text(text_at(one, "title"), "Apelación");
	assert_true(text_starts(text_at(one, "href"), T("/deadlines/")));
	/* One's own first, however late another's is. */
	assert_ptr_equal(list(answer, "alarms")->first, one);
	one = row_of(list(answer, "alarms"), past);
	assert_text(text_at(one, "kind"), "today.kind.missed");
	assert_non_null(row_of(list(answer, "deadlines"), near));
	assert_non_null(row_of(list(answer, "deadlines"), filed));
	assert_null(row_of(list(answer, "deadlines"), far));

	/* Meta: the day without the title, and no way in. */
	answer = today(h, sara);
	assert_int_equal(rows_in(list(answer, "alarms")), 0);
	place_grant(h, sara, OBJECT_MATTER, matter, "case", "read",
	    "standing");
	answer = today(h, sara);
	one = row_of(list(answer, "alarms"), past);
	assert_non_null(one);
	assert_null(node_find(one, "title"));
	assert_null(node_find(one, "href"));
	assert_int_equal(rows_in(list(today(h, rita), "alarms")), 0);
	place_wall(h, lucia, OBJECT_MATTER, matter);
	answer = today(h, lucia);
	assert_int_equal(rows_in(list(answer, "alarms")), 0);
	assert_int_equal(rows_in(list(answer, "deadlines")), 0);
}

static id add_call_back(struct place *h, id person, id matter,
    int64_t hours, user_id by, const char *state)
{
	struct contact_log c = { .person_id = { person },
		.matter_id = { matter }, .at = h->now,
		.direction = T("in"), .channel = T("phone"),
		.caller = T("self"), .mandate = T("yes"), .taken_by = rita,
		.call_back_by = by, .call_back_state = text_of(state),
		.call_back_at = { h->now.ms + hours * 3600 * 1000, true } };

	return place_insert(h, &entity_contact_log, &c);
}

static void call_backs_of_mine_and_of_nobody(void **state)
{
	struct place *h = *state;
	const struct node *calls;
	user_id nobody = { 0 };
	id matter;
	id a;
	id b;
	id c;

	staff(h);
	matter = place_matter(h, "Nulidad", lucia);
	a = place_person(h, "Ana", "Arias", "", (day){ 0 });
	b = place_person(h, "Bea", "Barrios", "", (day){ 0 });
	c = place_person(h, "Cira", "Cano", "", (day){ 0 });
	add_call_back(h, a, (id){ 0 }, -30, rita, "open");
	add_call_back(h, b, matter, 71, nobody, "open");
	add_call_back(h, c, (id){ 0 }, 72, rita, "open");
	add_call_back(h, c, (id){ 0 }, 1, dora, "open");
	add_call_back(h, c, (id){ 0 }, 1, rita, "done");
	calls = list(today(h, rita), "calls");
	assert_int_equal(rows_in(calls), 2);
	assert_text(text_at(calls->first, "kind"), "today.kind.call_overdue");
	assert_text(text_at(calls->first, "person.name"), "Ana Arias");
	assert_text(text_at(calls->last, "code"), code_of(b).s);
	assert_true(node_find(calls->last, "mine")->number == 0);
	assert_int_equal(rows_in(list(today(h, dora), "calls")), 2);
	place_wall(h, rita, OBJECT_MATTER, matter);
	assert_int_equal(rows_in(list(today(h, rita), "calls")), 1);
	assert_int_equal(rows_in(list(today(h, lucia), "calls")), 0);
}

static id add_task(struct place *h, id person, user_id who, day due,
    const char *state)
{
	struct task t = { .person_id = { person }, .kind = T("call"),
		.title = T("Llamar"), .state = text_of(state),
		.due_on = due, .responsible = who };

	return place_insert(h, &entity_task, &t);
}

static void tasks_of_mine_and_of_shared_objects(void **state)
{
	struct place *h = *state;
	const struct node *tasks;
	day now = instant_day(h->now);
	id shared;
	id other;
	id own;
	id undated;

	staff(h);
	shared = place_person(h, "Ana", "Arias", "", (day){ 0 });
	other = place_person(h, "Bea", "Barrios", "", (day){ 0 });
	place_grant(h, sara, OBJECT_PERSON, shared, "case", "write",
	    "standing");
	own = add_task(h, shared, sara, day_plus(now, -1), "open");
	undated = add_task(h, (id){ 0 }, sara, (day){ 0 }, "open");
	add_task(h, shared, marta, day_plus(now, 3), "open");
	add_task(h, shared, marta, day_plus(now, 4), "open");
	add_task(h, other, marta, now, "open");
	/* Being named responsible gives no reach by itself. */
	add_task(h, other, sara, now, "open");
	add_task(h, shared, sara, now, "done");
	tasks = list(today(h, sara), "tasks");
	assert_int_equal(rows_in(tasks), 3);
	assert_text(text_at(tasks->first, "code"), code_of(own).s);
	assert_true(node_find(tasks->first, "overdue")->number != 0);
	assert_non_null(row_of(tasks, undated));
	assert_true(node_find(tasks->last, "mine")->number == 0);
	/* Who sees every task has on Today still only what concerns her. */
	assert_int_equal(rows_in(list(today(h, dora), "tasks")), 0);
}

static void an_empty_day_is_empty(void **state)
{
	static const char *const lists[] = { "alarms", "deadlines", "calls",
		"tasks" };
	struct place *h = *state;
	const struct node *answer;

	staff(h);
	answer = today(h, dora);
	for (size_t i = 0; i < LENGTH(lists); i++) {
		assert_non_null(list(answer, lists[i]));
		assert_int_equal(rows_in(list(answer, lists[i])), 0);
	}
}

/* ---- history ---------------------------------------------------------- */

static const struct node *history(struct place *h, user_id who, id person,
    bool reads_too, class_mask mask)
{
	struct op *op = place_as(h, who);
	struct reach reach = *guard_whole_office(op);

	reach.mask = mask;
	assert_good(desk_history(op, &reach, "person", person,
	    &(struct history_ask){ .list = "events",
	    .reads_too = reads_too }, op->answer));
	return node_find(op->answer, "events");
}

static void change_department(struct place *h, id person)
{
	const struct leaf_facts leaf = { .event = EVENT_PERSON_CHANGED,
		.object_kind = "person", .object = person };
	struct person p;
	struct op *op;

	place_get(h, &entity_person, person, &p);
	p.department = T("cusco");
	op = place_as(h, sara);
	assert_good(facts_update(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(facts_commit(op, &leaf));
	desk_committed(op);
	op_forget_effects(op);
}

static void histories_newest_first(void **state)
{
	struct place *h = *state;
	const struct node *events;
	const struct node *change;
	id person;

	staff(h);
	person = place_person(h, "Ana", "Arias", "", (day){ 0 });
	change_department(h, person);
	audit_read(place_as(h, rita), "person", person);
	assert_good(audit_flush(place_op(h)));
	events = history(h, dora, person, false, 1u << IN_IDENTITY);
	assert_int_equal(rows_in(events), 2);
	assert_text(text_at(events->first, "event"), "person_changed");
	assert_text(text_at(events->first, "label"), "Ficha cambiada");
	assert_text(text_at(events->first, "actor_name"), "sara");
	change = node_find(events->first, "changes")->first;
	assert_text(text_at(change, "field"), "person.department");
	assert_text(text_at(change, "new"), "cusco");
	assert_int_equal(node_find(change, "new")->kind, NODE_CODE);
	assert_int_equal(node_find(change, "old")->kind, NODE_NULL);
	events = history(h, dora, person, true, 1u << IN_IDENTITY);
	assert_int_equal(rows_in(events), 3);
	assert_text(text_at(events->first, "event"), "read");
	assert_text(text_at(events->first, "actor_name"), "rita");
	/* A mask without identity tells that something changed, not what. */
	events = history(h, dora, person, false, 1u << IN_CASE);
	assert_int_equal(rows_in(events), 2);
	assert_null(node_find(events->first, "changes"));
	assert_int_equal(rows_in(history(h, dora, id_of_number(5), true,
	    1u << IN_IDENTITY)), 0);
}

static void a_long_history_goes_on(void **state)
{
	enum { CHANGES = HISTORY_MAX + 30 };
	struct place *h = *state;
	id person = place_person(h, "Ana", "Arias", "", (day){ 0 });
	struct history_ask ask = { .list = "events" };
	char cursor[32];
	int64_t last = INT64_MAX;
	size_t seen = 0;

	dora = place_user(h, "dora", "director");
	for (int i = 0; i < CHANGES; i++)
		change_department(h, person);
	for (int page = 0; page < 2; page++) {
		struct op *op = place_as(h, dora);
		const struct node *next;

		assert_good(desk_history(op, guard_whole_office(op),
		    "person", person, &ask, op->answer));
		for (const struct node *e = node_find(op->answer,
		    "events")->first; e != NULL; e = e->next) {
			int64_t seq = node_find(e, "seq")->number;

			assert_true(seq < last);
			last = seq;
			seen++;
		}
		next = node_find(op->answer, "next");
		assert_int_equal(next->kind, page == 0 ? NODE_TEXT :
		    NODE_NULL);
		if (page == 0)
			ask.cursor = text_of(strcpy(cursor, next->text.p));
	}
	/* All of them and that the person was made, none twice. */
	assert_int_equal(seen, CHANGES + 1);
	ask.cursor = T("x");
	assert_result(desk_history(place_as(h, dora),
	    guard_whole_office(&h->op), "person", person, &ask,
	    h->op.answer), BAD_REQUEST);
}

static void the_audit_leaves_out_what_hides(void **state)
{
	struct place *h = *state;
	struct op *op;
	id person;
	int64_t all;

	staff(h);
	person = place_person(h, "Ana", "Arias", "", (day){ 0 });
	change_department(h, person);
	op = place_as(h, dora);
	assert_good(desk_audit(op, T(""), false, op->answer));
	all = node_find(op->answer, "count")->number;
	assert_text(text_at(node_find(op->answer, "rows")->first, "person"),
	    code_of(person).s);
	assert_text(text_at(node_find(op->answer, "rows")->first,
	    "actor_name"), "sara");
	op = place_as(h, dora);
	assert_good(desk_audit(op, T(""), true, op->answer));
	assert_null(node_find(node_find(op->answer, "rows")->first,
	    "actor"));
	assert_null(node_find(node_find(op->answer, "rows")->first,
	    "person"));
	op = place_as(h, dora);
	assert_good(desk_audit(op, T("2"), false, op->answer));
	assert_int_equal(rows_in(node_find(op->answer, "rows")), 2);
	op = place_as(h, dora);
	assert_result(desk_audit(op, T("x"), false, op->answer),
	    BAD_REQUEST);
	assert_result(desk_audit(op, T("-4"), false, op->answer),
	    BAD_REQUEST);
	place_wall(h, dora, OBJECT_PERSON, person);
	op = place_as(h, dora);
	assert_good(desk_audit(op, T(""), false, op->answer));
	/* One more for the wall; two about the person are not there. */
	assert_int_equal(node_find(op->answer, "count")->number,
	    all + 1 - 2);
	for (const struct node *one = node_find(op->answer, "rows")->first;
	    one != NULL; one = one->next)
		assert_null(node_find(one, "person"));
}

static void long_audits_go_on(void **state)
{
	enum { READS = 3 * PAGE_ROWS };
	struct place *h = *state;
	char cursor[32] = "";
	size_t n = 0;
	int64_t count;

	staff(h);
	for (uint64_t i = 0; i < READS; i++)
		audit_read(place_as(h, dora), "person", id_of_number(i + 1));
	assert_good(audit_flush(place_op(h)));
	do {
		struct op *op = place_as(h, dora);
		const struct node *next;

		assert_good(desk_audit(op, text_of(cursor), false,
		    op->answer));
		n += rows_in(node_find(op->answer, "rows"));
		count = node_find(op->answer, "count")->number;
		next = node_find(op->answer, "next");
		strcpy(cursor, next->kind == NODE_NULL ? "" : next->text.p);
	} while (cursor[0] != '\0');
	assert_int_equal(n, count);
	assert_in_range(n, READS, READS + 20);
}

static void what_was_open_on_a_stolen_device(void **state)
{
	struct place *h = *state;
	struct node *opened;
	id person;
	id matter;
	id old;

	staff(h);
	old = place_person(h, "Vieja", "Vega", "", (day){ 0 });
	person = place_person(h, "Ana", "Arias", "", (day){ 0 });
	matter = place_matter(h, "Nulidad", lucia);
	audit_read(place_as(h, sara), "person", old);
	h->now.ms += (int64_t)25 * 3600 * 1000;
	audit_read(place_as(h, sara), "person", person);
	h->now.ms += 1000;
	audit_read(place_as(h, sara), "matter", matter);
	audit_read(place_as(h, dora), "person", old);
	assert_good(audit_flush(place_op(h)));
	opened = node_add_list(place_as(h, sara)->answer, "opened");
	assert_good(desk_opened(&h->op, h->op.user, (instant){ h->now.ms -
	    (int64_t)24 * 3600 * 1000, true }, opened));
	assert_int_equal(rows_in(opened), 2);
	assert_text(text_at(opened->first, "kind"), "matter");
	assert_text(text_at(opened->last, "code"), code_of(person).s);
	place_wall(h, sara, OBJECT_PERSON, person);
	opened = node_add_list(place_as(h, sara)->answer, "opened");
	assert_good(desk_opened(&h->op, h->op.user, (instant){ 0 }, opened));
	assert_int_equal(rows_in(opened), 2);
	assert_null(row_of(opened, person));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, place_make, place_free)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(terms_by_their_alarm),
		TEST(call_backs_of_mine_and_of_nobody),
		TEST(tasks_of_mine_and_of_shared_objects),
		TEST(an_empty_day_is_empty),
		TEST(histories_newest_first),
		TEST(a_long_history_goes_on),
		TEST(the_audit_leaves_out_what_hides),
		TEST(long_audits_go_on),
		TEST(what_was_open_on_a_stolen_device),
	};

	return place_run(argc, argv, "desk today", tests, LENGTH(tests));
}
