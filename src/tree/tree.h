/*
 * tree: the Merkle tree of RFC 9162 section 2.1, with SHA-256.
 *
 * Words.  An *entry* is bytes of any length, its *leaf* their hash, the
 * *root* what all leaves together amount to.  A tree is kept as the roots
 * of its full subtrees, so it grows without its leaves at hand.
 *
 * Pure; owns nothing.  A zeroed tree is the empty one.
 */
#ifndef ALAS_TREE_H
#define ALAS_TREE_H

#include "base.h"

struct tree { uint8_t edge[64][32]; uint64_t n; };

void tree_leaf(const void *entry, size_t n, uint8_t ret[32]);
void tree_append(struct tree *t, const uint8_t leaf[32]);
void tree_root(const struct tree *t, uint8_t ret[32]);
/*
 * A proof is the roots of at most PROOF_MAX spans of leaves.  Begin it, then
 * give it every leaf in order, from 0: `path` is whole after the last.
 */
struct leaf_span { uint64_t from, to; };
struct proof {
	struct leaf_span span[PROOF_MAX];
	uint8_t path[PROOF_MAX][32];
	size_t n;
	struct tree part;
};
void proof_inclusion(struct proof *p, uint64_t seq, uint64_t n);
void proof_consistency(struct proof *p, uint64_t m, uint64_t n);
void proof_take(struct proof *p, uint64_t seq, const uint8_t leaf[32]);
/* Is `leaf` the one with number `seq` (from 0) of the n under `root`? */
bool tree_inclusion(const uint8_t leaf[32], uint64_t seq, uint64_t n,
    const uint8_t (*path)[32], size_t path_n, const uint8_t root[32]);
/* Do the n leaves under root_n begin with the m under root_m? */
bool tree_consistency(uint64_t m, uint64_t n, const uint8_t (*path)[32],
    size_t path_n, const uint8_t root_m[32], const uint8_t root_n[32]);

#endif
