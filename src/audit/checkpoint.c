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

result
audit_checkpoint(struct op *op, text *ret_note)
{
	struct audit_head head = audit_head(op->office->audit);
	text body = checkpoint_text(op->arena, op->office->vault_id, head.n,
	    head.root);
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

	const struct arg args[] = {
		arg_id("id", op_new_id(op)),
		arg_number("seq", (int64_t)head.n),
		arg_text("note", note),
	};
	TRY(op_begin(op, TX_WRITE));
	TRY(store_run(op->tx, &sql_checkpoint_insert, args, LENGTH(args),
	    NULL));
	*ret_note = note;
	return OK;
}
