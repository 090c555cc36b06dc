/* The vault: first start, unseal, seal, the recovery sheet. */
#include "vault.h"

#include "audit.h"
#include "lifecycle.h"
#include "paper.h"

#include <sodium.h>
#include <string.h>

enum { GROUPS = 9, GROUP_SIGNS = PHRASE_GROUP_SIGNS };

/*
 * Between the steps of the first start the phrase waits in locked memory:
 * it is on no disk, and is gone when two groups were typed back.
 */
static struct secret waiting_phrase;
/* So does the identity that opens the backups: only its recipient stays. */
static struct secret waiting_age;

static bool
demonstration(const struct op *op)
{
	return (op->office->flags & VAULT_DEMONSTRATION) != 0;
}

static bool
made(const struct op *op)
{
	return !id_none(op->office->vault_id);
}

enum first_step { STEP_MAKE, STEP_SHEET, STEP_DIRECTOR, STEP_DONE };

/* Somebody who can invite the others: an invitation alone is not enough. */
static bool
has_director(const struct guard *g)
{
	const struct user_facts *const *users;
	size_t n = guard_users(g, &users);

	for (size_t i = 0; i < n; i++) {
		if ((users[i]->roles & 1u << ROLE_DIRECTOR) != 0 &&
		    text_same(users[i]->state, T("active")))
			return true;
	}
	return false;
}

static enum first_step
step_of(const struct op *op)
{
	if (!made(op))
		return STEP_MAKE;
	if (demonstration(op))
		return STEP_DONE;
	if (!keyring_open(op->office->keyring))
		return STEP_DONE;	/* unseal first: the page says so */
	if (!text_same(office_setting(op->office, "sheet_kept"), T("1")))
		return STEP_SHEET;
	return has_director(op->office->guard) ? STEP_DONE :
	    STEP_DIRECTOR;
}

/* ---- key from a secret: an errand ------------------------------------- */

/* WAIT until the runner has hashed `secret` with `kdf`. */
static result
hash_by_errand(struct op *op, text secret, const struct slot_kdf *kdf,
    key32 *ret)
{
	struct errand *e = &op->errand;

	if (e->done && e->kind == ERRAND_ARGON2) {
		TRY(e->failed);
		memcpy(ret->b, e->hash, sizeof(e->hash));
		sodium_memzero(e->hash, sizeof(e->hash));
		return OK;
	}
	*e = (struct errand){ .kind = ERRAND_ARGON2, .secret = secret,
		.kdf = *kdf };
	return refuse(WAIT);
}

/* ---- unseal ----------------------------------------------------------- */

/* The nine groups as the page sends them, or the whole from a program. */
static text
typed_phrase(struct op *op)
{
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	text at_once = op_input(op, "phrase");

	if (at_once.n > 0)
		return at_once;
	for (int i = 1; i <= GROUPS; i++) {
		text name = arena_format(op->arena, "group%d", i);
		text group = name.p == NULL ? T("") : op_input(op, name.p);

		if (b.n > 0)
			buf_char(&b, ' ');
		buf_text(&b, group);
	}
	return b.n < GROUPS ? T("") : arena_text(op->arena, buf_view(&b));
}

/* A phrase of nine groups is a recovery phrase; else a passphrase.  The
 * first wrong group is named. */
result
vault_secret(struct op *op, int *ret_slot, text *ret)
{
	text typed = op_input(op, "passphrase");
	text phrase = typed_phrase(op);
	char *secret;
	int wrong;

	if (phrase.n == 0) {
		*ret_slot = SLOT_PASSPHRASE;
		return passphrase_bytes(op->arena, typed, ret);
	}
	secret = arena_take(op->arena, PHRASE_SECRET);
	NEED(secret);
	wrong = phrase_read(phrase, secret);
	if (wrong != 0) {
		text group = arena_format(op->arena, "%d", wrong);
		text field = wrong > GROUPS || op_input(op, "phrase").n > 0 ?
		    T("phrase") : arena_format(op->arena, "group%d", wrong);

		problem_add(&op->problems, field, wrong > GROUPS ?
		    "problem.phrase_length" : "problem.phrase_group",
		    &group, 1);
		return refuse(INVALID);
	}
	*ret_slot = SLOT_PHRASE;
	*ret = (text){ secret, PHRASE_SECRET };
	return OK;
}

