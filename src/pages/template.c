#include "template.h"

#include <assert.h>
#include <string.h>

struct scope { const struct node *node; int64_t place; };

struct run {
	const struct template *t;
	const struct render *ctx;
	struct buf *out;
	struct scope scopes[TEMPLATE_DEPTH_MAX + 1];
	size_t depth;			/* scopes in use; [0] is the answer */
	text args[TEMPLATE_ARGS_MAX];
	size_t args_n;
	uint8_t forms;			/* written so far */
	bool made;			/* something lies in the arena */
	bool failed;			/* the arena ran out */
};

/* ---- finding ---------------------------------------------------------- */

static const struct node *member(const struct node *in, const char *name)
{
	if (in == NULL || in->kind != NODE_OBJECT)
		return NULL;
	for (const struct node *n = in->first; n != NULL; n = n->next)
		if (n->name[0] == name[0] && strcmp(n->name, name) == 0)
			return n;
	return NULL;
}

/* Innermost scope first, so that an item's member hides the page's. */
static const struct node *at(const struct run *r, uint16_t index)
{
	const struct template_path *path = &r->t->paths[index];
	const struct node *found = NULL;

	if (path->n == 0)
		return r->scopes[r->depth - 1].node;
	for (size_t i = r->depth; i > 0 && found == NULL; i--) {
		found = member(r->scopes[i - 1].node, path->names[0]);
		if (path->here)
			break;
	}
	for (uint8_t i = 1; i < path->n && found != NULL; i++)
		found = member(found, path->names[i]);
	return found;
}

/* ---- values ----------------------------------------------------------- */

static text label_of(const struct run *r, const struct node *n)
{
	if (r->ctx->label == NULL || n->list == NULL)
		return n->text;
	return r->ctx->label(r->ctx->held, n->list, n->text, r->ctx->lang);
}

/* A value that was made in the arena: no memory is not "nothing to say". */
static text made(struct run *r, text t)
{
	r->made = true;
	r->failed = r->failed || t.p == NULL;
	return t;
}

static text for_people(struct run *r, const struct node *n)
{
	const struct words *w = r->ctx->words;
	enum lang l = r->ctx->lang;
	struct arena *a = r->ctx->arena;

	if (n == NULL)
		return (text){ 0 };
	switch (n->kind) {
	case NODE_TEXT:
	case NODE_SHORT:
		return n->text;
	case NODE_WORD:
		return words_get_text(w, l, n->text);
	case NODE_CODE:
		return label_of(r, n);
	case NODE_NUMBER:
		return made(r, words_number(l, a, n->number));
	case NODE_BOOL:
		return words_get(w, l, n->number ? "word.yes" : "word.no");
	case NODE_DAY:
		return n->day.known ? made(r, words_day(w, l, a, n->day)) :
		    (text){ 0 };
	case NODE_INSTANT:
		return n->instant.known ?
		    made(r, words_instant(w, l, a, n->instant)) : (text){ 0 };
	case NODE_MONEY:
		return made(r, words_money(w, l, a, n->money));
	case NODE_OBJECT:
	case NODE_LIST:
	case NODE_NULL:
		break;
	}
	return (text){ 0 };
}

/* The day of a node, also when it is a moment. */
static day day_at(const struct node *n)
{
	if (n == NULL)
		return (day){ 0 };
	if (n->kind == NODE_INSTANT && n->instant.known)
		return instant_day(n->instant);
	return n->kind == NODE_DAY ? n->day : (day){ 0 };
}

static text amount(struct arena *a, money m)
{
	const char *sign = m.minor < 0 ? "-" : "";
	uint64_t size = m.minor < 0 ? (uint64_t)-(m.minor + 1) + 1 :
	    (uint64_t)m.minor;

	return arena_format(a, "%s%llu.%02d", sign,
	    (unsigned long long)(size / 100), (int)(size % 100));
}

