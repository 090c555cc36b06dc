/*
 * Leaving the office, and handing over: what one person answers for is shown
 * as one list and passes to another in one step, so that nothing is left
 * without a lead.  With leaving, or alone: for who is away, or whose access
 * has ended by its day.
 */
#include "ops_inside.h"

#include "audit.h"
#include "fields.h"

enum { LINE_CODES_MAX = 60, REVIEW_DAYS = 7, NOTE_MAX = 900 };

/* By enum led_what: what a line of the list says, with how many and which. */
static const char *const said_as[LED_KINDS] = {
	[LED_PERSON] = "led.person", [LED_MATTER] = "led.matter",
	[LED_MATTER_DEPUTY] = "led.matter_deputy", [LED_TERM] = "led.term",
	[LED_TERM_DEPUTY] = "led.term_deputy", [LED_TASK] = "led.task",
	[LED_CALL] = "led.call", [LED_LEAD] = "led.lead",
	[LED_GIVEN] = "led.given", [LED_WALL] = "led.wall",
};

/* One hand-over under way. */
struct hands {
	struct op *op;
	struct user *leaver;
	user_id from, to, deputy;	/* `to`, `deputy`: may be nobody */
	struct led *led;
	size_t n;
};

/* ---- the list --------------------------------------------------------- */

static result
begin(struct op *op, const struct reach *reach, struct hands *h)
{
	struct user *u = entity_new(op->arena, &entity_user);

	NEED(u);
	TRY(facts_get(op, reach, &entity_user, op->objects[0], u));
	*h = (struct hands){ .op = op, .leaver = u,
		.from = { op->objects[0] } };
	return desk_led(op, h->from, &h->led, &h->n);
}

/* What hides from somebody is not shown to that person. */
static bool
hides(const struct op *op, user_id user, const struct led *l)
{
	return l->kind != OBJECT_NONE && guard_hides(op->office->guard, user,
	    l->kind, l->object);
}

static size_t
count(const struct hands *h, enum led_what what)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += h->led[i].what == what &&
		    !hides(h->op, h->op->user, &h->led[i]);
	return n;
}

static size_t
shown(const struct hands *h)
{
	size_t n = 0;

	for (enum led_what w = 0; w < LED_KINDS; w++)
		n += count(h, w);
	return n;
}

/* A term and a task by their own code, the rest by whom or what it is of. */
static text
code_led(const struct led *l)
{
	bool own = l->what == LED_TERM || l->what == LED_TERM_DEPUTY ||
	    l->what == LED_TASK || l->kind == OBJECT_NONE;

	return text_of(code_of(own ? l->row : l->object).s);
}

static text
codes_led(const struct hands *h, enum led_what what, user_id also,
    size_t most)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 * KIB);
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		const struct led *l = &h->led[i];

		if (l->what != what || hides(h->op, h->op->user, l) ||
		    hides(h->op, also, l))
			continue;
		if (n++ == most) {
			buf_text(&b, T(" …"));
			break;
		}
		if (n > 1)
			buf_text(&b, T(", "));
		buf_text(&b, code_led(l));
		if (!l->due.known)
			continue;
		buf_text(&b, T(" ("));
		buf_text(&b, words_day(h->op->office->words, h->op->lang,
		    h->op->arena, l->due));
		buf_text(&b, T(")"));
	}
	return arena_text(h->op->arena, buf_view(&b));
}

/* The lines of the list, said before the button. */
static result
say_list(const struct hands *h, struct node *list)
{
	struct op *op = h->op;

	for (enum led_what w = 0; w < LED_KINDS; w++) {
		size_t n = count(h, w);
		text args[2];

		if (n == 0)
			continue;
		args[0] = words_number(op->lang, op->arena, (int64_t)n);
		args[1] = codes_led(h, w, op->user, LINE_CODES_MAX);
		node_add_text(list, NULL, words_format(op->office->words,
		    op->lang, op->arena, said_as[w], args, 2));
	}
	if (list->n == 0)
		node_add_word(list, NULL, "led.nothing");
	return OK;
}

