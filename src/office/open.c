#include "office.h"

#include "audit.h"
#include "desk.h"
#include "law.h"
#include "lifecycle.h"
#include "ops_sql.h"
#include "audit_sql.h"
#include "facts_sql.h"
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATEMENTS_MAX = 1000 };

static const struct statement *statements[STATEMENTS_MAX + 1];

static void
add_statements(const struct statement *const *list)
{
	size_t n = 0;

	while (statements[n] != NULL)
		n++;
	for (; *list != NULL && n < STATEMENTS_MAX; list++)
		statements[n++] = *list;
	statements[n] = NULL;
}

static void
all_statements(void)
{
	statements[0] = NULL;
	add_statements(entity_statements_all);
	add_statements(facts_statements);
	add_statements(audit_statements);
	add_statements(guard_statements);
	add_statements(desk_statements);
	add_statements(ops_statements);
}

static result
open_words(struct office *o, const char *share, struct arena *a,
    text *ret_said)
{
	text dir = arena_format(a, "%s/words", share);
	text file = arena_format(a, "%s/data/codes.csv", share);
	text data = arena_format(a, "%s/data", share);
	struct words *words;
	struct codes *codes;
	struct law *law;
	struct law_report *wrong = arena_take(a, sizeof(*wrong));

	NEED(wrong);
	NEED(dir.p);
	NEED(file.p);
	NEED(data.p);
	*ret_said = arena_format(a, "%s: the catalogues cannot be read; "
	    "is the program installed whole?", dir.p);
	TRY(words_open(dir.p, &words));
	o->words = words;
	TRY(codes_open(file.p, a, &codes, ret_said));
	o->codes = codes;
	*ret_said = arena_format(a, "%s: the files of the law have faults; "
	    "take those of the program again", data.p);
	TRY(law_open(data.p, a, &law, wrong));
	o->law = law;
	*ret_said = T("");
	return OK;
}

static result
make_folder(const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	return fault(IO);
}

/*
 * How to reach PostgreSQL, from a file of ours that nobody else may read:
 * a password is never an argument.
 */
static result
read_connection(const char *path, struct arena *a, text *ret,
    text *ret_said)
{
	enum { CONNECTION_MAX = 4 * KIB };
	char *bytes = arena_take(a, CONNECTION_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	NEED(bytes);
	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 077) == 0)
		n = read(fd, bytes, CONNECTION_MAX - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0) {
		*ret_said = arena_format(a, "%s: cannot be read, or others "
		    "may read it (chmod 600)", path);
		return fault(IO);
	}
	*ret = arena_text(a, text_trim((text){ bytes, (size_t)n }));
	NEED(ret->p);
	return OK;
}

static result
open_store(struct office *o, const struct office_options *options,
    struct arena *a, text *ret_said)
{
	struct store_options s = { .statements = statements };
	text path = arena_format(a, "%s/db/office.sqlite", options->data);
	result got;

	if (options->postgres != NULL)
		TRY(read_connection(options->postgres, a, &path, ret_said));
	NEED(path.p);
	all_statements();
	s.where = path.p;
	got = store_open(&s, &o->store);
	if (!is_ok(got)) {
		*ret_said = arena_format(a, "the database: %s",
		    store_message(NULL));
		return got;
	}
	got = store_migrate(o->store);
	if (!is_ok(got))
		*ret_said = arena_format(a, "the database: %s",
		    store_message(o->store));
	return got;
}

static result
open_rooms(struct office *o, const struct office_options *options)
{
	TRY(keyring_new(&o->keyring));
	TRY(audit_open(o, &o->audit));
	TRY(guard_open(o, &o->guard));
	TRY(desk_open(o, &o->desk));
	TRY(office_settings_new(o));
	return runner_new(options->runner, &o->runner);
}

