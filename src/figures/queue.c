/* The blind queue (formulas.md): need, date, and a lottery sealed before. */
#include <sodium.h>
#include <stdlib.h>

#include "inside.h"

enum { SOON_DAYS = 30, DEPENDANTS_COUNTED = 3, DAYS_MAX = 36600,
	DEPENDANTS_MAX = 99, SCORE_MAX = 1000, HEX = 64 };

struct entry {
	text id;
	day applied;
	int64_t score;
	char lottery[HEX + 1];
};

int figures_need_score(const struct need *n)
{
	return (n->released_days <= SOON_DAYS ? 3 : 0) +
	    (n->no_fixed_housing ? 3 : 0) +
	    (int)(n->dependants < DEPENDANTS_COUNTED ? n->dependants :
	    DEPENDANTS_COUNTED) +
	    (n->health_need ? 2 : 0) + (n->no_income ? 2 : 0) -
	    (n->helped_last_90_days ? 3 : 0);
}

static int first_served(const void *a, const void *b)
{
	const struct entry *one = a, *two = b;

	if (one->score != two->score)
		return one->score > two->score ? -1 : 1;
	if (one->applied.n != two->applied.n)
		return one->applied.n < two->applied.n ? -1 : 1;
	return text_order((text){ one->lottery, HEX },
	    (text){ two->lottery, HEX });
}

static int by_id(const void *a, const void *b)
{
	const struct entry *const *one = a, *const *two = b;

	return text_order((*one)->id, (*two)->id);
}

static void draw(text seed, struct entry *e)
{
	crypto_auth_hmacsha256_state s;
	uint8_t mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&s, (const uint8_t *)seed.p, seed.n);
	crypto_auth_hmacsha256_update(&s, (const uint8_t *)e->id.p, e->id.n);
	crypto_auth_hmacsha256_final(&s, mac);
	hex_write(e->lottery, mac, sizeof(mac));
}

/* ---- question ---------------------------------------------------------- */

static const char *const scored_members[] = { "id", "applied", "score",
	NULL };
static const char *const need_members[] = { "id", "applied",
	"released_days", "no_fixed_housing", "dependants", "health_need",
	"no_income", "helped_last_90_days", NULL };

static result read_need(struct asker *k, const struct node *n,
    struct need *ret)
{
	whole v = { 0 };

	TRY(asking_number(k, n, "released_days", ASKING_MUST,
	    (struct asking_range){ 0, DAYS_MAX }, &v));
	ret->released_days = v.value;
	TRY(flag_read(k, n, "no_fixed_housing", &ret->no_fixed_housing));
	TRY(asking_number(k, n, "dependants", ASKING_MUST,
	    (struct asking_range){ 0, DEPENDANTS_MAX }, &v));
	ret->dependants = v.value;
	TRY(flag_read(k, n, "health_need", &ret->health_need));
	TRY(flag_read(k, n, "no_income", &ret->no_income));
	return flag_read(k, n, "helped_last_90_days",
	    &ret->helped_last_90_days);
}

/* A ready score in all cases or in none. */
static result read_case(struct asker *k, const struct node *n, bool scored,
    struct entry *e)
{
	struct need need = { 0 };
	whole v = { 0 };

	if (n->kind == NODE_OBJECT && node_find(n, "score") != NULL &&
	    !scored)
		return asking_refuse(k, REFUSED_CONFLICT, n, "score",
		    "a ready score in all cases or in none");
	TRY(asking_only(k, n, scored ? scored_members : need_members));
	TRY(asking_text(k, n, "id", ASKING_MUST, &e->id));
	if (e->id.n == 0)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, n, "id",
		    "it is empty");
	TRY(asking_day(k, n, "applied", ASKING_MUST, &e->applied));
	if (scored) {
		TRY(asking_number(k, n, "score", ASKING_MUST,
		    (struct asking_range){ -SCORE_MAX, SCORE_MAX }, &v));
		e->score = v.value;
		return OK;
	}
	TRY(read_need(k, n, &need));
	e->score = figures_need_score(&need);
	return OK;
}

static result refuse_twins(struct asker *k, const struct node *list,
    struct entry *entries)
{
	struct entry **sorted = arena_array(k->arena, list->n,
	    sizeof(struct entry *));
	const struct node *n = list->first;

	NEED(sorted);
	for (size_t i = 0; i < list->n; i++)
		sorted[i] = &entries[i];
	qsort(sorted, list->n, sizeof(struct entry *), by_id);
	for (size_t i = 1; i < list->n; i++) {
		const struct entry *twin = sorted[i - 1] > sorted[i] ?
		    sorted[i - 1] : sorted[i];

		if (by_id(&sorted[i - 1], &sorted[i]) != 0)
			continue;
		for (size_t at = (size_t)(twin - entries); at > 0; at--)
			n = n->next;
		return asking_refuse(k, REFUSED_CONFLICT, n, "id",
		    "two cases with this id");
	}
	return OK;
}

static result read_cases(struct asker *k, const struct node *in,
    struct entry **ret, size_t *ret_n)
{
	const struct node *list = NULL;
	struct entry *entries;
	size_t i = 0;
	bool scored;

	TRY(asking_list(k, in, "cases", ASKING_MUST, FIGURES_ITEMS_MAX,
	    &list));
	entries = arena_array(k->arena, list->n, sizeof(*entries));
	NEED(entries);
	scored = list->n > 0 && list->first->kind == NODE_OBJECT &&
	    node_find(list->first, "score") != NULL;
	for (const struct node *n = list->first; n != NULL; n = n->next)
		TRY(read_case(k, n, scored, &entries[i++]));
	TRY(refuse_twins(k, list, entries));
	*ret = entries;
	*ret_n = i;
	return OK;
}

/* ---- answer ------------------------------------------------------------ */

static void write_commitment(text seed, struct node *out)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash)];

	crypto_hash_sha256(hash, (const uint8_t *)seed.p, seed.n);
	hex_write(hex, hash, sizeof(hash));
	node_add_text(out, "commitment", (text){ hex, sizeof(hex) });
}

result answer_queue(struct asker *k, const struct node *in,
    struct node *out)
{
	static const char *const members[] = { "seed", "cases", NULL };
	struct entry *entries = NULL;
	struct node *order, *score, *lottery;
	text seed = { 0 };
	size_t n = 0;

	TRY(asking_only(k, in, members));
	TRY(asking_text(k, in, "seed", ASKING_MUST, &seed));
	if (seed.n == 0)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in, "seed",
		    "it is empty");
	TRY(read_cases(k, in, &entries, &n));
	write_commitment(seed, out);
	for (size_t i = 0; i < n; i++)
		draw(seed, &entries[i]);
	qsort(entries, n, sizeof(*entries), first_served);
	order = node_add_list(out, "order");
	score = node_add_object(out, "score");
	lottery = node_add_object(out, "lottery");
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &entries[i];
		text name = arena_text(k->arena, e->id);

		NEED(name.p);
		node_add_text(order, NULL, e->id);
		node_add_number(score, name.p, e->score);
		node_add_text(lottery, name.p, (text){ e->lottery, HEX });
	}
	return OK;
}
