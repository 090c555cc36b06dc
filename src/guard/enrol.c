/*
 * Taking up an account, and changing what one signs in with: passphrase,
 * factor, recovery codes.  Nobody does this for another.
 */
#include "guard_inside.h"

#include <oath.h>
#include <stdlib.h>
#include <string.h>

enum { RECOVERY_RANDOM = 10, RECOVERY_TEXT = 19 };

/* ---- the factor's secret, to be shown once ---------------------------- */

static result show_secret(struct op *op, text name,
    const uint8_t secret[TOTP_SECRET], struct enrolment *ret)
{
	struct enrolment e = { 0 };
	char *base32 = NULL;

	if (oath_base32_encode((const char *)secret, TOTP_SECRET, &base32,
	    NULL) != OATH_OK)
		return fault(NO_MEMORY);
	e.secret_base32 = arena_text(op->arena, text_of(base32));
	e.otpauth_uri = arena_format(op->arena,
	    "otpauth://totp/alas:%.*s?secret=%s&issuer=alas"
	    "&algorithm=SHA1&digits=6&period=%d",
	    (int)name.n, name.p, base32, TOTP_STEP_S);
	free(base32);
	NEED(e.secret_base32.p);
	NEED(e.otpauth_uri.p);
	*ret = e;
	return OK;
}

/* ---- (1) phrase and passphrase ---------------------------------------- */

static bool waits_for_owner(const struct user_facts *u)
{
	return u != NULL && (text_same(u->state, T("invited")) ||
	    text_same(u->state, T("locked")));
}

static result read_phrase(struct op *op, text phrase,
    char secret[PHRASE_SECRET])
{
	int wrong = phrase_read(phrase, secret);
	text group;

	if (wrong == 0)
		return OK;
	group = arena_format(op->arena, "%d", wrong);
	problem_add(&op->problems, T("phrase"),
	    wrong == PHRASE_WRONG_LENGTH ? "guard.phrase_length" :
	    "guard.phrase_group", &group, 1);
	return refuse(INVALID);
}

static result read_passphrase(struct op *op, const char *input, text typed,
    text *ret)
{
	if (is_ok(passphrase_bytes(op->arena, typed, ret)))
		return OK;
	op_problem(op, input, typed.n > PASSPHRASE_BYTES_MAX ?
	    "guard.passphrase_long" : "guard.passphrase_short");
	return refuse(INVALID);
}

result guard_accept(struct op *op, text name, text phrase, text passphrase,
    struct enrolment *ret)
{
	char secret[PHRASE_SECRET];
	const struct user_facts *u;
	struct credential c;
	bool good = false;
	text bytes;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	TRY(directory_ready(op));
	TRY(read_phrase(op, phrase, secret));
	TRY(read_passphrase(op, "passphrase", passphrase, &bytes));
	u = guard_user_named(op->office->guard, sign_in_name(op, name));
	TRY(invitation_good(op, u == NULL ? (user_id){ 0 } : u->id, secret,
	    &good));
	if (!good || !waits_for_owner(u)) {
		audit_refused(op, EVENT_SIGN_IN_FAILED, u == NULL ? NULL :
		    "user", u == NULL ? (id){ 0 } : u->id.raw);
		return refuse(SIGN_IN);
	}
	TRY(passphrase_strong(op, "passphrase", bytes, u));
	TRY(credential_get(op, u->id, &c));
	TRY(verifier_new(op, bytes, &c));
	random_bytes(op, c.pending, sizeof(c.pending));
	c.has_pending = true;
	TRY(op_begin(op, TX_WRITE));
	TRY(credential_put(op, &c));
	TRY(session_start(op, u->id, SESSION_ENROLLING |
	    (op->door == DOOR_PAGES ? 0u : SESSION_SHELL), agent_words(op,
	    op->agent, u->lang), NULL));
	TRY(show_secret(op, u->sign_in_name, c.pending, ret));
	op->user = u->id;	/* for the leaf alone */
	TRY(act_commit(op, EVENT_PASSPHRASE_SET, OUTCOME_DONE, op->user));
	op->user = (user_id){ 0 };
	return OK;
}

