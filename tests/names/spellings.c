#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names.h"

/*
 * Any spelling finds the person: data/spellings.csv against a town of
 * 22,000 made of data/demo, searched as the desk searches, by a vocabulary
 * of distinct words and then name by name.
 */

enum { MADE_UP = 22000, LINES_MAX = 1000, RESULTS = 5, PAIRS_LEAST = 200,
	SCAN_ROUNDS = 20, SCAN_US_MOST = 5000 };

struct lines { text p[LINES_MAX]; size_t n; };
struct pair { text stored, typed; bool found; };
struct person { text name; struct name_tokens tokens; uint32_t *words; };

static struct arena *a;
static struct lines given, surnames, spellings;
static struct pair pairs[LINES_MAX];
static size_t pair_count;
static struct person *people;
static size_t people_count;
static struct name_token *vocabulary;
static size_t vocabulary_count;

/* The lines after the header, without their ends. */
static int read_lines(const char *path, struct lines *ret)
{
	char line[512];
	FILE *f = fopen(path, "r");

	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		assert_in_range(ret->n, 0, LINES_MAX - 1);
		ret->p[ret->n++] = arena_text(a, text_trim(text_of(line)));
	}
	fclose(f);
	return 0;
}

static uint32_t seed = 20261124;

/* The same on every machine; the upper bits are the good ones. */
static uint32_t chance(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(seed >> 8) * below >> 24);
}

/* The lists begin with what is common, and so does the town. */
static text pick(const struct lines *l)
{
	uint32_t i = chance((uint32_t)l->n), j = chance((uint32_t)l->n);
	text line = l->p[i < j ? i : j];

	return text_cut(&line, ',');
}

static text make_up(void)
{
	text first = pick(&given), second = chance(2) ? pick(&given) : T("");
	text one = pick(&surnames), two = pick(&surnames);

	return arena_format(a, "%.*s %.*s %.*s %.*s", (int)first.n, first.p,
	    (int)second.n, second.p, (int)one.n, one.p, (int)two.n, two.p);
}

static void add_person(text name)
{
	struct person *p = &people[people_count++];

	p->name = name;
	assert_true(is_ok(names_tokens(a, name, &p->tokens)));
	assert_false(p->tokens.cut);
	assert_true(p->tokens.n > 0);
	p->words = arena_array(a, p->tokens.n, sizeof(*p->words));
	assert_non_null(p->words);
}

static int token_order(const void *x, const void *y)
{
	return text_order(((const struct name_token *)x)->folded,
	    ((const struct name_token *)y)->folded);
}

static void make_vocabulary(void)
{
	struct name_token *all = arena_array(a, people_count *
	    NAME_TOKENS_MAX, sizeof(*all));
	size_t n = 0;

	assert_non_null(all);
	for (size_t i = 0; i < people_count; i++) {
		for (size_t j = 0; j < people[i].tokens.n; j++)
			all[n++] = people[i].tokens.p[j];
	}
	qsort(all, n, sizeof(*all), token_order);
	for (size_t i = 0; i < n; i++) {
		if (vocabulary_count == 0 || token_order(&all[i],
		    &all[vocabulary_count - 1]) != 0)
			all[vocabulary_count++] = all[i];
	}
	vocabulary = all;
	for (size_t i = 0; i < people_count; i++) {
		for (size_t j = 0; j < people[i].tokens.n; j++) {
			const struct name_token *w = bsearch(
			    &people[i].tokens.p[j], vocabulary,
			    vocabulary_count, sizeof(*w), token_order);
			people[i].words[j] = (uint32_t)(w - vocabulary);
		}
	}
}

