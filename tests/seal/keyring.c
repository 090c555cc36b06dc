#include "check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static json_t *vectors;
static id vault = { { 0xe4, 0xaa, 0x48, 0x82, 0x17, 0xde, 0x15, 0x43, 0xf2,
	0xf7, 0x5e, 0xd2, 0x23, 0x46, 0x5b, 0xe5 } };
enum { CREATED = 0x6b055210 };

static key32 root_of(size_t epoch)
{
	return key_of_hex(json_string_value(json_array_get(json_object_get(
	    vectors, "root_keys"), epoch - 1)));
}

/* A ring with the root of one epoch of the vectors. */
static struct keyring *ring_of(size_t epoch)
{
	struct keyring *k;
	key32 root = root_of(epoch);

	assert_ok(keyring_new(&k));
	assert_false(keyring_open(k));
	assert_ok(keyring_root(k, &root, vault, (uint32_t)epoch));
	return k;
}

static void assert_held(const struct keyring *k, enum purpose kind, id key,
    uint32_t epoch, const key32 *want)
{
	struct owner o;

	assert_ok(keyring_owner_at(k, kind, key, epoch, &o));
	assert_int_equal(o.epoch, epoch);
	assert_true(id_same(o.id, key));
	assert_memory_equal(o.key, want, sizeof(*want));
}

static enum purpose kind_of(const json_t *row)
{
	return (enum purpose)id_in(row, "row_id").b[15];
}

/* The rows of the root of this epoch; they stand old, new, old, new… */
static const json_t *purpose_row(size_t i, size_t epoch)
{
	return json_array_get(json_object_get(vectors, "purposes"),
	    2 * i + epoch - 1);
}

static void take_purposes(struct keyring *k, size_t epoch)
{
	for (size_t i = 0; i < PURPOSES - 1; i++) {
		const json_t *row = purpose_row(i, epoch);
		struct bytes record = bytes_of(row, "record");
		key32 want = key_in(row, "purpose_key");

		assert_int_equal(number_of(row, "epoch"), epoch);
		assert_false(keyring_open(k));
		assert_ok(keyring_take(k, kind_of(row), id_in(row, "row_id"),
		    (uint32_t)number_of(row, "version"), view(record)));
		assert_held(k, kind_of(row), id_in(row, "row_id"), 1, &want);
		free(record.p);
	}
	assert_true(keyring_open(k));
}

static void test_purposes_open(void **state)
{
	/* Without it an office of an older release could not be unsealed. */
	(void)state;
	for (size_t epoch = 1; epoch <= 2; epoch++) {
		struct keyring *k = ring_of(epoch);

		take_purposes(k, epoch);
		keyring_forget(k);
		assert_false(keyring_open(k));
		keyring_free(&k);
		assert_null(k);
	}
}

static void test_purposes_made(void **state)
{
	/* Without it new offices would write rows that nobody else reads. */
	struct keyring *k = ring_of(1);
	struct buf out = buf_new(KIB);

	(void)state;
	for (size_t i = 0; i < PURPOSES - 1; i++) {
		const json_t *row = purpose_row(i, 1);
		struct bytes record = bytes_of(row, "record");
		struct script s = { .n = 56 };
		struct chance chance = script_chance(&s);

		bytes_into(row, "purpose_key", s.b, 32);
		bytes_into(row, "nonce", s.b + 32, 24);
		buf_clear(&out);
		assert_ok(keyring_make(k, &chance, kind_of(row),
		    id_in(row, "row_id"), 1, CREATED, &out));
		assert_int_equal(out.n, record.n);
		assert_memory_equal(out.p, record.p, record.n);
		free(record.p);
	}
	assert_true(keyring_open(k));
	keyring_free(&k);
	buf_free(&out);
}

