/*
 * guard: who somebody is, and what he or she may do.
 *
 * Words.  A *user* signs in by passphrase and one-time code; a *session*
 * is one such sign-in; a *token* is a program's key, narrower than its
 * maker.  A *grant* opens one person or matter, with compartments, level
 * and an end; who *leads* holds a grant of level lead.  A *wall* hides one
 * matter or person from one user and beats everything.
 *
 * Invariants.  guard_reach is the only maker of a reach; permission is the
 * table in reach_table.h behind it, and nothing else.  A walled object
 * answers as a missing one.  Passphrases, codes and tokens are stored only
 * as keyed hashes; nobody sets another's.
 *
 * In memory guard keeps users, grants, walls and who is represented in
 * which matter: filled at unsealing, kept up by guard_committed.
 */
#ifndef ALAS_GUARD_H
#define ALAS_GUARD_H

#include "facts.h"
#include "op.h"

enum role { ROLE_DIRECTOR, ROLE_LAWYER, ROLE_SOCIAL_WORKER, ROLE_MENTOR,
	ROLE_TREASURER, ROLE_RECEPTION, ROLE_TECHNICIAN, ROLE_GUEST, ROLES };
/* Guests have no role: ROLE_GUEST is their column, never stored. */

#include "areas.h"	/* enum area: AREA_PEOPLE_FIND, …, AREA_NONE = 0 */

MUST_USE result guard_open(struct office *office, struct guard **ret);
void guard_close(struct guard **g);
/* After unsealing: users, grants, walls, represented persons. */
MUST_USE result guard_load(struct op *op);
void guard_forget(struct guard *g);	/* at sealing */
/* op committed: take up what it touched (users, grants, walls, parties). */
void guard_committed(struct op *op);

/* ---- permission ------------------------------------------------------- */

/*
 * May op->user do `need` in `area` with this object?  In the order of
 * security.md 6: SEALED, SIGN_IN, FORBIDDEN (role, before any object is
 * looked up), NOT_FOUND (wall; no star, not lead, no grant), STEP_UP,
 * TOO_MANY.  OBJECT_NONE: areas without objects and whole lists.
 * The reach lives in op's arena.
 */
MUST_USE result guard_reach(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object, const struct reach **ret);
/* The same answer without counting, step-up or leaf: to show a link or
 * not, to leave a block out. */
bool guard_may(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object);
/* Levels of op->user's roles in an area, near (led or granted) and far
 * (any object), for the one join of desk. */
struct area_levels { uint8_t near, far; };
struct area_levels guard_levels(const struct op *op, enum area area);
/* Is `object` walled for the user?  (persons: also through no matter;
 * matters: own wall, or a represented person who is walled) */
bool guard_hides(const struct guard *g, user_id user, enum object_kind kind,
    id object);
/* Does the user lead it, or hold a live grant with this class and level? */
bool guard_holds(const struct guard *g, user_id user, enum object_kind kind,
    id object, enum in_class class, enum level level, instant now);
bool guard_leads(const struct guard *g, user_id user, enum object_kind kind,
    id object, instant now);
/* For rebuilds and first start: everything, nobody's name on it. */
const struct reach *guard_whole_office(struct op *op);
/* Bulk limit of a role: persons and matters opened in 10 min. */
void guard_set_bulk_limit(struct guard *g, enum role role, uint32_t limit);
/* Is step-up missing for this area now? */
bool guard_needs_step_up(const struct op *op, enum area area);

/* ---- users ------------------------------------------------------------ */

struct user_facts {
	user_id id;
	text sign_in_name, name, state;
	uint32_t roles;			/* bits 1u << enum role */
	day ends_on;
	enum lang lang;
	bool discreet, officer, guardian;
};
/* Memory of guard, until the next commit; NULL: no such user. */
const struct user_facts *guard_user(const struct guard *g, user_id user);
const struct user_facts *guard_user_named(const struct guard *g, text name);
size_t guard_users(const struct guard *g,
    const struct user_facts *const **ret);	/* by sign-in name */
text guard_user_name(const struct guard *g, user_id user);	/* or "" */
/* The user behind a leaf's pseudonym; NULL. */
const struct user_facts *guard_user_of(struct op *op,
    const uint8_t pseudonym[16]);

/*
 * Invite: a user in state invited and a one-time phrase of nine groups,
 * valid 72 hours, shown once.  Refuses names in use, director with
 * technician, treasurer with director.  Making a director or technician
 * leaves the account `locked` until a second person approves it
 * (guard_approve), unless there is no active director yet.
 */
MUST_USE result guard_invite(struct op *op, const struct reach *reach,
    struct user *in, text *ret_phrase);
/* Renew: lost passphrase and factor; ends sessions, tokens, old factor. */
MUST_USE result guard_invite_again(struct op *op, const struct reach *reach,
    user_id user, text *ret_phrase);
MUST_USE result guard_approve(struct op *op, const struct reach *reach,
    user_id user);
MUST_USE result guard_change_user(struct op *op, const struct reach *reach,
    struct user *changed);
