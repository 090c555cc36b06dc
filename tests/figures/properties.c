/*
 * Shares, needs and trees against the plainest way to reckon them, in many
 * random cases.  Without it a short cut could be wrong where no example is.
 */
#include "figures_fixture.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 10000, WEIGHTS_MAX = 12, PERSONS_MAX = 5, COSTS_MAX = 3,
	LEAVES_MAX = 40, TREES = 300 };

/* ---- split --------------------------------------------------------------- */

struct shares { int64_t weight[WEIGHTS_MAX], share[WEIGHTS_MAX]; size_t n; };

/*
 * Nobody is further than one unit from the exact part, and no unit could
 * have gone to a larger fraction, or to an equal one that stands earlier.
 */
static void shares_are_fair(const struct shares *s, int64_t total)
{
	__extension__ typedef __int128 large;
	large all = 0, size = total < 0 ? -(large)total : total;
	int64_t sum = 0;

	for (size_t i = 0; i < s->n; i++)
		all += s->weight[i];
	for (size_t i = 0; i < s->n; i++) {
		large share = total < 0 ? -s->share[i] : s->share[i];
		large above = share * all - size * s->weight[i];

		sum += s->share[i];
		assert_true(above > -all && above < all);
		for (size_t j = 0; j < s->n; j++) {
			large other = total < 0 ? -s->share[j] : s->share[j];
			large rest_i = size * s->weight[i] % all;
			large rest_j = size * s->weight[j] % all;

			/* i got a unit more and j did not. */
			if (share == size * s->weight[i] / all + 1 &&
			    other == size * s->weight[j] / all)
				assert_true(rest_i > rest_j ||
				    (rest_i == rest_j && i < j));
		}
	}
	assert_int_equal(sum, total);
}

static uint64_t up_to(int bits)
{
	return any(UINT64_C(1) << any((uint64_t)bits));
}

static void shares_add_up(void **unused)
{
	(void)unused;
	seed(101);
	for (int n = 0; n < CASES; n++) {
		struct arena *a = arena_new(MIB);
		struct shares s = { .n = 1 + any(WEIGHTS_MAX) };
		int64_t total = (int64_t)up_to(50);

		for (size_t i = 0; i < s.n; i++)
			s.weight[i] = (int64_t)up_to(n % 2 == 0 ? 3 : 50);
		s.weight[any(s.n)]++;
		if (any(4) == 0)
			total = -total;
		assert_true(is_ok(figures_split(a, total, s.weight, s.n,
		    s.share)));
		shares_are_fair(&s, total);
		arena_free(a);
	}
}

/* ---- need ---------------------------------------------------------------- */

struct person { int p; int n; int cost[COSTS_MAX], q[COSTS_MAX]; };
struct group { struct person at[PERSONS_MAX]; size_t n; };
/* How likely each total is, in 100^-n, by trying every outcome. */
enum { TOTAL_MAX = PERSONS_MAX * 40 };

static void every_outcome(const struct group *g, size_t i, int total,
    int64_t weight, int64_t *chance)
{
	const struct person *p = &g->at[i];

	if (i == g->n) {
		chance[total] += weight;
		return;
	}
	every_outcome(g, i + 1, total, weight * (10 - p->p) * 10, chance);
	for (int c = 0; c < p->n; c++)
		every_outcome(g, i + 1, total + p->cost[c], weight * p->p *
		    p->q[c], chance);
}

static struct group draw_group(void)
{
	struct group g = { .n = any(PERSONS_MAX + 1) };

	for (size_t i = 0; i < g.n; i++) {
		struct person *p = &g.at[i];
		int left = 10;

		p->p = (int)any(11);
		p->n = 1 + (int)any(COSTS_MAX);
		for (int c = 0; c < p->n; c++) {
			p->cost[c] = (int)any(20) * 2;
			p->q[c] = c == p->n - 1 ? left :
			    (int)any((uint64_t)left + 1);
			left -= p->q[c];
		}
	}
	return g;
}

