/*
 * The doctor: one line per thing that must hold, each with what it is and,
 * where it does not hold, what to do.  And the help page.
 */
#include "ops_inside.h"

#include "audit.h"
#include "cell.h"
#include "desk.h"
#include "law.h"
#include "lifecycle.h"
#include "runner.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { SLOTS_IN_USE = 2, LOCK_BYTES = 32,
	FILES_WARN = 2000, FILES_BAD = 200 };
static const uint64_t free_warn = (uint64_t)2048 * MIB;
static const uint64_t free_bad = (uint64_t)256 * MIB;

enum state { STATE_OK, STATE_WARN, STATE_BAD };

struct doctor {
	struct op *op;
	struct node *lines;
	enum state worst;
};

/* `name` is in the words as doctor.NAME, and doctor.NAME.do when not ok. */
static void
line(struct doctor *d, const char *name, enum state state, text detail)
{
	static const char *const states[] = { "ok", "warn", "bad" };
	struct arena *a = d->op->arena;
	struct node *one = node_add_object(d->lines, NULL);

	node_add_text(one, "name", text_of(name));
	node_add_word(one, "what", arena_format(a, "doctor.%s", name).p);
	node_add_text(one, "state", text_of(states[state]));
	node_add_text(one, "detail", detail);
	if (state != STATE_OK)
		node_add_word(one, "do",
		    arena_format(a, "doctor.%s.do", name).p);
	if (state > d->worst)
		d->worst = state;
}

static enum state
must(bool good)
{
	return good ? STATE_OK : STATE_BAD;
}

/* ---- program, process ------------------------------------------------- */

static result
check_versions(struct doctor *d)
{
	const struct store *s = d->op->office->store;

	line(d, "versions", STATE_OK, arena_format(d->op->arena,
	    "alas %s · %s", ALAS_VERSION, store_version(s)));
	return OK;
}

/* The lock file holds the number of the one process that serves here. */
static result
check_writer(struct doctor *d)
{
	const struct office *o = d->op->office;
	text path = arena_format(d->op->arena, "%.*s/run/lock",
	    (int)o->folder.n, o->folder.p);
	char held[LOCK_BYTES];
	int64_t pid = 0;
	ssize_t n = -1;
	int fd;

	NEED(path.p);
	fd = open(path.p, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, held, sizeof(held));
		close(fd);
	}
	if (n <= 0 || !text_integer(text_trim((text){ held, (size_t)n }),
	    &pid))
		pid = 0;
	line(d, "writer", must(pid == (int64_t)getpid()), T(""));
	return OK;
}

/* Tried anew only where it must fail: elsewhere it would do it. */
static result
check_sandbox(struct doctor *d)
{
	const struct office *o = d->op->office;

	line(d, "sandbox", must(o->confined &&
	    is_ok(cell_self_test(o->walls_abi))), T(""));
	line(d, "landlock", o->walls_abi > 0 ? STATE_OK : STATE_WARN,
	    arena_format(d->op->arena, "ABI %d", o->walls_abi));
	return OK;
}

static result
check_runner(struct doctor *d)
{
	const struct runner *r = d->op->office->runner;

	line(d, "runner", must(r != NULL && runner_fd(r) >= 0), T(""));
	return OK;
}

/* What breaks one document is a document; what breaks many is the machine. */
static result
check_filters(struct doctor *d)
{
	enum { BROKE_MANY = 3 };
	const struct runner *r = d->op->office->runner;
	struct runner_filters f = { 0 };

	if (r != NULL)
		f = runner_filters(r);
	line(d, "filters", f.no_start ? STATE_BAD : f.broke >= BROKE_MANY ?
	    STATE_WARN : STATE_OK, f.ended == 0 ? T("") :
	    arena_format(d->op->arena, "%u/%u", f.ended - f.broke, f.ended));
	return OK;
}

/* ---- nginx, as our parent tells: its folder is not ours to look into -- */

/* Debian's, with which the answers of docs/reference were measured. */
static bool
version_known(const char *version)
{
	enum { MAJOR = 1, MINOR = 22 };
	text rest = text_of(version);
	text first = text_cut(&rest, '.');
	text second = text_cut(&rest, '.');
	int64_t major;
	int64_t minor;

	return text_integer(first, &major) && text_integer(second, &minor) &&
	    (major > MAJOR || (major == MAJOR && minor >= MINOR));
}

