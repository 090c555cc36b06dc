/* RFC 9162 section 2.1, kept as the roots of the full subtrees. */
#include "tree.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static void
node_hash(const uint8_t left[32], const uint8_t right[32], uint8_t ret[32])
{
	uint8_t both[65];

	both[0] = 1;
	memcpy(both + 1, left, 32);
	memcpy(both + 33, right, 32);
	crypto_hash_sha256(ret, both, sizeof(both));
}

void
tree_leaf(const void *entry, size_t n, uint8_t ret[32])
{
	static const uint8_t is_leaf = 0;
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, &is_leaf, 1);
	crypto_hash_sha256_update(&s, entry, n);
	crypto_hash_sha256_final(&s, ret);
}

/* Like adding one to a binary number: full subtrees carry upwards. */
void
tree_append(struct tree *t, const uint8_t leaf[32])
{
	uint8_t carried[32];
	uint64_t n = t->n++;
	size_t height = 0;

	memcpy(carried, leaf, 32);
	for (; (n & 1) != 0; n >>= 1, height++)
		node_hash(t->edge[height], carried, carried);
	memcpy(t->edge[height], carried, 32);
}

void
tree_root(const struct tree *t, uint8_t ret[32])
{
	uint8_t root[32];
	bool any = false;

	for (size_t height = 0; height < 64; height++) {
		if ((t->n >> height & 1) == 0)
			continue;
		if (any)
			node_hash(t->edge[height], root, root);
		else
			memcpy(root, t->edge[height], 32);
		any = true;
	}
	if (!any)
		crypto_hash_sha256(root, NULL, 0);
	memcpy(ret, root, 32);
}

/* RFC 9162 section 2.1.3.2. */
bool
tree_inclusion(const uint8_t leaf[32], uint64_t seq, uint64_t n,
    const uint8_t (*path)[32], size_t path_n, const uint8_t root[32])
{
	uint64_t fn = seq;
	uint64_t sn = n - 1;
	uint8_t r[32];

	if (n == 0 || seq >= n)
		return false;
	memcpy(r, leaf, 32);
	for (size_t i = 0; i < path_n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) == 1 || fn == sn) {
			node_hash(path[i], r, r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			node_hash(r, path[i], r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && sodium_memcmp(r, root, 32) == 0;
}

/*
 * The largest power of two below n: where RFC 9162 divides n leaves, n > 1.
 */
static uint64_t
half_of(uint64_t n)
{
	uint64_t half = 1;

	while (half < n - half)
		half *= 2;
	return half;
}

static void
proof_begin(struct proof *p)
{
	p->n = 0;
	p->part = (struct tree){ 0 };
}

/* Found from the top down, read from the leaf up. */
static void
proof_turn(struct proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct leaf_span other = p->span[p->n - 1 - i];

		p->span[p->n - 1 - i] = p->span[i];
		p->span[i] = other;
	}
}

/* RFC 9162 section 2.1.3.1: the other half at each level. */
void
proof_inclusion(struct proof *p, uint64_t seq, uint64_t n)
{
	uint64_t from = 0;
	uint64_t to = n;

	assert(seq < n);
	proof_begin(p);
	while (to - from > 1) {
		uint64_t middle = from + half_of(to - from);

		if (seq < middle) {
			p->span[p->n++] = (struct leaf_span){ middle, to };
			to = middle;
		} else {
			p->span[p->n++] = (struct leaf_span){ from, middle };
			from = middle;
		}
	}
	proof_turn(p);
}

/* RFC 9162 section 2.1.4.1: what ends at m is known as long as it begins
 * at 0, for that is the old root. */
void
proof_consistency(struct proof *p, uint64_t m, uint64_t n)
{
	uint64_t from = 0;
	uint64_t to = n;

	assert(m > 0 && m <= n);
	proof_begin(p);
	while (to != m) {
		uint64_t middle = from + half_of(to - from);

		if (m <= middle) {
			p->span[p->n++] = (struct leaf_span){ middle, to };
			to = middle;
		} else {
			p->span[p->n++] = (struct leaf_span){ from, middle };
			from = middle;
		}
	}
	if (from > 0)
		p->span[p->n++] = (struct leaf_span){ from, to };
	proof_turn(p);
}

/* The spans do not overlap, so one tree at a time grows. */
void
proof_take(struct proof *p, uint64_t seq, const uint8_t leaf[32])
{
	for (size_t i = 0; i < p->n; i++) {
		const struct leaf_span *s = &p->span[i];

		if (seq < s->from || seq >= s->to)
			continue;
		if (seq == s->from)
			p->part = (struct tree){ 0 };
		tree_append(&p->part, leaf);
		if (seq + 1 == s->to)
			tree_root(&p->part, p->path[i]);
		return;
	}
}

/* RFC 9162 section 2.1.4.2. */
bool
tree_consistency(uint64_t m, uint64_t n, const uint8_t (*path)[32],
    size_t path_n, const uint8_t root_m[32], const uint8_t root_n[32])
{
	uint64_t fn = m - 1;
	uint64_t sn = n - 1;
	uint8_t fr[32];
	uint8_t sr[32];
	size_t i = 0;

	if (m == 0 || m > n)
		return false;
	if (m == n)
		return path_n == 0 && sodium_memcmp(root_m, root_n, 32) == 0;
	while ((fn & 1) == 1) {
		fn >>= 1;
		sn >>= 1;
	}
	if (fn == 0) {
		/* m is a power of two: its root is where both begin. */
		memcpy(fr, root_m, 32);
	} else {
		if (path_n == 0)
			return false;
		memcpy(fr, path[i++], 32);
	}
	memcpy(sr, fr, 32);
	for (; i < path_n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) == 1 || fn == sn) {
			node_hash(path[i], fr, fr);
			node_hash(path[i], sr, sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			node_hash(sr, path[i], sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && sodium_memcmp(fr, root_m, 32) == 0 &&
	    sodium_memcmp(sr, root_n, 32) == 0;
}
