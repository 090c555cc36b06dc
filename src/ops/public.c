/*
 * Calculators without an account: a term, and the end of a sentence.
 *
 * They read nothing of the office but its law and its words, answer while
 * it is sealed, and keep nothing of what was asked: no row, no leaf, no
 * draft, and in the log the operation's name as of any request (ADR 19).
 */
#include "ops_inside.h"

#include "calc.h"
#include "fields.h"
#include "paper.h"

#include <stdio.h>
#include <string.h>

enum { PUBLIC_PERIODS_MAX = 12, INPUT_NAME_MAX = 32 };

/* ---- what was typed --------------------------------------------------- */

/* The visitor's choice goes before the browser's. */
static void
choose_language(struct op *op)
{
	text typed = op_input(op, "lang");

	for (int l = 0; l < LANGS; l++) {
		if (text_same(words_lang_code((enum lang)l), typed))
			op->lang = (enum lang)l;
	}
}

/* A problem is said beside the input, and the value left as it was. */
static result
read_own(struct op *op, const char *name, enum field_kind kind, void *to)
{
	const struct input *in = op_inputs(op, name);
	const struct field f = { .kind = kind };
	struct typed t = { .by = TYPED_IN_FORM, .today = op->today,
		.name = text_of(name) };
	result got;

	if (in == NULL)
		return OK;
	t.values = in->values;
	t.n = in->n;
	got = field_read(op->arena, op->office->codes, &f, &t, to,
	    &op->problems);
	return got.code == E_INVALID ? OK : got;
}

/* The engines know days of the calendar, months and years. */
static result
read_day_of(struct op *op, const char *name, bool vague, day *ret)
{
	TRY(read_own(op, name, KIND_DAY, ret));
	if (!ret->known || ret->precision == EXACT)
		return OK;
	if (!vague)
		op_problem(op, name, "problem.day_exact");
	else if (ret->precision == ESTIMATED)
		op_problem(op, name, "public.no.about");
	return OK;
}

static result
add_number_of(struct op *op, const char *name, struct node *to,
    const char *member)
{
	whole n = { 0 };

	TRY(read_own(op, name, KIND_INTEGER, &n));
	if (n.known)
		node_add_number(to, member, n.value);
	return OK;
}

/* ---- asking ----------------------------------------------------------- */

/* The sheet, line by line, as `alas calc --explain` prints it. */
static result
add_sheet(struct op *op, text lines)
{
	struct node *list = node_add_list(op->answer, "sheet");
	struct paper_reader reader;
	struct paper_line l;
	result got;

	static const char *const words[] = {
#define LINE(kind, word, part, fewest, most) [PAPER_##kind] = word,
		PAPER_LINES(LINE)
#undef LINE
	};

	TRY(paper_read_begin(lines, &reader));
	while (is_ok(got = paper_read_next(&reader, &l))) {
		struct node *one = node_add_object(list, NULL);
		struct node *cells;

		node_add_text(one, "kind", text_of(words[l.kind]));
		cells = node_add_list(one, "cells");
		for (size_t i = 0; i < l.cells; i++)
			node_add_text(cells, NULL, l.cell[i]);
	}
	return got.code == E_NOT_FOUND ? node_whole(op->answer) : got;
}

/* INVALID, and `no` says why. */
static result
ask(struct op *op, const char *kind, struct node *question,
    struct refusal *no)
{
	CLEANUP(buf_free) struct buf sheet = buf_new(PAPER_BYTES_MAX);
	struct calc_answered a = { question, node_object(op->arena) };
	struct calc_sheet how = { calc_kind_named(text_of(kind)),
		op->office->law, op->office->words, op->lang, op->arena };
	struct asker k = { .arena = op->arena, .law = op->office->law,
		.no = no, .tries = ASKING_TRIES_OFFICE };

	NEED(a.answer);
	TRY(node_whole(question));
	TRY(how.kind->answer(&k, question, a.answer));
	TRY(calc_words(a.answer, op->office->words, op->lang));
	TRY(calc_paper(&how, &a, &sheet));
	TRY(add_sheet(op, buf_view(&sheet)));
	node_add(op->answer, "result", a.answer);
	return node_whole(op->answer);
}

