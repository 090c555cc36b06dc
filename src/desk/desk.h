/*
 * desk: the projection in memory, and every list, search and agenda that
 * reads it.  Facts are read by id elsewhere; questions are asked here.
 *
 * Words.  The *projection* holds the listed fields of every row, opened:
 * SQLite ":memory:", made from the entity rows at unsealing, kept up after
 * each commit, dropped at sealing.  It may be thrown away and rebuilt at
 * any time and is then equal (desk_same).
 *
 * Permission in lists is one join with what the asker may see, written
 * once (visible.sql, included by each list): far levels of the asker's
 * roles, or a lead, or a live grant with the compartment; never a walled
 * row.  What a list does not show it does not count.
 */
#ifndef ALAS_DESK_H
#define ALAS_DESK_H

#include "facts.h"
#include "guard.h"
#include "op.h"

MUST_USE result desk_open(struct office *office, struct desk **ret);
void desk_close(struct desk **d);
/* Build from the facts, at unsealing; `audit` index included. */
MUST_USE result desk_load(struct op *op);
void desk_forget(struct desk *d);	/* at sealing: nothing stays */
/* op committed: take up the rows it touched and its leaf. */
void desk_committed(struct op *op);
/* Compare with a fresh build: "" or the first difference in words. */
MUST_USE result desk_same(struct op *op, text *ret_difference);

/* ---- how a person is called ------------------------------------------- */

struct called {
	text name;		/* shown name, or initials when discreet */
	text initials;
	bool within;		/* within reach of people.identity */
	bool there;
};
/* For pages: code only ("" name) when outside reach; walled: not there. */
MUST_USE result desk_called(struct op *op, person_id person,
    struct called *ret);
/* Members `code`, `name`, `within` for a person. */
MUST_USE result desk_add_called(struct op *op, struct node *to,
    const char *name, person_id person);

/* ---- lists ------------------------------------------------------------ */

struct list_ask {
	text sort;			/* "name", "-intake_on" */
	text cursor;
	int limit;			/* PAGE_ROWS when 0 */
	/* people */
	text state, language, department, programme;
	user_id responsible;
	/* matters */
	text type, forum;
	text which;			/* "own", "all", "quiet", "undated" */
	/* deadlines, calls, tasks */
	day from, to;
};
/*
 * Adds to op->answer: `rows` (objects), `count` (all that match), `sort`,
 * `next` and `previous` cursors or NULL.  One read leaf per list.
 * BAD_REQUEST: unknown sort or cursor.
 */
MUST_USE result desk_people(struct op *op, const struct list_ask *ask);
MUST_USE result desk_matters(struct op *op, const struct list_ask *ask);
MUST_USE result desk_calls(struct op *op, const struct list_ask *ask);

/*
 * Find persons by any spelling of a name, a short code, or a document
 * number.  Adds `rows` with code, name, birth year, department,
 * responsible and `why` (NODE_WORD) it matched; at most `limit`.
 */
MUST_USE result desk_find(struct op *op, text typed, int limit,
    struct node *to);
/* Matters by code, file number or title, within matters.list. */
MUST_USE result desk_find_matters(struct op *op, text typed, int limit,
    struct node *to);

/* Likely duplicates of a person about to be registered, with reasons. */
struct duplicate_ask {
	const struct person *person;
	const struct person_name *const *names;
	size_t names_n;
	const struct person_identifier *identifier;	/* or NULL */
};
MUST_USE result desk_duplicates(struct op *op, const struct duplicate_ask *a,
    struct node *to, size_t *ret_n);

/* Who else in the office bears a name: clients, parties, relatives; for a
 * conflict check.  Walled hits show only whom to ask. */
MUST_USE result desk_conflicts(struct op *op, const text *names, size_t n,
    person_id besides, struct node *to, size_t *ret_n);

/* ---- what hangs on a person or matter, for their pages ----------------- */

/* Matters in which a person stands, as far as the asker may see them. */
MUST_USE result desk_matters_of(struct op *op, person_id person,
    struct node *to);
MUST_USE result desk_parties_of(struct op *op, matter_id matter,
    struct node *to);
/* Next running term of a matter; none: unknown day. */
MUST_USE result desk_next_deadline(struct op *op, matter_id matter,
    struct node *to);

/* Terms, call-backs of 72 h, tasks, drafts: `alarms`, `deadlines`,
 * `calls`, `tasks`. */
MUST_USE result desk_today(struct op *op, struct node *to);

/* Who changed what, and who looked, newest first: leaves about an object. */
MUST_USE result desk_history(struct op *op, const struct reach *reach,
    const char *kind, id object, bool reads_too, struct node *to);
/* Persons and matters that the asker had to do with since: `code`, `kind`
 * ("person", "matter"), `at`; the latest first, without what hides. */
MUST_USE result desk_opened(struct op *op, instant since, struct node *to);
/* All leaves, newest first, for the audit page. */
MUST_USE result desk_audit(struct op *op, text cursor, bool meta_only,
    struct node *to);

extern const struct statement *const desk_statements[];

#endif
