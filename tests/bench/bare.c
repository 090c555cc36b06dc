/*
 * bare ASKED SAID PRINTED: parses each line of one file and prints the same
 * line of another from its tree, and nothing else: what `alas calc --batch`
 * is measured against.  Says its processor seconds; the trees to be printed
 * were made before.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *whole(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *all = NULL;
	long n;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0 ||
	    fseek(f, 0, SEEK_SET) != 0 ||
	    (all = malloc((size_t)n + 1)) == NULL ||
	    fread(all, 1, (size_t)n, f) != (size_t)n) {
		perror(path);
		exit(1);
	}
	fclose(f);
	*ret_n = (size_t)n;
	return all;
}

static double processor(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static json_t *next(const char **at, const char *end)
{
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	json_error_t error;
	json_t *j;

	if (stop == NULL)
		return NULL;
	j = json_loadb(*at, (size_t)(stop - *at), JSON_REJECT_DUPLICATES,
	    &error);
	*at = stop + 1;
	return j;
}

int main(int argc, char **argv)
{
	size_t asked_n, said_n, n = 0, room = 1;
	json_t **answer, *j;
	const char *at;
	double began;
	FILE *out;

	if (argc != 4)
		return 2;
	const char *said = whole(argv[2], &said_n);

	for (size_t i = 0; i < said_n; i++)
		room += said[i] == '\n';
	answer = calloc(room, sizeof(*answer));
	out = fopen(argv[3], "wb");
	if (answer == NULL || out == NULL)
		return 1;
	for (at = said; (j = next(&at, said + said_n)) != NULL;)
		answer[n++] = j;
	began = processor();

	const char *asked = whole(argv[1], &asked_n);

	at = asked;
	for (size_t i = 0; i < n && (j = next(&at, asked + asked_n)) != NULL;
	    i++) {
		static char line[64 * 1024];
		size_t len = json_dumpb(answer[i], line, sizeof(line),
		    JSON_COMPACT);

		json_decref(j);
		if (len > sizeof(line))
			return 1;
		fwrite(line, 1, len, out);
		fputc('\n', out);
	}
	fclose(out);
	printf("%.6f\n", processor() - began);
	return 0;
}
