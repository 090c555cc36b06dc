#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "turn.h"

static struct office office;
static struct turn *v;

static int start(void **state)
{
	(void)state;
	return is_ok(turn_new(&office, instant_of(day_of(2026, 11, 24), 9,
	    0), &v)) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	turn_free(&v);
	turn_free(&v);			/* NULL by now */
	return 0;
}

/* ---- inputs, digest --------------------------------------------------- */

static void inputs(const struct pair *pairs, size_t n)
{
	assert_int_equal(turn_inputs(v, pairs, n).code, E_OK);
}

static void grouped(void **state)
{
	/* Dies when values of one name are parted, reordered, or what is the
	 * door's own reaches a handler. */
	const struct pair pairs[] = { { T("b"), T("1") },
		{ T("_csrf"), T("secret") }, { T("a"), T("2") },
		{ T("b"), T("3") }, { T("_v"), T("4") } };

	(void)state;
	inputs(pairs, LENGTH(pairs));
	assert_int_equal(v->op.inputs_n, 2);
	assert_true(text_same(v->op.inputs[0].name, T("b")));
	assert_int_equal(v->op.inputs[0].n, 2);
	assert_true(text_same(v->op.inputs[0].values[1], T("3")));
	assert_true(text_same(v->op.inputs[1].name, T("a")));
	assert_false(v->op.inputs[0].used);
	inputs(NULL, 0);
	assert_int_equal(v->op.inputs_n, 0);
}

struct digest { uint8_t b[32]; };

static struct digest digest_of(const char *method, const char *uri,
    const struct pair *pairs, size_t n)
{
	struct digest d;

	v->request.method = text_of(method);
	v->request.uri = text_of(uri);
	inputs(pairs, n);
	turn_digest(v);
	memcpy(d.b, v->once.digest, 32);
	return d;
}

#define assert_other(x, y)                                                   \
	do {                                                                 \
		struct digest x_ = (x);                                      \
		struct digest y_ = (y);                                      \
		assert_memory_not_equal(x_.b, y_.b, 32);                     \
	} while (0)

static void digests(void **state)
{
	/* Dies when a once-key answers for another request than the one it
	 * was given with, or not for the same one with a new CSRF field. */
	const struct pair one[] = { { T("a"), T("1") }, { T("b"), T("2") },
		{ T("_csrf"), T("x") } };
	const struct pair again[] = { { T("_csrf"), T("y") },
		{ T("a"), T("1") }, { T("b"), T("2") } };
	const struct pair moved[] = { { T("a"), T("1b") },
		{ T(""), T("2") } };
	const struct pair joined[] = { { T("a"), T("1") }, { T("a"), T("b") },
		{ T("a"), T("2") } };
	const struct pair other[] = { { T("a"), T("1") }, { T("b"), T("3") } };
	struct digest base = digest_of("POST", "/x", one, 3);
	struct digest same = digest_of("POST", "/x", again, 3);

	(void)state;
	assert_memory_equal(base.b, same.b, 32);
	assert_other(base, digest_of("PUT", "/x", one, 3));
	assert_other(base, digest_of("POST", "/y", one, 3));
	assert_other(base, digest_of("POST", "/x", moved, 2));
	assert_other(base, digest_of("POST", "/x", joined, 3));
	assert_other(base, digest_of("POST", "/x", other, 2));
	assert_other(base, digest_of("POST", "/x", one, 1));
	assert_other(digest_of("POST", "/xa", NULL, 0),
	    digest_of("POST/x", "a", NULL, 0));
}

/* ---- heads ------------------------------------------------------------ */

static bool says(const char *line)
{
	return memmem(v->out.p, v->out.n, line, strlen(line)) != NULL;
}

/* How often a header's name stands at the beginning of a line. */
static int times(const char *header)
{
	size_t length = strlen(header);
	int n = 0;

	for (size_t i = 0; i + length <= v->out.n; i++) {
		if (memcmp(v->out.p + i, header, length) == 0 &&
		    (i == 0 || v->out.p[i - 1] == '\n'))
			n++;
	}
	return n;
}

