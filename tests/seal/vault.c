#include "check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKSUM = 4064, SLOT = 128, SLOT_BYTES = 448, RECORD = 96 };

static json_t *vectors;
static struct vault old_header, new_header;
static key32 old_root, new_root, old_kek[2], new_kek[2];

static void vault_in(const json_t *row, struct vault *ret)
{
	bytes_into(row, "header", ret->b, sizeof(ret->b));
}

static void keks_in(const json_t *row, key32 ret[2])
{
	const json_t *kek = json_object_get(row, "kek");

	for (size_t i = 0; i < 2; i++)
		ret[i] = key_of_hex(json_string_value(json_array_get(kek,
		    i)));
}

static int group_setup(void **state)
{
	const json_t *rotated;

	(void)state;
	vectors = vector_file("vault.json");
	rotated = json_object_get(vectors, "rotated");
	vault_in(vectors, &old_header);
	vault_in(rotated, &new_header);
	old_root = key_in(vectors, "root_key");
	new_root = key_in(rotated, "root_key");
	keks_in(vectors, old_kek);
	keks_in(rotated, new_kek);
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	json_decref(vectors);
	return 0;
}

static void repair_checksum(struct vault *v)
{
	crypto_generichash(v->b + CHECKSUM, 32, v->b, CHECKSUM, NULL, 0);
}

/* The nonces of both slots, in the order in which they are drawn. */
static void script_nonces(const struct vault *v, struct script *s)
{
	for (int slot = 0; slot < 2; slot++)
		script_add(s, v->b + SLOT + slot * SLOT_BYTES + RECORD + 24,
		    24);
}

static void kdfs_of(const struct vault *v, struct slot_kdf ret[2])
{
	struct vault_facts f;

	assert_ok(vault_read(v, &f));
	ret[0] = f.slot[0].kdf;
	ret[1] = f.slot[1].kdf;
}

static void assert_opens(const struct vault *v, int slot, const key32 *kek,
    const key32 *want)
{
	key32 root = { { 0 } };

	assert_ok(vault_open(v, slot, kek, &root));
	assert_memory_equal(&root, want, sizeof(root));
}

static void assert_closed(const struct vault *v, int slot, const key32 *kek)
{
	key32 root = { { 0x5a } }, before = root;

	assert_result(vault_open(v, slot, kek, &root), SEALED_RECORD);
	assert_memory_equal(&root, &before, sizeof(root));
}

static void test_facts(void **state)
{
	/* Without it the door could not say which secret is asked for. */
	struct vault_facts f;
	id vault = id_in(vectors, "vault_id");

	(void)state;
	assert_ok(vault_read(&old_header, &f));
	assert_true(id_same(f.vault, vault));
	assert_int_equal(f.flags, VAULT_DEMONSTRATION);
	assert_int_equal(f.epoch, 1);
	assert_int_equal(f.sequence, 1);
	assert_int_equal(f.created, 0x6b055210);
	assert_int_equal(f.slot[0].type, SLOT_PASSPHRASE);
	assert_int_equal(f.slot[1].type, SLOT_PHRASE);
	assert_int_equal(f.slot[1].state, 1);
	assert_int_equal(f.slot[2].state, 0);
	assert_int_equal(f.slot[0].kdf.passes, kdf_floor.passes);
	assert_int_equal(f.slot[0].kdf.memory, kdf_floor.memory);
	assert_ok(vault_read(&new_header, &f));
	assert_int_equal(f.epoch, 2);
	assert_int_equal(f.sequence, 2);
}

static void check_kek(text secret, const struct vault *v, int slot,
    const key32 *want)
{
	struct slot_kdf kdf[2];
	key32 kek;

	kdfs_of(v, kdf);
	assert_ok(vault_kek(secret, &kdf[slot], &kek));
	assert_memory_equal(&kek, want, sizeof(kek));
}

static void test_keks(void **state)
{
	/* Without it the right passphrase might no longer open the office. */
	const json_t *rotated = json_object_get(vectors, "rotated");
	const json_t *real = json_object_get(vectors, "default_kdf");
	text passphrase = text_of(string_of(vectors, "passphrase"));
	char secret[PHRASE_SECRET];
	struct slot_kdf kdf = kdf_default;
	key32 kek, want = key_in(real, "kek");

	(void)state;
	check_kek(passphrase, &old_header, 0, &old_kek[0]);
	check_kek(passphrase, &new_header, 0, &new_kek[0]);
	assert_int_equal(phrase_read(text_of(string_of(vectors,
	    "recovery_phrase")), secret), 0);
	check_kek((text){ secret, sizeof(secret) }, &old_header, 1,
	    &old_kek[1]);
	assert_int_equal(phrase_read(text_of(string_of(rotated,
	    "recovery_phrase")), secret), 0);
	check_kek((text){ secret, sizeof(secret) }, &new_header, 1,
	    &new_kek[1]);

	assert_int_equal(kdf.passes, number_of(real, "ops"));
	assert_int_equal(kdf.memory, number_of(real, "mem"));
	bytes_into(real, "salt", kdf.salt, sizeof(kdf.salt));
	assert_ok(vault_kek(passphrase, &kdf, &kek));
	assert_memory_equal(&kek, &want, sizeof(kek));
}