static result
say_no(struct op *op, const char *input, const char *key,
    const struct refusal *no)
{
	static const text none = { "", 0 };

	problem_add(&op->problems, text_of(input), key, no->about.n > 0 ?
	    &no->about.p[0] : &none, 1);
	return refuse(INVALID);
}

/* ---- terms ------------------------------------------------------------ */

/* "C10/clarification" or "R14//extended": rule, variant and step. */
static text
rule_choice(struct op *op, const struct law_rule *r, bool first)
{
	text all = arena_format(op->arena, "%.*s/%.*s/%.*s",
	    (int)r->rule.n, r->rule.p, (int)r->variant.n, r->variant.p,
	    first ? 0 : (int)r->step.n, r->step.p);

	while (all.n > 0 && all.p[all.n - 1] == '/')
		all.n--;
	return all;
}

static bool
same_choice(const struct law_rule *a, const struct law_rule *b)
{
	return text_same(a->rule, b->rule) &&
	    text_same(a->variant, b->variant);
}

/* What starts from a notice; the steps after it come with its answer. */
static bool
may_choose(const struct law_rule *r)
{
	return r->reading.n == 0 && text_same(r->from, T("trigger"));
}

/* "Casación penal (N03)", and how the cases of one rule differ. */
static text
rule_label(struct op *op, const struct law_rule *r)
{
	const struct words *w = op->office->words;
	text name = op->lang == LANG_EN && r->name_en.n > 0 ? r->name_en :
	    r->name_es;
	text key = arena_format(op->arena, "public.variant.%.*s",
	    (int)r->variant.n, r->variant.p);
	text variant = key.p == NULL ? T("") : words_get(w, op->lang, key.p);
	text last = words_day_short(w, op->lang, op->arena, r->in_force_to);
	text until = words_format(w, op->lang, op->arena, "public.until",
	    &last, 1);

	if (text_same(variant, key))
		variant = T("");
	if (!r->in_force_to.known)
		until = T("");
	return arena_format(op->arena, "%.*s%s%.*s (%.*s)%s%.*s",
	    (int)name.n, name.p, variant.n > 0 ? ", " : "", (int)variant.n,
	    variant.p, (int)r->rule.n, r->rule.p, until.n > 0 ? " " : "",
	    (int)until.n, until.p);
}

/* The rules of one letter; "" takes those of no letter that is known. */
static void
add_group(struct op *op, struct node *groups, const char *letters,
    const char *key, bool others)
{
	const struct law *law = op->office->law;
	text typed = op_input(op, "rule");
	const struct law_rule *last = NULL;
	struct node *options = NULL;
	const struct law_rule *r;

	for (size_t i = 0; (r = law_rule_at(law, i)) != NULL; i++) {
		struct node *group;
		struct node *o;
		text choice;

		if (!may_choose(r) ||
		    (strchr(letters, r->rule.p[0]) == NULL) != others)
			continue;
		if (options == NULL) {
			group = node_add_object(groups, NULL);
			node_add_word(group, "label", key);
			options = node_add_list(group, "options");
		}
		/* The first step of a chain brings the others with it. */
		choice = rule_choice(op, r, last == NULL ||
		    !same_choice(last, r));
		last = r;
		o = node_add_object(options, NULL);
		node_add_text(o, "value", choice);
		node_add_text(o, "label", rule_label(op, r));
		node_add_bool(o, "selected", text_same(choice, typed));
	}
}

