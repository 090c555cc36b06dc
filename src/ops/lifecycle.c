#include "lifecycle.h"

#include "audit.h"
#include "desk.h"
#include "law.h"
#include "ops_sql.h"
#include "pack.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VAULT_ROW = 1, HEADER_PATH_MAX = 4096, SETTINGS_MAX = 64,
	TAG_NAME = 1, TAG_VALUE = 2 };

struct settings {
	struct { char name[32]; id row; uint64_t v; char value[512]; }
	    at[SETTINGS_MAX];
	size_t n;
	bool doubtful;			/* set, and not known to be kept */
};

result
office_settings_new(struct office *office)
{
	office->settings = calloc(1, sizeof(*office->settings));
	return office->settings == NULL ? fault(NO_MEMORY) : OK;
}

/* ---- the header ------------------------------------------------------- */

static bool
db_path(const struct office *o, const char *name, char path[HEADER_PATH_MAX])
{
	int n = snprintf(path, HEADER_PATH_MAX, "%.*s/db/%s",
	    (int)o->folder.n, o->folder.p, name);

	return n > 0 && n < HEADER_PATH_MAX;
}

static bool
header_from_file(const struct office *o, struct vault *ret)
{
	char path[HEADER_PATH_MAX];
	ssize_t got;
	int fd;

	if (!db_path(o, "vault.hdr", path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, ret->b, sizeof(ret->b));
	close(fd);
	return got == (ssize_t)sizeof(ret->b);
}

static result
header_from_row(struct op *op, struct vault *ret)
{
	const struct arg arg = arg_number("id", VAULT_ROW);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_vault_get, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && !there)
		got = refuse(NOT_FOUND);
	if (is_ok(got)) {
		text h = column_blob(rows, "header");

		if (h.n == sizeof(ret->b))
			memcpy(ret->b, h.p, h.n);
		else
			got = fault(CORRUPT);
	}
	row_end(&rows);
	return got;
}

static result
replace_file(const struct office *o, const char *name, text bytes)
{
	char path[HEADER_PATH_MAX];

	return db_path(o, name, path) ? files_replace(path, bytes) :
	    fault(IO);
}

/* ---- pages for everybody ---------------------------------------------- */

static const char public_file[] = "public", public_setting[] = "public_pages";

static bool
is_demonstration(const struct office *o)
{
	return (o->flags & VAULT_DEMONSTRATION) != 0;
}

