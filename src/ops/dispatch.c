#include "ops_inside.h"

#include "desk.h"
#include "lifecycle.h"

/* ---- inputs ----------------------------------------------------------- */

static const struct in *
in_named(const struct op_row *row, text name)
{
	const struct in *in = row->inputs;

	for (; in != NULL && in->name != NULL; in++) {
		if (text_same(text_of(in->name), name))
			return in;
	}
	return NULL;
}

bool
ops_takes(const struct op_row *row, text name)
{
	return in_named(row, name) != NULL;
}

/* What no row declares: the page of a list, the word after saving; a form
 * that is shown after saving has only the latter. */
static bool
common_input(const struct op *op, text name, bool form)
{
	static const char *const reading[] = { "saved", "lang", "cursor",
		"limit", "sort", "q" };
	enum { SHOWN_WITH_FORMS = 2 };
	bool changes = (op->row->flags & OP_CHANGES) != 0;

	/* Who has no account chooses the language with each question. */
	if ((op->row->flags & OP_ASKS) != 0)
		return text_same(name, T("lang"));
	if (changes && !form)
		return false;
	for (size_t i = 0; i < (changes ? SHOWN_WITH_FORMS :
	    LENGTH(reading)); i++) {
		if (text_same(name, text_of(reading[i])))
			return true;
	}
	return false;
}

/* "take_<input>" is the choice on a conflict page. */
static bool
choice_input(const struct op *op, text name)
{
	const text take = T("take_");

	return (op->row->flags & OP_NEEDS_VERSION) != 0 &&
	    text_starts(name, take) && in_named(op->row,
	    (text){ name.p + take.n, name.n - take.n }) != NULL;
}

/* A name that nobody asked for is an error, not something to ignore. */
static result
check_inputs(struct op *op, bool form)
{
	if ((op->row->flags & OP_ANY_INPUTS) != 0)
		return OK;
	for (size_t i = 0; i < op->inputs_n; i++) {
		const struct input *in = &op->inputs[i];
		const struct in *known = in_named(op->row, in->name);
		bool list;

		if (known == NULL && !choice_input(op, in->name) &&
		    !common_input(op, in->name, form)) {
			problem_add(&op->problems, in->name,
			    "problem.unknown", &in->name, 1);
			continue;
		}
		list = known != NULL && ((known->flags & IN_MANY) != 0 ||
		    (known->entity != NULL &&
		    known->entity->fields[known->field].kind == KIND_CODES));
		if (in->n > 1 && !list)
			problem_add(&op->problems, in->name, "problem.once",
			    NULL, 0);
	}
	return op->problems.n == 0 ? OK : refuse(BAD_REQUEST);
}

/* ---- objects ---------------------------------------------------------- */

/* Does this row name the object, or nothing of its kind at all? */
static bool
hangs_on(const struct entity *e, const void *row, const struct entity *home,
    id object)
{
	bool other = false;

	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];

		if (f->kind != KIND_ID || f->of != home ||
		    field_empty(f, row))
			continue;
		if (id_same(field_id(f, row), object))
			return true;
		other = true;
	}
	return !other;
}

/*
 * A child of another parent is missing before anything else is asked for: a
 * step-up asked for it would tell that there is such a code.
 */
static result
children_there(struct op *op, const struct route *route,
    enum object_kind kind, id object)
{
	const struct entity *home = ops_home_entity(kind);

	for (size_t i = 1; i < op->objects_n; i++) {
		const struct entity *e = ops_param_entity(route->param[i]);
		void *row = entity_new(op->arena, e);

		NEED(row);
		TRY(facts_get(op, guard_whole_office(op), e, op->objects[i],
		    row));
		if (!hangs_on(e, row, home, object))
			return refuse(NOT_FOUND);
	}
	return OK;
}

/*
 * The ids in the path, and the person or matter the first one belongs to.
 * A code that names nothing, a wrong code and a child under another parent
 * are all NOT_FOUND.
 */
static result
find_objects(struct op *op, const struct route *route,
    enum object_kind *ret_kind, id *ret_object)
{
	*ret_kind = OBJECT_NONE;
	*ret_object = (id){ 0 };
	for (size_t i = 0; i < route->n; i++) {
		const struct entity *e = ops_param_entity(route->param[i]);

		if (e == NULL) {
			op->own = route->code[i];
			return OK;	/* the handler's own parameter */
		}
		TRY(facts_find(op, e, route->code[i], &op->objects[i]));
		op->objects_n = i + 1;
	}
	if (op->objects_n == 0 || op->row->object == OBJECT_NONE)
		return OK;
	TRY(facts_home_of(op, ops_param_entity(route->param[0]),
	    op->objects[0], ret_kind, ret_object));
	return children_there(op, route, *ret_kind, *ret_object);
}

