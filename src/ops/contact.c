/*
 * The contact log: who called whom, what was said, when to call back.  The
 * frame of a call lies with the person's identity, its words with the case:
 * each is shown to whoever may see that part.
 */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "people.h"

#include <stdlib.h>
#include <string.h>

enum { LAST_SHOWN = 5 };

/* ---- reading ---------------------------------------------------------- */

/* `words` is NULL for who sees that there was a call, not what was said. */
struct calls_reach { const struct reach *frame, *words; };

static result
reach_words(struct op *op, const struct reach **ret)
{
	*ret = NULL;
	if (!guard_may(op, AREA_CONTACTS_READ, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0]))
		return OK;
	return guard_reach(op, AREA_CONTACTS_READ, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0], ret);
}

static result
reach_calls(struct op *op, struct calls_reach *ret)
{
	*ret = (struct calls_reach){ 0 };
	if (!guard_may(op, AREA_CONTACTS_READ, LEVEL_META, OBJECT_PERSON,
	    op->objects[0]) ||
	    !guard_may(op, AREA_CONTACTS_WRITE, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0]))
		return OK;
	TRY(guard_reach(op, AREA_CONTACTS_WRITE, LEVEL_READ, OBJECT_PERSON,
	    op->objects[0], &ret->frame));
	return reach_words(op, &ret->words);
}

/* The words of a call beside its frame, in one row. */
static result
open_words(struct op *op, const struct reach *words, struct contact_log *c)
{
	struct contact_log *whole_call = entity_new(op->arena,
	    &entity_contact_log);

	NEED(whole_call);
	TRY(facts_get(op, words, &entity_contact_log, c->row.id,
	    whole_call));
	for (size_t i = 0; i < entity_contact_log.n; i++) {
		const struct field *f = &entity_contact_log.fields[i];

		if (f->class == IN_CASE)
			field_copy(f, whole_call, c);
	}
	c->row.open |= whole_call->row.open;
	c->row.damaged |= whole_call->row.damaged;
	return OK;
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
	struct calls_reach reach;
	struct node *list;
	void **rows;
	size_t n;

	TRY(reach_calls(op, &reach));
	if (reach.frame == NULL)
		return OK;
	list = node_add_list(op->answer, "calls");
	TRY(facts_children(op, reach.frame, &entity_contact_log,
	    CONTACT_LOG_PERSON_ID, op->objects[0], &rows, &n));
	qsort(rows, n, sizeof(*rows), later_first);
	node_add_number(op->answer, "calls_count", (int64_t)n);
	for (size_t i = 0; i < n && i < most; i++) {
		if (reach.words != NULL)
			TRY(open_words(op, reach.words, rows[i]));
		show_call(op, node_add_object(list, NULL), rows[i]);
	}
	return OK;
}

