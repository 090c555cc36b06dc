/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_FILES_INSIDE_H
#define ALAS_FILES_INSIDE_H

#include "files.h"

#include <limits.h>

enum { NAME_HEX = 64, SUB_HEX = 2 };
#define FRESH "fresh-"			/* begins the name of one unfinished */

struct place { char sub[PATH_MAX], file[PATH_MAX]; };
/* TOO_LARGE: the folder's own name is too long. */
MUST_USE result place_of(text folder, const file_name *name,
    struct place *ret);
/* What was renamed or unlinked below it stays so. */
MUST_USE result folder_flush(const char *path);
/* FULL for want of room, else IO. */
MUST_USE result disk_says(int error);

#endif
