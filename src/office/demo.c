#include "demo.h"

#include "office.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <dirent.h>

enum { PERSONS_USUAL = 60, PERSONS_MAX = 500000, BATCH_BYTES = 64 * MIB };

text
office_demo_passphrase(void)
{
	return T("gente inventada para mirar y probar");
}

/* NOBODY: the nine users, and not one person. */
enum { NOBODY = -1 };
struct wanted { const char *folder; int64_t persons, seed; };

static bool
read_persons(const char *typed, int64_t *ret)
{
	if (strcmp(typed, "none") == 0) {
		*ret = NOBODY;
		return true;
	}
	return text_integer(text_of(typed), ret) && *ret >= 0 &&
	    *ret <= PERSONS_MAX;
}

static bool
read_arguments(int argc, char **argv, struct office_options *o,
    struct wanted *w)
{
	w->persons = PERSONS_USUAL;
	w->seed = 1;
	for (int i = 0; i < argc; i++) {
		bool last = i + 1 >= argc;

		if (argv[i][0] != '-') {
			w->folder = argv[i];
			continue;
		}
		if (last)
			return false;
		if (strcmp(argv[i], "--persons") == 0) {
			if (!read_persons(argv[++i], &w->persons))
				return false;
		} else if (strcmp(argv[i], "--postgres") == 0) {
			o->postgres = argv[++i];
		} else if (strcmp(argv[i], "--seed") == 0) {
			if (!text_integer(text_of(argv[++i]), &w->seed))
				return false;
		} else if (strcmp(argv[i], "--now") == 0) {
			if (!instant_read(text_of(argv[++i]), &o->now))
				return false;
		} else {
			return false;
		}
	}
	return w->folder != NULL;
}

/* An office that is there is never written over. */
static bool
folder_is_free(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	bool empty = true;

	if (d == NULL)
		return errno == ENOENT;
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0)
			empty = false;
	}
	closedir(d);
	return empty;
}

/* The folder and those above it. */
static bool
make_folders(const char *folder)
{
	char path[4096];
	size_t n = strlen(folder);

	if (n >= sizeof(path))
		return false;
	for (size_t i = 1; i <= n; i++) {
		if (folder[i] != '/' && folder[i] != '\0')
			continue;
		memcpy(path, folder, i);
		path[i] = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return false;
	}
	return true;
}

static result
make_vault(struct demo *d)
{
	struct office_new in = { .flags = VAULT_DEMONSTRATION };
	/* Known as the passphrase is, so that the sheet can be tried out. */
	static const uint8_t random[PHRASE_RANDOM] = "gente inventada ";
	char phrase[PHRASE_TEXT + 1];
	char secret[PHRASE_SECRET];

	for (int i = 0; i < 2; i++) {
		in.kdf[i] = kdf_floor;
		d->office->chance->fill(d->office->chance->self,
		    in.kdf[i].salt, sizeof(in.kdf[i].salt));
	}
	phrase_text(random, phrase);
	if (phrase_read(text_of(phrase), secret) != 0)
		return fault(BUG);
	TRY(vault_kek(office_demo_passphrase(), &in.kdf[0],
	    &in.kek_passphrase));
	TRY(vault_kek((text){ secret, PHRASE_SECRET }, &in.kdf[1],
	    &in.kek_phrase));
	TRY(office_make(&d->op, &in));
	TRY(office_set(&d->op, "office_name", T("ALAS, Lima")));
	return demo_flush(d);
}

static result
fill(struct demo *d, const char *share, int64_t persons)
{
	TRY(demo_flush(d));
	TRY(make_vault(d));
	TRY(demo_read_names(d, share));
	TRY(demo_add_users(d));
	TRY(guard_load(&d->op, NULL));
	op_abort(&d->op);
	if (persons != NOBODY)
		TRY(demo_add_lives(d));
	for (int64_t i = 0; i < persons; i++)
		TRY(demo_add_person(d, (size_t)i));
	TRY(demo_flush(d));
	return store_rest(d->office->store);
}

static int
make_demo(struct office_options *o, const struct wanted *w, struct arena *a)
{
	struct demo *d = arena_take(a, sizeof(*d));
	text said = T("");
	result got;

	if (d == NULL)
		return 1;
	d->arena = a;
	d->batch = arena_new(BATCH_BYTES);
	d->random = (uint64_t)w->seed;
	d->now = o->now.known ? o->now : office_now();
	d->today = instant_day(d->now);
	got = d->batch == NULL ? fault(NO_MEMORY) :
	    office_open(o, a, &d->office, &said);
	if (is_ok(got)) {
		d->op = (struct op){ .office = d->office,
			.arena = d->batch, .now = d->now,
			.today = d->today };
		got = fill(d, o->share, w->persons);
	}
	if (!is_ok(got)) {
		struct fault_trace f = base_fault_last();

		fprintf(stderr, "alas demo: %s %.*s (%s:%d)\n",
		    error_name(got), (int)said.n, said.p,
		    f.file == NULL ? "-" : f.file, f.line);
	}
	if (d->office != NULL)
		op_abort(&d->op);
	arena_free(d->batch);
	office_close(&d->office);
	return is_ok(got) ? 0 : 1;
}

int
office_make_demo(const struct office_options *options, int argc, char **argv)
{
	struct office_options o = *options;
	struct wanted w = { 0 };
	struct arena *a;
	int status;

	if (!read_arguments(argc, argv, &o, &w)) {
		fprintf(stderr, "use: alas demo FOLDER [--persons N|none] "
		    "[--seed S] [--now INSTANT] [--postgres WHERE]\n");
		return 2;
	}
	if (!folder_is_free(w.folder)) {
		fprintf(stderr, "alas demo: %s is not empty; nothing was "
		    "changed; name another folder\n", w.folder);
		return 1;
	}
	if (!make_folders(w.folder)) {
		fprintf(stderr, "alas demo: %s cannot be made: %s\n",
		    w.folder, strerror(errno));
		return 1;
	}
	o.data = w.folder;
	a = arena_new(OP_ARENA_MAX);
	if (a == NULL)
		return 1;
	status = make_demo(&o, &w, a);
	arena_free(a);
	return status;
}
