#include "figures_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- asking ------------------------------------------------------------- */

static struct told ask_line(const char *kind, const char *line)
{
	const struct asking_kind *k = calc_kind_named(text_of(kind));
	struct told t = { .arena = arena_new(64 * MIB) };
	struct calc_answered answered;

	assert_non_null(k);
	assert_non_null(t.arena);

	struct asker asker = { .arena = t.arena, .no = &t.no };

	t.result = calc_ask(k, &asker, text_of(line), &answered);
	if (!is_ok(t.result)) {
		assert_int_equal(t.result.code, E_INVALID);
		return t;
	}
	t.out = answered.answer;
	assert_true(is_ok(node_whole(t.out)));
	return t;
}

struct told ask_tree(const char *kind, const json_t *question)
{
	char *line = json_dumps(question, JSON_COMPACT);
	struct told t = ask_line(kind, line);

	free(line);
	return t;
}

struct told ask(const char *kind, const char *format, ...)
{
	struct told t;
	va_list args;
	char *line;

	va_start(args, format);
	assert_true(vasprintf(&line, format, args) > 0);
	va_end(args);
	t = ask_line(kind, line);
	free(line);
	return t;
}

void told_free(struct told *t)
{
	arena_free(t->arena);
}

json_t *answer_json(const struct told *t)
{
	struct buf b = buf_new(ANSWER_MAX);
	json_error_t error;
	json_t *v;

	node_json(t->out, &b);
	assert_true(is_ok(buf_end(&b)));
	v = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(v);
	buf_free(&b);
	return v;
}

/* ---- answers ------------------------------------------------------------ */

static const struct node *member(const struct node *of, const char *name)
{
	const struct node *n = name == NULL ? of : node_find(of, name);

	assert_non_null(n);
	return n;
}

text string(const struct node *of, const char *name)
{
	const struct node *n = member(of, name);

	assert_int_equal(n->kind, NODE_TEXT);
	return n->text;
}

int64_t number(const struct node *of, const char *name)
{
	const struct node *n = member(of, name);

	assert_int_equal(n->kind, NODE_NUMBER);
	return n->number;
}

int64_t units(const struct node *of, const char *name)
{
	text t = string(of, name);
	char digits[32];
	size_t n = 0;
	int64_t v;

	assert_true(t.n < sizeof(digits));
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] != '.')
			digits[n++] = t.p[i];
	}
	assert_true(text_integer((text){ digits, n }, &v));
	return v;
}

const struct node *element(const struct node *list, size_t i)
{
	const struct node *n = list->first;

	assert_true(i < list->n);
	while (i-- > 0)
		n = n->next;
	return n;
}

/* ---- chance ------------------------------------------------------------- */

static uint64_t state;

void seed(uint64_t s)
{
	state = s;
	print_message("seed %llu\n", (unsigned long long)s);
}

uint64_t any(uint64_t below)
{
	uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (z ^ z >> 31) % below;
}
