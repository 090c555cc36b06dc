/* The audit and the doctor: each line turns when its thing breaks. */
#include "office.h"

#include "audit_inside.h"
#include "lifecycle.h"
#include "guard_sql.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- audit ------------------------------------------------------------ */

/* Without it whoever reads the audit would read more than his role. */
static void
a_technician_counts(void **state)
{
	struct house *h = *state;
	id person = house_person(h, h->lucia, "Eusebio");
	const char *const call[] = { "caller", "self", NULL };

	assert_good(house_post(h, h->lucia, house_path(h,
	    "/people/{}/contacts", person, (id){ 0 }), call));
	assert_result(house_get(h, h->lucia, "/audit", NULL), FORBIDDEN);
	assert_good(house_get(h, h->dora, "/audit", NULL));
	assert_true(node_find(house_node(h, "rows")->first,
	    "person") != NULL);
	assert_text(node_find(house_node(h, "rows")->first,
	    "actor_name")->text, "lucia");
	assert_good(house_get(h, h->tito, "/audit", NULL));
	assert_true(house_node(h, "count")->number > 8);
	for (const struct node *l = house_node(h, "rows")->first; l != NULL;
	    l = l->next) {
		assert_null(node_find(l, "actor_name"));
		assert_null(node_find(l, "person"));
	}
	assert_result(house_get(h, h->dora, "/audit",
	    (const char *const[]){ "cursor", "x", NULL }), BAD_REQUEST);
}

/* Without it the tree could be called whole without being looked at. */
static void
verify_and_prove(void **state)
{
	struct house *h = *state;
	struct audit_head head;
	uint8_t path[64][32];
	uint8_t root[32];
	size_t n = 0;

	assert_good(house_post(h, h->tito, "/audit/verify", NULL));
	assert_true(node_true(house_node(h, "good")));
	assert_good(house_post(h, h->dora, "/audit/verify",
	    (const char *const[]){ "deep", "1", NULL }));
	assert_true(node_true(house_node(h, "good")));
	assert_true(node_true(house_node(h, "deep")));
	assert_good(house_get(h, h->dora, "/audit/leaves/3", NULL));
	for (const struct node *p = house_node(h, "path")->first; p != NULL;
	    p = p->next)
		assert_true(hex_read(p->text, path[n++], 32));
	assert_true(hex_read(house_said(h, "root"), root, 32));
	head = audit_head(h->office.audit);
	assert_memory_equal(root, head.root, 32);
	assert_true(n > 0 && n < 64);
	assert_result(house_get(h, h->dora, "/audit/leaves/100000", NULL),
	    NOT_FOUND);
	assert_result(house_get(h, h->dora, "/audit/leaves/uno", NULL),
	    NOT_FOUND);
	assert_result(house_get(h, h->rita, "/audit/leaves/3", NULL),
	    FORBIDDEN);
}

/* Without it no note of the tree could leave the machine. */
static void
a_checkpoint_is_signed(void **state)
{
	struct house *h = *state;

	assert_result(house_post(h, h->lucia, "/audit/checkpoint", NULL),
	    FORBIDDEN);
	assert_good(house_post(h, h->tito, "/audit/checkpoint", NULL));
	assert_true(text_starts(house_said(h, "note"), T("alas/")));
	assert_int_equal(house_leaves(h, EVENT_CHECKPOINT), 1);
}

/* ---- doctor ----------------------------------------------------------- */

/* The state of a line: "ok", "warn", "bad". */
static const char *
line(struct house *h, const char *name)
{
	assert_good(house_get(h, h->tito, "/system", NULL));
	for (const struct node *l = house_node(h, "lines")->first; l != NULL;
	    l = l->next) {
		if (text_same(node_find(l, "name")->text, text_of(name)))
			return arena_text(h->lasting, node_find(l,
			    "state")->text).p;
	}
	fail_msg("no line %s", name);
	return NULL;
}

