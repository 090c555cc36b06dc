#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "seal.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_reallocarray(void *p, size_t count, size_t n);
void *__real_sodium_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_reallocarray(void *p, size_t count, size_t n);
void *__wrap_sodium_malloc(size_t n);

/* Counts down to the one allocation that fails; 0: none. */
static unsigned int until;
static bool failed;

static bool fails_now(void)
{
	if (until == 0 || --until > 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t n)
{
	return fails_now() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return fails_now() ? NULL : __real_calloc(count, n);
}

void *__wrap_reallocarray(void *p, size_t count, size_t n)
{
	return fails_now() ? NULL : __real_reallocarray(p, count, n);
}

void *__wrap_sodium_malloc(size_t n)
{
	return fails_now() ? NULL : __real_sodium_malloc(n);
}

static result use_ring(struct keyring *k, struct buf *out)
{
	static const key32 root = { { 7 } };
	id person = id_of_number(1000);
	const struct derived *d;
	struct owner o;
	uint8_t signature[64], public[32];

	TRY(keyring_root(k, &root, id_of_number(99), 1));
	for (int p = PURPOSE_PERSON; p < PURPOSES; p++)
		TRY(keyring_make(k, &chance_system, (enum purpose)p,
		    purpose_id((enum purpose)p), 1, 1, out));
	buf_clear(out);
	TRY(keyring_make(k, &chance_system, PURPOSE_PERSON, person, 1, 1,
	    out));
	TRY(keyring_owner(k, PURPOSE_PERSON, person, &o));
	TRY(keyring_derived(k, &o, CLASS_IDENTITY, &d));
	TRY(keyring_derived(k, &o, CLASS_SENSITIVE, &d));
	keyring_drop(k, PURPOSE_PERSON, person, 1);
	TRY(keyring_take(k, PURPOSE_PERSON, person, 1, buf_view(out)));
	/* Enough of them for the table and the list to grow. */
	for (uint64_t i = 0; i < 1200; i++) {
		buf_clear(out);
		result r = keyring_make(k, &chance_system, PURPOSE_CASE,
		    id_of_number(2000 + i), 1, 1, out);
		/* A row without its key would be a promise to nobody. */
		assert_int_equal(out->n, is_ok(r) ? AE1_MIN : 0);
		TRY(r);
	}
	return checkpoint_sign(k, 1, T("note"), signature, public);
}

static result ring(void)
{
	CLEANUP(keyring_free) struct keyring *k = NULL;
	CLEANUP(buf_free) struct buf out = buf_new(8 * KIB);

	TRY(keyring_new(&k));
	return use_ring(k, &out);
}

static void arena_done(struct arena **a)
{
	arena_free(*a);
}

static result record(void)
{
	CLEANUP(buf_free) struct buf out = buf_new(KIB);
	CLEANUP(arena_done) struct arena *a = arena_new(MIB);
	key32 key = { { 1 } };
	struct owner o = { .key = &key };
	struct record_place place = { .class = CLASS_CASE, .table = "act" };
	char plain[128] = "plain";
	text got;

	NEED(a);
	TRY(seal_record(&chance_system, &o, &place,
	    (text){ plain, sizeof(plain) }, &out));
	TRY(open_record(a, &o, &place, buf_view(&out), &got));
	return passphrase_bytes(a, T("cinco  llamas"), &got);
}

static result file(void)
{
	CLEANUP(buf_free) struct buf sealed = buf_new(MIB);
	CLEANUP(buf_free) struct buf out = buf_new(MIB);
	CLEANUP(file_sealer_free) struct file_sealer *s = NULL;
	CLEANUP(file_opener_free) struct file_opener *o = NULL;
	static const uint8_t bytes[100000];
	key32 key = { { 1 } };

	TRY(file_seal_begin(&chance_system, &key, id_of_number(1),
	    sizeof(bytes), &sealed, &s));
	TRY(file_seal_add(s, bytes, sizeof(bytes), &sealed));
	TRY(file_seal_end(s, &sealed));
	TRY(file_open_begin(&key, sealed.p, sizeof(bytes), &o));
	TRY(file_open_add(o, sealed.p + AF1_HEADER, sealed.n - AF1_HEADER,
	    &out));
	return file_open_end(o);
}

static result vault(void)
{
	struct slot_kdf two[2] = { kdf_floor, kdf_floor };
	key32 root = { { 1 } }, kek = { { 2 } }, got, made;
	struct vault v;

	TRY(vault_make(&chance_system, id_of_number(1), 0, 1, &root, two,
	    &kek, &kek, &v));
	TRY(vault_rotate(&chance_system, &v, &root, &root, two, &kek, &kek,
	    2, &v));
	TRY(vault_open(&v, 1, &kek, &got));
	return vault_kek(T("secret"), &kdf_floor, &made);
}

/* The n-th allocation fails, for each n until none is left to fail. */
static void fail_each(result (*scenario)(void))
{
	enum { TRIES_MAX = 200 };
	unsigned int n = 0;

	do {
		assert_true(++n < TRIES_MAX);
		failed = false;
		until = n;
		result r = scenario();
		until = 0;
		if (failed)
			assert_true(r.code == E_NO_MEMORY ||
			    r.code == E_TOO_LARGE);
		else
			assert_int_equal(r.code, E_OK);
	} while (failed);
	assert_true(n > 1);
}

static void test_ring(void **state)
{
	/* Without it a full machine would crash the office at unsealing. */
	(void)state;
	fail_each(ring);
}

static void test_record(void **state)
{
	/* Without it a full machine would crash the office at reading. */
	(void)state;
	fail_each(record);
}

static void test_file(void **state)
{
	/* Without it a full machine would crash the office at an upload. */
	(void)state;
	fail_each(file);
}

static void test_vault(void **state)
{
	/* Without it a failed change of passphrase could leave a half one. */
	(void)state;
	fail_each(vault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_vault),
	};

	if (!is_ok(seal_start()))
		return 1;
	return cmocka_run_group_tests_name("seal-memory", tests, NULL, NULL);
}
