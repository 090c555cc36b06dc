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

/* "— origin base64(key hash ‖ signature)" under the body. */
static result
signature_line(struct op *op, text body, uint32_t epoch, text *ret)
{
	text name = origin_of(op->arena, op->office->vault_id);
	uint8_t signed_by[NOTE_KEY_HASH + NOTE_SIGNATURE];
	uint8_t public_key[32];
	text line;

	NEED(name.p);
	TRY(checkpoint_sign(op->office->keyring, epoch, body,
	    signed_by + NOTE_KEY_HASH, public_key));
	key_hash(name, public_key, signed_by);
	line = arena_format(op->arena, "— %s %s\n", name.p,
	    base64(op->arena, signed_by, sizeof(signed_by)).p);
	NEED(line.p);
	*ret = line;
	return OK;
}

/* Ed25519 by libsodium has no chance in it: the same head, the same note. */
static result
sign(struct op *op, const struct audit_head *head, text *ret)
{
	text body = checkpoint_text(op->arena, op->office->vault_id, head->n,
	    head->root);
	text line;
	text note;

	NEED(body.p);
	TRY(signature_line(op, body,
	    keyring_epoch(op->office->keyring, PURPOSE_SIGN), &line));
	note = arena_format(op->arena, "%s\n%s", body.p, line.p);
	NEED(note.p);
	*ret = note;
	return OK;
}

/* ---- reading ---------------------------------------------------------- */

enum { SIGNATURES_MAX = 2, CHAIN_MAX = 64 };

/* A note taken apart; the lines of a hand-over, or none. */
struct signed_note {
	text body;			/* what is signed */
	struct audit_head head;
	bool hands_over;
	uint8_t key[32], next[32];
	uint8_t by[SIGNATURES_MAX][NOTE_KEY_HASH + NOTE_SIGNATURE];
	size_t by_n;
};

/* A form sends CR LF, and whoever copies a note may lose its last LF. */
static text
next_line(text *rest)
{
	return text_trim(text_cut(rest, '\n'));
}

static bool
bytes_of(text line, void *out, size_t n)
{
	size_t got;

	return sodium_base642bin(out, n, line.p, line.n, NULL, &got, NULL,
	    sodium_base64_VARIANT_ORIGINAL) == 0 && got == n;
}

/* "word base64" */
static bool
named_bytes(text line, text word, uint8_t ret[32])
{
	return text_same(text_cut(&line, ' '), word) &&
	    bytes_of(line, ret, 32);
}

static bool
read_signature(struct op *op, text line, struct signed_note *n)
{
	text name = origin_of(op->arena, op->office->vault_id);

	return n->by_n < SIGNATURES_MAX &&
	    text_same(text_cut(&line, ' '), T("—")) &&
	    text_same(text_cut(&line, ' '), name) &&
	    bytes_of(line, n->by[n->by_n++], sizeof(n->by[0]));
}

static bool
read_head(struct op *op, text *rest, struct signed_note *n)
{
	text name = next_line(rest);
	int64_t size;

	if (!text_same(name, origin_of(op->arena, op->office->vault_id)) ||
	    !text_integer(next_line(rest), &size) || size < 0 ||
	    !bytes_of(next_line(rest), n->head.root, sizeof(n->head.root)))
		return false;
	n->head.n = (uint64_t)size;
	return true;
}

/* The body is made again of what was read: no other bytes are signed. */
static result
note_read(struct op *op, text note, struct signed_note *ret)
{
	struct signed_note n = { .by_n = 0 };
	text rest = note;
	text line;

	if (!read_head(op, &rest, &n))
		return refuse(INVALID);
	n.body = checkpoint_text(op->arena, op->office->vault_id, n.head.n,
	    n.head.root);
	line = next_line(&rest);
	if (line.n > 0) {
		if (!named_bytes(line, T("key"), n.key) ||
		    !named_bytes(next_line(&rest), T("next"), n.next) ||
		    next_line(&rest).n > 0)
			return refuse(INVALID);
		n.hands_over = true;
		n.body = arena_format(op->arena, "%skey %s\nnext %s\n",
		    n.body.p, base64(op->arena, n.key, 32).p,
		    base64(op->arena, n.next, 32).p);
	}
	NEED(n.body.p);
	while (rest.n > 0 && (line = next_line(&rest)).n > 0) {
		if (!read_signature(op, line, &n))
			return refuse(INVALID);
	}
	if (text_trim(rest).n > 0 || n.by_n == 0)
		return refuse(INVALID);
	*ret = n;
	return OK;
}

