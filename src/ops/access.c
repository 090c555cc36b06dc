/*
 * Who may see a person or a matter: grants, walls, who looked, and the glass
 * that is broken.  The same handlers serve both kinds of object.
 */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "record.h"

enum { REVIEW_WITHIN_DAYS = 3 };

static result
add_object(struct op *op)
{
	if (op->row->object == OBJECT_PERSON)
		return desk_add_called(op, op->answer, "person",
		    (person_id){ op->objects[0] });
	node_add_short(op->answer, "matter", op->objects[0]);
	return OK;
}

/* ---- the page --------------------------------------------------------- */

static void
add_grant(struct op *op, struct node *list, const struct grant *g)
{
	struct node *one = node_add_object(list, NULL);

	entity_show(one, &entity_grant, g, 1u << IN_OFFICE);
	ops_add_user(op, one, "user_name", g->user_id);
	ops_add_user(op, one, "given_by_name", g->given_by);
	node_add_bool(one, "live", !g->ends_at.known ||
	    g->ends_at.ms > op->now.ms);
}

static void
add_wall(struct op *op, struct node *list, const struct wall *w)
{
	struct node *one = node_add_object(list, NULL);

	entity_show(one, &entity_wall, w, 1u << IN_OFFICE);
	ops_add_user(op, one, "user_name", w->user_id);
	ops_add_user(op, one, "made_by_name", w->made_by);
	ops_add_user(op, one, "ended_by_name", w->ended_by);
	node_add_bool(one, "live", !w->ended_at.known);
}

static result
add_rows(struct op *op, const struct reach *reach)
{
	bool walls_too = guard_may(op, AREA_ACCESS_WALLS, LEVEL_READ,
	    op->row->object, op->objects[0]);
	struct node *grants = node_add_list(op->answer, "grants");
	struct node *walls = walls_too ?
	    node_add_list(op->answer, "walls") : NULL;
	struct access_row *rows;
	size_t n;

	TRY(guard_access(op, reach, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].grant != NULL)
			add_grant(op, grants, rows[i].grant);
		else if (walls != NULL)
			add_wall(op, walls, rows[i].wall);
	}
	return OK;
}

/* Forms in the page itself, for who may use them. */
static result
add_forms(struct op *op)
{
	bool person = op->row->object == OBJECT_PERSON;
	id object = op->objects[0];

	if (op->door != DOOR_PAGES)
		return OK;
	if (guard_may(op, AREA_ACCESS_GRANTS, LEVEL_WRITE, op->row->object,
	    object))
		TRY(ops_form_inside(op, "grant_form", person ? "grant.add" :
		    "matter_grant.add", NULL, 0));
	if (guard_may(op, AREA_ACCESS_WALLS, LEVEL_WRITE, op->row->object,
	    object))
		TRY(ops_form_inside(op, "wall_form", person ? "wall.add" :
		    "matter_wall.add", NULL, 0));
	return OK;
}

static result
run_show(struct op *op, const struct reach *reach)
{
	const char *kind = ops_home_entity(op->row->object)->name;

	TRY(add_object(op));
	TRY(add_rows(op, reach));
	TRY(desk_history(op, reach, kind, op->objects[0],
	    &(struct history_ask){ .list = "looked", .reads_too = true,
	    .cursor = op_input(op, "cursor") }, op->answer));
	audit_read(op, kind, op->objects[0]);
	TRY(add_forms(op));
	return node_whole(op->answer);
}

/* ---- grants ----------------------------------------------------------- */

static void
begin_grant(const struct op *op, void *row)
{
	struct grant *g = row;

	g->kind = T("standing");
	g->starts_at = op->now;
	g->given_by = op->user;
}

/* Who leads has every part, whatever was ticked: guard knows. */
static result
decide_grant(struct op *op, const struct reach *reach, void *row)
{
	const struct grant *g = row;

	(void)reach;
	if (text_same(g->level, T("lead")))
		ops_forgive(op, "compartments");
	return OK;
}

/* Walled from it: said at the name. */
static result
save_grant(struct op *op, const struct reach *reach, void *row)
{
	return ops_said(op, guard_grant(op, reach, row), E_CONFLICT);
}

static const struct record grant_record = {
	.entity = &entity_grant, .member = "grant",
	.added = EVENT_GRANT_GIVEN, .begin = begin_grant,
	.decide = decide_grant, .save = save_grant };

static result
run_grant_end(struct op *op, const struct reach *reach)
{
	TRY(ops_say(op, guard_end_grant(op, reach, op->objects[1]),
	    E_CONFLICT, "", "problem.grant_ended"));
	return ops_commit(op, EVENT_GRANT_ENDED, ops_home_entity(op->row->object),
	    op->objects[0]);
}

/* ---- walls ------------------------------------------------------------ */

static void
begin_wall(const struct op *op, void *row)
{
	struct wall *w = row;

	w->made_by = op->user;
	w->made_at = op->now;
}

static result
save_wall(struct op *op, const struct reach *reach, void *row)
{
	return ops_say(op, guard_wall(op, reach, row), E_CONFLICT, "user_id",
	    "problem.wall_there");
}

