/*
 * Inside serve: until when the certificate holds that nginx shows.
 */
#ifndef ALAS_SERVE_CERTIFICATE_H
#define ALAS_SERVE_CERTIFICATE_H

#include "base.h"

/*
 * The end of the first certificate of a PEM file, which is the one that
 * nginx shows as ours.  INVALID: none there, or none that can be read.
 */
MUST_USE result certificate_end(const char *path, instant *ret);
/* The same of the file's bytes. */
MUST_USE result certificate_end_of(text pem, instant *ret);

#endif
