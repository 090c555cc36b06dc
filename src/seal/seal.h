/*
 * seal: what is on disk is sealed here and opened here, and nowhere else.
 * Formats byte by byte: docs/reference/formats.md; known answers:
 * data/vectors.
 *
 * Words.  An *owner key* seals the records of one person, matter, office,
 * donor…; it is wrapped under a *purpose key*, those under the *root key*,
 * that under the key made from a slot's secret.  A `secret` is memory that
 * is locked, guarded and cleared.
 *
 * Invariants.  No verb here knows SQL, files, a clock or chance: nonces,
 * salts and new keys come from the `chance` given.  Opening has one error,
 * SEALED_RECORD, whatever is wrong.  On failure outputs are untouched (a
 * buffer keeps its bytes) and no plaintext stays in memory.  Nothing is
 * derived from the root key but the header's MAC and the wraps.
 */
#ifndef ALAS_SEAL_H
#define ALAS_SEAL_H

#include "base.h"

/* Where random bytes come from: the system's, or a test's. */
struct chance { void (*fill)(void *self, void *p, size_t n); void *self; };
extern const struct chance chance_system;	/* randombytes_buf */

/* sodium_init, and the size of memory is read; once per process. */
MUST_USE result seal_start(void);

/* ---- secrets ---------------------------------------------------------- */

typedef struct { uint8_t b[32]; } key32;	/* lives only inside a secret */
struct secret { uint8_t *p; size_t n; bool locked; };
MUST_USE result secret_new(size_t n, struct secret *ret);
void secret_free(struct secret *s);		/* clears; accepts empty */

/* ---- AE1: one record -------------------------------------------------- */

enum record_class { CLASS_IDENTITY = 1, CLASS_SENSITIVE, CLASS_CASE,
	CLASS_DONOR, CLASS_OFFICE, CLASS_DRAFT, CLASS_AUDIT, CLASS_SESSION,
	CLASS_KEY };

/* What binds a record to its place. */
struct record_place {
	enum record_class class;
	const char *table;		/* TABLE_NAME_MAX bytes at most */
	id row;
	uint64_t version;		/* <c>_v */
};
/* `slot` is the keyring's; zero in an owner made by hand. */
struct owner { const key32 *key; id id; uint32_t epoch; uint32_t slot; };

enum { AE1_OVERHEAD = 96, AE1_MIN = 96 + 128, TABLE_NAME_MAX = 40 };

/*
 * `plain` comes from pack_end: 128·2^k bytes, and lies outside `out`.
 * Appends to `out`.  TOO_LARGE: it does not fit there.
 */
MUST_USE result seal_record(const struct chance *chance,
    const struct owner *owner, const struct record_place *place, text plain,
    struct buf *out);
/* Opens into arena memory; the caller's arena clears it at reset. */
MUST_USE result open_record(struct arena *a, const struct owner *owner,
    const struct record_place *place, text record, text *ret_plain);
/* The owner a record names in its head, before any key is at hand. */
MUST_USE result record_owner(text record, id *ret_id, uint32_t *ret_epoch);
/*
 * One KDF per (owner, class): the derived pair, kept for a request or a
 * rebuild in secret memory.  The `derived` verbs are seal_record and
 * open_record with that step already done; the pair must be of the class
 * of the place.
 */
struct derived { key32 enc, com; uint8_t class; };
MUST_USE result derive(const struct owner *owner, enum record_class class,
    struct derived *ret);
MUST_USE result seal_derived(const struct chance *chance,
    const struct owner *owner, const struct derived *d,
    const struct record_place *place, text plain, struct buf *out);
MUST_USE result open_derived(struct arena *a, const struct owner *owner,
    const struct derived *d, const struct record_place *place, text record,
    text *ret_plain);

/* ---- AF1: one file ---------------------------------------------------- */

enum { AF1_HEADER = 128, AF1_CHUNK = 64 * 1024, AF1_TAG = 17,
	AF1_LENGTH_BITS = 40 };		/* a file is at most 2^40 bytes */
uint64_t file_padded(uint64_t length);	/* max(1024, Padmé) */
uint64_t file_sealed(uint64_t length);	/* bytes of the whole AF1 */

/*
 * Bytes in, sealed bytes out, in order.  After a failure the sealer is of
 * no use but to be freed.  INVALID: more bytes than `length` were added,
 * or fewer when it ends.  TOO_LARGE: `out`, or over 2^40.
 */
struct file_sealer;
MUST_USE result file_seal_begin(const struct chance *chance,
    const key32 *file_key, id file_id, uint64_t length, struct buf *out,
    struct file_sealer **ret);
MUST_USE result file_seal_add(struct file_sealer *s, const void *p, size_t n,
    struct buf *out);
