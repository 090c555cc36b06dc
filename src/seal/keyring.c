#include "seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "pool.h"

enum {
	PAIRS_MAX = 2 * KEYS_MAX,	/* most owners seal two classes */
	TABLE_FIRST = 1024,
	KEYS_FIRST = 1024,
};

/* What is known of a key in clear: the disk shows as much. */
struct key {
	id id;
	struct key_times times;
	uint32_t epoch;
	uint32_t older;			/* number + 1 of the epoch before */
	uint32_t pairs;			/* number + 1 of a derived pair */
	uint8_t kind;
};

/*
 * A key's number is its place in `keys` (secret) and in `key` (clear).
 * `table` is open addressing from (kind, id) to number + 1 of the newest
 * epoch, never more than half full.  The pairs of a key are a chain in
 * `pairs`; none is ever replaced while its key lives, because a caller may
 * hold it.
 */
struct keyring {
	struct pool keys, pairs;
	struct key *key;
	uint32_t key_cap;
	uint32_t *table;
	uint32_t table_n;		/* a power of two, or 0 */
	uint32_t names;			/* places taken in the table */
	struct secret scratch;		/* plain bytes of one wrapped key */
	id vault;
	uint32_t purposes;		/* bit of each that has its key */
	bool rooted;
};

id purpose_id(enum purpose p)
{
	return id_of_number((uint64_t)p);
}

/* ---- the table -------------------------------------------------------- */

/* Ids are random; mixing is for the small ones of purposes.  By the id
 * alone, so that it is found without its kind. */
static uint32_t home_of(const struct keyring *k, id key)
{
	uint64_t h = get_u64(key.b) ^ get_u64(key.b + 8);

	h *= 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32) & (k->table_n - 1);
}

static bool is_named(const struct key *key, uint8_t kind, id name)
{
	return key->kind == kind && id_same(key->id, name);
}

/* The place of this name, or the empty one where it would go. */
static uint32_t place_of(const struct keyring *k, uint8_t kind, id name)
{
	uint32_t at = home_of(k, name);

	while (k->table[at] != 0 &&
	    !is_named(&k->key[k->table[at] - 1], kind, name))
		at = (at + 1) & (k->table_n - 1);
	return at;
}

static result table_grow(struct keyring *k)
{
	uint32_t n = k->table_n == 0 ? TABLE_FIRST : k->table_n * 2;
	uint32_t *old = k->table, old_n = k->table_n;
	uint32_t *table = calloc(n, sizeof(*table));

	NEED(table);
	k->table = table;
	k->table_n = n;
	for (uint32_t i = 0; i < old_n; i++) {
		if (old[i] == 0)
			continue;
		const struct key *key = &k->key[old[i] - 1];
		table[place_of(k, key->kind, key->id)] = old[i];
	}
	free(old);
	return OK;
}

/* Empties a place; what stands behind it moves up to where it is found. */
static void table_remove(struct keyring *k, uint32_t hole)
{
	uint32_t mask = k->table_n - 1, at = hole;

	k->names--;
	for (;;) {
		at = (at + 1) & mask;
		if (k->table[at] == 0)
			break;
		const struct key *key = &k->key[k->table[at] - 1];
		uint32_t home = home_of(k, key->id);
		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		k->table[hole] = k->table[at];
		hole = at;
	}
	k->table[hole] = 0;
}

/* ---- keys ------------------------------------------------------------- */

/* Number + 1 of the newest epoch of a name, or 0. */
static uint32_t newest_of(const struct keyring *k, enum purpose kind, id name)
{
	if (k->table_n == 0)
		return 0;
	return k->table[place_of(k, (uint8_t)kind, name)];
}

/* The same of one epoch, from the newest down. */
static uint32_t epoch_from(const struct keyring *k, uint32_t n,
    uint32_t epoch)
{
	while (n != 0 && k->key[n - 1].epoch > epoch)
		n = k->key[n - 1].older;
	return n != 0 && k->key[n - 1].epoch == epoch ? n : 0;
}

static uint32_t epoch_of(const struct keyring *k, enum purpose kind, id name,
    uint32_t epoch)
{
	return epoch_from(k, newest_of(k, kind, name), epoch);
}

/* The same of whichever key seals records of facts under this id. */
static uint32_t sealing_of(const struct keyring *k, id name, uint32_t epoch)
{
	const uint32_t kinds = 1u << PURPOSE_PERSON | 1u << PURPOSE_CASE |
	    1u << PURPOSE_OFFICE;
	uint32_t n = 0;

	if (k->table_n == 0)
		return 0;
	for (uint32_t at = home_of(k, name); n == 0 && k->table[at] != 0;
	    at = (at + 1) & (k->table_n - 1)) {
		const struct key *key = &k->key[k->table[at] - 1];

		if (id_same(key->id, name) && (kinds & 1u << key->kind) != 0)
			n = epoch_from(k, k->table[at], epoch);
	}
	return n;
}

