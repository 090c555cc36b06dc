#include "check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static json_t *signin, *audit;
static struct keyring *ring;

static int group_setup(void **state)
{
	key32 pepper, index, session, pseudonyms, seed;

	(void)state;
	signin = vector_file("signin.json");
	audit = vector_file("audit.json");
	pepper = key_in(signin, "pepper");
	index = key_in(signin, "index_key");
	session = key_in(signin, "session_key");
	pseudonyms = key_in(audit, "audit_key");
	seed = key_in(audit, "signing_seed");
	ring = ring_new();
	ring_put(ring, PURPOSE_PEPPER, 1, &pepper);
	ring_put(ring, PURPOSE_INDEX, 1, &index);
	ring_put(ring, PURPOSE_SESSION, 1, &session);
	ring_put(ring, PURPOSE_AUDIT, 1, &pseudonyms);
	ring_put(ring, PURPOSE_SIGN, 1, &seed);
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	keyring_free(&ring);
	json_decref(signin);
	json_decref(audit);
	return 0;
}

static void assert_bytes(const json_t *row, const char *name,
    const uint8_t *got, size_t n)
{
	struct bytes want = bytes_of(row, name);

	assert_int_equal(want.n, n);
	assert_memory_equal(got, want.p, n);
	free(want.p);
}

static void test_blind_index(void **state)
{
	/* Without it two entries of one person would not be noticed. */
	const json_t *rows = json_object_get(signin, "blind_index");
	uint8_t got[16], other[16], before[16];

	(void)state;
	assert_true(json_array_size(rows) >= 2);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		text country = text_of(string_of(row, "country"));
		text type = text_of(string_of(row, "type"));

		assert_ok(blind_index(ring, country, type,
		    text_of(string_of(row, "typed")), got));
		assert_bytes(row, "value", got, sizeof(got));
		assert_ok(blind_index(ring, country, type,
		    text_of(string_of(row, "normalised")), got));
		assert_bytes(row, "value", got, sizeof(got));
	}
	assert_ok(blind_index(ring, T("pe"), T("le"), T("08123456"), other));
	assert_memory_equal(got, other, sizeof(got));
	assert_ok(blind_index(ring, T("PE"), T("PASSPORT"), T("ab-12"),
	    got));
	assert_ok(blind_index(ring, T("PE"), T("PASSPORT"), T("AB12"),
	    other));
	assert_memory_equal(got, other, sizeof(got));
	/* Where type ends and number begins is part of it. */
	assert_ok(blind_index(ring, T("PE"), T("PASSPORTA"), T("B12"),
	    other));
	assert_memory_not_equal(got, other, sizeof(got));

	memcpy(before, got, sizeof(got));
	assert_result(blind_index(ring, T("PE"), T("DNI"), T(" -. "), got),
	    INVALID);
	assert_result(blind_index(ring, T("PE"), T("DNI"), T(""), got),
	    INVALID);
	assert_result(blind_index(ring, T("P"), T("DNI"), T("1"), got),
	    INVALID);
	assert_result(blind_index(ring, T("P1"), T("DNI"), T("1"), got),
	    INVALID);
	assert_result(blind_index(ring, T("PE"), T(""), T("1"), got),
	    INVALID);
	assert_result(blind_index(ring, T("PE"), T("D\0"), T("1"), got),
	    INVALID);
	assert_memory_equal(before, got, sizeof(got));
}

static void test_sign_in(void **state)
{
	/* Without it stored verifiers and codes would be worthless. */
	const json_t *row = json_object_get(signin, "verifier");
	struct slot_kdf kdf = { .passes = (uint32_t)number_of(row, "ops"),
		.memory = number_of(row, "mem") };
	key32 argon;
	uint8_t got[32];

	(void)state;
	bytes_into(row, "salt", kdf.salt, sizeof(kdf.salt));
	assert_ok(vault_kek(text_of(string_of(row, "passphrase")), &kdf,
	    &argon));
	assert_bytes(row, "argon2id", argon.b, sizeof(argon.b));
	assert_ok(login_verifier(ring, id_in(row, "user_id"), argon.b, got));
	assert_bytes(row, "stored", got, sizeof(got));

	row = json_object_get(signin, "unknown_user");
	assert_ok(unknown_user_salt(ring, text_of(string_of(row, "name")),
	    got));
	assert_bytes(row, "salt", got, 16);
}

static void test_recovery_code(void **state)
{
	/* Without it who lost the telephone could not come back. */
	const json_t *row = json_object_get(signin, "recovery_code");
	id user = id_in(row, "user_id");
	uint8_t got[32], before[32];

	(void)state;
	assert_ok(recovery_code_hash(ring, user,
	    text_of(string_of(row, "text")), got));
	assert_bytes(row, "stored", got, sizeof(got));
	assert_ok(recovery_code_hash(ring, user, T(" 4q8ma679 dqfpg3sw "),
	    got));
	assert_bytes(row, "stored", got, sizeof(got));
	memcpy(before, got, sizeof(got));
	assert_result(recovery_code_hash(ring, user, T("4Q8MA679DQFPG3S"),
	    got), INVALID);
	assert_result(recovery_code_hash(ring, user, T("4Q8MA679DQFPG3SWX"),
	    got), INVALID);
	assert_result(recovery_code_hash(ring, user, T("4Q8MA679DQFPG3SU"),
	    got), INVALID);
	assert_memory_equal(before, got, sizeof(got));
}

