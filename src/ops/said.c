#include "said.h"

static text
joined(const struct op *op, const struct node *list)
{
	CLEANUP(buf_free) struct buf b = buf_new(8 * KIB);

	for (const struct node *v = list->first; v != NULL; v = v->next) {
		if (v->kind == NODE_LIST || v->kind == NODE_OBJECT)
			continue;
		if (b.n > 0)
			buf_text(&b, T(", "));
		buf_text(&b, said(op, v));
	}
	return arena_text(op->arena, buf_view(&b));
}

text
said(const struct op *op, const struct node *v)
{
	const struct words *w = op->office->words;

	if (v == NULL)
		return T("");
	switch (v->kind) {
	case NODE_TEXT:
	case NODE_SHORT:
		return v->text;
	case NODE_WORD:
		return words_get_text(w, op->lang, v->text);
	case NODE_CODE:
		return codes_label(op->office->codes, v->list, v->text,
		    op->lang);
	case NODE_NUMBER:
		return words_number(op->lang, op->arena, v->number);
	case NODE_BOOL:
		return words_get(w, op->lang, v->number != 0 ? "value.yes" :
		    "value.no");
	case NODE_DAY:
		return words_day(w, op->lang, op->arena, v->day);
	case NODE_INSTANT:
		return words_instant(w, op->lang, op->arena, v->instant);
	case NODE_MONEY:
		return words_money(w, op->lang, op->arena, v->money);
	case NODE_LIST:
		return joined(op, v);
	case NODE_OBJECT:
	case NODE_NULL:
		return T("");
	}
	return T("");
}

text
said_days(const struct op *op, const struct node *length)
{
	const struct words *w = op->office->words;
	const struct node *least = node_find(length, "earliest");
	const struct node *most = node_find(length, "latest");
	text args[2];

	if (least == NULL || most == NULL)
		return T("");
	if (least->number == most->number)
		return words_count(w, op->lang, op->arena, "custody.days.n",
		    most->number);
	args[0] = words_number(op->lang, op->arena, least->number);
	args[1] = words_number(op->lang, op->arena, most->number);
	return words_format(w, op->lang, op->arena, "custody.days_between",
	    args, LENGTH(args));
}
