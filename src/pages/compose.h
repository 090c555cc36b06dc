/*
 * compose: from the tree of an answer to the tree that a template reads.
 * An answer is data, equal in every door; what a page shows of it, in which
 * block and under which label, is decided here.
 */
#ifndef ALAS_PAGES_COMPOSE_H
#define ALAS_PAGES_COMPOSE_H

#include "turn.h"

struct composing {
	struct turn *turn;
	struct op *op;
	struct arena *arena;
	struct node *answer;
	struct node *page;		/* what the template reads */
	enum lang lang;
};

/* The word for a key in the page's language. */
text say(const struct composing *c, const char *key);
text say_with(const struct composing *c, const char *key, const text *args,
    size_t n);
/* The answer's member at that path; NULL. */
const struct node *of(const struct composing *c, const char *path);
/* What is wrong with what was typed, as `errors` of the page. */
void errors(struct composing *c);
/* "Quechua, Español": the values of a list as people read them. */
text joined(const struct composing *c, const struct node *list);
/* "in 16 days", as people say it. */
text days_left(const struct composing *c, day due);
/* "/people/K7F3-9QQ": the pattern's {} filled with short codes (text). */
text href(const struct composing *c, const char *pattern, const text *codes,
    size_t n);

/* ---- blocks: see templates/_block.html -------------------------------- */

struct node *block(struct node *list, const struct composing *c,
    const char *anchor, const char *title_key);
/* A link in the block's head. */
void block_change(struct node *b, const struct composing *c, text address,
    const char *key);
void block_add(struct node *b, const struct composing *c, text address,
    const char *key);
/* One pair, from a field of an entity: its label from the row, its value
 * the node of that name in `from`.  Nothing when the value is empty. */
struct node *pair_field(struct node *b, const struct composing *c,
    const struct entity *e, int field, const struct node *from);
/* A pair with a label of its own. */
struct node *pair_text(struct node *b, const struct composing *c,
    const char *label_key, text value);
struct node *pair_value(struct node *b, text label, const struct node *value);
/* One line of a list of things; members are added by the caller. */
struct node *item(struct node *b);
/* One link beside a page's title. */
void action(struct node *list, text address, const char *key);
/* The answer's member of that name, taken out of it; NULL. */
struct node *take(struct composing *c, const char *name);
/* Copy a value under another name. */
void put(struct node *to, const char *name, const struct node *value);
/* Text of a value as people read it: labels for codes, words for days. */
text shown(const struct composing *c, const struct node *value);
/* The block says what belongs there when it has nothing. */
void block_empty(struct node *b, const struct composing *c, const char *key);

/* ---- tables: see templates/_table.html -------------------------------- */

/* Columns are (member, label key, sortable, number) ended by a NULL member;
 * a year is no number: it stands left and without a thousands sign.  The
 * first column links to `pattern` with the row's code. */
struct column { const char *member, *label; bool sorts, number; };
void table(struct node *to, const struct composing *c, const char *caption,
    const struct column *columns, const struct node *rows,
    const char *pattern, const char *path);

/* ---- pages ------------------------------------------------------------ */

typedef void composer(struct composing *c);
/* The composer of an operation or page name; NULL: the answer's own tree
 * is what the template reads. */
composer *composer_of(const char *name);

/* Is this the template of the page?  An operation has several. */
bool on_page(const struct composing *c, const char *name);
/* The address with a node's code in the place of {}; "" without one. */
text under(const struct composing *c, const char *pattern,
    const struct node *code);
/* A table with its heads (NULL ends them); rows go into the list returned,
 * each a list of cells. */
struct node *begin_table(struct composing *c, const char *name,
    const char *caption, const char *const *heads, const char *empty);
struct node *table_cell(struct node *row, const char *key,
    const struct node *value);

void compose_person(struct composing *c);
void compose_people(struct composing *c);
void compose_today(struct composing *c);
void compose_form(struct composing *c);
void compose_matter(struct composing *c);
void compose_matters(struct composing *c);
void compose_deadline(struct composing *c);
void compose_contacts(struct composing *c);
void compose_history(struct composing *c);
void compose_find(struct composing *c);
void compose_access(struct composing *c);
void compose_account(struct composing *c);
void compose_users(struct composing *c);
void compose_user(struct composing *c);
void compose_audit(struct composing *c);
void compose_explain(struct composing *c);
void compose_system(struct composing *c);
void compose_inventory(struct composing *c);
void compose_keys(struct composing *c);
void compose_shreds(struct composing *c);
void compose_number(struct composing *c);
void compose_intake(struct composing *c);
void compose_conflict(struct composing *c);
void compose_sign_in(struct composing *c);
void compose_step_up(struct composing *c);
void compose_unseal(struct composing *c);
void compose_first_start(struct composing *c);
void compose_root_confirm(struct composing *c);
void compose_seal(struct composing *c);
void compose_go(struct composing *c);
void compose_public(struct composing *c);
void compose_document(struct composing *c);
/* The papers of a person's or a matter's page, when the asker may see them. */
void compose_documents_block(struct composing *c, struct node *blocks);
void compose_custody(struct composing *c);
/* The custody block of a person's page, when the asker may see it. */
void compose_custody_block(struct composing *c, struct node *blocks);

/* What the sign-in and step-up pages read, at whatever address. */
void pages_sign_in_nodes(struct turn *t, struct node *root);
void pages_step_up_nodes(struct turn *t, struct node *root);

/* Identity bar and side navigation of a person or a matter. */
void frame_person(struct composing *c, const char *current);
void frame_matter(struct composing *c, const char *current);

#endif
