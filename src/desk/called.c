#include "desk_inside.h"

text shown_name(const struct op *op, text name, text initials)
{
	const struct user_facts *u = guard_user(op->office->guard, op->user);

	return u != NULL && u->discreet ? initials : name;
}

result called_in_view(struct view *v, id person, struct called *ret)
{
	const struct arg arg = arg_id("person", person);
	struct called c = { 0 };
	struct row_set *rows = NULL;
	result got;

	TRY(store_query(v->tx, &sql_called_one, &arg, 1, &rows));
	got = row_next(rows, &c.there);
	if (is_ok(got) && c.there) {
		c.within = view_may(v, SEE_IDENTITY, OBJECT_PERSON, person);
		c.name = T("");
		c.initials = T("");
	}
	if (is_ok(got) && c.within) {
		c.initials = column_kept(v, rows, "initials");
		c.name = shown_name(v->op, column_kept(v, rows, "name"),
		    c.initials);
	}
	row_end(&rows);
	TRY(got);
	*ret = c;
	return OK;
}

result desk_called(struct op *op, person_id person, struct called *ret)
{
	CLEANUP(view_end) struct view v = { 0 };

	TRY(view_begin(op, &v));
	return called_in_view(&v, person.raw, ret);
}

result add_called_in_view(struct view *v, struct node *to, const char *name,
    id person)
{
	struct called c;
	bool buried = false;
	struct node *object;

	TRY(called_in_view(v, person, &c));
	/* Nobody any more, but still named by the rows of others. */
	if (!c.there && !id_none(person))
		TRY(facts_buried(v->op, person, &buried));
	if (!c.there && !buried) {
		node_add_null(to, name);
		return OK;
	}
	if (buried)
		c.name = words_get(v->op->office->words, v->op->lang,
		    "person.shredded");
	object = node_add_object(to, name);
	node_add_short(object, "code", person);
	node_add_text(object, "name", c.name);
	node_add_bool(object, "within", c.within);
	return OK;
}

result desk_add_called(struct op *op, struct node *to, const char *name,
    person_id person)
{
	CLEANUP(view_end) struct view v = { 0 };

	TRY(view_begin(op, &v));
	return add_called_in_view(&v, to, name, person.raw);
}
