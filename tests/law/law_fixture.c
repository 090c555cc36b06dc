#include "law_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_ARENA = 64 * MIB, FILES = 6 };

static const char *const names[FILES] = { "credits.csv",
	"detention_limits.csv", "distance.csv", "holidays.csv", "rules.csv",
	"suspensions.csv" };

int fixture_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->arena = arena_new(TEST_ARENA);
	assert_non_null(f->arena);
	assert_true(is_ok(law_open("data", f->arena, &f->law, NULL)));
	*state = f;
	return 0;
}

int fixture_close(void **state)
{
	struct fixture *f = *state;

	law_close(f->law);
	arena_free(f->arena);
	free(f);
	return 0;
}

text file_text(struct arena *a, const char *path)
{
	FILE *in = fopen(path, "rb");
	char *p = arena_take(a, MIB);
	size_t n;

	assert_non_null(in);
	assert_non_null(p);
	n = fread(p, 1, MIB, in);
	assert_true(n < MIB);
	fclose(in);
	return (text){ p, n };
}

static void write_file(const char *path, text bytes)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_true(fwrite(bytes.p, 1, bytes.n, out) == bytes.n);
	assert_int_equal(fclose(out), 0);
}

static void path_of(char *to, const struct folder *f, const char *name)
{
	snprintf(to, 256, "%s/%s", f->path, name);
}

struct folder folder_new(void)
{
	struct folder f = { "/tmp/alas-law-XXXXXX" };
	struct arena *a = arena_new(TEST_ARENA);

	assert_non_null(a);
	assert_non_null(mkdtemp(f.path));
	for (size_t i = 0; i < FILES; i++) {
		char from[256];

		snprintf(from, sizeof(from), "data/%s", names[i]);
		folder_write(&f, names[i], file_text(a, from));
	}
	arena_free(a);
	return f;
}

void folder_remove(struct folder *f)
{
	char path[256];

	for (size_t i = 0; i < FILES; i++) {
		path_of(path, f, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->path), 0);
}

void folder_write(const struct folder *f, const char *name, text bytes)
{
	char path[256];

	path_of(path, f, name);
	write_file(path, bytes);
}

void folder_append(const struct folder *f, const char *name,
    const char *bytes)
{
	char path[256];
	FILE *out;

	path_of(path, f, name);
	out = fopen(path, "ab");
	assert_non_null(out);
	assert_true(fputs(bytes, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

void folder_replace(const struct folder *f, const char *name,
    const char *from, const char *to)
{
	struct arena *a = arena_new(TEST_ARENA);
	struct buf b = buf_new(MIB);
	char path[256];
	text was;
	char *found;

	assert_non_null(a);
	path_of(path, f, name);
	was = file_text(a, path);
	found = memmem(was.p, was.n, from, strlen(from));
	assert_non_null(found);
	buf_add(&b, was.p, (size_t)(found - was.p));
	buf_add(&b, to, strlen(to));
	found += strlen(from);
	buf_add(&b, found, (size_t)(was.p + was.n - found));
	write_file(path, buf_view(&b));
	buf_free(&b);
	arena_free(a);
}

void folder_unlink(const struct folder *f, const char *name)
{
	char path[256];

	path_of(path, f, name);
	assert_int_equal(unlink(path), 0);
}

struct law *folder_law(const struct folder *f, struct arena *a)
{
	struct law *law = NULL;

	assert_true(is_ok(law_open(f->path, a, &law, NULL)));
	return law;
}

struct law *pe_test_law(struct arena *a)
{
	struct folder f = folder_new();
	struct law *law;

	folder_write(&f, "holidays.csv",
	    file_text(a, "data/calendar-test.csv"));
	folder_append(&f, "rules.csv",
	    "R-APEL,R-APEL,,,,party,bd,5,,courts,none,trigger,no,no,yes,,,4,"
	    "Apelar (prueba),Appeal (test),notificación,fixture,C,\n"
	    "R-CAS,R-CAS,,,,party,bd,10,,courts,none,trigger,no,no,yes,,,0,"
	    "Casación (prueba),Cassation (test),notificación,fixture,C,\n"
	    "R-LIM36,R-LIM36,,,,authority,mon_incl,36,,none,none,trigger,no,"
	    "no,no,,,0,Límite (prueba),Limit (test),detención,fixture,C,\n");
	law = folder_law(&f, a);
	folder_remove(&f);
	return law;
}

day on(const char *iso)
{
	day d;

	assert_true(day_read(text_of(iso), &d));
	return d;
}

instant at(const char *lima)
{
	instant t;

	assert_true(instant_read(text_of(lima), &t));
	return t;
}

void assert_day(day d, const char *iso)
{
	struct arena *a = arena_new(MIB);

	assert_non_null(a);
	assert_string_equal(day_iso(a, d).p, iso);
	arena_free(a);
}

void assert_text(text t, const char *wanted)
{
	if (text_same(t, text_of(wanted)))
		return;
	print_error("\"%.*s\" is not \"%s\"\n", (int)t.n, t.p, wanted);
	fail();
}
