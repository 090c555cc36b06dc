/*
 * audit: the tree of leaves (formats.md; RFC 9162).  Every effect has
 * its leaf in the same transaction; reads of sealed records have theirs
 * within a second, in groups.
 *
 * Words.  A *leaf* is 128 bytes: what happened, when, pseudonyms of actor,
 * session and object, hashes of the rows touched and of the details.  The
 * *head* is size and root of the tree; it only grows.
 */
#ifndef ALAS_AUDIT_H
#define ALAS_AUDIT_H

#include "op.h"
#include "events.h"		/* enum event, made from data/events.csv */

enum { LEAF_BYTES = 128, OUTCOME_DONE = 0, OUTCOME_REFUSED = 1,
	OUTCOME_FAULT = 2, TOUCHED_BYTES = 2 + 16 + 8 + 32 };

struct leaf_facts {
	enum event event;
	uint8_t outcome;
	const char *object_kind;	/* entity name; NULL: none */
	id object;
	text reason;			/* told with it; facts seals it as
					 * of `detail_class` */
	text detail;			/* packed and padded, or empty */
	const struct owner *detail_owner;	/* who seals it */
	enum record_class detail_class;
};

struct audit_head { uint64_t n; uint8_t root[32]; };

MUST_USE result audit_open(struct office *office, struct audit **ret);
void audit_close(struct audit **a);
/* After unsealing: read all leaf hashes, build the tree's edge, compare
 * with the last head that this folder acknowledged.  CORRUPT: smaller or
 * other tree; `ret_said` (arena text) names both sizes, audit_foreign what
 * is known. */
MUST_USE result audit_load(struct op *op, text *ret_said);

/*
 * The head only grows.  A *foreign* database is one that does not begin
 * with the tree that this office acknowledged: an older copy, or another
 * history.  It is looked for at unsealing, with every new connection, by
 * following and at every checkpoint.
 */
struct audit_foreign {
	bool there;
	struct audit_head ours, theirs;
	bool other;			/* as many leaves or more, but others */
	uint64_t from, to;		/* … of which the first other one is */
	instant last;			/* of the last leaf that is there */
};
const struct audit_foreign *audit_foreign(const struct audit *a);
/* A person decided that this database, of n leaves, is to go on with: the
 * next audit_load takes it, and no other. */
void audit_accept(struct audit *a, uint64_t n);
/* … and what was given up for it, if it was needed. */
const struct audit_foreign *audit_given_up(const struct audit *a);

/*
 * Other offices on the same database: the leaves that they wrote since.
 * The first of the rows that were read is our last leaf.  CORRUPT: it is
 * not, the database is foreign.  SEALED_RECORD: a leaf does not open, for
 * keys were changed elsewhere.  The tree moves on with audit_followed, when
 * what was read has been taken up.
 */
enum { FOLLOW_ROWS_MAX = 4096 };
struct followed_row { uint16_t table; id row; };
struct followed {
	uint64_t leaves;
	bool sealed;			/* one says that the office was sealed */
	bool keys;			/* … that a key was renewed or deleted */
	bool many;			/* rows were left out: take all anew */
	struct followed_row *row;	/* arena; each once */
	size_t n;
	struct tree_now *now;		/* audit's own */
};
MUST_USE result audit_follow(struct op *op, struct followed *ret);
void audit_followed(struct op *op, const struct followed *f);
/* The head as op's transaction sees it, without moving on. */
MUST_USE result audit_head_seen(struct op *op, struct audit_head *ret);
/* A new connection: is it the same database?  CORRUPT: it is foreign. */
MUST_USE result audit_look(struct op *op);

/*
 * Append the leaf of what op touched.  BUSY: it looked at more than the
 * queue of read leaves holds.  Takes the lock on the head: call it
 * last before the commit.  `seq` goes to all touched rows.
 */
MUST_USE result audit_append(struct op *op, const struct leaf_facts *f,
    uint64_t *ret_seq);
/* op's transaction committed: the tree's edge in memory moves on. */
void audit_committed(struct op *op);
void audit_aborted(struct op *op);

/* A read of a sealed record: queued, one leaf per (user, object, 10 min).
 * A full queue sets op->unnoted, and the operation must not succeed. */
void audit_read(struct op *op, const char *kind, id object);
/* A list or search: its kind and count. */
void audit_listed(struct op *op, const char *kind, int64_t count);
/* An attempt that was refused. */
void audit_refused(struct op *op, enum event event, const char *kind,
    id object);
/* Write the queued read leaves: each second, and before an operation when
 * half the queue is taken. */