static result
run_leads(struct op *op, const struct reach *reach)
{
	struct node *list = node_add_list(op->answer, "leads");
	struct hands h;

	TRY(begin(op, reach, &h));
	for (size_t i = 0; i < h.n; i++) {
		const struct led *l = &h.led[i];
		struct node *one;

		if (hides(op, op->user, l))
			continue;
		one = node_add_object(list, NULL);
		node_add_text(one, "what", text_of(said_as[l->what] + 4));
		node_add_short(one, "code", l->row);
		if (l->kind == OBJECT_PERSON)
			node_add_short(one, "person", l->object);
		if (l->kind == OBJECT_MATTER)
			node_add_short(one, "matter", l->object);
		node_add_day(one, "day", l->due);
	}
	audit_listed(op, "user", (int64_t)list->n);
	return node_whole(op->answer);
}

/* ---- who takes it ----------------------------------------------------- */

static bool
is_from(const struct hands *h, user_id user)
{
	return id_same(user.raw, h->from.raw);
}

static bool
works_here(const struct op *op, const struct user_facts *u)
{
	return u != NULL && text_same(u->state, T("active")) &&
	    (u->roles & ROLES_ALL) != 0 &&
	    (!u->ends_on.known || u->ends_on.n >= op->today.n);
}

static bool
may_take(const struct hands *h, user_id user, const struct led *l,
    user_id besides)
{
	return !id_none(user.raw) && !is_from(h, user) &&
	    !id_same(user.raw, besides.raw) &&
	    works_here(h->op, guard_user(h->op->office->guard, user)) &&
	    !hides(h->op, user, l);
}

static bool
find_role(const struct hands *h, enum role role, const struct led *l,
    user_id besides, user_id *ret)
{
	const struct user_facts *const *users;
	size_t n = guard_users(h->op->office->guard, &users);

	for (size_t i = 0; i < n; i++) {
		if ((users[i]->roles & 1u << role) == 0 ||
		    !may_take(h, users[i]->id, l, besides))
			continue;
		*ret = users[i]->id;
		return true;
	}
	return false;
}

/*
 * Who takes it: the one named, unless a wall stands between; else the other
 * one named, a director, a lawyer.  Refused when nobody can: nothing is left
 * without a lead.
 */
static result
taker(const struct hands *h, const struct led *l, user_id *ret)
{
	const user_id none = { 0 };

	if (may_take(h, h->to, l, none))
		*ret = h->to;
	else if (may_take(h, h->deputy, l, none))
		*ret = h->deputy;
	else if (!find_role(h, ROLE_DIRECTOR, l, none, ret) &&
	    !find_role(h, ROLE_LAWYER, l, none, ret)) {
		op_problem(h->op, "to", "problem.hand_over_nobody");
		return refuse(INVALID);
	}
	return OK;
}

/* The same for a deputy beside a responsible.  A case may do without one, a
 * term may not. */
static result
deputy_taker(const struct hands *h, const struct led *l, user_id besides,
    bool must, user_id *ret)
{
	if (may_take(h, h->deputy, l, besides))
		*ret = h->deputy;
	else if (may_take(h, h->to, l, besides))
		*ret = h->to;
	else if (!must)
		*ret = (user_id){ 0 };
	else if (!find_role(h, ROLE_DIRECTOR, l, besides, ret) &&
	    !find_role(h, ROLE_LAWYER, l, besides, ret)) {
		op_problem(h->op, "deputy", "problem.hand_over_deputy");
		return refuse(INVALID);
	}
	return OK;
}

/*
 * Responsible and deputy after the leaver: never the same one.  Where the one
 * named takes the first place and has the second, another takes that.
 */
static result
take_pair(const struct hands *h, const struct led *l, user_id *responsible,
    user_id *deputy, bool deputy_must)
{
	if (is_from(h, *responsible))
		TRY(taker(h, l, responsible));
	if (!is_from(h, *deputy) && !id_same(deputy->raw, responsible->raw))
		return OK;
	return deputy_taker(h, l, *responsible, deputy_must, deputy);
}

/* ---- handing over ----------------------------------------------------- */

static result
pass_matter(const struct hands *h, const struct led *l, struct matter *m)
{
	if (!is_from(h, m->responsible) && !is_from(h, m->deputy))
		return OK;	/* the first of its two lines did both */
	TRY(take_pair(h, l, &m->responsible, &m->deputy, false));
	return facts_update(h->op, guard_whole_office(h->op), &entity_matter,
	    m);
}

static result
pass_term(const struct hands *h, const struct led *l, struct deadline *d)
{
	if (!is_from(h, d->responsible) && !is_from(h, d->deputy))
		return OK;
	TRY(take_pair(h, l, &d->responsible, &d->deputy, true));
	return facts_update(h->op, guard_whole_office(h->op),
	    &entity_deadline, d);
}

