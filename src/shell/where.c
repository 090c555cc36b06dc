#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first of the names that is there, below the program's folder. */
static bool
beside(const char *const *names, size_t n, const char *holds, int mode,
    char ret[PATH_MAX])
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (length <= 0)
		return false;
	self[length] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	for (size_t i = 0; i < n; i++) {
		int end = snprintf(ret, PATH_MAX, "%s/%s%s", self, names[i],
		    holds);

		if (end <= 0 || end >= PATH_MAX || access(ret, mode) != 0)
			continue;
		ret[(size_t)end - strlen(holds)] = '\0';
		return true;
	}
	return false;
}

bool
where_share(char ret[PATH_MAX])
{
	static const char *const names[] = { "share", "../share/alas",
		"../../share" };

	return beside(names, LENGTH(names), "/words", R_OK, ret);
}

bool
where_office(char ret[PATH_MAX])
{
	static const char *const names[] = { "alas-office",
		"../lib/alas/alas-office", "../office/alas-office" };

	return beside(names, LENGTH(names), "", X_OK, ret);
}

bool
where_filter(char ret[PATH_MAX])
{
	static const char *const names[] = { "alas-filter",
		"../lib/alas/alas-filter", "../filter/alas-filter" };

	return beside(names, LENGTH(names), "", X_OK, ret);
}

const char *
where_data(const char *given)
{
	const char *set = getenv("ALAS_DATA");

	if (given != NULL)
		return given;
	return set != NULL && set[0] != '\0' ? set : "var/demo";
}
