/*
 * Who in the office bears a name (W04).  Looked for in everything, also in
 * what hides from the asker: a conflict that one may not see is still one,
 * and of it is said only whom to ask.
 */
#include "desk_inside.h"

#include "people.h"

#include <stdlib.h>
#include <string.h>

struct bearing {
	id row, person, matter;
	enum { CLIENT, PARTY, RELATIVE } quality;
	int score;
	enum name_reason reason;
	text typed, name;
};

struct conflicts {
	struct view *view;
	struct node *to;
	id besides;
	id asked[CONFLICTS_MAX];	/* who is to be asked, each once */
	size_t asked_n, n;
};

/* ---- who bears it ----------------------------------------------------- */

struct bearings { struct bearing *p; size_t n, room; };

/* Who bears the name of this row; nothing is added when it is gone. */
static result take_bearing(struct view *v, struct bearing b,
    struct bearings *to)
{
	const struct arg arg = arg_id("row", b.row);
	struct person_name name = { 0 };
	struct row_set *rows = NULL;
	bool there = false;
	text quality;
	result got;

	TRY(store_query(v->tx, &sql_bearer_of, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		quality = column_text(rows, "quality");
		b.quality = text_same(quality, T("person")) ? CLIENT :
		    text_same(quality, T("party")) ? PARTY : RELATIVE;
		b.person = column_id(rows, "person");
		b.matter = column_id(rows, "matter");
		name.given = column_text(rows, "given");
		name.first_surname = column_text(rows, "first_surname");
		name.second_surname = column_text(rows, "second_surname");
		b.name = name_whole(v->op->arena, &name);
		if (b.name.p == NULL)
			got = fault(NO_MEMORY);
		to->p[to->n++] = b;
	}
	row_end(&rows);
	return got;
}

static result bearings_with(struct view *v, size_t word,
    struct name_tokens typed, text name, struct bearings *to)
{
	const struct lexicon *l = v->op->office->desk->lexicon;
	struct lexicon_name one;