static void test_pepper_epochs(void **state)
{
	/* Without it a new pepper would lock everybody out at once. */
	struct keyring *k = ring_new();
	key32 one = { { 1 } }, two = { { 2 } };
	uint8_t argon[32] = { 3 }, old[32], new[32], got[32];
	text code = T("4Q8MA679DQFPG3SW");
	id user = id_of_number(5);

	(void)state;
	ring_put(k, PURPOSE_PEPPER, 1, &one);
	assert_ok(login_verifier(k, user, argon, old));
	ring_put(k, PURPOSE_PEPPER, 2, &two);
	assert_ok(login_verifier(k, user, argon, new));
	assert_memory_not_equal(old, new, sizeof(old));
	assert_ok(login_verifier_at(k, 1, user, argon, got));
	assert_memory_equal(old, got, sizeof(old));
	assert_ok(login_verifier_at(k, 2, user, argon, got));
	assert_memory_equal(new, got, sizeof(old));
	assert_result(login_verifier_at(k, 3, user, argon, got), NOT_FOUND);
	assert_ok(recovery_code_hash(k, user, code, new));
	assert_ok(recovery_code_hash_at(k, 2, user, code, got));
	assert_memory_equal(new, got, sizeof(new));
	assert_ok(recovery_code_hash_at(k, 1, user, code, got));
	assert_memory_not_equal(new, got, sizeof(new));
	keyring_free(&k);
}

static void test_session(void **state)
{
	/* Without it a stolen database would hold usable cookies. */
	const json_t *row = json_object_get(signin, "session");
	uint8_t token[32], read[32], base[32];
	char cookie[44], field[87];
	struct script s = { .n = 32 };
	struct chance chance = script_chance(&s);
	id got;

	(void)state;
	bytes_into(row, "token", token, sizeof(token));
	base64url_write(token, sizeof(token), cookie);
	assert_string_equal(cookie, string_of(row, "cookie"));
	assert_true(base64url_read(text_of(cookie), read, sizeof(read)));
	assert_memory_equal(read, token, sizeof(token));
	assert_ok(session_row(ring, 1, "ses", token, &got));
	assert_bytes(row, "row_id", got.b, sizeof(got.b));
	assert_ok(csrf_base(ring, 1, token, base));
	assert_bytes(row, "csrf_base", base, sizeof(base));
	bytes_into(row, "mask", s.b, 32);
	csrf_field(&chance, base, field);
	assert_string_equal(field, string_of(row, "csrf_field"));
	assert_true(csrf_check(base, text_of(field)));

	row = json_object_get(signin, "api_token");
	bytes_into(row, "secret", token, sizeof(token));
	base64url_write(token, sizeof(token), cookie);
	assert_string_equal(cookie, string_of(row, "text") + 5);
	assert_ok(session_row(ring, 1, "api", token, &got));
	assert_bytes(row, "row_id", got.b, sizeof(got.b));
}

static void test_csrf(void **state)
{
	/* Without it a foreign page could act with somebody's session. */
	uint8_t base[32] = { 1 }, other[32] = { 2 };
	char one[87], two[87];

	(void)state;
	csrf_field(&chance_system, base, one);
	csrf_field(&chance_system, base, two);
	assert_string_not_equal(one, two);
	assert_true(csrf_check(base, text_of(one)));
	assert_true(csrf_check(base, text_of(two)));
	assert_false(csrf_check(other, text_of(one)));
	assert_false(csrf_check(base, T("")));
	assert_false(csrf_check(base, (text){ one, 85 }));
	for (size_t i = 0; i < 86; i++) {
		char kept = one[i];

		one[i] = kept == 'A' ? 'B' : 'A';
		assert_false(csrf_check(base, text_of(one)));
		one[i] = '=';
		assert_false(csrf_check(base, text_of(one)));
		one[i] = kept;
	}
}

static void test_base64url(void **state)
{
	/* Without it one token could be written in several ways. */
	uint8_t got[4] = { 9, 9, 9, 9 }, before[4] = { 9, 9, 9, 9 };

	(void)state;
	assert_false(base64url_read(T("AAAAA="), got, 4));
	assert_false(base64url_read(T("AAAAAA=="), got, 4));
	assert_false(base64url_read(T("AAAAAB"), got, 4));
	assert_false(base64url_read(T("AAAAA"), got, 4));
	assert_false(base64url_read(T("AAAA+A"), got, 4));
	assert_false(base64url_read(T("AAAA/A"), got, 4));
	assert_false(base64url_read(T("AAA AA"), got, 4));
	assert_false(base64url_read(T("AAA\xbe" "AA"), got, 4));
	assert_false(base64url_read(T("AAAAAA"), got, 3));
	assert_false(base64url_read(T("zzzzz!"), got, 4));
	assert_memory_equal(got, before, sizeof(got));
	assert_true(base64url_read(T("__-_AA"), got, 4));
	assert_int_equal(get_u32(got), 0xffffbf00u);
	assert_true(base64url_read(T(""), got, 0));
}