static void
write_file(struct house *h, const char *name, const char *bytes, long at)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", h->folder, name);
	f = fopen(path, at < 0 ? "w" : "r+");
	assert_non_null(f);
	if (at > 0)
		assert_int_equal(fseek(f, at, SEEK_SET), 0);
	assert_int_equal(fputs(bytes, f) < 0, 0);
	assert_int_equal(fclose(f), 0);
}

/* Without it a healthy office would be called ill. */
static void
a_sound_office_is_called_so(void **state)
{
	static const char *const sound[] = { "versions", "slots", "header",
		"clock", "migrations", "projection", "tree", "papers", "words",
		"law", "codes" };
	struct house *h = *state;

	for (size_t i = 0; i < LENGTH(sound); i++)
		assert_string_equal(line(h, sound[i]), "ok");
	assert_result(house_get(h, h->lucia, "/system", NULL), FORBIDDEN);
}

/* Without it a line could say "in order" whatever is. */
static void
each_line_turns(void **state)
{
	struct house *h = *state;
	char mine[32];
	uint16_t flags;

	/* Nobody holds the lock, then somebody else, then this process. */
	assert_string_equal(line(h, "writer"), "bad");
	write_file(h, "run/lock", "1", -1);
	assert_string_equal(line(h, "writer"), "bad");
	snprintf(mine, sizeof(mine), "%d", (int)getpid());
	write_file(h, "run/lock", mine, -1);
	assert_string_equal(line(h, "writer"), "ok");

	/* Invented people need no backup; others need one that was proven. */
	assert_string_equal(line(h, "age"), "warn");
	h->office.age_there = true;
	assert_string_equal(line(h, "age"), "ok");
	assert_string_equal(line(h, "backup_keys"), "ok");
	flags = h->office.flags;
	h->office.flags = VAULT_DEMONSTRATION;
	assert_string_equal(line(h, "backup"), "ok");
	h->office.flags = 0;
	assert_string_equal(line(h, "backup"), "bad");
	h->office.flags = flags;

	/* This process is not confined, and has no runner. */
	assert_string_equal(line(h, "sandbox"), "bad");
	assert_string_equal(line(h, "landlock"), "warn");
	h->office.walls_abi = 2;
	assert_string_equal(line(h, "landlock"), "ok");
	assert_string_equal(line(h, "runner"), "bad");

	h->office.vault_facts.slot[1].state = 0;
	assert_string_equal(line(h, "slots"), "bad");
	write_file(h, "db/vault.hdr", "x", 3000);
	assert_string_equal(line(h, "header"), "bad");
	assert_string_equal(line(h, "tree"), "ok");
	house_wait(h, -3600 * 1000);
	assert_string_equal(line(h, "clock"), "bad");
}

/* Other files of codes than those that the office was last opened with. */
static void
other_codes(struct house *h, const struct codes *codes)
{
	const struct leaf_facts leaf = { .event = EVENT_UNSEALED };

	h->office.codes = codes;
	assert_good(house_get(h, h->tito, "/system", NULL));
	assert_good(office_note_files(&h->op));
	assert_good(op_begin(&h->op, TX_WRITE));
	assert_good(facts_commit(&h->op, &leaf));
	op_forget_effects(&h->op);
}

/* Without it who changes what a code or a rule says goes unseen. */
static void
other_files_are_told(void **state)
{
	struct house *h = *state;
	struct codes *codes;
	char path[512];
	text error;

	write_file(h, "codes.csv", "list,code,label_es,label_en,retired,note\n"
	    "sex,f,Femenino,Female,,\n", -1);
	snprintf(path, sizeof(path), "%s/codes.csv", h->folder);
	assert_good(codes_open(path, h->lasting, &codes, &error));
	assert_int_equal(unlink(path), 0);

	/* Another file; noted at the next unsealing, and told for a month. */
	h->office.codes = codes;
	assert_string_equal(line(h, "codes"), "warn");
	other_codes(h, codes);
	assert_string_equal(line(h, "codes"), "warn");
	assert_string_equal(line(h, "law"), "ok");
	house_wait(h, (int64_t)29 * 24 * 3600 * 1000);
	assert_string_equal(line(h, "codes"), "warn");
	house_wait(h, (int64_t)24 * 3600 * 1000);
	assert_string_equal(line(h, "codes"), "ok");
	other_codes(h, h->codes);
	assert_string_equal(line(h, "codes"), "warn");
	codes_close(&codes);
}

