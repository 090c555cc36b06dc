/*
 * Keeping: rows of facts into the projection, one by one at a commit, all
 * of them at unsealing.
 */
#include "desk_inside.h"

#include "people.h"

#include <string.h>

/* ---- a row as columns ------------------------------------------------- */

struct columns {
	struct arena *arena;
	const struct statement *put;
	struct arg args[SQL_ARGS_MAX];
	size_t n;
	bool failed;
};

static void add(struct columns *c, struct arg a)
{
	a.name = c->put->args[c->n];
	c->args[c->n++] = a;
}

static void add_number(struct columns *c, bool known, int64_t v)
{
	add(c, known ? arg_number("", v) : arg_null(""));
}

static void add_text(struct columns *c, text t)
{
	add(c, t.n > 0 ? arg_text("", t) : arg_null(""));
}

/* " a b ": so that one code is looked for with a space on either side. */
static void add_codes(struct columns *c, texts codes)
{
	size_t n = 1;
	char *p;
	char *at;

	if (codes.n == 0) {
		add(c, arg_null(""));
		return;
	}
	for (size_t i = 0; i < codes.n; i++)
		n += codes.p[i].n + 1;
	at = p = arena_take(c->arena, n);
	if (p == NULL) {
		c->failed = true;
		add(c, arg_null(""));
		return;
	}
	*at++ = ' ';
	for (size_t i = 0; i < codes.n; i++) {
		memcpy(at, codes.p[i].p, codes.p[i].n);
		at += codes.p[i].n;
		*at++ = ' ';
	}
	add(c, arg_text("", ((text){ p, n })));
}

static void add_field(struct columns *c, const struct field *f,
    const void *row)
{
	const void *at = (const char *)row + f->at;
	const day *d = at;
	const money *m = at;
	const rate *r = at;

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_DIGITS:
		add_text(c, *(const text *)at);
		return;
	case KIND_CODES:
		add_codes(c, *(const texts *)at);
		return;
	case KIND_INTEGER:
	case KIND_MINUTES:
		add_number(c, ((const whole *)at)->known,
		    ((const whole *)at)->value);
		return;
	case KIND_BOOLEAN:
		add_number(c, ((const yesno *)at)->known,
		    ((const yesno *)at)->value);
		return;
	case KIND_DAY:
		add_number(c, d->known, d->n);
		add_number(c, d->known, d->precision);
		return;
	case KIND_INSTANT:
		add_number(c, ((const instant *)at)->known,
		    ((const instant *)at)->ms);
		return;
	case KIND_MONEY:
		add_number(c, m->currency[0] != '\0', m->minor);
		add_text(c, text_of(m->currency));
		return;
	case KIND_RATE:
		add_number(c, r->known, r->mantissa);
		add_number(c, r->known, r->scale);
		return;
	case KIND_ID:
		add(c, arg_id_or_null("", at));
		return;
	case KIND_FILE:
		add_text(c, ((const file_ref *)at)->name);
		return;
	}
}

static const struct projected *projected_of(const struct entity *e)
{
	for (size_t i = 0; i < LENGTH(projected); i++) {
		if (projected[i].entity == e)
			return &projected[i];
	}
	return NULL;
}

static result put_columns(struct keeping *k, const struct projected *p,
    const void *row)
{
	const struct row *head = row;
	struct columns c = { .arena = k->op->arena, .put = p->put };

	add(&c, arg_id("", head->id));
	for (size_t i = 0; i < p->fields_n; i++)
		add_field(&c, &p->entity->fields[p->fields[i]], row);
	if (c.failed)
		return fault(NO_MEMORY);
	return store_run(k->tx, p->put, c.args, c.n, NULL);
}

/* ---- what is worked out of rows --------------------------------------- */

