/*
 * The lexicon: each written name as the words it is made of, each word with
 * its key by sound and the names it stands in.  A search goes once through
 * the words and then only through the names that hold one; that is done ten
 * thousand times for each answer, so it is kept beside the projection in
 * plain memory and not asked of it.  Made from the same rows, at the same
 * moments, and compared by desk_same.
 */
#include "desk_inside.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_LEAST = 64, FEW = 6 };
static const uint32_t NONE = UINT32_MAX;

/* Where elements with one hash are, one after the other. */
struct chain { uint32_t *heads, *next, *hash; size_t buckets; };

struct word {
	char *bytes;			/* folded, then key */
	uint32_t folded_n, key_n;
	uint32_t folded_has, key_has;	/* names.h, name_token */
	uint32_t *names;		/* it stands in */
	uint32_t n, room;
};
struct name {
	id row;
	uint32_t person;		/* NONE: of nobody registered */
	uint32_t words_n;		/* 0: the place is free */
	union {
		uint32_t few[FEW];	/* of a free place: the next one */
		uint32_t *many;		/* more than FEW */
	} words;
};
struct bearer { id person; bool there, merged; int64_t last; };

struct lexicon {
	struct word *words;
	struct name *names;
	struct bearer *bearers;
	size_t words_n, names_n, bearers_n;
	size_t words_room, names_room, bearers_room;
	uint32_t free_name;		/* a chain of free places; or NONE */
	struct chain by_folded, by_row, by_person;
};

/* ---- chains ----------------------------------------------------------- */

static uint32_t hash_of(text t)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < t.n; i++)
		h = (h ^ (uint8_t)t.p[i]) * 16777619u;
	return h;
}

static uint32_t hash_of_id(const id *i)
{
	return get_u32(i->b);		/* chance enough */
}

static void chain_link(struct chain *c, uint32_t at)
{
	uint32_t *head = &c->heads[c->hash[at] & (c->buckets - 1)];

	c->next[at] = *head;
	*head = at;
}

/* Room for as many elements, twice what there was. */
static result chain_grow(struct chain *c, size_t n, size_t room)
{
	uint32_t *next = realloc(c->next, room * sizeof(*next));
	uint32_t *hash;
	uint32_t *heads;

	NEED(next);
	c->next = next;
	hash = realloc(c->hash, room * sizeof(*hash));
	NEED(hash);
	c->hash = hash;
	heads = realloc(c->heads, room * sizeof(*heads));
	NEED(heads);
	c->heads = heads;
	c->buckets = room;
	memset(heads, 0xff, room * sizeof(*heads));
	for (size_t i = 0; i < n; i++)
		chain_link(c, (uint32_t)i);
	return OK;
}

static void chain_put(struct chain *c, uint32_t at, uint32_t hash)
{
	c->hash[at] = hash;
	chain_link(c, at);
}

static void chain_take(struct chain *c, uint32_t at)
{
	uint32_t *link = &c->heads[c->hash[at] & (c->buckets - 1)];

	while (*link != at)
		link = &c->next[*link];
	*link = c->next[at];
	/* Where nothing is looked for, but for a chain made anew. */
	c->next[at] = NONE;
}

static uint32_t chain_first(const struct chain *c, uint32_t hash)
{
	return c->buckets == 0 ? NONE : c->heads[hash & (c->buckets - 1)];
}

static void chain_free(struct chain *c)
{
	free(c->heads);
	free(c->next);
	free(c->hash);
}

/* An array of `size` bytes each, and its chain, have room for one more. */
static result make_room(void **array, size_t *room, size_t n, size_t size,
    struct chain *c)
{
	size_t more = *room == 0 ? ROOM_LEAST : *room * 2;
	void *grown;

	if (n < *room)
		return OK;
	if (more >= NONE)
		return fault(NO_MEMORY);
	grown = realloc(*array, more * size);
	NEED(grown);
	*array = grown;
	TRY(chain_grow(c, n, more));
	*room = more;
	return OK;
}

/* ---- life ------------------------------------------------------------- */

result lexicon_new(struct lexicon **ret)
{
	struct lexicon *l = calloc(1, sizeof(*l));

	NEED(l);
	l->free_name = NONE;
	*ret = l;
	return OK;
}

static const uint32_t *words_of(const struct name *n)
{
	return n->words_n > FEW ? n->words.many : n->words.few;
}

static void words_free(struct name *n)
{
	if (n->words_n > FEW)
		free(n->words.many);
}

void lexicon_free(struct lexicon **l)
{
	struct lexicon *gone = *l;

	if (gone == NULL)
		return;
	for (size_t i = 0; i < gone->words_n; i++) {
		struct word *w = &gone->words[i];

		explicit_bzero(w->bytes, w->folded_n + w->key_n);
		free(w->bytes);
		free(w->names);
	}
	for (size_t i = 0; i < gone->names_n; i++)
		words_free(&gone->names[i]);
	free(gone->words);
	free(gone->names);
	free(gone->bearers);
	chain_free(&gone->by_folded);
	chain_free(&gone->by_row);
	chain_free(&gone->by_person);
	free(gone);
	*l = NULL;
}

