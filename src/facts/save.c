#include "facts_inside.h"

#include "facts_sql.h"

#include <ctype.h>
#include <string.h>

/* Names of the columns and arguments of each class. */
static const char *const class_column[] = {
	[IN_IDENTITY] = "identity", [IN_SENSITIVE] = "sensitive",
	[IN_CASE] = "case", [IN_DONOR] = "donor", [IN_OFFICE] = "office",
};
static const char *const class_v_column[] = {
	[IN_IDENTITY] = "identity_v", [IN_SENSITIVE] = "sensitive_v",
	[IN_CASE] = "case_v", [IN_DONOR] = "donor_v",
	[IN_OFFICE] = "office_v",
};

/* The key of a row: its matter's, else its person's, else the office's. */
result
owner_of(struct op *op, const struct entity *e, const void *row,
    struct owner *ret)
{
	enum object_kind kind = OBJECT_NONE;
	id object = { 0 };

	TRY(facts_home(op, e, row, &kind, &object));
	switch (kind) {
	case OBJECT_PERSON:
		return keyring_owner(op->office->keyring, PURPOSE_PERSON,
		    object, ret);
	case OBJECT_MATTER:
		return keyring_owner(op->office->keyring, PURPOSE_CASE,
		    object, ret);
	case OBJECT_NONE:
		return keyring_owner(op->office->keyring, PURPOSE_OFFICE,
		    purpose_id(PURPOSE_OFFICE), ret);
	}
	return fault(BUG);
}

static bool
class_empty(const struct entity *e, enum in_class c, const void *row)
{
	for (size_t i = 0; i < e->n; i++) {
		if (e->fields[i].class == c && !field_empty(&e->fields[i],
		    row))
			return false;
	}
	return true;
}

result
seal_class(struct op *op, const struct entity *e, enum in_class c,
    const struct owner *owner, const void *row, uint64_t v, text *ret)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);
	CLEANUP(buf_free) struct buf out = buf_new(2 * RECORD_PLAIN_MAX);
	struct record_place place = { .class = (enum record_class)c,
		.table = e->name, .row = ((const struct row *)row)->id,
		.version = v };
	const struct derived *derived;
	text record;

	TRY(entity_pack(e, row, c, &plain));
	TRY(keyring_derived(op->office->keyring, owner, place.class,
	    &derived));
	TRY(seal_derived(op->office->chance, owner, derived, &place,
	    buf_view(&plain), &out));
	record = arena_text(op->arena, buf_view(&out));
	NEED(record.p);
	*ret = record;
	return OK;
}

/* Blind index of a document number; the type is its code in capitals. */
result
raw_index(struct op *op, const struct person_identifier *p, struct raw *raw)
{
	char type[32];
	uint8_t bix[16];

	raw->bix_there = false;
	if (p->value.n == 0 || p->kind.n >= sizeof(type))
		return OK;
	for (size_t i = 0; i < p->kind.n; i++)
		type[i] = (char)toupper((unsigned char)p->kind.p[i]);
	TRY(blind_index(op->office->keyring, p->country,
	    (text){ type, p->kind.n }, p->value, bix));
	raw->bix = arena_text(op->arena, (text){ (char *)bix, 16 });
	NEED(raw->bix.p);
	raw->bix_there = true;
	return OK;
}

static struct arg
id_or_null(const char *name, const id *i)
{
	if (id_none(*i))
		return arg_null(name);
	return arg_id(name, *i);
}

/* Arguments by the names of `columns` in tools/entities.py. */
static size_t
fill_args(const struct entity *e, const struct raw *raw, struct arg *args)
{
	size_t n = 0;

	args[n++] = arg_id("id", raw->id);
	for (size_t i = 0; i < e->parents_n; i++)
		args[n++] = id_or_null(e->fields[e->parents[i]].name,
		    &raw->parents[i]);
	if (facts_has_bix(e))
		args[n++] = raw->bix_there ? arg_blob("bix", raw->bix) :
		    arg_null("bix");
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if ((e->classes & 1u << c) == 0)
			continue;
		args[n++] = raw->class_v[c] == 0 ?
		    arg_null(class_v_column[c]) :
		    arg_number(class_v_column[c], (int64_t)raw->class_v[c]);
		args[n++] = raw->record[c].n == 0 ?
		    arg_null(class_column[c]) :
		    arg_blob(class_column[c], raw->record[c]);
	}
	return n;
}

result
raw_touch(struct op *op, const struct entity *e, const struct raw *raw)
{
	struct touched t = { .entity = e, .table = e->number, .row = raw->id,
		.v = raw->v, .seq = facts_table(e)->seq };

	TRY(raw_digest(e, raw, t.digest));
	return op_touch(op, &t);
}

result
raw_write(struct op *op, const struct entity *e, const struct raw *raw,
    uint64_t v)
{
	struct arg args[SQL_ARGS_MAX];
	size_t n = fill_args(e, raw, args);
	int64_t rows = 0;

	args[n++] = arg_number("v", (int64_t)v);
	args[n++] = arg_number("new_v", (int64_t)raw->v);
	TRY(store_run(op->tx, facts_table(e)->update, args, n, &rows));
	return rows == 1 ? OK : refuse(CONFLICT);
}

/* A person or a matter brings a key of its own into the world. */
static result
make_key(struct op *op, enum purpose kind, id object)
{
	CLEANUP(buf_free) struct buf wrapped = buf_new(KIB);

	TRY(keyring_make(op->office->keyring, op->office->chance, kind,
	    object, 1, (uint64_t)(op->now.ms / 1000), &wrapped));
	TRY(op_key_made(op, kind, object, 1));

	const struct arg args[] = {
		arg_id("id", object),
		arg_number("kind", kind == PURPOSE_PERSON ? 2 : 3),
		arg_number("epoch", 1),
		arg_blob("record", buf_view(&wrapped)),
	};
	return store_run(op->tx, &sql_key_insert, args, LENGTH(args), NULL);
}

