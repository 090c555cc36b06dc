/* The calculators that need no account. */
#include "compose.h"
#include "fields.h"

#include <string.h>

static const struct node *
result_of(const struct composing *c, const char *member)
{
	return node_find(of(c, "result"), member);
}

/* ---- the sheet -------------------------------------------------------- */

/* Lines of one kind that follow each other make one list. */
static struct node *
part(struct node *parts, const char *list)
{
	struct node *last = parts == NULL ? NULL : parts->last;

	if (last != NULL && last->first != NULL &&
	    strcmp(last->first->name, list) == 0)
		return last->first;
	return node_add_list(node_add_object(parts, NULL), list);
}

/* A counted day has its number; a day without one was skipped. */
static void
sheet_row(struct node *parts, const struct node *cells, bool head)
{
	struct node *row = node_add_object(part(parts, "rows"), NULL);
	struct node *to;

	node_add_bool(row, "head", head);
	node_add_bool(row, "off", !head && cells->first != NULL &&
	    cells->first->text.n == 0);
	to = node_add_list(row, "cells");
	for (const struct node *n = cells->first; n != NULL; n = n->next)
		node_add_text(to, NULL, n->text);
}

static void
sheet_line(struct node *parts, text kind, const struct node *cells)
{
	static const char *const plain[] = { "heading", "text", "small",
		"strong" };
	const struct node *one = cells->first;
	struct node *pair;

	for (size_t i = 0; i < LENGTH(plain); i++) {
		if (text_same(kind, text_of(plain[i])))
			node_add_text(node_add_object(parts, NULL), plain[i],
			    one->text);
	}
	if (text_same(kind, T("columns")))
		node_add_list(node_add_object(parts, NULL), "rows");
	if (text_same(kind, T("header")) || text_same(kind, T("row")))
		sheet_row(parts, cells, text_same(kind, T("header")));
	if (text_same(kind, T("item")))
		node_add_text(part(parts, "items"), NULL, one->next->text);
	if (!text_same(kind, T("pair")))
		return;
	pair = node_add_object(part(parts, "pairs"), NULL);
	node_add_text(pair, "label", one->text);
	node_add_text(pair, "value", one->next->text);
}

static void
add_sheet(struct composing *c)
{
	struct node *parts = node_add_list(c->page, "parts");
	const struct node *list = of(c, "sheet");

	for (const struct node *l = list == NULL ? NULL : list->first;
	    l != NULL; l = l->next)
		sheet_line(parts, node_find(l, "kind")->text,
		    node_find(l, "cells"));
}

/* ---- what came out ---------------------------------------------------- */

static void
mark(struct composing *c, struct node *marks, const char *kind, text label)
{
	struct node *one = node_add_object(marks, NULL);

	(void)c;
	node_add_text(one, "label", label);
	node_add_text(one, "kind", text_of(kind));
}

/* "law.warning.unconfirmed_rule" of each code in a list. */
static void
marks_of(struct composing *c, struct node *marks, const struct node *codes,
    const char *prefix)
{
	for (const struct node *n = codes == NULL ? NULL : codes->first;
	    n != NULL; n = n->next) {
		text key = arena_format(c->arena, "%s%.*s", prefix,
		    (int)n->text.n, n->text.p);

		if (key.p != NULL)
			mark(c, marks, "warn", say(c, key.p));
	}
}

/* A day, or "2026-11-27T09:00" of a term in hours. */
static text
moment(const struct composing *c, const struct node *n)
{
	enum { DATE = 10 };
	text clock;
	day d;

	if (n->kind == NODE_DAY)
		return shown(c, n);
	if (n->text.n <= DATE ||
	    !day_read((text){ n->text.p, DATE }, &d))
		return n->text;
	clock = (text){ n->text.p + DATE + 1, n->text.n - DATE - 1 };
	return arena_format(c->arena, "%s, %.*s", words_day(
	    c->op->office->words, c->lang, c->arena, d).p, (int)clock.n,
	    clock.p);
}

/* The `earliest` and `latest` of what is not exactly known. */
static text
from_to(const struct composing *c, const struct node *n)
{
	const text ends[] = { shown(c, node_find(n, "earliest")),
		shown(c, node_find(n, "latest")) };

	return say_with(c, "public.range", ends, LENGTH(ends));
}

