/*
 * bench: what sealing costs on this machine.  Prints, judges nothing:
 * meson test --benchmark, or run it by hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "seal.h"

enum { PERSONS = 200000, TURNS = 200000 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(const char *what, double since, size_t times)
{
	printf("%-44s %8.2f us\n", what,
	    (seconds() - since) * 1e6 / (double)times);
}

static void need(result r)
{
	if (!is_ok(r)) {
		fprintf(stderr, "bench: %s\n", error_name(r));
		exit(1);
	}
}

static void bench_records(void)
{
	char plain[128] = "plain";
	key32 key = { { 1 } };
	struct owner o = { .key = &key, .id = id_of_number(1) };
	struct record_place place = { .class = CLASS_IDENTITY,
		.table = "person" };
	struct buf out = buf_new(KIB);
	struct arena *a = arena_new(MIB);
	struct derived d;
	text got;

	need(derive(&o, CLASS_IDENTITY, &d));
	double since = seconds();
	for (int i = 0; i < TURNS; i++) {
		buf_clear(&out);
		need(seal_derived(&chance_system, &o, &d, &place,
		    (text){ plain, sizeof(plain) }, &out));
	}
	say("seal_derived, 224 bytes", since, TURNS);
	since = seconds();
	for (int i = 0; i < TURNS; i++) {
		need(open_derived(a, &o, &d, &place, buf_view(&out), &got));
		arena_reset(a);
	}
	say("open_derived, 224 bytes", since, TURNS);
	since = seconds();
	for (int i = 0; i < TURNS; i++) {
		need(open_record(a, &o, &place, buf_view(&out), &got));
		arena_reset(a);
	}
	say("open_record, 224 bytes", since, TURNS);
	arena_free(a);
	buf_free(&out);
}

static void bench_ring(void)
{
	static const key32 root = { { 7 } };
	struct buf rows = buf_new((size_t)PERSONS * AE1_MIN), made = buf_new(
	    KIB);
	struct keyring *k;
	const struct derived *d;
	struct owner o;

	need(keyring_new(&k));
	need(keyring_root(k, &root, id_of_number(99), 1));
	need(keyring_make(k, &chance_system, PURPOSE_PERSON,
	    purpose_id(PURPOSE_PERSON), 1, 1, &made));
	double since = seconds();
	for (uint64_t i = 0; i < PERSONS; i++)
		need(keyring_make(k, &chance_system, PURPOSE_PERSON,
		    id_of_number(1000 + i), 1, 1, &rows));
	say("keyring_make", since, PERSONS);

	keyring_forget(k);
	need(keyring_root(k, &root, id_of_number(99), 1));
	need(keyring_take(k, PURPOSE_PERSON, purpose_id(PURPOSE_PERSON), 1,
	    buf_view(&made)));
	since = seconds();
	for (uint64_t i = 0; i < PERSONS; i++)
		need(keyring_take(k, PURPOSE_PERSON, id_of_number(1000 + i),
		    1, (text){ rows.p + i * AE1_MIN, AE1_MIN }));
	say("keyring_take, 200,000 persons", since, PERSONS);
	printf("%-44s %8.1f MiB, %s\n", "secret memory, keys only",
	    (double)keyring_bytes(k) / MIB,
	    keyring_locked(k) ? "locked" : "over the lock limit");

	since = seconds();
	for (uint64_t i = 0; i < PERSONS; i++) {
		need(keyring_owner(k, PURPOSE_PERSON, id_of_number(1000 + i),
		    &o));
		need(keyring_derived(k, &o, CLASS_IDENTITY, &d));
		need(keyring_derived(k, &o, CLASS_SENSITIVE, &d));
	}
	say("keyring_derived, first time", since, 2 * PERSONS);
	since = seconds();
	for (uint64_t i = 0; i < PERSONS; i++) {
		need(keyring_owner(k, PURPOSE_PERSON, id_of_number(1000 + i),
		    &o));
		need(keyring_derived(k, &o, CLASS_IDENTITY, &d));
	}
	say("keyring_owner and _derived, held", since, PERSONS);
	printf("%-44s %8.1f MiB, %s\n", "secret memory, two classes each",
	    (double)keyring_bytes(k) / MIB,
	    keyring_locked(k) ? "locked" : "over the lock limit");
	since = seconds();
	keyring_forget(k);
	printf("%-44s %8.2f ms\n", "keyring_forget",
	    (seconds() - since) * 1e3);
	keyring_free(&k);
	buf_free(&rows);
	buf_free(&made);
}

static void bench_file(void)
{
	enum { LENGTH_OF_FILE = 16 * MIB };
	struct buf sealed = buf_new(20 * MIB), out = buf_new(20 * MIB);
	struct file_sealer *s;
	struct file_opener *o;
	uint8_t *bytes = calloc(1, LENGTH_OF_FILE);
	key32 key = { { 1 } };

	if (bytes == NULL || buf_extend(&sealed, sealed.max) == NULL ||
	    buf_extend(&out, out.max) == NULL)
		exit(1);
	/* Touched once, so that the sealing is timed and not the pages. */
	memset(bytes, 1, LENGTH_OF_FILE);
	memset(sealed.p, 1, sealed.n);
	memset(out.p, 1, out.n);
	buf_clear(&sealed);
	buf_clear(&out);
	double since = seconds();
	need(file_seal_begin(&chance_system, &key, id_of_number(1),
	    LENGTH_OF_FILE, &sealed, &s));
	need(file_seal_add(s, bytes, LENGTH_OF_FILE, &sealed));
	need(file_seal_end(s, &sealed));
	say("file sealed, per MiB", since, 16);
	since = seconds();
	need(file_open_begin(&key, sealed.p, LENGTH_OF_FILE, &o));
	need(file_open_add(o, sealed.p + AF1_HEADER, sealed.n - AF1_HEADER,
	    &out));
	need(file_open_end(o));
	say("file opened, per MiB", since, 16);
	file_sealer_free(&s);
	file_opener_free(&o);
	free(bytes);
	buf_free(&sealed);
	buf_free(&out);
}

static void bench_kek(void)
{
	key32 kek;

	double since = seconds();
	need(vault_kek(T("cinco llamas cruzan el puente"), &kdf_default,
	    &kek));
	printf("%-44s %8.2f ms\n", "vault_kek, default",
	    (seconds() - since) * 1e3);
}

int main(void)
{
	need(seal_start());
	bench_records();
	bench_ring();
	bench_file();
	bench_kek();
	return 0;
}
