/*
 * Who is behind a cookie; what belongs to a session: the hidden field of
 * its forms, its searches, its list and its end.
 */
#include "guard_inside.h"

#include <string.h>

/* ---- who asks --------------------------------------------------------- */

static result cookie_session(struct op *op, text cookie, uint32_t epoch,
    uint8_t token[32], struct session *ret)
{
	result got;
	id row;

	if (!base64url_read(cookie, token, 32))
		return refuse(SIGN_IN);
	TRY(session_row(op->office->keyring, epoch, "ses", token, &row));
	got = session_get(op, false, row, ret);
	return got.code == E_NOT_FOUND ? refuse(SIGN_IN) : got;
}

/* A rotation ends every session: whoever lives is of the newest epoch. */
static uint32_t newest(const struct op *op)
{
	return keyring_epoch(op->office->keyring, PURPOSE_SESSION);
}

static result take_session(struct op *op, const struct session *s,
    const uint8_t token[32])
{
	struct guard *g = op->office->guard;
	const struct member *a = member_of(g, s->user);
	uint8_t *kept = arena_take(op->arena, 32);

	NEED(kept);
	if (session_died(g, s, op->now) != 0)
		return refuse(SIGN_IN);
	memcpy(kept, token, 32);
	if ((s->flags & SESSION_ENROLLING) != 0) {
		/* Known for its forms; nobody until the factor is set. */
		op->session = s->id;
		op->session_token = kept;
		return refuse(SIGN_IN);
	}
	if (a == NULL || !member_live(a, op->now))
		return refuse(SIGN_IN);
	session_used(g, s, op->now);
	op->user = s->user;
	op->session = s->id;
	op->session_token = kept;
	op->by_token = false;
	op->stepped_up = (instant){ s->stepped_up_ms, s->stepped_up_ms != 0 };
	op->lang = a->facts.lang;
	return OK;
}

result guard_session(struct op *op, text cookie)
{
	uint8_t token[32];
	struct session s;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	TRY(directory_ready(op));
	TRY(cookie_session(op, cookie, newest(op), token, &s));
	if ((s.flags & SESSION_SHELL) != 0)
		return refuse(SIGN_IN);
	return take_session(op, &s, token);
}

/* What `alas sign-in` holds: a session, shown as a bearer. */
result session_by_bearer(struct op *op, text bearer)
{
	uint8_t token[32];
	struct session s;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	TRY(cookie_session(op, bearer, newest(op), token, &s));
	if ((s.flags & SESSION_SHELL) == 0)
		return refuse(SIGN_IN);
	TRY(take_session(op, &s, token));
	op->session_token = NULL;	/* no forms, so no hidden field */
	return OK;
}

/* ---- the hidden field ------------------------------------------------- */

text guard_csrf(struct op *op)
{
	uint8_t base[32];
	char field[87];

	if (op->session_token == NULL ||
	    !is_ok(csrf_base(op->office->keyring, newest(op),
	    op->session_token, base)))
		return T("");
	csrf_field(op->office->chance, base, field);
	return arena_text(op->arena, text_of(field));
}

bool guard_csrf_ok(struct op *op, text field)
{
	uint8_t base[32];

	return op->session_token != NULL &&
	    is_ok(csrf_base(op->office->keyring, newest(op),
	    op->session_token, base)) &&
	    csrf_check(base, field);
}

result guard_session_late(struct op *op, text cookie, text csrf,
    user_id *ret)
{
	uint8_t token[32];
	uint8_t base[32];
	struct session s;
	struct held_key held = { .epoch = UINT32_MAX };
	result got = refuse(SIGN_IN);
	int64_t died;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	/* Text typed under a session that a rotation ended is not lost. */
	while (got.code == E_SIGN_IN && keyring_held(op->office->keyring,
	    PURPOSE_SESSION, purpose_id(PURPOSE_SESSION), held.epoch, &held))
		got = cookie_session(op, cookie, held.epoch, token, &s);
	TRY(got);
	died = session_died(op->office->guard, &s, op->now);
	if (died == 0 || op->now.ms - died >= LATE_MS)
		return refuse(SIGN_IN);
	TRY(csrf_base(op->office->keyring, held.epoch, token, base));
	if (!csrf_check(base, csrf))
		return refuse(CSRF);
	*ret = s.user;
	return OK;
}

/* ---- searches --------------------------------------------------------- */

result guard_keep_query(struct op *op, text query, int *ret_number)
{
	CLEANUP(writing_end) struct writing w = { 0 };
	struct session s;

	if (id_none(op->user.raw) || op->by_token)
		return refuse(FORBIDDEN);
	if (query.n > QUERY_BYTES_MAX)
		return refuse(TOO_LARGE);
	TRY(writing_begin(op, &w));
	TRY(session_get(op, false, op->session, &s));
	s.queries_n++;
	s.queries[s.queries_n % QUERIES_KEPT] =
	    (struct query){ s.queries_n, query };
	TRY(session_put(op, &s));
	TRY(writing_commit(&w));
	*ret_number = (int)s.queries_n;
	return OK;
}

result guard_query(struct op *op, int number, text *ret_query)
{
	struct session s;

	if (number <= 0 || op->by_token)
		return refuse(NOT_FOUND);
	TRY(session_get(op, false, op->session, &s));
	if (s.queries[number % QUERIES_KEPT].number != (uint32_t)number)
		return refuse(NOT_FOUND);
	*ret_query = s.queries[number % QUERIES_KEPT].words;
	return OK;
}

