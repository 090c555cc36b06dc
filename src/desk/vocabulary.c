/* How names are folded, sorted and kept, and which of their words answer to
 * one that is typed. */
#include "desk_inside.h"

#include <ctype.h>
#include <string.h>

/* ---- keys ------------------------------------------------------------- */

/* ñ is a letter of its own between n and o: "n~" is, for '~' stands after
 * every other byte that folding leaves. */
static void add_sorted(struct buf *b, struct arena *a, text part)
{
	text folded = names_fold(a, part);

	if (folded.p == NULL)
		b->failed = true;
	for (size_t i = 0; i < folded.n; i++) {
		if (i + 1 < folded.n && folded.p[i] == '\xc3' &&
		    folded.p[i + 1] == '\xb1') {
			buf_text(b, T("n~"));
			i++;
			continue;
		}
		buf_char(b, folded.p[i]);
	}
	/* A shorter surname comes before a longer one that it begins. */
	buf_char(b, '\t');
}

text sort_key(struct arena *a, const struct person_name *n)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * KIB);

	if (n == NULL)
		return T("");
	add_sorted(&b, a, n->first_surname);
	add_sorted(&b, a, n->second_surname);
	add_sorted(&b, a, n->given);
	return b.failed ? (text){ 0 } : arena_text(a, buf_view(&b));
}

text folded_words(struct arena *a, text t)
{
	text folded = names_fold(a, t);

	return arena_format(a, " %.*s ", (int)folded.n, folded.p);
}

text bare_number(struct arena *a, text t)
{
	char *p = arena_take(a, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c < 0x80 && isalnum(c))
			p[n++] = (char)toupper(c);
	}
	return (text){ p, p == NULL ? 0 : n };
}

result words_renew(struct keeping *k, id row, id person, text name)
{
	struct name_tokens tokens = { 0 };

	if (!k->bulk)
		lexicon_drop(k->desk->lexicon, row);
	if (name.n > 0)
		TRY(names_tokens(k->op->arena, name, &tokens));
	return lexicon_put(k->desk->lexicon, row, person, tokens);
}

/* ---- searching -------------------------------------------------------- */

static void answer_add(struct answering *to, const struct lexicon_word *w,
    size_t at)
{
	/* Who types "a" is not helped by more: the other words decide. */
	if (to->n == FIND_WORDS_MAX) {
		to->uses = INT64_MAX / 2;
		return;
	}
	to->at[to->n++] = at;
	to->uses += (int64_t)w->uses;
}

result vocabulary_answers(struct view *v, struct name_tokens typed,
    struct answering *ret)
{
	const struct lexicon *l = v->op->office->desk->lexicon;
	struct arena *a = v->op->arena;
	struct lexicon_word w;

	for (size_t i = 0; i < typed.n; i++) {
		ret[i] = (struct answering){
			.at = arena_array(a, FIND_WORDS_MAX,
			    sizeof(size_t)) };
		NEED(ret[i].at);
	}
	for (size_t at = 0; lexicon_word(l, at, &w); at++) {
		for (size_t i = 0; w.uses > 0 && i < typed.n; i++) {
			int score;

			if (names_token_match(&typed.p[i], &w.token,
			    &score) != NAME_OTHER)
				answer_add(&ret[i], &w, at);
		}
	}
	return OK;
}
