#include "seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { TOKEN = 32, RECOVERY_CODE = 16, TYPE_MAX = 32 };

/* A label, its NUL included, opens every one of these hashes. */
#define LABEL(literal) ((text){ "" literal, sizeof(literal) })

struct hash { crypto_generichash_state s; size_t n; };

static struct hash hash_begin(const struct owner *o, size_t n, text label)
{
	struct hash h = { .n = n };

	crypto_generichash_init(&h.s, o->key->b, sizeof(o->key->b), n);
	crypto_generichash_update(&h.s, (const uint8_t *)label.p, label.n);
	return h;
}

static void hash_add(struct hash *h, const void *p, size_t n)
{
	crypto_generichash_update(&h->s, p, n);
}

static void hash_end(struct hash *h, uint8_t *ret)
{
	crypto_generichash_final(&h->s, ret, h->n);
	sodium_memzero(&h->s, sizeof(h->s));
}

static result purpose_owner(const struct keyring *k, enum purpose p,
    struct owner *ret)
{
	return keyring_owner(k, p, purpose_id(p), ret);
}

/* ---- blind index ------------------------------------------------------ */

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_kept(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool is_country(text t)
{
	return t.n == 2 && is_letter(upper(t.p[0])) &&
	    is_letter(upper(t.p[1]));
}

static bool is_type(text t)
{
	if (t.n == 0 || t.n > TYPE_MAX)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		if (!is_kept(upper(t.p[i])) && t.p[i] != '_')
			return false;
	}
	return true;
}

static void hash_upper(struct hash *h, text t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = upper(t.p[i]);

		hash_add(h, &c, 1);
	}
}

result blind_index(struct keyring *k, text country, text type, text number,
    uint8_t ret[16])
{
	struct owner o;
	size_t kept = 0;

	if (!is_country(country) || !is_type(type))
		return refuse(INVALID);
	TRY(purpose_owner(k, PURPOSE_INDEX, &o));

	struct hash h = hash_begin(&o, 16, LABEL("alas/bix/1"));
	hash_upper(&h, country);
	hash_upper(&h, type);
	hash_add(&h, "", 1);
	for (size_t i = 0; i < number.n; i++) {
		char c = upper(number.p[i]);

		if (is_kept(c)) {
			hash_add(&h, &c, 1);
			kept++;
		}
	}
	uint8_t made[16];
	hash_end(&h, made);
	if (kept == 0)
		return refuse(INVALID);
	memcpy(ret, made, sizeof(made));
	return OK;
}

/* ---- sign-in ---------------------------------------------------------- */

static void verifier(const struct owner *pepper, id user,
    const uint8_t argon[32], uint8_t ret[32])
{
	struct hash h = hash_begin(pepper, 32, LABEL("alas/auth/1"));

	hash_add(&h, user.b, sizeof(user.b));
	hash_add(&h, argon, 32);
	hash_end(&h, ret);
}

result login_verifier(struct keyring *k, id user, const uint8_t argon[32],
    uint8_t ret[32])
{
	struct owner o;

	TRY(purpose_owner(k, PURPOSE_PEPPER, &o));
	verifier(&o, user, argon, ret);
	return OK;
}

result login_verifier_at(struct keyring *k, uint32_t epoch, id user,
    const uint8_t argon[32], uint8_t ret[32])
{
	struct owner o;

	TRY(keyring_owner_at(k, PURPOSE_PEPPER, purpose_id(PURPOSE_PEPPER),
	    epoch, &o));
	verifier(&o, user, argon, ret);
	return OK;
}

result unknown_user_salt(struct keyring *k, text name, uint8_t ret[16])
{
	struct owner o;

	TRY(purpose_owner(k, PURPOSE_PEPPER, &o));
	struct hash h = hash_begin(&o, 16, LABEL("alas/nouser/1"));
	hash_add(&h, name.p, name.n);
	hash_end(&h, ret);
	return OK;
}

/* As typed to as stored: the alphabet's own characters, no hyphens. */
static bool read_code(text typed, char ret[RECOVERY_CODE])
{
	int n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		if (typed.p[i] == ' ' || typed.p[i] == '-')
			continue;
		int v = code_value(typed.p[i]);
		if (v < 0 || n == RECOVERY_CODE)
			return false;
		ret[n++] = code_char((uint32_t)v);
	}
	return n == RECOVERY_CODE;
}