/* ---- (2) the factor --------------------------------------------------- */

/* Whose factor: the asker's, or that of an enrolment's session. */
static result enrolling(struct op *op, struct session *s,
    struct credential *c)
{
	result got;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	if (op->by_token || id_none(op->session))
		return refuse(SIGN_IN);
	TRY(directory_ready(op));
	got = session_get(op, false, op->session, s);
	if (got.code == E_NOT_FOUND ||
	    (is_ok(got) && session_died(op->office->guard, s, op->now) != 0))
		return refuse(SIGN_IN);
	TRY(got);
	TRY(credential_get(op, s->user, c));
	return OK;
}

result guard_enrolment(struct op *op, struct enrolment *ret)
{
	const struct user_facts *u;
	struct credential c;
	struct session s;

	TRY(enrolling(op, &s, &c));
	u = guard_user(op->office->guard, s.user);
	if (!c.has_pending || u == NULL)
		return refuse(NOT_FOUND);
	return show_secret(op, u->sign_in_name, c.pending, ret);
}

result guard_new_factor(struct op *op)
{
	struct credential c;
	struct session s;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	if (step_up_old(op))
		return refuse(STEP_UP);
	TRY(enrolling(op, &s, &c));
	random_bytes(op, c.pending, sizeof(c.pending));
	c.has_pending = true;
	TRY(credential_put(op, &c));
	return act_commit(op, EVENT_FACTOR_ASKED, OUTCOME_DONE, op->user);
}

/* "4Q8M-A679-DQFP-G3SW": eighty bits in sixteen characters. */
static result recovery_code(struct op *op, text *ret)
{
	uint8_t random[RECOVERY_RANDOM];
	char *code = arena_take(op->arena, RECOVERY_TEXT + 1);
	size_t at = 0;

	NEED(code);
	random_bytes(op, random, sizeof(random));
	for (size_t bit = 0; bit < 8 * sizeof(random); bit += 5) {
		uint32_t pair = (uint32_t)random[bit / 8] << 8;

		if (bit / 8 + 1 < sizeof(random))
			pair |= random[bit / 8 + 1];
		if (at % 5 == 4)
			code[at++] = '-';
		code[at++] = code_char(pair >> (11 - bit % 8) & 31);
	}
	*ret = (text){ code, RECOVERY_TEXT };
	return OK;
}

static result new_recovery_codes(struct op *op, struct credential *c,
    text codes[RECOVERY_CODES])
{
	struct keyring *k = op->office->keyring;
	struct owner pepper;

	TRY(keyring_owner(k, PURPOSE_PEPPER, purpose_id(PURPOSE_PEPPER),
	    &pepper));
	for (int i = 0; i < RECOVERY_CODES; i++) {
		TRY(recovery_code(op, &codes[i]));
		TRY(recovery_code_hash_at(k, pepper.epoch, c->user.raw,
		    codes[i], c->recovery[i]));
	}
	c->recovery_pepper = pepper.epoch;
	c->recovery_left = (1u << RECOVERY_CODES) - 1;
	return OK;
}

/* Who was invited is now active, unless a second person must still agree. */
static result activate(struct op *op, const struct credential *c,
    bool *ret_active)
{
	struct user u;

	TRY(facts_get(op, guard_whole_office(op), &entity_user,
	    c->user.raw, &u));
	*ret_active = true;
	if (text_same(u.state, T("invited"))) {
		TRY(invitation_use(op, c->user));
		u.state = T("active");
		return facts_update(op, guard_whole_office(op), &entity_user,
		    &u);
	}
	if (!text_same(u.state, T("active"))) {
		*ret_active = false;
		return invitation_use(op, c->user);
	}
	return OK;
}

/* A wrong code of an enrolment counts as one of the session's. */
static result refuse_factor(struct op *op, struct session *s)
{
	CLEANUP(writing_end) struct writing w = { 0 };

	op_problem(op, "code", "guard.code_wrong");
	counter_fail(&s->counter, op->now);
	TRY(writing_begin(op, &w));
	TRY(session_put(op, s));
	TRY(writing_commit(&w));
	return refuse(INVALID);
}