static void
pair(struct composing *c, struct node *pairs, const char *key, text value)
{
	struct node *one = node_add_object(pairs, NULL);

	(void)c;
	node_add_word(one, "label", key);
	node_add_text(one, "value", value);
}

static void
pair_of(struct composing *c, struct node *pairs, const char *member)
{
	const struct node *n = result_of(c, member);
	text key = arena_format(c->arena, "calc.member.%s", member);

	if (n == NULL || key.p == NULL)
		return;
	pair(c, pairs, key.p, n->kind == NODE_OBJECT ?
	    from_to(c, n) : n->kind == NODE_NUMBER ? shown(c, n) :
	    moment(c, n));
}

static void
add_big(struct composing *c, const char *title, const struct node *n)
{
	node_add_word(c->page, "answer_title", title);
	if (n->kind == NODE_DAY)
		put(c->page, "answer_day", n);
	else
		node_add_text(c->page, "answer_text",
		    text_same(n->text, T("never")) ?
		    say(c, "public.never") : moment(c, n));
}

static void
term_answer(struct composing *c)
{
	struct node *marks = node_add_list(c->page, "marks");
	struct node *pairs = node_add_list(c->page, "pairs");
	text nature = result_of(c, "nature")->text;
	text sure = result_of(c, "confidence")->text;
	text key = arena_format(c->arena, "public.due.%.*s", (int)nature.n,
	    nature.p);

	add_big(c, key.p, result_of(c, "due"));
	if (!text_same(sure, T("C"))) {
		key = arena_format(c->arena, "law.confidence.%.*s",
		    (int)sure.n, sure.p);
		mark(c, marks, "warn", say(c, key.p));
	}
	marks_of(c, marks, result_of(c, "warnings"), "law.warning.");
	pair_of(c, pairs, "effective");
	pair_of(c, pairs, "alarm");
	pair_of(c, pairs, "basis");
}

static void
add_ways(struct composing *c)
{
	static const char *const names[] = { "end_a", "end_b", "end_ymd",
		"review_a", "review_b" };
	struct node *ways = node_add_list(c->page, "ways");

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct node *n = result_of(c, names[i]);
		struct node *one;

		if (n == NULL)
			continue;
		one = node_add_object(ways, NULL);
		node_add_word(one, "label", arena_format(c->arena,
		    "calc.member.%s", names[i]).p);
		put(one, "day", n);
	}
}

static void
sentence_pairs(struct composing *c)
{
	static const char *const members[] = { "alarm", "served_days",
		"credited_days", "redeemed_days", "over_days" };
	struct node *pairs = node_add_list(c->page, "pairs");

	for (size_t i = 0; i < LENGTH(members); i++)
		pair_of(c, pairs, members[i]);
}

static void
sentence_answer(struct composing *c)
{
	struct node *marks = node_add_list(c->page, "marks");
	const struct node *official = result_of(c, "official");
	const struct node *review = result_of(c, "review_a");
	const struct node *range = result_of(c, "range");

	if (result_of(c, "cannot") != NULL) {
		add_big(c, "calc.member.cannot", result_of(c, "detail"));
		return;
	}
	if (result_of(c, "over_days") != NULL)
		mark(c, marks, "bad", say(c, "public.over"));
	else if (result_of(c, "alarm_passed") != NULL)
		mark(c, marks, "bad", say(c, "calc.member.alarm_passed"));
	marks_of(c, marks, result_of(c, "disputed"), "calc.value.");
	if (official != NULL)
		add_big(c, "public.end", official);
	else if (review != NULL)
		add_big(c, "public.review", review);
	else if (range != NULL) {
		node_add_word(c->page, "answer_title", "public.end_range");
		node_add_text(c->page, "answer_text", from_to(c, range));
	}
	add_ways(c);
	sentence_pairs(c);
}

/* ---- the form --------------------------------------------------------- */

static struct node *
field_named(struct node *fields, const char *name)
{
	for (struct node *f = fields == NULL ? NULL : fields->first;
	    f != NULL; f = f->next) {
		const struct node *own = node_find(f, "name");

		if (own != NULL && text_same(own->text, text_of(name)))
			return f;
	}
	return NULL;
}