/* By matter, what people without an office ask for most first. */
static void
add_rules(struct op *op)
{
	static const struct { const char *letter, *key; } matters[] = {
		{ "C", "public.matter.constitutional" },
		{ "N", "public.matter.ncpp" },
		{ "R", "public.matter.cdpp" },
		{ "P", "public.matter.execution" },
		{ "A", "public.matter.administrative" },
		{ "V", "public.matter.civil" },
		{ "I", "public.matter.international" },
	};
	struct node *groups = node_add_list(ops_field(op, "rule"), "groups");
	char letters[LENGTH(matters) + 1] = "";

	for (size_t i = 0; i < LENGTH(matters); i++) {
		letters[i] = matters[i].letter[0];
		add_group(op, groups, matters[i].letter, matters[i].key,
		    false);
	}
	add_group(op, groups, letters, "public.matter.others", true);
}

static result
form_deadlines(struct op *op, const struct reach *reach)
{
	(void)reach;
	choose_language(op);
	op->page = "public";
	TRY(ops_form(op, NULL, 0));
	add_rules(op);
	ops_propose(op, "served_by", T("cedula"));
	return node_whole(op->answer);
}

static result
read_hour(struct op *op, int *hour, int *minute, bool *ret_given)
{
	text typed = text_trim(op_input(op, "hour"));
	text rest = typed;
	text first = text_cut(&rest, ':');
	int64_t h;
	int64_t m;

	*ret_given = typed.n > 0;
	if (typed.n == 0)
		return OK;
	if (!text_integer(first, &h) || !text_integer(rest, &m) || h < 0 ||
	    h > 23 || m < 0 || m > 59) {
		op_problem(op, "hour", "public.no.hour");
		return OK;
	}
	*hour = (int)h;
	*minute = (int)m;
	return OK;
}

static result
read_trigger(struct op *op, struct node *q)
{
	day d = { 0 };
	int hour = 0;
	int minute = 0;
	bool given;

	TRY(read_day_of(op, "day", false, &d));
	if (!d.known && !problem_has(&op->problems, T("day")))
		op_problem(op, "day", "problem.required");
	TRY(read_hour(op, &hour, &minute, &given));
	TRY(op_problems(op));
	node_add_text(q, "trigger", !given ? day_iso(op->arena, d) :
	    arena_format(op->arena, "%sT%02d:%02d", day_iso(op->arena, d).p,
	    hour, minute));
	return OK;
}

static result
read_term(struct op *op, struct node *q)
{
	text rest = op_input(op, "rule");
	text rule = text_cut(&rest, '/');
	text variant = text_cut(&rest, '/');
	text served = op_input(op, "served_by");

	if (rule.n == 0)
		op_problem(op, "rule", "public.no.rule");
	node_add_text(q, "rule", rule);
	TRY(read_trigger(op, q));
	if (variant.n > 0)
		node_add_text(q, "variant", variant);
	if (rest.n > 0)
		node_add_text(q, "step", rest);
	if (served.n > 0)
		node_add_text(q, "served_by", served);
	TRY(add_number_of(op, "distance", q, "distance_days"));
	return op_problems(op);
}

/* Which input it is about, what is wrong, and what to do. */
static result
term_refused(struct op *op, const struct refusal *no)
{
	static const struct {
		const char *pointer;
		int code;			/* -1: any */
		const char *input, *key;
	} known[] = {
		{ "/trigger", REFUSED_NOT_IN_FORCE, "rule",
		    "public.no.in_force" },
		{ "/trigger", REFUSED_WRONG_TYPE, "hour",
		    "problem.law.wrong_type" },
		{ "/trigger", -1, "day", "public.no.years" },
		{ "/served_by", REFUSED_NOT_ALLOWED, "served_by",
		    "public.no.electronic" },
		{ "/served_by", -1, "served_by", "public.no.choice" },
		{ "/distance_days", REFUSED_NOT_ALLOWED, "distance",
		    "public.no.distance" },
		{ "/distance_days", -1, "distance",
		    "public.no.distance_many" },
		{ "/rule", REFUSED_NOT_IN_FORCE, "rule",
		    "public.no.in_force" },
	};

	for (size_t i = 0; i < LENGTH(known); i++) {
		if (text_same(no->pointer, text_of(known[i].pointer)) &&
		    (known[i].code < 0 ||
		    known[i].code == (int)no->code))
			return say_no(op, known[i].input, known[i].key, no);
	}
	return say_no(op, "rule", "public.no.choice", no);
}

