/*
 * What was typed and answered lies here and there for a day or a week:
 * kept answers, searches, drafts.  When a person is shredded, answers and
 * searches go whole, for nobody can tell whom they are about; drafts, which
 * are somebody's work, where one of the person's words stands in them.
 */
#include "guard_inside.h"

#include <string.h>

/* ---- kept answers -------------------------------------------------------- */

struct kept { struct op *op; struct kept_one { id row; text plain;
	struct kept_one *next; } *first; };

static result gather(void *self, const struct system_row *row)
{
	struct kept *k = self;
	struct kept_one *one = arena_take(k->op->arena, sizeof(*one));

	NEED(one);
	*one = (struct kept_one){ row->id, row->plain, k->first };
	k->first = one;
	return OK;
}

/* The effect still happens once: the answer is told again without its
 * body, as one that was too long to keep. */
static result blank_answers(struct op *op)
{
	struct kept k = { .op = op };

	TRY(system_each(op, &table_once, gather, &k));
	for (const struct kept_one *one = k.first; one != NULL;
	    one = one->next) {
		CLEANUP(buf_free) struct buf plain =
		    buf_new(RECORD_PLAIN_MAX);
		bool had;
		uint64_t v = 0;

		TRY(once_without_body(one->plain, &plain, &had));
		if (!had)
			continue;
		TRY(system_remove(op, &table_once, one->row));
		TRY(system_put(op, &table_once, one->row, &v, &plain));
	}
	return OK;
}

/* ---- searches ------------------------------------------------------------ */

/* The number stays, so that the page behind it is an empty search. */
static result blank_searches(struct op *op)
{
	struct session *list = NULL;
	size_t n = 0;

	TRY(sessions_of(op, false, NULL, &list, &n));
	for (size_t i = 0; i < n; i++) {
		bool had = false;

		for (int q = 0; q < QUERIES_KEPT; q++) {
			had |= list[i].queries[q].words.n > 0;
			list[i].queries[q].words = T("");
		}
		if (had)
			TRY(session_put(op, &list[i]));
	}
	return OK;
}

/* ---- drafts -------------------------------------------------------------- */

/* A form as it was sent: '+' and %41 as they are read. */
static result decoded(struct op *op, text body, text *ret)
{
	static const char digits[] = "0123456789ABCDEF";
	char *to = arena_take(op->arena, body.n + 1);
	size_t n = 0;

	NEED(to);
	for (size_t i = 0; i < body.n; i++) {
		const char *high = NULL;
		const char *low = NULL;

		if (body.p[i] == '%' && i + 2 < body.n) {
			high = memchr(digits, body.p[i + 1], 16);
			low = memchr(digits, body.p[i + 2], 16);
		}
		if (high != NULL && low != NULL) {
			to[n++] = (char)((high - digits) << 4 |
			    (low - digits));
			i += 2;
		} else {
			to[n++] = body.p[i] == '+' ? ' ' : body.p[i];
		}
	}
	*ret = (text){ to, n };
	return OK;
}

bool draft_about(struct op *op, const struct draft_facts *d,
    const text *words, size_t n)
{
	text body = T("");

	if (!is_ok(decoded(op, d->body, &body)))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (words[i].n > 0 && (memmem(body.p, body.n, words[i].p,
		    words[i].n) != NULL || memmem(d->form.p, d->form.n,
		    words[i].p, words[i].n) != NULL))
			return true;
	}
	return false;
}

result guard_forget_typed(struct op *op, const text *words, size_t words_n)
{
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);

	TRY(op_begin(op, TX_WRITE));
	TRY(blank_answers(op));
	TRY(blank_searches(op));
	for (size_t i = 0; i < n; i++)
		TRY(drafts_drop_about(op, users[i]->id, words, words_n));
	return OK;
}
