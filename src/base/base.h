/*
 * base: the ground that every room stands on.
 *
 * Words.  A `text` is a borrowed view; whoever hands it out says whose
 * memory it is.  A `buf` grows to the maximum given at its birth and then
 * refuses.  An `arena` is the memory of one operation: take, never free,
 * reset at the end.  A `result` must be used: OK, a refusal (for people,
 * has a key in the catalogues) or a fault (for us, has a trace).
 *
 * Invariants.  A zeroed value of any type below is "empty".  No verb here
 * reads a clock, draws a random byte or opens a file.
 */
#ifndef ALAS_BASE_H
#define ALAS_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limits_alas.h"

#define MUST_USE __attribute__((warn_unused_result))
#define CLEANUP(f) __attribute__((cleanup(f)))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

/* ---- results ---------------------------------------------------------- */

/*
 * One row per way to end.  ERR(name, family, HTTP status, catalogue key).
 * The key is what people read; API clients get the name in small letters.
 */
#define ERRORS(ERR)                                                          \
	ERR(OK, FINE, 200, "error.ok")                                       \
	ERR(BAD_REQUEST, REFUSAL, 400, "error.bad_request")                  \
	ERR(SIGN_IN, REFUSAL, 401, "error.sign_in")                          \
	ERR(STEP_UP, REFUSAL, 401, "error.step_up")                          \
	ERR(FORBIDDEN, REFUSAL, 403, "error.forbidden")                      \
	ERR(CSRF, REFUSAL, 403, "error.csrf")                                \
	ERR(NOT_FOUND, REFUSAL, 404, "error.not_found")                      \
	ERR(METHOD, REFUSAL, 405, "error.method")                            \
	ERR(CONFLICT, REFUSAL, 409, "error.conflict")                        \
	ERR(STALE, REFUSAL, 412, "error.stale")                              \
	ERR(TOO_LARGE, REFUSAL, 413, "error.too_large")                      \
	ERR(MEDIA_TYPE, REFUSAL, 415, "error.media_type")                    \
	ERR(INVALID, REFUSAL, 422, "error.invalid")                          \
	ERR(KEY_REUSED, REFUSAL, 422, "error.key_reused")                    \
	ERR(NEED_VERSION, REFUSAL, 428, "error.need_version")                \
	ERR(TOO_MANY, REFUSAL, 429, "error.too_many")                        \
	ERR(SEALED, REFUSAL, 503, "error.sealed")                            \
	ERR(BUSY, REFUSAL, 503, "error.busy")                                \
	ERR(FULL, REFUSAL, 503, "error.full")                                \
	ERR(UNAVAILABLE, REFUSAL, 503, "error.unavailable")                  \
	ERR(WAIT, REFUSAL, 202, "error.wait")                                \
	ERR(SEALED_RECORD, FAULT, 500, "error.sealed_record")                \
	ERR(NO_MEMORY, FAULT, 503, "error.no_memory")                        \
	ERR(IO, FAULT, 500, "error.io")                                      \
	ERR(STORE, FAULT, 500, "error.store")                                \
	ERR(CORRUPT, FAULT, 500, "error.corrupt")                            \
	ERR(SANDBOX, FAULT, 500, "error.sandbox")                            \
	ERR(BUG, FAULT, 500, "error.bug")

enum error_family { FAMILY_FINE, FAMILY_REFUSAL, FAMILY_FAULT };

enum error_code {
#define ERR(name, family, status, key) E_##name,
	ERRORS(ERR)
#undef ERR
	ERROR_CODES
};

typedef struct { uint8_t code; } result;

#define OK ((result){ E_OK })
#define is_ok(r) ((r).code == E_OK)
/* Say no to a person: nothing was written. */
#define refuse(name) ((result){ E_##name })
/* Say that we are at fault: remembers where, for the door to log once. */
#define fault(name) base_fault(E_##name, __FILE__, __LINE__)
/* Hand a failure on; what was taken so far is released by its CLEANUP. */
#define TRY(call)                                                            \
	do {                                                                 \
		result try_ = (call);                                        \
		if (!is_ok(try_))                                            \
			return try_;                                         \
	} while (0)
/* Memory from an arena or a buffer that ran out ends the operation. */
#define NEED(pointer)                                                        \
	do {                                                                 \
		if ((pointer) == NULL)                                       \
			return fault(NO_MEMORY);                             \
	} while (0)
/* The only way to drop a result: with a reason that a reviewer reads. */
#define ignore(call, because)                                                \
	do {                                                                 \
		result ignored_ = (call);                                    \
		_Static_assert(sizeof(because) > 8, "a reason, please");     \
		(void)ignored_;                                              \
	} while (0)

struct fault_trace { const char *file; int line; enum error_code code; };

MUST_USE result base_fault(enum error_code code, const char *file, int line);
/*
 * The last fault of this process, handed over once: the door logs it, and
 * asking again answers E_OK until the next one.
 */
struct fault_trace base_fault_last(void);
enum error_family error_family(result r);
int error_status(result r);
const char *error_key(result r);	/* "error.not_found" */
const char *error_name(result r);	/* "not_found" */

/* ---- text, buffers ---------------------------------------------------- */

typedef struct { const char *p; size_t n; } text;

