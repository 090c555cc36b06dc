/* What the files of this room share; nobody else includes it. */
#ifndef ALAS_CONTENT_INSIDE_H
#define ALAS_CONTENT_INSIDE_H

#include "content.h"

/* Each answers the key of what is wrong, or NULL. */
typedef const char *look(text bytes);
look look_jpeg, look_png, look_webp, look_tiff;		/* image.c */
look look_docx, look_xlsx, look_odt;			/* zip.c */
look look_pdf, look_text, look_ogg, look_m4a;		/* plain.c */

/* Key when a picture has no size, or too much of it. */
const char *pixels(uint64_t width, uint64_t height);

/* Are these bytes at `at`? */
bool bytes_at(text t, size_t at, text what);
/* Small letters compared. */
bool text_same_folded(text a, text b);

uint16_t low_u16(const char *p);	/* little-endian, as zip and RIFF */
uint32_t low_u32(const char *p);

#endif
