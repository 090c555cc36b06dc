/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_FACTS_INSIDE_H
#define ALAS_FACTS_INSIDE_H

#include "facts.h"
#include "facts_rows.h"

/* One row as it lies in its table. */
struct raw {
	id id;
	uint64_t v;
	int64_t seq;
	id parents[8];
	bool bix_there;
	text bix;
	uint64_t class_v[IN_OFFICE + 1];
	text record[IN_OFFICE + 1];	/* empty: NULL */
	/* Shredded: a class has a version, and no record any more. */
	bool emptied;
};

const struct entity_statements *facts_table(const struct entity *e);
const struct entity *facts_numbered(uint16_t number);	/* NULL */
bool facts_has_bix(const struct entity *e);
/* Columns of the row that `rows` stands on, still in its memory. */
void raw_read(struct row_set *rows, const struct entity *e, struct raw *ret);
bool raw_copy(struct arena *a, struct raw *r);
/* The same, copied into op's arena; NOT_FOUND. */
MUST_USE result raw_get(struct op *op, const struct entity *e, id row,
    struct raw *ret);
MUST_USE result raw_digest(const struct entity *e, const struct raw *r,
    uint8_t ret[32]);
MUST_USE result seal_class(struct op *op, const struct entity *e,
    enum in_class c, const struct owner *owner, const void *row, uint64_t v,
    text *ret);
/* The row of that code, whether it was emptied or not. */
MUST_USE result find_row(struct op *op, const struct entity *e, text code,
    id *ret);
/* Two passes, for opening one may ask for others while a statement steps;
 * emptied rows are among them. */
MUST_USE result raw_children(struct op *op, const struct entity *e,
    const struct statement *st, id parent, struct raw **ret, size_t *ret_n);
/* Open the classes of `mask` into a row struct. */
MUST_USE result raw_open(struct op *op, const struct entity *e,
    const struct raw *r, class_mask mask, void *ret_row);
MUST_USE result record_open(struct op *op, const struct entity *e,
    enum in_class class, id row, uint64_t v, text record, void *ret_row);
/* Who seals the records of this row. */
MUST_USE result owner_of(struct op *op, const struct entity *e,
    const void *row, struct owner *ret);
/* The row as it stands in `raw`, over the one at version `v`; CONFLICT.
 * And its place in the leaf. */
MUST_USE result raw_write(struct op *op, const struct entity *e,
    const struct raw *raw, uint64_t v);
MUST_USE result raw_touch(struct op *op, const struct entity *e,
    const struct raw *raw);
/* The blind index of a document number into raw->bix. */
MUST_USE result raw_index(struct op *op, const struct person_identifier *p,
    struct raw *raw);
bool reach_covers(struct op *op, const struct reach *reach,
    const struct entity *e, const void *row);

#endif
