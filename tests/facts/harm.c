#include "town.h"

#include <stdio.h>
#include <string.h>

#include "facts_inside.h"
#include "pack.h"

static text turned(struct ground *g, text t, size_t at)
{
	char *copy = arena_take(g->lasting, t.n);

	assert_non_null(copy);
	memcpy(copy, t.p, t.n);
	copy[at] ^= 1;
	return (text){ copy, t.n };
}

/* ---- damage ----------------------------------------------------------- */

static void one_class_damaged(void **state)
{
	/* Dies when one damaged record takes the rest of the row with it, or
	 * reads as an empty one. */
	struct ground *g = *state;
	id note = town_note(g, town_person(g, "Flor"), (id){ 0 }, "uno");
	struct note_lying l = town_note_lying(g, note);
	struct note n;

	for (size_t at = 0; at < l.words.n; at += 31) {
		town_put(g, &sql_note_case_put, "case", note,
		    turned(g, l.words, at));
		n = town_note_get(g, note);
		assert_int_equal(n.row.damaged, 1u << IN_CASE);
		assert_int_equal(n.row.open & 1u << IN_CASE, 0);
		assert_int_equal(n.text_.n, 0);
		assert_text(n.sensitive_text, "delicado");
	}
	/* What cannot be read is not overwritten. */
	n.text_ = T("encima");
	assert_result(facts_update(&g->op, &everything, &entity_note, &n),
	    BUG);
	op_abort(&g->op);
	/* The other class can still be written. */
	n = town_note_get(g, note);
	n.sensitive_text = T("nuevo");
	assert_good(facts_update(&g->op, &everything, &entity_note, &n));
	ground_commit(g);
	town_put(g, &sql_note_case_put, "case", note, l.words);
	n = town_note_get(g, note);
	assert_int_equal(n.row.damaged, 0);
	assert_text(n.text_, "uno");
	assert_text(n.sensitive_text, "nuevo");
}

