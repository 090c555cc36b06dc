/* Refusals and faults as application/problem+json (RFC 9457). */
#include "api_inside.h"

#include "lifecycle.h"

#include <string.h>

/* "required" of "problem.required". */
static text
code_of_key(const char *key)
{
	const char *dot = strchr(key, '.');

	return text_of(dot == NULL ? key : dot + 1);
}

static void
add_errors(struct turn *t, struct node *root)
{
	struct node *list;

	if (t->op.problems.n == 0)
		return;
	list = node_add_list(root, "errors");
	for (size_t i = 0; i < t->op.problems.n; i++) {
		const struct problem *p = &t->op.problems.at[i];
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "pointer", json_pointer(t->arena,
		    p->field));
		node_add_text(one, "code", code_of_key(p->key));
		node_add_text(one, "detail", problem_text(t->office->words,
		    t->op.lang, t->arena, p));
	}
}

/* What has to be seen to answer the refusal: the same that pages show. */
static void
add_evidence(struct turn *t, struct node *root, result why)
{
	static const char *const evidence[] = { "duplicates", "conflicts",
		"hits", "consequences" };

	if (t->op.answer == NULL ||
	    (why.code != E_INVALID && why.code != E_CONFLICT))
		return;
	for (struct node *n = t->op.answer->first, *next; n != NULL;
	    n = next) {
		next = n->next;
		for (size_t i = 0; i < LENGTH(evidence); i++) {
			if (strcmp(n->name, evidence[i]) != 0)
				continue;
			node_move(root, evidence[i], n);
			break;
		}
	}
}

static const char *
challenge(const struct turn *t, result why)
{
	if (why.code == E_STEP_UP)
		return "Bearer error=\"insufficient_user_authentication\"";
	if (why.code != E_SIGN_IN)
		return NULL;
	return t->request.authorization.n > 0 ?
	    "Bearer error=\"invalid_token\"" : "Bearer";
}

static text
word_of(struct turn *t, result why, const char *more)
{
	text key = arena_format(t->arena, "%s%s", error_key(why), more);

	return key.p == NULL ? T("") :
	    words_get(t->office->words, t->op.lang, key.p);
}

static struct node *
problem_tree(struct turn *t, result why)
{
	struct node *root = node_object(t->arena);
	text foreign;

	node_add_text(root, "type", T("about:blank"));
	node_add_text(root, "title", word_of(t, why, ""));
	node_add_number(root, "status", error_status(why));
	node_add_text(root, "code", text_of(error_name(why)));
	foreign = why.code == E_SEALED ? office_foreign_said(&t->op) : T("");
	node_add_text(root, "detail", foreign.n > 0 ? foreign :
	    word_of(t, why, ".do"));
	/* A fault is found again by the number of its request. */
	if (error_family(why) == FAMILY_FAULT)
		node_add_text(root, "request", t->request.request_id);
	if (root == NULL)
		return NULL;
	add_errors(t, root);
	add_evidence(t, root, why);
	return root;
}

void
api_problem(struct turn *t, result why, text allow)
{
	CLEANUP(buf_free) struct buf json = buf_new(ANSWER_MAX);
	struct node *root = problem_tree(t, why);
	struct head h = { .status = error_status(why), .allow = allow,
		.type = "application/problem+json",
		.authenticate = challenge(t, why), .echoes = true };

	t->op.set_session = t->op.set_device = T("");
	if (root != NULL && is_ok(node_whole(root)))
		node_json(root, &json);
	turn_head(t, &h);
	/* Without memory for words the status must do. */
	turn_body(t, json.n == 0 || json.failed ? T("{}") : buf_view(&json));
}