/* What a form sends back and a machine reads: no words, no grouping. */
static text for_machines(struct run *r, const struct node *n)
{
	struct arena *a = r->ctx->arena;

	if (n == NULL)
		return (text){ 0 };
	switch (n->kind) {
	case NODE_TEXT:
	case NODE_WORD:
	case NODE_CODE:
	case NODE_SHORT:
		return n->text;
	case NODE_NUMBER:
		return made(r, arena_format(a, "%lld",
		    (long long)n->number));
	case NODE_BOOL:
		return n->number ? T("yes") : T("no");
	case NODE_DAY:
		return n->day.known ? made(r, day_iso(a, n->day)) :
		    (text){ 0 };
	case NODE_INSTANT:
		return n->instant.known ?
		    made(r, instant_rfc3339(a, n->instant)) : (text){ 0 };
	case NODE_MONEY:
		return made(r, amount(a, n->money));
	case NODE_OBJECT:
	case NODE_LIST:
	case NODE_NULL:
		break;
	}
	return (text){ 0 };
}

/* ---- escaping --------------------------------------------------------- */

/* Text and quoted attributes share one table: five bytes are special. */
static const char *const special[256] = {
	['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;",
	['\''] = "&#39;",
};

static void html_add(struct buf *out, text t)
{
	size_t from = 0;

	for (size_t i = 0; i < t.n; i++) {
		const char *safe = special[(unsigned char)t.p[i]];
		if (safe == NULL)
			continue;
		buf_add(out, t.p + from, i - from);
		buf_text(out, text_of(safe));
		from = i + 1;
	}
	if (from < t.n)
		buf_add(out, t.p + from, t.n - from);
}

static bool plain_in_address(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	    c == '~';
}

static void part_add(struct buf *out, text t)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];
		if (plain_in_address(t.p[i])) {
			buf_char(out, t.p[i]);
			continue;
		}
		buf_char(out, '%');
		buf_char(out, digits[c >> 4]);
		buf_char(out, digits[c & 15]);
	}
}

/*
 * An address must stay in the office: a path, a query or a fragment of our
 * own.  Anything else ("//elsewhere", "javascript:") leads to this page.
 */
static void address_add(struct buf *out, text t)
{
	bool path = t.n > 0 && t.p[0] == '/' &&
	    (t.n == 1 || (t.p[1] != '/' && t.p[1] != '\\'));
	bool own = t.n > 0 && (t.p[0] == '#' || t.p[0] == '?');

	if ((path || own) && !text_has_control(t, false))
		html_add(out, t);
	else
		buf_char(out, '#');
}

static void value_add(const struct run *r, uint8_t context, text t)
{
	switch ((enum template_context)context) {
	case CONTEXT_HTML:
		html_add(r->out, t);
		return;
	case CONTEXT_ADDRESS:
		address_add(r->out, t);
		return;
	case CONTEXT_PART:
		part_add(r->out, t);
		return;
	}
}

/* ---- steps ------------------------------------------------------------ */

static bool equals(struct run *r, const struct template_step *s)
{
	const struct node *n = at(r, s->path);

	return n != NULL && text_same(for_machines(r, n),
	    (text){ s->p, s->n });
}

static text word_of(struct run *r, const struct template_step *s)
{
	size_t n = r->args_n;

	r->args_n = 0;
	if (n == 0)
		return words_get(r->ctx->words, r->ctx->lang, s->p);
	return made(r, words_format(r->ctx->words, r->ctx->lang,
	    r->ctx->arena, s->p, r->args, n));
}

static text shortly(struct run *r, const struct node *n)
{
	if (n == NULL || n->kind != NODE_DAY || !n->day.known)
		return for_people(r, n);
	return made(r, words_day_short(r->ctx->words, r->ctx->lang,
	    r->ctx->arena, n->day));
}

static text count_of(struct run *r, const struct template_step *s)
{
	const struct node *n = at(r, s->path);
	int64_t many = 0;

	if (n != NULL && n->kind == NODE_NUMBER)
		many = n->number;
	if (n != NULL && n->kind == NODE_LIST)
		many = (int64_t)n->n;
	return made(r, words_count(r->ctx->words, r->ctx->lang,
	    r->ctx->arena, s->p, many));
}

static void hidden_add(struct buf *out, text name, text value)
{
	buf_text(out, T("<input type=\"hidden\" name=\""));
	buf_text(out, name);
	buf_text(out, T("\" value=\""));
	html_add(out, value);
	buf_text(out, T("\">"));
}

/*
 * Two forms of one page must not share an idempotency key: the second would
 * be taken for the first sent again with other data.
 */
