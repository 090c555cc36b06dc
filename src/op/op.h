/*
 * op: one operation under way, and the office it happens in.
 *
 * Words.  An *operation* is one thing that somebody asks: it has inputs, a
 * clock, chance, memory, at most one transaction, problems and an answer.
 * The *office* is what lives as long as the process; its rooms are opaque
 * here and are used through their own headers.
 *
 * Invariants.  `now`, `today` and chance come from here, never from the
 * system inside a verb: the same input gives the same database.  What an
 * operation changed is in `touched`, and becomes one leaf at its commit.
 */
#ifndef ALAS_OP_H
#define ALAS_OP_H

#include "base.h"
#include "entity.h"
#include "files.h"
#include "node.h"
#include "seal.h"
#include "store.h"
#include "words.h"

struct audit;
struct guard;
struct desk;
struct law;
struct runner;
struct front_facts;
struct op_row;
struct settings;
struct store_copy;

struct op;

struct office {
	struct store *store;
	unsigned looked_at;		/* the connection (by its number) whose
					 * database is known to be ours */
	/* What other offices wrote, in op's transaction; set by ops. */
	result (*catch_up)(struct op *op);
	struct keyring *keyring;
	const struct codes *codes;
	const struct words *words;
	const struct law *law;
	struct audit *audit;
	struct guard *guard;
	struct desk *desk;
	struct runner *runner;
	const struct front_facts *front;	/* as our parent told; or NULL */
	struct settings *settings;
	struct store_copy *copy;	/* of a backup under way, or NULL */
	bool copying;			/* somebody waits for it */
	const struct chance *chance;
	struct vault vault;		/* header as it stands */
	struct vault_facts vault_facts;
	id vault_id;
	uint16_t flags;			/* VAULT_DEMONSTRATION, VAULT_TEST */
	bool public_pages;		/* what needs no account is offered */
	text folder;			/* data folder */
	const char *origin;		/* "https://host", NULL: any loopback */
	bool age_there;			/* the program, when we started */
	text swap_clear;		/* a swap that is not encrypted, then */
	bool may_be_test;		/* first start may make a test office */
	bool resealing;			/* a key was rotated: facts_reseal */
	bool confined;			/* walls and calls are up and tested */
	int walls_abi;			/* of Landlock, once confined */
	instant worked;			/* when somebody last asked */
	struct {			/* may it be believed? ops/clock.c */
		instant latest;		/* among the last leaves */
		uint64_t latest_seq, seen;
		/* How far it is from where the seconds since our start lead
		 * it, and was when the office was opened. */
		int64_t off_ms, vouched_ms;
	} clock;
	bool stop;
};

enum door { DOOR_PAGES, DOOR_API, DOOR_SHELL };

/* What came with a request under one name. */
struct input { text name; const text *values; size_t n; bool used; };

/* A file that came with a request; the input of that name has its name. */
struct upload { text field, name, bytes; };

/* A row that this operation wrote: part of its leaf. */
struct touched {
	const struct entity *entity;	/* NULL: a system table */
	uint16_t table;			/* entity number, or from 200 */
	id row;
	uint64_t v;
	uint8_t digest[32];
	const struct statement *seq;	/* sets `seq` on the row */
};

/* One field that an update changed: the detail of the leaf. */
struct change {
	const struct entity *entity;
	const struct field *field;
	id row;
	text old, new;
};

/* A key that this operation brought into the world. */
struct made_key { enum purpose kind; id key; uint32_t epoch; };

/* One job for the runner, or for the loop between requests: the operation
 * waits and is run again. */
struct errand {
	enum { ERRAND_NONE, ERRAND_ARGON2, ERRAND_CRACK, ERRAND_FILTER,
	    ERRAND_COPY } kind;		/* COPY: office->copy, step by step */
	bool done;			/* the answer below is there */
	text secret;			/* ARGON2, CRACK: what to hash, check */
	struct slot_kdf kdf;		/* ARGON2 */
	bool stranger;			/* ARGON2: from no known device */
	const text *context;		/* CRACK: words that make it weak */
	size_t context_n;
	const char *filter;		/* FILTER: kind of document */
	text document;			/* FILTER: bytes in */
	const file_ref *file;		/* FILTER: more of them; or NULL */
	result failed;			/* not OK: the runner said no */
	uint8_t hash[32];		/* ARGON2 */
	text weakness;			/* CRACK: "" when strong */
	text made;			/* FILTER: bytes out */
};

struct op {
	struct office *office;
	struct arena *arena;
	struct tx *tx;
	enum tx_kind tx_kind;
	instant now;
	day today;
	enum lang lang;
	enum door door;
	text request_id;
	text agent;			/* what a browser says it is; or "" */
	text device;			/* __Host-d, when the door has cookies */

