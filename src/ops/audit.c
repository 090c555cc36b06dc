/* The audit: its leaves, and the proof that none was lost or changed. */
#include "ops_inside.h"

#include "audit.h"
#include "desk.h"
#include "lifecycle.h"

enum { NOTE_MOST = 1000 };

static text
hex(struct op *op, const uint8_t bytes[32])
{
	char digits[64];

	hex_write(digits, bytes, 32);
	return arena_text(op->arena, (text){ digits, sizeof(digits) });
}

static void
add_head(struct op *op)
{
	struct audit_head head = audit_head(op->office->audit);

	node_add_number(op->answer, "size", (int64_t)head.n);
	node_add_text(op->answer, "root", hex(op, head.root));
}

/* Who may not read has the events and their number, nobody's name. */
static result
add_leaves(struct op *op, const struct reach *reach)
{
	bool meta_only = (reach->levels & LEVEL_READ) == 0;

	add_head(op);
	return desk_audit(op, op_input(op, "cursor"), meta_only, op->answer);
}

static result
run_list(struct op *op, const struct reach *reach)
{
	return add_leaves(op, reach);
}

/* A row may be what its leaf names, and no index lead to it any more: the
 * engine compares them.  It is asked outside a transaction. */
static result
verify_engine(struct op *op, text *ret_said)
{
	struct store *store = op->office->store;
	result got;

	op_abort(op);
	got = store_check(store);
	if (got.code != E_CORRUPT)
		return got;
	*ret_said = arena_format(op->arena, "%s", store_message(store));
	return OK;
}

static result
run_verify(struct op *op, const struct reach *reach)
{
	bool deep = op_input(op, "deep").n > 0;
	text said = T("");
	int64_t note = -1;
	int64_t bad;

	TRY(audit_verify(op, &bad));
	if (bad < 0)
		TRY(audit_verify_notes(op, &note));
	if (deep && bad < 0)
		TRY(facts_verify(op, &said));
	if (deep && bad < 0 && said.n == 0)
		TRY(verify_engine(op, &said));
	node_add_bool(op->answer, "good", bad < 0 && note < 0 &&
	    said.n == 0);
	node_add_bool(op->answer, "deep", deep);
	if (bad >= 0)
		node_add_number(op->answer, "first_bad", bad);
	else
		node_add_null(op->answer, "first_bad");
	if (note >= 0)
		node_add_number(op->answer, "bad_note", note);
	else
		node_add_null(op->answer, "bad_note");
	node_add_text(op->answer, "said", said);
	node_add_instant(op->answer, "verified_at", op->now);
	if (op->door != DOOR_PAGES) {
		add_head(op);
		return node_whole(op->answer);
	}
	op->page = "audit";
	return add_leaves(op, reach);
}

static result
run_prove(struct op *op, const struct reach *reach)
{
	struct audit_head head = audit_head(op->office->audit);
	uint8_t path[PROOF_MAX][32];
	struct node *list;
	int64_t seq;
	size_t n;

	(void)reach;
	if (!text_integer(op->own, &seq) || seq < 0)
		return refuse(NOT_FOUND);
	TRY(audit_prove(op, (uint64_t)seq, path, &n));
	node_add_number(op->answer, "seq", seq);
	add_head(op);
	list = node_add_list(op->answer, "path");
	for (size_t i = 0; i < n; i++)
		node_add_text(list, NULL, hex(op, path[i]));
	/* What a checkpoint of this head signs: the path leads there. */
	node_add_text(op->answer, "checkpoint", checkpoint_text(op->arena,
	    op->office->vault_id, head.n, head.root));
	return node_whole(op->answer);
}

static void
problem_sizes(struct op *op, const char *name, const char *key, uint64_t a,
    uint64_t b)
{
	text args[2] = {
		words_number(op->lang, op->arena, (int64_t)a),
		words_number(op->lang, op->arena, (int64_t)b),
	};

	problem_add(&op->problems, text_of(name), key, args, LENGTH(args));
}

static result
run_checkpoint(struct op *op, const struct reach *reach)
{
	struct audit_fork fork = { 0 };
	result got;
	text note;

	(void)reach;
	got = audit_checkpoint(op, &note, &fork);
	if (got.code == E_CORRUPT) {
		problem_sizes(op, "", "problem.tree_forked", fork.signed_n,
		    fork.there_n);
		audit_refused(op, EVENT_CHECKPOINT, NULL, (id){ 0 });
		return refuse(INVALID);
	}
	TRY(got);
	node_add_text(op->answer, "note", note);
	op->location = T("");		/* it is no page of its own */
	op->page = "record";
	return ops_commit(op, EVENT_CHECKPOINT, NULL, (id){ 0 });
}

