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
 * which matter: filled at unsealing, kept up by guard_committed.  A grant
 * is live only while its user's account is.
 *
 * Who commits.  Verbs upon users, grants and walls, and guard_make_lead,
 * write in op's transaction and leave the commit to the caller.  Verbs of
 * one's own account (sign in and out, step up, accept, factor, passphrase,
 * sessions, tokens) commit themselves with the leaf that fits, also when
 * they refuse and a try must be counted.  Queries, drafts and last uses
 * commit without a leaf; called where something was touched they join that
 * transaction.
 */
#ifndef ALAS_GUARD_H
#define ALAS_GUARD_H

#include "facts.h"
#include "op.h"

enum role { ROLE_DIRECTOR, ROLE_LAWYER, ROLE_SOCIAL_WORKER, ROLE_MENTOR,
	ROLE_TREASURER, ROLE_RECEPTION, ROLE_TECHNICIAN, ROLE_GUEST, ROLES };
/* Guests have no role: ROLE_GUEST is their column, never stored. */
enum { ROLES_ALL = (1u << ROLE_GUEST) - 1 };

#include "areas.h"	/* enum area: AREA_PEOPLE_FIND, …, AREA_NONE = 0 */

/* ---- the table, without anybody in it --------------------------------- */

enum step_up { STEP_UP_NEVER, STEP_UP_OVER, STEP_UP_ALWAYS };
struct area_facts {
	const char *name;		/* "people.find" */
	enum in_class compartment;	/* IN_CLEAR: none */
	enum in_class by_grant;		/* class a grant must name; IN_CLEAR:
					   none will do, only the lead */
	class_mask opens;		/* classes beside the compartment */
	enum step_up step_up;		/* OVER: above an amount */
	bool second;			/* another person must act */
};
/* Sets of enum level: near (led or granted), far (any object), granted:
 * near, with what a live grant adds to it. */
struct area_levels { uint8_t near, far, granted; };
const struct area_facts *area_facts(enum area area);
enum area area_named(text name);	/* AREA_NONE: there is none */
/* The union over a set of roles; no role: the guest's column. */
struct area_levels area_levels(enum area area, uint32_t roles);

/* ---- life ------------------------------------------------------------- */

MUST_USE result guard_open(struct office *office, struct guard **ret);
void guard_close(struct guard **g);
/* After unsealing: users, grants, walls, represented persons.  `also`, or
 * NULL, is shown each row of theirs, so that it is opened once. */
struct guard_audience {
	void *self;
	result (*row)(void *self, const struct entity *e, const void *row);
};
MUST_USE result guard_load(struct op *op, const struct guard_audience *also);
bool guard_loads(const struct entity *e);	/* is it one of them? */
void guard_forget(struct guard *g);	/* at sealing */
/* op committed: take up what it touched (users, grants, walls, parties). */
void guard_committed(struct op *op);
/* The same for one row that another node wrote. */
MUST_USE result guard_refresh(struct op *op, const struct entity *e, id row);

/* ---- permission ------------------------------------------------------- */

/*
 * May op->user do `need` in `area` with this object?  In the order of
 * In this order: SEALED, SIGN_IN, FORBIDDEN (role, before any object is
 * looked up), NOT_FOUND (wall; no star, not lead, no grant), STEP_UP,
 * TOO_MANY.  OBJECT_NONE: areas without objects and whole lists.
 * The reach lives in op's arena.
 * The one area that is everybody's asks for no session and no open office:
 * its reach reads, and opens no class and no object.
 */
bool guard_is_public(enum area area);
MUST_USE result guard_reach(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object, const struct reach **ret);
/*
 * The same reach, with the classes of another area open too where the asker
 * may: for rows that lie in the compartments of two.
 */
MUST_USE result guard_reach_also(struct op *op, const struct reach *reach,
    enum area area, enum level need, const struct reach **ret);
/*
 * The maker's reach to a person or matter that op has just inserted, for
 * the rows under it in the same transaction.  BUG: it was there before.
 */
MUST_USE result guard_reach_made(struct op *op, enum object_kind kind,
    id object, const struct reach **ret);
/* The same answer without counting, step-up or leaf: to show a link or
 * not, to leave a block out. */
bool guard_may(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object);
/* Is there any object at all with which this may be answered otherwise than
 * FORBIDDEN?  To be asked before a code in a path is looked up. */
bool guard_may_at_all(struct op *op, enum area area, enum level need,
    enum object_kind kind);
/* Levels of op->user's roles in an area, near (led or granted) and far
 * (any object), for the one join of desk. */
struct area_levels guard_levels(const struct op *op, enum area area);
/* Is `object` walled for the user?  (persons: also through no matter;
 * matters: own wall, or a represented person who is walled) */
bool guard_hides(const struct guard *g, user_id user, enum object_kind kind,
    id object);
/* May anything hide from the user at all?  Nearly never; and when it is not
 * known, it may. */
