/*
 * lifecycle: how an office is made, opened and sealed.  The states are:
 * empty folder → made, sealed → open; and back to sealed at any moment.
 */
#ifndef ALAS_LIFECYCLE_H
#define ALAS_LIFECYCLE_H

#include "ops.h"

/* Read the header: the row is the truth, the file its copy, used only if
 * the row's checksum fails.  NOT_FOUND: no office was made here yet. */
MUST_USE result office_read_header(struct op *op);

/*
 * Make the office: header with both slots, ten purpose keys, first leaf,
 * in one transaction; then the header file; and the office is open.
 * `flags` are VAULT_DEMONSTRATION, VAULT_TEST or 0.
 */
struct office_new {
	uint16_t flags;
	struct slot_kdf kdf[2];
	key32 kek_passphrase, kek_phrase;
};
MUST_USE result office_make(struct op *op, const struct office_new *in);

/* The root key is known: keys, tree, users, projection.  On failure the
 * office is sealed again and `ret_said` (arena text) says why. */
MUST_USE result office_unsealed(struct op *op, const key32 *root,
    text *ret_said);
/* Seal now: keys, users, projection forgotten; sessions end. */
void office_seal(struct office *office);
/* Write db/vault.hdr from the row: new file, fsync, rename, fsync. */
MUST_USE result office_write_header(struct op *op);
/* Are row and file whole, and the same bytes? */
MUST_USE result office_header_same(struct op *op, bool *ret_whole,
    bool *ret_same);
/* The present header into its row, in op's transaction. */
MUST_USE result office_save_header(struct op *op, const struct vault *v);

/* Room for the settings; once, before anything else. */
MUST_USE result office_settings_new(struct office *office);
/* Settings, sealed under the office key, in memory while open. */
text office_setting(const struct office *office, const char *name);
MUST_USE result office_set(struct op *op, const char *name, text value);

/*
 * The files of the law and the code lists that this program read: their
 * digests are kept in the office, and the day on which others came.  Noted
 * when the office is made and at each unsealing, in op's transaction.
 */
MUST_USE result office_note_files(struct op *op);
enum office_files { FILES_LAW, FILES_CODES };
struct files_seen {
	text digest;			/* of what was read at start */
	bool noted;			/* it is what the office knows */
	day changed;			/* others came; not known: never */
};
struct files_seen office_files(const struct office *o,
    enum office_files which);

#endif
