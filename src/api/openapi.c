/*
 * The OpenAPI 3.1 document, from the rows of operations and entities.  In
 * English, for those who write programs.
 */
#include "api_inside.h"

#include <string.h>

enum { DOCUMENT_ARENA_MAX = 32 * MIB, LISTS_MAX = 300, TAGS_MAX = 40 };

struct openapi {
	const struct codes *codes;
	const struct words *words;
	struct arena *arena;
	struct node *schemas;
	bool entity[ENTITIES];		/* which schemas are wanted */
	const char *list[LISTS_MAX];	/* and which lists of codes */
	size_t lists;
	bool money;			/* and amounts */
	text tag[TAGS_MAX];
	size_t tags;
	bool failed;			/* a maximum above was too small */
};

static void
add(struct node *to, const char *name, const char *value)
{
	node_add_text(to, name, text_of(value));
}

static void
add_ref(struct openapi *d, struct node *to, const char *kind, text name)
{
	node_add_text(to, "$ref", arena_format(d->arena,
	    "#/components/%s/%.*s", kind, (int)name.n, name.p));
}

/* ---- schemas of values ------------------------------------------------ */

static text
list_schema(struct openapi *d, const char *list)
{
	for (size_t i = 0; i < d->lists; i++) {
		if (strcmp(d->list[i], list) == 0)
			return arena_format(d->arena, "codes_%s", list);
	}
	if (d->lists == LISTS_MAX)
		d->failed = true;
	else
		d->list[d->lists++] = list;
	return arena_format(d->arena, "codes_%s", list);
}

static bool
has_codes(const struct openapi *d, const char *list)
{
	size_t n = 0;

	return list != NULL && codes_list(d->codes, list, &n) != NULL &&
	    n > 0;
}

/* What a value looks like; null, which empties, is added by the caller. */
static const char *
value_ref(enum field_kind kind)
{
	switch (kind) {
	case KIND_DAY:
		return "day";
	case KIND_INSTANT:
		return "instant";
	case KIND_MONEY:
		return "money";
	case KIND_ID:
		return "code";
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_CODES:
	case KIND_INTEGER:
	case KIND_BOOLEAN:
	case KIND_MINUTES:
	case KIND_RATE:
	case KIND_DIGITS:
	case KIND_FILE:
		return NULL;
	}
	return NULL;
}

static void
add_types(struct node *to, const char *type, bool nullable)
{
	struct node *types;

	if (!nullable) {
		add(to, "type", type);
		return;
	}
	types = node_add_list(to, "type");
	add(types, NULL, type);
	add(types, NULL, "null");
}

/* A reference that may be empty as well. */
static void
add_nullable_ref(struct openapi *d, struct node *to, text name,
    bool nullable)
{
	struct node *any;

	if (!nullable) {
		add_ref(d, to, "schemas", name);
		return;
	}
	any = node_add_list(to, "anyOf");
	add_ref(d, node_add_object(any, NULL), "schemas", name);
	add(node_add_object(any, NULL), "type", "null");
}

struct shape {
	enum field_kind kind;
	const char *codes;
	int64_t least, most;
	const char *pattern;
	bool nullable, typed;		/* typed: as an input takes it */
};

static void
add_plain(struct node *to, const struct shape *s)
{
	bool number = s->kind == KIND_INTEGER || s->kind == KIND_MINUTES;
	bool long_text = s->kind == KIND_TEXT || s->kind == KIND_MULTILINE ||
	    s->kind == KIND_DIGITS;

	add_types(to, number ? "integer" : s->kind == KIND_BOOLEAN ?
	    "boolean" : "string", s->nullable);
	if (number && s->most > 0) {
		node_add_number(to, "minimum", s->least);
		node_add_number(to, "maximum", s->most);
	}
	if (long_text && s->most > 0)
		node_add_number(to, "maxLength", s->most);
	if (s->kind == KIND_RATE)
		add(to, "description", "A decimal number, as text.");
}

