#include "house.h"

#include <string.h>
#include <time.h>

/* Everybody, and one matter and person of the lawyer's. */
struct cast {
	user_id dora, lucia, benito, sara, rita, tito, vera;
	id person, matter, nowhere;
};

static struct cast cast_of(struct house *h)
{
	struct cast c = {
		.dora = house_user(h, "dora", "director"),
		.lucia = house_user(h, "lucia", "lawyer"),
		.benito = house_user(h, "benito", "lawyer"),
		.sara = house_user(h, "sara", "social_worker"),
		.rita = house_user(h, "rita", "reception"),
		.tito = house_user(h, "tito", "technician"),
		.vera = house_user(h, "vera", ""),
	};

	c.person = house_person(h, c.lucia);
	c.matter = house_matter(h, c.lucia);
	memset(c.nowhere.b, 0x5a, sizeof(c.nowhere.b));
	return c;
}

static result reach_as(struct house *h, user_id user, enum area area,
    enum level need, enum object_kind kind, id object,
    const struct reach **ret)
{
	return guard_reach(house_as(h, user), area, need, kind, object, ret);
}

#define file_of(h, user, need, object)                                       \
	reach_as(h, user, AREA_MATTERS_FILE, need, OBJECT_MATTER, object, &r)

static void lead_and_other(void **state)
{
	/* Dies when the lead cannot write, or a colleague can. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	assert_good(file_of(h, c.lucia, LEVEL_WRITE, c.matter));
	assert_int_equal(r->levels, LEVEL_META | LEVEL_READ | LEVEL_WRITE);
	assert_int_equal(r->mask, 1u << IN_CASE);
	assert_int_equal(r->kind, OBJECT_MATTER);
	assert_true(id_same(r->object, c.matter));
	assert_false(r->office_wide);
	assert_false(r->flagged);
	assert_ptr_equal(r->hides, guard_hides);
	assert_result(file_of(h, c.benito, LEVEL_READ, c.matter), NOT_FOUND);
	assert_result(file_of(h, c.lucia, LEVEL_WRITE, c.nowhere), NOT_FOUND);
	/* As the lead of this, not of the other kind under the same id. */
	assert_result(reach_as(h, c.lucia, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, c.matter, &r), NOT_FOUND);
}

