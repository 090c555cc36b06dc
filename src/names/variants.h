/*
 * Words that are written in more ways than sound explains, inside names:
 * abbreviations, English given names as the civil register spells them, and
 * the words that name nobody.
 */
#ifndef ALAS_NAMES_VARIANTS_H
#define ALAS_NAMES_VARIANTS_H

#include "base.h"

/* What the folded word stands for; itself when nothing is known of it. */
text variant_of(text folded);
/* "de", "la", "vda", "don": part of a name, but no word to search by. */
bool variant_is_particle(text folded);

#endif
