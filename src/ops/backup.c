/*
 * Backups: the office makes the copy and says what became of it; packing,
 * sealing with age and carrying away is `alas backup`, which sees sealed
 * bytes alone.
 */
#include "ops_inside.h"

#include "audit.h"
#include "facts_rows.h"
#include "fields.h"
#include "lifecycle.h"
#include "ops_sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TEXT = 13, HEAD_MAX = 64 * KIB, RECIPIENTS_MAX = 7,
	LINES_MAX = 480 };

/* ---- what the settings say -------------------------------------------- */

static text
keys_setting(struct op *op, text path)
{
	uint8_t hash[16];
	char hex[17] = "";

	blake2b(hash, sizeof(hash), NULL, 0, path, T(""));
	hex_write(hex, hash, 8);
	return arena_format(op->arena, "backup_keys_%.16s", hex);
}

static instant
instant_setting(const struct office *o, const char *name)
{
	int64_t ms;

	return text_integer(office_setting(o, name), &ms) ?
	    (instant){ ms, true } : (instant){ 0 };
}

result
office_backups(struct op *op, struct backup_state *ret)
{
	const struct office *o = op->office;
	text paths = office_setting(o, "backup_targets");

	*ret = (struct backup_state){
		.recipients = office_setting(o, "backup_recipients"),
		.made = instant_setting(o, "backup_made"),
		.verified = instant_setting(o, "backup_verified"),
		.shredded = instant_setting(o, "shredded_at"),
	};
	while (paths.n > 0 && ret->targets < BACKUP_TARGETS_MAX) {
		text path = text_cut(&paths, '\n');
		text name = keys_setting(op, path);

		NEED(name.p);
		ret->target[ret->targets].path = path;
		ret->target[ret->targets++].keys = instant_setting(o, name.p);
	}
	return OK;
}

bool
office_backup_old(const struct backup_state *s, size_t target)
{
	const struct backup_target *t = &s->target[target];

	return (t->keys.known && s->made.known && t->keys.ms < s->made.ms) ||
	    office_backup_shredded(s, target);
}

/* A run is called by the minute in which it began: what was shredded in
 * that minute may be in it. */
bool
office_backup_shredded(const struct backup_state *s, size_t target)
{
	const struct backup_target *t = &s->target[target];

	return t->keys.known && s->shredded.known &&
	    t->keys.ms <= s->shredded.ms;
}

static text
oldest_setting(struct op *op, text path)
{
	text keys = keys_setting(op, path);

	/* backup_keys_HASH and backup_oldest_HASH */
	return keys.p == NULL ? T("") : arena_format(op->arena,
	    "backup_oldest_%s", keys.p + sizeof("backup_keys_") - 1);
}

/* Where nobody has said what lies there, it is waited for; parts older than
 * a year are gone by themselves. */
bool
office_part_before(struct op *op, int64_t at_s)
{
	const int64_t year_ms = (int64_t)366 * 24 * 60 * 60 * 1000;
	struct backup_state s;

	if (!is_ok(office_backups(op, &s)))
		return true;
	if (!s.made.known || op->now.ms - at_s * 1000 > year_ms)
		return false;
	for (size_t i = 0; i < s.targets; i++) {
		text name = oldest_setting(op, s.target[i].path);
		instant oldest = name.p == NULL ? (instant){ 0 } :
		    instant_setting(op->office, name.p);

		if (!oldest.known || oldest.ms <= at_s * 1000)
			return true;
	}
	return s.targets == 0;
}

/* ---- the folder of the copy ------------------------------------------- */

static text
in_folder(struct op *op, const char *name)
{
	return arena_format(op->arena, "%.*s/run/backup%s%s",
	    (int)op->office->folder.n, op->office->folder.p,
	    name[0] == '\0' ? "" : "/", name);
}

