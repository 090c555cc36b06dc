/*
 * Shredding a person (docs/adr/0016): asked by one, approved by another
 * after some days, refused under a legal hold; then the night's work, and
 * what a restore of yesterday's data brings back goes again.
 */
#include "ops_inside.h"

#include "audit.h"
#include "facts_rows.h"
#include "fields.h"
#include "lifecycle.h"
#include "people.h"

#include <stdlib.h>
#include <string.h>

enum { TASK_DAYS = 7, MERGED_MAX = 4096, LEFT_MAX = 500,
	MATTERS_MAX = 500, WORDS_MAX = 200, NOTE_MAX = 900, NIGHT_HOUR = 1,
	HOUR_MS = 3600000, LIMA_HOURS = -5 };
static const int64_t day_ms = (int64_t)24 * HOUR_MS;

/* ---- settings --------------------------------------------------------- */

static int64_t
wait_days(const struct office *o)
{
	return office_number(o, SETTING_SHRED_DAYS);
}

static instant
instant_kept(const struct office *o, const char *name)
{
	int64_t ms;

	return text_integer(office_setting(o, name), &ms) ?
	    (instant){ ms, true } : (instant){ 0 };
}

static result
note_instant(struct op *op, const char *name, instant at)
{
	text value = arena_format(op->arena, "%lld", (long long)at.ms);

	NEED(value.p);
	return office_set(op, name, value);
}

instant
ops_shred_from(const struct op *op, const struct person *p)
{
	if (!p->erase_asked_at.known)
		return (instant){ 0 };
	return (instant){ p->erase_asked_at.ms +
	    wait_days(op->office) * day_ms, true };
}

/* ---- whom and what it takes ------------------------------------------- */

/* What is found by reading everything: ids of pairs, in memory of the plan
 * alone, for a walk over all rows rewinds the operation's. */
struct pair { id row, from, to; };
struct pairs { struct pair *p; size_t n, room; };

struct plan {
	struct op *op;
	struct shred what;
	struct shred_row *rows;
	size_t rows_n;
	id *stays;			/* matters with others in them */
	size_t stays_n;
	struct pairs relations;		/* of others, that name them */
	bool hidden;			/* a wall of the asker is in the way */
	bool held;			/* one of them is under a hold */
};

static bool
among(const id *ids, size_t n, id one)
{
	for (size_t i = 0; i < n; i++) {
		if (id_same(ids[i], one))
			return true;
	}
	return false;
}

static result
add_pair(struct pairs *to, id row, id from, id dest)
{
	if (to->n == to->room)
		return refuse(TOO_LARGE);
	to->p[to->n++] = (struct pair){ row, from, dest };
	return OK;
}

static result
note_merged(void *self, const void *row)
{
	const struct person *p = row;

	return id_none(p->merged_into.raw) ? OK : add_pair(self, p->row.id,
	    p->row.id, p->merged_into.raw);
}

/* Files that were united are of one person: all of them, both ways. */
static result
add_merged(struct plan *p)
{
	const struct reach *all = guard_whole_office(p->op);
	struct pairs merged = { .room = MERGED_MAX };
	size_t before;

	merged.p = arena_array(p->op->arena, merged.room, sizeof(*merged.p));
	NEED(merged.p);
	TRY(facts_each(p->op, all, &entity_person, note_merged, &merged));
	p->what.persons = arena_array(p->op->arena, merged.n + 1,
	    sizeof(id));
	NEED(p->what.persons);
	p->what.persons[p->what.persons_n++] = p->op->objects[0];
	do {
		before = p->what.persons_n;
		for (size_t i = 0; i < merged.n; i++) {
			const struct pair *m = &merged.p[i];
			bool from = among(p->what.persons,
			    p->what.persons_n, m->from);
			bool to = among(p->what.persons, p->what.persons_n,
			    m->to);

			if (from != to)
				p->what.persons[p->what.persons_n++] =
				    from ? m->to : m->from;
		}
	} while (p->what.persons_n > before);
	return OK;
}

