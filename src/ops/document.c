/*
 * Papers of a person and of a matter: brought in, looked at, taken out.
 *
 * The original is kept as it came and is never opened here: what people
 * look at are pixels and text that alas-filter made of one page, anew each
 * time, so that nothing made of a paper lies anywhere.
 */
#include "ops_inside.h"

#include "content.h"
#include "fields.h"
#include "record.h"
#include "view.h"

#include <stdlib.h>
#include <string.h>

enum { TITLE_MAX = 120 };
static const uint64_t object_bytes_max = (uint64_t)2048 * MIB;

/* ---- what hangs where ------------------------------------------------- */

static int
parent_field(enum object_kind kind)
{
	return kind == OBJECT_PERSON ? DOCUMENT_PERSON_ID :
	    DOCUMENT_MATTER_ID;
}

/* What is between lawyer and client is for nobody from outside. */
static bool
hidden(const struct op *op, const struct document *d)
{
	return text_same(d->mark, T("privileged")) && guard_is_guest(op);
}

static result
load(struct op *op, const struct reach *reach, struct document **ret)
{
	struct document *d = entity_new(op->arena, &entity_document);

	NEED(d);
	TRY(facts_get(op, reach, &entity_document,
	    op->objects[op->objects_n - 1], d));
	if (hidden(op, d))
		return refuse(NOT_FOUND);
	*ret = d;
	return OK;
}

static void
show(struct op *op, struct node *to, const struct document *d,
    class_mask mask)
{
	char hex[2 * sizeof(d->file.original_sha256) + 1] = "";

	entity_show(to, &entity_document, d, mask);
	if ((mask & 1u << IN_CASE) == 0 || !d->file.known)
		return;
	hex_write(hex, d->file.original_sha256,
	    sizeof(d->file.original_sha256));
	node_add_text(to, "file_type", d->file.type);
	node_add_number(to, "file_length", (int64_t)d->file.length);
	node_add_text(to, "file_sha256", arena_text(op->arena,
	    (text){ hex, sizeof(hex) - 1 }));
}

/* By its own day, else by when it came. */
static int
newest_first(const void *a, const void *b)
{
	const struct document *x = *(void *const *)a;
	const struct document *y = *(void *const *)b;

	if (x->dated_on.known && y->dated_on.known &&
	    x->dated_on.n != y->dated_on.n)
		return x->dated_on.n > y->dated_on.n ? -1 : 1;
	return x->row.seq == y->row.seq ? id_order(x->row.id, y->row.id) :
	    x->row.seq > y->row.seq ? -1 : 1;
}

result
ops_add_documents(struct op *op, enum object_kind kind)
{
	const struct reach *reach;
	struct node *list;
	void **rows;
	size_t n;

	TRY(ops_reach_part(op, kind == OBJECT_PERSON ?
	    AREA_DOCUMENTS_PERSON : AREA_DOCUMENTS_CASE, LEVEL_READ, kind,
	    op->objects[0], &reach));
	if (reach == NULL)
		return OK;
	TRY(facts_children(op, reach, &entity_document, parent_field(kind),
	    op->objects[0], &rows, &n));
	qsort(rows, n, sizeof(*rows), newest_first);
	list = node_add_list(op->answer, "documents");
	for (size_t i = 0; i < n; i++) {
		if (!hidden(op, rows[i]))
			show(op, node_add_object(list, NULL), rows[i],
			    reach->mask);
	}
	return OK;
}

/* ---- adding ----------------------------------------------------------- */

struct brought { file_ref file; text bytes; enum content kind; };

static void
refuse_file(struct op *op, text name, const char *key)
{
	problem_add(&op->problems, T("file"), key, &name, 1);
}

static result
look_at(struct op *op, const struct upload *u, struct brought *ret)
{
	const char *why = "content.unknown";
	text name;
	result got = content_name(op->arena, u->name, &name);

	if (got.code == E_INVALID) {
		refuse_file(op, T("?"), "content.name");
		return OK;
	}
	TRY(got);
	got = content_look(name, u->bytes, &ret->kind, &why);
	if (got.code == E_INVALID) {
		refuse_file(op, name, why);
		return OK;
	}
	TRY(got);
	ret->bytes = u->bytes;
	ret->file.name = name;
	ret->file.type = text_of(content_type(ret->kind));
	return OK;
}