#define T(literal) ((text){ "" literal, sizeof(literal) - 1 })
text text_of(const char *nul_ended);		/* NULL gives empty */
bool text_same(text a, text b);			/* bytes; not for secrets */
int text_order(text a, text b);			/* by bytes */
bool text_starts(text t, text with);
bool text_ends(text t, text with);
text text_trim(text t);				/* ASCII space, TAB, LF, CR */
/* Cut off and return what stands before the first `at`; rest without it. */
text text_cut(text *rest, char at);
bool text_has(text t, char c);
size_t text_characters(text utf8);
bool text_is_utf8(text t);	/* strict: no overlong, surrogate, NUL */
bool text_has_control(text t, bool lines_allowed);  /* TAB, LF allowed? */
/* Decimal digits only, optional leading '-', whole text, no overflow. */
bool text_integer(text t, int64_t *ret);

struct buf { char *p; size_t n, cap, max; bool failed, starved; };

struct buf buf_new(size_t max);			/* takes nothing yet */
void buf_free(struct buf *b);			/* clears and frees */
void buf_clear(struct buf *b);			/* n = 0, memory kept */
/* Appending past max or out of memory sets `failed`, once and for good; out
 * of memory `starved` too. */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_text(struct buf *b, text t);
void buf_char(struct buf *b, char c);
void buf_format(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_u16(struct buf *b, uint16_t v);	/* big-endian */
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
/* `n` more bytes for the caller to fill at once; NULL sets `failed`. */
void *buf_extend(struct buf *b, size_t n);
text buf_view(const struct buf *b);
/* TOO_LARGE when something did not fit, NO_MEMORY when there was none; the
 * buffer is then useless. */
MUST_USE result buf_end(const struct buf *b);

uint16_t get_u16(const void *p);
uint32_t get_u32(const void *p);
uint64_t get_u64(const void *p);
void put_u16(void *p, uint16_t v);
void put_u32(void *p, uint32_t v);
void put_u64(void *p, uint64_t v);

/* ---- arena ------------------------------------------------------------ */

struct arena;

/* `max` bytes at most, from the system in blocks; NULL when out of memory. */
struct arena *arena_new(size_t max);
void arena_free(struct arena *a);
void arena_reset(struct arena *a);		/* clears what was used */
/* Zeroed, aligned for anything, NULL at the maximum. n == 0 gives a pointer. */
void *arena_take(struct arena *a, size_t n);
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy with a NUL after it; p == NULL when out of memory. */
text arena_text(struct arena *a, text t);
text arena_format(struct arena *a, const char *format, ...)
    PRINTF_LIKE(2, 3);
struct arena_mark { void *block; size_t used; };
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

/* ---- meaning ---------------------------------------------------------- */

typedef struct { uint8_t b[16]; } id;		/* all zero: none */
bool id_none(id i);
bool id_same(id a, id b);
int id_order(id a, id b);
id id_of_number(uint64_t n);			/* 8 zero bytes, then n */
/* 32 small hex digits, for tests and tools; never shown to a person. */
text id_hex(struct arena *a, id i);

/*
 * Short codes (formats.md): six characters of Crockford's alphabet from
 * the first 30 bits and a check character over GF(32), "AFTC-Z4W".
 */
enum { CODE_TEXT = 8, CODE_BITS = 30 };
typedef struct { char s[CODE_TEXT + 1]; } code_text;
code_text code_of(id i);
/* Read what a person typed; false unless the check character agrees. */
bool code_read(text typed, uint32_t *ret_bits);
uint32_t code_bits(id i);
/* The alphabet and field of codes, for the phrases of other rooms. */
int code_value(char typed);	/* 0 to 31, -1: none; forgives case, O, I, L */
char code_char(uint32_t value);
uint32_t code_times_alpha(uint32_t value);

enum precision { EXACT, MONTH, YEAR, ESTIMATED };
/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
typedef struct { int32_t n; uint8_t precision; bool known; } day;
typedef struct { int year; int month; int day; } ymd;
bool ymd_valid(int year, int month, int day);	/* 1900 to 2200 */
day day_of(int year, int month, int day);	/* exact; caller checked */
ymd day_ymd(day d);
int day_weekday(day d);				/* 0 Monday … 6 Sunday */
int days_in_month(int year, int month);
day day_plus(day d, int32_t days);		/* keeps the precision */
bool day_same(day a, day b);
/* "2026-11-24", "2026-11", "2026", "~2026"; false if it is none of them. */
bool day_read(text iso, day *ret);
/* Figures alone, "24/11/2026", "~1992": alike in every language of ours. */
text day_figures(struct arena *a, day d);
text day_iso(struct arena *a, day d);		/* same four forms; "" */

typedef struct { int64_t ms; bool known; } instant;	/* Unix, UTC */
enum { LIMA_OFFSET_S = -5 * 3600 };		/* fixed: no zone file */
day instant_day(instant t);			/* the day in Lima */
instant instant_of(day d, int hour, int minute);	/* Lima */
void instant_clock(instant t, int *ret_hour, int *ret_minute);	/* Lima */
text instant_rfc3339(struct arena *a, instant t);	/* UTC, "…Z" */
bool instant_read(text rfc3339, instant *ret);	/* Z or ±hh:mm; or Lima */

typedef struct { int64_t minor; char currency[4]; } money;
typedef struct { int64_t mantissa; uint8_t scale; bool known; } rate;
typedef struct { int64_t value; bool known; } whole;	/* integer, minutes */
typedef struct { bool value; bool known; } yesno;
typedef struct { const text *p; size_t n; } texts;	/* a list of codes */
typedef struct {
	uint8_t key[32];
	uint64_t length;
	uint8_t sealed_sha256[32], original_sha256[32];
	text type, name;
	bool known;
} file_ref;

/* ---- encodings -------------------------------------------------------- */

void hex_write(char *out, const void *p, size_t n);	/* 2n characters */
bool hex_read(text t, void *out, size_t n);

#endif