static result
note_relation(void *self, const void *row)
{
	struct plan *p = self;
	const struct relation *r = row;

	if (!among(p->what.persons, p->what.persons_n,
	    r->other_person_id.raw) || among(p->what.persons,
	    p->what.persons_n, r->person_id.raw))
		return OK;
	return add_pair(&p->relations, r->row.id, r->person_id.raw,
	    r->other_person_id.raw);
}

/* Is nobody else represented there?  Whoever is only typed counts, and so
 * does a party that does not open. */
static result
goes_too(struct plan *p, id matter, bool *ret)
{
	bool ours = false;
	bool others = false;
	void **parties;
	size_t n;

	TRY(facts_children(p->op, guard_whole_office(p->op), &entity_party,
	    PARTY_MATTER_ID, matter, &parties, &n));
	for (size_t i = 0; i < n; i++) {
		const struct party *one = parties[i];
		bool counts = one->represented.value ||
		    one->row.damaged != 0;

		if (!counts)
			continue;
		if (among(p->what.persons, p->what.persons_n,
		    one->person_id.raw))
			ours = true;
		else
			others = true;
	}
	*ret = ours && !others;
	return OK;
}

static result
add_matters(struct plan *p)
{
	p->what.matters = arena_array(p->op->arena, MATTERS_MAX, sizeof(id));
	p->stays = arena_array(p->op->arena, MATTERS_MAX, sizeof(id));
	NEED(p->what.matters);
	NEED(p->stays);
	for (size_t i = 0; i < p->what.persons_n; i++) {
		void **parties;
		size_t n;

		TRY(facts_children(p->op, guard_whole_office(p->op),
		    &entity_party, PARTY_PERSON_ID, p->what.persons[i],
		    &parties, &n));
		for (size_t k = 0; k < n; k++) {
			id matter = ((struct party *)parties[k])->
			    matter_id.raw;
			bool with;

			if (among(p->what.matters, p->what.matters_n,
			    matter) || among(p->stays, p->stays_n, matter))
				continue;
			if (p->what.matters_n == MATTERS_MAX ||
			    p->stays_n == MATTERS_MAX)
				return refuse(TOO_LARGE);
			TRY(goes_too(p, matter, &with));
			if (with)
				p->what.matters[p->what.matters_n++] = matter;
			else
				p->stays[p->stays_n++] = matter;
		}
	}
	return OK;
}

/* Rows of matters that stay for another reason than a party: a note or a
 * task that names both. */
static result
look_at_rows(struct plan *p)
{
	const struct guard *g = p->op->office->guard;

	for (size_t i = 0; i < p->rows_n; i++) {
		const struct shred_row *r = &p->rows[i];

		p->hidden |= guard_hides(g, p->op->user, r->kind, r->home);
		if (r->goes || r->kind != OBJECT_MATTER ||
		    among(p->stays, p->stays_n, r->home))
			continue;
		if (p->stays_n == MATTERS_MAX)
			return refuse(TOO_LARGE);
		p->stays[p->stays_n++] = r->home;
	}
	for (size_t i = 0; i < p->relations.n; i++)
		p->hidden |= guard_hides(g, p->op->user, OBJECT_PERSON,
		    p->relations.p[i].from);
	return OK;
}

static result
look_at_holds(struct plan *p)
{
	for (size_t i = 0; i < p->what.persons_n; i++) {
		struct person *one = entity_new(p->op->arena,
		    &entity_person);

		NEED(one);
		TRY(facts_get(p->op, guard_whole_office(p->op),
		    &entity_person, p->what.persons[i], one));
		/* One that does not open may say that it is. */
		p->held |= one->legal_hold.value || one->row.damaged != 0;
	}
	return OK;
}

