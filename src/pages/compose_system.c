/*
 * Pages of the office itself: audit, the doctor, keys, shredding, what there
 * is.
 */
#include "compose.h"

#include <string.h>

/* ---- audit ------------------------------------------------------------ */

static void
verdict(struct composing *c)
{
	const struct node *good = of(c, "good");
	const struct node *bad = of(c, "first_bad");
	const struct node *note = of(c, "bad_note");
	const char *word = "audit.bad_row";
	text args[1];

	node_add_text(c->page, "verify", T("/audit/verify"));
	if (good == NULL) {
		node_add_word(c->page, "verified", "audit.not_verified");
		node_add_text(c->page, "verified_kind", T("warn"));
		return;
	}
	node_add_text(c->page, "verified_kind", node_true(good) ? T("done") :
	    T("bad"));
	if (node_true(good)) {
		word = "audit.whole";
		args[0] = shown(c, of(c, "verified_at"));
	} else if (bad != NULL && bad->kind == NODE_NUMBER) {
		word = "audit.bad_leaf";
		args[0] = words_number(c->lang, c->arena, bad->number);
	} else if (note != NULL && note->kind == NODE_NUMBER) {
		word = "audit.bad_note";
		args[0] = words_number(c->lang, c->arena, note->number);
	} else {
		args[0] = shown(c, of(c, "said"));
	}
	node_add_text(c->page, "verified", say_with(c, word, args, 1));
}

static void
leaves_table(struct composing *c)
{
	static const char *const heads[] = { "audit.number", "audit.when",
		"audit.who", "audit.what", "audit.about", NULL };
	const struct node *list = of(c, "rows");
	const struct node *next = of(c, "next");
	struct node *rows = begin_table(c, "list", "audit.leaves", heads,
	    "audit.none");
	struct node *t = rows == NULL ? NULL : rows->up;

	for (const struct node *l = list == NULL ? NULL : list->first;
	    l != NULL; l = l->next) {
		const struct node *seq = node_find(l, "seq");
		const struct node *person = node_find(l, "person");
		const struct node *matter = node_find(l, "matter");
		const struct node *outcome = node_find(l, "outcome");
		struct node *one = node_add_object(rows, NULL);
		struct node *cells;
		struct node *about;

		put(one, "first", seq);
		node_add_text(one, "href", arena_format(c->arena,
		    "/audit/leaves/%lld", seq == NULL ? 0LL :
		    (long long)seq->number));
		if (outcome != NULL && !text_same(outcome->text, T("done")))
			node_add_text(one, "kind", T("warn"));
		cells = node_add_list(one, "cells");
		table_cell(cells, "audit.when", node_find(l, "at"));
		table_cell(cells, "audit.who", node_find(l, "actor_name"));
		table_cell(cells, "audit.what", node_find(l, "label"));
		about = table_cell(cells, "audit.about", person != NULL ? person :
		    matter);
		if (person != NULL || matter != NULL)
			node_add_text(about, "href", under(c, person != NULL ?
			    "/people/{}" : "/matters/{}", person != NULL ?
			    person : matter));
	}
	if (of(c, "count") != NULL)
		node_add_text(t, "count_text", shown(c, of(c, "count")));
	if (next != NULL && next->kind == NODE_TEXT) {
		node_add_text(t, "following", arena_format(c->arena,
		    "/audit?cursor=%.*s", (int)next->text.n, next->text.p));
		node_add_text(t, "shown", shown(c, of(c, "count")));
	}
}

static void
head_pairs(struct composing *c, struct node *b, const char *name,
    const char *label)
{
	const struct node *head = of(c, name);

	if (head == NULL)
		return;
	pair_value(b, say(c, label), node_find(head, "size"));
	pair_value(b, say(c, "audit.root"), node_find(head, "root"));
}