static json_t *group_json(const struct group *g, int q)
{
	json_t *persons = json_array();

	for (size_t i = 0; i < g->n; i++) {
		const struct person *p = &g->at[i];
		json_t *costs = json_array();

		for (int c = 0; c < p->n; c++)
			json_array_append_new(costs, json_pack("{s:i, s:o}",
			    "cost", p->cost[c], "p", json_sprintf("%d.%d",
			    p->q[c] / 10, p->q[c] % 10)));
		json_array_append_new(persons, json_pack("{s:o, s:o}", "p",
		    json_sprintf("%d.%d", p->p / 10, p->p % 10), "costs",
		    costs));
	}
	return json_pack("{s:o, s:[o]}", "persons", persons, "quantiles",
	    json_sprintf("%d.%02d", q / 100, q % 100));
}

/* √v, to the nearest whole number, halves up. */
static int64_t root(int64_t v)
{
	int64_t x = 0;

	while ((2 * x + 1) * (2 * x + 1) <= 4 * v)
		x++;
	return x;
}

static void needs_are_enumerated(void **unused)
{
	(void)unused;
	seed(202);
	for (int n = 0; n < CASES; n++) {
		struct group g = draw_group();
		int64_t chance[TOTAL_MAX + 1] = { 0 };
		int64_t all = 1, so_far = 0, mean = 0, square = 0;
		int q = 1 + (int)any(100), at = -1;
		json_t *question = group_json(&g, q);
		struct told t = ask_tree("need", question);

		every_outcome(&g, 0, 0, 1, chance);
		for (size_t i = 0; i < g.n; i++)
			all *= 100;
		for (int s = 0; s <= TOTAL_MAX; s++) {
			so_far += chance[s];
			if (at < 0 && so_far * 100 >= all * q)
				at = s;
			mean += chance[s] * s;
			square += chance[s] * s * s;
		}
		assert_int_equal(so_far, all);
		assert_int_equal(number(element(node_find(t.out,
		    "quantiles"), 0), "cost"), at);
		assert_int_equal(units(t.out, "mean"), (mean * 200 + all) /
		    (2 * all));
		/* The variance has 4 decimals with one person, 10^-4n. */
		if (g.n == 1)
			assert_int_equal(units(t.out, "sd"), root(square *
			    all - mean * mean));
		json_decref(question);
		told_free(&t);
	}
}

/* ---- merkle -------------------------------------------------------------- */

struct leaves { uint8_t at[LEAVES_MAX][8]; size_t size[LEAVES_MAX]; };

/* RFC 9162 section 2.1.1 as it is written. */
static void root_of(const struct leaves *l, size_t from, size_t n,
    uint8_t ret[32])
{
	uint8_t bytes[65] = { 0 };
	size_t half = 1;

	if (n == 0) {
		crypto_hash_sha256(ret, bytes, 0);
		return;
	}
	if (n == 1) {
		bytes[0] = 0;
		memcpy(bytes + 1, l->at[from], l->size[from]);
		crypto_hash_sha256(ret, bytes, 1 + l->size[from]);
		return;
	}
	while (half * 2 < n)
		half *= 2;
	bytes[0] = 1;
	root_of(l, from, half, bytes + 1);
	root_of(l, from + half, n - half, bytes + 33);
	crypto_hash_sha256(ret, bytes, 65);
}

static void roots_are_those_of_the_rfc(void **unused)
{
	(void)unused;
	seed(303);
	for (size_t n = 0; n < TREES; n++) {
		struct leaves l;
		size_t size = n < LEAVES_MAX ? n : any(LEAVES_MAX);
		json_t *list = json_array();
		uint8_t wanted[32];
		char hex[64];
		json_t *question;
		struct told t;

		for (size_t i = 0; i < size; i++) {
			char entry[16];

			l.size[i] = any(9);
			for (size_t b = 0; b < l.size[i]; b++)
				l.at[i][b] = (uint8_t)any(256);
			hex_write(entry, l.at[i], l.size[i]);
			json_array_append_new(list, json_stringn(entry,
			    2 * l.size[i]));
		}
		question = json_pack("{s:o}", "leaves", list);
		t = ask_tree("merkle", question);
		root_of(&l, 0, size, wanted);
		hex_write(hex, wanted, 32);
		assert_memory_equal(string(t.out, "root").p, hex, 64);
		assert_int_equal(number(t.out, "size"), size);
		json_decref(question);
		told_free(&t);
	}
}