static bool
signed_with(struct op *op, const struct signed_note *n, const uint8_t key[32])
{
	text name = origin_of(op->arena, op->office->vault_id);
	uint8_t hash[NOTE_KEY_HASH];

	key_hash(name, key, hash);
	for (size_t i = 0; i < n->by_n; i++) {
		if (memcmp(n->by[i], hash, sizeof(hash)) == 0 &&
		    checkpoint_signed(n->body, n->by[i] + NOTE_KEY_HASH, key))
			return true;
	}
	return false;
}

/* Public keys of this office: those of the ring, and what they lead to. */
struct chain { uint8_t key[CHAIN_MAX][32]; size_t n; };

static void
chain_add(struct chain *c, const uint8_t key[32])
{
	for (size_t i = 0; i < c->n; i++) {
		if (memcmp(c->key[i], key, 32) == 0)
			return;
	}
	if (c->n < CHAIN_MAX)
		memcpy(c->key[c->n++], key, 32);
}

static result
chain_held(struct op *op, struct chain *c)
{
	struct keyring *k = op->office->keyring;
	uint32_t below = UINT32_MAX;
	struct held_key held;

	if (keyring_epoch(k, PURPOSE_SIGN) == 0)
		return refuse(SEALED);
	while (keyring_held(k, PURPOSE_SIGN, purpose_id(PURPOSE_SIGN), below,
	    &held)) {
		uint8_t unused[NOTE_SIGNATURE];
		uint8_t key[32];

		TRY(checkpoint_sign(k, held.epoch, T(""), unused, key));
		chain_add(c, key);
		below = held.epoch;
	}
	return OK;
}

static void
chain_follow(struct op *op, text note, struct chain *c)
{
	struct signed_note n;

	if (!is_ok(note_read(op, note, &n)) || !n.hands_over ||
	    !signed_with(op, &n, n.key) || !signed_with(op, &n, n.next))
		return;
	for (size_t i = 0; i < c->n; i++) {
		if (memcmp(c->key[i], n.next, 32) == 0) {
			chain_add(c, n.key);
			return;
		}
	}
}

/* The newest first, so that each key leads to the one before it. */
static result
chain_read(struct op *op, struct chain *ret)
{
	/* No origin, number or base64 has a blank behind such a word. */
	const struct arg like = arg_text("like", T("%next %"));
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	ret->n = 0;
	TRY(chain_held(op, ret));
	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_checkpoint_hand_overs, &like, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there)
		chain_follow(op, column_text(rows, "note"), ret);
	row_end(&rows);
	return got;
}

