/*
 * Inside cell: Landlock by its three system calls, since Debian 12 has no
 * library for it and its headers know fewer rights than newer kernels.
 */
#ifndef ALAS_CELL_WALLS_H
#define ALAS_CELL_WALLS_H

#include "cell.h"

enum wall_access { WALL_READ, WALL_WRITE };
struct wall_door { const char *path; enum wall_access access; };

/*
 * Close the disk but for these folders.  A read-only folder that does not
 * exist is left out; one to write in must exist.
 */
MUST_USE result cell_walls_close(const struct wall_door *doors, size_t n,
    int *ret_abi);

#endif
