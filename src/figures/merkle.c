/* The root of a tree over entries, RFC 9162 section 2.1.1. */
#include "inside.h"
#include "tree.h"

static result add_leaf(struct asker *k, const struct node *n,
    struct tree *tree)
{
	text hex = { 0 };
	uint8_t *entry;
	uint8_t hash[32];

	TRY(asking_text(k, n, "", ASKING_MUST, &hex));
	entry = arena_take(k->arena, hex.n / 2);
	NEED(entry);
	if (hex.n % 2 != 0 || !hex_read(hex, entry, hex.n / 2))
		return asking_refuse(k, REFUSED_WRONG_TYPE, n, "",
		    "the entry's bytes as hex digits are needed, two each");
	tree_leaf(entry, hex.n / 2, hash);
	tree_append(tree, hash);
	return OK;
}

result answer_merkle(struct asker *k, const struct node *in,
    struct node *out)
{
	static const char *const members[] = { "leaves", NULL };
	const struct node *list = NULL;
	struct tree tree = { 0 };
	uint8_t root[32];
	char hex[2 * sizeof(root)];

	TRY(asking_only(k, in, members));
	TRY(asking_list(k, in, "leaves", ASKING_MUST, FIGURES_ITEMS_MAX,
	    &list));
	for (const struct node *n = list->first; n != NULL; n = n->next)
		TRY(add_leaf(k, n, &tree));
	tree_root(&tree, root);
	hex_write(hex, root, sizeof(root));
	node_add_text(out, "root", (text){ hex, sizeof(hex) });
	node_add_number(out, "size", (int64_t)tree.n);
	return OK;
}
