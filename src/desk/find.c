#include "desk_inside.h"

#include "desk_sql.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_LETTERS_MIN = 5, NUMBER_LETTERS_MAX = 15, DNI_DIGITS = 8 };

struct hit { id person; int score; int64_t last; const char *why; };

const char *const find_why[NAME_REASONS] = {
	[NAME_INITIAL] = "find.why.initial",
	[NAME_TWO_LETTERS] = "find.why.two_letters",
	[NAME_SHORT] = "find.why.short",
	[NAME_ONE_LETTER] = "find.why.one_letter",
	[NAME_SOUNDS] = "find.why.sounds",
	[NAME_SAME] = "find.why.same",
};

/* ---- by code, by number ----------------------------------------------- */

static result by_code(struct view *v, text typed, id *ret, size_t *ret_n)
{
	struct code_range range;
	uint32_t bits;

	*ret_n = 0;
	if (!code_read(typed, &bits))
		return OK;
	range = code_range(bits);

	const struct arg args[] = {
		arg_id("low", range.low),
		arg_id("high", range.high),
	};
	id *found;
	TRY(view_ids(v, &sql_person_of_code, args, LENGTH(args), "id", 1,
	    &found, ret_n));
	if (*ret_n == 1)
		*ret = found[0];
	return OK;
}

/* Whose number it is on disk, whether it may be found or not. */
static result owners_of_number(struct op *op, const uint8_t bix[16],
    id *ret, size_t most, size_t *ret_n)
{
	const struct arg arg = arg_blob("bix",
	    ((text){ (const char *)bix, 16 }));
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got = OK;

	TRY(op_begin(op, TX_READ));
	TRY(store_query(op->tx, &sql_person_by_bix, &arg, 1, &rows));
	while (n < most && is_ok(got = row_next(rows, &there)) && there)
		ret[n++] = column_id(rows, "person_id");
	row_end(&rows);
	TRY(got);
	*ret_n = n;
	return OK;
}

result persons_by_number(struct view *v, text country, text kind,
    text number, id *ret, size_t most, size_t *ret_n)
{
	id owners[SAME_NUMBER_MAX];
	uint8_t bix[16];
	size_t n = 0;
	size_t kept = 0;
	result got;

	got = blind_index(v->op->office->keyring, country, kind, number, bix);
	*ret_n = 0;
	if (got.code == E_INVALID)
		return OK;
	TRY(got);
	TRY(owners_of_number(v->op, bix, owners, LENGTH(owners), &n));
	for (size_t i = 0; i < n && kept < most; i++) {
		const struct arg arg = arg_id("person", owners[i]);
		size_t may = 0;
		id *found;

		TRY(view_ids(v, &sql_person_may_find, &arg, 1, "id", 1,
		    &found, &may));
		if (may == 1)
			ret[kept++] = owners[i];
	}
	*ret_n = kept;
	return OK;
}

static bool may_be_number(text bare)
{
	bool digit = false;

	for (size_t i = 0; i < bare.n; i++)
		digit = digit || isdigit((unsigned char)bare.p[i]);
	return digit && bare.n >= NUMBER_LETTERS_MIN &&
	    bare.n <= NUMBER_LETTERS_MAX;
}

/* "12345678-9": the ninth is the check character, which is not kept. */
static text dni_of(text bare)
{
	if (bare.n != DNI_DIGITS + 1)
		return bare;
	for (size_t i = 0; i < DNI_DIGITS; i++) {
		if (!isdigit((unsigned char)bare.p[i]))
			return bare;
	}
	return (text){ bare.p, DNI_DIGITS };
}

static result by_number(struct view *v, text typed, id *ret, size_t most,
    size_t *ret_n)
{
	static const char *const kinds[] = { "DNI", "LE", "CE", "PASSPORT" };
	text bare = bare_number(v->op->arena, typed);
	size_t n = 0;

	for (size_t i = 0; may_be_number(bare) && i < LENGTH(kinds) &&
	    n < most; i++) {
		size_t more = 0;

		TRY(persons_by_number(v, T("PE"), text_of(kinds[i]),
		    i == 0 ? dni_of(bare) : bare, ret + n, most - n, &more));
		n += more;
	}
	*ret_n = n;
	return OK;
}

/* ---- by name ---------------------------------------------------------- */

struct search {
	struct view *view;
	struct name_tokens typed;
	struct hit *hits;
	size_t n, room;
};

/* Walls hide calls: then the projection knows when the last one was. */
static result last_contact(struct view *v, struct hit *h)
{
	const struct arg arg = arg_id("person", h->person);

	return v->walled ? view_number(v, &sql_last_contact_of, &arg, 1,
	    "at", &h->last) : OK;
}