int
vault_slot(const struct vault_facts *f, int type)
{
	for (int i = 0; i < VAULT_SLOTS; i++) {
		if (f->slot[i].state == 1 && f->slot[i].type == type)
			return i;
	}
	return -1;
}

/*
 * After a real restore the database has less than this folder acknowledged.
 * To go on with it takes the paper from the envelope, not the passphrase of
 * every morning, and the number of leaves that are there, typed.
 */
static result
read_accept(struct op *op, int type)
{
	int64_t n = -1;

	if (op_input(op, "accept").n == 0)
		return OK;
	if (!text_integer(op_input(op, "accept"), &n) || n < 0)
		op_problem(op, "accept", "problem.accept_number");
	else if (type != SLOT_PHRASE)
		op_problem(op, "accept", "problem.accept_phrase");
	else
		audit_accept(op->office->audit, (uint64_t)n);
	return op_problems(op);
}

/* The tree says for ever that it was cut here, by whom is on paper. */
static result
given_up(struct op *op, struct leaf_facts *leaf)
{
	const struct audit_foreign *f = audit_given_up(op->office->audit);
	char root[2 * sizeof(f->ours.root) + 1] = "";

	if (!f->there)
		return OK;
	hex_write(root, f->ours.root, sizeof(f->ours.root));
	leaf->event = EVENT_DATABASE_ACCEPTED;
	leaf->detail_class = CLASS_OFFICE;
	leaf->reason = arena_format(op->arena, "%llu %s > %llu",
	    (unsigned long long)f->ours.n, root,
	    (unsigned long long)f->theirs.n);
	NEED(leaf->reason.p);
	return OK;
}

static result
open_with(struct op *op, int slot, const key32 *kek)
{
	CLEANUP(secret_free) struct secret root = { 0 };
	struct leaf_facts leaf = { .event = EVENT_UNSEALED };
	text said = T("");
	key32 *key;

	TRY(secret_new(sizeof(key32), &root));
	key = (key32 *)(void *)root.p;
	if (!is_ok(vault_open(&op->office->vault, slot, kek, key))) {
		op_problem(op, "passphrase", "problem.unseal");
		return refuse(INVALID);
	}
	if (!is_ok(office_unsealed(op, key, &said))) {
		text foreign = office_foreign_said(op);

		problem_add(&op->problems, T(""), foreign.n > 0 ?
		    "problem.unseal_foreign" : "problem.unseal_refused",
		    foreign.n > 0 ? &foreign : &said, 1);
		return refuse(INVALID);
	}
	TRY(office_bury(op));
	TRY(office_note_files(op));
	TRY(given_up(op, &leaf));
	TRY(op_begin(op, TX_WRITE));
	return facts_commit(op, &leaf);
}

static result
run_unseal(struct op *op, const struct reach *reach)
{
	const struct vault_facts *f = &op->office->vault_facts;
	text secret;
	key32 kek;
	int type;
	int slot;
	result got;

	(void)reach;
	op->location = T("/sign-in");
	if (!made(op))
		return refuse(NOT_FOUND);
	if (keyring_open(op->office->keyring))
		return OK;
	/* Another office on this database may have changed a slot. */
	TRY(office_read_header(op));
	op_abort(op);
	TRY(vault_secret(op, &type, &secret));
	TRY(read_accept(op, type));
	slot = vault_slot(f, type);
	if (slot < 0)
		return fault(CORRUPT);
	TRY(hash_by_errand(op, secret, &f->slot[slot].kdf, &kek));
	got = open_with(op, slot, &kek);
	sodium_memzero(&kek, sizeof(kek));
	if (is_ok(got) && step_of(op) != STEP_DONE)
		op->location = T("/first-start");
	return got;
}

static result
form_unseal(struct op *op, const struct reach *reach)
{
	(void)reach;
	if (!made(op))
		return refuse(NOT_FOUND);
	node_add_bool(op->answer, "open", keyring_open(op->office->keyring));
	node_add_text(op->answer, "foreign", office_foreign_said(op));
	return ops_form(op, NULL, 0);
}