/* Who walled himself off has no page to come back to. */
static text
after_wall(struct op *op, const struct reach *reach, const void *row)
{
	const struct wall *w = row;

	(void)reach;
	return id_same(w->user_id.raw, op->user.raw) ? T("/today") :
	    op->location;
}

static const struct record wall_record = {
	.entity = &entity_wall, .member = "wall", .added = EVENT_WALL_MADE,
	.begin = begin_wall, .save = save_wall, .next = after_wall };

static result
run_wall_end(struct op *op, const struct reach *reach)
{
	struct wall *w = entity_new(op->arena, &entity_wall);
	result got = guard_end_wall(op, reach, op->objects[1]);

	NEED(w);
	got = ops_say(op, got, E_FORBIDDEN, "", "problem.second_person");
	TRY(ops_say(op, got, E_CONFLICT, "", "problem.wall_ended"));
	TRY(facts_get(op, guard_whole_office(op), &entity_wall,
	    op->objects[1], w));
	node_add_bool(op->answer, "ended", w->ended_at.known);
	return ops_commit(op, w->ended_at.known ? EVENT_WALL_ENDED :
	    EVENT_WALL_END_ASKED, ops_home_entity(op->row->object),
	    op->objects[0]);
}

/* ---- their forms ------------------------------------------------------ */

/* Is the row of this object?  A form must not tell of another's. */
static result
about(struct op *op, const struct reach *reach, bool wall, user_id *ret)
{
	struct access_row *rows;
	size_t n;

	TRY(guard_access(op, reach, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct grant *g = rows[i].grant;
		const struct wall *w = rows[i].wall;

		if (!wall && g != NULL &&
		    id_same(g->row.id, op->objects[1])) {
			*ret = g->user_id;
			return OK;
		}
		if (wall && w != NULL && id_same(w->row.id,
		    op->objects[1])) {
			*ret = w->user_id;
			return OK;
		}
	}
	return refuse(NOT_FOUND);
}

static result
form_end(struct op *op, const struct reach *reach)
{
	bool wall = op->row->area == AREA_ACCESS_WALLS;
	user_id user;

	TRY(about(op, reach, wall, &user));
	ops_add_user(op, op->answer, "about", user);
	return ops_form(op, NULL, 0);
}

/* ---- breaking the glass ----------------------------------------------- */

/*
 * A code may be that of a person or of a matter; one that is walled off is
 * answered like one that nobody has.
 */
static result
find_coded(struct op *op, enum object_kind *ret_kind, id *ret)
{
	static const enum object_kind kinds[] = { OBJECT_PERSON,
		OBJECT_MATTER };
	text code = op_input(op, "code");

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		id found;
		result got = facts_find(op, ops_home_entity(kinds[i]), code,
		    &found);

		if (got.code == E_NOT_FOUND || (is_ok(got) &&
		    !guard_may(op, AREA_ACCESS_BREAK_GLASS, LEVEL_WRITE,
		    kinds[i], found)))
			continue;
		TRY(got);
		*ret_kind = kinds[i];
		*ret = found;
		return OK;
	}
	op_problem(op, "code", code.n == 0 ? "problem.required" :
	    "problem.no_such_row");
	return refuse(INVALID);
}

static result
add_review(struct op *op, enum object_kind kind, id object, user_id whose)
{
	struct task t = { .kind = T("review_access"),
		.title = codes_label(op->office->codes, "task_kind",
		    T("review_access"), LANG_ES),
		.due_on = day_plus(op->today, REVIEW_WITHIN_DAYS),
		.responsible = whose, .state = T("open") };

	if (kind == OBJECT_PERSON)
		t.person_id.raw = object;
	else if (kind == OBJECT_MATTER)
		t.matter_id.raw = object;
	return facts_insert(op, guard_whole_office(op), &entity_task, &t);
}

/* Who leads the object reviews the access; no case data in the task. */
static result
tell_leads(struct op *op, enum object_kind kind, id object)
{
	const struct reach *reach;
	struct access_row *rows;
	size_t n;

	TRY(guard_reach(op, AREA_ACCESS_BREAK_GLASS, LEVEL_WRITE, kind,
	    object, &reach));
	TRY(guard_access(op, reach, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct grant *g = rows[i].grant;

		if (g == NULL || id_same(g->user_id.raw, op->user.raw) ||
		    !text_same(g->level, T("lead")) ||
		    !guard_leads(op->office->guard, g->user_id, kind, object,
		    op->now))
			continue;
		TRY(add_review(op, kind, object, g->user_id));
	}
	return OK;
}

/* Guardians hear that it happened, not about whom. */
static result
tell_guardians(struct op *op)
{
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);

	for (size_t i = 0; i < n; i++) {
		if (users[i]->guardian &&
		    text_same(users[i]->state, T("active")) &&
		    !id_same(users[i]->id.raw, op->user.raw))
			TRY(add_review(op, OBJECT_NONE, (id){ 0 },
			    users[i]->id));
	}
	return OK;
}