/* Only asked now: later this process sees nothing but its folder. */
static bool
age_is_there(struct arena *a)
{
	text path = text_of(getenv("PATH"));

	while (path.n > 0) {
		text folder = text_cut(&path, ':');
		text age = arena_format(a, "%.*s/age", (int)folder.n,
		    folder.p);

		if (folder.n > 0 && age.p != NULL && access(age.p, X_OK) == 0)
			return true;
	}
	return false;
}

/* What swaps to memory or through dm-crypt leaves nothing to be read. */
static bool
swaps_in_clear(text device, struct arena *a)
{
	char kind[64] = "";
	text name = device;
	text path;
	int fd;

	if (text_starts(device, T("/dev/zram")))
		return false;
	if (!text_starts(device, T("/dev/dm-")))
		return true;
	text_cut(&name, '/');
	text_cut(&name, '/');
	text_cut(&name, '/');
	path = arena_format(a, "/sys/block/%.*s/dm/uuid", (int)name.n,
	    name.p);
	fd = path.p == NULL ? -1 : open(path.p, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		ssize_t n = read(fd, kind, sizeof(kind) - 1);

		kind[n > 0 ? n : 0] = '\0';
		close(fd);
	}
	return !text_starts(text_of(kind), T("CRYPT-"));
}

/* The first that does; and only now, as above. */
static text
clear_swap(struct arena *a)
{
	char *bytes = arena_take(a, 4 * KIB);
	int fd = open("/proc/swaps", O_RDONLY | O_CLOEXEC);
	ssize_t n = bytes == NULL || fd < 0 ? -1 : read(fd, bytes, 4 * KIB);
	text lines = { bytes, n > 0 ? (size_t)n : 0 };

	if (fd >= 0)
		close(fd);
	text_cut(&lines, '\n');
	while (lines.n > 0) {
		text line = text_cut(&lines, '\n');
		text device = text_cut(&line, ' ');

		if (device.n > 0 && swaps_in_clear(device, a))
			return device;
	}
	return T("");
}

static result
open_all(struct office *o, const struct office_options *options,
    struct arena *a, text *ret_said)
{
	struct op op = { .office = o, .arena = a, .now = office_now() };
	text db = arena_format(a, "%s/db", options->data);
	result got;

	NEED(db.p);
	o->folder = text_of(options->data);
	o->chance = &chance_system;
	TRY(seal_start());
	TRY(open_words(o, options->share, a, ret_said));
	*ret_said = arena_format(a, "%s: cannot be made", db.p);
	TRY(make_folder(options->data));
	TRY(make_folder(db.p));
	TRY(open_store(o, options, a, ret_said));
	TRY(open_rooms(o, options));
	o->age_there = age_is_there(a);
	o->swap_clear = clear_swap(a);
	TRY(office_take_keys_part(&op, ret_said));
	got = office_read_header(&op);
	op_abort(&op);
	if (is_ok(got))
		ignore(office_renew_header(&op),
		    "the doctor says when the copies differ");
	op_abort(&op);
	if (!is_ok(got) && got.code != E_NOT_FOUND) {
		*ret_said = T("both copies of the vault header are damaged; "
		    "restore one from a backup");
		return got;
	}
	*ret_said = T("");
	return OK;
}

result
office_open(const struct office_options *options, struct arena *a,
    struct office **ret, text *ret_said)
{
	struct office *o = calloc(1, sizeof(*o));
	result got;

	if (o == NULL)
		return fault(NO_MEMORY);
	*ret_said = T("");
	got = open_all(o, options, a, ret_said);
	if (!is_ok(got)) {
		office_close(&o);
		return got;
	}
	*ret = o;
	return OK;
}

void
office_close(struct office **office)
{
	struct office *o = *office;

	if (o == NULL)
		return;
	store_copy_free(&o->copy);
	desk_close(&o->desk);
	guard_close(&o->guard);
	audit_close(&o->audit);
	keyring_free(&o->keyring);
	runner_free(o->runner);
	store_close(&o->store);
	free(o->settings);
	free(o);
	*office = NULL;
}