static result
make_plan(struct op *op, struct plan *p)
{
	*p = (struct plan){ .op = op, .relations.room = LEFT_MAX };
	p->relations.p = arena_array(op->arena, LEFT_MAX,
	    sizeof(*p->relations.p));
	NEED(p->relations.p);
	TRY(add_merged(p));
	TRY(facts_each(op, guard_whole_office(op), &entity_relation,
	    note_relation, p));
	TRY(add_matters(p));
	TRY(facts_shred_rows(op, &p->what, &p->rows, &p->rows_n));
	TRY(look_at_rows(p));
	return look_at_holds(p);
}

/* ---- said before it is done ------------------------------------------- */

static result
say_line(struct op *op, struct node *list, const char *key, const text *args,
    size_t n)
{
	node_add_text(list, NULL, words_format(op->office->words, op->lang,
	    op->arena, key, args, n));
	return OK;
}

/* Codes of what the asker may know of. */
static text
codes_of(struct op *op, const id *ids, size_t n, enum object_kind kind,
    size_t *ret_n)
{
	CLEANUP(buf_free) struct buf b = buf_new(16 * KIB);
	enum area area = kind == OBJECT_MATTER ? AREA_MATTERS_LIST :
	    AREA_PEOPLE_FIND;

	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!guard_may(op, area, LEVEL_META, kind, ids[i]) &&
		    !guard_may(op, area, LEVEL_READ, kind, ids[i]))
			continue;
		if ((*ret_n)++ > 0)
			buf_text(&b, T(", "));
		buf_text(&b, text_of(code_of(ids[i]).s));
	}
	return arena_text(op->arena, buf_view(&b));
}

static result
say_plan(struct op *op, const struct plan *p)
{
	struct node *list = node_add_list(op->answer, "consequences");
	id *others = arena_array(op->arena, p->relations.n + 1, sizeof(id));
	int64_t gone = 0;
	size_t others_n = 0;
	size_t n;
	text args[2];

	NEED(others);
	for (size_t i = 0; i < p->rows_n; i++)
		gone += p->rows[i].goes;
	args[0] = words_number(op->lang, op->arena, gone);
	TRY(say_line(op, list, "shred.goes.person", args, 1));
	if (p->what.persons_n > 1) {
		args[0] = codes_of(op, p->what.persons + 1,
		    p->what.persons_n - 1, OBJECT_PERSON, &n);
		TRY(say_line(op, list, "shred.goes.merged", args, 1));
	}
	args[0] = codes_of(op, p->what.matters, p->what.matters_n,
	    OBJECT_MATTER, &n);
	if (n > 0)
		TRY(say_line(op, list, "shred.goes.matters", args, 1));
	TRY(say_line(op, list, "shred.goes.typed", NULL, 0));
	args[0] = codes_of(op, p->stays, p->stays_n, OBJECT_MATTER, &n);
	if (n > 0)
		TRY(say_line(op, list, "shred.stays.matters", args, 1));
	for (size_t i = 0; i < p->relations.n; i++) {
		if (!among(others, others_n, p->relations.p[i].from))
			others[others_n++] = p->relations.p[i].from;
	}
	args[0] = codes_of(op, others, others_n, OBJECT_PERSON, &n);
	if (n > 0)
		TRY(say_line(op, list, "shred.stays.others", args, 1));
	TRY(say_line(op, list, "shred.stays.books", NULL, 0));
	TRY(say_line(op, list, "shred.stays.elsewhere", NULL, 0));
	return say_line(op, list, "shred.stays.copies", NULL, 0);
}

/* ---- asking ----------------------------------------------------------- */

static result
load(struct op *op, struct person **ret)
{
	struct person *p = entity_new(op->arena, &entity_person);

	NEED(p);
	TRY(facts_get(op, guard_whole_office(op), &entity_person,
	    op->objects[0], p));
	*ret = p;
	return OK;
}

static result
commit_said(struct op *op, enum event event, text reason)
{
	const struct leaf_facts leaf = { .event = event,
		.object_kind = "person", .object = op->objects[0],
		.reason = reason, .detail_class = CLASS_IDENTITY };

	TRY(node_whole(op->answer));
	return facts_commit(op, &leaf);
}

