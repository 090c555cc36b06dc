/*
 * Feeds any bytes to the catalogue reader and looks everything up in what
 * it accepted: clang -fsanitize=fuzzer,address, linked with words and base.
 */
#include <stdlib.h>

#include "mo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct mo m;
	text found;

	if (!is_ok(mo_read((text){ (const char *)data, n }, &m)))
		return 0;
	for (uint32_t i = 0; i < m.n; i++) {
		if (m.messages[i].key.n > 0 &&
		    !mo_find(&m, m.messages[i].key, &found))
			abort();
		text many = mo_form(m.messages[i].value, 1);
		for (size_t k = 0; k < many.n; k++)
			if (many.p[k] == '\0')
				abort();
	}
	mo_free(&m);
	return 0;
}
