/*
 * Is the database the one whose tree we hold, and what did others write to
 * it since?
 */
#include "audit_inside.h"

#include "audit_sql.h"

#include <sodium.h>
#include <string.h>

/* ---- comparing -------------------------------------------------------- */

/*
 * Where another history begins: the full subtrees of the acknowledged tree,
 * the greatest first, beside those of the rows.
 */
struct parting {
	const struct tree *edge;	/* NULL: not at hand */
	struct tree part;
	int height;			/* of the subtree under way; -1: past */
	uint64_t from, to;		/* found: from < to */
};

static int
next_height(const struct tree *edge, int below)
{
	int height = below - 1;

	while (height >= 0 && (edge->n >> height & 1) == 0)
		height--;
	return height;
}

static struct parting
parting_begin(const struct tree *edge)
{
	struct parting p = { .edge = edge, .height = -1 };

	if (edge != NULL)
		p.height = next_height(edge, 64);
	return p;
}

static void
parting_take(struct parting *p, uint64_t seq, const uint8_t hash[32])
{
	uint8_t root[32];

	if (p->height < 0 || p->from < p->to)
		return;
	tree_append(&p->part, hash);
	if (p->part.n != (uint64_t)1 << p->height)
		return;
	tree_root(&p->part, root);
	if (memcmp(root, p->edge->edge[p->height], 32) != 0) {
		p->from = seq + 1 - p->part.n;
		p->to = seq + 1;
	}
	p->part = (struct tree){ 0 };
	p->height = next_height(p->edge, p->height);
}

/* The last leaf's own time, for people; unknown when it does not open. */
static instant
time_of_last(struct op *op, uint64_t n)
{
	struct leaf leaf;

	if (n == 0 || !is_ok(audit_get(op, n - 1, &leaf)))
		return (instant){ 0 };
	return leaf.at;
}

