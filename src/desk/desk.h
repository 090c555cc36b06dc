/*
 * desk: the projection in memory, and every list, search and agenda that
 * reads it.  Facts are read by id elsewhere; questions are asked here.
 *
 * Words.  The *projection* holds the listed fields of every row, opened:
 * SQLite ":memory:", made from the entity rows at unsealing, kept up after each commit, dropped at sealing.  It may be
 * thrown away and rebuilt at any time and is then equal (desk_same); what
 * could not be kept up is forgotten and made anew by the next question.
 *
 * Permission in lists is one join with what the asker may see, written
 * once (schema/visible.sql): far levels of the asker's roles, or a lead, or
 * a live grant with the compartment, or an emergency; never a walled row,
 * nor one that names something walled.  What a list does not show it does
 * not count, sort by or filter by: a person out of reach of people.identity
 * has a code and a responsible, stands last in an order by name, and no
 * filter on what is not shown finds it.
 *
 * In answers, "list" below is a list node to which objects are added,
 * "object" an object to which members are added.  A person in a list has
 * `code`, `within`, and within reach `name` (initials when the asker is
 * discreet), `initials`, `birth_year`, `department`, `language`,
 * `programmes`, `intake_on`, `last_contact`; `state` ("person.state.…":
 * detained, released, no_custody, died) as far as custody is seen;
 * `responsible`, `responsible_name`.  A matter has `code`, `within` (may
 * the file be opened; with it `title`), `type`, `state` ("matter.state.…":
 * open, blocked, closed), `forum`, `opened_on`, `closed_on`, `outcome`,
 * `next_on`, and the responsible and deputy.
 *
 * Searches answer `why` (NODE_WORD): find.why. same, sounds, one_letter,
 * short, two_letters, initial, code, number, file_number, title;
 * duplicate.why. number, name, surnames.  BAD_REQUEST: what is typed is
 * longer than 200 bytes, or not UTF-8.  Every verb answers SEALED in a
 * sealed office.
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
/* guard_load and desk_load in one: what both want of a row is opened once. */
MUST_USE result desk_load_with_guard(struct op *op);
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
/* An object `name` with `code`, `name`, `within`; NULL when it hides. */
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
	/* calls */
	day from, to;
};
/*
 * Adds to op->answer: `rows` (list), `count` (all that match), `sort`,
 * `next` and `previous` cursors or NULL.  One read leaf per list.
 * BAD_REQUEST: unknown sort or which, a limit above PAGE_ROWS_API_MAX, a
 * cursor that is none or stands on a row that hides.  A cursor names a row,
 * not what it is sorted by: no name reaches an address.  It goes with the
 * sort and the filters it was given for.
 *
 * Sorts, the usual one first, each also with "-" before it:
 * people   name code birth_year department intake_on last_contact
 *          responsible_name; merged ones are left out
 * matters  next_on opened_on type title code responsible_name
 * calls    -at call_back_at; which: own, all, open (not yet returned)
 */
MUST_USE result desk_people(struct op *op, const struct list_ask *ask);
MUST_USE result desk_matters(struct op *op, const struct list_ask *ask);
/* `code`, `person`, `at`, `direction`, `channel`, `caller`, `caller_name`
 * (with identity), `mandate`, `taken_by`, `call_back_at`, `_by`, `_state`. */
MUST_USE result desk_calls(struct op *op, const struct list_ask *ask);

/*
 * Find persons by any spelling of a name, a short code, or a document
 * number (of Peru: DNI, LE, CE, passport), the best first, of equals the
 * one in contact last; at most `limit`.  `to`: a list.
 */
MUST_USE result desk_find(struct op *op, text typed, int limit,
    struct node *to);
/* Matters by code or file number, within matters.list; by words of the
 * title where the file may be read.  `to`: a list. */
MUST_USE result desk_find_matters(struct op *op, text typed, int limit,
    struct node *to);

/*
 * Likely duplicates of a person (about to be registered, or there already),
 * with reasons: the same number; the same name; surnames that sound alike
 * in either order where the births may be one (three years apart, ten where
 * one is estimated, any where one is unknown).  Not those decided not_same.
 * `to`: a list, with `open`, the path of the one that is there.
 */
struct duplicate_ask {
	const struct person *person;
	const struct person_name *const *names;
	size_t names_n;
	const struct person_identifier *identifier;	/* or NULL */
};
MUST_USE result desk_duplicates(struct op *op, const struct duplicate_ask *a,
    struct node *to, size_t *ret_n);

