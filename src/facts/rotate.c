/*
 * Rotation: what names an older epoch of its key is sealed anew under the
 * newest, slice by slice (ADR 15).  Nothing says how far it came but the
 * records themselves, so a pass that was killed begins again and finds less
 * to do.
 */
#include "facts_inside.h"

#include "facts_sql.h"

#include <string.h>

enum { KIND_PURPOSE = 1, KIND_PERSON = 2, KIND_CASE = 3 };

static int64_t
kind_of(enum purpose kind, id key)
{
	if (id_same(key, purpose_id(kind)))
		return KIND_PURPOSE;
	return kind == PURPOSE_PERSON ? KIND_PERSON : KIND_CASE;
}

/* ---- keys ------------------------------------------------------------- */

result
facts_new_epoch(struct op *op, enum purpose kind, id key)
{
	CLEANUP(buf_free) struct buf wrapped = buf_new(KIB);
	struct keyring *k = op->office->keyring;
	struct held_key held;
	uint32_t epoch;

	TRY(op_begin(op, TX_WRITE));
	if (!keyring_held(k, kind, key, UINT32_MAX, &held))
		return refuse(NOT_FOUND);
	epoch = held.epoch + 1;
	TRY(keyring_make(k, op->office->chance, kind, key, epoch,
	    (uint64_t)(op->now.ms / 1000), &wrapped));
	TRY(op_key_made(op, kind, key, epoch));
	TRY(facts_put_key(op, &(struct key_row){
	    .kind = (int)kind_of(kind, key), .id = key, .epoch = epoch,
	    .record = buf_view(&wrapped) }));
	op->office->resealing = true;
	if (kind == PURPOSE_SIGN)
		return audit_hand_over(op, held.epoch);
	return OK;
}

static size_t
key_args(const struct held_key *of, struct arg args[4])
{
	args[0] = arg_number("kind", kind_of(of->kind, of->id));
	args[1] = arg_id("id", of->id);
	args[2] = arg_number("epoch", of->epoch);
	return 3;
}

