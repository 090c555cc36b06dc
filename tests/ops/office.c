#include "office.h"

#include "audit_sql.h"
#include "law.h"
#include "lifecycle.h"
#include "ops_sql.h"

#include <dirent.h>
#include <oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *data_folder, *words_folder;
static const struct statement *statements[2000];

/* ---- chance, clock ---------------------------------------------------- */

static void
repeat(void *self, void *p, size_t n)
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

void
house_wait(struct house *h, int64_t ms)
{
	h->now.ms += ms;
}

/* ---- folder, database ------------------------------------------------- */

static void
add(const struct statement *const *list)
{
	size_t n = 0;

	while (statements[n] != NULL)
		n++;
	while (*list != NULL) {
		assert_true(n + 1 < LENGTH(statements));
		statements[n++] = *list++;
	}
}

static void
make_folder(struct house *h)
{
	const char *under = getenv("TMPDIR");
	char path[512];

	snprintf(h->folder, sizeof(h->folder), "%s/ops-XXXXXX",
	    under == NULL ? "/tmp" : under);
	assert_non_null(mkdtemp(h->folder));
	snprintf(path, sizeof(path), "%s/db", h->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/run", h->folder);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
empty_folder(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[1024];

		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(d);
	assert_int_equal(rmdir(folder), 0);
}

static void
drop_folder(const char *folder)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/db", folder);
	empty_folder(path);
	snprintf(path, sizeof(path), "%s/run", folder);
	empty_folder(path);
	assert_int_equal(rmdir(folder), 0);
}

/* ---- office ----------------------------------------------------------- */

static void
open_files(struct house *h)
{
	struct law_report *wrong = arena_take(h->lasting, sizeof(*wrong));
	char path[1024];
	text said;

	assert_good(words_open(words_folder, &h->words));
	snprintf(path, sizeof(path), "%s/codes.csv", data_folder);
	assert_good(codes_open(path, h->lasting, &h->codes, &said));
	assert_good(law_open(data_folder, h->lasting, &h->law, wrong));
	h->office.words = h->words;
	h->office.codes = h->codes;
	h->office.law = h->law;
}

static void
open_rooms(struct house *h)
{
	char where[512];
	const struct store_options options = { .where = where,
		.statements = statements };

	snprintf(where, sizeof(where), "%s/db/office.sqlite", h->folder);
	if (!is_ok(store_open(&options, &h->office.store)))
		fail_msg("%s", store_message(NULL));
	assert_good(store_migrate(h->office.store));
	assert_good(keyring_new(&h->office.keyring));
	assert_good(audit_open(&h->office, &h->office.audit));
	assert_good(guard_open(&h->office, &h->office.guard));
	assert_good(desk_open(&h->office, &h->office.desk));
	assert_good(office_settings_new(&h->office));
}

static struct op *
begin(struct house *h)
{
	op_abort(&h->op);
	arena_free(h->arena);
	h->arena = arena_new(h->arena_max);
	assert_non_null(h->arena);
	h->op = (struct op){ .office = &h->office, .arena = h->arena,
		.now = h->now, .today = instant_day(h->now),
		.door = DOOR_PAGES };
	h->op.answer = node_object(h->arena);
	return &h->op;
}

static void
make_office(struct house *h)
{
	struct office_new in = { .flags = VAULT_TEST,
		.kdf = { kdf_floor, kdf_floor } };

	repeat(&h->seed, in.kek_passphrase.b, sizeof(in.kek_passphrase.b));
	repeat(&h->seed, in.kek_phrase.b, sizeof(in.kek_phrase.b));
	assert_good(office_make(begin(h), &in));
}

int
house_make(void **state)
{
	struct house *h = calloc(1, sizeof(*h));
	static bool listed;

	assert_non_null(h);
	if (!listed) {
		assert_good(seal_start());
		add(audit_statements);
		add(facts_statements);
		add(entity_statements_all);
		add(guard_statements);
		add(desk_statements);
		add(ops_statements);
		listed = true;
	}
	h->lasting = arena_new(64 * MIB);
	h->arena_max = OP_ARENA_MAX;
	h->seed = 88172645463325252ull;
	h->chance = (struct chance){ repeat, &h->seed };
	h->office.chance = &h->chance;
	h->now = instant_of(day_of(2026, 11, 24), 9, 0);
	make_folder(h);
	h->office.folder = text_of(h->folder);
	open_files(h);
	open_rooms(h);
	make_office(h);
	h->dora = house_user(h, "dora", "director", true);
	h->daniel = house_user(h, "daniel", "director", false);
	h->lucia = house_user(h, "lucia", "lawyer", false);
	h->benito = house_user(h, "benito", "lawyer", false);
	h->sara = house_user(h, "sara", "social_worker", false);
	h->rita = house_user(h, "rita", "reception", false);
	h->tito = house_user(h, "tito", "technician", false);
	h->vera = house_user(h, "vera", "", false);
	*state = h;
	return 0;
}

int
house_free(void **state)
{
	struct house *h = *state;

	op_abort(&h->op);
	desk_close(&h->office.desk);
	guard_close(&h->office.guard);
	audit_close(&h->office.audit);
	keyring_free(&h->office.keyring);
	store_close(&h->office.store);
	free(h->office.settings);
	words_close(&h->words);
	codes_close(&h->codes);
	law_close(h->law);
	drop_folder(h->folder);
	arena_free(h->arena);
	arena_free(h->lasting);
	free(h);
	return 0;
}

int
house_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest *list = calloc(n, sizeof(*list));
	int failed;

	assert_non_null(list);
	data_folder = argc > 1 ? argv[1] : "data";
	words_folder = argc > 2 ? argv[2] : "share/words";
	for (size_t i = 0; i < n; i++) {
		list[i] = tests[i];
		list[i].setup_func = house_make;
		list[i].teardown_func = house_free;
	}
	failed = _cmocka_run_group_tests(name, list, n, NULL, NULL);
	free(list);
	return failed;
}

