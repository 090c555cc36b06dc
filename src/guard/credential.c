/*
 * What somebody signs in with: verifier, factor, recovery codes, known
 * devices, and how often it went wrong.  One record a user; each try that
 * counts is written before it is answered.
 */
#include "guard_inside.h"

#include <oath.h>
#include <string.h>

enum { TAG_VERIFIER = 1, TAG_PEPPER, TAG_PASSES, TAG_MEMORY, TAG_SALT,
	TAG_SECRET, TAG_PENDING, TAG_LAST_STEP, TAG_FAILURES, TAG_NOT_BEFORE,
	TAG_ASKED_BY, TAG_RECOVERY_PEPPER, TAG_RECOVERY_LEFT,
	TAG_RECOVERY, TAG_DEVICES };
enum { DEVICE_BYTES = 32 + 8 + 4 + 8,
	USER_PASSES = 3, USER_MEMORY = 64 * MIB,
	CONTEXT_WORDS_MAX = 800, CONTEXT_BYTES_MAX = 24 * KIB };

text sign_in_name(struct op *op, text typed)
{
	text t = text_trim(typed);
	char *small = arena_take(op->arena, t.n + 1);

	if (small == NULL)
		return T("");
	for (size_t i = 0; i < t.n; i++)
		small[i] = t.p[i] >= 'A' && t.p[i] <= 'Z' ?
		    (char)(t.p[i] + 'a' - 'A') : t.p[i];
	return (text){ small, t.n };
}

void random_bytes(struct op *op, void *p, size_t n)
{
	op->office->chance->fill(op->office->chance->self, p, n);
}

/* ---- the record ------------------------------------------------------- */

static void read_devices(text packed, struct credential *c)
{
	for (; packed.n >= DEVICE_BYTES && c->devices_n < DEVICES_KEPT;
	    packed.p += DEVICE_BYTES, packed.n -= DEVICE_BYTES) {
		struct device *d = &c->devices[c->devices_n++];

		memcpy(d->hash, packed.p, 32);
		d->made_ms = (int64_t)get_u64(packed.p + 32);
		d->counter.failures = get_u32(packed.p + 40);
		d->counter.not_before_ms = (int64_t)get_u64(packed.p + 44);
	}
}

static void write_devices(const struct credential *c, struct buf *out)
{
	for (size_t i = 0; i < c->devices_n; i++) {
		const struct device *d = &c->devices[i];

		buf_add(out, d->hash, 32);
		buf_u64(out, (uint64_t)d->made_ms);
		buf_u32(out, d->counter.failures);
		buf_u64(out, (uint64_t)d->counter.not_before_ms);
	}
}

result credential_get(struct op *op, user_id user, struct credential *ret)
{
	struct credential c = { .user = user };
	struct system_row row;
	struct fields f;

	TRY(system_get(op, &table_credential, user.raw, &row));
	if (row.v == 0) {
		*ret = c;
		return OK;
	}
	TRY(fields_read(row.plain, &f));
	c.v = row.v;
	c.has_verifier = f.at[TAG_VERIFIER].n == sizeof(c.verifier);
	field_bytes(&f, TAG_VERIFIER, c.verifier, sizeof(c.verifier));
	c.pepper = field_u32(&f, TAG_PEPPER);
	c.kdf.passes = field_u32(&f, TAG_PASSES);
	c.kdf.memory = field_u64(&f, TAG_MEMORY);
	field_bytes(&f, TAG_SALT, c.kdf.salt, sizeof(c.kdf.salt));
	c.has_factor = f.at[TAG_SECRET].n == TOTP_SECRET;
	field_bytes(&f, TAG_SECRET, c.secret, TOTP_SECRET);
	c.has_pending = f.at[TAG_PENDING].n == TOTP_SECRET;
	field_bytes(&f, TAG_PENDING, c.pending, TOTP_SECRET);
	c.last_step = field_u64(&f, TAG_LAST_STEP);
	c.counter.failures = field_u32(&f, TAG_FAILURES);
	c.counter.not_before_ms = (int64_t)field_u64(&f, TAG_NOT_BEFORE);
	c.asked_by.raw = field_row_id(&f, TAG_ASKED_BY);
	c.recovery_pepper = field_u32(&f, TAG_RECOVERY_PEPPER);
	c.recovery_left = field_u32(&f, TAG_RECOVERY_LEFT);
	field_bytes(&f, TAG_RECOVERY, c.recovery, sizeof(c.recovery));
	read_devices(f.at[TAG_DEVICES], &c);
	*ret = c;
	return OK;
}

