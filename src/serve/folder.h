/*
 * Inside serve: the data folder, checked and locked.
 */
#ifndef ALAS_SERVE_FOLDER_H
#define ALAS_SERVE_FOLDER_H

#include "base.h"

enum { FOLDER_PATH_MAX = 80 };	/* a socket's name has 107 bytes */

struct folder {
	char path[FOLDER_PATH_MAX];	/* absolute, without links */
	char front[FOLDER_PATH_MAX + 8];
	char socket[FOLDER_PATH_MAX + 20];
	uint16_t flags;			/* of the vault's header */
	bool header;			/* there is one */
	bool doubtful;			/* that cannot be read */
	int lock;
};

/*
 * Make it if it is missing, check whose it is and that it is private, lock
 * it.  INVALID: said why.  On INVALID nothing is held.
 */
MUST_USE result folder_open(const char *path, struct folder *ret);
void folder_close(struct folder *f);
/* May it run as this user, with a clock of its own?  INVALID: said why. */
MUST_USE result folder_allows(const struct folder *f, bool own_clock);

#endif