/* Without it a copy of the database gets the office's signature, or an
 * office that may not sign cannot be sealed either. */
static void
a_forked_tree_is_not_signed(void **state)
{
	struct house *h = *state;
	struct tree *t = &h->office.audit->tree;
	struct tree good;

	assert_good(house_post(h, h->dora, "/audit/checkpoint", NULL));
	assert_good(house_post(h, h->dora, "/audit/compare", NULL));
	assert_true(node_true(house_node(h, "good")));
	good = *t;
	for (size_t i = 0; i < 64; i++)
		t->edge[i][0] ^= 1;
	assert_result(house_post(h, h->dora, "/audit/checkpoint", NULL),
	    INVALID);
	assert_string_equal(h->op.problems.at[0].key, "problem.tree_forked");
	assert_good(house_post(h, h->dora, "/audit/compare", NULL));
	assert_false(node_true(house_node(h, "good")));
	assert_int_equal(house_leaves(h, EVENT_CHECKPOINT), 1);
	assert_good(house_post(h, h->dora, "/seal", NULL));
	assert_false(keyring_open(h->office.keyring));
	*t = good;
}

/* Without it the last of very many files is shown without its leaf. */
static void
what_has_no_leaf_is_not_shown(void **state)
{
	struct house *h = *state;

	assert_good(house_get(h, h->dora, "/audit", NULL));
	h->op.unnoted = true;
	assert_result(ops_run(&h->op, &h->route, NULL), BUSY);
}

/* Without it help would be behind the door that it helps to open. */
static void
help_is_for_everybody(void **state)
{
	struct house *h = *state;

	assert_good(house_get(h, (user_id){ 0 }, "/help", NULL));
	assert_true(house_node(h, "tasks")->n > 5);
	for (const struct node *t = house_node(h, "tasks")->first; t != NULL;
	    t = t->next) {
		text key = node_find(t, "title")->text;

		assert_false(text_same(words_get_text(h->words, LANG_EN,
		    key), key));
	}
}

/* ---- sealing by itself ------------------------------------------------ */

enum { MINUTE = 60 * 1000 };

static result
set_sealing(struct house *h, const char *idle, const char *at)
{
	const char *const in[] = { "office_name", "ALAS", "seal_idle", idle,
		"seal_at", at, NULL };

	return house_post(h, h->dora, "/admin/settings", in);
}

/* Waiting is done by the clock of the office, which a test moves. */
static bool
due_after(struct house *h, int64_t minutes)
{
	house_wait(h, minutes * MINUTE);
	return office_seal_due(&h->office, h->now);
}

/* Without it an office that everybody has left lies open all night. */
static void
it_seals_when_nobody_works(void **state)
{
	struct house *h = *state;

	/* What was never set: three hours. */
	assert_false(due_after(h, 179));
	assert_true(due_after(h, 1));
	assert_good(set_sealing(h, "30", ""));
	assert_false(due_after(h, 29));
	assert_good(house_get(h, h->lucia, "/today", NULL));
	assert_false(due_after(h, 29));
	assert_true(due_after(h, 1));
	h->office.flags = VAULT_DEMONSTRATION;
	assert_false(due_after(h, 600));
	h->office.flags = VAULT_TEST;
	/* A clock that was set back does not keep it open. */
	assert_false(due_after(h, -60 * 24 * 366));
	assert_true(due_after(h, 30));
	assert_good(set_sealing(h, "0", ""));
	assert_false(due_after(h, 60 * 24));
}

