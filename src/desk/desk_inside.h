/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_DESK_INSIDE_H
#define ALAS_DESK_INSIDE_H

#include "desk.h"
#include "desk_rows.h"
#include "names.h"
#include "projection_sql.h"

enum {
	FIND_TOKENS_MAX = 8,		/* words of one search */
	FIND_WORDS_MAX = 400,		/* of the vocabulary, for one of them */
	FIND_NAMES_MAX = 40000,		/* written names looked at */
	FIND_BYTES_MAX = 200,		/* of what is typed; the rest is not
					   read */
	DUPLICATES_MAX = 10,
	CONFLICT_NAMES_MAX = 40,
	CONFLICTS_MAX = 100,
	SAME_NUMBER_MAX = 20,		/* persons with one number */
	MATTER_WORDS_MAX = 4,		/* words of a title looked for */
	HISTORY_MAX = 200,		/* leaves of one page */
	OPENED_MAX = 1000,		/* persons and matters of one user */
	NEAR_HOURS = 72,		/* what Today calls near */
};

/* The projection: `store` is NULL until it is loaded, and after sealing. */
struct desk {
	struct office *office;
	struct store *store;
	bool loaded;
	uint64_t leaves;		/* leaves taken up so far */
	struct rolls *rolls;		/* of lists asked for; or NULL */
	struct lexicon *lexicon;	/* there while it is loaded */
};

/* ---- filling (keep.c, vocabulary.c) ----------------------------------- */

/*
 * One filling or keeping up.  `bulk`: all rows are new, and `called` is made
 * for everybody at the end.  `with_guard`: guard's directory is made of the
 * same rows on the way.
 */
struct keeping {
	struct op *op;
	struct desk *desk;
	struct tx *tx;
	bool bulk, with_guard;
};
MUST_USE result keep_all(struct keeping *k);
/* One row anew; one that is gone goes. */
MUST_USE result keep_row(struct keeping *k, const struct entity *e, id row);
/* Leaves that are not there yet. */
MUST_USE result keep_leaves(struct keeping *k);

/* Put the words of a written name in the place of what the row had; "":
 * only take away.  `person`: as in lexicon_put. */
MUST_USE result words_renew(struct keeping *k, id row, id person, text name);
/* How lists sort a name: surnames first, accents folded, ñ after n. */
text sort_key(struct arena *a, const struct person_name *n);
/* " word word " of folded words. */
text folded_words(struct arena *a, text t);
/* Capitals and digits alone. */
text bare_number(struct arena *a, text t);

extern const char *const desk_tables[], *const desk_indexes[];
/* Opens an empty projection. */
MUST_USE result projection_open(struct store **ret);

/* ---- words and names in memory (lexicon.c) ---------------------------- */

struct lexicon;
MUST_USE result lexicon_new(struct lexicon **ret);
void lexicon_free(struct lexicon **l);		/* accepts NULL */
/* A written name of a row that has none; `person`: the registered one who is
 * found by it, or none. */
MUST_USE result lexicon_put(struct lexicon *l, id row, id person,
    struct name_tokens tokens);
void lexicon_drop(struct lexicon *l, id row);
/* What a search asks of a person; `last` contact of those without walls. */
MUST_USE result lexicon_person(struct lexicon *l, id person, bool merged,
    int64_t last);
void lexicon_person_gone(struct lexicon *l, id person);
/* The words by number, from 0; false after the last one. */
struct lexicon_word { struct name_token token; size_t uses; };
bool lexicon_word(const struct lexicon *l, size_t at,
    struct lexicon_word *ret);
/* The names that hold a word, from 0; false after the last.  `found`: of a
 * person who is registered and not merged; else `person` and `last` say
 * nothing. */
struct lexicon_name {
	id row;
	bool found;
	id person;
	int64_t last;
	size_t tokens_n;
	struct name_token tokens[NAME_TOKENS_MAX];
};
bool lexicon_name(const struct lexicon *l, size_t word, size_t i,
    struct lexicon_name *ret);
/* Do they hold the same?  Else `ret_row` is where they differ. */
bool lexicon_same(const struct lexicon *a, const struct lexicon *b,
    id *ret_row);

/* ---- one question (view.c) -------------------------------------------- */

/* All that decides what somebody may see, but for the moment: compared byte
 * by byte.  Sets of kinds of question. */
struct asker {
	user_id user;
	uint32_t far, granted, emergency;
	int32_t today;
};
_Static_assert(sizeof(struct asker) == 32, "no byte of it is padding");

/* A transaction of the projection that knows who asks, and is rolled back:
 * nobody's question stays. */
struct view {
	struct op *op;
	struct tx *tx;
	struct asker asker;
	bool walled;			/* something hides from the asker */
};
/* The kinds of question, as the views of visible.sql know them, and the same
 * asked of the door, for one object that is about to be shown. */