static result
check_nginx(struct doctor *d)
{
	enum { DIGEST_SHOWN = 8 };
	const struct front_facts *f = d->op->office->front;
	char digest[2 * DIGEST_SHOWN + 1] = "";

	if (f == NULL) {
		line(d, "nginx", STATE_WARN, T(""));
		return OK;
	}
	hex_write(digest, f->digest, DIGEST_SHOWN);
	line(d, "nginx", !f->own ? STATE_BAD : version_known(f->nginx) ?
	    STATE_OK : STATE_WARN, arena_format(d->op->arena, "%s · %s",
	    f->nginx[0] == '\0' ? "?" : f->nginx, digest));
	return OK;
}

/* Where there is none, only this machine is served. */
static result
check_certificate(struct doctor *d)
{
	enum { WARN_DAYS = 30, BAD_DAYS = 7, DAY_MS = 86400000 };
	const struct office *o = d->op->office;
	const struct front_facts *f = o->front;
	int64_t left;

	if (f == NULL || !f->tls) {
		line(d, "certificate", STATE_OK, words_get(o->words,
		    d->op->lang, "doctor.certificate.none"));
		return OK;
	}
	left = f->certificate.ms - d->op->now.ms;
	line(d, "certificate", !f->certificate.known ||
	    left < BAD_DAYS * (int64_t)DAY_MS ? STATE_BAD :
	    left < WARN_DAYS * (int64_t)DAY_MS ? STATE_WARN : STATE_OK,
	    f->certificate.known ? words_instant(o->words, d->op->lang,
	    d->op->arena, f->certificate) : T(""));
	return OK;
}

/* ---- keys, vault ------------------------------------------------------ */

static result
check_keys(struct doctor *d)
{
	line(d, "keys", keyring_locked(d->op->office->keyring) ? STATE_OK :
	    STATE_WARN, T(""));
	return OK;
}

/* A rotation that goes on is no harm; a record that does not open is, and a
 * pepper that is in use longer than anybody may need it. */
static result
check_rotation(struct doctor *d)
{
	struct rotation_facts r = office_rotation(d->op->office);
	int64_t days = office_pepper_days(d->op->office, d->op->now);
	text detail = T("");
	enum state state = STATE_OK;

	if (r.damaged > 0) {
		state = STATE_BAD;
		detail = arena_format(d->op->arena, "%lld · %s %s",
		    (long long)r.damaged, r.table, code_of(r.row).s);
	} else if (r.running) {
		state = STATE_WARN;
		detail = arena_format(d->op->arena, "%d %%", r.percent);
	} else if (days >= PEPPER_DAYS) {
		text args[] = { words_number(d->op->lang, d->op->arena,
		    days) };

		state = STATE_WARN;
		detail = words_format(d->op->office->words, d->op->lang,
		    d->op->arena, "doctor.rotation.pepper", args,
		    LENGTH(args));
	}
	line(d, "rotation", state, detail);
	return OK;
}

static result
check_slots(struct doctor *d)
{
	const struct vault_facts *f = &d->op->office->vault_facts;
	int used = 0;

	for (int i = 0; i < VAULT_SLOTS; i++)
		used += f->slot[i].state == 1;
	line(d, "slots", must(used >= SLOTS_IN_USE),
	    arena_format(d->op->arena, "%d", used));
	return OK;
}

static result
check_header(struct doctor *d)
{
	bool undamaged;
	bool same;

	TRY(office_header_same(d->op, &undamaged, &same));
	line(d, "header", must(undamaged && same), T(""));
	return OK;
}

/* A core would be the memory, with all that is open in it. */
static result
check_core(struct doctor *d)
{
	struct rlimit limit;

	line(d, "core", must(getrlimit(RLIMIT_CORE, &limit) == 0 &&
	    limit.rlim_cur == 0), T(""));
	return OK;
}

/* What the keys' pages are kept from, the names in memory are not. */
static result
check_swap(struct doctor *d)
{
	text swap = d->op->office->swap_clear;

	line(d, "swap", swap.n == 0 ? STATE_OK : STATE_WARN, swap);
	return OK;
}

