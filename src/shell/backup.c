/* alas backup run, verify, restore: see backup.h. */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backup.h"

enum { TOKEN_MAX = 200, CONNECTION_MAX = 4 * KIB, SAID_MAX = 4 * KIB };

struct wanted {
	struct shell *s;
	const char *token, *postgres, *from, *identity, *part;
	bool over;
	char data[PATH_MAX];
	struct said said;
};

static int
failed(struct wanted *w)
{
	return say_no(w->s, EXIT_REFUSED, w->said.key, w->said.about, NULL);
}

static void
tell(struct wanted *w, const char *key, const char *a, const char *b)
{
	say_text(say_word(w->s, key, a, b));
	say_text(T("\n"));
	fflush(stdout);
}

static int
take_options(struct wanted *w, int argc, char **argv)
{
	const struct { const char *name; const char **to; } valued[] = {
		{ "--token", &w->token }, { "--postgres", &w->postgres },
		{ "--from", &w->from }, { "--identity", &w->identity },
		{ "--part", &w->part },
	};
	int at = 0;

	while (at < argc) {
		int taken = option_common(w->s, argc, argv, &at);
		size_t i = 0;

		if (taken < 0)
			return EXIT_USAGE;
		if (taken > 0)
			continue;
		if (strcmp(argv[at], "--over") == 0) {
			w->over = true;
			at++;
			continue;
		}
		while (i < LENGTH(valued) &&
		    strcmp(argv[at], valued[i].name) != 0)
			i++;
		if (i == LENGTH(valued))
			return say_no(w->s, EXIT_USAGE,
			    "shell.unknown_option", argv[at], "backup");
		if (at + 1 >= argc)
			return say_no(w->s, EXIT_USAGE, "shell.needs_value",
			    argv[at], NULL);
		*valued[i].to = argv[at + 1];
		at += 2;
	}
	return EXIT_DONE;
}

/* The bytes of a file that nobody else may read; "" and said. */
static text
private_file(struct wanted *w, const char *path, size_t most)
{
	char *bytes = arena_take(w->s->arena, most);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &is) == 0 && (is.st_mode & 077) == 0 &&
	    bytes != NULL)
		n = read(fd, bytes, most - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0) {
		ignore(backup_say(&w->said, "backup.not_private", path),
		    "said by the caller");
		return T("");
	}
	return arena_text(w->s->arena, text_trim((text){ bytes,
	    (size_t)n }));
}

/* What pg_dump is told stands in a list of processes: no password. */
static text
connection(struct wanted *w)
{
	text line = private_file(w, w->postgres, CONNECTION_MAX);

	if (line.n > 0 && (strstr(line.p, "password") != NULL ||
	    strstr(line.p, "://") != NULL)) {
		ignore(backup_say(&w->said, "backup.password", w->postgres),
		    "said by the caller");
		return T("");
	}
	return line;
}

/* ---- asking the office ------------------------------------------------ */

static text
token_of(struct wanted *w)
{
	return w->token != NULL ? private_file(w, w->token, TOKEN_MAX) :
	    keep_get(w->s, KEPT_SESSION);
}

/* The office's answer; NULL, and said, when it refuses or is away. */
static json_t *
post(struct wanted *w, text uri, json_t *inputs)
{
	struct request r = { .method = "POST", .uri = uri, .json = true };
	uint8_t chance[16];
	char key[2 * sizeof(chance) + 1] = "";
	char *body = json_dumps(inputs, JSON_COMPACT);
	struct answer a = { .status = 0 };
	json_t *got;

	if (getrandom(chance, sizeof(chance), 0) == sizeof(chance))
		hex_write(key, chance, sizeof(chance));
	r.key = (text){ key, 2 * sizeof(chance) };
	r.body = json_object_size(inputs) == 0 ? T("") : text_of(body);
	r.token = token_of(w);
	if (!is_ok(ask(w->s, &r, &a))) {
		free(body);
		say_no(w->s, EXIT_AWAY, "shell.away", w->data, NULL);
		return NULL;
	}
	free(body);
	got = answer_json(&a);
	if (a.status < 300 && got != NULL)
		return got;
	say_problem(w->s, got);
	json_decref(got);
	return NULL;
}

