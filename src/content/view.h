/*
 * view: what the office asks alas-filter about one page of a paper, and
 * what it hears: job "view".
 *
 * In: VIEW_HEAD bytes (what is wanted, how it is read, two zeros, u32 number
 * of the page from 1), then the file.  Out: u32 number of pages, u32 1 when
 * a picture can be made of them, then the picture as PNG or the text as
 * UTF-8, by what was wanted.
 */
#ifndef ALAS_VIEW_H
#define ALAS_VIEW_H

#include "content.h"

enum view_wanted { VIEW_TEXT = 1, VIEW_PICTURE };
enum view_kind { VIEW_NONE, VIEW_PDF, VIEW_JPEG, VIEW_PNG, VIEW_WEBP,
	VIEW_TIFF, VIEW_PLAIN, VIEW_DOCX, VIEW_ODT };
enum { VIEW_HEAD = 8, VIEW_ANSWER = 8, PAGE_NUMBER_MAX = 10000,
	VIEW_TEXT_MAX = 64 * KIB };

/* How a file of this content is read; VIEW_NONE: not at all. */
enum view_kind view_kind(enum content c);

#endif
