#include "inside.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
	AT_VERSION = 8, AT_FLAGS = 10, AT_EPOCH = 12, AT_VAULT = 16,
	AT_SEQUENCE = 32, AT_CREATED = 40, AT_SLOTS_N = 48, AT_ZERO = 52,
	AT_CHANGED = 56, AT_LATER = 64, AT_SLOT = 128, SLOT_BYTES = 448,
	AT_LATER_TOO = AT_SLOT + VAULT_SLOTS * SLOT_BYTES,
	AT_MAC = 4032, AT_CHECKSUM = 4064, DIGEST = 32,

	/* inside a slot */
	IN_STATE = 0, IN_TYPE = 1, IN_KDF = 2, IN_PASSES = 4, IN_MEMORY = 8,
	IN_SALT = 16, IN_CREATED = 32, IN_ZERO = 40, IN_SEALED = 96,
	IN_LATER = IN_SEALED + AE1_MIN,

	VERSION = 1, FLAGS = VAULT_DEMONSTRATION | VAULT_TEST,
	STATE_EMPTY = 0, STATE_USED = 1, ARGON2ID = 1,
};
_Static_assert(AT_LATER_TOO == 3712, "the layout of the header");
_Static_assert(AT_CHECKSUM + DIGEST == VAULT_BYTES, "the layout");
_Static_assert(AE1_MIN == AE1_OVERHEAD + WRAP_PLAIN, "a slot's record");

/* In secret memory while a slot is sealed or opened. */
struct work { struct derived d; uint8_t plain[WRAP_PLAIN]; };

static bool is_zero(const uint8_t *b, size_t from, size_t to)
{
	return sodium_is_zero(b + from, to - from) == 1;
}

static void checksum(const struct vault *v, uint8_t ret[DIGEST])
{
	crypto_generichash(ret, DIGEST, v->b, AT_CHECKSUM, NULL, 0);
}

static void mac(const struct vault *v, const key32 *root,
    uint8_t ret[DIGEST])
{
	key32 key;

	crypto_kdf_derive_from_key(key.b, sizeof(key.b), 1, "alasVHDR",
	    root->b);
	crypto_generichash(ret, DIGEST, v->b, AT_MAC, key.b, sizeof(key.b));
	sodium_memzero(&key, sizeof(key));
}

static void finish(struct vault *v, const key32 *root)
{
	mac(v, root, v->b + AT_MAC);
	checksum(v, v->b + AT_CHECKSUM);
}

static bool slot_has_shape(const uint8_t *s)
{
	if (s[IN_STATE] == STATE_EMPTY)
		return is_zero(s, 0, SLOT_BYTES);
	return s[IN_STATE] == STATE_USED &&
	    (s[IN_TYPE] == SLOT_PASSPHRASE || s[IN_TYPE] == SLOT_PHRASE) &&
	    get_u16(s + IN_KDF) == ARGON2ID &&
	    is_zero(s, IN_ZERO, IN_SEALED) &&
	    is_zero(s, IN_LATER, SLOT_BYTES);
}

static bool has_shape(const struct vault *v)
{
	const uint8_t *b = v->b;
	uint8_t sum[DIGEST];

	checksum(v, sum);
	if (sodium_memcmp(sum, b + AT_CHECKSUM, DIGEST) != 0 ||
	    memcmp(b, "ALASVLT1", 8) != 0 ||
	    get_u16(b + AT_VERSION) != VERSION ||
	    (get_u16(b + AT_FLAGS) & ~FLAGS) != 0 ||
	    get_u32(b + AT_SLOTS_N) != VAULT_SLOTS ||
	    !is_zero(b, AT_ZERO, AT_CHANGED) ||
	    !is_zero(b, AT_LATER, AT_SLOT) ||
	    !is_zero(b, AT_LATER_TOO, AT_MAC))
		return false;
	for (int i = 0; i < VAULT_SLOTS; i++) {
		if (!slot_has_shape(b + AT_SLOT + i * SLOT_BYTES))
			return false;
	}
	return true;
}

