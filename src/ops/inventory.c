/*
 * What an office holds, without a word of it: for the day on which its
 * machine is taken, and for the day on which it comes back.
 */
#include "ops_inside.h"

#include "audit.h"
#include "facts_rows.h"
#include "files.h"
#include "ops_sql.h"

static result
add_counts(struct op *op, const struct statement *counts, struct node *list)
{
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(store_query(op->tx, counts, NULL, 0, &rows));
	while (is_ok(got = row_next(rows, &there)) && there) {
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "table", arena_text(op->arena,
		    column_text(rows, "name")));
		node_add_number(one, "rows", column_number(rows, "n"));
	}
	row_end(&rows);
	return got;
}

static text
hex_of(struct op *op, const uint8_t b[32])
{
	char hex[65] = "";

	hex_write(hex, b, 32);
	return arena_text(op->arena, text_of(hex));
}

static result
run_inventory(struct op *op, const struct reach *reach)
{
	const struct office *o = op->office;
	struct audit_head head = audit_head(o->audit);
	struct node *tables = node_add_list(op->answer, "tables");
	struct files_held files;

	(void)reach;
	TRY(add_counts(op, &entity_counts, tables));
	TRY(add_counts(op, &sql_floor_counts, tables));
	TRY(files_held(o->folder, &files));
	node_add_text(op->answer, "vault", id_hex(op->arena, o->vault_id));
	node_add_text(op->answer, "version", T(ALAS_VERSION));
	node_add_instant(op->answer, "at", op->now);
	node_add_number(op->answer, "leaves", (int64_t)head.n);
	node_add_text(op->answer, "root", hex_of(op, head.root));
	node_add_number(op->answer, "files", (int64_t)files.n);
	node_add_number(op->answer, "files_bytes", (int64_t)files.bytes);
	node_add_text(op->answer, "files_sha256", hex_of(op, files.sha256));
	return node_whole(op->answer);
}

const struct op_row inventory_ops[] = {
	{ .name = "system.inventory", .area = AREA_SYSTEM_STATE,
	  .need = LEVEL_READ, .page = "/system/inventory",
	  .api = "GET /system/inventory", .shell = "inventory",
	  .template = "record", .run = run_inventory },
	{ .name = NULL }
};