/* ---- ruc ----------------------------------------------------------------- */

/* Each wrong digit, and each exchange of neighbours but those that modulo
 * 11 cannot tell (0 and 1 stand for two values each), is seen. */
static void a_wrong_digit_is_seen(void **unused)
{
	int seen = 0, missed = 0;

	(void)unused;
	seed(404);
	for (int n = 0; n < CASES; n++) {
		char ruc[12];
		int digit = 0;

		snprintf(ruc, sizeof(ruc), "20%08llu0",
		    (unsigned long long)any(100000000));
		if (figures_ruc_kind(text_of(ruc), &digit) == RUC_DIGIT)
			ruc[10] = (char)('0' + digit);
		assert_int_equal(figures_ruc_kind(text_of(ruc), &digit),
		    RUC_ENTITY);

		size_t at = 2 + any(8);
		ruc[at] = (char)('0' + (ruc[at] - '0' + 1 + (int)any(9)) %
		    10);
		if (figures_ruc_kind(text_of(ruc), &digit) == RUC_DIGIT)
			seen++;
		else
			missed++;
	}
	assert_true(missed < seen / 20);
}

/* ---- while others wait ------------------------------------------------- */

static enum refusal_code refused_in_office(const char *kind, json_t *question)
{
	struct arena *a = arena_new(64 * MIB);
	struct refusal no;
	struct asker k = { .arena = a, .no = &no,
		.tries = ASKING_TRIES_OFFICE };
	char *line = json_dumps(question, JSON_COMPACT);
	struct calc_answered answered;
	result got;

	assert_non_null(a);
	got = calc_ask(calc_kind_named(text_of(kind)), &k, text_of(line),
	    &answered);
	free(line);
	json_decref(question);
	arena_free(a);
	return is_ok(got) ? REFUSAL_CODES : no.code;
}

static json_t *table_of(size_t side)
{
	json_t *q = json_pack("{s:i,s:[],s:[],s:[]}", "k", 5, "rows",
	    "columns", "counts");

	for (size_t i = 0; i < side; i++) {
		json_t *line = json_array();

		for (size_t j = 0; j < side; j++)
			json_array_append_new(line, json_integer(
			    (json_int_t)((i * 7 + j * 3) % 11)));
		json_array_append_new(json_object_get(q, "counts"), line);
		json_array_append_new(json_object_get(q, "rows"),
		    json_sprintf("r%zu", i));
		json_array_append_new(json_object_get(q, "columns"),
		    json_sprintf("c%zu", i));
	}
	return q;
}

static json_t *needs_of(int n)
{
	json_t *persons = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(persons, json_pack(
		    "{s:s,s:[{s:i,s:s},{s:i,s:s}]}", "p", "0.9", "costs",
		    "cost", 100, "p", "0.5", "cost", 99, "p", "0.5"));
	return json_pack("{s:o,s:[s]}", "persons", persons, "quantiles",
	    "0.5");
}

/* Without it one question could hold an office up for seconds. */
static void an_office_is_not_held_up(void **unused)
{
	(void)unused;
	assert_int_equal(refused_in_office("suppress", table_of(15)),
	    REFUSAL_CODES);
	assert_int_equal(refused_in_office("suppress", table_of(16)),
	    REFUSED_TOO_LARGE);
	assert_int_equal(refused_in_office("need", needs_of(141)),
	    REFUSAL_CODES);
	assert_int_equal(refused_in_office("need", needs_of(142)),
	    REFUSED_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_add_up),
		cmocka_unit_test(needs_are_enumerated),
		cmocka_unit_test(roots_are_those_of_the_rfc),
		cmocka_unit_test(a_wrong_digit_is_seen),
		cmocka_unit_test(an_office_is_not_held_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
