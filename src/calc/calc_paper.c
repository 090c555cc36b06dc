/* The sheet: facts, how it was reckoned, and what came out. */
#include "calc.h"

#include "paper.h"

#include <stdio.h>
#include <string.h>

enum { KEY_MAX = 128, DIGEST_SHOWN = 12, CELL_MAX = 4 * KIB,
	SHOWN_MAX = 1000, WIDTH = 100 };

struct laying { const struct calc_sheet *s; struct buf *out; };

/* ---- words ------------------------------------------------------------ */

static text
word(const struct laying *l, const char *key)
{
	return words_get(l->s->words, l->s->lang, key);
}

static text
word_with(const struct laying *l, const char *key, text a)
{
	return words_format(l->s->words, l->s->lang, l->s->arena, key, &a, 1);
}

/* The catalogue's word for prefix.name, or else the name itself. */
static text
word_or(const struct laying *l, const char *prefix, text name)
{
	char key[KEY_MAX];
	text found;
	int n = snprintf(key, sizeof(key), "%s%.*s", prefix, (int)name.n,
	    name.p);

	if (n < 0 || (size_t)n >= sizeof(key))
		return name;
	found = word(l, key);
	return text_same(found, text_of(key)) ? name : found;
}

/* A kind may have its own word for a member: "calc.member.loan.payment". */
static text
label(const struct laying *l, const char *name)
{
	char key[KEY_MAX];
	text own, found;
	int n = snprintf(key, sizeof(key), "%s.%s", l->s->kind->name, name);

	/* A key that ends in ".n" would be one that has a plural. */
	if (strcmp(name, "n") == 0)
		return word(l, "calc.number");
	if (n < 0 || (size_t)n >= sizeof(key))
		return text_of(name);
	own = text_of(key);
	found = word_or(l, "calc.member.", own);
	return text_same(found, own) ?
	    word_or(l, "calc.member.", text_of(name)) : found;
}

/* Where the words for the codes of a member stand. */
static const char *
words_of_member(const char *name)
{
	static const struct { const char *member, *prefix; } known[] = {
		{ "calendar", "law.calendar." },
		{ "confidence", "law.confidence." }, { "why", "law.why." },
		{ "warnings", "law.warning." },
	};

	for (size_t i = 0; i < LENGTH(known); i++) {
		if (strcmp(known[i].member, name) == 0)
			return known[i].prefix;
	}
	return "calc.value.";
}

/* ---- values ----------------------------------------------------------- */

static const char *
member_name(const struct node *n)
{
	while (n->name == NULL && n->up != NULL)
		n = n->up;
	return n->name == NULL ? "" : n->name;
}

static text
rule_text(const struct laying *l, text rule)
{
	const struct law_rule *r;

	for (size_t i = 0; (r = law_rule_at(l->s->law, i)) != NULL; i++) {
		if (!text_same(r->rule, rule))
			continue;
		text name = l->s->lang == LANG_EN ? r->name_en : r->name_es;

		return arena_format(l->s->arena, "%.*s · %.*s", (int)rule.n,
		    rule.p, (int)name.n, name.p);
	}
	return rule;
}

/* "10 días hábiles", of the two members beside each other. */
static text
count_text(const struct laying *l, const struct node *n)
{
	const struct node *length = node_find(n->up, "length");
	text key = arena_format(l->s->arena, "law.count.%.*s",
	    (int)n->text.n, n->text.p);

	if (key.p == NULL)
		return n->text;
	return word_with(l, key.p, length == NULL ? T("") :
	    words_number(l->s->lang, l->s->arena, length->number));
}

static text
text_value(const struct laying *l, const struct node *n)
{
	const char *name = member_name(n);
	day d;

	if (n->text.n == strlen("2026-11-24") && day_read(n->text, &d))
		return words_day(l->s->words, l->s->lang, l->s->arena, d);
	if (strcmp(name, "rule") == 0)
		return rule_text(l, n->text);
	if (strcmp(name, "count") == 0)
		return count_text(l, n);
	return word_or(l, words_of_member(name), n->text);
}

/* A cell of paper has an end; what is longer says so. */
static text
cut(const struct laying *l, text t)
{
	text shown = { t.p, t.n < SHOWN_MAX ? t.n : SHOWN_MAX };

	while (shown.n < t.n && !text_is_utf8(shown))
		shown.n--;
	return shown.n == t.n ? t : arena_format(l->s->arena, "%.*s…",
	    (int)shown.n, shown.p);
}

static text
leaf_text(const struct laying *l, const struct node *n)
{
	switch (n->kind) {
	case NODE_NUMBER:
		return words_number(l->s->lang, l->s->arena, n->number);
	case NODE_BOOL:
		return word(l, n->number != 0 ? "calc.yes" : "calc.no");
	case NODE_DAY:
		return words_day(l->s->words, l->s->lang, l->s->arena,
		    n->day);
	case NODE_TEXT:
		return cut(l, text_value(l, n));
	case NODE_NULL:
		return word(l, "calc.hidden");
	case NODE_OBJECT:
	case NODE_LIST:
	case NODE_WORD:
	case NODE_CODE:
	case NODE_INSTANT:
	case NODE_MONEY:
	case NODE_SHORT:
		break;
	}
	return T("");
}

