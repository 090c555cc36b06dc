/* Without this a name could become markup, or a date vanish from a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"

static const char *dir;
static struct words *w;
static struct arena *a;
static struct node *root;

static text shout(const void *held, const char *list, text code,
    enum lang lang)
{
	(void)held;
	(void)lang;
	return arena_format(a, "<%s %.*s>", list, (int)code.n, code.p);
}

static struct render context(void)
{
	struct render ctx = { .words = w, .arena = a, .label = shout,
	    .csrf = T("se\"cret"), .version = T("7") };

	memset(ctx.idem, 0xab, sizeof(ctx.idem));
	return ctx;
}

static void shows(const char *name, const char *expected)
{
	CLEANUP(buf_free) struct buf out = buf_new(64 * KIB);
	struct render ctx = context();

	assert_true(is_ok(node_whole(root)));
	assert_true(is_ok(template_render(template_find(name), root, &ctx,
	    &out)));
	buf_char(&out, '\0');
	assert_string_equal(out.p, expected);
}

static int start(void **state)
{
	(void)state;
	a = arena_new(4 * MIB);
	return a != NULL && is_ok(words_open(dir, &w)) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	words_close(&w);
	arena_free(a);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	arena_reset(a);
	root = node_object(a);
	return 0;
}

/* If this vanished, what a person typed could run in another's browser. */
static void each_place_escapes(void **state)
{
	(void)state;
	node_add_text(root, "a", T("<i>\"'&/ñ?</i>"));
	node_add_text(root, "b", T("/x?a=1&b=\"2"));
	shows("escape",
	    "<p title=\"&lt;i&gt;&quot;&#39;&amp;/ñ?&lt;/i&gt;\">"
	    "&lt;i&gt;&quot;&#39;&amp;/ñ?&lt;/i&gt;</p>"
	    "<a href=\"/x?a=1&amp;b=&quot;2\">1</a>"
	    "<a href=\"/people/%3Ci%3E%22%27%26%2F%C3%B1%3F%3C%2Fi%3E"
	    "?q=%3Ci%3E%22%27%26%2F%C3%B1%3F%3C%2Fi%3E\">2</a>"
	    "<textarea>\n&lt;i&gt;&quot;&#39;&amp;/ñ?&lt;/i&gt;</textarea>");
}

/* If this vanished, a link could lead out of the office, or run a script. */
static void addresses_stay_at_home(void **state)
{
	static const char *const bad[] = { "", "//evil", "/\\evil",
	    "javascript:alert(1)", "https://evil", "x", "/a\nb", "/\tx" };
	static const char *const good[] = { "/", "/a/b", "#f-name", "?a=1" };
	char expected[256];

	(void)state;
	for (size_t i = 0; i < LENGTH(bad) + LENGTH(good); i++) {
		const char *to = i < LENGTH(bad) ? bad[i] :
		    good[i - LENGTH(bad)];
		fresh(NULL);
		node_add_text(root, "a", T(""));
		node_add_text(root, "b", text_of(to));
		(void)snprintf(expected, sizeof(expected), "<p title=\"\"></p>"
		    "<a href=\"%s\">1</a><a href=\"/people/?q=\">2</a>"
		    "<textarea>\n</textarea>", i < LENGTH(bad) ? "#" : to);
		shows("escape", expected);
	}
}

/* If this vanished, an item could show its neighbour's values. */
static void scopes_find_inwards_first(void **state)
{
	struct node *list, *item, *more;

	(void)state;
	node_add_text(root, "outer", T("here"));
	list = node_add_list(root, "list");
	item = node_add_object(list, NULL);
	node_add_text(item, "inner", T("i"));
	more = node_add_list(item, "more");
	node_add_text(more, NULL, T("p"));
	node_add_text(more, NULL, T("q"));
	item = node_add_object(list, NULL);
	node_add_text(item, "outer", T("own"));
	item = node_add_object(root, "box");
	node_add_text(item, "value", T("v"));
	shows("scopes", "<p>1ihere<b>p</b><b>q</b></p><p>2ownown-</p>none"
	    "<p>vherey</p>ade");
}

/* If this vanished, a page could break where a handler left a node out. */
static void missing_nodes_are_nothing(void **state)
{
	(void)state;
	node_add_number(root, "list", 3);
	shows("scopes", "<p>empty</p>nonebcf");
	root = NULL;
	root = node_object(a);
	shows("escape", "<p title=\"\"></p><a href=\"#\">1</a>"
	    "<a href=\"/people/?q=\">2</a><textarea>\n</textarea>");
}

