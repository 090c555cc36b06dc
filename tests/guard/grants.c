#include "house.h"

#include <string.h>

struct cast {
	user_id dora, elena, lucia, benito, vera;
	id person, matter, nowhere;
};

static struct cast cast_of(struct house *h)
{
	struct cast c = {
		.dora = house_user(h, "dora", "director"),
		.elena = house_user(h, "elena", "director"),
		.lucia = house_user(h, "lucia", "lawyer"),
		.benito = house_user(h, "benito", "lawyer"),
		.vera = house_user(h, "vera", ""),
	};

	c.person = house_person(h, c.lucia);
	c.matter = house_matter(h, c.lucia);
	memset(c.nowhere.b, 0x5a, sizeof(c.nowhere.b));
	return c;
}

static const struct reach *access_to(struct house *h, user_id by,
    enum area area, id matter)
{
	const struct reach *reach;
	struct op *op = house_as(h, by);

	assert_good(guard_reach(op, area, LEVEL_WRITE, OBJECT_MATTER, matter,
	    &reach));
	return reach;
}

static struct grant grant_for(struct house *h, user_id to, id matter,
    const char *level)
{
	return (struct grant){ .user_id = to, .matter_id = { matter },
		.compartments = house_texts(h, "case"),
		.level = text_of(level) };
}

static bool reads(struct house *h, user_id user, id matter)
{
	return guard_may(house_as(h, user), AREA_MATTERS_FILE, LEVEL_READ,
	    OBJECT_MATTER, matter);
}

/* ---- grants ----------------------------------------------------------- */

static void given_and_not_read_again(void **state)
{
	/* Dies when a database that goes away between a commit and what is
	 * told of it leaves the directory as it was before, for ever. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct grant g = grant_for(h, c.benito, c.matter, "write");
	const struct reach *r = access_to(h, c.lucia, AREA_ACCESS_GRANTS,
	    c.matter);
	struct op away = { .office = &h->office, .arena = h->op.arena };

	assert_good(guard_grant(&h->op, r, &g));
	assert_good(facts_commit(&h->op, &(struct leaf_facts){
	    .event = EVENT_USER_CHANGED }));
	/* The one connection is another's: nothing can begin. */
	assert_good(op_begin(&away, TX_READ));
	guard_committed(&h->op);
	op_abort(&away);
	op_forget_effects(&h->op);
	assert_true(reads(h, c.benito, c.matter));
}