result credential_put(struct op *op, struct credential *c)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);
	CLEANUP(buf_free) struct buf devices = buf_new(
	    DEVICES_KEPT * DEVICE_BYTES);
	struct packer p = pack_begin(&plain);

	write_devices(c, &devices);
	if (c->has_verifier)
		pack_add(&p, TAG_VERIFIER, c->verifier, sizeof(c->verifier));
	pack_u32(&p, TAG_PEPPER, c->pepper);
	pack_u32(&p, TAG_PASSES, c->kdf.passes);
	pack_u64(&p, TAG_MEMORY, c->kdf.memory);
	pack_add(&p, TAG_SALT, c->kdf.salt, sizeof(c->kdf.salt));
	if (c->has_factor)
		pack_add(&p, TAG_SECRET, c->secret, TOTP_SECRET);
	if (c->has_pending)
		pack_add(&p, TAG_PENDING, c->pending, TOTP_SECRET);
	pack_u64(&p, TAG_LAST_STEP, c->last_step);
	pack_u32(&p, TAG_FAILURES, c->counter.failures);
	pack_u64(&p, TAG_NOT_BEFORE, (uint64_t)c->counter.not_before_ms);
	if (!id_none(c->asked_by.raw))
		pack_add(&p, TAG_ASKED_BY, c->asked_by.raw.b, 16);
	pack_u32(&p, TAG_RECOVERY_PEPPER, c->recovery_pepper);
	pack_u32(&p, TAG_RECOVERY_LEFT, c->recovery_left);
	pack_add(&p, TAG_RECOVERY, c->recovery, sizeof(c->recovery));
	pack_text(&p, TAG_DEVICES, buf_view(&devices));
	TRY(pack_end(&p));
	return system_put(op, &table_credential, c->user.raw, &c->v, &plain);
}

/* ---- throttling ------------------------------------------------------- */

bool counter_off(const struct counter *c)
{
	return c->failures >= FAILURES_OFF;
}

int64_t counter_wait_ms(const struct counter *c, instant now)
{
	int64_t wait = c->not_before_ms - now.ms;

	if (wait <= 0)
		return 0;
	/* A clock that went back makes nobody wait longer than the most. */
	return wait < WAIT_MS_MAX ? wait : WAIT_MS_MAX;
}

/* Five are free; then 2, 4, 8 … seconds, at most a quarter of an hour. */
void counter_fail(struct counter *c, instant now)
{
	int64_t wait = WAIT_MS_MAX;

	if (c->failures < FAILURES_OFF)
		c->failures++;
	if (c->failures <= FREE_FAILURES)
		return;
	if (c->failures - FREE_FAILURES < 10)
		wait = (int64_t)SECOND_MS << (c->failures - FREE_FAILURES);
	if (wait > WAIT_MS_MAX)
		wait = WAIT_MS_MAX;
	c->not_before_ms = now.ms + wait;
}

result counter_check(struct op *op, const struct counter *c)
{
	int64_t wait = counter_wait_ms(c, op->now);

	if (wait == 0)
		return OK;
	op->retry_after = arena_format(op->arena, "%lld",
	    (long long)((wait + SECOND_MS - 1) / SECOND_MS));
	return refuse(TOO_MANY);
}

