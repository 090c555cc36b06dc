/*
 * The one door of permission.  What is decided here is
 * pure: the table, the directory and the operation's clock; the store is
 * asked only whether an object exists, where a refusal would tell.
 */
#include "guard_inside.h"

#include <assert.h>

static const struct reach whole_office = {
	.kind = OBJECT_NONE,
	.office_wide = true,
	.levels = LEAD_LEVELS,
	.mask = (1u << IN_CLASSES) - 1,
};

const struct reach *guard_whole_office(struct op *op)
{
	(void)op;
	return &whole_office;
}

/* What is everybody's: it opens no class, and no object. */
static const struct reach public_reach = {
	.kind = OBJECT_NONE,
	.levels = LEVEL_META | LEVEL_READ,
};

bool guard_is_public(enum area area)
{
	return area == AREA_PUBLIC_CALC;
}

/* Nobody is asked for, and a sealed office answers: there is nothing to
 * keep from anybody. */
static bool public_may(enum level need, enum object_kind kind)
{
	return kind == OBJECT_NONE && (public_reach.levels & need) != 0;
}

struct question {
	const struct op *op;
	const struct guard *g;
	const struct area_facts *facts;
	struct area_levels levels;
	enum level need;
	enum object_kind kind;
	id object;
};

static result ask(const struct op *op, enum area area, enum level need,
    enum object_kind kind, id object, struct question *ret)
{
	const struct guard *g = op->office->guard;
	const struct member *a;

	/* What needs no area has no object. */
	assert(area != AREA_NONE || kind == OBJECT_NONE);
	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	a = member_of(g, op->user);
	if (a == NULL || !member_live(a, op->now))
		return refuse(SIGN_IN);
	*ret = (struct question){
		.op = op, .g = g, .facts = area_facts(area),
		.levels = member_levels(a, area),
		.need = need, .kind = kind, .object = object,
	};
	return OK;
}

static class_mask mask_of(const struct area_facts *f)
{
	class_mask mask = f->opens;

	if (f->compartment != IN_CLEAR)
		mask |= 1u << f->compartment;
	return mask;
}

/* Who sees that a thing is there may come to read it by an emergency. */
static bool emergency_helps(const struct question *q)
{
	return (q->need == LEVEL_META || q->need == LEVEL_READ) &&
	    ((q->levels.near | q->levels.far) & LEVEL_META) != 0 &&
	    q->facts->by_grant != IN_CLEAR && !q->op->by_token;
}

/* By what the asker is, whatever the object: else FORBIDDEN, the same for
 * every code that can be typed. */
static bool thinkable(const struct question *q)
{
	uint8_t table = q->levels.near | q->levels.far;

	if (q->kind != OBJECT_NONE)
		table |= q->levels.granted;
	if ((table & q->need) != 0)
		return true;
	return q->kind != OBJECT_NONE && emergency_helps(q) &&
	    emergency_anywhere(q->g, q->op->user, q->op->now);
}

/* No object: the role alone decides. */
static result decide_at_large(const struct question *q, struct reach *ret)
{
	ret->levels = q->levels.near | q->levels.far;
	ret->office_wide = (q->levels.far & q->need) != 0;
	return OK;
}

/* Walled, missing and out of reach are one and the same no. */
static result decide_object(const struct question *q, struct reach *ret)
{
	struct held held;
	uint8_t levels;

	if (id_none(q->object) ||
	    guard_hides(q->g, q->op->user, q->kind, q->object))
		return refuse(NOT_FOUND);
	held = holdings_of(q->g, q->op->user, q->kind, q->object,
	    q->facts->by_grant, q->op->now);
	levels = q->levels.far | (held.levels & q->levels.granted);
	if ((levels & q->need) != 0) {
		ret->levels = levels;
		return OK;
	}
	if (emergency_helps(q) && emergency_live(q->g, q->op->user, q->kind,
	    q->object, q->facts->by_grant, q->op->now)) {
		ret->levels = LEVEL_META | LEVEL_READ;
		ret->flagged = true;
		return OK;
	}
	return refuse(NOT_FOUND);
}

static result decide(const struct question *q, struct reach *ret)
{
	struct reach r = {
		.user = q->op->user, .kind = q->kind, .object = q->object,
		.mask = mask_of(q->facts), .hides = guard_hides,
		.guard = q->g,
	};

	if (!thinkable(q))
		return refuse(FORBIDDEN);
	TRY(q->kind == OBJECT_NONE ? decide_at_large(q, &r) :
	    decide_object(q, &r));
	*ret = r;
	return OK;
}

bool step_up_old(const struct op *op)
{
	/* A step-up in the future is a clock that went back. */
	return !op->stepped_up.known || op->stepped_up.ms > op->now.ms ||
	    op->now.ms - op->stepped_up.ms >= STEP_UP_MS;
}

