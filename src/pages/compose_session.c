/* Before and around the sign-in: door, step-up, unseal, first start. */
#include "compose.h"

#include "lifecycle.h"

#include <string.h>

static text
clock_of(const struct op *op)
{
	int hour;
	int minute;

	instant_clock(op->now, &hour, &minute);
	return arena_format(op->arena, "%02d:%02d", hour, minute);
}

static bool
demonstration(const struct op *op)
{
	return (op->office->flags & VAULT_DEMONSTRATION) != 0;
}

/* Nobody may learn from the page which names exist, but in a
 * demonstration, whose people are invented, each has a button. */
static void
demo_users(const struct op *op, struct node *root)
{
	struct node *list = node_add_list(root, "demo_users");
	const struct user_facts *const *users;
	size_t n = guard_users(op->office->guard, &users);
	size_t roles;
	const struct code *role = codes_list(op->office->codes, "role",
	    &roles);

	for (size_t i = 0; i < n; i++) {
		struct node *one;

		if (!text_same(users[i]->state, T("active")))
			continue;
		one = node_add_object(list, NULL);
		node_add_text(one, "name", users[i]->sign_in_name);
		node_add_text(one, "shown", users[i]->name);
		if (users[i]->roles == 0)
			node_add_word(one, "purpose", "demo.purpose.guest");
		for (size_t r = 0; r < roles; r++) {
			if ((users[i]->roles & 1u << r) == 0)
				continue;
			node_add_code(one, "role", "role", role[r].code);
			node_add_word(one, "purpose", arena_format(op->arena,
			    "demo.purpose.%.*s", (int)role[r].code.n,
			    role[r].code.p).p);
			break;
		}
	}
}

static void
public_link(const struct op *op, struct node *root)
{
	if (op->office->public_pages)
		node_add_text(root, "public", T("/public/deadlines"));
}

void
pages_sign_in_nodes(struct turn *t, struct node *root)
{
	struct op *op = &t->op;
	bool cookie = request_cookie(&t->request, "__Host-s").n > 0;

	node_add_text(root, "office", keyring_open(op->office->keyring) ?
	    office_setting(op->office, "office_name") : T("alas"));
	node_add_text(root, "clock", clock_of(op));
	public_link(op, root);
	if (text_same(t->request.method, T("GET")) &&
	    !text_same(t->request.path, T("/sign-in")))
		node_add_text(root, "back", t->request.path);
	node_add_bool(root, "kept", t->kept);
	if (t->kept)
		node_add_text(root, "back", t->request.path);
	/* A link from outside comes without a Strict cookie. */
	if (!cookie && text_same(t->request.method, T("GET")))
		node_add_text(root, "already", t->request.uri);
	if (demonstration(op))
		demo_users(op, root);
}

void
pages_step_up_nodes(struct turn *t, struct node *root)
{
	node_add_text(root, "clock", clock_of(&t->op));
	node_add_text(root, "back", t->request.path);
	node_add_bool(root, "one_tap", demonstration(&t->op));
	node_add_bool(root, "ask_passphrase", true);
	node_add_text(root, "action", T("/step-up"));
}

void
compose_sign_in(struct composing *c)
{
	errors(c);
	pages_sign_in_nodes(c->turn, c->page);
	put(c->page, "back", of(c, "back"));
	put(c->page, "name", of(c, "name"));
}

void
compose_step_up(struct composing *c)
{
	errors(c);
	pages_step_up_nodes(c->turn, c->page);
	put(c->page, "back", of(c, "back"));
}

static void
add_field_error(struct composing *c, struct node *to, const char *as,
    text field)
{
	for (size_t k = 0; k < c->op->problems.n; k++) {
		const struct problem *p = &c->op->problems.at[k];

		if (text_same(p->field, field))
			node_add_text(to, as, problem_text(
			    c->op->office->words, c->lang, c->arena, p));
	}
}

void
compose_unseal(struct composing *c)
{
	struct node *list;
	bool by_phrase = op_given(c->op, "by_phrase") ||
	    op_given(c->op, "group1") || op_given(c->op, "phrase");

	errors(c);
	public_link(c->op, c->page);
	node_add_bool(c->page, "open", node_true(of(c, "open")));
	node_add_bool(c->page, "by_phrase", by_phrase);
	node_add_text(c->page, "other", by_phrase ? T("/unseal") :
	    T("/unseal?by_phrase=1"));
	put(c->page, "foreign", of(c, "foreign"));
	node_add_text(c->page, "accept", op_input(c->op, "accept"));
	add_field_error(c, c->page, "accept_error", T("accept"));
	list = node_add_list(c->page, "groups");
	for (int i = 1; by_phrase && i <= 9; i++) {
		struct node *one = node_add_object(list, NULL);

		text name = arena_format(c->arena, "group%d", i);

		node_add_number(one, "n", i);
		node_add_text(one, "value", op_input(c->op, name.p));
		add_field_error(c, one, "error", name);
	}
}

/* Nothing of a first start can be left out. */
static void
needed(struct node *field)
{
	for (struct node *n = field->first; n != NULL; n = n->next) {
		if (n->name != NULL && strcmp(n->name, "optional") == 0)
			n->number = 0;
	}
}