static result read_names(struct keeping *k, id person, void ***ret,
    size_t *ret_n)
{
	enum { NAMES_MAX = 100 };
	const struct arg of = arg_id("person", person);
	void **names = arena_array(k->op->arena, NAMES_MAX, sizeof(*names));
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got;

	NEED(names);
	TRY(store_query(k->tx, &sql_names_of, &of, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there &&
	    n < NAMES_MAX) {
		struct person_name *one = entity_new(k->op->arena,
		    &entity_person_name);
		struct arena *a = k->op->arena;

		if (one == NULL) {
			got = fault(NO_MEMORY);
			break;
		}
		one->kind = arena_text(a, column_text(rows, "kind"));
		one->given = arena_text(a, column_text(rows, "given"));
		one->first_surname = arena_text(a,
		    column_text(rows, "first_surname"));
		one->second_surname = arena_text(a,
		    column_text(rows, "second_surname"));
		one->shown = (yesno){ column_number(rows, "shown") != 0,
			!column_null(rows, "shown") };
		names[n++] = one;
	}
	row_end(&rows);
	TRY(got);
	*ret = names;
	*ret_n = n;
	return OK;
}

/* What searches ask of a person, from `called`. */
static result find_again(struct keeping *k, id person)
{
	const struct arg arg = arg_id("person", person);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(k->tx, &sql_found_one, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there)
		got = lexicon_person(k->desk->lexicon, person,
		    !column_null(rows, "merged_into"),
		    column_number(rows, "last_contact"));
	row_end(&rows);
	return got;
}

static result find_everybody(struct keeping *k)
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(k->tx, &sql_found_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		got = lexicon_person(k->desk->lexicon,
		    column_id(rows, "person"),
		    !column_null(rows, "merged_into"),
		    column_number(rows, "last_contact"));
		if (!is_ok(got))
			break;
	}
	row_end(&rows);
	return got;
}

static result renew_called(struct keeping *k, id person)
{
	struct arena *a = k->op->arena;
	const struct person_name *shown;
	uint8_t pseudonym[16];
	void **names;
	text name;
	text initials = T("");
	text sort;
	size_t n;

	TRY(read_names(k, person, &names, &n));
	shown = name_shown(names, n);
	name = name_whole(a, shown);
	sort = sort_key(a, shown);
	if (shown != NULL)
		initials = name_initials(a, shown);
	NEED(name.p);
	NEED(sort.p);
	NEED(initials.p);
	TRY(audit_pseudonym(k->op->office->keyring, "person", person,
	    pseudonym));

	const struct arg args[] = {
		arg_id("person", person),
		arg_text("name", name),
		arg_text("initials", initials),
		arg_text("sort", sort),
		arg_blob("pseudonym", ((text){ (char *)pseudonym, 16 })),
	};
	if (!k->bulk)
		TRY(store_run(k->tx, &sql_called_drop, args, 1, NULL));
	TRY(store_run(k->tx, &sql_called_put, args, LENGTH(args), NULL));
	return k->bulk ? OK : find_again(k, person);
}

/* Puts or drops each word by itself. */
static result each_title_word(struct keeping *k, const struct statement *st,
    id matter, text words)
{
	while (words.n > 0) {
		const struct arg args[] = {
			arg_text("word", text_cut(&words, ' ')),
			arg_id("matter", matter),
		};

		if (args[0].bytes.n > 0)
			TRY(store_run(k->tx, st, args, LENGTH(args), NULL));
	}
	return OK;
}