static result
run_break_glass(struct op *op, const struct reach *reach)
{
	enum object_kind kind;
	result got;
	id object;

	(void)reach;
	TRY(find_coded(op, &kind, &object));
	got = guard_break_glass(op, kind, object, op_input(op, "reason"));
	/* The fourth within a month: said at the reason. */
	got = ops_said(op, got, E_FORBIDDEN);
	TRY(ops_say(op, got, E_NOT_FOUND, "code", "problem.no_such_row"));
	TRY(tell_leads(op, kind, object));
	TRY(tell_guardians(op));
	node_add_short(op->answer, "code", object);
	op->location = ops_path(op, kind == OBJECT_PERSON ? "/people/{}" :
	    "/matters/{}", &object, 1);
	return ops_commit(op, EVENT_EMERGENCY_ACCESS, ops_home_entity(kind),
	    object);
}

/* ---- inputs and rows -------------------------------------------------- */

static const struct in grant_in[] = {
	IN_AS(grant, "user_id", GRANT_USER_ID, IN_REQUIRED),
	IN(grant, compartments, GRANT_COMPARTMENTS),
	IN_AS(grant, "level", GRANT_LEVEL, IN_REQUIRED),
	IN(grant, ends_at, GRANT_ENDS_AT),
	IN(grant, reason, GRANT_REASON),
	IN_END
};
static const struct in wall_in[] = {
	IN_AS(wall, "user_id", WALL_USER_ID, IN_REQUIRED),
	IN_AS(wall, "reason", WALL_REASON, IN_REQUIRED),
	IN(wall, note, WALL_NOTE),
	IN_END
};
static const struct in glass_in[] = {
	IN_OWN("code", KIND_TEXT, "access.break_glass.code", IN_REQUIRED),
	IN_OWN("reason", KIND_MULTILINE, "access.break_glass.reason",
	    IN_REQUIRED),
	IN_END
};

/* `pre` is "" for persons and "matter_" for matters; `sh` the same for the
 * shell. */
#define ACCESS(kind, pre, sh, root, back_)                                   \
	{ .name = pre "access.show", .area = AREA_ACCESS_WHO_LOOKED,         \
	  .need = LEVEL_READ, .object = kind, .page = root "/access",        \
	  .api = "GET " root "/access", .shell = sh "access show",           \
	  .template = "access", .run = run_show },                           \
	{ .name = pre "grant.add", .area = AREA_ACCESS_GRANTS,               \
	  .need = LEVEL_WRITE, .object = kind, .page = root "/grants/new",   \
	  .api = "POST " root "/grants", .shell = sh "grant add",            \
	  .flags = OP_CHANGES | OP_CREATES, .inputs = grant_in,              \
	  .record = &grant_record, .run = record_add,                        \
	  .form = record_add_form, .back = back_ },                          \
	{ .name = pre "grant.end", .area = AREA_ACCESS_GRANTS,               \
	  .need = LEVEL_WRITE, .object = kind,                               \
	  .page = root "/grants/{grant}/end",                                \
	  .api = "POST " root "/grants/{grant}/end",                         \
	  .shell = sh "grant end", .flags = OP_CHANGES, .run = run_grant_end,\
	  .form = form_end, .back = back_,                                   \
	  .happens = { "grant.end.happens" } },                              \
	{ .name = pre "wall.add", .area = AREA_ACCESS_WALLS,                 \
	  .need = LEVEL_WRITE, .object = kind, .page = root "/walls/new",    \
	  .api = "POST " root "/walls", .shell = sh "wall add",              \
	  .flags = OP_CHANGES | OP_CREATES, .inputs = wall_in,               \
	  .record = &wall_record, .run = record_add,                         \
	  .form = record_add_form, .back = back_,                            \
	  .happens = { "wall.add.happens" } },                               \
	{ .name = pre "wall.end", .area = AREA_ACCESS_WALLS,                 \
	  .need = LEVEL_WRITE, .object = kind,                               \
	  .page = root "/walls/{wall}/end",                                  \
	  .api = "POST " root "/walls/{wall}/end",                           \
	  .shell = sh "wall end", .flags = OP_CHANGES, .run = run_wall_end,  \
	  .form = form_end, .back = back_,                                   \
	  .happens = { "wall.end.happens" } }

const struct op_row access_ops[] = {
	ACCESS(OBJECT_PERSON, "", "", "/people/{person}",
	    "/people/{}/access"),
	ACCESS(OBJECT_MATTER, "matter_", "matter-", "/matters/{matter}",
	    "/matters/{}/access"),
	{ .name = "access.break_glass", .area = AREA_ACCESS_BREAK_GLASS,
	  .need = LEVEL_WRITE, .page = "/break-glass",
	  .api = "POST /break-glass", .shell = "break-glass",
	  .flags = OP_CHANGES, .inputs = glass_in, .run = run_break_glass,
	  .form = ops_form_plain, .back = "/today",
	  .happens = { "access.break_glass.reads",
	    "access.break_glass.told", "access.break_glass.leaves" } },
	{ .name = NULL }
};
