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

/* Every record of every entity is opened once; how many rows that were. */
MUST_USE result facts_open_all(struct op *op, const struct reach *reach,
    int64_t *ret_rows);

/* For rebuilds: every row of an entity, opened by `mask`, one at a time. */
MUST_USE result facts_each(struct op *op, const struct reach *reach,
    const struct entity *e,
    result (*each)(void *self, const void *row), void *self);

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
/* Make the ten purpose keys of a new office. */
MUST_USE result facts_make_keys(struct op *op, const key32 *root);

/* Keys and tombstones as they lie in their tables, for the keys part of a
 * backup: out of one office, and into another that has none. */
struct key_row { int kind; id id; uint32_t epoch; text record; };
struct tombstone { id person; int64_t day; };
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