static void
add_request(struct op *op, struct node *to, const struct person *p)
{
	node_add_short(to, "code", p->row.id);
	node_add_instant(to, "asked_at", p->erase_asked_at);
	node_add_instant(to, "from", ops_shred_from(op, p));
}

static result
run_ask(struct op *op, const struct reach *reach)
{
	struct plan plan;
	struct person *p;

	TRY(load(op, &p));
	TRY(ops_fill(op, reach, &entity_person, p));
	TRY(op_problems(op));
	TRY(make_plan(op, &plan));
	if (plan.held)
		op_problem(op, "", "problem.shred_held");
	else if (p->erase_asked_at.known)
		op_problem(op, "", "problem.shred_asked");
	TRY(op_problems(op));
	p->erase_asked_by = op->user;
	p->erase_asked_at = op->now;
	TRY(facts_update(op, reach, &entity_person, p));
	add_request(op, node_add_object(op->answer, "request"), p);
	return ops_commit(op, EVENT_SHRED_ASKED, &entity_person,
	    op->objects[0]);
}

/* Who it is about, what goes and what stays. */
static result
form_shred(struct op *op, const struct reach *reach)
{
	struct called called;
	struct plan plan;
	struct person *p;
	text args[3];

	(void)reach;
	TRY(load(op, &p));
	TRY(make_plan(op, &plan));
	TRY(desk_called(op, (person_id){ op->objects[0] }, &called));
	args[0] = text_of(code_of(op->objects[0]).s);
	args[0] = arena_text(op->arena, args[0]);
	args[1] = called.name;
	node_add_text(op->answer, "about", words_format(op->office->words,
	    op->lang, op->arena, "shred.about", args, 2));
	TRY(ops_form(op, NULL, 0));
	if (p->erase_asked_at.known) {
		args[0] = guard_user_name(op->office->guard,
		    p->erase_asked_by);
		args[1] = words_instant(op->office->words, op->lang,
		    op->arena, p->erase_asked_at);
		args[2] = p->erase_reason;
		node_add_text(op->answer, "about", words_format(
		    op->office->words, op->lang, op->arena,
		    "shred.about_asked", args, 3));
	}
	TRY(say_plan(op, &plan));
	return node_whole(op->answer);
}

/* Withdrawn, or not approved: the request is gone, its leaves stay. */
static result
end_request(struct op *op, const struct reach *reach, enum event event)
{
	struct person *p;

	TRY(load(op, &p));
	if (text_trim(op_input(op, "reason")).n == 0)
		op_problem(op, "reason", "problem.required");
	if (!p->erase_asked_at.known)
		op_problem(op, "", "problem.shred_not_asked");
	TRY(op_problems(op));
	p->erase_asked_at = (instant){ 0 };
	p->erase_asked_by = (user_id){ { { 0 } } };
	p->erase_reason = T("");
	TRY(facts_update(op, reach, &entity_person, p));
	return commit_said(op, event, op_input(op, "reason"));
}

static result
run_withdraw(struct op *op, const struct reach *reach)
{
	return end_request(op, reach, EVENT_SHRED_WITHDRAWN);
}

static result
run_refuse(struct op *op, const struct reach *reach)
{
	return end_request(op, reach, EVENT_SHRED_REFUSED);
}

/* ---- hand work ---------------------------------------------------------- */

/* "Nombre (K7F-3QQ)": fields with words in one row of others. */
static result
list_fields(struct op *op, const struct entity *e, id at, struct buf *out,
    int *left_out)
{
	void *row = entity_new(op->arena, e);

	NEED(row);
	TRY(facts_get(op, guard_whole_office(op), e, at, row));
	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];
		text line;

		if ((f->kind != KIND_TEXT && f->kind != KIND_MULTILINE) ||
		    field_empty(f, row))
			continue;
		line = arena_format(op->arena, "%s (%s)\n",
		    f->label[LANG_ES], code_of(at).s);
		NEED(line.p);
		if (out->n + line.n > NOTE_MAX)
			++*left_out;
		else
			buf_text(out, line);
	}
	return OK;
}

