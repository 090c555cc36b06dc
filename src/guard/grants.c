/*
 * Grants: who leads, who was let in, and the glass that is broken.
 */
#include "guard_inside.h"

#include <assert.h>
#include <string.h>

enum { EMERGENCY_REASON_MAX = 300, EMERGENCY_DAYS = 30 };

static const text all_compartments[] = {
	{ "identity", 8 }, { "sensitive", 9 }, { "case", 4 },
};

/* ---- objects ---------------------------------------------------------- */

void object_put(enum object_kind kind, id object, person_id *person,
    matter_id *matter)
{
	*person = (person_id){ 0 };
	*matter = (matter_id){ 0 };
	if (kind == OBJECT_PERSON)
		person->raw = object;
	else
		matter->raw = object;
}

enum object_kind object_get(person_id person, matter_id matter, id *ret)
{
	if (id_none(person.raw) == id_none(matter.raw))
		return OBJECT_NONE;	/* both or neither */
	*ret = id_none(person.raw) ? matter.raw : person.raw;
	return id_none(person.raw) ? OBJECT_MATTER : OBJECT_PERSON;
}

/* The reach must be for this very object, and the object be there. */
result object_covered(struct op *op, const struct reach *reach,
    enum object_kind kind, id object)
{
	static const struct reach closed = { .office_wide = true };
	const struct entity *e = kind == OBJECT_PERSON ? &entity_person :
	    &entity_matter;
	void *row = entity_new(op->arena, e);

	NEED(row);
	if (!reach->office_wide && (reach->kind != kind ||
	    !id_same(reach->object, object)))
		return refuse(NOT_FOUND);
	if (guard_hides(op->office->guard, op->user, kind, object))
		return refuse(NOT_FOUND);
	return facts_get(op, &closed, e, object, row);
}

/* ---- leads ------------------------------------------------------------ */

static result insert_grant(struct op *op, struct grant *g)
{
	g->given_by = op->user;
	g->starts_at = op->now;
	return facts_insert(op, guard_whole_office(op), &entity_grant, g);
}

result guard_make_lead(struct op *op, enum object_kind kind, id object)
{
	struct grant g = {
		.user_id = op->user,
		.kind = T("standing"),
		.compartments = { all_compartments,
		    LENGTH(all_compartments) },
		.level = T("lead"),
	};

	assert(kind != OBJECT_NONE && !id_none(object));
	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	object_put(kind, object, &g.person_id, &g.matter_id);
	return insert_grant(op, &g);
}

/* ---- giving ----------------------------------------------------------- */

static void check_for_whom(struct op *op, const struct grant *in)
{
	const struct member *a = member_of(op->office->guard, in->user_id);
	bool leads = text_same(in->level, T("lead"));

	if (a == NULL || text_same(a->facts.state, T("left")) ||
	    text_same(a->facts.state, T("no_account"))) {
		op_problem(op, "user_id", "guard.no_such_user");
		return;
	}
	if ((a->facts.roles & ROLES_ALL) != 0)
		return;
	/* A guest has only what ends, and leads nothing. */
	if (!in->ends_at.known)
		op_problem(op, "ends_at", "guard.guest_needs_end");
	if (leads)
		op_problem(op, "level", "guard.guest_leads");
}

static result check_grant(struct op *op, struct grant *in)
{
	/* The kind follows from the end; emergencies have their own door. */
	in->kind = in->ends_at.known ? T("guest") : T("standing");
	if (text_same(in->level, T("lead")))
		in->compartments = (texts){ all_compartments,
			LENGTH(all_compartments) };
	in->given_by = op->user;
	in->starts_at = op->now;
	check_for_whom(op, in);
	if (in->ends_at.known && in->ends_at.ms <= op->now.ms)
		op_problem(op, "ends_at", "guard.end_is_past");
	entity_check(op->arena, &entity_grant, in, 1u << IN_OFFICE, "",
	    op->office->codes, &op->problems);
	return op_problems(op);
}

