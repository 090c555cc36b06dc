/*
 * Any bytes where people and programs write something short: codes,
 * phrases, secrets, days, instants, versions, names.  What is understood
 * must be written back and understood the same.
 */
#include <stdlib.h>
#include <string.h>

#include "api_inside.h"
#include "names.h"
#include "seal.h"
#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void codes(text t)
{
	uint32_t bits;
	uint32_t again;
	id i = { 0 };

	if (!code_read(t, &bits))
		return;
	put_u32(i.b, bits << (32 - CODE_BITS));
	must(code_read(text_of(code_of(i).s), &again) && again == bits);
}

static void secrets(text t)
{
	char phrase[PHRASE_SECRET];
	uint8_t bytes[32];
	uint8_t again[32];
	char written[2 * sizeof(bytes) + 1] = "";

	must(phrase_read(t, phrase) <= PHRASE_WRONG_LENGTH);
	if (base64url_read(t, bytes, sizeof(bytes))) {
		base64url_write(bytes, sizeof(bytes), written);
		must(text_same(text_of(written), t));
	}
	if (hex_read(t, bytes, sizeof(bytes))) {
		hex_write(written, bytes, sizeof(bytes));
		must(hex_read((text){ written, 2 * sizeof(bytes) }, again,
		    sizeof(again)) && memcmp(bytes, again, 32) == 0);
	}
}

static void times(struct arena *a, text t)
{
	day d;
	day again;
	instant at;
	instant at_again;

	if (day_read(t, &d))
		must(day_read(day_iso(a, d), &again) && day_same(d, again));
	if (words_day_read(t, day_of(2026, 11, 24), &d))
		must(day_read(day_iso(a, d), &again) && day_same(d, again));
	if (instant_read(t, &at))
		must(instant_read(instant_rfc3339(a, at), &at_again) &&
		    at.ms == at_again.ms);
}

static void versions(text t)
{
	text rest = t;
	text first = text_cut(&rest, '\n');
	uint64_t v;

	must(!etag_version(t, &v) || v > 0);
	must(!etag_listed(rest, T("")));
	(void)etag_listed(rest, first);
}

static void names(struct arena *a, text t)
{
	text rest = t;
	text first = text_cut(&rest, '\n');
	struct name_tokens typed;
	struct name_tokens stored;
	struct name_match m;

	if (!text_is_utf8(t))
		return;
	must(is_ok(names_tokens(a, first, &typed)));
	must(is_ok(names_tokens(a, rest, &stored)));
	must(typed.n <= NAME_TOKENS_MAX);
	for (size_t i = 0; i < typed.n; i++)
		must(text_is_utf8(typed.p[i].folded) &&
		    typed.p[i].folded.n > 0);
	if (names_match(typed, stored, &m))
		must(m.score >= 1 && m.n == typed.n &&
		    m.score <= NAME_SCORE_FULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(4 * MIB);
	text t = { (const char *)data, n };

	must(a != NULL);
	codes(t);
	secrets(t);
	times(a, t);
	versions(t);
	names(a, t);
	arena_free(a);
	return 0;
}