static void
add_shape(struct openapi *d, struct node *to, const struct shape *s)
{
	const char *ref = value_ref(s->kind);
	struct node *items;

	if (s->kind == KIND_MONEY && s->typed) {
		add_types(to, "string", s->nullable);
		add(to, "description", "An amount in soles: 1200.00");
		return;
	}
	if (ref != NULL) {
		d->money = d->money || s->kind == KIND_MONEY;
		add_nullable_ref(d, to, text_of(ref), s->nullable);
		return;
	}
	if (s->kind == KIND_CODES) {
		add_types(to, "array", s->nullable);
		node_add_number(to, "maxItems", LIST_VALUES_MAX);
		items = node_add_object(to, "items");
		if (has_codes(d, s->codes))
			add_ref(d, items, "schemas", list_schema(d,
			    s->codes));
		else
			add(items, "type", "string");
		return;
	}
	if (s->kind == KIND_CODE && has_codes(d, s->codes)) {
		add_nullable_ref(d, to, list_schema(d, s->codes),
		    s->nullable);
		return;
	}
	add_plain(to, s);
}

/* Beside a $ref of 3.1 a description may stand. */
static void
describe(struct node *to, text words)
{
	for (const struct node *n = to == NULL ? NULL : to->first; n != NULL;
	    n = n->next) {
		if (strcmp(n->name, "description") == 0)
			return;
	}
	if (words.n > 0)
		node_add_text(to, "description", words);
}

static void
add_field(struct openapi *d, struct node *properties, const char *name,
    const struct field *f, bool typed)
{
	struct node *one = node_add_object(properties, name);
	const struct shape s = { .kind = f->kind, .codes = f->codes,
		.least = f->least, .most = f->most, .pattern = f->pattern,
		.nullable = typed ? true : f->kind != KIND_CODES,
		.typed = typed };

	add_shape(d, one, &s);
	describe(one, text_of(f->label[LANG_EN]));
}

static text
entity_schema(struct openapi *d, const struct entity *e)
{
	for (size_t i = 0; i < ENTITIES; i++) {
		if (entity_all[i] == e)
			d->entity[i] = true;
	}
	return arena_format(d->arena, "row_%s", e->name);
}

/* ---- what is answered ------------------------------------------------- */

static bool
is_row(text type)
{
	return text_starts(type, T("row_"));
}

/* One type as shapes.c writes it, without its [] and ?. */
static void
add_one_type(struct openapi *d, struct node *to, text type, bool nullable)
{
	static const char *const plain[] = { "text", "integer", "boolean" };
	text row = { type.p + 4, type.n - 4 };

	for (size_t i = 0; i < LENGTH(plain); i++) {
		if (text_same(type, text_of(plain[i]))) {
			add_types(to, i == 0 ? "string" : plain[i], nullable);
			return;
		}
	}
	if (is_row(type)) {
		type = entity_schema(d, entity_named(row));
	} else if (type.p[0] == '=') {
		type = list_schema(d, arena_text(d->arena,
		    (text){ type.p + 1, type.n - 1 }).p);
	}
	add_nullable_ref(d, to, type, nullable);
}

static void
add_member(struct openapi *d, struct node *properties, text name, text type)
{
	text terminated = arena_text(d->arena, name);
	struct node *one;

	if (terminated.p == NULL) {
		d->failed = true;
		return;
	}
	one = node_add_object(properties, terminated.p);
	if (text_ends(type, T("[]"))) {
		add(one, "type", "array");
		type.n -= 2;
		add_one_type(d, node_add_object(one, "items"), type, false);
		return;
	}
	if (text_ends(type, T("?")))
		add_one_type(d, one, (text){ type.p, type.n - 1 }, true);
	else
		add_one_type(d, one, type, false);
}

static void
add_members(struct openapi *d, struct node *properties,
    const struct api_shape *shape)
{
	text rest = shape == NULL ? T("") : text_of(shape->members);

	while (rest.n > 0) {
		text type = text_cut(&rest, ' ');
		text name = text_cut(&type, ':');

		add_member(d, properties, name, type);
	}
}

static bool
has_member(const struct api_shape *shape, text name)
{
	text rest = shape == NULL ? T("") : text_of(shape->members);

	while (rest.n > 0) {
		text type = text_cut(&rest, ' ');

		if (text_same(text_cut(&type, ':'), name))
			return true;
	}
	return false;
}