MUST_USE result file_seal_end(struct file_sealer *s, struct buf *out);
void file_sealer_free(struct file_sealer **s);

/*
 * Sealed bytes in (after the header), plain bytes out; `length` is the real
 * one, from the document's record.  Each chunk is verified before a byte of
 * it is given; the file is whole only when file_open_end says so.
 * TOO_LARGE: `out` cannot take what this call would give; nothing was
 * consumed, call again.  After any other failure: free it.
 */
struct file_opener;
MUST_USE result file_open_begin(const key32 *file_key, const void *header,
    uint64_t length, struct file_opener **ret);
MUST_USE result file_open_add(struct file_opener *o, const void *p, size_t n,
    struct buf *out);
MUST_USE result file_open_end(struct file_opener *o);
void file_opener_free(struct file_opener **o);

/* ---- the vault header ------------------------------------------------- */

enum { VAULT_BYTES = 4096, VAULT_SLOTS = 8, SLOT_PASSPHRASE = 1,
	SLOT_PHRASE = 2, VAULT_DEMONSTRATION = 1, VAULT_TEST = 2 };
enum { KDF_PASSES_MAX = 16, KDF_MEMORY_MIN = 46 * MIB,
	PASSPHRASE_BYTES_MAX = 1024 };
struct slot_kdf { uint32_t passes; uint64_t memory; uint8_t salt[16]; };
struct vault { uint8_t b[VAULT_BYTES]; };
struct vault_facts {
	id vault; uint16_t flags; uint32_t epoch; uint64_t sequence;
	uint64_t created, changed;
	struct { uint8_t state, type; struct slot_kdf kdf; uint64_t created; }
	    slot[VAULT_SLOTS];
};
extern const struct slot_kdf kdf_default;	/* 3 × 256 MiB, no salt */
extern const struct slot_kdf kdf_floor;		/* 1 × 46 MiB */
/*
 * Checksum and bounds only; CORRUPT says use the other copy.  INVALID: the
 * header is whole, but a slot asks for less than the floor, more than half
 * of this machine's memory or more than 16 passes.
 */
MUST_USE result vault_read(const struct vault *v, struct vault_facts *ret);
/*
 * kek = Argon2id(secret); slow: call it where waiting is allowed.
 * INVALID: bounds as above.  NO_MEMORY.
 */
MUST_USE result vault_kek(text secret, const struct slot_kdf *kdf,
    key32 *ret_kek);
/* Open the root key with the kek of slot `slot`; then the MAC must agree. */
MUST_USE result vault_open(const struct vault *v, int slot, const key32 *kek,
    key32 *ret_root);
/* A new header with two slots; `now` in Unix seconds. */
MUST_USE result vault_make(const struct chance *chance, id vault_id,
    uint16_t flags, uint64_t now, const key32 *root,
    const struct slot_kdf kdf[2], const key32 *kek_passphrase,
    const key32 *kek_phrase, struct vault *ret);
/*
 * The same header with slot `slot` replaced: sequence + 1, MAC anew.
 * SEALED_RECORD unless the MAC of the old one agrees with `root`.
 */
MUST_USE result vault_replace_slot(const struct chance *chance,
    const struct vault *v, const key32 *root, int slot, int type,
    const struct slot_kdf *kdf, const key32 *kek, uint64_t now,
    struct vault *ret);
/*
 * New root key, epoch + 1, slots 0 and 1 anew, no others.
 * The old root is asked for so that flags put into the row by another hand
 * are not blessed with a new MAC: SEALED_RECORD.
 */
MUST_USE result vault_rotate(const struct chance *chance,
    const struct vault *v, const key32 *root, const key32 *new_root,
    const struct slot_kdf kdf[2], const key32 *kek_passphrase,
    const key32 *kek_phrase, uint64_t now, struct vault *ret);

/*
 * NFKC, runs of white space to one space, trimmed.  INVALID: not UTF-8,
 * empty, or more than PASSPHRASE_BYTES_MAX typed.
 */
MUST_USE result passphrase_bytes(struct arena *a, text typed, text *ret);

/* ---- phrases of 135 bits: recovery, invitations ----------------------- */

enum { PHRASE_RANDOM = 17, PHRASE_SECRET = 27, PHRASE_TEXT = 44,
	PHRASE_GROUPS = 9, PHRASE_WRONG_LENGTH = 10 };
/* Nine groups of four, with spaces. */
void phrase_text(const uint8_t random[PHRASE_RANDOM],
    char ret[PHRASE_TEXT + 1]);
/*
 * 0, or the number of the first wrong group (1 to 9); 10: wrong length.
 * Read without case, spaces, hyphens; O is 0, I and L are 1.
 */