static void every_head(void **state)
{
	/* Dies when one answer of the office goes out without one of the
	 * headers all carry. */
	static const char *const always[] = {
		"Content-Security-Policy: default-src 'none'; ",
		"frame-ancestors 'none'; ", "base-uri 'none'; ",
		"require-trusted-types-for 'script'; ",
		"X-Content-Type-Options: nosniff\r\n",
		"Referrer-Policy: same-origin\r\n",
		"Cross-Origin-Opener-Policy: same-origin\r\n",
		"Cross-Origin-Resource-Policy: same-origin\r\n",
		("Permissions-Policy: camera=(), microphone=(), "
		    "geolocation=()\r\n"),
		"Cache-Control: no-store\r\n" };

	(void)state;
	for (int code = 0; code < ERROR_CODES; code++) {
		struct head h = { .status = error_status((result){
			(uint8_t)code }), .type = "text/html; charset=utf-8" };

		turn_head(v, &h);
		assert_int_equal(v->status, h.status);
		assert_int_equal(times("Status: "), 1);
		assert_false(says("Unknown"));
		for (size_t i = 0; i < LENGTH(always); i++) {
			if (!says(always[i]))
				fail_msg("%d: %s", h.status, always[i]);
		}
		assert_false(says("unsafe"));
		assert_false(says("http:"));
		assert_int_equal(times("Strict-Transport-Security"), 0);
		assert_int_equal(times("Set-Cookie"), 0);
		assert_int_equal(times("Location"), 0);
		assert_true(text_ends(buf_view(&v->out), T("\r\n\r\n")));
	}
	v->request.https = true;
	turn_head(v, &(struct head){ .status = 200, .csp = "sandbox" });
	assert_true(says("Strict-Transport-Security: max-age=63072000; "
	    "includeSubDomains\r\n"));
	assert_true(says("Content-Security-Policy: sandbox\r\n"));
	assert_int_equal(times("Content-Security-Policy"), 1);
	assert_string_equal(status_text(299), "Unknown");
}

static void cookies(void **state)
{
	/* Dies when a session can be read by a script, sent from another
	 * site, goes out in the clear, or outlives its sign-out. */
	(void)state;
	v->op.set_session = T("abc");
	v->op.set_device = T("def");
	turn_head(v, &(struct head){ .status = 303, .location = T("/today") });
	assert_true(says("Location: /today\r\n"));
	assert_true(says("Set-Cookie: __Host-s=abc; Path=/; Secure; "
	    "HttpOnly; SameSite=Strict\r\n"));
	assert_true(says("Set-Cookie: __Host-d=def; Path=/; Secure; "
	    "HttpOnly; SameSite=Strict; Max-Age=15552000\r\n"));
	v->op.set_session = T("-");
	v->op.set_device = T("");
	turn_head(v, &(struct head){ .status = 303, .clear_site = true });
	assert_true(says("Set-Cookie: __Host-s=; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict; Max-Age=0\r\n"));
	assert_int_equal(times("Set-Cookie"), 1);
	assert_true(says("Clear-Site-Data: \"cache\", \"cookies\", "
	    "\"storage\"\r\n"));
	assert_false(says("abc"));
}

static void other_heads(void **state)
{
	/* Dies when what a client must know of an answer is not said: how it
	 * was refused, what may be asked, when to come back. */
	(void)state;
	v->op.retry_after = T("30");
	turn_head(v, &(struct head){ .status = 429, .allow = T("GET, POST"),
		.etag = T("\"7\""), .link = T("</x>; rel=next"),
		.authenticate = "Bearer", .download = T("a%20b.pdf"),
		.echoes = true, .type = "application/pdf" });
	assert_true(says("Status: 429 Too Many Requests\r\n"));
	assert_true(says("Retry-After: 30\r\n"));
	assert_true(says("Allow: GET, POST\r\n"));
	assert_true(says("ETag: \"7\"\r\n"));
	assert_true(says("Link: </x>; rel=next\r\n"));
	assert_true(says("WWW-Authenticate: Bearer\r\n"));
	assert_true(says("Content-Encoding: identity\r\n"));
	assert_true(says("Content-Disposition: attachment; "
	    "filename*=UTF-8''a%20b.pdf\r\n"));
}

static void bodies(void **state)
{
	/* Dies when HEAD gets a body, or a second head keeps the first. */
	size_t n;

	(void)state;
	v->request.method = T("HEAD");
	turn_head(v, &(struct head){ .status = 200 });
	n = v->out.n;
	turn_body(v, T("hello"));
	assert_int_equal(v->out.n, n);
	v->request.method = T("GET");
	turn_body(v, T("hello"));
	assert_true(text_ends(buf_view(&v->out), T("\r\n\r\nhello")));
	turn_head(v, &(struct head){ .status = 500 });
	assert_int_equal(times("Status: "), 1);
	assert_false(says("hello"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(grouped, start, stop),
		cmocka_unit_test_setup_teardown(digests, start, stop),
		cmocka_unit_test_setup_teardown(every_head, start, stop),
		cmocka_unit_test_setup_teardown(cookies, start, stop),
		cmocka_unit_test_setup_teardown(other_heads, start, stop),
		cmocka_unit_test_setup_teardown(bodies, start, stop),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