static key32 *key_at(const struct keyring *k, uint32_t i)
{
	return pool_at(&k->keys, i);
}

static result room_for_key(struct keyring *k)
{
	if (k->names >= k->table_n / 2)
		TRY(table_grow(k));
	if (k->keys.used < k->key_cap)
		return OK;

	uint32_t cap = k->key_cap == 0 ? KEYS_FIRST : k->key_cap * 2;
	struct key *key = reallocarray(k->key, cap, sizeof(*key));
	NEED(key);
	k->key = key;
	k->key_cap = cap;
	return OK;
}

/* Whether the keyring is open is asked many times in a request. */
static void note_purpose(struct keyring *k, enum purpose kind, id name,
    bool there)
{
	if (!id_same(name, purpose_id(kind)))
		return;
	if (there)
		k->purposes |= 1u << kind;
	else
		k->purposes &= ~(1u << kind);
}

/* Puts a number into the chain of its name, newest epoch first. */
static void chain_in(struct keyring *k, uint32_t i)
{
	struct key *key = &k->key[i];
	uint32_t *from = &k->table[place_of(k, key->kind, key->id)];

	if (*from == 0) {
		k->names++;
		note_purpose(k, (enum purpose)key->kind, key->id, true);
	}
	while (*from != 0 && k->key[*from - 1].epoch > key->epoch)
		from = &k->key[*from - 1].older;
	key->older = *from;
	*from = i + 1;
}

static result key_add(struct keyring *k, enum purpose kind, id name,
    uint32_t epoch, const key32 *from, struct key_times times)
{
	uint32_t i;

	TRY(room_for_key(k));
	TRY(pool_take(&k->keys, &i));
	*key_at(k, i) = *from;
	k->key[i] = (struct key){ .id = name, .epoch = epoch,
		.times = times, .kind = (uint8_t)kind };
	chain_in(k, i);
	return OK;
}

static void key_forget(struct keyring *k, uint32_t i)
{
	uint32_t pair = k->key[i].pairs;

	while (pair != 0) {
		uint32_t next = k->pairs.link[pair - 1];

		pool_give(&k->pairs, pair - 1);
		pair = next;
	}
	pool_give(&k->keys, i);
	k->key[i] = (struct key){ 0 };
}

static struct owner owner_of(const struct keyring *k, uint32_t i)
{
	return (struct owner){ .key = key_at(k, i), .id = k->key[i].id,
		.epoch = k->key[i].epoch, .slot = i };
}

result keyring_owner(const struct keyring *k, enum purpose kind, id key,
    struct owner *ret)
{
	if (!k->rooted)
		return refuse(SEALED);
	uint32_t n = newest_of(k, kind, key);
	if (n == 0)
		return refuse(NOT_FOUND);
	*ret = owner_of(k, n - 1);
	return OK;
}

result keyring_owner_at(const struct keyring *k, enum purpose kind, id key,
    uint32_t epoch, struct owner *ret)
{
	if (!k->rooted)
		return refuse(SEALED);
	uint32_t n = epoch_of(k, kind, key, epoch);
	if (n == 0)
		return refuse(NOT_FOUND);
	*ret = owner_of(k, n - 1);
	return OK;
}

result keyring_owner_of(const struct keyring *k, id key, uint32_t epoch,
    struct owner *ret)
{
	if (!k->rooted)
		return refuse(SEALED);
	uint32_t n = sealing_of(k, key, epoch);
	if (n == 0)
		return refuse(NOT_FOUND);
	*ret = owner_of(k, n - 1);
	return OK;
}

/* An owner handed out before keys were dropped is our mistake. */
static bool is_ours(const struct keyring *k, const struct owner *o)
{
	return o->slot < k->keys.used && key_at(k, o->slot) == o->key &&
	    k->key[o->slot].epoch == o->epoch &&
	    id_same(k->key[o->slot].id, o->id);
}

result keyring_derived(struct keyring *k, const struct owner *o,
    enum record_class class, const struct derived **ret)
{
	uint32_t i;