/* ---- growing: one checkpoint is the beginning of another --------------- */

static void
add_named_head(struct op *op, const char *name, const struct audit_head *h)
{
	struct node *to = node_add_object(op->answer, name);

	node_add_number(to, "size", (int64_t)h->n);
	node_add_text(to, "root", hex(op, h->root));
}

static void
add_growth(struct op *op, const struct growth *g)
{
	struct node *list;

	add_named_head(op, "from", &g->from);
	add_named_head(op, "to", &g->to);
	list = node_add_list(op->answer, "path");
	for (size_t i = 0; i < g->n; i++)
		node_add_text(list, NULL, hex(op, g->path[i]));
}

/* A size that was typed; without one, `otherwise`. */
static uint64_t
size_of(struct op *op, const char *name, uint64_t otherwise)
{
	uint64_t most = audit_head(op->office->audit).n;
	int64_t size;

	if (op_input(op, name).n == 0)
		return otherwise;
	if (!text_integer(op_input(op, name), &size) || size < 1 ||
	    (uint64_t)size > most) {
		problem_sizes(op, name, "problem.tree_size", 1, most);
		return otherwise;
	}
	return (uint64_t)size;
}

/* From the last checkpoint to the present head, unless sizes are given. */
static result
run_consistency(struct op *op, const struct reach *reach)
{
	struct audit_head now = audit_head(op->office->audit);
	struct audit_head last;
	struct growth g;
	uint64_t from;
	uint64_t to;
	bool there;

	(void)reach;
	TRY(audit_checkpoint_last(op, &there, &last));
	if (!there || last.n == 0 || last.n > now.n)
		last.n = now.n;
	to = size_of(op, "to", now.n);
	from = size_of(op, "from", last.n < to ? last.n : to);
	if (from > to)
		problem_sizes(op, "from", "problem.tree_order", from, to);
	TRY(op_problems(op));
	TRY(audit_grown(op, from, to, &g));
	add_growth(op, &g);
	return node_whole(op->answer);
}

/* A note that was pasted; without one, `otherwise` stays. */
static result
note_of(struct op *op, const char *name, struct audit_head *otherwise)
{
	result got;

	if (op_input(op, name).n == 0)
		return OK;
	got = audit_checkpoint_read(op, op_input(op, name), otherwise);
	if (got.code != E_INVALID)
		return got;
	op_problem(op, name, "problem.checkpoint");
	return OK;
}

static result
run_compare(struct op *op, const struct reach *reach)
{
	struct audit_head to = audit_head(op->office->audit);
	struct audit_head from = { 0 };
	struct growth g;
	uint64_t there;
	bool good;
	bool kept;

	(void)reach;
	TRY(audit_checkpoint_last(op, &kept, &from));
	if (!kept)
		from = to;
	TRY(note_of(op, "to", &to));
	TRY(note_of(op, "from", &from));
	if (op->problems.n == 0 && from.n > to.n)
		problem_sizes(op, "from", "problem.tree_order", from.n, to.n);
	TRY(op_problems(op));
	TRY(audit_continues(op, &from, &to, &good, &there));
	node_add_bool(op->answer, "good", good);
	node_add_number(op->answer, "there", (int64_t)there);
	op->location = T("");
	op->page = "record";
	if (good && from.n > 0) {
		TRY(audit_grown(op, from.n, to.n, &g));
		add_growth(op, &g);
		return node_whole(op->answer);
	}
	add_named_head(op, "from", &from);
	add_named_head(op, "to", &to);
	return node_whole(op->answer);
}

/* ---- explain: what is missing, what differs, what to do ---------------- */

static void
add_span(struct op *op, const char *from, const char *to, bool there,
    uint64_t a, uint64_t b)
{
	if (there) {
		node_add_number(op->answer, from, (int64_t)a);
		node_add_number(op->answer, to, (int64_t)b - 1);
	} else {
		node_add_null(op->answer, from);
		node_add_null(op->answer, to);
	}
}

static void
add_words(struct op *op, const char *name, const char *const *keys, size_t n)
{
	struct node *list = node_add_list(op->answer, name);

	for (size_t i = 0; i < n; i++)
		node_add_word(list, NULL, keys[i]);
}