int phrase_read(text typed, char ret_secret[PHRASE_SECRET]);

/* ---- keys of the stock `age` program ---------------------------------- */

/* What seals backups: the identity is on paper, its recipient in a setting.
 * "AGE-SECRET-KEY-1…" and "age1…", each with a NUL. */
enum { AGE_IDENTITY = 74, AGE_RECIPIENT = 62 };
MUST_USE result age_keys(const uint8_t random[32],
    char ret_identity[AGE_IDENTITY + 1],
    char ret_recipient[AGE_RECIPIENT + 1]);
/* Is it a recipient, whole to its check characters? */
bool age_recipient_good(text t);

/* ---- the keyring ------------------------------------------------------ */

/* Roots are keys of the ring as well: id of the vault, epoch of the root. */
enum purpose { PURPOSE_ROOT, PURPOSE_PERSON, PURPOSE_CASE, PURPOSE_DONOR,
	PURPOSE_OFFICE, PURPOSE_PEPPER, PURPOSE_INDEX, PURPOSE_AUDIT,
	PURPOSE_SESSION, PURPOSE_DRAFT, PURPOSE_SIGN, PURPOSES };
id purpose_id(enum purpose p);		/* 15 zero bytes and its number */

enum { KEYS_MAX = 1 << 20, KEY_CLASSES = 9 };

/*
 * Locked memory; empty = sealed.  `kind` and `key` name a purpose key (key
 * is purpose_id(kind)) or the key of a person (PURPOSE_PERSON and her id)
 * or of a matter (PURPOSE_CASE).  Several epochs of a key may be held.
 * Owners and derived pairs handed out live until the key is dropped or the
 * ring forgets.  Every verb that needs a key answers SEALED without a root.
 */
struct keyring;
MUST_USE result keyring_new(struct keyring **ret);
void keyring_free(struct keyring **k);
void keyring_forget(struct keyring *k);	/* seal now: every key cleared */
bool keyring_open(const struct keyring *k);	/* root and purposes there */
bool keyring_locked(const struct keyring *k);	/* mlock succeeded */
size_t keyring_bytes(const struct keyring *k);	/* of secret memory held */
/*
 * The root key and its vault; then each purpose row by keyring_take.  A
 * root of another epoch may stand beside it while a rotation is written.
 * CONFLICT: another vault, or another key in this epoch.
 */
MUST_USE result keyring_root(struct keyring *k, const key32 *root, id vault,
    uint32_t epoch);
/*
 * Open a wrapped purpose, person or case key row and keep it.  CONFLICT:
 * another key is held in this epoch.  FULL: KEYS_MAX are held.
 */
MUST_USE result keyring_take(struct keyring *k, enum purpose kind, id key,
    uint32_t epoch, text wrapped);
/*
 * Make a new key; append its wrapped row (AE1 class 9) to `out`.
 * CONFLICT: this epoch of it is there.  NOT_FOUND: its purpose key is not.
 * FULL.
 */
MUST_USE result keyring_make(struct keyring *k, const struct chance *chance,
    enum purpose kind, id key, uint32_t epoch, uint64_t now,
    struct buf *out);
/*
 * The same row under the newest wrapping key, for a new root or purpose
 * key; `created` stays.  The key itself need not be held, and is not kept.
 */
MUST_USE result keyring_rewrap(struct keyring *k,
    const struct chance *chance, enum purpose kind, id key, uint32_t epoch,
    text wrapped, struct buf *out);
/*
 * The same with the moment (Unix seconds) from which nothing here names this
 * epoch any more; 0: it is in use again.  The ring learns it by keyring_take.
 */
MUST_USE result keyring_retire(struct keyring *k,
    const struct chance *chance, enum purpose kind, id key, uint32_t epoch,
    text wrapped, uint64_t retired, struct buf *out);
/* Forget every epoch up to `last` of one key: rotation, shredding. */
void keyring_drop(struct keyring *k, enum purpose kind, id key,
    uint32_t last);
/* Forget this epoch alone, as if it had never been. */
void keyring_drop_one(struct keyring *k, enum purpose kind, id key,
    uint32_t epoch);
/* What the ring knows of a key but the key; `retired` 0: in use. */
struct held_key {
	enum purpose kind; id id; uint32_t epoch; bool newest;
	uint64_t created, retired;
};
/* The newest epoch held below `below` (UINT32_MAX: the newest). */
bool keyring_held(const struct keyring *k, enum purpose kind, id key,
    uint32_t below, struct held_key *ret);
/* Keys that were ever rotated, their newest epoch; *at begins at 0 and the
 * ring must not change meanwhile. */
enum { KEY_FIRST_EPOCH = 1 };
bool keyring_next_rotated(const struct keyring *k, uint32_t *at,
    struct held_key *ret);
