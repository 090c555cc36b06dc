#include "office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit_sql.h"
#include "facts_rows.h"
#include "facts_sql.h"
#include "guard_sql.h"

const char *place_data;

static const struct statement *statements[2000];

/* ---- chance ----------------------------------------------------------- */

static void repeat(void *self, void *p, size_t n)
{
	uint64_t *seed = self;
	uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		*seed ^= *seed << 13;
		*seed ^= *seed >> 7;
		*seed ^= *seed << 17;
		b[i] = (uint8_t)(*seed >> 24);
	}
}

uint32_t place_chance(struct place *h, uint32_t below)
{
	uint8_t b[4];

	repeat(&h->seed, b, sizeof(b));
	return get_u32(b) % below;
}

/* ---- the office ------------------------------------------------------- */

static void add(const struct statement *const *list)
{
	size_t n = 0;

	while (statements[n] != NULL)
		n++;
	while (*list != NULL) {
		assert_true(n + 1 < LENGTH(statements));
		statements[n++] = *list++;
	}
}

static void list_statements(void)
{
	if (statements[0] != NULL)
		return;
	add(audit_statements);
	add(facts_statements);
	add(entity_statements_all);
	add(guard_statements);
	add(desk_statements);
}

int place_make(void **state)
{
	const struct store_options options = { .where = ":memory:",
		.statements = statements };
	struct place *h = calloc(1, sizeof(*h));
	char path[1024];
	text said;

	assert_non_null(h);
	assert_good(seal_start());
	list_statements();
	h->lasting = arena_new(64 * MIB);
	h->arena = arena_new(OP_ARENA_MAX);
	h->seed = 88172645463325252ull;
	h->chance = (struct chance){ repeat, &h->seed };
	h->now = instant_of(day_of(2026, 11, 24), 9, 0);
	snprintf(path, sizeof(path), "%s/codes.csv", place_data);
	assert_good(codes_open(path, h->lasting, &h->codes, &said));
	h->office.codes = h->codes;
	h->office.chance = &h->chance;
	h->office.flags = VAULT_TEST;
	h->office.vault_id = id_of_number(77);
	h->office.vault_facts.epoch = 1;
	repeat(&h->seed, h->root.b, sizeof(h->root.b));
	if (!is_ok(store_open(&options, &h->office.store)))
		fail_msg("%s", store_message(NULL));
	assert_good(store_migrate(h->office.store));
	assert_good(keyring_new(&h->office.keyring));
	assert_good(audit_open(&h->office, &h->office.audit));
	assert_good(guard_open(&h->office, &h->office.guard));
	assert_good(desk_open(&h->office, &h->office.desk));
	assert_good(facts_make_keys(place_op(h), &h->root));
	assert_good(facts_commit(&h->op, &(struct leaf_facts){
		.event = EVENT_OFFICE_MADE }));
	assert_good(guard_load(place_op(h), NULL));
	*state = h;
	return 0;
}

int place_free(void **state)
{
	struct place *h = *state;

	op_abort(&h->op);
	desk_close(&h->office.desk);
	guard_close(&h->office.guard);
	audit_close(&h->office.audit);
	keyring_free(&h->office.keyring);
	store_close(&h->office.store);
	codes_close(&h->codes);
	arena_free(h->arena);
	arena_free(h->lasting);
	free(h);
	return 0;
}

int place_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	place_data = argc > 1 ? argv[1] : "data";
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

/* ---- operations ------------------------------------------------------- */

struct op *place_op(struct place *h)
{
	op_abort(&h->op);
	arena_reset(h->arena);
	h->op = (struct op){ .office = &h->office, .arena = h->arena,
		.now = h->now, .today = instant_day(h->now),
		.door = DOOR_PAGES };
	h->op.answer = node_object(h->arena);
	return &h->op;
}

struct op *place_as(struct place *h, user_id user)
{
	struct op *op = place_op(h);

	op->user = user;
	op->session = id_of_number(4711);
	op->stepped_up = h->now;
	return op;
}

void place_commit(struct place *h, const char *kind, id object)
{
	const struct leaf_facts leaf = { .event = EVENT_PERSON_CHANGED,
		.object_kind = kind, .object = object };

	assert_good(facts_commit(&h->op, &leaf));
	guard_committed(&h->op);
	desk_committed(&h->op);
	assert_null(h->op.tx);
	op_forget_effects(&h->op);
}

