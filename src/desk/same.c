/* Is the projection what a fresh build would be?  For tests and checks. */
#include "desk_inside.h"

static const struct { const char *table; const struct statement *all; }
ours[] = {
	{ "called", &sql_called_all }, { "titled", &sql_titled_all },
	{ "title_word", &sql_title_word_all },
	{ "numbered", &sql_numbered_all }, { "leaf", &sql_leaf_all },
};

struct both { struct op *op; struct tx *kept, *fresh; text said; };

/* In words without values: a difference may be told to anybody. */
static result say(struct both *b, const char *table, id row,
    const char *what)
{
	b->said = id_none(row) ? arena_format(b->op->arena, "%s: %s", table,
	    what) : arena_format(b->op->arena, "%s %s: %s", table,
	    code_of(row).s, what);
	NEED(b->said.p);
	return OK;
}

static result compare_rows(struct both *b, const char *table,
    struct row_set *kept, struct row_set *fresh)
{
	bool one;
	bool other;

	for (;;) {
		id here = { 0 };
		id there = { 0 };
		int order;

		TRY(row_next(kept, &one));
		TRY(row_next(fresh, &other));
		if (!one && !other)
			return OK;
		if (one)
			here = column_id(kept, "id");
		if (other)
			there = column_id(fresh, "id");
		order = !one ? 1 : !other ? -1 : id_order(here, there);
		if (order < 0)
			return say(b, table, here, "should not be there");
		if (order > 0)
			return say(b, table, there, "is missing");
		if (!text_same(column_text(kept, "line"),
		    column_text(fresh, "line")))
			return say(b, table, here, "differs");
	}
}

static result compare_table(struct both *b, const char *table,
    const struct statement *all)
{
	struct row_set *kept = NULL;
	struct row_set *fresh = NULL;
	result got;

	if (b->said.n > 0)
		return OK;
	got = store_query(b->kept, all, NULL, 0, &kept);
	if (is_ok(got))
		got = store_query(b->fresh, all, NULL, 0, &fresh);
	if (is_ok(got))
		got = compare_rows(b, table, kept, fresh);
	row_end(&kept);
	row_end(&fresh);
	return got;
}

static result compare_all(struct both *b)
{
	for (size_t i = 0; i < LENGTH(projected); i++)
		TRY(compare_table(b, projected[i].entity->name,
		    projected[i].all));
	for (size_t i = 0; i < LENGTH(ours); i++)
		TRY(compare_table(b, ours[i].table, ours[i].all));
	return OK;
}

static result compare_lexicons(struct both *b, const struct desk *kept,
    const struct desk *fresh)
{
	id row;

	return b->said.n > 0 || lexicon_same(kept->lexicon, fresh->lexicon,
	    &row) ? OK : say(b, "lexicon", row, "differs");
}

static result build(struct op *op, struct desk *fresh, struct tx **ret)
{
	struct keeping k = { .op = op, .desk = fresh, .bulk = true };
	result got;

	TRY(projection_open(&fresh->store));
	TRY(tx_begin(fresh->store, TX_WRITE, &k.tx));
	got = keep_all(&k);
	*ret = k.tx;		/* never committed: it is looked at once */
	return got;
}

result desk_same(struct op *op, text *ret_difference)
{
	struct desk fresh = { .office = op->office };
	struct both b = { .op = op, .said = T("") };
	struct desk *d = op->office->desk;
	result got;

	/* Both are of this moment. */
	TRY(op_begin(op, TX_READ));
	if (!d->loaded)
		TRY(desk_load(op));
	TRY(desk_follow(op));
	got = build(op, &fresh, &b.fresh);
	if (is_ok(got))
		got = tx_begin(d->store, TX_READ, &b.kept);
	if (is_ok(got))
		got = compare_all(&b);
	tx_abort(&b.kept);
	tx_abort(&b.fresh);
	if (is_ok(got))
		got = compare_lexicons(&b, d, &fresh);
	desk_forget(&fresh);
	if (is_ok(got))
		*ret_difference = b.said;
	return got;
}