static void exchanged_blobs(void **state)
{
	/* Dies when a record opens in another row, or in another class, of
	 * the same person. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id one = town_note(g, flor, (id){ 0 }, "uno");
	id two = town_note(g, flor, (id){ 0 }, "dos");
	struct note_lying l = town_note_lying(g, one);
	struct note n;

	town_put(g, &sql_note_case_put, "case", two, l.words);
	n = town_note_get(g, two);
	assert_int_equal(n.row.damaged, 1u << IN_CASE);
	assert_text(n.sensitive_text, "delicado");
	town_put(g, &sql_note_sensitive_put, "sensitive", one, l.words);
	n = town_note_get(g, one);
	assert_int_equal(n.row.damaged, 1u << IN_SENSITIVE);
	assert_text(n.text_, "uno");
}

/* ---- read-only -------------------------------------------------------- */

/* Seal an identity with a tag that this program does not have. */
static text of_a_newer_program(struct ground *g, id person)
{
	CLEANUP(buf_free) struct buf plain = buf_new(KIB);
	CLEANUP(buf_free) struct buf out = buf_new(KIB);
	struct packer p = pack_begin(&plain);
	struct record_place place = { .class = CLASS_IDENTITY,
		.table = "person", .row = person, .version = 1 };
	struct owner owner;

	pack_add(&p, 1, "Flor", 4);
	pack_add(&p, 4000, "tomorrow", 8);
	assert_good(pack_end(&p));
	assert_good(keyring_owner(g->office.keyring, PURPOSE_PERSON, person,
	    &owner));
	assert_good(seal_record(&g->chance, &owner, &place,
	    buf_view(&plain), &out));
	return arena_text(g->lasting, buf_view(&out));
}

static void newer_rows(void **state)
{
	/* Dies when an older program writes over what a newer one wrote,
	 * though it could not read it. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	struct person p;

	town_put(g, &sql_person_identity_put, "identity", flor,
	    of_a_newer_program(g, flor));
	assert_good(facts_get(ground_op(g), &everything, &entity_person,
	    flor, &p));
	tx_abort(&g->op.tx);
	assert_true(p.row.read_only);
	assert_text(p.known_as, "Flor");
	p.known_as = T("Otra");
	assert_result(facts_update(&g->op, &everything, &entity_person, &p),
	    FORBIDDEN);
	op_abort(&g->op);
	/* Forgetting the mark does not help. */
	p.row.read_only = false;
	assert_result(facts_update(&g->op, &everything, &entity_person, &p),
	    FORBIDDEN);
	op_abort(&g->op);
	assert_good(facts_get(ground_op(g), &everything, &entity_person,
	    flor, &p));
	assert_text(p.known_as, "Flor");
	assert_int_equal(p.row.v, 1);
}

/* ---- verify ----------------------------------------------------------- */

static void verify_says(struct ground *g, id row, const char *what)
{
	char want[200] = "";
	text said;

	assert_good(facts_verify(ground_op(g), &said));
	if (what != NULL)
		snprintf(want, sizeof(want), "note %s: %s", code_of(row).s,
		    what);
	assert_text(said, want);
	op_abort(&g->op);
}

static void put_back(struct ground *g, id note, const struct note_lying *l)
{
	const struct arg args[] = { arg_id("id", note), arg_number("v", l->v),
		arg_number("case_v", l->case_v), arg_blob("case", l->words) };

	ground_sql(g, &sql_note_put, args, LENGTH(args));
}

static void verified(void **state)
{
	/* Dies when a row that was put back, altered, removed or made by
	 * another hand is not noticed, or another one is named. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id note = town_note(g, flor, (id){ 0 }, "uno");
	struct note_lying old = town_note_lying(g, note);
	struct note_lying now;
	id copy = id_of_number(99);
	const struct arg to[] = { arg_id("id", note), arg_id("to", copy) };
	const struct arg gone = arg_id("id", copy);
	const struct arg first = arg_id("id", note);

	town_note(g, flor, (id){ 0 }, "otra");
	town_note_say(g, note, "dos");
	now = town_note_lying(g, note);
	verify_says(g, note, NULL);
	put_back(g, note, &old);
	/* It opens: only the leaves know better. */
	assert_text(town_note_get(g, note).text_, "uno");
	verify_says(g, note, "an older or newer row than its leaf");
	old.v = now.v;
	put_back(g, note, &old);
	verify_says(g, note, "not the bytes that its leaf names");
	put_back(g, note, &now);
	verify_says(g, note, NULL);
	ground_sql(g, &sql_note_copy, to, LENGTH(to));
	verify_says(g, copy, "no leaf names this row");
	ground_sql(g, &sql_note_remove, &gone, 1);
	verify_says(g, note, NULL);
	ground_sql(g, &sql_note_remove, &first, 1);
	verify_says(g, note, "the row is gone");
}

/* ---- all or nothing --------------------------------------------------- */

static void assert_counts(struct counts a, struct counts b)
{
	assert_int_equal(a.persons, b.persons);
	assert_int_equal(a.notes, b.notes);
	assert_int_equal(a.keys, b.keys);
	assert_int_equal(a.histories, b.histories);
}

static void untouched(struct ground *g, struct counts before,
    struct audit_head head)
{
	struct audit_head after = audit_head(g->office.audit);
	int64_t bad;

	assert_counts(town_counts(g), before);
	assert_int_equal(after.n, head.n);
	assert_memory_equal(after.root, head.root, 32);
	assert_good(audit_verify(ground_op(g), &bad));
	assert_int_equal(bad, -1);
	op_abort(&g->op);
}

static void fails_in_the_middle(void **state)
{
	/* Dies when a write that fails half-way leaves its first half, a
	 * key, or a leaf. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	id taken = town_note(g, flor, (id){ 0 }, "uno");
	struct person p = { .known_as = T("Rosa") };
	struct note n = { .row.id = taken, .text_ = T("dos"),
		.person_id = { flor } };
	struct note again = town_note_get(g, taken);
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE };
	struct counts before = town_counts(g);
	struct audit_head head = audit_head(g->office.audit);
	struct op *op = ground_op(g);

	again.text_ = T("tres");
	again.sensitive_text = T("");
	assert_good(facts_insert(op, &everything, &entity_person, &p));
	assert_good(facts_update(op, &everything, &entity_note, &again));
	assert_result(facts_insert(op, &everything, &entity_note, &n),
	    CONFLICT);
	/* A handler that overlooks it gets nothing either. */
	assert_result(facts_commit(op, &leaf), CONFLICT);
	assert_null(op->tx);
	untouched(g, before, head);
	assert_text(town_note_get(g, taken).text_, "uno");
}

static result says_no(struct op *op)
{
	(void)op;
	return refuse(FULL);
}

static void dispatcher_says_no(void **state)
{
	/* Dies when what the dispatcher keeps with an operation fails and
	 * the operation stays. */
	struct ground *g = *state;
	struct counts before = town_counts(g);
	struct audit_head head = audit_head(g->office.audit);
	struct person p = { .known_as = T("Rosa") };
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE };
	struct op *op = ground_op(g);

	everything = whole_office();
	assert_good(facts_insert(op, &everything, &entity_person, &p));
	op->before_commit = says_no;
	assert_result(facts_commit(op, &leaf), FULL);
	untouched(g, before, head);
}

