#include "front.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"

#include <cmocka.h>

static const struct front_value values[] = {
	{ "RUN", { "/d/front", 8 } }, { "USER", { "", 0 } },
};

static void holes_are_filled(void **state)
{
	/* Without it nginx reads "@RUN@" and listens nowhere. */
	struct buf b = buf_new(KIB);

	(void)state;
	assert_true(is_ok(front_fill("a @RUN@/x;@USER@ b@c @ @RUN", values,
	    LENGTH(values), &b)));
	assert_true(text_same(buf_view(&b), T("a /d/front/x; b@c @ @RUN")));
	buf_free(&b);
}

static void a_hole_without_value_is_our_mistake(void **state)
{
	/* Without it a renamed hole goes to nginx as it is. */
	struct buf b = buf_new(KIB);

	(void)state;
	assert_int_equal(front_fill("@NOTHING@", values, LENGTH(values),
	    &b).code, E_BUG);
	buf_free(&b);
	b = buf_new(4);
	assert_int_equal(front_fill("12345", values, LENGTH(values),
	    &b).code, E_TOO_LARGE);
	buf_free(&b);
}

static void quotes_hold(void **state)
{
	/* Without it a folder's name adds directives to the configuration. */
	struct buf b = buf_new(KIB);

	(void)state;
	assert_true(is_ok(front_quote(T("/a b\"; user root; \\"), &b)));
	assert_true(text_same(buf_view(&b),
	    T("\"/a b\\\"; user root; \\\\\"")));
	assert_int_equal(front_quote(T("/a$b"), &b).code, E_INVALID);
	assert_int_equal(front_quote(T("/a\nb"), &b).code, E_INVALID);
	buf_free(&b);
}

static void rates_are_read(void **state)
{
	/* Without it an option adds directives to the configuration. */
	static const char *const good[] = { "20r/m", "1000r/s", "1r/s" };
	static const char *const bad[] = { "", "r/m", "20", "20r/h", "0r/s",
		"-1r/s", "20r/m;", "20 r/m", "20r/m r/m", "9999999r/s" };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_true(address_rate(text_of(good[i])));
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(address_rate(text_of(bad[i])));
}

static void only_host_names_are_names(void **state)
{
	/* Without it a name is a pattern, or a directive, or everything. */
	static const char *const bad[] = { "", "_", "~^.*$", "*.org",
		"a b", "a;b", ".a", "-a", "a..b", "Ä", "A.org" };
	struct serve_options o = { .names = { "alas.example.org" },
		.names_n = 1 };
	struct buf b = buf_new(KIB);

	(void)state;
	assert_true(is_ok(address_names(&o, &b)));
	assert_true(text_same(buf_view(&b),
	    T("localhost 127.0.0.1 [::1] alas.example.org")));
	for (size_t i = 0; i < LENGTH(bad); i++) {
		o.names[0] = bad[i];
		buf_clear(&b);
		assert_int_equal(address_names(&o, &b).code, E_INVALID);
	}
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_are_filled),
		cmocka_unit_test(a_hole_without_value_is_our_mistake),
		cmocka_unit_test(quotes_hold),
		cmocka_unit_test(rates_are_read),
		cmocka_unit_test(only_host_names_are_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
