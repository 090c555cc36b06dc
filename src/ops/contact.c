/*
 * The contact log: who called whom, what was said, when to call back.  The
 * frame of a call lies with the person's identity, its words with the case:
 * each is shown to whoever may see that part.
 */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "people.h"
#include "record.h"

#include <stdlib.h>

enum { LAST_SHOWN = 5 };

/* ---- reading ---------------------------------------------------------- */

/* Calls of the person in the path, as far as the asker may see them: NULL
 * where he may not know that there were any. */
static result
reach_calls(struct op *op, const struct reach **ret)
{
	id person = op->objects[0];

	*ret = NULL;
	if (!guard_may(op, AREA_CONTACTS_READ, LEVEL_META, OBJECT_PERSON,
	    person) || !guard_may(op, AREA_CONTACTS_WRITE, LEVEL_READ,
	    OBJECT_PERSON, person))
		return OK;
	TRY(guard_reach(op, AREA_CONTACTS_WRITE, LEVEL_READ, OBJECT_PERSON,
	    person, ret));
	return guard_reach_also(op, *ret, AREA_CONTACTS_READ, LEVEL_READ,
	    ret);
}

static void
show_call(struct op *op, struct node *to, const struct contact_log *c)
{
	entity_show(to, &entity_contact_log, c, c->row.open);
	ops_add_user(op, to, "taken_by_name", c->taken_by);
	ops_add_user(op, to, "call_back_by_name", c->call_back_by);
}

static int
later_first(const void *a, const void *b)
{
	const struct contact_log *const *x = a;
	const struct contact_log *const *y = b;

	if ((*x)->at.ms != (*y)->at.ms)
		return (*x)->at.ms < (*y)->at.ms ? 1 : -1;
	return id_order((*x)->row.id, (*y)->row.id);
}

result
ops_add_calls(struct op *op, size_t most)
{
	const struct reach *reach;
	struct node *list;
	void **rows;
	size_t n;

	TRY(reach_calls(op, &reach));
	if (reach == NULL)
		return OK;
	list = node_add_list(op->answer, "calls");
	TRY(facts_children(op, reach, &entity_contact_log,
	    CONTACT_LOG_PERSON_ID, op->objects[0], &rows, &n));
	qsort(rows, n, sizeof(*rows), later_first);
	node_add_number(op->answer, "calls_count", (int64_t)n);
	for (size_t i = 0; i < n && i < most; i++)
		show_call(op, node_add_object(list, NULL), rows[i]);
	return OK;
}

/* ---- what may be told ------------------------------------------------- */

/* A relation of this very person (the reach is for no other), or none. */
static result
find_relation(struct op *op, const struct reach *reach, id chosen,
    const struct relation **ret)
{
	struct relation *r = entity_new(op->arena, &entity_relation);
	result got;

	*ret = NULL;
	if (id_none(chosen))
		return OK;
	NEED(r);
	got = facts_get(op, reach, &entity_relation, chosen, r);
	if (got.code == E_NOT_FOUND) {
		op_problem(op, "relation_id", "problem.no_such_row");
		return OK;
	}
	TRY(got);
	*ret = r;
	return OK;
}

/* The mandate is kept as it stood when somebody called. */
static void
copy_mandate(const struct op *op, const struct relation *r,
    struct contact_log *c)
{
	c->topics = (texts){ 0 };
	switch (relation_may_tell(r, op->today)) {
	case TELL_ALL:
		c->mandate = T("yes");
		return;
	case TELL_TOPICS:
		c->mandate = T("topics");
		c->topics = r->topics;
		return;
	case TELL_NOTHING:
		c->mandate = text_same(r->mandate, T("unknown")) ||
		    r->mandate.n == 0 ? T("unknown") : T("no");
		return;
	}
}

static void
add_topics(struct op *op, const char *name, const texts *topics)
{
	struct node *list = node_add_list(op->answer, name);

	for (size_t i = 0; i < topics->n; i++)
		node_add_code(list, NULL, "contact_topic", topics->p[i]);
}

/* The line above the form: what this caller may be told. */
static void
add_red_line(struct op *op, const struct relation *r)
{
	if (r == NULL) {
		node_add_word(op->answer, "red_line",
		    "contact.red_line.unknown");
		return;
	}
	add_topics(op, "not_to_know", &r->not_to_know);
	switch (relation_may_tell(r, op->today)) {
	case TELL_ALL:
		return;
	case TELL_TOPICS:
		node_add_word(op->answer, "red_line",
		    "contact.red_line.topics");
		add_topics(op, "topics", &r->topics);
		return;
	case TELL_NOTHING:
		node_add_word(op->answer, "red_line",
		    "contact.red_line.nothing");
		return;
	}
}

