/*
 * A person's file on paper: what the person's page shows of who they are,
 * how they are reached, what they agreed to, and their cases, as a PDF.
 *
 * Each copy has a number, by how many there were before, and a leaf that
 * says whom it is for.  What the asker may not see is not on it, nor what
 * was said in calls, notes and health: those stay in the office.
 */
#include "ops_inside.h"

#include "desk.h"
#include "fields.h"
#include "lifecycle.h"
#include "paper.h"
#include "people.h"
#include "said.h"

#include <string.h>

enum { FOR_WHOM_MAX = 120 };

struct sheet_of {
	struct op *op;
	struct buf *out;
};

static text
word(const struct op *op, const char *key)
{
	return words_get(op->office->words, op->lang, key);
}

static const struct node *
of(const struct sheet_of *s, const char *path)
{
	return node_find(s->op->answer, path);
}

static text
value(const struct sheet_of *s, const struct node *row, const char *name)
{
	return said(s->op, node_find(row, name));
}

/* What is there of the texts, parted by " · ". */
static text
parted(const struct sheet_of *s, const text *parts, size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(PAPER_CELL_MAX);

	for (size_t i = 0; i < n; i++) {
		if (parts[i].n == 0)
			continue;
		if (b.n > 0)
			buf_text(&b, T(" · "));
		buf_text(&b, parts[i]);
	}
	return arena_text(s->op->arena, buf_view(&b));
}

/* "Valid until: 3 March 2027"; nothing of what is empty. */
static text
labelled(const struct sheet_of *s, const struct entity *e, int field,
    const struct node *row)
{
	const struct field *f = &e->fields[field];
	text is = value(s, row, f->name);

	if (is.n == 0)
		return T("");
	return arena_format(s->op->arena, "%s: %.*s", f->label[s->op->lang],
	    (int)is.n, is.p);
}

static void
heading(const struct sheet_of *s, const char *key)
{
	paper_line(s->out, PAPER_HEADING, word(s->op, key));
}

static void
says_empty(const struct sheet_of *s, const struct node *list,
    const char *key)
{
	if (list == NULL || list->n == 0)
		paper_line(s->out, PAPER_TEXT, word(s->op, key));
}

/* ---- who -------------------------------------------------------------- */

static text
whole_name(const struct sheet_of *s, const struct node *row)
{
	const struct person_name name = {
		.given = value(s, row, "given"),
		.first_surname = value(s, row, "first_surname"),
		.second_surname = value(s, row, "second_surname"),
	};

	return name_whole(s->op->arena, &name);
}

static void
names(const struct sheet_of *s)
{
	const struct node *list = of(s, "names");
	const struct node *papers = of(s, "identifiers");

	heading(s, "person.names");
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		const text parts[] = { whole_name(s, n),
			value(s, n, "source") };

		paper_two(s->out, PAPER_PAIR, value(s, n, "kind"),
		    parted(s, parts, LENGTH(parts)));
	}
	for (const struct node *n = papers->first; n != NULL; n = n->next) {
		const text parts[] = { value(s, n, "value"),
			value(s, n, "country"), value(s, n, "state") };

		paper_two(s->out, PAPER_PAIR, value(s, n, "kind"),
		    parted(s, parts, LENGTH(parts)));
	}
	if (papers->n == 0)
		says_empty(s, list, "person.no_names");
}

static void
life(const struct sheet_of *s)
{
	static const int fields[] = { PERSON_KNOWN_AS, PERSON_BIRTH_DATE,
		PERSON_SEX, PERSON_LANGUAGE, PERSON_OTHER_LANGUAGES,
		PERSON_NEEDS_INTERPRETER, PERSON_READING, PERSON_ORIGIN,
		PERSON_DEPARTMENT, PERSON_PROGRAMMES, PERSON_INTAKE_ON,
		PERSON_DIED_ON };
	const struct node *person = of(s, "person");
	text who = value(s, person, "responsible_name");

	heading(s, "person.life");
	for (size_t i = 0; i < LENGTH(fields); i++) {
		const struct field *f = &entity_person.fields[fields[i]];
		text is = value(s, person, f->name);

		if (is.n > 0)
			paper_two(s->out, PAPER_PAIR,
			    text_of(f->label[s->op->lang]), is);
	}
	if (who.n > 0)
		paper_two(s->out, PAPER_PAIR,
		    word(s->op, "person.responsible"), who);
}

/* ---- how reached ------------------------------------------------------ */

