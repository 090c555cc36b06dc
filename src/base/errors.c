#include "base.h"

#include <assert.h>

struct error_row {
	enum error_family family;
	int status;
	const char *key;
};

#define FAMILY_OF_FINE FAMILY_FINE
#define FAMILY_OF_REFUSAL FAMILY_REFUSAL
#define FAMILY_OF_FAULT FAMILY_FAULT

static const struct error_row rows[] = {
#define ERR(name, family, status, key)                                       \
	[E_##name] = { FAMILY_OF_##family, status, key },
	ERRORS(ERR)
#undef ERR
};
_Static_assert(LENGTH(rows) == ERROR_CODES, "one row per way to end");
_Static_assert(ERROR_CODES <= UINT8_MAX, "a result holds its code");

/* The process has no threads, so the trace needs no lock. */
static struct fault_trace last_fault;

static const struct error_row *row_of(result r)
{
	assert(r.code < ERROR_CODES);
	return &rows[r.code];
}

result base_fault(enum error_code code, const char *file, int line)
{
	assert(code < ERROR_CODES);
	assert(rows[code].family == FAMILY_FAULT);

	last_fault = (struct fault_trace){ file, line, code };
	return (result){ (uint8_t)code };
}

struct fault_trace base_fault_last(void)
{
	struct fault_trace last = last_fault;

	last_fault = (struct fault_trace){ 0 };
	return last;
}

enum error_family error_family(result r)
{
	return row_of(r)->family;
}

int error_status(result r)
{
	return row_of(r)->status;
}

const char *error_key(result r)
{
	return row_of(r)->key;
}

/* The name is the key without its room, so the two cannot drift apart. */
const char *error_name(result r)
{
	return row_of(r)->key + sizeof("error.") - 1;
}
