#include "desk_inside.h"

#include <string.h>

/* ---- who asks --------------------------------------------------------- */

/*
 * The kinds of question, as the views name them.  What is read is decided
 * here, by area and level; META and READ only, which every grant gives.
 */
static const struct { const char *what; enum area area; enum level need; }
questions[SEE_KINDS] = {
	[SEE_FIND] = { "find", AREA_PEOPLE_FIND, LEVEL_READ },
	[SEE_IDENTITY] = { "identity", AREA_PEOPLE_IDENTITY, LEVEL_READ },
	[SEE_CUSTODY] = { "custody", AREA_CUSTODY, LEVEL_READ },
	[SEE_CALLS] = { "calls", AREA_CONTACTS_READ, LEVEL_META },
	[SEE_MATTERS] = { "matters", AREA_MATTERS_LIST, LEVEL_READ },
	[SEE_FILE] = { "file", AREA_MATTERS_FILE, LEVEL_READ },
	[SEE_DEADLINES] = { "deadlines", AREA_DEADLINES, LEVEL_META },
	[SEE_TERMS] = { "terms", AREA_DEADLINES, LEVEL_READ },
	[SEE_TASKS] = { "tasks", AREA_TASKS, LEVEL_READ },
};

bool view_may(struct view *v, enum see what, enum object_kind kind, id object)
{
	if (!v->walled && (v->asker.far >> what & 1) != 0)
		return true;
	return guard_may(v->op, questions[what].area, questions[what].need,
	    kind, object);
}

static struct arg class_arg(enum in_class class)
{
	static const char *const codes[IN_CLASSES] = {
		[IN_IDENTITY] = " identity ", [IN_SENSITIVE] = " sensitive ",
		[IN_CASE] = " case ",
	};

	return codes[class] == NULL ? arg_null("class") :
	    arg_text("class", text_of(codes[class]));
}

result view_questions(struct tx *tx)
{
	for (size_t i = 0; i < LENGTH(questions); i++) {
		const struct arg args[] = {
			arg_text("what", text_of(questions[i].what)),
			arg_number("bit", 1 << i),
			class_arg(area_facts(questions[i].area)->by_grant),
		};

		TRY(store_run(tx, &sql_question_put, args, LENGTH(args),
		    NULL));
	}
	return OK;
}

static struct asker asker_of(const struct op *op)
{
	struct asker a = { .user = op->user, .today = op->today.n };

	for (size_t i = 0; i < LENGTH(questions); i++) {
		const struct area_facts *f = area_facts(questions[i].area);
		struct area_levels l = guard_levels(op, questions[i].area);
		bool helps = ((l.near | l.far) & LEVEL_META) != 0 &&
		    f->by_grant != IN_CLEAR && !op->by_token;

		a.far |= (uint32_t)((l.far & questions[i].need) != 0) << i;
		a.granted |= (uint32_t)((l.granted & questions[i].need) != 0)
		    << i;
		a.emergency |= (uint32_t)helps << i;
	}
	return a;
}

static result put_asker(struct view *v)
{
	const struct arg args[] = {
		arg_id("user", v->asker.user.raw),
		arg_number("now", v->op->now.ms),
		arg_number("today", v->asker.today),
		arg_number("far", v->asker.far),
		arg_number("granted", v->asker.granted),
		arg_number("emergency", v->asker.emergency),
	};

	return store_run(v->tx, &sql_me_put, args, LENGTH(args), NULL);
}

static result put_walls(struct view *v)
{
	int64_t persons = 0;
	int64_t matters = 0;

	if (!guard_walled(v->op->office->guard, v->op->user))
		return OK;
	TRY(store_run(v->tx, &sql_walled_put, NULL, 0, &persons));
	TRY(store_run(v->tx, &sql_hidden_matters_put, NULL, 0, &matters));
	if (persons > 0)
		TRY(store_run(v->tx, &sql_hidden_persons_put, NULL, 0, NULL));
	if (matters > 0)
		TRY(store_run(v->tx, &sql_hidden_acts_put, NULL, 0, NULL));
	v->walled = persons > 0 || matters > 0;
	return v->walled ? store_run(v->tx, &sql_me_walled, NULL, 0, NULL) :
	    OK;
}