result guard_grant(struct op *op, const struct reach *reach,
    struct grant *in)
{
	enum object_kind kind;
	id object;

	assert(reach != NULL && (reach->levels & LEVEL_WRITE) != 0);
	TRY(directory_ready(op));
	TRY(op_begin(op, TX_WRITE));
	kind = object_get(in->person_id, in->matter_id, &object);
	if (kind == OBJECT_NONE)
		return refuse(INVALID);
	TRY(object_covered(op, reach, kind, object));
	TRY(check_grant(op, in));
	if (guard_hides(op->office->guard, in->user_id, kind, object)) {
		op_problem(op, "user_id", "guard.grant_walled");
		return refuse(CONFLICT);
	}
	return insert_grant(op, in);
}

result guard_end_grant(struct op *op, const struct reach *reach, id grant)
{
	enum object_kind kind;
	struct grant g;
	id object;

	assert(reach != NULL && (reach->levels & LEVEL_WRITE) != 0);
	TRY(op_begin(op, TX_WRITE));
	TRY(facts_get(op, guard_whole_office(op), &entity_grant, grant, &g));
	kind = object_get(g.person_id, g.matter_id, &object);
	if (kind == OBJECT_NONE)
		return fault(CORRUPT);
	TRY(object_covered(op, reach, kind, object));
	if (g.ends_at.known && g.ends_at.ms <= op->now.ms)
		return refuse(CONFLICT);
	g.ends_at = op->now;
	return facts_update(op, guard_whole_office(op), &entity_grant, &g);
}

/* ---- leaving and handing over ------------------------------------------ */

static result end_now(struct op *op, struct grant *g)
{
	if (g->ends_at.known && g->ends_at.ms <= op->now.ms)
		return OK;
	g->ends_at = op->now;
	return facts_update(op, guard_whole_office(op), &entity_grant, g);
}

result guard_pass_lead(struct op *op, id grant, user_id to)
{
	struct grant g;
	struct grant next = { .user_id = to, .kind = T("standing"),
		.compartments = { all_compartments,
		    LENGTH(all_compartments) },
		.level = T("lead") };
	enum object_kind kind;
	id object;

	TRY(op_begin(op, TX_WRITE));
	TRY(facts_get(op, guard_whole_office(op), &entity_grant, grant, &g));
	kind = object_get(g.person_id, g.matter_id, &object);
	if (kind == OBJECT_NONE)
		return fault(CORRUPT);
	TRY(end_now(op, &g));
	if (guard_leads(op->office->guard, to, kind, object, op->now))
		return OK;
	next.person_id = g.person_id;
	next.matter_id = g.matter_id;
	return insert_grant(op, &next);
}

/* Those in one of the two lists of the directory. */
static result end_listed(struct op *op, const struct sorted *from,
    user_id user)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct holding *h = sorted_at(from, i);
		struct grant g;
		id row;

		if (memcmp(h->user, user.raw.b, sizeof(h->user)) != 0 ||
		    h->ends_ms <= op->now.ms)
			continue;
		memcpy(row.b, h->row, sizeof(row.b));
		TRY(facts_get(op, guard_whole_office(op), &entity_grant, row,
		    &g));
		TRY(end_now(op, &g));
	}
	return OK;
}

result user_grants_end(struct op *op, user_id user)
{
	const struct guard *g = op->office->guard;

	TRY(op_touch_room(op, op->touched_n + g->holdings.n +
	    g->emergencies.n + TOUCHED_MAX));
	TRY(end_listed(op, &g->holdings, user));
	return end_listed(op, &g->emergencies, user);
}

/* ---- breaking the glass ----------------------------------------------- */

