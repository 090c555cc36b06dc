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

/* A zip document in, nothing out: INVALID, TOO_LARGE. */
MUST_USE result packed_look(text file, struct buf *out);
/* The words of one XML member of it. */
MUST_USE result packed_words(text file, text member, struct buf *out);
/* One page to look at: view.h says what comes and what is answered. */
MUST_USE result view(text in, struct buf *out);
MUST_USE result view_pdf_load(void);
MUST_USE result view_pdf(text in, struct buf *out);

#endif
