/*
 * zip: the parts of a zip file, one after the other, as its list says: the
 * reader of the office, which unpacks nothing, and of alas-filter, which
 * does.  Memory of the file's bytes; takes none.
 */
#ifndef ALAS_ZIP_H
#define ALAS_ZIP_H

#include "base.h"

enum { STORED = 0, DEFLATED = 8 };

struct zip_part {
	text name, bytes;		/* bytes as they lie there, packed */
	uint32_t packed, whole, at, crc;
	uint16_t method;		/* STORED, DEFLATED */
};

struct zip {
	text bytes;
	size_t list, list_n, at;	/* of the list of parts */
	size_t n, seen;
	uint64_t packed, whole, room;
};

/* False: no zip as we take it (one disk, no comment, no zip64). */
bool zip_open(text bytes, struct zip *ret);
/* The next part, `name` empty at the end; the key of what is wrong with
 * it, or NULL. */
const char *zip_next(struct zip *z, struct zip_part *ret);

#endif
