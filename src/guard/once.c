/*
 * Once only: the answer to a request is kept for a day under its key and
 * its asker, in the transaction of the effect; the same request again is
 * told the same and does nothing.
 */
#include "guard_inside.h"

#include <stdlib.h>
#include <string.h>

enum { TAG_DIGEST = 1, TAG_AT, TAG_STATUS, TAG_LOCATION, TAG_TYPE,
	TAG_BODY = 16, BODY_PARTS = 4, SWEEP_MAX = 200,
	ONCE_BODY_MAX = BODY_PARTS * FIELD_VALUE_MAX - 8 * KIB };

/* ---- sweeping --------------------------------------------------------- */

/* What is not remembered here is found at the next unsealing. */
static void remember(struct guard *g, id row, int64_t at_ms)
{
	if (g->due_first > 0 && g->due_first == g->due_n)
		g->due_first = g->due_n = 0;
	if (g->due_n == g->due_room) {
		size_t room = g->due_room == 0 ? 256 : 2 * g->due_room;
		struct due *more;

		if (room > ONCE_MAX)
			return;
		more = reallocarray(g->due, room, sizeof(*more));
		if (more == NULL)
			return;
		g->due = more;
		g->due_room = room;
	}
	g->due[g->due_n++] = (struct due){ row, at_ms };
}

static bool due_now(const struct guard *g, instant now)
{
	return g->due_first < g->due_n &&
	    now.ms - g->due[g->due_first].at_ms > ONCE_MS;
}

bool once_waiting(const struct guard *g, instant now)
{
	return due_now(g, now);
}

result once_sweep(struct op *op)
{
	struct guard *g = op->office->guard;

	for (int i = 0; i < SWEEP_MAX && due_now(g, op->now); i++) {
		TRY(system_remove(op, &table_once,
		    g->due[g->due_first].row));
		g->due_first++;
	}
	return OK;
}

static result load_one(void *self, const struct system_row *row)
{
	struct fields f;

	TRY(fields_read(row->plain, &f));
	remember(self, row->id, (int64_t)field_u64(&f, TAG_AT));
	return OK;
}

