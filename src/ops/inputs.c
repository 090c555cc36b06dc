#include "ops_inside.h"

#include "fields.h"

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

/* A row that hangs somewhere hangs where the reach is, or is not there. */
static result
check_within(struct op *op, const struct reach *reach, const struct in *in,
    id *found)
{
	const struct entity *of = in->entity->fields[in->field].of;
	void *there = entity_new(op->arena, of);
	result got;

	NEED(there);
	if (id_none(*found) || of->parents_n == 0 || reach == NULL)
		return OK;
	got = facts_get(op, reach, of, *found, there);
	if (got.code != E_NOT_FOUND)
		return got;
	op_problem(op, in->name, "problem.no_such_row");
	*found = (id){ 0 };
	return OK;
}

static result
fill_id(struct op *op, const struct reach *reach, const struct in *in,
    void *row)
{
	const struct field *f = &in->entity->fields[in->field];
	id found;

	if (f->kind != KIND_ID || !op_given(op, in->name))
		return OK;
	TRY(ops_input_id(op, in->name, f->of, &found));
	TRY(check_within(op, reach, in, &found));
	field_set_id(f, row, found);
	if ((in->flags & IN_REQUIRED) != 0 && id_none(found) &&
	    !problem_has(&op->problems, text_of(in->name)))
		op_problem(op, in->name, "problem.required");
	return OK;
}

result
ops_fill(struct op *op, const struct reach *reach, const struct entity *e,
    void *row)
{
	const char *prefix = "";
	const struct in *in = op->row->inputs;

	for (; in != NULL && in->name != NULL; in++) {
		if (in->entity == e && !theirs_taken(op, in))
			TRY(fill_id(op, reach, in, row));
	}
	for (in = op->row->inputs; in != NULL && in->name != NULL; in++) {
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

/* What types an input: the field of its entity, or one of its own. */
static result
field_of(struct op *op, const struct in *in, struct field *ret)
{
	struct field f = { .kind = in->kind, .codes = in->codes,
		.most = in->most };

	if (in->entity != NULL)
		f = in->entity->fields[in->field];
	/* What must be given besides is said by the operation; of another
	 * row, by it alone. */
	if (in->entity == NULL || f.kind == KIND_ID)
		f.required = false;
	f.required = f.required || (in->flags & IN_REQUIRED) != 0;
	if (in->label != NULL)
		f.label[op->lang] = arena_text(op->arena, words_get(
		    op->office->words, op->lang, in->label)).p;
	NEED(f.label[op->lang]);
	*ret = f;
	return OK;
}

/* A person of the office is chosen among those who work here. */
static void
offer_users(struct op *op, struct node *one, text value)
{
	struct node *options = node_add_list(one, "options");
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);

	for (size_t i = 0; i < n; i++) {
		text code = arena_text(op->arena,
		    text_of(code_of(users[i]->id.raw).s));
		struct node *o;

		if (!text_same(users[i]->state, T("active")))
			continue;
		o = node_add_object(options, NULL);
		node_add_text(o, "value", code);
		node_add_text(o, "label", users[i]->name);
		node_add_bool(o, "selected", text_same(code, value));
	}
}

bool
ops_opened(const struct field *f, const struct row *row)
{
	return row->v == 0 || f->class == IN_CLEAR ||
	    (row->open & 1u << f->class) != 0;
}

static result
add_field(struct op *op, struct node *list, const struct in *in,
    const void *row)
{
	const struct form_context c = { .words = op->office->words,
		.codes = op->office->codes, .lang = op->lang,
		.problems = &op->problems };
	struct typed space;
	const struct typed *typed = typed_for(op, in, &space);
	struct field f;
	struct node *one;
	struct node *kind;
	struct node *value;

	TRY(field_of(op, in, &f));
	if (row != NULL && !ops_opened(&f, row))
		return OK;
	one = form_field(list, &c, &f, text_of(in->name), row, typed);
	kind = ops_member(one, "kind");
	value = ops_member(one, "value");
	NEED(kind);
	NEED(value);
	/* An id is typed as a short code, or a sign-in name for a user. */
	if (f.kind == KIND_ID && typed == NULL && row != NULL)
		value->text = field_write(op->arena, &f, row);
	if (f.kind == KIND_ID && f.of == &entity_user) {
		kind->text = T("code");
		offer_users(op, one, value->text);
	}
	if ((in->flags & IN_SECRET) != 0) {
		kind->text = T("password");
		value->text = T("");
	}
	if ((in->flags & IN_HIDDEN) != 0)
		kind->text = T("hidden");
	if (in->hint != NULL)
		node_add_text(one, "hint", words_get(op->office->words,
		    op->lang, in->hint));
	return OK;
}

result
ops_form(struct op *op, const struct filled *from, size_t n)
{
	struct node *list = node_add_list(op->answer, "fields");
	const struct in *in = op->row->inputs;

	for (; in != NULL && in->name != NULL; in++)
		TRY(add_field(op, list, in, in->entity == NULL ? NULL :
		    row_for(in->entity, from, n)));
	return node_whole(op->answer);
}

bool
ops_any_given(const struct op *op, const char *prefix)
{
	for (size_t i = 0; i < op->inputs_n; i++) {
		const struct input *in = &op->inputs[i];

		if (text_starts(in->name, text_of(prefix)) && in->n > 0 &&
		    text_trim(in->values[0]).n > 0)
			return true;
	}
	return false;
}

result
ops_form_plain(struct op *op, const struct reach *reach)
{
	(void)reach;
	return ops_form(op, NULL, 0);
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