/* Without it the hour in the evening would cut off whoever still files. */
static void
it_seals_at_its_hour(void **state)
{
	struct house *h = *state;
	int hour;
	int minute;

	assert_result(set_sealing(h, "0", "25:00"), INVALID);
	assert_true(house_problem(h, "seal_at", "problem.clock"));
	assert_result(set_sealing(h, "1441", ""), INVALID);
	assert_true(house_problem(h, "seal_idle", "problem.setting_bounds"));
	assert_result(set_sealing(h, "", ""), INVALID);
	assert_good(set_sealing(h, "0", "21:00"));
	instant_clock(h->now, &hour, &minute);
	assert_false(due_after(h, 20 * 60 + 59 - hour * 60 - minute));
	assert_good(house_get(h, h->lucia, "/today", NULL));
	assert_false(due_after(h, 14));		/* she still works */
	assert_true(due_after(h, 1));
	assert_false(due_after(h, 2 * 60 + 46));	/* midnight */
}

/* Without it sessions or keys would outlive the office that sealed. */
static void
nothing_stays_open(void **state)
{
	struct house *h = *state;

	assert_good(house_get(h, h->lucia, "/today", NULL));
	assert_good(office_seal_itself(&h->op));
	assert_false(keyring_open(h->office.keyring));
	assert_result(house_get(h, h->lucia, "/today", NULL), SEALED);
}

/* As the loop does it, `days` later and until nothing is under way. */
static void
rotate_on(struct house *h, int64_t days)
{
	int left = 200;

	house_wait(h, days * 24 * 60 * 60 * 1000);
	do {
		assert_good(house_get(h, h->tito, "/today", NULL));
		assert_good(office_rotation_step(&h->op));
		op_forget_effects(&h->op);
	} while (h->office.resealing && --left > 0);
	assert_true(left > 0);
}

static size_t
older_peppers(struct house *h)
{
	size_t n = 99;

	assert_good(house_get(h, h->tito, "/today", NULL));
	assert_good(guard_older_peppers(&h->op, &n));
	op_abort(&h->op);
	return n;
}

static void
renew(struct house *h, enum purpose purpose)
{
	const struct leaf_facts leaf = { .event = EVENT_KEY_RENEWED };

	assert_good(house_get(h, h->tito, "/today", NULL));
	assert_good(facts_new_epoch(&h->op, purpose, purpose_id(purpose)));
	assert_good(facts_commit(&h->op, &leaf));
	op_forget_effects(&h->op);
}

/* Without it a pepper that leaked is good for as long as somebody is away,
 * or is never deleted and nobody is told. */
static void
a_pepper_ends_after_ninety_days(void **state)
{
	struct house *h = *state;
	struct came_in away;

	house_come_in(h, "luz", "lawyer", &away);
	renew(h, PURPOSE_PEPPER);
	assert_string_equal(line(h, "rotation"), "warn");
	rotate_on(h, 0);
	assert_string_equal(line(h, "rotation"), "ok");
	assert_int_equal(older_peppers(h), 1);
	rotate_on(h, 89);
	assert_string_equal(line(h, "rotation"), "ok");
	assert_int_equal(older_peppers(h), 1);

	/* Until the loop comes to it. */
	house_wait(h, 24 * 60 * 60 * 1000);
	assert_string_equal(line(h, "rotation"), "warn");
	rotate_on(h, 0);
	assert_int_equal(older_peppers(h), 0);
	rotate_on(h, 0);
	assert_string_equal(line(h, "rotation"), "ok");
	assert_int_equal(office_pepper_days(&h->office, h->op.now), 0);
}