/* The words that are there are known by the title itself. */
static result drop_title_words(struct keeping *k, id matter)
{
	const struct arg of = arg_id("matter", matter);
	struct row_set *rows = NULL;
	text words = T("");
	bool there = false;
	result got;

	TRY(store_query(k->tx, &sql_title_of, &of, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		words = arena_text(k->op->arena, column_text(rows, "words"));
		if (words.p == NULL)
			got = fault(NO_MEMORY);
	}
	row_end(&rows);
	TRY(got);
	return each_title_word(k, &sql_title_word_drop, matter, words);
}

static result keep_matter(struct keeping *k, const struct matter *m)
{
	text words = folded_words(k->op->arena, m->title);
	uint8_t pseudonym[16];

	NEED(words.p);
	TRY(audit_pseudonym(k->op->office->keyring, "matter", m->row.id,
	    pseudonym));

	const struct arg args[] = {
		arg_id("matter", m->row.id),
		arg_text("words", words),
		arg_blob("pseudonym", ((text){ (char *)pseudonym, 16 })),
	};
	if (!k->bulk)
		TRY(drop_title_words(k, m->row.id));
	TRY(each_title_word(k, &sql_title_word_put, m->row.id, words));
	return store_run(k->tx, &sql_titled_put, args, LENGTH(args), NULL);
}

static result keep_number(struct keeping *k, const struct proceeding *p)
{
	text number = bare_number(k->op->arena, p->number);
	const struct arg args[] = {
		arg_id("proceeding", p->row.id),
		arg_id("matter", p->matter_id.raw),
		arg_text("number", number),
	};

	NEED(number.p);
	if (number.n == 0)
		return store_run(k->tx, &sql_numbered_drop, args, 1, NULL);
	return store_run(k->tx, &sql_numbered_put, args, LENGTH(args), NULL);
}

static result keep_name(struct keeping *k, const struct person_name *n)
{
	text name = name_whole(k->op->arena, n);

	NEED(name.p);
	return words_renew(k, n->row.id, n->person_id.raw, name);
}

/* A registered person bears its own names; there the party only points. */
static result keep_party(struct keeping *k, const struct party *p)
{
	return words_renew(k, p->row.id, (id){ 0 },
	    id_none(p->person_id.raw) ? p->name : T(""));
}

static result keep_relation(struct keeping *k, const struct relation *r)
{
	return words_renew(k, r->row.id, (id){ 0 },
	    id_none(r->other_person_id.raw) ? r->name : T(""));
}

/* What one row changes beside its own table. */
static result keep_derived(struct keeping *k, const struct entity *e,
    const void *row)
{
	if (e == &entity_matter)
		return keep_matter(k, row);
	if (e == &entity_proceeding)
		return keep_number(k, row);
	if (e == &entity_party)
		return keep_party(k, row);
	if (e == &entity_relation)
		return keep_relation(k, row);
	if (e == &entity_person_name)
		TRY(keep_name(k, row));
	if (k->bulk)
		return OK;		/* everybody is called at the end */
	if (e == &entity_person_name)
		return renew_called(k,
		    ((const struct person_name *)row)->person_id.raw);
	if (e == &entity_contact_log)
		return renew_called(k,
		    ((const struct contact_log *)row)->person_id.raw);
	if (e == &entity_detention)
		return renew_called(k,
		    ((const struct detention *)row)->person_id.raw);
	if (e == &entity_person)
		return renew_called(k, ((const struct row *)row)->id);
	return OK;
}

static result put_row(struct keeping *k, const struct projected *p,
    const void *row)
{
	const struct entity *e = p->entity;

	/* A wall or a grant that does not open may not be left out: no
	 * projection, as guard has no directory. */
	if (((const struct row *)row)->damaged != 0 &&
	    (e == &entity_wall || e == &entity_grant))
		return fault(SEALED_RECORD);
	TRY(put_columns(k, p, row));
	return keep_derived(k, e, row);
}

/* A party that does not open counts as represented: a wall on its person
 * then hides the matter, which is the safe side (as guard does). */
static result put_any(struct keeping *k, const struct projected *p,
    const void *row)
{
	struct party party;

	if (p->entity != &entity_party ||
	    ((const struct row *)row)->damaged == 0)
		return put_row(k, p, row);
	memcpy(&party, row, sizeof(party));
	party.represented = (yesno){ true, true };
	return put_row(k, p, &party);
}

/* ---- all of them ------------------------------------------------------ */

struct each { struct keeping *k; const struct projected *p; };

/* Of a row only what goes in is opened. */
static struct reach reach_for(struct op *op, const struct projected *p)
{
	struct reach r = *guard_whole_office(op);

	r.mask &= p->classes;
	return r;
}

static result put_each(void *self, const void *row)
{
	const struct each *e = self;

	return put_any(e->k, e->p, row);
}

static result put_all(struct keeping *k, const struct projected *p)
{
	struct reach reach = reach_for(k->op, p);
	struct each each = { k, p };

	return facts_each(k->op, &reach, p->entity, put_each, &each);
}

/* What guard opened on its way. */
static result put_shown(void *self, const struct entity *e, const void *row)
{
	const struct projected *p = projected_of(e);

	return p == NULL ? OK : put_any(self, p, row);
}

static result call_everybody(struct keeping *k)
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(k->tx, &sql_person_all, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct arena_mark mark = arena_mark(k->op->arena);

		got = renew_called(k, column_id(rows, "id"));
		if (!is_ok(got))
			break;
		arena_rewind(k->op->arena, mark);
	}
	row_end(&rows);
	return got;
}

result keep_all(struct keeping *k)
{
	const struct guard_audience also = { k, put_shown };

	TRY(lexicon_new(&k->desk->lexicon));
	if (k->with_guard)
		TRY(guard_load(k->op, &also));
	for (size_t i = 0; i < LENGTH(projected); i++) {
		if (!k->with_guard || !guard_loads(projected[i].entity))
			TRY(put_all(k, &projected[i]));
		/* While the table is still at hand. */
		TRY(store_add(k->desk->store, (const char *const[]){
		    projected_indexes[i], NULL }));
	}
	TRY(view_questions(k->tx));
	TRY(keep_leaves(k));
	TRY(store_add(k->desk->store, desk_indexes));
	TRY(call_everybody(k));
	return find_everybody(k);
}

/* ---- one of them ------------------------------------------------------ */

/* On whom a row hangs in the projection. */
struct owners { id person, matter; };