/* ---- devices ---------------------------------------------------------- */

void device_hash(const uint8_t secret[32], uint8_t ret[32])
{
	static const char label[] = "alas/device/1";

	blake2b(ret, 32, NULL, 0, (text){ label, sizeof(label) },
	    (text){ (const char *)secret, 32 });
}

struct device *device_of(struct op *op, struct credential *c, text cookie)
{
	uint8_t secret[32];
	uint8_t hash[32];

	if (!base64url_read(cookie, secret, sizeof(secret)))
		return NULL;
	device_hash(secret, hash);
	for (size_t i = 0; i < c->devices_n; i++) {
		struct device *d = &c->devices[i];

		if (same_secret(d->hash, hash, 32))
			return op->now.ms - d->made_ms < DEVICE_DAYS * day_ms ?
			    d : NULL;
	}
	return NULL;
}

/* ---- one-time codes --------------------------------------------------- */

bool totp_good(const uint8_t secret[TOTP_SECRET], text code, instant now,
    uint64_t last_step, uint64_t *ret_step)
{
	enum { DIGITS = 6, WINDOW = 1 };
	char typed[DIGITS + 1] = { 0 };
	uint64_t step = 0;
	size_t n = 0;

	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] == ' ')
			continue;
		if (n == DIGITS || code.p[i] < '0' || code.p[i] > '9')
			return false;
		typed[n++] = code.p[i];
	}
	if (n != DIGITS || now.ms < 0)
		return false;
	if (oath_totp_validate3((const char *)secret, TOTP_SECRET,
	    (time_t)(now.ms / SECOND_MS), TOTP_STEP_S, 0, WINDOW, NULL, &step,
	    typed) < 0)
		return false;
	/* Each step once: neither the same again nor one before it. */
	if (step <= last_step)
		return false;
	*ret_step = step;
	return true;
}

/* ---- passphrases ------------------------------------------------------ */

struct slot_kdf user_kdf(struct op *op)
{
	struct slot_kdf kdf = { .passes = USER_PASSES,
		.memory = USER_MEMORY };

	if ((op->office->flags & (VAULT_DEMONSTRATION | VAULT_TEST)) != 0)
		kdf = kdf_floor;
	random_bytes(op, kdf.salt, sizeof(kdf.salt));
	return kdf;
}

/* The operation waits and is run again from its start. */
static result wait_for(struct op *op, const struct errand *errand)
{
	op_abort(op);
	op->errand = *errand;
	return refuse(WAIT);
}

result argon2_of(struct op *op, text passphrase, const struct slot_kdf *kdf,
    uint8_t ret[32])
{
	const struct errand *e = &op->errand;

	if (e->kind == ERRAND_ARGON2 && e->done &&
	    memcmp(e->kdf.salt, kdf->salt, sizeof(kdf->salt)) == 0) {
		TRY(e->failed);
		memcpy(ret, e->hash, 32);
		return OK;
	}
	return wait_for(op, &(struct errand){ .kind = ERRAND_ARGON2,
		.secret = passphrase, .kdf = *kdf });
}

result verifier_new(struct op *op, text passphrase, struct credential *c)
{
	const struct errand *e = &op->errand;
	struct slot_kdf kdf = user_kdf(op);
	uint8_t argon[32];
	struct owner pepper;

	/* The salt drawn when it was asked for; not that of the old one. */
	if (e->kind == ERRAND_ARGON2 && e->done &&
	    memcmp(e->kdf.salt, c->kdf.salt, sizeof(kdf.salt)) != 0)
		kdf = e->kdf;
	TRY(argon2_of(op, passphrase, &kdf, argon));
	TRY(keyring_owner(op->office->keyring, PURPOSE_PEPPER,
	    purpose_id(PURPOSE_PEPPER), &pepper));
	TRY(login_verifier_at(op->office->keyring, pepper.epoch, c->user.raw,
	    argon, c->verifier));
	c->pepper = pepper.epoch;
	c->kdf = kdf;
	c->has_verifier = true;
	return OK;
}