/* What an earlier run left, whole or not. */
static result
empty_folder(struct op *op)
{
	text path = in_folder(op, "");
	struct dirent *one;
	DIR *folder;
	bool good = true;

	NEED(path.p);
	folder = opendir(path.p);
	if (folder == NULL)
		return errno == ENOENT ? OK : fault(IO);
	while ((one = readdir(folder)) != NULL) {
		if (strcmp(one->d_name, ".") != 0 &&
		    strcmp(one->d_name, "..") != 0)
			good &= unlinkat(dirfd(folder), one->d_name, 0) == 0;
	}
	closedir(folder);
	return good ? OK : fault(IO);
}

static result
write_file(struct op *op, const char *name, text bytes)
{
	text path = in_folder(op, name);
	ssize_t n;
	int fd;

	NEED(path.p);
	fd = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == ENOSPC ? refuse(FULL) : fault(IO);
	n = write(fd, bytes.p, bytes.n);
	if (close(fd) != 0 || n != (ssize_t)bytes.n)
		return refuse(FULL);
	return OK;
}

/* ---- begin ------------------------------------------------------------ */

static result
begin_copy(struct op *op)
{
	text folder = in_folder(op, "");
	text path = in_folder(op, "office.sqlite");

	NEED(folder.p);
	NEED(path.p);
	/* One that nobody waits for, or that PostgreSQL still holds. */
	store_copy_free(&op->office->copy);
	TRY(empty_folder(op));
	if (mkdir(folder.p, 0700) != 0 && errno != EEXIST)
		return errno == ENOSPC ? refuse(FULL) : fault(IO);
	TRY(store_copy_new(op->office->store, path.p, &op->office->copy));
	op->errand = (struct errand){ .kind = ERRAND_COPY };
	return refuse(WAIT);
}

static result
add_counts(struct op *op, const struct statement *counts, struct buf *out)
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(op->tx, counts, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		text name = column_text(rows, "name");

		buf_format(out, "# rows %.*s %lld\n", (int)name.n, name.p,
		    (long long)column_number(rows, "n"));
	}
	row_end(&rows);
	return got;
}

/*
 * What this copy must be found to be: comments to sha256sum, which reads
 * the lines that follow.
 */
static result
say_copy(struct op *op, text name, struct buf *out)
{
	const struct office *o = op->office;
	int at;
	int head;

	TRY(store_migration(o->store, &at, &head));
	buf_format(out, "# alas backup 1\n# name %.*s\n# vault %s\n"
	    "# alas %s\n# engine %s\n# schema %d\n", (int)name.n, name.p,
	    id_hex(op->arena, o->vault_id).p, ALAS_VERSION,
	    store_engine(o->store) == ENGINE_SQLITE ? "sqlite" : "postgres",
	    at);
	return buf_end(out);
}

/* Others may write to the same database, so all that must agree with the
 * copy is read from where it was made. */
static result
see_copy(struct op *op)
{
	op->tx_kind = TX_READ;
	return store_copy_begin(op->office->copy, &op->tx);
}

static result
say_rows(struct op *op, const char *keys, struct buf *out,
    struct audit_head *ret)
{
	TRY(see_copy(op));
	TRY(office_write_keys_part(op, keys));
	TRY(add_counts(op, &entity_counts, out));
	TRY(add_counts(op, &sql_floor_counts, out));
	TRY(audit_head_seen(op, ret));
	op_abort(op);
	return buf_end(out);
}

/* Signed in the transaction that the operation commits. */
static result
say_checkpoint(struct op *op, const struct audit_head *head, struct buf *out)
{
	struct audit_fork fork;
	text note;

	TRY(audit_checkpoint_of(op, head, &note, &fork));
	while (note.n > 0) {
		text line = text_cut(&note, '\n');

		buf_format(out, "# checkpoint %.*s\n", (int)line.n, line.p);
	}
	return buf_end(out);
}