/* Somebody's credential, by another hand: all of it, or its last byte. */
static void
harm_credential(struct house *h, user_id user, bool all)
{
	const id none = { 0 };
	const struct arg after[] = { arg_id("id", none),
		arg_number("most", 100) };
	struct row_set *rows = NULL;
	char *record = NULL;
	size_t n = 0;
	int64_t v = 0;
	bool there;
	text harmed;

	assert_good(house_get(h, h->tito, "/today", NULL));
	assert_good(op_begin(&h->op, TX_WRITE));
	assert_good(store_query(h->op.tx, &sql_credential_after, after,
	    LENGTH(after), &rows));
	while (is_ok(row_next(rows, &there)) && there) {
		text t = column_blob(rows, "record");

		if (!id_same(column_id(rows, "id"), user.raw))
			continue;
		v = column_number(rows, "v");
		n = t.n;
		record = arena_take(h->lasting, n);
		assert_non_null(record);
		memcpy(record, t.p, n);
	}
	row_end(&rows);
	assert_non_null(record);
	if (all)
		memset(record, 0, n);
	else
		record[n - 1] ^= 1;

	harmed = (text){ record, n };
	const struct arg put[] = { arg_id("id", user.raw),
		arg_number("v", v), arg_blob("record", harmed) };

	assert_good(store_run(h->op.tx, &sql_credential_reseal, put,
	    LENGTH(put), NULL));
	assert_good(tx_commit(&h->op.tx));
	op_abort(&h->op);
}

/* Without it one damaged credential keeps every rotation from its end, and
 * each second tries again. */
static void
a_damaged_credential_holds_up_nothing(void **state)
{
	struct house *h = *state;
	struct came_in away;
	struct rotation_facts r;

	house_come_in(h, "luz", "lawyer", &away);
	harm_credential(h, away.user, false);
	renew(h, PURPOSE_PEPPER);
	rotate_on(h, 0);
	assert_int_equal(older_peppers(h), 1);
	rotate_on(h, 90);
	assert_string_equal(line(h, "rotation"), "warn");

	/* Met by the pass, it is gone by and named. */
	renew(h, PURPOSE_OFFICE);
	rotate_on(h, 0);
	r = office_rotation(&h->office);
	assert_int_equal(r.damaged, 1);
	assert_string_equal(r.table, "credential");
	assert_true(id_same(r.row, away.user.raw));
	assert_string_equal(line(h, "rotation"), "bad");
}

/* Without it what is no record any more passes for what was shredded. */
static void
what_is_no_record_is_named(void **state)
{
	struct house *h = *state;
	struct came_in away;

	house_come_in(h, "luz", "lawyer", &away);
	renew(h, PURPOSE_OFFICE);
	rotate_on(h, 0);
	assert_string_equal(line(h, "rotation"), "ok");
	harm_credential(h, away.user, true);
	renew(h, PURPOSE_OFFICE);
	rotate_on(h, 0);
	assert_int_equal(office_rotation(&h->office).damaged, 1);
	assert_string_equal(line(h, "rotation"), "bad");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_technician_counts),
		cmocka_unit_test(verify_and_prove),
		cmocka_unit_test(a_checkpoint_is_signed),
		cmocka_unit_test(a_sound_office_is_called_so),
		cmocka_unit_test(each_line_turns),
		cmocka_unit_test(other_files_are_told),
		cmocka_unit_test(a_forked_tree_is_not_signed),
		cmocka_unit_test(what_has_no_leaf_is_not_shown),
		cmocka_unit_test(help_is_for_everybody),
		cmocka_unit_test(it_seals_when_nobody_works),
		cmocka_unit_test(it_seals_at_its_hour),
		cmocka_unit_test(a_pepper_ends_after_ninety_days),
		cmocka_unit_test(a_damaged_credential_holds_up_nothing),
		cmocka_unit_test(what_is_no_record_is_named),
		cmocka_unit_test(nothing_stays_open),
	};

	return house_run(argc, argv, "ops house", tests, LENGTH(tests));
}