id place_insert(struct place *h, const struct entity *e, void *row)
{
	struct op *op = place_op(h);

	assert_good(facts_insert(op, guard_whole_office(op), e, row));
	place_commit(h, e->name, entity_row(row)->id);
	return entity_row(row)->id;
}

void place_update(struct place *h, const struct entity *e, void *row)
{
	struct op *op = place_op(h);

	assert_good(facts_update(op, guard_whole_office(op), e, row));
	place_commit(h, e->name, entity_row(row)->id);
}

void place_get(struct place *h, const struct entity *e, id row, void *ret)
{
	struct op *op = place_op(h);

	/* Texts of the row live as long as the test. */
	op->arena = h->lasting;
	assert_good(facts_get(op, guard_whole_office(op), e, row, ret));
	op_abort(op);
}

texts place_texts(struct place *h, const char *words)
{
	text rest = text_of(words);
	text *list = arena_array(h->lasting, 16, sizeof(*list));
	size_t n = 0;

	while (rest.n > 0)
		list[n++] = arena_text(h->lasting, text_cut(&rest, ' '));
	return (texts){ list, n };
}

/* ---- people and things ------------------------------------------------ */

user_id place_user(struct place *h, const char *name, const char *roles)
{
	struct user u = { .sign_in_name = text_of(name),
		.name = text_of(name), .state = T("active"),
		.roles = place_texts(h, roles) };

	return (user_id){ place_insert(h, &entity_user, &u) };
}

id place_person(struct place *h, const char *given, const char *first,
    const char *second, day born)
{
	struct person p = { .intake_on = day_of(2026, 1, 2),
		.birth_date = born };
	struct person_name n = { .kind = T("legal"), .given = text_of(given),
		.first_surname = text_of(first),
		.second_surname = text_of(second), .shown = { true, true } };

	n.person_id.raw = place_insert(h, &entity_person, &p);
	place_insert(h, &entity_person_name, &n);
	return p.row.id;
}

id place_matter(struct place *h, const char *title, user_id responsible)
{
	struct matter m = { .type = T("retrial"), .title = text_of(title),
		.opened_on = day_of(2026, 3, 4), .responsible = responsible };

	return place_insert(h, &entity_matter, &m);
}

id place_party(struct place *h, id matter, id person, const char *name,
    const char *role, bool represented)
{
	struct party p = { .matter_id = { matter }, .person_id = { person },
		.name = text_of(name), .role = text_of(role),
		.side = T("ours"), .conflict_verdict = T("clear"),
		.represented = { represented, true } };

	return place_insert(h, &entity_party, &p);
}

static void put_object(enum object_kind kind, id object, person_id *person,
    matter_id *matter)
{
	if (kind == OBJECT_PERSON)
		person->raw = object;
	else
		matter->raw = object;
}

id place_grant(struct place *h, user_id to, enum object_kind kind, id object,
    const char *compartments, const char *level, const char *grant_kind)
{
	struct grant g = { .user_id = to, .kind = text_of(grant_kind),
		.compartments = place_texts(h, compartments),
		.level = text_of(level), .starts_at = h->now,
		.given_by = to };

	put_object(kind, object, &g.person_id, &g.matter_id);
	return place_insert(h, &entity_grant, &g);
}

id place_wall(struct place *h, user_id whom, enum object_kind kind, id object)
{
	struct wall w = { .user_id = whom, .made_by = whom,
		.made_at = h->now, .reason = T("kinship") };

	put_object(kind, object, &w.person_id, &w.matter_id);
	return place_insert(h, &entity_wall, &w);
}

id place_call(struct place *h, id person, id matter, instant at)
{
	struct contact_log c = { .person_id = { person },
		.matter_id = { matter }, .at = at, .direction = T("in"),
		.channel = T("phone"), .caller = T("self"),
		.mandate = T("yes") };

	return place_insert(h, &entity_contact_log, &c);
}

/* ---- answers ---------------------------------------------------------- */

const struct node *row_of(const struct node *list, id object)
{
	code_text code = code_of(object);

	for (const struct node *one = list->first; one != NULL;
	    one = one->next) {
		const struct node *is = node_find(one, "code");

		if (is != NULL && text_same(is->text, text_of(code.s)))
			return one;
	}
	return NULL;
}

text text_at(const struct node *from, const char *path)
{
	const struct node *n = from == NULL ? NULL : node_find(from, path);

	return n == NULL ? T("") : n->text;
}

size_t rows_in(const struct node *list)
{
	return list == NULL ? 0 : list->n;
}