result
audit_checkpoint_read(struct op *op, text note, struct audit_head *ret)
{
	struct chain *c = arena_take(op->arena, sizeof(*c));
	struct signed_note n;

	NEED(c);
	TRY(note_read(op, note, &n));
	TRY(chain_read(op, c));
	for (size_t i = 0; i < c->n; i++) {
		if (signed_with(op, &n, c->key[i])) {
			*ret = n.head;
			return OK;
		}
	}
	return refuse(INVALID);
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

/* ---- all that were kept ----------------------------------------------- */

/* The leaves beside the notes, both from the first on. */
struct verifying {
	struct chain chain;
	struct row_set *leaves;
	struct tree tree;
	int64_t wrong, unknown;		/* the first of each; -1: none */
};

static void
first_of(int64_t *at, int64_t size)
{
	if (*at < 0)
		*at = size;
}

/* Up to the note's size, as far as leaves stand there in order. */
static result
grow_to(struct verifying *v, uint64_t n)
{
	bool there = true;

	while (v->tree.n < n) {
		text hash;

		TRY(row_next(v->leaves, &there));
		if (!there)
			return OK;
		hash = column_blob(v->leaves, "leaf");
		if (hash.n != 32 || (uint64_t)column_number(v->leaves,
		    "seq") != v->tree.n)
			return OK;
		tree_append(&v->tree, (const uint8_t *)hash.p);
	}
	return OK;
}

/* By a key that we have: signed, or not by far. */
static bool
known_key(struct op *op, const struct chain *c, const struct signed_note *n,
    bool *ret_signed)
{
	text name = origin_of(op->arena, op->office->vault_id);
	bool known = false;

	*ret_signed = false;
	for (size_t i = 0; i < c->n && !*ret_signed; i++) {
		uint8_t hash[NOTE_KEY_HASH];

		key_hash(name, c->key[i], hash);
		for (size_t k = 0; k < n->by_n; k++)
			known |= memcmp(n->by[k], hash, sizeof(hash)) == 0;
		*ret_signed = signed_with(op, n, c->key[i]);
	}
	return known;
}

static result
verify_note(struct op *op, struct verifying *v, int64_t size, text note)
{
	struct signed_note n;
	uint8_t root[32];
	bool is_signed;
	result got = note_read(op, note, &n);

	if (got.code == E_INVALID || (is_ok(got) &&
	    (size < 0 || n.head.n != (uint64_t)size))) {
		first_of(&v->wrong, size);
		return OK;
	}
	TRY(got);
	if (!known_key(op, &v->chain, &n, &is_signed)) {
		first_of(&v->unknown, size);
		return OK;
	}
	TRY(grow_to(v, n.head.n));
	tree_root(&v->tree, root);
	if (!is_signed || v->tree.n != n.head.n ||
	    memcmp(root, n.head.root, sizeof(root)) != 0)
		first_of(&v->wrong, size);
	return OK;
}

result
audit_verify_notes(struct op *op, int64_t *ret_first_bad)
{
	const struct arg from = arg_number("from", 0);
	struct verifying *v = arena_take(op->arena, sizeof(*v));
	struct row_set *notes = NULL;
	bool there = false;
	result got;

	NEED(v);
	*v = (struct verifying){ .wrong = -1, .unknown = -1 };
	TRY(chain_read(op, &v->chain));
	TRY(store_query(op->tx, &sql_audit_hashes, &from, 1, &v->leaves));
	got = store_query(op->tx, &sql_checkpoint_all, NULL, 0, &notes);
	while (is_ok(got) && is_ok(got = row_next(notes, &there)) && there) {
		struct arena_mark mark = arena_mark(op->arena);

		got = verify_note(op, v, column_number(notes, "seq"),
		    column_text(notes, "note"));
		arena_rewind(op->arena, mark);
	}
	row_end(&notes);
	row_end(&v->leaves);
	TRY(got);
	*ret_first_bad = v->wrong >= 0 ? v->wrong : v->unknown;
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

static result
keep_note(struct op *op, const struct audit_head *head, text note)
{
	const struct arg args[] = {
		arg_id("id", op_new_id(op)),
		arg_number("seq", (int64_t)head->n),
		arg_text("note", note),
	};

	TRY(store_run(op->tx, &sql_checkpoint_insert, args, LENGTH(args),
	    NULL));
	op->office->audit->signed_n = head->n;
	op->office->audit->signed_ms = op->now.ms;
	return OK;
}

result
audit_checkpoint_of(struct op *op, const struct audit_head *head,
    text *ret_note, struct audit_fork *ret_fork)
{
	text note;

	TRY(op_begin(op, TX_WRITE));
	TRY(continues_last(op, head, ret_fork));
	TRY(sign(op, head, &note));
	TRY(keep_note(op, head, note));
	*ret_note = note;
	return OK;
}

result
audit_checkpoint(struct op *op, text *ret_note, struct audit_fork *ret_fork)
{
	struct audit_head head = audit_head(op->office->audit);

	return audit_checkpoint_of(op, &head, ret_note, ret_fork);
}

static result
public_of(struct op *op, uint32_t epoch, text *ret)
{
	uint8_t unused[NOTE_SIGNATURE];
	uint8_t key[32];

	TRY(checkpoint_sign(op->office->keyring, epoch, T(""), unused, key));
	*ret = base64(op->arena, key, sizeof(key));
	return OK;
}

result
audit_hand_over(struct op *op, uint32_t old)
{
	struct audit_head head = audit_head(op->office->audit);
	uint32_t new = keyring_epoch(op->office->keyring, PURPOSE_SIGN);
	struct audit_fork fork;
	text key, next, body, by_old, by_new, note;

	TRY(op_begin(op, TX_WRITE));
	TRY(continues_last(op, &head, &fork));
	TRY(public_of(op, old, &key));
	TRY(public_of(op, new, &next));
	body = arena_format(op->arena, "%skey %s\nnext %s\n",
	    checkpoint_text(op->arena, op->office->vault_id, head.n,
	    head.root).p, key.p, next.p);
	NEED(body.p);
	TRY(signature_line(op, body, old, &by_old));
	TRY(signature_line(op, body, new, &by_new));
	note = arena_format(op->arena, "%s\n%s%s", body.p, by_old.p,
	    by_new.p);
	NEED(note.p);
	return keep_note(op, &head, note);
}

bool
audit_checkpoint_due(const struct audit *a, instant now)
{
	uint64_t since = a->tree.n - a->signed_n;

	/* A clock that was set back is no reason to wait for years. */
	return since >= CHECKPOINT_LEAVES || (since > 0 &&
	    (now.ms - a->signed_ms >= CHECKPOINT_MS ||
	    now.ms < a->signed_ms));
}