static result
key_record(struct op *op, const struct held_key *of, text *ret)
{
	struct row_set *rows = NULL;
	struct arg args[4];
	bool there = false;
	text record = T("");
	size_t n = key_args(of, args);
	result got;

	TRY(store_query(op->tx, &sql_key_one, args, n, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there)
		record = arena_text(op->arena, column_blob(rows, "record"));
	row_end(&rows);
	TRY(got);
	if (!there)
		return refuse(NOT_FOUND);
	NEED(record.p);
	*ret = record;
	return OK;
}

static result
put_record(struct op *op, const struct held_key *of, text record)
{
	struct arg args[4];
	size_t n = key_args(of, args);

	args[n++] = arg_blob("record", record);
	return store_run(op->tx, &sql_key_update, args, n, NULL);
}

result
facts_retire_key(struct op *op, const struct held_key *of, bool retired)
{
	CLEANUP(buf_free) struct buf out = buf_new(KIB);
	struct keyring *k = op->office->keyring;
	text record;

	TRY(op_begin(op, TX_WRITE));
	TRY(key_record(op, of, &record));
	TRY(keyring_retire(k, op->office->chance, of->kind, of->id,
	    of->epoch, record, retired ? (uint64_t)(op->now.ms / 1000) : 0,
	    &out));
	TRY(put_record(op, of, buf_view(&out)));
	return keyring_take(k, of->kind, of->id, of->epoch, buf_view(&out));
}

static result
look_at_epoch(struct op *op, const struct held_key *of)
{
	struct keyring *k = op->office->keyring;
	text record;
	result got = key_record(op, of, &record);

	if (got.code == E_NOT_FOUND) {
		keyring_drop_one(k, of->kind, of->id, of->epoch);
		return OK;
	}
	TRY(got);
	return keyring_take(k, of->kind, of->id, of->epoch, record);
}

result
facts_look_at_epochs(struct op *op)
{
	const struct keyring *k = op->office->keyring;
	struct held_key newest;
	uint32_t at = 0;

	TRY(op_begin(op, TX_READ));
	while (keyring_next_rotated(k, &at, &newest)) {
		struct held_key h = { .epoch = UINT32_MAX };

		/* The newest last: without it the name would have moved. */
		while (keyring_held(k, newest.kind, newest.id, h.epoch, &h)) {
			if (h.epoch != newest.epoch)
				TRY(look_at_epoch(op, &h));
		}
		TRY(look_at_epoch(op, &newest));
	}
	return OK;
}

result
facts_delete_key(struct op *op, const struct held_key *of)
{
	struct arg args[4];
	size_t n = key_args(of, args);

	if (of->newest)
		return fault(BUG);
	TRY(op_begin(op, TX_WRITE));
	return store_run(op->tx, &sql_key_delete, args, n, NULL);
}

/* Root key: every purpose row, whatever its epoch, under the newest root. */
result
facts_rewrap_purposes(struct op *op)
{
	struct keyring *k = op->office->keyring;

	TRY(op_begin(op, TX_WRITE));
	for (int p = PURPOSE_PERSON; p < PURPOSES; p++) {
		enum purpose kind = (enum purpose)p;
		struct held_key held;
		uint32_t below = UINT32_MAX;

		while (keyring_held(k, kind, purpose_id(kind), below,
		    &held)) {
			CLEANUP(buf_free) struct buf out = buf_new(KIB);
			text record;

			TRY(key_record(op, &held, &record));
			TRY(keyring_rewrap(k, op->office->chance, kind,
			    held.id, held.epoch, record, &out));
			TRY(put_record(op, &held, buf_view(&out)));
			below = held.epoch;
		}
	}
	return OK;
}

struct wrapped_by { bool any; uint32_t least, most; };

static result
note_wrapper(void *self, const struct key_row *k)
{
	struct wrapped_by *w = self;
	uint32_t epoch;
	id by;

	if (k->kind != KIND_PURPOSE)
		return OK;
	TRY(record_owner(k->record, &by, &epoch));
	if (!w->any || epoch < w->least)
		w->least = epoch;
	if (!w->any || epoch > w->most)
		w->most = epoch;
	w->any = true;
	return OK;
}

result
facts_root_epochs(struct op *op, uint32_t *ret_least, uint32_t *ret_most)
{
	struct wrapped_by w = { 0 };

	TRY(facts_each_key(op, &w, note_wrapper));
	if (!w.any)
		return refuse(NOT_FOUND);
	*ret_least = w.least;
	*ret_most = w.most;
	return OK;
}

/* ---- one record ------------------------------------------------------- */

void
facts_reseal_damaged(struct reseal *at, const char *table, id row)
{
	if (at->damaged++ > 0)
		return;
	at->first.table = table;
	at->first.row = row;
}

result
facts_reseal_record(struct op *op, struct reseal *at,
    const struct record_place *place, text record, text *ret)
{
	CLEANUP(buf_free) struct buf out = buf_new(2 * RECORD_PLAIN_MAX);
	struct keyring *k = op->office->keyring;
	struct held_key held;
	text fresh;
	result got;

	*ret = T("");
	if (record.n == 0)
		return OK;
	got = keyring_named(k, record, &held);
	if (got.code == E_SEALED_RECORD)
		facts_reseal_damaged(at, place->table, place->row);
	/* Of a key that is gone: shredded, and nobody's to open. */
	if (!is_ok(got) || held.newest)
		return OK;
	got = keyring_reseal(k, op->office->chance, op->arena, &held, place,
	    record, &out);
	if (got.code == E_SEALED_RECORD) {
		facts_reseal_damaged(at, place->table, place->row);
		return OK;
	}
	TRY(got);
	/* After a restore an old part of the backup names it again. */
	if (held.retired != 0)
		TRY(facts_retire_key(op, &held, false));
	fresh = arena_text(op->arena, buf_view(&out));
	NEED(fresh.p);
	at->sealed++;
	at->changed = true;
	*ret = fresh;
	return OK;
}

/* ---- wrapped keys ----------------------------------------------------- */

struct key_slice { id id; uint32_t epoch; text record; };

static result
read_keys(struct op *op, int64_t kind, const struct reseal *at,
    struct key_slice *list, size_t *ret_n)
{
	const struct arg args[] = {
		arg_number("kind", kind), arg_id("id", at->id),
		arg_number("epoch", at->v), arg_number("most", RESEAL_KEYS),
	};
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got;

	TRY(store_query(op->tx, &sql_key_after, args, LENGTH(args), &rows));
	while (n < RESEAL_KEYS && is_ok(got = row_next(rows, &there)) &&
	    there) {
		list[n] = (struct key_slice){ column_id(rows, "id"),
			(uint32_t)column_number(rows, "epoch"),
			arena_text(op->arena, column_blob(rows, "record")) };
		if (list[n++].record.p == NULL)
			got = fault(NO_MEMORY);
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	*ret_n = n;
	return got;
}

static result
rewrap_key(struct op *op, struct reseal *at, enum purpose kind,
    const struct key_slice *s)
{
	CLEANUP(buf_free) struct buf out = buf_new(KIB);
	struct keyring *k = op->office->keyring;
	struct held_key wrapper;
	result got;

	if (!is_ok(keyring_named(k, s->record, &wrapper)) || wrapper.newest)
		return OK;
	got = keyring_rewrap(k, op->office->chance, kind, s->id, s->epoch,
	    s->record, &out);
	if (got.code == E_SEALED_RECORD) {
		facts_reseal_damaged(at, "key", s->id);
		return OK;
	}
	TRY(got);
	at->sealed++;
	at->changed = true;
	return put_record(op, &(struct held_key){ .kind = kind, .id = s->id,
	    .epoch = s->epoch }, buf_view(&out));
}

static result
reseal_keys(struct op *op, struct reseal *at, enum purpose kind, bool *ret)
{
	struct key_slice *list = arena_array(op->arena, RESEAL_KEYS,
	    sizeof(*list));
	size_t n = 0;

	NEED(list);
	TRY(read_keys(op, kind == PURPOSE_PERSON ? KIND_PERSON : KIND_CASE,
	    at, list, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(rewrap_key(op, at, kind, &list[i]));
		at->id = list[i].id;
		at->v = list[i].epoch;
	}
	at->looked += (int64_t)n;
	*ret = n < RESEAL_KEYS;
	return OK;
}

/* ---- rows of entities ------------------------------------------------- */

/* Blind indexes name no epoch: each is reckoned again and compared. */
static result
renew_index(struct op *op, struct reseal *at, const struct entity *e,
    struct raw *raw, bool *ret_changed)
{
	struct person_identifier *p = entity_new(op->arena, e);
	struct raw fresh = *raw;
	struct held_key held;

	NEED(p);
	if (!facts_has_bix(e) || raw->record[IN_IDENTITY].n == 0 ||
	    keyring_epoch(op->office->keyring, PURPOSE_INDEX) ==
	    KEY_FIRST_EPOCH || !is_ok(keyring_named(op->office->keyring,
	    raw->record[IN_IDENTITY], &held)))
		return OK;
	TRY(raw_open(op, e, raw, 1u << IN_IDENTITY, p));
	if (p->row.damaged != 0 || !is_ok(raw_index(op, p, &fresh))) {
		facts_reseal_damaged(at, e->name, raw->id);
		return OK;
	}
	if (fresh.bix_there == raw->bix_there &&
	    (!raw->bix_there || text_same(fresh.bix, raw->bix)))
		return OK;
	*raw = fresh;
	at->sealed++;
	at->changed = true;
	*ret_changed = true;
	return OK;
}

static result
reseal_row(struct op *op, struct reseal *at, const struct entity *e,
    struct raw *raw)
{
	bool changed = false;

	for (int c = IN_IDENTITY; c <= IN_OFFICE; c++) {
		struct record_place place = {
			.class = (enum record_class)c, .table = e->name,
			.row = raw->id, .version = raw->class_v[c] };
		text fresh;

		if ((e->classes & 1u << c) == 0)
			continue;
		TRY(facts_reseal_record(op, at, &place, raw->record[c],
		    &fresh));
		if (fresh.n == 0)
			continue;
		raw->record[c] = fresh;
		changed = true;
	}
	TRY(renew_index(op, at, e, raw, &changed));
	if (!changed)
		return OK;
	TRY(raw_write(op, e, raw, raw->v));
	return raw_touch(op, e, raw);
}

/* Copied before the first is written; as many as a slice may weigh. */
static result
read_rows(struct op *op, const struct entity *e, const struct reseal *at,
    struct raw *list, size_t *ret_n, bool *ret_last)
{
	const struct arg args[] = {
		arg_id("id", at->id), arg_number("most", RESEAL_ROWS),
	};
	struct row_set *rows = NULL;
	bool there = true;
	size_t bytes = 0;
	size_t n = 0;
	result got;

	TRY(store_query(op->tx, facts_table(e)->after, args, LENGTH(args),
	    &rows));
	while (n < RESEAL_ROWS && bytes < RESEAL_BYTES &&
	    is_ok(got = row_next(rows, &there)) && there) {
		raw_read(rows, e, &list[n]);
		if (!raw_copy(op->arena, &list[n])) {
			got = fault(NO_MEMORY);
			break;
		}
		for (int c = IN_IDENTITY; c <= IN_OFFICE; c++)
			bytes += list[n].record[c].n;
		n++;
	}
	row_end(&rows);
	*ret_n = n;
	*ret_last = n < RESEAL_ROWS && bytes < RESEAL_BYTES;
	return got;
}

static result
reseal_rows(struct op *op, struct reseal *at, const struct entity *e,
    bool *ret)
{
	struct raw *list = arena_array(op->arena, RESEAL_ROWS,
	    sizeof(*list));
	bool last = true;
	size_t n = 0;

	NEED(list);
	TRY(read_rows(op, e, at, list, &n, &last));
	for (size_t i = 0; i < n; i++) {
		TRY(reseal_row(op, at, e, &list[i]));
		at->id = list[i].id;
	}
	at->looked += (int64_t)n;
	*ret = last;
	return OK;
}

/* ---- old records ------------------------------------------------------ */

struct old_record { int64_t table_no, class, v; id id; text record; };

static result
read_history(struct op *op, const struct reseal *at, struct old_record *list,
    size_t *ret_n, bool *ret_last)
{
	const struct arg args[] = {
		arg_number("table_no", at->table_no), arg_id("id", at->id),
		arg_number("class", at->class), arg_number("v", at->v),
		arg_number("most", RESEAL_ROWS),
	};
	struct row_set *rows = NULL;
	bool there = true;
	size_t bytes = 0;
	size_t n = 0;
	result got;

	TRY(store_query(op->tx, &sql_history_after, args, LENGTH(args),
	    &rows));
	while (n < RESEAL_ROWS && bytes < RESEAL_BYTES &&
	    is_ok(got = row_next(rows, &there)) && there) {
		list[n] = (struct old_record){
			.table_no = column_number(rows, "table_no"),
			.class = column_number(rows, "class"),
			.v = column_number(rows, "v"),
			.id = column_id(rows, "id"),
			.record = arena_text(op->arena,
			    column_blob(rows, "record")),
		};
		if (list[n].record.p == NULL) {
			got = fault(NO_MEMORY);
			break;
		}
		bytes += list[n++].record.n;
	}
	row_end(&rows);
	*ret_n = n;
	*ret_last = n < RESEAL_ROWS && bytes < RESEAL_BYTES;
	return got;
}

static const struct entity *
entity_numbered(int64_t number)
{
	for (size_t i = 0; i < LIVE_ENTITIES; i++) {
		if (live_entities[i].entity->number == number)
			return live_entities[i].entity;
	}
	return NULL;
}

static result
reseal_old(struct op *op, struct reseal *at, const struct old_record *o)
{
	const struct entity *e = entity_numbered(o->table_no);
	struct record_place place = { .class = (enum record_class)o->class,
		.table = e == NULL ? "" : e->name, .row = o->id,
		.version = (uint64_t)o->v };
	text fresh = T("");

	if (e != NULL)
		TRY(facts_reseal_record(op, at, &place, o->record, &fresh));
	if (fresh.n == 0)
		return OK;

	const struct arg args[] = {
		arg_number("table_no", o->table_no), arg_id("id", o->id),
		arg_number("class", o->class), arg_number("v", o->v),
		arg_blob("record", fresh),
	};
	return store_run(op->tx, &sql_history_update, args, LENGTH(args),
	    NULL);
}

static result
reseal_history(struct op *op, struct reseal *at, bool *ret)
{
	struct old_record *list = arena_array(op->arena, RESEAL_ROWS,
	    sizeof(*list));
	bool last = true;
	size_t n = 0;

	NEED(list);
	TRY(read_history(op, at, list, &n, &last));
	for (size_t i = 0; i < n; i++) {
		TRY(reseal_old(op, at, &list[i]));
		at->table_no = list[i].table_no;
		at->id = list[i].id;
		at->class = list[i].class;
		at->v = list[i].v;
	}
	at->looked += (int64_t)n;
	*ret = last;
	return OK;
}

/* ---- leaves ----------------------------------------------------------- */

struct leaf_work { struct op *op; struct reseal *at; };

static result
reseal_leaf(void *self, const struct record_place *place, text record,
    text *ret)
{
	const struct leaf_work *w = self;

	return facts_reseal_record(w->op, w->at, place, record, ret);
}

/* ---- the pass --------------------------------------------------------- */

/* In this order: a record that moves into the history while the pass goes
 * on comes from a table that it has behind it. */
enum { STEP_PERSON_KEYS, STEP_CASE_KEYS, STEP_ENTITIES,
	STEP_HISTORY = STEP_ENTITIES + LIVE_ENTITIES, STEP_LEAVES,
	STEP_END };

size_t
facts_reseal_steps(void)
{
	return STEP_END;
}

static result
slice(struct op *op, struct reseal *at, bool *ret_last)
{
	struct leaf_work w = { op, at };

	if (at->step <= STEP_CASE_KEYS)
		return reseal_keys(op, at, at->step == STEP_PERSON_KEYS ?
		    PURPOSE_PERSON : PURPOSE_CASE, ret_last);
	if (at->step < STEP_HISTORY)
		return reseal_rows(op, at,
		    live_entities[at->step - STEP_ENTITIES].entity, ret_last);
	if (at->step == STEP_HISTORY)
		return reseal_history(op, at, ret_last);
	return audit_reseal(op, &at->v, reseal_leaf, &w, ret_last);
}

result
facts_reseal(struct op *op, struct reseal *at, bool *ret_end)
{
	struct reseal next = *at;
	bool last = false;

	if (next.step < STEP_END) {
		TRY(op_begin(op, TX_WRITE));
		next.changed = false;
		TRY(slice(op, &next, &last));
	}
	if (last) {
		next.step++;
		next.id = (id){ 0 };
		next.table_no = next.class = next.v = 0;
	}
	*at = next;
	*ret_end = next.step >= STEP_END;
	return OK;
}
