/*
 * The keys part of a backup: everything without which the data part is
 * noise.  Replaced whole at each run, so that what was shredded since is in
 * no copy.
 *
 *	0	8	ALASKEY1
 *	8	4096	the vault's header
 *	then, each with its first byte:
 *	1 to 3		a key of that kind: id 16, epoch u32, n u16, record n
 *	4		a tombstone: id 16, day i64
 *	0		the end: keys u32, tombstones u32, and BLAKE2b-32 of
 *			every byte before the hash
 */
#include "lifecycle.h"

#include "ops_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC = 8, HASH = 32, WRITE_STEP = 64 * KIB, KIND_KEY_MAX = 3,
	KIND_TOMBSTONE = 4, KEY_HEAD = 16 + 4 + 2, TOMBSTONE = 16 + 8,
	END = 4 + 4, VAULT_ROW = 1 };
static const char magic[MAGIC + 1] = "ALASKEY1";
static const uint64_t part_max = (uint64_t)512 * MIB;

/* ---- writing ---------------------------------------------------------- */

struct writer {
	int fd;
	struct buf waiting;
	crypto_generichash_state hash;
	uint32_t keys, tombstones;
};

static void
close_writer(struct writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	buf_free(&w->waiting);
}

static result
put_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno == ENOSPC || errno == EDQUOT ||
			    errno == EROFS ? refuse(FULL) : fault(IO);
		p += done;
		n -= (size_t)done;
	}
	return OK;
}

static result
flush(struct writer *w)
{
	TRY(buf_end(&w->waiting));
	crypto_generichash_update(&w->hash, (uint8_t *)w->waiting.p,
	    w->waiting.n);
	TRY(put_all(w->fd, w->waiting.p, w->waiting.n));
	buf_clear(&w->waiting);
	return OK;
}

static result
flush_full(struct writer *w)
{
	return w->waiting.n < WRITE_STEP ? OK : flush(w);
}

static result
put_key(void *self, const struct key_row *k)
{
	struct writer *w = self;

	if (k->record.n > UINT16_MAX)
		return fault(CORRUPT);
	buf_char(&w->waiting, (char)k->kind);
	buf_add(&w->waiting, k->id.b, sizeof(k->id.b));
	buf_u32(&w->waiting, k->epoch);
	buf_u16(&w->waiting, (uint16_t)k->record.n);
	buf_text(&w->waiting, k->record);
	w->keys++;
	return flush_full(w);
}

static result
put_tombstone(void *self, const struct tombstone *t)
{
	struct writer *w = self;

	buf_char(&w->waiting, KIND_TOMBSTONE);
	buf_add(&w->waiting, t->object.b, sizeof(t->object.b));
	buf_u64(&w->waiting, (uint64_t)t->day);
	w->tombstones++;
	return flush_full(w);
}

static result
put_end(struct writer *w)
{
	uint8_t hash[HASH];

	buf_char(&w->waiting, 0);
	buf_u32(&w->waiting, w->keys);
	buf_u32(&w->waiting, w->tombstones);
	TRY(flush(w));
	crypto_generichash_final(&w->hash, hash, sizeof(hash));
	return put_all(w->fd, hash, sizeof(hash));
}

result
office_write_keys_part(struct op *op, const char *path)
{
	CLEANUP(close_writer) struct writer w = {
		.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600),
		.waiting = buf_new(4 * WRITE_STEP),
	};

	if (w.fd < 0)
		return errno == ENOSPC ? refuse(FULL) : fault(IO);
	crypto_generichash_init(&w.hash, NULL, 0, HASH);
	buf_add(&w.waiting, magic, MAGIC);
	buf_add(&w.waiting, op->office->vault.b, VAULT_BYTES);
	TRY(facts_each_key(op, &w, put_key));
	TRY(facts_each_tombstone(op, &w, put_tombstone));
	return put_end(&w);
}

/* ---- reading ---------------------------------------------------------- */

struct part {
	char *p;
	size_t n, at;
	struct vault vault;
	uint32_t keys, tombstones;
};

static void
free_part(struct part *p)
{
	free(p->p);
}

