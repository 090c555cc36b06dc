#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scgi.h"

static const char *data;
static struct arena *a;

static int start(void **state)
{
	(void)state;
	a = arena_new(16 * MIB);
	return a == NULL ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* ---- requests, in pieces ---------------------------------------------- */

/* Feed in steps of `step` bytes, as the loop does. */
static struct scgi fed(const void *p, size_t n, size_t step)
{
	struct scgi s = scgi_new();
	const char *bytes = p;

	for (size_t at = 0; at < n; at += step) {
		size_t some = n - at < step ? n - at : step;
		enum scgi_state got = scgi_feed(&s, bytes + at, some);

		if (got == SCGI_HEAD)
			got = scgi_feed(&s, NULL, 0);
		if (got == SCGI_BAD)
			break;
	}
	return s;
}


/* Byte by byte, or at once: the same answer and the same request. */
static void pieces_agree(const void *p, size_t n, const struct scgi *at_once)
{
	static const size_t steps[] = { 1, 2, 7, 64 };

	for (size_t i = 0; i < LENGTH(steps); i++) {
		struct scgi s = fed(p, n, steps[i]);
		struct http_request one;
		struct http_request two;

		assert_int_equal(s.state, at_once->state);
		if (s.state == SCGI_WHOLE) {
			result got = scgi_take(&s, a, &one);

			assert_int_equal(scgi_take(at_once, a, &two).code,
			    got.code);
			if (is_ok(got)) {
				assert_true(text_same(one.uri, two.uri));
				assert_true(text_same(one.body, two.body));
				assert_true(text_same(one.host, two.host));
				assert_int_equal(one.ask_n, two.ask_n);
			}
		}
		scgi_free(&s);
	}
}

/* What the door would answer, by this room alone; 0: closed. */
static int answer(const struct scgi *s)
{
	struct http_request r;
	result got;

	if (s->state == SCGI_BAD)
		return 400;
	if (s->body_at > 0 && s->body_n > JSON_BODY_MAX)
		return 413;
	if (s->state != SCGI_WHOLE)
		return 0;
	got = scgi_take(s, a, &r);
	return error_status(got);
}

static int expected(const json_t *row)
{
	const json_t *office = json_object_get(row, "office");
	const char *name = json_string_value(json_object_get(row, "name"));

	if (json_is_string(office))
		return strcmp(json_string_value(office), "closed") == 0 ? 0 :
		    200;
	/* The routes decide these. */
	if (strcmp(name, "unknown parameter") == 0 ||
	    json_integer_value(office) == 401)
		return 200;
	return (int)json_integer_value(office);
}

static void known_answers(void **state)
{
	/* Dies when a malformed request on the socket is understood, or one
	 * is understood otherwise when it comes in pieces. */
	char path[1024];
	json_error_t why;
	json_t *all;
	const json_t *row;
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/vectors/http.json", data);
	all = json_load_file(path, 0, &why);
	if (all == NULL)
		fail_msg("%s: %s", path, why.text);
	assert_true(json_array_size(json_object_get(all, "socket")) > 50);
	json_array_foreach(json_object_get(all, "socket"), i, row) {
		const char *raw = json_string_value(json_object_get(row,
		    "raw_base64"));
		size_t max = strlen(raw);
		uint8_t *bytes = malloc(max);
		struct scgi s;
		size_t n;

		assert_non_null(bytes);
		assert_int_equal(sodium_base642bin(bytes, max, raw, max, NULL,
		    &n, NULL, sodium_base64_VARIANT_ORIGINAL), 0);
		s = fed(bytes, n, n);
		if (answer(&s) != expected(row))
			fail_msg("%s: %d, not %d",
			    json_string_value(json_object_get(row, "name")),
			    answer(&s), expected(row));
		pieces_agree(bytes, n, &s);
		scgi_free(&s);
		free(bytes);
	}
	json_decref(all);
}

/* ---- requests made here ----------------------------------------------- */

struct made { const char *name, *value; };

/* A request of the pairs that are always there and those given. */
static struct scgi made_of(const struct made *pairs, size_t n,
    const char *body)
{
	CLEANUP(buf_free) struct buf head = buf_new(128 * KIB);
	CLEANUP(buf_free) struct buf all = buf_new(256 * KIB);

	buf_format(&head, "CONTENT_LENGTH%c%zu%cSCGI%c1%cALAS_DOOR%cnet%c",
	    0, strlen(body), 0, 0, 0, 0, 0);
	for (size_t i = 0; i < n; i++) {
		buf_text(&head, text_of(pairs[i].name));
		buf_char(&head, '\0');
		buf_text(&head, text_of(pairs[i].value));
		buf_char(&head, '\0');
	}
	buf_format(&all, "%zu:", head.n);
	buf_add(&all, head.p, head.n);
	buf_format(&all, ",%s", body);
	assert_int_equal(buf_end(&all).code, E_OK);
	return fed(all.p, all.n, all.n);
}

static struct http_request taken(struct scgi *s, const char *method,
    const char *uri, const char *cookie, const char *body, int code)
{
	const struct made pairs[] = { { "REQUEST_METHOD", method },
		{ "REQUEST_URI", uri }, { "HTTP_COOKIE", cookie },
		{ "CONTENT_TYPE", "Text/HTML ; charset=utf-8" },
		{ "HTTPS", "on" } };
	struct http_request r = { 0 };
	result got;

	*s = made_of(pairs, LENGTH(pairs), body);
	assert_int_equal(s->state, SCGI_WHOLE);
	got = scgi_take(s, a, &r);
	if (got.code != code)
		fail_msg("%s %s: %s", method, uri, error_name(got));
	return r;
}

static void uri(const char *given, int code)
{
	struct scgi s;

	taken(&s, "GET", given, "", "", code);
	scgi_free(&s);
}

static void requests(void **state)
{
	/* Dies when a part of a request is lost or taken for another. */
	struct scgi s;
	struct http_request r = taken(&s, "POST", "/people/AFTC-Z4W?a=1&b=%C3"
	    "%B1+x&c=", "__Host-s=abc; __Host-d=x=y", "hello", E_OK);

	(void)state;
	assert_true(text_same(r.path, T("/people/AFTC-Z4W")));
	assert_true(text_same(r.method, T("POST")));
	assert_true(text_same(r.body, T("hello")));
	assert_true(r.https);
	assert_false(r.shell);
	assert_int_equal(r.ask_n, 3);
	assert_true(text_same(r.ask[1].name, T("b")));
	assert_true(text_same(r.ask[1].value, T("ñ x")));
	assert_int_equal(r.ask[2].value.n, 0);
	assert_true(text_same(request_cookie(&r, "__Host-s"), T("abc")));
	assert_true(text_same(request_cookie(&r, "__Host-d"), T("x=y")));
	assert_int_equal(request_cookie(&r, "other").n, 0);
	assert_true(request_type_is(&r, "text/html"));
	assert_false(request_type_is(&r, "text/htm"));
	assert_false(request_type_is(&r, "text/html2"));
	scgi_free(&s);
}

static void paths(void **state)
{
	/* Dies when a path has two spellings, or no end. */
	char path[PATH_MAX_BYTES + 3];
	char deep[2 * PATH_SEGMENTS_MAX + 3];

	(void)state;
	uri("/", E_OK);
	uri("/?a=1", E_OK);
	uri("/a_b.c-d/E9", E_OK);
	uri("", E_BAD_REQUEST);
	uri("a", E_BAD_REQUEST);
	uri("/a/", E_BAD_REQUEST);
	uri("//", E_BAD_REQUEST);
	uri("/..", E_BAD_REQUEST);
	uri("/a/..", E_BAD_REQUEST);
	uri("/...", E_OK);
	uri("/~a", E_BAD_REQUEST);
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[PATH_MAX_BYTES] = '\0';
	uri(path, E_OK);
	path[PATH_MAX_BYTES] = 'a';
	path[PATH_MAX_BYTES + 1] = '\0';
	uri(path, E_BAD_REQUEST);
	for (size_t i = 0; i <= PATH_SEGMENTS_MAX; i++)
		memcpy(deep + 2 * i, "/a", 3);
	uri(deep, E_BAD_REQUEST);
	deep[2 * PATH_SEGMENTS_MAX] = '\0';
	uri(deep, E_OK);
}

static void queries(void **state)
{
	/* Dies when a query that does not decode, repeats itself or never
	 * ends is read. */
	CLEANUP(buf_free) struct buf many = buf_new(KIB);

	(void)state;
	uri("/x?a=1&", E_OK);
	uri("/x?", E_OK);
	uri("/x?a", E_OK);
	uri("/x?a=1&&b=2", E_BAD_REQUEST);
	uri("/x?=1", E_BAD_REQUEST);
	uri("/x?a=%", E_BAD_REQUEST);
	uri("/x?a=%2", E_BAD_REQUEST);
	uri("/x?a=%zz", E_BAD_REQUEST);
	uri("/x?a=%0a", E_BAD_REQUEST);
	uri("/x?a=%FF", E_BAD_REQUEST);
	uri("/x?a=1&a=1", E_BAD_REQUEST);
	uri("/x?a=1&%61=1", E_BAD_REQUEST);
	buf_text(&many, T("/x?"));
	for (int i = 0; i < QUERY_NAMES_MAX; i++)
		buf_format(&many, "%sq%d", i > 0 ? "&" : "", i);
	buf_char(&many, '\0');
	uri(many.p, E_OK);
	many.p[many.n - 1] = '&';
	buf_format(&many, "more");
	buf_char(&many, '\0');
	uri(many.p, E_BAD_REQUEST);
}

static void methods(void **state)
{
	/* Dies when a method that the office does not know is run as another,
	 * or a GET brings a body. */
	static const char *const known[] = { "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE" };
	static const char *const other[] = { "", "OPTIONS", "TRACE", "get",
		"GETT", "CONNECT" };
	struct scgi s;

	(void)state;
	for (size_t i = 0; i < LENGTH(known); i++) {
		taken(&s, known[i], "/x", "", "", E_OK);
		scgi_free(&s);
		taken(&s, known[i], "/x", "", "b", i < 2 ? E_BAD_REQUEST :
		    E_OK);
		scgi_free(&s);
	}
	for (size_t i = 0; i < LENGTH(other); i++) {
		taken(&s, other[i], "/x", "", "", E_METHOD);
		scgi_free(&s);
	}
}

static void cookies(void **state)
{
	/* Dies when the second of two session cookies is believed. */
	CLEANUP(buf_free) struct buf many = buf_new(KIB);
	struct scgi s;

	(void)state;
	taken(&s, "GET", "/x", "__Host-s=a; __Host-s=b", "", E_BAD_REQUEST);
	scgi_free(&s);
	taken(&s, "GET", "/x", "; ;a=1;;", "", E_OK);
	scgi_free(&s);
	for (int i = 0; i < COOKIES_MAX; i++)
		buf_format(&many, "c%d=1;", i);
	buf_char(&many, '\0');
	taken(&s, "GET", "/x", many.p, "", E_OK);
	scgi_free(&s);
	many.n--;
	buf_format(&many, "more=1");
	buf_char(&many, '\0');
	taken(&s, "GET", "/x", many.p, "", E_BAD_REQUEST);
	scgi_free(&s);
}

/* ---- forms ------------------------------------------------------------ */

static void form(const char *body, int code, const char *const *want)
{
	struct pair *p = NULL;
	size_t n = 0;
	size_t at = 0;
	result got = urlencoded_read(text_of(body), a, &p, &n);

	if (got.code != code)
		fail_msg("%s: %s", body, error_name(got));
	for (; want != NULL && want[2 * at] != NULL; at++) {
		assert_true(at < n);
		assert_true(text_same(p[at].name, text_of(want[2 * at])));
		assert_true(text_same(p[at].value,
		    text_of(want[2 * at + 1])));
	}
	if (is_ok(got))
		assert_int_equal(n, at);
}

static void forms(void **state)
{
	/* Dies when a form is read otherwise than a browser wrote it. */
	static const char *const two[] = { "a", "1", "a", "2", NULL };
	static const char *const plus[] = { "a b", "c d", NULL };
	static const char *const plain[] = { "a", "=b=", NULL };
	static const char *const lines[] = { "t", "uno\ndos\n\ntres", NULL };
	static const char *const empty[] = { "a", "", "b", "", NULL };
	static const char *const none[] = { NULL };
	static const char *const last[] = { "a", "\xc3\xb1", NULL };

	(void)state;
	form("", E_OK, none);
	form("a=1&a=2", E_OK, two);
	form("a+b=c%20d", E_OK, plus);
	form("a==b%3D", E_OK, plain);
	form("t=uno%0D%0Ados%0A%0d%0atres", E_OK, lines);
	form("a&b=", E_OK, empty);
	form("a=%c3%B1", E_OK, last);
	form("a=%c3", E_BAD_REQUEST, NULL);
	form("a=%", E_BAD_REQUEST, NULL);
	form("a=%4", E_BAD_REQUEST, NULL);
	form("a=%g1", E_BAD_REQUEST, NULL);
	form("a=%00", E_BAD_REQUEST, NULL);
	form("a=%0D", E_BAD_REQUEST, NULL);
	form("a%0A=1", E_BAD_REQUEST, NULL);
	form("=1", E_BAD_REQUEST, NULL);
	form("&a=1", E_BAD_REQUEST, NULL);
	form("a=%ed%a0%80", E_BAD_REQUEST, NULL);
	form("a=%c0%ae", E_BAD_REQUEST, NULL);
}

static void long_forms(void **state)
{
	/* Dies when a form has no end. */
	CLEANUP(buf_free) struct buf body = buf_new(64 * KIB);
	struct pair *p;
	size_t n;

	(void)state;
	for (int i = 0; i < FORM_NAMES_MAX; i++)
		buf_format(&body, "%sn%d=1", i > 0 ? "&" : "", i);
	assert_int_equal(urlencoded_read(buf_view(&body), a, &p, &n).code,
	    E_OK);
	assert_int_equal(n, FORM_NAMES_MAX);
	buf_text(&body, T("&x=1"));
	assert_int_equal(urlencoded_read(buf_view(&body), a, &p, &n).code,
	    E_TOO_LARGE);
}

static void after_the_end(void **state)
{
	/* Dies when bytes behind a request change it, or a bad one becomes
	 * good by more of them. */
	const struct made pairs[] = { { "REQUEST_METHOD", "GET" },
		{ "REQUEST_URI", "/x" } };
	struct scgi s = made_of(pairs, LENGTH(pairs), "");
	struct scgi bad = scgi_new();

	(void)state;
	size_t kept = s.in.n;
	assert_int_equal(scgi_feed(&s, "GET", 3), SCGI_WHOLE);
	assert_int_equal(s.body_n, 0);
	assert_int_equal(s.in.n, kept);
	assert_int_equal(scgi_feed(&bad, "x", 1), SCGI_BAD);
	assert_int_equal(scgi_feed(&bad, "7:", 2), SCGI_BAD);
	assert_int_equal(scgi_value(&s, "HTTP_HOST").n, 0);
	scgi_free(&s);
	scgi_free(&bad);
}

static void no_memory(void **state)
{
	/* Dies when a body for which there was no memory is called malformed:
	 * nobody sends such a one again. */
	const struct made pairs[] = { { "REQUEST_METHOD", "POST" },
		{ "REQUEST_URI", "/x" } };
	static char much[64 * KIB];
	struct scgi s = made_of(pairs, LENGTH(pairs), "body");

	(void)state;
	s.state = SCGI_MORE;
	s.body_n = sizeof(much);
	s.in.failed = s.in.starved = true;	/* as malloc that finds nothing */
	assert_int_equal(scgi_feed(&s, much, sizeof(much)), SCGI_NO_ROOM);
	assert_int_equal(scgi_feed(&s, much, 1), SCGI_NO_ROOM);
	assert_true(text_same(scgi_value(&s, "REQUEST_URI"), T("/x")));
	scgi_free(&s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(known_answers, start, stop),
		cmocka_unit_test_setup_teardown(requests, start, stop),
		cmocka_unit_test_setup_teardown(paths, start, stop),
		cmocka_unit_test_setup_teardown(queries, start, stop),
		cmocka_unit_test_setup_teardown(methods, start, stop),
		cmocka_unit_test_setup_teardown(cookies, start, stop),
		cmocka_unit_test_setup_teardown(forms, start, stop),
		cmocka_unit_test_setup_teardown(long_forms, start, stop),
		cmocka_unit_test_setup_teardown(after_the_end, start, stop),
		cmocka_unit_test_setup_teardown(no_memory, start, stop),
	};

	data = argc > 1 ? argv[1] : "data";
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
