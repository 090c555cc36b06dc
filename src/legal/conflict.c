#include "legal_inside.h"

#include <string.h>

/* What the field holds, less the line that counts what it does not. */
enum { HITS_BYTES = 4000, HITS_ROOM = HITS_BYTES - 16, HIT_CELLS = 4 };
enum { REASON_MAX = 1000 };

static const char whole_row[] = "";	/* no prefix */

static const char *const verdict_names[] = {
	[CONFLICT_PENDING] = "pending", [CONFLICT_CLEAR] = "clear",
	[CONFLICT_WAIVER] = "waiver", [CONFLICT_DECLINE] = "decline",
};
_Static_assert(LENGTH(verdict_names) == CONFLICT_VERDICTS, "a name for each");

/* What was decided may be decided anew, but is never undecided again. */
static const uint32_t may_become[CONFLICT_VERDICTS] = {
	[CONFLICT_PENDING] = 1u << CONFLICT_CLEAR | 1u << CONFLICT_WAIVER |
	    1u << CONFLICT_DECLINE,
	[CONFLICT_CLEAR] = 1u << CONFLICT_WAIVER | 1u << CONFLICT_DECLINE,
	[CONFLICT_WAIVER] = 1u << CONFLICT_CLEAR | 1u << CONFLICT_DECLINE,
	[CONFLICT_DECLINE] = 1u << CONFLICT_CLEAR | 1u << CONFLICT_WAIVER,
};

bool
conflict_verdict_read(text code, enum conflict_verdict *ret)
{
	for (int i = 0; i < CONFLICT_VERDICTS; i++) {
		if (text_same(code, text_of(verdict_names[i]))) {
			*ret = (enum conflict_verdict)i;
			return true;
		}
	}
	return false;
}

void
party_decide(struct arena *a, const struct party *p, const char *prefix,
    struct problems *problems)
{
	bool person = !id_none(p->person_id.raw);

	if (person && p->name.n > 0)
		legal_problem(a, problems, prefix, "name",
		    "problem.party_twice");
	if (!person && p->name.n == 0)
		legal_problem(a, problems, prefix, "name",
		    "problem.party_nobody");
	if (!person && p->represented.known && p->represented.value)
		legal_problem(a, problems, prefix, "represented",
		    "problem.represented_registered");
	if (legal_before(p->to_on, p->from_on))
		legal_problem_days(a, problems, prefix, "to_on",
		    "problem.to_before_from", p->to_on, p->from_on);
}

/* What every decision needs, whatever it was before. */
static bool
decision_holds(struct arena *a, const struct party *p,
    const struct conflict_decision *d, enum conflict_verdict verdict,
    struct problems *problems)
{
	size_t before = problems->n;

	if (verdict == CONFLICT_WAIVER && id_none(p->waiver_document_id.raw))
		legal_problem(a, problems, whole_row, "verdict",
		    "problem.waiver_document");
	if (verdict != CONFLICT_PENDING && d->reason.n == 0)
		legal_problem(a, problems, whole_row, "reason",
		    "problem.conflict_reason");
	if (text_characters(d->reason) > REASON_MAX)
		problem_add_bounds(problems, T("reason"), "problem.too_long",
		    0, REASON_MAX);
	return problems->n == before;
}

static void
record(struct party *p, const struct conflict_decision *d,
    enum conflict_verdict verdict)
{
	p->conflict_verdict = text_of(verdict_names[verdict]);
	p->conflict_reason = d->reason;
	p->decided_by = d->by;
	p->decided_at = d->at;
}

void
conflict_check(struct arena *a, struct party *p,
    const struct conflict_decision *d, struct problems *problems)
{
	enum conflict_verdict verdict;

	if (p->conflict_hits.n == 0) {
		/* Nothing was found: there is nothing to decide upon. */
		p->conflict_verdict = T("clear");
		p->conflict_checked_at = d->at;
		return;
	}
	if (d->verdict.n == 0) {
		legal_problem(a, problems, whole_row, "verdict",
		    "problem.conflict_hits");
		return;
	}
	if (!conflict_verdict_read(d->verdict, &verdict)) {
		problem_add(problems, T("verdict"), "problem.code",
		    &d->verdict, 1);
		return;
	}
	if (!decision_holds(a, p, d, verdict, problems))
		return;
	p->conflict_checked_at = d->at;
	if (verdict == CONFLICT_PENDING)
		p->conflict_verdict = T("pending");
	else
		record(p, d, verdict);
}

