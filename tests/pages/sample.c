/*
 * Without this a page could be written that nobody has ever seen filled:
 * each template is rendered from samples/<name>.json, in both languages,
 * into files that can be looked at and checked.
 *
 *   sample WORDS SAMPLES OUT
 *
 * JSON becomes nodes as it stands; what JSON lacks is written
 * {"$day": "2026-11-24"}, {"$instant": "2026-11-24T09:00:00Z"},
 * {"$money": [120000, "PEN"]}, {"$word": "nav.today"}, {"$short": 7}.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "templates.h"

static struct arena *arena;

static struct node *add(struct node *to, const char *name, const json_t *v);

static bool special(struct node *to, const char *name, const json_t *v)
{
	const json_t *in;
	day d;
	instant t;

	if ((in = json_object_get(v, "$day")) != NULL)
		return day_read(text_of(json_string_value(in)), &d) &&
		    node_add_day(to, name, d) != NULL;
	if ((in = json_object_get(v, "$instant")) != NULL)
		return instant_read(text_of(json_string_value(in)), &t) &&
		    node_add_instant(to, name, t) != NULL;
	if ((in = json_object_get(v, "$word")) != NULL)
		return node_add_word(to, name, json_string_value(in)) != NULL;
	if ((in = json_object_get(v, "$short")) != NULL)
		return node_add_short(to, name, id_of_number(
		    (uint64_t)json_integer_value(in))) != NULL;
	if ((in = json_object_get(v, "$money")) != NULL) {
		money m = { .minor = json_integer_value(
		    json_array_get(in, 0)) };
		memcpy(m.currency, json_string_value(json_array_get(in, 1)),
		    3);
		return node_add_money(to, name, m) != NULL;
	}
	return false;
}

static void members(struct node *to, const json_t *from)
{
	void *at = json_object_iter((json_t *)(uintptr_t)from);

	while (at != NULL) {
		text name = arena_text(arena,
		    text_of(json_object_iter_key(at)));
		add(to, name.p, json_object_iter_value(at));
		at = json_object_iter_next((json_t *)(uintptr_t)from, at);
	}
}

static struct node *add(struct node *to, const char *name, const json_t *v)
{
	struct node *made;

	switch (json_typeof(v)) {
	case JSON_OBJECT:
		if (special(to, name, v))
			return to;
		made = node_add_object(to, name);
		members(made, v);
		return made;
	case JSON_ARRAY:
		made = node_add_list(to, name);
		for (size_t i = 0; i < json_array_size(v); i++)
			add(made, NULL, json_array_get(v, i));
		return made;
	case JSON_STRING:
		return node_add_text(to, name, arena_text(arena,
		    text_of(json_string_value(v))));
	case JSON_INTEGER:
		return node_add_number(to, name, json_integer_value(v));
	case JSON_TRUE:
	case JSON_FALSE:
		return node_add_bool(to, name, json_is_true(v));
	case JSON_REAL:
	case JSON_NULL:
		break;
	}
	return node_add_null(to, name);
}

static json_t *sample(const char *dir, const char *name)
{
	char path[1024];
	json_error_t why;

	(void)snprintf(path, sizeof(path), "%s/%s.json", dir, name);
	json_t *v = json_load_file(path, 0, &why);
	if (v == NULL)
		fprintf(stderr, "%s:%d: %s\n", path, why.line, why.text);
	return v;
}

/* The page around it, and inside a person also who and side. */
static struct node *filled(const json_t *frame, const json_t *own)
{
	struct node *root = node_object(arena);
	json_t *mine = json_copy((json_t *)(uintptr_t)own);
	json_t *page = json_copy(json_object_get(frame, "page"));

	json_object_update(page, json_object_get(own, "page"));
	members(node_add_object(root, "page"), page);
	if (json_is_true(json_object_get(own, "inside"))) {
		json_object_set(mine, "who", json_object_get(frame, "who"));
		json_object_set(mine, "side", json_object_get(frame, "side"));
	}
	json_object_del(mine, "inside");
	json_object_del(mine, "page");
	members(root, mine);
	json_decref(page);
	json_decref(mine);
	return root;
}

static bool written(const char *out, const char *name, enum lang l, text page)
{
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/%s.%s.html", out, name,
	    words_lang_code(l).p);
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		return false;
	bool good = fwrite(page.p, 1, page.n, f) == page.n;
	return fclose(f) == 0 && good;
}

static bool rendered(const struct template *t, const struct node *root,
    const struct words *w, enum lang l, const char *out)
{
	struct buf page = buf_new(ANSWER_MAX);
	struct render ctx = { .words = w, .lang = l, .arena = arena,
	    .csrf = T("the-hidden-field-of-this-answer"),
	    .version = T("3") };

	bool good = is_ok(node_whole(root)) &&
	    is_ok(template_render(t, root, &ctx, &page)) &&
	    written(out, t->name, l, buf_view(&page));
	printf("%-20s %s %6zu bytes%s\n", t->name, words_lang_code(l).p,
	    page.n, good ? "" : " FAILED");
	buf_free(&page);
	return good;
}

int main(int argc, char **argv)
{
	struct words *w = NULL;
	int bad = 0;

	if (argc != 4 || !is_ok(words_open(argv[1], &w)))
		return 2;
	arena = arena_new(OP_ARENA_MAX);
	json_t *frame = sample(argv[2], "_frame");
	for (size_t i = 0; frame != NULL && template_at(i) != NULL; i++) {
		const struct template *t = template_at(i);
		json_t *own = sample(argv[2], t->name);
		for (int l = 0; l < LANGS; l++) {
			bad += own == NULL || !rendered(t,
			    filled(frame, own), w, (enum lang)l, argv[3]);
			arena_reset(arena);
		}
		json_decref(own);
	}
	json_decref(frame);
	words_close(&w);
	arena_free(arena);
	return frame != NULL && bad == 0 ? 0 : 1;
}
