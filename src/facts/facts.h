/*
 * facts: rows of entities, loaded and saved by id: each class sealed as one
 * record under its owner's key, versions checked, old records kept in the
 * history, every write part of the operation's leaf.
 *
 * Words.  A *reach* is the permission to touch one object (a person or a
 * matter with all under it), or the office's own rows: made by guard and
 * by nobody else.  Its mask names the classes that are opened; the others
 * stay closed and empty.
 *
 * Invariants.  A row outside the reach's object, or that hangs on a matter
 * or person walled for the asker, is NOT_FOUND.  A class is re-sealed only
 * when one of its fields changed.  Nobody overwrites silently.
 */
#ifndef ALAS_FACTS_H
#define ALAS_FACTS_H

#include "audit.h"
#include "op.h"

enum object_kind { OBJECT_NONE, OBJECT_PERSON, OBJECT_MATTER };
enum level { LEVEL_META = 1, LEVEL_READ = 2, LEVEL_WRITE = 4,
	LEVEL_APPROVE = 8 };

struct reach {
	user_id user;
	enum object_kind kind;
	id object;			/* person or matter */
	bool office_wide;		/* every object: rebuilds, office rows */
	uint8_t levels;			/* set of enum level */
	class_mask mask;		/* classes that may be opened */
	bool flagged;			/* emergency access */
	/* Walls of the asker: does this matter or person hide? */
	bool (*hides)(const struct guard *g, user_id user,
	    enum object_kind kind, id object);
	const struct guard *guard;
};

/* NOT_FOUND, SEALED_RECORD (the row is given as far as it opens). */
MUST_USE result facts_get(struct op *op, const struct reach *reach,
    const struct entity *e, id row, void *ret);
/* Rows under a parent, in no particular order; `ret` is an array of
 * pointers.  Rows that the asker may not see are left out. */
MUST_USE result facts_children(struct op *op, const struct reach *reach,
    const struct entity *e, int parent_field, id parent, void ***ret,
    size_t *ret_n);
/* As it stood when the row's version was `v`. */
MUST_USE result facts_get_at(struct op *op, const struct reach *reach,
    const struct entity *e, id row, uint64_t v, void *ret);
/* A row's id by its short code, without looking at permission: NOT_FOUND. */
MUST_USE result facts_find(struct op *op, const struct entity *e,
    text code, id *ret);

/*
 * Insert: `row->id` is drawn when none; a person or matter gets its key.
 * Update: `v` must be the version read.  CONFLICT: somebody was faster.
 */
MUST_USE result facts_insert(struct op *op, const struct reach *reach,
    const struct entity *e, void *row);
MUST_USE result facts_update(struct op *op, const struct reach *reach,
    const struct entity *e, void *row);

/* The matter or person a row belongs to, by clear columns alone. */
MUST_USE result facts_home(struct op *op, const struct entity *e,
    const void *row, enum object_kind *ret_kind, id *ret_object);

/* The same for a row that is only known by its id; NOT_FOUND. */
MUST_USE result facts_home_of(struct op *op, const struct entity *e, id row,
    enum object_kind *ret_kind, id *ret_object);

/*
 * Close the operation: what the dispatcher keeps (op->before_commit), leaf,
 * seq, commit.  Build the answer first: it is kept with it.  Without a detail of its own the
 * leaf gets the changes of the operation: which fields, old and new, of
 * the class that most may see; of other classes only that they changed.
 * On failure everything is rolled back.
 */
MUST_USE result facts_commit(struct op *op, const struct leaf_facts *f);
/* Reads without effect end here; a queued read leaf is not lost. */
void facts_end(struct op *op);

/* A leaf's detail opened again; NOT_FOUND when the key is gone. */
struct told { text reason; texts fields, old, new; };
MUST_USE result facts_told(struct op *op, const struct leaf *leaf,
    class_mask mask, struct told *ret);
/* Did it touch a row that a wall hides from the asker?  What was done to
 * it is then as if it had not been done. */
bool facts_leaf_hidden(struct op *op, const struct reach *reach,
    const struct leaf *leaf);

