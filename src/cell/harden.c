#include "cell.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

result cell_harden(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return fault(SANDBOX);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fault(SANDBOX);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fault(SANDBOX);
	return OK;
}
