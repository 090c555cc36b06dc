/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_OPS_INSIDE_H
#define ALAS_OPS_INSIDE_H

#include "desk.h"
#include "ops.h"

/* Tables of rows, each ended by a row without a name. */
extern const struct op_row account_ops[];
extern const struct op_row access_ops[];
extern const struct op_row audit_ops[];
extern const struct op_row backup_ops[];
extern const struct op_row contact_ops[];
extern const struct op_row custody_ops[];
extern const struct op_row deadline_ops[];
extern const struct op_row document_ops[];
extern const struct op_row keys_ops[];
extern const struct op_row inventory_ops[];
extern const struct op_row leave_ops[];
extern const struct op_row matter_ops[];
extern const struct op_row matter_part_ops[];
extern const struct op_row people_ops[];
extern const struct op_row person_ops[];
extern const struct op_row person_file_ops[];
extern const struct op_row person_part_ops[];
extern const struct op_row public_ops[];
extern const struct op_row session_ops[];
extern const struct op_row settings_ops[];
extern const struct op_row shred_ops[];
extern const struct op_row system_ops[];
extern const struct op_row task_ops[];
extern const struct op_row today_ops[];
extern const struct op_row user_ops[];
extern const struct op_row vault_ops[];

/* What the dispatcher keeps in op->once while a request runs. */
struct once_state {
	const struct once *asked;
	struct once_answer answer;
};

/* What op committed, to guard and desk. */
void ops_tell(struct op *op);

/* The row's list, asked by its inputs. */
handler ops_list;
/* Which links a page may show: `may`, about the object in the path, but
 * where the object is none. */
struct may { const char *name; enum area area; enum level need;
	enum object_kind object; };
void ops_add_may(struct op *op, const struct may *may, size_t n);
/* Is the field of a row that is there open, or the row still to be made? */
bool ops_opened(const struct field *f, const struct row *row);
/*
 * The latest calls of the person in the path, as `calls`, and how many there
 * are, as `calls_count`: what was said only for who may read it.  Nothing
 * where the asker may not know that there were any.
 */
MUST_USE result ops_add_calls(struct op *op, size_t most);
/*
 * The person in the path: its row as `person`, how it is called as `name`
 * and `initials`, and `names`, `identifiers`, `contact_points`, `relations`.
 */
enum ops_numbers { NUMBERS_MASKED, NUMBERS_WHOLE };
MUST_USE result ops_add_person(struct op *op, const struct reach *reach,
    enum ops_numbers numbers);
/* Rows that another area opens, as list `name`: left out without it. */
MUST_USE result ops_add_block(struct op *op, enum area area,
    const struct entity *e, int parent_field, const char *name);
/* Terms of a matter with their days, as `deadlines`, the earliest first;
 * the next one also as `next`.  Left out without their area. */
MUST_USE result ops_add_terms(struct op *op, id matter, struct node *to);
/* What the office knows by itself about a call that comes in now; and what
 * follows from whose call it is (NULL: nobody known) and from its hours. */
void ops_call_begin(const struct op *op, struct contact_log *c);
void ops_call_settle(const struct op *op, const struct relation *r,
    struct contact_log *c);
/* Papers of the person or matter in the path, as `documents`, the newest
 * first; and may.document.  Left out without their area. */
MUST_USE result ops_add_documents(struct op *op, enum object_kind kind);
/* When somebody may approve that this person is shredded; none: not asked
 * for. */
instant ops_shred_from(const struct op *op, const struct person *p);
/* Custody block of a person's page, as far as the asker may see it. */
MUST_USE result ops_add_custody(struct op *op);

#endif
