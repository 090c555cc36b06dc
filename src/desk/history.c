#include "desk_inside.h"

#include <string.h>

result desk_follow(struct op *op)
{
	struct keeping k = { .op = op, .desk = op->office->desk };
	result got;

	if (!k.desk->loaded)
		return OK;	/* loading takes them all */
	TRY(tx_begin(k.desk->store, TX_WRITE, &k.tx));
	got = keep_leaves(&k);
	if (is_ok(got))
		return tx_commit(&k.tx);
	tx_abort(&k.tx);
	return got;
}

/* ---- one leaf --------------------------------------------------------- */

struct entry {
	uint64_t seq;
	uint16_t event;
	uint8_t outcome;
	instant at;
	uint8_t actor[16];
	id person, matter;
};

static void entry_read(struct row_set *rows, struct entry *ret)
{
	text actor = column_blob(rows, "actor");

	*ret = (struct entry){
		.seq = (uint64_t)column_number(rows, "seq"),
		.event = (uint16_t)column_number(rows, "event"),
		.outcome = (uint8_t)column_number(rows, "outcome"),
		.at = column_instant(rows, "at"),
	};
	if (actor.n == sizeof(ret->actor))
		memcpy(ret->actor, actor.p, actor.n);
}

static void add_entry(struct op *op, const struct entry *e, struct node *to)
{
	static const char *const outcomes[] = { "done", "refused", "fault" };
	const struct event_row *event = event_row(e->event);

	node_add_number(to, "seq", (int64_t)e->seq);
	node_add_instant(to, "at", e->at);
	node_add_text(to, "event", event == NULL ? T("") :
	    text_of(event->name));
	node_add_text(to, "label", event == NULL ? T("") :
	    text_of(event->label[op->lang]));
	node_add_text(to, "outcome", text_of(outcomes[e->outcome <
	    LENGTH(outcomes) ? e->outcome : OUTCOME_FAULT]));
}

static void add_actor(struct op *op, const struct entry *e, struct node *to)
{
	const struct user_facts *who = guard_user_of(op, e->actor);

	if (who == NULL) {
		node_add_null(to, "actor");
		return;
	}
	node_add_short(to, "actor", who->id.raw);
	node_add_text(to, "actor_name", who->name);
}

/* ---- what changed ----------------------------------------------------- */

/* "person.department" in the words of forms. */
static const struct field *told_field(text name)
{
	text rest = name;
	const struct entity *e = entity_named(text_cut(&rest, '.'));

	return e == NULL ? NULL : entity_field(e, rest);
}

static void add_value(struct node *to, const char *name,
    const struct field *f, text value)
{
	if (value.n == 0)
		node_add_null(to, name);
	else if (f != NULL && f->kind == KIND_CODE)
		node_add_code(to, name, f->codes, value);
	else
		node_add_text(to, name, value);
}

static text at(texts list, size_t i)
{
	return i < list.n ? list.p[i] : T("");
}

static result add_changes(struct op *op, const struct reach *reach,
    const struct leaf *leaf, struct node *to)
{
	struct node *changes;
	struct told told;
	result got = facts_told(op, leaf, reach->mask, &told);

	/* No detail, one of another class, or shredded: nothing to tell. */
	if (error_family(got) == FAMILY_REFUSAL)
		return OK;
	TRY(got);
	if (told.reason.n > 0)
		node_add_text(to, "reason", told.reason);
	changes = node_add_list(to, "changes");
	for (size_t i = 0; i < told.fields.n; i++) {
		struct node *one = node_add_object(changes, NULL);
		const struct field *f = told_field(told.fields.p[i]);

		node_add_text(one, "field", told.fields.p[i]);
		node_add_text(one, "label", f == NULL ? told.fields.p[i] :
		    text_of(f->label[op->lang]));
		add_value(one, "old", f, at(told.old, i));
		add_value(one, "new", f, at(told.new, i));
	}
	return OK;
}

/* ---- of one object ---------------------------------------------------- */

/* One more than a page: it says whether there is a further one. */
static result entries_about(struct view *v, const char *kind, id object,
    int64_t before, bool reads_too, struct entry **ret, size_t *ret_n)
{
	struct entry *list = arena_array(v->op->arena, HISTORY_MAX + 1,
	    sizeof(*list));
	struct row_set *rows = NULL;
	uint8_t pseudonym[16];
	bool there = false;
	size_t n = 0;
	result got = OK;

	NEED(list);
	TRY(audit_pseudonym(v->op->office->keyring, kind, object,
	    pseudonym));

	const struct arg args[] = {
		arg_blob("object", ((text){ (char *)pseudonym, 16 })),
		arg_number("before", before),
		arg_number("reads_too", reads_too),
		arg_number("read", EVENT_READ),
		arg_number("most", HISTORY_MAX + 1),
	};
	TRY(store_query(v->tx, &sql_leaves_about, args, LENGTH(args),
	    &rows));
	while (n <= HISTORY_MAX && is_ok(got = row_next(rows, &there)) &&
	    there)
		entry_read(rows, &list[n++]);
	row_end(&rows);
	TRY(got);
	*ret = list;
	*ret_n = n;
	return OK;
}