MUST_USE result audit_flush(struct op *op);
bool audit_waiting(const struct audit *a);
bool audit_pressed(const struct audit *a);
/* What is acknowledged into db/head, now: before sealing. */
MUST_USE result audit_acknowledge(struct audit *a);

struct audit_head audit_head(const struct audit *a);
/* Tree from the rows; the first bad seq, or -1. */
MUST_USE result audit_verify(struct op *op, int64_t *ret_first_bad);
/* Inclusion proof of leaf `seq` in the present tree. */
MUST_USE result audit_prove(struct op *op, uint64_t seq,
    uint8_t (*ret_path)[32], size_t *ret_n);
/* Consistency proof: the present tree's first `to` leaves begin with its
 * first `from`.  NOT_FOUND unless 0 < from ≤ to ≤ size. */
struct growth {
	struct audit_head from, to;
	uint8_t path[PROOF_MAX][32];
	size_t n;
};
MUST_USE result audit_grown(struct op *op, uint64_t from, uint64_t to,
    struct growth *ret);
/* Do the leaves that are there lead from one head to the other?  The proof
 * is made of them and checked against both roots.  `ret_there`: how many of
 * the wanted leaves are there at all. */
MUST_USE result audit_continues(struct op *op, const struct audit_head *from,
    const struct audit_head *to, bool *ret, uint64_t *ret_there);
/*
 * A signed checkpoint (C2SP note) of the present head, kept as a row.
 * CORRUPT: the leaves do not continue the last one (an older copy, another
 * history) or that is not ours; `ret_fork` names both sizes, and nothing is
 * signed.
 */
struct audit_fork { uint64_t signed_n, there_n; };
MUST_USE result audit_checkpoint(struct op *op, text *ret_note,
    struct audit_fork *ret_fork);
/* The same of a head that was seen. */
MUST_USE result audit_checkpoint_of(struct op *op,
    const struct audit_head *head, text *ret_note,
    struct audit_fork *ret_fork);
/* One is due: 256 leaves, or ten minutes since the last and any leaf. */
bool audit_checkpoint_due(const struct audit *a, instant now);
/* The last one kept; `ret_there` false: none yet. */
MUST_USE result audit_checkpoint_last(struct op *op, bool *ret_there,
    struct audit_head *ret);
/* A note as it was kept, printed or pasted.  INVALID: not one that this
 * office signed. */
MUST_USE result audit_checkpoint_read(struct op *op, text note,
    struct audit_head *ret);
/*
 * Every note that was kept: is it ours, of the size that its row says, and
 * its root that of as many leaves?  The size of the first that is not, or
 * -1.  One that is wrong in itself goes before those whose key only a lost
 * or changed hand-over would have led to.
 */
MUST_USE result audit_verify_notes(struct op *op, int64_t *ret_first_bad);
/*
 * PURPOSE_SIGN has a new epoch: the last checkpoint of the `old` one names
 * and is signed by both keys.  Whoever has an older note on paper follows
 * this chain to the present key, and so does audit_checkpoint_read.
 */
MUST_USE result audit_hand_over(struct op *op, uint32_t old);
/* The bytes that a leaf's head signs: origin, size, root. */
text checkpoint_text(struct arena *a, id vault, uint64_t n,
    const uint8_t root[32]);

/* One leaf opened for a page; pseudonyms are given back as they are. */
struct leaf {
	uint64_t seq;
	uint16_t event;
	uint8_t outcome;
	instant at;
	uint8_t actor[16], session[8], object[16];
	text detail;			/* sealed detail record, or empty */
	text touched;			/* from audit_get: as below */
};
/* `touched` is the packed list of rows, TOUCHED_BYTES each: table u16, row
 * id, version u64, digest 32.  A leaf that does not
 * open is passed over, or one flipped bit would close the whole office:
 * audit_verify names it. */
typedef result audit_visit(void *self, const struct leaf *leaf,
    text touched);
MUST_USE result audit_each(struct op *op, uint64_t from, audit_visit *each,
    void *self);

/*
 * Some leaves from *from on whose records may be sealed anew: `anew` gives
 * the record to write, or "".  Hashes and the tree stay as they are.
 */
typedef result audit_anew(void *self, const struct record_place *place,
    text record, text *ret);
MUST_USE result audit_reseal(struct op *op, int64_t *from, audit_anew *anew,
    void *self, bool *ret_last);

/* One leaf, opened, its detail in the arena.  NOT_FOUND. */
MUST_USE result audit_get(struct op *op, uint64_t seq, struct leaf *ret);

#endif
