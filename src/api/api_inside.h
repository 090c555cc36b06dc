/* Inside api: what its files tell each other. */
#ifndef ALAS_API_INSIDE_H
#define ALAS_API_INSIDE_H

#include "api.h"

/*
 * A JSON body as pairs, a list as several of one name.  BAD_REQUEST, with
 * problems that name the member: not JSON, not an object, deeper than
 * JSON_DEPTH_MAX, twice there, of a kind that no input has.  TOO_LARGE:
 * more than FORM_NAMES_MAX values.
 */
MUST_USE result json_pairs(text body, struct arena *a,
    struct problems *problems, struct pair **ret, size_t *ret_n);

/* "/name" as a JSON Pointer; "" for the whole body. */
text json_pointer(struct arena *a, text name);

/* `"5"` and `"5.1f0c…"` are version 5.  False: anything else. */
bool etag_version(text etag, uint64_t *ret);
/* Is `etag` one of those in an If-None-Match? */
bool etag_listed(text list, text etag);

/* Write the refusal.  `allow` is for METHOD. */
void api_problem(struct turn *t, result why, text allow);
/* Write the answer of an operation that was done. */
void api_answer(struct turn *t);
/* Write a JSON document that is no operation's. */
void api_document(struct turn *t, const struct buf *json);

/* An answer's tree for people at a terminal. */
void api_print(struct turn *t, struct buf *out);

/*
 * The word of an operation: "<name>.<what>", NULL where there is none; the
 * operation's name is a row's.
 */
text api_word(const struct words *w, enum lang l, struct arena *a,
    const char *name, const char *what);
/* What an operation is about: "contact_point" of "contact-point.edit". */
text api_noun(struct arena *a, const char *name);

/* What an operation answers, or an object or row in it: shapes.c. */
struct api_shape { const char *of, *members; };
const struct api_shape *api_shape(text of);	/* NULL */
const struct api_shape *api_shapes(size_t *ret_n);

/* Inputs that no row declares: of what is read page by page, by the member
 * of the answer that goes with each. */
struct paging { const char *name, *label, *answered; };
extern const struct paging api_paging[3];
bool api_pages(const struct op_row *row, const struct paging *p);

#endif