/* An answer has the version of the first object in it, if that is a row. */
static bool
has_version(const struct api_shape *shape)
{
	text rest = shape == NULL ? T("") : text_of(shape->members);

	while (rest.n > 0) {
		text type = text_cut(&rest, ' ');

		text_cut(&type, ':');
		if (text_ends(type, T("[]")))
			continue;
		if (is_row(type))
			return true;
		if (api_shape(type) != NULL)
			return false;
	}
	return false;
}

/* ---- inputs ----------------------------------------------------------- */

/* Parts of one name, each with a file name. */
static void
add_files(struct node *one, const struct in *in)
{
	struct node *items = one;

	if ((in->flags & IN_MANY) != 0) {
		add(one, "type", "array");
		node_add_number(one, "minItems", 1);
		node_add_number(one, "maxItems", BODY_PARTS_MAX);
		items = node_add_object(one, "items");
	}
	add(items, "type", "string");
	add(items, "contentMediaType", "application/octet-stream");
}

static void
add_input(struct openapi *d, struct node *properties, const struct in *in)
{
	struct node *one;
	struct shape s = { .kind = in->kind, .codes = in->codes,
		.most = in->kind == KIND_TEXT && in->most == 0 ? 200 :
		    in->most, .nullable = true, .typed = true };

	if (in->entity != NULL) {
		add_field(d, properties, in->name,
		    &in->entity->fields[in->field], true);
		return;
	}
	one = node_add_object(properties, in->name);
	if (in->kind == KIND_FILE) {
		add_files(one, in);
		describe(one, words_get(d->words, LANG_EN, in->label));
		return;
	}
	if ((in->flags & IN_MANY) != 0)
		s.kind = KIND_CODES;
	add_shape(d, one, &s);
	if ((in->flags & IN_SECRET) != 0)
		node_add_bool(one, "writeOnly", true);
	describe(one, words_get(d->words, LANG_EN, in->label));
}

static void
add_body(struct openapi *d, struct node *op, const struct op_row *row)
{
	const struct in *in = row->inputs;
	struct node *body;
	struct node *schema;
	struct node *properties;
	struct node *required = NULL;

	if (in == NULL || in->name == NULL)
		return;
	body = node_add_object(op, "requestBody");
	node_add_bool(body, "required", true);
	schema = node_add_object(node_add_object(node_add_object(body,
	    "content"), (row->flags & OP_UPLOAD) != 0 ?
	    "multipart/form-data" : "application/json"), "schema");
	add(schema, "type", "object");
	node_add_bool(schema, "additionalProperties", false);
	properties = node_add_object(schema, "properties");
	for (; in->name != NULL; in++)
		add_input(d, properties, in);
	/* An edit sends what it changes, and no more. */
	if ((row->flags & OP_NEEDS_VERSION) != 0)
		return;
	for (in = row->inputs; in->name != NULL; in++) {
		if ((in->flags & IN_REQUIRED) == 0)
			continue;
		if (required == NULL)
			required = node_add_list(schema, "required");
		add(required, NULL, in->name);
	}
}

/* ---- parameters ------------------------------------------------------- */

static void
add_path_parameters(struct openapi *d, struct node *list, text path)
{
	while (path.n > 0) {
		text part = text_cut(&path, '/');
		struct node *one;
		text name;

		if (part.n < 3 || part.p[0] != '{')
			continue;
		name = arena_text(d->arena, (text){ part.p + 1, part.n - 2 });
		one = node_add_object(list, NULL);
		node_add_text(one, "name", name);
		add(one, "in", "path");
		node_add_bool(one, "required", true);
		if (name.p != NULL && ops_param_entity(name.p) != NULL)
			add_ref(d, node_add_object(one, "schema"), "schemas",
			    T("code"));
		else
			add(node_add_object(one, "schema"), "type", "string");
	}
}

static void
add_shared(struct openapi *d, struct node *list, const char *name)
{
	add_ref(d, node_add_object(list, NULL), "parameters", text_of(name));
}

static void
add_query(struct openapi *d, struct node *list, const struct op_row *row)
{
	for (const struct in *in = row->inputs; in != NULL &&
	    in->name != NULL; in++) {
		struct node *one = node_add_object(list, NULL);
		struct node *schemas = node_object(d->arena);
		struct node *schema;

		add(one, "name", in->name);
		add(one, "in", "query");
		add_input(d, schemas, in);
		schema = schemas == NULL ? NULL : schemas->first;
		node_move(one, "schema", schema);
	}
	for (size_t i = 0; i < LENGTH(api_paging); i++) {
		if (api_pages(row, &api_paging[i]))
			add_shared(d, list, api_paging[i].name);
	}
}

