/* Without this a damaged or hostile catalogue could be read past its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mo.h"

/*
 * A catalogue of three messages, written out by hand: header (28), two
 * tables of 3 x 8 bytes, then the strings.
 */
struct file { char b[512]; size_t n; };

static void little(char *to, size_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(v >> (8 * i) & 0xff);
}

static void string_put(struct file *f, size_t entry, const char *s, size_t n)
{
	little(f->b + entry, n);
	little(f->b + entry + 4, f->n);
	memcpy(f->b + f->n, s, n);
	f->b[f->n + n] = '\0';
	f->n += n + 1;
}

static struct file sample(const char *rule)
{
	struct file f = { .n = 28 + 48 };

	little(f.b, 0x950412de);
	little(f.b + 8, 3);
	little(f.b + 12, 28);
	little(f.b + 16, 28 + 24);
	string_put(&f, 28, "", 0);
	string_put(&f, 36, "a.n\0a.n", 7);
	string_put(&f, 44, "b", 1);
	string_put(&f, 52, rule, strlen(rule));
	string_put(&f, 60, "uno\0muchos", 10);
	string_put(&f, 68, "be", 2);
	return f;
}

#define GOOD "Plural-Forms: nplurals=2; plural=(n != 1);\n"

/* The bytes in a block of exactly their size: the sanitizer sees beyond. */
static result read_exactly(const struct file *f, size_t n)
{
	char *copy = malloc(n == 0 ? 1 : n);
	struct mo m = { 0 };

	memcpy(copy, f->b, n);
	result r = mo_read((text){ copy, n }, &m);
	mo_free(&m);
	free(copy);
	return r;
}

/* If this vanished, keys and forms could be mixed up. */
static void finds_keys_and_forms(void **state)
{
	struct file f = sample(GOOD);
	struct mo m;
	text found;

	(void)state;
	assert_true(is_ok(mo_read((text){ f.b, f.n }, &m)));
	assert_true(mo_find(&m, T("a.n"), &found));
	assert_true(text_same(mo_form(found, 0), T("uno")));
	assert_true(text_same(mo_form(found, 1), T("muchos")));
	assert_true(mo_find(&m, T("b"), &found));
	assert_true(text_same(mo_form(found, 0), T("be")));
	assert_true(text_same(mo_form(found, 1), T("be")));
	assert_false(mo_find(&m, T("a"), &found));
	assert_false(mo_find(&m, T(""), &found));
	mo_free(&m);
	mo_free(&m);
	mo_free(NULL);
}

/* If this vanished, a file cut short could be taken for whole. */
static void refuses_every_cut(void **state)
{
	struct file f = sample(GOOD);

	(void)state;
	for (size_t n = 0; n < f.n; n++)
		assert_int_equal(read_exactly(&f, n).code, E_CORRUPT);
	assert_true(is_ok(read_exactly(&f, f.n)));
}

/* If this vanished, an offset could point anywhere. */
static void refuses_wild_offsets(void **state)
{
	static const size_t wild[] = { 0xffffffff, 0xfffffffe, 0x7fffffff,
	    512, 400 };

	(void)state;
	for (size_t at = 12; at < 28 + 48; at += 4) {
		if (at >= 20 && at < 28)	/* hash table: not used */
			continue;
		for (size_t i = 0; i < LENGTH(wild); i++) {
			struct file f = sample(GOOD);
			little(f.b + at, wild[i]);
			assert_int_equal(read_exactly(&f, f.n).code,
			    E_CORRUPT);
		}
	}
}

/* If this vanished, the header's own claims would go unchecked. */
static void refuses_other_formats(void **state)
{
	struct file f = sample(GOOD);

	(void)state;
	f.b[0] = 0x12;
	assert_int_equal(read_exactly(&f, f.n).code, E_CORRUPT);
	f = sample(GOOD);
	little(f.b + 4, 1);
	assert_int_equal(read_exactly(&f, f.n).code, E_CORRUPT);
	f = sample(GOOD);
	little(f.b + 8, MO_MESSAGES_MAX + 1);
	assert_int_equal(read_exactly(&f, f.n).code, E_TOO_LARGE);
}

/* If this vanished, Quechua with another rule would count wrongly. */
static void refuses_another_rule(void **state)
{
	struct file f = sample("Plural-Forms: nplurals=1; plural=0;\n");

	(void)state;
	assert_int_equal(read_exactly(&f, f.n).code, E_CORRUPT);
	f = sample("Plural-Forms: nplurals=2; plural=(n != 1); x\n");
	assert_int_equal(read_exactly(&f, f.n).code, E_CORRUPT);
	f = sample("Language: es\n");
	assert_true(is_ok(read_exactly(&f, f.n)));
}

/* If this vanished, bytes that are no text could reach a page. */
static void refuses_what_is_not_utf8(void **state)
{
	struct file f = sample(GOOD);

	(void)state;
	f.b[f.n - 2] = (char)0xff;
	assert_int_equal(read_exactly(&f, f.n).code, E_CORRUPT);
	f = sample(GOOD);
	f.b[f.n - 5] = (char)0xff;		/* in the second form */
	assert_int_equal(read_exactly(&f, f.n).code, E_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_keys_and_forms),
		cmocka_unit_test(refuses_every_cut),
		cmocka_unit_test(refuses_wild_offsets),
		cmocka_unit_test(refuses_other_formats),
		cmocka_unit_test(refuses_another_rule),
		cmocka_unit_test(refuses_what_is_not_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
