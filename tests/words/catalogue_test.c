/* Without this a page could show a key, or English in the Spanish one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mo.h"
#include "words.h"

static const char *dir;

struct book { char *bytes; size_t n; struct mo mo; };

static struct book book_open(const char *code)
{
	struct book b = { .bytes = malloc(MO_BYTES_MAX) };
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/%s.mo", dir, code);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	b.n = fread(b.bytes, 1, MO_BYTES_MAX, f);
	fclose(f);
	assert_true(is_ok(mo_read((text){ b.bytes, b.n }, &b.mo)));
	return b;
}

static void book_close(struct book *b)
{
	mo_free(&b->mo);
	free(b->bytes);
}

static unsigned placeholders(text t)
{
	unsigned set = 0;

	for (size_t i = 0; i + 2 < t.n; i++)
		if (t.p[i] == '{' && t.p[i + 1] >= '0' &&
		    t.p[i + 1] <= '9' && t.p[i + 2] == '}')
			set |= 1u << (t.p[i + 1] - '0');
	return set;
}

/* Print every difference, then fail once. */
static int compare(const struct book *a, const struct book *b)
{
	int bad = 0;

	for (uint32_t i = 0; i < a->mo.n; i++) {
		const struct mo_message *m = &a->mo.messages[i];
		text other;
		if (m->key.n == 0)
			continue;
		bool same = mo_find(&b->mo, m->key, &other);
		for (unsigned form = 0; same && form < MO_FORMS; form++)
			same = placeholders(mo_form(m->value, form)) ==
			    placeholders(mo_form(other, form)) &&
			    text_trim(mo_form(m->value, form)).n > 0;
		bool many = text_ends(m->key, T(".n"));
		if (same && many == text_has(m->value, '\0'))
			continue;
		print_error("%.*s\n", (int)m->key.n, m->key.p);
		bad++;
	}
	return bad;
}

/* If this vanished, one language could lack a key or a placeholder. */
static void both_languages_are_whole(void **state)
{
	struct book es = book_open("es"), en = book_open("en");

	(void)state;
	print_message("%u messages\n", es.mo.n - 1);
	assert_int_equal(compare(&es, &en) + compare(&en, &es), 0);
	assert_int_equal(es.mo.n, en.mo.n);
	book_close(&es);
	book_close(&en);
}

/* If this vanished, a refusal could reach a person as a bare key. */
static void every_error_has_its_words(void **state)
{
	struct book es = book_open("es");
	text found;

	(void)state;
	for (uint8_t i = 0; i < ERROR_CODES; i++)
		assert_true(mo_find(&es.mo,
		    text_of(error_key((result){ i })), &found));
	book_close(&es);
}

/* If this vanished, a missing key would be an empty place on the page. */
static void unknown_key_shows_itself(void **state)
{
	struct words *w = NULL;

	(void)state;
	assert_true(is_ok(words_open(dir, &w)));
	assert_true(text_same(words_get(w, LANG_EN, "no.such"),
	    T("no.such")));
	assert_true(text_same(words_get(w, LANG_ES, "word.yes"), T("Sí")));
	assert_true(text_same(words_get(w, LANG_EN, "word.yes"), T("Yes")));
	words_close(&w);
	assert_null(w);
	words_close(&w);
	assert_false(is_ok(words_open("/nowhere", &w)));
	assert_null(w);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_languages_are_whole),
		cmocka_unit_test(every_error_has_its_words),
		cmocka_unit_test(unknown_key_shows_itself),
	};

	if (argc < 2)
		return 2;
	dir = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