void
conflict_decide(struct arena *a, struct party *p,
    const struct conflict_decision *d, struct problems *problems)
{
	enum conflict_verdict now;
	enum conflict_verdict then;

	if (d->verdict.n == 0) {
		legal_problem(a, problems, whole_row, "verdict",
		    "problem.required");
		return;
	}
	if (!conflict_verdict_read(d->verdict, &then)) {
		problem_add(problems, T("verdict"), "problem.code",
		    &d->verdict, 1);
		return;
	}
	if (!conflict_verdict_read(p->conflict_verdict, &now) ||
	    (may_become[now] & 1u << then) == 0) {
		legal_problem(a, problems, whole_row, "verdict",
		    then == CONFLICT_PENDING ? "problem.conflict_undecide" :
		    "problem.conflict_same");
		return;
	}
	if (decision_holds(a, p, d, then, problems))
		record(p, d, then);
}

const char *
conflict_block(void *const *parties, size_t n)
{
	const char *key = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct party *p = parties[i];

		if (text_same(p->conflict_verdict, T("pending")))
			return "problem.conflict_pending";
		if (text_same(p->conflict_verdict, T("decline")))
			key = "problem.conflict_declined";
	}
	return key;
}

/* ---- hits, frozen ----------------------------------------------------- */

static void
cell(struct buf *b, text t)
{
	for (size_t i = 0; i < t.n; i++)
		buf_char(b, (unsigned char)t.p[i] < 0x20 ? ' ' : t.p[i]);
}

static void
hit_write(struct buf *b, struct arena *a, const struct conflict_hit *h)
{
	cell(b, h->code);
	buf_char(b, '\t');
	cell(b, h->role);
	buf_char(b, '\t');
	if (h->date.known)
		cell(b, day_iso(a, h->date));
	buf_char(b, '\t');
	cell(b, h->ask);
	buf_char(b, '\n');
}

result
conflict_hits_write(struct arena *a, const struct conflict_hit *hits,
    size_t n, text *ret)
{
	CLEANUP(buf_free) struct buf b = buf_new(HITS_BYTES);
	CLEANUP(buf_free) struct buf line = buf_new(HITS_BYTES);
	text written;
	size_t i;

	for (i = 0; i < n; i++) {
		buf_clear(&line);
		hit_write(&line, a, &hits[i]);
		TRY(buf_end(&line));
		if (b.n + line.n > HITS_ROOM)
			break;
		buf_text(&b, buf_view(&line));
	}
	if (i < n)
		buf_format(&b, "+%zu\t\t\t\n", n - i);
	TRY(buf_end(&b));
	written = arena_text(a, buf_view(&b));
	NEED(written.p);
	*ret = written;
	return OK;
}

static bool
hit_read(text line, struct conflict_hit *ret)
{
	text cells[HIT_CELLS];

	for (size_t i = 0; i < HIT_CELLS; i++) {
		if (i + 1 < HIT_CELLS && !text_has(line, '\t'))
			return false;
		cells[i] = text_cut(&line, '\t');
	}
	*ret = (struct conflict_hit){ .code = cells[0], .role = cells[1],
		.ask = cells[3] };
	return line.n == 0 &&
	    (cells[2].n == 0 || day_read(cells[2], &ret->date));
}

result
conflict_hits_read(struct arena *a, text written, struct conflict_hit **ret,
    size_t *ret_n)
{
	size_t lines = 0;
	struct conflict_hit *hits;
	size_t n = 0;

	for (size_t i = 0; i < written.n; i++)
		lines += written.p[i] == '\n';
	hits = arena_array(a, lines, sizeof(*hits));
	NEED(hits);
	while (written.n > 0) {
		if (n == lines || !hit_read(text_cut(&written, '\n'),
		    &hits[n]))
			return fault(CORRUPT);
		n++;
	}
	*ret = hits;
	*ret_n = n;
	return OK;
}
