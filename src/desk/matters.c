#include "desk_inside.h"

#include <ctype.h>

enum { NUMBER_LETTERS_MIN = 3, TITLE_LETTERS_MIN = 3 };

/* ---- one matter in a list --------------------------------------------- */

static const char *state_key(text state)
{
	if (text_same(state, T("closed")))
		return "matter.state.closed";
	return text_same(state, T("blocked")) ? "matter.state.blocked" :
	    "matter.state.open";
}

static void add_card(struct view *v, struct row_set *rows, id matter,
    struct node *to)
{
	bool within = view_may(v, SEE_FILE, OBJECT_MATTER, matter);

	node_add_short(to, "code", matter);
	node_add_bool(to, "within", within);
	add_known_code(to, "type", "matter_type", column_text(rows, "type"));
	if (within)
		node_add_text(to, "title", column_text(rows, "title"));
	node_add_word(to, "state", state_key(column_text(rows, "state")));
	add_known_code(to, "forum", "forum", column_text(rows, "forum"));
	node_add_day(to, "opened_on", column_day(rows, "opened_on",
	    "opened_on_p"));
	node_add_day(to, "closed_on", column_day(rows, "closed_on",
	    "closed_on_p"));
	add_known_code(to, "outcome", "matter_outcome",
	    column_text(rows, "outcome"));
	node_add_day(to, "next_on", column_day(rows, "next_on", NULL));
	add_user(v, to, "responsible", "responsible_name",
	    column_id(rows, "responsible"));
	add_user(v, to, "deputy", "deputy_name", column_id(rows, "deputy"));
}