static void test_root_rotation(void **state)
{
	/* Without it a new root could not carry the office's keys over. */
	struct keyring *k = ring_of(1);
	key32 root = root_of(2);
	struct buf out = buf_new(KIB);

	(void)state;
	assert_ok(keyring_root(k, &root, vault, 2));
	for (size_t i = 0; i < PURPOSES - 1; i++) {
		const json_t *row = purpose_row(i, 2);
		struct bytes old = bytes_of(purpose_row(i, 1), "record");
		struct bytes record = bytes_of(row, "record");
		struct script s = { .n = 24 };
		struct chance chance = script_chance(&s);

		bytes_into(row, "nonce", s.b, 24);
		buf_clear(&out);
		assert_ok(keyring_rewrap(k, &chance, kind_of(row),
		    id_in(row, "row_id"), 1, view(old), &out));
		assert_int_equal(out.n, record.n);
		assert_memory_equal(out.p, record.p, record.n);
		free(old.p);
		free(record.p);
	}
	/* The new rows open with both roots there, and without the old. */
	keyring_drop(k, PURPOSE_ROOT, vault, 1);
	take_purposes(k, 2);
	keyring_free(&k);
	buf_free(&out);
}

static void test_epochs_mixed(void **state)
{
	/* Without it half a rotation could pass for a whole one. */
	(void)state;
	for (size_t epoch = 1; epoch <= 2; epoch++) {
		struct keyring *k = ring_of(epoch);
		key32 wrong = root_of(3 - epoch);

		for (size_t i = 0; i < PURPOSES - 1; i++) {
			const json_t *row = purpose_row(i, 3 - epoch);
			struct bytes record = bytes_of(row, "record");

			assert_result(keyring_take(k, kind_of(row),
			    id_in(row, "row_id"), 1, view(record)),
			    SEALED_RECORD);
			free(record.p);
		}
		assert_false(keyring_open(k));
		keyring_forget(k);
		/* The other root under this epoch's number. */
		assert_ok(keyring_root(k, &wrong, vault, (uint32_t)epoch));
		struct bytes record = bytes_of(purpose_row(0, epoch),
		    "record");
		assert_result(keyring_take(k, PURPOSE_PERSON,
		    purpose_id(PURPOSE_PERSON), 1, view(record)),
		    SEALED_RECORD);
		free(record.p);
		keyring_free(&k);
	}
}

static enum purpose wrapped_kind(const json_t *row)
{
	return (enum purpose)id_in(row, "key_id").b[15];
}

static key32 wrapped_key(const json_t *row)
{
	const json_t *fields = json_object_get(row, "fields");

	return key_in(json_array_get(fields, 0), "value");
}

static uint64_t wrapped_created(const json_t *row)
{
	uint8_t at[8];

	bytes_into(json_array_get(json_object_get(row, "fields"), 1),
	    "value", at, sizeof(at));
	return get_u64(at);
}

/* A ring that holds the purpose key by which a row is wrapped. */
static struct keyring *ring_for(const json_t *row)
{
	struct keyring *k = ring_of(1);
	key32 key = key_in(row, "owner_key");

	ring_put(k, wrapped_kind(row), (uint32_t)number_of(row, "epoch"),
	    &key);
	return k;
}

static void test_wrapped_both_ways(void **state)
{
	/* Without it the key of a person could be lost to a new release. */
	const json_t *rows = json_object_get(vectors, "wrapped");

	(void)state;
	assert_true(json_array_size(rows) >= 4);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		struct bytes record = bytes_of(row, "record");
		struct keyring *k = ring_for(row);
		key32 want = wrapped_key(row);
		id key = id_in(row, "row_id");
		uint32_t epoch = (uint32_t)number_of(row, "version");
		struct script s = { .n = 24 + 32 };
		struct chance chance = script_chance(&s);
		struct buf out = buf_new(KIB);

		assert_ok(keyring_take(k, wrapped_kind(row), key, epoch,
		    view(record)));
		assert_held(k, wrapped_kind(row), key, epoch, &want);
		/* Again is no harm: another node may tell us twice. */
		assert_ok(keyring_take(k, wrapped_kind(row), key, epoch,
		    view(record)));

		keyring_drop(k, wrapped_kind(row), key, epoch);
		memcpy(s.b, want.b, 32);
		bytes_into(row, "nonce", s.b + 32, 24);
		assert_ok(keyring_make(k, &chance, wrapped_kind(row), key,
		    epoch, wrapped_created(row), &out));
		assert_int_equal(out.n, record.n);
		assert_memory_equal(out.p, record.p, record.n);
		assert_held(k, wrapped_kind(row), key, epoch, &want);
		buf_free(&out);
		keyring_free(&k);
		free(record.p);
	}
}

