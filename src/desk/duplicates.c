/*
 * Is the person who is about to be registered there already?  (W03)  By
 * document number; by surnames that sound alike, in either order, where the
 * births may be one; by the same name.
 */
#include "desk_inside.h"

#include "people.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NEAR_YEARS = 3, ESTIMATE_YEARS = 10 };
enum reason { SURNAMES = 1, SAME_NAME, SAME_NUMBER };

struct suspect { id person; enum reason reason; int score; };
struct suspects { struct suspect *p; size_t n, room; };

/* What is known of the new person, with one of its names. */
struct newcomer {
	const struct duplicate_ask *ask;
	struct name_tokens whole, surnames;
	text folded;
};

static result suspect_add(struct arena *a, struct suspects *s,
    struct suspect one)
{
	struct suspect *more;

	for (size_t i = 0; i < s->n; i++) {
		if (!id_same(s->p[i].person, one.person))
			continue;
		if (one.reason > s->p[i].reason ||
		    (one.reason == s->p[i].reason &&
		    one.score > s->p[i].score))
			s->p[i] = one;
		return OK;
	}
	if (s->n == s->room) {
		s->room = s->room == 0 ? 32 : 2 * s->room;
		more = arena_array(a, s->room, sizeof(*more));
		NEED(more);
		if (s->n > 0)
			memcpy(more, s->p, s->n * sizeof(*more));
		s->p = more;
	}
	s->p[s->n++] = one;
	return OK;
}

/* ---- by number -------------------------------------------------------- */

static result by_number(struct view *v, const struct duplicate_ask *ask,
    struct suspects *to)
{
	const struct person_identifier *i = ask->identifier;
	id persons[SAME_NUMBER_MAX];
	char kind[32];
	size_t n = 0;

	if (i == NULL || i->value.n == 0 || i->kind.n > sizeof(kind))
		return OK;
	for (size_t at = 0; at < i->kind.n; at++)
		kind[at] = (char)toupper((unsigned char)i->kind.p[at]);
	TRY(persons_by_number(v, i->country, (text){ kind, i->kind.n },
	    i->value, persons, LENGTH(persons), &n));
	for (size_t at = 0; at < n; at++)
		TRY(suspect_add(v->op->arena, to, (struct suspect){
		    persons[at], SAME_NUMBER, NAME_SCORE_FULL }));
	return OK;
}

/* ---- by name ---------------------------------------------------------- */

/* Years that are counted may differ by three; an estimate is from an age
 * that somebody guessed; what is not known contradicts nothing. */
static bool births_compatible(day a, day b)
{
	int between;
	int most = NEAR_YEARS;

	if (!a.known || !b.known)
		return true;
	if (a.precision == ESTIMATED || b.precision == ESTIMATED)
		most = ESTIMATE_YEARS;
	between = day_ymd(a).year - day_ymd(b).year;
	return between >= -most && between <= most;
}

/* A stored name as it stands in its row. */
struct stored { struct name_tokens whole; text surnames, shown; day born; };

/* `ret_there`: may its person be found? */
static result stored_read(struct view *v, const struct lexicon_name *name,
    struct stored *ret, bool *ret_there)
{
	const struct arg arg = arg_id("row", name->row);
	struct arena *a = v->op->arena;
	struct row_set *rows = NULL;
	result got;

	TRY(store_query(v->tx, &sql_surnames_of, &arg, 1, &rows));
	got = row_next(rows, ret_there);
	if (is_ok(got) && *ret_there) {
		text first = column_text(rows, "first_surname");
		text second = column_text(rows, "second_surname");

		*ret = (struct stored){
			.whole = { .p = name->tokens, .n = name->tokens_n },
			.surnames = arena_format(a, "%.*s %.*s",
			    (int)first.n, first.p, (int)second.n, second.p),
			.shown = names_fold(a, column_text(rows, "name")),
			.born = column_day(rows, "birth_date",
			    "birth_date_p"),
		};
	}
	row_end(&rows);
	return got;
}

static result compare(struct arena *a, const struct newcomer *n,
    const struct stored *s, struct suspect *ret)
{
	struct name_tokens surnames = { 0 };
	struct name_match by_whole = { 0 };
	struct name_match by_surname;
	bool alike;

	TRY(names_tokens(a, s->surnames, &surnames));
	alike = names_match(n->whole, s->whole, &by_whole);
	ret->score = alike ? by_whole.score : 0;
	if (n->folded.n > 0 && text_same(n->folded, s->shown)) {
		ret->reason = SAME_NAME;
		return OK;
	}
	/* One surname alone is shared by thousands: then the rest too. */
	if (n->surnames.n > 0 && (n->surnames.n > 1 || alike) &&
	    names_match(n->surnames, surnames, &by_surname) &&
	    by_surname.worst >= NAME_SOUNDS &&
	    births_compatible(n->ask->person->birth_date, s->born))
		ret->reason = SURNAMES;
	return OK;
}