static void too_much(void **state)
{
	/* Dies when a leaf names fewer rows than an operation wrote. */
	struct ground *g = *state;
	struct touched t = { .table = 8 };
	struct op *op = ground_op(g);

	for (int i = 0; i < TOUCHED_MAX; i++)
		assert_good(op_touch(op, &t));
	assert_result(op_touch(op, &t), TOO_LARGE);
	assert_int_equal(op->touched_n, TOUCHED_MAX);
	op_forget_effects(op);
	assert_int_equal(op->touched_n, 0);
	for (int i = 0; i < CHANGES_MAX + 3; i++)
		op_change(op, &(struct change){ .entity = &entity_note,
			.field = entity_field(&entity_note, T("text")) });
	assert_int_equal(op->changes_n, CHANGES_MAX);
	op_abort(op);
	assert_int_equal(op->changes_n, 0);
}

static void read_then_write(void **state)
{
	/* Dies when a reading transaction is written through. */
	struct ground *g = *state;
	struct op *op = ground_op(g);
	struct tx *first;

	assert_good(op_begin(op, TX_READ));
	first = op->tx;
	assert_good(op_begin(op, TX_READ));
	assert_ptr_equal(op->tx, first);
	assert_result(op_begin(op, TX_WRITE), BUG);
	op_abort(op);
	assert_null(op->tx);
	assert_good(op_begin(op, TX_WRITE));
	assert_good(op_begin(op, TX_READ));
	op_abort(op);
}

/* ---- what is told ----------------------------------------------------- */

static struct leaf last_leaf(struct ground *g)
{
	struct leaf l;

	assert_good(audit_get(&g->op, audit_head(g->office.audit).n - 1,
	    &l));
	return l;
}

static void told(void **state)
{
	/* Dies when a history shows values of a class that the reader may
	 * not open, or does not show who may what changed. */
	struct ground *g = *state;
	id flor = town_person(g, "Flor");
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE,
		.object_kind = "person", .object = flor };
	struct person p;
	struct told t;
	struct leaf l;
	bool health = false;

	assert_good(facts_get(ground_op(g), &everything, &entity_person,
	    flor, &p));
	tx_abort(&g->op.tx);
	p.known_as = T("Florcita");
	p.health = T("asma y anemia");
	assert_good(facts_update(&g->op, &everything, &entity_person, &p));
	assert_good(facts_commit(&g->op, &leaf));
	ground_op(g);
	l = last_leaf(g);
	assert_good(facts_told(&g->op, &l, 1u << IN_IDENTITY, &t));
	assert_int_equal(t.fields.n, 2);
	assert_int_equal(t.old.n, 2);
	assert_int_equal(t.new.n, 2);
	for (size_t i = 0; i < t.fields.n; i++) {
		if (text_same(t.fields.p[i], T("person.known_as"))) {
			assert_text(t.old.p[i], "Flor");
			assert_text(t.new.p[i], "Florcita");
			continue;
		}
		assert_text(t.fields.p[i], "person.health");
		health = true;
		assert_int_equal(t.old.p[i].n, 0);
		assert_int_equal(t.new.p[i].n, 0);
	}
	assert_true(health);
	assert_result(facts_told(&g->op, &l, 1u << IN_SENSITIVE, &t),
	    NOT_FOUND);
	assert_result(facts_told(&g->op, &l, 0, &t), NOT_FOUND);
	/* Shredded: the leaf stays, its words do not. */
	keyring_drop(g->office.keyring, PURPOSE_PERSON, flor, 1);
	assert_result(facts_told(&g->op, &l, 1u << IN_IDENTITY, &t),
	    NOT_FOUND);
}

static void told_nothing(void **state)
{
	/* Dies when a class byte that no leaf of ours has, or a leaf without
	 * a detail, is a crash. */
	struct ground *g = *state;
	char bytes[AE1_MIN] = { 0 };
	struct leaf l = { .seq = 0 };
	struct told t;
	struct op *op = ground_op(g);

	assert_result(facts_told(op, &l, UINT32_MAX, &t), NOT_FOUND);
	l.detail = (text){ bytes, sizeof(bytes) };
	for (int class = CLASS_DRAFT; class < 256; class++) {
		bytes[2] = (char)class;
		assert_result(facts_told(op, &l, UINT32_MAX, &t), NOT_FOUND);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_class_damaged),
		cmocka_unit_test(exchanged_blobs),
		cmocka_unit_test(newer_rows),
		cmocka_unit_test(verified),
		cmocka_unit_test(fails_in_the_middle),
		cmocka_unit_test(dispatcher_says_no),
		cmocka_unit_test(too_much),
		cmocka_unit_test(read_then_write),
		cmocka_unit_test(told),
		cmocka_unit_test(told_nothing),
	};

	return ground_run(argc, argv, "facts harm", tests, LENGTH(tests));
}