/* ---- run -------------------------------------------------------------- */

static result
dump(struct wanted *w, const char *snapshot)
{
	text where = w->postgres == NULL ? T("") : connection(w);
	text name = arena_format(w->s->arena, "--snapshot=%s", snapshot);
	text file = arena_format(w->s->arena,
	    "--file=%s/run/backup/office.dump", w->data);
	const char *const argv[] = { "pg_dump", "--format=custom",
		"--compress=0", "--no-owner", "--no-privileges", name.p,
		"--exclude-table-data=key", "--exclude-table-data=vault",
		"--exclude-table-data=draft", file.p, "-d", where.p, NULL };

	if (w->postgres == NULL)
		return backup_say(&w->said, "backup.needs_postgres", "");
	if (where.n == 0)
		return refuse(INVALID);
	NEED(name.p);
	NEED(file.p);
	return backup_pipe(argv, NULL, -1, -1, &w->said);
}

/* Each target by itself: one that is full or gone must not cost the other. */
static int
carry_all(struct wanted *w, const struct packing *p, json_t *reached,
    json_t *oldest)
{
	char part[BACKUP_NAME + 1];
	text path = arena_format(w->s->arena, "%s/run/backup/targets",
	    w->data);
	char line[BACKUP_PATH_MAX];
	int status = EXIT_DONE;
	FILE *targets = path.p == NULL ? NULL : fopen(path.p, "re");
	int n = 0;

	while (targets != NULL && fgets(line, sizeof(line), targets) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		n++;
		if (!is_ok(backup_carry(p, line, &w->said)) ||
		    !is_ok(backup_oldest(line, part, &w->said))) {
			status = failed(w);
			say_no(w->s, EXIT_REFUSED, "backup.missed", line,
			    NULL);
			continue;
		}
		tell(w, "backup.kept", p->name, line);
		json_array_append_new(reached, json_string(line));
		json_array_append_new(oldest, json_string(part));
	}
	if (targets != NULL)
		fclose(targets);
	return n > 0 ? status : say_no(w->s, EXIT_REFUSED,
	    "backup.no_targets", NULL, NULL);
}

static int
pack_and_carry(struct wanted *w, const json_t *begun, json_t *reached,
    json_t *oldest)
{
	bool sqlite = strcmp(table_text(begun, "engine"), "sqlite") == 0;
	const struct packing p = { .data = w->data,
		.name = table_text(begun, "name"),
		.dump = sqlite ? "office.sqlite" : "office.dump" };

	if (!sqlite && !is_ok(dump(w, table_text(begun, "snapshot"))))
		return failed(w);
	if (!is_ok(backup_prepare(&p, &w->said)))
		return failed(w);
	return carry_all(w, &p, reached, oldest);
}

static int
run_backup(struct wanted *w)
{
	json_t *nothing = json_object();
	json_t *begun = post(w, T("/system/backup/begin"), nothing);
	json_t *ended;
	json_t *reached;
	json_t *oldest;
	int status;

	json_decref(nothing);
	if (begun == NULL)
		return w->said.key != NULL ? failed(w) : EXIT_REFUSED;
	reached = json_array();
	oldest = json_array();
	status = pack_and_carry(w, begun, reached, oldest);
	ended = json_pack("{s:s, s:O, s:O}", "name",
	    table_text(begun, "name"), "reached", reached, "oldest", oldest);
	json_decref(reached);
	json_decref(oldest);
	json_decref(begun);
	begun = post(w, T("/system/backup/end"), ended);
	json_decref(ended);
	if (begun == NULL)
		return EXIT_REFUSED;
	json_decref(begun);
	return status;
}

/* ---- a restored folder ------------------------------------------------ */

struct proof { char leaves[32], root[80], rows[32], harmed[32]; };

static bool
papers_whole(const struct proof *p)
{
	return strcmp(p->harmed, "0") == 0;
}