static result
read_part(const char *path, struct part *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	size_t at = 0;
	ssize_t n = 1;

	if (fd < 0)
		return errno == ENOENT ? refuse(NOT_FOUND) : fault(IO);
	if (fstat(fd, &is) != 0 || is.st_size <= 0 ||
	    (uint64_t)is.st_size > part_max) {
		close(fd);
		return fault(CORRUPT);
	}
	ret->n = (size_t)is.st_size;
	ret->p = malloc(ret->n);
	while (ret->p != NULL && at < ret->n && n > 0) {
		n = read(fd, ret->p + at, ret->n - at);
		at += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	NEED(ret->p);
	return at == ret->n ? OK : fault(IO);
}

static bool
part_whole(struct part *p)
{
	struct vault_facts facts;
	uint8_t hash[HASH];

	if (p->n < MAGIC + VAULT_BYTES + 1 + END + HASH ||
	    memcmp(p->p, magic, MAGIC) != 0)
		return false;
	blake2b(hash, sizeof(hash), NULL, 0, (text){ p->p, p->n - HASH },
	    T(""));
	if (memcmp(hash, p->p + p->n - HASH, HASH) != 0)
		return false;
	memcpy(p->vault.b, p->p + MAGIC, VAULT_BYTES);
	p->at = MAGIC + VAULT_BYTES;
	p->n -= HASH;
	return is_ok(vault_read(&p->vault, &facts));
}

static id
id_at(const char *p)
{
	id i;

	memcpy(i.b, p, sizeof(i.b));
	return i;
}

static result
take_key(struct op *op, struct part *p, int kind)
{
	const char *head = p->p + p->at;
	struct key_row k = { .kind = kind };

	if (p->n - p->at < KEY_HEAD)
		return fault(CORRUPT);
	p->at += KEY_HEAD;
	k.id = id_at(head);
	k.epoch = get_u32(head + 16);
	k.record = (text){ p->p + p->at, get_u16(head + 20) };
	if (p->n - p->at < k.record.n)
		return fault(CORRUPT);
	p->at += k.record.n;
	p->keys++;
	return facts_put_key(op, &k);
}

static result
take_tombstone(struct op *op, struct part *p)
{
	const char *head = p->p + p->at;

	if (p->n - p->at < TOMBSTONE)
		return fault(CORRUPT);
	p->at += TOMBSTONE;
	p->tombstones++;
	return facts_put_tombstone(op, &(struct tombstone){ id_at(head),
	    (int64_t)get_u64(head + 16) });
}

static result
take_rows(struct op *op, struct part *p)
{
	const struct arg header[] = {
		arg_number("id", VAULT_ROW),
		arg_blob("header", ((text){ (const char *)p->vault.b,
		    VAULT_BYTES })),
	};

	TRY(op_begin(op, TX_WRITE));
	TRY(store_run(op->tx, &sql_vault_insert, header, LENGTH(header),
	    NULL));
	while (p->at < p->n) {
		int kind = p->p[p->at++];

		if (kind == 0)
			break;
		if (kind > KIND_TOMBSTONE || kind < 0)
			return fault(CORRUPT);
		TRY(kind <= KIND_KEY_MAX ? take_key(op, p, kind) :
		    take_tombstone(op, p));
	}
	if (p->n - p->at != END || get_u32(p->p + p->at) != p->keys ||
	    get_u32(p->p + p->at + 4) != p->tombstones)
		return fault(CORRUPT);
	return tx_commit(&op->tx);
}

/* Killed after the commit, a start finds what it took up itself. */
static result
take_part(struct op *op, struct part *p, text *ret_said)
{
	result got = office_read_header(op);
	bool mine = is_ok(got) && memcmp(op->office->vault.b, p->vault.b,
	    VAULT_BYTES) == 0;

	op_abort(op);
	if (mine)
		return OK;
	if (got.code != E_NOT_FOUND) {
		*ret_said = T("db/keys.part lies beside a database that has "
		    "keys of its own; put the file away, or unpack the "
		    "backup into an empty folder");
		return is_ok(got) ? refuse(CONFLICT) : got;
	}
	got = take_rows(op, p);
	op_abort(op);
	if (!is_ok(got))
		*ret_said = T("db/keys.part does not go into the database; "
		    "is it of this backup?");
	return got;
}

result
office_take_keys_part(struct op *op, text *ret_said)
{
	CLEANUP(free_part) struct part p = { .p = NULL };
	text path = arena_format(op->arena, "%.*s/db/keys.part",
	    (int)op->office->folder.n, op->office->folder.p);
	result got;

	NEED(path.p);
	got = read_part(path.p, &p);
	if (got.code == E_NOT_FOUND)
		return OK;
	if (is_ok(got) && !part_whole(&p))
		got = fault(CORRUPT);
	if (!is_ok(got)) {
		*ret_said = T("db/keys.part is damaged; unpack the other "
		    "copy of the keys part");
		return got;
	}
	TRY(take_part(op, &p, ret_said));
	/* Rows that the tombstones name lose their bytes here, once persons
	 * can be shredded: no key of theirs came with the part. */
	TRY(office_read_header(op));
	op_abort(op);
	TRY(office_write_header(op));
	return unlink(path.p) == 0 ? OK : fault(IO);
}
