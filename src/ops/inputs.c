#include "ops_inside.h"

#include <string.h>

static const char *
prefix_of(struct op *op, const struct in *in)
{
	const char *field = in->entity->fields[in->field].name;
	size_t n = strlen(in->name) - strlen(field);

	return arena_text(op->arena, (text){ in->name, n }).p;
}

/* On a conflict page somebody chose to leave the other's value. */
static bool
theirs_taken(struct op *op, const struct in *in)
{
	text name = arena_format(op->arena, "take_%s", in->name);

	return name.p != NULL && text_same(op_input(op, name.p), T("theirs"));
}

result
ops_fill(struct op *op, const struct entity *e, void *row)
{
	const char *prefix = "";
	const struct in *in = op->row->inputs;

	for (; in != NULL && in->name != NULL; in++) {
		if (in->entity != e || theirs_taken(op, in))
			continue;
		prefix = prefix_of(op, in);
		NEED(prefix);
		TRY(op_read_fields(op, e, prefix, &in->field, 1, row));
		if ((in->flags & IN_REQUIRED) != 0 &&
		    field_empty(&e->fields[in->field], row) &&
		    e->fields[in->field].kind != KIND_ID &&
		    !problem_has(&op->problems, text_of(in->name)))
			op_problem(op, in->name, "problem.required");
	}
	/* Of a row that is there, only what was opened can be checked. */
	entity_check(op->arena, e, row, entity_row(row)->v == 0 ?
	    e->classes : entity_row(row)->open, prefix, op->office->codes,
	    &op->problems);
	return OK;
}

static const void *
row_for(const struct entity *e, const struct filled *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (from[i].entity == e)
			return from[i].row;
	}
	return NULL;
}

/* The word after saving is in the address of a form that nobody filled. */
static bool
anything_typed(const struct op *op)
{
	const struct in *in = op->row->inputs;

	for (; in != NULL && in->name != NULL; in++) {
		if (op_given(op, in->name))
			return true;
	}
	return false;
}

static const struct typed *
typed_for(struct op *op, const struct in *in, struct typed *t)
{
	const struct input *typed = op_inputs(op, in->name);

	/* Something was sent: an absent box then means "not ticked". */
	if (!anything_typed(op))
		return NULL;
	*t = (struct typed){ .by = TYPED_IN_FORM, .today = op->today,
		.name = text_of(in->name) };
	if (typed != NULL) {
		t->values = typed->values;
		t->n = typed->n;
	}
	return t;
}

static void
own_options(struct op *op, struct node *one, const struct in *in, text value)
{
	struct node *list = node_add_list(one, "options");
	size_t n;
	const struct code *c = codes_list(op->office->codes, in->codes, &n);

	for (size_t i = 0; i < n; i++) {
		struct node *o;

		if (c[i].retired)
			continue;
		o = node_add_object(list, NULL);
		node_add_text(o, "value", c[i].code);
		node_add_text(o, "label", c[i].label[op->lang]);
		node_add_bool(o, "selected", text_same(value, c[i].code));
	}
}

static const char *
own_kind(const struct in *in)
{
	if ((in->flags & IN_HIDDEN) != 0)
		return "hidden";
	if ((in->flags & IN_SECRET) != 0)
		return "password";
	switch (in->kind) {
	case KIND_MULTILINE:
		return "multiline";
	case KIND_CODE:
		return "code";
	case KIND_CODES:
		return "codes";
	case KIND_INTEGER:
		return "integer";
	case KIND_BOOLEAN:
		return "boolean";
	case KIND_DAY:
		return "day";
	case KIND_INSTANT:
		return "instant";
	case KIND_TEXT:
	case KIND_MINUTES:
	case KIND_MONEY:
	case KIND_RATE:
	case KIND_ID:
	case KIND_DIGITS:
	case KIND_FILE:
		return "text";
	}
	return "text";
}

static void
own_error(struct op *op, struct node *one, const struct in *in)
{
	for (size_t i = 0; i < op->problems.n; i++) {
		const struct problem *p = &op->problems.at[i];

		if (!text_same(p->field, text_of(in->name)))
			continue;
		node_add_text(one, "error", problem_text(op->office->words,
		    op->lang, op->arena, p));
		return;
	}
}

