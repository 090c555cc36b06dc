/*
 * Drafts: typed text that waits for its author, sealed.  Each user has
 * twenty places; a row's id is a keyed hash of user and place, so what is
 * on disk does not say whose it is.
 */
#include "guard_inside.h"

#include <string.h>

enum { TAG_FORM = 1, TAG_AT, TAG_BODY = 16, BODY_PARTS = 4,
	DRAFT_DAYS = 7, FORM_NAME_MAX = 200,
	DRAFT_BODY_MAX = BODY_PARTS * FIELD_VALUE_MAX - 2 * KIB };

struct place { id row; uint64_t v; struct draft_facts facts; };

static result draft_row(struct op *op, uint32_t epoch, user_id user,
    int slot, id *ret)
{
	static const char label[] = "alas/draft/1";
	uint8_t which[17];
	struct owner owner;

	TRY(keyring_owner_at(op->office->keyring, PURPOSE_DRAFT,
	    purpose_id(PURPOSE_DRAFT), epoch, &owner));
	memcpy(which, user.raw.b, 16);
	which[16] = (uint8_t)slot;
	blake2b(ret->b, sizeof(ret->b), owner.key->b, sizeof(owner.key->b),
	    (text){ label, sizeof(label) },
	    (text){ (const char *)which, sizeof(which) });
	return OK;
}

static result open_place(struct op *op, user_id user, int slot,
    struct place *ret)
{
	CLEANUP(buf_free) struct buf body = buf_new(RECORD_PLAIN_MAX);
	struct place p = { 0 };
	struct system_row row;
	struct fields f;

	TRY(draft_row(op, keyring_epoch(op->office->keyring, PURPOSE_DRAFT),
	    user, slot, &p.row));
	TRY(system_get(op, &table_draft, p.row, &row));
	p.v = row.v;
	if (row.v > 0) {
		TRY(fields_read(row.plain, &f));
		p.facts.id = p.row;
		p.facts.form = f.at[TAG_FORM];
		p.facts.at = (instant){ (int64_t)field_u64(&f, TAG_AT),
			true };
		for (int i = 0; i < BODY_PARTS; i++)
			buf_text(&body, f.at[TAG_BODY + i]);
		TRY(buf_end(&body));
		p.facts.body = arena_text(op->arena, buf_view(&body));
		NEED(p.facts.body.p);
	}
	*ret = p;
	return OK;
}

static result open_places(struct op *op, user_id user, struct place **ret)
{
	struct place *list = arena_array(op->arena, DRAFTS_EACH,
	    sizeof(*list));

	NEED(list);
	for (int i = 0; i < DRAFTS_EACH; i++)
		TRY(open_place(op, user, i, &list[i]));
	*ret = list;
	return OK;
}

result drafts_move(struct op *op, user_id user)
{
	uint32_t newest = keyring_epoch(op->office->keyring, PURPOSE_DRAFT);
	struct held_key held = { .epoch = newest };

	while (keyring_held(op->office->keyring, PURPOSE_DRAFT,
	    purpose_id(PURPOSE_DRAFT), held.epoch, &held)) {
		for (int i = 0; i < DRAFTS_EACH; i++) {
			struct arena_mark mark = arena_mark(op->arena);
			CLEANUP(buf_free) struct buf plain =
			    buf_new(RECORD_PLAIN_MAX);
			struct system_row row;
			uint64_t v = 0;
			id from, to;

			TRY(draft_row(op, held.epoch, user, i, &from));
			TRY(draft_row(op, newest, user, i, &to));
			TRY(system_get(op, &table_draft, from, &row));
			if (row.v == 0)
				continue;
			buf_text(&plain, row.plain);
			TRY(system_remove(op, &table_draft, from));
			TRY(system_put(op, &table_draft, to, &v, &plain));
			arena_rewind(op->arena, mark);
		}
	}
	return OK;
}

static bool place_lives(const struct place *p, instant now)
{
	return p->v > 0 && now.ms - p->facts.at.ms < DRAFT_DAYS * day_ms;
}

static struct place *place_of_form(struct place *list, text form,
    instant now)
{
	for (int i = 0; i < DRAFTS_EACH; i++) {
		if (place_lives(&list[i], now) &&
		    text_same(list[i].facts.form, form))
			return &list[i];
	}
	return NULL;
}

/* ---- keeping ---------------------------------------------------------- */

