/* An answer as JSON: strict, and in the order it was built. */
#include "node.h"

static void
json_text(struct buf *out, text t)
{
	static const char hex[] = "0123456789abcdef";

	size_t plain = 0;		/* what needs no escape goes whole */

	buf_char(out, '"');
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, t.p + plain, i - plain);
		plain = i + 1;
		if (c == '"' || c == '\\') {
			buf_char(out, '\\');
			buf_char(out, (char)c);
		} else if (c == '\n') {
			buf_text(out, T("\\n"));
		} else {
			buf_text(out, T("\\u00"));
			buf_char(out, hex[c >> 4]);
			buf_char(out, hex[c & 15]);
		}
	}
	if (plain < t.n)
		buf_add(out, t.p + plain, t.n - plain);
	buf_char(out, '"');
}

static void
json_leaf(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_TEXT:
	case NODE_WORD:
	case NODE_CODE:
	case NODE_SHORT:
		json_text(out, n->text);
		return;
	case NODE_NUMBER:
		buf_format(out, "%lld", (long long)n->number);
		return;
	case NODE_BOOL:
		buf_text(out, n->number != 0 ? T("true") : T("false"));
		return;
	case NODE_DAY:
		if (n->day.known)
			json_text(out, day_iso(n->arena, n->day));
		else
			buf_text(out, T("null"));
		return;
	case NODE_INSTANT:
		if (n->instant.known)
			json_text(out, instant_rfc3339(n->arena, n->instant));
		else
			buf_text(out, T("null"));
		return;
	case NODE_MONEY:
		buf_format(out, "{\"minor\":%lld,\"currency\":\"%s\"}",
		    (long long)n->money.minor, n->money.currency);
		return;
	case NODE_NULL:
		buf_text(out, T("null"));
		return;
	case NODE_OBJECT:
	case NODE_LIST:
		return;		/* containers are walked by node_json */
	}
}

/* Depth is that of the handlers' own building: named, so that a mistake
 * there ends here. */
void
node_json(const struct node *root, struct buf *out)
{
	enum { DEPTH_MAX = 32 };
	const struct node *above[DEPTH_MAX];
	const struct node *n = root;
	size_t depth = 0;

	while (n != NULL) {
		bool container = n->kind == NODE_OBJECT ||
		    n->kind == NODE_LIST;

		if (n != root && n->name != NULL) {
			json_text(out, text_of(n->name));
			buf_char(out, ':');
		}
		if (container) {
			buf_char(out, n->kind == NODE_OBJECT ? '{' : '[');
			if (n->first != NULL && depth < DEPTH_MAX) {
				above[depth++] = n;
				n = n->first;
				continue;
			}
			buf_char(out, n->kind == NODE_OBJECT ? '}' : ']');
		} else {
			json_leaf(n, out);
		}
		while (n->next == NULL && depth > 0) {
			n = above[--depth];
			buf_char(out, n->kind == NODE_OBJECT ? '}' : ']');
		}
		if (depth == 0)
			return;
		buf_char(out, ',');
		n = n->next;
	}
}
