#include "store_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- transactions ----------------------------------------------------- */

result tx_begin(struct store *s, enum tx_kind kind, struct tx **ret)
{
	if (s->in_tx) {
		store_say(s, "a transaction is open already");
		return fault(BUG);
	}
	if (s->read_only && kind == TX_WRITE) {
		store_say(s, "opened for reading: cannot write");
		return fault(BUG);
	}
	if (!s->ready) {
		store_say(s, "the database is not at migration %d, which this "
		    "program needs", s->head);
		return refuse(UNAVAILABLE);
	}
	TRY(s->driver->begin(s, kind));
	s->in_tx = true;
	s->tx = (struct tx){ .store = s, .kind = kind };
	*ret = &s->tx;
	return OK;
}

void tx_end_sets(struct tx *tx)
{
	for (int i = 0; i < ROW_SETS_MAX; i++) {
		if (tx->sets[i] == NULL)
			continue;
		tx->store->driver->end(tx->sets[i]);
		tx->sets[i]->store = NULL;
		tx->sets[i] = NULL;
	}
}

result tx_commit(struct tx **tx)
{
	struct tx *t = *tx;
	result r = t->lost;

	if (!is_ok(r)) {
		tx_abort(tx);
		return r;
	}
	tx_end_sets(t);
	r = t->store->driver->commit(t->store);
	t->store->in_tx = false;
	*tx = NULL;
	return r;
}

void tx_abort(struct tx **tx)
{
	struct tx *t = *tx;

	if (t == NULL)
		return;
	tx_end_sets(t);
	t->store->driver->abort(t->store);
	t->store->in_tx = false;
	*tx = NULL;
}

struct store *tx_store(struct tx *tx)
{
	return tx->store;
}

/* PostgreSQL loses a transaction at its first error; so do we, always. */
static result lose(struct tx *tx, result r)
{
	if (!is_ok(r) && is_ok(tx->lost))
		tx->lost = r;
	return r;
}

/* ---- arguments -------------------------------------------------------- */

static size_t argument_at(const struct statement *st, const char *name,
    size_t likely)
{
	if (likely < st->args_n && strcmp(st->args[likely], name) == 0)
		return likely;
	for (size_t i = 0; i < st->args_n; i++) {
		if (strcmp(st->args[i], name) == 0)
			return i;
	}
	return st->args_n;
}

static result argument_check(struct store *s, const struct statement *st,
    const struct arg *a)
{
	switch (a->kind) {
	case ARG_NULL:
	case ARG_NUMBER:
		return OK;
	case ARG_TEXT:
	case ARG_BLOB:
		break;
	}
	if (a->bytes.n > STORE_VALUE_MAX) {
		store_say(s, "%s: :%s is too large", st->name, a->name);
		return refuse(TOO_LARGE);
	}
	/* PostgreSQL would refuse it, SQLite would keep it. */
	if (a->kind == ARG_TEXT && !text_is_utf8(a->bytes)) {
		store_say(s, "%s: :%s is not UTF-8", st->name, a->name);
		return fault(BUG);
	}
	return OK;
}

/* The arguments in the statement's order, each exactly once. */
static result arguments(struct store *s, const struct statement *st,
    const struct arg *args, size_t n, struct arg ret[SQL_ARGS_MAX])
{
	bool given[SQL_ARGS_MAX] = { false };

	for (size_t i = 0; i < n; i++) {
		size_t at = argument_at(st, args[i].name, i);

		if (at == st->args_n || given[at]) {
			store_say(s, "%s: :%s is %s", st->name, args[i].name,
			    at == st->args_n ? "not one of its arguments"
			    : "given twice");
			return fault(BUG);
		}
		TRY(argument_check(s, st, &args[i]));
		given[at] = true;
		ret[at] = args[i];
		if (ret[at].bytes.p == NULL)
			ret[at].bytes = T("");
	}
	for (size_t i = 0; i < st->args_n; i++) {
		if (!given[i]) {
			store_say(s, "%s: :%s is missing", st->name,
			    st->args[i]);
			return fault(BUG);
		}
	}
	return OK;
}

/* What both ways to start a statement ask first. */
static result may_start(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, size_t *ret_at,
    struct arg ret[SQL_ARGS_MAX])
{
	struct store *s = tx->store;
	size_t at = store_statement_at(s, st);

	TRY(tx->lost);
	if (at == s->statements_n) {
		store_say(s, "%s: %s: not in the list given at open",
		    st->file, st->name);
		return fault(BUG);
	}
	if (tx->kind == TX_READ && !statement_reads(st)) {
		store_say(s, "%s: writes in a transaction that reads",
		    st->name);
		return fault(BUG);
	}
	for (int i = 0; i < ROW_SETS_MAX; i++) {
		if (tx->sets[i] != NULL && tx->sets[i]->statement == at) {
			store_say(s, "%s: is being stepped already", st->name);
			return fault(BUG);
		}
	}
	TRY(arguments(s, st, args, n, ret));
	*ret_at = at;
	return OK;
}

/* ---- statements ------------------------------------------------------- */