static void
add_parameters(struct openapi *d, struct node *op, const struct op_row *row,
    text path)
{
	struct node *list = node_add_list(op, "parameters");
	bool changes = (row->flags & OP_CHANGES) != 0;

	add_path_parameters(d, list, path);
	if (!changes)
		add_query(d, list, row);
	if (!changes)
		add_shared(d, list, "if_none_match");
	if ((row->flags & OP_NEEDS_VERSION) != 0)
		add_shared(d, list, "if_match");
	if (changes && (row->flags & OP_PUBLIC) == 0)
		add_shared(d, list, "idempotency_key");
	add_shared(d, list, "accept_language");
}

/* ---- responses -------------------------------------------------------- */

static void
add_done(struct openapi *d, struct node *responses, const struct op_row *row)
{
	const struct api_shape *shape = api_shape(text_of(row->name));
	bool creates = (row->flags & OP_CREATES) != 0;
	struct node *done = node_add_object(responses, creates ? "201" :
	    "200");
	struct node *headers = node_object(d->arena);
	struct node *content = node_add_object(done, "content");
	struct node *schema;

	add(done, "description", creates ? "Made; Location says where." :
	    "Done.");
	/* The paper; and an empty object for a key that had it before. */
	if ((row->flags & OP_PAPER) != 0)
		node_add_object(content, "application/pdf");
	if ((row->flags & OP_FILE) != 0)
		node_add_object(content, "application/octet-stream");
	if ((row->flags & OP_PICTURE) != 0)
		node_add_object(content, "image/png");
	schema = node_add_object(node_add_object(content,
	    "application/json"), "schema");
	if (creates)
		add_ref(d, node_add_object(headers, "Location"), "headers",
		    T("location"));
	if (api_pages(row, &api_paging[0]))
		add_ref(d, node_add_object(headers, "Link"), "headers",
		    T("link"));
	if (has_version(shape))
		add_ref(d, node_add_object(headers, "ETag"), "headers",
		    T("etag"));
	if (headers != NULL && headers->n > 0)
		node_move(done, "headers", headers);
	add(schema, "type", "object");
	add_members(d, node_add_object(schema, "properties"), shape);
}

static void
add_refusals(struct openapi *d, struct node *responses,
    const struct op_row *row)
{
	bool changes = (row->flags & OP_CHANGES) != 0;
	bool open = (row->flags & OP_PUBLIC) != 0;
	bool version = (row->flags & OP_NEEDS_VERSION) != 0;
	const struct { const char *status; bool when; } all[] = {
		{ "304", !changes }, { "400", true }, { "401", !open },
		{ "403", !open }, { "404", true }, { "409", changes },
		{ "412", version }, { "413", changes }, { "415", changes },
		{ "422", changes }, { "428", version }, { "429", true },
		{ "503", true },
	};

	for (size_t i = 0; i < LENGTH(all); i++) {
		if (!all[i].when)
			continue;
		add_ref(d, node_add_object(responses, all[i].status),
		    "responses", strcmp(all[i].status, "304") == 0 ?
		    T("unchanged") : T("refused"));
	}
}

/* ---- operations ------------------------------------------------------- */

static text
identifier(struct openapi *d, const char *name)
{
	text t = arena_text(d->arena, text_of(name));
	char *p = arena_take(d->arena, t.n + 1);

	if (t.p == NULL || p == NULL)
		return T("");
	for (size_t i = 0; i < t.n; i++)
		p[i] = t.p[i] == '.' || t.p[i] == '-' ? '_' : t.p[i];
	return (text){ p, t.n };
}

static text
tag_of(struct openapi *d, const struct op_row *row)
{
	text noun = api_noun(d->arena, row->name);

	for (size_t i = 0; i < d->tags; i++) {
		if (text_same(d->tag[i], noun))
			return noun;
	}
	if (d->tags == TAGS_MAX)
		d->failed = true;
	else
		d->tag[d->tags++] = noun;
	return noun;
}

