/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_GUARD_INSIDE_H
#define ALAS_GUARD_INSIDE_H

#include "guard.h"
#include "pack.h"
#include "sorted.h"

enum {
	SECOND_MS = 1000,
	MINUTE_MS = 60 * SECOND_MS,
	HOUR_MS = 60 * MINUTE_MS,

	USERS_MAX = 10000,
	GRANTS_MAX = 1 << 20,
	WALLS_MAX = 100000,
	PARTIES_MAX = 1 << 20,
	STRANGERS_MAX = 4096,
	USES_MAX = 100000,
	ONCE_MAX = 1 << 20,

	STEP_UP_MS = 5 * MINUTE_MS,
	IDLE_MS = 20 * MINUTE_MS,
	ABSOLUTE_MS = 10 * HOUR_MS,
	LATE_MS = 24 * HOUR_MS,
	SESSIONS_EACH = 5,
	TOKENS_EACH = 20,
	QUERIES_KEPT = 16,
	QUERY_BYTES_MAX = 4 * KIB,
	DEVICES_KEPT = 16,
	DEVICE_DAYS = 180,
	RECOVERY_CODES = 8,
	FREE_FAILURES = 5,
	WAIT_MS_MAX = 15 * MINUTE_MS,
	FAILURES_OFF = 100,
	TOTP_SECRET = 20,
	TOTP_STEP_S = 30,
	PASSPHRASE_CHARACTERS_MIN = 15,
	EMERGENCY_MS = 60 * MINUTE_MS,
	EMERGENCY_REASON_MIN = 20,
	EMERGENCIES_ALONE = 3,
	ONCE_MS = 24 * HOUR_MS,
	ONCE_KEY_MAX = 128,
	DRAFTS_EACH = 20,
	DRAFT_BYTES_EACH = MIB,
};
static const int64_t day_ms = (int64_t)24 * HOUR_MS;

/* ---- who opened how much lately (bulk.c) ------------------------------ */

enum { BULK_WINDOW_MS = 10 * MINUTE_MS, BULK_LIMIT = 300 };
struct opened_one { id object; int64_t at_ms; bool taken; };
struct opened { struct opened_one *slot; size_t room, n; };
/* Counts an object once in the window; TOO_MANY at the limit. */
MUST_USE result opened_count(struct opened *o, id object, int64_t now_ms,
    uint32_t limit);
void opened_free(struct opened *o);

/* ---- the directory (directory.c) -------------------------------------- */

struct member {
	struct user_facts facts;	/* texts point behind the struct */
	uint8_t pseudonym[16];
	bool pseudonym_known;
	struct opened opened;
	struct { bool known; int32_t day; uint32_t n; } uploads;
};

/* The keys of `struct sorted`: raw bytes, the row's id last. */
struct user_at { uint8_t id[16]; struct member *member; };
struct holding {
	uint8_t user[16], kind, object[16], row[16];
	uint8_t level;			/* levels it gives; LEAD_LEVELS */
	uint8_t classes;		/* bits 1u << IN_… */
	bool emergency;
	int64_t starts_ms, ends_ms;	/* INT64_MAX: open */
};
struct walled { uint8_t user[16], kind, object[16], row[16]; };
struct represented { uint8_t matter[16], person[16], row[16]; };
enum {
	LEAD_LEVELS = LEVEL_META | LEVEL_READ | LEVEL_WRITE | LEVEL_APPROVE,
	OBJECT_KEY = 16 + 1 + 16,	/* user, kind, object */
	OBJECT_ROW_KEY = OBJECT_KEY + 16,
};

/* Wrong names and passphrases of nobody, so that nobody is throttled as
 * somebody is. */
struct counter { uint32_t failures; int64_t not_before_ms; };
struct stranger { uint8_t name[16]; struct counter counter; };
/* When a session was last used, not yet written. */
struct use { uint8_t session[16]; int64_t last_ms, written_ms; bool token; };
/* Answers of once-keys, oldest first. */
struct due { id row; int64_t at_ms; };

struct guard {
	struct office *office;
	bool loaded;
	struct sorted users, holdings, emergencies, walls, represented;
	struct sorted strangers, uses;
	const struct user_facts **by_name;
	size_t by_name_n;
	uint32_t bulk_limit[ROLES];
	struct due *due;
	size_t due_first, due_n, due_room;
};

struct member *member_of(const struct guard *g, user_id user);
/* Active, and its last day is not past. */
bool member_live(const struct member *a, instant now);
struct area_levels member_levels(const struct member *m, enum area area);
uint32_t member_bulk_limit(const struct guard *g, const struct member *a);
/* What is in memory is whole, or is made so. */
MUST_USE result directory_ready(struct op *op);
/* Levels by lead or ordinary grant. */
struct held { uint8_t levels; bool leads; };
struct held holdings_of(const struct guard *g, user_id user,
    enum object_kind kind, id object, enum in_class class, instant now);
