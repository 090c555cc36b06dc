#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

/*
 * A SELECT is declared as a cursor and fetched in chunks: rows do not pile
 * up here, a slow reader does not meet the server's statement timeout, and
 * other statements may run between two chunks.  Declaring and the first
 * fetch travel together.  Everything else is a prepared statement.
 */
enum {
	CHUNK_ROWS = 256,
	CURSOR_SQL_MAX = 64 * KIB,
	NAME_MAX_BYTES = 32,
};

/* Types that the server names by number since the beginning. */
enum { IS_BOOL = 16, IS_BYTEA = 17, IS_INT8 = 20, IS_INT2 = 21, IS_INT4 = 23,
	IS_TEXT = 25, IS_VARCHAR = 1043 };

struct prepared {
	bool checked;			/* types are known */
	unsigned generation;		/* of the connection prepared on */
	uint32_t slots;			/* bit per cursor; bit 0 if none */
	Oid types[SQL_ARGS_MAX];
};

struct postgres {
	struct link link;
	struct prepared *prepared;	/* one per statement of the store */
	Oid blob;			/* our domain; 0 not known */
	bool declared[ROW_SETS_MAX];	/* cursors left open */
};

/* ---- open, close ------------------------------------------------------ */

static result open_link(struct store *s, const char *where)
{
	struct postgres *p = s->postgres = calloc(1, sizeof(*p));

	NEED(p);
	p->prepared = calloc(s->statements_n + 1, sizeof(*p->prepared));
	NEED(p->prepared);
	TRY(link_new(s, where, &p->link));
	return link_open(&p->link);
}

static void close_link(struct store *s)
{
	struct postgres *p = s->postgres;

	if (p == NULL)
		return;
	link_free(&p->link);
	free(p->prepared);
	free(p);
	s->postgres = NULL;
}

const struct link *postgres_link(const struct store *s)
{
	return &s->postgres->link;
}

result postgres_see(struct store *s, const char *snapshot)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SET TRANSACTION ISOLATION LEVEL "
	    "REPEATABLE READ; SET TRANSACTION SNAPSHOT '%s'", snapshot);
	return link_command(&s->postgres->link, LINK_BEGIN_MS, "snapshot",
	    sql, NULL);
}

/* One number, asked in text; -1 for NULL. */
static result ask(struct store *s, const char *doing, const char *sql,
    int64_t *ret)
{
	PGresult *got = NULL;
	int64_t n = -1;
	bool good;

	TRY(link_command(&s->postgres->link, LINK_ANSWER_MS, doing, sql,
	    &got));
	good = PQntuples(got) == 1 && (PQgetisnull(got, 0, 0) ||
	    text_integer(text_of(PQgetvalue(got, 0, 0)), &n));
	PQclear(got);
	if (!good)
		return fault(STORE);
	*ret = n;
	return OK;
}

static result read_migration(struct store *s, int *ret_at)
{
	int64_t there, at = 0;

	TRY(ask(s, "migration", "SELECT count(to_regclass('migration'))",
	    &there));
	if (there == 1)
		TRY(ask(s, "migration", "SELECT coalesce(max(number), 0) "
		    "FROM migration", &at));
	if (at < 0 || at > INT32_MAX)
		return fault(CORRUPT);
	*ret_at = (int)at;
	return OK;
}

/*
 * A new connection where there is none.  While we were away somebody may
 * have brought the database further than this program understands.
 */
static result connected(struct store *s)
{
	struct link *l = &s->postgres->link;
	int at;

	if (l->conn != NULL)
		return OK;
	TRY(link_open(l));
	memset(s->postgres->declared, 0, sizeof(s->postgres->declared));
	if (!s->ready)
		return OK;
	TRY(read_migration(s, &at));
	if (at == s->head)
		return OK;
	store_say(s, "the database is at migration %d, this program at %d",
	    at, s->head);
	link_drop(l);
	return refuse(UNAVAILABLE);
}

static result migration_at(struct store *s, int *ret_at)
{
	TRY(connected(s));
	return read_migration(s, ret_at);
}

/* ---- preparing -------------------------------------------------------- */

static result not_prepared(struct store *s, const struct statement *st,
    const char *what, const char *because)
{
	store_say(s, "%s: %s: %s%s", st->file, st->name, what, because);
	return fault(STORE);
}

/* Domains come as themselves for arguments, as their base for columns. */
static bool argument_type(const struct postgres *p, Oid given, Oid *ret)
{
	switch (given) {
	case IS_BYTEA:
	case IS_INT8:
	case IS_INT4:
	case IS_TEXT:
		*ret = given;
		return true;
	case IS_VARCHAR:
		*ret = IS_TEXT;
		return true;
	}
	*ret = IS_BYTEA;
	return given == p->blob && given != 0;
}