static void
first_form(struct composing *c, text action, const char *const *names,
    const char *submit)
{
	struct node *form = node_add_object(c->page, "form");
	struct node *section = node_add_object(node_add_list(form,
	    "sections"), NULL);
	struct node *fields = node_add_list(section, "fields");
	struct node *from = take(c, "fields");

	node_add_text(form, "action", action);
	node_add_word(form, "submit", submit);
	for (size_t i = 0; names[i] != NULL && from != NULL; i++) {
		for (struct node *n = from->first, *next; n != NULL;
		    n = next) {
			const struct node *name = node_find(n, "name");

			next = n->next;
			if (name == NULL || !text_same(name->text,
			    text_of(names[i])))
				continue;
			node_move(fields, NULL, n);
			needed(n);
		}
	}
}

static void
first_steps(struct composing *c, size_t now)
{
	static const char *const labels[] = { "first_start.step.make",
		"first_start.step.sheet", "first_start.step.director" };
	struct node *list = node_add_list(c->page, "steps");

	for (size_t i = 0; i < LENGTH(labels); i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_word(one, "label", labels[i]);
		node_add_text(one, "state", i < now ? T("done") : i == now ?
		    T("now") : T("later"));
	}
}

/* "Grupo 3 de la hoja": which one is asked back. */
static void
number_label(struct composing *c, const char *name, const struct node *which)
{
	struct node *fields = take(c, "fields");
	text n = arena_format(c->arena, "%lld",
	    which == NULL ? 0LL : (long long)which->number);

	for (struct node *f = fields == NULL ? NULL : fields->first;
	    f != NULL; f = f->next) {
		const struct node *own = node_find(f, "name");

		if (own == NULL || !text_same(own->text, text_of(name)))
			continue;
		for (struct node *l = f->first; l != NULL; l = l->next) {
			if (strcmp(l->name, "label") == 0)
				l->text = say_with(c, "first_start.group_n",
				    &n, 1);
		}
	}
}

/* The phrase, and which of its groups are asked back. */
static void
sheet_groups(struct composing *c)
{
	struct node *phrase = node_add_list(c->page, "phrase");
	const struct node *groups = of(c, "groups");

	for (const struct node *g = groups == NULL ? NULL : groups->first;
	    g != NULL; g = g->next)
		put(phrase, NULL, node_find(g, "signs"));
	number_label(c, "group_a", of(c, "ask_a"));
	number_label(c, "group_b", of(c, "ask_b"));
}

void
compose_root_confirm(struct composing *c)
{
	static const char *const sheet[] = { "group_a", "group_b", NULL };
	bool lost = node_true(of(c, "lost"));

	errors(c);
	node_add_list(c->page, "steps");
	node_add_word(c->page, "title", "vault.root-confirm.title");
	node_add_word(c->page, "intro", lost ? "problem.root_nothing" :
	    "keys.root.confirm");
	sheet_groups(c);
	if (lost)
		return;
	node_add_text(c->page, "pdf", T("/system/keys/root/sheet"));
	first_form(c, T("/system/keys/root/confirm"), sheet,
	    "vault.root-confirm.submit");
}

void
compose_first_start(struct composing *c)
{
	static const char *const make[] = { "office_name", "passphrase",
		"again", "test", NULL };
	static const char *const sheet[] = { "group_a", "group_b", NULL };
	static const char *const lost[] = { "passphrase", NULL };
	static const char *const director[] = { "sign_in_name", "name",
		NULL };
	const struct node *step = of(c, "step");
	text name = step == NULL ? T("make") : step->text;

	errors(c);
	if (text_same(name, T("sheet"))) {
		first_steps(c, 1);
		node_add_word(c->page, "title", "first_start.sheet.title");
		node_add_word(c->page, "intro", node_true(of(c, "lost")) ?
		    "first_start.lost.intro" : "first_start.sheet.intro");
		sheet_groups(c);
		if (node_true(of(c, "lost"))) {
			first_form(c, T("/first-start"), lost,
		    "first_start.lost.submit");
			return;
		}
		put(c->page, "age", of(c, "age"));
		node_add_text(c->page, "pdf", T("/first-start/sheet"));
		first_form(c, T("/first-start"), sheet,
		    "first_start.sheet.submit");
		return;
	}
	if (text_same(name, T("director"))) {
		first_steps(c, 2);
		node_add_word(c->page, "title", "first_start.director.title");
		node_add_word(c->page, "intro", "first_start.director.intro");
		if (of(c, "secret") != NULL) {
			put(c->page, "secret", of(c, "secret"));
			return;
		}
		first_form(c, T("/first-start"), director,
		    "first_start.director.submit");
		return;
	}
	first_steps(c, 0);
	node_add_word(c->page, "title", "first_start.make.title");
	node_add_word(c->page, "intro", "first_start.make.intro");
	put(c->page, "offered", of(c, "offered"));
	first_form(c, T("/first-start"), make,
		    "first_start.make.submit");
}

void
compose_seal(struct composing *c)
{
	(void)c;
}

void
compose_go(struct composing *c)
{
	const struct op_row *r = NULL;
	struct node *g = node_add_object(node_add_list(c->page, "groups"),
	    NULL);
	struct node *items = node_add_list(g, "items");

	node_add_word(g, "title", "go.all");
	while ((r = ops_next(r)) != NULL) {
		struct area_levels l = guard_levels(c->op, r->area);
		struct node *one;

		if (r->page == NULL || strchr(r->page, '{') != NULL ||
		    (r->flags & OP_PUBLIC) != 0 ||
		    ((r->flags & OP_CHANGES) != 0 && r->form == NULL) ||
		    (r->area != AREA_NONE && ((l.near | l.far) & r->need)
		    == 0))
			continue;
		one = node_add_object(items, NULL);
		node_add_text(one, "href", text_of(r->page));
		node_add_word(one, "label", arena_format(c->arena,
		    "%s.title", r->name).p);
	}
}