/* Emergency grants: live for this object, for any, taken since. */
bool emergency_live(const struct guard *g, user_id user,
    enum object_kind kind, id object, enum in_class class, instant now);
bool emergency_anywhere(const struct guard *g, user_id user, instant now);
int emergencies_since(const struct guard *g, user_id user, int64_t since_ms);
uint32_t roles_read(texts codes);

bool step_up_old(const struct op *op);

/* ---- transactions ----------------------------------------------------- */

/* A read transaction of one's own where none is open, so that a verb leaves
 * op->tx as it found it. */
struct reading { struct op *op; };
MUST_USE result reading_begin(struct op *op, struct reading *ret);
void reading_end(struct reading *r);
/* A verb's own write: commits without a leaf what nobody acted by (last
 * uses, drafts, queries).  It joins an open transaction in which something
 * was touched; one that is still empty is as good as its own. */
struct writing { struct op *op; bool own; };
MUST_USE result writing_begin(struct op *op, struct writing *ret);
MUST_USE result writing_commit(struct writing *w);
void writing_end(struct writing *w);	/* aborts what is not committed */
/* An act upon the own account: its leaf, and the commit. */
MUST_USE result act_commit(struct op *op, enum event event, int outcome,
    user_id user);

/* ---- rows of the system tables (rows.c) ------------------------------- */

/* Numbers in leaves; never used again for another table. */
enum { TABLE_CREDENTIAL = 200, TABLE_INVITATION, TABLE_SESSION, TABLE_TOKEN,
	TABLE_DRAFT, TABLE_ONCE };

struct system_table {
	const char *name;
	uint16_t number;
	enum purpose purpose;
	enum record_class class;
	const struct statement *get, *all, *insert, *update, *remove;
	const struct statement *seq;	/* NULL: too fleeting for leaves */
};
extern const struct system_table table_credential, table_invitation,
    table_session, table_token, table_draft, table_once;

/* v == 0: there is none.  Plain bytes are arena memory. */
struct system_row { id id; uint64_t v; text plain; };
MUST_USE result system_get(struct op *op, const struct system_table *t,
    id row, struct system_row *ret);
/* Insert when v is 0, else update what is still at v: CONFLICT.  v becomes
 * the new one. */
MUST_USE result system_put(struct op *op, const struct system_table *t,
    id row, uint64_t *v, const struct buf *plain);
/* Part of the leaf, where rows of this table are. */
MUST_USE result system_touch(struct op *op, const struct system_table *t,
    id row, uint64_t v, text record);
MUST_USE result system_remove(struct op *op, const struct system_table *t,
    id row);
/* Every row, opened; `each` may not ask the store. */
MUST_USE result system_each(struct op *op, const struct system_table *t,
    result (*each)(void *self, const struct system_row *row), void *self);

/* Fields of a packed record; a missing one is empty, zero, none. */
enum { TAGS = 64 };
struct fields { text at[TAGS]; };
MUST_USE result fields_read(text plain, struct fields *ret);
uint64_t field_u64(const struct fields *f, int tag);
uint32_t field_u32(const struct fields *f, int tag);
id field_row_id(const struct fields *f, int tag);
void field_bytes(const struct fields *f, int tag, void *out, size_t n);
void pack_u64(struct packer *p, int tag, uint64_t v);	/* 0 is left out */
void pack_u32(struct packer *p, int tag, uint32_t v);
void pack_text(struct packer *p, int tag, text t);

/* ---- sessions and tokens (session_rows.c) ------------------------------ */

enum session_flag { SESSION_ENROLLING = 1, SESSION_SHELL = 2,
	SESSION_WRITES = 4, SESSION_STEPS_UP = 8 };
struct query { uint32_t number; text words; };
struct session {
	id id;
	uint64_t v;
	bool by_token;
	user_id user;
	int64_t made_ms, last_ms, stepped_up_ms, ended_ms, ends_ms;
	uint32_t flags;
	struct counter counter;		/* of wrong step-ups */
	text device, name, operations;
	uint32_t queries_n;		/* ever kept: the newest number */
	struct query queries[QUERIES_KEPT];
};
const struct system_table *session_table(const struct session *s);
MUST_USE result session_get(struct op *op, bool by_token, id row,
    struct session *ret);	/* NOT_FOUND */
MUST_USE result session_put(struct op *op, struct session *s);
/* All of one user, or of everybody (NULL), in no order. */
MUST_USE result sessions_of(struct op *op, bool by_token,
    const user_id *user, struct session **ret, size_t *ret_n);
/* Ended, idle, too old, or from the future: the moment it died; 0: lives.*/
int64_t session_died(const struct guard *g, const struct session *s,
    instant now);
/* The last use, written or not. */
int64_t session_last_ms(const struct guard *g, const struct session *s);
void session_used(struct guard *g, const struct session *s, instant now);
/* A new session of an account, at most five: sets the cookie and op's
 * asker.  `like` (or NULL) is the session it takes the place of. */