static text
name_of(struct op *op)
{
	text at = instant_rfc3339(op->arena, op->now);

	if (at.n < 16)
		return T("");
	return arena_format(op->arena, "%.4s%.2s%.2s-%.2s%.2s", at.p,
	    at.p + 5, at.p + 8, at.p + 11, at.p + 14);
}

/*
 * Copy, counts, keys and checkpoint are of one moment: all in one turn of the
 * loop, and where others may write meanwhile, of one snapshot.
 */
static result
end_copy(struct op *op, const struct backup_state *s, text name)
{
	static const struct statement *const emptied[] = {
		&sql_backup_no_keys, &sql_backup_no_vault,
		&sql_backup_no_drafts, NULL
	};
	CLEANUP(buf_free) struct buf manifest = buf_new(HEAD_MAX);
	struct office *o = op->office;
	text keys = in_folder(op, "keys.part");
	struct audit_head head;

	NEED(keys.p);
	op_abort(op);
	TRY(say_copy(op, name, &manifest));
	TRY(store_copy_end(o->copy, emptied));
	node_add_text(op->answer, "snapshot", arena_text(op->arena,
	    text_of(store_copy_snapshot(o->copy))));
	TRY(say_rows(op, keys.p, &manifest, &head));
	if (store_engine(o->store) == ENGINE_SQLITE)
		store_copy_free(&o->copy);
	TRY(say_checkpoint(op, &head, &manifest));
	TRY(write_file(op, "MANIFEST", buf_view(&manifest)));
	TRY(write_file(op, "vault.hdr", (text){ (const char *)o->vault.b,
	    VAULT_BYTES }));
	TRY(write_file(op, "recipients", s->recipients));
	return write_file(op, "targets", office_setting(o, "backup_targets"));
}

static result
run_begin(struct op *op, const struct reach *reach)
{
	struct backup_state s;
	text name = name_of(op);
	result got;

	(void)reach;
	NEED(name.p);
	TRY(office_backups(op, &s));
	if (s.recipients.n == 0) {
		op_problem(op, "", "problem.backup_recipients");
		return refuse(INVALID);
	}
	if (op->office->copying)
		return refuse(BUSY);
	if (!op->errand.done)
		return begin_copy(op);
	got = op->errand.failed;
	if (is_ok(got))
		got = end_copy(op, &s, name);
	node_add_text(op->answer, "name", name);
	node_add_text(op->answer, "engine", store_engine(op->office->store) ==
	    ENGINE_SQLITE ? T("sqlite") : T("postgres"));
	if (is_ok(got))
		got = ops_commit(op, EVENT_BACKUP_COPIED, NULL, (id){ 0 });
	if (!is_ok(got)) {
		store_copy_free(&op->office->copy);
		ignore(empty_folder(op), "the next run empties it");
	}
	return got;
}

/* ---- end, verified ---------------------------------------------------- */

/* "20261124-1400": the minute in which its copy was begun, UTC. */
static bool
read_name(struct op *op, text name, instant *ret)
{
	text at;

	if (name.n != NAME_TEXT || name.p[8] != '-')
		return false;
	at = arena_format(op->arena, "%.4s-%.2s-%.2sT%.2s:%.2s:00Z", name.p,
	    name.p + 4, name.p + 6, name.p + 9, name.p + 11);
	return at.p != NULL && instant_read(at, ret) &&
	    ret->ms <= op->now.ms;
}

static result
set_instant(struct op *op, const char *name, instant t)
{
	text value = arena_format(op->arena, "%lld", (long long)t.ms);

	NEED(value.p);
	return office_set(op, name, value);
}

static bool
is_target(const struct backup_state *s, text path)
{
	for (size_t i = 0; i < s->targets; i++) {
		if (text_same(s->target[i].path, path))
			return true;
	}
	return false;
}

/* Which run it was comes back with it: times of the same one are equal.
 * An empty list comes as one empty value. */