	for (size_t i = 0; to->n < to->room && lexicon_name(l, word, i,
	    &one); i++) {
		const struct name_tokens stored = { .p = one.tokens,
			.n = one.tokens_n };
		struct name_match match;

		if (names_match(typed, stored, &match))
			TRY(take_bearing(v, (struct bearing){ .row = one.row,
			    .score = match.score, .reason = match.worst,
			    .typed = name }, to));
	}
	return OK;
}

static int by_score(const void *a, const void *b)
{
	const struct bearing *x = a;
	const struct bearing *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return id_order(x->row, y->row);
}

/* A row that answers by two of its words stands twice, side by side. */
static void unique(struct bearings *b)
{
	size_t kept = 0;

	qsort(b->p, b->n, sizeof(b->p[0]), by_score);
	for (size_t i = 0; i < b->n; i++) {
		if (kept == 0 || !id_same(b->p[kept - 1].row, b->p[i].row))
			b->p[kept++] = b->p[i];
	}
	b->n = kept;
}

static result bearings_of(struct view *v, text name, struct bearings *ret)
{
	struct answering answers[FIND_TOKENS_MAX];
	const struct answering *rarest = answers;
	struct name_tokens typed = { 0 };
	struct bearings b = { 0 };

	TRY(names_tokens(v->op->arena, name, &typed));
	if (typed.n > FIND_TOKENS_MAX)
		typed.n = FIND_TOKENS_MAX;
	*ret = b;
	if (typed.n == 0)
		return OK;
	TRY(vocabulary_answers(v, typed, answers));
	for (size_t i = 1; i < typed.n; i++) {
		if (answers[i].uses < rarest->uses)
			rarest = &answers[i];
	}
	b.room = rarest->uses < FIND_NAMES_MAX ? (size_t)rarest->uses :
	    FIND_NAMES_MAX;
	b.p = arena_array(v->op->arena, b.room + 1, sizeof(b.p[0]));
	NEED(b.p);
	for (size_t i = 0; i < rarest->n; i++)
		TRY(bearings_with(v, rarest->at[i], typed, name, &b));
	unique(&b);
	*ret = b;
	return OK;
}

/* ---- what may be said of it ------------------------------------------- */

/* One hit: a person, a matter, or a person in a matter. */
struct place { id person, matter; };

static result hides(struct view *v, const struct place *p, bool *ret)
{
	const struct arg args[] = {
		arg_id_or_null("person", &p->person),
		arg_id_or_null("matter", &p->matter),
	};
	int64_t number = 0;

	TRY(view_number(v, &sql_hides, args, LENGTH(args), "hides",
	    &number));
	*ret = number != 0;
	return OK;
}

/* Nothing but a name of the office: not even that there are two. */
static result add_ask(struct conflicts *c, const struct place *p)
{
	const struct arg args[] = {
		arg_id_or_null("person", &p->person),
		arg_id_or_null("matter", &p->matter),
	};
	const struct guard *g = c->view->op->office->guard;
	id *lead;
	size_t n = 0;
	user_id user = { 0 };
	struct node *one;

	TRY(view_ids(c->view, &sql_lead_of, args, LENGTH(args), "user", 1,
	    &lead, &n));
	if (n == 1)
		user.raw = lead[0];
	for (size_t i = 0; i < c->asked_n; i++) {
		if (id_same(c->asked[i], user.raw))
			return OK;
	}
	c->asked[c->asked_n++] = user.raw;
	one = node_add_object(c->to, NULL);
	if (n == 1)
		node_add_text(one, "ask", guard_user_name(g, user));
	else
		node_add_word(one, "ask", "conflict.ask_director");
	c->n++;
	return OK;
}

struct near { bool found, within, listed, opened; day intake_on, opened_on; };

static result how_near(struct view *v, const struct place *p,
    struct near *ret)
{
	const struct arg args[] = {
		arg_id_or_null("person", &p->person),
		arg_id_or_null("matter", &p->matter),
	};
	struct near near = { 0 };
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(v->tx, &sql_conflict_dates, args, LENGTH(args),
	    &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		near.found = column_number(rows, "found") != 0;
		near.within = column_number(rows, "within") != 0;
		near.listed = column_number(rows, "listed") != 0;
		near.opened = column_number(rows, "opened") != 0;
		near.intake_on = column_day(rows, "intake_on", NULL);
		near.opened_on = column_day(rows, "opened_on", NULL);
	}
	row_end(&rows);
	TRY(got);
	*ret = near;
	return OK;
}

/* `role` empty: the person itself, or its relative. */
static result add_hit(struct conflicts *c, const struct bearing *b,
    const struct place *p, text role)
{
	struct node *one;
	struct near near = { 0 };
	bool hidden;

	if (c->n == CONFLICTS_MAX)
		return OK;
	TRY(hides(c->view, p, &hidden));
	if (hidden)
		return add_ask(c, p);
	TRY(how_near(c->view, p, &near));
	one = node_add_object(c->to, NULL);
	if (near.found)
		node_add_short(one, "code", p->person);
	if (near.within || (b->quality == PARTY && near.opened))
		node_add_text(one, "name", b->name);
	if (role.n > 0)
		node_add_code(one, "quality", "party_role", role);
	else
		node_add_word(one, "quality", b->quality == RELATIVE ?
		    "conflict.relative" : "conflict.client");
	node_add_day(one, "date", id_none(p->matter) ? near.intake_on :
	    near.opened_on);
	if (near.listed)
		node_add_short(one, "matter", p->matter);
	node_add_text(one, "typed", b->typed);
	node_add_word(one, "why", find_why[b->reason]);
	c->n++;
	return OK;
}

struct standing { id matter; text role; };

static result standings_of(struct view *v, id person, struct standing **ret,
    size_t *ret_n)
{
	const struct arg arg = arg_id("person", person);
	struct standing *list = arena_array(v->op->arena, CONFLICTS_MAX,
	    sizeof(*list));
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got = OK;

	NEED(list);
	TRY(store_query(v->tx, &sql_standings_of, &arg, 1, &rows));
	while (n < CONFLICTS_MAX && is_ok(got = row_next(rows, &there)) &&
	    there)
		list[n++] = (struct standing){ column_id(rows, "matter"),
			column_kept(v, rows, "role") };
	row_end(&rows);
	TRY(got);
	*ret = list;
	*ret_n = n;
	return OK;
}

/* A client stands for itself and in each of its matters. */
static result add_client(struct conflicts *c, const struct bearing *b)
{
	const struct place alone = { .person = b->person };
	struct standing *list;
	size_t n;

	TRY(add_hit(c, b, &alone, T("")));
	TRY(standings_of(c->view, b->person, &list, &n));
	for (size_t i = 0; i < n; i++) {
		const struct place there = { b->person, list[i].matter };

		TRY(add_hit(c, b, &there, list[i].role));
	}
	return OK;
}

static result add_party(struct conflicts *c, const struct bearing *b)
{
	const struct place there = { .matter = b->matter };
	const struct arg arg = arg_id("row", b->row);
	struct row_set *rows = NULL;
	bool known = false;
	text role = T("");
	result got;

	TRY(store_query(c->view->tx, &sql_party_role, &arg, 1, &rows));
	got = row_next(rows, &known);
	if (is_ok(got) && known)
		role = column_kept(c->view, rows, "role");
	row_end(&rows);
	TRY(got);
	return add_hit(c, b, &there, role);
}

static result add_bearing(struct conflicts *c, const struct bearing *b)
{
	const struct place of = { .person = b->person };

	if (!id_none(b->person) && id_same(b->person, c->besides))
		return OK;
	switch (b->quality) {
	case CLIENT:
		return add_client(c, b);
	case PARTY:
		return add_party(c, b);
	case RELATIVE:
		return add_hit(c, b, &of, T(""));
	}
	return fault(BUG);
}

result desk_conflicts(struct op *op, const text *names, size_t n,
    person_id besides, struct node *to, size_t *ret_n)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct conflicts c = { .view = &v, .to = to, .besides = besides.raw };

	if (n > CONFLICT_NAMES_MAX)
		return refuse(TOO_LARGE);
	TRY(view_begin(op, &v));
	for (size_t i = 0; i < n; i++) {
		struct bearings b;

		TRY(bearings_of(&v, names[i], &b));
		for (size_t at = 0; at < b.n; at++)
			TRY(add_bearing(&c, &b.p[at]));
	}
	audit_listed(op, "person", (int64_t)c.n);
	TRY(node_whole(to));
	*ret_n = c.n;
	return OK;
}
