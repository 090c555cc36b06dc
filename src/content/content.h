/*
 * content: what the bytes of a file are, and may they come in?  Extension,
 * first bytes and structure must agree, and be one of a closed list.
 *
 * The bytes are hostile and this runs beside the keys: so nothing here
 * unpacks, decodes or follows a pointer it has not measured; headers, lists
 * of parts and lengths are read, no more.  What must be opened further is
 * opened by alas-filter.  Pure: bytes in, answer out; takes no memory.
 */
#ifndef ALAS_CONTENT_H
#define ALAS_CONTENT_H

#include "base.h"

enum {
	CONTENT_BYTES_MAX = 25 * MIB,
	CONTENT_NAME_MAX = 120,		/* characters of a file's name */
	CONTENT_PIXELS_MAX = 40 * 1000 * 1000,
	CONTENT_ZIP_ENTRIES_MAX = 2000,
	CONTENT_ZIP_BYTES_MAX = 200 * MIB,
	CONTENT_ZIP_RATIO_MAX = 100,
};

/* Numbers are in no file and no table. */
enum content { CONTENT_PDF, CONTENT_JPEG, CONTENT_PNG, CONTENT_WEBP,
	CONTENT_TIFF, CONTENT_DOCX, CONTENT_XLSX, CONTENT_ODT, CONTENT_TXT,
	CONTENT_CSV, CONTENT_OGG, CONTENT_M4A, CONTENTS };

/* "application/pdf": kept in the row, and read back by content_of_type. */
const char *content_type(enum content c);
bool content_of_type(text type, enum content *ret);
/* ".pdf,.jpg,…": what a form offers to choose from. */
extern const char content_accept[];

/*
 * INVALID: not one of ours; `ret_why` is the catalogue key of a sentence
 * that says what is wrong and what to do.
 */
MUST_USE result content_look(text name, text bytes, enum content *ret,
    const char **ret_why);

/*
 * The name as it is kept: without folders, NFC, no control, no character
 * that turns the direction of writing, CONTENT_NAME_MAX at most with its
 * extension.  INVALID: nothing is left of it, or it is not UTF-8.
 */
MUST_USE result content_name(struct arena *a, text given, text *ret);

#endif
