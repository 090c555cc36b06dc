/*
 * Inside serve: what nginx is told.
 */
#ifndef ALAS_SERVE_FRONT_H
#define ALAS_SERVE_FRONT_H

#include "base.h"

/* The templates of this folder, compiled in. */
extern const char front_nginx_conf[], front_office_conf[];

enum { FRONT_VALUES = 9, FRONT_BYTES_MAX = 64 * KIB };
struct front_value { const char *name; text value; };

/* Fill @NAME@ holes; BUG when a hole has no value. */
MUST_USE result front_fill(const char *template,
    const struct front_value *values, size_t n, struct buf *out);
/* A new file, then its name: nginx never reads half a configuration. */
MUST_USE result front_write(const char *folder, const char *name, text bytes);
/* Of both files, as they were filled or as they lie in the folder. */
void front_digest_of(text nginx_conf, text office_conf, uint8_t ret[32]);
/* All zero when one cannot be read: that is no digest. */
void front_digest(const char *folder, uint8_t ret[32]);
/* What the program says of itself, "1.22.1"; "" when it says nothing. */
void front_version(const char *nginx, char *ret, size_t room);
/* Quoted for nginx; INVALID for what no quoting helps ('$', controls). */
MUST_USE result front_quote(text t, struct buf *out);

#endif
