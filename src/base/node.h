/*
 * node: the tree of an answer.  An operation builds one; pages fill a
 * template from it, the API writes it as JSON, the shell prints it.  So
 * there is one answer and three ways to see it.
 *
 * All memory is the arena's: texts and keys are copied into it, names of
 * members and of code lists are literals and stay.  A verb that runs out of
 * memory returns NULL and every verb accepts a NULL parent or child, so a
 * builder may check once at its end (node_whole).
 */
#ifndef ALAS_NODE_H
#define ALAS_NODE_H

#include "base.h"

enum node_kind {
	NODE_OBJECT, NODE_LIST,
	NODE_TEXT,		/* what somebody typed, or a machine's text */
	NODE_WORD,		/* a catalogue key; JSON shows the key */
	NODE_CODE,		/* list and code; pages show the label */
	NODE_NUMBER, NODE_BOOL, NODE_DAY, NODE_INSTANT, NODE_MONEY,
	NODE_SHORT,		/* a short code; also the text of a link */
	NODE_NULL
};

struct node {
	enum node_kind kind;
	const char *name;		/* member of an object; NULL in a list */
	text text;			/* TEXT, WORD key, CODE code, SHORT */
	const char *list;		/* CODE: name of the code list */
	int64_t number;			/* NUMBER, BOOL */
	day day;
	instant instant;
	money money;
	struct node *first, *last, *next;	/* OBJECT, LIST */
	struct node *up;		/* where it hangs; NULL at the root */
	bool failed;			/* an add here or below failed */
	size_t n;				/* children */
	struct arena *arena;
};

struct node *node_object(struct arena *a);
/* Under an object `name` is a literal in snake_case; under a list NULL. */
struct node *node_add_object(struct node *to, const char *name);
struct node *node_add_list(struct node *to, const char *name);
struct node *node_add_text(struct node *to, const char *name, text t);
struct node *node_add_word(struct node *to, const char *name, const char *key);
struct node *node_add_code(struct node *to, const char *name,
    const char *list, text code);
struct node *node_add_number(struct node *to, const char *name, int64_t v);
struct node *node_add_bool(struct node *to, const char *name, bool v);
struct node *node_add_day(struct node *to, const char *name, day d);
struct node *node_add_instant(struct node *to, const char *name, instant t);
struct node *node_add_money(struct node *to, const char *name, money m);
struct node *node_add_short(struct node *to, const char *name, id i);
struct node *node_add_null(struct node *to, const char *name);
/* Put a ready subtree in place (it must not hang elsewhere). */
struct node *node_add(struct node *to, const char *name, struct node *child);
/* Take a subtree from where it hangs and put it in place. */
struct node *node_move(struct node *to, const char *name, struct node *child);

/* "person.names" walks objects; NULL when something is missing. */
const struct node *node_find(const struct node *from, const char *path);
/*
 * Everything but NULL, false, "", 0 children, an unknown day or instant
 * counts as true; the number 0 does, for "0 days left" must be shown.
 */
bool node_true(const struct node *n);
/* As JSON, for API, shell and what is kept for a form sent twice. */
void node_json(const struct node *root, struct buf *out);
/* NO_MEMORY if any add under this root failed. */
MUST_USE result node_whole(const struct node *root);

#endif
