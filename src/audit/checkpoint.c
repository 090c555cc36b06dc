/* C2SP signed notes: the head of the tree, to be kept off the machine. */
#include "audit_inside.h"

#include "audit_sql.h"

#include <sodium.h>
#include <string.h>

enum { NOTE_KEY_HASH = 4, NOTE_SIGNATURE = 64, NOTE_ED25519 = 1 };

static text
base64(struct arena *a, const uint8_t *p, size_t n)
{
	size_t most = sodium_base64_ENCODED_LEN(n,
	    sodium_base64_VARIANT_ORIGINAL);
	char *out = arena_take(a, most);

	if (out == NULL)
		return T("");
	sodium_bin2base64(out, most, p, n, sodium_base64_VARIANT_ORIGINAL);
	return text_of(out);
}

static text
origin_of(struct arena *a, id vault)
{
	return arena_format(a, "alas/%s/audit", id_hex(a, vault).p);
}

text
checkpoint_text(struct arena *a, id vault, uint64_t n, const uint8_t root[32])
{
	return arena_format(a, "%s\n%llu\n%s\n", origin_of(a, vault).p,
	    (unsigned long long)n, base64(a, root, 32).p);
}

/* Key hash: SHA-256(name ‖ LF ‖ algorithm ‖ public key), first 4 bytes. */
static void
key_hash(text name, const uint8_t public_key[32], uint8_t ret[NOTE_KEY_HASH])
{
	crypto_hash_sha256_state st;
	uint8_t hash[32];
	const uint8_t between[2] = { '\n', NOTE_ED25519 };

	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, (const uint8_t *)name.p, name.n);
	crypto_hash_sha256_update(&st, between, 2);
	crypto_hash_sha256_update(&st, public_key, 32);
	crypto_hash_sha256_final(&st, hash);
	memcpy(ret, hash, NOTE_KEY_HASH);
}

/* Ed25519 by libsodium has no chance in it: the same head, the same note. */
static result
sign(struct op *op, const struct audit_head *head, text *ret)
{
	text body = checkpoint_text(op->arena, op->office->vault_id, head->n,
	    head->root);
	text name = origin_of(op->arena, op->office->vault_id);
	uint8_t signed_by[NOTE_KEY_HASH + NOTE_SIGNATURE];
	uint8_t public_key[32];
	text note;

	NEED(body.p);
	NEED(name.p);
	TRY(checkpoint_sign(op->office->keyring, body,
	    signed_by + NOTE_KEY_HASH, public_key));
	key_hash(name, public_key, signed_by);
	note = arena_format(op->arena, "%s\n— %s %s\n", body.p, name.p,
	    base64(op->arena, signed_by, sizeof(signed_by)).p);
	NEED(note.p);
	*ret = note;
	return OK;
}

/* ---- reading ---------------------------------------------------------- */

/* A form sends CR LF, and whoever copies a note may lose its last LF. */
static text
next_line(text *rest)
{
	return text_trim(text_cut(rest, '\n'));
}

result
audit_checkpoint_read(struct op *op, text note, struct audit_head *ret)
{
	text rest = note;
	struct audit_head head;
	int64_t size;
	text root;
	text ours;
	size_t n;

	next_line(&rest);
	if (!text_integer(next_line(&rest), &size) || size < 0)
		return refuse(INVALID);
	root = next_line(&rest);
	if (sodium_base642bin(head.root, sizeof(head.root), root.p, root.n,
	    NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    n != sizeof(head.root))
		return refuse(INVALID);
	head.n = (uint64_t)size;
	TRY(sign(op, &head, &ours));
	while (ours.n > 0) {
		if (!text_same(next_line(&ours), next_line(&note)))
			return refuse(INVALID);
	}
	if (text_trim(note).n > 0)
		return refuse(INVALID);
	*ret = head;
	return OK;
}

result
audit_checkpoint_last(struct op *op, bool *ret_there, struct audit_head *ret)
{
	struct row_set *rows = NULL;
	struct audit_head head;
	bool there = false;
	uint64_t size = 0;
	text note = T("");
	result got;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_checkpoint_last, NULL, 0, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		size = (uint64_t)column_number(rows, "seq");
		note = arena_text(op->arena, column_text(rows, "note"));
	}
	row_end(&rows);
	TRY(got);
	*ret_there = there;
	if (!there)
		return OK;
	NEED(note.p);
	got = audit_checkpoint_read(op, note, &head);
	if (got.code == E_INVALID || (is_ok(got) && head.n != size))
		return fault(CORRUPT);
	TRY(got);
	*ret = head;
	return OK;
}

/* ---- signing ---------------------------------------------------------- */

/* What was signed once is on paper: what does not continue it is not ours,
 * and must not get a signature that says it is. */
static result
continues_last(struct op *op, const struct audit_head *head,
    struct audit_fork *ret_fork)
{
	struct audit_head last;
	struct audit_fork fork = { .there_n = head->n };
	bool good = true;
	bool there;
	result got;

	got = audit_checkpoint_last(op, &there, &last);
	if (is_ok(got) && there) {
		fork.signed_n = last.n;
		got = audit_continues(op, &last, head, &good, &fork.there_n);
	}
	if (is_ok(got) && !good)
		got = fault(CORRUPT);
	if (got.code == E_CORRUPT)
		*ret_fork = fork;
	return got;
}

result
audit_checkpoint(struct op *op, text *ret_note, struct audit_fork *ret_fork)
{
	struct audit_head head = audit_head(op->office->audit);
	text note;

	TRY(op_begin(op, TX_WRITE));
	TRY(continues_last(op, &head, ret_fork));
	TRY(sign(op, &head, &note));

	const struct arg args[] = {
		arg_id("id", op_new_id(op)),
		arg_number("seq", (int64_t)head.n),
		arg_text("note", note),
	};
	TRY(store_run(op->tx, &sql_checkpoint_insert, args, LENGTH(args),
	    NULL));
	*ret_note = note;
	return OK;
}