/* How this person may be reached: the preferred way, as far as it serves. */
static result
add_safe_rule(struct op *op, const struct reach *reach)
{
	const struct contact_point *best = NULL;
	void **rows;
	size_t n;

	TRY(facts_children(op, reach, &entity_contact_point,
	    CONTACT_POINT_PERSON_ID, op->objects[0], &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct contact_point *p = rows[i];

		if (!id_none(p->relation_id.raw) || (p->valid_to.known &&
		    p->valid_to.n <= op->today.n))
			continue;
		if (best == NULL || (p->preferred.known &&
		    p->preferred.value))
			best = p;
	}
	if (best != NULL)
		node_add_code(op->answer, "safe", "may_say", best->may_say);
	return OK;
}

/* ---- writing ---------------------------------------------------------- */

/* A case in which this person stands and that the asker may see: any other
 * is answered like one that is not there, and at the same moment. */
static result
decide_matter(struct op *op, matter_id chosen)
{
	struct node *list = node_add_list(node_object(op->arena), "matters");
	text code = text_of(code_of(chosen.raw).s);

	if (op_input(op, "matter_id").n == 0)
		return OK;
	ops_forgive(op, "matter_id");
	TRY(desk_matters_of(op, (person_id){ op->objects[0] }, list));
	for (const struct node *m = list->first; m != NULL; m = m->next) {
		const struct node *of = node_find(m, "code");

		if (of != NULL && text_same(of->text, code))
			return OK;
	}
	op_problem(op, "matter_id", "problem.no_such_row");
	return OK;
}

void
ops_call_begin(const struct op *op, struct contact_log *c)
{
	c->at = op->now;
	c->direction = T("in");
	c->channel = T("phone");
	c->mandate = T("unknown");
	c->taken_by = op->user;
}

static void
begin_call(const struct op *op, void *row)
{
	ops_call_begin(op, row);
}

static void
settle(const struct op *op, struct contact_log *c)
{
	if (c->call_back_at.known && c->call_back_state.n == 0)
		c->call_back_state = T("open");
	if (!c->call_back_at.known)
		c->call_back_state = T("");
	if (id_none(c->taken_by.raw))
		c->taken_by = op->user;
}

void
ops_call_settle(const struct op *op, const struct relation *r,
    struct contact_log *c)
{
	if (r != NULL)
		copy_mandate(op, r, c);
	if (r != NULL && c->caller.n == 0)
		c->caller = T("relative");
	settle(op, c);
}

/* Another hour is another promise. */
static result
new_call_back(struct op *op, const struct reach *reach,
    struct contact_log *c)
{
	struct contact_log *before = entity_new(op->arena,
	    &entity_contact_log);

	NEED(before);
	TRY(facts_get(op, reach, &entity_contact_log, c->row.id, before));
	if (c->call_back_at.ms != before->call_back_at.ms)
		c->call_back_state = T("");
	return OK;
}

static result
decide_call(struct op *op, const struct reach *reach, void *row)
{
	struct contact_log *c = row;
	const struct relation *r;

	TRY(decide_matter(op, c->matter_id));
	TRY(find_relation(op, reach, c->relation_id.raw, &r));
	if (c->row.v > 0) {
		TRY(new_call_back(op, reach, c));
		settle(op, c);
	} else {
		if (r != NULL) {
			ops_forgive(op, "mandate");
			ops_forgive(op, "topics");
			if (c->caller.n == 0)
				ops_forgive(op, "caller");
		}
		ops_call_settle(op, r, c);
	}
	contact_log_decide(op->arena, c, "", op->now, &op->problems);
	return OK;
}

/* ---- the form --------------------------------------------------------- */

static text
relation_label(struct op *op, const struct relation *r)
{
	/* A mentor knows relatives by their given names. */
	bool whole_name = guard_may(op, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, op->objects[0]);
	text name = whole_name && r->name.n > 0 ? r->name : r->given;
	text kind = codes_label(op->office->codes, "relation_type", r->kind,
	    op->lang);

	return arena_format(op->arena, "%.*s%s%.*s", (int)kind.n, kind.p,
	    name.n > 0 ? ": " : "", (int)name.n, name.p);
}

static result
offer_relations(struct op *op, const struct reach *reach)
{
	struct node *options = ops_choice(op, "relation_id", false);
	void **rows;
	size_t n;

	TRY(facts_children(op, reach, &entity_relation, RELATION_PERSON_ID,
	    op->objects[0], &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct relation *r = rows[i];

		/* What is known of duplicates is nobody to call. */
		if (text_same(r->kind, T("maybe_same")) ||
		    text_same(r->kind, T("not_same")))
			continue;
		ops_option(op, options, "relation_id",
		    text_of(code_of(r->row.id).s), relation_label(op, r));
	}
	return OK;
}

static result
offer_matters(struct op *op)
{
	struct node *options = ops_choice(op, "matter_id", false);
	struct node *list = node_add_list(node_object(op->arena), "matters");

	TRY(desk_matters_of(op, (person_id){ op->objects[0] }, list));
	for (const struct node *m = list->first; m != NULL; m = m->next) {
		const struct node *code = node_find(m, "code");
		const struct node *type = node_find(m, "type");
		const struct node *title = node_find(m, "title");
		text label;

		if (code == NULL)
			continue;
		label = title != NULL && title->text.n > 0 ? title->text :
		    type == NULL ? T("") : codes_label(op->office->codes,
		    "matter_type", type->text, op->lang);
		ops_option(op, options, "matter_id", code->text,
		    arena_format(op->arena, "%.*s %.*s", (int)code->text.n,
		    code->text.p, (int)label.n, label.p));
	}
	return OK;
}

/* The parts of the page around the form. */
static result
add_page(struct op *op, const struct reach *reach, const struct relation *r)
{
	op->location = ops_path(op, "/people/{}", op->objects, 1);
	TRY(desk_add_called(op, op->answer, "person",
	    (person_id){ op->objects[0] }));
	TRY(add_safe_rule(op, reach));
	add_red_line(op, r);
	node_add_word(op->answer, "neutral_text", "contact.neutral_text");
	return ops_add_calls(op, LAST_SHOWN);
}

static result
offer_for_call(struct op *op, const struct reach *reach, const void *row)
{
	const struct contact_log *c = row;
	const struct relation *r;

	TRY(offer_relations(op, reach));
	TRY(offer_matters(op));
	TRY(find_relation(op, reach, c->relation_id.raw, &r));
	TRY(add_page(op, reach, r));
	op->page = "contacts";
	return OK;
}

/*
 * Whose call it is may stand in the address ("?relation_id=…"): then that
 * is proposed, and the rest of the form is as usual.
 */
static result
form_add(struct op *op, const struct reach *reach)
{
	struct contact_log *c = entity_new(op->arena, &entity_contact_log);
	const struct filled from = { &entity_contact_log, c };
	size_t inputs_n = op->inputs_n;
	const struct relation *r;

	NEED(c);
	begin_call(op, c);
	TRY(ops_input_id(op, "relation_id", &entity_relation,
	    &c->relation_id.raw));
	TRY(find_relation(op, reach, c->relation_id.raw, &r));
	if (r == NULL)
		c->relation_id = (relation_id){ 0 };
	if (r != NULL && !op_given(op, "channel")) {
		c->caller = T("relative");
		copy_mandate(op, r, c);
	}
	if (!op_given(op, "channel"))
		op->inputs_n = 0;
	TRY(ops_form(op, &from, 1));
	TRY(offer_for_call(op, reach, c));
	op->inputs_n = inputs_n;
	return OK;
}

static const struct record call_record = {
	.entity = &entity_contact_log, .member = "call",
	.added = EVENT_CONTACT_LOGGED, .changed = EVENT_CONTACT_CHANGED,
	.also = AREA_CONTACTS_READ, .begin = begin_call,
	.decide = decide_call, .offer = offer_for_call };

static result
run_done(struct op *op, const struct reach *reach)
{
	struct contact_log *c = entity_new(op->arena, &entity_contact_log);

	NEED(c);
	TRY(facts_get(op, reach, &entity_contact_log, op->objects[1], c));
	if (!text_same(c->call_back_state, T("open"))) {
		op_problem(op, "", "problem.no_call_back");
		return refuse(INVALID);
	}
	c->call_back_state = T("done");
	TRY(facts_update(op, reach, &entity_contact_log, c));
	entity_show(node_add_object(op->answer, "call"), &entity_contact_log,
	    c, reach->mask);
	return ops_commit(op, EVENT_CALL_BACK_DONE, &entity_person,
	    op->objects[0]);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in call_in[] = {
	CONTACT_LOG_FORM(IN),
	IN_SAID(contact_log, "matter_id", CONTACT_LOG_MATTER_ID,
	    "contact.matter"),
	IN_END
};
static const struct in list_in[] = {
	IN_AS(contact_log, "responsible", CONTACT_LOG_TAKEN_BY, 0),
	IN_OWN("from", KIND_DAY, "contact.list.from", 0),
	IN_OWN("to", KIND_DAY, "contact.list.to", 0),
	IN_OWN("which", KIND_TEXT, "contact.list.which", IN_HIDDEN),
	IN_END
};

const struct op_row contact_ops[] = {
	{ .name = "contact.list", .area = AREA_CONTACTS_READ,
	  .need = LEVEL_META, .page = "/contacts", .api = "GET /contacts",
	  .shell = "contact list", .template = "list", .inputs = list_in,
	  .list = desk_calls,
	  .run = ops_list },
	{ .name = "contact.add", .area = AREA_CONTACTS_WRITE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contacts",
	  .api = "POST /people/{person}/contacts", .shell = "contact add",
	  .template = "contacts", .flags = OP_CHANGES | OP_CREATES,
	  .inputs = call_in, .record = &call_record, .run = record_add,
	  .form = form_add,
	  .back = "/people/{}/contacts" },
	{ .name = "contact.edit", .area = AREA_CONTACTS_WRITE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contacts/{call}/edit",
	  .api = "PATCH /people/{person}/contacts/{call}",
	  .shell = "contact edit", .template = "contacts",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = call_in,
	  .record = &call_record, .run = record_edit, .form = record_edit_form,
	  .back = "/people/{}/contacts" },
	{ .name = "contact.done", .area = AREA_CONTACTS_WRITE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contacts/{call}/done",
	  .api = "POST /people/{person}/contacts/{call}/done",
	  .shell = "contact done", .flags = OP_CHANGES, .run = run_done,
	  .form = ops_form_plain, .back = "/people/{}/contacts" },
	{ .name = NULL }
};
