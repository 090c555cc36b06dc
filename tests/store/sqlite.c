/* What only the SQLite driver promises: one opener, its pragmas, and what
 * a failing disk does (faults 8, 10, 11, 13). */
#include "ground.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

/* ---- a disk that fails ------------------------------------------------ */

/*
 * The default VFS with a counter in front: the n-th write, or the n-th
 * fsync, fails.  The driver does not know that it is there.
 */
struct failing_file { sqlite3_file base; sqlite3_file *real; };

static sqlite3_vfs failing_vfs;
static sqlite3_vfs *real_vfs;
static struct { long writes_left, syncs_left; int syncs_failed; } disk;

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct failing_file *)f)->real;
}

static int f_close(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (disk.writes_left == 0)
		return SQLITE_FULL;
	if (disk.writes_left > 0)
		disk.writes_left--;
	return real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return real(f)->pMethods->xTruncate(real(f), n);
}

static int f_sync(sqlite3_file *f, int flags)
{
	if (disk.syncs_left == 0) {
		disk.syncs_failed++;
		return SQLITE_IOERR_FSYNC;
	}
	if (disk.syncs_left > 0)
		disk.syncs_left--;
	return real(f)->pMethods->xSync(real(f), flags);
}

static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return real(f)->pMethods->xFileSize(real(f), n);
}

static int f_lock(sqlite3_file *f, int how)
{
	return real(f)->pMethods->xLock(real(f), how);
}

static int f_unlock(sqlite3_file *f, int how)
{
	return real(f)->pMethods->xUnlock(real(f), how);
}

static int f_reserved(sqlite3_file *f, int *ret)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), ret);
}

static int f_control(sqlite3_file *f, int op, void *p)
{
	return real(f)->pMethods->xFileControl(real(f), op, p);
}

static int f_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int f_traits(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

/* Version 1: without shared memory, which must not be needed. */
static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = f_close, .xRead = f_read, .xWrite = f_write,
	.xTruncate = f_truncate, .xSync = f_sync, .xFileSize = f_size,
	.xLock = f_lock, .xUnlock = f_unlock,
	.xCheckReservedLock = f_reserved, .xFileControl = f_control,
	.xSectorSize = f_sector, .xDeviceCharacteristics = f_traits,
};

static int f_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
    int flags, int *out)
{
	struct failing_file *ours = (struct failing_file *)f;
	int code;

	(void)vfs;
	ours->real = (sqlite3_file *)(ours + 1);
	code = real_vfs->xOpen(real_vfs, name, ours->real, flags, out);
	f->pMethods = ours->real->pMethods == NULL ? NULL : &methods;
	return code;
}

static int failing_install(void **state)
{
	(void)state;
	real_vfs = sqlite3_vfs_find(NULL);
	failing_vfs = *real_vfs;
	failing_vfs.zName = "failing";
	failing_vfs.szOsFile = (int)sizeof(struct failing_file) +
	    real_vfs->szOsFile;
	failing_vfs.xOpen = f_open;
	disk.writes_left = disk.syncs_left = -1;
	return sqlite3_vfs_register(&failing_vfs, 1);
}

static int failing_remove(void **state)
{
	(void)state;
	return sqlite3_vfs_unregister(&failing_vfs);
}

/* One thing more; the disk is as the caller left it. */
static result add_one(struct ground *g, uint64_t n)
{
	struct tx *tx = NULL;
	id i = id_of(n);
	result r = tx_begin(g->store, TX_WRITE, &tx);

	if (!is_ok(r))
		return r;
	r = store_run(tx, &sql_thing_add, (struct arg[]){ arg_id("id", i),
	    arg_number("v", 1), arg_null("name"), arg_null("record") }, 4,
	    NULL);
	if (!is_ok(r)) {
		tx_abort(&tx);
		return r;
	}
	return tx_commit(&tx);
}