/* ---- asking ----------------------------------------------------------- */

/* Not Argon2: the tests are about who may, not about how slowly. */
static void
errand(struct house *h)
{
	struct errand *e = &h->op.errand;

	assert_false(e->done);
	assert_null(h->op.tx);
	e->failed = OK;
	if (e->kind == ERRAND_ARGON2)
		blake2b(e->hash, 32, NULL, 0, e->secret,
		    (text){ (const char *)e->kdf.salt, 16 });
	else if (e->kind == ERRAND_CRACK)
		e->weakness = h->weak ? T("weakness.word") : T("");
	e->done = true;
}

/* Inputs of one name become one with several values, as the doors do. */
static void
take_inputs(struct house *h, const char *const *inputs)
{
	enum { MOST = 64 };
	struct op *op = &h->op;

	op->inputs = arena_array(h->lasting, MOST, sizeof(*op->inputs));
	for (size_t i = 0; inputs != NULL && inputs[i] != NULL; i += 2) {
		text name = text_of(inputs[i]);
		struct input *in = NULL;
		text *values;

		for (size_t k = 0; k < op->inputs_n; k++) {
			if (text_same(op->inputs[k].name, name))
				in = &op->inputs[k];
		}
		if (in == NULL) {
			assert_true(op->inputs_n < MOST);
			in = &op->inputs[op->inputs_n++];
			in->name = name;
		}
		values = arena_array(h->lasting, in->n + 1, sizeof(text));
		for (size_t k = 0; k < in->n; k++)
			values[k] = in->values[k];
		values[in->n++] = text_of(inputs[i + 1]);
		in->values = values;
	}
}

static void
take_asker(struct house *h, const struct asking *a)
{
	struct op *op = &h->op;

	if (a->cookie != NULL) {
		result got = guard_session(op, text_of(a->cookie));

		/* Of an enrolment's session nobody is signed in yet. */
		if (got.code != E_SIGN_IN)
			assert_good(got);
		op_abort(op);
		return;
	}
	op->user = a->who;
	op->session = id_of_number(4711);
	if (!a->old_step_up)
		op->stepped_up = h->now;
}

result
house_ask(struct house *h, const struct asking *a)
{
	struct once once = { 0 };
	text allow = T("");
	result got;

	begin(h);
	h->op.door = a->door;
	h->op.version = a->version;
	TRY(ops_route(a->door, text_of(a->method), text_of(a->path),
	    &h->route, &allow, h->lasting));
	take_asker(h, a);
	take_inputs(h, a->inputs);
	if (a->key != NULL) {
		once.key = text_of(a->key);
		memset(once.digest, 7, sizeof(once.digest));
	}
	while ((got = ops_run(&h->op, &h->route, &once)).code == E_WAIT)
		errand(h);
	assert_null(h->op.tx);
	if (is_ok(got))
		assert_good(node_whole(h->op.answer));
	return got;
}

result
house_get(struct house *h, user_id who, const char *path,
    const char *const *inputs)
{
	return house_ask(h, &(struct asking){ .who = who, .method = "GET",
		.path = path, .inputs = inputs });
}

result
house_post(struct house *h, user_id who, const char *path,
    const char *const *inputs)
{
	return house_ask(h, &(struct asking){ .who = who, .method = "POST",
		.path = path, .inputs = inputs });
}

