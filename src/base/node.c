#include "node.h"

#include <assert.h>
#include <string.h>

static struct node *node_new(struct arena *a, enum node_kind kind)
{
	struct node *n = arena_take(a, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->kind = kind;
	n->arena = a;
	return n;
}

/* Whoever holds the root must learn of a failure anywhere below. */
static void mark_failed(struct node *n)
{
	for (; n != NULL && !n->failed; n = n->up)
		n->failed = true;
}

static struct node *hang(struct node *to, const char *name,
    struct node *child)
{
	assert(to->kind == NODE_OBJECT || to->kind == NODE_LIST);
	assert((to->kind == NODE_OBJECT) == (name != NULL));
	assert(child->up == NULL && child->next == NULL);

	child->name = name;
	child->up = to;
	if (to->last == NULL)
		to->first = child;
	else
		to->last->next = child;
	to->last = child;
	to->n++;
	if (child->failed)
		mark_failed(to);
	return child;
}

struct node *node_object(struct arena *a)
{
	return node_new(a, NODE_OBJECT);
}

struct node *node_add(struct node *to, const char *name, struct node *child)
{
	if (to == NULL)
		return NULL;
	if (child == NULL) {
		mark_failed(to);
		return NULL;
	}
	return hang(to, name, child);
}

static void unhang(struct node *child)
{
	struct node *up = child->up;
	struct node *before = NULL;

	if (up == NULL)
		return;
	for (struct node *n = up->first; n != child; n = n->next)
		before = n;
	if (before == NULL)
		up->first = child->next;
	else
		before->next = child->next;
	if (up->last == child)
		up->last = before;
	up->n--;
	child->up = NULL;
	child->next = NULL;
}

struct node *node_move(struct node *to, const char *name, struct node *child)
{
	if (to == NULL || child == NULL)
		return NULL;
	unhang(child);
	return hang(to, name, child);
}

static struct node *add_kind(struct node *to, const char *name,
    enum node_kind kind)
{
	if (to == NULL)
		return NULL;
	return node_add(to, name, node_new(to->arena, kind));
}

/* The copy comes first, so that a half-made node never hangs in the tree. */
static struct node *add_text_kind(struct node *to, const char *name,
    enum node_kind kind, text t)
{
	if (to == NULL)
		return NULL;

	text copy = arena_text(to->arena, t);
	if (copy.p == NULL) {
		mark_failed(to);
		return NULL;
	}
	struct node *n = add_kind(to, name, kind);
	if (n != NULL)
		n->text = copy;
	return n;
}

struct node *node_add_object(struct node *to, const char *name)
{
	return add_kind(to, name, NODE_OBJECT);
}

struct node *node_add_list(struct node *to, const char *name)
{
	return add_kind(to, name, NODE_LIST);
}

struct node *node_add_text(struct node *to, const char *name, text t)
{
	return add_text_kind(to, name, NODE_TEXT, t);
}

struct node *node_add_word(struct node *to, const char *name,
    const char *key)
{
	return add_text_kind(to, name, NODE_WORD, text_of(key));
}

struct node *node_add_code(struct node *to, const char *name,
    const char *list, text code)
{
	struct node *n = add_text_kind(to, name, NODE_CODE, code);

	if (n != NULL)
		n->list = list;
	return n;
}

struct node *node_add_number(struct node *to, const char *name, int64_t v)
{
	struct node *n = add_kind(to, name, NODE_NUMBER);

	if (n != NULL)
		n->number = v;
	return n;
}

struct node *node_add_bool(struct node *to, const char *name, bool v)
{
	struct node *n = add_kind(to, name, NODE_BOOL);

	if (n != NULL)
		n->number = v;
	return n;
}

struct node *node_add_day(struct node *to, const char *name, day d)
{
	struct node *n = add_kind(to, name, NODE_DAY);

	if (n != NULL)
		n->day = d;
	return n;
}

struct node *node_add_instant(struct node *to, const char *name, instant t)
{
	struct node *n = add_kind(to, name, NODE_INSTANT);

	if (n != NULL)
		n->instant = t;
	return n;
}

struct node *node_add_money(struct node *to, const char *name, money m)
{
	struct node *n = add_kind(to, name, NODE_MONEY);

	if (n != NULL)
		n->money = m;
	return n;
}

struct node *node_add_short(struct node *to, const char *name, id i)
{
	code_text code = code_of(i);

	return add_text_kind(to, name, NODE_SHORT, text_of(code.s));
}

struct node *node_add_null(struct node *to, const char *name)
{
	return add_kind(to, name, NODE_NULL);
}

static const struct node *member(const struct node *of, const char *name,
    size_t n)
{
	if (of->kind != NODE_OBJECT)
		return NULL;
	for (const struct node *m = of->first; m != NULL; m = m->next) {
		if (m->name[0] == name[0] && strncmp(m->name, name, n) == 0 &&
		    m->name[n] == '\0')
			return m;
	}
	return NULL;
}

const struct node *node_find(const struct node *from, const char *path)
{
	for (;;) {
		size_t n = strcspn(path, ".");

		if (from != NULL)
			from = member(from, path, n);
		if (path[n] == '\0')
			return from;
		path += n + 1;
	}
}

bool node_true(const struct node *n)
{
	if (n == NULL)
		return false;
	assert(n->kind <= NODE_NULL);
	switch (n->kind) {
	case NODE_OBJECT:
	case NODE_LIST:
		return n->n > 0;
	case NODE_TEXT:
	case NODE_WORD:
	case NODE_CODE:
	case NODE_SHORT:
		return n->text.n > 0;
	case NODE_BOOL:
		return n->number != 0;
	case NODE_DAY:
		return n->day.known;
	case NODE_INSTANT:
		return n->instant.known;
	case NODE_NUMBER:
	case NODE_MONEY:
		return true;
	case NODE_NULL:
		return false;
	}
	return false;
}

result node_whole(const struct node *root)
{
	if (root == NULL || root->failed)
		return fault(NO_MEMORY);
	return OK;
}