	if (!k->rooted)
		return refuse(SEALED);
	if (!is_ours(k, o))
		return fault(BUG);
	for (uint32_t n = k->key[o->slot].pairs; n != 0;
	    n = k->pairs.link[n - 1]) {
		const struct derived *d = pool_at(&k->pairs, n - 1);

		if (d->class == class) {
			*ret = d;
			return OK;
		}
	}
	TRY(pool_take(&k->pairs, &i));
	struct derived *made = pool_at(&k->pairs, i);
	TRY(derive(o, class, made));
	k->pairs.link[i] = k->key[o->slot].pairs;
	k->key[o->slot].pairs = i + 1;
	*ret = made;
	return OK;
}

/* ---- wrapped rows ----------------------------------------------------- */

/* Beside the plain bytes, for a key on its way. */
static key32 *scratch_key(struct keyring *k)
{
	return (key32 *)(void *)(k->scratch.p + WRAP_PLAIN);
}

/* Which key wraps this one: a root, or the purpose key of its kind. */
struct name { enum purpose kind; id id; };

static result wrapper_of(const struct keyring *k, enum purpose kind, id key,
    struct name *ret)
{
	if (kind <= PURPOSE_ROOT || kind >= PURPOSES)
		return fault(BUG);
	if (!k->rooted)
		return refuse(SEALED);
	if (id_same(key, purpose_id(kind))) {
		*ret = (struct name){ PURPOSE_ROOT, k->vault };
		return OK;
	}
	if (kind != PURPOSE_PERSON && kind != PURPOSE_CASE)
		return fault(BUG);
	*ret = (struct name){ kind, purpose_id(kind) };
	return OK;
}

static struct record_place row_place(id key, uint32_t epoch)
{
	return (struct record_place){ .class = CLASS_KEY, .table = "key",
		.row = key, .version = epoch };
}

/* Opens a row into the scratch, which the caller clears. */
static result row_open(struct keyring *k, enum purpose kind, id key,
    uint32_t epoch, text wrapped, const key32 **ret_key,
    struct key_times *ret_times)
{
	struct record_place place = row_place(key, epoch);
	const struct derived *d;
	struct name wrapper;
	struct owner owner;
	id named;
	uint32_t named_epoch;

	TRY(wrapper_of(k, kind, key, &wrapper));
	TRY(record_owner(wrapped, &named, &named_epoch));
	uint32_t n = epoch_of(k, wrapper.kind, wrapper.id, named_epoch);
	if (n == 0)
		return fault(SEALED_RECORD);
	owner = owner_of(k, n - 1);
	TRY(keyring_derived(k, &owner, CLASS_KEY, &d));
	return key_unwrap(&owner, d, &place, wrapped, k->scratch.p, ret_key,
	    ret_times);
}

/* Seals `key` under the newest wrapping key; the scratch is used. */
static result row_seal(struct keyring *k, const struct chance *chance,
    enum purpose kind, id key, uint32_t epoch, const key32 *bytes,
    const struct key_times *times, struct buf *out)
{
	struct record_place place = row_place(key, epoch);
	const struct derived *d;
	struct name wrapper;
	struct owner owner;

	TRY(wrapper_of(k, kind, key, &wrapper));
	TRY(keyring_owner(k, wrapper.kind, wrapper.id, &owner));
	TRY(keyring_derived(k, &owner, CLASS_KEY, &d));
	return key_wrap(chance, &owner, d, &place, bytes, times,
	    k->scratch.p, out);
}

/* Keep an opened key; the same one again is no harm, another is. */
static result keep(struct keyring *k, enum purpose kind, id key,
    uint32_t epoch, const key32 *bytes, struct key_times times)
{
	uint32_t n = epoch_of(k, kind, key, epoch);

	if (n == 0)
		return key_add(k, kind, key, epoch, bytes, times);
	if (!same_secret(key_at(k, n - 1), bytes, sizeof(*bytes)))
		return refuse(CONFLICT);
	k->key[n - 1].times = times;
	return OK;
}

result keyring_take(struct keyring *k, enum purpose kind, id key,
    uint32_t epoch, text wrapped)
{
	const key32 *bytes;
	struct key_times times;

	TRY(row_open(k, kind, key, epoch, wrapped, &bytes, &times));
	result r = keep(k, kind, key, epoch, bytes, times);
	sodium_memzero(k->scratch.p, k->scratch.n);
	return r;
}

/* Drawn beside the plain bytes; the row is sealed before the key is kept. */
result keyring_make(struct keyring *k, const struct chance *chance,
    enum purpose kind, id key, uint32_t epoch, uint64_t now, struct buf *out)
{
	const struct key_times times = { .created = now };
	key32 *drawn = scratch_key(k);
	struct name wrapper;
	size_t before = out->n;