static bool column_type(Oid type)
{
	return type == IS_BOOL || type == IS_BYTEA || type == IS_INT8 ||
	    type == IS_INT4 || type == IS_INT2 || type == IS_TEXT ||
	    type == IS_VARCHAR;
}

static result check_types(struct store *s, size_t at, const PGresult *told)
{
	const struct statement *st = s->statements[at];
	struct prepared *made = &s->postgres->prepared[at];

	if ((size_t)PQnparams(told) != st->args_n)
		return not_prepared(s, st, "",
		    "has other arguments than listed");
	for (size_t i = 0; i < st->args_n; i++) {
		if (!argument_type(s->postgres, PQparamtype(told, (int)i),
		    &made->types[i]))
			return not_prepared(s, st, st->args[i], " is neither "
			    "number, text nor blob: say CAST(... AS BIGINT)");
	}
	if (PQnfields(told) > SQL_COLUMNS_MAX)
		return not_prepared(s, st, "", "has too many columns");
	for (int i = 0; i < PQnfields(told); i++) {
		if (!column_type(PQftype(told, i)))
			return not_prepared(s, st, PQfname(told, i),
			    " is neither number, text nor blob: "
			    "say CAST(... AS BIGINT)");
	}
	return OK;
}

/* Let the server parse it and tell the types of arguments and columns. */
static result describe(struct store *s, size_t at, PGresult **ret)
{
	const struct statement *st = s->statements[at];
	struct link *l = &s->postgres->link;
	result r;

	if (!PQenterPipelineMode(l->conn) ||
	    !PQsendPrepare(l->conn, "", st->sql_postgres, 0, NULL) ||
	    !PQsendDescribePrepared(l->conn, "") ||
	    !PQpipelineSync(l->conn))
		return link_unsent(l, st->name);
	r = link_results(l, LINK_ANSWER_MS, st->name, ret);
	if (l->conn != NULL)
		PQexitPipelineMode(l->conn);
	return r;
}

static result prepare(struct store *s, size_t at)
{
	const struct statement *st = s->statements[at];
	struct postgres *p = s->postgres;
	PGresult *told = NULL;
	int64_t blob;
	result r;

	if (p->prepared[at].checked)
		return OK;
	TRY(connected(s));
	if (p->blob == 0) {
		TRY(ask(s, "domain", "SELECT to_regtype('blob')::oid", &blob));
		p->blob = blob < 0 ? 0 : (Oid)blob;
	}
	r = describe(s, at, &told);
	if (r.code == E_STORE) {
		char because[STORE_MESSAGE_MAX];

		memcpy(because, s->message, sizeof(because));
		return not_prepared(s, st, "", because);
	}
	TRY(r);
	r = check_types(s, at, told);
	PQclear(told);
	p->prepared[at].checked = is_ok(r);
	return r;
}

static void name_of(size_t at, int slot, char ret[NAME_MAX_BYTES])
{
	snprintf(ret, NAME_MAX_BYTES, "s%zu_%d", at, slot);
}

static result prepare_text(struct store *s, size_t at, int slot,
    struct buf *sql)
{
	struct prepared *made = &s->postgres->prepared[at];
	const struct statement *st = s->statements[at];
	struct link *l = &s->postgres->link;
	char name[NAME_MAX_BYTES];
	PGresult *got = NULL;

	if (statement_reads(st))
		buf_format(sql, "DECLARE c%d NO SCROLL CURSOR FOR ",
		    slot);
	buf_text(sql, text_of(st->sql_postgres));
	buf_char(sql, '\0');
	TRY(buf_end(sql));
	name_of(at, slot, name);
	if (!PQsendPrepare(l->conn, name, sql->p, (int)st->args_n,
	    made->types))
		return link_unsent(l, st->name);
	TRY(link_results(l, LINK_ANSWER_MS, st->name, &got));
	PQclear(got);
	return OK;
}

/* Lazily, on the connection there is, for the cursor to be used. */
static result prepare_here(struct store *s, size_t at, int slot)
{
	struct prepared *made = &s->postgres->prepared[at];
	unsigned generation = s->postgres->link.generation;
	CLEANUP(buf_free) struct buf sql = buf_new(CURSOR_SQL_MAX);

	TRY(prepare(s, at));
	if (made->generation != generation) {
		made->generation = generation;
		made->slots = 0;
	}
	if ((made->slots & 1u << slot) != 0)
		return OK;
	TRY(prepare_text(s, at, slot, &sql));
	made->slots |= 1u << slot;
	return OK;
}