static void test_purpose_rotation(void **state)
{
	/* Without it shredding could not renew the purpose key at night. */
	const json_t *rows = json_object_get(vectors, "wrapped");
	const json_t *first = json_array_get(rows, 0);
	const json_t *second = json_array_get(rows, 1);
	struct bytes old = bytes_of(first, "record");
	struct bytes new = bytes_of(second, "record");
	struct keyring *k = ring_for(first);
	key32 key = key_in(second, "owner_key");
	struct script s = { .n = 24 };
	struct chance chance = script_chance(&s);
	struct buf out = buf_new(KIB);
	struct owner o;

	(void)state;
	ring_put(k, PURPOSE_PERSON, 2, &key);
	bytes_into(second, "nonce", s.b, 24);
	assert_ok(keyring_rewrap(k, &chance, PURPOSE_PERSON,
	    id_in(first, "row_id"), 1, view(old), &out));
	assert_int_equal(out.n, new.n);
	assert_memory_equal(out.p, new.p, new.n);
	assert_result(keyring_owner(k, PURPOSE_PERSON,
	    id_in(first, "row_id"), &o), NOT_FOUND);

	/* Once the old purpose key is gone, what it wrapped is as well. */
	keyring_drop(k, PURPOSE_PERSON, purpose_id(PURPOSE_PERSON), 1);
	assert_result(keyring_take(k, PURPOSE_PERSON, id_in(first, "row_id"),
	    1, view(old)), SEALED_RECORD);
	assert_ok(keyring_take(k, PURPOSE_PERSON, id_in(first, "row_id"), 1,
	    view(new)));
	keyring_free(&k);
	buf_free(&out);
	free(old.p);
	free(new.p);
}

static void test_every_byte(void **state)
{
	/* Without it a row of another person could be taken as hers. */
	const json_t *row = json_array_get(json_object_get(vectors,
	    "wrapped"), 0);
	struct bytes record = bytes_of(row, "record");
	struct keyring *k = ring_for(row);
	id key = id_in(row, "row_id"), other = key;
	struct owner o;

	(void)state;
	for (size_t i = 0; i < record.n; i++) {
		record.p[i] ^= (uint8_t)(1u << i % 8);
		assert_result(keyring_take(k, PURPOSE_PERSON, key, 1,
		    view(record)), SEALED_RECORD);
		record.p[i] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t n = 0; n < record.n; n++)
		assert_result(keyring_take(k, PURPOSE_PERSON, key, 1,
		    (text){ (const char *)record.p, n }), SEALED_RECORD);
	other.b[0] ^= 1;
	assert_result(keyring_take(k, PURPOSE_PERSON, other, 1,
	    view(record)), SEALED_RECORD);
	assert_result(keyring_take(k, PURPOSE_PERSON, key, 2,
	    view(record)), SEALED_RECORD);
	assert_result(keyring_take(k, PURPOSE_CASE, key, 1,
	    view(record)), SEALED_RECORD);
	assert_result(keyring_owner(k, PURPOSE_PERSON, key, &o), NOT_FOUND);
	assert_ok(keyring_take(k, PURPOSE_PERSON, key, 1, view(record)));
	keyring_free(&k);
	free(record.p);
}

