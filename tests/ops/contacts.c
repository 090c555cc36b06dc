/* The contact log: what was said is for fewer eyes than that one called. */
#include "office.h"

#include <string.h>

struct scene { id person, other; const char *log; };

static void
scene(struct house *h, struct scene *s)
{
	s->person = house_person(h, h->lucia, "Eusebio");
	s->other = house_person(h, h->benito, "Rosaura");
	s->log = house_path(h, "/people/{}/contacts", s->person, (id){ 0 });
}

/* The newest call of the person, as the asker sees it. */
static const struct node *
last_call(struct house *h, user_id who, const struct scene *s)
{
	assert_good(house_get(h, who, s->log, NULL));
	return house_has(h, "calls") ? house_node(h, "calls")->first : NULL;
}

static id
call_id(struct house *h, user_id who, const struct scene *s)
{
	text code = arena_text(h->lasting, node_find(last_call(h, who, s),
	    "id")->text);
	id found;

	assert_good(facts_find(&h->op, &entity_contact_log, code, &found));
	op_abort(&h->op);
	return found;
}

static const char *const plain[] = { "direction", "in", "channel", "phone",
	"caller", "self", "said", "Sale recién, no tiene dónde dormir",
	NULL };

/* Without it a call would need more typing than the call lasts. */
static void
a_call_has_its_usual_values(void **state)
{
	struct house *h = *state;
	const char *const short_call[] = { "caller", "self", "said",
		"Llegó bien", NULL };
	const struct node *call;
	struct scene s;

	scene(h, &s);
	assert_good(house_get(h, h->lucia, s.log, NULL));
	assert_text(house_said(h, "red_line"), "contact.red_line.unknown");
	assert_text(house_said(h, "neutral_text"), "contact.neutral_text");
	assert_good(house_post(h, h->lucia, s.log, short_call));
	call = last_call(h, h->lucia, &s);
	assert_text(node_find(call, "direction")->text, "in");
	assert_text(node_find(call, "channel")->text, "phone");
	assert_text(node_find(call, "mandate")->text, "unknown");
	assert_text(node_find(call, "taken_by_name")->text, "lucia");
	assert_int_equal(node_find(call, "at")->instant.ms, h->now.ms);
	assert_text(node_find(call, "said")->text, "Llegó bien");
	assert_int_equal(house_leaves(h, EVENT_CONTACT_LOGGED), 1);
}

/* Without it a relative could be told more than the person allowed. */
static void
the_mandate_is_copied_as_it_stands(void **state)
{
	struct house *h = *state;
	struct scene s;
	id some;
	id past;
	id others;

	scene(h, &s);
	some = house_relation(h, s.person, "topics", "appointments",
	    (day){ 0 });
	past = house_relation(h, s.person, "yes", "", day_of(2026, 11, 23));
	others = house_relation(h, s.other, "yes", "", (day){ 0 });

	const char *in[] = { "direction", "in", "channel", "phone",
		"caller", "", "mandate", "yes", "relation_id",
		house_code(h, some), NULL };

	assert_good(house_post(h, h->lucia, s.log, in));
	assert_text(node_find(last_call(h, h->lucia, &s), "mandate")->text,
	    "topics");
	assert_text(node_find(house_node(h, "calls")->first,
	    "caller")->text, "relative");
	assert_int_equal(node_find(house_node(h, "calls")->first,
	    "topics")->n, 1);
	house_wait(h, 60000);
	in[9] = house_code(h, past);
	assert_good(house_post(h, h->lucia, s.log, in));
	assert_text(node_find(last_call(h, h->lucia, &s), "mandate")->text,
	    "no");
	in[9] = house_code(h, others);
	assert_result(house_post(h, h->lucia, s.log, in), INVALID);
	assert_true(house_problem(h, "relation_id", "problem.no_such_row"));
	assert_good(house_get(h, h->lucia, s.log, (const char *const[]){
	    "relation_id", house_code(h, past), NULL }));
	assert_text(house_said(h, "red_line"), "contact.red_line.nothing");
	assert_good(house_get(h, h->lucia, s.log, (const char *const[]){
	    "relation_id", house_code(h, some), NULL }));
	assert_text(house_said(h, "red_line"), "contact.red_line.topics");
	assert_int_equal(house_node(h, "topics")->n, 1);
}

/* Without it reception would read what a person told the lawyer. */
static void
reception_sees_that_not_what(void **state)
{
	struct house *h = *state;
	const struct node *call;
	struct scene s;

	scene(h, &s);
	assert_good(house_post(h, h->rita, s.log, plain));
	call = last_call(h, h->rita, &s);
	assert_non_null(call);
	assert_non_null(node_find(call, "at"));
	assert_null(node_find(call, "said"));
	assert_text(node_find(last_call(h, h->lucia, &s), "said")->text,
	    "Sale recién, no tiene dónde dormir");
	/* Another lawyer may write it down, and sees nothing of before. */
	assert_good(house_post(h, h->benito, s.log, plain));
	assert_null(last_call(h, h->benito, &s));
	assert_good(house_get(h, h->rita, house_path(h, "/people/{}",
	    s.person, (id){ 0 }), NULL));
	assert_int_equal(house_node(h, "calls")->n, 2);
	assert_null(node_find(house_node(h, "calls")->first, "said"));
}