static result owners_now(struct keeping *k, id row, struct owners *ret)
{
	const struct arg arg = arg_id("id", row);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret = (struct owners){ 0 };
	TRY(store_query(k->tx, &sql_owners_of, &arg, 1, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there) {
		ret->person = column_id(rows, "person");
		ret->matter = column_id(rows, "matter");
	}
	row_end(&rows);
	return got;
}

/* Does this row move more than itself and what it hangs on? */
static bool moves_all(const struct op *op, const struct entity *e,
    const void *row)
{
	const struct grant *g = row;

	if (e == &entity_user || e == &entity_wall)
		return true;
	/* One that is always there, or was, is not waited for. */
	return e == &entity_grant && row != NULL && (g->ends_at.known ||
	    (g->starts_at.known && g->starts_at.ms > op->now.ms));
}

/* Rows that say what hides behind a wall on a person or matter. */
static bool moves_walled(const struct entity *e)
{
	return e == &entity_party || e == &entity_relation ||
	    e == &entity_proceeding || e == &entity_act;
}

/* Lists that were read must know: schema/lists.sql. */
static void tell_rolls(struct keeping *k, const struct entity *e,
    const void *row, id changed, const struct owners *before,
    const struct owners *after)
{
	struct rolls *rolls = k->desk->rolls;

	if (moves_all(k->op, e, row))
		rolls_end(rolls);
	if (moves_walled(e))
		rolls_end_walled(rolls);
	rolls_note(rolls, changed);
	rolls_note(rolls, before->person);
	rolls_note(rolls, before->matter);
	if (!id_same(before->person, after->person))
		rolls_note(rolls, after->person);
	if (!id_same(before->matter, after->matter))
		rolls_note(rolls, after->matter);
}

static result drop_row(struct keeping *k, const struct projected *p, id row)
{
	const struct arg by_id = arg_id("id", row);
	struct arg by = arg_id("person", row);

	TRY(store_run(k->tx, p->drop, &by_id, 1, NULL));
	lexicon_drop(k->desk->lexicon, row);
	if (p->entity == &entity_person) {
		lexicon_person_gone(k->desk->lexicon, row);
		return store_run(k->tx, &sql_called_drop, &by, 1, NULL);
	}
	by.name = "matter";
	if (p->entity == &entity_matter) {
		TRY(drop_title_words(k, row));
		return store_run(k->tx, &sql_titled_drop, &by, 1, NULL);
	}
	by.name = "proceeding";
	if (p->entity == &entity_proceeding)
		return store_run(k->tx, &sql_numbered_drop, &by, 1, NULL);
	return OK;
}

result keep_row(struct keeping *k, const struct entity *e, id row)
{
	const struct projected *p = projected_of(e);
	struct owners before;
	struct owners after;
	struct reach reach;
	void *now;
	result got;

	if (p == NULL)
		return OK;
	now = entity_new(k->op->arena, e);
	NEED(now);
	reach = reach_for(k->op, p);
	TRY(owners_now(k, row, &before));
	got = facts_get(k->op, &reach, e, row, now);
	if (got.code == E_NOT_FOUND) {
		now = NULL;
		TRY(drop_row(k, p, row));
	} else if (!is_ok(got)) {
		return got;
	} else {
		TRY(put_any(k, p, now));
	}
	TRY(owners_now(k, row, &after));
	tell_rolls(k, e, now, row, &before, &after);
	/* A row that a merge moved leaves somebody else behind. */
	if ((e != &entity_person_name && e != &entity_contact_log &&
	    e != &entity_detention) || id_none(before.person) ||
	    id_same(before.person, after.person))
		return OK;
	return renew_called(k, before.person);
}

/* ---- leaves ----------------------------------------------------------- */

static result put_leaf(void *self, const struct leaf *leaf, text touched)
{
	struct keeping *k = self;
	const struct arg args[] = {
		arg_number("seq", (int64_t)leaf->seq),
		arg_number("event", leaf->event),
		arg_number("outcome", leaf->outcome),
		arg_number("at", leaf->at.ms),
		arg_blob("actor", ((text){ (const char *)leaf->actor, 16 })),
		arg_blob("object",
		    ((text){ (const char *)leaf->object, 16 })),
	};

	(void)touched;
	TRY(store_run(k->tx, &sql_leaf_put, args, LENGTH(args), NULL));
	k->desk->leaves = leaf->seq + 1;
	return OK;
}

result keep_leaves(struct keeping *k)
{
	uint64_t before = k->desk->leaves;
	result got = audit_each(k->op, before, put_leaf, k);

	if (!is_ok(got))
		k->desk->leaves = before;
	return got;
}