static void test_pseudonyms(void **state)
{
	/* Without it the tree on disk would name who looked at whom. */
	const json_t *row = json_object_get(audit, "pseudonyms");
	const json_t *user = json_object_get(signin, "verifier");
	uint8_t got[16], other[16];
	id i = { { 0x53, 0xf4, 0xcf, 0x93, 0x77, 0x45, 0xde, 0xd7, 0x94,
		0x0f, 0xd2, 0x82, 0x36, 0x3f, 0x85, 0x40 } };

	(void)state;
	assert_ok(audit_pseudonym(ring, "person", i, got));
	assert_bytes(row, "person", got, sizeof(got));
	assert_ok(audit_pseudonym(ring, "user", id_in(user, "user_id"),
	    got));
	assert_bytes(row, "user", got, sizeof(got));
	assert_ok(audit_pseudonym(ring, "session", id_in(user, "user_id"),
	    other));
	assert_memory_not_equal(got, other, sizeof(got));
}

static void test_checkpoint(void **state)
{
	/* Without it a printed checkpoint would prove nothing. */
	const char *note = string_of(audit, "checkpoint");
	const char *end = strstr(note, "\n\n");
	const char *last = strrchr(note, ' ');
	uint8_t signature[64], public[32], stored[68];
	size_t stored_n;

	(void)state;
	assert_non_null(end);
	assert_non_null(last);
	text message = { note, (size_t)(end - note) + 1 };
	assert_int_equal(sodium_base642bin(stored, sizeof(stored), last + 1,
	    strlen(last + 1) - 1, NULL, &stored_n, NULL,
	    sodium_base64_VARIANT_ORIGINAL), 0);
	assert_int_equal(stored_n, sizeof(stored));
	assert_ok(checkpoint_sign(ring, 1, message, signature, public));
	assert_bytes(audit, "public_key", public, sizeof(public));
	assert_memory_equal(signature, stored + 4, sizeof(signature));
	assert_int_equal(crypto_sign_verify_detached(signature,
	    (const uint8_t *)message.p, message.n, public), 0);
}

static void test_blake2b(void **state)
{
	/* Without it the digests of rows would be of something else. */
	uint8_t got[64], joined[64], want[64];

	(void)state;
	/* RFC 7693, appendix A. */
	assert_true(hex_read(T("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac"
	    "4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1"
	    "925ab92386edd4009923"), want, sizeof(want)));
	blake2b(got, 64, NULL, 0, T("a"), T("bc"));
	assert_memory_equal(got, want, sizeof(got));
	blake2b(got, 16, want, 32, T("ab"), T(""));
	blake2b(joined, 16, want, 32, T(""), T("ab"));
	assert_memory_equal(got, joined, 16);
	assert_true(same_secret(got, joined, 16));
	joined[15] ^= 1;
	assert_false(same_secret(got, joined, 16));
}

static void test_sealed(void **state)
{
	/* Without it a sealed office would hash with nothing. */
	struct keyring *k;
	uint8_t got[64] = { 0 }, public[32] = { 0 }, in[32] = { 0 };
	id i = { { 0 } };

	(void)state;
	assert_ok(keyring_new(&k));
	assert_result(blind_index(k, T("PE"), T("DNI"), T("1"), got), SEALED);
	assert_result(login_verifier(k, i, in, got), SEALED);
	assert_result(login_verifier_at(k, 1, i, in, got), SEALED);
	assert_result(unknown_user_salt(k, T("x"), got), SEALED);
	assert_result(recovery_code_hash(k, i, T("4Q8MA679DQFPG3SW"), got),
	    SEALED);
	assert_result(recovery_code_hash_at(k, 1, i, T("4Q8MA679DQFPG3SW"),
	    got), SEALED);
	assert_result(session_row(k, 1, "ses", in, &i), SEALED);
	assert_result(csrf_base(k, 1, in, got), SEALED);
	assert_result(audit_pseudonym(k, "user", i, got), SEALED);
	assert_result(checkpoint_sign(k, 1, T("x"), got, public), SEALED);
	assert_true(sodium_is_zero(got, sizeof(got)));
	assert_true(sodium_is_zero(public, sizeof(public)));
	keyring_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blind_index),
		cmocka_unit_test(test_sign_in),
		cmocka_unit_test(test_recovery_code),
		cmocka_unit_test(test_pepper_epochs),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_csrf),
		cmocka_unit_test(test_base64url),
		cmocka_unit_test(test_pseudonyms),
		cmocka_unit_test(test_checkpoint),
		cmocka_unit_test(test_blake2b),
		cmocka_unit_test(test_sealed),
	};

	if (!is_ok(seal_start()))
		return 1;
	return cmocka_run_group_tests_name("seal-hashes", tests, group_setup,
	    group_teardown);
}
