/*
 * alas-office check: is this restored folder the office that its backup was
 * made of?  Everything is tried: the engine's own check, the tree and its
 * signature, the rows of each table, and every record.
 */
#include "office.h"

#include "audit.h"
#include "cell.h"
#include "facts_rows.h"
#include "lifecycle.h"
#include "ops_sql.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MANIFEST_MAX = 4 * MIB, SECRET_MAX = PASSPHRASE_BYTES_MAX + 1 };

struct check {
	struct op op;
	text manifest;
	text said;			/* what is wrong */
	struct audit_head head;		/* as the manifest signed it */
	int64_t harmed;			/* files, each named */
};

static result
no(struct check *c, const char *what, text which)
{
	c->said = arena_format(c->op.arena, "%s%s%.*s", what,
	    which.n > 0 ? ": " : "", (int)which.n, which.p);
	return refuse(INVALID);
}

/* ---- the manifest ----------------------------------------------------- */

static result
read_manifest(struct check *c, const char *path)
{
	CLEANUP(buf_free) struct buf b = buf_new(MANIFEST_MAX);
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;
	char *to;

	while (fd >= 0 && (to = buf_extend(&b, KIB)) != NULL) {
		n = read(fd, to, KIB);
		b.n -= KIB - (n > 0 ? (size_t)n : 0);
		if (n <= 0)
			break;
	}
	if (fd >= 0)
		close(fd);
	if (n != 0 || b.failed)
		return no(c, "the manifest cannot be read", T(""));
	c->manifest = arena_text(c->op.arena, buf_view(&b));
	NEED(c->manifest.p);
	return OK;
}

/* The next line "# WORD rest" from `from` on; false: there is none. */
static bool
next_line(text *from, text word, text *ret)
{
	while (from->n > 0) {
		text line = text_cut(from, '\n');

		if (!text_starts(line, T("# ")))
			continue;
		line.p += 2;
		line.n -= 2;
		if (text_same(text_cut(&line, ' '), word)) {
			*ret = line;
			return true;
		}
	}
	return false;
}

static text
said_in_manifest(const struct check *c, text word)
{
	text from = c->manifest;
	text rest;

	return next_line(&from, word, &rest) ? rest : T("");
}

/* ---- opening ---------------------------------------------------------- */

/* One line; nine groups are the recovery phrase, else it is a passphrase. */
static result
read_secret(struct check *c, struct secret *line, int *ret_slot, text *ret)
{
	const struct vault_facts *f = &c->op.office->vault_facts;
	char *phrase = arena_take(c->op.arena, PHRASE_SECRET);
	int type = SLOT_PASSPHRASE;
	ssize_t n;

	NEED(phrase);
	TRY(secret_new(SECRET_MAX, line));
	n = read(STDIN_FILENO, line->p, line->n);
	*ret = text_trim((text){ (const char *)line->p,
	    n > 0 ? (size_t)n : 0 });
	if (phrase_read(*ret, phrase) == 0) {
		type = SLOT_PHRASE;
		*ret = (text){ phrase, PHRASE_SECRET };
	} else {
		TRY(passphrase_bytes(c->op.arena, *ret, ret));
	}
	for (int i = 0; i < VAULT_SLOTS; i++) {
		if (f->slot[i].state == 1 && f->slot[i].type == type) {
			*ret_slot = i;
			return OK;
		}
	}
	return no(c, "the header has no such way to open", T(""));
}

static result
open_office(struct check *c, struct secret *line, struct secret *keys)
{
	const struct office *o = c->op.office;
	key32 *kek;
	key32 *root;
	text secret;
	text said;
	int slot = 0;
	result got;

	if (id_none(o->vault_id))
		return no(c, "there is no header: the keys part is missing",
		    T(""));
	got = read_secret(c, line, &slot, &secret);
	if (!is_ok(got))
		return c->said.n > 0 ? got : no(c,
		    "neither a passphrase nor a recovery phrase", T(""));
	TRY(secret_new(2 * sizeof(key32), keys));
	kek = (key32 *)(void *)keys->p;
	root = kek + 1;
	TRY(vault_kek(secret, &o->vault_facts.slot[slot].kdf, kek));
	if (!is_ok(vault_open(&o->vault, slot, kek, root)))
		return no(c, "this passphrase or phrase does not open it",
		    T(""));
	if (!is_ok(office_unsealed(&c->op, root, &said)))
		return no(c, "it does not open", said);
	return OK;
}

/* ---- comparing -------------------------------------------------------- */

static result
check_counts(struct check *c, const struct statement *counts)
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(op_begin(&c->op, TX_READ));
	TRY(store_query(c->op.tx, counts, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		text name = column_text(rows, "name");
		text from = c->manifest;
		int64_t n = 0;
		text line;

		/* A table that came with a later version is empty. */
		while (next_line(&from, T("rows"), &line)) {
			if (text_same(text_cut(&line, ' '), name)) {
				if (!text_integer(line, &n))
					n = -1;
				break;
			}
		}
		if (n != column_number(rows, "n")) {
			got = no(c, "not the number of rows that the "
			    "manifest says", arena_text(c->op.arena, name));
			break;
		}
	}
	row_end(&rows);
	return got;
}

static result
check_checkpoint(struct check *c)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * KIB);
	struct audit_head there = audit_head(c->op.office->audit);
	struct audit_head signed_head;
	text from = c->manifest;
	text line;

	while (next_line(&from, T("checkpoint"), &line)) {
		buf_text(&b, line);
		buf_char(&b, '\n');
	}
	if (!is_ok(audit_checkpoint_read(&c->op, buf_view(&b),
	    &signed_head)))
		return no(c, "the checkpoint is not signed by this office",
		    T(""));
	if (signed_head.n != there.n || memcmp(signed_head.root, there.root,
	    sizeof(there.root)) != 0)
		return no(c, "the tree is not the one that the checkpoint "
		    "signed", T(""));
	return OK;
}

