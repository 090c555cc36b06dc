#include "desk_inside.h"

#include <stdlib.h>

result desk_open(struct office *office, struct desk **ret)
{
	struct desk *d = calloc(1, sizeof(*d));

	NEED(d);
	d->office = office;
	*ret = d;
	return OK;
}

void desk_forget(struct desk *d)
{
	d->loaded = false;
	d->leaves = 0;
	rolls_free(&d->rolls);
	lexicon_free(&d->lexicon);
	store_close(&d->store);
}

void desk_close(struct desk **d)
{
	if (*d == NULL)
		return;
	desk_forget(*d);
	free(*d);
	*d = NULL;
}

static size_t length(const struct statement *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

static size_t tables_length(const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

/* The rows' tables and statements are made from the entity rows, ours from
 * the files beside this one: the store takes one list of each. */
result projection_open(struct store **ret)
{
	size_t rows = length(projected_statements);
	size_t ours = length(projection_statements);
	size_t first = tables_length(projected_tables);
	size_t then = tables_length(desk_tables);
	const struct statement **statements = calloc(rows + ours + 1,
	    sizeof(*statements));
	const char **tables = calloc(first + then + 1, sizeof(*tables));
	const struct store_options o = { .where = ":memory:",
		.statements = statements, .tables = tables };
	result got;

	if (statements == NULL || tables == NULL) {
		got = fault(NO_MEMORY);
	} else {
		for (size_t i = 0; i < rows; i++)
			statements[i] = projected_statements[i];
		for (size_t i = 0; i < ours; i++)
			statements[rows + i] = projection_statements[i];
		for (size_t i = 0; i < first; i++)
			tables[i] = projected_tables[i];
		for (size_t i = 0; i < then; i++)
			tables[first + i] = desk_tables[i];
		got = store_open(&o, ret);
	}
	free(statements);
	free(tables);
	return got;
}

static result load(struct keeping k)
{
	struct desk *d = k.op->office->desk;
	struct desk fresh = { .office = k.op->office };
	result got;

	k.desk = &fresh;
	TRY(projection_open(&fresh.store));
	got = tx_begin(fresh.store, TX_WRITE, &k.tx);
	if (is_ok(got))
		got = keep_all(&k);
	if (is_ok(got))
		got = tx_commit(&k.tx);
	if (!is_ok(got)) {
		tx_abort(&k.tx);
		desk_forget(&fresh);
		return got;
	}
	desk_forget(d);
	*d = fresh;
	d->loaded = true;
	return OK;
}

result desk_load(struct op *op)
{
	return load((struct keeping){ .op = op, .bulk = true });
}

result desk_load_with_guard(struct op *op)
{
	return load((struct keeping){ .op = op, .bulk = true,
		.with_guard = true });
}

static result take_up(struct op *op)
{
	struct keeping k = { .op = op, .desk = op->office->desk };
	result got;

	TRY(tx_begin(k.desk->store, TX_WRITE, &k.tx));
	got = keep_leaves(&k);
	for (size_t i = 0; is_ok(got) && i < op->touched_n; i++) {
		const struct touched *t = &op->touched[i];

		if (t->entity != NULL)
			got = keep_row(&k, t->entity, t->row);
	}
	if (is_ok(got))
		got = tx_commit(&k.tx);
	tx_abort(&k.tx);
	return got;
}

void desk_committed(struct op *op)
{
	struct desk *d = op->office->desk;
	bool own = op->tx == NULL;
	result got;

	if (!d->loaded)
		return;
	got = take_up(op);
	if (own)
		facts_end(op);
	/* Half kept up is not kept up: the next question loads anew. */
	if (!is_ok(got))
		desk_forget(d);
}