/* Words that answer to the rarest of the tokens: every name alike holds one
 * of them. */
static result rarest_words(struct view *v, struct name_tokens tokens,
    struct answering *ret)
{
	struct answering all[FIND_TOKENS_MAX];
	const struct answering *rarest = all;

	if (tokens.n > FIND_TOKENS_MAX)
		tokens.n = FIND_TOKENS_MAX;
	TRY(vocabulary_answers(v, tokens, all));
	for (size_t i = 1; i < tokens.n; i++) {
		if (all[i].uses < rarest->uses)
			rarest = &all[i];
	}
	*ret = *rarest;
	return OK;
}

static result by_stored_name(struct view *v, const struct newcomer *n,
    const struct lexicon_name *name, struct suspects *to)
{
	struct suspect one = { .person = name->person };
	struct arena *a = v->op->arena;
	struct arena_mark mark = arena_mark(a);
	struct stored stored;
	bool there = false;

	if (!name->found)
		return OK;
	TRY(stored_read(v, name, &stored, &there));
	if (there)
		TRY(compare(a, n, &stored, &one));
	arena_rewind(a, mark);
	return one.reason != 0 ? suspect_add(a, to, one) : OK;
}

static result by_one_name(struct view *v, const struct newcomer *n,
    struct suspects *to)
{
	const struct lexicon *l = v->op->office->desk->lexicon;
	struct answering words = { 0 };
	struct lexicon_name name;
	size_t looked_at = 0;

	if (n->whole.n == 0)
		return OK;
	TRY(rarest_words(v, n->surnames.n > 0 ? n->surnames : n->whole,
	    &words));
	for (size_t i = 0; i < words.n; i++) {
		for (size_t k = 0; looked_at < FIND_NAMES_MAX &&
		    lexicon_name(l, words.at[i], k, &name); k++) {
			TRY(by_stored_name(v, n, &name, to));
			looked_at++;
		}
	}
	return OK;
}

static result by_names(struct view *v, const struct duplicate_ask *ask,
    struct suspects *to)
{
	struct arena *a = v->op->arena;

	for (size_t i = 0; i < ask->names_n; i++) {
		const struct person_name *name = ask->names[i];
		struct newcomer n = { .ask = ask };
		text written = name_whole(a, name);
		text surnames = arena_format(a, "%.*s %.*s",
		    (int)name->first_surname.n, name->first_surname.p,
		    (int)name->second_surname.n, name->second_surname.p);

		NEED(written.p);
		NEED(surnames.p);
		n.folded = names_fold(a, written);
		TRY(names_tokens(a, written, &n.whole));
		TRY(names_tokens(a, surnames, &n.surnames));
		TRY(by_one_name(v, &n, to));
	}
	return OK;
}

/* ---- the answer ------------------------------------------------------- */

static int by_weight(const void *a, const void *b)
{
	const struct suspect *x = a;
	const struct suspect *y = b;

	if (x->reason != y->reason)
		return x->reason > y->reason ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return id_order(x->person, y->person);
}

/* The person itself, and whom somebody decided to be another. */
static result excused(struct view *v, id person, id other, bool *ret)
{
	const struct arg args[] = {
		arg_id("one", person),
		arg_id("other", other),
	};
	int64_t decided = 0;

	*ret = false;
	if (id_none(person))
		return OK;
	TRY(view_number(v, &sql_decided_not_same, args, LENGTH(args),
	    "decided", &decided));
	*ret = decided != 0 || id_same(person, other);
	return OK;
}

static result add_suspect(struct view *v, const struct suspect *s,
    struct node *to)
{
	static const char *const why[] = {
		[SURNAMES] = "duplicate.why.surnames",
		[SAME_NAME] = "duplicate.why.name",
		[SAME_NUMBER] = "duplicate.why.number",
	};
	struct node *one = node_add_object(to, NULL);
	bool there;

	TRY(add_person_card(v, s->person, one, &there));
	node_add_word(one, "why", why[s->reason]);
	node_add_text(one, "open", object_path(v->op->arena, "people",
	    s->person));
	return OK;
}

result desk_duplicates(struct op *op, const struct duplicate_ask *a,
    struct node *to, size_t *ret_n)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct suspects suspects = { 0 };
	size_t n = 0;

	TRY(view_begin(op, &v));
	TRY(by_number(&v, a, &suspects));
	TRY(by_names(&v, a, &suspects));
	if (suspects.n > 0)
		qsort(suspects.p, suspects.n, sizeof(suspects.p[0]),
		    by_weight);
	for (size_t i = 0; i < suspects.n && n < DUPLICATES_MAX; i++) {
		bool not_one;

		TRY(excused(&v, a->person->row.id, suspects.p[i].person,
		    &not_one));
		if (not_one)
			continue;
		TRY(add_suspect(&v, &suspects.p[i], to));
		n++;
	}
	audit_listed(op, "person", (int64_t)n);
	TRY(node_whole(to));
	*ret_n = n;
	return OK;
}
