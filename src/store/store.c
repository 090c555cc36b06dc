#include "store_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "store_sql.h"

/* A store that did not open is gone, but the door must say why. */
static char open_message[STORE_MESSAGE_MAX];

void store_say(struct store *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->message, sizeof(s->message), format, args);
	va_end(args);
	/* Engines end their sentences with a line feed. */
	for (char *c = s->message; *c != '\0'; c++) {
		if (*c == '\n' || *c == '\r')
			*c = ' ';
	}
	for (size_t n = strlen(s->message); n > 0; n--) {
		if (s->message[n - 1] != ' ')
			break;
		s->message[n - 1] = '\0';
	}
}

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)*(const struct statement *const *)a;
	uintptr_t y = (uintptr_t)*(const struct statement *const *)b;

	return (x > y) - (x < y);
}

static size_t list_length(const struct statement *const *list)
{
	size_t n = 0;

	while (list != NULL && list[n] != NULL && n < STATEMENTS_MAX)
		n++;
	return n;
}

/* `own`: the database has the store's own tables. */
static result statements_gather(struct store *s,
    const struct statement *const *program, bool own)
{
	size_t theirs = list_length(program);
	size_t ours = own ? list_length(store_statements) : 0;

	if (theirs + ours > STATEMENTS_MAX)
		return fault(BUG);
	/* One more: none at all must not look like no memory. */
	s->statements = calloc(theirs + ours + 1, sizeof(*s->statements));
	NEED(s->statements);
	for (size_t i = 0; i < theirs; i++)
		s->statements[i] = program[i];
	for (size_t i = 0; i < ours; i++)
		s->statements[theirs + i] = store_statements[i];
	s->statements_n = theirs + ours;
	qsort(s->statements, s->statements_n, sizeof(*s->statements),
	    by_address);
	for (size_t i = 0; i < s->statements_n; i++) {
		const struct statement *st = s->statements[i];

		if (i > 0 && st == s->statements[i - 1]) {
			store_say(s, "%s: %s: listed twice", st->file,
			    st->name);
			return fault(BUG);
		}
		if (st->args_n > SQL_ARGS_MAX) {
			store_say(s, "%s: %s: too many arguments", st->file,
			    st->name);
			return fault(BUG);
		}
	}
	return OK;
}

size_t store_statement_at(const struct store *s, const struct statement *st)
{
	const struct statement **found = bsearch(&st, s->statements,
	    s->statements_n, sizeof(*s->statements), by_address);

	return found == NULL ? s->statements_n
	    : (size_t)(found - s->statements);
}

bool statement_reads(const struct statement *st)
{
	static const char *const words[] = { "SELECT", "WITH", "VALUES" };

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strncasecmp(st->sql, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

result store_prepare_all(struct store *s)
{
	for (size_t i = 0; i < s->statements_n; i++)
		TRY(s->driver->prepare(s, i));
	s->ready = true;
	return OK;
}

static const struct driver *driver_for(const char *where)
{
	text t = text_of(where);

	if (text_starts(t, T("postgresql://")) ||
	    text_starts(t, T("postgres://")))
		return &driver_postgres;
	/* A path with '=' in it can be written with a leading "./". */
	if (text_has(t, '=') && where[0] != '/' && where[0] != '.')
		return &driver_postgres;
	return &driver_sqlite;
}

static const struct migration migrations_none[] = { { 0, NULL, NULL } };

static int migrations_head(const struct migration *list)
{
	int head = 0;

	for (size_t i = 0; list[i].number != 0 && i < MIGRATIONS_MAX; i++)
		head = list[i].number;
	return head;
}

result store_add(struct store *s, const char *const *tables)
{
	for (size_t i = 0; tables[i] != NULL; i++)
		TRY(s->driver->script(s, "tables", tables[i]));
	return OK;
}

static result open_parts(struct store *s, const struct store_options *o)
{
	int at;

	TRY(statements_gather(s, o->statements, o->tables == NULL));
	TRY(s->driver->open(s, o->where));
	if (o->tables != NULL) {
		TRY(store_add(s, o->tables));
		return store_prepare_all(s);
	}
	TRY(s->driver->migration_at(s, &at));
	if (at != s->head)
		return OK;
	return store_prepare_all(s);
}

result store_open_with(const struct store_options *o,
    const struct migration *migrations, struct store **ret)
{
	struct store *s;
	result r;

	open_message[0] = '\0';
	s = calloc(1, sizeof(*s));
	NEED(s);
	s->driver = driver_for(o->where);
	s->read_only = o->read_only;
	s->migrations = o->tables == NULL ? migrations : migrations_none;
	s->head = migrations_head(s->migrations);
	r = open_parts(s, o);
	if (!is_ok(r)) {
		memcpy(open_message, s->message, sizeof(open_message));
		store_close(&s);
		return r;
	}
	*ret = s;
	return OK;
}

result store_open(const struct store_options *o, struct store **ret)
{
	return store_open_with(o, store_migrations, ret);
}

void store_close(struct store **s)
{
	struct store *gone = *s;

	if (gone == NULL)
		return;
	if (gone->in_tx) {
		struct tx *tx = &gone->tx;

		tx_abort(&tx);
	}
	gone->driver->close(gone);
	free(gone->statements);
	free(gone);
	*s = NULL;
}

enum store_engine store_engine(const struct store *s)
{
	return s->driver->engine;
}

const char *store_version(const struct store *s)
{
	return s->version;
}

const char *store_message(const struct store *s)
{
	return s == NULL ? open_message : s->message;
}

bool store_wounded(const struct store *s)
{
	return s->wounded;
}

result store_rest(struct store *s)
{
	if (s->in_tx)
		return fault(BUG);
	return s->driver->rest(s);
}

unsigned store_reconnected(const struct store *s)
{
	return s->driver->reconnected(s);
}

result store_compact(struct store *s)
{
	if (s->in_tx || s->read_only)
		return fault(BUG);
	return s->driver->compact(s);
}

result store_check(struct store *s)
{
	if (s->in_tx)
		return fault(BUG);
	return s->driver->check(s);
}
