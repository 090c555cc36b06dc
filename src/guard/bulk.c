/*
 * The bulk limit: how many persons and matters somebody opened within ten
 * minutes.  A set of ids with the moment of their first opening; one that
 * is opened again within the window does not count again.
 */
#include "guard_inside.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 64 };

/* Ids are random bytes: the first four are as good as a hash. */
static struct opened_one *slot_of(const struct opened *o, id object)
{
	size_t at = get_u32(object.b) & (o->room - 1);

	while (o->slot[at].taken && !id_same(o->slot[at].object, object))
		at = (at + 1) & (o->room - 1);
	return &o->slot[at];
}

/* A clock that went back leaves times to come: they count. */
static bool fresh(const struct opened_one *one, int64_t now_ms)
{
	return one->taken && one->at_ms > now_ms - BULK_WINDOW_MS;
}

/* Keep what is fresh, with room for as much again. */
static result rebuild(struct opened *o, int64_t now_ms)
{
	struct opened kept = { .room = ROOM_FIRST };
	size_t live = 0;

	for (size_t i = 0; i < o->room; i++)
		live += fresh(&o->slot[i], now_ms) ? 1 : 0;
	while (kept.room < 4 * (live + 1))
		kept.room *= 2;
	kept.slot = calloc(kept.room, sizeof(*kept.slot));
	if (kept.slot == NULL)
		return fault(NO_MEMORY);
	for (size_t i = 0; i < o->room; i++) {
		if (!fresh(&o->slot[i], now_ms))
			continue;
		*slot_of(&kept, o->slot[i].object) = o->slot[i];
		kept.n++;
	}
	free(o->slot);
	*o = kept;
	return OK;
}

result opened_count(struct opened *o, id object, int64_t now_ms,
    uint32_t limit)
{
	struct opened_one *one;

	if (o->room > 0 && fresh(slot_of(o, object), now_ms))
		return OK;
	if (o->n >= limit || 2 * (o->n + 1) > o->room)
		TRY(rebuild(o, now_ms));
	if (o->n >= limit)
		return refuse(TOO_MANY);
	one = slot_of(o, object);
	if (!one->taken)
		o->n++;
	*one = (struct opened_one){ object, now_ms, true };
	return OK;
}

void opened_free(struct opened *o)
{
	free(o->slot);
	*o = (struct opened){ 0 };
}

/* ---- files of a day --------------------------------------------------- */

struct brought { day today; uint8_t actor[16]; uint32_t n; };

static result add_brought(void *self, const struct leaf *leaf, text touched)
{
	struct brought *b = self;

	if (leaf->event != EVENT_DOCUMENT_ADDED ||
	    leaf->outcome != OUTCOME_DONE ||
	    memcmp(leaf->actor, b->actor, sizeof(b->actor)) != 0 ||
	    !day_same(instant_day(leaf->at), b->today))
		return OK;
	for (; touched.n >= TOUCHED_BYTES; touched.p += TOUCHED_BYTES,
	    touched.n -= TOUCHED_BYTES)
		b->n += get_u16(touched.p) == entity_document.number;
	return OK;
}

/* A leaf from before today, at most twice as far back as it must be. */
static result day_began(struct op *op, uint64_t *ret)
{
	enum { FIRST_STEP = 256 };
	uint64_t at = audit_head(op->office->audit).n;

	for (uint64_t step = FIRST_STEP; at > 0; step *= 2) {
		struct leaf leaf;
		result got;

		at = at > step ? at - step : 0;
		got = audit_get(op, at, &leaf);
		if (got.code == E_SEALED_RECORD || got.code == E_NOT_FOUND)
			continue;
		TRY(got);
		if (instant_day(leaf.at).n < op->today.n)
			break;
	}
	*ret = at;
	return OK;
}

static result count_brought(struct op *op, uint32_t *ret)
{
	struct brought b = { .today = op->today };
	uint64_t from;

	TRY(audit_pseudonym(op->office->keyring, "user", op->user.raw,
	    b.actor));
	TRY(day_began(op, &from));
	TRY(audit_each(op, from, add_brought, &b));
	*ret = b.n < UPLOADS_PER_DAY ? b.n : UPLOADS_PER_DAY;
	return OK;
}

result guard_count_uploads(struct op *op, uint32_t n)
{
	struct member *a = member_of(op->office->guard, op->user);

	if (a == NULL)
		return refuse(FORBIDDEN);
	if (!a->uploads.known || a->uploads.day != op->today.n) {
		TRY(count_brought(op, &a->uploads.n));
		a->uploads.day = op->today.n;
		a->uploads.known = true;
	}
	if (n > UPLOADS_PER_DAY - a->uploads.n)
		return refuse(TOO_MANY);
	a->uploads.n += n;
	return OK;
}

bool guard_is_guest(const struct op *op)
{
	const struct member *a = member_of(op->office->guard, op->user);

	return a == NULL || (a->facts.roles & ROLES_ALL) == 0;
}
