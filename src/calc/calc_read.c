/* One JSON object as a tree. */
#include "calc.h"

#include <jansson.h>
#include <string.h>

struct level { json_t *of; void *at; size_t index; struct node *to; };

static void
drop(json_t **j)
{
	json_decref(*j);
}

/* A number that is not whole is of no use to any kind: it stays a null. */
static struct node *
add_leaf(struct node *to, const char *name, json_t *v)
{
	text t;

	switch (json_typeof(v)) {
	case JSON_STRING:
		t = (text){ json_string_value(v), json_string_length(v) };
		return node_add_text(to, name, t);
	case JSON_INTEGER:
		return node_add_number(to, name, json_integer_value(v));
	case JSON_TRUE:
	case JSON_FALSE:
		return node_add_bool(to, name, json_is_true(v));
	case JSON_OBJECT:
		return node_add_object(to, name);
	case JSON_ARRAY:
		return node_add_list(to, name);
	case JSON_REAL:
	case JSON_NULL:
		break;
	}
	return node_add_null(to, name);
}

static bool
holds_more(json_t *v)
{
	return json_is_object(v) || json_is_array(v);
}

/* The next value of a level, and its name in the arena; NULL at the end. */
static json_t *
next_value(struct level *l, struct arena *a, const char **ret_name)
{
	json_t *v;

	*ret_name = NULL;
	if (json_is_array(l->of))
		return json_array_get(l->of, l->index++);
	if (l->at == NULL)
		return NULL;
	*ret_name = arena_text(a, text_of(json_object_iter_key(l->at))).p;
	v = json_object_iter_value(l->at);
	l->at = json_object_iter_next(l->of, l->at);
	return v;
}

static struct level
level_of(json_t *of, struct node *to)
{
	return (struct level){ .of = of, .at = json_object_iter(of),
		.to = to };
}

static result
fill(struct asker *k, json_t *root, struct node *to)
{
	struct level level[CALC_DEPTH_MAX];
	size_t depth = 1;

	level[0] = level_of(root, to);
	while (depth > 0) {
		struct level *l = &level[depth - 1];
		const char *name;
		json_t *v = next_value(l, k->arena, &name);
		struct node *n;

		if (v == NULL) {
			depth--;
			continue;
		}
		if (json_is_object(l->of))
			NEED(name);
		n = add_leaf(l->to, name, v);
		NEED(n);
		if (!holds_more(v))
			continue;
		if (depth == CALC_DEPTH_MAX)
			return refusal_say(k->arena, k->no, REFUSED_TOO_LARGE,
			    asking_pointer(k, n), "at most %d levels",
			    (int)CALC_DEPTH_MAX);
		level[depth++] = level_of(v, n);
	}
	return OK;
}

/* ---- where a text stops being JSON ------------------------------------- */

/* The tree as far as it was read, for its pointers: of each container only
 * the member under way, of a list also those before it. */
struct trail {
	struct arena *arena;
	struct node *at;		/* the container that is open */
	struct node *member;		/* NULL: none was begun */
	size_t deeper;			/* open, but below CALC_DEPTH_MAX */
	size_t depth;
	bool name_next;
};

static void
trail_member(struct trail *t, const char *name)
{
	if (t->at != NULL && t->deeper == 0)
		t->member = node_add_object(t->at, name);
}

static void
trail_open(struct trail *t, char c)
{
	if (t->depth == CALC_DEPTH_MAX) {
		t->deeper++;
		return;
	}
	t->depth++;
	t->at = t->depth == 1 ? node_object(t->arena) : t->member;
	if (t->at != NULL && c == '[')
		t->at->kind = NODE_LIST;	/* only now it is known */
	t->member = NULL;
	t->name_next = c == '{';
	if (c == '[')
		trail_member(t, NULL);
}

static void
trail_close(struct trail *t)
{
	if (t->deeper > 0) {
		t->deeper--;
		return;
	}
	if (t->depth == 0 || t->at == NULL)
		return;
	t->depth--;
	t->member = t->at;
	t->at = t->at->up;
	t->name_next = false;
}