/* ---- persons ---------------------------------------------------------- */

static uint32_t bearer_at(const struct lexicon *l, id person)
{
	uint32_t at = chain_first(&l->by_person, hash_of_id(&person));

	while (at != NONE && !id_same(l->bearers[at].person, person))
		at = l->by_person.next[at];
	return at;
}

static result bearer_need(struct lexicon *l, id person, uint32_t *ret)
{
	void *array = l->bearers;
	result got;

	*ret = bearer_at(l, person);
	if (*ret != NONE)
		return OK;
	got = make_room(&array, &l->bearers_room, l->bearers_n,
	    sizeof(l->bearers[0]), &l->by_person);
	l->bearers = array;
	TRY(got);
	*ret = (uint32_t)l->bearers_n++;
	l->bearers[*ret] = (struct bearer){ .person = person };
	chain_put(&l->by_person, *ret, hash_of_id(&person));
	return OK;
}

result lexicon_person(struct lexicon *l, id person, bool merged, int64_t last)
{
	uint32_t at;

	TRY(bearer_need(l, person, &at));
	l->bearers[at] = (struct bearer){ person, true, merged, last };
	return OK;
}

void lexicon_person_gone(struct lexicon *l, id person)
{
	uint32_t at = bearer_at(l, person);

	if (at != NONE)
		l->bearers[at] = (struct bearer){ .person = person };
}

/* ---- words ------------------------------------------------------------ */

static text folded_of(const struct word *w)
{
	return (text){ w->bytes, w->folded_n };
}

static struct name_token token_of(const struct word *w)
{
	return (struct name_token){ folded_of(w),
		{ w->bytes + w->folded_n, w->key_n }, w->folded_has,
		w->key_has };
}

static result word_need(struct lexicon *l, const struct name_token *t,
    uint32_t *ret)
{
	uint32_t hash = hash_of(t->folded);
	uint32_t at = chain_first(&l->by_folded, hash);
	void *array = l->words;
	struct word w = { .folded_n = (uint32_t)t->folded.n,
		.key_n = (uint32_t)t->key.n,
		.folded_has = t->folded_has, .key_has = t->key_has };
	result got;

	while (at != NONE && !text_same(folded_of(&l->words[at]), t->folded))
		at = l->by_folded.next[at];
	*ret = at;
	if (at != NONE)
		return OK;
	got = make_room(&array, &l->words_room, l->words_n,
	    sizeof(l->words[0]), &l->by_folded);
	l->words = array;
	TRY(got);
	w.bytes = malloc(t->folded.n + t->key.n + 1);
	NEED(w.bytes);
	memcpy(w.bytes, t->folded.p, t->folded.n);
	memcpy(w.bytes + t->folded.n, t->key.p, t->key.n);
	*ret = (uint32_t)l->words_n++;
	l->words[*ret] = w;
	chain_put(&l->by_folded, *ret, hash);
	return OK;
}

static bool first_of_its_kind(const uint32_t *words, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (words[k] == words[i])
			return false;
	}
	return true;
}

static result stand_in(struct word *w, uint32_t name)
{
	if (w->n == w->room) {
		uint32_t room = w->room == 0 ? 4 : w->room * 2;
		uint32_t *more = realloc(w->names, room * sizeof(*more));

		NEED(more);
		w->names = more;
		w->room = room;
	}
	w->names[w->n++] = name;
	return OK;
}

static void stand_no_more(struct word *w, uint32_t name)
{
	for (uint32_t i = 0; i < w->n; i++) {
		if (w->names[i] == name) {
			w->names[i] = w->names[--w->n];
			return;
		}
	}
}

/* ---- names ------------------------------------------------------------ */

static uint32_t name_at(const struct lexicon *l, id row)
{
	uint32_t at = chain_first(&l->by_row, hash_of_id(&row));

	while (at != NONE && (l->names[at].words_n == 0 ||
	    !id_same(l->names[at].row, row)))
		at = l->by_row.next[at];
	return at;
}

void lexicon_drop(struct lexicon *l, id row)
{
	uint32_t at = name_at(l, row);
	const uint32_t *words;
	struct name *n;

	if (at == NONE)
		return;
	n = &l->names[at];
	words = words_of(n);
	for (size_t i = 0; i < n->words_n; i++) {
		if (first_of_its_kind(words, i))
			stand_no_more(&l->words[words[i]], at);
	}
	words_free(n);
	*n = (struct name){ .words.few = { l->free_name } };
	l->free_name = at;
}

