/* What one person had open lately: for whoever lost a device. */
#include "desk_inside.h"

static void add_opened(struct row_set *rows, struct node *to)
{
	struct node *one = node_add_object(to, NULL);
	id person = column_id(rows, "person");
	bool matter = id_none(person);

	node_add_short(one, "code", matter ? column_id(rows, "matter") :
	    person);
	node_add_text(one, "kind", matter ? T("matter") : T("person"));
	node_add_instant(one, "at", column_instant(rows, "at"));
}

result desk_opened(struct op *op, instant since, struct node *to)
{
	CLEANUP(view_end) struct view v = { 0 };
	uint8_t actor[16];
	struct row_set *rows = NULL;
	bool there = false;
	result got;

	TRY(audit_pseudonym(op->office->keyring, "user", op->user.raw,
	    actor));
	TRY(desk_follow(op));
	TRY(view_begin(op, &v));

	const struct arg args[] = {
		arg_blob("actor", ((text){ (const char *)actor,
		    sizeof(actor) })),
		arg_number("since", since.ms),
		arg_number("most", HISTORY_MAX),
	};
	TRY(store_query(v.tx, &sql_leaves_opened, args, LENGTH(args), &rows));
	while (is_ok(got = row_next(rows, &there)) && there)
		add_opened(rows, to);
	row_end(&rows);
	return got;
}
