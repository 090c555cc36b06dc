#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD "list,code,label_es,label_en,retired,note\n"

static char path[256];

/* Opens bytes as a file of codes. */
static result open_bytes(const char *bytes, struct codes **ret, text *said)
{
	const char *under = getenv("TMPDIR");
	FILE *f;
	int fd;
	result got;

	snprintf(path, sizeof(path), "%s/codes-XXXXXX",
	    under == NULL ? "/tmp" : under);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	assert_true(fputs(bytes, f) >= 0);
	assert_int_equal(fclose(f), 0);
	got = codes_open(path, arena, ret, said);
	assert_int_equal(unlink(path), 0);
	return got;
}

static void refuses(const char *bytes, int line, const char *what)
{
	struct codes *c = NULL;
	char begin[300];
	text said = T("");

	assert_result(open_bytes(bytes, &c, &said), INVALID);
	assert_null(c);
	snprintf(begin, sizeof(begin), "%s: line %d: ", path, line);
	if (!text_starts(said, text_of(begin)) ||
	    memmem(said.p, said.n, what, strlen(what)) == NULL)
		fail_msg("%s", said.p);
}

static void faults(void **state)
{
	/* Dies when a fault in the file of codes is taken, or its message
	 * sends the reader to another line. */
	static const char good[] = "sex,f,Mujer,Woman,,\n"
	    "sex,m,Varón,Man,,\n";
	char bytes[2000];

	(void)state;
	snprintf(bytes, sizeof(bytes), HEAD "%ssex,x,Otro\n%s", good, "");
	refuses(bytes, 4, "six columns");
	snprintf(bytes, sizeof(bytes), HEAD "sex,,Mujer,Woman,,\n%s", good);
	refuses(bytes, 2, "must be there");
	snprintf(bytes, sizeof(bytes), HEAD "%ssex,x,Otro,,,\n"
	    "side,a,Uno,One,,\n", good);
	refuses(bytes, 4, "must be there");
	snprintf(bytes, sizeof(bytes), HEAD "%sside,a,Uno,One,,\n"
	    "sex,x,Otro,Other,,\nside,b,Dos,Two,,\n", good);
	refuses(bytes, 5, "stand together");
	snprintf(bytes, sizeof(bytes), HEAD "%ssex,m,Otro,Other,,\n", good);
	refuses(bytes, 4, "twice");
	snprintf(bytes, sizeof(bytes), HEAD "%ssex,\"x\"y,Otro,Other,,\n"
	    "side,a,Uno,One,,\n", good);
	refuses(bytes, 4, "");
	snprintf(bytes, sizeof(bytes), HEAD "%ssex,\"x,Otro,Other,,\n", good);
	refuses(bytes, 4, "");
	snprintf(bytes, sizeof(bytes), HEAD "%ssex,x,\xf1,Other,,\n", good);
	refuses(bytes, 4, "UTF-8");
}

static void unreadable(void **state)
{
	/* Dies when a missing file is a crash or an empty list. */
	struct codes *c = NULL;
	text said = T("");

	(void)state;
	assert_result(codes_open("/nonexistent/codes.csv", arena, &c, &said),
	    IO);
	assert_text(said, "/nonexistent/codes.csv: cannot be read");
	assert_null(c);
	codes_close(&c);
}

static void small(void **state)
{
	/* Dies when quoting, a retired code or file order is lost. */
	struct codes *c;
	const struct code *list;
	text said;
	size_t n;

	(void)state;
	assert_good(open_bytes(HEAD "b,two,\"Dos, o \"\"2\"\"\",Two,,note\n"
	    "b,one,Uno,One,2026-01-01,\na,x,Equis,Ex,,\n", &c, &said));
	list = codes_list(c, "b", &n);
	assert_int_equal(n, 2);
	assert_text(list[0].code, "two");
	assert_text(list[0].label[LANG_ES], "Dos, o \"2\"");
	assert_text(list[0].note, "note");
	assert_false(list[0].retired);
	assert_true(list[1].retired);
	assert_text(codes_label(c, "b", T("one"), LANG_EN), "One");
	assert_text(codes_label(c, "b", T("three"), LANG_EN), "three");
	assert_text(codes_label(c, "none", T("x"), LANG_EN), "x");
	assert_null(codes_find(c, "b", T("x")));
	assert_null(codes_list(c, "none", &n));
	assert_int_equal(n, 0);
	codes_close(&c);
	assert_null(c);
	assert_good(open_bytes(HEAD, &c, &said));
	assert_null(codes_list(c, "b", &n));
	codes_close(&c);
}

static void whole_file(void **state)
{
	/* Dies when a field names a list that data/codes.csv does not have,
	 * or a list there has nothing that can be chosen. */
	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		for (size_t k = 0; k < entity_all[i]->n; k++) {
			const struct field *f = &entity_all[i]->fields[k];
			const struct code *list;
			size_t n;
			size_t live = 0;

			if (f->codes == NULL) {
				assert_true(f->kind != KIND_CODE &&
				    f->kind != KIND_CODES);
				continue;
			}
			list = codes_list(codes, f->codes, &n);
			if (list == NULL)
				fail_msg("%s.%s: no list %s",
				    entity_all[i]->name, f->name, f->codes);
			for (size_t j = 0; j < n; j++)
				live += list[j].retired ? 0 : 1;
			assert_true(live > 0);
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(small),
		cmocka_unit_test(whole_file),
	};

	return check_run(argc, argv, "entity codes", tests, LENGTH(tests));
}