/* Whose number it is, when it is not the person's own. */
static text
whose(const struct sheet_of *s, const struct node *point)
{
	const struct node *list = of(s, "relations");
	text relation = value(s, point, "relation_id");

	for (const struct node *r = list->first; r != NULL; r = r->next) {
		if (relation.n > 0 && text_same(value(s, r, "id"), relation))
			return value(s, r, "name");
	}
	return T("");
}

/* The rule stands with the number: nobody dials without reading it. */
static void
contact_points(const struct sheet_of *s)
{
	const struct node *list = of(s, "contact_points");

	heading(s, "person.call");
	for (const struct node *p = list->first; p != NULL; p = p->next) {
		const text whose_kind[] = { value(s, p, "kind"),
			whose(s, p) };
		const text parts[] = {
			value(s, p, "value"), value(s, p, "may_say"),
			value(s, p, "warning"),
			labelled(s, &entity_contact_point,
			    CONTACT_POINT_WHEN, p),
			labelled(s, &entity_contact_point,
			    CONTACT_POINT_NOT_AFTER, p),
			labelled(s, &entity_contact_point,
			    CONTACT_POINT_THROUGH, p),
			labelled(s, &entity_contact_point,
			    CONTACT_POINT_VALID_TO, p),
		};

		paper_two(s->out, PAPER_PAIR, parted(s, whose_kind,
		    LENGTH(whose_kind)), parted(s, parts, LENGTH(parts)));
	}
	says_empty(s, list, "person.file.no_contact");
}

static void
relations(const struct sheet_of *s)
{
	const struct node *list = of(s, "relations");

	heading(s, "person.family");
	for (const struct node *r = list->first; r != NULL; r = r->next) {
		text name = value(s, r, "name");
		const text parts[] = {
			value(s, r, "kind"),
			labelled(s, &entity_relation, RELATION_MANDATE, r),
			value(s, r, "topics"),
			labelled(s, &entity_relation, RELATION_NOT_TO_KNOW,
			    r),
			labelled(s, &entity_relation, RELATION_MANDATE_UNTIL,
			    r),
		};

		paper_two(s->out, PAPER_PAIR, name.n > 0 ? name :
		    value(s, r, "given"), parted(s, parts, LENGTH(parts)));
	}
	says_empty(s, list, "person.no_family");
}

static void
consents(const struct sheet_of *s)
{
	const struct node *list = of(s, "consents");

	if (list == NULL)
		return;
	heading(s, "person.consents");
	for (const struct node *n = list->first; n != NULL; n = n->next) {
		const text parts[] = {
			value(s, n, "state"), value(s, n, "given_on"),
			value(s, n, "how"),
			labelled(s, &entity_consent, CONSENT_VALID_UNTIL, n),
			labelled(s, &entity_consent, CONSENT_WITHDRAWN_ON, n),
		};

		paper_two(s->out, PAPER_PAIR, value(s, n, "purpose"),
		    parted(s, parts, LENGTH(parts)));
	}
	says_empty(s, list, "person.no_consents");
}

/* ---- custody and cases ------------------------------------------------ */

static void
custody(const struct sheet_of *s)
{
	const struct node *list = of(s, "custody.periods");
	const text served[] = { value(s, of(s, "custody"), "as_of"),
		said_days(s->op, of(s, "custody.served")) };

	if (list == NULL)
		return;
	heading(s, "custody.periods");
	says_empty(s, list, "custody.none");
	if (list->n == 0)
		return;
	paper_cells(s->out, PAPER_COLUMNS, (const text[]){ T("32"), T("26"),
	    T("26"), T("16r") }, 4);
	paper_cells(s->out, PAPER_HEADER, (const text[]){
	    word(s->op, "custody.place"), word(s->op, "custody.since"),
	    word(s->op, "custody.to"), word(s->op, "custody.length") }, 4);
	for (const struct node *p = list->first; p != NULL; p = p->next) {
		const text place[] = { value(s, p, "kind"),
			value(s, p, "prison"), value(s, p, "place") };
		text to = value(s, p, "to_on");

		paper_cells(s->out, PAPER_ROW, (const text[]){
		    parted(s, place, LENGTH(place)), value(s, p, "from_on"),
		    to.n > 0 ? to : word(s->op, "custody.now"),
		    said_days(s->op, node_find(p, "days")) }, 4);
	}
	paper_line(s->out, PAPER_GAP, T(""));
	paper_line(s->out, PAPER_STRONG, served[1].n > 0 ? words_format(
	    s->op->office->words, s->op->lang, s->op->arena,
	    "person.file.served", served, LENGTH(served)) :
	    value(s, of(s, "custody"), "cannot"));
}