static text
summary(struct openapi *d, const struct op_row *row)
{
	text said = api_word(d->words, LANG_EN, d->arena, row->name, "title");

	return said.n > 0 ? said : text_of(row->name);
}

static void
add_operation(struct openapi *d, struct node *item, const struct op_row *row,
    text method, text path)
{
	char *name = arena_take(d->arena, method.n + 1);
	struct node *op;
	struct node *responses;

	if (name == NULL) {
		d->failed = true;
		return;
	}
	for (size_t i = 0; i < method.n; i++)
		name[i] = (char)(method.p[i] | 0x20);
	op = node_add_object(item, name);
	node_add_text(op, "operationId", identifier(d, row->name));
	node_add_text(op, "summary", summary(d, row));
	node_add_text(node_add_list(op, "tags"), NULL, tag_of(d, row));
	/* What a token's list of operations calls it. */
	add(op, "x-operation", row->name);
	if ((row->flags & OP_PUBLIC) != 0)
		node_add_list(op, "security");
	add_parameters(d, op, row, path);
	if ((row->flags & OP_CHANGES) != 0)
		add_body(d, op, row);
	responses = node_add_object(op, "responses");
	add_done(d, responses, row);
	add_refusals(d, responses, row);
}

/* The path of a row that is told at its first row. */
static bool
told_before(const struct op_row *row, text path)
{
	const struct op_row *r = NULL;

	while ((r = ops_next(r)) != row) {
		text other = text_of(r->api);

		text_cut(&other, ' ');
		if (r->api != NULL && text_same(other, path))
			return true;
	}
	return false;
}

static void
add_paths(struct openapi *d, struct node *root)
{
	struct node *paths = node_add_object(root, "paths");
	const struct op_row *row = NULL;

	while ((row = ops_next(row)) != NULL) {
		const struct op_row *r = row;
		struct node *item;
		text path = text_of(row->api);

		text_cut(&path, ' ');
		if (row->api == NULL || told_before(row, path))
			continue;
		item = node_add_object(paths, path.p);
		for (; r != NULL; r = ops_next(r)) {
			text other = text_of(r->api);
			text method = text_cut(&other, ' ');

			if (r->api != NULL && text_same(other, path))
				add_operation(d, item, r, method, path);
		}
	}
}

/* ---- what is shared --------------------------------------------------- */

static void
add_parameter(struct node *to, const char *key, const char *in,
    const char *name, const char *about, const char *type)
{
	struct node *one = node_add_object(to, key);

	add(one, "name", name);
	add(one, "in", in);
	add(one, "description", about);
	if (strcmp(key, "if_match") == 0)
		node_add_bool(one, "required", true);
	add(node_add_object(one, "schema"), "type", type);
}

static void
add_shared_parameters(struct node *components)
{
	struct node *to = node_add_object(components, "parameters");

	add_parameter(to, "cursor", "query", "cursor",
	    "Where to go on: from `next` or `previous` of a page.", "string");
	add_parameter(to, "limit", "query", "limit",
	    "Rows of a page, 1 to 100; 50 if not given.", "integer");
	add_parameter(to, "sort", "query", "sort",
	    "A member of the rows; with - before it, downwards.", "string");
	add_parameter(to, "if_match", "header", "If-Match",
	    "The ETag that was read: a change of what somebody else has "
	    "changed since is refused.", "string");
	add_parameter(to, "if_none_match", "header", "If-None-Match",
	    "ETags that are at hand already: 304 if one still holds.",
	    "string");
	add_parameter(to, "idempotency_key", "header", "Idempotency-Key",
	    "At most one effect for each key within 24 hours; the same "
	    "request again is given the answer of the one that had it, "
	    "without a secret.", "string");
	add_parameter(to, "accept_language", "header", "Accept-Language",
	    "Language of the words in answers: es or en.", "string");
}

static void
add_header(struct node *to, const char *name, const char *about)
{
	struct node *one = node_add_object(to, name);

	add(one, "description", about);
	add(node_add_object(one, "schema"), "type", "string");
}

