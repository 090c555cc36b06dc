/*
 * A rotation goes on between requests, slice by slice: first everything that
 * names an older epoch is sealed anew, then the epochs that nothing names
 * are retired, and deleted when no backup needs them (ADR 15).
 *
 * How far it is lies in memory alone.  That it is over is a setting, the
 * state of the keys as it was; a start that finds another one begins again,
 * whether it was killed or restored from an older backup.
 */
#include "ops_inside.h"

#include "lifecycle.h"

#include <string.h>

enum { HOUR_MS = 60 * 60 * 1000, SESSION_S = 24 * 60 * 60,
	INVITATION_S = 72 * 60 * 60, DAY_S = 24 * 60 * 60, PEPPER_S = PEPPER_DAYS * DAY_S,
	SETTLED_MAX = 200, STATE_BYTES = 16 };
static const char clean_setting[] = "keys_clean";

enum part { PART_FACTS, PART_GUARD, PART_SETTINGS, PARTS };

/* One office, one pass. */
static struct pass {
	bool begun;
	uint8_t state[STATE_BYTES];
	enum part part;
	struct reseal at;		/* of this part */
	size_t steps;			/* behind it */
	int64_t sealed, damaged;	/* of the parts behind it */
	const char *table;		/* of the first damaged, and its row */
	id row;
	int64_t settled_ms;
} pass;

/* ---- the state of the keys -------------------------------------------- */

/* Every key that was ever rotated, and to which epoch; in any order. */
static void
ring_state(const struct keyring *k, uint8_t ret[STATE_BYTES])
{
	struct held_key held;
	uint32_t at = 0;

	memset(ret, 0, STATE_BYTES);
	while (keyring_next_rotated(k, &at, &held)) {
		uint8_t about[1 + 16 + 4];
		uint8_t hash[STATE_BYTES];

		about[0] = (uint8_t)held.kind;
		memcpy(about + 1, held.id.b, 16);
		put_u32(about + 17, held.epoch);
		blake2b(hash, sizeof(hash), NULL, 0,
		    (text){ (const char *)about, sizeof(about) }, T(""));
		for (int i = 0; i < STATE_BYTES; i++)
			ret[i] ^= hash[i];
	}
}

static text
state_text(struct op *op, const uint8_t state[STATE_BYTES])
{
	id as_id;

	memcpy(as_id.b, state, sizeof(as_id.b));
	return id_none(as_id) ? T("") : id_hex(op->arena, as_id);
}

static bool
state_clean(struct op *op)
{
	uint8_t state[STATE_BYTES];

	ring_state(op->office->keyring, state);
	return text_same(state_text(op, state),
	    office_setting(op->office, clean_setting));
}

void
office_rotation_begin(struct op *op)
{
	pass = (struct pass){ .begun = false };
	op->office->resealing = !state_clean(op);
}

void
office_rotation_forget(struct office *office)
{
	pass = (struct pass){ .begun = false };
	office->resealing = false;
}

struct rotation_facts
office_rotation(const struct office *o)
{
	size_t all = facts_reseal_steps() + guard_reseal_steps() + 1;
	size_t done = pass.steps + pass.at.step;

	return (struct rotation_facts){
		.running = o->resealing,
		.percent = (int)(100 * (done < all ? done : all) / all),
		.sealed = pass.sealed + pass.at.sealed,
		.damaged = pass.damaged + pass.at.damaged,
		.table = pass.damaged > 0 ? pass.table : pass.at.first.table,
		.row = pass.damaged > 0 ? pass.row : pass.at.first.row,
	};
}

int64_t
office_pepper_days(const struct office *o, instant now)
{
	const id pepper = purpose_id(PURPOSE_PEPPER);
	struct held_key newest;
	struct held_key older;

	if (!keyring_held(o->keyring, PURPOSE_PEPPER, pepper, UINT32_MAX,
	    &newest) || !keyring_held(o->keyring, PURPOSE_PEPPER, pepper,
	    newest.epoch, &older) || older.retired != 0)
		return 0;
	return (now.ms / 1000 - (int64_t)newest.created) / DAY_S;
}

/* ---- the end of an epoch ---------------------------------------------- */

