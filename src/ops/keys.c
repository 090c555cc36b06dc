/*
 * The office's keys: which there are, and how each is renewed.  What is
 * sealed by an older one is sealed anew by rotation.c, while people work.
 */
#include "vault.h"

#include "fields.h"
#include "lifecycle.h"

#include <sodium.h>
#include <string.h>

enum { HASHES_MAX = 3, NEW_MIN = 15 };

/* ---- what there is ---------------------------------------------------- */

static const char *const purpose_names[PURPOSES] = { "root", "person",
	"case", "donor", "office", "pepper", "index", "audit", "session",
	"draft", "sign" };

static text
key_word(struct op *op, enum purpose p, const char *what)
{
	return arena_format(op->arena, "keys.%s%s", purpose_names[p], what);
}

static instant
seconds_instant(uint64_t seconds)
{
	return (instant){ (int64_t)seconds * 1000, seconds != 0 };
}

/* The epochs before the newest: in use, or kept for older backups. */
static void
add_older(struct op *op, struct node *to, struct held_key h)
{
	const struct keyring *k = op->office->keyring;
	struct node *list = node_add_list(to, "older");

	while (keyring_held(k, h.kind, h.id, h.epoch, &h)) {
		struct node *one = node_add_object(list, NULL);

		node_add_number(one, "epoch", h.epoch);
		node_add_instant(one, "made", seconds_instant(h.created));
		node_add_instant(one, "retired", seconds_instant(h.retired));
	}
}

static void
add_purpose(struct op *op, struct node *list, enum purpose p)
{
	struct node *one = node_add_object(list, NULL);
	struct held_key h;

	if (!keyring_held(op->office->keyring, p, purpose_id(p), UINT32_MAX,
	    &h))
		return;
	node_add_text(one, "name", text_of(purpose_names[p]));
	node_add_word(one, "what", key_word(op, p, "").p);
	node_add_number(one, "epoch", h.epoch);
	node_add_instant(one, "made", seconds_instant(h.created));
	add_older(op, one, h);
}

/* Persons and matters whose key was renewed: how many, and whether their
 * older ones are still kept. */
static void
add_owners(struct op *op)
{
	int64_t renewed = 0;
	int64_t kept = 0;
	struct held_key h;
	struct held_key older;
	uint32_t at = 0;

	while (keyring_next_rotated(op->office->keyring, &at, &h)) {
		if (id_same(h.id, purpose_id(h.kind)))
			continue;
		renewed++;
		kept += keyring_held(op->office->keyring, h.kind, h.id,
		    h.epoch, &older);
	}
	node_add_number(op->answer, "owners_renewed", renewed);
	node_add_number(op->answer, "owners_kept", kept);
}

static result
run_keys(struct op *op, const struct reach *reach)
{
	const struct vault_facts *f = &op->office->vault_facts;
	struct rotation_facts r = office_rotation(op->office);
	struct node *list = node_add_list(op->answer, "keys");
	struct node *one;

	(void)reach;
	for (int p = PURPOSE_PERSON; p < PURPOSES; p++)
		add_purpose(op, list, (enum purpose)p);
	add_owners(op);
	one = node_add_object(op->answer, "header");
	node_add_number(one, "epoch", f->epoch);
	node_add_number(one, "sequence", (int64_t)f->sequence);
	node_add_instant(one, "changed", seconds_instant(f->changed));
	one = node_add_object(op->answer, "rotation");
	node_add_bool(one, "running", r.running);
	node_add_number(one, "percent", r.percent);
	node_add_number(one, "sealed", r.sealed);
	node_add_number(one, "damaged", r.damaged);
	node_add_text(one, "first_damaged", r.damaged == 0 ? T("") :
	    arena_format(op->arena, "%s %s", r.table,
	    code_of(r.row).s));
	return node_whole(op->answer);
}

/* ---- one key ---------------------------------------------------------- */

static enum purpose
purpose_named(text name)
{
	for (int p = PURPOSE_PERSON; p < PURPOSES; p++) {
		if (text_same(name, text_of(purpose_names[p])))
			return (enum purpose)p;
	}
	return PURPOSE_ROOT;
}

static result
run_renew(struct op *op, const struct reach *reach)
{
	enum purpose p = purpose_named(op_input(op, "purpose"));

	(void)reach;
	if (p == PURPOSE_ROOT) {
		op_problem(op, "purpose", "problem.key_choice");
		return refuse(INVALID);
	}
	TRY(facts_new_epoch(op, p, purpose_id(p)));
	if (p == PURPOSE_DRAFT)
		TRY(guard_move_drafts(op));
	if (p == PURPOSE_SESSION) {
		TRY(guard_end_everything(op));
		op->location = T("/sign-in");
		op->set_session = T("-");
	}
	node_add_number(op->answer, "epoch",
	    keyring_epoch(op->office->keyring, p));
	return ops_commit(op, EVENT_KEY_RENEWED, NULL, (id){ 0 });
}

