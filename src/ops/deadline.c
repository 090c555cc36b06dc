/* A term: proposed from an act, confirmed with its sheet, shown by days. */
#include "case.h"
#include "ops_inside.h"

#include "fields.h"

#include <string.h>

/* ---- a term as an answer shows it ------------------------------------- */

static text
words_of(const struct op *op, const struct sheet_line *l)
{
	return op->lang == LANG_EN && l->en.n > 0 ? l->en :
	    l->es.n > 0 ? l->es : l->en;
}

/* Lines of a sheet: `kind`, `line`, `day`, `at`, `number`, `code`, `words`,
 * and `why` of a day that was skipped. */
static void
add_sheet(struct op *op, struct node *to, const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->n; i++) {
		const struct sheet_line *l = &sheet->p[i];
		const char *key = sheet_line_key(l->kind);
		struct node *one = node_add_object(to, NULL);

		node_add_text(one, "kind",
		    text_of(key + strlen("law.sheet.")));
		node_add_word(one, "line", key);
		node_add_day(one, "day", l->day);
		node_add_instant(one, "at", l->at);
		node_add_number(one, "number", l->number);
		node_add_text(one, "code", l->code);
		node_add_text(one, "words", words_of(op, l));
		if (l->kind == SHEET_SKIPPED || l->kind == SHEET_BOX_SKIPPED)
			node_add_word(one, "why", arena_format(op->arena,
			    "law.why.%.*s", (int)l->code.n, l->code.p).p);
	}
}

result
case_add_deadline(struct op *op, struct node *to, const struct deadline *d,
    class_mask mask)
{
	struct deadline bare = *d;
	struct node *lines;
	struct sheet sheet;

	bare.sheet = T("");		/* told line by line below */
	entity_show(to, &entity_deadline, &bare, mask);
	ops_add_user(op, to, "responsible_name", d->responsible);
	ops_add_user(op, to, "deputy_name", d->deputy);
	ops_add_user(op, to, "confirmed_by_name", d->confirmed_by);
	if (d->due_on.known)
		node_add_number(to, "days_left", d->due_on.n - op->today.n);
	lines = ops_member(to, "sheet");
	if (lines == NULL)
		return node_whole(to);	/* the class was not opened */
	lines->kind = NODE_LIST;
	TRY(deadline_sheet_read(op->arena, d->sheet, &sheet));
	add_sheet(op, lines, &sheet);
	return node_whole(to);
}

/* ---- the act that starts it ------------------------------------------- */

struct cause {
	struct act act;
	struct proceeding proceeding;
	struct matter matter;
};

static result
load_cause(struct op *op, const struct reach *reach, struct cause *c)
{
	TRY(facts_get(op, reach, &entity_act, op->objects[0], &c->act));
	TRY(facts_get(op, reach, &entity_proceeding,
	    c->act.proceeding_id.raw, &c->proceeding));
	return facts_get(op, reach, &entity_matter, reach->object,
	    &c->matter);
}

static result
new_cause(struct op *op, const struct reach *reach, struct cause **ret)
{
	struct cause *c = arena_take(op->arena, sizeof(*c));

	NEED(c);
	TRY(load_cause(op, reach, c));
	node_add_short(op->answer, "matter", reach->object);
	*ret = c;
	return OK;
}

static void
show_act(struct op *op, const struct reach *reach, const struct act *act)
{
	struct node *shown = node_add_object(op->answer, "act");

	entity_show(shown, &entity_act, act, reach->mask);
	node_add_day(shown, "day", act_day(act));
}

/* ---- proposing -------------------------------------------------------- */

static text
rule_name(const struct op *op, const struct law_rule *r)
{
	return op->lang == LANG_EN && r->name_en.n > 0 ? r->name_en :
	    r->name_es;
}

/* "C10/clarification": a rule and which case of it, as one choice. */
static text
rule_choice(struct op *op, const struct law_rule *r)
{
	return arena_format(op->arena, "%.*s%s%.*s", (int)r->rule.n,
	    r->rule.p, r->variant.n > 0 ? "/" : "", (int)r->variant.n,
	    r->variant.p);
}

static result
proposals_of(struct op *op, const struct cause *c,
    struct deadline_proposal **ret, size_t *ret_n)
{
	return deadline_proposals(op->office->law, op->arena, &c->act,
	    &c->proceeding, ret, ret_n);
}

static void
add_proposal(struct op *op, struct node *list,
    const struct deadline_proposal *p)
{
	struct node *one = node_add_object(list, NULL);
	const struct law_moment *due = &p->answer.due;

	node_add_text(one, "rule", p->rule->rule);
	node_add_text(one, "variant", p->rule->variant);
	node_add_text(one, "choice", rule_choice(op, p->rule));
	node_add_text(one, "name", rule_name(op, p->rule));
	node_add_text(one, "basis", p->rule->basis);
	node_add_day(one, "due_on", due->day);
	node_add_instant(one, "due_at", due->at);
	node_add_day(one, "alarm_on", p->answer.alarm.day);
	node_add_number(one, "days_left", due->day.n - op->today.n);
	node_add_bool(one, "usual", p->usual);
	node_add_word(one, "confidence", arena_format(op->arena,
	    "law.confidence.%s",
	    law_confidence_name(p->rule->confidence)).p);
}

