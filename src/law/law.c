#include "law_data.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAW_ARENA_MAX = 16 * MIB, PATH_MAX_HERE = 4096 };

static void buf_drop(struct buf *b)
{
	buf_free(b);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* One byte above the maximum is enough to know that it is too large. */
static result read_file(const char *dir, enum law_file f, struct buf *into,
    bool *ret_missing)
{
	char path[PATH_MAX_HERE], block[16 * KIB];
	int n = snprintf(path, sizeof(path), "%s/%s", dir, law_file_name(f));

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(IO);

	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	*ret_missing = fd < 0 && (errno == ENOENT || errno == EACCES ||
	    errno == ENOTDIR);
	if (fd < 0)
		return *ret_missing ? OK : fault(IO);
	while (into->n <= LAW_FILE_MAX) {
		ssize_t got = read(fd, block, sizeof(block));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault(IO);
		if (got == 0)
			break;
		buf_add(into, block, (size_t)got);
	}
	return into->failed ? fault(NO_MEMORY) : OK;
}

static void digest_file(crypto_hash_sha256_state *s, enum law_file f,
    text bytes)
{
	const char *name = law_file_name(f);
	char length[32];
	int n = snprintf(length, sizeof(length), "\n%zu\n", bytes.n);

	/* The names of the digest are those of the files without ".csv". */
	crypto_hash_sha256_update(s, (const unsigned char *)name,
	    strlen(name) - strlen(".csv"));
	crypto_hash_sha256_update(s, (const unsigned char *)length,
	    (unsigned long long)n);
	crypto_hash_sha256_update(s, (const unsigned char *)bytes.p,
	    bytes.n);
}

static result load_file(const char *dir, struct law_load *l,
    enum law_file f, crypto_hash_sha256_state *s)
{
	CLEANUP(buf_drop) struct buf bytes = buf_new(LAW_FILE_MAX + 32 * KIB);
	bool missing = false;

	TRY(read_file(dir, f, &bytes, &missing));
	if (missing) {
		l->file = f;
		l->columns_n = 0;
		l->line = 0;
		law_fault_add(l, LAW_FAULT_MISSING_FILE, LAW_WHOLE_LINE,
		    T(""), T(""));
		return OK;
	}
	digest_file(s, f, buf_view(&bytes));
	return law_table_read(l, f, buf_view(&bytes));
}

static int fault_order(const void *a, const void *b)
{
	const struct law_fault *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static result load(const char *dir, struct arena *a, struct law *law,
    struct law_report *report)
{
	struct law_load l = { .law = law, .notes = a, .report = report };
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	for (enum law_file f = 0; f < LAW_FILES; f++)
		TRY(load_file(dir, &l, f, &s));
	crypto_hash_sha256_final(&s, digest);
	hex_write(law->digest, digest, sizeof(digest));
	_Static_assert(sizeof(law->digest) == 2 * sizeof(digest), "hex");
	qsort(report->fault, report->n, sizeof(report->fault[0]),
	    fault_order);
	return OK;
}

static void law_drop(struct law **law)
{
	law_close(*law);
}

result law_open(const char *dir, struct arena *a, struct law **ret,
    struct law_report *report)
{
	CLEANUP(law_drop) struct law *law = calloc(1, sizeof(*law));
	struct law_report *found = arena_take(a, sizeof(*found));

	NEED(law);
	NEED(found);
	NEED(law->arena = arena_new(LAW_ARENA_MAX));
	TRY(load(dir, a, law, found));
	if (report != NULL)
		*report = *found;
	if (found->n > 0)
		return fault(CORRUPT);
	*ret = law;
	law = NULL;
	return OK;
}

void law_close(struct law *law)
{
	if (law == NULL)
		return;
	arena_free(law->arena);
	free(law);
}

result law_check(const char *dir, struct arena *a, struct law_report *report)
{
	CLEANUP(law_drop) struct law *law = calloc(1, sizeof(*law));
	struct law_report *found = arena_take(a, sizeof(*found));

	NEED(law);
	NEED(found);
	NEED(law->arena = arena_new(LAW_ARENA_MAX));
	TRY(load(dir, a, law, found));
	*report = *found;
	return OK;
}

text law_digest(const struct law *law)
{
	return (text){ law->digest, sizeof(law->digest) };
}

const struct law_rule *law_rule_at(const struct law *law, size_t i)
{
	return i < law->rules_n ? &law->rule[i] : NULL;
}