/* ---- arguments -------------------------------------------------------- */

/* Everything in binary: nothing is escaped, nothing is read back. */
struct wire {
	const char *values[SQL_ARGS_MAX];
	int lengths[SQL_ARGS_MAX], formats[SQL_ARGS_MAX];
	char numbers[SQL_ARGS_MAX][8];
};

static bool to_wire(const struct arg *a, Oid type, struct wire *w, size_t i)
{
	w->formats[i] = 1;
	w->values[i] = a->bytes.p;
	w->lengths[i] = (int)a->bytes.n;
	switch (a->kind) {
	case ARG_NULL:
		w->values[i] = NULL;
		w->lengths[i] = 0;
		return true;
	case ARG_TEXT:
		return type == IS_TEXT;
	case ARG_BLOB:
		return type == IS_BYTEA;
	case ARG_NUMBER:
		break;
	}
	w->values[i] = w->numbers[i];
	if (type == IS_INT8) {
		w->lengths[i] = 8;
		put_u64(w->numbers[i], (uint64_t)a->number);
		return true;
	}
	w->lengths[i] = 4;
	put_u32(w->numbers[i], (uint32_t)a->number);
	return type == IS_INT4 && a->number >= INT32_MIN &&
	    a->number <= INT32_MAX;
}

static result send(struct store *s, size_t at, int slot,
    const struct arg *args)
{
	const struct statement *st = s->statements[at];
	struct link *l = &s->postgres->link;
	char name[NAME_MAX_BYTES];
	struct wire w;

	for (size_t i = 0; i < st->args_n; i++) {
		if (!to_wire(&args[i], s->postgres->prepared[at].types[i], &w,
		    i)) {
			store_say(s, "%s: :%s is of another type", st->name,
			    st->args[i]);
			return fault(BUG);
		}
	}
	name_of(at, slot, name);
	if (!PQsendQueryPrepared(l->conn, name, (int)st->args_n, w.values,
	    w.lengths, w.formats, 1))
		return link_unsent(l, st->name);
	return OK;
}

/* ---- statements ------------------------------------------------------- */

/* The server ended, but our transaction did not: nothing to speak to. */
static result link_here(struct store *s)
{
	return s->postgres->link.conn != NULL ? OK : refuse(UNAVAILABLE);
}

static result script(struct store *s, const char *name, const char *sql)
{
	TRY(link_here(s));
	return link_command(&s->postgres->link, LINK_MIGRATION_MS, name, sql,
	    NULL);
}

static result run(struct store *s, size_t at, const struct arg *args,
    int64_t *ret_changed)
{
	PGresult *got = NULL;
	int64_t changed = 0;

	TRY(link_here(s));
	TRY(prepare_here(s, at, 0));
	TRY(send(s, at, 0, args));
	TRY(link_results(&s->postgres->link, LINK_ANSWER_MS,
	    s->statements[at]->name, &got));
	if (!text_integer(text_of(PQcmdTuples(got)), &changed))
		changed = 0;
	PQclear(got);
	*ret_changed = changed;
	return OK;
}

static bool send_fetch(struct link *l, int slot)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "FETCH %d FROM c%d", CHUNK_ROWS, slot);
	return PQsendQueryParams(l->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
}

static bool send_close(struct link *l, int slot)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "CLOSE c%d", slot);
	return PQsendQueryParams(l->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
}

/* Close what the slot held, declare, fetch the first chunk: one travel. */
static result send_cursor(struct row_set *r, const struct arg *args)
{
	struct postgres *p = r->store->postgres;
	const char *name = r->store->statements[r->statement]->name;
	PGconn *conn = p->link.conn;

	if (p->declared[r->slot] && !send_close(&p->link, r->slot))
		return link_unsent(&p->link, name);
	TRY(send(r->store, r->statement, r->slot, args));
	if (!send_fetch(&p->link, r->slot) || !PQpipelineSync(conn))
		return link_unsent(&p->link, name);
	return OK;
}

static result declare(struct row_set *r, const struct arg *args,
    PGresult **ret)
{
	struct postgres *p = r->store->postgres;
	const char *name = r->store->statements[r->statement]->name;
	result told;

	if (!PQenterPipelineMode(p->link.conn))
		return link_unsent(&p->link, name);
	told = send_cursor(r, args);
	if (is_ok(told)) {
		told = link_results(&p->link, LINK_ANSWER_MS, name, ret);
	} else {
		/* Half a pipeline cannot be called back. */
		link_drop(&p->link);
	}
	if (p->link.conn != NULL)
		PQexitPipelineMode(p->link.conn);
	if (is_ok(told))
		p->declared[r->slot] = true;
	return told;
}

