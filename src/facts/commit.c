#include "facts_inside.h"

#include "pack.h"

#include <string.h>

enum { TAG_REASON = 1, TAG_FIELDS, TAG_OLD, TAG_NEW, VALUE_TOLD_MAX = 400 };

static void
add_listed(struct buf *b, text t)
{
	size_t n = t.n < VALUE_TOLD_MAX ? t.n : VALUE_TOLD_MAX;

	/* Cut only between characters. */
	while (n < t.n && n > 0 && ((unsigned char)t.p[n] & 0xc0) == 0x80)
		n--;
	buf_u16(b, (uint16_t)n);
	buf_add(b, t.p, n);
}

/*
 * The class whose values the detail may show: the lowest that changed, for
 * whoever may read a history of identity must not read health by it.
 */
static enum in_class
told_class(const struct op *op, const struct leaf_facts *f)
{
	enum in_class lowest = f->reason.n > 0 ?
	    (enum in_class)f->detail_class : IN_OFFICE;

	for (size_t i = 0; i < op->changes_n; i++) {
		if (op->changes[i].field->class < lowest)
			lowest = op->changes[i].field->class;
	}
	return lowest;
}

static result
pack_told(struct op *op, text reason, enum in_class class, struct buf *out)
{
	CLEANUP(buf_free) struct buf fields = buf_new(FIELD_VALUE_MAX);
	CLEANUP(buf_free) struct buf old = buf_new(FIELD_VALUE_MAX);
	CLEANUP(buf_free) struct buf new = buf_new(FIELD_VALUE_MAX);
	struct packer p = pack_begin(out);

	for (size_t i = 0; i < op->changes_n; i++) {
		const struct change *c = &op->changes[i];
		bool show = c->field->class == class;
		text name = arena_format(op->arena, "%s.%s", c->entity->name,
		    c->field->name);

		NEED(name.p);
		/* What no longer fits is still in the row's history. */
		if (old.n + new.n > FIELD_VALUE_MAX / 2)
			show = false;
		add_listed(&fields, name);
		add_listed(&old, show ? c->old : T(""));
		add_listed(&new, show ? c->new : T(""));
	}
	TRY(buf_end(&fields));
	TRY(buf_end(&old));
	TRY(buf_end(&new));
	if (reason.n > 0)
		pack_add(&p, TAG_REASON, reason.p, reason.n);
	pack_add(&p, TAG_FIELDS, fields.p, fields.n);
	pack_add(&p, TAG_OLD, old.p, old.n);
	pack_add(&p, TAG_NEW, new.p, new.n);
	return pack_end(&p);
}

static const struct entity *
entity_of(const char *name)
{
	for (size_t i = 0; name != NULL && i < LIVE_ENTITIES; i++) {
		if (strcmp(live_entities[i].entity->name, name) == 0)
			return live_entities[i].entity;
	}
	return NULL;
}

/* The key of whom the object is of seals what changed in it: a task of a
 * person goes with the person, and so does what was told of it. */
static result
detail_owner(struct op *op, const struct leaf_facts *f, struct owner *ret)
{
	const struct entity *e = entity_of(f->object_kind);
	struct keyring *k = op->office->keyring;
	enum object_kind kind = OBJECT_NONE;
	id home = { 0 };

	if (e != NULL && !id_none(f->object))
		TRY(facts_home_of(op, e, f->object, &kind, &home));
	if (kind == OBJECT_NONE)
		return keyring_owner(k, PURPOSE_OFFICE,
		    purpose_id(PURPOSE_OFFICE), ret);
	return keyring_owner(k, kind == OBJECT_PERSON ? PURPOSE_PERSON :
	    PURPOSE_CASE, home, ret);
}

static result
append(struct op *op, const struct leaf_facts *f)
{
	CLEANUP(buf_free) struct buf detail = buf_new(RECORD_PLAIN_MAX);
	struct leaf_facts full = *f;
	struct owner owner;
	uint64_t seq;

	if (full.detail.n == 0 && (op->changes_n > 0 || f->reason.n > 0)) {
		full.detail_class = (enum record_class)told_class(op, f);
		TRY(detail_owner(op, f, &owner));
		TRY(pack_told(op, f->reason, told_class(op, f), &detail));
		full.detail = buf_view(&detail);
		full.detail_owner = &owner;
	}
	return audit_append(op, &full, &seq);
}

result
facts_commit(struct op *op, const struct leaf_facts *f)
{
	result got;

	got = op_begin(op, TX_WRITE);
	if (is_ok(got) && op->before_commit != NULL)
		got = op->before_commit(op);
	if (is_ok(got))
		got = append(op, f);
	if (!is_ok(got)) {
		tx_abort(&op->tx);
		op_made_gone(op);
		audit_aborted(op);
		return got;
	}
	got = tx_commit(&op->tx);
	/* A key too many does no harm, a row without one cannot be read. */
	if (is_ok(got) || got.code == E_UNAVAILABLE || got.code == E_IO)
		op_made_kept(op);
	else
		op_made_gone(op);
	if (!is_ok(got)) {
		audit_aborted(op);
		return got;
	}
	audit_committed(op);
	return OK;
}

void
facts_end(struct op *op)
{
	tx_abort(&op->tx);
	op_made_gone(op);
}

static texts
listed(struct arena *a, text t)
{
	text *list = arena_array(a, CHANGES_MAX, sizeof(*list));
	size_t n = 0;

	while (list != NULL && n < CHANGES_MAX && t.n >= 2) {
		size_t length = get_u16(t.p);

		if (t.n - 2 < length)
			break;
		list[n++] = (text){ t.p + 2, length };
		t = (text){ t.p + 2 + length, t.n - 2 - length };
	}
	return (texts){ list, n };
}

result
facts_told(struct op *op, const struct leaf *leaf, class_mask mask,
    struct told *ret)
{
	struct owner owner;
	struct record_place place = { .table = "audit",
		.row = id_of_number(leaf->seq), .version = 0 };
	struct told told = { 0 };
	uint8_t class;
	struct unpacker u;
	struct packed one;
	uint32_t epoch;
	text plain;
	id key;

	if (leaf->detail.n < AE1_MIN)
		return refuse(NOT_FOUND);
	/* A byte of the database: anything may stand there. */
	class = (uint8_t)leaf->detail.p[2];
	if (class > CLASS_OFFICE || (mask & 1u << class) == 0)
		return refuse(NOT_FOUND);
	place.class = (enum record_class)class;
	TRY(record_owner(leaf->detail, &key, &epoch));
	if (!is_ok(keyring_owner_of(op->office->keyring, key, epoch, &owner)))
		return refuse(NOT_FOUND);	/* shredded */
	TRY(open_record(op->arena, &owner, &place, leaf->detail, &plain));
	u = unpack_begin(plain.p, plain.n);
	while (unpack_next(&u, &one)) {
		if (one.tag == TAG_REASON)
			told.reason = one.value;
		else if (one.tag == TAG_FIELDS)
			told.fields = listed(op->arena, one.value);
		else if (one.tag == TAG_OLD)
			told.old = listed(op->arena, one.value);
		else if (one.tag == TAG_NEW)
			told.new = listed(op->arena, one.value);
	}
	TRY(unpack_end(&u));
	*ret = told;
	return OK;
}
