#include "names.h"

#include <assert.h>

enum {
	SCORE_SAME = 100,
	SCORE_SOUNDS = 92,	/* less one for each letter written otherwise */
	SCORE_ONE_LETTER = 70,
	SCORE_SHORT = 45,	/* and up to 15 for how much was typed */
	SCORE_TWO_LETTERS = 50,
	SCORE_INITIAL = 30,

	LETTERS_LOOKED_AT = 8,
	SHORT_LETTERS_MIN = 4,	/* Eva is not short for Evanán */
	ONE_LETTER_MIN = 5,	/* Rojas and Rosas may be a slip, */
	TWO_LETTERS_MIN = 8,	/* Soto and Coto are two surnames */

	COST_LEFT_OVER = 4,
	COST_TURNED = 2,
	NO_MATCH = 100000,	/* dearer than any whole assignment */
};

const char *names_reason(enum name_reason reason)
{
	static const char *const reasons[] = {
		[NAME_OTHER] = "other",
		[NAME_INITIAL] = "initial",
		[NAME_TWO_LETTERS] = "two_letters",
		[NAME_SHORT] = "short",
		[NAME_ONE_LETTER] = "one_letter",
		[NAME_SOUNDS] = "sounds",
		[NAME_SAME] = "same",
	};
	_Static_assert(LENGTH(reasons) == NAME_REASONS, "each has a name");

	assert(reason < NAME_REASONS);
	return reasons[reason];
}

/* One letter; ñ has two bytes. */
static bool is_initial(text folded)
{
	return folded.n == 1 || (folded.n == 2 && folded.p[0] == '\xc3');
}

/* V. for Victoria, and for the Bictoria of a police report. */
static bool initial_fits(const struct name_token *initial,
    const struct name_token *word)
{
	return text_starts(word->folded, initial->folded) ||
	    (initial->key.n == 1 && word->key.n > 0 &&
	    initial->key.p[0] == word->key.p[0]);
}

static unsigned slips_allowed(size_t longer)
{
	if (longer < ONE_LETTER_MIN)
		return 0;
	return longer < TWO_LETTERS_MIN ? 1 : 2;
}

/*
 * Nobody slips twice and in the first letter too; and two letters more make
 * another surname, Velásquez of Vásquez.
 */
static bool two_slips_fit(text a, text b)
{
	return a.p[0] == b.p[0] && a.n + 1 >= b.n && b.n + 1 >= a.n;
}

static uint32_t bytes_of(text t)
{
	uint32_t has = 0;

	for (size_t i = 0; i < t.n; i++)
		has |= 1u << ((unsigned char)t.p[i] & 31);
	return has;
}

struct name_token names_token(text folded, text key)
{
	return (struct name_token){ folded, key, bytes_of(folded),
		bytes_of(key) };
}

/* One slip makes two bits differ at most: changing a letter. */
static bool too_far(uint32_t a, uint32_t b, unsigned slips)
{
	return (unsigned)__builtin_popcount(a ^ b) > 2 * slips;
}

/* Slips by sound or, at most one, by letter; more than two is no match. */
static unsigned slips_between(const struct name_token *a,
    const struct name_token *b)
{
	size_t longer = a->key.n > b->key.n ? a->key.n : b->key.n;
	unsigned allowed = slips_allowed(longer);
	unsigned found;

	if (allowed == 0 || a->key.n == 0 || b->key.n == 0)
		return 3;
	found = too_far(a->key_has, b->key_has, allowed) ? allowed + 1 :
	    names_near(a->key, b->key, allowed);
	if (found > 1 && !too_far(a->folded_has, b->folded_has, 1) &&
	    names_near(a->folded, b->folded, 1) <= 1)
		return 1;
	if (found > allowed || (found == 2 && !two_slips_fit(a->key, b->key)))
		return 3;
	return found;
}

static bool is_short_for(const struct name_token *typed,
    const struct name_token *stored)
{
	return (typed->folded.n >= SHORT_LETTERS_MIN &&
	    text_starts(stored->folded, typed->folded)) ||
	    (typed->key.n >= SHORT_LETTERS_MIN &&
	    text_starts(stored->key, typed->key));
}

enum name_reason names_token_match(const struct name_token *typed,
    const struct name_token *stored, int *ret_score)
{
	if (text_same(typed->folded, stored->folded)) {
		*ret_score = SCORE_SAME;
		return NAME_SAME;
	}
	if (is_initial(typed->folded) || is_initial(stored->folded)) {
		bool short_typed = is_initial(typed->folded);

		if (!initial_fits(short_typed ? typed : stored,
		    short_typed ? stored : typed))
			return NAME_OTHER;
		*ret_score = SCORE_INITIAL;
		return NAME_INITIAL;
	}
	if (typed->key.n > 1 && text_same(typed->key, stored->key)) {
		*ret_score = SCORE_SOUNDS - (int)names_near(typed->folded,
		    stored->folded, LETTERS_LOOKED_AT - 1);
		return NAME_SOUNDS;
	}

	unsigned wrong = slips_between(typed, stored);
	if (wrong == 1) {
		*ret_score = SCORE_ONE_LETTER;
		return NAME_ONE_LETTER;
	}
	if (is_short_for(typed, stored)) {
		size_t part = 15 * typed->folded.n / stored->folded.n;

		*ret_score = SCORE_SHORT + (int)(part < 15 ? part : 15);
		return NAME_SHORT;
	}
	if (wrong == 2) {
		*ret_score = SCORE_TWO_LETTERS;
		return NAME_TWO_LETTERS;
	}
	return NAME_OTHER;
}

/* ---- two names -------------------------------------------------------- */