/* A proof or a signed note: to copy, or to print. */
static void
proof_page(struct composing *c)
{
	struct node *b = block(node_add_list(c->page, "blocks"), c, "proof",
	    arena_format(c->arena, "%s.block", c->op->row->name).p);
	const struct node *path = of(c, "path");
	struct node *pair;

	node_add_word(c->page, "title", arena_format(c->arena, "%s.title",
	    c->op->row->name).p);
	if (of(c, "note") != NULL) {
		pair = pair_text(b, c, "audit.checkpoint.note",
		    of(c, "note")->text);
		node_add_bool(pair, "lines", true);
	}
	if (of(c, "seq") != NULL) {
		pair_value(b, say(c, "audit.number"), of(c, "seq"));
		pair_value(b, say(c, "audit.leaves"), of(c, "size"));
		pair_value(b, say(c, "audit.root"), of(c, "root"));
	}
	if (of(c, "good") != NULL)
		pair_text(b, c, "audit.compare.verdict", say(c,
		    node_true(of(c, "good")) ? "audit.compare.good" :
		    "audit.compare.bad"));
	if (of(c, "there") != NULL)
		pair_value(b, say(c, "audit.compare.there"), of(c, "there"));
	head_pairs(c, b, "from", "audit.from_size");
	head_pairs(c, b, "to", "audit.to_size");
	for (const struct node *n = path == NULL ? NULL : path->first;
	    n != NULL; n = n->next)
		pair_value(b, say(c, "audit.prove.step"), n);
	block_change(b, c, T("/audit"), "audit.title");
}

void
compose_audit(struct composing *c)
{
	enum { ROOT_SHOWN = 16 };
	const struct node *root = of(c, "root");

	if (on_page(c, "record")) {
		proof_page(c);
		return;
	}
	put(c->page, "size", of(c, "size"));
	if (root != NULL && root->text.n > ROOT_SHOWN)
		node_add_text(c->page, "root", (text){ root->text.p,
		    ROOT_SHOWN });
	node_add_text(c->page, "sign", T("/audit/checkpoint"));
	node_add_text(c->page, "grown", T("/audit/consistency"));
	node_add_text(c->page, "compare", T("/audit/compare"));
	verdict(c);
	leaves_table(c);
}

/* Leaves from one number to another, both said. */
static void
span_pair(struct composing *c, struct node *b, const char *from,
    const char *to, const char *label)
{
	const struct node *first = of(c, from);
	const struct node *last = of(c, to);
	text args[2];

	if (first == NULL || first->kind != NODE_NUMBER || last == NULL)
		return;
	args[0] = words_number(c->lang, c->arena, first->number);
	args[1] = words_number(c->lang, c->arena, last->number);
	pair_text(b, c, label, say_with(c, "audit.explain.span", args, 2));
}

static void
list_block(struct composing *c, struct node *blocks, const char *name,
    const char *title)
{
	const struct node *list = of(c, name);
	struct node *items;

	if (list == NULL || list->first == NULL)
		return;
	items = node_add_list(block(blocks, c, name, title), "items");
	for (const struct node *n = list->first; n != NULL; n = n->next)
		put(node_add_object(items, NULL), "label", n);
}

void
compose_explain(struct composing *c)
{
	const struct node *state = of(c, "state");
	bool ours = state != NULL && text_same(state->text, T("ours"));
	struct node *blocks = node_add_list(c->page, "blocks");
	struct node *b = block(blocks, c, "heads", "audit.explain.block");

	node_add_word(c->page, "title", "audit.explain.title");
	put(c->page, "lead", of(c, "said"));
	node_add_word(c->page, "state", ours ? "audit.explain.ours" :
	    "audit.explain.foreign");
	node_add_text(c->page, "state_kind", ours ? T("done") : T("bad"));
	head_pairs(c, b, "acknowledged", "audit.explain.acknowledged");
	head_pairs(c, b, "database", "audit.explain.database");
	span_pair(c, b, "missing_from", "missing_to",
	    "audit.explain.missing");
	span_pair(c, b, "differs_from", "differs_to",
	    "audit.explain.differs");
	if (of(c, "last_at") != NULL && of(c, "last_at")->kind != NODE_NULL)
		pair_value(b, say(c, "audit.explain.last"), of(c, "last_at"));
	list_block(c, blocks, "causes", "audit.explain.causes");
	list_block(c, blocks, "steps", "audit.explain.steps");
}