static result
run_deadlines(struct op *op, const struct reach *reach)
{
	struct node *q = node_object(op->arena);
	struct refusal no = { 0 };
	result got;

	NEED(q);
	choose_language(op);
	TRY(read_term(op, q));
	got = ask(op, "deadline", q, &no);
	if (got.code == E_INVALID)
		return term_refused(op, &no);
	TRY(got);
	return form_deadlines(op, reach);
}

/* ---- sentences -------------------------------------------------------- */

/* One stay: three inputs of a number, "from_3". */
struct stay_inputs { const char *from, *to, *held; };
static const struct stay_inputs stays[PUBLIC_PERIODS_MAX] = {
#define STAY(n) { "from_" #n, "to_" #n, "held_" #n }
	STAY(1), STAY(2), STAY(3), STAY(4), STAY(5), STAY(6), STAY(7),
	STAY(8), STAY(9), STAY(10), STAY(11), STAY(12),
#undef STAY
};

static bool
stay_typed(struct op *op, const struct stay_inputs *s)
{
	return text_trim(op_input(op, s->from)).n > 0 ||
	    text_trim(op_input(op, s->to)).n > 0 || ops_ticked(op, s->held);
}

/* As many as were shown, one more when it was asked for, and never fewer
 * than were filled. */
static int64_t
stays_shown(struct op *op)
{
	int64_t n = 1;

	if (!text_integer(op_input(op, "periods"), &n) || n < 1)
		n = 1;
	if (op_given(op, "more"))
		n++;
	if (n > PUBLIC_PERIODS_MAX)
		n = PUBLIC_PERIODS_MAX;
	for (int64_t i = n; i < PUBLIC_PERIODS_MAX; i++) {
		if (stay_typed(op, &stays[i]))
			n = i + 1;
	}
	return n;
}

static result
form_sentences(struct op *op, const struct reach *reach)
{
	int64_t n = stays_shown(op);

	(void)reach;
	choose_language(op);
	op->page = "public";
	TRY(ops_form(op, NULL, 0));
	ops_propose(op, "as_of", words_day_short(op->office->words, op->lang,
	    op->arena, op->today));
	node_add_number(op->answer, "periods", n);
	node_add_bool(op->answer, "may_more", n < PUBLIC_PERIODS_MAX);
	node_add_bool(op->answer, "more", op_given(op, "more"));
	return node_whole(op->answer);
}

/* What the engine would call a contradiction, said at its place. */
static void
check_stay(struct op *op, const struct stay_inputs *s, day from, day to,
    bool held)
{
	if (!from.known && !problem_has(&op->problems, text_of(s->from)))
		op_problem(op, s->from, "public.no.from");
	if (problem_has(&op->problems, text_of(s->to)))
		return;
	if (to.known && held)
		op_problem(op, s->to, "public.no.to_and_held");
	if (!to.known && !held)
		op_problem(op, s->to, "public.no.to");
	if (from.known && to.known && custody_day_latest(to).n <
	    custody_day_earliest(from).n)
		op_problem(op, s->to, "public.no.before");
}

/* Rows that were left empty do not count; `place` leads back. */
struct stays_read { size_t n, place[PUBLIC_PERIODS_MAX], held; };

static result
read_stay(struct op *op, size_t i, struct node *list, struct stays_read *r)
{
	const struct stay_inputs *s = &stays[i];
	bool held = ops_ticked(op, s->held);
	struct node *one;
	day from = { 0 };
	day to = { 0 };

	if (!stay_typed(op, s))
		return OK;
	TRY(read_day_of(op, s->from, true, &from));
	TRY(read_day_of(op, s->to, true, &to));
	check_stay(op, s, from, to, held);
	r->held += held;
	if (held && r->held > 1)
		op_problem(op, s->held, "public.no.held_twice");
	one = node_add_object(list, NULL);
	node_add_text(one, "from", day_iso(op->arena, from));
	if (!held)
		node_add_text(one, "to", day_iso(op->arena, to));
	r->place[r->n++] = i;
	return OK;
}

