/*
 * Who may see a person or a matter: grants, walls, who looked, and the glass
 * that is broken.  The same handlers serve both kinds of object.
 */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"

#include <string.h>

enum { REVIEW_WITHIN_DAYS = 3 };

static const struct entity *
entity_of(enum object_kind kind)
{
	return kind == OBJECT_PERSON ? &entity_person : &entity_matter;
}

/* "/people/AFTC-Z4W/access" of the object in the path. */
static text
access_path(struct op *op)
{
	return ops_path(op, op->row->object == OBJECT_PERSON ?
	    "/people/{}/access" : "/matters/{}/access", op->objects, 1);
}

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
	const char *kind = entity_of(op->row->object)->name;

	TRY(add_object(op));
	TRY(add_rows(op, reach));
	TRY(desk_history(op, reach, kind, op->objects[0], true,
	    node_add_list(op->answer, "looked")));
	audit_read(op, kind, op->objects[0]);
	TRY(add_forms(op));
	return node_whole(op->answer);
}

/* ---- grants ----------------------------------------------------------- */

static result
run_grant_add(struct op *op, const struct reach *reach)
{
	struct grant *g = entity_new(op->arena, &entity_grant);
	result got;

	NEED(g);
	if (op->row->object == OBJECT_PERSON)
		g->person_id.raw = op->objects[0];
	else
		g->matter_id.raw = op->objects[0];
	g->kind = T("standing");
	g->starts_at = op->now;
	g->given_by = op->user;
	TRY(ops_fill_ids(op, &entity_grant, g));
	TRY(ops_fill(op, &entity_grant, g));
	/* Who leads has every part, whatever was ticked: guard knows. */
	if (text_same(g->level, T("lead")))
		ops_forgive(op, "compartments");
	TRY(op_problems(op));
	got = guard_grant(op, reach, g);
	/* Walled from it: said at the name. */
	if (got.code == E_CONFLICT && op->problems.n > 0)
		return refuse(INVALID);
	TRY(got);
	entity_show(node_add_object(op->answer, "grant"), &entity_grant, g,
	    reach->mask);
	op->location = access_path(op);
	return ops_commit(op, EVENT_GRANT_GIVEN, entity_of(op->row->object),
	    op->objects[0]);
}

static result
run_grant_end(struct op *op, const struct reach *reach)
{
	TRY(ops_say(op, guard_end_grant(op, reach, op->objects[1]),
	    E_CONFLICT, "", "problem.grant_ended"));
	op->location = access_path(op);
	return ops_commit(op, EVENT_GRANT_ENDED, entity_of(op->row->object),
	    op->objects[0]);
}

/* ---- walls ------------------------------------------------------------ */

static result
run_wall_add(struct op *op, const struct reach *reach)
{
	struct wall *w = entity_new(op->arena, &entity_wall);

	NEED(w);
	if (op->row->object == OBJECT_PERSON)
		w->person_id.raw = op->objects[0];
	else
		w->matter_id.raw = op->objects[0];
	w->made_by = op->user;
	w->made_at = op->now;
	TRY(ops_fill_ids(op, &entity_wall, w));
	TRY(ops_fill(op, &entity_wall, w));
	TRY(op_problems(op));
	TRY(ops_say(op, guard_wall(op, reach, w), E_CONFLICT, "user_id",
	    "problem.wall_there"));
	entity_show(node_add_object(op->answer, "wall"), &entity_wall, w,
	    reach->mask);
	op->location = access_path(op);
	/* Who walled himself off has no page to come back to. */
	if (id_same(w->user_id.raw, op->user.raw))
		op->location = T("/today");
	return ops_commit(op, EVENT_WALL_MADE, entity_of(op->row->object),
	    op->objects[0]);
}

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
	op->location = access_path(op);
	return ops_commit(op, w->ended_at.known ? EVENT_WALL_ENDED :
	    EVENT_WALL_END_ASKED, entity_of(op->row->object),
	    op->objects[0]);
}

/* ---- their forms ------------------------------------------------------ */