static void
trail_comma(struct trail *t)
{
	bool list = t->member != NULL && t->member->name == NULL;

	if (t->deeper > 0)
		return;
	t->name_next = !list;
	t->member = NULL;
	if (list)
		trail_member(t, NULL);
}

/* A string whose first quotation mark was taken; what is left behind it. */
static text
trail_string(struct trail *t, text rest)
{
	size_t n = 0;

	while (n < rest.n && rest.p[n] != '"')
		n += rest.p[n] == '\\' ? 2 : 1;
	if (n >= rest.n)
		return (text){ rest.p + rest.n, 0 };
	if (t->name_next && t->deeper == 0) {
		text name = arena_text(t->arena, (text){ rest.p, n });

		if (name.p != NULL)
			trail_member(t, name.p);
		t->name_next = false;
	}
	return (text){ rest.p + n + 1, rest.n - n - 1 };
}

/* The member under way after these bytes, whose last is where the parser
 * stopped. */
static text
pointer_after(const struct asker *k, text read)
{
	struct trail t = { .arena = k->arena };

	while (read.n > 0) {
		char c = *read.p;

		read = (text){ read.p + 1, read.n - 1 };
		if (c == '"')
			read = trail_string(&t, read);
		else if (c == '{' || c == '[')
			trail_open(&t, c);
		else if (c == '}' || c == ']')
			trail_close(&t);
		else if (c == ',')
			trail_comma(&t);
	}
	if (t.member != NULL)
		return asking_pointer(k, t.member);
	return t.at != NULL ? asking_pointer(k, t.at) : T("");
}

static result
not_json(struct asker *k, text json, const json_error_t *error)
{
	size_t end = error->position > 0 ? (size_t)error->position : 0;
	text at = pointer_after(k, (text){ json.p,
	    end < json.n ? end : json.n });

	if (json_error_code(error) == json_error_duplicate_key)
		return refusal_say(k->arena, k->no, REFUSED_CONFLICT, at,
		    "said twice: keep one; line %d, column %d", error->line,
		    error->column);
	if (json_error_code(error) == json_error_numeric_overflow)
		return refusal_say(k->arena, k->no, REFUSED_OUT_OF_RANGE, at,
		    "too large a number; line %d, column %d", error->line,
		    error->column);
	if (json_error_code(error) == json_error_stack_overflow)
		return refusal_say(k->arena, k->no, REFUSED_TOO_LARGE, at,
		    "at most %d levels", (int)CALC_DEPTH_MAX);
	return refusal_say(k->arena, k->no, REFUSED_WRONG_TYPE, at,
	    "not one JSON object: %s, line %d, column %d", error->text,
	    error->line, error->column);
}

static result
check_length(struct asker *k, text json)
{
	size_t most = 0;

	for (text rest = json; rest.n > 0;) {
		size_t n = text_cut(&rest, '\n').n;

		most = n > most ? n : most;
	}
	if (most <= CALC_LINE_MAX && json.n <= CALC_QUESTION_MAX)
		return OK;
	return refusal_say(k->arena, k->no, REFUSED_TOO_LARGE, T(""),
	    "a line has at most %d bytes, a question %d",
	    (int)CALC_LINE_MAX, (int)CALC_QUESTION_MAX);
}

result
calc_ask(const struct asking_kind *kind, struct asker *k, text json,
    struct calc_answered *ret)
{
	json_error_t error = { .text = "" };
	struct calc_answered done = { node_object(k->arena),
		node_object(k->arena) };

	NEED(done.question);
	NEED(done.answer);
	*k->no = (struct refusal){ 0 };
	TRY(check_length(k, json));

	CLEANUP(drop) json_t *root = json_loadb(json.p, json.n,
	    JSON_REJECT_DUPLICATES, &error);

	if (root == NULL)
		return not_json(k, json, &error);
	if (!json_is_object(root))
		return refusal_say(k->arena, k->no, REFUSED_WRONG_TYPE,
		    T(""), "one JSON object is needed");
	TRY(fill(k, root, done.question));
	TRY(kind->answer(k, done.question, done.answer));
	*ret = done;
	return OK;
}
