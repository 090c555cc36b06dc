/* What the vault's operations share: vault.c opens, keys.c renews. */
#ifndef ALAS_OPS_VAULT_H
#define ALAS_OPS_VAULT_H

#include "ops_inside.h"

enum { PHRASE_GROUP_SIGNS = 4, GROUPS_ASKED = 2 };

/* The inputs passphrase, or phrase or group1 to group9, as a slot's secret;
 * INVALID: the first wrong group is named. */
MUST_USE result vault_secret(struct op *op, int *ret_type, text *ret);
int vault_slot(const struct vault_facts *f, int type);	/* -1: none */
/* Which two groups are asked back: by the vault's id, so that a reload asks
 * the same ones; and whether group_a and group_b are those of `phrase`,
 * INVALID with its problems. */
void vault_asked(const struct op *op, int ret[GROUPS_ASKED]);
MUST_USE result vault_typed_back(struct op *op, const char *phrase);
/* The sheet; `age` NULL: without the identity of the backups. */
MUST_USE result vault_sheet(struct op *op, const char *phrase,
    const char *age, struct buf *out);
/* `groups`, `vault`, `ask_a` and `ask_b` of the answer. */
void vault_add_sheet(struct op *op, const char *phrase);
/* The header that `next` is, and its leaf: in one transaction, then the
 * file.  On failure the office has its old header. */
MUST_USE result vault_commit(struct op *op, const struct vault *next,
    enum event event);

#endif