static void everybodys(void **state)
{
	/* Dies when the calculators ask for a session or an open office, or
	 * open anything at all. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	const user_id nobody = { .raw = { { 0 } } };

	for (int sealed = 0; sealed < 2; sealed++) {
		assert_good(reach_as(h, nobody, AREA_PUBLIC_CALC, LEVEL_READ,
		    OBJECT_NONE, (id){ 0 }, &r));
		assert_int_equal(r->mask, 0);
		assert_false(r->office_wide);
		assert_int_equal(r->levels & LEVEL_WRITE, 0);
		assert_result(reach_as(h, c.dora, AREA_PUBLIC_CALC,
		    LEVEL_WRITE, OBJECT_NONE, (id){ 0 }, &r), FORBIDDEN);
		assert_result(reach_as(h, c.lucia, AREA_PUBLIC_CALC,
		    LEVEL_READ, OBJECT_MATTER, c.matter, &r), FORBIDDEN);
		assert_true(error_family(reach_as(h, nobody, AREA_PEOPLE_FIND,
		    LEVEL_READ, OBJECT_NONE, (id){ 0 }, &r)) ==
		    FAMILY_REFUSAL);
		keyring_forget(h->office.keyring);
	}
}

static void grant_levels(void **state)
{
	/* Dies when a grant gives more than its level and classes. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	house_grant(h, c.benito, OBJECT_MATTER, c.matter, "case", "read");
	assert_good(file_of(h, c.benito, LEVEL_READ, c.matter));
	assert_int_equal(r->levels, LEVEL_META | LEVEL_READ);
	assert_result(file_of(h, c.benito, LEVEL_WRITE, c.matter), NOT_FOUND);
	/* deadlines.close is approved near by lawyers: by the lead alone. */
	assert_result(reach_as(h, c.benito, AREA_DEADLINES_CLOSE,
	    LEVEL_APPROVE, OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	assert_good(reach_as(h, c.lucia, AREA_DEADLINES_CLOSE,
	    LEVEL_APPROVE, OBJECT_MATTER, c.matter, &r));
	house_grant(h, c.benito, OBJECT_MATTER, c.matter, "case", "write");
	assert_good(file_of(h, c.benito, LEVEL_WRITE, c.matter));
	assert_result(reach_as(h, c.benito, AREA_DEADLINES_CLOSE,
	    LEVEL_APPROVE, OBJECT_MATTER, c.matter, &r), NOT_FOUND);
}

static void grant_classes(void **state)
{
	/* Dies when a grant of one compartment opens another. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	house_grant(h, c.benito, OBJECT_PERSON, c.person, "identity case",
	    "write");
	assert_good(reach_as(h, c.benito, AREA_PEOPLE_IDENTITY, LEVEL_WRITE,
	    OBJECT_PERSON, c.person, &r));
	assert_int_equal(r->mask, 1u << IN_IDENTITY);
	assert_good(reach_as(h, c.benito, AREA_PEOPLE_NOTES, LEVEL_WRITE,
	    OBJECT_PERSON, c.person, &r));
	assert_int_equal(r->mask, 1u << IN_CASE);
	assert_result(reach_as(h, c.benito, AREA_PEOPLE_SENSITIVE, LEVEL_READ,
	    OBJECT_PERSON, c.person, &r), NOT_FOUND);
	assert_true(guard_holds(h->office.guard, c.benito, OBJECT_PERSON,
	    c.person, IN_CASE, LEVEL_WRITE, h->now));
	assert_false(guard_holds(h->office.guard, c.benito, OBJECT_PERSON,
	    c.person, IN_SENSITIVE, LEVEL_READ, h->now));
	assert_false(guard_leads(h->office.guard, c.benito, OBJECT_PERSON,
	    c.person, h->now));
	assert_true(guard_leads(h->office.guard, c.lucia, OBJECT_PERSON,
	    c.person, h->now));
}

static void only_the_lead(void **state)
{
	/* Dies when a grant could give grants. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	house_grant(h, c.benito, OBJECT_MATTER, c.matter,
	    "identity sensitive case", "write");
	assert_result(reach_as(h, c.benito, AREA_ACCESS_GRANTS, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	assert_good(reach_as(h, c.lucia, AREA_ACCESS_GRANTS, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r));
	assert_int_equal(r->mask, 1u << IN_OFFICE);
	assert_good(reach_as(h, c.dora, AREA_ACCESS_GRANTS, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r));
}

static void stars(void **state)
{
	/* Dies when a star asks for a grant, or gives more than its cell. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	assert_good(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, c.person, &r));
	assert_result(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_WRITE,
	    OBJECT_PERSON, c.person, &r), FORBIDDEN);
	assert_good(reach_as(h, c.rita, AREA_PEOPLE_IDENTITY, LEVEL_WRITE,
	    OBJECT_PERSON, c.person, &r));
	/* Near write, far read: cover duty. */
	assert_good(reach_as(h, c.benito, AREA_DEADLINES, LEVEL_READ,
	    OBJECT_MATTER, c.matter, &r));
	assert_int_equal(r->levels & LEVEL_WRITE, 0);
	assert_result(reach_as(h, c.benito, AREA_DEADLINES, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	/* A meta cell is no reading. */
	assert_good(reach_as(h, c.rita, AREA_CONTACTS_READ, LEVEL_META,
	    OBJECT_PERSON, c.person, &r));
	assert_result(reach_as(h, c.rita, AREA_CONTACTS_READ, LEVEL_READ,
	    OBJECT_PERSON, c.person, &r), FORBIDDEN);
}

static void forbidden_first(void **state)
{
	/* Dies when a role that may nothing can tell what exists. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	const id objects[] = { c.matter, c.nowhere, { { 0 } } };

	house_wall(h, c.tito, OBJECT_MATTER, c.matter);
	for (size_t i = 0; i < LENGTH(objects); i++) {
		assert_result(file_of(h, c.tito, LEVEL_READ, objects[i]),
		    FORBIDDEN);
		assert_result(file_of(h, c.rita, LEVEL_META, objects[i]),
		    FORBIDDEN);
	}
	assert_false(guard_may_at_all(house_as(h, c.tito), AREA_MATTERS_FILE,
	    LEVEL_META, OBJECT_MATTER));
	assert_true(guard_may_at_all(house_as(h, c.benito),
	    AREA_MATTERS_FILE, LEVEL_WRITE, OBJECT_MATTER));
	assert_result(reach_as(h, c.tito, AREA_PEOPLE_FIND, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r), FORBIDDEN);
}

static void walls_beat_all(void **state)
{
	/* Dies when a lead, a grant or a star sees through a wall. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	house_wall(h, c.lucia, OBJECT_MATTER, c.matter);
	assert_result(file_of(h, c.lucia, LEVEL_READ, c.matter), NOT_FOUND);
	house_grant(h, c.benito, OBJECT_MATTER, c.matter, "case", "write");
	house_wall(h, c.benito, OBJECT_MATTER, c.matter);
	assert_result(file_of(h, c.benito, LEVEL_READ, c.matter), NOT_FOUND);
	house_wall(h, c.dora, OBJECT_MATTER, c.matter);
	assert_result(reach_as(h, c.dora, AREA_DEADLINES, LEVEL_READ,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	assert_true(guard_hides(h->office.guard, c.dora, OBJECT_MATTER,
	    c.matter));
	assert_false(guard_hides(h->office.guard, c.sara, OBJECT_MATTER,
	    c.matter));
	assert_false(guard_may(house_as(h, c.dora), AREA_DEADLINES,
	    LEVEL_READ, OBJECT_MATTER, c.matter));
}

static void walls_of_persons(void **state)
{
	/* Dies when a wall on a person does not hide the matters where he
	 * or she is represented, or hides those where not. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	id second = house_matter(h, c.lucia);
	id party;

	party = house_party(h, c.matter, c.person, true);
	house_party(h, second, c.person, false);
	house_wall(h, c.benito, OBJECT_PERSON, c.person);
	assert_true(guard_hides(h->office.guard, c.benito, OBJECT_PERSON,
	    c.person));
	assert_true(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter));
	assert_false(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    second));
	house_restart(h);
	assert_true(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter));
	assert_false(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    second));

	/* No longer represented: the party row is taken up at its commit. */
	struct op *op = house_op(h);
	struct party p;
	assert_good(op_begin(op, TX_WRITE));
	assert_good(facts_get(op, guard_whole_office(op), &entity_party,
	    party, &p));
	p.represented.value = false;
	assert_good(facts_update(op, guard_whole_office(op), &entity_party,
	    &p));
	house_commit(h);
	assert_false(guard_hides(h->office.guard, c.benito, OBJECT_MATTER,
	    c.matter));
}

static void step_up(void **state)
{
	/* Dies when an area that asks for a step-up opens without, or five
	 * minutes after. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	struct op *op = house_as(h, c.dora);

	assert_good(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, &r));
	assert_true(r->office_wide);
	assert_int_equal(r->mask, 1u << IN_OFFICE);
	op->stepped_up.ms = op->now.ms - STEP_UP_MS + 1;
	assert_good(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, &r));
	op->stepped_up.ms = op->now.ms - STEP_UP_MS;
	assert_result(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, &r), STEP_UP);
	assert_true(guard_needs_step_up(op, AREA_ADMIN_USERS));
	assert_false(guard_needs_step_up(op, AREA_PEOPLE_FIND));
	/* Above an amount: the verb asks; the door does not. */
	assert_true(guard_needs_step_up(op, AREA_ASSISTANCE_DELIVER));
	assert_good(guard_reach(op, AREA_ASSISTANCE_DELIVER, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r));
	/* From the future: a clock that went back. */
	op->stepped_up.ms = op->now.ms + HOUR_MS;
	assert_result(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, &r), STEP_UP);
	op->stepped_up.known = false;
	assert_result(guard_reach(op, AREA_ADMIN_USERS, LEVEL_WRITE,
	    OBJECT_NONE, (id){ 0 }, &r), STEP_UP);
	/* What is shown as a link does not ask for it. */
	assert_true(guard_may(op, AREA_ADMIN_USERS, LEVEL_WRITE, OBJECT_NONE,
	    (id){ 0 }));
	/* A missing person, with a star: as the walled one, not STEP_UP. */
	assert_result(guard_reach(op, AREA_PEOPLE_MERGE, LEVEL_WRITE,
	    OBJECT_PERSON, c.nowhere, &r), NOT_FOUND);
	assert_result(guard_reach(op, AREA_PEOPLE_MERGE, LEVEL_WRITE,
	    OBJECT_PERSON, c.person, &r), STEP_UP);
}

static void bulk(void **state)
{
	/* Dies when more than the limit opens, or waiting does not help. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	id more = house_person(h, c.lucia);
	id third = house_person(h, c.lucia);

	guard_set_bulk_limit(h->office.guard, ROLE_DIRECTOR, 2);
	assert_good(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, c.person, &r));
	assert_good(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, more, &r));
	assert_good(reach_as(h, c.dora, AREA_PEOPLE_CONSENT, LEVEL_READ,
	    OBJECT_PERSON, more, &r));
	assert_result(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, third, &r), TOO_MANY);
	assert_true(text_same(h->op.retry_after, T("600")));
	/* Missing and walled are one, also over the limit. */
	assert_result(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, c.nowhere, &r), NOT_FOUND);
	/* Showing links does not count. */
	assert_true(guard_may(house_as(h, c.dora), AREA_PEOPLE_IDENTITY,
	    LEVEL_READ, OBJECT_PERSON, third));
	/* A change of the account does not free the count. */
	house_change_user(h, c.dora, "active", (day){ 0 });
	assert_result(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, third, &r), TOO_MANY);
	house_wait(h, BULK_WINDOW_MS);
	assert_good(reach_as(h, c.dora, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, third, &r));
}

static void sealed_and_nobody(void **state)
{
	/* Dies when a sealed office, or somebody who is not signed in, gets
	 * another answer than that. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	assert_result(reach_as(h, (user_id){ 0 }, AREA_PEOPLE_FIND,
	    LEVEL_READ, OBJECT_NONE, (id){ 0 }, &r), SIGN_IN);
	assert_result(reach_as(h, (user_id){ c.nowhere }, AREA_PEOPLE_FIND,
	    LEVEL_READ, OBJECT_NONE, (id){ 0 }, &r), SIGN_IN);
	assert_good(reach_as(h, c.lucia, AREA_NONE, LEVEL_READ, OBJECT_NONE,
	    (id){ 0 }, &r));
	assert_int_equal(r->mask, 0);
	house_seal(h);
	assert_result(reach_as(h, c.lucia, AREA_PEOPLE_FIND, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r), SEALED);
	assert_false(guard_may(house_as(h, c.lucia), AREA_PEOPLE_FIND,
	    LEVEL_READ, OBJECT_NONE, (id){ 0 }));
}

static void accounts_end(void **state)
{
	/* Dies when somebody reaches anything after the last day, after
	 * leaving, or before being approved. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	day today = instant_day(h->now);

	house_grant(h, c.vera, OBJECT_MATTER, c.matter, "case", "read");
	house_change_user(h, c.vera, "active", today);
	assert_good(file_of(h, c.vera, LEVEL_READ, c.matter));
	assert_result(file_of(h, c.vera, LEVEL_WRITE, c.matter), FORBIDDEN);
	house_change_user(h, c.vera, "active", day_plus(today, -1));
	assert_result(file_of(h, c.vera, LEVEL_READ, c.matter), SIGN_IN);
	assert_false(guard_holds(h->office.guard, c.vera, OBJECT_MATTER,
	    c.matter, IN_CASE, LEVEL_READ, h->now));
	house_change_user(h, c.lucia, "locked", (day){ 0 });
	assert_result(file_of(h, c.lucia, LEVEL_READ, c.matter), SIGN_IN);
	house_change_user(h, c.benito, "left", (day){ 0 });
	assert_result(file_of(h, c.benito, LEVEL_READ, c.matter), SIGN_IN);
	assert_int_equal(guard_levels(house_as(h, c.benito),
	    AREA_DEADLINES).far, 0);
}

static void grants_end(void **state)
{
	/* Dies when a grant opens before it starts or after it ends. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	struct op *op = house_op(h);
	struct grant g = { .user_id = c.vera, .matter_id = { c.matter },
		.kind = T("guest"), .compartments = house_texts(h, "case"),
		.level = T("read"), .given_by = c.lucia,
		.starts_at = { h->now.ms + MINUTE_MS, true },
		.ends_at = { h->now.ms + 2 * MINUTE_MS, true } };

	assert_good(facts_insert(op, guard_whole_office(op), &entity_grant,
	    &g));
	house_commit(h);
	assert_result(file_of(h, c.vera, LEVEL_READ, c.matter), NOT_FOUND);
	house_wait(h, MINUTE_MS);
	assert_good(file_of(h, c.vera, LEVEL_READ, c.matter));
	house_wait(h, MINUTE_MS - 1);
	assert_good(file_of(h, c.vera, LEVEL_READ, c.matter));
	house_wait(h, 1);
	assert_result(file_of(h, c.vera, LEVEL_READ, c.matter), NOT_FOUND);
}

static void director_reads_by_grant(void **state)
{
	/* Dies when a director reads a file without grant or emergency, or
	 * cannot with one. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	assert_good(file_of(h, c.dora, LEVEL_META, c.matter));
	assert_result(file_of(h, c.dora, LEVEL_READ, c.matter), NOT_FOUND);
	house_grant(h, c.dora, OBJECT_MATTER, c.matter, "case", "write");
	assert_good(file_of(h, c.dora, LEVEL_READ, c.matter));
	assert_false(r->flagged);
	assert_result(file_of(h, c.dora, LEVEL_WRITE, c.matter), FORBIDDEN);
	/* Other meta cells stay what they are. */
	assert_result(reach_as(h, c.dora, AREA_WRITS, LEVEL_READ,
	    OBJECT_MATTER, c.matter, &r), FORBIDDEN);
}

static void an_officer_reads(void **state)
{
	/* Dies when the data-protection officer cannot read audit and
	 * requests, or writes them, or reads more than a colleague. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	struct op *op = house_op(h);
	struct user u;

	assert_result(reach_as(h, c.lucia, AREA_ADMIN_AUDIT, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r), FORBIDDEN);
	op = house_op(h);
	assert_good(op_begin(op, TX_WRITE));
	assert_good(facts_get(op, guard_whole_office(op), &entity_user,
	    c.rita.raw, &u));
	u.officer = (yesno){ true, true };
	assert_good(facts_update(op, guard_whole_office(op), &entity_user,
	    &u));
	house_commit(h);
	assert_good(reach_as(h, c.rita, AREA_ADMIN_AUDIT, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r));
	assert_true(r->office_wide);
	assert_good(reach_as(h, c.rita, AREA_ADMIN_RIGHTS_REQUESTS,
	    LEVEL_READ, OBJECT_NONE, (id){ 0 }, &r));
	assert_result(reach_as(h, c.rita, AREA_ADMIN_RIGHTS_REQUESTS,
	    LEVEL_WRITE, OBJECT_NONE, (id){ 0 }, &r), FORBIDDEN);
	assert_result(reach_as(h, c.rita, AREA_ADMIN_USERS, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r), FORBIDDEN);
	assert_int_equal(guard_levels(house_as(h, c.rita),
	    AREA_ADMIN_AUDIT).far, LEVEL_META | LEVEL_READ);
}

static void at_large(void **state)
{
	/* Dies when a list without objects opens every object to who only
	 * has those near. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	assert_good(reach_as(h, c.lucia, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r));
	assert_false(r->office_wide);
	assert_good(reach_as(h, c.rita, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_NONE, (id){ 0 }, &r));
	assert_true(r->office_wide);
	assert_int_equal(guard_levels(house_as(h, c.lucia),
	    AREA_DEADLINES).near & LEVEL_WRITE, LEVEL_WRITE);
	assert_int_equal(guard_levels(house_as(h, c.lucia),
	    AREA_DEADLINES).far, LEVEL_META | LEVEL_READ);
}

static void tasks_are_shared(void **state)
{
	/* Dies when a task of a shared object is not shared, or one is by
	 * a grant of another class. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	house_grant(h, c.sara, OBJECT_MATTER, c.matter, "identity", "write");
	assert_result(reach_as(h, c.sara, AREA_TASKS, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r), NOT_FOUND);
	house_grant(h, c.sara, OBJECT_MATTER, c.matter, "case", "write");
	assert_good(reach_as(h, c.sara, AREA_TASKS, LEVEL_WRITE,
	    OBJECT_MATTER, c.matter, &r));
	assert_int_equal(r->mask, 1u << IN_CASE);
}

static void users_are_found(void **state)
{
	/* Dies when the directory forgets or confuses its users. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct guard *g = h->office.guard;
	const struct user_facts *const *list;
	uint8_t pseudonym[16];

	assert_int_equal(guard_users(g, &list), 7);
	assert_true(text_same(list[0]->sign_in_name, T("benito")));
	assert_true(id_same(guard_user_named(g, T("sara"))->id.raw,
	    c.sara.raw));
	assert_null(guard_user_named(g, T("nadie")));
	assert_true(text_same(guard_user_name(g, c.rita), T("rita")));
	assert_int_equal(guard_user_name(g, (user_id){ c.nowhere }).n, 0);
	assert_int_equal(guard_user(g, c.tito)->roles,
	    1u << ROLE_TECHNICIAN);
	assert_good(audit_pseudonym(h->office.keyring, "user", c.sara.raw,
	    pseudonym));
	assert_ptr_equal(guard_user_of(house_op(h), pseudonym),
	    guard_user(g, c.sara));
	pseudonym[0] ^= 1;
	assert_null(guard_user_of(house_op(h), pseudonym));
	house_restart(h);
	assert_int_equal(guard_users(h->office.guard, &list), 7);
}

static void a_failed_load_is_not_open(void **state)
{
	/* Dies when a directory that could not be kept up still answers. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;

	h->office.guard->loaded = false;
	assert_good(file_of(h, c.lucia, LEVEL_READ, c.matter));
	assert_true(h->office.guard->loaded);
	assert_true(guard_leads(h->office.guard, c.lucia, OBJECT_MATTER,
	    c.matter, h->now));
}

static void what_was_just_made(void **state)
{
	/* Dies when the maker cannot go on in the same transaction, or comes
	 * this way to what was there before. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	const struct reach *r = NULL;
	struct op *op = house_as(h, c.rita);
	struct person p = { .known_as = T("Rosa") };

	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(guard_make_lead(op, OBJECT_PERSON, p.row.id));
	assert_good(guard_reach_made(op, OBJECT_PERSON, p.row.id, &r));
	assert_true(id_same(r->object, p.row.id));
	assert_false(r->office_wide);
	assert_int_equal(r->mask, 1u << IN_IDENTITY | 1u << IN_CASE);
	assert_result(guard_reach_made(op, OBJECT_PERSON, c.person, &r),
	    BUG);
	assert_result(guard_reach_made(op, OBJECT_MATTER, p.row.id, &r),
	    BUG);
	house_commit(h);
	assert_result(guard_reach_made(house_as(h, c.rita), OBJECT_PERSON,
	    p.row.id, &r), BUG);
	assert_true(guard_leads(h->office.guard, c.rita, OBJECT_PERSON,
	    p.row.id, h->now));
	assert_result(guard_make_lead(house_op(h), OBJECT_PERSON, p.row.id),
	    SIGN_IN);
}

static void own_looks(void **state)
{
	/* Dies when setting the language sets it for another, or more. */
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct op *op = house_as(h, c.sara);

	assert_good(op_begin(op, TX_WRITE));	/* as the dispatcher does */
	assert_good(guard_set_own(op, &(struct own_settings){
		.lang = LANG_EN, .discreet = true }));
	guard_committed(op);
	assert_int_equal(guard_user(h->office.guard, c.sara)->lang, LANG_EN);
	assert_true(guard_user(h->office.guard, c.sara)->discreet);
	assert_int_equal(guard_user(h->office.guard, c.sara)->roles,
	    1u << ROLE_SOCIAL_WORKER);
	assert_int_equal(guard_user(h->office.guard, c.rita)->lang, LANG_ES);
}

static int64_t elapsed_us(struct timespec from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (to.tv_sec - from.tv_sec) * 1000000 +
	    (to.tv_nsec - from.tv_nsec) / 1000;
}

/* A thousand grants in one transaction, as many as one leaf names. */
static void thousand_leads(struct house *h, user_id to, uint32_t from)
{
	struct op *op = house_op(h);

	for (uint32_t i = from; i < from + TOUCHED_MAX; i++) {
		struct grant g = { .user_id = to, .kind = T("standing"),
			.compartments = house_texts(h, "case"),
			.level = T("lead"), .starts_at = h->now,
			.given_by = to };

		put_u32(g.person_id.raw.b, i * 2654435761u);
		put_u32(g.person_id.raw.b + 4, i + 1);
		assert_good(facts_insert(op, guard_whole_office(op),
		    &entity_grant, &g));
	}
	house_commit(h);
}

static void a_large_office(void **state)
{
	/* Dies when loading the grants of 22,000 persons takes longer than
	 * unsealing may, or a question looks at all of them. */
	enum { PERSONS = 22000, ASKED = 100000 };
	struct house *h = *state;
	struct cast c = cast_of(h);
	struct timespec from;
	int64_t load_us;
	int64_t ask_us;
	int held = 0;

	for (uint32_t i = 0; i < PERSONS; i += TOUCHED_MAX)
		thousand_leads(h, c.lucia, i);
	clock_gettime(CLOCK_MONOTONIC, &from);
	assert_good(guard_load(house_op(h), NULL));
	load_us = elapsed_us(from);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (uint32_t i = 0; i < ASKED; i++) {
		id person = { 0 };
		uint32_t n = i * 7919 % PERSONS;

		put_u32(person.b, n * 2654435761u);
		put_u32(person.b + 4, n + 1);
		held += guard_leads(h->office.guard, c.lucia, OBJECT_PERSON,
		    person, h->now);
	}
	ask_us = elapsed_us(from);
	assert_int_equal(held, ASKED);
	print_message("loaded in %lld ms, asked in %lld ns each\n",
	    (long long)load_us / 1000, (long long)ask_us * 1000 / ASKED);
	assert_true(load_us < 5000000);
	assert_true(ask_us * 1000 / ASKED < 20000);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybodys),
		cmocka_unit_test(lead_and_other),
		cmocka_unit_test(grant_levels),
		cmocka_unit_test(grant_classes),
		cmocka_unit_test(only_the_lead),
		cmocka_unit_test(stars),
		cmocka_unit_test(forbidden_first),
		cmocka_unit_test(walls_beat_all),
		cmocka_unit_test(walls_of_persons),
		cmocka_unit_test(step_up),
		cmocka_unit_test(bulk),
		cmocka_unit_test(sealed_and_nobody),
		cmocka_unit_test(accounts_end),
		cmocka_unit_test(grants_end),
		cmocka_unit_test(director_reads_by_grant),
		cmocka_unit_test(an_officer_reads),
		cmocka_unit_test(at_large),
		cmocka_unit_test(tasks_are_shared),
		cmocka_unit_test(users_are_found),
		cmocka_unit_test(what_was_just_made),
		cmocka_unit_test(own_looks),
		cmocka_unit_test(a_large_office),
		cmocka_unit_test(a_failed_load_is_not_open),
	};

	return house_run(argc, argv, "guard reach", tests, LENGTH(tests));
}