struct cells {
	size_t rows, columns;	/* typed, stored; rows <= columns */
	int cost[NAME_TOKENS_MAX][NAME_TOKENS_MAX];
	uint8_t reason[NAME_TOKENS_MAX][NAME_TOKENS_MAX];
};

/* False when some typed token answers to none: no need to assign. */
static bool cells_fill(struct name_tokens typed, struct name_tokens stored,
    struct cells *c)
{
	c->rows = typed.n;
	c->columns = stored.n;
	for (size_t i = 0; i < typed.n; i++) {
		bool any = false;

		for (size_t j = 0; j < stored.n; j++) {
			int score = 0;
			enum name_reason reason = names_token_match(
			    &typed.p[i], &stored.p[j], &score);

			c->reason[i][j] = (uint8_t)reason;
			c->cost[i][j] = reason == NAME_OTHER ? NO_MATCH :
			    SCORE_SAME - score;
			any = any || reason != NAME_OTHER;
		}
		if (!any)
			return false;
	}
	return true;
}

/*
 * The cheapest assignment of every row to a column of its own: the
 * Hungarian method by shortest augmenting paths.  Rows and columns count
 * from 1; column 0 stands for the row that is being placed, and row 0 in
 * `row_of` for a column that is free.
 */
struct assignment {
	const struct cells *cells;
	int u[NAME_TOKENS_MAX + 1], v[NAME_TOKENS_MAX + 1];
	size_t row_of[NAME_TOKENS_MAX + 1];
};

/* The search for one row: the way to each column and what it costs. */
struct path {
	int least[NAME_TOKENS_MAX + 1];
	size_t from[NAME_TOKENS_MAX + 1];
	bool used[NAME_TOKENS_MAX + 1];
};

/* Look on from column `at`; the cheapest column not yet used. */
static size_t path_extend(const struct assignment *a, struct path *p,
    size_t at)
{
	size_t row = a->row_of[at], best = 0;

	p->used[at] = true;
	for (size_t j = 1; j <= a->cells->columns; j++) {
		if (p->used[j])
			continue;
		int cost = a->cells->cost[row - 1][j - 1] - a->u[row] -
		    a->v[j];
		if (cost < p->least[j]) {
			p->least[j] = cost;
			p->from[j] = at;
		}
		if (best == 0 || p->least[j] < p->least[best])
			best = j;
	}
	return best;
}

/* Shift the prices so that the way to the next column costs nothing. */
static void path_reprice(struct assignment *a, struct path *p, int delta)
{
	for (size_t j = 0; j <= a->cells->columns; j++) {
		if (p->used[j]) {
			a->u[a->row_of[j]] += delta;
			a->v[j] -= delta;
		} else {
			p->least[j] -= delta;
		}
	}
}

static void place_row(struct assignment *a, size_t row)
{
	struct path p = { .used = { false } };
	size_t at = 0;

	for (size_t j = 0; j <= a->cells->columns; j++)
		p.least[j] = 2 * NAME_TOKENS_MAX * NO_MATCH;
	a->row_of[0] = row;
	while (a->row_of[at] != 0) {
		size_t next = path_extend(a, &p, at);

		path_reprice(a, &p, p.least[next]);
		at = next;
	}
	for (; at != 0; at = p.from[at])
		a->row_of[at] = a->row_of[p.from[at]];
}

static void assign(const struct cells *c, struct assignment *ret)
{
	*ret = (struct assignment){ .cells = c };
	for (size_t i = 1; i <= c->rows; i++)
		place_row(ret, i);
}

/* Pairs of typed words whose stored ones stand the other way round. */
static int turned(const struct name_match *m)
{
	int n = 0;

	for (size_t i = 0; i < m->n; i++) {
		for (size_t j = i + 1; j < m->n; j++)
			n += m->pairs[i].stored > m->pairs[j].stored;
	}
	return n;
}

/* Beside a short form or a double slip no other slip is believed. */
static bool is_guess(enum name_reason reason)
{
	return reason == NAME_SHORT || reason == NAME_TWO_LETTERS;
}

bool names_match(struct name_tokens typed, struct name_tokens stored,
    struct name_match *ret)
{
	struct name_match m = { .n = typed.n, .worst = NAME_SAME };
	size_t initials = 0, guesses = 0, slips = 0;
	struct assignment a;
	struct cells c;
	int cost = 0;

	assert(typed.n <= NAME_TOKENS_MAX);
	assert(stored.n <= NAME_TOKENS_MAX);
	if (typed.n == 0 || typed.n > stored.n)
		return false;
	if (!cells_fill(typed, stored, &c))
		return false;
	assign(&c, &a);
	for (size_t j = 1; j <= stored.n; j++) {
		size_t i = a.row_of[j];

		if (i == 0)
			continue;
		enum name_reason reason = c.reason[i - 1][j - 1];
		if (reason == NAME_OTHER)
			return false;
		m.pairs[i - 1] = (struct name_pair){ reason,
			(uint8_t)(i - 1), (uint8_t)(j - 1) };
		m.worst = reason < m.worst ? reason : m.worst;
		initials += reason == NAME_INITIAL;
		guesses += is_guess(reason);
		slips += reason == NAME_ONE_LETTER;
		cost += c.cost[i - 1][j - 1];
	}
	m.score = NAME_SCORE_FULL - 10 * cost / (int)typed.n;
	if (m.score < NAME_SCORE_LEAST || initials == typed.n ||
	    (guesses > 0 && guesses + slips > 1))
		return false;
	m.score -= COST_LEFT_OVER * (int)(stored.n - typed.n) +
	    COST_TURNED * turned(&m);
	*ret = m;
	return true;
}