static void secrets_add(struct run *r, const struct template_step *s)
{
	char idem[2 * RENDER_IDEM];
	uint8_t own[RENDER_IDEM];
	text version = s->path == 0 ? r->ctx->version :
	    for_machines(r, at(r, s->path));

	memcpy(own, r->ctx->idem, sizeof(own));
	own[sizeof(own) - 1] = (uint8_t)(own[sizeof(own) - 1] ^ r->forms++);
	hex_write(idem, own, sizeof(own));
	hidden_add(r->out, T("_csrf"), r->ctx->csrf);
	hidden_add(r->out, T("_idem"), (text){ idem, sizeof(idem) });
	if (version.n > 0)
		hidden_add(r->out, T("_v"), version);
}

static void enter(struct run *r, const struct node *n)
{
	assert(r->depth <= TEMPLATE_DEPTH_MAX);
	r->scopes[r->depth++] = (struct scope){ n, 1 };
}

static bool list_enter(struct run *r, const struct template_step *s)
{
	const struct node *list = at(r, s->path);

	if (list == NULL || list->kind != NODE_LIST || list->first == NULL)
		return false;
	enter(r, list->first);
	return true;
}

static bool item_next(struct run *r)
{
	struct scope *now = &r->scopes[r->depth - 1];

	if (now->node->next == NULL) {
		r->depth--;
		return false;
	}
	now->node = now->node->next;
	now->place++;
	return true;
}

static bool object_enter(struct run *r, const struct template_step *s)
{
	const struct node *n = at(r, s->path);

	if (n == NULL || n->kind == NODE_NULL)
		return false;
	enter(r, n);
	return true;
}

/* One step; says which comes next. */
static uint32_t step(struct run *r, uint32_t now)
{
	const struct template_step *s = &r->t->steps[now];
	const struct render *ctx = r->ctx;

	switch ((enum template_op)s->op) {
	case STEP_RUN:
		buf_add(r->out, s->p, s->n);
		return now + 1;
	case STEP_VALUE:
		value_add(r, s->context, for_people(r, at(r, s->path)));
		return now + 1;
	case STEP_SHORT:
		value_add(r, s->context, shortly(r, at(r, s->path)));
		return now + 1;
	case STEP_WEEKDAY:
		value_add(r, s->context, words_weekday(ctx->words, ctx->lang,
		    day_at(at(r, s->path))));
		return now + 1;
	case STEP_ISO:
		value_add(r, s->context, for_machines(r, at(r, s->path)));
		return now + 1;
	case STEP_NUMBER_HERE:
		buf_format(r->out, "%lld",
		    (long long)r->scopes[r->depth - 1].place);
		return now + 1;
	case STEP_ARG:
		assert(r->args_n < TEMPLATE_ARGS_MAX);
		r->args[r->args_n++] = for_people(r, at(r, s->path));
		return now + 1;
	case STEP_WORD:
		html_add(r->out, word_of(r, s));
		return now + 1;
	case STEP_COUNT:
		html_add(r->out, count_of(r, s));
		return now + 1;
	case STEP_LANG:
		buf_text(r->out, words_lang_code(ctx->lang));
		return now + 1;
	case STEP_SECRETS:
		secrets_add(r, s);
		return now + 1;
	case STEP_IF:
		return node_true(at(r, s->path)) ? now + 1 : s->jump;
	case STEP_IS:
		return equals(r, s) ? now + 1 : s->jump;
	case STEP_JUMP:
		return s->jump;
	case STEP_EACH:
		return list_enter(r, s) ? now + 1 : s->jump;
	case STEP_NEXT:
		return item_next(r) ? s->jump : now + 1;
	case STEP_WITH:
		return object_enter(r, s) ? now + 1 : s->jump;
	case STEP_LEAVE:
		r->depth--;
		return now + 1;
	case STEP_END:
		break;
	}
	return now;
}

result template_render(const struct template *t, const struct node *data,
    const struct render *ctx, struct buf *out)
{
	struct run r = { .t = t, .ctx = ctx, .out = out, .depth = 1 };
	struct arena_mark mark = arena_mark(ctx->arena);
	uint32_t now = 0;

	r.scopes[0] = (struct scope){ data, 1 };
	while (t->steps[now].op != STEP_END && !out->failed && !r.failed) {
		now = step(&r, now);
		if (!r.made || r.args_n > 0)
			continue;
		arena_rewind(ctx->arena, mark);
		r.made = false;
	}
	if (r.failed)
		return fault(NO_MEMORY);
	return buf_end(out);
}
