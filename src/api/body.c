/* A JSON body read into inputs. */
#include "api_inside.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory: a body may hold a passphrase ----------------------------- */

enum { SIZE_BEFORE = 16 };	/* keeps what follows aligned */

static void *
cleared_new(size_t n)
{
	char *p = n > SIZE_MAX - SIZE_BEFORE ? NULL : malloc(n + SIZE_BEFORE);

	if (p == NULL)
		return NULL;
	memcpy(p, &n, sizeof(n));
	return p + SIZE_BEFORE;
}

static void
cleared_free(void *of)
{
	char *p = of;
	size_t n;

	if (p == NULL)
		return;
	p -= SIZE_BEFORE;
	memcpy(&n, p, sizeof(n));
	explicit_bzero(p, n + SIZE_BEFORE);
	free(p);
}

/* Before the first value is made, since each is freed as it was made. */
static void
use_cleared_memory(void)
{
	static bool done;

	if (!done)
		json_set_alloc_funcs(cleared_new, cleared_free);
	done = true;
}

/* ---- what the parser does not say ------------------------------------- */

/* Brackets open at the end of `t`, and the most that ever were. */
static size_t
depth_of(text t, size_t *ret_most)
{
	size_t depth = 0;
	size_t most = 0;
	bool quoted = false;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		most = depth > most ? depth : most;
	}
	*ret_most = most;
	return depth;
}

/* The string that ends `t`, decoded; "" if none does. */
static text
last_string(text t, struct arena *a)
{
	size_t from = t.n;
	text name = T("");
	json_t *v;

	if (t.n < 2 || t.p[t.n - 1] != '"')
		return name;
	for (size_t i = t.n - 1; i-- > 0 && from == t.n;) {
		size_t slashes = 0;

		while (slashes < i && t.p[i - 1 - slashes] == '\\')
			slashes++;
		if (t.p[i] == '"' && slashes % 2 == 0)
			from = i;
	}
	v = json_loadb(t.p + from, t.n - from, JSON_DECODE_ANY, NULL);
	if (json_is_string(v))
		name = arena_text(a, (text){ json_string_value(v),
		    json_string_length(v) });
	json_decref(v);
	return name;
}

static result
refuse_member(struct problems *problems, text name, const char *key)
{
	problem_add(problems, name, key, NULL, 0);
	return refuse(BAD_REQUEST);
}

static result
refuse_json(text body, const json_error_t *error, struct arena *a,
    struct problems *problems)
{
	text so_far = { body.p, (size_t)error->position };
	text at[2];
	size_t most;

	if (json_error_code(error) == json_error_duplicate_key)
		return refuse_member(problems, depth_of(so_far, &most) == 1 ?
		    last_string(so_far, a) : T(""), "problem.duplicate");
	at[0] = arena_format(a, "%d", error->line);
	at[1] = arena_format(a, "%d", error->column);
	problem_add(problems, T(""), "problem.json", at, 2);
	return refuse(BAD_REQUEST);
}

/* ---- values ----------------------------------------------------------- */

struct reading {
	struct arena *arena;
	struct problems *problems;
	struct pair *pairs;
	size_t n;
};

static result
add_pair(struct reading *r, text name, text value)
{
	if (r->n == FORM_NAMES_MAX)
		return refuse(TOO_LARGE);
	r->pairs[r->n++] = (struct pair){ name, value };
	return OK;
}

/* As in a form: CR LF is a line's end, other controls are nobody's. */
static result
add_string(struct reading *r, text name, const json_t *v)
{
	size_t n = json_string_length(v);
	const char *from = json_string_value(v);
	char *to = arena_take(r->arena, n + 1);
	size_t kept = 0;
	text value;

	NEED(to);
	for (size_t i = 0; i < n; i++) {
		if (from[i] == '\n' && kept > 0 && to[kept - 1] == '\r')
			kept--;
		to[kept++] = from[i];
	}
	value = (text){ to, kept };
	if (text_has_control(value, true))
		return refuse_member(r->problems, name, "problem.control");
	return add_pair(r, name, value);
}

static result
add_list(struct reading *r, text name, const json_t *list)
{
	/* An empty list empties, as null does. */
	if (json_array_size(list) == 0)
		return add_pair(r, name, T(""));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);

		if (!json_is_string(v))
			return refuse_member(r->problems, name,
			    "problem.json_list");
		TRY(add_string(r, name, v));
	}
	return OK;
}

static result
add_value(struct reading *r, text name, const json_t *v)
{
	text number;

	switch (json_typeof(v)) {
	case JSON_STRING:
		return add_string(r, name, v);
	case JSON_INTEGER:
		number = arena_format(r->arena, "%lld",
		    (long long)json_integer_value(v));
		NEED(number.p);
		return add_pair(r, name, number);
	case JSON_TRUE:
		return add_pair(r, name, T("1"));
	case JSON_FALSE:
		return add_pair(r, name, T("0"));
	case JSON_NULL:
		return add_pair(r, name, T(""));
	case JSON_ARRAY:
		return add_list(r, name, v);
	case JSON_REAL:
		return refuse_member(r->problems, name,
		    "problem.json_number");
	case JSON_OBJECT:
		return refuse_member(r->problems, name,
		    "problem.json_object");
	}
	return refuse_member(r->problems, name, "problem.json_object");
}

/* All that is wrong, not the first: but a fault, or too much, ends it. */
static result
add_members(struct reading *r, json_t *root)
{
	bool good = true;
	const char *key;
	json_t *v;

	json_object_foreach(root, key, v) {
		text name = arena_text(r->arena, text_of(key));
		result got;

		NEED(name.p);
		/* Names that begin so are the door's own in forms. */
		if (name.n == 0 || name.p[0] == '_') {
			problem_add(r->problems, name, "problem.unknown",
			    &name, 1);
			good = false;
			continue;
		}
		got = add_value(r, name, v);
		if (!is_ok(got) && got.code != E_BAD_REQUEST)
			return got;
		good = good && is_ok(got);
	}
	return good ? OK : refuse(BAD_REQUEST);
}

result
json_pairs(text body, struct arena *a, struct problems *problems,
    struct pair **ret, size_t *ret_n)
{
	struct reading r = { .arena = a, .problems = problems };
	json_error_t error;
	json_t *root;
	size_t depth;
	result got;

	use_cleared_memory();
	r.pairs = arena_array(a, FORM_NAMES_MAX, sizeof(*r.pairs));
	NEED(r.pairs);
	depth_of(body, &depth);
	if (depth > JSON_DEPTH_MAX)
		return refuse_member(problems, T(""), "problem.json_depth");
	root = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return refuse_json(body, &error, a, problems);
	got = json_is_object(root) ? add_members(&r, root) :
	    refuse_member(problems, T(""), "problem.json_object");
	json_decref(root);
	TRY(got);
	*ret = r.pairs;
	*ret_n = r.n;
	return OK;
}

text
json_pointer(struct arena *a, text name)
{
	CLEANUP(buf_free) struct buf b = buf_new(2 * SCGI_VALUE_MAX);

	if (name.n == 0)
		return T("");
	buf_char(&b, '/');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '~')
			buf_text(&b, T("~0"));
		else if (name.p[i] == '/')
			buf_text(&b, T("~1"));
		else
			buf_char(&b, name.p[i]);
	}
	/* A name too long to say is still one member of the body. */
	return b.failed ? T("/") : arena_text(a, buf_view(&b));
}