static void
terms(const struct sheet_of *s, const struct node *list)
{
	if (list == NULL || list->n == 0)
		return;
	paper_cells(s->out, PAPER_COLUMNS, (const text[]){ T("37"), T("27"),
	    T("15"), T("21") }, 4);
	paper_cells(s->out, PAPER_HEADER, (const text[]){
	    text_of(entity_deadline.fields[DEADLINE_TITLE].label[s->op->lang]),
	    text_of(entity_deadline.fields[DEADLINE_DUE_ON]
	    .label[s->op->lang]),
	    text_of(entity_deadline.fields[DEADLINE_STATE]
	    .label[s->op->lang]), word(s->op, "person.responsible") }, 4);
	for (const struct node *d = list->first; d != NULL; d = d->next)
		paper_cells(s->out, PAPER_ROW, (const text[]){
		    value(s, d, "title"), value(s, d, "due_on"),
		    value(s, d, "state"), value(s, d, "responsible_name") },
		    4);
	paper_line(s->out, PAPER_GAP, T(""));
}

static void
matters(const struct sheet_of *s)
{
	const struct node *list = of(s, "matters");

	heading(s, "person.matters");
	for (const struct node *m = list->first; m != NULL; m = m->next) {
		const text parts[] = { value(s, m, "title"),
			value(s, m, "type"), value(s, m, "state") };

		paper_two(s->out, PAPER_PAIR, value(s, m, "code"),
		    parted(s, parts, LENGTH(parts)));
		terms(s, node_find(m, "deadlines"));
	}
	says_empty(s, list, "person.no_matters");
}

/* ---- the sheet -------------------------------------------------------- */

static void
settings(const struct sheet_of *s, int64_t number)
{
	struct op *op = s->op;
	const text foot[] = { words_number(op->lang, op->arena, number),
		guard_user_name(op->office->guard, op->user),
		words_day_short(op->office->words, op->lang, op->arena,
		    op->today) };

	paper_line(s->out, PAPER_SIZE, T("11"));
	paper_line(s->out, PAPER_LETTERHEAD, office_setting(op->office,
	    "office_name"));
	if ((op->office->flags & VAULT_DEMONSTRATION) != 0)
		paper_line(s->out, PAPER_BAND, word(op, "layout.demo"));
	paper_line(s->out, PAPER_CODE, text_of(code_of(op->objects[0]).s));
	paper_line(s->out, PAPER_COPY, words_format(op->office->words,
	    op->lang, op->arena, "person.file.foot", foot, LENGTH(foot)));
	paper_line(s->out, PAPER_PAGES, word(op, "paper.pages"));
}

static result
write_sheet(struct op *op, int64_t number, text whom, struct buf *out)
{
	const struct sheet_of s = { op, out };
	text name = said(op, node_find(op->answer, "name"));
	const text about[] = { text_of(code_of(op->objects[0]).s),
		words_day(op->office->words, op->lang, op->arena, op->today),
		whom };

	paper_begin(out);
	settings(&s, number);
	paper_line(out, PAPER_TITLE, name.n > 0 ? name : about[0]);
	paper_line(out, PAPER_SMALL, words_format(op->office->words,
	    op->lang, op->arena, "person.file.about", about, LENGTH(about)));
	names(&s);
	life(&s);
	contact_points(&s);
	relations(&s);
	consents(&s);
	custody(&s);
	matters(&s);
	paper_line(out, PAPER_GAP, T(""));
	paper_line(out, PAPER_SMALL, word(op, "person.file.keep"));
	return paper_end(out);
}

/* ---- what is on it ---------------------------------------------------- */

/* Each matter that the asker may see, with its terms. */
static result
add_matters(struct op *op)
{
	struct node *list = node_add_list(op->answer, "matters");

	TRY(desk_matters_of(op, (person_id){ op->objects[0] }, list));
	for (struct node *m = list == NULL ? NULL : list->first; m != NULL;
	    m = m->next) {
		const struct node *code = node_find(m, "code");
		id matter;

		if (code == NULL)
			continue;
		TRY(facts_find(op, &entity_matter, code->text, &matter));
		TRY(ops_add_terms(op, matter, m));
	}
	return OK;
}