static result
insert_task(struct op *op, enum object_kind kind, id home, user_id who,
    const struct buf *note, int left_out)
{
	struct task *t = entity_new(op->arena, &entity_task);
	const struct user_facts *u = guard_user(op->office->guard, who);
	text code = arena_text(op->arena,
	    text_of(code_of(op->objects[0]).s));

	NEED(t);
	NEED(code.p);
	if (kind == OBJECT_MATTER)
		t->matter_id.raw = home;
	else
		t->person_id.raw = home;
	t->kind = T("data_request");
	t->state = T("open");
	t->due_on = day_plus(op->today, TASK_DAYS);
	t->responsible = u != NULL && text_same(u->state, T("active")) ?
	    who : op->user;
	t->title = words_format(op->office->words, LANG_ES, op->arena,
	    "shred.task", &code, 1);
	t->note = arena_format(op->arena, "%.*s", (int)note->n, note->p);
	if (left_out > 0)
		t->note = arena_format(op->arena, "%.*s+ %d", (int)note->n,
		    note->p, left_out);
	NEED(t->note.p);
	return facts_insert(op, guard_whole_office(op), &entity_task, t);
}

static result
task_of_matter(struct op *op, const struct plan *p, id matter)
{
	CLEANUP(buf_free) struct buf note = buf_new(4 * KIB);
	struct matter *m = entity_new(op->arena, &entity_matter);
	int left_out = 0;

	NEED(m);
	TRY(facts_get(op, guard_whole_office(op), &entity_matter, matter,
	    m));
	TRY(list_fields(op, &entity_matter, matter, &note, &left_out));
	for (size_t i = 0; i < p->rows_n; i++) {
		const struct shred_row *r = &p->rows[i];

		if (!r->goes && r->kind == OBJECT_MATTER &&
		    id_same(r->home, matter))
			TRY(list_fields(op, r->entity, r->id, &note,
			    &left_out));
	}
	TRY(buf_end(&note));
	return insert_task(op, OBJECT_MATTER, matter, m->responsible, &note,
	    left_out);
}

static result
task_of_person(struct op *op, const struct plan *p, id person)
{
	CLEANUP(buf_free) struct buf note = buf_new(4 * KIB);
	struct person *other = entity_new(op->arena, &entity_person);
	int left_out = 0;

	NEED(other);
	TRY(facts_get(op, guard_whole_office(op), &entity_person, person,
	    other));
	for (size_t i = 0; i < p->relations.n; i++) {
		if (id_same(p->relations.p[i].from, person))
			TRY(list_fields(op, &entity_relation,
			    p->relations.p[i].row, &note, &left_out));
	}
	TRY(buf_end(&note));
	return insert_task(op, OBJECT_PERSON, person, other->responsible,
	    &note, left_out);
}

static result
add_tasks(struct op *op, const struct plan *p)
{
	id *done = arena_array(op->arena, p->relations.n + 1, sizeof(id));
	size_t n = 0;

	NEED(done);
	for (size_t i = 0; i < p->stays_n; i++)
		TRY(task_of_matter(op, p, p->stays[i]));
	for (size_t i = 0; i < p->relations.n; i++) {
		if (among(done, n, p->relations.p[i].from))
			continue;
		done[n++] = p->relations.p[i].from;
		TRY(task_of_person(op, p, p->relations.p[i].from));
	}
	return OK;
}

/* ---- doing it ----------------------------------------------------------- */

