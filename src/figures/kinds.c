#include <string.h>

#include "inside.h"

const struct asking_kind figures_kinds[] = {
	{ "need", answer_need },
	{ "loan", answer_loan },
	{ "plan", answer_plan },
	{ "survival", answer_survival },
	{ "suppress", answer_suppress },
	{ "fx", answer_fx },
	{ "queue", answer_queue },
	{ "split", answer_split },
	{ "ruc", answer_ruc },
	{ "merkle", answer_merkle },
	{ NULL, NULL },
};

result amount_read(struct asker *k, const struct node *of, const char *name,
    const struct asking_currency *c, int64_t min, int64_t *ret)
{
	const struct asking_decimal form = { .decimals = c->decimals,
		.exactly = true, .min = min, .max = AMOUNT_MAX };
	whole v = { 0 };

	TRY(asking_decimal(k, of, name, ASKING_MUST, &form, &v));
	*ret = v.value;
	return OK;
}

void amount_add(struct node *to, const char *name, int64_t minor,
    int decimals)
{
	if (to != NULL)
		node_add_text(to, name, decimal_text(to->arena, minor,
		    decimals));
}

result percent_read(struct asker *k, const struct node *of,
    const char *name, int max, int64_t *ret)
{
	const struct asking_decimal form = { .decimals = RATE_DECIMALS,
		.max = max * power_of_ten(RATE_DECIMALS) };
	whole v = { 0 };

	TRY(asking_decimal(k, of, name, ASKING_MUST, &form, &v));
	*ret = v.value;
	return OK;
}

result chance_read(struct asker *k, const struct node *of,
    const char *name, int64_t *ret)
{
	const struct asking_decimal form = { .decimals = CHANCE_DECIMALS,
		.max = power_of_ten(CHANCE_DECIMALS) };
	whole v = { 0 };

	TRY(asking_decimal(k, of, name, ASKING_MUST, &form, &v));
	*ret = v.value;
	return OK;
}

result flag_read(struct asker *k, const struct node *of, const char *name,
    bool *ret)
{
	if (node_find(of, name) == NULL)
		return asking_refuse(k, REFUSED_MISSING, of, name,
		    "true or false is needed");
	return asking_flag(k, of, name, ret);
}