static void keep(struct row_set *r, PGresult *got)
{
	PQclear(r->handle);
	r->handle = got;
	r->row = -1;
	r->rows_n = PQntuples(got);
	r->columns_n = PQnfields(got);
}

static result query(struct row_set *r, const struct arg *args)
{
	struct store *s = r->store;
	const struct statement *st = s->statements[r->statement];
	PGresult *got = NULL;

	TRY(link_here(s));
	if (!statement_reads(st)) {
		TRY(prepare_here(s, r->statement, 0));
		TRY(send(s, r->statement, 0, args));
		TRY(link_results(&s->postgres->link, LINK_ANSWER_MS, st->name,
		    &got));
		keep(r, got);
		return OK;
	}
	TRY(prepare_here(s, r->statement, r->slot));
	TRY(declare(r, args, &got));
	keep(r, got);
	r->more = r->rows_n == CHUNK_ROWS;
	return OK;
}

static result fetch(struct row_set *r)
{
	struct link *l = &r->store->postgres->link;
	const char *name = r->store->statements[r->statement]->name;
	PGresult *got = NULL;

	TRY(link_here(r->store));
	if (!send_fetch(l, r->slot))
		return link_unsent(l, name);
	TRY(link_results(l, LINK_ANSWER_MS, name, &got));
	keep(r, got);
	r->more = r->rows_n == CHUNK_ROWS;
	return OK;
}

static result next(struct row_set *r, bool *ret_there)
{
	if (r->row + 1 == r->rows_n && r->more)
		TRY(fetch(r));
	*ret_there = r->row + 1 < r->rows_n;
	if (*ret_there)
		r->row++;
	return OK;
}

static void end(struct row_set *r)
{
	/* The cursor is closed by the next user of its slot, or with the
	 * transaction: not worth a travel of its own. */
	PQclear(r->handle);
	r->handle = NULL;
}

static const char *column_name(struct row_set *r, int at)
{
	return PQfname(r->handle, at);
}

static struct cell cell(struct row_set *r, int at)
{
	struct cell c = { .kind = CELL_NULL };
	const char *p = PQgetvalue(r->handle, r->row, at);

	if (PQgetisnull(r->handle, r->row, at))
		return c;
	c.kind = CELL_NUMBER;
	switch (PQftype(r->handle, at)) {
	case IS_INT8:
		c.number = (int64_t)get_u64(p);
		return c;
	case IS_INT4:
		c.number = (int32_t)get_u32(p);
		return c;
	case IS_INT2:
		c.number = (int16_t)get_u16(p);
		return c;
	case IS_BOOL:
		c.number = *p != 0;
		return c;
	}
	c.kind = CELL_BYTES;
	c.bytes.p = p;
	c.bytes.n = (size_t)PQgetlength(r->handle, r->row, at);
	return c;
}

/* ---- transactions ----------------------------------------------------- */

/*
 * One writer at a time, as on SQLite, whoever else is served by the database;
 * and what is read is of one moment, as there (ADR 17).  The lock is "alas"
 * in ASCII and one more, for migrations have that one.
 */