static void
read_proof(struct proof *p, char *said)
{
	char *rest = NULL;

	for (char *line = strtok_r(said, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		sscanf(line, "leaves %31s", p->leaves);
		sscanf(line, "root %79s", p->root);
		sscanf(line, "rows %31s", p->rows);
		sscanf(line, "harmed %31s", p->harmed);
	}
}

/* The secret goes to the program that opens it, and into no argument. */
static int
secret_pipe(text secret)
{
	int ends[2];
	bool good;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	good = write(ends[1], secret.p, secret.n) == (ssize_t)secret.n &&
	    write(ends[1], "\n", 1) == 1;
	close(ends[1]);
	if (good)
		return ends[0];
	close(ends[0]);
	return -1;
}

static result
prove(struct wanted *w, const char *folder, text secret, struct proof *ret)
{
	char office[PATH_MAX];
	char said[SAID_MAX] = "";
	text manifest = arena_format(w->s->arena, "%s/MANIFEST", folder);
	const char *argv[] = { office, "check", "--data", folder,
		"--manifest", manifest.p, w->postgres == NULL ? NULL :
		"--postgres", w->postgres, NULL };
	struct pipeline p;
	size_t n = 0;
	ssize_t got = 1;
	int in;
	int out;
	result begun;

	NEED(manifest.p);
	if (!where_office(office))
		return backup_say(&w->said, "backup.no_program",
		    "alas-office");
	in = secret_pipe(secret);
	if (in < 0)
		return fault(IO);
	begun = pipeline_begin(argv, NULL, in, -1, &p, &out, &w->said);
	close(in);
	TRY(begun);
	while (got > 0 && n < sizeof(said) - 1) {
		got = read(out, said + n, sizeof(said) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(out);
	if (!is_ok(pipeline_end(&p, &w->said)))
		return backup_say(&w->said, "backup.not_proven", w->part);
	read_proof(ret, said);
	return OK;
}

/* ---- PostgreSQL: an empty database is filled -------------------------- */

static result
empty_database(struct wanted *w)
{
	text where = connection(w);
	const char *const argv[] = { "psql", "-qX", "-v", "ON_ERROR_STOP=1",
		"-c", "SET client_min_messages = warning; "
		"DROP SCHEMA public CASCADE; CREATE SCHEMA public", "-d",
		where.p, NULL };

	if (where.n == 0)
		return refuse(INVALID);
	return backup_pipe(argv, NULL, -1, -1, &w->said);
}

/* Whose filling a killed restore may not have ended: the mark says so. */
static text
mark_of(struct wanted *w, const char *folder)
{
	return arena_format(w->s->arena, "%s.database", folder);
}

static result
fill_database(struct wanted *w, const char *folder)
{
	text where = connection(w);
	text file = arena_format(w->s->arena, "%s/db/office.dump", folder);
	text mark = mark_of(w, folder);
	const char *const argv[] = { "pg_restore", "--no-owner",
		"--no-privileges", "--exit-on-error", "--single-transaction",
		"-d", where.p, file.p, NULL };
	const char *const look[] = { "psql", "-qXAt", "-v",
		"ON_ERROR_STOP=1", "-c", "SELECT 1 / (count(*) = 0)::int "
		"FROM pg_class WHERE relnamespace = 'public'::regnamespace",
		"-d", where.p, NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	result empty;
	int fd;

	if (where.n == 0)
		return refuse(INVALID);
	NEED(file.p);
	NEED(mark.p);
	if (access(mark.p, F_OK) == 0)
		TRY(empty_database(w));
	empty = backup_pipe(look, NULL, -1, null, &w->said);
	close(null);
	if (!is_ok(empty))
		return backup_say(&w->said, "backup.database_used",
		    w->postgres);
	fd = open(mark.p, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fsync(fd) != 0 || close(fd) != 0)
		return backup_say(&w->said, "backup.unwritable", mark.p);
	TRY(backup_pipe(argv, NULL, -1, -1, &w->said));
	return unlink(file.p) == 0 ? OK :
	    backup_say(&w->said, "backup.unwritable", file.p);
}

static void
leave_database(struct wanted *w, const char *folder, bool filled)
{
	text mark = mark_of(w, folder);
	struct said kept = w->said;

	if (w->postgres == NULL || mark.p == NULL ||
	    access(mark.p, F_OK) != 0)
		return;
	if (!filled && !is_ok(empty_database(w)))
		return;			/* the mark tells the next one */
	unlink(mark.p);
	w->said = kept;
}

/* ---- unpacking, for both ---------------------------------------------- */

static bool
of_postgres(struct wanted *w, const char *folder)
{
	text file = arena_format(w->s->arena, "%s/db/office.dump", folder);

	return file.p != NULL && access(file.p, F_OK) == 0;
}

static result
unpack_and_prove(struct wanted *w, const char *folder, text secret,
    struct proof *ret)
{
	TRY(backup_unpack(w->from, w->part, w->identity, folder, &w->said));
	if (of_postgres(w, folder) != (w->postgres != NULL))
		return backup_say(&w->said, w->postgres != NULL ?
		    "backup.not_postgres" : "backup.needs_postgres", "");
	if (w->postgres != NULL)
		TRY(fill_database(w, folder));
	return prove(w, folder, secret, ret);
}

static int
ready(struct wanted *w, text *ret_secret)
{
	char *newest = arena_take(w->s->arena, BACKUP_NAME + 1);

	if (w->from == NULL || w->identity == NULL)
		return say_no(w->s, EXIT_USAGE, "shell.usage_backup", NULL,
		    NULL);
	if (newest == NULL)
		return EXIT_REFUSED;
	if (w->part == NULL) {
		if (!is_ok(backup_newest(w->from, newest, &w->said)))
			return failed(w);
		w->part = newest;
	}
	if (access(w->identity, R_OK) != 0) {
		ignore(backup_say(&w->said, "backup.unreadable",
		    w->identity), "said here");
		return failed(w);
	}
	return secret_ask(w->s, say_word(w->s, "backup.secret", NULL,
	    NULL).p, ret_secret) ? EXIT_DONE : EXIT_REFUSED;
}

/* ---- verify ----------------------------------------------------------- */

/* The office keeps when it was proven; without one it is proven as well. */
static int
report(struct wanted *w, const struct proof *p)
{
	json_t *inputs = json_pack("{s:s, s:s, s:s}", "name", w->part,
	    "leaves", p->leaves, "root", p->root);
	json_t *got = NULL;

	tell(w, "backup.proven", w->part, p->rows);
	if (token_of(w).n > 0 && table_open(w->s))
		got = post(w, T("/system/backup/verified"), inputs);
	json_decref(inputs);
	if (got == NULL)
		return say_no(w->s, EXIT_DONE, "backup.not_noted", NULL, NULL);
	json_decref(got);
	return EXIT_DONE;
}

static int
verify_backup(struct wanted *w)
{
	const char *temporary = getenv("TMPDIR");
	text folder = arena_format(w->s->arena, "%s/alas-verify-XXXXXX",
	    temporary != NULL ? temporary : "/var/tmp");
	union { const char *in; char *out; } u = { .in = folder.p };
	struct proof proof = { .leaves = "" };
	struct said kept;
	text secret;
	int status = ready(w, &secret);
	result got;

	if (status != EXIT_DONE)
		return status;
	if (folder.p == NULL || mkdtemp(u.out) == NULL)
		return say_no(w->s, EXIT_REFUSED, "backup.unwritable",
		    folder.p, NULL);
	got = unpack_and_prove(w, folder.p, secret, &proof);
	if (is_ok(got) && !papers_whole(&proof))
		got = backup_say(&w->said, "backup.papers_harmed", w->part);
	leave_database(w, folder.p, false);
	kept = w->said;
	ignore(folder_remove(folder.p, &w->said), "sealed bytes, in a folder "
	    "of the system that is emptied");
	w->said = kept;
	return is_ok(got) ? report(w, &proof) : failed(w);
}

/* ---- restore ---------------------------------------------------------- */

static result
remove_manifests(struct wanted *w, const char *folder)
{
	static const char *const names[] = { "MANIFEST", "MANIFEST.keys" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		text path = arena_format(w->s->arena, "%s/%s", folder,
		    names[i]);

		NEED(path.p);
		if (unlink(path.p) != 0)
			return backup_say(&w->said, "backup.unwritable",
			    path.p);
	}
	return OK;
}

static result
restore_into(struct wanted *w, const char *fresh, text secret,
    struct proof *ret)
{
	struct tm now;
	time_t t = time(NULL);
	char stamp[32];
	text old;

	TRY(folder_remove(fresh, &w->said));
	if (mkdir(fresh, 0700) != 0)
		return backup_say(&w->said, "backup.unwritable", fresh);
	TRY(unpack_and_prove(w, fresh, secret, ret));
	TRY(remove_manifests(w, fresh));
	gmtime_r(&t, &now);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &now);
	old = arena_format(w->s->arena, "%s.before-%s", w->data, stamp);
	NEED(old.p);
	sync();
	return folder_put(fresh, w->data, old.p, &w->said);
}

static int
restore_backup(struct wanted *w)
{
	text fresh = arena_format(w->s->arena, "%s.restoring", w->data);
	struct proof proof = { .leaves = "" };
	struct said kept;
	text secret;
	int status;
	result got;

	if (fresh.p == NULL)
		return EXIT_REFUSED;
	if (folder_served(w->data))
		return say_no(w->s, EXIT_REFUSED, "backup.served", w->data,
		    NULL);
	if (!folder_empty(w->data) && !w->over)
		return say_no(w->s, EXIT_REFUSED, "backup.used", w->data,
		    NULL);
	status = ready(w, &secret);
	if (status != EXIT_DONE)
		return status;
	got = restore_into(w, fresh.p, secret, &proof);
	leave_database(w, fresh.p, is_ok(got));
	if (!is_ok(got)) {
		kept = w->said;
		ignore(folder_remove(fresh.p, &w->said),
		    "the next restore removes it");
		w->said = kept;
		return failed(w);
	}
	tell(w, "backup.restored", w->data, proof.rows);
	tell(w, "backup.tree", proof.leaves, proof.root);
	if (!papers_whole(&proof))
		tell(w, "backup.papers_lost", proof.harmed, NULL);
	return EXIT_DONE;
}

/* ---- which ------------------------------------------------------------ */

/* The folder need not be there, its parent must. */
static bool
absolute(struct wanted *w)
{
	char here[PATH_MAX];
	size_t n = strlen(w->s->data);
	int length;

	while (n > 1 && w->s->data[n - 1] == '/')
		n--;
	if (realpath(w->s->data, w->data) != NULL)
		return true;
	if (w->s->data[0] == '/')
		length = snprintf(w->data, sizeof(w->data), "%.*s", (int)n,
		    w->s->data);
	else
		length = getcwd(here, sizeof(here)) == NULL ? -1 :
		    snprintf(w->data, sizeof(w->data), "%s/%.*s", here,
		    (int)n, w->s->data);
	return length > 0 && length < (int)sizeof(w->data);
}

int
backup(struct shell *s, int argc, char **argv)
{
	static const struct { const char *name; int (*run)(struct wanted *w); }
	verbs[] = {
		{ "run", run_backup }, { "verify", verify_backup },
		{ "restore", restore_backup },
	};
	struct wanted w = { .s = s };
	int status;

	umask(077);
	for (size_t i = 0; argc > 0 && i < LENGTH(verbs); i++) {
		if (strcmp(argv[0], verbs[i].name) != 0)
			continue;
		status = take_options(&w, argc - 1, argv + 1);
		if (status != EXIT_DONE)
			return status;
		if (s->help || !absolute(&w))
			break;
		if (i == 0 && !table_open(s))
			return EXIT_REFUSED;
		return verbs[i].run(&w);
	}
	return say_no(s, s->help ? EXIT_DONE : EXIT_USAGE,
	    "shell.usage_backup", NULL, NULL);
}
