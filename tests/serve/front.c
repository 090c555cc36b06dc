#include "front.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "certificate.h"

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

/* ---- the certificate -------------------------------------------------- */

/* Self-signed, P-256, from 1 December 2026 to 24 December 2049. */
static const char until_2049[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBDzCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlhbGFzLnRlc3QwHhcN\n"
    "MjYxMjAxMDAwMDAwWhcNNDkxMjI0MDAwMDAwWjAUMRIwEAYDVQQDDAlhbGFzLnRl\n"
    "c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARFF4wdPcm9kC48kUefCiglaijk\n"
    "MZZsuQoDI791Y2EUIXAUYsXIztSmgU/Uhl/9VfFlHtyWsbsR+MvlauQpUfZwMAoG\n"
    "CCqGSM49BAMCA0gAMEUCIH6D9Skdv9jRXTrIt3wPM8sDWApOWQ9dtOohp0Ae5uj8\n"
    "AiEAt4vK68BL4z0dF6dFrbgNipLw0Hq1rdyhCgaIxcpkpbQ=\n"
    "-----END CERTIFICATE-----\n";
/* The same to 1 January 2050, which is written another way. */
static const char until_2050[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBEDCBuAIBAjAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlhbGFzLnRlc3QwIBcN\n"
    "MjYxMjAxMDAwMDAwWhgPMjA1MDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWFsYXMu\n"
    "dGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEUXjB09yb2QLjyRR58KKCVq\n"
    "KOQxlmy5CgMjv3VjYRQhcBRixcjO1KaBT9SGX/1V8WUe3JaxuxH4y+Vq5ClR9nAw\n"
    "CgYIKoZIzj0EAwIDRwAwRAIgd0d9ONuRaJnL4878iDA6qh0x3P1ZdUtexr3+e5ze\n"
    "XNUCIFqOFQZJrVnj3LEmb8+prn9zgUZSnzxOwkP5U5YLAQzY\n"
    "-----END CERTIFICATE-----\n";

static void certificates_end(void **state)
{
	/* Without it nobody can come in from one day to the next. */
	instant end = { 7, false };
	char cut[sizeof(until_2049)];

	(void)state;
	assert_true(is_ok(certificate_end_of(text_of(until_2049), &end)));
	assert_true(end.known);
	assert_int_equal(end.ms, 2524608000000 - 8 * 86400000LL);
	assert_true(is_ok(certificate_end_of(text_of(until_2050), &end)));
	assert_int_equal(end.ms, 2524608000000);
	assert_int_equal(certificate_end("/nonexistent", &end).code,
	    E_INVALID);
	assert_int_equal(certificate_end_of(T(""), &end).code, E_INVALID);

	/* Cut anywhere, it is none, and nothing behind it is read. */
	for (size_t n = 0; n + 26 < sizeof(until_2049) - 1; n++) {
		memcpy(cut, until_2049, n);
		memcpy(cut + n, "-----END CERTIFICATE-----", 26);
		result got = certificate_end_of((text){ cut, n + 25 }, &end);
		assert_true(is_ok(got) || got.code == E_INVALID);
		if (n < 100)
			assert_int_equal(got.code, E_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_are_filled),
		cmocka_unit_test(a_hole_without_value_is_our_mistake),
		cmocka_unit_test(quotes_hold),
		cmocka_unit_test(rates_are_read),
		cmocka_unit_test(only_host_names_are_names),
		cmocka_unit_test(certificates_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