static void test_known_headers(void **state)
{
	/* Without it a new release would write headers nobody else reads. */
	struct script s = { .n = 0 };
	struct chance chance = script_chance(&s);
	struct slot_kdf kdf[2];
	struct vault made;

	(void)state;
	kdfs_of(&old_header, kdf);
	script_nonces(&old_header, &s);
	assert_ok(vault_make(&chance, id_in(vectors, "vault_id"),
	    VAULT_DEMONSTRATION, 0x6b055210, &old_root, kdf, &old_kek[0],
	    &old_kek[1], &made));
	assert_memory_equal(made.b, old_header.b, sizeof(made.b));

	kdfs_of(&new_header, kdf);
	script_nonces(&new_header, &s);
	assert_ok(vault_rotate(&chance, &old_header, &old_root, &new_root,
	    kdf, &new_kek[0], &new_kek[1], 0x6b055210, &made));
	assert_memory_equal(made.b, new_header.b, sizeof(made.b));

	for (int slot = 0; slot < 2; slot++) {
		assert_opens(&old_header, slot, &old_kek[slot], &old_root);
		assert_opens(&new_header, slot, &new_kek[slot], &new_root);
	}
}

static void test_every_byte(void **state)
{
	/* Without it a flag or a slot could be changed by another hand. */
	struct vault_facts f = { .epoch = 77 };

	(void)state;
	for (size_t i = 0; i < VAULT_BYTES; i++) {
		struct vault v = old_header;

		v.b[i] ^= (uint8_t)(1u << i % 8);
		assert_result(vault_read(&v, &f), CORRUPT);
		assert_closed(&v, 0, &old_kek[0]);
		if (i >= CHECKSUM)
			continue;
		/* One who can also make checksums meets the MAC. */
		repair_checksum(&v);
		assert_closed(&v, 0, &old_kek[0]);
		assert_closed(&v, 1, &old_kek[1]);
	}
	assert_int_equal(f.epoch, 77);
}

static void test_refused(void **state)
{
	/* Without it a header could ask for all memory, or for no work. */
	const json_t *rows = json_object_get(vectors, "refused");
	struct vault_facts f;

	(void)state;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		size_t at = (size_t)number_of(row, "offset");
		struct vault v = old_header;

		if (json_object_get(row, "xor") != NULL) {
			v.b[at] ^= 1;
			assert_result(vault_read(&v, &f), CORRUPT);
			continue;
		}
		bytes_into(row, "bytes", v.b + at, 8);
		assert_result(vault_read(&v, &f), CORRUPT);
		repair_checksum(&v);
		assert_result(vault_read(&v, &f), INVALID);
		assert_closed(&v, 0, &old_kek[0]);
	}
}

static void test_shape(void **state)
{
	/* Without it a version to come would be misread, not refused. */
	static const struct { size_t at; uint8_t to; } wrong[] = {
		{ 0, 'B' }, { 9, 2 }, { 10, 1 }, { 11, 4 }, { 51, 7 },
		{ 52, 1 }, { 55, 1 }, { 64, 1 }, { 127, 1 }, { SLOT, 2 },
		{ SLOT + 1, 0 }, { SLOT + 1, 3 }, { SLOT + 3, 2 },
		{ SLOT + 40, 1 }, { SLOT + 95, 1 }, { SLOT + 320, 1 },
		{ SLOT + 447, 1 }, { SLOT + 2 * SLOT_BYTES + 1, 1 },
		{ SLOT + 2 * SLOT_BYTES + 200, 1 }, { 3712, 1 },
		{ 4031, 1 } };
	struct vault_facts f;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		struct vault v = old_header;

		assert_int_not_equal(v.b[wrong[i].at], wrong[i].to);
		v.b[wrong[i].at] = wrong[i].to;
		repair_checksum(&v);
		assert_result(vault_read(&v, &f), CORRUPT);
	}
}

static void test_bounds(void **state)
{
	/* Without it the floor of Argon2id would be a comment. */
	const struct slot_kdf wrong[] = {
		{ .passes = 0, .memory = KDF_MEMORY_MIN },
		{ .passes = KDF_PASSES_MAX + 1, .memory = KDF_MEMORY_MIN },
		{ .passes = 1, .memory = KDF_MEMORY_MIN - 1 },
		{ .passes = 1, .memory = (uint64_t)1 << 50 },
		{ .passes = 1, .memory = UINT64_MAX } };
	struct slot_kdf two[2] = { kdf_floor, kdf_floor };
	struct vault v = { { 9 } }, before = v;
	key32 kek = { { 0x5a } }, untouched = kek;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_result(vault_kek(T("x"), &wrong[i], &kek), INVALID);
		two[1] = wrong[i];
		assert_result(vault_make(&chance_system, id_of_number(1), 0,
		    1, &old_root, two, &kek, &kek, &v), INVALID);
		assert_result(vault_replace_slot(&chance_system, &old_header,
		    &old_root, 0, SLOT_PASSPHRASE, &wrong[i], &kek, 1, &v),
		    INVALID);
	}
	assert_memory_equal(&kek, &untouched, sizeof(kek));
	assert_memory_equal(&v, &before, sizeof(v));
}

