/*
 * calc: questions as JSON, and the sheet that shows an answer.
 *
 * The engines (law, figures) are asked with trees and know no language; this
 * room stands before them.  It finds a kind by its name, reads one JSON
 * object strictly, and after the answer puts steps into words and lays
 * facts, reckoning and result out as the lines of a sheet (paper.h), which
 * is printed as text or made a PDF.
 *
 * Invariants.  No clock, no file, no office: equal bytes in give equal
 * bytes out, in each language.
 */
#ifndef ALAS_CALC_H
#define ALAS_CALC_H

#include "figures.h"
#include "law.h"
#include "words.h"

enum {
	CALC_LINE_MAX = 64 * KIB,	/* of a question */
	CALC_QUESTION_MAX = 1 * MIB,	/* in many lines */
	CALC_DEPTH_MAX = 8
};

/* The kinds in order; NULL at the end. */
const struct asking_kind *calc_kind_at(size_t i);
const struct asking_kind *calc_kind_named(text name);	/* NULL: none */
/* Does the answer follow from the files of the law? */
bool calc_is_law(const struct asking_kind *kind);

/*
 * One question from its JSON.  INVALID with k->no filled: no JSON, a name
 * said twice, too deep, too long, or what the kind refuses.
 */
struct calc_answered { struct node *question, *answer; };
MUST_USE result calc_ask(const struct asking_kind *kind, struct asker *k,
    text json, struct calc_answered *ret);
/* The object in the answer of a batch in the place of what was refused. */
struct node *calc_refused(struct arena *a, const struct refusal *no);
/* Steps and words of the answer become texts; `answer` is the root. */
MUST_USE result calc_words(struct node *answer, const struct words *w,
    enum lang l);

/* The sheet as lines of paper.h, in a buffer born with PAPER_BYTES_MAX;
 * the answer's words were put in before. */
struct calc_sheet {
	const struct asking_kind *kind;
	const struct law *law;
	const struct words *words;
	enum lang lang;
	struct arena *arena;
};
MUST_USE result calc_paper(const struct calc_sheet *s,
    const struct calc_answered *answered, struct buf *out);
/* Lines of paper.h as plain text, 80 columns where words allow. */
MUST_USE result calc_plain(text sheet, struct buf *out);

#endif