static result
form_renew(struct op *op, const struct reach *reach)
{
	struct node *options;

	(void)reach;
	TRY(ops_form(op, NULL, 0));
	options = ops_choice(op, "purpose", false);
	for (int p = PURPOSE_PERSON; p < PURPOSES; p++)
		ops_option(op, options, "purpose",
		    text_of(purpose_names[p]), words_get(op->office->words,
		    op->lang, key_word(op, (enum purpose)p, "").p));
	return node_whole(op->answer);
}

/* A person or a matter that the asker may know of. */
static result
owner_typed(struct op *op, const struct reach *reach, enum purpose *ret_kind,
    id *ret)
{
	text code = op_input(op, "code");
	enum object_kind object = OBJECT_PERSON;
	enum purpose kind = PURPOSE_PERSON;
	result got = facts_find(op, &entity_person, code, ret);

	if (got.code == E_NOT_FOUND) {
		object = OBJECT_MATTER;
		kind = PURPOSE_CASE;
		got = facts_find(op, &entity_matter, code, ret);
	}
	if (is_ok(got) && reach->hides != NULL && reach->hides(reach->guard,
	    reach->user, object, *ret))
		got = refuse(NOT_FOUND);
	TRY(ops_say(op, got, E_NOT_FOUND, "code", "problem.key_owner"));
	*ret_kind = kind;
	return OK;
}

static result
run_owner(struct op *op, const struct reach *reach)
{
	enum purpose kind;
	struct held_key h;
	id owner;

	TRY(owner_typed(op, reach, &kind, &owner));
	TRY(ops_say(op, facts_new_epoch(op, kind, owner), E_NOT_FOUND,
	    "code", "problem.key_owner"));
	if (keyring_held(op->office->keyring, kind, owner, UINT32_MAX, &h))
		node_add_number(op->answer, "epoch", h.epoch);
	return ops_commit(op, EVENT_KEY_RENEWED, kind == PURPOSE_PERSON ?
	    &entity_person : &entity_matter, owner);
}

/* ---- secrets over several errands ------------------------------------- */

/* In the operation's own memory, which is cleared at its end. */
struct changing {
	struct slot_kdf kdf[HASHES_MAX];
	key32 kek[HASHES_MAX];
	int hashed;
	bool strong;
	char phrase[PHRASE_TEXT + 1];
	char secret[PHRASE_SECRET];
};

static result
begin_change(struct op *op, int old_slot, struct changing **ret)
{
	const struct office *o = op->office;
	struct changing *c = op->kept;

	if (c == NULL) {
		c = arena_take(op->arena, sizeof(*c));
		NEED(c);
		for (int i = 0; i < HASHES_MAX; i++) {
			c->kdf[i] = o->flags == 0 ? kdf_default : kdf_floor;
			o->chance->fill(o->chance->self, c->kdf[i].salt,
			    sizeof(c->kdf[i].salt));
		}
		c->kdf[0] = o->vault_facts.slot[old_slot].kdf;
		op->kept = c;
	}
	*ret = c;
	return OK;
}

/* WAIT until the hash number `which` is there. */
static result
hash_of(struct op *op, struct changing *c, int which, text secret)
{
	struct errand *e = &op->errand;

	if (c->hashed > which)
		return OK;
	if (e->done && e->kind == ERRAND_ARGON2) {
		e->done = false;
		TRY(e->failed);
		memcpy(c->kek[which].b, e->hash, sizeof(e->hash));
		sodium_memzero(e->hash, sizeof(e->hash));
		c->hashed++;
		return OK;
	}
	*e = (struct errand){ .kind = ERRAND_ARGON2, .secret = secret,
		.kdf = c->kdf[which] };
	return refuse(WAIT);
}

static result
strong(struct op *op, struct changing *c, text passphrase)
{
	struct errand *e = &op->errand;
	text *context = arena_array(op->arena, 2, sizeof(*context));

	NEED(context);
	if (c->strong)
		return OK;
	if (e->done && e->kind == ERRAND_CRACK) {
		e->done = false;
		TRY(e->failed);
		if (e->weakness.n > 0) {
			op_problem(op, "new", e->weakness.p);
			return refuse(INVALID);
		}
		c->strong = true;
		return OK;
	}
	context[0] = T("alas");
	context[1] = office_setting(op->office, "office_name");
	*e = (struct errand){ .kind = ERRAND_CRACK, .secret = passphrase,
		.context = context, .context_n = 2 };
	return refuse(WAIT);
}

