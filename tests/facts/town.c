#include "town.h"

struct reach everything;

id town_person(struct ground *g, const char *known_as)
{
	struct person p = { .known_as = text_of(known_as),
		.health = T("asma") };

	everything = whole_office();
	assert_good(facts_insert(ground_op(g), &everything, &entity_person,
	    &p));
	ground_commit(g);
	return p.row.id;
}

id town_matter(struct ground *g, const char *title)
{
	struct matter m = { .title = text_of(title) };

	everything = whole_office();
	assert_good(facts_insert(ground_op(g), &everything, &entity_matter,
	    &m));
	ground_commit(g);
	return m.row.id;
}

id town_note(struct ground *g, id person, id matter, const char *words)
{
	struct note n = { .person_id = { person }, .matter_id = { matter },
		.text_ = text_of(words), .sensitive_text = T("delicado") };

	everything = whole_office();
	assert_good(facts_insert(ground_op(g), &everything, &entity_note,
	    &n));
	ground_commit(g);
	return n.row.id;
}

struct note town_note_get(struct ground *g, id note)
{
	struct note n;

	assert_good(facts_get(ground_op(g), &everything, &entity_note, note,
	    &n));
	tx_abort(&g->op.tx);
	return n;
}

void town_note_say(struct ground *g, id note, const char *words)
{
	struct note n = town_note_get(g, note);

	n.text_ = text_of(words);
	assert_good(facts_update(&g->op, &everything, &entity_note, &n));
	ground_commit(g);
}

struct note_lying town_note_lying(struct ground *g, id note)
{
	const struct arg arg = arg_id("id", note);
	struct op *op = ground_op(g);
	struct row_set *rows = NULL;
	struct note_lying l;
	bool there;

	assert_good(op_begin(op, TX_READ));
	assert_good(store_query(op->tx, &sql_note_get, &arg, 1, &rows));
	assert_good(row_next(rows, &there));
	assert_true(there);
	l.v = column_number(rows, "v");
	l.seq = column_number(rows, "seq");
	l.case_v = column_number(rows, "case_v");
	l.sensitive_v = column_number(rows, "sensitive_v");
	l.words = arena_text(g->lasting, column_blob(rows, "case"));
	l.sensitive = arena_text(g->lasting, column_blob(rows, "sensitive"));
	row_end(&rows);
	op_abort(op);
	return l;
}

void town_put(struct ground *g, const struct statement *st, const char *name,
    id row, text bytes)
{
	const struct arg args[] = { arg_id("id", row),
		arg_blob(name, bytes) };

	ground_sql(g, st, args, LENGTH(args));
}

struct counts town_counts(struct ground *g)
{
	struct op *op = ground_op(g);
	struct row_set *rows = NULL;
	struct counts c;
	bool there;

	assert_good(op_begin(op, TX_READ));
	assert_good(store_query(op->tx, &sql_counts, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	c.persons = column_number(rows, "persons");
	c.notes = column_number(rows, "notes");
	c.keys = column_number(rows, "keys");
	c.histories = column_number(rows, "histories");
	row_end(&rows);
	op_abort(op);
	return c;
}