/* Codes and names by which a draft is known to be about them. */
static result
words_about(struct op *op, const struct plan *p, text *words, size_t *ret_n)
{
	enum { NAME_LEAST = 3 };
	size_t n = 0;

	for (size_t i = 0; i < p->what.persons_n; i++) {
		id person = p->what.persons[i];
		void **names;
		size_t names_n;

		TRY(facts_children(op, guard_whole_office(op),
		    &entity_person_name, PERSON_NAME_PERSON_ID, person,
		    &names, &names_n));
		if (n < WORDS_MAX)
			words[n++] = arena_text(op->arena,
			    text_of(code_of(person).s));
		for (size_t k = 0; k < names_n; k++) {
			const struct person_name *one = names[k];
			const text parts[] = { one->given,
				one->first_surname, one->second_surname };

			for (size_t j = 0; j < LENGTH(parts) &&
			    n < WORDS_MAX; j++) {
				if (parts[j].n >= NAME_LEAST)
					words[n++] = parts[j];
			}
		}
	}
	for (size_t i = 0; i < p->what.matters_n && n < WORDS_MAX; i++)
		words[n++] = arena_text(op->arena,
		    text_of(code_of(p->what.matters[i]).s));
	*ret_n = n;
	return OK;
}

static result
check_approval(struct op *op, const struct person *p,
    const struct plan *plan)
{
	instant from = ops_shred_from(op, p);
	text when;

	if (!p->erase_asked_at.known) {
		op_problem(op, "", "problem.shred_not_asked");
	} else if (id_same(p->erase_asked_by.raw, op->user.raw)) {
		op_problem(op, "", "problem.second_person");
	} else if (plan->held) {
		op_problem(op, "", "problem.shred_held");
	} else if (op->now.ms < from.ms) {
		when = words_instant(op->office->words, op->lang, op->arena,
		    from);
		problem_add(&op->problems, T(""), "problem.shred_early",
		    &when, 1);
	} else if (plan->hidden) {
		op_problem(op, "", "problem.shred_other");
	}
	return op_problems(op);
}

/* Files that no row names any more go, and what the log of the database
 * still holds.  Whoever is killed before finds it done at the next
 * unsealing. */
static result
sweep(struct op *op)
{
	result got = facts_sweep_files(op, guard_whole_office(op));

	tx_abort(&op->tx);
	TRY(store_rest(op->office->store));
	/* Another row that does not open keeps what it may name. */
	return got.code == E_SEALED_RECORD ? OK : got;
}

static result
run_approve(struct op *op, const struct reach *reach)
{
	text *words = arena_array(op->arena, WORDS_MAX, sizeof(*words));
	struct plan plan;
	struct person *p;
	size_t n = 0;

	(void)reach;
	NEED(words);
	TRY(load(op, &p));
	TRY(make_plan(op, &plan));
	TRY(check_approval(op, p, &plan));
	TRY(words_about(op, &plan, words, &n));
	TRY(op_touch_room(op, plan.rows_n + 4 * TOUCHED_MAX));
	TRY(add_tasks(op, &plan));
	TRY(facts_shred(op, &plan.what, plan.rows, plan.rows_n));
	TRY(guard_forget_typed(op, words, n));
	TRY(note_instant(op, "shredded_at", op->now));
	node_add_short(op->answer, "code", op->objects[0]);
	TRY(ops_commit(op, EVENT_PERSON_SHREDDED, &entity_person,
	    op->objects[0]));
	facts_shredded(op, &plan.what);
	ignore(sweep(op), "committed: the next unsealing sweeps again");
	return OK;
}

/* ---- holds -------------------------------------------------------------- */

static result
run_hold(struct op *op, const struct reach *reach)
{
	struct person *p;

	TRY(load(op, &p));
	TRY(ops_fill(op, reach, &entity_person, p));
	if (p->legal_hold.value)
		op_problem(op, "", "problem.hold_there");
	TRY(op_problems(op));
	p->legal_hold = (yesno){ true, true };
	p->legal_hold_by = op->user;
	TRY(facts_update(op, guard_whole_office(op), &entity_person, p));
	return ops_commit(op, EVENT_HOLD_SET, &entity_person,
	    op->objects[0]);
}

static result
run_hold_lift(struct op *op, const struct reach *reach)
{
	struct person *p;

	(void)reach;
	TRY(load(op, &p));
	if (!p->legal_hold.value)
		op_problem(op, "", "problem.hold_none");
	else if (id_same(p->legal_hold_by.raw, op->user.raw))
		op_problem(op, "", "problem.second_person");
	TRY(op_problems(op));
	p->legal_hold = (yesno){ false, true };
	p->legal_hold_reason = T("");
	p->legal_hold_by = (user_id){ { { 0 } } };
	TRY(facts_update(op, guard_whole_office(op), &entity_person, p));
	return commit_said(op, EVENT_HOLD_LIFTED, op_input(op, "reason"));
}