/* A row that opens but is not {1 key 32, 2 created 8}. */
static void check_fields(struct keyring *k, const char *plain_hex)
{
	uint8_t plain[128] = { 0 };
	struct owner o;
	struct record_place place = { .class = CLASS_KEY, .table = "key",
		.row = id_of_number(500), .version = 1 };
	struct buf out = buf_new(KIB);

	assert_true(hex_read(text_of(plain_hex), plain,
	    strlen(plain_hex) / 2));
	assert_ok(keyring_owner(k, PURPOSE_PERSON,
	    purpose_id(PURPOSE_PERSON), &o));
	assert_ok(seal_record(&chance_system, &o, &place,
	    (text){ (const char *)plain, sizeof(plain) }, &out));
	assert_result(keyring_take(k, PURPOSE_PERSON, id_of_number(500), 1,
	    buf_view(&out)), SEALED_RECORD);
	buf_free(&out);
}

static void test_fields(void **state)
{
	/* Without it a short key would be read past its end. */
	struct keyring *k = ring_new();
	key32 key = { { 1 } };

	(void)state;
	ring_put(k, PURPOSE_PERSON, 1, &key);
	check_fields(k, "");
	check_fields(k, "00010001aa000200080000000000000001");
	check_fields(k, "0001002000f926b795fc69b553ce1607363cdd4422cea3179f"
	    "0ff2de9f64f9d43f5c62da");
	check_fields(k, "0001002000f926b795fc69b553ce1607363cdd4422cea3179f"
	    "0ff2de9f64f9d43f5c62da000200040000006b");
	check_fields(k, "0001002000f926b795fc69b553ce1607363cdd4422cea3179f"
	    "0ff2de9f64f9d43f5c62da00020008000000006b05521000030001aa");
	check_fields(k, "0001002000f926b795fc69b553ce1607363cdd4422cea3179f"
	    "0ff2de9f64f9d43f5c62da00020008000000006b055210000000000001");
	check_fields(k, "0002002000f926b795fc69b553ce1607363cdd4422cea3179f"
	    "0ff2de9f64f9d43f5c62da00030008000000006b055210");
	keyring_free(&k);
}

static void test_sealed(void **state)
{
	/* Without it "seal now" would leave something that still answers. */
	struct keyring *k = ring_new();
	key32 key = { { 1 } };
	struct owner o;
	const struct derived *d = NULL;
	struct buf out = buf_new(KIB);
	id person = id_of_number(1000);

	(void)state;
	ring_put(k, PURPOSE_PERSON, 1, &key);
	assert_ok(keyring_make(k, &chance_system, PURPOSE_PERSON, person, 1,
	    1, &out));
	assert_ok(keyring_owner(k, PURPOSE_PERSON, person, &o));
	assert_true(keyring_bytes(k) > 4096);
	keyring_forget(k);
	assert_true(keyring_bytes(k) < 4096);
	assert_false(keyring_open(k));
	assert_result(keyring_derived(k, &o, CLASS_IDENTITY, &d), SEALED);
	assert_null(d);
	assert_result(keyring_owner(k, PURPOSE_PERSON, person, &o), SEALED);
	assert_result(keyring_owner_at(k, PURPOSE_PERSON, person, 1, &o),
	    SEALED);
	assert_result(keyring_owner_of(k, person, 1, &o), SEALED);
	assert_result(keyring_take(k, PURPOSE_PERSON, person, 1,
	    buf_view(&out)), SEALED);
	assert_result(keyring_make(k, &chance_system, PURPOSE_PERSON, person,
	    1, 1, &out), SEALED);
	assert_result(keyring_rewrap(k, &chance_system, PURPOSE_PERSON,
	    person, 1, buf_view(&out), &out), SEALED);
	keyring_drop(k, PURPOSE_PERSON, person, 1);
	keyring_forget(k);
	keyring_free(&k);
	keyring_free(&k);
	buf_free(&out);
}

