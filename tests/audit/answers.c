#include "ground.h"
#include "tree.h"

#include <sodium.h>
#include <string.h>

#include "audit_inside.h"
#include "facts_inside.h"

enum { HEX_MAX = 2048 };

/* Chance that says given bytes, in order, and fails the test past them. */
struct script { uint8_t b[256]; size_t n, at; };

static void say(void *self, void *p, size_t n)
{
	struct script *s = self;

	assert_true(n <= s->n - s->at);
	memcpy(p, s->b + s->at, n);
	s->at += n;
}

static void script_add(struct script *s, const void *p, size_t n)
{
	assert_true(n <= sizeof(s->b) - s->n);
	memcpy(s->b + s->n, p, n);
	s->n += n;
}

static id id_in(const json_t *row, const char *name)
{
	id i;

	assert_int_equal(hex_in(row, name, i.b, sizeof(i.b)), 16);
	return i;
}

/* The office's ring with one purpose key of bytes that a file says. */
static void ring_of(struct ground *g, enum purpose kind, const json_t *row,
    const char *name)
{
	CLEANUP(buf_free) struct buf wrapped = buf_new(KIB);
	struct script s = { .n = 0 };
	struct chance chance = { say, &s };
	uint8_t key[32];
	static const uint8_t nonce[24];

	assert_int_equal(hex_in(row, name, key, 32), 32);
	script_add(&s, key, 32);
	script_add(&s, nonce, 24);
	keyring_free(&g->office.keyring);
	assert_good(keyring_new(&g->office.keyring));
	assert_good(keyring_root(g->office.keyring, &g->root,
	    g->office.vault_id, 1));
	assert_good(keyring_make(g->office.keyring, &chance, kind,
	    purpose_id(kind), 1, 1, &wrapped));
}

static void assert_hex(const json_t *row, const char *name, const void *got,
    size_t n)
{
	uint8_t want[HEX_MAX];

	assert_int_equal(hex_in(row, name, want, sizeof(want)), n);
	assert_memory_equal(got, want, n);
}

static void row_digest(void **state)
{
	/* Dies when the digest of a row is of other bytes than the paper
	 * says: no other program could check a row against its leaf. */
	json_t *all = vector_file("audit.json");
	const json_t *row = json_object_get(all, "row_digest");
	const json_t *column = json_object_get(row, "columns");
	uint8_t record[HEX_MAX];
	struct raw raw = { .v = 3 };
	uint8_t got[32];
	uint8_t other[32];

	(void)state;
	raw.id = id_in(json_array_get(column, 0), NULL);
	raw.class_v[IN_IDENTITY] = 2;
	raw.record[IN_IDENTITY] = (text){ (const char *)record,
		hex_in(json_array_get(column, 3), NULL, record,
		sizeof(record)) };
	raw.seq = 4711;			/* is not part of it */
	assert_good(raw_digest(&entity_person, &raw, got));
	assert_hex(row, "digest", got, 32);
	raw.seq = 0;
	assert_good(raw_digest(&entity_person, &raw, other));
	assert_memory_equal(got, other, 32);
	raw.class_v[IN_IDENTITY] = 3;
	assert_good(raw_digest(&entity_person, &raw, other));
	assert_memory_not_equal(got, other, 32);
	json_decref(all);
}

static text bytes_of(struct op *op, struct row_set *rows, const char *name)
{
	return arena_text(op->arena, column_blob(rows, name));
}

