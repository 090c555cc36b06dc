#include "cell_walls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The kernel's interface as of ABI 7.  The numbers never change; a kernel
 * takes a shorter structure and we name only what its ABI knows.
 */
struct landlock_asks { uint64_t files, network, scoped; };

enum {
	ABI_RENAME = 2, ABI_TRUNCATE = 3, ABI_NETWORK = 4, ABI_DEVICE = 5,
	ABI_SCOPE = 6
};

#define FILE_READ ((uint64_t)(LANDLOCK_ACCESS_FS_READ_FILE |                 \
	LANDLOCK_ACCESS_FS_READ_DIR))
/* Files and folders come and go; no device, pipe, link or program. */
#define FILE_WRITE ((uint64_t)(LANDLOCK_ACCESS_FS_WRITE_FILE |               \
	LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |     \
	LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR))
#define FILE_OTHER ((uint64_t)(LANDLOCK_ACCESS_FS_EXECUTE |                  \
	LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_FIFO |        \
	LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM |        \
	LANDLOCK_ACCESS_FS_MAKE_SOCK))
static const uint64_t FILE_RENAME = UINT64_C(1) << 13;
static const uint64_t FILE_TRUNCATE = UINT64_C(1) << 14;
static const uint64_t FILE_DEVICE = UINT64_C(1) << 15;
static const uint64_t SCOPE_ABSTRACT_SIGNAL = 3;

static struct landlock_asks all_of(int abi)
{
	struct landlock_asks a = { FILE_READ | FILE_WRITE | FILE_OTHER, 0, 0 };

	if (abi >= ABI_RENAME)
		a.files |= FILE_RENAME;
	if (abi >= ABI_TRUNCATE)
		a.files |= FILE_TRUNCATE;
	if (abi >= ABI_DEVICE)
		a.files |= FILE_DEVICE;
	/*
	 * The network is not asked for: which sockets exist is decided by
	 * seccomp, and PostgreSQL's port is not known here.
	 */
	if (abi >= ABI_SCOPE)
		a.scoped = SCOPE_ABSTRACT_SIGNAL;
	return a;
}

static uint64_t rights_of(enum wall_access access, uint64_t known)
{
	switch (access) {
	case WALL_READ:
		return FILE_READ & known;
	case WALL_WRITE:
		return (FILE_READ | FILE_WRITE | FILE_RENAME | FILE_TRUNCATE) &
		    known;
	}
	return 0;
}

static size_t size_of(int abi)
{
	if (abi >= ABI_SCOPE)
		return sizeof(struct landlock_asks);
	if (abi >= ABI_NETWORK)
		return offsetof(struct landlock_asks, scoped);
	return offsetof(struct landlock_asks, network);
}

static result open_door(int rules, const struct wall_door *door,
    uint64_t known)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = rights_of(door->access, known),
	};
	int fd = open(door->path, O_PATH | O_CLOEXEC | O_DIRECTORY);

	if (fd < 0 && errno == ENOENT && door->access == WALL_READ)
		return OK;
	if (fd < 0)
		return fault(SANDBOX);

	beneath.parent_fd = fd;
	long rc = syscall(SYS_landlock_add_rule, rules,
	    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(fd);
	return rc == 0 ? OK : fault(SANDBOX);
}

static result close_with(int rules, const struct wall_door *doors, size_t n,
    uint64_t known)
{
	for (size_t i = 0; i < n; i++)
		TRY(open_door(rules, &doors[i], known));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fault(SANDBOX);
	if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		return fault(SANDBOX);
	return OK;
}

int cell_walls_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

result cell_walls_close(const struct wall_door *doors, size_t n, int *ret_abi)
{
	int abi = cell_walls_abi();

	if (abi == 0) {
		*ret_abi = 0;
		return OK;
	}

	struct landlock_asks asks = all_of(abi);
	int rules = (int)syscall(SYS_landlock_create_ruleset, &asks,
	    size_of(abi), 0);
	if (rules < 0)
		return fault(SANDBOX);
	result r = close_with(rules, doors, n, asks.files);
	close(rules);
	if (is_ok(r))
		*ret_abi = abi;
	return r;
}

result cell_filter_walls(enum cell_job job, int *ret_abi)
{
	static const struct wall_door paper[] = {
		{ "/usr/share/fonts", WALL_READ },
		{ "/usr/local/share/fonts", WALL_READ },
		{ "/usr/share/fontconfig", WALL_READ },
		{ "/var/cache/fontconfig", WALL_READ },
		{ "/etc/fonts", WALL_READ },
	};
	static const struct wall_door words[] = {
		{ "/var/cache/cracklib", WALL_READ },
	};

	switch (job) {
	case CELL_COMPUTE:
		return cell_walls_close(NULL, 0, ret_abi);
	case CELL_PAPER:
		return cell_walls_close(paper, LENGTH(paper), ret_abi);
	case CELL_WORDS:
		return cell_walls_close(words, LENGTH(words), ret_abi);
	}
	return fault(BUG);
}