bool guard_walled(const struct guard *g, user_id user);
/* Does the user lead it, or hold a live grant with this class and level? */
bool guard_holds(const struct guard *g, user_id user, enum object_kind kind,
    id object, enum in_class class, enum level level, instant now);
bool guard_leads(const struct guard *g, user_id user, enum object_kind kind,
    id object, instant now);
/* For rebuilds and first start: everything, nobody's name on it. */
const struct reach *guard_whole_office(struct op *op);
/* Bulk limit of a role: persons and matters opened in 10 min. */
void guard_set_bulk_limit(struct guard *g, enum role role, uint32_t limit);
/*
 * Count `n` files that the asker brings: UPLOADS_PER_DAY of a user and day
 * of Lima.  What was brought before this process began is counted once, out
 * of the leaves of the day.  TOO_MANY: none of them is counted.
 */
enum { UPLOADS_PER_DAY = 200 };
MUST_USE result guard_count_uploads(struct op *op, uint32_t n);
/* An account without a role: only what a grant names. */
bool guard_is_guest(const struct op *op);
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
 * valid 72 hours, shown once.  INVALID with problems: a name in use,
 * director with technician, treasurer with director.  Making a director or
 * technician leaves the account `locked` until a second person approves it
 * (guard_approve), unless nobody else could.
 */
MUST_USE result guard_invite(struct op *op, const struct reach *reach,
    struct user *in, text *ret_phrase);
/* Renew: lost passphrase and factor; ends sessions, tokens, old factor.
 * That of a director or technician waits for a second person as well, and so
 * does anybody's that is asked for by who may not give access to all.
 * CONFLICT: the account is closed. */
MUST_USE result guard_invite_again(struct op *op, const struct reach *reach,
    user_id user, text *ret_phrase);
/* FORBIDDEN: who asked, and whom it is about.  CONFLICT: nothing waits. */
MUST_USE result guard_approve(struct op *op, const struct reach *reach,
    user_id user);
MUST_USE result guard_waits_for_second(struct op *op, user_id user,
    bool *ret);
/* The state is guard's: what `changed` says of it is not taken.  CONFLICT:
 * closed, or the last director would be none. */
MUST_USE result guard_change_user(struct op *op, const struct reach *reach,
    struct user *changed);
/* Account off for good: sessions, tokens and grants end before the answer.
 * CONFLICT: closed already, or the last director. */
MUST_USE result guard_leave(struct op *op, const struct reach *reach,
    user_id user);

/*
 * Accept an invitation, in two requests: (1) phrase and passphrase, whose
 * strength and hash are errands; (2) a code of the new factor.  Between the
 * two there is an enrolment's session: guard_session answers SIGN_IN for
 * it, but its forms have their `_csrf`, and guard_enrolment shows the
 * secret again.  Signing in by a recovery code leads there as well: then
 * guard_sign_in is OK and op->user is nobody.
 */
struct enrolment { text otpauth_uri; text secret_base32; };
MUST_USE result guard_accept(struct op *op, text sign_in_name, text phrase,
    text passphrase, struct enrolment *ret);
MUST_USE result guard_enrolment(struct op *op, struct enrolment *ret);
/* Another factor for the asker (STEP_UP): the old one serves until the new
 * one is confirmed. */
MUST_USE result guard_new_factor(struct op *op);
/* INVALID with a problem: not a code of the new factor.  Afterwards the
 * asker is signed in, or nobody if a second person must still approve; other
 * sessions have ended, and no device is known. */
MUST_USE result guard_confirm_factor(struct op *op, text code,
    text ret_recovery_codes[8]);
/* INVALID with problems at `old`, `new`.  Other sessions end. */
MUST_USE result guard_change_passphrase(struct op *op, text old, text new);

/* What the asker's own way in stands on. */
struct own_facts { bool has_factor; int recovery_left; };
MUST_USE result guard_own(struct op *op, struct own_facts *ret);
/* Of one's own account: no more than how the pages look. */
struct own_settings { enum lang lang; bool discreet; };
MUST_USE result guard_set_own(struct op *op, const struct own_settings *s);

/* ---- sessions --------------------------------------------------------- */

/*
 * Passphrase and code, or a recovery code in its place.  SIGN_IN for every
 * way to be wrong, with the same cost and bytes; TOO_MANY with
 * op->retry_after.  Sets op->set_session, op->set_device.  The Argon2id run
 * is an errand.  From another door than pages it makes a session that is
 * shown as a bearer (43 characters, without "alas_") and not as a cookie.
 */
MUST_USE result guard_sign_in(struct op *op, text name, text passphrase,
    text code, text device);
/* One tap: demonstration offices only. */
MUST_USE result guard_sign_in_demo(struct op *op, text name);
MUST_USE result guard_sign_out(struct op *op);
/* Passphrase and fresh code; in a demonstration one tap (both empty).
 * STEP_UP: wrong.  FORBIDDEN: a token that may not.  A cookie's session
 * gets a new token: op->set_session. */
