/*
 * entity: the rows of data/entities.csv as C structs, and the walkers that
 * carry them: pack, read, check, show, fill a form.  A walker carries data,
 * it never decides: state moves, dates, consent and permission are
 * functions of the domain rooms.
 *
 * Words.  A *row* is one record of an entity: its struct begins with
 * `struct row`.  A *class* says who may open a field; a *mask* is the set
 * of classes that may be shown.  Showing leaves a class out unless the
 * mask names it, so forgetting yields less, never more.
 *
 * Ownership.  Texts and lists of a row point into arena memory.
 */
#ifndef ALAS_ENTITY_H
#define ALAS_ENTITY_H

#include "base.h"
#include "node.h"
#include "words.h"

/* The first five are numbered as the record classes of seal. */
enum in_class { IN_CLEAR, IN_IDENTITY, IN_SENSITIVE, IN_CASE, IN_DONOR,
	IN_OFFICE, IN_BOOKS, IN_CLASSES };
enum { RATE_SCALE_MAX = 10 };		/* digits behind a rate's point */
typedef uint32_t class_mask;		/* bits 1u << IN_… */

enum field_kind { KIND_TEXT, KIND_MULTILINE, KIND_CODE, KIND_CODES,
	KIND_INTEGER, KIND_BOOLEAN, KIND_DAY, KIND_INSTANT, KIND_MINUTES,
	KIND_MONEY, KIND_RATE, KIND_ID, KIND_DIGITS, KIND_FILE };

/* What every row of every table has. */
struct row {
	id id;
	uint64_t v;			/* version, the ETag; 0: not saved */
	int64_t seq;			/* its last leaf */
	uint64_t class_v[IN_OFFICE + 1];	/* version of each record */
	class_mask open;		/* classes that were opened */
	class_mask damaged;		/* classes that should open and don't */
	bool read_only;			/* has a tag this program lacks */
};

struct entity;

struct field {
	const char *name;
	uint16_t tag;
	enum field_kind kind;
	enum in_class class;
	int64_t least, most;
	const char *pattern;
	const struct entity *of;	/* KIND_ID: what it names */
	const char *codes;
	bool required, listed, searched;
	size_t at;
	const char *label[LANGS];
};

struct entity {
	const char *name;
	uint16_t number;		/* in leaves; never used again */
	const struct field *fields;
	size_t n;
	size_t size;
	class_mask classes;
	size_t parents_n;
	int parents[8];			/* clear ids, by field index */
};

#include "entity_rows.h"

const struct entity *entity_named(text name);	/* NULL */
const struct field *entity_field(const struct entity *e, text name);
/* The row a struct begins with. */
struct row *entity_row(void *row);
/* An empty row; NULL when out of memory. */
void *entity_new(struct arena *a, const struct entity *e);
id field_id(const struct field *f, const void *row);
void field_set_id(const struct field *f, void *row, id i);

/* ---- codes (data/codes.csv) ------------------------------------------- */

struct code { text code, label[LANGS], note; bool retired; };
struct codes;
/* INVALID: `ret_error` (arena text) names file, line, column, remedy. */
MUST_USE result codes_open(const char *path, struct arena *a,
    struct codes **ret, text *ret_error);
void codes_close(struct codes **c);
/* SHA-256 of the file, 64 hexadecimal digits. */
text codes_digest(const struct codes *c);
const struct code *codes_find(const struct codes *c, const char *list,
    text code);			/* NULL */
/* The list in file order; NULL and 0 when there is none. */
const struct code *codes_list(const struct codes *c, const char *list,
    size_t *ret_n);
text codes_label(const struct codes *c, const char *list, text code,
    enum lang l);			/* the code itself if unknown */

/* ---- problems: what is wrong with what was typed ---------------------- */

struct problem {
	text field;			/* name of the input, "" for all */
	const char *key;		/* catalogue key, may hold {0} {1} */
	text args[3];
	size_t args_n;
	bool bounded;			/* {0} is least, {1} is most */
	int64_t least, most;
};
struct problems { struct problem at[ERRORS_MAX]; size_t n; };
/* More than ERRORS_MAX are dropped: the first hundred say enough. */
void problem_add(struct problems *p, text field, const char *key,
    const text *args, size_t n);
void problem_add_bounds(struct problems *p, text field, const char *key,
    int64_t least, int64_t most);
bool problem_has(const struct problems *p, text field);

/* What a problem says to a person. */
text problem_text(const struct words *w, enum lang l, struct arena *a,
    const struct problem *p);

/* ---- walkers ---------------------------------------------------------- */

bool field_empty(const struct field *f, const void *row);
bool field_same(const struct field *f, const void *a, const void *b);
void field_copy(const struct field *f, const void *from, void *to);
void field_clear(const struct field *f, void *row);

/* Packed fields of one class, padded.  BUG: a value over 65,535 bytes. */
MUST_USE result entity_pack(const struct entity *e, const void *row,
    enum in_class class, struct buf *out);
/* CORRUPT: not well formed.  An unknown tag makes the row read-only. */
MUST_USE result entity_unpack(struct arena *a, const struct entity *e,
    enum in_class class, text plain, void *row);

enum typed_by { TYPED_IN_FORM, TYPED_IN_JSON };
/*
 * Read one typed value into a row.  Empty text empties the field.  Lists
 * come as several values.  INVALID: a problem was added under `name`, the
 * field unchanged.
 */
struct typed {
	enum typed_by by;
	day today;			/* for "hoy", "+10" */
	text name;			/* of the input */
	const text *values;
	size_t n;
};
MUST_USE result field_read(struct arena *a, const struct codes *codes,
    const struct field *f, const struct typed *typed, void *row,
    struct problems *problems);
/* What field_read(JSON) reads back; lists joined by spaces; "" if empty. */
text field_write(struct arena *a, const struct field *f, const void *row);
/* As a person would type it, for a form's value. */
text field_typed(struct arena *a, const struct words *w, enum lang l,
    const struct field *f, const void *row);

/*
 * Required and bounds of the classes in `mask`; all problems, not the
 * first.  `prefix` stands before the field's name ("name_"); an input that
 * has a problem already gets no second one.
 */
void entity_check(struct arena *a, const struct entity *e, const void *row,
    class_mask mask, const char *prefix, const struct codes *codes,
    struct problems *problems);

/* Members of every field whose class is in `mask` (clear ones always);
 * empty ones as NULL.  Also "id" (short code) and "v". */
void entity_show(struct node *to, const struct entity *e, const void *row,
    class_mask mask);

/*
 * One field of a form, for the `field` partial: name, kind, label, hint,
 * value, values, options, optional.  `name` is the input's name.
 * `typed` (or NULL) wins over the row: nothing typed is thrown away.
 */
struct form_context {
	const struct words *words;
	const struct codes *codes;
	enum lang lang;
	const struct problems *problems;
};
struct node *form_field(struct node *list, const struct form_context *c,
    const struct field *f, text name, const void *row,
    const struct typed *typed);

#endif
