/*
 * Tokens of the API: a program's key, narrower than its maker.  Shown once,
 * kept as a keyed hash.
 */
#include "guard_inside.h"

#include <string.h>

enum { TOKEN_DAYS_MAX = 90, TOKEN_NAME_MAX = 60, OPERATIONS_MAX = 64,
	OPERATION_NAME_MAX = 64 };

/* ---- who asks --------------------------------------------------------- */

static bool names_operation(text operations, const char *name)
{
	text one;

	do {
		one = text_cut(&operations, '\n');
		if (text_same(one, text_of(name)))
			return true;
	} while (operations.n > 0);
	return false;
}

static result take_token(struct op *op, const struct session *s)
{
	struct guard *g = op->office->guard;
	const struct member *a = member_of(g, s->user);

	if (session_died(g, s, op->now) != 0 || a == NULL ||
	    !member_live(a, op->now))
		return refuse(SIGN_IN);
	session_used(g, s, op->now);
	op->user = s->user;
	op->session = s->id;
	op->session_token = NULL;
	op->by_token = true;
	op->stepped_up = (instant){ s->stepped_up_ms, s->stepped_up_ms != 0 };
	op->lang = a->facts.lang;
	return OK;
}

result guard_token(struct op *op, text bearer, const char *opname,
    enum level need)
{
	struct session s;
	uint8_t secret[32];
	result got;
	id row;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	TRY(directory_ready(op));
	if (!text_starts(bearer, T("alas_")))
		return session_by_bearer(op, bearer);
	bearer.p += 5;
	bearer.n -= 5;
	if (!base64url_read(bearer, secret, sizeof(secret)))
		return refuse(SIGN_IN);
	TRY(session_row(op->office->keyring,
	    keyring_epoch(op->office->keyring, PURPOSE_SESSION), "api", secret, &row));
	got = session_get(op, true, row, &s);
	if (got.code == E_NOT_FOUND)
		return refuse(SIGN_IN);
	TRY(got);
	TRY(take_token(op, &s));
	if (!names_operation(s.operations, opname))
		return refuse(FORBIDDEN);
	if (need >= LEVEL_WRITE && (s.flags & SESSION_WRITES) == 0)
		return refuse(FORBIDDEN);
	return OK;
}

/* ---- making one ------------------------------------------------------- */

static bool operation_name_good(text t)
{
	if (t.n == 0 || t.n > OPERATION_NAME_MAX)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (!(c >= 'a' && c <= 'z') && c != '_' && c != '-' &&
		    c != '.')
			return false;
	}
	return true;
}

static result join(struct op *op, const text *operations, size_t n,
    text *ret)
{
	CLEANUP(buf_free) struct buf b = buf_new(
	    OPERATIONS_MAX * (OPERATION_NAME_MAX + 1));

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, '\n');
		buf_text(&b, operations[i]);
	}
	TRY(buf_end(&b));
	*ret = arena_text(op->arena, buf_view(&b));
	NEED(ret->p);
	return OK;
}

static result check_new(struct op *op, text name, const text *operations,
    size_t n, int days)
{
	bool good = n > 0 && n <= OPERATIONS_MAX;

	for (size_t i = 0; good && i < n; i++)
		good = operation_name_good(operations[i]);
	if (name.n == 0 || name.n > TOKEN_NAME_MAX ||
	    text_has_control(name, false))
		op_problem(op, "name", "guard.token_name");
	if (!good)
		op_problem(op, "operations", "guard.token_operations");
	if (days < 1 || days > TOKEN_DAYS_MAX)
		op_problem(op, "days", "guard.token_days");
	return op_problems(op);
}

/* Over ones are put away; the living are counted. */
static result count_tokens(struct op *op)
{
	struct session *list = NULL;
	size_t living = 0;
	size_t n = 0;

	TRY(sessions_of(op, true, &op->user, &list, &n));
	for (size_t i = 0; i < n; i++) {
		if (session_died(op->office->guard, &list[i], op->now) != 0)
			TRY(system_remove(op, &table_token, list[i].id));
		else
			living++;
	}
	return living < TOKENS_EACH ? OK : refuse(TOO_MANY);
}

result guard_make_token(struct op *op, text name, const text *operations,
    size_t n, bool may_write, bool may_step_up, int days, text *ret_secret)
{
	struct session s = { .by_token = true, .user = op->user, .name = name,
		.made_ms = op->now.ms, .last_ms = op->now.ms };
	uint8_t secret[32];
	char shown[44];
	text joined;
	text bearer;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	/* A key that could make keys would outlive its own end. */
	if (op->by_token)
		return refuse(FORBIDDEN);
	if (step_up_old(op))
		return refuse(STEP_UP);
	TRY(check_new(op, name, operations, n, days));
	TRY(op_begin(op, TX_WRITE));
	TRY(count_tokens(op));
	TRY(join(op, operations, n, &joined));
	s.operations = joined;
	s.ends_ms = op->now.ms + days * day_ms;
	s.flags = (may_write ? SESSION_WRITES : 0u) |
	    (may_step_up ? SESSION_STEPS_UP : 0u);
	random_bytes(op, secret, sizeof(secret));
	TRY(session_row(op->office->keyring,
	    keyring_epoch(op->office->keyring, PURPOSE_SESSION), "api", secret, &s.id));
	TRY(session_put(op, &s));
	base64url_write(secret, sizeof(secret), shown);
	bearer = arena_format(op->arena, "alas_%s", shown);
	NEED(bearer.p);
	TRY(act_commit(op, EVENT_TOKEN_MADE, OUTCOME_DONE, op->user));
	*ret_secret = bearer;
	return OK;
}