static void
own_field(struct op *op, struct node *list, const struct in *in,
    const struct typed *typed)
{
	struct node *one = node_add_object(list, NULL);
	text value = typed != NULL && typed->n > 0 &&
	    (in->flags & IN_SECRET) == 0 ? typed->values[0] : T("");

	node_add_text(one, "name", text_of(in->name));
	node_add_text(one, "kind", text_of(own_kind(in)));
	node_add_text(one, "label", words_get(op->office->words, op->lang,
	    in->label));
	if (in->hint != NULL)
		node_add_text(one, "hint", words_get(op->office->words,
		    op->lang, in->hint));
	node_add_bool(one, "optional", (in->flags & IN_REQUIRED) == 0);
	if (in->kind == KIND_BOOLEAN)
		node_add_bool(one, "value", text_same(value, T("1")) ||
		    text_same(value, T("on")));
	else
		node_add_text(one, "value", value);
	if (in->codes != NULL)
		own_options(op, one, in, value);
	own_error(op, one, in);
}

/* An id is typed as a short code, or a sign-in name for a user. */
static void
id_field(struct op *op, struct node *list, const struct in *in,
    const void *row, const struct typed *typed)
{
	const struct field *f = &in->entity->fields[in->field];
	struct node *one = node_add_object(list, NULL);
	text value = T("");
	const struct user_facts *const *users;
	struct node *options;
	size_t n;

	if (typed != NULL)
		value = typed->n > 0 ? typed->values[0] : T("");
	else if (row != NULL)
		value = field_write(op->arena, f, row);
	node_add_text(one, "name", text_of(in->name));
	node_add_text(one, "label", text_of(f->label[op->lang]));
	node_add_bool(one, "optional", (in->flags & IN_REQUIRED) == 0);
	node_add_text(one, "value", value);
	node_add_text(one, "kind", (in->flags & IN_HIDDEN) != 0 ?
	    T("hidden") : f->of == &entity_user ? T("code") : T("text"));
	if (f->of == &entity_user) {
		options = node_add_list(one, "options");
		n = guard_users(op->office->guard, &users);
		for (size_t i = 0; i < n; i++) {
			text code = arena_format(op->arena, "%s",
			    code_of(users[i]->id.raw).s);
			struct node *o;

			if (!text_same(users[i]->state, T("active")))
				continue;
			o = node_add_object(options, NULL);
			node_add_text(o, "value", code);
			node_add_text(o, "label", users[i]->name);
			node_add_bool(o, "selected", text_same(code, value));
		}
	}
	own_error(op, one, in);
}

static void
relabel(struct node *one, text label)
{
	for (struct node *n = one == NULL ? NULL : one->first; n != NULL;
	    n = n->next) {
		if (n->name != NULL && strcmp(n->name, "label") == 0)
			n->text = label;
	}
}

result
ops_form(struct op *op, const struct filled *from, size_t n)
{
	const struct form_context c = { .words = op->office->words,
		.codes = op->office->codes, .lang = op->lang,
		.problems = &op->problems };
	struct node *list = node_add_list(op->answer, "fields");
	const struct in *in = op->row->inputs;

	for (; in != NULL && in->name != NULL; in++) {
		struct typed space;
		const struct typed *typed = typed_for(op, in, &space);
		const struct field *f;
		const void *row;
		struct node *one;

		if (in->entity == NULL) {
			own_field(op, list, in, typed);
			continue;
		}
		f = &in->entity->fields[in->field];
		row = row_for(in->entity, from, n);
		if (f->kind == KIND_ID) {
			id_field(op, list, in, row, typed);
			continue;
		}
		one = form_field(list, &c, f, text_of(in->name), row, typed);
		if (in->label != NULL)
			relabel(one, words_get(op->office->words, op->lang,
			    in->label));
		if (in->hint != NULL)
			node_add_text(one, "hint", words_get(
			    op->office->words, op->lang, in->hint));
	}
	return node_whole(op->answer);
}

result
ops_input_id(struct op *op, const char *name, const struct entity *e, id *ret)
{
	text code = op_input(op, name);
	id found = { 0 };
	result got;

	if (code.n == 0) {
		*ret = found;
		return OK;
	}
	got = facts_find(op, e, code, &found);
	if (got.code == E_NOT_FOUND) {
		op_problem(op, name, "problem.no_such_row");
		*ret = (id){ 0 };
		return OK;
	}
	TRY(got);
	*ret = found;
	return OK;
}

text
ops_path(struct op *op, const char *pattern, const id *ids, size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(PATH_MAX_BYTES);
	size_t used = 0;

	for (const char *p = pattern; *p != '\0'; p++) {
		if (p[0] == '{' && p[1] == '}' && used < n) {
			buf_text(&b, text_of(code_of(ids[used++]).s));
			p++;
			continue;
		}
		buf_char(&b, *p);
	}
	return arena_text(op->arena, buf_view(&b));
}

void
ops_add_user(struct op *op, struct node *to, const char *name, user_id user)
{
	node_add_text(to, name, id_none(user.raw) ? T("") :
	    guard_user_name(op->office->guard, user));
}