static result
read_length(struct op *op, struct node *q)
{
	bool life = ops_ticked(op, "life");
	bool typed = text_trim(op_input(op, "years")).n > 0 ||
	    text_trim(op_input(op, "months")).n > 0 ||
	    text_trim(op_input(op, "days")).n > 0;
	struct node *term;

	if (life && typed)
		op_problem(op, "years", "public.no.life_and_term");
	else if (!life && !typed)
		op_problem(op, "years", "public.no.term");
	if (life) {
		node_add_text(q, "term", T("life"));
		return OK;
	}
	term = node_add_object(q, "term");
	TRY(add_number_of(op, "years", term, "years"));
	TRY(add_number_of(op, "months", term, "months"));
	return add_number_of(op, "days", term, "days");
}

/* Days of work that a judge or the prison has recognised, and the ratio. */
static result
read_work(struct op *op, struct node *q)
{
	whole days = { 0 };
	whole ratio = { 0 };
	struct node *one;

	TRY(read_own(op, "work_days", KIND_INTEGER, &days));
	TRY(read_own(op, "ratio", KIND_INTEGER, &ratio));
	if (days.known && !ratio.known &&
	    !problem_has(&op->problems, T("ratio")))
		op_problem(op, "ratio", "public.no.ratio");
	if (ratio.known && !days.known &&
	    !problem_has(&op->problems, T("work_days")))
		op_problem(op, "work_days", "public.no.work_days");
	if (!days.known || !ratio.known)
		return OK;
	one = node_add_object(node_add_list(q, "redemption"), NULL);
	node_add_number(one, "work_days", days.value);
	node_add_number(one, "ratio", ratio.value);
	return OK;
}

static result
read_sentence(struct op *op, struct node *q, struct stays_read *r)
{
	struct node *list;
	day as_of = { 0 };

	TRY(read_length(op, q));
	list = node_add_list(q, "custody");
	for (size_t i = 0; i < PUBLIC_PERIODS_MAX; i++)
		TRY(read_stay(op, i, list, r));
	if (r->n == 0)
		op_problem(op, stays[0].from, "public.no.custody");
	TRY(read_work(op, q));
	TRY(read_day_of(op, "as_of", false, &as_of));
	if (as_of.known)
		node_add_text(q, "as_of", day_iso(op->arena, as_of));
	return op_problems(op);
}

/* "/custody/2/to": of the third row that was filled. */
static result
stay_refused(struct op *op, const struct refusal *no,
    const struct stays_read *r)
{
	text rest = { no->pointer.p + strlen("/custody/"),
		no->pointer.n - strlen("/custody/") };
	int64_t i = 0;
	const struct stay_inputs *s;

	if (!text_integer(text_cut(&rest, '/'), &i) || i < 0 ||
	    (size_t)i >= r->n)
		return fault(BUG);
	s = &stays[r->place[i]];
	if (no->code == REFUSED_OUT_OF_RANGE)
		return say_no(op, text_same(rest, T("to")) ? s->to : s->from,
		    "public.no.years", no);
	return text_same(rest, T("to")) ?
	    say_no(op, s->to, "public.no.to_late", no) :
	    say_no(op, s->from, "public.no.from_late", no);
}

static result
sentence_refused(struct op *op, const struct refusal *no,
    const struct stays_read *r)
{
	static const struct { const char *pointer, *input, *key; } known[] = {
		{ "/term/months", "months", "public.no.length" },
		{ "/term/days", "days", "public.no.length" },
		{ "/term", "years", "public.no.length" },
		{ "/redemption/0/ratio", "ratio", "public.no.ratio" },
		{ "/redemption", "work_days", "public.no.work_many" },
		{ "/as_of", "as_of", "public.no.years" },
		{ "/custody", "from_1", "public.no.vague" },
	};

	if (text_starts(no->pointer, T("/custody/")))
		return stay_refused(op, no, r);
	for (size_t i = 0; i < LENGTH(known); i++) {
		if (text_starts(no->pointer, text_of(known[i].pointer)))
			return say_no(op, known[i].input, known[i].key, no);
	}
	return say_no(op, "", "public.no.data", no);
}