/* The newest epoch of a purpose key, or of a person's or matter's. */
MUST_USE result keyring_owner(const struct keyring *k, enum purpose kind,
    id key, struct owner *ret);	/* NOT_FOUND: take it first */
/* The number of the newest epoch of a purpose key; 0: none is held. */
uint32_t keyring_epoch(const struct keyring *k, enum purpose p);
/* The oldest epoch: what names things by a key's hash for ever. */
MUST_USE result keyring_oldest(const struct keyring *k, enum purpose kind,
    id key, struct owner *ret);
/* The epoch that a record's head names. */
MUST_USE result keyring_owner_at(const struct keyring *k, enum purpose kind,
    id key, uint32_t epoch, struct owner *ret);
/* The same of a record of facts, whose head does not say if the key is a
 * person's, a matter's or the office's. */
MUST_USE result keyring_owner_of(const struct keyring *k, id key,
    uint32_t epoch, struct owner *ret);
/* Derived pair for (owner, class), cached with the key; FULL. */
MUST_USE result keyring_derived(struct keyring *k, const struct owner *o,
    enum record_class class, const struct derived **ret);

/*
 * Rotation.  Which key does this record name (its kind is found), and is
 * that an older epoch than the newest?  NOT_FOUND: no such key is held, it
 * was shredded or deleted.  SEALED_RECORD: not a record.
 */
MUST_USE result keyring_named(const struct keyring *k, text record,
    struct held_key *ret);
/* The same record under the newest epoch of its key: same place, same
 * version, another nonce.  The plain bytes pass through the arena. */
MUST_USE result keyring_reseal(struct keyring *k,
    const struct chance *chance, struct arena *a, const struct held_key *of,
    const struct record_place *place, text record, struct buf *out);

/* ---- small keyed hashes ----------------------------------------------- */

/*
 * Normalise (upper case, 0-9A-Z only) and hash; INVALID when nothing is
 * left, country is not two letters or the type not a code.
 */
MUST_USE result blind_index(struct keyring *k, text country, text type,
    text number, uint8_t ret[16]);
/* Under the newest pepper; `_at`: the epoch that a stored one names. */
MUST_USE result login_verifier(struct keyring *k, id user,
    const uint8_t argon[32], uint8_t ret[32]);
MUST_USE result login_verifier_at(struct keyring *k, uint32_t epoch, id user,
    const uint8_t argon[32], uint8_t ret[32]);
MUST_USE result unknown_user_salt(struct keyring *k, text name,
    uint8_t ret[16]);
/* 16 characters of the alphabet of codes as typed; INVALID. */
MUST_USE result recovery_code_hash(struct keyring *k, id user, text code,
    uint8_t ret[32]);
MUST_USE result recovery_code_hash_at(struct keyring *k, uint32_t epoch,
    id user, text code, uint8_t ret[32]);
/* Row id of a session or token; `what` is "ses" or "api".  Under the epoch
 * of PURPOSE_SESSION in which the token was made. */
MUST_USE result session_row(struct keyring *k, uint32_t epoch,
    const char *what, const uint8_t token[32], id *ret);
MUST_USE result csrf_base(struct keyring *k, uint32_t epoch,
    const uint8_t token[32], uint8_t ret[32]);
/* base64url(r ‖ r⊕B), 86 characters. */
void csrf_field(const struct chance *chance, const uint8_t base[32],
    char ret[87]);
bool csrf_check(const uint8_t base[32], text field);
/* Under the oldest epoch of PURPOSE_AUDIT: pseudonyms stand in the tree,
 * which is never written anew (ADR 15). */
MUST_USE result audit_pseudonym(struct keyring *k, const char *kind, id i,
    uint8_t ret[16]);
/* Ed25519 by an epoch of PURPOSE_SIGN. */
MUST_USE result checkpoint_sign(struct keyring *k, uint32_t epoch,
    text message, uint8_t ret_signature[64], uint8_t ret_public[32]);
bool checkpoint_signed(text message, const uint8_t signature[64],
    const uint8_t public_key[32]);

/* `out_n` 16 to 64, `key_n` 0 or 16 to 64; of a ‖ b. */
void blake2b(uint8_t *out, size_t out_n, const uint8_t *key, size_t key_n,
    text a, text b);
enum { BASE64URL_BYTES_MAX = 128 };
void base64url_write(const void *p, size_t n, char *out);  /* with NUL */
/* Exactly n bytes, no padding, nothing else; n ≤ BASE64URL_BYTES_MAX. */
bool base64url_read(text t, void *out, size_t n);
/* In constant time. */
bool same_secret(const void *a, const void *b, size_t n);

#endif