/* Each row against its newest digest in the leaves: what is wrong with
 * the first that differs, in words; "" when all agree. */
MUST_USE result facts_verify(struct op *op, text *ret_said);

/* Every record of every entity is opened once; how many rows that were,
 * those without a record left aside.  SEALED_RECORD: one does not open. */
MUST_USE result facts_open_all(struct op *op, const struct reach *reach,
    int64_t *ret_rows);

/*
 * Shredding (docs/adr/0016).  `what` are persons and matters; a row is
 * theirs when its home is one of them.  facts_shred_rows lists every row
 * that hangs on them, theirs (`goes`) and those of others that only point
 * there.  facts_shred, in op's transaction: their rows are emptied and
 * answer as missing from then on, with history and index; the words of
 * grants and walls about them go; their keys go; tombstones are put.  Rows
 * of others that name them stay and load.  TOO_LARGE: more than
 * SHRED_ROWS_MAX rows.  After the commit, facts_shredded drops their keys
 * from memory.
 */
enum { SHRED_ROWS_MAX = 32768 };
struct shred { id *persons, *matters; size_t persons_n, matters_n; };
struct shred_row { const struct entity *entity; id id;
	enum object_kind kind; id home; bool goes; };
MUST_USE result facts_shred_rows(struct op *op, const struct shred *what,
    struct shred_row **ret, size_t *ret_n);
MUST_USE result facts_shred(struct op *op, const struct shred *what,
    const struct shred_row *rows, size_t n);
void facts_shredded(struct op *op, const struct shred *what);
/* Is there a tombstone of this person or matter? */
MUST_USE result facts_buried(struct op *op, id object, bool *ret);
/* What the tombstones name and is there none the less: a data part older
 * than its keys part was restored. */
MUST_USE result facts_unburied(struct op *op, struct shred *ret);

/* For rebuilds: every row of an entity, opened by `mask`, one at a time. */
MUST_USE result facts_each(struct op *op, const struct reach *reach,
    const struct entity *e,
    result (*each)(void *self, const void *row), void *self);

/*
 * Sealed files (files.h) that a row names: one for each of its fields of
 * that kind.  They live as long as the row's record does.  Who empties the
 * record (shredding) first commits that, and then unlinks what it named: so
 * take the row before, and call facts_unlink_files after.  What a kill
 * leaves in between is an orphan, which facts_sweep_files removes.
 */
enum { FILES_OF_ROW_MAX = 4 };
size_t facts_files(const struct entity *e, const void *row,
    const file_ref *ret[FILES_OF_ROW_MAX]);
MUST_USE result facts_unlink_files(struct op *op, const struct entity *e,
    const void *row);
/* Of all rows.  SEALED_RECORD: a row does not open, so it is unknown what
 * it names. */
MUST_USE result facts_each_file(struct op *op, const struct reach *reach,
    void *self, result (*each)(void *self, const file_ref *ref));
/* Remove what no row names, and what was never finished; only the latter
 * while a row does not open, which is then told by its SEALED_RECORD. */
MUST_USE result facts_sweep_files(struct op *op, const struct reach *reach);

/* Seal a packed plain for a place under an owner of the keyring: for the
 * system tables of guard and audit. */
MUST_USE result facts_seal_office(struct op *op, enum purpose purpose,
    enum record_class class, const char *table, id row, uint64_t v,
    text plain, text *ret_record);
MUST_USE result facts_open_office(struct op *op, enum purpose purpose,
    enum record_class class, const char *table, id row, uint64_t v,
    text record, text *ret_plain);

/* Keys: all wrapped rows into the keyring, at unsealing. */
MUST_USE result facts_load_keys(struct op *op, const key32 *root);
/*
 * Two offices on one database.  All wrapped rows once more, under the root
 * that is held, without those of shredded persons; SEALED_RECORD: another
 * root wraps them now.
 */
MUST_USE result facts_load_keys_again(struct op *op);
/* What another office wrote (audit_follow): the keys of persons and matters
 * among its rows are taken, or dropped when they are gone, and op->touched
 * says which rows guard and desk have to take up. */
