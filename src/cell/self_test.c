#include "cell.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

static bool socket_works(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool fork_works(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child > 0;
}

static bool open_works(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

result cell_self_test(int abi)
{
	if (socket_works())
		return fault(SANDBOX);
	if (fork_works())
		return fault(SANDBOX);
	if (abi > 0 && open_works("/etc/passwd"))
		return fault(SANDBOX);
	return OK;
}