/* Only our user may reach what answers without another question. */
static result
check_socket(struct doctor *d)
{
	const struct office *o = d->op->office;
	text folder = arena_format(d->op->arena, "%.*s/run",
	    (int)o->folder.n, o->folder.p);
	text path = arena_format(d->op->arena, "%.*s/run/office.sock",
	    (int)o->folder.n, o->folder.p);
	struct stat dir = { 0 };
	struct stat sock = { 0 };

	NEED(folder.p);
	NEED(path.p);
	line(d, "socket", must(stat(folder.p, &dir) == 0 &&
	    stat(path.p, &sock) == 0 && (dir.st_mode & 077) == 0 &&
	    (sock.st_mode & 077) == 0), arena_format(d->op->arena,
	    "%03o/%03o", dir.st_mode & 0777, sock.st_mode & 0777));
	return OK;
}

/* ---- disk, clock ------------------------------------------------------ */

static result
check_space(struct doctor *d)
{
	const struct office *o = d->op->office;
	text path = arena_text(d->op->arena, o->folder);
	struct statvfs fs;
	uint64_t left, files;
	unsigned long long mib;

	NEED(path.p);
	if (statvfs(path.p, &fs) != 0) {
		line(d, "space", STATE_BAD, T(""));
		return OK;
	}
	left = (uint64_t)fs.f_bavail * fs.f_frsize;
	/* Some file systems do not count files. */
	files = fs.f_files == 0 ? FILES_WARN : fs.f_favail;
	mib = left / MIB;
	line(d, "space", left < free_bad || files < FILES_BAD ? STATE_BAD :
	    left < free_warn || files < FILES_WARN ? STATE_WARN : STATE_OK,
	    files >= FILES_WARN ? arena_format(d->op->arena, "%llu MiB", mib) :
	    arena_format(d->op->arena, "%llu MiB, %llu inodes", mib,
	    (unsigned long long)files));
	return OK;
}

static result
check_disk(struct doctor *d)
{
	line(d, "disk", must(!store_wounded(d->op->office->store)), T(""));
	return OK;
}

static result
check_clock(struct doctor *d)
{
	TRY(office_clock_look(d->op));
	line(d, "clock", must(office_clock(d->op) == CLOCK_GOOD),
	    words_instant(d->op->office->words, d->op->lang, d->op->arena,
	    d->op->now));
	return OK;
}

/* ---- rows ------------------------------------------------------------- */

static result
check_migrations(struct doctor *d)
{
	int at;
	int head;

	op_abort(d->op);	/* it is asked outside a transaction */
	TRY(store_migration(d->op->office->store, &at, &head));
	line(d, "migrations", must(at == head),
	    arena_format(d->op->arena, "%d/%d", at, head));
	return OK;
}

static result
check_projection(struct doctor *d)
{
	text difference;

	TRY(desk_same(d->op, &difference));
	line(d, "projection", must(difference.n == 0), difference);
	return OK;
}

static result
check_tree(struct doctor *d)
{
	struct audit_head head = audit_head(d->op->office->audit);
	int64_t bad;

	TRY(audit_verify(d->op, &bad));
	line(d, "tree", must(bad < 0), arena_format(d->op->arena, "%llu",
	    (unsigned long long)(bad < 0 ? head.n : (uint64_t)bad)));
	return OK;
}

struct papers { const struct office *office; int64_t n, missing; };

static result
count_paper(void *self, const file_ref *ref)
{
	struct papers *p = self;

	p->n++;
	p->missing += !files_there(p->office->folder, ref);
	return OK;
}

/* Each row of a paper, and its file beside the database. */
static result
check_papers(struct doctor *d)
{
	struct papers p = { .office = d->op->office };
	result got = facts_each_file(d->op, guard_whole_office(d->op), &p,
	    count_paper);

	if (got.code != E_SEALED_RECORD)
		TRY(got);
	line(d, "papers", must(is_ok(got) && p.missing == 0),
	    arena_format(d->op->arena, "%lld/%lld", (long long)(p.n -
	    p.missing), (long long)p.n));
	return OK;
}

/* ---- backups ---------------------------------------------------------- */

static result
check_age(struct doctor *d)
{
	line(d, "age", d->op->office->age_there ? STATE_OK : STATE_WARN,
	    T(""));
	return OK;
}

/* A copy that nobody has restored is a hope: only the restored one counts.
 * Invented people need none. */