MUST_USE result guard_step_up(struct op *op, text passphrase, text code);
/* Who is behind this cookie or token: sets op->user, session, lang.
 * SIGN_IN: none, idle 20 min, older than 10 h, ended. */
MUST_USE result guard_session(struct op *op, text cookie);
/* A bearer: SIGN_IN, FORBIDDEN (not its operation, or it only reads). */
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
/* Living ones of one user, and keys for programs. */
MUST_USE result guard_sessions(struct op *op, user_id user,
    struct session_facts **ret, size_t *ret_n);
MUST_USE result guard_end_session(struct op *op, id session);
/* "Me robaron el equipo": every session and token of the user ends, and no
 * device is known any more.  The caller has asked whether the asker may, for
 * another one.  NOT_FOUND: no such user. */
MUST_USE result guard_end_all(struct op *op, user_id user);
/*
 * Rotation (ADR 15).  A pass over the tables of this room, as facts_reseal.
 * With a new epoch of PURPOSE_SESSION, in its transaction: every session and
 * token ends.  With one of PURPOSE_DRAFT: every draft moves.
 */
struct reseal;
size_t guard_reseal_steps(void);
MUST_USE result guard_reseal(struct op *op, struct reseal *at,
    bool *ret_end);
MUST_USE result guard_end_everything(struct op *op);
MUST_USE result guard_move_drafts(struct op *op);
/* How many verifiers or recovery codes name an older pepper, or do not open
 * and may name it: each is renewed when its owner signs in.  And, after that was waited for: they are no
 * longer good, some of them in op's transaction. */
MUST_USE result guard_older_peppers(struct op *op, size_t *ret_n);
MUST_USE result guard_drop_older_peppers(struct op *op, bool *ret_more);
/* Sealing ends every session: in the caller's transaction, before the keys
 * are forgotten.  Tokens live on. */
MUST_USE result guard_end_everyone(struct op *op);
/* STEP_UP, FORBIDDEN (by a token), INVALID with problems at `name`,
 * `operations`, `days` (1 to 90), TOO_MANY (twenty live).  Operations are
 * names of rows. */
MUST_USE result guard_make_token(struct op *op, text name,
    const text *operations, size_t n, bool may_write, bool may_step_up,
    int days, text *ret_secret);
/* Last uses, at most once a minute, and answers older than a day; has
 * nothing to do unless guard_waiting. */
MUST_USE result guard_flush(struct op *op);
bool guard_waiting(const struct guard *g, instant now);

/* A search kept in the session, the last sixteen, and referred to by number
 * (`?q=3`). */
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
/* In the same transaction as the effect.  CONFLICT: another office on this
 * database has just kept one. */
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

/*
 * Somebody was shredded: the bodies of kept answers and the words of
 * searches go, of everybody, and every draft with one of `words` (codes,
 * names) in it.  In op's transaction; without a leaf of its own.
 */
MUST_USE result guard_forget_typed(struct op *op, const text *words,
    size_t n);

/* ---- grants and walls ------------------------------------------------- */

/* The maker of a person or matter becomes its lead, in the same
 * transaction. */
MUST_USE result guard_make_lead(struct op *op, enum object_kind kind,
    id object);
/*
 * The kind follows from the end; a guest (no role) needs one and cannot
 * lead.  `reach` is for this object.  INVALID with problems; NOT_FOUND: no
 * such object, or another's; CONFLICT: the user is walled from it, or the
 * grant has ended.
 */
MUST_USE result guard_grant(struct op *op, const struct reach *reach,
    struct grant *in);
MUST_USE result guard_end_grant(struct op *op, const struct reach *reach,
    id grant);
/*
 * A lead passes to another: the grant ends, and `to` leads from now on.  The
 * caller has asked whether the asker may, and whether `to` may lead.
 */
MUST_USE result guard_pass_lead(struct op *op, id grant, user_id to);
/* CONFLICT: there is one. */
MUST_USE result guard_wall(struct op *op, const struct reach *reach,
    struct wall *in);
/* Needs two: the first asks, another one confirms (FORBIDDEN: the same one
 * again).  Who is kept out by it finds no wall. */
MUST_USE result guard_end_wall(struct op *op, const struct reach *reach,
    id wall);
/* Emergency reading, 60 minutes: reason of 20 characters or more (INVALID).
 * Asks for its own reach.  FORBIDDEN: by a token, or the fourth within 30
 * days: then another person gives a grant. */
MUST_USE result guard_break_glass(struct op *op, enum object_kind kind,
    id object, text reason);

struct access_row { const struct grant *grant; const struct wall *wall; };
/* Grants and walls on an object, for its access page (arena). */
MUST_USE result guard_access(struct op *op, const struct reach *reach,
    struct access_row **ret, size_t *ret_n);

extern const struct statement *const guard_statements[];

#endif
