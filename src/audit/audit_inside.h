/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_AUDIT_INSIDE_H
#define ALAS_AUDIT_INSIDE_H

#include "audit.h"
#include "pack.h"
#include "tree.h"

enum { CHECKPOINT_LEAVES = 256, CHECKPOINT_MS = 10 * 60 * 1000 };
enum { HEAD_FILE_BYTES = 8 + 32,
	SEEN_SLOTS = 4096, READ_AGAIN_MS = 10 * 60 * 1000,
	AUDIT_HEAD_ROW = 1, TAG_LEAF = 1, TAG_TOUCHED = 2, TAG_SALT = 3 };

/* Something looked at, waiting for its leaf. */
struct waiting {
	enum event event;
	uint8_t outcome;
	id user, session, object;
	const char *kind;
	int64_t count;
	instant at;
};

struct seen { id user, object; int64_t at_ms; };

struct audit {
	struct office *office;
	struct tree tree;
	uint8_t last[32];		/* hash of the tree's last leaf */
	struct audit_foreign foreign, given_up;
	bool accept;			/* a tree of accept_n, whatever was */
	uint64_t accept_n;
	uint64_t signed_n;		/* size of the last checkpoint */
	int64_t signed_ms;		/* when; or when this office opened */
	struct waiting waiting[READS_MAX];
	size_t waiting_n;
	struct seen seen[SEEN_SLOTS];
	uint64_t head_written;		/* size in the head file */
};

/* Append one leaf inside op's transaction. */
struct leaf_who { id user, session; instant at;
	const struct touched *touched; size_t touched_n; };
MUST_USE result audit_leaf(struct op *op, const struct leaf_who *who,
    const struct leaf_facts *f, uint64_t *ret_seq);
/* The tree with one leaf more. */
void audit_grow(struct audit *a, const uint8_t hash[32]);
/* Build the tree of the rows, and compare it with what was acknowledged;
 * `edge` (or NULL) is that tree, to tell where another begins. */
struct tree_now { struct tree tree; uint8_t last[32]; };
MUST_USE result audit_compare(struct op *op, const struct audit_head *ours,
    const struct tree *edge, struct tree_now *ret);
id audit_row_id(uint64_t seq);
MUST_USE result audit_owner(struct op *op, struct owner *ret);
MUST_USE result audit_open_record(struct op *op, uint64_t seq, text record,
    text *ret_leaf, text *ret_touched, text *ret_salt);
MUST_USE result head_read(const struct office *o, bool *ret_there,
    struct audit_head *ret);

#endif
