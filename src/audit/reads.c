#include "audit_inside.h"

#include <string.h>

/*
 * The last resort of a full queue.  The dispatcher writes the group at half
 * and admits nobody while it cannot, and one operation looks at far less than
 * the other half; one that does not is refused as a whole, so that nothing
 * is shown whose leaf was not taken.
 */
static bool
wait_for_leaf(struct op *op, const struct waiting *w)
{
	struct audit *a = op->office->audit;

	if (a->waiting_n == READS_MAX) {
		op->unnoted = true;
		return false;
	}
	a->waiting[a->waiting_n++] = *w;
	return true;
}

/* Was this read told less than ten minutes ago?  A small table of the
 * latest; a collision only costs one more leaf. */
static bool
seen_lately(const struct seen *s, id user, id object, instant now)
{
	return id_same(s->user, user) && id_same(s->object, object) &&
	    now.ms - s->at_ms < READ_AGAIN_MS && now.ms >= s->at_ms;
}

bool
audit_pressed(const struct audit *a)
{
	return a->waiting_n > READS_MAX / 2;
}

void
audit_read(struct op *op, const char *kind, id object)
{
	const struct waiting w = { .event = EVENT_READ,
		.user = op->user.raw, .session = op->session,
		.object = object, .kind = kind, .count = 1, .at = op->now };
	struct seen *seen = &op->office->audit->seen[(get_u32(object.b) ^
	    get_u32(op->user.raw.b)) % SEEN_SLOTS];

	if (!seen_lately(seen, w.user, object, op->now) &&
	    wait_for_leaf(op, &w))
		*seen = (struct seen){ w.user, object, op->now.ms };
}

void
audit_listed(struct op *op, const char *kind, int64_t count)
{
	const struct waiting w = { .event = EVENT_LISTED,
		.user = op->user.raw, .session = op->session, .kind = kind,
		.count = count, .at = op->now };

	wait_for_leaf(op, &w);
}

void
audit_refused(struct op *op, enum event event, const char *kind, id object)
{
	const struct waiting w = { .event = event,
		.outcome = OUTCOME_REFUSED, .user = op->user.raw,
		.session = op->session, .object = object, .kind = kind,
		.at = op->now };

	wait_for_leaf(op, &w);
}

bool
audit_waiting(const struct audit *a)
{
	return a->waiting_n > 0 || a->head_written != a->tree.n;
}

/* How many and of what kind, sealed under the audit key. */
static result
pack_count(const struct waiting *w, struct buf *out)
{
	struct packer p = pack_begin(out);
	uint8_t n[8];

	put_u64(n, (uint64_t)w->count);
	pack_add(&p, 5, n, sizeof(n));
	pack_add(&p, 6, w->kind, strlen(w->kind));
	return pack_end(&p);
}

static result
write_one(struct op *op, const struct waiting *w)
{
	CLEANUP(buf_free) struct buf detail = buf_new(KIB);
	const struct leaf_who who = { .user = w->user,
		.session = w->session, .at = w->at };
	struct owner owner;
	struct leaf_facts f = { .event = w->event, .outcome = w->outcome,
		.object_kind = w->kind, .object = w->object };
	uint64_t seq;

	if (w->event == EVENT_LISTED) {
		TRY(pack_count(w, &detail));
		TRY(audit_owner(op, &owner));
		f.detail = buf_view(&detail);
		f.detail_owner = &owner;
		f.detail_class = CLASS_AUDIT;
		f.object_kind = NULL;
	}
	return audit_leaf(op, &who, &f, &seq);
}

/* In the middle of a group a leaf's hash joins the tree only after the
 * commit, so the hashes wait here. */
result
audit_flush(struct op *op)
{
	struct audit *a = op->office->audit;
	size_t n = a->waiting_n;
	uint8_t (*hash)[32] = arena_array(op->arena, n + 1, 32);
	uint64_t *seq = arena_array(op->arena, n + 1, sizeof(*seq));
	result got;

	NEED(hash);
	NEED(seq);
	if (n > 0 && keyring_open(op->office->keyring)) {
		TRY(op_begin(op, TX_WRITE));
		got = OK;
		for (size_t i = 0; is_ok(got) && i < n; i++) {
			got = write_one(op, &a->waiting[i]);
			memcpy(hash[i], op->leaf.hash, 32);
			seq[i] = op->leaf.seq;
		}
		op->leaf.there = false;
		if (!is_ok(got)) {
			op_abort(op);
			return got;
		}
		TRY(tx_commit(&op->tx));
		for (size_t i = 0; i < n; i++) {
			if (seq[i] == a->tree.n)
				audit_grow(a, hash[i]);
		}
		memmove(a->waiting, a->waiting + n,
		    (a->waiting_n - n) * sizeof(a->waiting[0]));
		a->waiting_n -= n;
	}
	return audit_acknowledge(a);
}
