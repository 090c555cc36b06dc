/* The start of a serving office; its order is what makes it safe. */
#include "office.h"

#include "cell.h"
#include "lifecycle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
complain(const char *what, text why)
{
	fprintf(stderr, "alas-office: %s%s%.*s\n", what, why.n > 0 ? ": " :
	    "", (int)why.n, why.p);
	return 1;
}

/* One office per folder: the lock goes with the process. */
static int
lock_folder(const char *data, struct arena *a)
{
	text path = arena_format(a, "%s/run/lock", data);
	int fd = path.p == NULL ? -1 :
	    open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char pid[32] = "";

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		ssize_t n = read(fd, pid, sizeof(pid) - 1);

		fprintf(stderr, "alas-office: another office (process %.*s) "
		    "serves this folder\n", n > 0 ? (int)n : 1,
		    n > 0 ? pid : "?");
		close(fd);
		return -1;
	}
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	if (ftruncate(fd, 0) != 0 || write(fd, pid, strlen(pid)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
listen_at(const char *data, struct arena *a)
{
	enum { BACKLOG = 128 };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	text path = arena_format(a, "%s/run/office.sock", data);
	int fd;

	if (path.p == NULL || path.n >= sizeof(at.sun_path)) {
		fprintf(stderr, "alas-office: the folder's name is too long "
		    "for a socket; choose a shorter ALAS_DATA\n");
		return -1;
	}
	memcpy(at.sun_path, path.p, path.n);
	unlink(at.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
	    chmod(at.sun_path, 0600) != 0 || listen(fd, BACKLOG) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
hear_signals(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	if (sigprocmask(SIG_BLOCK, &stop, NULL) != 0)
		return -1;
	return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}

/*
 * A connection may need a second file: the paper that it reads.  So nobody
 * who was let in finds that the files have run out.
 */
static size_t
places(void)
{
	enum { OWN_FILES = 24, WANTED = OWN_FILES + 2 * CONNECTIONS_MAX };
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return 1;
	if (files.rlim_cur < WANTED) {
		files.rlim_cur = files.rlim_max < WANTED ? files.rlim_max :
		    WANTED;
		if (setrlimit(RLIMIT_NOFILE, &files) != 0)
			return 1;
	}
	if (files.rlim_cur >= WANTED)
		return CONNECTIONS_MAX;
	return files.rlim_cur < OWN_FILES + 2 ? 1 :
	    (size_t)(files.rlim_cur - OWN_FILES) / 2;
}

static bool
make_folders(const char *data, struct arena *a)
{
	static const char *const names[] = { "", "/db", "/files", "/run" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		text path = arena_format(a, "%s%s", data, names[i]);

		if (path.p == NULL)
			return false;
		if (mkdir(path.p, 0700) != 0 && access(path.p, W_OK) != 0)
			return false;
	}
	return true;
}

static result
confine(const struct office_options *o, struct office *office,
    struct arena *a)
{
	struct cell_folders folders = {
		.db = arena_format(a, "%s/db", o->data).p,
		.files = arena_format(a, "%s/files", o->data).p,
		.run = arena_format(a, "%s/run", o->data).p,
	};
	int abi;

	NEED(folders.db);
	NEED(folders.files);
	NEED(folders.run);
	TRY(cell_office(&folders, o->postgres != NULL ? CELL_POSTGRES :
	    CELL_SQLITE, &abi));
	if (abi == 0)
		fprintf(stderr, "alas-office: WARNING: this kernel has no "
		    "Landlock: files are kept apart by permissions only\n");
	TRY(cell_self_test(abi));
	office->confined = true;
	office->walls_abi = abi;
	return OK;
}

/* A real office never runs as root; a demonstration warns. */
static bool
user_fits(const struct office *office)
{
	if (geteuid() != 0)
		return true;
	if ((office->flags & (VAULT_DEMONSTRATION | VAULT_TEST)) == 0 &&
	    !id_none(office->vault_id)) {
		fprintf(stderr, "alas-office: a real office does not run as "
		    "root; make a user for it (docs/operate)\n");
		return false;
	}
	fprintf(stderr, "alas-office: running as root, for a demonstration "
	    "only\n");
	return true;
}

/* Only other files than last time are worth a leaf. */
static result
note_files(struct op *op)
{
	const struct leaf_facts leaf = { .event = EVENT_UNSEALED };
	result got = office_note_files(op);

	if (is_ok(got) && op->touched_n > 0)
		got = facts_commit(op, &leaf);
	op_abort(op);
	return got;
}

/*
 * A demonstration opens itself: its passphrase is in the program, since
 * it protects invented people.  The flag that allows it is under the
 * header's MAC.
 */
static result
open_demonstration(struct office *office, struct arena *a)
{
	struct op op = { .office = office, .arena = a, .now = office_now() };
	key32 kek;
	key32 root;
	text said;
	result got;

	if ((office->flags & VAULT_DEMONSTRATION) == 0)
		return OK;
	op.today = instant_day(op.now);
	got = vault_kek(office_demo_passphrase(),
	    &office->vault_facts.slot[0].kdf, &kek);
	if (is_ok(got))
		got = vault_open(&office->vault, 0, &kek, &root);
	if (is_ok(got))
		got = office_unsealed(&op, &root, &said);
	if (is_ok(got))
		got = office_bury(&op);
	if (is_ok(got))
		got = note_files(&op);
	if (!is_ok(got))
		fprintf(stderr, "alas-office: the demonstration does not "
		    "open: %s %.*s\n", error_name(got), (int)said.n, said.p);
	explicit_bzero(&kek, sizeof(kek));
	explicit_bzero(&root, sizeof(root));
	return got;
}

static int
serve(const struct office_options *o, struct arena *a)
{
	struct office *office = NULL;
	text said = T("");
	struct office_ears ears = { .control = o->control,
		.places = places() };
	int status = 0;
	int lock;
	result got;

	if (!is_ok(cell_harden()))
		return complain("this kernel does not let a process harden "
		    "itself", T(""));
	if (!make_folders(o->data, a))
		return complain("the data folder cannot be made or written",
		    text_of(o->data));
	lock = lock_folder(o->data, a);
	if (lock < 0)
		return 1;
	got = office_open(o, a, &office, &said);
	if (!is_ok(got))
		return complain(error_name(got), said);
	if (!user_fits(office))
		return 1;
	if (o->now.known &&
	    (office->flags & (VAULT_DEMONSTRATION | VAULT_TEST)) == 0)
		return complain("--now is for demonstration and test "
		    "offices", T(""));
	ears.listener = listen_at(o->data, a);
	ears.signals = hear_signals();
	if (ears.listener < 0 || ears.signals < 0)
		return complain("cannot listen in the data folder", T(""));
	got = confine(o, office, a);
	if (is_ok(got))
		got = open_demonstration(office, a);
	if (is_ok(got)) {
		fprintf(stderr, "alas-office: ready\n");
		got = office_loop(office, &ears);
	}
	if (!is_ok(got))
		status = complain(error_name(got), T(""));
	office_close(&office);
	close(ears.listener);
	close(ears.signals);
	close(lock);
	return status;
}

int
office_serve(const struct office_options *o)
{
	struct arena *a = arena_new(OP_ARENA_MAX);
	int status;

	if (a == NULL)
		return complain("out of memory", T(""));
	office_set_clock(o->now);
	status = serve(o, a);
	arena_free(a);
	return status;
}
