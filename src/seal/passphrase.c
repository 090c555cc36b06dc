#include "seal.h"

#include <sodium.h>
#include <string.h>
#include <utf8proc.h>

static const utf8proc_option_t nfkc = (utf8proc_option_t)
    (UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);

/* Unicode's White_Space; NFKC has already made plain spaces of most. */
static bool is_space(int32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 ||
	    c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	    c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
	    c == 0x3000;
}

/* In place: runs to one space, none at the ends; returns the new length. */
static size_t squeeze(int32_t *c, size_t n)
{
	size_t kept = 0;
	bool gap = false;

	for (size_t i = 0; i < n; i++) {
		if (is_space(c[i])) {
			gap = kept > 0;
			continue;
		}
		if (gap)
			c[kept++] = ' ';
		gap = false;
		c[kept++] = c[i];
	}
	return kept;
}

/*
 * In secret memory throughout, so not utf8proc_map, whose own buffers would
 * go back to the heap with the passphrase in them.
 */
result passphrase_bytes(struct arena *a, text typed, text *ret)
{
	CLEANUP(secret_free) struct secret work = { 0 };
	const uint8_t *from = (const uint8_t *)typed.p;

	if (typed.n == 0 || typed.n > PASSPHRASE_BYTES_MAX ||
	    !text_is_utf8(typed))
		return refuse(INVALID);
	utf8proc_ssize_t points = utf8proc_decompose(from,
	    (utf8proc_ssize_t)typed.n, NULL, 0, nfkc);
	if (points <= 0)
		return refuse(INVALID);

	/* One more: reencode ends its bytes with a NUL. */
	TRY(secret_new(((size_t)points + 1) * sizeof(int32_t), &work));
	int32_t *c = (int32_t *)(void *)work.p;
	points = utf8proc_decompose(from, (utf8proc_ssize_t)typed.n, c,
	    points, nfkc);
	if (points <= 0)
		return refuse(INVALID);
	size_t n = squeeze(c, (size_t)points);
	utf8proc_ssize_t bytes = utf8proc_reencode(c, (utf8proc_ssize_t)n,
	    nfkc);
	if (bytes <= 0)
		return refuse(INVALID);

	text kept = arena_text(a, (text){ (const char *)work.p,
	    (size_t)bytes });
	NEED(kept.p);
	*ret = kept;
	return OK;
}
