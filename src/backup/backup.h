/*
 * backup: packing what the office left in run/backup, and unpacking it.  A
 * part of the program `alas`; sees sealed bytes alone, and holds no key.
 *
 * Words.  A *part* is a tar sealed by the stock `age` program: the data
 * part alas-YYYYMMDD-HHMM.data.age, and the keys part alas.keys.age with
 * its second copy.  A *target* is a folder that holds parts.  A *manifest*
 * is a file for `sha256sum -c`: what it does not check stands in comments.
 *
 * Invariants.  A part gets its name only when it was written, flushed and
 * read back.  The keys part goes first: with an older data part it opens,
 * the other way round it may not.  A folder to be restored is made beside
 * its place, and takes it in one step.
 *
 * Failures are told in `said`, a sentence's catalogue key and the file or
 * program it is about.
 */
#ifndef ALAS_BACKUP_H
#define ALAS_BACKUP_H

#include "base.h"

enum { BACKUP_NAME = 13, BACKUP_PATH_MAX = 4096, BACKUP_MONTHS = 12 };

struct said { const char *key; char about[BACKUP_PATH_MAX]; };
MUST_USE result backup_say(struct said *s, const char *key,
    const char *about);

/* ---- programs (child.c) ----------------------------------------------- */

/* The first runs into the second, which may be NULL; `in` and `out` are
 * descriptors or -1: as ours.  INVALID: one of them failed, its name told. */
MUST_USE result backup_pipe(const char *const *first,
    const char *const *second, int in, int out, struct said *said);
/* The same, begun: what it writes is read from `ret_out`. */
struct pipeline { long first, second; const char *names[2]; };
MUST_USE result pipeline_begin(const char *const *first,
    const char *const *second, int in, int out, struct pipeline *ret,
    int *ret_out, struct said *said);
MUST_USE result pipeline_end(struct pipeline *p, struct said *said);

/* ---- manifests (manifest.c) ------------------------------------------- */

/* Add the digest of folder/`file` as that of the member `name`. */
MUST_USE result manifest_add(const char *manifest, const char *folder,
    const char *file, const char *name, struct said *said);
/* Each member is there with its digest, and nothing but the members of
 * the manifests named (NULL-ended). */
MUST_USE result manifests_check(const char *folder,
    const char *const *manifests, struct said *said);

/* ---- packing (pack.c) ------------------------------------------------- */

struct packing {
	const char *data;		/* the office's folder */
	const char *name;		/* "20261124-1400" */
	const char *dump;		/* "office.sqlite", "office.dump" */
};
/* Manifests and lists of members, from what lies in run/backup. */
MUST_USE result backup_prepare(const struct packing *p, struct said *said);
/* Both parts to one target; then those older than BACKUP_MONTHS go. */
MUST_USE result backup_carry(const struct packing *p, const char *target,
    struct said *said);

/* ---- unpacking (unpack.c) --------------------------------------------- */

/* The newest data part of a target.  NOT_FOUND, said. */
MUST_USE result backup_newest(const char *target,
    char ret_name[BACKUP_NAME + 1], struct said *said);
/* The oldest one: keys that it needs are kept. */
MUST_USE result backup_oldest(const char *target,
    char ret_name[BACKUP_NAME + 1], struct said *said);
/* Both parts into the empty `folder`, every digest compared. */
MUST_USE result backup_unpack(const char *target, const char *name,
    const char *identity, const char *folder, struct said *said);

/* ---- folders (folder.c) ----------------------------------------------- */

bool folder_empty(const char *path);		/* or not there */
MUST_USE result folder_remove(const char *path, struct said *said);
/* `fresh` takes the place of `path`, which is empty, or is kept as `old`. */
MUST_USE result folder_put(const char *fresh, const char *path,
    const char *old, struct said *said);
/* Does an office serve it? */
bool folder_served(const char *path);

#endif