static result code_hash(const struct owner *pepper, id user, text typed,
    uint8_t ret[32])
{
	char code[RECOVERY_CODE];

	if (!read_code(typed, code)) {
		sodium_memzero(code, sizeof(code));
		return refuse(INVALID);
	}
	struct hash h = hash_begin(pepper, 32, LABEL("alas/rcode/1"));
	hash_add(&h, user.b, sizeof(user.b));
	hash_add(&h, code, sizeof(code));
	hash_end(&h, ret);
	sodium_memzero(code, sizeof(code));
	return OK;
}

result recovery_code_hash(struct keyring *k, id user, text code,
    uint8_t ret[32])
{
	struct owner o;

	TRY(purpose_owner(k, PURPOSE_PEPPER, &o));
	return code_hash(&o, user, code, ret);
}

result recovery_code_hash_at(struct keyring *k, uint32_t epoch, id user,
    text code, uint8_t ret[32])
{
	struct owner o;

	TRY(keyring_owner_at(k, PURPOSE_PEPPER, purpose_id(PURPOSE_PEPPER),
	    epoch, &o));
	return code_hash(&o, user, code, ret);
}

/* ---- sessions --------------------------------------------------------- */

static result session_owner(const struct keyring *k, uint32_t epoch,
    struct owner *ret)
{
	return keyring_owner_at(k, PURPOSE_SESSION,
	    purpose_id(PURPOSE_SESSION), epoch, ret);
}

result session_row(struct keyring *k, uint32_t epoch, const char *what,
    const uint8_t token[TOKEN], id *ret)
{
	bool session = strcmp(what, "ses") == 0;
	uint8_t digest[32];
	struct owner o;

	assert(session || strcmp(what, "api") == 0);
	TRY(session_owner(k, epoch, &o));
	struct hash h = hash_begin(&o, sizeof(digest), session ?
	    LABEL("alas/ses/1") : LABEL("alas/api/1"));
	hash_add(&h, token, TOKEN);
	hash_end(&h, digest);
	memcpy(ret->b, digest, sizeof(ret->b));
	return OK;
}

result csrf_base(struct keyring *k, uint32_t epoch,
    const uint8_t token[TOKEN], uint8_t ret[32])
{
	struct owner o;

	TRY(session_owner(k, epoch, &o));
	struct hash h = hash_begin(&o, 32, LABEL("alas/csrf/1"));
	hash_add(&h, token, TOKEN);
	hash_end(&h, ret);
	return OK;
}

/* Masked anew each time: compression has nothing to compare against. */
void csrf_field(const struct chance *chance, const uint8_t base[32],
    char ret[87])
{
	uint8_t both[64];

	chance->fill(chance->self, both, 32);
	for (int i = 0; i < 32; i++)
		both[32 + i] = both[i] ^ base[i];
	base64url_write(both, sizeof(both), ret);
}

bool csrf_check(const uint8_t base[32], text field)
{
	uint8_t both[64];

	if (!base64url_read(field, both, sizeof(both)))
		return false;
	for (int i = 0; i < 32; i++)
		both[i] ^= both[32 + i];
	return same_secret(both, base, 32);
}

/* ---- audit ------------------------------------------------------------ */

result audit_pseudonym(struct keyring *k, const char *kind, id i,
    uint8_t ret[16])
{
	struct owner o;

	TRY(keyring_oldest(k, PURPOSE_AUDIT, purpose_id(PURPOSE_AUDIT), &o));
	struct hash h = hash_begin(&o, 16, LABEL("alas/aud/1"));
	hash_add(&h, kind, strlen(kind) + 1);
	hash_add(&h, i.b, sizeof(i.b));
	hash_end(&h, ret);
	return OK;
}

result checkpoint_sign(struct keyring *k, uint32_t epoch, text message,
    uint8_t ret_signature[64], uint8_t ret_public[32])
{
	CLEANUP(secret_free) struct secret pair = { 0 };
	uint8_t public[crypto_sign_PUBLICKEYBYTES];
	struct owner o;

	TRY(keyring_owner_at(k, PURPOSE_SIGN, purpose_id(PURPOSE_SIGN),
	    epoch, &o));
	TRY(secret_new(crypto_sign_SECRETKEYBYTES, &pair));
	crypto_sign_seed_keypair(public, pair.p, o.key->b);
	crypto_sign_detached(ret_signature, NULL,
	    (const uint8_t *)message.p, message.n, pair.p);
	memcpy(ret_public, public, sizeof(public));
	return OK;
}

bool checkpoint_signed(text message, const uint8_t signature[64],
    const uint8_t public_key[32])
{
	return crypto_sign_verify_detached(signature,
	    (const uint8_t *)message.p, message.n, public_key) == 0;
}