bool guard_needs_step_up(const struct op *op, enum area area)
{
	return area_facts(area)->step_up != STEP_UP_NEVER && step_up_old(op);
}

/* A star reaches what does not exist; a refusal must not tell it from what
 * is walled off. */
static result exists(struct op *op, enum object_kind kind, id object)
{
	static const struct reach closed = { .office_wide = true };
	const struct entity *e = kind == OBJECT_PERSON ? &entity_person :
	    &entity_matter;
	void *row = entity_new(op->arena, e);
	CLEANUP(reading_end) struct reading r = { 0 };

	NEED(row);
	if (kind == OBJECT_NONE)
		return OK;
	TRY(reading_begin(op, &r));
	return facts_get(op, &closed, e, object, row);
}

static result count(struct op *op, enum object_kind kind, id object)
{
	struct guard *g = op->office->guard;
	struct member *a = member_of(g, op->user);

	if (kind == OBJECT_NONE)
		return OK;
	return opened_count(&a->opened, object, op->now.ms,
	    member_bulk_limit(g, a));
}

result guard_reach(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object, const struct reach **ret)
{
	struct question q;
	struct reach *reach;
	result got;

	if (guard_is_public(area)) {
		if (!public_may(need, kind))
			return refuse(FORBIDDEN);
		*ret = &public_reach;
		return OK;
	}
	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	TRY(directory_ready(op));
	TRY(ask(op, area, need, kind, object, &q));
	reach = arena_take(op->arena, sizeof(*reach));
	NEED(reach);
	TRY(decide(&q, reach));
	if (q.facts->step_up == STEP_UP_ALWAYS && step_up_old(op)) {
		TRY(exists(op, kind, object));
		return refuse(STEP_UP);
	}
	got = count(op, kind, object);
	if (got.code == E_TOO_MANY) {
		TRY(exists(op, kind, object));
		op->retry_after = T("600");
	}
	TRY(got);
	*ret = reach;
	return OK;
}

bool guard_may(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object)
{
	struct question q;
	struct reach reach;

	if (guard_is_public(area))
		return public_may(need, kind);
	return is_ok(directory_ready(op)) &&
	    is_ok(ask(op, area, need, kind, object, &q)) &&
	    is_ok(decide(&q, &reach));
}

result guard_reach_also(struct op *op, const struct reach *reach,
    enum area area, enum level need, const struct reach **ret)
{
	const struct reach *other;
	struct reach *both = arena_take(op->arena, sizeof(*both));

	NEED(both);
	*both = *reach;
	if (guard_may(op, area, need, reach->kind, reach->object)) {
		TRY(guard_reach(op, area, need, reach->kind, reach->object,
		    &other));
		both->mask |= other->mask;
	}
	*ret = both;
	return OK;
}

bool guard_may_at_all(struct op *op, enum area area, enum level need,
    enum object_kind kind)
{
	struct question q;

	if (guard_is_public(area))
		return public_may(need, kind);
	return is_ok(directory_ready(op)) &&
	    is_ok(ask(op, area, need, kind, (id){ 0 }, &q)) && thinkable(&q);
}

struct area_levels guard_levels(const struct op *op, enum area area)
{
	const struct member *a = member_of(op->office->guard, op->user);

	if (a == NULL || !member_live(a, op->now))
		return (struct area_levels){ 0 };
	return member_levels(a, area);
}

void guard_set_bulk_limit(struct guard *g, enum role role, uint32_t limit)
{
	g->bulk_limit[role] = limit;
}

/* Only what this very transaction inserted, so nothing is reached by it
 * that was there before. */
static bool made_now(const struct op *op, enum object_kind kind, id object)
{
	const struct entity *e = kind == OBJECT_PERSON ? &entity_person :
	    &entity_matter;

	for (size_t i = 0; i < op->touched_n; i++) {
		const struct touched *t = &op->touched[i];

		if (t->entity == e && t->v == 1 && id_same(t->row, object))
			return true;
	}
	return false;
}

result guard_reach_made(struct op *op, enum object_kind kind, id object,
    const struct reach **ret)
{
	struct reach *reach = arena_take(op->arena, sizeof(*reach));

	NEED(reach);
	if (kind == OBJECT_NONE || !made_now(op, kind, object))
		return fault(BUG);
	*reach = (struct reach){
		.user = op->user, .kind = kind, .object = object,
		.levels = LEAD_LEVELS,
		.mask = 1u << IN_IDENTITY | 1u << IN_CASE,
		.hides = guard_hides, .guard = op->office->guard,
	};
	*ret = reach;
	return OK;
}