static bool
is_leaf(const struct node *n)
{
	return n->kind != NODE_OBJECT && n->kind != NODE_LIST;
}

/* The leaves below, in one line: "años 17; meses 3", "1, 2, 3". */
static text
line_text(const struct laying *l, const struct node *n)
{
	CLEANUP(buf_free) struct buf b = buf_new(CELL_MAX);
	const struct node *at = n;

	if (is_leaf(n))
		return leaf_text(l, n);
	while (at != NULL) {
		if (at != n && at->name != NULL) {
			if (b.n > 0)
				buf_text(&b, T("; "));
			buf_text(&b, label(l, at->name));
			buf_char(&b, ' ');
		} else if (at != n && b.n > 0 && is_leaf(at)) {
			buf_text(&b, T(", "));
		}
		if (is_leaf(at))
			buf_text(&b, leaf_text(l, at));
		if (at->first != NULL) {
			at = at->first;
			continue;
		}
		while (at != n && at->next == NULL)
			at = at->up;
		at = at == n ? NULL : at->next;
	}
	/* What is longer than a cell says so. */
	return b.failed ? T("…") : arena_text(l->s->arena, buf_view(&b));
}

/* ---- tables ----------------------------------------------------------- */

static bool
is_table(const struct node *n)
{
	return n->kind == NODE_LIST && n->first != NULL &&
	    n->first->kind == NODE_OBJECT;
}

/* The members of its objects, each once, in the order they appear. */
static size_t
columns_of(const struct node *list, const char *names[PAPER_CELLS_MAX])
{
	size_t n = 0;

	for (const struct node *o = list->first; o != NULL; o = o->next) {
		const struct node *m = o->kind == NODE_OBJECT ? o->first :
		    NULL;

		for (; m != NULL; m = m->next) {
			size_t at = 0;

			while (at < n && strcmp(names[at], m->name) != 0)
				at++;
			if (at == n && n < PAPER_CELLS_MAX)
				names[n++] = m->name;
		}
	}
	return n;
}

static void
put_columns(const struct laying *l, size_t n)
{
	text width[PAPER_CELLS_MAX];

	for (size_t i = 0; i < n; i++)
		width[i] = arena_format(l->s->arena, "%zu", WIDTH / n);
	paper_cells(l->out, PAPER_COLUMNS, width, n);
}

static void
put_table(const struct laying *l, const struct node *list)
{
	const char *names[PAPER_CELLS_MAX];
	text cells[PAPER_CELLS_MAX];
	size_t n = columns_of(list, names);

	if (n == 0)
		return;
	paper_line(l->out, PAPER_STRONG, label(l, member_name(list)));
	put_columns(l, n);
	for (size_t i = 0; i < n; i++)
		cells[i] = label(l, names[i]);
	paper_cells(l->out, PAPER_HEADER, cells, n);
	for (const struct node *o = list->first; o != NULL; o = o->next) {
		for (size_t i = 0; i < n; i++) {
			const struct node *m = o->kind == NODE_OBJECT ?
			    node_find(o, names[i]) : NULL;

			cells[i] = m == NULL ? T("") : line_text(l, m);
		}
		paper_cells(l->out, PAPER_ROW, cells, n);
	}
	paper_line(l->out, PAPER_GAP, T(""));
}

/* Lines of equal length, as of a table of counts. */
static bool
is_grid(const struct node *n)
{
	return n->kind == NODE_LIST && n->first != NULL &&
	    n->first->kind == NODE_LIST && n->first->n > 0 &&
	    n->first->n <= PAPER_CELLS_MAX;
}

static void
put_grid(const struct laying *l, const struct node *grid)
{
	text cells[PAPER_CELLS_MAX];

	paper_line(l->out, PAPER_STRONG, label(l, member_name(grid)));
	put_columns(l, grid->first->n);
	for (const struct node *r = grid->first; r != NULL; r = r->next) {
		size_t n = 0;

		for (const struct node *c = r->first; c != NULL &&
		    n < grid->first->n; c = c->next)
			cells[n++] = line_text(l, c);
		paper_cells(l->out, PAPER_ROW, cells, n);
	}
	paper_line(l->out, PAPER_GAP, T(""));
}

static void
put_member(const struct laying *l, const struct node *m)
{
	if (is_table(m)) {
		put_table(l, m);
		return;
	}
	if (is_grid(m)) {
		put_grid(l, m);
		return;
	}
	if (m->kind == NODE_LIST && m->first == NULL)
		return;
	paper_two(l->out, PAPER_PAIR, label(l, m->name), line_text(l, m));
}

/* ---- the reckoning ---------------------------------------------------- */