enum fate { FATE_STAYS, FATE_RETIRES, FATE_GOES, FATE_PEPPER };

static bool
oldest_of(const struct keyring *k, const struct held_key *h)
{
	struct held_key older;

	return !keyring_held(k, h->kind, h->id, h->epoch, &older);
}

static result
fate_of_pepper(struct op *op, int64_t age_s, enum fate *ret)
{
	size_t left;

	TRY(guard_older_peppers(op, &left));
	if (left > 0 && age_s >= PEPPER_S)
		*ret = FATE_PEPPER;
	else if (left == 0 && age_s >= INVITATION_S)
		*ret = FATE_RETIRES;
	return OK;
}

/* `h` is an older epoch, and nothing that a pass finds names it. */
static result
fate_of(struct op *op, const struct held_key *h, const struct held_key *newest,
    enum fate *ret)
{
	const struct keyring *k = op->office->keyring;
	int64_t age_s = op->now.ms / 1000 - (int64_t)newest->created;
	bool purpose = id_same(h->id, purpose_id(h->kind));

	*ret = FATE_STAYS;
	if (h->retired != 0) {
		if (!office_part_before(op, (int64_t)h->retired))
			*ret = FATE_GOES;
		return OK;
	}
	if (purpose && h->kind == PURPOSE_PEPPER)
		return fate_of_pepper(op, age_s, ret);
	if (purpose && h->kind == PURPOSE_SESSION && age_s < SESSION_S)
		return OK;
	/* Pseudonyms stand in the tree, which is never written anew. */
	if (purpose && h->kind == PURPOSE_AUDIT && oldest_of(k, h))
		return OK;
	*ret = FATE_RETIRES;
	/* What these wrap or seal is in no data part. */
	if (purpose && (h->kind == PURPOSE_PERSON ||
	    h->kind == PURPOSE_CASE || h->kind == PURPOSE_DRAFT))
		*ret = FATE_GOES;
	return OK;
}

struct settling {
	struct held_key gone[SETTLED_MAX];
	size_t gone_n;
	size_t done;
	bool more;
};

static result
settle_one(struct op *op, struct settling *s, const struct held_key *h,
    const struct held_key *newest)
{
	enum fate fate;

	TRY(fate_of(op, h, newest, &fate));
	if (fate != FATE_STAYS)
		s->done++;
	switch (fate) {
	case FATE_STAYS:
		return OK;
	case FATE_RETIRES:
		/* In the next round it goes, if no backup needs it. */
		s->more = true;
		return facts_retire_key(op, h, true);
	case FATE_GOES:
		s->gone[s->gone_n++] = *h;
		return facts_delete_key(op, h);
	case FATE_PEPPER:
		s->more = true;
		return guard_drop_older_peppers(op, &s->more);
	}
	return fault(BUG);
}

static result
settle_all(struct op *op, struct settling *s)
{
	const struct keyring *k = op->office->keyring;
	struct held_key newest;
	uint32_t at = 0;

	while (keyring_next_rotated(k, &at, &newest)) {
		struct held_key h = newest;

		while (keyring_held(k, newest.kind, newest.id, h.epoch, &h)) {
			if (s->done == SETTLED_MAX) {
				s->more = true;
				return OK;
			}
			TRY(settle_one(op, s, &h, &newest));
		}
	}
	return OK;
}

static result
commit(struct op *op, enum event event)
{
	const struct leaf_facts leaf = { .event = event };

	TRY(facts_commit(op, &leaf));
	if (op->touched_n > 0)
		ops_tell(op);
	op_forget_effects(op);
	return OK;
}

/*
 * Retired, deleted; true in `ret_more`: there is more to be done.  While this
 * writes nobody else does, and whoever did had taken up every epoch before: so
 * nothing names an older one, if a pass has ended since the last was made.
 */
