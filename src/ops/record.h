/*
 * record: rows that are typed into a form, looked at and kept, all in the
 * same way.  An entity whose rows are added and changed by people has a row
 * of `struct record` and two of `struct op_row` (RECORD); which of its
 * fields the form asks is column `form` of data/entities.csv.  A function is
 * written only for what none of these rows can say.
 *
 * A new row hangs under the object of the reach.  The event of the leaf is
 * about that object, or about the row itself where there is none.
 */
#ifndef ALAS_OPS_RECORD_H
#define ALAS_OPS_RECORD_H

#include "ops.h"

/* Everything but entity and member may be absent. */
struct record {
	const struct entity *entity;
	const char *member;		/* of the answer: the row as kept */
	enum event added, changed;
	/* An area that opens more of the row, for who may read it: what is
	 * closed to the asker is no field of the form, and not changed. */
	enum area also;
	/* What is usual in a new row, before anybody types. */
	void (*begin)(const struct op *op, void *row);
	/* Problems that no field has by itself: collected, not thrown. */
	result (*decide)(struct op *op, const struct reach *reach, void *row);
	/* Instead of plain insert and update. */
	result (*save)(struct op *op, const struct reach *reach, void *row);
	/* Where it leads, when no pattern says. */
	text (*next)(struct op *op, const struct reach *reach,
	    const void *row);
	/* What the form offers beyond its fields: choices made of rows. */
	result (*offer)(struct op *op, const struct reach *reach,
	    const void *row);
};

handler record_add, record_add_form, record_edit, record_edit_form;

/* The two rows of a record.  `at` is where they are added, `one` is one of
 * them; the last {…} of `one` names the row. */
#define RECORD(noun, at, one, area_, object_, inputs_, record_, back_)       \
	{ .name = noun ".add", .area = area_, .need = LEVEL_WRITE,           \
	  .object = object_, .page = at "/new", .api = "POST " at,           \
	  .shell = noun " add", .flags = OP_CHANGES | OP_CREATES,            \
	  .inputs = inputs_, .record = &record_, .run = record_add,          \
	  .form = record_add_form, .back = back_ },                          \
	{ .name = noun ".edit", .area = area_, .need = LEVEL_WRITE,          \
	  .object = object_, .page = one "/edit", .api = "PATCH " one,       \
	  .shell = noun " edit", .flags = OP_CHANGES | OP_NEEDS_VERSION,     \
	  .inputs = inputs_, .record = &record_, .run = record_edit,         \
	  .form = record_edit_form, .back = back_ }

#endif
