/*
 * fields: what a form needs beyond its inputs' rows: a value that the office
 * proposes, a choice made of rows, another operation's form inside a page.
 */
#ifndef ALAS_OPS_FIELDS_H
#define ALAS_OPS_FIELDS_H

#include "ops.h"

/* The member of that name, to be changed; NULL. */
struct node *ops_member(struct node *of, const char *name);
/* The field of the form that ops_form has just made; NULL. */
struct node *ops_field(struct op *op, const char *input);
/* Propose a value where nothing was typed. */
void ops_propose(struct op *op, const char *input, text value);
/* Make a field a choice: options are added to the list returned, by
 * ops_option.  NULL (accepted there): no such field. */
struct node *ops_choice(struct op *op, const char *input, bool many);
void ops_option(struct op *op, struct node *options, const char *input,
    text value, text label);
/* Languages that pages have, of all that persons speak. */
void ops_only_page_languages(struct op *op);
/* A problem at `language` unless pages have it, or it is empty. */
void ops_check_page_language(struct op *op, text language);

/* Is a box of the operation's own ticked? */
bool ops_ticked(struct op *op, const char *input);

/* The fields of another operation's form, as `<name>.fields`. */
MUST_USE result ops_form_inside(struct op *op, const char *name,
    const char *operation, const struct filled *from, size_t n);

/*
 * Turn a refusal of `code` into a sentence at an input ("": the whole form)
 * that the same page shows, so that nothing typed is lost; everything else
 * passes.  A refusal that brought its own problems becomes INVALID as it is.
 */
MUST_USE result ops_say(struct op *op, result got, enum error_code code,
    const char *input, const char *key);

/* The same where the refusal has said its own problem. */
MUST_USE result ops_said(struct op *op, result got, enum error_code code);

/* Take a problem back: what was left out follows from something else. */
void ops_forgive(struct op *op, const char *input);

#endif