result add_matter_card(struct view *v, id matter, struct node *to,
    bool *ret_there)
{
	const struct arg arg = arg_id("matter", matter);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret_there = false;
	if (!view_may(v, SEE_MATTERS, OBJECT_MATTER, matter))
		return OK;
	TRY(store_query(v->tx, &sql_matter_card, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there)
		add_card(v, rows, matter, to);
	row_end(&rows);
	TRY(got);
	*ret_there = there;
	return OK;
}

/* ---- the list --------------------------------------------------------- */

static result show_matter(struct view *v, id matter, struct node *to)
{
	bool there;

	return add_matter_card(v, matter, node_add_object(to, NULL), &there);
}

result desk_matters(struct op *op, const struct list_ask *ask)
{
	static const char *const sorts[] = { "next_on", "opened_on", "type",
		"title", "code", "responsible_name", NULL };
	static const char *const which[] = { "all", "own", "quiet",
		"undated" };
	static const struct list_kind matters = { .name = "matters",
		.kind = "matter", .sorts = sorts, .up = &sql_matters_up,
		.down = &sql_matters_down, .place = &sql_matters_place,
		.before = &sql_matters_before,
		.touched = &sql_matters_touched, .show = show_matter };
	bool known = ask->which.n == 0;

	for (size_t i = 0; i < LENGTH(which); i++)
		known = known || text_same(ask->which, text_of(which[i]));
	return known ? list_page(op, &matters, ask) : refuse(BAD_REQUEST);
}

/* ---- finding one ------------------------------------------------------ */

struct found { struct view *view; struct node *to; size_t n, most; };

static result add_found(struct found *f, const id *list, size_t n,
    const char *why)
{
	for (size_t i = 0; i < n && f->n < f->most; i++) {
		struct node *one;
		bool there;

		one = node_add_object(f->to, NULL);
		TRY(add_matter_card(f->view, list[i], one, &there));
		node_add_word(one, "why", why);
		f->n++;
	}
	return OK;
}

static result by_code(struct found *f, text typed)
{
	struct code_range range;
	uint32_t bits;
	size_t n = 0;
	id *list;

	if (!code_read(typed, &bits))
		return OK;
	range = code_range(bits);

	const struct arg args[] = {
		arg_id("low", range.low),
		arg_id("high", range.high),
	};
	TRY(view_ids(f->view, &sql_matter_of_code, args, LENGTH(args), "id",
	    1, &list, &n));
	return add_found(f, list, n, "find.why.code");
}

static result by_number(struct found *f, text typed)
{
	text bare = bare_number(f->view->op->arena, typed);
	const struct arg args[] = {
		arg_text("number", bare),
		arg_number("most", (int64_t)f->most),
	};
	bool digit = false;
	size_t n = 0;
	id *list;

	for (size_t i = 0; i < bare.n; i++)
		digit = digit || isdigit((unsigned char)bare.p[i]);
	if (!digit || bare.n < NUMBER_LETTERS_MIN)
		return OK;
	TRY(view_ids(f->view, &sql_matters_by_number, args, LENGTH(args),
	    "id", f->most, &list, &n));
	return add_found(f, list, n, "find.why.file_number");
}

static result by_title(struct found *f, text typed)
{
	static const char *const names[MATTER_WORDS_MAX] = { "word_1",
		"word_2", "word_3", "word_4" };
	struct arena *a = f->view->op->arena;
	text rest = names_fold(a, typed);
	struct arg args[MATTER_WORDS_MAX + 3];
	text longest = T("");
	size_t n = 0;
	id *list;

	if (rest.n < TITLE_LETTERS_MIN)
		return OK;
	for (size_t i = 0; i < MATTER_WORDS_MAX; i++) {
		text word = text_cut(&rest, ' ');

		if (word.n > longest.n)
			longest = word;
		/* A word is looked for at its beginning. */
		word = word.n == 0 ? T("") : arena_format(a, " %.*s",
		    (int)word.n, word.p);
		NEED(word.p);
		args[i] = arg_text(names[i], word);
	}
	args[MATTER_WORDS_MAX] = arg_number("most", (int64_t)f->most);
	args[MATTER_WORDS_MAX + 1] = arg_text("low", longest);
	/* No letter comes after this one. */
	args[MATTER_WORDS_MAX + 2] = arg_text("high", arena_format(a,
	    "%.*s\xf4\x8f\xbf\xbf", (int)longest.n, longest.p));
	NEED(args[MATTER_WORDS_MAX + 2].bytes.p);
	TRY(view_ids(f->view, &sql_matters_by_title, args, LENGTH(args),
	    "id", f->most, &list, &n));
	return add_found(f, list, n, "find.why.title");
}

result desk_find_matters(struct op *op, text typed, int limit,
    struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct found f = { .view = &v, .to = to,
		.most = limit > 0 ? (size_t)limit : PAGE_ROWS };

	typed = text_trim(typed);
	if (typed.n > FIND_BYTES_MAX || !text_is_utf8(typed))
		return refuse(BAD_REQUEST);
	TRY(view_begin(op, &v));
	TRY(by_code(&f, typed));
	if (f.n == 0)
		TRY(by_number(&f, typed));
	if (f.n == 0)
		TRY(by_title(&f, typed));
	audit_listed(op, "matter", (int64_t)f.n);
	return node_whole(to);
}

/* ---- what hangs together ---------------------------------------------- */

struct stand { id matter; text role; bool represented; };

static result stands_of(struct view *v, id person, struct stand **ret,
    size_t *ret_n)
{
	const struct arg arg = arg_id("person", person);
	struct stand *list = arena_array(v->op->arena, PAGE_ROWS_API_MAX,
	    sizeof(*list));
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got = OK;

	NEED(list);
	TRY(store_query(v->tx, &sql_matters_of_person, &arg, 1, &rows));
	while (n < PAGE_ROWS_API_MAX && is_ok(got = row_next(rows, &there)) &&
	    there)
		list[n++] = (struct stand){ column_id(rows, "matter"),
			column_kept(v, rows, "role"),
			column_number(rows, "represented") != 0 };
	row_end(&rows);
	TRY(got);
	*ret = list;
	*ret_n = n;
	return OK;
}

result desk_matters_of(struct op *op, person_id person, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct stand *list;
	size_t n;

	TRY(view_begin(op, &v));
	TRY(stands_of(&v, person.raw, &list, &n));
	for (size_t i = 0; i < n; i++) {
		struct node *one = node_add_object(to, NULL);
		bool there;

		TRY(add_matter_card(&v, list[i].matter, one, &there));
		add_known_code(one, "role", "party_role", list[i].role);
		node_add_bool(one, "represented", list[i].represented);
	}
	return node_whole(to);
}

result desk_next_deadline(struct op *op, matter_id matter, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	const struct arg arg = arg_id("matter", matter.raw);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(view_begin(op, &v));
	TRY(store_query(v.tx, &sql_next_deadline, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		id deadline = column_id(rows, "id");

		node_add_short(to, "code", deadline);
		node_add_day(to, "day", column_day(rows, "due_on",
		    "due_on_p"));
		node_add_day(to, "alarm_on", column_day(rows, "alarm_on",
		    "alarm_on_p"));
		node_add_instant(to, "due_at", column_instant(rows,
		    "due_at"));
		add_known_code(to, "state", "deadline_state",
		    column_text(rows, "state"));
		if (!column_null(rows, "title"))
			node_add_text(to, "title",
			    column_text(rows, "title"));
		if (!column_null(rows, "title"))
			node_add_text(to, "href", object_path(op->arena,
			    "deadlines", deadline));
	}
	row_end(&rows);
	TRY(got);
	if (!there)
		node_add_day(to, "day", (day){ 0 });
	return node_whole(to);
}