/* ---- the doctor ------------------------------------------------------- */

static text
kind_of(const struct node *state)
{
	return state == NULL ? T("") : text_same(state->text, T("ok")) ?
	    T("done") : state->text;
}

static const char *
state_key(const struct node *state)
{
	if (state != NULL && text_same(state->text, T("ok")))
		return "doctor.state.ok";
	return state != NULL && text_same(state->text, T("warn")) ?
	    "doctor.state.warn" : "doctor.state.bad";
}

/* An instant, or a word in its place. */
static struct node *
instant_or(struct composing *c, struct node *b, text label,
    const struct node *at, const char *word)
{
	bool shown_at = at != NULL && at->kind == NODE_INSTANT &&
	    at->instant.known;
	struct node *pair = pair_value(b, label, shown_at ? at : NULL);

	if (!shown_at)
		node_add_text(pair, "value", say(c, word));
	return pair;
}

static void
settings_block(struct composing *c, struct node *blocks)
{
	const struct node *idle = of(c, "settings.seal_idle");
	const struct node *at = of(c, "settings.seal_at");
	struct node *b = node_add_object(blocks, NULL);
	text minutes = idle == NULL ? T("") : shown(c, idle);
	bool ever = minutes.n > 0 && !text_same(minutes, T("0"));

	node_add_word(b, "title", "settings.block");
	pair_text(b, c, "settings.block.seal_idle", ever ?
	    say_with(c, "settings.block.minutes", &minutes, 1) :
	    say(c, "settings.block.never"));
	pair_text(b, c, "settings.block.seal_at", at != NULL &&
	    at->text.n > 0 ? at->text : say(c, "settings.block.never"));
	pair_text(b, c, "settings.block.public_pages", say(c,
	    node_true(of(c, "settings.public_pages")) ? "value.yes" :
	    "value.no"));
	node_add_text(pair_text(b, c, "settings.block.inventory", say(c,
	    "settings.block.inventory_print")), "href",
	    T("/system/inventory"));
	if (node_true(of(c, "settings.may_change")))
		block_change(b, c, T("/admin/settings"),
		    "settings.block.change");
}

static void
backups_block(struct composing *c, struct node *blocks)
{
	const struct node *from = of(c, "backups");
	const struct node *targets = node_find(from, "targets");
	struct node *b = node_add_object(blocks, NULL);

	node_add_word(b, "title", "backup.block");
	instant_or(c, b, say(c, "backup.block.verified"),
	    node_find(from, "verified"), "backup.block.never");
	instant_or(c, b, say(c, "backup.block.made"),
	    node_find(from, "made"), "backup.block.never");
	for (const struct node *t = targets == NULL ? NULL : targets->first;
	    t != NULL; t = t->next) {
		bool old = node_true(node_find(t, "old"));
		struct node *pair = instant_or(c, b,
		    node_find(t, "path")->text, old ? NULL :
		    node_find(t, "keys"), old ? "backup.block.old" :
		    "backup.block.never");

		if (old)
			node_add_text(pair, "kind", T("bad"));
	}
	block_change(b, c, T("/system/backup"), "backup.block.change");
}

static struct node *
keys_block(struct composing *c, struct node *blocks, const char *title,
    const char *intro, text address, const char *change)
{
	struct node *b = node_add_object(blocks, NULL);

	node_add_word(b, "title", title);
	node_add_word(b, "intro", intro);
	block_change(b, c, address, change);
	return b;
}