static result
run_propose(struct op *op, const struct reach *reach)
{
	struct deadline_proposal *p;
	struct node *list;
	struct cause *c;
	size_t n;

	TRY(new_cause(op, reach, &c));
	TRY(proposals_of(op, c, &p, &n));
	show_act(op, reach, &c->act);
	list = node_add_list(op->answer, "proposals");
	for (size_t i = 0; i < n; i++)
		add_proposal(op, list, &p[i]);
	return node_whole(op->answer);
}

/* ---- confirming ------------------------------------------------------- */

static void
read_rule(struct op *op, struct deadline_ask *ask, text variant)
{
	text rest = op_input(op, "rule");

	ask->rule = text_cut(&rest, '/');
	ask->variant = variant.n > 0 ? variant : rest;
	ask->step = op_input(op, "step");
	if (ask->rule.n == 0)
		op_problem(op, "rule", "problem.required");
}

/* What stands in the act unless another thing was typed. */
static result
read_term(struct op *op, const struct cause *c, struct deadline *d)
{
	struct deadline_start start = deadline_start_of(&c->act);
	bool day_typed = op_given(op, "trigger_on");

	d->matter_id = c->proceeding.matter_id;
	d->act_id.raw = c->act.row.id;
	d->title = T("-");		/* the rule's, once it is counted */
	d->nature = T("party");
	d->state = T("proposed");
	d->trigger_on = start.on;
	d->served_by = start.served_by;
	/* An hour that was not typed belongs to the day that was not. */
	if (!day_typed)
		d->trigger_at = start.at;
	d->responsible = c->matter.responsible;
	d->deputy = c->matter.deputy;
	TRY(ops_fill(op, NULL, &entity_deadline, d));
	case_check_user(op, "responsible", d->responsible, OBJECT_MATTER,
	    d->matter_id.raw);
	case_check_user(op, "deputy", d->deputy, OBJECT_MATTER,
	    d->matter_id.raw);
	return OK;
}

static result
count_term(struct op *op, const struct reach *reach, const struct cause *c,
    struct deadline *d)
{
	struct deadline_ask ask = { .district = c->proceeding.district,
		.start = { d->trigger_on, d->trigger_at, d->served_by },
		.distance_days = d->distance_days };
	void **others;
	size_t n;

	read_rule(op, &ask, d->variant);
	TRY(op_problems(op));
	TRY(deadline_count(op->office->law, op->arena, &ask, d, NULL,
	    &op->problems));
	TRY(facts_children(op, reach, &entity_deadline, DEADLINE_MATTER_ID,
	    reach->object, &others, &n));
	deadline_decide(op->arena, d, others, n, &op->problems);
	d->confirmed_by = op->user;
	return op_problems(op);
}

static void
propose_user(struct op *op, const char *input, user_id user)
{
	if (!id_none(user.raw))
		ops_propose(op, input, arena_format(op->arena, "%s",
		    code_of(user.raw).s));
}

/* What the act and the case already say, where nothing was typed. */
static void
propose_term(struct op *op, const struct cause *c)
{
	const struct words *w = op->office->words;
	struct deadline_start start = deadline_start_of(&c->act);

	if (start.on.known)
		ops_propose(op, "trigger_on", start.on.precision == EXACT ?
		    words_day_short(w, op->lang, op->arena, start.on) :
		    words_day(w, op->lang, op->arena, start.on));
	if (start.at.known)
		ops_propose(op, "trigger_at", words_instant(w, op->lang,
		    op->arena, start.at));
	ops_propose(op, "served_by", start.served_by);
	propose_user(op, "responsible", c->matter.responsible);
	propose_user(op, "deputy", c->matter.deputy);
}

/* Everything typed again, unseen, for the button that confirms. */
static result
ask_to_confirm(struct op *op, const struct cause *c)
{
	struct node *list;
	struct node *kind;

	op->location = ops_path(op, "/acts/{}/deadlines", op->objects, 1);
	TRY(ops_form(op, NULL, 0));
	propose_term(op, c);
	list = ops_member(op->answer, "fields");
	for (struct node *f = list == NULL ? NULL : list->first; f != NULL;
	    f = f->next) {
		kind = ops_member(f, "kind");
		if (kind != NULL)
			kind->text = T("hidden");
	}
	kind = ops_member(ops_field(op, "checked"), "value");
	if (kind != NULL)
		kind->text = T("1");
	node_add_bool(op->answer, "to_confirm", true);
	op->page = "deadline";
	return node_whole(op->answer);
}

