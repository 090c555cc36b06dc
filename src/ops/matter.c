/* A matter: opened with its conflict check, shown on one page, changed. */
#include "case.h"
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "people.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the operations of a case share ------------------------------ */

void
case_check_user(struct op *op, const char *input, user_id user,
    enum object_kind kind, id object)
{
	const struct user_facts *u;

	if (id_none(user.raw) || problem_has(&op->problems, text_of(input)))
		return;
	u = guard_user(op->office->guard, user);
	if (u == NULL || !text_same(u->state, T("active")))
		op_problem(op, input, "problem.user_not_active");
	else if (kind != OBJECT_NONE && guard_hides(op->office->guard, user,
	    kind, object))
		op_problem(op, input, "problem.user_no_access");
}

bool
case_within(struct op *op, user_id user, id matter)
{
	return guard_holds(op->office->guard, user, OBJECT_MATTER, matter,
	    IN_CASE, LEVEL_READ, op->now);
}

result
case_parties(struct op *op, const struct reach *reach, id matter,
    void ***ret, size_t *ret_n)
{
	return facts_children(op, reach, &entity_party, PARTY_MATTER_ID,
	    matter, ret, ret_n);
}

result
case_unblocked(struct op *op, const struct reach *reach, id matter)
{
	const char *key;
	void **rows;
	size_t n;

	TRY(case_parties(op, reach, matter, &rows, &n));
	key = conflict_block(rows, n);
	if (key != NULL)
		op_problem(op, "", key);
	return op_problems(op);
}

result
names_add(struct op *op, struct names *names, text name)
{
	if (name.n == 0)
		return OK;
	if (names->n == names->room) {
		size_t room = names->room == 0 ? 8 : 2 * names->room;
		text *more = arena_array(op->arena, room, sizeof(*more));

		NEED(more);
		if (names->n > 0)
			memcpy(more, names->p, names->n * sizeof(*more));
		names->p = more;
		names->room = room;
	}
	names->p[names->n++] = name;
	return OK;
}

/* What the identity is kept from, `input` says; NULL: nothing is said. */
static result
identity_of(struct op *op, id person, const char *input,
    const struct reach **ret)
{
	result got;

	*ret = NULL;
	if (!guard_may(op, AREA_PEOPLE_FIND, LEVEL_READ, OBJECT_PERSON,
	    person)) {
		if (input != NULL)
			op_problem(op, input, "problem.no_such_row");
		return OK;
	}
	if (!guard_may(op, AREA_PEOPLE_IDENTITY, LEVEL_READ, OBJECT_PERSON,
	    person)) {
		if (input != NULL)
			op_problem(op, input, "problem.person_out_of_reach");
		return OK;
	}
	got = guard_reach(op, AREA_PEOPLE_IDENTITY, LEVEL_READ,
	    OBJECT_PERSON, person, ret);
	if (got.code == E_NOT_FOUND) {
		*ret = NULL;
		if (input != NULL)
			op_problem(op, input, "problem.no_such_row");
		return OK;
	}
	return got;
}