/* The secret that was typed opens the header: its root key. */
static result
open_header(struct op *op, const struct changing *c, int slot,
    const char *input, struct secret *ret)
{
	TRY(secret_new(sizeof(key32), ret));
	if (is_ok(vault_open(&op->office->vault, slot, &c->kek[0],
	    (key32 *)(void *)ret->p)))
		return OK;
	op_problem(op, input, "problem.unseal");
	return refuse(INVALID);
}

/* ---- the passphrase --------------------------------------------------- */

static result
check_new(struct op *op, text *ret)
{
	text typed = op_input(op, "new");

	if (!is_ok(passphrase_bytes(op->arena, typed, ret))) {
		op_problem(op, "new", typed.n == 0 ? "problem.required" :
		    "problem.control");
		return refuse(INVALID);
	}
	if (text_characters(*ret) < NEW_MIN)
		op_problem(op, "new", "problem.passphrase_short");
	if (!text_same(typed, op_input(op, "again")))
		op_problem(op, "again", "problem.passphrase_again");
	return op_problems(op);
}

static result
change_passphrase(struct op *op, struct changing *c, int from)
{
	CLEANUP(secret_free) struct secret root = { 0 };
	int slot = vault_slot(&op->office->vault_facts, SLOT_PASSPHRASE);
	struct vault next;

	if (slot < 0)
		return fault(CORRUPT);
	TRY(open_header(op, c, from, "passphrase", &root));
	TRY(vault_replace_slot(op->office->chance, &op->office->vault,
	    (const key32 *)(const void *)root.p, slot, SLOT_PASSPHRASE,
	    &c->kdf[1], &c->kek[1], (uint64_t)(op->now.ms / 1000), &next));
	return vault_commit(op, &next, EVENT_PASSPHRASE_CHANGED);
}

static result
run_passphrase(struct op *op, const struct reach *reach)
{
	CLEANUP(secret_free) struct secret root = { 0 };
	struct changing *c;
	text secret;
	text new;
	int type;
	int slot;
	result got;

	(void)reach;
	/* Whoever starts the demonstration types the one that is known. */
	if ((op->office->flags & VAULT_DEMONSTRATION) != 0) {
		op_problem(op, "", "problem.demo_passphrase");
		return refuse(INVALID);
	}
	TRY(vault_secret(op, &type, &secret));
	TRY(check_new(op, &new));
	slot = vault_slot(&op->office->vault_facts, type);
	if (slot < 0)
		return fault(CORRUPT);
	TRY(begin_change(op, slot, &c));
	TRY(hash_of(op, c, 0, secret));
	/* Who does not know the old one need not wait for the new one. */
	TRY(open_header(op, c, slot, "passphrase", &root));
	TRY(strong(op, c, new));
	TRY(hash_of(op, c, 1, new));
	if (ops_ticked(op, "then_root"))
		op->location = T("/system/keys/root");
	got = change_passphrase(op, c, slot);
	sodium_memzero(c, sizeof(*c));
	return got;
}

static result
form_passphrase(struct op *op, const struct reach *reach)
{
	(void)reach;
	TRY(ops_form(op, NULL, 0));
	ops_propose(op, "then_root", T("1"));
	return node_whole(op->answer);
}

/* ---- the root key ----------------------------------------------------- */

/* Between typing the passphrase and typing two groups back: nothing of it
 * is on a disk, and a kill or another change forgets it. */
struct turning {
	struct slot_kdf kdf[2];
	key32 kek[2];
	char phrase[PHRASE_TEXT + 1];
	uint64_t sequence;		/* of the header it is for */
	user_id user;			/* who asked, and nobody else sees it */
};
static struct secret waiting;

static struct turning *
turning(const struct op *op)
{
	struct turning *t = (struct turning *)(void *)waiting.p;

	if (t != NULL && t->sequence == op->office->vault_facts.sequence)
		return id_same(t->user.raw, op->user.raw) ? t : NULL;
	secret_free(&waiting);
	waiting = (struct secret){ 0 };
	return NULL;
}

static void
draw_phrase(struct op *op, struct changing *c)
{
	uint8_t random[PHRASE_RANDOM];

	op->office->chance->fill(op->office->chance->self, random,
	    sizeof(random));
	phrase_text(random, c->phrase);
	sodium_memzero(random, sizeof(random));
}