/* Without it a call back could belong to nobody, or to yesterday's plan. */
static void
calls_are_checked(void **state)
{
	struct house *h = *state;
	const char *const nobody[] = { "direction", "in", "channel",
		"phone", "caller", "self", "call_back_at",
		"25/11/2026 10:00", NULL };
	const char *const ahead[] = { "direction", "in", "channel",
		"phone", "caller", "self", "at", "25/11/2026 10:00", NULL };
	const char *const empty[] = { "direction", "in", "channel",
		"phone", "caller", "", NULL };
	struct scene s;

	scene(h, &s);
	assert_result(house_post(h, h->lucia, s.log, nobody), INVALID);
	assert_true(house_problem(h, "call_back_by",
	    "problem.call_back_who"));
	assert_result(house_post(h, h->lucia, s.log, ahead), INVALID);
	assert_true(house_problem(h, "at", "problem.call_ahead"));
	assert_result(house_post(h, h->lucia, s.log, empty), INVALID);
	assert_true(house_problem(h, "caller", "problem.required"));
	assert_result(house_post(h, h->tito, s.log, plain), FORBIDDEN);
	assert_int_equal(house_rows(h, &entity_contact_log), 0);
}

/* Without it a case that hides could be named in a call and found so. */
static void
a_hidden_case_is_no_case(void **state)
{
	struct house *h = *state;
	struct scene s;
	id matter;
	id foreign;

	scene(h, &s);
	matter = house_matter(h, h->lucia, s.person);
	foreign = house_matter(h, h->lucia, s.other);

	const char *in[] = { "direction", "in", "channel", "phone",
		"caller", "self", "matter_id", house_code(h, matter), NULL };

	assert_good(house_post(h, h->lucia, s.log, in));
	house_grant(h, h->benito, OBJECT_PERSON, s.person,
	    "identity case", "write");
	assert_int_equal(0, last_call(h, h->benito, &s) == NULL);
	house_wall(h, h->benito, OBJECT_MATTER, matter);
	assert_null(last_call(h, h->benito, &s));
	assert_result(house_post(h, h->benito, s.log, in), INVALID);
	assert_true(house_problem(h, "matter_id", "problem.no_such_row"));
	in[7] = house_code(h, foreign);
	assert_result(house_post(h, h->lucia, s.log, in), INVALID);
	assert_true(house_problem(h, "matter_id", "problem.no_such_row"));
	in[7] = "AAAA-AAA";
	assert_result(house_post(h, h->lucia, s.log, in), INVALID);
	assert_true(house_problem(h, "matter_id", "problem.no_such_row"));
	/* A walled person has no log at all. */
	house_wall(h, h->sara, OBJECT_PERSON, s.person);
	assert_result(house_get(h, h->sara, s.log, NULL), NOT_FOUND);
	assert_result(house_post(h, h->sara, s.log, plain), NOT_FOUND);
	assert_good(house_get(h, h->dora, "/contacts", NULL));
	assert_int_equal(house_node(h, "count")->number, 1);
}

/* Without it a promise to call back could be kept twice, or by a stranger
 * to the person. */
static void
a_call_is_returned_once(void **state)
{
	struct house *h = *state;
	struct scene s;
	id call;

	scene(h, &s);

	const char *const in[] = { "direction", "in", "channel", "phone",
		"caller", "self", "call_back_at", "25/11/2026 10:00",
		"call_back_by", house_code(h, h->sara.raw), NULL };

	assert_good(house_post(h, h->lucia, s.log, in));
	call = call_id(h, h->lucia, &s);
	assert_good(house_get(h, h->dora, "/contacts",
	    (const char *const[]){ "which", "open", NULL }));
	assert_int_equal(house_node(h, "count")->number, 1);
	assert_result(house_post(h, h->benito, house_path(h,
	    "/people/{}/contacts/{}/done", s.other, call), NULL),
	    NOT_FOUND);
	assert_good(house_post(h, h->sara, house_path(h,
	    "/people/{}/contacts/{}/done", s.person, call), NULL));
	assert_int_equal(house_leaves(h, EVENT_CALL_BACK_DONE), 1);
	assert_result(house_post(h, h->sara, house_path(h,
	    "/people/{}/contacts/{}/done", s.person, call), NULL), INVALID);
	assert_true(house_problem(h, "", "problem.no_call_back"));
}

static result
edit(struct house *h, user_id who, const char *path, uint64_t v,
    const char *const *in)
{
	return house_ask(h, &(struct asking){ .who = who, .method = "POST",
		.path = path, .inputs = in, .version = v });
}

/* Without it two people would overwrite each other's words, and who may not
 * read them could replace them. */
