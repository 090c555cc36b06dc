/*
 * Accounts: invited, approved, changed, closed.  Who invites never learns
 * what the other one signs in with; a director or technician is made by
 * two, as soon as there are two.
 */
#include "guard_inside.h"

#include <assert.h>
#include <string.h>

enum { TAG_HASH = 1, TAG_PEPPER, TAG_ENDS, TAG_MADE_BY,
	INVITATION_HOURS = 72, SIGN_IN_NAME_MIN = 2, SIGN_IN_NAME_MAX = 40,
	TWO_PERSONS = 1u << ROLE_DIRECTOR | 1u << ROLE_TECHNICIAN };

/* ---- invitations ------------------------------------------------------ */

static result invitation_hash(struct op *op, uint32_t epoch, user_id user,
    const char secret[PHRASE_SECRET], uint8_t ret[32])
{
	static const char label[] = "alas/invite/1";
	uint8_t about[sizeof(label) + 16];
	struct owner pepper;

	TRY(keyring_owner_at(op->office->keyring, PURPOSE_PEPPER,
	    purpose_id(PURPOSE_PEPPER), epoch, &pepper));
	memcpy(about, label, sizeof(label));
	memcpy(about + sizeof(label), user.raw.b, 16);
	blake2b(ret, 32, pepper.key->b, sizeof(pepper.key->b),
	    (text){ (const char *)about, sizeof(about) },
	    (text){ secret, PHRASE_SECRET });
	return OK;
}

static result invitation_put(struct op *op, user_id user, uint64_t *v,
    uint32_t epoch, const uint8_t hash[32])
{
	CLEANUP(buf_free) struct buf plain = buf_new(KIB);
	struct packer p = pack_begin(&plain);

	pack_add(&p, TAG_HASH, hash, 32);
	pack_u32(&p, TAG_PEPPER, epoch);
	pack_u64(&p, TAG_ENDS, (uint64_t)op->now.ms +
	    (uint64_t)INVITATION_HOURS * HOUR_MS);
	if (!id_none(op->user.raw))
		pack_add(&p, TAG_MADE_BY, op->user.raw.b, 16);
	TRY(pack_end(&p));
	return system_put(op, &table_invitation, user.raw, v, &plain);
}

/* A new phrase; the one before is worth nothing any more. */
static result invite(struct op *op, user_id user, text *ret_phrase)
{
	uint8_t random[PHRASE_RANDOM];
	char words[PHRASE_TEXT + 1];
	char secret[PHRASE_SECRET];
	struct system_row row;
	struct owner pepper;
	uint8_t hash[32];
	text phrase;

	TRY(keyring_owner(op->office->keyring, PURPOSE_PEPPER,
	    purpose_id(PURPOSE_PEPPER), &pepper));
	random_bytes(op, random, sizeof(random));
	phrase_text(random, words);
	if (phrase_read(text_of(words), secret) != 0)
		return fault(BUG);
	TRY(invitation_hash(op, pepper.epoch, user, secret, hash));
	TRY(system_get(op, &table_invitation, user.raw, &row));
	TRY(invitation_put(op, user, &row.v, pepper.epoch, hash));
	phrase = arena_text(op->arena, text_of(words));
	NEED(phrase.p);
	*ret_phrase = phrase;
	return OK;
}

result invitation_good(struct op *op, user_id user,
    const char secret[PHRASE_SECRET], bool *ret)
{
	uint8_t stored[32];
	uint8_t hash[32];
	struct system_row row;
	struct fields f;

	*ret = false;
	TRY(system_get(op, &table_invitation, user.raw, &row));
	if (row.v == 0)
		return OK;
	TRY(fields_read(row.plain, &f));
	/* A used one has no hash. */
	if (f.at[TAG_HASH].n != 32)
		return OK;
	field_bytes(&f, TAG_HASH, stored, sizeof(stored));
	/* Its pepper is gone: so is it. */
	if (!is_ok(invitation_hash(op, field_u32(&f, TAG_PEPPER), user,
	    secret, hash)))
		return OK;
	*ret = same_secret(hash, stored, sizeof(hash)) &&
	    op->now.ms < (int64_t)field_u64(&f, TAG_ENDS);
	return OK;
}