static result
keep_turning(struct op *op, const struct changing *c)
{
	struct turning *t;

	secret_free(&waiting);
	waiting = (struct secret){ 0 };
	TRY(secret_new(sizeof(*t), &waiting));
	t = (struct turning *)(void *)waiting.p;
	t->sequence = op->office->vault_facts.sequence;
	t->user = op->user;
	memcpy(t->kdf, c->kdf + 1, sizeof(t->kdf));
	memcpy(t->kek, c->kek + 1, sizeof(t->kek));
	memcpy(t->phrase, c->phrase, sizeof(t->phrase));
	return OK;
}

static result
run_root(struct op *op, const struct reach *reach)
{
	CLEANUP(secret_free) struct secret root = { 0 };
	int slot = vault_slot(&op->office->vault_facts, SLOT_PASSPHRASE);
	text typed = op_input(op, "passphrase");
	struct changing *c;
	text passphrase;

	(void)reach;
	op->location = T("/system/keys/root/confirm");
	if (slot < 0)
		return fault(CORRUPT);
	if (!is_ok(passphrase_bytes(op->arena, typed, &passphrase))) {
		op_problem(op, "passphrase", "problem.required");
		return refuse(INVALID);
	}
	TRY(begin_change(op, slot, &c));
	TRY(hash_of(op, c, 0, passphrase));
	TRY(open_header(op, c, slot, "passphrase", &root));
	if (c->phrase[0] == '\0')
		draw_phrase(op, c);
	if (phrase_read(text_of(c->phrase), c->secret) != 0)
		return fault(BUG);
	TRY(hash_of(op, c, 1, passphrase));
	TRY(hash_of(op, c, 2, (text){ c->secret, PHRASE_SECRET }));
	TRY(keep_turning(op, c));
	vault_add_sheet(op, c->phrase);
	node_add_text(op->answer, "secret", arena_text(op->arena,
	    text_of(c->phrase)));
	sodium_memzero(c, sizeof(*c));
	return ops_commit(op, EVENT_ROOT_PREPARED, NULL, (id){ 0 });
}

/* New root into the ring, header and purpose rows in one transaction. */
static result
turn_root(struct op *op, const struct turning *t)
{
	CLEANUP(secret_free) struct secret fresh = { 0 };
	struct office *o = op->office;
	uint32_t epoch = o->vault_facts.epoch;
	struct vault next;
	struct owner old;
	key32 *root;

	TRY(keyring_owner_at(o->keyring, PURPOSE_ROOT, o->vault_id, epoch,
	    &old));
	TRY(secret_new(sizeof(*root), &fresh));
	root = (key32 *)(void *)fresh.p;
	o->chance->fill(o->chance->self, root->b, sizeof(root->b));
	TRY(vault_rotate(o->chance, &o->vault, old.key, root, t->kdf,
	    &t->kek[0], &t->kek[1], (uint64_t)(op->now.ms / 1000), &next));
	TRY(op_begin(op, TX_WRITE));
	TRY(keyring_root(o->keyring, root, o->vault_id, epoch + 1));
	TRY(op_key_made(op, PURPOSE_ROOT, o->vault_id, epoch + 1));
	TRY(facts_rewrap_purposes(op));
	TRY(vault_commit(op, &next, EVENT_ROOT_RENEWED));
	keyring_drop_one(o->keyring, PURPOSE_ROOT, o->vault_id, epoch);
	return OK;
}

static result
run_root_confirm(struct op *op, const struct reach *reach)
{
	const struct turning *t = turning(op);
	result got;

	(void)reach;
	if (t == NULL) {
		op_problem(op, "", "problem.root_nothing");
		return refuse(INVALID);
	}
	TRY(vault_typed_back(op, t->phrase));
	got = turn_root(op, t);
	if (!is_ok(got))
		return got;
	secret_free(&waiting);
	waiting = (struct secret){ 0 };
	return OK;
}

static result
form_root_confirm(struct op *op, const struct reach *reach)
{
	const struct turning *t = turning(op);

	(void)reach;
	vault_add_sheet(op, t == NULL ? NULL : t->phrase);
	node_add_bool(op->answer, "lost", t == NULL);
	return ops_form(op, NULL, 0);
}

