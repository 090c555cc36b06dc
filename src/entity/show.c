#include "entity.h"

#include <string.h>

static text
rate_text(struct arena *a, const rate *r)
{
	int64_t whole_part = r->mantissa;
	int64_t unit = 1;

	for (uint8_t i = 0; i < r->scale; i++)
		unit *= 10;
	whole_part = r->mantissa / unit;
	if (r->scale == 0)
		return arena_format(a, "%lld", (long long)whole_part);
	return arena_format(a, "%lld.%0*lld", (long long)whole_part,
	    (int)r->scale, (long long)(r->mantissa % unit));
}

static void
show_codes(struct node *to, const struct field *f, const texts *t)
{
	struct node *list = node_add_list(to, f->name);

	for (size_t i = 0; i < t->n; i++)
		node_add_code(list, NULL, f->codes, t->p[i]);
}

static void
show_field(struct node *to, const struct field *f, const void *row)
{
	const void *p = (const char *)row + f->at;

	if (field_empty(f, row)) {
		if (f->kind == KIND_CODES)
			node_add_list(to, f->name);
		else
			node_add_null(to, f->name);
		return;
	}
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_DIGITS:
		node_add_text(to, f->name, *(const text *)p);
		return;
	case KIND_CODE:
		node_add_code(to, f->name, f->codes, *(const text *)p);
		return;
	case KIND_CODES:
		show_codes(to, f, p);
		return;
	case KIND_INTEGER:
	case KIND_MINUTES:
		node_add_number(to, f->name, ((const whole *)p)->value);
		return;
	case KIND_BOOLEAN:
		node_add_bool(to, f->name, ((const yesno *)p)->value);
		return;
	case KIND_DAY:
		node_add_day(to, f->name, *(const day *)p);
		return;
	case KIND_INSTANT:
		node_add_instant(to, f->name, *(const instant *)p);
		return;
	case KIND_MONEY:
		node_add_money(to, f->name, *(const money *)p);
		return;
	case KIND_RATE:
		node_add_text(to, f->name, rate_text(to->arena, p));
		return;
	case KIND_ID:
		node_add_short(to, f->name, field_id(f, row));
		return;
	case KIND_FILE:
		node_add_text(to, f->name, ((const file_ref *)p)->name);
		return;
	}
}

void
entity_show(struct node *to, const struct entity *e, const void *row,
    class_mask mask)
{
	const struct row *head = row;

	node_add_short(to, "id", head->id);
	node_add_number(to, "v", (int64_t)head->v);
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];

		if (f->class == IN_CLEAR || (mask & 1u << f->class) != 0)
			show_field(to, f, row);
	}
}

static text
join(struct arena *a, const texts *t)
{
	text all = T("");

	for (size_t i = 0; i < t->n; i++)
		all = arena_format(a, "%.*s%s%.*s", (int)all.n, all.p,
		    i > 0 ? " " : "", (int)t->p[i].n, t->p[i].p);
	return all;
}

static text
money_text(struct arena *a, const money *m)
{
	return arena_format(a, "%lld.%02lld", (long long)(m->minor / 100),
	    (long long)(m->minor % 100));
}

text
field_write(struct arena *a, const struct field *f, const void *row)
{
	const void *p = (const char *)row + f->at;

	if (field_empty(f, row))
		return T("");
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_DIGITS:
	case KIND_CODE:
		return *(const text *)p;
	case KIND_CODES:
		return join(a, p);
	case KIND_INTEGER:
	case KIND_MINUTES:
		return arena_format(a, "%lld",
		    (long long)((const whole *)p)->value);
	case KIND_BOOLEAN:
		return ((const yesno *)p)->value ? T("1") : T("0");
	case KIND_DAY:
		return day_iso(a, *(const day *)p);
	case KIND_INSTANT:
		return instant_rfc3339(a, *(const instant *)p);
	case KIND_MONEY:
		return money_text(a, p);
	case KIND_RATE:
		return rate_text(a, p);
	case KIND_ID:
		return text_of(arena_format(a, "%s",
		    code_of(field_id(f, row)).s).p);
	case KIND_FILE:
		return ((const file_ref *)p)->name;
	}
	return T("");
}

text
field_typed(struct arena *a, const struct words *w, enum lang l,
    const struct field *f, const void *row)
{
	const void *p = (const char *)row + f->at;

	if (field_empty(f, row))
		return T("");
	if (f->kind == KIND_INSTANT)
		return words_instant(w, l, a, *(const instant *)p);
	if (f->kind == KIND_DAY && ((const day *)p)->precision == EXACT)
		return words_day_short(w, l, a, *(const day *)p);
	if (f->kind == KIND_DAY)
		return words_day(w, l, a, *(const day *)p);
	if (f->kind == KIND_MINUTES)
		return arena_format(a, "%lld:%02lld",
		    (long long)(((const whole *)p)->value / 60),
		    (long long)(((const whole *)p)->value % 60));
	return field_write(a, f, row);
}
