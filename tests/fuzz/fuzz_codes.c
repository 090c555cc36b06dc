/*
 * Any bytes as data/codes.csv, which an office may replace by its own: what
 * is taken has whole rows, each found by its list and code, and the pattern
 * of a kind of document never breaks the check of a number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void use(const struct codes *codes, struct arena *a)
{
	static struct problems problems;
	size_t kinds;
	const struct code *kind = codes_list(codes, "identifier_kind",
	    &kinds);

	for (size_t i = 0; i < kinds; i++) {
		struct person_identifier p = { .kind = kind[i].code,
			.value = T("12345678") };

		must(kind[i].code.n > 0 && text_is_utf8(kind[i].note));
		must(codes_find(codes, "identifier_kind", kind[i].code) ==
		    &kind[i]);
		must(codes_label(codes, "identifier_kind", kind[i].code,
		    LANG_EN).n > 0);
		problems.n = 0;
		must(is_ok(identifier_decide(a, codes, &p, "", &problems)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(MIB);
	int fd = memfd_create("codes", MFD_CLOEXEC);
	struct codes *codes;
	char path[32];
	text said = T("");

	must(a != NULL && fd >= 0 && write(fd, data, n) == (ssize_t)n);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (is_ok(codes_open(path, a, &codes, &said))) {
		use(codes, a);
		codes_close(&codes);
	} else {
		must(said.n > 0);
	}
	close(fd);
	arena_free(a);
	return 0;
}
