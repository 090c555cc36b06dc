/*
 * What every test of seal includes: cmocka in its order, the known answers
 * of data/vectors, and chance that gives what the answers were made with.
 */
#ifndef ALAS_TEST_SEAL_CHECK_H
#define ALAS_TEST_SEAL_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "seal.h"

#define assert_ok(call) assert_int_equal((call).code, E_OK)
#define assert_result(call, name) assert_int_equal((call).code, E_##name)

struct bytes { uint8_t *p; size_t n; };

json_t *vector_file(const char *name);		/* "records.json" */
/* Members of a row; a missing one fails the test. */
const char *string_of(const json_t *row, const char *name);
uint64_t number_of(const json_t *row, const char *name);
struct bytes bytes_of(const json_t *row, const char *name);  /* free(p) */
void bytes_into(const json_t *row, const char *name, void *out, size_t n);
id id_in(const json_t *row, const char *name);
key32 key_in(const json_t *row, const char *name);
key32 key_of_hex(const char *hex);
text view(struct bytes b);

/* Chance that says given bytes, in order, and fails the test past them. */
struct script { uint8_t b[256]; size_t n, at; };
struct chance script_chance(struct script *s);
void script_add(struct script *s, const void *p, size_t n);

/* A ring with a root; then a purpose key of the bytes given. */
struct keyring *ring_new(void);
void ring_put(struct keyring *k, enum purpose kind, uint32_t epoch,
    const key32 *key);

void shake256(const char *from, uint8_t *out, size_t n);

#endif