/* Sealed, the setting cannot be read: a file beside the header says it. */
static bool
public_by_file(const struct office *o)
{
	char path[HEADER_PATH_MAX];
	char said = '\0';
	int fd;

	if (!db_path(o, public_file, path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return is_demonstration(o);
	if (read(fd, &said, 1) != 1)
		said = '\0';
	close(fd);
	return said == '1';
}

result
office_public_changed(struct office *o)
{
	text set = office_setting(o, public_setting);

	o->public_pages = set.n > 0 ? text_same(set, T("1")) :
	    is_demonstration(o);
	if (o->public_pages == public_by_file(o))
		return OK;
	return replace_file(o, public_file, o->public_pages ? T("1\n") :
	    T("0\n"));
}

static void
take_header(struct office *o, const struct vault *v,
    const struct vault_facts *f)
{
	o->vault = *v;
	o->vault_facts = *f;
	o->vault_id = f->vault;
	o->flags = f->flags;
	if (!keyring_open(o->keyring))
		o->public_pages = public_by_file(o);
}

result
office_read_header(struct op *op)
{
	struct vault_facts facts;
	struct vault copy;
	struct vault v;

	TRY(header_from_row(op, &v));
	if (is_ok(vault_read(&v, &facts))) {
		take_header(op->office, &v, &facts);
		return OK;
	}
	if (!header_from_file(op->office, &copy))
		return fault(CORRUPT);
	TRY(vault_read(&copy, &facts));
	take_header(op->office, &copy, &facts);
	return OK;
}

result
office_header_same(struct op *op, bool *ret_whole, bool *ret_same)
{
	struct vault_facts facts;
	struct vault row;
	struct vault file;
	bool there = header_from_file(op->office, &file);

	TRY(header_from_row(op, &row));
	*ret_whole = is_ok(vault_read(&row, &facts)) && there &&
	    is_ok(vault_read(&file, &facts));
	*ret_same = there && memcmp(row.b, file.b, sizeof(row.b)) == 0;
	return OK;
}

result
office_write_header(struct op *op)
{
	return replace_file(op->office, "vault.hdr",
	    (text){ (const char *)op->office->vault.b, VAULT_BYTES });
}

/*
 * The file as the row is: a kill between the two left it behind.  One that
 * is newer than the row stays as it is, it may be the only one that belongs
 * to the keys (fault 15).
 */
result
office_renew_header(struct op *op)
{
	struct vault_facts file_facts;
	struct vault file;
	struct vault row;

	TRY(header_from_row(op, &row));
	op_abort(op);
	if (memcmp(row.b, op->office->vault.b, sizeof(row.b)) != 0)
		return OK;	/* the file was the one that is whole */
	if (header_from_file(op->office, &file) &&
	    (memcmp(file.b, row.b, sizeof(row.b)) == 0 ||
	    (is_ok(vault_read(&file, &file_facts)) &&
	    id_same(file_facts.vault, op->office->vault_id) &&
	    file_facts.sequence > op->office->vault_facts.sequence)))
		return OK;
	return office_write_header(op);
}

result
office_save_header(struct op *op, const struct vault *v)
{
	const struct arg args[] = {
		arg_number("id", VAULT_ROW),
		arg_blob("header", ((text){ (const char *)v->b,
		    VAULT_BYTES })),
	};
	struct vault_facts facts;
	int64_t changed = 0;

	TRY(vault_read(v, &facts));
	TRY(op_begin(op, TX_WRITE));
	TRY(store_run(op->tx, &sql_vault_update, args, LENGTH(args),
	    &changed));
	if (changed != 1)
		return fault(CORRUPT);
	take_header(op->office, v, &facts);
	return OK;
}

/* ---- making ----------------------------------------------------------- */

static result
insert_header(struct op *op, const struct vault *v)
{
	const struct arg args[] = {
		arg_number("id", VAULT_ROW),
		arg_blob("header", ((text){ (const char *)v->b,
		    VAULT_BYTES })),
	};

	return store_run(op->tx, &sql_vault_insert, args, LENGTH(args), NULL);
}

static result
make(struct op *op, const struct office_new *in, const key32 *root)
{
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE };
	struct vault_facts facts;
	struct vault v;
	text said;

	TRY(vault_make(op->office->chance, op_new_id(op), in->flags,
	    (uint64_t)(op->now.ms / 1000), root, in->kdf,
	    &in->kek_passphrase, &in->kek_phrase, &v));
	TRY(vault_read(&v, &facts));
	take_header(op->office, &v, &facts);
	op_abort(op);
	TRY(op_begin(op, TX_WRITE));
	TRY(insert_header(op, &v));
	TRY(facts_make_keys(op, root));
	TRY(office_note_files(op));
	TRY(facts_commit(op, &leaf));
	op_forget_effects(op);
	TRY(office_write_header(op));
	return office_unsealed(op, root, &said);
}

result
office_make(struct op *op, const struct office_new *in)
{
	CLEANUP(secret_free) struct secret root = { 0 };
	result got;

	TRY(secret_new(sizeof(key32), &root));
	op->office->chance->fill(op->office->chance->self, root.p, root.n);
	got = make(op, in, (const key32 *)(const void *)root.p);
	if (!is_ok(got))
		keyring_forget(op->office->keyring);
	return got;
}

/* ---- opening and sealing ---------------------------------------------- */

/*
 * The header opened and the keys do not: they are of two moments.  Which of
 * the two is older is in the clear, so it is said.
 */
static text
explain_keys(struct op *op)
{
	const struct vault_facts *f = &op->office->vault_facts;
	uint32_t least;
	uint32_t most;

	op_abort(op);
	if (!is_ok(facts_root_epochs(op, &least, &most)))
		return T("");
	if (least == f->epoch && most == f->epoch)
		return T("");
	return arena_format(op->arena, "the vault header (sequence %llu, "
	    "root key %lu) is %s than the keys (root key %lu); put back the "
	    "%s that belongs to them, from db/vault.hdr or the newest keys "
	    "part of a backup", (unsigned long long)f->sequence,
	    (unsigned long)f->epoch, f->epoch < most ? "older" : "newer",
	    (unsigned long)most, f->epoch < most ? "header" : "keys");
}

static result
load_all(struct op *op, const key32 *root, text *ret_said)
{
	const char *step = "keys";
	result got = facts_load_keys(op, root);

	if (got.code == E_SEALED_RECORD)
		*ret_said = explain_keys(op);
	if (is_ok(got)) {
		step = "audit";
		got = audit_load(op, ret_said);
	}
	if (is_ok(got)) {
		step = "settings";
		got = office_load_settings(op);
	}
	if (is_ok(got))
		got = office_public_changed(op->office);
	if (is_ok(got)) {
		step = "users and projection";
		got = desk_load_with_guard(op);
	}
	if (is_ok(got)) {
		step = "files";
		got = facts_sweep_files(op, guard_whole_office(op));
		/* A damaged row is told elsewhere, and its file kept. */
		if (got.code == E_SEALED_RECORD)
			got = OK;
	}
	if (got.code == E_NOT_FOUND)
		*ret_said = arena_format(op->arena, "%s: sealed by a key "
		    "that was deleted; this data part is older than a "
		    "rotation of keys, take a newer one", step);
	if (!is_ok(got) && ret_said->n == 0)
		*ret_said = arena_format(op->arena, "%s: %s", step,
		    error_name(got));
	return got;
}

result
office_unsealed(struct op *op, const key32 *root, text *ret_said)
{
	result got;

	*ret_said = T("");
	op_abort(op);
	op->looks = true;
	got = load_all(op, root, ret_said);
	op->looks = false;
	op_abort(op);
	if (is_ok(got)) {
		op->office->catch_up = office_catch_up;
		office_worked(op->office, op->now);
		office_clock_vouched(op->office);
		office_rotation_begin(op);
	} else {
		office_seal(op->office);
	}
	return got;
}

void
office_seal(struct office *office)
{
	sodium_memzero(office->settings, sizeof(*office->settings));
	desk_forget(office->desk);
	guard_forget(office->guard);
	keyring_forget(office->keyring);
	office_rotation_forget(office);
}

/* ---- settings --------------------------------------------------------- */

static int
setting_at(const struct settings *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->at[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

text
office_setting(const struct office *office, const char *name)
{
	int at = setting_at(office->settings, name);

	return at < 0 ? T("") : text_of(office->settings->at[at].value);
}

static result
keep_in_memory(struct settings *s, const char *name, id row, uint64_t v,
    text value)
{
	int at = setting_at(s, name);

	if (strlen(name) >= sizeof(s->at[0].name) ||
	    value.n >= sizeof(s->at[0].value))
		return refuse(TOO_LARGE);
	if (at < 0) {
		if (s->n == SETTINGS_MAX)
			return refuse(TOO_LARGE);
		at = (int)s->n++;
	}
	memset(&s->at[at], 0, sizeof(s->at[at]));
	memcpy(s->at[at].name, name, strlen(name));
	memcpy(s->at[at].value, value.p, value.n);
	s->at[at].row = row;
	s->at[at].v = v;
	return OK;
}

static result
take_setting(struct op *op, struct row_set *rows, struct settings *to)
{
	id row = column_id(rows, "id");
	uint64_t v = (uint64_t)column_number(rows, "v");
	struct unpacker u;
	struct packed one;
	text name = T("");
	text value = T("");
	text plain;

	TRY(facts_open_office(op, PURPOSE_OFFICE, CLASS_OFFICE, "setting",
	    row, v, column_blob(rows, "record"), &plain));
	u = unpack_begin(plain.p, plain.n);
	while (unpack_next(&u, &one)) {
		if (one.tag == TAG_NAME)
			name = arena_text(op->arena, one.value);
		else if (one.tag == TAG_VALUE)
			value = one.value;
	}
	TRY(unpack_end(&u));
	NEED(name.p);
	return keep_in_memory(to, name.p, row, v, value);
}

result
office_load_settings(struct op *op)
{
	struct settings *fresh = arena_take(op->arena, sizeof(*fresh));
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	NEED(fresh);
	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_setting_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		got = take_setting(op, rows, fresh);
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	if (is_ok(got))
		*op->office->settings = *fresh;
	return got;
}

bool
office_settings_doubtful(const struct office *office)
{
	return office->settings->doubtful;
}

void
office_set_kept(struct office *office)
{
	office->settings->doubtful = false;
}

static result
write_setting(struct op *op, bool fresh, id row, uint64_t v, text record)
{
	const struct arg args[] = {
		arg_id("id", row),
		arg_blob("record", record),
		arg_number("v", (int64_t)v),
	};
	int64_t changed = 1;

	if (fresh)
		return store_run(op->tx, &sql_setting_insert, args, 2, NULL);
	TRY(store_run(op->tx, &sql_setting_update, args, LENGTH(args),
	    &changed));
	return changed == 1 ? OK : refuse(CONFLICT);
}

result
office_set(struct op *op, const char *name, text value)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);
	struct packer p = pack_begin(&plain);
	const struct settings *s = op->office->settings;
	struct touched t = { .table = TABLE_SETTING,
		.seq = &sql_setting_seq };
	text record;
	uint64_t v;
	id row;
	int at;

	TRY(op_begin(op, TX_WRITE));
	at = setting_at(s, name);
	row = at < 0 ? op_new_id(op) : s->at[at].row;
	v = at < 0 ? 0 : s->at[at].v;
	t.row = row;
	t.v = v + 1;
	pack_add(&p, TAG_NAME, name, strlen(name));
	pack_add(&p, TAG_VALUE, value.p, value.n);
	TRY(pack_end(&p));
	TRY(facts_seal_office(op, PURPOSE_OFFICE, CLASS_OFFICE, "setting",
	    row, v + 1, buf_view(&plain), &record));
	TRY(write_setting(op, at < 0, row, v, record));
	blake2b(t.digest, 32, NULL, 0, record, T(""));
	TRY(op_touch(op, &t));
	op->office->settings->doubtful = true;
	return keep_in_memory(op->office->settings, name, row, v + 1, value);
}

/* There are few: all in one slice. */
struct lying { id row; uint64_t v; text record; };

static result
reseal_setting(struct op *op, struct reseal *at, const struct lying *l)
{
	const struct record_place place = { .class = CLASS_OFFICE,
		.table = "setting", .row = l->row, .version = l->v };
	struct touched t = { .table = TABLE_SETTING, .row = l->row,
		.v = l->v, .seq = &sql_setting_seq };
	text fresh;

	TRY(facts_reseal_record(op, at, &place, l->record, &fresh));
	if (fresh.n == 0)
		return OK;

	const struct arg args[] = {
		arg_id("id", l->row), arg_blob("record", fresh),
		arg_number("v", (int64_t)l->v),
	};
	TRY(store_run(op->tx, &sql_setting_reseal, args, LENGTH(args),
	    NULL));
	blake2b(t.digest, 32, NULL, 0, fresh, T(""));
	return op_touch(op, &t);
}

result
office_reseal_settings(struct op *op, struct reseal *at)
{
	struct lying *list = arena_array(op->arena, SETTINGS_MAX,
	    sizeof(*list));
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got;

	NEED(list);
	TRY(op_begin(op, TX_WRITE));
	TRY(store_query(op->tx, &sql_setting_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		if (n == SETTINGS_MAX) {
			got = fault(CORRUPT);
			break;
		}
		list[n] = (struct lying){ column_id(rows, "id"),
			(uint64_t)column_number(rows, "v"),
			arena_text(op->arena, column_blob(rows, "record")) };
		if (list[n++].record.p == NULL) {
			got = fault(NO_MEMORY);
			break;
		}
	}
	row_end(&rows);
	TRY(got);
	for (size_t i = 0; i < n; i++)
		TRY(reseal_setting(op, at, &list[i]));
	at->step++;
	return OK;
}

/* ---- files of the program --------------------------------------------- */

static const char *const files_setting[] = { [FILES_LAW] = "law_files",
	[FILES_CODES] = "code_lists" };

/* The setting is a digest, or a digest and the day on which it came. */
struct files_seen
office_files(const struct office *o, enum office_files which)
{
	text kept = office_setting(o, files_setting[which]);
	text known = text_cut(&kept, ' ');
	struct files_seen f = { .digest = which == FILES_CODES ?
	    codes_digest(o->codes) : o->law == NULL ? T("") :
	    law_digest(o->law) };

	f.noted = text_same(known, f.digest);
	if (kept.n > 0 && !day_read(kept, &f.changed))
		f.noted = false;
	return f;
}

result
office_note_files(struct op *op)
{
	for (int i = FILES_LAW; i <= FILES_CODES; i++) {
		struct files_seen f = office_files(op->office,
		    (enum office_files)i);
		bool first = office_setting(op->office,
		    files_setting[i]).n == 0;
		text value = f.digest;

		if (f.noted)
			continue;
		if (!first)
			value = arena_format(op->arena, "%.*s %s",
			    (int)f.digest.n, f.digest.p,
			    day_iso(op->arena, op->today).p);
		NEED(value.p);
		TRY(office_set(op, files_setting[i], value));
	}
	return OK;
}