result guard_break_glass(struct op *op, enum object_kind kind, id object,
    text reason)
{
	struct guard *guard = op->office->guard;
	const struct reach *reach;
	struct grant g = {
		.user_id = op->user,
		.kind = T("emergency"),
		.compartments = { all_compartments,
		    LENGTH(all_compartments) },
		.level = T("read"),
		.reason = text_trim(reason),
		.ends_at = { op->now.ms + EMERGENCY_MS, true },
	};

	assert(kind != OBJECT_NONE);
	TRY(guard_reach(op, AREA_ACCESS_BREAK_GLASS, LEVEL_WRITE, kind,
	    object, &reach));
	if (op->by_token)
		return refuse(FORBIDDEN);
	TRY(op_begin(op, TX_WRITE));
	TRY(object_covered(op, reach, kind, object));
	if (text_characters(g.reason) < EMERGENCY_REASON_MIN ||
	    text_characters(g.reason) > EMERGENCY_REASON_MAX) {
		op_problem(op, "reason", "guard.emergency_reason");
		return refuse(INVALID);
	}
	/* The fourth in a month needs another person: who may give grants
	 * gives one. */
	if (emergencies_since(guard, op->user, op->now.ms -
	    EMERGENCY_DAYS * day_ms) >= EMERGENCIES_ALONE) {
		op_problem(op, "reason", "guard.emergency_second");
		return refuse(FORBIDDEN);
	}
	object_put(kind, object, &g.person_id, &g.matter_id);
	return insert_grant(op, &g);
}

/* ---- the access page -------------------------------------------------- */

struct found { struct op *op; struct access_row *list; size_t n, room; };

static result add_row(struct found *f, const struct sorted *from, size_t at,
    bool wall)
{
	const uint8_t *key = sorted_at(from, at);
	struct op *op = f->op;
	struct access_row *more;
	id row;

	if (f->n == CHILDREN_MAX)
		return refuse(TOO_LARGE);
	if (f->n == f->room) {
		f->room = f->room == 0 ? 8 : 2 * f->room;
		more = arena_array(op->arena, f->room, sizeof(*more));
		NEED(more);
		if (f->n > 0)
			memcpy(more, f->list, f->n * sizeof(*more));
		f->list = more;
	}
	memcpy(row.b, key + OBJECT_KEY, 16);
	if (wall) {
		struct wall *w = entity_new(op->arena, &entity_wall);

		NEED(w);
		TRY(facts_get(op, guard_whole_office(op), &entity_wall, row,
		    w));
		f->list[f->n++] = (struct access_row){ .wall = w };
		return OK;
	}
	struct grant *g = entity_new(op->arena, &entity_grant);

	NEED(g);
	TRY(facts_get(op, guard_whole_office(op), &entity_grant, row, g));
	f->list[f->n++] = (struct access_row){ .grant = g };
	return OK;
}

static result find_rows(struct found *f, const struct sorted *from,
    const struct reach *reach, bool wall)
{
	uint8_t object[1 + 16];

	object[0] = (uint8_t)reach->kind;
	memcpy(object + 1, reach->object.b, 16);
	for (size_t i = 0; i < from->n; i++) {
		const uint8_t *key = sorted_at(from, i);

		if (memcmp(key + 16, object, sizeof(object)) == 0)
			TRY(add_row(f, from, i, wall));
	}
	return OK;
}

result guard_access(struct op *op, const struct reach *reach,
    struct access_row **ret, size_t *ret_n)
{
	const struct guard *g = op->office->guard;
	CLEANUP(reading_end) struct reading r = { 0 };
	struct found f = { .op = op };

	if (reach->kind == OBJECT_NONE)
		return refuse(NOT_FOUND);
	TRY(directory_ready(op));
	TRY(reading_begin(op, &r));
	TRY(find_rows(&f, &g->walls, reach, true));
	TRY(find_rows(&f, &g->emergencies, reach, false));
	TRY(find_rows(&f, &g->holdings, reach, false));
	*ret = f.list;
	*ret_n = f.n;
	return OK;
}
