/*
 * mo: one compiled catalogue (GNU gettext `.mo`, little-endian, revision
 * 0), read from bytes in memory.
 *
 * The bytes are not trusted: every offset and length is checked once, when
 * the catalogue is opened, and lookups then touch only what was checked.
 * Keys are found through a table of our own, so a page with two hundred
 * words costs a few microseconds.
 *
 * A message with forms has both behind its one key, separated by NUL; our
 * languages share one rule, "n is one, n is anything else", and a catalogue
 * that states another rule is refused instead of being half understood.
 */
#ifndef ALAS_WORDS_MO_H
#define ALAS_WORDS_MO_H

#include "base.h"

enum {
	MO_BYTES_MAX = 4 * MIB,
	MO_MESSAGES_MAX = 16384,
	MO_FORMS = 2,
};

struct mo_message { text key, value; };
struct mo {
	struct mo_message *messages;	/* as in the file: sorted by key */
	uint32_t n;
	uint32_t *slots;		/* index + 1; 0 is free */
	uint32_t mask;
};

/*
 * Borrows `bytes` until mo_free.  Refuses CORRUPT (not a catalogue, cut
 * short, an offset outside, another rule for forms), TOO_LARGE.
 */
MUST_USE result mo_read(text bytes, struct mo *ret);
void mo_free(struct mo *m);			/* NULL-safe, half-built too */
/* The message with all its forms; false when the key is not there. */
bool mo_find(const struct mo *m, text key, text *ret);
/* Form 0 or 1 of a message; the only form if there is one. */
text mo_form(text message, unsigned form);

#endif
