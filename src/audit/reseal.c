/* Rotation: what seals the leaves changes, the leaves do not. */
#include "audit_inside.h"

#include "audit_sql.h"

#include <string.h>

enum { SLICE_LEAVES = 500, SLICE_BYTES = 4 * MIB };

struct kept { uint64_t seq; text record, detail; };

static result
read_slice(struct op *op, int64_t from, struct kept *list, size_t *ret_n,
    bool *ret_last)
{
	const struct arg args[] = {
		arg_number("from", from), arg_number("most", SLICE_LEAVES),
	};
	struct row_set *rows = NULL;
	bool there = true;
	size_t bytes = 0;
	size_t n = 0;
	result got;

	TRY(store_query(op->tx, &sql_audit_slice, args, LENGTH(args),
	    &rows));
	while (n < SLICE_LEAVES && bytes < SLICE_BYTES &&
	    is_ok(got = row_next(rows, &there)) && there) {
		struct kept *k = &list[n++];

		k->seq = (uint64_t)column_number(rows, "seq");
		k->record = arena_text(op->arena,
		    column_blob(rows, "record"));
		k->detail = arena_text(op->arena,
		    column_blob(rows, "detail"));
		if (k->record.p == NULL || k->detail.p == NULL) {
			got = fault(NO_MEMORY);
			break;
		}
		bytes += k->record.n + k->detail.n;
	}
	row_end(&rows);
	*ret_n = n;
	*ret_last = n < SLICE_LEAVES && bytes < SLICE_BYTES;
	return got;
}

static result
reseal_leaf(struct op *op, const struct kept *k, audit_anew *anew,
    void *self)
{
	struct record_place place = { .class = CLASS_AUDIT, .table = "audit",
		.row = audit_row_id(k->seq), .version = 0 };
	text record;
	text detail = T("");

	TRY(anew(self, &place, k->record, &record));
	if (k->detail.n >= AE1_MIN) {
		/* Whatever class its head names: opening checks it. */
		place.class = (enum record_class)(uint8_t)k->detail.p[2];
		if (place.class >= CLASS_IDENTITY &&
		    place.class <= CLASS_KEY)
			TRY(anew(self, &place, k->detail, &detail));
	}
	if (record.n == 0 && detail.n == 0)
		return OK;
	if (record.n == 0)
		record = k->record;
	if (detail.n == 0)
		detail = k->detail;

	const struct arg args[] = {
		arg_number("seq", (int64_t)k->seq),
		arg_blob("record", record),
		detail.n > 0 ? arg_blob("detail", detail) :
		    arg_null("detail"),
	};
	return store_run(op->tx, &sql_audit_update, args, LENGTH(args), NULL);
}

result
audit_reseal(struct op *op, int64_t *from, audit_anew *anew, void *self,
    bool *ret_last)
{
	struct kept *list = arena_array(op->arena, SLICE_LEAVES,
	    sizeof(*list));
	bool last = true;
	size_t n = 0;

	NEED(list);
	TRY(op_begin(op, TX_WRITE));
	TRY(read_slice(op, *from, list, &n, &last));
	for (size_t i = 0; i < n; i++)
		TRY(reseal_leaf(op, &list[i], anew, self));
	if (n > 0)
		*from = (int64_t)list[n - 1].seq + 1;
	*ret_last = last;
	return OK;
}