	TRY(wrapper_of(k, kind, key, &wrapper));
	if (epoch_of(k, kind, key, epoch) != 0)
		return refuse(CONFLICT);
	chance->fill(chance->self, drawn->b, sizeof(drawn->b));
	result r = row_seal(k, chance, kind, key, epoch, drawn, &times, out);
	if (is_ok(r))
		r = key_add(k, kind, key, epoch, drawn, times);
	if (!is_ok(r))
		out->n = before;
	sodium_memzero(k->scratch.p, k->scratch.n);
	return r;
}

/* Opened and sealed again, with other times if `retired` says so. */
static result row_again(struct keyring *k, const struct chance *chance,
    enum purpose kind, id key, uint32_t epoch, text wrapped,
    const uint64_t *retired, struct buf *out)
{
	const key32 *bytes;
	struct key_times times;

	TRY(row_open(k, kind, key, epoch, wrapped, &bytes, &times));
	*scratch_key(k) = *bytes;
	if (retired != NULL)
		times.retired = *retired;
	result r = row_seal(k, chance, kind, key, epoch, scratch_key(k),
	    &times, out);
	sodium_memzero(k->scratch.p, k->scratch.n);
	return r;
}

result keyring_rewrap(struct keyring *k, const struct chance *chance,
    enum purpose kind, id key, uint32_t epoch, text wrapped, struct buf *out)
{
	return row_again(k, chance, kind, key, epoch, wrapped, NULL, out);
}

result keyring_retire(struct keyring *k, const struct chance *chance,
    enum purpose kind, id key, uint32_t epoch, text wrapped,
    uint64_t retired, struct buf *out)
{
	return row_again(k, chance, kind, key, epoch, wrapped, &retired, out);
}

/* ---- rotation --------------------------------------------------------- */

static struct held_key held_at(const struct keyring *k, uint32_t i,
    bool newest)
{
	const struct key *key = &k->key[i];

	return (struct held_key){ .kind = (enum purpose)key->kind,
		.id = key->id, .epoch = key->epoch, .newest = newest,
		.created = key->times.created,
		.retired = key->times.retired };
}

/* Purposes have the ids of their numbers; all others are random. */
static uint32_t newest_named(const struct keyring *k, id name)
{
	uint32_t n;

	for (int p = PURPOSE_PERSON; p < PURPOSES; p++) {
		if (id_same(name, purpose_id((enum purpose)p)))
			return newest_of(k, (enum purpose)p, name);
	}
	n = newest_of(k, PURPOSE_PERSON, name);
	return n != 0 ? n : newest_of(k, PURPOSE_CASE, name);
}

result keyring_named(const struct keyring *k, text record,
    struct held_key *ret)
{
	uint32_t epoch;
	uint32_t newest;
	uint32_t n;
	id name;

	TRY(record_owner(record, &name, &epoch));
	newest = k->rooted ? newest_named(k, name) : 0;
	n = newest;
	while (n != 0 && k->key[n - 1].epoch > epoch)
		n = k->key[n - 1].older;
	if (n == 0 || k->key[n - 1].epoch != epoch)
		return refuse(NOT_FOUND);
	*ret = held_at(k, n - 1, n == newest);
	return OK;
}

result keyring_reseal(struct keyring *k, const struct chance *chance,
    struct arena *a, const struct held_key *of,
    const struct record_place *place, text record, struct buf *out)
{
	const struct derived *old_pair, *new_pair;
	struct owner old, new;
	text plain;

	TRY(keyring_owner_at(k, of->kind, of->id, of->epoch, &old));
	TRY(keyring_owner(k, of->kind, of->id, &new));
	TRY(keyring_derived(k, &old, place->class, &old_pair));
	TRY(keyring_derived(k, &new, place->class, &new_pair));
	TRY(open_derived(a, &old, old_pair, place, record, &plain));
	return seal_derived(chance, &new, new_pair, place, plain, out);
}

bool keyring_held(const struct keyring *k, enum purpose kind, id key,
    uint32_t below, struct held_key *ret)
{
	uint32_t newest = k->rooted ? newest_of(k, kind, key) : 0;
	uint32_t n = newest;

	while (n != 0 && k->key[n - 1].epoch >= below)
		n = k->key[n - 1].older;
	if (n == 0)
		return false;
	*ret = held_at(k, n - 1, n == newest);
	return true;
}

uint32_t keyring_epoch(const struct keyring *k, enum purpose p)
{
	struct held_key held;

	return keyring_held(k, p, purpose_id(p), UINT32_MAX, &held) ?
	    held.epoch : 0;
}

