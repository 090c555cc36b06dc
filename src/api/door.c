/* One request through this door. */
#include "api_inside.h"

#include <string.h>
#include <strings.h>

static const char openapi_path[] = API_BASE "/openapi.json";

/* ---- who asks --------------------------------------------------------- */

static bool
bearer_of(text authorization, text *ret)
{
	text scheme = text_cut(&authorization, ' ');

	*ret = text_trim(authorization);
	return scheme.n == 6 && strncasecmp(scheme.p, "Bearer", 6) == 0 &&
	    ret->n > 0;
}

/* To step up and to sign out is every token's own affair: guard says which
 * may, and neither stands in its list of operations. */
static bool
own_affair(const struct op_row *row)
{
	return strcmp(row->name, "session.step_up") == 0 ||
	    strcmp(row->name, "session.sign_out") == 0;
}

static result
know_asker(struct turn *t, const struct op_row *row)
{
	text bearer;
	result got;

	if (row != NULL && (row->flags & OP_PUBLIC) != 0)
		return OK;
	if (!keyring_open(t->office->keyring))
		return OK;	/* the operation says: sealed, or not */
	if (t->request.authorization.n == 0)
		return OK;	/* and it says: sign in */
	if (!bearer_of(t->request.authorization, &bearer))
		return refuse(SIGN_IN);
	got = guard_token(&t->op, bearer, row == NULL ? "" : row->name,
	    row == NULL ? LEVEL_READ : row->need);
	op_abort(&t->op);
	if (got.code == E_FORBIDDEN && (row == NULL || own_affair(row)))
		return OK;
	return got;
}

/* ---- what is asked ---------------------------------------------------- */

/* Strong tags of one version; anything else would not protect a change. */
static result
read_conditions(struct turn *t)
{
	text key = t->request.idempotency_key;

	if (t->request.if_match.n > 0 && !text_same(t->request.method,
	    T("GET")) && !etag_version(t->request.if_match, &t->op.version))
		return refuse(BAD_REQUEST);
	if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
		key = (text){ key.p + 1, key.n - 2 };
	t->once.key = key;
	return OK;
}

/* Names that begin so are the door's own in forms. */
static result
check_pairs(struct turn *t, const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pairs[i].name.p[0] == '_')
			problem_add(&t->op.problems, pairs[i].name,
			    "problem.unknown", &pairs[i].name, 1);
	}
	return t->op.problems.n == 0 ? OK : refuse(BAD_REQUEST);
}

static result
check_query(struct turn *t)
{
	return check_pairs(t, t->request.ask, t->request.ask_n);
}

/* An input that is no entity's is off when it is empty, as in a form. */
static void
empty_what_is_off(struct turn *t)
{
	const struct in *in = t->route.row->inputs;

	for (; in != NULL && in->name != NULL; in++) {
		if (in->entity != NULL || in->kind != KIND_BOOLEAN)
			continue;
		for (size_t i = 0; i < t->op.inputs_n; i++) {
			struct input *given = &t->op.inputs[i];

			if (text_same(given->name, text_of(in->name)) &&
			    given->n == 1 && (text_same(given->values[0],
			    T("0")) || text_same(given->values[0],
			    T("false"))))
				given->n = 0;
		}
	}
}

static result
read_inputs(struct turn *t)
{
	const struct http_request *r = &t->request;
	struct pair *pairs = NULL;
	size_t n = 0;

	if (text_same(r->method, T("GET")) || text_same(r->method, T("HEAD"))) {
		TRY(check_query(t));
		TRY(turn_inputs(t, r->ask, r->ask_n));
		empty_what_is_off(t);
		return OK;
	}
	if (r->ask_n > 0)
		return refuse(BAD_REQUEST);
	if ((t->route.row->flags & OP_UPLOAD) != 0) {
		if (r->body.n > 0)
			TRY(turn_parts(t, &pairs, &n));
		TRY(check_pairs(t, pairs, n));
	} else if (r->body.n > 0) {
		if (!request_type_is(r, "application/json"))
			return refuse(MEDIA_TYPE);
		TRY(json_pairs(r->body, t->arena, &t->op.problems, &pairs,
		    &n));
	}
	TRY(turn_inputs(t, pairs, n));
	empty_what_is_off(t);
	turn_digest(t);
	return OK;
}

/* The asked language; else guard has put the user's own. */
static void
choose_language(struct turn *t)
{
	if (t->request.accept_language.n > 0)
		t->op.lang = words_lang(t->request.accept_language);
}

static result
prepare(struct turn *t, text *ret_allow)
{
	text path = t->request.path;

	t->op.door = t->request.shell ? DOOR_SHELL : DOOR_API;
	t->op.request_id = t->request.request_id;
	choose_language(t);
	if (!text_starts(path, T(API_BASE "/")))
		return refuse(NOT_FOUND);
	path.p += strlen(API_BASE);
	path.n -= strlen(API_BASE);
	TRY(ops_route(t->op.door, t->request.method, path, &t->route,
	    ret_allow, t->arena));
	t->routed = true;
	TRY(know_asker(t, t->route.row));
	choose_language(t);
	TRY(read_conditions(t));
	return read_inputs(t);
}

/* ---- the document of this door ---------------------------------------- */

static bool
asks_for_document(const struct turn *t)
{
	return text_same(t->request.path, text_of(openapi_path)) &&
	    (text_same(t->request.method, T("GET")) ||
	    text_same(t->request.method, T("HEAD")));
}

static result
know_reader(struct turn *t)
{
	t->op.door = t->request.shell ? DOOR_SHELL : DOOR_API;
	t->op.request_id = t->request.request_id;
	TRY(know_asker(t, NULL));
	choose_language(t);
	if (!keyring_open(t->office->keyring))
		return refuse(SEALED);
	return id_none(t->op.user.raw) ? refuse(SIGN_IN) : OK;
}

static void
run_document(struct turn *t)
{
	CLEANUP(buf_free) struct buf json = buf_new(ANSWER_MAX);
	result got = know_reader(t);

	if (is_ok(got))
		got = api_openapi(t->office->codes, t->office->words, &json);
	if (is_ok(got))
		api_document(t, &json);
	else
		api_problem(t, got, T(""));
}

/* ---- the request ------------------------------------------------------ */

void
api_run(struct turn *t)
{
	text allow = T("");
	result got = OK;

	if (asks_for_document(t)) {
		run_document(t);
		return;
	}
	if (!t->waiting)
		got = prepare(t, &allow);
	t->waiting = false;
	if (is_ok(got))
		got = ops_run(&t->op, &t->route, &t->once);
	if (got.code == E_WAIT) {
		t->waiting = true;
		return;
	}
	if (is_ok(got))
		api_answer(t);
	else
		api_problem(t, got, allow);
}

void
api_refused(struct turn *t, result why)
{
	t->op.lang = words_lang(t->request.accept_language);
	api_problem(t, why, why.code == E_METHOD ?
	    T("GET, HEAD, POST, PUT, PATCH, DELETE") : T(""));
}
