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

static result
not_json(struct asker *k, const json_error_t *error)
{
	enum refusal_code code = REFUSED_WRONG_TYPE;

	if (json_error_code(error) == json_error_duplicate_key)
		code = REFUSED_CONFLICT;
	if (json_error_code(error) == json_error_numeric_overflow)
		code = REFUSED_OUT_OF_RANGE;
	return refusal_say(k->arena, k->no, code, T(""),
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
		return not_json(k, &error);
	if (!json_is_object(root))
		return refusal_say(k->arena, k->no, REFUSED_WRONG_TYPE,
		    T(""), "one JSON object is needed");
	TRY(fill(k, root, done.question));
	TRY(kind->answer(k, done.question, done.answer));
	*ret = done;
	return OK;
}