static result
check_tree(struct check *c)
{
	int64_t bad = -1;
	text said = T("");

	TRY(audit_verify(&c->op, &bad));
	op_abort(&c->op);
	if (bad >= 0)
		return no(c, "a leaf of the tree is wrong",
		    arena_format(c->op.arena, "%lld", (long long)bad));
	TRY(check_checkpoint(c));
	TRY(audit_verify_notes(&c->op, &bad));
	op_abort(&c->op);
	if (bad >= 0)
		return no(c, "a checkpoint that was kept is not of this tree",
		    arena_format(c->op.arena, "%lld", (long long)bad));
	TRY(facts_verify(&c->op, &said));
	op_abort(&c->op);
	return said.n == 0 ? OK : no(c, "a row is wrong", said);
}

/* To its end: only there it is known to be what the row says. */
static result
read_file(text folder, const file_ref *ref)
{
	CLEANUP(files_close) struct file_reading *r = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(4 * AF1_CHUNK);
	bool end = false;

	TRY(files_open(folder, ref, &r));
	while (!end) {
		buf_clear(&b);
		TRY(files_read(r, &b, &end));
	}
	return OK;
}

/*
 * The manifest knows the bytes as they were packed, damaged or not.  Each is
 * named and none ends the check: on the bad day an office without one paper
 * is more than no office, and who proves a backup is told all of them.
 */
static result
check_file(void *self, const file_ref *ref)
{
	struct check *c = self;
	char hex[2 * sizeof(ref->sealed_sha256) + 1] = "";
	result got = read_file(c->op.office->folder, ref);

	if (is_ok(got))
		return OK;
	hex_write(hex, ref->sealed_sha256, sizeof(ref->sealed_sha256));
	fprintf(stderr, "alas-office: a file that a row names is %s: %s\n",
	    got.code == E_NOT_FOUND ? "missing" : "damaged", hex);
	c->harmed++;
	return OK;
}

static result
check_all(struct check *c)
{
	CLEANUP(secret_free) struct secret line = { 0 };
	CLEANUP(secret_free) struct secret keys = { 0 };
	int64_t rows = 0;

	if (!is_ok(store_check(c->op.office->store)))
		return no(c, "the database is damaged",
		    text_of(store_message(c->op.office->store)));
	TRY(open_office(c, &line, &keys));
	if (!text_same(said_in_manifest(c, T("vault")),
	    id_hex(c->op.arena, c->op.office->vault_id)))
		return no(c, "keys part and data part are of two offices",
		    T(""));
	TRY(check_counts(c, &entity_counts));
	TRY(check_counts(c, &sql_floor_counts));
	op_abort(&c->op);
	TRY(check_tree(c));
	c->head = audit_head(c->op.office->audit);
	/* Older data and newer keys: what was shredded since goes now, and
	 * then everything that is there must open. */
	if (!is_ok(office_bury(&c->op)))
		return no(c, "what was shredded since cannot be removed",
		    T(""));
	if (!is_ok(facts_open_all(&c->op, guard_whole_office(&c->op),
	    &rows)))
		return no(c, "a record does not open", T(""));
	op_abort(&c->op);
	TRY(facts_each_file(&c->op, guard_whole_office(&c->op), c,
	    check_file));
	op_abort(&c->op);
	printf("rows %lld\nharmed %lld\n", (long long)rows,
	    (long long)c->harmed);
	return OK;
}

static void
print_head(struct check *c)
{
	const struct audit_head head = c->head;
	char hex[2 * sizeof(head.root) + 1] = "";

	hex_write(hex, head.root, sizeof(head.root));
	hex[2 * sizeof(head.root)] = '\0';
	printf("leaves %llu\nroot %s\n", (unsigned long long)head.n, hex);
}

static bool
take_options(struct office_options *o, int argc, char **argv,
    const char **ret_manifest)
{
	for (int i = 0; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--data") == 0)
			o->data = argv[i + 1];
		else if (strcmp(argv[i], "--postgres") == 0)
			o->postgres = argv[i + 1];
		else if (strcmp(argv[i], "--manifest") == 0)
			*ret_manifest = argv[i + 1];
		else
			return false;
	}
	return o->data != NULL && o->data[0] == '/' && argc % 2 == 0;
}

int
office_check(struct office_options *o, int argc, char **argv)
{
	struct arena *a = arena_new(OP_ARENA_MAX);
	struct check c = { .op = { .arena = a, .now = office_now() } };
	const char *manifest = NULL;
	struct office *office = NULL;
	result got;

	c.op.today = instant_day(c.op.now);
	if (a == NULL || !take_options(o, argc, argv, &manifest) ||
	    !is_ok(cell_harden()))
		return 2;
	got = office_open(o, a, &office, &c.said);
	c.op.office = office;
	if (is_ok(got))
		got = read_manifest(&c, manifest);
	if (is_ok(got))
		got = check_all(&c);
	if (is_ok(got))
		print_head(&c);
	else
		fprintf(stderr, "alas-office: %.*s\n", c.said.n > 0 ?
		    (int)c.said.n : (int)strlen(error_name(got)),
		    c.said.n > 0 ? c.said.p : error_name(got));
	op_abort(&c.op);
	office_close(&office);
	arena_free(a);
	return is_ok(got) ? 0 : 1;
}
