/* A total over weights by the largest remainder: formulas.md. */
#include <assert.h>
#include <stdlib.h>

#include "inside.h"

struct part { int64_t share; int128 rest; size_t line; };

static int largest_rest_first(const void *a, const void *b)
{
	const struct part *one = a, *two = b;

	if (one->rest != two->rest)
		return one->rest > two->rest ? -1 : 1;
	return one->line < two->line ? -1 : one->line > two->line;
}

result figures_split(struct arena *a, int64_t total, const int64_t *weight,
    size_t n, int64_t *ret)
{
	int128 size = total < 0 ? -(int128)total : total;
	int128 missing = size, all = 0;
	struct part *parts = arena_array(a, n, sizeof(*parts));

	NEED(parts);
	for (size_t i = 0; i < n; i++) {
		assert(weight[i] >= 0 && weight[i] <= AMOUNT_MAX);
		all += weight[i];
	}
	assert(all > 0 && size <= AMOUNT_MAX);
	for (size_t i = 0; i < n; i++) {
		parts[i] = (struct part){ (int64_t)(size * weight[i] / all),
			size * weight[i] % all, i };
		missing -= parts[i].share;
	}
	qsort(parts, n, sizeof(*parts), largest_rest_first);
	assert(missing >= 0 && (size_t)missing < n);
	for (size_t i = 0; i < n; i++) {
		int64_t share = parts[i].share + ((size_t)missing > i);

		ret[parts[i].line] = total < 0 ? -share : share;
	}
	return OK;
}

static result read_weights(struct asker *k, const struct node *in,
    int64_t **ret, size_t *ret_n)
{
	const struct node *list = NULL;
	int64_t *weight;
	size_t n = 0;
	bool any = false;

	TRY(asking_list(k, in, "weights", ASKING_MUST, FIGURES_ITEMS_MAX,
	    &list));
	weight = arena_array(k->arena, list->n, sizeof(*weight));
	NEED(weight);
	for (const struct node *w = list->first; w != NULL; w = w->next) {
		whole v = { 0 };

		TRY(asking_number(k, w, "", ASKING_MUST,
		    (struct asking_range){ 0, AMOUNT_MAX }, &v));
		any = any || v.value > 0;
		weight[n++] = v.value;
	}
	if (!any)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in, "weights",
		    "one of them must be above zero");
	*ret = weight;
	*ret_n = n;
	return OK;
}

result answer_split(struct asker *k, const struct node *in,
    struct node *out)
{
	static const char *const members[] = { "currency", "total",
		"weights", NULL };
	struct asking_currency ccy;
	struct node *list;
	int64_t total = 0, *weight, *share;
	size_t n;

	TRY(asking_only(k, in, members));
	TRY(asking_currency(k, in, &ccy));
	TRY(amount_read(k, in, "total", &ccy, -AMOUNT_MAX, &total));
	TRY(read_weights(k, in, &weight, &n));
	share = arena_array(k->arena, n, sizeof(*share));
	NEED(share);
	TRY(figures_split(k->arena, total, weight, n, share));
	list = node_add_list(out, "shares");
	for (size_t i = 0; i < n; i++)
		amount_add(list, NULL, share[i], ccy.decimals);
	return OK;
}