static result
run_root_sheet(struct op *op, const struct reach *reach)
{
	CLEANUP(buf_free) struct buf lines = buf_new(64 * KIB);
	const struct turning *t = turning(op);
	struct errand *e = &op->errand;

	(void)reach;
	if (t == NULL)
		return refuse(NOT_FOUND);
	if (e->done && e->kind == ERRAND_FILTER) {
		TRY(e->failed);
		op->body = e->made;
		op->content_type = T("application/pdf");
		op->content_name = T("hoja-de-recuperacion.pdf");
		return OK;
	}
	TRY(vault_sheet(op, t->phrase, NULL, &lines));
	*e = (struct errand){ .kind = ERRAND_FILTER, .filter = "paper",
		.document = arena_text(op->arena, buf_view(&lines)) };
	return refuse(WAIT);
}

/* ---- rows ------------------------------------------------------------- */

static const struct in no_in[] = { IN_END };
static const struct in passphrase_in[] = {
	IN_OWN("passphrase", KIND_TEXT, "keys.passphrase", IN_SECRET),
	IN_OWN("phrase", KIND_TEXT, "keys.phrase", IN_SECRET),
	IN_OWN("new", KIND_TEXT, "keys.new", IN_SECRET | IN_REQUIRED),
	IN_OWN("again", KIND_TEXT, "keys.again", IN_SECRET | IN_REQUIRED),
	IN_OWN("then_root", KIND_BOOLEAN, "keys.then_root", 0),
	IN_END
};
static const struct in root_in[] = {
	IN_OWN("passphrase", KIND_TEXT, "keys.passphrase",
	    IN_SECRET | IN_REQUIRED),
	IN_END
};
static const struct in confirm_in[] = {
	IN_OWN("group_a", KIND_TEXT, "first_start.group", IN_REQUIRED),
	IN_OWN("group_b", KIND_TEXT, "first_start.group", IN_REQUIRED),
	IN_END
};
static const struct in renew_in[] = {
	IN_OWN("purpose", KIND_TEXT, "keys.purpose", IN_REQUIRED),
	IN_END
};
static const struct in owner_in[] = {
	IN_OWN("code", KIND_TEXT, "keys.code", IN_REQUIRED),
	IN_END
};

const struct op_row keys_ops[] = {
	{ .name = "vault.keys", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_READ, .page = "/system/keys",
	  .api = "GET /vault/keys", .shell = "vault keys",
	  .template = "keys", .inputs = no_in, .run = run_keys },
	{ .name = "vault.passphrase", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_WRITE, .page = "/system/keys/passphrase",
	  .api = "POST /vault/passphrase", .shell = "vault passphrase",
	  .flags = OP_CHANGES | OP_SLOW, .inputs = passphrase_in,
	  .run = run_passphrase, .form = form_passphrase,
	  .back = "/system/keys", .happens = { "keys.passphrase.happens",
	    "keys.passphrase.old", "keys.passphrase.then" } },
	{ .name = "vault.root", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_WRITE, .page = "/system/keys/root",
	  .api = "POST /vault/root", .shell = "vault root",
	  .flags = OP_CHANGES | OP_SLOW, .inputs = root_in, .run = run_root,
	  .form = ops_form_plain, .back = "/system/keys",
	  .happens = { "keys.root.happens", "keys.root.phrase",
	    "keys.root.later" } },
	{ .name = "vault.root-confirm", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_WRITE, .page = "/system/keys/root/confirm",
	  .api = "POST /vault/root/confirm", .shell = "vault root-confirm",
	  .template = "first_start", .flags = OP_CHANGES,
	  .inputs = confirm_in, .run = run_root_confirm,
	  .form = form_root_confirm, .back = "/system/keys" },
	{ .name = "vault.root-sheet", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_WRITE, .page = "/system/keys/root/sheet",
	  .flags = OP_SLOW | OP_PAGE_ONLY | OP_PAPER,
	  .run = run_root_sheet },
	{ .name = "vault.renew", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_WRITE, .page = "/system/keys/renew",
	  .api = "POST /vault/keys/renew", .shell = "vault renew",
	  .flags = OP_CHANGES, .inputs = renew_in, .run = run_renew,
	  .form = form_renew, .back = "/system/keys",
	  .happens = { "keys.renew.happens", "keys.renew.session",
	    "keys.renew.pepper" } },
	{ .name = "vault.renew-owner", .area = AREA_SYSTEM_VAULT,
	  .need = LEVEL_WRITE, .page = "/system/keys/owner",
	  .api = "POST /vault/keys/owner", .shell = "vault renew-owner",
	  .flags = OP_CHANGES, .inputs = owner_in, .run = run_owner,
	  .form = ops_form_plain, .back = "/system/keys",
	  .happens = { "keys.owner.happens", "keys.owner.not" } },
	{ .name = NULL }
};