/* Short codes are unique in a table: draw again while one is taken. */
static result
draw_id(struct op *op, const struct entity *e, id *ret)
{
	enum { DRAWS_MAX = 20 };

	for (int i = 0; i < DRAWS_MAX; i++) {
		id drawn = op_new_id(op);
		id other;
		result got = find_row(op, e, text_of(code_of(drawn).s),
		    &other);

		if (got.code == E_NOT_FOUND) {
			*ret = drawn;
			return OK;
		}
		TRY(got);
	}
	return fault(BUG);
}

result
facts_insert(struct op *op, const struct reach *reach,
    const struct entity *e, void *row)
{
	const struct entity_statements *st = facts_table(e);
	struct row *head = entity_row(row);
	struct raw raw = { .v = 1 };
	struct arg args[SQL_ARGS_MAX];
	struct owner owner;
	size_t n;

	if (st == NULL || (reach->levels & (LEVEL_WRITE | LEVEL_APPROVE)) == 0)
		return fault(BUG);
	TRY(op_begin(op, TX_WRITE));
	if (id_none(head->id))
		TRY(draw_id(op, e, &head->id));
	if (e == &entity_person)
		TRY(make_key(op, PURPOSE_PERSON, head->id));
	else if (e == &entity_matter)
		TRY(make_key(op, PURPOSE_CASE, head->id));
	else if (!reach_covers(op, reach, e, row))
		return refuse(NOT_FOUND);

	raw.id = head->id;
	for (size_t i = 0; i < e->parents_n; i++)
		raw.parents[i] = field_id(&e->fields[e->parents[i]], row);
	TRY(owner_of(op, e, row, &owner));
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if ((e->classes & 1u << c) == 0 ||
		    class_empty(e, (enum in_class)c, row))
			continue;
		raw.class_v[c] = 1;
		TRY(seal_class(op, e, (enum in_class)c, &owner, row, 1,
		    &raw.record[c]));
	}
	if (facts_has_bix(e))
		TRY(raw_index(op, row, &raw));

	n = fill_args(e, &raw, args);
	args[n++] = arg_number("v", 1);
	args[n++] = arg_number("seq", 0);
	TRY(store_run(op->tx, st->insert, args, n, NULL));
	head->v = 1;
	memcpy(head->class_v, raw.class_v, sizeof(head->class_v));
	head->open |= e->classes;
	return raw_touch(op, e, &raw);
}

/* Old record into the history, new one sealed; versions move together. */
static result
renew_class(struct op *op, const struct entity *e, enum in_class c,
    const struct owner *owner, const void *row, struct raw *raw)
{
	if (raw->record[c].n > 0) {
		const struct arg args[] = {
			arg_number("table_no", e->number),
			arg_id("id", raw->id),
			arg_number("class", c),
			arg_number("v", (int64_t)raw->class_v[c]),
			arg_blob("record", raw->record[c]),
		};

		TRY(store_run(op->tx, &sql_history_insert, args,
		    LENGTH(args), NULL));
	}
	raw->class_v[c] = raw->v;
	return seal_class(op, e, c, owner, row, raw->v, &raw->record[c]);
}

static void
tell_changes(struct op *op, const struct entity *e, const void *before,
    const void *after, bool changed[IN_OFFICE + 1])
{
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];
		struct change c;

		if (f->class < IN_IDENTITY || f->class > IN_OFFICE ||
		    field_same(f, before, after))
			continue;
		changed[f->class] = true;
		c = (struct change){ .entity = e, .field = f,
			.row = ((const struct row *)after)->id,
			.old = field_write(op->arena, f, before),
			.new = field_write(op->arena, f, after) };
		op_change(op, &c);
	}
}

result
facts_update(struct op *op, const struct reach *reach,
    const struct entity *e, void *row)
{
	struct row *head = entity_row(row);
	void *before = entity_new(op->arena, e);
	bool changed[IN_OFFICE + 1] = { false };
	struct owner owner;
	struct raw raw;

	NEED(before);
	if (facts_table(e) == NULL || (reach->levels & (LEVEL_WRITE | LEVEL_APPROVE)) == 0)
		return fault(BUG);
	TRY(op_begin(op, TX_WRITE));
	TRY(raw_get(op, e, head->id, &raw));
	if (raw.emptied)
		return refuse(NOT_FOUND);
	if (raw.v != head->v)
		return refuse(CONFLICT);
	TRY(raw_open(op, e, &raw, head->open, before));
	if (head->read_only || entity_row(before)->read_only)
		return refuse(FORBIDDEN);
	if (!reach_covers(op, reach, e, before) ||
	    !reach_covers(op, reach, e, row))
		return refuse(NOT_FOUND);

	tell_changes(op, e, before, row, changed);
	raw.v++;
	/* Parents do not change: the row keeps the key of where it hangs. */
	TRY(owner_of(op, e, before, &owner));
	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		if (!changed[c])
			continue;
		if ((head->open & 1u << c) == 0)
			return fault(BUG);	/* written unseen */
		TRY(renew_class(op, e, (enum in_class)c, &owner, row, &raw));
	}
	if (facts_has_bix(e) && changed[IN_IDENTITY])
		TRY(raw_index(op, row, &raw));

	TRY(raw_write(op, e, &raw, head->v));
	head->v = raw.v;
	memcpy(head->class_v, raw.class_v, sizeof(head->class_v));
	return raw_touch(op, e, &raw);
}