static result
look_at_all(struct op *op, struct brought **ret)
{
	struct brought *list = arena_array(op->arena, op->uploads_n + 1,
	    sizeof(*list));

	NEED(list);
	if (op->uploads_n == 0)
		op_problem(op, "file", "problem.no_file");
	for (size_t i = 0; i < op->uploads_n; i++) {
		if (!text_same(op->uploads[i].field, T("file")))
			return refuse(BAD_REQUEST);
		TRY(look_at(op, &op->uploads[i], &list[i]));
	}
	*ret = list;
	return OK;
}

/* What the office does not unpack is unpacked by the filter, once, before
 * anything is kept.  WAIT. */
static result
open_packed(struct op *op, const struct brought *list)
{
	struct errand *e = &op->errand;
	size_t *at = op->kept;

	if (at == NULL)
		at = arena_take(op->arena, sizeof(*at));
	NEED(at);
	op->kept = at;
	if (e->done && *at < op->uploads_n) {
		if (e->failed.code == E_BUSY)
			return e->failed;
		if (!is_ok(e->failed))
			refuse_file(op, list[*at].file.name,
			    "content.packed");
		TRY(op_problems(op));
		++*at;
	}
	while (*at < op->uploads_n && list[*at].kind != CONTENT_DOCX &&
	    list[*at].kind != CONTENT_XLSX && list[*at].kind != CONTENT_ODT)
		++*at;
	if (*at == op->uploads_n)
		return OK;
	*e = (struct errand){ .kind = ERRAND_FILTER, .filter = "packed",
		.document = list[*at].bytes };
	return refuse(WAIT);
}

/* Everything that hangs there already, and what comes. */
static result
check_room(struct op *op, const struct reach *reach,
    const struct brought *list)
{
	uint64_t bytes = 0;
	void **rows;
	size_t n;
	result got;

	TRY(facts_children(op, reach, &entity_document,
	    parent_field(reach->kind), reach->object, &rows, &n));
	for (size_t i = 0; i < n; i++)
		bytes += ((const struct document *)rows[i])->file.length;
	for (size_t i = 0; i < op->uploads_n; i++)
		bytes += list[i].bytes.n;
	if (bytes > object_bytes_max)
		op_problem(op, "file", "problem.documents_room");
	if (n + op->uploads_n > CHILDREN_MAX)
		op_problem(op, "file", "problem.documents_many");
	TRY(op_problems(op));
	got = guard_count_uploads(op, (uint32_t)op->uploads_n);
	if (got.code != E_TOO_MANY)
		return got;
	op_problem(op, "file", "problem.uploads_day");
	return op_problems(op);
}

/* Several that came under one title are told apart by their number. */
static text
title_of(struct op *op, text title, size_t i)
{
	if (op->uploads_n == 1)
		return title;
	return arena_format(op->arena, "%.*s (%zu)", (int)title.n, title.p,
	    i + 1);
}

static result
keep_one(struct op *op, const struct reach *reach,
    const struct document *typed, const struct brought *b, size_t i, id *ret)
{
	struct document *d = entity_new(op->arena, &entity_document);
	const struct office *o = op->office;

	NEED(d);
	*d = *typed;
	d->title = title_of(op, typed->title, i);
	NEED(d->title.p);
	d->file = b->file;
	TRY(files_add(o->folder, o->chance, b->bytes, &d->file));
	TRY(op_file_made(op, &d->file));
	TRY(facts_insert(op, reach, &entity_document, d));
	show(op, node_add_object(ops_member(op->answer, "documents"), NULL),
	    d, reach->mask);
	*ret = d->row.id;
	return OK;
}

