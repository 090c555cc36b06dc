/*
 * Inside serve: where to listen and under which names.
 */
#ifndef ALAS_SERVE_ADDRESS_H
#define ALAS_SERVE_ADDRESS_H

#include "serve.h"

enum { ADDRESS_TEXT = 64 };

struct address {
	char listen[ADDRESS_TEXT];	/* "127.0.0.1:8080", "[::1]:8080" */
	bool loopback;
};

/*
 * Read address and port, and see that they are free.  INVALID: said why.
 * A free port may be taken a moment later; then nginx says so and dies.
 */
MUST_USE result address_check(const struct serve_options *o, int port,
    struct address *ret);
/* Host names for nginx's server_name.  INVALID: said why. */
MUST_USE result address_names(const struct serve_options *o,
    struct buf *out);
/* "20r/m": digits, then r/s or r/m. */
bool address_rate(text per);
/* What a person opens. */
void address_url(const struct serve_options *o, const struct address *a,
    struct buf *out);

#endif