static result
run_confirm(struct op *op, const struct reach *reach)
{
	struct deadline *d = entity_new(op->arena, &entity_deadline);
	struct cause *c;

	NEED(d);
	TRY(case_unblocked(op, reach, reach->object));
	TRY(new_cause(op, reach, &c));
	TRY(read_term(op, c, d));
	TRY(count_term(op, reach, c, d));
	/* The days are seen before they are kept. */
	if (op->door == DOOR_PAGES && op_input(op, "checked").n == 0) {
		d->state = T("proposed");
		TRY(case_add_deadline(op, node_add_object(op->answer,
		    "deadline"), d, reach->mask));
		return ask_to_confirm(op, c);
	}
	TRY(facts_insert(op, reach, &entity_deadline, d));
	TRY(case_add_deadline(op, node_add_object(op->answer, "deadline"), d,
	    reach->mask));
	op->location = ops_path(op, "/deadlines/{}", &d->row.id, 1);
	return ops_commit(op, EVENT_DEADLINE_CONFIRMED, &entity_matter,
	    reach->object);
}

static result
offer_rules(struct op *op, const struct cause *c)
{
	struct node *options = ops_choice(op, "rule", false);
	text typed = op_input(op, "rule");
	struct deadline_proposal *p;
	bool offered = typed.n == 0;
	size_t n;

	TRY(proposals_of(op, c, &p, &n));
	for (size_t i = 0; i < n; i++) {
		text choice = rule_choice(op, p[i].rule);
		text name = rule_name(op, p[i].rule);

		offered = offered || text_same(choice, typed);
		ops_option(op, options, "rule", choice,
		    arena_format(op->arena, "%.*s: %.*s", (int)choice.n,
		    choice.p, (int)name.n, name.p));
	}
	/* What somebody typed is not taken away. */
	if (!offered)
		ops_option(op, options, "rule", typed, typed);
	if (n > 0 && p[0].usual)
		ops_propose(op, "rule", rule_choice(op, p[0].rule));
	return OK;
}

static result
form_confirm(struct op *op, const struct reach *reach)
{
	struct cause *c;

	TRY(new_cause(op, reach, &c));
	op->location = ops_path(op, "/acts/{}/deadlines", op->objects, 1);
	TRY(ops_form(op, NULL, 0));
	TRY(offer_rules(op, c));
	propose_term(op, c);
	return node_whole(op->answer);
}

/* ---- the page --------------------------------------------------------- */

/* Named, but not yet let in: the page offers to give access. */
static void
add_outside(struct op *op, const struct deadline *d, id matter)
{
	const user_id named[] = { d->responsible, d->deputy };
	struct node *list = node_add_list(op->answer, "no_access");

	for (size_t i = 0; i < LENGTH(named); i++) {
		if (!id_none(named[i].raw) &&
		    !case_within(op, named[i], matter))
			node_add_text(list, NULL, guard_user_name(
			    op->office->guard, named[i]));
	}
}

static result
run_deadline_show(struct op *op, const struct reach *reach)
{
	struct deadline *d = entity_new(op->arena, &entity_deadline);

	NEED(d);
	TRY(facts_get(op, reach, &entity_deadline, op->objects[0], d));
	audit_read(op, "matter", reach->object);
	node_add_short(op->answer, "matter", reach->object);
	TRY(case_add_deadline(op, node_add_object(op->answer, "deadline"), d,
	    reach->mask));
	add_outside(op, d, reach->object);
	return node_whole(op->answer);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in deadline_in[] = {
	IN_OWN("rule", KIND_TEXT, "deadline.rule", IN_REQUIRED),
	IN(deadline, variant, DEADLINE_VARIANT),
	IN(deadline, step, DEADLINE_STEP),
	IN(deadline, served_by, DEADLINE_SERVED_BY),
	IN(deadline, trigger_on, DEADLINE_TRIGGER_ON),
	IN(deadline, trigger_at, DEADLINE_TRIGGER_AT),
	IN(deadline, distance_days, DEADLINE_DISTANCE_DAYS),
	IN_AS(deadline, "responsible", DEADLINE_RESPONSIBLE, IN_REQUIRED),
	IN_AS(deadline, "deputy", DEADLINE_DEPUTY, IN_REQUIRED),
	IN_OWN("checked", KIND_TEXT, "deadline.checked", IN_HIDDEN),
	IN_END
};

const struct op_row deadline_ops[] = {
	{ .name = "deadline.propose", .area = AREA_DEADLINES,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/acts/{act}/deadlines",
	  .api = "GET /acts/{act}/deadlines", .shell = "deadline propose",
	  .template = "record", .run = run_propose },
	{ .name = "deadline.confirm", .area = AREA_DEADLINES,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/acts/{act}/deadlines/new",
	  .api = "POST /acts/{act}/deadlines", .shell = "deadline confirm",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = deadline_in,
	  .run = run_confirm, .form = form_confirm },
	{ .name = "deadline.show", .area = AREA_DEADLINES,
	  .need = LEVEL_READ, .object = OBJECT_MATTER,
	  .page = "/deadlines/{deadline}",
	  .api = "GET /deadlines/{deadline}", .shell = "deadline show",
	  .template = "deadline", .run = run_deadline_show },
	{ .name = NULL }
};