/* A row of which one field names who answers for it. */
static result
pass_field(const struct hands *h, const struct led *l, void *row,
    user_id *field)
{
	if (!is_from(h, *field))
		return OK;
	TRY(taker(h, l, field));
	return facts_update(h->op, guard_whole_office(h->op), l->entity, row);
}

static result
pass_lead(const struct hands *h, const struct led *l)
{
	user_id to;

	TRY(taker(h, l, &to));
	return guard_pass_lead(h->op, l->row, to);
}

static result
pass_row(const struct hands *h, const struct led *l, void *row)
{
	switch (l->what) {
	case LED_PERSON:
		return pass_field(h, l, row,
		    &((struct person *)row)->responsible);
	case LED_MATTER:
	case LED_MATTER_DEPUTY:
		return pass_matter(h, l, row);
	case LED_TERM:
	case LED_TERM_DEPUTY:
		return pass_term(h, l, row);
	case LED_TASK:
		return pass_field(h, l, row,
		    &((struct task *)row)->responsible);
	case LED_CALL:
		return pass_field(h, l, row,
		    &((struct contact_log *)row)->call_back_by);
	case LED_LEAD:
		return pass_lead(h, l);
	case LED_GIVEN:
	case LED_WALL:
	case LED_KINDS:
		break;		/* stand as they are: reviewed, see below */
	}
	return OK;
}

/* What was damaged on the disk can be read and passed on by nobody: the
 * doctor tells of it, and it keeps nobody in the office. */
static result
pass_one(const struct hands *h, const struct led *l)
{
	void *row = entity_new(h->op->arena, l->entity);
	result got;

	NEED(row);
	got = facts_get(h->op, guard_whole_office(h->op), l->entity, l->row,
	    row);
	if (got.code == E_SEALED_RECORD || got.code == E_NOT_FOUND)
		return OK;
	TRY(got);
	return pass_row(h, l, row);
}

/* Who made a wall and who gave an access stays written as it was: that they
 * stand is for the other one to look at. */
static result
add_review(const struct hands *h)
{
	struct op *op = h->op;
	struct task *t = entity_new(op->arena, &entity_task);
	const struct led office = { .kind = OBJECT_NONE };
	text args[2];

	NEED(t);
	if (count(h, LED_GIVEN) + count(h, LED_WALL) == 0)
		return OK;
	TRY(taker(h, &office, &t->responsible));
	t->kind = T("review_access");
	t->state = T("open");
	t->due_on = day_plus(op->today, REVIEW_DAYS);
	args[0] = h->leaver->name;
	t->title = words_format(op->office->words, LANG_ES, op->arena,
	    "hand_over.review", args, 1);
	args[0] = codes_led(h, LED_GIVEN, t->responsible, LINE_CODES_MAX / 2);
	args[1] = codes_led(h, LED_WALL, t->responsible, LINE_CODES_MAX / 2);
	t->note = words_format(op->office->words, LANG_ES, op->arena,
	    "hand_over.review_note", args, 2);
	NEED(t->title.p);
	NEED(t->note.p);
	return facts_insert(op, guard_whole_office(op), &entity_task, t);
}

static result
pass_all(const struct hands *h)
{
	struct op *op = h->op;

	TRY(op_touch_room(op, op->touched_n + 2 * h->n + 2 * TOUCHED_MAX));
	for (size_t i = 0; i < h->n; i++)
		TRY(pass_one(h, &h->led[i]));
	return add_review(h);
}

/* ---- asked for -------------------------------------------------------- */

static result
read_user(struct hands *h, const char *input, user_id *ret)
{
	struct op *op = h->op;

	TRY(ops_input_id(op, input, &entity_user, &ret->raw));
	if (id_none(ret->raw))
		return OK;
	if (id_same(ret->raw, h->from.raw))
		op_problem(op, input, "problem.hand_over_same");
	else if (!works_here(op, guard_user(op->office->guard, *ret)))
		op_problem(op, input, "problem.user_not_active");
	return OK;
}

/* To give somebody the lead is to give access: who may not do the one does
 * not do the other. */