result view_begin(struct op *op, struct view *ret)
{
	struct view v = { .op = op, .asker = asker_of(op) };
	result got;

	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	if (!op->office->desk->loaded)
		TRY(desk_load(op));
	TRY(tx_begin(op->office->desk->store, TX_WRITE, &v.tx));
	got = put_asker(&v);
	if (is_ok(got))
		got = put_walls(&v);
	if (!is_ok(got)) {
		view_end(&v);
		return got;
	}
	*ret = v;
	return OK;
}

void view_end(struct view *v)
{
	tx_abort(&v->tx);
}

/* ---- rows ------------------------------------------------------------- */

result view_ids(struct view *v, const struct statement *st,
    const struct arg *args, size_t n, const char *column, size_t most,
    id **ret, size_t *ret_n)
{
	id *list = arena_array(v->op->arena, most + 1, sizeof(*list));
	struct row_set *rows = NULL;
	bool there = false;
	size_t count = 0;
	int at;
	result got;

	NEED(list);
	TRY(store_query(v->tx, st, args, n, &rows));
	at = column_at(rows, column);
	while (count < most && is_ok(got = row_next(rows, &there)) && there) {
		text t = at_bytes(rows, at);

		if (t.n == sizeof(id))
			memcpy(list[count++].b, t.p, sizeof(id));
	}
	row_end(&rows);
	if (count < most)
		TRY(got);
	*ret = list;
	*ret_n = count;
	return OK;
}

result view_number(struct view *v, const struct statement *st,
    const struct arg *args, size_t n, const char *column, int64_t *ret)
{
	struct row_set *rows = NULL;
	bool there = false;
	int64_t number = 0;
	result got;

	TRY(store_query(v->tx, st, args, n, &rows));
	got = row_next(rows, &there);
	if (is_ok(got) && there)
		number = column_number(rows, column);
	row_end(&rows);
	TRY(got);
	*ret = number;
	return OK;
}

day column_day(struct row_set *r, const char *name, const char *precision)
{
	day d = { .known = !column_null(r, name) };

	if (!d.known)
		return d;
	d.n = (int32_t)column_number(r, name);
	if (precision != NULL)
		d.precision = (uint8_t)column_number(r, precision);
	return d;
}

instant column_instant(struct row_set *r, const char *name)
{
	if (column_null(r, name))
		return (instant){ 0 };
	return (instant){ column_number(r, name), true };
}

text column_kept(struct view *v, struct row_set *r, const char *name)
{
	text t = column_text(r, name);

	return t.n == 0 ? T("") : arena_text(v->op->arena, t);
}

struct arg arg_id_or_null(const char *name, const id *i)
{
	if (id_none(*i))
		return arg_null(name);
	return (struct arg){ .name = name, .kind = ARG_BLOB,
		.bytes = { (const char *)i->b, sizeof(i->b) } };
}

struct code_range code_range(uint32_t bits)
{
	struct code_range r = { 0 };

	memset(r.high.b, 0xff, sizeof(r.high.b));
	put_u32(r.low.b, bits << 2);
	put_u32(r.high.b, bits << 2 | 3);
	return r;
}

/* ---- parts of answers ------------------------------------------------- */

void add_user(struct view *v, struct node *to, const char *name,
    const char *called, id user)
{
	user_id u = { user };

	if (id_none(user)) {
		node_add_null(to, name);
		return;
	}
	node_add_short(to, name, user);
	node_add_text(to, called,
	    guard_user_name(v->op->office->guard, u));
}

void add_known_code(struct node *to, const char *name, const char *list,
    text code)
{
	if (code.n == 0)
		node_add_null(to, name);
	else
		node_add_code(to, name, list, code);
}

text object_path(struct arena *a, const char *folder, id object)
{
	return arena_format(a, "/%s/%s", folder, code_of(object).s);
}