/* The oldest data part there: it may need a key that was retired since. */
static result
note_oldest(struct op *op, text path, text part)
{
	text name = oldest_setting(op, path);
	instant at;

	NEED(name.p);
	if (!read_name(op, part, &at)) {
		op_problem(op, "oldest", "problem.backup_name");
		return refuse(INVALID);
	}
	return set_instant(op, name.p, at);
}

static result
run_end(struct op *op, const struct reach *reach)
{
	const struct input *given = op_inputs(op, "reached");
	const struct input *oldest = op_inputs(op, "oldest");
	size_t n = given == NULL || given->values[0].n == 0 ? 0 : given->n;
	struct backup_state s;
	instant at = { 0 };

	(void)reach;
	TRY(office_backups(op, &s));
	if (!read_name(op, op_input(op, "name"), &at))
		op_problem(op, "name", "problem.backup_name");
	for (size_t i = 0; i < n; i++) {
		if (!is_target(&s, given->values[i]))
			op_problem(op, "reached", "problem.backup_target");
	}
	if (oldest != NULL && n > 0 && oldest->n != n)
		op_problem(op, "oldest", "problem.backup_name");
	TRY(op_problems(op));
	if (!op->office->copying) {
		store_copy_free(&op->office->copy);
		TRY(empty_folder(op));
	}
	for (size_t i = 0; i < n; i++) {
		text name = keys_setting(op, given->values[i]);

		NEED(name.p);
		TRY(set_instant(op, name.p, at));
		if (oldest != NULL)
			TRY(note_oldest(op, given->values[i],
			    oldest->values[i]));
	}
	if (n > 0)
		TRY(set_instant(op, "backup_made", at));
	return ops_commit(op, n > 0 ? EVENT_BACKUP_MADE :
	    EVENT_BACKUP_FAILED, NULL, (id){ 0 });
}

/* A note of this size and root was signed here, when the copy was made. */
static result
was_signed(struct op *op, int64_t size, text root, bool *ret)
{
	const struct arg arg = arg_number("seq", size);
	struct row_set *rows = NULL;
	uint8_t bytes[32];
	bool there = false;
	text body;
	result got;

	*ret = false;
	if (!hex_read(root, bytes, sizeof(bytes)))
		return OK;
	body = checkpoint_text(op->arena, op->office->vault_id,
	    (uint64_t)size, bytes);
	NEED(body.p);
	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_checkpoint_at, &arg, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there)
		*ret |= text_starts(column_text(rows, "note"), body);
	row_end(&rows);
	return got;
}

static result
run_verified(struct op *op, const struct reach *reach)
{
	struct backup_state s;
	instant at = { 0 };
	int64_t leaves = -1;
	bool ours = false;

	(void)reach;
	TRY(office_backups(op, &s));
	if (!read_name(op, op_input(op, "name"), &at))
		op_problem(op, "name", "problem.backup_name");
	if (text_integer(op_input(op, "leaves"), &leaves) && leaves >= 0)
		TRY(was_signed(op, leaves, op_input(op, "root"), &ours));
	if (!ours)
		op_problem(op, "root", "problem.backup_root");
	TRY(op_problems(op));
	if (!s.verified.known || s.verified.ms < at.ms)
		TRY(set_instant(op, "backup_verified", at));
	return ops_commit(op, EVENT_BACKUP_VERIFIED, NULL, (id){ 0 });
}

/* ---- recipients and targets ------------------------------------------- */

static bool
path_good(text path)
{
	return path.n > 1 && path.p[0] == '/' && path.n < LINES_MAX &&
	    !text_has_control(path, false);
}

/* The lines of a typed text, trimmed, without empty ones. */
static result
read_lines(struct op *op, const char *input, bool (*good)(text line),
    size_t most, const char *problem, text *ret)
{
	CLEANUP(buf_free) struct buf out = buf_new(KIB);
	text typed = op_input(op, input);
	size_t n = 0;

	while (typed.n > 0) {
		text line = text_trim(text_cut(&typed, '\n'));

		if (line.n == 0)
			continue;
		if (!good(line)) {
			problem_add(&op->problems, text_of(input), problem,
			    &line, 1);
			return OK;
		}
		if (n++ > 0)
			buf_char(&out, '\n');
		buf_text(&out, line);
	}
	if (n > most || out.n > LINES_MAX || out.failed) {
		op_problem(op, input, "problem.backup_many");
		return OK;
	}
	*ret = arena_text(op->arena, buf_view(&out));
	NEED(ret->p);
	return OK;
}