/* The role first, before anything is looked up: then the object. */
static result
decide(struct op *op, const struct route *route, const struct reach **ret)
{
	enum object_kind kind;
	id object;
	result got;

	if (op->row->area != AREA_NONE && !guard_may_at_all(op,
	    op->row->area, op->row->need, op->row->object)) {
		audit_refused(op, EVENT_REFUSED, NULL, (id){ 0 });
		return refuse(FORBIDDEN);
	}
	TRY(find_objects(op, route, &kind, &object));
	if (op->row->area == AREA_NONE) {
		*ret = NULL;
		return OK;
	}
	got = guard_reach(op, op->row->area, op->row->need, kind, object,
	    ret);
	if (got.code == E_NOT_FOUND || got.code == E_FORBIDDEN)
		audit_refused(op, EVENT_REFUSED, kind == OBJECT_NONE ? NULL :
		    ops_home_entity(kind)->name, object);
	return got;
}

/* ---- once ------------------------------------------------------------- */

const struct once_answer *
ops_answered(const struct op *op)
{
	const struct once_state *s = op->once;

	return s != NULL && s->answer.known ? &s->answer : NULL;
}

/* Part of the effect's own transaction: kept or not, together. */
static result
keep_answer(struct op *op)
{
	const struct once_state *s = op->once;
	CLEANUP(buf_free) struct buf json = buf_new(ANSWER_MAX);
	struct once_answer a = { .known = true,
		.status = (op->row->flags & OP_CREATES) != 0 ? 201 : 200,
		.location = op->location, .type = T("application/json") };

	/* An answer with a secret is shown once and kept nowhere. */
	if (op->body.n == 0 && op->reading == NULL &&
	    node_find(op->answer, "secret") == NULL) {
		node_json(op->answer, &json);
		TRY(buf_end(&json));
		a.body = buf_view(&json);
	}
	return guard_once_keep(op, s->asked->key, s->asked->digest, &a);
}

static result
begin_once(struct op *op, const struct once *once)
{
	struct once_state *s;

	if (once == NULL || once->key.n == 0)
		return OK;
	s = arena_take(op->arena, sizeof(*s));
	NEED(s);
	s->asked = once;
	op->once = s;
	TRY(guard_once_find(op, once->key, once->digest, &s->answer));
	if (!s->answer.known)
		op->before_commit = keep_answer;
	return OK;
}

/* ---- run -------------------------------------------------------------- */

bool
ops_there(const struct office *office, const struct op_row *row)
{
	if ((row->flags & OP_DEMO) != 0 &&
	    (office->flags & VAULT_DEMONSTRATION) == 0)
		return false;
	return !guard_is_public(row->area) || office->public_pages;
}

static result
admit(struct op *op, bool form)
{
	unsigned flags = op->row->flags;

	if (!ops_there(op->office, op->row))
		return refuse(NOT_FOUND);
	if (!keyring_open(op->office->keyring)) {
		if ((flags & OP_SEALED) == 0)
			return refuse(SEALED);
	} else if (id_none(op->user.raw) && (flags & OP_PUBLIC) == 0) {
		return refuse(SIGN_IN);
	}
	/* The form is what tells the version. */
	if (!form && (flags & OP_NEEDS_VERSION) != 0 && op->version == 0)
		return op->door == DOOR_PAGES ? refuse(BAD_REQUEST) :
		    refuse(NEED_VERSION);
	return OK;
}

static text
place_after(struct op *op, const struct reach *reach)
{
	bool at_object = reach != NULL && reach->kind != OBJECT_NONE;
	const char *back = op->row->back;

	if (back == NULL && !at_object)
		return T("");
	if (back == NULL)
		back = reach->kind == OBJECT_PERSON ? "/people/{}" :
		    "/matters/{}";
	return ops_path(op, back, at_object ? &reach->object : op->objects,
	    1);
}

static result
run_form(struct op *op, const struct reach *reach)
{
	const char *const *happens = op->row->happens;
	struct node *list;

	TRY(op->row->form(op, reach));
	if (happens[0] == NULL)
		return node_whole(op->answer);
	list = node_add_list(op->answer, "consequences");
	for (size_t i = 0; i < LENGTH(op->row->happens) &&
	    happens[i] != NULL; i++)
		node_add_word(list, NULL, happens[i]);
	return node_whole(op->answer);
}