static result
run_sentences(struct op *op, const struct reach *reach)
{
	struct node *q = node_object(op->arena);
	struct stays_read r = { 0 };
	struct refusal no = { 0 };
	result got;

	NEED(q);
	choose_language(op);
	if (op_given(op, "more"))
		return form_sentences(op, reach);
	TRY(read_sentence(op, q, &r));
	got = ask(op, "sentence", q, &no);
	if (got.code == E_INVALID)
		return sentence_refused(op, &no, &r);
	TRY(got);
	return form_sentences(op, reach);
}

/* ---- rows ------------------------------------------------------------- */

enum { HOUR_SIGNS = 5 };

static const struct in deadlines_in[] = {
	IN_OWN("rule", KIND_CODE, "public.rule", IN_REQUIRED),
	{ .name = "day", .kind = KIND_DAY, .label = "public.day",
	  .hint = "public.day.hint", .flags = IN_REQUIRED },
	{ .name = "hour", .kind = KIND_TEXT, .label = "public.hour",
	  .hint = "public.hour.hint", .most = HOUR_SIGNS },
	IN_CODED("served_by", KIND_CODE, "service_kind", "public.served_by",
	    IN_REQUIRED),
	{ .name = "distance", .kind = KIND_INTEGER,
	  .label = "public.distance", .hint = "public.distance.hint" },
	IN_END
};
static const struct in sentences_in[] = {
	{ .name = "years", .kind = KIND_INTEGER, .label = "public.years" },
	{ .name = "months", .kind = KIND_INTEGER, .label = "public.months" },
	{ .name = "days", .kind = KIND_INTEGER, .label = "public.days" },
	IN_OWN("life", KIND_BOOLEAN, "public.life", 0),
#define STAY(n)                                                              \
	{ .name = "from_" #n, .kind = KIND_DAY, .label = "public.from",      \
	  .flags = IN_REQUIRED },                                            \
	{ .name = "to_" #n, .kind = KIND_DAY, .label = "public.to" },        \
	IN_OWN("held_" #n, KIND_BOOLEAN, "public.held", 0)
	STAY(1), STAY(2), STAY(3), STAY(4), STAY(5), STAY(6), STAY(7),
	STAY(8), STAY(9), STAY(10), STAY(11), STAY(12),
#undef STAY
	{ .name = "work_days", .kind = KIND_INTEGER,
	  .label = "public.work_days", .hint = "public.work_days.hint" },
	{ .name = "ratio", .kind = KIND_INTEGER, .label = "public.ratio",
	  .hint = "public.ratio.hint" },
	{ .name = "as_of", .kind = KIND_DAY, .label = "public.as_of",
	  .hint = "public.as_of.hint" },
	IN_OWN("periods", KIND_TEXT, "public.periods", IN_HIDDEN),
	IN_OWN("more", KIND_TEXT, "public.more", IN_HIDDEN),
	IN_END
};

const struct op_row public_ops[] = {
	{ .name = "public.deadlines", .area = AREA_PUBLIC_CALC,
	  .need = LEVEL_READ, .page = "/public/deadlines",
	  .template = "public",
	  .flags = OP_ASKS | OP_PUBLIC | OP_SEALED | OP_PAGE_ONLY,
	  .inputs = deadlines_in, .run = run_deadlines,
	  .form = form_deadlines },
	{ .name = "public.sentences", .area = AREA_PUBLIC_CALC,
	  .need = LEVEL_READ, .page = "/public/sentences",
	  .template = "public",
	  .flags = OP_ASKS | OP_PUBLIC | OP_SEALED | OP_PAGE_ONLY,
	  .inputs = sentences_in, .run = run_sentences,
	  .form = form_sentences },
	{ .name = NULL }
};
