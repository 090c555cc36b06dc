/*
 * Gives the kept inputs to a fuzz target, without clang: what broke a
 * parser once must never again.
 *
 *	replay-NAME FOLDER
 *
 * A folder that is missing or empty is a failure.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int is_input(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Exactly as long as the input, so that a sanitizer sees one byte past. */
static int replay(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	struct stat about;

	if (fd < 0 || fstat(fd, &about) != 0)
		return -1;
	size_t n = (size_t)about.st_size;
	uint8_t *p = malloc(n);
	if ((p == NULL && n > 0) || read(fd, p, n) != (ssize_t)n)
		return -1;
	/* Seen last where it breaks. */
	printf("# %s\n", name);
	fflush(stdout);
	LLVMFuzzerTestOneInput(p, n);
	free(p);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent **entry;
	int folder = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;
	int n = folder < 0 ? -1 : scandir(argv[1], &entry, is_input,
	    alphasort);

	if (n <= 0) {
		fprintf(stderr, "replay: %s holds no inputs\n",
		    argc == 2 ? argv[1] : "no folder");
		return 1;
	}
	if (LLVMFuzzerInitialize != NULL &&
	    LLVMFuzzerInitialize(&argc, &argv) != 0)
		return 1;
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		if (replay(folder, entry[i]->d_name) != 0) {
			perror(entry[i]->d_name);
			return 1;
		}
		printf("ok %d - %s\n", i + 1, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	close(folder);
	return 0;
}
