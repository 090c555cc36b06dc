#include "store_inside.h"

#include "store_sql.h"

/* One text for both engines; the number is the primary key, so that two
 * programs cannot do the same migration. */
static const char table_of_migrations[] =
    "CREATE TABLE migration (\n"
    "\tnumber BIGINT PRIMARY KEY CHECK (number > 0),\n"
    "\tname TEXT NOT NULL\n"
    ")";

/*
 * The next migration in one transaction.  What is to be done is read after
 * the lock is held: another node may have been faster.
 */
static result step(struct store *s, bool *ret_done)
{
	const struct migration *m = s->migrations;
	struct tx *tx = &s->tx;
	int at;

	TRY(s->driver->migration_at(s, &at));
	if (at > s->head) {
		store_say(s, "the database is at migration %d, "
		    "this program knows %d", at, s->head);
		return refuse(CONFLICT);
	}
	if (at == s->head) {
		*ret_done = true;
		return OK;
	}
	if (at == 0) {
		if (s->driver->before_migrations != NULL)
			TRY(s->driver->script(s, "domain",
			    s->driver->before_migrations));
		TRY(s->driver->script(s, "table migration",
		    table_of_migrations));
	}
	while (m->number != 0 && m->number <= at)
		m++;
	TRY(s->driver->script(s, m->name, m->sql));
	return store_run(tx, &sql_migration_add, (struct arg[]){
	    arg_number("number", m->number),
	    arg_text("name", text_of(m->name)) }, 2, NULL);
}

/* Like tx_begin, but the database need not be at the head yet. */
static result step_in_tx(struct store *s, bool *ret_done)
{
	struct tx *tx = &s->tx;
	bool done = false;
	result r;

	TRY(s->driver->begin_migration(s));
	s->in_tx = true;
	s->tx = (struct tx){ .store = s, .kind = TX_WRITE };
	r = step(s, &done);
	if (!is_ok(r) || done) {
		tx_abort(&tx);
		*ret_done = done;
		return r;
	}
	return tx_commit(&tx);
}

result store_migrate(struct store *s)
{
	bool done = false;
	int at;

	if (s->in_tx)
		return fault(BUG);
	TRY(s->driver->migration_at(s, &at));
	if (at != s->head && s->read_only) {
		store_say(s, "opened for reading: cannot migrate");
		return fault(BUG);
	}
	if (at > s->head) {
		store_say(s, "the database is at migration %d, "
		    "this program knows %d", at, s->head);
		return refuse(CONFLICT);
	}
	if (at < s->head) {
		for (int i = 0; !done && i <= MIGRATIONS_MAX; i++)
			TRY(step_in_tx(s, &done));
	}
	return store_prepare_all(s);
}

result store_migration(struct store *s, int *ret_at, int *ret_head)
{
	if (s->in_tx)
		return fault(BUG);
	TRY(s->driver->migration_at(s, ret_at));
	*ret_head = s->head;
	return OK;
}
