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
/*
 * Take up what other offices wrote to the same database since the last
 * request: keys, settings, header, users, grants, walls, projection, and
 * that one of them sealed.  Nothing to do while sealed, and next to nothing
 * where nobody else can write.  UNAVAILABLE: the database is away.
 * CORRUPT: it is foreign (audit_foreign); SEALED_RECORD: the root key was
 * changed elsewhere.  After these two the office is sealed, and nothing was
 * written.
 */
MUST_USE result office_follow(struct op *op);
/* The same at the begin of each transaction, in it (office.catch_up). */
MUST_USE result office_catch_up(struct op *op);
/* That the database is foreign, with both sizes, in op's language; "". */
text office_foreign_said(struct op *op);
/* Seal now: keys, users, projection forgotten; sessions end. */
void office_seal(struct office *office);
/* Write db/vault.hdr from the row: new file, fsync, rename, fsync. */
MUST_USE result office_write_header(struct op *op);
/* At the start: the file is made the row's, unless it is newer. */
MUST_USE result office_renew_header(struct op *op);
/* Are row and file whole, and the same bytes? */
MUST_USE result office_header_same(struct op *op, bool *ret_whole,
    bool *ret_same);
/* The present header into its row, in op's transaction. */
MUST_USE result office_save_header(struct op *op, const struct vault *v);

/*
 * The keys part of a backup (keys_part.c): header, wrapped keys, tombstones
 * in one file, read again as one transaction.  A start with db/keys.part in
 * the folder takes it up and removes it, so that an unpacked backup is
 * served as it lies there.  CONFLICT: the database has keys of its own.
 * CORRUPT: the file is damaged.  `ret_said` (arena text) says what to do.
 */
MUST_USE result office_write_keys_part(struct op *op, const char *path);
MUST_USE result office_take_keys_part(struct op *op, text *ret_said);

/*
 * What the office says about its backups: settings, as the page of the
 * system and the doctor show them.
 */
enum { BACKUP_TARGETS_MAX = 8, BACKUP_DAYS_MAX = 35 };
struct backup_target { text path; instant keys; };	/* none: never */
struct backup_state {
	text recipients;		/* one a line */
	struct backup_target target[BACKUP_TARGETS_MAX];
	size_t targets;
	instant made;			/* the last that reached a target */
	instant verified;		/* the newest that was restored */
	instant shredded;		/* somebody, the last time */
};
MUST_USE result office_backups(struct op *op, struct backup_state *ret);
/* Does this target hold an older keys part than the last run's, or one that
 * still opens somebody who was shredded? */
bool office_backup_old(const struct backup_state *s, size_t target);
bool office_backup_shredded(const struct backup_state *s, size_t target);

/*
 * Shredding (shred.c).  After an older data part was restored with a newer
 * keys part, and after every unsealing: what the tombstones name goes, with
 * its leaf.  Commits by itself; nothing happens where nothing is to be done.
 */
MUST_USE result office_bury(struct op *op);
/* The night after a shredding: the database written anew, a new key for
 * persons' keys.  Whoever is killed does it again.  It takes long. */
bool office_night_due(const struct office *o, instant now);
MUST_USE result office_night(struct op *op);

/* Room for the settings; once, before anything else. */
MUST_USE result office_settings_new(struct office *office);
/* Settings, sealed under the office key, in memory while open. */
text office_setting(const struct office *office, const char *name);
MUST_USE result office_set(struct op *op, const char *name, text value);
/* The numbers among them that a director sets (settings.c), each within its
 * bounds, or the usual one where nothing was set. */
enum setting {
	SETTING_SEAL_IDLE,		/* minutes; 0: never */
	SETTING_SHRED_DAYS,		/* between asking and approving */
	SETTINGS
};
int64_t office_number(const struct office *office, enum setting which);

/* Somebody who is signed in asked for something. */
void office_worked(struct office *office, instant now);
/* Has nobody for as long as the settings say, or is it past their hour?
 * Never in a demonstration. */
bool office_seal_due(struct office *office, instant now);
/* As a person seals: checkpoint, every session ended, its leaf; then the
 * keys go, whatever of that failed. */
result office_seal_itself(struct op *op);

/*
 * The clock (clock.c).  Every term that is counted hangs on the day, so every
 * page says when it may be wrong: the clock stands before what was noted
 * last, or it went otherwise than the seconds did since the office was
 * opened (set, or stopped).  Who opens the office vouches for the day.
 */
enum clock_state { CLOCK_GOOD, CLOCK_BEHIND, CLOCK_MOVED };
enum clock_state office_clock(const struct op *op);
/* In words, with the hour that it shows; "" when it is good. */
text office_clock_said(const struct op *op);
/* Take up what was noted since the last look: each second. */
MUST_USE result office_clock_look(struct op *op);
void office_clock_vouched(struct office *office);
/* What was set is committed: until then the rows are the truth. */
void office_set_kept(struct office *office);
/* Another office set something: from the rows again, if they are asked. */
enum { TABLE_SETTING = 205 };	/* its number in leaves */
bool office_settings_doubtful(const struct office *office);
MUST_USE result office_load_settings(struct op *op);

/*
 * Setting `public_pages`: are the calculators offered that need no account?
 * Not said, only in a demonstration.  Takes it up into office->public_pages
 * and into the file db/public, which tells a sealed office; after
 * unsealing, and after the setting was committed.
 */
MUST_USE result office_public_changed(struct office *office);

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

/*
 * Rotations (rotation.c, ADR 15) go on between requests: while `waits`, the
 * loop calls `step`, which is one slice and commits itself.  A failure is a
 * fault of that slice alone; it is tried again.
 */
void office_rotation_begin(struct op *op);	/* after unsealing */
void office_rotation_forget(struct office *office);	/* at sealing */
bool office_rotation_waits(const struct office *o, instant now);
MUST_USE result office_rotation_step(struct op *op);
struct rotation_facts {
	bool running;
	int percent;
	int64_t sealed, damaged;
	const char *table;		/* and the row of the first damaged */
	id row;
};
struct rotation_facts office_rotation(const struct office *o);
/* Days since the pepper was renewed, while an older one is in use; else 0.
 * At PEPPER_DAYS whoever still needs it is to be invited anew. */
enum { PEPPER_DAYS = 90 };
int64_t office_pepper_days(const struct office *o, instant now);
/* Part of the pass: all settings, in op's transaction. */
MUST_USE result office_reseal_settings(struct op *op, struct reseal *at);
/* May a data part of a backup, made before `at_s`, still be needed? */
bool office_part_before(struct op *op, int64_t at_s);

#endif