static result empty_place(struct op *op, struct place *p)
{
	if (p->v > 0)
		TRY(system_remove(op, &table_draft, p->row));
	p->v = 0;
	p->facts.body = T("");
	return OK;
}

static struct place *oldest_place(struct place *list, const struct place *not)
{
	struct place *oldest = NULL;

	for (int i = 0; i < DRAFTS_EACH; i++) {
		if (list[i].v == 0 || &list[i] == not)
			continue;
		if (oldest == NULL ||
		    list[i].facts.at.ms < oldest->facts.at.ms)
			oldest = &list[i];
	}
	return oldest;
}

/* The form's own place, else a free one, else that of the oldest. */
static struct place *choose_place(struct place *list, text form, instant now)
{
	struct place *own = place_of_form(list, form, now);

	for (int i = 0; own == NULL && i < DRAFTS_EACH; i++) {
		if (!place_lives(&list[i], now))
			own = &list[i];
	}
	return own != NULL ? own : oldest_place(list, NULL);
}

/* The oldest ones go until all together fit. */
static result make_room(struct op *op, struct place *list,
    const struct place *own, size_t bytes)
{
	for (int round = 0; round < DRAFTS_EACH; round++) {
		size_t all = bytes;
		struct place *oldest = oldest_place(list, own);

		for (int i = 0; i < DRAFTS_EACH; i++) {
			if (&list[i] != own)
				all += list[i].facts.body.n;
		}
		if (all <= DRAFT_BYTES_EACH || oldest == NULL)
			return OK;
		TRY(empty_place(op, oldest));
	}
	return OK;
}

result guard_draft_keep(struct op *op, user_id user, text form, text body,
    id *ret)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);
	CLEANUP(writing_end) struct writing w = { 0 };
	struct packer p = pack_begin(&plain);
	struct place *list = NULL;
	struct place *own;

	if (id_none(user.raw))
		return refuse(SIGN_IN);
	if (form.n == 0 || form.n > FORM_NAME_MAX)
		return refuse(BAD_REQUEST);
	if (body.n > DRAFT_BODY_MAX)
		return refuse(TOO_LARGE);
	pack_text(&p, TAG_FORM, form);
	pack_u64(&p, TAG_AT, (uint64_t)op->now.ms);
	pack_parts(&p, TAG_BODY, body);
	TRY(pack_end(&p));
	TRY(writing_begin(op, &w));
	TRY(open_places(op, user, &list));
	own = choose_place(list, form, op->now);
	TRY(make_room(op, list, own, body.n));
	TRY(system_put(op, &table_draft, own->row, &own->v, &plain));
	TRY(writing_commit(&w));
	*ret = own->row;
	return OK;
}

/* ---- taking up -------------------------------------------------------- */

result guard_draft_get(struct op *op, text form, text *ret_body)
{
	struct place *list = NULL;
	struct place *own;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(open_places(op, op->user, &list));
	own = place_of_form(list, form, op->now);
	if (own == NULL)
		return refuse(NOT_FOUND);
	*ret_body = own->facts.body;
	return OK;
}

result guard_draft_drop(struct op *op, text form)
{
	CLEANUP(writing_end) struct writing w = { 0 };
	struct place *list = NULL;
	struct place *own;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(writing_begin(op, &w));
	TRY(open_places(op, op->user, &list));
	own = place_of_form(list, form, op->now);
	if (own != NULL)
		TRY(empty_place(op, own));
	return writing_commit(&w);
}

result drafts_drop_about(struct op *op, user_id user, const text *words,
    size_t n)
{
	struct place *list = NULL;

	TRY(open_places(op, user, &list));
	for (int i = 0; i < DRAFTS_EACH; i++) {
		if (list[i].v > 0 && draft_about(op, &list[i].facts, words,
		    n))
			TRY(empty_place(op, &list[i]));
	}
	return OK;
}

result guard_drafts(struct op *op, struct draft_facts **ret, size_t *ret_n)
{
	struct draft_facts *facts = arena_array(op->arena, DRAFTS_EACH,
	    sizeof(*facts));
	struct place *list = NULL;
	size_t n = 0;

	NEED(facts);
	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(open_places(op, op->user, &list));
	for (int i = 0; i < DRAFTS_EACH; i++) {
		if (place_lives(&list[i], op->now))
			facts[n++] = list[i].facts;
	}
	*ret = facts;
	*ret_n = n;
	return OK;
}