result
names_add_person(struct op *op, struct names *names, id person,
    const char *input)
{
	const struct reach *reach;
	void **rows;
	size_t n;

	TRY(identity_of(op, person, input, &reach));
	if (reach == NULL)
		return OK;
	TRY(facts_children(op, reach, &entity_person_name,
	    PERSON_NAME_PERSON_ID, person, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		text name = name_whole(op->arena, rows[i]);

		NEED(name.p);
		TRY(names_add(op, names, name));
	}
	return OK;
}

/* A problem at `title` when it names one of them. */
static result
check_title(struct op *op, text title, const struct names *names)
{
	bool found = false;

	TRY(matter_title_names(op->arena, title, names->p, names->n,
	    &found));
	if (found && !problem_has(&op->problems, T("title")))
		op_problem(op, "title", "problem.title_names");
	return OK;
}

/* ---- conflict of interest --------------------------------------------- */

/* A word of the machine or what somebody typed, either of them as text. */
static text
plain(const struct node *n)
{
	return n == NULL || n->kind == NODE_NULL ? T("") : n->text;
}

static struct conflict_hit
hit_of(const struct node *n)
{
	const struct node *code = node_find(n, "code");
	const struct node *date = node_find(n, "date");
	struct conflict_hit h = { .role = plain(node_find(n, "quality")),
		.ask = plain(node_find(n, "ask")) };

	/* A person out of reach still has its case as a code. */
	h.code = plain(code != NULL ? code : node_find(n, "matter"));
	if (date != NULL && date->kind == NODE_DAY)
		h.date = date->day;
	return h;
}

static result
freeze_hits(struct op *op, const struct node *list, size_t n, text *ret)
{
	struct conflict_hit *hits = arena_array(op->arena, n, sizeof(*hits));
	const struct node *one = list->first;

	NEED(hits);
	for (size_t i = 0; i < n && one != NULL; i++, one = one->next)
		hits[i] = hit_of(one);
	return conflict_hits_write(op->arena, hits, n, ret);
}

/* How many there are, and the first of them, for who sees no list. */
static result
say_hits(struct op *op, const struct node *list, size_t n)
{
	enum { SAID_MOST = 5 };
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	const struct node *one = list->first;
	text args[2];

	for (size_t i = 0; i < SAID_MOST && one != NULL; i++) {
		struct conflict_hit h = hit_of(one);

		buf_text(&b, i == 0 ? T("") : T(", "));
		buf_text(&b, h.ask.n == 0 ? h.code : words_get_text(
		    op->office->words, op->lang, h.ask));
		one = one->next;
	}
	args[0] = words_number(op->lang, op->arena, (int64_t)n);
	args[1] = b.failed ? T("…") : arena_text(op->arena, buf_view(&b));
	NEED(args[1].p);
	problem_add(&op->problems, T("verdict"), "problem.conflict_hits",
	    args, LENGTH(args));
	return OK;
}

static struct conflict_decision
decision_of(struct op *op)
{
	return (struct conflict_decision){
		.verdict = op_input(op, "verdict"),
		.reason = op_input(op, "reason"),
		.by = op->user, .at = op->now };
}

result
case_check_conflict(struct op *op, struct party *p,
    const struct names *names, person_id besides, struct node *list,
    size_t *ret_hits)
{
	struct node *found = node_add_list(node_object(op->arena), "hits");
	struct conflict_decision d = decision_of(op);
	size_t n = 0;

	NEED(found);
	p->conflict_verdict = T("pending");
	p->conflict_hits = T("");
	TRY(desk_conflicts(op, names->p, names->n, besides, found, &n));
	if (n > 0) {
		TRY(freeze_hits(op, found, n, &p->conflict_hits));
		if (d.verdict.n == 0 &&
		    !problem_has(&op->problems, T("verdict")))
			TRY(say_hits(op, found, n));
	}
	conflict_check(op->arena, p, &d, &op->problems);
	while (found->first != NULL)
		NEED(node_move(list, NULL, found->first));
	*ret_hits = n;
	return OK;
}

result
case_add_hits(struct op *op, struct node *to, text written)
{
	struct conflict_hit *hits;
	size_t n;

	TRY(conflict_hits_read(op->arena, written, &hits, &n));
	for (size_t i = 0; i < n; i++) {
		struct node *one = node_add_object(to, NULL);
		text role = arena_text(op->arena, hits[i].role);

		NEED(role.p);
		node_add_text(one, "code", hits[i].code);
		if (text_has(role, '.'))
			node_add_word(one, "role", role.p);
		else
			node_add_code(one, "role", "party_role", role);
		node_add_day(one, "date", hits[i].date);
		if (text_starts(hits[i].ask, T("conflict.")))
			node_add_word(one, "ask",
			    arena_text(op->arena, hits[i].ask).p);
		else
			node_add_text(one, "ask", hits[i].ask);
	}
	return OK;
}

bool
case_decision_asked(struct op *op)
{
	return problem_has(&op->problems, T("verdict")) ||
	    problem_has(&op->problems, T("reason"));
}

void
case_hide_decision(struct op *op)
{
	static const char *const asked[] = { "verdict", "reason" };

	for (size_t i = 0; i < LENGTH(asked); i++) {
		struct node *kind = ops_member(ops_field(op, asked[i]),
		    "kind");

		if (kind != NULL)
			kind->text = T("hidden");
	}
}

/* ---- opening ---------------------------------------------------------- */

enum { OTHERS_MAX = 20 };

struct opening {
	struct matter matter;
	struct proceeding proceeding;
	bool has_proceeding;
	struct party party[1 + OTHERS_MAX];	/* the client, then others */
	size_t parties_n;
	struct names names;		/* of the client */
	size_t hits;
};

/* A code of a list, or what is usual where nothing was chosen. */
static text
read_code(struct op *op, const char *input, const char *list, text usual)
{
	text code = op_input(op, input);

	if (code.n == 0)
		return usual;
	if (codes_find(op->office->codes, list, code) == NULL)
		problem_add(&op->problems, text_of(input), "problem.code",
		    &code, 1);
	return code;
}

static result
read_matter(struct op *op, struct opening *o)
{
	struct matter *m = &o->matter;

	m->opened_on = op->today;
	m->responsible = op->user;
	TRY(ops_fill(op, NULL, &entity_matter, m));
	matter_decide(op->arena, m, op->today, 0, &op->problems);
	case_check_user(op, "responsible", m->responsible, OBJECT_NONE,
	    (id){ 0 });
	case_check_user(op, "deputy", m->deputy, OBJECT_NONE, (id){ 0 });
	return OK;
}

static result
read_client(struct op *op, struct opening *o)
{
	struct party *p = &o->party[o->parties_n++];
	id person;

	p->role = read_code(op, "role", "party_role",
	    matter_usual_role(o->matter.type));
	p->side = T("ours");
	p->represented = (yesno){ true, true };
	TRY(ops_input_id(op, "person", &entity_person, &person));
	p->person_id.raw = person;
	if (id_none(person)) {
		if (!problem_has(&op->problems, T("person")))
			op_problem(op, "person", "problem.required");
		return OK;
	}
	TRY(names_add_person(op, &o->names, person, "person"));
	if (problem_has(&op->problems, T("person")))
		return OK;
	case_check_user(op, "responsible", o->matter.responsible,
	    OBJECT_PERSON, person);
	case_check_user(op, "deputy", o->matter.deputy, OBJECT_PERSON,
	    person);
	return OK;
}

/* One name a line: who else is in it, for the check and for the file. */
static result
read_others(struct op *op, struct opening *o)
{
	text rest = op_input(op, "others");
	text role = read_code(op, "others_role", "party_role", T(""));

	while (rest.n > 0) {
		text name = text_trim(text_cut(&rest, '\n'));
		struct party *p;

		if (name.n == 0)
			continue;
		if (o->parties_n == LENGTH(o->party)) {
			op_problem(op, "others", "problem.too_many");
			return OK;
		}
		p = &o->party[o->parties_n++];
		p->name = arena_text(op->arena, name);
		NEED(p->name.p);
		p->role = role;
		p->side = party_usual_side(role);
		p->conflict_verdict = T("pending");
		if (role.n == 0 &&
		    !problem_has(&op->problems, T("others_role")))
			op_problem(op, "others_role", "problem.required");
		entity_check(op->arena, &entity_party, p, entity_party.classes,
		    "others_", op->office->codes, &op->problems);
	}
	return OK;
}

static result
read_opening(struct op *op, struct opening *o)
{
	struct names all;

	memset(o, 0, sizeof(*o));
	o->has_proceeding = ops_any_given(op, "proceeding_");
	TRY(read_matter(op, o));
	TRY(read_client(op, o));
	TRY(read_others(op, o));
	if (o->has_proceeding) {
		TRY(ops_fill(op, NULL, &entity_proceeding, &o->proceeding));
		proceeding_decide(op->arena, &o->proceeding, "proceeding_",
		    op->today, &op->problems);
	}
	all = o->names;
	for (size_t i = 1; i < o->parties_n; i++)
		TRY(names_add(op, &all, o->party[i].name));
	return check_title(op, o->matter.title, &all);
}

/* Each party by itself, so that each keeps its own hits. */
static result
check_conflicts(struct op *op, struct opening *o)
{
	struct node *list = node_add_list(op->answer, "hits");
	person_id client = o->party[0].person_id;

	for (size_t i = 0; i < o->parties_n; i++) {
		struct names names = o->names;
		size_t hits;

		if (i > 0)
			names = (struct names){ &o->party[i].name, 1, 1 };
		TRY(case_check_conflict(op, &o->party[i], &names, client,
		    list, &hits));
		o->hits += hits;
	}
	return OK;
}

/* Declined before it began: the case is on record, and closed. */
static void
close_declined(struct op *op, struct opening *o)
{
	for (size_t i = 0; i < o->parties_n; i++) {
		if (!text_same(o->party[i].conflict_verdict, T("decline")))
			continue;
		o->matter.closed_on = op->today;
		o->matter.outcome = T("declined");
	}
}

static result
save_opening(struct op *op, const struct reach *reach, struct opening *o)
{
	const struct reach *own;
	id matter;

	close_declined(op, o);
	TRY(facts_insert(op, reach, &entity_matter, &o->matter));
	matter = o->matter.row.id;
	TRY(guard_make_lead(op, OBJECT_MATTER, matter));
	TRY(guard_reach_made(op, OBJECT_MATTER, matter, &own));
	for (size_t i = 0; i < o->parties_n; i++) {
		o->party[i].matter_id.raw = matter;
		TRY(facts_insert(op, own, &entity_party, &o->party[i]));
	}
	if (!o->has_proceeding)
		return OK;
	o->proceeding.matter_id.raw = matter;
	return facts_insert(op, own, &entity_proceeding, &o->proceeding);
}

static result
run_matter_add(struct op *op, const struct reach *reach)
{
	struct opening *o = arena_take(op->arena, sizeof(*o));

	NEED(o);
	TRY(read_opening(op, o));
	TRY(op_problems(op));
	TRY(check_conflicts(op, o));
	TRY(op_problems(op));
	TRY(save_opening(op, reach, o));
	entity_show(node_add_object(op->answer, "matter"), &entity_matter,
	    &o->matter, reach->mask);
	op->location = ops_path(op, "/matters/{}", &o->matter.row.id, 1);
	return ops_commit(op, EVENT_MATTER_OPENED, &entity_matter,
	    o->matter.row.id);
}

static result
form_matter_add(struct op *op, const struct reach *reach)
{
	struct opening *o = arena_take(op->arena, sizeof(*o));
	bool asked = case_decision_asked(op);

	(void)reach;
	NEED(o);
	/* After a refusal the hits are shown again. */
	if (asked) {
		struct problems kept = op->problems;

		TRY(read_opening(op, o));
		TRY(check_conflicts(op, o));
		op->problems = kept;
	}
	op->page = "matter_new";
	TRY(ops_form(op, NULL, 0));
	ops_propose(op, "opened_on", words_day_short(op->office->words,
	    op->lang, op->arena, op->today));
	ops_propose(op, "responsible",
	    arena_format(op->arena, "%s", code_of(op->user.raw).s));
	if (!asked)
		case_hide_decision(op);
	return OK;
}

/* ---- the page --------------------------------------------------------- */

/* Why the case stands still, and by which party: undecided before declined. */
static void
add_block(struct op *op, void *const *parties, size_t n)
{
	const struct party *by = NULL;
	struct node *block;

	for (size_t i = 0; i < n; i++) {
		const struct party *p = parties[i];

		if (text_same(p->conflict_verdict, T("pending"))) {
			by = p;
			break;
		}
		if (by == NULL &&
		    text_same(p->conflict_verdict, T("decline")))
			by = p;
	}
	if (by == NULL)
		return;
	block = node_add_object(op->answer, "blocked");
	node_add_code(block, "verdict", "conflict_verdict",
	    by->conflict_verdict);
	node_add_short(block, "party", by->row.id);
}

static result
add_parties(struct op *op, const struct reach *reach)
{
	struct node *list = node_add_list(op->answer, "parties");
	void **parties;
	size_t n;

	TRY(case_parties(op, reach, op->objects[0], &parties, &n));
	for (size_t i = 0; i < n; i++) {
		const struct party *p = parties[i];
		struct node *one = node_add_object(list, NULL);
		struct party bare = *p;

		bare.conflict_hits = T("");	/* told one by one below */
		entity_show(one, &entity_party, &bare, reach->mask);
		ops_add_user(op, one, "decided_by_name", p->decided_by);
		TRY(case_add_hits(op, node_add_list(one, "hits"),
		    p->conflict_hits));
		if (!id_none(p->person_id.raw))
			TRY(desk_add_called(op, one, "person",
			    p->person_id));
	}
	add_block(op, parties, n);
	return OK;
}

/* What has no day comes last. */
static int
by_day(const void *a, const void *b)
{
	const struct act *x = *(void *const *)a;
	const struct act *y = *(void *const *)b;
	day p = act_day(x);
	day q = act_day(y);

	if (p.known != q.known)
		return p.known ? -1 : 1;
	if (p.known && custody_day_earliest(p).n != custody_day_earliest(q).n)
		return custody_day_earliest(p).n < custody_day_earliest(q).n ?
		    -1 : 1;
	return id_order(x->row.id, y->row.id);
}

static result
add_acts(struct op *op, const struct reach *reach, id proceeding,
    struct node *to)
{
	struct node *list = node_add_list(to, "acts");
	void **rows;
	size_t n;

	TRY(facts_children(op, reach, &entity_act, ACT_PROCEEDING_ID,
	    proceeding, &rows, &n));
	if (n > 0)
		qsort(rows, n, sizeof(*rows), by_day);
	for (size_t i = 0; i < n; i++) {
		struct node *one = node_add_object(list, NULL);

		entity_show(one, &entity_act, rows[i], reach->mask);
		node_add_day(one, "day", act_day(rows[i]));
	}
	return OK;
}

static int
by_start(const void *a, const void *b)
{
	const struct proceeding *x = *(void *const *)a;
	const struct proceeding *y = *(void *const *)b;

	if (x->started_on.known != y->started_on.known)
		return x->started_on.known ? -1 : 1;
	if (x->started_on.n != y->started_on.n)
		return x->started_on.n < y->started_on.n ? -1 : 1;
	return id_order(x->row.id, y->row.id);
}

static result
add_proceedings(struct op *op, const struct reach *reach)
{
	struct node *list = node_add_list(op->answer, "proceedings");
	void **rows;
	size_t n;

	TRY(facts_children(op, reach, &entity_proceeding,
	    PROCEEDING_MATTER_ID, op->objects[0], &rows, &n));
	if (n > 0)
		qsort(rows, n, sizeof(*rows), by_start);
	for (size_t i = 0; i < n; i++) {
		struct node *one = node_add_object(list, NULL);

		entity_show(one, &entity_proceeding, rows[i], reach->mask);
		TRY(add_acts(op, reach, entity_row(rows[i])->id, one));
	}
	return OK;
}

static int
by_due(const void *a, const void *b)
{
	const struct deadline *x = *(void *const *)a;
	const struct deadline *y = *(void *const *)b;

	if (x->due_on.known != y->due_on.known)
		return x->due_on.known ? -1 : 1;
	if (x->due_on.n != y->due_on.n)
		return x->due_on.n < y->due_on.n ? -1 : 1;
	return id_order(x->row.id, y->row.id);
}

/* Every term with its days; the next one also by itself, on top. */
result
ops_add_terms(struct op *op, id matter, struct node *to)
{
	const struct reach *reach;
	const struct deadline *next;
	struct node *list;
	void **rows;
	size_t n;

	TRY(ops_reach_part(op, AREA_DEADLINES, LEVEL_READ, OBJECT_MATTER,
	    matter, &reach));
	if (reach == NULL)
		return OK;
	TRY(facts_children(op, reach, &entity_deadline, DEADLINE_MATTER_ID,
	    matter, &rows, &n));
	if (n > 0)
		qsort(rows, n, sizeof(*rows), by_due);
	next = deadline_next(rows, n);
	if (next != NULL)
		TRY(case_add_deadline(op, node_add_object(to, "next"), next, reach->mask));
	list = node_add_list(to, "deadlines");
	for (size_t i = 0; i < n; i++)
		TRY(case_add_deadline(op, node_add_object(list, NULL),
		    rows[i], reach->mask));
	return OK;
}

static result
add_tasks(struct op *op)
{
	struct node *list;
	const struct reach *reach;
	void **rows;
	size_t n;

	TRY(ops_reach_part(op, AREA_TASKS, LEVEL_READ, OBJECT_MATTER,
	    op->objects[0], &reach));
	if (reach == NULL)
		return OK;
	TRY(facts_children(op, reach, &entity_task, TASK_MATTER_ID,
	    op->objects[0], &rows, &n));
	list = node_add_list(op->answer, "tasks");
	for (size_t i = 0; i < n; i++) {
		const struct task *t = rows[i];
		struct node *one = node_add_object(list, NULL);

		entity_show(one, &entity_task, t, reach->mask);
		ops_add_user(op, one, "responsible_name", t->responsible);
	}
	return OK;
}

/* Who is within reach of the file today. */
static void
add_team(struct op *op)
{
	const struct guard *g = op->office->guard;
	struct node *list = node_add_list(op->answer, "team");
	const struct user_facts *const *users;
	size_t n = guard_users(g, &users);

	for (size_t i = 0; i < n; i++) {
		id matter = op->objects[0];
		struct node *one;

		if (!text_same(users[i]->state, T("active")) ||
		    !case_within(op, users[i]->id, matter))
			continue;
		one = node_add_object(list, NULL);
		node_add_text(one, "name", users[i]->name);
		node_add_bool(one, "leads", guard_leads(g, users[i]->id,
		    OBJECT_MATTER, matter, op->now));
	}
}

static const struct may may[] = {
	{ "edit", AREA_MATTERS_FILE, LEVEL_WRITE, OBJECT_MATTER },
	{ "conflict", AREA_MATTERS_OPEN, LEVEL_WRITE, OBJECT_MATTER },
	{ "deadline", AREA_DEADLINES, LEVEL_WRITE, OBJECT_MATTER },
	{ "task", AREA_TASKS, LEVEL_WRITE, OBJECT_MATTER },
	{ "document", AREA_DOCUMENTS_CASE, LEVEL_WRITE, OBJECT_MATTER },
	{ "access", AREA_ACCESS_GRANTS, LEVEL_WRITE, OBJECT_MATTER },
};

static result
run_matter_show(struct op *op, const struct reach *reach)
{
	struct matter *m = entity_new(op->arena, &entity_matter);
	struct node *shown = node_add_object(op->answer, "matter");

	NEED(m);
	TRY(facts_get(op, reach, &entity_matter, op->objects[0], m));
	audit_read(op, "matter", op->objects[0]);
	entity_show(shown, &entity_matter, m, reach->mask);
	ops_add_user(op, shown, "responsible_name", m->responsible);
	ops_add_user(op, shown, "deputy_name", m->deputy);
	node_add_bool(op->answer, "damaged", m->row.damaged != 0);
	TRY(ops_add_terms(op, op->objects[0], op->answer));
	TRY(add_parties(op, reach));
	TRY(add_proceedings(op, reach));
	TRY(add_tasks(op));
	TRY(ops_add_documents(op, OBJECT_MATTER));
	add_team(op);
	ops_add_may(op, may, LENGTH(may));
	return node_whole(op->answer);
}

/* ---- edit ------------------------------------------------------------- */

/* Everybody in the case, as far as the asker may read the name. */
static result
names_of_parties(struct op *op, const struct reach *reach,
    struct names *names)
{
	void **parties;
	size_t n;

	TRY(case_parties(op, reach, op->objects[0], &parties, &n));
	for (size_t i = 0; i < n; i++) {
		const struct party *p = parties[i];

		TRY(names_add(op, names, p->name));
		if (!id_none(p->person_id.raw))
			TRY(names_add_person(op, names, p->person_id.raw,
			    NULL));
	}
	return OK;
}

static result
terms_under_way(struct op *op, const struct reach *reach, size_t *ret)
{
	void **rows;
	size_t n;

	*ret = 0;
	TRY(facts_children(op, reach, &entity_deadline, DEADLINE_MATTER_ID,
	    op->objects[0], &rows, &n));
	for (size_t i = 0; i < n; i++)
		*ret += deadline_running(rows[i]);
	return OK;
}

static result
decide_matter(struct op *op, const struct reach *reach, void *row)
{
	struct matter *m = row;
	struct names names = { 0 };
	size_t terms;

	TRY(terms_under_way(op, reach, &terms));
	matter_decide(op->arena, m, op->today, terms, &op->problems);
	case_check_user(op, "responsible", m->responsible, OBJECT_MATTER,
	    reach->object);
	case_check_user(op, "deputy", m->deputy, OBJECT_MATTER,
	    reach->object);
	TRY(names_of_parties(op, reach, &names));
	return check_title(op, m->title, &names);
}

static const struct record matter_record = {
	.entity = &entity_matter, .member = "matter",
	.changed = EVENT_MATTER_CHANGED, .decide = decide_matter };

/* ---- inputs and rows -------------------------------------------------- */

static const struct in matter_new_in[] = {
	IN_OWN("person", KIND_TEXT, "matter.person", IN_REQUIRED),
	IN(matter, type, MATTER_TYPE),
	IN(matter, title, MATTER_TITLE),
	IN_CODED("role", KIND_CODE, "party_role", "matter.role", 0),
	IN(matter, opened_on, MATTER_OPENED_ON),
	IN(matter, responsible, MATTER_RESPONSIBLE),
	IN(matter, deputy, MATTER_DEPUTY),
	IN_AS(proceeding, "proceeding_number", PROCEEDING_NUMBER, 0),
	IN_AS(proceeding, "proceeding_forum", PROCEEDING_FORUM, 0),
	IN_AS(proceeding, "proceeding_regime", PROCEEDING_REGIME, 0),
	IN_AS(proceeding, "proceeding_body", PROCEEDING_BODY, 0),
	IN_AS(proceeding, "proceeding_body_name", PROCEEDING_BODY_NAME, 0),
	IN_AS(proceeding, "proceeding_district", PROCEEDING_DISTRICT, 0),
	IN_AS(proceeding, "proceeding_started_on", PROCEEDING_STARTED_ON, 0),
	IN_OWN("others", KIND_MULTILINE, "matter.others", 0),
	IN_CODED("others_role", KIND_CODE, "party_role",
	    "matter.others_role", 0),
	IN_CODED("verdict", KIND_CODE, "conflict_verdict",
	    "conflict.verdict", 0),
	IN_OWN("reason", KIND_MULTILINE, "conflict.reason", 0),
	IN_END
};

static const struct in matter_in[] = { MATTER_FORM(IN), IN_END };

const struct op_row matter_ops[] = {
	{ .name = "matter.add", .area = AREA_MATTERS_OPEN,
	  .need = LEVEL_WRITE, .object = OBJECT_NONE, .page = "/matters/new",
	  .api = "POST /matters", .shell = "matter add",
	  .flags = OP_CHANGES | OP_CREATES, .inputs = matter_new_in,
	  .run = run_matter_add, .form = form_matter_add },
	{ .name = "matter.show", .area = AREA_MATTERS_FILE,
	  .need = LEVEL_READ, .object = OBJECT_MATTER,
	  .page = "/matters/{matter}", .api = "GET /matters/{matter}",
	  .shell = "matter show", .template = "matter",
	  .run = run_matter_show },
	{ .name = "matter.edit", .area = AREA_MATTERS_FILE,
	  .need = LEVEL_WRITE, .object = OBJECT_MATTER,
	  .page = "/matters/{matter}/edit", .api = "PATCH /matters/{matter}",
	  .shell = "matter edit", .flags = OP_CHANGES | OP_NEEDS_VERSION,
	  .inputs = matter_in, .record = &matter_record, .run = record_edit,
	  .form = record_edit_form },
	{ .name = NULL }
};