static result
check_backup(struct doctor *d)
{
	const struct office *o = d->op->office;
	const int64_t most_ms = BACKUP_DAYS_MAX * (int64_t)86400000;
	struct backup_state s;
	bool good;

	TRY(office_backups(d->op, &s));
	good = s.verified.known && d->op->now.ms - s.verified.ms <= most_ms;
	if (!s.verified.known && (o->flags & VAULT_DEMONSTRATION) != 0)
		good = true;
	line(d, "backup", must(good), s.verified.known ?
	    words_instant(o->words, d->op->lang, d->op->arena, s.verified) :
	    T(""));
	return OK;
}

/* What was shredded since can still be read with an older keys part. */
static result
check_backup_keys(struct doctor *d)
{
	struct backup_state s;
	text old = T("");

	TRY(office_backups(d->op, &s));
	for (size_t i = 0; i < s.targets && old.n == 0; i++) {
		if (office_backup_old(&s, i))
			old = s.target[i].path;
	}
	line(d, "backup_keys", must(old.n == 0), old);
	return OK;
}

/* The block of the page; a program reads the same. */
static result
add_backups(struct op *op)
{
	struct node *b = node_add_object(op->answer, "backups");
	struct node *targets;
	struct backup_state s;

	TRY(office_backups(op, &s));
	node_add_instant(b, "verified", s.verified);
	node_add_instant(b, "made", s.made);
	node_add_bool(b, "recipients", s.recipients.n > 0);
	targets = node_add_list(b, "targets");
	for (size_t i = 0; i < s.targets; i++) {
		struct node *one = node_add_object(targets, NULL);

		node_add_text(one, "path", s.target[i].path);
		node_add_instant(one, "keys", s.target[i].keys);
		node_add_bool(one, "old", office_backup_old(&s, i));
	}
	return OK;
}

static void
add_settings(struct op *op)
{
	struct node *s = node_add_object(op->answer, "settings");

	node_add_number(s, "seal_idle",
	    office_number(op->office, SETTING_SEAL_IDLE));
	node_add_text(s, "seal_at", office_setting(op->office, "seal_at"));
	node_add_bool(s, "public_pages", op->office->public_pages);
	node_add_bool(s, "may_change", guard_may(op, AREA_ADMIN_SETTINGS,
	    LEVEL_WRITE, OBJECT_NONE, (id){ 0 }));
	node_add_bool(op->answer, "may_keys", guard_may(op,
	    AREA_SYSTEM_VAULT, LEVEL_WRITE, OBJECT_NONE, (id){ 0 }));
}

/* ---- files of the program --------------------------------------------- */

static bool
said(const struct op *op, const char *name, const char *what, enum lang l)
{
	text key = arena_format(op->arena, "%s.%s", name, what);

	return key.p == NULL || words_there(op->office->words, l, key);
}

/* Each page has its title, each form what its button says. */
static result
check_words(struct doctor *d)
{
	const struct op_row *row = NULL;
	int missing = 0;

	while ((row = ops_next(row)) != NULL) {
		for (int l = 0; l < LANGS; l++) {
			bool form = row->form != NULL;

			if (row->page == NULL)
				continue;
			if (!said(d->op, row->name, "title", (enum lang)l) ||
			    (form && !said(d->op, row->name, "submit",
			    (enum lang)l)))
				missing++;
		}
	}
	line(d, "words", missing == 0 ? STATE_OK : STATE_WARN,
	    arena_format(d->op->arena, "%d", missing));
	return OK;
}

/* Said for a month: a new version brings new files and a colleague may
 * correct them, but nobody else may and go unseen. */
static result
check_files(struct doctor *d, enum office_files which, const char *name)
{
	enum { TOLD_DAYS = 30, DIGITS = 16 };
	struct files_seen f = office_files(d->op->office, which);
	bool lately = f.changed.known &&
	    d->op->today.n - f.changed.n < TOLD_DAYS;
	text digest = { f.digest.p, f.digest.n < DIGITS ? f.digest.n :
	    DIGITS };

	line(d, name, f.digest.n == 0 ? STATE_BAD : f.noted && !lately ?
	    STATE_OK : STATE_WARN, !lately ? digest :
	    arena_format(d->op->arena, "%.*s · %s", (int)digest.n, digest.p,
	    words_day(d->op->office->words, d->op->lang, d->op->arena,
	    f.changed).p));
	return OK;
}

