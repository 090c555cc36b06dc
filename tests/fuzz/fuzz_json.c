/*
 * Feeds any bytes to the reader of JSON bodies: what it takes are names and
 * values without controls, what it refuses it names.
 */
#include <stdlib.h>

#include "api_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(OP_ARENA_MAX);
	struct problems problems = { .n = 0 };
	struct pair *p = NULL;
	size_t pairs = 0;
	result got;

	if (a == NULL || n > JSON_BODY_MAX) {
		arena_free(a);
		return 0;
	}
	got = json_pairs((text){ (const char *)data, n }, a, &problems, &p,
	    &pairs);
	if (is_ok(got) != (problems.n == 0 && got.code == E_OK) ||
	    (got.code == E_BAD_REQUEST && problems.n == 0))
		abort();
	for (size_t i = 0; is_ok(got) && i < pairs; i++) {
		if (p[i].name.n == 0 || p[i].name.p[0] == '_' ||
		    !text_is_utf8(p[i].value) ||
		    text_has_control(p[i].value, true))
			abort();
	}
	for (size_t i = 0; i < problems.n; i++)
		(void)json_pointer(a, problems.at[i].field);
	arena_free(a);
	return 0;
}