/* Account off: sessions, tokens and grants end before the answer. */
MUST_USE result guard_leave(struct op *op, const struct reach *reach,
    user_id user);

/* Accept an invitation, in two requests: (1) phrase and passphrase, whose
 * strength and hash are errands; (2) a code of the new factor. */
struct enrolment { text otpauth_uri; text secret_base32; };
MUST_USE result guard_accept(struct op *op, text sign_in_name, text phrase,
    text passphrase, struct enrolment *ret);
MUST_USE result guard_confirm_factor(struct op *op, text code,
    text ret_recovery_codes[8]);
MUST_USE result guard_change_passphrase(struct op *op, text old, text new);

/* ---- sessions --------------------------------------------------------- */

/*
 * Passphrase and code.  SIGN_IN for every way to be wrong, with the same
 * cost and bytes; TOO_MANY with op->retry_after.  Sets op->set_session.
 * The Argon2id run is an errand.
 */
MUST_USE result guard_sign_in(struct op *op, text name, text passphrase,
    text code, text device);
/* One tap: demonstration offices only. */
MUST_USE result guard_sign_in_demo(struct op *op, text name);
MUST_USE result guard_sign_out(struct op *op);
/* Passphrase and fresh code; in a demonstration one tap (both empty). */
MUST_USE result guard_step_up(struct op *op, text passphrase, text code);
/* Who is behind this cookie or token: sets op->user, session, lang.
 * SIGN_IN: none, idle 20 min, older than 10 h, ended. */
MUST_USE result guard_session(struct op *op, text cookie);
MUST_USE result guard_token(struct op *op, text bearer, const char *opname,
    enum level need);
/* The `_csrf` field for a page of this session, and its check. */
text guard_csrf(struct op *op);
bool guard_csrf_ok(struct op *op, text field);
/* A session that ended less than 24 h ago and whose CSRF field verifies:
 * whose text a late form post is. */
MUST_USE result guard_session_late(struct op *op, text cookie, text csrf,
    user_id *ret);

struct session_facts {
	id id; instant made, last_use; text device; bool current, by_token;
	text name; instant ends;
};
MUST_USE result guard_sessions(struct op *op, struct session_facts **ret,
    size_t *ret_n);
MUST_USE result guard_end_session(struct op *op, id session);
/* "Me robaron el equipo": all sessions and tokens of op->user. */
MUST_USE result guard_end_all(struct op *op);
MUST_USE result guard_make_token(struct op *op, text name,
    const text *operations, size_t n, bool may_write, bool may_step_up,
    int days, text *ret_secret);
/* Last uses, at most once a minute; with the read leaves. */
MUST_USE result guard_flush(struct op *op);

/* A search kept in the session and referred to by number (`?q=3`). */
MUST_USE result guard_keep_query(struct op *op, text query, int *ret_number);
MUST_USE result guard_query(struct op *op, int number, text *ret_query);

/* ---- once, drafts ----------------------------------------------------- */

/*
 * One effect per key: looks the key up for this actor.  There: `ret_known`
 * and the answer kept; KEY_REUSED when the request's digest differs.
 */
struct once_answer { bool known; int status; text location, body, type; };
MUST_USE result guard_once_find(struct op *op, text key,
    const uint8_t digest[32], struct once_answer *ret);
/* In the same transaction as the effect. */
MUST_USE result guard_once_keep(struct op *op, text key,
    const uint8_t digest[32], const struct once_answer *a);

/* Sealed drafts: 20 a user, 1 MiB, 7 days. */
struct draft_facts { id id; text form; instant at; text body; };
MUST_USE result guard_draft_keep(struct op *op, user_id user, text form,
    text body, id *ret);
MUST_USE result guard_draft_get(struct op *op, text form, text *ret_body);
MUST_USE result guard_draft_drop(struct op *op, text form);
MUST_USE result guard_drafts(struct op *op, struct draft_facts **ret,
    size_t *ret_n);

/* ---- grants and walls ------------------------------------------------- */

/* The maker of a person or matter becomes its lead, in the same
 * transaction. */
MUST_USE result guard_make_lead(struct op *op, enum object_kind kind,
    id object);
MUST_USE result guard_grant(struct op *op, const struct reach *reach,
    struct grant *in);
MUST_USE result guard_end_grant(struct op *op, const struct reach *reach,
    id grant);
MUST_USE result guard_wall(struct op *op, const struct reach *reach,
    struct wall *in);
/* Needs two: the first asks, another one confirms. */
MUST_USE result guard_end_wall(struct op *op, const struct reach *reach,
    id wall);
/* Emergency reading, 60 minutes: reason of 20 characters or more. */
MUST_USE result guard_break_glass(struct op *op, enum object_kind kind,
    id object, text reason);

struct access_row { const struct grant *grant; const struct wall *wall; };
/* Grants and walls on an object, for its access page (arena). */
MUST_USE result guard_access(struct op *op, const struct reach *reach,
    struct access_row **ret, size_t *ret_n);

extern const struct statement *const guard_statements[];

#endif