static void test_conflicts(void **state)
{
	/* Without it a second key could silently take the place of one. */
	struct keyring *k = ring_new(), *twin = ring_new();
	key32 key = { { 1 } }, root = { { 7 } }, other = { { 8 } };
	struct buf out = buf_new(KIB);
	struct owner before, after;
	id person = id_of_number(1000);

	(void)state;
	assert_ok(keyring_root(k, &root, id_of_number(99), 1));
	assert_result(keyring_root(k, &other, id_of_number(99), 1),
	    CONFLICT);
	assert_result(keyring_root(k, &root, id_of_number(98), 2), CONFLICT);
	ring_put(k, PURPOSE_PERSON, 1, &key);
	ring_put(twin, PURPOSE_PERSON, 1, &key);
	assert_ok(keyring_make(k, &chance_system, PURPOSE_PERSON, person, 1,
	    1, &out));
	assert_ok(keyring_owner(k, PURPOSE_PERSON, person, &before));
	key32 held = *before.key;
	assert_result(keyring_make(k, &chance_system, PURPOSE_PERSON, person,
	    1, 1, &out), CONFLICT);
	assert_int_equal(out.n, AE1_MIN);
	buf_clear(&out);
	assert_ok(keyring_make(twin, &chance_system, PURPOSE_PERSON, person,
	    1, 1, &out));
	assert_result(keyring_take(k, PURPOSE_PERSON, person, 1,
	    buf_view(&out)), CONFLICT);
	assert_ok(keyring_owner(k, PURPOSE_PERSON, person, &after));
	assert_ptr_equal(before.key, after.key);
	assert_memory_equal(after.key, &held, sizeof(held));
	keyring_free(&k);
	keyring_free(&twin);
	buf_free(&out);
}

static void test_misuse(void **state)
{
	/* Without it a key could be wrapped where nobody looks for it. */
	struct keyring *k = ring_new();
	struct buf out = buf_new(AE1_MIN - 1);
	key32 key = { { 1 } };
	struct owner o;

	(void)state;
	assert_result(keyring_make(k, &chance_system, PURPOSE_ROOT,
	    id_of_number(99), 2, 1, &out), BUG);
	assert_result(keyring_make(k, &chance_system, PURPOSES,
	    id_of_number(11), 1, 1, &out), BUG);
	assert_result(keyring_make(k, &chance_system, PURPOSE_DONOR,
	    id_of_number(1000), 1, 1, &out), BUG);
	assert_result(keyring_make(k, &chance_system, PURPOSE_PERSON,
	    id_of_number(1000), 1, 1, &out), NOT_FOUND);
	ring_put(k, PURPOSE_PERSON, 1, &key);
	/* No room for the row: the key must not stay behind either. */
	assert_result(keyring_make(k, &chance_system, PURPOSE_PERSON,
	    id_of_number(1000), 1, 1, &out), TOO_LARGE);
	assert_int_equal(out.n, 0);
	assert_result(keyring_owner(k, PURPOSE_PERSON, id_of_number(1000),
	    &o), NOT_FOUND);
	keyring_free(&k);
	buf_free(&out);
}