static bool is_there(struct ground *g, uint64_t n)
{
	struct tx *tx = ground_begin(g, TX_READ);
	bool there = thing_there(tx, n);

	tx_abort(&tx);
	return there;
}

static void disk_full_at_every_write(void **state)
{
	/* Without this a full disk could leave half an operation, or stop
	 * reading, or need a restart to recover (P6). */
	struct ground *g = *state;
	long at = 0;

	for (;; at++) {
		result r;

		assert_true(at < 1000);
		disk.writes_left = at;
		r = add_one(g, (uint64_t)at + 1);
		disk.writes_left = -1;
		if (is_ok(r))
			break;
		assert_int_equal(r.code, E_FULL);
		assert_false(is_there(g, (uint64_t)at + 1));
		/* Room again: it goes on without a restart. */
		assert_good(add_one(g, (uint64_t)at + 10001));
		assert_good(store_check(g->store));
	}
	assert_true(at >= 2);
	ground_open(g);
	for (long n = 0; n < at; n++) {
		assert_false(is_there(g, (uint64_t)n + 1));
		assert_true(is_there(g, (uint64_t)n + 10001));
	}
	assert_true(is_there(g, (uint64_t)at + 1));
}

static void a_failed_fsync_is_not_retried(void **state)
{
	/* Without this a second fsync would say OK about pages that the
	 * system dropped after the first. */
	struct ground *g = *state;
	int failed;

	assert_good(add_one(g, 1));
	disk.syncs_left = 0;
	disk.syncs_failed = 0;
	assert_result(add_one(g, 2), IO);
	disk.syncs_left = -1;
	failed = disk.syncs_failed;
	assert_true(failed > 0);
	assert_false(is_there(g, 2));
	assert_true(is_there(g, 1));
	assert_result(add_one(g, 3), IO);
	assert_good(store_rest(g->store));
	assert_int_equal(disk.syncs_failed, failed);
	ground_open(g);
	assert_false(is_there(g, 2));
	assert_good(add_one(g, 3));
	assert_good(store_check(g->store));
}

static void disk_full_in_a_migration(void **state)
{
	/* Without this a full disk could leave half a schema (P13). */
	struct ground *g = *state;
	char sql[] = "CREATE TABLE later (id BIGINT);";
	size_t n = 0;
	int at, head;
	long left = 0;

	ground_close(g);
	while (g->migrations[n].number != 0)
		n++;
	g->migrations[n] = (struct migration){ 9001, "9001-later", sql };
	for (;; left++) {
		result r;

		assert_true(left < 1000);
		assert_good(ground_try(g, test_statements, false,
		    &g->store));
		disk.writes_left = left;
		r = store_migrate(g->store);
		disk.writes_left = -1;
		assert_good(store_migration(g->store, &at, &head));
		assert_int_equal(at, is_ok(r) ? 9001 : 9000);
		if (is_ok(r))
			break;
		assert_int_equal(r.code, E_FULL);
		ground_close(g);
	}
	assert_true(left >= 2);
}

/* ---- one opener ------------------------------------------------------- */

static void a_second_opener_is_refused(void **state)
{
	/* Without this two programs could checkpoint at once, which loses
	 * commits with Debian's SQLite. */
	struct ground *g = *state;
	struct store *second = NULL;
	int status = 0;
	pid_t child;

	assert_result(ground_try(g, test_statements, false, &second),
	    UNAVAILABLE);
	assert_null(second);
	assert_non_null(strstr(store_message(NULL), "another program"));
	fflush(NULL);
	child = fork();
	if (child == 0) {
		/* A process of its own forgets what it inherited. */
		char where[1100];

		snprintf(where, sizeof(where), "%s/facts", g->folder);
		execl("/proc/self/exe", "sqlite", "second", where,
		    (char *)NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), E_UNAVAILABLE);
	/* The first one is as before. */
	assert_good(add_one(g, 1));
	ground_open(g);
	assert_true(is_there(g, 1));
}