static void leaf(void **state)
{
	/* Dies when a leaf, its hash or its sealed row are other bytes than
	 * the known answer, written or read. */
	struct ground *g = *state;
	json_t *all = vector_file("audit.json");
	json_t *signin = vector_file("signin.json");
	uint8_t bytes[HEX_MAX];
	uint8_t touched[HEX_MAX];
	uint8_t detail[HEX_MAX];
	uint8_t record[HEX_MAX];
	struct script s = { .n = 0 };
	struct chance chance = { say, &s };
	struct touched one = { .table = 1, .v = 3 };
	struct owner owner;
	struct leaf_facts f = { .object_kind = "person",
		.detail_class = CLASS_IDENTITY, .detail_owner = &owner };
	const struct arg seven = arg_number("seq", 7);
	struct row_set *rows = NULL;
	struct leaf back;
	struct op *op;
	uint64_t seq;
	bool there;

	while (audit_head(g->office.audit).n < 7) {
		ground_op(g);
		ground_commit(g);
	}
	ring_of(g, PURPOSE_AUDIT, all, "audit_key");
	op = ground_op(g);
	assert_int_equal(hex_in(all, "leaf", bytes, sizeof(bytes)),
	    LEAF_BYTES);
	assert_int_equal(hex_in(all, "touched", touched, sizeof(touched)),
	    TOUCHED_BYTES);
	memcpy(one.row.b, touched + 2, 16);
	memcpy(one.digest, touched + 26, 32);
	assert_good(op_touch(op, &one));
	f.event = (enum event)get_u16(bytes + 2);
	f.object = one.row;
	f.detail = (text){ (const char *)detail, hex_in(all, "detail_plain",
	    detail, sizeof(detail)) };
	op->now.ms = (int64_t)get_u64(bytes + 16);
	op->user.raw = id_in(json_object_get(signin, "verifier"), "user_id");
	op->session = id_in(json_object_get(signin, "session"), "row_id");
	assert_good(audit_owner(op, &owner));

	/* Salt, nonce of the leaf, nonce of the detail. */
	hex_in(all, "audit_record", record, sizeof(record));
	assert_int_equal(hex_in(all, "salt", bytes, sizeof(bytes)), 32);
	script_add(&s, bytes, 32);
	script_add(&s, record + 24, 24);
	script_add(&s, record + 24, 24);
	g->office.chance = &chance;
	assert_good(op_begin(op, TX_WRITE));
	assert_good(audit_append(op, &f, &seq));
	g->office.chance = &g->chance;
	assert_int_equal(seq, 7);
	assert_int_equal(s.at, s.n);

	assert_good(store_query(op->tx, &sql_leaf_get, &seven, 1, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	text hash = bytes_of(op, rows, "leaf");
	text sealed = bytes_of(op, rows, "record");
	row_end(&rows);
	assert_hex(all, "leaf_hash", hash.p, hash.n);
	assert_hex(all, "audit_record", sealed.p, sealed.n);

	text opened;
	text rows_touched;
	text salt;
	assert_good(audit_open_record(op, 7, sealed, &opened, &rows_touched,
	    &salt));
	assert_hex(all, "leaf", opened.p, opened.n);
	assert_hex(all, "touched", rows_touched.p, rows_touched.n);
	assert_hex(all, "salt", salt.p, salt.n);
	assert_result(audit_open_record(op, 8, sealed, &opened,
	    &rows_touched, &salt), SEALED_RECORD);

	assert_good(audit_get(op, 7, &back));
	assert_int_equal(back.event, f.event);
	assert_int_equal(back.outcome, OUTCOME_DONE);
	assert_int_equal(back.at.ms, op->now.ms);
	assert_hex(json_object_get(all, "pseudonyms"), "user", back.actor,
	    16);
	assert_hex(json_object_get(all, "pseudonyms"), "person", back.object,
	    16);
	assert_result(audit_get(op, 8, &back), NOT_FOUND);
	op_abort(op);
	json_decref(all);
	json_decref(signin);
}

/* The classic inputs are hashed as they are. */
static void input_hash(const json_t *input, uint8_t ret[32])
{
	uint8_t bytes[64] = { 0 };
	size_t n = hex_in(input, NULL, bytes + 1, sizeof(bytes) - 1);

	crypto_hash_sha256(ret, bytes, n + 1);
}

static size_t proof_of(const json_t *row, uint8_t (*ret)[32])
{
	const json_t *proof = json_object_get(row, "proof");

	for (size_t i = 0; i < json_array_size(proof); i++)
		assert_int_equal(hex_in(json_array_get(proof, i), NULL,
		    ret[i], 32), 32);
	return json_array_size(proof);
}

static uint64_t number_in(const json_t *row, const char *name)
{
	assert_true(json_is_integer(json_object_get(row, name)));
	return (uint64_t)json_integer_value(json_object_get(row, name));
}

/* What we make of the hashes is the answer, byte by byte. */
static void assert_made(struct proof *p, uint8_t (*hash)[32], uint64_t n,
    uint8_t (*want)[32], size_t want_n)
{
	for (uint64_t i = 0; i < n; i++)
		proof_take(p, i, hash[i]);
	assert_int_equal(p->n, want_n);
	assert_memory_equal(p->path, want, want_n * 32);
}

static void tree(void **state)
{
	/* Dies when roots or proofs, read or made, are not those of the
	 * classic eight. */
	json_t *all = vector_file("audit.json");
	const json_t *inputs = json_object_get(all, "inputs");
	const json_t *row;
	uint8_t roots[9][32];
	uint8_t hashes[8][32];
	uint8_t proof[8][32];
	struct tree t = { 0 };
	struct proof made;
	size_t i;

	(void)state;
	for (i = 0; i <= 8; i++) {
		tree_root(&t, roots[i]);
		assert_hex(json_array_get(json_object_get(all, "roots"), i),
		    NULL, roots[i], 32);
		if (i == 8)
			break;
		input_hash(json_array_get(inputs, i), hashes[i]);
		tree_append(&t, hashes[i]);
	}
	assert_true(json_array_size(json_object_get(all, "inclusion")) > 3);
	json_array_foreach(json_object_get(all, "inclusion"), i, row) {
		uint64_t at = number_in(row, "index");
		uint64_t n = number_in(row, "size");
		size_t proof_n = proof_of(row, proof);

		assert_true(tree_inclusion(hashes[at], at, n,
		    (const uint8_t (*)[32])proof, proof_n, roots[n]));
		proof_inclusion(&made, at, n);
		assert_made(&made, hashes, n, proof, proof_n);
	}
	assert_true(json_array_size(json_object_get(all, "consistency")) >
	    3);
	json_array_foreach(json_object_get(all, "consistency"), i, row) {
		uint64_t m = number_in(row, "first");
		uint64_t n = number_in(row, "second");
		size_t proof_n = proof_of(row, proof);

		assert_true(tree_consistency(m, n,
		    (const uint8_t (*)[32])proof, proof_n, roots[m],
		    roots[n]));
		proof_consistency(&made, m, n);
		assert_made(&made, hashes, n, proof, proof_n);
	}
	json_decref(all);
}

static void checkpoint(void **state)
{
	/* Dies when the note that is kept off the machine has other bytes,
	 * or its signature is not of the office's key. */
	struct ground *g = *state;
	json_t *all = vector_file("audit.json");
	const char *want = json_string_value(json_object_get(all,
	    "checkpoint"));
	struct tree *t = &g->office.audit->tree;
	struct row_set *rows = NULL;
	struct audit_fork fork;
	struct audit_head back;
	uint8_t public_key[32];
	uint8_t signed_by[68];
	struct op *op;
	text note;
	bool there;
	size_t n;

	assert_true(hex_read((text){ want + 5, 32 }, g->office.vault_id.b,
	    16));
	ring_of(g, PURPOSE_SIGN, all, "signing_seed");
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < 8; i++) {
		uint8_t hash[32];

		input_hash(json_array_get(json_object_get(all, "inputs"), i),
		    hash);
		tree_append(t, hash);
	}
	op = ground_op(g);
	assert_good(audit_checkpoint(op, &note, &fork));
	assert_text(note, want);
	assert_good(audit_checkpoint_read(op, text_of(want), &back));
	assert_int_equal(back.n, 8);

	uint8_t root[32];
	tree_root(t, root);
	assert_memory_equal(back.root, root, 32);
	text body = checkpoint_text(op->arena, g->office.vault_id, 8, root);
	assert_true(text_starts(note, body));
	assert_int_equal(note.p[body.n], '\n');
	hex_in(all, "public_key", public_key, 32);
	assert_int_equal(sodium_base642bin(signed_by, 68,
	    strrchr(want, ' ') + 1, strlen(strrchr(want, ' ')) - 2, NULL, &n,
	    NULL, sodium_base64_VARIANT_ORIGINAL), 0);
	assert_int_equal(n, 68);
	assert_int_equal(crypto_sign_verify_detached(signed_by + 4,
	    (const uint8_t *)body.p, body.n, public_key), 0);
	assert_int_not_equal(crypto_sign_verify_detached(signed_by + 4,
	    (const uint8_t *)body.p, body.n - 1, public_key), 0);

	assert_good(store_query(op->tx, &sql_checkpoint_get, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	assert_int_equal(column_number(rows, "seq"), 8);
	assert_text(column_text(rows, "note"), want);
	row_end(&rows);
	op_abort(op);
	json_decref(all);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_digest),
		cmocka_unit_test(leaf),
		cmocka_unit_test(tree),
		cmocka_unit_test(checkpoint),
	};

	return ground_run(argc, argv, "audit answers", tests,
	    LENGTH(tests));
}
