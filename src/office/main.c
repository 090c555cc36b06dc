#include "office.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* share/ lies beside the program in the build, or under ../share/alas. */
static const char *
find_share(char path[PATH_MAX])
{
	static const char *const places[] = { "share", "../share/alas",
		"../../share/alas", "../../share" };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < LENGTH(places); i++) {
		int length = snprintf(path, PATH_MAX, "%s/%s/words", self,
		    places[i]);

		if (length < 0 || length >= PATH_MAX ||
		    access(path, R_OK) != 0)
			continue;
		path[length - (int)strlen("/words")] = '\0';
		return path;
	}
	return NULL;
}

static int
usage(void)
{
	fprintf(stderr, "alas-office is started by `alas serve`; see "
	    "alas(1).\n");
	return 2;
}

static bool
number(const char *s, int *ret)
{
	int64_t n;

	if (s == NULL || !text_integer(text_of(s), &n) || n < 0 ||
	    n > INT_MAX)
		return false;
	*ret = (int)n;
	return true;
}

static bool
take_option(struct office_options *o, const char *name, const char *value)
{
	if (value == NULL)
		return false;
	if (strcmp(name, "--data") == 0)
		o->data = value;
	else if (strcmp(name, "--postgres") == 0)
		o->postgres = value;
	else if (strcmp(name, "--runner") == 0)
		return number(value, &o->runner);
	else if (strcmp(name, "--control") == 0)
		return number(value, &o->control);
	else if (strcmp(name, "--now") == 0)
		return instant_read(text_of(value), &o->now);
	else
		return false;
	return true;
}

int
main(int argc, char **argv)
{
	static char share[PATH_MAX];
	struct office_options o = { .runner = -1, .control = -1 };

	umask(077);
	o.share = find_share(share);
	if (o.share == NULL) {
		fprintf(stderr, "alas-office: its share folder is missing; "
		    "is it installed whole?\n");
		return 1;
	}
	if (argc > 1 && (strcmp(argv[1], "operations") == 0 ||
	    strcmp(argv[1], "openapi") == 0))
		return office_print_operations(&o, argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "check") == 0)
		return office_check(&o, argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "make-demo") == 0)
		return office_make_demo(&o, argc - 2, argv + 2);
	for (int i = 1; i < argc; i += 2) {
		if (!take_option(&o, argv[i], argv[i + 1]))
			return usage();
	}
	if (o.data == NULL || o.data[0] != '/')
		return usage();
	return office_serve(&o);
}