static result
run_handler(struct op *op, const struct route *route, bool form)
{
	const struct reach *reach = NULL;
	bool changes = (op->row->flags & OP_CHANGES) != 0;

	if (guard_is_public(op->row->area)) {
		TRY(guard_reach(op, op->row->area, op->row->need,
		    OBJECT_NONE, (id){ 0 }, &reach));
	} else if (keyring_open(op->office->keyring)) {
		TRY(op_begin(op, changes && !form ? TX_WRITE : TX_READ));
		TRY(decide(op, route, &reach));
	}
	if (changes)
		op->location = place_after(op, reach);
	return form ? run_form(op, reach) : op->row->run(op, reach);
}

/* In one transaction, at whose begin others' rows are taken up: not in the
 * middle of ours. */
void
ops_tell(struct op *op)
{
	result got = op_begin(op, TX_READ);

	op->looks = true;
	ignore(got, "whoever cannot read it forgets, and loads anew");
	guard_committed(op);
	desk_committed(op);
	op->looks = false;
	facts_end(op);
}

/* An effect that nobody committed would be an effect without its leaf. */
static result
settle(struct op *op, result got)
{
	bool left = op->tx != NULL && op->touched_n > 0;

	/* Nobody is shown what has no leaf; the next one finds room. */
	if (is_ok(got) && op->unnoted)
		got = refuse(BUSY);
	if (!is_ok(got) || left) {
		op_abort(op);
		return is_ok(got) ? fault(BUG) : got;
	}
	facts_end(op);
	if (op->touched_n > 0) {
		office_set_kept(op->office);
		ops_tell(op);
	}
	op_forget_effects(op);
	return OK;
}

static result
answer_node(struct op *op)
{
	op->answer = node_object(op->arena);
	NEED(op->answer);
	return OK;
}

/*
 * The same form may have been sent to another office on this database at the
 * same moment: then ours was refused because that one came first, and its
 * answer is ours.
 */
static result
ask_once_more(struct op *op, result got)
{
	struct once_state s;
	struct once_state *kept = arena_take(op->arena, sizeof(*kept));

	/* A database that is away is not asked again: waits would add up. */
	if (op->once == NULL || kept == NULL || got.code == E_WAIT ||
	    got.code == E_UNAVAILABLE ||
	    error_family(got) != FAMILY_REFUSAL)
		return got;
	s = *(const struct once_state *)op->once;
	if (!is_ok(guard_once_find(op, s.asked->key, s.asked->digest,
	    &s.answer)) || !s.answer.known) {
		op_abort(op);
		return got;
	}
	op_abort(op);
	*kept = s;
	op->once = kept;
	op->problems = (struct problems){ 0 };
	op->page = NULL;
	op->location = s.answer.location;
	return answer_node(op);
}

result
ops_run(struct op *op, const struct route *route, const struct once *once)
{
	op->row = route->row;
	TRY(answer_node(op));
	TRY(admit(op, route->form));
	if (!id_none(op->user.raw))
		office_worked(op->office, op->now);
	TRY(check_inputs(op, route->form));
	if (audit_pressed(op->office->audit)) {
		TRY(audit_flush(op));
		op_abort(op);
	}
	if (!route->form && (op->row->flags & OP_CHANGES) != 0 &&
	    !id_none(op->user.raw)) {
		TRY(begin_once(op, once));
		if (ops_answered(op) != NULL) {
			op->location = ops_answered(op)->location;
			return OK;
		}
		op_abort(op);	/* what was looked up is not part of it */
	}
	return ask_once_more(op, settle(op, run_handler(op, route,
	    route->form)));
}

result
ops_form_again(struct op *op, const struct route *route)
{
	if (op->row->form == NULL)
		return refuse(NOT_FOUND);
	op_abort(op);
	TRY(answer_node(op));
	return settle(op, run_handler(op, route, true));
}

result
ops_reach_part(struct op *op, enum area area, enum level need,
    enum object_kind kind, id object, const struct reach **ret)
{
	result got;

	*ret = NULL;
	if (!guard_may(op, area, need, kind, object))
		return OK;
	got = guard_reach(op, area, need, kind, object, ret);
	return error_family(got) == FAMILY_REFUSAL ? OK : got;
}

void
ops_add_may(struct op *op, const struct may *may, size_t n)
{
	struct node *list = node_add_object(op->answer, "may");

	for (size_t i = 0; i < n; i++)
		node_add_bool(list, may[i].name, guard_may(op, may[i].area,
		    may[i].need, may[i].object,
		    may[i].object == OBJECT_NONE ? (id){ 0 } :
		    op->objects[0]));
}

result
ops_commit(struct op *op, enum event event, const struct entity *e, id object)
{
	const struct leaf_facts leaf = { .event = event,
		.outcome = OUTCOME_DONE,
		.object_kind = e == NULL ? NULL : e->name, .object = object };

	TRY(node_whole(op->answer));
	return facts_commit(op, &leaf);
}
