/* Whether the machine's clock may be believed. */
#include "lifecycle.h"

#include "audit.h"

enum { BEHIND_MS = 60000, MOVED_MS = 5 * 60000, LEAVES = 256 };

static result
take_later(void *self, const struct leaf *leaf, text touched)
{
	struct office *o = self;

	(void)touched;
	if (!o->clock.latest.known || leaf->at.ms > o->clock.latest.ms) {
		o->clock.latest = leaf->at;
		o->clock.latest_seq = leaf->seq;
	}
	return OK;
}

/*
 * Not the last leaf alone: whoever asks has just signed in, by this very
 * clock.  And not all, or a clock that was once ahead would be told for as
 * long as it was.  Nearly always only what came since is read.
 */
result
office_clock_look(struct op *op)
{
	struct office *o = op->office;
	uint64_t n = audit_head(o->audit).n;
	uint64_t first = n > LEAVES ? n - LEAVES : 0;

	if (n == o->clock.seen)
		return OK;
	if (n < o->clock.seen || o->clock.seen < first ||
	    o->clock.latest_seq < first) {
		o->clock.latest = (instant){ 0 };
		o->clock.seen = first;
	}
	TRY(audit_each(op, o->clock.seen, take_later, o));
	o->clock.seen = n;
	return OK;
}

void
office_clock_vouched(struct office *office)
{
	office->clock.vouched_ms = office->clock.off_ms;
	office->clock.latest = (instant){ 0 };
	office->clock.seen = 0;
}

static bool
moved(const struct office *o)
{
	int64_t by = o->clock.off_ms - o->clock.vouched_ms;

	return by > MOVED_MS || by < -MOVED_MS;
}

enum clock_state
office_clock(const struct op *op)
{
	const struct office *o = op->office;

	if (keyring_open(o->keyring) && o->clock.latest.known &&
	    op->now.ms + BEHIND_MS < o->clock.latest.ms)
		return CLOCK_BEHIND;
	return moved(o) ? CLOCK_MOVED : CLOCK_GOOD;
}

text
office_clock_said(const struct op *op)
{
	const char *const key[] = { [CLOCK_BEHIND] = "clock.behind",
		[CLOCK_MOVED] = "clock.moved" };
	const struct words *w = op->office->words;
	enum clock_state state = office_clock(op);
	text now;

	if (state == CLOCK_GOOD)
		return T("");
	now = words_instant(w, op->lang, op->arena, op->now);
	return words_format(w, op->lang, op->arena, key[state], &now, 1);
}