static void given_and_ended(void **state)
{
	/* Dies when a grant does not open at its commit, or is open after
	 * its end. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct grant g = grant_for(h, c.benito, c.matter, "write");
	const struct reach *r = access_to(h, c.lucia, AREA_ACCESS_GRANTS,
	    c.matter);

	assert_good(guard_grant(&h->op, r, &g));
	assert_false(guard_holds(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter, IN_CASE, LEVEL_READ, h->now));
	house_commit(h);
	assert_true(text_same(g.kind, T("standing")));
	assert_true(id_same(g.given_by.raw, c.lucia.raw));
	assert_true(reads(h, c.benito, c.matter));
	house_restart(h);
	assert_true(reads(h, c.benito, c.matter));
	house_wait(h, MINUTE_MS);
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	assert_good(guard_end_grant(&h->op, r, g.row.id));
	house_commit(h);
	assert_false(reads(h, c.benito, c.matter));
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	assert_result(guard_end_grant(&h->op, r, g.row.id), CONFLICT);
	assert_result(guard_end_grant(&h->op, r, c.nowhere), NOT_FOUND);
}

static void rolled_back(void **state)
{
	/* Dies when a grant that was not committed opens something. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct grant g = grant_for(h, c.benito, c.matter, "write");
	const struct reach *r = access_to(h, c.lucia, AREA_ACCESS_GRANTS,
	    c.matter);

	assert_good(guard_grant(&h->op, r, &g));
	op_abort(&h->op);
	assert_false(reads(h, c.benito, c.matter));
	house_restart(h);
	assert_false(reads(h, c.benito, c.matter));
}

static void a_new_lead(void **state)
{
	/* Dies when a second lead has less than all, or the first loses. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct grant g = grant_for(h, c.benito, c.matter, "lead");
	const struct reach *r = access_to(h, c.dora, AREA_ACCESS_GRANTS,
	    c.matter);

	assert_good(guard_grant(&h->op, r, &g));
	house_commit(h);
	assert_int_equal(g.compartments.n, 3);
	assert_true(guard_leads(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter, h->now));
	assert_true(guard_leads(h->office.guard, c.lucia, OBJECT_MATTER,
	    c.matter, h->now));
}

static void guests(void **state)
{
	/* Dies when a guest gets something without an end, or leads. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct grant g = grant_for(h, c.vera, c.matter, "read");
	const struct reach *r = access_to(h, c.lucia, AREA_ACCESS_GRANTS,
	    c.matter);

	assert_result(guard_grant(&h->op, r, &g), INVALID);
	assert_true(problem_has(&h->op.problems, T("ends_at")));
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g.ends_at = h->now;
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g.ends_at.ms += 30 * day_ms;
	g.level = T("lead");
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	assert_true(problem_has(&h->op.problems, T("level")));
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g.level = T("read");
	assert_good(guard_grant(&h->op, r, &g));
	house_commit(h);
	assert_true(text_same(g.kind, T("guest")));
	assert_true(reads(h, c.vera, c.matter));
	house_wait(h, 30 * day_ms);
	assert_false(reads(h, c.vera, c.matter));
}

static void wrong_grants(void **state)
{
	/* Dies when a grant for nobody, for both or no object, for another
	 * object than the reach's, or of an unknown level is written. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.benito);
	struct grant g;
	const struct reach *r;

	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g = grant_for(h, (user_id){ c.nowhere }, c.matter, "read");
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	assert_true(problem_has(&h->op.problems, T("user_id")));
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g = grant_for(h, c.benito, c.matter, "all");
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g = grant_for(h, c.benito, c.matter, "read");
	g.compartments = (texts){ 0 };
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g = grant_for(h, c.benito, c.matter, "read");
	g.person_id.raw = c.person;
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	g.person_id.raw = g.matter_id.raw = (id){ 0 };
	assert_result(guard_grant(&h->op, r, &g), INVALID);
	g = grant_for(h, c.benito, other, "read");
	assert_result(guard_grant(&h->op, r, &g), NOT_FOUND);
	g = grant_for(h, c.benito, c.nowhere, "read");
	assert_result(guard_grant(&h->op, r, &g), NOT_FOUND);
	house_wall(h, c.benito, OBJECT_MATTER, c.matter);
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g = grant_for(h, c.benito, c.matter, "read");
	assert_result(guard_grant(&h->op, r, &g), CONFLICT);
	house_change_user(h, c.vera, "left", (day){ 0 });
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	g = grant_for(h, c.vera, c.matter, "read");
	g.ends_at = (instant){ h->now.ms + 1, true };
	assert_result(guard_grant(&h->op, r, &g), INVALID);
}

static void another_ones_grant(void **state)
{
	/* Dies when the lead of one matter ends a grant of another. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.benito);
	id grant = house_grant(h, c.vera, OBJECT_MATTER, other, "case",
	    "read");
	const struct reach *r = access_to(h, c.lucia, AREA_ACCESS_GRANTS,
	    c.matter);

	assert_result(guard_end_grant(&h->op, r, grant), NOT_FOUND);
}

static void access_page(void **state)
{
	/* Dies when the page of one object leaves a grant or a wall out, or
	 * shows those of another. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.benito);
	struct access_row *rows = NULL;
	size_t n = 0;
	size_t walls = 0;
	const struct reach *r;

	house_grant(h, c.benito, OBJECT_MATTER, c.matter, "case", "read");
	house_wall(h, c.vera, OBJECT_MATTER, c.matter);
	house_wall(h, c.vera, OBJECT_MATTER, other);
	r = access_to(h, c.lucia, AREA_ACCESS_GRANTS, c.matter);
	assert_good(guard_access(&h->op, r, &rows, &n));
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++) {
		walls += rows[i].wall != NULL ? 1 : 0;
		assert_true((rows[i].wall == NULL) !=
		    (rows[i].grant == NULL));
	}
	assert_int_equal(walls, 1);
}

/* ---- walls ------------------------------------------------------------ */

static struct wall wall_for(user_id whom, id matter)
{
	return (struct wall){ .user_id = whom, .matter_id = { matter },
		.reason = T("kinship") };
}

static void put_up(void **state)
{
	/* Dies when a wall does not stand at its commit, or stands twice. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct wall w = wall_for(c.benito, c.matter);
	const struct reach *r;

	house_grant(h, c.benito, OBJECT_MATTER, c.matter, "case", "write");
	assert_true(reads(h, c.benito, c.matter));
	r = access_to(h, c.lucia, AREA_ACCESS_WALLS, c.matter);
	assert_good(guard_wall(&h->op, r, &w));
	house_commit(h);
	assert_true(id_same(w.made_by.raw, c.lucia.raw));
	assert_false(reads(h, c.benito, c.matter));
	house_restart(h);
	assert_false(reads(h, c.benito, c.matter));
	r = access_to(h, c.lucia, AREA_ACCESS_WALLS, c.matter);
	w = wall_for(c.benito, c.matter);
	assert_result(guard_wall(&h->op, r, &w), CONFLICT);
}

static void wrong_walls(void **state)
{
	/* Dies when a wall without a reason, for nobody, or on another
	 * object than the reach's is put up. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.benito);
	struct wall w = wall_for((user_id){ c.nowhere }, c.matter);
	const struct reach *r;

	r = access_to(h, c.lucia, AREA_ACCESS_WALLS, c.matter);
	assert_result(guard_wall(&h->op, r, &w), INVALID);
	r = access_to(h, c.lucia, AREA_ACCESS_WALLS, c.matter);
	w = wall_for(c.benito, c.matter);
	w.reason = T("");
	assert_result(guard_wall(&h->op, r, &w), INVALID);
	r = access_to(h, c.lucia, AREA_ACCESS_WALLS, c.matter);
	w = wall_for(c.benito, other);
	assert_result(guard_wall(&h->op, r, &w), NOT_FOUND);
	w = wall_for(c.benito, (id){ 0 });
	assert_result(guard_wall(&h->op, r, &w), INVALID);
}

static void two_take_it_down(void **state)
{
	/* Dies when one person takes a wall down, or who is kept out. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id wall = house_wall(h, c.benito, OBJECT_MATTER, c.matter);
	id own = house_wall(h, c.elena, OBJECT_MATTER, c.matter);
	const struct reach *r;

	r = access_to(h, c.dora, AREA_ACCESS_WALLS, c.matter);
	assert_good(guard_end_wall(&h->op, r, wall));
	house_commit(h);
	assert_true(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter));
	r = access_to(h, c.dora, AREA_ACCESS_WALLS, c.matter);
	assert_result(guard_end_wall(&h->op, r, wall), FORBIDDEN);
	op_abort(&h->op);
	/* Elena is kept out herself: for her there is no wall. */
	assert_result(guard_reach(house_as(h, c.elena), AREA_ACCESS_WALLS,
	    LEVEL_WRITE, OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	assert_good(guard_reach(house_as(h, c.elena), AREA_ACCESS_WALLS,
	    LEVEL_WRITE, OBJECT_NONE, (id){ 0 }, &r));
	assert_result(guard_end_wall(&h->op, r, wall), NOT_FOUND);
	assert_result(guard_end_wall(&h->op, r, own), NOT_FOUND);
	op_abort(&h->op);
	r = access_to(h, c.lucia, AREA_ACCESS_WALLS, c.matter);
	assert_good(guard_end_wall(&h->op, r, wall));
	house_commit(h);
	assert_false(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter));
	assert_true(guard_hides(h->office.guard, c.elena, OBJECT_MATTER,
	    c.matter));
	r = access_to(h, c.dora, AREA_ACCESS_WALLS, c.matter);
	assert_result(guard_end_wall(&h->op, r, wall), CONFLICT);
	assert_result(guard_end_wall(&h->op, r, c.nowhere), NOT_FOUND);
	house_restart(h);
	assert_false(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter));
}

/* ---- breaking the glass ----------------------------------------------- */

static const text reason = { "La llamaron del penal, es urgente", 33 };

static result broken(struct house *h, user_id by, id matter, text why)
{
	struct op *op = house_as(h, by);
	result got = guard_break_glass(op, OBJECT_MATTER, matter, why);

	if (is_ok(got))
		house_commit(h);
	return got;
}

static void reads_an_hour(void **state)
{
	/* Dies when an emergency writes, is not flagged, lasts longer than
	 * an hour, or opens another matter. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.lucia);
	const struct reach *r;
	struct op *op;

	assert_good(broken(h, c.benito, c.matter, reason));
	op = house_as(h, c.benito);
	assert_good(guard_reach(op, AREA_MATTERS_FILE, LEVEL_READ,
	    OBJECT_MATTER, c.matter, &r));
	assert_true(r->flagged);
	assert_int_equal(r->levels, LEVEL_META | LEVEL_READ);
	assert_int_equal(r->mask, 1u << IN_CASE);
	assert_result(guard_reach(op, AREA_MATTERS_FILE, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	assert_result(guard_reach(op, AREA_MATTERS_FILE, LEVEL_READ,
	    OBJECT_MATTER, other, &r), NOT_FOUND);
	/* It is no grant for lists, nor for giving grants. */
	assert_false(guard_holds(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter, IN_CASE, LEVEL_READ, h->now));
	assert_result(guard_reach(op, AREA_ACCESS_GRANTS, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	/* Not by a program. */
	op->by_token = true;
	assert_result(guard_reach(op, AREA_MATTERS_FILE, LEVEL_READ,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	house_wait(h, EMERGENCY_MS - 1);
	assert_true(reads(h, c.benito, c.matter));
	house_wait(h, 1);
	assert_false(reads(h, c.benito, c.matter));
}

static void raises_a_director(void **state)
{
	/* Dies when a director sees more than codes without an emergency,
	 * or no more with one; or what exists can be told by trying. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.lucia);
	const struct reach *r;
	struct op *op = house_as(h, c.dora);

	assert_result(guard_reach(op, AREA_WRITS, LEVEL_READ, OBJECT_MATTER,
	    c.matter, &r), FORBIDDEN);
	assert_result(guard_reach(op, AREA_WRITS, LEVEL_READ, OBJECT_MATTER,
	    c.nowhere, &r), FORBIDDEN);
	assert_good(broken(h, c.dora, c.matter, reason));
	op = house_as(h, c.dora);
	assert_good(guard_reach(op, AREA_WRITS, LEVEL_READ, OBJECT_MATTER,
	    c.matter, &r));
	assert_true(r->flagged);
	assert_result(guard_reach(op, AREA_WRITS, LEVEL_READ, OBJECT_MATTER,
	    c.nowhere, &r), NOT_FOUND);
	assert_result(guard_reach(op, AREA_WRITS, LEVEL_READ, OBJECT_MATTER,
	    other, &r), NOT_FOUND);
	/* A cell of nothing stays nothing. */
	assert_result(guard_reach(op, AREA_MATTERS_NOTES, LEVEL_READ,
	    OBJECT_MATTER, c.matter, &r), FORBIDDEN);
}

static void not_through_a_wall(void **state)
{
	/* Dies when an emergency opens what is walled, before or after. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id other = house_matter(h, c.lucia);

	assert_good(broken(h, c.benito, other, reason));
	house_wall(h, c.benito, OBJECT_MATTER, other);
	assert_false(reads(h, c.benito, other));
	house_wall(h, c.benito, OBJECT_MATTER, c.matter);
	assert_result(broken(h, c.benito, c.matter, reason), NOT_FOUND);
	assert_result(broken(h, c.benito, c.nowhere, reason), NOT_FOUND);
}

static void with_a_reason(void **state)
{
	/* Dies when nineteen characters are reason enough, a guest or a
	 * program breaks the glass, or no step-up is asked for. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct op *op;

	assert_result(broken(h, c.benito, c.matter,
	    T("  diecinueve letras!  ")), INVALID);
	assert_true(problem_has(&h->op.problems, T("reason")));
	/* Characters, not bytes: nineteen of two. */
	assert_result(broken(h, c.benito, c.matter,
	    T("ñññññññññññññññññññ")), INVALID);
	assert_good(broken(h, c.benito, c.matter,
	    T("veinte letras justas")));
	assert_result(broken(h, c.vera, c.matter, reason), FORBIDDEN);
	op = house_as(h, c.benito);
	op->by_token = true;
	assert_result(guard_break_glass(op, OBJECT_MATTER, c.matter, reason),
	    FORBIDDEN);
	op = house_as(h, c.benito);
	op->stepped_up.known = false;
	assert_result(guard_break_glass(op, OBJECT_MATTER, c.matter, reason),
	    STEP_UP);
	assert_result(guard_break_glass(op, OBJECT_MATTER, c.nowhere,
	    reason), NOT_FOUND);
}

static void three_a_month(void **state)
{
	/* Dies when somebody breaks the glass a fourth time within thirty
	 * days alone; also after a restart. */
	struct house *h = *state;
	struct cast c = cast_of(h);

	for (int i = 0; i < 3; i++) {
		assert_good(broken(h, c.benito, c.matter, reason));
		house_wait(h, day_ms);
	}
	assert_result(broken(h, c.benito, c.matter, reason), FORBIDDEN);
	assert_true(problem_has(&h->op.problems, T("reason")));
	house_restart(h);
	assert_result(broken(h, c.benito, c.matter, reason), FORBIDDEN);
	assert_good(broken(h, c.dora, c.matter, reason));
	house_wait(h, 27 * day_ms);
	assert_good(broken(h, c.benito, c.matter, reason));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(given_and_not_read_again),
		cmocka_unit_test(given_and_ended),
		cmocka_unit_test(rolled_back),
		cmocka_unit_test(a_new_lead),
		cmocka_unit_test(guests),
		cmocka_unit_test(wrong_grants),
		cmocka_unit_test(another_ones_grant),
		cmocka_unit_test(access_page),
		cmocka_unit_test(put_up),
		cmocka_unit_test(wrong_walls),
		cmocka_unit_test(two_take_it_down),
		cmocka_unit_test(reads_an_hour),
		cmocka_unit_test(raises_a_director),
		cmocka_unit_test(not_through_a_wall),
		cmocka_unit_test(with_a_reason),
		cmocka_unit_test(three_a_month),
	};

	return house_run(argc, argv, "guard grants", tests, LENGTH(tests));
}
