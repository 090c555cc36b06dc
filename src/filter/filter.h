/*
 * alas-filter: one document per run, bytes in on fd 0, bytes out on fd 1,
 * and nothing else.  `alas-filter JOB`; how it ends is enum cell_exit.
 *
 * A job has a cell profile, something to load before the cell closes, and
 * a function from bytes to bytes that runs inside.
 */
#ifndef ALAS_FILTER_H
#define ALAS_FILTER_H

#include "base.h"

/* Open the fonts that a sheet needs, and start what pango starts. */
MUST_USE result paper_pdf_load(void);
/* A sheet (paper.h) in, PDF 1.5 out. */
MUST_USE result paper_pdf(text sheet, struct buf *out);

#endif