const char *
house_code(struct house *h, id i)
{
	return arena_text(h->lasting, text_of(code_of(i).s)).p;
}

const char *
house_path(struct house *h, const char *pattern, id a, id b)
{
	char path[256];
	size_t n = 0;
	int used = 0;

	for (const char *p = pattern; *p != '\0'; p++) {
		if (p[0] != '{') {
			path[n++] = *p;
			continue;
		}
		n += (size_t)snprintf(path + n, sizeof(path) - n, "%s",
		    code_of(used++ == 0 ? a : b).s);
		p++;
	}
	return arena_text(h->lasting, (text){ path, n }).p;
}

const struct node *
house_node(struct house *h, const char *path)
{
	const struct node *n = node_find(h->op.answer, path);

	if (n == NULL)
		fail_msg("the answer has no %s", path);
	return n;
}

text
house_said(struct house *h, const char *path)
{
	return house_node(h, path)->text;
}

bool
house_has(struct house *h, const char *path)
{
	return node_find(h->op.answer, path) != NULL;
}

bool
house_problem(struct house *h, const char *input, const char *key)
{
	for (size_t i = 0; i < h->op.problems.n; i++) {
		const struct problem *p = &h->op.problems.at[i];

		if (text_same(p->field, text_of(input)) &&
		    strcmp(p->key, key) == 0)
			return true;
	}
	for (size_t i = 0; i < h->op.problems.n; i++)
		print_message("problem at %.*s: %s\n",
		    (int)h->op.problems.at[i].field.n,
		    h->op.problems.at[i].field.p, h->op.problems.at[i].key);
	return false;
}

/* ---- facts ------------------------------------------------------------ */

texts
house_texts(struct house *h, const char *words)
{
	text rest = text_of(words);
	text *list = arena_array(h->lasting, 16, sizeof(*list));
	size_t n = 0;

	while (rest.n > 0)
		list[n++] = arena_text(h->lasting, text_cut(&rest, ' '));
	return (texts){ list, n };
}

static void
commit(struct house *h)
{
	const struct leaf_facts leaf = { .event = EVENT_USER_CHANGED };

	assert_good(facts_commit(&h->op, &leaf));
	guard_committed(&h->op);
	desk_committed(&h->op);
	op_forget_effects(&h->op);
}

static void
insert(struct house *h, user_id who, const struct entity *e, void *row)
{
	struct op *op = begin(h);

	op->user = who;
	assert_good(facts_insert(op, guard_whole_office(op), e, row));
	commit(h);
}

user_id
house_user(struct house *h, const char *name, const char *roles,
    bool guardian)
{
	struct user u = { .sign_in_name = text_of(name),
		.name = text_of(name), .state = T("active"),
		.guardian = { guardian, true },
		.roles = house_texts(h, roles) };

	insert(h, (user_id){ 0 }, &entity_user, &u);
	return (user_id){ u.row.id };
}

id
house_person(struct house *h, user_id leader, const char *name)
{
	struct op *op = begin(h);
	struct person p = { .known_as = text_of(name) };
	struct person_name n = { .kind = T("used"), .given = text_of(name),
		.shown = { true, true } };

	op->user = leader;
	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	n.person_id.raw = p.row.id;
	assert_good(facts_insert(op, guard_whole_office(op),
	    &entity_person_name, &n));
	assert_good(guard_make_lead(op, OBJECT_PERSON, p.row.id));
	commit(h);
	return p.row.id;
}

void
house_unite(struct house *h, id from, id into)
{
	struct op *op = begin(h);
	struct person *p = entity_new(op->arena, &entity_person);

	assert_non_null(p);
	assert_good(op_begin(op, TX_WRITE));
	assert_good(facts_get(op, guard_whole_office(op), &entity_person,
	    from, p));
	p->merged_into.raw = into;
	assert_good(facts_update(op, guard_whole_office(op), &entity_person,
	    p));
	commit(h);
}

id
house_matter(struct house *h, user_id leader, id person)
{
	return house_matter_of(h, leader, person, (id){ 0 });
}

id
house_matter_of(struct house *h, user_id leader, id person, id like)
{
	struct op *op = begin(h);
	struct matter m = { .title = T("Un caso"), .type = T("trial") };
	struct party p = { .person_id = { person }, .role = T("accused"),
		.represented = { true, true } };

	op->user = leader;
	if (!id_none(like)) {
		m.row.id = like;
		m.row.id.b[15] ^= 1;
	}
	assert_good(facts_insert(op, guard_whole_office(op), &entity_matter,
	    &m));
	p.matter_id.raw = m.row.id;
	assert_good(facts_insert(op, guard_whole_office(op), &entity_party,
	    &p));
	assert_good(guard_make_lead(op, OBJECT_MATTER, m.row.id));
	commit(h);
	return m.row.id;
}