static result
write_sealing(struct op *op)
{
	const struct leaf_facts leaf = { .event = EVENT_SEALED };
	struct audit_fork fork;
	result got;
	text note;

	TRY(audit_flush(op));
	/* A tree that may not be signed is the more reason to seal; the
	 * fault is traced, and unsealing looks at the tree again. */
	got = audit_checkpoint(op, &note, &fork);
	if (got.code != E_CORRUPT)
		TRY(got);
	TRY(guard_end_everyone(op));
	TRY(facts_commit(op, &leaf));
	op_forget_effects(op);
	return OK;
}

static result
run_seal(struct op *op, const struct reach *reach)
{
	(void)reach;
	op->location = T("/unseal");
	TRY(write_sealing(op));
	op->set_session = T("-");
	office_seal(op->office);
	return OK;
}

result
office_seal_itself(struct op *op)
{
	result got = write_sealing(op);

	op_abort(op);
	office_seal(op->office);
	return got;
}

/* ---- first start ------------------------------------------------------ */

static result
check_new_passphrase(struct op *op, text typed, text *ret)
{
	enum { LEAST = 15 };

	if (!is_ok(passphrase_bytes(op->arena, typed, ret))) {
		op_problem(op, "passphrase", "problem.control");
		return refuse(INVALID);
	}
	if (text_characters(*ret) < LEAST)
		op_problem(op, "passphrase", "problem.passphrase_short");
	if (ret->n > KIB)
		op_problem(op, "passphrase", "problem.passphrase_long");
	if (!text_same(typed, op_input(op, "again")))
		op_problem(op, "again", "problem.passphrase_again");
	return op_problems(op);
}

static result
strong_by_errand(struct op *op, text passphrase)
{
	struct errand *e = &op->errand;
	text *context = arena_array(op->arena, 2, sizeof(*context));

	NEED(context);
	if (op->errands_done > 0)
		return OK;
	if (e->done && e->kind == ERRAND_CRACK) {
		TRY(e->failed);
		e->done = false;
		if (e->weakness.n > 0) {
			op_problem(op, "passphrase", e->weakness.p);
			return refuse(INVALID);
		}
		op->errands_done = 1;
		return OK;
	}
	context[0] = T("alas");
	context[1] = op_input(op, "office_name");
	*e = (struct errand){ .kind = ERRAND_CRACK, .secret = passphrase,
		.context = context, .context_n = 2 };
	return refuse(WAIT);
}

/* What is needed over several errands, in the operation's own memory. */
struct making {
	struct office_new office;
	char phrase[PHRASE_TEXT + 1];
	char secret[PHRASE_SECRET];
	bool drawn;
	int hashed;
};

static result
begin_making(struct op *op, struct making **ret)
{
	struct making *m = op->kept;
	uint8_t random[PHRASE_RANDOM];

	if (m != NULL) {
		*ret = m;
		return OK;
	}
	m = arena_take(op->arena, sizeof(*m));
	NEED(m);
	m->office.flags = text_same(op_input(op, "test"), T("1")) &&
	    op->office->may_be_test ? VAULT_TEST : 0;
	for (int i = 0; i < 2; i++) {
		m->office.kdf[i] = m->office.flags == VAULT_TEST ?
		    kdf_floor : kdf_default;
		op->office->chance->fill(op->office->chance->self,
		    m->office.kdf[i].salt, sizeof(m->office.kdf[i].salt));
	}
	op->office->chance->fill(op->office->chance->self, random,
	    sizeof(random));
	phrase_text(random, m->phrase);
	sodium_memzero(random, sizeof(random));
	if (phrase_read(text_of(m->phrase), m->secret) != 0)
		return fault(BUG);
	op->kept = m;
	*ret = m;
	return OK;
}