static void test_owner_of_a_record(void **state)
{
	/* Without it a record would be opened with a key that seals none. */
	struct keyring *k = ring_new();
	struct buf out = buf_new(4 * KIB);
	key32 key = { { 1 } };
	struct owner o;

	(void)state;
	ring_put(k, PURPOSE_PERSON, 1, &key);
	ring_put(k, PURPOSE_CASE, 1, &key);
	ring_put(k, PURPOSE_OFFICE, 1, &key);
	ring_put(k, PURPOSE_AUDIT, 1, &key);
	for (uint32_t n = 1000; n < 1100; n++) {
		enum purpose kind = n % 2 == 0 ? PURPOSE_PERSON :
		    PURPOSE_CASE;

		buf_clear(&out);
		for (uint32_t epoch = 1; epoch <= n % 3 + 1; epoch++)
			assert_ok(keyring_make(k, &chance_system, kind,
			    id_of_number(n), epoch, 1, &out));
	}
	for (uint32_t n = 1000; n < 1100; n++) {
		id name = id_of_number(n);

		assert_ok(keyring_owner_of(k, name, n % 3 + 1, &o));
		assert_true(id_same(o.id, name));
		assert_int_equal(o.epoch, n % 3 + 1);
		assert_result(keyring_owner_of(k, name, n % 3 + 2, &o),
		    NOT_FOUND);
	}
	assert_ok(keyring_owner_of(k, purpose_id(PURPOSE_OFFICE), 1, &o));
	assert_result(keyring_owner_of(k, purpose_id(PURPOSE_AUDIT), 1, &o),
	    NOT_FOUND);
	keyring_drop(k, PURPOSE_CASE, id_of_number(1001), UINT32_MAX);
	assert_result(keyring_owner_of(k, id_of_number(1001), 1, &o),
	    NOT_FOUND);
	keyring_free(&k);
	buf_free(&out);
}

static void test_epochs(void **state)
{
	/* Without it a rotation would seal new text under the old key. */
	static const uint32_t order[] = { 3, 1, 5, 2, 4 };
	struct keyring *k = ring_new();
	struct buf out = buf_new(4 * KIB);
	id person = id_of_number(1000);
	key32 key = { { 1 } };
	struct owner o;

	(void)state;
	ring_put(k, PURPOSE_PERSON, 1, &key);
	for (size_t i = 0; i < LENGTH(order); i++)
		assert_ok(keyring_make(k, &chance_system, PURPOSE_PERSON,
		    person, order[i], 1, &out));
	assert_ok(keyring_owner(k, PURPOSE_PERSON, person, &o));
	assert_int_equal(o.epoch, 5);
	for (uint32_t epoch = 1; epoch <= 5; epoch++) {
		assert_ok(keyring_owner_at(k, PURPOSE_PERSON, person, epoch,
		    &o));
		assert_int_equal(o.epoch, epoch);
	}
	assert_result(keyring_owner_at(k, PURPOSE_PERSON, person, 6, &o),
	    NOT_FOUND);
	keyring_drop(k, PURPOSE_PERSON, person, 3);
	assert_result(keyring_owner_at(k, PURPOSE_PERSON, person, 3, &o),
	    NOT_FOUND);
	assert_ok(keyring_owner_at(k, PURPOSE_PERSON, person, 4, &o));
	keyring_drop(k, PURPOSE_PERSON, person, 3);
	keyring_drop(k, PURPOSE_PERSON, person, UINT32_MAX);
	assert_result(keyring_owner(k, PURPOSE_PERSON, person, &o),
	    NOT_FOUND);
	assert_ok(keyring_owner(k, PURPOSE_PERSON,
	    purpose_id(PURPOSE_PERSON), &o));
	keyring_drop(k, PURPOSE_ROOT, id_of_number(99), 1);
	assert_result(keyring_owner(k, PURPOSE_PERSON,
	    purpose_id(PURPOSE_PERSON), &o), SEALED);
	keyring_free(&k);
	buf_free(&out);
}