static void test_wrong_key(void **state)
{
	/* Without it any passphrase might open the office. */
	key32 wrong = old_kek[0];

	(void)state;
	wrong.b[31] ^= 1;
	assert_closed(&old_header, 0, &wrong);
	assert_closed(&old_header, 0, &old_kek[1]);
	assert_closed(&old_header, 1, &old_kek[0]);
	assert_closed(&old_header, 2, &old_kek[0]);
	assert_closed(&old_header, 7, &old_kek[0]);
}

static void test_mixed(void **state)
{
	/* Without it half a rotation could pass for a whole one. */
	struct vault v = new_header;

	(void)state;
	assert_closed(&new_header, 0, &old_kek[0]);
	assert_closed(&old_header, 0, &new_kek[0]);
	/* The old slot in the new header, with all that it needs. */
	memcpy(v.b + SLOT, old_header.b + SLOT, SLOT_BYTES);
	repair_checksum(&v);
	assert_closed(&v, 0, &old_kek[0]);
	assert_closed(&v, 1, &new_kek[1]);
	/* Slots exchanged. */
	v = old_header;
	memcpy(v.b + SLOT, old_header.b + SLOT + SLOT_BYTES, SLOT_BYTES);
	memcpy(v.b + SLOT + SLOT_BYTES, old_header.b + SLOT, SLOT_BYTES);
	repair_checksum(&v);
	assert_closed(&v, 0, &old_kek[1]);
	assert_closed(&v, 1, &old_kek[0]);
}

static void test_replace(void **state)
{
	/* Without it a forgotten passphrase could never be replaced. */
	struct slot_kdf kdf = kdf_floor;
	struct vault_facts f;
	struct vault v;
	key32 kek = { { 42 } };

	(void)state;
	kdf.salt[0] = 9;
	assert_ok(vault_replace_slot(&chance_system, &old_header, &old_root,
	    0, SLOT_PASSPHRASE, &kdf, &kek, 0x6b055300, &v));
	assert_ok(vault_read(&v, &f));
	assert_int_equal(f.sequence, 2);
	assert_int_equal(f.epoch, 1);
	assert_int_equal(f.changed, 0x6b055300);
	assert_int_equal(f.created, 0x6b055210);
	assert_int_equal(f.slot[0].created, 0x6b055300);
	assert_int_equal(f.slot[0].kdf.salt[0], 9);
	assert_opens(&v, 0, &kek, &old_root);
	assert_opens(&v, 1, &old_kek[1], &old_root);
	assert_closed(&v, 0, &old_kek[0]);

	/* A third slot, then a rotation: it must not keep the old root. */
	assert_ok(vault_replace_slot(&chance_system, &v, &old_root, 5,
	    SLOT_PHRASE, &kdf, &kek, 0x6b055301, &v));
	assert_opens(&v, 5, &kek, &old_root);
	struct slot_kdf two[2] = { kdf, kdf };
	assert_ok(vault_rotate(&chance_system, &v, &old_root, &new_root, two,
	    &new_kek[0], &new_kek[1], 0x6b055302, &v));
	assert_ok(vault_read(&v, &f));
	assert_int_equal(f.sequence, 4);
	assert_int_equal(f.slot[5].state, 0);
	assert_opens(&v, 0, &new_kek[0], &new_root);
}

static void test_changed_by_another_hand(void **state)
{
	/* Without it a rotation would bless a flag set in the database. */
	struct slot_kdf kdf[2] = { kdf_floor, kdf_floor };
	struct vault v = old_header, made = { { 9 } }, before = made;

	(void)state;
	v.b[11] = VAULT_TEST;
	repair_checksum(&v);
	assert_result(vault_rotate(&chance_system, &v, &old_root, &new_root,
	    kdf, &new_kek[0], &new_kek[1], 1, &made), SEALED_RECORD);
	assert_result(vault_replace_slot(&chance_system, &v, &old_root, 0,
	    SLOT_PASSPHRASE, kdf, &new_kek[0], 1, &made), SEALED_RECORD);
	assert_result(vault_replace_slot(&chance_system, &old_header,
	    &new_root, 0, SLOT_PASSPHRASE, kdf, &new_kek[0], 1, &made),
	    SEALED_RECORD);
	v.b[20] ^= 1;
	assert_result(vault_rotate(&chance_system, &v, &old_root, &new_root,
	    kdf, &new_kek[0], &new_kek[1], 1, &made), CORRUPT);
	assert_memory_equal(&made, &before, sizeof(made));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_keks),
		cmocka_unit_test(test_known_headers),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_changed_by_another_hand),
	};

	if (!is_ok(seal_start()))
		return 1;
	return cmocka_run_group_tests_name("seal-vault", tests, group_setup,
	    group_teardown);
}