/* A free place stays in the chain where it was, under its old hash, until
 * it is used. */
static result name_need(struct lexicon *l, id row, uint32_t *ret)
{
	uint32_t hash = hash_of_id(&row);
	void *array = l->names;
	result got;

	if (l->free_name != NONE) {
		*ret = l->free_name;
		l->free_name = l->names[*ret].words.few[0];
		chain_take(&l->by_row, *ret);
		chain_put(&l->by_row, *ret, hash);
		return OK;
	}
	got = make_room(&array, &l->names_room, l->names_n,
	    sizeof(l->names[0]), &l->by_row);
	l->names = array;
	TRY(got);
	*ret = (uint32_t)l->names_n++;
	chain_put(&l->by_row, *ret, hash);
	return OK;
}

/* Into a name that is not yet there: its words by number. */
static result name_words(struct name *n, const uint32_t *words, size_t count)
{
	uint32_t *to = n->words.few;

	if (count > FEW) {
		to = malloc(count * sizeof(*to));
		NEED(to);
		n->words.many = to;
	}
	memcpy(to, words, count * sizeof(*to));
	n->words_n = (uint32_t)count;
	return OK;
}

result lexicon_put(struct lexicon *l, id row, id person,
    struct name_tokens tokens)
{
	struct name n = { .row = row, .person = NONE };
	uint32_t words[NAME_TOKENS_MAX];
	uint32_t at;
	result got;

	if (tokens.n == 0)
		return OK;
	if (!id_none(person))
		TRY(bearer_need(l, person, &n.person));
	for (size_t i = 0; i < tokens.n; i++)
		TRY(word_need(l, &tokens.p[i], &words[i]));
	TRY(name_words(&n, words, tokens.n));
	got = name_need(l, row, &at);
	if (!is_ok(got)) {
		words_free(&n);
		return got;
	}
	l->names[at] = n;
	for (size_t i = 0; i < tokens.n; i++) {
		if (first_of_its_kind(words, i))
			TRY(stand_in(&l->words[words[i]], at));
	}
	return OK;
}

/* ---- searching -------------------------------------------------------- */

bool lexicon_word(const struct lexicon *l, size_t at,
    struct lexicon_word *ret)
{
	if (at >= l->words_n)
		return false;
	ret->token = token_of(&l->words[at]);
	ret->uses = l->words[at].n;
	return true;
}

bool lexicon_name(const struct lexicon *l, size_t word, size_t i,
    struct lexicon_name *ret)
{
	const struct word *w = &l->words[word];
	const struct name *n;
	const struct bearer *b;
	const uint32_t *words;

	if (i >= w->n)
		return false;
	n = &l->names[w->names[i]];
	words = words_of(n);
	ret->row = n->row;
	ret->tokens_n = n->words_n;
	for (size_t k = 0; k < n->words_n; k++)
		ret->tokens[k] = token_of(&l->words[words[k]]);
	ret->found = false;
	if (n->person == NONE)
		return true;
	b = &l->bearers[n->person];
	ret->found = b->there && !b->merged;
	ret->person = b->person;
	ret->last = b->last;
	return true;
}

/* ---- comparing -------------------------------------------------------- */

static bool same_name(const struct lexicon *a, const struct name *x,
    const struct lexicon *b, const struct name *y)
{
	if (x->words_n != y->words_n ||
	    (x->person == NONE) != (y->person == NONE) ||
	    (x->person != NONE && !id_same(a->bearers[x->person].person,
	    b->bearers[y->person].person)))
		return false;
	for (size_t i = 0; i < x->words_n; i++) {
		const struct word *v = &a->words[words_of(x)[i]];
		const struct word *w = &b->words[words_of(y)[i]];

		if (!text_same(folded_of(v), folded_of(w)) || v->n != w->n)
			return false;
	}
	return true;
}

/* Is all that one holds in the other? */
static bool within(const struct lexicon *a, const struct lexicon *b,
    id *ret_row)
{
	for (size_t i = 0; i < a->names_n; i++) {
		const struct name *n = &a->names[i];
		uint32_t at;

		*ret_row = n->row;
		if (n->words_n == 0)
			continue;
		at = name_at(b, n->row);
		if (at == NONE || !same_name(a, n, b, &b->names[at]))
			return false;
	}
	for (size_t i = 0; i < a->bearers_n; i++) {
		const struct bearer *p = &a->bearers[i];
		uint32_t at = bearer_at(b, p->person);

		*ret_row = p->person;
		if (p->there && (at == NONE || !b->bearers[at].there ||
		    b->bearers[at].merged != p->merged ||
		    b->bearers[at].last != p->last))
			return false;
	}
	return true;
}

bool lexicon_same(const struct lexicon *a, const struct lexicon *b,
    id *ret_row)
{
	return within(a, b, ret_row) && within(b, a, ret_row);
}