/* A page of leaves ends before this one; the first page before none. */
static result before_read(text cursor, int64_t *ret)
{
	*ret = INT64_MAX;
	if (cursor.n > 0 && (!text_integer(cursor, ret) || *ret < 0))
		return refuse(BAD_REQUEST);
	return OK;
}

static void add_next(struct node *to, bool there, uint64_t last)
{
	if (there)
		node_add_text(to, "next", arena_format(to->arena, "%llu",
		    (unsigned long long)last));
	else
		node_add_null(to, "next");
}

result desk_history(struct op *op, const struct reach *reach,
    const char *kind, id object, const struct history_ask *ask,
    struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct node *events = node_add_list(to, ask->list);
	struct entry *list;
	int64_t before;
	size_t n;

	TRY(before_read(ask->cursor, &before));
	TRY(desk_follow(op));
	TRY(view_begin(op, &v));
	TRY(entries_about(&v, kind, object, before, ask->reads_too, &list,
	    &n));
	for (size_t i = 0; i < n && i < HISTORY_MAX; i++) {
		struct node *one;
		struct leaf leaf;

		TRY(audit_get(op, list[i].seq, &leaf));
		if (facts_leaf_hidden(op, reach, &leaf))
			continue;
		one = node_add_object(events, NULL);
		add_entry(op, &list[i], one);
		add_actor(op, &list[i], one);
		TRY(add_changes(op, reach, &leaf, one));
	}
	add_next(to, n > HISTORY_MAX, list[HISTORY_MAX - 1].seq);
	return node_whole(to);
}

result desk_times(struct op *op, const char *kind, id object,
    enum event event, int64_t *ret)
{
	CLEANUP(view_end) struct view v = { 0 };
	uint8_t pseudonym[16];

	TRY(desk_follow(op));
	TRY(view_begin(op, &v));
	TRY(audit_pseudonym(op->office->keyring, kind, object, pseudonym));

	const struct arg args[] = {
		arg_blob("object", ((text){ (char *)pseudonym, 16 })),
		arg_number("event", event),
	};
	return view_number(&v, &sql_leaves_of_event, args, LENGTH(args),
	    "n", ret);
}

/* ---- of one user ------------------------------------------------------- */

result desk_opened(struct op *op, user_id user, instant since,
    struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct row_set *rows = NULL;
	uint8_t pseudonym[16];
	bool there = false;
	result got;

	TRY(desk_follow(op));
	TRY(view_begin(op, &v));
	TRY(audit_pseudonym(op->office->keyring, "user", user.raw,
	    pseudonym));

	const struct arg args[] = {
		arg_blob("actor", ((text){ (char *)pseudonym, 16 })),
		arg_number("since", since.known ? since.ms : 0),
		arg_number("most", OPENED_MAX),
	};
	TRY(store_query(v.tx, &sql_leaves_of_actor, args, LENGTH(args),
	    &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct node *one = node_add_object(to, NULL);
		id person = column_id(rows, "person");
		bool is_person = !id_none(person);

		node_add_short(one, "code", is_person ? person :
		    column_id(rows, "matter"));
		node_add_text(one, "kind", is_person ? T("person") :
		    T("matter"));
		node_add_instant(one, "at", column_instant(rows, "at"));
	}
	row_end(&rows);
	TRY(got);
	return node_whole(to);
}

/* ---- of the office ---------------------------------------------------- */

static void add_object(const struct entry *e, struct node *to)
{
	if (!id_none(e->person))
		node_add_short(to, "person", e->person);
	if (!id_none(e->matter))
		node_add_short(to, "matter", e->matter);
}

static result add_leaves(struct view *v, int64_t before, bool meta_only,
    struct node *list, struct entry *ret_last, size_t *ret_n)
{
	const struct arg args[] = {
		arg_number("before", before),
		arg_number("most", PAGE_ROWS),
	};
	struct row_set *rows = NULL;
	bool there = false;
	size_t n = 0;
	result got;

	TRY(store_query(v->tx, &sql_leaves_page, args, LENGTH(args), &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct node *one = node_add_object(list, NULL);

		entry_read(rows, ret_last);
		ret_last->person = column_id(rows, "person");
		ret_last->matter = column_id(rows, "matter");
		add_entry(v->op, ret_last, one);
		if (!meta_only) {
			add_actor(v->op, ret_last, one);
			add_object(ret_last, one);
		}
		n++;
	}
	row_end(&rows);
	*ret_n = n;
	return got;
}

result desk_audit(struct op *op, text cursor, bool meta_only,
    struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	struct node *list = node_add_list(to, "rows");
	struct entry last = { 0 };
	int64_t before;
	int64_t count = 0;
	size_t n = 0;

	TRY(before_read(cursor, &before));
	TRY(desk_follow(op));
	TRY(view_begin(op, &v));
	TRY(add_leaves(&v, before, meta_only, list, &last, &n));
	TRY(view_number(&v, &sql_leaves_count, NULL, 0, "n", &count));
	node_add_number(to, "count", count);
	add_next(to, n == PAGE_ROWS && last.seq > 0, last.seq);
	return node_whole(to);
}