struct days { const struct node *counted, *skipped; int64_t number; };

static day
day_at(const struct node *n)
{
	const struct node *d = n->kind == NODE_OBJECT ?
	    node_find(n, "date") : n;

	return d->day;
}

static void
put_day(const struct laying *l, struct days *at, const struct node *n)
{
	day d = day_at(n);
	text why = T("");

	if (n->kind == NODE_OBJECT) {
		const struct node *name = node_find(n, "name");

		why = leaf_text(l, name != NULL ? name :
		    node_find(n, "why"));
	} else {
		at->number++;
	}
	text cells[] = { n->kind == NODE_OBJECT ? T("") :
		words_number(l->s->lang, l->s->arena, at->number),
		words_day(l->s->words, l->s->lang, l->s->arena, d),
		words_weekday(l->s->words, l->s->lang, d), why };

	paper_cells(l->out, PAPER_ROW, cells, LENGTH(cells));
}

/* Is the counted day the next one told?  A count back goes down. */
static bool
counted_next(const struct days *at, bool back)
{
	if (at->counted == NULL || at->skipped == NULL)
		return at->counted != NULL;
	return back ? day_at(at->counted).n > day_at(at->skipped).n :
	    day_at(at->counted).n < day_at(at->skipped).n;
}

static bool
goes_back(const struct node *list)
{
	return list != NULL && list->first != NULL &&
	    list->first != list->last &&
	    day_at(list->first).n > day_at(list->last).n;
}

/* Every day, counted with its number or skipped with its reason. */
static void
put_days(const struct laying *l, const struct node *answer)
{
	const struct node *counted = node_find(answer, "counted");
	const struct node *skipped = node_find(answer, "skipped");
	bool back = goes_back(counted) || goes_back(skipped);
	struct days at = { counted == NULL ? NULL : counted->first,
		skipped == NULL ? NULL : skipped->first, 0 };
	const text widths[] = { T("8r"), T("34"), T("18"), T("40") };
	const text heads[] = { word(l, "calc.number"),
		word(l, "calc.member.date"), word(l, "calc.weekday"),
		word(l, "calc.skipped") };

	if (at.counted == NULL && at.skipped == NULL)
		return;
	paper_cells(l->out, PAPER_COLUMNS, widths, LENGTH(widths));
	paper_cells(l->out, PAPER_HEADER, heads, LENGTH(heads));
	while (at.counted != NULL || at.skipped != NULL) {
		const struct node **next = counted_next(&at, back) ?
		    &at.counted : &at.skipped;

		put_day(l, &at, *next);
		*next = (*next)->next;
	}
}

static void
put_steps(const struct laying *l, const struct node *answer)
{
	const struct node *steps = node_find(answer, "steps");
	int64_t number = 0;

	if (steps == NULL)
		return;
	for (const struct node *n = steps->first; n != NULL; n = n->next)
		paper_two(l->out, PAPER_ITEM, arena_format(l->s->arena,
		    "%d.", (int)++number), n->text);
}

/* ---- all of it -------------------------------------------------------- */

static bool
told_before(const char *name)
{
	return strcmp(name, "steps") == 0 || strcmp(name, "counted") == 0 ||
	    strcmp(name, "skipped") == 0;
}

static bool
has_reckoning(const struct node *answer)
{
	for (const struct node *n = answer->first; n != NULL; n = n->next) {
		if (told_before(n->name) && n->first != NULL)
			return true;
	}
	return false;
}

result
calc_paper(const struct calc_sheet *s, const struct calc_answered *answered,
    struct buf *out)
{
	struct laying l = { s, out };
	bool legal = calc_is_law(s->kind);
	text how = word_or(&l, "calc.how.", text_of(s->kind->name));
	text digest = law_digest(s->law);

	digest.n = DIGEST_SHOWN;
	paper_begin(out);
	paper_line(out, PAPER_PAGES, word(&l, "calc.pages"));
	paper_line(out, PAPER_TITLE, word_or(&l, "calc.kind.",
	    text_of(s->kind->name)));
	if (legal)
		paper_line(out, PAPER_SMALL, word(&l, "calc.confirm"));
	paper_line(out, PAPER_HEADING, word(&l, "calc.facts"));
	for (const struct node *m = answered->question->first; m != NULL;
	    m = m->next)
		put_member(&l, m);
	if (!legal || has_reckoning(answered->answer)) {
		paper_line(out, PAPER_HEADING, word(&l, "calc.reckoning"));
		if (!legal)
			paper_line(out, PAPER_TEXT, how);
		put_steps(&l, answered->answer);
		put_days(&l, answered->answer);
	}
	paper_line(out, PAPER_HEADING, word(&l, "calc.result"));
	for (const struct node *m = answered->answer->first; m != NULL;
	    m = m->next) {
		if (!told_before(m->name))
			put_member(&l, m);
	}
	if (legal)
		paper_line(out, PAPER_SMALL, word_with(&l, "calc.law",
		    digest));
	return paper_end(out);
}