static void slot_facts(const uint8_t *s, int slot, struct vault_facts *f)
{
	f->slot[slot].state = s[IN_STATE];
	f->slot[slot].type = s[IN_TYPE];
	f->slot[slot].kdf.passes = get_u32(s + IN_PASSES);
	f->slot[slot].kdf.memory = get_u64(s + IN_MEMORY);
	memcpy(f->slot[slot].kdf.salt, s + IN_SALT, 16);
	f->slot[slot].created = get_u64(s + IN_CREATED);
}

result vault_read(const struct vault *v, struct vault_facts *ret)
{
	const uint8_t *b = v->b;

	if (!has_shape(v))
		return fault(CORRUPT);
	struct vault_facts f = {
		.flags = get_u16(b + AT_FLAGS),
		.epoch = get_u32(b + AT_EPOCH),
		.sequence = get_u64(b + AT_SEQUENCE),
		.created = get_u64(b + AT_CREATED),
		.changed = get_u64(b + AT_CHANGED),
	};
	memcpy(f.vault.b, b + AT_VAULT, sizeof(f.vault.b));
	for (int i = 0; i < VAULT_SLOTS; i++) {
		slot_facts(b + AT_SLOT + i * SLOT_BYTES, i, &f);
		if (f.slot[i].state == STATE_USED)
			TRY(kdf_bounds(&f.slot[i].kdf));
	}
	*ret = f;
	return OK;
}

static struct record_place slot_place(const struct vault_facts *f, int slot)
{
	return (struct record_place){ .class = CLASS_KEY, .table = "vault",
		.row = f->vault,
		.version = (uint64_t)f->epoch * 256 + (uint64_t)slot };
}

static struct owner slot_owner(const struct vault_facts *f, const key32 *kek)
{
	return (struct owner){ .key = kek, .id = f->vault,
		.epoch = f->epoch };
}

result vault_open(const struct vault *v, int slot, const key32 *kek,
    key32 *ret_root)
{
	CLEANUP(secret_free) struct secret secret = { 0 };
	struct vault_facts f;
	const key32 *root;
	struct key_times times;
	uint8_t made[DIGEST];

	assert(slot >= 0 && slot < VAULT_SLOTS);
	if (!is_ok(vault_read(v, &f)) || f.slot[slot].state != STATE_USED)
		return fault(SEALED_RECORD);
	TRY(secret_new(sizeof(struct work), &secret));
	struct work *w = (struct work *)(void *)secret.p;

	struct owner owner = slot_owner(&f, kek);
	struct record_place place = slot_place(&f, slot);
	text sealed = { (const char *)v->b + AT_SLOT + slot * SLOT_BYTES +
	    IN_SEALED, AE1_MIN };
	TRY(derive(&owner, CLASS_KEY, &w->d));
	TRY(key_unwrap(&owner, &w->d, &place, sealed, w->plain, &root,
	    &times));
	mac(v, root, made);
	if (sodium_memcmp(made, v->b + AT_MAC, DIGEST) != 0)
		return fault(SEALED_RECORD);
	*ret_root = *root;
	return OK;
}

/* A whole slot under `kek`; head and epoch of the header stand already. */
static result slot_write(const struct chance *chance, struct vault *v,
    const key32 *root, int slot, int type, const struct slot_kdf *kdf,
    const key32 *kek, uint64_t now)
{
	CLEANUP(secret_free) struct secret secret = { 0 };
	uint8_t *s = v->b + AT_SLOT + slot * SLOT_BYTES;
	struct vault_facts f = { .epoch = get_u32(v->b + AT_EPOCH) };

	TRY(kdf_bounds(kdf));
	TRY(secret_new(sizeof(struct work), &secret));
	struct work *w = (struct work *)(void *)secret.p;

	memset(s, 0, SLOT_BYTES);
	s[IN_STATE] = STATE_USED;
	s[IN_TYPE] = (uint8_t)type;
	put_u16(s + IN_KDF, ARGON2ID);
	put_u32(s + IN_PASSES, kdf->passes);
	put_u64(s + IN_MEMORY, kdf->memory);
	memcpy(s + IN_SALT, kdf->salt, sizeof(kdf->salt));
	put_u64(s + IN_CREATED, now);

	memcpy(f.vault.b, v->b + AT_VAULT, sizeof(f.vault.b));
	struct owner owner = slot_owner(&f, kek);
	struct record_place place = slot_place(&f, slot);
	struct buf over = { .p = (char *)s + IN_SEALED, .cap = AE1_MIN,
		.max = AE1_MIN };
	TRY(derive(&owner, CLASS_KEY, &w->d));
	return key_wrap(chance, &owner, &w->d, &place, root,
	    &(struct key_times){ .created = now }, w->plain, &over);
}