static result
hash_slots(struct op *op, struct making *m, text passphrase)
{
	struct errand *e = &op->errand;
	key32 *kek[2] = { &m->office.kek_passphrase, &m->office.kek_phrase };

	if (e->done && e->kind == ERRAND_ARGON2) {
		TRY(e->failed);
		memcpy(kek[m->hashed]->b, e->hash, sizeof(e->hash));
		sodium_memzero(e->hash, sizeof(e->hash));
		e->done = false;
		m->hashed++;
	}
	if (m->hashed == 2)
		return OK;
	*e = (struct errand){ .kind = ERRAND_ARGON2,
		.secret = m->hashed == 0 ? passphrase :
		    (text){ m->secret, PHRASE_SECRET },
		.kdf = m->office.kdf[m->hashed] };
	return refuse(WAIT);
}

static result
keep_phrase(const char *phrase)
{
	secret_free(&waiting_phrase);
	TRY(secret_new(PHRASE_TEXT + 1, &waiting_phrase));
	memcpy(waiting_phrase.p, phrase, PHRASE_TEXT + 1);
	return OK;
}

/* A new identity: its recipient becomes what backups are sealed for. */
static result
draw_age(struct op *op)
{
	char recipient[AGE_RECIPIENT + 1];
	uint8_t random[32];
	result got;

	secret_free(&waiting_age);
	TRY(secret_new(AGE_IDENTITY + 1, &waiting_age));
	op->office->chance->fill(op->office->chance->self, random,
	    sizeof(random));
	got = age_keys(random, (char *)waiting_age.p, recipient);
	sodium_memzero(random, sizeof(random));
	TRY(got);
	return office_set(op, "backup_recipients", text_of(recipient));
}

static result
make_office(struct op *op)
{
	const struct leaf_facts leaf = { .event = EVENT_OFFICE_MADE };
	struct making *m;
	text passphrase;
	result got;

	if (op_input(op, "office_name").n == 0)
		op_problem(op, "office_name", "problem.required");
	TRY(check_new_passphrase(op, op_input(op, "passphrase"),
	    &passphrase));
	TRY(strong_by_errand(op, passphrase));
	TRY(begin_making(op, &m));
	TRY(hash_slots(op, m, passphrase));
	got = office_make(op, &m->office);
	if (is_ok(got))
		got = keep_phrase(m->phrase);
	if (is_ok(got))
		got = office_set(op, "office_name",
		    op_input(op, "office_name"));
	if (is_ok(got))
		got = draw_age(op);
	if (is_ok(got))
		got = facts_commit(op, &leaf);
	sodium_memzero(m, sizeof(*m));
	op_forget_effects(op);
	return got;
}

result
vault_commit(struct op *op, const struct vault *next, enum event event)
{
	const struct leaf_facts leaf = { .event = event };
	result got = office_save_header(op, next);

	if (is_ok(got))
		got = facts_commit(op, &leaf);
	if (!is_ok(got)) {
		op_abort(op);
		ignore(office_read_header(op),
		    "the header in memory is read again at the next start");
		op_abort(op);
		return got;
	}
	ignore(office_write_header(op), "the row is the truth; the doctor "
	    "says that its copy differs, and the next start writes it");
	return OK;
}

/*
 * The phrase was lost with a restart before it was typed back: whoever
 * knows the passphrase gets a new one, which takes the old one's slot.
 */
static result
renew_phrase(struct op *op)
{
	CLEANUP(secret_free) struct secret root = { 0 };
	struct errand *e = &op->errand;
	struct making *m;
	struct vault next;
	text passphrase;
	key32 *key;
	int slot = vault_slot(&op->office->vault_facts, SLOT_PHRASE);
	int own = vault_slot(&op->office->vault_facts, SLOT_PASSPHRASE);
	result got;

	if (slot < 0 || own < 0)
		return fault(CORRUPT);
	if (!is_ok(passphrase_bytes(op->arena, op_input(op, "passphrase"),
	    &passphrase)) || passphrase.n == 0) {
		op_problem(op, "passphrase", "problem.required");
		return refuse(INVALID);
	}
	TRY(begin_making(op, &m));
	m->office.kdf[0] = op->office->vault_facts.slot[own].kdf;
	TRY(hash_slots(op, m, passphrase));
	TRY(secret_new(sizeof(key32), &root));
	key = (key32 *)(void *)root.p;
	if (!is_ok(vault_open(&op->office->vault, own,
	    &m->office.kek_passphrase, key))) {
		op_problem(op, "passphrase", "problem.unseal");
		e->done = false;
		return refuse(INVALID);
	}
	TRY(vault_replace_slot(op->office->chance, &op->office->vault, key,
	    slot, SLOT_PHRASE, &m->office.kdf[1], &m->office.kek_phrase,
	    (uint64_t)(op->now.ms / 1000), &next));
	TRY(draw_age(op));
	got = vault_commit(op, &next, EVENT_PHRASE_RENEWED);
	if (is_ok(got))
		got = keep_phrase(m->phrase);
	sodium_memzero(m, sizeof(*m));
	return got;
}