static void
move_fields(struct composing *c, const char *list, const char *const *names)
{
	struct node *fields = take(c, "fields");
	struct node *to = node_add_list(c->page, list);

	for (; *names != NULL; names++) {
		struct node *f = field_named(fields, *names);

		if (f != NULL)
			node_move(to, NULL, f);
	}
}

static void
move_one(struct composing *c, struct node *to, const char *as, text name)
{
	struct node *f = name.p == NULL ? NULL : field_named(take(c,
	    "fields"), name.p);

	if (f != NULL)
		node_move(to, as, f);
}

static void
stay_fields(struct composing *c)
{
	const struct node *shown_n = of(c, "periods");
	int64_t n = shown_n == NULL ? 1 : shown_n->number;
	struct node *list = node_add_list(c->page, "stays");
	static const char *const length[] = { "years", "months", "days",
		NULL };
	static const char *const rest[] = { "work_days", "ratio", "as_of",
		NULL };

	for (int i = 1; i <= n; i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_number(one, "n", i);
		move_one(c, one, "from", arena_format(c->arena, "from_%d",
		    i));
		move_one(c, one, "to", arena_format(c->arena, "to_%d", i));
		move_one(c, one, "held", arena_format(c->arena, "held_%d",
		    i));
	}
	move_fields(c, "length", length);
	move_one(c, c->page, "life", T("life"));
	move_fields(c, "rest", rest);
	node_add_number(c->page, "periods", n);
	if (node_true(of(c, "may_more")))
		node_add_text(c->page, "more", arena_format(c->arena,
		    "/public/sentences#stay-%lld", (long long)n + 1));
}

static void
term_fields(struct composing *c)
{
	static const char *const first[] = { "day", "hour", "served_by",
		"distance", NULL };

	move_one(c, c->page, "rule", T("rule"));
	move_fields(c, "first", first);
}

static void
add_languages(struct composing *c, const char *path)
{
	static const char *const words[] = { [LANG_ES] = "public.lang.es",
		[LANG_EN] = "public.lang.en" };
	struct node *list = node_add_list(c->page, "languages");

	for (int l = 0; l < LANGS; l++) {
		text code = words_lang_code((enum lang)l);
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "href", arena_format(c->arena,
		    "%s?lang=%.*s", path, (int)code.n, code.p));
		node_add_text(one, "code", code);
		node_add_word(one, "label", words[l]);
		node_add_bool(one, "current", (enum lang)l == c->lang);
	}
}

void
compose_public(struct composing *c)
{
	bool terms = strcmp(c->op->row->name, "public.deadlines") == 0;
	const char *here = c->op->row->page;
	text lang = op_given(c->op, "lang") ? words_lang_code(c->lang) :
	    T("");
	struct node *page = ops_member(c->page, "page");

	node_add_bool(page, "bare", true);
	node_add_word(c->page, "title", terms ? "public.deadlines.title" :
	    "public.sentences.title");
	node_add_word(c->page, "lead", terms ? "public.deadlines.lead" :
	    "public.sentences.lead");
	node_add_text(c->page, "other", arena_format(c->arena, "%s%s%.*s",
	    terms ? "/public/sentences" : "/public/deadlines",
	    lang.n > 0 ? "?lang=" : "", (int)lang.n, lang.p));
	node_add_word(c->page, "other_label", terms ?
	    "public.sentences.title" : "public.deadlines.title");
	node_add_text(c->page, "office", T("/sign-in"));
	add_languages(c, here);
	node_add_text(c->page, "lang_typed", lang);
	/* Without a script the address alone leads to what came out. */
	node_add_text(c->page, "action", arena_format(c->arena, "%s#answer",
	    here));
	node_add_word(c->page, "submit", terms ? "public.deadlines.submit" :
	    "public.sentences.submit");
	errors(c);
	if (of(c, "result") != NULL) {
		node_add_bool(c->page, "answered", true);
		if (terms)
			term_answer(c);
		else
			sentence_answer(c);
		add_sheet(c);
	}
	if (terms)
		term_fields(c);
	else
		stay_fields(c);
}
