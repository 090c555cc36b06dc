/*
 * words: what people read, in their language.  Catalogues are po/es.po
 * (source), en.po, qu.po, compiled by tools/words.py; our own reader of `.mo`
 * serves several languages in one process at once (the C library's follows
 * the process, not the request).
 *
 * A key is "area.what" ("person.add.title"); a message may hold {0} to {9}.
 * A key that is missing in a language is shown in Spanish; missing in
 * Spanish it fails the build (a test counts both).
 */
#ifndef ALAS_WORDS_H
#define ALAS_WORDS_H

#include "base.h"
#include "node.h"

enum lang { LANG_ES, LANG_EN, LANGS };

struct words;
/* Reads <dir>/es.mo and <dir>/en.mo.  CORRUPT names the file. */
MUST_USE result words_open(const char *dir, struct words **ret);
void words_close(struct words **w);
/* Is it in the catalogue of this very language? */
bool words_there(const struct words *w, enum lang l, text key);
/* The message, catalogue memory; the key itself if it is nowhere. */
text words_get(const struct words *w, enum lang l, const char *key);
text words_get_text(const struct words *w, enum lang l, text key);
/* With {0}… replaced; a key ending in ".n" has forms for one and many. */
text words_format(const struct words *w, enum lang l, struct arena *a,
    const char *key, const text *args, size_t n);
text words_count(const struct words *w, enum lang l, struct arena *a,
    const char *key, int64_t n);
/* "es", "en" from Accept-Language or a user's setting; Spanish else. */
enum lang words_lang(text accept_language);
text words_lang_code(enum lang l);

/* How values are written for people. */
text words_day(const struct words *w, enum lang l, struct arena *a, day d);
	/* "12 de marzo de 2027", "marzo de 2027", "2019", "aprox. 2019" */
text words_day_short(const struct words *w, enum lang l, struct arena *a,
    day d);	/* "12/03/2027" */
text words_weekday(const struct words *w, enum lang l, day d);
text words_instant(const struct words *w, enum lang l, struct arena *a,
    instant t);	/* "24/11/2026 09:00", Lima */
text words_number(enum lang l, struct arena *a, int64_t n);	/* 1,714 */
text words_money(const struct words *w, enum lang l, struct arena *a,
    money m);	/* "S/ 1,200.00" */
/*
 * A day as people type it: "24/11/2026", "3/12/26", "2026-11-24",
 * "11/2026", "nov 2026", "2019", "aprox. 2019", "~2019", "hoy", "ayer",
 * "+10", "-3".  False when it is none of them.
 */
bool words_day_read(text typed, day today, day *ret);

#endif