MUST_USE result session_start(struct op *op, user_id user, uint32_t flags,
    text device, const struct session *like);
/* "Firefox en Windows", of what a browser says it is; "" unknown. */
text agent_words(struct op *op, text agent, enum lang lang);
MUST_USE result session_by_bearer(struct op *op, text bearer);
MUST_USE result session_end(struct op *op, struct session *s);
MUST_USE result tokens_end_everyone(struct op *op);
/* The drafts of one user, from under older epochs of their key. */
MUST_USE result drafts_move(struct op *op, user_id user);
MUST_USE result sessions_end(struct op *op, user_id user, bool tokens_too,
    id except);

/* ---- credentials (credential.c) --------------------------------------- */

struct device { uint8_t hash[32]; int64_t made_ms; struct counter counter; };
struct credential {
	user_id user;
	uint64_t v;			/* 0: there is no row */
	bool has_verifier;
	uint8_t verifier[32];
	uint32_t pepper;		/* epoch */
	struct slot_kdf kdf;
	bool has_factor, has_pending;
	uint8_t secret[TOTP_SECRET], pending[TOTP_SECRET];
	uint64_t last_step;
	struct counter counter;		/* of unknown devices */
	user_id asked_by;		/* waits for a second person */
	uint32_t recovery_pepper;
	uint32_t recovery_left;		/* bits of unused codes */
	uint8_t recovery[RECOVERY_CODES][32];
	struct device devices[DEVICES_KEPT];
	size_t devices_n;
};
MUST_USE result credential_get(struct op *op, user_id user,
    struct credential *ret);
MUST_USE result credential_put(struct op *op, struct credential *c);
/* How long to wait; 0: try.  A counter at FAILURES_OFF stays shut. */
int64_t counter_wait_ms(const struct counter *c, instant now);
bool counter_off(const struct counter *c);
void counter_fail(struct counter *c, instant now);
/* TOO_MANY with op->retry_after. */
MUST_USE result counter_check(struct op *op, const struct counter *c);
void device_hash(const uint8_t secret[32], uint8_t ret[32]);
struct device *device_of(struct op *op, struct credential *c, text cookie);
/* A code of the secret, not older than the last one used. */
bool totp_good(const uint8_t secret[TOTP_SECRET], text code, instant now,
    uint64_t last_step, uint64_t *ret_step);
/* How a new passphrase is hashed; the salt is new. */
struct slot_kdf user_kdf(struct op *op);
/* WAIT until the runner has answered. */
MUST_USE result argon2_of(struct op *op, text passphrase,
    const struct slot_kdf *kdf, uint8_t ret[32]);
/* A verifier for a new passphrase, with a new salt, into `c`.  WAIT. */
MUST_USE result verifier_new(struct op *op, text passphrase,
    struct credential *c);
/* Does this passphrase belong to `c`?  Costs the same if there is none. */
MUST_USE result verifier_good(struct op *op, text passphrase,
    const struct credential *c, bool *ret);
/* After a good passphrase: the same under the newest pepper. */
MUST_USE result verifier_renew(struct op *op, struct credential *c);
/* INVALID with a problem at `input`: too short, weak.  WAIT. */
MUST_USE result passphrase_strong(struct op *op, const char *input,
    text passphrase, const struct user_facts *user);
/* As names are kept and compared: trimmed, in small ASCII letters. */
text sign_in_name(struct op *op, text typed);
void random_bytes(struct op *op, void *p, size_t n);

/* Every live grant of the user ends, in op's transaction. */
MUST_USE result user_grants_end(struct op *op, user_id user);
MUST_USE result invitation_good(struct op *op, user_id user,
    const char secret[PHRASE_SECRET], bool *ret);
MUST_USE result invitation_use(struct op *op, user_id user);
/* A long text as several fields from `tag` on. */
void pack_parts(struct packer *p, int tag, text body);

/* The person or matter that a grant or wall is about; NONE: not one. */
void object_put(enum object_kind kind, id object, person_id *person,
    matter_id *matter);
enum object_kind object_get(person_id person, matter_id matter, id *ret);
/* NOT_FOUND: another object than the reach's, none at all, or walled. */
MUST_USE result object_covered(struct op *op, const struct reach *reach,
    enum object_kind kind, id object);
bool walled_off(const struct guard *g, user_id user, enum object_kind kind,
    id object);

/* Answers kept by the last run of this office, for their sweeping. */
MUST_USE result once_load(struct op *op);
MUST_USE result once_sweep(struct op *op);
/* The same kept answer without what it said. */
MUST_USE result once_without_body(text kept, struct buf *ret, bool *ret_had);
/* Drafts in which one of these words stands, in the form's address or in
 * what was typed. */
MUST_USE result drafts_drop_about(struct op *op, user_id user,
    const text *words, size_t n);
bool draft_about(struct op *op, const struct draft_facts *d,
    const text *words, size_t n);
bool once_waiting(const struct guard *g, instant now);

#endif