result invitation_use(struct op *op, user_id user)
{
	CLEANUP(buf_free) struct buf plain = buf_new(KIB);
	struct packer p = pack_begin(&plain);
	struct system_row row;

	TRY(system_get(op, &table_invitation, user.raw, &row));
	if (row.v == 0)
		return OK;
	TRY(pack_end(&p));
	return system_put(op, &table_invitation, user.raw, &row.v, &plain);
}

/* ---- rules ------------------------------------------------------------ */

static bool sign_in_name_good(text t)
{
	if (t.n < SIGN_IN_NAME_MIN || t.n > SIGN_IN_NAME_MAX)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '.' && c != '-' && c != '_')
			return false;
	}
	return true;
}

/* Powers that one person must not hold together. */
static bool roles_clash(uint32_t roles)
{
	bool director = (roles & 1u << ROLE_DIRECTOR) != 0;

	return director && (roles & (1u << ROLE_TECHNICIAN |
	    1u << ROLE_TREASURER)) != 0;
}

static result check_user(struct op *op, struct user *u)
{
	const struct user_facts *other;

	u->sign_in_name = sign_in_name(op, u->sign_in_name);
	other = guard_user_named(op->office->guard, u->sign_in_name);
	if (!sign_in_name_good(u->sign_in_name))
		op_problem(op, "sign_in_name", "guard.sign_in_name");
	else if (other != NULL && !id_same(other->id.raw, u->row.id))
		op_problem(op, "sign_in_name", "guard.sign_in_name_taken");
	if (roles_clash(roles_read(u->roles)))
		op_problem(op, "roles", "guard.roles_clash");
	entity_check(op->arena, &entity_user, u, 1u << IN_OFFICE, "",
	    op->office->codes, &op->problems);
	return op_problems(op);
}

/* Could anybody but these two say yes? */
static bool another_approver(const struct op *op, user_id user)
{
	const struct guard *g = op->office->guard;

	for (size_t i = 0; i < g->users.n; i++) {
		const struct user_at *u = sorted_at(&g->users, i);
		const struct user_facts *f = &u->member->facts;

		if (!id_same(f->id.raw, op->user.raw) &&
		    !id_same(f->id.raw, user.raw) &&
		    member_live(u->member, op->now) &&
		    (member_levels(u->member, AREA_ADMIN_USERS).far &
		    LEVEL_WRITE) != 0)
			return true;
	}
	return false;
}

static bool last_director(const struct op *op, user_id user)
{
	const struct guard *g = op->office->guard;
	const struct member *self = member_of(g, user);

	if (self == NULL || !member_live(self, op->now) ||
	    (self->facts.roles & 1u << ROLE_DIRECTOR) == 0)
		return false;
	for (size_t i = 0; i < g->users.n; i++) {
		const struct user_at *u = sorted_at(&g->users, i);

		if (u->member != self && member_live(u->member, op->now) &&
		    (u->member->facts.roles & 1u << ROLE_DIRECTOR) != 0)
			return false;
	}
	return true;
}

static result load_user(struct op *op, user_id user, struct user *ret)
{
	return facts_get(op, guard_whole_office(op), &entity_user, user.raw,
	    ret);
}

static result save_user(struct op *op, struct user *u, text state)
{
	u->state = state;
	return facts_update(op, guard_whole_office(op), &entity_user, u);
}

/* ---- verbs ------------------------------------------------------------ */

static result begin(struct op *op, const struct reach *reach)
{
	assert(reach != NULL && (reach->levels & LEVEL_WRITE) != 0);
	TRY(directory_ready(op));
	return op_begin(op, TX_WRITE);
}

result guard_invite(struct op *op, const struct reach *reach,
    struct user *in, text *ret_phrase)
{
	struct credential c = { 0 };
	bool two;

