/*
 * ops: the table of everything that can be asked of the office, and the
 * one dispatcher.  Pages, API, shell and imports all come through here.
 *
 * Words.  A *row* says what an operation is: verb, area and level it
 * needs, the object its path names, its addresses in each door, its inputs
 * and its handler.  Routes, shell verbs, OpenAPI, help and the permission
 * test derive from the rows; what a role may do is not in them (guard).
 *
 * A *handler* runs with its reach already decided.  It reads its inputs,
 * refuses or calls verbs of the domain, fills op->answer, sets
 * op->location, and commits as its last act (facts_commit).  It is run
 * again from the start when an errand has come back.
 * A *form* handler fills the page of a changing operation: on GET, and
 * again after INVALID, when what was typed stands in op->inputs.  Before
 * either of them the dispatcher sets op->location by the row's `back`, and
 * after a form it says what will happen.
 *
 * Rows stand at the end of the file of their handlers: person.c, matter.c…
 */
#ifndef ALAS_OPS_H
#define ALAS_OPS_H

#include "guard.h"

enum op_flag {
	OP_CHANGES = 1,		/* POST from pages; one effect per key */
	OP_PUBLIC = 2,		/* no session needed */
	OP_SEALED = 4,		/* answers while the office is sealed, and
				 * nobody can be known */
	OP_CREATES = 8,		/* 201 in the API */
	OP_NEEDS_VERSION = 16,	/* _v or If-Match must come */
	OP_PAGE_ONLY = 32,	/* no API, no shell: tested in pages alone */
	OP_SLOW = 64,		/* waits on an errand */
	OP_DEMO = 128,		/* only in a demonstration office */
	OP_ANY_INPUTS = 256,		/* a draft takes whatever a form has */
	OP_PAPER = 512,			/* answers with a PDF */
	OP_ASKS = 1024,		/* POST from pages, and changes nothing: its
				 * answer is the page itself */
	OP_UPLOAD = 2048,		/* takes files: multipart/form-data */
	OP_FILE = 4096,			/* answers with a file, whatever it is */
	OP_PICTURE = 8192,		/* answers with a PNG */
	OP_DANGER = 16384,		/* not to be taken back: its button
					 * has the colour for that */
};

enum in_flag {
	IN_REQUIRED = 1, IN_SECRET = 2,	/* never shown again, never logged */
	IN_HIDDEN = 4, IN_MANY = 8 };