static int by_time(const void *a, const void *b)
{
	const struct due *x = a;
	const struct due *y = b;

	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

result once_load(struct op *op)
{
	struct guard *g = op->office->guard;

	g->due_first = g->due_n = 0;
	TRY(system_each(op, &table_once, load_one, g));
	if (g->due_n > 1)
		qsort(g->due, g->due_n, sizeof(*g->due), by_time);
	return OK;
}

/* ---- find and keep ---------------------------------------------------- */

static result once_row(struct op *op, uint32_t epoch, text key, id *ret)
{
	static const char label[] = "alas/once/1";
	CLEANUP(buf_free) struct buf whose = buf_new(
	    sizeof(label) + 16 + ONCE_KEY_MAX);
	struct owner owner;

	if (key.n == 0 || key.n > ONCE_KEY_MAX)
		return refuse(BAD_REQUEST);
	TRY(keyring_owner_at(op->office->keyring, PURPOSE_SESSION,
	    purpose_id(PURPOSE_SESSION), epoch, &owner));
	buf_add(&whose, label, sizeof(label));
	buf_add(&whose, op->user.raw.b, 16);
	TRY(buf_end(&whose));
	blake2b(ret->b, sizeof(ret->b), owner.key->b, sizeof(owner.key->b),
	    buf_view(&whose), key);
	return OK;
}

static result join_body(struct op *op, const struct fields *f, text *ret)
{
	CLEANUP(buf_free) struct buf b = buf_new(RECORD_PLAIN_MAX);

	for (int i = 0; i < BODY_PARTS; i++)
		buf_text(&b, f->at[TAG_BODY + i]);
	TRY(buf_end(&b));
	*ret = arena_text(op->arena, buf_view(&b));
	NEED(ret->p);
	return OK;
}

/* Under whatever epoch it was kept: a rotation makes nothing act twice. */
static result find_row(struct op *op, text key, struct system_row *ret)
{
	struct held_key held = { .epoch = UINT32_MAX };
	id at;

	while (keyring_held(op->office->keyring, PURPOSE_SESSION,
	    purpose_id(PURPOSE_SESSION), held.epoch, &held)) {
		TRY(once_row(op, held.epoch, key, &at));
		TRY(system_get(op, &table_once, at, ret));
		if (ret->v > 0)
			return OK;
	}
	return held.epoch == UINT32_MAX ? refuse(SEALED) : OK;
}

result guard_once_find(struct op *op, text key, const uint8_t digest[32],
    struct once_answer *ret)
{
	struct once_answer a = { .known = true };
	uint8_t kept[32];
	struct system_row row;
	struct fields f;

	TRY(find_row(op, key, &row));
	if (row.v > 0)
		TRY(fields_read(row.plain, &f));
	if (row.v == 0 ||
	    op->now.ms - (int64_t)field_u64(&f, TAG_AT) > ONCE_MS) {
		*ret = (struct once_answer){ 0 };
		return OK;
	}
	field_bytes(&f, TAG_DIGEST, kept, sizeof(kept));
	if (!same_secret(kept, digest, sizeof(kept)))
		return refuse(KEY_REUSED);
	a.status = (int)field_u32(&f, TAG_STATUS);
	a.location = f.at[TAG_LOCATION];
	a.type = f.at[TAG_TYPE];
	TRY(join_body(op, &f, &a.body));
	*ret = a;
	return OK;
}

void pack_parts(struct packer *p, int tag, text body)
{
	while (body.n > 0) {
		size_t n = body.n < FIELD_VALUE_MAX ? body.n :
		    FIELD_VALUE_MAX;

		pack_add(p, (uint16_t)tag++, body.p, n);
		body.p += n;
		body.n -= n;
	}
}

/* One of yesterday may still lie there.  One of today was kept since we
 * looked, by another office: it is not to be taken away. */
static result remove_old(struct op *op, id at)
{
	struct system_row row;
	struct fields f;

	TRY(system_get(op, &table_once, at, &row));
	if (row.v == 0)
		return OK;
	TRY(fields_read(row.plain, &f));
	if (op->now.ms - (int64_t)field_u64(&f, TAG_AT) <= ONCE_MS)
		return refuse(CONFLICT);
	return system_remove(op, &table_once, at);
}

result once_without_body(text kept, struct buf *ret, bool *ret_had)
{
	struct packer p = pack_begin(ret);
	struct unpacker u = unpack_begin(kept.p, kept.n);
	struct packed one;

	*ret_had = false;
	while (unpack_next(&u, &one)) {
		if (one.tag >= TAG_BODY)
			*ret_had = true;
		else
			pack_add(&p, one.tag, one.value.p, one.value.n);
	}
	TRY(unpack_end(&u));
	return pack_end(&p);
}

result guard_once_keep(struct op *op, text key, const uint8_t digest[32],
    const struct once_answer *a)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);
	struct packer p = pack_begin(&plain);
	uint64_t v = 0;
	id at;

	TRY(once_row(op, keyring_epoch(op->office->keyring,
	    PURPOSE_SESSION), key, &at));
	pack_add(&p, TAG_DIGEST, digest, 32);
	pack_u64(&p, TAG_AT, (uint64_t)op->now.ms);
	pack_u32(&p, TAG_STATUS, (uint32_t)a->status);
	pack_text(&p, TAG_LOCATION, a->location);
	pack_text(&p, TAG_TYPE, a->type);
	/* An answer too long to keep is told again without its body: the
	 * effect still happens once, and says where it is. */
	if (a->body.n <= ONCE_BODY_MAX)
		pack_parts(&p, TAG_BODY, a->body);
	TRY(pack_end(&p));
	TRY(remove_old(op, at));
	TRY(system_put(op, &table_once, at, &v, &plain));
	remember(op->office->guard, at, op->now.ms);
	return OK;
}