/* Which two groups are asked back: by the vault's id, so that a reload
 * asks the same ones. */
void
vault_asked(const struct op *op, int ret[GROUPS_ASKED])
{
	const uint8_t *b = op->office->vault_id.b;

	ret[0] = b[14] % GROUPS;
	ret[1] = (ret[0] + 1 + b[15] % (GROUPS - 1)) % GROUPS;
}

static text
group_of(const char *phrase, int group)
{
	return (text){ phrase + group * (GROUP_SIGNS + 1), GROUP_SIGNS };
}

static bool
group_same(text typed, text group)
{
	char upper[GROUP_SIGNS];

	if (typed.n != GROUP_SIGNS)
		return false;
	for (size_t i = 0; i < GROUP_SIGNS; i++)
		upper[i] = (char)(typed.p[i] >= 'a' && typed.p[i] <= 'z' ?
		    typed.p[i] - 'a' + 'A' : typed.p[i]);
	return same_secret(upper, group.p, GROUP_SIGNS);
}

result
vault_typed_back(struct op *op, const char *phrase)
{
	static const char *const names[] = { "group_a", "group_b" };
	int asked[GROUPS_ASKED];

	vault_asked(op, asked);
	for (int i = 0; i < GROUPS_ASKED; i++) {
		if (!group_same(op_input(op, names[i]),
		    group_of(phrase, asked[i])))
			op_problem(op, names[i], "problem.group_typed");
	}
	return op_problems(op);
}

static result
confirm_sheet(struct op *op)
{
	const struct leaf_facts leaf = { .event = EVENT_PHRASE_RENEWED };

	if (waiting_phrase.p == NULL)
		return renew_phrase(op);
	TRY(vault_typed_back(op, (const char *)waiting_phrase.p));
	TRY(office_set(op, "sheet_kept", T("1")));
	TRY(facts_commit(op, &leaf));
	secret_free(&waiting_phrase);
	waiting_phrase = (struct secret){ 0 };
	secret_free(&waiting_age);
	waiting_age = (struct secret){ 0 };
	return OK;
}

static result
make_director(struct op *op)
{
	struct user *u = entity_new(op->arena, &entity_user);
	text *roles = arena_array(op->arena, 1, sizeof(*roles));
	const struct leaf_facts leaf = { .event = EVENT_USER_INVITED,
		.object_kind = "user" };
	const struct user_facts *known;
	text phrase;
	text name;

	NEED(u);
	NEED(roles);
	name = op_input(op, "sign_in_name");
	if (name.n == 0)
		op_problem(op, "sign_in_name", "problem.required");
	if (op_input(op, "name").n == 0)
		op_problem(op, "name", "problem.required");
	TRY(op_problems(op));
	roles[0] = T("director");
	u->sign_in_name = name;
	u->name = op_input(op, "name");
	u->roles = (texts){ roles, 1 };
	u->language = words_lang_code(op->lang);
	known = guard_user_named(op->office->guard, name);
	TRY(known != NULL ? guard_invite_again(op, guard_whole_office(op),
	    known->id, &phrase) : guard_invite(op, guard_whole_office(op), u,
	    &phrase));
	TRY(facts_commit(op, &leaf));
	node_add_text(op->answer, "secret", phrase);
	node_add_text(op->answer, "sign_in_name", name);
	return OK;
}