static result
check_law(struct doctor *d)
{
	return check_files(d, FILES_LAW, "law");
}

static result
check_codes(struct doctor *d)
{
	return check_files(d, FILES_CODES, "codes");
}

static const struct check {
	const char *name;		/* of its line, where it has but one */
	result (*look)(struct doctor *d);
} checks[] = {
	{ "versions", check_versions },
	{ "writer", check_writer },
	{ "sandbox", check_sandbox },
	{ "runner", check_runner },
	{ "filters", check_filters },
	{ "nginx", check_nginx },
	{ "certificate", check_certificate },
	{ "socket", check_socket },
	{ "keys", check_keys },
	{ "core", check_core },
	{ "swap", check_swap },
	{ "rotation", check_rotation },
	{ "slots", check_slots },
	{ "header", check_header },
	{ "space", check_space },
	{ "disk", check_disk },
	{ "clock", check_clock },
	{ "migrations", check_migrations },
	{ "projection", check_projection },
	{ "tree", check_tree },
	{ "papers", check_papers },
	{ "words", check_words },
	{ "law", check_law },
	{ "codes", check_codes },
	{ "age", check_age },
	{ "backup", check_backup },
	{ "backup_keys", check_backup_keys },
};

/* What cannot even be looked at is bad, and hides no other line. */
static void
examine(struct doctor *d, const struct check *c)
{
	result got = c->look(d);

	if (is_ok(got))
		return;
	op_abort(d->op);
	line(d, c->name, STATE_BAD, text_of(error_name(got)));
}

static result
run_show(struct op *op, const struct reach *reach)
{
	static const char *const states[] = { "ok", "warn", "bad" };
	struct doctor d = { .op = op,
		.lines = node_add_list(op->answer, "lines") };

	(void)reach;
	for (size_t i = 0; i < LENGTH(checks); i++)
		examine(&d, &checks[i]);
	TRY(add_backups(op));
	add_settings(op);
	node_add_text(op->answer, "state", text_of(states[d.worst]));
	return node_whole(op->answer);
}

/* ---- help ------------------------------------------------------------- */

/* Words help.task.NAME and help.task.NAME.1 to .3 */
static const char *const tasks[] = { "call", "intake", "find", "deadline",
	"hide", "stolen", "invite", "seal" };
enum { TASK_STEPS = 3 };

/* Words help.term.NAME and help.term.NAME.means */
static const char *const terms[] = { "person", "matter", "deadline", "limit",
	"computation", "release", "mandate", "wall", "emergency", "grant",
	"lead", "leaf", "seal" };

static void
add_task(struct op *op, struct node *list, const char *name)
{
	struct node *one = node_add_object(list, NULL);
	struct node *steps;

	node_add_word(one, "title",
	    arena_format(op->arena, "help.task.%s", name).p);
	steps = node_add_list(one, "steps");
	for (int i = 1; i <= TASK_STEPS; i++)
		node_add_word(steps, NULL, arena_format(op->arena,
		    "help.task.%s.%d", name, i).p);
}

static result
run_help(struct op *op, const struct reach *reach)
{
	struct node *list = node_add_list(op->answer, "tasks");

	(void)reach;
	for (size_t i = 0; i < LENGTH(tasks); i++)
		add_task(op, list, tasks[i]);
	list = node_add_list(op->answer, "terms");
	for (size_t i = 0; i < LENGTH(terms); i++) {
		struct node *one = node_add_object(list, NULL);

		node_add_text(one, "id", text_of(terms[i]));
		node_add_word(one, "word", arena_format(op->arena,
		    "help.term.%s", terms[i]).p);
		node_add_word(one, "meaning", arena_format(op->arena,
		    "help.term.%s.means", terms[i]).p);
	}
	return node_whole(op->answer);
}

const struct op_row system_ops[] = {
	{ .name = "system.show", .area = AREA_SYSTEM_STATE,
	  .need = LEVEL_READ, .page = "/system", .api = "GET /system",
	  .shell = "doctor", .template = "system", .run = run_show },
	{ .name = "system.help", .area = AREA_NONE, .page = "/help",
	  .template = "help",
	  .flags = OP_PUBLIC | OP_SEALED | OP_PAGE_ONLY, .run = run_help },
	{ .name = NULL }
};