static result look_at_names(struct search *s, size_t word)
{
	const struct lexicon *l = s->view->op->office->desk->lexicon;
	struct lexicon_name name;

	for (size_t i = 0; s->n < s->room && lexicon_name(l, word, i,
	    &name); i++) {
		struct name_match match;
		struct hit *h = &s->hits[s->n];

		if (!name.found || !names_match(s->typed,
		    (struct name_tokens){ .p = name.tokens,
		    .n = name.tokens_n }, &match))
			continue;
		*h = (struct hit){ name.person, match.score, name.last,
			find_why[match.worst] };
		TRY(last_contact(s->view, h));
		s->n++;
	}
	return OK;
}

static int by_person(const void *a, const void *b)
{
	const struct hit *x = a;
	const struct hit *y = b;
	int order = id_order(x->person, y->person);

	return order != 0 ? order : (y->score > x->score) -
	    (y->score < x->score);
}

static int by_rank(const void *a, const void *b)
{
	const struct hit *x = a;
	const struct hit *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->last != y->last)
		return x->last > y->last ? -1 : 1;
	return id_order(x->person, y->person);
}

/* A person once, by its best name; the best first. */
static void rank(struct search *s)
{
	size_t kept = 0;

	qsort(s->hits, s->n, sizeof(s->hits[0]), by_person);
	for (size_t i = 0; i < s->n; i++) {
		if (kept == 0 || !id_same(s->hits[kept - 1].person,
		    s->hits[i].person))
			s->hits[kept++] = s->hits[i];
	}
	s->n = kept;
	qsort(s->hits, s->n, sizeof(s->hits[0]), by_rank);
}

static result by_name(struct view *v, text typed, struct search *ret)
{
	struct search s = { .view = v };
	struct answering answers[FIND_TOKENS_MAX];
	const struct answering *rarest = answers;

	TRY(names_tokens(v->op->arena, typed, &s.typed));
	if (s.typed.n > FIND_TOKENS_MAX)
		s.typed.n = FIND_TOKENS_MAX;
	if (s.typed.n == 0) {
		*ret = s;
		return OK;
	}
	TRY(vocabulary_answers(v, s.typed, answers));
	for (size_t i = 1; i < s.typed.n; i++) {
		if (answers[i].uses < rarest->uses)
			rarest = &answers[i];
	}
	s.room = rarest->uses < FIND_NAMES_MAX ? (size_t)rarest->uses :
	    FIND_NAMES_MAX;
	s.hits = arena_array(v->op->arena, s.room + 1, sizeof(s.hits[0]));
	NEED(s.hits);
	for (size_t i = 0; i < rarest->n; i++)
		TRY(look_at_names(&s, rarest->at[i]));
	rank(&s);
	*ret = s;
	return OK;
}

/* ---- together --------------------------------------------------------- */

struct answer { struct view *view; struct node *to; size_t n, most; };

static result add_hit(struct answer *a, id person, const char *why)
{
	struct node *one;
	bool there;

	if (a->n == a->most)
		return OK;
	one = node_object(a->view->op->arena);
	NEED(one);
	TRY(add_person_card(a->view, person, one, &there));
	if (!there)
		return OK;
	node_add_word(one, "why", why);
	node_add(a->to, NULL, one);
	a->n++;
	return OK;
}

static bool among(const id *list, size_t n, id person)
{
	for (size_t i = 0; i < n; i++) {
		if (id_same(list[i], person))
			return true;
	}
	return false;
}

result desk_find(struct op *op, text typed, int limit, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct answer answer = { .view = &v, .to = to,
		.most = limit > 0 ? (size_t)limit : PAGE_ROWS };
	struct search search = { 0 };
	id exact[1 + SAME_NUMBER_MAX];
	size_t coded = 0;
	size_t numbered = 0;

	typed = text_trim(typed);
	if (typed.n > FIND_BYTES_MAX || !text_is_utf8(typed))
		return refuse(BAD_REQUEST);
	TRY(view_begin(op, &v));
	TRY(by_code(&v, typed, exact, &coded));
	TRY(by_number(&v, typed, exact + coded, SAME_NUMBER_MAX, &numbered));
	TRY(by_name(&v, typed, &search));
	for (size_t i = 0; i < coded + numbered; i++) {
		if (!among(exact, i, exact[i]))
			TRY(add_hit(&answer, exact[i], i < coded ?
			    "find.why.code" : "find.why.number"));
	}
	for (size_t i = 0; i < search.n; i++) {
		if (!among(exact, coded + numbered, search.hits[i].person))
			TRY(add_hit(&answer, search.hits[i].person,
			    search.hits[i].why));
	}
	audit_listed(op, "person", (int64_t)answer.n);
	return node_whole(to);
}
