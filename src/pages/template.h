/*
 * template: pages are files (in templates/), compiled into constant
 * arrays of steps at build time (tools/templates.py, which is also the
 * manual of their language), and filled here from the tree of an answer.
 *
 * The compiler has decided how each hole is escaped, from the place where
 * it stands; there is no way to ask for raw bytes.  The interpreter walks
 * the steps once, without recursion; how deep scopes nest is known at
 * compile time and bounded by TEMPLATE_DEPTH_MAX.
 *
 * A missing node is empty text, a false condition and a list of nothing:
 * a page never fails because a handler left something out.
 */
#ifndef ALAS_PAGES_TEMPLATE_H
#define ALAS_PAGES_TEMPLATE_H

#include "base.h"
#include "node.h"
#include "words.h"

enum {
	TEMPLATE_DEPTH_MAX = 12,	/* scopes inside each other */
	TEMPLATE_PATH_MAX = 4,		/* members in one path */
	TEMPLATE_ARGS_MAX = 4,		/* arguments of one message */
	RENDER_IDEM = 16,
};

enum template_op {
	STEP_END,
	STEP_RUN,		/* p, n: bytes of the template itself */
	STEP_VALUE,		/* path: written for people */
	STEP_SHORT,		/* path: the same, a day as 12/03/2027 */
	STEP_WEEKDAY,		/* path: the name of its day */
	STEP_ISO,		/* path: the machine's form */
	STEP_NUMBER_HERE,	/* place in the list, from 1 */
	STEP_ARG,		/* path: next argument of a message */
	STEP_WORD,		/* p: key, with the arguments so far */
	STEP_COUNT,		/* p: key, path: how many */
	STEP_LANG,		/* "es" */
	STEP_SECRETS,		/* the hidden fields of a form; path or none */
	STEP_IF,		/* path; false: on at `jump` */
	STEP_IS,		/* path equals p; false: on at `jump` */
	STEP_JUMP,
	STEP_EACH,		/* path; nothing there: on at `jump` */
	STEP_NEXT,		/* next item at `jump`, or fall out */
	STEP_WITH,		/* path; nothing there: on at `jump` */
	STEP_LEAVE
};

enum template_context {
	CONTEXT_HTML,		/* text, or a quoted attribute */
	CONTEXT_ADDRESS,	/* a whole address inside the office */
	CONTEXT_PART		/* one piece of an address */
};

struct template_step {
	uint8_t op;
	uint8_t context;
	uint16_t path;		/* 0: none */
	uint32_t jump;
	uint32_t n;
	const char *p;
};

struct template_path {
	bool here;		/* only in the innermost scope */
	uint8_t n;		/* 0: the scope itself */
	const char *names[TEMPLATE_PATH_MAX];
};

struct template {
	const char *name;	/* "people" */
	const struct template_step *steps;
	const struct template_path *paths;
};

/* What is of this one answer, besides the tree. */
struct render {
	const struct words *words;
	enum lang lang;
	struct arena *arena;
	/* The label of a code in a list; the code itself if there is none. */
	text (*label)(const void *held, const char *list, text code,
	    enum lang lang);
	const void *held;
	text csrf;		/* masked afresh for this answer */
	uint8_t idem[RENDER_IDEM];	/* random; each form gets its own */
	text version;		/* of the row that the page's form changes */
};

/*
 * Appends the page to `out`.  Fails TOO_LARGE when the buffer's maximum is
 * reached, NO_MEMORY when the arena is; `out` is then useless.
 */
MUST_USE result template_render(const struct template *t,
    const struct node *data, const struct render *ctx, struct buf *out);

/* The compiled page of that name; NULL if there is none. */
const struct template *template_find(const char *name);

#endif