/* If this vanished, a kind of value could be written for the wrong reader. */
static void every_kind_is_written(void **state)
{
	struct node *v = node_add_list(root, "values");
	day vague = day_of(2019, 5, 1);

	(void)state;
	vague.precision = MONTH;
	node_add_text(v, NULL, T("<t>"));
	node_add_word(v, NULL, "nav.today");
	node_add_code(v, NULL, "role", T("lawyer"));
	node_add_number(v, NULL, -1714);
	node_add_bool(v, NULL, true);
	node_add_bool(v, NULL, false);
	node_add_day(v, NULL, day_of(2027, 3, 12));
	node_add_day(v, NULL, vague);
	node_add_day(v, NULL, (day){ 0 });
	node_add_instant(v, NULL, instant_of(day_of(2026, 11, 24), 9, 5));
	node_add_instant(v, NULL, (instant){ 0 });
	node_add_money(v, NULL, (money){ -120050, "PEN" });
	node_add_null(v, NULL);
	node_add_object(v, NULL);
	node_add_number(root, "n", 1);
	node_add_text(node_add_list(root, "people"), NULL, T("x"));
	shows("kinds",
	    "<p>&lt;t&gt;|&lt;t&gt;|&lt;t&gt;|</p>"
	    "<p>Hoy|Hoy|nav.today|</p>"
	    "<p>&lt;role lawyer&gt;|&lt;role lawyer&gt;|lawyer|</p>"
	    "<p>−1,714|−1,714|-1714|</p>"
	    "<p>Sí|Sí|yes|</p><p>No|No|no|</p>"
	    "<p>12 de marzo de 2027|12/03/2027|2027-03-12|viernes</p>"
	    "<p>mayo de 2019|05/2019|2019-05|miércoles</p>"
	    "<p>|||</p>"
	    "<p>24/11/2026 09:05|24/11/2026 09:05|2026-11-24T14:05:00Z|"
	    "martes</p><p>|||</p>"
	    "<p>S/ −1,200.50|S/ −1,200.50|-1200.50|</p>"
	    "<p>|||</p><p>|||</p>"
	    "<p>1 persona 1 persona es</p>");
}

/* If this vanished, two forms could share a key and one be refused. */
static void forms_have_their_own_secrets(void **state)
{
	(void)state;
	node_add_text(root, "a", T("<K7F3>"));
	node_add_text(root, "b", T("{0}"));
	node_add_number(root, "v", 12345);
	shows("message", "<p>Acceso de emergencia a &lt;K7F3&gt; hasta {0}. "
	    "Solo lectura; cada vista queda registrada.</p>"
	    "<form action=\"/x\" method=\"post\">"
	    "<input type=\"hidden\" name=\"_csrf\" value=\"se&quot;cret\">"
	    "<input type=\"hidden\" name=\"_idem\" "
	    "value=\"abababababababababababababababab\">"
	    "<input type=\"hidden\" name=\"_v\" value=\"7\"></form>"
	    "<form action=\"/y\" method=\"post\">"
	    "<input type=\"hidden\" name=\"_csrf\" value=\"se&quot;cret\">"
	    "<input type=\"hidden\" name=\"_idem\" "
	    "value=\"abababababababababababababababaa\">"
	    "<input type=\"hidden\" name=\"_v\" value=\"12345\"></form>");
}

/* If this vanished, a page cut short could be sent as a whole one. */
static void limits_are_refusals(void **state)
{
	CLEANUP(buf_free) struct buf out = buf_new(40);
	CLEANUP(buf_free) struct buf room = buf_new(64 * KIB);
	struct render ctx = context();
	struct arena *tiny = arena_new(16);

	(void)state;
	node_add_text(root, "a", T("a text that is long enough for the end"));
	assert_int_equal(template_render(template_find("escape"), root, &ctx,
	    &out).code, E_TOO_LARGE);

	node_add_instant(root, "b", instant_of(day_of(2026, 11, 24), 9, 5));
	ctx.arena = tiny;
	assert_non_null(tiny);
	assert_int_equal(template_render(template_find("message"), root, &ctx,
	    &room).code, E_NO_MEMORY);
	arena_free(tiny);
}

/* If this vanished, a page asked for by a wrong name could be any page. */
static void names_are_exact(void **state)
{
	(void)state;
	assert_null(template_find("esc"));
	assert_null(template_find(""));
	assert_string_equal(template_find("kinds")->name, "kinds");
	assert_null(template_at(4));
	assert_non_null(template_at(3));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_place_escapes, fresh),
		cmocka_unit_test_setup(addresses_stay_at_home, fresh),
		cmocka_unit_test_setup(scopes_find_inwards_first, fresh),
		cmocka_unit_test_setup(missing_nodes_are_nothing, fresh),
		cmocka_unit_test_setup(every_kind_is_written, fresh),
		cmocka_unit_test_setup(forms_have_their_own_secrets, fresh),
		cmocka_unit_test_setup(limits_are_refusals, fresh),
		cmocka_unit_test_setup(names_are_exact, fresh),
	};

	if (argc < 2)
		return 2;
	dir = argv[1];
	return cmocka_run_group_tests(tests, start, stop);
}