void
compose_system(struct composing *c)
{
	const struct node *list = of(c, "lines");
	const struct node *worst = of(c, "state");
	struct node *lines = node_add_list(c->page, "lines");
	struct node *blocks;

	node_add_word(c->page, "summary", state_key(worst));
	node_add_text(c->page, "summary_kind", kind_of(worst));
	for (const struct node *l = list == NULL ? NULL : list->first;
	    l != NULL; l = l->next) {
		struct node *one = node_add_object(lines, NULL);
		const struct node *state = node_find(l, "state");
		const struct node *detail = node_find(l, "detail");

		put(one, "what", node_find(l, "what"));
		node_add_text(one, "kind", kind_of(state));
		if (detail != NULL && detail->text.n > 0)
			put(one, "state", detail);
		else
			node_add_word(one, "state", state_key(state));
		put(one, "do", node_find(l, "do"));
	}
	blocks = node_add_list(c->page, "blocks");
	backups_block(c, blocks);
	settings_block(c, blocks);
	if (node_true(of(c, "may_keys")))
		keys_block(c, blocks, "vault.keys.title", "keys.intro",
		    T("/system/keys"), "keys.block.open");
}

/* ---- keys ------------------------------------------------------------- */

static void
keys_line(struct composing *c, struct node *lines, const struct node *key)
{
	struct node *one = node_add_object(lines, NULL);
	const struct node *older = node_find(key, "older");
	text args[2] = { shown(c, node_find(key, "epoch")),
		shown(c, node_find(key, "made")) };
	int64_t n = 0;
	text count;

	put(one, "what", node_find(key, "what"));
	node_add_text(one, "state", say_with(c, "keys.epoch", args, 2));
	for (const struct node *o = older == NULL ? NULL : older->first;
	    o != NULL; o = o->next)
		n++;
	count = words_number(c->lang, c->arena, n);
	if (n > 0)
		node_add_text(one, "note", say_with(c, "keys.older", &count,
		    1));
}

static void
keys_summary(struct composing *c)
{
	const struct node *damaged = of(c, "rotation.damaged");
	text args[2];

	if (damaged != NULL && damaged->number > 0) {
		args[0] = shown(c, damaged);
		args[1] = shown(c, of(c, "rotation.first_damaged"));
		node_add_text(c->page, "summary", say_with(c, "keys.damaged",
		    args, 2));
		node_add_text(c->page, "summary_kind", T("bad"));
	} else if (node_true(of(c, "rotation.running"))) {
		args[0] = shown(c, of(c, "rotation.percent"));
		node_add_text(c->page, "summary", say_with(c, "keys.running",
		    args, 1));
		node_add_text(c->page, "summary_kind", T("warn"));
	} else {
		node_add_word(c->page, "summary", "keys.settled");
		node_add_text(c->page, "summary_kind", T("done"));
	}
}

void
compose_keys(struct composing *c)
{
	const struct node *keys = of(c, "keys");
	struct node *blocks = node_add_list(c->page, "blocks");
	struct node *lines = node_add_list(c->page, "lines");
	struct node *b;

	keys_summary(c);
	b = keys_block(c, blocks, "keys.passphrase.block",
	    "keys.passphrase.intro", T("/system/keys/passphrase"),
	    "vault.passphrase.title");
	pair_value(b, say(c, "keys.changed"), of(c, "header.changed"));
	b = keys_block(c, blocks, "keys.root.block", "keys.root.intro",
	    T("/system/keys/root"), "vault.root.title");
	pair_value(b, say(c, "keys.root.epoch"), of(c, "header.epoch"));
	pair_value(b, say(c, "keys.sequence"), of(c, "header.sequence"));
	keys_block(c, blocks, "keys.renew.block", "keys.renew.intro",
	    T("/system/keys/renew"), "vault.renew.title");
	b = keys_block(c, blocks, "keys.owner.block", "keys.owner.intro",
	    T("/system/keys/owner"), "vault.renew-owner.title");
	pair_value(b, say(c, "keys.owners_renewed"),
	    of(c, "owners_renewed"));
	pair_value(b, say(c, "keys.owners_kept"), of(c, "owners_kept"));
	for (const struct node *k = keys == NULL ? NULL : keys->first;
	    k != NULL; k = k->next)
		keys_line(c, lines, k);
}