id
house_relation(struct house *h, id person, const char *mandate,
    const char *topics, day until)
{
	struct relation r = { .person_id = { person }, .kind = T("sibling"),
		.name = T("Felícitas"), .mandate = text_of(mandate),
		.topics = house_texts(h, topics), .mandate_until = until };

	insert(h, (user_id){ 0 }, &entity_relation, &r);
	return r.row.id;
}

static void
about(enum object_kind kind, id object, person_id *person, matter_id *matter)
{
	if (kind == OBJECT_PERSON)
		person->raw = object;
	else
		matter->raw = object;
}

id
house_grant(struct house *h, user_id to, enum object_kind kind, id object,
    const char *compartments, const char *level)
{
	struct grant g = { .user_id = to, .kind = T("standing"),
		.compartments = house_texts(h, compartments),
		.level = text_of(level), .starts_at = h->now,
		.given_by = h->dora };

	about(kind, object, &g.person_id, &g.matter_id);
	insert(h, h->dora, &entity_grant, &g);
	return g.row.id;
}

id
house_wall(struct house *h, user_id whom, enum object_kind kind, id object)
{
	struct wall w = { .user_id = whom, .made_by = h->dora,
		.made_at = h->now, .reason = T("kinship") };

	about(kind, object, &w.person_id, &w.matter_id);
	insert(h, h->dora, &entity_wall, &w);
	return w.row.id;
}

/* ---- counting --------------------------------------------------------- */

struct count { enum event event; int n; };

static result
count_leaf(void *self, const struct leaf *leaf, text touched)
{
	struct count *c = self;

	(void)touched;
	c->n += leaf->event == c->event ? 1 : 0;
	return OK;
}

int
house_leaves(struct house *h, enum event event)
{
	struct count c = { .event = event };

	assert_good(audit_each(begin(h), 0, count_leaf, &c));
	op_abort(&h->op);
	return c.n;
}

static result
count_row(void *self, const void *row)
{
	int *n = self;

	(void)row;
	(*n)++;
	return OK;
}

int
house_rows(struct house *h, const struct entity *e)
{
	struct op *op = begin(h);
	int n = 0;

	assert_good(facts_each(op, guard_whole_office(op), e, count_row,
	    &n));
	op_abort(op);
	return n;
}

/* ---- coming in -------------------------------------------------------- */

const char *
house_totp(struct house *h, const char *base32)
{
	enum { STEP_S = 30 };
	char *code = arena_take(h->lasting, 7);
	char *secret = NULL;
	size_t n = 0;

	assert_int_equal(oath_base32_decode(base32, strlen(base32), &secret,
	    &n), OATH_OK);
	assert_int_equal(oath_totp_generate(secret, n,
	    (time_t)(h->now.ms / 1000), STEP_S, 0, 6, code), OATH_OK);
	free(secret);
	return code;
}

static void
keep(char *to, size_t room, text t)
{
	assert_true(t.n < room);
	memcpy(to, t.p, t.n);
	to[t.n] = '\0';
}

void
house_come_in(struct house *h, const char *name, const char *roles,
    struct came_in *ret)
{
	const char *const invite[] = { "sign_in_name", name, "name", name,
		"roles", roles, NULL };
	char phrase[64];

	memset(ret, 0, sizeof(*ret));
	snprintf(ret->phrase, sizeof(ret->phrase),
	    "seis llamas de %s cruzan", name);
	assert_good(house_post(h, h->dora, "/users/new", invite));
	keep(phrase, sizeof(phrase), house_said(h, "secret"));
	ret->user = guard_user_named(h->office.guard, text_of(name))->id;

	const char *const accept[] = { "sign_in_name", name, "phrase",
		phrase, "passphrase", ret->phrase, "again", ret->phrase,
		NULL };

	assert_good(house_post(h, (user_id){ 0 }, "/invitation", accept));
	keep(ret->cookie, sizeof(ret->cookie), h->op.set_session);
	assert_good(house_ask(h, &(struct asking){ .method = "GET",
		.path = "/invitation/factor", .cookie = ret->cookie }));
	for (const struct node *g = house_node(h, "groups")->first;
	    g != NULL; g = g->next)
		strncat(ret->secret, g->text.p, g->text.n);

	const char *const code[] = { "code", house_totp(h, ret->secret),
		NULL };

	assert_good(house_ask(h, &(struct asking){ .method = "POST",
		.path = "/invitation/factor", .inputs = code,
		.cookie = ret->cookie }));
	keep(ret->cookie, sizeof(ret->cookie), h->op.set_session);
}