/* The present hold is said before it is lifted. */
static result
form_hold_lift(struct op *op, const struct reach *reach)
{
	struct person *p;
	text args[2];

	(void)reach;
	TRY(load(op, &p));
	args[0] = p->legal_hold_reason;
	args[1] = guard_user_name(op->office->guard, p->legal_hold_by);
	if (p->legal_hold.value)
		node_add_text(op->answer, "about", words_format(
		    op->office->words, op->lang, op->arena,
		    "hold.lift.about", args, 2));
	return ops_form(op, NULL, 0);
}

/* ---- after a restore, and at night -------------------------------------- */

result
office_bury(struct op *op)
{
	const struct leaf_facts leaf = { .event = EVENT_PERSON_SHREDDED };
	struct shred_row *rows;
	struct shred what;
	size_t n;

	TRY(facts_unburied(op, &what));
	op_abort(op);
	if (what.persons_n + what.matters_n == 0)
		return OK;
	TRY(op_begin(op, TX_WRITE));
	TRY(facts_shred_rows(op, &what, &rows, &n));
	TRY(facts_shred(op, &what, rows, n));
	TRY(guard_forget_typed(op, NULL, 0));
	TRY(note_instant(op, "shredded_at", op->now));
	TRY(facts_commit(op, &leaf));
	facts_shredded(op, &what);
	ops_tell(op);
	op_abort(op);
	ignore(sweep(op), "committed: the next unsealing sweeps again");
	return OK;
}

/* The first hour of the night after it, in Lima. */
static instant
night_after(instant at)
{
	int64_t local = at.ms + (int64_t)LIMA_HOURS * HOUR_MS -
	    (int64_t)NIGHT_HOUR * HOUR_MS;

	return (instant){ (local / day_ms + 1) * day_ms -
	    (int64_t)LIMA_HOURS * HOUR_MS + (int64_t)NIGHT_HOUR * HOUR_MS,
	    true };
}

static bool
rest_waits(const struct office *o)
{
	instant shredded = instant_kept(o, "shredded_at");
	instant rested = instant_kept(o, "shred_rested_at");

	return shredded.known && (!rested.known ||
	    rested.ms <= shredded.ms);
}

bool
office_night_due(const struct office *o, instant now)
{
	return keyring_open(o->keyring) && !o->copying && rest_waits(o) &&
	    now.ms >= night_after(instant_kept(o, "shredded_at")).ms;
}

result
office_night(struct op *op)
{
	const struct leaf_facts leaf = { .event = EVENT_SHRED_RESTED };

	TRY(store_compact(op->office->store));
	TRY(op_begin(op, TX_WRITE));
	TRY(facts_new_epoch(op, PURPOSE_PERSON,
	    purpose_id(PURPOSE_PERSON)));
	TRY(note_instant(op, "shred_rested_at", op->now));
	TRY(facts_commit(op, &leaf));
	op_abort(op);
	return OK;
}

/* ---- what waits, what was done ------------------------------------------ */

static result
add_done(void *self, const struct tombstone *t)
{
	struct node *one = node_add_object(self, NULL);

	node_add_short(one, "code", t->object);
	node_add_day(one, "day", (day){ .n = (int32_t)t->day,
	    .known = true });
	return OK;
}