MUST_USE result facts_followed(struct op *op, const struct followed *f);
/* Make the ten purpose keys of a new office. */
MUST_USE result facts_make_keys(struct op *op, const key32 *root);

/*
 * Rotation (rotate.c, ADR 15).  A new epoch of a purpose key (`key` is
 * purpose_id(kind)), or of a person's or matter's, in op's transaction; the
 * caller commits with its leaf, and the epoch goes if that fails.  From then
 * on everything new is sealed by it, and everything that names an older one
 * still opens: the office seals it anew in slices while it works, a kill
 * resumes at the next unsealing, and an epoch that nothing names is deleted
 * (at once for `person` and `case`, for others when no backup needs it).
 * It may be called while another rotation is under way.  After shredding,
 * in the same transaction or in one that night:
 *
 *	TRY(facts_new_epoch(op, PURPOSE_PERSON, purpose_id(PURPOSE_PERSON)));
 *
 * PURPOSE_SIGN signs the hand-over.  NOT_FOUND: no such key is held.
 */
MUST_USE result facts_new_epoch(struct op *op, enum purpose kind, id key);

/*
 * A pass over everything that facts and audit seal.  Each call is one slice
 * in op's transaction; the caller commits: with a leaf when rows were
 * touched, without when only `changed`.  On failure `at` stays.
 */
enum { RESEAL_KEYS = 1000, RESEAL_ROWS = 250, RESEAL_BYTES = 4 * MIB };
struct reseal {
	size_t step;			/* of facts_reseal_steps() */
	id id;				/* behind this row of the table */
	int64_t table_no, class, v;
	int64_t looked, sealed;		/* records */
	int64_t damaged;		/* no record at all, or named an older
					 * epoch and did not open */
	struct { const char *table; id row; } first;	/* of them */
	bool changed;			/* in this slice */
};
MUST_USE result facts_reseal(struct op *op, struct reseal *at,
    bool *ret_end);
size_t facts_reseal_steps(void);
/* A record that the pass went by, for it does not open. */
void facts_reseal_damaged(struct reseal *at, const char *table, id row);
/* One record of another room's table: "" when it may stay as it is. */
MUST_USE result facts_reseal_record(struct op *op, struct reseal *at,
    const struct record_place *place, text record, text *ret);
/* Nothing here names this epoch any more; or (false) something does. */
MUST_USE result facts_retire_key(struct op *op, const struct held_key *of,
    bool retired);
/* Its row goes; after the commit the caller drops it from the ring. */
MUST_USE result facts_delete_key(struct op *op, const struct held_key *of);
/* Of every key that was ever rotated the ring holds the epochs that are rows,
 * as they are there, and no others: another office retires and deletes them
 * too, and a commit whose answer was lost may have made none. */
MUST_USE result facts_look_at_epochs(struct op *op);
/* Every row of a purpose key under the newest root of the ring. */
MUST_USE result facts_rewrap_purposes(struct op *op);
/* The epochs of the root that the purpose rows name; no key is needed. */
MUST_USE result facts_root_epochs(struct op *op, uint32_t *ret_least,
    uint32_t *ret_most);

/* Keys and tombstones as they lie in their tables, for the keys part of a
 * backup: out of one office, and into another that has none. */
struct key_row { int kind; id id; uint32_t epoch; text record; };
struct tombstone { id object; int64_t day; };	/* person or matter */
MUST_USE result facts_each_key(struct op *op, void *self,
    result (*each)(void *self, const struct key_row *k));
MUST_USE result facts_each_tombstone(struct op *op, void *self,
    result (*each)(void *self, const struct tombstone *t));
MUST_USE result facts_put_key(struct op *op, const struct key_row *k);
MUST_USE result facts_put_tombstone(struct op *op,
    const struct tombstone *t);

/* Statements of this room and of every entity's table, for store_open. */
extern const struct statement *const facts_statements[];
extern const struct statement *const entity_statements_all[];

#endif