/*
 * Who else in the office bears a name: clients, parties, relatives; for a
 * conflict check.  `to`: a list of `code`, `name`, `quality` (a party_role,
 * or conflict.client, conflict.relative), `date`, `matter`, `typed`, `why`,
 * each as far as the asker may see it.  What is walled shows only `ask`:
 * the name of its lead, or conflict.ask_director, each once.  TOO_LARGE:
 * more than forty names.
 */
MUST_USE result desk_conflicts(struct op *op, const text *names, size_t n,
    person_id besides, struct node *to, size_t *ret_n);

/*
 * Persons whose shredding was asked for and who do not hide from the asker,
 * the earliest first: `code`, `asked_at`, `asked_by_name`, `day` (on which
 * it was asked), `kind`, `href`.  `to`: a list.
 */
MUST_USE result desk_shreddings(struct op *op, struct node *to);

/* ---- what hangs on a person or matter, for their pages ----------------- */

/* Matters in which a person stands, as far as the asker may see them, with
 * `role` and `represented`.  `to`: a list. */
MUST_USE result desk_matters_of(struct op *op, person_id person,
    struct node *to);
/* Next running term of a matter: `code`, `day`, `alarm_on`, `due_at`,
 * `state`, and where it may be read `title`, `href`; none: unknown `day`.
 * `to`: an object. */
MUST_USE result desk_next_deadline(struct op *op, matter_id matter,
    struct node *to);

/*
 * `to`: an object, with the lists
 * alarms     terms whose alarm rings or whose day is past, unfiled, and
 *            those whose responsible is no longer there (`orphan`)
 * deadlines  other terms whose alarm or day comes within 72 h, and filed
 *            ones to close
 * calls      call-backs of the asker and of nobody, overdue or within 72 h
 * tasks      the asker's open ones; those of others only inside what is
 *            shared with the asker, when due within 72 h
 * Each has `code`, `kind`, `day`, `mine`, and `href` where it may be opened.
 */
MUST_USE result desk_today(struct op *op, struct node *to);

/*
 * Who changed what, and with `reads_too` who looked, the newest first, 200
 * leaves about an object at once.  `to`: an object, with `next`, the cursor
 * of what is older, or NULL, and under the name `list` of each `seq`, `at`,
 * `event`, `label`, `outcome`, `actor`, `actor_name`, and as far as the
 * reach's mask opens them `reason` and `changes` (`field`, `label`, `old`,
 * `new`).  BAD_REQUEST: the cursor is no number.
 */
struct history_ask { const char *list; bool reads_too; text cursor; };
MUST_USE result desk_history(struct op *op, const struct reach *reach,
    const char *kind, id object, const struct history_ask *ask,
    struct node *to);
/* How often this was done to the object, so far. */
MUST_USE result desk_times(struct op *op, const char *kind, id object,
    enum event event, int64_t *ret);
/* Persons and matters that a user had to do with since: `code`, `kind`
 * ("person", "matter"), `at`; the latest first, at most a thousand, without
 * what hides from the asker.  `to`: a list. */
MUST_USE result desk_opened(struct op *op, user_id user, instant since,
    struct node *to);
/* All leaves, newest first, but for those about what hides: `rows` (without
 * actor and object when `meta_only`), `count`, `next`.  `to`: an object.
 * BAD_REQUEST: the cursor is no number. */
MUST_USE result desk_audit(struct op *op, text cursor, bool meta_only,
    struct node *to);

/*
 * What one user answers for and somebody must when that user leaves: in the
 * order of `what`, what falls due first.  Nothing is left out: rows that hide
 * from the asker too, for handing over is no showing (guard_hides, before a
 * row is shown).  `object` is the person or matter it hangs on; OBJECT_NONE:
 * the office's own.  TOO_LARGE: more than LED_MAX.
 */
enum led_what { LED_PERSON, LED_MATTER, LED_MATTER_DEPUTY, LED_TERM,
	LED_TERM_DEPUTY, LED_TASK, LED_CALL, LED_LEAD, LED_GIVEN, LED_WALL,
	LED_KINDS };
enum { LED_MAX = 32768 };
struct led { enum led_what what; const struct entity *entity; id row;
	enum object_kind kind; id object; day due; };
MUST_USE result desk_led(struct op *op, user_id user, struct led **ret,
    size_t *ret_n);

extern const struct statement *const desk_statements[];

#endif