static result
run_edit(struct op *op, const struct reach *reach)
{
	text recipients = T("");
	text targets = T("");

	(void)reach;
	op->location = T("/system");
	TRY(read_lines(op, "recipients", age_recipient_good, RECIPIENTS_MAX,
	    "problem.backup_recipient", &recipients));
	TRY(read_lines(op, "targets", path_good, BACKUP_TARGETS_MAX,
	    "problem.backup_path", &targets));
	TRY(op_problems(op));
	/* Who names other folders in the terminal has not taken the keys
	 * away: what was not said stays. */
	if (op_given(op, "recipients"))
		TRY(office_set(op, "backup_recipients", recipients));
	if (op_given(op, "targets"))
		TRY(office_set(op, "backup_targets", targets));
	return ops_commit(op, EVENT_BACKUP_SET, NULL, (id){ 0 });
}

static result
form_edit(struct op *op, const struct reach *reach)
{
	(void)reach;
	op->location = T("/system");
	TRY(ops_form(op, NULL, 0));
	ops_propose(op, "recipients",
	    office_setting(op->office, "backup_recipients"));
	ops_propose(op, "targets",
	    office_setting(op->office, "backup_targets"));
	return node_whole(op->answer);
}

/* ---- rows ------------------------------------------------------------- */

static const struct in no_in[] = { IN_END };
static const struct in end_in[] = {
	IN_OWN("name", KIND_TEXT, "backup.name", IN_REQUIRED),
	IN_OWN("reached", KIND_TEXT, "backup.reached", IN_MANY),
	IN_OWN("oldest", KIND_TEXT, "backup.oldest", IN_MANY),
	IN_END
};
static const struct in verified_in[] = {
	IN_OWN("name", KIND_TEXT, "backup.name", IN_REQUIRED),
	IN_OWN("leaves", KIND_INTEGER, "backup.leaves", IN_REQUIRED),
	IN_OWN("root", KIND_TEXT, "backup.root", IN_REQUIRED),
	IN_END
};
static const struct in edit_in[] = {
	{ .name = "recipients", .kind = KIND_MULTILINE,
	  .label = "backup.recipients", .most = LINES_MAX },
	{ .name = "targets", .kind = KIND_MULTILINE,
	  .label = "backup.targets", .most = LINES_MAX },
	IN_END
};

const struct op_row backup_ops[] = {
	{ .name = "backup.edit", .area = AREA_SYSTEM_BACKUP,
	  .need = LEVEL_WRITE, .page = "/system/backup",
	  .api = "POST /system/backup", .shell = "system backup",
	  .flags = OP_CHANGES, .inputs = edit_in, .run = run_edit,
	  .form = form_edit },
	{ .name = "backup.begin", .area = AREA_SYSTEM_BACKUP,
	  .need = LEVEL_WRITE, .api = "POST /system/backup/begin",
	  .flags = OP_CHANGES | OP_SLOW, .inputs = no_in, .run = run_begin },
	{ .name = "backup.end", .area = AREA_SYSTEM_BACKUP,
	  .need = LEVEL_WRITE, .api = "POST /system/backup/end",
	  .flags = OP_CHANGES, .inputs = end_in, .run = run_end },
	{ .name = "backup.verified", .area = AREA_SYSTEM_BACKUP,
	  .need = LEVEL_WRITE, .api = "POST /system/backup/verified",
	  .flags = OP_CHANGES, .inputs = verified_in, .run = run_verified },
	{ .name = NULL }
};
