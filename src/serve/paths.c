#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

/* Absolute and without links, since nginx follows none. */
static bool found(const char *path, int mode, char ret[PATH_MAX])
{
	char real[PATH_MAX];

	if (realpath(path, real) == NULL || access(real, mode) != 0)
		return false;
	memcpy(ret, real, strlen(real) + 1);
	return true;
}

static bool own_folder(char ret[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", ret, PATH_MAX - 1);

	if (n <= 0)
		return false;
	ret[n] = '\0';
	char *slash = strrchr(ret, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return true;
}

/* The first of the names that is there, below the program's folder. */
static bool beside(const char *const *names, size_t n, int mode,
    char ret[PATH_MAX])
{
	char folder[PATH_MAX], path[2 * PATH_MAX];

	if (!own_folder(folder))
		return false;
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		if (found(path, mode, ret))
			return true;
	}
	return false;
}

static result find(const char *given, const char *const *names, size_t n,
    int mode, char ret[PATH_MAX])
{
	bool there = given != NULL ? found(given, mode, ret) :
	    beside(names, n, mode, ret);

	if (there)
		return OK;
	serve_say(SAY_FILE_MISSING, given != NULL ? given : names[0]);
	return refuse(INVALID);
}

/* /usr/sbin is not in the path of a user, but Debian's nginx is there. */
static result find_nginx(const char *given, char ret[PATH_MAX])
{
	const char *search = getenv("PATH");
	char path[PATH_MAX + 8];

	if (given != NULL) {
		if (found(given, X_OK, ret))
			return OK;
		serve_say(SAY_NGINX_MISSING, given);
		return refuse(INVALID);
	}
	if (found("/usr/sbin/nginx", X_OK, ret))
		return OK;
	text rest = text_of(search);
	while (rest.n > 0) {
		text folder = text_cut(&rest, ':');

		if (folder.n == 0 || folder.n >= PATH_MAX ||
		    folder.p[0] != '/')
			continue;
		snprintf(path, sizeof(path), "%.*s/nginx", (int)folder.n,
		    folder.p);
		if (found(path, X_OK, ret))
			return OK;
	}
	serve_say(SAY_NGINX_MISSING, "nginx");
	return refuse(INVALID);
}

result paths_find(const struct serve_options *o, struct paths *ret)
{
	static const char *const office[] = { "alas-office",
		"../office/alas-office", "../lib/alas/alas-office" };
	static const char *const filter[] = { "alas-filter",
		"../filter/alas-filter", "../lib/alas/alas-filter" };
	static const char *const site[] = { "share/www", "../share/alas/www",
		"../../share/www" };

	TRY(find(o->office, office, LENGTH(office), X_OK, ret->office));
	TRY(find(o->filter, filter, LENGTH(filter), X_OK, ret->filter));
	TRY(find(o->site, site, LENGTH(site), X_OK | R_OK, ret->site));
	return find_nginx(o->nginx, ret->nginx);
}