/* Every leaf in order, up to the first gap. */
static result
read_tree(struct op *op, struct audit_head *at, struct parting *p,
    struct tree_now *ret)
{
	const struct arg from = arg_number("from", 0);
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	*ret = (struct tree_now){ 0 };
	TRY(store_query(op->tx, &sql_audit_hashes, &from, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		text hash = column_blob(rows, "leaf");

		if (hash.n != 32 ||
		    (uint64_t)column_number(rows, "seq") != ret->tree.n) {
			got = fault(CORRUPT);
			break;
		}
		memcpy(ret->last, hash.p, 32);
		parting_take(p, ret->tree.n, ret->last);
		tree_append(&ret->tree, ret->last);
		if (ret->tree.n == at->n)
			tree_root(&ret->tree, at->root);
	}
	row_end(&rows);
	return got;
}

result
audit_compare(struct op *op, const struct audit_head *ours,
    const struct tree *edge, struct tree_now *ret)
{
	struct audit *a = op->office->audit;
	struct audit_head then = { .n = ours->n };
	struct parting p = parting_begin(edge);
	struct audit_foreign f = { .there = true, .ours = *ours,
		.to = ours->n };

	a->foreign.there = false;
	TRY(op_begin(op, TX_READ));
	TRY(read_tree(op, &then, &p, ret));
	if (ours->n == 0 || (ret->tree.n >= ours->n &&
	    sodium_memcmp(then.root, ours->root, 32) == 0))
		return OK;
	f.theirs.n = ret->tree.n;
	tree_root(&ret->tree, f.theirs.root);
	f.other = f.theirs.n >= ours->n;
	if (p.from < p.to) {
		/* Fewer leaves, and those not ours: no mere copy. */
		f.other = true;
		f.from = p.from;
		f.to = p.to;
	} else if (!f.other) {
		f.from = f.theirs.n;
	}
	f.last = time_of_last(op, f.theirs.n);
	a->foreign = f;
	return fault(CORRUPT);
}

const struct audit_foreign *
audit_foreign(const struct audit *a)
{
	return &a->foreign;
}

const struct audit_foreign *
audit_given_up(const struct audit *a)
{
	return &a->given_up;
}

void
audit_accept(struct audit *a, uint64_t n)
{
	a->accept = true;
	a->accept_n = n;
}

result
audit_look(struct op *op)
{
	struct audit *a = op->office->audit;
	const struct audit_head ours = audit_head(a);
	struct tree_now now;

	TRY(audit_compare(op, &ours, &a->tree, &now));
	op->office->looked_at = store_reconnected(op->office->store);
	return OK;
}

/* ---- following -------------------------------------------------------- */

static void
note_row(struct followed *f, const char *touched)
{
	struct followed_row one = { .table = get_u16(touched) };

	memcpy(one.row.b, touched + 2, sizeof(one.row.b));
	for (size_t i = f->n; i-- > 0;) {
		if (f->row[i].table == one.table &&
		    id_same(f->row[i].row, one.row))
			return;
	}
	if (f->n == FOLLOW_ROWS_MAX)
		f->many = true;
	else
		f->row[f->n++] = one;
}

static void
note_event(struct followed *f, uint16_t event)
{
	f->sealed = f->sealed || event == EVENT_SEALED;
	f->keys = f->keys || event == EVENT_KEY_RENEWED ||
	    event == EVENT_KEY_DELETED || event == EVENT_ROOT_RENEWED;
}

static result
note_leaf(struct op *op, struct row_set *rows, struct followed *f)
{
	struct arena_mark mark = arena_mark(op->arena);
	text leaf;
	text touched;
	text salt;

	TRY(audit_open_record(op, f->now->tree.n,
	    column_blob(rows, "record"), &leaf, &touched, &salt));
	note_event(f, get_u16(leaf.p + 2));
	for (size_t at = 0; !f->many && at + TOUCHED_BYTES <= touched.n;
	    at += TOUCHED_BYTES)
		note_row(f, touched.p + at);
	arena_rewind(op->arena, mark);
	return OK;
}

/* One row: our own last leaf, or the next. */
static result
follow_one(struct op *op, struct row_set *rows, struct followed *f,
    bool ours)
{
	text hash = column_blob(rows, "leaf");
	uint64_t seq = (uint64_t)column_number(rows, "seq");

	if (hash.n != 32 || seq != f->now->tree.n - (ours ? 1 : 0))
		return fault(CORRUPT);
	if (ours)
		return memcmp(hash.p, f->now->last, 32) == 0 ? OK :
		    fault(CORRUPT);
	TRY(note_leaf(op, rows, f));
	memcpy(f->now->last, hash.p, 32);
	tree_append(&f->now->tree, f->now->last);
	f->leaves++;
	return OK;
}

static result
follow(struct op *op, struct followed *f)
{
	const struct audit *a = op->office->audit;
	bool ours = a->tree.n > 0;
	const struct arg from = arg_number("from", (int64_t)a->tree.n -
	    (ours ? 1 : 0));
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(op->tx, &sql_audit_from, &from, 1, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		got = follow_one(op, rows, f, ours);
		if (!is_ok(got))
			break;
		ours = false;
	}
	row_end(&rows);
	return is_ok(got) && ours ? fault(CORRUPT) : got;
}

result
audit_follow(struct op *op, struct followed *ret)
{
	struct audit *a = op->office->audit;
	struct followed f = { .row = arena_array(op->arena, FOLLOW_ROWS_MAX,
	    sizeof(*f.row)), .now = arena_take(op->arena, sizeof(*f.now)) };
	result got;

	NEED(f.row);
	NEED(f.now);
	f.now->tree = a->tree;
	memcpy(f.now->last, a->last, 32);
	TRY(op_begin(op, TX_READ));
	got = follow(op, &f);
	if (is_ok(got)) {
		a->foreign.there = false;
		*ret = f;
		return OK;
	}
	/* What it is instead: all of it is read, for people to decide. */
	if (got.code == E_CORRUPT)
		TRY(audit_look(op));
	return got;
}

result
audit_head_seen(struct op *op, struct audit_head *ret)
{
	struct followed f;

	TRY(audit_follow(op, &f));
	ret->n = f.now->tree.n;
	tree_root(&f.now->tree, ret->root);
	return OK;
}

void
audit_followed(struct op *op, const struct followed *f)
{
	struct audit *a = op->office->audit;

	a->tree = f->now->tree;
	memcpy(a->last, f->now->last, 32);
}