	/* Who asks; none before sign-in. */
	user_id user;
	id session;			/* row id of the session or token */
	const uint8_t *session_token;	/* 32 bytes, for CSRF; or NULL */
	bool by_token;			/* an API token, not a session */
	instant stepped_up;

	struct input *inputs;
	size_t inputs_n;
	const struct upload *uploads;
	size_t uploads_n;
	text typed;			/* a form as it was sent: for drafts */
	id objects[4];			/* ids in the path, in its order */
	size_t objects_n;
	text own;			/* what in the path names no row */
	uint64_t version;		/* _v or If-Match; 0: none given */

	struct problems problems;
	struct node *answer;		/* root object, always there */
	text location;			/* where a page goes after success */
	const char *page;		/* another template than the row's */
	struct touched *touched;	/* TOUCHED_MAX, or more by room */
	size_t touched_n, touched_room;
	struct change *changes;		/* CHANGES_MAX */
	size_t changes_n;
	struct made_key *made;		/* TOUCHED_MAX; while its tx is open */
	size_t made_n;
	file_name *filed;		/* FILED_MAX; likewise */
	size_t filed_n;
	/* The last one appended; of several, the hashes of all. */
	struct { bool there; uint64_t seq; uint8_t hash[32];
	    uint8_t (*all)[32]; size_t n; } leaf;
	bool looks;			/* whether the database is ours */
	bool unnoted;			/* a look whose leaf found no room */
	result (*before_commit)(struct op *op);	/* the dispatcher's; or NULL */
	struct errand errand;
	int errands_done;		/* how often it was run again */
	void *kept;			/* the handler's own, over errands */
	const struct op_row *row;	/* what is being done */
	const void *once;		/* the dispatcher's */

	/* What the door must set: a new session cookie, a device… */
	text set_session;		/* 43 characters, or "-" to clear */
	text set_device;
	text retry_after;		/* seconds */
	text content_type;		/* with `body`: bytes instead of a page */
	text content_name;		/* file name of a download */
	text body;
	struct file_reading *reading;	/* or the bytes of a file */
	uint64_t reading_n;		/* how many */
};

/* ---- inputs ----------------------------------------------------------- */

/* The single value under a name; "" when absent.  Marks it as used. */
text op_input(struct op *op, const char *name);
bool op_given(const struct op *op, const char *name);
const struct input *op_inputs(struct op *op, const char *name);	/* NULL */
/*
 * Read the named fields of an entity from the inputs `prefix`name into a
 * row; a field without input stays as it is (in a form a boolean or list
 * that was shown and not ticked comes as an empty input).  Adds problems.
 */
MUST_USE result op_read_fields(struct op *op, const struct entity *e,
    const char *prefix, const int *fields, size_t n, void *row);
void op_problem(struct op *op, const char *name, const char *key);
/* INVALID when there is any problem. */
MUST_USE result op_problems(const struct op *op);

/* ---- transactions ----------------------------------------------------- */

/*
 * Opens op->tx unless one is open; BUG: a read one, and writing asked.  What
 * other offices committed before it is in memory then, whichever kind it is,
 * and while it writes none of them does: nothing is read, decided or sealed
 * by less than the transaction sees (ADR 17).  So what is taken from memory
 * before is not for use in it.
 * UNAVAILABLE: an open office has a new connection, and nobody has looked
 * yet whether it leads to the same database.  BUSY: another one writes.
 * SEALED, or as office_follow: it was sealed by what it learned.
 */
MUST_USE result op_begin(struct op *op, enum tx_kind kind);
void op_abort(struct op *op);
/* A new id from the office's chance. */
id op_new_id(struct op *op);
/* Remember a written row for the leaf.  TOO_LARGE past TOUCHED_MAX, or past
 * the room that was made. */
MUST_USE result op_touch(struct op *op, const struct touched *t);
/* Make room for many more at once; they become several leaves. */
MUST_USE result op_touch_room(struct op *op, size_t most);
/* Remember a changed field; the two-hundredth and later are left out. */
void op_change(struct op *op, const struct change *c);
/* Remember an epoch of a key, made in op->tx: it goes with the rows it seals
 * when they are rolled back.  TOO_LARGE past TOUCHED_MAX: it is gone at
 * once. */
MUST_USE result op_key_made(struct op *op, enum purpose kind, id key,
    uint32_t epoch);
/* The same of a file that was added; one that is too much is removed. */
MUST_USE result op_file_made(struct op *op, const file_ref *ref);
void op_made_kept(struct op *op);	/* committed, or not known */
void op_made_gone(struct op *op);	/* rolled back */
/* After a commit or an abort: nothing touched, nothing changed. */
void op_forget_effects(struct op *op);

#endif