static void test_derived(void **state)
{
	/* Without it a pair in use could change into that of another class. */
	struct keyring *k = ring_new();
	struct buf out = buf_new(KIB);
	id person = id_of_number(1000);
	key32 key = { { 1 } };
	const struct derived *d[KEY_CLASSES + 1], *again;
	struct derived want;
	struct owner o, by_hand;

	(void)state;
	ring_put(k, PURPOSE_PERSON, 1, &key);
	assert_ok(keyring_make(k, &chance_system, PURPOSE_PERSON, person, 1,
	    1, &out));
	assert_ok(keyring_owner(k, PURPOSE_PERSON, person, &o));
	for (int c = 1; c <= KEY_CLASSES; c++)
		assert_ok(keyring_derived(k, &o, (enum record_class)c,
		    &d[c]));
	for (int c = 1; c <= KEY_CLASSES; c++) {
		assert_ok(derive(&o, (enum record_class)c, &want));
		assert_ok(keyring_derived(k, &o, (enum record_class)c,
		    &again));
		assert_ptr_equal(again, d[c]);
		assert_memory_equal(d[c], &want, sizeof(want));
	}
	by_hand = o;
	by_hand.key = &key;
	assert_result(keyring_derived(k, &by_hand, CLASS_CASE, &again), BUG);
	by_hand = o;
	by_hand.slot = 4000;
	assert_result(keyring_derived(k, &by_hand, CLASS_CASE, &again), BUG);

	/* Dropped: the memory is cleared, the old owner is told off. */
	const key32 *was = o.key;
	keyring_drop(k, PURPOSE_PERSON, person, 1);
	assert_true(sodium_is_zero(was->b, sizeof(was->b)));
	assert_true(sodium_is_zero(d[1]->enc.b, sizeof(*d[1])));
	assert_result(keyring_derived(k, &o, CLASS_CASE, &again), BUG);
	keyring_free(&k);
	buf_free(&out);
}

static id random_id(void)
{
	id i;

	randombytes_buf(i.b, sizeof(i.b));
	return i;
}

static void test_many(void **state)
{
	/* Without it a shredded person could hide another's key. */
	enum { MANY = 20000 };
	struct keyring *k = ring_new();
	struct buf out = buf_new(KIB);
	key32 key = { { 1 } };
	id *ids = calloc(MANY, sizeof(*ids));
	key32 *keys = calloc(MANY, sizeof(*keys));
	struct owner o;

	(void)state;
	assert_non_null(ids);
	assert_non_null(keys);
	ring_put(k, PURPOSE_PERSON, 1, &key);
	for (size_t i = 0; i < MANY; i++) {
		/* Half of them in a row, to crowd the table. */
		ids[i] = i % 2 ? random_id() : id_of_number(1000 + i);
		buf_clear(&out);
		assert_ok(keyring_make(k, &chance_system, PURPOSE_PERSON,
		    ids[i], 1, 1, &out));
		assert_ok(keyring_owner(k, PURPOSE_PERSON, ids[i], &o));
		keys[i] = *o.key;
	}
	for (size_t i = 0; i < MANY; i += 3)
		keyring_drop(k, PURPOSE_PERSON, ids[i], 1);
	for (size_t i = 0; i < MANY; i++) {
		result r = keyring_owner(k, PURPOSE_PERSON, ids[i], &o);

		if (i % 3 == 0) {
			assert_result(r, NOT_FOUND);
			continue;
		}
		assert_ok(r);
		assert_memory_equal(o.key, &keys[i], sizeof(key32));
	}
	size_t bytes = keyring_bytes(k);
	for (size_t i = 0; i < MANY; i += 3) {
		buf_clear(&out);
		assert_ok(keyring_make(k, &chance_system, PURPOSE_PERSON,
		    ids[i], 1, 1, &out));
	}
	assert_int_equal(keyring_bytes(k), bytes);
	free(ids);
	free(keys);
	keyring_free(&k);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_purposes_open),
		cmocka_unit_test(test_purposes_made),
		cmocka_unit_test(test_root_rotation),
		cmocka_unit_test(test_epochs_mixed),
		cmocka_unit_test(test_wrapped_both_ways),
		cmocka_unit_test(test_purpose_rotation),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_owner_of_a_record),
		cmocka_unit_test(test_epochs),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_many),
	};

	if (!is_ok(seal_start()))
		return 1;
	vectors = vector_file("keyring.json");
	int failed = cmocka_run_group_tests_name("seal-keyring", tests, NULL,
	    NULL);
	json_decref(vectors);
	return failed;
}