	TRY(begin(op, reach));
	two = (roles_read(in->roles) & TWO_PERSONS) != 0 &&
	    another_approver(op, (user_id){ 0 });
	in->state = two ? T("locked") : T("invited");
	TRY(check_user(op, in));
	TRY(facts_insert(op, guard_whole_office(op), &entity_user, in));
	c.user.raw = in->row.id;
	if (two)
		c.asked_by = op->user;
	TRY(credential_put(op, &c));
	return invite(op, c.user, ret_phrase);
}

/* What is left of a credential when everything must be set anew: also of
 * what an earlier invitation waited for. */
static void empty_credential(struct credential *c)
{
	*c = (struct credential){ .user = c->user, .v = c->v };
}

static bool gives_access(const struct op *op)
{
	return (guard_levels(op, AREA_ACCESS_GRANTS).far & LEVEL_WRITE) != 0;
}

result guard_invite_again(struct op *op, const struct reach *reach,
    user_id user, text *ret_phrase)
{
	struct credential c;
	struct user u;

	TRY(begin(op, reach));
	TRY(load_user(op, user, &u));
	if (text_same(u.state, T("left")))
		return refuse(CONFLICT);
	TRY(credential_get(op, user, &c));
	empty_credential(&c);
	/* Or an administrator could make a director's account his own, and
	 * one who gives no access could read what this person may. */
	if (((roles_read(u.roles) & TWO_PERSONS) != 0 || !gives_access(op)) &&
	    another_approver(op, user))
		c.asked_by = op->user;
	TRY(credential_put(op, &c));
	TRY(sessions_end(op, user, true, (id){ 0 }));
	TRY(save_user(op, &u, id_none(c.asked_by.raw) ? T("invited") :
	    T("locked")));
	return invite(op, user, ret_phrase);
}

result guard_approve(struct op *op, const struct reach *reach, user_id user)
{
	struct credential c;
	struct user u;

	TRY(begin(op, reach));
	TRY(load_user(op, user, &u));
	TRY(credential_get(op, user, &c));
	if (id_none(c.asked_by.raw))
		return refuse(CONFLICT);
	if (id_same(c.asked_by.raw, op->user.raw) ||
	    id_same(user.raw, op->user.raw))
		return refuse(FORBIDDEN);
	c.asked_by = (user_id){ 0 };
	TRY(credential_put(op, &c));
	return save_user(op, &u, c.has_verifier && c.has_factor ?
	    T("active") : T("invited"));
}

result guard_waits_for_second(struct op *op, user_id user, bool *ret)
{
	struct credential c;

	TRY(credential_get(op, user, &c));
	*ret = !id_none(c.asked_by.raw);
	return OK;
}

result guard_change_user(struct op *op, const struct reach *reach,
    struct user *changed)
{
	user_id user = { changed->row.id };
	struct credential c;
	struct user stored;
	uint32_t added;

	TRY(begin(op, reach));
	TRY(load_user(op, user, &stored));
	if (text_same(stored.state, T("left")))
		return refuse(CONFLICT);
	changed->state = stored.state;
	TRY(check_user(op, changed));
	added = roles_read(changed->roles) & ~roles_read(stored.roles);
	if ((roles_read(changed->roles) & 1u << ROLE_DIRECTOR) == 0 &&
	    last_director(op, user)) {
		op_problem(op, "roles", "guard.last_director");
		return refuse(CONFLICT);
	}
	if ((added & TWO_PERSONS) != 0 && another_approver(op, user)) {
		TRY(credential_get(op, user, &c));
		c.asked_by = op->user;
		TRY(credential_put(op, &c));
		changed->state = T("locked");
	}
	return save_user(op, changed, changed->state);
}

result guard_leave(struct op *op, const struct reach *reach, user_id user)
{
	struct credential c;
	struct user u;

	TRY(begin(op, reach));
	TRY(load_user(op, user, &u));
	if (text_same(u.state, T("left")) || last_director(op, user))
		return refuse(CONFLICT);
	TRY(credential_get(op, user, &c));
	empty_credential(&c);
	TRY(credential_put(op, &c));
	TRY(invitation_use(op, user));
	TRY(sessions_end(op, user, true, (id){ 0 }));
	TRY(user_grants_end(op, user));
	return save_user(op, &u, T("left"));
}
