/*
 * Several offices on one database: each holds users, walls, keys, settings
 * and the projection in memory, and takes up what the others wrote before it
 * answers anybody (ADR 17).
 */
#include "lifecycle.h"

#include "audit.h"
#include "desk.h"

#include <string.h>

/* The root key was changed elsewhere: who opens here must know the new one. */
static result
follow_header(struct op *op)
{
	struct office *o = op->office;
	const struct vault before = o->vault;
	uint32_t epoch = o->vault_facts.epoch;

	TRY(office_read_header(op));
	if (memcmp(before.b, o->vault.b, VAULT_BYTES) != 0)
		TRY(office_write_header(op));
	return o->vault_facts.epoch == epoch ? OK : fault(SEALED_RECORD);
}

static bool
set_elsewhere(const struct followed *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->row[i].table == TABLE_SETTING)
			return true;
	}
	return false;
}

static result
settings_anew(struct op *op)
{
	TRY(office_load_settings(op));
	return office_public_changed(op->office);
}

/* So many that they are not looked at one by one. */
static result
take_all(struct op *op)
{
	TRY(facts_load_keys_again(op));
	TRY(settings_anew(op));
	return desk_load_with_guard(op);
}

static result
take_up(struct op *op, const struct followed *f)
{
	TRY(follow_header(op));
	if (f->many)
		return take_all(op);
	if (f->keys)
		TRY(facts_load_keys_again(op));
	TRY(facts_followed(op, f));
	if (set_elsewhere(f))
		TRY(settings_anew(op));
	guard_committed(op);
	desk_committed(op);
	op_forget_effects(op);
	return OK;
}

/* Leaves under a key that was made elsewhere are no fault. */
static result
read_leaves(struct op *op, struct followed *ret)
{
	result got = audit_follow(op, ret);

	if (got.code != E_SEALED_RECORD && got.code != E_NOT_FOUND)
		return got;
	TRY(follow_header(op));
	TRY(facts_load_keys_again(op));
	got = audit_follow(op, ret);
	return got.code == E_NOT_FOUND ? fault(SEALED_RECORD) : got;
}

/* Whether a commit on a connection that was lost was kept is not known, nor
 * whether the key is there that it made. */
static result
look_anew(struct op *op)
{
	if (store_reconnected(op->office->store) == op->office->looked_at)
		return OK;
	TRY(audit_look(op));
	return facts_look_at_epochs(op);
}

static result
follow(struct op *op)
{
	struct office *o = op->office;
	struct followed f = { 0 };

	TRY(look_anew(op));
	TRY(read_leaves(op, &f));
	if (office_settings_doubtful(o))
		TRY(settings_anew(op));
	if (f.leaves == 0)
		return OK;
	if (f.sealed) {
		audit_followed(op, &f);
		office_seal(o);
		return OK;
	}
	TRY(take_up(op, &f));
	audit_followed(op, &f);
	/* An office that nobody uses does not seal those that people use. */
	office_worked(o, op->now);
	return OK;
}

text
office_foreign_said(struct op *op)
{
	const struct audit_foreign *f = audit_foreign(op->office->audit);
	const text args[] = {
		words_number(op->lang, op->arena, (int64_t)f->theirs.n),
		words_number(op->lang, op->arena, (int64_t)f->ours.n),
	};

	if (!f->there)
		return T("");
	return words_format(op->office->words, op->lang, op->arena,
	    f->other ? "foreign.other" : "foreign.smaller", args,
	    LENGTH(args));
}

/* After what is not ours nothing is done any more. */
static result
judged(struct office *o, result got)
{
	if (got.code != E_CORRUPT && got.code != E_SEALED_RECORD)
		return got;
	/* What was acknowledged so far is what the next one must have. */
	ignore(audit_acknowledge(o->audit),
	    "it stays in memory, and the file is at most a second old");
	office_seal(o);
	return got;
}

result
office_follow(struct op *op)
{
	struct office *o = op->office;
	result got;

	if (!keyring_open(o->keyring))
		return OK;
	if (store_engine(o->store) == ENGINE_SQLITE &&
	    !office_settings_doubtful(o))
		return OK;
	op->looks = true;
	got = op_begin(op, TX_READ);
	if (is_ok(got))
		got = follow(op);
	op->looks = false;
	op_abort(op);
	return judged(o, got);
}

/* What op itself touched is not yet told, or never will be: others' rows are
 * told apart from it. */
result
office_catch_up(struct op *op)
{
	struct office *o = op->office;
	struct op others = { .office = o, .arena = op->arena, .tx = op->tx,
		.tx_kind = op->tx_kind, .now = op->now, .today = op->today,
		.looks = true };
	struct arena_mark mark = arena_mark(op->arena);
	result got = judged(o, follow(&others));

	arena_rewind(op->arena, mark);
	TRY(got);
	return keyring_open(o->keyring) ? OK : refuse(SEALED);
}
