/*
 * Signing in and stepping up: passphrase and code.  Whoever is wrong, in
 * whatever way, pays the same and hears the same; an outsider can make a
 * device that is not known wait, never one that is.
 */
#include "guard_inside.h"

#include <string.h>

/* One try, and what it is measured against. */
struct trial {
	const struct user_facts *user;	/* NULL: no such name */
	struct credential c;
	struct device *device;		/* known, or NULL */
	struct counter *counter;
	bool stranger;			/* the counter lies in memory */
	bool passphrase_good, code_good;
	uint64_t step;			/* of the code */
	int recovery;			/* number of a recovery code, or -1 */
};

/* ---- strangers: names that nobody has --------------------------------- */

static void evict_stranger(struct guard *g)
{
	size_t first = 0;

	for (size_t i = 1; i < g->strangers.n; i++) {
		const struct stranger *a = sorted_at(&g->strangers, i);
		const struct stranger *b = sorted_at(&g->strangers, first);

		if (a->counter.not_before_ms < b->counter.not_before_ms)
			first = i;
	}
	sorted_remove(&g->strangers, first);
}

/* Valid until the next stranger comes. */
static result stranger_counter(struct guard *g, text name,
    struct counter **ret)
{
	struct stranger fresh = { 0 };
	struct stranger *s;

	blake2b(fresh.name, sizeof(fresh.name), NULL, 0, name, T(""));
	s = sorted_if(&g->strangers,
	    sorted_from(&g->strangers, fresh.name, 16), fresh.name, 16);
	if (s == NULL) {
		if (g->strangers.n == STRANGERS_MAX)
			evict_stranger(g);
		TRY(sorted_put(&g->strangers, &fresh));
		s = sorted_at(&g->strangers, sorted_from(&g->strangers,
		    fresh.name, 16));
	}
	*ret = &s->counter;
	return OK;
}

/* ---- the try ---------------------------------------------------------- */

static result load_trial(struct op *op, text name, text device,
    struct trial *t)
{
	struct guard *g = op->office->guard;
	user_id user = { 0 };

	t->user = guard_user_named(g, name);
	if (t->user != NULL)
		user = t->user->id;
	TRY(credential_get(op, user, &t->c));
	t->device = device_of(op, &t->c, device);
	if (t->c.has_verifier) {
		t->counter = t->device != NULL ? &t->device->counter :
		    &t->c.counter;
		return OK;
	}
	t->stranger = true;
	t->c.kdf = user_kdf(op);
	TRY(unknown_user_salt(op->office->keyring, name, t->c.kdf.salt));
	return stranger_counter(g, name, &t->counter);
}

static int recovery_number(struct op *op, const struct credential *c,
    text code)
{
	uint8_t hash[32];
	int found = -1;

	if (c->recovery_pepper == 0 ||
	    !is_ok(recovery_code_hash_at(op->office->keyring,
	    c->recovery_pepper, c->user.raw, code, hash)))
		return -1;
	for (int i = 0; i < RECOVERY_CODES; i++) {
		if (same_secret(hash, c->recovery[i], sizeof(hash)) &&
		    (c->recovery_left & 1u << i) != 0)
			found = i;
	}
	return found;
}

static bool trial_good(const struct op *op, const struct trial *t)
{
	const struct member *a;

	if (t->user == NULL || !t->c.has_factor || counter_off(t->counter))
		return false;
	a = member_of(op->office->guard, t->user->id);
	return member_live(a, op->now) && t->passphrase_good &&
	    (t->code_good || t->recovery >= 0);
}

static result refuse_trial(struct op *op, struct trial *t)
{
	user_id user = { 0 };

	if (t->user != NULL)
		user = t->user->id;
	counter_fail(t->counter, op->now);
	if (!t->stranger)
		TRY(credential_put(op, &t->c));
	TRY(act_commit(op, EVENT_SIGN_IN_FAILED, OUTCOME_REFUSED, user));
	return refuse(SIGN_IN);
}

/* ---- the good end ----------------------------------------------------- */

static void forget_oldest_device(struct credential *c)
{
	size_t oldest = 0;

	for (size_t i = 1; i < c->devices_n; i++) {
		if (c->devices[i].made_ms < c->devices[oldest].made_ms)
			oldest = i;
	}
	c->devices[oldest] = c->devices[--c->devices_n];
}

/* A new device is made known by a cookie; the row has only its hash. */
static result know_device(struct op *op, struct credential *c,
    struct device **ret)
{
	uint8_t secret[32];
	char *cookie = arena_take(op->arena, 44);
	struct device *d;

	NEED(cookie);
	if (c->devices_n == DEVICES_KEPT)
		forget_oldest_device(c);
	d = &c->devices[c->devices_n++];
	*d = (struct device){ .made_ms = op->now.ms };
	random_bytes(op, secret, sizeof(secret));
	device_hash(secret, d->hash);
	base64url_write(secret, sizeof(secret), cookie);
	op->set_device = (text){ cookie, 43 };
	*ret = d;
	return OK;
}

/* For the list of sessions: what it is, and a code that stays with it. */
static text device_words(struct op *op, const struct device *d,
    enum lang lang)
{
	text what = agent_words(op, op->agent, lang);
	id name;