bool keyring_next_rotated(const struct keyring *k, uint32_t *at,
    struct held_key *ret)
{
	for (uint32_t i = *at; i < k->table_n; i++) {
		uint32_t n = k->table[i];

		if (n == 0 || k->key[n - 1].epoch <= KEY_FIRST_EPOCH ||
		    k->key[n - 1].kind == PURPOSE_ROOT)
			continue;
		*at = i + 1;
		*ret = held_at(k, n - 1, true);
		return true;
	}
	return false;
}

/* ---- the ring --------------------------------------------------------- */

result keyring_root(struct keyring *k, const key32 *root, id vault,
    uint32_t epoch)
{
	if (k->rooted && !id_same(k->vault, vault))
		return refuse(CONFLICT);
	TRY(keep(k, PURPOSE_ROOT, vault, epoch, root,
	    (struct key_times){ 0 }));
	k->vault = vault;
	k->rooted = true;
	return OK;
}

/* The chain descends, so what goes is its tail. */
void keyring_drop(struct keyring *k, enum purpose kind, id key,
    uint32_t last)
{
	if (k->table_n == 0)
		return;
	uint32_t at = place_of(k, (uint8_t)kind, key);
	uint32_t *from = &k->table[at];

	while (*from != 0 && k->key[*from - 1].epoch > last)
		from = &k->key[*from - 1].older;
	uint32_t n = *from;
	if (n == 0)
		return;
	if (from == &k->table[at]) {
		table_remove(k, at);
		note_purpose(k, kind, key, false);
	} else {
		*from = 0;
	}
	while (n != 0) {
		uint32_t older = k->key[n - 1].older;

		key_forget(k, n - 1);
		n = older;
	}
	if (kind == PURPOSE_ROOT)
		k->rooted = newest_of(k, PURPOSE_ROOT, k->vault) != 0;
}

void keyring_drop_one(struct keyring *k, enum purpose kind, id key,
    uint32_t epoch)
{
	if (k->table_n == 0)
		return;
	uint32_t at = place_of(k, (uint8_t)kind, key);
	uint32_t *from = &k->table[at];

	while (*from != 0 && k->key[*from - 1].epoch > epoch)
		from = &k->key[*from - 1].older;
	uint32_t n = *from;
	if (n == 0 || k->key[n - 1].epoch != epoch)
		return;
	if (from == &k->table[at] && k->key[n - 1].older == 0) {
		table_remove(k, at);
		note_purpose(k, kind, key, false);
	} else {
		*from = k->key[n - 1].older;
	}
	key_forget(k, n - 1);
	if (kind == PURPOSE_ROOT)
		k->rooted = newest_of(k, PURPOSE_ROOT, k->vault) != 0;
}

result keyring_oldest(const struct keyring *k, enum purpose kind, id key,
    struct owner *ret)
{
	if (!k->rooted)
		return refuse(SEALED);
	uint32_t n = newest_of(k, kind, key);
	if (n == 0)
		return refuse(NOT_FOUND);
	while (k->key[n - 1].older != 0)
		n = k->key[n - 1].older;
	*ret = owner_of(k, n - 1);
	return OK;
}

void keyring_forget(struct keyring *k)
{
	pool_empty(&k->keys);
	pool_empty(&k->pairs);
	free(k->key);
	free(k->table);
	k->key = NULL;
	k->table = NULL;
	k->key_cap = k->table_n = k->names = 0;
	k->vault = (id){ 0 };
	k->purposes = 0;
	k->rooted = false;
	sodium_memzero(k->scratch.p, k->scratch.n);
}

bool keyring_open(const struct keyring *k)
{
	const uint32_t all = (1u << PURPOSES) - (1u << PURPOSE_PERSON);

	return k->rooted && (k->purposes & all) == all;
}

bool keyring_locked(const struct keyring *k)
{
	return k->scratch.locked && !k->keys.unlocked && !k->pairs.unlocked;
}

size_t keyring_bytes(const struct keyring *k)
{
	return k->scratch.n + k->keys.slabs * k->keys.size * POOL_SLAB +
	    k->pairs.slabs * k->pairs.size * POOL_SLAB;
}

void keyring_free(struct keyring **k)
{
	if (*k == NULL)
		return;
	keyring_forget(*k);
	secret_free(&(*k)->scratch);
	free(*k);
	*k = NULL;
}

result keyring_new(struct keyring **ret)
{
	CLEANUP(keyring_free) struct keyring *k = calloc(1, sizeof(*k));

	NEED(k);
	k->keys = (struct pool){ .size = sizeof(key32), .max = KEYS_MAX };
	k->pairs = (struct pool){ .size = sizeof(struct derived),
		.max = PAIRS_MAX };
	TRY(secret_new(WRAP_PLAIN + sizeof(key32), &k->scratch));
	*ret = k;
	k = NULL;
	return OK;
}