enum see { SEE_FIND, SEE_IDENTITY, SEE_CUSTODY, SEE_CALLS, SEE_MATTERS,
	SEE_FILE, SEE_DEADLINES, SEE_TERMS, SEE_TASKS, SEE_KINDS };
bool view_may(struct view *v, enum see what, enum object_kind kind,
    id object);
/* The kinds of question, into a new projection. */
MUST_USE result view_questions(struct tx *tx);
MUST_USE result view_begin(struct op *op, struct view *ret);
void view_end(struct view *v);		/* accepts empty */

/* The rows of a statement that gives ids under `column`, in arena memory,
 * at most `most`. */
MUST_USE result view_ids(struct view *v, const struct statement *st,
    const struct arg *args, size_t n, const char *column, size_t most,
    id **ret, size_t *ret_n);
/* The first row's number under `column`; 0 when there is none. */
MUST_USE result view_number(struct view *v, const struct statement *st,
    const struct arg *args, size_t n, const char *column, int64_t *ret);
/* Columns of a row under way. */
day column_day(struct row_set *r, const char *name, const char *precision);
instant column_instant(struct row_set *r, const char *name);
/* The same in arena memory. */
text column_kept(struct view *v, struct row_set *r, const char *name);
struct arg arg_id_or_null(const char *name, const id *i);
/* The ids whose code has these bits: arguments `low` and `high`. */
struct code_range { id low, high; };
struct code_range code_range(uint32_t bits);

/* ---- one page of a list (pages.c) ------------------------------------- */

struct list_kind {
	const char *name;
	const char *kind;		/* of the read leaf: "person" */
	const char *const *sorts;	/* NULL-ended; the first is usual */
	/* All rows in order; one of them; of two; those that a change moves
	 * (schema/lists.sql). */
	const struct statement *up, *down, *place, *before, *touched;
	/* Adds one row to a list; a row that went is left out. */
	result (*show)(struct view *v, id row, struct node *to);
};
MUST_USE result list_page(struct op *op, const struct list_kind *l,
    const struct list_ask *ask);
struct list_order { text name; bool down; };
/* What the views of lists read of `ask`, for the rest of the question. */
MUST_USE result list_ask_put(struct view *v, const struct list_order *o,
    const struct list_ask *ask);

/* ---- the rows of a list in their order (rolls.c) ----------------------- */

struct roll;
/* After list_ask_put.  Valid until the next one is asked for. */
MUST_USE result roll_get(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct list_ask *ask,
    const struct roll **ret);
size_t roll_length(const struct roll *r);
id roll_at(const struct roll *r, size_t at);
/* Where a row stands, or would: then `ret_there` is false. */
MUST_USE result roll_find(struct view *v, const struct list_kind *l,
    const struct list_order *o, const struct roll *r, id row, size_t *ret_at,
    bool *ret_there);
/* Is this row in the list at all, filters apart? */
MUST_USE result roll_may(struct view *v, const struct list_kind *l, id row,
    bool *ret_there);
/* A row or object changed; all accept NULL. */
void rolls_note(struct rolls *r, id changed);
void rolls_end(struct rolls *r);
void rolls_end_walled(struct rolls *r);
void rolls_free(struct rolls **r);

/* ---- parts of answers ------------------------------------------------- */

/* A person for a list: false in `ret_there` when it may not be found. */
MUST_USE result add_person_card(struct view *v, id person, struct node *to,
    bool *ret_there);
MUST_USE result add_matter_card(struct view *v, id matter, struct node *to,
    bool *ret_there);
/* `name` or initials for who asks. */
text shown_name(const struct op *op, text name, text initials);
MUST_USE result called_in_view(struct view *v, id person,
    struct called *ret);
/* Members `code`, `name`, `within` of an object named `name`. */
MUST_USE result add_called_in_view(struct view *v, struct node *to,
    const char *name, id person);
/* `name`: the user's code, `<name>_name`: how the user is called. */
void add_user(struct view *v, struct node *to, const char *name,
    const char *called, id user);
/* A code of a list, or NULL when there is none. */
void add_known_code(struct node *to, const char *name, const char *list,
    text code);
/* "/people/AFTC-Z4W" */
text object_path(struct arena *a, const char *folder, id object);

/* Why a name was found: catalogue keys. */
extern const char *const find_why[NAME_REASONS];
/* Leaves written since by anybody, before a question about leaves. */
MUST_USE result desk_follow(struct op *op);

/* Persons by document number, as far as they may be found. */
MUST_USE result persons_by_number(struct view *v, text country, text kind,
    text number, id *ret, size_t most, size_t *ret_n);

/*
 * Words of the vocabulary that answer to one typed word, by number, and in
 * how many names they stand.
 */
struct answering { size_t *at; size_t n; int64_t uses; };
MUST_USE result vocabulary_answers(struct view *v, struct name_tokens typed,
    struct answering *ret);

#endif