static void
add_foreign(struct op *op, const struct audit_foreign *f)
{
	static const char *const causes[] = { "foreign.cause_copy",
		"foreign.cause_split", "foreign.cause_woke" };
	static const char *const steps[] = { "foreign.do_stop",
		"foreign.do_right", "foreign.do_restore",
		"foreign.do_accept" };

	node_add_text(op->answer, "state", f->other ? T("other") :
	    T("smaller"));
	node_add_text(op->answer, "said", office_foreign_said(op));
	add_named_head(op, "acknowledged", &f->ours);
	add_named_head(op, "database", &f->theirs);
	add_span(op, "missing_from", "missing_to", f->theirs.n < f->ours.n,
	    f->theirs.n, f->ours.n);
	add_span(op, "differs_from", "differs_to", f->other, f->from, f->to);
	node_add_instant(op->answer, "last_at", f->last);
	add_words(op, "causes", causes, LENGTH(causes));
	add_words(op, "steps", steps, LENGTH(steps));
}

/* An office that refused its database is sealed, and then this tells
 * whoever asks no more than the page on which it is opened. */
static result
run_explain(struct op *op, const struct reach *reach)
{
	const struct audit_foreign *f = audit_foreign(op->office->audit);
	struct audit_head head = audit_head(op->office->audit);

	(void)reach;
	if (f->there) {
		add_foreign(op, f);
		return node_whole(op->answer);
	}
	if (!keyring_open(op->office->keyring))
		return refuse(SEALED);
	node_add_text(op->answer, "state", T("ours"));
	node_add_text(op->answer, "said", words_get(op->office->words,
	    op->lang, "foreign.none"));
	add_named_head(op, "acknowledged", &head);
	add_named_head(op, "database", &head);
	add_span(op, "missing_from", "missing_to", false, 0, 0);
	add_span(op, "differs_from", "differs_to", false, 0, 0);
	node_add_instant(op->answer, "last_at", (instant){ 0 });
	add_words(op, "causes", NULL, 0);
	add_words(op, "steps", NULL, 0);
	return node_whole(op->answer);
}

static const struct in verify_in[] = {
	IN_OWN("deep", KIND_BOOLEAN, "audit.verify.deep", 0),
	IN_END
};
static const struct in sizes_in[] = {
	IN_OWN("from", KIND_INTEGER, "audit.from_size", 0),
	IN_OWN("to", KIND_INTEGER, "audit.to_size", 0),
	IN_END
};
static const struct in notes_in[] = {
	{ .name = "from", .kind = KIND_MULTILINE, .label = "audit.from_note",
	  .hint = "audit.from_note.hint", .most = NOTE_MOST },
	{ .name = "to", .kind = KIND_MULTILINE, .label = "audit.to_note",
	  .hint = "audit.to_note.hint", .most = NOTE_MOST },
	IN_END
};

const struct op_row audit_ops[] = {
	{ .name = "audit.list", .area = AREA_ADMIN_AUDIT, .need = LEVEL_META,
	  .page = "/audit", .api = "GET /audit", .shell = "audit list",
	  .template = "audit", .run = run_list },
	{ .name = "audit.verify", .area = AREA_ADMIN_AUDIT,
	  .need = LEVEL_META, .page = "/audit/verify",
	  .api = "POST /audit/verify", .shell = "audit verify",
	  .template = "audit", .flags = OP_CHANGES, .inputs = verify_in,
	  .run = run_verify },
	{ .name = "audit.prove", .area = AREA_ADMIN_AUDIT,
	  .need = LEVEL_META, .page = "/audit/leaves/{leaf}",
	  .api = "GET /audit/leaves/{leaf}", .shell = "audit prove",
	  .template = "record", .run = run_prove },
	{ .name = "audit.checkpoint", .area = AREA_ADMIN_AUDIT,
	  .need = LEVEL_META, .page = "/audit/checkpoint",
	  .api = "POST /audit/checkpoint", .shell = "audit checkpoint",
	  .flags = OP_CHANGES | OP_CREATES, .run = run_checkpoint,
	  .form = ops_form_plain, .back = "/audit" },
	{ .name = "audit.consistency", .area = AREA_ADMIN_AUDIT,
	  .need = LEVEL_META, .page = "/audit/consistency",
	  .api = "GET /audit/consistency", .shell = "audit consistency",
	  .template = "record", .inputs = sizes_in, .run = run_consistency },
	{ .name = "audit.compare", .area = AREA_ADMIN_AUDIT,
	  .need = LEVEL_META, .page = "/audit/compare",
	  .api = "POST /audit/compare", .shell = "audit compare",
	  .flags = OP_CHANGES, .inputs = notes_in, .run = run_compare,
	  .form = ops_form_plain, .back = "/audit" },
	{ .name = "audit.explain", .area = AREA_ADMIN_AUDIT,
	  .need = LEVEL_META, .page = "/audit/explain",
	  .api = "GET /audit/explain", .shell = "audit explain",
	  .template = "record", .flags = OP_SEALED, .run = run_explain },
	{ .name = NULL }
};
