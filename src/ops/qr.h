/*
 * qr: a QR code as the path of one SVG shape, so that a page needs neither
 * script nor picture to show a secret that a telephone reads.
 */
#ifndef ALAS_OPS_QR_H
#define ALAS_OPS_QR_H

#include "base.h"

enum { QR_PAYLOAD_MAX = 500 };

/*
 * Black runs as rectangles in a square of `ret_size` units, with the quiet
 * zone of the standard around.  INVALID: empty or above QR_PAYLOAD_MAX.
 */
MUST_USE result qr_path(struct arena *a, text payload, text *ret_path,
    int *ret_size);

#endif
