/* Without these a sealed file could be lost, half there, or somebody
 * else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static char folder[] = "/tmp/alas-files-XXXXXX";
static char bytes[300000];

static text top(void)
{
	return text_of(folder);
}

static int start(void **state)
{
	char path[100];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + i / 251);
	if (!is_ok(seal_start()) || mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/files", folder);
	return mkdir(path, 0700);
}

static int stop(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static file_ref added(size_t n)
{
	file_ref ref = { .known = false };

	assert_true(is_ok(files_add(top(), &chance_system,
	    (text){ bytes, n }, &ref)));
	return ref;
}

static bool same_again(const file_ref *ref, size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(MIB);
	struct file_reading *r = NULL;
	bool end = false;
	result got = files_open(top(), ref, &r);

	while (is_ok(got) && !end)
		got = files_read(r, &b, &end);
	files_close(&r);
	return is_ok(got) && b.n == n && memcmp(b.p, bytes, n) == 0;
}

static void comes_back_whole(void **state)
{
	static const size_t sizes[] = { 1, 1023, 1024, 65535, 65536, 65537,
		131072, 299999 };

	(void)state;
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		file_ref ref = added(sizes[i]);

		assert_true(files_there(top(), &ref));
		assert_true(same_again(&ref, sizes[i]));
		ref.key[0] ^= 1;
		assert_false(same_again(&ref, sizes[i]));
		ref.key[0] ^= 1;
		ref.length++;
		assert_false(same_again(&ref, sizes[i]));
	}
}

static void path_of(const file_ref *ref, char *ret, size_t n)
{
	char hex[65] = "";

	hex_write(hex, ref->sealed_sha256, 32);
	snprintf(ret, n, "%s/files/%.2s/%.62s", folder, hex, hex + 2);
}

static void cut_or_gone_is_told(void **state)
{
	file_ref ref = added(200000);
	struct file_reading *r = NULL;
	char path[200];

	(void)state;
	path_of(&ref, path, sizeof(path));
	assert_int_equal(truncate(path, (off_t)file_sealed(200000) - 1), 0);
	assert_false(files_there(top(), &ref));
	assert_false(same_again(&ref, 200000));
	assert_true(is_ok(files_remove(top(), files_name(&ref))));
	assert_true(is_ok(files_remove(top(), files_name(&ref))));
	assert_int_equal(files_open(top(), &ref, &r).code, E_NOT_FOUND);
}

static void make(const char *name)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/files/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
}

static bool there(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/files/%s", folder, name);
	return access(path, F_OK) == 0;
}

static void orphans_go_and_nothing_else(void **state)
{
	file_ref kept = added(5);
	file_ref orphan = added(6);
	file_name names[1] = { files_name(&kept) };
	size_t removed;

	(void)state;
	make("fresh-0011223344556677");
	make("leame.txt");
	/* What a row may name is unknown: only the unfinished goes. */
	assert_true(is_ok(files_sweep(top(), NULL, 0, &removed)));
	assert_int_equal(removed, 1);
	assert_true(files_there(top(), &orphan));
	assert_true(is_ok(files_sweep(top(), names, 1, &removed)));
	assert_true(removed >= 1);
	assert_true(files_there(top(), &kept));
	assert_false(files_there(top(), &orphan));
	assert_true(there("leame.txt"));
	assert_false(there("fresh-0011223344556677"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_whole),
		cmocka_unit_test(cut_or_gone_is_told),
		cmocka_unit_test(orphans_go_and_nothing_else),
	};

	return cmocka_run_group_tests_name("files", tests, start, stop);
}
