/* The audit: its leaves, and the proof that none was lost or changed. */
#include "ops_inside.h"

#include "audit.h"
#include "desk.h"

enum { PATH_MOST = 64 };

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

static result
run_verify(struct op *op, const struct reach *reach)
{
	bool deep = op_input(op, "deep").n > 0;
	text said = T("");
	int64_t bad;

	TRY(audit_verify(op, &bad));
	if (deep && bad < 0)
		TRY(facts_verify(op, &said));
	node_add_bool(op->answer, "good", bad < 0 && said.n == 0);
	node_add_bool(op->answer, "deep", deep);
	if (bad >= 0)
		node_add_number(op->answer, "first_bad", bad);
	else
		node_add_null(op->answer, "first_bad");
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
	uint8_t path[PATH_MOST][32];
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

static result
run_checkpoint(struct op *op, const struct reach *reach)
{
	text note;

	(void)reach;
	TRY(audit_checkpoint(op, &note));
	node_add_text(op->answer, "note", note);
	op->location = T("");		/* it is no page of its own */
	op->page = "record";
	return ops_commit(op, EVENT_CHECKPOINT, NULL, (id){ 0 });
}

static const struct in verify_in[] = {
	IN_OWN("deep", KIND_BOOLEAN, "audit.verify.deep", 0),
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
	{ .name = NULL }
};
