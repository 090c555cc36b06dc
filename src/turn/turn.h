/*
 * turn: one request on its way through a door.  What pages and API have
 * in common: reading a request into an operation, running it over its
 * errands, and the head of an answer with the headers all carry.
 *
 * A turn owns its arena: everything of one request lives and ends there.
 */
#ifndef ALAS_TURN_H
#define ALAS_TURN_H

#include "ops.h"
#include "scgi.h"

struct turn {
	struct office *office;
	struct arena *arena;
	struct http_request request;
	struct route route;
	struct op op;
	struct once once;
	bool routed;			/* `route` holds */
	bool waiting;			/* on op.errand */
	bool kept;			/* typed text waits for a sign-in */
	bool restored;			/* the form shows a draft */
	int status;
	struct buf out;			/* the whole answer, when not waiting */
	/* Bytes of a file that follow `out`, piece by piece. */
	struct file_reading *reading;
	bool api;			/* which door answers */
};

/* `now` comes from the loop.  NO_MEMORY. */
MUST_USE result turn_new(struct office *office, instant now,
    struct turn **ret);
void turn_free(struct turn **v);

/* The operation at a URI, of whichever door. */
#define API_BASE "/api/v1"
MUST_USE result turn_route(text method, text uri, struct route *ret,
    text *ret_allow, struct arena *a);

/* Inputs of the operation from pairs, grouped by name in their order. */
MUST_USE result turn_inputs(struct turn *v, const struct pair *pairs,
    size_t n);
/* Those of a body with files, which become op.uploads; `ret` are the pairs
 * for turn_inputs, the file's name as the value of its input. */
MUST_USE result turn_parts(struct turn *v, struct pair **ret, size_t *ret_n);
/* Digest of method, path, and body: what a once-key answers for. */
void turn_digest(struct turn *v);

/* The response's head.  Body comes after, or never (HEAD). */
struct head {
	int status;
	const char *type;		/* "text/html; charset=utf-8" */
	text location;			/* empty: none */
	text allow;
	text etag;
	text link;
	const char *authenticate;	/* with 401 of the API */
	const char *csp;		/* NULL: the office's own */
	text download;			/* file name of an attachment */
	uint64_t length;		/* of what follows in pieces; or 0 */
	bool echoes;			/* repeats what was typed: no gzip */
	bool clear_site;		/* sign-out */
};
void turn_head(struct turn *v, const struct head *h);
/* A body after the head, unless the method is HEAD. */
void turn_body(struct turn *v, text body);
/* What the operation gives as bytes instead of a page or a tree. */
bool turn_has_bytes(const struct turn *v);
void turn_bytes(struct turn *v);
/* The next piece of what follows into `out`, in its place; `ret_end`: that
 * was all.  A failure has to cut the answer: its length was told. */
MUST_USE result turn_more(struct turn *v, bool *ret_end);
const char *status_text(int status);

#endif