static result
gather(struct op *op, const struct reach *reach, enum ops_numbers numbers)
{
	TRY(ops_add_person(op, reach, numbers));
	TRY(ops_add_block(op, AREA_PEOPLE_CONSENT, &entity_consent,
	    CONSENT_PERSON_ID, "consents"));
	TRY(ops_add_custody(op));
	TRY(add_matters(op));
	return node_whole(op->answer);
}

/* ---- the operation ---------------------------------------------------- */

static bool
whole_numbers(struct op *op)
{
	return ops_ticked(op, "whole_numbers");
}

static result
read_whom(struct op *op, text *ret)
{
	text whom = text_trim(op_input(op, "for_whom"));

	if (whom.n == 0)
		op_problem(op, "for_whom", "problem.required");
	if (text_has_control(whom, false))
		op_problem(op, "for_whom", "problem.control");
	if (text_characters(whom) > FOR_WHOM_MAX)
		problem_add_bounds(&op->problems, T("for_whom"),
		    "problem.too_long", 0, FOR_WHOM_MAX);
	*ret = whom;
	return op_problems(op);
}

static result
hand_over(struct op *op, int64_t number, text whom)
{
	const text told[] = { words_number(op->lang, op->arena, number),
		whom };
	const struct leaf_facts leaf = {
		.event = EVENT_PERSON_FILE_COPIED,
		.object_kind = "person", .object = op->objects[0],
		.detail_class = CLASS_IDENTITY,
		.reason = words_format(op->office->words, op->lang,
		    op->arena, whole_numbers(op) ? "person.file.told_whole" :
		    "person.file.told", told, LENGTH(told)),
	};

	op->body = op->errand.made;
	op->content_type = T("application/pdf");
	op->content_name = arena_format(op->arena, "%s-%lld.pdf",
	    code_of(op->objects[0]).s, (long long)number);
	op->location = ops_path(op, "/people/{}", op->objects, 1);
	return facts_commit(op, &leaf);
}

/*
 * The copy is laid out before it is counted: should somebody else have taken
 * that number meanwhile, it is laid out again with the next.
 */
static result
run_person_file(struct op *op, const struct reach *reach)
{
	CLEANUP(buf_free) struct buf lines = buf_new(PAPER_BYTES_MAX);
	struct errand *e = &op->errand;
	int64_t *number = op->kept;
	int64_t before = 0;
	text whom;

	/* Whoever reads in an emergency takes nothing along. */
	if (reach->flagged)
		return refuse(FORBIDDEN);
	TRY(read_whom(op, &whom));
	TRY(desk_times(op, "person", op->objects[0],
	    EVENT_PERSON_FILE_COPIED, &before));
	if (e->done && e->kind == ERRAND_FILTER) {
		TRY(e->failed);
		if (*number == before + 1)
			return hand_over(op, *number, whom);
	}
	if (number == NULL)
		number = arena_take(op->arena, sizeof(*number));
	NEED(number);
	*number = before + 1;
	op->kept = number;
	TRY(gather(op, reach, whole_numbers(op) ? NUMBERS_WHOLE :
	    NUMBERS_MASKED));
	TRY(write_sheet(op, *number, whom, &lines));
	*e = (struct errand){ .kind = ERRAND_FILTER, .filter = "paper",
		.document = arena_text(op->arena, buf_view(&lines)) };
	NEED(e->document.p);
	return refuse(WAIT);
}

static result
form_person_file(struct op *op, const struct reach *reach)
{
	if (reach->flagged)
		return refuse(FORBIDDEN);
	return ops_form_plain(op, reach);
}

/* ---- rows ------------------------------------------------------------- */

static const struct in file_in[] = {
	{ .name = "for_whom", .kind = KIND_TEXT,
	  .label = "person.file.for_whom", .hint = "person.file.for_whom_hint",
	  .flags = IN_REQUIRED, .most = FOR_WHOM_MAX },
	IN_OWN("whole_numbers", KIND_BOOLEAN, "person.file.whole_numbers", 0),
	IN_END
};

const struct op_row person_file_ops[] = {
	{ .name = "person.file", .area = AREA_PEOPLE_IDENTITY,
	  .need = LEVEL_READ, .object = OBJECT_PERSON,
	  .page = "/people/{person}/file",
	  .api = "POST /people/{person}/file", .shell = "person file",
	  .flags = OP_CHANGES | OP_SLOW | OP_PAPER, .inputs = file_in,
	  .run = run_person_file, .form = form_person_file,
	  .happens = { "person.file.consequence" } },
	{ .name = NULL }
};
