/*
 * Any bytes to the readers of the law's files; the first byte chooses the
 * file.  What the lint lets through must then answer questions without
 * breaking an assertion: every row with every way of service.
 *
 * clang -fsanitize=fuzzer,address,undefined, linked with law, base, libcsv
 * and libsodium.  Seeds: a file of the law behind the byte that names it.
 */
#include <stdlib.h>

#include "law_data.h"

enum { ASKED_MAX = 20, ARENA = 32 * MIB };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void ask(const struct law *law, struct arena *a,
    const struct law_rule *r)
{
	for (int i = 0; i < 8; i++) {
		struct deadline_question q = { .rule = r->rule,
			.step = i & 1 ? r->step : T(""),
			.variant = r->variant,
			.trigger = day_of(2026, 11, 24),
			.served_by = i & 2 ? LAW_ELECTRONIC : LAW_CEDULA,
			.distance_days = { 3, (i & 4) != 0 } };
		struct deadline_answer d;
		struct refusal no;
		struct sheet s;

		if (i & 1)
			q.trigger_at = instant_of(q.trigger, 9, 0);
		if (is_ok(law_deadline(law, a, &q, &d, &no))) {
			if (!is_ok(law_deadline_sheet(law, a, &q, &d, &s)))
				abort();
		} else if (no.pointer.n == 0) {
			abort();
		}
	}
}

static void use(const struct law *law, struct arena *a)
{
	for (size_t i = 0; i < law->rules_n && i < ASKED_MAX; i++)
		ask(law, a, &law->rule[i]);
	for (int i = 0; i < 400; i++)
		if (law_closed(law, LAW_COURTS, NULL, day_plus(day_of(2026,
		    1, 1), i)).why >= LAW_WHYS)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct law law = { .arena = arena_new(ARENA) };
	struct arena *a = arena_new(ARENA);
	struct law_report *report = calloc(1, sizeof(*report));
	struct law_load l = { .law = &law, .notes = a, .report = report };

	if (n == 0 || law.arena == NULL || a == NULL || report == NULL)
		goto done;

	enum law_file f = (enum law_file)(data[0] % LAW_FILES);
	text bytes = { (const char *)data + 1, n - 1 };

	if (is_ok(law_table_read(&l, f, bytes)) && report->n == 0)
		use(&law, a);
	for (size_t i = 0; i < report->n; i++)
		if (law_fault_text(a, &report->fault[i]).n == 0)
			abort();
done:
	free(report);
	arena_free(a);
	arena_free(law.arena);
	return 0;
}
