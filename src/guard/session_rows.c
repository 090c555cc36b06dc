/*
 * Sessions and tokens as rows, and when one is over.  Their row id is a
 * keyed hash of the secret, so a request is one point read; the last use
 * lies in memory and is written at most once a minute.
 */
#include "guard_inside.h"

#include <string.h>

enum { TAG_USER = 1, TAG_MADE, TAG_LAST, TAG_STEPPED_UP, TAG_ENDED, TAG_ENDS,
	TAG_FLAGS, TAG_DEVICE, TAG_NAME, TAG_OPERATIONS, TAG_QUERIES_N,
	TAG_FAILURES, TAG_NOT_BEFORE, TAG_QUERY = 16 };
enum { CLOCK_SLACK_MS = 5 * MINUTE_MS };

const struct system_table *session_table(const struct session *s)
{
	return s->by_token ? &table_token : &table_session;
}

static result unpack(const struct system_row *row, bool by_token,
    struct session *ret)
{
	struct session s = { .id = row->id, .v = row->v,
		.by_token = by_token };
	struct fields f;

	TRY(fields_read(row->plain, &f));
	s.user.raw = field_row_id(&f, TAG_USER);
	s.made_ms = (int64_t)field_u64(&f, TAG_MADE);
	s.last_ms = (int64_t)field_u64(&f, TAG_LAST);
	s.stepped_up_ms = (int64_t)field_u64(&f, TAG_STEPPED_UP);
	s.ended_ms = (int64_t)field_u64(&f, TAG_ENDED);
	s.ends_ms = (int64_t)field_u64(&f, TAG_ENDS);
	s.flags = field_u32(&f, TAG_FLAGS);
	s.device = f.at[TAG_DEVICE];
	s.name = f.at[TAG_NAME];
	s.operations = f.at[TAG_OPERATIONS];
	s.queries_n = field_u32(&f, TAG_QUERIES_N);
	s.counter.failures = field_u32(&f, TAG_FAILURES);
	s.counter.not_before_ms = (int64_t)field_u64(&f, TAG_NOT_BEFORE);
	for (int i = 0; i < QUERIES_KEPT; i++) {
		text q = f.at[TAG_QUERY + i];

		if (q.n < 4)
			continue;
		s.queries[i].number = get_u32(q.p);
		s.queries[i].words = (text){ q.p + 4, q.n - 4 };
	}
	*ret = s;
	return OK;
}

static result pack(const struct session *s, struct buf *out)
{
	CLEANUP(buf_free) struct buf query = buf_new(QUERY_BYTES_MAX + 4);
	struct packer p = pack_begin(out);

	pack_add(&p, TAG_USER, s->user.raw.b, 16);
	pack_u64(&p, TAG_MADE, (uint64_t)s->made_ms);
	pack_u64(&p, TAG_LAST, (uint64_t)s->last_ms);
	pack_u64(&p, TAG_STEPPED_UP, (uint64_t)s->stepped_up_ms);
	pack_u64(&p, TAG_ENDED, (uint64_t)s->ended_ms);
	pack_u64(&p, TAG_ENDS, (uint64_t)s->ends_ms);
	pack_u32(&p, TAG_FLAGS, s->flags);
	pack_text(&p, TAG_DEVICE, s->device);
	pack_text(&p, TAG_NAME, s->name);
	pack_text(&p, TAG_OPERATIONS, s->operations);
	pack_u32(&p, TAG_QUERIES_N, s->queries_n);
	pack_u32(&p, TAG_FAILURES, s->counter.failures);
	pack_u64(&p, TAG_NOT_BEFORE, (uint64_t)s->counter.not_before_ms);
	for (int i = 0; i < QUERIES_KEPT; i++) {
		if (s->queries[i].number == 0)
			continue;
		buf_clear(&query);
		buf_u32(&query, s->queries[i].number);
		buf_text(&query, s->queries[i].words);
		TRY(buf_end(&query));
		pack_text(&p, TAG_QUERY + i, buf_view(&query));
	}
	return pack_end(&p);
}

result session_get(struct op *op, bool by_token, id row,
    struct session *ret)
{
	const struct session kind = { .by_token = by_token };
	struct system_row found;

	TRY(system_get(op, session_table(&kind), row, &found));
	if (found.v == 0)
		return refuse(NOT_FOUND);
	return unpack(&found, by_token, ret);
}

result session_put(struct op *op, struct session *s)
{
	CLEANUP(buf_free) struct buf plain = buf_new(RECORD_PLAIN_MAX);

	TRY(pack(s, &plain));
	return system_put(op, session_table(s), s->id, &s->v, &plain);
}

/* ---- all of somebody's ------------------------------------------------ */

struct gathering {
	struct op *op;
	bool by_token;
	const user_id *user;
	struct session *list;
	size_t n, room;
};

static result gather(void *self, const struct system_row *row)
{
	struct gathering *g = self;
	struct session s;

	TRY(unpack(row, g->by_token, &s));
	if (g->user != NULL && !id_same(s.user.raw, g->user->raw))
		return OK;
	if (g->n == g->room) {
		size_t room = g->room == 0 ? 8 : 2 * g->room;
		struct session *more = arena_array(g->op->arena, room,
		    sizeof(*more));

		NEED(more);
		if (g->n > 0)
			memcpy(more, g->list, g->n * sizeof(*more));
		g->list = more;
		g->room = room;
	}
	g->list[g->n++] = s;
	return OK;
}

result sessions_of(struct op *op, bool by_token, const user_id *user,
    struct session **ret, size_t *ret_n)
{
	const struct session kind = { .by_token = by_token };
	struct gathering g = { .op = op, .by_token = by_token,
		.user = user };