static const char reads[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
static const char writes[] =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
    "SELECT pg_advisory_xact_lock(1634492788, "
    "current_schema()::regnamespace::oid::integer)";

/*
 * Nothing of the transaction is done yet, so a connection that died while
 * idle is made anew without telling anybody.  A server that does not answer
 * at all is not asked twice.
 */
static result begin_with(struct store *s, const char *sql, int wait_ms)
{
	struct link *l = &s->postgres->link;
	bool fresh = l->conn == NULL;
	result r;

	TRY(connected(s));
	r = link_command(l, wait_ms, "begin", sql, NULL);
	if (is_ok(r) || l->conn != NULL || fresh || l->timed_out)
		return r;
	TRY(connected(s));
	return link_command(l, wait_ms, "begin", sql, NULL);
}

static void abort_tx(struct store *s)
{
	struct postgres *p = s->postgres;

	if (p->link.conn == NULL)
		return;
	memset(p->declared, 0, sizeof(p->declared));
	if (!is_ok(link_command(&p->link, LINK_BEGIN_MS, "rollback",
	    "ROLLBACK", NULL)))
		link_drop(&p->link);
}

static result begin(struct store *s, enum tx_kind kind)
{
	result r;

	if (kind == TX_READ)
		return begin_with(s, reads, LINK_BEGIN_MS);
	r = begin_with(s, writes, LINK_ANSWER_MS);
	/* BUSY: begun, and the lock is another's. */
	if (!is_ok(r))
		abort_tx(s);
	return r;
}

/*
 * Who makes and rewrites tables is their owner.  Who serves may be another
 * role, which may do neither; where it is a member of the owner it becomes
 * the owner for as long as this takes (the guide: postgres.md).  Where it is
 * the owner itself, or no member, nothing changes.
 */
#define BECOME_OWNER(local)                                                  \
	"SELECT set_config('role', pg_get_userbyid(owner), " local ") FROM "  \
	"(SELECT coalesce((SELECT relowner FROM pg_class WHERE oid = "        \
	"to_regclass('migration')), (SELECT datdba FROM pg_database WHERE "   \
	"datname = current_database())) AS owner) AS it WHERE "               \
	"pg_get_userbyid(owner) <> current_user AND "                         \
	"pg_has_role(session_user, owner, 'MEMBER')"

/* VACUUM skips what is another's with a mere warning, and says VACUUM. */
static const char tables_of_others[] =
    "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
    "current_schema()::regnamespace AND NOT pg_has_role(relowner, 'USAGE')";

/* One migrates in a schema; others wait for lock_timeout, then are BUSY. */
static result begin_migration(struct store *s)
{
	result r;

	TRY(begin(s, TX_WRITE));
	r = link_command(&s->postgres->link, LINK_ANSWER_MS, "migration",
	    "SET LOCAL statement_timeout = '600s';" BECOME_OWNER("true") ";"
	    "SELECT pg_advisory_xact_lock(1634492787, "
	    "current_schema()::regnamespace::oid::integer)", NULL);
	if (!is_ok(r))
		abort_tx(s);
	return r;
}

/*
 * COMMIT on a failed transaction answers ROLLBACK, and a COMMIT that no
 * longer waits for its standby answers COMMIT with a warning: neither
 * counts.
 */
static result commit(struct store *s)
{
	struct postgres *p = s->postgres;
	PGresult *got = NULL;
	bool kept;

	TRY(link_here(s));
	memset(p->declared, 0, sizeof(p->declared));
	p->link.warned = false;
	TRY(link_command(&p->link, LINK_ANSWER_MS, "commit", "COMMIT", &got));
	kept = strcmp(PQcmdStatus(got), "COMMIT") == 0;
	PQclear(got);
	if (!kept) {
		store_say(s, "commit: the server rolled back");
		return fault(STORE);
	}
	return p->link.warned ? refuse(UNAVAILABLE) : OK;
}

/* ---- rest and check --------------------------------------------------- */

static result rest(struct store *s)
{
	(void)s;	/* autovacuum and checkpoints are the server's */
	return OK;
}

static result rewrite_all(struct store *s)
{
	int64_t others;

	TRY(ask(s, "compact", tables_of_others, &others));
	if (others > 0) {
		store_say(s, "compact: %lld tables have another owner, who "
		    "must grant its role to ours", (long long)others);
		return fault(STORE);
	}
	return link_command(&s->postgres->link, LINK_MIGRATION_MS, "compact",
	    "VACUUM FULL", NULL);
}

/* As long as it takes: a table is locked and written anew. */
static result compact(struct store *s)
{
	struct link *l = &s->postgres->link;
	result back;
	result got;

	TRY(connected(s));
	TRY(link_command(l, LINK_ANSWER_MS, "compact",
	    "SET statement_timeout = 0;" BECOME_OWNER("false"), NULL));
	got = rewrite_all(s);
	back = link_command(l, LINK_ANSWER_MS, "compact",
	    "RESET ROLE; SET statement_timeout = '5s'", NULL);
	if (!is_ok(back))
		link_drop(l);
	return is_ok(got) ? back : got;
}

static result check(struct store *s)
{
	int64_t one;

	TRY(connected(s));
	return ask(s, "ping", "SELECT 1", &one);
}

static unsigned reconnected(const struct store *s)
{
	unsigned generation = s->postgres->link.generation;

	return generation == 0 ? 0 : generation - 1;
}

const struct driver driver_postgres = {
	.engine = ENGINE_POSTGRES,
	.open = open_link,
	.close = close_link,
	.prepare = prepare,
	.begin = begin,
	.begin_migration = begin_migration,
	.commit = commit,
	.abort = abort_tx,
	.migration_at = migration_at,
	.script = script,
	.run = run,
	.query = query,
	.next = next,
	.end = end,
	.column_name = column_name,
	.cell = cell,
	.rest = rest,
	.compact = compact,
	.check = check,
	.reconnected = reconnected,
	.before_migrations = "CREATE DOMAIN blob AS bytea",
};