static result run(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, int64_t *ret_changed)
{
	struct store *s = tx->store;
	struct arg ordered[SQL_ARGS_MAX];
	int64_t changed = 0;
	size_t at;

	TRY(may_start(tx, st, args, n, &at, ordered));
	if (statement_reads(st)) {
		store_say(s, "%s: run, but it only reads", st->name);
		return fault(BUG);
	}
	TRY(s->driver->run(s, at, ordered, &changed));
	if (ret_changed != NULL)
		*ret_changed = changed;
	return OK;
}

result store_run(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, int64_t *ret_changed)
{
	return lose(tx, run(tx, st, args, n, ret_changed));
}

static result query(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, struct row_set **ret)
{
	struct arg ordered[SQL_ARGS_MAX];
	struct row_set *r;
	size_t at;
	int slot = 0;
	result failed;

	TRY(may_start(tx, st, args, n, &at, ordered));
	while (slot < ROW_SETS_MAX && tx->sets[slot] != NULL)
		slot++;
	if (slot == ROW_SETS_MAX) {
		store_say(tx->store, "%s: too many statements are being "
		    "stepped", st->name);
		return fault(BUG);
	}
	r = calloc(1, sizeof(*r));
	NEED(r);
	r->store = tx->store;
	r->statement = at;
	r->slot = slot;
	failed = tx->store->driver->query(r, ordered);
	if (!is_ok(failed)) {
		free(r);
		return failed;
	}
	tx->sets[slot] = r;
	*ret = r;
	return OK;
}

result store_query(struct tx *tx, const struct statement *st,
    const struct arg *args, size_t n, struct row_set **ret)
{
	return lose(tx, query(tx, st, args, n, ret));
}

result row_next(struct row_set *r, bool *ret_there)
{
	bool there = false;
	result failed;

	if (r->store == NULL)
		return fault(BUG);
	TRY(r->store->tx.lost);
	if (!r->done) {
		failed = r->store->driver->next(r, &there);
		r->on_row = is_ok(failed) && there;
		r->done = !r->on_row;
		if (!is_ok(failed))
			return lose(&r->store->tx, failed);
	}
	r->on_row = there;
	*ret_there = there;
	return OK;
}

void row_end(struct row_set **r)
{
	struct row_set *gone = *r;

	if (gone == NULL)
		return;
	if (gone->store != NULL) {
		gone->store->driver->end(gone);
		gone->store->tx.sets[gone->slot] = NULL;
	}
	free(gone);
	*r = NULL;
}

/* ---- columns ---------------------------------------------------------- */

int column_at(struct row_set *r, const char *name)
{
	int tries = 0;
	int at = r->column;

	assert(r->store != NULL);
	/* Columns are mostly read in their order. */
	for (; tries < r->columns_n; tries++, at++) {
		if (at >= r->columns_n)
			at = 0;
		if (strcmp(r->store->driver->column_name(r, at), name) == 0)
			break;
	}
	assert(tries < r->columns_n);
	r->column = at + 1;
	return at;
}

static struct cell cell(struct row_set *r, int at, enum cell_kind wanted)
{
	struct cell empty = { .kind = CELL_NULL, .bytes = T("") };
	struct cell c;

	assert(r->store != NULL);
	assert(r->on_row);
	assert(at >= 0 && at < r->columns_n);
	c = r->store->driver->cell(r, at);
	if (c.kind == wanted)
		return c;
	if (c.kind != CELL_NULL) {
		const struct statement *st =
		    r->store->statements[r->statement];

		store_say(r->store, "%s: column %s holds another type",
		    st->name, r->store->driver->column_name(r, at));
		ignore(lose(&r->store->tx, fault(CORRUPT)),
		    "the next verb of this transaction gives it");
	}
	return empty;
}

bool at_null(struct row_set *r, int at)
{
	assert(r->store != NULL);
	assert(r->on_row);
	assert(at >= 0 && at < r->columns_n);
	return r->store->driver->cell(r, at).kind == CELL_NULL;
}

int64_t at_number(struct row_set *r, int at)
{
	return cell(r, at, CELL_NUMBER).number;
}

text at_bytes(struct row_set *r, int at)
{
	return cell(r, at, CELL_BYTES).bytes;
}

bool column_null(struct row_set *r, const char *name)
{
	return at_null(r, column_at(r, name));
}

int64_t column_number(struct row_set *r, const char *name)
{
	return at_number(r, column_at(r, name));
}

text column_text(struct row_set *r, const char *name)
{
	return at_bytes(r, column_at(r, name));
}

text column_blob(struct row_set *r, const char *name)
{
	return at_bytes(r, column_at(r, name));
}

id column_id(struct row_set *r, const char *name)
{
	text t = column_blob(r, name);
	id none = { { 0 } };
	id i;

	if (t.n == 0)
		return none;
	if (t.n != sizeof(i.b)) {
		store_say(r->store, "%s: column %s is not an id",
		    r->store->statements[r->statement]->name, name);
		ignore(lose(&r->store->tx, fault(CORRUPT)),
		    "the next verb of this transaction gives it");
		return none;
	}
	memcpy(i.b, t.p, sizeof(i.b));
	return i;
}