static void
words_are_corrected_with_open_eyes(void **state)
{
	struct house *h = *state;
	const char *const mine[] = { "said", "Tiene dónde dormir", NULL };
	const char *const theirs[] = { "said", "No tiene papeles", NULL };
	const char *const frame[] = { "caller_name", "Felícitas", NULL };
	struct scene s;
	const char *path;
	id call;

	scene(h, &s);
	house_grant(h, h->sara, OBJECT_PERSON, s.person, "identity case",
	    "write");
	assert_good(house_post(h, h->rita, s.log, plain));
	call = call_id(h, h->rita, &s);
	path = house_path(h, "/people/{}/contacts/{}/edit", s.person, call);
	assert_result(edit(h, h->rita, path, 1, mine), FORBIDDEN);
	assert_good(house_get(h, h->rita, path, NULL));
	assert_true(house_has(h, "fields"));
	assert_good(edit(h, h->lucia, path, 1, mine));
	assert_result(edit(h, h->sara, path, 1, theirs), CONFLICT);
	assert_text(node_find(house_node(h, "conflicts")->first,
	    "theirs")->text, "Tiene dónde dormir");
	assert_text(node_find(last_call(h, h->lucia, &s), "said")->text,
	    "Tiene dónde dormir");
	/* Another part of the call, from the old version: merged. */
	assert_good(edit(h, h->rita, path, 1, frame));
	assert_text(node_find(last_call(h, h->lucia, &s), "said")->text,
	    "Tiene dónde dormir");
	assert_text(node_find(house_node(h, "calls")->first,
	    "caller_name")->text, "Felícitas");
	assert_good(edit(h, h->sara, path, 3, theirs));
	assert_text(node_find(last_call(h, h->lucia, &s), "said")->text,
	    "No tiene papeles");
}

/* Without it whoever leaves the other's choice of a person would undo it. */
static void
the_others_choice_stays(void **state)
{
	struct house *h = *state;
	const char *in[] = { "taken_by", house_code(h, h->lucia.raw), NULL,
		"theirs", NULL };
	struct scene s;
	const char *path;

	scene(h, &s);
	house_grant(h, h->sara, OBJECT_PERSON, s.person, "identity case",
	    "write");
	assert_good(house_post(h, h->rita, s.log, plain));
	path = house_path(h, "/people/{}/contacts/{}/edit", s.person,
	    call_id(h, h->rita, &s));
	assert_good(edit(h, h->lucia, path, 1, in));
	in[1] = house_code(h, h->sara.raw);
	assert_result(edit(h, h->sara, path, 1, in), CONFLICT);
	assert_text(node_find(house_node(h, "conflicts")->first,
	    "theirs")->text, "lucia");
	in[2] = "take_taken_by";
	assert_good(edit(h, h->sara, path, 2, in));
	assert_text(node_find(last_call(h, h->lucia, &s),
	    "taken_by_name")->text, "lucia");
}

/* Without it a form could tell of rows of somebody out of reach, or hang a
 * number on them. */
static void
what_hangs_elsewhere_is_not_there(void **state)
{
	struct house *h = *state;
	const char *in[] = { "kind", "mobile", "value", "987654321",
		"may_say", "call_us", "relation_id", NULL, NULL };
	const char *path;
	struct scene s;

	scene(h, &s);
	path = house_path(h, "/people/{}/contact-points/new", s.person,
	    (id){ 0 });
	in[7] = house_code(h, house_relation(h, s.other, "yes", "",
	    (day){ 0 }));
	assert_result(house_post(h, h->lucia, path, in), INVALID);
	assert_true(house_problem(h, "relation_id", "problem.no_such_row"));
	in[7] = house_code(h, house_relation(h, s.person, "yes", "",
	    (day){ 0 }));
	assert_good(house_post(h, h->lucia, path, in));
}

/* Without it an operation that runs out of memory could write half. */
static void
memory_that_ends_writes_nothing(void **state)
{
	struct house *h = *state;
	struct scene s;
	bool done = false;
	int refused = 0;

	scene(h, &s);
	for (size_t max = 4 * KIB; !done && max < 4 * MIB; max += 8 * KIB) {
		result got;

		h->arena_max = max;
		got = house_ask(h, &(struct asking){ .who = h->lucia,
			.method = "POST", .path = s.log, .inputs = plain });
		done = is_ok(got);
		if (!done) {
			assert_int_equal(got.code, E_NO_MEMORY);
			refused++;
		}
		h->arena_max = OP_ARENA_MAX;
		assert_int_equal(house_rows(h, &entity_contact_log),
		    done ? 1 : 0);
	}
	assert_true(done);
	assert_true(refused > 3);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_has_its_usual_values),
		cmocka_unit_test(the_mandate_is_copied_as_it_stands),
		cmocka_unit_test(reception_sees_that_not_what),
		cmocka_unit_test(calls_are_checked),
		cmocka_unit_test(a_hidden_case_is_no_case),
		cmocka_unit_test(a_call_is_returned_once),
		cmocka_unit_test(words_are_corrected_with_open_eyes),
		cmocka_unit_test(the_others_choice_stays),
		cmocka_unit_test(what_hangs_elsewhere_is_not_there),
		cmocka_unit_test(memory_that_ends_writes_nothing),
	};

	return house_run(argc, argv, "ops contacts", tests, LENGTH(tests));
}