static result
run_list(struct op *op, const struct reach *reach)
{
	struct node *pending = node_add_list(op->answer, "pending");
	struct node *done = node_add_list(op->answer, "done");
	struct node *old = node_add_list(op->answer, "old_keys");
	struct backup_state s;
	bool replaced = true;

	(void)reach;
	TRY(desk_shreddings(op, pending));
	for (struct node *n = pending->first; n != NULL; n = n->next) {
		const struct node *at = node_find(n, "asked_at");

		node_add_instant(n, "from", (instant){ at->instant.ms +
		    wait_days(op->office) * day_ms, true });
	}
	TRY(facts_each_tombstone(op, done, add_done));
	TRY(office_backups(op, &s));
	for (size_t i = 0; i < s.targets; i++) {
		if (!office_backup_shredded(&s, i))
			continue;
		node_add_text(old, NULL, s.target[i].path);
		replaced = false;
	}
	node_add_number(op->answer, "days", wait_days(op->office));
	node_add_bool(op->answer, "rest_waits", rest_waits(op->office));
	node_add_bool(op->answer, "complete", replaced &&
	    !rest_waits(op->office));
	return node_whole(op->answer);
}

/* ---- rows --------------------------------------------------------------- */

static const struct in ask_in[] = {
	IN_AS(person, "erase_reason", PERSON_ERASE_REASON, IN_REQUIRED),
	IN_END
};
static const struct in reason_in[] = {
	IN_OWN("reason", KIND_TEXT, "shred.reason", IN_REQUIRED),
	IN_END
};
static const struct in lift_in[] = {
	IN_OWN("reason", KIND_TEXT, "hold.lift.reason", IN_REQUIRED),
	IN_END
};
static const struct in hold_in[] = {
	IN_AS(person, "legal_hold_reason", PERSON_LEGAL_HOLD_REASON,
	    IN_REQUIRED),
	IN_END
};
const struct op_row shred_ops[] = {
	{ .name = "shred.list", .area = AREA_PEOPLE_SHRED,
	  .need = LEVEL_APPROVE, .page = "/shredding",
	  .api = "GET /shredding", .shell = "shred list",
	  .template = "record", .run = run_list },
	{ .name = "shred.ask", .area = AREA_PEOPLE_SHRED,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/shred",
	  .api = "POST /people/{person}/shred", .shell = "shred ask",
	  .flags = OP_CHANGES | OP_DANGER, .inputs = ask_in, .run = run_ask,
	  .form = form_shred },
	{ .name = "shred.withdraw", .area = AREA_PEOPLE_SHRED,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/shred/withdraw",
	  .api = "POST /people/{person}/shred/withdraw",
	  .shell = "shred withdraw", .flags = OP_CHANGES,
	  .inputs = reason_in, .run = run_withdraw, .form = ops_form_plain },
	{ .name = "shred.refuse", .area = AREA_PEOPLE_SHRED,
	  .need = LEVEL_APPROVE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/shred/refuse",
	  .api = "POST /people/{person}/shred/refuse",
	  .shell = "shred refuse", .flags = OP_CHANGES,
	  .inputs = reason_in, .run = run_refuse, .form = ops_form_plain },
	{ .name = "shred.approve", .area = AREA_PEOPLE_SHRED,
	  .need = LEVEL_APPROVE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/shred/approve",
	  .api = "POST /people/{person}/shred/approve",
	  .shell = "shred approve", .flags = OP_CHANGES | OP_DANGER,
	  .run = run_approve, .form = form_shred, .back = "/shredding" },
	{ .name = "hold.set", .area = AREA_ADMIN_RETENTION,
	  .need = LEVEL_WRITE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/hold",
	  .api = "POST /people/{person}/hold", .shell = "hold set",
	  .flags = OP_CHANGES, .inputs = hold_in, .run = run_hold,
	  .form = ops_form_plain, .happens = { "hold.set.happens" } },
	{ .name = "hold.lift", .area = AREA_ADMIN_RETENTION,
	  .need = LEVEL_APPROVE, .object = OBJECT_PERSON,
	  .page = "/people/{person}/hold/lift",
	  .api = "POST /people/{person}/hold/lift", .shell = "hold lift",
	  .flags = OP_CHANGES, .inputs = lift_in, .run = run_hold_lift,
	  .form = form_hold_lift, .happens = { "hold.lift.happens" } },
	{ .name = NULL }
};
