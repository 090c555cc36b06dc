#include "house.h"

#include "facts.h"

#include <dirent.h>
#include <oath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit_sql.h"
#include "facts_sql.h"
#include "guard_sql.h"

enum store_engine on_sqlite = ENGINE_SQLITE, on_postgres = ENGINE_POSTGRES;
const char *house_data;

static const struct statement *statements[2000];
static struct arena *lasting;

/* ---- chance, clock ---------------------------------------------------- */

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

void house_wait(struct house *h, int64_t ms)
{
	h->now.ms += ms;
}

/* ---- database --------------------------------------------------------- */

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

static void quiet(void *self, const PGresult *what)
{
	(void)self;
	(void)what;
}

static void other(struct house *h, const char *sql)
{
	PGresult *got = PQexec(h->other, sql);
	ExecStatusType how = PQresultStatus(got);

	if (how != PGRES_TUPLES_OK && how != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQresultErrorMessage(got));
	PQclear(got);
}

static void schema_make(struct house *h)
{
	const char *where = getenv("ALAS_TEST_PG");
	char sql[256];
	long me = (long)getpid();

	h->other = PQconnectdb(where);
	if (PQstatus(h->other) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(h->other));
	PQsetNoticeReceiver(h->other, quiet, NULL);
	snprintf(sql, sizeof(sql), "DROP SCHEMA IF EXISTS guard_%ld CASCADE; "
	    "CREATE SCHEMA guard_%ld", me, me);
	other(h, sql);
	snprintf(h->where, sizeof(h->where),
	    "%s options='-c search_path=guard_%ld'", where, me);
}

static void schema_free(struct house *h)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "DROP SCHEMA guard_%ld CASCADE",
	    (long)getpid());
	other(h, sql);
	PQfinish(h->other);
}

static void folder_make(struct house *h)
{
	const char *under = getenv("TMPDIR");

	snprintf(h->folder, sizeof(h->folder), "%s/guard-XXXXXX",
	    under == NULL ? "/tmp" : under);
	assert_non_null(mkdtemp(h->folder));
	snprintf(h->where, sizeof(h->where), "%s/facts", h->folder);
}

static void folder_free(const char *folder)
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

/* ---- office ----------------------------------------------------------- */

static void open_office(struct house *h)
{
	const struct store_options options = { .where = h->where,
		.statements = statements };
	result got = store_open(&options, &h->office.store);

	if (!is_ok(got))
		fail_msg("%s", store_message(NULL));
	got = store_migrate(h->office.store);
	if (!is_ok(got))
		fail_msg("%s", store_message(h->office.store));
	assert_good(keyring_new(&h->office.keyring));
	assert_good(audit_open(&h->office, &h->office.audit));
	assert_good(guard_open(&h->office, &h->office.guard));
}

static void close_office(struct house *h)
{
	op_abort(&h->op);
	guard_close(&h->office.guard);
	audit_close(&h->office.audit);
	keyring_free(&h->office.keyring);
	store_close(&h->office.store);
}

static void load(struct house *h)
{
	struct op *op = house_op(h);
	text said;

	assert_good(audit_load(op, &said));
	assert_good(guard_load(op, NULL));
	op_abort(op);
}

void house_restart(struct house *h)
{
	close_office(h);
	open_office(h);
	assert_good(facts_load_keys(house_op(h), &h->root));
	op_abort(&h->op);
	load(h);
}

void house_seal(struct house *h)
{
	guard_forget(h->office.guard);
	keyring_forget(h->office.keyring);
}

int house_make(void **state)
{
	struct house *h = calloc(1, sizeof(*h));
	static bool listed;
	char path[1024];
	text said;

	assert_non_null(h);
	h->engine = *(const enum store_engine *)*state;
	if (!listed) {
		assert_good(seal_start());
		add(audit_statements);
		add(facts_statements);
		add(entity_statements_all);
		add(guard_statements);
		listed = true;
	}
	lasting = arena_new(64 * MIB);
	h->arena = arena_new(OP_ARENA_MAX);
	h->seed = 88172645463325252ull;
	h->chance = (struct chance){ repeat, &h->seed };
	h->now = instant_of(day_of(2026, 11, 24), 9, 0);
	if (h->engine == ENGINE_SQLITE)
		folder_make(h);
	else
		schema_make(h);
	snprintf(path, sizeof(path), "%s/codes.csv", house_data);
	assert_good(codes_open(path, lasting, &h->codes, &said));
	h->office.codes = h->codes;
	h->office.chance = &h->chance;
	h->office.flags = VAULT_TEST;
	h->office.vault_id = id_of_number(77);
	h->office.vault_facts.epoch = 1;
	repeat(&h->seed, h->root.b, sizeof(h->root.b));
	open_office(h);
	assert_good(facts_make_keys(house_op(h), &h->root));
	assert_good(facts_commit(&h->op, &(struct leaf_facts){
		.event = EVENT_OFFICE_MADE }));
	load(h);
	*state = h;
	return 0;
}

