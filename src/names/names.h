/*
 * names: any spelling finds the person.
 *
 * The same woman is Huamaní in the register, Guamani in the police report
 * and Wamani in her letter.  This room says when two written names may be
 * one: it folds words, gives each a key by its sound in Andean Spanish,
 * counts wrong letters, and says for each word why it matched, so that a
 * list can be ranked and a page can show the reason.
 *
 * Words.  A *token* is one word of a name: its folded form (small letters
 * without accents, ñ kept, "Ma." as "maria", "Jhony" as "johnny") and its
 * *key*.  Words with the same key sound alike.  Particles and forms of
 * address ("de la", "y", "vda.", "don") are no tokens.
 *
 * How a search uses it.  Split each stored name once, keep the tokens, the
 * distinct ones as a vocabulary.  Split what was typed; for each token take
 * the names that hold its key, then go once through the vocabulary with
 * names_token_match, which also finds slips, short forms and initials (a
 * scan of 5,000 takes a fraction of a millisecond).  Names that every typed
 * token found go through names_match, whose score ranks them.
 *
 * Invariants.  Pure: no clock, no file, no state; the same words give the
 * same answer.  All memory is the arena's; NULL texts in a result mean that
 * it ran out.  Keys are of this version: recompute them, do not store them
 * on disk.
 */
#ifndef ALAS_NAMES_H
#define ALAS_NAMES_H

#include "base.h"

enum {
	NAME_BYTES_MAX = 512,	/* of one whole name; the rest is not read */
	NAME_TOKENS_MAX = 16,	/* of one name; further ones are not kept */
	NAME_NEAR_MAX = 32,	/* longer words are compared for equality */
	NAME_SCORE_FULL = 1000,
	NAME_SCORE_LEAST = 500,	/* below it a name is no result */
};

/* Which bytes a word has, one bit for each class of them: words whose bits
 * differ in more than two places are more than one slip apart, and that is
 * what most pairs are told by. */
struct name_token { text folded, key; uint32_t folded_has, key_has; };
struct name_token names_token(text folded, text key);
struct name_tokens {
	const struct name_token *p;
	size_t n;
	bool cut;		/* there was more than the limits allow */
};

/* ---- one name --------------------------------------------------------- */

/*
 * The folded words of a name, one space between; particles stay.  What is
 * no letter or digit separates, an apostrophe joins ("Q'ente" is qente).
 */
text names_fold(struct arena *a, text name);
/* The key of one folded word: lower-case ASCII, "" if nothing sounds. */
text names_key(struct arena *a, text folded);
/*
 * The tokens of a name, particles left out; possibly none.  For a person
 * with several written names, split and match each by itself.
 */
MUST_USE result names_tokens(struct arena *a, text name,
    struct name_tokens *ret);

/* ---- two words -------------------------------------------------------- */

/*
 * Letters to change, leave out, put in, or swap with the neighbour to make
 * one of the other; `most` + 1 as soon as it is sure to be more.
 */
unsigned names_near(text a, text b, unsigned most);

/* Why a stored word answers to a typed one; the better, the greater. */
enum name_reason {
	NAME_OTHER,		/* it does not */
	NAME_INITIAL,		/* R. for Rosaura, or the other way */
	NAME_TWO_LETTERS,	/* two slips in a long word */
	NAME_SHORT,		/* Rosa for Rosaura: typed begins stored */
	NAME_ONE_LETTER,	/* one slip */
	NAME_SOUNDS,		/* Kispe for Quispe: same key */
	NAME_SAME,
	NAME_REASONS
};
/* "same", "sounds", …: the end of a catalogue key. */
const char *names_reason(enum name_reason reason);
/* The score is 1 to 100 and untouched when the answer is NAME_OTHER. */
enum name_reason names_token_match(const struct name_token *typed,
    const struct name_token *stored, int *ret_score);

/* ---- two names -------------------------------------------------------- */

struct name_pair { enum name_reason reason; uint8_t typed, stored; };
struct name_match {
	int score;		/* 1 to NAME_SCORE_FULL */
	enum name_reason worst;	/* what a page must say first */
	size_t n;		/* pairs, one per typed token, in its order */
	struct name_pair pairs[NAME_TOKENS_MAX];
};
/*
 * True if every typed token answers to a stored one of its own, in any
 * order (so "Quispe Quispe" needs both surnames), and the whole is worth
 * NAME_SCORE_LEAST; the pairs are those that score most.  An initial alone
 * finds nobody, and beside a short form or a double slip no other slip is
 * believed ("Valentín Choque" is not Valentina Choquehuanca).  Words left
 * over and a turned order cost a little, so the closest name comes first.
 * False leaves `ret` untouched.
 */
bool names_match(struct name_tokens typed, struct name_tokens stored,
    struct name_match *ret);

#endif