static int start(void **state)
{
	(void)state;
	a = arena_new(256u * MIB);
	people = a == NULL ? NULL :
	    arena_array(a, MADE_UP + LINES_MAX, sizeof(*people));
	if (people == NULL ||
	    read_lines("data/demo/given.csv", &given) != 0 ||
	    read_lines("data/demo/surnames.csv", &surnames) != 0 ||
	    read_lines("data/spellings.csv", &spellings) != 0)
		return -1;
	for (size_t i = 0; i < MADE_UP; i++)
		add_person(make_up());
	for (size_t i = 0; i < spellings.n; i++) {
		text rest = spellings.p[i];
		struct pair *p = &pairs[pair_count++];

		p->stored = text_cut(&rest, ',');
		p->typed = text_cut(&rest, ',');
		p->found = text_same(rest, T("yes"));
		if (i == 0 || !text_same(p->stored, people[people_count -
		    1].name)) {
			bool known = false;
			for (size_t j = MADE_UP; j < people_count; j++)
				known = known || text_same(people[j].name,
				    p->stored);
			if (!known)
				add_person(p->stored);
		}
	}
	make_vocabulary();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* Which words of the vocabulary answer to one typed word. */
static void scan(const struct name_token *typed, bool *ret_answers)
{
	for (size_t i = 0; i < vocabulary_count; i++) {
		int score;

		ret_answers[i] = names_token_match(typed, &vocabulary[i],
		    &score) != NAME_OTHER;
	}
}

struct outcome { size_t results, place; int score; };

/*
 * The place of `wanted` among the results, 0 if it is none; whoever scores
 * the same is placed before it, so that no luck is counted as skill.
 */
static struct outcome search(text typed_text, text wanted)
{
	static bool answers[NAME_TOKENS_MAX][65536];
	struct arena_mark m = arena_mark(a);
	struct outcome o = { 0 };
	struct name_tokens typed;
	static int scores[MADE_UP + LINES_MAX];
	size_t target = SIZE_MAX;

	assert_in_range(vocabulary_count, 1, 65536);
	assert_true(is_ok(names_tokens(a, typed_text, &typed)));
	for (size_t t = 0; t < typed.n; t++)
		scan(&typed.p[t], answers[t]);
	for (size_t i = 0; i < people_count; i++) {
		struct name_match match;
		bool all = true;

		scores[i] = 0;
		if (text_same(people[i].name, wanted))
			target = i;
		for (size_t t = 0; t < typed.n && all; t++) {
			bool any = false;
			for (size_t j = 0; j < people[i].tokens.n; j++)
				any = any || answers[t][people[i].words[j]];
			all = any;
		}
		if (!all || !names_match(typed, people[i].tokens, &match))
			continue;
		scores[i] = match.score;
		o.results++;
	}
	arena_rewind(a, m);
	assert_true(target != SIZE_MAX);
	o.score = scores[target];
	for (size_t i = 0; i < people_count && o.score > 0; i++)
		o.place += scores[i] >= o.score;
	return o;
}

static void every_pair_holds(void **state)
{
	/* Without it nobody notices when a person can no more be found. */
	size_t yes = 0, no = 0, found = 0, wrong = 0, results = 0;
	double places = 0;

	(void)state;
	for (size_t i = 0; i < pair_count; i++) {
		const struct pair *p = &pairs[i];
		struct outcome o = search(p->typed, p->stored);
		bool good = p->found ? o.place >= 1 && o.place <= RESULTS :
		    o.place == 0;

		yes += p->found;
		no += !p->found;
		found += p->found && good;
		wrong += !p->found && !good;
		results += p->found ? o.results : 0;
		if (p->found && o.place > 0)
			places += 1.0 / (double)o.place;
		if (!good)
			print_message("%.*s <- %.*s: place %zu of %zu, "
			    "score %d\n", (int)p->stored.n, p->stored.p,
			    (int)p->typed.n, p->typed.p, o.place, o.results,
			    o.score);
	}
	print_message("%zu persons, %zu distinct words, %zu pairs\n",
	    people_count, vocabulary_count, pair_count);
	print_message("recall at %d: %.3f (%zu of %zu); precision: %.3f; "
	    "mean reciprocal place %.3f; %.1f results a search\n", RESULTS,
	    (double)found / (double)yes, found, yes,
	    (double)found / (double)(found + wrong), places / (double)yes,
	    (double)results / (double)yes);
	assert_true(pair_count >= PAIRS_LEAST);
	assert_true(no >= PAIRS_LEAST / 4);
	assert_int_equal(found, yes);
	assert_int_equal(wrong, 0);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void one_scan_is_quick(void **state)
{
	/* Without it a misspelt name makes the whole office wait. */
	enum { WORDS = 5000 };
	struct name_token words[WORDS];
	struct name_tokens typed;
	double best = 1e9;
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = vocabulary[i % vocabulary_count];
	assert_true(is_ok(names_tokens(a, T("choqueguanca"), &typed)));
	for (int round = 0; round < SCAN_ROUNDS; round++) {
		double from = now_us();

		found = 0;
		for (size_t i = 0; i < WORDS; i++) {
			int score;
			found += names_token_match(&typed.p[0], &words[i],
			    &score) != NAME_OTHER;
		}
		double took = now_us() - from;
		best = took < best ? took : best;
	}
	print_message("a scan of %d words: %.0f us\n", WORDS, best);
	assert_true(found > 0);
	assert_true(best < SCAN_US_MOST);
}

static void the_town_is_large_enough(void **state)
{
	/* Without it the demonstration has five surnames. */
	(void)state;
	assert_true(surnames.n >= 320);
	assert_true(given.n >= 200);
	for (size_t i = 0; i < given.n; i++)
		assert_true(text_ends(given.p[i], T(",f")) ||
		    text_ends(given.p[i], T(",m")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_holds),
		cmocka_unit_test(one_scan_is_quick),
		cmocka_unit_test(the_town_is_large_enough),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