static result
read_hands(struct hands *h, bool must)
{
	struct op *op = h->op;
	bool any = shown(h) > 0;

	TRY(read_user(h, "to", &h->to));
	TRY(read_user(h, "deputy", &h->deputy));
	if ((any || must) && id_none(h->to.raw) &&
	    !problem_has(&op->problems, T("to")))
		op_problem(op, "to", any ? "problem.hand_over_to" :
		    "problem.required");
	if (h->n > 0 && (guard_levels(op, AREA_ACCESS_GRANTS).far &
	    LEVEL_WRITE) == 0)
		op_problem(op, "", "problem.hand_over_director");
	return op_problems(op);
}

/* One leaf tells to whom and how much; each row keeps its own history. */
static result
commit_handed(const struct hands *h, enum event event)
{
	struct op *op = h->op;
	struct leaf_facts leaf = { .event = event, .object_kind = "user",
		.object = h->from.raw, .detail_class = CLASS_OFFICE };
	text args[4];

	if (h->n > 0) {
		args[0] = guard_user_name(op->office->guard, h->to);
		args[1] = words_number(LANG_ES, op->arena,
		    (int64_t)(count(h, LED_PERSON) + count(h, LED_LEAD)));
		args[2] = words_number(LANG_ES, op->arena,
		    (int64_t)(count(h, LED_MATTER) + count(h, LED_TERM) +
		    count(h, LED_MATTER_DEPUTY) + count(h,
		    LED_TERM_DEPUTY)));
		args[3] = words_number(LANG_ES, op->arena,
		    (int64_t)(count(h, LED_TASK) + count(h, LED_CALL)));
		leaf.reason = words_format(op->office->words, LANG_ES,
		    op->arena, "hand_over.told", args, 4);
		NEED(leaf.reason.p);
	}
	op->changes_n = 0;
	node_add_number(op->answer, "handed", (int64_t)shown(h));
	TRY(node_whole(op->answer));
	return facts_commit(op, &leaf);
}

static result
run_hand_over(struct op *op, const struct reach *reach)
{
	struct hands h;

	TRY(begin(op, reach, &h));
	TRY(read_hands(&h, true));
	TRY(op_begin(op, TX_WRITE));
	TRY(pass_all(&h));
	return commit_handed(&h, EVENT_HANDED_OVER);
}

/* The account first: the last director is told that, whatever there is to
 * hand over. */
static result
run_leave(struct op *op, const struct reach *reach)
{
	struct hands h;

	TRY(begin(op, reach, &h));
	TRY(ops_say(op, guard_leave(op, reach, h.from), E_CONFLICT, "",
	    "problem.user_leave"));
	TRY(read_hands(&h, false));
	TRY(pass_all(&h));
	return commit_handed(&h, EVENT_USER_LEFT);
}

static result
form_hand_over(struct op *op, const struct reach *reach)
{
	struct node *list = node_add_list(op->answer, "consequences");
	struct hands h;

	TRY(begin(op, reach, &h));
	node_add_text(op->answer, "about", h.leaver->name);
	TRY(say_list(&h, list));
	node_add_word(list, NULL, op->row->run == run_leave ?
	    "user.leave.happens" : "user.hand_over.happens");
	return ops_form(op, NULL, 0);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in hands_in[] = {
	{ .name = "to", .entity = &entity_deadline,
	  .field = DEADLINE_RESPONSIBLE, .label = "hand_over.to",
	  .hint = "hand_over.to_hint" },
	{ .name = "deputy", .entity = &entity_deadline,
	  .field = DEADLINE_DEPUTY, .label = "hand_over.deputy",
	  .hint = "hand_over.deputy_hint" },
	IN_END
};

const struct op_row leave_ops[] = {
	{ .name = "user.leads", .area = AREA_ADMIN_USERS, .need = LEVEL_READ,
	  .api = "GET /users/{user}/leads", .shell = "user leads",
	  .run = run_leads },
	{ .name = "user.hand_over", .area = AREA_ADMIN_USERS,
	  .need = LEVEL_WRITE, .page = "/users/{user}/hand-over",
	  .api = "POST /users/{user}/hand-over", .shell = "user hand-over",
	  .flags = OP_CHANGES, .inputs = hands_in, .run = run_hand_over,
	  .form = form_hand_over, .back = "/users/{}" },
	{ .name = "user.leave", .area = AREA_ADMIN_USERS,
	  .need = LEVEL_WRITE, .page = "/users/{user}/leave",
	  .api = "POST /users/{user}/leave", .shell = "user leave",
	  .flags = OP_CHANGES | OP_DANGER, .inputs = hands_in,
	  .run = run_leave, .form = form_hand_over, .back = "/users/{}" },
	{ .name = NULL }
};