static void
add_shared_headers(struct node *components)
{
	struct node *to = node_add_object(components, "headers");

	add_header(to, "location", "Where the new row is read; not there "
	    "if nothing reads it by itself.");
	add_header(to, "link", "The pages beside this one: rel next, prev.");
	add_header(to, "etag", "The version of the row that the answer is "
	    "about, with a digest behind it where there is more in it.");
}

static void
add_shared_responses(struct openapi *d, struct node *components)
{
	struct node *to = node_add_object(components, "responses");
	struct node *refused = node_add_object(to, "refused");

	add(refused, "description", "Refused: what, and what to do.  Nothing "
	    "was changed.");
	add_ref(d, node_add_object(node_add_object(node_add_object(refused,
	    "content"), "application/problem+json"), "schema"), "schemas",
	    T("problem"));
	add(node_add_object(to, "unchanged"), "description",
	    "One of the ETags given still holds.");
}

static struct node *
add_object_schema(struct openapi *d, const char *name, const char *about,
    struct node **ret_properties)
{
	struct node *one = node_add_object(d->schemas, name);

	add(one, "type", "object");
	if (about != NULL)
		add(one, "description", about);
	*ret_properties = node_add_object(one, "properties");
	return one;
}

static struct node *
add_property(struct node *properties, const char *name, const char *type,
    const char *about)
{
	struct node *one = node_add_object(properties, name);

	add(one, "type", type);
	if (about != NULL)
		add(one, "description", about);
	return one;
}

static void
require(struct node *schema, const char *const *names, size_t n)
{
	struct node *list = node_add_list(schema, "required");

	for (size_t i = 0; i < n; i++)
		add(list, NULL, names[i]);
}

static void
add_problem_schema(struct openapi *d)
{
	static const char *const always[] = { "type", "title", "status",
		"code" };
	struct node *p;
	struct node *error;
	struct node *one = add_object_schema(d, "problem",
	    "A refusal or a fault (RFC 9457).", &p);

	require(one, always, LENGTH(always));
	add_property(p, "type", "string", NULL);
	add_property(p, "title", "string", "What happened.");
	add_property(p, "status", "integer", NULL);
	add_property(p, "code", "string", "The same, for programs.");
	add_property(p, "detail", "string", "What to do.");
	add_property(p, "request", "string", "Of a fault: the number to "
	    "tell the technician.");
	error = node_add_object(add_property(p, "errors", "array",
	    "Every input that has to be put right."), "items");
	add(error, "type", "object");
	p = node_add_object(error, "properties");
	add_property(p, "pointer", "string", "JSON Pointer to the input, in "
	    "the body or among those of the query; empty: the whole.");
	add_property(p, "code", "string", NULL);
	add_property(p, "detail", "string", NULL);
}

static void
add_money_schema(struct openapi *d)
{
	static const char *const both[] = { "minor", "currency" };
	struct node *p;
	struct node *one = add_object_schema(d, "money",
	    "An amount, in hundredths.", &p);

	require(one, both, LENGTH(both));
	add_property(p, "minor", "integer", NULL);
	add_property(p, "currency", "string", "ISO 4217");
}

static void
add_value_schemas(struct openapi *d)
{
	struct node *one = add_property(d->schemas, "code", "string",
	    "Six characters and a check character, as shown everywhere.");

	add(one, "pattern",
	    "^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}$");
	one = add_property(d->schemas, "day", "string", "A day; only a month "
	    "or a year where no more is known; ~ for a guess.");
	add(one, "pattern",
	    "^(~?[0-9]{4}|[0-9]{4}-[0-9]{2}(-[0-9]{2})?)$");
	one = add_property(d->schemas, "instant", "string", "UTC.");
	add(one, "format", "date-time");
}

static void
add_row_schema(struct openapi *d, const struct entity *e)
{
	const struct api_shape *shape = api_shape(entity_schema(d, e));
	static const char *const always[] = { "id", "v" };
	struct node *p;
	struct node *one = add_object_schema(d, entity_schema(d, e).p,
	    "Members of a class that the asker may not open are left out.",
	    &p);

	require(one, always, LENGTH(always));
	add_ref(d, node_add_object(p, "id"), "schemas", T("code"));
	add_property(p, "v", "integer", "Version.");
	for (size_t i = 0; i < e->n; i++) {
		if (!has_member(shape, text_of(e->fields[i].name)))
			add_field(d, p, e->fields[i].name, &e->fields[i],
			    false);
	}
	add_members(d, p, shape);
}