static result enter(struct op *op, const struct session *s, bool active)
{
	uint32_t flags = s->flags & ~(uint32_t)SESSION_ENROLLING;
	struct session old = *s;

	if (active)
		return session_start(op, s->user, flags, s->device, s);
	TRY(session_end(op, &old));
	op->set_session = T("-");
	return OK;
}

result guard_confirm_factor(struct op *op, text code,
    text ret_recovery_codes[8])
{
	text codes[RECOVERY_CODES];
	struct credential c;
	struct session s;
	uint64_t step;
	bool active;

	TRY(enrolling(op, &s, &c));
	if (!c.has_pending)
		return refuse(CONFLICT);
	TRY(counter_check(op, &s.counter));
	if (counter_off(&s.counter) ||
	    !totp_good(c.pending, code, op->now, 0, &step))
		return refuse_factor(op, &s);
	TRY(op_begin(op, TX_WRITE));
	memcpy(c.secret, c.pending, sizeof(c.secret));
	memset(c.pending, 0, sizeof(c.pending));
	c.has_factor = true;
	c.has_pending = false;
	c.last_step = step;
	c.counter = (struct counter){ 0 };
	/* Whoever has the lost telephone may have the rest with it. */
	c.devices_n = 0;
	TRY(new_recovery_codes(op, &c, codes));
	TRY(credential_put(op, &c));
	TRY(sessions_end(op, s.user, false, s.id));
	TRY(activate(op, &c, &active));
	TRY(enter(op, &s, active));
	op->user = s.user;
	TRY(act_commit(op, EVENT_FACTOR_SET, OUTCOME_DONE, op->user));
	if (!active)
		op->user = (user_id){ 0 };
	memcpy(ret_recovery_codes, codes, sizeof(codes));
	return OK;
}

/* ---- a new passphrase ------------------------------------------------- */

/* The last errand of a change is the hash of the new one: it was only sent
 * for when the old one had proved good. */
static bool old_was_good(const struct op *op, const struct credential *c,
    text new)
{
	const struct errand *e = &op->errand;

	return e->kind == ERRAND_ARGON2 && e->done &&
	    text_same(e->secret, new) &&
	    memcmp(e->kdf.salt, c->kdf.salt, sizeof(c->kdf.salt)) != 0;
}

static result refuse_old(struct op *op)
{
	CLEANUP(writing_end) struct writing w = { 0 };
	struct session s;

	op_problem(op, "old", "guard.passphrase_wrong");
	TRY(writing_begin(op, &w));
	TRY(session_get(op, false, op->session, &s));
	counter_fail(&s.counter, op->now);
	TRY(session_put(op, &s));
	TRY(writing_commit(&w));
	return refuse(INVALID);
}

result guard_change_passphrase(struct op *op, text old, text new)
{
	const struct user_facts *u;
	struct credential c;
	struct session s;
	bool good = false;
	text old_bytes;
	text new_bytes;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	if (op->by_token)
		return refuse(FORBIDDEN);
	TRY(enrolling(op, &s, &c));
	TRY(counter_check(op, &s.counter));
	u = guard_user(op->office->guard, op->user);
	if (u == NULL)
		return refuse(SIGN_IN);
	TRY(read_passphrase(op, "new", new, &new_bytes));
	TRY(passphrase_strong(op, "new", new_bytes, u));
	if (!old_was_good(op, &c, new_bytes)) {
		if (!is_ok(passphrase_bytes(op->arena, old, &old_bytes)))
			return refuse_old(op);
		TRY(verifier_good(op, old_bytes, &c, &good));
		if (!good || counter_off(&s.counter))
			return refuse_old(op);
	}
	TRY(verifier_new(op, new_bytes, &c));
	TRY(op_begin(op, TX_WRITE));
	TRY(credential_put(op, &c));
	TRY(sessions_end(op, op->user, false, op->session));
	return act_commit(op, EVENT_PASSPHRASE_SET, OUTCOME_DONE, op->user);
}