static result
run_first_start(struct op *op, const struct reach *reach)
{
	(void)reach;
	op->location = T("/first-start");
	switch (step_of(op)) {
	case STEP_MAKE:
		return make_office(op);
	case STEP_SHEET:
		return confirm_sheet(op);
	case STEP_DIRECTOR:
		TRY(make_director(op));
		node_add_text(op->answer, "step", T("director"));
		op->page = "first_start";
		return OK;
	case STEP_DONE:
		return refuse(NOT_FOUND);
	}
	return fault(BUG);
}

void
vault_add_sheet(struct op *op, const char *phrase)
{
	int asked[GROUPS_ASKED];
	struct node *list = node_add_list(op->answer, "groups");

	vault_asked(op, asked);
	for (int i = 0; phrase != NULL && i < GROUPS; i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_number(one, "number", i + 1);
		node_add_text(one, "signs", group_of(phrase, i));
	}
	node_add_text(op->answer, "vault",
	    id_hex(op->arena, op->office->vault_id));
	node_add_number(op->answer, "ask_a", asked[0] + 1);
	node_add_number(op->answer, "ask_b", asked[1] + 1);
}

static void
add_sheet(struct op *op)
{
	vault_add_sheet(op, (const char *)waiting_phrase.p);
	if (waiting_age.p != NULL)
		node_add_text(op->answer, "age",
		    text_of((const char *)waiting_age.p));
	node_add_bool(op->answer, "lost", waiting_phrase.p == NULL);
}

static result
form_first_start(struct op *op, const struct reach *reach)
{
	(void)reach;
	switch (step_of(op)) {
	case STEP_MAKE:
		node_add_text(op->answer, "step", T("make"));
		break;
	case STEP_SHEET:
		node_add_text(op->answer, "step", T("sheet"));
		add_sheet(op);
		break;
	case STEP_DIRECTOR:
		node_add_text(op->answer, "step", T("director"));
		break;
	case STEP_DONE:
		return refuse(NOT_FOUND);
	}
	op->page = "first_start";
	return ops_form(op, NULL, 0);
}

/* ---- the sheet on paper ----------------------------------------------- */

static text
word(struct op *op, const char *key)
{
	return words_get(op->office->words, op->lang, key);
}

result
vault_sheet(struct op *op, const char *phrase, const char *age,
    struct buf *out)
{
	text vault = id_hex(op->arena, op->office->vault_id);

	paper_begin(out);
	paper_line(out, PAPER_SIZE, T("11"));
	paper_line(out, PAPER_CODE, vault);
	paper_line(out, PAPER_PAGES, word(op, "paper.pages"));
	paper_line(out, PAPER_TITLE, word(op, "sheet.title"));
	paper_line(out, PAPER_TEXT, word(op, "sheet.keep"));
	paper_cells(out, PAPER_PAIR, (text[]){ word(op, "sheet.office"),
	    office_setting(op->office, "office_name") }, 2);
	paper_cells(out, PAPER_PAIR, (text[]){ word(op, "sheet.vault"),
	    vault }, 2);
	paper_line(out, PAPER_HEADING, word(op, "sheet.phrase"));
	for (int i = 0; i < GROUPS; i += 3)
		paper_line(out, PAPER_BIG, (text){ phrase +
		    i * (GROUP_SIGNS + 1), 3 * (GROUP_SIGNS + 1) - 1 });
	/* The phrase is short, and better on no telephone. */
	paper_line(out, PAPER_HEADING, word(op, "recovery.age"));
	if (age == NULL) {
		paper_line(out, PAPER_TEXT, word(op, "recovery.age_kept"));
	} else {
		paper_line(out, PAPER_TEXT, text_of(age));
		paper_line(out, PAPER_QR, text_of(age));
	}
	paper_line(out, PAPER_HEADING, word(op, "sheet.what"));
	for (int i = 1; i <= 6; i++) {
		text key = arena_format(op->arena, "sheet.line_%d", i);
		text mark = arena_format(op->arena, "%d.", i);

		NEED(key.p);
		paper_cells(out, PAPER_ITEM, (text[]){ mark,
		    word(op, key.p) }, 2);
	}
	return paper_end(out);
}