static result
run_add(struct op *op, const struct reach *reach)
{
	struct document *d = entity_new(op->arena, &entity_document);
	struct brought *list;
	id one[2] = { reach->object };

	NEED(d);
	if (reach->kind == OBJECT_PERSON)
		d->person_id.raw = reach->object;
	else
		d->matter_id.raw = reach->object;
	d->mark = T("internal");
	d->file.known = true;	/* each row gets its own below */
	TRY(ops_fill(op, reach, &entity_document, d));
	if (op->uploads_n > 1 && text_characters(title_of(op, d->title,
	    op->uploads_n)) > TITLE_MAX)
		problem_add_bounds(&op->problems, T("title"),
		    "problem.too_long", 0, TITLE_MAX - 5);
	TRY(look_at_all(op, &list));
	TRY(op_problems(op));
	TRY(open_packed(op, list));
	TRY(check_room(op, reach, list));
	node_add_list(op->answer, "documents");
	for (size_t i = 0; i < op->uploads_n; i++)
		TRY(keep_one(op, reach, d, &list[i], i, &one[1]));
	if (op->uploads_n == 1)
		op->location = ops_path(op, reach->kind == OBJECT_PERSON ?
		    "/people/{}/documents/{}" : "/matters/{}/documents/{}",
		    one, 2);
	return ops_commit(op, EVENT_DOCUMENT_ADDED,
	    ops_home_entity(reach->kind), reach->object);
}

static void
begin_document(const struct op *op, void *row)
{
	struct document *d = row;

	(void)op;
	d->mark = T("internal");
}

static const struct record document_record = {
	.entity = &entity_document, .member = "document",
	.added = EVENT_DOCUMENT_ADDED, .changed = EVENT_DOCUMENT_CHANGED,
	.begin = begin_document };

/* ---- looking ---------------------------------------------------------- */

/* The page asked for; 0: none. */
static result
read_page(struct op *op, int64_t *ret)
{
	text typed = op_input(op, "page");

	*ret = 0;
	if (typed.n == 0)
		return OK;
	if (!text_integer(typed, ret) || *ret < 1 || *ret > PAGE_NUMBER_MAX) {
		problem_add_bounds(&op->problems, T("page"),
		    "problem.out_of_range", 1, PAGE_NUMBER_MAX);
		return refuse(BAD_REQUEST);
	}
	return OK;
}

/* WAIT: what alas-filter makes of the page, by `what` of view.h. */
static result
ask_view(struct op *op, const struct document *d, int64_t page,
    enum view_wanted what)
{
	uint8_t head[VIEW_HEAD] = { (uint8_t)what };
	enum content kind;

	if (!d->file.known || !content_of_type(d->file.type, &kind))
		return refuse(INVALID);
	head[1] = (uint8_t)view_kind(kind);
	if (head[1] == VIEW_NONE)
		return refuse(INVALID);
	put_u32(head + 4, (uint32_t)page);
	op->errand = (struct errand){ .kind = ERRAND_FILTER,
		.filter = head[1] == VIEW_PDF ? "view-pdf" : "view",
		.file = &d->file,
		.document = arena_text(op->arena,
		    (text){ (const char *)head, sizeof(head) }) };
	NEED(op->errand.document.p);
	return refuse(WAIT);
}

static const char *
why_no_view(result failed)
{
	if (failed.code == E_BUSY)
		return "document.view_busy";
	if (failed.code == E_NOT_FOUND || failed.code == E_SEALED_RECORD)
		return "document.view_missing";
	return failed.code == E_INVALID ? "document.view_none" :
	    "document.view_stopped";
}

/* Sealed, whole, unlooked-at: what the page says when there is no view. */
static void
add_view(struct op *op, int64_t page, result failed, text made)
{
	struct node *view = node_add_object(op->answer, "view");
	bool there = is_ok(failed) && made.n >= VIEW_ANSWER;

	node_add_number(view, "page", page);
	node_add_bool(view, "there", there);
	if (!there) {
		node_add_word(view, "why", why_no_view(failed));
		return;
	}
	node_add_number(view, "pages", get_u32(made.p));
	node_add_bool(view, "picture", get_u32(made.p + 4) != 0);
	made = (text){ made.p + VIEW_ANSWER, made.n - VIEW_ANSWER };
	node_add_text(view, "text", text_is_utf8(made) &&
	    !text_has_control(made, true) ? made : T(""));
}