static result
settle(struct op *op, bool *ret_more)
{
	struct settling s = { .gone_n = 0 };

	*ret_more = false;
	TRY(op_begin(op, TX_WRITE));
	if (!state_clean(op))
		return OK;
	/* Another office may have retired or deleted some. */
	TRY(facts_look_at_epochs(op));
	TRY(settle_all(op, &s));
	*ret_more = s.more;
	if (s.done == 0)
		return OK;
	TRY(commit(op, s.gone_n > 0 ? EVENT_KEY_DELETED :
	    EVENT_RECORDS_RESEALED));
	for (size_t i = 0; i < s.gone_n; i++)
		keyring_drop_one(op->office->keyring, s.gone[i].kind,
		    s.gone[i].id, s.gone[i].epoch);
	return OK;
}

/* ---- the pass --------------------------------------------------------- */

static result
end_slice(struct op *op, const struct reseal *at)
{
	if (op->touched_n > 0)
		return commit(op, EVENT_RECORDS_RESEALED);
	if (at->changed) {
		TRY(tx_commit(&op->tx));
		return OK;
	}
	op_abort(op);
	return OK;
}

static void
next_part(const struct reseal *at)
{
	pass.part++;
	pass.steps += at->step;
	pass.sealed += at->sealed;
	if (pass.damaged == 0) {
		pass.table = at->first.table;
		pass.row = at->first.row;
	}
	pass.damaged += at->damaged;
	pass.at = (struct reseal){ .step = 0 };
}

static result
slice(struct op *op)
{
	struct reseal at = pass.at;
	bool end = false;

	if (pass.part == PART_FACTS)
		TRY(facts_reseal(op, &at, &end));
	else if (pass.part == PART_GUARD)
		TRY(guard_reseal(op, &at, &end));
	else {
		TRY(office_reseal_settings(op, &at));
		end = true;
	}
	TRY(end_slice(op, &at));
	pass.at = at;
	if (end)
		next_part(&at);
	return OK;
}

/* Is the pass that was begun here of the keys as they are? */
static bool
pass_of_now(const struct op *op)
{
	uint8_t state[STATE_BYTES];

	ring_state(op->office->keyring, state);
	return pass.begun && memcmp(state, pass.state, sizeof(state)) == 0;
}

/* With a damaged record its key stays, and the next start looks again. */
static result
finish(struct op *op)
{
	bool more = pass.damaged == 0;

	TRY(op_begin(op, TX_WRITE));
	/* An epoch that another office made just now: another pass. */
	if (!pass_of_now(op))
		return OK;
	if (pass.damaged == 0) {
		TRY(office_set(op, clean_setting, state_text(op,
		    pass.state)));
		TRY(commit(op, EVENT_RECORDS_RESEALED));
		office_set_kept(op->office);
	}
	while (more) {
		TRY(settle(op, &more));
		op_abort(op);
	}
	pass.settled_ms = op->now.ms;
	op->office->resealing = false;
	return OK;
}

static result
begin(struct op *op)
{
	uint8_t state[STATE_BYTES];

	if (pass_of_now(op))
		return OK;
	ring_state(op->office->keyring, state);
	pass = (struct pass){ .begun = true, .settled_ms = pass.settled_ms };
	memcpy(pass.state, state, sizeof(state));
	return OK;
}

/*
 * An epoch of another office is that one's to pass over; it may be gone, so
 * whoever finds it unfinished at two looks, an hour apart, does it.
 */
static result
look(struct op *op)
{
	bool more = false;

	TRY(op_begin(op, TX_READ));
	if (!state_clean(op)) {
		op->office->resealing = pass.settled_ms != 0 &&
		    !pass_of_now(op);
	} else {
		op_abort(op);
		TRY(settle(op, &more));
	}
	pass.settled_ms = more ? 0 : op->now.ms;
	return OK;
}

static result
step(struct op *op)
{
	if (!op->office->resealing)
		return look(op);
	TRY(begin(op));
	return pass.part < PARTS ? slice(op) : finish(op);
}

bool
office_rotation_waits(const struct office *o, instant now)
{
	struct held_key held;
	uint32_t at = 0;

	if (!keyring_open(o->keyring))
		return false;
	return o->resealing || (now.ms - pass.settled_ms >= HOUR_MS &&
	    keyring_next_rotated(o->keyring, &at, &held));
}

result
office_rotation_step(struct op *op)
{
	result got = step(op);

	op_abort(op);
	/* Half done is found and done again; in a second, not at once. */
	return got;
}
