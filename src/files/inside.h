/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_FILES_INSIDE_H
#define ALAS_FILES_INSIDE_H

#include "files.h"

#include <dirent.h>
#include <limits.h>

enum { NAME_HEX = 64, SUB_HEX = 2 };
#define FRESH "fresh-"			/* begins the name of one unfinished */

struct place { char sub[PATH_MAX], file[PATH_MAX]; };
/* TOO_LARGE: the folder's own name is too long. */
MUST_USE result place_of(text folder, const file_name *name,
    struct place *ret);
/* What was renamed or unlinked below it stays so. */
MUST_USE result folder_flush(const char *path);
/* Each file that is named as we name them, in no order: `at` is its folder,
 * `file` its name there.  The first that is not OK ends the walk. */
DIR *folder_open(text folder);		/* files/ itself; NULL and errno */
typedef result walk_one(void *self, int at, const char *file,
    const file_name *name);
MUST_USE result folder_walk(text folder, walk_one *one, void *self);
/* By their bytes, for qsort. */
int names_order(const void *a, const void *b);
/* FULL for want of room, else IO. */
MUST_USE result disk_says(int error);

#endif