static result
run_sheet(struct op *op, const struct reach *reach)
{
	struct errand *e = &op->errand;
	CLEANUP(buf_free) struct buf lines = buf_new(PAPER_BYTES_MAX);

	(void)reach;
	if (step_of(op) != STEP_SHEET || waiting_phrase.p == NULL)
		return refuse(NOT_FOUND);
	if (e->done && e->kind == ERRAND_FILTER) {
		TRY(e->failed);
		op->body = e->made;
		op->content_type = T("application/pdf");
		op->content_name = T("hoja-de-recuperacion.pdf");
		return OK;
	}
	TRY(vault_sheet(op, (const char *)waiting_phrase.p,
	    (const char *)waiting_age.p, &lines));
	*e = (struct errand){ .kind = ERRAND_FILTER, .filter = "paper",
		.document = arena_text(op->arena, buf_view(&lines)) };
	return refuse(WAIT);
}

/* ---- rows ------------------------------------------------------------- */

static const struct in unseal_in[] = {
	IN_OWN("passphrase", KIND_TEXT, "unseal.passphrase", IN_SECRET),
	IN_OWN("phrase", KIND_TEXT, "unseal.phrase", IN_SECRET),
	IN_OWN("accept", KIND_INTEGER, "unseal.accept", 0),
	IN_OWN("by_phrase", KIND_BOOLEAN, "unseal.by_phrase", IN_HIDDEN),
	IN_OWN("group1", KIND_TEXT, "unseal.group1",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group2", KIND_TEXT, "unseal.group2",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group3", KIND_TEXT, "unseal.group3",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group4", KIND_TEXT, "unseal.group4",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group5", KIND_TEXT, "unseal.group5",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group6", KIND_TEXT, "unseal.group6",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group7", KIND_TEXT, "unseal.group7",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group8", KIND_TEXT, "unseal.group8",
	    IN_SECRET | IN_HIDDEN),
	IN_OWN("group9", KIND_TEXT, "unseal.group9",
	    IN_SECRET | IN_HIDDEN),
	IN_END
};
static const struct in first_in[] = {
	IN_OWN("office_name", KIND_TEXT, "first_start.office_name", 0),
	IN_OWN("passphrase", KIND_TEXT, "first_start.passphrase", IN_SECRET),
	IN_OWN("again", KIND_TEXT, "first_start.again", IN_SECRET),
	IN_OWN("test", KIND_BOOLEAN, "first_start.test", IN_HIDDEN),
	IN_OWN("group_a", KIND_TEXT, "first_start.group", 0),
	IN_OWN("group_b", KIND_TEXT, "first_start.group", 0),
	IN_OWN("sign_in_name", KIND_TEXT, "first_start.sign_in_name", 0),
	IN_OWN("name", KIND_TEXT, "first_start.name", 0),
	IN_END
};

const struct op_row vault_ops[] = {
	{ .name = "vault.unseal", .area = AREA_NONE, .page = "/unseal",
	  .api = "POST /vault/unseal", .shell = "vault unseal",
	  .template = "unseal",
	  .flags = OP_CHANGES | OP_PUBLIC | OP_SEALED | OP_SLOW,
	  .inputs = unseal_in, .run = run_unseal, .form = form_unseal },
	{ .name = "vault.seal", .area = AREA_SYSTEM_SEAL,
	  .need = LEVEL_WRITE, .page = "/seal", .api = "POST /vault/seal",
	  .shell = "vault seal", .flags = OP_CHANGES, .run = run_seal,
	  .form = ops_form_plain, .back = "/today" },
	{ .name = "first_start", .area = AREA_NONE, .page = "/first-start",
	  .api = "POST /first-start",
	  .flags = OP_CHANGES | OP_PUBLIC | OP_SEALED | OP_SLOW,
	  .inputs = first_in, .run = run_first_start,
	  .form = form_first_start },
	{ .name = "first_start.sheet", .area = AREA_NONE,
	  .page = "/first-start/sheet",
	  .flags = OP_PUBLIC | OP_SEALED | OP_SLOW | OP_PAGE_ONLY | OP_PAPER,
	  .run = run_sheet },
	{ .name = NULL }
};
