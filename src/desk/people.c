#include "desk_inside.h"

/* ---- one person in a list --------------------------------------------- */

static void add_codes(struct node *to, const char *name, const char *list,
    text codes)
{
	struct node *many = node_add_list(to, name);

	while (codes.n > 0) {
		text code = text_cut(&codes, ' ');

		if (code.n > 0)
			node_add_code(many, NULL, list, code);
	}
}

/* What only the reach of people.identity shows. */
static void add_identity(struct view *v, struct row_set *rows,
    struct node *to)
{
	day born = column_day(rows, "birth_date", "birth_date_p");
	text initials = column_kept(v, rows, "initials");

	node_add_text(to, "name", shown_name(v->op,
	    column_kept(v, rows, "name"), initials));
	node_add_text(to, "initials", initials);
	if (born.known)
		node_add_number(to, "birth_year", day_ymd(born).year);
	else
		node_add_null(to, "birth_year");
	add_known_code(to, "department", "department",
	    column_text(rows, "department"));
	add_known_code(to, "language", "language",
	    column_text(rows, "language"));
	add_codes(to, "programmes", "programme",
	    column_text(rows, "programmes"));
	node_add_day(to, "intake_on", column_day(rows, "intake_on",
	    "intake_on_p"));
	node_add_instant(to, "last_contact", column_instant(rows,
	    "last_contact"));
}

static void add_state(struct view *v, struct row_set *rows, id person,
    bool within, struct node *to)
{
	static const char *const keys[] = { "person.state.detained",
		"person.state.released", "person.state.no_custody" };

	if (within && !column_null(rows, "died_on")) {
		node_add_word(to, "state", "person.state.died");
		return;
	}
	if (!view_may(v, SEE_CUSTODY, OBJECT_PERSON, person))
		return;
	for (size_t i = 0; i < LENGTH(keys); i++) {
		if (text_ends(text_of(keys[i]), column_text(rows, "custody")))
			node_add_word(to, "state", keys[i]);
	}
}

static void add_card(struct view *v, struct row_set *rows, id person,
    struct node *to)
{
	bool within = view_may(v, SEE_IDENTITY, OBJECT_PERSON, person);

	node_add_short(to, "code", person);
	node_add_bool(to, "within", within);
	if (within)
		add_identity(v, rows, to);
	add_state(v, rows, person, within, to);
	add_user(v, to, "responsible", "responsible_name",
	    column_id(rows, "responsible"));
}

result add_person_card(struct view *v, id person, struct node *to,
    bool *ret_there)
{
	const struct arg arg = arg_id("person", person);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret_there = false;
	if (!view_may(v, SEE_FIND, OBJECT_PERSON, person))
		return OK;
	TRY(store_query(v->tx, &sql_person_card, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there)
		add_card(v, rows, person, to);
	row_end(&rows);
	TRY(got);
	*ret_there = there;
	return OK;
}

/* ---- the list --------------------------------------------------------- */

static result show_person(struct view *v, id person, struct node *to)
{
	bool there;

	return add_person_card(v, person, node_add_object(to, NULL), &there);
}

result desk_people(struct op *op, const struct list_ask *ask)
{
	static const char *const sorts[] = { "name", "code", "birth_year",
		"department", "intake_on", "last_contact",
		"responsible_name", NULL };
	static const struct list_kind people = { .name = "people",
		.kind = "person", .sorts = sorts, .up = &sql_people_up,
		.down = &sql_people_down, .place = &sql_people_place,
		.before = &sql_people_before,
		.touched = &sql_people_touched, .show = show_person };

	return list_page(op, &people, ask);
}