static result
run_list(struct op *op, const struct reach *reach)
{
	struct list_ask ask = { .sort = op_input(op, "sort"),
		.cursor = op_input(op, "cursor"),
		.which = op_input(op, "which") };
	int64_t limit = 0;

	(void)reach;
	if (op_input(op, "limit").n > 0 &&
	    (!text_integer(op_input(op, "limit"), &limit) || limit < 1 ||
	    limit > PAGE_ROWS_API_MAX))
		op_problem(op, "limit", "problem.limit");
	ask.limit = (int)limit;
	if (op_input(op, "from").n > 0 &&
	    !words_day_read(op_input(op, "from"), op->today, &ask.from))
		op_problem(op, "from", "problem.day");
	if (op_input(op, "to").n > 0 &&
	    !words_day_read(op_input(op, "to"), op->today, &ask.to))
		op_problem(op, "to", "problem.day");
	TRY(ops_input_id(op, "responsible", &entity_user,
	    &ask.responsible.raw));
	if (op->problems.n > 0)
		return refuse(BAD_REQUEST);
	TRY(desk_calls(op, &ask));
	return op->door == DOOR_PAGES ? ops_form(op, NULL, 0) : OK;
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
 * is answered like one that is not there. */
static result
read_matter(struct op *op, matter_id *ret)
{
	struct node *list = node_add_list(node_object(op->arena), "matters");
	matter_id chosen;

	TRY(ops_input_id(op, "matter_id", &entity_matter, &chosen.raw));
	if (id_none(chosen.raw)) {
		*ret = chosen;
		return OK;
	}
	TRY(desk_matters_of(op, (person_id){ op->objects[0] }, list));
	for (const struct node *m = list->first; m != NULL; m = m->next) {
		const struct node *code = node_find(m, "code");

		if (code != NULL && text_same(code->text,
		    text_of(code_of(chosen.raw).s))) {
			*ret = chosen;
			return OK;
		}
	}
	op_problem(op, "matter_id", "problem.no_such_row");
	return OK;
}

/* What the office knows by itself about a call that comes in now. */
static struct contact_log
usual_call(const struct op *op)
{
	return (struct contact_log){ .person_id = { op->objects[0] },
		.at = op->now, .direction = T("in"), .channel = T("phone"),
		.mandate = T("unknown"), .taken_by = op->user };
}

static void
settle_call(const struct op *op, struct contact_log *c)
{
	if (c->call_back_at.known && c->call_back_state.n == 0)
		c->call_back_state = T("open");
	if (!c->call_back_at.known)
		c->call_back_state = T("");
	if (id_none(c->taken_by.raw))
		c->taken_by = op->user;
}

static result
run_add(struct op *op, const struct reach *reach)
{
	struct contact_log *c = entity_new(op->arena, &entity_contact_log);
	const struct relation *r;

	NEED(c);
	*c = usual_call(op);
	TRY(ops_fill_ids(op, &entity_contact_log, c));
	TRY(find_relation(op, reach, c->relation_id.raw, &r));
	if (r != NULL)
		c->caller = T("relative");
	TRY(ops_fill(op, &entity_contact_log, c));
	TRY(read_matter(op, &c->matter_id));
	if (r != NULL) {
		copy_mandate(op, r, c);
		ops_forgive(op, "mandate");
		ops_forgive(op, "topics");
	}
	if (r != NULL && c->caller.n == 0) {
		c->caller = T("relative");
		ops_forgive(op, "caller");
	}
	settle_call(op, c);
	contact_log_decide(op->arena, c, "", op->now, &op->problems);
	TRY(op_problems(op));
	TRY(facts_insert(op, reach, &entity_contact_log, c));
	entity_show(node_add_object(op->answer, "call"), &entity_contact_log,
	    c, reach->mask);
	op->location = ops_path(op, "/people/{}/contacts", op->objects, 1);
	return ops_commit(op, EVENT_CONTACT_LOGGED, &entity_person,
	    op->objects[0]);
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

/*
 * Whose call it is may stand in the address ("?relation_id=…"): then that
 * is proposed, and the rest of the form is as usual.
 */
static result
form_add(struct op *op, const struct reach *reach)
{
	struct contact_log c = usual_call(op);
	const struct filled from = { &entity_contact_log, &c };
	bool typed = op_given(op, "channel");
	size_t inputs_n = op->inputs_n;
	const struct relation *r;
	id chosen;

	TRY(ops_input_id(op, "relation_id", &entity_relation, &chosen));
	TRY(find_relation(op, reach, chosen, &r));
	if (r != NULL && !typed) {
		c.relation_id.raw = chosen;
		c.caller = T("relative");
		copy_mandate(op, r, &c);
	}
	op->inputs_n = typed ? inputs_n : 0;
	TRY(ops_form(op, &from, 1));
	TRY(offer_relations(op, reach));
	TRY(offer_matters(op));
	op->inputs_n = inputs_n;
	TRY(add_page(op, reach, r));
	op->page = "contacts";
	return node_whole(op->answer);
}

/* ---- correcting ------------------------------------------------------- */

static result
load(struct op *op, const struct reach *reach, const struct reach *words,
    struct contact_log **ret)
{
	struct contact_log *c = entity_new(op->arena, &entity_contact_log);

	NEED(c);
	/* A call of another person lies outside the reach. */
	TRY(facts_get(op, reach, &entity_contact_log, op->objects[1], c));
	if (words != NULL)
		TRY(open_words(op, words, c));
	*ret = c;
	return OK;
}

/*
 * The words of the call, which lie in another class than the frame.  Where
 * somebody changed them since, they are shown beside what was typed, and
 * saving again is a decision.
 */
static result
fill_words(struct op *op, const struct reach *words, struct contact_log *c)
{
	static const int said = CONTACT_LOG_SAID;
	struct contact_log *then = entity_new(op->arena,
	    &entity_contact_log);
	text theirs = c->said;

	NEED(then);
	if (!op_given(op, "said") && !op_given(op, "matter_id"))
		return OK;
	if (words == NULL)
		return refuse(FORBIDDEN);
	TRY(op_read_fields(op, &entity_contact_log, "", &said, 1, c));
	if (op_given(op, "matter_id"))
		TRY(read_matter(op, &c->matter_id));
	entity_check(op->arena, &entity_contact_log, c, 1u << IN_CASE, "",
	    op->office->codes, &op->problems);
	if (c->row.class_v[IN_CASE] <= op->version ||
	    text_same(c->said, theirs))
		return OK;
	if (op->door != DOOR_PAGES)
		return refuse(STALE);
	TRY(facts_get_at(op, words, &entity_contact_log, c->row.id,
	    op->version, then));
	if (text_same(c->said, then->said))
		c->said = theirs;	/* I did not touch it */
	else
		problem_add(&op->problems, T("said"), "problem.said_changed",
		    &theirs, 1);
	return OK;
}

/* On the page that shows both values, the words go on as they were typed. */
static void
keep_words(struct op *op)
{
	static const char *const inputs[] = { "said", "matter_id" };
	struct node *list = ops_member(op->answer, "keep");

	for (size_t i = 0; i < LENGTH(inputs); i++) {
		struct node *one;

		if (!op_given(op, inputs[i]))
			continue;
		one = node_add_object(list, NULL);
		node_add_text(one, "name", text_of(inputs[i]));
		node_add_text(one, "kind", T("hidden"));
		node_add_text(one, "value", op_input(op, inputs[i]));
	}
}

static result
run_edit(struct op *op, const struct reach *reach)
{
	const struct reach *words;
	const struct relation *r;
	struct contact_log *c;
	instant call_back;
	result got;

	TRY(reach_words(op, &words));
	TRY(load(op, reach, words, &c));
	call_back = c->call_back_at;
	TRY(fill_words(op, words, c));
	got = ops_merge(op, reach, &entity_contact_log, c);
	if (got.code == E_CONFLICT)
		keep_words(op);
	TRY(got);
	TRY(find_relation(op, reach, c->relation_id.raw, &r));
	/* Another hour is another promise. */
	if (c->call_back_at.ms != call_back.ms)
		c->call_back_state = T("");
	settle_call(op, c);
	contact_log_decide(op->arena, c, "", op->now, &op->problems);
	TRY(op_problems(op));
	TRY(facts_update(op, reach, &entity_contact_log, c));
	entity_show(node_add_object(op->answer, "call"), &entity_contact_log,
	    c, reach->mask);
	op->location = ops_path(op, "/people/{}/contacts", op->objects, 1);
	return ops_commit(op, EVENT_CONTACT_CHANGED, &entity_person,
	    op->objects[0]);
}

/* Words that may not be read cannot be corrected: no field for them. */
static void
leave_out(struct op *op, const char *input)
{
	node_move(node_object(op->arena), "out", ops_field(op, input));
}

static result
form_edit(struct op *op, const struct reach *reach)
{
	struct filled from = { .entity = &entity_contact_log };
	const struct reach *words;
	const struct relation *r;
	struct contact_log *c;

	TRY(reach_words(op, &words));
	TRY(load(op, reach, words, &c));
	from.row = c;
	node_add_number(op->answer, "v", (int64_t)c->row.v);
	TRY(ops_form(op, &from, 1));
	ops_propose(op, "said", c->said);
	if (!id_none(c->matter_id.raw))
		ops_propose(op, "matter_id",
		    text_of(code_of(c->matter_id.raw).s));
	TRY(offer_relations(op, reach));
	TRY(offer_matters(op));
	if (words == NULL) {
		leave_out(op, "said");
		leave_out(op, "matter_id");
	}
	TRY(find_relation(op, reach, c->relation_id.raw, &r));
	TRY(add_page(op, reach, r));
	op->page = "contacts";
	return node_whole(op->answer);
}

static result
run_done(struct op *op, const struct reach *reach)
{
	struct contact_log *c;

	TRY(load(op, reach, NULL, &c));
	op->location = ops_path(op, "/people/{}/contacts", op->objects, 1);
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

static result
form_done(struct op *op, const struct reach *reach)
{
	struct contact_log *c;

	TRY(load(op, reach, NULL, &c));
	op->location = ops_path(op, "/people/{}/contacts", op->objects, 1);
	TRY(desk_add_called(op, op->answer, "person",
	    (person_id){ op->objects[0] }));
	return ops_form(op, NULL, 0);
}

/* ---- inputs and rows -------------------------------------------------- */

#define FRAME_IN                                                             \
	IN(contact_log, direction, CONTACT_LOG_DIRECTION),                   \
	IN(contact_log, channel, CONTACT_LOG_CHANNEL),                       \
	IN(contact_log, caller, CONTACT_LOG_CALLER),                         \
	IN(contact_log, relation_id, CONTACT_LOG_RELATION_ID),               \
	IN(contact_log, caller_name, CONTACT_LOG_CALLER_NAME),               \
	IN(contact_log, mandate, CONTACT_LOG_MANDATE),                       \
	IN(contact_log, topics, CONTACT_LOG_TOPICS)
#define BACK_IN                                                              \
	IN(contact_log, call_back_at, CONTACT_LOG_CALL_BACK_AT),             \
	IN(contact_log, call_back_by, CONTACT_LOG_CALL_BACK_BY),             \
	IN(contact_log, neutral_text, CONTACT_LOG_NEUTRAL_TEXT),             \
	IN(contact_log, at, CONTACT_LOG_AT),                                 \
	IN(contact_log, taken_by, CONTACT_LOG_TAKEN_BY)

static const struct in add_in[] = {
	FRAME_IN,
	IN_AS(contact_log, "said", CONTACT_LOG_SAID, IN_LONG),
	BACK_IN,
	IN_OWN("matter_id", KIND_TEXT, "contact.matter", 0),
	IN_END
};
/* The words are merged apart from the frame (fill_words). */
static const struct in edit_in[] = {
	FRAME_IN,
	IN_OWN("said", KIND_MULTILINE, "contact.said", IN_LONG),
	BACK_IN,
	IN_OWN("matter_id", KIND_TEXT, "contact.matter", 0),
	IN_END
};
static const struct in list_in[] = {
	IN_AS(contact_log, "responsible", CONTACT_LOG_TAKEN_BY, 0),
	IN_OWN("from", KIND_DAY, "contact.list.from", 0),
	IN_OWN("to", KIND_DAY, "contact.list.to", 0),
	IN_OWN("which", KIND_TEXT, "contact.list.which", IN_HIDDEN),
	IN_END
};
static const struct in no_in[] = { IN_END };

const struct op_row contact_ops[] = {
	{ .name = "contact.list", .area = AREA_CONTACTS_READ,
	  .need = LEVEL_META, .page = "/contacts", .api = "GET /contacts",
	  .shell = "contact list", .template = "list", .inputs = list_in,
	  .run = run_list },
	{ .name = "contact.add", .area = AREA_CONTACTS_WRITE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contacts",
	  .api = "POST /people/{person}/contacts", .shell = "contact add",
	  .template = "contacts", .flags = OP_CHANGES | OP_CREATES,
	  .inputs = add_in, .run = run_add, .form = form_add },
	{ .name = "contact.edit", .area = AREA_CONTACTS_WRITE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contacts/{call}/edit",
	  .api = "PATCH /people/{person}/contacts/{call}",
	  .shell = "contact edit", .template = "contacts",
	  .flags = OP_CHANGES | OP_NEEDS_VERSION, .inputs = edit_in,
	  .run = run_edit, .form = form_edit },
	{ .name = "contact.done", .area = AREA_CONTACTS_WRITE,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/contacts/{call}/done",
	  .api = "POST /people/{person}/contacts/{call}/done",
	  .shell = "contact done", .flags = OP_CHANGES, .inputs = no_in,
	  .run = run_done, .form = form_done },
	{ .name = NULL }
};
