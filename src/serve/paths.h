/*
 * Inside serve: where the other programs and the site are.
 */
#ifndef ALAS_SERVE_PATHS_H
#define ALAS_SERVE_PATHS_H

#include <limits.h>

#include "serve.h"

struct paths {
	char office[PATH_MAX], filter[PATH_MAX], nginx[PATH_MAX];
	char site[PATH_MAX];
};

/* INVALID: something is missing; said what. */
MUST_USE result paths_find(const struct serve_options *o, struct paths *ret);

#endif