int house_free(void **state)
{
	struct house *h = *state;

	close_office(h);
	codes_close(&h->codes);
	if (h->engine == ENGINE_SQLITE)
		folder_free(h->folder);
	else
		schema_free(h);
	arena_free(h->arena);
	arena_free(lasting);
	*state = h->engine == ENGINE_SQLITE ? &on_sqlite : &on_postgres;
	free(h);
	return 0;
}

static int run_on(enum store_engine *engine, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest *list = calloc(n, sizeof(*list));
	int failed;

	assert_non_null(list);
	for (size_t i = 0; i < n; i++) {
		list[i] = tests[i];
		list[i].setup_func = house_make;
		list[i].teardown_func = house_free;
		list[i].initial_state = engine;
	}
	failed = _cmocka_run_group_tests(name, list, n, NULL, NULL);
	free(list);
	return failed;
}

int house_run(int argc, char **argv, const char *name,
    const struct CMUnitTest *tests, size_t n)
{
	const char *where = getenv("ALAS_TEST_PG");
	int failed;

	house_data = argc > 1 ? argv[1] : "data";
	failed = run_on(&on_sqlite, name, tests, n);
	if (where != NULL && where[0] != '\0')
		failed += run_on(&on_postgres, name, tests, n);
	return failed;
}

/* ---- operations ------------------------------------------------------- */

struct op *house_op(struct house *h)
{
	op_abort(&h->op);
	arena_reset(h->arena);
	h->op = (struct op){ .office = &h->office, .arena = h->arena,
		.now = h->now, .today = instant_day(h->now),
		.door = DOOR_PAGES };
	h->op.answer = node_object(h->arena);
	return &h->op;
}

struct op *house_as(struct house *h, user_id user)
{
	struct op *op = house_op(h);

	op->user = user;
	op->session = id_of_number(4711);
	op->stepped_up = h->now;
	return op;
}

void house_commit(struct house *h)
{
	const struct leaf_facts leaf = { .event = EVENT_USER_CHANGED };

	assert_good(facts_commit(&h->op, &leaf));
	guard_committed(&h->op);
	op_forget_effects(&h->op);
}

/* Not Argon2: the tests are about who may, not about how slowly. */
void house_errand(struct house *h)
{
	struct errand *e = &h->op.errand;

	assert_false(e->done);
	assert_null(h->op.tx);
	h->errands[e->kind]++;
	e->failed = h->runner_busy ? refuse(BUSY) : OK;
	if (e->kind == ERRAND_ARGON2) {
		h->kdf = e->kdf;
		blake2b(e->hash, 32, NULL, 0, e->secret,
		    (text){ (const char *)e->kdf.salt, 16 });
	} else if (e->kind == ERRAND_CRACK) {
		e->weakness = memmem(e->secret.p, e->secret.n, "debil", 5) !=
		    NULL ? T("weakness.word") : T("");
	}
	e->done = true;
}

/* ---- people and things ------------------------------------------------ */

texts house_texts(struct house *h, const char *words)
{
	text rest = text_of(words);
	text *list = arena_array(lasting, 16, sizeof(*list));
	size_t n = 0;

	(void)h;
	while (rest.n > 0)
		list[n++] = arena_text(lasting, text_cut(&rest, ' '));
	return (texts){ list, n };
}

user_id house_user(struct house *h, const char *name, const char *roles)
{
	struct user u = { .sign_in_name = text_of(name),
		.name = text_of(name), .state = T("active"),
		.roles = house_texts(h, roles) };
	struct op *op = house_op(h);

	assert_good(facts_insert(op, guard_whole_office(op), &entity_user,
	    &u));
	house_commit(h);
	return (user_id){ u.row.id };
}

void house_change_user(struct house *h, user_id user, const char *state,
    day ends_on)
{
	struct op *op = house_op(h);
	struct user u;

	assert_good(op_begin(op, TX_WRITE));
	assert_good(facts_get(op, guard_whole_office(op), &entity_user,
	    user.raw, &u));
	u.state = text_of(state);
	u.ends_on = ends_on;
	assert_good(facts_update(op, guard_whole_office(op), &entity_user,
	    &u));
	house_commit(h);
}

id house_person(struct house *h, user_id leader)
{
	struct op *op = house_as(h, leader);
	struct person p = { .known_as = T("Flor") };

	assert_good(facts_insert(op, guard_whole_office(op), &entity_person,
	    &p));
	assert_good(guard_make_lead(op, OBJECT_PERSON, p.row.id));
	house_commit(h);
	return p.row.id;
}