/* The two slots that are always in use, then MAC and checksum. */
static result both_slots(const struct chance *chance, struct vault *v,
    const key32 *root, const struct slot_kdf kdf[2],
    const key32 *kek_passphrase, const key32 *kek_phrase, uint64_t now)
{
	TRY(slot_write(chance, v, root, 0, SLOT_PASSPHRASE, &kdf[0],
	    kek_passphrase, now));
	TRY(slot_write(chance, v, root, 1, SLOT_PHRASE, &kdf[1], kek_phrase,
	    now));
	finish(v, root);
	return OK;
}

result vault_make(const struct chance *chance, id vault_id, uint16_t flags,
    uint64_t now, const key32 *root, const struct slot_kdf kdf[2],
    const key32 *kek_passphrase, const key32 *kek_phrase, struct vault *ret)
{
	struct vault v = { { 0 } };

	assert((flags & ~FLAGS) == 0);
	memcpy(v.b, "ALASVLT1", 8);
	put_u16(v.b + AT_VERSION, VERSION);
	put_u16(v.b + AT_FLAGS, flags);
	put_u32(v.b + AT_EPOCH, 1);
	memcpy(v.b + AT_VAULT, vault_id.b, sizeof(vault_id.b));
	put_u64(v.b + AT_SEQUENCE, 1);
	put_u64(v.b + AT_CREATED, now);
	put_u32(v.b + AT_SLOTS_N, VAULT_SLOTS);
	put_u64(v.b + AT_CHANGED, now);
	TRY(both_slots(chance, &v, root, kdf, kek_passphrase, kek_phrase,
	    now));
	*ret = v;
	return OK;
}

/* A header that we are about to change was made under this root. */
static result proved(const struct vault *v, const key32 *root,
    struct vault_facts *ret)
{
	uint8_t made[DIGEST];

	TRY(vault_read(v, ret));
	mac(v, root, made);
	if (sodium_memcmp(made, v->b + AT_MAC, DIGEST) != 0)
		return fault(SEALED_RECORD);
	return OK;
}

result vault_replace_slot(const struct chance *chance, const struct vault *v,
    const key32 *root, int slot, int type, const struct slot_kdf *kdf,
    const key32 *kek, uint64_t now, struct vault *ret)
{
	struct vault_facts f;

	assert(slot >= 0 && slot < VAULT_SLOTS);
	assert(type == SLOT_PASSPHRASE || type == SLOT_PHRASE);
	TRY(proved(v, root, &f));

	struct vault made = *v;
	put_u64(made.b + AT_SEQUENCE, f.sequence + 1);
	put_u64(made.b + AT_CHANGED, now);
	TRY(slot_write(chance, &made, root, slot, type, kdf, kek, now));
	finish(&made, root);
	*ret = made;
	return OK;
}

result vault_rotate(const struct chance *chance, const struct vault *v,
    const key32 *root, const key32 *new_root, const struct slot_kdf kdf[2],
    const key32 *kek_passphrase, const key32 *kek_phrase, uint64_t now,
    struct vault *ret)
{
	struct vault_facts f;

	TRY(proved(v, root, &f));
	if (f.epoch == UINT32_MAX)
		return refuse(FULL);

	struct vault made = *v;
	put_u32(made.b + AT_EPOCH, f.epoch + 1);
	put_u64(made.b + AT_SEQUENCE, f.sequence + 1);
	put_u64(made.b + AT_CHANGED, now);
	/* Other slots hold the old root: of no use, so they go. */
	memset(made.b + AT_SLOT, 0, VAULT_SLOTS * SLOT_BYTES);
	TRY(both_slots(chance, &made, new_root, kdf, kek_passphrase,
	    kek_phrase, now));
	*ret = made;
	return OK;
}