static int second_process(const char *where)
{
	struct store *s = NULL;
	result r = store_open(&(struct store_options){ .where = where }, &s);

	store_close(&s);
	return r.code;
}

static long size_of(const char *folder, const char *name)
{
	struct stat st;
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static void the_files_are_as_said(void **state)
{
	/* Without this a pragma could go missing unseen: no -shm tells that
	 * the lock came before the WAL, the WAL grows and is cut at rest. */
	struct ground *g = *state;

	assert_good(add_one(g, 1));
	assert_int_equal(size_of(g->folder, "facts-shm"), -1);
	assert_true(size_of(g->folder, "facts-wal") > 0);
	assert_good(store_rest(g->store));
	assert_int_equal(size_of(g->folder, "facts-wal"), 0);
	ground_close(g);
	assert_int_equal(size_of(g->folder, "facts-wal"), -1);
}

static const char *pragma(struct ground *g, const char *sql)
{
	static char value[64];
	sqlite3_stmt *st = NULL;

	/* The first member of the driver's own is the connection. */
	sqlite3 *db = *(sqlite3 **)(void *)g->store->sqlite;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	snprintf(value, sizeof(value), "%s",
	    (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return value;
}

static void the_pragmas_are_set(void **state)
{
	/* Without this "on disk", "wiped" and "alone" would depend on what
	 * Debian compiles in. */
	struct ground *g = *state;

	assert_string_equal(pragma(g, "PRAGMA locking_mode"), "exclusive");
	assert_string_equal(pragma(g, "PRAGMA journal_mode"), "wal");
	assert_string_equal(pragma(g, "PRAGMA synchronous"), "2");
	assert_string_equal(pragma(g, "PRAGMA foreign_keys"), "1");
	assert_string_equal(pragma(g, "PRAGMA secure_delete"), "1");
	assert_string_equal(pragma(g, "PRAGMA trusted_schema"), "0");
	assert_string_equal(pragma(g, "PRAGMA cell_size_check"), "1");
	assert_string_equal(pragma(g, "PRAGMA temp_store"), "2");
	assert_string_equal(pragma(g, "PRAGMA mmap_size"), "0");
	assert_string_equal(pragma(g, "PRAGMA wal_autocheckpoint"), "1000");
}

static void in_memory_works_too(void **state)
{
	/* Without this tests of the rooms above would need files. */
	struct store *s = NULL;
	struct tx *tx = NULL;

	(void)state;
	assert_good(store_open(&(struct store_options){
	    .where = ":memory:" }, &s));
	assert_good(store_migrate(s));
	assert_good(tx_begin(s, TX_WRITE, &tx));
	assert_good(tx_commit(&tx));
	assert_good(store_rest(s));
	assert_good(store_check(s));
	store_close(&s);
	assert_null(s);
	store_close(&s);
}

static void tables_instead_of_migrations(void **state)
{
	/* Without this the projection would carry the tables of the facts,
	 * and a table that is wrong would be found by its first user. */
	static const char *const good[] = {
		"CREATE TABLE counter (id BIGINT, n BIGINT)",
		"INSERT INTO counter VALUES (1, 7)", NULL };
	static const char *const bad[] = { "CREATE TABLE (", NULL };
	static const struct statement *const list[] = { &sql_counter_get,
		NULL };
	struct store_options o = { .where = ":memory:", .statements = list,
		.tables = good };
	struct store *s = NULL;
	struct tx *tx = NULL;
	struct row_set *rows = NULL;
	bool there = false;
	int at = -1, head = -1;

	(void)state;
	assert_good(store_open(&o, &s));
	assert_good(store_migration(s, &at, &head));
	assert_int_equal(at, 0);
	assert_int_equal(head, 0);
	assert_good(tx_begin(s, TX_READ, &tx));
	assert_good(store_query(tx, &sql_counter_get, NULL, 0, &rows));
	assert_good(row_next(rows, &there));
	assert_int_equal(column_number(rows, "n"), 7);
	row_end(&rows);
	tx_abort(&tx);
	store_close(&s);
	o.tables = bad;
	assert_result(store_open(&o, &s), STORE);
	/* No statement at all is not "no memory". */
	o = (struct store_options){ .where = ":memory:",
	    .tables = (const char *const[]){ NULL } };
	assert_good(store_open(&o, &s));
	store_close(&s);
}

/* ---- what is not a database ------------------------------------------- */

static void overwrite(const struct ground *g, long at, long n)
{
	int fd = open(g->where, O_WRONLY);
	char junk[512];

	assert_true(fd >= 0);
	memset(junk, 0x5a, sizeof(junk));
	for (; n > 0; n -= (long)sizeof(junk), at += (long)sizeof(junk))
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at),
		    sizeof(junk));
	close(fd);
}

static void not_a_database(void **state)
{
	/* Without this a damaged file could be taken for an empty one. */
	struct ground *g = *state;
	struct store *s = NULL;

	ground_close(g);
	overwrite(g, 0, 512);
	assert_result(ground_try(g, test_statements, false, &s), CORRUPT);
	assert_null(s);
}

static void damage_is_noticed(void **state)
{
	/* Without this a flipped page would be shown as data (P14). */
	struct ground *g = *state;
	long pages;
	result r;

	for (uint64_t n = 1; n <= 500; n++)
		assert_good(add_one(g, n));
	assert_good(store_check(g->store));
	ground_close(g);
	pages = size_of(g->folder, "facts") / 4096;
	for (long n = pages / 2; n < pages; n++)
		overwrite(g, n * 4096, 4096);
	r = ground_try(g, test_statements, false, &g->store);
	if (is_ok(r))
		r = store_check(g->store);
	assert_int_equal(r.code, E_CORRUPT);
}

static void no_such_folder(void **state)
{
	/* Without this a wrong path would look like our fault. */
	struct store *s = NULL;

	(void)state;
	assert_result(store_open(&(struct store_options){
	    .where = "/nowhere/at/all/facts" }, &s), UNAVAILABLE);
	assert_true(strlen(store_message(NULL)) > 0);
	/* Reading does not make a file. */
	assert_result(store_open(&(struct store_options){
	    .where = "/nowhere", .read_only = true }, &s), UNAVAILABLE);
}

static void a_foreign_key_by_hand(void **state)
{
	/* Without this the check would miss what somebody did outside. */
	struct ground *g = *state;
	sqlite3 *db = NULL;

	ground_close(g);
	assert_int_equal(sqlite3_open(g->where, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA foreign_keys = OFF;"
	    "INSERT INTO part (thing_id, n) VALUES (x'00', 1);", NULL, NULL,
	    NULL), SQLITE_OK);
	sqlite3_close(db);
	ground_open(g);
	assert_result(store_check(g->store), CORRUPT);
	assert_non_null(strstr(store_message(g->store), "part"));
}

#define ON(f) cmocka_unit_test_prestate_setup_teardown(f, ground_make,       \
    ground_free, &on_sqlite)

int main(int argc, char **argv)
{
	const struct CMUnitTest files[] = {
		ON(a_second_opener_is_refused),
		ON(the_files_are_as_said),
		ON(the_pragmas_are_set),
		cmocka_unit_test(in_memory_works_too),
		cmocka_unit_test(tables_instead_of_migrations),
		ON(not_a_database),
		ON(damage_is_noticed),
		cmocka_unit_test(no_such_folder),
		ON(a_foreign_key_by_hand),
	};
	const struct CMUnitTest failing[] = {
		ON(disk_full_at_every_write),
		ON(a_failed_fsync_is_not_retried),
		ON(disk_full_in_a_migration),
	};

	if (argc == 3 && strcmp(argv[1], "second") == 0)
		return second_process(argv[2]);
	return cmocka_run_group_tests_name("files", files, NULL, NULL) +
	    cmocka_run_group_tests_name("a failing disk", failing,
	    failing_install, failing_remove);
}