/* ---- list and end ----------------------------------------------------- */

static result list_living(struct op *op, user_id user, bool by_token,
    struct session_facts *list, size_t *n, size_t most)
{
	struct guard *g = op->office->guard;
	struct session *all = NULL;
	size_t all_n = 0;

	TRY(sessions_of(op, by_token, &user, &all, &all_n));
	for (size_t i = 0; i < all_n && *n < most; i++) {
		const struct session *s = &all[i];
		int64_t last = session_last_ms(g, s);

		if (session_died(g, s, op->now) != 0)
			continue;
		list[(*n)++] = (struct session_facts){
			.id = s->id,
			.made = { s->made_ms, true },
			.last_use = { last, last != 0 },
			.device = s->device,
			.current = id_same(s->id, op->session),
			.by_token = by_token,
			.name = s->name,
			.ends = { by_token ? s->ends_ms :
			    s->made_ms + ABSOLUTE_MS, true },
		};
	}
	return OK;
}

result guard_sessions(struct op *op, user_id user,
    struct session_facts **ret, size_t *ret_n)
{
	enum { MOST = SESSIONS_EACH + TOKENS_EACH };
	struct session_facts *list = arena_array(op->arena, MOST,
	    sizeof(*list));
	size_t n = 0;

	NEED(list);
	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(list_living(op, user, false, list, &n, MOST));
	TRY(list_living(op, user, true, list, &n, MOST));
	*ret = list;
	*ret_n = n;
	return OK;
}

result guard_end_session(struct op *op, id session)
{
	struct session s;
	bool by_token = false;
	result got;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(op_begin(op, TX_WRITE));
	got = session_get(op, false, session, &s);
	if (got.code == E_NOT_FOUND) {
		by_token = true;
		got = session_get(op, true, session, &s);
	}
	TRY(got);
	/* Another's is as missing as what never was. */
	if (!id_same(s.user.raw, op->user.raw) ||
	    session_died(op->office->guard, &s, op->now) != 0)
		return refuse(NOT_FOUND);
	TRY(session_end(op, &s));
	if (id_same(session, op->session))
		op->set_session = T("-");
	return act_commit(op, by_token ? EVENT_TOKEN_ENDED :
	    EVENT_SESSION_ENDED, OUTCOME_DONE, op->user);
}

result guard_sign_out(struct op *op)
{
	struct session s;

	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	TRY(op_begin(op, TX_WRITE));
	TRY(session_get(op, op->by_token, op->session, &s));
	TRY(session_end(op, &s));
	op->set_session = T("-");
	return act_commit(op, EVENT_SIGNED_OUT, OUTCOME_DONE, op->user);
}

/* A thief's machine is not to count as one that is known. */
static result forget_devices(struct op *op, user_id user)
{
	struct credential c;

	TRY(credential_get(op, user, &c));
	if (c.v == 0 || c.devices_n == 0)
		return OK;
	c.devices_n = 0;
	return credential_put(op, &c);
}

result guard_end_all(struct op *op, user_id user)
{
	if (id_none(op->user.raw))
		return refuse(SIGN_IN);
	if (guard_user(op->office->guard, user) == NULL)
		return refuse(NOT_FOUND);
	TRY(op_begin(op, TX_WRITE));
	TRY(sessions_end(op, user, true, (id){ 0 }));
	TRY(forget_devices(op, user));
	if (id_same(user.raw, op->user.raw))
		op->set_session = T("-");
	return act_commit(op, EVENT_STOLEN, OUTCOME_DONE, user);
}

/* ---- last uses -------------------------------------------------------- */

static result write_use(struct op *op, struct use *use)
{
	struct session s;
	result got;
	id row;

	memcpy(row.b, use->session, 16);
	got = session_get(op, use->token, row, &s);
	if (got.code == E_NOT_FOUND)
		return OK;
	TRY(got);
	if (use->last_ms > s.last_ms) {
		s.last_ms = use->last_ms;
		got = session_put(op, &s);
		/* Another node was faster: its use is as good as ours. */
		if (got.code != E_CONFLICT)
			TRY(got);
	}
	use->written_ms = use->last_ms;
	return OK;
}

static bool use_due(const struct use *use, instant now)
{
	return use->last_ms > use->written_ms &&
	    now.ms - use->written_ms >= MINUTE_MS;
}

/* What was written and is idle long since need not be remembered. */
static void drop_old_uses(struct guard *g, instant now)
{
	for (size_t i = g->uses.n; i-- > 0;) {
		const struct use *use = sorted_at(&g->uses, i);

		if (use->written_ms >= use->last_ms &&
		    now.ms - use->last_ms > IDLE_MS)
			sorted_remove(&g->uses, i);
	}
}

bool guard_waiting(const struct guard *g, instant now)
{
	for (size_t i = 0; i < g->uses.n; i++) {
		if (use_due(sorted_at(&g->uses, i), now))
			return true;
	}
	return once_waiting(g, now);
}

result guard_flush(struct op *op)
{
	struct guard *g = op->office->guard;
	CLEANUP(writing_end) struct writing w = { 0 };

	if (!keyring_open(op->office->keyring) || !guard_waiting(g, op->now))
		return OK;
	TRY(writing_begin(op, &w));
	for (size_t i = 0; i < g->uses.n; i++) {
		struct use *use = sorted_at(&g->uses, i);

		if (use_due(use, op->now))
			TRY(write_use(op, use));
	}
	TRY(once_sweep(op));
	TRY(writing_commit(&w));
	drop_old_uses(g, op->now);
	return OK;
}