/* One input: typed by an entity's field, or by itself. */
struct in {
	const char *name;		/* full name, with its prefix */
	const struct entity *entity;	/* NULL: by itself */
	int field;
	enum field_kind kind;
	const char *codes;
	const char *label;		/* catalogue key */
	const char *hint;		/* catalogue key or NULL */
	unsigned flags;
	int64_t most;			/* characters; 0: 200 */
};
#define IN(of, name_, index)                                                 \
	{ .name = #name_, .entity = &entity_##of, .field = (index) }
/* <ENTITY>_FORM(IN): those that column `form` of data/entities.csv says. */
#define IN_AS(of, name_, index, flags_)                                      \
	{ .name = (name_), .entity = &entity_##of, .field = (index),         \
	  .flags = (flags_) }
/* The same under a label of the operation's own. */
#define IN_SAID(of, name_, index, label_)                                    \
	{ .name = (name_), .entity = &entity_##of, .field = (index),         \
	  .label = (label_) }
#define IN_OWN(name_, kind_, label_, flags_)                                 \
	{ .name = (name_), .kind = (kind_), .label = (label_),               \
	  .flags = (flags_) }
#define IN_CODED(name_, kind_, codes_, label_, flags_)                       \
	{ .name = (name_), .kind = (kind_), .codes = (codes_),               \
	  .label = (label_), .flags = (flags_) }
#define IN_END { .name = NULL }

struct list_ask;
struct record;

typedef result handler(struct op *op, const struct reach *reach);

struct op_row {
	const char *name;		/* "person.add": also its words' key */
	enum area area;
	enum level need;
	enum object_kind object;	/* what the first {…} belongs to */
	const char *page;		/* "/people/{person}/edit" */
	const char *api;		/* "PATCH /people/{person}" */
	const char *shell;		/* "person edit" */
	const char *template;		/* page of the answer; NULL: "form" */
	unsigned flags;
	const struct in *inputs;	/* IN_END at the end; or NULL */
	handler *run;
	handler *form;
	/* Where it leads afterwards, and "cancel" before: "{}" is the object
	 * of the reach, else the first in the path; NULL: the object's page. */
	const char *back;
	const char *happens[3];		/* what its form says that it does */
	const struct record *record;	/* of record_add and record_edit */
	/* The list of the desk that it shows. */
	result (*list)(struct op *op, const struct list_ask *ask);
};

/* Every row, one after the other: NULL begins, NULL ends. */
const struct op_row *ops_next(const struct op_row *after);

/* ---- the dispatcher --------------------------------------------------- */

struct route {
	const struct op_row *row;
	text code[4];			/* texts of the {…} in the path */
	const char *param[4];		/* "person", "matter", … */
	size_t n;
	bool form;			/* GET of a changing operation's page */
};
/*
 * NOT_FOUND; METHOD, and then `ret_allow` ("GET, POST").  HEAD finds what
 * GET finds.  `path` has no query.
 */
MUST_USE result ops_route(enum door door, text method, text path,
    struct route *ret, text *ret_allow, struct arena *a);
const struct op_row *ops_named(text name);
/* Does this office have it?  A row that it has not is as no row at all. */
bool ops_there(const struct office *office, const struct op_row *row);
/* Does the row declare an input of this name? */
bool ops_takes(const struct op_row *row, text name);

/* The entity behind a path parameter: {person}, {name}, {call}, … */
const struct entity *ops_param_entity(const char *param);
/* What a reach is about: person, matter, or NULL. */
const struct entity *ops_home_entity(enum object_kind kind);

/*
 * Run one operation: sealed?, session (already in op), inputs known, once
 * key, reach, handler, commit's aftermath (guard, desk).  What is asked of
 * the area that is everybody's opens no transaction.  WAIT: op->errand
 * says what for; call again with the errand done.
 */
struct once { text key; uint8_t digest[32]; };
MUST_USE result ops_run(struct op *op, const struct route *route,
    const struct once *once);
/* Fill op->answer for the form of this row again, after INVALID. */
MUST_USE result ops_form_again(struct op *op, const struct route *route);

/* The answer an earlier request with this key was given; NULL: none. */
const struct once_answer *ops_answered(const struct op *op);

/* ---- for handlers ----------------------------------------------------- */

/*
 * Read all entity-typed inputs of the running row into `row`, ids first, and
 * check them; problems are collected, not thrown.  An id of a row that hangs
 * under another object than the reach's (NULL: any) is as one that is not
 * there, and that is said at the same moment.
 */
MUST_USE result ops_fill(struct op *op, const struct reach *reach,
    const struct entity *e, void *row);
/* The `fields` of the form, but those of a saved row that are not open:
 * values from rows of the entities given (NULL
 * for none), what was typed wins. */
struct filled { const struct entity *entity; const void *row; };
MUST_USE result ops_form(struct op *op, const struct filled *from, size_t n);
/*
 * Put the inputs of an edit into `row`, the present row, field by field:
 * what the asker changed since version op->version, where nobody else
 * changed the same field otherwise.  CONFLICT: some did; op->answer then
 * holds `conflicts` (name, label, before, theirs, yours) and `keep` for the
 * page that shows both.  STALE: the same from a program, which merges itself.
 * FORBIDDEN: something was given for a class that is not open.
 */
MUST_USE result ops_merge(struct op *op, const struct reach *reach,
    const struct entity *e, void *row);
/* An id-typed input given as a short code; none when empty.  Adds a
 * problem when there is no such row. */
MUST_USE result ops_input_id(struct op *op, const char *name,
    const struct entity *e, id *ret);
/* A short-coded path for op->location: "/people/{}" with codes put in. */
text ops_path(struct op *op, const char *pattern, const id *ids, size_t n);
/* Add `user_name` beside an id of a user; "" when unknown. */
void ops_add_user(struct op *op, struct node *to, const char *name,
    user_id user);
/* The form of an operation of which inputs and `happens` say everything. */
handler ops_form_plain;
/*
 * The reach of a part of a page that another area opens; NULL where the
 * asker may not, and the part is left out.
 */
MUST_USE result ops_reach_part(struct op *op, enum area area,
    enum level need, enum object_kind kind, id object,
    const struct reach **ret);
/* Is anything given whose name begins so? */
bool ops_any_given(const struct op *op, const char *prefix);
/* Commit with event and object; the answer and location are set before. */
MUST_USE result ops_commit(struct op *op, enum event event,
    const struct entity *e, id object);

#endif