/* The shapes that stand in answers; operations and rows have theirs. */
static void
add_shape_schemas(struct openapi *d)
{
	size_t n;
	const struct api_shape *s = api_shapes(&n);
	struct node *p;

	for (size_t i = 0; i < n; i++) {
		text of = text_of(s[i].of);

		if (is_row(of) || ops_named(of) != NULL)
			continue;
		add_object_schema(d, s[i].of, "What the asker may not see is "
		    "left out.", &p);
		add_members(d, p, &s[i]);
	}
}

static void
add_list_schema(struct openapi *d, const char *list)
{
	struct node *one = node_add_object(d->schemas,
	    list_schema(d, list).p);
	struct node *values;
	size_t n;
	const struct code *c = codes_list(d->codes, list, &n);

	add(one, "type", "string");
	values = node_add_list(one, "enum");
	for (size_t i = 0; i < n; i++)
		node_add_text(values, NULL, c[i].code);
}

/* Only what was referred to; rows refer to lists, so they come first. */
static void
add_schemas(struct openapi *d)
{
	bool used[ENTITIES];

	add_problem_schema(d);
	add_value_schemas(d);
	add_shape_schemas(d);
	memcpy(used, d->entity, sizeof(used));
	for (size_t i = 0; i < ENTITIES; i++) {
		if (used[i])
			add_row_schema(d, entity_all[i]);
	}
	for (size_t i = 0; i < d->lists; i++)
		add_list_schema(d, d->list[i]);
	if (d->money)
		add_money_schema(d);
}

static void
add_components(struct openapi *d, struct node *root)
{
	struct node *components = node_add_object(root, "components");
	struct node *bearer = node_add_object(node_add_object(components,
	    "securitySchemes"), "bearer");

	add(bearer, "type", "http");
	add(bearer, "scheme", "bearer");
	add(bearer, "description", "A token made under My account, or the "
	    "`secret` of POST /session.");
	add_shared_parameters(components);
	add_shared_headers(components);
	add_shared_responses(d, components);
	d->schemas = node_add_object(components, "schemas");
	add_schemas(d);
}

static void
add_tags(struct openapi *d, struct node *root)
{
	struct node *list = node_add_list(root, "tags");

	for (size_t i = 0; i < d->tags; i++) {
		struct node *one = node_add_object(list, NULL);
		text said = api_word(d->words, LANG_EN, d->arena,
		    d->tag[i].p, "tag");

		node_add_text(one, "name", d->tag[i]);
		node_add_text(one, "description", said.n > 0 ? said :
		    arena_format(d->arena, "Operations upon: %.*s.",
		    (int)d->tag[i].n, d->tag[i].p));
	}
}

static void
add_info(struct node *root)
{
	struct node *info = node_add_object(root, "info");
	struct node *license;

	add(info, "title", "alas");
	add(info, "version", ALAS_VERSION);
	add(info, "summary", "The office's operations, for programs.");
	license = node_add_object(info, "license");
	add(license, "name", "AGPL-3.0-or-later");
	add(license, "identifier", "AGPL-3.0-or-later");
}

static void
build(struct openapi *d, struct node *root)
{
	add(root, "openapi", "3.1.0");
	add_info(root);
	add(node_add_object(node_add_list(root, "servers"), NULL), "url",
	    API_BASE);
	node_add_list(node_add_object(node_add_list(root, "security"), NULL),
	    "bearer");
	add_paths(d, root);
	add_tags(d, root);
	add_components(d, root);
}

result
api_openapi(const struct codes *codes, const struct words *words,
    struct buf *out)
{
	struct openapi d = { .codes = codes, .words = words,
		.arena = arena_new(DOCUMENT_ARENA_MAX) };
	struct node *root = d.arena == NULL ? NULL : node_object(d.arena);
	result got = fault(NO_MEMORY);

	if (root != NULL) {
		build(&d, root);
		got = d.failed ? fault(BUG) : node_whole(root);
	}
	if (is_ok(got)) {
		node_json(root, out);
		buf_char(out, '\n');
		got = buf_end(out);
	}
	arena_free(d.arena);
	return got;
}