static result
form_add(struct op *op, const struct reach *reach)
{
	bool wall = op->row->area == AREA_ACCESS_WALLS;

	(void)reach;
	op->location = access_path(op);
	TRY(add_object(op));
	TRY(ops_form(op, NULL, 0));
	if (wall)
		ops_consequence(op, "wall.add.happens");
	return node_whole(op->answer);
}

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
	op->location = access_path(op);
	TRY(add_object(op));
	ops_add_user(op, op->answer, "about", user);
	TRY(ops_form(op, NULL, 0));
	ops_consequence(op, wall ? "wall.end.happens" :
	    "grant.end.happens");
	return node_whole(op->answer);
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
		result got = facts_find(op, entity_of(kinds[i]), code,
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
	if (got.code == E_FORBIDDEN && op->problems.n > 0)
		return refuse(INVALID);
	TRY(ops_say(op, got, E_NOT_FOUND, "code", "problem.no_such_row"));
	TRY(tell_leads(op, kind, object));
	TRY(tell_guardians(op));
	node_add_short(op->answer, "code", object);
	op->location = ops_path(op, kind == OBJECT_PERSON ? "/people/{}" :
	    "/matters/{}", &object, 1);
	return ops_commit(op, EVENT_EMERGENCY_ACCESS, entity_of(kind),
	    object);
}

static result
form_break_glass(struct op *op, const struct reach *reach)
{
	(void)reach;
	op->location = T("/today");
	TRY(ops_form(op, NULL, 0));
	ops_consequence(op, "access.break_glass.reads");
	ops_consequence(op, "access.break_glass.told");
	ops_consequence(op, "access.break_glass.leaves");
	return node_whole(op->answer);
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
static const struct in no_in[] = { IN_END };
static const struct in glass_in[] = {
	IN_OWN("code", KIND_TEXT, "access.break_glass.code", IN_REQUIRED),
	IN_OWN("reason", KIND_MULTILINE, "access.break_glass.reason",
	    IN_REQUIRED | IN_LONG),
	IN_END
};

/* `pre` is "" for persons and "matter_" for matters; `sh` the same for the
 * shell. */
#define ACCESS(kind, pre, sh, root)                                          \
	{ .name = pre "access.show", .area = AREA_ACCESS_WHO_LOOKED,         \
	  .need = LEVEL_READ, .object = kind, .page = root "/access",        \
	  .api = "GET " root "/access", .shell = sh "access show",           \
	  .template = "access", .run = run_show },                           \
	{ .name = pre "grant.add", .area = AREA_ACCESS_GRANTS,               \
	  .need = LEVEL_WRITE, .object = kind, .page = root "/grants/new",   \
	  .api = "POST " root "/grants", .shell = sh "grant add",            \
	  .flags = OP_CHANGES | OP_CREATES, .inputs = grant_in,              \
	  .run = run_grant_add, .form = form_add },                          \
	{ .name = pre "grant.end", .area = AREA_ACCESS_GRANTS,               \
	  .need = LEVEL_WRITE, .object = kind,                               \
	  .page = root "/grants/{grant}/end",                                \
	  .api = "POST " root "/grants/{grant}/end",                         \
	  .shell = sh "grant end", .flags = OP_CHANGES, .inputs = no_in,     \
	  .run = run_grant_end, .form = form_end },                          \
	{ .name = pre "wall.add", .area = AREA_ACCESS_WALLS,                 \
	  .need = LEVEL_WRITE, .object = kind, .page = root "/walls/new",    \
	  .api = "POST " root "/walls", .shell = sh "wall add",              \
	  .flags = OP_CHANGES | OP_CREATES, .inputs = wall_in,               \
	  .run = run_wall_add, .form = form_add },                           \
	{ .name = pre "wall.end", .area = AREA_ACCESS_WALLS,                 \
	  .need = LEVEL_WRITE, .object = kind,                               \
	  .page = root "/walls/{wall}/end",                                  \
	  .api = "POST " root "/walls/{wall}/end",                           \
	  .shell = sh "wall end", .flags = OP_CHANGES, .inputs = no_in,      \
	  .run = run_wall_end, .form = form_end }

const struct op_row access_ops[] = {
	ACCESS(OBJECT_PERSON, "", "", "/people/{person}"),
	ACCESS(OBJECT_MATTER, "matter_", "matter-", "/matters/{matter}"),
	{ .name = "access.break_glass", .area = AREA_ACCESS_BREAK_GLASS,
	  .need = LEVEL_WRITE, .page = "/break-glass",
	  .api = "POST /break-glass", .shell = "break-glass",
	  .flags = OP_CHANGES, .inputs = glass_in, .run = run_break_glass,
	  .form = form_break_glass },
	{ .name = NULL }
};