result verifier_good(struct op *op, text passphrase,
    const struct credential *c, bool *ret)
{
	struct keyring *k = op->office->keyring;
	uint8_t argon[32];
	uint8_t verifier[32];

	result got;

	TRY(argon2_of(op, passphrase, &c->kdf, argon));
	if (c->has_verifier)
		got = login_verifier_at(k, c->pepper, c->user.raw, argon,
		    verifier);
	else
		got = login_verifier(k, c->user.raw, argon, verifier);
	*ret = false;
	/* A pepper that is gone makes every passphrase a wrong one. */
	if (got.code == E_NOT_FOUND)
		return OK;
	TRY(got);
	*ret = same_secret(verifier, c->verifier, sizeof(verifier)) &&
	    c->has_verifier;
	return OK;
}

result verifier_renew(struct op *op, struct credential *c)
{
	uint32_t newest = keyring_epoch(op->office->keyring, PURPOSE_PEPPER);
	const struct errand *e = &op->errand;

	if (c->pepper == newest || e->kind != ERRAND_ARGON2 || !e->done ||
	    memcmp(e->kdf.salt, c->kdf.salt, sizeof(c->kdf.salt)) != 0)
		return OK;
	TRY(login_verifier_at(op->office->keyring, newest, c->user.raw,
	    e->hash, c->verifier));
	c->pepper = newest;
	return OK;
}

/* Words that a passphrase of this office should not live on, as many as
 * the runner takes. */
struct context { text *list; size_t n, bytes; };

static void add_word(struct context *c, text word)
{
	if (word.n == 0 || c->n == CONTEXT_WORDS_MAX ||
	    c->bytes + word.n > CONTEXT_BYTES_MAX)
		return;
	c->list[c->n++] = word;
	c->bytes += word.n;
}

static result context_words(struct op *op, const struct user_facts *user,
    struct context *ret)
{
	const struct guard *g = op->office->guard;
	struct context c = { .list = arena_array(op->arena,
	    CONTEXT_WORDS_MAX, sizeof(*c.list)) };
	const struct code *prisons = NULL;
	size_t prisons_n = 0;

	NEED(c.list);
	if (op->office->codes != NULL)
		prisons = codes_list(op->office->codes, "prison", &prisons_n);
	add_word(&c, T("alas"));
	add_word(&c, user->sign_in_name);
	add_word(&c, user->name);
	for (size_t i = 0; i < prisons_n; i++)
		add_word(&c, prisons[i].label[LANG_ES]);
	for (size_t i = 0; i < g->by_name_n; i++) {
		add_word(&c, g->by_name[i]->sign_in_name);
		add_word(&c, g->by_name[i]->name);
	}
	*ret = c;
	return OK;
}

result passphrase_strong(struct op *op, const char *input, text passphrase,
    const struct user_facts *user)
{
	const struct errand *e = &op->errand;
	struct context c = { 0 };
	const char *key;

	if (text_characters(passphrase) < PASSPHRASE_CHARACTERS_MIN) {
		op_problem(op, input, "guard.passphrase_short");
		return refuse(INVALID);
	}
	/* An Argon2 errand follows only upon a strong one. */
	if (e->kind == ERRAND_ARGON2 && e->done)
		return OK;
	if (e->kind != ERRAND_CRACK || !e->done) {
		TRY(context_words(op, user, &c));
		return wait_for(op, &(struct errand){ .kind = ERRAND_CRACK,
			.secret = passphrase, .context = c.list,
			.context_n = c.n });
	}
	TRY(e->failed);
	if (e->weakness.n == 0)
		return OK;
	/* The runner answers with a key of the catalogues. */
	key = arena_text(op->arena, e->weakness).p;
	NEED(key);
	op_problem(op, input, key);
	return refuse(INVALID);
}
