#include "ground.h"
#include "tree.h"

#include <sodium.h>
#include <string.h>

enum { APPENDED = 300, PAIRS = 64, PATH_MAX_LENGTH = 16 };

typedef uint8_t hash[32];

static hash leaves[APPENDED];

static int leaves_make(void **state)
{
	(void)state;
	for (int i = 0; i < APPENDED; i++)
		crypto_hash_sha256(leaves[i], (const uint8_t *)&i, sizeof(i));
	return 0;
}

/* ---- RFC 9162 as it is written, which nobody would call fast ---------- */

static void pair(const hash left, const hash right, hash ret)
{
	uint8_t both[65] = { 1 };

	memcpy(both + 1, left, 32);
	memcpy(both + 33, right, 32);
	crypto_hash_sha256(ret, both, sizeof(both));
}

/* The largest power of two smaller than n. */
static size_t half_of(size_t n)
{
	size_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static void mth(hash *d, size_t n, hash ret)
{
	hash left;
	hash right;

	if (n == 0) {
		crypto_hash_sha256(ret, NULL, 0);
	} else if (n == 1) {
		memcpy(ret, d[0], 32);
	} else {
		mth(d, half_of(n), left);
		mth(d + half_of(n), n - half_of(n), right);
		pair(left, right, ret);
	}
}

/* PATH(m, D[n]) of 2.1.3.1. */
static size_t path(hash *d, size_t n, size_t m, hash *ret)
{
	size_t k = half_of(n);
	size_t at;

	if (n <= 1)
		return 0;
	if (m < k) {
		at = path(d, k, m, ret);
		mth(d + k, n - k, ret[at]);
	} else {
		at = path(d + k, n - k, m - k, ret);
		mth(d, k, ret[at]);
	}
	return at + 1;
}

/* SUBPROOF(m, D[n], b) of 2.1.4.1. */
static size_t subproof(hash *d, size_t n, size_t m, bool whole_known,
    hash *ret)
{
	size_t k = half_of(n);
	size_t at;

	if (m == n) {
		if (whole_known)
			return 0;
		mth(d, n, ret[0]);
		return 1;
	}
	if (m <= k) {
		at = subproof(d, k, m, whole_known, ret);
		mth(d + k, n - k, ret[at]);
	} else {
		at = subproof(d + k, n - k, m - k, false, ret);
		mth(d, k, ret[at]);
	}
	return at + 1;
}

/* ---- tests ------------------------------------------------------------ */

static void roots(void **state)
{
	/* Dies when the edge in memory is not the tree of RFC 9162: no
	 * checkpoint on paper could be checked by another program. */
	struct tree t = { 0 };
	hash want;
	hash got;

	(void)state;
	for (size_t n = 0; n <= APPENDED; n++) {
		mth(leaves, n, want);
		tree_root(&t, got);
		assert_int_equal(t.n, n);
		assert_memory_equal(got, want, 32);
		if (n < APPENDED)
			tree_append(&t, leaves[n]);
	}
}

static bool included(size_t seq, size_t n, hash *p, size_t p_n,
    const hash root)
{
	return tree_inclusion(leaves[seq], seq, n,
	    (const uint8_t (*)[32])p, p_n, root);
}

/* Ours is made in one pass, the test's by the paper's recursion. */
static void assert_made(struct proof *ours, size_t n, hash *want,
    size_t want_n)
{
	for (size_t i = 0; i < n; i++)
		proof_take(ours, i, leaves[i]);
	assert_int_equal(ours->n, want_n);
	assert_memory_equal(ours->path, want, want_n * 32);
}

static void inclusion_of(size_t seq, size_t n)
{
	hash p[PATH_MAX_LENGTH];
	size_t p_n = path(leaves, n, seq, p);
	struct proof ours;
	hash root;
	hash other;

	proof_inclusion(&ours, seq, n);
	assert_made(&ours, n, p, p_n);
	mth(leaves, n, root);
	assert_true(included(seq, n, p, p_n, root));
	for (size_t i = 0; i < p_n * 32; i++) {
		p[i / 32][i % 32] ^= 1;
		assert_false(included(seq, n, p, p_n, root));
		p[i / 32][i % 32] ^= 1;
	}
	for (size_t i = 0; i < 32; i++) {
		root[i] ^= 0x80;
		assert_false(included(seq, n, p, p_n, root));
		root[i] ^= 0x80;
		memcpy(other, leaves[seq], 32);
		other[i] ^= 1;
		assert_false(tree_inclusion(other, seq, n,
		    (const uint8_t (*)[32])p, p_n, root));
	}
	/* Shorter and longer ones, and the leaf in another place. */
	memcpy(p[p_n], root, 32);
	assert_false(included(seq, n, p, p_n + 1, root));
	if (p_n > 0)
		assert_false(included(seq, n, p, p_n - 1, root));
	for (size_t at = 0; at < n; at++) {
		if (at != seq)
			assert_false(tree_inclusion(leaves[seq], at, n,
			    (const uint8_t (*)[32])p, p_n, root));
	}
}

static void inclusions(void **state)
{
	/* Dies when a proof that a leaf is in the tree is refused, or one
	 * with a wrong byte, length or place is believed. */
	hash p[1] = { { 0 } };

	(void)state;
	for (size_t n = 1; n <= PAIRS; n++) {
		for (size_t seq = 0; seq < n; seq++)
			inclusion_of(seq, n);
		assert_false(included(0, 0, p, 0, leaves[0]));
		assert_false(tree_inclusion(leaves[0], n, n,
		    (const uint8_t (*)[32])p, 0, leaves[0]));
	}
	assert_false(tree_inclusion(leaves[0], 0, 0,
	    (const uint8_t (*)[32])p, 0, leaves[0]));
	assert_false(tree_inclusion(leaves[0], UINT64_MAX, UINT64_MAX,
	    (const uint8_t (*)[32])p, 0, leaves[0]));
}

static void consistency_of(size_t m, size_t n)
{
	hash p[PATH_MAX_LENGTH];
	size_t p_n = subproof(leaves, n, m, true, p);
	const uint8_t (*proof)[32] = (const uint8_t (*)[32])p;
	struct proof ours;
	hash before;
	hash after;

	proof_consistency(&ours, m, n);
	assert_made(&ours, n, p, p_n);
	mth(leaves, m, before);
	mth(leaves, n, after);
	assert_true(tree_consistency(m, n, proof, p_n, before, after));
	for (size_t i = 0; i < p_n * 32; i++) {
		p[i / 32][i % 32] ^= 1;
		assert_false(tree_consistency(m, n, proof, p_n, before,
		    after));
		p[i / 32][i % 32] ^= 1;
	}
	for (size_t i = 0; i < 32; i++) {
		before[i] ^= 1;
		assert_false(tree_consistency(m, n, proof, p_n, before,
		    after));
		before[i] ^= 1;
		after[i] ^= 1;
		assert_false(tree_consistency(m, n, proof, p_n, before,
		    after));
		after[i] ^= 1;
	}
	memcpy(p[p_n], after, 32);
	assert_false(tree_consistency(m, n, proof, p_n + 1, before, after));
	if (p_n > 0)
		assert_false(tree_consistency(m, n, proof, p_n - 1, before,
		    after));
}

static void consistencies(void **state)
{
	/* Dies when a tree that grew is taken for another, or another one
	 * for one that grew. */
	hash p[1] = { { 0 } };
	const uint8_t (*none)[32] = (const uint8_t (*)[32])p;

	(void)state;
	for (size_t n = 1; n <= PAIRS; n++) {
		for (size_t m = 1; m <= n; m++)
			consistency_of(m, n);
	}
	assert_false(tree_consistency(0, 4, none, 0, leaves[0], leaves[1]));
	assert_false(tree_consistency(0, 0, none, 0, leaves[0], leaves[0]));
	assert_false(tree_consistency(5, 4, none, 0, leaves[0], leaves[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots),
		cmocka_unit_test(inclusions),
		cmocka_unit_test(consistencies),
	};

	return cmocka_run_group_tests(tests, leaves_make, NULL);
}