static const struct { enum object_kind kind; enum area area; } writes[] = {
	{ OBJECT_PERSON, AREA_DOCUMENTS_PERSON },
	{ OBJECT_MATTER, AREA_DOCUMENTS_CASE },
};

static void
add_rights(struct op *op, const struct reach *reach)
{
	struct node *may = node_add_object(op->answer, "may");

	for (size_t i = 0; i < LENGTH(writes); i++) {
		if (writes[i].kind == reach->kind)
			node_add_bool(may, "edit", guard_may(op,
			    writes[i].area, LEVEL_WRITE, reach->kind,
			    reach->object));
	}
	/* Whoever reads in an emergency takes nothing along. */
	node_add_bool(may, "original", !reach->flagged);
}

static result
run_show(struct op *op, const struct reach *reach)
{
	struct document *d;
	struct node *one;
	int64_t page;
	result view = OK;

	TRY(load(op, reach, &d));
	TRY(read_page(op, &page));
	if (page > 0 && !op->errand.done)
		view = ask_view(op, d, page, VIEW_TEXT);
	if (view.code == E_WAIT)
		return view;
	audit_read(op, ops_home_entity(reach->kind)->name, reach->object);
	one = node_add_object(op->answer, "document");
	show(op, one, d, reach->mask);
	node_add_bool(one, "missing", d->file.known &&
	    !files_there(op->office->folder, &d->file));
	if (reach->kind == OBJECT_PERSON)
		TRY(desk_add_called(op, op->answer, "person",
		    (person_id){ reach->object }));
	else
		node_add_short(op->answer, "matter", reach->object);
	if (page > 0)
		add_view(op, page, op->errand.done ? op->errand.failed :
		    view, op->errand.made);
	add_rights(op, reach);
	return node_whole(op->answer);
}

static result
run_picture(struct op *op, const struct reach *reach)
{
	struct errand *e = &op->errand;
	struct document *d;
	int64_t page;

	TRY(load(op, reach, &d));
	TRY(read_page(op, &page));
	if (!e->done) {
		result view = ask_view(op, d, page == 0 ? 1 : page,
		    VIEW_PICTURE);

		return view.code == E_INVALID ? refuse(NOT_FOUND) : view;
	}
	if (e->failed.code == E_BUSY || e->failed.code == E_UNAVAILABLE)
		return e->failed;
	if (!is_ok(e->failed) || e->made.n <= VIEW_ANSWER)
		return refuse(NOT_FOUND);
	audit_read(op, ops_home_entity(reach->kind)->name, reach->object);
	op->body = (text){ e->made.p + VIEW_ANSWER,
		e->made.n - VIEW_ANSWER };
	op->content_type = T("image/png");
	return OK;
}

/* ---- taking out ------------------------------------------------------- */

/* RFC 8187: what is not plain is said byte by byte. */
static text
name_in_header(struct op *op, text name)
{
	CLEANUP(buf_free) struct buf b = buf_new(16 * CONTENT_NAME_MAX);

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool plain = (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '_' || c == '.';

		if (plain)
			buf_char(&b, c);
		else
			buf_format(&b, "%%%02X", (unsigned char)c);
	}
	return b.failed ? T("original") : arena_text(op->arena, buf_view(&b));
}

static result
run_original(struct op *op, const struct reach *reach)
{
	const struct entity *home = ops_home_entity(reach->kind);
	struct leaf_facts leaf = { .event = EVENT_DOCUMENT_DOWNLOADED,
		.object_kind = home->name, .object = reach->object,
		.detail_class = CLASS_CASE };
	struct document *d;
	result got;

	if (reach->flagged)
		return refuse(FORBIDDEN);
	TRY(load(op, reach, &d));
	got = files_open(op->office->folder, &d->file, &op->reading);
	if (!is_ok(got)) {
		op_problem(op, "", "problem.file_missing");
		return got.code == E_NOT_FOUND ? refuse(INVALID) : got;
	}
	op->reading_n = d->file.length;
	op->content_type = T("application/octet-stream");
	op->content_name = name_in_header(op, d->file.name);
	leaf.reason = arena_format(op->arena, "%s · %.*s",
	    code_of(d->row.id).s, (int)d->title.n, d->title.p);
	NEED(op->content_name.p);
	NEED(leaf.reason.p);
	return facts_commit(op, &leaf);
}

