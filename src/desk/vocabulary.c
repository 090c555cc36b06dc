/*
 * The vocabulary: written names split into folded words, each word once
 * with its key by sound.  A search goes through the words first and then
 * only through the names that hold one.
 */
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

/* ---- bearers ---------------------------------------------------------- */

static result word_change(struct keeping *k, text folded, int64_t uses)
{
	struct arg args[] = {
		arg_text("folded", folded),
		arg_text("key", names_key(k->op->arena, folded)),
		arg_number("uses", uses),
	};

	if (uses > 0)
		return store_run(k->tx, &sql_word_put, args, LENGTH(args),
		    NULL);
	TRY(store_run(k->tx, &sql_word_less, args, 1, NULL));
	return store_run(k->tx, &sql_word_drop, args, 1, NULL);
}

/* The words of a row, copied: they are changed while one goes through. */
static result words_of(struct keeping *k, id row, text words[], size_t *ret_n)
{
	const struct arg arg = arg_id("row", row);
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got;

	TRY(store_query(k->tx, &sql_written_of, &arg, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there &&
	    n < NAME_TOKENS_MAX) {
		words[n] = arena_text(k->op->arena,
		    column_text(rows, "folded"));
		if (words[n++].p == NULL) {
			got = fault(NO_MEMORY);
			break;
		}
	}
	row_end(&rows);
	TRY(got);
	*ret_n = n;
	return OK;
}

static result take_away(struct keeping *k, id row)
{
	const struct arg arg = arg_id("row", row);
	text words[NAME_TOKENS_MAX];
	size_t n = 0;

	TRY(words_of(k, row, words, &n));
	for (size_t i = 0; i < n; i++)
		TRY(word_change(k, words[i], -1));
	TRY(store_run(k->tx, &sql_written_drop, &arg, 1, NULL));
	return store_run(k->tx, &sql_bearer_drop, &arg, 1, NULL);
}

static result add_token(struct keeping *k, id row, text folded)
{
	const struct arg args[] = {
		arg_text("folded", folded),
		arg_id("row", row),
	};
	int64_t added = 0;

	if (k->bulk)
		return store_run(k->tx, &sql_written_loose, args,
		    LENGTH(args), NULL);
	TRY(store_run(k->tx, &sql_written_put, args, LENGTH(args), &added));
	if (added == 0)
		return OK;
	return word_change(k, folded, 1);
}

result bearer_renew(struct keeping *k, id row, const char *quality,
    id person, id matter, text name)
{
	const struct arg args[] = {
		arg_id("row", row),
		arg_text("quality", text_of(quality)),
		arg_id_or_null("person", &person),
		arg_id_or_null("matter", &matter),
		arg_text("name", name),
	};
	struct name_tokens tokens = { 0 };

	if (!k->bulk)
		TRY(take_away(k, row));
	if (name.n == 0)
		return OK;
	TRY(names_tokens(k->op->arena, name, &tokens));
	TRY(store_run(k->tx, &sql_bearer_put, args, LENGTH(args), NULL));
	for (size_t i = 0; i < tokens.n; i++)
		TRY(add_token(k, row, tokens.p[i].folded));
	return OK;
}

result vocabulary_count(struct keeping *k)
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_run(k->tx, &sql_written_sorted, NULL, 0, NULL));
	TRY(store_run(k->tx, &sql_loose_drop, NULL, 0, NULL));
	TRY(store_query(k->tx, &sql_written_counts, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct arena_mark mark = arena_mark(k->op->arena);

		got = word_change(k, column_text(rows, "folded"),
		    column_number(rows, "uses"));
		if (!is_ok(got))
			break;
		arena_rewind(k->op->arena, mark);
	}
	row_end(&rows);
	return got;
}

/* ---- searching -------------------------------------------------------- */

static void answer_add(struct arena *a, struct answering *to, text word,
    int64_t uses, result *got)
{
	/* Who types "a" is not helped by more: the other words decide. */
	if (to->n == FIND_WORDS_MAX) {
		to->uses = INT64_MAX / 2;
		return;
	}
	to->words[to->n] = arena_text(a, word);
	if (to->words[to->n].p == NULL)
		*got = fault(NO_MEMORY);
	to->n++;
	to->uses += uses;
}

result vocabulary_answers(struct view *v, struct name_tokens typed,
    struct answering *ret)
{
	struct arena *a = v->op->arena;
	struct row_set *rows = NULL;
	bool there = false;
	int folded;
	int key;
	int uses;
	result got;

	for (size_t i = 0; i < typed.n; i++) {
		ret[i] = (struct answering){ .words = arena_array(a,
		    FIND_WORDS_MAX, sizeof(text)) };
		NEED(ret[i].words);
	}
	TRY(store_query(v->tx, &sql_words_all, NULL, 0, &rows));
	folded = column_at(rows, "folded");
	key = column_at(rows, "key");
	uses = column_at(rows, "uses");
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct name_token word = { at_bytes(rows, folded),
			at_bytes(rows, key) };

		for (size_t i = 0; i < typed.n; i++) {
			int score;

			if (names_token_match(&typed.p[i], &word, &score) !=
			    NAME_OTHER)
				answer_add(a, &ret[i], word.folded,
				    at_number(rows, uses), &got);
		}
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	return got;
}
