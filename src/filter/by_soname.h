/*
 * What alas-filter uses of libtiff 6 and libwebp 7, whose shared objects are
 * there wherever poppler is.  Their development packages would bring ten
 * more (docs/reference/dependencies.md counts them), so the few functions
 * are declared here and linked by soname, which is what a library keeps
 * stable.  tests/slow/compilers.test compiles this beside the real headers.
 */
#ifndef ALAS_BY_SONAME_H
#define ALAS_BY_SONAME_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- libtiff.so.6, tiffio.h ------------------------------------------- */

#ifndef _TIFFIO_
enum { TIFFTAG_IMAGEWIDTH = 256, TIFFTAG_IMAGELENGTH = 257,
	ORIENTATION_TOPLEFT = 1 };
typedef struct tiff TIFF;
typedef int64_t tmsize_t;
typedef void *thandle_t;
typedef uint32_t tdir_t;
typedef void (*TIFFErrorHandler)(const char *, const char *, va_list);
typedef tmsize_t (*TIFFReadWriteProc)(thandle_t, void *, tmsize_t);
typedef uint64_t (*TIFFSeekProc)(thandle_t, uint64_t, int);
typedef int (*TIFFCloseProc)(thandle_t);
typedef uint64_t (*TIFFSizeProc)(thandle_t);
typedef int (*TIFFMapFileProc)(thandle_t, void **, uint64_t *);
typedef void (*TIFFUnmapFileProc)(thandle_t, void *, uint64_t);
#endif

TIFF *TIFFClientOpen(const char *, const char *, thandle_t,
    TIFFReadWriteProc, TIFFReadWriteProc, TIFFSeekProc, TIFFCloseProc,
    TIFFSizeProc, TIFFMapFileProc, TIFFUnmapFileProc);
void TIFFClose(TIFF *);
int TIFFGetField(TIFF *, uint32_t, ...);
tdir_t TIFFNumberOfDirectories(TIFF *);
int TIFFSetDirectory(TIFF *, tdir_t);
/* Pixels of 0xAABBGGRR, whatever the machine. */
int TIFFReadRGBAImageOriented(TIFF *, uint32_t, uint32_t, uint32_t *, int,
    int);
TIFFErrorHandler TIFFSetErrorHandler(TIFFErrorHandler);
TIFFErrorHandler TIFFSetWarningHandler(TIFFErrorHandler);

/* ---- libwebp.so.7, webp/decode.h -------------------------------------- */

int WebPGetInfo(const uint8_t *, size_t, int *, int *);
/* Four bytes a dot, alpha not multiplied in; NULL, also of an animation. */
uint8_t *WebPDecodeBGRAInto(const uint8_t *, size_t, uint8_t *, size_t, int);

#endif