/* ---- shredding --------------------------------------------------------- */

static void
shreds_pending(struct composing *c, struct node *blocks)
{
	struct node *b = block(blocks, c, "pending", "shred.pending");
	const struct node *list = of(c, "pending");

	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next) {
		const struct node *code = node_find(p, "code");
		struct node *one = item(b);
		text args[2] = { shown(c, node_find(p, "asked_by_name")),
			shown(c, node_find(p, "from")) };

		put(one, "label", code);
		node_add_text(one, "href", under(c, "/people/{}#shred",
		    code));
		node_add_text(one, "note", say_with(c, "shred.pending.one",
		    args, 2));
	}
	block_empty(b, c, "shred.pending.none");
	block_change(b, c, T("/admin/settings"), "settings.edit.title");
}

/* Done for good only when the night has passed and every keys part was
 * replaced: until then each is said to be under way. */
static void
shreds_done(struct composing *c, struct node *blocks)
{
	struct node *b = block(blocks, c, "done", "shred.done");
	const struct node *list = of(c, "done");

	for (const struct node *p = list == NULL ? NULL : list->first;
	    p != NULL; p = p->next) {
		struct node *one = item(b);

		put(one, "label", node_find(p, "code"));
		put(one, "day", node_find(p, "day"));
	}
	block_empty(b, c, "shred.done.none");
}

static void
shreds_warnings(struct composing *c)
{
	struct node *list = node_add_list(c->page, "warnings");
	const struct node *old = of(c, "old_keys");

	if (node_true(of(c, "rest_waits"))) {
		struct node *w = node_add_object(list, NULL);

		node_add_word(w, "text", "shred.rest_waits");
		node_add_text(w, "kind", T("warn"));
	}
	for (const struct node *o = old == NULL ? NULL : old->first;
	    o != NULL; o = o->next) {
		struct node *w = node_add_object(list, NULL);

		node_add_text(w, "text", say_with(c, "shred.old_keys",
		    &o->text, 1));
		node_add_text(w, "kind", T("bad"));
		node_add_text(w, "href", T("/system"));
		node_add_word(w, "label", "system.title");
	}
}

void
compose_shreds(struct composing *c)
{
	const struct node *done = of(c, "done");
	struct node *blocks;

	node_add_word(c->page, "title", "shred.list.title");
	node_add_text(c->page, "lead", say(c, "shred.list.lead"));
	if (done != NULL && done->n > 0) {
		bool complete = node_true(of(c, "complete"));

		node_add_word(c->page, "state", complete ?
		    "shred.complete" : "shred.incomplete");
		node_add_text(c->page, "state_kind", complete ? T("done") :
		    T("bad"));
	}
	shreds_warnings(c);
	blocks = node_add_list(c->page, "blocks");
	shreds_pending(c, blocks);
	shreds_done(c, blocks);
}

/* ---- what there is, without a word of it ------------------------------ */

void
compose_inventory(struct composing *c)
{
	static const char *const shown_first[] = { "at", "version", "vault",
		"leaves", "root", "files", "files_bytes", "files_sha256" };
	struct node *blocks = node_add_list(c->page, "blocks");
	struct node *b = block(blocks, c, "whole", "inventory.whole");
	const struct node *tables = of(c, "tables");

	node_add_word(c->page, "title", "system.inventory.title");
	node_add_word(c->page, "lead", "inventory.lead");
	for (size_t i = 0; i < LENGTH(shown_first); i++)
		pair_value(b, say(c, arena_format(c->arena, "inventory.%s",
		    shown_first[i]).p), of(c, shown_first[i]));
	b = block(blocks, c, "tables", "inventory.tables");
	for (const struct node *t = tables == NULL ? NULL : tables->first;
	    t != NULL; t = t->next)
		pair_value(b, node_find(t, "table")->text,
		    node_find(t, "rows"));
}
