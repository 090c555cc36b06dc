/*
 * files: what is too large for a record: sealed bytes (AF1) in a folder.
 *
 * Words.  A file is called by the SHA-256 of its sealed bytes, and lies at
 * files/ab/cdef…; the first two digits are a folder of their own.  What
 * opens it (`file_ref`: key, length, digests, type, name) stands in the
 * sealed record of a row, and nowhere else.
 *
 * Invariants.  A file has its name only when it is whole and on disk: it is
 * written under another one, flushed, renamed, and the folder flushed, all
 * of that before the row that names it is committed.  So a row never names
 * half a file; a file that no row names (killed in between) is an orphan,
 * which the next unsealing removes.  A file never changes.
 *
 * `folder` is the office's; the caller's user alone may read below it.
 */
#ifndef ALAS_FILES_H
#define ALAS_FILES_H

#include "base.h"
#include "seal.h"

typedef struct { uint8_t b[32]; } file_name;	/* SHA-256, sealed bytes */

/*
 * Seal `bytes` in steps of AF1_CHUNK under a new key.  Fills key, length and
 * digests of `ret`; type and name are the caller's.  FULL: no room, and
 * nothing of it is left.  IO.
 */
MUST_USE result files_add(text folder, const struct chance *chance,
    text bytes, file_ref *ret);

/* Is it there with the length that it must have? */
bool files_there(text folder, const file_ref *ref);
/* Unlinked and flushed; one that is not there is as well. */
MUST_USE result files_remove(text folder, file_name name);
file_name files_name(const file_ref *ref);

/*
 * One file read in order, some bytes at a time: each is verified before it
 * is given, but the file is whole only when `ret_end` says so.  NOT_FOUND:
 * it is not there.  SEALED_RECORD: it is not what the row says.
 */
struct file_reading;
MUST_USE result files_open(text folder, const file_ref *ref,
    struct file_reading **ret);
/* About AF1_CHUNK more, appended; `ret_end` when these were the last. */
MUST_USE result files_read(struct file_reading *r, struct buf *out,
    bool *ret_end);
void files_close(struct file_reading **r);

/*
 * Remove what was never finished and, unless `kept` is NULL, what is not
 * among the `n` names (any order; it is sorted).  Nothing that is not named
 * as we name files is touched.
 */
MUST_USE result files_sweep(text folder, file_name *kept, size_t n,
    size_t *ret_removed);

/*
 * How many there are, their bytes, and the SHA-256 of their names in order,
 * a line each: what `find files -type f | sed 's|files/||; s|/||' | sort |
 * sha256sum` says, so that anybody can compare.
 */
struct files_held { size_t n; uint64_t bytes; uint8_t sha256[32]; };
MUST_USE result files_held(text folder, struct files_held *ret);

/*
 * A small file of the office's own (a header, the tree's head) takes the
 * place of the one at `path`, which has a slash: whole or not at all, and on
 * disk when OK.  Its name with ".new" is for the one being written.  IO,
 * TOO_LARGE.
 */
MUST_USE result files_replace(const char *path, text bytes);

#endif