id house_matter(struct house *h, user_id leader)
{
	struct op *op = house_as(h, leader);
	struct matter m = { .title = T("Un caso") };

	assert_good(facts_insert(op, guard_whole_office(op), &entity_matter,
	    &m));
	assert_good(guard_make_lead(op, OBJECT_MATTER, m.row.id));
	house_commit(h);
	return m.row.id;
}

id house_party(struct house *h, id matter, id person, bool represented)
{
	struct op *op = house_op(h);
	struct party p = { .matter_id = { matter }, .person_id = { person },
		.role = T("accused"), .represented = { represented, true } };

	assert_good(facts_insert(op, guard_whole_office(op), &entity_party,
	    &p));
	house_commit(h);
	return p.row.id;
}

id house_grant(struct house *h, user_id to, enum object_kind kind, id object,
    const char *compartments, const char *level)
{
	struct op *op = house_op(h);
	struct grant g = { .user_id = to, .kind = T("standing"),
		.compartments = house_texts(h, compartments),
		.level = text_of(level), .starts_at = h->now,
		.given_by = to };

	object_put(kind, object, &g.person_id, &g.matter_id);
	assert_good(facts_insert(op, guard_whole_office(op), &entity_grant,
	    &g));
	house_commit(h);
	return g.row.id;
}

id house_wall(struct house *h, user_id whom, enum object_kind kind, id object)
{
	struct op *op = house_op(h);
	struct wall w = { .user_id = whom, .made_by = whom,
		.made_at = h->now, .reason = T("kinship") };

	object_put(kind, object, &w.person_id, &w.matter_id);
	assert_good(facts_insert(op, guard_whole_office(op), &entity_wall,
	    &w));
	house_commit(h);
	return w.row.id;
}

/* ---- at the door ------------------------------------------------------ */

static void keep(char *to, size_t room, text t)
{
	assert_true(t.n < room);
	if (t.n > 0)
		memcpy(to, t.p, t.n);
	to[t.n] = '\0';
}

text house_code(struct house *h, const struct person_at_door *p)
{
	char *code = arena_take(lasting, 7);
	char *secret = NULL;
	size_t n = 0;

	assert_int_equal(oath_base32_decode(p->secret, strlen(p->secret),
	    &secret, &n), OATH_OK);
	assert_int_equal(oath_totp_generate(secret, n,
	    (time_t)(h->now.ms / 1000), TOTP_STEP_S, 0, 6, code), OATH_OK);
	free(secret);
	return text_of(code);
}

void house_enrol(struct house *h, const char *name, const char *roles,
    struct person_at_door *ret)
{
	struct user u = { .sign_in_name = text_of(name),
		.name = text_of(name), .roles = house_texts(h, roles) };
	struct op *op = house_op(h);
	struct enrolment e;
	text codes[RECOVERY_CODES];
	text phrase;
	text kept;

	memset(ret, 0, sizeof(*ret));
	ret->name = name;
	snprintf(ret->passphrase, sizeof(ret->passphrase),
	    "seis llamas de %s cruzan", name);
	assert_good(guard_invite(op, guard_whole_office(op), &u, &phrase));
	kept = arena_text(lasting, phrase);
	house_commit(h);
	ret->user.raw = u.row.id;

	op = house_op(h);
	assert_good(done_by_house(h, guard_accept(op, text_of(name), kept,
	    text_of(ret->passphrase), &e)));
	keep(ret->secret, sizeof(ret->secret), e.secret_base32);
	op_forget_effects(op);
	assert_good(guard_confirm_factor(op, house_code(h, ret), codes));
	for (int i = 0; i < RECOVERY_CODES; i++)
		keep(ret->recovery[i], sizeof(ret->recovery[i]), codes[i]);
	keep(ret->cookie, sizeof(ret->cookie), op->set_session);
	op_forget_effects(op);
	house_wait(h, TOTP_STEP_S * SECOND_MS);
}

result house_sign_in(struct house *h, struct person_at_door *p)
{
	text code = house_code(h, p);
	struct op *op = house_op(h);
	result got = done_by_house(h, guard_sign_in(op, text_of(p->name),
	    text_of(p->passphrase), code, text_of(p->device)));

	if (!is_ok(got))
		return got;
	keep(p->cookie, sizeof(p->cookie), op->set_session);
	if (op->set_device.n > 0)
		keep(p->device, sizeof(p->device), op->set_device);
	op_forget_effects(op);
	return got;
}

/* ---- leaves ----------------------------------------------------------- */

struct count { enum event event; int n; };

static result count_leaf(void *self, const struct leaf *leaf, text touched)
{
	struct count *c = self;

	(void)touched;
	c->n += leaf->event == c->event ? 1 : 0;
	return OK;
}

int house_leaves(struct house *h, enum event event)
{
	struct count c = { .event = event };

	assert_good(audit_each(house_op(h), 0, count_leaf, &c));
	op_abort(&h->op);
	return c.n;
}