	TRY(system_each(op, session_table(&kind), gather, &g));
	*ret = g.list;
	*ret_n = g.n;
	return OK;
}

/* ---- over or not ------------------------------------------------------ */

static struct use *use_of(const struct guard *g, id session)
{
	return sorted_if(&g->uses, sorted_from(&g->uses, session.b, 16),
	    session.b, 16);
}

static void forget_use(struct guard *g, id session)
{
	size_t at = sorted_from(&g->uses, session.b, 16);

	if (sorted_if(&g->uses, at, session.b, 16) != NULL)
		sorted_remove(&g->uses, at);
}

int64_t session_last_ms(const struct guard *g, const struct session *s)
{
	const struct use *use = use_of(g, s->id);

	return use != NULL && use->last_ms > s->last_ms ? use->last_ms :
	    s->last_ms;
}

int64_t session_died(const struct guard *g, const struct session *s,
    instant now)
{
	int64_t last = session_last_ms(g, s);
	int64_t end = s->made_ms + ABSOLUTE_MS;

	if (s->by_token)
		end = s->ends_ms;
	else if (last + IDLE_MS < end)
		end = last + IDLE_MS;
	if (s->ended_ms != 0 && s->ended_ms < end)
		end = s->ended_ms;
	/* A clock that was wrong must not make a session last for years. */
	if (s->made_ms > now.ms + CLOCK_SLACK_MS)
		return s->made_ms;
	return now.ms >= end ? end : 0;
}

void session_used(struct guard *g, const struct session *s, instant now)
{
	struct use *use = use_of(g, s->id);
	struct use fresh = { .last_ms = now.ms, .written_ms = s->last_ms,
		.token = s->by_token };

	if (use != NULL) {
		if (now.ms > use->last_ms)
			use->last_ms = now.ms;
		return;
	}
	memcpy(fresh.session, s->id.b, 16);
	ignore(sorted_put(&g->uses, &fresh),
	    "a use not remembered only shortens the session");
}

/* ---- ending ----------------------------------------------------------- */

result session_end(struct op *op, struct session *s)
{
	forget_use(op->office->guard, s->id);
	s->ended_ms = op->now.ms;
	/* Queries are words about people: gone with the session. */
	memset(s->queries, 0, sizeof(s->queries));
	return session_put(op, s);
}

static result end_all(struct op *op, const user_id *user, bool by_token,
    id except)
{
	struct guard *g = op->office->guard;
	struct session *list = NULL;
	size_t n = 0;

	TRY(op_begin(op, TX_WRITE));
	TRY(sessions_of(op, by_token, user, &list, &n));
	for (size_t i = 0; i < n; i++) {
		if (!id_same(list[i].id, except) &&
		    session_died(g, &list[i], op->now) == 0)
			TRY(session_end(op, &list[i]));
	}
	return OK;
}

result sessions_end(struct op *op, user_id user, bool tokens_too, id except)
{
	TRY(end_all(op, &user, false, except));
	return tokens_too ? end_all(op, &user, true, except) : OK;
}

result guard_end_everyone(struct op *op)
{
	return end_all(op, NULL, false, (id){ 0 });
}

result tokens_end_everyone(struct op *op)
{
	return end_all(op, NULL, true, (id){ 0 });
}

/* ---- beginning -------------------------------------------------------- */

/* Rows that are no longer asked for, of anybody, and the oldest living of
 * this user when there would be six. */
static result make_room(struct op *op, user_id user)
{
	struct guard *g = op->office->guard;
	struct session *list = NULL;
	struct session *oldest = NULL;
	size_t living = 0;
	size_t n = 0;

	TRY(sessions_of(op, false, NULL, &list, &n));
	for (size_t i = 0; i < n; i++) {
		int64_t died = session_died(g, &list[i], op->now);

		if (died != 0 && op->now.ms - died >= LATE_MS) {
			TRY(system_remove(op, &table_session, list[i].id));
			continue;
		}
		if (died != 0 || !id_same(list[i].user.raw, user.raw))
			continue;
		living++;
		if (oldest == NULL || list[i].made_ms < oldest->made_ms)
			oldest = &list[i];
	}
	return living >= SESSIONS_EACH ? session_end(op, oldest) : OK;
}

result session_start(struct op *op, user_id user, uint32_t flags,
    text device, const struct session *like)
{
	struct session s = { .user = user, .made_ms = op->now.ms,
		.last_ms = op->now.ms, .flags = flags, .device = device };
	uint8_t *token = arena_take(op->arena, 32);
	char *cookie = arena_take(op->arena, 44);

	NEED(token);
	NEED(cookie);
	TRY(op_begin(op, TX_WRITE));
	if (like != NULL) {
		s = *like;
		s.v = 0;
		s.flags = flags;
		s.last_ms = op->now.ms;
		forget_use(op->office->guard, like->id);
		TRY(system_remove(op, &table_session, like->id));
	} else {
		TRY(make_room(op, user));
	}
	/* Passphrase and a fresh code were just given: that is the step-up.
	 * One tap into a demonstration is not. */
	if ((op->office->flags & VAULT_DEMONSTRATION) == 0 || like != NULL)
		s.stepped_up_ms = op->now.ms;
	random_bytes(op, token, 32);
	TRY(session_row(op->office->keyring,
	    keyring_epoch(op->office->keyring, PURPOSE_SESSION), "ses", token, &s.id));
	TRY(session_put(op, &s));
	base64url_write(token, 32, cookie);
	op->set_session = (text){ cookie, 43 };
	op->session = s.id;
	op->session_token = token;
	op->by_token = false;
	op->stepped_up = (instant){ s.stepped_up_ms, s.stepped_up_ms != 0 };
	op->user = (flags & SESSION_ENROLLING) != 0 ? (user_id){ 0 } : user;
	return OK;
}