	memcpy(name.b, d->hash, sizeof(name.b));
	return arena_format(op->arena, "%.*s%s%s", (int)what.n, what.p,
	    what.n > 0 ? " · " : "", code_of(name).s);
}

static result admit(struct op *op, struct trial *t)
{
	struct credential *c = &t->c;
	bool known = t->device != NULL;
	uint32_t flags = op->door == DOOR_PAGES ? 0 : SESSION_SHELL;
	enum event event = known ? EVENT_SIGNED_IN : EVENT_DEVICE_NEW;

	*t->counter = (struct counter){ 0 };
	TRY(verifier_renew(op, c));
	if (!known)
		TRY(know_device(op, c, &t->device));
	if (t->code_good) {
		c->last_step = t->step;
	} else {
		c->recovery_left &= ~(1u << t->recovery);
		random_bytes(op, c->pending, sizeof(c->pending));
		c->has_pending = true;
		flags |= SESSION_ENROLLING;
		event = EVENT_RECOVERY_USED;
	}
	TRY(credential_put(op, c));
	TRY(session_start(op, t->user->id, flags, device_words(op,
	    t->device, t->user->lang), NULL));
	op->lang = t->user->lang;
	/* The leaf says who; with a factor still to be set, only the leaf. */
	op->user = t->user->id;
	TRY(act_commit(op, event, OUTCOME_DONE, op->user));
	if ((flags & SESSION_ENROLLING) != 0)
		op->user = (user_id){ 0 };
	return OK;
}

result guard_sign_in(struct op *op, text name, text passphrase, text code,
    text device)
{
	struct trial t = { .recovery = -1 };
	text bytes;
	result got;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	TRY(directory_ready(op));
	if (!is_ok(passphrase_bytes(op->arena, passphrase, &bytes)))
		return refuse(SIGN_IN);
	name = sign_in_name(op, name);
	TRY(load_trial(op, name, device, &t));
	TRY(counter_check(op, t.counter));
	got = verifier_good(op, bytes, &t.c, &t.passphrase_good);
	op->errand.stranger = t.device == NULL;
	TRY(got);
	t.code_good = totp_good(t.c.secret, code, op->now, t.c.last_step,
	    &t.step);
	t.recovery = recovery_number(op, &t.c, code);
	if (!trial_good(op, &t))
		return refuse_trial(op, &t);
	return admit(op, &t);
}

result guard_sign_in_demo(struct op *op, text name)
{
	const struct user_facts *u;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	if ((op->office->flags & VAULT_DEMONSTRATION) == 0)
		return refuse(FORBIDDEN);
	TRY(directory_ready(op));
	u = guard_user_named(op->office->guard, sign_in_name(op, name));
	if (u == NULL || !member_live(member_of(op->office->guard, u->id),
	    op->now))
		return refuse(SIGN_IN);
	TRY(session_start(op, u->id, op->door == DOOR_PAGES ? 0 :
	    SESSION_SHELL, agent_words(op, op->agent, u->lang), NULL));
	op->lang = u->lang;
	return act_commit(op, EVENT_SIGNED_IN, OUTCOME_DONE, op->user);
}

/* ---- step-up ---------------------------------------------------------- */

static result refuse_step_up(struct op *op, struct session *s)
{
	counter_fail(&s->counter, op->now);
	TRY(session_put(op, s));
	TRY(act_commit(op, EVENT_SIGN_IN_FAILED, OUTCOME_REFUSED, op->user));
	return refuse(STEP_UP);
}

/* Passphrase and code; the good code is used up. */
static result prove(struct op *op, text passphrase, text code, bool *ret)
{
	struct credential c;
	uint64_t step = 0;
	bool good = false;
	bool code_good;
	text bytes;

	*ret = false;
	if (!is_ok(passphrase_bytes(op->arena, passphrase, &bytes)))
		return OK;
	TRY(credential_get(op, op->user, &c));
	TRY(verifier_good(op, bytes, &c, &good));
	code_good = totp_good(c.secret, code, op->now, c.last_step, &step);
	if (!good || !code_good || !c.has_factor)
		return OK;
	c.last_step = step;
	TRY(verifier_renew(op, &c));
	TRY(credential_put(op, &c));
	*ret = true;
	return OK;
}

static result take_step_up(struct op *op, struct session *s)
{
	s->counter = (struct counter){ 0 };
	s->stepped_up_ms = op->now.ms;
	/* A cookie gets a new token; a program keeps the one it holds. */
	if (!s->by_token && (s->flags & SESSION_SHELL) == 0)
		return session_start(op, s->user, s->flags, s->device, s);
	op->stepped_up = op->now;
	return session_put(op, s);
}

result guard_step_up(struct op *op, text passphrase, text code)
{
	bool tap = (op->office->flags & VAULT_DEMONSTRATION) != 0 &&
	    passphrase.n == 0 && code.n == 0;
	struct session s;
	bool good = tap;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(session_get(op, op->by_token, op->session, &s));
	if (op->by_token && (s.flags & SESSION_STEPS_UP) == 0)
		return refuse(FORBIDDEN);
	TRY(counter_check(op, &s.counter));
	if (!tap && !counter_off(&s.counter))
		TRY(prove(op, passphrase, code, &good));
	if (!good)
		return refuse_step_up(op, &s);
	TRY(take_step_up(op, &s));
	return act_commit(op, EVENT_STEPPED_UP, OUTCOME_DONE, op->user);
}