static result
form_original(struct op *op, const struct reach *reach)
{
	struct document *d;

	if (reach->flagged)
		return refuse(FORBIDDEN);
	TRY(load(op, reach, &d));
	node_add_text(op->answer, "about", d->file.name);
	op->location = ops_path(op, reach->kind == OBJECT_PERSON ?
	    "/people/{}/documents/{}" : "/matters/{}/documents/{}",
	    op->objects, 2);
	return ops_form_plain(op, reach);
}

/* ---- rows ------------------------------------------------------------- */

static const struct in add_in[] = {
	{ .name = "file", .kind = KIND_FILE, .label = "document.files",
	  .hint = "document.files_hint", .flags = IN_REQUIRED | IN_MANY },
	DOCUMENT_FORM(IN), IN_END };
static const struct in edit_in[] = { DOCUMENT_FORM(IN), IN_END };
static const struct in page_in[] = {
	IN_OWN("page", KIND_INTEGER, "document.page", 0), IN_END };

/* `at` is a person's or a matter's address. */
#define DOCUMENTS(noun, verb, at, area_, object_)                            \
	{ .name = noun ".add", .area = area_, .need = LEVEL_WRITE,           \
	  .object = object_, .page = at "/documents/new",                    \
	  .api = "POST " at "/documents", .shell = verb " add",              \
	  .flags = OP_CHANGES | OP_CREATES | OP_UPLOAD | OP_SLOW,            \
	  .inputs = add_in, .record = &document_record, .run = run_add,      \
	  .form = record_add_form },                                         \
	{ .name = noun ".show", .area = area_, .need = LEVEL_READ,           \
	  .object = object_, .page = at "/documents/{document}",             \
	  .api = "GET " at "/documents/{document}", .shell = verb " show",   \
	  .template = "document", .flags = OP_SLOW, .inputs = page_in,       \
	  .run = run_show },                                                 \
	{ .name = noun ".edit", .area = area_, .need = LEVEL_WRITE,          \
	  .object = object_, .page = at "/documents/{document}/edit",        \
	  .api = "PATCH " at "/documents/{document}",                        \
	  .shell = verb " edit", .flags = OP_CHANGES | OP_NEEDS_VERSION,     \
	  .inputs = edit_in, .record = &document_record,                     \
	  .run = record_edit, .form = record_edit_form },                    \
	{ .name = noun ".picture", .area = area_, .need = LEVEL_READ,        \
	  .object = object_, .page = at "/documents/{document}/picture",     \
	  .api = "GET " at "/documents/{document}/picture",                  \
	  .shell = verb " picture", .flags = OP_SLOW | OP_PICTURE,           \
	  .inputs = page_in, .run = run_picture },                           \
	{ .name = noun ".original", .area = area_, .need = LEVEL_READ,       \
	  .object = object_, .page = at "/documents/{document}/original",    \
	  .api = "POST " at "/documents/{document}/original",                \
	  .shell = verb " get", .flags = OP_CHANGES | OP_FILE,               \
	  .run = run_original, .form = form_original,                        \
	  .happens = { "document.original.1", "document.original.2",         \
	      "document.original.3" } }

const struct op_row document_ops[] = {
	DOCUMENTS("person-document", "person document", "/people/{person}",
	    AREA_DOCUMENTS_PERSON, OBJECT_PERSON),
	DOCUMENTS("matter-document", "matter document", "/matters/{matter}",
	    AREA_DOCUMENTS_CASE, OBJECT_MATTER),
	{ .name = NULL }
};
