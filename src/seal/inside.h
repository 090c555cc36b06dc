/* inside: what the files of this room share and no other room sees. */
#ifndef ALAS_SEAL_INSIDE_H
#define ALAS_SEAL_INSIDE_H

#include "seal.h"

enum { WRAP_PLAIN = 128 };	/* packed fields of a wrapped key */

/* As open_derived, into `plain`, whose size the record must have. */
MUST_USE result record_open_into(const struct owner *owner,
    const struct derived *d, const struct record_place *place, text record,
    uint8_t *plain, size_t plain_n);

/*
 * A key in a record of class 9: fields 1 key, 2 created, and 3 retired once
 * it is; Unix seconds.  `plain` is secret memory to work in; after key_wrap
 * it is cleared, after key_unwrap it holds what `ret_key` points to and the
 * caller clears it.
 */
struct key_times { uint64_t created, retired; };	/* 0: in use */
MUST_USE result key_wrap(const struct chance *chance,
    const struct owner *owner, const struct derived *d,
    const struct record_place *place, const key32 *key,
    const struct key_times *times, uint8_t plain[WRAP_PLAIN],
    struct buf *out);
MUST_USE result key_unwrap(const struct owner *owner,
    const struct derived *d, const struct record_place *place, text record,
    uint8_t plain[WRAP_PLAIN], const key32 **ret_key,
    struct key_times *ret_times);

/* INVALID below the floor, above half of the memory, over the passes. */
MUST_USE result kdf_bounds(const struct slot_kdf *kdf);
uint64_t memory_half(void);

#endif
